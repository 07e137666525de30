//! The nouns that flow from stage to stage.
//!
//! `read` makes a [`Document`], `tidy` a [`Text`], `recognise` [`Mention`]s, `bind` [`Claim`]s, `normalise` [`Figure`]s and
//! `check` [`Finding`]s; a [`Report`] is what a document comes to. Offsets count Unicode characters of the document as read,
//! from 0, half-open.

use crate::decimal::Decimal;
use crate::message::Wording;
use std::ops::Range;
use std::sync::Arc;

// ------------------------------------------------------------------ Document: what was read

/// One input as read: its bytes are decoded, nothing else is done.
#[derive(Debug)]
pub struct Document {
    /// The name as given on the command line.
    pub name: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// What the bytes were: `text/plain`, `text/csv`.
    pub media_type: &'static str,
    /// How text was encoded: `UTF-8`, `GB18030`, `Big5`, `UTF-16LE`.
    pub encoding: Option<&'static str>,
    /// What it says it is, beside its content: the title of the report that a sheet was transcribed from.
    pub title: Option<String>,
    /// What it holds.
    pub content: Content,
}

/// What a document holds.
#[derive(Debug)]
pub enum Content {
    /// Running text; form feeds divide its pages.
    Text(Vec<char>),
    /// Pages on which characters stand at places.
    Pages(Vec<Page>),
    /// Headings, paragraphs and tables as the file marks them.
    Outline(Outline),
    /// A sheet of figures that a person transcribed from a report, and what of its workbook was not read.
    Transcription(Vec<Transcribed>, Vec<Unread>),
}

/// A page as drawn. Lengths are points (1/72 inch), measured to the right and down from its top left corner; a box is left, top,
/// right, bottom.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// How wide it is.
    pub width: f32,
    /// How high it is.
    pub height: f32,
    /// The number printed on it, where the file says so: iv.
    pub label: Option<String>,
    /// Its characters in the order drawn; white space is none.
    pub glyphs: Vec<Glyph>,
    /// Lines ruled on it.
    pub rules: Vec<Rule>,
    /// It is a picture of a page: text cannot be read from it.
    pub picture_only: bool,
    /// How many of its characters have no known meaning; they are U+FFFD.
    pub unread: u32,
    /// What of it was not read, because it is more than pages hold or cannot be unpacked: a clause each.
    pub cut: Vec<String>,
}

/// A character on a page.
#[derive(Debug, Clone)]
pub struct Glyph {
    /// What it stands for.
    pub c: char,
    /// Its em box: as wide as the character, as high as its font.
    pub bbox: [f32; 4],
    /// Height of the font.
    pub size: f32,
    /// Is it printed bold?
    pub bold: bool,
    /// The file says that it is furniture: a running head, a page number.
    pub artifact: bool,
    /// Where its line runs: 0 to the right, 1 down, 2 to the left, 3 up.
    pub turn: u8,
}

/// A line ruled on a page, level or upright; its box is as thick as it is.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// From end to end.
    pub bbox: [f32; 4],
}

/// Text whose structure its file tells: a web page, a Word document, Markdown, the cells of a workbook or CSV.
#[derive(Debug, Default)]
pub struct Outline {
    /// Its characters: headings, paragraphs and rows of tables stand on lines of their own; a form feed ends a sheet.
    pub source: Vec<char>,
    /// What they are, in reading order.
    pub parts: Vec<Part>,
    /// The cells that hold something, by where they stand in `source`.
    pub cells: Vec<CellAt>,
    /// Where things stand, but for their cell.
    pub placing: Placing,
    /// What of a workbook was not read.
    pub unread: Vec<Unread>,
}

/// What of a workbook was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The number of its sheet, from 1.
    pub sheet: u32,
    /// The name of its sheet.
    pub name: String,
    /// The first and the last row, from 1, that repeats were left out of; `None` of a whole sheet, which is hidden.
    pub rows: Option<(u32, u32)>,
}

