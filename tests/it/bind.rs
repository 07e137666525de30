//! The sentences of `tests/corpus/bind/`: what each number in braces is read as by the whole pipeline.
//!
//! A block is a `## title`, the text, and a `=>` line for each brace; `tests/corpus/bind/label.md` says how one is written.
//! A block whose title ends in `(known wrong: why)` keeps the right reading: it is told of, fails nothing, and has to fail once it
//! comes out right. `UPDATE=1 cargo test` rewrites the lines of the others.

use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Amount, Comparator, Figure, Kind, Modality, Period, Report};
use reportsql::{pipeline, read};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A block of a corpus file.
struct Block {
    title: String,
    /// The line of its title, from 1.
    line: usize,
    text: Vec<String>,
    /// The `=>` lines as they stand, each with its line.
    wanted: Vec<(usize, String)>,
}

impl Block {
    fn known_wrong(&self) -> bool {
        self.title.contains("(known wrong:")
    }

    /// The text without its braces, and where they stood in it.
    fn plain(&self) -> (String, Vec<Range<u32>>) {
        let (mut plain, mut braces, mut open, mut at) = (String::new(), Vec::new(), None, 0);
        for c in self.text.join("\n").chars() {
            match c {
                '{' => open = Some(at),
                '}' => braces.push(open.take().unwrap_or_else(|| panic!("line {}: a brace closes that none opens", self.line))..at),
                _ => {
                    plain.push(c);
                    at += 1;
                }
            }
        }
        (plain, braces)
    }

    /// The `=>` lines that the pipeline makes, one a brace, then one for each figure without a brace.
    fn read(&self, year: i32, knowledge: &Knowledge) -> Vec<String> {
        let (plain, braces) = self.plain();
        let about = About { year: Some(year), ..About::default() };
        let report = pipeline::report(&read::document("case.txt", plain.into()).unwrap(), &about, knowledge);
        let mut figures: Vec<(Range<u32>, &Figure)> =
            report.figures.iter().filter_map(|figure| Some((figure.at.span.clone()?, figure))).collect();
        let mut lines = Vec::new();
        for brace in braces {
            match figures.iter().position(|(span, _)| span.start < brace.end && brace.start < span.end) {
                Some(at) => lines.push(told(&report, figures.remove(at).1, year)),
                None => lines.push("=> none".to_string()),
            }
        }
        lines.extend(figures.iter().map(|(_, figure)| format!("{} (no brace)", told(&report, figure, year))));
        lines
    }
}

/// A figure as a `=>` line.
fn told(report: &Report, figure: &Figure, year: i32) -> String {
    let amount = match &figure.amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low}..{high}"),
    };
    let comparator = if figure.comparator == Comparator::Equal { "" } else { figure.comparator.word() };
    let value: Vec<&str> = [comparator, amount.as_str(), figure.unit.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    let mut fields = vec![figure.metric.clone(), value.join(" ")];
    let kind = if figure.kind == Kind::Level { String::new() } else { figure.kind.word().to_string() };
    let basis = figure.basis.map(|basis| basis.word());
    let whole = figure.whole.as_ref().map(|whole| format!("of {whole}"));
    fields.push([Some(kind), basis, whole].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<String>>().join(" "));
    let period = if figure.period == Period::year(year) { String::new() } else { figure.period.code() };
    fields.push(period);
    let provinces = figure.provinces.join("+");
    fields.push(match &figure.place {
        Some(place) => format!("{provinces}/{place}"),
        None => provinces,
    });
    fields.push(if figure.modality == Modality::Actual { String::new() } else { figure.modality.word().to_string() });
    if let Some(heading) = figure.initiative {
        let theme = report.theme_above(heading).map(|theme| format!(" < {}", theme.name)).unwrap_or_default();
        fields.push(format!("under {}{theme}", report.headings[heading].name));
    }
    fields.retain(|field| !field.is_empty());
    format!("=> {}", fields.join(" | "))
}

/// A corpus file: what stands before its blocks, the year of its reports, and the blocks.
fn parsed(text: &str) -> (Vec<String>, i32, Vec<Block>) {
    let (mut head, mut blocks) = (Vec::new(), Vec::<Block>::new());
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix("## "), blocks.last_mut()) {
            (Some(title), _) => blocks.push(Block { title: title.into(), line: at + 1, text: Vec::new(), wanted: Vec::new() }),
            (None, None) => head.push(line.to_string()),
            (None, Some(block)) if line.starts_with("=>") => block.wanted.push((at + 1, line.into())),
            (None, Some(block)) => block.text.push(line.into()),
        }
    }
    for block in &mut blocks {
        while block.text.last().is_some_and(String::is_empty) {
            block.text.pop();
        }
    }
    let year = head.iter().find_map(|line| line.split_once("Reports are about ")?.1.get(..4)?.parse().ok());
    (head, year.unwrap_or(2021), blocks)
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/bind");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_brace_is_read_as_its_line_says() {
    let knowledge = Knowledge::read(None).unwrap();
    let update = std::env::var_os("UPDATE").is_some();
    let (mut wrong, mut known) = (Vec::new(), Vec::new());
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (mut out, year, blocks) = parsed(&std::fs::read_to_string(&path).unwrap());
        for block in &blocks {
            let found = block.read(year, &knowledge);
            let wanted: Vec<String> = block.wanted.iter().map(|(_, line)| line.clone()).collect();
            let lines = if update && !block.known_wrong() { &found } else { &wanted };
            out.push(format!("## {}", block.title));
            out.extend(block.text.iter().chain(lines).cloned());
            out.push(String::new());
            let place = |at: usize| format!("{name}:{}", block.wanted.get(at).map_or(block.line, |(line, _)| *line));
            if block.known_wrong() {
                if found == wanted {
                    wrong.push(format!("{}: 「{}」 is right now; take its mark off", place(0), block.title));
                } else {
                    known.push(format!("{}: {}", place(0), block.title));
                }
                continue;
            }
            for at in 0..found.len().max(wanted.len()) {
                let side = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "nothing".into());
                if found.get(at) != wanted.get(at) {
                    wrong.push(format!("{}: {}\n  wanted {}\n  found  {}", place(at), block.title, side(&wanted), side(&found)));
                }
            }
        }
        if update {
            std::fs::write(&path, out.join("\n")).unwrap();
        }
    }
    for told in &known {
        println!("{told}");
    }
    assert!(update || wrong.is_empty(), "{} readings differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_relation_has_fifteen_blocks_and_every_brace_its_line() {
    for path in files() {
        let (_, _, blocks) = parsed(&std::fs::read_to_string(&path).unwrap());
        assert!(blocks.len() >= 15, "{}: {} blocks", path.display(), blocks.len());
        for block in &blocks {
            let braces = block.plain().1.len();
            assert_eq!(braces, block.wanted.len(), "{}:{}: braces and lines", path.display(), block.line);
        }
    }
}
