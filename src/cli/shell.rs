//! `reportsql shell`: a terminal, or a pipe, in; answers out, one after the other.

use super::Global;
use super::query::Cost;
use super::streams::{or_end, paint, print_error, tell};
use crate::error::{Error, Exit, Result};
use crate::load::schema::open_for_reading_within;
use crate::read::unreadable;
use crate::serve::query;
use crate::serve::shell::complete::Names;
use crate::serve::shell::{Next, Settings, Shell as Answering, is_whole};
use clap::Args;
use rustyline::completion::Completer;
use rustyline::config::{BellStyle, Builder};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context, Editor, Helper};
use std::io::{self, BufRead, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What `shell` takes.
#[derive(Debug, Args)]
pub(super) struct Shell {
    /// How rows are written at first
    #[arg(long, short, value_enum, default_value = "table")]
    format: query::Format,
    #[command(flatten)]
    cost: Cost,
}

impl Shell {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let mut db = open_for_reading_within(&global.db, self.cost.patience())?;
        let settings =
            Settings { format: self.format, rows: self.cost.limit, time: self.cost.time(), paint: paint(), language: global.language() };
        let mut shell = Answering::new(&mut db, &knowledge.fold, settings)?;
        let is_terminal = io::stdin().is_terminal();
        let stopped = Arc::new(AtomicBool::new(false));
        let (stop, stops) = (shell.stopper(), Arc::clone(&stopped));
        // At the prompt the editor takes Ctrl-C itself. A script that is piped in ends with the statement.
        let handled = ctrlc::set_handler(move || {
            stops.store(true, Ordering::Relaxed);
            if !stop() && !is_terminal {
                std::process::exit(INTERRUPTED);
            }
        });
        handled.map_err(|error| Error::failed(format!("Ctrl-C cannot be caught: {error}")))?;
        let mut out = Out { out: BufWriter::with_capacity(1 << 16, io::stdout()), stopped };
        if is_terminal {
            typed(&mut shell, &mut out, global)?;
        } else {
            piped(&mut shell, &mut out)?;
        }
        Ok(None)
    }
}

/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Standard output that stops where a statement was stopped.
struct Out {
    out: BufWriter<io::Stdout>,
    stopped: Arc<AtomicBool>,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(io::Error::other("interrupted"));
        }
        or_end(self.out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        or_end(self.out.flush())
    }
}

/// Runs what was read, and shows it all before the next prompt.
fn answer(shell: &mut Answering<'_>, text: &str, out: &mut Out) -> Result<Next> {
    out.stopped.store(false, Ordering::Relaxed);
    // What is told aside belongs behind the rows before it.
    let mut asides = Vec::new();
    let next = shell.run(text, out, &mut |aside| asides.push(aside.to_string()));
    out.flush().map_err(|error| crate::serve::unwritten(&error))?;
    asides.iter().for_each(|aside| tell(aside));
    next
}

// ------------------------------------------------------------------ from a pipe

/// Runs the lines of standard input; the first error ends it.
fn piped(shell: &mut Answering<'_>, out: &mut Out) -> Result<()> {
    let mut text = String::new();
    let mut first = 1;
    for (at, line) in io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|error| unreadable("-", &error))?;
        if text.trim().is_empty() {
            text.clear();
            first = at + 1;
        }
        text += &line;
        text.push('\n');
        if is_whole(&text) {
            if answer(shell, &text, out).map_err(|error| error.at(format!("line {first}")))? == Next::Quit {
                return Ok(());
            }
            text.clear();
        }
    }
    answer(shell, &text, out).map_err(|error| error.at(format!("line {first}"))).map(|_| ())
}

// ------------------------------------------------------------------ from a terminal

/// Runs what a person types; an error is told, and the next line may do better.
fn typed(shell: &mut Answering<'_>, out: &mut Out, global: &Global) -> Result<()> {
    let broken = |error: ReadlineError| Error::failed(format!("the terminal: {error}"));
    let config = Builder::new()
        .auto_add_history(true)
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .bell_style(BellStyle::None)
        .max_history_size(10_000)
        .map_err(broken)?
        .build();
    let mut editor: Editor<Typing, FileHistory> = Editor::with_config(config).map_err(broken)?;
    editor.set_helper(Some(Typing { names: shell.names()? }));
    let history = history_file();
    if let Some(file) = history.as_ref().filter(|file| file.exists())
        && let Err(error) = editor.load_history(file)
    {
        tell(&format!("{}: the history cannot be read: {error}", file.display()));
    }
    if !global.quiet {
        tell(&format!("{}: only read; .help lists commands, statements end in ;", global.db.display()));
    }
    loop {
        match editor.readline("reportsql> ") {
            Ok(text) => match answer(shell, &text, out) {
                Ok(Next::On) => {}
                Ok(Next::Quit) => break,
                Err(error) => print_error(&error, global.language()),
            },
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(broken(error)),
        }
    }
    if let Some(file) = history {
        let made = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = made.map_err(ReadlineError::from).and_then(|()| editor.save_history(&file)) {
            tell(&format!("{}: the history cannot be written: {error}", file.display()));
        }
    }
    Ok(())
}

/// Where lines are kept from one shell to the next; nowhere, where the system names no place.
fn history_file() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = named("XDG_STATE_HOME").or_else(|| named("LOCALAPPDATA")).or_else(|| Some(named("HOME")?.join(".local/state")))?;
    Some(folder.join("reportsql").join("history"))
}

/// What the editor asks while somebody types.
struct Typing {
    names: Names,
}

impl Completer for Typing {
    type Candidate = String;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.names.complete(line, cursor))
    }
}

impl Validator for Typing {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if is_whole(context.input()) { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Hinter for Typing {
    type Hint = String;
}

impl Highlighter for Typing {}
impl Helper for Typing {}
