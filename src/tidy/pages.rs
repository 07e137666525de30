//! Lays pages out as text: characters become lines in reading order, and tables.
//!
//! In:  pages of characters at places.
//! Out: a [`Laid`] document: its text with a form feed behind each page, the place of each character, what is known of each
//!      line (furniture, heading, row of a table), and the tables with their cells.
//!
//! Reading order is from the top down in each of the stretches that `regions` parts a page into. Ruled tables are `grid`'s,
//! others `columns`' business, large numbers with their labels `displays`'; all work on the runs that `runs` makes of characters.

mod columns;
mod displays;
mod grid;
pub(super) mod plain;
mod regions;
mod runs;
mod table;

use super::lines::Line;
use super::tables::{is_absent, is_number, is_period, is_time_alone, is_units, is_value};
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::{self, Folded, Glyph, Page, Table};
use displays::Display;
use regions::Region;
use runs::{Row, Run, overlap};
use std::collections::{HashMap, HashSet};
use table::{Found, Kind};

/// A document laid out as text.
#[derive(Debug, Default)]
pub struct Laid {
    /// Its characters in reading order, with white space, line ends and form feeds.
    pub source: Vec<char>,
    /// The box of each; nothing of white space.
    pub boxes: Vec<[f32; 4]>,
    /// The file itself says what is a heading.
    pub(super) told: bool,
    /// What is known of lines, by their number from 1.
    marks: HashMap<u32, Mark>,
    /// Its tables, in reading order.
    pub(super) tables: Vec<Table>,
    /// From where to where the columns of each reach.
    columns: Vec<Vec<(f32, f32)>>,
    lines: u32,
    /// How many characters of each size, in tenths of a point, there are in all, tables included.
    sizes: HashMap<u32, usize>,
    /// The next line is the first of its page.
    begins: bool,
    /// The next line is the first of a column.
    begins_column: bool,
}

/// What is known of a line.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    furniture: bool,
    table: Option<usize>,
    /// Size in tenths of a point, and bold: what tells headings.
    look: (u32, bool),
    /// First line of its page.
    first: bool,
    /// First line of a column beside the one before: a paragraph may go on here as at the top of a page.
    column: bool,
}

/// The layout of some pages.
pub(crate) fn laid(pages: &[Page], knowledge: &Knowledge) -> Laid {
    let sheets: Vec<Sheet<'_>> = pages.iter().map(|page| Sheet::new(page, knowledge)).collect();
    let recurring = recurring(&sheets, knowledge);
    let roc = sheets.iter().take(5).any(|sheet| sheet.page.glyphs.windows(2).any(|pair| pair[0].c == '民' && pair[1].c == '國'));
    let mut laid = Laid { lines: 1, ..Laid::default() };
    for sheet in &sheets {
        sheet.lay(&recurring, pages.len(), roc, &mut laid, knowledge);
        laid.space('\u{C}');
    }
    laid
}

/// A page and its runs.
struct Sheet<'p> {
    page: &'p Page,
    /// Of text and furniture alike.
    runs: Vec<Run>,
    rows: Vec<Row>,
    /// Of rows at the top or bottom, where furniture stands: what each run says, folded, digits masked.
    masks: Vec<Option<Vec<String>>>,
    /// Is a row a head of columns: times, units?
    heads: Vec<bool>,
}

/// How many rows from the top and the bottom may be furniture.
const MARGIN_ROWS: usize = 3;

