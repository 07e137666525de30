//! Reads a sheet of figures that a person transcribed: CSV or TSV, a figure a row.
//!
//! In:  text with a header row; columns in any order, named in English or Chinese; `,` `;` or a tab between cells; lines that
//!      start with `#` above the header are comments; one of them may name the report (`# report: TITLE`). Only `metric` and `value` are needed, other columns are passed over.
//! Out: its rows as typed, each with its line and the address of its value's cell.
//!
//! What a value means is found out later, by the same stages that read prose.

use super::outline::Writer;
use super::{Decoded, Format, ends_in, text};
use crate::error::{Error, Result};
use crate::model::{CellAt, Content, Outline, Part, Placing, Transcribed};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) const FORMAT: Format = Format { extensions: &["csv", "tsv"], fits, read };

/// The fields of a row and the names their columns go by, lower case, blanks taken out.
const COLUMNS: &[(Field, &[&str])] = &[
    (|row| &mut row.metric, &["metric", "指標", "指标", "指標名稱", "指标名称"]),
    (|row| &mut row.value, &["value", "數值", "数值", "值"]),
    (|row| &mut row.kind, &["kind", "類型", "类型"]),
    (|row| &mut row.basis, &["basis", "基準", "基准"]),
    (|row| &mut row.whole, &["whole", "整體", "整体"]),
    (|row| &mut row.period, &["period", "期間", "期间", "年份"]),
    (|row| &mut row.province, &["province", "省份", "省"]),
    (|row| &mut row.place, &["place", "地點", "地点"]),
    (|row| &mut row.initiative, &["initiative", "舉措", "举措"]),
    (|row| &mut row.theme, &["theme", "主題", "主题"]),
    (|row| &mut row.page, &["page", "頁", "页", "頁碼", "页码"]),
    (|row| &mut row.line, &["line", "行", "行號", "行号"]),
];

/// Where a cell goes.
type Field = fn(&mut Transcribed) -> &mut String;

/// The two columns that every sheet has.
const METRIC: usize = 0;
const VALUE: usize = 1;

/// A sheet is named so, or as a workbook that it is not, or its first row names its metric and its value.
fn fits(name: &str, bytes: &[u8]) -> bool {
    ends_in(name, FORMAT.extensions)
        || ends_in(name, super::workbook::FORMAT.extensions)
        || header(&text::head(bytes)).is_some_and(|header| header.has_needed())
}

fn read(name: &str, bytes: &[u8], _: Option<&str>) -> Result<Decoded> {
    let (text, encoding) = text::decode(bytes)?;
    let header = header(&text).ok_or_else(|| Error::failed(format!("the sheet is empty; expected a header row with {}", expected())))?;
    if !header.has_needed() {
        return table(&text, encoding);
    }
    if let Some(name) = header.twice() {
        return Err(Error::failed(format!("line {}: two columns say {name}; expected one", header.line)));
    }
    let rows = rows(&text[header.start..], &header, Start::top(&header), true)?.rows;
    if rows.is_empty() {
        return Err(Error::failed("the sheet has a header and no rows; expected a figure a row"));
    }
    let tabs = header.delimiter == b'\t' || ends_in(name, &["tsv"]);
    let media_type = if tabs { "text/tab-separated-values" } else { "text/csv" };
    Ok(Decoded { media_type, encoding: Some(encoding), title: title(&text), content: Content::Transcription(rows, Vec::new()) })
}

/// A table as reports have it: rows say what and columns say when.
fn table(text: &str, encoding: &'static str) -> Result<Decoded> {
    let delimiter = delimiter(text);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut writer = Writer::default();
    writer.begin_sheet(None);
    let mut record = csv::StringRecord::new();
    let (mut line, mut row, mut counted) = (1, 0, 0);
    loop {
        let before = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if !reader.read_record(&mut record).map_err(|error| Error::failed(error.to_string()))? {
            break;
        }
        let start = before + text[before..].find(|c| c != '\r' && c != '\n').unwrap_or(0);
        let passed = line_ends(&text[counted..start]) as u32;
        (line, row) = (line + passed, row + passed);
        for (column, cell) in record.iter().enumerate() {
            writer.cell(row, column as u32, cell, Some(line))?;
        }
        // A line end inside a cell is no row.
        let after = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX).min(text.len());
        let body = text[start..after].trim_end_matches(['\r', '\n']);
        line += line_ends(body) as u32;
        counted = start + body.len();
    }
    writer.end_sheet(&[])?;
    let media_type = if delimiter == b'\t' { "text/tab-separated-values" } else { "text/csv" };
    writer.decoded("the table", media_type, Some(encoding), Placing::Lines)
}

