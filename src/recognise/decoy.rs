//! Tells the numerals that are no quantity: names, models, standards, telephone numbers, ordinals, list numbers.
//!
//! In:  folded text and the position of a numeral.
//! Out: the stretch that is refused, and why.
//!
//! Words are rows of `data/zh/decoys.csv` and `standards.csv`; here is what has a shape: letters grown together with digits,
//! 「第四批」, 「〔2022〕15号」, 「1.2 标题」.

use crate::knowledge::words::Words;
use crate::model::Reason;
use std::ops::Range;

/// The decoy word that covers the numeral at `at`.
pub(crate) fn word(chars: &[char], at: usize, words: &Words) -> Option<(Range<usize>, Reason)> {
    let list = words.decoys.get(&chars[at])?;
    list.iter().find_map(|decoy| {
        let start = at.checked_sub(decoy.lead)?;
        let end = start + decoy.word.len();
        if chars.get(start..end) != Some(&decoy.word[..]) {
            return None;
        }
        // A word of digits only must not be cut out of a longer number.
        let digits = decoy.word.iter().all(char::is_ascii_digit);
        let grown =
            digits && (chars.get(end).is_some_and(|&c| grows(c) || words.scales.contains_key(&c)) || start > 0 && grows(chars[start - 1]));
        let measured = digits && words.units.at(chars, end).is_some();
        (!grown && !measured).then(|| (start..end, decoy.reason))
    })
}

/// A character that would make a number longer.
fn grows(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '%')
}

/// Letters and digits grown together: IPv6, 5G, DL-300, 2I2C, 10G-PON. `unit_end` is where a unit behind the digits ends, if there
/// is one: 25.2Mbps is no model.
pub(crate) fn model(
    chars: &[char],
    at: usize,
    digits_end: usize,
    unit_end: Option<usize>,
    words: &Words,
) -> Option<(Range<usize>, Reason)> {
    let letter = |at: usize| chars.get(at).is_some_and(|c| c.is_ascii_alphabetic());
    let joined = |at: usize| chars.get(at).is_some_and(|&c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | '/' | '_'));
    let mut start = at;
    if at > 0 && (letter(at - 1) || at > 1 && matches!(chars[at - 1], '-' | '+' | '/' | '.') && chars[at - 2].is_ascii_alphanumeric()) {
        // A currency's letters are no part of a name: RMB100, HK$2.5.
        if words.currencies.before(chars, at).is_some() {
            return None;
        }
        while start > 0 && joined(start - 1) {
            start -= 1;
        }
    }
    let behind = letter(digits_end);
    if start == at && !behind {
        return None;
    }
    if start == at && unit_end.is_some_and(|end| !letter(end) && !(matches!(chars.get(end), Some('-')) && letter(end + 1))) {
        return None;
    }
    let mut end = digits_end;
    while joined(end) {
        end += 1;
    }
    while end > digits_end && matches!(chars[end - 1], '-' | '.' | '+' | '/') {
        end -= 1;
    }
    Some((start..end, Reason::Model))
}

/// The number of a standard behind its Latin word: ISO 14001, GB/T 2260, ISO 14064-1:2018.
pub(crate) fn standard(chars: &[char], at: usize, digits_end: usize, words: &Words) -> Option<(Range<usize>, Reason)> {
    let mut start = at;
    while start > 0 && (chars[start - 1] == ' ' || chars[start - 1] == '-') {
        start -= 1;
    }
    let word_end = start;
    while start > 0 && (chars[start - 1].is_ascii_alphabetic() || chars[start - 1] == '/') {
        start -= 1;
    }
    if start == word_end || !words.standards.contains(&chars[start..word_end].iter().collect::<String>()) {
        return None;
    }
    let mut end = digits_end;
    while chars.get(end).is_some_and(|c| matches!(c, '-' | ':' | '.')) && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        end += 2;
        while chars.get(end).is_some_and(char::is_ascii_digit) {
            end += 1;
        }
    }
    Some((start..end, Reason::Standard))
}

/// A number that names a document: 〔2022〕15号, (2019)12号.
pub(crate) fn document(chars: &[char], at: usize, digits_end: usize) -> Option<(Range<usize>, Reason)> {
    let open = at.checked_sub(1).map(|before| chars[before]);
    if matches!(open, Some('〔' | '[' | '【')) && matches!(chars.get(digits_end), Some('〕' | ']' | '】')) {
        return Some((at..digits_end, Reason::Name));
    }
    let closes = matches!(open, Some('〕' | ']' | ')')) && chars.get(digits_end) == Some(&'号');
    closes.then_some((at..digits_end + 1, Reason::Name))
}

/// The number of a list item or heading at the head of a block: 「1.」, 「（一）」, 「3.1 」, 「註1：」.
pub(crate) fn list(chars: &[char], at: usize, end: usize) -> Option<(Range<usize>, Reason)> {
    let head = chars[..at].iter().all(|c| matches!(c, '(' | ' ' | '注' | '附' | '表' | '图' | '[' | '【' | '-' | '•'));
    let next = chars.get(end).copied();
    let dotted = next == Some('.') && !chars.get(end + 1).is_some_and(char::is_ascii_digit);
    let closed = matches!(next, Some('、' | ')' | ':' | '〕' | ']' | '】'));
    let noted = at > 0 && matches!(chars[at - 1], '注' | '表' | '图')
        || at > 1 && chars[at - 1] == ' ' && matches!(chars[at - 2], '注' | '表' | '图');
    (head && (dotted || closed || noted)).then_some((at..end, Reason::List))
}
