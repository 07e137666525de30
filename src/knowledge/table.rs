//! Reads the tables of `data/`: those the program carries, and over them those of a folder of the user's.
//!
//! In:  CSV with `#` comments, a header row, one fact a row.
//! Out: rows of a type that serde fills, each with its file and line for errors.
//!
//! A table of the user's folder is read after the built-in one of the same name; which of two rows with one key holds is the
//! later one, so a folder needs only what it adds or changes.

use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The tables the program carries: name below `data/`, content.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The texts of all tables, by their name below `data/`.
#[derive(Debug)]
pub(crate) struct Tables {
    texts: BTreeMap<String, Vec<Text>>,
}

/// A text of a table, and the name it is shown by.
#[derive(Debug)]
struct Text {
    shown: String,
    text: Cow<'static, str>,
}

/// A row and where it stands.
#[derive(Debug)]
pub(crate) struct Row<'t, T> {
    /// Where it stands.
    pub(crate) at: At<'t>,
    /// Its fields.
    pub(crate) fields: T,
}

/// Where a row stands: `data/units.csv:12`.
#[derive(Debug)]
pub(crate) struct At<'t> {
    shown: &'t str,
    line: u64,
}

impl At<'_> {
    /// The error of a cell that holds none of the words its column takes.
    pub(crate) fn unknown(&self, column: &str, found: &str, expected: &str) -> Error {
        Error::failed(format!("{self}: {column} 「{found}」 is unknown; expected {expected}"))
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}", self.shown, self.line)
    }
}

impl Tables {
    /// The built-in tables, with those of a folder over them.
    pub(crate) fn read(folder: Option<&Path>) -> Result<Tables> {
        let mut texts: BTreeMap<String, Vec<Text>> = BTreeMap::new();
        for (name, text) in BUILT_IN {
            texts.insert(name.to_string(), vec![Text { shown: format!("data/{name}"), text: Cow::Borrowed(text) }]);
        }
        if let Some(folder) = folder {
            let mut found = Vec::new();
            files(folder, folder, &mut found)?;
            if found.is_empty() {
                return Err(Error::failed(format!(
                    "{}: no .csv table found; expected files named as in data/, such as units.csv or industry/NAME/metrics.csv",
                    folder.display()
                )));
            }
            for (name, shown, text) in found {
                texts.entry(name).or_default().push(Text { shown, text: Cow::Owned(text) });
            }
        }
        Ok(Tables { texts })
    }

    /// The names that stand below a folder of `data/` and end so: `industry/` and `metrics.csv`.
    pub(crate) fn named<'t>(&'t self, folder: &'t str, ending: &'t str) -> impl Iterator<Item = &'t str> {
        self.texts.keys().map(String::as_str).filter(move |name| name.starts_with(folder) && name.ends_with(ending))
    }

    /// SHA-256 of the names and texts of all tables, in hexadecimal: the same knowledge reads the same.
    pub(crate) fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (name, texts) in &self.texts {
            for Text { text, .. } in texts {
                hash.update(format!("{name} {}\n", text.len()));
                hash.update(text.as_bytes());
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The rows of a table, the user's after the built-in ones.
    pub(crate) fn rows<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<Row<'_, T>>> {
        let texts = self.texts.get(name).ok_or_else(|| Error::failed(format!("data/{name}: no such table")))?;
        // A row a line and few comments: so the rows are not moved as they become more.
        let lines = texts.iter().map(|text| memchr::memchr_iter(b'\n', text.text.as_bytes()).count()).sum();
        let mut rows = Vec::with_capacity(lines);
        for Text { shown, text } in texts {
            let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
            let headers = reader.headers().map_err(|error| Error::failed(format!("{shown}: {error}")))?.clone();
            let mut record = csv::StringRecord::new();
            while reader.read_record(&mut record).map_err(|error| Error::failed(format!("{shown}: {error}")))? {
                let at = At { shown, line: record.position().map_or(0, csv::Position::line) };
                let fields = record.deserialize(Some(&headers)).map_err(|error| {
                    Error::failed(format!("{at}: {error}; expected the columns {}", headers.iter().collect::<Vec<_>>().join(", ")))
                })?;
                rows.push(Row { at, fields });
            }
        }
        Ok(rows)
    }
}

/// All `.csv` files below a folder: name relative to the root, name to show, text.
fn files(root: &Path, folder: &Path, found: &mut Vec<(String, String, String)>) -> Result<()> {
    let failed = |error: std::io::Error| Error::failed(format!("{}: {error}; --data expects a folder of tables", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files(root, &path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            let text = std::fs::read_to_string(&path).map_err(|error| Error::failed(format!("{}: {error}", path.display())))?;
            let name = path.strip_prefix(root).expect("found below the root").to_string_lossy().replace('\\', "/");
            found.push((name, path.display().to_string(), text));
        }
    }
    Ok(())
}
