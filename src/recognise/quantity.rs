//! Reads a quantity: a numeral with its comparator, its unit and the words between.
//!
//! In:  folded text and the position of a numeral: 「约2万个」, 「219.1件/百万用户」, 「七成五」, 「HK$2.5至4元」.
//! Out: its amount, unit, comparator and span; the span holds the words that belong to the expression.
//!
//! Units are rows of `data/zh/unit_words.csv`, their codes of `data/units.csv`.

use super::compare;
use super::numeral::{Numeral, numeral};
use crate::decimal::Decimal;
use crate::knowledge::words::{UnitWord, Words};
use crate::model::{Amount, Comparator, Quantity, Tier, UnitRole};
use std::ops::Range;

/// A quantity on its way: what a list behind it may still give.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    /// Where it stands, its comparators included.
    pub(crate) span: Range<usize>,
    /// Where the digits begin.
    pub(crate) digits: usize,
    /// What was read.
    pub(crate) quantity: Quantity,
    /// Nothing but a number: no unit, no scale, no comparator.
    pub(crate) bare: bool,
    /// It is one small Chinese numeral: 三大, 一个.
    pub(crate) small_chinese: bool,
}

/// The quantity whose first digit is at `at`.
pub(crate) fn quantity(chars: &[char], at: usize, words: &Words, currency: &str) -> Option<Read> {
    let first = numeral(chars, at, words)?;
    let (negative, mut start) = sign(chars, at);
    let front = front_currency(chars, start, words, currency);
    if let Some((begin, _)) = front {
        start = begin;
    }
    let mut comparator = first.inside;
    if let Some((begin, found)) = compare::before(chars, start, words) {
        (start, comparator) = (begin, Some(found));
    }
    if let Some(read) = parts(chars, at, start, &first, comparator, words) {
        return Some(read);
    }
    let signed = |value: Decimal| if negative { value.negated() } else { value };
    let mut unit = Unit::read(chars, first.end, words, currency);
    if let (Some((_, word)), None) = (&front, &unit) {
        unit = Some(Unit::front(word, first.end));
    }
    let mut end = unit.as_ref().map_or(first.end, |unit| unit.end);
    if let Some(found) = unit.as_ref().and_then(|unit| unit.inside) {
        comparator = comparator.or(Some(found));
    }
    let mut amount = Amount::One(signed(first.value.clone()));
    let mut scale = first.scale;
    let mut rule = "quantity";
    if let Some(second) = range(chars, end, unit.as_ref(), &first, words, currency) {
        let low = if first.scale == 0 && second.shares_scale(&first) {
            first.value.clone().scaled(second.number.scale)
        } else {
            first.value.clone()
        };
        end = second.end;
        scale = second.number.scale;
        amount = Amount::Range(signed(low), second.number.value.clone());
        rule = "range";
        if second.unit.is_some() {
            unit = second.unit;
        } else if let (Some((_, word)), None) = (&front, &unit) {
            unit = Some(Unit::front(word, end));
        }
    }
    if unit.as_ref().is_none_or(|unit| unit.part == 0) {
        // 个 and the like: the counted noun may say what is counted.
    } else if let (Some(unit), Amount::One(value)) = (&unit, &amount) {
        amount = Amount::One(value.clone().scaled(unit.part));
    }
    let duration = unit.as_ref().is_some_and(|unit| unit.is_duration());
    if let Some((reach, found)) = compare::after(chars, end, duration, words) {
        (end, comparator) = (reach, comparator.or(Some(found)));
    }
    let bare = unit.is_none() && first.scale == 0 && comparator.is_none() && rule == "quantity";
    let small_chinese = first.chinese && first.end - at == 1 && first.inside.is_none();
    let (code, unit_span, role) = match unit {
        Some(unit) => (unit.code, unit.span, unit.role),
        None => (String::new(), end..end, UnitRole::None),
    };
    let comparator = comparator.unwrap_or(Comparator::Equal);
    let quantity = Quantity { amount, unit: code, unit_span, scale, comparator, tier: Tier::Core, unit_role: role, rule };
    Some(Read { span: start..end, digits: at, quantity, bare, small_chinese })
}

