//! Splits text into lines and takes out what is no text of the report: running heads, page numbers, vertical marginalia.
//!
//! In:  the characters of a document.
//! Out: folded lines with their offsets; a line of furniture is marked, with why, and takes no part in reading order.
//!
//! A tab in a folded line stands for a gap of two blanks or more: a column may begin there.

use super::headings::{Style, marked};
use crate::knowledge::Knowledge;
use foldhash::{HashMap, HashSet};

/// A line, folded.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// Line from 1.
    pub(crate) number: u32,
    /// Offset of its first character.
    pub(crate) start: u32,
    /// Folded, white space at the ends taken off; one blank for one, a tab for more.
    pub(crate) chars: Vec<char>,
    /// Offset of each.
    pub(crate) origin: Vec<u32>,
    /// Blanks before its first character.
    pub(crate) lead: usize,
    /// A blank line, or a page's end, stands before.
    pub(crate) gap: bool,
    /// Taken out.
    pub(crate) furniture: bool,
    /// Furniture stands between it and the line before.
    pub(crate) after_furniture: bool,
    /// Which marks stand in it, a [`bit`] each: lines are asked for them again and again.
    pub(crate) marks: u32,
    /// The mark of a heading that it carries, and where the name behind begins.
    pub(crate) mark: Option<(Style, usize)>,
    /// It is a row of this table of the layout.
    pub(crate) table: Option<usize>,
    /// It looks like a heading; 0 is the most prominent look.
    pub(crate) rank: Option<u8>,
    /// How it stands to the line before, where the file says so.
    pub(crate) joins: Joins,
}

/// How a line stands to the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Joins {
    /// Nobody says: a line of text or of a page.
    #[default]
    Unknown,
    /// It begins a paragraph.
    Begins,
    /// It goes on with the paragraph.
    Continues,
}

/// The bit of a mark that a line can be asked for; 0 for any other character.
fn bit(mark: char) -> u32 {
    // Most characters are Han and stand behind all marks.
    if mark > '。' {
        return 0;
    }
    match mark {
        '。' => 1,
        ',' => 1 << 1,
        ';' => 1 << 2,
        '!' => 1 << 3,
        '?' => 1 << 4,
        ':' => 1 << 5,
        '(' => 1 << 6,
        ')' => 1 << 7,
        '\t' => 1 << 8,
        ' ' => 1 << 9,
        '•' => 1 << 10,
        '●' => 1 << 11,
        _ => 0,
    }
}

impl Line {
    /// Does any of these marks stand in it? Only those of [`bit`] can be asked for.
    pub(crate) fn has(&self, marks: &str) -> bool {
        marks.chars().any(|mark| self.marks & bit(mark) != 0)
    }
}

/// Lines that hold something, and where lines and pages start.
pub(crate) struct Lines {
    pub(crate) lines: Vec<Line>,
    pub(crate) line_starts: Vec<u32>,
    pub(crate) page_starts: Vec<u32>,
}

/// The lines of a text.
pub(crate) fn lines(source: &[char], knowledge: &Knowledge) -> Lines {
    // At once, for a long text: what grows is held twice while it does.
    let most = source.iter().filter(|c| **c == '\n').count() + 1;
    let mut result = Lines { lines: Vec::with_capacity(most), line_starts: Vec::with_capacity(most), page_starts: Vec::new() };
    result.line_starts.push(0);
    let mut gap = true;
    let mut at = 0;
    while at < source.len() {
        let end = source[at..].iter().position(|c| matches!(c, '\n' | '\u{C}')).map_or(source.len(), |ahead| at + ahead);
        let line = folded(source, at, end, result.line_starts.len() as u32, gap, knowledge);
        gap = line.chars.is_empty();
        if !gap {
            result.lines.push(line);
        }
        if end < source.len() {
            if source[end] == '\n' {
                result.line_starts.push(end as u32 + 1);
            } else {
                result.page_starts.push(end as u32 + 1);
                gap = true;
            }
        }
        at = end + 1;
    }
    if !result.page_starts.is_empty() {
        result.page_starts.insert(0, 0);
        if result.page_starts.last() == Some(&(source.len() as u32)) {
            result.page_starts.pop();
        }
    }
    contents(&mut result.lines);
    vertical(&mut result.lines);
    running(&mut result.lines, &result.page_starts);
    let mut behind = false;
    for line in &mut result.lines {
        line.after_furniture = behind && !line.furniture;
        behind = line.furniture;
    }
    result
}

