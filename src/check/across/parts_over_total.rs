//! `parts-over-total`: provinces that come to more than the whole company, at one time and in one unit.
//!
//! Only of what adds up: counts, money, energy and the like; never of shares, rates or speeds.

use super::{Check, Group};
use crate::check::Doubt;
use crate::decimal::Decimal;
use crate::model::{Kind, Period};
use foldhash::HashMap;

pub(super) const CHECK: Check = Check { code: "parts-over-total", find };

/// What adds up.
const ADDITIVE: &[&str] = &["count", "money", "energy", "data_volume", "mass", "volume", "length", "area"];

fn find(group: &Group<'_>, doubts: &mut Vec<Doubt>) {
    let mut totals: Vec<(&Period, &str, usize)> = group
        .levels
        .iter()
        .filter(|((_, place, unit, _), at)| {
            place.is_none() && group.facts[**at].kind == Kind::Level && ADDITIVE.contains(&group.quantity(unit))
        })
        .map(|((period, _, unit, _), at)| (*period, *unit, *at))
        .collect();
    if totals.is_empty() {
        return;
    }
    totals.sort_unstable_by_key(|(_, _, at)| *at);
    let mut provinces: HashMap<(&Period, &str), Vec<usize>> = HashMap::default();
    for ((period, _, unit, _), at) in &group.levels {
        if group.facts[*at].is_province && group.facts[*at].kind == Kind::Level {
            provinces.entry((period, unit)).or_default().push(*at);
        }
    }
    for (period, unit, total) in totals {
        let Some(parts) = provinces.get(&(period, unit)) else { continue };
        let total = &group.facts[total];
        let Some(most) = total.reach().high else { continue };
        let mut sum = Decimal::zero();
        for at in parts {
            sum = sum.plus(&group.facts[*at].reach().low.unwrap_or_else(Decimal::zero));
        }
        if sum > most {
            let mut parts = parts.clone();
            parts.sort_by(|left, right| group.facts[*right].value.cmp(&group.facts[*left].value).then(left.cmp(right)));
            let shown: Vec<&str> = parts.iter().take(4).map(|at| group.facts[*at].raw.as_str()).collect();
            let more = if parts.len() > 4 { "、…" } else { "" };
            doubts.push(
                Doubt::about(parts[0], format!("at least {sum} against {}", total.value))
                    .with("parts", format!("{}{more}", shown.join("、")))
                    .with("total", total.raw.as_str()),
            );
        }
    }
}
