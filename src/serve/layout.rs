//! Draws what was understood of pages: `extract --layout`.
//!
//! In:  a document of pages or running text, the [`Text`] made of it and the [`Report`] it came to.
//! Out: a [`Layout`]: of each page its characters at their places, and over them parts in reading order, cells of tables,
//!      figures and refused numerals. `html` writes it as a page that a browser shows.
//!
//! Running text has no places: it is set in lines of characters one and two half-widths wide, which is how people see it.

mod html;

pub use html::{BEGINNING, write};

use crate::model::{Amount, BlockKind, Content, Document, Figure, Page, Reason, Report, Table, Text};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthChar;

/// A document, drawn.
pub struct Layout {
    name: String,
    sheets: Vec<Sheet>,
}

/// A page. Lengths are points, from its top left corner; a box is left, top, right, bottom.
struct Sheet {
    number: u32,
    /// The number printed on it, where the file says so.
    label: Option<String>,
    width: f32,
    height: f32,
    words: Vec<Word>,
    rules: Vec<[f32; 4]>,
    /// In reading order.
    parts: Vec<Part>,
    marks: Vec<Mark>,
    /// What is doubted of the page as a whole.
    doubts: Vec<String>,
}

/// Characters on one base line.
struct Word {
    text: String,
    /// Where each begins.
    xs: Vec<f32>,
    base: f32,
    size: f32,
    bold: bool,
    turn: u8,
}

/// What a stretch of a page was taken for.
struct Part {
    kind: PartKind,
    /// Offset of its first character on this page: its place in reading order.
    start: u32,
    /// A box for each column that it runs through.
    boxes: Vec<[f32; 4]>,
    told: String,
    cells: Vec<CellBox>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Heading,
    Prose,
    Table,
    /// Running heads, page numbers, titles: no text of the report.
    Furniture,
}

/// A cell of a table's grid, as wide and high as the columns and rows that it stands in.
struct CellBox {
    bbox: [f32; 4],
    is_head: bool,
    told: String,
}

/// A numeral.
struct Mark {
    bbox: [f32; 4],
    /// Of a figure; a refused numeral has none.
    figure: Option<FigureNote>,
    told: String,
}

/// A figure in the list beside its page.
struct FigureNote {
    raw: String,
    metric: String,
    value: String,
    kind: String,
    period: String,
    rule: String,
    confidence: f64,
    doubts: Vec<String>,
}

impl Layout {
    /// What was understood of a document; `None` for a sheet of figures, which has no layout.
    pub fn new(document: &Document, text: &Text<'_>, report: &Report) -> Option<Layout> {
        let set;
        let (pages, boxes): (&[Page], &[[f32; 4]]) = match &document.content {
            Content::Pages(pages) => (pages, text.boxes),
            Content::Text(source) => {
                set = typeset(source);
                (&set.0, &set.1)
            }
            _ => return None,
        };
        let mut layout = Layout { name: document.name.clone(), sheets: pages.iter().map(Sheet::new).collect() };
        let places = Places { starts: &text.page_starts, boxes };
        layout.parts(text, &places);
        layout.marks(report, &places);
        for finding in report.findings.iter().filter(|finding| finding.figure.is_none()) {
            if let Some(sheet) = finding.page.and_then(|page| layout.sheets.get_mut(page as usize - 1)) {
                sheet.doubts.push(format!("{}: {}", finding.code, finding.message.en));
            }
        }
        for sheet in &mut layout.sheets {
            sheet.parts.sort_by_key(|part| part.start);
        }
        Some(layout)
    }

    /// How many pages it has.
    pub fn page_count(&self) -> usize {
        self.sheets.len()
    }

    /// Leaves out the pages that are not wanted.
    pub fn retain(&mut self, is_wanted: impl Fn(u32) -> bool) {
        self.sheets.retain(|sheet| is_wanted(sheet.number));
    }

