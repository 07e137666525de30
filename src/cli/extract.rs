//! `reportsql extract`: files in; their figures, headings or marked text on standard output, out. No database is used.

use super::Global;
use super::reading::{Password, Progress, Reading};
use super::streams::{Stdout, paint};
use crate::error::{Exit, Result};
use crate::knowledge::Knowledge;
use crate::model::About;
use crate::pipeline;
use crate::serve::{self, extract};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// What `extract` takes.
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// Files or folders, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How lines are written
    #[arg(long, short, value_enum, default_value = "jsonl")]
    format: extract::Format,
    /// Print headings and case boxes instead of figures
    #[arg(long)]
    initiatives: bool,
    /// Print the text itself, with what was read, refused and bound below each line
    #[arg(long, conflicts_with_all = ["initiatives", "format"])]
    why: bool,
    #[command(flatten)]
    password: Password,
}

impl Extract {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        if self.why { self.explain(global) } else { self.print(global) }
    }

    fn print(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = Knowledge::read(global.data.as_deref())?;
        let mut printer = extract::Printer::new(self.format, self.initiatives, Stdout::new());
        let mut reading = Reading::new(&self.files, &self.password, Progress::unless(global.quiet))?;
        while let Some(document) = reading.next() {
            let report = pipeline::report(&document, &About::default(), &knowledge);
            reading.taken(&report);
            reading.tell_rejected(&document.name, &report);
            reading.tell_timeless(&document.name, &report);
            printer.report(&document.name, &report)?;
        }
        printer.finish()?;
        reading.exit("nothing could be read")
    }

    fn explain(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = Knowledge::read(global.data.as_deref())?;
        let mut reading = Reading::new(&self.files, &self.password, Progress::unless(global.quiet))?;
        let mut out = Stdout::new();
        while let Some(document) = reading.next() {
            let report = pipeline::report(&document, &About::default(), &knowledge);
            reading.taken(&report);
            serve::why::why(&document, &report, paint(), &mut out)?;
        }
        out.flush().map_err(|error| serve::unwritten(&error))?;
        reading.exit("nothing could be read")
    }
}
