//! Units: `data/units.csv`.

use super::table::Tables;
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use foldhash::HashMap;
use serde::Deserialize;

/// A unit of measure; multipliers are never part of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Unit {
    /// `kWh`, `户`, `件/百万用户`.
    pub code: String,
    /// Its code in UCUM, where it has one.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub ucum: Option<String>,
    /// What is measured: energy, money, count …
    pub quantity: String,
    /// The unit all of that quantity convert to.
    pub base_code: String,
    /// How many of the base unit one is; exact.
    #[serde(deserialize_with = "super::decimal")]
    pub factor: Decimal,
    /// Name in traditional script.
    pub name_hant: String,
    /// Name in simplified script.
    pub name_hans: String,
    /// Name in English.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub name_en: Option<String>,
}

/// All units, by code.
#[derive(Debug)]
pub struct Units {
    all: Vec<Unit>,
    by_code: HashMap<String, usize>,
}

impl Units {
    pub(super) fn read(tables: &Tables) -> Result<Units> {
        let mut units = Units { all: Vec::new(), by_code: HashMap::default() };
        let rows = tables.rows::<Unit>("units.csv")?;
        for row in &rows {
            match units.by_code.get(&row.fields.code) {
                Some(&at) => units.all[at] = row.fields.clone(),
                None => {
                    units.by_code.insert(row.fields.code.clone(), units.all.len());
                    units.all.push(row.fields.clone());
                }
            }
        }
        for row in &rows {
            if units.get(&row.fields.base_code).is_none() {
                return Err(Error::failed(format!("{}: base_code 「{}」 is no code of units.csv", row.at, row.fields.base_code)));
            }
        }
        Ok(units)
    }

    /// The unit of a code.
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).map(|&at| &self.all[at])
    }

    /// All units, in the order of the table.
    pub fn all(&self) -> &[Unit] {
        &self.all
    }
}
