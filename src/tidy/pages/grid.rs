//! Finds the tables that are ruled: where level and upright lines cross, they bound cells.
//!
//! In:  the ruled lines of a page and its runs.
//! Out: tables of cells; what lies inside them.
//!
//! Cells that no line parts are one, and stand in each of the columns and rows they span. A row of the grid that holds several
//! lines of figures, side by side in most of its columns, is several rows.

use super::runs::{Run, overlap, rows};
use super::table::{Cell, Found, Kind};
use crate::model::{Glyph, Rule};

/// Lines nearer than this are one.
const NEAR: f32 = 2.5;

/// A straight line: where it lies, and from where to where.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    at: f32,
    from: f32,
    to: f32,
}

/// Level and upright lines, their pieces joined, from the top down and from left to right.
pub(super) struct Strokes {
    level: Vec<Stroke>,
    upright: Vec<Stroke>,
}

impl Strokes {
    pub(super) fn new(rules: &[Rule]) -> Strokes {
        let (mut level, mut upright) = (Vec::new(), Vec::new());
        for Rule { bbox: [x0, y0, x1, y1] } in rules {
            if x1 - x0 >= y1 - y0 {
                level.push(Stroke { at: (y0 + y1) / 2.0, from: *x0, to: *x1 });
            } else {
                upright.push(Stroke { at: (x0 + x1) / 2.0, from: *y0, to: *y1 });
            }
        }
        let long = |stroke: &Stroke| stroke.to - stroke.from > 5.0;
        let whole = |strokes| {
            let mut whole: Vec<Stroke> = joined(strokes).into_iter().filter(long).collect();
            whole.sort_by(|a, b| a.at.total_cmp(&b.at));
            whole
        };
        Strokes { level: whole(level), upright: whole(upright) }
    }

    /// Is there a level line below a stretch, before `to`?
    pub(super) fn below(&self, x: (f32, f32), from: f32, to: f32) -> Option<(f32, f32)> {
        let fits = |stroke: &&Stroke| stroke.at > from && stroke.at < to && overlap((stroke.from, stroke.to), x) > (x.1 - x.0) * 0.5;
        self.level.iter().find(fits).map(|stroke| (stroke.from, stroke.to))
    }

    /// The level lines between two heights: where each lies, and from where to where it reaches.
    pub(super) fn level_between(&self, (top, bottom): (f32, f32)) -> impl Iterator<Item = (f32, f32, f32)> {
        let from = self.level.partition_point(|stroke| stroke.at <= top);
        self.level[from..].iter().take_while(move |stroke| stroke.at < bottom).map(|stroke| (stroke.at, stroke.from, stroke.to))
    }
}

/// Pieces on one line that touch are one.
fn joined(mut pieces: Vec<Stroke>) -> Vec<Stroke> {
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut lines: Vec<Stroke> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let end = pieces[at..].windows(2).position(|pair| pair[1].at - pair[0].at > 0.8).map_or(pieces.len(), |ahead| at + ahead + 1);
        let group = &mut pieces[at..end];
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let first = lines.len();
        for piece in group.iter() {
            match lines[first..].last_mut() {
                Some(last) if piece.from <= last.to + NEAR => last.to = last.to.max(piece.to),
                _ => lines.push(*piece),
            }
        }
        at = end;
    }
    lines
}

/// Values that lie near each other, as one.
fn edges(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let mut found: Vec<(f32, f32)> = Vec::new();
    for value in values {
        match found.last_mut() {
            Some((_, last)) if value - *last <= NEAR => *last = value,
            _ => found.push((value, value)),
        }
    }
    found.into_iter().map(|(from, to)| (from + to) / 2.0).collect()
}

/// The ruled tables of a page.
pub(super) fn tables(strokes: &Strokes, runs: &[Run], page: &[Glyph]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (level, upright) in components(strokes) {
        let Some(table) = table(&level, &upright, runs, page) else { continue };
        // A frame around tables is none.
        found.push(table);
    }
    found.sort_by(|a, b| area(a.bbox).total_cmp(&area(b.bbox)));
    let mut kept: Vec<Found> = Vec::new();
    for table in found {
        if !kept.iter().any(|other| table.runs.iter().any(|run| other.runs.contains(run))) {
            kept.push(table);
        }
    }
    kept
}

