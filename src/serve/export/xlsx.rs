//! Writes a workbook.
//!
//! In:  a database, the descriptions of tables and views.
//! Out: a sheet with the contents, one with charts, one or more for each table or view: a table that filters and pivots, numbers
//! as numbers in the format of their unit, exact decimals as text, days as dates, flags as booleans.
//!
//! The bytes depend on the database alone: no clock is asked. A sheet of many rows goes through a file without a name beside the
//! workbook, so that the memory does not grow with it.

use super::charts::{self, Series};
use super::columns::{Holds, Relation};
use super::formula::is_formula;
use super::rows::{self, Value};
use super::{Outcome, values, words};
use crate::error::{Error, Result};
use crate::message::Language;
use crate::serve::{cell, short_unit};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartFont, ChartLine, ChartMarker, ChartMarkerType, ChartSolidFill, ChartType, Color, DocProperties,
    ExcelDateTime, Format, FormatAlign, IgnoreError, Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError, utility,
};
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// How many rows a sheet has, the header with them.
pub(super) const SHEET_ROWS: u64 = 1_048_576;
/// How many characters a cell holds, as UTF-16 counts them.
const CELL_TEXT: usize = 32_767;
/// A sheet of more rows goes through a file, and is a named range with a filter instead of a table.
const IN_MEMORY: u64 = 3_000;
/// Behind more cells than this a sheet may be over 4 GB before it is compressed, which zip files of the old kind cannot hold.
const LARGE: u64 = 20_000_000;
/// How many rows a column's width is measured by.
const MEASURED: u64 = 500;
/// In characters: nothing narrower, nothing wider.
const WIDTH: (usize, usize) = (8, 48);
/// Of titles, lines and bars.
const COLOUR: u32 = 0x1F_4E_79;
/// Of the lines behind bars.
const GRID: u32 = 0xD9_D9_D9;
/// A paper size, as workbooks number them.
const A4: u8 = 9;

/// Writes all relations, sheets of at most `sheet_rows` rows; how many rows each relation has.
pub(super) fn write(
    db: &mut Connection,
    relations: &[Relation],
    language: Option<Language>,
    sheet_rows: u64,
    folder: &Path,
    out: File,
) -> Result<Outcome> {
    // The library stops the thread where it cannot write the file that a big sheet goes through.
    let silent = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let written = panic::catch_unwind(AssertUnwindSafe(|| Book::new(db, language, sheet_rows, folder)?.write(relations, out)));
    panic::set_hook(silent);
    written.unwrap_or_else(|_| {
        Err(Error::failed("the workbook cannot be written: is the disk full? A big sheet takes some 3 KB a row while it is made"))
    })
}

/// What goes wrong in the library, in our words.
fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => crate::serve::unwritten(&error),
        other => Error::failed(format!("the workbook cannot be written: {other}")),
    }
}

struct Book<'d> {
    db: &'d mut Connection,
    language: Option<Language>,
    sheet_rows: u64,
    workbook: Workbook,
    formats: Formats,
    /// Of each sheet of data: its name, relation and rows.
    sheets: Vec<(String, usize, u64)>,
    inexact: u64,
}

/// The formats of cells, made once.
struct Formats {
    /// Of a table's header: its style, for programs that know no styles of tables.
    header: Format,
    head: Format,
    head_of_numbers: Format,
    text: Format,
    exact: Format,
    date: Format,
    share: Format,
    title: Format,
    wrap: Format,
    link: Format,
    count: Format,
    /// What is printed behind a number of a unit, by what the unit is called: `%`, ` CNY`, `元`.
    suffixes: HashMap<String, String>,
    numbers: HashMap<(Option<String>, usize), Format>,
}

impl Formats {
    fn new(db: &Connection, language: Option<Language>) -> Result<Formats> {
        let mut suffixes = HashMap::new();
        let units = format!(
            "SELECT COALESCE({}, code) FROM units WHERE quantity IN ('ratio', 'points', 'money') AND code <> '1'",
            values::unit("units.code", language)
        );
        for name in db.prepare(&units)?.query_map([], |row| row.get::<_, String>(0))? {
            let name = name?;
            let short = short_unit(&name);
            let gap = if short.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') { " " } else { "" };
            suffixes.insert(name.clone(), format!("\"{gap}{short}\""));
        }
        Ok(Formats {
            header: Format::new().set_bold().set_font_color(Color::White).set_background_color(COLOUR).set_align(FormatAlign::Left),
            head: Format::new().set_bold(),
            head_of_numbers: Format::new().set_bold().set_align(FormatAlign::Right),
            // The mark of a text keeps it one when a person edits the cell.
            text: Format::new().set_quote_prefix(),
            exact: Format::new().set_num_format("@").set_align(FormatAlign::Right),
            date: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            share: Format::new().set_num_format("0.000"),
            title: Format::new().set_bold().set_font_size(14).set_font_color(COLOUR),
            wrap: Format::new().set_text_wrap().set_align(FormatAlign::Top).set_indent(1),
            link: Format::new().set_hyperlink(),
            count: Format::new().set_num_format("#,##0"),
            suffixes,
            numbers: HashMap::new(),
        })
    }