/// A part of an [`Outline`]; spans are characters of its `source`.
#[derive(Debug)]
pub enum Part {
    /// A heading; 1 is the highest.
    Heading(u8, Range<u32>),
    /// A paragraph, an item of a list, a line that stands alone. Line ends in it were put by whoever wrote it.
    Paragraph(Range<u32>),
    /// Navigation, a table of contents: no text of the report.
    Furniture(Range<u32>),
    /// A table; every row has a slot for every column, and what spans several stands in each of them.
    Table(Vec<Vec<Slot>>),
    /// Rows of a sheet, in which tables and text are yet to be told apart.
    Sheet(Vec<SheetRow>),
}

/// A row of a sheet.
#[derive(Debug)]
pub struct SheetRow {
    /// From 0; rows that hold nothing are left out.
    pub row: u32,
    /// What it holds, with the column of each from 0; a merged cell stands in each column that it spans.
    pub slots: Vec<(u32, Slot)>,
}

/// A place in a table: the characters of its cell, none where that is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slot {
    /// The first character.
    pub start: u32,
    /// Behind the last one.
    pub end: u32,
    /// How far the text stands from the cell's left side, in half characters.
    pub indent: u32,
}

/// Where a cell stands in its table or sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellAt {
    /// Its characters.
    pub span: Range<u32>,
    /// From 0.
    pub row: u32,
    /// From 0.
    pub column: u32,
}

impl CellAt {
    /// The letters of a column, from 0: A, B … Z, AA.
    pub fn letters(column: u32) -> String {
        let mut letters = Vec::new();
        let mut rest = column + 1;
        while rest > 0 {
            letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
            rest = (rest - 1) / 26;
        }
        letters.into_iter().collect()
    }

    /// C12
    pub fn address(&self) -> String {
        format!("{}{}", CellAt::letters(self.column), self.row + 1)
    }
}

/// How a document tells where things stand in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Placing {
    /// By line and characters.
    #[default]
    Characters,
    /// By line, as a CSV does: its cells are written otherwise than they read.
    Lines,
    /// By sheet, whose names these are.
    Sheets(Vec<String>),
}

/// A row of a transcription; every field as typed, empty where the sheet has no such column.
#[derive(Debug, Clone, Default)]
pub struct Transcribed {
    /// Line of the file the row starts on, from 1.
    pub row: u32,
    /// Address of the value's cell: `B12`.
    pub cell: String,
    /// Its sheet in a workbook: its number, from 1, and name.
    pub sheet: Option<(u32, Arc<str>)>,
    /// What is measured.
    pub metric: String,
    /// The value as printed: 「再降低20%以上」.
    pub value: String,
    /// level, change, share, rank, price, target; empty where the value says it.
    pub kind: String,
    /// yoy, pop, a year, prior; empty where the value says it.
    pub basis: String,
    /// The whole of a share or part.
    pub whole: String,
    /// 2019, 2019-12-31 …
    pub period: String,
    /// ISO codes or any form of the names, joined with `;`.
    pub province: String,
    /// The finer place as written.
    pub place: String,
    /// The heading it stands under.
    pub initiative: String,
    /// The top heading above that.
    pub theme: String,
    /// Page of the report, from 1.
    pub page: String,
    /// Line of the report's text, from 1.
    pub line: String,
}

// ------------------------------------------------------------------ Text: folded, ordered, structured

/// A stretch of text folded for matching: simplified characters, half-width forms. Character `i` of `chars` was read from
/// offset `origin[i]` of the document.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The folded characters.
    pub chars: Vec<char>,
    /// Where each was read.
    pub origin: Vec<u32>,
}

/// A document in reading order, its furniture taken out.
#[derive(Debug)]
pub struct Text<'d> {
    /// The characters of the document as read (of a sheet: of its cells, one after the other).
    pub source: &'d [char],
    /// Offset of the first character of each line.
    pub line_starts: Vec<u32>,
    /// Offset of the first character of each page; empty where a document has no pages.
    pub page_starts: Vec<u32>,
    /// Where each character stands on its page; empty where a document has no such places.
    pub boxes: &'d [[f32; 4]],
    /// The cells of a document that has some, by where they stand.
    pub cells: &'d [CellAt],
    /// How places are told.
    pub placing: &'d Placing,
    /// Headings and case boxes in reading order.
    pub headings: Vec<Heading>,
    /// Paragraphs and tables in reading order.
    pub blocks: Vec<Block>,
    /// Lines that are no text of the report: running heads, titles, headings. Their numerals are accounted for.
    pub asides: Vec<Aside>,
    /// What the document says about itself.
    pub about: About,
}

