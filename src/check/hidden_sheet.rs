//! Names the sheets of a workbook that are hidden: nobody who opens it sees them, and they are not read.

use crate::knowledge::Knowledge;
use crate::model::Finding;

pub(super) const CODE: &str = "hidden-sheet";

/// What is told of a sheet by its number, from 1, and name.
pub(super) fn finding(number: u32, name: &str, knowledge: &Knowledge) -> Option<Finding> {
    let words = knowledge.checks.get(CODE)?;
    let fills = [("sheet", name.to_string())];
    Some(Finding {
        code: CODE,
        severity: words.severity,
        figure: None,
        page: Some(number),
        message: words.message.filled(&fills),
        detail: None,
    })
}
