//! Finds what a number is a level of.
//!
//! In:  a number and what its clause says before it.
//! Out: what it is said to be, and under which name.
//!
//! Each step reads one relation between a number and its name, and passes on what it cannot read. What a number counts is read in
//! `counted`, a name before it in `named`; `unnamed` looks for one where none is there.

use super::{Reader, Said};
use crate::bind::label::{self, Name};
use crate::knowledge::cues::Cue;
use crate::model::{Mention, Quantity, UnitRole};

/// A number and what stands around it.
pub(super) struct Number<'q> {
    pub(super) quantity: &'q Quantity,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Where its sentence begins.
    pub(super) sentence: usize,
    /// Where its clause ends.
    pub(super) clause_end: usize,
    /// What stands before it.
    pub(super) left: &'q [usize],
    /// The name there.
    pub(super) name: Name,
    /// That name is more than places.
    pub(super) is_named: bool,
    /// Nothing stands between it and the counted noun before it.
    pub(super) adjacent: bool,
    /// The noun behind it.
    pub(super) behind: Name,
    /// What it is a part of, where the words before it say so.
    pub(super) whole: Option<String>,
}

impl Reader<'_> {
    /// A level: its name stands before the number, or behind its counter, or is still spoken of.
    pub(super) fn subject(&mut self, quantity: &Quantity, left: &[usize], mention: &Mention, sentence: usize) -> Said {
        let mut number = self.number(quantity, left, mention, sentence);
        if let Some(said) = self.lasting(&mut number) {
            return said;
        }
        self.covering(&number)
            .or_else(|| self.attributed(&number))
            .or_else(|| self.counting(&number))
            .or_else(|| self.part_verb(&number))
            .or_else(|| self.topic_verb(&number))
            .or_else(|| self.named(&number))
            .unwrap_or_else(|| self.unnamed(&number))
    }

    fn number<'q>(&self, quantity: &'q Quantity, left: &'q [usize], mention: &Mention, sentence: usize) -> Number<'q> {
        let (start, end) = (mention.span.start, mention.span.end);
        let mut name = self.name(left.to_vec());
        let mut whole = None;
        // 补贴额不低于去年售价的35%: the yardstick is the whole.
        if let Some((from, to)) = self.bounded(&name, left) {
            whole = Some(self.written(&name[to..]));
            name.truncate(from);
        }
        // 海拔三千米以上的17个: a number just before belongs to the name.
        let plain = label::text(self.chars, left);
        if name.is_empty() && matches!(plain[..], ['的']) && self.last_left.is_empty() {
            let wide = label::outside_brackets(self.chars, self.clause(start, sentence), start);
            let from = self.parts(&wide).unwrap_or(0);
            name = self.name(wide[from..].to_vec());
        }
        let clause_end = self.clause_end(end);
        let behind = self.behind(end, clause_end);
        let is_named = !name.is_empty() && !self.only_places(&name);
        let adjacent = matches!(plain[..], [] | ['的']) && !self.last_left.is_empty();
        Number { quantity, start, end, sentence, clause_end, left, name, is_named, adjacent, behind, whole }
    }

    /// A level of that name, written as the report has it.
    pub(super) fn called(&self, number: &Number<'_>, name: &[usize], rule: &'static str) -> Said {
        self.level(number.quantity, self.written(name), rule, number.whole.clone())
    }

    /// 连续11年保持零事故: what goes on for so long is spoken of already, or follows.
    fn lasting(&self, number: &mut Number<'_>) -> Option<Said> {
        if label::text(self.chars, &number.name) != ['连', '续'] {
            return None;
        }
        let phrase = self.phrase(number.end, number.clause_end);
        if (self.topic_old || self.topic_metric().is_empty()) && !phrase.is_empty() {
            let name: Name = number.name.iter().chain(&phrase).copied().collect();
            return Some(self.called(number, &name, "lasting"));
        }
        number.name.clear();
        number.is_named = false;
        None
    }

    /// 实现96%的县城和近七成乡镇的连续覆盖: a share of what stands behind it.
    fn covering(&mut self, number: &Number<'_>) -> Option<Said> {
        let clause = &self.chars[..number.clause_end];
        let length = self.cues().before(Cue::Covering, clause, number.clause_end).filter(|_| number.quantity.unit == "%")?;
        let covering = number.clause_end - length;
        // 由七成提高到全覆盖
        if self.cues().at(Cue::Away, self.chars, number.end).is_some() {
            return None;
        }
        let from = number.end + usize::from(self.chars.get(number.end) == Some(&'的'));
        let noun: Name = (from..covering).take_while(|at| !matches!(self.chars[*at], '、' | '和' | '与' | '及' | '的')).collect();
        let listed = noun.last().is_some_and(|last| self.chars[*last + 1] != '的' || last + 2 == covering);
        if !(2..=8).contains(&noun.len()) || !listed || noun.iter().any(|at| self.chars[*at].is_ascii_digit()) {
            return None;
        }
        self.consumed = from + noun.len();
        let whole = self.written(&noun);
        let name: Name = noun.into_iter().chain(covering..number.clause_end).collect();
        Some(Said { whole: Some(whole), ..self.called(number, &name, "covering") })
    }

    /// 剔除5亿元奖励费用后, 完成的11亿元战略投资: a verb before the amount, its name behind.
    fn attributed(&mut self, number: &Number<'_>) -> Option<Said> {
        let left = label::text(self.chars, number.left);
        let led = self.cues().ends(Cue::Excluding, &left) || left.ends_with(&['的']) && number.name.len() <= 2;
        if !led || !self.is_money(&number.quantity.unit) || self.marks.iter().any(|mark| Some(&mark.end) == number.left.last()) {
            return None;
        }
        let mut noun = number.behind.clone();
        let reach = noun.last().map_or(number.end, |last| last + 1);
        while noun.last().is_some_and(|at| matches!(self.chars[*at], '后' | '外')) {
            noun.pop();
        }
        if noun.len() < 3 || noun[0] != number.end {
            return None;
        }
        self.consumed = reach;
        Some(self.called(number, &noun, "behind"))
    }

    /// 医护人员四百名，其中驰援扬州一百八十名: the verb alone says too little.
    fn part_verb(&self, number: &Number<'_>) -> Option<Said> {
        let among = self
            .among
            .as_ref()
            .filter(|_| (1..=2).contains(&number.name.len()) && !self.topic_old && number.quantity.unit_role != UnitRole::Measure)?;
        // 受理咨询与投诉22万件，其中投诉2万件
        let name = self.written(&number.name);
        let metric = if among.ends_with(&name) { name } else { format!("{name}{among}") };
        Some(self.level(number.quantity, metric, "part-verb", number.whole.clone()))
    }

    /// 开展演练214次，参与2.3万人次: the verb says something only of what was spoken of.
    fn topic_verb(&self, number: &Number<'_>) -> Option<Said> {
        let topic = self.topic_here().filter(|_| self.cues().is(Cue::Partake, &label::text(self.chars, &number.name)))?;
        let metric = format!("{}{}", topic.metric, self.written(&number.name));
        Some(self.level(number.quantity, metric, "topic-verb", number.whole.clone()))
    }
}
