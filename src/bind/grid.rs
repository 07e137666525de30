//! Binds the cells of a table whose cells stand under their columns: rows say what, columns say when.
//!
//! In:  an aligned [`Table`] and the mentions of its cells.
//! Out: a claim for every value.
//!
//! The heads above a column are read from the top down: a period, a unit, a change, a note, or a name that divides the row's.
//! A row's name is its label, with the titles above it where the label alone stands twice in the table. The unit stands in the
//! cell, the row's brackets, a unit column, the column's head or the caption; the nearest one holds.

use super::bilingual;
use super::table::{Reader, Unit};
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::{Basis, Cell, Claim, Day, Grain, Mention, Period, Table, Text};
use crate::recognise::{self, date::Calendar};
use crate::tidy::tables::{is_absent, is_period, is_time_alone, is_value};
use std::collections::{HashMap, HashSet};

/// What a column is about.
#[derive(Default, Clone)]
struct Column {
    role: Role,
    period: Option<Period>,
    /// Words of the heads that are neither time nor unit.
    names: Vec<String>,
    unit: Option<Unit>,
    /// It holds changes, against what.
    change: Option<Basis>,
    /// It says how large a part is.
    share: bool,
    /// 累计: its months end with the reported one.
    cumulative: bool,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// What rows are called.
    Label,
    /// The unit of each row.
    Unit,
    /// Numbers of notes, remarks.
    Note,
    #[default]
    Values,
}

/// A title or row that later rows may stand below.
struct Above {
    indent: u32,
    /// 一、 is 1, （一） 2, 1. 3, (1) 4; none is 0.
    number: u8,
    text: String,
    unit: Option<Unit>,
    /// It is a time and nothing else.
    period: Option<Period>,
    /// It has figures of its own.
    valued: bool,
    /// Its first row stood further in.
    deeper: Option<bool>,
    /// It followed another title at once, at the same indent.
    nested: bool,
}

/// The label of a row, taken apart.
struct Label {
    written: String,
    folded: String,
    unit: Option<Unit>,
    indent: u32,
    number: u8,
    /// 其中
    part: bool,
}

/// The claims of a table, row by row.
pub(super) fn claims(
    text: &Text<'_>,
    index: usize,
    table: &Table,
    mentions: &[Vec<Vec<Mention>>],
    report: Period,
    knowledge: &Knowledge,
) -> Vec<Claim> {
    let reader = Reader::new(text, index, report, knowledge);
    let grid = Grid { reader, table, report, knowledge };
    let columns = grid.columns();
    let caption: String = table.caption.chars.iter().collect();
    // 「指標（萬元）」 over the labels says it for all columns.
    let label_unit = columns.iter().find(|column| column.role == Role::Label).and_then(|column| column.unit.clone());
    let caption_unit = label_unit.or_else(|| grid.caption_unit(&caption));
    let is_bilingual = bilingual::is_bilingual(table);
    let context = grid.context();
    let mut above: Vec<Above> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut last_label = String::new();
    for row in table.header_rows..table.rows.len() {
        let cells = &table.rows[row];
        let valued = cells.iter().zip(&columns).any(|(cell, column)| {
            column.role == Role::Values
                && !cell.text.chars.is_empty()
                && (is_absent(&cell.text.chars) || cell.text.chars.iter().any(char::is_ascii_digit))
        });
        let label = match is_bilingual {
            true => grid.label(&bilingual::without_translation(cells), &columns),
            false => grid.label(cells, &columns),
        };
        if !valued {
            // Words over several columns are a head that stands again, no title.
            let told = cells.iter().zip(&columns).filter(|(cell, column)| column.role == Role::Values && !cell.text.chars.is_empty());
            let heads: HashSet<u32> = told.map(|(cell, _)| cell.text.origin[0]).collect();
            if heads.len() > 1 {
                continue;
            }
            if !label.written.is_empty() {
                let dated = is_time_alone(&label.folded).then(|| grid.period(&label.folded, None, &context)).flatten();
                open(&mut above, label, false);
                if let (Some(last), Some((period, _))) = (above.last_mut(), dated) {
                    last.period = Some(period);
                }
            }
            continue;
        }
        let named = !label.written.is_empty();
        if named {
            close(&mut above, &label);
            let total = grid.reader.ends(Cue::TableTotal, &label.folded);
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
            path.push(if text.about.lang == "zh-Hans" { "合计".into() } else { "合計".into() });
        }
        rows.push(Row { at: row, path, unit, period, named, whole, folded: label.folded.clone() });
        if named {
            open(&mut above, label, true);
        }
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        *counts.entry(row.path.last().map_or("", String::as_str)).or_default() += 1;
    }
    // How many rows end in each end of a path: tables may have a hundred thousand rows.
    let mut ends: HashMap<&[String], usize> = HashMap::new();
    for row in &rows {
        (0..row.path.len()).for_each(|from| *ends.entry(&row.path[from..]).or_default() += 1);
    }
    let mut claims = Vec::new();
    for row in &rows {
        let twice = counts.get(row.path.last().map_or("", String::as_str)).is_some_and(|count| *count > 1);
        let vague = grid.reader.is(Cue::Vague, &row.folded);
        let name = name(&row.path, twice || !row.named || vague, &ends);
        claims.extend(grid.row(row, &name, &columns, mentions, caption_unit.as_ref()));
    }
    claims
}

