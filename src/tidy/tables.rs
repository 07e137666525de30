//! Finds tables in lines of text: header rows over rows of values, and the cells of infographics.
//!
//! In:  folded lines in which a tab stands for a wide gap.
//! Out: rows that belong together, with a cell for every column: what rows are called in the first, which is empty where they have
//!      no names; each character of a cell leads back to its place in the document.
//!
//! Where a line has wide gaps they part its cells; else every blank does. A value and its unit (「19 所」, 「109 年」) stay one cell.

use super::lines::Line;
use crate::knowledge::cues::Cue;
use crate::knowledge::words::Words;
use crate::model::{Cell, Folded};

/// A cell of a line.
pub(crate) fn cells(line: &Line, words: &Words) -> Vec<Cell> {
    let wide = line.chars.contains(&'\t');
    let mut cells: Vec<Cell> = Vec::new();
    let mut at = 0;
    while at < line.chars.len() {
        if matches!(line.chars[at], ' ' | '\t') {
            at += 1;
            continue;
        }
        let end = line.chars[at..].iter().position(|c| matches!(c, ' ' | '\t')).map_or(line.chars.len(), |ahead| at + ahead);
        let token = Folded { chars: line.chars[at..end].to_vec(), origin: line.origin[at..end].to_vec() };
        let narrow = at > 0 && line.chars[at - 1] == ' ';
        let join = narrow
            && cells.last().is_some_and(|last| {
                let (left, right) = (&last.text.chars, &token.chars);
                let unit = is_number(left) && is_unit(right, words);
                let text = wide && !is_value(left, words) && !is_value(right, words);
                let bracket = right[0] == '(' && right.last() == Some(&')') && !is_number(right) && !is_value(left, words);
                let front = left.len() <= 2
                    && words.before.before(left, left.len()).is_some_and(|(length, _)| length == left.len())
                    && is_number(right);
                // 公吨 CO2e
                let parts = || !is_number(left) && right[0].is_ascii_alphabetic() && is_unit(&[&left[..], right].concat(), words);
                unit || text || front || bracket || parts()
            });
        match cells.last_mut() {
            Some(last) if join => {
                last.text.chars.extend(token.chars);
                last.text.origin.extend(token.origin);
            }
            _ => cells.push(Cell { indent: (line.lead + at) as u32, text: token }),
        }
        at = end;
    }
    cells
}

/// Rows of values with their labels below, and perhaps changes below those.
fn values_over_labels(values: Vec<Cell>, below: &[&Line], words: &Words) -> Option<Found> {
    let labels = wide_cells(below.first()?);
    let plain = |cell: &Cell| !is_value(&cell.text.chars, words) && cell.text.chars.len() >= 2;
    if labels.len() != values.len() || !labels.iter().all(plain) || below[0].has("。;") {
        return None;
    }
    let mut rows = vec![labels, values];
    for line in &below[1..] {
        let row = wide_cells(line);
        if line.gap || row.len() != rows[0].len() || !row.iter().all(|cell| cell.text.chars.iter().any(char::is_ascii_digit)) {
            break;
        }
        rows.push(row);
    }
    let lines = rows.len();
    Some(Found { rows: rows.into_iter().map(unlabelled).collect(), header_rows: 1, lines })
}

/// The cells of a line parted at its wide gaps alone.
fn wide_cells(line: &Line) -> Vec<Cell> {
    let mut cells = vec![Cell::default()];
    for (at, (&c, &origin)) in line.chars.iter().zip(&line.origin).enumerate() {
        let cell = cells.last_mut().expect("one cell at least");
        match c {
            '\t' => cells.push(Cell { indent: (line.lead + at) as u32, ..Cell::default() }),
            ' ' => {}
            _ => {
                cell.text.chars.push(c);
                cell.text.origin.push(origin);
            }
        }
    }
    cells
}

/// Digits with separators, a sign, brackets, a percent sign; or the mark of an absent value.
pub(crate) fn is_number(chars: &[char]) -> bool {
    let part = |c: &char| c.is_ascii_digit() || matches!(c, ',' | '.' | '(' | ')' | '-' | '−' | '+' | '%' | '>' | '<' | '*');
    chars.iter().all(part) && chars.iter().any(char::is_ascii_digit)
}

/// 「—」, 「-」, 「不適用」: no value is given.
pub(crate) fn is_absent(chars: &[char], words: &Words) -> bool {
    chars.len() <= 3 && (matches!(chars, ['-' | '—' | '–' | '/'] | ['-', '-'] | ['—', '—']) || words.cues.is(Cue::Absent, chars))
}

/// A time and nothing else: 「2018年」, 「2020年1-6月」, 「于2025年3月31日」.
pub(crate) fn is_time_alone(text: &str) -> bool {
    let part = |c: char| c.is_ascii_digit() || "一二三四五六七八九〇零十年月日度末底份至第季上下半-—–~/.截止于 ".contains(c);
    text.chars().all(part)
}

/// Text in a cell that is more than a label or a value.
pub(crate) fn is_sentence(chars: &[char]) -> bool {
    chars.len() >= 20 && chars.iter().any(|c| matches!(c, '。' | ',' | ';')) && chars.iter().filter(|c| !c.is_ascii()).count() >= 12
}

