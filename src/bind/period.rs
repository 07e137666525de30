//! When: the dates and time words of a sentence, and which of them a figure is about.
//!
//! In:  the date mentions of a block, and words without a numeral (全年, 年末, 去年同期).
//! Out: time marks in reading order; for a number the period it is about, and the base that a change is measured from.
//!
//! A time behind 较, 比, 与…相比 is a base and no period. 「X的」 right before a number is that number's alone.

use crate::knowledge::Knowledge;
use crate::knowledge::cues::{Cue, Cues};
use crate::knowledge::grammar::TimeWord;
use crate::model::{Basis, Day, Grain, Mention, Period, Reading};
use std::ops::Range;

/// A time named in a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) period: Period,
    /// Something is compared with it.
    pub(crate) base: bool,
    /// What a change against it is called.
    pub(crate) basis: Basis,
    /// 以来: from then on.
    since: bool,
    /// The number right behind its 的 is of this time and no other: 2022年的五成六.
    owned: bool,
    /// That number says how many times as much it is: 为7月的近两倍.
    times: bool,
    /// It stands in a row of times: 2020、2021、2022年.
    pub(crate) listed: bool,
    /// Something began then; no figure is about it.
    pub(crate) event: bool,
    /// The time word it is; `None` for a date.
    pub(crate) word: Option<TimeWord>,
}

impl Mark {
    /// Is what is told here told of this time?
    pub(crate) fn holds(&self) -> bool {
        !(self.base || self.event || self.listed || self.times)
    }
}

/// The times of a block; `base_year` is the one named last before it.
pub(crate) fn marks(chars: &[char], mentions: &[Mention], report: Period, base_year: Option<i32>, knowledge: &Knowledge) -> Vec<Mark> {
    let year = report.end.year;
    let mut marks: Vec<Mark> = Vec::new();
    for mention in mentions {
        if let Reading::Date(period) = mention.reading {
            // 上一季度: the word of which 一季度 is a part says more.
            let span = &mention.span;
            let covers = |start: usize| knowledge.grammar.time.at(chars, start).is_some_and(|(length, _)| start + length >= span.end);
            if (span.start.saturating_sub(3)..span.start).any(covers) {
                continue;
            }
            // 前8个月
            let lead = period.grain == Grain::Months && mention.span.start > 0 && matches!(chars[mention.span.start - 1], '前' | '首');
            let span = mention.span.start - usize::from(lead)..mention.span.end;
            marks.push(mark(chars, span, period, Basis::Year(period.end.year), None, report, &knowledge.words.cues));
        }
    }
    let mut at = 0;
    while at < chars.len() {
        let Some((length, means)) = knowledge.grammar.time.at(chars, at) else {
            at += 1;
            continue;
        };
        let span = at..at + length;
        at += length;
        // 一年内到期 says no year.
        let counted = span.start > 0 && chars[span.start] == '年' && knowledge.words.numeral(chars[span.start - 1]);
        // 60岁以上月活客户
        let above = span.start > 0 && chars[span.start] == '上' && matches!(chars[span.start - 1], '以' | '之');
        // 合约期内
        let term = knowledge.words.cues.before(Cue::Term, chars, span.start).is_some() && chars[span.start] == '期';
        if counted
            || above
            || term
            || marks.iter().any(|mark| mark.start < span.end && span.start < mark.end)
            || chars.get(span.end) == Some(&'度') && length > 1
        {
            continue;
        }
        let (period, basis) = meaning(*means, report, year);
        marks.push(mark(chars, span, period, basis, Some(*means), report, &knowledge.words.cues));
    }
    marks.sort_by_key(|mark| mark.start);
    for at in 1..marks.len() {
        // 2021年末, 2022年上半年, 2021年同期: of two that touch the later says more, with the earlier one's year.
        let told = matches!(marks[at - 1].word, None | Some(TimeWord::FirstHalf | TimeWord::SecondHalf))
            && marks[at - 1].period.grain == Grain::Months;
        if marks[at].word == Some(TimeWord::LastYearSame) && told {
            // 1-5月发电568亿千瓦时，上年同期为553亿千瓦时
            marks[at].period = shifted(marks[at - 1].period, -1);
        } else if marks[at - 1].end == marks[at].start && marks[at - 1].word == Some(TimeWord::LastYear) {
            // 比上年12月: the month is of that year, and as much a base.
            let before = marks[at - 1];
            marks[at].period = shifted(marks[at].period, before.period.end.year - marks[at].period.end.year);
            marks[at].base |= before.base;
            marks[at].start = before.start;
            marks[at - 1].end = before.start;
            marks[at].basis = Basis::Year(marks[at].period.end.year);
        } else if marks[at - 1].end == marks[at].start && marks[at].word.is_some() {
            let named = if marks[at].word == Some(TimeWord::LastYearSame) { year - 1 } else { year };
            marks[at].period = shifted(marks[at].period, marks[at - 1].period.end.year - named);
            marks[at].base |= marks[at - 1].base;
        }
    }
    marks.retain(|mark| mark.start < mark.end);
    for mark in &mut marks {
        let number = |mention: &Mention| {
            matches!(mention.reading, Reading::Quantity(_)) && (mark.end + 1..=mark.end + 3).contains(&mention.span.start)
        };
        let owned = mentions.iter().find(|mention| chars.get(mark.end) == Some(&'的') && number(mention));
        // 由上年三成一升至三成七
        let leads = mark.start > 0 && matches!(chars[mark.start - 1], '由' | '从' | '自') && mark.word.is_some();
        let led = leads && mentions.iter().any(|mention| mention.span.start == mark.end);
        mark.times = owned.is_some_and(|mention| matches!(&mention.reading, Reading::Quantity(quantity) if quantity.unit == "倍"));
        mark.owned = owned.is_some() || led;
        fiscal(chars, mark, report);
    }
    for at in 1..marks.len() {
        let between = &chars[marks[at - 1].end.min(marks[at].start)..marks[at].start];
        if matches!(between, ['、' | '和' | '及' | '与']) {
            (marks[at - 1].listed, marks[at].listed) = (true, true);
        }
    }
    // 基准年（2018年）: the base year is the one named beside it, here or earlier.
    let mut base_year = base_year;
    for at in 0..marks.len() {
        let named = marks.get(at + 1).filter(|next| next.start <= marks[at].end + 1).map(|next| next.period.end.year);
        if marks[at].word == Some(TimeWord::Base) {
            base_year = named.or(base_year);
            if let Some(year) = base_year {
                marks[at].basis = Basis::Year(year);
                marks[at].period = Period::year(year);
            }
        } else if names_base(chars, &marks[at]) {
            base_year = Some(marks[at].period.end.year);
        }
    }
    marks
}

