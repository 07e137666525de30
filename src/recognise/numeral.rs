//! Reads a numeral: Arabic, Chinese or both mixed.
//!
//! In:  folded text and a position: 「42亿3600万元」, 「两万三千人次」, 「2,300余万元」, 「1 234 567户」.
//! Out: its value, exact, and how far it reaches; a vague one (上百, 数千, 几十) has the value of its scale and says `>`, one of
//!      two neighbours (三四百, 两三年) is a range.
//!
//! Digits and scales are rows of `data/zh/numerals.csv` and `scales.csv`. Units are `quantity`'s business; but a unit that begins
//! like a scale (千瓦, 百分点) ends the numeral.

use crate::decimal::Decimal;
use crate::knowledge::words::Words;
use crate::model::Comparator;

/// The highest power of ten that scales may come to: 万亿亿亿亿亿 is a slip, not a number.
const HIGHEST: i32 = 48;

/// A numeral as read.
#[derive(Debug, Clone)]
pub(crate) struct Numeral {
    /// Its value with all its scales.
    pub(crate) value: Decimal,
    /// The upper end of two neighbours: 三四百 is 300 to 400.
    pub(crate) high: Option<Decimal>,
    /// Power of ten of its last scale: 141万 has 4.
    pub(crate) scale: i32,
    /// Where it ends.
    pub(crate) end: usize,
    /// A comparator inside it: 50多, 3万余, 上百.
    pub(crate) inside: Option<Comparator>,
    /// Written in Chinese digits only.
    pub(crate) chinese: bool,
    /// Its Arabic digits hold a separator or a point.
    pub(crate) grouped: bool,
}

/// The numeral that begins at `at`.
pub(crate) fn numeral(chars: &[char], at: usize, words: &Words) -> Option<Numeral> {
    let first = *chars.get(at)?;
    if first.is_ascii_digit() { mixed(chars, at, words) } else { chinese(chars, at, words) }
}

fn digit_at(chars: &[char], at: usize) -> Option<u8> {
    chars.get(at).filter(|c| c.is_ascii_digit()).map(|&c| c as u8 - b'0')
}

/// A decimal point, as ASCII, full-width or small: 3.5, 3﹒5.
fn is_point(c: char) -> bool {
    matches!(c, '.' | '﹒' | '．')
}

/// A separator of thousands, ASCII or small.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | '﹐')
}

/// The Arabic digits that begin at `at`: digits, exponent, end, whether grouped.
pub(crate) fn arabic(chars: &[char], at: usize) -> (Vec<u8>, i32, usize, bool) {
    let mut digits = Vec::with_capacity(8);
    let (mut end, mut grouped) = (at, false);
    while let Some(found) = digit_at(chars, end) {
        digits.push(found);
        end += 1;
    }
    // Thousands: a separator, three digits, no fourth.
    if digits.len() <= 3 {
        while chars.get(end).is_some_and(|&c| is_separator(c)) && triple(chars, end + 1) {
            digits.extend((1..=3).filter_map(|ahead| digit_at(chars, end + ahead)));
            end += 4;
            grouped = true;
        }
    }
    let mut exponent = 0;
    if chars.get(end).is_some_and(|&c| is_point(c)) && digit_at(chars, end + 1).is_some() {
        end += 1;
        while let Some(found) = digit_at(chars, end) {
            digits.push(found);
            exponent -= 1;
            end += 1;
        }
        grouped = true;
    }
    (digits, exponent, end, grouped)
}

/// Three digits and no fourth.
fn triple(chars: &[char], at: usize) -> bool {
    (0..3).all(|ahead| digit_at(chars, at + ahead).is_some()) && digit_at(chars, at + 3).is_none()
}

/// Arabic digits whose thousands a blank parts, where a unit or a scale closes them: 1 234 567户. Two columns of a table have none.
fn blank_grouped(chars: &[char], at: usize, words: &Words) -> Option<(Vec<u8>, usize)> {
    let mut digits: Vec<u8> = chars[at..].iter().map_while(|c| c.to_digit(10).map(|digit| digit as u8)).take(4).collect();
    let mut end = at + digits.len();
    if digits.len() > 3 || digits[0] == 0 || at > 1 && chars[at - 1] == ' ' && chars[at - 2].is_ascii_digit() {
        return None;
    }
    while chars.get(end) == Some(&' ') && triple(chars, end + 1) {
        digits.extend((1..=3).filter_map(|ahead| digit_at(chars, end + ahead)));
        end += 4;
    }
    let next = *chars.get(end)?;
    let closed = words.scale(next).is_some() || words.units.at(chars, end).is_some_and(|_| !next.is_ascii_uppercase());
    (digits.len() > 3 && closed).then_some((digits, end))
}

