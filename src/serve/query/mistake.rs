//! Tells of a mistake in SQL: its place marked, the name that was meant.
//!
//! In:  an error of SQLite, the statement and the text it stands in.
//! Out: an error with the line, a mark under the place, the nearest name.

use super::statements::Piece;
use crate::error::Error;
use crate::serve::nearest::nearest;
use rusqlite::Connection;
use unicode_width::UnicodeWidthStr;

/// An error of SQLite with the place in the statement marked and, for a mistyped name, the nearest that exists.
pub(super) fn placed(error: rusqlite::Error, db: &Connection, text: &str, piece: &Piece<'_>) -> Error {
    let sql = piece.sql;
    let (message, offset) = match &error {
        rusqlite::Error::SqlInputError { msg, offset, .. } => (msg.clone(), usize::try_from(*offset).ok()),
        rusqlite::Error::SqliteFailure(_, Some(message)) if message.starts_with("no such ") => (message.clone(), None),
        // SQLite gives no place: it is the end.
        rusqlite::Error::SqliteFailure(_, Some(message)) if message == "incomplete input" => {
            ("incomplete input: a bracket, a value or a word is missing at the end".to_string(), Some(sql.trim_end().len()))
        }
        _ => return error.into(),
    };
    let typed = ["no such table: ", "no such column: ", "no such function: "].iter().find_map(|start| message.strip_prefix(start));
    let typed = typed.map(|name| name.rsplit('.').next().unwrap_or(name));
    let advice = match typed {
        None => None,
        Some(typed) if message.starts_with("no such table") => {
            nearest(typed, tables(db)).map(|name| format!("; the nearest is 「{name}」"))
        }
        Some(typed) if message.starts_with("no such function") => {
            nearest(typed, functions(db)).map(|name| format!("; the nearest is 「{name}」"))
        }
        Some(typed) => column_advice(db, sql, typed),
    };
    let advice = advice.unwrap_or_default();
    let offset = offset.or_else(|| typed.and_then(|typed| sql.find(typed)));
    let place = offset.map(|offset| piece.start + offset).filter(|at| text.is_char_boundary(*at));
    let place = place.map(|at| marked(text, at)).unwrap_or_default();
    Error::failed(format!("{message}{advice}{place}"))
}

/// The names of tables and views.
fn tables(db: &Connection) -> Vec<String> {
    let names = || -> rusqlite::Result<Vec<String>> {
        db.prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")?.query_map([], |row| row.get(0))?.collect()
    };
    names().unwrap_or_default()
}

/// The names of functions.
fn functions(db: &Connection) -> Vec<String> {
    let names = || -> rusqlite::Result<Vec<String>> {
        db.prepare("SELECT DISTINCT name FROM pragma_function_list ORDER BY name")?.query_map([], |row| row.get(0))?.collect()
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
