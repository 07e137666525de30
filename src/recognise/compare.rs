//! Reads the words beside a number that say how it compares with the true value.
//!
//! In:  a number's surroundings in folded text: 「近1500万用户」, 「不低于同类资费的50%」.
//! Out: one of `= ~ > >= < <=`, and how far the words reach; nothing where there are none.
//!
//! The words are rows of `data/zh/compare_words.csv`; the longest one that fits wins, so 「不低于」 is read before 「低于」, and
//! 「节约」 before 「约」. Units and scales are `quantity`'s business.

use crate::knowledge::cues::Cue;
use crate::knowledge::words::Words;
use crate::model::Comparator;

/// How far a comparator may stand from its number when a noun parts them.
const REACH: usize = 24;

/// The comparator that ends before `at`: where it begins, and what it says.
pub(crate) fn before(chars: &[char], at: usize, words: &Words) -> Option<(usize, Comparator)> {
    let end = at - usize::from(at > 0 && chars[at - 1] == ' ');
    let (length, &comparator) = words.before.before(chars, end)?;
    let start = end - length;
    // 上 and 过 are comparators before a bare scale only: 上百款, 过亿元.
    let only_scales = length == 1 && matches!(chars[start], '上' | '过');
    if comparator == Comparator::Equal || only_scales && !chars.get(at).is_some_and(|&c| words.scale(c).is_some() || c == '半') {
        return None;
    }
    Some((start, comparator))
}

/// The comparator that begins at `at`, behind a number or its unit: where it ends, and what it says. Of a distance or a span of time
/// 「内」 alone is one, of a part of a whole 「强」 and 「弱」 are.
pub(crate) fn after(chars: &[char], at: usize, spans: bool, part: bool, words: &Words) -> Option<(usize, Comparator)> {
    let start = at + usize::from(chars.get(at) == Some(&' '));
    let (length, &comparator) = words.after.at(chars, start)?;
    let end = start + length;
    let next = chars.get(end).copied();
    let word_follows = next.is_some_and(char::is_alphanumeric);
    match chars[start..end] {
        // 24小时内, but 3T内存; 10元起, but 3起事故; 九成多, but 2次多媒体.
        ['内'] if !spans || matches!(next, Some('存' | '容' | '部' | '外' | '置' | '网')) => None,
        ['起' | '封', ..] if length == 1 && word_follows => None,
        ['强' | '弱'] if !part => None,
        ['余' | '多' | '强' | '弱'] if word_follows => None,
        ['上', '下'] if matches!(next, Some('游' | '班' | '行' | '架' | '车' | '浮' | '限' | '级' | '午')) => None,
        ['以', '上' | '下'] if next == Some('述') => None,
        _ => Some((end, comparator)),
    }
}

/// The comparator before a word of change: 至少再降8,000元, 约增长8%.
pub(crate) fn before_change(chars: &[char], at: usize, words: &Words) -> Option<Comparator> {
    let mut end = at - words.changes_before(chars, at)?;
    while let Some(length) =
        words.cues.before(Cue::Manner, chars, end).filter(|length| *length < 2 || words.before.before(chars, end).is_none())
    {
        end -= length;
    }
    let (length, &comparator) = words.before.before(chars, end)?;
    (comparator != Comparator::Equal && (length > 1 || chars[end - 1] == '约')).then_some(comparator)
}

/// The comparator that its clause begins with, a verb between it and the number: 约可减碳81万吨.
pub(crate) fn ahead(chars: &[char], at: usize, words: &Words) -> Option<Comparator> {
    let floor = at.saturating_sub(8);
    let clause = floor + chars[floor..at].iter().rposition(|c| matches!(c, ',' | '。' | ';'))? + 1;
    let (length, &comparator) = words.ahead.at(chars, clause)?;
    let verb = &chars[clause + length..at];
    (!verb.is_empty() && !verb.iter().any(|c| words.numeral(*c) || c.is_ascii_digit())).then_some(comparator)
}

/// The comparator that a noun parts from the number at `at`: 约占厂区水表的62%, 不低于去年售价的35%.
pub(crate) fn apart(chars: &[char], at: usize, words: &Words) -> Option<Comparator> {
    let end = at - usize::from(at > 0 && chars[at - 1] == ' ');
    if end == 0 || chars[end - 1] != '的' {
        return None;
    }
    let floor = end.saturating_sub(REACH);
    let start = chars[floor..end]
        .iter()
        .rposition(|c| matches!(c, ',' | '。' | ';' | ':' | '!' | '?' | '、'))
        .map_or(floor, |mark| floor + mark + 1);
    let mut found = None;
    for place in start..end {
        if let Some((length, &comparator)) = words.apart.at(chars, place) {
            let behind = place + length;
            // A number right behind has the word for itself, unless it is a year.
            let own = chars.get(behind).is_some_and(|c| c.is_ascii_digit());
            let year = own && chars.get(behind + 4) == Some(&'年');
            if !own || year {
                found = Some(comparator);
            }
        }
    }
    found.filter(|comparator| *comparator != Comparator::Equal)
}

/// The comparator behind the noun that a number counts: 20万名用户以上, 50家企业以内.
pub(crate) fn behind_noun(chars: &[char], at: usize, words: &Words) -> Option<Comparator> {
    for place in at + 1..(at + 6).min(chars.len()) {
        let c = chars[place - 1];
        if !c.is_alphabetic() || c.is_ascii() || words.numeral(c) || matches!(c, '的' | '在' | '比' | '较') {
            return None;
        }
        if let Some((length, &comparator)) = words.after.at(chars, place).filter(|(length, _)| *length >= 2) {
            let ends = !chars.get(place + length).is_some_and(|c| c.is_alphanumeric());
            return ends.then_some(comparator);
        }
    }
    None
}
