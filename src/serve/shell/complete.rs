//! What the word before the cursor may become.
//!
//! In:  the names of a database, a text, where the cursor stands.
//! Out: where the word begins, and what may stand in its place.

use super::{COMMANDS, word};
use crate::error::Result;
use crate::serve::query::Format;
use clap::ValueEnum;
use rusqlite::Connection;

/// The words of SQL that a question is made of.
const KEYWORDS: &str = "ALL AND AS ASC BETWEEN BY CASE CAST COLLATE CROSS DESC DISTINCT ELSE END ESCAPE EXCEPT EXISTS EXPLAIN FROM FULL GLOB GROUP HAVING IN \
    INNER INTERSECT IS JOIN LEFT LIKE LIMIT NOT NULL NULLS OFFSET ON OR ORDER OVER PARTITION QUERY PLAN RECURSIVE SELECT THEN UNION USING VALUES WHEN WHERE \
    WINDOW WITH";

/// Functions that questions use most.
const FUNCTIONS: &str =
    "abs avg coalesce count group_concat ifnull iif instr length lower max min nullif replace round substr sum total trim upper";

/// What words may become.
#[derive(Debug, Default)]
pub struct Names {
    /// Tables and views with their columns.
    tables: Vec<(String, Vec<String>)>,
    /// What stands in quotes most often: codes of metrics, provinces, reports, units; names of companies.
    codes: Vec<String>,
}

impl Names {
    pub(super) fn read(db: &Connection) -> Result<Names> {
        let column = |sql: &str| -> rusqlite::Result<Vec<String>> { db.prepare(sql)?.query_map([], |row| row.get(0))?.collect() };
        let tables = column("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")?;
        let columns = |table: &String| -> rusqlite::Result<Vec<String>> {
            db.prepare("SELECT name FROM pragma_table_info(?1)")?.query_map([table], |row| row.get(0))?.collect()
        };
        let tables = tables.into_iter().map(|table| columns(&table).map(|columns| (table, columns))).collect::<rusqlite::Result<_>>()?;
        let codes = column(
            "SELECT code FROM metrics WHERE EXISTS (SELECT 1 FROM figures WHERE metric_id = metrics.id)
             UNION SELECT name_hans FROM metrics WHERE EXISTS (SELECT 1 FROM figures WHERE metric_id = metrics.id)
             UNION SELECT iso_code FROM provinces UNION SELECT name_hans FROM provinces UNION SELECT code FROM reports
             UNION SELECT name_hant FROM organizations UNION SELECT code FROM units ORDER BY 1",
        )?;
        Ok(Names { tables, codes })
    }

