//! Describes a table or view: the one description that every export is made from.
//!
//! In:  a database opened for reading, the name of a table or view.
//! Out: a [`Relation`]: its columns with what they hold, their titles and meaning, its keys; the SQL that reads it.
//!
//! What a column is called and means stands in `data_dictionary`, what it holds in its declared type, keys in the schema. In a language,
//! columns that differ by it only are one, and codes are words (`values`).

use super::values;
use crate::error::Result;
use crate::message::Language;
use rusqlite::{Connection, OptionalExtension};

/// A name or title in three languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Titles {
    pub en: String,
    pub hans: String,
    pub hant: String,
}

impl Titles {
    /// In a language; English where none is asked for.
    pub(super) fn of(&self, language: Option<Language>) -> &str {
        match language {
            Some(Language::Hant) => &self.hant,
            Some(Language::Hans) => &self.hans,
            Some(Language::En) | None => &self.en,
        }
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    /// An exact decimal, written as text.
    Exact,
    Integer,
    /// 0 or 1.
    Flag,
    /// A double; of those that have one, the column that says its unit.
    Double {
        unit: Option<usize>,
    },
    /// A day, `YYYY-MM-DD`.
    Date,
}

/// A column as it is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// In the database; where a language is asked for and there are several, without the language: `metric`.
    pub name: String,
    /// What stands over it in files: its name, or its title where a language is asked for.
    pub header: String,
    pub holds: Holds,
    pub titles: Titles,
    pub description: Option<String>,
    /// May no value be absent, nor be an empty text, which many formats do not tell from absent?
    pub required: bool,
    /// The SQL of its value.
    expression: String,
}

/// Columns that lead to a row of another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub columns: Vec<String>,
    pub table: String,
    pub target: Vec<String>,
}

/// A table or view as it is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub name: String,
    pub titles: Titles,
    pub description: Option<String>,
    pub columns: Vec<Column>,
    /// The names of the columns that tell rows apart; none of a view.
    pub key: Vec<String>,
    pub references: Vec<Reference>,
    /// An SQL condition on its rows.
    condition: Option<String>,
}

impl Relation {
    /// The description of a table or view that exists.
    ///
    /// With a language, what stands there in several becomes one column in that one; where a row has no name in it, one of the
    /// others. `condition` is SQL over the columns of the database.
    pub(super) fn new(db: &Connection, name: &str, language: Option<Language>, condition: Option<&str>) -> Result<Relation> {
        let described = |column: &str| -> Result<Option<(Titles, Option<String>, String)>> {
            let sql = "SELECT title_en, title_hans, COALESCE(title_hant, title_hans), description, semantic FROM data_dictionary
                        WHERE table_name = ?1 AND column_name = ?2";
            let row = db.prepare_cached(sql)?.query_row([name, column], |row| {
                Ok((Titles { en: row.get(0)?, hans: row.get(1)?, hant: row.get(2)? }, row.get(3)?, row.get(4)?))
            });
            Ok(row.optional()?)
        };
        let undescribed = |name: &str| Titles { en: name.to_string(), hans: name.to_string(), hant: name.to_string() };
        let mut columns = Vec::new();
        let mut key = Vec::new();
        let mut statement =
            db.prepare("SELECT name, type, \"notnull\" AND dflt_value IS NOT '''''', pk FROM pragma_table_info(?1) ORDER BY cid")?;
        let mut rows = statement.query([name])?;
        while let Some(row) = rows.next()? {
            let (column, declared): (String, String) = (row.get(0)?, row.get(1)?);
            let (titles, description, semantic) = described(&column)?.unwrap_or_else(|| (undescribed(&column), None, String::new()));
            if row.get::<_, i64>(3)? > 0 {
                key.push(column.clone());
            }
            columns.push(Column {
                holds: holds(&declared, &semantic),
                header: column.clone(),
                titles,
                description,
                required: row.get(2)?,
                expression: quoted(&column),
                name: column,
            });
        }
        // `factor_text` beside `factor`.
        let doubles: Vec<String> = columns
            .iter()
            .filter(|column| matches!(column.holds, Holds::Double { .. }))
            .map(|column| column.name.clone() + "_text")
            .collect();
        for column in columns.iter_mut().filter(|column| doubles.contains(&column.name)) {
            column.holds = Holds::Exact;
        }
        let (titles, description) = match described("")? {
            Some((titles, description, _)) => (titles, description),
            None => (undescribed(name), None),
        };
        let references = references(db, name)?;
        let condition = condition.map(String::from);
        let mut relation = Relation { name: name.to_string(), titles, description, columns, key, references, condition };
        if let Some(language) = language {
            relation.translate(db, language)?;
        }
        let (unit, unit_base) = (relation.position("unit"), relation.position("unit_base"));
        for column in relation.columns.iter_mut().filter(|column| MEASURED.contains(&column.name.as_str())) {
            if let Holds::Double { unit: of } = &mut column.holds {
                *of = if column.name.ends_with("_base") { unit_base } else { unit };
            }
        }
        Ok(relation)
    }

