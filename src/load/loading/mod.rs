//! One load: a document after the other is compared with what the database holds, and written where it differs.
//!
//! In:  items, a transaction, ids of what exists.
//! Out: rows; for each document what became of it; facts decided over when the last one is in.

mod doubts;
mod removal;
mod reports;

use super::corrections::{self, Applied, Corrections};
use super::dimensions::Dimensions;
use super::identity::{self, Identity};
use super::question::Question;
use super::resolve::Guesses;
use super::rows::{Context, FigureRow, FindingRow, InitiativeRow, Keys, NonFigureRow, SentenceRow, TableRow};
use super::store::{self, Became, Old, Table};
use super::summary::{Changes, DocumentSummary, Outcome, summary_of};
use super::{DocumentInfo, Item, Options, facts, headings};
use crate::knowledge::Knowledge;
pub(super) use doubts::Flaws;
use doubts::{flaws, not_stored, own_findings, stale, stays_rejected, unfit};
pub(super) use reports::called;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeSet, HashMap, VecDeque};

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

/// What the first change of a load sets up: its row, the tables it writes to, the next id of each.
struct Run<'a> {
    load_id: i64,
    figures: (Table<'a, FigureRow>, i64),
    sentences: (Table<'a, SentenceRow>, i64),
    non_figures: (Table<'a, NonFigureRow>, i64),
    findings: (Table<'a, FindingRow>, i64),
    headings: Table<'a, InitiativeRow>,
}

impl Run<'_> {
    /// Writes the rows that are held back. A document that is new leaves its last ones to those of the next.
    fn flush(&mut self) -> rusqlite::Result<()> {
        self.sentences.0.flush()?;
        self.figures.0.flush()?;
        self.non_figures.0.flush()?;
        self.findings.0.flush()
    }
}

/// A document of which further parts may come.
enum Open {
    /// It needs no writing; what is told of it.
    Told(DocumentSummary),
    /// It is being written.
    Writing(Box<Writing>),
}

/// A document that is being written.
struct Writing {
    identity: Identity,
    org_id: i64,
    report_id: i64,
    document_id: i64,
    is_new: bool,
    old_sentences: Old<SentenceRow>,
    old_figures: Old<FigureRow>,
    old_non_figures: Old<NonFigureRow>,
    old_findings: Old<FindingRow>,
    vanished_headings: Vec<i64>,
    keys: Keys,
    /// How many sentences and figures are in.
    sentences: usize,
    figures: usize,
    /// Figures that were not there before, where old ones may have turned into them.
    new: Vec<i64>,
    changes: Changes,
    /// Old rows of figures that changed, and those that vanished.
    gone: Vec<FigureRow>,
    /// Of the same file under another report: rows that people corrected or added.
    carried: Vec<FigureRow>,
    summary: Option<DocumentSummary>,
}

/// What figures may have left behind: a metric or place that only they had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Metric,
    Place,
}

/// A load under way.
pub(super) struct Loading<'a> {
    pub(super) tx: &'a Connection,
    pub(super) knowledge: &'a Knowledge,
    options: &'a Options,
    /// The database had nothing before.
    is_first: bool,
    pub(super) dimensions: Dimensions<'a>,
    pub(super) corrections: Corrections,
    documents: Vec<Known>,
    by_report: HashMap<(String, String), Vec<usize>>,
    by_sha256: HashMap<String, Vec<usize>>,
    organizations: HashMap<String, i64>,
    /// Facts whose statements changed; of a new database all did.
    pub(super) touched: BTreeSet<String>,
    guesses: Guesses,
    /// Metrics whose figures changed.
    metrics: BTreeSet<i64>,
    /// What figures that changed or vanished were about.
    left: BTreeSet<(Left, i64)>,
    run: Option<Run<'a>>,
    open: Option<Open>,
}

