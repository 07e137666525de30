//! Finds the tables that are not ruled: rows of figures that stand in columns under a head.
//!
//! In:  rows of runs.
//! Out: tables of cells; what lies inside them.
//!
//! A row with figures beside a label begins a table where the next ones have figures in the same columns. Rows without figures
//! belong to it where they are labels: of a part of the table, or the beginning of a label that runs over two lines. The head
//! is what stands close above the columns.

use super::grid::Strokes;
use super::runs::{Row, Run, overlap};
use super::table::{Cell, Found, Kind};
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::Glyph;
use crate::tidy::tables::{is_absent, is_number, is_period, is_units, is_value};

/// A stretch of a row: runs without a wide gap.
#[derive(Clone, Debug)]
struct Piece {
    glyphs: Vec<usize>,
    runs: Vec<usize>,
    bbox: [f32; 4],
    /// Folded, without white space.
    text: Vec<char>,
    value: bool,
    /// A number without a unit, or the mark of an absent one.
    bare: bool,
    period: bool,
    /// The head of a column of notes or units.
    note: bool,
    /// It says the unit of what stands below: 单位：万元.
    unit: bool,
    /// It is a unit.
    plain_unit: bool,
    bold: bool,
}

impl Piece {
    fn x(&self) -> (f32, f32) {
        (self.bbox[0], self.bbox[2])
    }

    fn sentence(&self) -> bool {
        self.text.iter().any(|c| matches!(c, '。' | ';' | '!' | '?')) || self.text.len() > 50
    }
}

/// A row, taken apart.
struct Line {
    pieces: Vec<Piece>,
    bbox: [f32; 4],
    size: f32,
}

impl Line {
    /// Figures behind a label, or several: a number before text alone is a list's.
    fn values(&self) -> impl Iterator<Item = &Piece> {
        let several = self.pieces.len() == 1 || self.pieces.iter().filter(|piece| piece.value).count() > 1;
        self.pieces.iter().enumerate().filter(move |(at, piece)| piece.value && (*at > 0 || several && piece.bare)).map(|(_, piece)| piece)
    }

    fn all_periods(&self) -> bool {
        let mut periods = self.pieces.iter().filter(|piece| piece.period).peekable();
        periods.peek().is_some()
            && self.pieces.iter().skip(1).all(|piece| piece.period || !piece.value)
            && self.values().all(|piece| piece.period)
    }

    fn sentence(&self) -> bool {
        self.pieces.iter().any(Piece::sentence)
    }
}

/// A column: the stretch that its figures take.
#[derive(Clone, Copy, Debug)]
struct Column {
    from: f32,
    to: f32,
    /// It holds figures.
    values: bool,
}

impl Column {
    fn x(&self) -> (f32, f32) {
        (self.from, self.to)
    }
}

/// The unruled tables of a page, from its rows that belong to no ruled one.
pub(super) fn tables(rows: &[Row], runs: &[Run], page: &[Glyph], strokes: &Strokes, roc: bool, knowledge: &Knowledge) -> Vec<Found> {
    let lines: Vec<Line> = rows.iter().map(|row| line(row, runs, page, roc, knowledge)).collect();
    let mut found = Vec::new();
    let mut at = 0;
    let mut free = 0;
    while at < lines.len() {
        match table(&lines, at, free, strokes) {
            Ok((table, end)) => {
                found.push(table);
                at = end;
                free = end;
            }
            Err(next) => at = next,
        }
    }
    found
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
            // 增加2.43个百分点 behind a number is the next column's; 亿元 is its unit.
            let words = &knowledge.words;
            let is_unit = || words.units.at(&text, 0).is_some() || text.first().is_some_and(|c| words.scale(*c).is_some());
            let apart = figure(&last.text) && text.first().is_some_and(|c| !c.is_ascii()) && !is_unit();
            let numbers = last.text.last().is_some_and(char::is_ascii_digit) && text.first().is_some_and(char::is_ascii_digit);
            gap < run.size
                * if numbers || apart {
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
                bare: false,
                period: false,
                note: false,
                unit: false,
                plain_unit: false,
                bold: run.bold,
            }),
        }
    }
    for piece in &mut pieces {
        piece.period = is_period(&piece.text, roc);
        piece.value = is_value(&piece.text, &knowledge.words);
        piece.bare = is_number(&piece.text) || is_absent(&piece.text, &knowledge.words);
        let cues = &knowledge.words.cues;
        piece.note = cues.is(Cue::NoteHead, &piece.text) || cues.is(Cue::UnitHead, &piece.text);
        piece.plain_unit = is_units(&piece.text, &knowledge.words);
        piece.unit = cues.at(Cue::UnitHead, &piece.text, 0).is_some_and(|length| piece.text.get(length) == Some(&':'));
    }
    let size = row.runs.iter().map(|at| runs[*at].size).fold(0.0, f32::max);
    Line { pieces, bbox: row.bbox, size }
}

