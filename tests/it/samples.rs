//! Whole reports of the project's own, from their text to every figure and heading: `tests/corpus/report/`.
//!
//! `figures.csv` and `headings.csv` hold what is read, `wrong.csv` what of it is known to be wrong. `UPDATE=1 cargo test` rewrites
//! the first two and takes the rows that a rule has mended out of the third; git shows which numbers move.

use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Report};
use reportsql::serve::extract::{Format, Printer};
use reportsql::{pipeline, read};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

fn printed(report: &Report, headings: bool) -> String {
    let mut out = Vec::new();
    let mut printer = Printer::new(Format::Csv, headings, &mut out);
    printer.report("input.txt", report).unwrap();
    printer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

fn rows(text: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The rows of `wrong.csv` that still are: no figure is read as its row says it should be. A row that expects nothing in `raw`
/// says that there is no such figure.
fn still_wrong(text: &str, figures: &str) -> String {
    let figures = rows(figures);
    let is_mended = |row: &HashMap<String, String>| {
        let mut there = figures.iter().filter(|figure| figure["line"] == row["line"] && figure["raw"] == row["raw"]);
        if row["column"] == "raw" && row["expected"].is_empty() {
            there.next().is_none()
        } else {
            there.any(|figure| figure[&row["column"]] == row["expected"])
        }
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.iter().take_while(|line| line.starts_with('#')).count() + 1;
    let mended: Vec<bool> = rows(text).iter().map(is_mended).collect();
    let mut mended = mended.into_iter();
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        at <= header || !mended.next().unwrap()
    });
    lines.join("\n") + "\n"
}

fn check(path: &Path, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        return fs::write(path, found).unwrap();
    }
    let expect = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (at, (found, expect)) in found.lines().zip(expect.lines()).enumerate() {
        assert_eq!(found, expect, "{}:{}: UPDATE=1 cargo test rewrites it", path.display(), at + 1);
    }
    assert_eq!(found.lines().count(), expect.lines().count(), "{}: UPDATE=1 cargo test rewrites it", path.display());
}

#[test]
fn sample_reports_read_as_they_did() {
    let knowledge = Knowledge::read(None).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/report");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 2);
    for folder in folders {
        let document = read::document("input.txt", fs::read(folder.join("input.txt")).unwrap()).unwrap();
        let report = pipeline::report(&document, &About::default(), &knowledge);
        assert_eq!(report.rejected, Vec::<String>::new());
        let figures = printed(&report, false);
        check(&folder.join("figures.csv"), &figures);
        check(&folder.join("headings.csv"), &printed(&report, true));
        let wrong = folder.join("wrong.csv");
        check(&wrong, &still_wrong(&fs::read_to_string(&wrong).unwrap(), &figures));
    }
}
