//! Reads dates and periods that hold a numeral.
//!
//! In:  folded text and a position: 「2019年12月底」, 「1-5月」, 「前三季度」, 「民国112年」, 「二零二二年」.
//! Out: the span of days meant, and how far the words reach. A year that the words lack is the last one named before, else the
//!      report's. What has no numeral (上半年, 去年同期) is `bind/period.rs`'s business.

use super::numeral::{arabic, numeral};
use crate::knowledge::words::Words;
use crate::model::{Day, Grain, Period};

/// What a date needs from around it.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// The year of the report.
    pub year: i32,
    /// Years of the Republic of China: 112年 is 2023.
    pub roc: bool,
}

/// A date as read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dated {
    /// The days it means.
    pub(crate) period: Period,
    /// Where it ends.
    pub(crate) end: usize,
    /// Whether its year stands in it.
    pub(crate) own_year: bool,
}

/// The date whose first numeral is at `at`; `last_year` is the last year named before.
pub(crate) fn date(chars: &[char], at: usize, words: &Words, calendar: Calendar, last_year: Option<i32>) -> Option<Dated> {
    if let Some((year, end)) = year(chars, at, words, calendar) {
        return Some(in_year(chars, year, end, words, calendar));
    }
    let (period, end) = below_year(chars, at, last_year.unwrap_or(calendar.year), words)?;
    Some(Dated { period, end, own_year: false })
}

/// A year with its word: 2019年, 二零二二年, 民国112年, 110年 of a Taiwanese report; not a duration of years.
fn year(chars: &[char], at: usize, words: &Words, calendar: Calendar) -> Option<(i32, usize)> {
    let republic = at >= 2 && chars[at - 2..at] == ['民', '国'] || at >= 3 && chars[at - 3..at] == ['民', '国', ' '];
    let (number, mut end) = if chars[at].is_ascii_digit() {
        let (digits, exponent, end, grouped) = arabic(chars, at);
        if grouped || exponent != 0 || digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |number, &digit| number * 10 + i32::from(digit)), end)
    } else {
        let run: Vec<i32> = chars[at..].iter().map_while(|c| words.digits.get(c).map(|&digit| i32::from(digit))).take(5).collect();
        if run.len() != 4 {
            return None;
        }
        (run.iter().fold(0, |number, digit| number * 10 + digit), at + 4)
    };
    let spaced = end + usize::from(chars.get(end) == Some(&' '));
    let word = chars.get(spaced) == Some(&'年');
    let full = (1900..=2100).contains(&number) && end - at == 4;
    let local = (republic && (1..=200).contains(&number)) || (calendar.roc && (60..=150).contains(&number) && end - at >= 2);
    if !full && !local {
        return None;
    }
    if word {
        end = spaced + 1;
    } else if local {
        return None;
    } else {
        // Without the word a year needs a month, or another year, behind a dash or stroke: 2019-12-31, 2022/23.
        let mark = *chars.get(end)?;
        if !matches!(mark, '-' | '/' | '.' | '—' | '–' | '~' | '至') || !chars.get(end + 1)?.is_ascii_digit() {
            return None;
        }
    }
    Some((if local && !full { number + 1911 } else { number }, end))
}

