//! Tells what a load did: what was loaded, what was doubtful, what to ask next.
//!
//! In:  the [`Summary`] of a load, or of a trial without a database the reports themselves.
//! Out: a few lines for people.

use super::unwritten;
use crate::error::Result;
use crate::load::{Database, DocumentSummary, Outcome, Summary, schema};
use crate::model::{About, Finding, Report, Severity, Tier};
use std::io::Write;
use std::path::Path;

/// How many documents are listed one by one.
const LISTED: usize = 20;

/// How many doubts are told.
const DOUBTS: usize = 5;

/// Prints what a load did to a database.
pub fn loaded(summary: &Summary, db: &Path, out: &mut dyn Write) -> Result<()> {
    let stored: Vec<&DocumentSummary> = summary.documents.iter().filter(|document| document.outcome != Outcome::Empty).collect();
    let done = match summary.database {
        Database::Created => "made",
        Database::Changed => "brought up to date",
        Database::Unchanged => "unchanged",
    };
    let mut lines = vec![format!("{}: {done}; {}", db.display(), counted(stored.len(), "document"))];
    let told: Vec<&&DocumentSummary> = stored.iter().filter(|document| document.outcome != Outcome::Unchanged).collect();
    for document in told.iter().take(LISTED) {
        lines.push(format!("  {}", document_line(document)));
    }
    if told.len() > LISTED {
        lines.push(format!("  and {} more", told.len() - LISTED));
    }
    let unchanged = stored.len() - told.len();
    if unchanged > 0 && summary.database != Database::Unchanged {
        lines.push(format!("  {} as before", counted(unchanged, "document")));
    }
    let total = &summary.total;
    let minor = if total.minor > 0 { format!(", {} of set phrases", total.minor) } else { String::new() };
    let other = counted(total.refusals, "other numeral");
    lines.push(format!("{}{minor}; {other} (dates, names, lists)", counted(total.core, "figure")));
    let findings = summary.documents.iter().flat_map(|document| document.worst.iter().map(|finding| (document.name.as_str(), finding)));
    doubts([total.errors, total.warnings, total.infos], findings, Some(db), &mut lines);
    queries(db, &mut lines);
    print(&lines, out)
}

/// Prints what a load of reports would find; nothing is known of a database.
pub fn tried(reports: &[Tried], out: &mut dyn Write) -> Result<()> {
    let mut lines = vec![format!("{} read, nothing written", counted(reports.len(), "document"))];
    for report in reports.iter().take(LISTED) {
        lines.push(format!("  {}: {}, {}", report.name, report.about, counted(report.core, "figure")));
    }
    if reports.len() > LISTED {
        lines.push(format!("  and {} more", reports.len() - LISTED));
    }
    let of = |severity: Severity| {
        reports.iter().map(|report| report.findings.iter().filter(|finding| finding.severity == severity).count()).sum()
    };
    let findings = reports.iter().flat_map(|report| report.findings.iter().map(|finding| (report.name.as_str(), finding)));
    doubts([of(Severity::Error), of(Severity::Warning), of(Severity::Info)], findings, None, &mut lines);
    print(&lines, out)
}

/// What a trial keeps of a report.
#[derive(Debug)]
pub struct Tried {
    name: String,
    about: String,
    core: usize,
    findings: Vec<Finding>,
}

impl Tried {
    /// Keeps what is told of a report.
    pub fn new(name: &str, report: Report) -> Tried {
        let core = report.figures.iter().filter(|figure| figure.tier == Tier::Core).count();
        Tried { name: name.to_string(), about: about(&report.about), core, findings: report.findings }
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
fn about(about: &About) -> String {
    let company = about.company.clone().or(about.company_name.clone()).unwrap_or_else(|| "company not known".to_string());
    let year = about.year.map_or_else(|| "year not known".to_string(), |year| year.to_string());
    match about.kind {
        Some(kind) => format!("{company}, {}, {year}", kind.word()),
        None => format!("{company}, {year}"),
    }
}

/// `a.txt: china-unicom/csr/2019, 412 figures, new`
fn document_line(document: &DocumentSummary) -> String {
    let changes = &document.changes;
    let fate = match &document.outcome {
        Outcome::New => "new".to_string(),
        Outcome::Replaced => format!("replaced: {} new, {} changed, {} gone", changes.new, changes.changed, changes.vanished),
        Outcome::Unchanged => "as before".to_string(),
        Outcome::SameAs(other) => format!("the same as {other}"),
        Outcome::Empty => {
            return format!("{}: no figure and no year found, nothing to store; --year says which year it reports", document.name);
        }
    };
    format!("{}: {}, {}, {fate}", document.name, document.report, counted(document.counts.core, "figure"))
}

/// How many doubts of each severity, and the worst of them; a database has them all.
fn doubts<'f>(counts: [usize; 3], findings: impl Iterator<Item = (&'f str, &'f Finding)>, db: Option<&Path>, lines: &mut Vec<String>) {
    let [errors, warnings, infos] = counts;
    if errors + warnings + infos == 0 {
        lines.push("no doubts".to_string());
        return;
    }
    lines.push(String::new());
    lines.push(format!("doubts: {}, {}, {}", counted(errors, "error"), counted(warnings, "warning"), counted(infos, "note")));
    let mut worst: Vec<(&str, &Finding)> = findings.collect();
    worst.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    for (name, finding) in worst.iter().take(DOUBTS) {
        let page = finding.page.map(|page| format!(", page {page}")).unwrap_or_default();
        lines.push(format!("  {}: {name}{page}: {}", finding.code, finding.message_en));
    }
    if let Some(db) = db
        && errors + warnings + infos > worst.len().min(DOUBTS)
    {
        lines.push(format!("  all: {}", command("SELECT severity, code, message_en FROM findings", db)));
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
fn queries(db: &Path, lines: &mut Vec<String>) {
    let Ok(connection) = schema::open_for_reading(db) else { return };
    let answers = |sql: &&&str| connection.prepare(sql).and_then(|mut statement| statement.exists([])).unwrap_or(false);
    let chosen: Vec<&&str> = QUERIES.iter().filter(answers).take(3).collect();
    if !chosen.is_empty() {
        lines.push(String::new());
        lines.push("try".to_string());
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

/// `1 figure`, `412 figures`
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn print(lines: &[String], out: &mut dyn Write) -> Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}")).map_err(|error| unwritten(&error))
}
