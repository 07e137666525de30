//! A database as other programs see it: the declared types, the keys, ten answers with every digit, edits.
//!
//! Behind the feature `clients`. `.ci/clients` installs the programs; a test whose program is absent fails and names it. What
//! drives them stands in `tests/clients/`, what they must say in `tests/corpus/clients/`; `UPDATE=1` rewrites the latter.

use crate::scene::{Scene, answer};
use reportsql::decimal::Decimal;
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, OnceLock};

/// The clients, as the columns of `types.csv`.
const CLIENTS: [&str; 10] = ["sqlite3", "odbc", "isql", "jdbc", "sqlalchemy", "pandas", "duckdb", "datasette", "sqljs", "rsqlite"];

/// Relations whose columns are described: what BI tools open, and the table behind it.
const DESCRIBED: &[&str] = &["flat_facts", "province_facts", "changes", "shares", "targets", "restatements", "figures"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpus(name: &str) -> PathBuf {
    root().join("tests/corpus/clients").join(name)
}

/// The database that all clients read.
static SCENE: LazyLock<Scene> = LazyLock::new(scene);

/// A folder with the database `figures.db`, made of a typed sheet and two texts of which the later restates the earlier.
fn scene() -> Scene {
    let scene = Scene::new();
    let sheet = root().join("data/reports/china-unicom-2019.csv");
    for (file, year) in [(sheet, None), (corpus("2020.txt"), Some("2020")), (corpus("2021.txt"), Some("2021"))] {
        let mut arguments = vec!["load", "-q", file.to_str().unwrap()];
        if let Some(year) = year {
            arguments.extend(["--company", "青嶼能源", "--kind", "esg", "--year", year]);
        }
        scene.run(&arguments).succeeds();
    }
    scene.run(&["export", "-q", "--format", "datasette", "metadata.json"]).succeeds();
    let mut lines: String = DESCRIBED.iter().map(|relation| format!("describe {relation}\n")).collect();
    lines.extend(relations(&scene.db()).iter().map(|relation| format!("count {relation}\n")));
    lines.extend(questions().iter().map(|(_, sql)| format!("ask {}\n", sql.split_whitespace().collect::<Vec<_>>().join(" "))));
    fs::write(scene.path("questions"), lines).unwrap();
    scene
}

impl Scene {
    /// What a client prints of the database: of the questions, or of its edits.
    fn read(&self, client: &str, edits: bool) -> Json {
        let clients = root().join("target/clients");
        let driver = |name: &str| root().join("tests/clients").join(name);
        let mut command = match client {
            "jdbc" => Command::new("java"),
            "sqljs" => Command::new("node"),
            "rsqlite" => Command::new("Rscript"),
            _ => Command::new(clients.join("python/bin/python")),
        };
        match client {
            "jdbc" => command.args(["-cp", "/usr/share/java/sqlite-jdbc.jar"]).arg(driver("Read.java")),
            "sqljs" => command.env("NODE_PATH", clients.join("js/node_modules")).arg(driver("read.js")),
            "rsqlite" => command.arg(driver("read.R")),
            _ => command.arg(driver("read.py")).arg(client),
        };
        command.env("LC_ALL", "C.UTF-8").arg(self.path("figures.db"));
        command.arg(if edits { "edit".into() } else { self.path("questions") });
        let output =
            command.output().unwrap_or_else(|error| panic!("{client} is not there, .ci/clients installs it: {command:?}: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{client} does not read (.ci/clients installs it): {said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{client}: {error}: {said}"))
    }
}

/// All tables and views.
fn relations(db: &Connection) -> Vec<String> {
    let mut names = db.prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name").unwrap();
    let names = names.query_map([], |row| row.get(0)).unwrap();
    names.collect::<rusqlite::Result<_>>().unwrap()
}

/// The questions of `answers.md`, with their headings.
fn questions() -> Vec<(String, String)> {
    let document = fs::read_to_string(corpus("answers.md")).unwrap();
    let sections = document.split("\n## ").skip(1);
    let parts = sections.map(|section| {
        let (heading, rest) = section.split_once('\n').unwrap();
        let sql = rest.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
        (heading.to_string(), sql.trim_end().to_string())
    });
    parts.collect()
}

/// What a client sees, read once.
fn seen(client: &str) -> &'static Json {
    static SEEN: [OnceLock<Json>; CLIENTS.len()] = [const { OnceLock::new() }; CLIENTS.len()];
    let at = CLIENTS.iter().position(|known| *known == client).unwrap();
    SEEN[at].get_or_init(|| SCENE.read(client, false))
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

/// Compares what a file holds with what was found, or rewrites it.
#[track_caller]
fn golden(name: &str, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(corpus(name), found).unwrap();
    }
    let kept = fs::read_to_string(corpus(name)).unwrap_or_default();
    let moved = kept.lines().zip(found.lines()).find(|(kept, found)| kept != found);
    assert!(kept == found, "tests/corpus/clients/{name}: UPDATE=1 rewrites it; kept and found first differ in {moved:?}");
}

