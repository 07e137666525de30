//! Writes views and tables to files that spreadsheets and data programs open.
//!
//! In:  a database opened for reading; a file or folder to write, and what shall be in it.
//! Out: a workbook, CSV, Parquet, and documents that describe them.
//!
//! `columns` describes a table or view, `rows` reads it; `xlsx` with `charts`, `sheet` (CSV), `parquet` and `package` (JSON) write. All that
//! is written in one run is of one state of the database. A file appears whole or not at all: it is written beside its place
//! and renamed. What exists is kept unless told otherwise.

mod charts;
mod columns;
mod formula;
mod package;
mod parquet;
mod rows;
mod sheet;
mod values;
mod words;
mod xlsx;

pub use formula::is_formula;

use super::draft::Draft;
use super::{query, schema, unwritable, unwritten};
use crate::error::{Error, Result};
use crate::message::{Language, message};
use crate::serve::query::statements::pieces;
use columns::Relation;
use rusqlite::Connection;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The tables that explain what the views show; a folder or workbook gets them beside the views.
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

/// The view that a file of one view holds.
const FIRST: &str = "flat_facts";

/// How files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// UTF-8 with a byte order mark, so that spreadsheets show Chinese
    Csv,
    /// A workbook
    Xlsx,
    /// Parquet, exact values as text and as DECIMAL(38,9)
    Parquet,
    /// Metadata for Datasette: what tables and columns are called and mean
    Datasette,
}

/// What is to be written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'r> {
    /// One view or table; all views and dimensions otherwise, of which a .csv or .parquet file takes `flat_facts`.
    pub view: Option<&'r str>,
    /// An SQL condition on the rows of that view.
    pub condition: Option<&'r str>,
    /// The language of headers and names; the columns of the database otherwise.
    pub language: Option<Language>,
    /// How; by the ending of the file otherwise.
    pub format: Option<Format>,
    /// May files that exist be replaced?
    pub force: bool,
    /// How many rows a sheet of a workbook has at most, with the header; none: as many as spreadsheets take.
    pub sheet_rows: Option<u64>,
}

/// What came of an export.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// The files, in the order of their writing.
    pub files: Vec<Written>,
    /// What did not fit, for people.
    pub warnings: Vec<String>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// How many rows it holds, headers not counted; of a document that describes tables, how many tables.
    pub count: u64,
    /// Is it such a document?
    pub describes: bool,
}

/// What a writer tells of a file.
struct Outcome {
    /// Of each relation.
    rows: Vec<u64>,
    /// Exact decimals that the file's numbers do not hold.
    inexact: u64,
}

/// Writes what is asked for to a file or folder.
///
/// Fails before anything is written where a file exists and `force` is not set, where there is no such view (the message names the
/// nearest), and where the condition has an error or would write. `db_path` is the database's own file, which Datasette calls it by.
pub fn export(db: &mut Connection, db_path: &Path, path: &Path, request: &Request<'_>) -> Result<Export> {
    let format = format(path, request)?;
    let relations = relations(db, format, is_file(path), request)?;
    if format == Some(Format::Xlsx) && !is_file(path) {
        return Err(Error::usage(format!("{}: a workbook is one file; expected a name ending in .xlsx", path.display())));
    }
    let format = format.unwrap_or(Format::Csv);
    let in_folder = matches!(format, Format::Csv | Format::Parquet) && !is_file(path);
    let ending = if format == Format::Csv { "csv" } else { "parquet" };
    let mut targets: Vec<PathBuf> = if in_folder {
        relations.iter().map(|relation| path.join(format!("{}.{ending}", relation.name))).collect()
    } else {
        vec![path.to_path_buf()]
    };
    if in_folder && format == Format::Csv {
        targets.extend(["datapackage.json", "csv-metadata.json"].map(|name| path.join(name)));
    }
    if let Some(taken) = targets.iter().find(|target| target.exists()).filter(|_| !request.force) {
        return Err(Error::failed(message!("error-exists", path = taken.display())));
    }
    if let Some(folder) = targets.iter().find(|target| target.is_dir()) {
        return Err(Error::failed(format!("{}: is a folder; move it away, or choose another name", folder.display())));
    }
    if in_folder {
        if path.exists() && !path.is_dir() {
            return Err(Error::failed(format!(
                "{}: is no folder; expected a folder, or a file ending in .xlsx, .csv or .parquet",
                path.display()
            )));
        }
        fs::create_dir_all(path).map_err(|error| unwritable(path, &error))?;
    }
    let mut warnings = Vec::new();
    let mut drafts = Vec::new();
    for (at, target) in targets.into_iter().enumerate() {
        let (draft, file) = Draft::new(target)?;
        let mut describes = false;
        let written = match (format, relations.get(at)) {
            (Format::Csv, Some(relation)) => csv(db, relation, file).map(|count| (count, None)),
            (Format::Csv, None) => {
                describes = true;
                let document = if draft.target().ends_with("datapackage.json") {
                    package::data_package(&relations, request.language)
                } else {
                    package::csvw(&relations, request.language)
                };
                json(&document, &file).map(|()| (relations.len() as u64, None))
            }
            (Format::Parquet, _) => {
                let relation = &relations[at];
                let schema = package::table_schema(relation, &relations, request.language);
                parquet::write(db, relation, &schema, file).map(|outcome| {
                    let warning = (outcome.inexact > 0).then(|| {
                        format!(
                            "{} exact values of {} do not fit DECIMAL(38,9) and are null there; the text beside has them",
                            outcome.inexact, relation.name
                        )
                    });
                    (outcome.rows.iter().sum(), warning)
                })
            }
            (Format::Xlsx, _) => {
                xlsx::write(db, &relations, request.language, request.sheet_rows.unwrap_or(xlsx::SHEET_ROWS), draft.folder(), file).map(
                    |outcome| {
                        let warning = (outcome.inexact > 0).then(|| {
                            format!(
                                "{} rows have a value of more digits than the number of a cell keeps; the exact one stands beside as text",
                                outcome.inexact
                            )
                        });
                        (outcome.rows.iter().sum(), warning)
                    },
                )
            }
            (Format::Datasette, _) => {
                describes = true;
                json(&package::datasette(&stem(db_path), &relations, request.language), &file).map(|()| (relations.len() as u64, None))
            }
        };
        let (count, warning) = written.map_err(|error| error.at(draft.target().display()))?;
        warnings.extend(warning.map(|warning| format!("{}: {warning}", draft.target().display())));
        drafts.push((draft, count, describes));
    }
    let mut files = Vec::new();
    for (draft, count, describes) in drafts {
        files.push(Written { path: draft.publish()?, count, describes });
    }
    Ok(Export { files, warnings })
}

