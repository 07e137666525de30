//! Reads a quantity: a numeral with its comparator, its unit and the words between.
//!
//! In:  folded text and the position of a numeral: 「约2万个」, 「219.1件/百万用户」, 「七成五」, 「HK$2.5至4元」.
//! Out: its amount, unit, comparator and span; the span holds the words that belong to the expression.
//!
//! A quantity is one piece (number and unit) or two with a sign of range between: `piece` reads one, whatever it is written with.
//! Units are `unit`'s business.

use super::compare;
use super::numeral::{arabic, numeral};
use super::starts;
use super::unit::{Unit, is_duration, is_length};
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

/// A number with its unit.
#[derive(Debug, Clone)]
struct Piece {
    value: Decimal,
    /// The upper end of two neighbours: 三四百.
    high: Option<Decimal>,
    scale: i32,
    unit: Option<Unit>,
    end: usize,
    inside: Option<Comparator>,
    chinese: bool,
    grouped: bool,
    /// One Chinese digit.
    small: bool,
    rule: &'static str,
}

impl Piece {
    /// A part of a whole, in percent.
    fn percent(value: Decimal, unit: Range<usize>, rule: &'static str) -> Piece {
        let end = unit.end;
        Piece {
            value,
            high: None,
            scale: 0,
            unit: Some(Unit::of("%", unit)),
            end,
            inside: None,
            chinese: true,
            grouped: false,
            small: false,
            rule,
        }
    }
}

/// The quantity whose first digit is at `at`.
pub(crate) fn quantity(chars: &[char], at: usize, words: &Words, currency: &str) -> Option<Read> {
    let (negative, mut start) = sign(chars, at);
    // A currency and a comparator may lead, in either order: 逾人民币3亿元, 人民币逾3亿元.
    let (mut front, mut leading) = (None, None);
    for _ in 0..2 {
        if let Some((begin, word)) = front_currency(chars, start, words).filter(|_| front.is_none()) {
            (start, front) = (begin, Some((word, chars[begin] == '$')));
        } else if let Some((begin, found)) = compare::before(chars, start, words).filter(|_| leading.is_none()) {
            (start, leading) = (begin, Some(found));
        } else {
            break;
        }
    }
    let compared = leading.is_some() || at > 0 && matches!(chars[at - 1], '占' | '达' | '减' | '约');
    let mut first = piece(chars, at, compared, words, currency)?;
    let front = front.map(|(word, plain)| Unit::front(word, plain.then_some(currency)));
    first.take_front(front.as_ref());
    let mut comparator = leading.or(first.inside).or(first.unit.as_ref().and_then(|unit| unit.inside));
    if chars[at] == '几' && start > 0 && chars[start - 1] == '好' || first.rule == "bracketed" {
        start -= 1;
    }
    let second = range(chars, start, &first, front.as_ref(), words, currency);
    let Piece { value, high, mut scale, mut unit, mut end, chinese, small, mut rule, .. } = first;
    let signed = |value: Decimal| if negative { value.negated() } else { value };
    let mut amount = match (high, second) {
        (_, Some(second)) => {
            let shares = scale == 0 && unit.as_ref().is_none_or(Unit::is_front) && second.scale > 0;
            let scaled = value.clone().scaled(second.scale);
            let low = match second.rule {
                // 两至三成
                "tenths" if unit.is_none() => value.scaled(1),
                _ if shares && scaled <= second.value => scaled,
                _ => value,
            };
            (end, scale, rule) = (second.end, second.scale, "range");
            unit = second.unit.or(unit);
            Amount::Range(signed(low), second.value)
        }
        (Some(high), None) => {
            rule = "neighbours";
            Amount::Range(value, high)
        }
        (None, None) => Amount::One(signed(value)),
    };
    if let Some(part) = unit.as_ref().map(|unit| unit.part).filter(|part| *part != 0) {
        amount = match amount {
            Amount::One(value) => Amount::One(value.scaled(part)),
            Amount::Range(low, high) => Amount::Range(low.scaled(part), high.scaled(part)),
        };
    }
    let spans = unit.as_ref().is_some_and(|unit| is_duration(&unit.code) || is_length(&unit.code));
    if let Some((reach, found)) = compare::after(chars, end, spans, matches!(rule, "fraction" | "tenths"), words) {
        (end, comparator) = (reach, comparator.or(Some(found)));
    } else if comparator.is_none() && unit.as_ref().is_some_and(|unit| unit.role != UnitRole::Measure) {
        comparator = compare::behind_noun(chars, end, words);
    }
    // 罚款最高5万元 is a ceiling; 出力最高2,870万千瓦 was measured.
    let money = unit.as_ref().is_some_and(|unit| unit.plain_money);
    if comparator.is_none() && money && starts_before(chars, start, ['最', '高']) {
        (start, comparator) = (start - 2, Some(Comparator::AtMost));
    }
    comparator = comparator
        .or_else(|| compare::apart(chars, start, words))
        .or_else(|| compare::before_change(chars, start, words))
        .or_else(|| compare::ahead(chars, start, words));
    // 增长一倍 is +100 %; 2倍 stays what it is.
    if unit.as_ref().is_some_and(|unit| unit.code == "倍") && amount == Amount::One(Decimal::from(1)) && grows(chars, start) {
        amount = Amount::One(Decimal::from(100));
        unit = unit.map(|unit| Unit { code: "%".into(), ..unit });
        rule = "doubling";
    }
    let bare = unit.is_none() && scale == 0 && comparator.is_none() && rule == "quantity";
    let (code, unit_span, role) = match unit {
        Some(unit) if unit.is_front() => (unit.code, end..end, UnitRole::Measure),
        Some(unit) => (unit.code, unit.span, unit.role),
        None => (String::new(), end..end, UnitRole::None),
    };
    let comparator = comparator.unwrap_or(Comparator::Equal);
    let small_chinese = small && chinese;
    let quantity = Quantity { amount, unit: code, unit_span, scale, comparator, tier: Tier::Core, unit_role: role, rule };
    Some(Read { span: start..end, digits: at, quantity, bare, small_chinese })
}

