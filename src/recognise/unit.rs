//! Reads the unit behind a number.
//!
//! In:  folded text and the place where the number ends: 「个基站」, 「件/百万用户」, 「G」 of 「7911G」.
//! Out: the unit's code, where it stands, what it is like; nothing where the word there is none (分 of 分别).
//!
//! Units are rows of `data/zh/unit_words.csv`, their codes of `data/units.csv`; what 「个」 counts is a row of `counted_nouns.csv`.
//! A letter of a network, 度 and 分 are decided by the words of their clause.

use crate::knowledge::cues::Cue;
use crate::knowledge::words::{UnitWord, Words};
use crate::model::{Comparator, UnitRole};
use std::ops::Range;

/// A unit behind a number.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// Code of `units.csv`.
    pub(crate) code: String,
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// Where the words that belong to it end.
    pub(crate) end: usize,
    /// What it is like.
    pub(crate) role: UnitRole,
    /// A part of the unit, as a power of ten.
    pub(crate) part: i32,
    /// A comparator between number and unit: 50多个.
    pub(crate) inside: Option<Comparator>,
    /// 元 and its like: which currency it is, the report or a word before the number says.
    pub(crate) plain_money: bool,
}

impl Unit {
    /// A measure that stands at `span`.
    pub(crate) fn of(code: &str, span: Range<usize>) -> Unit {
        let end = span.end;
        Unit { code: code.to_string(), span, end, role: UnitRole::Measure, part: 0, inside: None, plain_money: false }
    }

    /// The unit that a currency before the number gives; `plain` is the report's currency where the sign names no country.
    pub(crate) fn front(word: &UnitWord, plain: Option<&str>) -> Unit {
        // A plain $ is the report's own dollar.
        let own = plain.filter(|currency| matches!(*currency, "HKD" | "TWD"));
        let mut unit = Unit::of(own.unwrap_or(&word.unit), 0..0);
        unit.part = word.part;
        unit
    }

    /// Did it stand before the number?
    pub(crate) fn is_front(&self) -> bool {
        self.end == 0
    }

    /// Does a unit that counts follow at `at`?
    pub(crate) fn follows(chars: &[char], at: usize, words: &Words) -> bool {
        words.units.at(chars, at).is_some_and(|(_, word)| word.role == UnitRole::Counter)
    }

    /// The unit that begins at `at`, perhaps behind 多, 余 or a blank.
    pub(crate) fn read(chars: &[char], at: usize, words: &Words, currency: &str) -> Option<Unit> {
        let mut begin = at;
        let mut inside = None;
        if let Some((length, &comparator)) = words.inside.at(chars, at) {
            (begin, inside) = (at + length, Some(comparator));
        }
        begin += usize::from(chars.get(begin) == Some(&' '));
        let (length, word) = spaced(chars, begin, words)
            .or_else(|| words.units.all_at(chars, begin).find(|(length, word)| sound(chars, begin, *length, word)))?;
        let mut end = begin + length;
        let single = (length == 1).then(|| chars[begin]);
        let plain_money = word.unit == "CNY" && matches!(single, Some('元' | '圆' | '块'));
        let mut part = word.part;
        let mut code =
            if plain_money || word.unit == "CNY" && matches!(single, Some('角' | '毛')) { currency } else { &word.unit }.to_string();
        let mut role = word.role;
        if word.network {
            network(chars, begin, end, &mut code, words);
        }
        match single {
            // 3.15厘 of interest is 3.15%.
            Some('厘') if !nearby(chars, begin, Cue::Interest, words) => return None,
            Some('度') if nearby(chars, begin, Cue::Temperature, words) => code = "℃".to_string(),
            Some('分') if nearby(chars, begin, Cue::Price, words) && !nearby(chars, begin, Cue::Score, words) => {
                (code, part) = (currency.to_string(), -2);
            }
            _ => {}
        }
        if let Some((denominator, reach)) = denominator(chars, end, words) {
            code = format!("{code}/{denominator}");
            (end, role) = (reach, UnitRole::Measure);
        } else if code == "个" {
            // 十大应用 counts what follows; behind 个 only nouns of places and people do.
            let noun = words.counted.at(chars, end).map(|(_, unit)| unit);
            let large = (single == Some('大')).then(|| words.units.at(chars, end)).flatten();
            if let Some(unit) = noun.or(large.filter(|(_, word)| word.role == UnitRole::Noun).map(|(_, word)| &word.unit)) {
                code.clone_from(unit);
            }
        }
        Some(Unit { code, span: begin..end, end, role, part, inside, plain_money })
    }
}

/// Is it a span of time?
pub(crate) fn is_duration(code: &str) -> bool {
    matches!(code, "ms" | "us" | "ns" | "s" | "min" | "h" | "day" | "week" | "month" | "year" | "quarter")
}

/// Is it a distance?
pub(crate) fn is_length(code: &str) -> bool {
    matches!(code, "m" | "km" | "cm" | "mm" | "mi" | "nmi" | "里")
}

/// Is a word of this cue in the clause before `at`, a few characters away?
fn nearby(chars: &[char], at: usize, cue: Cue, words: &Words) -> bool {
    let floor = at.saturating_sub(20);
    let begin = chars[floor..at].iter().rposition(|c| matches!(c, ',' | '。' | ';')).map_or(floor, |mark| floor + mark + 1);
    words.cues.within(cue, &chars[begin..at])
}

