//! Knows under which titles and rows a row of a table stands.
//!
//! In:  the labels of titles and rows, from the top down.
//! Out: what stands above the next one, and the shortest name of a row that no other has.
//!
//! A label stands below another by its number (一、 over （一） over 1.), else by how far in it begins.

use super::labels::Label;
use super::units::Unit;
use crate::model::Period;
use std::collections::HashMap;

/// A title or row that later rows may stand below.
pub(super) struct Above {
    pub(super) indent: u32,
    /// 一、 is 1, （一） 2, 1. 3, (1) 4; none is 0.
    pub(super) number: u8,
    pub(super) text: String,
    pub(super) unit: Option<Unit>,
    /// It is a time and nothing else.
    pub(super) period: Option<Period>,
    /// It has figures of its own.
    pub(super) valued: bool,
    /// Its first row stood further in.
    pub(super) deeper: Option<bool>,
    /// It followed another title at once, at the same indent.
    pub(super) nested: bool,
}

/// The shortest end of a path that names its row alone.
pub(super) fn name(path: &[String], twice: bool, ends: &HashMap<&[String], usize>) -> String {
    let mut from = path.len().saturating_sub(1);
    if twice {
        from = from.saturating_sub(1);
        while from > 0 && ends.get(&path[from..]).is_some_and(|count| *count > 1) {
            from -= 1;
        }
    }
    path[from..].join("/")
}

/// Puts a title, or a row with figures, where later rows can stand below it.
pub(super) fn open(above: &mut Vec<Above>, label: Label, valued: bool) {
    let mut nested = false;
    if !valued {
        close_titles(above, &label);
        nested = above
            .last()
            .is_some_and(|last| !last.valued && last.indent == label.indent && last.number == label.number && last.deeper.is_none());
    }
    if let Some(last) = above.last_mut() {
        last.deeper.get_or_insert(label.indent > last.indent || label.number > last.number);
    }
    let Label { written, unit, indent, number, .. } = label;
    above.push(Above { indent, number, text: written, unit, period: None, valued, deeper: None, nested });
}

/// A title ends the title beside it, and all below that.
fn close_titles(above: &mut Vec<Above>, label: &Label) {
    loop {
        let Some(last) = above.last() else { return };
        if last.valued {
            above.pop();
            continue;
        }
        let beside = last.number == label.number && last.indent.abs_diff(label.indent) <= 1;
        let below = if label.number > 0 {
            last.number > label.number || last.number == 0
        } else {
            last.number == 0 && last.indent > label.indent + 1
        };
        if beside && last.deeper.is_none() {
            // Two titles in a row: the second stands below the first.
            return;
        }
        if beside {
            let nested = last.nested;
            above.pop();
            if nested {
                return;
            }
            continue;
        }
        if !below {
            return;
        }
        above.pop();
    }
}

/// A row of figures ends what it cannot stand below.
pub(super) fn close(above: &mut Vec<Above>, label: &Label) {
    loop {
        let Some(last) = above.last() else { return };
        let over = if label.number > 0 && last.number > 0 {
            last.number >= label.number
        } else if label.number > 0 {
            last.valued || last.indent > label.indent + 1
        } else if last.valued {
            last.indent + 1 >= label.indent && !label.part
        } else {
            last.number == 0 && (last.indent > label.indent + 1 || last.deeper == Some(true) && last.indent + 1 > label.indent)
        };
        if !over {
            return;
        }
        above.pop();
    }
}
