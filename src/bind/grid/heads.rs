//! Reads the head of a column: a period, a unit, a change, a share, a note, or a name that divides the row's.
//!
//! In:  a cell of a head, and what the cells above it have said.
//! Out: what it adds.

use super::columns::{Column, Role};
use super::periods::{is_closing, is_opening, is_this};
use super::units::Unit;
use super::{Reader, folded};
use crate::knowledge::cues::Cue;
use crate::model::{Basis, Cell, Grain, Period};
use crate::tidy::tables::{is_period, is_time_alone};

impl Reader<'_> {
    /// Adds what one head says to its column.
    pub(super) fn head(&self, cell: &Cell, column: &mut Column) {
        let head = self.parted(cell);
        let whole = folded(cell);
        let times = self.times(&head.folded);
        let has = |cue| self.has(cue, &head.folded);
        if self.is(Cue::NoteHead, &head.folded) {
            column.role = Role::Note;
            return;
        }
        if self.is(Cue::UnitHead, &head.folded) {
            column.role = Role::Unit;
            return;
        }
        if self.is(Cue::YearHead, &head.folded) {
            column.role = Role::Label;
            column.years = true;
            return;
        }
        if self.is(Cue::LabelHead, &head.folded) {
            column.unit = self.plain_unit(&head.bracket);
            return;
        }
        if let Some(unit) = self.bracket_unit(&whole).filter(|unit| !self.names_counted(&whole, unit)) {
            column.unit = Some(unit);
            column.instant |= self.is_day(&whole);
            return;
        }
        if let Some(unit) = self.bracket_unit(&head.bracket) {
            column.unit = Some(unit);
            column.instant |= self.is_day(&head.bracket);
        }
        // Over values alone a head is a name, whatever else it says: 全年节电.
        let compares = has(Cue::ComparedHead) || has(Cue::ChangeHead) || has(Cue::ShareName);
        if self.unlabelled && !compares && !self.is_bare(&head.folded) && !is_period(&cell.text.chars, self.roc) {
            column.period = self.period(&head.folded, None).map(|(period, _)| period).or(column.period);
            column.names.push(head.written);
            return;
        }
        // 「本期增减变动金额」 heads what came in and went out, which is no comparison.
        let compared = has(Cue::ComparedHead);
        let flows = !compared && !whole.contains('%') && (has(Cue::FlowHead) || times.iter().any(is_this));
        if !flows && (compared || has(Cue::ChangeHead)) {
            let year_end = times.iter().any(|time| is_opening(time) || is_closing(time));
            column.change = Some(match () {
                () if has(Cue::Pop) => Basis::Pop,
                () if year_end => Basis::Year(self.report.end.year - 1),
                () => Basis::Yoy,
            });
            // 较年初增减 in the unit of the table, 同比 in per cent.
            column.amount = has(Cue::AmountHead) && !has(Cue::RatioHead) && !whole.contains('%');
            if whole.contains('%') {
                column.unit = self.unit("%");
            }
            // 「营业收入比上年增减」 is a change of 营业收入.
            let chars: Vec<char> = head.folded.chars().collect();
            let mark = |cue| self.cues().find(cue, &chars).map(|(at, _)| at);
            let end = mark(Cue::ComparedHead).into_iter().chain(mark(Cue::ChangeHead)).min().unwrap_or(0);
            let named: String = head.written.chars().take(end).collect();
            let named = named.trim_end_matches(['的', '年', '末']);
            let front: String = chars[..end].iter().collect();
            let bare = self.is_bare(&self.knowledge.fold.text(named));
            if !bare && self.period(&front, None).is_none() {
                column.names.push(named.to_string());
            }
            return;
        }
        if has(Cue::ShareName) || head.folded.contains('占') && head.folded.contains('比') {
            column.share = true;
            column.unit = column.unit.take().or_else(|| self.unit("%"));
            let chars: Vec<char> = head.folded.chars().collect();
            // 本期期末数占总资产的比例
            let mut length = 0;
            while let Some((more, _)) = self.knowledge.grammar.time.at(&chars, length) {
                length += more;
            }
            length += usize::from(length > 0 && chars.get(length) == Some(&'数'));
            let front: String = chars[..length].iter().collect();
            column.period = self.period(&front, None).map(|(period, _)| period).or(column.period);
            column.names.push(head.written.chars().skip(length).collect());
            return;
        }
        let year = column.period.map(|period| period.end.year);
        // 本年累计（1-9月）: its bracket says which months.
        if is_time_alone(&head.bracket)
            && let Some((period, _)) = self.period(&head.bracket, year)
        {
            column.period = Some(period);
            let is_time = self.period(&head.folded, year).is_some_and(|(_, rest)| !rest);
            if !is_time && !self.is_bare(&head.folded) && !self.is(Cue::Cumulative, &head.folded) {
                column.names.push(head.written);
            }
            return;
        }
        if self.is(Cue::Cumulative, &head.folded) {
            // The months up to the reported one; which one its neighbour says.
            column.period = Some(Period::year(year.unwrap_or(self.report.end.year)));
            column.cumulative = true;
            return;
        }
        if let Some((period, rest)) = self.period(&head.folded, year) {
            // 「5月份」 over 「2025年」 is that month of that year.
            let bare = head.folded.trim_end_matches('度').trim_end_matches('年').chars().all(|c| c.is_ascii_digit());
            let months = column.period.filter(|above| bare && matches!(above.grain, Grain::Month | Grain::Months));
            column.period = Some(match months {
                Some(above) => {
                    let year = period.end.year;
                    Period::months((year + above.start.year - above.end.year, above.start.month), (year, above.end.month))
                }
                None => period,
            });
            if self.ends(Cue::AimHead, &head.folded) {
                column.target = true;
            } else if rest {
                column.names.push(head.written);
            }
            return;
        }
        if self.is(Cue::AgeHead, &head.folded) {
            column.unit = self.unit("年");
        }
        column.unit = column.unit.take().or_else(|| self.counted(&head.folded));
        if !self.is_bare(&head.folded) {
            column.names.push(head.written);
        }
    }

    /// 宽带用户: is it the name of what is counted rather than a unit?
    fn names_counted(&self, head: &str, unit: &Unit) -> bool {
        let counts = self.knowledge.units.get(&unit.code).is_none_or(|unit| unit.quantity == "count");
        unit.scale == 0 && counts && !head.starts_with('(') && head.chars().count() >= 4
    }

    /// Does a head name nothing: 本期, 金额, 本期金额, （经重列）?
    fn is_bare(&self, head: &str) -> bool {
        let chars: Vec<char> = head.trim_matches(|c: char| matches!(c, '(' | ')') || c.is_ascii_digit()).chars().collect();
        let front = self.knowledge.grammar.time.at(&chars, 0).map_or(0, |(length, _)| length);
        front == chars.len() || self.cues().is(Cue::BareHead, &chars[front..])
    }
}
