//! Makes the claim of a value.
//!
//! In:  the mention of a cell, and what its row and column say of it.
//! Out: a [`Claim`]: a level, a share, or a change that the column or a word in the cell tells of.

use super::Reader;
use super::units::Unit;
use crate::bind::{place, share};
use crate::decimal::Decimal;
use crate::knowledge::cues::Cue;
use crate::model::{Amount, Basis, Claim, Kind, Level, Mention, Modality, Period, Quantity, Reading, Tier, UnitRole};

/// What a row and a column say of a value.
pub(super) struct Said {
    pub(super) name: String,
    pub(super) period: Period,
    pub(super) unit: Option<Unit>,
    /// It is a change, measured from this.
    pub(super) change: Option<Basis>,
    /// It is aimed at.
    pub(super) target: bool,
    /// What it is a part of.
    pub(super) whole: Option<String>,
    /// Where it was measured; none where its case box says so.
    pub(super) places: Vec<String>,
}

impl Reader<'_> {
    /// The claim of the value at a row and a column; none where the mention is no quantity.
    pub(super) fn claim(&self, at: (usize, usize), mention: &Mention, said: Said) -> Option<Claim> {
        let Reading::Quantity(quantity) = &mention.reading else { return None };
        let mut quantity: Quantity = quantity.clone();
        if quantity.unit.is_empty() {
            if let Some(unit) = &said.unit {
                unit.give(&mut quantity);
            } else if said.change.is_some() {
                quantity.unit = "%".into();
            }
        }
        quantity.tier = Tier::Core;
        let chars = &self.table.rows[at.0][at.1].text.chars;
        let worded = &chars[..mention.span.start.min(chars.len())];
        let change_word = |end| self.knowledge.words.change.before_where(worded, end, |word| !word.needs_base && word.sign != 0);
        let sign = (1..=worded.len()).rev().find_map(change_word).map_or(0, |(_, word)| word.sign);
        let falls = worded.iter().any(|c| matches!(c, '▼' | '↓')) || sign < 0;
        let rises = worded.iter().any(|c| matches!(c, '▲' | '↑')) || sign > 0;
        let name = &said.name;
        let folded: Vec<char> = name.chars().map(|c| self.knowledge.fold.char(c)).collect();
        let kind = if said.change.is_some() || falls || rises {
            Kind::Change
        } else if quantity.unit == "rank" {
            Kind::Rank
        } else if quantity.unit == "%" && self.cues().before(Cue::Interest, &folded, folded.len()).is_none() {
            Kind::Share
        } else {
            Kind::Level
        };
        let worded_basis = if self.cues().within(Cue::Pop, worded) { Basis::Pop } else { Basis::Yoy };
        let last: String = folded.rsplit(|c| *c == '/').next().unwrap_or(&[]).iter().collect();
        let covered = share::covered(&last, self.cues()).filter(|_| kind == Kind::Share);
        Some(Claim {
            block: self.index,
            cell: Some(at),
            span: mention.span.clone(),
            quantity,
            metric: name.clone(),
            kind,
            modality: if said.target || said.period.start > self.report.end { Modality::Target } else { Modality::Actual },
            falls,
            basis: (kind == Kind::Change).then(|| said.change.unwrap_or(worded_basis)),
            whole: said.whole.or_else(|| covered.map(|object| written_part(name, &folded, &object))),
            period: said.period,
            places: if said.places.is_empty() { self.case_places() } else { said.places },
            place: place::site(&folded, self.knowledge).map(|span| name.chars().skip(span.start).take(span.len()).collect()),
            rule: if said.change.is_some() { "table-change" } else { "table" },
        })
    }

    /// The provinces of the case box that the table stands in.
    fn case_places(&self) -> Vec<String> {
        let case = self.text.blocks[self.index].case.map(|case| &self.text.headings[case]);
        let Some(case) = case.filter(|heading| heading.level == Level::Case) else { return Vec::new() };
        let provinces = self.knowledge.places.provinces.iter();
        provinces.filter(|province| case.provinces.contains(&province.iso_code)).map(|province| province.code.clone()).collect()
    }
}

impl Unit {
    /// Gives a quantity without a unit this one, and its multiplier where it has none.
    fn give(&self, quantity: &mut Quantity) {
        quantity.unit.clone_from(&self.code);
        quantity.unit_role = UnitRole::Measure;
        if quantity.scale == 0 {
            let scaled = |value: &Decimal| value.clone().scaled(self.scale);
            quantity.amount = match &quantity.amount {
                Amount::One(value) => Amount::One(scaled(value)),
                Amount::Range(low, high) => Amount::Range(scaled(low), scaled(high)),
            };
            quantity.scale = self.scale;
        }
    }
}

/// The part of a name as written whose folded form is given.
fn written_part(name: &str, folded: &[char], part: &str) -> String {
    let part: Vec<char> = part.chars().collect();
    let at = folded.windows(part.len().max(1)).rposition(|window| window == part);
    at.map_or_else(|| part.iter().collect(), |at| name.chars().skip(at).take(part.len()).collect())
}