    fn parts(&mut self, text: &Text<'_>, places: &Places<'_>) {
        let headings = text.headings.iter().map(|heading| (heading.start, heading.level.word()));
        let headings: BTreeMap<u32, &str> = headings.collect();
        for aside in &text.asides {
            let (Some(first), Some(last)) = (aside.line.origin.first(), aside.line.origin.last()) else { continue };
            let level = headings.range(first..=last).next().map(|(_, level)| *level);
            let (kind, told) = match (aside.reason, level) {
                (Reason::List, Some(level)) => (PartKind::Heading, format!("heading, {level}")),
                (Reason::Page, _) => (PartKind::Furniture, "furniture: repeated, or at the edge of the page".to_string()),
                _ => (PartKind::Furniture, "title or unit: no text of the report".to_string()),
            };
            self.part(kind, &aside.line.origin, &told, places);
        }
        for block in &text.blocks {
            match &block.kind {
                BlockKind::Prose(folded) => self.part(PartKind::Prose, &folded.origin, "text", places),
                BlockKind::Table(table) => self.table(table, places),
            }
        }
    }

    fn part(&mut self, kind: PartKind, origins: &[u32], told: &str, places: &Places<'_>) {
        for (page, origins) in places.by_page(origins) {
            let boxes = columns(origins.iter().map(|at| places.boxes[*at as usize]));
            if let (Some(sheet), Some(start)) = (self.sheets.get_mut(page), origins.first())
                && !boxes.is_empty()
            {
                sheet.parts.push(Part { kind, start: *start, boxes, told: told.to_string(), cells: Vec::new() });
            }
        }
    }

    /// The grid of a table, page by page: a table may go on over pages.
    fn table(&mut self, table: &Table, places: &Places<'_>) {
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, row) in table.rows.iter().enumerate() {
            let first = row.iter().filter_map(|cell| cell.text.origin.first()).min();
            if let Some(page) = first.and_then(|first| places.page(*first)) {
                rows.entry(page).or_default().push(at);
            }
        }
        for (page, rows) in rows {
            let (cells, start) = grid(table, &rows, places);
            let whole = cells.iter().map(|cell| cell.bbox).reduce(around);
            if let (Some(sheet), Some(whole)) = (self.sheets.get_mut(page), whole) {
                let told = format!("table of {} rows, {} of them its head", table.rows.len(), table.header_rows);
                sheet.parts.push(Part { kind: PartKind::Table, start, boxes: vec![whole], told, cells });
            }
        }
    }

    fn marks(&mut self, report: &Report, places: &Places<'_>) {
        for (index, figure) in report.figures.iter().enumerate() {
            let doubts = report.findings.iter().filter(|finding| finding.figure == Some(index));
            let doubts = doubts.map(|finding| format!("{}: {}", finding.code, finding.message.en)).collect();
            if let Some((page, bbox)) = places.of(&figure.at) {
                let note = FigureNote::new(figure, doubts);
                let told = note.told(report, figure);
                self.mark(page, Mark { bbox, figure: Some(note), told });
            }
        }
        for refusal in &report.refusals {
            if let Some((page, bbox)) = places.of(&refusal.at) {
                self.mark(page, Mark { bbox, figure: None, told: format!("{}\nno figure: {}", refusal.raw, refusal.reason) });
            }
        }
    }

    fn mark(&mut self, page: usize, mark: Mark) {
        if let Some(sheet) = self.sheets.get_mut(page) {
            sheet.marks.push(mark);
        }
    }
}

impl FigureNote {
    fn new(figure: &Figure, doubts: Vec<String>) -> FigureNote {
        let amount = match &figure.amount {
            Amount::One(value) => value.to_string(),
            Amount::Range(low, high) => format!("{low} to {high}"),
        };
        let value = [figure.comparator.word(), &amount, &figure.unit].join(" ");
        let basis = figure.basis.map(|basis| format!(", {}", basis.word())).unwrap_or_default();
        FigureNote {
            raw: figure.raw.clone(),
            metric: figure.metric.clone(),
            value: value.trim_start_matches("= ").trim_end().to_string(),
            kind: figure.kind_word().to_string() + &basis,
            period: if figure.period.is_known() { figure.period.code() } else { "unknown".to_string() },
            rule: figure.rule.clone(),
            confidence: figure.confidence,
            doubts,
        }
    }