impl Text<'_> {
    /// The cell that an offset lies in.
    pub fn cell_at(&self, offset: u32) -> Option<&CellAt> {
        let at = self.cells.partition_point(|cell| cell.span.start <= offset).checked_sub(1)?;
        Some(&self.cells[at]).filter(|cell| cell.span.contains(&offset))
    }
}

/// A line beside the text.
#[derive(Debug)]
pub struct Aside {
    /// The line.
    pub line: Folded,
    /// What a number in it is: `page` of a running head, `list` of a heading, `name` of a title.
    pub reason: Reason,
}

/// What a report is: from its text, its name or the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Who reports: a code such as `china-unicom`.
    pub company: Option<String>,
    /// The name of that company as written.
    pub company_name: Option<String>,
    /// csr, esg, annual, interim, quarterly, monthly, other.
    pub kind: Option<ReportKind>,
    /// The code of the province that all of it is about, where a provincial company reports.
    pub home: Option<String>,
    /// The year reported about.
    pub year: Option<i32>,
    /// The span reported about where it is no calendar year: 2022-04/2022-09.
    pub period: Option<Period>,
    /// The title as written.
    pub title: Option<String>,
    /// The script: `zh-Hant` or `zh-Hans`.
    pub lang: &'static str,
    /// The currency of 「元」: CNY, in a Taiwanese report TWD.
    pub currency: &'static str,
}

impl About {
    /// The code of the province whose places the report names without more ado: of a Taiwanese one Taiwan's.
    pub fn own_province(&self) -> Option<&str> {
        if self.currency == "TWD" { Some("710000") } else { self.home.as_deref() }
    }
}

/// The kinds of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// Corporate social responsibility.
    Csr,
    /// Environment, social and governance; sustainability.
    Esg,
    /// Annual report.
    Annual,
    /// Half-year report.
    Interim,
    /// Quarter.
    Quarterly,
    /// Month.
    Monthly,
    /// None of these, or not known.
    Other,
}

/// The level of a heading, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A chapter.
    Theme,
    /// A step below.
    Programme,
    /// One thing that is done.
    Initiative,
    /// A box headed by who did it.
    Case,
    /// A titled item of a list.
    Action,
}

/// A heading or case box.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Its level.
    pub level: Level,
    /// As written, without symbols and list numbers.
    pub name: String,
    /// Index of the nearest heading of a higher level.
    pub parent: Option<usize>,
    /// Where its name starts in the document.
    pub start: u32,
    /// Line from 1.
    pub line: u32,
    /// Page from 1.
    pub page: Option<u32>,
    /// ISO 3166-2 codes of the provinces it names.
    pub provinces: Vec<String>,
    /// The year it is about, where it says so.
    pub year: Option<i32>,
    /// `done` or `planned`, where it says so.
    pub status: Option<Status>,
}

/// Whether a heading lists what was done or what will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// 「2019年採取的措施」
    Done,
    /// 「2020年將採取的行動」
    Planned,
}

/// A block of text.
#[derive(Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Nearest theme, programme or initiative above.
    pub heading: Option<usize>,
    /// Case box it stands in.
    pub case: Option<usize>,
    /// The text behind a bullet.
    pub item: bool,
}

/// Prose or table.
#[derive(Debug)]
pub enum BlockKind {
    /// A paragraph or list item, its wrapped lines joined.
    Prose(Folded),
    /// A table.
    Table(Table),
}

/// A table: a caption, header rows and data rows.
#[derive(Debug, Default)]
pub struct Table {
    /// The line above it that names it or its unit.
    pub caption: Folded,
    /// Rows of cells, header rows first. Every row has a cell for every column; one that spans several stands in each of them.
    pub rows: Vec<Vec<Cell>>,
    /// How many of them are header rows.
    pub header_rows: usize,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Its text.
    pub text: Folded,
    /// How far its text stands to the right of the row's left edge, in characters.
    pub indent: u32,
}

