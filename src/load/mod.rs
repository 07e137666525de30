//! Writes reports into a SQLite database: once, however often it is run.
//!
//! In:  documents with the reports read from them, one after the other.
//! Out: a database as `migrations/` describes it, and a [`Summary`]; on any failure the database is as it was.
//!
//! A new database is built beside its place (`file`); an existing one is changed in one transaction. `loading` takes a document
//! after the other: `identity` says which report it is, `dimensions` gives ids to codes, `headings`, `rows` and `question` make rows,
//! `corrections` puts back what people changed, `store` writes what differs. Then `facts` goes through all that is said of a metric:
//! `resolve` picks a fact among statements, `across` runs the checks across reports. `verify` looks at it all before the commit.

mod across;
pub mod correct;
mod corrections;
mod dimensions;
mod facts;
mod file;
pub mod find;
mod headings;
mod identity;
mod key;
mod loading;
pub mod merge;
mod question;
mod resolve;
mod rows;
pub mod schema;
mod store;
mod summary;
mod verify;

use crate::error::Result;
use crate::knowledge::Knowledge;
use crate::model::{Content, Document, Placing, Report};
use loading::Loading;
use rusqlite::Row;
use std::path::Path;
use std::rc::Rc;
pub use summary::{Changes, Counts, Database, DocumentSummary, Outcome, Summary};

/// A document and what it came to.
#[derive(Debug)]
pub struct Item {
    /// Where it came from.
    pub document: DocumentInfo,
    /// What was read.
    pub report: Report,
    /// Does another part of the same document follow? A long sheet comes in parts; each holds the headings so far.
    pub more: bool,
}

/// A [`Document`] without its content.
#[derive(Debug, Clone)]
pub struct DocumentInfo {
    /// The name as given on the command line.
    pub name: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// What the bytes were: `text/plain`.
    pub media_type: String,
    /// How text was encoded: `UTF-8`.
    pub encoding: Option<String>,
    /// How many pages it has, where it has pages.
    pub page_count: Option<u32>,
}

impl From<&Document> for DocumentInfo {
    fn from(document: &Document) -> DocumentInfo {
        let page_count = match &document.content {
            Content::Text(chars) => match chars.iter().filter(|c| **c == '\u{c}').count() as u32 {
                0 => None,
                feeds => Some(feeds + u32::from(chars.last() != Some(&'\u{c}'))),
            },
            Content::Pages(pages) => Some(pages.len() as u32),
            Content::Outline(outline) => match &outline.placing {
                Placing::Sheets(names) => Some(names.len() as u32),
                Placing::Characters | Placing::Lines => None,
            },
            Content::Transcription(..) => None,
        };
        DocumentInfo {
            name: document.name.clone(),
            sha256: document.sha256.clone(),
            bytes: document.bytes,
            media_type: document.media_type.to_string(),
            encoding: document.encoding.map(str::to_string),
            page_count,
        }
    }
}

/// How to load.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The command line, to be kept in the table `loads`.
    pub arguments: String,
    /// Which edition of their report the documents are; 0 and 1 are the first.
    pub edition: u32,
}

/// Loads reports into a database, which is made where there is none.
///
/// Every document is stored under its report, source and file name: the same again writes nothing, new bytes replace the old
/// ones. Fails where the database is not ours, is newer, is held by another program or cannot be written; then nothing has
/// changed. The items are taken one at a time; one that is an error ends the load, and nothing has changed either.
pub fn load(db: &Path, items: impl Iterator<Item = Result<Item>>, knowledge: &Knowledge, options: &Options) -> Result<Summary> {
    let new = if db.exists() { None } else { file::NewFile::claim(db)? };
    match new {
        Some(file) => create(file, db, items, knowledge, options),
        None => update(db, items, knowledge, options),
    }
}

