//! Binds the cells of a table: the row names what is measured, the column says when.
//!
//! In:  a table and the mentions of its cells.
//! Out: a claim for every value.
//!
//! A column that is no time (台中廠, 男) joins the name behind the row's. The unit stands in the cell, the column's or row's
//! brackets, a unit column or the caption; the nearest one holds.

use super::share;
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::{Cue, Cues};
use crate::model::{
    Amount, Basis, Cell, Claim, Grain, Kind, Level, Mention, Modality, Period, Quantity, Reading, Table, Text, Tier, UnitRole,
};
use crate::recognise::{self, date::Calendar};
use crate::tidy::tables::{is_period, is_value};

/// What a column is about.
struct Column {
    name: String,
    period: Option<Period>,
    change: bool,
    /// A change in the unit of the table.
    amount: bool,
    /// What the change is measured from, where the head says it.
    basis: Option<Basis>,
    unit: Option<Unit>,
    unit_column: bool,
    note: bool,
}

/// A unit with its multiplier.
#[derive(Clone)]
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) scale: i32,
}

/// A header cell, as written and folded, its brackets apart.
pub(super) struct Head {
    pub(super) written: String,
    pub(super) folded: String,
    pub(super) bracket: String,
}

/// The claims of a table, row by row.
pub(crate) fn claims(
    text: &Text<'_>,
    index: usize,
    table: &Table,
    mentions: &[Vec<Vec<Mention>>],
    report: Period,
    knowledge: &Knowledge,
) -> Vec<Claim> {
    let reader = Reader::new(text, index, report, knowledge);
    let caption: String = table.caption.chars.iter().collect();
    let corner = table.rows.first().filter(|_| table.header_rows > 0).and_then(|row| row.first());
    // 百万港元 over the labels; 年度 there is no unit.
    let corner_unit = || corner.and_then(|cell| reader.unit(&reader.head(cell).folded)).filter(|unit| unit.scale > 0);
    let caption_unit = reader.caption_unit(&caption).or_else(corner_unit);
    let empty = Vec::new();
    let header = table.rows.first().filter(|_| table.header_rows > 0).unwrap_or(&empty);
    let columns: Vec<Column> = header.iter().map(|cell| reader.column(cell)).collect();
    let newest = columns.iter().filter_map(|column| column.period).max_by_key(|period| period.end);
    // Of one column of changes it is the newest year that changed; of several each one's left neighbour.
    let several = columns.iter().filter(|column| column.change).count() > 1;
    let changed = |at: usize| columns[..at.min(columns.len())].iter().rev().find_map(|column| column.period).filter(|_| several).or(newest);
    let led_by_year = header.first().is_some_and(|cell| reader.is(Cue::YearHead, &reader.head(cell).folded));
    let caption_name = reader.caption_name(table);
    // 浙江, 福建, …, 合计: the caption names what is measured there.
    let labels: Vec<String> = table.rows[table.header_rows..].iter().filter_map(|row| Some(reader.head(row.first()?).folded)).collect();
    let placed = labels.iter().filter(|label| reader.only_place(label).is_some()).count();
    let by_place = placed > 1 && placed * 2 > labels.len() && !caption_name.is_empty();
    let mut claims = Vec::new();
    let mut parents: Vec<(u32, String)> = Vec::new();
    for (row, cells) in table.rows.iter().enumerate().skip(table.header_rows) {
        let labelled = cells.first().is_some_and(|cell| !is_value(&cell.text.chars, &knowledge.words));
        let by_column = !labelled && !led_by_year && columns.iter().all(|column| column.period.is_none()) && cells.len() == columns.len();
        let worded = labelled
            && cells.len() == columns.len()
            && cells[0].text.chars.iter().any(char::is_ascii_digit)
            && mentions[row].first().is_some_and(|found| !found.is_empty())
            && columns.iter().all(|column| column.period.is_none());
        let offset = columns.len() as i64 - cells.len() as i64;
        let label =
            if labelled { reader.head(&cells[0]) } else { Head { written: String::new(), folded: String::new(), bracket: String::new() } };
        let places = reader.only_place(&label.folded).into_iter().collect::<Vec<String>>();
        let indent = cells.first().map_or(0, |cell| cell.indent);
        parents.retain(|(above, _)| *above < indent);
        let mut row_unit = reader.unit(&label.bracket).or_else(|| reader.counted(&label.folded));
        let mut row_period = None;
        if !label.bracket.is_empty() && row_unit.is_none() && reader.is(Cue::AtDay, &label.bracket) {
            row_period = Some(Grain::Instant);
        }
        if led_by_year && !cells.is_empty() {
            let year: String = cells[0].text.chars.iter().collect();
            let found = reader.year(&year);
            let instant = reader.has(Cue::AtDay, &knowledge.fold.text(&caption_name));
            let found = found.map(|period| if instant { Period::instant(period.end) } else { period });
            for (column, cell) in cells.iter().enumerate().skip(1) {
                for mention in &mentions[row][column] {
                    let name = format!("{caption_name}/{}", columns.get(column).map_or("", |column| column.name.as_str()));
                    let unit = columns
                        .get(column)
                        .and_then(|column| column.unit.clone())
                        .or_else(|| caption_unit.clone())
                        .or_else(|| columns.get(column).and_then(|column| reader.counted(&knowledge.fold.text(&column.name))))
                        .or_else(|| reader.counted(&knowledge.fold.text(&caption_name)));
                    claims.extend(reader.claim((row, column), cell, mention, &name, found.unwrap_or(report), unit, false));
                }
            }
            continue;
        }
        for (column, cell) in cells.iter().enumerate() {
            if labelled && column == 0 && !worded {
                continue;
            }
            let at =
                usize::try_from(column as i64 + if labelled && !worded && offset == -1 { -1 } else { offset.max(0) }).unwrap_or(usize::MAX);
            let head = columns.get(at);
            // A cell without a digit beside the label is the unit's: 「亿元」, 「千立方公尺」.
            // So is one that only its unit gives a digit: 「公吨CO2e」.
            if labelled && column == 1 && cell.text.chars.first().is_some_and(|c| !c.is_ascii_digit()) {
                let named = reader.unit(&cell.text.chars.iter().collect::<String>());
                if named.is_some() || !cell.text.chars.iter().any(char::is_ascii_digit) {
                    row_unit = named.or(row_unit);
                    continue;
                }
            }
            if head.is_some_and(|head| head.note) {
                continue;
            }
            for mention in &mentions[row][column] {
                let by_column = by_column || worded;
                let change = head.is_some_and(|head| head.change);
                let period = head.and_then(|head| head.period).or_else(|| changed(at).filter(|_| change)).unwrap_or(report);
                let period = if row_period.is_some() && period.grain == Grain::Year { Period::instant(period.end) } else { period };
                let mut name = if by_column {
                    head.map_or(String::new(), |head| head.name.clone())
                } else if labelled {
                    let mut path: Vec<&str> = parents.iter().map(|(_, name)| name.as_str()).collect();
                    path.push(&label.written);
                    path.join("/")
                } else {
                    caption_name.clone()
                };
                if let Some(head) =
                    head.filter(|head| !by_column && head.period.is_none() && !head.change && !head.unit_column && !head.name.is_empty())
                {
                    name = format!("{name}/{}", head.name);
                }
                let column_unit = head.and_then(|head| head.unit.clone());
                let amount = head.is_some_and(|head| head.amount);
                let unit = column_unit.or_else(|| if change && !amount { None } else { row_unit.clone().or_else(|| caption_unit.clone()) });
                let name = if by_place && labelled && !by_column { &caption_name } else { &name };
                let mut claim = reader.claim((row, column), cell, mention, name, period, unit, change);
                if let Some(claim) = &mut claim {
                    claim.basis = head.and_then(|head| head.basis).or(claim.basis).filter(|_| claim.kind == Kind::Change);
                    claim.places.clone_from(&places);
                }
                claims.extend(claim);
            }
        }
        if labelled && !worded {
            parents.push((indent, label.written));
        }
    }
    claims
}