// ------------------------------------------------------------------ Mention: a numeral accounted for

/// A number expression, or why it is none.
#[derive(Debug, Clone)]
pub struct Mention {
    /// Where it stands in the folded text.
    pub span: Range<usize>,
    /// What it was read as.
    pub reading: Reading,
}

/// What a numeral is.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A quantity.
    Quantity(Quantity),
    /// A date or period.
    Date(Period),
    /// Neither.
    Refusal(Reason),
}

/// A number with its unit and comparator, as written.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// One number, or the two ends of a range.
    pub amount: Amount,
    /// Code of the unit; empty where there is none.
    pub unit: String,
    /// Where the unit stands; empty where there is none.
    pub unit_span: Range<usize>,
    /// Power of ten of the multiplier: 万 is 4.
    pub scale: i32,
    /// How it compares with the true value.
    pub comparator: Comparator,
    /// Worth a row of its own, or a set phrase.
    pub tier: Tier,
    /// What the unit is like; decides where the label may stand.
    pub unit_role: UnitRole,
    /// The name of the rule that read it.
    pub rule: &'static str,
}

impl Quantity {
    /// Is it a length of time?
    pub fn is_duration(&self) -> bool {
        matches!(self.unit.as_str(), "ms" | "s" | "min" | "h" | "day" | "week" | "month" | "year" | "quarter")
    }
}

/// One value or two ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// 141万
    One(Decimal),
    /// 1-3
    Range(Decimal, Decimal),
}

/// What a unit word is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitRole {
    /// 千瓦时, %, 元: no counted noun follows.
    Measure,
    /// 个, 家: a counted noun may follow.
    Counter,
    /// 户, 省, 人: counts what it names.
    Noun,
    /// None at all.
    None,
}

/// Worth a row of its own, or a number of a set phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// A figure an analyst looks for.
    Core,
    /// 「三大場景」
    Minor,
}

/// How a figure compares with the true value, as worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// Just so.
    Equal,
    /// 約, 近
    About,
    /// 超過, 逾, 多, 餘
    Over,
    /// 以上, 不低於
    AtLeast,
    /// 小於, 不足
    Under,
    /// 以內, 不超過
    AtMost,
}

/// Why a numeral is no quantity and no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// 一帶一路
    Name,
    /// 5G, IPv6
    Model,
    /// GB/T 2260
    Standard,
    /// 10010
    Phone,
    /// 「20」 at the foot of a page
    Page,
    /// 第四批
    Ordinal,
    /// 1.2 at the head of a line
    List,
    /// A number that counts what its own sentence lists, or stands in a set phrase.
    Phrase,
    /// Nothing of these
    Other,
}

// ------------------------------------------------------------------ Period

/// A span of days, both ends included, and how it was worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// First day; equal to `end` for a day or an instant.
    pub start: Day,
    /// Last day.
    pub end: Day,
    /// How it is to be taken.
    pub grain: Grain,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day {
    /// 2019
    pub year: i32,
    /// 1 to 12
    pub month: u8,
    /// 1 to 31
    pub day: u8,
}

/// How a period was worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// 於2019年12月31日: 2019-12-31
    Instant,
    /// 2019年8月: 2019-08
    Month,
    /// 2019年第三季度: 2019-07/2019-09; any run of months
    Months,
    /// 1月24日至4月8日: 2020-01-24/2020-04-08
    Days,
    /// 2019年: 2019
    Year,
    /// 自2016年以來: 2016/2019
    Since,
}

// ------------------------------------------------------------------ Claim and Figure

