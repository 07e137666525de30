//! Reads the columns of a table: which holds labels, units, notes, values, and of what time.
//!
//! In:  a [`Table`].
//! Out: a [`Column`] for each.

use super::units::Unit;
use super::{Reader, bilingual, folded, origin};
use crate::model::{Basis, Cell, Grain, Period};
use crate::tidy::tables::{is_absent, is_value};
use std::collections::HashSet;

/// What a column is about.
#[derive(Default, Clone)]
pub(super) struct Column {
    pub(super) role: Role,
    pub(super) period: Option<Period>,
    /// Words of the heads that are neither time nor unit.
    pub(super) names: Vec<String>,
    pub(super) unit: Option<Unit>,
    /// It holds changes, against what.
    pub(super) change: Option<Basis>,
    /// That is so in the unit of the table, and not in per cent.
    pub(super) amount: bool,
    /// It says how large a part is.
    pub(super) share: bool,
    /// Its values are of a day: （年末，万千瓦）.
    pub(super) instant: bool,
    /// It holds what is aimed at: 2025年目标.
    pub(super) target: bool,
    /// 累计: its months end with the reported one.
    pub(super) cumulative: bool,
    /// It holds the years that lead the rows.
    pub(super) years: bool,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What rows are called.
    Label,
    /// The unit of each row.
    Unit,
    /// Numbers of notes, remarks.
    Note,
    #[default]
    Values,
}

impl Column {
    /// Are its values in per cent where nothing else is said?
    pub(super) fn is_percentage(&self) -> bool {
        self.share || self.change.is_some() && !self.amount
    }
}

impl Reader<'_> {
    /// What each column is about.
    pub(super) fn columns(&self) -> Vec<Column> {
        let width = self.table.rows.iter().map(Vec::len).max().unwrap_or(0);
        let (heads, body) = self.table.rows.split_at(self.table.header_rows.min(self.table.rows.len()));
        let mut columns: Vec<Column> = (0..width).map(|at| self.column(heads, at)).collect();
        let mut labels = true;
        for (at, column) in columns.iter_mut().enumerate() {
            // What spans from the left belongs there.
            let spans = |row: &[Cell]| at > 0 && origin(&row[at]) == origin(&row[at - 1]);
            let own = body.iter().filter(|row| row.get(at).is_some_and(|cell| !cell.text.chars.is_empty()) && !spans(row));
            let cells: Vec<&Cell> = own.map(|row| &row[at]).collect();
            let values = cells.iter().filter(|cell| is_value(&cell.text.chars, &self.knowledge.words)).count();
            let worded = cells
                .iter()
                .filter(|cell| !cell.text.chars.iter().any(char::is_ascii_digit) && !is_absent(&cell.text.chars, &self.knowledge.words))
                .count();
            let units = cells.iter().filter(|cell| self.unit(&folded(cell)).is_some()).count();
            if column.role != Role::Values {
                labels &= column.role == Role::Note;
                continue;
            }
            if at > 0 && units > 0 && units * 10 >= cells.len() * 6 && values < units {
                column.role = Role::Unit;
            } else if labels
                && column.change.is_none()
                // A time over the labels is that of all columns: 截至六月三十日止六個月.
                && (at == 0 && values * 2 <= cells.len() || column.period.is_none() && worded > values && !self.told_apart(body, at))
            {
                column.role = Role::Label;
                continue;
            } else if worded > values && at > 0 && column.change.is_none() && (labels || worded > values * 2 && column.period.is_none()) {
                column.role = Role::Note;
            }
            labels = false;
        }
        self.complete(&mut columns);
        columns
    }

    /// Do the columns left of one tell all rows apart, so that it is no part of their names?
    fn told_apart(&self, body: &[Vec<Cell>], at: usize) -> bool {
        let mut seen = HashSet::new();
        let names = body.iter().map(|row| row.iter().take(at).map(folded).collect::<Vec<_>>());
        names.filter(|name| name.iter().any(|text| !text.is_empty())).all(|name| seen.insert(name))
    }

    /// The heads above a column, read from the top down.
    fn column(&self, heads: &[Vec<Cell>], at: usize) -> Column {
        let mut column = Column::default();
        let mut last: Option<u32> = None;
        for row in heads {
            let Some(cell) = row.get(at).filter(|cell| !cell.text.chars.is_empty()) else { continue };
            if origin(cell) == last {
                continue;
            }
            last = origin(cell);
            // What spans all columns is the table's title and divides nothing; it may still say when, and in what.
            let spans = row.len() > 2 && row.iter().skip(1).all(|other| origin(other) == last);
            let names = column.names.len();
            // A head in two languages says the same twice.
            let told = column.role != Role::Values || column.period.is_some() || column.unit.is_some() || !column.names.is_empty();
            if told && bilingual::is_latin(&cell.text.chars) {
                continue;
            }
            self.head(cell, &mut column);
            if spans {
                column.names.truncate(names);
                column.change = None;
            }
        }
        column
    }

    /// What only the columns beside one another tell: up to which month 累计 reaches, and what a change is the change of.
    pub(super) fn complete(&self, columns: &mut [Column]) {
        let month = columns
            .iter()
            .filter_map(|column| column.period)
            .filter(|period| period.grain == Grain::Month)
            .map(|period| period.end.month)
            .max();
        let month = month.unwrap_or(self.report.end.month);
        for column in columns.iter_mut() {
            if column.cumulative {
                let year = column.period.map_or(self.report.end.year, |period| period.end.year);
                column.period = Some(Period::months((year, 1), (year, month)));
            }
        }
        // 用电量 同比: a change without a name is one of what stands left of it, where the columns are of several things.
        let level = |column: &Column| column.role == Role::Values && column.change.is_none() && !column.share;
        for at in 1..columns.len() {
            let unnamed = columns[at].change.is_some() && columns[at].names.is_empty();
            let period = columns[at].period;
            let beside = |left: &&Column| unnamed && (period.is_none() || period == left.period);
            if let Some(left) = columns[..at].iter().rfind(|column| level(column)).filter(beside) {
                columns[at].names = left.names.clone();
            }
        }
        let levels: Vec<(usize, Period, Vec<String>)> = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.change.is_none())
            .filter_map(|(at, column)| Some((at, column.period?, column.names.clone())))
            .collect();
        // Of several columns of the same changes each is its left neighbour's.
        let alike = |one: &Column, other: &Column| one.change == other.change && one.names == other.names && one.period == other.period;
        let several: Vec<bool> = columns.iter().map(|column| columns.iter().filter(|other| alike(column, other)).count() > 1).collect();
        for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.change.is_some()) {
            let same = |period: &Period| {
                column.period.is_none_or(|own| {
                    own.grain == period.grain && own.start.month == period.start.month && own.end.month == period.end.month
                })
            };
            let of_kind = || levels.iter().filter(|(_, period, names)| same(period) && *names == column.names);
            let left = of_kind().rfind(|(level, ..)| *level < at).filter(|_| several[at]).map(|(_, period, _)| *period);
            let newest = of_kind().map(|(_, period, _)| *period).max_by_key(|period| period.end);
            let of_any = || levels.iter().map(|(_, period, _)| *period).max_by_key(|period| period.end);
            column.period = left.or(newest).or(column.period).or_else(of_any);
        }
    }
}