pub(super) struct Reader<'a> {
    text: &'a Text<'a>,
    index: usize,
    report: Period,
    pub(super) roc: bool,
    knowledge: &'a Knowledge,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a Text<'a>, index: usize, report: Period, knowledge: &'a Knowledge) -> Reader<'a> {
        Reader { text, index, report, roc: text.about.currency == "TWD", knowledge }
    }

    /// The folded name of the heading the table stands under.
    pub(super) fn heading(&self) -> String {
        let heading = self.text.blocks[self.index].heading.map(|at| self.text.headings[at].name.as_str());
        self.knowledge.fold.text(heading.unwrap_or_default())
    }

    /// A cell as written, white space taken out.
    pub(super) fn written(&self, cell: &Cell) -> String {
        cell.text.origin.iter().map(|at| self.text.source[*at as usize]).filter(|c| !c.is_whitespace()).collect()
    }

    pub(super) fn head(&self, cell: &Cell) -> Head {
        let chars = &cell.text.chars;
        let open = chars.iter().rposition(|c| *c == '(').filter(|open| *open > 0 && chars.last() == Some(&')'));
        let end = open.unwrap_or(chars.len());
        let written: String =
            cell.text.origin[..end].iter().map(|at| self.text.source[*at as usize]).filter(|c| !c.is_whitespace()).collect();
        let folded: String = chars[..end].iter().filter(|c| **c != ' ').collect();
        let bracket: String = open.map(|open| chars[open + 1..chars.len() - 1].iter().collect()).unwrap_or_default();
        Head { written, folded, bracket }
    }

    fn column(&self, cell: &Cell) -> Column {
        let head = self.head(cell);
        let has = |cue| self.has(cue, &head.folded);
        let change = has(Cue::ChangeHead) || has(Cue::ComparedHead);
        // 1-5月累计
        let plain: Vec<char> = head.folded.trim_end_matches("累计").trim_start_matches("累计").chars().collect();
        let period = if is_period(&plain, self.roc) { self.year(&head.folded) } else { None };
        let unit = self.unit(&head.bracket);
        let unit_column = self.is(Cue::UnitHead, &head.folded) || self.is(Cue::LabelHead, &head.folded);
        let note = self.is(Cue::NoteHead, &head.folded);
        // 较年初增减 in the unit of the table, 同比 in per cent.
        let amount = change && has(Cue::AmountHead) && !has(Cue::RatioHead) && !head.bracket.contains('%');
        let basis = has(Cue::DayHead).then(|| Basis::Year(self.report.end.year - 1)).filter(|_| change);
        Column { name: head.written, period, change, amount, basis, unit, unit_column, note }
    }

    /// Does a word of this cue stand in the text?
    pub(super) fn has(&self, cue: Cue, text: &str) -> bool {
        self.cues().within(cue, &text.chars().collect::<Vec<char>>())
    }

    /// Is the text such a word?
    pub(super) fn is(&self, cue: Cue, text: &str) -> bool {
        self.cues().is(cue, &text.chars().collect::<Vec<char>>())
    }

    /// Does the text end with one?
    pub(super) fn ends(&self, cue: Cue, text: &str) -> bool {
        self.cues().ends(cue, &text.chars().collect::<Vec<char>>())
    }

    pub(super) fn cues(&self) -> &Cues {
        &self.knowledge.words.cues
    }

    /// The place that a label is, and nothing else.
    fn only_place(&self, label: &str) -> Option<String> {
        let chars: Vec<char> = label.chars().collect();
        let [place] = &crate::tidy::place::places(&chars, self.knowledge)[..] else { return None };
        (place.span == (0..chars.len())).then(|| place.code.clone())
    }

    /// The period that a column's head names; a year of a report on part of a year is that part.
    fn year(&self, text: &str) -> Option<Period> {
        let bare = text.trim_end_matches(['度', 'E', 'A']).trim_end_matches('年');
        let chars: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
        let found = match bare.trim().parse::<i32>() {
            Ok(year) if (1990..=2100).contains(&year) => Some(Period::year(year)),
            Ok(year) if self.roc && (80..=150).contains(&year) => Some(Period::year(year + 1911)),
            _ => {
                let calendar = Calendar { year: self.report.end.year, roc: self.roc };
                (0..chars.len())
                    .filter(|at| chars[*at].is_ascii_digit())
                    .find_map(|at| recognise::date::date(&chars, at, &self.knowledge.words, calendar, None))
                    .map(|dated| dated.period)
            }
        }?;
        if found.grain == Grain::Year && self.report.grain == Grain::Months {
            let shift = found.end.year - self.report.end.year;
            let (start, end) = (self.report.start, self.report.end);
            return Some(Period::months((start.year + shift, start.month), (end.year + shift, end.month)));
        }
        Some(found)
    }

    pub(super) fn unit(&self, text: &str) -> Option<Unit> {
        let chars: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
        recognise::unit(&chars, self.text.about.currency, self.knowledge).map(|(scale, code)| Unit { code, scale })
    }

    /// The unit that a name counts in: 員工人數 counts 人.
    pub(super) fn counted(&self, name: &str) -> Option<Unit> {
        let chars: Vec<char> = name.chars().collect();
        let [.., counter, '数'] = chars[..] else { return None };
        self.unit(&counter.to_string())
    }

    /// The unit that a caption names: 「單位：千港元」, 「（人民幣百萬元，…）」.
    fn caption_unit(&self, caption: &str) -> Option<Unit> {
        let after = caption.rsplit_once("单位:").map(|(_, rest)| rest);
        let text = match after {
            Some(rest) => rest.to_string(),
            None => caption.split(['(', ')']).nth(1)?.split([',', ';']).next()?.to_string(),
        };
        let text = text.trim_matches(|c: char| matches!(c, ' ' | ')' | '('));
        let text = text.split([',', ';', ')']).next().unwrap_or(text);
        self.unit(text)
    }

    /// The caption as a name: without its number and its brackets.
    fn caption_name(&self, table: &Table) -> String {
        let written: String = table.caption.origin.iter().map(|at| self.text.source.get(*at as usize).copied().unwrap_or(' ')).collect();
        let last = written.split(['\n', '\t']).next_back().unwrap_or("").trim();
        let plain = last.split(['（', '(', '：']).next().unwrap_or(last);
        let name = plain.trim_start_matches(|c: char| c.is_ascii() || c.is_whitespace() || matches!(c, '表' | '圖' | '图')).trim();
        // 分地区上网电量
        let folded: Vec<char> = self.knowledge.fold.text(name).chars().collect();
        name.chars().skip(self.knowledge.words.cues.at(Cue::ByPlace, &folded, 0).unwrap_or(0)).collect()
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn claim(
        &self,
        at: (usize, usize),
        cell: &Cell,
        mention: &Mention,
        name: &str,
        period: Period,
        unit: Option<Unit>,
        change: bool,
    ) -> Option<Claim> {
        let Reading::Quantity(quantity) = &mention.reading else { return None };
        let mut quantity: Quantity = quantity.clone();
        if quantity.unit.is_empty() {
            if let Some(unit) = &unit {
                quantity.unit.clone_from(&unit.code);
                quantity.unit_role = UnitRole::Measure;
                if quantity.scale == 0 {
                    let scaled = |value: &Decimal| value.clone().scaled(unit.scale);
                    quantity.amount = match &quantity.amount {
                        Amount::One(value) => Amount::One(scaled(value)),
                        Amount::Range(low, high) => Amount::Range(scaled(low), scaled(high)),
                    };
                    quantity.scale = unit.scale;
                }
            } else if change {
                quantity.unit = "%".into();
            }
        }
        quantity.tier = Tier::Core;
        let chars = &cell.text.chars;
        let worded = &chars[..mention.span.start.min(chars.len())];
        let change_word = |end| self.knowledge.words.change.before_where(worded, end, |word| !word.needs_base && word.sign != 0);
        let sign = (1..=worded.len()).rev().find_map(change_word).map_or(0, |(_, word)| word.sign);
        let falls = worded.iter().any(|c| matches!(c, '▼' | '↓')) || sign < 0;
        let rises = worded.iter().any(|c| matches!(c, '▲' | '↑')) || sign > 0;
        let name_folded: Vec<char> = name.chars().map(|c| self.knowledge.fold.char(c)).collect();
        let folded: String = name_folded.iter().collect();
        let kind = if change || falls || rises {
            Kind::Change
        } else if quantity.unit == "%" && self.knowledge.words.cues.before(Cue::Interest, &name_folded, name_folded.len()).is_none() {
            Kind::Share
        } else {
            Kind::Level
        };
        let block = &self.text.blocks[self.index];
        let provinces = block
            .case
            .map(|case| &self.text.headings[case])
            .filter(|heading| heading.level == Level::Case)
            .map(|heading| heading.provinces.clone())
            .unwrap_or_default();
        let places = self
            .knowledge
            .places
            .provinces
            .iter()
            .filter(|province| provinces.contains(&province.iso_code))
            .map(|province| province.code.clone())
            .collect();
        let target = period.start > self.report.end;
        Some(Claim {
            block: self.index,
            cell: Some(at),
            span: mention.span.clone(),
            quantity,
            metric: name.trim_matches('/').to_string(),
            kind,
            modality: if target { Modality::Target } else { Modality::Actual },
            falls,
            basis: (kind == Kind::Change).then_some(if self.cues().within(Cue::Pop, worded) { Basis::Pop } else { Basis::Yoy }),
            whole: share::covered(folded.rsplit('/').next().unwrap_or(""), &self.knowledge.words.cues)
                .filter(|_| kind == Kind::Share)
                .map(|object| written_part(name, &folded, &object)),
            period,
            places,
            place: crate::bind::place::site(&folded.chars().collect::<Vec<char>>(), self.knowledge)
                .map(|span| name.chars().skip(span.start).take(span.len()).collect()),
            rule: if change { "table-change" } else { "table" },
        })
    }
}

/// The part of a name as written whose folded form is given.
fn written_part(name: &str, folded: &str, part: &str) -> String {
    let Some(at) = folded.rfind(part) else { return part.to_string() };
    let (from, length) = (folded[..at].chars().count(), part.chars().count());
    name.chars().skip(from).take(length).collect()
}
