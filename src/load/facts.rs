//! From statements to facts, and the doubts among them: all that is said of one metric, a metric after the other.
//!
//! In:  the figures of all metrics, or of those that a load has to do with.
//! Out: verdicts, links and findings, written where the database does not say so already.
//!
//! Each figure is read once: `resolve` decides over the statements of a fact, then `across` looks at the facts of a company.

use super::across::{Names, Stated, Told};
use super::corrections::Corrections;
use super::dimensions::Dimensions;
use super::resolve::{self, Court, Statement, Verdict};
use super::rows::{FindingRow, TableRow};
use super::{across, store};
use crate::knowledge::Knowledge;
use foldhash::HashMap;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// What is said of one metric.
#[derive(Default)]
struct Metric {
    id: i64,
    /// By what they answer.
    facts: HashMap<String, Fact>,
}

/// The statements of one fact, each with what the checks look at, if they do.
#[derive(Default)]
struct Fact {
    org_id: i64,
    statements: Vec<Statement>,
    stated: Vec<Option<Stated>>,
}

/// What has to be written.
#[derive(Default)]
struct Outcome {
    verdicts: Vec<(i64, Verdict)>,
    links: Vec<(i64, i64)>,
    found: Vec<FindingRow>,
}

/// Decides over all facts and looks at them, or at those about some metrics.
pub(super) fn settle(
    tx: &Connection,
    load_id: i64,
    metrics: Option<&BTreeSet<i64>>,
    dimensions: &Dimensions,
    corrections: &Corrections,
    knowledge: &Knowledge,
) -> rusqlite::Result<()> {
    tx.execute_batch("CREATE TEMP TABLE IF NOT EXISTS looked_at (metric_id INTEGER PRIMARY KEY, counts_as INTEGER NOT NULL); DELETE FROM temp.looked_at;")?;
    let mut insert = tx.prepare("INSERT INTO temp.looked_at (metric_id, counts_as) VALUES (?1, ?2)")?;
    for (metric, counts_as) in dimensions.counted(metrics) {
        insert.execute([metric, counts_as])?;
    }
    let both = match metrics {
        // The table is read from end to end and what is needed of it sorted: by the index, each row would be looked for.
        None => "figures f NOT INDEXED CROSS JOIN temp.looked_at l",
        Some(_) => "temp.looked_at l CROSS JOIN figures f",
    };
    let mut select = tx.prepare(&format!(
        "SELECT {}, {}, l.counts_as, f.org_id, f.fact_key FROM {both} WHERE f.metric_id = l.metric_id ORDER BY l.counts_as",
        resolve::COLUMNS.join(", "),
        across::COLUMNS.join(", "),
    ))?;
    let first = resolve::COLUMNS.len();
    let last = first + across::COLUMNS.len();
    let court = Court::new(tx, corrections)?;
    let names = Names::read(tx)?;
    let (mut metric, mut outcome) = (Metric::default(), Outcome::default());
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let id = row.get(last)?;
        if id != metric.id {
            metric.close(tx, knowledge, &mut outcome)?;
            metric.id = id;
        }
        let statement = court.statement(row)?;
        let stated = names.stated(row, first, &statement)?;
        let key = row.get_ref(last + 2)?.as_str()?;
        let fact = match metric.facts.get_mut(key) {
            Some(fact) => fact,
            None => metric.facts.entry(key.to_string()).or_insert(Fact { org_id: row.get(last + 1)?, ..Fact::default() }),
        };
        fact.statements.push(statement);
        fact.stated.push(stated);
    }
    metric.close(tx, knowledge, &mut outcome)?;
    drop(rows);
    outcome.write(tx, load_id)
}

impl Metric {
    /// Decides over its facts and looks at those that are shown, a company after the other.
    fn close(&mut self, tx: &Connection, knowledge: &Knowledge, outcome: &mut Outcome) -> rusqlite::Result<()> {
        let mut told: BTreeMap<i64, Told> = BTreeMap::new();
        for Fact { org_id, mut statements, stated } in self.facts.drain().map(|(_, fact)| fact) {
            outcome.links.extend(resolve::judge(&mut statements));
            outcome.verdicts.extend(resolve::moved(&statements));
            for (at, mut stated) in stated.into_iter().enumerate().filter_map(|(at, stated)| Some((at, stated?))) {
                if !statements[at].is_shown() {
                    continue;
                }
                stated.fact.other = match resolve::contrary(&statements, at) {
                    Some(other) => Some((reported(tx, other.id)?, other.source())),
                    None => None,
                };
                told.entry(org_id).or_default().push(stated);
            }
        }
        told.into_values().for_each(|told| across::tell(told, knowledge, &mut outcome.found));
        Ok(())
    }
}

impl Outcome {
    /// Writes what the database does not say, and takes away what is so no more.
    ///
    /// Verdicts are written in the order of the rows, when all are known: in the order of the facts each of them would read and
    /// write a page of its own.
    fn write(mut self, tx: &Connection, load_id: i64) -> rusqlite::Result<()> {
        self.verdicts.sort_unstable_by_key(|(id, _)| *id);
        self.links.sort_unstable();
        let columns: Vec<String> = FindingRow::COLUMNS.iter().map(|column| format!("n.{column}")).collect();
        let old: Vec<(i64, FindingRow)> = tx
            .prepare(&format!(
                "SELECT n.id, {} FROM findings n JOIN figures f ON f.id = n.figure_id JOIN temp.looked_at l ON l.metric_id = f.metric_id
                  WHERE n.document_id IS NULL ORDER BY n.id",
                columns.join(", ")
            ))?
            .query_map([], |row| Ok((row.get(0)?, FindingRow::read(row, 1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        resolve::write(tx, &self.verdicts, &self.links)?;
        store::renew(tx, load_id, old, self.found)
    }
}

/// How a figure stands in its report.
fn reported(tx: &Connection, figure_id: i64) -> rusqlite::Result<String> {
    tx.prepare_cached("SELECT reported FROM figures WHERE id = ?1")?.query_row([figure_id], |row| row.get(0))
}
