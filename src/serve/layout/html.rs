//! Writes layouts as a page that a browser shows: text at its places, and over it what was understood.
//!
//! In:  a [`Layout`] after another.
//! Out: HTML that needs nothing else, no script either: what is shown is switched by boxes to tick, words stand in tooltips.

use super::{Layout, PartKind, Sheet, Word};
use crate::error::Result;
use crate::serve::unwritten;
use std::fmt::Display;
use std::io::{self, Write};

/// How a page that this module writes begins; nothing else may be written over.
pub const BEGINNING: &str = "<!DOCTYPE html>\n<html lang=\"en\" data-made-by=\"reportsql extract --layout\">\n";

const STYLE: &str = include_str!("layout.css");

/// What can be switched off, the words for it, and the words of its tooltip.
const LAYERS: [(&str, &str, &str); 6] = [
    ("text", "text", "characters at their places, and ruled lines"),
    ("blocks", "blocks", "headings and paragraphs, numbered in reading order"),
    ("order", "reading order", "an arrow from each block to the next"),
    ("cells", "tables", "cells as they were understood: heads darker, a cell that spans is as wide as what it spans"),
    ("furniture", "furniture", "taken out: running heads, page numbers, titles"),
    ("marks", "figures", "each with its reading in a tooltip; numerals that are none are dotted"),
];

/// Writes the page for some documents. Fails where the output cannot be written.
pub fn write(layouts: &[Layout], out: &mut dyn Write) -> Result<()> {
    page(layouts, out).map_err(|error| unwritten(&error))
}

