//! Reads Word documents (.docx): headings by their style, paragraphs, lists and tables.
//!
//! In:  bytes of an Office Open XML document.
//! Out: an [`Outline`](crate::model::Outline); offsets count the characters of its text.
//!
//! What was inserted is read and what was deleted is not; hidden text, notes, heads and feet of pages are left out; a table of contents is
//! furniture. A table that holds tables is a layout, and its cells are read one after the other.

use super::html::raised;
use super::outline::{GridCell, Writer};
use super::zipped::{Parts, attribute, broken, entity};
use super::{Decoded, Format};
use crate::error::{Error, Result};
use crate::model::Placing;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

pub(super) const FORMAT: Format = Format { extensions: &["docx", "docm"], fits, read };

const MAIN: &str = "word/document.xml";

/// Tables inside tables deeper than any document has.
const DEEPEST: usize = 20;
/// More paragraphs, and cells of tables, than any document has.
const MOST_BLOCKS: usize = 2_000_000;

fn fits(_: &str, bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && Parts::open(bytes).is_some_and(|parts| parts.has(MAIN))
}

fn read(_: &str, bytes: &[u8], _: Option<&str>) -> Result<Decoded> {
    let mut parts = Parts::open(bytes).ok_or_else(|| broken("no directory"))?;
    let styles = styles(&parts.text("word/styles.xml")?.unwrap_or_default())?;
    let main = parts.text(MAIN)?.unwrap_or_default();
    let mut body = Body { xml: Reader::from_str(&main), styles: &styles, left: MOST_BLOCKS };
    let blocks = body.blocks("document", 0)?;
    let mut writer = Writer::default();
    write(&mut writer, blocks)?;
    let media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    writer.decoded("the Word document", media_type, None, Placing::Characters)
}

// ------------------------------------------------------------------ styles

/// What a style makes of a paragraph.
#[derive(Default, Clone)]
struct Style {
    /// Level of a heading, from 1.
    level: Option<u8>,
    contents: bool,
    bold: bool,
    based_on: Option<String>,
}

fn styles(xml: &str) -> Result<HashMap<String, Style>> {
    let mut styles: HashMap<String, Style> = HashMap::new();
    let mut reader = Reader::from_str(xml);
    let mut open: Option<(String, Style)> = None;
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "style" => open = attribute(&element, "styleId").map(|id| (id, Style::default())),
                name => {
                    let Some((_, style)) = &mut open else { continue };
                    let value = attribute(&element, "val");
                    match name {
                        "name" => {
                            let name = value.unwrap_or_default().to_lowercase().replace(' ', "");
                            let level = ["heading", "標題", "标题"].iter().find_map(|word| name.strip_prefix(word)?.parse().ok());
                            style.level = style.level.or(level).or((name == "title").then_some(1));
                            style.contents = name.starts_with("toc");
                        }
                        "basedOn" => style.based_on = value,
                        "outlineLvl" => style.level = style.level.or_else(|| outline_level(value)),
                        "b" => style.bold = is_on(value),
                        _ => {}
                    }
                }
            },
            Event::End(element) if element.local_name().as_ref() == "style" => styles.extend(open.take()),
            _ => {}
        }
    }
    Ok(styles)
}

/// Outline level 0 is heading 1; 9 is text.
fn outline_level(value: Option<String>) -> Option<u8> {
    value?.parse::<u8>().ok().filter(|level| *level < 9).map(|level| level + 1)
}

fn is_on(value: Option<String>) -> bool {
    !matches!(value.as_deref(), Some("0" | "false" | "off" | "none"))
}

// ------------------------------------------------------------------ the body

enum Block {
    Paragraph(Paragraph),
    Table(Vec<Vec<TableCell>>),
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    level: Option<u8>,
    contents: bool,
    indent: u32,
    /// Characters in bold type.
    bold: usize,
    /// Stand-alone text that is anchored in it.
    boxes: Vec<Block>,
}

#[derive(Default)]
struct TableCell {
    blocks: Vec<Block>,
    columns: u32,
    /// It goes on with the cell above.
    goes_on: bool,
    /// Columns left out before it.
    skipped: u32,
}

struct Body<'x> {
    xml: Reader<&'x [u8]>,
    styles: &'x HashMap<String, Style>,
    /// How many more paragraphs, rows and cells there may be.
    left: usize,
}

/// What no reader of the document sees, and what is said twice.
fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "sectPr" | "footnotePr" | "rPrChange" | "pPrChange" | "tblPrChange"
    )
}