/// What stands between the cells of a table: what most lines have equally often, and the most of.
fn delimiter(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(50).collect();
    let agree = |delimiter: &u8| {
        let mut counts: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
        for line in &head {
            let mut quoted = false;
            let count = line.bytes().filter(|byte| {
                quoted ^= *byte == b'"';
                !quoted && byte == delimiter
            });
            *counts.entry(count.count()).or_default() += 1;
        }
        let best = counts.into_iter().filter(|(cells, _)| *cells > 0).max_by_key(|(cells, lines)| (*lines, *cells));
        best.map_or((0, 0), |(cells, lines)| (lines, cells))
    };
    [b'\t', b';', b'|', b','].into_iter().max_by_key(agree).unwrap_or(b',')
}

/// The rows of a workbook that is a sheet of figures: its first sheet has a column for the metric and one for the value. Other sheets
/// without these are remarks, and passed over.
pub(super) fn typed(outline: &Outline) -> Result<Option<Vec<Transcribed>>> {
    let Placing::Sheets(names) = &outline.placing else { return Ok(None) };
    let written = |start: u32, end: u32| outline.source[start as usize..end as usize].iter().collect::<String>().trim().to_string();
    let mut found: Option<Vec<Transcribed>> = None;
    for part in &outline.parts {
        let Part::Sheet(rows) = part else { continue };
        let comment =
            |row: &&crate::model::SheetRow| row.slots.first().is_some_and(|(_, slot)| written(slot.start, slot.end).starts_with('#'));
        let mut rows = rows.iter().skip_while(comment);
        let Some(head) = rows.next() else { continue };
        let columns: Vec<(u32, usize)> =
            head.slots.iter().filter_map(|(at, slot)| Some((*at, column(&written(slot.start, slot.end))?))).collect();
        let value = columns.iter().find(|(_, known)| *known == VALUE);
        let Some((value, _)) = value.filter(|_| columns.iter().any(|(_, known)| *known == METRIC)) else {
            if found.is_none() {
                return Ok(None);
            }
            continue;
        };
        if let Some((_, twice)) = columns
            .iter()
            .enumerate()
            .map(|(at, column)| (at, column.1))
            .find(|(at, known)| columns[..*at].iter().any(|(_, other)| other == known))
        {
            return Err(Error::failed(format!("row {}: two columns say {}; expected one", head.row + 1, COLUMNS[twice].1[0])));
        }
        let number = outline.source[..head.slots[0].1.start as usize].iter().filter(|c| **c == '\u{C}').count();
        let name: Arc<str> = names.get(number).map_or("", String::as_str).into();
        let all = found.get_or_insert_default();
        for row in rows {
            let cell = format!("{}{}", CellAt::letters(*value), row.row + 1);
            let mut transcribed =
                Transcribed { row: row.row + 1, cell, sheet: Some((number as u32 + 1, name.clone())), ..Transcribed::default() };
            for (at, slot) in &row.slots {
                if let Some((_, known)) = columns.iter().find(|(column, _)| column == at) {
                    *COLUMNS[*known].0(&mut transcribed) = written(slot.start, slot.end);
                }
            }
            all.push(transcribed);
        }
    }
    match found {
        Some(rows) if rows.is_empty() => Err(Error::failed("the sheet has a header and no rows; expected a figure a row")),
        found => Ok(found),
    }
}

/// The report that a comment above the header names: 「# report: 中國聯通2019企業社會責任報告」.
fn title(text: &str) -> Option<String> {
    let comments = text.lines().map(|line| line.trim().trim_matches('"')).take_while(|line| line.is_empty() || line.starts_with('#'));
    comments.filter_map(|line| line.trim_start_matches('#').trim().split_once([':', '：'])).find_map(|(word, title)| {
        matches!(word.trim().to_lowercase().as_str(), "report" | "报告" | "報告").then(|| title.trim().to_string())
    })
}

fn expected() -> String {
    COLUMNS.iter().map(|(_, names)| names[0]).collect::<Vec<_>>().join(", ")
}

/// The header row.
#[derive(Debug)]
struct Header {
    /// The names as written.
    names: Vec<String>,
    /// For each, which of [`COLUMNS`] it is.
    columns: Vec<Option<usize>>,
    /// What stands between cells.
    delimiter: u8,
    /// Its line, from 1.
    line: usize,
    /// Where it starts in the text.
    start: usize,
}

impl Header {
    fn has_needed(&self) -> bool {
        [METRIC, VALUE].iter().all(|needed| self.columns.contains(&Some(*needed)))
    }