/// A stretch of text as a line.
pub(crate) fn folded(source: &[char], start: usize, end: usize, number: u32, gap: bool, knowledge: &Knowledge) -> Line {
    let mut line = Line {
        number,
        start: start as u32,
        chars: Vec::with_capacity(end - start),
        origin: Vec::with_capacity(end - start),
        gap,
        ..Line::default()
    };
    let mut blanks = 0;
    for (offset, &c) in source[start..end].iter().enumerate() {
        let folded = knowledge.fold.char(c);
        // Han characters, kana and their marks are neither blank nor control.
        if !('\u{3001}'..='\u{9FFF}').contains(&c) {
            if folded == ' ' || c.is_whitespace() {
                blanks += if c == '\t' || c == '\u{3000}' { 2 } else { 1 };
                continue;
            }
            if matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{AD}' | '\u{200E}' | '\r') || c.is_control() {
                continue;
            }
        }
        if line.chars.is_empty() {
            line.lead = blanks;
        } else if blanks > 0 {
            line.chars.push(if blanks > 1 { '\t' } else { ' ' });
            line.origin.push((start + offset) as u32 - 1);
        }
        blanks = 0;
        line.chars.push(folded);
        line.origin.push((start + offset) as u32);
    }
    close_spaced(&mut line);
    // A comma of thousands is no mark.
    let digit = |at: usize| line.chars.get(at).is_some_and(char::is_ascii_digit);
    let mark = |at: usize| if line.chars[at] == ',' && at > 0 && digit(at - 1) && digit(at + 1) { 0 } else { bit(line.chars[at]) };
    line.marks = (0..line.chars.len()).fold(0, |marks, at| marks | mark(at));
    line.mark = marked(&line, &knowledge.words);
    line
}

/// Takes the blanks out of letter-spaced stretches: 「雲 嶺 鐵 塔」, 「3 2 . 6 %」.
fn close_spaced(line: &mut Line) {
    if !line.chars.contains(&' ') {
        return;
    }
    // Runs of three and more single characters with single blanks between, not all of them digits.
    let mut drop = vec![false; line.chars.len()];
    let single = |at: usize| {
        line.chars[at] != ' '
            && line.chars[at] != '\t'
            && (at == 0 || matches!(line.chars[at - 1], ' ' | '\t'))
            && (at + 1 == line.chars.len() || matches!(line.chars[at + 1], ' ' | '\t'))
    };
    let mut at = 0;
    while at < line.chars.len() {
        if !single(at) {
            at += 1;
            continue;
        }
        let first = at;
        while at + 2 < line.chars.len() && line.chars[at + 1] == ' ' && single(at + 2) {
            at += 2;
        }
        let letters: Vec<char> = line.chars[first..=at].iter().copied().filter(|c| *c != ' ').collect();
        if letters.len() >= 3 && letters.iter().any(|c| !c.is_ascii_digit()) {
            // The blanks at both ends of the run belong to it too, where its neighbour is no column.
            let (from, to) = (first.saturating_sub(1), (at + 2).min(line.chars.len()));
            for (dropped, c) in drop[from..to].iter_mut().zip(&line.chars[from..to]) {
                *dropped |= *c == ' ';
            }
        }
        at += 1;
    }
    let mut keep = drop.iter().map(|dropped| !dropped);
    line.chars.retain(|_| keep.next().unwrap_or(true));
    let mut keep = drop.iter().map(|dropped| !dropped);
    line.origin.retain(|_| keep.next().unwrap_or(true));
}

/// Marks text that runs down a margin: three lines and more of one character each.
fn vertical(lines: &mut [Line]) {
    let thin = |line: &Line| {
        let han = line.chars.iter().filter(|c| !c.is_ascii()).count();
        let digits = line.chars.iter().all(|c| !c.is_ascii() || c.is_ascii_digit());
        digits && han <= 1 && line.chars.len() <= 5 && line.chars.iter().all(|c| c.is_alphanumeric())
    };
    let mut at = 0;
    while at < lines.len() {
        let length = lines[at..].iter().take_while(|line| thin(line)).count();
        let run = &mut lines[at..at + length];
        let letters = run.iter().filter(|line| line.chars.len() == 1 && !line.chars[0].is_ascii()).count();
        if length >= 3 && letters * 2 >= length {
            for line in run {
                line.furniture = true;
            }
        }
        at += length.max(1);
    }
}

/// A page number standing alone: 「20」, 「– 2 –」, 「第27页」.
fn page_number(line: &Line) -> bool {
    if !line.chars.iter().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\t' | '-' | '–' | '—' | '·' | '第' | '页')) {
        return false;
    }
    let inner: String = line.chars.iter().filter(|c| !matches!(c, ' ' | '\t' | '-' | '–' | '—' | '·')).collect();
    let dashed = inner.len() < line.chars.len() && !line.chars.is_empty() && !line.chars[0].is_ascii_digit();
    let digits = !inner.is_empty() && inner.len() <= 3 && inner.bytes().all(|byte| byte.is_ascii_digit());
    let named = inner
        .strip_prefix('第')
        .and_then(|rest| rest.strip_suffix('页'))
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    digits && (dashed || line.gap || line.lead > 3) || named
}

