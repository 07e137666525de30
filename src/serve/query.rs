//! Answers SQL, and only reads.
//!
//! In:  one statement, values of its parameters, a database opened for reading.
//! Out: its rows as a table, CSV, TSV, JSON, JSON lines or Markdown, a row at a time where the format allows.
//!
//! Two locks hold writes off: the connection is opened for reading, and an authorizer refuses whatever is no reading, with the
//! reason, before anything runs. The second also keeps other files out of reach (`ATTACH`, `VACUUM INTO`).

use super::nearest::nearest;
use super::table::Table;
use super::{cell, unwritten};
use crate::error::{Error, Result};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Statement};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use unicode_width::UnicodeWidthStr;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns that line up, for the terminal
    Table,
    /// CSV with a header row
    Csv,
    /// The same with tabs
    Tsv,
    /// One JSON array of objects
    Json,
    /// One JSON object a line
    Jsonl,
    /// A table of Markdown
    Markdown,
}

/// Runs a statement that reads and prints its rows.
///
/// `parameters` are names (without `:`) and values; a value that is a plain number is given to SQLite as one. Fails where the
/// SQL has an error (the message marks the place), would write, is more than one statement, or where a parameter has no value.
pub fn query(db: &mut Connection, sql: &str, parameters: &[(String, String)], format: Format, out: &mut dyn Write) -> Result<()> {
    let refusal = only_reads(db)?;
    let explained = |error| refusal.explained(error, db, sql);
    let mut statement = prepared(db, sql, &refusal)?;
    bind(&mut statement, parameters)?;
    let names: Vec<String> = statement.column_names().map(String::from).collect();
    let mut printer = Printer::new(format, names, out)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(explained)? {
        let cells = (0..printer.names.len()).map(|at| row.get_ref(at)).collect::<rusqlite::Result<Vec<_>>>()?;
        printer.row(&cells)?;
    }
    printer.finish()
}

/// Checks that a statement only reads and has no error, and lets the connection do nothing but read from here on.
pub(super) fn check(db: &mut Connection, sql: &str) -> Result<()> {
    let refusal = only_reads(db)?;
    prepared(db, sql, &refusal).map(drop)
}

/// Why the last statement was refused, where it was.
struct Refusal(Arc<Mutex<Option<String>>>);

impl Refusal {
    fn explained(&self, error: rusqlite::Error, db: &Connection, sql: &str) -> Error {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(why) => refused(&why),
            None => placed(error, db, sql),
        }
    }
}

/// Lets a connection do nothing but read.
fn only_reads(db: &mut Connection) -> Result<Refusal> {
    let refusal = Refusal(Arc::new(Mutex::new(None)));
    let reason = Arc::clone(&refusal.0);
    db.authorizer(Some(move |context: AuthContext<'_>| match writing(&context.action) {
        None => Authorization::Allow,
        Some(why) => {
            reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
            Authorization::Deny
        }
    }))?;
    Ok(refusal)
}

/// A statement that reads.
fn prepared<'c>(db: &'c Connection, sql: &str, refusal: &Refusal) -> Result<Statement<'c>> {
    let statement = db.prepare(sql).map_err(|error| refusal.explained(error, db, sql))?;
    if !statement.readonly() {
        return Err(refused("write"));
    }
    if statement.column_count() == 0 {
        return Err(Error::failed("the statement gives no columns; expected a SELECT"));
    }
    Ok(statement)
}

fn refused(why: &str) -> Error {
    Error::failed(format!("query only reads, and this statement would {why}; change a database in an SQLite client, or load into it"))
}

// ------------------------------------------------------------------ what is no reading

/// PRAGMAs that tell and change nothing; those marked take the name of what they tell about.
const PRAGMAS: &[(&str, bool)] = &[
    ("application_id", false),
    ("collation_list", false),
    ("compile_options", false),
    ("data_version", false),
    ("database_list", false),
    ("encoding", false),
    ("foreign_key_check", true),
    ("foreign_key_list", true),
    ("freelist_count", false),
    ("function_list", false),
    ("index_info", true),
    ("index_list", true),
    ("index_xinfo", true),
    ("integrity_check", true),
    ("journal_mode", false),
    ("module_list", false),
    ("page_count", false),
    ("page_size", false),
    ("pragma_list", false),
    ("quick_check", true),
    ("schema_version", false),
    ("table_info", true),
    ("table_list", true),
    ("table_xinfo", true),
    ("user_version", false),
];

