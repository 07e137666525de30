//! Sheets of corrections.
//!
//! In:  CSV as people type it or as `correct list` prints it.
//! Out: what it asks for, row by row; SQL that lists the corrections of a database so that they can be read again.

use super::super::identity::file_name;
use super::{Action, Addition, Asked, By, Noted};
use crate::error::{Error, Result};
use crate::model::Transcribed;
use serde::Deserialize;
use std::collections::HashSet;

/// A row of a sheet of corrections. What `correct list --format csv` prints is such a sheet.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    figure_key: String,
    action: String,
    field: String,
    new_value: String,
    reason: String,
    author: String,
    state: String,
    report: String,
    metric: String,
    value: String,
    kind: String,
    basis: String,
    whole: String,
    period: String,
    province: String,
    place: String,
    page: String,
    line: String,
    machine_value: String,
    initiative: String,
    place_code: String,
    metric_code: String,
    unit: String,
    comparator: String,
    value_exact: String,
    low_exact: String,
    high_exact: String,
    change_basis: String,
    change_mode: String,
    base_period: String,
    whole_metric: String,
    modality: String,
    tier: String,
    note: String,
}

/// Reads a sheet of corrections: CSV with columns in any order, of which `action` is needed. Rows without an action, and those
/// that a later one supersedes, are passed over; of a figure that somebody added and took back, all but that.
pub fn sheet(name: &str, bytes: &[u8], by: &By) -> Result<Vec<Asked>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let name = if name == "-" { name.to_string() } else { file_name(name) };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let failed = |error: csv::Error| Error::failed(format!("{name}: {error}"));
    let columns: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_string).collect();
    if !columns.iter().any(|column| column == "action") {
        return Err(Error::failed(format!(
            "{name}: the columns are {}; expected at least action, with figure_key, field and new_value beside it, as `reportsql correct list --format csv` prints them",
            columns.join(", ")
        )));
    }
    let headers = reader.headers().map_err(failed)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, record.deserialize::<Row>(Some(&headers)).map_err(failed)?));
    }
    // An addition that does not hold was taken back, unless it was made again.
    let added = |state: fn(&str) -> bool| -> HashSet<String> {
        rows.iter().filter(|(_, row)| row.action == "add" && state(&row.state)).map(|(_, row)| row.figure_key.clone()).collect()
    };
    let (gone, held) = (added(|state| state == "superseded"), added(|state| state != "superseded"));
    let mut asked = Vec::new();
    for (line, row) in rows {
        let at = format!("{name}, line {line}");
        let is_taken_back = !row.figure_key.is_empty() && gone.contains(&row.figure_key) && !held.contains(&row.figure_key);
        if row.state == "superseded" || is_taken_back && row.action != "reject" {
            continue;
        }
        let by = By {
            author: filled(&row.author).unwrap_or_else(|| by.author.clone()),
            reason: filled(&row.reason).or_else(|| by.reason.clone()),
        };
        let noted = filled(&row.state).map(|state| Noted {
            machine_value: filled(&row.machine_value),
            state,
            report: row.report.clone(),
            metric: row.metric.clone(),
            reported: row.value.clone(),
        });
        let action = match row.action.as_str() {
            "" => continue,
            // What leaves is what it was before.
            "set" if row.field == "place-" => Action::Set(row.figure_key, vec![(row.field, row.machine_value)]),
            "set" => Action::Set(row.figure_key, vec![(row.field, row.new_value)]),
            "accept" => Action::Accept(row.figure_key),
            "reject" if is_taken_back => Action::TakeBack(row.figure_key),
            "reject" => Action::Reject(row.figure_key),
            "add" => Action::Add(Box::new(row.addition())),
            other => return Err(Error::failed(format!("{at}: 「{other}」 is no action; expected set, accept, reject or add"))),
        };
        asked.push(Asked { action, by, at: Some(at), noted });
    }
    Ok(asked)
}

fn filled(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_string())
}

impl Row {
    /// The figure that it adds.
    fn addition(self) -> Addition {
        // A figure that was listed has a unit, if only that of what has none; then each column says what it is, nothing included.
        let exact = match self.unit.as_str() {
            "" => Vec::new(),
            _ => vec![
                ("metric", filled(&self.metric_code)),
                ("kind", filled(&self.kind)),
                ("change_basis", filled(&self.change_basis)),
                ("change_mode", filled(&self.change_mode)),
                ("base_period", filled(&self.base_period)),
                ("whole_metric", filled(&self.whole_metric)),
                ("modality", filled(&self.modality)),
                ("tier", filled(&self.tier)),
                ("comparator", filled(&self.comparator)),
                ("value_text", filled(&self.value_exact)),
                ("low_text", filled(&self.low_exact)),
                ("high_text", filled(&self.high_exact)),
                ("unit", filled(&self.unit)),
                ("initiative", filled(&self.initiative)),
                ("place", filled(&self.place_code)),
                ("note", filled(&self.note)),
            ],
        };
        let Row { figure_key, report, metric, value, kind, basis, whole, period, province, place, page, line, .. } = self;
        let typed = Transcribed { metric, value, kind, basis, whole, period, province, place, page, line, ..Transcribed::default() };
        Addition { figure_key, report, typed, exact }
    }
}

/// The corrections of a database, for people to read: SQL for a database opened for reading.
pub const LIST: &str = "
    SELECT c.figure_key, c.action, c.field, c.machine_value, c.new_value, c.reason, c.author, c.created_at, c.state, c.report,
           c.metric_text AS metric, c.reported AS value
      FROM corrections c
     WHERE :state = '' OR c.state = :state ORDER BY c.id";

/// The same as a sheet that [`sheet`] reads: beside an addition stands the figure, in words as a sheet of figures has it and in codes.
pub const SHEET: &str = "
    SELECT c.figure_key, c.action, c.field, c.machine_value, c.new_value, c.reason, c.author, c.created_at, c.state, c.report,
           c.metric_text AS metric, c.reported AS value, f.kind,
           CASE f.change_basis WHEN 'vs_period' THEN substr((SELECT code FROM periods WHERE id = f.base_period_id), 1, 4) ELSE f.change_basis END AS basis,
           f.whole_text AS whole, (SELECT code FROM periods WHERE id = f.period_id) AS period,
           COALESCE((SELECT iso_code FROM provinces WHERE id = f.province_id), (SELECT group_concat(iso_code, ';') FROM
               (SELECT DISTINCT p.iso_code FROM figure_places x JOIN places l ON l.id = x.place_id JOIN provinces p ON p.id = l.province_id
                 WHERE x.figure_id = f.id ORDER BY p.iso_code))) AS province,
           f.place_text AS place, f.page_no AS page, f.line_no AS line,
           (SELECT path FROM initiatives WHERE id = f.initiative_id) AS initiative, (SELECT code FROM places WHERE id = f.place_id) AS place_code,
           (SELECT code FROM metrics WHERE id = f.metric_id) AS metric_code, (SELECT code FROM units WHERE id = f.unit_id) AS unit, f.comparator,
           f.value_text AS value_exact, f.low_text AS low_exact, f.high_text AS high_exact, f.change_basis, f.change_mode,
           (SELECT code FROM periods WHERE id = f.base_period_id) AS base_period,
           (SELECT code FROM metrics WHERE id = f.whole_metric_id) AS whole_metric, f.modality, f.tier, f.note
      FROM corrections c LEFT JOIN figures f ON c.action = 'add' AND f.id = (SELECT min(id) FROM figures WHERE figure_key = c.figure_key)
     WHERE :state = '' OR c.state = :state ORDER BY c.id";
