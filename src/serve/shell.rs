//! Statements and commands with a dot, one after the other, over one database.
//!
//! In:  what a person types, or a script pipes: SQL that ends in a semicolon, or a line that begins with a dot.
//! Out: answers on a writer, remarks aside; whether to go on.
//!
//! Where the text comes from is not known here: `cli` reads a terminal or a pipe. `complete` offers what a word may become.

pub mod complete;

use super::nearest::nearest;
use super::query::statements::is_complete;
use super::query::{Format, Limits, Ran, Reader};
use super::search::{Words, search};
use super::{Paint, explain, schema, unwritten};
use crate::error::{Error, Result};
use crate::knowledge::fold::Fold;
use crate::message::Language;
use crate::read::unreadable;
use clap::ValueEnum;
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// The commands: name, what stands behind it, what it does.
const COMMANDS: &[(&str, &str, &str)] = &[
    (".columns", "NAME", "What the columns of a table or view mean"),
    (".exit", "", "The same as .quit"),
    (".explain", "FIGURE", "How a figure came about: its key, the beginning of one, or its id"),
    (".help", "", "This list"),
    (".limit", "[ROWS]", "Stop after so many rows; 0: no limit but that of a table"),
    (".mode", "[FORMAT]", "How rows are written: table, csv, tsv, json, jsonl, markdown"),
    (".param", "[NAME=VALUE]", "A value for :name in statements; without one the values there are"),
    (".quit", "", "Leave; so does the end of the input, Ctrl-D"),
    (".read", "FILE", "Run the statements of a file"),
    (".schema", "[NAME]", "The SQL that makes a table or view, or all"),
    (".search", "WORDS", "Find words in metrics, headings and sentences"),
    (".tables", "[PART]", "The tables and views, or those with that in their name"),
    (".timeout", "[SECONDS]", "Stop a statement after so many seconds; 0: no limit"),
    (".timer", "[on|off]", "Tell how long each statement took"),
];

/// Does the shell go on?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// With the next input.
    On,
    /// No.
    Quit,
}

/// How a shell starts.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How rows are written.
    pub format: Format,
    /// Rows of a statement at most.
    pub rows: Option<u64>,
    /// Time of a statement at most.
    pub time: Option<Duration>,
    /// How hits of a search are painted.
    pub paint: Paint,
    /// What is told of a figure.
    pub language: Language,
}

/// A database with what was set for it.
pub struct Shell<'d> {
    reader: Reader<'d>,
    fold: &'d Fold,
    settings: Settings,
    timer: bool,
    parameters: Vec<(String, String)>,
}

/// Is a text all that will be typed, or does a statement in it go on?
pub fn is_whole(text: &str) -> bool {
    text.trim_start().starts_with('.') || is_complete(text)
}

