//! Reads Markdown: headings, paragraphs, lists and tables (CommonMark, with the tables of GitHub).
//!
//! In:  text in any of the encodings of `text`.
//! Out: an [`Outline`]; its characters are those of the file, blank where the file marks things up, so that lines and offsets are the
//!      file's own.

use super::{Decoded, Format, ends_in, text};
use crate::error::{Error, Result};
use crate::model::{CellAt, Content, Outline, Part, Slot};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

pub(super) const FORMAT: Format = Format { extensions: &["md", "markdown"], fits: |name, _| ends_in(name, FORMAT.extensions), read };

fn read(_: &str, bytes: &[u8], _: Option<&str>) -> Result<Decoded> {
    let (text, encoding) = text::decode(bytes)?;
    let outline = outline(&text);
    if outline.parts.is_empty() {
        return Err(Error::failed("the Markdown holds no text; expected the text of a report"));
    }
    Ok(Decoded { media_type: "text/markdown", encoding: Some(encoding), title: None, content: Content::Outline(outline) })
}

/// Where characters of a file stand, by their bytes.
struct Offsets<'t> {
    text: &'t str,
    byte: usize,
    char: usize,
}

impl Offsets<'_> {
    /// The offset of the character at a byte; they are asked for in order, and a step back is counted from the start.
    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.char) = (0, 0);
        }
        self.char += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.char
    }
}

fn outline(text: &str) -> Outline {
    let source = text.chars().map(|c| if matches!(c, '\n' | '\r') { c } else { ' ' }).collect();
    let mut outline = Outline { source, ..Outline::default() };
    let mut offsets = Offsets { text, byte: 0, char: 0 };
    // The text of the block being read, and of the cell.
    let mut block: Option<Range<u32>> = None;
    let mut rows: Vec<Vec<Slot>> = Vec::new();
    let mut in_table = false;
    // Struck text is not looked for: 「10~20%」 and 「30~40%」 in one line would be.
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut unread = 0;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. } | Tag::MetadataBlock(_)) => unread += 1,
            Event::End(TagEnd::Image | TagEnd::MetadataBlock(_)) => unread -= 1,
            Event::Text(words) | Event::Code(words) if unread == 0 => {
                let (from, to) = (offsets.at(range.start), offsets.at(range.end));
                let length = words.chars().count();
                // Of code and entities the marks around them are blank too.
                let from = if length < to - from && text[range.clone()].starts_with('`') { from + 1 } else { from };
                for (place, c) in outline.source[from..to].iter_mut().zip(words.chars()) {
                    *place = c;
                }
                let end = (from + length).min(to) as u32;
                block = Some(block.map_or(from as u32, |known| known.start)..end);
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::TableCell)
            | Event::HardBreak => end(&mut block, &mut outline, in_table, None),
            Event::End(TagEnd::Heading(level)) => end(&mut block, &mut outline, false, Some(level)),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                end(&mut block, &mut outline, in_table, None);
            }
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::End(TagEnd::TableCell) => {
                let span = block.take().unwrap_or_default();
                let slot = Slot { start: span.start, end: span.end, indent: 0 };
                let row = rows.len().saturating_sub(1) as u32;
                if let Some(last) = rows.last_mut() {
                    if span.start < span.end {
                        outline.cells.push(CellAt { span, row, column: last.len() as u32 });
                    }
                    last.push(slot);
                }
            }
            Event::End(TagEnd::Table) => {
                in_table = false;
                outline.parts.push(Part::Table(std::mem::take(&mut rows)));
            }
            _ => {}
        }
    }
    end(&mut block, &mut outline, false, None);
    outline
}

/// Ends a block: a heading or a paragraph.
fn end(block: &mut Option<Range<u32>>, outline: &mut Outline, in_table: bool, level: Option<HeadingLevel>) {
    let Some(span) = block.take_if(|_| !in_table).filter(|span| span.start < span.end) else { return };
    outline.parts.push(match level {
        Some(level) => Part::Heading(level as u8, span),
        None => Part::Paragraph(span),
    });
}
