//! Takes documents out of a database.
//!
//! In:  a document, or the code of a report.
//! Out: neither it nor what only it had; corrections stay.

use super::super::rows::FigureRow;
use super::super::{find, headings, store};
use super::{Known, Left, Loading};
use crate::error::{Error, Result};

impl Loading<'_> {
    /// Takes a document out, and its report and company where it was their last. What it returns are its figures, where people
    /// corrected or added any.
    pub(super) fn remove(&mut self, at: usize) -> rusqlite::Result<Vec<FigureRow>> {
        let tx = self.tx;
        let Known { id, report_id, report, source, sha256, .. } = self.documents[at].clone();
        let mut figures = Vec::new();
        let mut is_touched = false;
        for (_, old) in store::rows::<FigureRow>(tx, "document_id", id)? {
            self.left.extend([(Left::Metric, old.metric_id)]);
            self.left.extend(old.place_id.map(|place| (Left::Place, place)));
            self.touched.insert(old.fact_key.clone());
            is_touched |= self.is_added(&old) || self.corrections.has(&old.figure_key);
            figures.push(old);
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
            // One that goes may have been the last part of another.
            while tx.execute(
                "DELETE FROM organizations WHERE NOT EXISTS (SELECT 1 FROM reports WHERE org_id = organizations.id)
                    AND NOT EXISTS (SELECT 1 FROM figures WHERE org_id = organizations.id)
                    AND NOT EXISTS (SELECT 1 FROM organizations o WHERE o.parent_id = organizations.id)",
                [],
            )? > 0
            {}
            self.organizations.clear();
        }
        for list in [self.by_report.get_mut(&(report, source)), self.by_sha256.get_mut(&sha256)].into_iter().flatten() {
            list.retain(|known| *known != at);
        }
        figures.sort_by_key(|row| row.seq);
        Ok(if is_touched { figures } else { Vec::new() })
    }

    /// Takes out all documents of a report; their names.
    pub(in super::super) fn unload(&mut self, report: &str, force: bool) -> Result<Vec<String>> {
        let tx = self.tx;
        find::report(tx, report)?;
        let of: Vec<usize> = (0..self.documents.len()).filter(|&at| self.documents[at].report == report).collect();
        let added: i64 = tx.query_row(
            "SELECT count(*) FROM figures f JOIN reports r ON r.id = f.report_id WHERE r.code = ?1 AND f.review_status = 'added'",
            [report],
            |row| row.get(0),
        )?;
        if added > 0 && !force {
            return Err(Error::failed(format!(
                "{report}: people added {added} of its figures, which no load brings back; keep them with `reportsql correct list --format csv > corrections.csv` and give --force"
            )));
        }
        self.begin()?;
        let names = of.iter().map(|&at| self.documents[at].uri.clone()).collect();
        for at in of {
            self.remove(at)?;
        }
        Ok(names)
    }
}
