//! How places are written: every name of `provinces.csv` and `places.csv`, looked up in folded text.
//!
//! In:  folded text and a position.
//! Out: the names that begin there, with how far each may be trusted alone.

use super::fold::Fold;
use super::lexicon::Lexicon;
use super::places::Places;
use super::table::Tables;
use crate::error::Result;
use foldhash::{HashMap, HashSet};
use serde::Deserialize;

/// How a name binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// A full name: 哈密市.
    Full,
    /// A short name that binds alone: 青海, 哈密.
    Short,
    /// A short name that needs company: its province before it, a list of places, a branch behind it.
    Context,
}

/// A name and the place it may mean.
#[derive(Debug, Clone)]
pub struct PlaceName {
    /// Code of `places.csv` or `provinces.csv`.
    pub code: String,
    /// How it binds.
    pub trust: Trust,
    /// The place is gone; one that lives goes first.
    pub gone: bool,
}

/// All names.
#[derive(Debug)]
pub struct PlaceNames {
    names: Lexicon<Vec<PlaceName>>,
    /// What makes another name of a place name when it follows: 北京时间, 上海证券.
    brands: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Ambiguous {
    name: String,
    why: String,
    next: String,
}

impl PlaceNames {
    pub(super) fn read(tables: &Tables, places: &Places, fold: &Fold) -> Result<PlaceNames> {
        let mut names: HashMap<String, Vec<PlaceName>> = HashMap::default();
        let mut add = |name: &str, code: &str, trust, gone| {
            let name = fold.text(name);
            if name.chars().count() > 1 {
                let list = names.entry(name).or_default();
                if !list.iter().any(|known| known.code == code) {
                    list.push(PlaceName { code: code.to_string(), trust, gone });
                }
            }
        };
        for province in &places.provinces {
            add(&province.name_hans, &province.code, Trust::Full, false);
            add(&province.short_hans, &province.code, Trust::Short, false);
            if let Some(short) = &province.abbr2_hans {
                add(short, &province.code, Trust::Short, false);
            }
        }
        let (mut brands, mut never) = (HashMap::default(), HashSet::default());
        for row in tables.rows::<Ambiguous>("ambiguous_places.csv")? {
            if !row.fields.next.is_empty() {
                brands.insert(row.fields.name.clone(), row.fields.next.split(';').map(str::to_string).collect());
            }
            if row.fields.why == "word" {
                never.insert(row.fields.name);
            }
        }
        for area in &places.areas {
            let gone = area.gone.is_some();
            let trust = match area.bare.as_str() {
                "yes" => Some(Trust::Short),
                "context" => Some(Trust::Context),
                _ => None,
            };
            if area.short_hans.is_empty() {
                // Without a short form the rule for bare names speaks of the whole name.
                if let Some(trust) = trust {
                    add(&area.name_hans, &area.code, trust, gone);
                }
            } else {
                let full = if area.name_hans.chars().count() > 2 { Trust::Full } else { Trust::Context };
                add(&area.name_hans, &area.code, full, gone);
                if let Some(trust) = trust.filter(|_| !never.contains(&area.short_hans) || trust == Some(Trust::Short)) {
                    add(&area.short_hans, &area.code, trust, gone);
                }
            }
            for alias in area.aliases.split(';').filter(|alias| !alias.is_empty()) {
                add(alias, &area.code, Trust::Full, gone);
            }
        }
        Ok(PlaceNames { names: Lexicon::new(names), brands })
    }

    /// The longest name that begins at `at`, unless what follows makes another name of it.
    pub fn at(&self, chars: &[char], at: usize) -> Option<(usize, &[PlaceName])> {
        let (length, list) = self.names.at(chars, at)?;
        let end = at + length;
        if !self.brands.is_empty() && length <= 3 {
            let name: String = chars[at..end].iter().collect();
            let branded = self.brands.get(&name).is_some_and(|next| next.iter().any(|word| follows(chars, end, word)));
            if branded {
                return None;
            }
        }
        Some((length, list))
    }
}

fn follows(chars: &[char], at: usize, word: &str) -> bool {
    let mut rest = chars[at.min(chars.len())..].iter();
    word.chars().all(|c| rest.next() == Some(&c))
}
