//! Joins databases into a new one.
//!
//! In:  databases of this program's version; ids of each are its own.
//! Out: a database with all their reports, joined by codes and keys; facts are decided over anew, corrections of all hold.
//!
//! A document that several have is taken from the one that loaded it last. How columns lead from table to table is read from
//! the foreign keys, so that a new column needs no line here.

use super::file::NewFile;
use super::loading::Loading;
use super::rows::FigureRow;
use super::{Options, schema, store, verify};
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// What became of a merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many documents the new database holds.
    pub documents: usize,
    /// How many figures.
    pub figures: usize,
    /// Documents that several databases have in different states: the name, and which database it was taken from.
    pub chosen: Vec<(String, PathBuf)>,
}

/// Makes a database of others.
pub fn merge(out: &Path, sources: &[PathBuf], knowledge: &Knowledge, options: &Options) -> Result<Merged> {
    let (winners, chosen) = winners(sources)?;
    let exists = || Error::failed(format!("{}: exists; merge makes a new database, give another name", out.display()));
    if out.exists() {
        return Err(exists());
    }
    let file = NewFile::claim(out)?.ok_or_else(exists)?;
    let told = |error| schema::told(error, out);
    let connection = file.open()?;
    schema::before_rows(&connection).map_err(told)?;
    // The catalogues are this program's; what the databases have beside them is added.
    Loading::start(&connection, knowledge, options, true).and_then(|mut loading| loading.begin()).map_err(told)?;
    connection.execute_batch("COMMIT").map_err(told)?;
    for (source, winners) in sources.iter().zip(&winners) {
        connection.execute("ATTACH ?1 AS src", [source.to_string_lossy()]).map_err(|error| schema::told(error, source))?;
        connection.execute_batch("BEGIN").map_err(told)?;
        Copy { connection: &connection, offsets: HashMap::new() }.all(winners).map_err(told)?;
        connection.execute_batch("COMMIT; DETACH src").map_err(told)?;
    }
    connection.execute_batch("BEGIN EXCLUSIVE").map_err(told)?;
    schema::indexes(&connection).map_err(told)?;
    in_order(&connection).map_err(told)?;
    let mut loading = Loading::start(&connection, knowledge, options, true).map_err(told)?;
    loading.resume().map_err(told)?;
    again(&mut loading).map_err(told)?;
    loading.finish(false).map_err(told)?;
    drop(loading);
    schema::triggers(&connection).map_err(told)?;
    verify::verify(&connection).map_err(|error| error.at(out.display()))?;
    let count = |table: &str| connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).map_err(told);
    let merged = Merged { documents: count("documents")? as usize, figures: count("figures")? as usize, chosen };
    connection.execute_batch("COMMIT").map_err(told)?;
    connection.close().map_err(|(_, error)| told(error))?;
    file.publish()?;
    Ok(merged)
}

/// What a correction says.
const SAID: [&str; 12] = [
    "figure_key",
    "action",
    "field",
    "machine_value",
    "new_value",
    "reason",
    "author",
    "created_at",
    "state",
    "report",
    "metric_text",
    "reported",
];

/// Puts the corrections of all databases in the order in which they were made: the last one holds.
fn in_order(connection: &Connection) -> rusqlite::Result<()> {
    let columns = SAID.join(", ");
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE said AS SELECT * FROM main.corrections;
         DELETE FROM main.corrections;
         INSERT INTO main.corrections ({columns}) SELECT {columns} FROM said ORDER BY created_at, id;
         DROP TABLE said"
    ))
}

/// What people said in one database holds for the rows of another.
fn again(loading: &mut Loading) -> rusqlite::Result<()> {
    let keys: Vec<String> = loading.corrections.keys().map(str::to_string).collect();
    for key in keys {
        for (id, mut row) in store::rows::<FigureRow>(loading.tx, "figure_key", &key)? {
            let mut places = loading.places_of(id)?;
            let was = (row.clone(), places.clone());
            loading.corrections.apply_again(loading.tx, &mut loading.dimensions, &mut row, &mut places)?;
            if was != (row.clone(), places.clone()) {
                loading.set_row(id, row, &places)?;
            }
        }
    }
    Ok(())
}

/// A document of a source.
struct Candidate {
    source: usize,
    id: i64,
    name: String,
    sha256: String,
    digest: String,
    loaded: String,
}

/// Documents of which there were several states, and where each was taken from.
type Chosen = Vec<(String, PathBuf)>;