/// A quantity with what the sentence says about it, in the report's words.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The block it stands in.
    pub block: usize,
    /// Row and column of the cell, in a table.
    pub cell: Option<(usize, usize)>,
    /// Where it stands in the folded text of block or cell.
    pub span: Range<usize>,
    /// The quantity.
    pub quantity: Quantity,
    /// What is measured, as written.
    pub metric: String,
    /// Level, change, share, rank, price.
    pub kind: Kind,
    /// Achieved, or a target, rule or forecast.
    pub modality: Modality,
    /// The direction of a change: a fall is negative.
    pub falls: bool,
    /// Against what a change is.
    pub basis: Option<Basis>,
    /// The whole of a share or part.
    pub whole: Option<String>,
    /// When.
    pub period: Period,
    /// Where: codes of `places.csv` or `provinces.csv`.
    pub places: Vec<String>,
    /// The finer place as written.
    pub place: Option<String>,
    /// The name of the rule that bound it.
    pub rule: &'static str,
}

/// What kind of statement a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A stock, flow or measurement.
    Level,
    /// An increase or decrease.
    Change,
    /// A part of a whole.
    Share,
    /// A rank.
    Rank,
    /// A price.
    Price,
}

/// Achieved or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modality {
    /// Reported as so.
    Actual,
    /// A promise or plan.
    Target,
    /// A rule or requirement.
    Rule,
    /// An expectation.
    Forecast,
}

/// Against what a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// 同比: the same time a year before.
    Yoy,
    /// 環比: the period before.
    Pop,
    /// 較2017年
    Year(i32),
    /// Some time before.
    Prior,
}

/// A figure, normalised: what `extract` prints and `load` stores.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Where it was read.
    pub at: Place,
    /// The sentence: an index of [`Report::sentences`].
    pub sentence: usize,
    /// The expression as written, white space taken out.
    pub raw: String,
    /// The unit as written: 個.
    pub unit_text: String,
    /// Power of ten of the multiplier.
    pub scale: i32,
    /// What is measured, as written.
    pub metric: String,
    /// Code of the catalogue, where the label is known.
    pub metric_code: Option<String>,
    /// Signed, multiplier applied, unit unchanged.
    pub amount: Amount,
    /// Code of the unit; empty for none.
    pub unit: String,
    /// As worded, on the magnitude.
    pub comparator: Comparator,
    /// Level, change, share, rank, price.
    pub kind: Kind,
    /// Achieved or not.
    pub modality: Modality,
    /// Core or minor.
    pub tier: Tier,
    /// Of a change.
    pub basis: Option<Basis>,
    /// Of a share or part.
    pub whole: Option<String>,
    /// When.
    pub period: Period,
    /// ISO 3166-2 codes, sorted.
    pub provinces: Vec<String>,
    /// Codes of the places, finest ones, sorted.
    pub places: Vec<String>,
    /// The finer place as written.
    pub place: Option<String>,
    /// Nearest heading above that is no case: an index of [`Report::headings`].
    pub initiative: Option<usize>,
    /// Case box it stands in: an index of [`Report::headings`].
    pub case: Option<usize>,
    /// The rules that read and bound it: `quantity/level`.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// Where a figure was read: line and span, or page and box, or cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// Page from 1; of a workbook the sheet.
    pub page: Option<u32>,
    /// Line from 1.
    pub line: Option<u32>,
    /// Characters of the document, half-open.
    pub span: Option<Range<u32>>,
    /// Name of the sheet.
    pub sheet: Option<String>,
    /// C12
    pub cell: Option<String>,
    /// Left, top, right and bottom on the page, in points from its top left corner.
    pub bbox: Option<[f64; 4]>,
}

/// A sentence that carries a number, or a row of a table.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Tidied: line breaks and running heads taken out; of a table cell its row header, column header and caption.
    pub text: String,
    /// The same stretch as read, each white space character as one blank; `None` where it equals `text` or there is no running text.
    pub source: Option<String>,
    /// Where `source` starts; `None` for cells.
    pub start: Option<u32>,
    /// Lines from 1, both ends.
    pub lines: Option<(u32, u32)>,
    /// Page from 1.
    pub page: Option<u32>,
}

/// A numeral that is no figure.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Where it was read.
    pub at: Place,
    /// As written.
    pub raw: String,
    /// Why: `date`, or a [`Reason`].
    pub reason: &'static str,
}

