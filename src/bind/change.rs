//! Changes: an increase or decrease, its direction and what it is measured from.
//!
//! In:  the characters between the last boundary and the number.
//! Out: what stands before the words of change (perhaps the name of what changes), the sign and the basis.
//!
//! The words are rows of `data/zh/change_words.csv`. 「降至」 and 「提升到」 lead to a level, 「较移动电话用户多」 to a difference from a
//! yardstick, which is a level too.

use super::label::{self, Name};
use super::period::{Mark, base_at};
use crate::knowledge::Knowledge;
use crate::knowledge::cues::{Cue, Cues};
use crate::model::Basis;

/// A change as worded.
#[derive(Debug)]
pub(crate) struct Change {
    /// What stands before its words.
    pub(crate) before: Name,
    /// 1, -1, or 0: the number has its own sign.
    pub(crate) sign: i8,
    /// What it is measured from; `None` where the words do not say.
    pub(crate) basis: Option<Basis>,
    /// Measured from something that is no time: a plan, a competitor.
    pub(crate) yardstick: bool,
    /// The word names the change itself (增幅, 增速).
    pub(crate) noun: bool,
}

/// The change that the characters before a number tell of.
pub(crate) fn change(chars: &[char], left: &[usize], marks: &[Mark], sentence: usize, at: usize, knowledge: &Knowledge) -> Option<Change> {
    let mut name: Name = left.to_vec();
    let cues = &knowledge.words.cues;
    strip(chars, &mut name, Cue::Particle, cues);
    // 缩短为8.1天 leads to a level; 降幅为5% names the change.
    let linked = label::text(chars, &name).ends_with(&['为']);
    while name.last().is_some_and(|at| matches!(chars[*at], '为' | '是')) {
        name.pop();
    }
    strip(chars, &mut name, Cue::Particle, cues);
    let text = label::text(chars, &name);
    let Some((length, word)) = knowledge.words.change.before(&text, text.len()) else {
        // 较上年-7.5%: the sign is the word of change.
        let signed = matches!(chars.get(at), Some('+' | '-' | '−')) && text.len() > 1;
        let (basis, yardstick) = if signed { bases(chars, &mut name, marks, cues) } else { (None, false) };
        if basis.is_some() && !yardstick {
            return Some(Change { before: name, sign: 0, basis, yardstick, noun: false });
        }
        return better(chars, name, marks, cues);
    };
    let word = *word;
    if linked && !word.noun {
        return None;
    }
    name.truncate(name.len() - length);
    let (basis, yardstick) = bases(chars, &mut name, marks, cues);
    let basis = basis.or(word.basis);
    // 按年增4.2%
    if word.basis.is_some() && name.last().is_some_and(|last| chars[*last] == '按') {
        name.pop();
    }
    let based = basis.is_some() || yardstick;
    if word.needs_base && !based {
        return None;
    }
    if yardstick && basis.is_none() {
        return Some(Change { before: name, sign: word.sign, basis: None, yardstick: true, noun: word.noun });
    }
    // A base named earlier in the sentence holds for the changes behind it: 相对2005年的…，累计减幅为….
    let basis = basis.or_else(|| base_at(marks, sentence, at).filter(|mark| at - mark.end < 40).map(|mark| mark.basis));
    Some(Change { before: name, sign: word.sign, basis, yardstick: false, noun: word.noun })
}

/// Takes what a change is measured from, and its manner, off the end of a name: the basis, and whether that is no time.
pub(crate) fn bases(chars: &[char], name: &mut Name, marks: &[Mark], cues: &Cues) -> (Option<Basis>, bool) {
    let mut basis = None;
    let mut yardstick = false;
    loop {
        strip(chars, name, Cue::Manner, cues);
        let before = name.len();
        if let Some(found) = compared(chars, name, marks, &mut yardstick, cues) {
            basis = basis.or(found);
        }
        // 均下降, but 亩均增产: an average belongs to the name.
        let text = label::text(chars, name);
        if text.len() > 2 && text.ends_with(&['均']) && !"亩户人月日年站场周台单".contains(text[text.len() - 2]) {
            name.pop();
        }
        if name.len() == before {
            return (basis, yardstick);
        }
    }
}

/// 同比和环比分别: takes what the first of two changes is measured from off the end of a name.
pub(crate) fn basis_before(chars: &[char], name: &mut Name, cues: &Cues) -> Option<Basis> {
    let text = label::text(chars, name);
    let end = text.iter().rposition(|c| !matches!(c, '、' | '和' | '及' | '与')).map_or(0, |last| last + 1);
    let found = [(Cue::Yoy, Basis::Yoy), (Cue::Pop, Basis::Pop)];
    let joined = found.into_iter().find_map(|(cue, basis)| Some((cues.before(cue, &text, end)?, basis)));
    let (length, basis) = joined.filter(|_| end < text.len())?;
    name.truncate(end - length);
    Some(basis)
}

