//! Text -> Mentions: every numeral of a stretch of text is a quantity's, a date's or a refusal's.
//!
//! In:  folded text (see [`Folded`](crate::model::Folded)) and what dates need from around it.
//! Out: mentions in reading order that do not overlap; no numeral is left over.
//!
//! One pass from left to right. At a numeral the readers are asked in this order: decoy words, standards and document numbers,
//! letters grown together with digits, dates, ordinals and ranks, quantities. A quantity without a unit waits for the list it
//! stands in (「6.3万、3.1万和3.2万个」) and is refused where nothing speaks for it.

mod compare;
pub mod date;
mod decoy;
mod numeral;
mod quantity;

use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::knowledge::words::Words;
use crate::model::{Amount, Comparator, Mention, Quantity, Reading, Reason, Tier, UnitRole};
use date::Calendar;
use numeral::arabic;
use quantity::Read;

/// What the reader of a stretch of text knows of its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// For dates.
    pub calendar: Calendar,
    /// What 「元」 is: CNY, TWD.
    pub currency: &'a str,
    /// A cell or a typed value: a bare number is a quantity there.
    pub cell: bool,
}

/// The mentions of a stretch of folded text.
///
/// ```
/// use reportsql::{knowledge::Knowledge, model::Reading, recognise};
/// let knowledge = Knowledge::read(None).unwrap();
/// let calendar = recognise::date::Calendar { year: 2019, roc: false };
/// let context = recognise::Context { calendar, currency: "CNY", cell: false };
/// let text: Vec<char> = "2019年5G基站约6.2万个".chars().collect();
/// let mentions = recognise::mentions(&text, &context, &knowledge);
/// assert_eq!(mentions.len(), 3); // a date, a model, a quantity
/// let Reading::Quantity(stations) = &mentions[2].reading else { panic!() };
/// assert_eq!((stations.unit.as_str(), stations.comparator.word()), ("个", "~"));
/// ```
pub fn mentions(chars: &[char], context: &Context<'_>, knowledge: &Knowledge) -> Vec<Mention> {
    let words = &knowledge.words;
    let mut found: Vec<Candidate> = Vec::new();
    let (mut at, mut free, mut last_year) = (0, 0, None);
    while at < chars.len() {
        let c = chars[at];
        if !begins(c, words) {
            at += 1;
            continue;
        }
        let (candidate, end) = numeral_at(chars, at, free, context, words, last_year);
        if let Some(Candidate::Done(Mention { reading: Reading::Date(period), .. })) = &candidate {
            last_year = Some(period.end.year);
        }
        found.extend(candidate);
        at = end;
        free = end;
    }
    share(chars, &mut found);
    let mut mentions: Vec<Mention> = found.into_iter().map(|candidate| decided(chars, candidate, context, words)).collect();
    mentions.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    mentions
}

/// The mentions of a table's cell: a bare number is a quantity, brackets make it negative.
pub fn cell(chars: &[char], context: &Context<'_>, knowledge: &Knowledge) -> Vec<Mention> {
    let mut found = mentions(chars, context, knowledge);
    let digits = |c: &char| c.is_ascii_digit();
    if let [mention] = &mut found[..] {
        let bracketed = chars.first() == Some(&'(') && chars.last() == Some(&')')
            || chars.first() == Some(&'(') && chars.get(mention.span.end) == Some(&')');
        if let (true, Reading::Quantity(quantity)) = (bracketed && chars.iter().any(digits), &mut mention.reading) {
            if let Amount::One(value) = &quantity.amount {
                quantity.amount = Amount::One(value.clone().abs().negated());
            }
            mention.span = 0..chars.len();
        }
    }
    found
}

/// The unit that a text is, perhaps behind a multiplier: 「千港元」 is (3, HKD), 「%」 is (0, %).
pub fn unit(chars: &[char], currency: &str, knowledge: &Knowledge) -> Option<(i32, String)> {
    if chars.is_empty() {
        return None;
    }
    let mut numbered = vec!['1'];
    numbered.extend(chars);
    let read = quantity::quantity(&numbered, 0, &knowledge.words, currency)?;
    (read.span.end == numbered.len() && !read.quantity.unit.is_empty()).then_some((read.quantity.scale, read.quantity.unit))
}

