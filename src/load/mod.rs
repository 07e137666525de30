//! Writes reports into a SQLite database: once, however often it is run.
//!
//! In:  documents with the reports read from them, one after the other.
//! Out: a database as `migrations/` describes it, and a [`Summary`]; on any failure the database is as it was.
//!
//! A new database is built beside its place (`file`); an existing one is changed in one transaction. `identity` says which
//! report a document is, `dimensions` gives ids to codes, `rows` makes rows, `store` writes what differs, `corrections` puts
//! back what people changed, `resolve` picks a fact among statements, `verify` looks at it all before the commit.

mod corrections;
mod dimensions;
mod file;
mod identity;
mod key;
mod resolve;
mod rows;
pub mod schema;
mod store;
mod verify;

use crate::error::Result;
use crate::knowledge::Knowledge;
use crate::model::{Content, Document, Figure, Finding, Heading, Report, Severity, Tier};
use corrections::{Applied, Corrections};
use dimensions::Dimensions;
use identity::Identity;
use rows::{Context, FigureRow, FindingRow, Keys, NonFigureRow, Question, SentenceRow, TableRow};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;
use store::{Became, Sync};

/// A document and what it came to.
#[derive(Debug)]
pub struct Item {
    /// Where it came from.
    pub document: DocumentInfo,
    /// What was read.
    pub report: Report,
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
            Content::Transcription(_) => None,
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

/// Loads reports into a database, which is made where there is none.
///
/// Every document is stored under its report, source and file name: the same again writes nothing, new bytes replace the old
/// ones. Fails where the database is not ours, is newer, is held by another program or cannot be written; then nothing has
/// changed. The items are taken one at a time.
pub fn load(db: &Path, items: impl Iterator<Item = Item>, knowledge: &Knowledge, options: &Options) -> Result<Summary> {
    let new = if db.exists() { None } else { file::NewFile::claim(db)? };
    match new {
        Some(file) => create(file, db, items, knowledge, options),
        None => update(db, items, knowledge, options),
    }
}

/// Builds a new database: rows in their order without journal or indexes, then the indexes, then the checks.
fn create(file: file::NewFile, db: &Path, items: impl Iterator<Item = Item>, knowledge: &Knowledge, options: &Options) -> Result<Summary> {
    let told = |error| schema::told(error, db);
    let connection = file.open()?;
    schema::before_rows(&connection).map_err(told)?;
    let mut loading = Loading::start(&connection, knowledge, options, true).map_err(told)?;
    let mut summary = Summary::default();
    for item in items {
        summary.add(loading.store(&item).map_err(told)?);
    }
    if loading.run.is_none() {
        return Ok(summary);
    }
    schema::after_rows(&connection).map_err(told)?;
    loading.finish(&summary).map_err(told)?;
    drop(loading);
    verify::verify(&connection).map_err(|error| error.at(db.display()))?;
    connection.execute_batch("COMMIT").map_err(told)?;
    connection.close().map_err(|(_, error)| told(error))?;
    file.publish()?;
    summary.database = Database::Created;
    Ok(summary)
}

/// Changes an existing database in one transaction, which is given up where there is nothing to write.
fn update(db: &Path, items: impl Iterator<Item = Item>, knowledge: &Knowledge, options: &Options) -> Result<Summary> {
    let told = |error| schema::told(error, db);
    let mut connection = schema::open_for_writing(db)?;
    connection.execute_batch("PRAGMA page_size = 8192; PRAGMA foreign_keys = ON;").map_err(told)?;
    let journal: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(told)?;
    if journal == "wal" {
        // Somebody's choice for a while; delivered it is in one file, since a WAL in a read-only folder opens nowhere.
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(told)?;
    }
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(told)?;
    let upgraded = schema::bring_up_to_date(&tx).map_err(told)?;
    tx.execute_batch("PRAGMA defer_foreign_keys = ON").map_err(told)?;
    let mut loading = Loading::start(&tx, knowledge, options, false).map_err(told)?;
    let mut summary = Summary::default();
    for item in items {
        summary.add(loading.store(&item).map_err(told)?);
    }
    if loading.run.is_some() {
        loading.finish(&summary).map_err(told)?;
        summary.database = Database::Changed;
    }
    let changed = loading.run.is_some();
    drop(loading);
    if changed || upgraded {
        verify::verify(&tx).map_err(|error| error.at(db.display()))?;
        tx.commit().map_err(told)?;
    }
    Ok(summary)
}

impl Summary {
    fn add(&mut self, document: DocumentSummary) {
        let (all, one) = (&mut self.total, &document.counts);
        all.core += one.core;
        all.minor += one.minor;
        all.refusals += one.refusals;
        all.errors += one.errors;
        all.warnings += one.warnings;
        all.infos += one.infos;
        all.rejected += one.rejected;
        self.documents.push(document);
    }
}

// ------------------------------------------------------------------ one load

/// A document of the database.
#[derive(Debug, Clone)]
struct Known {
    id: i64,
    report_id: i64,
    report: String,
    source: String,
    name: String,
    uri: String,
    sha256: String,
    digest: String,
    /// This load has seen it.
    seen: bool,
}

/// What the first change of a load sets up.
struct Run {
    load_id: i64,
    figures: i64,
    sentences: i64,
    non_figures: i64,
    findings: i64,
}

/// A load under way.
struct Loading<'a> {
    tx: &'a Connection,
    knowledge: &'a Knowledge,
    options: &'a Options,
    /// The database had nothing before.
    is_new: bool,
    dimensions: Dimensions<'a>,
    corrections: Corrections,
    documents: Vec<Known>,
    by_report: HashMap<(String, String), Vec<usize>>,
    by_sha256: HashMap<String, Vec<usize>>,
    organizations: HashMap<String, i64>,
    /// Facts whose statements changed; of a new database all did.
    touched: BTreeSet<String>,
    run: Option<Run>,
}