    /// The name of a column that stands twice.
    fn twice(&self) -> Option<&'static str> {
        let mut known: Vec<usize> = self.columns.iter().flatten().copied().collect();
        known.sort_unstable();
        known.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| COLUMNS[pair[0]].1[0])
    }
}

/// Finds the header: the first line that is neither blank nor a comment; and what stands between its cells: what makes most
/// names known, else what stands there most often.
fn header(text: &str) -> Option<Header> {
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        // A spreadsheet saves a comment that holds a comma in quotes.
        if !bare.is_empty() && !bare.starts_with('#') && !bare.starts_with("\"#") {
            return [b',', b';', b'\t']
                .into_iter()
                .filter(|delimiter| *delimiter == b',' || line.as_bytes().contains(delimiter))
                .filter_map(|delimiter| {
                    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line.as_bytes());
                    let names: Vec<String> = reader.records().next()?.ok()?.iter().map(|name| name.trim().to_string()).collect();
                    let columns = names.iter().map(|name| column(name)).collect();
                    Some(Header { names, columns, delimiter, line: index + 1, start })
                })
                .max_by_key(|header| (header.columns.iter().flatten().count(), header.names.len(), header.delimiter == b','));
        }
        start += line.len();
    }
    None
}

/// Which of [`COLUMNS`] a name stands for.
fn column(name: &str) -> Option<usize> {
    let plain: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    COLUMNS.iter().position(|(_, names)| names.contains(&plain.as_str()))
}

/// Where a piece of a sheet begins.
#[derive(Clone, Copy)]
struct Start {
    /// Does it begin with the header?
    is_top: bool,
    /// Line of the file, and row of the spreadsheet: a cell may hold line ends, and then a line is no row.
    line: usize,
    row: usize,
}

impl Start {
    fn top(header: &Header) -> Start {
        Start { is_top: true, line: header.line, row: header.line }
    }
}

/// The rows of a piece, how many of its bytes they take, and where the next piece begins.
struct Piece {
    rows: Vec<Transcribed>,
    bytes: usize,
    next: Start,
}

/// The rows of a piece of a sheet; blank ones are left out. Where more is to come the last row is left to the next piece, since
/// nothing tells whether it is whole.
fn rows(body: &str, header: &Header, start: Start, is_end: bool) -> Result<Piece> {
    let value = header.columns.iter().position(|column| *column == Some(VALUE)).map(|at| CellAt::letters(at as u32)).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().delimiter(header.delimiter).flexible(true).has_headers(false).from_reader(body.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let Start { is_top, mut line, mut row } = start;
    let mut counted = 0;
    loop {
        let before = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let is_done = !reader.read_record(&mut record).map_err(|error| Error::failed(error.to_string()))?;
        let after = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX).min(body.len());
        if is_done || (!is_end && after == body.len()) {
            let bytes = if is_end { body.len() } else { counted };
            return Ok(Piece { rows, bytes, next: Start { is_top: is_top && counted == 0, line, row } });
        }
        let start = before + body[before..].find(|c| c != '\r' && c != '\n').unwrap_or(0);
        let passed = line_ends(&body[counted..start]);
        line += passed;
        row += passed;
        let inner = line_ends(body[start..after].trim_end_matches(['\r', '\n']));
        counted = after - (body[start..after].len() - body[start..after].trim_end_matches(['\r', '\n']).len());
        if inner > 0 && body[start..after].matches('"').count() % 2 == 1 {
            return Err(Error::failed(format!("line {line}: a cell starts with a quotation mark that is never closed")));
        }
        let is_header = is_top && start == 0;
        if !is_header && record.iter().any(|cell| !cell.trim().is_empty()) {
            if let Some(surplus) = record.iter().skip(header.columns.len()).find(|cell| !cell.trim().is_empty()) {
                return Err(Error::failed(format!(
                    "line {line}: the row has {} cells where the header has {}, 「{surplus}」 is too many; a cell that holds 「{}」 stands in quotation marks",
                    record.len(),
                    header.columns.len(),
                    char::from(header.delimiter)
                )));
            }
            let mut transcribed = Transcribed { row: line as u32, cell: format!("{value}{row}"), ..Transcribed::default() };
            for (cell, column) in record.iter().zip(&header.columns) {
                if let Some(column) = column {
                    *COLUMNS[*column].0(&mut transcribed) = cell.trim().to_string();
                }
            }
            rows.push(transcribed);
        }
        line += inner;
    }
}

// ------------------------------------------------------------------ sheets too long to be held

/// From this length on a sheet is read in pieces: some ten thousand rows.
const LONG: u64 = 4 << 20;

/// So much of a long sheet is read at a time.
const PIECE: usize = 2 << 20;

