//! Gives people what was read: the lines of `extract`, answers to SQL, the way to a figure, exports.
//!
//! In:  a [`Report`](crate::model::Report), a database opened for reading, or the summary of a load.
//! Out: text on a writer; files where `export` and `chart` are told to.
//!
//! Nothing here writes to a database. How values and names are printed stands in `cell`, how columns line up in `table`.

pub mod cell;
pub mod chart;
pub mod diff;
mod draft;
pub mod explain;
pub mod export;
pub mod extract;
pub mod findings;
pub mod layout;
pub mod nearest;
mod printer;
pub mod query;
pub mod schema;
pub mod search;
pub mod shell;
pub mod summary;
pub mod table;
pub mod why;

use crate::error::Error;
use crate::message::message;
use anstyle::{AnsiColor, Style};
use std::path::Path;

/// What failing to write comes to.
pub(crate) fn unwritten(error: &std::io::Error) -> Error {
    Error::failed(format!("the output cannot be written: {error}"))
}

/// What failing to write a file comes to.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::failed(message!("error-file-unwritable", path = path.display(), found = error))
}

/// What a unit is called behind a number: 元 for 人民幣元.
fn short_unit(name: &str) -> &str {
    ["人民币", "人民幣"].iter().find_map(|prefix| name.strip_prefix(prefix)).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// Styles of what is printed for people, or none where the output is no terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paint {
    /// What is looked for: the figure in its sentence.
    pub mark: Style,
    /// Names of lines.
    pub label: Style,
    /// What stands aside.
    pub dim: Style,
}

impl Paint {
    /// With colours or without.
    pub fn new(colours: bool) -> Paint {
        if !colours {
            return Paint::default();
        }
        Paint {
            mark: Style::new().bold().fg_color(Some(AnsiColor::Green.into())),
            label: Style::new().fg_color(Some(AnsiColor::Cyan.into())),
            dim: Style::new().dimmed(),
        }
    }
}