    fn told(&self, report: &Report, figure: &Figure) -> String {
        let mut lines = vec![
            format!("{} = {}", self.metric, self.value),
            format!("{}, {}", self.kind, self.period),
            format!("written 「{}」, read by {} ({})", self.raw, self.rule, self.confidence),
        ];
        lines.extend(figure.whole.as_ref().map(|whole| format!("of {whole}")));
        lines.extend(figure.initiative.and_then(|at| report.headings.get(at)).map(|heading| format!("under {}", heading.name)));
        lines.extend(self.doubts.iter().cloned());
        lines.join("\n")
    }
}

impl Sheet {
    fn new(page: &Page) -> Sheet {
        let mut words: Vec<Word> = Vec::new();
        let mut end = [0.0; 4];
        for glyph in &page.glyphs {
            let base = glyph.bbox[3] - 0.12 * glyph.size;
            let joins = words.last().is_some_and(|word| {
                word.turn == 0
                    && glyph.turn == 0
                    && (word.base - base).abs() < 0.05
                    && word.size == glyph.size
                    && word.bold == glyph.bold
                    && glyph.bbox[0] >= end[0]
                    && glyph.bbox[0] - end[2] < glyph.size
            });
            end = glyph.bbox;
            match words.last_mut() {
                Some(word) if joins => {
                    word.text.push(glyph.c);
                    word.xs.push(glyph.bbox[0]);
                }
                _ => words.push(Word {
                    text: glyph.c.to_string(),
                    xs: vec![glyph.bbox[0]],
                    base,
                    size: glyph.size,
                    bold: glyph.bold,
                    turn: glyph.turn,
                }),
            }
        }
        Sheet {
            number: page.number,
            label: page.label.clone(),
            width: page.width,
            height: page.height,
            words,
            rules: page.rules.iter().map(|rule| rule.bbox).collect(),
            parts: Vec::new(),
            marks: Vec::new(),
            doubts: Vec::new(),
        }
    }
}

/// Where each character of the text stands.
struct Places<'t> {
    /// Offset of the first character of each page; none where all is one page.
    starts: &'t [u32],
    boxes: &'t [[f32; 4]],
}

impl Places<'_> {
    /// The page of an offset, from 0.
    fn page(&self, offset: u32) -> Option<usize> {
        if self.starts.is_empty() { Some(0) } else { self.starts.partition_point(|start| *start <= offset).checked_sub(1) }
    }

    /// Offsets of characters that have a place, by page.
    fn by_page(&self, origins: &[u32]) -> BTreeMap<usize, Vec<u32>> {
        let mut pages: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for &at in origins.iter().filter(|at| self.boxes.get(**at as usize).is_some_and(is_drawn)) {
            if let Some(page) = self.page(at) {
                pages.entry(page).or_default().push(at);
            }
        }
        pages
    }

    /// Page from 0, and box.
    fn of(&self, place: &crate::model::Place) -> Option<(usize, [f32; 4])> {
        if let (Some(page), Some(bbox)) = (place.page, place.bbox) {
            return Some((page as usize - 1, bbox.map(|edge| edge as f32)));
        }
        let span = place.span.clone()?;
        let boxes = self.boxes.get(span.start as usize..span.end as usize)?;
        let first = boxes.iter().find(|bbox| is_drawn(bbox))?;
        // Of an expression that runs on over a line's end that on its first line.
        let line = boxes.iter().filter(|bbox| is_drawn(bbox) && bbox[1] == first[1]).copied();
        Some((self.page(span.start)?, line.reduce(around)?))
    }
}