fn area(bbox: [f32; 4]) -> f32 {
    (bbox[2] - bbox[0]) * (bbox[3] - bbox[1])
}

/// Lines that hang together by crossing.
fn components(strokes: &Strokes) -> Vec<(Vec<Stroke>, Vec<Stroke>)> {
    let (levels, uprights) = (&strokes.level, &strokes.upright);
    // A drawing, no table.
    if levels.len() * uprights.len() > 4_000_000 {
        return Vec::new();
    }
    let mut group: Vec<usize> = (0..levels.len() + uprights.len()).collect();
    fn root(group: &mut [usize], mut at: usize) -> usize {
        while group[at] != at {
            group[at] = group[group[at]];
            at = group[at];
        }
        at
    }
    for (h, level) in levels.iter().enumerate() {
        for (v, upright) in uprights.iter().enumerate() {
            let crosses = upright.at >= level.from - NEAR
                && upright.at <= level.to + NEAR
                && level.at >= upright.from - NEAR
                && level.at <= upright.to + NEAR;
            if crosses {
                let (a, b) = (root(&mut group, h), root(&mut group, levels.len() + v));
                group[a] = b;
            }
        }
    }
    let mut parts: std::collections::BTreeMap<usize, (Vec<Stroke>, Vec<Stroke>)> = std::collections::BTreeMap::new();
    for at in 0..group.len() {
        let part = parts.entry(root(&mut group, at)).or_default();
        if at < levels.len() { part.0.push(levels[at]) } else { part.1.push(uprights[at - levels.len()]) }
    }
    let parts: Vec<_> = parts.into_values().filter(|(level, upright)| !level.is_empty() && !upright.is_empty()).collect();
    stacked(parts)
}

/// Tables with open sides fall apart where a row spans all columns: parts of one width, one close below the other, are one.
fn stacked(mut parts: Vec<(Vec<Stroke>, Vec<Stroke>)>) -> Vec<(Vec<Stroke>, Vec<Stroke>)> {
    let span = |strokes: &[Stroke]| {
        let from = strokes.iter().map(|stroke| stroke.from).fold(f32::MAX, f32::min);
        (from, strokes.iter().map(|stroke| stroke.to).fold(f32::MIN, f32::max))
    };
    let heights = |part: &(Vec<Stroke>, Vec<Stroke>)| {
        let upright = span(&part.1);
        part.0.iter().map(|level| level.at).fold(upright, |(from, to), at| (from.min(at), to.max(at)))
    };
    parts.sort_by(|a, b| heights(a).0.total_cmp(&heights(b).0));
    let mut whole: Vec<(Vec<Stroke>, Vec<Stroke>)> = Vec::new();
    for part in parts {
        let above = whole.iter().rposition(|above| {
            let (a, b) = (span(&above.0), span(&part.0));
            let gap = heights(&part).0 - heights(above).1;
            (a.0 - b.0).abs() < NEAR && (a.1 - b.1).abs() < NEAR && (-NEAR..28.0).contains(&gap)
        });
        match above {
            Some(at) => {
                whole[at].0.extend(part.0);
                whole[at].1.extend(part.1);
            }
            None => whole.push(part),
        }
    }
    whole
}

