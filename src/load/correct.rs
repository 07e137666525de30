//! What people say of figures at the command line: set, accept, reject, add; one at a time or as a sheet.
//!
//! In:  what is asked, with who and why.
//! Out: rows of `corrections`, the figures as they now are, facts decided over. All of it or, on an error, nothing.
//!
//! The same asked twice changes nothing the second time, so that a sheet of corrections may be imported again and again.

use super::corrections::{Applied, Said, field_text, said};
use super::identity::file_name;
use super::loading::Loading;
use super::rows::{Context, FigureRow, Keys};
use super::{Options, change_existing, find, store};
use crate::bind::typed::Sheet;
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::model::{About, Comparator, Kind, Modality, Period, Tier, Transcribed};
use crate::normalise;
use serde::Deserialize;
use std::path::Path;

pub use super::corrections::By;

/// Something that a person says of a figure.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What.
    pub action: Action,
    /// Who says so, and why.
    pub by: By,
    /// Where it was asked, to begin an error with: `corrections.csv, line 3`.
    pub at: Option<String>,
}

/// What is said of a figure. A figure is named by its figure_key, the first characters of one, or its figure_id.
#[derive(Debug, Clone)]
pub enum Action {
    /// It has other values: fields and what they are; nothing empties one.
    Set(String, Vec<(String, String)>),
    /// It is as it was read.
    Accept(String),
    /// It is no figure.
    Reject(String),
    /// It was missed: the code of its report, and the figure as a sheet would have it, with a page or line.
    Add(String, Box<Transcribed>),
}

/// How many of the things asked changed something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// They did.
    pub changed: usize,
    /// They were so already.
    pub unchanged: usize,
}

/// Corrects figures of a database.
pub fn correct(db: &Path, asked: &[Asked], knowledge: &Knowledge, options: &Options) -> Result<Made> {
    let mut made = Made::default();
    change_existing(db, knowledge, options, |loading| {
        for one in asked {
            let changed = do_one(loading, one).map_err(|error| match &one.at {
                Some(at) => error.at(at),
                None => error,
            })?;
            if changed {
                made.changed += 1;
            } else {
                made.unchanged += 1;
            }
        }
        Ok(false)
    })?;
    Ok(made)
}

fn do_one(loading: &mut Loading, asked: &Asked) -> Result<bool> {
    match &asked.action {
        Action::Set(figure, fields) => on_rows(loading, figure, |loading, row| {
            let mut sets = Vec::new();
            for (field, value) in fields {
                sets.extend(meant(loading, row, field, value.trim())?);
            }
            completed(loading, row, &mut sets)?;
            let mut changed = false;
            for (field, new) in sets {
                let old = match field {
                    "is_preferred" => None,
                    field => field_text(loading.tx, row, field)?.flatten(),
                };
                if field == "is_preferred" || old != new {
                    changed |= note(loading, row, &Said { action: "set", field: Some(field), old, new }, &asked.by)?;
                }
            }
            Ok(changed)
        }),
        Action::Accept(figure) => on_rows(loading, figure, |loading, row| {
            let old = Some(said(loading.tx, row)?);
            note(loading, row, &Said { action: "accept", field: None, old, new: None }, &asked.by)
        }),
        Action::Reject(figure) => on_rows(loading, figure, |loading, row| {
            let old = Some(format!("{}: {}", row.metric_text, row.reported));
            note(loading, row, &Said { action: "reject", field: None, old, new: None }, &asked.by)
        }),
        Action::Add(report, row) => add(loading, report, row, &asked.by),
    }
}

/// Writes a correction down; the first one begins the change.
fn note(loading: &mut Loading, row: &FigureRow, said: &Said, by: &By) -> Result<bool> {
    loading.begin()?;
    Ok(loading.corrections.add(loading.tx, row, said, by)?)
}