/// The table whose first row of figures is at `at`, and where the next one may begin; or where one may, if none begins here.
fn table(lines: &[Line], at: usize, free: usize, strokes: &Strokes) -> Result<(Found, usize), usize> {
    let first = &lines[at];
    if !carries(first) {
        return Err(at + 1);
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut body: Vec<usize> = Vec::new();
    let mut labels: Vec<usize> = Vec::new();
    let mut next = at;
    while next < lines.len() {
        let line = &lines[next];
        let last = labels.last().or(body.last());
        if last.is_some_and(|last| line.bbox[1] - lines[*last].bbox[3] > line.size * 4.5) {
            break;
        }
        if carries(line) && fits(line, &columns) || is_total(line, &columns) {
            if !astray(line, &columns) {
                grow(&mut columns, line);
            }
            body.append(&mut labels);
            body.push(next);
        } else if is_label(line, &columns) && labels.len() < 4 {
            labels.push(next);
        } else {
            break;
        }
        next += 1;
    }
    let data: Vec<usize> = body.iter().copied().filter(|at| carries(&lines[*at])).collect();
    let wide = columns.iter().filter(|column| column.values).count();
    // One row is a table where its columns have heads: years, units.
    if data.len() < 2 && !(wide >= 2 && head_above(lines, at, free, &columns)) || wide < 2 && data.len() < 3 {
        return Err(at + 1);
    }
    // One column alone: the figures stand far from their labels, and in line.
    if wide == 1 {
        let far = |at: &&usize| {
            let pieces = &lines[**at].pieces;
            pieces.len() >= 2 && pieces[1].bbox[0] - pieces[0].bbox[2] > lines[**at].size * 1.5
        };
        // What begins before a row that is not far holds it too.
        if let Some(near) = data.iter().find(|at| !far(at)) {
            return Err(near + 1);
        }
    }
    columns.sort_by(|a, b| a.from.total_cmp(&b.from));
    // Columns of text between label and figures: units, notes.
    let mut texts: Vec<Column> = Vec::new();
    for &row in &data {
        for piece in lines[row].pieces.iter().skip(1).filter(|piece| !piece.value) {
            let taken = columns.iter().any(|column| overlap(column.x(), piece.x()) > 0.0);
            match texts.iter_mut().find(|column| overlap(column.x(), piece.x()) > 0.0) {
                _ if taken => {}
                Some(column) => (column.from, column.to) = (column.from.min(piece.bbox[0]), column.to.max(piece.bbox[2])),
                None => texts.push(Column { from: piece.bbox[0], to: piece.bbox[2], values: false }),
            }
        }
    }
    columns.extend(texts);
    columns.sort_by(|a, b| a.from.total_cmp(&b.from));
    let (heads, leading) = heads(lines, at, free, &columns);
    body.splice(0..0, leading);
    let end = body.last().map_or(at, |last| last + 1);
    // Heads without figures below them are columns too: a note's.
    for &row in &heads {
        let one_each = over_columns(&lines[row], &columns).1.len() == columns.len();
        for piece in &lines[row].pieces {
            let free = columns.iter().all(|column| overlap(column.x(), piece.x()) <= 0.0);
            let behind = columns.first().is_some_and(|first| piece.bbox[0] > first.from);
            if free && (piece.note || behind && heads.len() == 1 && !one_each) {
                columns.push(Column { from: piece.bbox[0], to: piece.bbox[2], values: false });
            }
        }
    }
    columns.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut grid: Vec<Vec<Cell>> = Vec::new();
    let left = body.iter().filter_map(|at| lines[*at].pieces.first()).map(|piece| piece.bbox[0]).fold(f32::MAX, f32::min);
    for (level, &row) in heads.iter().enumerate() {
        let below = heads.get(level + 1).map_or(lines[at].bbox[1], |next| lines[*next].bbox[1]);
        grid.push(head_row(&lines[row], below, &columns, left, level + 1 == heads.len(), strokes));
    }
    let head_rows = grid.len();
    // Labels have room up to the first column.
    let room = columns.first().map_or(f32::MAX, |column| column.from);
    let mut pending: Option<Cell> = None;
    for (place, &row) in body.iter().enumerate() {
        let line = &lines[row];
        let mut cells = body_row(line, &columns, left);
        if let Some(mut before) = pending.take() {
            before.lines.append(&mut cells[0].lines);
            cells[0].lines = before.lines;
            cells[0].indent = before.indent;
        }
        // A label that fills its column and is not closed runs on to the next line.
        let next = body.get(place + 1).map(|next| &lines[*next]);
        let second = body.get(place + 2).map(|next| &lines[*next]);
        if !carries(line) && next.is_some_and(|next| runs_on(line, next, second, room)) {
            pending = Some(std::mem::take(&mut cells[0]));
            continue;
        }
        grid.push(cells);
    }
    let taken: Vec<usize> =
        heads.iter().chain(&body).flat_map(|row| lines[*row].pieces.iter().flat_map(|piece| piece.runs.clone())).collect();
    let bbox = heads.iter().chain(&body).map(|row| lines[*row].bbox).fold(lines[at].bbox, super::runs::around);
    let label = (left, columns.first().map_or(left, |column| column.from));
    let columns = std::iter::once(label).chain(columns.iter().map(Column::x)).collect();
    Ok((Found { bbox, rows: grid, columns, runs: taken, kind: Kind::Columns(head_rows) }, end))
}

/// Does a row hold figures: behind a label, or several?
fn carries(line: &Line) -> bool {
    if line.sentence() || line.all_periods() || line.pieces.len() < 2 {
        return false;
    }
    let values = line.values().filter(|piece| !piece.period || piece.text.len() > 5).count();
    values >= 1 && values * 3 >= line.pieces.len() - 1
}

/// A figure alone, in line with a column: the total of what stands above.
fn is_total(line: &Line, columns: &[Column]) -> bool {
    let [piece] = &line.pieces[..] else { return false };
    let under =
        |column: &&Column| column.values && overlap(column.x(), piece.x()) > 0.0 && (column.to - piece.bbox[2]).abs() < line.size * 0.8;
    piece.bare && !piece.period && columns.iter().filter(under).count() == 1
}

/// Do the figures of a row stand in the columns so far?
fn fits(line: &Line, columns: &[Column]) -> bool {
    if columns.is_empty() {
        return true;
    }
    let in_columns = |piece: &Piece| columns.iter().filter(|column| overlap(column.x(), piece.x()) > 0.0).count();
    let (mut one, mut many, mut none) = (0, 0, 0);
    for piece in line.values() {
        match in_columns(piece) {
            0 => none += 1,
            1 => one += 1,
            _ => many += 1,
        }
    }
    many == 0 && one >= 1 && none <= one || astray(line, columns) && line.values().count() == columns.len()
}

/// Does a figure of a row stand under two columns? Blanks that were counted by eye set it there.
fn astray(line: &Line, columns: &[Column]) -> bool {
    line.values().any(|piece| columns.iter().filter(|column| overlap(column.x(), piece.x()) > 0.0).count() > 1)
}

fn grow(columns: &mut Vec<Column>, line: &Line) {
    for piece in line.values() {
        match columns.iter_mut().find(|column| overlap(column.x(), piece.x()) > 0.0) {
            Some(column) => (column.from, column.to) = (column.from.min(piece.bbox[0]), column.to.max(piece.bbox[2])),
            None => columns.push(Column { from: piece.bbox[0], to: piece.bbox[2], values: true }),
        }
    }
}

/// A row without figures that stands where labels do, perhaps with the number of a note behind it.
fn is_label(line: &Line, columns: &[Column]) -> bool {
    let first = columns.iter().filter(|column| column.values).map(|column| column.from).fold(f32::MAX, f32::min);
    let Some((piece, notes)) = line.pieces.split_first() else { return false };
    let marks = piece.text.iter().filter(|c| matches!(c, '。' | ';' | '!' | '?')).count();
    let beside = notes.len() <= 2 && notes.iter().all(|note| (note.text.len() <= 6 || note.plain_unit) && note.bbox[2] < first);
    beside && piece.bbox[0] < first && piece.bbox[2] < first + line.size * 2.0 && marks == 0 && piece.text.len() <= 45 && !piece.value
}

/// Does a label run on to the next line: one that fills its column, or a long one with a single line hanging below it?
fn runs_on(line: &Line, next: &Line, second: Option<&Line>, room: f32) -> bool {
    let (Some(piece), Some(below)) = (line.pieces.first(), next.pieces.first()) else { return false };
    let closed = piece.text.last().is_some_and(|c| matches!(c, ':' | '。'));
    let hangs = |below: &Piece| below.bbox[0] > piece.bbox[0] + line.size * 0.4 && below.bbox[0] < piece.bbox[0] + line.size * 3.0;
    let alone = carries(next) && hangs(below) && second.and_then(|second| second.pieces.first()).is_none_or(|second| !hangs(second));
    let full = piece.bbox[2] > room - line.size * 4.0 || piece.text.len() >= 14 && alone;
    let dash = below.text.first().is_some_and(|c| matches!(c, '-' | '－' | '–' | '—' | '•'));
    let near = next.bbox[1] - line.bbox[3] < line.size * 0.9;
    // A bracket alone goes on with the label above it.
    if matches!(below.text[..], ['(', .., ')']) && carries(next) && near {
        return true;
    }
    line.pieces.len() == 1
        && full
        && !closed
        && !dash
        && near
        && !below.value
        && piece.bold == below.bold
        && below.bbox[0] >= piece.bbox[0] - 1.0
}

/// Is there a head above a row, short words over two columns at least?
fn head_above(lines: &[Line], at: usize, free: usize, columns: &[Column]) -> bool {
    let short = |row: &usize| lines[*row].pieces.iter().filter(|piece| piece.period || piece.text.len() <= 6).count() >= 2;
    heads(lines, at, free, columns).0.iter().any(short)
}

/// The rows of the head, from the top down, and the labels between them and the first figures.
fn heads(lines: &[Line], at: usize, free: usize, columns: &[Column]) -> (Vec<usize>, Vec<usize>) {
    let first = columns.iter().filter(|column| column.values).map(|column| column.from).fold(f32::MAX, f32::min);
    let last = columns.iter().map(|column| column.to).fold(f32::MIN, f32::max);
    let left = lines[at].bbox[0];
    let (mut heads, mut leading) = (Vec::new(), Vec::new());
    let mut below = lines[at].bbox[1];
    for row in (free..at).rev() {
        let line = &lines[row];
        // Years and units may stand farther off.
        let plain = line.pieces.iter().all(|piece| piece.period || piece.text.len() <= 5);
        if below - line.bbox[3] > line.size * if plain { 4.0 } else { 2.5 } || heads.len() >= 6 || line.sentence() {
            break;
        }
        let over = line.pieces.iter().filter(|piece| piece.bbox[2] > first && piece.bbox[0] < last).count();
        let free_values = line.pieces.iter().filter(|piece| piece.value && !piece.period).count();
        // The title of the first part of the table stands between head and figures.
        let title = heads.is_empty() && !line.pieces.iter().any(|piece| piece.note);
        if over == 0 && title && leading.len() < 3 && is_label(line, columns) {
            leading.push(row);
            below = line.bbox[1];
            continue;
        }
        // A line of text that reaches from the labels into the columns.
        let across =
            |piece: &Piece| piece.text.len() > 12 && piece.bbox[0] < first - line.size * 2.0 && piece.bbox[2] > first + line.size * 2.0;
        let stretched = line.pieces.iter().any(across);
        // One that begins where labels do names the table.
        let titles = matches!(&line.pieces[..], [piece] if piece.bbox[0] < left + line.size && over > 0);
        // A line that announces the table is its caption.
        let announces = line.pieces.iter().any(|piece| piece.unit || piece.text.last() == Some(&':') || piece.text.len() > 28);
        if announces || titles || over == 0 || free_values * 2 > line.pieces.len() || stretched {
            break;
        }
        heads.push(row);
        below = line.bbox[1];
    }
    if heads.is_empty() {
        leading.clear();
    }
    heads.reverse();
    leading.reverse();
    (heads, leading)
}

/// What stands over the labels in a row of the head, and what over the columns.
fn over_columns<'l>(line: &'l Line, columns: &[Column]) -> (Vec<&'l Piece>, Vec<&'l Piece>) {
    let center = |piece: &Piece| (piece.bbox[0] + piece.bbox[2]) / 2.0;
    let first = columns.first().map_or(f32::MAX, |column| column.from);
    line.pieces.iter().partition(|piece| piece.bbox[2] <= first && center(piece) < first - line.size * 2.0)
}

