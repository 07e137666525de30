//! Binds the numbers of a paragraph, a sentence at a time.
//!
//! In:  a block of folded text, its mentions, and what was last spoken of before it.
//! Out: a claim for every quantity.
//!
//! A number's clause runs back to a comma or to the number before it. What stands there is taken apart from its end: words of
//! change, of share, the words that link name and number; what is left is the name. Where nothing is left the name before is
//! still spoken of. Behind a counter the counted noun is the name.

use super::change::{self, Change};
use super::label::{self, Name};
use super::modality;
use super::period::{self, Mark};
use super::place;
use super::share;
use crate::knowledge::Knowledge;
use crate::model::{Amount, Basis, Claim, Folded, Kind, Level, Mention, Modality, Period, Quantity, Reading, Text, Tier, UnitRole};
use crate::tidy::place::Named;

/// What was last spoken of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Topic {
    /// Its name as written.
    metric: String,
    /// The whole it is a part of.
    whole: Option<String>,
}

/// Reads one block.
pub(crate) struct Reader<'a> {
    text: &'a Text<'a>,
    index: usize,
    folded: &'a Folded,
    chars: &'a [char],
    mentions: &'a [Mention],
    report: Period,
    planned: Option<Option<i32>>,
    knowledge: &'a Knowledge,
    marks: Vec<Mark>,
    places: Vec<Named>,
    /// Names of the company itself, taken off names.
    own: Vec<Vec<char>>,
    // What the sentence has said so far.
    topic: Option<Topic>,
    /// The whole that 其中 spoke of.
    among: Option<String>,
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
    confidence: f64,
}

