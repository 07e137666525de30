//! Finds what a person names: a metric, a company, a province.
//!
//! In:  what was typed; a database opened for reading.
//! Out: the one that has it as its code or as one of its names, in either script and any case; or an error that says what to type instead.

use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::knowledge::fold::Fold;
use crate::message::Language;
use crate::serve::nearest::nearest;
use crate::serve::table::plain;
use rusqlite::{Connection, Row};

/// How many names an error lists.
const LISTED: usize = 5;

/// A metric or company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub id: i64,
    pub code: String,
    hant: String,
    hans: String,
    en: Option<String>,
}

impl Named {
    /// Of a row: id, code and names from a column on.
    pub(super) fn of(row: &Row<'_>, at: usize) -> rusqlite::Result<Named> {
        let text = |at: usize| -> rusqlite::Result<String> { Ok(plain(&row.get::<_, String>(at)?)) };
        let en = row.get::<_, Option<String>>(at + 4)?.map(|name| plain(&name));
        Ok(Named { id: row.get(at)?, code: row.get(at + 1)?, hant: text(at + 2)?, hans: text(at + 3)?, en })
    }

    /// Its name in a language; where it has none in English, the simplified one.
    pub(super) fn name(&self, language: Language) -> &str {
        match language {
            Language::Hant => &self.hant,
            Language::Hans => &self.hans,
            Language::En => self.en.as_ref().unwrap_or(&self.hans),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        [Some(&self.hant), Some(&self.hans), self.en.as_ref()].into_iter().flatten().map(String::as_str)
    }

    fn told(&self) -> String {
        format!("{} ({})", self.hant, self.code)
    }
}

/// What can be named, with its names, folded.
struct Entry {
    named: Named,
    names: Vec<String>,
    /// Is there a figure of it?
    is_used: bool,
}

impl Entry {
    fn new(named: Named, others: &str, is_used: bool, fold: &Fold) -> Entry {
        let mut names: Vec<String> = named.names().chain(others.lines()).map(|name| key(name, fold)).collect();
        names.retain(|name| !name.is_empty());
        Entry { named, names, is_used }
    }
}

/// What two ways to write a name have in common.
fn key(name: &str, fold: &Fold) -> String {
    fold.text(name).to_lowercase()
}

/// The metric of that name: its code, a name or other name of it, or what reports call it.
pub(super) fn metric(db: &Connection, typed: &str, fold: &Fold) -> Result<Named> {
    // A metric that a person has merged into another is that one.
    let sql = "SELECT t.id, t.code, t.name_hant, t.name_hans, t.name_en,
                      m.code || char(10) || m.name_hant || char(10) || m.name_hans || char(10) || COALESCE(m.name_en, '') || char(10)
                        || COALESCE((SELECT group_concat(alias, char(10)) FROM metric_aliases WHERE metric_id = m.id), ''),
                      EXISTS (SELECT 1 FROM figures WHERE metric_id = m.id)
                 FROM metrics m JOIN metrics t ON t.id = COALESCE(m.merged_into, m.id) ORDER BY t.code, m.code";
    let entries = entries(db, sql, fold)?;
    let wanted = key(typed, fold);
    let mut found = named(&entries, typed, &wanted);
    if found.is_empty() {
        let mut statement = db.prepare(
            "SELECT DISTINCT f.metric_text, COALESCE(m.merged_into, m.id) FROM figures f JOIN metrics m ON m.id = f.metric_id
              WHERE f.review_status <> 'rejected'",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let label = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let id: i64 = row.get(1)?;
            if key(label, fold) == wanted && !found.iter().any(|named| named.id == id) {
                found.extend(entries.iter().find(|entry| entry.named.id == id).map(|entry| &entry.named));
            }
        }
    }
    match found[..] {
        [one] => Ok(one.clone()),
        [] => Err(Error::failed(format!("there is no metric 「{typed}」; {}", way_out(&entries, &wanted, fold)))),
        _ => {
            Err(Error::failed(format!("several metrics are called 「{typed}」: {}; write the code of the one that is meant", list(&found))))
        }
    }
}

/// The company of that name: its code, a name or other name of it, or a ticker.
pub(super) fn company(db: &Connection, typed: &str, knowledge: &Knowledge) -> Result<Named> {
    let sql = "SELECT id, code, name_hant, name_hans, name_en, code || char(10) || COALESCE(replace(tickers, ';', char(10)), ''),
                      EXISTS (SELECT 1 FROM figures WHERE org_id = organizations.id)
                 FROM organizations ORDER BY code";
    let entries = entries(db, sql, &knowledge.fold)?;
    let wanted = key(typed, &knowledge.fold);
    let mut found = named(&entries, typed, &wanted);
    if found.is_empty()
        && let Some(known) = knowledge.companies.named(typed, &knowledge.fold)
    {
        found.extend(entries.iter().map(|entry| &entry.named).filter(|named| named.code == known.code));
    }
    match found[..] {
        [one] => Ok(one.clone()),
        [] => {
            let way_out = match nearest(&wanted, entries.iter().flat_map(|entry| &entry.names)) {
                Some(name) => {
                    let meant = entries.iter().find(|entry| entry.names.contains(name)).map(|entry| entry.named.told()).unwrap_or_default();
                    format!("the nearest is 「{meant}」")
                }
                None => {
                    let used: Vec<&Named> = entries.iter().filter(|entry| entry.is_used).map(|entry| &entry.named).collect();
                    format!("the database has {}", list(&used))
                }
            };
            Err(Error::failed(format!("there is no company 「{typed}」; {way_out}")))
        }
        _ => Err(Error::failed(format!(
            "several companies are called 「{typed}」: {}; write the code of the one that is meant",
            list(&found)
        ))),
    }
}

/// The ISO code of the province of that name or code.
pub(super) fn province(typed: &str, knowledge: &Knowledge) -> Result<String> {
    let places = &knowledge.places;
    if let Some(province) = places.province_named(typed, &knowledge.fold) {
        return Ok(province.iso_code.clone());
    }
    // Of names of one or two characters any other would be near.
    let long = |name: &&str| name.chars().count() > 2;
    let way_out = match nearest(typed, places.provinces.iter().flat_map(|province| province.names().filter(long))) {
        Some(name) => format!("the nearest is 「{name}」"),
        None => "expected a name or code such as 青海, Qinghai or CN-QH".to_string(),
    };
    Err(Error::failed(format!("there is no province 「{typed}」; {way_out}")))
}

fn entries(db: &Connection, sql: &str, fold: &Fold) -> Result<Vec<Entry>> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let others: String = row.get(5)?;
        Ok(Entry::new(Named::of(row, 0)?, &others, row.get(6)?, fold))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Those of a code or name; where some of them have figures, those.
fn named<'e>(entries: &'e [Entry], typed: &str, wanted: &str) -> Vec<&'e Named> {
    if let Some(entry) = entries.iter().find(|entry| entry.named.code == typed) {
        return vec![&entry.named];
    }
    let of_name: Vec<&Entry> = entries.iter().filter(|entry| entry.names.iter().any(|name| name == wanted)).collect();
    let any_used = of_name.iter().any(|entry| entry.is_used);
    let mut found: Vec<&Named> = Vec::new();
    for entry in of_name.into_iter().filter(|entry| entry.is_used || !any_used) {
        if !found.iter().any(|named| named.id == entry.named.id) {
            found.push(&entry.named);
        }
    }
    found
}

