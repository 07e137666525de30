//! Shares: a part of a whole, and rates of coverage.
//!
//! In:  the characters between the last boundary and a percentage.
//! Out: what stands before 占, and the whole behind it.

use super::label::{self, Name};
use crate::knowledge::cues::{Cue, Cues};

/// A share as worded.
#[derive(Debug)]
pub(crate) struct Share {
    /// What stands before 占.
    pub(crate) before: Name,
    /// What stands behind it, 的比例 and the like taken off; empty after 占比.
    pub(crate) whole: Name,
    /// The whole stands before: 在A中占.
    pub(crate) within: bool,
    /// 比重 or 比例, as worded.
    pub(crate) word: &'static str,
}

/// The share that the characters before a number tell of.
pub(crate) fn share(chars: &[char], left: &[usize], cues: &Cues) -> Option<Share> {
    let text = label::text(chars, left);
    // 占有率, 占地面积, 占用, 市占率 tell of no share.
    let at = (0..text.len()).rev().find(|at| text[*at] == '占' && !matches!(text.get(at + 1), Some('有' | '地' | '用' | '率')))?;
    let mut whole: Name = left[at + 1..].to_vec();
    if text.get(at + 1) == Some(&'比') {
        // 占比: the whole is not said here.
        whole.clear();
    }
    while let Some(length) = cues.before(Cue::WholeEnd, &label::text(chars, &whole), whole.len()) {
        whole.truncate(whole.len() - length);
    }
    // 占到七成: nothing is named.
    if label::text(chars, &whole) == ['到'] || label::text(chars, &whole) == ['了'] {
        whole.clear();
    }
    let mut before: Name = left[..at].to_vec();
    // 在A中占: the whole stands before.
    let mut within = false;
    let front = label::text(chars, &before);
    if let (Some(open), Some('中')) = (front.iter().rposition(|c| *c == '在'), front.last())
        && whole.is_empty()
        && front.len() - open > 3
    {
        whole = before[open + 1..before.len() - 1].to_vec();
        before.truncate(open);
        within = true;
    }
    while before.last().is_some_and(|at| {
        matches!(chars[*at], '约' | '共' | '仅' | '已' | '则' | '中' | '在' | '合' | '计' | '均') && !matches!(chars[*at], '合' | '计')
    }) {
        before.pop();
    }
    let word = if text[at..].windows(2).any(|pair| pair == ['比', '重']) { "比重" } else { "比例" };
    Some(Share { before, whole, within, word })
}

/// The objects that a rate covers, in a folded name: 行政村 of 行政村4G覆盖率, 隐患 of 隐患整改率.
pub(crate) fn covered(label: &str, cues: &Cues) -> Option<String> {
    let chars: Vec<char> = label.chars().collect();
    // 女性管理者比例: of the 管理者.
    if let (Some(length), Some(rest)) = (cues.at(Cue::Group, &chars, 0), label.strip_suffix("比例").or_else(|| label.strip_suffix("占比")))
    {
        let object: String = rest.chars().skip(length).collect();
        return (object.chars().count() >= 2).then_some(object);
    }
    if label.ends_with("拨备覆盖率") {
        return None;
    }
    let length = cues.before(Cue::Covered, &chars, chars.len())?;
    let rest: String = chars[..chars.len() - length].iter().collect();
    let object: String = rest
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '光' | '纤' | '培' | '训'))
        .trim_start_matches(|c: char| c.is_ascii_alphanumeric())
        .to_string();
    (object.chars().count() >= 2).then_some(object)
}
