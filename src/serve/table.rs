//! Tables whose columns line up under Chinese characters, two cells wide each.
//!
//! In:  names of columns and rows of text.
//! Out: an aligned table for a terminal, or the same as Markdown. Columns of numbers stand on the right.

use crate::error::Result;
use crate::serve::unwritten;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Rows to be printed once their widths are known.
#[derive(Debug, Default)]
pub struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Does the column hold numbers and nothing else?
    numbers: Vec<bool>,
    widths: Vec<usize>,
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new(names: &[impl AsRef<str>]) -> Table {
        let names: Vec<String> = names.iter().map(|name| plain(name.as_ref())).collect();
        let widths = names.iter().map(|name| name.width()).collect();
        Table { numbers: vec![true; names.len()], rows: Vec::new(), widths, names }
    }

    /// Adds a row; of each cell its text and whether it is a number. An empty cell is neither.
    pub fn push<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (T, bool)>) {
        let mut row = Vec::with_capacity(self.names.len());
        for (at, (text, is_number)) in cells.into_iter().enumerate() {
            let text = plain(text.as_ref());
            self.widths[at] = self.widths[at].max(text.width());
            self.numbers[at] &= is_number || text.is_empty();
            row.push(text);
        }
        self.rows.push(row);
    }

    /// Prints it for a terminal: a line under the names, two blanks between columns.
    pub fn print(&self, out: &mut dyn Write) -> Result<()> {
        self.try_print(out).map_err(|error| unwritten(&error))
    }

    fn try_print(&self, out: &mut dyn Write) -> std::io::Result<()> {
        self.line(out, &self.names)?;
        let rule: Vec<String> = self.widths.iter().map(|width| "─".repeat(*width)).collect();
        self.line(out, &rule)?;
        self.rows.iter().try_for_each(|row| self.line(out, row))
    }

    fn line(&self, out: &mut dyn Write, cells: &[String]) -> std::io::Result<()> {
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                line += "  ";
            }
            self.pad(&mut line, at, cell);
        }
        writeln!(out, "{}", line.trim_end())
    }

    /// Prints it as a table of Markdown.
    pub fn print_markdown(&self, out: &mut dyn Write) -> Result<()> {
        self.try_print_markdown(out).map_err(|error| unwritten(&error))
    }

    fn try_print_markdown(&self, out: &mut dyn Write) -> std::io::Result<()> {
        // A bar inside a cell would end it, so it is written with a backslash, and the column grows by that.
        let escape = |cells: &[String]| cells.iter().map(|cell| cell.replace('\\', "\\\\").replace('|', "\\|")).collect::<Vec<_>>();
        let escaped = Table {
            names: escape(&self.names),
            rows: self.rows.iter().map(|row| escape(row)).collect(),
            numbers: self.numbers.clone(),
            widths: self.widths.clone(),
        };
        let mut widths = vec![3; self.names.len()];
        for row in std::iter::once(&escaped.names).chain(&escaped.rows) {
            for (at, cell) in row.iter().enumerate() {
                widths[at] = widths[at].max(cell.width());
            }
        }
        let escaped = Table { widths, ..escaped };
        escaped.markdown_line(out, &escaped.names)?;
        let rule: Vec<String> = (0..escaped.names.len())
            .map(|at| if escaped.is_right(at) { "-".repeat(escaped.widths[at] - 1) + ":" } else { "-".repeat(escaped.widths[at]) })
            .collect();
        escaped.markdown_line(out, &rule)?;
        escaped.rows.iter().try_for_each(|row| escaped.markdown_line(out, row))
    }

    fn markdown_line(&self, out: &mut dyn Write, cells: &[String]) -> std::io::Result<()> {
        let mut line = String::from("|");
        for (at, cell) in cells.iter().enumerate() {
            line.push(' ');
            self.pad(&mut line, at, cell);
            line += " |";
        }
        writeln!(out, "{line}")
    }

    fn is_right(&self, column: usize) -> bool {
        self.numbers[column] && !self.rows.is_empty()
    }

    fn pad(&self, line: &mut String, column: usize, cell: &str) {
        let blanks = " ".repeat(self.widths[column].saturating_sub(cell.width()));
        if self.is_right(column) {
            line.push_str(&blanks);
            line.push_str(cell);
        } else {
            line.push_str(cell);
            line.push_str(&blanks);
        }
    }
}

/// A text on one line: line ends and tabs become blanks, other control characters, which a terminal would obey, vanish.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter_map(|c| if c.is_whitespace() && c != '\u{3000}' { Some(' ') } else { (!c.is_control()).then_some(c) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["指標", "value", "unit"]);
        table.push([("4G基站", false), ("1410000", true), ("个", false)]);
        table.push([("a|b", false), ("93.5", true), ("%", false)]);
        table.push([("一\n二", false), ("", false), ("", false)]);
        table
    }

    #[test]
    fn columns_line_up_under_wide_characters_and_numbers_stand_right() {
        let mut out = Vec::new();
        table().print(&mut out).unwrap();
        let expect = "\
指標      value  unit
──────  ───────  ────
4G基站  1410000  个
a|b        93.5  %
一 二
";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn markdown_escapes_bars() {
        let mut out = Vec::new();
        table().print_markdown(&mut out).unwrap();
        let expect = r"| 指標   |   value | unit |
| ------ | ------: | ---- |
| 4G基站 | 1410000 | 个   |
| a\|b   |    93.5 | %    |
| 一 二  |         |      |
";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn what_a_terminal_would_obey_is_taken_out() {
        assert_eq!(plain("a\u{1b}[31mb\tc"), "a[31mb c");
    }
}
