//! Knows by sight the formats that are not read, so that the error can say what the file is and what to do.
//!
//! In:  bytes.
//! Out: an error for an old or damaged office document, a slide show, a picture, a database or an archive.

use super::text;
use crate::error::{Error, Result};

/// How the names of reports end that people have and that are not read: of a folder they are told, not passed over.
pub(super) const EXTENSIONS: &[&str] = &["doc", "ppt", "pptx", "odt", "xlsb", "rtf", "mht", "mhtml"];

const AS_WORD: &str = "open it and save it as .docx or PDF";
const AS_WORKBOOK: &str = "open it and save it as .xlsx";
const AS_PDF: &str = "open it and save it as PDF";
const ANEW: &str = "get the file anew, or open it and save it again";

/// How files of a kind begin, what they are and what to do.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"{\\rtf", "a rich text document (.rtf)", AS_WORD),
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

/// What the streams of a compound file are named, two bytes a character, and what it then is.
const COMPOUND: &[(&str, &str, &str)] = &[
    ("EncryptedPackage", "an Office document that asks for a password", "save a copy without one"),
    ("WordDocument", "an old Word document (.doc)", AS_WORD),
    ("PowerPoint Document", "an old slide show (.ppt)", AS_PDF),
    ("Workbook", "a damaged workbook (.xls)", ANEW),
    ("", "an old Office document", AS_PDF),
];

/// What the parts of a ZIP file are named that make it a document.
const ZIPPED: &[(&[u8], &str, &str)] = &[
    (b"xl/workbook.bin", "a binary workbook (.xlsb)", AS_WORKBOOK),
    (b"word/", "a damaged Word document (.docx)", ANEW),
    (b"xl/", "a damaged workbook (.xlsx)", ANEW),
    (b"ppt/", "a slide show (.pptx)", AS_PDF),
    (b"opendocument.text", "a text document (.odt)", AS_WORD),
    (b"opendocument.spreadsheet", "a damaged workbook (.ods)", ANEW),
    (b"opendocument.presentation", "a slide show (.odp)", AS_PDF),
    (b"", "an archive (zip)", "unpack it first"),
];

/// Words near the beginning of text that is no text of a report.
const WORDED: &[(&str, &str, &str)] = &[
    ("urn:schemas-microsoft-com:office:spreadsheet", "a workbook as XML (Excel 2003)", AS_WORKBOOK),
    ("schemas.microsoft.com/office/word/2003/wordml", "a Word document as XML (2003)", AS_WORD),
    ("\nmime-version:", "a web archive (.mht)", "open it in a browser or Excel, and save it as a web page or .xlsx"),
];

/// Fails where bytes are of a format that is not read.
pub(super) fn refuse(bytes: &[u8]) -> Result<()> {
    let not_read = |what: &str, way_out: &str| Err(Error::failed(format!("{what}; this cannot be read: {way_out}")));
    if let Some((_, what, way_out)) = SIGNATURES.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return not_read(what, way_out);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        let named = |name: &str| contains(bytes, &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
        return match COMPOUND.iter().find(|(name, ..)| name.is_empty() || named(name)) {
            Some((_, what, way_out)) => not_read(what, way_out),
            None => Ok(()),
        };
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // The directory of a ZIP file with the names of its parts stands at its end; small parts come first.
        let ends = [&bytes[..bytes.len().min(4096)], &bytes[bytes.len().saturating_sub(65_536)..]];
        let named = |name: &[u8]| name.is_empty() || ends.iter().any(|end| contains(end, name));
        return match ZIPPED.iter().find(|(name, ..)| named(name)) {
            Some((_, what, way_out)) => not_read(what, way_out),
            None => Ok(()),
        };
    }
    let head = format!("\n{}", text::head(bytes).trim_start().to_lowercase());
    let is_markup = head.starts_with("\n<?xml") || head.chars().take(200).collect::<String>().contains("mime-version");
    match WORDED.iter().find(|(words, ..)| is_markup && head.contains(words)) {
        Some((_, what, way_out)) => not_read(what, way_out),
        None => Ok(()),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