/// 以2019年为基准
fn names_base(chars: &[char], mark: &Mark) -> bool {
    mark.base && chars[mark.end..].starts_with(&['为', '基', '准'])
}

/// The base year that the block names from `from` on.
pub(crate) fn base_year(chars: &[char], marks: &[Mark], from: usize) -> Option<i32> {
    let mut named = marks.iter().filter(|mark| mark.start >= from);
    let base = |mark: &&Mark| mark.word == Some(TimeWord::Base) || names_base(chars, mark);
    named.rfind(base).and_then(|mark| match mark.basis {
        Basis::Year(year) => Some(year),
        _ => None,
    })
}

/// In a report whose year is no calendar year 2025/26财政年度 runs over the months of its own.
fn fiscal(chars: &[char], mark: &mut Mark, report: Period) {
    if report.grain != Grain::Months || mark.word.is_some() {
        return;
    }
    let written = &chars[mark.start..mark.end];
    let span = |from: Day, to: Day| to.months() - from.months() + 1;
    let year = span(report.start, report.end) == 12;
    if year && written.contains(&'/') && mark.period.grain == Grain::Months && span(mark.period.start, mark.period.end) == 12 {
        mark.period = shifted(report, mark.period.end.year - report.end.year);
    }
}

/// Are both as many months of a year, the first right behind the second?
pub(crate) fn follows(period: Period, before: Period) -> bool {
    let length = |period: Period| period.end.months() - period.start.months();
    period.grain == before.grain
        && matches!(period.grain, Grain::Month | Grain::Months)
        && length(period) == length(before)
        && period.start.months() == before.end.months() + 1
}

