//! Binds the numbers of a paragraph, a sentence at a time.
//!
//! In:  a block of folded text, its mentions, and what was last spoken of before it.
//! Out: a claim for every quantity.
//!
//! A number's clause runs back to a comma or to the number before it. What stands there is taken apart from its end: words of
//! change, of share, the words that link name and number; what is left is the name. Where nothing is left the name before is
//! still spoken of. Behind a counter the counted noun is the name.

mod behind;
mod clauses;
mod counted;
mod level;
mod list;
mod named;
mod names;
mod settle;
mod subject;
mod unnamed;
mod whole;

use super::above::Above;
use super::change::{self, Change};
use super::label::{self, Name};
use super::period::{self, Mark};
use super::place;
use super::share;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::{Cue, Cues};
use crate::model::{About, Amount, Basis, Claim, Folded, Kind, Mention, Period, Quantity, Reading, Text, Tier};
use crate::tidy::place::Named;

/// What was last spoken of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Topic {
    /// Its name as written.
    metric: String,
    /// The whole it is a part of.
    whole: Option<String>,
    /// The unit its value has.
    unit: String,
    /// Its value is a price.
    price: bool,
}

impl Topic {
    fn of(claim: &Claim) -> Topic {
        Topic {
            metric: claim.metric.clone(),
            whole: claim.whole.clone(),
            unit: claim.quantity.unit.clone(),
            price: claim.kind == Kind::Price,
        }
    }
}

/// Reads one block.
pub(crate) struct Reader<'a> {
    text: &'a Text<'a>,
    index: usize,
    folded: &'a Folded,
    chars: &'a [char],
    mentions: &'a [Mention],
    report: Period,
    /// What stands above and holds for all of it.
    above: Above,
    knowledge: &'a Knowledge,
    marks: Vec<Mark>,
    places: Vec<Named>,
    /// Names of the company itself, taken off names.
    own: &'a [Vec<char>],
    // What the sentence has said so far.
    topic: Option<Topic>,
    /// The topic comes from a sentence before.
    topic_old: bool,
    /// What stood before the last counted noun: 涉及 of 「涉及15省58个地市」.
    last_left: Name,
    /// How far the noun behind the last counter reaches; it is no part of the next name.
    consumed: usize,
    /// The single values of the sentence: name, unit, amount.
    recent: Vec<(String, String, Amount)>,
    /// The whole of the last share of the block.
    last_whole: Option<String>,
    /// Finer places in the title of the case box.
    case_places: place::Held,
    /// As written there.
    case_place: Option<String>,
    /// How the report writes the word for a share: 佔 or 占.
    share_sign: char,
    /// The whole that 其中 spoke of.
    among: Option<String>,
    /// Its unit.
    among_unit: String,
    /// The time of the last value that stands in no brackets.
    before_brackets: Option<Period>,
    /// The last change of the sentence: its basis and the name.
    last_change: Option<(Option<Basis>, usize)>,
    /// Names of the values of the last list, for a list of changes behind it.
    last_list: Vec<String>,
    /// Places of the last list.
    last_list_places: Vec<Vec<String>>,
}

/// What a number is said to be.
struct Said {
    metric: String,
    kind: Kind,
    falls: bool,
    basis: Option<Basis>,
    whole: Option<String>,
    rule: &'static str,
}

/// The names of the company itself: 中国联通 and 联通, 晨曦物流 and 晨曦.
pub(crate) fn own_names(about: &About) -> Vec<Vec<char>> {
    let short = |name: &String| name.trim_start_matches("中国").chars().take(2).collect();
    about.company_name.iter().flat_map(|name| [name.chars().collect(), short(name)]).collect()
}