/// What follows a year.
fn in_year(chars: &[char], year: i32, end: usize, words: &Words, calendar: Calendar) -> Dated {
    let own_year = true;
    let blank = |at: usize| at + usize::from(chars.get(at) == Some(&' '));
    let done = |period, end| Dated { period, end, own_year };
    // 2019-12-31, 2022/23, 2016-2019年
    if chars.get(end - 1) != Some(&'年') {
        let mark = chars[end];
        let (digits, _, after, grouped) = arabic(chars, end + 1);
        let number = digits.iter().fold(0, |number, &digit| number * 10 + i32::from(digit));
        if !grouped && digits.len() == 4 && number >= year {
            let after = after + usize::from(chars.get(after) == Some(&'年'));
            return done(Period::since(year, number), after);
        }
        if mark == '/' && digits.len() == 2 && number == (year + 1) % 100 {
            let after = after + usize::from(chars.get(after) == Some(&'年'));
            return done(Period::months((year, 4), (year + 1, 3)), after);
        }
        if !grouped && (1..=12).contains(&number) && digits.len() <= 2 {
            let month = number as u8;
            if chars.get(after) == Some(&mark) && chars.get(after + 1).is_some_and(char::is_ascii_digit) {
                let (digits, _, last, _) = arabic(chars, after + 1);
                let day = Day { year, month, day: digits.iter().fold(0, |day, &digit| day * 10 + digit) };
                if day.exists() {
                    return done(Period::instant(day), last);
                }
            }
            return done(Period::months((year, month), (year, month)), after);
        }
        return done(Period::year(year), end);
    }
    // 2016年至2019年, 2018年-2020年
    if matches!(chars.get(end), Some('至' | '-' | '—' | '–' | '~' | '到')) && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        let (digits, _, after, grouped) = arabic(chars, end + 1);
        let number = digits.iter().fold(0, |number, &digit| number * 10 + i32::from(digit));
        if !grouped && digits.len() == 4 && chars.get(after) == Some(&'年') && number >= year {
            return done(Period::since(year, number), after + 1);
        }
    }
    let next = blank(end);
    if let Some((period, end)) = below_year(chars, next, year, words) {
        let period = closing(chars, end, period, words).unwrap_or((period, end));
        return done(period.0, period.1);
    }
    let after = |word: &str| chars[next.min(chars.len())..].iter().copied().take(word.chars().count()).eq(word.chars());
    for word in ["年底", "年末", "底", "末"] {
        if after(word) {
            return done(Period::instant(Day { year, month: 12, day: 31 }), next + word.chars().count());
        }
    }
    for word in ["年初", "初"] {
        if after(word) {
            return done(Period::instant(Day { year, month: 1, day: 1 }), next + word.chars().count());
        }
    }
    for (word, from, to) in [("上半年", 1, 6), ("下半年", 7, 12)] {
        if after(word) {
            return done(Period::months((year, from), (year, to)), next + 3);
        }
    }
    for word in ["以来", "起"] {
        if after(word) {
            return done(Period::since(year, calendar.year.max(year)), next + word.chars().count());
        }
    }
    let end = if after("度") { next + 1 } else { end };
    done(Period::year(year), end)
}

/// 止六个月, 止年度: a span that ends on the day named.
fn closing(chars: &[char], end: usize, period: Period, words: &Words) -> Option<(Period, usize)> {
    if period.grain != Grain::Instant || chars.get(end) != Some(&'止') {
        return None;
    }
    let mut at = end + 1 + usize::from(chars.get(end + 1) == Some(&' '));
    let months = if chars.get(at) == Some(&'年') && chars.get(at + 1) == Some(&'度') {
        at += 2;
        12
    } else {
        let count = numeral(chars, at, words)?;
        at = count.end;
        if chars.get(at) != Some(&'个') || chars.get(at + 1) != Some(&'月') {
            return None;
        }
        at += 2;
        count.value.to_string().parse().ok().filter(|months| (1..=36).contains(months))?
    };
    let last = period.end.year * 12 + i32::from(period.end.month) - 1;
    let first = last - months + 1;
    let from = (first.div_euclid(12), first.rem_euclid(12) as u8 + 1);
    let span = Period::months(from, (period.end.year, period.end.month));
    let calendar_year = months == 12 && from.1 == 1;
    Some((if calendar_year { Period::year(period.end.year) } else { span }, at))
}

