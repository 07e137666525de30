//! `conflicting-statements`: equally new reports, or a report and its transcription, that cannot both be right.
//!
//! Which statements conflict was decided when facts were resolved; here it is told.

use super::{Check, Group};
use crate::check::Doubt;

pub(super) const CHECK: Check = Check { code: "conflicting-statements", find };

fn find(group: &Group<'_>, doubts: &mut Vec<Doubt>) {
    for (at, fact) in group.facts.iter().enumerate() {
        if let Some((other, report)) = &fact.other {
            let doubt = Doubt { figure: Some(at), fills: Vec::new(), detail: None };
            doubts.push(doubt.with("other", other.as_str()).with("report", report.as_str()));
        }
    }
}
