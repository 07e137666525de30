//! Tells what moved between two databases.
//!
//! In:  two databases opened for reading.
//! Out: a row for each figure that is new or gone and for each field of one that changed; how many there are of each.
//!
//! Figures are known by report, document and figure_key, ids by the codes they lead to. Both databases are read in the order
//! of these keys, side by side, so that a long one needs no memory.

use super::printer::{Format, Printer};
use super::unwritten;
use crate::error::Result;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::cmp::Ordering;
use std::io::Write;

/// Where a figure is found, then what it says.
const FIGURES: &str = "
    SELECT r.code, d.source, d.name, f.figure_key, f.metric_text, f.reported,
           m.code, f.kind, f.modality, f.tier, f.comparator, f.value_text, f.low_text, f.high_text, u.code, p.code, pr.iso_code, pl.code,
           f.change_basis, f.change_mode, b.code, f.whole_text, i.path, f.review_status, f.agreement, CAST(f.is_preferred AS VARCHAR), f.note
      FROM figures f
      JOIN reports r ON r.id = f.report_id JOIN documents d ON d.id = f.document_id JOIN metrics m ON m.id = f.metric_id
      JOIN units u ON u.id = f.unit_id JOIN periods p ON p.id = f.period_id
      LEFT JOIN provinces pr ON pr.id = f.province_id LEFT JOIN places pl ON pl.id = f.place_id
      LEFT JOIN periods b ON b.id = f.base_period_id LEFT JOIN initiatives i ON i.id = f.initiative_id
     ORDER BY r.code, d.source, d.name, f.figure_key";

/// How many columns say where a figure is found, and how many what it is called.
const KEYS: usize = 4;
const NAMES: usize = 2;

/// What the columns behind are called.
const FIELDS: &[&str] = &[
    "metric",
    "kind",
    "modality",
    "tier",
    "comparator",
    "value",
    "low",
    "high",
    "unit",
    "period",
    "province",
    "place",
    "basis",
    "mode",
    "base_period",
    "whole",
    "initiative",
    "review_status",
    "agreement",
    "is_preferred",
    "note",
];

/// How much moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Figures of the second database only.
    pub new: usize,
    /// Figures of the first one only.
    pub gone: usize,
    /// Figures that say otherwise.
    pub changed: usize,
}

impl Moved {
    /// Did nothing move?
    pub fn is_nothing(&self) -> bool {
        *self == Moved::default()
    }
}

type Figure = Vec<Option<String>>;

/// Prints what moved from one database to another.
pub fn diff(before: &Connection, after: &Connection, format: Format, out: &mut dyn Write) -> Result<Moved> {
    let names = ["change", "report", "document", "figure_key", "metric_text", "reported", "field", "before", "after"];
    let mut printer = Printer::new(format, names.map(String::from).to_vec(), out)?;
    let (mut left, mut right) = (before.prepare(FIGURES)?, after.prepare(FIGURES)?);
    let (mut left, mut right) = (left.query_map([], figure)?, right.query_map([], figure)?);
    let (mut old, mut new) = (left.next().transpose()?, right.next().transpose()?);
    let mut moved = Moved::default();
    loop {
        let order = match (&old, &new) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old[..KEYS].cmp(&new[..KEYS]),
        };
        match order {
            Ordering::Less => {
                moved.gone += 1;
                line(&mut printer, "gone", old.as_ref(), ["", "", ""])?;
                old = left.next().transpose()?;
            }
            Ordering::Greater => {
                moved.new += 1;
                line(&mut printer, "new", new.as_ref(), ["", "", ""])?;
                new = right.next().transpose()?;
            }
            Ordering::Equal => {
                let mut is_changed = false;
                if let (Some(old), Some(new)) = (&old, &new) {
                    let pairs = old[KEYS + NAMES..].iter().zip(&new[KEYS + NAMES..]).zip(FIELDS);
                    for ((before, after), field) in pairs.filter(|((before, after), _)| before != after) {
                        is_changed = true;
                        let shown = |text: &Option<String>| text.clone().unwrap_or_default();
                        line(&mut printer, "changed", Some(new), [field, &shown(before), &shown(after)])?;
                    }
                }
                moved.changed += usize::from(is_changed);
                (old, new) = (left.next().transpose()?, right.next().transpose()?);
            }
        }
    }
    printer.finish()?;
    out.flush().map_err(|error| unwritten(&error))?;
    Ok(moved)
}

fn figure(row: &Row) -> rusqlite::Result<Figure> {
    (0..KEYS + NAMES + FIELDS.len()).map(|at| row.get(at)).collect()
}

fn line(printer: &mut Printer, change: &str, figure: Option<&Figure>, tail: [&str; 3]) -> Result<()> {
    let Some(figure) = figure else { return Ok(()) };
    let part = |at: usize| figure[at].as_deref().unwrap_or_default();
    let cells = [change, part(0), part(2), part(3), part(4), part(5), tail[0], tail[1], tail[2]];
    printer.row(&cells.map(|text| if text.is_empty() { ValueRef::Null } else { ValueRef::Text(text.as_bytes()) }))
}
