//! Binds the rows of a table.
//!
//! In:  a [`Table`](crate::model::Table), its columns and the mentions of its cells.
//! Out: the rows of figures with the titles they stand under; the claims of each.

use super::claim::Said;
use super::columns::{Column, Role};
use super::labels::Label;
use super::paths::{Above, close, open};
use super::units::Unit;
use super::{Reader, bilingual, folded, origin};
use crate::knowledge::cues::Cue;
use crate::model::{Cell, Claim, Grain, Mention, Period};
use crate::tidy::tables::{is_absent, is_period, is_sentence, is_time_alone};
use std::collections::HashSet;

/// A row of figures.
pub(super) struct Row {
    pub(super) at: usize,
    /// The labels of the titles above it, and its own.
    pub(super) path: Vec<String>,
    unit: Option<Unit>,
    /// What a title above says of its time.
    period: Option<Period>,
    /// Its bracket says that its values are of a day: 用戶數（年末）.
    instant: bool,
    /// It is a part of the metric that the label above names.
    pub(super) divides: bool,
    /// It has a label.
    pub(super) named: bool,
    whole: Option<String>,
    /// The row of heads inside the table that stands above it.
    head: Option<usize>,
    /// Its label, folded.
    pub(super) folded: String,
}

/// What all rows of a table share.
pub(super) struct Shared {
    /// The unit that the caption, or the corner of the table, names.
    unit: Option<Unit>,
    /// The caption as a name.
    caption: String,
    /// Rows are places, and the caption names what is measured there.
    by_place: bool,
    /// No row has a label: heads and caption name the values.
    unnamed: bool,
}