    /// The SQL that reads it, in its own order.
    pub(super) fn select(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|column| column.expression.as_str()).collect();
        format!("SELECT {} FROM {}", columns.join(", "), self.source())
    }

    /// What stands behind FROM to get its rows.
    pub(super) fn source(&self) -> String {
        // A condition that ends in a comment ends with its line.
        let filter = self.condition.as_deref().map(|condition| format!(" WHERE ({condition}\n)")).unwrap_or_default();
        format!("{}{filter}", quoted(&self.name))
    }

    /// The SQL condition that its rows hold a figure, on rows of another view.
    pub(super) fn holds_figure(&self) -> String {
        match &self.condition {
            Some(_) => format!("figure_id IN (SELECT figure_id FROM {})", self.source()),
            None => "1".to_string(),
        }
    }

    /// The number of a column.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// SQL for a name that a view has in another language only, out of the table that has it in all.
    fn named(&self, column: &str, language: Language) -> Option<String> {
        let stem = SUFFIXES.iter().find_map(|suffix| column.strip_suffix(suffix)).unwrap_or(column);
        let (_, table, key, name) = NAMED.iter().find(|(known, ..)| *known == stem)?;
        if self.position(&format!("{stem}{}", suffix(language))).is_some() {
            return None;
        }
        // Headings have no name in English.
        let order = order(language).into_iter().filter(|language| *language != Language::En || *table != "initiatives");
        let names = order.map(|language| format!("n.{name}{}", suffix(language))).collect::<Vec<_>>().join(", ");
        if stem == "whole_metric" {
            return Some(format!("(SELECT COALESCE({names}) FROM {table} n WHERE n.code = {})", quoted(key)));
        }
        let figure = quoted(&self.columns.iter().find(|column| column.name.ends_with("figure_id"))?.name);
        Some(format!("(SELECT COALESCE({names}) FROM figures f JOIN {table} n ON n.id = f.{key} WHERE f.id = {figure})"))
    }

    /// Makes one column of those that differ by their language only, and titles the headers.
    fn translate(&mut self, db: &Connection, language: Language) -> Result<()> {
        let order = order(language);
        let expressions: Vec<Option<String>> = self.columns.iter().map(|column| self.named(&column.name, language)).collect();
        for (column, expression) in self.columns.iter_mut().zip(expressions) {
            let worded = || values::worded(&column.name, language).filter(|_| column.holds == Holds::Text);
            // A title that says traditional or simplified says too much.
            if let Some(titles) = titled(db, &column.name)? {
                column.titles = titles;
            }
            if let Some(expression) = expression.or_else(worded) {
                column.expression = expression;
            }
            column.description = column.description.take().map(|text| values::word("description", &text, Some(language)).to_string());
        }
        self.description = self.description.take().map(|text| values::word("description", &text, Some(language)).to_string());
        let mut at = 0;
        while at < self.columns.len() {
            let stem = |name: &str| order.iter().find_map(|language| name.strip_suffix(suffix(*language))).map(String::from);
            let Some(stem) = stem(&self.columns[at].name) else {
                at += 1;
                continue;
            };
            let versions: Vec<usize> = order.iter().filter_map(|language| self.position(&format!("{stem}{}", suffix(*language)))).collect();
            let plain = self.position(&format!("{stem}_hans")).filter(|_| versions.len() > 1);
            if let Some(plain) = plain {
                let names: Vec<&str> = versions.iter().map(|at| self.columns[*at].expression.as_str()).collect();
                let merged = Column {
                    expression: format!("COALESCE({})", names.join(", ")),
                    header: stem.clone(),
                    name: stem,
                    required: versions.iter().any(|at| self.columns[*at].required),
                    ..self.columns[plain].clone()
                };
                self.columns[at] = merged;
                let mut index = 0;
                self.columns.retain(|_| {
                    index += 1;
                    index - 1 == at || !versions.contains(&(index - 1))
                });
            }
            at += 1;
        }
        let mut taken: Vec<String> = Vec::new();
        for column in &mut self.columns {
            let title = column.titles.of(Some(language));
            // A table of a spreadsheet wants no header twice.
            column.header = if taken.iter().any(|taken| taken == &title.to_lowercase()) {
                format!("{title} ({})", column.name)
            } else {
                title.to_string()
            };
            taken.push(column.header.to_lowercase());
        }
        Ok(())
    }
}