impl<'d> Shell<'d> {
    /// A shell over a database opened for reading.
    pub fn new(db: &'d mut Connection, fold: &'d Fold, settings: Settings) -> Result<Shell<'d>> {
        Ok(Shell { reader: Reader::new(db)?, fold, settings, timer: false, parameters: Vec::new() })
    }

    /// What ends the running statement when it is called, from another thread or a signal; it says whether there was one.
    pub fn stopper(&self) -> impl Fn() -> bool + Send + Sync + 'static {
        self.reader.stopper()
    }

    /// What words may become, as the database has them now.
    pub fn names(&self) -> Result<complete::Names> {
        complete::Names::read(self.reader.db())
    }

    /// Runs a command or statements; remarks, such as times, go to `aside`.
    pub fn run(&mut self, text: &str, out: &mut dyn Write, aside: &mut dyn FnMut(&str)) -> Result<Next> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Next::On);
        }
        if !text.starts_with('.') {
            self.statements(text, out, aside)?;
            return Ok(Next::On);
        }
        let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        self.command(name, argument.trim().trim_end_matches(';').trim_end(), out, aside)
    }

    fn statements(&self, text: &str, out: &mut dyn Write, aside: &mut dyn FnMut(&str)) -> Result<()> {
        if super::query::statements::pieces(text).is_empty() {
            return Ok(());
        }
        // Values that no parameter of these statements asks for stay for others.
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let asked: Vec<&str> = text.split([':', '@', '$']).skip(1).map(|rest| rest.split(|c| !is_word(c)).next().unwrap_or("")).collect();
        let parameters: Vec<_> = self.parameters.iter().filter(|(name, _)| asked.contains(&name.as_str())).cloned().collect();
        let Settings { format, rows, time, .. } = self.settings;
        let mut after = |ran: Ran| {
            ran.note(rows.is_some()).iter().for_each(|note| aside(note));
            if self.timer {
                aside(&ran.timing());
            }
        };
        self.reader.run(text, &parameters, format, &Limits::asked(time, rows, format), out, &mut after)
    }

    fn command(&mut self, name: &str, argument: &str, out: &mut dyn Write, aside: &mut dyn FnMut(&str)) -> Result<Next> {
        let db = self.reader.db();
        let needed = |what: &str| if argument.is_empty() { Err(Error::usage(format!("{name} needs {what}"))) } else { Ok(argument) };
        match name {
            ".quit" | ".exit" => return Ok(Next::Quit),
            ".help" => self.help(out)?,
            ".tables" => self.tables(argument, out)?,
            ".schema" => schema::sql(db, Some(argument).filter(|name| !name.is_empty()), out)?,
            ".columns" => self.columns(needed("the name of a table or view, such as flat_facts")?, out)?,
            ".explain" => explain::explain(
                db,
                needed("a figure: its key, the beginning of one, or its id")?,
                self.settings.language,
                self.settings.paint,
                out,
            )?,
            ".search" => {
                let words = Words::new(argument, self.fold)?;
                if search(db, &words, 20, None, self.settings.paint, out)?.total() == 0 {
                    aside(&format!("nothing holds 「{argument}」"));
                }
            }
            ".read" => {
                let file = Path::new(needed("the name of a file")?);
                let text = std::fs::read_to_string(file).map_err(|error| unreadable(&file.display().to_string(), &error))?;
                self.statements(&text, out, aside).map_err(|error| error.at(file.display()))?;
            }
            ".mode" | ".timer" | ".limit" | ".timeout" | ".param" => self.set(name, argument, aside)?,
            _ => {
                let near = nearest(name, COMMANDS.iter().map(|(name, ..)| *name)).unwrap_or(".help");
                return Err(Error::usage(format!("there is no command {name}; the nearest is {near}, .help lists all")));
            }
        }
        Ok(Next::On)
    }

    /// Sets how statements run, or tells it where nothing is given.
    fn set(&mut self, name: &str, argument: &str, aside: &mut dyn FnMut(&str)) -> Result<()> {
        match name {
            ".mode" if argument.is_empty() => aside(&word(self.settings.format)),
            ".mode" => {
                self.settings.format = Format::from_str(argument, true).map_err(|_| {
                    let known: Vec<String> = Format::value_variants().iter().map(|format| word(*format)).collect();
                    Error::usage(format!("there is no format 「{argument}」; expected one of {}", known.join(", ")))
                })?;
            }
            ".timer" => {
                self.timer = match argument {
                    "" => !self.timer,
                    "on" => true,
                    "off" => false,
                    _ => return Err(Error::usage(format!(".timer: 「{argument}」; expected on or off"))),
                };
                if argument.is_empty() {
                    aside(if self.timer { "on" } else { "off" });
                }
            }
            ".limit" if argument.is_empty() => aside(&self.settings.rows.map_or("none".to_string(), |rows| rows.to_string())),
            ".limit" => {
                let rows: u64 = argument.parse().map_err(|_| Error::usage(format!(".limit: 「{argument}」; expected a number of rows")))?;
                self.settings.rows = Some(rows).filter(|rows| *rows > 0);
            }
            ".timeout" if argument.is_empty() => {
                aside(&self.settings.time.map_or("none".to_string(), |time| format!("{} s", time.as_secs_f64())));
            }
            ".timeout" => {
                let seconds = argument
                    .parse()
                    .ok()
                    .filter(|seconds: &f64| *seconds >= 0.0)
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                let time = seconds.ok_or_else(|| Error::usage(format!(".timeout: 「{argument}」; expected seconds")))?;
                self.settings.time = Some(time).filter(|time| !time.is_zero());
            }
            ".param" if argument.is_empty() => self.parameters.iter().for_each(|(name, value)| aside(&format!(":{name} = {value}"))),
            _ => {
                let Some((name, value)) = argument.split_once('=') else {
                    return Err(Error::usage(".param: expected NAME=VALUE, such as year=2019"));
                };
                let name = name.trim().trim_start_matches([':', '@', '$']);
                self.parameters.retain(|(known, _)| known != name);
                self.parameters.push((name.to_string(), value.trim().to_string()));
            }
        }
        Ok(())
    }

    fn help(&self, out: &mut dyn Write) -> Result<()> {
        let mut help = String::new();
        for (name, argument, what) in COMMANDS {
            let usage = format!("{name} {argument}");
            help += &format!("{usage:22}  {what}\n");
        }
        help += "Anything else is SQL and ends in a semicolon; Tab completes names, and codes within quotes.\n";
        out.write_all(help.as_bytes()).map_err(|error| unwritten(&error))
    }

    /// Views first: they are what questions are asked of.
    fn tables(&self, part: &str, out: &mut dyn Write) -> Result<()> {
        let sql = "SELECT m.type, m.name, d.title_en AS title, d.description FROM sqlite_master m
                     LEFT JOIN data_dictionary d ON d.table_name = m.name AND d.column_name = ''
                    WHERE m.type IN ('table', 'view') AND instr(m.name, :part) ORDER BY m.type DESC, m.name";
        let parameters = [("part".to_string(), part.to_lowercase())];
        self.reader.run(sql, &parameters, Format::Table, &Limits::default(), out, &mut |_| {})
    }

    fn columns(&self, table: &str, out: &mut dyn Write) -> Result<()> {
        let table = schema::known(self.reader.db(), table)?;
        let sql = "SELECT c.name, c.type, d.title_en AS title, d.title_hans, d.description FROM pragma_table_info(:table) c
                     LEFT JOIN data_dictionary d ON d.table_name = :table AND d.column_name = c.name ORDER BY c.cid";
        self.reader.run(sql, &[("table".to_string(), table)], Format::Table, &Limits::default(), out, &mut |_| {})
    }
}

fn word(format: Format) -> String {
    format.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}