// ------------------------------------------------------------------ answers

#[test]
fn the_answers_are_those_written_down() {
    let db = SCENE.db();
    let document = fs::read_to_string(corpus("answers.md")).unwrap();
    let mut found = document.split("\n## ").next().unwrap().to_string();
    for (heading, sql) in questions() {
        let (names, rows) = answer(&db, &sql);
        assert!(!rows.is_empty(), "{heading}: no answer");
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(names).unwrap();
        for row in rows {
            table.write_record(row.iter().map(shown)).unwrap();
        }
        let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
        write!(found, "\n## {heading}\n\n```sql\n{sql}\n```\n\n```csv\n{table}```\n").unwrap();
    }
    assert_eq!(questions().len(), 10);
    golden("answers.md", &found);
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(integer) => integer.to_string(),
        Value::Real(double) => double.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(_) => panic!("a blob in an answer"),
    }
}

/// A client gives the answers of the program's own SQLite: texts letter by letter, numbers to the last bit (over ODBC, to the
/// digits that it has); it counts the rows of
/// every table and view alike, and gets the exact sum of all exact values where it can add decimals up.
#[track_caller]
fn agrees(client: &str) {
    let (db, seen) = (SCENE.db(), seen(client));
    let mut wrong = Vec::new();
    assert_eq!(list(&seen["answers"]).len(), questions().len(), "{client}");
    for ((heading, sql), got) in questions().iter().zip(list(&seen["answers"])) {
        let (names, rows) = answer(&db, sql);
        assert_eq!(rows.len(), list(got).len(), "{client}: {heading}");
        for (row, got) in rows.iter().zip(list(got)) {
            assert_eq!(row.len(), list(got).len(), "{client}: {heading}");
            for ((name, expected), got) in names.iter().zip(row).zip(list(got)) {
                if !is_same(client, expected, got.as_str()) {
                    wrong.push(format!("{heading}: {name} is {got}, not {expected:?}"));
                }
            }
        }
    }
    let counts: BTreeMap<&str, i64> =
        list(&seen["counts"]).iter().map(|pair| (pair[0].as_str().unwrap(), pair[1].as_i64().unwrap())).collect();
    for relation in relations(&db) {
        let count: i64 = db.query_row(&format!("SELECT count(*) FROM {relation}"), [], |row| row.get(0)).unwrap();
        if counts.get(relation.as_str()) != Some(&count) {
            wrong.push(format!("{relation}: {:?} rows, not {count}", counts.get(relation.as_str())));
        }
    }
    assert!(wrong.is_empty(), "{client}:\n{}", wrong.join("\n"));
    // R has no decimals of its own.
    if client != "rsqlite" {
        let total: Decimal = seen["total"].as_str().unwrap().parse().unwrap();
        let (_, texts) = answer(&db, "SELECT value_exact FROM flat_facts WHERE value_exact IS NOT NULL");
        let exact = texts.iter().fold(Decimal::zero(), |sum, row| sum.plus(&shown(&row[0]).parse().unwrap()));
        assert!(total.minus(&exact).is_zero(), "{client}: {total}, not {exact}");
    }
}

