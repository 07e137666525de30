//! Takes the label of a row apart: 「（一）其中：光伏發電（億千瓦時）」.
//!
//! In:  the cells of a row.
//! Out: its name without number, sign, bracket and 其中, the unit in its bracket, and how deep it stands.

use super::columns::{Column, Role};
use super::units::Unit;
use super::{Reader, folded};
use crate::knowledge::cues::Cue;
use crate::model::Cell;

/// The label of a row, taken apart.
#[derive(Default)]
pub(super) struct Label {
    pub(super) written: String,
    pub(super) folded: String,
    pub(super) unit: Option<Unit>,
    pub(super) indent: u32,
    pub(super) number: u8,
    /// 其中
    pub(super) part: bool,
    /// Its bracket says that its values are of a day: （年末）.
    pub(super) instant: bool,
}

impl Reader<'_> {
    /// The label that the cells of a row make, those of several columns joined.
    pub(super) fn label(&self, cells: &[Cell], columns: &[Column]) -> Label {
        let mut label = Label::default();
        let mut last: Option<u32> = None;
        for (cell, column) in cells.iter().zip(columns) {
            let first = cell.text.origin.first().copied();
            let spans = column.role != Role::Label && first.is_some() && first == last;
            if column.role != Role::Label && !spans || first.is_none() || first == last {
                continue;
            }
            let mut head = self.parted(cell);
            // 「（损失以“-”号填列）」 says how to read a sign, not what is measured.
            if self.has(Cue::SignNote, &head.bracket) {
                head.bracket.clear();
            }
            let bracketed = self.bracket_unit(&head.bracket);
            let instant = !head.bracket.is_empty() && self.is_day(&head.bracket);
            label.instant |= instant;
            let unit = bracketed.clone().or_else(|| self.counted(&head.folded));
            if bracketed.is_none() && !head.bracket.is_empty() && !instant {
                // The bracket is a part of the name: one that divides it, as a row below would, or more words of it.
                if self.is_vague(&head.bracket) {
                    head.written = format!("{}/{}", head.written, self.bracket_written(cell));
                    head.folded = format!("{}/{}", head.folded, head.bracket);
                } else {
                    head.written = self.written(cell);
                    head.folded = folded(cell);
                }
            }
            let (number, skip) = numbering(&head.folded);
            let mut written: Vec<char> = head.written.chars().skip(skip).collect();
            let mut plain: String = head.folded.chars().skip(skip).collect();
            let dash = plain.chars().take_while(|c| matches!(c, '-' | '－' | '–' | '—' | '•' | '*')).count();
            if dash > 0 {
                written.drain(..dash);
                plain = plain.chars().skip(dash).collect();
                label.indent += 2;
            }
            let chars: Vec<char> = plain.chars().collect();
            let sign = self.cues().at(Cue::SignFront, &chars, 0).filter(|length| *length < chars.len()).unwrap_or(0);
            let part = self.cues().at(Cue::Parts, &chars, sign).unwrap_or(0);
            label.part |= part > 0;
            let colon = usize::from(part > 0 && chars.get(sign + part) == Some(&':'));
            written.drain(..sign + part + colon);
            plain = chars[sign + part + colon..].iter().collect();
            let written: String = written.into_iter().collect();
            let written = written.trim_end_matches(['：', ':']);
            if last.is_none() {
                // What 其中 begins stands where its name does, as the rows below that are parts too.
                label.indent += cell.indent + 2 * (part + colon) as u32;
                label.number = number;
                label.written = written.to_string();
                label.folded = plain;
            } else {
                label.written = format!("{}/{written}", label.written);
                label.folded = plain;
            }
            label.unit = unit.or(label.unit);
            last = first;
        }
        label
    }

    /// Says a label too little without those above it: 其他, 范围一, 女性?
    pub(super) fn is_vague(&self, label: &str) -> bool {
        self.is(Cue::Vague, label) || self.is(Cue::Group, label)
    }

    /// What stands in the bracket at the end of a cell, as written.
    fn bracket_written(&self, cell: &Cell) -> String {
        let written = self.written(cell);
        let open = written.rfind(['(', '（']).unwrap_or(0);
        written[open..].trim_matches(['(', '（', ')', '）']).to_string()
    }
}

/// The mark that numbers a label, and how many characters it takes: 「（一）」, 「1.」.
fn numbering(text: &str) -> (u8, usize) {
    let chars: Vec<char> = text.chars().collect();
    let han = |from: usize| chars[from..].iter().take_while(|c| "一二三四五六七八九十".contains(**c)).count();
    let arabic = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    match chars.first() {
        Some('(') => {
            let (han, arabic) = (han(1), arabic(1));
            let count = han.max(arabic);
            if count > 0 && count <= 3 && chars.get(count + 1) == Some(&')') {
                return (if han > 0 { 2 } else { 4 }, count + 2);
            }
            (0, 0)
        }
        Some(first) if first.is_ascii_digit() => {
            let count = arabic(0);
            let marked = matches!(chars.get(count), Some('.' | '、')) && !chars.get(count + 1).is_some_and(char::is_ascii_digit);
            if marked && count <= 2 && chars.len() > count + 1 { (3, count + 1) } else { (0, 0) }
        }
        Some(_) => {
            let count = han(0);
            if count > 0 && count <= 3 && chars.get(count) == Some(&'、') { (1, count + 1) } else { (0, 0) }
        }
        None => (0, 0),
    }
}
