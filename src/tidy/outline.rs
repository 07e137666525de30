//! Lays out a document whose file tells its structure: as lines and tables, which the next steps read as those of pages.
//!
//! In:  an [`Outline`].
//! Out: its lines, and a [`Laid`] with its tables, their heads found; the tables of a sheet are told from one another and from the text
//!      that stands over and under them.

use super::lines::{Joins, Line, Lines, folded};
use super::pages::{Laid, divided, head_of};
use super::tables::{is_period, is_value};
use crate::knowledge::Knowledge;
use crate::model::{Cell, Folded, Outline, Part, SheetRow, Slot};
use std::collections::BTreeSet;

/// A row of a table, and which cells stand in it.
type Row = Vec<Slot>;

/// So many rows of a table are looked at for words of time and title.
const LOOKED_AT: usize = 100;

/// Lays an outline out.
pub(super) fn laid(outline: &Outline, knowledge: &Knowledge) -> (Lines, Laid) {
    let source = &outline.source;
    let starts = |mark: char| (0..source.len()).filter(move |at| source[*at] == mark).map(|at| at as u32 + 1);
    let line_starts: Vec<u32> = std::iter::once(0).chain(starts('\n')).collect();
    let mut page_starts: Vec<u32> = starts('\u{C}').collect();
    if page_starts.pop().is_some() {
        page_starts.insert(0, 0);
    }
    let roc = source.iter().take(20_000).collect::<String>().contains("民國");
    let told = outline.parts.iter().any(|part| matches!(part, Part::Heading(..)));
    let mut laid = Laid::default();
    laid.told = told;
    let lines = Lines { lines: Vec::new(), line_starts, page_starts };
    let mut layer = Layer { source, knowledge, roc, lines, laid, end: 0 };
    for part in &outline.parts {
        match part {
            Part::Heading(level, span) => {
                if let Some(line) = layer.line(span.start, span.end) {
                    line.rank = Some(level.saturating_sub(1));
                }
            }
            Part::Paragraph(span) => layer.paragraph(span.start, span.end),
            Part::Furniture(span) => {
                if let Some(line) = layer.line(span.start, span.end) {
                    line.furniture = true;
                }
            }
            Part::Table(rows) => layer.table(rows.clone()),
            Part::Sheet(rows) => layer.sheet(rows),
        }
    }
    (layer.lines, layer.laid)
}

struct Layer<'o> {
    source: &'o [char],
    knowledge: &'o Knowledge,
    roc: bool,
    lines: Lines,
    laid: Laid,
    /// Behind the last part.
    end: u32,
}

