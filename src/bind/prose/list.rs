//! Binds a list of values with names, times or places of their own: 「A、B和C分别为x、y和z」.
//!
//! In:  the values, and where their clause begins.
//! Out: a claim for each.

use super::{Reader, Said, Topic};
use crate::bind::{
    change,
    label::{self, Name},
    period::Mark,
    share,
};
use crate::knowledge::cues::Cue;
use crate::model::{Basis, Claim, Grain, Kind, Mention, Period, Quantity};
use crate::tidy::place::Named;

impl Reader<'_> {
    /// Values with names of their own: 「A、B和C分别为x、y和z」.
    pub(super) fn list(&mut self, group: &[(&Mention, &Quantity)], sentence: usize, previous: usize) -> Option<Vec<Claim>> {
        if group.len() < 2 {
            return None;
        }
        let first = group[0].0.span.start;
        let clause = self.clause(first, previous);
        let each = self.cues().within(Cue::Each, &self.chars[clause..first]);
        if !each && self.last_list.len() != group.len() {
            return None;
        }
        self.note_among(clause, first, sentence);
        // 「与前一年相比分别变动…」: nothing but the comparison stands in the clause; the names are those of the list before.
        let left = label::outside_brackets(self.chars, clause, first);
        let mut said = change::change(self.chars, &left, &self.marks, sentence, first, self.knowledge);
        // 同比和环比分别增长A和B: both are changes of one thing.
        let earlier = said
            .as_mut()
            .filter(|change| group.len() == 2 && matches!(change.basis, Some(Basis::Yoy | Basis::Pop)))
            .and_then(|change| change::basis_before(self.chars, &mut change.before, self.cues()));
        let mut body = said.as_ref().map_or(left, |change| change.before.clone());
        if let Some(behind) = self.parts(&body) {
            body.drain(..behind);
        }
        let share_word = (said.is_none() && group[0].1.unit == "%").then(|| share::share(self.chars, &body, self.cues())).flatten();
        label::without_links(self.chars, &mut body, self.knowledge);
        let named_before = share_word.as_ref().map_or_else(|| self.name(body.clone()), |share| self.name(share.before.clone()));
        // 分别为A和B，同比增长3.6%和3.3%: the changes of a list just given.
        if !each && (said.is_none() || !named_before.is_empty()) {
            return None;
        }
        let items = self.items(&named_before);
        let quarters = self
            .quarters(sentence, first, group.len())
            .or_else(|| self.years(clause, first, group.len()))
            .or_else(|| self.years(sentence, clause, group.len()));
        let places = self.listed_places(sentence, first, group.len());
        let metrics: Vec<String> = if earlier.is_some() && named_before.is_empty() {
            vec![self.grown(group[0].1, first); group.len()]
        } else if named_before.is_empty() && self.last_list.len() == group.len() {
            self.last_list.clone()
        } else if let Some(names) = self.names_before(group, said.is_some() || share_word.is_some()).filter(|_| named_before.is_empty()) {
            names
        } else if named_before.is_empty() {
            vec![self.topic_metric(); group.len()]
        } else if places.is_some() {
            let beside = self.written(&self.beside_places(&named_before));
            vec![if beside.is_empty() { self.topic_metric() } else { beside }; group.len()]
        } else if items.len() == group.len() {
            self.item_names(&items)
        } else {
            vec![self.written(&named_before); group.len()]
        };
        let place_list = places.or_else(|| (self.last_list_places.len() == group.len()).then(|| self.last_list_places.clone()));
        let mut claims = Vec::new();
        let mut end = first;
        for (at, (mention, quantity)) in group.iter().enumerate() {
            let mut said_here = match (&said, &share_word) {
                (Some(change), _) => self.changed(change, metrics[at].clone()),
                (None, Some(share)) => {
                    // 员工2,100人，生产、研发人员分别占58%和7%: of those just counted.
                    let counted = || {
                        let topic = self.topic_here().filter(|topic| topic.unit != "%" && !metrics.contains(&topic.metric));
                        topic.map(|topic| topic.metric.clone())
                    };
                    let whole = if share.whole.is_empty() { self.among.clone().or_else(counted) } else { Some(self.written(&share.whole)) };
                    Said {
                        metric: self.share_name(&metrics[at], share, whole.as_deref()),
                        kind: Kind::Share,
                        falls: false,
                        basis: None,
                        whole: whole.or_else(|| Some(metrics[at].clone())),
                        rule: "list-share",
                    }
                }
                _ => self.level(quantity, metrics[at].clone(), "list", None),
            };
            // 分别增长4.3%、下跌9.6%
            if let Some(sign) = self.turned(end, mention.span.start).filter(|_| said_here.kind == Kind::Change) {
                said_here.falls = sign < 0;
            }
            if let Some(basis) = earlier.filter(|_| at == 0) {
                said_here.basis = Some(basis);
            }
            end = mention.span.end;
            if let Some(whole) = self.part_of(quantity).filter(|_| said_here.kind == Kind::Level) {
                said_here.whole = Some(whole);
            }
            let mut claim = self.finish(mention, quantity, said_here, sentence);
            if let Some(quarters) = &quarters {
                claim.period = quarters[at];
            }
            if let Some(places) = &place_list {
                claim.places.clone_from(&places[at].clone());
                claim.place = self.place_text(&places[at]);
            }
            claims.push(claim);
        }
        if said.is_none() && share_word.is_none() {
            self.topic = Some(Topic { metric: metrics[0].clone(), whole: self.among.clone(), ..Topic::of(&claims[0]) });
            self.topic_old = false;
        }
        self.last_list = if share_word.is_some() { claims.iter().map(|claim| claim.metric.clone()).collect() } else { metrics };
        if let Some(places) = place_list {
            self.last_list_places = places;
        }
        Some(claims)
    }

    /// The names of as many values before: 「A率达99%，B率达92%；上年分别为98%和90%」. Unless they are changes of those,
    /// or shares of theirs, they are counted alike.
    fn names_before(&self, group: &[(&Mention, &Quantity)], of_them: bool) -> Option<Vec<String>> {
        let before = &self.recent[self.recent.len().checked_sub(group.len())?..];
        let alike = before.iter().zip(group).all(|((_, unit, _), (_, quantity))| of_them || *unit == quantity.unit);
        alike.then(|| before.iter().map(|(name, _, _)| name.clone()).collect())
    }

    /// The items of a list of names: A、B和C.
    pub(super) fn items(&self, name: &[usize]) -> Vec<Name> {
        let mut items = vec![Name::new()];
        for &at in name {
            if matches!(self.chars[at], '、' | '和' | '与' | '及') {
                items.push(Name::new());
            } else {
                items.last_mut().expect("one item at least").push(at);
            }
        }
        items.retain(|item| !item.is_empty());
        items
    }

    /// A range of quarters that the values of a list go through.
    pub(super) fn quarters(&self, sentence: usize, at: usize, count: usize) -> Option<Vec<Period>> {
        let from = |year: i32, month: u8| -> Vec<Period> {
            (0..count as u8).map(|quarter| Period::months((year, month + 3 * quarter), (year, month + 3 * quarter + 2))).collect()
        };
        if count == 4 && self.report.grain == Grain::Year && self.cues().within(Cue::Quarters, &self.chars[sentence..at]) {
            return Some(from(self.report.end.year, 1));
        }
        let mark = self.marks.iter().rev().find(|mark| mark.start >= sentence && mark.end <= at)?;
        let (start, end) = (mark.period.start, mark.period.end);
        let months = (end.year - start.year) * 12 + i32::from(end.month) - i32::from(start.month) + 1;
        let written: String = self.chars[mark.start..mark.end].iter().collect();
        (written.contains('季') && months == 3 * count as i32).then(|| from(start.year, start.month))
    }

    /// 三年合计: the years that the sentence has gone through.
    pub(super) fn years_together(&self, sentence: usize, clause: usize, at: usize) -> Option<Period> {
        let text = &self.chars[clause..at];
        let listed: Vec<&Mark> = self.marks.iter().filter(|mark| mark.listed && mark.start >= sentence && mark.end <= at).collect();
        let (first, last) = (listed.first()?, listed.last()?);
        (self.cues().within(Cue::Together, text) && text.contains(&'年'))
            .then(|| Period::since(first.period.start.year, last.period.end.year))
    }

    /// Years in a row that the values of a list go through: 2020、2021、2022年分别….
    pub(super) fn years(&self, from: usize, to: usize, count: usize) -> Option<Vec<Period>> {
        let named: Vec<&Mark> =
            self.marks.iter().filter(|mark| mark.start >= from && mark.end <= to && mark.word.is_none() && !mark.base).collect();
        if named.len() == count && count > 1 {
            return Some(named.iter().map(|mark| mark.period).collect());
        }
        // 2019年至2021年
        let span = named.last()?.period;
        (span.grain == Grain::Since && span.end.year - span.start.year + 1 == count as i32)
            .then(|| (span.start.year..=span.end.year).map(Period::year).collect())
    }

    /// The places of a list that has as many as there are values.
    pub(super) fn listed_places(&self, sentence: usize, at: usize, count: usize) -> Option<Vec<Vec<String>>> {
        let within = self.places.iter().filter(|place| place.span.start >= sentence && place.span.end <= at);
        // 全国, 国内: no place of a list.
        let country = |place: &&Named| self.knowledge.places.area(&place.code).is_some_and(|area| area.level == "country");
        let here: Vec<&Named> = within.filter(|place| !country(place)).collect();
        // A county behind its province is one place: 四川凉山州.
        let mut list: Vec<Vec<String>> = Vec::new();
        let mut end = None;
        for place in here {
            match list.last_mut() {
                Some(last) if end == Some(place.span.start) => *last = vec![place.code.clone()],
                _ => list.push(vec![place.code.clone()]),
            }
            end = Some(place.span.end);
        }
        (list.len() == count).then_some(list)
    }

    /// The name beside a list of places: what follows them (西部 充电站), else what leads up to them (门店数居前列的浙江…).
    pub(super) fn beside_places(&self, name: &[usize]) -> Name {
        let mut rest = name.to_vec();
        while let Some(&first) = rest.first() {
            if let Some(place) = self.places.iter().find(|place| place.span.contains(&first)) {
                rest.retain(|at| !place.span.contains(at));
            } else if let Some(length) = self.cues().at(Cue::PlaceTail, &label::text(self.chars, &rest), 0) {
                rest.drain(..length);
            } else if matches!(self.chars[first], '、' | '和' | '等') {
                rest.remove(0);
            } else {
                break;
            }
        }
        let place = rest.iter().position(|at| self.places.iter().any(|place| place.span.contains(at)));
        if let Some(place) = place.filter(|place| *place > 1) {
            rest.truncate(place);
            let text = label::text(self.chars, &rest);
            let ranked = text.iter().position(|c| *c == '居').filter(|at| *at > 1);
            rest.truncate(ranked.unwrap_or(rest.len()));
            label::without_links(self.chars, &mut rest, self.knowledge);
        }
        rest
    }

    /// Names of the items of a list; what the last one has more than the one before it is common to all: 「A产业、B产业贷款余额」.
    pub(super) fn item_names(&self, items: &[Name]) -> Vec<String> {
        let names: Vec<String> = items.iter().map(|item| self.written(item)).collect();
        let lengths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
        let count = names.len();
        let (last, before) = (lengths[count - 1], lengths[count - 2]);
        if last < before + 2 {
            return names;
        }
        let folded: Vec<char> = self.folded_text(&names[count - 1]).chars().collect();
        let known = self.cues().before(Cue::Common, &folded, last).filter(|length| *length + 2 <= last);
        let common: String = names[count - 1].chars().skip(known.map_or(before, |length| last - length)).collect();
        names.iter().enumerate().map(|(at, name)| if at + 1 == count { name.clone() } else { format!("{name}{common}") }).collect()
    }
}
