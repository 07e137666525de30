//! A report read from its text and the same report typed by hand say the same.
//!
//! The text lies in the shared folder, beside the repository or where `REPORTSQL_SHARED` says; without it the test says so and
//! passes.

use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Amount, Figure, Report};
use reportsql::{pipeline, read};
use std::path::{Path, PathBuf};

fn report(path: &Path, knowledge: &Knowledge) -> Report {
    let document = read::document(&path.display().to_string(), std::fs::read(path).unwrap()).unwrap();
    pipeline::report(&document, &About::default(), knowledge)
}

/// The numerals of an expression, folded: what is the same however much around them was taken.
fn number(figure: &Figure, knowledge: &Knowledge) -> String {
    knowledge.fold.text(&figure.raw).chars().filter(|c| c.is_ascii_digit() || ".零一二三四五六七八九十百千万亿两半".contains(*c)).collect()
}

/// What must agree.
fn said(figure: &Figure) -> [String; 4] {
    let value = match &figure.amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low}..{high}"),
    };
    [value, figure.unit.clone(), figure.comparator.word().to_string(), figure.period.code()]
}

#[test]
fn the_transcription_and_the_prose_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("REPORTSQL_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let prose = shared.join("gold/china-unicom-2019.txt");
    if !prose.exists() {
        println!("skipped: {} is missing; REPORTSQL_SHARED names the folder it lies in", prose.display());
        return;
    }
    let knowledge = Knowledge::read(None).unwrap();
    let typed = report(&root.join("data/reports/china-unicom-2019.csv"), &knowledge);
    let read = report(&prose, &knowledge);
    let mut free: Vec<&Figure> = read.figures.iter().collect();
    let mut rest = Vec::new();
    for figure in &typed.figures {
        let line = figure.at.line.unwrap();
        let wanted = number(figure, &knowledge);
        let candidates = free
            .iter()
            .enumerate()
            .filter(|(_, other)| other.at.line.is_some_and(|at| at.abs_diff(line) <= 1) && number(other, &knowledge) == wanted);
        let found = candidates.min_by_key(|(_, other)| (other.at.line.unwrap().abs_diff(line), said(other) != said(figure)));
        let Some((at, _)) = found else {
            rest.push(format!("line {line}: {} {} is not found in the prose", figure.metric, figure.raw));
            continue;
        };
        let other = free.remove(at);
        let names = ["value", "unit", "comparator", "period"];
        let differing: Vec<String> = names
            .into_iter()
            .zip(said(figure).into_iter().zip(said(other)))
            .filter(|(_, (typed, read))| typed != read)
            .map(|(name, (typed, read))| format!("{name} typed 「{typed}」, read 「{read}」"))
            .collect();
        if !differing.is_empty() {
            rest.push(format!("line {line}: {} {}: {}", figure.metric, figure.raw, differing.join("; ")));
        }
    }
    let (all, agreed) = (typed.figures.len(), typed.figures.len() - rest.len());
    println!("{agreed} of {all} figures agree\n{}", rest.join("\n"));
    assert!(agreed * 100 >= all * 90, "{agreed} of {all} figures agree; the rest:\n{}", rest.join("\n"));
}
