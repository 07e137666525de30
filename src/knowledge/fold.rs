//! Folding for matching: traditional to simplified, full-width to half-width, one character to one.
//!
//! The characters are rows of `data/zh/fold.csv`. Folding is one to one so that an offset in folded text is an offset in the
//! report; NFKC would turn ① into 1 and ² into 2.

use super::table::Tables;
use crate::error::Result;
use serde::Deserialize;

/// A map of characters.
#[derive(Debug)]
pub struct Fold {
    /// Of the basic plane, by code.
    basic: Vec<char>,
    /// Of the higher planes, sorted; few.
    higher: Vec<(char, char)>,
}

#[derive(Deserialize)]
struct Pair {
    from: char,
    to: char,
}

impl Fold {
    pub(super) fn read(tables: &Tables) -> Result<Fold> {
        let mut basic: Vec<char> = (0..=0xFFFF_u32).map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        for full in 0xFF01..=0xFF5E_u32 {
            basic[full as usize] = char::from_u32(full - 0xFEE0).expect("half-width forms are ASCII");
        }
        for blank in [0x09, 0x0A, 0x0B, 0x0D, 0xA0, 0x3000, 0x2002, 0x2003, 0x2009] {
            basic[blank] = ' ';
        }
        basic[0xFFE5] = '¥';
        let mut higher = Vec::new();
        for row in tables.rows::<Pair>("zh/fold.csv")? {
            match u16::try_from(u32::from(row.fields.from)) {
                Ok(from) => basic[from as usize] = row.fields.to,
                Err(_) => higher.push((row.fields.from, row.fields.to)),
            }
        }
        higher.sort_unstable();
        Ok(Fold { basic, higher })
    }

    /// The folded form of a character.
    pub fn char(&self, c: char) -> char {
        match self.basic.get(c as usize) {
            Some(&folded) => folded,
            None => self.higher.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| self.higher[at].1),
        }
    }

    /// The folded form of a text, white space taken out.
    pub fn text(&self, text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).map(|c| self.char(c)).collect()
    }
}
