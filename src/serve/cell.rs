//! How a value of the database is printed.
//!
//! A double is printed with the fewest digits that read back as the same double, so 84 never becomes 83.99999; NULL is an
//! empty cell, and `null` in JSON.

use rusqlite::types::ValueRef;
use std::borrow::Cow;
use std::fmt::Write;

/// The text of a value in a table or CSV.
pub fn text(value: ValueRef<'_>) -> Cow<'_, str> {
    match value {
        ValueRef::Null => Cow::Borrowed(""),
        ValueRef::Integer(integer) => Cow::Owned(integer.to_string()),
        ValueRef::Real(double) => Cow::Owned(real(double)),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes),
        ValueRef::Blob(bytes) => Cow::Owned(hexadecimal(bytes)),
    }
}

/// A value as JSON.
pub fn json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(integer) => integer.into(),
        // An infinity, which JSON does not know, becomes null.
        ValueRef::Real(double) => double.into(),
        ValueRef::Text(_) | ValueRef::Blob(_) => text(value).into(),
    }
}

/// Is it a number, to stand on the right?
pub fn is_number(value: ValueRef<'_>) -> bool {
    matches!(value, ValueRef::Integer(_) | ValueRef::Real(_))
}

/// A double in its shortest form; with an exponent only where plain digits would be a long row of noughts.
fn real(double: f64) -> String {
    let size = double.abs();
    if size.is_finite() && size != 0.0 && !(1e-7..1e21).contains(&size) { format!("{double:e}") } else { double.to_string() }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_short_and_read_back() {
        for (double, expect) in
            [(84.0, "84"), (25.2, "25.2"), (0.1 + 0.2, "0.30000000000000004"), (1_410_000.0, "1410000"), (-50.3, "-50.3")]
        {
            assert_eq!(text(ValueRef::Real(double)), expect);
            assert_eq!(expect.parse::<f64>().unwrap(), double);
        }
        assert_eq!(text(ValueRef::Real(1.5e300)), "1.5e300");
        assert_eq!(text(ValueRef::Real(0.0)), "0");
        assert_eq!(json(ValueRef::Real(f64::INFINITY)), serde_json::Value::Null);
        assert_eq!(json(ValueRef::Real(84.0)).to_string(), "84.0");
    }

    #[test]
    fn null_is_an_empty_cell_and_a_blob_hexadecimal() {
        assert_eq!(text(ValueRef::Null), "");
        assert_eq!(text(ValueRef::Blob(&[0, 0xAF])), "00AF");
    }
}
