//! `future-period`: a figure that is no plan and is about a time after the report's own.

use super::{Check, Doubt, Subject};
use crate::model::Modality;

pub(super) const CHECK: Check = Check { code: "future-period", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    let Some(report) = subject.report else { return };
    for (at, figure) in subject.figures.iter().enumerate() {
        if figure.modality == Modality::Actual && figure.period.end > report.end {
            let (period, own) = (figure.period.code(), report.code());
            let detail = format!("{} > {}", figure.period.end, report.end);
            doubts.push(Doubt::about(at, detail).with("period", period).with("report", own));
        }
    }
}