impl<'a> Loading<'a> {
    fn start(tx: &'a Connection, knowledge: &'a Knowledge, options: &'a Options, is_new: bool) -> rusqlite::Result<Loading<'a>> {
        let mut loading = Loading {
            tx,
            knowledge,
            options,
            is_new,
            dimensions: Dimensions::read(tx, knowledge)?,
            corrections: Corrections::read(tx)?,
            documents: Vec::new(),
            by_report: HashMap::new(),
            by_sha256: HashMap::new(),
            organizations: HashMap::new(),
            touched: BTreeSet::new(),
            run: None,
        };
        let mut select = tx.prepare(
            "SELECT d.id, d.report_id, r.code, d.source, d.name, d.uri, d.sha256, d.digest FROM documents d JOIN reports r ON r.id = d.report_id ORDER BY d.id",
        )?;
        let rows = select.query_map([], |row| {
            Ok(Known {
                id: row.get(0)?,
                report_id: row.get(1)?,
                report: row.get(2)?,
                source: row.get(3)?,
                name: row.get(4)?,
                uri: row.get(5)?,
                sha256: row.get(6)?,
                digest: row.get(7)?,
                seen: false,
            })
        })?;
        for row in rows {
            loading.know(row?);
        }
        Ok(loading)
    }

    fn know(&mut self, document: Known) -> usize {
        let at = self.documents.len();
        self.by_report.entry((document.report.clone(), document.source.clone())).or_default().push(at);
        self.by_sha256.entry(document.sha256.clone()).or_default().push(at);
        self.documents.push(document);
        at
    }

    /// Makes ready to write: nothing is written before something has to be.
    fn begin(&mut self) -> rusqlite::Result<()> {
        if self.run.is_some() {
            return Ok(());
        }
        let tx = self.tx;
        tx.execute("UPDATE meta SET value = '1' WHERE key = 'loading'", [])?;
        tx.execute(
            "INSERT INTO loads (started_at, status, program_version, knowledge_hash, arguments) VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ok', ?1, ?2, ?3)",
            params![env!("CARGO_PKG_VERSION"), self.knowledge.hash, Some(&self.options.arguments).filter(|arguments| !arguments.is_empty())],
        )?;
        let load_id = tx.last_insert_rowid();
        let known: Option<String> = tx.query_row("SELECT value FROM meta WHERE key = 'knowledge_hash'", [], |row| row.get(0)).optional()?;
        if known.as_deref() != Some(&self.knowledge.hash) {
            self.dimensions.write_catalogues(tx)?;
            tx.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('knowledge_hash', ?1)", [&self.knowledge.hash])?;
        }
        let next = |table: &str| tx.query_row(&format!("SELECT COALESCE(max(id), 0) + 1 FROM {table}"), [], |row| row.get(0));
        self.run = Some(Run {
            load_id,
            figures: next("figures")?,
            sentences: next("sentences")?,
            non_figures: next("non_figures")?,
            findings: next("findings")?,
        });
        Ok(())
    }

    /// Stores a document, unless the database already says the same.
    fn store(&mut self, item: &Item) -> rusqlite::Result<DocumentSummary> {
        let Item { document, report } = item;
        let Some(identity) = Identity::of(report, document, self.options.edition, self.knowledge) else {
            return Ok(summary_of(report, document, String::new(), Outcome::Empty, &[], Vec::new()));
        };
        let digest = identity::digest(report, document, &identity, self.knowledge);
        let known = self.known(document, &identity);
        if let Some(at) = known {
            let known = &mut self.documents[at];
            known.seen = true;
            if known.digest == digest {
                return Ok(summary_of(report, document, identity.code.clone(), Outcome::Unchanged, &identity.findings, Vec::new()));
            }
        } else if let Some(at) = self.twin(document, &identity) {
            return self.keep_twin(at, item, identity);
        }
        self.begin()?;
        if let Some(at) = self.misfiled(document, &identity) {
            self.remove(at)?;
        }
        self.write(item, identity, digest, known)
    }

    /// The document of the same report, source and name. Two files of one load are never one document.
    fn known(&self, document: &DocumentInfo, identity: &Identity) -> Option<usize> {
        let candidates = self.by_report.get(&(identity.code.clone(), identity.source.to_string()))?;
        let is = |wanted: &dyn Fn(&Known) -> bool| {
            candidates.iter().copied().find(|&at| !self.documents[at].seen && wanted(&self.documents[at]))
        };
        is(&|known| known.uri == document.name && known.sha256 == document.sha256)
            .or_else(|| is(&|known| known.uri == document.name))
            .or_else(|| is(&|known| known.name == identity.name && known.sha256 == document.sha256))
            .or_else(|| is(&|known| known.name == identity.name))
    }

    /// A document of the same report and source with the same bytes, under whatever name.
    fn twin(&self, document: &DocumentInfo, identity: &Identity) -> Option<usize> {
        let same = |known: &Known| known.report == identity.code && known.source == identity.source;
        self.by_sha256.get(&document.sha256)?.iter().copied().find(|&at| same(&self.documents[at]))
    }

    /// The same file under another report: somebody now says better whose it is.
    fn misfiled(&self, document: &DocumentInfo, identity: &Identity) -> Option<usize> {
        let same =
            |known: &Known| known.name == identity.name && known.source == identity.source && known.report != identity.code && !known.seen;
        self.by_sha256.get(&document.sha256)?.iter().copied().find(|&at| same(&self.documents[at]))
    }

    /// The same bytes a second time are one document; of its names the first by order is kept, whichever came first.
    fn keep_twin(&mut self, at: usize, item: &Item, identity: Identity) -> rusqlite::Result<DocumentSummary> {
        let kept = self.documents[at].name.clone();
        self.documents[at].seen = true;
        let outcome = Outcome::SameAs(self.documents[at].uri.clone());
        if (&identity.name, &item.document.name) < (&kept, &self.documents[at].uri) {
            self.begin()?;
            self.tx.execute(
                "UPDATE documents SET name = ?2, uri = ?3 WHERE id = ?1",
                params![self.documents[at].id, identity.name, item.document.name],
            )?;
            self.documents[at].name = identity.name.clone();
            self.documents[at].uri = item.document.name.clone();
        }
        Ok(summary_of(&item.report, &item.document, identity.code, outcome, &identity.findings, Vec::new()))
    }

    // -------------------------------------------------------------- writing a document

    fn write(&mut self, item: &Item, identity: Identity, digest: String, known: Option<usize>) -> rusqlite::Result<DocumentSummary> {
        let Item { document, report } = item;
        let tx = self.tx;
        let org_id = self.organization(&identity.company)?;
        let report_id = self.report(&identity, org_id)?;
        let document_id = self.document(item, &identity, &digest, report_id, known)?;
        let is_new = known.is_none();
        let mut run = self.run.take().expect("a load has begun before it writes");
        let load_id = run.load_id;

        let (initiatives, old_initiatives) = self.initiatives(report, &identity, report_id, document_id)?;
        let mut context = Context {
            knowledge: self.knowledge,
            report_code: &identity.code,
            source: identity.source,
            org_id,
            org_code: &identity.company.code,
            report_id,
            document_id,
            initiatives: &initiatives,
            sentences: &[],
        };

        let mut sync = Sync::<SentenceRow>::start(tx, document_id, is_new, load_id, &mut run.sentences)?;
        let mut sentences = Vec::with_capacity(report.sentences.len());
        for (seq, sentence) in report.sentences.iter().enumerate() {
            sentences.push(sync.put(&context.sentence(sentence, seq))?.id());
        }
        let old_sentences = sync.vanished();
        context.sentences = &sentences;

        let mut sync = Sync::<FigureRow>::start(tx, document_id, is_new, load_id, &mut run.figures)?;
        let mut keys = Keys::default();
        let mut figures: Vec<Option<i64>> = Vec::with_capacity(report.figures.len());
        let (mut changes, mut rejected, mut findings) = (Changes::default(), Vec::new(), Vec::new());
        for (seq, figure) in report.figures.iter().enumerate() {
            if let Some(flaw) = rows::flaw(figure, report.sentences.len()) {
                rejected.push(format!("{}: 「{}」 {}: {flaw}", place(figure), figure.metric, figure.raw));
                findings.push(not_stored(figure, &flaw));
                figures.push(None);
                continue;
            }
            let key = keys.next(&context, &report.sentences[figure.sentence].text, &figure.raw);
            let (mut row, mut places) = context.figure(tx, &mut self.dimensions, figure, seq, key)?;
            match self.corrections.apply(tx, &mut self.dimensions, &mut row, &mut places)? {
                Applied::Nothing => {}
                Applied::All => row.fact_key = Question::key_of(tx, &row, &places, self.knowledge)?,
                Applied::Unfit => findings.push(unfit(figure, seq)),
            }
            let became = sync.put(&row)?;
            let id = became.id();
            if !is_new || !places.is_empty() {
                store::set_places(tx, id, &places, matches!(became, Became::New(_)))?;
            }
            match became {
                Became::New(_) => changes.new += 1,
                Became::Changed(_, old) => {
                    changes.changed += 1;
                    self.touched.insert(old.fact_key);
                    self.touched.insert(row.fact_key);
                    figures.push(Some(id));
                    continue;
                }
                Became::Same(_) => {
                    figures.push(Some(id));
                    continue;
                }
            }
            if !self.is_new {
                self.touched.insert(row.fact_key);
            }
            figures.push(Some(id));
        }
        // What a person added was never read and cannot vanish.
        for (id, old) in sync.vanished().into_iter().filter(|(_, old)| old.review_status != "added") {
            store::delete(tx, FigureRow::TABLE, id)?;
            changes.vanished += 1;
            self.touched.insert(old.fact_key);
        }

        let mut sync = Sync::<NonFigureRow>::start(tx, document_id, is_new, load_id, &mut run.non_figures)?;
        for refusal in &report.refusals {
            sync.put(&context.refusal(refusal))?;
        }
        for (id, _) in sync.vanished() {
            store::delete(tx, NonFigureRow::TABLE, id)?;
        }

        let own = identity.findings.iter().chain(&findings);
        let mut sync = Sync::<FindingRow>::start(tx, document_id, is_new, load_id, &mut run.findings)?;
        for finding in report.findings.iter().chain(own.clone()) {
            let figure_id = finding.figure.and_then(|at| figures.get(at).copied().flatten());
            sync.put(&context.finding(finding, figure_id))?;
        }
        for (id, _) in sync.vanished() {
            store::delete(tx, FindingRow::TABLE, id)?;
        }

        for (id, _) in old_sentences {
            let used = tx.prepare_cached("SELECT 1 FROM figures WHERE sentence_id = ?1")?.exists([id])?;
            if !used {
                store::delete(tx, SentenceRow::TABLE, id)?;
            }
        }
        self.release_initiatives(report_id, document_id, old_initiatives)?;
        self.title(report_id, &identity)?;
        self.run = Some(run);
        let outcome = if is_new { Outcome::New } else { Outcome::Replaced };
        let own: Vec<Finding> = own.cloned().collect();
        let mut summary = summary_of(report, document, identity.code, outcome, &own, rejected);
        summary.changes = changes;
        Ok(summary)
    }

    fn organization(&mut self, company: &identity::Company) -> rusqlite::Result<i64> {
        if let Some(&id) = self.organizations.get(&company.code).filter(|_| company.known) {
            return Ok(id);
        }
        let tx = self.tx;
        let old: Option<(i64, String)> = tx
            .prepare_cached("SELECT id, name_hant FROM organizations WHERE code = ?1")?
            .query_row([&company.code], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // Whatever report comes first, of the names of an unknown company the same one is kept.
        let better =
            company.name_hant != company.code && old.as_ref().is_some_and(|(_, old)| *old == company.code || company.name_hant < *old);
        if old.is_none() || company.known || better {
            dimensions::upsert(
                tx,
                "organizations",
                "code",
                &[
                    ("code", &company.code),
                    ("name_hant", &company.name_hant),
                    ("name_hans", &company.name_hans),
                    ("name_en", &company.name_en),
                    ("tickers", &company.tickers),
                ],
            )?;
        }
        let id = match old {
            Some((id, _)) => id,
            None => tx.last_insert_rowid(),
        };
        self.organizations.insert(company.code.clone(), id);
        Ok(id)
    }

    fn report(&mut self, identity: &Identity, org_id: i64) -> rusqlite::Result<i64> {
        let tx = self.tx;
        let year = self.dimensions.year(tx, identity.year)?;
        let period = self.dimensions.period(tx, &identity.period)?;
        let select = |code: &str| {
            tx.prepare_cached("SELECT id FROM reports WHERE code = ?1")?.query_row([code], |row| row.get::<_, i64>(0)).optional()
        };
        let supersedes = match &identity.supersedes {
            Some(code) => select(code)?,
            None => None,
        };
        if let Some(id) = select(&identity.code)? {
            tx.prepare_cached(
                "UPDATE reports SET period_id = ?2, supersedes_id = ?3 WHERE id = ?1 AND (period_id <> ?2 OR supersedes_id IS NOT ?3)",
            )?
            .execute(params![id, period.id, supersedes])?;
            return Ok(id);
        }
        tx.execute(
            "INSERT INTO reports (code, org_id, title, kind, year_id, period_id, lang, edition, supersedes_id) VALUES (?1, ?2, '', ?3, ?4, ?5, ?6, ?7, ?8)",
            params![identity.code, org_id, identity.kind.word(), year, period.id, identity.lang, identity.edition, supersedes],
        )?;
        Ok(tx.last_insert_rowid())
    }

    /// A report is called as it calls itself, before its transcription does; else after company, kind and year.
    fn title(&self, report_id: i64, identity: &Identity) -> rusqlite::Result<()> {
        let plain = format!("{} {} {}", identity.company.name_hant, identity.year, identity.kind.word());
        self.tx
            .prepare_cached(
                "UPDATE reports SET
                    title = COALESCE((SELECT title FROM documents WHERE report_id = ?1 AND title IS NOT NULL ORDER BY source, title LIMIT 1), ?2),
                    lang = (SELECT lang FROM documents WHERE report_id = ?1 ORDER BY source, lang LIMIT 1)
                  WHERE id = ?1",
            )?
            .execute(params![report_id, plain])?;
        Ok(())
    }

    fn document(&mut self, item: &Item, identity: &Identity, digest: &str, report_id: i64, known: Option<usize>) -> rusqlite::Result<i64> {
        let tx = self.tx;
        let Item { document, report } = item;
        let load_id = self.run.as_ref().map(|run| run.load_id);
        let title = report.about.title.as_deref().filter(|title| !title.is_empty());
        let bytes = i64::try_from(document.bytes).unwrap_or(i64::MAX);
        if let Some(at) = known {
            let known = &mut self.documents[at];
            known.sha256 = document.sha256.clone();
            known.digest = digest.to_string();
            known.uri = document.name.clone();
            let id = known.id;
            self.by_sha256.entry(document.sha256.clone()).or_default().push(at);
            tx.prepare_cached(
                "UPDATE documents SET load_id = ?2, uri = ?3, sha256 = ?4, bytes = ?5, media_type = ?6, encoding = ?7, pages = ?8, title = ?9, lang = ?10, digest = ?11 WHERE id = ?1",
            )?
            .execute(params![
                id,
                load_id,
                document.name,
                document.sha256,
                bytes,
                document.media_type,
                document.encoding,
                document.page_count,
                title,
                identity.lang,
                digest
            ])?;
            return Ok(id);
        }
        // Another file of this name is there, in another folder: this one is called with its folders.
        let taken = self
            .by_report
            .get(&(identity.code.clone(), identity.source.to_string()))
            .is_some_and(|candidates| candidates.iter().any(|&at| self.documents[at].name == identity.name));
        let name = if taken { &document.name } else { &identity.name };
        tx.prepare_cached(
            "INSERT INTO documents (report_id, load_id, source, name, uri, sha256, bytes, media_type, encoding, pages, title, lang, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            report_id,
            load_id,
            identity.source,
            name,
            document.name,
            document.sha256,
            bytes,
            document.media_type,
            document.encoding,
            document.page_count,
            title,
            identity.lang,
            digest
        ])?;
        let id = tx.last_insert_rowid();
        self.know(Known {
            id,
            report_id,
            report: identity.code.clone(),
            source: identity.source.to_string(),
            name: name.clone(),
            uri: document.name.clone(),
            sha256: document.sha256.clone(),
            digest: digest.to_string(),
            seen: true,
        });
        Ok(id)
    }

    // -------------------------------------------------------------- headings

    /// The ids of the headings, by their index; and those that this document had and has no more.
    fn initiatives(
        &mut self,
        report: &Report,
        identity: &Identity,
        report_id: i64,
        document_id: i64,
    ) -> rusqlite::Result<(Vec<i64>, Vec<i64>)> {
        let tx = self.tx;
        let mut old: HashMap<String, (i64, i64, bool)> = HashMap::new();
        let mut select = tx.prepare_cached(
            "SELECT i.path, i.id, i.document_id, d.source < ?2 OR d.source = ?2 AND d.name < ?3
               FROM initiatives i JOIN documents d ON d.id = i.document_id WHERE i.report_id = ?1",
        )?;
        for row in select.query_map(params![report_id, identity.source, identity.name], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })? {
            let (path, initiative) = row?;
            old.insert(path, initiative);
        }
        let mut ids = Vec::with_capacity(report.headings.len());
        let mut used: BTreeSet<i64> = BTreeSet::new();
        for (heading, path) in report.headings.iter().zip(paths(&report.headings)) {
            let parent: Option<i64> = heading.parent.and_then(|parent| ids.get(parent).copied());
            let theme = simple_theme(&report.headings, heading);
            let year = match heading.year.filter(|year| (1900..=2200).contains(year)) {
                Some(year) => Some(self.dimensions.year(tx, year)?),
                None => None,
            };
            let values = params![
                report_id,
                document_id,
                path,
                heading.level.word(),
                heading.name,
                simplified(&heading.name, self.knowledge),
                parent,
                theme,
                simplified(theme, self.knowledge),
                year,
                heading.status.map(|status| status.word()),
                heading.page,
                heading.line
            ];
            let id = match old.get(&path) {
                // The report itself says where a heading stands, before its transcription.
                Some(&(id, owner, before)) if owner != document_id && before => {
                    ids.push(id);
                    continue;
                }
                Some(&(id, _, _)) => {
                    tx.prepare_cached(&format!(
                        "UPDATE initiatives SET document_id = ?2, level = ?4, name_hant = ?5, name_hans = ?6, parent_id = ?7, theme_hant = ?8,
                                theme_hans = ?9, year_id = ?10, status = ?11, page_no = ?12, line_no = ?13
                          WHERE report_id = ?1 AND path = ?3 AND id = {id} AND (document_id IS NOT ?2 OR level IS NOT ?4 OR name_hant IS NOT ?5
                             OR name_hans IS NOT ?6 OR parent_id IS NOT ?7 OR theme_hant IS NOT ?8 OR theme_hans IS NOT ?9 OR year_id IS NOT ?10
                             OR status IS NOT ?11 OR page_no IS NOT ?12 OR line_no IS NOT ?13)"
                    ))?
                    .execute(values)?;
                    id
                }
                None => {
                    tx.prepare_cached(
                        "INSERT INTO initiatives (report_id, document_id, path, level, name_hant, name_hans, parent_id, theme_hant, theme_hans, year_id, status, page_no, line_no)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                    )?
                    .execute(values)?;
                    tx.last_insert_rowid()
                }
            };
            self.initiative_provinces(id, heading, old.contains_key(&path))?;
            ids.push(id);
            used.insert(id);
        }
        let vanished = old.values().filter(|(id, owner, _)| *owner == document_id && !used.contains(id)).map(|(id, _, _)| *id).collect();
        Ok((ids, vanished))
    }

    fn initiative_provinces(&self, id: i64, heading: &Heading, was_there: bool) -> rusqlite::Result<()> {
        let tx = self.tx;
        let provinces: Vec<i64> = heading.provinces.iter().filter_map(|code| self.dimensions.province(code)).collect();
        if was_there {
            let mut select = tx.prepare_cached("SELECT province_id FROM initiative_provinces WHERE initiative_id = ?1")?;
            let old: Vec<i64> = select.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            for province in old.into_iter().filter(|province| !provinces.contains(province)) {
                tx.prepare_cached("DELETE FROM initiative_provinces WHERE initiative_id = ?1 AND province_id = ?2")?
                    .execute([id, province])?;
            }
        }
        for province in provinces {
            tx.prepare_cached("INSERT OR IGNORE INTO initiative_provinces (initiative_id, province_id) VALUES (?1, ?2)")?
                .execute([id, province])?;
        }
        Ok(())
    }

    /// Deletes headings that a document has no more; one that figures of another document stand under goes over to that one.
    fn release_initiatives(&self, report_id: i64, document_id: i64, mut ids: Vec<i64>) -> rusqlite::Result<()> {
        let tx = self.tx;
        // Children come after their parents.
        ids.sort_unstable_by(|left, right| right.cmp(left));
        for id in ids {
            let heir: Option<i64> = tx
                .prepare_cached(
                    "SELECT d.id FROM documents d WHERE d.report_id = ?1 AND d.id <> ?2 AND EXISTS (
                        SELECT 1 FROM figures f WHERE f.document_id = d.id AND (f.initiative_id = ?3
                            OR f.initiative_id IN (SELECT id FROM initiatives WHERE parent_id = ?3))) ORDER BY d.source, d.name LIMIT 1",
                )?
                .query_row([report_id, document_id, id], |row| row.get(0))
                .optional()?;
            let used = tx
                .prepare_cached("SELECT 1 WHERE EXISTS (SELECT 1 FROM figures WHERE initiative_id = ?1) OR EXISTS (SELECT 1 FROM initiatives WHERE parent_id = ?1)")?
                .exists([id])?;
            match heir {
                Some(heir) => {
                    tx.execute("UPDATE initiatives SET document_id = ?2, page_no = NULL, line_no = NULL WHERE id = ?1", [id, heir])?;
                }
                // A figure that a person added may stand under it.
                None if used => {}
                None => store::delete(tx, "initiatives", id)?,
            }
        }
        Ok(())
    }

