//! Folding for matching: traditional to simplified, full-width to half-width, one character to one.
//!
//! The characters are rows of `data/zh/fold.csv`. Folding is one to one so that an offset in folded text is an offset in the
//! report; NFKC would turn ① into 1 and ² into 2.

use super::table::Tables;
use crate::error::{Error, Result};
use serde::Deserialize;

/// A map of the characters of the basic plane.
#[derive(Debug)]
pub struct Fold {
    map: Vec<u16>,
    /// What of the higher planes is folded; few.
    astral: Vec<(char, char)>,
}

#[derive(Deserialize)]
struct Pair {
    from: char,
    to: char,
}

impl Fold {
    pub(super) fn read(tables: &Tables) -> Result<Fold> {
        let mut map: Vec<u16> = (0..=0xFFFF).collect();
        for full in 0xFF01..=0xFF5E_u16 {
            map[full as usize] = full - 0xFEE0;
        }
        map[0x3000] = 0x20;
        map[0xA0] = 0x20;
        map[0xFFE5] = 0xA5;
        let mut astral = Vec::new();
        for row in tables.rows::<Pair>("zh/fold.csv")? {
            let Ok(to) = u16::try_from(u32::from(row.fields.to)) else {
                return Err(Error::failed(format!("{}: 「{}」 is outside the basic plane", row.at, row.fields.to)));
            };
            match u16::try_from(u32::from(row.fields.from)) {
                Ok(from) => map[from as usize] = to,
                Err(_) => astral.push((row.fields.from, row.fields.to)),
            }
        }
        astral.sort_unstable();
        Ok(Fold { map, astral })
    }

    /// The folded form of a character.
    pub fn char(&self, c: char) -> char {
        match u16::try_from(u32::from(c)) {
            Ok(low) => char::from_u32(u32::from(self.map[low as usize])).unwrap_or(c),
            Err(_) => self.astral.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| self.astral[at].1),
        }
    }

    /// The folded form of a text, white space taken out.
    pub fn text(&self, text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).map(|c| self.char(c)).collect()
    }
}
