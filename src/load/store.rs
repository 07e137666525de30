//! Brings the rows of a document in line with what was read from it.
//!
//! In:  rows as they should be, in reading order; the rows the database holds of the same document.
//! Out: rows that are new are inserted, those that say otherwise updated, those that vanished deleted; an equal row is not
//! touched and keeps its id.
//!
//! A document that is new to the database has no old rows, and then this is nothing but prepared `INSERT`s.

use super::rows::TableRow;
use rusqlite::{Connection, Statement, ToSql, params};
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;

/// So many rows go into one `INSERT`: SQLite builds the lists of the CHECK constraints once a statement. A tenth faster than sixteen.
pub(super) const TOGETHER: usize = 64;

/// A table to write to. New rows are held back until several can be written at once.
pub(super) struct Table<'t, R> {
    tx: &'t Connection,
    insert: Statement<'t>,
    /// For [`TOGETHER`] rows; a small document never needs it.
    insert_many: Option<Statement<'t>>,
    update: Statement<'t>,
    load_id: i64,
    waiting: Vec<(i64, R)>,
}

impl<'t, R: TableRow> Table<'t, R> {
    pub(super) fn open(tx: &'t Connection, load_id: i64) -> rusqlite::Result<Table<'t, R>> {
        let sets: Vec<String> = Self::columns().iter().enumerate().skip(1).map(|(at, name)| format!("{name} = ?{}", at + 1)).collect();
        let insert = tx.prepare(&Self::insertion(1))?;
        let update = tx.prepare(&format!("UPDATE {} SET {} WHERE id = ?1", R::TABLE, sets.join(", ")))?;
        Ok(Table { tx, insert, insert_many: None, update, load_id, waiting: Vec::new() })
    }

    fn columns() -> Vec<&'static str> {
        let own = if R::LOAD { &["id", "load_id"][..] } else { &["id"] };
        [own, R::COLUMNS].concat()
    }

    /// SQL that inserts so many rows.
    fn insertion(rows: usize) -> String {
        let columns = Self::columns();
        let row = format!("({})", vec!["?"; columns.len()].join(", "));
        format!("INSERT INTO {} ({}) VALUES {}", R::TABLE, columns.join(", "), vec![row; rows].join(", "))
    }

    /// Inserts a row, now or with others.
    pub(super) fn insert(&mut self, id: i64, row: R) -> rusqlite::Result<()> {
        self.waiting.push((id, row));
        if self.waiting.len() == TOGETHER {
            let insert = match &mut self.insert_many {
                Some(insert) => insert,
                none => none.insert(self.tx.prepare(&Self::insertion(TOGETHER))?),
            };
            let mut at = 1;
            for (id, row) in &self.waiting {
                at = Self::bind(insert, at, *id, self.load_id, row)?;
            }
            insert.raw_execute()?;
            self.waiting.clear();
        }
        Ok(())
    }

    /// Writes what is held back.
    pub(super) fn flush(&mut self) -> rusqlite::Result<()> {
        for (id, row) in self.waiting.drain(..) {
            Self::bind(&mut self.insert, 1, id, self.load_id, &row)?;
            self.insert.raw_execute()?;
        }
        Ok(())
    }

    pub(super) fn update(&mut self, id: i64, row: &R) -> rusqlite::Result<()> {
        Self::bind(&mut self.update, 1, id, self.load_id, row)?;
        self.update.raw_execute()?;
        Ok(())
    }

    /// Binds a row from a place on; what it returns is the place behind.
    fn bind(statement: &mut Statement, first: usize, id: i64, load_id: i64, row: &R) -> rusqlite::Result<usize> {
        statement.raw_bind_parameter(first, id)?;
        let mut at = first + 1;
        if R::LOAD {
            statement.raw_bind_parameter(at, load_id)?;
            at += 1;
        }
        row.bind(statement, at)?;
        Ok(at + R::COLUMNS.len())
    }
}

/// The rows that the database holds of one document and one table, until they are put again: ids by a hash of their keys, in
/// reading order. The rows themselves are read when they are asked for, so that a long document fits into memory.
pub(super) struct Old<R> {
    ids: HashMap<u64, VecDeque<i64>>,
    row: PhantomData<R>,
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

impl<R: TableRow> Old<R> {
    /// Those of a document; of a new one there are none.
    pub(super) fn of(tx: &Connection, document_id: i64, is_new: bool) -> rusqlite::Result<Old<R>> {
        let mut ids: HashMap<u64, VecDeque<i64>> = HashMap::new();
        if !is_new {
            let sql = format!("SELECT id, {} FROM {} WHERE document_id = ?1 ORDER BY id", R::COLUMNS.join(", "), R::TABLE);
            let mut select = tx.prepare_cached(&sql)?;
            let mut rows = select.query([document_id])?;
            while let Some(row) = rows.next()? {
                ids.entry(hash(&R::read(row, 1)?.key())).or_default().push_back(row.get(0)?);
            }
        }
        Ok(Old { ids, row: PhantomData })
    }

    /// Puts one row in its place.
    pub(super) fn put(&mut self, tx: &Connection, table: &mut Table<R>, mut row: R, next_id: &mut i64) -> rusqlite::Result<Became<R>> {
        if !self.ids.is_empty()
            && let key = row.key()
            && let Some(ids) = self.ids.get_mut(&hash(&key))
            && let Some(&id) = ids.front()
        {
            let old = by_id::<R>(tx, id)?;
            // Two keys of one hash are as good as never; then the old row vanishes and a new one comes.
            if old.key() == key {
                ids.pop_front();
                row.follow(&old);
                if old == row {
                    return Ok(Became::Same(id));
                }
                table.update(id, &row)?;
                return Ok(Became::Changed(id, old));
            }
        }
        let id = *next_id;
        *next_id += 1;
        table.insert(id, row)?;
        Ok(Became::New(id))
    }

    /// The ids of the rows that were not put again, in reading order.
    pub(super) fn vanished(&mut self) -> Vec<i64> {
        let mut ids: Vec<i64> = std::mem::take(&mut self.ids).into_values().flatten().collect();
        ids.sort_unstable();
        ids
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// A row by its id.
pub(super) fn by_id<R: TableRow>(tx: &Connection, id: i64) -> rusqlite::Result<R> {
    let sql = format!("SELECT {} FROM {} WHERE id = ?1", R::COLUMNS.join(", "), R::TABLE);
    tx.prepare_cached(&sql)?.query_row([id], |row| R::read(row, 0))
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

/// Brings rows that belong to no document in line: one that is found again keeps its row, new ones come, others go.
pub(super) fn renew<R: TableRow>(tx: &Connection, load_id: i64, old: Vec<(i64, R)>, found: Vec<R>) -> rusqlite::Result<()> {
    let mut by_key: HashMap<String, Vec<(i64, R)>> = HashMap::new();
    for (id, row) in old {
        by_key.entry(row.key()).or_default().push((id, row));
    }
    let mut table = Table::<R>::open(tx, load_id)?;
    let mut next_id: i64 = tx.query_row(&format!("SELECT COALESCE(max(id), 0) + 1 FROM {}", R::TABLE), [], |row| row.get(0))?;
    for row in found {
        let known = by_key.get_mut(&row.key()).and_then(|rows| Some((rows.iter().position(|(_, old)| *old == row)?, rows)));
        if let Some((at, rows)) = known {
            rows.swap_remove(at);
        } else {
            table.insert(next_id, row)?;
            next_id += 1;
        }
    }
    table.flush()?;
    by_key.into_values().flatten().try_for_each(|(id, _)| delete(tx, R::TABLE, id))
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