fn is_same(client: &str, expected: &Value, got: Option<&str>) -> bool {
    let number = || got.and_then(|got| got.parse::<f64>().ok());
    match expected {
        Value::Null => got.is_none(),
        Value::Text(text) => got == Some(text),
        Value::Integer(integer) => number() == Some(*integer as f64),
        // The ODBC driver hands a double on with 15 digits, isql with 13; the exact text beside it has them all.
        Value::Real(double) => match client {
            "odbc" => number().is_some_and(|got| (got - double).abs() <= double.abs() * 1e-14),
            "isql" => number().is_some_and(|got| (got - double).abs() <= double.abs() * 1e-12),
            _ => number() == Some(*double),
        },
        Value::Blob(_) => false,
    }
}

#[test]
fn the_shell_of_sqlite_agrees() {
    agrees("sqlite3");
}

#[test]
fn odbc_from_python_agrees() {
    agrees("odbc");
}

#[test]
fn odbc_from_isql_agrees() {
    agrees("isql");
}

#[test]
fn jdbc_agrees() {
    agrees("jdbc");
}

#[test]
fn sqlalchemy_agrees() {
    agrees("sqlalchemy");
}

#[test]
fn pandas_agrees() {
    agrees("pandas");
}

#[test]
fn duckdb_agrees() {
    agrees("duckdb");
}

#[test]
fn datasette_agrees() {
    agrees("datasette");
}

/// What is generated for it takes effect: keys of `figures` show what they lead to, units among it, and columns what they mean.
#[test]
fn datasette_shows_labels_units_and_descriptions() {
    let (db, seen) = (SCENE.db(), seen("datasette"));
    let labels: BTreeMap<(i64, &str), &str> =
        list(&seen["labels"]).iter().map(|row| ((row[0].as_i64().unwrap(), row[1].as_str().unwrap()), row[2].as_str().unwrap())).collect();
    let led = "SELECT f.id, m.name_hans AS metric_id, u.name_hans AS unit_id, p.name_hans AS province_id, l.name_hans AS place_id, o.name_hans AS org_id,
                      t.code AS period_id, i.name_hans AS initiative_id, r.code AS report_id
                 FROM figures f JOIN metrics m ON m.id = f.metric_id JOIN units u ON u.id = f.unit_id JOIN organizations o ON o.id = f.org_id
                 JOIN periods t ON t.id = f.period_id JOIN reports r ON r.id = f.report_id LEFT JOIN provinces p ON p.id = f.province_id
                 LEFT JOIN places l ON l.id = f.place_id LEFT JOIN initiatives i ON i.id = f.initiative_id";
    let (names, rows) = answer(&db, led);
    let mut units = 0;
    for row in &rows {
        let Value::Integer(id) = row[0] else { panic!("an id is a number") };
        for (name, value) in names.iter().zip(row).skip(1).filter(|(_, value)| **value != Value::Null) {
            assert_eq!(labels.get(&(id, name.as_str())), Some(&shown(value).as_str()), "figure {id}, {name}");
            units += usize::from(name == "unit_id");
        }
    }
    assert!(units > 100, "{units} figures have a unit");
    let described: BTreeMap<&str, &str> =
        list(&seen["described"]).iter().map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).collect();
    let dictionary = "SELECT column_name, title_en || COALESCE(': ' || description, '') FROM data_dictionary
                       WHERE table_name = 'flat_facts' AND column_name <> ''";
    let (_, rows) = answer(&db, dictionary);
    assert!(rows.len() > 50, "{} columns", rows.len());
    for row in rows {
        assert_eq!(described.get(shown(&row[0]).as_str()), Some(&shown(&row[1]).as_str()));
    }
}

