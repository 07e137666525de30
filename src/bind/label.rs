//! What is measured: the name beside a number, in the report's own words.
//!
//! In:  the characters before a number in its clause, or behind a counter.
//! Out: the positions of the name's characters, the words around it taken off.
//!
//! The words are rows of `data/zh/label_words.csv`. What stands in brackets is no part of a name.

use crate::knowledge::Knowledge;

/// Positions of a block: a name need not be one stretch, since brackets are left out.
pub(crate) type Name = Vec<usize>;

/// The positions from `from` to `to` without brackets and their content.
pub(crate) fn outside_brackets(chars: &[char], from: usize, to: usize) -> Name {
    let (mut depth, mut inside_word) = (0, 0);
    let mut name = Vec::new();
    for at in from..to {
        // 门（急）诊: a character or two inside a word belong to it.
        let short =
            chars[at] == '(' && (2..=3).any(|ahead| at + ahead < to && chars[at + ahead] == ')') && at > from && !chars[at - 1].is_ascii();
        let grown = short
            && chars[at + 1..to].iter().position(|c| *c == ')').is_some_and(|close| {
                chars.get(at + 2 + close).is_some_and(|c| !c.is_ascii() && c.is_alphabetic())
                    && chars[at + 1..at + 1 + close].iter().all(|c| !c.is_ascii())
            });
        if grown {
            inside_word = 2;
        }
        if inside_word > 0 && matches!(chars[at], '(' | ')') {
            inside_word -= 1;
            name.push(at);
            continue;
        }
        match chars[at] {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => name.push(at),
            _ => {}
        }
    }
    name
}

/// The characters of a name.
pub(crate) fn text(chars: &[char], name: &[usize]) -> Vec<char> {
    name.iter().map(|at| chars[*at]).collect()
}

/// Takes the words between name and number off the end.
pub(crate) fn without_links(chars: &[char], name: &mut Name, knowledge: &Knowledge) {
    let text = text(chars, name);
    let mut end = text.len();
    while end > 0 {
        if matches!(text[end - 1], ' ' | ':' | ',' | '、' | '-' | '—' | '/' | '|' | '「' | '“' | '(') {
            end -= 1;
        } else if knowledge.grammar.label.keep_last.before(&text, end).is_some() {
            break;
        } else if let Some(length) = led_to(&text[..end], knowledge) {
            end -= length;
        } else if let Some((length, ())) = knowledge.grammar.label.link.before(&text, end) {
            // 得分为: the link is 为 alone.
            let kept = length == 2 && knowledge.grammar.label.keep_last.before(&text, end - 1).is_some();
            end -= if kept { 1 } else { length };
        } else {
            break;
        }
    }
    name.truncate(end);
}

/// 降至, 提高到, 缩短为, 压到了: a word of change that leads to a level.
fn led_to(text: &[char], knowledge: &Knowledge) -> Option<usize> {
    let tail = usize::from(text.last() == Some(&'了'));
    let end = text.len().checked_sub(tail)?;
    if end < 2 || !matches!(text[end - 1], '至' | '到' | '为' | '成') {
        return None;
    }
    let (length, _) = knowledge.words.change.before(text, end - 1)?;
    Some(length + 1 + tail)
}

/// Takes the words before the name off its beginning; `own` are the names of the company itself.
pub(crate) fn without_leads(chars: &[char], name: &mut Name, own: &[Vec<char>], knowledge: &Knowledge) {
    let text = text(chars, name);
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        if matches!(rest[0], ' ' | ',' | '、' | ':' | '•' | ')' | ';' | '-' | '—' | '」' | '”') {
            start += 1;
            continue;
        }
        if knowledge.grammar.label.keep_first.at(rest, 0).is_some() {
            break;
        }
        let lead = knowledge.grammar.label.lead.at(rest, 0).map(|(length, ())| length);
        let time = knowledge.grammar.time.at(rest, 0).map(|(length, _)| length).filter(|length| *length < rest.len());
        // 开展培训, but 完成率, 组织架构.
        let bare = |length: &usize| {
            rest.len() >= length + 2 && !matches!(rest[*length], '率' | '量' | '数' | '额' | '度' | '时' | '者' | '的' | '了' | '比')
        };
        let verb = knowledge.grammar.label.verb.at(rest, 0).map(|(length, ())| length).filter(bare);
        let company = own.iter().filter(|word| rest.starts_with(word) && word.len() < rest.len()).map(Vec::len).max();
        match lead.into_iter().chain(verb).chain(time).chain(company).max() {
            Some(length) => start += length,
            None => break,
        }
    }
    name.drain(..start);
}

/// Lets the name begin behind the last word that names are cut at.
pub(crate) fn behind_cuts(chars: &[char], name: &mut Name, knowledge: &Knowledge) {
    let text = text(chars, name);
    // 改造范围为老旧机房: behind a 为 inside, unless it is part of a word.
    let is = (1..text.len().saturating_sub(2)).rev().find(|at| {
        text[*at] == '为'
            && !matches!(text[*at - 1], '行' | '作' | '成' | '认' | '因' | '视' | '称' | '华' | '更' | '人')
            && text[*at + 1] != '期'
    });
    if let Some(at) = is {
        if text[at + 1] == '每' {
            name.truncate(at);
            return;
        }
        name.drain(..=at);
        return behind_cuts(chars, name, knowledge);
    }
    // 云计算、大数据等新兴业务收入: the common name.
    if let Some(at) =
        (1..text.len().saturating_sub(3)).rev().find(|at| text[*at] == '等' && !matches!(text[*at + 1], '级' | '效' | '待' | '候' | '于'))
    {
        name.drain(..=at);
        return behind_cuts(chars, name, knowledge);
    }
    let cut = (0..text.len())
        .filter_map(|at| knowledge.grammar.label.cut.at(&text, at).map(|(length, ())| (at, length)))
        // 保证, but 保证金.
        .filter(|(at, length)| knowledge.grammar.label.keep_first.at(&text, *at).is_none_or(|(keep, ())| keep <= *length))
        .map(|(at, length)| at + length)
        .filter(|end| *end < text.len())
        .max();
    if let Some(end) = cut {
        name.drain(..end);
    }
}

/// The name behind a counter that begins at `from`: up to a mark, a number, or a word that names end before.
pub(crate) fn behind(chars: &[char], from: usize, to: usize, knowledge: &Knowledge) -> Name {
    let mut name = Vec::new();
    let mut at = from;
    while at < to {
        let c = chars[at];
        if matches!(c, ',' | '。' | ';' | ':' | '(' | ')' | '!' | '?' | ' ' | '/' | '|')
            || at > from && knowledge.grammar.label.stop.at(chars, at).is_some()
        {
            break;
        }
        if at == from && (knowledge.grammar.label.stop.at(chars, at).is_some() || matches!(c, '、')) {
            break;
        }
        name.push(at);
        at += 1;
    }
    while name.last().is_some_and(|at| matches!(chars[*at], '的' | '、' | '和' | '与' | '及' | '等')) {
        name.pop();
    }
    name
}
