//! What stands above a paragraph and holds for its figures: a heading of plans, a line that leads to a list.
//!
//! In:  the headings of a document, its blocks one after the other.
//! Out: the period, the modality and the base year of what names none of its own.

use super::modality;
use super::period::{self, Mark};
use crate::knowledge::Knowledge;
use crate::model::{Modality, Period, Status, Text};

/// What holds for figures that say nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Above {
    /// When.
    pub(crate) period: Option<Period>,
    /// A plan or forecast.
    pub(crate) modality: Option<Modality>,
    /// The year that changes are measured from.
    pub(crate) base: Option<i32>,
}

/// The plans that a heading, or one above it, announces.
pub(crate) fn heading(text: &Text<'_>, heading: Option<usize>) -> Above {
    let mut at = heading;
    while let Some(index) = at {
        let heading = &text.headings[index];
        match heading.status {
            Some(Status::Planned) => {
                let period = heading.year.map(Period::year);
                return Above { period, modality: Some(Modality::Target), base: None };
            }
            Some(Status::Done) => break,
            None => at = heading.parent,
        }
    }
    Above::default()
}

/// 「对于2022年第一季度，公司预计：」, 「以2019年为基准年：」: what a line that ends with a colon says of the items below it.
pub(crate) fn lead(chars: &[char], marks: &[Mark], report: Period, knowledge: &Knowledge) -> Option<Above> {
    let end = chars.iter().rposition(|c| *c != ' ').filter(|end| chars[*end] == ':')?;
    let from = chars[..end].iter().rposition(|c| matches!(c, '。' | '!' | '?' | ';')).map_or(0, |mark| mark + 1);
    let clause = chars[from..end].iter().rposition(|c| *c == ',').map_or(from, |comma| from + comma + 1);
    let opens = |mark: &&Mark| mark.start >= from && mark.start <= from + 3 && mark.holds();
    let period = marks.iter().rfind(opens).map(|mark| mark.period);
    let said = modality::modality(chars, (from, clause, end, end), None, period.unwrap_or(report), report, knowledge);
    let modality = Some(said).filter(|modality| *modality != Modality::Actual);
    Some(Above { period, modality, base: period::base_year(chars, marks, from) })
}

/// How long the sign is with which a text begins as an item of a list: 1), (一), ②.
pub(crate) fn item(chars: &[char]) -> usize {
    let numeral = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c);
    let open = usize::from(chars.first() == Some(&'('));
    let close = open + chars[open..].iter().take(3).take_while(|c| numeral(c)).count();
    let sign = close > open && chars.get(close) == Some(&')');
    if sign { close + 1 } else { 0 }
}

impl Above {
    /// What a line right above says, and where it says nothing what the heading does.
    pub(crate) fn or(self, heading: Above) -> Above {
        Above { period: self.period.or(heading.period), modality: self.modality.or(heading.modality), base: self.base.or(heading.base) }
    }
}