pub(crate) fn shifted(period: Period, years: i32) -> Period {
    let day =
        |day: Day| if day.month == 2 && day.day == 29 { Day::last_of(day.year + years, 2) } else { Day { year: day.year + years, ..day } };
    Period { start: day(period.start), end: day(period.end), grain: period.grain }
}

/// As many months right before those of a period; of a day or a run of years itself.
fn preceding(period: Period) -> Period {
    let length = match period.grain {
        Grain::Year => return shifted(period, -1),
        Grain::Month | Grain::Months => period.end.months() - period.start.months() + 1,
        Grain::Instant | Grain::Days | Grain::Since => return period,
    };
    months_between(period.start.months() - length, period.start.months() - 1)
}

/// From one month to another, both counted as `Day::months` does.
fn months_between(first: i32, last: i32) -> Period {
    let month = |months: i32| (months.div_euclid(12), months.rem_euclid(12) as u8 + 1);
    Period::months(month(first), month(last))
}

fn meaning(word: TimeWord, report: Period, year: i32) -> (Period, Basis) {
    let last = year - 1;
    // A report on half a fiscal year: its other half, and the whole. A quarter is one of a calendar year.
    let length = report.end.months() - report.start.months() + 1;
    let fiscal = report.grain == Grain::Months && report.start.month != 1 && length > 3;
    let part = |from: i32, count: i32| {
        let first = report.start.months() + from;
        months_between(first, first + count - 1)
    };
    match word {
        TimeWord::LastYear if fiscal => (part(-12, 12), Basis::Yoy),
        TimeWord::BeforeLast if fiscal => (part(-24, 12), Basis::Year(last - 1)),
        TimeWord::LastEnd if fiscal => (Period::instant(part(-1, 1).end), Basis::Year(last)),
        TimeWord::NextYear if fiscal => (part(12, 12), Basis::Prior),
        TimeWord::YearEnd if fiscal => (Period::instant(part(0, 12).end), Basis::Prior),
        TimeWord::Year if fiscal => (part(0, 12), Basis::Prior),
        TimeWord::FirstQuarter if fiscal => (part(0, 3), Basis::Prior),
        TimeWord::FirstHalf if fiscal => (part(0, 6), Basis::Prior),
        TimeWord::SecondHalf if fiscal => (part(6, 6), Basis::Prior),
        TimeWord::Year => (Period::year(year), Basis::Prior),
        TimeWord::Period => (report, Basis::Prior),
        TimeWord::End => (Period::instant(report.end), Basis::Prior),
        TimeWord::YearEnd => (Period::instant(Day { year, month: 12, day: 31 }), Basis::Prior),
        TimeWord::Start => (Period::instant(report.start), if report.grain == Grain::Year { Basis::Year(last) } else { Basis::Prior }),
        TimeWord::FirstQuarter => (Period::months((year, 1), (year, 3)), Basis::Prior),
        TimeWord::FirstHalf => (Period::months((year, 1), (year, 6)), Basis::Prior),
        TimeWord::SecondHalf => (Period::months((year, 7), (year, 12)), Basis::Prior),
        TimeWord::LastYear => (Period::year(last), Basis::Yoy),
        TimeWord::BeforeLast => (Period::year(last - 1), Basis::Year(last - 1)),
        TimeWord::NextYear => (Period::year(year + 1), Basis::Prior),
        TimeWord::LastYearSame => (shifted(report, -1), Basis::Yoy),
        TimeWord::LastEnd => (Period::instant(Day { year: last, month: 12, day: 31 }), Basis::Year(last)),
        TimeWord::LastPeriod => (preceding(report), Basis::Pop),
        TimeWord::Base => (report, Basis::Prior),
    }
}

