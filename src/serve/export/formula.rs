//! Tells texts that a spreadsheet would run.
//!
//! In:  the text of a cell.
//! Out: whether a spreadsheet that opens a CSV, or a person who edits the cell, would make a formula of it.

/// Would a spreadsheet read a text as a formula?
///
/// It would where the text begins with `=`, `+`, `-` or `@`, also in full width, or with a tab or line end that it drops before it
/// looks. A sign alone, as in the comparators, and a number with its sign are left alone: they come out as what they are.
///
/// ```
/// use reportsql::serve::export::is_formula;
/// assert!(is_formula("=1+1") && is_formula("-2+3") && is_formula("＝1") && is_formula("\t=1"));
/// assert!(!is_formula("-50.3") && !is_formula("=") && !is_formula(">=") && !is_formula("約2萬個"));
/// ```
pub fn is_formula(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    match first {
        '\t' | '\r' | '\n' => true,
        '=' | '@' | '＝' | '＠' => text.len() > first.len_utf8(),
        '+' | '-' | '＋' | '－' => {
            let rest = &text[first.len_utf8()..];
            let number = rest.strip_suffix('%').unwrap_or(rest);
            let is_number = number.starts_with(|c: char| c.is_ascii_digit())
                && number.ends_with(|c: char| c.is_ascii_digit())
                && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
            !rest.is_empty() && !is_number
        }
        _ => false,
    }
}