impl<'a> Reader<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        text: &'a Text<'a>,
        index: usize,
        folded: &'a Folded,
        mentions: &'a [Mention],
        marks: Vec<Mark>,
        report: Period,
        above: Above,
        share_sign: char,
        own: &'a [Vec<char>],
        topic: Option<Topic>,
        knowledge: &'a Knowledge,
    ) -> Reader<'a> {
        let chars = &folded.chars[..];
        let mut places = place::named(chars, text.about.own_province(), knowledge);
        // 宁远 in the name of 宁远电信 itself is no county.
        let in_name = |place: &Named| own.iter().any(|name| name.len() > place.span.len() && chars[place.span.start..].starts_with(name));
        places.retain(|place| knowledge.places.province(&place.code).is_some() || !in_name(place));
        let case = text.blocks[index].case.map(|case| &text.headings[case]);
        let title: Vec<char> = case.map(|case| knowledge.fold.text(&case.name).chars().collect()).unwrap_or_default();
        let named: Vec<Named> = place::named(&title, text.about.own_province(), knowledge);
        let finer: Vec<&Named> = named.iter().filter(|place| knowledge.places.province(&place.code).is_none()).collect();
        let shown: Vec<char> = case.map(|case| case.name.chars().filter(|c| !c.is_whitespace()).collect()).unwrap_or_default();
        let written = |place: &&Named| shown.get(place.span.clone()).map(|name| name.iter().collect());
        let finer_names: Vec<String> = finer.iter().filter_map(written).collect();
        let case_place = (!finer_names.is_empty()).then(|| finer_names.join("、"));
        let case_places = place::Held { codes: finer.iter().map(|place| place.code.clone()).collect(), finer: Vec::new() };
        Reader {
            text,
            index,
            folded,
            chars,
            mentions,
            report,
            above,
            knowledge,
            marks,
            places,
            own,
            topic,
            topic_old: true,
            last_left: Vec::new(),
            consumed: 0,
            recent: Vec::new(),
            last_whole: None,
            case_places,
            case_place,
            share_sign,
            among: None,
            among_unit: String::new(),
            before_brackets: None,
            last_change: None,
            last_list: Vec::new(),
            last_list_places: Vec::new(),
        }
    }

    fn cues(&self) -> &'a Cues {
        &self.knowledge.words.cues
    }

    /// The claims of the block, and what it spoke of last.
    pub(crate) fn claims(mut self) -> (Vec<Claim>, Option<Topic>) {
        let mut claims: Vec<Claim> = Vec::new();
        let quantities: Vec<(usize, &Mention, &Quantity)> = self
            .mentions
            .iter()
            .enumerate()
            .filter_map(|(at, mention)| match &mention.reading {
                Reading::Quantity(quantity) => Some((at, mention, quantity)),
                _ => None,
            })
            .collect();
        let mut at = 0;
        let mut sentence = usize::MAX;
        while at < quantities.len() {
            let (_, mention, quantity) = quantities[at];
            let begin = self.sentence(mention.span.start);
            if begin != sentence {
                sentence = begin;
                self.topic_old = true;
                self.last_left.clear();
                // 上年分别为…: values before a semicolon are still spoken of.
                if begin == 0 || self.chars[begin - 1] != ';' {
                    self.recent.clear();
                }
                self.among = None;
                if self.chars[..begin].iter().rfind(|c| matches!(c, '(' | ')')) != Some(&'(') {
                    self.before_brackets = None;
                }
                self.last_change = None;
                self.last_list.clear();
                self.last_list_places.clear();
            }
            if quantity.tier == Tier::Minor {
                at += 1;
                continue;
            }
            // Values joined by 、 and 和 only are one list.
            let mut end = at + 1;
            while end < quantities.len()
                && quantities[end].2.tier == Tier::Core
                && self.linked(quantities[end - 1].1.span.end, quantities[end].1.span.start)
            {
                end += 1;
            }
            let previous = self.previous_end(mention.span.start, sentence);
            let group: Vec<(&Mention, &Quantity)> =
                quantities[at..end].iter().map(|(_, mention, quantity)| (*mention, *quantity)).collect();
            match self.list(&group, sentence, previous) {
                Some(found) => claims.extend(found),
                None => {
                    for (mention, quantity) in group {
                        let previous = self.previous_end(mention.span.start, sentence);
                        claims.push(self.claim(mention, quantity, sentence, previous));
                    }
                }
            }
            let outside = |claim: &&Claim| self.chars[sentence..claim.span.start].iter().rfind(|c| matches!(c, '(' | ')')) != Some(&'(');
            self.before_brackets = claims.last().filter(outside).map(|claim| claim.period).or(self.before_brackets);
            at = end;
        }
        (claims, self.topic)
    }

    /// What this sentence itself spoke of last.
    fn topic_here(&self) -> Option<&Topic> {
        self.topic.as_ref().filter(|_| !self.topic_old)
    }

    fn topic_metric(&self) -> String {
        self.topic.as_ref().map(|topic| topic.metric.clone()).unwrap_or_default()
    }

    /// 较指引上限5万辆高出432辆: a difference from a value given before it, and how it is called.
    fn beyond_value(&self, left: &[usize], at: usize, sentence: usize) -> Option<String> {
        let text = label::text(self.chars, left);
        let (length, word) = self.knowledge.words.change.before(&text, text.len())?;
        let clause = self.clause(at, sentence);
        let first = *left.first()?;
        let value = self.mentions.iter().find(|mention| mention.span.start >= clause && mention.span.end == first)?;
        if length < text.len() || !word.needs_base || self.cues().at(Cue::Against, self.chars, clause).is_none() {
            return None;
        }
        let digits = value.span.clone().find(|at| self.chars[*at].is_ascii_digit() || self.knowledge.words.numeral(self.chars[*at]))?;
        let name: Name = (clause..digits).chain(left.iter().copied()).collect();
        Some(self.written(&name))
    }

    /// Is the value that ends here the one with which another is compared?
    fn is_yardstick(&self, clause: usize, end: usize) -> bool {
        let next = self.next_quantity(end).filter(|_| self.cues().at(Cue::Against, self.chars, clause).is_some());
        next.is_some_and(|next| self.knowledge.words.changes_before(self.chars, next).is_some_and(|length| end + length == next))
    }

    /// What a change without a name is one of: what was spoken of. 收入13亿元，占总收入的九成，增长62%: not the share, which
    /// changes by points, but what it is a share of.
    fn grown(&self, quantity: &Quantity, at: usize) -> String {
        let topic = self.topic_metric();
        let part = self.recent.iter().rev().find(|(name, unit, _)| unit != "%" && !name.is_empty() && topic.starts_with(name.as_str()));
        let share = self.topic.as_ref().is_some_and(|topic| topic.unit == "%" && topic.whole.is_some());
        let grows = share && quantity.unit == "%" && self.cues().before(Cue::Growth, self.chars, at).is_some();
        part.filter(|_| grows).map_or(topic, |(name, _, _)| name.clone())
    }

    /// What a single number is said to be.
    fn claim(&mut self, mention: &Mention, quantity: &Quantity, sentence: usize, previous: usize) -> Claim {
        let at = mention.span.start;
        let mut clause = self.clause(at, previous);
        if clause == at && clause > sentence && self.chars[clause - 1] == ':' {
            // 工亡人数：0人, but 2020年中期：0.1元
            let named = self.clause(clause - 1, previous);
            if !self.marks.iter().any(|mark| mark.start >= named && mark.end < at) {
                clause = named;
            }
        }
        let mut left = label::outside_brackets(self.chars, clause, at);
        left.retain(|position| *position >= self.consumed);
        // 其中: the parts of what was spoken of.
        self.note_among(clause, at, sentence);
        if let Some(behind) = self.parts(&left) {
            left.drain(..behind);
        }
        let said = self.said(quantity, &left, mention, sentence);
        let claim = self.finish(mention, quantity, said, sentence);
        if claim.rule == "difference" || self.is_yardstick(clause, mention.span.end) {
            // 高于各项贷款平均增速7.1个百分点: the yardstick is not spoken of any further.
        } else if claim.kind != Kind::Change {
            self.topic = Some(Topic::of(&claim));
            self.recent.push((claim.metric.clone(), quantity.unit.clone(), quantity.amount.clone()));
            if claim.kind == Kind::Share {
                self.last_whole.clone_from(&claim.whole);
            }
            self.last_change = None;
        } else {
            self.last_change = Some((claim.basis, mention.span.end));
            if self.topic.as_ref().is_none_or(|topic| topic.metric != claim.metric) {
                self.topic = Some(Topic::of(&claim));
            }
        }
        self.topic_old = false;
        self.last_list.clear();
        claim
    }

    fn said(&mut self, quantity: &Quantity, left: &[usize], mention: &Mention, sentence: usize) -> Said {
        let at = mention.span.start;
        if quantity.rule == "rank" && change::change(self.chars, left, &self.marks, sentence, at, self.knowledge).is_none() {
            let mut name = self.name(left.to_vec());
            // 被百度评为TOP1合伙人
            if let Some(by) = name.iter().rposition(|at| self.chars[*at] == '被') {
                name.drain(..=by);
            }
            let name = self.ranked(name);
            let mut behind = self.behind(mention.span.end, self.clause_end(mention.span.end));
            if behind.first().is_some_and(|at| matches!(self.chars[*at], '和' | '与' | '及')) {
                behind.clear();
            }
            let before =
                if name.is_empty() && self.topic_old { self.clause_before(self.clause(at, sentence), sentence) } else { Vec::new() };
            let metric = if !before.is_empty() {
                self.written(&before)
            } else if name.is_empty() {
                self.topic_metric()
            } else if behind.is_empty() {
                let bare = self.cues().is(Cue::Bare, &label::text(self.chars, &name)) && self.topic_here().is_some();
                format!("{}{}", if bare { self.topic_metric() } else { String::new() }, self.written(&name))
            } else {
                // 被百度评为TOP1合伙人: with the words between.
                let mut whole: Name = (name[0]..at).collect();
                whole.extend(&behind);
                self.written(&whole)
            };
            let metric = if metric.is_empty() {
                self.written(&label::behind(self.chars, mention.span.end, self.clause_end(mention.span.end), self.knowledge))
            } else {
                metric
            };
            return Said { metric, kind: Kind::Rank, falls: false, basis: None, whole: None, rule: "rank" };
        }
        if let Some(metric) = self.beyond_value(left, at, sentence) {
            return Said { metric, kind: Kind::Level, falls: false, basis: None, whole: None, rule: "difference" };
        }
        if let Some(found) = change::change(self.chars, left, &self.marks, sentence, at, self.knowledge) {
            let name = self.name(found.before.clone());
            let carried = name.is_empty() || self.only_places(&name);
            // 增速较前7个月回落, 规模增长一成: of what was spoken of.
            let bare = self.topic_here().filter(|_| self.cues().is(Cue::Bare, &label::text(self.chars, &name)));
            let mut metric = match bare {
                Some(topic) => format!("{}{}", topic.metric, self.written(&name)),
                None if carried => self.grown(quantity, at),
                None => self.written(&self.qualified(name.clone(), at, sentence)),
            };
            if carried && metric.is_empty() {
                metric = self.written(&label::behind(self.chars, mention.span.end, self.clause_end(mention.span.end), self.knowledge));
            }
            // 占比提高: the share of what was spoken of.
            let bare: Vec<char> = self.folded_text(&metric).chars().collect();
            if self.cues().is(Cue::ShareName, &bare) && !self.topic_metric().is_empty() {
                let topic = self.topic_metric();
                let topic_folded = self.folded_text(&topic);
                metric = if topic_folded.contains('占') || topic_folded.ends_with("比例") {
                    topic
                } else {
                    format!("{topic}{}比", self.share_sign)
                };
            }
            if !found.yardstick {
                return self.changed(&found, metric);
            }
            // 快于全部贷款平均增速: the comparison is what is measured.
            let metric = if name.len() == 1 && left.len() >= 4 {
                let mut whole = left.to_vec();
                label::without_leads(self.chars, &mut whole, self.own, self.knowledge);
                self.written(&whole)
            } else {
                metric
            };
            return Said { metric, kind: Kind::Level, falls: false, basis: None, whole: None, rule: "difference" };
        }
        if quantity.rule == "doubling" {
            // 较上年翻了一番: the comparison stands before the word that is the number.
            let mut front = left.to_vec();
            let (basis, _) = change::bases(self.chars, &mut front, &self.marks, self.cues());
            let basis = basis.or_else(|| period::base_at(&self.marks, self.clause(at, sentence), at).map(|mark| mark.basis));
            let name = self.name(front);
            let metric = if name.is_empty() || self.only_places(&name) { self.topic_metric() } else { self.written(&name) };
            let found = Change { before: Vec::new(), sign: 1, basis, yardstick: false, noun: false };
            return self.changed(&found, metric);
        }
        // 占比由去年同期的38.7%提升至46.1%: the time belongs to the number alone.
        let own = self.marks.iter().find(|mark| left.last().is_some_and(|last| mark.end == *last && self.chars[*last] == '的'));
        let front: Vec<usize> = own.map_or_else(|| left.to_vec(), |mark| left.iter().copied().filter(|at| *at < mark.start).collect());
        let led = own.is_some() && front.last().is_some_and(|last| matches!(self.chars[*last], '由' | '从'));
        let left = if led { &front[..front.len() - 1] } else { left };
        if let Some(said) = self.of_yardstick(left).filter(|_| quantity.unit == "%") {
            return said;
        }
        if quantity.unit == "%" {
            // 占全部任务5,854个行政村的39.29%: the whole may hold a number of its own.
            let wide = label::outside_brackets(self.chars, self.clause(at, sentence), at);
            let numbered = own.is_none() && wide.len() > left.len() && label::text(self.chars, left).ends_with(&['的']) && left.len() <= 8;
            let reach: &[usize] = if numbered && share::share(self.chars, &wide, self.cues()).is_some() { &wide } else { left };
            if let Some(found) = share::share(self.chars, reach, self.cues()) {
                let name = self.name(found.before.clone());
                let part = if name.is_empty() || self.only_places(&name) { self.part_before(numbered) } else { self.written(&name) };
                if let Some((whole, part)) = self.amid(&name).filter(|_| found.whole.is_empty()) {
                    let metric = self.share_name(&part, &found, None);
                    return Said { metric, kind: Kind::Share, falls: false, basis: None, whole: Some(whole), rule: "share" };
                }
                if found.whole.is_empty() {
                    let whole = self.among.clone().or_else(|| self.topic_here().and_then(|topic| topic.whole.clone())).or_else(|| {
                        let topic = self.topic_metric();
                        (!topic.is_empty() && topic != part && !self.topic_old).then_some(topic)
                    });
                    let whole = self.within(sentence).or(whole).or_else(|| self.whole_before(&part));
                    let metric = self.share_name(&part, &found, None);
                    return Said { metric, kind: Kind::Share, falls: false, basis: None, whole, rule: "share" };
                }
                let whole = self.written(&found.whole);
                let short: String = whole.chars().take_while(|c| !c.is_ascii_digit()).collect();
                let short = if numbered && short.chars().count() >= 2 { short } else { whole.clone() };
                let metric = self.share_name(&part, &found, Some(&short));
                return Said { metric, kind: Kind::Share, falls: false, basis: None, whole: Some(whole), rule: "share-of" };
            }
        }
        let text = label::text(self.chars, left);
        // 规模是用户数的1.4倍: what is so many times as much was spoken of.
        if let Some(is) = text.iter().rposition(|c| *c == '是').filter(|_| quantity.unit == "倍" && text.ends_with(&['的'])) {
            let name = self.name(left[..is].to_vec());
            let bare = name.is_empty() || self.cues().is(Cue::Bare, &label::text(self.chars, &name));
            let metric = if bare && self.topic_here().is_some() { self.topic_metric() } else { self.written(&name) };
            return self.level(quantity, metric, "times", None);
        }
        let whole_sales = text.ends_with(&['销', '售']) || text.ends_with(&['出', '售']);
        let sold = self.is_money(&quantity.unit) && !whole_sales && (text.ends_with(&['售']) || text.ends_with(&['售', '价']));
        let said = self.subject(quantity, left, mention, sentence);
        if sold && said.kind == Kind::Level { Said { kind: Kind::Price, ..said } } else { said }
    }
}