fn page(layouts: &[Layout], out: &mut dyn Write) -> io::Result<()> {
    let title = layouts.iter().map(|layout| layout.name.as_str()).collect::<Vec<_>>().join(", ");
    write!(
        out,
        "{BEGINNING}<head><meta charset=\"utf-8\"><title>{} - layout</title>\n<style>{STYLE}</style></head>\n<body>\n",
        Text(&title)
    )?;
    for (layer, ..) in LAYERS {
        writeln!(out, "<input type=\"checkbox\" class=\"switch\" id=\"show-{layer}\" checked>")?;
    }
    write!(out, "<header>")?;
    for (layer, words, told) in LAYERS {
        write!(out, "<label for=\"show-{layer}\" class=\"key {layer}\" title=\"{}\">{words}</label>", Text(told))?;
    }
    writeln!(
        out,
        "<span class=\"key doubted\">figure with a finding</span><span class=\"key refused\">numeral that is no figure</span></header>"
    )?;
    writeln!(out, "<nav>")?;
    for (document, layout) in layouts.iter().enumerate() {
        writeln!(out, "<h2>{}</h2>\n<ol>", Text(&layout.name))?;
        for sheet in &layout.sheets {
            let doubted = sheet.doubts.len() + sheet.figures().filter(|(_, note)| !note.doubts.is_empty()).count();
            let doubted = if doubted > 0 { format!(" <b>{doubted}</b>") } else { String::new() };
            let figures = sheet.figures().count();
            writeln!(out, "<li><a href=\"#d{document}p{n}\">{n}</a> <small>{figures}</small>{doubted}</li>", n = sheet.number)?;
        }
        writeln!(out, "</ol>")?;
    }
    writeln!(out, "<p>Page, its figures, <b>findings</b>.</p></nav>\n<main>")?;
    for (document, layout) in layouts.iter().enumerate() {
        for sheet in &layout.sheets {
            section(document, layout, sheet, out)?;
        }
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn section(document: usize, layout: &Layout, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let label = sheet.label.as_ref().map(|label| format!(", printed {label}")).unwrap_or_default();
    let number = sheet.number;
    writeln!(out, "<section id=\"d{document}p{number}\">\n<h2>{}, page {number}{}</h2>", Text(&layout.name), Text(&label))?;
    for doubt in &sheet.doubts {
        writeln!(out, "<p class=\"doubt\">{}</p>", Text(doubt))?;
    }
    let (width, height) = (sheet.width, sheet.height);
    writeln!(
        out,
        "<div class=\"sheet\"><svg viewBox=\"-14 -4 {:.1} {:.1}\" width=\"{:.0}\">",
        width + 18.0,
        height + 8.0,
        (width + 18.0) * 1.3
    )?;
    writeln!(
        out,
        "<defs><marker id=\"a{document}p{number}\" class=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>"
    )?;
    writeln!(out, "<rect class=\"paper\" width=\"{width:.1}\" height=\"{height:.1}\"/>\n<g class=\"text\">")?;
    for [x0, y0, x1, y1] in &sheet.rules {
        writeln!(out, "<path class=\"rule\" d=\"M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}\"/>")?;
    }
    for word in &sheet.words {
        self::word(word, out)?;
    }
    writeln!(out, "</g>")?;
    parts(document, sheet, out)?;
    writeln!(out, "<g class=\"marks\">")?;
    for (at, mark) in sheet.marks.iter().enumerate() {
        let class = match &mark.figure {
            None => "refused",
            Some(note) if note.doubts.is_empty() => "figure",
            Some(_) => "doubted",
        };
        rect(&format!("class=\"{class}\" id=\"d{document}p{number}f{at}\""), mark.bbox, 1.0, &mark.told, out)?;
    }
    writeln!(out, "</g>\n</svg></div>")?;
    list(document, sheet, out)?;
    writeln!(out, "</section>")
}

fn word(word: &Word, out: &mut dyn Write) -> io::Result<()> {
    let bold = if word.bold { " class=\"bold\"" } else { "" };
    let (x, y) = (word.xs[0], word.base);
    if word.turn != 0 {
        let degrees = u32::from(word.turn) * 90;
        let from = [(x, y), (x + word.size * 0.12, y - word.size * 0.88), (x, y), (x + word.size * 0.88, y)][usize::from(word.turn % 4)];
        let (x, y) = from;
        return writeln!(
            out,
            "<text{bold} font-size=\"{:.1}\" transform=\"translate({x:.1} {y:.1}) rotate({degrees})\">{}</text>",
            word.size,
            Text(&word.text)
        );
    }
    let xs: Vec<String> = word.xs.iter().map(|x| format!("{x:.1}")).collect();
    writeln!(out, "<text{bold} font-size=\"{:.1}\" y=\"{y:.1}\" x=\"{}\">{}</text>", word.size, xs.join(" "), Text(&word.text))
}

/// Blocks with their numbers and arrows, grids of tables, furniture.
fn parts(document: usize, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let read: Vec<&super::Part> = sheet.parts.iter().filter(|part| part.kind != PartKind::Furniture).collect();
    writeln!(out, "<g class=\"furniture\">")?;
    for part in sheet.parts.iter().filter(|part| part.kind == PartKind::Furniture) {
        for bbox in &part.boxes {
            rect("class=\"out\"", *bbox, 1.0, &part.told, out)?;
        }
    }
    writeln!(out, "</g>\n<g class=\"cells\">")?;
    for cell in read.iter().flat_map(|part| &part.cells) {
        let class = if cell.is_head { "class=\"head\"" } else { "class=\"cell\"" };
        rect(class, cell.bbox, 0.0, &cell.told, out)?;
    }
    writeln!(out, "</g>\n<g class=\"blocks\">")?;
    for (at, part) in read.iter().enumerate() {
        let class = match part.kind {
            PartKind::Heading => "class=\"heading\"",
            PartKind::Table => "class=\"table\"",
            PartKind::Prose | PartKind::Furniture => "class=\"prose\"",
        };
        for bbox in &part.boxes {
            rect(class, *bbox, 2.0, &format!("{}. {}", at + 1, part.told), out)?;
        }
        let [x, y, ..] = part.boxes[0];
        writeln!(
            out,
            "<g class=\"number\"><circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5.5\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
            x - 7.0,
            y + 4.0,
            x - 7.0,
            y + 6.2,
            at + 1
        )?;
    }
    writeln!(out, "</g>\n<g class=\"order\">")?;
    // Through the columns of a block, and on to the next one.
    let stops: Vec<[f32; 4]> = read.iter().flat_map(|part| part.boxes.iter().copied()).collect();
    for pair in stops.windows(2) {
        let below = pair[0][3].max(pair[0][1] + 10.0);
        let (x0, y0, x1, y1) = (pair[0][0] - 7.0, below, pair[1][0] - 7.0, pair[1][1] - 2.0);
        writeln!(out, "<path d=\"M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}\" marker-end=\"url(#a{document}p{})\"/>", sheet.number)?;
    }
    writeln!(out, "</g>")
}

/// A box a little larger than what it is around, with its tooltip.
fn rect(attributes: &str, [x0, y0, x1, y1]: [f32; 4], by: f32, told: &str, out: &mut dyn Write) -> io::Result<()> {
    let (x, y, width, height) = (x0 - by, y0 - by, (x1 - x0 + 2.0 * by).max(0.5), (y1 - y0 + 2.0 * by).max(0.5));
    writeln!(
        out,
        "<rect {attributes} x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{}</title></rect>",
        Text(told)
    )
}

/// The figures of a page as a list; each leads to its place.
fn list(document: usize, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    if sheet.figures().next().is_none() {
        return Ok(());
    }
    writeln!(out, "<table><thead><tr><th>written<th>metric<th>value<th>kind<th>period<th>rule<th>finding</tr></thead><tbody>")?;
    for (at, note) in sheet.figures() {
        writeln!(
            out,
            "<tr><td><a href=\"#d{document}p{}f{at}\">{}</a><td>{}<td>{}<td>{}<td>{}<td>{} {}<td>{}</tr>",
            sheet.number,
            Text(&note.raw),
            Text(&note.metric),
            Text(&note.value),
            Text(&note.kind),
            Text(&note.period),
            Text(&note.rule),
            note.confidence,
            Text(&note.doubts.join("; "))
        )?;
    }
    writeln!(out, "</tbody></table>")
}

impl Sheet {
    /// Its figures, with their number among its marks.
    fn figures(&self) -> impl Iterator<Item = (usize, &super::FigureNote)> {
        self.marks.iter().enumerate().filter_map(|(at, mark)| mark.figure.as_ref().map(|note| (at, note)))
    }
}

/// Text as HTML writes it.
struct Text<'t>(&'t str);

impl Display for Text<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                // XML has no such characters.
                c if c.is_control() && c != '\n' => {}
                c => write!(out, "{c}")?,
            }
        }
        Ok(())
    }
}
