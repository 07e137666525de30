//! Takes rows apart into pieces: what stands in one cell, as far as a row tells.
//!
//! In:  rows of runs.
//! Out: lines of pieces, each known as a figure, a time or words.
//!
//! A piece ends where a gap is wider than those inside words. Columns set tight leave narrower ones: there the rows above and below tell
//! where a column ends. A cell on one line stands in the middle beside one on two: such rows are one line.

use super::runs::{Row, Run, around, overlap};
use crate::knowledge::Knowledge;
use crate::model::Glyph;
use crate::tidy::tables::{is_absent, is_number, is_period, is_value};

/// A gap between characters that is no space between letters, in parts of their size.
const LETTER_SPACE: f32 = 0.15;
/// So many rows above and below tell where columns end.
const NEAR_ROWS: usize = 20;

/// A stretch of a row: runs without a wide gap.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) glyphs: Vec<usize>,
    pub(super) runs: Vec<usize>,
    pub(super) bbox: [f32; 4],
    /// Folded, without white space.
    pub(super) text: Vec<char>,
    pub(super) value: bool,
    pub(super) period: bool,
    pub(super) bold: bool,
}

impl Piece {
    pub(super) fn x(&self) -> (f32, f32) {
        (self.bbox[0], self.bbox[2])
    }

    /// A number without a unit, or the mark of an absent one.
    pub(super) fn bare(&self) -> bool {
        is_number(&self.text) || is_absent(&self.text)
    }

    /// Finds out again what its text is.
    fn read(&mut self, roc: bool, knowledge: &Knowledge) {
        self.period = is_period(&self.text, roc);
        self.value = is_value(&self.text, &knowledge.words);
    }

    /// The gaps between its characters, wider than letters are set apart by.
    fn gaps<'p>(&'p self, page: &'p [Glyph]) -> impl Iterator<Item = (f32, f32)> {
        let sides = self.glyphs.windows(2).map(|pair| (&page[pair[0]], &page[pair[1]]));
        sides
            .filter(|(left, right)| right.bbox[0] - left.bbox[2] > LETTER_SPACE * left.size)
            .map(|(left, right)| (left.bbox[2], right.bbox[0]))
    }

    pub(super) fn sentence(&self) -> bool {
        self.text.iter().any(|c| matches!(c, '。' | ';' | '!' | '?')) || self.text.len() > 50
    }
}

/// A row, taken apart.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) pieces: Vec<Piece>,
    pub(super) bbox: [f32; 4],
    pub(super) size: f32,
}

impl Line {
    /// Figures behind a label, or several: a number before text alone is a list's.
    pub(super) fn values(&self) -> impl Iterator<Item = &Piece> {
        let several = self.pieces.len() == 1 || self.pieces.iter().filter(|piece| piece.value).count() > 1;
        self.pieces
            .iter()
            .enumerate()
            .filter(move |(at, piece)| piece.value && (*at > 0 || several && piece.bare()))
            .map(|(_, piece)| piece)
    }

    pub(super) fn all_periods(&self) -> bool {
        let mut periods = self.pieces.iter().filter(|piece| piece.period).peekable();
        periods.peek().is_some()
            && self.pieces.iter().skip(1).all(|piece| piece.period || !piece.value)
            && self.values().all(|piece| piece.period)
    }

    pub(super) fn sentence(&self) -> bool {
        self.pieces.iter().any(Piece::sentence)
    }
}

/// The lines of some rows, from the top down.
pub(super) fn lines(rows: &[Row], runs: &[Run], page: &[Glyph], roc: bool, knowledge: &Knowledge) -> Vec<Line> {
    let mut lines: Vec<Line> = rows.iter().map(|row| line(row, runs, page, roc, knowledge)).collect();
    part_tight(&mut lines, page, roc, knowledge);
    centred(lines, roc, knowledge)
}