/// A sheet that is read in pieces, for it may have millions of rows. Only UTF-8 is read so.
#[derive(Debug)]
pub struct LongSheet {
    /// The name as given on the command line.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// What the bytes are.
    pub media_type: &'static str,
    /// The title of the report it was transcribed from.
    pub title: Option<String>,
    path: PathBuf,
    header: Header,
    mark: usize,
}

impl LongSheet {
    /// `None` where a file is short or no such sheet; it is then read as any other.
    pub(super) fn open(name: &str, path: &Path) -> Result<Option<LongSheet>> {
        let Ok(file) = std::fs::metadata(path) else { return Ok(None) };
        if file.len() < LONG || !ends_in(name, FORMAT.extensions) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(1 << 16).read_to_end(&mut bytes))
            .map_err(|error| super::unreadable(name, &error))?;
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let Some(text) = whole_characters(&bytes[mark..]) else { return Ok(None) };
        let Some(header) = header(text).filter(|header| header.has_needed() && header.twice().is_none()) else { return Ok(None) };
        let tabs = header.delimiter == b'\t' || ends_in(name, &["tsv"]);
        Ok(Some(LongSheet {
            name: name.to_string(),
            bytes: file.len(),
            media_type: if tabs { "text/tab-separated-values" } else { "text/csv" },
            title: title(text),
            path: path.to_path_buf(),
            mark,
            header,
        }))
    }

    /// Reads it from the top.
    pub fn pieces(&self) -> Result<Pieces<'_>> {
        let file = std::fs::File::open(&self.path).map_err(|error| super::unreadable(&self.name, &error))?;
        let mut pieces =
            Pieces { sheet: self, file, held: Vec::new(), start: Start::top(&self.header), hash: Sha256::new(), is_over: false };
        pieces.fill(PIECE)?;
        pieces.held.drain(..self.mark + self.header.start);
        Ok(pieces)
    }
}

/// The pieces of a long sheet.
pub struct Pieces<'s> {
    sheet: &'s LongSheet,
    file: std::fs::File,
    held: Vec<u8>,
    start: Start,
    hash: Sha256,
    /// Is the file read to its end?
    is_over: bool,
}

impl Pieces<'_> {
    /// Reads on.
    fn fill(&mut self, length: usize) -> Result<()> {
        let from = self.held.len();
        let read = (&mut self.file).take(length as u64).read_to_end(&mut self.held);
        let read = read.map_err(|error| super::unreadable(&self.sheet.name, &error))?;
        self.hash.update(&self.held[from..]);
        self.is_over = read < length;
        Ok(())
    }

    /// The next rows, and whether they are the last.
    pub fn next_rows(&mut self) -> Result<Option<(Vec<Transcribed>, bool)>> {
        let at = |error: Error| error.at(&self.sheet.name);
        if self.held.is_empty() && self.is_over {
            return Ok(None);
        }
        let text = whole_characters(&self.held).filter(|text| !self.is_over || text.len() == self.held.len());
        let text = text.ok_or_else(|| {
            at(Error::failed(format!("not all of it is UTF-8, from line {} on; expected one encoding in the whole file", self.start.line)))
        })?;
        let piece = rows(text, &self.sheet.header, self.start, self.is_over).map_err(at)?;
        let is_last = self.is_over;
        self.start = piece.next;
        self.held.drain(..piece.bytes);
        if !self.is_over {
            // A row longer than a piece wants more of the file.
            self.fill(PIECE.max(self.held.len()))?;
        }
        Ok(Some((piece.rows, is_last)))
    }

    /// The SHA-256 of all that was read.
    pub fn sha256(self) -> String {
        super::hexadecimal(&self.hash.finalize())
    }
}

