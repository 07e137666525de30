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

/// So many characters the repeats of cells and rows come to in a workbook, each cell counted with [`BESIDE`] more: some 50,000 cells.
/// More of them no person made; blank ones, which stand at the end of many a sheet, cost nothing.
const MOST_REPEATED: usize = 1 << 20;
/// What a cell costs beside its characters.
const BESIDE: usize = 16;

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
    let mut left = MOST_REPEATED;
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
                    writer.unread(names.len() as u32 + 1, &name, None);
                    reader.read_to_end(element.name()).map_err(broken)?;
                } else {
                    writer.begin_sheet(Some(&name));
                    let mut sheet = Sheet::new(writer, left);
                    sheet.read(&mut reader)?;
                    let Sheet { merged, unread, left: rest, .. } = sheet;
                    left = rest;
                    if let Some(rows) = unread {
                        writer.unread(names.len() as u32 + 1, &name, Some(rows));
                    }
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

/// A sheet being read.
struct Sheet<'w> {
    writer: &'w mut Writer,
    merged: Vec<Merged>,
    row: u32,
    column: u32,
    repeated_rows: u32,
    /// Columns and texts of the row.
    cells: Vec<(u32, String)>,
    open: Option<Open>,
    /// Tables around it that stand in a cell: a drawing may hold some.
    depth: usize,
    is_note: bool,
    /// What repeats may still cost.
    left: usize,
    /// The first and the last row, from 1, that repeats were left out of.
    unread: Option<(u32, u32)>,
}

impl<'w> Sheet<'w> {
    fn new(writer: &'w mut Writer, left: usize) -> Sheet<'w> {
        let (merged, cells) = (Vec::new(), Vec::new());
        Sheet { writer, merged, row: 0, column: 0, repeated_rows: 1, cells, open: None, depth: 0, is_note: false, left, unread: None }
    }

    /// Reads up to the end of the sheet.
    fn read(&mut self, reader: &mut Reader<&[u8]>) -> Result<()> {
        loop {
            match reader.read_event().map_err(broken)? {
                Event::Eof => return Ok(()),
                Event::Start(element) => self.start(&element, false),
                Event::Empty(element) => self.start(&element, true),
                Event::Text(text) => self.write(&text.xml10_content()),
                Event::GeneralRef(reference) => self.write(entity(&reference).map(String::from).as_deref().unwrap_or_default()),
                Event::End(element) => match element.local_name().as_ref() {
                    "annotation" => self.is_note = false,
                    "table" if self.depth > 0 => self.depth -= 1,
                    "table" => return Ok(()),
                    "table-cell" | "covered-table-cell" => self.end_cell(),
                    "table-row" => self.end_row()?,
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) {
        let number = |name: &str| attribute(element, name).and_then(|value| value.parse::<u32>().ok()).unwrap_or(1).max(1);
        match element.local_name().as_ref() {
            "table-row" => {
                self.repeated_rows = number("number-rows-repeated");
                self.column = 0;
                if is_empty {
                    self.row = self.row.saturating_add(self.repeated_rows);
                }
            }
            "table-cell" | "covered-table-cell" => {
                let repeated = number("number-columns-repeated");
                if is_empty {
                    self.column = self.column.saturating_add(repeated);
                    return;
                }
                let value = attribute(element, "value").unwrap_or_default();
                let shown = match attribute(element, "value-type").as_deref() {
                    Some("float" | "currency") => Shown::Number(value, false),
                    Some("percentage") => Shown::Number(value, true),
                    Some("boolean" | "time") => Shown::Nothing,
                    _ => Shown::Text,
                };
                let (columns, rows) = (number("number-columns-spanned"), number("number-rows-spanned"));
                self.open = Some(Open { text: String::new(), shown, repeated, columns, rows });
            }
            "annotation" => self.is_note = !is_empty,
            "table" if !is_empty => self.depth += 1,
            "p" if self.open.as_ref().is_some_and(|open| !open.text.is_empty()) => self.write(" "),
            "s" | "tab" | "line-break" => self.write(&" ".repeat(number("c").min(100) as usize)),
            _ => {}
        }
    }

    /// Writes into the open cell what is no note to it.
    fn write(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|_| !self.is_note) {
            open.text.push_str(text);
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.open.take() else { return };
        if cell.columns > 1 || cell.rows > 1 {
            let last = (self.row.saturating_add(cell.rows - 1), self.column.saturating_add(cell.columns - 1));
            self.merged.push(((self.row, self.column), last));
        }
        let text = text(&cell);
        if !text.trim().is_empty() {
            let times = self.paid(cell.repeated, text.len() + BESIDE);
            if times < cell.repeated {
                self.leave_out(self.row, self.row);
            }
            self.cells.extend((0..times).map(|at| (self.column.saturating_add(at), text.clone())));
        }
        self.column = self.column.saturating_add(cell.repeated);
    }

    fn end_row(&mut self) -> Result<()> {
        let cells = std::mem::take(&mut self.cells);
        let end = self.row.saturating_add(self.repeated_rows);
        if !cells.is_empty() {
            let times = self.paid(self.repeated_rows, cells.iter().map(|(_, text)| text.len() + BESIDE).sum());
            for row in self.row..self.row.saturating_add(times) {
                for (column, text) in &cells {
                    self.writer.cell(row, *column, text, None)?;
                }
            }
            if times < self.repeated_rows {
                self.leave_out(self.row.saturating_add(times), end - 1);
            }
        }
        self.row = end;
        Ok(())
    }

    /// How often of `times` something is written that costs so much each time after the first.
    fn paid(&mut self, times: u32, cost: usize) -> u32 {
        let again = (times - 1).min(u32::try_from(self.left / cost).unwrap_or(u32::MAX));
        self.left -= again as usize * cost;
        again + 1
    }

    fn leave_out(&mut self, from: u32, to: u32) {
        let first = self.unread.map_or(from + 1, |(first, _)| first);
        self.unread = Some((first, to.saturating_add(1)));
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