/// A row of figures.
struct Row {
    at: usize,
    path: Vec<String>,
    unit: Option<Unit>,
    /// What a title above says of its time.
    period: Option<Period>,
    named: bool,
    whole: Option<String>,
    folded: String,
}

/// The shortest end of a path that names its row alone.
fn name(path: &[String], twice: bool, ends: &HashMap<&[String], usize>) -> String {
    let mut from = path.len().saturating_sub(1);
    if twice {
        from = from.saturating_sub(1);
        while from > 0 && ends.get(&path[from..]).is_some_and(|count| *count > 1) {
            from -= 1;
        }
    }
    path[from..].join("/")
}

/// Puts a title, or a row with figures, where later rows can stand below it.
fn open(above: &mut Vec<Above>, label: Label, valued: bool) {
    let mut nested = false;
    if !valued {
        close_titles(above, &label);
        nested = above
            .last()
            .is_some_and(|last| !last.valued && last.indent == label.indent && last.number == label.number && last.deeper.is_none());
    }
    if let Some(last) = above.last_mut() {
        last.deeper.get_or_insert(label.indent > last.indent || label.number > last.number);
    }
    let Label { written, unit, indent, number, .. } = label;
    above.push(Above { indent, number, text: written, unit, period: None, valued, deeper: None, nested });
}

/// A title ends the title beside it, and all below that.
fn close_titles(above: &mut Vec<Above>, label: &Label) {
    loop {
        let Some(last) = above.last() else { return };
        if last.valued {
            above.pop();
            continue;
        }
        let beside = last.number == label.number && last.indent.abs_diff(label.indent) <= 1;
        let below = if label.number > 0 {
            last.number > label.number || last.number == 0
        } else {
            last.number == 0 && last.indent > label.indent + 1
        };
        if beside && last.deeper.is_none() {
            // Two titles in a row: the second stands below the first.
            return;
        }
        if beside {
            let nested = last.nested;
            above.pop();
            if nested {
                return;
            }
            continue;
        }
        if !below {
            return;
        }
        above.pop();
    }
}

/// A row of figures ends what it cannot stand below.
fn close(above: &mut Vec<Above>, label: &Label) {
    loop {
        let Some(last) = above.last() else { return };
        let over = if label.number > 0 && last.number > 0 {
            last.number >= label.number
        } else if label.number > 0 {
            last.valued || last.indent > label.indent + 1
        } else if last.valued {
            last.indent + 1 >= label.indent && !label.part
        } else {
            last.number == 0 && (last.indent > label.indent + 1 || last.deeper == Some(true) && last.indent + 1 > label.indent)
        };
        if !over {
            return;
        }
        above.pop();
    }
}

struct Grid<'a> {
    reader: Reader<'a>,
    table: &'a Table,
    report: Period,
    knowledge: &'a Knowledge,
}

