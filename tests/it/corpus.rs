//! The corpus of `tests/corpus/zh`: a row is a text with its numbers in braces, and what must be read there.
//!
//! A column that a file lacks is not looked at; several numbers of one text stand in one cell, parted by `;`. `UPDATE=1` rewrites
//! what is expected with what is read, braces included, and git shows what moved.

use reportsql::decimal::Decimal;
use reportsql::knowledge::Knowledge;
use reportsql::model::{Amount, Mention, Reading};
use reportsql::recognise::{self, Context, date::Calendar};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A file of the corpus.
struct File {
    path: PathBuf,
    comments: Vec<String>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl File {
    fn read(path: &Path) -> File {
        let text = std::fs::read_to_string(path).unwrap();
        let comments = text.lines().take_while(|line| line.starts_with('#')).map(str::to_string).collect();
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let columns = reader.headers().unwrap().iter().map(str::to_string).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect();
        File { path: path.to_path_buf(), comments, columns, rows }
    }

    /// What a header line `# name: value` says.
    fn setting(&self, name: &str) -> Option<&str> {
        self.comments.iter().find_map(|line| line.trim_start_matches(['#', ' ']).strip_prefix(name)?.strip_prefix(": "))
    }

    fn write(&self) {
        let mut text: String = self.comments.iter().map(|line| format!("{line}\n")).collect();
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&self.columns).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        text.push_str(&String::from_utf8(writer.into_inner().unwrap()).unwrap());
        std::fs::write(&self.path, text).unwrap();
    }
}

fn files() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/zh");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    paths.iter().map(|path| File::read(path)).collect()
}

/// The text without its braces, folded, and the spans they marked.
fn marked(text: &str, knowledge: &Knowledge) -> (Vec<char>, Vec<Range<usize>>) {
    let (mut chars, mut spans, mut open) = (Vec::new(), Vec::new(), 0);
    for c in text.chars() {
        match c {
            '{' => open = chars.len(),
            '}' => spans.push(open..chars.len()),
            _ => chars.push(knowledge.fold.char(c)),
        }
    }
    (chars, spans)
}

/// What a mention was read as, in the words of a column.
fn read_as(mention: &Mention, column: &str) -> String {
    match (&mention.reading, column) {
        (Reading::Quantity(quantity), "value") => match &quantity.amount {
            Amount::One(value) => value.to_string(),
            Amount::Range(low, high) => format!("{low}..{high}"),
        },
        (Reading::Quantity(quantity), "unit") => quantity.unit.clone(),
        (Reading::Quantity(quantity), "cmp") => quantity.comparator.word().to_string(),
        (Reading::Quantity(quantity), "tier") => quantity.tier.word().to_string(),
        (Reading::Quantity(_), "reason") => "quantity".to_string(),
        (Reading::Date(period), "period") => period.code(),
        (Reading::Date(_), "reason") => "date".to_string(),
        (Reading::Refusal(reason), "reason") => reason.word().to_string(),
        (Reading::Refusal(reason), _) => format!("refused as {}", reason.word()),
        (Reading::Date(_), _) => "a date".to_string(),
        (Reading::Quantity(quantity), _) => format!("a quantity of {}", quantity.unit),
    }
}

/// Values are equal as numbers, everything else as text.
fn same(wanted: &str, found: &str, column: &str) -> bool {
    let number = |text: &str| text.parse::<Decimal>().ok();
    let equal = |wanted: &str, found: &str| match (number(wanted), number(found)) {
        (Some(wanted), Some(found)) => wanted == found,
        _ => wanted == found,
    };
    match (column, wanted.split_once(".."), found.split_once("..")) {
        ("value", Some((low, high)), Some((least, most))) => equal(low, least) && equal(high, most),
        ("value", _, _) => equal(wanted, found),
        _ => wanted == found,
    }
}

/// Checks a row, and puts what was read in the place of what was expected.
fn check(file: &File, row: &[String], knowledge: &Knowledge) -> (Vec<String>, Vec<String>) {
    let year = file.setting("year").map_or(2021, |year| year.parse().unwrap());
    let currency = file.setting("currency").unwrap_or("CNY");
    let calendar = Calendar { year, roc: currency == "TWD" };
    let context = Context { calendar, currency, cell: file.setting("cell").is_some() };
    let text = &row[0];
    let (chars, spans) = marked(text, knowledge);
    let mentions =
        if context.cell { recognise::cell(&chars, &context, knowledge) } else { recognise::mentions(&chars, &context, knowledge) };
    let written = |span: &Range<usize>| chars[span.clone()].iter().collect::<String>();
    let (mut wrong, mut actual) = (Vec::new(), row.to_vec());
    if spans.is_empty() && !mentions.is_empty() {
        wrong.push(format!("nothing is marked, but 「{}」 was read", written(&mentions[0].span)));
    }
    let mut found: Vec<&Mention> = Vec::new();
    for span in &spans {
        match mentions.iter().find(|mention| mention.span == *span) {
            Some(mention) => found.push(mention),
            None => {
                let near = mentions.iter().find(|mention| mention.span.start < span.end && mention.span.end > span.start);
                wrong.push(format!(
                    "「{}」 was read as {}",
                    written(span),
                    near.map_or("nothing".into(), |near| format!("「{}」", written(&near.span)))
                ));
                found.extend(near);
            }
        }
    }
    for (at, column) in file.columns.iter().enumerate().filter(|(_, column)| !matches!(column.as_str(), "text" | "why")) {
        let read: Vec<String> = found.iter().map(|mention| read_as(mention, column)).collect();
        let wanted: Vec<&str> = if row[at].is_empty() && spans.len() <= 1 { vec![""] } else { row[at].split(';').collect() };
        for (place, found) in read.iter().enumerate() {
            let wanted = wanted.get(place.min(wanted.len() - 1)).copied().unwrap_or("");
            if !same(wanted, found, column) {
                wrong.push(format!("{column} 「{wanted}」, read 「{found}」"));
            }
        }
        let alike = read.windows(2).all(|pair| pair[0] == pair[1]);
        actual[at] = if alike { read.first().cloned().unwrap_or_default() } else { read.join(";") };
    }
    if !wrong.is_empty() {
        let original: Vec<char> = text.chars().filter(|c| !matches!(c, '{' | '}')).collect();
        let mut braced = String::new();
        for (at, c) in original.iter().enumerate() {
            if found.iter().any(|mention| mention.span.end == at) {
                braced.push('}');
            }
            if found.iter().any(|mention| mention.span.start == at) {
                braced.push('{');
            }
            braced.push(*c);
        }
        if found.iter().any(|mention| mention.span.end == original.len()) {
            braced.push('}');
        }
        actual[0] = braced;
    }
    (wrong, actual)
}

