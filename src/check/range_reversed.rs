//! `range-reversed`: a range whose lower end is above its upper one.
//!
//! The reader takes no such range for one, so it comes from a correction or a table of the user's.

use super::{Check, Doubt, Subject};
use crate::model::Amount;

pub(super) const CHECK: Check = Check { code: "range-reversed", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    for (at, figure) in subject.figures.iter().enumerate() {
        match &figure.amount {
            Amount::Range(low, high) if low > high => doubts.push(Doubt::about(at, format!("{low} > {high}"))),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;
    use crate::model::{About, Amount};
    use crate::{check, pipeline, read};

    #[test]
    fn a_range_the_wrong_way_round_is_doubted() {
        let knowledge = Knowledge::read(None).unwrap();
        let document = read::document("a.csv", "metric,value,period\n時延,1-3毫秒,2021\n".into()).unwrap();
        let mut report = pipeline::report(&document, &About::default(), &knowledge);
        assert!(report.findings.is_empty());
        let Amount::Range(low, high) = report.figures[0].amount.clone() else { panic!("a range") };
        report.figures[0].amount = Amount::Range(high, low);
        let findings = check::findings(&report.about, &report.figures, &knowledge);
        assert_eq!((findings[0].code, findings[0].detail.as_deref()), ("range-reversed", Some("3 > 1")));
    }
}
