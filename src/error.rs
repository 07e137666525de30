//! What stops a file or the whole program.
//!
//! Every error says the place, what was found, what was expected and the way out; lower case, no full stop. A doubt about a
//! figure is no error but a [`Finding`](crate::model::Finding).

use crate::message::{Language, Message, message};
use std::fmt;

/// The exit codes of the program; a script can tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The work could not be done.
    Failed = 1,
    /// The command line is off.
    Usage = 2,
    /// Some files or rows were bad; the good ones were taken.
    Partial = 3,
    /// `--fail-on` asked for a stop and there are such findings.
    Findings = 4,
    /// The database is locked by another program; try again.
    Locked = 75,
}

/// An error: one sentence with its place, and the exit code it leads to.
#[derive(Debug)]
pub struct Error {
    /// What the program exits with.
    pub exit: Exit,
    /// `a.txt: page 3: `
    place: String,
    what: What,
}

/// What an error says: in English alone, or in the language of whoever is told.
#[derive(Debug)]
pub enum What {
    /// A sentence in English.
    English(String),
    /// A row of `data/messages.csv`.
    Worded(Box<Message>),
}

impl From<String> for What {
    fn from(text: String) -> What {
        What::English(text)
    }
}

impl From<&str> for What {
    fn from(text: &str) -> What {
        What::English(text.to_string())
    }
}

impl From<Message> for What {
    fn from(message: Message) -> What {
        What::Worded(Box::new(message))
    }
}

/// What may fail with an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The work could not be done.
    pub fn failed(what: impl Into<What>) -> Error {
        Error { exit: Exit::Failed, place: String::new(), what: what.into() }
    }

    /// The command line is off.
    pub fn usage(what: impl Into<What>) -> Error {
        Error { exit: Exit::Usage, place: String::new(), what: what.into() }
    }

    /// The same error, its place put in front.
    pub fn at(self, place: impl fmt::Display) -> Error {
        Error { place: format!("{place}: {}", self.place), ..self }
    }

    /// The error in a language, as far as it is worded in it.
    pub fn said(&self, language: Language) -> String {
        match &self.what {
            What::English(text) => format!("{}{text}", self.place),
            What::Worded(message) => format!("{}{}", self.place, message.said(language)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said(Language::En))
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        let locked = matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked));
        if locked {
            return Error { exit: Exit::Locked, ..Error::failed(message!("error-database-in-use")) };
        }
        Error::failed(format!("SQLite: {error}"))
    }
}