impl Body<'_> {
    fn next(&mut self) -> Result<Event<'_>> {
        self.xml.read_event().map_err(broken)
    }

    fn skip(&mut self, element: &BytesStart<'static>) -> Result<()> {
        self.xml.read_to_end(element.name()).map(|_| ()).map_err(broken)
    }

    /// Counts a paragraph, row or cell.
    fn count(&mut self) -> Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Error::failed(format!("it holds more than {MOST_BLOCKS} paragraphs and cells; expected a document that a person made"))
        })?;
        Ok(())
    }

    /// The blocks up to the end of an element.
    fn blocks(&mut self, until: &str, depth: usize) -> Result<Vec<Block>> {
        if depth > DEEPEST {
            return Err(Error::failed(format!(
                "tables stand more than {DEEPEST} deep inside one another; expected a document that a person made"
            )));
        }
        let mut blocks = Vec::new();
        loop {
            match self.next()? {
                Event::Eof => return Ok(blocks),
                Event::End(element) if element.local_name().as_ref() == until => return Ok(blocks),
                Event::Start(element) => {
                    let element = element.into_owned();
                    match element.local_name().as_ref() {
                        "p" => {
                            let paragraph = self.paragraph(depth)?;
                            blocks.push(Block::Paragraph(paragraph));
                        }
                        "tbl" => blocks.push(Block::Table(self.table(depth + 1)?)),
                        name if is_unseen(name) => self.skip(&element)?,
                        _ => {}
                    }
                }
                Event::Empty(element) if element.local_name().as_ref() == "p" => {
                    self.count()?;
                    blocks.push(Block::Paragraph(Paragraph::default()));
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, depth: usize) -> Result<Paragraph> {
        self.count()?;
        let styles = self.styles;
        let mut paragraph = Paragraph::default();
        let mut is_text = false;
        let (mut bold, mut hidden, mut raises) = (false, false, false);
        let mut in_mark = false;
        loop {
            let event = self.next()?;
            let (element, is_empty) = match event {
                Event::Eof => break,
                Event::Start(element) => (element.into_owned(), false),
                Event::Empty(element) => (element.into_owned(), true),
                Event::End(element) => {
                    match element.local_name().as_ref() {
                        "p" => break,
                        "t" => is_text = false,
                        "pPr" => in_mark = false,
                        _ => {}
                    }
                    continue;
                }
                Event::Text(text) if is_text && !hidden => {
                    let text = text.xml10_content();
                    let text = if raises { raised(&paragraph.text, &text) } else { text.into_owned() };
                    paragraph.bold += if bold { text.chars().filter(|c| !c.is_whitespace()).count() } else { 0 };
                    paragraph.text.push_str(&text);
                    continue;
                }
                Event::CData(text) if is_text && !hidden => {
                    paragraph.text.push_str(&text.xml10_content());
                    continue;
                }
                Event::GeneralRef(reference) if is_text && !hidden => {
                    paragraph.text.extend(entity(&reference));
                    continue;
                }
                _ => continue,
            };
            let value = || attribute(&element, "val");
            match element.local_name().as_ref() {
                "t" => is_text = !is_empty,
                "pPr" => in_mark = !is_empty,
                "pStyle" => paragraph.style = value(),
                "outlineLvl" => paragraph.level = outline_level(value()),
                "ind" => paragraph.indent = indent(&element),
                "r" => (bold, hidden, raises) = (false, false, false),
                // The mark at a paragraph's end has a look of its own.
                "b" if !in_mark => bold = is_on(value()),
                "vanish" | "strike" | "dstrike" if !in_mark => hidden |= is_on(value()),
                "vertAlign" if !in_mark => raises = value().as_deref() == Some("superscript"),
                "tab" if !in_mark && !hidden => paragraph.text.push('\t'),
                "br" | "cr" if !hidden => paragraph.text.push('\n'),
                "noBreakHyphen" if !hidden => paragraph.text.push('-'),
                "txbxContent" if !is_empty => {
                    let inner = self.blocks("txbxContent", depth + 1)?;
                    paragraph.boxes.extend(inner);
                }
                name if is_unseen(name) && !is_empty => self.skip(&element)?,
                _ => {}
            }
        }
        let mut style = paragraph.style.as_ref().and_then(|id| styles.get(id));
        for _ in 0..10 {
            let Some(known) = style else { break };
            paragraph.level = paragraph.level.or(known.level);
            paragraph.contents |= known.contents;
            if known.bold {
                paragraph.bold = paragraph.text.chars().count();
            }
            style = known.based_on.as_ref().and_then(|id| styles.get(id));
        }
        Ok(paragraph)
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Vec<TableCell>>> {
        let mut rows: Vec<Vec<TableCell>> = Vec::new();
        let mut skipped = 0;
        loop {
            match self.next()? {
                Event::Eof => return Ok(rows),
                Event::End(element) if element.local_name().as_ref() == "tbl" => return Ok(rows),
                Event::Start(element) => {
                    let element = element.into_owned();
                    match element.local_name().as_ref() {
                        "tr" => {
                            self.count()?;
                            rows.push(Vec::new());
                        }
                        "tc" => {
                            let cell = self.cell(depth, std::mem::take(&mut skipped))?;
                            if let Some(row) = rows.last_mut() {
                                row.push(cell);
                            }
                        }
                        name if is_unseen(name) => self.skip(&element)?,
                        _ => {}
                    }
                }
                Event::Empty(element) if element.local_name().as_ref() == "gridBefore" => skipped = span(&element),
                _ => {}
            }
        }
    }

    fn cell(&mut self, depth: usize, skipped: u32) -> Result<TableCell> {
        self.count()?;
        let mut cell = TableCell { columns: 1, skipped, ..TableCell::default() };
        loop {
            match self.next()? {
                Event::Eof => return Ok(cell),
                Event::End(element) if element.local_name().as_ref() == "tc" => return Ok(cell),
                Event::Start(element) => {
                    let element = element.into_owned();
                    match element.local_name().as_ref() {
                        "p" => cell.blocks.push(Block::Paragraph(self.paragraph(depth)?)),
                        "tbl" if depth > DEEPEST => return self.blocks("", depth).map(|_| cell),
                        "tbl" => cell.blocks.push(Block::Table(self.table(depth + 1)?)),
                        name if is_unseen(name) => self.skip(&element)?,
                        _ => {}
                    }
                }
                Event::Empty(element) => match element.local_name().as_ref() {
                    "gridSpan" => cell.columns = span(&element),
                    "vMerge" => cell.goes_on = attribute(&element, "val").as_deref() != Some("restart"),
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

fn span(element: &BytesStart<'_>) -> u32 {
    attribute(element, "val").and_then(|value| value.parse().ok()).unwrap_or(1).clamp(1, 1000)
}

/// How far a paragraph stands in, in half characters: a character is 210 twentieths of a point.
fn indent(element: &BytesStart<'_>) -> u32 {
    let number = |name: &str| attribute(element, name).and_then(|value| value.parse::<u32>().ok());
    let characters = |name: &str| number(name).map(|hundredths| hundredths / 50);
    let twips = |name: &str| number(name).map(|twips| twips / 105);
    let left = characters("leftChars").or_else(|| characters("startChars")).or_else(|| twips("left")).or_else(|| twips("start"));
    let first = characters("firstLineChars").or_else(|| twips("firstLine"));
    (left.unwrap_or(0) + first.unwrap_or(0)).min(100)
}

// ------------------------------------------------------------------ writing

fn write(writer: &mut Writer, blocks: Vec<Block>) -> Result<()> {
    let mut gap = false;
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => {
                let count = paragraph.text.chars().filter(|c| !c.is_whitespace()).count();
                let is_bold = paragraph.bold >= count;
                match paragraph.level {
                    _ if paragraph.contents => writer.furniture(&paragraph.text),
                    Some(level) => writer.heading(level, &paragraph.text),
                    None => {
                        for line in paragraph.text.split('\n') {
                            writer.paragraph(line, std::mem::take(&mut gap), is_bold);
                        }
                    }
                }
                gap = count == 0;
                write(writer, paragraph.boxes)?;
            }
            Block::Table(rows) => {
                let holds_tables = |cell: &TableCell| cell.blocks.iter().any(|block| matches!(block, Block::Table(_)));
                if rows.iter().flatten().any(holds_tables) || rows.iter().all(|row| row.len() < 2) {
                    for cell in rows.into_iter().flatten() {
                        write(writer, cell.blocks)?;
                    }
                } else {
                    writer.table(grid(rows))?;
                }
                gap = true;
            }
        }
    }
    Ok(())
}

/// The cells of a table with the rows that they reach down over.
fn grid(rows: Vec<Vec<TableCell>>) -> Vec<Vec<GridCell>> {
    // Which cell, by row and place, each column was last begun by.
    let mut begun: HashMap<u32, (usize, usize)> = HashMap::new();
    let mut grid: Vec<Vec<GridCell>> = Vec::with_capacity(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        let mut cells: Vec<GridCell> = Vec::new();
        let mut column = 0;
        for cell in row {
            if cell.skipped > 0 {
                cells.push(GridCell { columns: cell.skipped, ..GridCell::default() });
                column += cell.skipped;
            }
            let above = begun.get(&column).copied().filter(|_| cell.goes_on);
            if let Some((row, place)) = above {
                if let Some(above) = grid.get_mut(row).and_then(|row| row.get_mut(place)) {
                    above.rows = (at - row) as u32 + 1;
                }
            } else {
                begun.insert(column, (at, cells.len()));
                let mut text = String::new();
                let mut indent = 0;
                for block in cell.blocks {
                    let Block::Paragraph(paragraph) = block else { continue };
                    if text.is_empty() {
                        let blanks = paragraph.text.chars().take_while(|c| c.is_whitespace());
                        indent = paragraph.indent + blanks.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum::<u32>();
                    } else {
                        text.push(' ');
                    }
                    text.push_str(paragraph.text.trim());
                }
                cells.push(GridCell { text, indent, columns: cell.columns, rows: 1 });
            }
            column += cell.columns;
        }
        grid.push(cells);
    }
    grid
}