fn table(level: &[Stroke], upright: &[Stroke], runs: &[Run], page: &[Glyph]) -> Option<Found> {
    let mut xs = edges(upright.iter().map(|stroke| stroke.at).collect());
    let mut ys = edges(level.iter().map(|stroke| stroke.at).collect());
    // Open sides: the lines reach beyond the last one they cross.
    let reach = |strokes: &[Stroke], first: bool| {
        let ends = strokes.iter().map(|stroke| if first { stroke.from } else { stroke.to });
        if first { ends.reduce(f32::min) } else { ends.reduce(f32::max) }
    };
    for (values, strokes) in [(&mut xs, level), (&mut ys, upright)] {
        let (from, to) = (reach(strokes, true)?, reach(strokes, false)?);
        if from < *values.first()? - 8.0 {
            values.insert(0, from);
        }
        if to > *values.last()? + 8.0 {
            values.push(to);
        }
    }
    if xs.len() < 3 || ys.len() < 2 || xs.len() > 61 || ys.len() > 401 {
        return None;
    }
    let (mut level, mut upright) = (level.to_vec(), [upright, &blanks(&xs, &ys, runs)].concat());
    let inner = edges(upright.iter().map(|stroke| stroke.at).filter(|at| *at > xs[0] + NEAR && *at < xs[xs.len() - 1] - NEAR).collect());
    let xs: Vec<f32> = [&xs[..1], &inner, &xs[xs.len() - 1..]].concat();
    if let Some(top) = head_above(&xs, ys[0], runs, page) {
        upright.extend(inner.into_iter().map(|at| Stroke { at, from: top, to: ys[0] }));
        level.push(Stroke { at: ys[0], from: xs[0], to: xs[xs.len() - 1] });
        ys.insert(0, top);
    }
    let (columns, lines) = (xs.len() - 1, ys.len() - 1);
    let bbox = [xs[0], ys[0], xs[columns], ys[lines]];
    // Which cell is whose: cells that no line parts belong together.
    let mut owner: Vec<usize> = (0..columns * lines).collect();
    let parted = |strokes: &[Stroke], at: f32, from: f32, to: f32| {
        let covered: f32 = strokes
            .iter()
            .filter(|stroke| (stroke.at - at).abs() <= NEAR * 1.2)
            .map(|stroke| overlap((stroke.from, stroke.to), (from, to)).max(0.0))
            .sum();
        covered > (to - from) * 0.6
    };
    for row in 0..lines {
        for column in 0..columns {
            let cell = row * columns + column;
            if column > 0 && !parted(&upright, xs[column], ys[row], ys[row + 1]) {
                owner[cell] = owner[cell - 1];
            }
            if row > 0 && !parted(&level, ys[row], xs[column], xs[column + 1]) && owner[cell] == cell {
                // Only a cell of the same width may reach down.
                owner[cell] = owner[cell - columns];
            }
        }
    }
    let place = |run: &Run, glyph: usize| {
        let [x0, y0, x1, y1] = page[run.glyphs[glyph]].bbox;
        let (x, y) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
        let column = xs.partition_point(|edge| *edge <= x).checked_sub(1).filter(|column| *column < columns)?;
        let row = ys.partition_point(|edge| *edge <= y).checked_sub(1).filter(|row| *row < lines)?;
        Some(owner[row * columns + column])
    };
    let mut cells: Vec<Vec<Vec<usize>>> = vec![Vec::new(); columns * lines];
    let mut inside: Vec<usize> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let center = (run.bbox[1] + run.bbox[3]) / 2.0;
        if run.bbox[2] < bbox[0] || run.bbox[0] > bbox[2] || center < bbox[1] || center > bbox[3] {
            continue;
        }
        let mut last = None;
        let mut any = false;
        for glyph in 0..run.glyphs.len() {
            let Some(cell) = place(run, glyph) else { continue };
            if last != Some(cell) {
                cells[cell].push(Vec::new());
            }
            last = Some(cell);
            any = true;
            cells[cell].last_mut()?.push(run.glyphs[glyph]);
        }
        if any {
            inside.push(at);
        }
    }
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    if filled < 2 || lines == 1 && filled < 3 {
        return None;
    }
    // Each cell's text as lines.
    let texts: Vec<Vec<Vec<usize>>> = cells.into_iter().map(|parts| lines_of(parts, page)).collect();
    let mut grid: Vec<Vec<Cell>> = Vec::new();
    for row in 0..lines {
        let owners: Vec<usize> = (0..columns).map(|column| owner[row * columns + column]).collect();
        let cell =
            |at: usize, lines: Vec<Vec<usize>>| Cell { left: xs[at % columns], indent: indent(&lines, page, xs[at % columns]), lines };
        let own: Vec<usize> = owners.iter().copied().filter(|at| at / columns == row).collect();
        let room = |at: usize| {
            let wide =
                (at % columns..columns).take_while(|column| owner[at / columns * columns + column] == at).last().unwrap_or(at % columns);
            xs[wide + 1] - xs[at % columns]
        };
        if let Some(split) = split_lines(&own, &texts, page, &room) {
            for line in 0..split {
                let part = |at: &usize| {
                    let lines = &texts[*at];
                    let single = at / columns == row && lines.len() == split;
                    let lines = if single {
                        vec![lines[line].clone()]
                    } else if line == 0 {
                        lines.clone()
                    } else {
                        Vec::new()
                    };
                    cell(*at, lines)
                };
                grid.push(owners.iter().map(part).collect());
            }
            continue;
        }
        grid.push(owners.iter().map(|at| cell(*at, texts[*at].clone())).collect());
    }
    // The same cell to the right of itself: a head spans; a value or a label stands once.
    let columns = xs.windows(2).map(|pair| (pair[0], pair[1])).collect();
    Some(Found { bbox, rows: grid, columns, runs: inside, kind: Kind::Ruled })
}

