//! The checks across reports, on the database.
//!
//! In:  the preferred facts, a company and a metric after the other.
//! Out: findings of no document; those that were there and are found again keep their rows.

use super::dimensions::NO_UNIT;
use super::rows::{FindingRow, TableRow};
use super::store;
use super::text;
use crate::check::across::{self, Fact};
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::model::{Comparator, Finding, Kind, Period};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// Looks at all facts, or at those about some metrics.
pub(super) fn check(tx: &Connection, load_id: i64, metrics: Option<&BTreeSet<i64>>, knowledge: &Knowledge) -> rusqlite::Result<()> {
    tx.execute_batch("CREATE TEMP TABLE IF NOT EXISTS looked_at (metric_id INTEGER PRIMARY KEY); DELETE FROM temp.looked_at;")?;
    for metric in metrics.into_iter().flatten() {
        tx.prepare_cached("INSERT INTO temp.looked_at VALUES (?1)")?.execute([metric])?;
    }
    // What a person merged is looked at together.
    const COUNTS_AS: &str = "COALESCE((SELECT merged_into FROM metrics WHERE id = f.metric_id), f.metric_id)";
    let is_merged = tx.prepare("SELECT 1 FROM metrics WHERE merged_into IS NOT NULL")?.exists([])?;
    let metric = if is_merged { COUNTS_AS } else { "f.metric_id" };
    if is_merged {
        tx.execute_batch(
            "INSERT OR IGNORE INTO temp.looked_at SELECT id FROM metrics WHERE COALESCE(merged_into, id) IN
                (SELECT COALESCE(m.merged_into, m.id) FROM metrics m JOIN temp.looked_at l ON l.metric_id = m.id)",
        )?;
    }
    let only = if metrics.is_some() { "AND f.metric_id IN (SELECT metric_id FROM temp.looked_at)" } else { "" };
    let old: Vec<(i64, FindingRow)> = {
        let columns: Vec<String> = FindingRow::COLUMNS.iter().map(|column| format!("n.{column}")).collect();
        let sql = format!(
            "SELECT n.id, {} FROM findings n JOIN figures f ON f.id = n.figure_id WHERE n.document_id IS NULL {only} ORDER BY n.id",
            columns.join(", ")
        );
        let mut select = tx.prepare(&sql)?;
        select.query_map([], |row| Ok((row.get(0)?, FindingRow::read(row, 1)?)))?.collect::<rusqlite::Result<_>>()?
    };
    let mut found: Vec<FindingRow> = Vec::new();
    let names = Names::read(tx)?;
    let sql = format!(
        "SELECT f.org_id, {metric}, f.id, f.report_id, f.metric_text, f.reported, f.kind, f.period_id, f.place_id, f.unit_id, f.comparator,
                f.value_text, f.unit_mult, f.whole_text, f.change_mode, f.base_period_id, f.agreement, f.fact_key, f.seq
           FROM figures f
          WHERE f.is_preferred = 1 AND f.tier = 'core' AND f.modality = 'actual' AND f.value_text IS NOT NULL
            AND f.kind IN ('level', 'change', 'share') AND f.review_status NOT IN ('rejected', 'accepted') {only}
          ORDER BY f.org_id, {metric}"
    );
    let mut select = tx.prepare(&sql)?;
    let mut rows = select.query([])?;
    let mut group = Group::default();
    while let Some(row) = rows.next()? {
        let key = (row.get(0)?, row.get(1)?);
        if key != group.key {
            group.tell(knowledge, &mut found);
            group = Group { key, ..Group::default() };
        }
        if let Some(fact) = names.fact(tx, row)? {
            group.facts.push((fact, row.get(18)?, row.get(2)?, row.get(3)?));
        }
    }
    group.tell(knowledge, &mut found);
    drop(rows);

    store::renew(tx, load_id, old, found)
}

/// What one company states of one metric.
#[derive(Default)]
struct Group {
    /// Company and metric.
    key: (i64, i64),
    /// Each fact with its place in reading order, its figure and its report.
    facts: Vec<(Fact, i64, i64, i64)>,
}