fn is_drawn(bbox: &[f32; 4]) -> bool {
    bbox[2] > bbox[0]
}

fn around(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Boxes around characters in reading order: a line above the one before begins another column.
fn columns(characters: impl Iterator<Item = [f32; 4]>) -> Vec<[f32; 4]> {
    let mut found: Vec<[f32; 4]> = Vec::new();
    let mut top = f32::MIN;
    for bbox in characters {
        let height = bbox[3] - bbox[1];
        match found.last_mut() {
            Some(last) if bbox[1] > top - height * 0.8 => *last = around(*last, bbox),
            _ => found.push(bbox),
        }
        top = bbox[1];
    }
    found
}

/// The cells of some rows of a table, and where the first begins in the text.
fn grid(table: &Table, rows: &[usize], places: &Places<'_>) -> (Vec<CellBox>, u32) {
    let width = table.rows.iter().map(Vec::len).max().unwrap_or(0);
    let origin = |row: usize, column: usize| table.rows[row].get(column).and_then(|cell| cell.text.origin.first()).copied();
    // What each text covers: columns and rows, both ends included.
    let mut spans: BTreeMap<u32, [usize; 4]> = BTreeMap::new();
    for (at, &row) in rows.iter().enumerate() {
        for column in 0..width {
            if let Some(first) = origin(row, column) {
                let span = spans.entry(first).or_insert([column, at, column, at]);
                *span = [span[0].min(column), span[1].min(at), span[2].max(column), span[3].max(at)];
            }
        }
    }
    let inked = |first: u32, [column, row, ..]: [usize; 4]| {
        let cell = &table.rows[rows[row]][column].text.origin;
        debug_assert_eq!(cell.first(), Some(&first));
        cell.iter().filter_map(|at| places.boxes.get(*at as usize)).copied().filter(is_drawn).reduce(around)
    };
    let mut xs: Vec<Option<(f32, f32)>> = vec![None; width];
    let mut ys: Vec<Option<(f32, f32)>> = vec![None; rows.len()];
    let wider = |known: &mut Option<(f32, f32)>, from: f32, to: f32| {
        let (a, b) = known.unwrap_or((from, to));
        *known = Some((a.min(from), b.max(to)));
    };
    for (&first, &span) in &spans {
        let Some(bbox) = inked(first, span) else { continue };
        if span[0] == span[2] {
            wider(&mut xs[span[0]], bbox[0], bbox[2]);
        }
        if span[1] == span[3] {
            wider(&mut ys[span[1]], bbox[1], bbox[3]);
        }
    }
    let (xs, ys) = (edges(&xs), edges(&ys));
    let mut cells = Vec::new();
    for (at, &row) in rows.iter().enumerate() {
        for column in 0..table.rows[row].len() {
            let span = origin(row, column).map_or([column, at, column, at], |first| spans[&first]);
            if span[0] != column || span[1] != at {
                continue;
            }
            let bbox = [xs[span[0]], ys[span[1]], xs[span[2] + 1], ys[span[3] + 1]];
            let text: String = table.rows[row][column].text.chars.iter().collect();
            let is_head = row < table.header_rows;
            let place = if is_head { "head" } else { "row" };
            cells.push(CellBox { bbox, is_head, told: format!("{place} {}, column {}: {text}", row + 1, column + 1) });
        }
    }
    (cells, spans.keys().next().copied().unwrap_or(0))
}

/// The lines between stretches, halfway from one to the next; those that hold nothing have no width.
fn edges(stretches: &[Option<(f32, f32)>]) -> Vec<f32> {
    let known: Vec<(f32, f32)> = stretches.iter().flatten().copied().collect();
    let first = known.iter().map(|stretch| stretch.0).fold(f32::MAX, f32::min) - 2.0;
    let last = known.iter().map(|stretch| stretch.1).fold(f32::MIN, f32::max) + 2.0;
    let mut edges = vec![first];
    for at in 1..stretches.len() {
        let before = stretches[..at].iter().flatten().next_back();
        let after = stretches[at..].iter().flatten().next();
        let edge = match (before, after) {
            (Some(before), Some(after)) => (before.1 + after.0) / 2.0,
            (None, _) => first,
            (_, None) => last,
        };
        edges.push(edge.max(*edges.last().unwrap_or(&first)));
    }
    edges.push(last.max(*edges.last().unwrap_or(&first)));
    edges
}

/// Sets running text: pages between form feeds, characters of one or two half-widths, and the place of each.
fn typeset(source: &[char]) -> (Vec<Page>, Vec<[f32; 4]>) {
    const HALF: f32 = 5.0;
    const SIZE: f32 = 10.0;
    const LINE: f32 = 14.0;
    let mut pages = vec![Page { number: 1, ..Page::default() }];
    let mut boxes = Vec::with_capacity(source.len());
    let (mut x, mut y) = (20.0, 20.0);
    for &c in source {
        let page = pages.last_mut().expect("one page at least");
        page.height = page.height.max(y + LINE + 20.0);
        match c {
            '\u{C}' => {
                let number = page.number + 1;
                pages.push(Page { number, ..Page::default() });
                (x, y) = (20.0, 20.0);
            }
            '\n' => (x, y) = (20.0, y + LINE),
            _ if c.is_whitespace() => x += HALF * c.width().unwrap_or(1) as f32,
            _ => {
                let bbox = [x, y, x + HALF * c.width().unwrap_or(0) as f32, y + SIZE];
                x = bbox[2];
                page.width = page.width.max(x + 20.0);
                page.glyphs.push(crate::model::Glyph { c, bbox, size: SIZE, bold: false, artifact: false, turn: 0 });
                boxes.push(bbox);
                continue;
            }
        }
        boxes.push([0.0; 4]);
    }
    (pages, boxes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::model::About;

    #[test]
    fn a_line_above_the_one_before_begins_another_column() {
        let line = |x: f32, y: f32| [x, y, x + 50.0, y + 10.0];
        let found = columns([line(0.0, 100.0), line(0.0, 112.0), line(80.0, 20.0), line(80.0, 32.0)].into_iter());
        assert_eq!(found, [[0.0, 100.0, 50.0, 122.0], [80.0, 20.0, 130.0, 42.0]]);
    }

    #[test]
    fn edges_lie_halfway_and_never_go_back() {
        assert_eq!(edges(&[Some((0.0, 10.0)), None, Some((30.0, 40.0))]), [-2.0, 20.0, 20.0, 42.0]);
        assert_eq!(edges(&[Some((0.0, 40.0)), Some((10.0, 20.0)), Some((10.0, 20.0))]), [-2.0, 25.0, 25.0, 42.0]);
    }

    #[test]
    fn running_text_is_drawn_with_its_blocks_and_figures() {
        let knowledge = Knowledge::read(None).unwrap();
        let document =
            crate::read::document("a.txt", "一、電網\n\n2021年新建充電樁1,200座。\n\u{C}\n全年發電3億千瓦時。\n".into()).unwrap();
        let (report, layout) =
            crate::pipeline::shown(&document, &About::default(), &knowledge, |text, report| Layout::new(&document, text, report).unwrap());
        let layout = layout.unwrap();
        assert_eq!((layout.page_count(), report.figures.len()), (2, 2));
        let kinds = |sheet: &Sheet| sheet.parts.iter().map(|part| part.kind == PartKind::Heading).collect::<Vec<_>>();
        assert_eq!(layout.sheets.iter().map(kinds).collect::<Vec<_>>(), [vec![true, false], vec![false]]);
        // 「2021年新建充電樁」 is 4 half and 8 whole widths before the figure.
        let mark = layout.sheets[0].marks.iter().find(|mark| mark.figure.is_some()).unwrap();
        assert_eq!(mark.bbox[0], 20.0 + 4.0 * 5.0 + 6.0 * 10.0);
    }
}
