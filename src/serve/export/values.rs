//! Words what a database holds as codes, or in English.
//!
//! In:  a column, a language.
//! Out: SQL that gives the words for its values. A code that has none, and the symbol of a unit that everybody reads, stay as they are.
//!
//! The words are rows of `data/values.csv`; units have their names in the table `units`.

use super::columns::quoted;
use crate::message::Language;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A value as it is stored, and what is told for it in the order of [`Language`].
type Worded = (String, [String; 3]);

/// The values of each column.
static VALUES: LazyLock<HashMap<String, Vec<Worded>>> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(include_bytes!("../../../data/values.csv").as_slice());
    let mut values: HashMap<String, Vec<_>> = HashMap::new();
    for row in reader.deserialize() {
        let (column, value, hant, hans, en): (String, String, String, String, String) =
            row.expect("the table is part of the program, and a test reads it");
        values.entry(column).or_default().push((value, [hant, hans, en]));
    }
    values
});

/// The words of a column's values, where it has any: of the column of that name, or of one that its name ends in.
fn of_column(column: &str) -> Option<&'static [Worded]> {
    let ends = |known: &str| column.strip_suffix(known).is_some_and(|before| before.ends_with('_'));
    let found = VALUES.get(column).or_else(|| VALUES.iter().find(|(known, _)| ends(known)).map(|(_, values)| values));
    found.map(Vec::as_slice)
}

/// Text as SQL wants it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// SQL for the value of a text column in a language; none where it holds neither codes nor units.
pub(super) fn worded(column: &str, language: Language) -> Option<String> {
    let expression = quoted(column);
    if column == "unit" || column == "unit_base" || column.ends_with("_unit") {
        return Some(format!("COALESCE({}, {expression})", unit(&expression, Some(language))));
    }
    let cases: Vec<String> = of_column(column)?
        .iter()
        .filter(|(value, words)| *value != words[language as usize])
        .map(|(value, words)| format!(" WHEN {} THEN {}", literal(value), literal(&words[language as usize])))
        .collect();
    (!cases.is_empty()).then(|| format!("CASE {expression}{} ELSE {expression} END", cases.concat()))
}

/// What is told instead of a value of a column.
pub(super) fn word<'v>(column: &str, value: &'v str, language: Option<Language>) -> &'v str {
    let words = language.and_then(|language| Some((of_column(column)?, language)));
    let found = words.and_then(|(values, language)| Some(&values.iter().find(|(known, _)| known == value)?.1[language as usize]));
    found.map_or(value, String::as_str)
}

/// SQL for what a unit is called, of SQL for its code: the code where no language is asked for.
pub(super) fn unit(code: &str, language: Option<Language>) -> String {
    let (first, second, codes) = match language {
        None => return code.to_string(),
        Some(Language::Hant) => ("name_hant", "name_hans", "'ratio'"),
        Some(Language::Hans) => ("name_hans", "name_hant", "'ratio'"),
        // Currencies by the codes that statements of account use.
        Some(Language::En) => ("name_en", "code", "'ratio', 'money'"),
    };
    format!(
        "(SELECT CASE WHEN n.quantity IN ({codes}) THEN n.code ELSE COALESCE(n.{first}, n.{second}) END FROM units n WHERE n.code = {code})"
    )
}
