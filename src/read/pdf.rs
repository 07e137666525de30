//! Reads PDF: the characters of each page with their boxes, and the lines ruled on it.
//!
//! In:  bytes of a PDF, damaged or encrypted as it may be; a password, where one is given.
//! Out: a [`Page`] each, characters in the order the PDF draws them, measured from the top left corner of the page as shown.
//!
//! Nothing is put in order here and no table is seen: that is `tidy`'s business. `page` puts a page together, `content` follows its
//! drawing, `font` says what a code of a font means and how wide it is, `names` what names and old encodings stand for; `filters` and
//! `structure` keep what is unpacked within bounds. These files alone know the PDF crates.

mod content;
mod filters;
mod font;
mod names;
mod page;
mod structure;

use super::{Decoded, Format, ends_in};
use crate::error::{Error, Result};
use crate::model::{Content, Page};
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Array, Name, Number, Object, ObjectIdentifier};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use std::collections::HashSet;

pub(super) const FORMAT: Format = Format { extensions: &["pdf"], fits, read };

/// A PDF may have other bytes before its mark; readers look for it in the first kilobyte.
fn fits(name: &str, bytes: &[u8]) -> bool {
    ends_in(name, FORMAT.extensions) || bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// More pages than any report has.
const MOST_PAGES: usize = 20_000;

fn read(_: &str, bytes: &[u8], password: Option<&str>) -> Result<Decoded> {
    structure::check(bytes)?;
    let pdf = opened(bytes, password)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(Error::failed("the PDF holds no pages; it is damaged: get the whole file"));
    }
    let count = pages.len();
    if count > MOST_PAGES {
        return Err(Error::failed(format!("the PDF has {count} pages; at most {MOST_PAGES} are read: split it")));
    }
    let catalogue = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()).unwrap_or_default();
    let labels = labels(&catalogue, count);
    let mut reader = page::Reader::new(hidden_layers(&catalogue));
    let mut pages: Vec<Page> = pages.iter().zip(1..).map(|(page, number)| reader.page(page, number)).collect();
    for (page, label) in pages.iter_mut().zip(labels) {
        page.label = label;
    }
    let told = catalogue.get::<Dict<'_>>("Pages").and_then(|root| root.get::<i32>("Count")).and_then(|told| usize::try_from(told).ok());
    if let (Some(told), Some(last)) = (told.filter(|told| *told > count), pages.last_mut()) {
        last.cut.push(format!("no page behind it is found, though the file says that it has {told}"));
    }
    if pages.iter().all(|page| page.glyphs.is_empty()) {
        let pictures = pages.iter().filter(|page| page.picture_only).count();
        return Err(Error::failed(match pictures {
            0 => "the PDF holds no text".to_string(),
            _ => format!("{pictures} of its {} pages hold pictures and none holds text; run OCR and load its text", pages.len()),
        }));
    }
    Ok(Decoded { media_type: "application/pdf", encoding: None, title: None, content: Content::Pages(pages) })
}

/// Opens a PDF: with no password, as most encrypted ones open, else with the one that is given.
fn opened(bytes: &[u8], password: Option<&str>) -> Result<Pdf> {
    const LOCKED: LoadPdfError = LoadPdfError::Decryption(DecryptionError::PasswordProtected);
    match (Pdf::new(bytes.to_vec()), password) {
        (Err(LOCKED), Some(password)) => Pdf::new_with_password(bytes.to_vec(), password).map_err(|error| match error {
            LOCKED => Error::failed("the PDF asks for another password than the one given with --password; it is the one that opens it"),
            other => refusal(other),
        }),
        (opened, _) => opened.map_err(refusal),
    }
}

/// Why a PDF cannot be opened, and what to do.
fn refusal(error: LoadPdfError) -> Error {
    Error::failed(match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "the PDF asks for a password; give it with --password, or in the environment as REPORTSQL_PASSWORD"
        }
        LoadPdfError::Decryption(_) => {
            "the PDF is encrypted in a way that is not known; save a copy without encryption (qpdf --decrypt) and load that"
        }
        LoadPdfError::Invalid => "this is no PDF, or too damaged to be read; get the file anew",
    })
}

/// The label that each page carries, where the PDF numbers its pages otherwise than from 1: iv, 12, A-3.
fn labels(catalogue: &Dict<'_>, count: usize) -> Vec<Option<String>> {
    let mut labels = vec![None; count];
    let Some(tree) = catalogue.get::<Dict<'_>>("PageLabels") else { return labels };
    let mut ranges: Vec<(usize, Dict<'_>)> = Vec::new();
    collect_ranges(&tree, 0, &mut ranges);
    ranges.sort_by_key(|(from, _)| *from);
    for (at, (from, range)) in ranges.iter().enumerate() {
        let to = ranges.get(at + 1).map_or(count, |next| next.0).min(count);
        let style = range.get::<Name<'_>>("S");
        let prefix = range.get::<hayro_syntax::object::String<'_>>("P").map(|text| text_of(&text)).unwrap_or_default();
        let first = range.get::<i32>("St").unwrap_or(1).max(1);
        for (place, label) in labels.iter_mut().take(to).skip(*from).enumerate() {
            let number = first as usize + place;
            let number = match style.as_ref().map(|style| style.as_str()) {
                Some("D") => number.to_string(),
                Some("r") => roman(number).to_lowercase(),
                Some("R") => roman(number),
                Some(letter @ ("a" | "A")) => {
                    let first = if letter == "a" { b'a' } else { b'A' };
                    let letter = char::from(first + ((number - 1) % 26) as u8);
                    letter.to_string().repeat(((number - 1) / 26 + 1).min(9))
                }
                _ => String::new(),
            };
            *label = Some(format!("{prefix}{number}")).filter(|label| !label.is_empty());
        }
    }
    labels
}

fn collect_ranges<'a>(node: &Dict<'a>, depth: usize, ranges: &mut Vec<(usize, Dict<'a>)>) {
    if let Some(pairs) = node.get::<Array<'_>>("Nums") {
        let mut pairs = pairs.iter::<Object<'_>>();
        while let (Some(from), Some(range)) = (pairs.next(), pairs.next()) {
            if let (Object::Number(from), Object::Dict(range)) = (from, range) {
                ranges.extend(usize::try_from(Number::as_i64(&from)).ok().map(|from| (from, range)));
            }
        }
    }
    if depth < 8 {
        for kid in node.get::<Array<'_>>("Kids").iter().flat_map(|kids| kids.iter::<Dict<'_>>()).take(1000) {
            collect_ranges(&kid, depth + 1, ranges);
        }
    }
}

fn roman(number: usize) -> String {
    const SIGNS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = number.min(9999);
    let mut written = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            written += sign;
            rest -= value;
        }
    }
    written
}

/// The layers that are switched off when the PDF is opened.
fn hidden_layers(catalogue: &Dict<'_>) -> HashSet<ObjectIdentifier> {
    let off = catalogue
        .get::<Dict<'_>>("OCProperties")
        .and_then(|properties| properties.get::<Dict<'_>>("D"))
        .and_then(|default| default.get::<Array<'_>>("OFF"));
    off.iter().flat_map(|layers| layers.iter::<Dict<'_>>()).filter_map(|layer| layer.obj_id()).collect()
}

/// A text string of a PDF: UTF-16 with its mark, UTF-8 with its mark, else PDFDocEncoding, which is near Latin-1.
fn text_of(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
