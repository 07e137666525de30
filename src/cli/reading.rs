//! Inputs of a command in; their documents, one after the other, and at the end how it went, out. Bad inputs are told and
//! passed over.

use super::streams::tell;
use crate::error::{Error, Exit, Result, What};
use crate::feed::Fed;
use crate::load;
use crate::message::Language;
use crate::model::{Document, Report};
use crate::read::{self, Input};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::path::PathBuf;
use std::time::Instant;

/// What commands that read inputs take.
#[derive(Debug, Args)]
pub(super) struct Password {
    /// What opens files that ask for a password; every file of a folder is tried with it
    #[arg(long, value_name = "TEXT", env = "REPORTSQL_PASSWORD", hide_env_values = true)]
    pub(super) password: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Progress {
    /// A bar, on a terminal only
    Auto,
    /// None
    Never,
    /// A JSON object a line, for programs
    Json,
}

impl Progress {
    pub(super) fn unless(quiet: bool) -> Progress {
        if quiet { Progress::Never } else { Progress::Auto }
    }
}

/// Goes through inputs, tells of bad ones, and knows at the end how it went. One document is held at a time.
pub(super) struct Reading {
    inputs: std::vec::IntoIter<Result<Input>>,
    /// Of files that ask for one.
    password: Option<String>,
    count: usize,
    progress: ProgressBar,
    /// Progress is told as JSON.
    is_json: bool,
    /// Of what is told of bad inputs.
    language: Language,
    started: Instant,
    /// Inputs that are done, good or bad.
    done: usize,
    pages: u64,
    /// Are further parts of a document to come?
    is_open: bool,
    pub(super) taken: usize,
    rows_taken: usize,
    /// The error of a bad input where there is only one input, to end the program with.
    only: Option<Error>,
    bad: usize,
    pub(super) bad_rows: usize,
}

impl Reading {
    pub(super) fn new(paths: &[PathBuf], password: &Password, progress: Progress, language: Language) -> Result<Reading> {
        let mut inputs = read::inputs(paths);
        if let Some(at) = inputs.iter().position(|input| input.as_ref().is_err_and(|error| error.exit == Exit::Usage)) {
            inputs.swap_remove(at)?;
        }
        let count = inputs.len();
        // indicatif draws on a terminal only.
        let target = if progress == Progress::Auto { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(count as u64), target).with_finish(ProgressFinish::AndClear);
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {bar:20} {wide_msg} {elapsed} left {eta}") {
            bar.set_style(style);
        }
        Ok(Reading {
            inputs: inputs.into_iter(),
            password: password.password.clone(),
            count,
            progress: bar,
            is_json: progress == Progress::Json,
            language,
            started: Instant::now(),
            done: 0,
            pages: 0,
            is_open: false,
            taken: 0,
            rows_taken: 0,
            only: None,
            bad: 0,
            bad_rows: 0,
        })
    }

    /// The inputs themselves, for others to read.
    pub(super) fn hand_out(&mut self) -> Vec<Result<Input>> {
        std::mem::take(&mut self.inputs).collect()
    }

    /// The next item that others read. Bad inputs are told and passed over, but one that breaks off in the middle ends it all.
    pub(super) fn next_of(&mut self, fed: &mut dyn Iterator<Item = Fed>) -> Option<Result<load::Item>> {
        loop {
            match fed.next()? {
                Fed::Bad(error) if self.is_open => return Some(Err(error)),
                Fed::Bad(error) => {
                    self.bad(error);
                    self.step("", true);
                }
                Fed::Item(item) => {
                    if !self.is_open {
                        self.taken += 1;
                        self.pages += u64::from(item.document.page_count.unwrap_or(0));
                    }
                    self.rows_taken += item.report.figures.len();
                    self.bad_rows += item.report.rejected.len();
                    self.is_open = item.more;
                    self.step(&item.document.name, !item.more);
                    return Some(Ok(*item));
                }
            }
        }
    }

    /// Shows how far it is.
    pub(super) fn step(&mut self, name: &str, is_done: bool) {
        self.done += usize::from(is_done);
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = self.rows_taken as f64 / seconds.max(0.001);
        if self.is_json {
            let line = serde_json::json!({
                "file": name, "done": self.done, "of": self.count, "pages": self.pages, "figures": self.rows_taken,
                "seconds": (seconds * 1000.0).round() / 1000.0, "figures_per_second": rate.round(),
            });
            tell(&line.to_string());
        }
        self.progress.set_position(self.done as u64);
        let pages = if self.pages > 0 { format!("{} pages, ", self.pages) } else { String::new() };
        self.progress.set_message(format!("{pages}{} figures, {rate:.0}/s, {name}", self.rows_taken));
    }

    /// The next document that can be read.
    pub(super) fn next(&mut self) -> Option<Document> {
        while let Some(input) = self.inputs.next() {
            if let Ok(input) = &input {
                self.progress.set_message(input.name());
            }
            self.progress.inc(1);
            match input.and_then(|input| input.document(self.password.as_deref())) {
                Ok(document) => return Some(document),
                Err(error) => self.bad(error),
            }
        }
        self.end();
        None
    }

    /// Tells of an input that is bad; the only one ends the program.
    pub(super) fn bad(&mut self, error: Error) {
        self.bad += 1;
        if self.count == 1 {
            self.only = Some(error);
        } else {
            self.progress.suspend(|| tell(&error.said(self.language)));
        }
    }

    /// A document that was read and is bad after all.
    pub(super) fn give_back(&mut self, error: Error) {
        self.taken -= 1;
        self.bad(error);
    }

    /// Counts a document that was read.
    pub(super) fn taken(&mut self, report: &Report) {
        self.taken += 1;
        self.rows_taken += report.figures.len();
        self.bad_rows += report.rejected.len();
    }

    /// Tells of the rows of a document that could not be taken.
    pub(super) fn tell_rejected(&self, name: &str, report: &Report) {
        self.progress.suspend(|| tell_rejected(name, &report.rejected));
    }

    /// Tells of figures whose time nothing says: no year in the text, none in the name of the file.
    pub(super) fn tell_timeless(&self, name: &str, report: &Report) {
        let count = report.figures.iter().filter(|figure| !figure.period.is_known()).count();
        if count > 0 {
            let advice = "a year in the name of the file says it, as does `load --year`";
            self.progress.suspend(|| tell(&format!("{name}: figures without a period: {count}; no year is named; {advice}")));
        }
    }

    /// Takes the progress off the terminal.
    pub(super) fn end(&self) {
        self.progress.finish_and_clear();
    }

    /// Nothing taken is a failure, some of it bad is partial.
    pub(super) fn exit(self, nothing: impl Into<What>) -> Result<Option<Exit>> {
        if let Some(error) = self.only {
            return Err(error);
        }
        if self.taken == 0 || (self.rows_taken == 0 && self.bad_rows > 0) {
            return Err(Error::failed(nothing));
        }
        Ok((self.bad + self.bad_rows > 0).then_some(Exit::Partial))
    }
}

/// Prints what could not be taken of a document. A message that starts with its line follows the name as compilers do it,
/// which editors jump to.
pub(super) fn tell_rejected(name: &str, messages: &[String]) {
    for message in messages {
        let blank = if message.starts_with(|c: char| c.is_ascii_digit()) { "" } else { " " };
        tell(&format!("{name}:{blank}{message}"));
    }
}