/// A numeral under way.
enum Candidate {
    /// Read to the end.
    Done(Mention),
    /// A quantity that a list, or what stands around it, still decides on.
    Open(Read),
}

/// Can a numeral begin with this character?
fn begins(c: char, words: &Words) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    c >= '\u{3007}' && (words.digits.contains_key(&c) || words.scales.contains_key(&c) || matches!(c, '数' | '几' | '半'))
}

fn refusal(span: std::ops::Range<usize>, reason: Reason) -> (Option<Candidate>, usize) {
    let end = span.end;
    (Some(Candidate::Done(Mention { span, reading: Reading::Refusal(reason) })), end)
}

/// What the numeral at `at` is, and where to go on; nothing before `free` may be taken.
fn numeral_at(
    chars: &[char],
    at: usize,
    free: usize,
    context: &Context<'_>,
    words: &Words,
    last_year: Option<i32>,
) -> (Option<Candidate>, usize) {
    let clip = |span: std::ops::Range<usize>| span.start.max(free)..span.end;
    let ascii = chars[at].is_ascii_digit();
    if let Some((span, reason)) = decoy::word(chars, at, words) {
        return refusal(clip(span), reason);
    }
    let digits_end = if ascii { arabic(chars, at).2 } else { at };
    if ascii {
        if let Some((span, reason)) = decoy::standard(chars, at, digits_end, words).or_else(|| decoy::document(chars, at, digits_end)) {
            return refusal(clip(span), reason);
        }
    }
    if !context.cell {
        if let Some(dated) = date::date(chars, at, words, context.calendar, last_year) {
            if dated.end > at {
                let mention = Mention { span: at..dated.end, reading: Reading::Date(dated.period) };
                return (Some(Candidate::Done(mention)), dated.end);
            }
        }
    }
    if let Some(read) = rank(chars, at, words) {
        let end = read.span.end;
        return (Some(Candidate::Done(Mention { span: clip(read.span), reading: Reading::Quantity(read.quantity) })), end);
    }
    if at > 0 && chars[at - 1] == '第' {
        let end = numeral::numeral(chars, at, words).map_or(at + 1, |numeral| numeral.end);
        let end = end + usize::from(words.units.at(chars, end).is_some());
        return refusal(clip(at - 1..end), Reason::Ordinal);
    }
    let read = quantity::quantity(chars, at, words, context.currency);
    if ascii {
        let unit_end = read.as_ref().filter(|read| !read.quantity.unit.is_empty()).map(|read| read.span.end);
        if let Some((span, reason)) = decoy::model(chars, at, digits_end, unit_end, words) {
            return refusal(clip(span), reason);
        }
        if let Some(read) = read.as_ref().filter(|read| generation(chars, read)) {
            return refusal(clip(read.span.clone()), Reason::Model);
        }
    }
    let Some(mut read) = read else {
        // 数, 几 and 半 without a scale, 成 of 成立: no numeral at all, unless a digit was there.
        let end = numeral::numeral(chars, at, words).map_or(at + 1, |numeral| numeral.end);
        let numeral = words.digits.contains_key(&chars[at]) || words.scales.contains_key(&chars[at]);
        return if numeral { refusal(clip(at..end), Reason::Phrase) } else { (None, at + 1) };
    };
    if !context.cell {
        if let Some((span, reason)) = decoy::list(chars, at, digits_end.max(at + 1)).filter(|_| read.bare) {
            return refusal(clip(span), reason);
        }
    }
    read.span = clip(read.span);
    let end = read.span.end;
    (Some(Candidate::Open(read)), end)
}

/// 5G, 4K: a small whole number and one letter name a generation, they are no bandwidth.
fn generation(chars: &[char], read: &Read) -> bool {
    let letter = chars.get(read.digits + 1);
    matches!(letter, Some('G' | 'K'))
        && chars[read.digits].is_ascii_digit()
        && !chars.get(read.digits + 2).is_some_and(char::is_ascii_alphanumeric)
}