impl Layer<'_> {
    /// Adds a line that begins a paragraph; nothing where the stretch is blank.
    fn line(&mut self, start: u32, end: u32) -> Option<&mut Line> {
        let between = &self.source[self.end.min(start) as usize..start as usize];
        let gap = self.lines.lines.is_empty() || between.contains(&'\u{C}') || between.iter().filter(|c| **c == '\n').count() > 1;
        let number = super::line_of(&self.lines.line_starts, start);
        let line = folded(self.source, start as usize, end as usize, number, gap, self.knowledge);
        if line.chars.is_empty() {
            return None;
        }
        self.end = end;
        self.lines.lines.push(Line { joins: Joins::Begins, ..line });
        self.lines.lines.last_mut()
    }

    fn paragraph(&mut self, start: u32, end: u32) {
        let mut from = start;
        let mut joins = Joins::Begins;
        while from < end {
            let stretch = &self.source[from as usize..end as usize];
            let to = stretch.iter().position(|c| *c == '\n').map_or(end, |ahead| from + ahead as u32);
            if let Some(line) = self.line(from, to) {
                line.joins = joins;
                joins = Joins::Continues;
            }
            from = to + 1;
        }
    }

    // -------------------------------------------------------------- tables

    /// Adds a table: what stands over its head goes before it as lines, and a second head begins a second table.
    fn table(&mut self, mut rows: Vec<Row>) {
        rows.retain(|row| row.iter().any(filled));
        let over = self.captions(&rows);
        for at in over.iter().rev() {
            rows.remove(at.0);
        }
        for (_, slots) in &over {
            self.slots(slots);
        }
        if distinct(&rows) < 2 {
            rows.iter().for_each(|row| self.slots(row));
            return;
        }
        let cells = rows.iter().map(|row| row.iter().map(|slot| self.cell(slot)).collect()).collect();
        for table in divided(cells, self.roc, self.knowledge) {
            let index = self.laid.tables.len();
            for (at, row) in table.rows.iter().enumerate() {
                let places = row.iter().filter_map(|cell| Some((*cell.text.origin.first()?, *cell.text.origin.last()?)));
                let (Some(start), Some(end)) = (places.clone().map(|(from, _)| from).min(), places.map(|(_, to)| to).max()) else {
                    continue;
                };
                let number = super::line_of(&self.lines.line_starts, start);
                // The words of a long table are read in its cells alone.
                let to = if at < LOOKED_AT { end + 1 } else { start };
                let line = folded(self.source, start as usize, to as usize, number, false, self.knowledge);
                self.lines.lines.push(Line { table: Some(index), joins: Joins::Begins, ..line });
                self.end = end + 1;
            }
            self.laid.tables.push(table);
        }
    }

    /// The rows over the head that are lines of text: those of one cell, and those that name a unit or who reports; with their places.
    fn captions(&self, rows: &[Row]) -> Vec<(usize, Row)> {
        let mut found = Vec::new();
        for (at, row) in rows.iter().enumerate().take(12) {
            let once: Vec<Slot> = cells_of(row);
            let text = |slot: &Slot| self.cell(slot).text.chars;
            let named = once.iter().any(|slot| {
                let text: String = text(slot).into_iter().filter(|c| *c != ' ').collect();
                ["单位:", "编制单位", "币种:", "货币单位"].iter().any(|word| text.contains(word))
            });
            let value = once.iter().any(|slot| is_value(&text(slot), &self.knowledge.words) && !is_period(&text(slot), self.roc));
            if once.len() == 1 && !value {
                // A time over all columns is theirs.
                let spans = row.len() > 1 && row.iter().all(|slot| slot.start == once[0].start && filled(slot));
                if !(spans && text(&once[0]).contains(&'年') && text(&once[0]).iter().any(char::is_ascii_digit)) {
                    found.push((at, once));
                }
            } else if named && !value {
                found.push((at, once));
            } else {
                break;
            }
        }
        // Titles of parts alone are no captions.
        if found.len() == rows.len() { Vec::new() } else { found }
    }

    /// Adds a line of some cells.
    fn slots(&mut self, slots: &[Slot]) {
        for slot in cells_of(slots) {
            self.line(slot.start, slot.end);
        }
    }

    fn cell(&self, slot: &Slot) -> Cell {
        let length = (slot.end - slot.start) as usize;
        let mut text = Folded { chars: Vec::with_capacity(length), origin: Vec::with_capacity(length) };
        for at in slot.start..slot.end {
            let c = self.source[at as usize];
            let c = if c.is_whitespace() { ' ' } else { self.knowledge.fold.char(c) };
            if matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{AD}' | '\u{200E}') || c.is_control() {
                continue;
            }
            // Blanks stay between Latin words.
            let inner = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
            let next = self.source.get(at as usize + 1).filter(|_| at + 1 < slot.end);
            if c == ' ' && !(inner(text.chars.last()) && inner(next)) {
                continue;
            }
            text.chars.push(c);
            text.origin.push(at);
        }
        Cell { text, indent: slot.indent }
    }

    // -------------------------------------------------------------- sheets

    /// Adds what a sheet holds: rows that stand together are a table, text alone is lines.
    fn sheet(&mut self, rows: &[SheetRow]) {
        let mut open: Option<Band> = None;
        // Text between bands, which may be titles inside the open table.
        let mut between: Vec<Row> = Vec::new();
        for group in rows.chunk_by(|a, b| b.row == a.row + 1) {
            for band in bands(group, &|slot| !is_value(&self.cell(slot).text.chars, &self.knowledge.words)) {
                let text_alone = band.rows.iter().all(|row| cells_of(row).len() < 2);
                let inside = open.as_ref().is_some_and(|open| band.columns.iter().all(|column| open.columns.contains(column)));
                if text_alone && inside {
                    between.extend(band.under(open.as_ref().map_or(&[], |open| &open.columns)));
                    continue;
                }
                if let Some(open) = open.as_mut().filter(|_| inside && self.headless(&band.rows)) {
                    open.rows.append(&mut between);
                    open.rows.extend(band.under(&open.columns));
                    continue;
                }
                self.close(open.take(), &mut between);
                if text_alone {
                    band.rows.iter().for_each(|row| self.slots(row));
                } else {
                    open = Some(band);
                }
            }
        }
        self.close(open, &mut between);
    }

    fn close(&mut self, open: Option<Band>, between: &mut Vec<Row>) {
        if let Some(band) = open {
            self.table(band.rows);
        }
        between.drain(..).for_each(|row| self.slots(&row));
    }

    /// Do rows begin with figures, titles of a part before them aside?
    fn headless(&self, rows: &[Row]) -> bool {
        let body: Vec<Vec<Cell>> = rows
            .iter()
            .skip_while(|row| cells_of(row).len() < 2)
            .take(8)
            .map(|row| row.iter().map(|slot| self.cell(slot)).collect())
            .collect();
        !body.is_empty() && head_of(&body, self.roc, self.knowledge) == 0
    }
}