/// Builds a new database: rows in their order without journal or indexes, then the indexes, then the checks.
fn create(
    file: file::NewFile,
    db: &Path,
    items: impl Iterator<Item = Result<Item>>,
    knowledge: &Knowledge,
    options: &Options,
) -> Result<Summary> {
    let told = |error| schema::told(error, db);
    let connection = file.open()?;
    schema::before_rows(&connection).map_err(told)?;
    let mut loading = Loading::start(&connection, knowledge, options, true).map_err(told)?;
    let mut summary = Summary::default();
    for item in items {
        if let Some(document) = loading.store(&item?).map_err(told)? {
            summary.add(document);
        }
    }
    if !loading.has_written() {
        return Ok(summary);
    }
    loading.finish(summary.total.rejected > 0).map_err(told)?;
    drop(loading);
    schema::indexes(&connection).map_err(told)?;
    schema::triggers(&connection).map_err(told)?;
    verify::verify(&connection).map_err(|error| error.at(db.display()))?;
    connection.execute_batch("COMMIT").map_err(told)?;
    connection.close().map_err(|(_, error)| told(error))?;
    file.publish()?;
    summary.database = Database::Created;
    Ok(summary)
}

/// Brings an existing database up to date with items.
fn update(db: &Path, items: impl Iterator<Item = Result<Item>>, knowledge: &Knowledge, options: &Options) -> Result<Summary> {
    let mut summary = Summary::default();
    let changed = change(db, knowledge, options, |loading| {
        for item in items {
            if let Some(document) = loading.store(&item?).map_err(|error| schema::told(error, db))? {
                summary.add(document);
            }
        }
        Ok(summary.total.rejected > 0)
    })?;
    if changed {
        summary.database = Database::Changed;
    }
    Ok(summary)
}

/// Changes an existing database in one transaction, which is given up where there is nothing to write. `work` says whether it
/// was done in part only; what is returned, whether anything changed.
fn change(db: &Path, knowledge: &Knowledge, options: &Options, work: impl FnOnce(&mut Loading) -> Result<bool>) -> Result<bool> {
    let told = |error| schema::told(error, db);
    let mut connection = schema::open_for_writing(db)?;
    connection.execute_batch("PRAGMA page_size = 8192; PRAGMA foreign_keys = ON;").map_err(told)?;
    let journal: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(told)?;
    if journal == "wal" {
        // Somebody's choice for a while; delivered it is in one file, since a WAL in a read-only folder opens nowhere.
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(told)?;
    }
    schema::bring_up_to_date(&mut connection, db)?;
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(told)?;
    tx.execute_batch("PRAGMA defer_foreign_keys = ON").map_err(told)?;
    let mut loading = Loading::start(&tx, knowledge, options, false).map_err(told)?;
    loading.follow_merges().map_err(told)?;
    let is_partial = work(&mut loading)?;
    let changed = loading.has_written();
    if changed {
        loading.finish(is_partial).map_err(told)?;
    }
    drop(loading);
    if changed {
        verify::verify(&tx).map_err(|error| error.at(db.display()))?;
        tx.commit().map_err(told)?;
    }
    Ok(changed)
}

/// Takes a report out of a database, with its documents, figures and headings. What it returns are the names of its documents.
///
/// Corrections stay, as orphans: they are applied again when the report is loaded again. Figures that people added would be
/// lost; they must be given up by `force`. Fails where there is no such report.
pub fn unload(db: &Path, report: &str, force: bool, knowledge: &Knowledge, options: &Options) -> Result<Vec<String>> {
    let mut names = Vec::new();
    change_existing(db, knowledge, options, |loading| {
        names = loading.unload(report, force)?;
        Ok(false)
    })?;
    Ok(names)
}

/// The same as [`change`], of a database that is there and has been loaded into.
fn change_existing(db: &Path, knowledge: &Knowledge, options: &Options, work: impl FnOnce(&mut Loading) -> Result<bool>) -> Result<bool> {
    if !db.exists() {
        schema::open_for_reading(db)?;
    }
    change(db, knowledge, options, work)
}

/// A column of text, shared.
fn text(row: &Row, at: usize) -> rusqlite::Result<Rc<str>> {
    row.get::<_, String>(at).map(Rc::from)
}

/// A name in simplified characters; its marks and blanks stay as they are.
fn simplified(name: &str, knowledge: &Knowledge) -> String {
    name.chars()
        .map(|c| match c {
            '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3ffff}' => knowledge.fold.char(c),
            _ => c,
        })
        .collect()
}
