//! Names the sheets of a workbook that are hidden: nobody who opens it sees them, and they are not read.

use super::Doubt;

pub(super) const CODE: &str = "hidden-sheet";

/// What is told of a sheet by its name.
pub(super) fn doubt(name: &str) -> Doubt {
    Doubt { figure: None, fills: vec![("sheet", name.to_string())], detail: None }
}
