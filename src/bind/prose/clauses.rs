//! Finds the way in a paragraph.
//!
//! In:  a place in its characters.
//! Out: where its sentence, its clause and the numbers beside it begin and end.

use super::Reader;
use crate::bind::above;
use crate::model::{Mention, Reading, Tier};

impl Reader<'_> {
    pub(super) fn joined(&self, from: usize, to: usize) -> bool {
        let mut between = self.chars[from..to].iter().filter(|c| **c != ' ');
        matches!(between.next(), Some('、' | '和' | '及' | '与')) && between.next().is_none()
    }

    /// Are two values one list, as they stand or each behind its word of change?
    pub(super) fn linked(&self, from: usize, to: usize) -> bool {
        self.joined(from, to) || self.turned(from, to).is_some()
    }

    /// The sign of the word of change between two values of a list: 增长4.3%、下跌9.6%.
    pub(super) fn turned(&self, from: usize, to: usize) -> Option<i8> {
        let mut between: Vec<char> = self.chars[from..to].iter().copied().filter(|c| *c != ' ').collect();
        let listed = matches!(between.first(), Some('、' | '和' | '及' | '与'));
        between.drain(..usize::from(listed));
        let (length, word) = self.knowledge.words.change.before(&between, between.len())?;
        (listed && length == between.len() && word.sign != 0).then_some(word.sign)
    }

    /// Where the sentence of a position begins.
    pub(super) fn sentence(&self, at: usize) -> usize {
        let mark = self.chars[..at].iter().rposition(|c| matches!(c, '。' | '!' | '?' | ';'));
        mark.map_or_else(|| above::item(self.chars).min(at), |mark| mark + 1)
    }

    /// Where the number before ends, in the same sentence. 准点率（延误不到5分钟）99.3%: one in brackets right before is none.
    pub(super) fn previous_end(&self, at: usize, sentence: usize) -> usize {
        let close = (at > sentence && self.chars[at - 1] == ')').then(|| at - 1);
        let open = close.and_then(|close| self.chars[sentence..close].iter().rposition(|c| *c == '(')).map(|open| sentence + open);
        let core = |mention: &&Mention| matches!(&mention.reading, Reading::Quantity(quantity) if quantity.tier == Tier::Core);
        let before = |mention: &&Mention| mention.span.end <= open.unwrap_or(at);
        self.mentions.iter().rev().filter(before).find(core).map_or(sentence, |mention| mention.span.end.max(sentence))
    }

    /// Where the clause of a position begins: behind a comma or an open bracket; brackets that close again are passed over.
    pub(super) fn clause(&self, at: usize, from: usize) -> usize {
        let mut depth = 0;
        for position in (from..at).rev() {
            match self.chars[position] {
                ')' => depth += 1,
                '(' if depth == 0 => return position + 1,
                '(' => depth -= 1,
                ',' if self.inside_number(position) => {}
                ',' | ':' | '。' | ';' if depth == 0 => return position + 1,
                _ => {}
            }
        }
        from
    }

    pub(super) fn clause_end(&self, at: usize) -> usize {
        let ends = |at: &usize| matches!(self.chars[*at], ',' | '。' | ';' | '!' | '?') && !self.inside_number(*at);
        (at..self.chars.len()).find(ends).unwrap_or(self.chars.len())
    }

    /// Is the comma here one of thousands?
    pub(super) fn inside_number(&self, at: usize) -> bool {
        let digit = |at: usize| self.chars.get(at).is_some_and(char::is_ascii_digit);
        self.chars[at] == ',' && at > 0 && digit(at - 1) && digit(at + 1)
    }

    /// Where the next quantity or date begins.
    pub(super) fn next_value(&self, from: usize) -> Option<usize> {
        // 60个三四线城市: a number that counts nothing is none.
        let counts = |mention: &&Mention| match &mention.reading {
            Reading::Quantity(quantity) => quantity.tier == Tier::Core,
            Reading::Date(_) => true,
            Reading::Refusal(_) => false,
        };
        self.mentions.iter().filter(counts).find(|mention| mention.span.start >= from).map(|mention| mention.span.start)
    }

    /// Where the next quantity begins.
    pub(super) fn next_quantity(&self, from: usize) -> Option<usize> {
        let quantity = |mention: &&Mention| matches!(mention.reading, Reading::Quantity(_)) && mention.span.start >= from;
        self.mentions.iter().find(quantity).map(|mention| mention.span.start)
    }

    /// Does a mark, or the text's end, stand here?
    pub(super) fn ends_there(&self, at: usize) -> bool {
        self.chars.get(at).is_none_or(|c| matches!(c, ',' | '。' | ';' | '、' | ')' | '(' | ' ' | '!' | '?'))
    }
}
