//! The dimensions of a load: what exists, by code, with its id in this database.
//!
//! In:  codes and labels of figures.
//! Out: ids; a row for what has none yet.
//!
//! All ids stand in maps, so that a figure costs no query. Catalogues are written once a database and again when the tables of
//! `data/` have changed; what no catalogue has (`x:…` metrics and places, years, periods) comes with the figures that need it.

mod catalogues;

pub(super) use catalogues::{cells, maybe, upsert};

use super::key::Key;
use super::text;
use crate::knowledge::Knowledge;
use crate::model::{Grain, Period};
use foldhash::HashMap;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The first id of a place that has no code of GB/T 2260.
const FIRST_FREE_PLACE: i64 = 1_000_000;

/// The place that is the whole country.
const COUNTRY: i64 = 100_000;

/// The code of the unit of what has none.
pub(super) const NO_UNIT: &str = "1";

/// A metric of this database.
#[derive(Debug, Clone)]
pub(super) struct Metric {
    pub(super) id: i64,
    /// The code its facts count under: its own, or that of the metric a person merged it into.
    pub(super) fact_code: Rc<str>,
}

/// A period of this database.
#[derive(Debug, Clone)]
pub(super) struct PeriodRow {
    pub(super) id: i64,
    pub(super) year: i64,
    pub(super) code: Rc<str>,
}

/// A place of this database.
#[derive(Debug, Clone)]
pub(super) struct PlaceRow {
    pub(super) id: i64,
    pub(super) parent: Option<i64>,
    pub(super) province: Option<i64>,
    pub(super) is_province: bool,
}

impl PlaceRow {
    /// Is it the whole country?
    pub(super) fn is_country(&self) -> bool {
        self.id == COUNTRY
    }
}

/// The ids of all dimensions.
pub(super) struct Dimensions<'k> {
    knowledge: &'k Knowledge,
    metrics: HashMap<Rc<str>, Metric>,
    /// Of each metric, the code its facts count under.
    fact_codes: HashMap<i64, Rc<str>>,
    /// A label as written, once folded and found, is not folded again.
    labels: HashMap<String, Metric>,
    units: HashMap<Rc<str>, i64>,
    /// What an amount of a unit is multiplied with to be in its base unit, by the unit's id.
    factors: HashMap<i64, f64>,
    periods: HashMap<Period, PeriodRow>,
    period_ids: HashMap<String, i64>,
    years: HashMap<i32, ()>,
    places: HashMap<Rc<str>, PlaceRow>,
    place_codes: HashMap<i64, Rc<str>>,
    provinces: HashMap<String, i64>,
    next_place: i64,
}

