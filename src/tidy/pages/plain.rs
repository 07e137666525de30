//! Finds the tables of plain text whose columns line up, as if the text were a page.
//!
//! In:  folded lines, and the text they were cut from.
//! Out: tables by the line each begins at.
//!
//! Blanks set the columns: a Latin character is half as wide as a Chinese one. Where tabs part the cells nothing lines up, and
//! where single blanks do nothing shows which column a cell is of: such lines are read by [`tables::table`].

use super::columns;
use super::grid::Strokes;
use super::runs::{Row, Run, around};
use super::table::{Cell, Kind};
use crate::knowledge::Knowledge;
use crate::model::{self, Folded, Glyph};
use crate::tidy::lines::Line;
use crate::tidy::tables::{self, Found};
use std::collections::HashMap;

/// How high a Chinese character is.
const SIZE: f32 = 10.0;
/// From line to line.
const LEADING: f32 = 12.0;

/// The tables among some lines of `source`, by the place of their first line.
pub(in crate::tidy) fn tables(lines: &[&Line], source: &[char], roc: bool, knowledge: &Knowledge) -> HashMap<usize, Found> {
    let mut found = HashMap::new();
    let mut from = 0;
    // Sentences are no rows, and 表1 names the rows below it.
    for stretch in lines.split(|line| line.has("。") || is_caption(line)) {
        if stretch.iter().filter(|line| line.has("\t")).count() > 1 {
            Sheet::new(stretch, source, knowledge).tables(stretch, from, roc, knowledge, &mut found);
        }
        from += stretch.len() + 1;
    }
    found
}

/// Lines as a page.
#[derive(Default)]
struct Sheet {
    glyphs: Vec<Glyph>,
    /// Where each stands in the source.
    origin: Vec<u32>,
    runs: Vec<Run>,
    rows: Vec<Row>,
    /// The line of each run.
    run_lines: Vec<usize>,
}

impl Sheet {
    fn new(lines: &[&Line], source: &[char], knowledge: &Knowledge) -> Sheet {
        let mut sheet = Sheet::default();
        for (at, line) in lines.iter().enumerate() {
            sheet.line(at, line, lines[0].number, source, knowledge);
        }
        sheet
    }

    /// Sets a line; one that tabs part is left out.
    fn line(&mut self, at: usize, line: &Line, first: u32, source: &[char], knowledge: &Knowledge) {
        let (Some(begin), Some(last)) = (start_of(line, source), line.origin.last()) else { return };
        let written = &source[begin..=*last as usize];
        if written.contains(&'\t') {
            return;
        }
        let mut places = Vec::with_capacity(written.len());
        let mut x = 0.0;
        for c in written {
            let width = if c.is_ascii() { SIZE / 2.0 } else { SIZE };
            places.push((x, x + width));
            x += width;
        }
        // From the first line on: lines of a long text are no longer told apart by a float.
        let top = (line.number - first) as f32 * LEADING;
        let cells = if line.has("\t") { tables::cells(line, &knowledge.words) } else { vec![whole(line)] };
        let from = self.runs.len();
        for cell in cells.into_iter().flat_map(parted) {
            let from_glyph = self.glyphs.len();
            for (c, origin) in cell.text.chars.iter().zip(&cell.text.origin).filter(|(c, _)| !matches!(c, ' ' | '\t')) {
                let (left, right) = places[*origin as usize - begin];
                let bbox = [left, top, right, top + SIZE];
                self.glyphs.push(Glyph { c: *c, bbox, size: SIZE, bold: false, artifact: false, turn: 0 });
                self.origin.push(*origin);
            }
            let glyphs = from_glyph..self.glyphs.len();
            let Some(bbox) = self.glyphs[glyphs.clone()].iter().map(|glyph| glyph.bbox).reduce(around) else { continue };
            // Cells do not touch.
            if let Some(before) = self.runs[from..].last_mut() {
                before.bbox[2] = before.bbox[2].min(bbox[0] - SIZE / 2.0);
            }
            self.runs.push(Run { glyphs: glyphs.collect(), bbox, size: SIZE, bold: false });
            self.run_lines.push(at);
        }
        if let Some(bbox) = self.runs[from..].iter().map(|run| run.bbox).reduce(around) {
            self.rows.push(Row { runs: (from..self.runs.len()).collect(), bbox });
        }
    }

