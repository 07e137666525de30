//! The doubts of `tests/corpus/check/`: a report's text or sheet, and the findings it comes to.
//!
//! A case is a `##` heading, a body and its `=>` lines, `=> none` for a clean one. `UPDATE=1 cargo test` rewrites the lines.

use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Finding, Report};
use reportsql::{pipeline, read};
use std::fmt::Write;
use std::path::Path;

fn report(body: &str, knowledge: &Knowledge) -> Report {
    let name = if body.starts_with("metric,") { "case.csv" } else { "case.txt" };
    let about = About { year: Some(2021), ..About::default() };
    pipeline::report(&read::document(name, body.into()).unwrap(), &about, knowledge)
}

fn told(report: &Report, finding: &Finding) -> String {
    let about = finding.figure.map_or("report".to_string(), |at| format!("{} {}", report.figures[at].metric, report.figures[at].raw));
    let detail = finding.detail.as_ref().map(|detail| format!(" | {detail}")).unwrap_or_default();
    format!("=> {} | {about}{detail}", finding.code)
}

/// A corpus file with its `=>` lines as they come out.
fn rewritten(text: &str, knowledge: &Knowledge) -> String {
    let mut cases = text.split("\n## ");
    let mut out = cases.next().unwrap().trim_end().to_string() + "\n";
    for case in cases {
        let (heading, rest) = case.split_once('\n').unwrap();
        let body: String = rest.lines().filter(|line| !line.starts_with("=>")).fold(String::new(), |body, line| body + line + "\n");
        let report = report(body.trim(), knowledge);
        assert_eq!(report.rejected, Vec::<String>::new(), "{heading}");
        assert!(!report.figures.is_empty(), "{heading}: no figure was read");
        let mut lines: Vec<String> = report.findings.iter().map(|finding| told(&report, finding)).collect();
        if lines.is_empty() {
            lines.push("=> none".into());
        }
        write!(out, "\n## {heading}\n{}\n{}\n", body.trim(), lines.join("\n")).unwrap();
    }
    out
}

#[test]
fn doubts_are_raised_where_they_should_be_and_nowhere_else() {
    let knowledge = Knowledge::read(None).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/check");
    // Those of pages need pages, those of sheets a workbook, those across reports a database: `pdf.rs`, `inputs.rs` and `planted.rs` look at them.
    let elsewhere = |code: &str| {
        code.starts_with("page-")
            || code == "hidden-sheet"
            || code == "repeats-unread"
            || reportsql::check::across::codes().any(|other| other == code)
    };
    for check in knowledge.checks.all().iter().filter(|check| !elsewhere(&check.code)) {
        let path = folder.join(format!("{}.md", check.code));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let found = rewritten(&text, &knowledge);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, found).unwrap();
        } else {
            assert_eq!(found, text, "{}", path.display());
        }
    }
}

#[test]
fn an_analyst_is_told_in_both_languages_with_the_arithmetic() {
    let knowledge = Knowledge::read(None).unwrap();
    let sheet = "metric,value,kind,whole,page\n員工,100人,,,\n女性員工,30人,,,\n女性員工佔比,40%,share,員工,12\n";
    let report = report(sheet, &knowledge);
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(finding.message.en, "「女性員工佔比 40%」 is not what 「30人」 of 「100人」 come to");
    assert_eq!(finding.message.hans, "「女性員工佔比 40%」与「30人」除以「100人」的结果不符");
    assert_eq!(finding.detail.as_deref(), Some("30 / 100 = 30.00 %; stated 40 %"));
    assert_eq!((finding.figure, finding.page), (Some(2), Some(12)));
}
