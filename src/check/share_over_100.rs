//! `share-over-100`: a part of a whole that is more than the whole.
//!
//! What may be more (a plan fulfilled, a ratio of two things) is excused by its name: `data/zh/excuse_words.csv`.

use super::{Check, Doubt, Subject};
use crate::decimal::Decimal;
use crate::model::{Amount, Kind};

pub(super) const CHECK: Check = Check { code: "share-over-100", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let whole = Decimal::from(100);
    for (at, figure) in subject.figures.iter().enumerate() {
        let (Amount::One(value) | Amount::Range(_, value)) = &figure.amount;
        if figure.kind == Kind::Share
            && figure.unit == "%"
            && *value > whole
            && !subject.knowledge.checks.excused(CHECK.code, &subject.knowledge.fold.text(&figure.metric))
        {
            doubts.push(Doubt::about(at, format!("{value} > 100")));
        }
    }
}