    fn tables(&self, lines: &[&Line], from: usize, roc: bool, knowledge: &Knowledge, found: &mut HashMap<usize, Found>) {
        for table in columns::tables(&self.rows, &self.runs, &self.glyphs, &Strokes::new(&[]), roc, knowledge) {
            let taken = table.runs.iter().map(|run| self.run_lines[*run]);
            let (Some(first), Some(last), Kind::Columns(header_rows)) = (taken.clone().min(), taken.max(), table.kind) else { continue };
            // Values without labels beside them, or heads close above, are an infographic's: its labels may stand below.
            let labelled = |row: &Vec<Cell>| row.first().is_some_and(|cell| cell.first().is_some());
            let body = &table.rows[header_rows.min(table.rows.len())..];
            let apart = || lines[first + header_rows].gap;
            if body.iter().filter(|row| labelled(row)).count() * 2 < body.len() && (header_rows == 0 || apart()) {
                continue;
            }
            // Where every row has its cells counting them is surer: not all set them below one another.
            let counted = tables::table(&lines[first..], &knowledge.words, roc);
            if counted.is_some_and(|counted| first + counted.lines > last && is_full(&counted)) {
                continue;
            }
            let rows = table.rows.iter().map(|row| row.iter().map(|cell| self.cell(cell)).collect()).collect();
            found.insert(from + first, Found { rows, header_rows, lines: last - first + 1 });
        }
    }

    /// A cell with its text; blanks stay between Latin words.
    fn cell(&self, cell: &Cell) -> model::Cell {
        let mut text = Folded::default();
        for &at in cell.lines.iter().flatten() {
            let (c, origin) = (self.glyphs[at].c, self.origin[at]);
            let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
            if text.origin.last().is_some_and(|last| last + 1 < origin) && latin(text.chars.last()) && latin(Some(&c)) {
                text.chars.push(' ');
                text.origin.push(origin - 1);
            }
            text.chars.push(c);
            text.origin.push(origin);
        }
        model::Cell { text, indent: cell.indent }
    }
}

/// 表1, 圖三: the number of a table begins its caption.
fn is_caption(line: &Line) -> bool {
    let number = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c);
    matches!(line.chars[..], ['表' | '图', ref rest @ ..] if rest.iter().find(|c| **c != ' ').is_some_and(number))
}

/// Has every row of a table all its cells, or is it a title?
fn is_full(found: &Found) -> bool {
    let filled = |row: &Vec<model::Cell>| row.iter().filter(|cell| !cell.text.chars.is_empty()).count();
    let named = found.rows.iter().any(|row| !row[0].text.chars.is_empty());
    found.rows[found.header_rows..].iter().all(|row| {
        let missing = row.len() - filled(row);
        missing == 0 || missing == 1 && !named || filled(row) == 1
    })
}

/// Where the written line begins that a folded one was cut from.
fn start_of(line: &Line, source: &[char]) -> Option<usize> {
    let before = source.get(..line.start as usize)?;
    Some(before.iter().rposition(|c| matches!(c, '\n' | '\u{C}')).map_or(0, |end| end + 1))
}

/// A line as one cell.
fn whole(line: &Line) -> model::Cell {
    model::Cell { text: Folded { chars: line.chars.clone(), origin: line.origin.clone() }, indent: 0 }
}

/// A label that ends in brackets, and the value that a wide label left no blank before.
fn parted(cell: model::Cell) -> Vec<model::Cell> {
    let model::Cell { mut text, indent } = cell;
    let close = text.chars.iter().rposition(|c| *c == ')').map(|close| close + 1);
    let value = close.filter(|at| *at < text.chars.len() && tables::is_number(&text.chars[*at..]) && !text.chars[*at..].contains(&'('));
    let Some(at) = value else { return vec![model::Cell { text, indent }] };
    let value = Folded { chars: text.chars.split_off(at), origin: text.origin.split_off(at) };
    vec![model::Cell { text, indent }, model::Cell { text: value, indent }]
}
