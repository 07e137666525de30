//! Writes a table or view as CSV.
//!
//! In:  a database, the description of a table or view.
//! Out: CSV with a header, on a writer; a text that a spreadsheet would run as a formula has an apostrophe before it.

use super::columns::Relation;
use super::formula::is_formula;
use super::rows::{self, Value};
use crate::error::{Error, Result};
use crate::serve::{cell, unwritten};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::io::Write;

/// Writes all rows; how many there were.
pub(super) fn write(db: &mut Connection, relation: &Relation, out: &mut dyn Write) -> Result<u64> {
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => unwritten(&error),
        other => Error::failed(format!("{other:?}")),
    };
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
    for column in &relation.columns {
        field(&mut writer, &column.header).map_err(failed)?;
    }
    writer.write_record(None::<&[u8]>).map_err(failed)?;
    let count = rows::each(db, relation, |batch| {
        for row in batch.rows() {
            for value in row {
                match value {
                    Value::Null => writer.write_field(""),
                    Value::Integer(integer) => writer.write_field(cell::text(ValueRef::Integer(integer)).as_bytes()),
                    Value::Double(double) => writer.write_field(cell::text(ValueRef::Real(double)).as_bytes()),
                    Value::Text(text) => field(&mut writer, text),
                }
                .map_err(failed)?;
            }
            writer.write_record(None::<&[u8]>).map_err(failed)?;
        }
        Ok(())
    })?;
    writer.flush().map_err(|error| unwritten(&error))?;
    Ok(count)
}

fn field<W: Write>(writer: &mut csv::Writer<W>, text: &str) -> csv::Result<()> {
    if is_formula(text) { writer.write_field(format!("'{text}")) } else { writer.write_field(text) }
}