/// The documents to take from each source, by id; and of which there were several states.
fn winners(sources: &[PathBuf]) -> Result<(Vec<HashSet<i64>>, Chosen)> {
    let mut by_key: BTreeMap<(String, String, String), Vec<Candidate>> = BTreeMap::new();
    for (at, source) in sources.iter().enumerate() {
        let db = schema::open_for_reading(source)?;
        let mut select = db.prepare(
            "SELECT r.code, d.source, d.name, d.id, d.sha256, d.digest, COALESCE(l.finished_at, l.started_at)
               FROM documents d JOIN reports r ON r.id = d.report_id JOIN loads l ON l.id = d.load_id ORDER BY d.id",
        )?;
        let rows = select.query_map([], |row| {
            let name: String = row.get(2)?;
            let candidate = Candidate {
                source: at,
                id: row.get(3)?,
                name: name.clone(),
                sha256: row.get(4)?,
                digest: row.get(5)?,
                loaded: row.get(6)?,
            };
            Ok(((row.get(0)?, row.get(1)?, name), candidate))
        })?;
        for row in rows {
            let (key, candidate) = row?;
            by_key.entry(key).or_default().push(candidate);
        }
    }
    let mut winners = vec![HashSet::new(); sources.len()];
    let mut chosen = Vec::new();
    let mut bytes: HashSet<(String, String, String)> = HashSet::new();
    for ((report, kind, _), mut candidates) in by_key {
        // The last loaded first; of equal ones the first given.
        candidates.sort_by(|left, right| right.loaded.cmp(&left.loaded).then(left.source.cmp(&right.source)));
        let best = &candidates[0];
        // The same bytes under another name are one document.
        if !bytes.insert((report, kind, best.sha256.clone())) {
            continue;
        }
        winners[best.source].insert(best.id);
        if candidates.iter().any(|other| other.digest != best.digest) {
            chosen.push((best.name.clone(), sources[best.source].clone()));
        }
    }
    Ok((winners, chosen))
}

/// Copies the attached database `src` into `main`.
struct Copy<'c> {
    connection: &'c Connection,
    /// Of tables whose rows all come over: what is added to their ids. Other tables have a table `map_…` of old and new ids.
    offsets: HashMap<String, i64>,
}

