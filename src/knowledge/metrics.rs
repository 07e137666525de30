//! The catalogue of metrics: `data/industry/*/metrics.csv` (codes) and `data/industry/*/zh.csv` (their words).

use super::fold::Fold;
use super::table::Tables;
use crate::error::{Error, Result};
use foldhash::HashMap;
use serde::Deserialize;

/// A metric that reports of some industry state.
#[derive(Debug, Clone, Deserialize)]
pub struct Metric {
    /// `base_stations_4g`
    pub code: String,
    /// 4G基站
    pub name_hant: String,
    /// 4G基站
    pub name_hans: String,
    /// 4G base stations
    pub name_en: String,
    /// What is counted and what is not, in one sentence; in the standard terms of its field.
    pub definition_hant: String,
    /// The same in simplified script.
    pub definition_hans: String,
    /// The same in English, shorter.
    pub definition_en: String,
    /// network, users, finance …
    pub category: String,
    /// Code of the canonical unit; empty for a pure number such as PUE.
    pub unit: String,
    /// count, money, ratio …
    pub quantity: String,
    /// instant or duration.
    pub period_type: String,
    /// sum, last, mean, none.
    pub aggregation: String,
    /// higher, lower, neutral.
    pub better: String,
    /// Code of the broader metric.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub parent: Option<String>,
    /// Crosswalk to GRI: `code match`, joined with `;`.
    pub gri: String,
    /// To SASB.
    pub sasb: String,
    /// To HKEX.
    pub hkex: String,
    /// To ITU.
    pub itu: String,
    /// To the labels of MIIT.
    pub miit: String,
}

#[derive(Deserialize)]
struct Alias {
    metric: String,
    alias: String,
}

/// The catalogue.
#[derive(Debug)]
pub struct Metrics {
    /// All metrics.
    pub all: Vec<Metric>,
    /// Other names: code of the metric, name in simplified script.
    pub aliases: Vec<(String, String)>,
    by_name: HashMap<String, usize>,
    by_code: HashMap<String, usize>,
}

impl Metrics {
    pub(super) fn read(tables: &Tables, units: &super::units::Units, fold: &Fold) -> Result<Metrics> {
        let mut metrics = Metrics { all: Vec::new(), aliases: Vec::new(), by_name: HashMap::default(), by_code: HashMap::default() };
        for name in tables.named("industry/", "/metrics.csv") {
            for row in tables.rows::<Metric>(name)? {
                if !row.fields.unit.is_empty() && units.get(&row.fields.unit).is_none() {
                    return Err(Error::failed(format!("{}: unit 「{}」 is no code of units.csv", row.at, row.fields.unit)));
                }
                match metrics.by_code.get(&row.fields.code) {
                    Some(&at) => metrics.all[at] = row.fields,
                    None => {
                        metrics.by_code.insert(row.fields.code.clone(), metrics.all.len());
                        metrics.all.push(row.fields);
                    }
                }
            }
        }
        for (at, metric) in metrics.all.iter().enumerate() {
            for name in [&metric.name_hant, &metric.name_hans] {
                metrics.by_name.insert(bare(&fold.text(name)), at);
            }
        }
        for name in tables.named("industry/", "/zh.csv") {
            for row in tables.rows::<Alias>(name)? {
                let Some(&at) = metrics.by_code.get(&row.fields.metric) else {
                    return Err(Error::failed(format!("{}: 「{}」 is no code of any metrics.csv", row.at, row.fields.metric)));
                };
                metrics.by_name.insert(bare(&fold.text(&row.fields.alias)), at);
                metrics.aliases.push((row.fields.metric, row.fields.alias));
            }
        }
        Ok(metrics)
    }

    /// The metric of a code.
    pub fn get(&self, code: &str) -> Option<&Metric> {
        self.by_code.get(code).map(|&at| &self.all[at])
    }

    /// The metric that a label names, its own folded name or an alias; words that change nothing are left out.
    pub fn named(&self, folded_label: &str) -> Option<&Metric> {
        self.by_name.get(&bare(folded_label)).map(|&at| &self.all[at])
    }
}

/// A label without the endings and marks that do not change what it names: 「4G基站总数」 is 「4G基站」.
pub(crate) fn bare(label: &str) -> String {
    let mark =
        |c: &char| matches!(c, '「' | '」' | '『' | '』' | '《' | '》' | '“' | '”' | '"' | '、' | ',' | '(' | ')' | '-' | '/' | '的');
    let mut plain = String::with_capacity(label.len());
    for c in label.chars().filter(|c| !mark(c) && !c.is_whitespace()) {
        // Han characters have no case.
        if ('\u{3400}'..='\u{9FFF}').contains(&c) { plain.push(c) } else { plain.extend(c.to_lowercase()) }
    }
    for ending in ["总数", "数量", "总量", "数"] {
        if let Some(rest) = plain.strip_suffix(ending).filter(|rest| rest.chars().count() > 1) {
            return rest.to_string();
        }
    }
    plain
}