/// Arabic digits with Chinese scales: 42亿3600万, 3万4000, 2300余万.
fn mixed(chars: &[char], at: usize, words: &Words) -> Option<Numeral> {
    let (mut digits, mut exponent, mut end, mut grouped) = arabic(chars, at);
    if !grouped
        && chars.get(end) == Some(&' ')
        && let Some((found, reach)) = blank_grouped(chars, at, words)
    {
        (digits, exponent, end, grouped) = (found, 0, reach, true);
    }
    // 84 亿元: a blank parts the number from its scale.
    if chars.get(end) == Some(&' ') && scale_at(chars, end + 1, words).is_some() {
        end += 1;
    }
    let mut value = Decimal::from_digits(&digits, exponent);
    if let Some((scale, end)) = english(chars, end) {
        return Some(Numeral { value: value.scaled(scale), high: None, scale, end, inside: None, chinese: false, grouped });
    }
    let (mut scale, reach, mut inside) = scales(chars, end, words);
    if scale == 0 {
        return Some(Numeral { value, high: None, scale, end, inside, chinese: false, grouped });
    }
    value = value.scaled(scale);
    end = reach;
    // A lower section may follow a higher one: 42亿3600万, 1千2百万, 3万5.
    while scale >= 2 && inside.is_none() {
        // 42 亿 3,600 万: blanks part the sections where a scale closes each.
        let spaced = usize::from(chars.get(end) == Some(&' '));
        let Some((digits, mut after)) = lower(chars, end + spaced, words) else { break };
        if chars.get(after) == Some(&' ') && scale_at(chars, after + 1, words).is_some() {
            after += 1;
        }
        if spaced > 0 && scale_at(chars, after, words).is_none() {
            break;
        }
        let below = digits.len() as i32;
        let (small, _) = chars.get(after).and_then(|_| scale_at(chars, after, words)).unwrap_or((0, false));
        if (1..4).contains(&small) && small < scale && below == 1 && scale < 4 {
            // 1千2百万: what follows multiplies both.
            value = value.plus(&Decimal::from_digits(&digits, small));
            let (rest, reach, found) = scales(chars, after + 1, words);
            (value, scale, end, inside) = (value.scaled(rest), if rest > 0 { rest } else { small }, reach, found);
            continue;
        }
        let (lower, reach, found) = scales(chars, after, words);
        if lower >= scale || below + lower > scale || after < chars.len() && chars[after].is_ascii_alphabetic() {
            break;
        }
        // 3万5 is 35000 where nothing stands between.
        let power = if below == 1 && lower == 0 { scale - 1 } else { lower };
        value = value.plus(&Decimal::from_digits(&digits, power));
        (scale, end, inside) = (lower, reach, found);
    }
    Some(Numeral { value, high: None, scale, end, inside, chinese: false, grouped })
}

/// An English scale behind a blank or none: HK$3.2 billion.
fn english(chars: &[char], at: usize) -> Option<(i32, usize)> {
    let begin = at + usize::from(chars.get(at) == Some(&' '));
    if !matches!(chars.get(begin), Some('m' | 'b' | 't' | 'M' | 'B' | 'T')) {
        return None;
    }
    [("million", 6), ("billion", 9), ("thousand", 3), ("trillion", 12)].iter().find_map(|(word, power)| {
        let end = begin + word.len();
        let same = chars.get(begin..end)?.iter().map(char::to_ascii_lowercase).eq(word.chars());
        (same && !chars.get(end).is_some_and(char::is_ascii_alphanumeric)).then_some((*power, end))
    })
}

/// The whole number, Arabic or of one Chinese digit, that continues a mixed numeral; a year or a date begins anew.
fn lower(chars: &[char], at: usize, words: &Words) -> Option<(Vec<u8>, usize)> {
    let mut at = at;
    if chars.get(at) == Some(&'零') && digit_at(chars, at + 1).is_some() {
        at += 1;
    }
    let first = *chars.get(at)?;
    if !first.is_ascii_digit() {
        let value = words.digit(first).filter(|value| (1..10).contains(value))?;
        let scaled = scale_at(chars, at + 1, words).is_some();
        return scaled.then_some((vec![value], at + 1));
    }
    let (digits, exponent, after, _) = arabic(chars, at);
    let dated = matches!(chars.get(after), Some('年' | '月' | '/' | '-' | '%'));
    (exponent == 0 && !dated).then_some((digits, after))
}

