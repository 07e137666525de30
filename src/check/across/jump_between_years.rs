//! `jump-between-years`: a level that is a thousand, ten thousand or a hundred million times that of a neighbouring year, or so
//! much less: most often a lost 千, 萬 or 億.

use super::{Check, Group};
use crate::check::{Doubt, POWERS};
use crate::model::{Comparator, Kind};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check { code: "jump-between-years", find };

/// Years further apart are not compared.
const APART: i32 = 3;

/// How far real growth may be beside a lost power of ten: threefold.
const GROWTH: f64 = 3.0;

fn find(group: &Group<'_>, doubts: &mut Vec<Doubt>) {
    let mut courses: BTreeMap<_, BTreeMap<i32, Vec<usize>>> = BTreeMap::new();
    for (at, fact) in group.facts.iter().enumerate() {
        let is_level = fact.kind == Kind::Level && !fact.is_spread && matches!(fact.comparator, Comparator::Equal | Comparator::About);
        if let Some(year) = fact.year().filter(|_| is_level && !fact.value.is_zero()) {
            courses.entry((fact.place.as_deref(), &*fact.unit)).or_default().entry(year).or_default().push(at);
        }
    }
    for course in courses.into_values() {
        // Several of one year are a list: which of them is the next year's cannot be told.
        let alone: Vec<(i32, usize)> =
            course.into_iter().filter_map(|(year, all)| Some((year, *all.first().filter(|_| all.len() == 1)?))).collect();
        for pair in alone.windows(2) {
            let [(year, before), (next, now)] = pair else { continue };
            let (before, fact) = (&group.facts[*before], &group.facts[*now]);
            let (Some(low), Some(high)) = (before.value.to_f64(), fact.value.to_f64()) else { continue };
            let ratio = high / low;
            let power = POWERS.into_iter().find(|power| {
                let lost = 10f64.powi(*power);
                [ratio / lost, lost * ratio].into_iter().any(|rest| (1.0 / GROWTH..GROWTH).contains(&rest))
            });
            if let Some(power) = power.filter(|_| next - year <= APART) {
                let detail =
                    format!("{} {} -> {} {}: about 10^{power}", before.period.code(), before.value, fact.period.code(), fact.value);
                doubts.push(
                    Doubt::about(*now, detail)
                        .with("before", before.raw.as_str())
                        .with("year", year.to_string())
                        .with("power", power.to_string()),
                );
            }
        }
    }
}
