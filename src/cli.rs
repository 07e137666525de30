//! Every command and flag, with its help; and what each command does, in terms of the stages.
//!
//! Data goes to standard output, all else to standard error. A bad input among good ones is told and passed over; the exit
//! code says so at the end.

use crate::error::{Error, Exit, Result};
use crate::knowledge::Knowledge;
use crate::load::{self, schema::open_for_reading};
use crate::model::{About, Document, Report, ReportKind, Severity};
use crate::pipeline;
use crate::read::{self, Input};
use crate::serve::{self, Paint, explain, export, extract, query, schema, summary};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::io::{self, BufWriter, ErrorKind, Read, StdoutLock, Write};
use std::path::{Path, PathBuf};

/// Reads the figures of Chinese corporate reports and loads them, normalised and traceable, into SQLite.
#[derive(Debug, Parser)]
#[command(
    name = "reportsql",
    version,
    max_term_width = 110,
    after_help = "\
Examples:
  reportsql load reports/
  reportsql query \"SELECT metric_hant, value, unit FROM flat_facts\"
  reportsql extract report.txt > figures.jsonl

Exit codes:
  0   done
  1   failed
  2   wrong usage
  3   some inputs or rows were bad, the rest was taken
  4   there are findings as bad as --fail-on says
  75  the database is in use by another program"
)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// The database
    #[arg(long, global = true, value_name = "FILE", env = "REPORTSQL_DB", default_value = "figures.db")]
    db: PathBuf,
    /// A folder of tables that add to or replace the built-in knowledge, laid out as data/
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print data and errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// When to use colours; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    /// On a terminal
    Auto,
    /// Also into a pipe
    Always,
    /// Not at all
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read reports, and sheets of figures, into the database
    #[command(after_help = "\
Examples:
  reportsql load 2019-csr.txt
  reportsql load reports/ --db telecom.db
  reportsql load --company china-unicom --year 2019 --kind csr figures.csv
  reportsql load report.pdf --year 2020

A folder stands for the .pdf, .txt, .csv and .tsv files in and below it. A
sheet of figures has a column for the metric and one for the value as printed;
beside them may stand kind, basis, whole, period, province, place,
initiative, theme, page and line. Loading the same again changes nothing.")]
    Load(Load),
    /// Print the figures of reports, or their headings, without a database
    #[command(after_help = "\
Examples:
  reportsql extract report.txt
  reportsql extract --format csv 2019.txt 2020.txt > figures.csv
  reportsql extract report.pdf
  reportsql extract --initiatives report.txt
  reportsql extract --why report.txt | less -R")]
    Extract {
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
    },
    /// Answer a question in SQL; the database is only read
    #[command(after_help = "\
Examples:
  reportsql query \"SELECT metric_hant, value, unit FROM flat_facts\"
  reportsql query \"SELECT * FROM flat_facts WHERE year = :y\" -p y=2019 -f csv
  reportsql query @question.sql --format markdown
  echo \"SELECT count(*) FROM figures\" | reportsql query -

flat_facts has a row for each fact, flat_figures one for each statement;
`reportsql schema` lists all tables and views.")]
    Query {
        /// One statement; @FILE to read it from a file, - from standard input
        sql: String,
        /// How rows are written
        #[arg(long, short, value_enum, default_value = "table")]
        format: query::Format,
        /// A value for :name in the statement
        #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
        param: Vec<(String, String)>,
    },
    /// Tell how a figure came about: its sentence, the rule, each step from text to value
    #[command(after_help = "\
Examples:
  reportsql explain f3a9c1
  reportsql explain 17
  reportsql query \"SELECT figure_id, reported FROM review_queue LIMIT 5\"")]
    Explain {
        /// A figure_key, its first characters, or a figure_id
        figure: String,
    },
    /// Print the tables and views of the database, with what their columns mean
    #[command(after_help = "\
