//! What stops a file or the whole program.
//!
//! Every error says the place, what was found, what was expected and the way out; lower case, no full stop. A doubt about a
//! figure is no error but a [`Finding`](crate::model::Finding).

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
    message: String,
}

/// What may fail with an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The work could not be done.
    pub fn failed(message: impl Into<String>) -> Error {
        Error { exit: Exit::Failed, message: message.into() }
    }

    /// The command line is off.
    pub fn usage(message: impl Into<String>) -> Error {
        Error { exit: Exit::Usage, message: message.into() }
    }

    /// The same error, its place put in front.
    pub fn at(self, place: impl fmt::Display) -> Error {
        Error { exit: self.exit, message: format!("{place}: {}", self.message) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        let locked = matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked));
        if locked {
            return Error { exit: Exit::Locked, message: "the database is in use by another program; try again when it is done".into() };
        }
        Error::failed(format!("SQLite: {error}"))
    }
}
