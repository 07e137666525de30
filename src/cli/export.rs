//! `reportsql export`: a database in; files for other programs out.

use super::Global;
use super::streams::{finish, tell};
use crate::error::{Exit, Result};
use crate::load::schema::open_for_reading;
use crate::serve::export;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What `export` takes.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// A .csv file, a folder for all views and dimensions, or - for standard output
    path: PathBuf,
    /// How files are written
    #[arg(long, short, value_enum, default_value = "csv")]
    format: ExportFormat,
    /// The view or table to write; a file holds flat_facts otherwise
    #[arg(long)]
    view: Option<String>,
    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExportFormat {
    /// UTF-8 with a byte order mark, so that spreadsheets show Chinese
    Csv,
}

impl Export {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let ExportFormat::Csv = self.format;
        let mut db = open_for_reading(&global.db)?;
        if self.path.as_os_str() == "-" {
            return finish(|out| export::csv_to(&mut db, self.view.as_deref(), out));
        }
        for written in export::csv(&db, &self.path, self.view.as_deref(), self.force)? {
            if !global.quiet {
                tell(&format!("{}: {} rows", written.path.display(), written.rows));
            }
        }
        Ok(None)
    }
}
