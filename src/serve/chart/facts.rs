//! Reads the facts that a chart can show.
//!
//! In:  a database, metrics, companies, a span of years, what stands along the axis.
//! Out: facts, each shown once: statements that another one replaces are not among them.

use super::names::Named;
use super::{By, Kind};
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::serve::table::plain;
use rusqlite::{Connection, Row, params};

/// What a figure is worth: one number, or the two ends of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub low: Decimal,
    pub high: Decimal,
}

/// A row of `flat_facts` with what a chart says of it.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    /// Which of the metrics asked for.
    pub metric: usize,
    pub company: Named,
    pub kind: Kind,
    /// `actual`, `target`, `rule`, `forecast`
    pub modality: String,
    pub comparator: String,
    /// In `unit`.
    pub value: Value,
    pub unit: String,
    pub unit_base: String,
    /// How many `unit_base` a `unit` is.
    pub factor: Decimal,
    /// Of a share: the whole.
    pub whole: Option<String>,
    /// Of a change: against what.
    pub basis: Option<String>,
    pub base_period: Option<String>,
    pub year: i64,
    pub period: String,
    pub period_end: String,
    /// ISO 3166-2.
    pub province: Option<String>,
    pub page: Option<i64>,
    pub line: Option<i64>,
    pub report: String,
    /// The title of that report.
    pub title: String,
    /// Its language: `zh-Hant`, `zh-Hans`, `en`.
    pub language: String,
}

/// Of the whole company or country, over a calendar year or at its last day: as `metric_by_year`, but of every kind and promises too.
const OF_YEARS: &str = "ff.province_code IS NULL AND ff.place IS NULL AND ff.period_kind IN ('year', 'instant')
    AND ff.period_end = (SELECT end_date FROM years WHERE id = ff.year) AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = ff.figure_id)";
/// Of one whole province: as `metric_by_province`.
const OF_PROVINCES: &str = "ff.province_code IS NOT NULL AND ff.place_level = 'province'";

const FACTS: &str = "
    SELECT o.id, o.code, o.name_hant, o.name_hans, o.name_en, ff.kind, ff.modality, ff.comparator, ff.value_exact, ff.low_exact, ff.high_exact,
           ff.unit, ff.unit_base, u.factor_text, ff.whole, ff.change_basis, ff.base_period, ff.year, ff.period, ff.period_end,
           ff.province_code, ff.page, ff.line, r.code, r.title, r.lang
      FROM flat_facts ff JOIN figures f ON f.id = ff.figure_id JOIN organizations o ON o.id = f.org_id JOIN reports r ON r.id = f.report_id
      JOIN units u ON u.id = f.unit_id
     WHERE ff.metric_code IN (SELECT code FROM metrics WHERE id = ?1 OR merged_into = ?1) AND ff.year BETWEEN ?2 AND ?3
       AND o.code IN (SELECT value FROM json_each(?4) UNION ALL SELECT o.code WHERE ?4 = '[]') AND ";

/// The facts of metrics over some years, of some companies or, where none is named, of all. Fails where a metric has none, telling what it
/// has instead.
pub(super) fn read(db: &Connection, metrics: &[Named], companies: &[Named], years: (i64, i64), by: By) -> Result<Vec<Fact>> {
    let of = if by == By::Province { OF_PROVINCES } else { OF_YEARS };
    let codes = serde_json::Value::from(companies.iter().map(|company| company.code.as_str()).collect::<Vec<_>>()).to_string();
    let mut facts = Vec::new();
    for (at, metric) in metrics.iter().enumerate() {
        let mut statement = db.prepare_cached(&format!("{FACTS}{of} ORDER BY o.code, ff.year, ff.period_end, ff.figure_id"))?;
        let rows = statement.query_map(params![metric.id, years.0, years.1, codes], |row| Ok(fact(row, at)))?;
        let before = facts.len();
        for row in rows {
            facts.push(row??);
        }
        if facts.len() == before {
            return Err(lacking(db, metric, companies, years, by)?);
        }
    }
    Ok(facts)
}

fn fact(row: &Row<'_>, metric: usize) -> Result<Fact> {
    let text = |at: usize| -> Result<Option<String>> { Ok(row.get::<_, Option<String>>(at)?.map(|text| plain(&text))) };
    let decimal = |at: usize| -> Result<Option<Decimal>> {
        let exact = row.get::<_, Option<String>>(at)?;
        exact
            .map(|exact| exact.parse().map_err(|error| Error::failed(format!("a value of the database cannot be read: {error}"))))
            .transpose()
    };
    let required = |at: usize| -> Result<String> { Ok(text(at)?.unwrap_or_default()) };
    let value = match (decimal(8)?, decimal(9)?, decimal(10)?) {
        (Some(value), _, _) => Value { low: value.clone(), high: value },
        (None, Some(low), Some(high)) => Value { low, high },
        _ => return Err(Error::failed("a figure of the database has neither a value nor two ends; see `reportsql check`")),
    };
    Ok(Fact {
        metric,
        company: Named::of(row, 0)?,
        kind: Kind::named(&required(5)?),
        modality: required(6)?,
        comparator: required(7)?,
        value,
        unit: required(11)?,
        unit_base: required(12)?,
        factor: decimal(13)?.unwrap_or_else(|| Decimal::from(1)),
        whole: text(14)?,
        basis: text(15)?,
        base_period: text(16)?,
        year: row.get(17)?,
        period: required(18)?,
        period_end: required(19)?,
        province: text(20)?,
        page: row.get(21)?,
        line: row.get(22)?,
        report: required(23)?,
        title: required(24)?,
        language: required(25)?,
    })
}

/// What is there of a metric that has no fact of the kind asked for.
fn lacking(db: &Connection, metric: &Named, companies: &[Named], years: (i64, i64), by: By) -> Result<Error> {
    let count = |of: &str| -> Result<i64> {
        let sql = format!(
            "SELECT count(*) FROM flat_facts ff WHERE ff.metric_code IN (SELECT code FROM metrics WHERE id = ?1 OR merged_into = ?1) AND {of}"
        );
        Ok(db.query_row(&sql, [metric.id], |row| row.get(0))?)
    };
    let (all, of_years, of_provinces) = (count("1")?, count(OF_YEARS)?, count(OF_PROVINCES)?);
    let (wanted, here, there, other) = match by {
        By::Province => ("of one whole province", of_provinces, of_years, "of the whole company by year: --by year draws them"),
        By::Year | By::Company => ("of the whole company over a year", of_years, of_provinces, "by province: --by province draws them"),
    };
    let name = format!("{} ({})", metric.name(crate::message::Language::Hant), metric.code);
    let way_out = if here > 0 {
        let mut narrowed = Vec::new();
        if !companies.is_empty() {
            narrowed.push("--company");
        }
        if years != super::ALL_YEARS {
            narrowed.push("--from and --to");
        }
        format!("there are {here} without {}", narrowed.join(", "))
    } else if there > 0 {
        format!("it has {there} {other}")
    } else if all > 0 {
        format!(
            "it has {all} others: reportsql query \"SELECT period, place, value, unit FROM flat_facts WHERE metric_code = '{}'\"",
            metric.code
        )
    } else {
        "the catalogue knows it, and no report that is loaded speaks of it".to_string()
    };
    Ok(Error::failed(format!("{name} has no figure {wanted}; {way_out}")))
}
