//! How quantities are written: the tables of `data/zh/` that the stage `recognise` reads.

use super::lexicon::Lexicon;
use super::table::Tables;
use super::units::Units;
use crate::error::{Error, Result};
use crate::model::{Comparator, Reason, UnitRole};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// A way to write a unit.
#[derive(Debug, Clone)]
pub struct UnitWord {
    /// Code of `units.csv`.
    pub unit: String,
    /// What it is like.
    pub role: UnitRole,
    /// One letter of a network: G, T, M.
    pub network: bool,
    /// A part of the unit, as a power of ten: 港仙 is -2.
    pub part: i32,
}

/// All words beside numbers.
#[derive(Debug)]
pub struct Words {
    /// Digits of Chinese numerals.
    pub digits: HashMap<char, u8>,
    /// Powers of ten: 万 is (4, big).
    pub scales: HashMap<char, (i32, bool)>,
    /// Unit words after a number.
    pub units: Lexicon<UnitWord>,
    /// Currency words before a number.
    pub currencies: Lexicon<UnitWord>,
    /// Counted nouns that give the unit after 个.
    pub counted: Lexicon<String>,
    /// Comparators before, ending at the number.
    pub before: Lexicon<Comparator>,
    /// Comparators between digits and scale or unit.
    pub inside: Lexicon<Comparator>,
    /// Comparators after.
    pub after: Lexicon<Comparator>,
    /// Words with a numeral that is no quantity, by that numeral: how many characters stand before it, and why.
    pub decoys: HashMap<char, Vec<Decoy>>,
    /// Latin words before the number of a standard.
    pub standards: HashSet<String>,
}

/// A word in which a numeral is no quantity.
#[derive(Debug, Clone)]
pub struct Decoy {
    /// How many characters stand before its first numeral.
    pub lead: usize,
    /// The word.
    pub word: Vec<char>,
    /// Why it is refused.
    pub reason: Reason,
}

#[derive(Deserialize)]
struct NumeralRow {
    char: char,
    value: u8,
}
#[derive(Deserialize)]
struct ScaleRow {
    char: char,
    power: i32,
    big: u8,
}
#[derive(Deserialize)]
struct UnitRow {
    word: String,
    unit: String,
    place: String,
    role: String,
    note: String,
}
#[derive(Deserialize)]
struct CountedRow {
    noun: String,
    unit: String,
}
#[derive(Deserialize)]
struct CompareRow {
    word: String,
    place: String,
    cmp: String,
}
#[derive(Deserialize)]
struct DecoyRow {
    word: String,
    reason: String,
}
#[derive(Deserialize)]
struct StandardRow {
    word: String,
}

impl Words {
    pub(super) fn read(tables: &Tables, units: &Units) -> Result<Words> {
        let digits: HashMap<char, u8> =
            tables.rows::<NumeralRow>("zh/numerals.csv")?.into_iter().map(|row| (row.fields.char, row.fields.value)).collect();
        let scales: HashMap<char, (i32, bool)> = tables
            .rows::<ScaleRow>("zh/scales.csv")?
            .into_iter()
            .map(|row| (row.fields.char, (row.fields.power, row.fields.big == 1)))
            .collect();
        let (mut after_number, mut before_number) = (Vec::new(), Vec::new());
        for row in tables.rows::<UnitRow>("zh/unit_words.csv")? {
            let fields = row.fields;
            if units.get(&fields.unit).is_none() {
                return Err(Error::failed(format!("{}: unit 「{}」 is not a code of data/units.csv", row.at, fields.unit)));
            }
            let network = fields.role == "network";
            let role = match UnitRole::from_word(&fields.role) {
                Some(role) => role,
                None if network => UnitRole::Measure,
                None => return Err(unknown(&row.at, "role", &fields.role, "measure, counter, noun or network")),
            };
            let part = match fields.note.rsplit_once(": ") {
                Some((_, "0.01")) => -2,
                Some((_, "0.1")) => -1,
                _ => 0,
            };
            let word = UnitWord { unit: fields.unit, role, network, part };
            match fields.place.as_str() {
                "after" => after_number.push((fields.word, word)),
                "before" => before_number.push((fields.word, word)),
                other => return Err(unknown(&row.at, "place", other, "before or after")),
            }
        }
        let mut counted = Vec::new();
        for row in tables.rows::<CountedRow>("zh/counted_nouns.csv")? {
            if units.get(&row.fields.unit).is_none() {
                return Err(Error::failed(format!("{}: unit 「{}」 is not a code of data/units.csv", row.at, row.fields.unit)));
            }
            counted.push((row.fields.noun, row.fields.unit));
        }
        let mut compare: HashMap<String, Vec<(String, Comparator)>> = HashMap::new();
        for row in tables.rows::<CompareRow>("zh/compare_words.csv")? {
            let cmp = Comparator::from_word(&row.fields.cmp)
                .ok_or_else(|| unknown(&row.at, "cmp", &row.fields.cmp, &Comparator::WORDS.join(" ")))?;
            if !["before", "inside", "after"].contains(&row.fields.place.as_str()) {
                return Err(unknown(&row.at, "place", &row.fields.place, "before, inside or after"));
            }
            compare.entry(row.fields.place).or_default().push((row.fields.word, cmp));
        }
        let mut compared = |place: &str| compare.remove(place).unwrap_or_default();
        let (before, inside, after) = (compared("before"), compared("inside"), compared("after"));
        let mut decoys: HashMap<char, Vec<Decoy>> = HashMap::new();
        for row in tables.rows::<DecoyRow>("zh/decoys.csv")? {
            let reason = Reason::from_word(&row.fields.reason)
                .ok_or_else(|| unknown(&row.at, "reason", &row.fields.reason, &Reason::WORDS.join(" ")))?;
            let word: Vec<char> = row.fields.word.chars().collect();
            let numeral =
                |c: &char| c.is_ascii_digit() || digits.contains_key(c) || scales.contains_key(c) || matches!(c, '数' | '几' | '半');
            let lead = word.iter().position(numeral).ok_or_else(|| {
                Error::failed(format!("{}: 「{}」 holds no numeral, so nothing would look for it", row.at, row.fields.word))
            })?;
            decoys.entry(word[lead]).or_default().push(Decoy { lead, word, reason });
        }
        for list in decoys.values_mut() {
            list.sort_by_key(|decoy| std::cmp::Reverse(decoy.word.len()));
        }
        Ok(Words {
            digits,
            scales,
            units: Lexicon::new(after_number),
            currencies: Lexicon::backwards(before_number),
            counted: Lexicon::new(counted),
            before: Lexicon::backwards(before),
            inside: Lexicon::new(inside),
            after: Lexicon::new(after),
            decoys,
            standards: tables.rows::<StandardRow>("zh/standards.csv")?.into_iter().map(|row| row.fields.word).collect(),
        })
    }
}

/// A cell that holds none of the words it may hold.
fn unknown(at: &str, column: &str, found: &str, expected: &str) -> Error {
    Error::failed(format!("{at}: {column} 「{found}」 is unknown; expected {expected}"))
}
