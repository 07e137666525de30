//! `reportsql export`: a database in; files for other programs out.

use super::Global;
use super::streams::{finish, tell};
use crate::error::{Exit, Result};
use crate::load::schema::open_for_reading;
use crate::serve::export::{self, Format, Request};
use clap::Args;
use std::path::PathBuf;

/// What `export` takes.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// A .xlsx, .csv or .parquet file, a folder for all views and dimensions, or - for standard output
    path: PathBuf,
    /// How files are written; by the ending of the path otherwise, a folder as csv
    #[arg(long, short, value_enum)]
    format: Option<Format>,
    /// The view or table to write; all of them otherwise, and flat_facts to a .csv or .parquet file
    #[arg(long)]
    view: Option<String>,
    /// Only the rows of the view that an SQL condition is true of
    #[arg(long = "where", value_name = "SQL")]
    condition: Option<String>,
    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let mut db = open_for_reading(&global.db)?;
        let request = Request {
            view: self.view.as_deref(),
            condition: self.condition.as_deref(),
            language: global.lang,
            format: self.format,
            force: self.force,
            sheet_rows: None,
        };
        if self.path.as_os_str() == "-" {
            return finish(|out| export::export_to(&mut db, &global.db, &request, out));
        }
        let done = export::export(&mut db, &global.db, &self.path, &request)?;
        for warning in &done.warnings {
            tell(&format!("warning: {warning}"));
        }
        if !global.quiet {
            for written in done.files {
                let of = if written.describes { "tables" } else { "rows" };
                tell(&format!("{}: {} {of}", written.path.display(), written.count));
            }
        }
        Ok(None)
    }
}
