//! Writes rows in a format.
//!
//! In:  names of columns, then values, a row at a time.
//! Out: a table, CSV, TSV, JSON, JSON lines or Markdown on a writer.

use super::table::Table;
use super::{cell, unwritten};
use crate::error::Result;
use rusqlite::types::ValueRef;
use std::io::Write;

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

impl Format {
    /// Can rows of one statement follow those of another in one stream?
    pub fn takes_several(self) -> bool {
        matches!(self, Format::Table | Format::Markdown | Format::Jsonl)
    }

    /// Is it read by people rather than programs?
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Table | Format::Markdown)
    }

    /// Are rows held until the last one is there, since widths depend on all of them?
    pub fn holds_rows(self) -> bool {
        matches!(self, Format::Table | Format::Markdown)
    }
}

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