fn mark(chars: &[char], span: Range<usize>, mut period: Period, basis: Basis, word: Option<TimeWord>, report: Period, cues: &Cues) -> Mark {
    let since = matches!(period.grain, Grain::Since);
    let before = &chars[span.start.saturating_sub(8)..span.start];
    let after = &chars[span.end..chars.len().min(span.end + 6)];
    let begin = before.iter().rposition(|c| matches!(c, '，' | ',' | '。' | ';' | '、')).map_or(0, |mark| mark + 1);
    let mut tail = &before[begin..];
    // 较民国110年, 自(2016年
    let leads: [&[char]; 5] = [&['民', '国'], &['('], &[' '], &['“'], &['「']];
    while let Some(rest) = leads.iter().find_map(|lead| tail.strip_suffix(*lead)) {
        tail = rest;
    }
    let compared = [Cue::Against, Cue::Above, Cue::Below].into_iter().any(|cue| cues.ends(cue, tail))
        || compared_apart(tail, cues)
        || cues.ends(Cue::With, tail) && cues.within(Cue::Versus, after)
        || cues.at(Cue::BaseBehind, after, 0).is_some();
    let from = cues.ends(Cue::From, tail);
    // 自2018年首款产品上市以来, 2021年5月并网以来
    let clause = chars[span.end..].iter().position(|c| matches!(c, ',' | '。' | ';' | '(')).map_or(chars.len(), |ahead| span.end + ahead);
    let until_now = cues.find(Cue::UntilNow, &chars[span.end..clause]).filter(|(at, _)| from || *at <= 8);
    if from && cues.within(Cue::Onward, after) || until_now.is_some() {
        match period.grain {
            // Of the report's own year the months tell more than the year.
            Grain::Month if period.end.year == report.end.year && period.end < report.end => {
                period = months_between(period.start.months(), report.end.months());
            }
            Grain::Year | Grain::Month | Grain::Months | Grain::Instant => {
                period = Period { grain: Grain::Since, ..Period::year(period.end.year) };
            }
            Grain::Days | Grain::Since => {}
        }
    }
    // 自2018年以来最高, 2018年以来首次: the years are those it is compared with.
    let record = match until_now {
        Some((at, length)) => cues.at(Cue::Record, chars, span.end + at + length).is_some(),
        None => since && cues.at(Cue::Record, chars, span.end).is_some(),
    };
    // 2022年3月启用, 成立于2014年: when something began is not when a figure of it holds.
    // 2024年11月开业时: then it was so.
    let began = cues.at(Cue::Event, after, 0).is_some_and(|length| after.get(length) != Some(&'时'));
    // 自2022年开办，三年间…: from then on it is; what is told behind the comma is told of the report's time.
    let closed = cues.at(Cue::Event, after, 0).is_some_and(|length| after.get(length) == Some(&','));
    let event = word.is_none() && (began && (!from || closed) && until_now.is_none() || cues.ends(Cue::Founded, tail)) || record;
    // 较前7个月: no other year.
    let basis = if word.is_none() && period.grain == Grain::Months && period.end.year == report.end.year { Basis::Prior } else { basis };
    Mark {
        start: span.start,
        end: span.end,
        period,
        base: compared,
        basis,
        since: since || period.grain == Grain::Since,
        word,
        event,
        listed: false,
        owned: false,
        times: false,
    }
}

/// 较疫情前的2019年: a word of comparison a few characters before.
fn compared_apart(tail: &[char], cues: &Cues) -> bool {
    let Some((at, length)) = cues.find(Cue::Against, tail).filter(|_| tail.last() == Some(&'的')) else { return false };
    // 占比的, 比例的
    let part = at > 0 && matches!(tail[at - 1], '占' | '同' | '环' | '比') || matches!(tail.get(at + length), Some('例' | '重' | '率'));
    !part && !tail.iter().any(char::is_ascii_digit)
}

