//! Puts the rows of statements into a workbook, a sheet for each.
//!
//! In:  names of columns, then values, a row at a time.
//! Out: a file that appears whole or not at all: numbers as numbers, texts as texts, a header that stays in sight.

use crate::error::{Error, Result};
use crate::message::message;
use crate::serve::cell;
use crate::serve::draft::Draft;
use crate::serve::export::is_formula;
use rusqlite::types::ValueRef;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Worksheet, XlsxError};
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;

/// Rows of a sheet, the header with them.
const SHEET_ROWS: u32 = 1_048_576;
/// A cell keeps whole numbers up to this.
const EXACT: i64 = 1 << 53;
/// Of a column, in characters: nothing narrower, nothing wider.
const WIDTH: (usize, usize) = (8, 48);

/// A workbook in the making.
pub struct Workbook {
    book: rust_xlsxwriter::Workbook,
    /// The next row of the sheet.
    row: u32,
    widths: Vec<usize>,
    header: Format,
    /// Of a text that somebody who edits the cell would make a formula of.
    quoted: Format,
    place: PathBuf,
}

fn failed(error: XlsxError) -> Error {
    Error::failed(format!("the workbook cannot be written: {error}"))
}

impl Workbook {
    /// A workbook without sheets. Fails where there is such a file and `force` is not set, or where its name ends otherwise.
    pub fn new(place: &Path, force: bool) -> Result<Workbook> {
        if !place.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
            let shown = place.display();
            return Err(Error::usage(format!("{shown}: expected a name that ends in .xlsx; other formats go to standard output")));
        }
        if place.exists() && !force {
            return Err(Error::failed(message!("error-exists", path = place.display())));
        }
        let mut book = rust_xlsxwriter::Workbook::new();
        // The bytes depend on the rows alone.
        let fixed = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
        let (header, quoted) = (Format::new().set_bold(), Format::new().set_quote_prefix());
        Ok(Workbook { book, row: 0, widths: Vec::new(), header, quoted, place: place.to_path_buf() })
    }

    /// Begins a sheet.
    pub(super) fn begin(&mut self, names: &[String]) -> Result<()> {
        self.widen()?;
        self.widths = names.iter().map(|name| name.width()).collect();
        self.row = 1;
        let sheet = self.book.add_worksheet();
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (column, name) in names.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, name, &self.header).map_err(failed)?;
        }
        Ok(())
    }

    /// Adds a row to the last sheet.
    pub(super) fn row(&mut self, cells: &[ValueRef<'_>]) -> Result<()> {
        if self.row >= SHEET_ROWS {
            return Err(Error::failed(format!("a sheet holds {} rows; --limit takes fewer, --format csv any number", SHEET_ROWS - 1)));
        }
        let row = self.row;
        self.row += 1;
        for (column, value) in cells.iter().enumerate() {
            let text = cell::text(*value);
            self.widths[column] = self.widths[column].max(text.width());
            let quoted = &self.quoted;
            let sheet = last(&mut self.book)?;
            let written = match *value {
                ValueRef::Null => continue,
                ValueRef::Integer(integer) if integer.abs() <= EXACT => sheet.write_number(row, column as u16, integer as f64),
                ValueRef::Real(double) if double.is_finite() => sheet.write_number(row, column as u16, double),
                _ if is_formula(&text) => sheet.write_string_with_format(row, column as u16, &*text, quoted),
                _ => sheet.write_string(row, column as u16, &*text),
            };
            written.map_err(failed)?;
        }
        Ok(())
    }

    /// Columns as wide as what stands in them.
    fn widen(&mut self) -> Result<()> {
        for (column, width) in std::mem::take(&mut self.widths).into_iter().enumerate() {
            last(&mut self.book)?.set_column_width(column as u16, (width + 2).clamp(WIDTH.0, WIDTH.1) as f64).map_err(failed)?;
        }
        Ok(())
    }

    /// Writes the file beside its place and moves it there.
    pub fn publish(mut self) -> Result<()> {
        self.widen()?;
        let (draft, file) = Draft::new(self.place)?;
        self.book.save_to_writer(file).map_err(failed)?;
        draft.publish().map(|_| ())
    }
}

fn last(book: &mut rust_xlsxwriter::Workbook) -> Result<&mut Worksheet> {
    let at = book.worksheets().len().saturating_sub(1);
    book.worksheet_from_index(at).map_err(failed)
}
