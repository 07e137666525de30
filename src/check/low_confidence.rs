//! `low-confidence`: how many figures of a report were read by rules that are often wrong; told once a report.

use super::{Check, Doubt, Subject};

pub(super) const CHECK: Check = Check { code: "low-confidence", find };

/// Below it a figure deserves a look.
const BOUND: f64 = 0.7;

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let count = subject.figures.iter().filter(|figure| figure.confidence < BOUND).count();
    if count > 0 {
        let fills = vec![("count", count.to_string()), ("all", subject.figures.len().to_string()), ("bound", BOUND.to_string())];
        doubts.push(Doubt { figure: None, fills, detail: None });
    }
}
