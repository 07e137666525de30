//! Tells what a load did: what was loaded, what was doubtful, what to ask next.
//!
//! In:  the [`Summary`] of a load, or of a trial without a database the reports themselves; a language.
//! Out: a few lines for people.

use super::unwritten;
use crate::error::Result;
use crate::load::{Database, DocumentSummary, Outcome, Summary, schema};
use crate::message::{Language, Message, message};
use crate::model::{About, Finding, Report, Severity, Tier};
use std::io::Write;
use std::path::Path;

/// How many documents are listed one by one.
const LISTED: usize = 20;

/// How many doubts are told.
const DOUBTS: usize = 5;

/// Prints what a load did to a database.
pub fn loaded(summary: &Summary, db: &Path, language: Language, out: &mut dyn Write) -> Result<()> {
    let said = |message: Message| message.said(language);
    let stored: Vec<&DocumentSummary> = summary.documents.iter().filter(|document| document.outcome != Outcome::Empty).collect();
    let mut lines = vec![said(match summary.database {
        Database::Created => message!("summary-made", db = db.display(), count = stored.len()),
        Database::Changed => message!("summary-updated", db = db.display(), count = stored.len()),
        Database::Unchanged => message!("summary-unchanged", db = db.display(), count = stored.len()),
    })];
    let told: Vec<&&DocumentSummary> = stored.iter().filter(|document| document.outcome != Outcome::Unchanged).collect();
    for document in told.iter().take(LISTED) {
        lines.push(format!("  {}", said(document_line(document))));
    }
    if told.len() > LISTED {
        lines.push(format!("  {}", said(message!("summary-more", count = told.len() - LISTED))));
    }
    let unchanged = stored.len() - told.len();
    if unchanged > 0 && summary.database != Database::Unchanged {
        lines.push(format!("  {}", said(message!("summary-as-before", count = unchanged))));
    }
    let total = &summary.total;
    lines.push(said(match total.minor {
        0 => message!("summary-figures", core = total.core, other = total.refusals),
        minor => message!("summary-figures-minor", core = total.core, minor = minor, other = total.refusals),
    }));
    let findings = summary.documents.iter().flat_map(|document| document.worst.iter().map(|finding| (document.name.as_str(), finding)));
    doubts([total.errors, total.warnings, total.infos], findings, Some(db), language, &mut lines);
    queries(db, language, &mut lines);
    print(&lines, out)
}

/// Prints what a load of reports would find; nothing is known of a database.
pub fn tried(reports: &[Tried], language: Language, out: &mut dyn Write) -> Result<()> {
    let said = |message: Message| message.said(language);
    let mut lines = vec![said(message!("summary-tried", count = reports.len()))];
    for report in reports.iter().take(LISTED) {
        let about = about(&report.about, language);
        lines.push(format!("  {}", said(message!("summary-tried-document", name = report.name, about = about, count = report.core))));
    }
    if reports.len() > LISTED {
        lines.push(format!("  {}", said(message!("summary-more", count = reports.len() - LISTED))));
    }
    let of = |severity: Severity| {
        reports.iter().map(|report| report.findings.iter().filter(|finding| finding.severity == severity).count()).sum()
    };
    let findings = reports.iter().flat_map(|report| report.findings.iter().map(|finding| (report.name.as_str(), finding)));
    doubts([of(Severity::Error), of(Severity::Warning), of(Severity::Info)], findings, None, language, &mut lines);
    print(&lines, out)
}

/// What a trial keeps of a report.
#[derive(Debug)]
pub struct Tried {
    name: String,
    about: About,
    core: usize,
    findings: Vec<Finding>,
}

impl Tried {
    /// Keeps what is told of a report.
    pub fn new(name: &str, report: Report) -> Tried {
        let core = report.figures.iter().filter(|figure| figure.tier == Tier::Core).count();
        Tried { name: name.to_string(), about: report.about, core, findings: report.findings }
    }

    /// Takes in a further part of the same document.
    pub fn take_in(&mut self, part: Tried) {
        self.core += part.core;
        self.findings.extend(part.findings);
    }