impl<'a> Reader<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        text: &'a Text<'a>,
        index: usize,
        folded: &'a Folded,
        mentions: &'a [Mention],
        report: Period,
        planned: Option<Option<i32>>,
        knowledge: &'a Knowledge,
    ) -> Reader<'a> {
        let chars = &folded.chars[..];
        let marks = period::marks(chars, mentions, report, knowledge);
        let places = crate::tidy::place::places(chars, knowledge);
        let mut own = Vec::new();
        if let Some(name) = &text.about.company_name {
            own.push(name.chars().collect::<Vec<char>>());
        }
        Reader {
            text,
            index,
            folded,
            chars,
            mentions,
            report,
            planned,
            knowledge,
            marks,
            places,
            own,
            topic: None,
            among: None,
            last_change: None,
            last_list: Vec::new(),
            last_list_places: Vec::new(),
        }
    }

    /// What the block before spoke of last.
    pub(crate) fn follow(&mut self, topic: Option<Topic>) {
        self.topic = topic;
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
                self.among = None;
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
                && self.joined(quantities[end - 1].1.span.end, quantities[end].1.span.start)
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
            at = end;
        }
        (claims, self.topic)
    }

    fn joined(&self, from: usize, to: usize) -> bool {
        let between: String = self.chars[from..to].iter().filter(|c| **c != ' ').collect();
        matches!(between.as_str(), "、" | "和" | "及" | "与")
    }

    /// Where the sentence of a position begins.
    fn sentence(&self, at: usize) -> usize {
        self.chars[..at].iter().rposition(|c| matches!(c, '。' | '!' | '?' | ';')).map_or(0, |mark| mark + 1)
    }

    /// Where the number before ends, in the same sentence.
    fn previous_end(&self, at: usize, sentence: usize) -> usize {
        self.mentions
            .iter()
            .rev()
            .find(|mention| {
                mention.span.end <= at && matches!(&mention.reading, Reading::Quantity(quantity) if quantity.tier == Tier::Core)
            })
            .map_or(sentence, |mention| mention.span.end.max(sentence))
    }

    /// Where the clause of a position begins: behind a comma or an open bracket; brackets that close again are passed over.
    fn clause(&self, at: usize, from: usize) -> usize {
        let mut depth = 0;
        for position in (from..at).rev() {
            match self.chars[position] {
                ')' => depth += 1,
                '(' if depth == 0 => return position + 1,
                '(' => depth -= 1,
                ',' | ':' | '。' | ';' if depth == 0 => return position + 1,
                _ => {}
            }
        }
        from
    }

    fn clause_end(&self, at: usize) -> usize {
        self.chars[at..].iter().position(|c| matches!(c, ',' | '。' | ';' | '!' | '?')).map_or(self.chars.len(), |ahead| at + ahead)
    }

    /// A name as written in the report.
    fn written(&self, name: &[usize]) -> String {
        let text: String =
            name.iter().map(|at| self.text.source[self.folded.origin[*at] as usize]).filter(|c| !c.is_whitespace()).collect();
        text.trim_matches(['「', '」', '“', '”', '《', '》', '"', '、', '，', ',', '：', ':']).to_string()
    }

    /// The name of what is measured, out of the characters before a number.
    fn name(&self, mut name: Name) -> Name {
        label::without_links(self.chars, &mut name, self.knowledge);
        // A date inside: what stands behind it is the name, unless it leads up to the number.
        for mark in &self.marks {
            if let Some(at) = name.iter().rposition(|position| *position < mark.end && *position >= mark.start) {
                let behind = name[at + 1..].to_vec();
                let plain = label::text(self.chars, &behind);
                if behind.is_empty() || plain.iter().all(|c| matches!(c, '的' | '前' | '时' | '在' | '止' | '内' | '份' | '起')) {
                    let from = name.iter().position(|position| *position >= mark.start).unwrap_or(0);
                    name.truncate(from);
                    label::without_links(self.chars, &mut name, self.knowledge);
                } else if !mark.base || true {
                    name = behind;
                }
            }
        }
        while name.first().is_some_and(|at| matches!(self.chars[*at], '前' | '的' | '内' | '止' | '时')) {
            name.remove(0);
        }
        label::behind_cuts(self.chars, &mut name, self.knowledge);
        label::without_leads(self.chars, &mut name, &self.own, self.knowledge);
        label::without_links(self.chars, &mut name, self.knowledge);
        name
    }

    /// Are these characters nothing but places?
    fn only_places(&self, name: &[usize]) -> bool {
        !name.is_empty()
            && name.iter().all(|at| {
                self.places.iter().any(|place| place.span.contains(at))
                    || matches!(
                        self.chars[*at],
                        '、' | '和' | '与' | '两' | '三' | '四' | '省' | '市' | '地' | '合' | '计' | '共' | '州' | '县'
                    )
            })
            && name.iter().any(|at| self.places.iter().any(|place| place.span.contains(at)))
    }

    /// Values with names of their own: 「A、B和C分别为x、y和z」.
    fn list(&mut self, group: &[(&Mention, &Quantity)], sentence: usize, previous: usize) -> Option<Vec<Claim>> {
        if group.len() < 2 {
            return None;
        }
        let first = group[0].0.span.start;
        let mut clause = self.clause(first, previous);
        let distributes = |from: usize| {
            let text: String = self.chars[from..first].iter().collect();
            ["分别", "依次", "各为"].iter().any(|word| text.contains(word))
        };
        if !distributes(clause) {
            return None;
        }
        // 「与上年相比分别变动…」: nothing but the comparison stands in the clause; the names are those of the list before.
        let left = label::outside_brackets(self.chars, clause, first);
        let said = change::change(self.chars, &left, &self.marks, sentence, first, self.knowledge);
        let mut body = said.as_ref().map_or(left, |change| change.before.clone());
        label::without_links(self.chars, &mut body, self.knowledge);
        let mut share_word = None;
        let rest: String = label::text(self.chars, &body).iter().collect();
        if said.is_none() && group[0].1.unit == "%" {
            if let Some(found) = share::share(self.chars, &body) {
                share_word = Some(found);
            }
        }
        let _ = rest;
        let mut items = Vec::new();
        let named_before = share_word.as_ref().map_or_else(|| self.name(body.clone()), |share| self.name(share.before.clone()));
        if !named_before.is_empty() {
            items = self.items(&named_before);
            if items.len() != group.len() && clause > sentence {
                // The list may begin before a comma: 「A产业、B升级贷款余额分别为…」 stands whole, dates do not.
                clause = self.clause(clause - 1, previous);
            }
        }
        let quarters = self.quarters(sentence, first, group.len());
        let places = self.listed_places(sentence, first, group.len());
        let metrics: Vec<String> = if items.len() == group.len() {
            items.iter().map(|item| self.written(item)).collect()
        } else if places.is_some() {
            let common = self.behind_places(&named_before);
            vec![self.written(&common); group.len()]
        } else if self.last_list.len() == group.len() && named_before.is_empty() {
            self.last_list.clone()
        } else if !named_before.is_empty() {
            vec![self.written(&named_before); group.len()]
        } else {
            vec![self.topic.clone().unwrap_or_default().metric; group.len()]
        };
        let _ = clause;
        let place_list = places.or_else(|| (self.last_list_places.len() == group.len()).then(|| self.last_list_places.clone()));
        let mut claims = Vec::new();
        for (at, (mention, quantity)) in group.iter().enumerate() {
            let mut said_here = match (&said, &share_word) {
                (Some(change), _) => self.changed(change, metrics[at].clone()),
                (None, Some(share)) => {
                    let whole = if share.whole.is_empty() {
                        self.among.clone().or_else(|| Some(metrics[at].clone()))
                    } else {
                        Some(self.written(&share.whole))
                    };
                    let name = if share.whole.is_empty() {
                        format!("{}佔比", metrics[at])
                    } else {
                        format!("{}佔{}比例", metrics[at], whole.clone().unwrap_or_default())
                    };
                    Said {
                        metric: self.script(&name),
                        kind: Kind::Share,
                        falls: false,
                        basis: None,
                        whole,
                        rule: "list-share",
                        confidence: 0.8,
                    }
                }
                _ => self.level(quantity, metrics[at].clone(), "list"),
            };
            if said_here.kind == Kind::Level && self.among.is_some() {
                said_here.whole.clone_from(&self.among);
            }
            let mut claim = self.finish(mention, quantity, said_here, sentence);
            if let Some(quarters) = &quarters {
                claim.period = quarters[at];
            }
            if let Some(places) = &place_list {
                claim.places.clone_from(&places[at].clone());
                claim.place = self.place_text(&places[at]).or(claim.place);
            }
            claims.push(claim);
        }
        if said.is_none() && share_word.is_none() {
            self.topic = Some(Topic { metric: metrics[0].clone(), whole: self.among.clone() });
        }
        self.last_list = if share_word.is_some() { claims.iter().map(|claim| claim.metric.clone()).collect() } else { metrics };
        if let Some(places) = place_list {
            self.last_list_places = places;
        }
        Some(claims)
    }

    /// The items of a list of names: A、B和C.
    fn items(&self, name: &[usize]) -> Vec<Name> {
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
    fn quarters(&self, sentence: usize, at: usize, count: usize) -> Option<Vec<Period>> {
        let mark = self.marks.iter().rev().find(|mark| mark.start >= sentence && mark.end <= at)?;
        let (start, end) = (mark.period.start, mark.period.end);
        let months = (end.year - start.year) * 12 + i32::from(end.month) - i32::from(start.month) + 1;
        let written: String = self.chars[mark.start..mark.end].iter().collect();
        (written.contains('季') && months == 3 * count as i32).then(|| {
            (0..count as u8)
                .map(|quarter| Period::months((start.year, start.month + 3 * quarter), (start.year, start.month + 3 * quarter + 2)))
                .collect()
        })
    }

    /// The places of a list that has as many as there are values.
    fn listed_places(&self, sentence: usize, at: usize, count: usize) -> Option<Vec<Vec<String>>> {
        let here: Vec<&Named> = self.places.iter().filter(|place| place.span.start >= sentence && place.span.end <= at).collect();
        let list: Vec<Vec<String>> = here.iter().map(|place| vec![place.code.clone()]).collect();
        if list.len() == count {
            return Some(list);
        }
        // 东、中、西部和东北地区: one character each.
        let text: String = self.chars[sentence..at].iter().collect();
        let regions: Vec<&str> =
            [("东、", "x-east"), ("中、", "x-central"), ("中部", "x-central"), ("西部", "x-west"), ("东北", "x-dongbei")]
                .iter()
                .filter(|(word, _)| text.contains(word))
                .map(|(_, code)| *code)
                .collect();
        let mut unique: Vec<&str> = Vec::new();
        for code in regions {
            if !unique.contains(&code) {
                unique.push(code);
            }
        }
        (text.contains("东、中") && unique.len() == count).then(|| unique.iter().map(|code| vec![code.to_string()]).collect())
    }

    /// What follows the places at the beginning of a name: 西部 5G基站.
    fn behind_places(&self, name: &[usize]) -> Name {
        let mut rest = name.to_vec();
        loop {
            let text = label::text(self.chars, &rest);
            let Some(&first) = rest.first() else { break };
            if let Some(place) = self.places.iter().find(|place| place.span.contains(&first)) {
                rest.retain(|at| !place.span.contains(at));
                continue;
            }
            let word = ["东部", "中部", "西部", "东北", "地区", "东", "中", "西", "、", "和", "三地", "两地", "等"].iter().find(|word| {
                let word: Vec<char> = word.chars().collect();
                text.starts_with(&word)
            });
            match word {
                Some(word) => {
                    rest.drain(..word.chars().count());
                }
                None => break,
            }
        }
        rest
    }

    /// Chinese characters of the program's own in the script of the report.
    fn script(&self, text: &str) -> String {
        if self.text.about.lang == "zh-Hant" { text.to_string() } else { text.replace('佔', "占") }
    }

    fn topic_metric(&self) -> String {
        self.topic.as_ref().map(|topic| topic.metric.clone()).unwrap_or_default()
    }

    /// What a single number is said to be.
    fn claim(&mut self, mention: &Mention, quantity: &Quantity, sentence: usize, previous: usize) -> Claim {
        let at = mention.span.start;
        let clause = self.clause(at, previous);
        let mut left = label::outside_brackets(self.chars, clause, at);
        // 其中: the parts of what was spoken of.
        if let Some(position) = find(self.chars, &left, &["其中", "当中"]) {
            let whole = self.topic_metric();
            self.among = (!whole.is_empty()).then_some(whole);
            let ahead = 2;
            left.drain(..position + ahead);
        } else if clause > sentence && self.chars[..clause.saturating_sub(1)].ends_with(&['其', '中']) {
            let whole = self.topic_metric();
            self.among = (!whole.is_empty()).then_some(whole);
        }
        let said = self.said(quantity, &left, mention, sentence);
        let claim = self.finish(mention, quantity, said, sentence);
        if claim.kind != Kind::Change {
            let share = claim.kind == Kind::Share;
            if !(share && self.among.is_none() && quantity.unit == "%" && claim.metric.contains('佔') && false) {
                self.topic = Some(Topic { metric: claim.metric.clone(), whole: claim.whole.clone() });
            }
            self.last_change = None;
        } else {
            self.last_change = Some((claim.basis, mention.span.end));
            if self.topic.as_ref().is_none_or(|topic| topic.metric != claim.metric) {
                self.topic = Some(Topic { metric: claim.metric.clone(), whole: claim.whole.clone() });
            }
        }
        self.last_list.clear();
        claim
    }

    fn said(&mut self, quantity: &Quantity, left: &[usize], mention: &Mention, sentence: usize) -> Said {
        let at = mention.span.start;
        if quantity.unit == "rank" {
            let name = self.name(left.to_vec());
            let metric = if name.is_empty() { self.topic_metric() } else { self.written(&name) };
            let metric = if metric.is_empty() {
                self.written(&label::behind(self.chars, mention.span.end, self.clause_end(mention.span.end), self.knowledge))
            } else {
                metric
            };
            return Said { metric, kind: Kind::Rank, falls: false, basis: None, whole: None, rule: "rank", confidence: 0.8 };
        }
        if let Some(found) = change::change(self.chars, left, &self.marks, sentence, at, self.knowledge) {
            let name = self.name(found.before.clone());
            let carried = name.is_empty() || self.only_places(&name);
            let mut metric = if carried { self.topic_metric() } else { self.written(&name) };
            if carried && metric.is_empty() {
                metric = self.written(&label::behind(self.chars, mention.span.end, self.clause_end(mention.span.end), self.knowledge));
            }
            // 占比提高: the share of what was spoken of.
            if matches!(self.folded_text(&metric).as_str(), "占比" | "比重") && !self.topic_metric().is_empty() {
                let topic = self.topic_metric();
                let topic_folded = self.folded_text(&topic);
                metric = if topic_folded.contains('占') || topic_folded.ends_with("比例") {
                    topic
                } else {
                    self.script(&format!("{topic}佔比"))
                };
            }
            if !found.yardstick {
                return self.changed(&found, metric);
            }
            let metric = if metric.is_empty() { self.topic_metric() } else { metric };
            return Said { metric, kind: Kind::Level, falls: false, basis: None, whole: None, rule: "difference", confidence: 0.6 };
        }
        if quantity.unit == "%" {
            if let Some(found) = share::share(self.chars, left) {
                let name = self.name(found.before.clone());
                let part = if name.is_empty() || self.only_places(&name) { self.topic_metric() } else { self.written(&name) };
                let part_folded = self.folded_text(&part);
                if found.whole.is_empty() {
                    let whole = self.among.clone().or_else(|| self.topic.as_ref().and_then(|topic| topic.whole.clone())).or_else(|| {
                        let topic = self.topic_metric();
                        (!topic.is_empty() && topic != part).then_some(topic)
                    });
                    let metric = if part_folded.ends_with("占比") { part } else { self.script(&format!("{part}佔比")) };
                    return Said { metric, kind: Kind::Share, falls: false, basis: None, whole, rule: "share", confidence: 0.85 };
                }
                let whole = self.written(&found.whole);
                let metric = self.script(&format!("{part}佔{whole}比例"));
                return Said {
                    metric,
                    kind: Kind::Share,
                    falls: false,
                    basis: None,
                    whole: Some(whole),
                    rule: "share-of",
                    confidence: 0.85,
                };
            }
        }
        let (metric, rule) = self.subject(quantity, left, mention);
        self.level(quantity, metric, rule)
    }

    fn folded_text(&self, text: &str) -> String {
        text.chars().map(|c| self.knowledge.fold.char(c)).collect()
    }

    /// The name of a level: before the number, or behind its counter.
    fn subject(&self, quantity: &Quantity, left: &[usize], mention: &Mention) -> (String, &'static str) {
        let name = self.name(left.to_vec());
        let end = mention.span.end;
        let counted = matches!(quantity.unit_role, UnitRole::Counter | UnitRole::Noun) || quantity.unit.is_empty();
        let behind = if counted { label::behind(self.chars, end, self.clause_end(end), self.knowledge) } else { Vec::new() };
        let own_noun = quantity.unit_role == UnitRole::Noun && behind.is_empty();
        if !behind.is_empty() {
            let mut joined = self.tail(&name, 8);
            if self.only_places(&joined) {
                joined.clear();
            }
            joined.extend(behind.iter().copied().take(14));
            return (self.written(&joined), "counted-noun");
        }
        if name.is_empty() || self.only_places(&name) {
            let topic = self.topic_metric();
            if !topic.is_empty() {
                return (topic, "topic");
            }
            // The label may stand behind the value.
            let behind = label::behind(self.chars, end, self.clause_end(end), self.knowledge);
            return (self.written(&behind), "behind");
        }
        let name = self.tail(&name, 22);
        if own_noun && name.len() <= 3 {
            let mut joined = name.clone();
            joined.extend(quantity.unit_span.clone());
            return (self.written(&joined), "noun");
        }
        (self.written(&name), "subject")
    }

    /// The end of a long name: names are short.
    fn tail(&self, name: &[usize], most: usize) -> Name {
        if name.len() <= most {
            return name.to_vec();
        }
        // Begin behind a mark if there is one near.
        let from = name.len() - most;
        let mark = (from..name.len() - 2).find(|at| matches!(self.chars[name[*at]], '的' | '、' | '」' | '”'));
        name[mark.map_or(from, |mark| mark + 1)..].to_vec()
    }

    fn changed(&self, change: &Change, metric: String) -> Said {
        let carried = self.last_change.filter(|_| change.basis.is_none()).and_then(|(basis, _)| basis);
        let basis = change.basis.or(carried).unwrap_or(Basis::Prior);
        Said {
            metric,
            kind: Kind::Change,
            falls: change.sign < 0,
            basis: Some(basis),
            whole: None,
            rule: if change.noun { "change-noun" } else { "change" },
            confidence: 0.85,
        }
    }

    /// A level, or a share or price by its name.
    fn level(&self, quantity: &Quantity, metric: String, rule: &'static str) -> Said {
        let folded = self.folded_text(&metric);
        let ends = |words: &[&str]| words.iter().any(|word| folded.ends_with(word));
        let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
        let money = self.knowledge.units.get(quantity.unit.split('/').next().unwrap_or("")).is_some_and(|unit| unit.quantity == "money");
        let mut kind = Kind::Level;
        let mut whole = self.among.clone();
        if quantity.unit == "%" || quantity.unit == "‰" {
            let interest = ends(&["利率", "系数", "收益率", "回报率", "增长率", "增速", "费率", "票息"]);
            kind = if interest { Kind::Level } else { Kind::Share };
            whole = whole.or_else(|| share::covered(&folded).map(|object| self.whole_written(&metric, &object)));
        } else if quantity.unit == "折"
            || money
                && (quantity.unit.contains('/') && has(&["价", "资费", "单价", "流量", "电价"])
                    || has(&[
                        "单价",
                        "售价",
                        "资费",
                        "月费",
                        "套餐",
                        "价格",
                        "票价",
                        "电价",
                        "回购价",
                        "卡",
                        "均价",
                        "定价",
                        "平均价",
                        "零售价",
                        "出厂价",
                    ]))
        {
            kind = Kind::Price;
        }
        Said { metric, kind, falls: false, basis: None, whole, rule, confidence: if rule == "subject" { 0.85 } else { 0.7 } }
    }

    /// The part of a name as written whose folded form is given.
    fn whole_written(&self, metric: &str, object: &str) -> String {
        let chars: Vec<char> = metric.chars().collect();
        let folded: Vec<char> = chars.iter().map(|c| self.knowledge.fold.char(*c)).collect();
        let wanted: Vec<char> = object.chars().collect();
        folded
            .windows(wanted.len())
            .position(|window| window == wanted)
            .map_or_else(|| object.to_string(), |at| chars[at..at + wanted.len()].iter().collect())
    }

    fn place_text(&self, codes: &[String]) -> Option<String> {
        let named = self.places.iter().find(|place| codes.contains(&place.code))?;
        (self.knowledge.places.province(&named.code).is_none()).then(|| self.written(&named.span.clone().collect::<Vec<usize>>()))
    }

    /// Puts time, place and modality to what was said.
    fn finish(&self, mention: &Mention, quantity: &Quantity, said: Said, sentence: usize) -> Claim {
        let at = mention.span.start;
        let clause = self.clause(at, sentence);
        let fallback = match self.planned {
            Some(Some(year)) => Period::year(year),
            _ => self.report,
        };
        let period = period::period_at(self.chars, &self.marks, sentence, at, self.report, fallback);
        let modality = modality::modality(
            self.chars,
            (sentence, clause, at, self.clause_end(mention.span.end)),
            self.planned.is_some(),
            period,
            self.report,
            self.knowledge,
        );
        let real_sentence = self.chars[..at].iter().rposition(|c| matches!(c, '。' | '!' | '?')).map_or(0, |mark| mark + 1);
        let mut held = place::held(&self.places, real_sentence, at, self.knowledge);
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
        let written: Vec<String> = held.finer.iter().map(|span| self.written(&span.clone().collect::<Vec<usize>>())).collect();
        if held.codes.is_empty() || held.codes.iter().any(|code| code.starts_with("x-")) && !case_codes.is_empty() {
            held.codes = case_codes;
        }
        let place = (!written.is_empty()).then(|| written.join("、"));
        let negative = matches!(&quantity.amount, Amount::One(value) if value.is_negative());
        let modality = if said.kind == Kind::Rank { Modality::Actual } else { modality };
        Claim {
            block: self.index,
            cell: None,
            span: mention.span.clone(),
            quantity: quantity.clone(),
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
            confidence: said.confidence,
        }
    }
}

/// Where one of the words begins among these positions.
fn find(chars: &[char], name: &[usize], words: &[&str]) -> Option<usize> {
    let text = label::text(chars, name);
    words.iter().find_map(|word| {
        let word: Vec<char> = word.chars().collect();
        text.windows(word.len()).rposition(|window| window == word)
    })
}
