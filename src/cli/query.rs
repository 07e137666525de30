//! `reportsql query`, `explain` and `schema`: a question and a database in; the answer out.

use super::Global;
use super::streams::{finish, paint};
use crate::error::{Error, Exit, Result};
use crate::load::schema::open_for_reading;
use crate::serve::{explain, query, schema};
use clap::{Args, ValueEnum};
use std::io::{self, Read};

/// What `query` takes.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// One statement; @FILE to read it from a file, - from standard input
    sql: String,
    /// How rows are written
    #[arg(long, short, value_enum, default_value = "table")]
    format: query::Format,
    /// A value for :name in the statement
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    param: Vec<(String, String)>,
}

/// What `explain` takes.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A figure_key, its first characters, or a figure_id
    figure: String,
}

/// What `schema` takes.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// One table or view
    table: Option<String>,
    /// sql: what makes the tables; else the dictionary of columns in that format
    #[arg(long, short, value_enum, default_value = "sql")]
    format: SchemaFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaFormat {
    /// The SQL with its comments
    Sql,
    /// Columns that line up, for the terminal
    Table,
    /// CSV with a header row
    Csv,
    /// One JSON array of objects
    Json,
    /// A table of Markdown
    Markdown,
}

fn parameter(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.trim_start_matches([':', '@', '$']).to_string(), value.to_string())),
        _ => Err("expected NAME=VALUE, such as year=2019".to_string()),
    }
}

impl Query {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let sql = statement(self.sql)?;
        finish(|out| query::query(&mut open_for_reading(&global.db)?, &sql, &self.param, self.format, out))
    }
}

impl Explain {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        finish(|out| explain::explain(&open_for_reading(&global.db)?, &self.figure, paint(), out))
    }
}

impl Schema {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        finish(|out| {
            let mut db = open_for_reading(&global.db)?;
            let format = match self.format {
                SchemaFormat::Sql => return schema::sql(&db, self.table.as_deref(), out),
                SchemaFormat::Table => query::Format::Table,
                SchemaFormat::Csv => query::Format::Csv,
                SchemaFormat::Json => query::Format::Json,
                SchemaFormat::Markdown => query::Format::Markdown,
            };
            schema::dictionary(&mut db, self.table.as_deref(), format, out)
        })
    }
}

/// The statement of an argument: the text itself, or what `@FILE` or standard input holds.
fn statement(argument: String) -> Result<String> {
    let sql = if argument == "-" {
        let mut sql = String::new();
        io::stdin().lock().read_to_string(&mut sql).map_err(|error| Error::failed(format!("-: cannot be read: {error}")))?;
        sql
    } else if let Some(file) = argument.strip_prefix('@') {
        std::fs::read_to_string(file).map_err(|error| Error::failed(format!("{file}: cannot be read: {error}")))?
    } else {
        argument
    };
    Ok(sql.trim_start_matches('\u{FEFF}').to_string())
}