/// Do these two characters stand right before `at`?
fn starts_before(chars: &[char], at: usize, pair: [char; 2]) -> bool {
    at >= 2 && chars[at - 2..at] == pair
}

/// Does a word of growth end before `at`?
fn grows(chars: &[char], at: usize) -> bool {
    let at = at - usize::from(at > 0 && chars[at - 1] == '了');
    at > 0 && matches!(chars[at - 1], '增' | '长' | '高' | '升' | '大' | '加' | '翻' | '多')
}

/// A sign before the digits that is no dash: -0.3 behind a word or mark.
fn sign(chars: &[char], at: usize) -> (bool, usize) {
    if starts_before(chars, at, ['零', '下']) {
        return (true, at - 2);
    }
    let Some(&mark) = at.checked_sub(1).and_then(|before| chars.get(before)) else { return (false, at) };
    if !matches!(mark, '-' | '−' | '+' | '±')
        || at >= 2
            && (chars[at - 2].is_ascii_alphanumeric() || matches!(chars[at - 2], ')' | '%' | '年' | '月' | '日'))
            && !(starts_before(chars, at - 1, ['上', '年']) || starts_before(chars, at - 1, ['去', '年']))
    {
        return (false, at);
    }
    (matches!(mark, '-' | '−'), at - 1)
}

/// A currency before the number: 人民币, HK$.
fn front_currency<'w>(chars: &[char], start: usize, words: &'w Words) -> Option<(usize, &'w UnitWord)> {
    let end = start - usize::from(start > 0 && chars[start - 1] == ' ');
    let (length, word) = words.currencies.before(chars, end)?;
    // The letters of a currency are not the end of a longer word.
    let begin = end - length;
    let grown = begin > 0 && chars[begin].is_ascii_alphabetic() && chars[begin - 1].is_ascii_alphanumeric();
    (!grown).then_some((begin, word))
}

impl Piece {
    /// The currency in front is the unit where none follows, and says which one 「元」 is.
    fn take_front(&mut self, front: Option<&Unit>) {
        let Some(front) = front else { return };
        match &mut self.unit {
            None => self.unit = Some(front.clone()),
            Some(unit) if unit.plain_money => unit.code.clone_from(&front.code),
            Some(_) => {}
        }
    }
}

