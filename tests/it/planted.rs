//! Slips planted in small reports: the checks find them, and raise nothing where there is none.
//!
//! A case of `tests/corpus/planted/` is loaded twice into databases of its own: with what is right, and with what is wrong.

use reportsql::knowledge::Knowledge;
use reportsql::load::{self, Item, Options};
use reportsql::model::{About, ReportKind};
use reportsql::{pipeline, read};
use std::path::Path;

struct Case {
    name: String,
    /// Year, kind and text of each report; braces hold right and wrong.
    reports: Vec<(i32, ReportKind, String)>,
    code: String,
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/planted").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases = Vec::new();
    for part in text.split("\n## ").skip(1) {
        let (name, rest) = part.split_once('\n').unwrap();
        let (body, code) = rest.split_once("=> ").unwrap();
        let body = if body.starts_with("### ") { body.to_string() } else { format!("### 2019\n{body}") };
        let reports = body.split("### ").skip(1).map(|report| {
            let (head, text) = report.split_once('\n').unwrap();
            let (year, kind) = head.split_once(' ').unwrap_or((head, "csr"));
            (year.trim().parse().unwrap(), ReportKind::from_word(kind.trim()).unwrap(), text.to_string())
        });
        cases.push(Case { name: name.into(), reports: reports.collect(), code: code.trim().into() });
    }
    cases
}

/// A text with one side of each pair of braces.
fn side(text: &str, wrong: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (pair, after) = behind.split_once('}').unwrap();
        let (right, slip) = pair.split_once('|').unwrap();
        out += before;
        out += if wrong { slip } else { right };
        rest = after;
    }
    out + rest
}

/// The codes of what is doubted but the loader's own notes.
fn found(case: &Case, wrong: bool, knowledge: &Knowledge) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("planted.db");
    let items = case.reports.iter().enumerate().map(|(at, (year, kind, text))| {
        let text = side(text, wrong);
        let name = if text.starts_with("metric,") { format!("{at}.csv") } else { format!("{at}.txt") };
        let document = read::document(&name, text.into_bytes()).unwrap();
        let about = About { company: Some("china-unicom".into()), kind: Some(*kind), year: Some(*year), ..About::default() };
        let report = pipeline::report(&document, &about, knowledge);
        assert_eq!(report.rejected, Vec::<String>::new(), "{}", case.name);
        Ok(Item { document: (&document).into(), report, more: false })
    });
    load::load(&db, items, knowledge, &Options::default()).unwrap();
    let db = rusqlite::Connection::open(db).unwrap();
    let mut select = db.prepare("SELECT DISTINCT code FROM findings ORDER BY code").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn planted_slips_are_found_and_clean_reports_raise_nothing() {
    let knowledge = Knowledge::read(None).unwrap();
    let cases: Vec<Case> = ["inside.md", "across.md"].into_iter().flat_map(cases).collect();
    assert!(cases.len() >= 66, "docs/checks.md counts them");
    let (mut missed, mut raised) = (Vec::new(), Vec::new());
    for case in &cases {
        let clean = found(case, false, &knowledge);
        if !clean.is_empty() {
            raised.push(format!("{}: {clean:?}", case.name));
        }
        let wrong = found(case, true, &knowledge);
        if !wrong.contains(&case.code) {
            missed.push(format!("{}: {} is not among {wrong:?}", case.name, case.code));
        }
    }
    assert_eq!(raised, Vec::<String>::new());
    assert!(missed.is_empty(), "{} of {} missed: {missed:#?}", missed.len(), cases.len());
    eprintln!("{} of {} slips found; missed {missed:#?}", cases.len() - missed.len(), cases.len());
}