/// Marks a table of contents: lines one after the other whose leaders lead to pages that rise. Leaders may lead to values too.
fn contents(lines: &mut [Line]) {
    let pages: Vec<Option<u32>> = lines.iter().map(|line| led_to(&line.chars)).collect();
    let mut at = 0;
    while at < pages.len() {
        let rises = |pair: &[Option<u32>]| matches!(pair, [Some(page), Some(next)] if page <= next);
        let run = 1 + pages[at..].windows(2).take_while(|pair| rises(pair)).count();
        if run > 1 {
            lines[at..at + run].iter_mut().for_each(|line| line.furniture = true);
        }
        at += run;
    }
}

/// The page that a line of a table of contents leads to: 二、治好每一条河 ………… 4.
fn led_to(chars: &[char]) -> Option<u32> {
    let name = chars.iter().rposition(|c| !c.is_ascii_digit())? + 1;
    let leader: Vec<char> =
        chars[..name].iter().rev().copied().skip_while(|c| matches!(c, ' ' | '\t')).take_while(|c| matches!(c, '…' | '.' | '·')).collect();
    let leads = leader.len() >= 6 || leader.len() >= 2 && leader[0] == '…';
    let page = (chars.len() - name <= 3).then(|| chars[name..].iter().collect::<String>().parse().ok())?;
    page.filter(|_| leads)
}

/// Marks running heads and page numbers: what recurs beside page numbers, and the title of a chapter at the top of its pages.
fn running(lines: &mut [Line], page_starts: &[u32]) {
    let keys: Vec<Option<u64>> = lines.iter().map(key).collect();
    let mut counts: HashMap<u64, usize> = HashMap::default();
    for key in keys.iter().flatten() {
        *counts.entry(*key).or_default() += 1;
    }
    let recurs = |at: usize| keys[at].is_some_and(|key| counts[&key] >= 2);
    let numbers: Vec<bool> = lines.iter().map(page_number).collect();
    let mut marks = vec![false; lines.len()];
    for at in 0..lines.len() {
        let next_gap = lines.get(at + 1).is_none_or(|next| next.gap || next.furniture);
        let number = numbers[at] && (next_gap || lines[at].lead > 3 || recurs(at + 1));
        // 26 | 公司 2022 报告
        let barred = lines[at].chars.contains(&'|') && titled(&lines[at]);
        if !number && !barred {
            let dated = lines[at].chars.iter().any(char::is_ascii_digit);
            marks[at] |= at > 3 && dated && recurs(at) && titled(&lines[at]);
            continue;
        }
        marks[at] = true;
        for near in at.saturating_sub(3)..(at + 4).min(lines.len()) {
            let digits = lines[near].chars.iter().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\t'));
            if near != at && recurs(near) && !lines[near].has("。;,") && !digits {
                marks[near] |= titled(&lines[near]) || near + 1 == at || near == at + 1 || marks[near - usize::from(near > 0)];
            }
        }
    }
    // The title of a chapter beside a running head has been read where the chapter began.
    let mut seen: HashSet<u64> = HashSet::default();
    let mut pages = page_starts.iter().peekable();
    for at in 0..lines.len() {
        let begun = std::iter::from_fn(|| pages.next_if(|start| **start <= lines[at].start)).count();
        let Some(key) = keys[at] else { continue };
        let beside = at > 0 && marks[at - 1] && !lines[at].gap && !numbers[at - 1];
        let tops = begun > 0 && !lines[at].has("。;,\t");
        marks[at] |= (beside || tops) && lines[at].chars.len() <= 24 && seen.contains(&key);
        seen.insert(key);
    }
    for (line, mark) in lines.iter_mut().zip(marks) {
        line.furniture |= mark;
    }
}

/// What a short line says with its digits masked, as a hash: the same head on page 12 and 13 has one key.
fn key(line: &Line) -> Option<u64> {
    if line.chars.len() > 60 {
        return None;
    }
    let masked = line.chars.iter().filter(|c| !matches!(c, ' ' | '\t')).map(|c| if c.is_ascii_digit() { '#' } else { *c });
    // FNV-1a over code points.
    Some(masked.fold(0xCBF2_9CE4_8422_2325, |hash, c| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x100_0000_01B3)))
}

/// May it be the title of a report, as a running head has it?
fn titled(line: &Line) -> bool {
    const WORDS: [[char; 2]; 4] = [['报', '告'], ['公', '告'], ['年', '报'], ['公', '报']];
    line.chars.len() <= 44 && !line.has("。,;") && line.chars.windows(2).any(|pair| WORDS.iter().any(|word| word == pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaders_to_rising_pages_are_contents_and_others_may_be_values() {
        let knowledge = Knowledge::read(None).unwrap();
        let furniture = |text: &str| {
            let source: Vec<char> = text.chars().collect();
            lines(&source, &knowledge).lines.iter().map(|line| line.furniture).collect::<Vec<_>>()
        };
        assert_eq!(furniture("一、治水 ………… 2\n二、办事 ………… 5\n一、治水\n"), [true, true, false]);
        assert_eq!(furniture("员工总数（人） ........ 860\n培训场次（场） ........ 126\n"), [false, false]);
        assert_eq!(furniture("捐赠（万元） ........ 352\n"), [false]);
    }
}