/// A sign before the digits that is no dash: -0.3 behind a word or mark.
fn sign(chars: &[char], at: usize) -> (bool, usize) {
    let signed =
        at > 0 && matches!(chars[at - 1], '-' | '−' | '+') && (at == 1 || !chars[at - 2].is_alphanumeric() || !chars[at - 2].is_ascii());
    let signed = signed && (at == 1 || !matches!(chars[at - 2], ')' | '%'));
    (signed && chars[at - 1] != '+', if signed { at - 1 } else { at })
}

/// A currency before the number: 人民币, HK$.
fn front_currency<'w>(chars: &[char], start: usize, words: &'w Words, currency: &str) -> Option<(usize, &'w UnitWord)> {
    let end = start - usize::from(start > 0 && chars[start - 1] == ' ');
    let (length, word) = words.currencies.before(chars, end)?;
    // A plain $ is the report's own dollar; a dollar of that name is the same one.
    let _ = currency;
    Some((end - length, word))
}

/// Tenths, hundredths, fractions, multiples: 七成五, 百分之三, 三分之一, 七五折, 千分之二.
fn parts(chars: &[char], at: usize, start: usize, first: &Numeral, comparator: Option<Comparator>, words: &Words) -> Option<Read> {
    let made = |value: Decimal, unit: &str, unit_from: usize, mut end: usize, rule: &'static str| {
        let mut comparator = comparator;
        if let Some((reach, found)) = compare::after(chars, end, false, words) {
            (end, comparator) = (reach, comparator.or(Some(found)));
        }
        let comparator = comparator.unwrap_or(Comparator::Equal);
        let quantity = Quantity {
            amount: Amount::One(value),
            unit: unit.to_string(),
            unit_span: unit_from..end,
            scale: 0,
            comparator,
            tier: Tier::Core,
            unit_role: UnitRole::Measure,
            rule,
        };
        Some(Read { span: start..end, digits: at, quantity, bare: false, small_chinese: false })
    };
    let digit = |at: usize| chars.get(at).and_then(|c| words.digits.get(c)).copied();
    // 百分之三点五, 千分之二; the numeral read so far is 百 or 千.
    let rest = &chars[at..];
    for (word, power) in [("百分之", 0), ("千分之", -1), ("万分之", -2)] {
        if rest.iter().copied().take(3).eq(word.chars()) {
            let part = numeral(chars, at + 3, words)?;
            return made(part.value.scaled(power), "%", at, part.end, "fraction");
        }
    }
    if first.chinese && rest.get(first.end - at..first.end - at + 2) == Some(&['分', '之']) {
        let part = numeral(chars, first.end + 2, words)?;
        let share = part.value.scaled(2).divided(&first.value, 2)?;
        return made(share, "%", at, part.end, "fraction");
    }
    if first.chinese && first.scale == 0 && chars.get(first.end) == Some(&'成') && first.end - at == 1 {
        let next = chars.get(first.end + 1).copied().unwrap_or(' ');
        if "为功立员果本效长交绩品年因分".contains(next) {
            return None;
        }
        let tenths = first.value.clone().scaled(1);
        return match digit(first.end + 1) {
            Some(ones) if ones > 0 && words.units.at(chars, first.end + 2).is_none_or(|(_, word)| word.role != UnitRole::Counter) => {
                made(tenths.plus(&Decimal::from(u64::from(ones))), "%", first.end, first.end + 2, "tenths")
            }
            _ if chars.get(first.end + 1) == Some(&'半') => made(tenths.plus(&Decimal::from(5)), "%", first.end, first.end + 2, "tenths"),
            _ => made(tenths, "%", first.end, first.end + 1, "tenths"),
        };
    }
    if chars.get(first.end) == Some(&'折') && !matches!(chars.get(first.end + 1), Some('旧' | '叠' | '射' | '合' | '算')) {
        // 八折 is 8, 七五折 and 75折 are 7.5.
        let ten = Decimal::from(10);
        let value = if first.value > ten { first.value.clone().scaled(-1) } else { first.value.clone() };
        return made(value, "折", first.end, first.end + 1, "discount");
    }
    None
}