impl Group {
    fn tell(&mut self, knowledge: &Knowledge, found: &mut Vec<FindingRow>) {
        // By what is the same in every database of these reports.
        self.facts.sort_by(|(left, left_seq, left_id, _), (right, right_seq, right_id, _)| {
            (&left.report, left_seq, left_id).cmp(&(&right.report, right_seq, right_id))
        });
        let (facts, ids): (Vec<Fact>, Vec<(i64, i64)>) =
            std::mem::take(&mut self.facts).into_iter().map(|(fact, _, figure, report)| (fact, (figure, report))).unzip();
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
}

/// What ids stand for: a join less for each of millions of facts.
struct Names {
    periods: HashMap<i64, Period>,
    /// Code, and is it a province?
    places: HashMap<i64, (Rc<str>, bool)>,
    units: HashMap<i64, Rc<str>>,
    reports: HashMap<i64, Rc<str>>,
    /// Figures that name several places.
    spread: HashSet<i64>,
}

impl Names {
    fn read(tx: &Connection) -> rusqlite::Result<Names> {
        let codes = |table: &str| -> rusqlite::Result<HashMap<i64, Rc<str>>> {
            tx.prepare(&format!("SELECT id, code FROM {table}"))?.query_map([], |row| Ok((row.get(0)?, text(row, 1)?)))?.collect()
        };
        let mut places = tx.prepare("SELECT id, code, level = 'province' FROM places")?;
        Ok(Names {
            periods: codes("periods")?.into_iter().filter_map(|(id, code)| Some((id, Period::from_code(&code)?))).collect(),
            places: places.query_map([], |row| Ok((row.get(0)?, (text(row, 1)?, row.get(2)?))))?.collect::<rusqlite::Result<_>>()?,
            // A count without a counter says no unit.
            units: codes("units")?.into_iter().map(|(id, code)| (id, if &*code == NO_UNIT { Rc::from("") } else { code })).collect(),
            reports: codes("reports")?,
            spread: tx.prepare("SELECT figure_id FROM figure_places")?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?,
        })
    }

    fn fact(&self, tx: &Connection, row: &Row) -> rusqlite::Result<Option<Fact>> {
        let word = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?);
        let id: i64 = row.get(2)?;
        let known = (
            Kind::from_word(word(6)?),
            Comparator::from_word(word(10)?),
            self.periods.get(&row.get(7)?),
            word(11)?.parse::<Decimal>(),
            self.units.get(&row.get(9)?),
            self.reports.get(&row.get(3)?),
        );
        let (Some(kind), Some(comparator), Some(period), Ok(value), Some(unit), Some(report)) = known else { return Ok(None) };
        let place = row.get::<_, Option<i64>>(8)?.and_then(|place| self.places.get(&place));
        let base = row.get::<_, Option<i64>>(15)?.and_then(|base| self.periods.get(&base));
        Ok(Some(Fact {
            metric: row.get(4)?,
            raw: row.get(5)?,
            kind,
            period: *period,
            place: place.map(|(code, _)| code.clone()),
            is_province: place.is_some_and(|(_, is_province)| *is_province),
            is_spread: self.spread.contains(&id),
            unit: unit.clone(),
            comparator,
            value,
            scale: row.get(12)?,
            whole: row.get(13)?,
            mode: row.get(14)?,
            base: base.copied(),
            report: report.clone(),
            other: if word(16)? == "conflict" { other(tx, word(17)?, id)? } else { None },
        }))
    }
}

/// What another statement of the same fact says, and where.
fn other(tx: &Connection, fact_key: &str, figure_id: i64) -> rusqlite::Result<Option<(String, String)>> {
    tx.prepare_cached(
        "SELECT o.reported, r.code || CASE d.source WHEN 'transcription' THEN ' (' || d.name || ')' ELSE '' END
           FROM figures o JOIN figures f ON f.id = ?2 JOIN reports r ON r.id = o.report_id JOIN documents d ON d.id = o.document_id
          WHERE o.fact_key = ?1 AND o.id <> ?2 AND o.agreement = 'conflict' AND o.review_status <> 'rejected'
            AND (o.value_text IS NOT f.value_text OR o.low_text IS NOT f.low_text OR o.comparator <> f.comparator)
          ORDER BY r.code, d.source, o.seq LIMIT 1",
    )?
    .query_row(params![fact_key, figure_id], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}
