//! Knows by sight the formats that are not read, so that the error can say what the file is and what to do.
//!
//! In:  bytes.
//! Out: an error for an office document, a web page, a picture, a database or an archive.

use crate::error::{Error, Result};

/// How the names of reports end that people have and that are not read: of a folder they are told, not passed over.
pub(super) const EXTENSIONS: &[&str] = &["docx", "doc", "xlsx", "xls", "pptx", "ppt", "odt", "ods", "html", "htm", "rtf"];

const CONVERT: &str = "save its text as .txt, or its figures as .csv, and load that";

/// How files of a kind begin, what they are and what to do.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document (.doc, .xls, .ppt)", CONVERT),
    (b"{\\rtf", "a rich text document", CONVERT),
    (b"SQLite format 3\0", "an SQLite database", "name it with --db, and load reports into it"),
    (b"\x89PNG\r\n\x1A\n", "a picture", "run OCR and load its text"),
    (b"\xFF\xD8\xFF", "a picture", "run OCR and load its text"),
    (b"GIF8", "a picture", "run OCR and load its text"),
    (b"II*\0", "a picture", "run OCR and load its text"),
    (b"MM\0*", "a picture", "run OCR and load its text"),
    (b"\x1F\x8B", "a compressed file (gzip)", "unpack it first"),
    (b"BZh", "a compressed file (bzip2)", "unpack it first"),
    (b"\xFD7zXZ\0", "a compressed file (xz)", "unpack it first"),
    (b"\x28\xB5\x2F\xFD", "a compressed file (zstd)", "unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "an archive (7z)", "unpack it first"),
    (b"Rar!\x1A\x07", "an archive (rar)", "unpack it first"),
];

/// What the parts of a ZIP file are named that make it a document.
const ZIPPED: &[(&[u8], &str)] = &[
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "a workbook (.xlsx)"),
    (b"ppt/", "a slide show (.pptx)"),
    (b"opendocument.text", "a text document (.odt)"),
    (b"opendocument.spreadsheet", "a workbook (.ods)"),
];

/// Fails where bytes are of a format that is not read.
pub(super) fn refuse(bytes: &[u8]) -> Result<()> {
    let not_read = |what: &str, way_out: &str| Err(Error::failed(format!("{what}; this format is not readable yet: {way_out}")));
    if let Some((_, what, way_out)) = SIGNATURES.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return not_read(what, way_out);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // The directory of a ZIP file with the names of its parts stands at its end; small parts come first.
        let ends = [&bytes[..bytes.len().min(4096)], &bytes[bytes.len().saturating_sub(65_536)..]];
        return match ZIPPED.iter().find(|(name, _)| ends.iter().any(|end| contains(end, name))) {
            Some((_, what)) => not_read(what, CONVERT),
            None => not_read("an archive (zip)", "unpack it first"),
        };
    }
    let head: Vec<u8> =
        bytes.iter().skip_while(|byte| byte.is_ascii_whitespace() || **byte >= 0xEF).take(64).map(u8::to_ascii_lowercase).collect();
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        return not_read("a web page", CONVERT);
    }
    Ok(())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