/// A row of the head over the columns it spans.
fn head_row(line: &Line, below: f32, columns: &[Column], left: f32, last: bool, strokes: &Strokes) -> Vec<Cell> {
    let mut cells = vec![Cell::default(); columns.len() + 1];
    let (labels, heads) = over_columns(line, columns);
    for piece in labels {
        cells[0].lines.push(piece.glyphs.clone());
        cells[0].left = left;
    }
    let spans: Vec<(f32, f32)> = heads
        .iter()
        .map(|piece| {
            let ruled = strokes.below(piece.x(), line.bbox[3] - line.size * 0.4, below + line.size * 0.6);
            match ruled {
                Some((from, to)) if !last => (from.min(piece.bbox[0]), to.max(piece.bbox[2])),
                _ => piece.x(),
            }
        })
        .collect();
    let spread = spread(&heads, columns).or_else(|| spread_right(&heads, columns, line.size));
    for (at, column) in columns.iter().enumerate() {
        // As many heads as columns: each has its own, though they do not line up.
        let one_each = (heads.len() == columns.len()).then_some(at);
        let under = one_each.or_else(|| spans.iter().position(|span| overlap(*span, column.x()) > 0.0));
        let nearest = || spread.as_ref().filter(|_| !last && column.values).map(|spread| spread[at]);
        if let Some(head) = under.or_else(nearest) {
            cells[at + 1].lines.push(heads[head].glyphs.clone());
            cells[at + 1].left = column.from;
        }
    }
    cells
}

