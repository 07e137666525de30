//! Names what is measured.
//!
//! In:  the characters beside a number.
//! Out: a name, as short as is clear and as the report writes it.

use super::Reader;
use crate::bind::label::{self, Name};
use crate::knowledge::cues::Cue;
use crate::model::{Mention, Reading, Reason};
use crate::tidy::place::Named;

impl Reader<'_> {
    /// A name as written in the report.
    pub(super) fn written(&self, name: &[usize]) -> String {
        let text: String = name
            .iter()
            .filter(|at| self.chars[**at] != ' ')
            .map(|at| self.text.source[self.folded.origin[*at] as usize])
            .filter(|c| !c.is_whitespace())
            .collect();
        unquoted(text.trim_matches(['"', '、', '，', ',', '：', ':'])).to_string()
    }

    /// The name of what is measured, out of the characters before a number.
    pub(super) fn name(&self, mut name: Name) -> Name {
        label::without_links(self.chars, &mut name, self.knowledge);
        // 公司治理评鉴连续第九届列为…: how often it came about is no part of it.
        let times = |mention: &&Mention| {
            matches!(mention.reading, Reading::Refusal(Reason::Ordinal))
                && name.last().is_some_and(|last| (*last..=last + 1).contains(&mention.span.end))
        };
        if let Some(start) = self.mentions.iter().find(times).map(|mention| mention.span.start) {
            let front: Name = name.iter().copied().filter(|at| *at < start).collect();
            if let Some(rest) = label::text(self.chars, &front).strip_suffix(&['连', '续']) {
                name = front[..rest.len()].to_vec();
            }
        }
        // 客服热线950-188接听来电: what stands behind a telephone number is the name.
        let telephone =
            |mention: &&Mention| matches!(mention.reading, Reading::Refusal(Reason::Phone)) && name.contains(&mention.span.start);
        if let Some(end) = self.mentions.iter().rev().find(telephone).map(|mention| mention.span.end) {
            name.retain(|at| *at >= end);
        }
        // A date inside: what stands behind it is the name, unless it leads up to the number.
        for mark in self.marks.iter().rev() {
            if let Some(at) = name.iter().rposition(|position| *position < mark.end && *position >= mark.start) {
                // 现金流自2020年以来首次转正, 学院自2022年开办: the name stands before.
                let front = name.iter().position(|position| *position >= mark.start).unwrap_or(0);
                let led = front > 2 && self.cues().ends(Cue::From, &label::text(self.chars, &name[..front]));
                if mark.event && led {
                    name.truncate(front - 1);
                    continue;
                }
                let behind = name[at + 1..].to_vec();
                let plain = label::text(self.chars, &behind);
                let each = plain.first() == Some(&'每')
                    && self.knowledge.words.units.at(&plain, 1).is_some_and(|(length, _)| length + 1 == plain.len());
                if behind.is_empty()
                    || each
                    || plain.iter().all(|c| matches!(c, '的' | '前' | '时' | '在' | '止' | '内' | '份' | '起' | '由' | '从'))
                {
                    let from = name.iter().position(|position| *position >= mark.start).unwrap_or(0);
                    name.truncate(from);
                    label::without_links(self.chars, &mut name, self.knowledge);
                } else {
                    // 新兴业务前8个月共完成收入: 收入 alone says too little.
                    let mut rest = behind.clone();
                    label::without_leads(self.chars, &mut rest, self.own, self.knowledge);
                    let bare = self.cues().is(Cue::Bare, &label::text(self.chars, &rest));
                    let from = name.iter().position(|position| *position >= mark.start).unwrap_or(0);
                    let front = if bare { name[..from].to_vec() } else { Name::new() };
                    name = if front.is_empty() { behind } else { front.into_iter().chain(rest).collect() };
                }
            }
        }
        // What leads on from a date: 2025年底前, 25分钟内.
        let dated = |at: usize| self.marks.iter().any(|mark| mark.end == at);
        name.retain(|at| self.chars[*at] != '已');
        // 供应商必须完成整改: the word of the rule is no part of what is ruled.
        while let Some((at, length)) = self.cues().find(Cue::Rule, &label::text(self.chars, &name)) {
            name.drain(at..at + length);
        }
        // 改建“云上书屋”25间: a name that opens a quotation begins there.
        let text = label::text(self.chars, &name);
        if let Some(open) = text
            .iter()
            .rposition(|c| matches!(c, '“' | '「'))
            .filter(|open| *open > 0 && !text[*open..].iter().any(|c| matches!(c, '”' | '」')) && text.len() > open + 2)
        {
            name.drain(..=open);
        }
        if let Some(open) = text
            .iter()
            .rposition(|c| matches!(c, '“' | '「'))
            .filter(|open| *open > 0 && matches!(text[text.len() - 1], '”' | '」') && text.len() > open + 3)
        {
            name.pop();
            name.drain(..=open);
            // 「晨曦中心」: the company's name is part of the quoted one.
            return name;
        }
        if text.len() > 2 && text[text.len() - 1] == '均' && !"亩户人月日年站场周台单".contains(text[text.len() - 2]) {
            // 平均: both characters.
            let average = text[text.len() - 2] == '平';
            name.truncate(name.len() - if average { 2 } else { 1 });
        }
        if self.says_nothing(&text) {
            name.clear();
        }

        while name
            .first()
            .is_some_and(|at| self.chars[*at] == '的' || matches!(self.chars[*at], '前' | '内' | '止' | '时' | '起') && dated(*at))
        {
            name.remove(0);
        }
        label::behind_cuts(self.chars, &mut name, self.knowledge);
        label::without_leads(self.chars, &mut name, self.own, self.knowledge);
        label::without_links(self.chars, &mut name, self.knowledge);
        // 贵州云屿在雷山县援建充电站: a place before the company's name, and one behind it.
        for _ in 0..2 {
            self.without_places(&mut name);
            label::without_leads(self.chars, &mut name, self.own, self.knowledge);
        }
        // 集团计划到2030年再降: nor does 计划 behind the company's name.
        if self.says_nothing(&label::text(self.chars, &name)) {
            name.clear();
        }
        // 平均售价每立方米: what the unit is divided by is no part of the name.
        if let Some(each) = name.iter().rposition(|at| self.chars[*at] == '每').filter(|each| name.len() - each <= 5 && *each != 1) {
            let rest = label::text(self.chars, &name[each + 1..]);
            let unit = (0..rest.len().min(3)).any(|skip| {
                let unit = self.knowledge.words.units.at(&rest, skip).filter(|(_, word)| word.unit != "%");
                unit.is_some_and(|(length, _)| skip + length >= rest.len().saturating_sub(1))
            });
            if unit {
                name.truncate(each);
                label::without_links(self.chars, &mut name, self.knowledge);
            }
            // 平均每万人拥有28个: of what was spoken of.
            if label::text(self.chars, &name) == ['平', '均'] {
                name.clear();
            }
        }
        name
    }

    /// Does a name say only how: 实际, 计划, 再?
    fn says_nothing(&self, name: &[char]) -> bool {
        self.cues().is(Cue::NoName, name) || self.cues().is(Cue::Manner, name)
    }

    /// Takes divisions off the beginning of a name where enough is left: 「台州市、金华市线上缴纳水费」.
    pub(super) fn without_places(&self, name: &mut Name) {
        let name_length = name.len();
        let division = |place: &&Named| {
            // 海外收入 says too little without it.
            let abroad = self.knowledge.places.area(&place.code).is_some_and(|area| area.level == "overseas");
            !place.code.starts_with("1000") && (!abroad || name_length > place.span.len() + 3)
        };
        let mut rest = 0;
        while let Some(place) = name.get(rest).and_then(|at| self.places.iter().filter(division).find(|place| place.span.start == *at)) {
            rest += place.span.len();
            if name.get(rest).is_some_and(|at| matches!(self.chars[*at], '、' | '和' | '与' | '的' | '等')) {
                rest += 1;
            }
        }
        // 浙江省分行贷款余额
        while rest > 0 && rest < name.len() {
            match self.cues().at(Cue::PlaceTail, &label::text(self.chars, &name[rest..]), 0) {
                Some(length) => rest += length,
                None => break,
            }
        }
        if rest > 0 && name.len() >= rest + 2 {
            name.drain(..rest);
        }
        // 走访四川甘孜、云南迪庆9个县, 支援湖北、湖南两省六县: places at the end say where.
        let mut end = name.len();
        while end > 2 {
            let last = name[end - 1];
            match self.places.iter().filter(division).find(|place| place.span.end == last + 1) {
                Some(place) if place.span.len() + 2 <= end => end -= place.span.len(),
                _ if matches!(self.chars[last], '、' | '和' | '两' | '三' | '省' | '州' | '地') && end < name.len() + 1 => end -= 1,
                _ => break,
            }
        }
        let placed = self.places.iter().filter(division).any(|place| name[end..].contains(&place.span.start));
        if placed {
            name.truncate(end);
        }
    }

    /// Are these characters nothing but places, or words that gather them (两地, 三省合计)?
    pub(super) fn only_places(&self, name: &[usize]) -> bool {
        const GATHER: &str = "、和与两二三四五六七八九省市地合计共州县区等";
        let place = |at: &usize| self.places.iter().any(|place| place.span.contains(at));
        !name.is_empty()
            && name.iter().all(|at| place(at) || GATHER.contains(self.chars[*at]))
            && (name.iter().any(place) || name.iter().any(|at| "两二三四五六七八九合计".contains(self.chars[*at])))
    }

    /// 复职率男性91.7%、女性96.0%: a name that stands for the last word of the name before.
    pub(super) fn twin(&self, name: &[usize], at: usize) -> Option<String> {
        let begins = name.first().is_some_and(|first| *first > 0 && self.chars[*first - 1] == '、');
        let topic = self.topic.as_ref().filter(|_| begins && !self.topic_old && at > 0)?;
        let own: Vec<char> = self.written(name).chars().collect();
        let before: Vec<char> = topic.metric.chars().collect();
        let alike = own.len() >= 2 && before.len() >= own.len() + 3 && own.last() == before.last() && !before.ends_with(&own);
        alike.then(|| before[..before.len() - own.len()].iter().chain(&own).collect())
    }

    /// The subject a sentence begins with: up to its first verb or mark.
    pub(super) fn sentence_subject(&self, sentence: usize, to: usize) -> Name {
        // 学院自2022年开办: since when is no part of the subject.
        let since =
            |at: usize| self.cues().before(Cue::From, self.chars, at + 1).is_some() && self.marks.iter().any(|mark| mark.start == at + 1);
        let mut from = sentence;
        for mark in &self.marks {
            let behind_name = mark.start > from + 2 && since(mark.start - 1);
            if mark.start <= from + 3 && mark.end > from && mark.end < to && !behind_name {
                from = mark.end;
            }
        }
        while from < to && matches!(self.chars[from], ',' | ' ' | '、') {
            from += 1;
        }
        let mut end = from;
        let to = self.next_quantity(from).map_or(to, |next| next.min(to));
        while end < to
            && !matches!(self.chars[end], ',' | '。' | ';' | '(' | ':')
            && !since(end)
            && (end == from || self.knowledge.grammar.label.stop.at(self.chars, end).is_none())
        {
            end += 1;
        }
        let mut name: Name = (from..end.min(from + 14)).collect();
        label::without_leads(self.chars, &mut name, self.own, self.knowledge);
        let closes = name.last().is_some_and(|at| matches!(self.chars[*at], '下' | '中' | '时' | '后' | '前' | '上' | '”' | '」'));
        if name.len() < 2 || closes { Vec::new() } else { name }
    }

    /// Does a name stand in quotes?
    pub(super) fn is_quoted(&self, name: &[usize]) -> bool {
        name.first().is_some_and(|first| *first > 0 && matches!(self.chars[*first - 1], '「' | '“' | '《'))
    }

    /// The last name in quotes of a stretch.
    pub(super) fn quoted(&self, from: usize, to: usize) -> Name {
        let text = &self.chars[from..to];
        let close = text.iter().rposition(|c| matches!(c, '」' | '”' | '》'));
        let open = close.and_then(|close| text[..close].iter().rposition(|c| matches!(c, '「' | '“' | '《')).map(|open| (open, close)));
        open.map_or_else(Vec::new, |(open, close)| (from + open + 1..from + close).collect())
    }

    /// What the clause before speaks of: a name in quotes, else its end.
    pub(super) fn clause_before(&self, clause: usize, sentence: usize) -> Name {
        if clause <= sentence + 2 {
            return Vec::new();
        }
        let from = self.clause(clause - 1, sentence);
        // What has a value of its own is told of no other.
        if self.next_quantity(from).is_some_and(|at| at < clause) {
            return Vec::new();
        }
        let quoted = self.quoted(from, clause - 1);
        if !quoted.is_empty() {
            return quoted;
        }
        let name = self.name((from..clause - 1).collect());
        self.tail(&name, 10)
    }

    /// A name that says too little alone: 「报修工单，种类减少30%」, 「套餐」 of a 「5G套餐」 named before.
    pub(super) fn qualified(&self, name: Name, at: usize, sentence: usize) -> Name {
        let text = label::text(self.chars, &name);
        if self.cues().is(Cue::Bare, &text) {
            let mut before = self.clause_before(self.clause(at, sentence), sentence);
            if !before.is_empty() {
                before.extend(&name);
                return before;
            }
        }
        if (2..=3).contains(&name.len()) && text.iter().all(|c| !c.is_ascii()) {
            // An earlier mention of the same noun with a Latin name before it.
            let wanted = label::text(self.chars, &name);
            let latin = |at: usize| at > 0 && self.chars[at - 1].is_ascii_alphanumeric();
            let earlier = self.chars[..name[0]].windows(wanted.len()).enumerate().position(|(at, window)| window == wanted && latin(at));
            if let Some(earlier) = earlier {
                let from = self.chars[..earlier].iter().rposition(|c| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
                let mut longer: Name = (from..earlier).collect();
                longer.extend(&name);
                return longer;
            }
        }
        name
    }

    /// The end of a long name: names are short.
    pub(super) fn tail(&self, name: &[usize], most: usize) -> Name {
        if name.len() <= most {
            return name.to_vec();
        }
        // Begin behind a mark if there is one near.
        let from = name.len() - most;
        let mark = (from..name.len() - 2).find(|at| matches!(self.chars[name[*at]], '的' | '、' | '」' | '”'));
        name[mark.map_or(from, |mark| mark + 1)..].to_vec()
    }

    pub(super) fn folded_text(&self, text: &str) -> String {
        text.chars().map(|c| self.knowledge.fold.char(c)).collect()
    }

    /// The part of a name as written whose folded form is given.
    pub(super) fn whole_written(&self, metric: &str, object: &str) -> String {
        let chars: Vec<char> = metric.chars().collect();
        let folded: Vec<char> = chars.iter().map(|c| self.knowledge.fold.char(*c)).collect();
        let wanted: Vec<char> = object.chars().collect();
        folded
            .windows(wanted.len())
            .position(|window| window == wanted)
            .map_or_else(|| object.to_string(), |at| chars[at..at + wanted.len()].iter().collect())
    }
}

/// A name without the quotation marks around all of it, and without such as have no counterpart in it.
fn unquoted(name: &str) -> &str {
    let mut name = name;
    for (open, close) in [('「', '」'), ('“', '”'), ('《', '》')] {
        loop {
            let inner = name.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            let whole = inner.filter(|inner| !inner.contains([open, close]));
            let (opens, closes) = (name.matches(open).count(), name.matches(close).count());
            let lone = match opens.cmp(&closes) {
                std::cmp::Ordering::Greater => name.strip_prefix(open).or_else(|| name.strip_suffix(open)),
                std::cmp::Ordering::Less => name.strip_suffix(close).or_else(|| name.strip_prefix(close)),
                std::cmp::Ordering::Equal => None,
            };
            match whole.or(lone) {
                Some(rest) => name = rest,
                None => break,
            }
        }
    }
    name
}
