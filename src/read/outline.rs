//! Writes an [`Outline`]: what the readers of web pages, Word documents, workbooks and CSV share.
//!
//! In:  headings, paragraphs, grids of cells with their spans, cells of sheets.
//! Out: the outline, a line for each; bounds on its size are kept here.

use super::Decoded;
use crate::error::{Error, Result};
use crate::model::{CellAt, Content, Outline, Part, Placing, SheetRow, Slot, Unread};
use std::ops::Range;

/// More cells than a workbook of any report has; what is longer wants to be a sheet of figures, which is read in pieces.
pub(super) const MOST_CELLS: usize = 2_000_000;
/// So many places all cells of a document may span.
const MOST_SLOTS: usize = 8_000_000;

/// An outline being written.
#[derive(Default)]
pub(super) struct Writer {
    outline: Outline,
    /// Paragraphs in bold type, which are headings where nothing else is marked as one.
    bold: Vec<usize>,
    slots: usize,
    /// Line ends written.
    lines: u32,
    /// Of the sheet being written.
    rows: Vec<SheetRow>,
    title: Option<String>,
}

/// A cell and the columns and rows that it spans.
#[derive(Debug, Default)]
pub(super) struct GridCell {
    pub(super) text: String,
    pub(super) indent: u32,
    pub(super) columns: u32,
    pub(super) rows: u32,
}

/// Merged cells: row and column of the first, and of the last.
pub(super) type Merged = ((u32, u32), (u32, u32));

impl Writer {
    /// Adds a heading; 1 is the highest level.
    pub(super) fn heading(&mut self, level: u8, text: &str) {
        self.space(true);
        if let Some(span) = self.put(text) {
            self.outline.parts.push(Part::Heading(level, span));
        }
        self.space(true);
    }

    /// Adds a paragraph, set apart from the one before or not; is it in bold type?
    pub(super) fn paragraph(&mut self, text: &str, gap: bool, bold: bool) {
        self.space(gap);
        if let Some(span) = self.put(text) {
            if bold && heads(text) {
                self.bold.push(self.outline.parts.len());
            }
            self.outline.parts.push(Part::Paragraph(span));
        }
    }

    /// Adds a line that is no text of the report.
    pub(super) fn furniture(&mut self, text: &str) {
        self.space(false);
        if let Some(span) = self.put(text) {
            self.outline.parts.push(Part::Furniture(span));
        }
    }

    /// Adds a table: rows of cells with their spans.
    pub(super) fn table(&mut self, grid: Vec<Vec<GridCell>>) -> Result<()> {
        self.space(true);
        let mut rows: Vec<Vec<Option<Slot>>> = Vec::new();
        let height = grid.len();
        for (row, cells) in grid.into_iter().enumerate() {
            rows.resize_with(rows.len().max(row + 1), Vec::new);
            let mut column = 0;
            let mut wrote = false;
            for cell in cells {
                while rows[row].get(column).is_some_and(Option::is_some) {
                    column += 1;
                }
                if wrote {
                    self.outline.source.push('\t');
                }
                let span = self.put(&cell.text);
                wrote |= span.is_some();
                let span = span.unwrap_or_default();
                let slot = Slot { start: span.start, end: span.end, indent: cell.indent };
                if span.start < span.end {
                    self.cell_at(span, row as u32, column as u32)?;
                }
                let (wide, high) = (cell.columns.clamp(1, 1000) as usize, (cell.rows.max(1) as usize).min(height - row));
                self.count(wide * high)?;
                for below in row..row + high {
                    rows.resize_with(rows.len().max(below + 1), Vec::new);
                    let slots = &mut rows[below];
                    slots.resize(slots.len().max(column + wide), None);
                    slots[column..column + wide].iter_mut().for_each(|place| *place = Some(place.unwrap_or(slot)));
                }
                column += wide;
            }
            self.space(false);
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        self.count(width * rows.len())?;
        let whole = |row: Vec<Option<Slot>>| -> Vec<Slot> {
            row.into_iter().map(Option::unwrap_or_default).chain(std::iter::repeat(Slot::default())).take(width).collect()
        };
        self.outline.parts.push(Part::Table(rows.into_iter().map(whole).collect()));
        self.space(true);
        Ok(())
    }

    // -------------------------------------------------------------- sheets

    /// Begins a sheet; its name is its heading, unless the program gave it.
    pub(super) fn begin_sheet(&mut self, name: Option<&str>) {
        self.title = name.filter(|name| !is_given(name)).map(str::to_string);
    }

    /// Adds a cell of the sheet; rows come from the top down. `line` is that of the file, where it has lines.
    pub(super) fn cell(&mut self, row: u32, column: u32, text: &str, line: Option<u32>) -> Result<()> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if let Some(title) = self.title.take() {
            self.heading(1, &title);
        }
        match self.rows.last() {
            Some(last) if last.row == row => self.outline.source.push('\t'),
            Some(last) if last.row > row => {
                return Err(Error::failed(format!(
                    "row {} of a sheet stands behind row {}; the workbook is damaged",
                    row + 1,
                    last.row + 1
                )));
            }
            _ => {
                self.space(false);
                self.reach(line);
                self.rows.push(SheetRow { row, slots: Vec::new() });
            }
        }
        // What a person sees of a label is how far in it stands.
        let blanks = text.chars().take_while(|c| c.is_whitespace());
        let indent = blanks.map(|c| if c == '\u{3000}' || c == '\t' { 2 } else { 1 }).sum();
        self.count(1)?;
        if let Some(span) = self.put(text) {
            self.cell_at(span.clone(), row, column)?;
            if let Some(last) = self.rows.last_mut() {
                last.slots.push((column, Slot { start: span.start, end: span.end, indent }));
            }
        }
        Ok(())
    }

