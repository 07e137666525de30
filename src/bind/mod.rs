//! Mentions -> Claims: what each quantity measures, when, where, of what, under which heading.
//!
//! In:  a [`Text`] and the mentions of its blocks, one after the other.
//! Out: a [`Claim`] for every quantity.
//!
//! Prose is bound a sentence at a time (`prose/`), tables by their rows and columns (`grid/`). What a sentence says about
//! a number stands in the file of the relation: `change`, `share`, `period`, `place`, `modality`, `label`. Rows of a
//! transcription are bound already but for the words of their values (`typed.rs`).

mod above;
mod change;
mod grid;
mod label;
mod modality;
mod period;
mod place;
mod prose;
mod share;
pub mod typed;

use crate::knowledge::Knowledge;
use crate::model::{BlockKind, Claim, Mention, Period, Reading, Text};
use above::Above;

/// The mentions of a block: of its text, or of each cell.
#[derive(Debug)]
pub enum BlockMentions {
    /// Of a paragraph.
    Prose(Vec<Mention>),
    /// Of each cell of each row.
    Table(Vec<Vec<Vec<Mention>>>),
}

/// Binds the blocks of a document in reading order.
pub struct Binder<'a> {
    text: &'a Text<'a>,
    knowledge: &'a Knowledge,
    report: Period,
    /// How the report writes the word for a share: 佔 or 占.
    share_sign: char,
    /// Names of the company itself.
    own: Vec<Vec<char>>,
    /// What the last paragraph spoke of, and the heading it stands under.
    before: Option<(Option<usize>, prose::Topic)>,
    /// What the line that led to the list here says of its items, and the heading it stands under.
    lead: Option<(Option<usize>, Above)>,
    /// The base year named last.
    base_year: Option<i32>,
}

impl<'a> Binder<'a> {
    /// For the blocks of a document.
    pub fn new(text: &'a Text<'a>, knowledge: &'a Knowledge) -> Binder<'a> {
        Binder {
            text,
            knowledge,
            report: text.about.period.unwrap_or(Period::year(text.about.year.unwrap_or(0))),
            share_sign: if text.source.contains(&'佔') { '佔' } else { '占' },
            own: prose::own_names(&text.about),
            before: None,
            lead: None,
            base_year: None,
        }
    }

    /// The claims of the next block, by its index.
    pub fn claims(&mut self, index: usize, mentions: &BlockMentions) -> Vec<Claim> {
        let mut claims = self.read(index, mentions);
        if let Some(home) = &self.text.about.home {
            claims.iter_mut().filter(|claim| claim.places.is_empty()).for_each(|claim| claim.places.push(home.clone()));
        }
        claims
    }

    fn read(&mut self, index: usize, mentions: &BlockMentions) -> Vec<Claim> {
        let Binder { text, knowledge, report, .. } = *self;
        let block = &text.blocks[index];
        match (&block.kind, mentions) {
            (BlockKind::Prose(folded), BlockMentions::Prose(mentions)) => {
                let topic = self.before.take().filter(|(heading, _)| *heading == block.heading).map(|(_, topic)| topic);
                let marks = period::marks(&folded.chars, mentions, report, self.base_year, knowledge);
                self.base_year = period::base_year(&folded.chars, &marks, 0).or(self.base_year);
                let lead = self.lead.filter(|(heading, _)| *heading == block.heading && (block.item || above::item(&folded.chars) > 0));
                let above = lead.map(|(_, lead)| lead).unwrap_or_default().or(above::heading(text, block.heading));
                let led = above::lead(&folded.chars, &marks, report, knowledge).map(|led| (block.heading, led));
                self.lead = led.or(lead);
                let is_quantity = |mention: &Mention| matches!(mention.reading, Reading::Quantity(_));
                let (claims, topic) = if mentions.iter().any(is_quantity) {
                    let reader = prose::Reader::new(
                        text,
                        index,
                        folded,
                        mentions,
                        marks,
                        report,
                        above,
                        self.share_sign,
                        &self.own,
                        topic,
                        knowledge,
                    );
                    reader.claims()
                } else {
                    (Vec::new(), topic)
                };
                self.before = topic.map(|topic| (block.heading, topic));
                claims
            }
            (BlockKind::Table(found), BlockMentions::Table(mentions)) => grid::claims(text, index, found, mentions, report, knowledge),
            _ => Vec::new(),
        }
    }
}
