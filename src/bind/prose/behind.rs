//! Reads on behind a number.
//!
//! In:  where it ends.
//! Out: the noun it counts, or what the counted do.

use super::Reader;
use crate::bind::label::{self, Name};
use crate::knowledge::cues::Cue;
use crate::model::{Mention, Quantity, Reading};

impl Reader<'_> {
    /// The noun behind a number, up to the next number.
    pub(super) fn behind(&self, from: usize, to: usize) -> Name {
        // 宗回落到0.24宗: a word of change leads to the next number.
        // 高校, 多媒体教室: an adjective of one character is none.
        let adjective = self.chars.get(from).is_some_and(|c| matches!(c, '高' | '低' | '多' | '少' | '快'));
        let turns = |length: usize| {
            let found = self.knowledge.words.change.before_where(self.chars, from + length, |_| true);
            found.is_some_and(|(found, _)| found == length) && !(length == 1 && adjective)
        };
        if (1..=4).any(turns) {
            return Vec::new();
        }
        let next = self.next_value(from).unwrap_or(to);
        let mut name = label::behind(self.chars, from, to.min(next), self.knowledge);
        // Up to a percentage the rate belongs to that: 「15座泵站供水达标率100%」.
        let text: String = label::text(self.chars, &name).iter().collect();
        if next < to && name.last().is_some_and(|last| last + 1 == next) && (text.ends_with('率') || text.ends_with("比例")) {
            name.truncate(2);
        }
        name
    }

    /// The noun behind 的 or 之 right after a number, up to a mark.
    pub(super) fn of_noun(&self, from: usize, to: usize) -> Name {
        if !matches!(self.chars.get(from), Some('的' | '之')) {
            return Vec::new();
        }
        let name = label::behind(self.chars, from + 1, to.min(self.next_value(from).unwrap_or(to)), self.knowledge);
        if self.ends_there(from + 1 + name.len()) { name } else { Vec::new() }
    }

    /// The noun that a counter counts, at the beginning of what stands behind it.
    pub(super) fn counted(&self, behind: &[usize]) -> Name {
        let Some(&first) = behind.first() else { return Vec::new() };
        let length = self.knowledge.words.counted.at(self.chars, first).map_or(0, |(length, _)| length);
        behind.iter().copied().take(length).collect()
    }

    pub(super) fn is_unit_noun(&self, quantity: &Quantity, counted: &[usize]) -> bool {
        !counted.is_empty() && !matches!(quantity.unit.as_str(), "个" | "家")
    }

    /// What the counted do, up to a mark: 「通过自助终端办理换卡」.
    pub(super) fn verb_phrase(&self, from: usize, to: usize) -> Name {
        let end = (from..to)
            .find(|at| {
                matches!(self.chars[*at], '(' | ')' | ':')
                    || self.chars[*at] == ' ' && !self.chars[..*at].last().is_some_and(char::is_ascii_alphanumeric)
                    || self.mentions.iter().any(|mention| mention.span.start == *at && matches!(mention.reading, Reading::Quantity(_)))
            })
            .unwrap_or(to);
        // 5家位于成都 says where.
        if self.cues().at(Cue::Located, self.chars, from).is_some() {
            return Vec::new();
        }
        if end <= from + 2 || self.knowledge.grammar.label.stop.at(self.chars, from).is_none() {
            return Vec::new();
        }
        let from = from + self.cues().at(Cue::Wholly, self.chars, from).unwrap_or(0);
        (from..end.min(from + 18)).collect()
    }

    /// What stands behind a number whose name is not before it.
    pub(super) fn phrase(&self, from: usize, to: usize) -> Name {
        let mut from = from;
        while from < to && matches!(self.chars[from], '的' | '为' | '是' | ' ') {
            from += 1;
        }
        let next = self
            .mentions
            .iter()
            .filter(|mention| matches!(mention.reading, Reading::Quantity(_)))
            .map(|mention| mention.span.start)
            .filter(|start| *start >= from)
            .min()
            .unwrap_or(to);
        let end = (from..to.min(next)).find(|at| matches!(self.chars[*at], '(' | ')' | ':' | '、' | ' ')).unwrap_or(to.min(next));
        let mut phrase: Name = (from..end.min(from + 16)).collect();
        let last = phrase.last().map_or(from, |last| last + 1);
        if self.knowledge.words.change.before(self.chars, last).is_some() && phrase.len() <= 4 {
            return Vec::new();
        }
        if let Some(cut) =
            (1..phrase.len()).find(|at| matches!(self.chars[phrase[*at]], '通' if self.chars.get(phrase[*at] + 1) == Some(&'过')))
        {
            phrase.truncate(cut);
        }
        if phrase.last().is_some_and(|last| self.is_amid(last + 2)) {
            phrase.pop();
        }
        // 连续六年居行业第一: a rank follows.
        let ranked = |mention: &Mention| {
            matches!(&mention.reading, Reading::Quantity(quantity) if quantity.unit == "rank") && mention.span.start == next
        };
        if self.cues().at(Cue::RankVerb, self.chars, from).is_some() && self.mentions.iter().any(ranked) {
            return Vec::new();
        }
        label::without_links(self.chars, &mut phrase, self.knowledge);
        // 以每股5元的价格回购3亿元: the price of what is done.
        let text = label::text(self.chars, &phrase);
        let price = self.cues().at(Cue::Tariff, &text, 0).unwrap_or(0);
        if let Some(deal) = self.cues().at(Cue::Deal, &text, price).filter(|_| price > 0) {
            phrase.truncate(price + deal);
            phrase.rotate_left(price);
        }
        if phrase.len() < 2 { Vec::new() } else { phrase }
    }
}