impl<'p> Sheet<'p> {
    fn new(page: &'p Page, knowledge: &Knowledge) -> Sheet<'p> {
        let upright: Vec<usize> = (0..page.glyphs.len()).filter(|at| page.glyphs[*at].turn == 0).collect();
        let runs = runs::runs(&upright, &page.glyphs);
        let all: Vec<usize> = (0..runs.len()).collect();
        let rows = runs::rows(&all, &runs);
        let count = rows.len();
        let folded = |run: &usize| runs[*run].glyphs.iter().map(|at| knowledge.fold.char(page.glyphs[*at].c)).collect::<Vec<char>>();
        let masked = |run: &usize| folded(run).into_iter().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect::<String>();
        let outer = |(at, row): &(usize, &Row)| {
            *at < MARGIN_ROWS && row.bbox[1] < page.height * 0.14 || at + MARGIN_ROWS >= count && row.bbox[3] > page.height * 0.86
        };
        let masks = rows.iter().enumerate().map(|row| outer(&row).then(|| row.1.runs.iter().map(masked).collect())).collect();
        let heads = rows.iter().map(|row| row.runs.iter().all(|run| is_head(&folded(run), knowledge))).collect();
        Sheet { page, runs, rows, masks, heads }
    }

    /// Is a row furniture: marked as such, recurring at the edge of pages, or a page number?
    fn furniture(&self, at: usize, recurring: &HashMap<String, usize>, pages: usize) -> bool {
        let row = &self.rows[at];
        let glyphs: Vec<&Glyph> = row.runs.iter().flat_map(|run| &self.runs[*run].glyphs).map(|at| &self.page.glyphs[*at]).collect();
        // Some programs mark the head of a table as no content where it stands again on the next page.
        if glyphs.iter().filter(|glyph| glyph.artifact).count() * 2 > glyphs.len() && !self.heads[at] {
            return true;
        }
        let Some(parts) = &self.masks[at] else { return false };
        let mask = parts.concat();
        let number: Vec<char> = mask.chars().filter(|c| !matches!(c, '-' | '–' | '—' | '－' | '.' | '·' | '/' | '|')).collect();
        let page_number = (1..=6).contains(&number.len()) && number.iter().all(|c| *c == '#') && row.runs.len() <= 3
            || mask.starts_with('第') && mask.ends_with('页') && number.len() <= 14;
        // A page number is at the very edge, alone in its row, and no figure of a table.
        let edge = at == 0 || at + 1 == self.rows.len();
        let recurs = |mask: &String| recurring.get(mask).is_some_and(|count| *count >= 3 || *count * 2 > pages && *count >= 2);
        page_number && edge && !mask.contains('.') || recurs(&mask) || parts.iter().any(recurs)
    }

    fn lay(&self, recurring: &HashMap<String, usize>, pages: usize, roc: bool, laid: &mut Laid, knowledge: &Knowledge) {
        let page = &self.page.glyphs;
        let mut top: Vec<usize> = Vec::new();
        let mut bottom: Vec<usize> = Vec::new();
        let mut inner: Vec<usize> = Vec::new();
        for at in 0..self.rows.len() {
            let row = &self.rows[at];
            if !self.furniture(at, recurring, pages) {
                inner.extend(&row.runs);
            } else if row.bbox[1] * 2.0 < self.page.height {
                top.push(at);
            } else {
                bottom.push(at);
            }
        }
        laid.begin_page();
        for run in inner.iter().map(|at| &self.runs[*at]) {
            *laid.sizes.entry((run.size * 10.0).round() as u32).or_default() += run.glyphs.len();
        }
        for at in top {
            self.furniture_line(at, laid);
        }
        let strokes = grid::Strokes::new(&self.page.rules);
        let of_text: Vec<Run> = inner.iter().map(|at| self.runs[*at].clone()).collect();
        let mut tables = grid::tables(&strokes, &of_text, page);
        tables.retain(|table| figures(table, page, roc, knowledge) >= 2 || !table.frames_text());
        let mut taken = vec![false; of_text.len()];
        tables.iter().flat_map(|table| &table.runs).for_each(|run| taken[*run] = true);
        let free: Vec<usize> = (0..of_text.len()).filter(|run| !taken[*run]).collect();
        let boxes: Vec<[f32; 4]> = tables.iter().map(|table| table.bbox).collect();
        let stretches: Vec<Part> = regions::regions(&free, &of_text, page, &boxes, &strokes)
            .into_iter()
            .map(|region| Part::new(region, &of_text, page, &strokes, roc, knowledge))
            .collect();
        let items: Vec<Item<'_>> = stretches.iter().flat_map(|part| part.items(&tables)).collect();
        let leading = leading(&items);
        let mut last: Option<[f32; 4]> = None;
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Line(row) => {
                    let size = row.runs.iter().map(|run| of_text[*run].size).fold(0.0, f32::max);
                    let next = items.get(at + 1).map(Item::bbox);
                    laid.begins_column = last.is_some_and(|last| row.bbox[3] < last[1] && row.bbox[0] > last[0]);
                    if last.is_none_or(|last| parts(last, row.bbox, next, size, leading)) {
                        laid.space('\n');
                    }
                    laid.line(&row.runs.iter().map(|run| &of_text[*run]).collect::<Vec<_>>(), page, false);
                    last = Some(row.bbox);
                }
                Item::Table(table) => {
                    laid.space('\n');
                    laid.table(table, page, roc, knowledge);
                    last = None;
                }
                Item::Display(display) => {
                    laid.space('\n');
                    for line in &display.lines {
                        laid.put(line, page);
                        laid.end_line(Mark::default());
                    }
                    laid.space('\n');
                    last = None;
                }
            }
        }
        laid.space('\n');
        for at in bottom {
            self.furniture_line(at, laid);
        }
        // Text that runs up or down a margin is furniture.
        let turned: Vec<usize> = (0..page.len()).filter(|at| page[*at].turn != 0).collect();
        if !turned.is_empty() {
            laid.space('\n');
            let mark = Mark { furniture: true, ..Mark::default() };
            laid.put(&turned, page);
            laid.end_line(mark);
        }
    }

    fn furniture_line(&self, at: usize, laid: &mut Laid) {
        let runs: Vec<&Run> = self.rows[at].runs.iter().map(|run| &self.runs[*run]).collect();
        laid.line(&runs, &self.page.glyphs, true);
    }
}

