//! Finds a figure or report that a person names.
//!
//! In:  what was typed: a figure_key, its first characters, or a figure_id; the code of a report.
//! Out: its id; or an error that says what to type instead.

use crate::error::{Error, Result};
use crate::message::message;
use rusqlite::{Connection, OptionalExtension};

/// The id of the figure that is meant.
pub fn figure(db: &Connection, figure: &str) -> Result<i64> {
    let found = match figure.parse::<i64>() {
        Ok(id) => db.query_row("SELECT id FROM figures WHERE id = ?1", [id], |row| row.get(0)).optional()?,
        Err(_) => {
            // Keys are hexadecimal behind their first letter, so all that begin so lie before the next letter.
            let mut statement = db.prepare(
                "SELECT id FROM figures WHERE figure_key >= ?1 AND figure_key < ?1 || 'g' ORDER BY figure_key = ?1 DESC LIMIT 2",
            )?;
            let ids = statement.query_map([figure], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
            let exact = db.query_row("SELECT 1 FROM figures WHERE figure_key = ?1", [figure], |_| Ok(())).optional()?.is_some();
            if ids.len() > 1 && !exact {
                return Err(Error::failed(message!("error-figure-ambiguous", figure = figure)));
            }
            ids.first().copied()
        }
    };
    found.ok_or_else(|| {
        let query = "reportsql query \"SELECT figure_key, reported, sentence FROM flat_figures\"";
        Error::failed(message!("error-figure-missing", figure = figure, query = query))
    })
}

/// How many reports an error lists.
const LISTED: usize = 12;

/// The id of the report of that code.
pub fn report(db: &Connection, code: &str) -> Result<i64> {
    let found = db.query_row("SELECT id FROM reports WHERE code = ?1", [code], |row| row.get(0)).optional()?;
    match found {
        Some(id) => Ok(id),
        None => {
            let codes = db
                .prepare("SELECT code FROM reports ORDER BY code")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            let there = match &codes[..] {
                [] => "the database has none".to_string(),
                few if few.len() <= LISTED => format!("there are {}", few.join(", ")),
                many => format!("there are {} and {} more", many[..LISTED].join(", "), many.len() - LISTED),
            };
            Err(Error::failed(format!("there is no report 「{code}」; {there}")))
        }
    }
}