impl Copy<'_> {
    fn all(&mut self, documents: &HashSet<i64>) -> rusqlite::Result<()> {
        for table in ["years", "provinces"] {
            self.joined(table, &["id"])?;
        }
        for table in ["places", "units", "metrics", "periods", "organizations"] {
            self.joined(table, &["code"])?;
        }
        for table in ["place_members", "metric_aliases", "metric_standards"] {
            self.pairs(table, "1")?;
        }
        self.run("CREATE TEMP TABLE taken (id INTEGER PRIMARY KEY)")?;
        for id in documents {
            self.connection.execute("INSERT INTO taken VALUES (?1)", [id])?;
        }
        const OF_TAKEN: &str = "s.document_id IN (SELECT id FROM taken)";
        self.whole("loads", "1")?;
        self.run("CREATE TEMP TABLE wanted AS SELECT DISTINCT report_id AS id FROM src.documents WHERE id IN (SELECT id FROM taken)")?;
        self.joined_where("reports", &["code"], "s.id IN (SELECT id FROM wanted)")?;
        self.whole("documents", "s.id IN (SELECT id FROM taken)")?;
        // A heading may stand in another document than its figures.
        self.joined_where("initiatives", &["report_id", "path"], "s.report_id IN (SELECT id FROM wanted)")?;
        self.pairs("initiative_provinces", "s.initiative_id IN (SELECT old FROM map_initiatives)")?;
        for table in ["sentences", "figures", "non_figures", "findings"] {
            self.whole(table, OF_TAKEN)?;
        }
        const OF_FIGURES: &str = "IN (SELECT id FROM src.figures WHERE document_id IN (SELECT id FROM taken))";
        self.pairs("figure_places", &format!("s.figure_id {OF_FIGURES}"))?;
        self.pairs("figure_links", &format!("s.relation <> 'restates' AND s.from_id {OF_FIGURES} AND s.to_id {OF_FIGURES}"))?;
        let same = SAID.map(|column| format!("m.{column} IS s.{column}")).join(" AND ");
        let columns = SAID.join(", ");
        self.run(&format!(
            "INSERT INTO main.corrections ({columns}) SELECT {columns} FROM src.corrections s
              WHERE NOT EXISTS (SELECT 1 FROM main.corrections m WHERE {same}) ORDER BY s.id"
        ))?;
        self.run("DROP TABLE taken; DROP TABLE wanted;")?;
        let maps: Vec<String> = self
            .connection
            .prepare("SELECT name FROM temp.sqlite_master WHERE name LIKE 'map\\_%' ESCAPE '\\'")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        maps.iter().try_for_each(|map| self.run(&format!("DROP TABLE temp.{map}")))
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.execute_batch(sql)
    }

    /// The columns of a table but its id, and where each that is a foreign key leads.
    fn columns(&self, table: &str) -> rusqlite::Result<Vec<(String, Option<String>)>> {
        let mut select = self.connection.prepare(
            "SELECT c.name, (SELECT k.\"table\" FROM pragma_foreign_key_list(?1, 'main') k WHERE k.\"from\" = c.name)
               FROM pragma_table_info(?1, 'main') c WHERE c.name <> 'id' ORDER BY c.cid",
        )?;
        select.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// How a column of `src` is written in `main`.
    fn mapped(&self, table: &str, column: &str, parent: Option<&str>) -> String {
        match parent {
            None => format!("s.{column}"),
            // Years and provinces have the same id everywhere.
            Some("years" | "provinces") => format!("s.{column}"),
            Some(parent) if parent == table => "NULL".to_string(),
            Some(parent) => match self.offsets.get(parent) {
                Some(offset) => format!("s.{column} + {offset}"),
                None => format!("(SELECT new FROM map_{parent} WHERE old = s.{column})"),
            },
        }
    }

    fn joined(&mut self, table: &str, keys: &[&str]) -> rusqlite::Result<()> {
        self.joined_where(table, keys, "1")
    }

    /// Adds the rows whose key is not there yet, and notes which row each has become.
    fn joined_where(&mut self, table: &str, keys: &[&str], filter: &str) -> rusqlite::Result<()> {
        let columns = self.columns(table)?;
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = columns.iter().map(|(name, parent)| self.mapped(table, name, parent.as_deref())).collect();
        let parent_of = |key: &str| columns.iter().find(|(name, _)| name == key).and_then(|(_, parent)| parent.clone());
        let same: Vec<String> =
            keys.iter().map(|key| format!("t.{key} = {}", self.mapped(table, key, parent_of(key).as_deref()))).collect();
        let same = same.join(" AND ");
        let last: i64 = self.connection.query_row(&format!("SELECT COALESCE(max(id), 0) FROM main.{table}"), [], |row| row.get(0))?;
        let id = match table {
            "years" | "provinces" => "s.id".to_string(),
            // Those with a code of GB/T 2260 have it as their id.
            "places" => format!("CASE WHEN s.id < 1000000 THEN s.id ELSE {} + row_number() OVER (ORDER BY s.id) END", last.max(999_999)),
            _ => format!("{last} + row_number() OVER (ORDER BY s.id)"),
        };
        self.run(&format!(
            "INSERT INTO main.{table} (id, {}) SELECT {id}, {} FROM src.{table} s WHERE {filter} AND NOT EXISTS (SELECT 1 FROM main.{table} t WHERE {same}) ORDER BY s.id",
            names.join(", "),
            values.join(", ")
        ))?;
        self.run(&format!(
            "CREATE TEMP TABLE map_{table} (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
             INSERT INTO map_{table} SELECT s.id, t.id FROM src.{table} s JOIN main.{table} t ON {same} WHERE {filter}"
        ))?;
        for (column, _) in columns.iter().filter(|(_, parent)| parent.as_deref() == Some(table)) {
            self.connection.execute(
                &format!(
                    "UPDATE main.{table} SET {column} = (SELECT p.new FROM src.{table} s JOIN map_{table} m ON m.old = s.id JOIN map_{table} p ON p.old = s.{column} WHERE m.new = {table}.id)
                      WHERE {column} IS NULL AND id IN (SELECT m.new FROM map_{table} m JOIN src.{table} s ON s.id = m.old WHERE s.{column} IS NOT NULL)"
                ),
                params![],
            )?;
        }
        Ok(())
    }

    /// Adds rows that no other database has, under ids of their own.
    fn whole(&mut self, table: &str, filter: &str) -> rusqlite::Result<()> {
        let columns = self.columns(table)?;
        let offset: i64 = self.connection.query_row(&format!("SELECT COALESCE(max(id), 0) FROM main.{table}"), [], |row| row.get(0))?;
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = columns.iter().map(|(name, parent)| self.mapped(table, name, parent.as_deref())).collect();
        self.run(&format!(
            "INSERT INTO main.{table} (id, {}) SELECT s.id + {offset}, {} FROM src.{table} s WHERE {filter} ORDER BY s.id",
            names.join(", "),
            values.join(", ")
        ))?;
        self.offsets.insert(table.to_string(), offset);
        Ok(())
    }

    /// Adds the rows of a table without ids.
    fn pairs(&mut self, table: &str, filter: &str) -> rusqlite::Result<()> {
        let columns = self.columns(table)?;
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = columns.iter().map(|(name, parent)| self.mapped(table, name, parent.as_deref())).collect();
        self.run(&format!(
            "INSERT OR IGNORE INTO main.{table} ({}) SELECT {} FROM src.{table} s WHERE {filter}",
            names.join(", "),
            values.join(", ")
        ))
    }
}
