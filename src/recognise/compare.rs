//! Reads the words beside a number that say how it compares with the true value.
//!
//! In:  a number's surroundings in folded text: 「近1500万用户」.
//! Out: one of `= ~ > >= < <=`, and how far the words reach; nothing where there are none.
//!
//! The words are rows of `data/zh/compare_words.csv`; the longest one that fits wins, so 「不低于」 is read before 「低于」, and
//! 「节约」 before 「约」. Units and scales are `quantity`'s business.

use crate::knowledge::words::Words;
use crate::model::Comparator;

/// The comparator that ends before `at`: where it begins, and what it says.
pub(crate) fn before(chars: &[char], at: usize, words: &Words) -> Option<(usize, Comparator)> {
    let end = at - usize::from(at > 0 && chars[at - 1] == ' ');
    let (length, &comparator) = words.before.before(chars, end)?;
    let start = end - length;
    // 上 is a comparator before a bare scale only: 上百款.
    if comparator == Comparator::Equal || chars[start..end] == ['上'] && !chars.get(at).is_some_and(|c| words.scales.contains_key(c)) {
        return None;
    }
    Some((start, comparator))
}

/// The comparator that begins at `at`, behind a number or its unit: where it ends, and what it says.
pub(crate) fn after(chars: &[char], at: usize, behind_duration: bool, words: &Words) -> Option<(usize, Comparator)> {
    let start = at + usize::from(chars.get(at) == Some(&' '));
    let (length, &comparator) = words.after.at(chars, start)?;
    let end = start + length;
    match chars[start..end] {
        // 24小时内, but 3T内存; 10元起, but 3起事故; 九成多, but 2次多媒体.
        ['内'] if !behind_duration => None,
        ['起'] if chars.get(end).is_some_and(|c| c.is_alphanumeric()) => None,
        ['余' | '多'] if chars.get(end).is_some_and(|c| c.is_alphanumeric()) => None,
        ['上', '下'] if chars.get(end) == Some(&'游') => None,
        _ => Some((end, comparator)),
    }
}
