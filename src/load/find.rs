//! Finds a figure that a person names.
//!
//! In:  what was typed: a figure_key, its first characters, or a figure_id.
//! Out: the id of the figure; or an error that says what to type instead.

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
