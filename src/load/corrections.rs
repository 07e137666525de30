//! What people have changed, applied to the rows of a load.
//!
//! In:  the active corrections of the database, by the key of their figure; a row as the program reads it now.
//! Out: the row as people want it.
//!
//! The table is written by the triggers of `migrations/0002_indexes.sql`; nothing here adds to it. Later corrections of one
//! field go over earlier ones. A correction that cannot be applied any more (its code is gone) leaves the row as it is.

use super::dimensions::Dimensions;
use super::rows::FigureRow;
use crate::decimal::Decimal;
use crate::model::Period;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// One correction.
#[derive(Debug)]
struct Correction {
    action: String,
    field: Option<String>,
    old: Option<String>,
    new: Option<String>,
}

/// What came of a figure's corrections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    /// There are none.
    Nothing,
    /// They are in the row.
    All,
    /// They no longer fit what the program reads: a value set where there now is a range.
    Unfit,
}

/// All active corrections, by figure.
#[derive(Debug, Default)]
pub(super) struct Corrections(HashMap<String, Vec<Correction>>);

impl Corrections {
    /// Reads those of a database.
    pub(super) fn read(tx: &Connection) -> rusqlite::Result<Corrections> {
        let mut all: HashMap<String, Vec<Correction>> = HashMap::new();
        let mut select =
            tx.prepare("SELECT figure_key, action, field, machine_value, new_value FROM corrections WHERE state = 'active' ORDER BY id")?;
        let rows = select.query_map([], |row| {
            let correction = Correction { action: row.get(1)?, field: row.get(2)?, old: row.get(3)?, new: row.get(4)? };
            Ok((row.get::<_, String>(0)?, correction))
        })?;
        for row in rows {
            let (key, correction) = row?;
            all.entry(key).or_default().push(correction);
        }
        Ok(Corrections(all))
    }

    /// The keys of all figures that somebody corrected.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Applies those of a figure. Where the result contradicts itself, the row stays as the program read it.
    pub(super) fn apply(
        &self,
        tx: &Connection,
        dimensions: &mut Dimensions,
        row: &mut FigureRow,
        places: &mut Vec<i64>,
    ) -> rusqlite::Result<Applied> {
        let Some(corrections) = self.0.get(&row.figure_key) else { return Ok(Applied::Nothing) };
        let machine = (row.clone(), places.clone());
        for correction in corrections {
            match correction.action.as_str() {
                "reject" => row.review_status = "rejected".to_string(),
                "accept" => row.review_status = "accepted".to_string(),
                "set" => set(tx, dimensions, row, places, correction)?,
                _ => {}
            }
        }
        if !sound(row) {
            (*row, *places) = machine;
            return Ok(Applied::Unfit);
        }
        Ok(Applied::All)
    }

    /// Whether a person wants a figure shown as its fact or not, where one said so.
    pub(super) fn preferred(&self, figure_key: &str) -> Option<bool> {
        let corrections = self.0.get(figure_key)?;
        let last = corrections.iter().rev().find(|correction| correction.field.as_deref() == Some("is_preferred"))?;
        last.new.as_deref().map(|new| new == "1")
    }
}

/// Would the table take the row?
fn sound(row: &FigureRow) -> bool {
    let one_or_range = row.value_text.is_none() == row.low_text.is_some() && row.low_text.is_none() == row.high_text.is_none();
    let twins = [(&row.value_text, row.value), (&row.low_text, row.low), (&row.high_text, row.high)];
    let change = match row.kind.as_str() {
        "change" => {
            row.change_basis.is_some()
                && row.change_mode.is_some()
                && (row.change_basis.as_deref() != Some("vs_period") || row.base_period_id.is_some())
        }
        _ => row.change_basis.is_none() && row.change_mode.is_none() && row.base_period_id.is_none(),
    };
    one_or_range && twins.iter().all(|(text, double)| text.is_some() == double.is_some()) && row.low <= row.high && change
}