/// Which head each column stands under, where heads stand in the middle over several columns each.
fn spread(heads: &[&Piece], columns: &[Column]) -> Option<Vec<usize>> {
    let middle = |x: (f32, f32)| (x.0 + x.1) / 2.0;
    let values: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].values).collect();
    let pitch = (middle(columns[*values.last()?].x()) - middle(columns[*values.first()?].x())) / (values.len() - 1).max(1) as f32;
    if heads.len() < 2 || values.len() <= heads.len() {
        return None;
    }
    let nearest = |column: &Column| {
        let distance = |piece: &&Piece| (middle(piece.x()) - middle(column.x())).abs();
        (0..heads.len()).min_by(|a, b| distance(&heads[*a]).total_cmp(&distance(&heads[*b]))).unwrap_or(0)
    };
    let spread: Vec<usize> = columns.iter().map(nearest).collect();
    let centered = (0..heads.len()).all(|head| {
        let under = values.iter().filter(|at| spread[**at] == head).map(|at| columns[*at].x());
        let around = under.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        around.is_some_and(|around| (middle(around) - middle(heads[head].x())).abs() < pitch * 0.45)
    });
    // As many columns under each, but for a last head right over its one column: a note's column is under none.
    let share = |head: usize| values.iter().filter(|at| spread[**at] == head).count();
    let over_one = |head: usize| {
        head + 1 == heads.len()
            && heads.len() > 2
            && share(head) == 1
            && values.iter().any(|at| overlap(columns[*at].x(), heads[head].x()) > 0.0)
    };
    (centered && share(0) > 1 && (1..heads.len()).all(|head| share(head) == share(0) || over_one(head))).then_some(spread)
}

