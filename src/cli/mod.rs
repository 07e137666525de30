//! The command line: every command and flag, with its help. A command is a file here; it says what it does in terms of the stages.
//!
//! Data goes to standard output, all else to standard error. A bad input among good ones is told and passed over; the exit
//! code says so at the end.

mod chart;
mod check;
mod completions;
mod correct;
mod databases;
mod export;
mod extract;
mod load;
mod man;
mod query;
mod reading;
mod search;
mod shell;
mod streams;

pub use streams::print_error;

use crate::error::{Exit, Result};
use crate::knowledge::Knowledge;
use crate::message::Language;
use chart::Chart;
use check::Check;
use clap::{Args, Parser, Subcommand, ValueEnum};
use completions::Completions;
use correct::Correct;
use databases::{Diff, Merge, Unload};
use export::Export;
use extract::Extract;
use load::Load;
use man::Manual;
use query::{Explain, Query, Schema};
use search::Search;
use shell::Shell;
use std::path::PathBuf;

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
  3   some inputs or rows were bad, the rest was taken; a long table was cut
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
    /// The language of what people read, the locale's otherwise; of names and titles in `export` and `chart`, which follow no locale
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    lang: Option<Language>,
    /// When to use colours; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

impl Global {
    /// The language of what people read: as asked for, or as the locale says (LC_ALL, LC_MESSAGES, LANG).
    fn language(&self) -> Language {
        let locale =
            || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok()).find(|locale| !locale.is_empty());
        self.lang.unwrap_or_else(|| Language::of_locale(&locale().unwrap_or_default()))
    }

    /// What the program knows. It is held until the program ends: to free its many short words one by one takes longer than to
    /// leave them to the system.
    fn knowledge(&self) -> Result<&'static Knowledge> {
        Knowledge::read(self.data.as_deref()).map(|knowledge| &*Box::leak(Box::new(knowledge)))
    }
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
  reportsql load report.pdf kpi.xlsx --year 2020

Read are PDF, workbooks (.xlsx, .xls, .ods), Word documents (.docx), web pages
(.html), Markdown (.md), text, and tables as .csv or .tsv; a folder stands for
the files of these kinds in and below it. A
sheet of figures has a column for the metric and one for the value as printed;
beside them may stand kind, basis, whole, period, province, place,
initiative, theme, page and line. Loading the same again changes nothing.")]
    Load(Load),
    /// Print the figures of reports, or their headings, without a database
    #[command(after_help = "\
Examples:
  reportsql extract report.txt
  reportsql extract --format csv 2019.txt 2020.txt > figures.csv
  reportsql extract report.pdf kpi.xlsx page.html
  reportsql extract --initiatives report.txt
  reportsql extract --why report.txt | less -R
  reportsql extract --layout layout.html --pages 1-8 report.pdf")]
    Extract(Extract),
    /// Answer a question in SQL; the database is only read
    #[command(after_help = "\
Examples:
  reportsql query \"SELECT metric_hant, value, unit FROM flat_facts\"
  reportsql query \"SELECT * FROM flat_facts WHERE year = :y\" -p y=2019 -f csv
  reportsql query @questions.sql --format markdown --timing
  reportsql query @questions.sql --output answers.xlsx
  echo \"SELECT count(*) FROM figures\" | reportsql query - --timeout 10

Several statements run one after the other, in formats that can hold their
rows: table, markdown, jsonl. Nothing runs where one of them has an error.
flat_facts has a row for each fact, flat_figures one for each statement;
`reportsql schema` lists all tables and views.")]
    Query(Query),
    /// Ask one question after the other, at a prompt or from a pipe; the database is only read
    #[command(after_help = "\
Examples:
  reportsql shell
  reportsql shell --db telecom.db --format csv
  printf '.mode csv\\nSELECT 1;\\n' | reportsql shell

Statements end in a semicolon and may go over several lines. Tab completes
names of tables and columns, and codes within quotes; Ctrl-C stops what runs;
.help lists commands. Lines are kept in reportsql/history below
$XDG_STATE_HOME or ~/.local/state; one that starts with a blank is not.")]
    Shell(Shell),
    /// Find words in names and definitions of metrics, headings and sentences, in either script
    #[command(after_help = "\
Examples:
  reportsql search 基站
  reportsql search 青海 充电桩 --limit 5
  reportsql search 員工 --format csv > employees.csv

One character is enough. Traditional and simplified characters, full-width
and half-width forms, capital and small letters find each other.")]
    Search(Search),
    /// Draw metrics over years, by province or by company: in the terminal, as SVG, as PNG
    #[command(after_help = "\
Examples:
  reportsql chart 4G基站
  reportsql chart 4G基站 5G基站 --company 中国联通 --from 2015
  reportsql chart villages_poor_universal --by province -o provinces.svg
  reportsql chart 第四批普遍服务试点行政村 --province 青海
  reportsql chart 4G基站 --report china-unicom/csr/2019
  reportsql chart 4G基站 --by company --lang en -o companies.png