/// Sets one field; ids are written as codes.
fn set(
    tx: &Connection,
    dimensions: &mut Dimensions,
    row: &mut FigureRow,
    places: &mut Vec<i64>,
    correction: &Correction,
) -> rusqlite::Result<()> {
    let Correction { field: Some(field), old, new, .. } = correction else { return Ok(()) };
    let (new, code) = (new.clone(), new.as_deref());
    let id = |sql: &str| -> rusqlite::Result<Option<i64>> {
        match code {
            Some(code) => tx.prepare_cached(sql)?.query_row([code], |row| row.get(0)).optional(),
            None => Ok(None),
        }
    };
    let double = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Decimal>().ok()).and_then(|decimal| decimal.to_f64());
    let mut edited = true;
    match (field.as_str(), new) {
        ("value_text", new) => (row.value, row.value_text) = (double(&new), new),
        ("low_text", new) => (row.low, row.low_text) = (double(&new), new),
        ("high_text", new) => (row.high, row.high_text) = (double(&new), new),
        ("comparator", Some(new)) => row.comparator = new,
        ("metric_text", Some(new)) => row.metric_text = new,
        ("kind", Some(new)) => row.kind = new,
        ("modality", Some(new)) => row.modality = new,
        ("tier", Some(new)) => row.tier = new,
        ("change_basis", new) => row.change_basis = new,
        ("change_mode", new) => row.change_mode = new,
        ("whole_text", new) => row.whole_text = new,
        ("note", new) => row.note = new,
        ("unit", Some(_)) => row.unit_id = id("SELECT id FROM units WHERE code = ?1")?.unwrap_or(row.unit_id),
        ("metric", Some(_)) => row.metric_id = id("SELECT id FROM metrics WHERE code = ?1")?.unwrap_or(row.metric_id),
        ("org", Some(_)) => row.org_id = id("SELECT id FROM organizations WHERE code = ?1")?.unwrap_or(row.org_id),
        ("whole_metric", _) => row.whole_metric_id = id("SELECT id FROM metrics WHERE code = ?1")?,
        ("initiative", _) => {
            let path = code.unwrap_or_default();
            row.initiative_id = tx
                .prepare_cached("SELECT id FROM initiatives WHERE report_id = ?1 AND path = ?2")?
                .query_row((row.report_id, path), |row| row.get(0))
                .optional()?;
        }
        ("province", _) => {
            row.province_id = id("SELECT id FROM provinces WHERE iso_code = ?1")?;
            let within = row.place_id.and_then(|place| dimensions.place_code(place)).and_then(|code| dimensions.place(&code)?.province);
            if within != row.province_id {
                row.place_id = row.province_id;
            }
        }
        ("place", _) => {
            let place = code.and_then(|code| dimensions.place(code));
            (row.place_id, row.province_id) = (place.map(|place| place.id), place.and_then(|place| place.province));
        }
        ("period", Some(code)) => {
            if let Some(period) = Period::from_code(&code) {
                let period = dimensions.period(tx, &period)?;
                (row.period_id, row.year_id) = (period.id, period.year);
            }
        }
        ("base_period", code) => {
            row.base_period_id = match code.as_deref().and_then(Period::from_code) {
                Some(period) => Some(dimensions.period(tx, &period)?.id),
                None => None,
            }
        }
        ("place+", Some(_)) => {
            let place = id("SELECT id FROM places WHERE code = ?1")?;
            places.extend(place.filter(|place| !places.contains(place)));
        }
        ("place-", _) => {
            let gone = old.as_deref().and_then(|code| dimensions.place(code)).map(|place| place.id);
            places.retain(|place| Some(*place) != gone);
        }
        ("review_status", Some(new)) => {
            row.review_status = new;
            edited = false;
        }
        _ => edited = false,
    }
    if edited && matches!(row.review_status.as_str(), "unreviewed" | "accepted") {
        row.review_status = "corrected".to_string();
    }
    Ok(())
}
