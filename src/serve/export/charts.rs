//! Picks what a workbook draws: a metric over years, a metric by province.
//!
//! In:  a database, the description of `flat_facts`, perhaps with a condition.
//! Out: points with their title and unit; none where the facts hold no such series.
//!
//! A series never mixes organizations, metrics or units, and is taken only where it has one value for each of its points: nothing is added up.

use super::columns::{Language, Relation};
use super::words;
use crate::error::Result;
use rusqlite::{Connection, OptionalExtension, params};

/// What one chart shows.
#[derive(Debug, PartialEq)]
pub(super) struct Series {
    pub title: String,
    /// What stands over the values.
    pub measure: String,
    pub unit: Option<String>,
    /// Label and value, in the order of the axis.
    pub points: Vec<(String, f64)>,
}

/// The names of a thing in a language: a column, in the order of preference.
fn name(stem: &str, language: Option<Language>) -> String {
    let order = match language {
        None | Some(Language::Hant) => ["hant", "hans", "en"],
        Some(Language::Hans) => ["hans", "hant", "en"],
        Some(Language::En) => ["en", "hans", "hant"],
    };
    format!("COALESCE({})", order.map(|language| format!("{stem}_{language}")).join(", "))
}

/// The metric of the whole country or company that has values of most years, at least two.
pub(super) fn over_years(db: &Connection, facts: &Relation, language: Option<Language>) -> Result<Option<Series>> {
    let rows = format!(
        "FROM (SELECT * FROM {}) WHERE kind = 'level' AND modality = 'actual' AND value_base IS NOT NULL AND whole IS NULL AND province_code IS NULL
            AND place IS NULL AND period_kind IN ('year', 'instant')",
        facts.source()
    );
    let best = format!(
        "SELECT organization, metric_code, unit_base, period_kind {rows}
          GROUP BY 1, 2, 3, 4 HAVING count(*) > 1 AND count(*) = count(DISTINCT year) ORDER BY count(*) DESC, 2 LIKE 'x:%', 1, 2, 3, 4 LIMIT 1"
    );
    let chosen = db.query_row(&best, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
    });
    let Some((organization, metric, unit, kind)) = chosen.optional()? else { return Ok(None) };
    let metric_name = name("metric", language);
    let points = format!(
        "SELECT year, value_base, {metric_name} {rows} AND organization = ?1 AND metric_code = ?2 AND unit_base = ?3 AND period_kind = ?4 ORDER BY year"
    );
    let mut title = String::new();
    let points = db
        .prepare(&points)?
        .query_map(params![organization, metric, unit, kind], |row| {
            title = row.get(2)?;
            Ok((row.get::<_, i64>(0)?.to_string(), row.get(1)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Some(series(&organization, title, unit, points)))
}

/// The metric that has values of most provinces in one year, at least two, the biggest first; where there is none, how many facts each
/// province has.
pub(super) fn by_province(db: &Connection, facts: &Relation, language: Option<Language>) -> Result<Option<Series>> {
    let rows = format!(
        "FROM province_facts p JOIN (SELECT figure_id AS id, value_base, unit_base, place, whole, period_kind, metric_hans, metric_en FROM {}) f ON f.id = p.figure_id
          JOIN provinces d ON d.iso_code = p.province_code",
        facts.source()
    );
    let comparable = "p.kind = 'level' AND p.modality = 'actual' AND f.value_base IS NOT NULL AND f.whole IS NULL AND f.period_kind IN ('year', 'instant')";
    let best = format!(
        "SELECT p.organization, p.metric_code, f.unit_base, p.year, f.period_kind {rows} WHERE {comparable}
          GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1 AND count(*) = count(DISTINCT p.province_code)
          ORDER BY count(*) DESC, 4 DESC, 2 LIKE 'x:%', 1, 2, 3, 5 LIMIT 1"
    );
    let province = match language {
        None | Some(Language::Hant) => "d.short_hant",
        Some(Language::Hans) => "d.short_hans",
        Some(Language::En) => "d.name_en",
    };
    let chosen = db.query_row(&best, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, i64>(3)?, row.get::<_, String>(4)?))
    });
    if let Some((organization, metric, unit, year, kind)) = chosen.optional()? {
        let metric_name = name("metric", language);
        let points = format!(
            "SELECT {province}, f.value_base, {metric_name} {rows} WHERE {comparable} AND p.organization = ?1 AND p.metric_code = ?2 AND f.unit_base = ?3
               AND p.year = ?4 AND f.period_kind = ?5 ORDER BY 2 DESC, p.province_code"
        );
        let mut title = String::new();
        let points = db
            .prepare(&points)?
            .query_map(params![organization, metric, unit, year, kind], |row| {
                title = row.get(2)?;
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        return Ok(Some(series(&format!("{organization} {year}"), title, unit, points)));
    }
    let counts = format!("SELECT {province}, count(DISTINCT p.figure_id) {rows} GROUP BY p.province_code ORDER BY 2 DESC, p.province_code");
    let points: Vec<(String, f64)> =
        db.prepare(&counts)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok((!points.is_empty()).then(|| Series {
        title: words::FACTS_BY_PROVINCE.of(language).to_string(),
        measure: words::FACTS.of(language).to_string(),
        unit: None,
        points,
    }))
}

fn series(of: &str, metric: String, unit: String, points: Vec<(String, f64)>) -> Series {
    let measure = if unit == "1" { metric.clone() } else { format!("{metric} ({unit})") };
    Series { title: format!("{of}: {metric}"), measure, unit: Some(unit), points }
}
