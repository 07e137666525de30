//! What a figure answers: figures that answer one question are statements of one fact.
//!
//! In:  a figure as it is read, or its row as people have corrected it.
//! Out: the `fact_key` that all its answers share.

use super::dimensions::Dimensions;
use super::key::Key;
use super::rows::FigureRow;
use super::text;
use crate::knowledge::Knowledge;
use rusqlite::Connection;
use std::rc::Rc;

/// What a figure answers: figures that answer one question are statements of one fact.
pub(super) struct Question<'a> {
    pub(super) org: &'a str,
    pub(super) metric: &'a str,
    pub(super) kind: &'a str,
    pub(super) basis: Option<&'a str>,
    pub(super) base_period: Option<&'a str>,
    pub(super) whole: Option<&'a str>,
    pub(super) unit: &'a str,
    pub(super) period: &'a str,
    /// Sorted.
    pub(super) places: &'a [Rc<str>],
    pub(super) modality: &'a str,
}

impl Question<'_> {
    /// The key that all its answers share.
    pub(super) fn key(&self) -> String {
        let mut key = Key::new();
        key.part(self.org).part(self.metric).part(self.kind).maybe(self.basis).maybe(self.base_period).maybe(self.whole);
        key.part(self.unit).part(self.period).part(self.modality);
        self.places.iter().for_each(|code| {
            key.part(code);
        });
        key.finish('k')
    }

    /// The key of a row of the database, as people have corrected it.
    pub(super) fn key_of(
        tx: &Connection,
        dimensions: &Dimensions,
        row: &FigureRow,
        places: &[i64],
        knowledge: &Knowledge,
    ) -> rusqlite::Result<String> {
        let code = |table: &str, id: i64| -> rusqlite::Result<Rc<str>> {
            tx.prepare_cached(&format!("SELECT code FROM {table} WHERE id = ?1"))?.query_row([id], |row| text(row, 0))
        };
        let fact_code = |id: i64| dimensions.fact_code(id).ok_or(rusqlite::Error::QueryReturnedNoRows);
        let base_period = row.base_period_id.map(|id| code("periods", id)).transpose()?;
        let whole = match (row.whole_metric_id, &row.whole_text) {
            (Some(id), _) => Some(fact_code(id)?),
            (None, Some(whole)) => Some(knowledge.fold.text(whole).into()),
            (None, None) => None,
        };
        let single = row.place_id.into_iter().collect::<Vec<_>>();
        let places = if places.len() > 1 { places } else { &single };
        let mut places = places.iter().map(|id| code("places", *id)).collect::<rusqlite::Result<Vec<_>>>()?;
        places.sort_unstable();
        Ok(Question {
            org: &code("organizations", row.org_id)?,
            metric: &fact_code(row.metric_id)?,
            kind: &row.kind,
            basis: row.change_basis.as_deref(),
            base_period: base_period.as_deref(),
            whole: whole.as_deref(),
            unit: &code("units", row.unit_id)?,
            period: &code("periods", row.period_id)?,
            places: &places,
            modality: &row.modality,
        }
        .key())
    }
}