/// The number and its unit that begin at `at`; `compared` where a word before it makes a quantity of 「半」.
fn piece(chars: &[char], at: usize, compared: bool, words: &Words, currency: &str) -> Option<Piece> {
    if chars.get(at) == Some(&'半') {
        return half(chars, at, compared, words, currency);
    }
    if let Some(piece) = fraction(chars, at, words) {
        return Some(piece);
    }
    let number = numeral(chars, at, words)?;
    let small = number.chinese && number.end - at == 1 && number.inside.is_none();
    if let Some(piece) = tenths(chars, at, &number.value, number.end, words).filter(|_| number.scale == 0 && number.inside.is_none()) {
        return Some(Piece { high: number.high.map(|high| high.scaled(1)), ..piece });
    }
    if chars.get(number.end) == Some(&'折') && !matches!(chars.get(number.end + 1), Some('旧' | '叠' | '射' | '合' | '算' | '线' | '现'))
    {
        // 八折 is 8, 七五折 and 75折 are 7.5.
        let ten = Decimal::from(10);
        let of = |value: Decimal| if value > ten { value.scaled(-1) } else { value };
        // 七八折 is the range from 7 to 8, 七五折 is no neighbour.
        let unit = Unit::of("折", number.end..number.end + 1);
        return Some(Piece {
            value: of(number.value),
            high: number.high.map(of),
            scale: 0,
            unit: Some(unit),
            end: number.end + 1,
            inside: None,
            chinese: number.chinese,
            grouped: number.grouped,
            small: false,
            rule: "discount",
        });
    }
    let mut piece = Piece {
        value: number.value,
        high: number.high,
        scale: number.scale,
        unit: None,
        end: number.end,
        inside: number.inside,
        chinese: number.chinese,
        grouped: number.grouped,
        small,
        rule: "quantity",
    };
    // 一个半月, 两个半小时.
    if chars.get(piece.end) == Some(&'个')
        && chars.get(piece.end + 1) == Some(&'半')
        && let Some(mut unit) = Unit::read(chars, piece.end + 2, words, currency).filter(|unit| unit.role == UnitRole::Measure)
    {
        unit.span.start = piece.end;
        piece.value = piece.value.plus(&Decimal::from_digits(&[5], -1));
        (piece.end, piece.unit, piece.rule, piece.small) = (unit.end, Some(unit), "half", false);
        return Some(piece);
    }
    if let Some(piece) = bracketed(chars, at, &piece, words, currency) {
        return Some(piece);
    }
    piece.unit = Unit::read(chars, piece.end, words, currency);
    if let Some(unit) = &piece.unit {
        piece.end = unit.end;
    }
    compound(chars, &mut piece, words, currency);
    Some(piece)
}

/// A loss in brackets before its scale and unit: (1.25)亿元.
fn bracketed(chars: &[char], at: usize, piece: &Piece, words: &Words, currency: &str) -> Option<Piece> {
    let opened = at > 0 && chars[at - 1] == '(';
    if !opened || chars.get(piece.end) != Some(&')') || piece.scale != 0 || !piece.grouped {
        return None;
    }
    let mut end = piece.end + 1;
    let mut scale = 0;
    while let Some((power, _)) = chars.get(end).and_then(|&c| words.scale(c)).filter(|_| scale < 20) {
        scale += power;
        end += 1;
    }
    let unit = Unit::read(chars, end, words, currency).filter(|unit| unit.role == UnitRole::Measure)?;
    let value = piece.value.clone().scaled(scale).negated();
    Some(Piece { value, scale, end: unit.end, unit: Some(unit), rule: "bracketed", ..piece.clone() })
}

