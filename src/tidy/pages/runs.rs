//! Puts characters together to runs, and runs to rows.
//!
//! In:  the characters of a page, in the order drawn.
//! Out: runs: characters side by side on one base line, without a gap; rows: runs at one height, from left to right.
//!
//! A run breaks where a gap is wider than letter-spacing makes it; figures and Latin letters are set closer, so that their
//! columns break earlier.

use crate::model::Glyph;

/// Characters side by side.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Places in the page's characters, from left to right.
    pub(super) glyphs: Vec<usize>,
    /// Left, top, right, bottom.
    pub(super) bbox: [f32; 4],
    /// Height of most of its characters.
    pub(super) size: f32,
    /// Are most of them bold?
    pub(super) bold: bool,
}

impl Run {
    fn new(glyphs: Vec<usize>, page: &[Glyph]) -> Run {
        let mut bbox = page[glyphs[0]].bbox;
        let mut sizes: Vec<f32> = Vec::with_capacity(glyphs.len());
        let mut bold = 0;
        for &at in &glyphs {
            let glyph = &page[at];
            bbox = around(bbox, glyph.bbox);
            sizes.push(glyph.size);
            bold += usize::from(glyph.bold);
        }
        sizes.sort_by(f32::total_cmp);
        Run { bbox, size: sizes[sizes.len() / 2], bold: bold * 2 > glyphs.len(), glyphs }
    }

    /// The place of its first character in the order drawn.
    pub(super) fn order(&self) -> usize {
        self.glyphs.iter().copied().min().unwrap_or(0)
    }

    pub(super) fn center(&self) -> f32 {
        (self.bbox[0] + self.bbox[2]) / 2.0
    }
}

/// The box around two boxes.
pub(super) fn around(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// How much two stretches overlap.
pub(super) fn overlap(a: (f32, f32), b: (f32, f32)) -> f32 {
    a.1.min(b.1) - a.0.max(b.0)
}

/// Do two boxes stand at one height?
pub(super) fn level(a: [f32; 4], b: [f32; 4]) -> bool {
    let least = (a[3] - a[1]).min(b[3] - b[1]);
    overlap((a[1], a[3]), (b[1], b[3])) > least * 0.5
}

/// The runs of some characters of a page.
pub(super) fn runs(which: &[usize], page: &[Glyph]) -> Vec<Run> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for &at in which {
        let joins = found.last().and_then(|run| run.last()).is_some_and(|last| beside(&page[*last], &page[at]));
        match found.last_mut() {
            Some(run) if joins => run.push(at),
            _ => found.push(vec![at]),
        }
    }
    merged(found.into_iter().map(|glyphs| Run::new(glyphs, page)).collect(), page)
}

/// Does a character follow another on its line?
fn beside(left: &Glyph, right: &Glyph) -> bool {
    let size = left.size.max(right.size);
    let gap = right.bbox[0] - left.bbox[2];
    // A blank between two numbers parts them; other Latin text is set closer than Chinese.
    let numbers = matches!(left.c, '0'..='9' | '%' | ')') && matches!(right.c, '0'..='9' | '-' | '(');
    let widest = match (numbers, left.c.is_ascii() && right.c.is_ascii()) {
        (true, _) => 0.3,
        (_, true) => 0.6,
        _ => 1.0,
    };
    level(left.bbox, right.bbox) && gap > -0.5 * size && gap < widest * size
}

/// Joins runs that touch, in whatever order they were drawn.
fn merged(mut runs: Vec<Run>, page: &[Glyph]) -> Vec<Run> {
    let mut by_place: Vec<usize> = (0..runs.len()).collect();
    by_place.sort_by(|a, b| runs[*a].bbox[0].total_cmp(&runs[*b].bbox[0]));
    let mut into: Vec<usize> = (0..runs.len()).collect();
    let mut ends: Vec<usize> = Vec::new();
    for &at in &by_place {
        let run = &runs[at];
        let left = run.bbox[0];
        ends.retain(|end| runs[*end].bbox[2] > left - run.size * 3.0);
        let touching = ends.iter().copied().filter(|end| {
            let gap = left - runs[*end].bbox[2];
            gap.abs() < 0.25 * run.size && level(runs[*end].bbox, run.bbox)
        });
        if let Some(end) = touching.min_by(|a, b| (runs[*a].bbox[2] - left).abs().total_cmp(&(runs[*b].bbox[2] - left).abs())) {
            into[at] = end;
            ends.retain(|other| *other != end);
        }
        ends.push(at);
    }
    if into.iter().enumerate().all(|(at, end)| at == *end) {
        return runs;
    }
    let root = |mut at: usize| {
        while into[at] != at {
            at = into[at];
        }
        at
    };
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); runs.len()];
    for &at in &by_place {
        parts[root(at)].push(at);
    }
    let mut joined: Vec<Run> = Vec::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let glyphs: Vec<usize> = part.iter().flat_map(|at| std::mem::take(&mut runs[*at].glyphs)).collect();
        joined.push(Run::new(glyphs, page));
    }
    joined.sort_by_key(Run::order);
    joined
}

/// Runs at one height, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) runs: Vec<usize>,
    pub(super) bbox: [f32; 4],
}

/// The rows of some runs, from the top down.
pub(super) fn rows(which: &[usize], runs: &[Run]) -> Vec<Row> {
    let mut by_height: Vec<usize> = which.to_vec();
    by_height.sort_by(|a, b| (runs[*a].bbox[1] + runs[*a].bbox[3]).total_cmp(&(runs[*b].bbox[1] + runs[*b].bbox[3])));
    let mut rows: Vec<Row> = Vec::new();
    for at in by_height {
        let run = &runs[at];
        // Small raised characters go with the line they are raised from.
        let fits = rows.iter().rposition(|row| level(row.bbox, run.bbox));
        match fits.filter(|row| row + 3 > rows.len()) {
            Some(row) => {
                let row = &mut rows[row];
                row.runs.push(at);
                let tall = row.bbox[3] - row.bbox[1] >= run.bbox[3] - run.bbox[1];
                let (top, bottom) = if tall { (row.bbox[1], row.bbox[3]) } else { (run.bbox[1], run.bbox[3]) };
                row.bbox = [row.bbox[0].min(run.bbox[0]), top, row.bbox[2].max(run.bbox[2]), bottom];
            }
            None => rows.push(Row { runs: vec![at], bbox: run.bbox }),
        }
    }
    for row in &mut rows {
        row.runs.sort_by(|a, b| runs[*a].bbox[0].total_cmp(&runs[*b].bbox[0]));
    }
    rows.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
    rows
}
