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
use crate::knowledge::cues::Cue;
use crate::model::{
    Amount, Basis, Claim, Comparator, Folded, Grain, Kind, Level, Mention, Modality, Period, Quantity, Reading, Text, Tier, UnitRole,
};
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

impl<'a> Reader<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        text: &'a Text<'a>,
        index: usize,
        folded: &'a Folded,
        mentions: &'a [Mention],
        report: Period,
        planned: Option<Option<i32>>,
        share_sign: char,
        knowledge: &'a Knowledge,
    ) -> Reader<'a> {
        let chars = &folded.chars[..];
        let marks = period::marks(chars, mentions, report, knowledge);
        let places = place::named(chars, knowledge);
        let mut own = Vec::new();
        if let Some(name) = &text.about.company_name {
            own.push(name.chars().collect::<Vec<char>>());
            // 中国联通 -> 联通, 晨曦物流 -> 晨曦
            own.push(name.trim_start_matches("中国").chars().take(2).collect());
        }
        let case = text.blocks[index].case.map(|case| &text.headings[case]);
        let title: Vec<char> = case.map(|case| knowledge.fold.text(&case.name).chars().collect()).unwrap_or_default();
        let named: Vec<Named> = place::named(&title, knowledge);
        let finer = named.iter().rev().find(|place| knowledge.places.province(&place.code).is_none());
        let case_place = finer
            .zip(case)
            .map(|(place, case)| case.name.chars().filter(|c| !c.is_whitespace()).skip(place.span.start).take(place.span.len()).collect());
        let case_places = place::Held { codes: finer.map(|place| place.code.clone()).into_iter().collect(), finer: Vec::new() };
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
                self.topic_old = true;
                self.last_left.clear();
                self.recent.clear();
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
                ',' if self.inside_number(position) => {}
                ',' | ':' | '。' | ';' if depth == 0 => return position + 1,
                _ => {}
            }
        }
        from
    }

    fn clause_end(&self, at: usize) -> usize {
        let ends = |at: &usize| matches!(self.chars[*at], ',' | '。' | ';' | '!' | '?') && !self.inside_number(*at);
        (at..self.chars.len()).find(ends).unwrap_or(self.chars.len())
    }

    /// Is the comma here one of thousands?
    fn inside_number(&self, at: usize) -> bool {
        let digit = |at: usize| self.chars.get(at).is_some_and(char::is_ascii_digit);
        self.chars[at] == ',' && at > 0 && digit(at - 1) && digit(at + 1)
    }

    /// A name as written in the report.
    fn written(&self, name: &[usize]) -> String {
        let text: String =
            name.iter().map(|at| self.text.source[self.folded.origin[*at] as usize]).filter(|c| !c.is_whitespace()).collect();
        unquoted(text.trim_matches(['"', '、', '，', ',', '：', ':'])).to_string()
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
                } else {
                    name = behind;
                }
            }
        }
        // What leads on from a date: 2025年底前, 25分钟内.
        let dated = |at: usize| self.marks.iter().any(|mark| mark.end == at);
        name.retain(|at| self.chars[*at] != '已');
        // 供应商必须完成整改: the word of the rule is no part of what is ruled.
        while let Some(at) = find(self.chars, &name, &["必须", "应当"]) {
            name.drain(at..at + 2);
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
        }
        if text.len() > 2 && text[text.len() - 1] == '均' && !"亩户人月日年站场周台单".contains(text[text.len() - 2]) {
            name.pop();
        }
        if matches!(text[..], ['实', '际'] | ['分', '别'] | ['各'] | ['其']) {
            name.clear();
        }

        while name.first().is_some_and(|at| self.chars[*at] == '的' || matches!(self.chars[*at], '前' | '内' | '止' | '时') && dated(*at))
        {
            name.remove(0);
        }
        label::behind_cuts(self.chars, &mut name, self.knowledge);
        label::without_leads(self.chars, &mut name, &self.own, self.knowledge);
        label::without_links(self.chars, &mut name, self.knowledge);
        self.without_places(&mut name);
        label::without_leads(self.chars, &mut name, &self.own, self.knowledge);
        // 平均售价每立方米: what the unit is divided by is no part of the name.
        if let Some(each) = name.iter().rposition(|at| self.chars[*at] == '每').filter(|each| name.len() - each <= 5 && *each != 1) {
            let rest = label::text(self.chars, &name[each + 1..]);
            let unit = (0..rest.len().min(3)).any(|skip| {
                self.knowledge.words.units.at(&rest, skip).is_some_and(|(length, _)| skip + length >= rest.len().saturating_sub(1))
            });
            if unit {
                name.truncate(each);
                label::without_links(self.chars, &mut name, self.knowledge);
            }
        }
        name
    }

    /// Takes divisions off the beginning of a name where enough is left: 「台州市、金华市线上缴纳水费」.
    fn without_places(&self, name: &mut Name) {
        let division = |place: &&Named| !place.code.starts_with("1000");
        let mut rest = 0;
        while let Some(place) = name.get(rest).and_then(|at| self.places.iter().filter(division).find(|place| place.span.start == *at)) {
            rest += place.span.len();
            if name.get(rest).is_some_and(|at| matches!(self.chars[*at], '、' | '和' | '与' | '的' | '等')) {
                rest += 1;
            }
        }
        // 浙江省分行贷款余额
        while rest > 0 && rest < name.len() {
            let text: String = label::text(self.chars, &name[rest..]).iter().collect();
            match ["两省", "两地", "三省", "三地", "省分公司", "分公司", "分行", "地区"].iter().find(|word| text.starts_with(**word))
            {
                Some(word) => rest += word.chars().count(),
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
    fn only_places(&self, name: &[usize]) -> bool {
        const GATHER: &str = "、和与两二三四五六七八九省市地合计共州县区等";
        let place = |at: &usize| self.places.iter().any(|place| place.span.contains(at));
        !name.is_empty()
            && name.iter().all(|at| place(at) || GATHER.contains(self.chars[*at]))
            && (name.iter().any(place) || name.iter().any(|at| "两二三四五六七八九合计".contains(self.chars[*at])))
    }

    /// Values with names of their own: 「A、B和C分别为x、y和z」.
    fn list(&mut self, group: &[(&Mention, &Quantity)], sentence: usize, previous: usize) -> Option<Vec<Claim>> {
        if group.len() < 2 {
            return None;
        }
        let first = group[0].0.span.start;
        let clause = self.clause(first, previous);
        let distributes = |from: usize| {
            let text: String = self.chars[from..first].iter().collect();
            ["分别", "依次", "各为"].iter().any(|word| text.contains(word))
        };
        if !distributes(clause) {
            return None;
        }
        self.note_among(clause, first, sentence);
        // 「与前一年相比分别变动…」: nothing but the comparison stands in the clause; the names are those of the list before.
        let left = label::outside_brackets(self.chars, clause, first);
        let said = change::change(self.chars, &left, &self.marks, sentence, first, self.knowledge);
        let mut body = said.as_ref().map_or(left, |change| change.before.clone());
        if let Some(position) = find(self.chars, &body, &["其中", "当中"]) {
            body.drain(..position + 2);
        }
        label::without_links(self.chars, &mut body, self.knowledge);
        let share_word =
            (said.is_none() && group[0].1.unit == "%").then(|| share::share(self.chars, &body, &self.knowledge.words.cues)).flatten();
        let named_before = share_word.as_ref().map_or_else(|| self.name(body.clone()), |share| self.name(share.before.clone()));
        let items = self.items(&named_before);
        let quarters = self
            .quarters(sentence, first, group.len())
            .or_else(|| self.years(clause, first, group.len()))
            .or_else(|| self.years(sentence, clause, group.len()));
        let places = self.listed_places(sentence, first, group.len());
        let metrics: Vec<String> = if named_before.is_empty() && self.last_list.len() == group.len() {
            self.last_list.clone()
        } else if named_before.is_empty() && self.recent.len() >= group.len() {
            self.recent[self.recent.len() - group.len()..].iter().map(|(name, _, _)| name.clone()).collect()
        } else if named_before.is_empty() {
            vec![self.topic_metric(); group.len()]
        } else if places.is_some() {
            vec![self.written(&self.beside_places(&named_before)); group.len()]
        } else if items.len() == group.len() {
            self.item_names(&items)
        } else {
            vec![self.written(&named_before); group.len()]
        };
        let place_list = places.or_else(|| (self.last_list_places.len() == group.len()).then(|| self.last_list_places.clone()));
        let mut claims = Vec::new();
        for (at, (mention, quantity)) in group.iter().enumerate() {
            let mut said_here = match (&said, &share_word) {
                (Some(change), _) => self.changed(change, metrics[at].clone()),
                (None, Some(share)) => {
                    let whole = if share.whole.is_empty() { self.among.clone() } else { Some(self.written(&share.whole)) };
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
            self.topic = Some(Topic { metric: metrics[0].clone(), whole: self.among.clone(), unit: group[0].1.unit.clone() });
            self.topic_old = false;
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
        let from = |year: i32, month: u8| -> Vec<Period> {
            (0..count as u8).map(|quarter| Period::months((year, month + 3 * quarter), (year, month + 3 * quarter + 2))).collect()
        };
        let text: String = self.chars[sentence..at].iter().collect();
        if count == 4 && text.contains("四个季度") && self.report.grain == Grain::Year {
            return Some(from(self.report.end.year, 1));
        }
        let mark = self.marks.iter().rev().find(|mark| mark.start >= sentence && mark.end <= at)?;
        let (start, end) = (mark.period.start, mark.period.end);
        let months = (end.year - start.year) * 12 + i32::from(end.month) - i32::from(start.month) + 1;
        let written: String = self.chars[mark.start..mark.end].iter().collect();
        (written.contains('季') && months == 3 * count as i32).then(|| from(start.year, start.month))
    }

    /// 三年合计: the years that the sentence has gone through.
    fn years_together(&self, sentence: usize, clause: usize, at: usize) -> Option<Period> {
        let text: String = self.chars[clause..at].iter().collect();
        let listed: Vec<&Mark> = self.marks.iter().filter(|mark| mark.listed && mark.start >= sentence && mark.end <= at).collect();
        let (first, last) = (listed.first()?, listed.last()?);
        (text.contains("合计") && text.contains('年')).then(|| Period::since(first.period.start.year, last.period.end.year))
    }

    /// Years in a row that the values of a list go through: 2020、2021、2022年分别….
    fn years(&self, from: usize, to: usize, count: usize) -> Option<Vec<Period>> {
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
    fn listed_places(&self, sentence: usize, at: usize, count: usize) -> Option<Vec<Vec<String>>> {
        let here: Vec<&Named> = self.places.iter().filter(|place| place.span.start >= sentence && place.span.end <= at).collect();
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

    /// The name beside a list of places: what follows them (西部 充电站), else what leads up to them (门店数居前列的浙江…).
    fn beside_places(&self, name: &[usize]) -> Name {
        let mut rest = name.to_vec();
        let words = ["东部", "中部", "西部", "东北", "地区", "东", "中", "西", "、", "和", "三地", "两地", "等"];
        loop {
            let text = label::text(self.chars, &rest);
            let Some(&first) = rest.first() else { break };
            if let Some(place) = self.places.iter().find(|place| place.span.contains(&first)) {
                rest.retain(|at| !place.span.contains(at));
                continue;
            }
            match words.iter().find(|word| text.iter().copied().take(word.chars().count()).eq(word.chars())) {
                Some(word) => {
                    rest.drain(..word.chars().count());
                }
                None => break,
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
    fn item_names(&self, items: &[Name]) -> Vec<String> {
        let names: Vec<String> = items.iter().map(|item| self.written(item)).collect();
        let lengths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
        let count = names.len();
        let (last, before) = (lengths[count - 1], lengths[count - 2]);
        if last < before + 2 {
            return names;
        }
        let common: String = names[count - 1].chars().skip(before).collect();
        names.iter().enumerate().map(|(at, name)| if at + 1 == count { name.clone() } else { format!("{name}{common}") }).collect()
    }

    /// 「A占B的比重」, 「A占比」.
    fn share_name(&self, part: &str, share: &share::Share, whole: Option<&str>) -> String {
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
    fn note_among(&mut self, clause: usize, at: usize, sentence: usize) {
        let inside = find(self.chars, &(clause..at).collect::<Vec<usize>>(), &["其中", "当中"]).is_some();
        let before = clause > sentence && self.chars[..clause.saturating_sub(1)].ends_with(&['其', '中']);
        // 装机容量5,200万千瓦，含风电960万千瓦
        let holds = clause > sentence
            && self.chars.get(clause) == Some(&'含')
            && matches!(self.chars[clause - 1], ',' | '(')
            && self.knowledge.grammar.label.keep_first.at(self.chars, clause).is_none();
        if let Some(topic) = self.topic.as_ref().filter(|topic| (inside || before || holds) && !topic.metric.is_empty()) {
            self.among = Some(topic.metric.clone());
            self.among_unit.clone_from(&topic.unit);
        }
    }

    /// The whole that 其中 spoke of, where this value can be a part of it: 3人 is no part of an amount of money. A share tells
    /// nothing of the unit of its whole, and 个 counts whatever the whole counts.
    fn part_of(&self, quantity: &Quantity) -> Option<String> {
        let open = |unit: &str| matches!(unit, "%" | "‰" | "‱" | "个");
        let part = open(&quantity.unit) || open(&self.among_unit) || quantity.unit == self.among_unit;
        self.among.clone().filter(|_| part)
    }

    /// What this sentence itself spoke of last.
    fn topic_here(&self) -> Option<&Topic> {
        self.topic.as_ref().filter(|_| !self.topic_old)
    }

    fn topic_metric(&self) -> String {
        self.topic.as_ref().map(|topic| topic.metric.clone()).unwrap_or_default()
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
        if let Some(position) = find(self.chars, &left, &["其中", "当中"]) {
            left.drain(..position + 2);
        }
        let said = self.said(quantity, &left, mention, sentence);
        let claim = self.finish(mention, quantity, said, sentence);
        if claim.kind != Kind::Change {
            self.topic = Some(Topic { metric: claim.metric.clone(), whole: claim.whole.clone(), unit: quantity.unit.clone() });
            self.recent.push((claim.metric.clone(), quantity.unit.clone(), quantity.amount.clone()));
            if claim.kind == Kind::Share {
                self.last_whole.clone_from(&claim.whole);
            }
            self.last_change = None;
        } else {
            self.last_change = Some((claim.basis, mention.span.end));
            if self.topic.as_ref().is_none_or(|topic| topic.metric != claim.metric) {
                self.topic = Some(Topic { metric: claim.metric.clone(), whole: claim.whole.clone(), unit: quantity.unit.clone() });
            }
        }
        self.topic_old = false;
        self.last_list.clear();
        claim
    }

    fn said(&mut self, quantity: &Quantity, left: &[usize], mention: &Mention, sentence: usize) -> Said {
        let at = mention.span.start;
        if quantity.unit == "rank" && change::change(self.chars, left, &self.marks, sentence, at, self.knowledge).is_none() {
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
                self.written(&name)
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
        if let Some(found) = change::change(self.chars, left, &self.marks, sentence, at, self.knowledge) {
            let name = self.name(found.before.clone());
            let carried = name.is_empty() || self.only_places(&name);
            let mut metric = if carried { self.topic_metric() } else { self.written(&self.qualified(name.clone(), at, sentence)) };
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
                    format!("{topic}{}比", self.share_sign)
                };
            }
            if !found.yardstick {
                return self.changed(&found, metric);
            }
            // 快于全部贷款平均增速: the comparison is what is measured.
            let metric = if name.len() == 1 && left.len() >= 4 {
                let mut whole = left.to_vec();
                label::without_leads(self.chars, &mut whole, &self.own, self.knowledge);
                self.written(&whole)
            } else {
                metric
            };
            return Said { metric, kind: Kind::Level, falls: false, basis: None, whole: None, rule: "difference" };
        }
        if quantity.rule == "doubling" {
            // 较上年翻了一番: the comparison stands before the word that is the number.
            let basis = period::base_at(&self.marks, self.clause(at, sentence), at).map(|mark| mark.basis);
            let name = self.name(left.to_vec());
            let metric = if name.is_empty() || self.only_places(&name) { self.topic_metric() } else { self.written(&name) };
            let found = Change { before: Vec::new(), sign: 1, basis, yardstick: false, noun: false };
            return self.changed(&found, metric);
        }
        if quantity.unit == "%" {
            // 占全部任务5,854个行政村的39.29%: the whole may hold a number of its own.
            let wide = label::outside_brackets(self.chars, self.clause(at, sentence), at);
            let numbered = wide.len() > left.len() && label::text(self.chars, left).ends_with(&['的']) && left.len() <= 8;
            let reach: &[usize] =
                if numbered && share::share(self.chars, &wide, &self.knowledge.words.cues).is_some() { &wide } else { left };
            if let Some(found) = share::share(self.chars, reach, &self.knowledge.words.cues) {
                let name = self.name(found.before.clone());
                let part = if name.is_empty() || self.only_places(&name) { self.part_before(numbered) } else { self.written(&name) };
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
        let sold = label::text(self.chars, left).ends_with(&['售']) || label::text(self.chars, left).ends_with(&['售', '价']);
        let said = self.subject(quantity, left, mention, sentence);
        if sold && said.kind == Kind::Level { Said { kind: Kind::Price, ..said } } else { said }
    }

    /// The whole of a share that no words name: an earlier value of the sentence in the unit of the part, and larger; else the
    /// whole of the share before.
    fn whole_before(&self, part: &str) -> Option<String> {
        let (name, unit, amount) = self.recent.last().filter(|(name, _, _)| name == part)?;
        let larger = self.recent.iter().rev().skip(1).find(|(other, other_unit, other_amount)| {
            let grows = matches!((other_amount, amount), (Amount::One(other), Amount::One(own)) if other > own);
            other_unit == unit && grows && other != name
        });
        larger.map(|(name, _, _)| name.clone()).or_else(|| self.last_whole.clone())
    }

    /// 员工中，本科占52%: the whole that a sentence begins with.
    fn within(&self, sentence: usize) -> Option<String> {
        let end = (sentence..self.chars.len()).find(|at| matches!(self.chars[*at], ',' | '。' | ';'))?;
        let mut name: Name = (sentence..end).collect();
        let text: String = label::text(self.chars, &name).iter().collect();
        let whole = text.ends_with('中') && !["其中", "当中", "过程中", "之中"].iter().any(|word| text.ends_with(word));
        name.pop();
        label::without_leads(self.chars, &mut name, &self.own, self.knowledge);
        (whole && (2..=10).contains(&name.len()) && !name.iter().any(|at| self.chars[*at].is_ascii_digit())).then(|| self.written(&name))
    }

    /// The name beside a rank: what stands before the verb (装机规模|居全国…), else what stands behind it (位列|百强榜).
    fn ranked(&self, name: Name) -> Name {
        const VERBS: &[&str] = &["位居", "位列", "名列", "排名", "稳居", "跻身", "居", "排", "保持"];
        let text: String = label::text(self.chars, &name).iter().collect();
        let Some((from, verb)) = VERBS.iter().filter_map(|verb| Some((text.find(verb)?, verb))).min_by_key(|(from, _)| *from) else {
            return name;
        };
        let from = text[..from].chars().count();
        let to = from + verb.chars().count();
        if from >= 2 {
            let mut front = name[..from].to_vec();
            while front.last().is_some_and(|at| matches!(self.chars[*at], '中' | '里' | '内')) {
                front.pop();
            }
            return front;
        }
        // 位列行业第二: what is ranked was named before.
        let behind: String = label::text(self.chars, &name[to..]).iter().collect();
        if matches!(behind.as_str(), "" | "行业" | "同业" | "全国" | "全省" | "全市" | "全球" | "国内" | "世界") {
            return Vec::new();
        }
        name[to..].to_vec()
    }

    /// The part of a share that its own clause does not name.
    fn part_before(&self, numbered: bool) -> String {
        if numbered { self.among.clone().unwrap_or_default() } else { self.topic_metric() }
    }

    fn folded_text(&self, text: &str) -> String {
        text.chars().map(|c| self.knowledge.fold.char(c)).collect()
    }

    /// A level: its name stands before the number, or behind its counter, or is still spoken of.
    fn subject(&mut self, quantity: &Quantity, left: &[usize], mention: &Mention, sentence: usize) -> Said {
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
            name = self.name(strip_among(self.chars, wide));
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
        if !empty {
            let mut name = self.qualified(self.tail(&name, 26), mention.span.start, sentence);
            if let Some(metric) = self.twin(&name, mention.span.start) {
                return self.level(quantity, metric, "twin", whole);
            }
            // 机房间2-5毫秒时延: a short noun behind a measure belongs to the name.
            let follows = quantity.unit_role == UnitRole::Measure
                && (1..=6).contains(&behind.len())
                && quantity.unit != "%"
                && !["建设", "新建", "改造", "购买", "支持"]
                    .iter()
                    .any(|word| label::text(self.chars, &behind).starts_with(&word.chars().collect::<Vec<char>>()))
                && self.ends_there(end + behind.len());
            let of = self.of_noun(end, clause_end);
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
        let whose = quantity.unit == "%" && (leads_on || !left.is_empty() || part) || !topic_here || limit;
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
        self.level(quantity, topic, "topic", whole)
    }

    /// 复职率男性91.7%、女性96.0%: a name that stands for the last word of the name before.
    fn twin(&self, name: &[usize], at: usize) -> Option<String> {
        let begins = name.first().is_some_and(|first| *first > 0 && self.chars[*first - 1] == '、');
        let topic = self.topic.as_ref().filter(|_| begins && !self.topic_old && at > 0)?;
        let own: Vec<char> = self.written(name).chars().collect();
        let before: Vec<char> = topic.metric.chars().collect();
        let alike = own.len() >= 2 && before.len() >= own.len() + 3 && own.last() == before.last() && !before.ends_with(&own);
        alike.then(|| before[..before.len() - own.len()].iter().chain(&own).collect())
    }

    /// Where a word of comparison parts a name from its yardstick: 「幅度|不低于|同类资费水平的」.
    fn bounded(&self, name: &[usize], left: &[usize]) -> Option<(usize, usize)> {
        if self.chars[*left.last()?] != '的' {
            return None;
        }
        let text: String = label::text(self.chars, name).iter().collect();
        ["不低于", "不高于", "不超过", "不少于", "高于", "低于", "相当于", "达到"].iter().find_map(|word| {
            let at = text.find(word)?;
            let from = text[..at].chars().count();
            (from >= 2).then_some((from, from + word.chars().count()))
        })
    }

    /// The noun behind a number, up to the next number.
    fn behind(&self, from: usize, to: usize) -> Name {
        // 宗回落到0.24宗: a word of change leads to the next number.
        // 高校, 多媒体教室: an adjective of one character is none.
        let adjective = self.chars.get(from).is_some_and(|c| matches!(c, '高' | '低' | '多' | '少' | '快'));
        let turns = |length: usize| {
            let found = self.knowledge.grammar.change.before_where(self.chars, from + length, |_| true);
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
    fn of_noun(&self, from: usize, to: usize) -> Name {
        if !matches!(self.chars.get(from), Some('的' | '之')) {
            return Vec::new();
        }
        let name = label::behind(self.chars, from + 1, to.min(self.next_value(from).unwrap_or(to)), self.knowledge);
        if self.ends_there(from + 1 + name.len()) { name } else { Vec::new() }
    }

    /// Does a name end with a verb of reach: 涉及, 覆盖?
    fn covers(&self, name: &[usize]) -> bool {
        let text: String = label::text(self.chars, name).iter().collect();
        ["涉及", "覆盖", "惠及", "遍及", "辐射", "涵盖", "分布于"].iter().any(|word| text.ends_with(word))
    }

    /// Where the next quantity or date begins.
    fn next_value(&self, from: usize) -> Option<usize> {
        let value = |mention: &&Mention| !matches!(mention.reading, Reading::Refusal(_)) && mention.span.start >= from;
        self.mentions.iter().find(value).map(|mention| mention.span.start)
    }

    /// The noun that a counter counts, at the beginning of what stands behind it.
    fn counted(&self, behind: &[usize]) -> Name {
        let Some(&first) = behind.first() else { return Vec::new() };
        let length = self.knowledge.words.counted.at(self.chars, first).map_or(0, |(length, _)| length);
        behind.iter().copied().take(length).collect()
    }

    fn is_unit_noun(&self, quantity: &Quantity, counted: &[usize]) -> bool {
        !counted.is_empty() && !matches!(quantity.unit.as_str(), "个" | "家")
    }

    /// What the counted do, up to a mark: 「通过自助终端办理换卡」.
    fn verb_phrase(&self, from: usize, to: usize) -> Name {
        let end = (from..to)
            .find(|at| {
                matches!(self.chars[*at], '(' | ')' | ':' | ' ')
                    || self.mentions.iter().any(|mention| mention.span.start == *at && matches!(mention.reading, Reading::Quantity(_)))
            })
            .unwrap_or(to);
        // 5家位于成都 says where.
        let where_to: String = self.chars[from..end].iter().take(2).collect();
        if matches!(where_to.as_str(), "位于" | "分布" | "落户") {
            return Vec::new();
        }
        if end <= from + 2 || self.knowledge.grammar.label.stop.at(self.chars, from).is_none() {
            return Vec::new();
        }
        (from..end.min(from + 18)).collect()
    }

    /// What stands behind a number whose name is not before it.
    fn phrase(&self, from: usize, to: usize) -> Name {
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
        if self.knowledge.grammar.change.before(self.chars, last).is_some() && phrase.len() <= 4 {
            return Vec::new();
        }
        if let Some(cut) =
            (1..phrase.len()).find(|at| matches!(self.chars[phrase[*at]], '通' if self.chars.get(phrase[*at] + 1) == Some(&'过')))
        {
            phrase.truncate(cut);
        }
        label::without_links(self.chars, &mut phrase, self.knowledge);
        if phrase.len() < 2 { Vec::new() } else { phrase }
    }

    /// Does a mark, or the text's end, stand here?
    fn ends_there(&self, at: usize) -> bool {
        self.chars.get(at).is_none_or(|c| matches!(c, ',' | '。' | ';' | '、' | ')' | '(' | ' ' | '!' | '?'))
    }

    /// The subject a sentence begins with: up to its first verb or mark.
    fn sentence_subject(&self, sentence: usize, to: usize) -> Name {
        let mut from = sentence;
        for mark in &self.marks {
            if mark.start <= from + 3 && mark.end > from && mark.end < to {
                from = mark.end;
            }
        }
        while from < to && matches!(self.chars[from], ',' | ' ' | '、') {
            from += 1;
        }
        let mut end = from;
        while end < to
            && !matches!(self.chars[end], ',' | '。' | ';' | '(' | ':')
            && (end == from || self.knowledge.grammar.label.stop.at(self.chars, end).is_none())
        {
            end += 1;
        }
        let mut name: Name = (from..end.min(from + 14)).collect();
        label::without_leads(self.chars, &mut name, &self.own, self.knowledge);
        let closes = name.last().is_some_and(|at| matches!(self.chars[*at], '下' | '中' | '时' | '后' | '前' | '上' | '”' | '」'));
        if name.len() < 2 || closes { Vec::new() } else { name }
    }

    /// Does a name stand in quotes?
    fn is_quoted(&self, name: &[usize]) -> bool {
        name.first().is_some_and(|first| *first > 0 && matches!(self.chars[*first - 1], '「' | '“' | '《'))
    }

    /// The last name in quotes of a stretch.
    fn quoted(&self, from: usize, to: usize) -> Name {
        let text = &self.chars[from..to];
        let close = text.iter().rposition(|c| matches!(c, '」' | '”' | '》'));
        let open = close.and_then(|close| text[..close].iter().rposition(|c| matches!(c, '「' | '“' | '《')).map(|open| (open, close)));
        open.map_or_else(Vec::new, |(open, close)| (from + open + 1..from + close).collect())
    }

    /// What the clause before speaks of: a name in quotes, else its end.
    fn clause_before(&self, clause: usize, sentence: usize) -> Name {
        if clause <= sentence + 2 {
            return Vec::new();
        }
        let from = self.clause(clause - 1, sentence);
        let quoted = self.quoted(from, clause - 1);
        if !quoted.is_empty() {
            return quoted;
        }
        let name = self.name((from..clause - 1).collect());
        self.tail(&name, 10)
    }

    /// A name that says too little alone: 「报修工单，种类减少30%」, 「套餐」 of a 「5G套餐」 named before.
    fn qualified(&self, name: Name, at: usize, sentence: usize) -> Name {
        const BARE: &[&str] = &["种类", "数量", "金额", "规模", "人数", "户数", "总数", "笔数"];
        let text: String = label::text(self.chars, &name).iter().collect();
        if BARE.contains(&text.as_str()) {
            let mut before = self.clause_before(self.clause(at, sentence), sentence);
            if !before.is_empty() {
                before.extend(&name);
                return before;
            }
        }
        if (2..=3).contains(&name.len()) && text.chars().all(|c| !c.is_ascii()) {
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
        }
    }

    /// A level, or a share or price by its name.
    fn level(&self, quantity: &Quantity, metric: String, rule: &'static str, whole: Option<String>) -> Said {
        let folded = self.folded_text(&metric);
        let (cues, name): (_, Vec<char>) = (&self.knowledge.words.cues, folded.chars().collect());
        let ends = |words: &[&str]| words.iter().any(|word| folded.ends_with(word));
        let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
        let money = self.knowledge.units.get(quantity.unit.split('/').next().unwrap_or("")).is_some_and(|unit| unit.quantity == "money");
        let mut kind = Kind::Level;
        let mut whole = whole.or_else(|| self.part_of(quantity));
        if matches!(quantity.unit.as_str(), "%" | "‰" | "‱") {
            let interest = cues.before(Cue::Interest, &name, name.len()).is_some();
            kind = if interest { Kind::Level } else { Kind::Share };
            if ends(&["率"]) {
                // 其中 speaks of parts; a rate has a whole of its own or none.
                whole = whole.filter(|whole| Some(whole) != self.among.as_ref());
            }
            whole = whole.or_else(|| share::covered(&folded, cues).map(|object| self.whole_written(&metric, &object)));
        } else if quantity.unit == "折"
            || money && (quantity.unit.contains('/') && cues.within(Cue::PerUnit, &name) || cues.within(Cue::Tariff, &name))
        {
            kind = Kind::Price;
        }
        let metric =
            if quantity.unit == "折" && !has(&["折", "优惠"]) && !metric.is_empty() { format!("{metric}折扣") } else { metric };
        // 跌幅收窄至0.5%: the name is a change's.
        let falling = ends(&["跌幅", "降幅", "减幅"]);
        if quantity.unit == "%" && (falling || ends(&["增幅", "涨幅"])) {
            return Said { metric, kind: Kind::Change, falls: falling, basis: Some(Basis::Prior), whole: None, rule: "change-name" };
        }
        Said { metric, kind, falls: false, basis: None, whole, rule }
    }

    fn is_money(&self, unit: &str) -> bool {
        self.knowledge.units.get(unit).is_some_and(|unit| unit.quantity == "money")
    }

    /// 每公斤4元, 每度电148.6港仙: the unit that an amount of money right behind is for.
    fn each(&self, at: usize) -> Option<&str> {
        let each = (at.saturating_sub(8)..at).rev().find(|position| self.chars[*position] == '每')?;
        let (length, unit) = self.knowledge.words.units.at(&self.chars[..at], each + 1)?;
        let rest: String = self.chars[each + 1 + length..at].iter().collect();
        let measured = self
            .knowledge
            .units
            .get(&unit.unit)
            .is_some_and(|unit| matches!(unit.quantity.as_str(), "mass" | "volume" | "energy" | "data"));
        (measured && matches!(rest.as_str(), "" | "电" | "人民币" | "售" | "售人民币" | "约" | "为")).then_some(unit.unit.as_str())
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
        let Some(named) = self.places.iter().find(|place| codes.contains(&place.code)) else {
            // 东、中、西部: named by one character each.
            let area = self.knowledge.places.area(codes.first()?)?;
            let (short, name) =
                if self.text.about.lang == "zh-Hant" { (&area.short_hant, &area.name_hant) } else { (&area.short_hans, &area.name_hans) };
            return Some(if short.is_empty() { name.clone() } else { short.clone() });
        };
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
        // A time holds to the full stop, not to the semicolon.
        let real_sentence = self.chars[..at].iter().rposition(|c| matches!(c, '。' | '!' | '?')).map_or(0, |mark| mark + 1);
        let mut said = said;
        let ahead = self
            .marks
            .iter()
            .find(|mark| mark.start >= at && mark.end <= self.clause_end(mention.span.end) && mark.period.start > self.report.end);
        let measured = quantity.unit == "倍";
        let mut period = period::period_at(self.chars, &self.marks, (real_sentence, sentence), at, self.report)
            .filter(|_| !(measured && self.chars[..at].ends_with(&['的'])))
            .or(ahead.map(|mark| mark.period))
            .or_else(|| self.years_together(real_sentence, clause, at))
            .unwrap_or(fallback);
        // 2021年为1.4分钟，缩短35.7%: a change behind an earlier level is measured from it.
        if said.kind == Kind::Change && said.basis == Some(Basis::Prior) && period.end.year < self.report.end.year && self.planned.is_none()
        {
            said.basis = Some(Basis::Year(period.end.year));
            period = fallback;
        }
        let modality = modality::modality(
            self.chars,
            (sentence, clause, at, self.clause_end(mention.span.end)),
            self.planned.is_some(),
            period,
            self.report,
            self.knowledge,
        );
        let mut held = place::held(self.chars, &self.places, real_sentence, at, self.knowledge);
        // 3条在湖北和湖南境内: the place may stand behind.
        let clause_end = self.clause_end(mention.span.end);
        let behind: String = self.chars[mention.span.end..clause_end].iter().take(3).collect();
        if held.codes.is_empty() && ["在", "位于", "分布在", "落户"].iter().any(|word| behind.starts_with(word)) {
            let ahead: Vec<Named> = self.places.iter().filter(|place| place.span.start >= mention.span.end).cloned().collect();
            held = place::held(self.chars, &ahead, real_sentence, clause_end, self.knowledge);
        }
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
        let mut place = (!written.is_empty()).then(|| written.join("、"));
        if place.is_none() {
            let name: Vec<char> = said.metric.chars().collect();
            let folded: Vec<char> = name.iter().map(|c| self.knowledge.fold.char(*c)).collect();
            place = place::site(&folded, self.knowledge).map(|span| name[span].iter().collect());
        }
        if held.codes.is_empty() && !self.case_places.codes.is_empty() {
            held.codes.clone_from(&self.case_places.codes);
            place.clone_from(&self.case_place);
        }
        if held.codes.is_empty() || held.codes.iter().any(|code| code.starts_with("x-")) && !case_codes.is_empty() {
            held.codes = case_codes;
        }
        let negative = matches!(&quantity.amount, Amount::One(value) if value.is_negative());
        let mut quantity = quantity.clone();
        if let Some(each) = self.each(at).filter(|_| self.is_money(&quantity.unit)) {
            quantity.unit = format!("{}/{each}", quantity.unit);
        }
        let modality =
            if said.kind == Kind::Rank || self.planned.is_some() && period.end <= self.report.end { Modality::Actual } else { modality };
        Claim {
            block: self.index,
            cell: None,
            span: mention.span.clone(),
            quantity,
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
        }
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

/// A clause without the 其中 it begins with.
fn strip_among(chars: &[char], name: Name) -> Name {
    match find(chars, &name, &["其中", "当中"]) {
        Some(at) => name[at + 2..].to_vec(),
        None => name,
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
