//! Lists what is doubtful in a database, the worst first.
//!
//! In:  a database opened for reading; which findings are wanted.
//! Out: a row for each; how many there are of each severity. The soundness of the file itself is looked at anew: keys, pages, doubles, spans.

use super::nearest::nearest;
use super::printer::{Format, Printer};
use crate::error::{Error, Result};
use crate::knowledge::checks::Checks;
use crate::load::find;
use crate::message::{Language, Message, message};
use crate::model::Severity;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use std::io::Write;

/// Which findings are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// At least so bad.
    pub severity: Option<Severity>,
    /// Of that check.
    pub code: Option<String>,
    /// Of that report.
    pub report: Option<String>,
    /// What their messages are told in.
    pub language: Language,
}

/// How many findings were listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Something is wrong.
    pub errors: usize,
    /// Look at it.
    pub warnings: usize,
    /// Worth knowing.
    pub infos: usize,
}

impl Listed {
    /// The worst of them.
    pub fn worst(&self) -> Option<Severity> {
        let all = [(self.errors, Severity::Error), (self.warnings, Severity::Warning), (self.infos, Severity::Info)];
        all.into_iter().find(|(count, _)| *count > 0).map(|(_, severity)| severity)
    }

    fn count(&mut self, severity: &str) {
        match severity {
            "error" => self.errors += 1,
            "warning" => self.warnings += 1,
            _ => self.infos += 1,
        }
    }
}

const FINDINGS: &str = "
    SELECT n.severity, n.code, r.code, d.uri, n.page_no, f.figure_key, f.metric_text, f.reported,
           CASE ?4 WHEN 'zh-Hant' THEN COALESCE(n.message_hant, n.message_hans) WHEN 'zh-Hans' THEN n.message_hans ELSE n.message_en END, n.detail
      FROM findings n JOIN reports r ON r.id = n.report_id LEFT JOIN documents d ON d.id = n.document_id LEFT JOIN figures f ON f.id = n.figure_id
     WHERE CASE n.severity WHEN 'error' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END >= ?1 AND (?2 IS NULL OR n.code = ?2) AND (?3 IS NULL OR r.code = ?3)
     ORDER BY CASE n.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, r.code, d.uri, f.seq, n.code, n.id";

/// Prints the findings that are wanted. Fails where there is no such check or report.
pub fn findings(db: &Connection, wanted: &Wanted, checks: &Checks, format: Format, out: &mut dyn Write) -> Result<Listed> {
    if let Some(report) = &wanted.report {
        find::report(db, report)?;
    }
    if let Some(code) = &wanted.code {
        let stored = db
            .prepare("SELECT DISTINCT code FROM findings")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        let codes =
            || UNSOUND.into_iter().chain(checks.all().iter().map(|check| check.code.as_str())).chain(stored.iter().map(String::as_str));
        if !codes().any(|known| known == code) {
            let way_out =
                nearest(code, codes()).map_or("docs/checks.md lists them".to_string(), |code| format!("the nearest is 「{code}」"));
            return Err(Error::failed(format!("there is no check 「{code}」; {way_out}")));
        }
    }
    let names = ["severity", "code", "report", "file", "page", "figure_key", "metric", "reported", "message", "detail"];
    let mut printer = Printer::new(format, names.map(String::from).to_vec(), out)?;
    let mut listed = Listed::default();
    if wanted.report.is_none() {
        for (code, message) in unsound(db)? {
            let message = message.said(wanted.language);
            if wanted.code.as_ref().is_none_or(|only| *only == code) {
                let text = |text: &'static str| ValueRef::Text(text.as_bytes());
                let null = ValueRef::Null;
                printer.row(&[text("error"), text(code), null, null, null, null, null, null, ValueRef::Text(message.as_bytes()), null])?;
                listed.count("error");
            }
        }
    }
    let least = wanted.severity.map_or(0, |severity| severity as i64);
    let mut select = db.prepare(FINDINGS)?;
    let mut rows = select.query(params![least, wanted.code, wanted.report, wanted.language.tag()])?;
    while let Some(row) = rows.next()? {
        let cells = (0..names.len()).map(|at| row.get_ref(at)).collect::<rusqlite::Result<Vec<_>>>()?;
        listed.count(&row.get::<_, String>(0)?);
        printer.row(&cells)?;
    }
    printer.finish()?;
    Ok(listed)
}

/// The codes of what may be wrong with the file itself.
const UNSOUND: [&str; 4] = ["damaged", "foreign-key", "integrity", "provenance"];

/// What is wrong with the file itself: a code and a sentence each.
fn unsound(db: &Connection) -> Result<Vec<(&'static str, Message)>> {
    let mut found = Vec::new();
    let sound: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        found.push(("damaged", message!("check-damaged", found = sound)));
    }
    let count = |sql: &str| db.query_row(&format!("SELECT count(*) FROM {sql}"), [], |row| row.get::<_, i64>(0));
    let dangling = count("pragma_foreign_key_check")?;
    let unequal = count("integrity_check")?;
    let displaced = count("provenance_check")?;
    for (code, count, message) in [
        ("foreign-key", dangling, message!("check-foreign-key", count = dangling)),
        ("integrity", unequal, message!("check-integrity", count = unequal)),
        ("provenance", displaced, message!("check-provenance", count = displaced)),
    ] {
        if count > 0 {
            found.push((code, message));
        }
    }
    Ok(found)
}
