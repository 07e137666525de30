//! Finds the whole of a part.
//!
//! In:  a share, or a value behind 其中.
//! Out: the name of the share, and the whole.

use super::{Reader, Said};
use crate::bind::{
    label::{self, Name},
    share,
};
use crate::decimal::Decimal;
use crate::knowledge::cues::Cue;
use crate::model::{Amount, Kind, Quantity};

impl Reader<'_> {
    /// 「A占B的比重」, 「A占比」.
    pub(super) fn share_name(&self, part: &str, share: &share::Share, whole: Option<&str>) -> String {
        let part_folded = self.folded_text(part);
        if share.whole.is_empty() {
            return if part_folded.ends_with("占比") { part.to_string() } else { format!("{part}{}比", self.share_sign) };
        }
        if share.within {
            return format!("{part}{}比", self.share_sign);
        }
        let whole = whole.unwrap_or_default();
        // Names are short: of a long part the whole says enough.
        let part = if part.chars().count() + whole.chars().count() > 24 { "" } else { part };
        format!("{part}{}{whole}{}", self.share_sign, share.word)
    }

    /// Remembers the whole that 其中 speaks of, in the clause from `clause` to `at` or right before it.
    pub(super) fn note_among(&mut self, clause: usize, at: usize, sentence: usize) {
        let inside = self.cues().within(Cue::Parts, &self.chars[clause..at]);
        let before = clause > sentence && self.chars[..clause.saturating_sub(1)].ends_with(&['其', '中']);
        // 装机容量5,200万千瓦，含风电960万千瓦
        let holds = clause > sentence
            && self.chars.get(clause) == Some(&'含')
            && matches!(self.chars[clause - 1], ',' | '(')
            && self.knowledge.grammar.label.keep_first.at(self.chars, clause).is_none();
        let amid = clause == at && !self.topic_old && self.is_amid(at);
        if let Some(topic) = self.topic.as_ref().filter(|topic| (inside || before || holds || amid) && !topic.metric.is_empty()) {
            self.among = Some(topic.metric.clone());
            self.among_unit.clone_from(&topic.unit);
        }
    }

    /// 现有股东提供的贷款中，约3,800万元来自…: does the clause before a number end with that of which it is a part?
    pub(super) fn is_amid(&self, at: usize) -> bool {
        let clause = self.chars.get(..at).and_then(|chars| chars.strip_suffix(&[','])).unwrap_or_default();
        clause.ends_with(&['中']) && !self.cues().ends(Cue::Parts, clause) && !self.cues().ends(Cue::Amid, clause)
    }

    /// Where among these characters the last 其中 ends.
    pub(super) fn parts(&self, name: &[usize]) -> Option<usize> {
        let text = label::text(self.chars, name);
        (1..=text.len()).rev().find(|end| self.cues().before(Cue::Parts, &text, *end).is_some())
    }

    /// The whole that 其中 spoke of, where this value can be a part of it: 3人 is no part of an amount of money. A share tells
    /// nothing of the unit of its whole, and 个 counts whatever the whole counts.
    pub(super) fn part_of(&self, quantity: &Quantity) -> Option<String> {
        let open = |unit: &str| matches!(unit, "%" | "‰" | "‱" | "个");
        let money = self.is_money(&quantity.unit) && self.is_money(&self.among_unit);
        let part = open(&quantity.unit) || open(&self.among_unit) || quantity.unit == self.among_unit || money;
        self.among.clone().filter(|_| part)
    }

    /// The whole of a share that no words name: an earlier value of the sentence in the unit of the part, and larger; else the
    /// whole of the share before.
    pub(super) fn whole_before(&self, part: &str) -> Option<String> {
        // 员工15万人，35岁以下员工占比42%
        let kind =
            self.recent.iter().find(|(name, unit, _)| unit != "%" && name.chars().count() >= 2 && name != part && part.ends_with(name));
        if let Some((name, ..)) = kind {
            return Some(name.clone());
        }
        let (name, unit, amount) = self.recent.last().filter(|(name, _, _)| name == part)?;
        let larger = self.recent.iter().rev().skip(1).find(|(other, other_unit, other_amount)| {
            let grows = matches!((other_amount, amount), (Amount::One(other), Amount::One(own)) if other > own);
            other_unit == unit && grows && other != name
        });
        larger.map(|(name, _, _)| name.clone()).or_else(|| self.last_whole.clone())
    }

    /// 受理投诉3,076件，办结率100%; 查出隐患326处，整改324处，整改率99.4%: what a rate that names no objects was counted of. Of two
    /// values before it, it is their ratio.
    pub(super) fn handled(&self, name: &[char], quantity: &Quantity) -> Option<String> {
        let bare = name.ends_with(&['率']) && name.len() <= 5;
        let (Amount::One(rate), [.., last]) = (&quantity.amount, &self.recent[..]) else { return None };
        let counted = |unit: &str| self.knowledge.units.get(unit).is_none_or(|unit| unit.quantity == "count");
        if !bare || !counted(&last.1) || last.1 == "%" {
            return None;
        }
        if let [.., (whole, unit, Amount::One(all)), (_, same, Amount::One(part))] = &self.recent[..]
            && unit == same
        {
            let hundred = Decimal::from(100);
            let (exact, said) = (part.times(&hundred), all.times(rate));
            let off = exact.plus(&said.negated());
            let off = if off.is_negative() { off.negated() } else { off };
            // The share may be off by a tenth of a point.
            return (off.times(&Decimal::from(10)) <= *all).then(|| whole.clone());
        }
        (self.recent.len() == 1 && self.cues().is(Cue::Handled, name)).then(|| last.0.clone())
    }

    /// 完成年度计划的120%, 恢复至2019年水平的九成: a share of what was planned, allowed or once reached.
    pub(super) fn of_yardstick(&self, left: &[usize]) -> Option<Said> {
        let text = label::text(self.chars, left);
        let body = text.strip_suffix(&['的'])?;
        self.cues().before(Cue::Yardstick, body, body.len())?;
        let from = body.iter().rposition(|c| matches!(c, '至' | '到' | '为' | '成' | '于'))? + 1;
        let whole = self.written(&left[from..body.len()]);
        if body.len() - from < 3 || body.contains(&'占') {
            return None;
        }
        let metric = if body[..from].ends_with(&['完', '成']) { self.written(&left[from - 2..body.len()]) } else { self.topic_metric() };
        let said = Said { metric, kind: Kind::Share, falls: false, basis: None, whole: Some(whole), rule: "yardstick" };
        Some(said).filter(|said| !said.metric.is_empty())
    }

    /// 管理人员中女性: the whole and its part in one name.
    pub(super) fn amid(&self, name: &[usize]) -> Option<(String, String)> {
        let text = label::text(self.chars, name);
        let at = (2..text.len().saturating_sub(1)).find(|at| {
            text[*at] == '中' && !self.cues().ends(Cue::Amid, &text[..=*at]) && self.cues().at(Cue::Group, &text, at + 1).is_some()
        })?;
        Some((self.written(&name[..at]), self.written(&name[at + 1..])))
    }

    /// 员工中，本科占52%: the whole that a sentence begins with.
    pub(super) fn within(&self, sentence: usize) -> Option<String> {
        let end = (sentence..self.chars.len()).find(|at| matches!(self.chars[*at], ',' | '。' | ';'))?;
        let mut name: Name = (sentence..end).collect();
        let text = label::text(self.chars, &name);
        let whole = text.ends_with(&['中']) && !self.cues().ends(Cue::Parts, &text) && !self.cues().ends(Cue::Amid, &text);
        name.pop();
        label::without_leads(self.chars, &mut name, self.own, self.knowledge);
        (whole && (2..=10).contains(&name.len()) && !name.iter().any(|at| self.chars[*at].is_ascii_digit())).then(|| self.written(&name))
    }

    /// The part of a share that its own clause does not name.
    pub(super) fn part_before(&self, numbered: bool) -> String {
        if numbered { self.among.clone().unwrap_or_default() } else { self.topic_metric() }
    }
}
