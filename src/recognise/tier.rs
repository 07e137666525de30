//! Tells the quantities no analyst looks for: numbers of set phrases, of lists the sentence itself gives, of names of rates.
//!
//! In:  a quantity and what stands around it.
//! Out: whether it is minor.

use super::quantity::Read;
use super::unit::{is_duration, is_length};
use super::{ends, starts};
use crate::knowledge::Knowledge;
use crate::knowledge::cues::{Cue, Cues};
use crate::model::{Amount, Comparator, Quantity, UnitRole};

/// Counters of set phrases below ten: 三大战略, 两类.
const PHRASED: &[char] = &['大', '方', '级', '星', '维', '种', '类', '道', '层', '线'];

fn is_break(c: char) -> bool {
    matches!(c, ',' | '。' | ';' | '!' | '?' | ':' | '(' | ')')
}

/// Is the quantity a number of a set phrase, or of a list the sentence itself gives?
pub(crate) fn minor(chars: &[char], read: &Read, knowledge: &Knowledge) -> bool {
    let Read { span, digits, quantity, small_chinese, .. } = read;
    if quantity.unit == "rank" {
        return false;
    }
    let cues = &knowledge.words.cues;
    let unit = &chars[quantity.unit_span.clone()];
    let duration = is_duration(&quantity.unit);
    if quantity.unit == "岁" && !of_age(chars, span.start, quantity)
        || duration && recent(chars, span.start, *digits, cues)
        || denominator(chars, span.start, *digits, quantity)
    {
        return true;
    }
    if class(chars, span.end, quantity) || rate_name(chars, span, quantity, cues) || full_mark(chars, span, quantity) {
        return true;
    }
    let next = chars.get(span.end).copied().unwrap_or('。');
    // 千万千瓦级, 百亿级: a size class.
    if next == '级' && (quantity.unit_role == UnitRole::Measure || quantity.scale > 0) && !matches!(unit, ['星']) {
        return true;
    }
    // 六十年一遇, 三年来
    if duration
        && (starts(chars, span.end, "一遇")
            || next == '期' && chars.get(span.end + 1).is_some_and(|c| c.is_alphabetic() && *c != '间')
            || next == '来' && quantity.comparator == Comparator::Equal)
    {
        return true;
    }
    // 百公里油耗, 百万工时事故率, 万元产值用水量: what the rate of that name is divided by.
    let scales_first = knowledge.words.scale(chars[*digits]).is_some() && chars[*digits] != '十';
    if scales_first && quantity.comparator == Comparator::Equal && quantity.unit_role != UnitRole::None && next.is_alphabetic() {
        let name = chars[span.end..].iter().take(14).take_while(|c| !is_break(**c) && !c.is_ascii_digit());
        if name.clone().any(|c| matches!(c, '率' | '耗' | '量')) {
            return true;
        }
    }
    let Some(small) = digit(chars, read, knowledge) else { return false };
    if *small_chinese && small == 1 {
        return match quantity.unit_role {
            UnitRole::Measure if quantity.unit == "%" || quantity.unit == "倍" => false,
            UnitRole::Measure if quantity.comparator != Comparator::Equal => false,
            UnitRole::Measure if duration => cues.before(Cue::Spanning, chars, span.start).is_none(),
            UnitRole::Measure => !matches!(unit, ['元'] | ['亿', ..]),
            _ => true,
        };
    }
    if *small_chinese && small == 0 && quantity.unit_role != UnitRole::Measure {
        return !matches!(next, ',' | '。' | ';');
    }
    if *small_chinese && small < 10 && matches!(unit, [counter] if PHRASED.contains(counter)) {
        return true;
    }
    if quantity.unit_role == UnitRole::Measure || quantity.comparator != Comparator::Equal || !(2..=9).contains(&small) {
        return false;
    }
    // 湖北、湖南两省合计: places named before, in this sentence or the last.
    let places = matches!(quantity.unit.as_str(), "省" | "市" | "区县" | "州" | "地区" | "国家" | "乡镇") || matches!(unit, ['地']);
    let summed = cues.at(Cue::Summed, chars, span.end).is_some();
    if *small_chinese && places && summed {
        return true;
    }
    listed(chars, span.start, small, quantity, knowledge) || announced(chars, span.end, small)
}

/// The value where it is one digit, as Chinese or as Arabic.
fn digit(chars: &[char], read: &Read, knowledge: &Knowledge) -> Option<u32> {
    let Amount::One(_) = &read.quantity.amount else { return None };
    let first = chars[read.digits];
    if read.small_chinese {
        return knowledge.words.digit(first).map(u32::from);
    }
    let next = chars.get(read.digits + 1).copied().unwrap_or('。');
    let longer = next.is_ascii_digit() || matches!(next, ',' | '.') || read.quantity.scale > 0;
    first.to_digit(10).filter(|_| !longer)
}

/// 平均年龄32.5岁 is a figure, 65岁以上 a class.
fn of_age(chars: &[char], start: usize, quantity: &Quantity) -> bool {
    let ahead = &chars[start.saturating_sub(4)..start];
    quantity.comparator != Comparator::AtLeast && quantity.comparator != Comparator::AtMost && ahead.contains(&'龄')
}

/// 近三年, 过去五年, 未来三年: the span says when, not how much. 历时近十年 does not.
fn recent(chars: &[char], start: usize, digits: usize, cues: &Cues) -> bool {
    let near = start < digits && chars[start] == '近' && digits - start <= 2;
    let when = cues.before(Cue::Recent, chars, start).is_some();
    let lasting = cues.before(Cue::Lasting, chars, start).is_some();
    (near || when) && !lasting
}

