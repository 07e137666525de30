//! Names what of a workbook was not read: sheets that are hidden, which nobody who opens it sees, and rows that repeat one row without end.

use crate::knowledge::Knowledge;
use crate::model::{Finding, Unread};

pub(super) const HIDDEN: &str = "hidden-sheet";
pub(super) const REPEATED: &str = "repeats-unread";

/// What is told of a part.
pub(super) fn finding(part: &Unread, knowledge: &Knowledge) -> Option<Finding> {
    let code = if part.rows.is_some() { REPEATED } else { HIDDEN };
    let words = knowledge.checks.get(code)?;
    let (from, to) = part.rows.unwrap_or_default();
    let fills = [("sheet", part.name.clone()), ("from", from.to_string()), ("to", to.to_string())];
    Some(Finding {
        code,
        severity: words.severity,
        figure: None,
        page: Some(part.sheet),
        message: words.message.filled(&fills),
        detail: None,
    })
}