Examples:
  reportsql schema
  reportsql schema figures
  reportsql schema flat_facts --format table")]
    Schema {
        /// One table or view
        table: Option<String>,
        /// sql: what makes the tables; else the dictionary of columns in that format
        #[arg(long, short, value_enum, default_value = "sql")]
        format: SchemaFormat,
    },
    /// Write views to files that spreadsheets open
    #[command(after_help = "\
Examples:
  reportsql export figures.csv
  reportsql export figures-csv/
  reportsql export provinces.csv --view province_facts --force
  reportsql export - --view flat_figures | head")]
    Export {
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
    },
}

/// What `load` takes.
#[derive(Debug, Args)]
struct Load {
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
    /// Exit with 4 where a finding is as bad as that, or worse
    #[arg(long, value_name = "SEVERITY", value_parser = PossibleValuesParser::new(Severity::WORDS))]
    fail_on: Option<String>,
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExportFormat {
    /// UTF-8 with a byte order mark, so that spreadsheets show Chinese
    Csv,
}

fn parameter(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.trim_start_matches([':', '@', '$']).to_string(), value.to_string())),
        _ => Err("expected NAME=VALUE, such as year=2019".to_string()),
    }
}

impl Arguments {
    /// Does what the command line says. `Some` is an exit code for work that was done in part.
    pub fn run(self) -> Result<Option<Exit>> {
        match self.global.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        let global = self.global;
        match self.command {
            Command::Load(load) => load.run(&global),
            Command::Extract { files, why: true, .. } => why(&global, &files),
            Command::Extract { files, format, initiatives, .. } => extract(&global, &files, format, initiatives),
            Command::Query { sql, format, param } => {
                let sql = statement(sql)?;
                finish(|out| query::query(&mut open_for_reading(&global.db)?, &sql, &param, format, out))
            }
            Command::Explain { figure } => {
                let paint = Paint::new(anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never);
                finish(|out| explain::explain(&open_for_reading(&global.db)?, &figure, paint, out))
            }
            Command::Schema { table, format } => finish(|out| {
                let mut db = open_for_reading(&global.db)?;
                let format = match format {
                    SchemaFormat::Sql => return schema::sql(&db, table.as_deref(), out),
                    SchemaFormat::Table => query::Format::Table,
                    SchemaFormat::Csv => query::Format::Csv,
                    SchemaFormat::Json => query::Format::Json,
                    SchemaFormat::Markdown => query::Format::Markdown,
                };
                schema::dictionary(&mut db, table.as_deref(), format, out)
            }),
            Command::Export { path, format: ExportFormat::Csv, view, force } => export(&global, &path, view.as_deref(), force),
        }
    }
}

// ------------------------------------------------------------------ commands

impl Load {
    fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = Knowledge::read(global.data.as_deref())?;
        let given = About {
            company: self.company.clone(),
            kind: self.kind.as_deref().and_then(ReportKind::from_word),
            year: self.year,
            title: self.title.clone(),
            ..About::default()
        };
        let mut reading = Reading::new(&self.paths, global.quiet)?;
        if self.dry_run {
            return self.try_out(reading, &given, &knowledge, global);
        }
        let options = load::Options { arguments: arguments(), ..load::Options::default() };
        let items = std::iter::from_fn(|| {
            let document = reading.next()?;
            let report = pipeline::report(&document, &given, &knowledge);
            reading.taken(&report);
            Some(load::Item { document: (&document).into(), report, more: false })
        });
        let summary = load::load(&global.db, items, &knowledge, &options)?;
        reading.end();
        for document in &summary.documents {
            tell_rejected(&document.name, &document.rejected);
            if document.outcome == load::Outcome::Empty {
                reading.give_back(Error::failed(format!(
                    "{}: holds no figure and says no year, so that there is nothing to store; is it a report? --year says which year it is about",
                    document.name
                )));
            }
        }
        if !global.quiet && reading.taken > 0 {
            finish(|out| summary::loaded(&summary, &global.db, out))?;
        }
        let total = &summary.total;
        let worst = [(total.errors, Severity::Error), (total.warnings, Severity::Warning), (total.infos, Severity::Info)];
        let worst = worst.iter().find(|(count, _)| *count > 0).map(|(_, severity)| *severity);
        reading.bad_rows = total.rejected;
        self.exit(reading, worst)
    }

    fn try_out(&self, mut reading: Reading, given: &About, knowledge: &Knowledge, global: &Global) -> Result<Option<Exit>> {
        let mut tried = Vec::new();
        while let Some(document) = reading.next() {
            let report = pipeline::report(&document, given, knowledge);
            reading.taken(&report);
            reading.tell_rejected(&document.name, &report);
            tried.push(summary::Tried::new(&document.name, report));
        }
        if !global.quiet && reading.taken > 0 {
            finish(|out| summary::tried(&tried, out))?;
        }
        self.exit(reading, tried.iter().filter_map(summary::Tried::worst).max())
    }

    /// A failure comes first, then what --fail-on asks for, then what was bad among the good.
    fn exit(&self, reading: Reading, worst: Option<Severity>) -> Result<Option<Exit>> {
        let exit = reading.exit("nothing was loaded")?;
        let bar = self.fail_on.as_deref().and_then(Severity::from_word);
        let is_bad = bar.is_some_and(|bar| worst.is_some_and(|worst| worst >= bar));
        Ok(if is_bad { Some(Exit::Findings) } else { exit })
    }
}