impl<'a> Loading<'a> {
    pub(super) fn start(
        tx: &'a Connection,
        knowledge: &'a Knowledge,
        options: &'a Options,
        is_first: bool,
    ) -> rusqlite::Result<Loading<'a>> {
        let mut loading = Loading {
            tx,
            knowledge,
            options,
            is_first,
            dimensions: Dimensions::read(tx, knowledge)?,
            corrections: Corrections::read(tx)?,
            documents: Vec::new(),
            by_report: HashMap::new(),
            by_sha256: HashMap::new(),
            organizations: HashMap::new(),
            touched: BTreeSet::new(),
            guesses: Guesses::default(),
            metrics: BTreeSet::new(),
            left: BTreeSet::new(),
            run: None,
            open: None,
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

    /// Has anything been written?
    pub(super) fn has_written(&self) -> bool {
        self.run.is_some()
    }

    /// Makes ready to write: nothing is written before something has to be.
    pub(super) fn begin(&mut self) -> rusqlite::Result<()> {
        if self.run.is_some() {
            return Ok(());
        }
        let tx = self.tx;
        tx.execute("UPDATE meta SET value = '1' WHERE key = 'loading'", [])?;
        tx.execute(
            "INSERT INTO loads (started_at, status, program_version, knowledge_hash, arguments) VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ok', ?1, ?2, ?3)",
            params![env!("CARGO_PKG_VERSION"), self.knowledge.hash(), Some(&self.options.arguments).filter(|arguments| !arguments.is_empty())],
        )?;
        let load_id = tx.last_insert_rowid();
        let known: Option<String> = tx.query_row("SELECT value FROM meta WHERE key = 'knowledge_hash'", [], |row| row.get(0)).optional()?;
        if known.as_deref() != Some(self.knowledge.hash()) {
            self.dimensions.write_catalogues(tx)?;
            tx.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('knowledge_hash', ?1)", [self.knowledge.hash()])?;
        }
        self.run = Some(self.run_of(load_id)?);
        Ok(())
    }

    /// Goes on with the first load of a database after a commit.
    pub(super) fn resume(&mut self) -> rusqlite::Result<()> {
        let load_id = self.tx.query_row("SELECT min(id) FROM loads", [], |row| row.get(0))?;
        self.run = Some(self.run_of(load_id)?);
        Ok(())
    }

    fn run_of(&self, load_id: i64) -> rusqlite::Result<Run<'a>> {
        let tx = self.tx;
        let next = |table: &str| tx.query_row(&format!("SELECT COALESCE(max(id), 0) + 1 FROM {table}"), [], |row| row.get(0));
        Ok(Run {
            load_id,
            figures: (Table::open(tx, load_id)?, next("figures")?),
            sentences: (Table::open(tx, load_id)?, next("sentences")?),
            non_figures: (Table::open(tx, load_id)?, next("non_figures")?),
            findings: (Table::open(tx, load_id)?, next("findings")?),
            headings: Table::open(tx, load_id)?,
        })
    }