impl Grid<'_> {
    fn folded(cell: &Cell) -> String {
        cell.text.chars.iter().filter(|c| **c != ' ').collect()
    }

    // -------------------------------------------------------------- columns

    fn columns(&self) -> Vec<Column> {
        let width = self.table.rows.iter().map(Vec::len).max().unwrap_or(0);
        let (heads, body) = self.table.rows.split_at(self.table.header_rows.min(self.table.rows.len()));
        let context = self.context();
        let mut columns: Vec<Column> = (0..width).map(|at| self.column(heads, at, &context)).collect();
        let mut labels = true;
        for (at, column) in columns.iter_mut().enumerate() {
            // What spans from the left belongs there.
            let spans = |row: &[Cell]| at > 0 && row[at].text.origin.first() == row[at - 1].text.origin.first();
            let own = body.iter().filter(|row| row.get(at).is_some_and(|cell| !cell.text.chars.is_empty()) && !spans(row));
            let cells: Vec<&Cell> = own.map(|row| &row[at]).collect();
            let values = cells.iter().filter(|cell| is_value(&cell.text.chars, &self.knowledge.words)).count();
            let worded =
                cells.iter().filter(|cell| !cell.text.chars.iter().any(char::is_ascii_digit) && !is_absent(&cell.text.chars)).count();
            let units = cells.iter().filter(|cell| self.reader.unit(&Self::folded(cell)).is_some()).count();
            if column.role != Role::Values {
                labels &= column.role == Role::Note;
                continue;
            }
            if at > 0 && units > 0 && units * 10 >= cells.len() * 6 && values < units {
                column.role = Role::Unit;
            } else if labels
                && column.period.is_none()
                && column.change.is_none()
                && (at == 0 && values * 2 <= cells.len() || worded > values && !self.told_apart(body, at))
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
        let names = body.iter().map(|row| row.iter().take(at).map(Self::folded).collect::<Vec<_>>());
        names.filter(|name| name.iter().any(|text| !text.is_empty())).all(|name| seen.insert(name))
    }

    /// The heads above a column, read from the top down.
    fn column(&self, heads: &[Vec<Cell>], at: usize, context: &Option<Period>) -> Column {
        let mut column = Column::default();
        let mut last: Option<u32> = None;
        for row in heads {
            let Some(cell) = row.get(at).filter(|cell| !cell.text.chars.is_empty()) else { continue };
            if cell.text.origin.first().copied() == last {
                continue;
            }
            last = cell.text.origin.first().copied();
            // What spans all columns is the table's title and divides nothing; it may still say when, and in what.
            let spans = row.len() > 2 && row.iter().skip(1).all(|other| other.text.origin.first().copied() == last);
            let names = column.names.len();
            // A head in two languages says the same twice.
            let told = column.role != Role::Values || column.period.is_some() || column.unit.is_some() || !column.names.is_empty();
            if told && bilingual::is_latin(&cell.text.chars) {
                continue;
            }
            self.head(cell, &mut column, context);
            if spans {
                column.names.truncate(names);
                column.change = None;
            }
        }
        column
    }

    fn head(&self, cell: &Cell, column: &mut Column, context: &Option<Period>) {
        let head = self.reader.head(cell);
        let whole = Self::folded(cell);
        let has = |cue| self.reader.has(cue, &head.folded);
        if self.reader.is(Cue::NoteHead, &head.folded) {
            column.role = Role::Note;
            return;
        }
        if self.reader.is(Cue::UnitHead, &head.folded) {
            column.role = Role::Unit;
            return;
        }
        if let Some(unit) = self.plain_unit(&whole) {
            column.unit = Some(unit);
            return;
        }
        if let Some(unit) = self.plain_unit(&head.bracket) {
            column.unit = Some(unit);
        }
        // 「本期增减变动金额」 heads what came in and went out, which is no comparison.
        let compared = has(Cue::ComparedHead);
        let flows = !compared && !whole.contains('%') && has(Cue::FlowHead);
        if !flows && (compared || has(Cue::ChangeHead)) {
            let year_end = has(Cue::DayHead);
            column.change = Some(match () {
                () if has(Cue::Pop) => Basis::Pop,
                () if year_end => Basis::Year(self.report.end.year - 1),
                () => Basis::Yoy,
            });
            if whole.contains('%') {
                column.unit = self.reader.unit("%");
            }
            // 「营业收入比上年增减」 is a change of 营业收入.
            let folded: Vec<char> = head.folded.chars().collect();
            let mark = |cue| self.reader.cues().find(cue, &folded).map(|(at, _)| at);
            let end = mark(Cue::ComparedHead).into_iter().chain(mark(Cue::ChangeHead)).min().unwrap_or(0);
            let named: String = head.written.chars().take(end).collect();
            let named = named.trim_end_matches(['的', '年', '末']);
            let front: String = folded[..end].iter().collect();
            let bare = named.is_empty() || self.reader.is(Cue::BareHead, &self.knowledge.fold.text(named));
            if !bare && self.period(&front, None, context).is_none() {
                column.names.push(named.to_string());
            }
            return;
        }
        if has(Cue::ShareName) || head.folded.contains('占') && head.folded.contains('比') {
            column.share = true;
            column.unit = column.unit.take().or_else(|| self.reader.unit("%"));
            let folded: Vec<char> = head.folded.chars().collect();
            let length = self.reader.cues().at(Cue::PeriodFront, &folded, 0).unwrap_or(0);
            let front: String = folded[..length].iter().collect();
            column.period = self.period(&front, None, context).map(|(period, _)| period).or(column.period);
            column.names.push(head.written.chars().skip(length).collect());
            return;
        }
        let year = column.period.map(|period| period.end.year);
        if let Some((period, rest)) = self.period(&head.folded, year, context) {
            // 「5月份」 over 「2025年」 is that month of that year.
            let bare = head.folded.trim_end_matches('度').trim_end_matches('年').chars().all(|c| c.is_ascii_digit());
            let months = column.period.filter(|above| bare && matches!(above.grain, Grain::Month | Grain::Months));
            column.period = Some(match months {
                Some(above) => {
                    let year = period.end.year;
                    Period::months((year + above.start.year - above.end.year, above.start.month), (year, above.end.month))
                }
                None => period,
            });
            if rest {
                column.names.push(head.written);
            }
            return;
        }
        if self.reader.is(Cue::Cumulative, &head.folded) {
            // The months up to the reported one; which one its neighbour says.
            column.period = Some(Period::year(year.unwrap_or(self.report.end.year)));
            column.cumulative = true;
            return;
        }
        if self.reader.is(Cue::AgeHead, &head.folded) {
            column.unit = self.reader.unit("年");
        }
        column.unit = column.unit.take().or_else(|| self.reader.counted(&head.folded));
        if !head.folded.is_empty() && !self.reader.is(Cue::BareHead, &head.folded) {
            column.names.push(head.written);
        }
    }

    /// What only the columns beside one another tell: up to which month 累计 reaches, and what a change is the change of.
    fn complete(&self, columns: &mut [Column]) {
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
        let levels: Vec<(Period, Vec<String>)> = columns
            .iter()
            .filter(|column| column.change.is_none())
            .filter_map(|column| Some((column.period?, column.names.clone())))
            .collect();
        for column in columns.iter_mut().filter(|column| column.change.is_some()) {
            let same = |period: &Period| {
                column.period.is_none_or(|own| {
                    own.grain == period.grain && own.start.month == period.start.month && own.end.month == period.end.month
                })
            };
            let of_kind = levels.iter().filter(|(period, names)| same(period) && *names == column.names).map(|(period, _)| *period);
            let newest = of_kind.max_by_key(|period| period.end);
            column.period = newest.or(column.period).or_else(|| levels.iter().map(|(period, _)| *period).max_by_key(|period| period.end));
        }
    }

    /// A unit, perhaps behind the name of its currency, and nothing else.
    fn plain_unit(&self, text: &str) -> Option<Unit> {
        let text = text.trim_matches(|c| matches!(c, '(' | ')'));
        let text = text.strip_prefix("单位:").unwrap_or(text);
        if let Some(unit) = bilingual::thousands(text) {
            return Some(unit);
        }
        if text.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        self.reader.unit(text)
    }

    fn caption_unit(&self, caption: &str) -> Option<Unit> {
        if let Some((_, after)) = caption.rsplit_once("单位:") {
            let end = after.find("币种").unwrap_or(after.len());
            let text: String =
                after[..end].chars().filter(|c| *c != ' ' && *c != '\t').take_while(|c| !matches!(c, ',' | ';' | ')')).collect();
            let mut unit = self.plain_unit(&text)?;
            if after.contains("港币") || after.contains("港元") {
                unit.code = unit.code.replace("CNY", "HKD");
            }
            return Some(unit);
        }
        let open = caption.rfind('(')?;
        let inner = caption[open + 1..].split(')').next()?;
        inner.split([',', ';', ' ']).find_map(|part| self.plain_unit(part))
    }

    // -------------------------------------------------------------- periods

    /// What the caption, or the heading above the table, says about its time.
    fn context(&self) -> Option<Period> {
        let mut text: String = self.table.caption.chars.iter().filter(|c| **c != ' ').collect();
        text.insert_str(0, &self.reader.heading());
        let chars: Vec<char> = text.chars().collect();
        let found =
            (0..chars.len()).rev().find_map(|at| self.date_at(&chars, at, None).filter(|(_, own)| *own).map(|(period, _)| (at, period)));
        let statement = self.reader.has(Cue::DayStatement, &text);
        match found {
            Some((_, period)) if period.grain == Grain::Instant || period.grain == Grain::Months => Some(period),
            _ if statement => Some(Period::instant(self.report.end)),
            Some((_, period)) => Some(period),
            None => None,
        }
    }

    /// The date that begins at a place, and whether its year stands there too.
    fn date_at(&self, chars: &[char], at: usize, last_year: Option<i32>) -> Option<(Period, bool)> {
        let begins = chars[at].is_ascii_digit() || "一二三四五六七八九〇零".contains(chars[at]);
        let inside = at > 0 && (chars[at - 1].is_ascii_digit() || "一二三四五六七八九〇零十".contains(chars[at - 1]));
        if !begins || inside {
            return None;
        }
        let calendar = Calendar { year: self.report.end.year, roc: self.reader.roc };
        let dated = recognise::date::date(chars, at, &self.knowledge.words, calendar, last_year)?;
        Some((dated.period, dated.own_year))
    }

    /// The period a head names, and whether it says more than that.
    fn period(&self, text: &str, year: Option<i32>, context: &Option<Period>) -> Option<(Period, bool)> {
        let has = |cue| self.reader.has(cue, text);
        let chars: Vec<char> = text.chars().collect();
        let instant = has(Cue::AtDay);
        let bare: Option<i32> =
            text.trim_end_matches(['度', 'E', 'A']).trim_end_matches('年').parse().ok().filter(|year| (1990..=2100).contains(year));
        let dated = bare
            .map(|year| (0, (Period::year(year), true)))
            .or_else(|| (0..chars.len()).find_map(|at| Some((at, self.date_at(&chars, at, year)?))));
        if let Some((at, (period, _))) = dated {
            let period = match period.grain {
                Grain::Year => self.in_context(period, instant, context),
                _ => period,
            };
            let head: String = chars[..at].iter().collect();
            // What is left when the time and the words around it are gone.
            let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九〇零十-—–~()EA".contains(c);
            let plain: Vec<char> = chars.iter().copied().filter(|c| !numeral(*c)).collect();
            let (mut rest, mut at) = (0, 0);
            while at < plain.len() {
                match self.reader.cues().at(Cue::DateFiller, &plain, at) {
                    Some(length) => at += length,
                    None => (rest, at) = (rest + 1, at + 1),
                }
            }
            return Some((period, rest >= 2 && head.chars().count() < chars.len()));
        }
        let shifted = |years: i32| {
            let day = |day: Day| Day { year: day.year + years, ..day };
            Period { start: day(self.report.start), end: day(self.report.end), ..self.report }
        };
        let opening = {
            let before = Day { year: self.report.start.year, month: self.report.start.month, day: 1 };
            let (year, month) = if before.month == 1 { (before.year - 1, 12) } else { (before.year, before.month - 1) };
            Period::instant(Day::last_of(year, month))
        };
        let closing = Period::instant(self.report.end);
        let found = if has(Cue::OpeningDay) {
            opening
        } else if has(Cue::ClosingDay) {
            closing
        } else if has(Cue::BeforePeriod) {
            let period = shifted(-1);
            if instant { Period::instant(period.end) } else { period }
        } else if has(Cue::ThisPeriod) {
            if instant { closing } else { self.report }
        } else {
            return None;
        };
        let length = text.chars().count();
        Some((found, length > 12 && !has(Cue::Sum)))
    }

    /// A year as the table means it: a day of it, a span of months of it, or all of it.
    fn in_context(&self, year: Period, instant: bool, context: &Option<Period>) -> Period {
        let number = year.end.year;
        match context {
            Some(context) if context.grain == Grain::Instant => Period::instant(Day { year: number, ..context.end }),
            _ if instant => Period::instant(Day { year: number, ..self.report.end }),
            Some(Period { grain: Grain::Months, start, end }) if start.month > 1 || end.month < 12 => {
                Period::months((number - (end.year - start.year), start.month), (number, end.month))
            }
            _ if self.report.grain == Grain::Months => {
                let (start, end) = (self.report.start, self.report.end);
                Period::months((number - (end.year - start.year), start.month), (number, end.month))
            }
            _ => year,
        }
    }

    // -------------------------------------------------------------- rows

    fn label(&self, cells: &[Cell], columns: &[Column]) -> Label {
        let mut label = Label { written: String::new(), folded: String::new(), unit: None, indent: 0, number: 0, part: false };
        let mut last: Option<u32> = None;
        for (cell, column) in cells.iter().zip(columns) {
            let first = cell.text.origin.first().copied();
            let spans = column.role != Role::Label && first.is_some() && first == last;
            if column.role != Role::Label && !spans || first.is_none() || first == last {
                continue;
            }
            let mut head = self.reader.head(cell);
            // 「（损失以“-”号填列）」 says how to read a sign, not what is measured.
            if self.reader.has(Cue::SignNote, &head.bracket) {
                head.bracket.clear();
            }
            let unit = self.plain_unit(&head.bracket).or_else(|| self.reader.counted(&head.folded));
            if self.plain_unit(&head.bracket).is_none() && !head.bracket.is_empty() {
                // The bracket is a part of the name.
                let open = self.reader.written(cell);
                head.written = open;
                head.folded = Self::folded(cell);
            }
            let (number, skip) = numbering(&head.folded);
            let mut written: Vec<char> = head.written.chars().skip(skip).collect();
            let mut folded: String = head.folded.chars().skip(skip).collect();
            let dash = folded.chars().take_while(|c| matches!(c, '-' | '－' | '–' | '—' | '•' | '*')).count();
            if dash > 0 {
                written.drain(..dash);
                folded = folded.chars().skip(dash).collect();
                label.indent += 2;
            }
            let chars: Vec<char> = folded.chars().collect();
            let sign = self.reader.cues().at(Cue::SignFront, &chars, 0).filter(|length| *length < chars.len()).unwrap_or(0);
            let part = self.reader.cues().at(Cue::Parts, &chars, sign).unwrap_or(0);
            label.part |= part > 0;
            let colon = usize::from(part > 0 && chars.get(sign + part) == Some(&':'));
            written.drain(..sign + part + colon);
            folded = chars[sign + part + colon..].iter().collect();
            let written: String = written.into_iter().collect();
            let written = written.trim_end_matches(['：', ':']);
            if last.is_none() {
                label.indent += cell.indent;
                label.number = number;
                label.written = written.to_string();
                label.folded = folded;
            } else {
                label.written = format!("{}/{written}", label.written);
                label.folded = folded;
            }
            label.unit = unit.or(label.unit);
            last = first;
        }
        label
    }

    fn row(&self, row: &Row, name: &str, columns: &[Column], mentions: &[Vec<Vec<Mention>>], caption: Option<&Unit>) -> Vec<Claim> {
        let cells = &self.table.rows[row.at];
        let unit_cell = cells.iter().zip(columns).find(|(cell, column)| column.role == Role::Unit && !cell.text.chars.is_empty());
        let row_unit = unit_cell.and_then(|(cell, _)| self.plain_unit(&Self::folded(cell))).or_else(|| row.unit.clone());
        let own_period = if row.named && is_time_alone(&row.folded) && is_period(&row.folded.chars().collect::<Vec<_>>(), self.reader.roc) {
            self.period(&row.folded, None, &self.context()).map(|(period, _)| period)
        } else {
            None
        };
        // A number that names something is no figure.
        let names_something = |text: &str| self.reader.ends(Cue::NamedNumber, text);
        if names_something(&row.folded) {
            return Vec::new();
        }
        let per_share = self.reader.has(Cue::PerShare, &row.folded);
        let mut claims = Vec::new();
        for (at, (cell, column)) in cells.iter().zip(columns).enumerate() {
            let first = cell.text.origin.first();
            let read = |other: &[Cell], at: usize| first.is_some() && other.get(at).and_then(|other| other.text.origin.first()) == first;
            let again = at > 0 && read(cells, at - 1) || row.at > self.table.header_rows && read(&self.table.rows[row.at - 1], at);
            if column.role != Role::Values || again {
                continue;
            }
            // Sentences are read as prose.
            let coded = column.names.iter().any(|head| names_something(&self.knowledge.fold.text(head)));
            if crate::tidy::tables::is_sentence(&cell.text.chars) || coded || is_period(&cell.text.chars, self.reader.roc) {
                continue;
            }
            for mention in &mentions[row.at][at] {
                // A value that spans columns of several names is of none of them.
                let spanned = cells.iter().zip(columns).skip(at).take_while(|(other, _)| other.text.origin.first() == first);
                let names: HashSet<&[String]> = spanned.map(|(_, column)| column.names.as_slice()).collect();
                let none = Column::default();
                let column = if names.len() > 1 { &none } else { column };
                let mut path: Vec<&str> = vec![name];
                if own_period.is_some() {
                    path = Vec::new();
                }
                path.extend(column.names.iter().map(String::as_str));
                let unit = if column.change.is_some() || column.share {
                    column.unit.clone().or_else(|| self.reader.unit("%"))
                } else {
                    let scaled = column.unit.clone().or_else(|| caption.cloned());
                    // Per share nobody counts in thousands.
                    let scaled = if per_share { scaled.map(|unit| Unit { scale: unit.scale.min(0), ..unit }) } else { scaled };
                    row_unit.clone().or(scaled)
                };
                let period = own_period.or(column.period).or(row.period).unwrap_or(self.report);
                let period = self.balance(&row.folded, period).unwrap_or(period);
                let claim = self.reader.claim((row.at, at), cell, mention, &path.join("/"), period, unit, column.change.is_some());
                claims.extend(claim.map(|mut claim| {
                    if let Some(basis) = column.change {
                        claim.basis = Some(basis);
                    }
                    claim.whole.clone_from(&row.whole);
                    claim
                }));
            }
        }
        claims
    }
}

