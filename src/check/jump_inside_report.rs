//! `jump-inside-report`: one name, unit, time and place, and two values that are the same digits a thousand, ten thousand or a hundred
//! million times apart: a lost 千, 萬 or 億 at one of two places of the report.
//!
//! Between years `across` looks for it, where real growth is to be allowed for; here the two are one number, rounded.

use super::reach::Reach;
use super::{Check, Doubt, POWERS, Subject};
use crate::decimal::Decimal;
use crate::model::{Amount, Comparator, Kind, Tier};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check { code: "jump-inside-report", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let mut groups: Vec<&Vec<usize>> = subject.groups.values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for &at in group {
            let figure = &subject.figures[at];
            // 超過百家 may be any number, and any other one.
            let is_one = matches!(&figure.amount, Amount::One(value) if !value.is_zero())
                && matches!(figure.comparator, Comparator::Equal | Comparator::About);
            if figure.kind == Kind::Level && figure.tier == Tier::Core && is_one && !subject.name(at).is_empty() {
                let likeness = (figure.unit.as_str(), figure.modality.word(), figure.whole.as_deref());
                alike.entry(likeness).or_default().push(at);
            }
        }
        // A list of many values holds any ratio by chance.
        for values in alike.into_values().filter(|values| values.len() <= 4) {
            let pairs = values.iter().enumerate().flat_map(|(nth, first)| values[nth + 1..].iter().map(move |second| (*first, *second)));
            let apart = |(first, second)| {
                let (left, right) = (Reach::of(&subject.figures[first]), Reach::of(&subject.figures[second]));
                let power = POWERS.into_iter().find(|power| scaled(&left, *power).meets(&right) || scaled(&right, *power).meets(&left))?;
                Some((first, second, power))
            };
            let Some((first, second, power)) = pairs.filter_map(apart).next() else { continue };
            let (other, figure) = (&subject.figures[first], &subject.figures[second]);
            doubts.push(
                Doubt::about(second, format!("{} against {}: 10^{power}", other.raw, figure.raw))
                    .with("other", other.raw.as_str())
                    .with("period", figure.period.code())
                    .with("power", power.to_string()),
            );
        }
    }
}

/// So many times as much; what has no end is nothing to compare.
fn scaled(reach: &Reach, power: i32) -> Reach {
    let scaled = |end: &Option<Decimal>| end.clone().map(|end| end.scaled(power));
    Reach { low: scaled(&reach.low), high: scaled(&reach.high) }
}