/// The scale at `at`, unless a unit begins there: 千 of 千瓦 is none.
fn scale_at(chars: &[char], at: usize, words: &Words) -> Option<(i32, bool)> {
    let c = *chars.get(at)?;
    let scale = words.scale(c)?;
    if c == '兆' {
        let money = |c: &char| matches!(c, '元' | '圆' | '港' | '美' | '日' | '韩' | '欧' | '新');
        // 2兆1,617亿元
        let lower = chars[at + 1..].iter().take(10).take_while(|c| c.is_ascii_digit() || matches!(**c, ',' | ' ')).count();
        let closed = lower > 0 && matches!(chars.get(at + 1 + lower), Some('亿'));
        return (closed || chars.get(at + 1).is_some_and(money)).then_some(scale);
    }
    (!unit_begins(chars, at, words)).then_some(scale)
}

/// The scales that follow a number, perhaps behind 多, 余, 来: power of ten, end, comparator.
fn scales(chars: &[char], at: usize, words: &Words) -> (i32, usize, Option<Comparator>) {
    let (mut power, mut end, mut inside) = (0, at, None);
    if let Some((length, &comparator)) = words.inside.at(chars, at)
        && scale_at(chars, at + length, words).is_some()
    {
        (end, inside) = (at + length, Some(comparator));
    }
    while let Some((scale, _)) = scale_at(chars, end, words) {
        if power + scale > HIGHEST {
            break;
        }
        power += scale;
        end += 1;
    }
    (power, end, inside)
}

/// Does a unit begin here that looks like a scale? 千瓦, 百分点, 千克.
fn unit_begins(chars: &[char], at: usize, words: &Words) -> bool {
    words.units.at(chars, at).is_some_and(|(length, _)| length > 1)
}

/// A number from 1 that continues a pair: 三四百, 三五个; 一二 is a pair too, 五三 is none.
fn neighbours(first: u8, second: u8) -> bool {
    (1..9).contains(&first) && (second == first + 1 || (first, second) == (3, 5))
}

