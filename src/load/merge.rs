//! Joins databases into a new one.
//!
//! In:  databases of this program's version; ids of each are its own.
//! Out: a database with all their reports, joined by codes and keys; facts are decided over anew, corrections of all hold.
//!
//! A document that several have is taken from the one that loaded it last; figures that people added to the others go over to it.
//! Names come first, from all databases, then headings, then rows: what a row leads to is there by then, whatever order the databases
//! are given in. How columns lead from table to table is read from the foreign keys, so that a new column needs no line here.

use super::file::NewFile;
use super::loading::Loading;
use super::rows::FigureRow;
use super::{Options, loading, schema, store, verify};
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use rusqlite::Connection;
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
    let mut copy = Copy { connection: &connection, at: 0, offsets: HashMap::new() };
    copy.prepare(&winners).map_err(told)?;
    copy.each(sources, Copy::names)?;
    copy.each(sources, Copy::headings)?;
    copy.choose_headings().map_err(told)?;
    copy.each(sources, Copy::rows)?;
    connection.execute_batch("BEGIN EXCLUSIVE").map_err(told)?;
    schema::indexes(&connection).and_then(|()| schema::mend(&connection)).map_err(told)?;
    copy.additions().map_err(told)?;
    in_order(&connection).map_err(told)?;
    let mut loading = Loading::start(&connection, knowledge, options, true).map_err(told)?;
    loading.resume().map_err(told)?;
    loading.follow_merges().map_err(told)?;
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

/// What a correction says; its state follows from the others and from the figures.
const SAID: &str = "figure_key, action, field, machine_value, new_value, reason, author, created_at, report, metric_text, reported";