/// What half of something comes to: 半年, 半个月, 半数, 过半, 减半; 半导体 is none.
fn half(chars: &[char], at: usize, compared: bool, words: &Words, currency: &str) -> Option<Piece> {
    let before = at.checked_sub(1).map(|before| chars[before]);
    let next = chars.get(at + 1).copied();
    if next == Some('数') {
        return Some(Piece::percent(Decimal::from(50), at + 1..at + 2, "half"));
    }
    if matches!(before, Some('上' | '下' | '前' | '后' | '大' | '一' | '多' | '夜'))
        && !matches!(before, Some('后') if next == Some('年'))
        && !matches!(next, Some('个'))
    {
        return None;
    }
    let named = next == Some('年') && matches!(chars.get(at + 2), Some('报' | '度' | '刊' | '会' | '末' | '底'));
    if let Some(unit) = Unit::read(chars, at + 1, words, currency).filter(|_| !named) {
        let halved = is_duration(&unit.code) || is_length(&unit.code) || matches!(unit.code.as_str(), "t" | "kg" | "斤" | "亩");
        if halved && !matches!(next, Some('月' | '米' | '里')) {
            return Some(Piece {
                value: Decimal::from_digits(&[5], -1),
                high: None,
                scale: 0,
                end: unit.end,
                unit: Some(unit),
                inside: None,
                chinese: true,
                grouped: false,
                small: false,
                rule: "half",
            });
        }
    }
    let word = next.is_some_and(|next| "导径封挂成山岛自固夜空天日年月点路官价决程".contains(next));
    (compared && !word).then(|| Piece::percent(Decimal::from(50), at..at + 1, "half"))
}

/// Fractions: 百分之三, 千分之二, 三分之一, 一半, 百分百, 1/3.
fn fraction(chars: &[char], at: usize, words: &Words) -> Option<Piece> {
    let rest = &chars[at..];
    match rest {
        ['百', '分', '百', ..] => return Some(Piece::percent(Decimal::from(100), at..at + 3, "fraction")),
        ['一', '半', next, ..] if *next == '半' => return None,
        ['一', '半', ..] => return Some(Piece::percent(Decimal::from(50), at..at + 2, "half")),
        _ => {}
    }
    if let [digit, '/', ..] = rest
        && digit.is_ascii_digit()
    {
        return slashed(chars, at);
    }
    // The whole comes first: 百分之三, 三分之一, 10分之1.
    let behind = rest.iter().take(4).position(|c| *c == '分').filter(|behind| *behind > 0)?;
    if rest.get(behind + 1) != Some(&'之') {
        return None;
    }
    let part = numeral(chars, at + behind + 2, words)?;
    // Of a scale the share is exact; else to two decimals.
    let power = match rest[..behind] {
        ['百'] => 0,
        ['千'] => -1,
        ['万'] => -2,
        ['十', '万'] => -3,
        ['百', '万'] => -4,
        ['亿'] => -6,
        _ => {
            let whole = numeral(chars, at, words).filter(|whole| whole.end == at + behind && !whole.value.is_zero())?;
            let share = part.value.scaled(2).divided(&whole.value, 2)?;
            return Some(Piece::percent(share, at..part.end, "fraction"));
        }
    };
    let high = part.high.map(|high| high.scaled(power));
    Some(Piece { high, inside: part.inside, ..Piece::percent(part.value.scaled(power), at..part.end, "fraction") })
}

/// A fraction with a stroke, where the words around make it one: 占1/3, 2/3以上.
fn slashed(chars: &[char], at: usize) -> Option<Piece> {
    let grown = at > 0 && (chars[at - 1].is_ascii_alphanumeric() || matches!(chars[at - 1], '/' | '.' | '-' | ',' | '第' | '('));
    let (part, whole) = (chars[at].to_digit(10)?, chars.get(at + 2)?.to_digit(10)?);
    let mut end = at + 3;
    let ten = whole == 1 && chars.get(end) == Some(&'0');
    let whole = if ten { 10 } else { whole };
    end += usize::from(ten);
    let next = chars.get(end).copied().unwrap_or('。');
    let closes = matches!(next, '的' | '以' | '左' | ',' | '。' | ';' | ')' | '、' | '是' | '为' | '来' | '由' | '强' | '多');
    if grown || !closes || part == 0 || part >= whole {
        return None;
    }
    let share = Decimal::from(u64::from(part)).scaled(2).divided(&Decimal::from(u64::from(whole)), 2)?;
    Some(Piece::percent(share, at..end, "fraction"))
}