    // -------------------------------------------------------------- removing a document

    /// Takes a document out, and its report and company where it was their last.
    fn remove(&mut self, at: usize) -> rusqlite::Result<()> {
        let tx = self.tx;
        let Known { id, report_id, report, source, sha256, .. } = self.documents[at].clone();
        let mut select = tx.prepare("SELECT fact_key FROM figures WHERE document_id = ?1")?;
        for fact_key in select.query_map([id], |row| row.get(0))? {
            self.touched.insert(fact_key?);
        }
        tx.execute("DELETE FROM figures WHERE document_id = ?1", [id])?;
        for table in ["findings", "non_figures", "sentences"] {
            tx.execute(&format!("DELETE FROM {table} WHERE document_id = ?1"), [id])?;
        }
        let mut select = tx.prepare("SELECT id FROM initiatives WHERE document_id = ?1")?;
        let initiatives = select.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        self.release_initiatives(report_id, id, initiatives)?;
        store::delete(tx, "documents", id)?;
        if !tx.prepare("SELECT 1 FROM documents WHERE report_id = ?1")?.exists([report_id])? {
            tx.execute("DELETE FROM findings WHERE report_id = ?1", [report_id])?;
            tx.execute("UPDATE reports SET supersedes_id = NULL WHERE supersedes_id = ?1", [report_id])?;
            store::delete(tx, "reports", report_id)?;
            tx.execute(
                "DELETE FROM organizations WHERE NOT EXISTS (SELECT 1 FROM reports WHERE org_id = organizations.id)
                    AND NOT EXISTS (SELECT 1 FROM figures WHERE org_id = organizations.id)
                    AND NOT EXISTS (SELECT 1 FROM organizations o WHERE o.parent_id = organizations.id)",
                [],
            )?;
            self.organizations.clear();
        }
        for list in [self.by_report.get_mut(&(report, source)), self.by_sha256.get_mut(&sha256)].into_iter().flatten() {
            list.retain(|known| *known != at);
        }
        Ok(())
    }