/// Rows at the edges of pages that recur, figures aside.
fn recurring(sheets: &[Sheet<'_>], knowledge: &Knowledge) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for sheet in sheets {
        for (at, (row, mask)) in sheet.rows.iter().zip(&sheet.masks).enumerate() {
            let Some(parts) = mask else { continue };
            let mask = parts.concat();
            // Heads of tables recur too.
            let (cues, chars) = (&knowledge.words.cues, mask.chars().collect::<Vec<char>>());
            let head = row.runs.len() > 1 && !cues.within(Cue::EdgeRow, &chars) || sheet.heads[at];
            let worded = mask.chars().any(|c| c.is_alphabetic());
            // A unit over a table is that table's.
            let unit = cues.at(Cue::UnitHead, &chars, 0).is_some();
            if !head && !unit && worded && mask.chars().count() >= 4 {
                // The chapter beside the title of the report changes.
                let titled = |part: &&String| {
                    let chars: Vec<char> = part.chars().collect();
                    parts.len() > 1 && (cues.within(Cue::ReportNoun, &chars) || cues.within(Cue::CompanyForm, &chars))
                };
                parts.iter().filter(titled).for_each(|title| *counts.entry(title.clone()).or_default() += 1);
                *counts.entry(mask).or_default() += 1;
            }
        }
    }
    counts
}

/// A time, a unit, 附注, （未经审核）: what stands over a column of figures.
fn is_head(text: &[char], knowledge: &Knowledge) -> bool {
    let cues = &knowledge.words.cues;
    let dated = text.iter().any(|c| c.is_alphabetic()) && is_time_alone(&text.iter().collect::<String>());
    dated || is_units(text, &knowledge.words) || cues.is(Cue::NoteHead, text) || matches!(text, ['(', .., ')'])
}

