//! What divides a whole into parts: `data/parts.csv` by codes of metrics, `data/zh/part_words.csv` by words in their names.

use super::metrics::Metrics;
use super::table::Tables;
use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Both tables.
#[derive(Debug)]
pub struct Parts {
    /// By the code of a whole its parts: at most all of it, and nothing twice.
    pub codes: BTreeMap<String, Vec<String>>,
    /// Words, folded, that stand for each other in names whose figures together are all of what the name says without the word.
    pub words: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Part {
    whole: String,
    part: String,
}

#[derive(Deserialize)]
struct PartWord {
    set: String,
    word: String,
}

impl Parts {
    pub(super) fn read(tables: &Tables, metrics: &Metrics) -> Result<Parts> {
        let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in tables.rows::<Part>("parts.csv")? {
            for code in [&row.fields.whole, &row.fields.part] {
                if metrics.get(code).is_none() {
                    return Err(Error::failed(format!("{}: 「{code}」 is no code of any metrics.csv", row.at)));
                }
            }
            codes.entry(row.fields.whole).or_default().push(row.fields.part);
        }
        let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in tables.rows::<PartWord>("zh/part_words.csv")? {
            sets.entry(row.fields.set).or_default().push(row.fields.word);
        }
        Ok(Parts { codes, words: sets.into_values().collect() })
    }
}