/// Is the whole of it a unit, perhaps behind a multiplier?
fn is_unit(chars: &[char], words: &Words) -> bool {
    let scale = chars.iter().take_while(|c| words.scale(**c).is_some()).count();
    // 个县
    if chars.first() == Some(&'个') && words.counted.at(chars, 1).is_some_and(|(length, _)| length + 1 == chars.len()) {
        return true;
    }
    (0..=scale).any(|at| at == chars.len() && at > 0 || words.units.all_at(chars, at).any(|(length, _)| at + length == chars.len()))
        || chars.contains(&'/') && words.units.at(chars, scale).is_some()
}

/// Units and nothing else: 「千港元 千港元」.
pub(crate) fn is_units(chars: &[char], words: &Words) -> bool {
    !chars.iter().any(char::is_ascii_digit) && chars.split(|c| matches!(c, ' ' | '\t')).all(|word| is_unit(word, words))
}

/// A number that may carry unit, currency and comparator: 「約1,420萬元」, 「HK$186.4億」, 「同比下降18.7%」 is none.
pub(crate) fn is_value(chars: &[char], words: &Words) -> bool {
    if is_number(chars) || is_absent(chars, words) {
        return true;
    }
    if !chars.iter().any(char::is_ascii_digit) {
        return false;
    }
    let chars: Vec<char> = chars.iter().copied().filter(|c| *c != ' ').collect();
    // A comparator, a currency, or one behind the other.
    let mut from = 0;
    for _ in 0..2 {
        if chars.get(from).is_some_and(|c| !is_part(c)) {
            from += front(&chars[from..], words);
        }
    }
    let digits = chars[from..].iter().take_while(|c| is_part(c)).count();
    if !chars[from..from + digits].iter().any(char::is_ascii_digit) {
        return false;
    }
    // 10余万元, 20万以上; 50岁以上 and 1年以内 are classes, which name values.
    let tail = &chars[from + digits..];
    let tail = &tail[words.inside.at(tail, 0).map_or(0, |(length, _)| length)..];
    let ends = |at: &usize| *at == tail.len() || words.after.at(tail, *at).is_some_and(|(length, _)| at + length == tail.len());
    let class = |end: usize| end < tail.len() && is_age(&tail[..end], words);
    (0..=tail.len()).filter(ends).any(|end| end == 0 || is_unit(&tail[..end], words) && !class(end))
}

/// Is it a unit of age?
fn is_age(chars: &[char], words: &Words) -> bool {
    let age = |unit: &str| matches!(unit, "岁" | "year" | "month" | "day");
    words.units.all_at(chars, 0).any(|(length, word)| length == chars.len() && age(&word.unit))
}

/// What the digits of a value consist of.
fn is_part(c: &char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '(' | ')' | '%' | '+')
}

/// How long the comparator or currency is that a text begins with.
fn front(chars: &[char], words: &Words) -> usize {
    let is_front = |end: &usize| {
        let is = |found: Option<usize>| found == Some(*end);
        is(words.before.before(chars, *end).map(|(length, _)| length)) || is(words.currencies.before(chars, *end).map(|(length, _)| length))
    };
    (1..chars.len().min(5)).rev().find(is_front).unwrap_or(0)
}

/// A column that says when: 2022, 2022年, 109年, 2024E, 5月份.
pub(crate) fn is_period(chars: &[char], roc: bool) -> bool {
    let text: String = chars.iter().filter(|c| **c != ' ').collect();
    let bare = text.trim_end_matches(['度', '末', '底', 'E', 'A']).trim_end_matches('年');
    let number: Option<i32> = bare.parse().ok();
    // 2020.12.31, 2020-12-31, 2020/6/30
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    if let [year, month, day] = parts[..] {
        let within = |text: &str, from: u32, to: u32| text.parse().is_ok_and(|number: u32| (from..=to).contains(&number));
        return within(year, 1990, 2100) && within(month, 1, 12) && within(day, 1, 31);
    }
    match number {
        Some(year) if (1990..=2100).contains(&year) => true,
        Some(year) if roc && (80..=150).contains(&year) => true,
        _ => {
            text.contains('年') && text.chars().any(|c| c.is_ascii_digit()) && text.chars().count() <= 24
                || text.contains("月") && text.chars().count() <= 10 && text.starts_with(|c: char| c.is_ascii_digit())
        }
    }
}

/// What was found at a line: rows and how many of them are headers, and how many lines it takes.
pub(crate) struct Found {
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) header_rows: usize,
    pub(crate) lines: usize,
}

