//! `unit-unknown`: a unit that is no code of `data/units.csv` and no rate of such codes.
//!
//! The reader knows units by that table only, so it comes from a correction or a table of the user's.

use super::{Check, Doubt, Subject};
use crate::knowledge::Knowledge;

pub(super) const CHECK: Check = Check { code: "unit-unknown", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    for (at, figure) in subject.figures.iter().enumerate() {
        if !known(&figure.unit, subject.knowledge) {
            doubts.push(Doubt { figure: Some(at), fills: Vec::new(), detail: None }.with("unit", figure.unit.as_str()));
        }
    }
}

/// Is a unit a code, nothing, a rank, or a rate whose sides are known: 件/百万用户, GB/户·月.
pub fn known(unit: &str, knowledge: &Knowledge) -> bool {
    if unit.is_empty() || unit == "rank" || knowledge.units.get(unit).is_some() {
        return true;
    }
    let Some((over, under)) = unit.split_once('/') else { return false };
    let side = |side: &str| {
        let plain = side.trim_start_matches(|c| knowledge.words.scale(c).is_some());
        let chars: Vec<char> = plain.chars().collect();
        let word = knowledge.words.units.at(&chars, 0).is_some_and(|(length, _)| length == chars.len());
        knowledge.units.get(side).is_some() || knowledge.units.get(plain).is_some() || word
    };
    side(over) && under.split('·').all(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_known_units_are_known() {
        let knowledge = Knowledge::read(None).unwrap();
        for unit in ["", "rank", "kWh", "个", "件/百万用户", "件/万用户", "CNY/户·月", "tCO2e/百万元"] {
            assert!(known(unit, &knowledge), "{unit}");
        }
        for unit in ["furlong", "个/furlong", "furlong/个", "百万"] {
            assert!(!known(unit, &knowledge), "{unit}");
        }
    }
}
