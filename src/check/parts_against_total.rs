//! `parts-against-total`: parts that do not come to their whole. Men and women are all employees; wind and sun are no more than all
//! of the generation.
//!
//! What the parts are is said by words in their names (`data/zh/part_words.csv`: all parts together, so that their sum must be the
//! whole, of shares a hundred) or by their codes (`data/parts.csv`: never more than the whole). Whole and parts stand for one time
//! and place, in one unit, each with one value. Parts named by 其中 may overlap, and are left to `part-over-whole`.

use super::reach::Reach;
use super::share_against_parts::part_of;
use super::{Check, Doubt, Key, Subject, key};
use crate::decimal::Decimal;
use crate::model::{Figure, Kind};
use std::collections::{HashMap, HashSet};

pub(super) const CHECK: Check = Check { code: "parts-against-total", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    by_words(subject, doubts);
    by_codes(subject, doubts);
}

/// Parts that are all of the whole. A name may be divided by two sets of words, 女性 and 女; it is told once.
fn by_words(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let mut told = HashSet::new();
    for set in &subject.knowledge.parts.words {
        let Some((word, others)) = set.split_first() else { continue };
        // Of each name with the first word, those with the others instead of it and the one with none.
        let mut divided: HashMap<usize, (Vec<usize>, Option<usize>)> = HashMap::new();
        for (name, first) in subject.names.iter().enumerate().filter(|(_, name)| name.contains(word.as_str())) {
            let named = |other: &str| subject.by_name.get(&first.replacen(word.as_str(), other, 1)).copied();
            if let Some(others) = others.iter().map(|other| named(other)).collect() {
                divided.insert(name, (others, named("")));
            }
        }
        if divided.is_empty() {
            continue;
        }
        for (at, figure) in subject.figures.iter().enumerate() {
            let Some((others, whole)) = divided.get(&subject.name_of[at]) else { continue };
            let alone = |name: &usize| {
                let spot = Key { name: *name, ..key(figure, *name) };
                alone(subject, figure, subject.groups.get(&spot)?)
            };
            let Some(parts) = std::iter::once(&subject.name_of[at]).chain(others).map(alone).collect::<Option<Vec<usize>>>() else {
                continue;
            };
            let whole = whole.as_ref().and_then(alone);
            let (about, whole) = match (figure.kind, whole.map(|at| (at, &subject.figures[at]))) {
                (Kind::Level, Some((at, whole))) => (at, (Reach::of(whole), whole.raw.as_str())),
                // Of rates (復職率女性) each has a whole of its own.
                (Kind::Share, _) if figure.unit == "%" && part_of(subject.name(at), subject.knowledge).is_some() => {
                    (at, (exactly(Decimal::from(100)), "100%"))
                }
                _ => continue,
            };
            let sum = sum(subject, &parts);
            if parts[0] == at && (sum.above(&whole.0) || whole.0.above(&sum)) && told.insert(about) {
                doubts.push(doubt(subject, about, &parts, whole.1));
            }
        }
    }
}

/// Parts that are no more than the whole.
fn by_codes(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let codes = &subject.knowledge.parts.codes;
    let is_part = |code: &str| codes.values().flatten().any(|part| part == code);
    let mut by_code: HashMap<(&str, Key<'_>), Vec<usize>> = HashMap::new();
    for (at, figure) in subject.figures.iter().enumerate() {
        if let Some(code) = figure.metric_code.as_deref().filter(|code| figure.kind == Kind::Level && is_part(code)) {
            by_code.entry((code, key(figure, 0))).or_default().push(at);
        }
    }
    if by_code.is_empty() {
        return;
    }
    for (at, whole) in subject.figures.iter().enumerate().filter(|(_, figure)| figure.kind == Kind::Level) {
        let Some(parts) = whole.metric_code.as_ref().and_then(|code| codes.get(code)) else { continue };
        let parts: Vec<usize> =
            parts.iter().filter_map(|part| alone(subject, whole, by_code.get(&(part.as_str(), key(whole, 0)))?)).collect();
        // One part that is more than its whole is two things under one code, or a slip; which of them, its own check tells.
        if parts.len() > 1 && sum(subject, &parts).above(&Reach::of(whole)) {
            doubts.push(doubt(subject, at, &parts, &whole.raw));
        }
    }
}

/// The figure that of some at one time and place says the same kind of thing as another, in its unit; none where several differ.
fn alone(subject: &Subject<'_>, like: &Figure, group: &[usize]) -> Option<usize> {
    let mut found: Option<usize> = None;
    for &at in group {
        let figure = &subject.figures[at];
        if (figure.kind, figure.modality, &figure.unit) != (like.kind, like.modality, &like.unit) {
            continue;
        }
        match found {
            Some(known) if Reach::of(&subject.figures[known]) != Reach::of(figure) => return None,
            Some(_) => {}
            None => found = Some(at),
        }
    }
    found
}

fn exactly(value: Decimal) -> Reach {
    Reach { low: Some(value.clone()), high: Some(value) }
}

fn sum(subject: &Subject<'_>, parts: &[usize]) -> Reach {
    let add = |sum: Option<Decimal>, part: Option<Decimal>| Some(sum?.plus(&part?));
    parts
        .iter()
        .map(|at| Reach::of(&subject.figures[*at]))
        .fold(exactly(Decimal::zero()), |sum, part| Reach { low: add(sum.low, part.low), high: add(sum.high, part.high) })
}

fn doubt(subject: &Subject<'_>, about: usize, parts: &[usize], total: &str) -> Doubt {
    let raw: Vec<&str> = parts.iter().map(|at| subject.figures[*at].raw.as_str()).collect();
    let sum = sum(subject, parts);
    let detail = match (&sum.low, &sum.high) {
        (Some(low), Some(high)) if low == high => format!("{} = {low}; stated {total}", raw.join(" + ")),
        (Some(low), Some(high)) => format!("{} = {low} to {high}; stated {total}", raw.join(" + ")),
        (low, _) => format!("{} = {} or more; stated {total}", raw.join(" + "), low.as_ref().map_or("0".to_string(), Decimal::to_string)),
    };
    Doubt::about(about, detail).with("parts", raw.join("、")).with("total", total)
}
