//! How quantities are written: the tables of `data/zh/` that the stage `recognise` reads.

use super::cues::Cues;
use super::lexicon::Lexicon;
use super::table::{Row, Tables};
use super::units::Units;
use crate::error::{Error, Result};
use crate::model::{Basis, Comparator, Reason, UnitRole};
use foldhash::HashMap;
use serde::Deserialize;
use std::collections::HashSet;

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
    /// What makes another word of it when it follows: 台 of 台湾.
    pub traps: Vec<char>,
}

/// A word of change.
#[derive(Debug, Clone, Copy)]
pub struct ChangeWord {
    /// 1, -1, or 0 where the number brings its own sign.
    pub sign: i8,
    /// Only a comparison before makes it a change: 较上年多.
    pub needs_base: bool,
    /// It names the change itself: 增幅.
    pub noun: bool,
    /// What it is measured from, where the word says it: 年增.
    pub basis: Option<Basis>,
}

/// All words beside numbers.
#[derive(Debug)]
pub struct Words {
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
    /// Comparators that a noun parts from the number: 不低于同类资费的50%.
    pub apart: Lexicon<Comparator>,
    /// At the head of a clause, a verb between it and the number.
    pub ahead: Lexicon<Comparator>,
    /// Words of change, ending at the number.
    pub change: Lexicon<ChangeWord>,
    /// Words that say what a number near them is.
    pub cues: Cues,
    /// Latin words before the number of a standard.
    pub standards: HashSet<String>,
    /// Words with a numeral that is no quantity, by that numeral and the character behind it (`\0` where the word ends there).
    decoys: HashMap<(char, char), Vec<Decoy>>,
    /// What each character of the basic plane is to a numeral.
    classes: Vec<Class>,
    /// One bit a character: can a numeral begin with it?
    begins: Vec<u64>,
}

/// What a character is to a numeral.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    /// Its value and one; 0 where it is no digit.
    digit: u8,
    /// Power of ten; 0 where it is no scale.
    power: i8,
    /// Does it close a section?
    big: bool,
    /// Is it of the accounting forms, whose characters are words of their own too: 陆, 伍?
    formal: bool,
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
    style: String,
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
struct TrapRow {
    word: String,
    next: String,
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
struct ChangeRow {
    word: String,
    sign: String,
    needs: String,
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
        let numerals = tables.rows::<NumeralRow>("zh/numerals.csv")?;
        let scale_rows = tables.rows::<ScaleRow>("zh/scales.csv")?;
        let (classes, begins) = classes(&numerals, &scale_rows);
        let (mut after_number, mut before_number) = (Vec::new(), Vec::new());
        let traps: HashMap<String, Vec<char>> = tables
            .rows::<TrapRow>("zh/unit_traps.csv")?
            .into_iter()
            .map(|row| (row.fields.word, row.fields.next.chars().collect()))
            .collect();
        for row in tables.rows::<UnitRow>("zh/unit_words.csv")? {
            let fields = row.fields;
            if units.get(&fields.unit).is_none() {
                return Err(Error::failed(format!("{}: unit 「{}」 is not a code of data/units.csv", row.at, fields.unit)));
            }
            let network = fields.role == "network";
            let role = match UnitRole::from_word(&fields.role) {
                Some(role) => role,
                None if network => UnitRole::Measure,
                None => return Err(row.at.unknown("role", &fields.role, "measure, counter, noun or network")),
            };
            let part = match fields.note.rsplit_once(": ") {
                Some((_, "0.01")) => -2,
                Some((_, "0.1")) => -1,
                _ => 0,
            };
            let traps = traps.get(&fields.word).cloned().unwrap_or_default();
            let word = UnitWord { unit: fields.unit, role, network, part, traps };
            match fields.place.as_str() {
                "after" => after_number.push((fields.word, word)),
                "before" => before_number.push((fields.word, word)),
                other => return Err(row.at.unknown("place", other, "before or after")),
            }
        }
        let mut counted = Vec::new();
        for row in tables.rows::<CountedRow>("zh/counted_nouns.csv")? {
            if units.get(&row.fields.unit).is_none() {
                return Err(Error::failed(format!("{}: unit 「{}」 is not a code of data/units.csv", row.at, row.fields.unit)));
            }
            counted.push((row.fields.noun, row.fields.unit));
        }
        let mut compare: HashMap<String, Vec<(String, Comparator)>> = HashMap::default();
        for row in tables.rows::<CompareRow>("zh/compare_words.csv")? {
            let cmp = Comparator::from_word(&row.fields.cmp)
                .ok_or_else(|| row.at.unknown("cmp", &row.fields.cmp, &Comparator::WORDS.join(" ")))?;
            if !["before", "inside", "after", "apart", "ahead"].contains(&row.fields.place.as_str()) {
                return Err(row.at.unknown("place", &row.fields.place, "before, inside, after, apart or ahead"));
            }
            compare.entry(row.fields.place).or_default().push((row.fields.word, cmp));
        }
        let mut compared = |place: &str| compare.remove(place).unwrap_or_default();
        let (before, inside, after) = (compared("before"), compared("inside"), compared("after"));
        let (apart, ahead) = (compared("apart"), compared("ahead"));
        let mut change = Vec::new();
        for row in tables.rows::<ChangeRow>("zh/change_words.csv")? {
            let sign = match row.fields.sign.as_str() {
                "+" => 1,
                "-" => -1,
                "0" => 0,
                other => return Err(row.at.unknown("sign", other, "+ - or 0")),
            };
            let (mut needs_base, mut noun, mut basis) = (false, false, None);
            match row.fields.needs.as_str() {
                "" => {}
                "base" => needs_base = true,
                "noun" => noun = true,
                "yoy" => basis = Some(Basis::Yoy),
                "pop" => basis = Some(Basis::Pop),
                "noun yoy" => (noun, basis) = (true, Some(Basis::Yoy)),
                "noun pop" => (noun, basis) = (true, Some(Basis::Pop)),
                other => return Err(row.at.unknown("needs", other, "base, noun, yoy, pop, noun yoy, noun pop or nothing")),
            }
            change.push((row.fields.word, ChangeWord { sign, needs_base, noun, basis }));
        }
        let mut decoys: HashMap<(char, char), Vec<Decoy>> = HashMap::default();
        for row in tables.rows::<DecoyRow>("zh/decoys.csv")? {
            let reason = Reason::from_word(&row.fields.reason)
                .ok_or_else(|| row.at.unknown("reason", &row.fields.reason, &Reason::WORDS.join(" ")))?;
            let word: Vec<char> = row.fields.word.chars().collect();
            let lead = word.iter().position(|c| holds(&begins, *c)).ok_or_else(|| {
                Error::failed(format!("{}: 「{}」 holds no numeral, so nothing would look for it", row.at, row.fields.word))
            })?;
            let key = (word[lead], word.get(lead + 1).copied().unwrap_or('\0'));
            decoys.entry(key).or_default().push(Decoy { lead, word, reason });
        }
        for list in decoys.values_mut() {
            list.sort_by_key(|decoy| std::cmp::Reverse(decoy.word.len()));
        }
        Ok(Words {
            units: Lexicon::new(after_number),
            currencies: Lexicon::backwards(before_number),
            counted: Lexicon::new(counted),
            before: Lexicon::backwards(before),
            inside: Lexicon::new(inside),
            after: Lexicon::new(after),
            apart: Lexicon::new(apart),
            ahead: Lexicon::new(ahead),
            change: Lexicon::backwards(change),
            cues: Cues::read(tables)?,
            standards: tables.rows::<StandardRow>("zh/standards.csv")?.into_iter().map(|row| row.fields.word).collect(),
            decoys,
            classes,
            begins,
        })
    }

