//! Reads the sheets of an ods: its cells with the text that they show.
//!
//! In:  bytes of a workbook (OpenDocument).
//! Out: cells written, with their text; the names of the sheets.

use super::locked;
use crate::error::Result;
use crate::read::outline::{Merged, Writer};
use crate::read::zipped::{Parts, attribute, broken, entity};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;

/// A row or cell that says something is repeated by hand, and no oftener than this.
const MOST_REPEATED: u32 = 256;
/// So many cells repeated rows come to.
const MOST_CELLS: usize = 10_000;

/// Writes the sheets and gives their names.
pub(super) fn sheets(mut parts: Parts<'_>, writer: &mut Writer) -> Result<Vec<String>> {
    if parts.text("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(locked());
    }
    let content = parts.text("content.xml")?.unwrap_or_default();
    let mut reader = Reader::from_str(&content);
    let mut names: Vec<String> = Vec::new();
    // Styles of tables that are not shown.
    let mut unseen: HashSet<String> = HashSet::new();
    let mut style = String::new();
    loop {
        let (element, is_empty) = match reader.read_event().map_err(broken)? {
            Event::Eof => return Ok(names),
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            _ => continue,
        };
        match element.local_name().as_ref() {
            "style" => style = attribute(&element, "name").unwrap_or_default(),
            "table-properties" if attribute(&element, "display").as_deref() == Some("false") => {
                unseen.insert(std::mem::take(&mut style));
            }
            "table" if !is_empty => {
                let name = attribute(&element, "name").unwrap_or_default();
                if attribute(&element, "style-name").is_some_and(|style| unseen.contains(&style)) {
                    writer.hidden(names.len() as u32 + 1, &name);
                    reader.read_to_end(element.name()).map_err(broken)?;
                } else {
                    writer.begin_sheet(Some(&name));
                    let merged = sheet(&mut reader, writer)?;
                    writer.end_sheet(&merged)?;
                }
                writer.end_page();
                names.push(name);
            }
            _ => {}
        }
    }
}

/// A cell being read.
struct Open {
    text: String,
    shown: Shown,
    repeated: u32,
    columns: u32,
    rows: u32,
}

/// What a cell holds beside the text that it shows.
enum Shown {
    Text,
    /// A number, and whether it is shown in per cent.
    Number(String, bool),
    /// True or false, or a time of day.
    Nothing,
}

fn sheet(reader: &mut Reader<&[u8]>, writer: &mut Writer) -> Result<Vec<Merged>> {
    let number =
        |element: &BytesStart<'_>, name: &str| attribute(element, name).and_then(|value| value.parse::<u32>().ok()).unwrap_or(1).max(1);
    let mut merged: Vec<Merged> = Vec::new();
    let (mut row, mut column) = (0u32, 0u32);
    let mut repeated_rows = 1;
    let mut cells: Vec<(u32, String)> = Vec::new();
    let mut open: Option<Open> = None;
    let mut depth = 0;
    let mut is_note = false;
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => return Ok(merged),
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let is_empty = matches!(event, Event::Empty(_));
                let (Event::Start(element) | Event::Empty(element)) = event else { continue };
                match element.local_name().as_ref() {
                    "table-row" => {
                        repeated_rows = number(&element, "number-rows-repeated");
                        column = 0;
                        if is_empty {
                            row = row.saturating_add(repeated_rows);
                        }
                    }
                    "table-cell" | "covered-table-cell" => {
                        let repeated = number(&element, "number-columns-repeated");
                        if is_empty {
                            column = column.saturating_add(repeated);
                            continue;
                        }
                        let value = attribute(&element, "value").unwrap_or_default();
                        let shown = match attribute(&element, "value-type").as_deref() {
                            Some("float" | "currency") => Shown::Number(value, false),
                            Some("percentage") => Shown::Number(value, true),
                            Some("boolean" | "time") => Shown::Nothing,
                            _ => Shown::Text,
                        };
                        let (columns, rows) = (number(&element, "number-columns-spanned"), number(&element, "number-rows-spanned"));
                        open = Some(Open { text: String::new(), shown, repeated, columns, rows });
                    }
                    "annotation" => is_note = !is_empty,
                    // A drawing may hold tables of its own.
                    "table" if !is_empty => depth += 1,
                    "p" => {
                        if let Some(open) = open.as_mut().filter(|open| !open.text.is_empty() && !is_note) {
                            open.text.push(' ');
                        }
                    }
                    "s" | "tab" | "line-break" => {
                        let count = number(&element, "c").min(100) as usize;
                        if let Some(open) = open.as_mut().filter(|_| !is_note) {
                            open.text.push_str(&" ".repeat(count));
                        }
                    }
                    _ => {}
                }
            }
            Event::Text(text) if !is_note => {
                if let Some(open) = &mut open {
                    open.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) if !is_note => {
                if let Some(open) = &mut open {
                    open.text.extend(entity(&reference));
                }
            }
            Event::End(element) => match element.local_name().as_ref() {
                "annotation" => is_note = false,
                "table" if depth > 0 => depth -= 1,
                "table" => return Ok(merged),
                "table-cell" | "covered-table-cell" => {
                    let Some(cell) = open.take() else { continue };
                    if cell.columns > 1 || cell.rows > 1 {
                        merged.push(((row, column), (row.saturating_add(cell.rows - 1), column.saturating_add(cell.columns - 1))));
                    }
                    let text = text(&cell);
                    let repeated = if text.is_empty() { 0 } else { cell.repeated.min(MOST_REPEATED) };
                    cells.extend((0..repeated).map(|at| (column.saturating_add(at), text.clone())));
                    column = column.saturating_add(cell.repeated);
                }
                "table-row" => {
                    let times =
                        if cells.is_empty() { 0 } else { repeated_rows.min(MOST_REPEATED).min((MOST_CELLS / cells.len()).max(1) as u32) };
                    for at in 0..times {
                        for (column, text) in &cells {
                            writer.cell(row.saturating_add(at), *column, text, None)?;
                        }
                    }
                    cells.clear();
                    row = row.saturating_add(repeated_rows);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// What a cell shows, a number with all its digits where it shows nothing but digits.
fn text(cell: &Open) -> String {
    let Shown::Number(value, is_percent) = &cell.shown else {
        return if matches!(cell.shown, Shown::Nothing) { String::new() } else { cell.text.clone() };
    };
    let bare = cell.text.trim().trim_end_matches('%');
    let digits = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '(' | ')' | ' ' | '\u{A0}');
    let Ok(number) = value.parse::<f64>() else { return cell.text.clone() };
    // 「-」 for nought is what is shown; so is a unit, or a number by thousands.
    let as_shown = bare.is_empty() || !bare.chars().all(digits) || !bare.chars().any(|c| c.is_ascii_digit());
    let near = bare.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>().parse::<f64>();
    let number_shown = if *is_percent { number * 100.0 } else { number };
    let scaled = near.is_ok_and(|near| (near - number_shown.abs()).abs() > near.abs() * 0.51 + 0.51);
    if as_shown || scaled {
        return cell.text.clone();
    }
    super::format::shown(number, if *is_percent { "0%" } else { "General" }, false)
}
