//! Reads the sheets of an old workbook (xls, BIFF8): values as calamine reads them, formats by the records it does not tell.
//!
//! In:  bytes of a workbook (a compound file).
//! Out: cells written, with their text; the names of the sheets.
//!
//! The records are looked over before calamine sees them: what would make it fill more memory than a sheet holds is refused.

use super::format::built_in;
use super::{damaged, locked, xlsx};
use crate::error::{Error, Result};
use crate::read::outline::{MOST_CELLS, Writer};
use calamine::{Reader, SheetType, SheetVisible, Xls, XlsError};
use std::collections::HashMap;
use std::io::{Cursor, Read};

const STREAMS: [&str; 2] = ["/Workbook", "/Book"];

/// Is a compound file a workbook?
pub(super) fn fits(bytes: &[u8]) -> bool {
    cfb::CompoundFile::open(Cursor::new(bytes)).is_ok_and(|file| STREAMS.iter().any(|name| file.is_stream(name)))
}

/// Writes the sheets and gives their names.
pub(super) fn sheets(bytes: &[u8], writer: &mut Writer) -> Result<Vec<String>> {
    let stream = stream(bytes)?;
    let records = Survey::new(&stream)?;
    let told = |error: XlsError| match error {
        XlsError::Password => locked(),
        other => damaged(other),
    };
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(told)?;
    let sheets = workbook.sheets_metadata().to_vec();
    for (at, sheet) in sheets.iter().enumerate() {
        if sheet.visible != SheetVisible::Visible {
            writer.unread(at as u32 + 1, &sheet.name, None);
        } else if sheet.typ == SheetType::WorkSheet {
            writer.begin_sheet(Some(&sheet.name));
            let range = workbook.worksheet_range(&sheet.name).map_err(told)?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let (row, column) = (row as u32 + top, column as u32 + left);
                let code = records.format(at, row, column);
                if let Some(text) = xlsx::text_of(value, code, records.is_1904) {
                    writer.cell(row, column, &text, None)?;
                }
            }
            let merged = workbook.merge_cells_by_sheet_name(&sheet.name).map_err(told)?;
            writer.end_sheet(&merged.iter().map(|merged| (merged.start, merged.end)).collect::<Vec<_>>())?;
        }
        writer.end_page();
    }
    Ok(sheets.into_iter().map(|sheet| sheet.name).collect())
}

fn stream(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    let name = STREAMS.iter().find(|name| file.is_stream(name)).copied().unwrap_or(STREAMS[0]);
    let stream = file.open_stream(name).map_err(damaged)?;
    let mut read = Vec::new();
    stream.take(bytes.len() as u64).read_to_end(&mut read).map_err(damaged)?;
    Ok(read)
}

/// The style of each cell, by row and column.
type Styles = HashMap<(u16, u16), u16>;

/// What is asked of the records beside calamine's reading.
struct Survey {
    is_1904: bool,
    /// Format codes by their number.
    codes: HashMap<u16, String>,
    /// The number of the format of each style.
    styles: Vec<u16>,
    /// Of each sheet the styles of its numbers, by row and column.
    cells: Vec<Styles>,
}

impl Survey {
    fn new(stream: &[u8]) -> Result<Survey> {
        let mut survey = Survey { is_1904: false, codes: HashMap::new(), styles: Vec::new(), cells: Vec::new() };
        let mut starts: Vec<usize> = Vec::new();
        for (kind, data) in (Records { stream, at: 0 }) {
            match kind {
                0x002F if word(data, 0).is_some_and(|kind| kind != 0) => return Err(locked()),
                0x0022 => survey.is_1904 = word(data, 0) == Some(1),
                0x0085 => starts.extend(word(data, 0).zip(word(data, 2)).map(|(low, high)| usize::from(low) | usize::from(high) << 16)),
                0x041E => {
                    if let (Some(number), Some(code)) = (word(data, 0), code(data)) {
                        survey.codes.insert(number, code);
                    }
                }
                0x00E0 => survey.styles.extend(word(data, 2)),
                0x000A => break,
                _ => {}
            }
        }
        let mut area = 0;
        for start in starts {
            let sheet = stream.get(start..).ok_or_else(|| damaged("a sheet begins behind the end"))?;
            let (cells, spanned) = cells(sheet)?;
            area += spanned;
            if area > MOST_CELLS as u64 * 8 {
                return Err(Error::failed(
                    "its cells lie too far apart: the sheets span more cells than any report has; delete the stray ones",
                ));
            }
            survey.cells.push(cells);
        }
        Ok(survey)
    }

