//! Companies that report: `data/source/companies.csv`.

use super::fold::Fold;
use super::table::Tables;
use crate::error::Result;
use serde::Deserialize;
use std::collections::HashMap;

/// A company whose reports are known.
#[derive(Debug, Clone, Deserialize)]
pub struct Company {
    /// `china-unicom`
    pub code: String,
    /// 中國聯通
    pub name_hant: String,
    /// 中国联通
    pub name_hans: String,
    /// China Unicom
    pub name_en: String,
    /// Where it is listed: `0762.HK;600050.SH`.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub tickers: Option<String>,
    /// Other names, simplified, joined with `;`: the full name first.
    pub aliases: String,
}

/// All companies.
#[derive(Debug)]
pub struct Companies {
    /// In the order of their codes.
    pub all: Vec<Company>,
    by_name: HashMap<String, usize>,
}

impl Companies {
    pub(super) fn read(tables: &Tables, fold: &Fold) -> Result<Companies> {
        let mut companies = Companies { all: Vec::new(), by_name: HashMap::new() };
        let mut by_code: HashMap<String, usize> = HashMap::new();
        for row in tables.rows::<Company>("source/companies.csv")? {
            match by_code.get(&row.fields.code) {
                Some(&at) => companies.all[at] = row.fields,
                None => {
                    by_code.insert(row.fields.code.clone(), companies.all.len());
                    companies.all.push(row.fields);
                }
            }
        }
        for (at, company) in companies.all.iter().enumerate() {
            for name in company.names() {
                companies.by_name.insert(folded(name, fold), at);
            }
        }
        Ok(companies)
    }

    /// The company that a code, name, other name or ticker stands for, in any script and case.
    ///
    /// ```
    /// let knowledge = reportsql::knowledge::Knowledge::read(None).unwrap();
    /// let company = knowledge.companies.named("中國聯通", &knowledge.fold).unwrap();
    /// assert_eq!(company.code, "china-unicom");
    /// assert_eq!(knowledge.companies.named("0762.hk", &knowledge.fold).unwrap().code, "china-unicom");
    /// ```
    pub fn named(&self, name: &str, fold: &Fold) -> Option<&Company> {
        self.by_name.get(&folded(name, fold)).map(|&at| &self.all[at])
    }
}

impl Company {
    /// Everything it is called: code, names, other names, tickers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let lists = [Some(self.aliases.as_str()), self.tickers.as_deref()].into_iter().flatten();
        [&self.code, &self.name_hant, &self.name_hans, &self.name_en]
            .into_iter()
            .map(String::as_str)
            .chain(lists.flat_map(|list| list.split(';')))
            .filter(|name| !name.is_empty())
    }
}

fn folded(name: &str, fold: &Fold) -> String {
    fold.text(name).to_lowercase()
}
