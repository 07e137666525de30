//! Finds numbers on display: a row of values over, or below, a row of their labels.
//!
//! In:  rows of runs.
//! Out: label and value of each, line by line as they are read; the rows that hold none.
//!
//! Each value stands above or below its own label; a label may run over several lines, and a change may stand below a value. Of
//! several boxes side by side some may have the value above, some below.

use super::runs::{Row, Run, around, overlap};
use crate::knowledge::Knowledge;
use crate::model::Glyph;
use crate::tidy::tables::{is_absent, is_number, is_value};

/// Values and their labels.
#[derive(Debug)]
pub(super) struct Display {
    pub(super) bbox: [f32; 4],
    /// Characters of the page: a label, its value, the next label …
    pub(super) lines: Vec<Vec<usize>>,
}

/// A stretch of a row that stands apart from others.
struct Piece {
    glyphs: Vec<usize>,
    bbox: [f32; 4],
    /// Folded.
    text: Vec<char>,
}

/// Takes the numbers on display out of the rows of a region.
pub(super) fn displays(rows: &mut Vec<Row>, runs: &[Run], page: &[Glyph], knowledge: &Knowledge) -> Vec<Display> {
    let lines: Vec<Vec<Piece>> = rows.iter().map(|row| pieces(row, runs, page, knowledge)).collect();
    let is_shown = |line: &[Piece]| {
        let value =
            |piece: &Piece| is_value(&piece.text, &knowledge.words) && !is_number(&piece.text) && !is_absent(&piece.text, &knowledge.words);
        let values = line.iter().filter(|piece| is_value(&piece.text, &knowledge.words)).count();
        line.len() >= 2 && values == line.len() && line.iter().filter(|piece| value(piece)).count() * 2 > line.len()
    };
    let mut taken = vec![false; rows.len()];
    let mut found = Vec::new();
    for at in 0..rows.len() {
        if taken[at] {
            continue;
        }
        if let Some(lower) = lines.get(at + 1)
            && let Some(shown) = mixed(&lines[at], lower, knowledge)
        {
            (taken[at], taken[at + 1]) = (true, true);
            found.push(Display { bbox: around(rows[at].bbox, rows[at + 1].bbox), lines: shown });
            continue;
        }
        if !is_shown(&lines[at]) {
            continue;
        }
        let near = |a: usize, b: usize| rows[b].bbox[1] - rows[a].bbox[3] < (rows[at].bbox[3] - rows[at].bbox[1]) * 1.2;
        let labels = |other: usize| !taken[other] && are_labels(&lines[at], &lines[other], knowledge);
        let below = at + 1 < rows.len() && near(at, at + 1) && labels(at + 1);
        let above = at > 0 && near(at - 1, at) && labels(at - 1);
        let gap = |a: usize, b: usize| rows[b].bbox[1] - rows[a].bbox[3];
        let from_above = match (above, below) {
            (false, false) => continue,
            (true, true) => gap(at - 1, at) < gap(at, at + 1),
            (above, _) => above,
        };
        // Labels of several lines.
        let mut label_rows = vec![if from_above { at - 1 } else { at + 1 }];
        loop {
            let last = *label_rows.last().unwrap_or(&at);
            let next = if from_above { last.checked_sub(1) } else { Some(last + 1).filter(|next| *next < rows.len()) };
            let Some(next) = next.filter(|next| !taken[*next]) else { break };
            let (upper, lower) = (next.min(last), next.max(last));
            let close = gap(upper, lower) < (rows[last].bbox[3] - rows[last].bbox[1]) * 0.7;
            if !close || label_rows.len() == 3 || !runs_on(&lines[next], &lines[at], knowledge) {
                break;
            }
            label_rows.push(next);
        }
        label_rows.sort_unstable();
        let mut shown = Vec::new();
        for value in &lines[at] {
            let label = label_rows.iter().flat_map(|row| &lines[*row]).filter(|piece| stands_by(piece, value));
            shown.push(label.flat_map(|piece| piece.glyphs.iter().copied()).collect());
            shown.push(value.glyphs.clone());
        }
        taken[at] = true;
        label_rows.iter().for_each(|row| taken[*row] = true);
        let bbox = label_rows.iter().map(|row| rows[*row].bbox).fold(rows[at].bbox, around);
        found.push(Display { bbox, lines: shown });
    }
    let mut taken = taken.into_iter();
    rows.retain(|_| !taken.next().unwrap_or(false));
    found
}

fn pieces(row: &Row, runs: &[Run], page: &[Glyph], knowledge: &Knowledge) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for run in row.runs.iter().map(|at| &runs[*at]) {
        let text = run.glyphs.iter().map(|at| knowledge.fold.char(page[*at].c));
        match pieces.last_mut() {
            Some(last) if run.bbox[0] - last.bbox[2] < run.size => {
                last.text.extend(text);
                last.glyphs.extend(&run.glyphs);
                last.bbox = around(last.bbox, run.bbox);
            }
            _ => pieces.push(Piece { glyphs: run.glyphs.clone(), bbox: run.bbox, text: text.collect() }),
        }
    }
    pieces
}

/// Does a piece stand over or below a value?
fn stands_by(piece: &Piece, value: &Piece) -> bool {
    overlap((piece.bbox[0], piece.bbox[2]), (value.bbox[0], value.bbox[2])) > 0.0
}

/// One label for each value, in words.
fn are_labels(values: &[Piece], labels: &[Piece], knowledge: &Knowledge) -> bool {
    values.len() == labels.len()
        && labels.iter().all(|label| is_label(label, knowledge))
        && values.iter().zip(labels).all(|(value, label)| stands_by(label, value))
}

fn is_label(piece: &Piece, knowledge: &Knowledge) -> bool {
    let worded = piece.text.iter().filter(|c| c.is_alphabetic()).count() >= 2;
    worded && piece.text.len() <= 24 && !is_value(&piece.text, &knowledge.words) && !piece.text.contains(&'。')
}

/// Label and value of each box, where two rows have one of both, now the value above and now the label: 「97.2%」 below 「准时送达率」
/// beside 「312.6亿元」 above 「营业收入」.
fn mixed(upper: &[Piece], lower: &[Piece], knowledge: &Knowledge) -> Option<Vec<Vec<usize>>> {
    let value = |piece: &Piece| is_value(&piece.text, &knowledge.words) && !is_absent(&piece.text, &knowledge.words);
    let mut shown = Vec::new();
    let mut above = 0;
    for (one, other) in upper.iter().zip(lower) {
        let (label, value) = match (value(one), value(other)) {
            (true, false) => (other, one),
            (false, true) => (one, other),
            _ => return None,
        };
        let bare = is_number(&value.text) && value.text.last() != Some(&'%');
        if !is_label(label, knowledge) || !stands_by(label, value) || bare {
            return None;
        }
        above += usize::from(std::ptr::eq(value, one));
        shown.extend([label.glyphs.clone(), value.glyphs.clone()]);
    }
    (upper.len() == lower.len() && above > 0 && above < upper.len()).then_some(shown)
}

/// Does a line of labels go on in another, below or above some of the values and nowhere else?
fn runs_on(more: &[Piece], values: &[Piece], knowledge: &Knowledge) -> bool {
    let fits = |piece: &Piece| {
        let under = values.iter().filter(|value| stands_by(piece, value)).count();
        under == 1 && piece.text.len() <= 24 && !is_value(&piece.text, &knowledge.words) && !piece.text.contains(&'。')
    };
    !more.is_empty() && more.iter().all(fits)
}
