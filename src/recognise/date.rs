//! Reads dates and periods that hold a numeral.
//!
//! In:  folded text and a position: 「2019年12月底」, 「1-5月」, 「前三季度」, 「民国112年」, 「二零二二年」.
//! Out: the span of days meant, and how far the words reach. A year that the words lack is the last one named before, else the
//!      report's. What has no numeral (上半年, 去年同期) is `bind/period.rs`'s business.

use super::numeral::numeral;
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
    if let Some(dated) = plan(chars, at).or_else(|| packed(chars, at)) {
        return Some(dated);
    }
    if let Some((year, end)) = year(chars, at, words, calendar) {
        return Some(in_year(chars, year, end, words, calendar));
    }
    if let Some(year) = listed_year(chars, at) {
        return Some(Dated { period: Period::year(year), end: at + 4, own_year: true });
    }
    // 去年12月, 次年3月: the word before moves the year.
    let moved = (at >= 2 && chars[at - 1] == '年').then(|| chars[at - 2]);
    let year = match moved {
        Some('去' | '上') => calendar.year - 1,
        Some('次' | '翌') => last_year.unwrap_or(calendar.year) + 1,
        Some('明' | '来') => calendar.year + 1,
        Some('今' | '本') => calendar.year,
        _ => last_year.unwrap_or(calendar.year),
    };
    let (period, end) = below_year(chars, at, year, words)?;
    let (period, end) = closing(chars, end, period, words).unwrap_or((period, end));
    Some(Dated { period, end, own_year: false })
}

/// A five-year plan: 十三五 is 2016 to 2020, its 末 the last day.
fn plan(chars: &[char], at: usize) -> Option<Dated> {
    let number = match chars.get(at..at + 3)? {
        ['十', number, '五'] => "一二三四五六".chars().position(|c| c == *number)? as i32,
        _ => return None,
    };
    // 十三五 ends there: 十三五十 is none.
    let mut end = at + 3;
    if chars.get(end).is_some_and(|c| matches!(c, '十' | '百' | '千' | '万' | '亿' | '个' | '点' | '年')) {
        return None;
    }
    let first = 2006 + 5 * number;
    let quoted = end + usize::from(matches!(chars.get(end), Some('”' | '」' | '』' | '"' | '’')));
    let mut period = Period::since(first, first + 4);
    let last = match chars.get(quoted..).unwrap_or(&[]) {
        ['末' | '底', ..] => Some(1),
        ['期' | '规', '末', ..] => Some(2),
        ['时', '期', '末', ..] | ['期', '间', '末', ..] | ['规', '划', '末', ..] => Some(3),
        _ => None,
    };
    if let Some(length) = last {
        period = Period::instant(Day { year: first + 4, month: 12, day: 31 });
        end = quoted + length;
    }
    Some(Dated { period, end, own_year: true })
}

/// A date of eight digits: 20191231.
fn packed(chars: &[char], at: usize) -> Option<Dated> {
    let digits = chars.get(at..at + 8)?;
    let ends = !chars.get(at + 8).is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '-'))
        && !chars.get(at + 9).is_some_and(char::is_ascii_digit);
    if !ends
        || !digits.iter().all(char::is_ascii_digit)
        || at > 0 && (chars[at - 1].is_ascii_alphanumeric() || matches!(chars[at - 1], '-' | '.' | ','))
    {
        return None;
    }
    let of = |range: std::ops::Range<usize>| digits[range].iter().fold(0, |number, c| number * 10 + i32::from(*c as u8 - b'0'));
    let day = Day { year: of(0..4), month: of(4..6) as u8, day: of(6..8) as u8 };
    let sound = (1990..=2060).contains(&day.year) && day.exists();
    sound.then_some(Dated { period: Period::instant(day), end: at + 8, own_year: true })
}

/// A year that shares the word of the one behind it: 2018、2019和2020年.
fn listed_year(chars: &[char], at: usize) -> Option<i32> {
    let mut place = at;
    for _ in 0..6 {
        let digits = chars.get(place..place + 4)?;
        if !digits.iter().all(char::is_ascii_digit) || !matches!(digits[..2], ['1', '9'] | ['2', '0' | '1']) {
            return None;
        }
        match chars.get(place + 4)? {
            '年' => return (place > at).then(|| chars[at..at + 4].iter().fold(0, |year, c| year * 10 + i32::from(*c as u8 - b'0'))),
            '、' | '和' | '及' | '与' | '至' => place += 5,
            '以' if chars.get(place + 5) == Some(&'及') => place += 6,
            _ => return None,
        }
    }
    None
}

/// The digits at `at`, no separators: their number and end.
fn run(chars: &[char], at: usize) -> (i32, usize) {
    let length = chars[at..].iter().take(9).take_while(|c| c.is_ascii_digit()).count();
    let number = chars[at..at + length].iter().fold(0, |number, c| number * 10 + i32::from(*c as u8 - b'0'));
    (number, at + length)
}

