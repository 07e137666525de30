//! Reads the facts that a chart can show.
//!
//! In:  a database, metrics, what stands along the axis; which companies, provinces, years or report they are narrowed down to.
//! Out: facts, each shown once: statements that another one replaces are not among them, unless it is a report that is asked for.

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

/// What facts are narrowed down to; an empty list is all.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'w> {
    pub by: By,
    pub companies: Vec<Named>,
    /// ISO codes.
    pub provinces: Vec<String>,
    /// The code of a report.
    pub report: Option<&'w str>,
    /// The first and the last.
    pub years: (i64, i64),
}

/// Of the whole company or country.
const OF_ALL: &str =
    "ff.province_code IS NULL AND ff.place IS NULL AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = ff.figure_id)";
/// Of one whole province: as `metric_by_province`.
const OF_PROVINCE: &str = "ff.province_code IS NOT NULL AND ff.place_level = 'province'";
/// Over a calendar year or at its last day: as `metric_by_year`, but of every kind and promises too.
const OF_YEAR: &str = "ff.period_kind IN ('year', 'instant') AND ff.period_end = (SELECT end_date FROM years WHERE id = ff.year)";

impl Wanted<'_> {
    /// The places and periods whose facts are drawn, as SQL.
    fn scope(&self) -> String {
        match (self.by, self.provinces.is_empty()) {
            (By::Province, _) => OF_PROVINCE.to_string(),
            (By::Year | By::Company, true) => format!("{OF_ALL} AND {OF_YEAR}"),
            (By::Year | By::Company, false) => format!("{OF_PROVINCE} AND {OF_YEAR}"),
        }
    }
}

const COLUMNS: &str = "
    o.id, o.code, o.name_hant, o.name_hans, o.name_en, ff.kind, ff.modality, ff.comparator, ff.value_exact, ff.low_exact, ff.high_exact,
    ff.unit, ff.unit_base, u.factor_text, ff.whole, ff.change_basis, ff.base_period, ff.year, ff.period, ff.period_end,
    ff.province_code, ff.page, ff.line, r.code, r.title, r.lang";
const JOINED: &str = "
      JOIN figures f ON f.id = ff.figure_id JOIN organizations o ON o.id = f.org_id JOIN reports r ON r.id = f.report_id JOIN units u ON u.id = f.unit_id
     WHERE ff.metric_code IN (SELECT code FROM metrics WHERE id = ?1 OR merged_into = ?1) AND ff.year BETWEEN ?2 AND ?3 AND ff.tier = 'core'
       AND (?4 = '[]' OR o.code IN (SELECT value FROM json_each(?4))) AND (?5 = '[]' OR ff.province_code IN (SELECT value FROM json_each(?5)))
       AND (?6 IS NULL OR r.code = ?6)";

/// The facts of metrics. Of a report that is asked for they are what it says, also where a later one says otherwise. Fails where a metric
/// has none, telling what it has instead.
pub(super) fn read(db: &Connection, metrics: &[Named], wanted: &Wanted<'_>) -> Result<Vec<Fact>> {
    let list = |codes: Vec<&str>| serde_json::Value::from(codes).to_string();
    let companies = list(wanted.companies.iter().map(|company| company.code.as_str()).collect());
    let provinces = list(wanted.provinces.iter().map(String::as_str).collect());
    let (first, last) = wanted.years;
    let view = if wanted.report.is_some() { "flat_figures" } else { "flat_facts" };
    let sql =
        format!("SELECT {COLUMNS} FROM {view} ff {JOINED} AND {} ORDER BY o.code, ff.year, ff.period_end, ff.figure_id", wanted.scope());
    let mut statement = db.prepare(&sql)?;
    let mut facts = Vec::new();
    for (at, metric) in metrics.iter().enumerate() {
        let rows = statement.query_map(params![metric.id, first, last, companies, provinces, wanted.report], |row| Ok(fact(row, at)))?;
        let before = facts.len();
        for row in rows {
            facts.push(row??);
        }
        if facts.len() == before {
            return Err(lacking(db, metric, wanted)?);
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
fn lacking(db: &Connection, metric: &Named, wanted: &Wanted<'_>) -> Result<Error> {
    let count = |of: &str| -> Result<i64> {
        let sql = format!(
            "SELECT count(*) FROM flat_facts ff WHERE ff.metric_code IN (SELECT code FROM metrics WHERE id = ?1 OR merged_into = ?1) AND {of}"
        );
        Ok(db.query_row(&sql, [metric.id], |row| row.get(0))?)
    };
    let is_of_provinces = wanted.by == By::Province || !wanted.provinces.is_empty();
    let of = match (wanted.by, is_of_provinces) {
        (By::Province, _) => "of one whole province",
        (_, true) => "of one whole province over a year",
        (_, false) => "of the whole company over a year",
    };
    let narrowed: Vec<&str> = [
        (!wanted.provinces.is_empty(), "--province"),
        (!wanted.companies.is_empty(), "--company"),
        (wanted.report.is_some(), "--report"),
        (wanted.years != super::ALL_YEARS, "--from and --to"),
    ]
    .into_iter()
    .filter_map(|(is_given, option)| is_given.then_some(option))
    .collect();
    let (here, of_years, of_provinces) = (count(&wanted.scope())?, count(&format!("{OF_ALL} AND {OF_YEAR}"))?, count(OF_PROVINCE)?);
    let way_out = match (here, of_years, of_provinces, count("1")?) {
        (1.., ..) => format!("there are {here} without {}", narrowed.join(", ")),
        (0, 1.., ..) if wanted.by == By::Province => format!("it has {of_years} of the whole company by year: --by year draws them"),
        (0, 1.., ..) if is_of_provinces => format!("it has {of_years} of the whole company: without --province they are drawn"),
        (0, _, 1.., _) => format!("it has {of_provinces} by province: --by province draws them, --province one of them over years"),
        (0, 0, 0, 0) => "the catalogue knows it, and no report that is loaded speaks of it".to_string(),
        (.., all) => format!(
            "it has {all} others: reportsql query \"SELECT period, place, value, unit FROM flat_facts WHERE metric_code = '{}'\"",
            metric.code
        ),
    };
    let name = format!("{} ({})", metric.name(crate::message::Language::Hant), metric.code);
    Ok(Error::failed(format!("{name} has no figure {of}; {way_out}")))
}
