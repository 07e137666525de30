//! Splits a text of SQL into its statements, as SQLite reads quotes and comments.
//!
//! In:  text.
//! Out: each statement with where it begins, and whether a semicolon ends it.

/// A statement in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'t> {
    /// Byte in the text where it begins.
    pub start: usize,
    /// From its first word on, without the semicolon.
    pub sql: &'t str,
    /// Does a semicolon end it?
    pub is_ended: bool,
}

/// The statements of a text; what is blank or a comment is none.
///
/// ```
/// use reportsql::serve::query::statements::pieces;
/// let text = "SELECT ';' -- one;\n; SELECT 2";
/// let found: Vec<_> = pieces(text).iter().map(|piece| (piece.sql, piece.is_ended)).collect();
/// assert_eq!(found, [("SELECT ';' -- one;\n", true), ("SELECT 2", false)]);
/// ```
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    // Where the first word of the statement begins.
    let mut start = None;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.as_bytes()[0];
        let length = match first {
            b';' => {
                if let Some(start) = start.take() {
                    pieces.push(Piece { start, sql: &text[start..at], is_ended: true });
                }
                at += 1;
                continue;
            }
            _ if rest.starts_with("--") => rest.find('\n').map_or(rest.len(), |end| end + 1),
            _ if rest.starts_with("/*") => rest[2..].find("*/").map_or(rest.len(), |end| end + 4),
            b'\'' | b'"' | b'`' => quoted(rest, char::from(first)),
            b'[' => quoted(rest, ']'),
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        let is_comment = rest.starts_with("--") || rest.starts_with("/*");
        if !is_comment && !first.is_ascii_whitespace() && !rest.starts_with('\u{feff}') {
            start.get_or_insert(at);
        }
        at += length;
    }
    pieces.extend(start.map(|start| Piece { start, sql: &text[start..], is_ended: false }));
    pieces
}

/// How long what is quoted at the start of a text is. A quote that is doubled begins the next stretch, which comes to the same.
fn quoted(text: &str, end: char) -> usize {
    text[1..].find(end).map_or(text.len(), |at| at + 2)
}

/// Is there nothing more to wait for: does the last statement of a text end?
pub fn is_complete(text: &str) -> bool {
    pieces(text).last().is_none_or(|piece| piece.is_ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        assert_eq!(pieces(text).iter().map(|piece| piece.sql).collect::<Vec<_>>(), expect);
        assert!(pieces(text).iter().all(|piece| text[piece.start..].starts_with(piece.sql)));
    }

    #[test]
    fn a_semicolon_in_quotes_or_comments_ends_nothing() {
        check("SELECT 'a;''b;' AS \"c;d\", [e;f], `g;h`; SELECT 2", &["SELECT 'a;''b;' AS \"c;d\", [e;f], `g;h`", "SELECT 2"]);
        check("SELECT /* ; */ 1; -- ;\n;;\n", &["SELECT /* ; */ 1"]);
        check("\u{feff}-- 說明;\n SELECT '基站；' ;", &["SELECT '基站；' "]);
        check(" -- nothing", &[]);
        check("SELECT 'open; SELECT 2", &["SELECT 'open; SELECT 2"]);
        check("SELECT 1 /* open; SELECT 2", &["SELECT 1 /* open; SELECT 2"]);
    }

    #[test]
    fn what_is_not_ended_is_waited_for() {
        for (text, complete) in [("", true), ("SELECT 1", false), ("SELECT 1;", true), ("SELECT 1; -- and", true), ("SELECT ';", false)] {
            assert_eq!(is_complete(text), complete, "{text}");
        }
    }
}
