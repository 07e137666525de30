//! `reportsql check`: a database in; the list of its findings, and an exit code where it serves as a gate, out.

use super::Global;
use super::streams::{finish, tell};
use crate::error::{Exit, Result};
use crate::load::schema::open_for_reading;
use crate::message::message;
use crate::model::Severity;
use crate::serve::{findings, query};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::{self, Write};

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Findings that bad or worse
    #[arg(long, value_parser = PossibleValuesParser::new(Severity::WORDS))]
    severity: Option<String>,
    /// Findings of one check: share-over-100
    #[arg(long)]
    code: Option<String>,
    /// Findings of one report: china-unicom/csr/2019
    #[arg(long)]
    report: Option<String>,
    /// How rows are written
    #[arg(long, short, value_enum, default_value = "table")]
    format: query::Format,
    /// Exit with 4 where a finding is as bad as that, or worse
    #[arg(long, value_name = "SEVERITY", value_parser = PossibleValuesParser::new(Severity::WORDS))]
    fail_on: Option<String>,
}

impl Check {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let severity = |word: &Option<String>| word.as_deref().and_then(Severity::from_word);
        let (least, bar) = (severity(&self.severity), severity(&self.fail_on));
        // What programs read follows no locale.
        let language = if self.format.is_for_people() { global.language() } else { global.lang.unwrap_or_default() };
        let wanted = findings::Wanted { severity: least, code: self.code, report: self.report, language };
        let knowledge = global.knowledge()?;
        let db = open_for_reading(&global.db)?;
        let mut listed = findings::Listed::default();
        finish(|out| {
            // A gate that is quiet says it with its exit code.
            let mut nowhere = io::sink();
            let out: &mut dyn Write = if global.quiet && bar.is_some() { &mut nowhere } else { out };
            listed = findings::findings(&db, &wanted, &knowledge.checks, self.format, out)?;
            Ok(())
        })?;
        if !global.quiet {
            let counts = message!("check-counts", errors = listed.errors, warnings = listed.warnings, infos = listed.infos);
            tell(&counts.said(global.language()));
        }
        let is_bad = bar.is_some_and(|bar| listed.worst().is_some_and(|worst| worst >= bar));
        Ok(is_bad.then_some(Exit::Findings))
    }
}