#[test]
fn a_sqlite_of_2018_agrees() {
    agrees("sqljs");
}

#[test]
fn r_agrees() {
    agrees("rsqlite");
}

// ------------------------------------------------------------------ types and keys

#[test]
fn the_types_that_clients_see_are_those_written_down() {
    let typed: Vec<&str> = CLIENTS.into_iter().filter(|client| !["isql", "datasette", "sqljs"].contains(client)).collect();
    let told = |client: &str| -> BTreeMap<(String, String), String> {
        let types = list(&seen(client)["types"]).iter();
        let text = |json: &Json| json.as_str().unwrap().to_string();
        types.map(|row| ((text(&row[0]), text(&row[1])), text(&row[2]))).collect()
    };
    let told: Vec<BTreeMap<(String, String), String>> = typed.iter().map(|client| told(client)).collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["relation", "column"].iter().chain(&typed)).unwrap();
    for relation in DESCRIBED {
        for row in answer(&SCENE.db(), &format!("PRAGMA table_info({relation})")).1 {
            let column = shown(&row[1]);
            let key = (relation.to_string(), column.clone());
            let types = told.iter().map(|told| told.get(&key).map_or("(missing)", String::as_str));
            table.write_record([*relation, &column].into_iter().chain(types)).unwrap();
        }
    }
    let found = String::from_utf8(table.into_inner().unwrap()).unwrap();
    assert!(!found.contains("(missing)"), "{found}");
    golden("types.csv", &found);
}

#[test]
fn the_keys_that_clients_see_are_those_written_down() {
    let keys = |client: &str| {
        let text = |json: &Json| json.as_str().unwrap().to_string();
        let mut keys: Vec<[String; 3]> = list(&seen(client)["keys"]).iter().map(|row| [0, 1, 2].map(|at| text(&row[at]))).collect();
        // Not every catalogue lists the columns of a key in the order of the key.
        keys.iter_mut().for_each(|key| key[1] = sorted(&key[1]));
        keys.sort();
        keys
    };
    let first = keys("sqlite3");
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["table", "columns", "refers_to"]).unwrap();
    first.iter().for_each(|key| table.write_record(key).unwrap());
    golden("keys.csv", &String::from_utf8(table.into_inner().unwrap()).unwrap());
    for client in ["odbc", "jdbc", "sqlalchemy", "datasette", "sqljs"] {
        let told = keys(client);
        let lacking: Vec<_> = first.iter().filter(|key| !told.contains(key)).collect();
        let added: Vec<_> = told.iter().filter(|key| !first.contains(key)).collect();
        assert!(lacking.is_empty() && added.is_empty(), "{client}: lacking {lacking:?}, added {added:?}");
    }
}

fn sorted(columns: &str) -> String {
    let mut columns: Vec<&str> = columns.split(", ").collect();
    columns.sort_unstable();
    columns.join(", ")
}

// ------------------------------------------------------------------ edits

/// An edit through a client becomes a correction and the double follows; what would not last is refused with advice.
#[track_caller]
fn edits(client: &str) {
    let scene = scene();
    let edited = scene.read(client, true);
    assert_eq!(edited["corrections"], serde_json::json!([["value_text", "12400.50"], ["comparator", "="]]), "{client}");
    assert_eq!(edited["value"], serde_json::json!(["12400.50", "12400.5"]), "{client}");
    let refusal = edited["refusal"].as_str().unwrap_or_default();
    assert!(refusal.contains("edit what was made of it"), "{client}: {refusal}");
}

#[test]
fn edits_in_the_shell_become_corrections() {
    edits("sqlite3");
}

#[test]
fn edits_over_odbc_become_corrections() {
    edits("odbc");
}

#[test]
fn edits_over_jdbc_become_corrections() {
    edits("jdbc");
}

#[test]
fn edits_with_sqlalchemy_become_corrections() {
    edits("sqlalchemy");
}
