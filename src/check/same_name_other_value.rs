//! `same-name-other-value`: one name, unit, time and place, and values that cannot be one number rounded in two ways.
//!
//! Told once for all values of a name, at the first that differs. Prices are lists more often than not and are passed over;
//! so are values of one sentence, which tells of a course: 「由6.5天縮短至2.8天」.

use super::reach::Reach;
use super::{Check, Doubt, Subject};
use crate::model::{Figure, Kind, Tier};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check { code: "same-name-other-value", find };

/// So many different values are shown.
const SHOWN: usize = 4;

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let mut groups: Vec<&Vec<usize>> = subject.groups.values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for &at in group {
            let figure = &subject.figures[at];
            if figure.kind != Kind::Price && figure.tier == Tier::Core && !subject.name(at).is_empty() {
                alike.entry(likeness(figure)).or_default().push(at);
            }
        }
        doubts.extend(alike.into_values().filter_map(|alike| differing(subject, &alike)));
    }
}

/// What figures of one name, time and place share where they could be one.
fn likeness(figure: &Figure) -> impl Ord {
    let basis = figure.basis.map(|basis| basis.word());
    // A list under one name often goes through the year and ends with its last day; these are no two values of one time.
    let period = (figure.period.start, figure.period.end);
    (figure.unit.as_str(), figure.kind.word(), figure.modality.word(), basis, figure.whole.as_deref(), period)
}

fn differing(subject: &Subject<'_>, alike: &[usize]) -> Option<Doubt> {
    let mut values: Vec<(usize, Reach)> = Vec::new();
    for &at in alike {
        let reach = Reach::of(&subject.figures[at]);
        let sentence = subject.figures[at].sentence;
        let told = |(other, known): &(usize, Reach)| subject.figures[*other].sentence == sentence || known.meets(&reach);
        if values.len() <= SHOWN && !values.iter().any(told) {
            values.push((at, reach));
        }
    }
    let &(first, _) = values.get(1)?;
    let raw = |(at, _): &(usize, Reach)| subject.figures[*at].raw.clone();
    let (count, more) = if values.len() > SHOWN { (format!("over {SHOWN}"), "、…") } else { (values.len().to_string(), "") };
    let shown: Vec<String> = values.iter().take(SHOWN).map(raw).collect();
    let lines: Vec<String> = values
        .iter()
        .take(SHOWN)
        .filter_map(|(at, _)| subject.figures[*at].at.line.map(|line| format!("line {line}: {}", subject.figures[*at].raw)))
        .collect();
    let doubt = Doubt { figure: Some(first), fills: Vec::new(), detail: (!lines.is_empty()).then(|| lines.join("; ")) };
    Some(
        doubt
            .with("count", count)
            .with("period", subject.figures[first].period.code())
            .with("values", format!("{}{more}", shown.join("、"))),
    )
}
