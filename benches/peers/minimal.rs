//! The limit of loading: rows that are parsed already, written into the same schema by a plain loop.
//!
//! `minimal FROM OUT`: takes every row of a database that reportsql made into memory, then writes them into a new one with one
//! prepared statement a table, indexes and triggers after the rows, keys checked. Prints the seconds of the writing, then those of the reading.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::time::Instant;

type Rows = Vec<Vec<Value>>;

fn main() -> rusqlite::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(out)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: minimal FROM OUT");
        return Ok(());
    };
    let started = Instant::now();
    let source = Connection::open(from)?;
    let column = |sql: &str| -> rusqlite::Result<Vec<String>> { source.prepare(sql)?.query_map([], |row| row.get(0))?.collect() };
    let tables = column("SELECT sql FROM sqlite_master WHERE type = 'table'")?;
    let names = column("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let later = column(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL ORDER BY type = 'trigger', rowid",
    )?;
    let mut all: Vec<(String, usize, Rows)> = Vec::new();
    for name in names {
        let mut select = source.prepare(&format!("SELECT * FROM {name}"))?;
        let width = select.column_count();
        let rows = select.query_map([], |row| (0..width).map(|at| row.get(at)).collect())?.collect::<rusqlite::Result<_>>()?;
        all.push((name, width, rows));
    }
    let reading = started.elapsed();

    let started = Instant::now();
    let db = Connection::open(out)?;
    db.execute_batch("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; BEGIN EXCLUSIVE;")?;
    tables.iter().try_for_each(|sql| db.execute_batch(sql))?;
    for (name, width, rows) in &all {
        let mut insert = db.prepare(&format!("INSERT INTO {name} VALUES ({})", vec!["?"; *width].join(", ")))?;
        for row in rows {
            insert.execute(params_from_iter(row))?;
        }
    }
    later.iter().try_for_each(|sql| db.execute_batch(sql))?;
    assert!(!db.prepare("PRAGMA foreign_key_check")?.exists([])?, "a key leads nowhere");
    db.execute_batch("COMMIT")?;
    println!("{:.3} {:.3}", started.elapsed().as_secs_f64(), reading.as_secs_f64());
    Ok(())
}
