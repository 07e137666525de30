//! Tells what a database holds: the SQL that made it, with its comments, or the dictionary of its columns.
//!
//! In:  a database opened for reading, perhaps the name of a table or view.
//! Out: SQL that would make the same tables again, or rows of `data_dictionary`.

use super::nearest::nearest;
use super::query::{self, Format};
use super::unwritten;
use crate::error::{Error, Result};
use crate::message::message;
use rusqlite::Connection;
use std::io::Write;

/// Prints the SQL of a table or view with its indexes and triggers, or of all.
pub fn sql(db: &Connection, table: Option<&str>, out: &mut dyn Write) -> Result<()> {
    let table = table.map(|table| known(db, table)).transpose()?;
    let mut statement = db.prepare(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND (?1 IS NULL OR tbl_name = ?1) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid",
    )?;
    let mut rows = statement.query([table])?;
    while let Some(row) = rows.next()? {
        writeln!(out, "{};\n", row.get::<_, String>(0)?).map_err(|error| unwritten(&error))?;
    }
    Ok(())
}

/// Prints the dictionary of a table's columns, or of all.
pub fn dictionary(db: &mut Connection, table: Option<&str>, format: Format, out: &mut dyn Write) -> Result<()> {
    let mut parameters = Vec::new();
    let mut sql = String::from("SELECT * FROM data_dictionary");
    if let Some(table) = table {
        parameters.push(("table".to_string(), known(db, table)?));
        sql += " WHERE table_name = :table";
    }
    query::query(db, &sql, &parameters, format, out)
}

/// The name of a table or view as the database writes it; fails, naming the nearest, where there is none.
pub(super) fn known(db: &Connection, typed: &str) -> Result<String> {
    let names: Vec<String> = db
        .prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(typed)) {
        return Ok(name.clone());
    }
    Err(Error::failed(match nearest(typed, &names) {
        Some(nearest) => message!("error-relation-missing", name = typed, nearest = nearest),
        None => message!("error-relation-unknown", name = typed),
    }))
}