fn median_size(glyphs: &[&Glyph]) -> Option<f32> {
    let mut sizes: Vec<f32> = glyphs.iter().map(|glyph| glyph.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied()
}

/// How many cells of a table hold a figure.
fn figures(table: &Found, page: &[Glyph], roc: bool, knowledge: &Knowledge) -> usize {
    let mut seen: Vec<usize> = Vec::new();
    let mut count = 0;
    for cell in table.rows.iter().flatten() {
        let Some(first) = cell.first().filter(|first| !seen.contains(first)) else { continue };
        seen.push(first);
        let text: Vec<char> = cell.lines.iter().flatten().map(|at| knowledge.fold.char(page[*at].c)).collect();
        count += usize::from(is_value(&text, &knowledge.words) && !is_period(&text, roc) && !is_absent(&text, &knowledge.words));
    }
    count
}

impl Found {
    /// Does it hold text rather than labels and values: a frame of the layout?
    fn frames_text(&self) -> bool {
        let mut firsts: Vec<usize> = Vec::new();
        let mut length = 0;
        for cell in self.rows.iter().flatten() {
            if let Some(first) = cell.first().filter(|first| !firsts.contains(first)) {
                firsts.push(first);
                length += cell.lines.iter().map(Vec::len).sum::<usize>();
            }
        }
        length > firsts.len() * 40
    }
}

/// A stretch of a page that is read in one go.
struct Part {
    /// Ruled tables in it, by their number.
    ruled: Vec<usize>,
    tables: Vec<Found>,
    displays: Vec<Display>,
    lines: Vec<Row>,
}

impl Part {
    fn new(region: Region, runs: &[Run], page: &[Glyph], strokes: &grid::Strokes, roc: bool, knowledge: &Knowledge) -> Part {
        let mut rows = runs::rows(&region.runs, runs);
        let displays = displays::displays(&mut rows, runs, page, knowledge);
        let tables = columns::tables(&rows, runs, page, strokes, roc, knowledge);
        let taken: HashSet<usize> = tables.iter().flat_map(|table| &table.runs).copied().collect();
        let free: Vec<usize> = rows.iter().flat_map(|row| &row.runs).copied().filter(|run| !taken.contains(run)).collect();
        Part { ruled: region.tables, tables, displays, lines: runs::rows(&free, runs) }
    }

    /// What stands in it, from the top down.
    fn items<'t>(&'t self, ruled: &'t [Found]) -> Vec<Item<'t>> {
        let tables = self.ruled.iter().map(|table| &ruled[*table]).chain(&self.tables).map(Item::Table);
        let mut items: Vec<Item<'t>> =
            tables.chain(self.displays.iter().map(Item::Display)).chain(self.lines.iter().map(Item::Line)).collect();
        items.sort_by(|a, b| a.bbox()[1].total_cmp(&b.bbox()[1]));
        items
    }
}

/// What stands on a page.
enum Item<'t> {
    Line(&'t Row),
    Table(&'t Found),
    Display(&'t Display),
}

impl Item<'_> {
    fn bbox(&self) -> [f32; 4] {
        match self {
            Item::Line(row) => row.bbox,
            Item::Table(table) => table.bbox,
            Item::Display(display) => display.bbox,
        }
    }
}

/// From the top of a line to the top of the next, as most lines have it.
fn leading(items: &[Item<'_>]) -> f32 {
    let mut steps: Vec<f32> = items
        .windows(2)
        .filter(|pair| matches!(pair, [Item::Line(_), Item::Line(_)]))
        .map(|pair| pair[1].bbox()[1] - pair[0].bbox()[1])
        .filter(|step| *step > 2.0)
        .collect();
    steps.sort_by(f32::total_cmp);
    // The lower third: paragraphs are set apart, lines are not.
    steps.get(steps.len() / 3).copied().unwrap_or(0.0)
}

/// Does a line stand apart from the one before: by space, or as the indented first line of a paragraph?
fn parts(before: [f32; 4], line: [f32; 4], next: Option<[f32; 4]>, size: f32, leading: f32) -> bool {
    let step = line[1] - before[1];
    let space = step > leading.max(size * 1.1) * 1.4 || step < 0.0;
    let indented = |other: [f32; 4]| line[0] - other[0] > size * 1.4 && line[0] - other[0] < size * 4.0;
    space || indented(before) && next.is_none_or(indented) || indented(before) && next.is_some_and(|next| next[0] == line[0])
}

impl Laid {
    fn begin_page(&mut self) {
        self.begins = true;
    }

    fn space(&mut self, c: char) {
        self.source.push(c);
        self.boxes.push([0.0; 4]);
        self.lines += u32::from(c == '\n');
    }

    /// Puts characters down side by side; blanks stay where words or columns were apart.
    fn put(&mut self, glyphs: &[usize], page: &[Glyph]) {
        let mut gaps: Vec<f32> = glyphs.windows(2).map(|pair| page[pair[1]].bbox[0] - page[pair[0]].bbox[2]).collect();
        gaps.sort_by(f32::total_cmp);
        let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0).max(0.0);
        let mut last: Option<&Glyph> = None;
        for &at in glyphs {
            let glyph = &page[at];
            if let Some(last) = last {
                let gap = glyph.bbox[0] - last.bbox[2] - usual;
                let size = last.size.max(glyph.size);
                let latin = last.c.is_ascii_alphanumeric() && glyph.c.is_ascii_alphanumeric();
                if glyph.turn == 0 && gap > size * 1.6 {
                    self.space(' ');
                    self.space(' ');
                } else if glyph.turn == 0 && gap > size * if latin { 0.16 } else { 0.6 } {
                    self.space(' ');
                }
            }
            self.source.push(glyph.c);
            self.boxes.push(glyph.bbox);
            last = Some(glyph);
        }
    }

    fn line(&mut self, runs: &[&Run], page: &[Glyph], furniture: bool) {
        let glyphs: Vec<usize> = runs.iter().flat_map(|run| run.glyphs.iter().copied()).collect();
        // Of a heading in two languages the Chinese tells the look.
        let han: Vec<&Glyph> = glyphs.iter().map(|at| &page[*at]).filter(|glyph| !glyph.c.is_ascii()).collect();
        let told: Vec<&Glyph> = if han.len() > 1 { han } else { glyphs.iter().map(|at| &page[*at]).collect() };
        let size = runs.iter().map(|run| run.size).chain(median_size(&told)).fold(0.0, f32::max);
        let bold = told.iter().filter(|glyph| glyph.bold).count() * 2 > told.len();
        self.put(&glyphs, page);
        self.end_line(Mark { furniture, look: ((size * 10.0).round() as u32, bold), ..Mark::default() });
    }

    fn end_line(&mut self, mark: Mark) {
        let first = std::mem::take(&mut self.begins);
        let column = std::mem::take(&mut self.begins_column);
        self.marks.insert(self.lines, Mark { first, column, ..mark });
        self.space('\n');
    }

    /// Puts a table down, a line a row and its cells apart, and keeps it.
    fn table(&mut self, found: &Found, page: &[Glyph], roc: bool, knowledge: &Knowledge) {
        let index = self.tables.len();
        let mut texts: HashMap<usize, Folded> = HashMap::new();
        let mut rows: Vec<Vec<model::Cell>> = Vec::with_capacity(found.rows.len());
        // Which line of the text begins with which character, and of which table that is.
        let mut lines: Vec<(u32, u32)> = Vec::new();
        let mut line_tables: HashMap<u32, usize> = HashMap::new();
        for cells in &found.rows {
            let mut row = Vec::with_capacity(cells.len());
            let mut wrote = false;
            let from = self.source.len() as u32;
            for cell in cells {
                let Some(first) = cell.first() else {
                    row.push(model::Cell { indent: cell.indent, ..model::Cell::default() });
                    continue;
                };
                let text = texts.entry(first).or_insert_with(|| {
                    if wrote {
                        self.space('\t');
                    }
                    wrote = true;
                    self.cell(&cell.lines, page, knowledge)
                });
                row.push(model::Cell { text: text.clone(), indent: cell.indent });
            }
            if wrote {
                let first = row.iter().filter_map(|cell: &model::Cell| cell.text.origin.first()).copied().filter(|at| *at >= from).min();
                lines.extend(first.map(|first| (self.lines, first)));
                self.end_line(Mark { table: Some(index), ..Mark::default() });
            }
            rows.push(row);
        }
        rows.retain(|row| row.iter().any(|cell| !cell.text.chars.is_empty()));
        if let Kind::Columns(header_rows) = found.kind {
            self.push(Table { header_rows, rows, ..Table::default() }, found);
            return;
        }
        for divided in divided(rows, roc, knowledge) {
            let table = self.tables.len();
            for cell in divided.rows.iter().flatten().filter(|cell| !cell.text.chars.is_empty()) {
                line_tables.insert(cell.text.origin[0], table);
            }
            self.push(divided, found);
        }
        for (line, at) in lines {
            if let (Some(mark), Some(table)) = (self.marks.get_mut(&line), line_tables.get(&at)) {
                mark.table = Some(*table);
            }
        }
    }

    fn push(&mut self, table: Table, found: &Found) {
        self.tables.push(table);
        self.columns.push(found.columns.clone());
    }

    /// The rows of a table put under the columns of the one it goes on from, where each of them lies under one of those.
    pub(super) fn under(&self, index: usize, above: usize) -> Option<Vec<Vec<model::Cell>>> {
        let (own, wanted) = (self.columns.get(index)?, self.columns.get(above)?);
        let target = |column: &(f32, f32)| {
            let shared = |at: &usize| overlap(*column, wanted[*at]);
            (0..wanted.len()).max_by(|a, b| shared(a).total_cmp(&shared(b))).filter(|at| shared(at) > (column.1 - column.0) * 0.6)
        };
        let targets: Vec<usize> = own.iter().map(target).collect::<Option<_>>()?;
        let moved = |row: &Vec<model::Cell>| {
            let mut cells = vec![model::Cell::default(); wanted.len()];
            for (cell, target) in row.iter().zip(&targets) {
                if cells[*target].text.chars.is_empty() {
                    cells[*target] = cell.clone();
                }
            }
            cells
        };
        Some(self.tables[index].rows.iter().map(moved).collect())
    }

    /// Puts the text of a cell down, its lines joined, and gives it folded.
    fn cell(&mut self, lines: &[Vec<usize>], page: &[Glyph], knowledge: &Knowledge) -> Folded {
        let from = self.source.len();
        for line in lines {
            let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
            if self.source.len() > from && latin(self.source.last()) && latin(line.first().map(|at| &page[*at].c)) {
                self.space(' ');
            }
            self.put(line, page);
        }
        let mut text = Folded::default();
        for at in from..self.source.len() {
            let c = knowledge.fold.char(self.source[at]);
            // Blanks stay between Latin words.
            let inner = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
            if c == ' ' && !(inner(text.chars.last()) && inner(self.source.get(at + 1))) {
                continue;
            }
            text.chars.push(c);
            text.origin.push(at as u32);
        }
        text
    }

    /// Tells the lines of the text what is known of them.
    pub(super) fn mark(&self, lines: &mut [Line]) {
        let headings = self.headings(lines);
        let mut first = false;
        for line in lines.iter_mut() {
            let Some(mark) = self.marks.get(&line.number) else { continue };
            line.furniture = mark.furniture;
            line.table = mark.table;
            line.rank = headings.get(&line.number).copied();
            line.after_furniture |= mark.column;
            first |= mark.first;
            if first && !line.furniture {
                line.after_furniture = true;
                first = false;
            }
        }
    }

    /// Which lines are headings by their look: larger than most text of their page, or bold where that is not. The largest has
    /// rank 0.
    fn headings(&self, lines: &[Line]) -> HashMap<u32, u8> {
        let look = |line: &Line| self.marks.get(&line.number).filter(|mark| mark.table.is_none() && !mark.furniture).map(|mark| mark.look);
        let usual = |lines: &mut dyn Iterator<Item = &Line>| -> (usize, Option<(u32, bool)>) {
            let mut counts: HashMap<(u32, bool), usize> = HashMap::new();
            for line in lines {
                if let Some(look) = look(line) {
                    *counts.entry(look).or_default() += line.chars.len();
                }
            }
            let all = counts.values().sum();
            (all, counts.into_iter().max_by_key(|(look, count)| (*count, *look)).map(|(look, _)| look))
        };
        let of_all = match usual(&mut lines.iter()) {
            (count, Some(look)) if count > 200 => look,
            // A document of tables.
            _ => match self.sizes.iter().max_by_key(|(size, count)| (**count, **size)) {
                Some((size, _)) => (*size, false),
                None => return HashMap::new(),
            },
        };
        let mut found: Vec<(u32, (u32, bool))> = Vec::new();
        let starts_page = |line: &Line| self.marks.get(&line.number).is_some_and(|mark| mark.first);
        let mut from = 0;
        while from < lines.len() {
            let to = (from + 1..lines.len()).find(|at| starts_page(&lines[*at])).unwrap_or(lines.len());
            let page = &lines[from..to];
            // A page of few words does not say what its text looks like.
            let (body, body_bold) = match usual(&mut page.iter()) {
                (count, Some(look)) if count > 200 => look,
                _ => of_all,
            };
            let stands_out = |line: &Line| {
                let (size, bold) = look(line)?;
                (size * 100 >= body * 113 || bold && !body_bold && size * 100 >= body * 95).then_some((size / 5, bold))
            };
            let mut at = 0;
            while at < page.len() {
                let Some(own) = stands_out(&page[at]) else {
                    at += 1;
                    continue;
                };
                let end = (at + 1..page.len()).find(|next| page[*next].gap || stands_out(&page[*next]) != Some(own)).unwrap_or(page.len());
                // Text in print that stands out is text.
                let runs_on = page.get(end).is_some_and(|next| !next.gap) && page[at..end].iter().any(|line| line.has(","));
                let text = runs_on || page[at..end].iter().any(|line| line.has("。")) || end - at > 4;
                // A time alone is no heading, but may be a line of one.
                let headed = !text && page[at..end].iter().any(is_heading);
                let heads = |line: &&Line| headed && (is_heading(line) || is_time_alone(&line.chars.iter().collect::<String>()));
                found.extend(page[at..end].iter().filter(heads).map(|line| (line.number, own)));
                at = end;
            }
            from = to;
        }
        let mut looks: Vec<(u32, bool)> = found.iter().map(|(_, look)| *look).collect();
        looks.sort_by(|a, b| b.cmp(a));
        looks.dedup();
        found.into_iter().map(|(line, look)| (line, looks.iter().position(|known| *known == look).unwrap_or(0).min(200) as u8)).collect()
    }
}

/// Words that can head something: short, no sentence, no figure alone.
fn is_heading(line: &Line) -> bool {
    let chars: Vec<char> = line.chars.iter().copied().filter(|c| !matches!(c, ' ' | '\t')).collect();
    let worded = chars.iter().filter(|c| c.is_alphabetic()).count();
    // A number may stand a wide gap before its heading.
    let numbered = line.chars.iter().position(|c| *c == '\t').is_none_or(|gap| gap <= 6 && !line.chars[gap + 1..].contains(&'\t'));
    // A large number with its unit is no heading.
    let figures = chars.iter().filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '%')).count();
    let value = chars.first().is_some_and(char::is_ascii_digit) && figures * 2 >= chars.len();
    numbered
        && !value
        && !line.has("。;")
        && !chars.iter().any(|c| matches!(c, '√' | '□' | '☑'))
        && (2..=45).contains(&chars.len())
        && worded >= 2
        && !is_time_alone(&chars.iter().collect::<String>())
        && !is_number(&chars)
        && chars.last() != Some(&',')
}