fn filled(slot: &Slot) -> bool {
    slot.start < slot.end
}

/// The cells of a row, each once.
fn cells_of(row: &[Slot]) -> Row {
    let mut once: Row = Vec::new();
    for slot in row.iter().filter(|slot| filled(slot)) {
        if once.last().is_none_or(|last| last.start != slot.start) {
            once.push(*slot);
        }
    }
    once
}

/// How many cells the fullest of the first rows has.
fn distinct(rows: &[Row]) -> usize {
    rows.iter().map(|row| cells_of(row).len()).max().unwrap_or(0)
}

/// Rows of a sheet that stand together, under the columns in use.
struct Band {
    columns: Vec<u32>,
    rows: Vec<Row>,
}

impl Band {
    fn new(rows: &[SheetRow], columns: &[u32]) -> Band {
        let row = |row: &SheetRow| {
            let mut slots = vec![Slot::default(); columns.len()];
            for (column, slot) in &row.slots {
                if let Ok(at) = columns.binary_search(column) {
                    slots[at] = *slot;
                }
            }
            slots
        };
        let rows = rows.iter().map(row).filter(|row: &Row| row.iter().any(filled)).collect();
        Band { columns: columns.to_vec(), rows }
    }

    /// Its rows put under wider columns.
    fn under(&self, columns: &[u32]) -> Vec<Row> {
        let row = |row: &Row| {
            let mut slots = vec![Slot::default(); columns.len()];
            for (column, slot) in self.columns.iter().zip(row) {
                if let Ok(at) = columns.binary_search(column) {
                    slots[at] = *slot;
                }
            }
            slots
        };
        self.rows.iter().map(row).collect()
    }
}

/// The tables that stand side by side in rows of a sheet, each with a column of labels of its own; mostly there is one. Rows whose
/// cells lie so far apart that they make no table are lines.
fn bands(rows: &[SheetRow], worded: &dyn Fn(&Slot) -> bool) -> Vec<Band> {
    let columns: BTreeSet<u32> = rows.iter().flat_map(|row| row.slots.iter().map(|(column, _)| *column)).collect();
    let columns: Vec<u32> = columns.into_iter().collect();
    let filled: usize = rows.iter().map(|row| row.slots.len()).sum();
    if columns.len() * rows.len() > filled * 50 + 10_000 {
        let alone = |row: &SheetRow| Band { columns: Vec::new(), rows: row.slots.iter().map(|(_, slot)| vec![*slot]).collect() };
        return rows.iter().map(alone).collect();
    }
    // A gap that some row of one cell spans is no gap of the others.
    let used: BTreeSet<u32> =
        rows.iter().filter(|row| distinct_slots(row) > 1).flat_map(|row| row.slots.iter().map(|(column, _)| *column)).collect();
    let used: Vec<u32> = used.into_iter().collect();
    let groups: Vec<&[u32]> = used.chunk_by(|a, b| *b == a + 1).collect();
    let labels = |column: u32| {
        let cells = rows.iter().flat_map(|row| row.slots.iter().filter(|(at, _)| *at == column));
        let cells: Vec<bool> = cells.map(|(_, slot)| worded(slot)).collect();
        cells.len() >= 2 && cells.iter().filter(|worded| **worded).count() * 2 > cells.len()
    };
    let mut parts: Vec<Vec<u32>> = Vec::new();
    for group in groups {
        // Each of two tables has labels and more; columns that are merely set apart do not.
        let apart = parts.last().is_some_and(|last| last.len() > 1 && group.len() > 1 && labels(group[0]) && labels(last[0]));
        match parts.last_mut() {
            Some(last) if !apart => last.extend(group),
            _ => parts.push(group.to_vec()),
        }
    }
    if parts.len() < 2 {
        return vec![Band::new(rows, &columns)];
    }
    parts.iter().map(|part| Band::new(rows, part)).collect()
}

fn distinct_slots(row: &SheetRow) -> usize {
    let mut starts: Vec<u32> = row.slots.iter().map(|(_, slot)| slot.start).collect();
    starts.dedup();
    starts.len()
}
