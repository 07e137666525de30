//! What the analyst is told of each doubt: `data/checks.csv`, and the names it does not hold for: `data/zh/excuse_words.csv`.

use super::table::Tables;
use crate::error::{Error, Result};
use crate::message::Wording;
use crate::model::Severity;
use foldhash::HashMap;
use serde::Deserialize;

/// A doubt that can be computed.
#[derive(Debug, Clone)]
pub struct Check {
    /// `share-over-100`
    pub code: String,
    /// How bad.
    pub severity: Severity,
    /// One sentence; braces stand for what the check fills in.
    pub message: Wording,
    /// Words in a metric's name that excuse its figures.
    pub excuses: Vec<String>,
}

/// All checks, by code.
#[derive(Debug)]
pub struct Checks {
    all: Vec<Check>,
    by_code: HashMap<String, usize>,
}

#[derive(Deserialize)]
struct CheckRow {
    code: String,
    severity: String,
    message_en: String,
    message_hant: String,
    message_hans: String,
}
#[derive(Deserialize)]
struct ExcuseRow {
    check: String,
    word: String,
}

impl Checks {
    pub(super) fn read(tables: &Tables) -> Result<Checks> {
        let mut checks = Checks { all: Vec::new(), by_code: HashMap::default() };
        for row in tables.rows::<CheckRow>("checks.csv")? {
            let CheckRow { code, severity: word, message_en: en, message_hant: hant, message_hans: hans } = row.fields;
            let severity = Severity::from_word(&word).ok_or_else(|| {
                Error::failed(format!("{}: severity 「{word}」 is unknown; expected {}", row.at, Severity::WORDS.join(", ")))
            })?;
            let check = Check { code, severity, message: Wording { hant, hans, en }, excuses: Vec::new() };
            match checks.by_code.get(&check.code) {
                Some(&at) => checks.all[at] = check,
                None => {
                    checks.by_code.insert(check.code.clone(), checks.all.len());
                    checks.all.push(check);
                }
            }
        }
        for row in tables.rows::<ExcuseRow>("zh/excuse_words.csv")? {
            let Some(&at) = checks.by_code.get(&row.fields.check) else {
                return Err(Error::failed(format!("{}: check 「{}」 is no code of data/checks.csv", row.at, row.fields.check)));
            };
            checks.all[at].excuses.push(row.fields.word);
        }
        Ok(checks)
    }

    /// The check of a code.
    pub fn get(&self, code: &str) -> Option<&Check> {
        self.by_code.get(code).map(|&at| &self.all[at])
    }

    /// All checks, in the order of the table.
    pub fn all(&self) -> &[Check] {
        &self.all
    }

    /// Does a folded name excuse its figures from a check?
    pub fn excused(&self, code: &str, folded_name: &str) -> bool {
        self.get(code).is_some_and(|check| check.excuses.iter().any(|word| folded_name.contains(word.as_str())))
    }
}