/// What may have been meant: metrics whose names hold what was typed, or the nearest name.
fn way_out(entries: &[Entry], wanted: &str, fold: &Fold) -> String {
    let used = || entries.iter().filter(|entry| entry.is_used);
    let mut holding: Vec<&Named> = Vec::new();
    for entry in used().filter(|entry| !wanted.is_empty() && entry.names.iter().any(|name| name.contains(wanted))) {
        if !holding.iter().any(|named| named.id == entry.named.id) {
            holding.push(&entry.named);
        }
    }
    // The shortest name is the plainest.
    holding.sort_by_key(|named| key(&named.hans, fold).chars().count());
    if !holding.is_empty() {
        return format!("its characters are in {}", list(&holding));
    }
    match nearest(wanted, used().flat_map(|entry| entry.names.iter().map(move |name| (name, entry))).map(Near)) {
        Some(Near((_, entry))) => format!("the nearest is 「{}」", entry.named.told()),
        None => "`reportsql search WORD` finds words in the names of metrics".to_string(),
    }
}

struct Near<'e>((&'e String, &'e Entry));

impl AsRef<str> for Near<'_> {
    fn as_ref(&self) -> &str {
        self.0.0
    }
}

/// `4G基站 (base_stations_4g), 5G基站 (base_stations_5g) and 3 more`
fn list(names: &[&Named]) -> String {
    let told: Vec<String> = names.iter().take(LISTED).map(|named| named.told()).collect();
    let more = names.len().saturating_sub(LISTED);
    told.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}
