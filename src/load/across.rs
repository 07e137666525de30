//! The checks across reports, on the database.
//!
//! In:  the facts that are shown, a company and a metric after the other.
//! Out: findings of no document.

use super::dimensions::NO_UNIT;
use super::resolve::Statement;
use super::rows::FindingRow;
use super::text;
use crate::check::across::{self, Fact};
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::model::{Finding, Kind, Period};
use foldhash::{HashMap, HashSet};
use rusqlite::{Connection, Row};
use std::rc::Rc;

/// What the checks look at of a figure: does it count, and what it says beside what decides over it.
pub(super) const COLUMNS: &[&str] = &[
    "f.tier = 'core' AND f.modality = 'actual' AND f.value_text IS NOT NULL AND f.kind IN ('level', 'change', 'share')
        AND f.review_status NOT IN ('rejected', 'accepted')",
    "f.report_id",
    "f.metric_text",
    "f.reported",
    "f.kind",
    "f.period_id",
    "f.place_id",
    "f.unit_id",
    "f.value_text",
    "f.unit_mult",
    "f.whole_text",
    "f.change_mode",
    "f.base_period_id",
];

/// A figure that the checks look at.
pub(super) struct Stated {
    pub(super) fact: Fact,
    /// Its place in reading order.
    seq: i64,
    figure_id: i64,
    report_id: i64,
}

/// What one company states of one metric.
pub(super) type Told = Vec<Stated>;

/// Looks at what one company states of one metric.
pub(super) fn tell(mut told: Told, knowledge: &Knowledge, found: &mut Vec<FindingRow>) {
    // By what is the same in every database of these reports.
    told.sort_by(|left, right| (&left.fact.report, left.seq, left.figure_id).cmp(&(&right.fact.report, right.seq, right.figure_id)));
    let (facts, ids): (Vec<Fact>, Vec<(i64, i64)>) =
        told.into_iter().map(|stated| (stated.fact, (stated.figure_id, stated.report_id))).unzip();
    for finding in across::findings(&facts, knowledge) {
        let Finding { code, severity, figure, page, message, detail } = finding;
        let Some((figure_id, report_id)) = figure.and_then(|at| ids.get(at)).copied() else { continue };
        found.push(FindingRow {
            code: code.to_string(),
            severity: severity.word().to_string(),
            report_id,
            document_id: None,
            figure_id: Some(figure_id),
            page_no: page,
            message_en: message.en,
            message_hans: message.hans,
            message_hant: Some(message.hant),
            detail,
        });
    }
}

/// What ids stand for: a join less for each of millions of facts.
pub(super) struct Names {
    periods: HashMap<i64, Period>,
    /// Code, and is it a province?
    places: HashMap<i64, (Rc<str>, bool)>,
    units: HashMap<i64, Rc<str>>,
    /// Figures that name several places.
    spread: HashSet<i64>,
}

impl Names {
    pub(super) fn read(tx: &Connection) -> rusqlite::Result<Names> {
        let codes = |table: &str| -> rusqlite::Result<HashMap<i64, Rc<str>>> {
            tx.prepare(&format!("SELECT id, code FROM {table}"))?.query_map([], |row| Ok((row.get(0)?, text(row, 1)?)))?.collect()
        };
        let mut places = tx.prepare("SELECT id, code, level = 'province' FROM places")?;
        Ok(Names {
            periods: codes("periods")?.into_iter().filter_map(|(id, code)| Some((id, Period::from_code(&code)?))).collect(),
            places: places.query_map([], |row| Ok((row.get(0)?, (text(row, 1)?, row.get(2)?))))?.collect::<rusqlite::Result<_>>()?,
            // A count without a counter says no unit.
            units: codes("units")?.into_iter().map(|(id, code)| (id, if &*code == NO_UNIT { Rc::from("") } else { code })).collect(),
            spread: tx.prepare("SELECT figure_id FROM figure_places")?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?,
        })
    }

    /// What a row says from a place on, which is also a statement; nothing where the checks do not look at it.
    pub(super) fn stated(&self, row: &Row, first: usize, statement: &Statement) -> rusqlite::Result<Option<Stated>> {
        if !row.get::<_, bool>(first)? {
            return Ok(None);
        }
        let word = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(first + at)?.as_str()?);
        let id = |at: usize| row.get::<_, Option<i64>>(first + at);
        let known = (
            Kind::from_word(word(4)?),
            id(5)?.and_then(|period| self.periods.get(&period)),
            id(7)?.and_then(|unit| self.units.get(&unit)),
            word(8)?.parse::<Decimal>(),
        );
        let (Some(kind), Some(period), Some(unit), Ok(value)) = known else { return Ok(None) };
        let place = id(6)?.and_then(|place| self.places.get(&place));
        let base = id(12)?.and_then(|base| self.periods.get(&base));
        let fact = Fact {
            metric: row.get(first + 2)?,
            raw: row.get(first + 3)?,
            kind,
            period: *period,
            place: place.map(|(code, _)| code.clone()),
            is_province: place.is_some_and(|(_, is_province)| *is_province),
            is_spread: self.spread.contains(&statement.id),
            unit: unit.clone(),
            comparator: statement.answer.comparator,
            value,
            scale: row.get(first + 9)?,
            whole: row.get(first + 10)?,
            mode: row.get(first + 11)?,
            base: base.copied(),
            report: statement.report.clone(),
            other: None,
        };
        Ok(Some(Stated { fact, seq: statement.seq(), figure_id: statement.id, report_id: row.get(first + 1)? }))
    }
}