    /// The format of a number with its unit: all its decimals, thousands apart, and the unit where it would be misread without.
    fn number(&mut self, number: f64, unit: Option<&str>) -> &Format {
        let text = cell::text(ValueRef::Real(number));
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let key = (unit.filter(|unit| self.suffixes.contains_key(*unit)).map(String::from), if text.contains('e') { 99 } else { decimals });
        let suffixes = &self.suffixes;
        self.numbers.entry(key).or_insert_with_key(|(unit, decimals)| {
            let digits = match decimals {
                0 => "#,##0".to_string(),
                99 => "0.00E+00".to_string(),
                decimals => format!("#,##0.{}", "0".repeat(*decimals)),
            };
            let suffix = unit.as_ref().and_then(|unit| suffixes.get(unit)).map_or("", String::as_str);
            Format::new().set_num_format(format!("{digits}{suffix}"))
        })
    }
}

impl<'d> Book<'d> {
    fn new(db: &'d mut Connection, language: Option<Language>, sheet_rows: u64, folder: &Path) -> Result<Book<'d>> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder).map_err(failed)?;
        let fixed = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        let about = words::ABOUT.of(language);
        workbook.set_properties(&DocProperties::new().set_title(about).set_creation_datetime(&fixed));
        let formats = Formats::new(db, language)?;
        Ok(Book { db, language, sheet_rows, workbook, formats, sheets: Vec::new(), inexact: 0 })
    }

    fn write(mut self, relations: &[Relation], out: File) -> Result<Outcome> {
        self.workbook.add_worksheet().set_name(words::CONTENTS.sheet(self.language)).map_err(failed)?;
        let facts = relations.iter().find(|relation| relation.name == "flat_facts");
        if let Some(facts) = facts {
            let (years, provinces) =
                (charts::over_years(self.db, facts, self.language)?, charts::by_province(self.db, facts, self.language)?);
            self.charts(years, provinces).map_err(failed)?;
        }
        let mut rows = Vec::new();
        let mut cells = 0;
        for (at, relation) in relations.iter().enumerate() {
            let count = self.relation(at, relation)?;
            cells += count * relation.columns.len() as u64;
            rows.push(count);
        }
        self.contents(relations, facts.is_some()).map_err(failed)?;
        self.workbook.use_zip_large_file(cells > LARGE);
        self.workbook.set_zip_compression_level(if cells > LARGE { 2 } else { 6 });
        self.workbook.save_to_writer(BufWriter::new(out)).map_err(failed)?;
        Ok(Outcome { rows, inexact: self.inexact })
    }

    /// The sheets of a table or view; how many rows it has.
    fn relation(&mut self, at: usize, relation: &Relation) -> Result<u64> {
        let total = self.db.query_row(&format!("SELECT count(*) FROM {}", relation.source()), [], |row| row.get::<_, i64>(0))? as u64;
        let mut written = 0;
        let mut left_on_sheet = 0;
        let mut widths: Vec<usize> = relation.columns.iter().map(|column| column.header.width() + 4).collect();
        let (workbook, formats, sheets) = (&mut self.workbook, &mut self.formats, &mut self.sheets);
        let (capacity, language) = (self.sheet_rows - 1, self.language);
        let mut start = |workbook: &mut Workbook, formats: &Formats, written: u64| -> Result<u64> {
            let rows = (total - written).min(capacity);
            let name = sheet_name(relation, language, written / capacity);
            begin(workbook, &name, relation, rows, written / capacity, formats).map_err(failed)?;
            sheets.push((name, at, rows));
            Ok(rows)
        };
        if total == 0 {
            start(workbook, formats, 0)?;
        }
        let mut inexact = 0;
        let count = rows::each(self.db, relation, |batch| {
            for row in batch.rows() {
                if left_on_sheet == 0 {
                    left_on_sheet = start(workbook, formats, written)?;
                }
                let sheet = workbook.worksheets_mut().last_mut().ok_or_else(|| Error::failed("a workbook without sheets"))?;
                let line = (written % capacity) as u32 + 1;
                let row: Vec<Value<'_>> = row.collect();
                for (column, value) in row.iter().enumerate() {
                    put(sheet, line, column, *value, &row, relation, formats)?;
                    if written < MEASURED {
                        widths[column] = widths[column].max(width(*value, relation.columns[column].holds));
                    }
                }
                inexact += u64::from(is_rounded(relation, &row));
                written += 1;
                left_on_sheet -= 1;
            }
            Ok(())
        })?;
        self.inexact += inexact;
        for sheet in self.workbook.worksheets_mut().iter_mut().rev().take(count.div_ceil(capacity).max(1) as usize) {
            for (column, width) in widths.iter().enumerate() {
                sheet.set_column_width(column as u16, (*width).clamp(WIDTH.0, WIDTH.1) as f64).map_err(failed)?;
            }
        }
        Ok(count)
    }

    /// What each sheet and column is, with links.
    fn contents(&mut self, relations: &[Relation], has_charts: bool) -> std::result::Result<(), XlsxError> {
        let (language, formats, sheets) = (self.language, &self.formats, &self.sheets);
        let sheet = self.workbook.worksheet_from_index(0)?;
        let word = |word: &words::Word| word.of(language);
        sheet.write_string_with_format(0, 0, word(&words::ABOUT), &formats.title)?;
        sheet.write_string(1, 0, word(&words::ADVICE))?;
        let mut line = 3;
        for (column, header) in [&words::SHEET, &words::TITLE, &words::ROWS, &words::MEANING].into_iter().enumerate() {
            sheet.write_string_with_format(line, column as u16, word(header), &formats.head)?;
        }
        line += 1;
        if has_charts {
            link(sheet, line, &words::CHARTS.sheet(language), &formats.link)?;
            line += 1;
        }
        let mut widest = 0;
        for (name, at, rows) in sheets {
            let relation = &relations[*at];
            link(sheet, line, name, &formats.link)?;
            sheet.write_string(line, 1, relation.titles.of(language))?;
            sheet.write_number_with_format(line, 2, *rows as f64, &formats.count)?;
            sheet.write_string_with_format(line, 3, relation.description.as_deref().unwrap_or_default(), &formats.wrap)?;
            widest = widest.max(name.width());
            line += 1;
        }
        line += 1;
        for (column, header) in [&words::SHEET, &words::COLUMN, &words::TITLE, &words::MEANING].into_iter().enumerate() {
            sheet.write_string_with_format(line, column as u16, word(header), &formats.head)?;
        }
        line += 1;
        for relation in relations {
            for column in &relation.columns {
                sheet.write_string(line, 0, sheet_name(relation, language, 0))?;
                sheet.write_string(line, 1, &column.name)?;
                sheet.write_string(line, 2, column.titles.of(language))?;
                sheet.write_string_with_format(line, 3, column.description.as_deref().unwrap_or_default(), &formats.wrap)?;
                line += 1;
            }
        }
        sheet.set_column_width(0, (widest + 3) as f64)?.set_column_width(1, 26)?.set_column_width(2, 26)?.set_column_width(3, 90)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_active(true);
        Ok(())
    }

    /// The sheet of charts: each beside its numbers.
    fn charts(&mut self, years: Option<Series>, provinces: Option<Series>) -> std::result::Result<(), XlsxError> {
        let language = self.language;
        let name = words::CHARTS.sheet(language);
        let name = name.as_str();
        let formats = &mut self.formats;
        let sheet = self.workbook.add_worksheet().set_name(name)?;
        sheet.set_column_width(0, 16)?.set_column_width(1, 24)?;
        // Upright, so that a chart of all provinces fits a page.
        sheet.set_portrait().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        let (mut line, mut breaks) = (0, Vec::new());
        let drawn =
            [(years, ChartType::Line, &words::YEAR, &words::ONE_YEAR), (provinces, ChartType::Bar, &words::PROVINCE, &words::NO_PROVINCE)];
        for (series, kind, category, lacking) in drawn {
            let Some(series) = series else {
                sheet.write_string(line, 0, lacking.of(language))?;
                line += 2;
                continue;
            };
            sheet.write_string_with_format(line, 0, &series.title, &formats.title)?;
            sheet.write_string_with_format(line + 1, 0, category.of(language), &formats.head)?;
            sheet.write_string_with_format(line + 1, 1, &series.measure, &formats.head_of_numbers)?;
            let (first, last) = (line + 2, line + 1 + series.points.len() as u32);
            for (at, (label, value)) in (first..).zip(&series.points) {
                sheet.write_string(at, 0, label)?;
                sheet.write_number_with_format(at, 1, *value, formats.number(*value, series.unit.as_deref()))?;
            }
            let mut chart = Chart::new(kind);
            let drawing = chart.add_series();
            drawing.set_categories((name, first, 0, last, 0)).set_values((name, first, 1, last, 1)).set_name(series.measure.as_str());
            match kind {
                ChartType::Line => {
                    let marker = ChartMarkerType::Circle;
                    drawing.set_format(ChartLine::new().set_color(COLOUR)).set_marker(ChartMarker::new().set_type(marker).set_size(7));
                }
                _ => {
                    drawing.set_format(ChartSolidFill::new().set_color(COLOUR)).set_gap(60);
                }
            }
            chart.title().set_name(series.title.as_str()).set_font(ChartFont::new().set_size(12).set_bold());
            let digits = if series.points.iter().all(|(_, value)| value.abs() >= 100.0) { "#,##0" } else { "General" };
            // Bars lie: their categories stand on the upright axis, the first on top as in the list beside them.
            let mut grid = ChartLine::new();
            grid.set_color(GRID);
            if kind == ChartType::Bar {
                chart.y_axis().set_name(category.of(language)).set_reverse().set_crossing(ChartAxisCrossing::Max);
                chart.x_axis().set_name(series.measure.as_str()).set_num_format(digits).set_major_gridlines_line(&grid);
            } else {
                chart.x_axis().set_name(category.of(language));
                chart.y_axis().set_name(series.measure.as_str()).set_num_format(digits).set_major_gridlines_line(&grid);
            }
            chart.legend().set_hidden();
            let height = 120 + 26 * series.points.len().clamp(8, 40) as u32;
            chart.set_width(760).set_height(height);
            // Below the title, which may be longer than the columns of the numbers.
            sheet.insert_chart(line + 1, 3, &chart)?;
            // A row is 20 pixels high.
            line += (height / 20 + 3).max(series.points.len() as u32 + 4);
            breaks.push(line);
        }
        // None is cut in two where the sheet is printed; none stands behind the last.
        breaks.pop();
        sheet.set_page_breaks(&breaks)?;
        Ok(())
    }
}