/// Ranks: 第6名, 第三位, TOP1, 排名第一, 位列行业第二.
fn rank(chars: &[char], at: usize, words: &Words) -> Option<Read> {
    let made = |start: usize, end: usize, value: Decimal| Read {
        span: start..end,
        digits: at,
        quantity: Quantity {
            amount: Amount::One(value),
            unit: "rank".into(),
            unit_span: end..end,
            scale: 0,
            comparator: Comparator::Equal,
            tier: Tier::Core,
            unit_role: UnitRole::Measure,
            rule: "rank",
        },
        bare: false,
        small_chinese: false,
    };
    let number = numeral::numeral(chars, at, words)?;
    if at >= 3 && chars[at - 3..at].iter().map(char::to_ascii_uppercase).eq("TOP".chars()) {
        return Some(made(at - 3, number.end, number.value));
    }
    if at == 0 || chars[at - 1] != '第' || number.grouped || number.scale > 2 {
        return None;
    }
    let next = chars.get(number.end).copied().unwrap_or(' ');
    let named = matches!(next, '名' | '位') && !matches!(chars.get(number.end + 1), Some('的'));
    if named {
        return Some(made(at - 1, number.end + 1, number.value));
    }
    // 位列…第二: a word of ranking in the same clause, and nothing counted behind.
    let ends = !next.is_alphanumeric() || matches!(next, '的');
    let clause = chars[..at - 1].iter().rposition(|c| matches!(c, ',' | '。' | ';' | '!' | '?')).map_or(0, |mark| mark + 1);
    let before: String = chars[clause..at - 1].iter().collect();
    let ranked = ["排名", "排", "位列", "位居", "列", "居", "名列", "升至", "跃居", "跃升至", "荣获", "获", "保持"]
        .iter()
        .any(|word| before.contains(word));
    (ends && ranked).then(|| made(at - 1, number.end, number.value))
}

/// Values of one list share its unit, and its scale where they have none: 6.3万、3.1万和3.2万个.
fn share(chars: &[char], found: &mut [Candidate]) {
    for at in (1..found.len()).rev() {
        let (left, right) = found.split_at_mut(at);
        let (Some(Candidate::Open(one)), Candidate::Open(two)) = (left.last_mut(), &right[0]) else { continue };
        let between: String = chars[one.span.end..two.span.start].iter().filter(|c| **c != ' ').collect();
        if !matches!(between.as_str(), "、" | "和" | "及" | "与" | "或") || !one.quantity.unit.is_empty() || two.quantity.unit.is_empty()
        {
            continue;
        }
        if one.small_chinese && one.bare {
            continue;
        }
        if one.quantity.scale == 0 && two.quantity.scale > 0 {
            if let (Amount::One(first), Amount::One(second)) = (&one.quantity.amount, &two.quantity.amount) {
                let scaled = first.clone().scaled(two.quantity.scale);
                let near = scaled <= second.times(&Decimal::from(100)) && second.clone() <= scaled.times(&Decimal::from(100));
                if near {
                    one.quantity.amount = Amount::One(scaled);
                    one.quantity.scale = two.quantity.scale;
                }
            }
        }
        one.quantity.unit.clone_from(&two.quantity.unit);
        one.quantity.unit_role = UnitRole::Measure;
        one.bare = false;
    }
}

/// Decides on an open quantity by what stands around it.
fn decided(chars: &[char], candidate: Candidate, context: &Context<'_>, words: &Words) -> Mention {
    let read = match candidate {
        Candidate::Done(mention) => return mention,
        Candidate::Open(read) => read,
    };
    let Read { span, digits, mut quantity, bare, small_chinese } = read;
    if context.cell {
        return Mention { span, reading: Reading::Quantity(quantity) };
    }
    let refused = |reason| Mention { span: span.clone(), reading: Reading::Refusal(reason) };
    let next = chars.get(span.end).copied().unwrap_or('。');
    if bare && !stands_alone(chars, &span, digits, next) {
        let long = span.end - digits >= 5 && chars[digits..span.end].iter().all(char::is_ascii_digit);
        return refused(if long { Reason::Phone } else { Reason::Other });
    }
    if bare && !chars[digits].is_ascii_digit() {
        return refused(Reason::Phrase);
    }
    // A scale alone (百, 千万) needs a word that makes it a quantity.
    let scale_alone = words.scales.contains_key(&chars[digits]) && quantity.unit.is_empty() && quantity.comparator == Comparator::Equal;
    if scale_alone && words.counted.at(chars, span.end).is_none() && !(next == '个') {
        return refused(Reason::Phrase);
    }
    if quantity.unit.is_empty() {
        // 近1500万用户: the counted noun is the unit, but no part of the expression.
        let noun = span.end + usize::from(next == ' ');
        if let Some((_, unit)) = words.counted.at(chars, noun) {
            quantity.unit.clone_from(unit);
            quantity.unit_role = UnitRole::Noun;
            quantity.unit_span = span.end..span.end;
        }
    }
    if minor(chars, &span, digits, &quantity, small_chinese, words) {
        quantity.tier = Tier::Minor;
    }
    Mention { span, reading: Reading::Quantity(quantity) }
}

