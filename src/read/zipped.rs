//! Opens ZIP files that are documents: their parts, unpacked within bounds.
//!
//! In:  bytes of a Word document or workbook.
//! Out: the text of a part by its name; attributes and texts of its markup.

use crate::error::{Error, Result};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// All parts of a report's file together are no larger, unpacked.
const MOST_BYTES: u64 = 512 << 20;
/// A part that is held in memory is no larger.
///
/// A part that unpacks to more than it says of its size is damaged to the library, so what it says can be gone by.
const MOST_TEXT_BYTES: u64 = 256 << 20;

/// A ZIP file.
pub(super) struct Parts<'b>(ZipArchive<Cursor<&'b [u8]>>);

impl<'b> Parts<'b> {
    /// Opens one; `None` where bytes are none.
    pub(super) fn open(bytes: &'b [u8]) -> Option<Parts<'b>> {
        ZipArchive::new(Cursor::new(bytes)).ok().map(Parts)
    }

    /// Is there such a part?
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.index_for_name(name).is_some()
    }

    /// The text of a part; `None` where there is none of that name.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>> {
        let damaged = |error: &dyn std::fmt::Display| Error::failed(format!("its part {name} is damaged ({error}); get the file anew"));
        let Some(at) = self.0.index_for_name(name) else { return Ok(None) };
        let mut part = self.0.by_index(at).map_err(|error| damaged(&error))?;
        if part.size() > MOST_TEXT_BYTES {
            return Err(too_large(name, MOST_TEXT_BYTES));
        }
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        let start = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        match String::from_utf8(bytes.split_off(start)) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(damaged(&error.utf8_error())),
        }
    }

    /// Fails where all parts together unpack to more than is read.
    pub(super) fn within_bounds(&mut self) -> Result<()> {
        let mut left = MOST_BYTES;
        for at in 0..self.0.len() {
            let Ok(part) = self.0.by_index(at) else { continue };
            let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
            if !name.contains("media/") {
                left = left.checked_sub(part.size()).ok_or_else(|| too_large(&name, MOST_BYTES))?;
            }
        }
        Ok(())
    }
}

fn too_large(name: &str, most: u64) -> Error {
    Error::failed(format!("its part {name} unpacks to more than {} MB; no report does: it is damaged or a trap", most >> 20))
}

/// Markup that cannot be read.
pub(super) fn broken(error: impl std::fmt::Display) -> Error {
    Error::failed(format!("its markup is damaged ({error}); get the file anew"))
}

/// An attribute of an element, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// What an entity of XML stands for.
pub(super) fn entity(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    match &*reference.xml10_content() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