/// A unit behind a number.
#[derive(Debug, Clone)]
struct Unit {
    code: String,
    span: Range<usize>,
    end: usize,
    role: UnitRole,
    part: i32,
    inside: Option<Comparator>,
}

impl Unit {
    /// The unit that begins at `at`, perhaps behind 多, 余 or a blank.
    fn read(chars: &[char], at: usize, words: &Words, currency: &str) -> Option<Unit> {
        let mut begin = at;
        let mut inside = None;
        if let Some((length, &comparator)) = words.inside.at(chars, at) {
            (begin, inside) = (at + length, Some(comparator));
        }
        begin += usize::from(chars.get(begin) == Some(&' '));
        // A scale may stand behind a blank too: 「13.7 万人次」 is closed by tidy, a cell is not.
        let (length, word) = words.units.all_at(chars, begin).find(|(length, word)| sound(chars, begin, *length, word))?;
        let mut end = begin + length;
        let mut code = if word.unit == "CNY" && matches!(chars[begin], '元' | '圆' | '块' | '角' | '分') {
            currency.to_string()
        } else {
            word.unit.clone()
        };
        let mut role = word.role;
        if let Some((denominator, reach)) = denominator(chars, end, words) {
            code = format!("{code}/{denominator}");
            (end, role) = (reach, UnitRole::Measure);
        } else if matches!(code.as_str(), "个") {
            if let Some((length, unit)) = words.counted.at(chars, end) {
                let _ = length;
                code.clone_from(unit);
            }
        }
        Some(Unit { code, span: begin..end, end, role, part: word.part, inside })
    }

    /// The unit that a currency before the number gives.
    fn front(word: &UnitWord, end: usize) -> Unit {
        Unit { code: word.unit.clone(), span: end..end, end, role: UnitRole::Measure, part: word.part, inside: None }
    }

    fn is_duration(&self) -> bool {
        matches!(self.code.as_str(), "ms" | "s" | "min" | "h" | "day" | "week" | "month" | "year" | "quarter")
    }
}

