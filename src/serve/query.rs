//! Answers SQL, and only reads.
//!
//! In:  statements, values of their parameters, a database opened for reading.
//! Out: their rows in a format, a row at a time where the format allows; what each took.
//!
//! Two locks hold writes off: the connection is opened for reading, and an authorizer refuses whatever is no reading, with the
//! reason, before anything runs (`refusal`). The second also keeps other files out of reach (`ATTACH`, `VACUUM INTO`). `statements`
//! splits a text, `mistake` marks the place of an error in it, `limits` ends what takes too long.

mod limits;
mod mistake;
mod parameters;
mod refusal;
pub mod statements;
mod workbook;

pub use super::printer::Format;
use super::printer::Printer;
use super::unwritten;
use crate::error::{Error, Result};
pub use limits::Limits;
use limits::Watch;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};
use statements::{Piece, pieces};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
pub use workbook::Workbook;

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Rows that were printed.
    pub rows: u64,
    /// Were there more than the limit allows?
    pub is_cut: bool,
    /// Time spent in SQLite, that of printing left out.
    pub time: Duration,
}

impl Ran {
    /// What is told of rows that were left out; `asked` says that somebody wanted so many and no more.
    pub fn note(&self, asked: bool) -> Option<String> {
        let more = if asked { "" } else { "; a limit of your own takes more, a format like csv any number" };
        self.is_cut.then(|| format!("stopped after {}, there are more{more}", rows(self.rows)))
    }

    /// `12 rows in 3.42 ms`, `1 row in 12.1 s`
    pub fn timing(&self) -> String {
        let seconds = self.time.as_secs_f64();
        let time = if seconds < 1.0 { format!("{:.2} ms", 1000.0 * seconds) } else { format!("{seconds:.1} s") };
        format!("{} in {time}", rows(self.rows))
    }
}

fn rows(count: u64) -> String {
    format!("{count} row{}", if count == 1 { "" } else { "s" })
}

/// A database that answers and cannot be written to.
pub struct Reader<'d> {
    db: &'d Connection,
    /// What the statement that is prepared just now would do beside reading.
    refusal: Arc<Mutex<Option<String>>>,
    watch: Arc<Watch>,
}

impl<'d> Reader<'d> {
    /// Takes a connection that is used for nothing else from here on.
    pub fn new(db: &'d mut Connection) -> Result<Reader<'d>> {
        let refusal = Arc::new(Mutex::new(None));
        let watch = Arc::new(Watch::default());
        refusal::guard(db, Arc::clone(&refusal))?;
        limits::guard(db, Arc::clone(&watch))?;
        Ok(Reader { db, refusal, watch })
    }

    /// The database, to look names up in.
    pub fn db(&self) -> &Connection {
        self.db
    }

    /// What ends the running statement when it is called, from another thread or a signal; it says whether there was one.
    pub fn stopper(&self) -> impl Fn() -> bool + Send + Sync + 'static {
        let watch = Arc::clone(&self.watch);
        move || watch.stop()
    }

    /// Runs the statements of a text and prints their rows; after each one `after` is told what it took.
    ///
    /// `parameters` are names (without `:`) and values; a value that is a plain number is given to SQLite as one. Nothing runs
    /// unless all statements are free of errors, read only and have values for all their parameters, and the format can hold the
    /// rows of that many. An error marks its place in the text.
    pub fn run(
        &self,
        text: &str,
        parameters: &[(String, String)],
        format: Format,
        limits: &Limits,
        out: &mut dyn Write,
        after: &mut dyn FnMut(Ran),
    ) -> Result<()> {
        let mut statements = self.prepared(text, parameters)?;
        if statements.len() > 1 && !format.takes_several() {
            let count = statements.len();
            return Err(Error::usage(format!(
                "this format holds the rows of one statement, and there are {count}; run them one by one, or take table, markdown or jsonl"
            )));
        }
        for (at, (statement, piece)) in statements.iter_mut().enumerate() {
            if at > 0 && format.holds_rows() {
                writeln!(out).map_err(|error| unwritten(&error))?;
            }
            let mut printer = Printer::new(format, names(statement), out)?;
            let ran = self.rows(text, piece, statement, limits, &mut |cells| printer.row(cells))?;
            printer.finish()?;
            after(ran);
        }
        Ok(())
    }