/// A bare Arabic number is a quantity where a word of measuring leads to it and nothing follows: 「頻率0.62，」.
fn stands_alone(chars: &[char], span: &std::ops::Range<usize>, digits: usize, next: char) -> bool {
    if !chars[digits].is_ascii_digit() || next.is_alphanumeric() || matches!(next, '-' | '+' | '/' | '(' | ':' | '×') {
        return false;
    }
    let mut before = span.start;
    while before > 0 && matches!(chars[before - 1], ' ' | ')') {
        if chars[before - 1] == ')' {
            match chars[..before].iter().rposition(|c| *c == '(') {
                Some(open) => before = open,
                None => break,
            }
        } else {
            before -= 1;
        }
    }
    let last = if before == 0 { ' ' } else { chars[before - 1] };
    let fraction = chars[digits..span.end].contains(&'.');
    "率数比度值分量额为是达至到于得".contains(last) && last != ' ' || fraction && last.is_alphabetic() && !last.is_ascii()
}

/// A number of a set phrase, or of a list the sentence itself gives: no analyst looks for it.
fn minor(chars: &[char], span: &std::ops::Range<usize>, digits: usize, quantity: &Quantity, small_chinese: bool, words: &Words) -> bool {
    if quantity.unit == "岁" {
        return true;
    }
    let unit: String = chars[quantity.unit_span.clone()].iter().collect();
    let last_years = span.start < digits && chars[span.start] == '近' && quantity.unit == "year";
    if last_years {
        return true;
    }
    let small = match &quantity.amount {
        Amount::One(value) => value.to_string().parse::<u32>().unwrap_or(u32::MAX),
        Amount::Range(..) => u32::MAX,
    };
    if small_chinese && small == 1 && quantity.unit_role != UnitRole::Measure {
        return true;
    }
    if small_chinese && small < 10 && matches!(unit.as_str(), "大" | "方" | "级" | "星" | "维" | "种" | "类" | "道" | "层" | "线")
    {
        return true;
    }
    // 云南、贵州两省: the list before holds as many as the number says.
    if (2..=9).contains(&small) && quantity.unit_role != UnitRole::Measure && quantity.comparator == Comparator::Equal {
        return listed(chars, span.start) == small || announced(chars, span.end, words) == small;
    }
    false
}

/// How many items the list that ends before `end` has: A、B和C.
fn listed(chars: &[char], end: usize) -> u32 {
    let begin = chars[..end].iter().rposition(|c| matches!(c, ',' | '。' | ';' | '(' | ')' | ':' | '「' | '“')).map_or(0, |mark| mark + 1);
    let joints = chars[begin..end].iter().filter(|c| matches!(c, '、' | '和' | '与' | '及')).count();
    if joints == 0 { 0 } else { joints as u32 + 1 }
}

/// How many items the list behind a colon or bracket has that the number announces: 四个县：布拖、昭觉、….
fn announced(chars: &[char], at: usize, _words: &Words) -> u32 {
    let Some(mark) = chars[at..].iter().take(12).position(|c| matches!(c, ':' | '(')).map(|ahead| at + ahead) else { return 0 };
    if chars[at..mark].iter().any(|c| matches!(c, ',' | '。' | ';')) {
        return 0;
    }
    let close = chars[mark + 1..].iter().position(|c| matches!(c, '。' | ';' | ')' | ',')).map_or(chars.len(), |ahead| mark + 1 + ahead);
    let joints = chars[mark + 1..close].iter().filter(|c| matches!(c, '、' | '和' | '与')).count();
    if joints == 0 { 0 } else { joints as u32 + 1 }
}
