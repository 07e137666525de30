//! Says whether a number is a level, a share, a price, a rank or a change.
//!
//! In:  a number and its name, which `subject` finds.
//! Out: what it is said to be.

use super::{Reader, Said};
use crate::bind::{
    change::Change,
    label::{self, Name},
    share,
};
use crate::knowledge::cues::Cue;
use crate::model::{Basis, Kind, Quantity};

impl Reader<'_> {
    /// The name beside a rank: what stands before the verb (装机规模|居全国…), else what stands behind it (位列|百强榜).
    pub(super) fn ranked(&self, name: Name) -> Name {
        let Some((from, length)) = self.cues().find(Cue::RankVerb, &label::text(self.chars, &name)) else {
            // 居国内第二位、全球第七
            return if self.cues().is(Cue::Field, &label::text(self.chars, &name)) { Vec::new() } else { name };
        };
        if from >= 2 {
            let mut front = name[..from].to_vec();
            if let Some(length) = self.cues().before(Cue::RankOrder, &label::text(self.chars, &front), front.len()) {
                front.truncate(front.len() - length);
                // 在同业中由低到高: among whom.
                if front.last().is_some_and(|at| self.chars[*at] == '中') {
                    return Vec::new();
                }
            }
            while front.last().is_some_and(|at| matches!(self.chars[*at], '中' | '里' | '内')) {
                front.pop();
            }
            // 在同业中排名第二: among whom it is, and no name.
            if self.cues().is(Cue::Field, &label::text(self.chars, &front)) {
                return Vec::new();
            }
            // 用户规模在全省水司中排行第三: among whom is no part of the name.
            if let Some(among) = front.iter().rposition(|at| self.chars[*at] == '在').filter(|at| *at >= 2) {
                front.truncate(among);
            }
            return front;
        }
        // 位列行业第二, 居本土厂商第二位: what is ranked was named before.
        let behind = &name[from + length..];
        // 位列中国企业500强第86位: the list is the name.
        let listing = self.cues().ends(Cue::Listing, &label::text(self.chars, behind));
        let named = !listing && self.topic_here().is_some_and(|topic| !topic.metric.is_empty());
        if named || self.cues().is(Cue::Field, &label::text(self.chars, behind)) { Vec::new() } else { behind.to_vec() }
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
            // 入门版售价12.98万元，高配版18.38万元
            || money && cues.ends(Cue::Variant, &name) && self.topic_here().is_some_and(|topic| topic.price && topic.unit == quantity.unit)
        {
            kind = Kind::Price;
        }
        let metric = if quantity.unit == "折" && !folded.contains('折') && !folded.contains("优惠") && !metric.is_empty() {
            format!("{metric}折扣")
        } else {
            metric
        };
        // 同比增速分别为28.4%和24.1%
        let compared = [(Cue::Yoy, Basis::Yoy), (Cue::Pop, Basis::Pop)].into_iter().find(|(cue, _)| cues.within(*cue, &name));
        if let Some((_, basis)) = compared.filter(|_| quantity.unit == "%" && cues.ends(Cue::Interest, &name)) {
            return Said { metric, kind: Kind::Change, falls: false, basis: Some(basis), whole: None, rule: "change-name" };
        }
        // 跌幅收窄至0.5%: the name is a change's.
        let falling = cues.ends(Cue::FallName, &name);
        if quantity.unit == "%" && (falling || cues.ends(Cue::RiseName, &name)) {
            return Said { metric, kind: Kind::Change, falls: falling, basis: Some(Basis::Prior), whole: None, rule: "change-name" };
        }
        Said { metric, kind, falls: false, basis: None, whole, rule }
    }
}
