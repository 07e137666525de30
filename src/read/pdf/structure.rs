//! Bounds what the library unpacks by itself: the streams that hold objects, and those that say where objects stand.
//!
//! In:  bytes of a PDF.
//! Out: nothing, or an error where those streams unpack to more than those of any report.
//!
//! The library unpacks them as it opens the file, without bound, and keeps them. So they are looked for and measured before: wherever
//! an object begins with a dictionary that has their entries, whatever it says it is. Those of an encrypted file cannot be measured;
//! that they are packed only once bounds them.

use super::filters;
use crate::error::{Error, Result};
use hayro_syntax::Filter;
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{FromBytes, Stream};
use memchr::memmem;

/// All of them together are no larger, unpacked.
const MOST_BYTES: usize = 256 << 20;
/// Dictionaries are hardly longer; longer ones are read to their ends, but not many that have none.
const USUAL_BYTES: usize = 64 << 10;
/// So many bytes are gone through in vain, in dictionaries that do not end.
const MOST_VAIN_BYTES: usize = 256 << 20;

pub(super) fn check(bytes: &[u8]) -> Result<()> {
    let mut left = MOST_BYTES;
    let mut patience = MOST_VAIN_BYTES;
    for at in memmem::find_iter(bytes, b"obj") {
        let object = behind_blanks(&bytes[at + 3..]);
        if !object.starts_with(b"<<") {
            continue;
        }
        let Some(dict) = dictionary(object, &mut patience)? else { continue };
        let has = |keys: [&str; 2]| keys.iter().all(|key| dict.contains_key(*key));
        if has(["N", "First"]) || has(["W", "Size"]) {
            left = left.checked_sub(measured(object, left)?).ok_or_else(trap)?;
        }
    }
    Ok(())
}

/// The dictionary that an object begins with; `None` where it has no end.
fn dictionary<'a>(object: &'a [u8], patience: &mut usize) -> Result<Option<Dict<'a>>> {
    for length in [object.len().min(USUAL_BYTES), object.len()] {
        if let Some(dict) = Dict::from_bytes(&object[..length]) {
            return Ok(Some(dict));
        }
        *patience = patience.checked_sub(length).ok_or_else(trap)?;
        if length == object.len() {
            break;
        }
    }
    Ok(None)
}

/// What a stream unpacks to, in bytes.
fn measured(object: &[u8], left: usize) -> Result<usize> {
    let Some(stream) = Stream::from_bytes(object) else { return Ok(0) };
    let packs = |filter: &&Filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode);
    if stream.filters().iter().filter(packs).count() > 1 || filters::named(stream.dict()) > stream.filters().len() {
        return Err(trap());
    }
    let Some(unpacked) = filters::unpacked(&stream, left) else { return Ok(0) };
    if unpacked.cut { Err(trap()) } else { Ok(unpacked.bytes.len()) }
}

fn behind_blanks(mut bytes: &[u8]) -> &[u8] {
    loop {
        let blanks = bytes.iter().take_while(|byte| filters::is_blank(**byte)).count();
        bytes = &bytes[blanks..];
        if !bytes.starts_with(b"%") {
            return bytes;
        }
        bytes = &bytes[memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len())..];
    }
}

fn trap() -> Error {
    Error::failed(format!(
        "the tables of the PDF's objects unpack to more than {} MB or are packed several times; no report's are: it is damaged or a trap",
        MOST_BYTES >> 20
    ))
}
