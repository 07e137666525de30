//! Unpacks the streams of a PDF, within a bound.
//!
//! In:  a stream and the filters that it names; how many bytes it may come to.
//! Out: [`Unpacked`]: its bytes, and whether there were more.
//!
//! The library's own filters know no bound, and ten megabytes may unpack to ten gigabytes; so they are not used. Damaged data come
//! to what stands before the damage, as viewers show it. Filters of pictures are not known here.

use flate2::{Decompress, FlushDecompress, Status};
use hayro_syntax::Filter;
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Array, Object, Stream};
use std::borrow::Cow;
use weezl::BitOrder;
use weezl::decode::Decoder;

/// No stream of a page, a form or a font is larger, unpacked.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// What a stream holds.
pub(super) struct Unpacked<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// More than may be was left out.
    pub(super) cut: bool,
    /// The data break off, or are damaged from there on.
    pub(super) broken: bool,
}

/// Unpacks a stream to at most so many bytes; `None` where a filter is of a picture or not known, or the data are in another file.
pub(super) fn unpacked<'a>(stream: &Stream<'a>, most: usize) -> Option<Unpacked<'a>> {
    let dict = stream.dict();
    if matches!(dict.get::<Object<'_>>("F"), Some(Object::String(_) | Object::Dict(_))) {
        return None;
    }
    let filters = stream.filters();
    if filters.len() < named(dict) {
        return None;
    }
    let mut unpacked = Unpacked { bytes: stream.raw_data(), cut: false, broken: false };
    for (at, filter) in filters.iter().enumerate() {
        let (bytes, broken) = unfiltered(&unpacked.bytes, *filter, &parameters(dict, at), most.saturating_add(1))?;
        unpacked.cut |= bytes.len() > most;
        unpacked.broken |= broken;
        unpacked.bytes = Cow::Owned(bytes);
    }
    if unpacked.bytes.len() > most {
        unpacked.cut = true;
        match &mut unpacked.bytes {
            Cow::Borrowed(bytes) => *bytes = &bytes[..most],
            Cow::Owned(bytes) => bytes.truncate(most),
        }
    }
    Some(unpacked)
}

/// How many filters a stream names.
pub(super) fn named(dict: &Dict<'_>) -> usize {
    let keys = ["F", "Filter"].into_iter().filter(|key| dict.contains_key(*key));
    keys.map(|key| dict.get::<Array<'_>>(key).map_or(1, |names| names.raw_iter().count())).max().unwrap_or(0)
}

/// The parameters of the filter at a place of a stream's list.
fn parameters<'a>(dict: &Dict<'a>, at: usize) -> Dict<'a> {
    let of = |key: &str| match dict.get::<Object<'_>>(key)? {
        Object::Dict(one) => (at == 0).then_some(one),
        Object::Array(several) => several.iter::<Object<'_>>().nth(at).and_then(Object::into_dict),
        _ => None,
    };
    of("DP").or_else(|| of("DecodeParms")).unwrap_or_default()
}

/// Undoes one filter, up to a number of bytes; and do the data break off?
fn unfiltered(packed: &[u8], filter: Filter, parameters: &Dict<'_>, most: usize) -> Option<(Vec<u8>, bool)> {
    let (bytes, broken) = match filter {
        Filter::FlateDecode => inflated(packed, most),
        Filter::LzwDecode => lzw(packed, parameters.get::<i32>("EarlyChange") != Some(0), most),
        Filter::Ascii85Decode => return Some((ascii_85(packed, most), false)),
        Filter::AsciiHexDecode => return Some((hexadecimal(packed, most), false)),
        Filter::RunLengthDecode => return Some((run_lengths(packed, most), false)),
        // The data are deciphered already.
        Filter::Crypt => return Some((packed[..packed.len().min(most)].to_vec(), false)),
        Filter::CcittFaxDecode | Filter::Jbig2Decode | Filter::DctDecode | Filter::JpxDecode => return None,
    };
    Some((unpredicted(bytes, parameters)?, broken))
}

/// Deflated data, with their header or without. The checksum behind them is not looked at: many a producer gets it wrong.
fn inflated(packed: &[u8], most: usize) -> (Vec<u8>, bool) {
    let has_header = matches!(packed, [method, flags, ..]
        if method & 15 == 8 && flags & 32 == 0 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31));
    let packed = if has_header { &packed[2..] } else { packed };
    let mut inflate = Decompress::new(false);
    let mut bytes = Vec::new();
    loop {
        let (read, written) = (inflate.total_in() as usize, bytes.len());
        bytes.resize((written.max(packed.len()) * 2).max(1024).min(most), 0);
        let status = inflate.decompress(&packed[read..], &mut bytes[written..], FlushDecompress::None);
        bytes.truncate(inflate.total_out() as usize);
        let is_stuck = bytes.len() == written && inflate.total_in() as usize == read;
        if is_stuck || bytes.len() >= most || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            let broken = bytes.len() < most && !matches!(status, Ok(Status::StreamEnd));
            return (bytes, broken);
        }
    }
}

