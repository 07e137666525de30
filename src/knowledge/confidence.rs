//! How often each rule of `bind` is right: `data/confidence.csv`.

use super::table::Tables;
use crate::error::{Error, Result};
use foldhash::HashMap;
use serde::Deserialize;

/// How often figures of each rule were right in every field that counts.
#[derive(Debug)]
pub struct Confidence {
    by_rule: HashMap<String, f64>,
}

#[derive(Debug, Clone, Deserialize)]
struct Row {
    rule: String,
    confidence: f64,
}

impl Confidence {
    pub(super) fn read(tables: &Tables) -> Result<Confidence> {
        let mut by_rule = HashMap::default();
        for row in tables.rows::<Row>("confidence.csv")? {
            if !(0.0..=1.0).contains(&row.fields.confidence) {
                return Err(Error::failed(format!("{}: confidence {} is not between 0 and 1", row.at, row.fields.confidence)));
            }
            by_rule.insert(row.fields.rule, row.fields.confidence);
        }
        Ok(Confidence { by_rule })
    }

    /// The confidence in a rule; one half in a rule without a row.
    ///
    /// ```
    /// let knowledge = reportsql::knowledge::Knowledge::read(None).unwrap();
    /// assert!(knowledge.confidence.of("table") > 0.8);
    /// assert_eq!(knowledge.confidence.of("no rule"), 0.5);
    /// ```
    pub fn of(&self, rule: &str) -> f64 {
        self.by_rule.get(rule).copied().unwrap_or(0.5)
    }

    /// Has the rule a row?
    pub fn knows(&self, rule: &str) -> bool {
        self.by_rule.contains_key(rule)
    }
}