    /// Counts facts under other metrics where a person merged some since the last load, or took that back.
    pub(super) fn follow_merges(&mut self) -> rusqlite::Result<()> {
        let tx = self.tx;
        let known: Option<String> = tx.query_row("SELECT value FROM meta WHERE key = 'merges'", [], |row| row.get(0)).optional()?;
        let merges = self.dimensions.merges();
        if known == merges {
            return Ok(());
        }
        self.begin()?;
        // A merge that was taken back has left no trace in the metrics: every figure is looked at.
        let mut moved = Vec::new();
        let mut select = tx.prepare(&format!("SELECT id, {} FROM figures", FigureRow::COLUMNS.join(", ")))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (id, row) = (row.get(0)?, FigureRow::read(row, 1)?);
            let key = Question::key_of(tx, &self.dimensions, &row, &self.places_of(id)?, self.knowledge)?;
            if key != row.fact_key {
                self.metrics.insert(row.metric_id);
                moved.push((id, key, row.fact_key));
            }
        }
        drop(rows);
        for (id, new, old) in moved {
            tx.prepare_cached("UPDATE figures SET fact_key = ?2 WHERE id = ?1")?.execute(params![id, new])?;
            self.touched.extend([new, old]);
        }
        tx.execute("UPDATE metrics SET status = 'merged' WHERE merged_into IS NOT NULL AND status = 'auto'", [])?;
        tx.execute("UPDATE metrics SET status = 'auto' WHERE merged_into IS NULL AND status = 'merged'", [])?;
        match merges {
            Some(merges) => tx.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('merges', ?1)", [merges])?,
            None => tx.execute("DELETE FROM meta WHERE key = 'merges'", [])?,
        };
        Ok(())
    }

    /// Stores a document or a part of one, unless the database already says the same; when its last part is in, what became of it.
    pub(super) fn store(&mut self, item: &Item) -> rusqlite::Result<Option<DocumentSummary>> {
        let mut open = match self.open.take() {
            None => self.first(item)?,
            Some(Open::Told(mut told)) => {
                let flaws = flaws(&item.report);
                told.take_in(summary_of(item, told.report.clone(), told.outcome.clone(), &not_stored(&item.report, &flaws), &flaws));
                Open::Told(told)
            }
            open => open.expect("it is none of the two above"),
        };
        if let Open::Writing(writing) = &mut open {
            self.part(writing, item)?;
        }
        if item.more {
            self.open = Some(open);
            return Ok(None);
        }
        Ok(Some(match open {
            Open::Told(told) => told,
            Open::Writing(writing) => self.end(*writing)?,
        }))
    }

    /// Finds out whether a document has to be written.
    fn first(&mut self, item: &Item) -> rusqlite::Result<Open> {
        let Item { document, report, more } = item;
        let flaws = flaws(report);
        let Some(identity) = Identity::of(report, document, self.options.edition, self.knowledge) else {
            return Ok(Open::Told(summary_of(item, String::new(), Outcome::Empty, &[], &flaws)));
        };
        // Of a document in parts not all is read yet; but then it is a sheet, and nothing but its bytes and the tables decide.
        let digest = match more {
            true => identity::digest_of_bytes(document, &identity, self.knowledge),
            false => identity::digest(report, document, &identity, self.knowledge),
        };
        let known = self.known(document, &identity);
        if let Some(at) = known
            && self.documents[at].digest == digest
        {
            self.documents[at].seen = true;
            let own = own_findings(report, &identity, &flaws);
            return Ok(Open::Told(summary_of(item, identity.code, Outcome::Unchanged, &own, &flaws)));
        }
        // The same bytes under another name are the same document; a newer program may read them otherwise.
        let twin = if known.is_none() { self.twin(document, &identity) } else { None };
        if let Some(at) = twin.filter(|&at| self.documents[at].seen || self.documents[at].digest == digest) {
            return self.keep_twin(at, item, identity, &flaws).map(Open::Told);
        }
        let known = known.or(twin);
        self.begin()?;
        let carried = match self.misfiled(document, &identity) {
            Some(at) => {
                // Whose headings and company still are of use, its rows tell.
                self.flush()?;
                self.remove(at)?
            }
            None => Vec::new(),
        };
        let tx = self.tx;
        let org_id = self.organization(&identity.company)?;
        let report_id = self.report(&identity, org_id)?;
        let document_id = self.document(item, &identity, &digest, report_id, known)?;
        let is_new = known.is_none();
        Ok(Open::Writing(Box::new(Writing {
            identity,
            org_id,
            report_id,
            document_id,
            is_new,
            old_sentences: Old::of(tx, document_id, is_new)?,
            old_figures: Old::of(tx, document_id, is_new)?,
            old_non_figures: Old::of(tx, document_id, is_new)?,
            old_findings: Old::of(tx, document_id, is_new)?,
            vanished_headings: Vec::new(),
            keys: Keys::default(),
            sentences: 0,
            figures: 0,
            new: Vec::new(),
            changes: Changes::default(),
            gone: Vec::new(),
            carried,
            summary: None,
        })))
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
        let same = |known: &Known| known.sha256 == document.sha256 && known.report == identity.code && known.source == identity.source;
        self.by_sha256.get(&document.sha256)?.iter().copied().find(|&at| same(&self.documents[at]))
    }

    /// The same file under another report: somebody now says better whose it is.
    fn misfiled(&self, document: &DocumentInfo, identity: &Identity) -> Option<usize> {
        let same = |known: &Known| {
            let is_same_file = known.sha256 == document.sha256 && known.name == identity.name && known.source == identity.source;
            is_same_file && known.report != identity.code && !known.seen
        };
        self.by_sha256.get(&document.sha256)?.iter().copied().find(|&at| same(&self.documents[at]))
    }

    /// The same bytes a second time are one document; of its names the first by order is kept, whichever came first.
    fn keep_twin(&mut self, at: usize, item: &Item, identity: Identity, flaws: &Flaws) -> rusqlite::Result<DocumentSummary> {
        self.documents[at].seen = true;
        let Known { id, name, uri, .. } = self.documents[at].clone();
        if (&identity.name, &item.document.name) < (&name, &uri) && !self.is_taken(&identity, Some(at)) {
            self.begin()?;
            self.tx.execute("UPDATE documents SET name = ?2, uri = ?3 WHERE id = ?1", params![id, identity.name, item.document.name])?;
            self.documents[at].name = identity.name.clone();
            self.documents[at].uri = item.document.name.clone();
        }
        let outcome = Outcome::SameAs(uri);
        let own = own_findings(&item.report, &identity, flaws);
        Ok(summary_of(item, identity.code, outcome, &own, flaws))
    }

    // -------------------------------------------------------------- writing a document

    /// Writes a part of a document, which most often is all of it.
    fn part(&mut self, writing: &mut Writing, item: &Item) -> rusqlite::Result<()> {
        let report = &item.report;
        let tx = self.tx;
        let flaws = flaws(report);
        let mut run = self.run.take().expect("a load has begun before it writes");
        let Writing { identity, org_id, report_id, document_id, .. } = writing;
        let whose = (*report_id, *document_id);
        let headings = headings::write(tx, &mut run.headings, &mut self.dimensions, self.knowledge, &report.headings, identity, whose)?;
        writing.vanished_headings = headings.vanished;
        let branches = self.branches(report, &identity.company, *org_id)?;
        let mut context = Context {
            branches: &branches,
            knowledge: self.knowledge,
            report_code: &identity.code,
            source: identity.source,
            org_id: *org_id,
            org_code: &identity.company.code,
            report_id: *report_id,
            document_id: *document_id,
            initiatives: &headings.ids,
            sentences: &[],
        };
        let mut sentences = Vec::with_capacity(report.sentences.len());
        for sentence in &report.sentences {
            let row = context.sentence(sentence, writing.sentences);
            let (table, next_id) = &mut run.sentences;
            sentences.push(writing.old_sentences.put(tx, table, row, next_id)?.id());
            writing.sentences += 1;
        }
        context.sentences = &sentences;

        let mut own = match writing.summary {
            None => own_findings(report, identity, &flaws),
            Some(_) => not_stored(report, &flaws),
        };
        let mut figures = Vec::with_capacity(report.figures.len());
        for (at, figure) in report.figures.iter().enumerate() {
            if flaws.contains_key(&at) {
                figures.push(None);
                continue;
            }
            let key = writing.keys.next(&context, &report.sentences[figure.sentence].text, &figure.raw);
            let (mut row, mut places) = context.figure(tx, &mut self.dimensions, figure, writing.figures + at, key)?;
            match self.corrections.apply(tx, &mut self.dimensions, &mut row, &mut places)? {
                Applied::Nothing => {}
                Applied::All => row.fact_key = Question::key_of(tx, &self.dimensions, &row, &places, self.knowledge)?,
                Applied::Stale(was, is) => {
                    row.fact_key = Question::key_of(tx, &self.dimensions, &row, &places, self.knowledge)?;
                    own.push(stale(figure, at, &was, &is));
                }
                Applied::Unfit => own.push(unfit(figure, at)),
            }
            if self.is_first {
                self.guesses.guess(&mut row);
            }
            let fact_key = (!self.is_first).then(|| row.fact_key.clone());
            let metric_id = row.metric_id;
            let (table, next_id) = &mut run.figures;
            let became = writing.old_figures.put(tx, table, row, next_id)?;
            let id = became.id();
            figures.push(Some(id));
            match became {
                // Other places would have made another fact of it.
                Became::Same(_) => continue,
                Became::New(_) => {
                    writing.changes.new += 1;
                    if !writing.is_new || !writing.carried.is_empty() {
                        writing.new.push(id);
                    }
                }
                Became::Changed(_, old) => {
                    writing.changes.changed += 1;
                    writing.gone.push(old);
                }
            }
            if let Some(fact_key) = fact_key {
                self.touched.insert(fact_key);
                self.metrics.insert(metric_id);
            }
            if !writing.is_new || !places.is_empty() {
                store::set_places(tx, id, &places)?;
            }
        }
        writing.figures += report.figures.len();

        for refusal in &report.refusals {
            let (table, next_id) = &mut run.non_figures;
            writing.old_non_figures.put(tx, table, context.refusal(refusal), next_id)?;
        }
        for finding in report.findings.iter().chain(&own) {
            let figure_id = finding.figure.and_then(|at| figures.get(at).copied().flatten());
            let (table, next_id) = &mut run.findings;
            writing.old_findings.put(tx, table, context.finding(finding, figure_id), next_id)?;
        }
        let outcome = if writing.is_new { Outcome::New } else { Outcome::Replaced };
        let summary = summary_of(item, identity.code.clone(), outcome, &own, &flaws);
        match &mut writing.summary {
            Some(known) => known.take_in(summary),
            none => *none = Some(summary),
        }
        self.run = Some(run);
        Ok(())
    }

    fn flush(&mut self) -> rusqlite::Result<()> {
        self.run.as_mut().map_or(Ok(()), Run::flush)
    }

    /// Takes out what a document has no more, and hands over what people said of it.
    fn end(&mut self, mut writing: Writing) -> rusqlite::Result<DocumentSummary> {
        let tx = self.tx;
        if !writing.is_new || !writing.carried.is_empty() {
            self.flush()?;
        }
        // What a person added was never read and cannot vanish.
        let mut vanished: Vec<(i64, FigureRow)> = Vec::new();
        for id in writing.old_figures.vanished() {
            let row: FigureRow = store::by_id(tx, id)?;
            if !self.is_added(&row) {
                vanished.push((id, row));
            }
        }
        self.hand_over(&vanished, &mut writing)?;
        for (id, old) in vanished {
            store::delete(tx, FigureRow::TABLE, id)?;
            writing.changes.vanished += 1;
            writing.gone.push(old);
        }
        for old in writing.gone {
            self.left.extend([(Left::Metric, old.metric_id)]);
            self.left.extend(old.place_id.map(|place| (Left::Place, place)));
            self.touched.insert(old.fact_key);
        }
        for id in writing.old_non_figures.vanished() {
            store::delete(tx, NonFigureRow::TABLE, id)?;
        }
        for id in writing.old_findings.vanished() {
            store::delete(tx, FindingRow::TABLE, id)?;
        }
        for id in writing.old_sentences.vanished() {
            let used = tx.prepare_cached("SELECT 1 FROM figures WHERE sentence_id = ?1")?.exists([id])?;
            if !used {
                store::delete(tx, SentenceRow::TABLE, id)?;
            }
        }
        headings::release(tx, writing.report_id, writing.document_id, writing.vanished_headings)?;
        self.title(writing.report_id, &writing.identity)?;
        let mut summary = writing.summary.expect("every document has a first part");
        summary.changes = writing.changes;
        Ok(summary)
    }

    /// A figure whose sentence changed has another key. What people said of it goes over to the new figure of the same metric,
    /// expression and kind; of several alike the first of the old ones is the first of the new. What they rejected stays so, and
    /// is told, since the new sentence may be one that they would not reject.
    fn hand_over(&mut self, vanished: &[(i64, FigureRow)], writing: &mut Writing) -> rusqlite::Result<()> {
        let old = || vanished.iter().map(|(_, row)| row).chain(&writing.carried);
        let deleted = if writing.new.is_empty() { Vec::new() } else { corrections::deleted(self.tx, &writing.identity.code)? };
        if deleted.is_empty() && !old().any(|row| self.is_added(row) || self.corrections.has(&row.figure_key)) {
            return Ok(());
        }
        let tx = self.tx;
        let likeness = |row: &FigureRow, corrections: &Corrections| {
            let read = |field: &str, now: String| corrections.machine(row, field).unwrap_or(now);
            (read("metric_text", row.metric_text.clone()), row.reported.clone(), read("kind", row.kind.clone()))
        };
        let mut heirs: HashMap<_, VecDeque<i64>> = HashMap::new();
        for id in &writing.new {
            heirs.entry(likeness(&store::by_id(tx, *id)?, &self.corrections)).or_default().push_back(*id);
        }
        let (added, read): (Vec<&FigureRow>, Vec<&FigureRow>) = old().partition(|row| self.is_added(row));
        let mut over = Vec::new();
        for row in read {
            let heir = heirs.get_mut(&likeness(row, &self.corrections)).and_then(VecDeque::pop_front);
            over.extend(heir.filter(|_| self.corrections.has(&row.figure_key)).map(|heir| (row.figure_key.clone(), heir)));
        }
        // Of a row that somebody deleted the correction alone tells what it was.
        for (key, metric_text, reported) in deleted {
            let mut like =
                heirs.iter_mut().filter(|((metric, raw, _), heirs)| *metric == metric_text && *raw == reported && !heirs.is_empty());
            over.extend(like.next().and_then(|(_, heirs)| heirs.pop_front()).map(|heir| (key, heir)));
        }
        let mut rejected = Vec::new();
        for (key, id) in over {
            let mut row: FigureRow = store::by_id(tx, id)?;
            if self.corrections.has(&row.figure_key) {
                continue;
            }
            self.corrections.adopt(tx, &key, &row, &writing.identity.code)?;
            let mut places = self.places_of(id)?;
            self.touched.insert(row.fact_key.clone());
            self.corrections.apply(tx, &mut self.dimensions, &mut row, &mut places)?;
            if row.review_status == "rejected" {
                rejected.push(stays_rejected(id, &row));
            }
            self.set_row(id, row, &places)?;
        }
        if let Some(run) = self.run.as_mut() {
            let (table, next_id) = &mut run.findings;
            for finding in rejected {
                writing.old_findings.put(tx, table, finding, next_id)?;
            }
            table.flush()?;
        }
        for row in added {
            let row = FigureRow {
                org_id: writing.org_id,
                report_id: writing.report_id,
                document_id: writing.document_id,
                initiative_id: None,
                sentence_id: None,
                ..row.clone()
            };
            self.add_row(row, &[])?;
        }
        Ok(())
    }

    // -------------------------------------------------------------- rows of the database, as people correct them

    /// Did a person add it? No load brings it back.
    pub(super) fn is_added(&self, row: &FigureRow) -> bool {
        row.review_status == "added" || self.corrections.is_added(&row.figure_key)
    }

    /// The places of a figure that names several.
    pub(super) fn places_of(&self, figure_id: i64) -> rusqlite::Result<Vec<i64>> {
        let mut select = self.tx.prepare_cached("SELECT place_id FROM figure_places WHERE figure_id = ?1")?;
        select.query_map([figure_id], |row| row.get(0))?.collect()
    }

    /// Writes a row that was changed by hand, and marks its old and its new fact to be decided over.
    pub(super) fn set_row(&mut self, id: i64, mut row: FigureRow, places: &[i64]) -> rusqlite::Result<()> {
        self.touched.insert(row.fact_key.clone());
        let old: FigureRow = store::by_id(self.tx, id)?;
        // What it was called before may be nobody's now, and its findings no longer true.
        self.left.insert((Left::Metric, old.metric_id));
        self.left.extend(old.place_id.map(|place| (Left::Place, place)));
        if old.review_status == "added" && row.review_status == "rejected" {
            // What a person added and takes back was never in the report.
            store::set_places(self.tx, id, &[])?;
            return store::delete(self.tx, "figures", id);
        }
        row.fact_key = Question::key_of(self.tx, &self.dimensions, &row, places, self.knowledge)?;
        self.touched.insert(row.fact_key.clone());
        let run = self.run.as_mut().expect("a load has begun before it writes");
        run.figures.0.update(id, &row)?;
        store::set_places(self.tx, id, places)
    }

    /// Writes a row that somebody added.
    pub(super) fn add_row(&mut self, mut row: FigureRow, places: &[i64]) -> rusqlite::Result<i64> {
        row.fact_key = Question::key_of(self.tx, &self.dimensions, &row, places, self.knowledge)?;
        self.touched.insert(row.fact_key.clone());
        let run = self.run.as_mut().expect("a load has begun before it writes");
        let id = run.figures.1;
        run.figures.1 += 1;
        run.figures.0.insert(id, row)?;
        run.figures.0.flush()?;
        if !places.is_empty() {
            store::set_places(self.tx, id, places)?;
        }
        Ok(id)
    }

    // -------------------------------------------------------------- the end

    /// Decides over facts and closes the books; the checks come after it.
    pub(super) fn finish(&mut self, is_partial: bool) -> rusqlite::Result<()> {
        self.flush()?;
        let Some(run) = &self.run else { return Ok(()) };
        let tx = self.tx;
        if !self.is_first {
            // What people edited since the last load may ask another question now.
            for key in self.corrections.keys() {
                for (id, row) in store::rows::<FigureRow>(tx, "figure_key", key)? {
                    let places = self.places_of(id)?;
                    let fact_key = Question::key_of(tx, &self.dimensions, &row, &places, self.knowledge)?;
                    if fact_key != row.fact_key {
                        tx.execute("UPDATE figures SET fact_key = ?2 WHERE id = ?1", params![id, fact_key])?;
                    }
                    self.touched.insert(fact_key);
                    self.touched.insert(row.fact_key);
                }
            }
            // Facts of a merged metric count as those of another one, so facts say which metrics are meant.
            for fact_key in &self.touched {
                let mut select = tx.prepare_cached("SELECT DISTINCT metric_id FROM figures WHERE fact_key = ?1")?;
                let metrics: Vec<i64> = select.query_map([fact_key], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                self.metrics.extend(metrics);
            }
            self.metrics.extend(self.left.iter().filter(|(what, _)| *what == Left::Metric).map(|(_, id)| *id));
        }
        let metrics = (!self.is_first).then_some(&self.metrics);
        facts::settle(tx, run.load_id, metrics, &self.dimensions, &self.corrections, self.knowledge)?;
        if !self.is_first {
            self.clear_away()?;
        }
        self.corrections.settle(tx, run.load_id)?;
        let status = if is_partial { "partial" } else { "ok" };
        tx.execute(
            "UPDATE loads SET finished_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), status = ?2 WHERE id = ?1",
            params![run.load_id, status],
        )?;
        tx.execute("UPDATE meta SET value = '0' WHERE key = 'loading'", [])?;
        Ok(())
    }

    /// Deletes metrics and places that no table of `data/` has and no figure is about any more.
    fn clear_away(&self) -> rusqlite::Result<()> {
        for (what, id) in &self.left {
            let sql = match what {
                Left::Metric => {
                    "DELETE FROM metrics WHERE id = ?1 AND status = 'auto' AND NOT EXISTS (SELECT 1 FROM figures WHERE metric_id = ?1)
                        AND NOT EXISTS (SELECT 1 FROM metrics WHERE merged_into = ?1 OR parent_id = ?1)
                        AND NOT EXISTS (SELECT 1 FROM figures WHERE whole_metric_id = ?1)"
                }
                Left::Place => {
                    "DELETE FROM places WHERE id = ?1 AND code LIKE 'x:%' AND NOT EXISTS (SELECT 1 FROM figures WHERE place_id = ?1)
                        AND NOT EXISTS (SELECT 1 FROM figure_places WHERE place_id = ?1) AND NOT EXISTS (SELECT 1 FROM places WHERE parent_id = ?1)"
                }
            };
            self.tx.prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }
}
