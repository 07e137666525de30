//! Brings the rows of a document in line with what was read from it.
//!
//! In:  rows as they should be, in reading order; the rows the database holds of the same document.
//! Out: rows that are new are inserted, those that say otherwise updated, those that vanished deleted; an equal row is not
//! touched and keeps its id.
//!
//! A document that is new to the database has no old rows, and then this is nothing but one prepared `INSERT`.

use super::rows::TableRow;
use rusqlite::{Connection, Statement, ToSql, params};
use std::collections::{HashMap, VecDeque};
use std::marker::PhantomData;

/// A table to write to.
pub(super) struct Table<'t, R> {
    insert: Statement<'t>,
    update: Statement<'t>,
    load_id: i64,
    row: PhantomData<R>,
}

impl<'t, R: TableRow> Table<'t, R> {
    pub(super) fn open(tx: &'t Connection, load_id: i64) -> rusqlite::Result<Table<'t, R>> {
        let mut names = vec!["id"];
        if R::LOAD {
            names.push("load_id");
        }
        names.extend(R::COLUMNS);
        let marks: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
        let sets: Vec<String> = names.iter().enumerate().skip(1).map(|(at, name)| format!("{name} = ?{}", at + 1)).collect();
        let insert = tx.prepare(&format!("INSERT INTO {} ({}) VALUES ({})", R::TABLE, names.join(", "), marks.join(", ")))?;
        let update = tx.prepare(&format!("UPDATE {} SET {} WHERE id = ?1", R::TABLE, sets.join(", ")))?;
        Ok(Table { insert, update, load_id, row: PhantomData })
    }

    pub(super) fn insert(&mut self, id: i64, row: &R) -> rusqlite::Result<()> {
        Self::run(&mut self.insert, id, self.load_id, row)
    }

    pub(super) fn update(&mut self, id: i64, row: &R) -> rusqlite::Result<()> {
        Self::run(&mut self.update, id, self.load_id, row)
    }

    fn run(statement: &mut Statement, id: i64, load_id: i64, row: &R) -> rusqlite::Result<()> {
        statement.raw_bind_parameter(1, id)?;
        let mut first = 2;
        if R::LOAD {
            statement.raw_bind_parameter(2, load_id)?;
            first = 3;
        }
        row.bind(statement, first)?;
        statement.raw_execute()?;
        Ok(())
    }
}

/// The rows of one table that belong to one document, on their way.
pub(super) struct Sync<'t, R> {
    table: Table<'t, R>,
    /// What the database holds: by key, in reading order.
    old: HashMap<String, VecDeque<(i64, R)>>,
    next_id: &'t mut i64,
}

/// What became of a row.
pub(super) enum Became<R> {
    /// There was none.
    New(i64),
    /// It said otherwise: so.
    Changed(i64, R),
    /// It said the same.
    Same(i64),
}

impl<R> Became<R> {
    pub(super) fn id(&self) -> i64 {
        match self {
            Became::New(id) | Became::Changed(id, _) | Became::Same(id) => *id,
        }
    }
}

impl<'t, R: TableRow> Sync<'t, R> {
    /// `is_new`: the database holds nothing of this document.
    pub(super) fn start(
        tx: &'t Connection,
        document_id: i64,
        is_new: bool,
        load_id: i64,
        next_id: &'t mut i64,
    ) -> rusqlite::Result<Sync<'t, R>> {
        let mut old: HashMap<String, VecDeque<(i64, R)>> = HashMap::new();
        if !is_new {
            for (id, row) in rows::<R>(tx, "document_id", document_id)? {
                old.entry(row.key()).or_default().push_back((id, row));
            }
        }
        Ok(Sync { table: Table::open(tx, load_id)?, old, next_id })
    }

    /// Puts one row in its place.
    pub(super) fn put(&mut self, row: &R) -> rusqlite::Result<Became<R>> {
        if !self.old.is_empty()
            && let Some((id, old)) = self.old.get_mut(&row.key()).and_then(VecDeque::pop_front)
        {
            if old == *row {
                return Ok(Became::Same(id));
            }
            self.table.update(id, row)?;
            return Ok(Became::Changed(id, old));
        }
        let id = *self.next_id;
        *self.next_id += 1;
        self.table.insert(id, row)?;
        Ok(Became::New(id))
    }

    /// The rows that were not put again.
    pub(super) fn vanished(self) -> Vec<(i64, R)> {
        let mut rows: Vec<(i64, R)> = self.old.into_values().flatten().collect();
        rows.sort_by_key(|(id, _)| *id);
        rows
    }
}

/// The rows of a table where a column has a value, by their ids.
pub(super) fn rows<R: TableRow>(tx: &Connection, column: &str, value: impl ToSql) -> rusqlite::Result<Vec<(i64, R)>> {
    let sql = format!("SELECT id, {} FROM {} WHERE {column} = ?1 ORDER BY id", R::COLUMNS.join(", "), R::TABLE);
    let mut select = tx.prepare_cached(&sql)?;
    select.query_map([value], |row| Ok((row.get(0)?, R::read(row, 1)?)))?.collect()
}

/// Deletes a row by its id.
pub(super) fn delete(tx: &Connection, table: &str, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?.execute([id])?;
    Ok(())
}

/// Sets the places of a figure that names several.
pub(super) fn set_places(tx: &Connection, figure_id: i64, places: &[i64]) -> rusqlite::Result<()> {
    let mut select = tx.prepare_cached("SELECT place_id FROM figure_places WHERE figure_id = ?1 ORDER BY place_id")?;
    let old: Vec<i64> = select.query_map([figure_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for place in old.iter().filter(|place| !places.contains(place)) {
        tx.prepare_cached("DELETE FROM figure_places WHERE figure_id = ?1 AND place_id = ?2")?.execute(params![figure_id, place])?;
    }
    for place in places.iter().filter(|place| !old.contains(place)) {
        tx.prepare_cached("INSERT INTO figure_places (figure_id, place_id) VALUES (?1, ?2)")?.execute(params![figure_id, place])?;
    }
    Ok(())
}