#[test]
fn every_row_of_the_corpus_is_read_as_it_says() {
    let knowledge = Knowledge::read(None).unwrap();
    let update = std::env::var_os("UPDATE").is_some();
    let (mut failures, mut count) = (Vec::new(), 0);
    for mut file in files() {
        let name = file.path.file_name().unwrap().to_string_lossy().into_owned();
        for at in 0..file.rows.len() {
            let row = file.rows[at].clone();
            count += 1;
            let (wrong, actual) = check(&file, &row, &knowledge);
            if !wrong.is_empty() {
                failures.push(format!("{name}, row {}: {}: {}", at + 1, row[0], wrong.join("; ")));
                file.rows[at] = actual;
            }
        }
        if update {
            file.write();
        }
    }
    assert!(update || failures.is_empty(), "{} of {count} rows fail:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 1200, "the corpus has {count} rows");
}

#[test]
fn no_row_stands_twice() {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for file in files() {
        let kind = file.path.file_stem().unwrap().to_string_lossy().into_owned();
        for (at, row) in file.rows.iter().enumerate() {
            if let Some(before) = seen.insert((kind.clone(), row[0].clone()), at + 1) {
                panic!("{kind}.csv: 「{}」 stands in rows {before} and {}", row[0], at + 1);
            }
        }
    }
}

/// The texts of all files below `tests/corpus`, line by line.
fn texts(folder: &Path, lines: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, lines);
        } else if path.extension().is_some_and(|extension| ["txt", "csv", "md"].iter().any(|known| extension == *known)) {
            lines.extend(String::from_utf8_lossy(&std::fs::read(&path).unwrap()).lines().map(str::to_string));
        }
    }
}

#[test]
fn every_numeral_is_accounted_for_exactly_once() {
    let knowledge = Knowledge::read(None).unwrap();
    let mut lines = Vec::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"), &mut lines);
    let context = Context { calendar: Calendar { year: 2021, roc: false }, currency: "CNY", cell: false };
    for line in lines {
        let chars: Vec<char> = line.chars().map(|c| knowledge.fold.char(c)).collect();
        for cell in [false, true] {
            let mentions = recognise::mentions(&chars, &Context { cell, ..context }, &knowledge);
            let mut covered = vec![false; chars.len()];
            let mut end = 0;
            for mention in &mentions {
                assert!(mention.span.start >= end && mention.span.start < mention.span.end, "{line}: {:?} after {end}", mention.span);
                end = mention.span.end;
                covered[mention.span.clone()].fill(true);
            }
            let words = &knowledge.words;
            for (at, &c) in chars.iter().enumerate() {
                // A digit of any script; of the accounting forms those that stand in a numeral.
                let numeral = c.is_ascii_digit() || words.digit(c).is_some() && !words.formal(c);
                assert!(!numeral || covered[at], "{line}: the {}th character 「{c}」 is left over", at + 1);
            }
        }
    }
}

/// Damaged copies of bytes: cut off, bits turned, stretches doubled or taken out; the same ones for the same seed.
pub(crate) struct Mutants<'b> {
    whole: &'b [u8],
    state: u32,
}

impl<'b> Mutants<'b> {
    pub(crate) fn of(whole: &'b [u8], seed: u32) -> Mutants<'b> {
        Mutants { whole, state: seed }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.state >> 4) as usize % bound.max(1)
    }
}

impl Iterator for Mutants<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut mutant = self.whole.to_vec();
        let (from, kind) = (self.below(mutant.len()), self.below(5));
        match kind {
            0 => mutant.truncate(from),
            1 => {
                let to = from + self.below(64.min(mutant.len() - from));
                mutant.drain(from..to);
            }
            2 => {
                let to = from + self.below(256.min(mutant.len() - from));
                let doubled = mutant[from..to].to_vec();
                mutant.splice(from..from, doubled);
            }
            _ => {
                for _ in 0..=self.below(12) {
                    let at = self.below(mutant.len());
                    mutant[at] ^= 1 << self.below(8);
                }
            }
        }
        Some(mutant)
    }
}