/// Compressed as in TIFF; many a producer leaves the mark at the end out.
fn lzw(packed: &[u8], early: bool, most: usize) -> (Vec<u8>, bool) {
    let mut decoder = if early { Decoder::with_tiff_size_switch(BitOrder::Msb, 8) } else { Decoder::new(BitOrder::Msb, 8) };
    let mut bytes = Vec::new();
    let mut rest = packed;
    loop {
        let written = bytes.len();
        bytes.resize((written.max(packed.len()) * 2).max(1024).min(most), 0);
        let done = decoder.decode_bytes(rest, &mut bytes[written..]);
        bytes.truncate(written + done.consumed_out);
        rest = &rest[done.consumed_in..];
        let is_stuck = done.consumed_in == 0 && done.consumed_out == 0;
        if is_stuck || bytes.len() >= most || !matches!(done.status, Ok(weezl::LzwStatus::Ok)) {
            return (bytes, done.status.is_err());
        }
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Groups of five characters to four bytes, as far as they are such.
fn ascii_85(packed: &[u8], most: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(packed.len().min(most));
    let mut group: Vec<u8> = Vec::with_capacity(5);
    let put = |group: &mut Vec<u8>, bytes: &mut Vec<u8>| {
        let count = group.len();
        if count > 1 {
            group.resize(5, 84);
            let value = group.iter().fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(u32::from(*digit)));
            bytes.extend_from_slice(&value.to_be_bytes()[..count - 1]);
        }
        group.clear();
    };
    for byte in packed.iter().copied().filter(|byte| !is_blank(*byte)) {
        match byte {
            b'!'..=b'u' => group.push(byte - b'!'),
            b'z' if group.is_empty() => bytes.extend_from_slice(&[0; 4]),
            _ => break,
        }
        if group.len() == 5 {
            put(&mut group, &mut bytes);
        }
        if bytes.len() >= most {
            break;
        }
    }
    put(&mut group, &mut bytes);
    bytes.truncate(most);
    bytes
}

/// Two digits a byte, as far as they are such; a last one alone has a nought behind it.
fn hexadecimal(packed: &[u8], most: usize) -> Vec<u8> {
    let digits = packed.iter().filter(|byte| !is_blank(**byte)).map_while(|byte| char::from(*byte).to_digit(16).map(|digit| digit as u8));
    let digits: Vec<u8> = digits.take(most.saturating_mul(2)).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

fn run_lengths(packed: &[u8], most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = packed;
    while let [length, tail @ ..] = rest
        && *length != 128
        && bytes.len() < most
    {
        let length = usize::from(*length);
        if length < 128 {
            let (run, behind) = tail.split_at(tail.len().min(length + 1));
            bytes.extend_from_slice(run);
            rest = behind;
        } else {
            let [byte, behind @ ..] = tail else { break };
            bytes.resize(bytes.len() + 257 - length, *byte);
            rest = behind;
        }
    }
    bytes.truncate(most);
    bytes
}

/// Undoes what a predictor did to rows of samples; `None` for rows that are no bytes or too wide.
fn unpredicted(bytes: Vec<u8>, parameters: &Dict<'_>) -> Option<Vec<u8>> {
    let number = |key: &str, default: usize| parameters.get::<i32>(key).map_or(Some(default), |number| usize::try_from(number).ok());
    let (predictor, colors, depth) = (number("Predictor", 1)?, number("Colors", 1)?, number("BitsPerComponent", 8)?);
    if predictor < 2 {
        return Some(bytes);
    }
    let bits = colors.checked_mul(depth).filter(|bits| (1..=1024).contains(bits))?;
    let row = bits.checked_mul(number("Columns", 1)?)?.div_ceil(8).max(1);
    let step = bits.div_ceil(8);
    match predictor {
        2 if depth == 8 => Some(bytes.chunks(row).flat_map(|row| differences(row, step)).collect()),
        2 => None,
        _ => Some(png_rows(&bytes, row, step)),
    }
}

/// A row of the TIFF predictor: each sample is told by its difference from the one before.
fn differences(row: &[u8], step: usize) -> Vec<u8> {
    let mut samples = row.to_vec();
    for at in step..samples.len() {
        samples[at] = samples[at].wrapping_add(samples[at - step]);
    }
    samples
}

/// Rows of the PNG predictors: a byte that says which, then each sample told from those to its left and above.
fn png_rows(bytes: &[u8], row: usize, step: usize) -> Vec<u8> {
    let mut rows: Vec<u8> = Vec::with_capacity(bytes.len());
    for packed in bytes.chunks(row.saturating_add(1)) {
        let (kind, start) = (packed[0], rows.len());
        let above_start = start.checked_sub(row);
        for (at, sample) in packed[1..].iter().enumerate() {
            let left = if at >= step { rows[start + at - step] } else { 0 };
            let above = above_start.map_or(0, |above| rows[above + at]);
            let corner = above_start.filter(|_| at >= step).map_or(0, |above| rows[above + at - step]);
            let told = match kind {
                1 => left,
                2 => above,
                3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
                4 => paeth(left, above, corner),
                _ => 0,
            };
            rows.push(sample.wrapping_add(told));
        }
    }
    rows
}

/// Whichever of three samples is nearest to left + above - corner.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, above, corner].map(i16::from);
    let (from_left, from_above, from_corner) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if from_left <= from_above && from_left <= from_corner {
        left
    } else if from_above <= from_corner {
        above
    } else {
        corner
    }
}