    /// The worst of its findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// `china-unicom, csr, 2019`, as far as it is known.
fn about(about: &About, language: Language) -> String {
    let company = about.company.clone().or(about.company_name.clone());
    let company = company.unwrap_or_else(|| message!("summary-company-unknown").said(language));
    let year = about.year.map_or_else(|| message!("summary-year-unknown").said(language), |year| year.to_string());
    match about.kind {
        Some(kind) => format!("{company}, {}, {year}", kind.word()),
        None => format!("{company}, {year}"),
    }
}

/// `a.txt: china-unicom/csr/2019, 412 figures, new`
fn document_line(document: &DocumentSummary) -> Message {
    let (name, report, count, changes) = (&document.name, &document.report, document.counts.core, &document.changes);
    match &document.outcome {
        Outcome::New => message!("summary-document-new", name = name, report = report, count = count),
        Outcome::Replaced => message!(
            "summary-document-replaced",
            name = name,
            report = report,
            count = count,
            new = changes.new,
            changed = changes.changed,
            gone = changes.vanished,
        ),
        Outcome::Unchanged => message!("summary-document-unchanged", name = name, report = report, count = count),
        Outcome::SameAs(other) => message!("summary-document-same", name = name, report = report, count = count, other = other),
        Outcome::Empty => message!("summary-document-empty", name = name),
    }
}

/// How many doubts of each severity, and the worst of them; a database has them all.
fn doubts<'f>(
    counts: [usize; 3],
    findings: impl Iterator<Item = (&'f str, &'f Finding)>,
    db: Option<&Path>,
    language: Language,
    lines: &mut Vec<String>,
) {
    let [errors, warnings, infos] = counts;
    if errors + warnings + infos == 0 {
        lines.push(message!("summary-no-doubts").said(language));
        return;
    }
    lines.push(String::new());
    lines.push(message!("summary-doubts", errors = errors, warnings = warnings, infos = infos).said(language));
    let mut worst: Vec<(&str, &Finding)> = findings.collect();
    worst.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    for (name, finding) in worst.iter().take(DOUBTS) {
        let message = finding.message.of(language);
        let line = match finding.page {
            Some(page) => message!("summary-doubt-page", code = finding.code, name = name, page = page, message = message),
            None => message!("summary-doubt", code = finding.code, name = name, message = message),
        };
        lines.push(format!("  {}", line.said(language)));
    }
    if let Some(db) = db
        && errors + warnings + infos > worst.len().min(DOUBTS)
    {
        let column = match language {
            Language::Hant => "message_hant",
            Language::Hans => "message_hans",
            Language::En => "message_en",
        };
        let command = command(&format!("SELECT severity, code, {column} FROM findings"), db);
        lines.push(format!("  {}", message!("summary-all", command = command).said(language)));
    }
}

/// Questions worth asking first, the most telling before the others.
const QUERIES: &[&str] = &[
    "SELECT metric_hant, comparator, value, unit, period FROM flat_facts LIMIT 20",
    "SELECT province_hant, metric_hant, value, unit FROM province_facts ORDER BY province_code",
    "SELECT metric_hant, value, unit, change_basis FROM flat_facts WHERE kind = 'change'",
    "SELECT theme_hant, count(*) AS figures FROM flat_facts GROUP BY theme_hant",
    "SELECT year, organization, count(*) AS figures FROM flat_facts GROUP BY year, organization",
];

/// Three questions that this database has an answer to.
fn queries(db: &Path, language: Language, lines: &mut Vec<String>) {
    let Ok(connection) = schema::open_for_reading(db) else { return };
    let answers = |sql: &&&str| connection.prepare(sql).and_then(|mut statement| statement.exists([])).unwrap_or(false);
    let chosen: Vec<&&str> = QUERIES.iter().filter(answers).take(3).collect();
    if !chosen.is_empty() {
        lines.push(String::new());
        lines.push(message!("summary-try").said(language));
        lines.extend(chosen.iter().map(|sql| format!("  {}", command(sql, db))));
    }
}

/// The command that asks a question, to be copied.
fn command(sql: &str, db: &Path) -> String {
    let place = if db == Path::new("figures.db") { String::new() } else { format!(" --db {}", quoted(db)) };
    format!("reportsql query \"{sql}\"{place}")
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let shown = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+@:".contains(c);
    if shown.chars().all(plain) { shown } else { format!("'{}'", shown.replace('\'', "'\\''")) }
}

fn print(lines: &[String], out: &mut dyn Write) -> Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}")).map_err(|error| unwritten(&error))
}