/// Prints one view as CSV, without a mark: what follows in a pipe is no spreadsheet; or the metadata for Datasette.
pub fn export_to(db: &mut Connection, db_path: &Path, request: &Request<'_>, out: &mut dyn Write) -> Result<()> {
    let relations = relations(db, request.format, true, request)?;
    match request.format {
        None | Some(Format::Csv) => sheet::write(db, &relations[0], out).map(drop),
        Some(Format::Datasette) => {
            let document = package::datasette(&stem(db_path), &relations, request.language);
            writeln!(out, "{document:#}").map_err(|error| unwritten(&error))
        }
        Some(Format::Xlsx | Format::Parquet) => Err(Error::usage("standard output takes csv and datasette; give a file a name")),
    }
}

/// What Datasette calls a database: its file without the ending.
fn stem(db_path: &Path) -> String {
    db_path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Does a path name a file rather than a folder?
fn is_file(path: &Path) -> bool {
    !path.is_dir() && path.extension().is_some()
}

/// The format asked for, or that of the path's ending; none of a folder.
fn format(path: &Path, request: &Request<'_>) -> Result<Option<Format>> {
    let ending = path.extension().filter(|_| is_file(path)).map(|ending| ending.to_string_lossy().to_lowercase());
    match (request.format, ending.as_deref()) {
        (Some(format), _) => Ok(Some(format)),
        (None, Some("csv")) => Ok(Some(Format::Csv)),
        (None, Some("xlsx")) => Ok(Some(Format::Xlsx)),
        (None, Some("parquet")) => Ok(Some(Format::Parquet)),
        (None, Some(_)) => Err(Error::usage(format!(
            "{}: expected a folder, a file ending in .xlsx, .csv or .parquet, or --format; LibreOffice makes .ods of an .xlsx",
            path.display()
        ))),
        (None, None) => Ok(None),
    }
}

/// The tables and views asked for, described; and from here on the connection reads one state of the database, and nothing but reads.
fn relations(db: &mut Connection, format: Option<Format>, is_file: bool, request: &Request<'_>) -> Result<Vec<Relation>> {
    db.execute_batch("BEGIN")?;
    let is_single = is_file && !matches!(format, Some(Format::Xlsx | Format::Datasette));
    let names = match request.view.or(is_single.then_some(FIRST)) {
        Some(view) => vec![schema::known(db, view)?],
        None if request.condition.is_some() => {
            return Err(Error::usage(format!("--where is said of one view; add --view, as --view {FIRST}")));
        }
        None => offered(db)?,
    };
    if let Some(condition) = request.condition {
        if !matches!(pieces(condition)[..], [piece] if !piece.is_ended) {
            return Err(Error::usage("--where is one SQL condition without a semicolon; expected one such as unit_base = 'CNY'"));
        }
        query::check(db, &format!("SELECT * FROM {} WHERE ({condition}\n)", columns::quoted(&names[0])))?;
    }
    names.iter().map(|name| Relation::new(db, name, request.language, request.condition)).collect()
}

/// The views but those that check the database itself, the flat ones first, then the dimensions.
fn offered(db: &Connection) -> Result<Vec<String>> {
    let mut statement =
        db.prepare("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type DESC, name NOT LIKE 'flat%', name")?;
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

/// A CSV file of a relation: the mark, then its rows.
fn csv(db: &mut Connection, relation: &Relation, file: File) -> Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    out.write_all("\u{FEFF}".as_bytes()).map_err(|error| unwritten(&error))?;
    let count = sheet::write(db, relation, &mut out)?;
    out.flush().map_err(|error| unwritten(&error))?;
    Ok(count)
}

fn json(document: &serde_json::Value, mut file: &File) -> Result<()> {
    file.write_all(format!("{document:#}\n").as_bytes()).map_err(|error| unwritten(&error))
}
