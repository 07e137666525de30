//! Gives the parameters of statements their values.
//!
//! In:  statements and named values as typed.
//! Out: statements that are ready to run; or an error that names a parameter without a value, or a value without a parameter.

use crate::error::{Error, Result};
use rusqlite::Statement;
use rusqlite::types::Value;
use std::collections::HashSet;

/// Gives every parameter of some statements its value. Each value is a parameter's of one of them at least.
pub(super) fn bind(statements: &mut [Statement<'_>], parameters: &[(String, String)]) -> Result<()> {
    let mut known = HashSet::new();
    for statement in statements.iter_mut() {
        let names: Vec<Option<String>> =
            (1..=statement.parameter_count()).map(|index| statement.parameter_name(index).map(String::from)).collect();
        for (index, name) in names.into_iter().enumerate() {
            let Some(name) = name else {
                return Err(Error::usage("the statement has a parameter without a name; write :name, and -p name=value"));
            };
            let Some((_, value)) = parameters.iter().rev().find(|(given, _)| *given == name[1..]) else {
                return Err(Error::usage(format!("the parameter {name} has no value; add -p {}=VALUE", &name[1..])));
            };
            statement.raw_bind_parameter(index + 1, typed(value))?;
            known.insert(name[1..].to_string());
        }
    }
    match parameters.iter().find(|(given, _)| !known.contains(given)) {
        Some((given, _)) => Err(Error::usage(format!("the statement has no parameter :{given}"))),
        None => Ok(()),
    }
}

/// A number where the text is one as plain as SQLite would print it, else the text: `007` and `1e5` are texts.
fn typed(text: &str) -> Value {
    if let Some(integer) = text.parse::<i64>().ok().filter(|integer| integer.to_string() == text) {
        return Value::Integer(integer);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match text.parse::<f64>().ok().filter(|double| plain && double.to_string() == text) {
        Some(double) => Value::Real(double),
        None => Value::Text(text.to_string()),
    }
}
