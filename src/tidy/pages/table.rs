//! A table on a page, before its text is put down.
//!
//! In:  what `grid` or `columns` found: which characters stand in which cell.
//! Out: rows of cells that `pages` turns into a [`Table`](crate::model::Table).

/// A table as found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) bbox: [f32; 4],
    /// As many cells in each row; one that spans columns or rows stands in each of them.
    pub(super) rows: Vec<Vec<Cell>>,
    /// From where to where each column reaches.
    pub(super) columns: Vec<(f32, f32)>,
    /// The runs that stand in it.
    pub(super) runs: Vec<usize>,
    pub(super) kind: Kind,
}

/// How a table was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By its ruled lines.
    Ruled,
    /// By its columns of figures; so many rows of it are its head.
    Columns(usize),
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    /// Characters of the page, line by line.
    pub(super) lines: Vec<Vec<usize>>,
    /// How far its text stands from its left side, in half characters.
    pub(super) indent: u32,
    /// Its left side, or that of its column.
    pub(super) left: f32,
}

impl Cell {
    /// What tells it from other cells: its first character.
    pub(super) fn first(&self) -> Option<usize> {
        self.lines.first().and_then(|line| line.first()).copied()
    }
}
