//! The limit of loading: rows that are parsed already, written into the same schema by a plain loop.
//!
//! `minimal FROM OUT [TOGETHER]`: takes every row of a database that reportsql made into memory, then writes them into a new one with
//! one prepared statement a table, for so many rows at once as TOGETHER says (64), indexes and triggers after the rows, keys checked.
//! Prints the seconds of the writing, by the clock and of the processor (Linux alone counts those; elsewhere they are the clock's again),
//! then those of the reading.
//!
//! With one row a statement SQLite builds the lists of the CHECK constraints anew for each row, which is slower by half and more.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::time::Instant;

type Rows = Vec<Vec<Value>>;

fn main() -> rusqlite::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(out)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: minimal FROM OUT [TOGETHER]");
        return Ok(());
    };
    let together: usize = arguments.next().map_or(64, |rows| rows.parse().expect("a number of rows"));
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

    let (started, busy) = (Instant::now(), processor());
    let db = Connection::open(out)?;
    db.execute_batch("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; BEGIN EXCLUSIVE;")?;
    tables.iter().try_for_each(|sql| db.execute_batch(sql))?;
    for (name, width, rows) in &all {
        let row = format!("({})", vec!["?"; *width].join(", "));
        for rows in rows.chunks(together) {
            let mut insert = db.prepare_cached(&format!("INSERT INTO {name} VALUES {}", vec![&*row; rows.len()].join(", ")))?;
            insert.execute(params_from_iter(rows.iter().flatten()))?;
        }
    }
    later.iter().try_for_each(|sql| db.execute_batch(sql))?;
    assert!(!db.prepare("PRAGMA foreign_key_check")?.exists([])?, "a key leads nowhere");
    db.execute_batch("COMMIT")?;
    let wall = started.elapsed().as_secs_f64();
    let busy = processor().zip(busy).map_or(wall, |(now, before)| now - before);
    println!("{wall:.3} {busy:.3} {:.3}", reading.as_secs_f64());
    Ok(())
}

/// Seconds that this thread has had a processor.
fn processor() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