fn line(row: &Row, runs: &[Run], page: &[Glyph], roc: bool, knowledge: &Knowledge) -> Line {
    let mut pieces: Vec<Piece> = Vec::new();
    for &at in &row.runs {
        let run = &runs[at];
        let text: Vec<char> = run.glyphs.iter().map(|at| knowledge.fold.char(page[*at].c)).collect();
        let joins = pieces.last().is_some_and(|last| {
            let gap = run.bbox[0] - last.bbox[2];
            let figure = |text: &[char]| text.iter().any(char::is_ascii_digit) && text.iter().all(|c| c.is_ascii());
            let plain = !figure(&last.text) && !figure(&text);
            // A sign or bracket before its number, a unit behind it.
            let sign = matches!(last.text[..], ['(' | '-' | '+' | '−' | '$']) || matches!(text[..], [')' | '%']);
            let numbers = last.text.last().is_some_and(char::is_ascii_digit) && text.first().is_some_and(char::is_ascii_digit);
            gap < run.size
                * if numbers {
                    0.3
                } else if sign {
                    1.2
                } else if plain {
                    1.0
                } else {
                    0.45
                }
        });
        match pieces.last_mut() {
            Some(last) if joins => {
                last.glyphs.extend(&run.glyphs);
                last.runs.push(at);
                last.bbox = super::runs::around(last.bbox, run.bbox);
                last.text.extend(text);
            }
            _ => pieces.push(Piece {
                glyphs: run.glyphs.clone(),
                runs: vec![at],
                bbox: run.bbox,
                text,
                value: false,
                period: false,
                bold: run.bold,
            }),
        }
    }
    pieces.iter_mut().for_each(|piece| piece.read(roc, knowledge));
    let size = row.runs.iter().map(|at| runs[*at].size).fold(0.0, f32::max);
    Line { pieces, bbox: row.bbox, size }
}

/// Parts the pieces that reach over the end of a column, where rows near them have a wide gap and none has text.
fn part_tight(lines: &mut [Line], page: &[Glyph], roc: bool, knowledge: &Knowledge) {
    let wide: Vec<Vec<(f32, f32)>> =
        lines.iter().map(|line| line.pieces.windows(2).map(|pair| (pair[0].bbox[2], pair[1].bbox[0])).collect()).collect();
    let narrow: Vec<Vec<(f32, f32)>> = lines.iter().map(|line| line.pieces.iter().flat_map(|piece| piece.gaps(page)).collect()).collect();
    for at in 0..lines.len() {
        if narrow[at].is_empty() || lines[at].sentence() {
            continue;
        }
        let near = |a: usize, b: usize| lines[b].bbox[1] - lines[a].bbox[3] < lines[a].size * 4.5 && !lines[a].sentence();
        let from = (at.saturating_sub(NEAR_ROWS)..at).rev().take_while(|row| near(*row, row + 1)).last().unwrap_or(at);
        let to =
            (at + 1..lines.len().min(at + NEAR_ROWS)).take_while(|row| near(row - 1, *row) && !lines[*row].sentence()).last().unwrap_or(at);
        let ends_column = |gap: &(f32, f32)| -> Option<f32> {
            // What of the gap all rows leave free.
            let mut free = *gap;
            let mut agree = 0;
            for row in (from..=to).filter(|row| *row != at && lines[*row].pieces.len() > 1) {
                let shared = |other: &&(f32, f32)| overlap(free, **other) > LETTER_SPACE * lines[at].size * 0.5;
                let found = wide[row].iter().find(shared).inspect(|_| agree += 1).or_else(|| narrow[row].iter().find(shared));
                match found {
                    Some(other) => free = (free.0.max(other.0), free.1.min(other.1)),
                    None if lines[row].pieces.iter().any(|piece| overlap(piece.x(), free) > 0.0) => return None,
                    None => {}
                }
            }
            (agree >= 2).then_some((free.0 + free.1) / 2.0)
        };
        let ends: Vec<f32> = narrow[at].iter().filter_map(ends_column).collect();
        for end in ends {
            lines[at].part(end, page, roc, knowledge);
        }
    }
}

