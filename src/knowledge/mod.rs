//! What the program knows beside its grammar: the tables of `data/`.
//!
//! In:  the tables the program carries, and those of `--data DIR` over them.
//! Out: a [`Knowledge`], read once, used by every stage and changed by none.
//!
//! One file here reads one table or one family of tables; `data/README.md` lists them all.

pub mod checks;
pub mod companies;
pub mod confidence;
pub mod cues;
pub mod fold;
pub mod grammar;
pub mod lexicon;
pub mod metrics;
pub mod parts;
pub mod place_names;
pub mod places;
mod table;
pub mod units;
pub mod words;

use crate::decimal::Decimal;
use crate::error::Result;
use serde::{Deserialize, Deserializer, de};
use std::path::Path;
use std::sync::OnceLock;

/// All tables.
#[derive(Debug)]
pub struct Knowledge {
    /// Characters as they are matched.
    pub fold: fold::Fold,
    /// Units and their factors.
    pub units: units::Units,
    /// Provinces and places.
    pub places: places::Places,
    /// How places are written.
    pub place_names: place_names::PlaceNames,
    /// Words that end the name of a site, backwards.
    pub sites: lexicon::Lexicon<()>,
    /// Words that make a branch of a company out of the place before them.
    pub branches: lexicon::Lexicon<()>,
    /// How quantities are written.
    pub words: words::Words,
    /// Words that bind a number to what it measures.
    pub grammar: grammar::Grammar,
    /// The catalogue of metrics.
    pub metrics: metrics::Metrics,
    /// Companies that report.
    pub companies: companies::Companies,
    tables: table::Tables,
    /// Of the tables, once it was asked for.
    hash: OnceLock<String>,
    /// How often each rule is right.
    pub confidence: confidence::Confidence,
    /// What is told of each doubt.
    pub checks: checks::Checks,
    /// What divides a whole into parts.
    pub parts: parts::Parts,
}

impl Knowledge {
    /// Reads the tables the program carries, with those of a folder over them.
    ///
    /// Fails where a row lacks a column or names a code that no table has; the error says file and line.
    ///
    /// ```
    /// let knowledge = reportsql::knowledge::Knowledge::read(None).unwrap();
    /// assert_eq!(knowledge.fold.text("充電樁到達23萬個"), "充电桩到达23万个");
    /// ```
    pub fn read(folder: Option<&Path>) -> Result<Knowledge> {
        let tables = table::Tables::read(folder)?;
        let fold = fold::Fold::read(&tables)?;
        let units = units::Units::read(&tables)?;
        let places = places::Places::read(&tables)?;
        let place_names = place_names::PlaceNames::read(&tables, &places, &fold)?;
        let sites = lexicon::Lexicon::backwards(tables.rows::<Word>("zh/site_words.csv")?.into_iter().map(|row| (row.fields.word, ())));
        let branches = lexicon::Lexicon::new(tables.rows::<Word>("zh/branch_words.csv")?.into_iter().map(|row| (row.fields.word, ())));
        let words = words::Words::read(&tables, &units)?;
        let grammar = grammar::Grammar::read(&tables)?;
        let metrics = metrics::Metrics::read(&tables, &units, &fold)?;
        let companies = companies::Companies::read(&tables, &fold)?;
        let checks = checks::Checks::read(&tables)?;
        let parts = parts::Parts::read(&tables, &metrics)?;
        let confidence = confidence::Confidence::read(&tables)?;
        Ok(Knowledge {
            fold,
            units,
            places,
            place_names,
            sites,
            branches,
            words,
            grammar,
            metrics,
            companies,
            confidence,
            checks,
            parts,
            tables,
            hash: OnceLock::new(),
        })
    }

    /// SHA-256 of all tables, in hexadecimal: the same knowledge reads the same.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| self.tables.hash())
    }
}

/// A row of a table that is a list of words.
#[derive(Deserialize)]
struct Word {
    word: String,
}

/// An empty cell is no value.
fn blank_is_none<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    Ok((!text.is_empty()).then_some(text))
}

/// A cell that holds an exact decimal.
fn decimal<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Decimal, D::Error> {
    String::deserialize(from)?.parse().map_err(de::Error::custom)
}
