//! `part-over-whole`: a 其中 part that is larger than what it is a part of.
//!
//! Both stand for the same time and place, in one unit, and are achieved or planned alike.

use super::reach::Reach;
use super::{Check, Doubt, Subject};
use crate::model::{Amount, Figure, Kind};

pub(super) const CHECK: Check = Check { code: "part-over-whole", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    for (at, part) in subject.figures.iter().enumerate() {
        let Some(name) = part.whole.as_ref().filter(|_| part.kind == Kind::Level) else { continue };
        let comparable = |whole: &Figure| {
            whole.kind == Kind::Level && whole.modality == part.modality && whole.unit == part.unit && whole.whole != part.whole
        };
        let Some(other) = subject.nearest(at, name, comparable) else { continue };
        let whole = &subject.figures[other];
        if Reach::of(part).above(&Reach::of(whole)) {
            let detail = format!("{} > {}", shown(&part.amount), shown(&whole.amount));
            doubts.push(Doubt::about(at, detail).with("whole", whole.metric.as_str()).with("whole_raw", whole.raw.as_str()));
        }
    }
}

fn shown(amount: &Amount) -> String {
    match amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low}..{high}"),
    }
}