/// Is the unit word really one here? 分 of 分别 is none, G of 5G is none.
fn sound(chars: &[char], begin: usize, length: usize, word: &UnitWord) -> bool {
    let end = begin + length;
    let next = chars.get(end).copied().unwrap_or(' ');
    let last = chars[end - 1];
    if last.is_ascii_alphabetic() && next.is_ascii_alphabetic() {
        return false;
    }
    let follows = |list: &str| list.contains(next) && next != ' ';
    if length == 1 {
        return match last {
            '分' => !follows("别布公支行厂店校院级类层步批区为之析享发散配工钟子"),
            '人' => !follows("民工均才物类力员员口次机像"),
            '家' => !follows("庭族电乡长"),
            '国' => !follows("家内际有产企资民外"),
            '年' => !follows("度产均报初末底轻龄"),
            '月' => !follows("均度底初末"),
            '日' => !follows("常均前益"),
            '天' => !follows("然津"),
            '度' => !follows("假过电夏"),
            '市' => !follows("场值民政盈级"),
            '县' => !follows("域级"),
            '村' => !follows("镇庄民"),
            '省' => !follows("级份会"),
            '户' => !follows("均外籍"),
            '名' => !follows("单称誉"),
            '项' => !follows("目"),
            '条' => !follows("件例款约"),
            '起' => !follows("来草重步点源诉"),
            '米' => !follows("其"),
            '元' => !follows("年素旦"),
            '次' => !follows("数级要"),
            '周' => !follows("期边围"),
            '时' => false,
            '台' => !follows("湾风"),
            '部' => !follows("分门委署级长"),
            '件' => true,
            '路' => !follows("由径线灯演"),
            '只' => !follows("有能要是"),
            '点' => !follows("击评"),
            '里' => !follows("程"),
            '方' => !follows("面便案式向"),
            '倍' => !follows("增"),
            '级' | '星' | '类' | '种' | '大' => true,
            _ => true,
        };
    }
    // A network letter behind a small whole number is a generation: 5G; a bandwidth has two digits or a point: 100M, 5.2T.
    !(word.network && length > 1)
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
    while chars.get(at).is_some_and(|c| words.scales.contains_key(c)) && words.units.at(chars, at).is_none_or(|(length, _)| length == 1) {
        at += 1;
    }
    let scale: String = chars[begin..at].iter().collect();
    let (length, word) = words.units.at(chars, at)?;
    let written: String = chars[at..at + length].iter().collect();
    let mut end = at + length;
    // With a multiplier, or as a counted noun, the words stay; a measure of its own becomes its code.
    let measure = scale.is_empty() && word.role == UnitRole::Measure && !matches!(written.as_str(), "月" | "年" | "日");
    let mut denominator = if measure { word.unit.clone() } else { format!("{scale}{written}") };
    if matches!(chars.get(end), Some('·' | '•')) {
        if let Some((length, _)) = words.units.at(chars, end + 1) {
            denominator = format!("{denominator}·{}", chars[end + 1..end + 1 + length].iter().collect::<String>());
            end += 1 + length;
        }
    }
    Some((denominator, end))
}

/// The second end of a range.
struct Second {
    number: Numeral,
    unit: Option<Unit>,
    end: usize,
}

impl Second {
    /// 2至3万: the first end takes the scale of the second where that makes it the smaller one still.
    fn shares_scale(&self, first: &Numeral) -> bool {
        self.number.scale > 0 && first.value.clone().scaled(self.number.scale) <= self.number.value
    }
}

/// The second end of a range that begins at `at`, behind the first number and its unit: 1-3毫秒, 30GB-300GB, 10至50倍.
fn range(chars: &[char], at: usize, unit: Option<&Unit>, first: &Numeral, words: &Words, currency: &str) -> Option<Second> {
    let mut begin = at + usize::from(chars.get(at) == Some(&' '));
    let dash = match chars.get(begin)? {
        '-' | '—' | '–' | '~' | '−' => true,
        '至' | '到' => false,
        _ => return None,
    };
    begin += 1;
    begin += usize::from(chars.get(begin) == Some(&' ') || dash && matches!(chars.get(begin), Some('—' | '–')));
    for (length, _) in
        (1..=4).rev().filter_map(|length| words.currencies.before(chars, begin + length).filter(|(found, _)| *found == length))
    {
        begin += length;
        break;
    }
    let c = *chars.get(begin)?;
    if !(c.is_ascii_digit() || words.digits.contains_key(&c) || words.scales.contains_key(&c)) {
        return None;
    }
    let number = numeral(chars, begin, words)?;
    let second_unit = Unit::read(chars, number.end, words, currency);
    // Two ends of one range are of one unit, and the first is the lower.
    match (unit, &second_unit) {
        (Some(one), Some(two)) if one.code != two.code => return None,
        (Some(_), None) if !dash || number.chinese => return None,
        (None, None) if first.scale == 0 && number.scale == 0 && !first.grouped => return None,
        _ => {}
    }
    let low =
        if first.scale == 0 && number.scale > 0 && unit.is_none() { first.value.clone().scaled(number.scale) } else { first.value.clone() };
    if low > number.value && first.value > number.value {
        return None;
    }
    let end = second_unit.as_ref().map_or(number.end, |unit| unit.end);
    Some(Second { number, unit: second_unit, end })
}
