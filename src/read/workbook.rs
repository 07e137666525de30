//! Reads workbooks: xlsx, xls and ods, cell by cell, sheet after sheet.
//!
//! In:  bytes of a workbook.
//! Out: an [`Outline`](crate::model::Outline) of its sheets, or the rows of a sheet of figures where its first sheet is one.
//!
//! A number is read as the cell shows it, in per cent, with its unit or as a date, but with all its digits (`format`). Rows and columns that
//! are hidden are read, as whoever saves a sheet as CSV gets them; a hidden sheet is told of and not read.

mod format;
mod ods;
mod xls;
mod xlsx;

use super::outline::Writer;
use super::zipped::Parts;
use super::{Decoded, Format, sheet};
use crate::error::{Error, Result};
use crate::model::{Content, Placing};

pub(super) const FORMAT: Format = Format { extensions: &["xlsx", "xlsm", "xls", "ods"], fits, read };

const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// The programs' kinds of workbook.
enum Kind<'b> {
    Xlsx(Parts<'b>),
    Ods(Parts<'b>),
    Xls,
}

fn kind(bytes: &[u8]) -> Option<Kind<'_>> {
    if bytes.starts_with(COMPOUND) {
        return xls::fits(bytes).then_some(Kind::Xls);
    }
    let mut parts = Parts::open(bytes).filter(|_| bytes.starts_with(b"PK\x03\x04"))?;
    if parts.has("xl/workbook.xml") {
        return Some(Kind::Xlsx(parts));
    }
    let media_type = parts.text("mimetype").ok().flatten();
    media_type.is_some_and(|text| text.contains("opendocument.spreadsheet")).then_some(Kind::Ods(parts))
}

fn fits(_: &str, bytes: &[u8]) -> bool {
    kind(bytes).is_some()
}

fn read(_: &str, bytes: &[u8], _: Option<&str>) -> Result<Decoded> {
    let mut writer = Writer::default();
    let (media_type, names) = match kind(bytes) {
        Some(Kind::Xlsx(mut parts)) => {
            parts.within_bounds()?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx::sheets(bytes, &mut writer)?)
        }
        Some(Kind::Ods(parts)) => ("application/vnd.oasis.opendocument.spreadsheet", ods::sheets(parts, &mut writer)?),
        Some(Kind::Xls) => ("application/vnd.ms-excel", xls::sheets(bytes, &mut writer)?),
        None => return Err(Error::failed("this is no workbook, or too damaged to be read; get the file anew")),
    };
    let outline = writer.finish("the workbook", Placing::Sheets(names))?;
    let content = match sheet::typed(&outline)? {
        Some(rows) => Content::Transcription(rows, outline.unread),
        None => Content::Outline(outline),
    };
    Ok(Decoded { media_type, encoding: None, title: None, content })
}

/// What is said of a workbook that asks for a password.
fn locked() -> Error {
    Error::failed(
        "the workbook asks for a password; save a copy without one (in Excel: File, Info, Protect Workbook, Encrypt with Password, empty it)",
    )
}

/// What is said of one that cannot be read.
fn damaged(error: impl std::fmt::Display) -> Error {
    Error::failed(format!("the workbook is damaged ({error}); open it in a spreadsheet program and save it anew"))
}