/// What an action would do beside reading: `delete from 「figures」`.
fn writing(action: &AuthAction<'_>) -> Option<String> {
    let catalogue = |table: &str| table.starts_with("sqlite_");
    Some(match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => return None,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => return None,
        AuthAction::Function { .. } => "load an extension".to_string(),
        AuthAction::Pragma { pragma_name, pragma_value } => {
            let known = PRAGMAS.iter().find(|(name, _)| name.eq_ignore_ascii_case(pragma_name));
            if known.is_some_and(|(_, takes_name)| *takes_name || pragma_value.is_none()) {
                return None;
            }
            format!("set PRAGMA {pragma_name}")
        }
        AuthAction::Insert { table_name } | AuthAction::Delete { table_name } | AuthAction::Update { table_name, .. }
            if catalogue(table_name) =>
        {
            "change the schema".to_string()
        }
        AuthAction::Insert { table_name } => format!("insert into 「{table_name}」"),
        AuthAction::Delete { table_name } => format!("delete from 「{table_name}」"),
        AuthAction::Update { table_name, .. } => format!("update 「{table_name}」"),
        AuthAction::Attach { .. } => "open another file".to_string(),
        AuthAction::Detach { .. } => "close a database".to_string(),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => "open or close a transaction".to_string(),
        AuthAction::Analyze { .. } | AuthAction::Reindex { .. } => "write an index".to_string(),
        _ => "change the schema".to_string(),
    })
}

// ------------------------------------------------------------------ errors with their place

/// An error of SQLite with the place in the statement marked and, for a mistyped name, the nearest that exists.
fn placed(error: rusqlite::Error, db: &Connection, sql: &str) -> Error {
    let (message, offset) = match &error {
        rusqlite::Error::SqlInputError { msg, offset, .. } => (msg.clone(), usize::try_from(*offset).ok()),
        rusqlite::Error::SqliteFailure(_, Some(message)) if message.starts_with("no such ") => (message.clone(), None),
        rusqlite::Error::MultipleStatement => return Error::usage("query runs one statement; run the others one by one"),
        // What `prepare` says of SQL that is empty or a comment.
        rusqlite::Error::Empty => return Error::usage("the SQL is empty; expected a SELECT"),
        _ => return error.into(),
    };
    let typed = ["no such table: ", "no such column: "].iter().find_map(|start| message.strip_prefix(start));
    let typed = typed.map(|name| name.rsplit('.').next().unwrap_or(name));
    let advice = match typed {
        None => None,
        Some(typed) if message.starts_with("no such table") => {
            nearest(typed, tables(db)).map(|name| format!("; the nearest is 「{name}」"))
        }
        Some(typed) => column_advice(db, sql, typed),
    };
    let advice = advice.unwrap_or_default();
    let offset = offset.or_else(|| typed.and_then(|typed| sql.find(typed)));
    let place = offset.filter(|offset| sql.is_char_boundary(*offset)).map(|offset| marked(sql, offset)).unwrap_or_default();
    Error::failed(format!("{message}{advice}{place}"))
}

/// The names of tables and views.
fn tables(db: &Connection) -> Vec<String> {
    let names = || -> rusqlite::Result<Vec<String>> {
        db.prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")?.query_map([], |row| row.get(0))?.collect()
    };
    names().unwrap_or_default()
}