/// What the name of a column in one language ends in.
const SUFFIXES: [&str; 3] = ["_hant", "_hans", "_en"];

pub(super) fn suffix(language: Language) -> &'static str {
    SUFFIXES[language as usize]
}

/// Languages in the order of preference: where one is absent, a reader of Chinese gets the other script before English.
pub(super) fn order(language: Language) -> [Language; 3] {
    match language {
        Language::Hant => [Language::Hant, Language::Hans, Language::En],
        Language::Hans => [Language::Hans, Language::Hant, Language::En],
        Language::En => [Language::En, Language::Hans, Language::Hant],
    }
}

/// The titles of a name without its language, as they stand over it in simplified script in the view that has all of them.
fn titled(db: &Connection, column: &str) -> Result<Option<Titles>> {
    let Some(stem) = SUFFIXES.iter().find_map(|suffix| column.strip_suffix(suffix)) else { return Ok(None) };
    let sql =
        "SELECT title_en, title_hans, title_hant FROM data_dictionary WHERE table_name = 'flat_facts' AND column_name = ?1 || '_hans'";
    let titles = db.query_row(sql, [stem], |row| Ok(Titles { en: row.get(0)?, hans: row.get(1)?, hant: row.get(2)? }));
    Ok(titles.optional()?)
}

/// Names that some views have in one language: what the column is called, the table that has them all, the column of `figures` that leads
/// there (of a whole its code, which stands in the view), what the names are called there.
const NAMED: [(&str, &str, &str, &str); 7] = [
    ("organization", "organizations", "org_id", "name"),
    ("place", "places", "place_id", "name"),
    ("metric", "metrics", "metric_id", "name"),
    ("whole_metric", "metrics", "whole_metric_code", "name"),
    ("province", "provinces", "province_id", "name"),
    ("initiative", "initiatives", "initiative_id", "name"),
    ("theme", "initiatives", "initiative_id", "theme"),
];

/// The columns whose unit stands beside them.
const MEASURED: &[&str] = &["value", "low", "high", "value_base"];

/// What a column holds, by its declared type and what the dictionary says of it.
fn holds(declared: &str, semantic: &str) -> Holds {
    let declared = declared.to_ascii_uppercase();
    let is_text = declared.starts_with("VARCHAR") || declared == "TEXT";
    match (declared.as_str(), semantic) {
        ("DATE", _) => Holds::Date,
        ("INTEGER", "flag") => Holds::Flag,
        ("INTEGER" | "BIGINT" | "INT", _) => Holds::Integer,
        (_, "measure") if is_text => Holds::Exact,
        // A computed column of a view has no declared type.
        ("DOUBLE" | "REAL" | "NUM", _) | (_, "measure") => Holds::Double { unit: None },
        _ => Holds::Text,
    }
}

/// Where the foreign keys of a table lead.
fn references(db: &Connection, table: &str) -> Result<Vec<Reference>> {
    let mut references: Vec<(i64, Reference)> = Vec::new();
    let mut statement =
        db.prepare("SELECT id, \"table\", \"from\", COALESCE(\"to\", 'id') FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq")?;
    let mut rows = statement.query([table])?;
    while let Some(row) = rows.next()? {
        let (id, to): (i64, String) = (row.get(0)?, row.get(1)?);
        if references.last().is_none_or(|(last, _)| *last != id) {
            references.push((id, Reference { columns: Vec::new(), table: to, target: Vec::new() }));
        }
        if let Some((_, reference)) = references.last_mut() {
            reference.columns.push(row.get(2)?);
            reference.target.push(row.get(3)?);
        }
    }
    Ok(references.into_iter().map(|(_, reference)| reference).collect())
}

/// A name as SQL wants it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