    /// The same into a workbook, a sheet for each statement.
    pub fn fill(
        &self,
        text: &str,
        parameters: &[(String, String)],
        limits: &Limits,
        book: &mut Workbook,
        after: &mut dyn FnMut(Ran),
    ) -> Result<()> {
        for (statement, piece) in &mut self.prepared(text, parameters)? {
            book.begin(&names(statement))?;
            after(self.rows(text, piece, statement, limits, &mut |cells| book.row(cells))?);
        }
        Ok(())
    }

    /// The statements of a text, ready to run.
    fn prepared<'t>(&self, text: &'t str, parameters: &[(String, String)]) -> Result<Vec<(Statement<'d>, Piece<'t>)>> {
        let pieces = pieces(text);
        if pieces.is_empty() {
            return Err(Error::usage("the SQL is empty; expected a SELECT"));
        }
        let mut statements = pieces.iter().map(|piece| self.prepare(text, piece)).collect::<Result<Vec<_>>>()?;
        parameters::bind(&mut statements, parameters)?;
        Ok(statements.into_iter().zip(pieces).collect())
    }

    fn prepare(&self, text: &str, piece: &Piece<'_>) -> Result<Statement<'d>> {
        let statement = self.db.prepare(piece.sql).map_err(|error| self.explained(error, text, piece))?;
        if !statement.readonly() {
            return Err(refusal::refused("write"));
        }
        if statement.column_count() == 0 {
            return Err(Error::failed("the statement gives no columns; expected a SELECT"));
        }
        Ok(statement)
    }

    /// Runs a statement and hands its rows out.
    fn rows(
        &self,
        text: &str,
        piece: &Piece<'_>,
        statement: &mut Statement<'_>,
        limits: &Limits,
        take: &mut dyn FnMut(&[ValueRef<'_>]) -> Result<()>,
    ) -> Result<Ran> {
        let width = statement.column_count();
        let (mut count, mut is_cut) = (0, false);
        let running = self.watch.start(limits.time);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| self.explained(error, text, piece))? {
            if limits.rows.is_some_and(|most| count >= most) {
                is_cut = true;
                break;
            }
            let cells = (0..width).map(|at| row.get_ref(at)).collect::<rusqlite::Result<Vec<_>>>()?;
            running.pause(|| take(&cells))?;
            count += 1;
        }
        Ok(Ran { rows: count, is_cut, time: running.end() })
    }

    /// An error of SQLite, as it is told: what was refused, what ended the statement, or a mistake with its place.
    fn explained(&self, error: rusqlite::Error, text: &str, piece: &Piece<'_>) -> Error {
        if let Some(why) = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return refusal::refused(&why);
        }
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::OperationInterrupted) => self.watch.ended(),
            _ => mistake::placed(error, self.db, text, piece),
        }
    }
}

fn names(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(String::from).collect()
}

/// Checks that a statement only reads and has no error, and lets the connection do nothing but read from here on.
pub(super) fn check(db: &mut Connection, sql: &str) -> Result<()> {
    let reader = Reader::new(db)?;
    let pieces = pieces(sql);
    pieces.iter().try_for_each(|piece| reader.prepare(sql, piece).map(drop))?;
    if pieces.len() == 1 { Ok(()) } else { Err(Error::usage(format!("expected one statement and not {}", pieces.len()))) }
}