/// Tenths: 三成, 七成五, 三成半; 三成 of 三成功 is none.
fn tenths(chars: &[char], at: usize, value: &Decimal, end: usize, words: &Words) -> Option<Piece> {
    if chars.get(end) != Some(&'成') || end - at > 2 || value.is_zero() || *value >= Decimal::from(10) {
        return None;
    }
    let next = chars.get(end + 1).copied().unwrap_or(' ');
    let workers = next == '员' && chars.get(end + 2) == Some(&'工');
    if !workers && "为功立员果本效长交绩品年因分就熟套都批人不".contains(next) {
        return None;
    }
    let tenths = value.clone().scaled(1);
    let made = |value: Decimal, reach: usize| Some(Piece::percent(value, end..reach, "tenths"));
    match chars.get(end + 1).and_then(|&c| words.digit(c)) {
        // 七成五; but 三成一个 counts one thing of its own.
        Some(ones) if (1..10).contains(&ones) && !Unit::follows(chars, end + 2, words) => {
            made(tenths.plus(&Decimal::from(u64::from(ones))), end + 2)
        }
        _ if next == '半' => made(tenths.plus(&Decimal::from(5)), end + 2),
        _ => made(tenths, end + 1),
    }
}

/// Amounts of two units: 3元5角, 1小时30分, 2年6个月, 一年半. They come to the smaller one, exactly; money stays in its unit.
fn compound(chars: &[char], piece: &mut Piece, words: &Words, currency: &str) {
    let Some(unit) = &piece.unit else { return };
    let (plain_money, measure, in_years) = (unit.plain_money, unit.role == UnitRole::Measure, unit.code == "year");
    let duration = is_duration(&unit.code);
    let doubles = unit.code == "倍";
    let follows = chars.get(piece.end).is_some_and(|&c| c == '半' || c == '整' || c.is_ascii_digit() || words.numeral(c));
    let plain_money = plain_money || piece.end > 0 && chars[piece.end - 1] == '角' && unit.code == "CNY";
    if !follows || !(plain_money || measure) {
        return;
    }
    if piece.high.is_some() {
        return;
    }
    if plain_money {
        // 八角五分: in tenths, as its unit is read.
        let tenths = piece.end.checked_sub(1).is_some_and(|last| chars[last] == '角');
        if chars.get(piece.end) == Some(&'整') {
            piece.end += 1;
            return;
        }
        for (mark, power) in [('角', -1), ('分', -2)].into_iter().skip(usize::from(tenths)) {
            let Some(number) = small(chars, piece.end, words).filter(|number| chars.get(number.1) == Some(&mark)) else { continue };
            if mark == '分' && chars.get(number.1 + 1) == Some(&'钟') {
                break;
            }
            piece.value = piece.value.plus(&Decimal::from(u64::from(number.0)).scaled(power + i32::from(tenths)));
            (piece.end, piece.rule, piece.small) = (number.1 + 1, "compound", false);
        }
        return;
    }
    let measured = duration || doubles;
    if measured && chars.get(piece.end) == Some(&'半') {
        let next = chars.get(piece.end + 1).copied().unwrap_or(' ');
        let date = in_years && piece.scale == 0 && piece.value > Decimal::from(100);
        if !date && !"导径封数年".contains(next) {
            piece.value = piece.value.plus(&Decimal::from_digits(&[5], -1));
            (piece.end, piece.rule, piece.small) = (piece.end + 1, "half", false);
            return;
        }
    }
    // 8分20秒: the minute may be written like a point of a score.
    let mut code = piece.unit.as_ref().map(|unit| unit.code.clone()).unwrap_or_default();
    for (from, to, times, names) in [
        ("day", "h", 24, &["小时", "个小时"][..]),
        ("h", "min", 60, &["分钟", "分"]),
        ("min", "s", 60, &["秒钟", "秒"]),
        ("year", "month", 12, &["个月"]),
    ] {
        let minutes = from == "min" && code == "point";
        if code != from && !minutes {
            continue;
        }
        let Some((count, end)) = small(chars, piece.end, words) else { continue };
        let Some(name) = names.iter().find(|name| starts(chars, end, name)) else { continue };
        let reach = end + name.chars().count();
        piece.value = piece.value.times(&Decimal::from(times)).plus(&Decimal::from(u64::from(count)));
        code = to.to_string();
        let from = piece.unit.as_ref().map_or(end, |unit| unit.span.start);
        piece.unit = Some(Unit::of(to, from..reach));
        (piece.end, piece.rule, piece.small) = (reach, "compound", false);
    }
    let _ = currency;
}