/// The period of the number at `at` where its sentence names one. `scopes` are where the sentence begins, and where its part
/// behind the last semicolon does: a time set at the sentence's head (截至年末，) holds through all its parts.
pub(crate) fn period_at(chars: &[char], marks: &[Mark], scopes: (usize, usize), at: usize, report: Period, cues: &Cues) -> Option<Period> {
    let (sentence, part) = scopes;
    let heads = |mark: &Mark| mark.start <= sentence + 3 || mark.start >= 2 && chars[mark.start - 2..mark.start] == ['截', '至'];
    // 自2018年起…，2021年…；…: with the semicolon what goes on since then gives way to the time named behind it.
    let passed = |mark: &Mark| mark.since && marks.iter().any(|later| later.start > mark.end && later.end <= part && later.holds());
    let before =
        marks.iter().filter(|mark| mark.end <= at && (mark.start >= part || mark.start >= sentence && heads(mark) && !passed(mark)));
    // Inside brackets a time of their own: （2021年同期：0.0180港元）.
    let open = chars[sentence..at].iter().rposition(|c| matches!(c, '(' | ')')).map(|found| sentence + found);
    let bracket = open.filter(|open| chars[*open] == '(');
    let mut period = None;
    for mark in before {
        let next = chars.get(mark.end).copied().unwrap_or(' ');
        let close = mark.end + 1 >= at && matches!(next, '的') || mark.end == at;
        let own =
            next == '的' && chars[mark.end..at].len() <= 2 || next == ')' && chars.get(mark.end + 1) == Some(&'的') && at - mark.end <= 3;
        if !mark.holds() && (mark.times || !own) {
            continue;
        }
        // 上年同期为553亿元，同比增长2.7%: it holds for its own clause.
        let comma =
            |at: &usize| chars[*at] == ',' && !(chars[*at - 1].is_ascii_digit() && chars.get(*at + 1).is_some_and(char::is_ascii_digit));
        let dated = marks.iter().any(|other| other.end == mark.start);
        if mark.word == Some(TimeWord::LastYearSame) && !dated && (mark.end..at).any(|at| comma(&at)) {
            continue;
        }
        // X的 before another number was that number's.
        if mark.owned && !close && !own {
            continue;
        }
        // A time inside brackets that have closed again was said of what stands in them.
        let open = chars[sentence..mark.start].iter().rposition(|c| matches!(c, '(' | ')')).map(|found| sentence + found);
        let inside = open.filter(|open| chars[*open] == '(');
        if !own && inside.is_some() && inside != bracket {
            continue;
        }
        let mut found = mark.period;
        if mark.since {
            // 「十三五」期间 ends of itself, 自2016年以来 with the report.
            let onward = cues.within(Cue::UntilNow, &chars[mark.end..at.min(mark.end + 3)]);
            let ends = found.end.year > found.start.year && found.end.year != report.end.year && !onward;
            let until = if ends { found.end.year } else { report.end.year };
            found = if until > found.start.year { Period::since(found.start.year, until) } else { Period::year(found.start.year) };
        } else if mark.word == Some(TimeWord::Year) && found.grain == Grain::Year {
            // 全年 of a report whose year is a fiscal one stays the report's.
            found = if report.grain == Grain::Year { report } else { found };
        }
        period = Some(found);
    }
    period
}

/// The time that an open bracket before `at` begins with, as one of a comparison does: 「3.6亿元（2023年：3.2亿元）」; or, of several, the
/// one behind the last semicolon.
pub(crate) fn in_brackets<'m>(chars: &[char], marks: &'m [Mark], at: usize) -> Option<&'m Mark> {
    let from = chars[..at].iter().rposition(|c| matches!(c, '(' | ')' | ';'))?;
    let open = chars[..at].iter().rposition(|c| matches!(c, '(' | ')')).filter(|open| chars[*open] == '(')?;
    let mark = marks.iter().find(|mark| mark.start > from.max(open) && mark.end < at)?;
    (mark.start <= from + 3 && chars[mark.end] == ':').then_some(mark)
}

/// The day that a value ending at `end` is compared with in the brackets right behind it: 「8,000万元（2023年12月31日：7,500万元）」.
pub(crate) fn day_behind(chars: &[char], marks: &[Mark], end: usize) -> Option<Day> {
    let open = chars.get(end) == Some(&'(');
    let mark = marks.iter().find(|mark| open && mark.start > end && mark.start <= end + 3)?;
    (mark.period.grain == Grain::Instant && mark.word.is_none() && chars.get(mark.end) == Some(&':')).then_some(mark.period.end)
}

/// The base named last before `at` in the sentence.
pub(crate) fn base_at(marks: &[Mark], sentence: usize, at: usize) -> Option<&Mark> {
    marks.iter().rev().find(|mark| mark.base && mark.start >= sentence && mark.end <= at)
}