    // -------------------------------------------------------------- the end

    /// Decides over facts and closes the books; the checks come after it.
    fn finish(&mut self, summary: &Summary) -> rusqlite::Result<()> {
        let Some(run) = &self.run else { return Ok(()) };
        let tx = self.tx;
        if self.is_new {
            resolve::resolve_all(tx, &self.corrections)?;
        } else {
            // What people edited since the last load may ask another question now.
            for key in self.corrections.keys() {
                let mut select =
                    tx.prepare_cached(&format!("SELECT id, {} FROM figures WHERE figure_key = ?1", FigureRow::COLUMNS.join(", ")))?;
                let rows: Vec<(i64, FigureRow)> =
                    select.query_map([key], |row| Ok((row.get(0)?, FigureRow::read(row, 1)?)))?.collect::<rusqlite::Result<_>>()?;
                for (id, row) in rows {
                    let mut select = tx.prepare_cached("SELECT place_id FROM figure_places WHERE figure_id = ?1")?;
                    let places: Vec<i64> = select.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                    let fact_key = Question::key_of(tx, &row, &places, self.knowledge)?;
                    if fact_key != row.fact_key {
                        tx.execute("UPDATE figures SET fact_key = ?2 WHERE id = ?1", params![id, fact_key])?;
                    }
                    self.touched.insert(fact_key);
                    self.touched.insert(row.fact_key);
                }
            }
            resolve::resolve(tx, &self.touched, &self.corrections)?;
        }
        let status = if summary.total.rejected > 0 { "partial" } else { "ok" };
        tx.execute(
            "UPDATE loads SET finished_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), status = ?2 WHERE id = ?1",
            params![run.load_id, status],
        )?;
        tx.execute("UPDATE meta SET value = '0' WHERE key = 'loading'", [])?;
        Ok(())
    }
}

