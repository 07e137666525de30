//! Binds a number that counts a noun: 46个行政村, 312人, 十项举措.
//!
//! In:  a number and what stands around it.
//! Out: a name made of the noun and what is said of it; nothing where no noun is counted.

use super::subject::Number;
use super::{Reader, Said};
use crate::bind::label::{self, Name};
use crate::model::UnitRole;

/// What a number counts.
struct Counted {
    /// The name before the number.
    front: Name,
    /// The noun.
    noun: Name,
    /// The noun is the number's unit: 所, 人, 座.
    is_unit: bool,
    /// 人 and 户 say little beside the noun that follows: 2,000人团队.
    people: bool,
    /// The noun says enough of what is counted.
    suffices: bool,
}

impl Reader<'_> {
    /// A number and the noun that it counts.
    pub(super) fn counting(&mut self, number: &Number<'_>) -> Option<Said> {
        let quantity = number.quantity;
        let counter = quantity.unit_role == UnitRole::Counter || quantity.unit.is_empty() && quantity.scale > 0;
        if quantity.unit_role != UnitRole::Noun && (!counter || number.behind.is_empty()) {
            return None;
        }
        let mut counted = self.counted_by(number);
        self.last_left.clone_from(&counted.front);
        if let Some(said) = self.counted_does(number, &counted) {
            return Some(said);
        }
        let behind_end = number.behind.last().map_or(number.end, |last| last + 1);
        self.consumed = if counted.is_unit && !counted.people { number.end } else { behind_end };
        if let Some(said) = self.unit_does(number, &counted) {
            return Some(said);
        }
        self.fill_front(number, &mut counted);
        self.noun_of(number, &counted).or_else(|| self.counted_noun(number, counted))
    }

    /// The noun and the name before the number.
    fn counted_by(&self, number: &Number<'_>) -> Counted {
        let quantity = number.quantity;
        let mut front = if number.adjacent {
            self.last_left.clone()
        } else if number.is_named {
            self.tail(&number.name, 14)
        } else {
            Vec::new()
        };
        // 举办126场讲座: a verb alone names nothing.
        if self.knowledge.grammar.label.verb.at(&label::text(self.chars, &front), 0).is_some_and(|(length, ())| length == front.len()) {
            front.clear();
        }
        let is_unit = quantity.unit_role == UnitRole::Noun && !quantity.unit_span.is_empty();
        let noun = if is_unit { quantity.unit_span.clone().collect() } else { self.counted(&number.behind) };
        let people = is_unit && matches!(quantity.unit.as_str(), "人" | "户");
        let suffices = is_unit && (!people || number.behind.is_empty()) || self.is_unit_noun(quantity, &noun);
        Counted { front, noun, is_unit, people, suffices }
    }

    /// 百万个人和小店用户受益, 二十一个品规通过…: what the counted do, where no name stands before them.
    fn counted_does(&mut self, number: &Number<'_>, counted: &Counted) -> Option<Said> {
        let behind = &number.behind;
        if counted.suffices || !counted.front.is_empty() {
            return None;
        }
        let reach = behind.last().map_or(number.end, |last| last + 1);
        let does = self.verb_phrase(reach, number.clause_end);
        let more = self.next_value(reach).is_some_and(|next| next < number.clause_end);
        if does.is_empty() || more {
            return None;
        }
        let nouns = &self.knowledge.words.counted;
        let known = |skip: usize| nouns.at(self.chars, behind[skip]).is_some_and(|(length, _)| skip + length == behind.len());
        if (0..behind.len()).any(known) {
            return Some(self.called(number, &does, "counted-verb"));
        }
        if !(2..=4).contains(&behind.len()) {
            return None;
        }
        self.consumed = reach;
        let joined: Name = does.into_iter().chain(behind.iter().copied()).collect();
        Some(self.called(number, &joined, "verb-noun"))
    }

    /// 20个城市开通地铁: what they do is what is counted.
    fn unit_does(&self, number: &Number<'_>, counted: &Counted) -> Option<Said> {
        if !counted.suffices || !counted.front.is_empty() {
            return None;
        }
        let verb = self.verb_phrase(number.end + counted.behind_unit(), number.clause_end);
        (!verb.is_empty()).then(|| self.called(number, &verb, "counted-verb"))
    }

    /// Puts what else the sentence says in front of the noun.
    fn fill_front(&self, number: &Number<'_>, counted: &mut Counted) {
        // 推出「X」，A、B、C三项措施: a list names its items; the quotation names them all.
        if counted.front.iter().any(|at| self.chars[*at] == '、') && !number.behind.is_empty() {
            counted.front = self.quoted(number.sentence, number.start);
        }
        let covers = self.covers(&counted.front);
        if counted.suffices && covers && counted.front.len() <= 3 && !number.adjacent {
            // 共涉及2,055个行政村: the subject of the sentence says whose.
            let mut subject = self.sentence_subject(number.sentence, number.start);
            if subject.last().is_some_and(|last| *last < counted.front[0]) {
                subject.append(&mut counted.front);
                counted.front = subject;
            }
        }
    }

    /// 46个行政村的建设任务: the noun stands last in the name.
    fn noun_of(&self, number: &Number<'_>, counted: &Counted) -> Option<Said> {
        let rest = number.behind.get(counted.behind_unit()..).unwrap_or_default();
        if !counted.suffices || rest.first().is_none_or(|at| self.chars[*at] != '的') {
            return None;
        }
        let named = rest.len() > 1;
        let mut joined = if named { Vec::new() } else { counted.front.clone() };
        joined.extend(rest.iter().skip(1).filter(|_| rest.len() <= 12));
        // 200人的专家团队 says of what already.
        if !(counted.people && named) {
            joined.extend(&counted.noun);
        }
        Some(self.called(number, &joined, "noun-of"))
    }

    /// 残疾员工312人, 新建基站4万座, 举办培训126场次: the name before and the noun, joined.
    fn counted_noun(&self, number: &Number<'_>, counted: Counted) -> Option<Said> {
        let (people, behind) = (counted.people, &number.behind);
        let mut joined = counted.front;
        if joined.len() > 6 && !counted.suffices && behind.len() >= 2 && !self.is_quoted(&joined) {
            joined.clear();
        } else if counted.suffices && !self.covers(&joined) {
            joined = joined.split_off(joined.len().saturating_sub(8));
        }
        if people && behind.is_empty() && joined.len() >= 2 && !self.covers(&joined) {
            // 残疾员工312人: the unit says no more.
            return Some(self.called(number, &joined, "subject"));
        }
        if counted.is_unit && !joined.is_empty() && (!people || behind.is_empty()) {
            joined.extend(&counted.noun);
            return Some(self.called(number, &joined, "noun"));
        }
        if behind.is_empty() {
            return None;
        }
        joined.extend(behind.iter().copied().take(14));
        Some(self.called(number, &joined, "counted-noun"))
    }
}

impl Counted {
    /// How much of what stands behind the number is the noun.
    fn behind_unit(&self) -> usize {
        if self.is_unit { 0 } else { self.noun.len() }
    }
}
