//! `share-below-0`: a part of a whole that is less than nothing.

use super::{Check, Doubt, Subject};
use crate::model::{Amount, Kind};

pub(super) const CHECK: Check = Check { code: "share-below-0", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    for (at, figure) in subject.figures.iter().enumerate() {
        let (Amount::One(value) | Amount::Range(value, _)) = &figure.amount;
        if figure.kind == Kind::Share && value.is_negative() {
            doubts.push(Doubt::about(at, format!("{value} < 0")));
        }
    }
}