/// A year with its word: 2019年, 二零二二年, 民国112年, 110年 of a Taiwanese report; not a duration of years.
fn year(chars: &[char], at: usize, words: &Words, calendar: Calendar) -> Option<(i32, usize)> {
    let republic = at >= 2 && chars[at - 2..at] == ['民', '国'] || at >= 3 && chars[at - 3..at] == ['民', '国', ' '];
    let ascii = chars[at].is_ascii_digit();
    let (number, mut end) = if ascii {
        let (number, end) = run(chars, at);
        if end - at > 4 || chars.get(end) == Some(&',') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
            return None;
        }
        (number, end)
    } else if republic {
        let read = numeral(chars, at, words)?;
        (i32::try_from(read.value.to_u32()?).ok()?, read.end)
    } else {
        let run: Vec<i32> = chars[at..].iter().map_while(|&c| words.digit(c).filter(|digit| *digit < 10).map(i32::from)).take(5).collect();
        if run.len() != 4 {
            return None;
        }
        (run.iter().fold(0, |number, digit| number * 10 + digit), at + 4)
    };
    let spaced = end + usize::from(chars.get(end) == Some(&' '));
    let word = chars.get(spaced) == Some(&'年') && chars.get(spaced + 1) != Some(&'级');
    let fiscal = match chars.get(spaced..).unwrap_or(&[]) {
        ['财' | '学', '年', ..] => 2,
        ['财', '政', '年', '度', ..] | ['会', '计', '年', '度', ..] => 4,
        _ => 0,
    };
    let length = end - at;
    let full = (1900..=2100).contains(&number) && length == 4;
    let local = (republic && (1..=200).contains(&number)) || (calendar.roc && (60..=150).contains(&number) && length >= 2);
    if !full && !local {
        // 19年11月, 19年底: two digits name a year where a part of one follows.
        let short = ascii
            && length == 2
            && word
            && number <= 40
            && !calendar.roc
            && !matches!(at.checked_sub(1).map(|at| chars[at]), Some('第' | '近' | '约' | '逾' | '续' | '的'));
        let next = chars.get(spaced + 1).copied();
        let month = next.is_some_and(|c| c.is_ascii_digit()) && {
            let (month, end) = run(chars, spaced + 1);
            (1..=12).contains(&month) && chars.get(end) == Some(&'月')
        };
        let part = month || matches!(next, Some('底' | '末'));
        return (short && part).then_some((2000 + number, spaced + 1));
    }
    if word {
        end = spaced + 1;
    } else if fiscal > 0 && full {
        end = spaced + fiscal;
    } else if local {
        // 112/12/31, 112.12.31
        let mark = *chars.get(end)?;
        let (month, after) = run(chars, end + usize::from(matches!(mark, '/' | '.')));
        let (day, last) = if chars.get(after) == Some(&mark) { run(chars, after + 1) } else { (0, after) };
        let dated = matches!(mark, '/' | '.') && (1..=12).contains(&month) && (1..=31).contains(&day) && last - after <= 3;
        return dated.then_some((number + 1911, end));
    } else {
        // Without the word a year needs a month, or another year, behind a dash or stroke: 2019-12-31, 2022/23, 2019H1.
        let mark = *chars.get(end)?;
        let next = *chars.get(end + 1)?;
        let part = match mark {
            'Q' => matches!(next, '1'..='4') && !chars.get(end + 2).is_some_and(char::is_ascii_alphanumeric),
            'H' => matches!(next, '1' | '2') && !chars.get(end + 2).is_some_and(char::is_ascii_alphanumeric),
            '上' | '下' => next == '半' && chars.get(end + 2) == Some(&'年'),
            // 2019.12.31, but 2019.5 is a decimal.
            '.' => {
                let (_, after) = run(chars, end + 1);
                after > end + 1 && chars.get(after) == Some(&'.') && chars.get(after + 1).is_some_and(char::is_ascii_digit)
            }
            // 1900-1950台 is a range.
            '-' | '/' | '—' | '–' | '~' | '至' => {
                let (_, after) = run(chars, end + 1);
                let follows =
                    chars.get(after).is_some_and(|&c| c != '年' && (words.scale(c).is_some() || words.units.at(chars, after).is_some()));
                let fiscal = matches!(chars.get(after), Some('财' | '学' | '会'));
                next.is_ascii_digit() && (fiscal || !follows)
            }
            _ => false,
        };
        if !part {
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
    if !matches!(chars.get(end - 1), Some('年' | '度')) {
        let mark = chars[end];
        match mark {
            'Q' => {
                let quarter = chars[end + 1] as u8 - b'0';
                return done(Period::months((year, quarter * 3 - 2), (year, quarter * 3)), end + 2);
            }
            'H' => {
                let (from, to) = if chars[end + 1] == '1' { (1, 6) } else { (7, 12) };
                return done(Period::months((year, from), (year, to)), end + 2);
            }
            '上' => return done(Period::months((year, 1), (year, 6)), end + 3),
            '下' => return done(Period::months((year, 7), (year, 12)), end + 3),
            _ => {}
        }
        let (number, after) = run(chars, end + 1);
        let length = after - end - 1;
        let closed = |after: usize| match chars.get(after..).unwrap_or(&[]) {
            ['年', '度', ..] | ['财', '年', ..] | ['学', '年', ..] => after + 2,
            ['年', ..] => after + 1,
            ['财', '政', '年', '度', ..] | ['会', '计', '年', '度', ..] => after + 4,
            _ => after,
        };
        if length == 4 && number >= year && number <= 2100 {
            // 2019/2020 is a fiscal year, 2016-2019 a run of years.
            let reach = closed(after);
            let fiscal = mark == '/' && number == year + 1;
            return done(if fiscal { Period::months((year, 4), (number, 3)) } else { Period::since(year, number) }, reach);
        }
        if matches!(mark, '/' | '-') && length == 2 && number == (year + 1) % 100 && (chars.get(after) != Some(&mark)) {
            let reach = closed(after);
            if mark == '/' || reach > after {
                return done(Period::months((year, 4), (year + 1, 3)), reach);
            }
        }
        if (1..=12).contains(&number) && length <= 2 {
            let month = number as u8;
            if chars.get(after) == Some(&mark) && chars.get(after + 1).is_some_and(char::is_ascii_digit) {
                let (day, last) = run(chars, after + 1);
                let day = Day { year, month, day: day.clamp(0, 99) as u8 };
                if day.exists() {
                    return done(Period::instant(day), last);
                }
            }
            return done(Period::months((year, month), (year, month)), after);
        }
        return done(Period::year(year), end);
    }
    // 108年至111年 of the Republic, 2016年至2019年, 2018年-2020年
    if matches!(chars.get(end), Some('至' | '-' | '—' | '–' | '~' | '到')) && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        let (number, after) = run(chars, end + 1);
        let local = calendar.roc && number < 200;
        let number = if local { number + 1911 } else { number };
        if (local || after - end == 5)
            && chars.get(after) == Some(&'年')
            && number >= year
            && !chars.get(after + 1).is_some_and(char::is_ascii_digit)
        {
            return done(Period::since(year, number), after + 1);
        }
    }
    let next = blank(end);
    if let Some((period, end)) = below_year(chars, next, year, words) {
        let period = closing(chars, end, period, words).or_else(|| through(chars, end, period, words)).unwrap_or((period, end));
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
    for (word, from, to) in [("上半年", 1, 6), ("下半年", 7, 12), ("半年度", 1, 6)] {
        if after(word) {
            return done(Period::months((year, from), (year, to)), next + 3);
        }
    }
    for (word, from, to) in [("一季度", 1, 3), ("Q1", 1, 3), ("Q2", 4, 6), ("Q3", 7, 9), ("Q4", 10, 12), ("H1", 1, 6), ("H2", 7, 12)] {
        if after(word) {
            return done(Period::months((year, from), (year, to)), next + word.chars().count());
        }
    }
    for word in ["以来", "起", "至今"] {
        if after(word) {
            return done(Period::since(year, calendar.year.max(year)), next + word.chars().count());
        }
    }
    let end = if after("度") { next + 1 } else { end };
    done(Period::year(year), end)
}

/// 2019年1月1日至12月31日, 2018年12月至2019年3月: a run of whole months.
fn through(chars: &[char], end: usize, from: Period, words: &Words) -> Option<(Period, usize)> {
    if !matches!(chars.get(end), Some('至' | '-' | '—' | '–' | '~' | '到')) {
        return None;
    }
    let mut at = end + 1;
    let mut year = from.end.year;
    let first = *chars.get(at)?;
    if first.is_ascii_digit() {
        let (number, after) = run(chars, at);
        if after - at == 4 && chars.get(after) == Some(&'年') {
            (year, at) = (number, after + 1);
        }
    }
    let (to, reach) = below_year(chars, at, year, words)?;
    if to.end < from.start {
        return None;
    }
    let starts = from.start.day == 1;
    let ends = to.end == Day::last_of(to.end.year, to.end.month);
    if !starts || !ends || (from.grain == Grain::Instant) != (to.grain == Grain::Instant) {
        return None;
    }
    let (first, last) = ((from.start.year, from.start.month), (to.end.year, to.end.month));
    let calendar = first.0 == last.0 && (first.1, last.1) == (1, 12) && from.grain == Grain::Instant;
    Some((if calendar { Period::year(first.0) } else { Period::months(first, last) }, reach))
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
        i32::try_from(count.value.to_u32()?).ok().filter(|months| (1..=36).contains(months))?
    };
    let last = period.end.months();
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
    if let Some(dated) = pair_of_quarters(chars, at, year, words) {
        return Some(dated);
    }
    let (number, end) = small(chars, at, words)?;
    let blank = |at: usize| at + usize::from(chars.get(at) == Some(&' '));
    let next = blank(end);
    // 前9个月
    if leads && (1..=12).contains(&number) && chars.get(next) == Some(&'个') && chars.get(next + 1) == Some(&'月') {
        return Some((Period::months((year, 1), (year, number)), next + 2));
    }
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
    if matches!(chars.get(link), Some('至' | '-' | '~' | '—' | '–' | '到'))
        && let Some((second, end)) = small(chars, blank(link + 1), words)
    {
        if quarter(blank(end)) && !from_month && (1..second).contains(&number) && second <= 4 {
            let end = blank(end) + 1;
            let end = end + usize::from(chars.get(end) == Some(&'度'));
            return Some((Period::months((year, number * 3 - 2), (year, second * 3)), end));
        }
        if chars.get(blank(end)) == Some(&'月') && second > number && second <= 12 {
            (to, after) = (second, blank(end));
        }
    }
    if chars.get(after) != Some(&'月') || !(1..=12).contains(&number) {
        return None;
    }
    let mut end = after + 1;
    let month = if leads && to == number { 1 } else { number };
    if to == number && !leads {
        if let Some((day, last)) = small(chars, blank(end), words)
            && matches!(chars.get(blank(last)), Some('日' | '号'))
        {
            let day = Day { year, month: number, day };
            let end = blank(last) + 1;
            // 1月24日至4月8日
            if matches!(chars.get(end), Some('至' | '-' | '~' | '到'))
                && let Some((to, reach)) = below_year(chars, blank(end + 1), year, words)
                && to.grain == Grain::Instant
                && to.end > day
            {
                let whole = day.day == 1 && to.end == Day::last_of(to.end.year, to.end.month);
                let period = match (day.month, to.end.month) {
                    (1, 12) if whole => Period::year(year),
                    (from, until) if whole => Period::months((year, from), (year, until)),
                    _ => Period { start: day, end: to.end, grain: Grain::Days },
                };
                return Some((period, reach));
            }
            return day.exists().then(|| (Period::instant(day), end));
        }
        let close = blank(end);
        if matches!(chars.get(close), Some('底' | '末')) {
            return Some((Period::instant(Day::last_of(year, number)), close + 1));
        }
        if matches!(chars.get(close), Some('份' | '初')) {
            end = close + 1;
        }
        if matches!(chars.get(close), Some('上' | '中' | '下')) && chars.get(close + 1) == Some(&'旬') {
            end = close + 2;
        }
    }
    Some((Period::months((year, month), (year, to)), end))
}