/// A numeral in Chinese digits: 一万一千四百六十, 叁亿贰仟万, 两百万, 二十七点三, 上百, 数千, 十几, 三四百.
fn chinese(chars: &[char], at: usize, words: &Words) -> Option<Numeral> {
    let mut end = at;
    let mut inside = None;
    if matches!(chars[at], '数' | '几' | '上') {
        scale_at(chars, at + 1, words)?;
        inside = Some(Comparator::Over);
        end += 1;
    }
    // Section below 万, sum of closed sections, the digit not yet multiplied, the distance of a pair of neighbours.
    let (mut total, mut section, mut digit, mut pair) = (Decimal::zero(), 0u64, None, None::<(u64, i32)>);
    let (mut last_big, mut powers, mut run, mut scale, mut any) = (i32::MAX, 0, Vec::new(), 0, false);
    // The power of the scale right before, where a last digit takes the place below it: 一万五.
    let mut behind = 0;
    while let Some(&c) = chars.get(end) {
        if let Some(value) = words.digit(c) {
            if value >= 10 {
                // 廿五 is 25.
                if digit.is_some() || section > 0 {
                    break;
                }
                section = u64::from(value);
                (scale, any, behind) = (0, true, 0);
                end += 1;
                continue;
            }
            run.push(value);
            let before = digit.replace(u64::from(value));
            pair = match (before, run.len()) {
                (Some(low), 2) if neighbours(low as u8, value) => Some((u64::from(value) - low, 0)),
                _ => None,
            };
            if value == 0 || run.len() > 1 {
                behind = 0;
            }
            (scale, any) = (0, true);
        } else if let Some((power, big)) = scale_at(chars, end, words) {
            if run.len() > 1 && run[0] != 0 && pair.is_none() || powers + power > HIGHEST {
                // 二零一九 is a row of digits; no scale multiplies it.
                break;
            }
            if let (Some((_, by)), true) = (&mut pair, digit.is_some() || big) {
                *by += power;
            }
            if big {
                let below = section + digit.unwrap_or(0);
                let below = if below == 0 && total.is_zero() { 1 } else { below };
                total = if power > last_big || below == 0 {
                    total.plus(&Decimal::from(below)).scaled(power)
                } else {
                    total.plus(&Decimal::from(below).scaled(power))
                };
                powers += power;
                (section, last_big) = (0, power);
            } else {
                // A thousand thousand is no number; the next one begins here.
                let step = digit
                    .filter(|digit| *digit > 0)
                    .unwrap_or(1)
                    .checked_mul(10u64.pow(power as u32))
                    .filter(|step| section == 0 || *step < section);
                let Some(step) = step else { break };
                section += step;
            }
            (digit, any, behind) = (None, true, power);
            scale = if big { power } else { scale };
            run.clear();
        } else if any && inside.is_none() && c == '几' && digit.is_none() && chars.get(end + 1).is_some() {
            inside = Some(Comparator::Over);
        } else if any && inside.is_none() && matches!(c, '余' | '多' | '来') && scale_at(chars, end + 1, words).is_some() {
            inside = Some(if c == '来' { Comparator::About } else { Comparator::Over });
        } else {
            break;
        }
        end += 1;
    }
    // One accounting form alone is a word: 陆 of 大陆.
    if !any || end == at + 1 && words.formal(chars[at]) && !matches!(chars.get(end), Some('元' | '圆')) {
        return None;
    }
    let mut value = if run.len() > 1 && section == 0 && total.is_zero() && pair.is_none() {
        Decimal::from_digits(&run, 0)
    } else {
        let last = digit.unwrap_or(0);
        let power = if behind >= 2 && run.len() == 1 { behind - 1 } else { 0 };
        let whole = total.plus(&Decimal::from(section));
        if last == 0 { whole } else { whole.plus(&Decimal::from(last).scaled(power)) }
    };
    if chars.get(end) == Some(&'点') {
        let fraction: Vec<u8> = chars[end + 1..].iter().map_while(|&c| words.digit(c).filter(|digit| *digit < 10)).collect();
        // 八点三十分 is a time of day.
        let clock = value <= Decimal::from(24) && matches!(chars.get(end + 1 + fraction.len()), Some('十' | '分' | '刻'));
        if !fraction.is_empty() && !clock {
            value = value.plus(&Decimal::from_digits(&fraction, -(fraction.len() as i32)));
            end += 1 + fraction.len();
            let (power, reach, found) = scales(chars, end, words);
            (value, scale, end, inside) = (value.scaled(power), power, reach, inside.or(found));
        }
    }
    let mut high = None;
    if let Some((distance, power)) = pair {
        high = Some(value.clone());
        value = value.minus(&Decimal::from(distance).scaled(power));
    }
    Some(Numeral { value, high, scale, end, inside, chinese: true, grouped: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn numerals_of_every_style_have_their_value() {
        let knowledge = Knowledge::read(None).unwrap();
        for (text, value, rest) in [
            ("141万个", "1410000", "个"),
            ("1,200万个", "12000000", "个"),
            ("42亿3,600万元", "4236000000", "元"),
            ("187亿6仟万元", "18760000000", "元"),
            ("3万4000户", "34000", "户"),
            ("4万4512户", "44512", "户"),
            ("1.2万亿元", "1200000000000", "元"),
            ("2,300余万元", "23000000", "元"),
            ("60百万港元", "60000000", "港元"),
            ("5千瓦", "5", "千瓦"),
            ("7.9百分点", "7.9", "百分点"),
            ("一万三千二百八十人", "13280", "人"),
            ("叁亿贰仟万元", "320000000", "元"),
            ("两百万", "2000000", ""),
            ("一千零八十七亿", "108700000000", ""),
            ("十万零三千", "103000", ""),
            ("一万亿", "1000000000000", ""),
            ("二零二二年", "2022", "年"),
            ("二十七点三", "27.3", ""),
            ("上百款", "100", "款"),
            ("数千家", "1000", "家"),
            ("几十个", "10", "个"),
            ("三十几万元", "300000", "元"),
            ("十余年", "10", "余年"),
            ("千万户", "10000000", "户"),
            ("三万二千余人", "32000", "余人"),
            ("两万三千人次", "23000", "人次"),
            ("七万八千个", "78000", "个"),
            ("1千2百万元", "12000000", "元"),
            ("3万5千户", "35000", "户"),
            ("1 234 567户", "1234567", "户"),
            ("一点二万亿元", "1200000000000", "元"),
            ("一万五", "15000", ""),
            ("三百二", "320", ""),
            ("一百零五", "105", ""),
            ("廿五家", "25", "家"),
            ("2.3兆元", "2300000000000", "元"),
            ("100兆", "100", "兆"),
            ("三四百家", "300", "家"),
            ("十七八个", "17", "个"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let numeral = numeral(&chars, 0, &knowledge.words).unwrap_or_else(|| panic!("{text} is no numeral"));
            assert_eq!(numeral.value.to_string(), value, "{text}");
            assert_eq!(chars[numeral.end..].iter().collect::<String>(), rest, "{text}");
        }
    }
}
