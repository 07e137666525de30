//! Reads the rows of a table or view while those before are being written.
//!
//! In:  a database opened for reading, the description of a table or view.
//! Out: its rows in batches, in its own order.

use super::columns::Relation;
use crate::error::{Error, Result};
use crate::serve::cell;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::sync::mpsc::sync_channel;
use std::thread;

/// How many rows are handed over at once: enough for the handing over not to count, little enough for the memory.
const BATCH: usize = 2048;

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'b> {
    Null,
    Integer(i64),
    Double(f64),
    Text(&'b str),
}

/// A value whose text stands elsewhere.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Integer(i64),
    Double(f64),
    /// From where to where in the text of the batch.
    Text(usize, usize),
}

/// Rows in one piece of memory.
#[derive(Debug)]
pub(super) struct Batch {
    width: usize,
    cells: Vec<Cell>,
    text: String,
}

impl Batch {
    fn new(width: usize) -> Batch {
        Batch { width, cells: Vec::with_capacity(BATCH * width), text: String::new() }
    }

    fn len(&self) -> usize {
        self.cells.len() / self.width
    }

    /// The values of each row.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = Value<'_>>> {
        self.cells.chunks(self.width).map(|cells| {
            cells.iter().map(|cell| match *cell {
                Cell::Null => Value::Null,
                Cell::Integer(integer) => Value::Integer(integer),
                Cell::Double(double) => Value::Double(double),
                Cell::Text(from, to) => Value::Text(&self.text[from..to]),
            })
        })
    }

    fn push(&mut self, value: ValueRef<'_>) {
        self.cells.push(match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(integer) => Cell::Integer(integer),
            ValueRef::Real(double) => Cell::Double(double),
            ValueRef::Text(_) | ValueRef::Blob(_) => {
                let from = self.text.len();
                self.text += &cell::text(value);
                Cell::Text(from, self.text.len())
            }
        });
    }
}

/// Gives all rows to `take`, and says how many there were.
pub(super) fn each(db: &mut Connection, relation: &Relation, mut take: impl FnMut(&Batch) -> Result<()>) -> Result<u64> {
    let (sender, receiver) = sync_channel::<Batch>(2);
    thread::scope(|scope| {
        let reader = scope.spawn(move || -> Result<()> {
            let mut statement = db.prepare(&relation.select())?;
            let width = relation.columns.len();
            let mut rows = statement.raw_query();
            let mut batch = Batch::new(width);
            while let Some(row) = rows.next()? {
                for at in 0..width {
                    batch.push(row.get_ref(at)?);
                }
                if batch.len() == BATCH && sender.send(std::mem::replace(&mut batch, Batch::new(width))).is_err() {
                    // The writer has failed and tells why.
                    return Ok(());
                }
            }
            let _ = sender.send(batch);
            Ok(())
        });
        let mut count = 0;
        let mut taken = Ok(());
        for batch in &receiver {
            count += batch.len() as u64;
            taken = take(&batch);
            if taken.is_err() {
                break;
            }
        }
        drop(receiver);
        match reader.join() {
            Ok(read) => read.and(taken).map(|()| count),
            Err(_) => Err(Error::failed(format!("{}: the reader of its rows stopped", relation.name))),
        }
    })
}