/// Says something of a figure, in every file that has it, and brings its rows in line.
fn on_rows(loading: &mut Loading, figure: &str, say: impl Fn(&mut Loading, &FigureRow) -> Result<bool>) -> Result<bool> {
    let tx = loading.tx;
    let key: String = tx.query_row("SELECT figure_key FROM figures WHERE id = ?1", [find::figure(tx, figure)?], |row| row.get(0))?;
    let mut changed = false;
    for (id, mut row) in store::rows::<FigureRow>(tx, "figure_key", key)? {
        changed |= say(loading, &row)?;
        if !changed {
            continue;
        }
        let mut places = loading.places_of(id)?;
        let was = (row.clone(), places.clone());
        if loading.corrections.apply_again(tx, &mut loading.dimensions, &mut row, &mut places)? == Applied::Unfit {
            return Err(Error::failed(format!(
                "「{} {}」 would contradict itself: a change has basis and mode, vs_period a base_period, a range two ends in order; set all of them at once",
                row.metric_text, row.reported
            )));
        }
        if was != (row.clone(), places.clone()) {
            loading.set_row(id, row, &places)?;
        } else {
            loading.touched.insert(row.fact_key);
        }
    }
    Ok(changed)
}

// ------------------------------------------------------------------ fields

/// What can be set, as it is typed.
const FIELDS: &str = "value, low, high, comparator, unit, metric, label, kind, modality, tier, basis, mode, base_period, whole, period, province, place, initiative, preferred, note";

/// The fields of `corrections` that one typed field stands for, with their values.
fn meant(loading: &mut Loading, row: &FigureRow, field: &str, value: &str) -> Result<Vec<(&'static str, Option<String>)>> {
    let some = || (!value.is_empty()).then(|| value.to_string());
    let word = |name: &'static str, words: &[&str]| match words.contains(&value) {
        true => Ok(vec![(name, Some(value.to_string()))]),
        false => Err(Error::failed(format!("{name}: 「{value}」 is unknown; expected {}", words.join(", ")))),
    };
    let decimal = || -> Result<Option<String>> {
        let wrong = || {
            Error::failed(format!("{field}: 「{value}」 is no plain decimal; expected one such as 1410000 or -20.5, multiplier applied"))
        };
        let plain = value.parse::<Decimal>().map_err(|_| wrong())?;
        Ok(Some(plain.to_string()).filter(|text| text.len() <= 80).ok_or_else(wrong)?.into())
    };
    Ok(match field.trim() {
        "value" | "value_text" if value.is_empty() => vec![("value_text", None)],
        "value" | "value_text" => vec![("value_text", decimal()?), ("low_text", None), ("high_text", None)],
        "low" | "low_text" if value.is_empty() => vec![("low_text", None)],
        "low" | "low_text" => vec![("low_text", decimal()?), ("value_text", None)],
        "high" | "high_text" if value.is_empty() => vec![("high_text", None)],
        "high" | "high_text" => vec![("high_text", decimal()?), ("value_text", None)],
        "comparator" => word("comparator", Comparator::WORDS)?,
        "kind" => word("kind", Kind::WORDS)?,
        "modality" => word("modality", Modality::WORDS)?,
        "tier" => word("tier", Tier::WORDS)?,
        "basis" | "change_basis" if value.is_empty() => vec![("change_basis", None)],
        "basis" | "change_basis" => word("change_basis", &["yoy", "pop", "vs_period", "prior"])?,
        "mode" | "change_mode" if value.is_empty() => vec![("change_mode", None)],
        "mode" | "change_mode" => word("change_mode", &["relative", "absolute", "points"])?,
        "label" | "metric_text" => {
            vec![("metric_text", Some(some().ok_or_else(|| Error::failed("label: nothing says what is measured"))?))]
        }
        "note" => vec![("note", some())],
        "preferred" | "is_preferred" => word("is_preferred", &["0", "1"])?,
        "unit" => {
            let code = if value.is_empty() { super::dimensions::NO_UNIT } else { value };
            let exists = loading.tx.prepare_cached("SELECT 1 FROM units WHERE code = ?1")?.exists([code])?;
            if !exists && loading.knowledge.units.get(code).is_none() {
                return Err(Error::failed(format!(
                    "unit: 「{value}」 is no code of a unit; `reportsql query \"SELECT code, name_hans FROM units\"` lists them"
                )));
            }
            vec![("unit", Some(code.to_string()))]
        }
        "metric" => vec![("metric", Some(metric(loading, value)?))],
        "whole_text" => vec![("whole_text", some())],
        "whole_metric" => vec![("whole_metric", some())],
        "whole" => {
            let known = loading.knowledge.metrics.named(&loading.knowledge.fold.text(value)).map(|metric| metric.code.clone());
            vec![("whole_text", some()), ("whole_metric", known)]
        }
        "period" => vec![("period", Some(period(field, value)?))],
        "base_period" if value.is_empty() => vec![("base_period", None)],
        "base_period" => vec![("base_period", Some(period(field, value)?))],
        "province" if value.is_empty() => vec![("province", None)],
        "province" => vec![("province", Some(province(loading.knowledge, value)?))],
        "place" if value.is_empty() => vec![("place", None)],
        "place" => vec![("place", Some(place(loading, value)?))],
        "place+" => vec![("place+", Some(place(loading, value)?))],
        "org" => vec![("org", some())],
        "initiative" if value.is_empty() => vec![("initiative", None)],
        "initiative" => vec![("initiative", Some(initiative(loading, row, value)?))],
        "review_status" => match value {
            "unreviewed" | "accepted" | "rejected" | "corrected" => vec![("review_status", some())],
            _ => return word("review_status", &["unreviewed", "accepted", "rejected"]),
        },
        _ => return Err(Error::failed(format!("「{field}」 is no field that can be set; expected one of {FIELDS}"))),
    })
}

