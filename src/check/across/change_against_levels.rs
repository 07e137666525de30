//! `change-against-levels`: a change that is not what the levels of its two periods come to.
//!
//! In per cent, in points or in units. Each of the three was rounded; only what no rounding explains is doubted. All three bear one
//! name: of one code may be 營業成本 and 主營業務成本, which are not the same.

use super::{Check, Group, Spot};
use crate::check::Doubt;
use crate::check::reach::Reach;
use crate::decimal::Decimal;
use crate::model::Kind;
use foldhash::HashMap;

pub(super) const CHECK: Check = Check { code: "change-against-levels", find };

fn find(group: &Group<'_>, doubts: &mut Vec<Doubt>) {
    let changes = group.facts.iter().enumerate().filter(|(_, fact)| fact.kind == Kind::Change && !fact.is_spread);
    let mut changes = changes.peekable();
    if changes.peek().is_none() {
        return;
    }
    // A level of the year may be stated for its last day.
    let mut by_end: HashMap<_, Vec<(&Spot<'_>, usize)>> = HashMap::default();
    for (spot, at) in &group.levels {
        by_end.entry((spot.0.end, spot.1)).or_default().push((spot, *at));
    }
    for (at, change) in changes {
        let (Some(base), Some(mode)) = (&change.base, change.mode.as_deref()) else { continue };
        let (place, name) = (change.place.as_deref(), group.name(change));
        let at_end = |end| by_end.get(&(end, place)).map_or(&[][..], Vec::as_slice);
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (now, at) in at_end(change.period.end) {
            let named = |at: usize| group.name(&group.facts[at]) == name;
            let like = |before: &Spot<'_>| before.0.grain == now.0.grain && before.2 == now.2 && before.3 == now.3;
            let before = at_end(base.end).iter().find(|(before, at)| like(before) && named(*at));
            pairs.extend(before.filter(|_| named(*at)).map(|(_, before)| (*at, *before)));
        }
        pairs.sort_unstable();
        let Some((now, before)) = pairs.first().map(|(now, before)| (&group.facts[*now], &group.facts[*before])) else { continue };
        let is_wrong = match mode {
            "relative" if &*now.unit != "%" => relative(&change.reach(), &now.reach(), &before.reach()),
            "points" if &*now.unit == "%" => difference(&change.reach(), &now.reach(), &before.reach()),
            "absolute" if now.unit == change.unit => difference(&change.reach(), &now.reach(), &before.reach()),
            _ => continue,
        };
        if is_wrong {
            let detail =
                format!("{} {} -> {} {}; stated {}", before.period.code(), before.value, now.period.code(), now.value, change.value);
            doubts.push(Doubt::about(at, detail).with("before", before.raw.as_str()).with("now", now.raw.as_str()));
        }
    }
}

/// Is now outside before × (100 + change) %, whatever was rounded?
fn relative(change: &Reach, now: &Reach, before: &Reach) -> bool {
    let hundred = Decimal::from(100);
    let turned = |end: &Option<Decimal>| end.as_ref().map(|end| end.plus(&hundred)).filter(|end| !end.is_negative());
    let below = match (&now.high, turned(&change.low), &before.low) {
        (Some(now), Some(factor), Some(before)) if !before.is_negative() => now.times(&hundred) < factor.times(before),
        _ => false,
    };
    let above = match (&now.low, turned(&change.high), &before.high) {
        (Some(now), Some(factor), Some(before)) if !before.is_negative() => now.times(&hundred) > factor.times(before),
        _ => false,
    };
    below || above
}

/// Is now outside before + change, whatever was rounded?
fn difference(change: &Reach, now: &Reach, before: &Reach) -> bool {
    let below = matches!((&now.high, &change.low, &before.low), (Some(now), Some(change), Some(before)) if now.minus(before) < *change);
    let above = matches!((&now.low, &change.high, &before.high), (Some(now), Some(change), Some(before)) if now.minus(before) > *change);
    below || above
}