impl Reader<'_> {
    /// The rows of figures, each with what it stands under.
    pub(super) fn rows(&self, columns: &[Column], table_unit: Option<&Unit>) -> Vec<Row> {
        let column_unit =
            columns.iter().filter(|column| column.role == Role::Values && !column.is_percentage()).find_map(|column| column.unit.as_ref());
        let is_bilingual = bilingual::is_bilingual(self.table);
        let mut above: Vec<Above> = Vec::new();
        let mut rows: Vec<Row> = Vec::new();
        let mut last_label = String::new();
        let mut head = None;
        for (at, cells) in self.table.rows.iter().enumerate().skip(self.table.header_rows) {
            let values = || cells.iter().zip(columns).filter(|(cell, column)| column.role == Role::Values && !cell.text.chars.is_empty());
            let valued = values()
                .any(|(cell, _)| is_absent(&cell.text.chars, &self.knowledge.words) || cell.text.chars.iter().any(char::is_ascii_digit));
            let mut label = match is_bilingual {
                true => self.label(&bilingual::without_translation(cells), columns),
                false => self.label(cells, columns),
            };
            if !valued {
                // Words over several columns are a head that stands again, or another one, no title.
                let heads: HashSet<Option<u32>> = values().map(|(cell, _)| origin(cell)).collect();
                if heads.len() > 1 {
                    head = Some(at);
                } else if !label.written.is_empty() {
                    label.unit = self.row_unit(cells, columns, label.unit.as_ref());
                    self.title(&mut above, label);
                }
                continue;
            }
            let named = !label.written.is_empty();
            if named {
                close(&mut above, &label);
                let total = self.ends(Cue::TableTotal, &label.folded);
                if total && label.number == 0 {
                    // A total stands below no title beside it.
                    while above.last().is_some_and(|last| last.valued || last.number == 0 && last.indent + 1 >= label.indent) {
                        above.pop();
                    }
                }
            }
            let unit = label.unit.clone().or_else(|| above.iter().rev().find_map(|title| title.unit.clone()));
            // A title that is a time says when, not what.
            let period = above.iter().rev().find_map(|title| title.period);
            let mut path: Vec<String> = above.iter().filter(|title| title.period.is_none()).map(|title| title.text.clone()).collect();
            let whole = label.part.then(|| last_label.clone()).filter(|whole| !whole.is_empty());
            if named {
                path.push(label.written.clone());
                if !label.part {
                    last_label.clone_from(&label.written);
                }
            } else {
                // A row without a label closes what stands above it.
                path = above.iter().filter(|title| !title.valued && title.period.is_none()).map(|title| title.text.clone()).collect();
                path.push(if self.text.about.lang == "zh-Hans" { "合计".into() } else { "合計".into() });
            }
            let divides = path.len().checked_sub(2).is_some_and(|last| {
                self.divides(&path[last], &label, self.row_unit(cells, columns, unit.as_ref()).as_ref().or(table_unit).or(column_unit))
            });
            rows.push(Row { at, path, divides, unit, period, instant: label.instant, named, whole, head, folded: label.folded.clone() });
            if named {
                open(&mut above, label, true);
            }
        }
        rows
    }

    /// 收入 over 运输业务: is a row a part of the metric that the label above it names, for want of a metric of its own?
    fn divides(&self, title: &str, label: &Label, unit: Option<&Unit>) -> bool {
        let named = |label: &str| self.knowledge.metrics.named(&self.knowledge.fold.text(label));
        let quantity = unit.and_then(|unit| self.knowledge.units.get(&unit.code)).map(|unit| unit.quantity.as_str());
        let of_title = || named(title).is_some_and(|metric| quantity == Some(metric.quantity.as_str()));
        !label.part && named(&label.written).is_none() && of_title()
    }

    /// Opens a title, which may be a time.
    fn title(&self, above: &mut Vec<Above>, label: Label) {
        let dated = is_time_alone(&label.folded).then(|| self.period(&label.folded, None)).flatten();
        open(above, label, false);
        if let (Some(last), Some((period, _))) = (above.last_mut(), dated) {
            last.period = Some(period);
        }
    }

    /// The unit of a row: in its unit column, else in its label or a title above.
    fn row_unit(&self, cells: &[Cell], columns: &[Column], labelled: Option<&Unit>) -> Option<Unit> {
        let cell = cells.iter().zip(columns).find(|(cell, column)| column.role == Role::Unit && !cell.text.chars.is_empty());
        cell.and_then(|(cell, _)| self.plain_unit(&folded(cell))).or_else(|| labelled.cloned())
    }

    /// The unit of all values that have none of their own.
    pub(super) fn table_unit(&self, columns: &[Column]) -> Option<Unit> {
        // 「指標（萬元）」 over the labels says it for all columns.
        let corner = columns.iter().find(|column| column.role == Role::Label).and_then(|column| column.unit.clone());
        // 地区 over the labels says what they are, and counts nothing.
        let is_count = |unit: &Unit| unit.scale == 0 && self.knowledge.units.get(&unit.code).is_none_or(|unit| unit.quantity == "count");
        let corner = corner.filter(|unit| !is_count(unit));
        let caption: String = self.table.caption.chars.iter().collect();
        corner.or_else(|| self.caption_unit(&caption))
    }

    /// What holds for all rows.
    pub(super) fn shared(&self, rows: &[Row], unit: Option<Unit>) -> Shared {
        let name = self.caption_name();
        let placed = rows.iter().filter(|row| self.only_place(&row.folded).is_some()).count();
        Shared {
            unit,
            by_place: placed > 1 && placed * 2 > rows.len() && !name.is_empty(),
            unnamed: rows.iter().all(|row| !row.named),
            caption: name,
        }
    }

    /// The place that a label is, and nothing else.
    fn only_place(&self, label: &str) -> Option<String> {
        let chars: Vec<char> = label.chars().collect();
        let [place] = &crate::tidy::place::places(&chars, self.text.about.own_province(), self.knowledge)[..] else { return None };
        (place.span == (0..chars.len())).then(|| place.code.clone())
    }

    /// The claims of a row.
    pub(super) fn row(&self, row: &Row, name: &str, columns: &[Column], mentions: &[Vec<Vec<Mention>>], shared: &Shared) -> Vec<Claim> {
        let cells = &self.table.rows[row.at];
        let below = row.head.map(|head| self.below(head, columns));
        let columns = below.as_deref().unwrap_or(columns);
        let row_unit = self.row_unit(cells, columns, row.unit.as_ref());
        let is_time = row.named && is_time_alone(&row.folded) && is_period(&row.folded.chars().collect::<Vec<_>>(), self.roc);
        let own_period = if is_time { self.period(&row.folded, None).map(|(period, _)| period) } else { None };
        // A number that names something is no figure.
        let names_something = |text: &str| self.ends(Cue::NamedNumber, text);
        if names_something(&row.folded) {
            return Vec::new();
        }
        let places: Vec<String> = self.only_place(&row.folded).into_iter().collect();
        let of_places = shared.by_place && (!places.is_empty() || self.ends(Cue::TableTotal, &row.folded));
        // A time is no name, and a place is none where the caption says what is measured there.
        let led_by_year = own_period.is_some() && columns.iter().any(|column| column.years);
        let name = if own_period.is_some() && !led_by_year || shared.unnamed && columns.iter().any(|column| !column.names.is_empty()) {
            ""
        } else if of_places && columns.iter().all(|column| column.role != Role::Values || !column.names.is_empty()) {
            // The heads say what is measured there.
            ""
        } else if led_by_year || shared.unnamed || of_places {
            &shared.caption
        } else {
            name
        };
        let per_share = self.has(Cue::PerShare, &row.folded);
        let mut claims = Vec::new();
        for (at, (cell, column)) in cells.iter().zip(columns).enumerate() {
            if column.role != Role::Values || self.read_before(row.at, at) {
                continue;
            }
            // Sentences are read as prose.
            let coded = column.names.iter().any(|head| names_something(&self.knowledge.fold.text(head)));
            if is_sentence(&cell.text.chars) || coded || is_period(&cell.text.chars, self.roc) {
                continue;
            }
            // A value that spans columns of several names is of none of them.
            let none = Column::default();
            let column = if self.spans_names(cells, columns, at) { &none } else { column };
            for mention in &mentions[row.at][at] {
                let mut path: Vec<&str> = vec![name];
                path.extend(column.names.iter().map(String::as_str));
                path.retain(|part| !part.is_empty());
                let unit = if column.is_percentage() {
                    column.unit.clone().or_else(|| self.unit("%"))
                } else {
                    let counted = || led_by_year.then(|| self.counted(&self.knowledge.fold.text(&shared.caption))).flatten();
                    let scaled = column.unit.clone().or_else(|| shared.unit.clone()).or_else(counted);
                    // Per share nobody counts in thousands.
                    let scaled = if per_share { scaled.map(|unit| Unit { scale: unit.scale.min(0), ..unit }) } else { scaled };
                    row_unit.clone().or(scaled)
                };
                let period = own_period.or(column.period).or(row.period).or(self.context).unwrap_or(self.report);
                let instant = row.instant || column.instant || led_by_year && self.is_day(&self.knowledge.fold.text(&shared.caption));
                let period = if instant && period.grain == Grain::Year { Period::instant(period.end) } else { period };
                let period = self.balance(&row.folded, period).unwrap_or(period);
                let said = Said {
                    name: path.join("/"),
                    period,
                    unit,
                    change: column.change,
                    target: column.target,
                    whole: row.whole.clone(),
                    places: places.clone(),
                };
                claims.extend(self.claim((row.at, at), mention, said));
            }
        }
        claims
    }

    /// The columns below a row of heads inside the table, which may say shares, units and times of their own: 占比（%）.
    fn below(&self, head: usize, columns: &[Column]) -> Vec<Column> {
        let below = |(column, cell): (&Column, &Cell)| {
            let mut own = Column::default();
            self.head(cell, &mut own);
            if cell.text.chars.is_empty() || column.role != Role::Values {
                return column.clone();
            }
            let unit = own.unit.or_else(|| column.unit.clone().filter(|_| own.share == column.share));
            let period = own.period.or(column.period.filter(|_| own.change.is_none()));
            Column { role: column.role, names: column.names.clone(), unit, period, ..own }
        };
        let mut columns: Vec<Column> = columns.iter().zip(&self.table.rows[head]).map(below).collect();
        self.complete(&mut columns);
        columns
    }

    /// A cell that spans rows or columns is read once, where it begins.
    fn read_before(&self, row: usize, at: usize) -> bool {
        let cells = &self.table.rows[row];
        let first = origin(&cells[at]);
        let same = |other: Option<&Cell>| first.is_some() && other.and_then(origin) == first;
        at > 0 && same(cells.get(at - 1)) || row > self.table.header_rows && same(self.table.rows[row - 1].get(at))
    }

    fn spans_names(&self, cells: &[Cell], columns: &[Column], at: usize) -> bool {
        let first = origin(&cells[at]);
        let spanned = cells.iter().zip(columns).skip(at).take_while(|(other, _)| origin(other) == first);
        spanned.map(|(_, column)| column.names.as_slice()).collect::<HashSet<&[String]>>().len() > 1
    }
}
