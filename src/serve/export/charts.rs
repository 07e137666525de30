//! Picks what a workbook draws: a metric over years, a metric by province.
//!
//! In:  a database, the description of `flat_facts`, perhaps with a condition.
//! Out: points with their title and unit; none where the facts hold no such series.
//!
//! A series never mixes organizations, metrics or units, and is taken only where it has one value for each of its points: nothing is
//! added up.

use super::columns::{self, Relation};
use super::{values, words};
use crate::error::Result;
use crate::message::Language;
use crate::serve::short_unit;
use rusqlite::{Connection, OptionalExtension, params};

/// What one chart shows.
#[derive(Debug, PartialEq)]
pub(super) struct Series {
    pub title: String,
    /// What stands over the values.
    pub measure: String,
    /// What it is called; empty of bare numbers.
    pub unit: Option<String>,
    /// Label and value, in the order of the axis.
    pub points: Vec<(String, f64)>,
}

/// The name of a thing in a language: SQL over its columns, in the order of preference.
fn name(stem: &str, language: Option<Language>) -> String {
    let languages = columns::order(language.unwrap_or(Language::Hant));
    format!("COALESCE({})", languages.map(|language| format!("{stem}{}", columns::suffix(language))).join(", "))
}

/// What a series is of, of each of its rows: SQL for the names of metric, organization and unit.
fn about(language: Option<Language>) -> String {
    let (metric, organization, unit) = (name("metric", language), name("o.name", language), values::unit("unit_base", language));
    format!(
        "{metric}, (SELECT {organization} FROM figures f JOIN organizations o ON o.id = f.org_id WHERE f.id = figure_id),
         CASE unit_base WHEN '1' THEN '' ELSE {unit} END"
    )
}

/// The metric of the whole company that has values of most years, at least two.
pub(super) fn over_years(db: &Connection, facts: &Relation, language: Option<Language>) -> Result<Option<Series>> {
    let rows = format!("FROM metric_by_year WHERE value_base IS NOT NULL AND {}", facts.holds_figure());
    let best = format!(
        "SELECT organization, metric_code, unit_base {rows}
          GROUP BY 1, 2, 3 HAVING count(*) > 1 AND count(*) = count(DISTINCT year) ORDER BY count(*) DESC, 2 LIKE 'x:%', 1, 2, 3 LIMIT 1"
    );
    let chosen =
        db.query_row(&best, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))).optional()?;
    let Some((organization, metric, unit)) = chosen else { return Ok(None) };
    let points = format!(
        "SELECT CAST(year AS TEXT), value_base, {} {rows} AND organization = ?1 AND metric_code = ?2 AND unit_base = ?3 ORDER BY year",
        about(language)
    );
    series(db, &points, params![organization, metric, unit], None, language).map(Some)
}

/// The metric that has values of most provinces in one period, at least two, the biggest first; where there is none, how many facts
/// each province has.
pub(super) fn by_province(db: &Connection, facts: &Relation, language: Option<Language>) -> Result<Option<Series>> {
    let rows = format!("FROM metric_by_province WHERE value_base IS NOT NULL AND {}", facts.holds_figure());
    let best = format!(
        "SELECT organization, metric_code, unit_base, period {rows}
          GROUP BY 1, 2, 3, 4 HAVING count(*) > 1 AND count(*) = count(DISTINCT province_code)
          ORDER BY count(*) DESC, max(period_end) DESC, 2 LIKE 'x:%', 1, 2, 3, 4 LIMIT 1"
    );
    let chosen = db.query_row(&best, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
    });
    let province = name("province", language);
    if let Some((organization, metric, unit, period)) = chosen.optional()? {
        let points = format!(
            "SELECT {province}, value_base, {} {rows} AND organization = ?1 AND metric_code = ?2 AND unit_base = ?3 AND period = ?4
              ORDER BY 2 DESC, province_code",
            about(language)
        );
        return series(db, &points, params![organization, metric, unit, period], Some(&period), language).map(Some);
    }
    let counts = format!(
        "SELECT {province}, count(DISTINCT figure_id) FROM province_facts WHERE {} GROUP BY province_code ORDER BY 2 DESC, province_code",
        facts.holds_figure()
    );
    let points: Vec<(String, f64)> =
        db.prepare(&counts)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok((!points.is_empty()).then(|| Series {
        title: words::FACTS_BY_PROVINCE.of(language).to_string(),
        measure: words::FACTS.of(language).to_string(),
        unit: None,
        points,
    }))
}

/// The series of a query that gives label, value, and what `about` does; its time where that is one.
fn series(
    db: &Connection,
    sql: &str,
    parameters: &[&dyn rusqlite::ToSql],
    period: Option<&str>,
    language: Option<Language>,
) -> Result<Series> {
    let (mut metric, mut organization, mut unit) = (String::new(), String::new(), String::new());
    let points = db
        .prepare(sql)?
        .query_map(parameters, |row| {
            (metric, organization, unit) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let [colon, comma, open, close] = [words::COLON, words::COMMA, words::OPEN, words::CLOSE].map(|word| word.of(language));
    let time = period.map(|period| format!("{comma}{}", period.replace('/', "–"))).unwrap_or_default();
    let measure = if unit.is_empty() { metric.clone() } else { format!("{metric}{open}{}{close}", short_unit(&unit)) };
    Ok(Series { title: format!("{organization}{colon}{metric}{time}"), measure, unit: Some(unit), points })
}
