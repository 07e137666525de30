//! Reads ranks: 第6名, 第三位, TOP1, 排名第一, 位列行业第二, 跻身前十, 居首位, 跃升三位.
//!
//! In:  folded text and the position of a numeral, or of 首, 榜 or 冠 that stands for one.
//! Out: a quantity of the unit `rank`; nothing where the words only put things in order (第一位员工, 摆在首位).

use super::ends;
use super::numeral::{Numeral, numeral};
use super::quantity::Read;
use crate::decimal::Decimal;
use crate::knowledge::cues::Cue;
use crate::knowledge::words::Words;
use crate::model::{Amount, Comparator, Quantity, Tier, UnitRole};

/// The rank at `at`.
pub(crate) fn rank(chars: &[char], at: usize, words: &Words) -> Option<Read> {
    let lead = at.checked_sub(1).map_or(' ', |before| chars[before]);
    match chars[at] {
        '首' | '榜' | '冠' => return first_place(chars, at, words),
        _ => {}
    }
    let top = if lead == ' ' && at > 1 { at - 1 } else { at };
    if top >= 3 && chars[top - 3..top].iter().map(char::to_ascii_uppercase).eq("TOP".chars()) {
        let number = numeral(chars, at, words)?;
        return Some(made(top - 3, at, number.end, Amount::One(number.value), Comparator::Equal));
    }
    match lead {
        '第' => ordinal(chars, at, words),
        '前' => among_first(chars, at, words),
        _ => None,
    }
}

fn made(start: usize, digits: usize, end: usize, amount: Amount, comparator: Comparator) -> Read {
    let quantity = Quantity {
        amount,
        unit: "rank".into(),
        unit_span: end..end,
        scale: 0,
        comparator,
        tier: Tier::Core,
        unit_role: UnitRole::Measure,
        rule: "rank",
    };
    Read { span: start..end, digits, quantity, bare: false, small_chinese: false }
}

/// The clause before `at`.
fn clause(chars: &[char], at: usize) -> &[char] {
    let floor = at.saturating_sub(30);
    let begin = chars[floor..at].iter().rposition(|c| matches!(c, ',' | '。' | ';' | '!' | '?')).map_or(floor, |mark| floor + mark + 1);
    &chars[begin..at]
}

fn usable(number: &Numeral) -> bool {
    !number.grouped && number.scale <= 2 && number.inside.is_none() && number.high.is_none() && !number.value.is_zero()
}

/// 第6名, 第三位, 第1-3名, 第一至第三; 第二 behind a word of ranking.
fn ordinal(chars: &[char], at: usize, words: &Words) -> Option<Read> {
    let number = numeral(chars, at, words).filter(usable)?;
    let before = clause(chars, at - 1);
    if words.cues.before(Cue::Put, before, before.len()).is_some() {
        return None;
    }
    let mut amount = Amount::One(number.value.clone());
    let mut end = number.end;
    if matches!(chars.get(end), Some('至' | '到' | '-' | '~' | '—')) {
        let begin = end + 1 + usize::from(chars.get(end + 1) == Some(&'第'));
        if let Some(second) =
            chars.get(begin).and_then(|_| numeral(chars, begin, words)).filter(usable).filter(|second| second.value > number.value)
        {
            amount = Amount::Range(number.value, second.value);
            end = second.end;
        }
    }
    let next = chars.get(end).copied().unwrap_or('。');
    let after = chars.get(end + 1).copied().unwrap_or('。');
    let ranked = words.cues.within(Cue::Ranked, before) || before.last().is_some_and(|c| matches!(c, '居' | '列' | '获' | '排'));
    let closes = !after.is_alphanumeric();
    if matches!(next, '名' | '位') && (closes || ranked && after != '的') {
        return Some(made(at - 1, at, end + 1, amount, Comparator::Equal));
    }
    // 全球第三大 ranks by size.
    let wide = words.cues.before(Cue::Wide, before, before.len()).is_some();
    if next == '大' && wide {
        return Some(made(at - 1, at, end + 1, amount, Comparator::Equal));
    }
    let ranked = ranked || wide && !matches!(next, '的');
    let ends = !next.is_alphanumeric() && !matches!(next, '“' | '「') || next == '的' && !matches!(after, '一' | '次');
    (ends && ranked).then(|| made(at - 1, at, end, amount, Comparator::Equal))
}

/// 排名前三, 跻身前十名; 前三位的 only names what follows.
fn among_first(chars: &[char], at: usize, words: &Words) -> Option<Read> {
    let number = numeral(chars, at, words).filter(usable)?;
    let next = chars.get(number.end).copied().unwrap_or('。');
    let named = matches!(next, '名' | '位' | '强' | '甲' | '列' | '%');
    let end = number.end + usize::from(named);
    let after = chars.get(end).copied().unwrap_or('。');
    let before = clause(chars, at - 1);
    let ranked = words.cues.within(Cue::Ranked, before) || words.cues.within(Cue::Among, before);
    if !ranked && !named || after.is_alphanumeric() && !named && after != '的' || number.value > Decimal::from(1000) {
        return None;
    }
    let mut read = made(at - 1, at, end, Amount::One(number.value), Comparator::AtMost);
    if next == '%' {
        (read.quantity.unit, read.quantity.unit_span) = ("%".into(), number.end..end);
    }
    if after == '的' || after.is_alphanumeric() && !ranked {
        read.quantity.tier = Tier::Minor;
    }
    Some(read)
}

/// 居首位, 名列榜首, 居冠: the first place without a numeral.
fn first_place(chars: &[char], at: usize, words: &Words) -> Option<Read> {
    let one = |start: usize, end: usize| Some(made(start, at, end, Amount::One(Decimal::from(1)), Comparator::Equal));
    let before = at.checked_sub(1).map_or(' ', |before| chars[before]);
    let next = chars.get(at + 1).copied().unwrap_or('。');
    let after = chars.get(at + 2).copied().unwrap_or('。');
    let leads = matches!(before, '居' | '列' | '占' | '排' | '据' | '踞' | '名' | '登' | '位')
        || ends(chars, at, "保持")
        || ends(chars, at, "升至")
        || ends(chars, at, "位于")
        || ends(chars, at, "跃至");
    match chars[at] {
        '榜' if next == '首' && (leads || !after.is_alphanumeric()) => one(at, at + 2),
        '首' if before == '榜' => None,
        '首' if next == '位'
            && (leads || words.cues.within(Cue::First, clause(chars, at)))
            && (!after.is_alphanumeric() || after == '的') =>
        {
            one(at, at + 2)
        }
        '首' | '冠' if matches!(before, '居' | '列' | '踞') && !next.is_alphanumeric() => one(at, at + 1),
        _ => None,
    }
}
