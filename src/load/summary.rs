//! What a load says of itself when it is done.
//!
//! In:  what became of each document.
//! Out: plain numbers and messages, for the command line to print.

use super::Item;
use super::loading::Flaws;
use crate::model::{Finding, Place, Severity, Tier};

/// What a load did.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// One for each item, in the order they came.
    pub documents: Vec<DocumentSummary>,
    /// What became of the file.
    pub database: Database,
    /// All documents together.
    pub total: Counts,
}

/// What became of the database file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Database {
    /// Not a byte was written.
    #[default]
    Unchanged,
    /// It was made.
    Created,
    /// It was there and was changed.
    Changed,
}

/// What became of a document.
#[derive(Debug, Clone)]
pub struct DocumentSummary {
    /// The name as given on the command line.
    pub name: String,
    /// `china-unicom/csr/2019`; empty where nothing was stored.
    pub report: String,
    /// What happened.
    pub outcome: Outcome,
    /// What was read.
    pub counts: Counts,
    /// What changed in the figures.
    pub changes: Changes,
    /// Doubts, the worst first, at most [`DocumentSummary::WORST`] of them.
    pub worst: Vec<Finding>,
    /// Rows and figures that could not be taken, each as a message without the file's name.
    pub rejected: Vec<String>,
}

impl DocumentSummary {
    /// How many findings a summary holds.
    pub const WORST: usize = 5;

    /// So many messages of a document in parts are kept; [`Counts::rejected`] counts all.
    pub const REJECTED: usize = 1000;
}

/// What happened to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was not in the database.
    New,
    /// It was, with other content.
    Replaced,
    /// It was, and says the same.
    Unchanged,
    /// The same bytes are there under another name.
    SameAs(String),
    /// It holds no figure and says no year, so that there is nothing to store.
    Empty,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Figures worth a row of their own.
    pub core: usize,
    /// Numbers of set phrases.
    pub minor: usize,
    /// Numerals that are no figures.
    pub refusals: usize,
    /// Findings that something is wrong.
    pub errors: usize,
    /// Findings to look at.
    pub warnings: usize,
    /// Findings worth knowing.
    pub infos: usize,
    /// Rows and figures that could not be taken.
    pub rejected: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.core += other.core;
        self.minor += other.minor;
        self.refusals += other.refusals;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.rejected += other.rejected;
    }
}

/// What changed in the figures of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// Were not there.
    pub new: usize,
    /// Say otherwise than before.
    pub changed: usize,
    /// Are there no more.
    pub vanished: usize,
}

impl DocumentSummary {
    /// Takes in what is told of a further part of the document.
    pub(super) fn take_in(&mut self, part: DocumentSummary) {
        self.counts += part.counts;
        self.worst.extend(part.worst);
        self.worst.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self.worst.truncate(DocumentSummary::WORST);
        let room = DocumentSummary::REJECTED.saturating_sub(self.rejected.len());
        self.rejected.extend(part.rejected.into_iter().take(room));
    }
}

impl Summary {
    pub(super) fn add(&mut self, document: DocumentSummary) {
        self.total += document.counts;
        self.documents.push(document);
    }
}

/// What a summary says of a document; `own` are the loader's findings beside those of the report.
pub(super) fn summary_of(item: &Item, code: String, outcome: Outcome, own: &[Finding], flaws: &Flaws) -> DocumentSummary {
    let Item { document, report, .. } = item;
    let mut worst: Vec<&Finding> = report.findings.iter().chain(own).collect();
    let of = |severity| worst.iter().filter(|finding| finding.severity == severity).count();
    let stored = |tier| report.figures.iter().enumerate().filter(|(at, figure)| figure.tier == tier && !flaws.contains_key(at)).count();
    let refused = flaws.iter().map(|(at, flaw)| {
        let figure = &report.figures[*at];
        format!("{}: 「{}」 {}: {flaw}", place(&figure.at), figure.metric, figure.raw)
    });
    let rejected: Vec<String> = report.rejected.iter().cloned().chain(refused).collect();
    let counts = Counts {
        core: stored(Tier::Core),
        minor: stored(Tier::Minor),
        refusals: report.refusals.len(),
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        infos: of(Severity::Info),
        rejected: rejected.len(),
    };
    worst.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let worst = worst.into_iter().take(DocumentSummary::WORST).cloned().collect();
    DocumentSummary { name: document.name.clone(), report: code, outcome, counts, changes: Changes::default(), worst, rejected }
}

/// Where something was read, for a message.
pub(super) fn place(at: &Place) -> String {
    match (&at.cell, at.page, at.line) {
        (Some(cell), _, _) => cell.clone(),
        (None, Some(page), Some(line)) => format!("page {page}, line {line}"),
        (None, Some(page), None) => format!("page {page}"),
        (None, None, Some(line)) => format!("line {line}"),
        (None, None, None) => "no place".to_string(),
    }
}