/// A unit with a blank inside: 公吨 CO2e, t CO2, 吨 标准煤.
fn spaced<'w>(chars: &[char], begin: usize, words: &'w Words) -> Option<(usize, &'w UnitWord)> {
    if !matches!(chars.get(begin), Some('吨' | '公' | '千' | '克' | 't' | 'k' | 'g' | 'M')) {
        return None;
    }
    let blank = chars[begin..].iter().take(4).position(|c| *c == ' ')?;
    if !matches!(chars.get(begin + blank + 1), Some('C' | '二' | '标' | 'e')) {
        return None;
    }
    let mut joined: Vec<char> = Vec::with_capacity(16);
    let mut blanks = Vec::new();
    for (at, &c) in chars[begin..].iter().take(16).enumerate() {
        if c == ' ' && blanks.len() < 2 {
            blanks.push(at);
        } else {
            joined.push(c);
        }
    }
    let (length, word) = words.units.at(&joined, 0).filter(|(length, word)| *length > blank && sound(&joined, 0, *length, word))?;
    let crossed = blanks.iter().enumerate().filter(|(before, at)| **at < length + before).count();
    Some((length + crossed, word))
}

/// A letter of a network is a bandwidth, or a volume where the clause speaks of traffic or memory: 每月30G流量.
fn network(chars: &[char], begin: usize, end: usize, code: &mut String, words: &Words) {
    let floor = begin.saturating_sub(12);
    let from = chars[floor..begin].iter().rposition(|c| matches!(c, ',' | '。' | ';')).map_or(floor, |mark| floor + mark + 1);
    let reach = (end + 6).min(chars.len());
    let to = chars[end..reach].iter().position(|c| matches!(c, ',' | '。' | ';' | '、')).map_or(reach, |mark| end + mark);
    // The word that stands nearest decides; one behind the number comes before one in front of it.
    let nearest = |cue: Cue| -> Option<usize> {
        let places = (from..to).filter_map(|at| Some((at, at + words.cues.at(cue, &chars[..to], at)?)));
        places.map(|(at, last)| if at >= end { at - end } else { begin.saturating_sub(last) + 1 }).min()
    };
    let volume = match (nearest(Cue::Volume), nearest(Cue::Speed)) {
        (Some(volume), Some(speed)) => volume < speed,
        (Some(_), None) => true,
        _ => false,
    };
    if volume && let Some(prefix) = code.chars().next().filter(|prefix| "GTMPk".contains(*prefix)) {
        *code = format!("{}B", prefix.to_ascii_uppercase());
    }
}

/// Is the unit word really one here? 分 of 分别 is none, G of 5G is none.
fn sound(chars: &[char], begin: usize, length: usize, word: &UnitWord) -> bool {
    let end = begin + length;
    let next = chars.get(end).copied().unwrap_or(' ');
    let last = chars[end - 1];
    if last.is_ascii_alphabetic() && next.is_ascii_alphanumeric() && last != '2' {
        return false;
    }
    let trapped = word.traps.contains(&next);
    if length == 1 {
        return match last {
            '个' => !(trapped || next == '人' && chars.get(end + 1).is_some_and(|c| "和及与或、客用信贷业住消征存网账".contains(*c))),
            '大' => next.is_alphabetic() && !next.is_ascii() && !trapped,
            '分' if next == '为' => chars.get(end + 1) == Some(&'满'),
            _ => !trapped,
        };
    }
    // A word of letters right behind a numeral's own letter is a bandwidth only where it is longer than one.
    !(word.network && length > 1 && !matches!(chars[begin], '兆'))
}

/// What a rate is divided by: /百万用户, /股, /GB, /户·月. Multipliers of it stay as words.
fn denominator(chars: &[char], at: usize, words: &Words) -> Option<(String, usize)> {
    let mut at = at + usize::from(chars.get(at) == Some(&' '));
    if chars.get(at) != Some(&'/') {
        return None;
    }
    at += 1;
    at += usize::from(chars.get(at) == Some(&' '));
    let begin = at;
    while chars.get(at).is_some_and(|&c| words.scale(c).is_some() && c != '兆')
        && words.units.at(chars, at).is_none_or(|(length, _)| length == 1)
    {
        at += 1;
    }
    let scale: String = chars[begin..at].iter().collect();
    let (length, word) = words.units.at(chars, at)?;
    if chars[at + length - 1].is_ascii_alphabetic() && chars.get(at + length).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    let written: String = chars[at..at + length].iter().collect();
    let mut end = at + length;
    // With a multiplier, or as a counted noun, the words stay; a measure of its own becomes its code.
    let measure = scale.is_empty() && word.role == UnitRole::Measure && !matches!(written.as_str(), "月" | "年" | "日" | "天");
    let mut denominator = if measure { word.unit.clone() } else { format!("{scale}{written}") };
    if matches!(chars.get(end), Some('·' | '•' | '/'))
        && let Some((length, _)) = words.units.at(chars, end + 1)
    {
        denominator = format!("{denominator}·{}", chars[end + 1..end + 1 + length].iter().collect::<String>());
        end += 1 + length;
    }
    Some((denominator, end))
}
