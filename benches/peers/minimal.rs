//! The limit of loading: rows that are parsed already, written into the same schema by a plain loop.
//!
//! `minimal FROM OUT [TOGETHER]`: takes the rows of a database that reportsql made into memory, 65,536 at a time, and writes them into a
//! new one with one prepared statement a table, for so many rows at once as TOGETHER says (64), indexes and triggers after the rows, keys
//! checked. Prints the seconds of the writing alone, by the clock and of the processor (Linux alone counts those; elsewhere they are the
//! clock's again), then those of the reading.
//!
//! With one row a statement SQLite builds the lists of the CHECK constraints anew for each row, which is slower by half and more.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::time::Instant;

type Rows = Vec<Vec<Value>>;

/// So many rows are in memory at once: of five million all would take twenty gigabytes.
const HELD: usize = 65_536;

fn main() -> rusqlite::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(out)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: minimal FROM OUT [TOGETHER]");
        return Ok(());
    };
    let together: usize = arguments.next().map_or(64, |rows| rows.parse().expect("a number of rows"));
    let source = Connection::open(from)?;
    let column = |sql: &str| -> rusqlite::Result<Vec<String>> { source.prepare(sql)?.query_map([], |row| row.get(0))?.collect() };
    let tables = column("SELECT sql FROM sqlite_master WHERE type = 'table'")?;
    let names = column("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let later = column(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL ORDER BY type = 'trigger', rowid",
    )?;

    let mut writing = Watch::default();
    let (started, db) = (Instant::now(), Connection::open(out)?);
    writing.time(|| {
        db.execute_batch("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; BEGIN EXCLUSIVE;")?;
        tables.iter().try_for_each(|sql| db.execute_batch(sql))
    })?;
    for name in &names {
        let mut select = source.prepare(&format!("SELECT * FROM {name}"))?;
        let width = select.column_count();
        let row = format!("({})", vec!["?"; width].join(", "));
        let mut all = select.query_map([], |row| (0..width).map(|at| row.get(at)).collect())?;
        loop {
            let held: Rows = all.by_ref().take(HELD).collect::<rusqlite::Result<_>>()?;
            if held.is_empty() {
                break;
            }
            writing.time(|| {
                held.chunks(together).try_for_each(|rows| {
                    let mut insert = db.prepare_cached(&format!("INSERT INTO {name} VALUES {}", vec![&*row; rows.len()].join(", ")))?;
                    insert.execute(params_from_iter(rows.iter().flatten())).map(drop)
                })
            })?;
        }
    }
    writing.time(|| {
        later.iter().try_for_each(|sql| db.execute_batch(sql))?;
        assert!(!db.prepare("PRAGMA foreign_key_check")?.exists([])?, "a key leads nowhere");
        db.execute_batch("COMMIT")
    })?;
    println!("{:.3} {:.3} {:.3}", writing.wall, writing.busy, started.elapsed().as_secs_f64() - writing.wall);
    Ok(())
}

/// Seconds that some work took: by the clock, and of the processor.
#[derive(Default)]
struct Watch {
    wall: f64,
    busy: f64,
}

impl Watch {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (started, before) = (Instant::now(), processor());
        let done = work();
        let wall = started.elapsed().as_secs_f64();
        self.wall += wall;
        self.busy += processor().zip(before).map_or(wall, |(now, before)| now - before);
        done
    }
}

/// Seconds that this thread has had a processor.
fn processor() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