/// Blanks that part columns as upright lines would: where most rows of a ruled column hold three stretches of text and more, with
/// nothing standing across. 类别 is ruled off, the columns behind it are not.
fn blanks(xs: &[f32], ys: &[f32], runs: &[Run]) -> Vec<Stroke> {
    let mut found = Vec::new();
    for x in xs.windows(2) {
        let within = |run: &&Run| run.bbox[0] > x[0] - NEAR && run.bbox[2] < x[1] + NEAR;
        let rows: Vec<Vec<(f32, f32)>> = ys
            .windows(2)
            .map(|y| {
                let held = |run: &&Run| (y[0]..y[1]).contains(&((run.bbox[1] + run.bbox[3]) / 2.0));
                stretches(runs.iter().filter(within).filter(held).map(|run| (run.bbox[0], run.bbox[2])).collect())
            })
            .collect();
        let filled = rows.iter().filter(|row| !row.is_empty()).count();
        let several: Vec<&Vec<(f32, f32)>> = rows.iter().filter(|row| row.len() >= 3).collect();
        if several.len() < 3 || several.len() * 10 < filled * 6 {
            continue;
        }
        let columns = stretches(several.into_iter().flatten().copied().collect());
        for pair in columns.windows(2) {
            let at = (pair[0].1 + pair[1].0) / 2.0;
            let free = rows.iter().zip(ys.windows(2)).filter(|(row, _)| row.iter().all(|(from, to)| *to < at || *from > at));
            found.extend(free.map(|(_, y)| Stroke { at, from: y[0], to: y[1] }));
        }
    }
    found
}

/// Where a head begins that stands above the rules, as one on a coloured ground does: a row of words close above, each over a column
/// of its own, over most of the columns.
fn head_above(xs: &[f32], top: f32, runs: &[Run], page: &[Glyph]) -> Option<f32> {
    let (left, right) = (xs[0] - NEAR, xs[xs.len() - 1] + NEAR);
    let above = |run: &&Run| run.bbox[3] < top + NEAR && run.bbox[3] > top - run.size * 1.5 && run.bbox[2] > left && run.bbox[0] < right;
    let row: Vec<&Run> = runs.iter().filter(above).collect();
    let first = row.iter().map(|run| run.bbox[1]).reduce(f32::min)?;
    let column = |run: &&Run| {
        let from = xs.partition_point(|edge| *edge <= run.bbox[0] + NEAR);
        (from == xs.partition_point(|edge| *edge < run.bbox[2] - NEAR)).then_some(from)
    };
    let mut columns = row.iter().map(column).collect::<Option<Vec<usize>>>()?;
    columns.sort_unstable();
    columns.dedup();
    // 12,650 is the last row of what stands above; 2022 is a head.
    let worded = row.iter().filter(|run| run.glyphs.iter().any(|at| page[*at].c.is_alphabetic())).count();
    let full = columns.len() == row.len() && columns.len() >= 3 && columns.len() * 4 >= (xs.len() - 1) * 3;
    (full && worded * 2 >= row.len()).then_some(first - NEAR)
}

