//! Reads inputs: finds the files, tells what each is, and decodes it.
//!
//! In:  paths of the command line, `-` for standard input; bytes.
//! Out: a [`Document`]; nothing of it is interpreted yet.
//!
//! One file here reads one format; `FORMATS` lists them. Formats that are known by sight and not read are `foreign`'s business.

mod docx;
mod foreign;
mod html;
mod markdown;
mod outline;
mod pdf;
mod sheet;
mod text;
mod workbook;
mod zipped;

use crate::error::{Error, Result};
use crate::message::message;
use crate::model::{Content, Document};
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::fmt::Write;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

pub use sheet::{LongSheet, Pieces};

/// A format that can be read.
struct Format {
    /// How names of such files end.
    extensions: &'static [&'static str],
    /// Is it that, by its name or by how its bytes begin?
    fits: fn(name: &str, bytes: &[u8]) -> bool,
    /// Reads it; errors do not name the file yet. A password is for files that ask for one.
    read: fn(name: &str, bytes: &[u8], password: Option<&str>) -> Result<Decoded>,
}

impl Format {
    /// Is it the one that reads what no other does?
    fn is_last(&self) -> bool {
        self.extensions == text::FORMAT.extensions
    }
}

/// What a format makes of bytes.
struct Decoded {
    media_type: &'static str,
    encoding: Option<&'static str>,
    /// What it says it is, where it says so beside its content.
    title: Option<String>,
    content: Content,
}

/// All formats; the first that fits reads the input. Text fits everything, so it stands last.
const FORMATS: &[Format] = &[html::FORMAT, docx::FORMAT, workbook::FORMAT, pdf::FORMAT, sheet::FORMAT, markdown::FORMAT, text::FORMAT];

/// Reads an input whose bytes are at hand; its format is told from its name and content.
///
/// An error names the input: nothing in it, a format that is not read, bytes that are no text, a sheet without the needed columns.
///
/// ```
/// use reportsql::{model::Content, read};
/// let document = read::document("report.txt", "4G基站達141萬個".into()).unwrap();
/// assert!(matches!(document.content, Content::Text(text) if text.len() == 10));
/// ```
pub fn document(name: &str, bytes: Vec<u8>) -> Result<Document> {
    document_with(name, bytes, None)
}

/// The same with a password, for files that ask for one; others are read without.
///
/// An error names the input, as for [`document`]; one about a password names `--password`.
pub fn document_with(name: &str, bytes: Vec<u8>, password: Option<&str>) -> Result<Document> {
    let decoded = decoded(name, &bytes, password).map_err(|error| error.at(name))?;
    Ok(Document {
        name: name.to_string(),
        sha256: sha256(&bytes),
        bytes: bytes.len() as u64,
        media_type: decoded.media_type,
        encoding: decoded.encoding,
        title: decoded.title,
        content: decoded.content,
    })
}

fn decoded(name: &str, bytes: &[u8], password: Option<&str>) -> Result<Decoded> {
    if bytes.is_empty() {
        return Err(Error::failed(message!("error-file-empty")));
    }
    // What the bytes are counts before what the file is called: many a workbook is a web page.
    let told = FORMATS.iter().find(|format| (format.fits)("", bytes) && !format.is_last());
    if told.is_none() {
        foreign::refuse(bytes)?;
    }
    // A site that has no report answers with a page, and the page is saved under the report's name.
    if told.is_some_and(|told| told.extensions == html::FORMAT.extensions) && ends_in(name, &["pdf", "docx", "xlsx", "ods"]) {
        return Err(Error::failed(
            "its name says otherwise, but this is a web page, perhaps a message of the site it is from; get the file anew, or name it .html",
        ));
    }
    let named = || FORMATS.iter().find(|format| (format.fits)(name, bytes));
    match told.or_else(named) {
        Some(format) => (format.read)(name, bytes, password),
        None => Err(Error::failed(message!("error-format-unknown"))),
    }
}

fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut hexadecimal = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}

/// Does a name end in one of these, whatever the case?
fn ends_in(name: &str, extensions: &[&str]) -> bool {
    let extension = Path::new(name).extension().and_then(OsStr::to_str).unwrap_or_default();
    extensions.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

// ------------------------------------------------------------------ Inputs

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input, `-` on the command line.
    Stdin,
}

impl Input {
    /// Its name as given on the command line; of a file in a folder, below the folder as given.
    pub fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Stdin => "-".to_string(),
        }
    }

    /// The same as a sheet that is read in pieces, where it is long enough for that.
    pub fn long_sheet(&self) -> Result<Option<LongSheet>> {
        match self {
            Input::File(path) => LongSheet::open(&self.name(), path),
            Input::Stdin => Ok(None),
        }
    }

    /// Reads and decodes it; a password is for files that ask for one.
    pub fn document(&self, password: Option<&str>) -> Result<Document> {
        let name = self.name();
        let bytes = match self {
            Input::File(path) => std::fs::read(path),
            Input::Stdin => {
                let mut bytes = Vec::new();
                std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
        };
        document_with(&name, bytes.map_err(|error| unreadable(&name, &error))?, password)
    }
}

/// Finds the inputs that paths of the command line stand for, in the order given; a path that stands for none is an error in its place.
///
/// A folder stands for the files in it and below it, sorted, that by their names are reports or sheets; hidden ones are left out.
/// `-` is standard input.
pub fn inputs(paths: &[PathBuf]) -> Vec<Result<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let again = inputs.iter().any(|input| matches!(input, Ok(Input::Stdin)));
            inputs.push(if again {
                Err(Error::usage("「-」 is given twice; standard input can be read once"))
            } else {
                Ok(Input::Stdin)
            });
        } else if path.is_dir() {
            let mut files = Vec::new();
            match collect(path, &mut files) {
                Err(error) => inputs.push(Err(error)),
                Ok(()) if files.is_empty() => inputs.push(Err(Error::failed(message!(
                    "error-folder-empty",
                    path = path.display(),
                    endings = FORMATS
                        .iter()
                        .flat_map(|format| format.extensions)
                        .map(|ending| format!(".{ending}"))
                        .collect::<Vec<_>>()
                        .join(" ")
                )))),
                Ok(()) => inputs.extend(files.into_iter().map(|file| Ok(Input::File(file)))),
            }
        } else {
            match std::fs::metadata(path) {
                Ok(_) => inputs.push(Ok(Input::File(path.clone()))),
                Err(error) => inputs.push(Err(unreadable(&path.display().to_string(), &error))),
            }
        }
    }
    inputs
}

/// The reports and sheets below a folder, sorted. Links to folders are not followed, so that no loop catches us.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: std::io::Error| unreadable(&folder.display().to_string(), &error);
    let mut entries = std::fs::read_dir(folder).map_err(failed)?.collect::<std::io::Result<Vec<_>>>().map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&entry.path(), files)?;
        } else if entry.path().is_file()
            && (FORMATS.iter().any(|format| ends_in(&name, format.extensions)) || ends_in(&name, foreign::EXTENSIONS))
        {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// What failing to read comes to.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> Error {
    Error::failed(match error.kind() {
        ErrorKind::NotFound => message!("error-file-missing", path = name),
        ErrorKind::PermissionDenied => message!("error-file-forbidden", path = name),
        _ => message!("error-file-unreadable", path = name, found = error),
    })
}