/// A whole number below a hundred without a scale: its value and end.
fn small(chars: &[char], at: usize, words: &Words) -> Option<(u8, usize)> {
    let first = *chars.get(at)?;
    if first.is_ascii_digit() {
        let (digits, exponent, end, grouped) = arabic(chars, at);
        let value = digits.iter().fold(0u8, |value, &digit| value.saturating_mul(10).saturating_add(digit));
        return (digits.len() <= 2 && exponent == 0 && !grouped).then_some((value, end));
    }
    words.digit(first).or_else(|| (first == '十').then_some(10))?;
    let read = numeral(chars, at, words)?;
    if read.end - at > 3 || read.inside.is_some() || read.high.is_some() {
        return None;
    }
    Some((u8::try_from(read.value.to_u32()?).ok().filter(|number| *number < 100)?, read.end))
}

/// The second end of the range that began with `first`: 1-3毫秒, 30GB-300GB, 10至50倍, 介乎约60百万港元至70百万港元.
fn range(chars: &[char], start: usize, first: &Piece, front: Option<&Unit>, words: &Words, currency: &str) -> Option<Piece> {
    if first.high.is_some() || first.rule == "half" {
        return None;
    }
    let blank = |at: usize| at + usize::from(chars.get(at) == Some(&' '));
    let between = start >= 2 && matches!(chars[start - 2..start], ['介', '于' | '乎']) || start >= 1 && chars[start - 1] == '在';
    let mut begin = blank(first.end);
    let dash = match chars.get(begin)? {
        '-' | '—' | '–' | '~' | '−' | '～' | '〜' => true,
        '至' | '到' => false,
        '与' | '和' | '及' if between => false,
        _ => return None,
    };
    let joined = matches!(chars[begin], '与' | '和' | '及');
    begin += 1;
    begin += usize::from(dash && matches!(chars.get(begin), Some('—' | '–' | '-')));
    begin = blank(begin);
    // The second end may bring its currency and its 约 along: 至约HK$70百万.
    for _ in 0..2 {
        let lead = (1..=4).rev().find(|length| {
            let fits = words.currencies.before(chars, begin + length).is_some_and(|(found, _)| found == *length);
            fits && begin + length < chars.len()
        });
        begin += lead.unwrap_or(0);
        begin += usize::from(matches!(chars.get(begin), Some('约' | '近' | '逾')));
    }
    begin = blank(begin);
    let c = *chars.get(begin)?;
    if !(c.is_ascii_digit() || words.numeral(c)) {
        return None;
    }
    let mut second = piece(chars, begin, false, words, currency)?;
    second.take_front(front);
    let own = first.unit.as_ref().filter(|unit| !unit.is_front());
    // 由62%至99% is a way from one value to another, no range.
    let moved = !dash
        // 从0到1,200家 leads from nothing.
        && (own.is_some() || first.value.is_zero())
        && start > 0
        && matches!(chars[start - 1], '由' | '从' | '自')
        && !starts(chars, second.end, "不等")
        && !starts(chars, second.end, "之间");
    // 上调1.1港仙至31.4港仙: by how much, and to what. In per cent it may be a range all the same.
    let moved = moved || !dash && own.is_some_and(|unit| unit.code != "%") && words.changes_before(chars, start).is_some();
    if moved || joined && !starts(chars, second.end, "之间") {
        return None;
    }
    match (&first.unit, &second.unit) {
        (Some(one), Some(two)) if one.code != two.code => return None,
        (Some(_), None) if first.rule == "fraction" || !second.chinese && dash => {}
        (Some(_), None) => return None,
        (None, Some(_)) => {}
        (None, None) => {
            let alone = chars[..start].iter().chain(&chars[second.end..]).all(|c| matches!(c, ' ' | '(' | ')'));
            let counted = words.counted.at(chars, second.end).is_some();
            let large = first.scale > 0 || second.scale > 0 || first.grouped && second.grouped;
            if !(large || alone || counted || between) {
                return None;
            }
        }
        _ => {}
    }
    // The first end is the lower one, perhaps only with the scale of the second.
    let scaled = first.scale == 0 && own.is_none() && second.scale > 0;
    let rises = first.value <= second.value || scaled && first.value.clone().scaled(second.scale) <= second.value;
    (rises && second.high.is_none()).then(|| {
        if second.unit.is_none() {
            second.unit = first.unit.clone();
        }
        second
    })
}