// ------------------------------------------------------------------ small things

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

/// The paths of headings: their names from the top. A second heading of one path ends in `#2`.
fn paths(headings: &[Heading]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::with_capacity(headings.len());
    let mut seen: HashMap<String, u32> = HashMap::new();
    for heading in headings {
        let name = heading.name.replace('/', "／");
        let path = match heading.parent.and_then(|parent| paths.get(parent)) {
            Some(above) => format!("{above}/{name}"),
            None => name,
        };
        let nth = seen.entry(path.clone()).or_default();
        *nth += 1;
        paths.push(if *nth > 1 { format!("{path}#{nth}") } else { path });
    }
    paths
}

/// The name of the top heading above one, or its own.
fn simple_theme<'h>(headings: &'h [Heading], heading: &'h Heading) -> &'h str {
    let mut top = heading;
    // Parents stand before their children, so that the way up ends.
    while let Some(above) =
        top.parent.and_then(|parent| headings.get(parent)).filter(|above| above.start <= top.start && !std::ptr::eq(*above, top))
    {
        top = above;
    }
    &top.name
}

/// Where a figure was read, for a message.
fn place(figure: &Figure) -> String {
    let at = &figure.at;
    match (&at.cell, at.page, at.line) {
        (Some(cell), _, _) => cell.clone(),
        (None, Some(page), Some(line)) => format!("page {page}, line {line}"),
        (None, Some(page), None) => format!("page {page}"),
        (None, None, Some(line)) => format!("line {line}"),
        (None, None, None) => "no place".to_string(),
    }
}