/// A part of a year: 12月31日, 8月, 1-5月, 第三季度, 前三季度, 12月底.
fn below_year(chars: &[char], at: usize, year: i32, words: &Words) -> Option<(Period, usize)> {
    let back = |word: &str| {
        let length = word.chars().count();
        at >= length && chars[at - length..at].iter().copied().eq(word.chars())
    };
    let at = at + usize::from(chars.get(at) == Some(&'第')) + usize::from(matches!(chars.get(at), Some('首' | '前')));
    let leads = back("前") || back("首") || at > 0 && matches!(chars[at - 1], '首' | '前');
    let (number, end) = small(chars, at, words)?;
    let blank = |at: usize| at + usize::from(chars.get(at) == Some(&' '));
    let next = blank(end);
    let quarter = |at: usize| chars.get(at) == Some(&'季');
    if quarter(next) || quarter(next + 1) && chars.get(next) == Some(&'个') && leads {
        let mut end = next + 1 + usize::from(chars.get(next) == Some(&'个'));
        end += usize::from(chars.get(end) == Some(&'度'));
        return (1..=4).contains(&number).then(|| {
            let first = if leads { 1 } else { number * 3 - 2 };
            (Period::months((year, first), (year, number * 3)), end)
        });
    }
    // 一至四季度, 1-5月, 7月至8月
    let (mut to, mut after) = (number, next);
    let from_month = chars.get(next) == Some(&'月');
    let link = if from_month { blank(next + 1) } else { next };
    if matches!(chars.get(link), Some('至' | '-' | '~' | '—' | '–' | '到')) {
        if let Some((second, end)) = small(chars, blank(link + 1), words) {
            if quarter(blank(end)) && !from_month && number < second && second <= 4 {
                let end = blank(end) + 1;
                let end = end + usize::from(chars.get(end) == Some(&'度'));
                return Some((Period::months((year, number * 3 - 2), (year, second * 3)), end));
            }
            if chars.get(blank(end)) == Some(&'月') && second > number && second <= 12 {
                (to, after) = (second, blank(end));
            }
        }
    }
    if chars.get(after) != Some(&'月') || !(1..=12).contains(&number) {
        return None;
    }
    let mut end = after + 1;
    let month = if leads && to == number { 1 } else { number };
    if to == number && !leads {
        if let Some((day, last)) = small(chars, blank(end), words) {
            if matches!(chars.get(blank(last)), Some('日' | '号')) {
                let day = Day { year, month: number, day };
                return day.exists().then(|| (Period::instant(day), blank(last) + 1));
            }
        }
        let close = blank(end);
        if matches!(chars.get(close), Some('底' | '末')) {
            return Some((Period::instant(Day::last_of(year, number)), close + 1));
        }
        if matches!(chars.get(close), Some('份')) {
            end = close + 1;
        }
    }
    Some((Period::months((year, month), (year, to)), end))
}

/// A whole number below a hundred.
fn small(chars: &[char], at: usize, words: &Words) -> Option<(u8, usize)> {
    chars.get(at).filter(|c| c.is_ascii_digit() || words.digits.contains_key(c) || **c == '十')?;
    let read = numeral(chars, at, words)?;
    if read.grouped || read.end - at > 3 || read.inside.is_some() {
        return None;
    }
    Some((read.value.to_string().parse().ok().filter(|number| *number < 100)?, read.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn dates_of_every_form_have_their_span() {
        let knowledge = Knowledge::read(None).unwrap();
        for (text, roc, code, rest) in [
            ("2019年12月底,", false, "2019-12-31", ","),
            ("2019年8月", false, "2019-08", ""),
            ("2019年11月6日", false, "2019-11-06", ""),
            ("11月27日", false, "2021-11-27", ""),
            ("2019-12-31", false, "2019-12-31", ""),
            ("1-5月", false, "2021-01/2021-05", ""),
            ("7月至8月,", false, "2021-07/2021-08", ","),
            ("第三季度", false, "2021-07/2021-09", ""),
            ("四季度", false, "2021-10/2021-12", ""),
            ("前三季度", false, "2021-01/2021-09", ""),
            ("首三季", false, "2021-01/2021-09", ""),
            ("一至四季度", false, "2021-01/2021-12", ""),
            ("2020年上半年", false, "2020-01/2020-06", ""),
            ("2022年度", false, "2022", ""),
            ("2016年以来", false, "2016/2021", ""),
            ("2016-2019年", false, "2016/2019", ""),
            ("2022/23年", false, "2022-04/2023-03", ""),
            ("二零二二年", false, "2022", ""),
            ("111年", true, "2022", ""),
            ("2022年9月30日止六个月", false, "2022-04/2022-09", ""),
            ("2025年3月31日止年度", false, "2024-04/2025-03", ""),
            ("2025年12月31日止年度", false, "2025", ""),
            ("2025年底前", false, "2025-12-31", "前"),
            ("12月末", false, "2021-12-31", ""),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let found =
                date(&chars, 0, &knowledge.words, Calendar { year: 2021, roc }, None).unwrap_or_else(|| panic!("{text} is no date"));
            assert_eq!(found.period.code(), code, "{text}");
            assert_eq!(chars[found.end..].iter().collect::<String>(), rest, "{text}");
        }
        for text in ["3年", "6个月", "46个月", "2019个", "12%", "111年"] {
            let chars: Vec<char> = text.chars().collect();
            assert!(date(&chars, 0, &knowledge.words, Calendar { year: 2021, roc: false }, None).is_none(), "{text}");
        }
    }
}
