//! Whose a document is: rows of companies, their branches, reports and the document itself.
//!
//! In:  who the document says it is.
//! Out: ids of its company, report and document; rows where there were none, or where they said otherwise.

use super::super::Item;
use super::super::dimensions::{self, cells, maybe};
use super::super::identity::{Company, Identity};
use super::{Known, Loading};
use crate::model::{Heading, Level, Report};
use rusqlite::{OptionalExtension, params};

impl Loading<'_> {
    pub(super) fn organization(&mut self, company: &Company) -> rusqlite::Result<i64> {
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
            let Company { code, name_hant, name_hans, name_en, tickers, .. } = company;
            let row = cells![&**code, &**name_hant, &**name_hans, maybe(name_en.as_deref()), maybe(tickers.as_deref())];
            dimensions::upsert(tx, "organizations", &["code"], &["code", "name_hant", "name_hans", "name_en", "tickers"], &[row])?;
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
    pub(super) fn branches(&mut self, report: &Report, company: &Company, parent: i64) -> rusqlite::Result<Vec<Option<(i64, String)>>> {
        let mut branches = vec![None; report.headings.len()];
        for case in report.figures.iter().filter_map(|figure| figure.case) {
            if branches.get(case).is_some_and(Option::is_none) {
                branches[case] = self.branch(&report.headings[case], company, parent)?;
            }
        }
        Ok(branches)
    }

    pub(super) fn branch(&mut self, heading: &Heading, company: &Company, parent: i64) -> rusqlite::Result<Option<(i64, String)>> {
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
        let row = cells![&*code, &*heading.name, &*name_hans, parent, province_id];
        dimensions::upsert(tx, "organizations", &["code"], &["code", "name_hant", "name_hans", "parent_id", "province_id"], &[row])?;
        let id = tx.query_row("SELECT id FROM organizations WHERE code = ?1", [&code], |row| row.get(0))?;
        self.organizations.insert(code.clone(), id);
        Ok(Some((id, code)))
    }

    /// Has a document of the report the name already, other than the one at `own`?
    pub(super) fn is_taken(&self, identity: &Identity, own: Option<usize>) -> bool {
        let candidates = self.by_report.get(&(identity.code.clone(), identity.source.to_string()));
        candidates.is_some_and(|candidates| candidates.iter().any(|&at| Some(at) != own && self.documents[at].name == identity.name))
    }

    pub(super) fn report(&mut self, identity: &Identity, org_id: i64) -> rusqlite::Result<i64> {
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
        tx.prepare_cached(
            "INSERT INTO reports (code, org_id, title, kind, year_id, period_id, lang, edition, supersedes_id) VALUES (?1, ?2, '', ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![identity.code, org_id, identity.kind.word(), year, period.id, identity.lang, identity.edition, supersedes])?;
        let id = tx.last_insert_rowid();
        // A later edition may have been loaded before it.
        tx.prepare_cached(
            "UPDATE reports SET supersedes_id = ?1 WHERE supersedes_id IS NULL AND org_id = ?2 AND kind = ?3 AND year_id = ?4 AND edition = ?5 + 1",
        )?
        .execute(params![id, org_id, identity.kind.word(), year, identity.edition])?;
        Ok(id)
    }

    /// A report is called as it calls itself, before its transcription does; else after company, kind and year.
    pub(super) fn title(&self, report_id: i64, identity: &Identity) -> rusqlite::Result<()> {
        let plain = format!("{} {} {}", identity.company.name_hant, identity.year, identity.kind.word());
        self.tx.prepare_cached(&format!("UPDATE reports SET {} WHERE id = ?1", called("?1", "?2")))?.execute(params![report_id, plain])?;
        Ok(())
    }

    pub(super) fn document(
        &mut self,
        item: &Item,
        identity: &Identity,
        digest: &str,
        report_id: i64,
        known: Option<usize>,
    ) -> rusqlite::Result<i64> {
        let tx = self.tx;
        let Item { document, report, .. } = item;
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
        let name = if self.is_taken(identity, None) { &document.name } else { &identity.name };
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
}

/// SQL that sets title and language of a report by its documents, the report itself before its transcription.
pub(in super::super) fn called(report_id: &str, otherwise: &str) -> String {
    format!(
        "title = COALESCE((SELECT title FROM documents WHERE report_id = {report_id} AND title IS NOT NULL ORDER BY source, title LIMIT 1), {otherwise}),
         lang = (SELECT lang FROM documents WHERE report_id = {report_id} ORDER BY source, lang LIMIT 1)"
    )
}
