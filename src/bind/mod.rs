//! Mentions -> Claims: what each quantity measures, when, where, of what, under which heading.
//!
//! In:  a [`Text`] and the mentions of its blocks.
//! Out: a [`Claim`] for every quantity.
//!
//! Prose is bound a sentence at a time (`prose/`), tables by their rows and columns (`table.rs` where
//! lines of text made them, `grid.rs` where every cell stands under its column). What a sentence says about
//! a number stands in the file of the relation: `change`, `share`, `period`, `place`, `modality`, `label`. Rows of a
//! transcription are bound already but for the words of their values (`typed.rs`).

mod change;
mod grid;
mod label;
mod modality;
mod period;
mod place;
mod prose;
mod share;
mod table;
pub mod typed;

use crate::knowledge::Knowledge;
use crate::model::{BlockKind, Claim, Mention, Period, Reading, Status, Text};

/// The mentions of a block: of its text, or of each cell.
#[derive(Debug)]
pub enum BlockMentions {
    /// Of a paragraph.
    Prose(Vec<Mention>),
    /// Of each cell of each row.
    Table(Vec<Vec<Vec<Mention>>>),
}

/// The claims of a document, in reading order.
pub fn claims(text: &Text<'_>, mentions: &[BlockMentions], knowledge: &Knowledge) -> Vec<Claim> {
    let report = text.about.period.unwrap_or(Period::year(text.about.year.unwrap_or(0)));
    let share_sign = if text.source.contains(&'佔') { '佔' } else { '占' };
    let own = prose::own_names(&text.about);
    let mut claims = Vec::new();
    let mut before = None;
    for (index, (block, mentions)) in text.blocks.iter().zip(mentions).enumerate() {
        let planned = planned(text, block.heading);
        match (&block.kind, mentions) {
            (BlockKind::Prose(folded), BlockMentions::Prose(mentions)) => {
                before = before.take().filter(|(heading, _)| *heading == block.heading);
                if !mentions.iter().any(|mention| matches!(mention.reading, Reading::Quantity(_))) {
                    continue;
                }
                let mut reader = prose::Reader::new(text, index, folded, mentions, report, planned, share_sign, &own, knowledge);
                reader.follow(before.take().map(|(_, topic)| topic));
                let (found, topic) = reader.claims();
                before = topic.map(|topic| (block.heading, topic));
                claims.extend(found);
            }
            (BlockKind::Table(found), BlockMentions::Table(mentions)) if found.aligned => {
                claims.extend(grid::claims(text, index, found, mentions, report, knowledge));
            }
            (BlockKind::Table(found), BlockMentions::Table(mentions)) => {
                claims.extend(table::claims(text, index, found, mentions, report, knowledge));
            }
            _ => {}
        }
    }
    claims
}

/// The year of a list of plans that a heading, or one above it, announces.
fn planned(text: &Text<'_>, heading: Option<usize>) -> Option<Option<i32>> {
    let mut at = heading;
    while let Some(index) = at {
        let heading = &text.headings[index];
        match heading.status {
            Some(Status::Planned) => return Some(heading.year),
            Some(Status::Done) => return None,
            None => at = heading.parent,
        }
    }
    None
}