/// Runs one statement of the program's own, without limits.
pub fn query(db: &mut Connection, sql: &str, parameters: &[(String, String)], format: Format, out: &mut dyn Write) -> Result<()> {
    Reader::new(db)?.run(sql, parameters, format, &Limits::default(), out, &mut |_| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn db() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE figures (metric TEXT, value DOUBLE, year INTEGER);
             CREATE TABLE units (symbol TEXT);
             INSERT INTO figures VALUES ('4G基站', 1410000.0, 2019), ('a,b|c', 25.2, NULL);",
        )
        .unwrap();
        db
    }

    #[track_caller]
    fn check(format: Format, sql: &str, parameters: &[(&str, &str)], expect: &str) {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let mut out = Vec::new();
        query(&mut db(), sql, &parameters, format, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn rows_are_written_in_every_format() {
        let all = "SELECT * FROM figures";
        check(Format::Table, all, &[], "metric    value  year\n──────  ───────  ────\n4G基站  1410000  2019\na,b|c      25.2\n");
        check(Format::Csv, all, &[], "metric,value,year\n4G基站,1410000,2019\n\"a,b|c\",25.2,\n");
        check(Format::Tsv, all, &[], "metric\tvalue\tyear\n4G基站\t1410000\t2019\na,b|c\t25.2\t\n");
        let first = r#"{"metric":"4G基站","value":1410000.0,"year":2019}"#;
        let second = r#"{"metric":"a,b|c","value":25.2,"year":null}"#;
        check(Format::Json, all, &[], &format!("[\n{first},\n{second}\n]\n"));
        check(Format::Jsonl, all, &[], &format!("{first}\n{second}\n"));
        check(Format::Json, "SELECT * FROM figures WHERE 0", &[], "[]\n");
        check(Format::Jsonl, "SELECT 1 AS a, 2 AS a", &[], "{\"a\":1,\"a_2\":2}\n");
    }

    #[test]
    fn parameters_are_numbers_where_they_look_so() {
        check(Format::Csv, "SELECT value FROM figures WHERE year = :y + 1", &[("y", "2018")], "value\n1410000\n");
        check(
            Format::Csv,
            "SELECT typeof(:a), typeof(@b), typeof($c)",
            &[("a", "1.5"), ("b", "007"), ("c", "")],
            "typeof(:a),typeof(@b),typeof($c)\nreal,text,text\n",
        );
    }

    #[track_caller]
    fn check_error(sql: &str, parameters: &[(&str, &str)], part: &str) {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let message = query(&mut db(), sql, &parameters, Format::Csv, &mut Vec::new()).unwrap_err().to_string();
        assert!(message.contains(part), "{sql}: {message}");
    }

    #[test]
    fn whatever_writes_is_refused_with_the_reason() {
        check_error("DELETE FROM figures", &[], "query only reads, and this statement would delete from 「figures」");
        check_error("UPDATE figures SET year = 1", &[], "update 「figures」");
        check_error("INSERT INTO figures VALUES (1, 2, 3) RETURNING metric", &[], "insert into 「figures」");
        check_error("WITH x AS (SELECT 1) DELETE FROM figures", &[], "delete from");
        check_error("DROP TABLE figures", &[], "change the schema");
        check_error("CREATE TABLE t (a)", &[], "change the schema");
        check_error("CREATE TEMP TABLE t (a)", &[], "change the schema");
        check_error("ATTACH '/tmp/other.db' AS o", &[], "open another file");
        check_error("VACUUM INTO '/tmp/reportsql-never.db'", &[], "query only reads");
        check_error("PRAGMA user_version = 3", &[], "set PRAGMA user_version");
        check_error("PRAGMA writable_schema = 1", &[], "set PRAGMA writable_schema");
        check_error("BEGIN", &[], "transaction");
        assert!(!std::path::Path::new("/tmp/reportsql-never.db").exists());
    }

    #[test]
    fn reading_pragmas_are_allowed() {
        check(Format::Csv, "SELECT name FROM pragma_table_info('figures')", &[], "name\nmetric\nvalue\nyear\n");
        check(Format::Csv, "PRAGMA user_version", &[], "user_version\n0\n");
        check(
            Format::Csv,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) AS s FROM n",
            &[],
            "s\n6\n",
        );
    }

    #[test]
    fn an_error_marks_its_place_under_chinese_too() {
        check_error(
            "SELECT '基站' AS n,\n  metrik FROM figures",
            &[],
            "no such column: metrik; the nearest is 「metric」\n2 |   metrik FROM figures\n  |   ^",
        );
        check_error("SELECT '基站', FROM figures", &[], "\n1 | SELECT '基站', FROM figures\n  |                ^");
        check_error("SELECT symbol FROM figures", &[], "no such column: symbol; there is one in units\n1 | SELECT symbol");
        check_error("SELECT * FROM figure", &[], "no such table: figure; the nearest is 「figures」");
        check_error("SELECT 1; SELECT 2", &[], "holds the rows of one statement, and there are 2");
        check_error("SELECT summ(value) FROM figures", &[], "no such function: summ; the nearest is 「sum」");
        check_error(
            "SELECT (1 -- one\n",
            &[],
            "incomplete input: a bracket, a value or a word is missing at the end\n1 | SELECT (1 -- one\n  | ",
        );
        check_error("  -- nothing", &[], "the SQL is empty");
    }

    #[test]
    fn every_parameter_has_a_value_and_every_value_a_parameter() {
        check_error("SELECT :year", &[], "the parameter :year has no value; add -p year=VALUE");
        check_error("SELECT 1", &[("year", "2019")], "no parameter :year");
        check_error("SELECT ?", &[], "without a name");
    }

    #[test]
    fn statements_run_one_after_the_other_and_an_error_of_the_last_keeps_the_first_from_running() {
        let several = "SELECT year FROM figures WHERE year > :y;\nSELECT :y AS y, 'a;b' AS t;";
        check(Format::Table, several, &[("y", "2000")], "year\n────\n2019\n\n   y  t\n────  ───\n2000  a;b\n");
        check(Format::Jsonl, several, &[("y", "2000")], "{\"year\":2019}\n{\"y\":2000,\"t\":\"a;b\"}\n");
        let mut out = Vec::new();
        let error = query(&mut db(), "SELECT 1;\n\nSELECT '基', metrik FROM figures", &[], Format::Table, &mut out).unwrap_err();
        assert!(error.to_string().contains("\n3 | SELECT '基', metrik FROM figures\n  |              ^"), "{error}");
        assert!(out.is_empty());
    }

    const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT ";

    #[test]
    fn what_never_ends_is_ended() {
        let mut db = db();
        let reader = Reader::new(&mut db).unwrap();
        let limits = Limits { time: Some(Duration::from_millis(50)), rows: None };
        let run = |sql: &str| reader.run(sql, &[], Format::Jsonl, &limits, &mut std::io::sink(), &mut |_| {});
        let error = run(&format!("{ENDLESS} count(*) FROM n")).unwrap_err().to_string();
        assert!(error.contains("stopped after 0.05 s; --timeout"), "{error}");
        assert!(run(&format!("{ENDLESS} i FROM n")).is_err());
        run("SELECT 1").unwrap();
    }

    #[test]
    fn time_spent_on_printing_does_not_count() {
        struct Slow;
        impl Write for Slow {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                std::thread::sleep(Duration::from_millis(30));
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut db = db();
        let reader = Reader::new(&mut db).unwrap();
        let limits = Limits::default();
        let mut took = Duration::MAX;
        let started = std::time::Instant::now();
        reader.run("SELECT 1", &[], Format::Jsonl, &limits, &mut Slow, &mut |ran| took = ran.time).unwrap();
        assert!(started.elapsed() >= Duration::from_millis(30) && took < started.elapsed(), "{took:?}");
    }

    #[test]
    fn another_thread_can_stop_it() {
        let mut db = db();
        let reader = Reader::new(&mut db).unwrap();
        let stop = reader.stopper();
        let (done, waiting) = std::sync::mpsc::channel::<()>();
        // What stops it before it starts is undone by the start, so it is stopped until it says so.
        std::thread::spawn(move || {
            while waiting.recv_timeout(Duration::from_millis(5)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                stop();
            }
        });
        let error = reader
            .run(&format!("{ENDLESS} count(*) FROM n"), &[], Format::Csv, &Limits::default(), &mut std::io::sink(), &mut |_| {})
            .unwrap_err();
        assert_eq!(error.to_string(), "interrupted");
        drop(done);
    }

    #[test]
    fn rows_end_at_their_limit() {
        let mut db = db();
        let reader = Reader::new(&mut db).unwrap();
        for (most, rows, is_cut) in [(1, 1, true), (2, 2, false), (0, 0, true)] {
            let mut ran = Vec::new();
            let limits = Limits { time: None, rows: Some(most) };
            reader.run("SELECT * FROM figures", &[], Format::Csv, &limits, &mut std::io::sink(), &mut |each| ran.push(each)).unwrap();
            assert_eq!((ran[0].rows, ran[0].is_cut), (rows, is_cut));
        }
    }
}