    /// How long the verb of change is that ends before `end`, whatever it is measured from: 上调, 减.
    pub fn changes_before(&self, chars: &[char], end: usize) -> Option<usize> {
        self.change.before_where(chars, end, |word| !word.noun).map(|(length, _)| length)
    }

    /// Can a numeral, or a word that stands for one (翻番, 首位), begin with this character?
    #[inline]
    pub fn begins(&self, c: char) -> bool {
        holds(&self.begins, c)
    }

    /// The value of a digit of Chinese numerals; 廿 and 卅 are 20 and 30.
    #[inline]
    pub fn digit(&self, c: char) -> Option<u8> {
        self.class(c).digit.checked_sub(1)
    }

    /// The power of ten of a scale, and whether it closes a section.
    #[inline]
    pub fn scale(&self, c: char) -> Option<(i32, bool)> {
        let class = self.class(c);
        (class.power != 0).then_some((i32::from(class.power), class.big))
    }

    /// Is it one of the accounting forms, 壹 or 拾?
    pub fn formal(&self, c: char) -> bool {
        self.class(c).formal
    }

    /// Is it a digit or a scale of Chinese numerals?
    #[inline]
    pub fn numeral(&self, c: char) -> bool {
        let class = self.class(c);
        class.digit != 0 || class.power != 0
    }

    fn class(&self, c: char) -> Class {
        self.classes.get(c as usize).copied().unwrap_or_default()
    }

    /// The words with a numeral that is no quantity which could stand around the numeral at `at`, the longest first of each kind.
    pub fn decoys(&self, chars: &[char], at: usize) -> impl Iterator<Item = &Decoy> {
        let of = |next: char| self.decoys.get(&(chars[at], next)).map_or(&[][..], Vec::as_slice);
        let longer = chars.get(at + 1).map_or(&[][..], |&next| of(next));
        longer.iter().chain(of('\0'))
    }
}

/// Is the bit of a character set?
fn holds(bits: &[u64], c: char) -> bool {
    bits.get(c as usize >> 6).is_some_and(|bits| bits >> (c as usize & 63) & 1 == 1)
}

/// What begins or continues a numeral beside digits and scales.
const LEADS: &str = "数几半翻首榜冠";

/// The classes of all characters of the basic plane, and which of them a numeral can begin with.
fn classes(numerals: &[Row<NumeralRow>], scales: &[Row<ScaleRow>]) -> (Vec<Class>, Vec<u64>) {
    let mut classes = vec![Class::default(); 0x1_0000];
    let mut begins = vec![0u64; 0x1_0000 / 64];
    let mut begin = |c: char| {
        if let Some(bits) = begins.get_mut(c as usize >> 6) {
            *bits |= 1 << (c as usize & 63);
        }
    };
    for row in numerals {
        if let Some(class) = classes.get_mut(row.fields.char as usize) {
            class.digit = row.fields.value.min(99) + 1;
            class.formal = row.fields.style == "formal";
        }
        begin(row.fields.char);
    }
    for row in scales {
        if let Some(class) = classes.get_mut(row.fields.char as usize) {
            class.power = row.fields.power.clamp(1, 48) as i8;
            class.big = row.fields.big == 1;
            class.formal = matches!(row.fields.char, '拾' | '佰' | '仟');
        }
        begin(row.fields.char);
    }
    ('0'..='9').chain(LEADS.chars()).for_each(begin);
    (classes, begins)
}
