//! Names what of a workbook was not read: sheets that are hidden, which nobody who opens it sees, and rows that repeat one row without end.

use super::Doubt;
use crate::model::Unread;

pub(super) const HIDDEN: &str = "hidden-sheet";
pub(super) const REPEATED: &str = "repeats-unread";

/// Which of the two it is.
pub(super) fn code(part: &Unread) -> &'static str {
    if part.rows.is_some() { REPEATED } else { HIDDEN }
}

/// What is told of a part.
pub(super) fn doubt(part: &Unread) -> Doubt {
    let (from, to) = part.rows.unwrap_or_default();
    let fills = vec![("sheet", part.name.clone()), ("from", from.to_string()), ("to", to.to_string())];
    Doubt { figure: None, fills, detail: None }
}
