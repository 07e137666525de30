//! Settles when, where and how a number holds.
//!
//! In:  what it is said to be.
//! Out: the claim.

use super::{Reader, Said};
use crate::bind::period::{self, Mark};
use crate::bind::{modality, place};
use crate::knowledge::cues::Cue;
use crate::knowledge::grammar::TimeWord;
use crate::model::{Amount, Basis, Claim, Grain, Kind, Level, Mention, Modality, Period, Quantity, UnitRole};
use crate::tidy::place::Named;
use std::ops::Range;

impl Reader<'_> {
    /// Puts time, place and modality to what was said.
    pub(super) fn finish(&self, mention: &Mention, quantity: &Quantity, said: Said, sentence: usize) -> Claim {
        let at = mention.span.start;
        let clause = self.clause(at, sentence);
        let fallback = self.above.period.unwrap_or(self.report);
        let planned = self.above.modality.is_some();
        // A time holds to the full stop, not to the semicolon.
        let real_sentence = self.chars[..at].iter().rposition(|c| matches!(c, '。' | '!' | '?')).map_or(0, |mark| mark + 1);
        let mut said = said;
        let ahead = self
            .marks
            .iter()
            .find(|mark| mark.start >= at && mark.end <= self.clause_end(mention.span.end) && mark.period.start > self.report.end);
        let compared = period::in_brackets(self.chars, &self.marks, at);
        let named = compared
            .and_then(|mark| self.moved(mark))
            .or_else(|| period::period_at(self.chars, &self.marks, (real_sentence, sentence), at, self.report, self.cues()))
            .or(ahead.map(|mark| mark.period))
            .or_else(|| self.carried(real_sentence))
            .or_else(|| self.years_together(real_sentence, clause, at))
            .or_else(|| self.as_at(mention.span.end));
        let mut period = named.unwrap_or(fallback);
        // 2025/26年度…。年内拟…: in a list of plans 年内 is the year that they are for.
        if planned && period == self.report {
            period = self.ahead(real_sentence, at).or_else(|| self.carried(real_sentence)).unwrap_or(period);
        }
        if let Some(base) = self.above.base.filter(|_| said.basis == Some(Basis::Prior)) {
            said.basis = Some(Basis::Year(base));
        }
        // 2021年为1.4分钟，缩短35.7%: a change behind an earlier level is measured from it.
        if said.kind == Kind::Change
            && said.basis == Some(Basis::Prior)
            && period.end.year < self.report.end.year
            && !planned
            && compared.is_none()
        {
            said.basis = Some(Basis::Year(period.end.year));
            period = fallback;
        } else if said.basis == Some(Basis::Prior) && self.last_year(real_sentence, clause) {
            said.basis = Some(Basis::Yoy);
        } else if said.basis == Some(Basis::Prior)
            && period::base_at(&self.marks, clause, at).is_some_and(|base| period::follows(period, base.period))
        {
            // 第二季度较首季
            said.basis = Some(Basis::Pop);
        }
        // 年末装机128.6MW，年发电1.19亿千瓦时: what flows has no state at a day.
        let word = self
            .marks
            .iter()
            .rev()
            .find(|mark| mark.end <= at && mark.period == period)
            .is_some_and(|mark| mark.word.is_some() && mark.start < clause);
        if period.grain == Grain::Instant && self.report.grain != Grain::Instant && word && self.flows(&said.metric) {
            period = fallback;
        }
        // 承诺…（2021年达27家）: brackets with a time of their own are told apart from what is promised around them.
        let open = self.chars[sentence..at].iter().rposition(|c| matches!(c, '(' | ')')).map(|open| sentence + open);
        let own = |open: &usize| self.chars[*open] == '(' && self.marks.iter().any(|mark| mark.start == open + 1 && mark.holds());
        let modality = modality::modality(
            self.chars,
            (open.filter(own).map_or(sentence, |open| open + 1), clause, at, self.clause_end(mention.span.end)),
            self.above.modality,
            period,
            self.report,
            self.knowledge,
        );
        let mut held = place::held(self.chars, &self.places, real_sentence, at, self.knowledge);
        // 3条在湖北和湖南境内: the place may stand behind.
        let clause_end = self.clause_end(mention.span.end);
        if held.codes.is_empty() && self.cues().at(Cue::Located, self.chars, mention.span.end).is_some() {
            let ahead: Vec<Named> = self.places.iter().filter(|place| place.span.start >= mention.span.end).cloned().collect();
            held = place::held(self.chars, &ahead, real_sentence, clause_end, self.knowledge);
        }
        let case = self.text.blocks[self.index].case.map(|case| &self.text.headings[case]).filter(|heading| heading.level == Level::Case);
        let case_codes: Vec<String> = case
            .map(|case| {
                let provinces = &self.knowledge.places.provinces;
                provinces
                    .iter()
                    .filter(|province| case.provinces.contains(&province.iso_code))
                    .map(|province| province.code.clone())
                    .collect()
            })
            .unwrap_or_default();
        // 滁州基地: the site is finer still.
        let site = |span: &Range<usize>| {
            let reach = (span.end + 1..=self.chars.len().min(span.end + 4)).rev();
            let end = reach
                .into_iter()
                .find(|end| self.cues().before(Cue::Site, self.chars, *end).is_some_and(|length| *end - length == span.end));
            span.start..end.unwrap_or(span.end)
        };
        let written: Vec<String> = held.finer.iter().map(|span| self.written(&site(span).collect::<Vec<usize>>())).collect();
        let mut place = (!written.is_empty()).then(|| written.join("、"));
        if place.is_none() {
            let folded: Vec<char> = said.metric.chars().map(|c| self.knowledge.fold.char(c)).collect();
            // What is counted is no place of its own: 工厂12家.
            let site =
                place::site(&folded, self.knowledge).filter(|span| span.len() < folded.len() || quantity.unit_role == UnitRole::Measure);
            place = site.map(|span| said.metric.chars().skip(span.start).take(span.len()).collect());
        }
        if held.codes.is_empty() && !self.case_places.codes.is_empty() {
            held.codes.clone_from(&self.case_places.codes);
            place.clone_from(&self.case_place);
        }
        if held.codes.is_empty() || held.codes.iter().any(|code| code.starts_with("x-")) && !case_codes.is_empty() {
            held.codes = case_codes;
        }
        let negative = matches!(&quantity.amount, Amount::One(value) if value.is_negative());
        let mut quantity = quantity.clone();
        if let Some(each) = self.each(at).filter(|_| self.is_money(&quantity.unit)) {
            quantity.unit = format!("{}/{each}", quantity.unit);
            // 处理费每立方米0.85元
            let metric: Vec<char> = said.metric.chars().map(|c| self.knowledge.fold.char(c)).collect();
            if said.kind == Kind::Level && self.cues().within(Cue::PerUnit, &metric) {
                said.kind = Kind::Price;
            }
        }
        // 由目前的10万吨提升至15万吨
        let current =
            self.marks.iter().any(|mark| mark.word == Some(TimeWord::Period) && mark.end + 1 == at && self.chars[mark.end] == '的');
        // 将由90分钟缩短为30分钟: what it leads away from is so today.
        let led = at > 0 && matches!(self.chars[at - 1], '由' | '从');
        let left_behind = led && self.cues().at(Cue::Away, self.chars, mention.span.end).is_some();
        let modality = if current
            || left_behind
            || matches!(said.rule, "difference" | "yardstick")
            || said.kind == Kind::Rank
            || planned && named.is_some() && period.end <= self.report.end
        {
            Modality::Actual
        } else {
            modality
        };
        Claim {
            block: self.index,
            cell: None,
            span: mention.span.clone(),
            quantity,
            metric: said.metric,
            kind: said.kind,
            modality,
            falls: said.falls && !negative,
            basis: said.basis,
            whole: said.whole,
            period,
            places: held.codes,
            place,
            rule: said.rule,
        }
    }

    /// A bare year that brackets compare with is as long, or as much a day, as the time of the value before them: behind one of 31 March
    /// 2025 「（2024年：…）」 is 31 March 2024.
    fn moved(&self, mark: &Mark) -> Option<Period> {
        let before = self.before_brackets.filter(|before| before.grain != Grain::Since)?;
        let years = mark.period.end.year - before.end.year;
        (mark.word.is_none() && mark.period.grain == Grain::Year && years < 0).then(|| period::shifted(before, years))
    }

    /// The later time that the sentence named last: 计划于2024财年…，全年收入….
    fn ahead(&self, sentence: usize, at: usize) -> Option<Period> {
        let later = |mark: &&Mark| mark.start >= sentence && mark.end <= at && mark.holds() && mark.period.start > self.report.end;
        self.marks.iter().rfind(later).map(|mark| mark.period)
    }

    /// The day that a value without a time of its own holds at, where brackets behind it compare it with that of an earlier day.
    fn as_at(&self, end: usize) -> Option<Period> {
        period::day_behind(self.chars, &self.marks, end).filter(|day| *day < self.report.end).map(|_| Period::instant(self.report.end))
    }

    pub(super) fn place_text(&self, codes: &[String]) -> Option<String> {
        let named = self.places.iter().find(|place| codes.contains(&place.code))?;
        if self.knowledge.places.province(&named.code).is_some() {
            return None;
        }
        // 东 of 「东、中、西部」: its whole name.
        if let Some(area) = self.knowledge.places.area(&named.code).filter(|_| named.span.len() == 1) {
            return Some(if self.text.about.lang == "zh-Hant" { area.short_hant.clone() } else { area.short_hans.clone() });
        }
        Some(self.written(&named.span.clone().collect::<Vec<usize>>()))
    }

    /// 去年同期为3,420元，降幅31.3%: did the clause before give the value of a year ago?
    fn last_year(&self, sentence: usize, clause: usize) -> bool {
        let before = self.clause(clause.saturating_sub(1), sentence);
        let same = |mark: &&Mark| mark.start >= before && mark.end < clause && mark.word == Some(TimeWord::LastYearSame);
        clause > sentence && self.marks.iter().any(|mark| same(&mark) && mark.holds())
    }

    /// The months that the paragraph opens with, or the half-year it spoke of last: 「1-5月，发电…。采购煤炭…」. They hold for its
    /// sentences that name no time.
    fn carried(&self, sentence: usize) -> Option<Period> {
        let comma = |mark: &Mark| self.chars.get(mark.end) == Some(&',') || mark.period.start > self.report.end;
        let opens = |mark: &Mark| mark.start <= 3 && mark.word.is_none() && comma(mark);
        let half =
            |mark: &Mark| matches!(mark.word, Some(TimeWord::FirstHalf | TimeWord::SecondHalf)) && mark.period.start <= self.report.end;
        // 全年 ends what they spoke of.
        let whole = |mark: &Mark| mark.word == Some(TimeWord::Year);
        let mark = self.marks.iter().rfind(|mark| mark.end < sentence && mark.holds() && (opens(mark) || half(mark) || whole(mark)))?;
        matches!(mark.period.grain, Grain::Month | Grain::Months).then_some(mark.period)
    }

    /// Is it a metric of what happens over a time?
    fn flows(&self, metric: &str) -> bool {
        self.knowledge.metrics.named(&self.folded_text(metric)).is_some_and(|metric| metric.period_type == "duration")
    }

    pub(super) fn is_money(&self, unit: &str) -> bool {
        self.knowledge.units.get(unit).is_some_and(|unit| unit.quantity == "money")
    }

    /// 每公斤4元, 每度电148.6港仙: the unit that an amount of money right behind is for.
    pub(super) fn each(&self, at: usize) -> Option<&str> {
        let each = (at.saturating_sub(8)..at).rev().find(|position| self.chars[*position] == '每')?;
        let (length, unit) = self.knowledge.words.units.at(&self.chars[..at], each + 1)?;
        let rest = &self.chars[each + 1 + length..at];
        let measured = self
            .knowledge
            .units
            .get(&unit.unit)
            .is_some_and(|unit| matches!(unit.quantity.as_str(), "mass" | "volume" | "energy" | "data"));
        let changed = || self.knowledge.words.changes_before(rest, rest.len()) == Some(rest.len());
        (measured && (rest.is_empty() || self.cues().is(Cue::EachOf, rest) || changed())).then_some(unit.unit.as_str())
    }
}