/// Puts the corrections of all databases in the order in which they were made, each once: the last one holds.
///
/// Of one second they keep the order of their database. What one database took for superseded, since its figure went over to another,
/// holds where the figure is still there.
fn in_order(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "INSERT INTO main.corrections ({SAID}, state)
         SELECT {SAID}, CASE
                WHEN superseded = 0 OR superseded < databases AND EXISTS (SELECT 1 FROM main.figures f WHERE f.figure_key = c.figure_key)
                THEN CASE WHEN stale > 0 THEN 'stale' ELSE 'active' END ELSE 'superseded' END
           FROM (SELECT {SAID}, nth, min(place) AS place, count(*) AS databases, sum(state = 'superseded') AS superseded, sum(state = 'stale') AS stale
                   FROM (SELECT *, row_number() OVER (PARTITION BY src, {SAID} ORDER BY id) AS nth,
                                row_number() OVER (PARTITION BY src, created_at ORDER BY id) AS place FROM said)
                  GROUP BY {SAID}, nth) c
          ORDER BY created_at, place, {SAID}, nth"
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
        // The last loaded first; of one second one that is the same whatever database is given first.
        candidates.sort_by(|left, right| (&right.loaded, &left.digest, left.source).cmp(&(&left.loaded, &right.digest, right.source)));
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

/// Copies databases, each attached as `src` for a while, into `main`.
struct Copy<'c> {
    connection: &'c Connection,
    /// Which of the databases is attached.
    at: usize,
    /// Of tables whose rows come over as they are: what is added to their ids. Of all others a table `map_…` has old and new ids.
    offsets: HashMap<(usize, &'static str), i64>,
}

/// Tables whose rows several databases may have, with what they are known by; each after those that it leads to.
const JOINED: [(&str, &str); 8] = [
    ("years", "id"),
    ("provinces", "id"),
    ("places", "code"),
    ("units", "code"),
    ("metrics", "code"),
    ("periods", "code"),
    ("organizations", "code"),
    ("reports", "code"),
];

/// Figures that no load brings back.
const ADDED: &str = "(s.review_status = 'added' OR s.figure_key IN (SELECT figure_key FROM src.corrections WHERE action = 'add'))";

impl Copy<'_> {
    /// Makes the tables that ids and choices are noted in.
    fn prepare(&self, winners: &[HashSet<i64>]) -> rusqlite::Result<()> {
        for table in JOINED.map(|(table, _)| table).into_iter().chain(["documents", "initiatives"]) {
            self.run(&format!(
                "CREATE TEMP TABLE map_{table} (src INTEGER, old INTEGER, new INTEGER NOT NULL, PRIMARY KEY (src, old)) WITHOUT ROWID"
            ))?;
        }
        self.run(
            "CREATE TEMP TABLE taken (src INTEGER, id INTEGER, PRIMARY KEY (src, id)) WITHOUT ROWID;
             CREATE TEMP TABLE headings AS SELECT 0 AS src, 0 AS old, 0 AS is_own, * FROM main.initiatives WHERE 0;
             CREATE TEMP TABLE chosen (src INTEGER, old INTEGER, new INTEGER NOT NULL, PRIMARY KEY (src, old)) WITHOUT ROWID;
             CREATE TEMP TABLE added AS SELECT 0 AS src, 0 AS old, '' AS sentence, * FROM main.figures WHERE 0;
             CREATE TEMP TABLE added_places (src INTEGER, old INTEGER, place_id INTEGER);
             CREATE TEMP TABLE said AS SELECT 0 AS src, * FROM main.corrections WHERE 0",
        )?;
        let mut insert = self.connection.prepare("INSERT INTO taken VALUES (?1, ?2)")?;
        for (at, documents) in (0_i64..).zip(winners) {
            for id in documents {
                insert.execute((at, id))?;
            }
        }
        Ok(())
    }

    /// Does something with each database, in a transaction of its own.
    fn each(&mut self, sources: &[PathBuf], work: fn(&mut Self) -> rusqlite::Result<()>) -> Result<()> {
        for (at, source) in sources.iter().enumerate() {
            let told = |error| schema::told(error, source);
            self.at = at;
            self.connection.execute("ATTACH ?1 AS src", [source.to_string_lossy()]).map_err(told)?;
            self.run("BEGIN").and_then(|()| work(self)).and_then(|()| self.run("COMMIT; DETACH src")).map_err(told)?;
        }
        Ok(())
    }

    /// Copies what figures lead to, and the documents that are taken.
    fn names(&mut self) -> rusqlite::Result<()> {
        for (table, key) in JOINED {
            self.joined(table, key)?;
        }
        for table in ["place_members", "metric_aliases", "metric_standards"] {
            self.pairs(table, "1")?;
        }
        // Whatever database comes first, of several ways to write a name the same one is kept, as in loads one after the other.
        self.run(
            "UPDATE main.metrics SET name_hant = s.name_hant FROM src.metrics s
              WHERE s.code = metrics.code AND metrics.status = 'auto' AND s.name_hant <> s.name_hans
                AND (metrics.name_hant = metrics.name_hans OR metrics.name_hant > s.name_hant);
             UPDATE main.organizations SET name_hant = s.name_hant, name_hans = s.name_hans FROM src.organizations s
              WHERE s.code = organizations.code AND organizations.name_en IS NULL AND s.name_hant <> s.code
                AND (organizations.name_hant = organizations.code OR organizations.name_hant > s.name_hant)",
        )?;
        self.whole("loads", "1")?;
        self.whole("documents", &self.of_taken("id"))?;
        // Where a document lies is a mere name; others are asked for by what they are.
        self.offsets.remove(&(self.at, "documents"));
        Ok(())
    }

    /// Notes which document each has become, and the headings of those that are taken, of their figures and of added ones, with
    /// those above.
    fn headings(&mut self) -> rusqlite::Result<()> {
        let at = self.at;
        self.run(&format!(
            "INSERT INTO map_documents SELECT {at}, s.id, (
                SELECT d.id FROM main.documents d WHERE d.report_id = {report} AND d.source = s.source AND (d.name = s.name OR d.sha256 = s.sha256)
                 ORDER BY d.name = s.name DESC, d.name LIMIT 1) FROM src.documents s",
            report = self.mapped("documents", "report_id", Some("reports")),
        ))?;
        let columns = self.columns("initiatives")?;
        let values: Vec<String> = columns
            .iter()
            .map(|(name, parent)| match name.as_str() {
                "document_id" => "u.document_id".to_string(),
                // What stands at another place of a document that is not taken, nobody knows where it stands.
                "page_no" | "line_no" => format!("CASE WHEN u.is_own THEN s.{name} END"),
                "parent_id" => "s.parent_id".to_string(),
                _ => self.mapped("initiatives", name, parent.as_deref()),
            })
            .collect();
        self.run(&format!(
            "WITH RECURSIVE used (id, document_id, is_own) AS (
                SELECT s.id, {document}, 1 FROM src.initiatives s WHERE {taken}
                UNION SELECT s.initiative_id, {document}, 0 FROM src.figures s WHERE s.initiative_id IS NOT NULL AND ({taken} OR {ADDED})
                UNION SELECT i.parent_id, used.document_id, 0 FROM used JOIN src.initiatives i ON i.id = used.id WHERE i.parent_id IS NOT NULL)
             INSERT INTO headings (src, old, is_own, {names}) SELECT {at}, s.id, u.is_own, {values} FROM used u JOIN src.initiatives s ON s.id = u.id",
            document = self.mapped("figures", "document_id", Some("documents")),
            taken = self.of_taken("document_id"),
            names = listed(&columns),
            values = values.join(", "),
        ))
    }

    /// Makes a row of each heading; the first document by source and name says where it stands, as in a load.
    fn choose_headings(&self) -> rusqlite::Result<()> {
        let columns = listed(&self.columns("initiatives")?);
        self.run(&format!(
            "BEGIN;
             CREATE TEMP TABLE ranked AS SELECT h.src, h.old, h.report_id, h.path,
                    min(h.src * (1 << 40) + h.old) OVER (PARTITION BY h.report_id, h.path) AS first,
                    h.rowid AS heading, row_number() OVER (PARTITION BY h.report_id, h.path ORDER BY h.is_own DESC, d.source, d.name, h.src) AS rank
               FROM headings h JOIN main.documents d ON d.id = h.document_id;
             INSERT INTO main.initiatives (id, {columns}) SELECT row_number() OVER (ORDER BY r.first), {columns_of}
               FROM ranked r JOIN headings h ON h.rowid = r.heading WHERE r.rank = 1 ORDER BY r.first;
             INSERT OR IGNORE INTO map_initiatives SELECT r.src, r.old, i.id FROM ranked r
               JOIN main.initiatives i ON i.report_id = r.report_id AND i.path = r.path;
             INSERT INTO chosen SELECT r.src, r.old, m.new FROM ranked r JOIN map_initiatives m ON m.src = r.src AND m.old = r.old WHERE r.rank = 1;
             UPDATE main.initiatives SET parent_id = (SELECT m.new FROM chosen c
                JOIN map_initiatives m ON m.src = c.src AND m.old = initiatives.parent_id WHERE c.new = initiatives.id)
              WHERE parent_id IS NOT NULL;
             COMMIT",
            columns_of = columns.split(", ").map(|column| format!("h.{column}")).collect::<Vec<_>>().join(", "),
        ))
    }

    /// Copies the rows of the documents that are taken, and what people said; lays aside what they added to other documents.
    fn rows(&mut self) -> rusqlite::Result<()> {
        let at = self.at;
        self.pairs("initiative_provinces", &format!("s.initiative_id IN (SELECT old FROM chosen WHERE src = {at})"))?;
        let taken = self.of_taken("document_id");
        for table in ["sentences", "figures", "non_figures", "findings"] {
            self.whole(table, &taken)?;
        }
        let figures = format!("IN (SELECT s.id FROM src.figures s WHERE {taken})");
        self.pairs("figure_places", &format!("s.figure_id {figures}"))?;
        self.pairs("figure_links", &format!("s.relation <> 'restates' AND s.from_id {figures} AND s.to_id {figures}"))?;
        let columns = self.columns("figures")?;
        self.run(&format!(
            "INSERT INTO added (src, old, sentence, {names}) SELECT {at}, s.id, (SELECT text FROM src.sentences WHERE id = s.sentence_id), {values}
               FROM src.figures s WHERE {ADDED} AND NOT {taken};
             INSERT INTO added_places SELECT {at}, s.figure_id, {place} FROM src.figure_places s WHERE s.figure_id IN (SELECT old FROM added WHERE src = {at})",
            names = listed(&columns),
            values = self.values("figures", &columns),
            place = self.mapped("figure_places", "place_id", Some("places")),
        ))?;
        self.run(&format!("INSERT INTO said (src, id, state, {SAID}) SELECT {at}, id, state, {SAID} FROM src.corrections"))
    }

    /// Puts in the figures that people added to documents that were not taken, each once; a sentence that the document taken has as
    /// well stays theirs where no span counts its characters.
    fn additions(&self) -> rusqlite::Result<()> {
        let columns = listed(&self.columns("figures")?);
        self.run(&format!(
            "DELETE FROM added WHERE EXISTS (SELECT 1 FROM main.figures f WHERE f.figure_key = added.figure_key AND f.document_id = added.document_id)
                OR EXISTS (SELECT 1 FROM added a WHERE a.figure_key = added.figure_key AND a.document_id = added.document_id AND a.rowid < added.rowid);
             UPDATE added SET id = rowid + (SELECT COALESCE(max(id), 0) FROM main.figures),
                sentence_id = (SELECT min(s.id) FROM main.sentences s
                    WHERE s.document_id = added.document_id AND s.text = added.sentence AND added.char_start IS NULL);
             INSERT INTO main.figures (id, {columns}) SELECT id, {columns} FROM added ORDER BY id;
             INSERT INTO main.figure_places SELECT a.id, p.place_id FROM added_places p JOIN added a ON a.src = p.src AND a.old = p.old;
             UPDATE main.reports SET {called}",
            called = loading::called("reports.id", "title"),
        ))
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.execute_batch(sql)
    }

    /// Does a row of `src` belong to a document that is taken?
    fn of_taken(&self, column: &str) -> String {
        format!("s.{column} IN (SELECT id FROM taken WHERE src = {})", self.at)
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
        let at = self.at;
        match parent {
            None => format!("s.{column}"),
            // Years and provinces have the same id everywhere.
            Some("years" | "provinces") => format!("s.{column}"),
            Some(parent) if parent == table => "NULL".to_string(),
            Some(parent) => match self.offsets.get(&(at, parent)) {
                Some(offset) => format!("s.{column} + {offset}"),
                None => format!("(SELECT new FROM map_{parent} WHERE src = {at} AND old = s.{column})"),
            },
        }
    }

    fn values(&self, table: &str, columns: &[(String, Option<String>)]) -> String {
        columns.iter().map(|(name, parent)| self.mapped(table, name, parent.as_deref())).collect::<Vec<_>>().join(", ")
    }

    /// Adds the rows whose key is not there yet, and notes which row each has become.
    fn joined(&self, table: &str, key: &str) -> rusqlite::Result<()> {
        let at = self.at;
        let columns = self.columns(table)?;
        let last: i64 = self.connection.query_row(&format!("SELECT COALESCE(max(id), 0) FROM main.{table}"), [], |row| row.get(0))?;
        let id = match table {
            "years" | "provinces" => "s.id".to_string(),
            // Those with a code of GB/T 2260 have it as their id.
            "places" => format!("CASE WHEN s.id < 1000000 THEN s.id ELSE {} + row_number() OVER (ORDER BY s.id) END", last.max(999_999)),
            _ => format!("{last} + row_number() OVER (ORDER BY s.id)"),
        };
        self.run(&format!(
            "INSERT INTO main.{table} (id, {}) SELECT {id}, {} FROM src.{table} s
              WHERE NOT EXISTS (SELECT 1 FROM main.{table} t WHERE t.{key} = s.{key}) ORDER BY s.id;
             INSERT INTO map_{table} SELECT {at}, s.id, t.id FROM src.{table} s JOIN main.{table} t ON t.{key} = s.{key}",
            listed(&columns),
            self.values(table, &columns)
        ))?;
        for (column, _) in columns.iter().filter(|(_, parent)| parent.as_deref() == Some(table)) {
            self.run(&format!(
                "UPDATE main.{table} SET {column} = (SELECT p.new FROM src.{table} s JOIN map_{table} m ON m.src = {at} AND m.old = s.id
                        JOIN map_{table} p ON p.src = {at} AND p.old = s.{column} WHERE m.new = {table}.id)
                  WHERE {column} IS NULL
                    AND id IN (SELECT m.new FROM map_{table} m JOIN src.{table} s ON s.id = m.old WHERE m.src = {at} AND s.{column} IS NOT NULL)"
            ))?;
        }
        Ok(())
    }

    /// Adds rows that no other database has, under ids of their own.
    fn whole(&mut self, table: &'static str, filter: &str) -> rusqlite::Result<()> {
        let columns = self.columns(table)?;
        let offset: i64 = self.connection.query_row(&format!("SELECT COALESCE(max(id), 0) FROM main.{table}"), [], |row| row.get(0))?;
        self.run(&format!(
            "INSERT INTO main.{table} (id, {}) SELECT s.id + {offset}, {} FROM src.{table} s WHERE {filter} ORDER BY s.id",
            listed(&columns),
            self.values(table, &columns)
        ))?;
        self.offsets.insert((self.at, table), offset);
        Ok(())
    }

    /// Adds the rows of a table without ids.
    fn pairs(&self, table: &str, filter: &str) -> rusqlite::Result<()> {
        let columns = self.columns(table)?;
        self.run(&format!(
            "INSERT OR IGNORE INTO main.{table} ({}) SELECT {} FROM src.{table} s WHERE {filter}",
            listed(&columns),
            self.values(table, &columns)
        ))
    }
}

/// The names of columns, as SQL lists them.
fn listed(columns: &[(String, Option<String>)]) -> String {
    columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}
