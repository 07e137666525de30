//! Fields of a figure as a person types them.
//!
//! In:  the name of a field and a value, of the command line or of a sheet.
//! Out: fields as `corrections` writes them, ids as codes; or an error that says what was expected.

use super::super::corrections::field_text;
use super::super::dimensions::NO_UNIT;
use super::super::loading::Loading;
use super::super::rows::FigureRow;
use crate::check;
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::model::{Comparator, Kind, Modality, Period, Tier};

/// What can be set, as it is typed.
const FIELDS: &str = "value, low, high, comparator, unit, metric, label, kind, modality, tier, basis, mode, base_period, whole, period, province, place, initiative, preferred, note";

/// The fields of `corrections` that one typed field stands for, with their values.
pub(super) fn meant(loading: &Loading, row: Option<&FigureRow>, field: &str, value: &str) -> Result<Vec<(&'static str, Option<String>)>> {
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
            let code = if value.is_empty() { NO_UNIT } else { value };
            let exists = loading.tx.prepare_cached("SELECT 1 FROM units WHERE code = ?1")?.exists([code])?;
            if !exists && !check::is_unit(value, loading.knowledge) {
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
        "place-" => vec![("place-", Some(place(loading, value)?))],
        "org" => vec![("org", some())],
        "initiative" if value.is_empty() => vec![("initiative", None)],
        "initiative" => match row {
            Some(row) => vec![("initiative", Some(initiative(loading, row, value)?))],
            None => vec![("initiative", some())],
        },
        "review_status" => match value {
            "unreviewed" | "accepted" | "rejected" | "corrected" => vec![("review_status", some())],
            _ => return word("review_status", &["unreviewed", "accepted", "rejected"]),
        },
        _ => return Err(Error::failed(format!("「{field}」 is no field that can be set; expected one of {FIELDS}"))),
    })
}

/// What follows from what is set: a change has a basis and a mode, and nothing else has.
pub(super) fn completed(loading: &Loading, row: &FigureRow, sets: &mut Vec<(&'static str, Option<String>)>) -> Result<()> {
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
    if value.starts_with("x:") {
        return Ok(value.to_string());
    }
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