    /// The format code of a cell.
    fn format(&self, sheet: usize, row: u32, column: u32) -> &str {
        let place = (row as u16, column as u16);
        let number = self.cells.get(sheet).and_then(|cells| cells.get(&place)).and_then(|style| self.styles.get(usize::from(*style)));
        let number = number.copied().unwrap_or(0);
        self.codes.get(&number).map_or_else(|| built_in(number), String::as_str)
    }
}

/// The styles of the numbers of a sheet, and how many cells the rectangle around all of its cells has.
fn cells(sheet: &[u8]) -> Result<(Styles, u64)> {
    let mut styles = Styles::new();
    let (mut bottom, mut right) = (0u64, 0u64);
    for (kind, data) in (Records { stream: sheet, at: 0 }).skip(1) {
        match kind {
            0x000A => break,
            0x0200 => {
                let far = |at: usize| word(data, at).zip(word(data, at + 2)).map(|(low, high)| u64::from(low) | u64::from(high) << 16);
                // Rows from and to, columns from and to: calamine makes room for all of them.
                let (from, to) =
                    if data.len() >= 14 { (far(0), far(4)) } else { (word(data, 0).map(u64::from), word(data, 2).map(u64::from)) };
                let columns = if data.len() >= 14 { (word(data, 8), word(data, 10)) } else { (word(data, 4), word(data, 6)) };
                let sound = from.zip(to).is_some_and(|(from, to)| from <= to && to <= 65_536)
                    && columns.0.zip(columns.1).is_some_and(|(from, to)| from <= to && to <= 256);
                if !sound {
                    return Err(damaged("a sheet says that it is larger than a sheet can be"));
                }
            }
            // Blank, number, text, truth, RK, text of the table, formula, blanks, RKs.
            0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x027E | 0x00FD | 0x0006 | 0x00D6 | 0x00BD => {
                let (Some(row), Some(first), Some(style)) = (word(data, 0), word(data, 2), word(data, 4)) else { continue };
                let count = if kind == 0x00BD { data.len().saturating_sub(6) / 6 } else { 1 };
                bottom = bottom.max(u64::from(row));
                right = right.max(u64::from(first) + count as u64);
                if kind == 0x00BD {
                    for at in 0..count {
                        if let Some(style) = word(data, 4 + at * 6) {
                            styles.insert((row, first.wrapping_add(at as u16)), style);
                        }
                    }
                } else {
                    styles.insert((row, first), style);
                }
            }
            _ => {}
        }
    }
    Ok((styles, (bottom + 1) * (right + 1)))
}

/// The code of a format: how long, whether two bytes make a character, the characters.
fn code(data: &[u8]) -> Option<String> {
    let count = usize::from(word(data, 2)?);
    let wide = data.get(4)? & 1 == 1;
    let text = data.get(5..)?;
    Some(if wide {
        let units: Vec<u16> = text.chunks_exact(2).take(count).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        text.iter().take(count).map(|byte| char::from(*byte)).collect()
    })
}

fn word(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

/// The records of a stream: kind and data.
struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Iterator for Records<'s> {
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<(u16, &'s [u8])> {
        let (kind, length) = (word(self.stream, self.at)?, usize::from(word(self.stream, self.at + 2)?));
        let data = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, data))
    }
}
