//! `reportsql man`: a folder in; a manual page for each command in it, out.

use super::streams::{counted, tell};
use super::{Arguments, Global};
use crate::error::{Exit, Result};
use crate::serve::unwritable;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// What `man` takes.
#[derive(Debug, Args)]
pub(super) struct Manual {
    /// The folder of the pages, such as share/man/man1; pages of the same names are replaced
    dir: PathBuf,
}

impl Manual {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        fs::create_dir_all(&self.dir).map_err(|error| unwritable(&self.dir, &error))?;
        let mut program = Arguments::command().disable_help_subcommand(true);
        program.build();
        let mut pages = Vec::new();
        collect(&program, &mut pages);
        for command in &pages {
            let path = self.dir.join(format!("{}.1", name(command)));
            let mut text = Vec::new();
            page(command, &mut text).and_then(|()| fs::write(&path, spaced(&text))).map_err(|error| unwritable(&path, &error))?;
        }
        if !global.quiet {
            tell(&format!("{}: {}", self.dir.display(), counted(pages.len(), "page")));
        }
        Ok(None)
    }
}

/// A command and all below it.
fn collect<'c>(command: &'c Command, pages: &mut Vec<&'c Command>) {
    pages.push(command);
    command.get_subcommands().for_each(|command| collect(command, pages));
}

/// `reportsql-correct-set`
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// A page with one empty line where two line breaks stand for it, which readers of pages warn of.
fn spaced(page: &[u8]) -> String {
    String::from_utf8_lossy(page).replace(".br\n\n.br\n", ".sp\n")
}

fn page(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let man = Man::new(command.clone());
    // Its own title leaves the empty date out, and what follows moves into its place.
    writeln!(out, ".TH {} 1 \"\" \"reportsql {}\" \"reportsql\"", name(command).to_uppercase(), env!("CARGO_PKG_VERSION"))?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    let mut rest = Roff::new();
    // What stands below the options in the help: headings with indented lines that stay as they are, and prose.
    let (mut kept, mut prose) = (false, false);
    for line in command.get_after_help().map(ToString::to_string).unwrap_or_default().lines() {
        let indented = line.strip_prefix("  ");
        if kept != indented.is_some() {
            rest.control(if kept { "fi" } else { "nf" }, []);
            kept = !kept;
        }
        match (indented, line.strip_suffix(':')) {
            (Some(example), _) => rest.text([roman(example)]),
            (None, Some(heading)) => rest.control("SH", [heading.to_uppercase().as_str()]),
            // The rest is one paragraph.
            (None, None) if line.is_empty() => &mut rest,
            (None, None) => {
                if !std::mem::replace(&mut prose, true) {
                    rest.control("PP", []);
                }
                rest.text([roman(line)])
            }
        };
    }
    if kept {
        rest.control("fi", []);
    }
    if name(command) != "reportsql" {
        rest.control("SH", ["SEE ALSO"]);
        rest.text([bold("reportsql"), roman("(1)")]);
    }
    rest.to_writer(out)
}