/// Joins the rows of cells on two lines with the row between them, whose cells have one.
fn centred(lines: Vec<Line>, roc: bool, knowledge: &Knowledge) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter();
    let mut held: Vec<Line> = Vec::new();
    loop {
        while held.len() < 3 {
            match lines.next() {
                Some(line) => held.push(line),
                None => break,
            }
        }
        if held.is_empty() {
            return joined;
        }
        let is_one = matches!(&held[..], [upper, middle, lower] if is_around(upper, middle, lower));
        let mut first = held.remove(0);
        if is_one {
            let (middle, lower) = (held.remove(0), held.remove(0));
            first.join(middle, lower, roc, knowledge);
        }
        joined.push(first);
    }
}

/// Do two rows hold the first and second lines of cells, and the row between them cells on one line?
fn is_around(upper: &Line, middle: &Line, lower: &Line) -> bool {
    let height = |line: &Line| (line.bbox[1], line.bbox[3]);
    let center = |line: &Line| (line.bbox[1] + line.bbox[3]) / 2.0;
    let touch = overlap(height(upper), height(middle)) > 0.0 && overlap(height(middle), height(lower)) > 0.0;
    let central = ((center(upper) + center(lower)) / 2.0 - center(middle)).abs() < middle.size * 0.2;
    let apart = |outer: &Line| outer.pieces.iter().all(|piece| middle.pieces.iter().all(|other| overlap(piece.x(), other.x()) <= 0.0));
    // A number breaks behind a mark only.
    let goes_on = |below: &Piece| {
        let above = upper.pieces.iter().find(|above| overlap(above.x(), below.x()) > 0.0);
        above.is_some_and(|above| !(above.value && below.value) || matches!(above.text.last(), Some('.' | ',')))
    };
    touch
        && central
        && middle.pieces.iter().any(|piece| piece.value || piece.period)
        && apart(upper)
        && apart(lower)
        && lower.pieces.iter().all(goes_on)
}

impl Line {
    /// Parts the piece that reaches over a place.
    fn part(&mut self, end: f32, page: &[Glyph], roc: bool, knowledge: &Knowledge) {
        let Some(at) = self.pieces.iter().position(|piece| piece.bbox[0] < end && end < piece.bbox[2]) else { return };
        let piece = self.pieces.remove(at);
        let middle = |glyph: usize| (page[glyph].bbox[0] + page[glyph].bbox[2]) / 2.0;
        for right in [true, false] {
            let mut part = Piece { glyphs: Vec::new(), text: Vec::new(), ..piece.clone() };
            let own = piece.glyphs.iter().zip(&piece.text).filter(|(glyph, _)| (middle(**glyph) > end) == right);
            for (glyph, c) in own {
                part.glyphs.push(*glyph);
                part.text.push(*c);
            }
            let Some(bbox) = part.glyphs.iter().map(|glyph| page[*glyph].bbox).reduce(around) else { continue };
            part.bbox = bbox;
            part.read(roc, knowledge);
            self.pieces.insert(at, part);
        }
    }

    /// Takes in the row in the middle, and the second lines of its own cells.
    fn join(&mut self, middle: Line, lower: Line, roc: bool, knowledge: &Knowledge) {
        for below in lower.pieces {
            if let Some(above) = self.pieces.iter_mut().find(|above| overlap(above.x(), below.x()) > 0.0) {
                above.glyphs.extend(below.glyphs);
                above.runs.extend(below.runs);
                above.text.extend(below.text);
                above.bbox = around(above.bbox, below.bbox);
                above.read(roc, knowledge);
            }
        }
        self.pieces.extend(middle.pieces);
        self.pieces.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
        self.bbox = around(around(self.bbox, middle.bbox), lower.bbox);
        self.size = self.size.max(middle.size);
    }
}
