//! The checks across reports, on the database.
//!
//! In:  the preferred facts, a company and a metric after the other.
//! Out: findings of no document; those that were there and are found again keep their rows.

use super::rows::{FindingRow, TableRow};
use super::store::{self, Table};
use crate::check::across::{self, Fact};
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::model::{Comparator, Finding, Kind, Period};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeSet, HashMap};

/// Looks at all facts, or at those about some metrics.
pub(super) fn check(tx: &Connection, load_id: i64, metrics: Option<&BTreeSet<i64>>, knowledge: &Knowledge) -> rusqlite::Result<()> {
    tx.execute_batch("CREATE TEMP TABLE IF NOT EXISTS looked_at (metric_id INTEGER PRIMARY KEY); DELETE FROM temp.looked_at;")?;
    for metric in metrics.into_iter().flatten() {
        tx.prepare_cached("INSERT INTO temp.looked_at VALUES (?1)")?.execute([metric])?;
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
    let sql = format!(
        "SELECT f.org_id, f.metric_id, f.id, f.report_id, f.metric_text, f.reported, f.kind, p.code, pl.code, pl.level = 'province',
                EXISTS (SELECT 1 FROM figure_places fp WHERE fp.figure_id = f.id), u.code, f.comparator, f.value_text, f.unit_mult,
                f.whole_text, f.change_mode, (SELECT code FROM periods WHERE id = f.base_period_id), r.code, f.agreement, f.fact_key
           FROM figures f JOIN periods p ON p.id = f.period_id JOIN units u ON u.id = f.unit_id JOIN reports r ON r.id = f.report_id
           LEFT JOIN places pl ON pl.id = f.place_id
          WHERE f.is_preferred = 1 AND f.tier = 'core' AND f.modality = 'actual' AND f.value_text IS NOT NULL
            AND f.kind IN ('level', 'change', 'share') AND f.review_status NOT IN ('rejected', 'accepted') {only}
          ORDER BY f.org_id, f.metric_id, r.code, f.seq, f.id"
    );
    let mut select = tx.prepare(&sql)?;
    let mut rows = select.query([])?;
    let mut group = Group::default();
    while let Some(row) = rows.next()? {
        let key = (row.get(0)?, row.get(1)?);
        if key != group.key {
            tell(&group, knowledge, &mut found);
            group = Group { key, ..Group::default() };
        }
        if let Some(fact) = fact(tx, row)? {
            group.ids.push((row.get(2)?, row.get(3)?));
            group.facts.push(fact);
        }
    }
    tell(&group, knowledge, &mut found);
    drop(rows);

    let mut table = Table::<FindingRow>::open(tx, load_id)?;
    let mut next_id: i64 = tx.query_row("SELECT COALESCE(max(id), 0) + 1 FROM findings", [], |row| row.get(0))?;
    let mut by_key: HashMap<String, Vec<(i64, FindingRow)>> = HashMap::new();
    for (id, row) in old {
        by_key.entry(row.key()).or_default().push((id, row));
    }
    for row in found {
        let known = by_key.get_mut(&row.key()).and_then(|rows| Some((rows.iter().position(|(_, old)| *old == row)?, rows)));
        if let Some((at, rows)) = known {
            rows.swap_remove(at);
        } else {
            table.insert(next_id, row)?;
            next_id += 1;
        }
    }
    table.flush()?;
    by_key.into_values().flatten().try_for_each(|(id, _)| store::delete(tx, FindingRow::TABLE, id))
}

/// What one company states of one metric.
#[derive(Default)]
struct Group {
    /// Company and metric.
    key: (i64, i64),
    /// Figure and report of each fact.
    ids: Vec<(i64, i64)>,
    facts: Vec<Fact>,
}

fn tell(group: &Group, knowledge: &Knowledge, found: &mut Vec<FindingRow>) {
    for finding in across::findings(&group.facts, knowledge) {
        let Finding { code, severity, figure, page, message_en, message_hans, detail } = finding;
        let Some((figure_id, report_id)) = figure.and_then(|at| group.ids.get(at)).copied() else { continue };
        found.push(FindingRow {
            code: code.to_string(),
            severity: severity.word().to_string(),
            report_id,
            document_id: None,
            figure_id: Some(figure_id),
            page_no: page,
            message_en,
            message_hans,
            detail,
        });
    }
}

fn fact(tx: &Connection, row: &Row) -> rusqlite::Result<Option<Fact>> {
    let text = |at: usize| row.get::<_, String>(at);
    let maybe = |at: usize| row.get::<_, Option<String>>(at);
    let (kind, comparator, period) = (text(6)?, text(12)?, text(7)?);
    let words = (Kind::from_word(&kind), Comparator::from_word(&comparator), Period::from_code(&period), text(13)?.parse::<Decimal>());
    let (Some(kind), Some(comparator), Some(period), Ok(value)) = words else { return Ok(None) };
    let (agreement, raw) = (text(19)?, text(5)?);
    let other = match agreement.as_str() {
        "conflict" => other(tx, &text(20)?, row.get(2)?)?,
        _ => None,
    };
    Ok(Some(Fact {
        metric: text(4)?,
        raw,
        kind,
        period,
        place: maybe(8)?,
        is_province: row.get::<_, Option<bool>>(9)?.unwrap_or_default(),
        is_spread: row.get(10)?,
        unit: text(11)?,
        comparator,
        value,
        scale: row.get(14)?,
        whole: maybe(15)?,
        mode: maybe(16)?,
        base: maybe(17)?.as_deref().and_then(Period::from_code),
        report: text(18)?,
        other,
    }))
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