/// What a document comes to.
#[derive(Debug)]
pub struct Report {
    /// What it is.
    pub about: About,
    /// Is it a transcription (a sheet of figures) rather than the report itself?
    pub transcription: bool,
    /// Headings and case boxes.
    pub headings: Vec<Heading>,
    /// Sentences that carry a number.
    pub sentences: Vec<Sentence>,
    /// In reading order.
    pub figures: Vec<Figure>,
    /// Every other numeral.
    pub refusals: Vec<Refusal>,
    /// Doubts.
    pub findings: Vec<Finding>,
    /// Rows of a transcription that could not be taken, each as an error's message without the file's name.
    pub rejected: Vec<String>,
}

/// A doubt about a figure, a page or a report.
#[derive(Debug, Clone)]
pub struct Finding {
    /// `share-over-100`: a row of `data/checks.csv`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The figure it is about: an index of [`Report::figures`].
    pub figure: Option<usize>,
    /// Page from 1.
    pub page: Option<u32>,
    /// One sentence for the analyst.
    pub message: Wording,
    /// The arithmetic behind it.
    pub detail: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Look at it.
    Warning,
    /// Wrong.
    Error,
}

// ------------------------------------------------------------------ how they are written

/// Gives an enum the words it is written with in files, tables and answers, both ways.
macro_rules! words {
    ($type:ty { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word it is written with.
            pub fn word(self) -> &'static str {
                match self { $(<$type>::$variant => $word),+ }
            }

            /// The item a word stands for.
            pub fn from_word(word: &str) -> Option<$type> {
                match word { $($word => Some(<$type>::$variant),)+ _ => None }
            }

            /// All words, for messages.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
        }
    };
}

words!(ReportKind {
    Csr => "csr", Esg => "esg", Annual => "annual", Interim => "interim", Quarterly => "quarterly", Monthly => "monthly", Other => "other",
});
words!(Level { Theme => "theme", Programme => "programme", Initiative => "initiative", Case => "case", Action => "action" });
words!(Status { Done => "done", Planned => "planned" });
words!(Comparator { Equal => "=", About => "~", Over => ">", AtLeast => ">=", Under => "<", AtMost => "<=" });
words!(Kind { Level => "level", Change => "change", Share => "share", Rank => "rank", Price => "price" });
words!(Modality { Actual => "actual", Target => "target", Rule => "rule", Forecast => "forecast" });
words!(Tier { Core => "core", Minor => "minor" });
words!(Severity { Info => "info", Warning => "warning", Error => "error" });
words!(UnitRole { Measure => "measure", Counter => "counter", Noun => "noun", None => "none" });
words!(Reason {
    Name => "name", Model => "model", Standard => "standard", Phone => "phone", Page => "page", Ordinal => "ordinal", List => "list",
    Phrase => "phrase", Other => "other",
});

impl Report {
    /// The theme above a heading; none for a theme itself.
    pub fn theme_above(&self, heading: usize) -> Option<&Heading> {
        let mut at = self.headings[heading].parent;
        while let Some(above) = at {
            if self.headings[above].level == Level::Theme {
                return Some(&self.headings[above]);
            }
            at = self.headings[above].parent;
        }
        None
    }
}

impl Figure {
    /// `target` for whatever is not achieved, else the kind of statement: the contract's `kind`.
    pub fn kind_word(&self) -> &'static str {
        if self.modality == Modality::Actual { self.kind.word() } else { "target" }
    }
}

impl Basis {
    /// `yoy`, `pop`, a year, `prior`.
    pub fn word(self) -> String {
        match self {
            Basis::Yoy => "yoy".into(),
            Basis::Pop => "pop".into(),
            Basis::Year(year) => year.to_string(),
            Basis::Prior => "prior".into(),
        }
    }

    /// The basis a word stands for.
    pub fn from_word(word: &str) -> Option<Basis> {
        match word {
            "yoy" => Some(Basis::Yoy),
            "pop" => Some(Basis::Pop),
            "prior" => Some(Basis::Prior),
            _ => word.parse().ok().filter(|year| (1900..=2200).contains(year)).map(Basis::Year),
        }
    }

    /// The basis where a year can only have been counted from a report's year that nothing names.
    pub fn timeless(self) -> Basis {
        match self {
            Basis::Year(year) if !(1900..=2200).contains(&year) => Basis::Prior,
            _ => self,
        }
    }
}