/// The table that begins at the first of these lines.
pub(crate) fn table(lines: &[&Line], words: &Words, roc: bool) -> Option<Found> {
    let header_line = lines.first()?;
    if !header_line.has(" \t") || header_line.has("。;,") || header_line.chars.len() > 120 {
        return None;
    }
    let header = cells(header_line, words);
    // Values over their labels: the labels are the head.
    if header.len() >= 2
        && header.iter().all(|cell| is_value(&cell.text.chars, words))
        && !header.iter().all(|cell| is_period(&cell.text.chars, roc))
    {
        return values_over_labels(header, &lines[1..], words);
    }
    let period = |cell: &Cell| is_period(&cell.text.chars, roc);
    if header.len() < 2 || header.iter().any(|cell| is_value(&cell.text.chars, words) && !period(cell)) {
        return None;
    }
    // A second line of the head says something of a column in brackets: 「（經重列）」.
    let more = lines[1..].iter().take(2).take_while(|line| line.chars.first() == Some(&'(') && !line.chars.contains(&'\t')).count();
    let body: Vec<&Line> = lines[1 + more..].iter().copied().take_while(|line| !line.has("。")).take(400).collect();
    let rows = |fits: &dyn Fn(&[Cell]) -> bool| -> Vec<Vec<Cell>> {
        body.iter().map(|line| cells(line, words)).take_while(|row| fits(row)).collect()
    };
    let value = |cell: &Cell| is_value(&cell.text.chars, words);
    // Values with no names, under a head each.
    let columns = |rows: Vec<Vec<Cell>>, lines: usize| {
        let rows = std::iter::once(header.clone()).chain(rows).map(unlabelled).collect();
        Some(Found { rows, header_rows: 1, lines: lines + 1 + more })
    };
    // Years alone over single values: a column read downwards.
    if header.iter().all(period) {
        let column: Vec<Vec<Cell>> = rows(&|row| row.len() == 1 && value(&row[0]));
        if column.len() >= header.len() && header.len() >= 2 {
            let row = column.into_iter().take(header.len()).flatten().collect();
            return columns(vec![row], header.len());
        }
    }
    // 年度 男 女 合计: a year leads each row.
    if words.cues.is(Cue::YearHead, &header[0].text.chars) {
        let data = rows(&|row| {
            row.len() == header.len() && row.iter().all(value) || row.len() == header.len() && is_period(&row[0].text.chars, roc)
        });
        if !data.is_empty() {
            let lines = data.len() + 1 + more;
            let rows = std::iter::once(header).chain(data).collect();
            return Some(Found { rows, header_rows: 1, lines });
        }
    }
    // Labels over values, column by column.
    if !header.iter().any(period) {
        let data = rows(&|row| row.len() == header.len() && row.iter().any(|cell| cell.text.chars.iter().any(char::is_ascii_digit)));
        if data.first().is_some_and(|row| row.iter().all(value)) {
            // Rows below may say how each value changed: 「同比下降 18.7%」, a word and a number in one cell.
            let more = body[data.len()..]
                .iter()
                .map(|line| wide_cells(line))
                .take_while(|row| row.len() == header.len() && row.iter().all(|cell| cell.text.chars.iter().any(char::is_ascii_digit)));
            let data: Vec<Vec<Cell>> = data.iter().cloned().chain(more).collect();
            let count = data.len();
            return columns(data, count);
        }
    }
    // A label and its values.
    let values = |row: &[Cell]| row.iter().skip(1).filter(|cell| value(cell)).count();
    let fits = |row: &[Cell]| {
        let enough = values(row) >= 1 && row.len() >= 2 && !value(&row[0]);
        enough && row.len() <= header.len() + 1 && row.len() + 1 >= header.len() && values(row) + 2 >= row.len()
    };
    let mut data: Vec<Vec<Cell>> = Vec::new();
    for (at, line) in body.iter().enumerate() {
        let row = cells(line, words);
        // A row of no values heads those below it that stand further in.
        let parent = row.len() == 1
            && !value(&row[0])
            && row[0].text.chars.len() <= 20
            && body.get(at + 1).is_some_and(|next| next.lead > line.lead && fits(&cells(next, words)));
        if !parent && !fits(&row) {
            break;
        }
        data.push(row);
    }
    let periods = header.iter().filter(|cell| period(cell)).count();
    if data.is_empty() || data.iter().map(|row| values(row)).max() < Some(2) && periods == 0 {
        return None;
    }
    let lines = data.len() + 1 + more;
    Some(Found { rows: labelled(header, data, words), header_rows: 1, lines })
}

/// A row with an empty cell in front, where the names of rows would stand.
fn unlabelled(row: Vec<Cell>) -> Vec<Cell> {
    std::iter::once(Cell::default()).chain(row).collect()
}

/// A head over rows of a label and its values, each cell under its column. Cells stand under the heads counted from the right: a
/// row may have a unit that has no head, or lack a value, and the head may have nothing over the labels.
fn labelled(header: Vec<Cell>, rows: Vec<Vec<Cell>>, words: &Words) -> Vec<Vec<Cell>> {
    let width = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    let spread = |mut row: Vec<Cell>, in_front: usize| {
        let values = row.split_off(in_front.min(row.len()));
        let gap = width - row.len() - values.len();
        row.extend(std::iter::repeat_n(Cell::default(), gap));
        row.extend(values);
        row
    };
    let over_labels = usize::from(words.cues.is(Cue::LabelHead, &header[0].text.chars));
    let rows = rows.into_iter().map(|row| spread(row, 1));
    std::iter::once(spread(header, over_labels)).chain(rows).collect()
}