impl<'k> Dimensions<'k> {
    /// Reads those of a database, which may have none yet.
    pub(super) fn read(tx: &Connection, knowledge: &'k Knowledge) -> rusqlite::Result<Dimensions<'k>> {
        let mut dimensions = Dimensions {
            knowledge,
            metrics: HashMap::default(),
            fact_codes: HashMap::default(),
            labels: HashMap::default(),
            units: HashMap::default(),
            factors: HashMap::default(),
            periods: HashMap::default(),
            period_ids: HashMap::default(),
            years: HashMap::default(),
            places: HashMap::default(),
            place_codes: HashMap::default(),
            provinces: HashMap::default(),
            next_place: FIRST_FREE_PLACE,
        };
        dimensions.read_again(tx)?;
        Ok(dimensions)
    }

    fn read_again(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        self.labels.clear();
        let mut select = tx.prepare("SELECT id, code, merged_into FROM metrics")?;
        let rows: Vec<(i64, Rc<str>, Option<i64>)> =
            select.query_map([], |row| Ok((row.get(0)?, text(row, 1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
        let by_id: HashMap<i64, (&Rc<str>, Option<i64>)> = rows.iter().map(|(id, code, into)| (*id, (code, *into))).collect();
        for (id, code, _) in &rows {
            let mut last = (code, *id);
            // One that is merged into another may be merged on; a circle ends where it began.
            for _ in 0..rows.len() {
                match by_id.get(&last.1).and_then(|(_, into)| Some((by_id.get(&(*into)?)?.0, (*into)?))) {
                    Some(next) if next.1 != *id => last = next,
                    _ => break,
                }
            }
            self.fact_codes.insert(*id, last.0.clone());
            self.metrics.insert(code.clone(), Metric { id: *id, fact_code: last.0.clone() });
        }
        for row in tx.prepare("SELECT code, id, factor FROM units")?.query_map([], |row| Ok((text(row, 0)?, row.get(1)?, row.get(2)?)))? {
            let (code, id, factor) = row?;
            self.units.insert(code, id);
            self.factors.insert(id, factor);
        }
        for row in tx.prepare("SELECT id FROM years")?.query_map([], |row| row.get(0))? {
            self.years.insert(row?, ());
        }
        for row in
            tx.prepare("SELECT code, id, year_id FROM periods")?.query_map([], |row| Ok((text(row, 0)?, row.get(1)?, row.get(2)?)))?
        {
            let (code, id, year) = row?;
            self.period_ids.insert(code.to_string(), id);
            if let Some(period) = Period::from_code(&code) {
                self.periods.insert(period, PeriodRow { id, year, code });
            }
        }
        let mut places = tx.prepare("SELECT code, id, parent_id, province_id, level = 'province' FROM places")?;
        let rows = places.query_map([], |row| {
            let place = PlaceRow { id: row.get(1)?, parent: row.get(2)?, province: row.get(3)?, is_province: row.get(4)? };
            Ok((text(row, 0)?, place))
        })?;
        for row in rows {
            let (code, place) = row?;
            self.know_place(code, place);
        }
        for row in tx.prepare("SELECT iso_code, id FROM provinces")?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (code, id): (String, i64) = row?;
            self.provinces.insert(code, id);
        }
        Ok(())
    }

    fn know_place(&mut self, code: Rc<str>, place: PlaceRow) {
        self.next_place = self.next_place.max(place.id + 1);
        self.place_codes.insert(place.id, code.clone());
        self.places.insert(code, place);
    }

    /// The metric of a figure: its code's, or its label's own.
    pub(super) fn metric(&mut self, tx: &Connection, code: Option<&str>, label: &str) -> rusqlite::Result<Metric> {
        if let Some(known) = code.and_then(|code| self.metrics.get(code)) {
            return Ok(known.clone());
        }
        if let Some(known) = self.labels.get(label) {
            return Ok(known.clone());
        }
        let folded = self.knowledge.fold.text(label);
        let code: Rc<str> = format!("x:{folded}").into();
        let metric = match self.metrics.get(&code) {
            Some(known) => {
                // Whatever report comes first, the name shown is the same one of all ways to write it.
                tx.prepare_cached("UPDATE metrics SET name_hant = ?2 WHERE id = ?1 AND status = 'auto' AND name_hant <> ?2 AND (name_hant = name_hans OR name_hant > ?2) AND ?2 <> name_hans")?
                    .execute(params![known.id, label])?;
                known.clone()
            }
            None => {
                tx.prepare_cached("INSERT INTO metrics (code, name_hant, name_hans) VALUES (?1, ?2, ?3)")?
                    .execute(params![code, label, folded])?;
                let metric = Metric { id: tx.last_insert_rowid(), fact_code: code.clone() };
                self.fact_codes.insert(metric.id, code.clone());
                self.metrics.insert(code, metric.clone());
                metric
            }
        };
        self.labels.insert(label.to_string(), metric.clone());
        Ok(metric)
    }

    /// The code that the facts of a metric count under.
    pub(super) fn fact_code(&self, id: i64) -> Option<Rc<str>> {
        self.fact_codes.get(&id).cloned()
    }

    /// All metrics, or those that count as the same as some of these: each with the one it counts as.
    pub(super) fn counted(&self, metrics: Option<&BTreeSet<i64>>) -> Vec<(i64, i64)> {
        let counts_as = |id: i64| self.fact_codes.get(&id).and_then(|code| self.metrics.get(code)).map_or(id, |metric| metric.id);
        let wanted: Option<BTreeSet<i64>> = metrics.map(|metrics| metrics.iter().map(|id| counts_as(*id)).collect());
        let all = self.fact_codes.keys().map(|id| (*id, counts_as(*id)));
        all.filter(|(_, counts_as)| wanted.as_ref().is_none_or(|wanted| wanted.contains(counts_as))).collect()
    }

    /// A hash of which metrics count as others; none where each is its own.
    pub(super) fn merges(&self) -> Option<String> {
        let mut merged: Vec<(&str, &str)> = self
            .metrics
            .iter()
            .filter(|(code, metric)| **code != metric.fact_code)
            .map(|(code, metric)| (&**code, &*metric.fact_code))
            .collect();
        merged.sort_unstable();
        let mut key = Key::new();
        merged.iter().for_each(|(code, into)| {
            key.part(code).part(into);
        });
        (!merged.is_empty()).then(|| key.finish('m'))
    }

    /// The metric of a code that already exists.
    pub(super) fn known_metric(&self, code: &str) -> Option<&Metric> {
        self.metrics.get(code)
    }

    /// The unit of a code; one that no table has is its own base.
    pub(super) fn unit(&mut self, tx: &Connection, code: &str) -> rusqlite::Result<i64> {
        let code = if code.is_empty() { NO_UNIT } else { code };
        if let Some(&id) = self.units.get(code) {
            return Ok(id);
        }
        let quantity = if code.contains('/') { "rate" } else { "other" };
        tx.prepare_cached("INSERT INTO units (code, quantity, base_code, name_hant, name_hans) VALUES (?1, ?2, ?1, ?1, ?1)")?
            .execute([code, quantity])?;
        let id = tx.last_insert_rowid();
        self.units.insert(code.into(), id);
        self.factors.insert(id, 1.0);
        Ok(id)
    }

    /// A value in the base unit of a known unit, as the triggers of the database reckon it.
    pub(super) fn value_base(&self, value: Option<f64>, unit_id: i64) -> Option<f64> {
        Some(value? * self.factors[&unit_id])
    }

    /// A year; its row is made when it is first asked for.
    pub(super) fn year(&mut self, tx: &Connection, year: i32) -> rusqlite::Result<i64> {
        if self.years.insert(year, ()).is_none() {
            let plan = five_year_plan(year);
            tx.prepare_cached("INSERT INTO years (id, label_hant, start_date, end_date, five_year_plan) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![year, format!("{year}年"), format!("{year}-01-01"), format!("{year}-12-31"), plan])?;
        }
        Ok(i64::from(year))
    }

    /// A period; its row is made when it is first asked for.
    pub(super) fn period(&mut self, tx: &Connection, period: &Period) -> rusqlite::Result<PeriodRow> {
        if let Some(known) = self.periods.get(period) {
            return Ok(known.clone());
        }
        let code: Rc<str> = period.code().into();
        let year = self.year(tx, period.end.year)?;
        let id = match self.period_ids.get(code.as_ref()) {
            Some(&id) => id,
            None => {
                let start = (period.grain != Grain::Instant).then(|| period.start.to_string());
                tx.prepare_cached("INSERT INTO periods (code, kind, start_date, end_date, year_id) VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![code, period_kind(period), start, period.end.to_string(), year])?;
                let id = tx.last_insert_rowid();
                self.period_ids.insert(code.to_string(), id);
                id
            }
        };
        let row = PeriodRow { id, year, code };
        self.periods.insert(*period, row.clone());
        Ok(row)
    }

    /// The province of an ISO code.
    pub(super) fn province(&self, iso_code: &str) -> Option<i64> {
        self.provinces.get(iso_code).copied()
    }

    /// The place of a code that exists.
    pub(super) fn place(&self, code: &str) -> Option<&PlaceRow> {
        self.places.get(code)
    }

    /// The code of a place.
    pub(super) fn place_code(&self, id: i64) -> Option<Rc<str>> {
        self.place_codes.get(&id).cloned()
    }

    /// The place of a code, which is made where it is one of a name that no table has: `x:青海/<name>`.
    pub(super) fn place_coded(&mut self, tx: &Connection, code: &str) -> rusqlite::Result<Option<PlaceRow>> {
        if let Some(known) = self.places.get(code) {
            return Ok(Some(known.clone()));
        }
        let Some(rest) = code.strip_prefix("x:") else { return Ok(None) };
        let provinces = &self.knowledge.places.provinces;
        let within =
            rest.split_once('/').and_then(|(province, name)| Some((provinces.iter().find(|known| known.short_hans == province)?, name)));
        match within {
            Some((province, name)) => self.place_named(tx, name, province.code.parse().ok()).map(Some),
            None => self.place_named(tx, rest, None).map(Some),
        }
    }

    /// The place of a name that no table has, inside a province or not.
    pub(super) fn place_named(&mut self, tx: &Connection, name: &str, province: Option<i64>) -> rusqlite::Result<PlaceRow> {
        let folded = self.knowledge.fold.text(name);
        let within = province.and_then(|id| self.knowledge.places.province(&id.to_string()));
        let code: Rc<str> = match within {
            Some(province) => format!("x:{}/{folded}", province.short_hans).into(),
            None => format!("x:{folded}").into(),
        };
        if let Some(known) = self.places.get(&code) {
            return Ok(known.clone());
        }
        let place = PlaceRow { id: self.next_place, parent: province, province, is_province: false };
        tx.prepare_cached(
            "INSERT INTO places (id, code, level, name_hant, name_hans, province_id, parent_id) VALUES (?1, ?2, 'other', ?3, ?4, ?5, ?5)",
        )?
        .execute(params![place.id, code, name, folded, province])?;
        self.know_place(code, place.clone());
        Ok(place)
    }

    /// Is a place, written so, no finer than the province it is in?
    pub(super) fn names_province(&self, name: &str, province: i64) -> bool {
        let folded = self.knowledge.fold.text(name);
        self.knowledge.places.province(&province.to_string()).is_some_and(|province| {
            [&province.name_hans, &province.short_hans, &province.abbr_hans].into_iter().any(|known| *known == folded)
        })
    }

    /// The smallest place that holds all of these; `None` where that is the country or more.
    pub(super) fn common_place(&self, ids: &[i64]) -> Option<i64> {
        let (first, rest) = ids.split_first()?;
        if rest.is_empty() {
            return Some(*first).filter(|place| *place != COUNTRY);
        }
        let mut common = self.ancestry(*first);
        for id in rest {
            let other = self.ancestry(*id);
            common.retain(|place| other.contains(place));
        }
        common.first().copied().filter(|place| *place != COUNTRY)
    }

    /// A place and those above it, from the finest.
    fn ancestry(&self, id: i64) -> Vec<i64> {
        let mut line = vec![id];
        // A table with a loop must not hang the load.
        while line.len() < 8 {
            let above =
                line.last().and_then(|id| self.place_codes.get(id)).and_then(|code| self.places.get(code)).and_then(|place| place.parent);
            match above {
                Some(above) => line.push(above),
                None => break,
            }
        }
        line
    }
}

/// 13 of 2016 to 2020; none of the years between the second plan and the third.
fn five_year_plan(year: i32) -> Option<i32> {
    match year {
        1953..=1962 => Some((year - 1953) / 5 + 1),
        1966.. => Some((year - 1966) / 5 + 3),
        _ => None,
    }
}

/// The kind of a period, as BI tools group by it.
fn period_kind(period: &Period) -> &'static str {
    let (from, to) = (period.start.month, period.end.month);
    match period.grain {
        Grain::Instant => "instant",
        Grain::Month => "month",
        Grain::Year => "year",
        Grain::Since => "since",
        Grain::Days => "span",
        Grain::Months if period.start.year != period.end.year => "span",
        Grain::Months => match (from, to) {
            (1, 12) => "year",
            (1 | 4 | 7 | 10, to) if to == from + 2 => "quarter",
            (1 | 7, to) if to == from + 5 => "half",
            (1, _) => "ytd",
            _ => "span",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_counted_by_their_years() {
        assert_eq!(five_year_plan(2019), Some(13));
        assert_eq!(five_year_plan(2021), Some(14));
        assert_eq!(five_year_plan(1964), None);
        assert_eq!(five_year_plan(1966), Some(3));
        assert_eq!(five_year_plan(1962), Some(2));
    }

    #[test]
    fn months_are_told_apart() {
        let kind = |from, to| period_kind(&Period::months((2019, from), (2019, to)));
        assert_eq!(kind(7, 9), "quarter");
        assert_eq!(kind(1, 6), "half");
        assert_eq!(kind(1, 9), "ytd");
        assert_eq!(kind(2, 9), "span");
        assert_eq!(kind(8, 8), "month");
    }
}
