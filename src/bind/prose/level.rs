//! Binds a level, price or rank.
//!
//! In:  a number and its clause.
//! Out: what it is said to be, and under which name.

use super::{Reader, Said};
use crate::bind::{
    change::Change,
    label::{self, Name},
    share,
};
use crate::knowledge::cues::Cue;
use crate::model::{Basis, Comparator, Kind, Mention, Quantity, UnitRole};

impl Reader<'_> {
    /// The name beside a rank: what stands before the verb (装机规模|居全国…), else what stands behind it (位列|百强榜).
    pub(super) fn ranked(&self, name: Name) -> Name {
        let Some((from, length)) = self.cues().find(Cue::RankVerb, &label::text(self.chars, &name)) else {
            return name;
        };
        if from >= 2 {
            let mut front = name[..from].to_vec();
            while front.last().is_some_and(|at| matches!(self.chars[*at], '中' | '里' | '内')) {
                front.pop();
            }
            // 用户规模在全省水司中排行第三: among whom is no part of the name.
            if let Some(among) = front.iter().rposition(|at| self.chars[*at] == '在').filter(|at| *at >= 2) {
                front.truncate(among);
            }
            return front;
        }
        // 位列行业第二: what is ranked was named before.
        let behind = &name[from + length..];
        if self.cues().is(Cue::Field, &label::text(self.chars, behind)) { Vec::new() } else { behind.to_vec() }
    }

    /// A level: its name stands before the number, or behind its counter, or is still spoken of.
    pub(super) fn subject(&mut self, quantity: &Quantity, left: &[usize], mention: &Mention, sentence: usize) -> Said {
        let end = mention.span.end;
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
            let wide = label::outside_brackets(self.chars, self.clause(mention.span.start, sentence), mention.span.start);
            let from = self.parts(&wide).unwrap_or(0);
            name = self.name(wide[from..].to_vec());
        }
        let clause_end = self.clause_end(end);
        let behind = self.behind(end, clause_end);
        let counter = quantity.unit_role == UnitRole::Counter || quantity.unit.is_empty() && quantity.scale > 0;
        let noun = quantity.unit_role == UnitRole::Noun;
        let names_unit = noun && quantity.unit_span.is_empty();
        // 连续11年保持零事故: what goes on for so long is spoken of already, or follows.
        let lasts = label::text(self.chars, &name) == ['连', '续'];
        if lasts {
            let phrase = self.phrase(end, clause_end);
            if (self.topic_old || self.topic_metric().is_empty()) && !phrase.is_empty() {
                name.extend(&phrase);
                return self.level(quantity, self.written(&name), "lasting", whole);
            }
            name.clear();
        }
        let empty = name.is_empty() || self.only_places(&name);
        let adjacent = matches!(plain[..], [] | ['的']) && !self.last_left.is_empty();
        if noun || counter && !behind.is_empty() {
            let mut front = if adjacent {
                self.last_left.clone()
            } else if empty {
                Vec::new()
            } else {
                self.tail(&name, 14)
            };
            // 举办126场讲座: a verb alone names nothing.
            if self.knowledge.grammar.label.verb.at(&label::text(self.chars, &front), 0).is_some_and(|(length, ())| length == front.len()) {
                front.clear();
            }
            self.last_left.clone_from(&front);
            let counted = if noun && !names_unit { quantity.unit_span.clone().collect() } else { self.counted(&behind) };
            let rest: Name = behind.iter().copied().skip(if noun && !names_unit { 0 } else { counted.len() }).collect();
            let verb = self.verb_phrase(end + if noun && !names_unit { 0 } else { counted.len() }, clause_end);
            // 人 and 户 say little beside the noun that follows: 2,000人团队.
            let people = noun && !names_unit && matches!(quantity.unit.as_str(), "人" | "户");
            let unit_noun = noun && !people && !names_unit || people && behind.is_empty() || self.is_unit_noun(quantity, &counted);
            // 百万个人和小店用户受益, 二十一个品规通过…: what the counted do.
            let reach = behind.last().map_or(end, |last| last + 1);
            let does = self.verb_phrase(reach, clause_end);
            if !unit_noun && front.is_empty() && !does.is_empty() && self.next_value(reach).is_none_or(|next| next >= clause_end) {
                if (0..behind.len()).any(|skip| {
                    self.knowledge.words.counted.at(self.chars, behind[skip]).is_some_and(|(length, _)| skip + length == behind.len())
                }) {
                    return self.level(quantity, self.written(&does), "counted-verb", whole);
                }
                if (2..=4).contains(&behind.len()) {
                    let mut joined = does;
                    joined.extend(&behind);
                    self.consumed = reach;
                    return self.level(quantity, self.written(&joined), "verb-noun", whole);
                }
            }
            self.consumed = if noun && !names_unit && !people { end } else { behind.last().map_or(end, |last| last + 1) };
            if unit_noun && front.is_empty() && !verb.is_empty() {
                // 20个城市开通地铁: what they do is what is counted.
                return self.level(quantity, self.written(&verb), "counted-verb", whole);
            }
            // 推出「X」，A、B、C三项措施: a list names its items; the quotation names them all.
            if front.iter().any(|at| self.chars[*at] == '、') && !behind.is_empty() {
                front = self.quoted(sentence, mention.span.start);
            }
            let covers = self.covers(&front);
            if unit_noun && covers && front.len() <= 3 && !adjacent {
                // 共涉及2,055个行政村: the subject of the sentence says whose.
                let mut subject = self.sentence_subject(sentence, mention.span.start);
                if subject.last().is_some_and(|last| *last < front[0]) {
                    subject.extend(&front);
                    front = subject;
                }
            }
            // 46个行政村的建设任务: the noun stands last in the name.
            let of = rest.first().is_some_and(|at| self.chars[*at] == '的');
            if of && unit_noun {
                let named = rest.len() > 1;
                let mut joined = if named { Vec::new() } else { front };
                joined.extend(rest.iter().skip(1).filter(|_| rest.len() <= 12));
                // 200人的专家团队 says of what already.
                if !(people && named) {
                    joined.extend(&counted);
                }
                return self.level(quantity, self.written(&joined), "noun-of", whole);
            }
            let mut joined = front;
            if joined.len() > 6 && !unit_noun && behind.len() >= 2 && !self.is_quoted(&joined) {
                joined.clear();
            } else if unit_noun && !self.covers(&joined) {
                joined = joined.split_off(joined.len().saturating_sub(8));
            }
            if people && behind.is_empty() && joined.len() >= 2 && !self.covers(&joined) {
                // 残疾员工312人: the unit says no more.
                return self.level(quantity, self.written(&joined), "subject", whole);
            }
            if noun && !names_unit && !joined.is_empty() && (!people || behind.is_empty()) {
                joined.extend(&counted);
                return self.level(quantity, self.written(&joined), "noun", whole);
            }
            if !behind.is_empty() {
                joined.extend(behind.iter().copied().take(14));
                return self.level(quantity, self.written(&joined), "counted-noun", whole);
            }
        }
        if (1..=2).contains(&name.len()) && self.among.is_some() && !self.topic_old && quantity.unit_role != UnitRole::Measure {
            // 医护人员四百名，其中驰援扬州一百八十名: the verb alone says too little.
            let metric = format!("{}{}", self.written(&name), self.among.clone().unwrap_or_default());
            return self.level(quantity, metric, "part-verb", whole);
        }
        if let Some(topic) = self.topic_here().filter(|_| self.cues().is(Cue::Partake, &label::text(self.chars, &name))) {
            // 开展演练214次，参与2.3万人次
            let metric = format!("{}{}", topic.metric, self.written(&name));
            return self.level(quantity, metric, "topic-verb", whole);
        }
        if !empty {
            let mut name = self.qualified(self.tail(&name, 26), mention.span.start, sentence);
            if let Some(metric) = self.twin(&name, mention.span.start) {
                return self.level(quantity, metric, "twin", whole);
            }
            // 机房间2-5毫秒时延: a short noun behind a measure belongs to the name.
            let follows = quantity.unit_role == UnitRole::Measure
                && (1..=6).contains(&behind.len())
                && quantity.unit != "%"
                && self.cues().at(Cue::Purpose, &label::text(self.chars, &behind), 0).is_none()
                && self.ends_there(end + behind.len());
            let of = self.of_noun(end, clause_end);
            let reached = (quantity.unit == "%" && of.len() >= 2)
                .then(|| self.cues().find(Cue::Reach, &label::text(self.chars, &name)))
                .flatten()
                .filter(|(from, _)| *from >= 2);
            if let Some((from, length)) = reached {
                // 培训覆盖全体董事和98.7%的员工: the noun is the whole, of which so much is reached.
                name.truncate(from + length);
                let object = self.written(&of);
                let metric = format!("{}{object}", self.written(&name));
                return self.level(quantity, metric, "reached", Some(object));
            }
            let noun_behind = behind.first().is_some_and(|at| !matches!(self.chars[*at], '的' | '之'));
            let among = quantity.unit == "%" && name.len() >= 3 && self.chars[name[name.len() - 1]] == '中';
            let does = if among { self.phrase(end, clause_end) } else { Name::new() };
            if among && does.len() >= 2 {
                // 受访员工中92%表示满意
                name.pop();
                whole = Some(self.written(&name));
                name.extend(&does);
            } else if quantity.unit == "%"
                && whole.is_none()
                && noun_behind
                && (2..=6).contains(&behind.len())
                && self.ends_there(end + behind.len())
            {
                // 新建物联网100%虚拟化: the name is the whole.
                whole = Some(self.written(&name));
                name.extend(&behind);
            } else if follows {
                name.extend(&behind);
            } else if quantity.unit_role == UnitRole::Measure && quantity.unit != "%" && of.len() >= 4 {
                // 连续6个月的月费优惠: what lasts that long.
                name = of;
            } else if quantity.unit == "%" && (2..=4).contains(&of.len()) {
                // 法定1%之要求
                name.extend(&of);
            } else if quantity.is_duration() {
                // 报修36小时内首次上门
                let phrase = self.phrase(end, clause_end);
                if (2..=8).contains(&phrase.len()) && self.ends_there(phrase[phrase.len() - 1] + 1) && phrase[0] == end {
                    name.extend(&phrase);
                }
            }
            return self.level(quantity, self.written(&name), "subject", whole);
        }
        // Nothing before: the label may stand behind, 「七成以上车间自动排产」, 「4.1%为回收材料」, 「18小时内开通账号」.
        let phrase = self.phrase(end, clause_end);
        let leads_on = matches!(self.chars.get(end), Some('的' | '为' | '是'));
        let topic_here = !self.topic_old && !self.topic_metric().is_empty();
        let limit = quantity.is_duration() && (!left.is_empty() || quantity.comparator == Comparator::AtMost);
        let part =
            self.among.is_some() && (self.chars[..mention.span.start].ends_with(&['中']) || left.is_empty() && !self.ends_there(end));
        let whose =
            quantity.unit == "%" && (leads_on || !left.is_empty() || part) || !topic_here || limit || self.is_amid(mention.span.start);
        if let Some(topic) = self.topic_here().filter(|topic| {
            quantity.unit == "%" && topic.unit != "%" && self.cues().at(Cue::Lies, self.chars, end).is_some() && !phrase.is_empty()
        }) {
            // 供应商1,284家，近七成位于华东
            let metric = format!("{}{}", self.written(&phrase), topic.metric);
            let whole = Some(topic.metric.clone());
            return self.level(quantity, metric, "lies", whole);
        }
        if !phrase.is_empty() && whose && quantity.unit != "折" {
            let metric = self.written(&phrase);
            self.consumed = phrase.last().map_or(end, |last| last + 1);
            let mut said = self.level(quantity, metric, "behind", whole);
            if quantity.unit == "%" && said.whole.is_none() {
                said.whole.clone_from(&self.among);
            }
            return said;
        }
        let topic = self.topic_metric();
        if self.topic_old || topic.is_empty() {
            let clause = self.clause(mention.span.start, sentence);
            let named = self.clause_before(clause, sentence);
            if !named.is_empty() {
                return self.level(quantity, self.written(&named), "clause-before", whole);
            }
        }
        let whole = whole.or_else(|| self.topic_here().filter(|topic| quantity.unit == "%" && topic.unit == "%")?.whole.clone());
        self.level(quantity, topic, "topic", whole)
    }

    /// Where a word of comparison parts a name from its yardstick: 「幅度|不低于|同类资费水平的」.
    pub(super) fn bounded(&self, name: &[usize], left: &[usize]) -> Option<(usize, usize)> {
        if self.chars[*left.last()?] != '的' {
            return None;
        }
        let (from, length) = self.cues().find(Cue::Bound, &label::text(self.chars, name))?;
        (from >= 2).then_some((from, from + length))
    }

    /// Does a name end with a verb of reach: 涉及, 覆盖?
    pub(super) fn covers(&self, name: &[usize]) -> bool {
        self.cues().ends(Cue::Reach, &label::text(self.chars, name))
    }

    pub(super) fn changed(&self, change: &Change, metric: String) -> Said {
        let carried = self.last_change.filter(|_| change.basis.is_none()).and_then(|(basis, _)| basis);
        let basis = change.basis.or(carried).unwrap_or(Basis::Prior);
        Said {
            metric,
            kind: Kind::Change,
            falls: change.sign < 0,
            basis: Some(basis),
            whole: None,
            rule: if change.noun { "change-noun" } else { "change" },
        }
    }

    /// Is what 其中 speaks of a price?
    fn part_of_price(&self) -> bool {
        let among: Vec<char> = self.among.as_deref().map(|among| self.folded_text(among).chars().collect()).unwrap_or_default();
        self.cues().within(Cue::Tariff, &among)
    }

    /// A level, or a share or price by its name.
    pub(super) fn level(&self, quantity: &Quantity, metric: String, rule: &'static str, whole: Option<String>) -> Said {
        let folded = self.folded_text(&metric);
        let (cues, name): (_, Vec<char>) = (self.cues(), folded.chars().collect());
        let money = self.knowledge.units.get(quantity.unit.split('/').next().unwrap_or("")).is_some_and(|unit| unit.quantity == "money");
        let mut kind = Kind::Level;
        let mut whole = whole.or_else(|| self.part_of(quantity));
        if matches!(quantity.unit.as_str(), "%" | "‰" | "‱") {
            let interest = cues.before(Cue::Interest, &name, name.len()).is_some();
            kind = if interest { Kind::Level } else { Kind::Share };
            if name.ends_with(&['率']) {
                // 其中 speaks of parts; a rate has a whole of its own or none.
                whole = whole.filter(|whole| Some(whole) != self.among.as_ref());
            }
            whole = whole.or_else(|| share::covered(&folded, cues).map(|object| self.whole_written(&metric, &object)));
            whole = whole.or_else(|| self.handled(&name, quantity));
        } else if quantity.unit == "折"
            || money
                && (quantity.unit.contains('/') && cues.within(Cue::PerUnit, &name)
                    || cues.within(Cue::Tariff, &name)
                    || quantity.unit.contains('/') && self.part_of_price())
        {
            kind = Kind::Price;
        }
        let metric = if quantity.unit == "折" && !folded.contains('折') && !folded.contains("优惠") && !metric.is_empty() {
            format!("{metric}折扣")
        } else {
            metric
        };
        // 同比增速分别为28.4%和24.1%
        let rate = name.windows(2).any(|pair| pair == ['同', '比']) && cues.ends(Cue::Interest, &name);
        if quantity.unit == "%" && rate {
            return Said { metric, kind: Kind::Change, falls: false, basis: Some(Basis::Yoy), whole: None, rule: "change-name" };
        }
        // 跌幅收窄至0.5%: the name is a change's.
        let falling = cues.ends(Cue::FallName, &name);
        if quantity.unit == "%" && (falling || cues.ends(Cue::RiseName, &name)) {
            return Said { metric, kind: Kind::Change, falls: falling, basis: Some(Basis::Prior), whole: None, rule: "change-name" };
        }
        Said { metric, kind, falls: false, basis: None, whole, rule }
    }
}