/// The nearest column of the tables that a statement names, or else which other tables have such a column.
fn column_advice(db: &Connection, sql: &str, typed: &str) -> Option<String> {
    let columns = |table: &str| -> rusqlite::Result<Vec<String>> {
        db.prepare("SELECT name FROM pragma_table_info(?1)")?.query_map([table], |row| row.get(0))?.collect()
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_named = |table: &String| sql.split(|c| !is_word(c)).any(|word| word.eq_ignore_ascii_case(table));
    let (named, others): (Vec<String>, Vec<String>) = tables(db).into_iter().partition(is_named);
    let known = named.iter().flat_map(|table| columns(table).unwrap_or_default());
    if let Some(name) = nearest(typed, known) {
        return Some(format!("; the nearest is 「{name}」"));
    }
    let has = |table: &&String| columns(table).unwrap_or_default().iter().any(|column| column.eq_ignore_ascii_case(typed));
    let elsewhere: Vec<&str> = others.iter().filter(has).map(String::as_str).collect();
    (!elsewhere.is_empty()).then(|| format!("; there is one in {}", elsewhere.join(", ")))
}

/// The line of an offset with a mark under the place, below Chinese characters too.
fn marked(sql: &str, offset: usize) -> String {
    let start = sql[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = sql[offset..].find('\n').map_or(sql.len(), |at| offset + at);
    let number = 1 + sql[..start].matches('\n').count();
    let (before, line) = (&sql[start..offset], sql[start..end].trim_end().replace('\t', " "));
    let gutter = number.to_string();
    format!("\n{gutter} | {line}\n{} | {}^", " ".repeat(gutter.len()), " ".repeat(before.replace('\t', " ").width()))
}

// ------------------------------------------------------------------ parameters

/// Gives the parameters of a statement their values; all that it has, and no others.
fn bind(statement: &mut Statement<'_>, parameters: &[(String, String)]) -> Result<()> {
    let names: Vec<Option<String>> =
        (1..=statement.parameter_count()).map(|index| statement.parameter_name(index).map(String::from)).collect();
    for (index, name) in names.iter().enumerate() {
        let Some(name) = name else {
            return Err(Error::usage("the statement has a parameter without a name; write :name, and -p name=value"));
        };
        let Some((_, value)) = parameters.iter().rev().find(|(given, _)| *given == name[1..]) else {
            return Err(Error::usage(format!("the parameter {name} has no value; add -p {}=VALUE", &name[1..])));
        };
        statement.raw_bind_parameter(index + 1, typed(value))?;
    }
    match parameters.iter().find(|(given, _)| !names.iter().flatten().any(|name| name[1..] == *given)) {
        Some((given, _)) => Err(Error::usage(format!("the statement has no parameter :{given}"))),
        None => Ok(()),
    }
}

/// A number where the text is one as plain as SQLite would print it, else the text: `007` and `1e5` are texts.
fn typed(text: &str) -> Value {
    if let Some(integer) = text.parse::<i64>().ok().filter(|integer| integer.to_string() == text) {
        return Value::Integer(integer);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match text.parse::<f64>().ok().filter(|double| plain && double.to_string() == text) {
        Some(double) => Value::Real(double),
        None => Value::Text(text.to_string()),
    }
}

// ------------------------------------------------------------------ formats

/// Writes rows in a format.
pub(super) struct Printer<'o> {
    names: Vec<String>,
    sink: Sink<'o>,
    rows: u64,
}

enum Sink<'o> {
    Table(Table, &'o mut dyn Write),
    Markdown(Table, &'o mut dyn Write),
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
    Json(&'o mut dyn Write),
    Jsonl(&'o mut dyn Write),
}

impl<'o> Printer<'o> {
    pub(super) fn new(format: Format, names: Vec<String>, out: &'o mut dyn Write) -> Result<Printer<'o>> {
        let sink = match format {
            Format::Table => Sink::Table(Table::new(&names), out),
            Format::Markdown => Sink::Markdown(Table::new(&names), out),
            Format::Csv | Format::Tsv => {
                let delimiter = if format == Format::Tsv { b'\t' } else { b',' };
                let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
                writer.write_record(&names).map_err(|error| unwritten(&error.into()))?;
                Sink::Csv(Box::new(writer))
            }
            Format::Json => Sink::Json(out),
            Format::Jsonl => Sink::Jsonl(out),
        };
        let names = if matches!(sink, Sink::Json(_) | Sink::Jsonl(_)) { distinct(names) } else { names };
        Ok(Printer { names, sink, rows: 0 })
    }

    pub(super) fn row(&mut self, cells: &[ValueRef<'_>]) -> Result<()> {
        let first = self.rows == 0;
        self.rows += 1;
        match &mut self.sink {
            Sink::Table(table, _) | Sink::Markdown(table, _) => {
                table.push(cells.iter().map(|value| (cell::text(*value), cell::is_number(*value))));
                Ok(())
            }
            Sink::Csv(writer) => {
                let record = cells.iter().map(|value| cell::text(*value));
                for field in record {
                    writer.write_field(field.as_bytes()).map_err(|error| unwritten(&error.into()))?;
                }
                writer.write_record(None::<&[u8]>).map_err(|error| unwritten(&error.into()))
            }
            Sink::Json(out) => {
                let object = object(&self.names, cells);
                write!(out, "{}{object}", if first { "[\n" } else { ",\n" }).map_err(|error| unwritten(&error))
            }
            Sink::Jsonl(out) => writeln!(out, "{}", object(&self.names, cells)).map_err(|error| unwritten(&error)),
        }
    }

    pub(super) fn finish(self) -> Result<()> {
        match self.sink {
            Sink::Table(table, out) => table.print(out),
            Sink::Markdown(table, out) => table.print_markdown(out),
            Sink::Csv(mut writer) => writer.flush().map_err(|error| unwritten(&error)),
            Sink::Json(out) => write!(out, "{}", if self.rows == 0 { "[]\n" } else { "\n]\n" }).map_err(|error| unwritten(&error)),
            Sink::Jsonl(_) => Ok(()),
        }
    }
}

fn object(names: &[String], cells: &[ValueRef<'_>]) -> serde_json::Value {
    serde_json::Value::Object(names.iter().cloned().zip(cells.iter().map(|value| cell::json(*value))).collect())
}

/// Names made different: an object cannot hold two members of one name.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let mut candidate = name.clone();
        let mut number = 1;
        while distinct.contains(&candidate) {
            number += 1;
            candidate = format!("{name}_{number}");
        }
        distinct.push(candidate);
    }
    distinct
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
        check_error("SELECT 1; SELECT 2", &[], "one statement");
        check_error("  -- nothing", &[], "the SQL is empty");
    }

    #[test]
    fn every_parameter_has_a_value_and_every_value_a_parameter() {
        check_error("SELECT :year", &[], "the parameter :year has no value; add -p year=VALUE");
        check_error("SELECT 1", &[("year", "2019")], "no parameter :year");
        check_error("SELECT ?", &[], "without a name");
    }
}
