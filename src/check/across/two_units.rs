//! `two-units`: one metric at one place whose unit is another in another year, and cannot be converted.
//!
//! Told once, at the first figure of the unit that is used less.

use super::{Check, Group};
use crate::check::Doubt;
use crate::model::Kind;
use std::collections::{BTreeMap, HashSet};

pub(super) const CHECK: Check = Check { code: "two-units", find };

fn find(group: &Group<'_>, doubts: &mut Vec<Doubt>) {
    let mut places: BTreeMap<Option<&str>, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (at, fact) in group.facts.iter().enumerate() {
        if fact.kind == Kind::Level && !fact.is_spread && !fact.unit.is_empty() {
            places.entry(fact.place.as_deref()).or_default().entry(without_gas(group.base(&fact.unit))).or_default().push(at);
        }
    }
    for units in places.into_values() {
        let mut units: Vec<Vec<usize>> = units.into_values().collect();
        units.sort_by_key(|facts| (std::cmp::Reverse(facts.len()), facts[0]));
        let Some((usual, others)) = units.split_first() else { continue };
        let year = |at: &usize| group.facts[*at].period.end.year;
        let years: HashSet<i32> = usual.iter().map(year).collect();
        for other in others {
            // Two units in one year are two things under one label; in different years they are one thing, told otherwise.
            if other.iter().any(|at| years.contains(&year(at))) {
                continue;
            }
            let fact = &group.facts[usual[0]];
            let doubt = Doubt { figure: Some(other[0]), fills: Vec::new(), detail: None };
            doubts.push(doubt.with("before", fact.raw.as_str()).with("year", fact.period.code()));
        }
    }
}

/// Emissions are told in kilograms as well as in kilograms of carbon dioxide.
fn without_gas(unit: &str) -> &str {
    unit.strip_suffix("CO2e").or_else(|| unit.strip_suffix("CO2")).unwrap_or(unit)
}
