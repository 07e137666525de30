//! Binds a number before which no name stands.
//!
//! In:  a number and what stands around it.
//! Out: a name from behind the number, from the clause before, or what is still spoken of.

use super::subject::Number;
use super::{Reader, Said};
use crate::bind::label;
use crate::knowledge::cues::Cue;
use crate::model::{Comparator, Kind};

impl Reader<'_> {
    /// A number whose name stands elsewhere.
    pub(super) fn unnamed(&mut self, number: &Number<'_>) -> Said {
        self.lies(number)
            .or_else(|| self.named_behind(number))
            .or_else(|| self.named_in_clause_before(number))
            .unwrap_or_else(|| self.spoken_of(number))
    }

    /// 供应商1,284家，近七成位于华东: a share of what was counted.
    fn lies(&self, number: &Number<'_>) -> Option<Said> {
        let of_counted = |unit: &str| number.quantity.unit == "%" && unit != "%";
        let topic = self.topic_here().filter(|topic| of_counted(&topic.unit))?;
        self.cues().at(Cue::Lies, self.chars, number.end)?;
        let phrase = self.phrase(number.end, number.clause_end);
        let metric = format!("{}{}", self.written(&phrase), topic.metric);
        (!phrase.is_empty()).then(|| self.level(number.quantity, metric, "lies", Some(topic.metric.clone())))
    }

    /// 七成以上车间自动排产, 4.1%为回收材料, 18小时内开通账号: the label stands behind.
    fn named_behind(&mut self, number: &Number<'_>) -> Option<Said> {
        let (quantity, left) = (number.quantity, number.left);
        let phrase = self.phrase(number.end, number.clause_end);
        let last = phrase.last()?;
        let leads_on = matches!(self.chars.get(number.end), Some('的' | '为' | '是'));
        let topic_here = !self.topic_old && !self.topic_metric().is_empty();
        let limit = quantity.is_duration() && (!left.is_empty() || quantity.comparator == Comparator::AtMost);
        let part =
            self.among.is_some() && (self.chars[..number.start].ends_with(&['中']) || left.is_empty() && !self.ends_there(number.end));
        let amid = self.is_amid(number.start);
        let whose = quantity.unit == "%" && (leads_on || !left.is_empty() || part) || !topic_here || limit || amid;
        if !whose || quantity.unit == "折" {
            return None;
        }
        self.consumed = last + 1;
        // 受损的1万个基站96小时内恢复: of what was spoken of.
        let verb = self.cues().is(Cue::Partake, &label::text(self.chars, &phrase));
        if let Some(topic) = self.topic_here().filter(|_| verb) {
            let metric = format!("{}{}", topic.metric, self.written(&phrase));
            return Some(self.level(quantity, metric, "topic-verb", number.whole.clone()));
        }
        let mut said = self.called(number, &phrase, "behind");
        if quantity.unit == "%" && said.whole.is_none() {
            said.whole = self.among.clone().or_else(|| self.phrase_whole(number.end, &phrase));
        }
        Some(said)
    }

    /// 八成以上的电量来自…, 一成站点盈利: the noun that the words behind a share begin with.
    fn phrase_whole(&self, end: usize, phrase: &[usize]) -> Option<String> {
        let lies = self.cues().find(Cue::Lies, &label::text(self.chars, phrase)).map(|(from, _)| from);
        let counted = || self.knowledge.words.counted.at(self.chars, end).map(|(length, _)| length);
        let noun = if phrase.first() == Some(&end) { counted() } else { lies };
        let length = noun.filter(|length| *length >= 2 && *length < phrase.len())?;
        Some(self.written(&phrase[..length]))
    }

    /// The clause before names what nothing in the sentence spoke of.
    fn named_in_clause_before(&self, number: &Number<'_>) -> Option<Said> {
        if !self.topic_old && !self.topic_metric().is_empty() {
            return None;
        }
        let clause = self.clause(number.start, number.sentence);
        let name = self.clause_before(clause, number.sentence);
        (!name.is_empty()).then(|| self.called(number, &name, "clause-before"))
    }

    /// What is still spoken of.
    fn spoken_of(&self, number: &Number<'_>) -> Said {
        let of_share = || self.topic_here().filter(|topic| number.quantity.unit == "%" && topic.unit == "%")?.whole.clone();
        let whole = number.whole.clone().or_else(of_share);
        let said = self.level(number.quantity, self.topic_metric(), "topic", whole);
        // 价格从每吨60万元跌到16万元
        let price = self.topic_here().is_some_and(|topic| topic.price) && self.is_money(&number.quantity.unit);
        if price && said.kind == Kind::Level { Said { kind: Kind::Price, ..said } } else { said }
    }
}
