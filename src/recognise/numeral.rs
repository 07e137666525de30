//! Reads a numeral: Arabic, Chinese or both mixed.
//!
//! In:  folded text and a position: 「42亿3600万元」, 「两万三千人次」, 「2,300余万元」.
//! Out: its value, exact, and how far it reaches; a vague one (上百, 数千, 几十) has the value of its scale and says `>`.
//!
//! Digits and scales are rows of `data/zh/numerals.csv` and `scales.csv`. Units are `quantity`'s business; but a unit that begins
//! like a scale (千瓦, 百分点) ends the numeral.

use crate::decimal::Decimal;
use crate::knowledge::words::Words;
use crate::model::Comparator;

/// A numeral as read.
#[derive(Debug, Clone)]
pub(crate) struct Numeral {
    /// Its value with all its scales.
    pub(crate) value: Decimal,
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

/// The Arabic digits that begin at `at`: digits, exponent, end, whether grouped.
pub(crate) fn arabic(chars: &[char], at: usize) -> (Vec<u8>, i32, usize, bool) {
    let digit = |at: usize| chars.get(at).and_then(|c| c.to_digit(10)).map(|digit| digit as u8);
    let mut digits = Vec::new();
    let (mut end, mut grouped) = (at, false);
    while let Some(found) = digit(end) {
        digits.push(found);
        end += 1;
    }
    // Thousands: a separator, three digits, no fourth.
    if digits.len() <= 3 {
        while matches!(chars.get(end), Some(',')) && (1..=3).all(|ahead| digit(end + ahead).is_some()) && digit(end + 4).is_none() {
            digits.extend((1..=3).filter_map(|ahead| digit(end + ahead)));
            end += 4;
            grouped = true;
        }
    }
    let mut exponent = 0;
    if matches!(chars.get(end), Some('.')) && digit(end + 1).is_some() {
        end += 1;
        while let Some(found) = digit(end) {
            digits.push(found);
            exponent -= 1;
            end += 1;
        }
        grouped = true;
    }
    (digits, exponent, end, grouped)
}

/// Arabic digits with Chinese scales: 42亿3600万, 3万4000, 2300余万.
fn mixed(chars: &[char], at: usize, words: &Words) -> Option<Numeral> {
    let (digits, exponent, mut end, grouped) = arabic(chars, at);
    let mut value = Decimal::from_digits(&digits, exponent);
    let (mut scale, reach, mut inside) = scales(chars, end, words);
    value = value.scaled(scale);
    end = reach;
    // A lower section may follow a higher one: 42亿3600万.
    while scale >= 4 && inside.is_none() && chars.get(end).is_some_and(char::is_ascii_digit) {
        let (digits, exponent, after, _) = arabic(chars, end);
        let (lower, reach, lower_inside) = scales(chars, after, words);
        if exponent < 0 || lower >= scale || digits.len() as i32 + lower > scale {
            break;
        }
        value = value.plus(&Decimal::from_digits(&digits, lower));
        (scale, end, inside) = (lower, reach, lower_inside);
    }
    Some(Numeral { value, scale, end, inside, chinese: false, grouped })
}

/// The scales that follow a number, perhaps behind 多, 余, 来: power of ten, end, comparator.
fn scales(chars: &[char], at: usize, words: &Words) -> (i32, usize, Option<Comparator>) {
    let (mut power, mut end, mut inside) = (0, at, None);
    if let Some((length, &comparator)) = words.inside.at(chars, at) {
        let begins_scale = chars.get(at + length).is_some_and(|c| words.scales.contains_key(c)) && !unit_begins(chars, at + length, words);
        if begins_scale {
            (end, inside) = (at + length, Some(comparator));
        }
    }
    while let Some(&(scale, _)) = chars.get(end).and_then(|c| words.scales.get(c)) {
        if unit_begins(chars, end, words) {
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

/// A numeral in Chinese digits: 一万一千四百六十, 叁亿贰仟万, 两百万, 二十七点三, 上百, 数千, 十几.
fn chinese(chars: &[char], at: usize, words: &Words) -> Option<Numeral> {
    let mut end = at;
    let mut inside = None;
    if matches!(chars[at], '数' | '几' | '上') {
        chars.get(at + 1).filter(|c| words.scales.contains_key(c))?;
        inside = Some(Comparator::Over);
        end += 1;
    }
    // Section below 万, sum of closed sections, the digit not yet multiplied.
    let (mut total, mut section, mut digit) = (Decimal::zero(), 0u64, None);
    let (mut last_big, mut run, mut scale, mut any) = (i32::MAX, Vec::new(), 0, false);
    loop {
        let Some(&c) = chars.get(end) else { break };
        if let Some(&value) = words.digits.get(&c) {
            run.push(value);
            digit = Some(u64::from(value));
            (scale, any) = (0, true);
        } else if let Some(&(power, big)) = words.scales.get(&c).filter(|_| !unit_begins(chars, end, words)) {
            if run.len() > 1 && run[0] != 0 {
                // 二零一九 is a row of digits; no scale multiplies it.
                break;
            }
            if big {
                let below = section + digit.unwrap_or(0);
                let below = if below == 0 && total.is_zero() { 1 } else { below };
                total = if power > last_big || below == 0 {
                    total.plus(&Decimal::from(below)).scaled(power)
                } else {
                    total.plus(&Decimal::from(below).scaled(power))
                };
                (section, last_big) = (0, power);
            } else {
                section += digit.unwrap_or(1) * 10u64.pow(power as u32);
            }
            (digit, any) = (None, true);
            scale = if big { power } else { scale };
            run.clear();
        } else if any && inside.is_none() && c == '几' && digit.is_none() && chars.get(end + 1).is_some() {
            inside = Some(Comparator::Over);
        } else if any
            && inside.is_none()
            && matches!(c, '余' | '多' | '来')
            && chars.get(end + 1).is_some_and(|c| words.scales.contains_key(c))
        {
            inside = Some(Comparator::Over);
        } else {
            break;
        }
        end += 1;
    }
    if !any {
        return None;
    }
    let mut value = if run.len() > 1 && section == 0 && total.is_zero() {
        Decimal::from_digits(&run, 0)
    } else {
        total.plus(&Decimal::from(section + digit.unwrap_or(0)))
    };
    if chars.get(end) == Some(&'点') {
        let fraction: Vec<u8> = chars[end + 1..].iter().map_while(|c| words.digits.get(c).copied()).collect();
        if !fraction.is_empty() {
            value = value.plus(&Decimal::from_digits(&fraction, -(fraction.len() as i32)));
            end += 1 + fraction.len();
        }
    }
    Some(Numeral { value, scale, end, inside, chinese: true, grouped: false })
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
            ("一万一千四百六十人", "11460", "人"),
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
        ] {
            let chars: Vec<char> = text.chars().collect();
            let numeral = numeral(&chars, 0, &knowledge.words).unwrap_or_else(|| panic!("{text} is no numeral"));
            assert_eq!(numeral.value.to_string(), value, "{text}");
            assert_eq!(chars[numeral.end..].iter().collect::<String>(), rest, "{text}");
        }
    }
}
