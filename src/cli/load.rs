//! `reportsql load`: files, folders and flags in; the database changed, and a summary of what went in, out.

use super::reading::{Password, Progress, Reading, tell_rejected};
use super::streams::finish;
use super::{Global, arguments};
use crate::error::{Error, Exit, Result};
use crate::feed::{self, Given};
use crate::knowledge::Knowledge;
use crate::load;
use crate::message::message;
use crate::model::{About, ReportKind, Severity};
use crate::read::Input;
use crate::serve::summary;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

/// What `load` takes.
#[derive(Debug, Args)]
pub(super) struct Load {
    /// Files or folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Who reports, where the text does not say it: a code such as china-unicom, or a name
    #[arg(long)]
    company: Option<String>,
    /// The kind of report, where the text does not say it
    #[arg(long, value_parser = PossibleValuesParser::new(ReportKind::WORDS))]
    kind: Option<String>,
    /// The year reported about, where the text does not say it
    #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    /// The title, where the text does not say it
    #[arg(long)]
    title: Option<String>,
    /// Read everything and tell what was found; write nothing
    #[arg(long)]
    dry_run: bool,
    /// How many threads read; the database is the same with any number
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// How to show progress, on standard error
    #[arg(long, value_name = "HOW", default_value = "auto")]
    progress: Progress,
    /// A later edition of a report that is there; the newest is preferred
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99))]
    edition: Option<u32>,
    /// Exit with 4 where a finding is as bad as that, or worse
    #[arg(long, value_name = "SEVERITY", value_parser = PossibleValuesParser::new(Severity::WORDS))]
    fail_on: Option<String>,
    #[command(flatten)]
    password: Password,
}

impl Load {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let about = About {
            company: self.company.clone(),
            kind: self.kind.as_deref().and_then(ReportKind::from_word),
            year: self.year,
            title: self.title.clone(),
            ..About::default()
        };
        let given = Given { about, password: self.password.password.clone() };
        let mut reading = Reading::new(
            &self.paths,
            &self.password,
            if global.quiet && self.progress == Progress::Auto { Progress::Never } else { self.progress },
            global.language(),
        )?;
        // One core stores; the others read.
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        let jobs = self.jobs.map_or_else(cores, usize::from);
        let inputs = reading.hand_out();
        if self.dry_run {
            return self.try_out(reading, inputs, jobs, &given, knowledge, global);
        }
        let options = load::Options { arguments: arguments(), edition: self.edition.unwrap_or(0) };
        let summary = feed::feed(inputs, jobs, &given, knowledge, |fed| {
            load::load(&global.db, std::iter::from_fn(|| reading.next_of(fed)), knowledge, &options)
        })?;
        reading.end();
        for document in &summary.documents {
            tell_rejected(&document.name, &document.rejected);
            if document.outcome == load::Outcome::Empty {
                reading.give_back(Error::failed(message!("error-nothing-to-store", name = document.name)));
            }
        }
        if !global.quiet && reading.taken > 0 {
            finish(|out| summary::loaded(&summary, &global.db, global.language(), out))?;
        }
        let total = &summary.total;
        let worst = [(total.errors, Severity::Error), (total.warnings, Severity::Warning), (total.infos, Severity::Info)];
        let worst = worst.iter().find(|(count, _)| *count > 0).map(|(_, severity)| *severity);
        reading.bad_rows = total.rejected;
        self.exit(reading, worst)
    }

    fn try_out(
        &self,
        mut reading: Reading,
        inputs: Vec<Result<Input>>,
        jobs: usize,
        given: &Given,
        knowledge: &Knowledge,
        global: &Global,
    ) -> Result<Option<Exit>> {
        let mut tried: Vec<summary::Tried> = Vec::new();
        feed::feed(inputs, jobs, given, knowledge, |fed| {
            let mut is_open = false;
            while let Some(item) = reading.next_of(fed) {
                let load::Item { document, report, more } = item?;
                reading.tell_rejected(&document.name, &report);
                let part = summary::Tried::new(&document.name, report);
                match tried.last_mut().filter(|_| is_open) {
                    Some(open) => open.take_in(part),
                    None => tried.push(part),
                }
                is_open = more;
            }
            Ok::<(), Error>(())
        })?;
        reading.end();
        if !global.quiet && reading.taken > 0 {
            finish(|out| summary::tried(&tried, global.language(), out))?;
        }
        self.exit(reading, tried.iter().filter_map(summary::Tried::worst).max())
    }

    /// A failure comes first, then what --fail-on asks for, then what was bad among the good.
    fn exit(&self, reading: Reading, worst: Option<Severity>) -> Result<Option<Exit>> {
        let exit = reading.exit(message!("error-nothing-loaded"))?;
        let bar = self.fail_on.as_deref().and_then(Severity::from_word);
        let is_bad = bar.is_some_and(|bar| worst.is_some_and(|worst| worst >= bar));
        Ok(if is_bad { Some(Exit::Findings) } else { exit })
    }
}