/// The same where each head ends with the last of its columns.
fn spread_right(heads: &[&Piece], columns: &[Column], size: f32) -> Option<Vec<usize>> {
    let values: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].values).collect();
    let ends: Option<Vec<usize>> =
        heads.iter().map(|head| values.iter().copied().find(|at| (columns[*at].to - head.bbox[2]).abs() < size * 0.8)).collect();
    let ends = ends.filter(|ends| ends.len() >= 2 && ends.len() < values.len() && ends.last() == values.last())?;
    Some((0..columns.len()).map(|column| ends.partition_point(|end| *end < column).min(ends.len() - 1)).collect())
}

/// A row of figures, cell by cell; what stands left of the columns is its label.
fn body_row(line: &Line, columns: &[Column], left: f32) -> Vec<Cell> {
    let mut cells = vec![Cell::default(); columns.len() + 1];
    cells[0].left = left;
    let one_each = astray(line, columns) && line.pieces.len() == cells.len();
    for (at, piece) in line.pieces.iter().enumerate() {
        let best = columns
            .iter()
            .enumerate()
            .map(|(at, column)| (at, overlap(column.x(), piece.x())))
            .filter(|(_, shared)| *shared > 0.0)
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let best = if one_each { at.checked_sub(1).map(|column| (column, 1.0)) } else { best };
        let label = at == 0 && !piece.value;
        match best {
            Some((column, _)) if !label => {
                cells[column + 1].lines.push(piece.glyphs.clone());
                cells[column + 1].left = columns[column].from;
            }
            _ => {
                if cells[0].lines.is_empty() {
                    cells[0].indent = (((piece.bbox[0] - left) / line.size * 2.0).round().max(0.0)) as u32;
                }
                match cells[0].lines.last_mut() {
                    Some(label) => label.extend(&piece.glyphs),
                    None => cells[0].lines.push(piece.glyphs.clone()),
                }
            }
        }
    }
    cells
}