/// Stretches from left to right, those that overlap or nearly touch as one.
fn stretches(mut parts: Vec<(f32, f32)>) -> Vec<(f32, f32)> {
    parts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found: Vec<(f32, f32)> = Vec::new();
    for (from, to) in parts {
        match found.last_mut() {
            Some(last) if from <= last.1 + NEAR => last.1 = last.1.max(to),
            _ => found.push((from, to)),
        }
    }
    found
}

/// How far a cell's text stands from its left side, in half characters.
fn indent(lines: &[Vec<usize>], page: &[Glyph], left: f32) -> u32 {
    let Some(first) = lines.first().and_then(|line| line.first()) else { return 0 };
    let glyph = &page[*first];
    (((glyph.bbox[0] - left) / glyph.size * 2.0).round().max(0.0)) as u32
}

/// Pieces of a cell, put into lines.
fn lines_of(parts: Vec<Vec<usize>>, page: &[Glyph]) -> Vec<Vec<usize>> {
    let glyphs: Vec<usize> = parts.into_iter().flatten().collect();
    if glyphs.is_empty() {
        return Vec::new();
    }
    let found = super::runs::runs(&glyphs, page);
    let all: Vec<usize> = (0..found.len()).collect();
    rows(&all, &found).into_iter().map(|row| row.runs.iter().flat_map(|run| found[*run].glyphs.clone()).collect()).collect()
}

/// How many rows a row of the grid really holds: where two of its cells and most of the filled ones have as many lines, at the same heights,
/// and figures stand in them.
fn split_lines(own: &[usize], texts: &[Vec<Vec<usize>>], page: &[Glyph], room: &dyn Fn(usize) -> f32) -> Option<usize> {
    let mut cells: Vec<usize> = own.to_vec();
    cells.dedup();
    let filled: Vec<usize> = cells.into_iter().filter(|at| !texts[*at].is_empty()).collect();
    let count = filled.iter().map(|at| texts[*at].len()).max()?;
    // A number that fills its cell and goes on below is one number.
    let full = |at: &&usize| {
        let (first, last) = (texts[**at][0][0], *texts[**at][0].last().unwrap_or(&texts[**at][0][0]));
        texts[**at].len() > 1
            && page[last].bbox[2] - page[first].bbox[0] > room(**at) - page[first].size * 1.6
            && page[first].c.is_ascii_digit()
    };
    if filled.iter().filter(full).count() >= 2 {
        return None;
    }
    let as_many: Vec<&Vec<Vec<usize>>> = filled.iter().map(|at| &texts[*at]).filter(|lines| lines.len() == count).collect();
    if count < 2 || as_many.len() < 2 || as_many.len() * 3 < filled.len() * 2 {
        return None;
    }
    let top = |line: &Vec<usize>| page[line[0]].bbox[1];
    let size = page[as_many[0][0][0]].size;
    let aligned = (0..count).all(|line| as_many.iter().all(|lines| (top(&lines[line]) - top(&as_many[0][line])).abs() < size * 0.5));
    let number = |line: &Vec<usize>| {
        let digits = line.iter().filter(|at| page[**at].c.is_ascii_digit()).count();
        digits * 2 >= line.len() || line.iter().all(|at| matches!(page[*at].c, '-' | '—' | '–'))
    };
    let figures = as_many.iter().filter(|lines| lines.iter().filter(|line| number(line)).count() * 3 >= count * 2).count();
    (aligned && figures >= 1 && figures + 1 >= as_many.len()).then_some(count)
}
