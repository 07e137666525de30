//! Writes views and tables to files that spreadsheets open.
//!
//! In:  a database opened for reading; a `.csv` file, or a folder, to write.
//! Out: CSV with a byte order mark, without which spreadsheets show Chinese garbled.
//!
//! A file appears whole or not at all: it is written beside its place and renamed. What exists is kept unless told otherwise.

use super::printer::{Format, Printer};
use super::query;
use super::{schema, unwritten};
use crate::error::{Error, Result};
use rusqlite::Connection;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The tables that explain what the views show; a folder gets them beside the views.
const DIMENSIONS: &[&str] = &[
    "data_dictionary",
    "initiative_provinces",
    "initiatives",
    "metric_aliases",
    "metric_standards",
    "metrics",
    "organizations",
    "periods",
    "place_members",
    "places",
    "provinces",
    "reports",
    "units",
    "years",
];

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// How many rows it holds, the header not counted.
    pub rows: u64,
}

/// Writes one view to a `.csv` file, or the views and dimensions to a folder; a folder with `view` gets that one only.
///
/// Fails before anything is written where a file exists and `force` is not set; the views are named in an error about them.
pub fn csv(db: &Connection, path: &Path, view: Option<&str>, force: bool) -> Result<Vec<Written>> {
    let is_file = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) && !path.is_dir();
    let targets: Vec<(String, PathBuf)> = if is_file {
        vec![(schema::known(db, view.unwrap_or("flat_facts"))?, path.to_path_buf())]
    } else {
        let views = match view {
            Some(view) => vec![schema::known(db, view)?],
            None => offered(db)?,
        };
        views.into_iter().map(|view| (view.clone(), path.join(format!("{view}.csv")))).collect()
    };
    if let Some((_, taken)) = targets.iter().find(|(_, target)| target.exists()).filter(|_| !force) {
        return Err(Error::failed(format!("{}: exists; choose another name, or --force to replace it", taken.display())));
    }
    if !is_file {
        if path.exists() && !path.is_dir() {
            return Err(Error::failed(format!("{}: is no folder; expected a folder, or a file ending in .csv", path.display())));
        }
        fs::create_dir_all(path).map_err(|error| failed(path, &error))?;
    }
    let mut drafts = Vec::new();
    for (view, target) in targets {
        drafts.push(Draft::write(db, &view, target)?);
    }
    drafts.into_iter().map(Draft::publish).collect()
}

/// Prints one view as CSV, without a mark: what follows in a pipe is no spreadsheet.
pub fn csv_to(db: &mut Connection, view: Option<&str>, out: &mut dyn Write) -> Result<()> {
    let view = schema::known(db, view.unwrap_or("flat_facts"))?;
    query::query(db, &select(&view), &[], Format::Csv, out)
}

/// The views but those that check the database itself, then the dimensions.
fn offered(db: &Connection) -> Result<Vec<String>> {
    let mut statement = db.prepare("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type DESC, name")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut names = Vec::new();
    for row in rows {
        let (kind, name) = row?;
        let wanted =
            if kind == "view" { !name.ends_with("check") && !name.ends_with("unchecked") } else { DIMENSIONS.contains(&name.as_str()) };
        if wanted {
            names.push(name);
        }
    }
    Ok(names)
}

fn select(view: &str) -> String {
    format!("SELECT * FROM \"{}\"", view.replace('"', "\"\""))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::failed(format!("{}: cannot be written: {error}", path.display()))
}

/// A file written beside its place; it vanishes unless it is published.
struct Draft {
    draft: PathBuf,
    target: PathBuf,
    rows: u64,
    published: bool,
}

impl Draft {
    fn write(db: &Connection, view: &str, target: PathBuf) -> Result<Draft> {
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let draft = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let file = File::create(&draft).map_err(|error| failed(&target, &error))?;
        let mut draft = Draft { draft, target, rows: 0, published: false };
        let mut out = BufWriter::new(file);
        let mut write = || {
            out.write_all("\u{FEFF}".as_bytes()).map_err(|error| unwritten(&error))?;
            let mut statement = db.prepare(&select(view))?;
            let names: Vec<String> = statement.column_names().map(String::from).collect();
            let width = names.len();
            let mut printer = Printer::new(Format::Csv, names, &mut out)?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let cells = (0..width).map(|at| row.get_ref(at)).collect::<rusqlite::Result<Vec<_>>>()?;
                printer.row(&cells)?;
                draft.rows += 1;
            }
            printer.finish()
        };
        write().map_err(|error: Error| error.at(draft.target.display()))?;
        out.into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .map_err(|error| failed(&draft.target, &error))?;
        Ok(draft)
    }

    fn publish(mut self) -> Result<Written> {
        fs::rename(&self.draft, &self.target).map_err(|error| failed(&self.target, &error))?;
        self.published = true;
        Ok(Written { path: self.target.clone(), rows: self.rows })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // Nothing is to be done where even this fails.
            let _ = fs::remove_file(&self.draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn db() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE figures (metric TEXT, value DOUBLE);
             CREATE TABLE units (code TEXT);
             CREATE VIEW flat_facts AS SELECT * FROM figures;
             CREATE VIEW integrity_check AS SELECT * FROM figures;
             INSERT INTO figures VALUES ('4G基站', 25.2);",
        )
        .unwrap();
        db
    }

    #[test]
    fn a_file_holds_the_flat_facts_with_a_mark() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let written = csv(&db(), &path, None, false).unwrap();
        assert_eq!(written, [Written { path: path.clone(), rows: 1 }]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{FEFF}metric,value\n4G基站,25.2\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft stays");
    }

    #[test]
    fn a_folder_holds_views_and_dimensions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        csv(&db(), &path, None, false).unwrap();
        let mut names: Vec<_> = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["flat_facts.csv", "units.csv"]);
    }

    #[test]
    fn what_exists_is_kept_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        fs::write(&path, "mine").unwrap();
        assert!(csv(&db(), &path, None, false).unwrap_err().to_string().contains("--force"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        csv(&db(), &path, None, true).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn a_view_that_does_not_exist_names_the_nearest() {
        let folder = tempfile::tempdir().unwrap();
        let message = csv(&db(), &folder.path().join("x.csv"), Some("flat_fact"), false).unwrap_err().to_string();
        assert!(message.contains("「flat_facts」"), "{message}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