/// The name of a sheet, which has no more than 31 characters; those after the first of a relation are numbered.
fn sheet_name(relation: &Relation, language: Option<Language>, part: u64) -> String {
    let name = match language {
        None => relation.name.as_str(),
        Some(_) => relation.titles.of(language),
    };
    let ending = if part == 0 { String::new() } else { format!(" {}", part + 1) };
    let plain = name.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c });
    plain.take(31 - ending.len()).collect::<String>() + &ending
}

/// A sheet before its rows: the table around them, what stays in sight, the formats of whole columns.
fn begin(
    workbook: &mut Workbook,
    name: &str,
    relation: &Relation,
    rows: u64,
    part: u64,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    let is_big = rows > IN_MEMORY;
    let last = relation.columns.len() as u16 - 1;
    // A table has a row, be it an empty one.
    let end = rows.max(1) as u32;
    let named = if part == 0 { relation.name.clone() } else { format!("{}_{}", relation.name, part + 1) };
    if is_big {
        let range = format!("={}!{}", utility::quote_sheet_name(name), utility::cell_range_absolute(0, 0, end, last));
        workbook.define_name(&named, &range)?;
    }
    let sheet = if is_big { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
    sheet.set_name(name)?;
    for (at, column) in (0..).zip(&relation.columns) {
        match column.holds {
            Holds::Exact => sheet.set_column_format(at, &formats.exact)?,
            Holds::Date => sheet.set_column_format(at, &formats.date)?,
            Holds::Double { .. } if column.name == "confidence" => sheet.set_column_format(at, &formats.share)?,
            _ => sheet,
        };
    }
    if is_big {
        // The library remembers each cell of a table. A name and a filter do for pivots what a table does, in no memory.
        for (at, column) in (0..).zip(&relation.columns) {
            sheet.write_string_with_format(0, at, &column.header, &formats.header)?;
        }
        sheet.autofilter(0, 0, end, last)?;
    } else {
        let headers: Vec<TableColumn> = relation
            .columns
            .iter()
            .map(|column| TableColumn::new().set_header(&column.header).set_header_format(&formats.header))
            .collect();
        sheet.add_table(0, 0, end, last, &Table::new().set_name(named).set_columns(&headers).set_style(TableStyle::Light9))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_paper_size(A4).set_repeat_rows(0, 0)?;
    // Codes and exact decimals are texts on purpose.
    sheet.ignore_error_range(0, 0, end, last, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

fn link(sheet: &mut Worksheet, line: u32, to: &str, format: &Format) -> std::result::Result<(), XlsxError> {
    let url = Url::new(format!("internal:'{to}'!A1")).set_text(to);
    sheet.write_url_with_format(line, 0, url, format)?;
    Ok(())
}

/// Writes a value as what its column holds.
fn put(
    sheet: &mut Worksheet,
    line: u32,
    column: usize,
    value: Value<'_>,
    row: &[Value<'_>],
    relation: &Relation,
    formats: &mut Formats,
) -> Result<()> {
    let at = column as u16;
    let described = &relation.columns[column];
    let place = || format!("{}, row {}, column {}", relation.name, line, described.name);
    let number = |sheet: &mut Worksheet, number: f64, formats: &mut Formats| -> Result<()> {
        if !number.is_finite() {
            return Err(Error::failed(format!("{}: {number} is no number that a cell can hold; leave the row out with --where", place())));
        }
        match described.holds {
            Holds::Double { unit: Some(unit) } => {
                let unit = if let Value::Text(unit) = row[unit] { Some(unit) } else { None };
                sheet.write_number_with_format(line, at, number, formats.number(number, unit))
            }
            _ => sheet.write_number(line, at, number),
        }
        .map(drop)
        .map_err(failed)
    };
    match value {
        Value::Null => Ok(()),
        Value::Integer(flag @ (0 | 1)) if described.holds == Holds::Flag => {
            sheet.write_boolean(line, at, flag == 1).map(drop).map_err(failed)
        }
        // A cell holds a double; whole numbers beyond 2^53 would come out changed.
        Value::Integer(integer) if integer.unsigned_abs() > 1 << 53 => {
            sheet.write_string(line, at, integer.to_string()).map(drop).map_err(failed)
        }
        Value::Integer(integer) => number(sheet, integer as f64, formats),
        Value::Double(double) => number(sheet, double, formats),
        Value::Text(text) => {
            let length = if text.len() > CELL_TEXT { text.encode_utf16().count() } else { 0 };
            if length > CELL_TEXT {
                return Err(Error::failed(format!(
                    "{}: its text has {length} characters, a cell holds {CELL_TEXT}; leave the row out with --where, or write a .csv or .parquet file",
                    place()
                )));
            }
            match day(text).filter(|_| described.holds == Holds::Date) {
                Some(day) => sheet.write_number(line, at, day),
                None if is_formula(text) => sheet.write_string_with_format(line, at, text, &formats.text),
                None => sheet.write_string(line, at, text),
            }
            .map(drop)
            .map_err(failed)
        }
    }
}

/// The number of a day in a spreadsheet.
fn day(text: &str) -> Option<f64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    // Spreadsheets disagree about days before March 1900.
    ExcelDateTime::from_ymd(year, month, day).ok().map(|day| day.to_excel()).filter(|day| *day > 60.0)
}

/// How many columns of the screen a value takes.
fn width(value: Value<'_>, holds: Holds) -> usize {
    match value {
        Value::Null => 0,
        Value::Text(text) => text.width() + 2,
        Value::Integer(integer) => integer.to_string().len() + 2,
        // With separators and the unit.
        Value::Double(double) => {
            let digits = cell::text(ValueRef::Real(double)).len();
            digits + digits / 3 + if matches!(holds, Holds::Double { unit: Some(_) }) { 6 } else { 2 }
        }
    }
}

/// Does the double of a row stand for an exact decimal that has more digits than a double keeps?
fn is_rounded(relation: &Relation, row: &[Value<'_>]) -> bool {
    // A double keeps 15 digits whatever they are.
    relation.columns.iter().zip(row).any(|(column, value)| match (column.holds, value) {
        (Holds::Exact, Value::Text(text)) if text.len() > 15 => {
            text.parse::<f64>().is_ok_and(|double| cell::text(ValueRef::Real(double)) != *text)
        }
        _ => false,
    })
}