A metric goes by its code, any of its names in either script, or the label a
report gives it. Units are never mixed: figures of several units go on an
axis each. What was promised is hollow, a year without a figure is a gap.
docs/chart.md tells more.")]
    Chart(Chart),
    /// Tell how a figure came about: its sentence, the rule, each step from text to value
    #[command(after_help = "\
Examples:
  reportsql explain f8ba96
  reportsql explain 17
  reportsql query \"SELECT figure_id, reported FROM review_queue LIMIT 5\"")]
    Explain(Explain),
    /// Print the tables and views of the database, with what their columns mean
    #[command(after_help = "\
Examples:
  reportsql schema
  reportsql schema figures
  reportsql schema flat_facts --format table")]
    Schema(Schema),
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
  reportsql correct set f8ba96 value=1420000 --reason \"see the erratum\"
  reportsql correct accept f8ba96 fbd984 --author li
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
    Unload(Unload),
    /// Make one database of several
    #[command(after_help = "\
Examples:
  reportsql merge all.db north.db south.db
  reportsql merge 2020.db parts/*.db

A document that several have is taken from the one that loaded it last.")]
    Merge(Merge),
    /// Show what moved between two databases: figures that are new, gone or changed
    #[command(after_help = "\
Examples:
  reportsql diff old.db new.db
  reportsql diff old.db new.db --format csv > moved.csv
  reportsql diff expected.db figures.db --exit-code --quiet")]
    Diff(Diff),
    /// Write views to files that spreadsheets and data programs open
    #[command(after_help = "\
Examples:
  reportsql export figures.xlsx
  reportsql export figures.xlsx --lang zh-Hans
  reportsql export costs.csv --where \"unit_base = 'CNY' AND year = 2019\"
  reportsql export tables/
  reportsql export tables/ --format parquet
  reportsql export provinces.parquet --view metric_by_province --force
  reportsql export metadata.json --format datasette
  reportsql export - --view flat_figures | head

A folder of CSV files holds datapackage.json and csv-metadata.json, which
describe them. In .csv and .xlsx a text that a spreadsheet would run as a
formula is kept from it; .parquet holds every text as it is.")]
    Export(Export),
    /// Print what makes a shell complete commands, flags and files
    #[command(after_help = "\
Examples:
  eval \"$(reportsql completions bash)\"
  reportsql completions zsh > ~/.zfunc/_reportsql
  reportsql completions fish > ~/.config/fish/completions/reportsql.fish
  reportsql completions powershell >> $PROFILE

The first is a line for ~/.bashrc. zsh looks where fpath says: put
fpath+=~/.zfunc before compinit in ~/.zshrc.")]
    Completions(Completions),
    /// Write a manual page for each command
    #[command(after_help = "\
Examples:
  reportsql man ~/.local/share/man/man1
  reportsql man pages && man pages/reportsql-load.1")]
    Man(Manual),
}

impl Arguments {
    /// The language that errors are told in.
    pub fn language(&self) -> Language {
        self.global.language()
    }

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
            Command::Extract(extract) => extract.run(&global),
            Command::Query(query) => query.run(&global),
            Command::Search(search) => search.run(&global),
            Command::Chart(chart) => chart.run(&global),
            Command::Shell(shell) => shell.run(&global),
            Command::Explain(explain) => explain.run(&global),
            Command::Schema(schema) => schema.run(&global),
            Command::Check(check) => check.run(&global),
            Command::Correct { what } => what.run(&global),
            Command::Unload(unload) => unload.run(&global),
            Command::Merge(merge) => merge.run(&global),
            Command::Diff(diff) => diff.run(&global),
            Command::Export(export) => export.run(&global),
            Command::Completions(completions) => completions.run(),
            Command::Man(manual) => manual.run(&global),
        }
    }
}

/// The command line as it was typed, to be kept with the load; passwords are not kept.
fn arguments() -> String {
    without_password(std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned())).join(" ")
}

fn without_password(arguments: impl Iterator<Item = String>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for argument in arguments {
        let is_password = told.last().is_some_and(|last| last == "--password");
        told.push(match argument.split_once('=') {
            _ if is_password => "***".to_string(),
            Some(("--password", _)) => "--password=***".to_string(),
            _ => argument,
        });
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn a_password_is_not_kept() {
        let told = |line: &str| without_password(line.split(' ').map(String::from)).join(" ");
        assert_eq!(told("load --password geheim a.pdf"), "load --password *** a.pdf");
        assert_eq!(told("load --password=geheim a.pdf"), "load --password=*** a.pdf");
    }

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples_of_itself() {
        fn look(command: &clap::Command, path: &str) {
            for command in command.get_subcommands() {
                let name = format!("{path} {}", command.get_name());
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                let examples = help.lines().filter(|line| line.contains(&name)).count();
                assert!(examples >= 2, "{name} has {examples} examples");
                // A longer line would be broken on a terminal of 80 columns, and an example with it.
                assert!(help.lines().all(|line| line.width() < 80), "{name}");
                look(command, &name);
            }
        }
        look(&Arguments::command(), "reportsql");
    }
}
