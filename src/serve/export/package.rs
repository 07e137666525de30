//! Describes exported tables to other programs: Data Package, CSVW, Datasette.
//!
//! In:  the descriptions of tables and views, the names of their files.
//! Out: JSON documents of these three specifications.

use crate::message::Language;

use super::columns::{Column, Holds, Reference, Relation};
use serde_json::{Map, Value, json};

const TITLE: &str = "Figures of reports";
const ABOUT: &str =
    "Figures read from reports by reportsql; flat_facts has a row for each fact. Add up value_base within one unit_base only.";

/// A Table Schema of the columns.
pub(super) fn table_schema(relation: &Relation, others: &[Relation], language: Option<Language>) -> Value {
    let mut schema = json!({ "fields": relation.columns.iter().map(|column| field(column, language)).collect::<Vec<_>>() });
    if !relation.key.is_empty() {
        schema["primaryKey"] = json!(headers(relation, &relation.key));
    }
    let foreign: Vec<Value> = leading(relation, others)
        .map(|(reference, target)| {
            let resource = if target.name == relation.name { "" } else { &target.name };
            json!({
                "fields": headers(relation, &reference.columns),
                "reference": { "resource": resource, "fields": headers(target, &reference.target) },
            })
        })
        .collect();
    if !foreign.is_empty() {
        schema["foreignKeys"] = json!(foreign);
    }
    schema
}

/// The references whose target is exported too.
fn leading<'r>(relation: &'r Relation, others: &'r [Relation]) -> impl Iterator<Item = (&'r Reference, &'r Relation)> {
    relation.references.iter().filter_map(|reference| Some((reference, others.iter().find(|other| other.name == reference.table)?)))
}

/// What stands over the columns of some names.
fn headers<'r>(relation: &'r Relation, names: &[String]) -> Vec<&'r str> {
    names.iter().filter_map(|name| relation.position(name)).map(|at| relation.columns[at].header.as_str()).collect()
}

fn field(column: &Column, language: Option<Language>) -> Value {
    let mut field = Map::new();
    field.insert("name".into(), json!(column.header));
    field.insert("title".into(), json!(column.titles.of(language)));
    if let Some(description) = &column.description {
        field.insert("description".into(), json!(description));
    }
    let kind = match column.holds {
        Holds::Text => "string",
        Holds::Exact | Holds::Double { .. } => "number",
        Holds::Integer => "integer",
        Holds::Flag => "boolean",
        Holds::Date => "date",
    };
    field.insert("type".into(), json!(kind));
    if column.holds == Holds::Flag {
        field.insert("trueValues".into(), json!(["1"]));
        field.insert("falseValues".into(), json!(["0"]));
    }
    if column.required {
        field.insert("constraints".into(), json!({ "required": true }));
    }
    Value::Object(field)
}

/// `datapackage.json` of CSV files in one folder, each named after its relation.
pub(super) fn data_package(relations: &[Relation], language: Option<Language>) -> Value {
    let resources: Vec<Value> = relations
        .iter()
        .map(|relation| {
            let mut resource = json!({
                "name": relation.name,
                "path": format!("{}.csv", relation.name),
                "profile": "tabular-data-resource",
                "title": relation.titles.of(language),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": { "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "header": true },
                "schema": table_schema(relation, relations, language),
            });
            if let Some(description) = &relation.description {
                resource["description"] = json!(description);
            }
            resource
        })
        .collect();
    json!({ "profile": "tabular-data-package", "name": "reportsql-figures", "title": TITLE, "description": ABOUT, "resources": resources })
}

/// `csv-metadata.json` of the same files, as CSV on the Web has it.
pub(super) fn csvw(relations: &[Relation], language: Option<Language>) -> Value {
    let tables: Vec<Value> = relations.iter().map(|relation| table(relation, relations, language)).collect();
    json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "dc:title": TITLE,
        "dc:description": ABOUT,
        "dialect": { "encoding": "utf-8", "delimiter": ",", "header": true },
        "tables": tables,
    })
}

fn table(relation: &Relation, others: &[Relation], language: Option<Language>) -> Value {
    let columns: Vec<Value> = relation
        .columns
        .iter()
        .map(|column| {
            let datatype = match column.holds {
                Holds::Text => json!("string"),
                Holds::Exact => json!("decimal"),
                Holds::Integer => json!("integer"),
                Holds::Flag => json!({ "base": "boolean", "format": "1|0" }),
                Holds::Double { .. } => json!("double"),
                Holds::Date => json!("date"),
            };
            let mut described = json!({
                "name": column.name,
                "titles": column.header,
                "dc:title": column.titles.of(language),
                "datatype": datatype,
                "required": column.required,
            });
            if let Some(description) = &column.description {
                described["dc:description"] = json!(description);
            }
            described
        })
        .collect();
    let mut schema = json!({ "columns": columns });
    if !relation.key.is_empty() {
        schema["primaryKey"] = json!(relation.key);
    }
    let foreign: Vec<Value> = leading(relation, others)
        .map(|(reference, target)| {
            json!({
                "columnReference": reference.columns,
                "reference": { "resource": format!("{}.csv", target.name), "columnReference": reference.target },
            })
        })
        .collect();
    if !foreign.is_empty() {
        schema["foreignKeys"] = json!(foreign);
    }
    let mut table = json!({ "url": format!("{}.csv", relation.name), "dc:title": relation.titles.of(language), "tableSchema": schema });
    if let Some(description) = &relation.description {
        table["dc:description"] = json!(description);
    }
    table
}

/// `metadata.json` for Datasette, of a database called `name` there.
pub(super) fn datasette(name: &str, relations: &[Relation], language: Option<Language>) -> Value {
    let tables: Map<String, Value> = relations
        .iter()
        .map(|relation| {
            let columns: Map<String, Value> = relation
                .columns
                .iter()
                .map(|column| {
                    let title = column.titles.of(language);
                    let said =
                        column.description.as_ref().map_or_else(|| title.to_string(), |description| format!("{title}: {description}"));
                    (column.name.clone(), json!(said))
                })
                .collect();
            let mut table = json!({ "title": relation.titles.of(language), "columns": columns });
            if let Some(description) = &relation.description {
                table["description"] = json!(description);
            }
            let facets: Vec<&str> =
                ["year", "kind", "region", "unit_base"].into_iter().filter(|facet| relation.position(facet).is_some()).collect();
            if !facets.is_empty() {
                table["facets"] = json!(facets);
            }
            if let Some(label) = ["name_hans", "code"].into_iter().find(|label| relation.position(label).is_some()) {
                table["label_column"] = json!(label);
            }
            (relation.name.clone(), table)
        })
        .collect();
    let mut databases = Map::new();
    databases.insert(name.to_string(), json!({ "tables": tables }));
    json!({ "title": TITLE, "description": ABOUT, "databases": databases })
}