/// Rows parted into tables: a second head begins a second table.
pub(super) fn divided(mut rows: Vec<Vec<model::Cell>>, roc: bool, knowledge: &Knowledge) -> Vec<Table> {
    let mut tables = Vec::new();
    while !rows.is_empty() {
        let header_rows = head_of(&rows, roc, knowledge);
        let again = (header_rows.max(1)..rows.len()).find(|at| heads_anew(&rows, header_rows, *at, roc, knowledge));
        let rest = rows.split_off(again.unwrap_or(rows.len()));
        tables.push(Table { header_rows, rows, ..Table::default() });
        rows = rest;
    }
    tables
}

/// The head of a table without figures: its first row with all that its cells reach down to.
fn without_figures(rows: &[Vec<model::Cell>]) -> usize {
    let origin = |cell: &model::Cell| cell.text.origin.first().copied();
    let reaches =
        |at: usize| rows[at].iter().zip(&rows[at - 1]).any(|(cell, above)| origin(cell).is_some() && origin(cell) == origin(above));
    (1..rows.len()).take_while(|at| reaches(*at)).count() + usize::from(!rows.is_empty())
}

/// Is a row inside a ruled table a head: words, no figures, over most of its columns, as its first head has them or with times?
fn heads_anew(rows: &[Vec<model::Cell>], header_rows: usize, at: usize, roc: bool, knowledge: &Knowledge) -> bool {
    let texts = |row: &[model::Cell]| -> Vec<Vec<char>> { row.iter().map(|cell| cell.text.chars.clone()).collect() };
    let row = texts(&rows[at]);
    let distinct = |row: &[Vec<char>]| row.iter().skip(1).filter(|text| !text.is_empty()).collect::<std::collections::HashSet<_>>().len();
    let repeats =
        header_rows > 0 && rows[..header_rows].iter().any(|head| distinct(&row) >= 2 && texts(head).iter().skip(1).eq(row.iter().skip(1)));
    let others = row.iter().skip(1).filter(|text| !text.is_empty());
    let periods = others.clone().filter(|text| is_period(text, roc)).count();
    let worded = others.clone().all(|text| is_period(text, roc) || !is_value(text, &knowledge.words) && !is_absent(text, &knowledge.words));
    let filled = others.count();
    let head = repeats || periods >= 2 && worded && periods * 2 > filled;
    // The title over the next head goes with it.
    let title = || {
        let next = rows.get(at + 1);
        let spans = row.len() > 2 && row.iter().all(|text| *text == row[0] && !text.is_empty());
        spans && next.is_some_and(|_| heads_anew(rows, header_rows, at + 1, roc, knowledge))
    };
    head || title()
}

/// How many rows of a ruled table are its head: those above the first figures.
pub(super) fn head_of(rows: &[Vec<model::Cell>], roc: bool, knowledge: &Knowledge) -> usize {
    let figures = |row: &Vec<model::Cell>| {
        row.iter().skip(1).any(|cell| {
            let text = &cell.text.chars;
            !text.is_empty() && is_value(text, &knowledge.words) && !is_period(text, roc)
        })
    };
    let first = rows.iter().position(figures).unwrap_or_else(|| without_figures(rows));
    // A row with a label alone opens a part of the table and is no head.
    let label = |row: &Vec<model::Cell>| {
        let filled: Vec<&model::Cell> = row.iter().filter(|cell| !cell.text.chars.is_empty()).collect();
        filled.iter().all(|cell| cell.text.origin[0] == filled[0].text.origin[0])
    };
    // A title that spans the columns is a part of the head; a label that stands before empty cells is not.
    let alone = |row: &Vec<model::Cell>| row.iter().skip(1).all(|cell| cell.text.chars.is_empty());
    let mut head = first;
    while head > 1 && first < rows.len() && label(&rows[head - 1]) {
        head -= 1;
    }
    while head > 0 && alone(&rows[head - 1]) {
        head -= 1;
    }
    head
}