/// 二三季度
fn pair_of_quarters(chars: &[char], at: usize, year: i32, words: &Words) -> Option<(Period, usize)> {
    let (first, second) = (words.digit(*chars.get(at)?)?, words.digit(*chars.get(at + 1)?)?);
    if chars.get(at + 2) != Some(&'季') || !(1..second).contains(&first) || second > 4 {
        return None;
    }
    let end = at + 3 + usize::from(chars.get(at + 3) == Some(&'度'));
    Some((Period::months((year, first * 3 - 2), (year, second * 3)), end))
}

/// A whole number below a hundred.
fn small(chars: &[char], at: usize, words: &Words) -> Option<(u8, usize)> {
    let first = *chars.get(at)?;
    if first.is_ascii_digit() {
        let (number, end) = run(chars, at);
        let decimal = chars.get(end).is_some_and(|c| matches!(c, '.' | ',')) && chars.get(end + 1).is_some_and(char::is_ascii_digit);
        return (end - at <= 2 && !decimal).then_some((number as u8, end));
    }
    if words.digit(first).is_none() && first != '十' {
        return None;
    }
    let read = numeral(chars, at, words)?;
    if read.high.is_some() || read.end - at > 3 || read.inside.is_some() {
        return None;
    }
    Some((u8::try_from(read.value.to_u32()?).ok().filter(|number| *number < 100)?, read.end))
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
            ("2020年半年度", false, "2020-01/2020-06", ""),
            ("2022年度", false, "2022", ""),
            ("2016年以来", false, "2016/2021", ""),
            ("2016-2019年", false, "2016/2019", ""),
            ("2022/23年", false, "2022-04/2023-03", ""),
            ("二零二二年", false, "2022", ""),
            ("111年", true, "2022", ""),
            ("2023年3月31日止六个月", false, "2022-10/2023-03", ""),
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
