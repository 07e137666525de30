//! Writes a table or view as Parquet.
//!
//! In:  a database, the description of a table or view.
//! Out: a Parquet file: texts in dictionaries, days as DATE, flags as BOOLEAN; beside each exact decimal, which stays a text, the
//! same as DECIMAL(38,9).
//!
//! A decimal of more than 29 digits before the point or 9 behind it has no place in DECIMAL(38,9): it is null there, and counted.

use super::Outcome;
use super::columns::{Column, Holds, Relation};
use super::rows::{self, Value};
use crate::error::{Error, Result};
use crate::serve::unwritten;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use rusqlite::Connection;
use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::Arc;

/// How many rows are kept until they are written, column by column.
const GROUP: usize = 1 << 15;
/// Digits of DECIMAL(38,9), all of them and those behind the point.
const PRECISION: i32 = 38;
const SCALE: i32 = 9;

/// Writes all rows; how many there were, and how many decimals found no place. `schema` describes the columns, for the metadata.
pub(super) fn write(db: &mut Connection, relation: &Relation, schema: &serde_json::Value, out: File) -> Result<Outcome> {
    let mut columns: Vec<Buffer> = Vec::new();
    for (source, column) in relation.columns.iter().enumerate() {
        columns.push(Buffer::new(source, column.header.clone(), column.holds));
        if column.holds == Holds::Exact {
            columns.push(Buffer { values: Values::Decimals(Vec::new()), ..Buffer::new(source, decimal_name(column), column.holds) });
        }
    }
    let fields = columns.iter().map(Buffer::field).collect::<std::result::Result<Vec<TypePtr>, _>>().map_err(failed)?;
    let root = Type::group_type_builder(&relation.name).with_fields(fields).build().map_err(failed)?;
    let described = KeyValue::new("tableschema".to_string(), schema.to_string());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(vec![described])).build();
    let mut file = SerializedFileWriter::new(BufWriter::new(out), Arc::new(root), Arc::new(properties)).map_err(failed)?;
    let (mut held, mut misfits) = (0, 0);
    let count = rows::each(db, relation, |batch| {
        let mut line = Vec::with_capacity(relation.columns.len());
        for row in batch.rows() {
            line.clear();
            line.extend(row);
            for column in &mut columns {
                misfits += u64::from(!column.push(line[column.source]).map_err(|found| misplaced(relation, column.source, &found))?);
            }
            held += 1;
            if held == GROUP {
                flush(&mut file, &mut columns)?;
                held = 0;
            }
        }
        Ok(())
    })?;
    if held > 0 {
        flush(&mut file, &mut columns)?;
    }
    file.close().map_err(failed)?;
    Ok(Outcome { rows: vec![count], inexact: misfits })
}

/// `value_exact` has its number beside it in `value_decimal`.
fn decimal_name(column: &Column) -> String {
    if column.header == column.name {
        let stem = column.name.strip_suffix("_exact").or_else(|| column.name.strip_suffix("_text")).unwrap_or(&column.name);
        format!("{stem}_decimal")
    } else {
        format!("{} DECIMAL", column.header)
    }
}

fn failed(error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => unwritten(&error),
            Err(inner) => Error::failed(format!("Parquet cannot be written: {inner}")),
        },
        other => Error::failed(format!("Parquet cannot be written: {other}")),
    }
}

fn misplaced(relation: &Relation, column: usize, found: &str) -> Error {
    let column = &relation.columns[column];
    Error::failed(format!(
        "{}, column {}: found 「{found}」, expected {}; mend the row in an SQLite client, or leave it out with --where",
        relation.name,
        column.name,
        match column.holds {
            Holds::Integer => "a whole number",
            Holds::Flag => "0 or 1",
            Holds::Double { .. } => "a number",
            Holds::Date => "a day as YYYY-MM-DD",
            Holds::Text | Holds::Exact => "a text",
        }
    ))
}

/// The values of a column until they are written.
struct Buffer {
    /// The number of its column in the relation.
    source: usize,
    name: String,
    /// Of each row, whether it has a value.
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    /// Where each ends, and all in one piece.
    Texts(Vec<usize>, Vec<u8>),
    Integers(Vec<i64>),
    Flags(Vec<bool>),
    Doubles(Vec<f64>),
    Days(Vec<i32>),
    Decimals(Vec<FixedLenByteArray>),
}

impl Buffer {
    fn new(source: usize, name: String, holds: Holds) -> Buffer {
        let values = match holds {
            Holds::Text | Holds::Exact => Values::Texts(Vec::new(), Vec::new()),
            Holds::Integer => Values::Integers(Vec::new()),
            Holds::Flag => Values::Flags(Vec::new()),
            Holds::Double { .. } => Values::Doubles(Vec::new()),
            Holds::Date => Values::Days(Vec::new()),
        };
        Buffer { source, name, levels: Vec::new(), values }
    }

