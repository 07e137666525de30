//! `part-over-whole`: a 其中 part that is larger than what it is a part of.
//!
//! Both stand for the same time and place, in one unit, and are achieved or planned alike. Where the whole has several values (a table
//! of movements), the part is larger than each. A whole below nought is a balance, of which a part may be anything.

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
        let wholes: Vec<&Figure> = subject.near(at, name, comparable).map(|other| &subject.figures[other]).collect();
        let Some(whole) = wholes.first() else { continue };
        let reach = Reach::of(part);
        if wholes.iter().all(|whole| reach.above(&Reach::of(whole)) && !is_balance(whole)) {
            let detail = format!("{} > {}", shown(&part.amount), shown(&whole.amount));
            doubts.push(Doubt::about(at, detail).with("whole", whole.metric.as_str()).with("whole_raw", whole.raw.as_str()));
        }
    }
}

fn is_balance(figure: &Figure) -> bool {
    let (Amount::One(value) | Amount::Range(value, _)) = &figure.amount;
    value.is_negative()
}

fn shown(amount: &Amount) -> String {
    match amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low}..{high}"),
    }
}
