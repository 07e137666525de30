//! Stable keys: short hashes of what makes a thing itself.
//!
//! In:  the parts of an identity, one after the other.
//! Out: hexadecimal digits that are the same on every machine and in every version of the program.
//!
//! A key is SHA-256 cut to 80 bits: among ten million figures the chance of two with one key is below 10^-10.

use sha2::{Digest, Sha256};

/// Digits of a key behind its letter.
const DIGITS: usize = 20;

/// A key in the making.
pub(super) struct Key(Sha256);

impl Key {
    pub(super) fn new() -> Key {
        Key(Sha256::new())
    }

    /// Takes in a part; parts cannot run into each other, since each ends in its length.
    pub(super) fn part(&mut self, part: &str) -> &mut Key {
        self.0.update(part.as_bytes());
        self.0.update((part.len() as u32).to_le_bytes());
        self
    }

    /// Takes in a number.
    pub(super) fn number(&mut self, number: i64) -> &mut Key {
        self.0.update(number.to_le_bytes());
        self
    }

    /// Takes in what may be absent; absent is not empty.
    pub(super) fn maybe(&mut self, part: Option<&str>) -> &mut Key {
        match part {
            Some(part) => self.number(1).part(part),
            None => self.number(0),
        }
    }

    /// Takes in a number that may be absent.
    pub(super) fn maybe_number(&mut self, number: Option<impl Into<i64>>) -> &mut Key {
        match number {
            Some(number) => self.number(1).number(number.into()),
            None => self.number(0),
        }
    }

    /// The key, with the letter that tells its kind.
    pub(super) fn finish(self, letter: char) -> String {
        let mut key = String::with_capacity(DIGITS + 1);
        key.push(letter);
        for byte in &self.0.finalize()[..DIGITS / 2] {
            key.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[&str]) -> String {
        let mut key = Key::new();
        for part in parts {
            key.part(part);
        }
        key.finish('f')
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_ne!(key(&["a", ""]), key(&["a"]));
        assert_eq!(key(&["a", "b"]).len(), DIGITS + 1);
    }
}
