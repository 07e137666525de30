//! `reportsql query`, `explain` and `schema`: a question and a database in; the answer out.

use super::Global;
use super::streams::{finish, paint, tell};
use crate::error::{Error, Exit, Result};
use crate::load::schema::{PATIENCE, open_for_reading, open_for_reading_within};
use crate::read::unreadable;
use crate::serve::query::{Limits, Ran, Reader, Workbook};
use crate::serve::{explain, query, schema};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

/// What `query` takes.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// Statements; @FILE to read them from a file, - from standard input
    sql: String,
    /// How rows are written; table otherwise, and xlsx with --output
    #[arg(long, short, value_enum)]
    format: Option<AnswerFormat>,
    /// A value for :name in the statements
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    param: Vec<(String, String)>,
    #[command(flatten)]
    cost: Cost,
    /// Write a workbook, a sheet for each statement, instead of printing
    #[arg(long, short, value_name = "FILE.xlsx")]
    output: Option<PathBuf>,
    /// Replace a workbook that exists
    #[arg(long, requires = "output")]
    force: bool,
    /// Tell on standard error how many rows each statement gave and how long it took
    #[arg(long)]
    timing: bool,
}

/// How an answer is written: printed, or as a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AnswerFormat {
    Printed(query::Format),
    Xlsx,
}

impl ValueEnum for AnswerFormat {
    fn value_variants<'a>() -> &'a [AnswerFormat] {
        static ALL: LazyLock<Vec<AnswerFormat>> = LazyLock::new(|| {
            query::Format::value_variants().iter().copied().map(AnswerFormat::Printed).chain([AnswerFormat::Xlsx]).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            AnswerFormat::Printed(format) => format.to_possible_value(),
            AnswerFormat::Xlsx => Some(PossibleValue::new("xlsx").help("A workbook, with --output")),
        }
    }
}

impl AnswerFormat {
    /// How rows are printed; `None` where they are not.
    fn printed(self) -> Option<query::Format> {
        match self {
            AnswerFormat::Printed(format) => Some(format),
            AnswerFormat::Xlsx => None,
        }
    }
}

/// What a statement may cost.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Cost {
    /// Stop after so many rows; a table stops after 100000 where this does not say more
    #[arg(long, value_name = "ROWS")]
    pub(super) limit: Option<u64>,
    /// Stop a statement after so many seconds; 0 never does
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub(super) timeout: f64,
}

impl Cost {
    /// Time in SQLite.
    pub(super) fn time(self) -> Option<Duration> {
        (self.timeout > 0.0).then(|| Duration::from_secs_f64(self.timeout))
    }

    /// How long to wait for another program that holds the database.
    pub(super) fn patience(self) -> Duration {
        self.time().map_or(PATIENCE, |time| time.min(PATIENCE))
    }
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

fn seconds(text: &str) -> std::result::Result<f64, String> {
    // A year is longer than anybody waits, and a time that a clock can hold.
    text.parse().ok().filter(|seconds| (0.0..=31_536_000.0).contains(seconds)).ok_or("expected seconds, such as 60 or 0.5".to_string())
}

fn parameter(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.trim_start_matches([':', '@', '$']).to_string(), value.to_string())),
        _ => Err("expected NAME=VALUE, such as year=2019".to_string()),
    }
}

impl Query {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let printed = self
            .format
            .unwrap_or(if self.output.is_some() { AnswerFormat::Xlsx } else { AnswerFormat::Printed(query::Format::Table) })
            .printed();
        match (printed, &self.output) {
            (None, None) => return Err(Error::usage("a workbook cannot be printed; say where it goes, as --output answer.xlsx")),
            (Some(_), Some(file)) => {
                return Err(Error::usage(format!(
                    "{}: --output makes a workbook; leave out --format, or leave out --output and send standard output to a file",
                    file.display()
                )));
            }
            (Some(_), None) | (None, Some(_)) => {}
        }
        let sql = text(self.sql)?;
        let mut db = open_for_reading_within(&global.db, self.cost.patience())?;
        let reader = Reader::new(&mut db)?;
        let mut is_cut = false;
        let mut after = |ran: Ran| {
            is_cut |= ran.is_cut;
            ran.note(self.cost.limit.is_some()).filter(|_| !global.quiet).iter().for_each(|note| tell(note));
            if self.timing {
                tell(&ran.timing());
            }
        };
        if let Some(file) = &self.output {
            let mut book = Workbook::new(file, self.force)?;
            let limits = Limits { time: self.cost.time(), rows: self.cost.limit };
            reader.fill(&sql, &self.param, &limits, &mut book, &mut after)?;
            book.publish()?;
        } else if let Some(format) = printed {
            let limits = Limits::asked(self.cost.time(), self.cost.limit, format);
            finish(|out| reader.run(&sql, &self.param, format, &limits, out, &mut after))?;
        }
        // Whoever asked for so many rows has what they wanted.
        Ok((is_cut && self.cost.limit.is_none()).then_some(Exit::Partial))
    }
}

impl Explain {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        finish(|out| explain::explain(&open_for_reading(&global.db)?, &self.figure, global.language(), paint(), out))
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

/// The SQL of an argument: the text itself, or what `@FILE` or standard input holds.
fn text(argument: String) -> Result<String> {
    let sql = if argument == "-" {
        let mut sql = String::new();
        io::stdin().lock().read_to_string(&mut sql).map_err(|error| unreadable("-", &error))?;
        sql
    } else if let Some(file) = argument.strip_prefix('@') {
        std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?
    } else {
        argument
    };
    Ok(sql.trim_start_matches('\u{FEFF}').to_string())
}