impl Day {
    /// Months since the year 0: those of two days tell how many lie between.
    pub(crate) fn months(self) -> i32 {
        self.year * 12 + i32::from(self.month) - 1
    }

    /// Is there such a day?
    pub fn exists(self) -> bool {
        (1900..=2200).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=Day::last_of(self.year, self.month).day).contains(&self.day)
    }

    /// The last day of a month.
    pub fn last_of(year: i32, month: u8) -> Day {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let day = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Day { year, month, day }
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Period {
    /// A calendar year.
    pub fn year(year: i32) -> Period {
        Period { start: Day { year, month: 1, day: 1 }, end: Day { year, month: 12, day: 31 }, grain: Grain::Year }
    }

    /// A run of months, both included; one month, or a whole year, is what it is.
    pub fn months(from: (i32, u8), to: (i32, u8)) -> Period {
        let (start, end) = (Day { year: from.0, month: from.1, day: 1 }, Day::last_of(to.0, to.1));
        let grain = if from == to { Grain::Month } else { Grain::Months };
        Period { start, end, grain }
    }

    /// A day, as an instant.
    pub fn instant(day: Day) -> Period {
        Period { start: day, end: day, grain: Grain::Instant }
    }

    /// From the start of one year to the end of another.
    pub fn since(from: i32, to: i32) -> Period {
        Period { start: Day { year: from, month: 1, day: 1 }, end: Day { year: to, month: 12, day: 31 }, grain: Grain::Since }
    }

    /// Is it a time at all? Of a report that names no year nothing is known of when.
    pub fn is_known(&self) -> bool {
        self.start.exists() && self.end.exists()
    }

    /// How the contract writes it: `2019`, `2019-12-31`, `2019-08`, `2019-07/2019-09`, `2016/2019`.
    ///
    /// ```
    /// use reportsql::model::Period;
    /// assert_eq!(Period::months((2019, 7), (2019, 9)).code(), "2019-07/2019-09");
    /// assert_eq!(Period::from_code("2016/2019"), Some(Period::since(2016, 2019)));
    /// ```
    pub fn code(&self) -> String {
        match self.grain {
            Grain::Instant => self.end.to_string(),
            Grain::Month => format!("{:04}-{:02}", self.end.year, self.end.month),
            Grain::Months => format!("{:04}-{:02}/{:04}-{:02}", self.start.year, self.start.month, self.end.year, self.end.month),
            Grain::Days => format!("{}/{}", self.start, self.end),
            Grain::Year => self.end.year.to_string(),
            Grain::Since => format!("{}/{}", self.start.year, self.end.year),
        }
    }

    /// The period a code stands for; `None` for anything that is no code of a period.
    pub fn from_code(code: &str) -> Option<Period> {
        let parts = |text: &str| -> Option<Vec<i32>> { text.split('-').map(|part| part.parse().ok().filter(|n| *n >= 0)).collect() };
        let month = |text: &str| match parts(text)?[..] {
            [year, month @ 1..=12] if (1900..=2200).contains(&year) => Some((year, month as u8)),
            _ => None,
        };
        let year = |text: &str| text.parse().ok().filter(|year| (1900..=2200).contains(year));
        if let Some((from, to)) = code.split_once('/') {
            let period = match (month(from), month(to)) {
                _ if from.len() == 10 && to.len() == 10 => {
                    let (from, to) = (Period::from_code(from)?, Period::from_code(to)?);
                    Period { start: from.start, end: to.end, grain: Grain::Days }
                }
                (Some(from), Some(to)) => Period::months(from, to),
                _ => Period::since(year(from)?, year(to)?),
            };
            return (period.start <= period.end).then_some(period);
        }
        match parts(code)?[..] {
            [_] => year(code).map(Period::year),
            [_, _] => month(code).map(|month| Period::months(month, month)),
            [year, month @ 1..=12, day @ 1..=31] => {
                let day = Day { year, month: month as u8, day: day as u8 };
                day.exists().then(|| Period::instant(day))
            }
            _ => None,
        }
    }
}