/// Bytes as text, but a character that their end cuts off; `None` where they are no UTF-8.
fn whole_characters(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

/// How many line ends a text has: LF, CR LF or CR.
fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len()).filter(|&at| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_rows(text: &str) -> Result<Vec<Transcribed>> {
        match read("x.csv", text.as_bytes(), None)?.content {
            Content::Transcription(rows, _) => Ok(rows),
            _ => panic!("a sheet is neither text nor pages"),
        }
    }

    /// Line, cell, metric and value of each row.
    #[track_caller]
    fn check(text: &str, expect: &[(u32, &str, &str, &str)]) {
        let rows = read_rows(text).unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.row, row.cell.as_str(), row.metric.as_str(), row.value.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn columns_stand_in_any_order_under_names_of_three_scripts() {
        check("metric,value\n4G基站,141萬個\n", &[(2, "B2", "4G基站", "141萬個")]);
        check("頁,數值,指標\n12,141萬個,4G基站\n", &[(2, "B2", "4G基站", "141萬個")]);
        check("Value;note; Metric \n141万个;;4G基站\n", &[(2, "A2", "4G基站", "141万个")]);
        check("指标\t省份\t值\n4G基站\t青海\t2万个\n", &[(2, "C2", "4G基站", "2万个")]);
    }

    #[test]
    fn lines_are_those_of_the_file_whatever_stands_above_and_between() {
        check("# a\n# b, c\n\nmetric,value\n\n4G,1\n\n\n5G,2", &[(6, "B6", "4G", "1"), (9, "B9", "5G", "2")]);
        check("metric,value\r\n4G,1\r\n\r\n5G,2\r\n", &[(2, "B2", "4G", "1"), (4, "B4", "5G", "2")]);
        check("metric,value\r4G,1\r5G,2\r", &[(2, "B2", "4G", "1"), (3, "B3", "5G", "2")]);
    }

    #[test]
    fn a_line_end_inside_a_cell_moves_lines_but_not_rows() {
        check("metric,value\n\"4G\n基站\",1\n5G,2\n", &[(2, "B2", "4G\n基站", "1"), (4, "B3", "5G", "2")]);
    }

    #[test]
    fn blank_rows_and_trailing_blank_cells_are_passed_over() {
        check("metric,value\n,,\n4G,1,,,\n5G\n", &[(3, "B3", "4G", "1"), (4, "B4", "5G", "")]);
    }

    #[track_caller]
    fn check_error(text: &str, parts: &[&str]) {
        let message = read_rows(text).unwrap_err().to_string();
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_sheet_that_says_nothing_or_says_it_twice_is_told() {
        check_error("metric,value,值\n4G,1,2\n", &["two columns say value"]);
        check_error("# only this\n", &["the sheet is empty"]);
        check_error("metric,value\n", &["no rows"]);
    }

    #[test]
    fn a_number_with_a_comma_outside_quotes_is_no_smaller_number() {
        check_error("metric,value\n4G,1\n流量,1,500\n", &["line 3", "「500」", "quotation marks"]);
        check("metric,value\n流量,\"1,500\"\n", &[(2, "B2", "流量", "1,500")]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_does_not_swallow_rows() {
        check_error("metric,value\n4G,\"1\n5G,2\n6G,3\n", &["line 2", "never closed"]);
    }

    #[test]
    fn a_sheet_in_pieces_has_the_rows_of_the_whole() {
        let mut text = String::from("# a comment\nmetric,value,note\n");
        for at in 0..40_000 {
            text += &match at % 4 {
                0 => format!("4G基站,{at}個,\"a\nb\"\n"),
                1 => format!("\r\n\"光纖,端口\",{at}萬個,5\" pipe\n"),
                2 => format!("用戶,{at}戶,{}\r\n", "長".repeat(30)),
                _ => format!("\n\n流量,{at}TB,\n"),
            };
        }
        let whole = read_rows(&text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.csv");
        std::fs::write(&path, format!("{text}{}", "\n".repeat(LONG as usize - text.len().min(LONG as usize)))).unwrap();
        let sheet = LongSheet::open("long.csv", &path).unwrap().expect("it is long");
        let mut pieces = sheet.pieces().unwrap();
        let (mut found, mut last) = (Vec::new(), 0);
        while let Some((rows, is_last)) = pieces.next_rows().unwrap() {
            found.extend(rows);
            last += usize::from(is_last);
        }
        assert_eq!(last, 1);
        assert_eq!(pieces.sha256(), super::super::sha256(&std::fs::read(&path).unwrap()));
        let told = |rows: &[Transcribed]| rows.iter().map(|row| (row.row, row.cell.clone(), row.value.clone())).collect::<Vec<_>>();
        assert!(told(&found) == told(&whole));
        std::fs::write(&path, [text.as_bytes(), &b"x\xff,1\n".repeat(1 << 20)].concat()).unwrap();
        let sheet = LongSheet::open("long.csv", &path).unwrap().expect("it is long");
        let mut pieces = sheet.pieces().unwrap();
        let error = loop {
            match pieces.next_rows() {
                Ok(found) => assert!(found.is_some(), "the fault was passed over"),
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("long.csv: not all of it is UTF-8, from line"), "{error}");
    }

    #[test]
    fn prose_with_commas_is_no_sheet() {
        assert!(!fits("a.txt", "Metric tons, and value, are words.\n".as_bytes()));
        assert!(fits("-", "指標,數值\n4G,1\n".as_bytes()));
        assert!(fits("-", "metric\tvalue\n4G\t1\n".as_bytes()));
    }
}