impl Grid<'_> {
    /// The day of a balance that a row states of a column's year: 「上年年末余额」, 「本期期末余额」.
    fn balance(&self, label: &str, period: Period) -> Option<Period> {
        let has = |cue| self.reader.has(cue, label);
        if period.grain == Grain::Instant || !has(Cue::Balance) {
            return None;
        }
        if has(Cue::OpeningDay) {
            let before = if period.start.month == 1 { (period.start.year - 1, 12) } else { (period.start.year, period.start.month - 1) };
            return Some(Period::instant(Day::last_of(before.0, before.1)));
        }
        has(Cue::ClosingDay).then(|| Period::instant(period.end))
    }
}

/// The mark that numbers a label, and how many characters it takes: 「（一）」, 「1.」.
fn numbering(text: &str) -> (u8, usize) {
    let chars: Vec<char> = text.chars().collect();
    let han = |from: usize| chars[from..].iter().take_while(|c| "一二三四五六七八九十".contains(**c)).count();
    let arabic = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    match chars.first() {
        Some('(') => {
            let (han, arabic) = (han(1), arabic(1));
            let count = han.max(arabic);
            if count > 0 && count <= 3 && chars.get(count + 1) == Some(&')') {
                return (if han > 0 { 2 } else { 4 }, count + 2);
            }
            (0, 0)
        }
        Some(first) if first.is_ascii_digit() => {
            let count = arabic(0);
            let marked = matches!(chars.get(count), Some('.' | '、')) && !chars.get(count + 1).is_some_and(char::is_ascii_digit);
            if marked && count <= 2 && chars.len() > count + 1 { (3, count + 1) } else { (0, 0) }
        }
        Some(_) => {
            let count = han(0);
            if count > 0 && count <= 3 && chars.get(count) == Some(&'、') { (1, count + 1) } else { (0, 0) }
        }
        None => (0, 0),
    }
}
