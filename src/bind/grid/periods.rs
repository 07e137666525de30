//! Reads the times of a table: of its caption, its heads, its rows.
//!
//! In:  their folded text, and the period of the report.
//! Out: the period that a column or row is about.

use super::{Reader, folded};
use crate::knowledge::cues::Cue;
use crate::knowledge::grammar::TimeWord;
use crate::model::{Day, Grain, Period};
use crate::recognise::{self, date::Calendar};

impl Reader<'_> {
    /// What the corner of the table, the caption, or the heading above says about its time.
    pub(super) fn context(&self) -> Option<Period> {
        let mut text: String = self.table.caption.chars.iter().filter(|c| **c != ' ').collect();
        text.insert_str(0, &self.heading());
        let caption = text.chars().count();
        let corner = self.table.rows.iter().take(self.table.header_rows).filter_map(|row| row.first());
        text.extend(corner.map(folded));
        let chars: Vec<char> = text.chars().collect();
        // The columns beside a corner have the years of its months.
        let whole = |at: usize, (period, own): (Period, bool)| (own || at >= caption && period.grain == Grain::Months).then_some(period);
        let found = (0..chars.len()).rev().find_map(|at| Some((at, whole(at, self.date_at(&chars, at, None)?)?)));
        let statement = self.has(Cue::DayStatement, &text);
        match found {
            Some((_, period)) if period.grain == Grain::Instant || period.grain == Grain::Months => Some(period),
            _ if statement => Some(Period::instant(self.report.end)),
            Some((_, period)) => Some(period),
            None => None,
        }
    }

    /// The date that begins at a place, and whether its year stands there too.
    fn date_at(&self, chars: &[char], at: usize, last_year: Option<i32>) -> Option<(Period, bool)> {
        let begins = chars[at].is_ascii_digit() || "一二三四五六七八九〇零".contains(chars[at]);
        let inside = at > 0 && (chars[at - 1].is_ascii_digit() || "一二三四五六七八九〇零十".contains(chars[at - 1]));
        if !begins || inside {
            return None;
        }
        let calendar = Calendar { year: self.report.end.year, roc: self.roc };
        let dated = recognise::date::date(chars, at, &self.knowledge.words, calendar, last_year)?;
        Some((dated.period, dated.own_year))
    }

    /// The period a head names, and whether it says more than that.
    pub(super) fn period(&self, text: &str, year: Option<i32>) -> Option<(Period, bool)> {
        let chars: Vec<char> = text.chars().collect();
        let instant = self.is_day(text);
        let year_of = |number: i32| match number {
            1990..=2100 => Some(number),
            80..=150 if self.roc => Some(number + 1911),
            _ => None,
        };
        let bare = text.trim_end_matches(['度', 'E', 'A']).trim_end_matches('年').parse().ok().and_then(year_of);
        let dated = bare
            .map(|year| (0, (Period::year(year), true)))
            .or_else(|| (0..chars.len()).find_map(|at| Some((at, self.date_at(&chars, at, year)?))));
        if let Some((at, (period, _))) = dated {
            let period = match period.grain {
                Grain::Year => self.in_context(period, instant),
                _ => period,
            };
            let head: String = chars[..at].iter().collect();
            // What is left when the time and the words around it are gone.
            let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九〇零十-—–~()EA".contains(c);
            let plain: Vec<char> = chars.iter().copied().filter(|c| !numeral(*c)).collect();
            let (mut rest, mut at) = (0, 0);
            while at < plain.len() {
                match self.cues().at(Cue::DateFiller, &plain, at) {
                    Some(length) => at += length,
                    None => (rest, at) = (rest + 1, at + 1),
                }
            }
            return Some((period, rest >= 2 && head.chars().count() < chars.len()));
        }
        let period = self.period_of(&self.times(text), instant)?;
        Some((period, chars.len() > 12 && !self.has(Cue::Sum, text)))
    }

    /// The period that the words of a head mean together.
    fn period_of(&self, times: &[TimeWord], instant: bool) -> Option<Period> {
        let shifted = |years: i32| {
            let day = |day: Day| Day { year: day.year + years, ..day };
            Period { start: day(self.report.start), end: day(self.report.end), ..self.report }
        };
        let of = |period: Period| if instant { Period::instant(period.end) } else { period };
        let any = |is: fn(&TimeWord) -> bool| times.iter().any(is);
        let year = self.report.end.year;
        if any(is_opening) {
            return Some(Period::instant(before(self.report)));
        }
        // 上期期末 of a balance is the end of the year before, however short the report's period.
        let same = any(|time| *time == TimeWord::LastYearSame);
        if instant && self.report.grain == Grain::Months && any(is_before) && !same {
            let quarter = self.report.end.months() - self.report.start.months() < 3;
            return Some(Period::instant(if quarter { Day::last_of(year - 1, 12) } else { before(self.report) }));
        }
        if any(is_before) {
            return Some(of(shifted(-1)));
        }
        times.iter().find_map(|time| match time {
            TimeWord::FirstQuarter => Some(of(Period::months((year, 1), (year, 3)))),
            TimeWord::FirstHalf => Some(of(Period::months((year, 1), (year, 6)))),
            TimeWord::SecondHalf => Some(of(Period::months((year, 7), (year, 12)))),
            TimeWord::NextYear => Some(of(shifted(1))),
            TimeWord::BeforeLast => Some(of(shifted(-2))),
            time if is_closing(time) => Some(Period::instant(self.report.end)),
            time if is_this(time) => Some(of(self.report)),
            _ => None,
        })
    }

    /// The time words of a text: 「上年年末余额」 has one, 「本期期末余额」 two.
    pub(super) fn times(&self, text: &str) -> Vec<TimeWord> {
        let chars: Vec<char> = text.chars().collect();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < chars.len() {
            let word = self.knowledge.grammar.time.at(&chars, at);
            found.extend(word.map(|(_, means)| *means));
            at += word.map_or(1, |(length, _)| length);
        }
        found
    }

    /// Does a text speak of the state at a day: 年末, 余额?
    pub(super) fn is_day(&self, text: &str) -> bool {
        self.has(Cue::AtDay, text) || self.times(text).iter().any(|time| is_closing(time) || *time == TimeWord::LastEnd)
    }

    /// A year as the table means it: a day of it, a span of months of it, or all of it.
    fn in_context(&self, year: Period, instant: bool) -> Period {
        let number = year.end.year;
        match self.context {
            Some(context) if context.grain == Grain::Instant => Period::instant(Day { year: number, ..context.end }),
            _ if instant => Period::instant(Day { year: number, ..self.report.end }),
            Some(Period { grain: Grain::Months, start, end }) if start.month > 1 || end.month < 12 => {
                Period::months((number - (end.year - start.year), start.month), (number, end.month))
            }
            _ if self.report.grain == Grain::Months => {
                let (start, end) = (self.report.start, self.report.end);
                Period::months((number - (end.year - start.year), start.month), (number, end.month))
            }
            _ => year,
        }
    }

    /// The day of a balance that a row states of a column's year: 「上年年末余额」, 「本期期末余额」.
    pub(super) fn balance(&self, label: &str, period: Period) -> Option<Period> {
        if period.grain == Grain::Instant || !self.has(Cue::Balance, label) {
            return None;
        }
        let times = self.times(label);
        if times.iter().any(is_opening) {
            return Some(Period::instant(before(period)));
        }
        times.iter().any(is_closing).then(|| Period::instant(period.end))
    }
}

/// The last day before a period.
fn before(period: Period) -> Day {
    let Day { year, month, .. } = period.start;
    if month == 1 { Day::last_of(year - 1, 12) } else { Day::last_of(year, month - 1) }
}

/// 上年末, 期初: the day that the period begins after.
pub(super) fn is_opening(time: &TimeWord) -> bool {
    matches!(time, TimeWord::LastEnd | TimeWord::Start)
}

/// 期末, 年末: its last day.
pub(super) fn is_closing(time: &TimeWord) -> bool {
    matches!(time, TimeWord::End | TimeWord::YearEnd)
}

/// 上年, 上期, 同期: the period before.
fn is_before(time: &TimeWord) -> bool {
    matches!(time, TimeWord::LastYear | TimeWord::LastYearSame | TimeWord::LastPeriod)
}

/// 本期, 本年: the period itself.
pub(super) fn is_this(time: &TimeWord) -> bool {
    matches!(time, TimeWord::Year | TimeWord::Period)
}