    fn field(&self) -> std::result::Result<TypePtr, ParquetError> {
        let (physical, logical) = match self.values {
            Values::Texts(..) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Integers(_) => (Physical::INT64, None),
            Values::Flags(_) => (Physical::BOOLEAN, None),
            Values::Doubles(_) => (Physical::DOUBLE, None),
            Values::Days(_) => (Physical::INT32, Some(LogicalType::Date)),
            Values::Decimals(_) => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(SCALE, PRECISION))),
        };
        let field = Type::primitive_type_builder(&self.name, physical).with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
        let field = if matches!(self.values, Values::Decimals(_)) {
            field.with_length(16).with_precision(PRECISION).with_scale(SCALE)
        } else {
            field
        };
        field.build().map(Arc::new)
    }

    /// Takes a value; false where it is a decimal without a place. Fails with what was found where it is not what the column holds.
    fn push(&mut self, value: Value<'_>) -> std::result::Result<bool, String> {
        let before = self.levels.len();
        self.levels.push(1);
        match (&mut self.values, value) {
            (_, Value::Null) => self.levels[before] = 0,
            (Values::Texts(ends, all), Value::Text(text)) => {
                all.extend_from_slice(text.as_bytes());
                ends.push(all.len());
            }
            (Values::Texts(ends, all), Value::Integer(integer)) => {
                all.extend_from_slice(integer.to_string().as_bytes());
                ends.push(all.len());
            }
            (Values::Integers(all), Value::Integer(integer)) => all.push(integer),
            (Values::Flags(all), Value::Integer(flag @ (0 | 1))) => all.push(flag == 1),
            (Values::Doubles(all), Value::Double(double)) => all.push(double),
            (Values::Doubles(all), Value::Integer(integer)) => all.push(integer as f64),
            (Values::Days(all), Value::Text(text)) => all.push(days(text).ok_or_else(|| text.to_string())?),
            (Values::Decimals(all), Value::Text(text)) => match scaled(text) {
                Some(scaled) => all.push(FixedLenByteArray::from(scaled.to_be_bytes().to_vec())),
                None => {
                    self.levels[before] = 0;
                    return Ok(false);
                }
            },
            (_, Value::Text(text)) => return Err(text.to_string()),
            (_, Value::Integer(integer)) => return Err(integer.to_string()),
            (_, Value::Double(double)) => return Err(double.to_string()),
        }
        Ok(true)
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> std::result::Result<(), ParquetError> {
        fn all<T: DataType>(
            writer: &mut SerializedColumnWriter<'_>,
            values: &mut Vec<T::T>,
            levels: &[i16],
        ) -> std::result::Result<(), ParquetError> {
            writer.typed::<T>().write_batch(values, Some(levels), None)?;
            values.clear();
            Ok(())
        }
        let levels = &self.levels;
        match &mut self.values {
            Values::Texts(ends, bytes) => {
                let shared = bytes::Bytes::from(std::mem::take(bytes));
                let mut from = 0;
                let mut values: Vec<ByteArray> = ends
                    .drain(..)
                    .map(|to| {
                        let value = shared.slice(from..to);
                        from = to;
                        ByteArray::from(value)
                    })
                    .collect();
                all::<ByteArrayType>(writer, &mut values, levels)?;
            }
            Values::Integers(values) => all::<Int64Type>(writer, values, levels)?,
            Values::Flags(values) => all::<BoolType>(writer, values, levels)?,
            Values::Doubles(values) => all::<DoubleType>(writer, values, levels)?,
            Values::Days(values) => all::<Int32Type>(writer, values, levels)?,
            Values::Decimals(values) => all::<FixedLenByteArrayType>(writer, values, levels)?,
        }
        self.levels.clear();
        Ok(())
    }
}

/// Writes what is held as a row group.
fn flush(file: &mut SerializedFileWriter<BufWriter<File>>, columns: &mut [Buffer]) -> Result<()> {
    let mut group = file.next_row_group().map_err(failed)?;
    for column in columns {
        let mut writer = group.next_column().map_err(failed)?.ok_or_else(|| Error::failed("a Parquet file lacks a column"))?;
        column.write(&mut writer).map_err(failed)?;
        writer.close().map_err(failed)?;
    }
    group.close().map_err(failed)?;
    Ok(())
}

/// A plain decimal times 10^9, where it has no more than 38 digits then and nothing is cut off.
fn scaled(text: &str) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    if part.len() > SCALE as usize || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scaled: i128 = format!("{whole}{part:0<9}").parse().ok()?;
    (scaled.unsigned_abs() < 10_u128.pow(PRECISION as u32)).then_some(scaled)
}

/// The days from 1970-01-01 to a day.
fn days(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if text.len() != 10 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March have their leap day last; 400 of them are 146,097 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    Some(era * 146_097 + year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_scaled_without_loss_or_not_at_all() {
        for (text, expect) in [
            ("35", Some(35_000_000_000)),
            ("-50.3", Some(-50_300_000_000)),
            ("-0.000000001", Some(-1)),
            ("0.1000000000", Some(100_000_000)),
            ("99999999999999999999999999999", Some(99_999_999_999_999_999_999_999_999_999_000_000_000)),
            ("100000000000000000000000000000", None),
            ("0.0000000001", None),
        ] {
            assert_eq!(scaled(text), expect, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (text, expect) in
            [("1970-01-01", Some(0)), ("1969-12-31", Some(-1)), ("2000-03-01", Some(11_017)), ("2019-12-31", Some(18_261))]
        {
            assert_eq!(days(text), expect, "{text}");
        }
        assert_eq!(days("2019"), None);
        assert_eq!(days("2019-13-01"), None);
    }
}
