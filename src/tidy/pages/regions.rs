//! Parts a page into stretches that are read one after the other: columns of text, and what spans them.
//!
//! In:  the runs of a page that stand in no ruled table, and the boxes of those tables.
//! Out: regions in reading order, each with its runs.
//!
//! Rows that leave a white stripe free from the first to the last of them are columns where the text on either side fills
//! its lines; what reaches across a stripe ends the columns above it. Columns of figures fill no lines and stay together.

use super::runs::{Row, Run, overlap, rows};
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
pub(super) fn regions(which: &[usize], runs: &[Run], page: &[Glyph], tables: &[[f32; 4]]) -> Vec<Region> {
    let all: Vec<usize> = (0..tables.len()).collect();
    let mut found = Vec::new();
    let page = Sheet { runs, page, tables };
    page.cut(which.to_vec(), all, 0, &mut found);
    found
}

/// Columns within columns within columns.
const DEEPEST: usize = 3;
/// How many rows must show a stripe before it is looked at.
const WINDOW: usize = 3;

struct Sheet<'p> {
    runs: &'p [Run],
    page: &'p [Glyph],
    tables: &'p [[f32; 4]],
}

impl Sheet<'_> {
    fn cut(&self, which: Vec<usize>, tables: Vec<usize>, depth: usize, found: &mut Vec<Region>) {
        let worded = which.iter().filter(|run| self.is_worded(**run)).count();
        if depth == DEEPEST || worded < 6 {
            found.push(Region { runs: which, tables });
            return;
        }
        let rows = rows(&which, self.runs);
        let mut plain = Region::default();
        let mut left: Vec<usize> = tables;
        let mut at = 0;
        while at < rows.len() {
            let Some((end, columns)) = self.columns(&rows, at, &left) else {
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

    /// The columns that begin at a row: the row behind them, and from where to where each reaches.
    fn columns(&self, rows: &[Row], from: usize, tables: &[usize]) -> Option<(usize, Vec<Stripe>)> {
        let window = &rows[from..(from + WINDOW).min(rows.len())];
        let mut stripes = self.gaps(window);
        let size = rows[from].runs.iter().map(|run| self.runs[*run].size).fold(0.0, f32::max);
        let mut end = from + window.len();
        let mut bottom = reach(window).1;
        while !stripes.is_empty() {
            let next = rows.get(end);
            let apart = next.is_some_and(|row| row.bbox[1] - bottom > size * 2.2);
            let blocked = next.map(|row| self.narrowed(&stripes, row, (bottom, row.bbox[3]), tables)).unwrap_or_default();
            if next.is_some() && !apart && blocked.len() == stripes.len() {
                bottom = bottom.max(next.map_or(bottom, |row| row.bbox[3]));
                stripes = blocked;
                end += 1;
                continue;
            }
            let alone = stripes.iter().map(|stripe| vec![*stripe]).filter(|_| stripes.len() > 1);
            let tried = std::iter::once(stripes.clone()).chain(alone).find_map(|stripes| {
                let columns = parted(&stripes);
                self.are_text(&rows[from..end], &columns).then_some(columns)
            });
            if let Some(columns) = tried {
                return Some((self.before_heading(rows, from, end), columns));
            }
            if next.is_none() || apart {
                return None;
            }
            stripes = blocked;
            bottom = bottom.max(next.map_or(bottom, |row| row.bbox[3]));
            end += 1;
        }
        None
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
        let boxes = tables.iter().map(|table| self.tables[*table]).filter(|bbox| overlap((bbox[1], bbox[3]), height) > 0.0);
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

    /// Does each column hold running text, and stand beside the others?
    fn are_text(&self, rows: &[Row], columns: &[Stripe]) -> bool {
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
        beside && columns.iter().all(|runs| self.is_full(runs))
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
        let sentences = owned.iter().flat_map(|run| &run.glyphs).any(|at| matches!(self.page[*at].c, '，' | '。' | '；' | ',' | '、'));
        lines.len() >= 3 && sentences && ends * 5 >= lines.len() * 2 && worded * 2 >= lines.len() && several * 3 <= lines.len()
    }
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
