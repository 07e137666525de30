//! `reportsql unload`, `merge` and `diff`: databases in; one changed, one made, or what moved between two, out.

use super::streams::{counted, finish, tell};
use super::{Global, arguments};
use crate::error::{Exit, Result};
use crate::load::{self, schema::open_for_reading};
use crate::serve::{self, query};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// What `unload` takes.
#[derive(Debug, Args)]
pub(super) struct Unload {
    /// Code of the report
    report: String,
    /// Also where people added figures, which no load brings back
    #[arg(long)]
    force: bool,
}

/// What `merge` takes.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The database to make
    out: PathBuf,
    /// The databases to join
    #[arg(required = true, value_name = "DB")]
    sources: Vec<PathBuf>,
}

/// What `diff` takes.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The database before
    before: PathBuf,
    /// The database after
    after: PathBuf,
    /// How rows are written
    #[arg(long, short, value_enum, default_value = "table")]
    format: query::Format,
    /// Exit with 4 where anything moved
    #[arg(long)]
    exit_code: bool,
}

impl Unload {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let options = load::Options { arguments: arguments(), ..load::Options::default() };
        let names = load::unload(&global.db, &self.report, self.force, knowledge, &options)?;
        if !global.quiet {
            tell(&format!("{}: {} is out, with {}", global.db.display(), self.report, names.join(", ")));
        }
        Ok(None)
    }
}

impl Merge {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let options = load::Options { arguments: arguments(), ..load::Options::default() };
        let merged = load::merge::merge(&self.out, &self.sources, knowledge, &options)?;
        if !global.quiet {
            for (name, source) in &merged.chosen {
                tell(&format!("{name}: several databases have it, not the same; taken from {}", source.display()));
            }
            tell(&format!(
                "{}: made; {}, {}",
                self.out.display(),
                counted(merged.documents, "document"),
                counted(merged.figures, "figure")
            ));
        }
        Ok(None)
    }
}

impl Diff {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let (old, new) = (open_for_reading(&self.before)?, open_for_reading(&self.after)?);
        let mut moved = serve::diff::Moved::default();
        finish(|out| {
            let mut nowhere = io::sink();
            let out: &mut dyn Write = if global.quiet && self.exit_code { &mut nowhere } else { out };
            moved = serve::diff::diff(&old, &new, self.format, out)?;
            Ok(())
        })?;
        if !global.quiet {
            tell(&format!("{} new, {} gone, {} changed", moved.new, moved.gone, moved.changed));
        }
        Ok((self.exit_code && !moved.is_nothing()).then_some(Exit::Findings))
    }
}
