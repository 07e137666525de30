//! Parts a page into stretches that are read one after the other: columns of text, and what spans them.
//!
//! In:  the runs of a page that stand in no ruled table, the boxes of those tables, the ruled lines.
//! Out: regions in reading order, each with its runs.
//!
//! Rows that leave a white stripe free from the first to the last of them are columns where the text on either side fills
//! its lines, or where text stands on one side and on the other what is set on other lines: an infographic, a chart, a box. What
//! reaches across a stripe ends the columns above it. Columns of figures fill no lines and stay together.

use super::grid::Strokes;
use super::runs::{Row, Run, level, overlap, rows};
use crate::model::Glyph;

/// What is read in one go.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub(super) runs: Vec<usize>,
    /// Ruled tables that stand in it, by their number.
    pub(super) tables: Vec<usize>,
}

/// White from top to bottom of some rows.
type Stripe = (f32, f32);

/// The regions of a page.
pub(super) fn regions(which: &[usize], runs: &[Run], page: &[Glyph], tables: &[[f32; 4]], strokes: &Strokes) -> Vec<Region> {
    let all: Vec<usize> = (0..tables.len()).collect();
    let mut found = Vec::new();
    let page = Sheet { runs, page, tables, strokes };
    page.cut(which.to_vec(), all, 0, &mut found);
    found
}

/// Columns within columns within columns.
const DEEPEST: usize = 3;
/// How many rows must show a stripe before it is looked at.
const WINDOW: usize = 3;
/// So many are looked at first: a box beside columns may begin lower than they do.
const WIDE_WINDOW: usize = 9;

struct Sheet<'p> {
    runs: &'p [Run],
    page: &'p [Glyph],
    tables: &'p [[f32; 4]],
    strokes: &'p Strokes,
}

