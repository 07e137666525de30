//! Every command and flag, with its help; and what each command does, in terms of the stages.
//!
//! Data goes to standard output, all else to standard error. A bad input among good ones is told and passed over; the exit
//! code says so at the end.

use crate::error::{Error, Exit, Result};
use crate::feed::{self, Fed};
use crate::knowledge::Knowledge;
use crate::load::correct::{self, Action, Asked, By};
use crate::load::{self, schema::open_for_reading};
use crate::model::{About, Document, Report, ReportKind, Severity, Transcribed};
use crate::pipeline;
use crate::read::{self, Input};
use crate::serve::{self, Paint, explain, export, extract, findings, query, schema, summary};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::io::{self, BufWriter, ErrorKind, Read, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

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
  4   findings as bad as --fail-on says; diff --exit-code: something moved
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
    /// List what is doubtful: checks of each report, checks across reports, the soundness of the file
    #[command(after_help = "\
Examples:
  reportsql check
  reportsql check --severity warning --format csv > doubts.csv
  reportsql check --fail-on error && ./publish.sh
  reportsql check --report china-unicom/csr/2019 --code share-over-100")]
    Check(Check),
    /// Correct figures; every later load keeps what was corrected
    #[command(after_help = "\
Examples:
  reportsql correct set f3a9c1 value=1420000 --reason \"see the erratum\"
  reportsql correct accept f3a9c1 f77b02 --author li
  reportsql correct list --format csv > corrections.csv
  reportsql correct import corrections.csv")]
    Correct {
        #[command(subcommand)]
        what: Correct,
    },
    /// Take a report out of the database
    #[command(after_help = "\
Examples:
  reportsql unload china-unicom/csr/2019
  reportsql unload china-unicom/csr/2019 --force

Corrections stay and are applied again when the report is loaded again.")]
    Unload {
        /// Code of the report
        report: String,
        /// Also where people added figures, which no load brings back
        #[arg(long)]
        force: bool,
    },
    /// Make one database of several
    #[command(after_help = "\
Examples:
  reportsql merge all.db north.db south.db
  reportsql merge 2020.db parts/*.db

A document that several have is taken from the one that loaded it last.")]
    Merge {
        /// The database to make
        out: PathBuf,
        /// The databases to join
        #[arg(required = true, value_name = "DB")]
        sources: Vec<PathBuf>,
    },
    /// Show what moved between two databases: figures that are new, gone or changed
    #[command(after_help = "\
Examples:
  reportsql diff old.db new.db
  reportsql diff old.db new.db --format csv > moved.csv
  reportsql diff expected.db figures.db --exit-code --quiet")]
    Diff {
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Progress {
    /// A bar, on a terminal only
    Auto,
    /// None
    Never,
    /// A JSON object a line, for programs
    Json,
}

impl Progress {
    fn unless(quiet: bool) -> Progress {
        if quiet { Progress::Never } else { Progress::Auto }
    }
}

/// What `check` takes.
#[derive(Debug, Args)]
struct Check {
    /// Findings that bad or worse
    #[arg(long, value_parser = PossibleValuesParser::new(Severity::WORDS))]
    severity: Option<String>,
    /// Findings of one check: share-over-100
    #[arg(long)]
    code: Option<String>,
    /// Findings of one report: china-unicom/csr/2019
    #[arg(long)]
    report: Option<String>,
    /// Say it in Chinese
    #[arg(long)]
    chinese: bool,
    /// How rows are written
    #[arg(long, short, value_enum, default_value = "table")]
    format: query::Format,
    /// Exit with 4 where a finding is as bad as that, or worse
    #[arg(long, value_name = "SEVERITY", value_parser = PossibleValuesParser::new(Severity::WORDS))]
    fail_on: Option<String>,
}

/// Who corrects, and why.
#[derive(Debug, Args)]
struct Signed {
    /// Who says so; otherwise the name you are logged in with
    #[arg(long, env = "REPORTSQL_AUTHOR")]
    author: Option<String>,
    /// Why it is not as it was read
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Correct {
    /// Set fields of a figure
    #[command(after_help = "\
Examples:
  reportsql correct set f3a9c1 value=1420000
  reportsql correct set f3a9c1 low=1 high=3 unit=ms --reason \"a range\"
  reportsql correct set 17 kind=share whole=全部 province=青海 period=2019

A value is a plain decimal, its multiplier applied. Fields: value, low, high,
comparator, unit, metric, label, kind, modality, tier, basis, mode,
base_period, whole, period, province, place, initiative, preferred, note.")]
    Set {
        /// A figure_key, its first characters, or a figure_id
        figure: String,
        /// What it is; FIELD= empties a field
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = field)]
        fields: Vec<(String, String)>,
        #[command(flatten)]
        signed: Signed,
    },
    /// Say that figures are as they were read
    #[command(after_help = "\
Examples:
  reportsql correct accept f3a9c1
  reportsql correct accept f3a9c1 f77b02 --author li")]
    Accept {
        /// Figures, each by its figure_key, the first characters of one, or its figure_id
        #[arg(required = true, value_name = "FIGURE")]
        figures: Vec<String>,
        #[command(flatten)]
        signed: Signed,
    },
    /// Say that figures are none; they are shown no more
    #[command(after_help = "\
Examples:
  reportsql correct reject f3a9c1
  reportsql correct reject f3a9c1 --reason \"a page number\"")]
    Reject {
        /// Figures, each by its figure_key, the first characters of one, or its figure_id
        #[arg(required = true, value_name = "FIGURE")]
        figures: Vec<String>,
        #[command(flatten)]
        signed: Signed,
    },
    /// Add a figure that was missed
    #[command(after_help = "\
Examples:
  reportsql correct add china-unicom/csr/2019 4G基站 141萬個 --page 12
  reportsql correct add acme/esg/2020 節電 1.2億千瓦時 --line 80 --period 2019")]
    Add(Box<Added>),
    /// List corrections; as CSV they can be imported
    #[command(after_help = "\
Examples:
  reportsql correct list
  reportsql correct list --state orphan
  reportsql correct list --format csv > corrections.csv")]
    List {
        /// active, superseded by a later one, stale (now read otherwise) or orphan (the figure is gone)
        #[arg(long, value_parser = PossibleValuesParser::new(["active", "superseded", "stale", "orphan"]))]
        state: Option<String>,
        /// How rows are written
        #[arg(long, short, value_enum, default_value = "table")]
        format: query::Format,
    },
    /// Take in a CSV of corrections, all of it or nothing
    #[command(after_help = "\
Examples:
  reportsql correct import corrections.csv
  reportsql correct import reviewed.csv --author li

Columns: figure_key, action (set, accept, reject, add), field, new_value,
reason, author; of an added figure report, metric, value, page, line and
those of a sheet of figures. Other columns are passed over.")]
    Import {
        /// A CSV, or - for standard input
        file: PathBuf,
        #[command(flatten)]
        signed: Signed,
    },
}

/// What `correct add` takes.
#[derive(Debug, Args)]
struct Added {
    /// Code of the report
    report: String,
    /// What is measured, as the report calls it
    metric: String,
    /// The value as printed: 141萬個
    value: String,
    /// Page of the report, from 1
    #[arg(long)]
    page: Option<u32>,
    /// Line of the report's text, from 1
    #[arg(long)]
    line: Option<u32>,
    /// level, change, share, rank, price or target; the value says most
    #[arg(long)]
    kind: Option<String>,
    /// Of a change: yoy, pop, prior or a year
    #[arg(long)]
    basis: Option<String>,
    /// Of a share: of what
    #[arg(long)]
    whole: Option<String>,
    /// 2019, 2019-08, 2019-12-31 …; otherwise the report's year
    #[arg(long)]
    period: Option<String>,
    /// CN-QH or 青海; several joined with ;
    #[arg(long)]
    province: Option<String>,
    /// The finer place, as written
    #[arg(long)]
    place: Option<String>,
    #[command(flatten)]
    signed: Signed,
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

fn field(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => Ok((field.trim().to_string(), value.to_string())),
        _ => Err("expected FIELD=VALUE, such as value=1410000".to_string()),
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
            Command::Check(check) => check.run(&global),
            Command::Correct { what } => what.run(&global),
            Command::Unload { report, force } => unload(&global, &report, force),
            Command::Merge { out, sources } => merge(&global, &out, &sources),
            Command::Diff { before, after, format, exit_code } => diff(&global, [&before, &after], format, exit_code),
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
        let mut reading =
            Reading::new(&self.paths, if global.quiet && self.progress == Progress::Auto { Progress::Never } else { self.progress })?;
        // One core stores; the others read.
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        let jobs = self.jobs.map_or_else(cores, usize::from);
        let inputs = reading.hand_out();
        if self.dry_run {
            return self.try_out(reading, inputs, jobs, &given, &knowledge, global);
        }
        let options = load::Options { arguments: arguments(), edition: self.edition.unwrap_or(0) };
        let summary = feed::feed(inputs, jobs, &given, &knowledge, |fed| {
            load::load(&global.db, std::iter::from_fn(|| reading.next_of(fed)), &knowledge, &options)
        })?;
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

    fn try_out(
        &self,
        mut reading: Reading,
        inputs: Vec<Result<Input>>,
        jobs: usize,
        given: &About,
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

impl Check {
    fn run(self, global: &Global) -> Result<Option<Exit>> {
        let severity = |word: &Option<String>| word.as_deref().and_then(Severity::from_word);
        let (least, bar) = (severity(&self.severity), severity(&self.fail_on));
        let wanted = findings::Wanted { severity: least, code: self.code, report: self.report, chinese: self.chinese };
        let db = open_for_reading(&global.db)?;
        let mut listed = findings::Listed::default();
        finish(|out| {
            // A gate that is quiet says it with its exit code.
            let mut nowhere = io::sink();
            let out: &mut dyn Write = if global.quiet && bar.is_some() { &mut nowhere } else { out };
            listed = findings::findings(&db, &wanted, self.format, out)?;
            Ok(())
        })?;
        if !global.quiet {
            tell(&format!(
                "{}, {}, {}",
                counted(listed.errors, "error"),
                counted(listed.warnings, "warning"),
                counted(listed.infos, "note")
            ));
        }
        let is_bad = bar.is_some_and(|bar| listed.worst().is_some_and(|worst| worst >= bar));
        Ok(is_bad.then_some(Exit::Findings))
    }
}

impl Signed {
    fn by(self) -> By {
        let login = || ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
        By { author: self.author.or_else(login).unwrap_or_default(), reason: self.reason }
    }
}

impl Correct {
    fn run(self, global: &Global) -> Result<Option<Exit>> {
        let one = |action: Action, by: By| vec![Asked { action, by, at: None }];
        let each = |figures: Vec<String>, action: fn(String) -> Action, by: By| {
            figures.into_iter().map(|figure| Asked { action: action(figure), by: by.clone(), at: None }).collect()
        };
        let asked: Vec<Asked> = match self {
            Correct::List { state, format } => {
                let state = vec![("state".to_string(), state.unwrap_or_default())];
                return finish(|out| query::query(&mut open_for_reading(&global.db)?, correct::LIST, &state, format, out));
            }
            Correct::Set { figure, fields, signed } => one(Action::Set(figure, fields), signed.by()),
            Correct::Accept { figures, signed } => each(figures, Action::Accept, signed.by()),
            Correct::Reject { figures, signed } => each(figures, Action::Reject, signed.by()),
            Correct::Add(added) => {
                let (report, row, by) = added.row();
                one(Action::Add(report, Box::new(row)), by)
            }
            Correct::Import { file, signed } => {
                let name = file.display().to_string();
                let mut bytes = Vec::new();
                let read = if name == "-" {
                    io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
                } else {
                    std::fs::read(&file).map(|read| bytes = read)
                };
                read.map_err(|error| Error::failed(format!("{name}: cannot be read: {error}")))?;
                correct::sheet(&name, &bytes, &signed.by())?
            }
        };
        let knowledge = Knowledge::read(global.data.as_deref())?;
        let made = correct::correct(&global.db, &asked, &knowledge, &load::Options { arguments: arguments(), ..load::Options::default() })?;
        if !global.quiet {
            let as_before = if made.unchanged > 0 { format!(", {} as before", made.unchanged) } else { String::new() };
            tell(&format!("{}: {}{as_before}", global.db.display(), counted(made.changed, "correction")));
        }
        Ok(None)
    }
}

impl Added {
    fn row(self) -> (String, Transcribed, By) {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let row = Transcribed {
            metric: self.metric,
            value: self.value,
            kind: self.kind.unwrap_or_default(),
            basis: self.basis.unwrap_or_default(),
            whole: self.whole.unwrap_or_default(),
            period: self.period.unwrap_or_default(),
            province: self.province.unwrap_or_default(),
            place: self.place.unwrap_or_default(),
            page: number(self.page),
            line: number(self.line),
            ..Transcribed::default()
        };
        (self.report, row, self.signed.by())
    }
}

fn unload(global: &Global, report: &str, force: bool) -> Result<Option<Exit>> {
    let knowledge = Knowledge::read(global.data.as_deref())?;
    let options = load::Options { arguments: arguments(), ..load::Options::default() };
    let names = load::unload(&global.db, report, force, &knowledge, &options)?;
    if !global.quiet {
        tell(&format!("{}: {report} is out, with {}", global.db.display(), names.join(", ")));
    }
    Ok(None)
}

fn merge(global: &Global, out: &Path, sources: &[PathBuf]) -> Result<Option<Exit>> {
    let knowledge = Knowledge::read(global.data.as_deref())?;
    let options = load::Options { arguments: arguments(), ..load::Options::default() };
    let merged = load::merge::merge(out, sources, &knowledge, &options)?;
    if !global.quiet {
        for (name, source) in &merged.chosen {
            tell(&format!("{name}: several databases have it, not the same; taken from {}", source.display()));
        }
        tell(&format!("{}: made; {}, {}", out.display(), counted(merged.documents, "document"), counted(merged.figures, "figure")));
    }
    Ok(None)
}

fn diff(global: &Global, [before, after]: [&Path; 2], format: query::Format, exit_code: bool) -> Result<Option<Exit>> {
    let (old, new) = (open_for_reading(before)?, open_for_reading(after)?);
    let mut moved = serve::diff::Moved::default();
    finish(|out| {
        let mut nowhere = io::sink();
        let out: &mut dyn Write = if global.quiet && exit_code { &mut nowhere } else { out };
        moved = serve::diff::diff(&old, &new, format, out)?;
        Ok(())
    })?;
    if !global.quiet {
        tell(&format!("{} new, {} gone, {} changed", moved.new, moved.gone, moved.changed));
    }
    Ok((exit_code && !moved.is_nothing()).then_some(Exit::Findings))
}

/// `1 figure`, `412 figures`
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The command line as it was typed, to be kept with the load.
fn arguments() -> String {
    std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn extract(global: &Global, files: &[PathBuf], format: extract::Format, initiatives: bool) -> Result<Option<Exit>> {
    let knowledge = Knowledge::read(global.data.as_deref())?;
    let mut printer = extract::Printer::new(format, initiatives, Stdout::new());
    let mut reading = Reading::new(files, Progress::unless(global.quiet))?;
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

fn why(global: &Global, files: &[PathBuf]) -> Result<Option<Exit>> {
    let knowledge = Knowledge::read(global.data.as_deref())?;
    let paint = Paint::new(anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never);
    let mut reading = Reading::new(files, Progress::unless(global.quiet))?;
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
    /// Progress is told as JSON.
    is_json: bool,
    started: Instant,
    /// Inputs that are done, good or bad.
    done: usize,
    pages: u64,
    /// Are further parts of a document to come?
    is_open: bool,
    taken: usize,
    rows_taken: usize,
    /// The error of a bad input where there is only one input, to end the program with.
    only: Option<Error>,
    bad: usize,
    bad_rows: usize,
}

impl Reading {
    fn new(paths: &[PathBuf], progress: Progress) -> Result<Reading> {
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
            count,
            progress: bar,
            is_json: progress == Progress::Json,
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
    fn hand_out(&mut self) -> Vec<Result<Input>> {
        std::mem::take(&mut self.inputs).collect()
    }

    /// The next item that others read. Bad inputs are told and passed over, but one that breaks off in the middle ends it all.
    fn next_of(&mut self, fed: &mut dyn Iterator<Item = Fed>) -> Option<Result<load::Item>> {
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
    fn step(&mut self, name: &str, is_done: bool) {
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
        self.progress.set_message(format!("{} figures, {rate:.0}/s, {name}", self.rows_taken));
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

    /// Tells of figures whose time nothing says: no year in the text, none in the name of the file.
    fn tell_timeless(&self, name: &str, report: &Report) {
        let count = report.figures.iter().filter(|figure| !figure.period.is_known()).count();
        if count > 0 {
            let advice = "a year in the name of the file says it, as does `load --year`";
            self.progress.suspend(|| tell(&format!("{name}: figures without a period: {count}; no year is named; {advice}")));
        }
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
