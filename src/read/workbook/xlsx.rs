//! Reads the sheets of an xlsx: its cells as they stream by, with their styles.
//!
//! In:  bytes of a workbook (Office Open XML).
//! Out: cells written, with their text; the names of the sheets.

use super::format::shown;
use super::{damaged, locked};
use crate::error::Result;
use crate::read::outline::Writer;
use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

/// Writes the sheets and gives their names.
pub(super) fn sheets(bytes: &[u8], writer: &mut Writer) -> Result<Vec<String>> {
    let told = |error: XlsxError| match error {
        XlsxError::Password => locked(),
        other => damaged(other),
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(told)?;
    let is_1904 = workbook.has_1904_epoch();
    let sheets = workbook.sheets_metadata().to_vec();
    for (at, sheet) in sheets.iter().enumerate() {
        if sheet.visible != SheetVisible::Visible {
            writer.unread(at as u32 + 1, &sheet.name, None);
        } else if sheet.typ == SheetType::WorkSheet {
            writer.begin_sheet(Some(&sheet.name));
            let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(told)?;
            let styles: Vec<(String, u32)> = cells
                .styles()
                .iter()
                .map(|style| {
                    let code = style.number_format.as_ref().map_or("General", |format| &format.format_code).to_string();
                    // A step is as wide as three half characters.
                    let indent = style.alignment.as_ref().and_then(|alignment| alignment.indent).unwrap_or(0);
                    (code, u32::from(indent) * 3)
                })
                .collect();
            while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(told)? {
                let (row, column) = cell.get_position();
                let (code, indent) = styles.get(style).map_or(("General", 0), |(code, indent)| (code, *indent));
                if let Some(text) = text(cell.get_value(), code, is_1904) {
                    writer.cell(row, column, &text, None)?;
                    writer.indent_last(indent);
                }
            }
            drop(cells);
            let merged = workbook.merge_cells_by_sheet_name(&sheet.name).map_err(told)?;
            writer.end_sheet(&merged.iter().map(|merged| (merged.start, merged.end)).collect::<Vec<_>>())?;
        }
        writer.end_page();
    }
    Ok(sheets.into_iter().map(|sheet| sheet.name).collect())
}

/// The text of a value; nothing of an empty one and of an error such as #DIV/0!.
fn text<'v>(value: &'v DataRef<'_>, code: &str, is_1904: bool) -> Option<std::borrow::Cow<'v, str>> {
    Some(match value {
        DataRef::SharedString(text) => (*text).into(),
        DataRef::String(text) => text.as_str().into(),
        DataRef::Float(number) => shown(*number, code, is_1904).into(),
        DataRef::Int(number) => shown(*number as f64, code, is_1904).into(),
        DataRef::DateTime(day) => shown(day.as_f64(), code, is_1904).into(),
        DataRef::DateTimeIso(day) => day.split('T').next().unwrap_or(day).into(),
        DataRef::Bool(_) | DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => return None,
    })
}

/// The same of a value that stands alone.
pub(super) fn text_of(value: &Data, code: &str, is_1904: bool) -> Option<String> {
    Some(match value {
        Data::String(text) => text.clone(),
        Data::Float(number) => shown(*number, code, is_1904),
        Data::Int(number) => shown(*number as f64, code, is_1904),
        Data::DateTime(day) => shown(day.as_f64(), code, is_1904),
        Data::DateTimeIso(day) => day.clone(),
        Data::Bool(_) | Data::DurationIso(_) | Data::Error(_) | Data::Empty => return None,
    })
}