/// 每百公里, 每万名客户, 每100户: what a rate is divided by.
fn denominator(chars: &[char], start: usize, digits: usize, quantity: &Quantity) -> bool {
    let each = start > 0 && chars[start - 1] == '每'
        || ends(chars, start, "每售出")
        || ends(chars, start, "每生产")
        || ends(chars, start, "每减少");
    let money =
        matches!(quantity.unit.as_str(), "CNY" | "HKD" | "TWD" | "USD") && chars[digits].is_ascii_digit() && !ends(chars, start, "每");
    each && !money && quantity.unit != "%"
}

/// 三千米以上的17个, 800V平台, 500Mbps及以上住户2,300万户: a class that names what the next number of the clause counts.
fn class(chars: &[char], end: usize, quantity: &Quantity) -> bool {
    let classes = is_length(&quantity.unit)
        || quantity.unit.ends_with("bit/s")
        || matches!(quantity.unit.as_str(), "kV" | "V" | "in" | "kW" | "MW" | "m2" | "亩" | "t" | "℃" | "kVA" | "MVA" | "户" | "人");
    // 800V 平台
    let next = chars[end..].iter().copied().find(|c| *c != ' ').unwrap_or('。');
    if !classes
        || !(next == '的' || next.is_alphabetic() && !matches!(next, '提' | '升' | '降' | '增' | '减' | '到' | '至' | '为' | '和' | '及'))
    {
        return false;
    }
    let bounded = ["以上", "以下", "以内"].iter().any(|word| ends(chars, end, word));
    if matches!(quantity.unit.as_str(), "kV" | "V" | "in") || quantity.unit.ends_with("bit/s") && bounded {
        return true;
    }
    let clause = chars[end..].iter().take(30).take_while(|c| !is_break(**c));
    bounded && clause.clone().any(char::is_ascii_digit)
}

/// 15秒接通率88.6%, 40分钟内赶到的工单占91.3%, 八成七在45秒内: the span of time is part of the rate's name.
fn rate_name(chars: &[char], span: &std::ops::Range<usize>, quantity: &Quantity, cues: &Cues) -> bool {
    if !matches!(quantity.unit.as_str(), "s" | "min" | "h" | "day") {
        return false;
    }
    // In front of it a share and 在.
    if span.start >= 2 && chars[span.start - 1] == '在' && matches!(quantity.comparator, Comparator::AtMost) {
        let back = &chars[..span.start - 1];
        let share = back.last().is_some_and(|c| *c == '%' || *c == '成') || back.len() >= 2 && back[back.len() - 2] == '成';
        if share {
            return true;
        }
    }
    if cues.before(Cue::Measured, chars, span.start).is_some() {
        return false;
    }
    // Behind it 率 or 占, then the rate.
    let mut named = false;
    for &c in chars[span.end..].iter().take(24) {
        match c {
            '率' | '占' | '比' => named = true,
            ' ' | '为' | '达' | '到' | '的' | '约' => {}
            _ if c.is_ascii_digit() => return named,
            _ if is_break(c) || matches!(c, '、') => return false,
            _ => {}
        }
    }
    false
}

/// 以10分为满分, 满分100分, 百分制.
fn full_mark(chars: &[char], span: &std::ops::Range<usize>, quantity: &Quantity) -> bool {
    quantity.unit == "point"
        && (starts(chars, span.end, "为满分")
            || starts(chars, span.end, "制")
            || starts(chars, span.end, "满分")
            || ["满分", "满分为", "总分", "满分是"].iter().any(|word| ends(chars, span.start, word)))
}

/// The list right before the number names as many places as it says: 云南、贵州两省. Of other things and of values (129元、159元和
/// 199元三档) the count is a figure.
fn listed(chars: &[char], end: usize, small: u32, quantity: &Quantity, knowledge: &Knowledge) -> bool {
    let floor = end.saturating_sub(80);
    let begin = chars[floor..end].iter().rposition(|c| is_break(*c) || matches!(c, '「' | '“')).map_or(floor, |mark| floor + mark + 1);
    let joint = |c: &char| matches!(c, '、' | '和' | '与' | '及');
    let list = &chars[begin..end];
    let joints = list.iter().filter(|c| joint(c)).count() as u32;
    if joints + 1 != small {
        return false;
    }
    let Some(last) = list.iter().rposition(joint).map(|mark| begin + mark + 1) else { return false };
    if list.iter().any(char::is_ascii_digit) || list.last() == Some(&'等') && last + 2 > end {
        return false;
    }
    let mut item_end = end;
    for tail in ["等地", "等", "这"] {
        if ends(chars, item_end, tail) {
            item_end -= tail.chars().count();
        }
    }
    let place = item_end > last && knowledge.place_names.at(&chars[..item_end], last).is_some_and(|(length, _)| last + length == item_end);
    place || quantity.unit == "家" && item_end - last <= 6
}

/// The list behind a colon or bracket holds as many items as the number announces: 四个县：布拖、昭觉、….
fn announced(chars: &[char], at: usize, small: u32) -> bool {
    let Some(mark) = chars[at..].iter().take(12).position(|c| matches!(c, ':' | '(')).map(|ahead| at + ahead) else { return false };
    if chars[at..mark].iter().any(|c| matches!(c, ',' | '。' | ';')) {
        return false;
    }
    let close = chars[mark + 1..]
        .iter()
        .take(120)
        .position(|c| matches!(c, '。' | ';' | ')' | ','))
        .map_or((mark + 121).min(chars.len()), |ahead| mark + 1 + ahead);
    let joints = chars[mark + 1..close].iter().filter(|c| matches!(c, '、' | '和' | '与')).count() as u32;
    joints > 0 && joints + 1 == small
}