/// The command line as it was typed, to be kept with the load.
fn arguments() -> String {
    std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn extract(global: &Global, files: &[PathBuf], format: extract::Format, initiatives: bool) -> Result<Option<Exit>> {
    let knowledge = Knowledge::read(global.data.as_deref())?;
    let mut printer = extract::Printer::new(format, initiatives, Stdout::new());
    let mut reading = Reading::new(files, global.quiet)?;
    while let Some(document) = reading.next() {
        let report = pipeline::report(&document, &About::default(), &knowledge);
        reading.taken(&report);
        reading.tell_rejected(&document.name, &report);
        printer.report(&document.name, &report)?;
    }
    printer.finish()?;
    reading.exit("nothing could be read")
}

fn why(global: &Global, files: &[PathBuf]) -> Result<Option<Exit>> {
    let knowledge = Knowledge::read(global.data.as_deref())?;
    let paint = Paint::new(anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never);
    let mut reading = Reading::new(files, global.quiet)?;
    let mut out = Stdout::new();
    while let Some(document) = reading.next() {
        let report = pipeline::report(&document, &About::default(), &knowledge);
        reading.taken(&report);
        serve::why::why(&document, &report, paint, &mut out)?;
    }
    out.flush().map_err(|error| serve::unwritten(&error))?;
    reading.exit("nothing could be read")
}

fn export(global: &Global, path: &Path, view: Option<&str>, force: bool) -> Result<Option<Exit>> {
    let mut db = open_for_reading(&global.db)?;
    if path.as_os_str() == "-" {
        return finish(|out| export::csv_to(&mut db, view, out));
    }
    for written in export::csv(&db, path, view, force)? {
        if !global.quiet {
            tell(&format!("{}: {} rows", written.path.display(), written.rows));
        }
    }
    Ok(None)
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

/// Runs what prints to standard output, and writes out what is held back.
fn finish(print: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Option<Exit>> {
    let mut out = Stdout::new();
    print(&mut out)?;
    out.flush().map_err(|error| serve::unwritten(&error))?;
    Ok(None)
}

// ------------------------------------------------------------------ reading one input after the other

/// Goes through inputs, tells of bad ones, and knows at the end how it went. One document is held at a time.
struct Reading {
    inputs: std::vec::IntoIter<Result<Input>>,
    count: usize,
    progress: ProgressBar,
    taken: usize,
    rows_taken: usize,
    /// The error of a bad input where there is only one input, to end the program with.
    only: Option<Error>,
    bad: usize,
    bad_rows: usize,
}

impl Reading {
    fn new(paths: &[PathBuf], quiet: bool) -> Result<Reading> {
        let mut inputs = read::inputs(paths);
        if let Some(at) = inputs.iter().position(|input| input.as_ref().is_err_and(|error| error.exit == Exit::Usage)) {
            inputs.swap_remove(at)?;
        }
        let count = inputs.len();
        // indicatif draws on a terminal only.
        let shown = !quiet && count > 1;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let progress = ProgressBar::with_draw_target(Some(count as u64), target).with_finish(ProgressFinish::AndClear);
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {bar:30} {wide_msg}") {
            progress.set_style(style);
        }
        let inputs = inputs.into_iter();
        Ok(Reading { inputs, count, progress, taken: 0, rows_taken: 0, only: None, bad: 0, bad_rows: 0 })
    }

    /// The next document that can be read.
    fn next(&mut self) -> Option<Document> {
        while let Some(input) = self.inputs.next() {
            if let Ok(input) = &input {
                self.progress.set_message(input.name());
            }
            self.progress.inc(1);
            match input.and_then(|input| input.document()) {
                Ok(document) => return Some(document),
                Err(error) => self.bad(error),
            }
        }
        self.end();
        None
    }

    /// Tells of an input that is bad; the only one ends the program.
    fn bad(&mut self, error: Error) {
        self.bad += 1;
        if self.count == 1 {
            self.only = Some(error);
        } else {
            self.progress.suspend(|| tell(&error.to_string()));
        }
    }

    /// A document that was read and is bad after all.
    fn give_back(&mut self, error: Error) {
        self.taken -= 1;
        self.bad(error);
    }

    /// Counts a document that was read.
    fn taken(&mut self, report: &Report) {
        self.taken += 1;
        self.rows_taken += report.figures.len();
        self.bad_rows += report.rejected.len();
    }

    /// Tells of the rows of a document that could not be taken.
    fn tell_rejected(&self, name: &str, report: &Report) {
        self.progress.suspend(|| tell_rejected(name, &report.rejected));
    }

    /// Takes the progress off the terminal.
    fn end(&self) {
        self.progress.finish_and_clear();
    }

    /// Nothing taken is a failure, some of it bad is partial.
    fn exit(self, nothing: &str) -> Result<Option<Exit>> {
        if let Some(error) = self.only {
            return Err(error);
        }
        if self.taken == 0 || (self.rows_taken == 0 && self.bad_rows > 0) {
            return Err(Error::failed(nothing));
        }
        Ok((self.bad + self.bad_rows > 0).then_some(Exit::Partial))
    }
}

// ------------------------------------------------------------------ the two streams

/// Prints what ends the program.
pub fn print_error(error: &Error) {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    tell(&format!("{red}error:{red:#} {error}"));
}

/// Prints what could not be taken of a document. A message that starts with its line follows the name as compilers do it,
/// which editors jump to.
fn tell_rejected(name: &str, messages: &[String]) {
    for message in messages {
        let blank = if message.starts_with(|c: char| c.is_ascii_digit()) { "" } else { " " };
        tell(&format!("{name}:{blank}{message}"));
    }
}

/// Prints a line on standard error. Where that is closed there is nobody to tell.
fn tell(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Standard output, buffered. Whoever reads it may stop when they have seen enough, as `head` does: that ends the program
/// without a word.
struct Stdout(BufWriter<StdoutLock<'static>>);

impl Stdout {
    fn new() -> Stdout {
        Stdout(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

fn or_end<T>(result: io::Result<T>) -> io::Result<T> {
    if let Err(error) = &result
        && error.kind() == ErrorKind::BrokenPipe
    {
        std::process::exit(0);
    }
    result
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        or_end(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        or_end(self.0.flush())
    }
}

impl Drop for Stdout {
    fn drop(&mut self) {
        // An error elsewhere ended the printing; what was printed before it is still worth having.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples_of_itself() {
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples = help.lines().filter(|line| line.contains(&format!("reportsql {name}"))).count();
            assert!(examples >= 2, "{name} has {examples} examples");
            // A longer line would be broken on a terminal of 80 columns, and an example with it.
            assert!(help.lines().all(|line| line.len() < 80), "{name}");
        }
    }
}