impl Sheet<'_> {
    fn cut(&self, which: Vec<usize>, tables: Vec<usize>, depth: usize, found: &mut Vec<Region>) {
        let worded = which.iter().filter(|run| self.is_worded(**run)).count();
        if depth == DEEPEST || worded < 6 {
            found.push(Region { runs: which, tables });
            return;
        }
        let rows = rows(&which, self.runs);
        let marked: Vec<bool> = rows.iter().map(|row| self.may_be_text(row)).collect();
        let mut plain = Region::default();
        let mut left: Vec<usize> = tables;
        let mut at = 0;
        while at < rows.len() {
            let Some((end, columns)) = self.columns(&rows, &marked, at, &left) else {
                plain.runs.extend(&rows[at].runs);
                at += 1;
                continue;
            };
            let (top, bottom) = reach(&rows[at..end]);
            // What stands above the columns comes first.
            let (above, rest): (Vec<usize>, Vec<usize>) = left.into_iter().partition(|table| self.middle(*table) < top);
            plain.tables.extend(above);
            self.push(std::mem::take(&mut plain), found);
            let (beside, below): (Vec<usize>, Vec<usize>) = rest.into_iter().partition(|table| self.middle(*table) < bottom);
            left = below;
            for (from, to) in columns {
                let inside = |x: f32| x > from && x < to;
                let own = rows[at..end].iter().flat_map(|row| &row.runs).copied().filter(|run| inside(self.runs[*run].center()));
                let tables = beside.iter().copied().filter(|table| inside((self.tables[*table][0] + self.tables[*table][2]) / 2.0));
                self.cut(own.collect(), tables.collect(), depth + 1, found);
            }
            at = end;
        }
        plain.tables.extend(left);
        self.push(plain, found);
    }

    fn push(&self, region: Region, found: &mut Vec<Region>) {
        if !region.runs.is_empty() || !region.tables.is_empty() {
            found.push(region);
        }
    }

    fn middle(&self, table: usize) -> f32 {
        (self.tables[table][1] + self.tables[table][3]) / 2.0
    }

    fn is_worded(&self, run: usize) -> bool {
        self.runs[run].glyphs.iter().filter(|at| self.page[**at].c.is_alphabetic()).count() >= 6
    }

    /// Does a mark stand in a row that may be a sentence's? A comma of thousands is none.
    fn may_be_text(&self, row: &Row) -> bool {
        let mut last = ' ';
        row.runs.iter().flat_map(|run| &self.runs[*run].glyphs).any(|at| {
            let before = std::mem::replace(&mut last, self.page[*at].c);
            matches!(last, '，' | '。' | '；' | '、') || last == ',' && !before.is_ascii_digit()
        })
    }

    /// The columns that begin at a row: the row behind them, and from where to where each reaches.
    fn columns(&self, rows: &[Row], marked: &[bool], from: usize, tables: &[usize]) -> Option<(usize, Vec<Stripe>)> {
        let find = |window: usize| {
            let reached = self.reached(rows, from, window, tables);
            // The longest first. Without a sentence's mark nothing is text.
            let reached = reached.into_iter().rev().filter(|(end, _)| marked[from..*end].contains(&true));
            reached.into_iter().find_map(|(end, stripes)| {
                let alone = stripes.iter().map(|stripe| vec![*stripe]).filter(|_| stripes.len() > 1);
                let mut tried = std::iter::once(stripes.clone()).chain(alone).map(|stripes| parted(&stripes));
                let columns = tried.find(|columns| self.are_columns(&rows[from..end], columns))?;
                Some((self.before_heading(rows, from, end), columns))
            })
        };
        [WIDE_WINDOW, WINDOW].into_iter().find_map(find)
    }

    /// How far down the stripes reach that so many rows show: the fewer, the farther.
    fn reached(&self, rows: &[Row], from: usize, window: usize, tables: &[usize]) -> Vec<(usize, Vec<Stripe>)> {
        let window = &rows[from..(from + window).min(rows.len())];
        let mut stripes = self.gaps(window);
        let size = rows[from].runs.iter().map(|run| self.runs[*run].size).fold(0.0, f32::max);
        let mut end = from + window.len();
        let mut bottom = reach(window).1;
        let mut reached = Vec::new();
        while !stripes.is_empty() {
            let next = rows.get(end).filter(|row| row.bbox[1] - bottom <= size * 2.2);
            let left = next.map(|row| self.narrowed(&stripes, row, (bottom, row.bbox[3]), tables)).unwrap_or_default();
            if left.len() < stripes.len() {
                reached.push((end, stripes));
            }
            bottom = bottom.max(next.map_or(bottom, |row| row.bbox[3]));
            stripes = left;
            end += 1;
        }
        reached
    }

    /// The end of some columns without the heading of what follows them: larger or bolder words below all their text.
    fn before_heading(&self, rows: &[Row], from: usize, mut end: usize) -> usize {
        let look = |row: &Row| {
            let run = row.runs.first().map(|run| &self.runs[*run]);
            run.map_or((0, false), |run| ((run.size * 10.0).round() as u32, run.bold))
        };
        let mut looks: Vec<(u32, bool)> = rows[from..end].iter().map(look).collect();
        looks.sort_unstable();
        let (size, bold) = looks[looks.len() / 2];
        let is_heading = |row: &Row| {
            let (own, is_bold) = look(row);
            row.runs.len() == 1 && (own * 100 >= size * 113 || is_bold && !bold)
        };
        while end > from + WINDOW && is_heading(&rows[end - 1]) {
            end -= 1;
        }
        end
    }

    /// What no run of some rows covers, between the first and the last.
    fn gaps(&self, rows: &[Row]) -> Vec<Stripe> {
        let mut covered: Vec<(f32, f32)> =
            rows.iter().flat_map(|row| &row.runs).map(|run| (self.runs[*run].bbox[0], self.runs[*run].bbox[2])).collect();
        covered.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut gaps = Vec::new();
        let mut end = covered.first().map_or(0.0, |first| first.1);
        for (from, to) in covered {
            if is_wide((end, from)) {
                gaps.push((end, from));
            }
            end = end.max(to);
        }
        gaps
    }

    /// The stripes that a row leaves free, and no table over its height reaches into.
    fn narrowed(&self, stripes: &[Stripe], row: &Row, height: (f32, f32), tables: &[usize]) -> Vec<Stripe> {
        let lines = self.strokes.level_between(height).map(|(at, from, to)| [from, at, to, at]);
        let boxes = tables.iter().map(|table| self.tables[*table]).filter(|bbox| overlap((bbox[1], bbox[3]), height) > 0.0).chain(lines);
        let boxes: Vec<[f32; 4]> = row.runs.iter().map(|run| self.runs[*run].bbox).chain(boxes).collect();
        let free = |stripe: &Stripe| {
            let (mut from, mut to) = *stripe;
            for bbox in boxes.iter().filter(|bbox| overlap((bbox[0], bbox[2]), *stripe) > 0.0) {
                // It reaches in from one side, or across.
                if bbox[0] <= from { from = bbox[2] } else { to = to.min(bbox[0]) }
            }
            is_wide((from, to)).then_some((from, to))
        };
        stripes.iter().filter_map(free).collect()
    }

    /// Do columns stand beside one another, each to be read for itself?
    fn are_columns(&self, rows: &[Row], columns: &[Stripe]) -> bool {
        let of = |column: &Stripe| -> Vec<&Run> {
            let runs = rows.iter().flat_map(|row| &row.runs).map(|run| &self.runs[*run]);
            runs.filter(|run| run.center() > column.0 && run.center() < column.1).collect()
        };
        let columns: Vec<Vec<&Run>> = columns.iter().map(of).collect();
        let height = |runs: &[&Run]| {
            let top = runs.iter().map(|run| run.bbox[1]).fold(f32::MAX, f32::min);
            (top, runs.iter().map(|run| run.bbox[3]).fold(f32::MIN, f32::max))
        };
        let beside = columns.windows(2).all(|pair| {
            let size = pair[0].first().map_or(0.0, |run| run.size);
            overlap(height(&pair[0]), height(&pair[1])) > size * 2.0
        });
        let independent = || matches!(&columns[..], [left, right] if self.are_independent(left, right));
        beside && (columns.iter().all(|runs| self.is_full(runs)) || independent())
    }

    /// Is text on both sides, or on one, beside what stands on lines of its own?
    fn are_independent(&self, left: &[&Run], right: &[&Run]) -> bool {
        let (left, right) = (Side::new(left), Side::new(right));
        let texts = [&left, &right].into_iter().filter(|side| self.has_paragraph(side)).count();
        if texts == 0 || left.lines.len().min(right.lines.len()) < 3 {
            return false;
        }
        let (few, many) = if left.lines.len() < right.lines.len() { (&left, &right) } else { (&right, &left) };
        let aligned = few.lines.iter().filter(|line| many.lines.iter().any(|other| (line.bbox[3] - other.bbox[3]).abs() < 1.0)).count();
        // A label that ends early, and its value: torn apart by the stripe.
        let label = |row: &&Row| row.runs.len() == 1 && left.right - row.bbox[2] > left.runs[row.runs[0]].size * 2.0;
        let value = |run: &Run| run.glyphs.iter().all(|at| !self.page[*at].c.is_alphabetic());
        let torn = |row: &&Row| {
            let value = |run: &Run| value(run) && (run.size - left.runs[row.runs[0]].size).abs() < 0.5;
            right.lines.iter().any(|other| level(row.bbox, other.bbox) && value(&right.runs[other.runs[0]]))
        };
        left.lines.iter().filter(label).filter(torn).count() < 2 && (texts == 2 || aligned * 2 < few.lines.len())
    }

    /// Do two lines of running text follow one another: the first fills the column?
    fn has_paragraph(&self, side: &Side) -> bool {
        let size = |line: &Row| side.runs[line.runs[0]].size;
        let glyphs = |line: &Row| line.runs.iter().flat_map(|run| &side.runs[*run].glyphs).map(|at| self.page[*at].c).collect::<Vec<_>>();
        side.lines.windows(2).any(|pair| {
            let [first, second] = pair else { return false };
            let text = [glyphs(first), glyphs(second)].concat();
            first.runs.len() <= 2
                && side.right - first.bbox[2] < size(first) * 2.0
                && glyphs(first).iter().filter(|c| c.is_alphabetic()).count() >= 10
                && has_mark(&text)
                && second.bbox[0] - first.bbox[0] < size(first) * 0.5
                && second.bbox[1] - first.bbox[3] < size(first) * 1.5
                && (size(first) - size(second)).abs() < 0.5
        })
    }

    /// Do lines fill their column, as those of running text do?
    fn is_full(&self, runs: &[&Run]) -> bool {
        let own: Vec<usize> = (0..runs.len()).collect();
        let owned: Vec<Run> = runs.iter().map(|run| (*run).clone()).collect();
        let lines = rows(&own, &owned);
        let right = lines.iter().map(|line| line.bbox[2]).fold(f32::MIN, f32::max);
        let size = owned.iter().map(|run| run.size).fold(f32::MAX, f32::min);
        let letters = |line: &Row| {
            let glyphs = line.runs.iter().flat_map(|run| &owned[*run].glyphs);
            glyphs.filter(|at| self.page[**at].c.is_alphabetic()).count()
        };
        let ends = lines.iter().filter(|line| right - line.bbox[2] < size * 2.0).count();
        let worded = lines.iter().filter(|line| letters(line) >= 6).count();
        let several = lines.iter().filter(|line| line.runs.len() > 2).count();
        // Names in columns have no sentences.
        let text: Vec<char> = owned.iter().flat_map(|run| &run.glyphs).map(|at| self.page[*at].c).collect();
        lines.len() >= 3 && has_mark(&text) && ends * 5 >= lines.len() * 2 && worded * 2 >= lines.len() && several * 3 <= lines.len()
    }
}