/// What follows from what is set: a change has a basis and a mode, and nothing else has.
fn completed(loading: &Loading, row: &FigureRow, sets: &mut Vec<(&'static str, Option<String>)>) -> Result<()> {
    let kind = sets.iter().rev().find(|(field, _)| *field == "kind").and_then(|(_, kind)| kind.clone());
    let is_set = |sets: &[(&str, Option<String>)], field: &str| sets.iter().any(|(known, _)| *known == field);
    match kind.as_deref() {
        Some("change") => {
            if row.change_basis.is_none() && !is_set(sets, "change_basis") {
                sets.push(("change_basis", Some("prior".to_string())));
            }
            if row.change_mode.is_none() && !is_set(sets, "change_mode") {
                let unit = match sets.iter().find(|(field, _)| *field == "unit") {
                    Some((_, unit)) => unit.clone(),
                    None => field_text(loading.tx, row, "unit")?.flatten(),
                };
                let mode = match unit.as_deref() {
                    Some("%" | "‰") => "relative",
                    Some("pp") => "points",
                    _ => "absolute",
                };
                sets.push(("change_mode", Some(mode.to_string())));
            }
        }
        Some(_) => sets.extend([("change_basis", None), ("change_mode", None), ("base_period", None)]),
        None => {}
    }
    Ok(())
}

/// The code of a metric: as it is, of the name the catalogue knows, else of a label of its own.
fn metric(loading: &Loading, value: &str) -> Result<String> {
    if value.is_empty() {
        return Err(Error::failed("metric: the value is empty; expected a code or a name"));
    }
    if loading.tx.prepare_cached("SELECT 1 FROM metrics WHERE code = ?1")?.exists([value])? {
        return Ok(value.to_string());
    }
    let folded = loading.knowledge.fold.text(value.strip_prefix("x:").unwrap_or(value));
    let known = loading.knowledge.metrics.get(value).or_else(|| loading.knowledge.metrics.named(&folded));
    Ok(known.map_or_else(|| format!("x:{folded}"), |metric| metric.code.clone()))
}

fn period(field: &str, value: &str) -> Result<String> {
    let period = Period::from_code(value).ok_or_else(|| {
        Error::failed(format!(
            "{field}: 「{value}」 is no period; expected one such as 2019, 2019-08, 2019-12-31, 2019-07/2019-09 or 2016/2019"
        ))
    })?;
    Ok(period.code())
}

fn province(knowledge: &Knowledge, value: &str) -> Result<String> {
    let found = knowledge.places.province_named(value, &knowledge.fold);
    found
        .map(|province| province.iso_code.clone())
        .ok_or_else(|| Error::failed(format!("province: 「{value}」 is no province; expected an ISO code or a name such as CN-QH or 青海")))
}

fn place(loading: &Loading, value: &str) -> Result<String> {
    let folded = loading.knowledge.fold.text(value);
    let mut select =
        loading.tx.prepare_cached("SELECT code FROM places WHERE code = ?1 OR name_hans = ?2 OR name_hant = ?1 ORDER BY code = ?1 DESC")?;
    let codes: Vec<String> = select.query_map([value, &folded], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    match &codes[..] {
        [one] => Ok(one.clone()),
        [first, ..] if first == value => Ok(first.clone()),
        [] => Err(Error::failed(format!(
            "place: 「{value}」 is no place; `reportsql query \"SELECT code, name_hans FROM places\"` lists them"
        ))),
        several => Err(Error::failed(format!("place: several are called 「{value}」; expected one of the codes {}", several.join(", ")))),
    }
}

fn initiative(loading: &Loading, row: &FigureRow, value: &str) -> Result<String> {
    let mut select = loading.tx.prepare_cached(
        "SELECT path FROM initiatives WHERE report_id = ?1 AND (path = ?2 OR name_hant = ?2 OR name_hans = ?2) ORDER BY path = ?2 DESC",
    )?;
    let paths: Vec<String> = select.query_map((row.report_id, value), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    match &paths[..] {
        [one] => Ok(one.clone()),
        [first, ..] if first == value => Ok(first.clone()),
        [] => Err(Error::failed(format!(
            "initiative: the report has no heading 「{value}」; `reportsql query \"SELECT path FROM initiatives\"` lists them"
        ))),
        several => {
            Err(Error::failed(format!("initiative: several are called 「{value}」; expected one of the paths {}", several.join(", "))))
        }
    }
}

// ------------------------------------------------------------------ a figure that was missed

fn add(loading: &mut Loading, report: &str, typed: &Transcribed, by: &By) -> Result<bool> {
    let (tx, knowledge) = (loading.tx, loading.knowledge);
    let report_id = find::report(tx, report)?;
    let (document_id, org_id, org_code, source, year): (i64, i64, String, String, i32) = tx.query_row(
        "SELECT d.id, r.org_id, o.code, d.source, r.year_id FROM reports r JOIN documents d ON d.report_id = r.id JOIN organizations o ON o.id = r.org_id
          WHERE r.id = ?1 ORDER BY d.source, d.name LIMIT 1",
        [report_id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    if typed.page.is_empty() && typed.line.is_empty() {
        return Err(Error::failed("nothing says where the figure stands; expected a page or a line of the report"));
    }
    let rows = [typed.clone()];
    let mut sheet = Sheet::new(&rows, &About { year: Some(year), ..About::default() }, knowledge);
    // A row that is typed at the command line has no line of its own to name.
    let said_wrong = |message: String| Error::failed(message.trim_start_matches("line 0, ").to_string());
    let bound = sheet.bound(&rows[0]).map_err(said_wrong)?;
    let (sentence, mut figure) = normalise::typed(&rows[0], bound, 0, knowledge);
    figure.at.cell = None;
    figure.confidence = 1.0;
    let context = Context {
        knowledge,
        report_code: report,
        source: if source == "report" { "report" } else { "transcription" },
        org_id,
        org_code: &org_code,
        report_id,
        document_id,
        initiatives: &[],
        branches: &[],
        sentences: &[],
    };
    // What is added is told apart from what is read in the same words.
    let key = Keys::default().next(&context, &format!("+ {}", sentence.text), &figure.raw);
    if tx.prepare_cached("SELECT 1 FROM figures WHERE figure_key = ?1")?.exists([&key])? {
        return Ok(false);
    }
    loading.begin()?;
    let (mut row, places) = context.figure(tx, &mut loading.dimensions, &figure, 0, key)?;
    row.review_status = "added".to_string();
    row.rule_code = None;
    let mut select = tx.prepare_cached(
        "SELECT id FROM sentences WHERE document_id = ?1 AND instr(replace(text, ' ', ''), ?2) > 0 AND (?3 IS NULL OR page_no = ?3)
            AND (?4 IS NULL OR ?4 BETWEEN line_start AND line_end) LIMIT 2",
    )?;
    let sentences: Vec<i64> =
        select.query_map((document_id, &row.reported, row.page_no, row.line_no), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if let [only] = sentences[..] {
        row.sentence_id = Some(only);
    }
    let new = Some(format!("{}: {}", row.metric_text, row.reported));
    loading.add_row(row.clone(), &places)?;
    loading.corrections.add(tx, &row, &Said { action: "add", field: None, old: None, new }, by)?;
    Ok(true)
}

// ------------------------------------------------------------------ sheets

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
}

/// Reads a sheet of corrections: CSV with columns in any order, of which `action` is needed. Rows without an action, and those
/// that a later one supersedes, are passed over.
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
    let mut asked = Vec::new();
    let headers = reader.headers().map_err(failed)?.clone();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let at = format!("{name}, line {}", record.position().map_or(0, csv::Position::line));
        let row: Row = record.deserialize(Some(&headers)).map_err(failed)?;
        if row.state == "superseded" {
            continue;
        }
        let action = match row.action.as_str() {
            "" => continue,
            "set" => Action::Set(row.figure_key, vec![(row.field, row.new_value)]),
            "accept" => Action::Accept(row.figure_key),
            "reject" => Action::Reject(row.figure_key),
            "add" => {
                let Row { report, metric, value, kind, basis, whole, period, province, place, page, line, .. } = row;
                let typed =
                    Transcribed { metric, value, kind, basis, whole, period, province, place, page, line, ..Transcribed::default() };
                Action::Add(report, Box::new(typed))
            }
            other => return Err(Error::failed(format!("{at}: 「{other}」 is no action; expected set, accept, reject or add"))),
        };
        let by = By {
            author: Some(row.author).filter(|author| !author.is_empty()).unwrap_or_else(|| by.author.clone()),
            reason: Some(row.reason).filter(|reason| !reason.is_empty()).or_else(|| by.reason.clone()),
        };
        asked.push(Asked { action, by, at: Some(at) });
    }
    Ok(asked)
}

/// The corrections of a database as a sheet: SQL for a database opened for reading.
pub const LIST: &str = "
    SELECT c.figure_key, c.action, c.field, c.machine_value, c.new_value, c.reason, c.author, c.created_at, c.state, c.report,
           c.metric_text AS metric, c.reported AS value, CASE WHEN c.action = 'add' THEN f.kind END AS kind,
           CASE WHEN c.action = 'add' THEN (SELECT code FROM periods WHERE id = f.period_id) END AS period,
           CASE WHEN c.action = 'add' THEN (SELECT iso_code FROM provinces WHERE id = f.province_id) END AS province,
           CASE WHEN c.action = 'add' THEN f.place_text END AS place, f.page_no AS page, f.line_no AS line
      FROM corrections c LEFT JOIN figures f ON f.id = (SELECT min(id) FROM figures WHERE figure_key = c.figure_key)
     WHERE :state = '' OR c.state = :state ORDER BY c.id";