fn not_stored(figure: &Figure, flaw: &str) -> Finding {
    Finding {
        code: "figure-not-stored",
        severity: Severity::Error,
        figure: None,
        page: figure.at.page,
        message_en: format!("{}: 「{}」 {} was not stored: {flaw}", place(figure), figure.metric, figure.raw),
        message_hans: format!("{}：「{}」{} 未能入库（{flaw}）", place(figure), figure.metric, figure.raw),
        detail: None,
    }
}

fn unfit(figure: &Figure, seq: usize) -> Finding {
    Finding {
        code: "correction-does-not-fit",
        severity: Severity::Warning,
        figure: Some(seq),
        page: figure.at.page,
        message_en: format!(
            "「{}」 {} was corrected by hand, and the correction no longer fits what is read now",
            figure.metric, figure.raw
        ),
        message_hans: format!("「{}」{} 曾经人工更正，但更正与现在读到的内容不再相符", figure.metric, figure.raw),
        detail: None,
    }
}

/// What a summary says of a document; `own` are the loader's findings beside those of the report.
fn summary_of(
    report: &Report,
    document: &DocumentInfo,
    code: String,
    outcome: Outcome,
    own: &[Finding],
    refused: Vec<String>,
) -> DocumentSummary {
    let mut worst: Vec<&Finding> = report.findings.iter().chain(own).collect();
    let of = |severity| worst.iter().filter(|finding| finding.severity == severity).count();
    let minor = report.figures.iter().filter(|figure| figure.tier == Tier::Minor).count();
    let rejected: Vec<String> = report.rejected.iter().cloned().chain(refused.iter().cloned()).collect();
    let counts = Counts {
        core: report.figures.len() - minor - refused.len().min(report.figures.len() - minor),
        minor,
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