/// What stands on one side of a stripe.
struct Side {
    runs: Vec<Run>,
    lines: Vec<Row>,
    /// Where its longest line ends.
    right: f32,
}

impl Side {
    fn new(runs: &[&Run]) -> Side {
        let runs: Vec<Run> = runs.iter().map(|run| (*run).clone()).collect();
        let all: Vec<usize> = (0..runs.len()).collect();
        let lines = rows(&all, &runs);
        let right = lines.iter().map(|line| line.bbox[2]).fold(f32::MIN, f32::max);
        Side { runs, lines, right }
    }
}

/// Does a sentence's mark stand in a text? A comma of thousands is none, nor is what follows the number of a heading.
fn has_mark(text: &[char]) -> bool {
    text.windows(2).any(|pair| match pair[1] {
        '，' | '。' | '；' => true,
        ',' => !pair[0].is_ascii_digit(),
        '、' => !pair[0].is_ascii_digit() && !"一二三四五六七八九十".contains(pair[0]),
        _ => false,
    })
}

fn is_wide((from, to): Stripe) -> bool {
    to - from >= 8.0
}

fn parted(stripes: &[Stripe]) -> Vec<Stripe> {
    let mut edges: Vec<f32> = stripes.iter().map(|(from, to)| (from + to) / 2.0).collect();
    edges.insert(0, f32::MIN);
    edges.push(f32::MAX);
    edges.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn reach(rows: &[Row]) -> (f32, f32) {
    let top = rows.iter().map(|row| row.bbox[1]).fold(f32::MAX, f32::min);
    (top, rows.iter().map(|row| row.bbox[3]).fold(f32::MIN, f32::max))
}