    /// Moves the text of the last cell in, as its style does.
    pub(super) fn indent_last(&mut self, by: u32) {
        if let Some((_, slot)) = self.rows.last_mut().and_then(|row| row.slots.last_mut()) {
            slot.indent += by;
        }
    }

    /// Ends the sheet: cells that were merged, from their first to their last row and column, stand in each place that they span.
    pub(super) fn end_sheet(&mut self, merged: &[Merged]) -> Result<()> {
        self.title = None;
        self.space(true);
        let mut rows = std::mem::take(&mut self.rows);
        rows.iter_mut().for_each(|row| row.slots.sort_by_key(|(column, _)| *column));
        let last_column = rows.iter().filter_map(|row| row.slots.last()).map(|(column, _)| *column).max().unwrap_or(0);
        for ((top, left), (bottom, right)) in merged {
            let right = (*right).min(last_column);
            let (from, to) = (rows.partition_point(|row| row.row < *top), rows.partition_point(|row| row.row <= *bottom));
            let Some(first) = rows.get(from).filter(|first| first.row == *top) else { continue };
            let Some((_, slot)) = first.slots.iter().find(|(column, _)| column == left).copied() else { continue };
            if right < *left || to <= from {
                continue;
            }
            self.count((to - from) * (right - left + 1) as usize)?;
            for row in &mut rows[from..to] {
                for column in *left..=right {
                    if let Err(at) = row.slots.binary_search_by_key(&column, |(column, _)| *column) {
                        row.slots.insert(at, (column, slot));
                    }
                }
            }
        }
        if !rows.is_empty() {
            self.outline.parts.push(Part::Sheet(rows));
        }
        Ok(())
    }

    /// Ends the page that a sheet is.
    pub(super) fn end_page(&mut self) {
        self.outline.source.push('\u{C}');
    }

    /// Notes a sheet, by its number from 1, that is hidden and was not read; or rows of one, from 1, whose repeats were left out.
    pub(super) fn unread(&mut self, number: u32, name: &str, rows: Option<(u32, u32)>) {
        self.outline.unread.push(Unread { sheet: number, name: name.to_string(), rows });
    }

    // -------------------------------------------------------------- ends

    /// The outline; fails where nothing was written.
    pub(super) fn finish(mut self, what: &str, placing: Placing) -> Result<Outline> {
        if self.outline.parts.is_empty() {
            let hidden = if self.outline.unread.is_empty() { "" } else { " but what hidden sheets hold; show those" };
            return Err(Error::failed(format!("{what} holds no text{hidden}")));
        }
        let deep = self.outline.parts.iter().filter(|part| matches!(part, Part::Heading(..))).count();
        if deep < 2 {
            for at in self.bold {
                if let Part::Paragraph(span) = &self.outline.parts[at] {
                    self.outline.parts[at] = Part::Heading(6, span.clone());
                }
            }
        }
        self.outline.placing = placing;
        Ok(self.outline)
    }

    /// The outline as what a reader gives back.
    pub(super) fn decoded(self, what: &str, media_type: &'static str, encoding: Option<&'static str>, placing: Placing) -> Result<Decoded> {
        Ok(Decoded { media_type, encoding, title: None, content: Content::Outline(self.finish(what, placing)?) })
    }

    fn cell_at(&mut self, span: Range<u32>, row: u32, column: u32) -> Result<()> {
        if self.outline.cells.len() >= MOST_CELLS {
            return Err(Error::failed(format!(
                "more than {MOST_CELLS} cells; split it, or save its figures as a sheet with the columns metric and value (docs/input.md)"
            )));
        }
        self.outline.cells.push(CellAt { span, row, column });
        Ok(())
    }

    fn count(&mut self, slots: usize) -> Result<()> {
        self.slots += slots;
        if self.slots > MOST_SLOTS {
            return Err(Error::failed(format!("its cells span more than {MOST_SLOTS} places; no table of a report does: split it")));
        }
        Ok(())
    }

    /// Puts text down on one line, white space at its ends taken off; nothing where nothing is left.
    fn put(&mut self, text: &str) -> Option<Range<u32>> {
        let text = text.trim();
        let start = self.outline.source.len() as u32;
        self.outline.source.extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\u{C}') { ' ' } else { c }));
        let end = self.outline.source.len() as u32;
        (end > start).then_some(start..end)
    }

    /// Ends the line; a gap is a blank line.
    fn space(&mut self, gap: bool) {
        let ends = |source: &[char], count: usize| source.iter().rev().take(count).all(|c| matches!(c, '\n' | '\u{C}'));
        if !ends(&self.outline.source, 1) {
            self.end_line();
        }
        if gap && !ends(&self.outline.source, 2) {
            self.end_line();
        }
    }

    /// Puts down line ends up to a line of the file.
    fn reach(&mut self, line: Option<u32>) {
        for _ in self.lines + 1..line.unwrap_or(0) {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.outline.source.push('\n');
        self.lines += 1;
    }
}

/// May a line in bold type be a heading: short, of words?
fn heads(text: &str) -> bool {
    let text = text.trim();
    (2..=30).contains(&text.chars().count())
        && !text.contains(['。', '；', ';', '，', ','])
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// Sheet1, 工作表1, 表1: a name that nobody thought of.
fn is_given(name: &str) -> bool {
    let bare = name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '（' | '）' | '_'));
    ["", "Sheet", "sheet", "SHEET", "工作表", "表", "Table", "Tabelle"].contains(&bare) && !is_year(name)
}

/// 2021: a sheet for each year.
fn is_year(name: &str) -> bool {
    name.trim().parse().is_ok_and(|year: u32| (1990..=2100).contains(&year))
}