/// 优于2019年6.1个百分点: a comparison with a time is a change without its verb.
fn better(chars: &[char], mut name: Name, marks: &[Mark], cues: &Cues) -> Option<Change> {
    let Some(mark) = marks.iter().find(|mark| Some(mark.end) == name.last().map(|last| last + 1)) else {
        return beyond(chars, &name, cues);
    };
    name.retain(|at| *at < mark.start);
    let text = label::text(chars, &name);
    let found = |cue, sign| cues.before(cue, &text, text.len()).map(|length| (length, sign));
    let (length, sign) = found(Cue::Above, 1).or_else(|| found(Cue::Below, -1))?;
    name.truncate(name.len() - length);
    Some(Change { before: name, sign, basis: Some(mark.basis), yardstick: false, noun: false })
}

/// 高于同业平均2.8箱: how far from a yardstick, without a verb.
fn beyond(chars: &[char], name: &[usize], cues: &Cues) -> Option<Change> {
    let text = label::text(chars, name);
    let found = |cue, sign| cues.find(cue, &text).map(|(at, length)| (at, length, sign));
    let (at, length, sign) = found(Cue::Above, 1).or_else(|| found(Cue::Below, -1))?;
    let yardstick = &text[at + length..];
    // With a name before it the comparison is what is measured.
    if at > 0 || !(2..=12).contains(&yardstick.len()) || yardstick.last() == Some(&'的') {
        return None;
    }
    Some(Change { before: Name::new(), sign, basis: None, yardstick: true, noun: false })
}

/// Takes the words of a cue off the end of a name.
fn strip(chars: &[char], name: &mut Name, cue: Cue, cues: &Cues) {
    // The name, up to the longest word.
    while let Some(length) = cues.before(cue, &label::text(chars, &name[name.len().saturating_sub(4)..]), name.len().min(4)) {
        name.truncate(name.len() - length);
    }
}

/// Takes a comparison off the end of a name: 同比, 环比, 较上年末, 比2021年, 与上年相比. Outer `None`: there is none.
fn compared(chars: &[char], name: &mut Name, marks: &[Mark], yardstick: &mut bool, cues: &Cues) -> Option<Option<Basis>> {
    let text = label::text(chars, name);
    for (cue, basis) in [(Cue::Yoy, Basis::Yoy), (Cue::Pop, Basis::Pop)] {
        if let Some(length) = cues.before(cue, &text, text.len()) {
            name.truncate(name.len() - length);
            return Some(Some(basis));
        }
    }
    // 与上年相比
    if let Some(length) = cues.before(Cue::Versus, &text, text.len()) {
        name.truncate(name.len() - length);
    }
    let plain: Vec<char> = label::text(chars, name);
    let from = plain.iter().rposition(|c| matches!(c, '较' | '比' | '与' | '于' | '对'))?;
    // 占比较上年: the 比 of 占比 is none; 比 in 比例, 比重, 比率 is none either.
    let next = plain.get(from + 1).copied().unwrap_or(' ');
    if plain[from] == '比' && (matches!(next, '例' | '重' | '率') || from > 0 && matches!(plain[from - 1], '占' | '同' | '环')) {
        return None;
    }
    let time = marks.iter().find(|mark| mark.start > name[from] && mark.end <= name[name.len() - 1] + 1);
    // 于2030年前减少 says when; 高于2019年 compares.
    let verb = from > 0 && matches!(plain[from - 1], '高' | '低' | '优' | '快' | '慢' | '多' | '少' | '大' | '小' | '对');
    if plain[from] == '于' && !verb && time.is_some() {
        return None;
    }
    match time {
        Some(mark) => {
            name.truncate(from);
            strip(chars, name, Cue::VersusHead, cues);
            Some(Some(mark.basis))
        }
        // 较建厂前, 较峰值: a time in other words.
        None if matches!(plain[from], '较' | '比')
            && plain.len() - from <= 8
            && (matches!(plain.last(), Some('前' | '时' | '初' | '年' | '月' | '周')) || cues.ends(Cue::Peak, &plain)) =>
        {
            name.truncate(from);
            Some(Some(Basis::Prior))
        }
        None if matches!(plain[from], '较' | '比' | '于') && plain.len() - from <= 14 && plain.len() > from + 1 => {
            *yardstick = true;
            // 增速高于各项贷款
            let verb = plain[from] == '于' && from > 2 && matches!(plain[from - 1], '高' | '低' | '优' | '快' | '慢' | '多' | '少');
            name.truncate(from - usize::from(verb));
            Some(None)
        }
        None => None,
    }
}
