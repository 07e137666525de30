//! One load: a document after the other is compared with what the database holds, and written where it differs.
//!
//! In:  items, a transaction, ids of what exists.
//! Out: rows; for each document what became of it; facts decided over when the last one is in.

use super::corrections::{Applied, Corrections};
use super::dimensions::{self, Dimensions};
use super::identity::{self, Identity};
use super::rows::{self, Context, FigureRow, FindingRow, Keys, NonFigureRow, Question, SentenceRow, TableRow};
use super::store::{self, Became, Sync};
use super::summary::{Changes, DocumentSummary, Outcome, Summary, place, summary_of};
use super::{DocumentInfo, Item, Options, headings, resolve};
use crate::knowledge::Knowledge;
use crate::model::{Figure, Finding, Heading, Level, Report, Severity};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// What figures may have left behind: a metric or place that only they had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Metric,
    Place,
}

/// A load under way.
pub(super) struct Loading<'a> {
    tx: &'a Connection,
    knowledge: &'a Knowledge,
    options: &'a Options,
    /// The database had nothing before.
    is_first: bool,
    dimensions: Dimensions<'a>,
    corrections: Corrections,
    documents: Vec<Known>,
    by_report: HashMap<(String, String), Vec<usize>>,
    by_sha256: HashMap<String, Vec<usize>>,
    organizations: HashMap<String, i64>,
    /// Facts whose statements changed; of a new database all did.
    touched: BTreeSet<String>,
    /// What figures that changed or vanished were about.
    left: BTreeSet<(Left, i64)>,
    run: Option<Run>,
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
            left: BTreeSet::new(),
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

    /// Has anything been written?
    pub(super) fn has_written(&self) -> bool {
        self.run.is_some()
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
    pub(super) fn store(&mut self, item: &Item) -> rusqlite::Result<DocumentSummary> {
        let Item { document, report } = item;
        let Some(identity) = Identity::of(report, document, self.options.edition, self.knowledge) else {
            return Ok(summary_of(item, String::new(), Outcome::Empty, &[], &Flaws::default()));
        };
        let flaws = flaws(report);
        let digest = identity::digest(report, document, &identity, self.knowledge);
        let known = self.known(document, &identity);
        if let Some(at) = known
            && self.documents[at].digest == digest
        {
            self.documents[at].seen = true;
            let own = own_findings(report, &identity, &flaws);
            return Ok(summary_of(item, identity.code, Outcome::Unchanged, &own, &flaws));
        }
        // The same bytes under another name are the same document; a newer program may read them otherwise.
        let twin = if known.is_none() { self.twin(document, &identity) } else { None };
        if let Some(at) = twin.filter(|&at| self.documents[at].seen || self.documents[at].digest == digest) {
            return self.keep_twin(at, item, identity, &flaws);
        }
        let known = known.or(twin);
        self.begin()?;
        if let Some(at) = self.misfiled(document, &identity) {
            self.remove(at)?;
        }
        self.write(item, identity, digest, known, &flaws)
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
        if (&identity.name, &item.document.name) < (&name, &uri) {
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

    fn write(
        &mut self,
        item: &Item,
        identity: Identity,
        digest: String,
        known: Option<usize>,
        flaws: &Flaws,
    ) -> rusqlite::Result<DocumentSummary> {
        let report = &item.report;
        let tx = self.tx;
        let org_id = self.organization(&identity.company)?;
        let report_id = self.report(&identity, org_id)?;
        let document_id = self.document(item, &identity, &digest, report_id, known)?;
        let is_new = known.is_none();
        let mut run = self.run.take().expect("a load has begun before it writes");
        let load_id = run.load_id;

        let headings = headings::write(tx, &mut self.dimensions, self.knowledge, &report.headings, &identity, (report_id, document_id))?;
        let branches = self.branches(report, &identity.company, org_id)?;
        let mut context = Context {
            branches: &branches,
            knowledge: self.knowledge,
            report_code: &identity.code,
            source: identity.source,
            org_id,
            org_code: &identity.company.code,
            report_id,
            document_id,
            initiatives: &headings.ids,
            sentences: &[],
        };

        let mut sync = Sync::<SentenceRow>::start(tx, document_id, is_new, load_id, &mut run.sentences)?;
        let mut sentences = Vec::with_capacity(report.sentences.len());
        for (seq, sentence) in report.sentences.iter().enumerate() {
            sentences.push(sync.put(&context.sentence(sentence, seq))?.id());
        }
        let old_sentences = sync.vanished();
        context.sentences = &sentences;

        let mut findings = own_findings(report, &identity, flaws);
        let (figures, changes) = self.figures(report, &context, flaws, is_new, &mut run, &mut findings)?;

        let mut sync = Sync::<NonFigureRow>::start(tx, document_id, is_new, load_id, &mut run.non_figures)?;
        for refusal in &report.refusals {
            sync.put(&context.refusal(refusal))?;
        }
        for (id, _) in sync.vanished() {
            store::delete(tx, NonFigureRow::TABLE, id)?;
        }

        let mut sync = Sync::<FindingRow>::start(tx, document_id, is_new, load_id, &mut run.findings)?;
        for finding in report.findings.iter().chain(&findings) {
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
        headings::release(tx, report_id, document_id, headings.vanished)?;
        self.title(report_id, &identity)?;
        self.run = Some(run);
        let outcome = if is_new { Outcome::New } else { Outcome::Replaced };
        let mut summary = summary_of(item, identity.code, outcome, &findings, flaws);
        summary.changes = changes;
        Ok(summary)
    }

    /// Writes the figures of a document: their ids by their index, `None` where one cannot be stored.
    fn figures(
        &mut self,
        report: &Report,
        context: &Context,
        flaws: &Flaws,
        is_new: bool,
        run: &mut Run,
        findings: &mut Vec<Finding>,
    ) -> rusqlite::Result<(Vec<Option<i64>>, Changes)> {
        let tx = self.tx;
        let mut sync = Sync::<FigureRow>::start(tx, context.document_id, is_new, run.load_id, &mut run.figures)?;
        let mut keys = Keys::default();
        let mut ids = Vec::with_capacity(report.figures.len());
        let mut changes = Changes::default();
        let mut gone: Vec<FigureRow> = Vec::new();
        for (seq, figure) in report.figures.iter().enumerate() {
            if flaws.contains_key(&seq) {
                ids.push(None);
                continue;
            }
            let key = keys.next(context, &report.sentences[figure.sentence].text, &figure.raw);
            let (mut row, mut places) = context.figure(tx, &mut self.dimensions, figure, seq, key)?;
            match self.corrections.apply(tx, &mut self.dimensions, &mut row, &mut places)? {
                Applied::Nothing => {}
                Applied::All => row.fact_key = Question::key_of(tx, &row, &places, self.knowledge)?,
                Applied::Unfit => findings.push(unfit(figure, seq)),
            }
            let became = sync.put(&row)?;
            let id = became.id();
            ids.push(Some(id));
            match became {
                // Other places would have made another fact of it.
                Became::Same(_) => continue,
                Became::New(_) => changes.new += 1,
                Became::Changed(_, old) => {
                    changes.changed += 1;
                    gone.push(old);
                }
            }
            if !is_new || !places.is_empty() {
                store::set_places(tx, id, &places)?;
            }
            if !self.is_first {
                self.touched.insert(row.fact_key);
            }
        }
        // What a person added was never read and cannot vanish.
        for (id, old) in sync.vanished().into_iter().filter(|(_, old)| old.review_status != "added") {
            store::delete(tx, FigureRow::TABLE, id)?;
            changes.vanished += 1;
            gone.push(old);
        }
        for old in gone {
            self.left.extend([(Left::Metric, old.metric_id)]);
            self.left.extend(old.place_id.map(|place| (Left::Place, place)));
            self.touched.insert(old.fact_key);
        }
        Ok((ids, changes))
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

    /// The branches of the company that head case boxes: 「青海聯通」 is an organisation of its own, below the company and in Qinghai.
    /// One without a figure of its own is none.
    fn branches(&mut self, report: &Report, company: &identity::Company, parent: i64) -> rusqlite::Result<Vec<Option<(i64, String)>>> {
        let mut branches = vec![None; report.headings.len()];
        for case in report.figures.iter().filter_map(|figure| figure.case) {
            if branches.get(case).is_some_and(Option::is_none) {
                branches[case] = self.branch(&report.headings[case], company, parent)?;
            }
        }
        Ok(branches)
    }

    fn branch(&mut self, heading: &Heading, company: &identity::Company, parent: i64) -> rusqlite::Result<Option<(i64, String)>> {
        let folded: Vec<char> = self.knowledge.fold.text(&heading.name).chars().collect();
        let [iso] = &heading.provinces[..] else { return Ok(None) };
        let named = crate::tidy::branches(&folded, Some(&company.name_hans), self.knowledge);
        let whole = heading.level == Level::Case && named.is_some_and(|(length, _)| length == folded.len());
        let Some(province) = self.knowledge.places.provinces.iter().find(|province| whole && province.iso_code == *iso) else {
            return Ok(None);
        };
        let code = format!("{}/{}", company.code, province.short_en.to_lowercase().replace(' ', "-"));
        if let Some(&id) = self.organizations.get(&code) {
            return Ok(Some((id, code)));
        }
        let tx = self.tx;
        let name_hans = self.knowledge.fold.text(&heading.name);
        let province_id: i64 = province.code.parse().unwrap_or_default();
        dimensions::upsert(
            tx,
            "organizations",
            "code",
            &[
                ("code", &code),
                ("name_hant", &heading.name),
                ("name_hans", &name_hans),
                ("parent_id", &parent),
                ("province_id", &province_id),
            ],
        )?;
        let id = tx.query_row("SELECT id FROM organizations WHERE code = ?1", [&code], |row| row.get(0))?;
        self.organizations.insert(code.clone(), id);
        Ok(Some((id, code)))
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
            known.seen = true;
            known.sha256 = document.sha256.clone();
            known.digest = digest.to_string();
            known.uri = document.name.clone();
            let id = known.id;
            let same = self.by_sha256.entry(document.sha256.clone()).or_default();
            if !same.contains(&at) {
                same.push(at);
            }
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

    // -------------------------------------------------------------- removing a document

    /// Takes a document out, and its report and company where it was their last.
    fn remove(&mut self, at: usize) -> rusqlite::Result<()> {
        let tx = self.tx;
        let Known { id, report_id, report, source, sha256, .. } = self.documents[at].clone();
        for (_, old) in store::rows::<FigureRow>(tx, "document_id", id)? {
            self.left.extend([(Left::Metric, old.metric_id)]);
            self.left.extend(old.place_id.map(|place| (Left::Place, place)));
            self.touched.insert(old.fact_key);
        }
        tx.execute("DELETE FROM figures WHERE document_id = ?1", [id])?;
        for table in ["findings", "non_figures", "sentences"] {
            tx.execute(&format!("DELETE FROM {table} WHERE document_id = ?1"), [id])?;
        }
        let mut select = tx.prepare("SELECT id FROM initiatives WHERE document_id = ?1")?;
        let initiatives = select.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        headings::release(tx, report_id, id, initiatives)?;
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
    pub(super) fn finish(&mut self, summary: &Summary) -> rusqlite::Result<()> {
        let Some(run) = &self.run else { return Ok(()) };
        let tx = self.tx;
        if self.is_first {
            resolve::resolve_all(tx, &self.corrections)?;
        } else {
            // What people edited since the last load may ask another question now.
            for key in self.corrections.keys() {
                for (id, row) in store::rows::<FigureRow>(tx, "figure_key", key)? {
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
            self.clear_away()?;
        }
        let status = if summary.total.rejected > 0 { "partial" } else { "ok" };
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

// ------------------------------------------------------------------ findings of the loader

/// Why some figures cannot be stored, by their index.
pub(super) type Flaws = BTreeMap<usize, String>;

fn flaws(report: &Report) -> Flaws {
    let sentences = report.sentences.len();
    report.figures.iter().enumerate().filter_map(|(at, figure)| Some((at, rows::flaw(figure, sentences)?))).collect()
}

/// What the loader itself doubts of a document.
fn own_findings(report: &Report, identity: &Identity, flaws: &Flaws) -> Vec<Finding> {
    let not_stored = flaws.iter().map(|(at, flaw)| {
        let figure = &report.figures[*at];
        Finding {
            code: "figure-not-stored",
            severity: Severity::Error,
            figure: None,
            page: figure.at.page,
            message_en: format!("{}: 「{}」 {} was not stored: {flaw}", place(&figure.at), figure.metric, figure.raw),
            message_hans: format!("{}：「{}」{} 未能入库（{flaw}）", place(&figure.at), figure.metric, figure.raw),
            detail: None,
        }
    });
    identity.findings.iter().cloned().chain(not_stored).collect()
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