    /// Where the word before `cursor`, a byte of `text`, begins, and what it may become.
    pub fn complete(&self, text: &str, cursor: usize) -> (usize, Vec<String>) {
        let before = &text[..cursor];
        if before.trim_start().starts_with('.') {
            return self.command(before);
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        // An odd number of quotes: the last one is open.
        if before.matches('\'').count() % 2 == 1 {
            let start = before.rfind('\'').map_or(cursor, |at| at + 1);
            return (start, starting(&before[start..], self.codes.iter().map(String::as_str)));
        }
        let start = before.char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or(cursor, |(at, _)| at);
        let typed = &before[start..];
        let last = before[..start].split_whitespace().next_back().unwrap_or_default().to_uppercase();
        if last == "FROM" || last == "JOIN" {
            return (start, starting(typed, self.tables.iter().map(|(table, _)| table.as_str())));
        }
        let words: Vec<&str> = text.split(|c| !is_word(c)).collect();
        let named = self.tables.iter().filter(|(table, _)| words.iter().any(|word| word.eq_ignore_ascii_case(table)));
        let mut found: Vec<String> = Vec::new();
        let of_named: Vec<&str> = named.flat_map(|(_, columns)| columns.iter().map(String::as_str)).collect();
        found.extend(starting(typed, of_named.iter().copied()));
        // Behind `f.` stands a column; behind nothing anything could.
        if !typed.is_empty() && !before[..start].ends_with('.') {
            if of_named.is_empty() {
                found.extend(starting(typed, self.tables.iter().flat_map(|(_, columns)| columns.iter().map(String::as_str))));
            }
            found.extend(starting(typed, self.tables.iter().map(|(table, _)| table.as_str())));
            let is_upper = typed.chars().all(|c| !c.is_lowercase());
            let cased = |word: &str| if is_upper { word.to_uppercase() } else { word.to_lowercase() };
            found.extend(starting(typed, KEYWORDS.split_whitespace()).iter().map(|word| cased(word)));
            found.extend(starting(typed, FUNCTIONS.split(' ')));
        }
        let mut known = std::collections::HashSet::new();
        found.retain(|name| known.insert(name.clone()));
        (start, found)
    }

    fn command(&self, before: &str) -> (usize, Vec<String>) {
        let start = before.rfind(char::is_whitespace).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let typed = &before[start..];
        let found = match before.split_whitespace().next().filter(|_| !typed.starts_with('.')) {
            None => starting(typed, COMMANDS.iter().map(|(name, ..)| *name)),
            Some(".schema" | ".columns") => starting(typed, self.tables.iter().map(|(table, _)| table.as_str())),
            Some(".mode") => {
                let formats: Vec<String> = Format::value_variants().iter().map(|format| word(*format)).collect();
                starting(typed, formats.iter().map(String::as_str))
            }
            Some(".timer") => starting(typed, ["on", "off"]),
            Some(_) => Vec::new(),
        };
        (start, found)
    }
}

/// The names that start with what was typed, whatever the case.
fn starting<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let typed = typed.to_lowercase();
    names.into_iter().filter(|name| name.to_lowercase().starts_with(&typed)).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, start: usize, expect: &[&str]) {
        let names = Names {
            tables: vec![
                ("flat_facts".into(), vec!["figure_id".into(), "metric_code".into(), "metric_hans".into()]),
                ("units".into(), vec!["code".into(), "factor".into()]),
            ],
            codes: vec!["CN-QH".into(), "users_4g".into(), "青海省".into()],
        };
        // The bar is the cursor.
        let cursor = text.find('|').unwrap();
        assert_eq!(names.complete(&text.replace('|', ""), cursor), (start, expect.iter().map(ToString::to_string).collect()), "{text}");
    }

    #[test]
    fn a_word_becomes_what_fits_its_place() {
        check("SEL|", 0, &["SELECT"]);
        check("sel|", 0, &["select"]);
        check("SELECT * FROM |", 14, &["flat_facts", "units"]);
        check("SELECT * FROM u|", 14, &["units"]);
        check("SELECT met| FROM flat_facts", 7, &["metric_code", "metric_hans"]);
        check("SELECT f.| FROM flat_facts f", 9, &["figure_id", "metric_code", "metric_hans"]);
        check("SELECT fa| FROM flat_facts", 7, &[]);
        check("SELECT fa|", 7, &["factor"]);
        check("SELECT cou|", 7, &["count"]);
        check("SELECT 1 |", 9, &[]);
    }

    #[test]
    fn codes_stand_in_quotes() {
        check("SELECT * FROM flat_facts WHERE metric_code = 'us|", 46, &["users_4g"]);
        check("WHERE province_hans = '青|", 23, &["青海省"]);
        check("FROM flat_facts WHERE a = 'users_4g' AND figure|", 41, &["figure_id"]);
    }

    #[test]
    fn commands_have_their_own_words() {
        check(".ta|", 0, &[".tables"]);
        check(".schema f|", 8, &["flat_facts"]);
        check(".mode j|", 6, &["json", "jsonl"]);
        check(".timer |", 7, &["on", "off"]);
        check(".read |", 6, &[]);
    }
}
