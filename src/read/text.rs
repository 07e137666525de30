//! Reads running text: tells its encoding and decodes it strictly.
//!
//! In:  bytes in UTF-8, UTF-16, GB18030 (with GBK and GB2312) or Big5, with or without a byte order mark.
//! Out: the characters exactly as encoded, less the mark; line ends stay, since offsets count them.
//!
//! A byte that is no part of a character is an error with its offset: a report whose characters are replaced or dropped would
//! be read wrongly without anyone seeing it.

use super::{Decoded, Format};
use crate::error::{Error, Result};
use crate::model::Content;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

pub(super) const FORMAT: Format = Format { extensions: &["txt", "text"], fits: |_, _| true, read };

fn read(_: &str, bytes: &[u8], _: Option<&str>) -> Result<Decoded> {
    let (text, encoding) = decode(bytes)?;
    if text.chars().all(char::is_whitespace) {
        return Err(Error::failed("the file holds nothing but white space; expected the text of a report"));
    }
    let mut chars = Vec::with_capacity(text.chars().count());
    chars.extend(text.chars());
    Ok(Decoded { title: None, media_type: "text/plain", encoding: Some(encoding), content: Content::Text(chars) })
}

/// The text of bytes and the name of its encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str)> {
    let guess = encoding(bytes);
    let bytes_of_text = &bytes[guess.mark..];
    let marked = || std::str::from_utf8(bytes_of_text).ok().filter(|_| guess.encoding == UTF_8);
    let text = match guess.plain.or_else(marked) {
        Some(text) => Cow::Borrowed(text),
        None => {
            let attempt = Attempt::new(guess.encoding, bytes_of_text);
            match attempt.fault {
                None => Cow::Owned(attempt.text),
                Some(fault) => return Err(fault.error(guess, bytes)),
            }
        }
    };
    refuse_binary(&text)?;
    let name = if guess.encoding == BIG5 {
        "Big5"
    } else if guess.encoding == GB18030 {
        "GB18030"
    } else {
        guess.encoding.name()
    };
    Ok((text, name))
}

/// The beginning of a text, as far as a few thousand bytes tell it, faults passed over: enough to look at its first row.
pub(super) fn head(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(4096)];
    let guess = encoding(bytes);
    guess.encoding.decode_without_bom_handling(&bytes[guess.mark..]).0.into_owned()
}

/// An encoding, and how many bytes its mark takes.
#[derive(Clone, Copy)]
struct Guess<'b> {
    encoding: &'static Encoding,
    mark: usize,
    /// The text itself, where all of it is UTF-8 without a mark.
    plain: Option<&'b str>,
}

/// Tells the encoding: by its mark, by the pattern of its bytes, at last by what the characters are.
fn encoding(bytes: &[u8]) -> Guess<'_> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Guess { encoding, mark, plain: None };
    }
    if bytes.starts_with(b"\x84\x31\x95\x33") {
        return Guess { encoding: GB18030, mark: 4, plain: None };
    }
    let wide = utf_16(bytes);
    if let (None, Ok(text)) = (wide, std::str::from_utf8(bytes)) {
        return Guess { encoding: UTF_8, mark: 0, plain: Some(text) };
    }
    let encoding = if let Some(wide) = wide {
        wide
    } else if mostly_utf_8(bytes) {
        UTF_8
    } else {
        chinese(bytes)
    };
    Guess { encoding, mark: 0, plain: None }
}

/// UTF-16 without a mark: ASCII and line ends have noughts, and read in the right order nearly all is Chinese, ASCII or marks.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let noughts = sample.iter().filter(|byte| **byte == 0).count();
    // Two letters of ASCII would make a Han character, but ASCII with a stray nought is UTF-8 and has few of them.
    if noughts == 0 || (4 * noughts < sample.len() && std::str::from_utf8(sample).is_ok()) {
        return None;
    }
    let usual = |c: &char| matches!(c, '\t' | '\n' | '\x0C' | '\r' | ' '..='~' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}');
    let fitting = |encoding: &'static Encoding| encoding.decode_without_bom_handling(sample).0.chars().filter(usual).count();
    let (little, big) = (fitting(UTF_16LE), fitting(UTF_16BE));
    (little.max(big) * 2 * 10 >= sample.len() * 9).then_some(if big > little { UTF_16BE } else { UTF_16LE })
}

/// Is it UTF-8 all the same, with a fault here and there or cut off at its end?
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut faults, mut characters) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    characters > 4 * faults || (faults == 1 && cut_off(bytes) && characters > 0)
}

/// Does the first fault of UTF-8 bytes stand at their end, so that more bytes would mend it?
fn cut_off(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// GB18030 or Big5: the one that decodes with fewer faults; where both do, the one whose characters make more sense.
fn chinese(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(1 << 20)];
    let faults = |encoding| Attempt::new(encoding, sample).faults;
    match faults(GB18030).cmp(&faults(BIG5)) {
        std::cmp::Ordering::Less => return GB18030,
        std::cmp::Ordering::Greater => return BIG5,
        std::cmp::Ordering::Equal => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == BIG5 {
        BIG5
    } else if guess.name().starts_with("GB") || common(GB18030, sample) >= common(BIG5, sample) {
        GB18030
    } else {
        BIG5
    }
}

/// How many characters are Han and among those a national standard puts first, by frequency of use.
fn common(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let first_level = if encoding == BIG5 { 0xA4..=0xC6 } else { 0xB0..=0xD7 };
    let mut count = 0;
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
        } else {
            let trail_fits = encoding == BIG5 || bytes[at + 1] >= 0xA1;
            count += usize::from(first_level.contains(&bytes[at]) && trail_fits);
            at += 2;
        }
    }
    count
}

/// The outcome of decoding.
struct Attempt {
    text: String,
    /// How many stretches are no characters.
    faults: usize,
    /// The first of them.
    fault: Option<Fault>,
}

/// Bytes that are no character.
struct Fault {
    /// Offset of the first, the mark not counted.
    at: usize,
    /// Do they reach to the end, so that the file looks cut off?
    at_end: bool,
}

impl Attempt {
    fn new(encoding: &'static Encoding, bytes: &[u8]) -> Attempt {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut attempt = Attempt { text: String::new(), faults: 0, fault: None };
        let mut read = 0;
        loop {
            let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len() - read).unwrap_or(usize::MAX / 2);
            attempt.text.reserve(room);
            let (result, taken) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut attempt.text, true);
            read += taken;
            match result {
                DecoderResult::InputEmpty => return attempt,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let end = read - usize::from(after);
                    attempt.faults += 1;
                    let at = end.saturating_sub(usize::from(length));
                    attempt.fault.get_or_insert(Fault { at, at_end: end >= bytes.len() });
                }
            }
        }
    }
}

impl Fault {
    fn error(&self, guess: Guess<'_>, bytes: &[u8]) -> Error {
        let offset = self.at + guess.mark;
        if self.at_end {
            return Error::failed(format!(
                "the file ends in the middle of a character, at byte {offset} of {}; it was cut off: get the whole file",
                bytes.len()
            ));
        }
        let byte = bytes.get(offset).copied().unwrap_or_default();
        let line = 1 + bytes[..offset.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count();
        if guess.encoding == GB18030 || guess.encoding == BIG5 {
            return Error::failed(format!(
                "byte {offset} (0x{byte:02X}, line {line}) is no character in UTF-8, UTF-16, GB18030 or Big5; save the file as UTF-8"
            ));
        }
        Error::failed(format!(
            "byte {offset} (0x{byte:02X}, line {line}) is no character in {}, which the rest of the file is in; repair it, or save the file as UTF-8 anew",
            guess.encoding.name()
        ))
    }
}

/// Fails where text holds what no text holds.
fn refuse_binary(text: &str) -> Result<()> {
    let binary = |why: String| Err(Error::failed(format!("{why}: this looks like a binary file; expected text, CSV or TSV")));
    if let Some(at) = text.find('\0') {
        let line = 1 + text[..at].matches('\n').count();
        return binary(format!("line {line} holds a NUL character"));
    }
    let is_odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | 0x0B | 0x0C | b'\r');
    // Beyond ASCII those from U+0080 to U+009F, but for the line end U+0085.
    let is_odd_pair = |pair: &&[u8]| pair[0] == 0xC2 && pair[1] < 0xA0 && pair[1] != 0x85;
    let bytes = text.as_bytes();
    let odd = bytes.iter().filter(|byte| is_odd(byte)).count() + bytes.windows(2).filter(is_odd_pair).count();
    let count = text.chars().count();
    // A stray one is a leaving of a PDF's bullet or a terminal's colour.
    if odd > 3 && odd * 50 > count {
        return binary(format!("{odd} of {count} characters are control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 「The 4G base stations reached 1.41 million」, in both scripts.
    const HANT: &str = "4G基站總數達到141萬個，人口覆蓋率93%。\r\n";
    const HANS: &str = "4G基站总数达到141万个，人口覆盖率93%。\r\n";

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        if encoding == UTF_16LE {
            return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        if encoding == UTF_16BE {
            return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        }
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        bytes.into_owned()
    }

    #[track_caller]
    fn check(bytes: &[u8], text: &str, name: &str) {
        assert_eq!(decode(bytes).unwrap(), (text.into(), name));
    }

    #[test]
    fn encodings_are_told_apart_without_a_mark() {
        for text in [HANT, HANS] {
            check(text.as_bytes(), text, "UTF-8");
            check(&encoded(UTF_16LE, text), text, "UTF-16LE");
            check(&encoded(UTF_16BE, text), text, "UTF-16BE");
            check(&encoded(GB18030, text), text, "GB18030");
        }
        check(&encoded(BIG5, HANT), HANT, "Big5");
    }

    #[test]
    fn a_few_characters_are_enough() {
        for text in ["4G基站", "光纤端口", "青海省", "同比增长", "人民币", "营业收入", "营业额"] {
            check(&encoded(GB18030, text), text, "GB18030");
        }
        for text in ["4G基站", "光纖端口", "青海省", "同比增長", "人民幣", "營業收入", "營業額"] {
            check(&encoded(BIG5, text), text, "Big5");
        }
    }

    #[test]
    fn utf_16_is_told_though_some_han_and_blanks_have_noughts_too() {
        let text = "一、網絡\r\n\u{3000}\u{3000}一年一億元，5G\u{3000}一。\r\n".repeat(9);
        check(&encoded(UTF_16LE, &text), &text, "UTF-16LE");
        check(&encoded(UTF_16BE, &text), &text, "UTF-16BE");
        check(&encoded(UTF_16LE, "plain\n"), "plain\n", "UTF-16LE");
    }

    #[test]
    fn a_mark_decides_and_is_no_character() {
        check(b"\xEF\xBB\xBF4G", "4G", "UTF-8");
        check(b"\xFF\xFE4\0G\0", "4G", "UTF-16LE");
        check(b"\xFE\xFF\x004\0G", "4G", "UTF-16BE");
        check(b"\x84\x31\x95\x334G", "4G", "GB18030");
    }

    #[test]
    fn characters_outside_the_basic_plane_count_as_one() {
        check("𠀋㎡".as_bytes(), "𠀋㎡", "UTF-8");
        check(&encoded(GB18030, "公顷𠀋约5公顷，同比增长"), "公顷𠀋约5公顷，同比增长", "GB18030");
    }

    #[track_caller]
    fn check_fault(bytes: &[u8], parts: &[&str]) {
        let message = decode(bytes).unwrap_err().to_string();
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_text_cut_inside_a_character_is_told_with_the_offset() {
        check_fault(&"達到141萬".as_bytes()[..11], &["ends in the middle of a character", "byte 9 of 11"]);
        let bytes = encoded(GB18030, HANS);
        check_fault(&bytes[..bytes.len() - 3], &["ends in the middle"]);
        let bytes = encoded(BIG5, HANT);
        check_fault(&bytes[..bytes.len() - 3], &["ends in the middle"]);
        let bytes = encoded(UTF_16LE, HANT);
        check_fault(&bytes[..bytes.len() - 1], &["ends in the middle"]);
    }

    #[test]
    fn a_bad_byte_inside_is_told_with_offset_and_line() {
        let mut bytes = format!("{HANT}{HANT}").into_bytes();
        let at = bytes.len() - 8;
        bytes[at] = 0xFF;
        check_fault(&bytes, &["0xFF", "line 2", "UTF-8"]);
        check_fault(b"\xEF\xBB\xBFab\xFFcd", &["byte 5 (0xFF, line 1)", "UTF-8"]);
        check_fault(b"caf\xE9 cr\xE8me \xFF\xFF\n", &["no character in UTF-8, UTF-16, GB18030 or Big5"]);
    }

    #[test]
    fn a_binary_file_is_no_text() {
        check_fault(b"ab\0cd\0\0\0\x01ef", &["NUL", "binary"]);
        check_fault(b"plain text with a stray \0 in it", &["line 1", "NUL", "binary"]);
        check_fault(b"\x01\x02\x03\x04\x05abc", &["control characters", "binary"]);
    }

    #[test]
    fn the_head_is_read_even_where_it_is_cut_inside_a_character() {
        let text = "指標".repeat(5000);
        for encoding in [UTF_8, BIG5, GB18030] {
            assert!(head(&encoded(encoding, &text)).starts_with("指標指標"), "{}", encoding.name());
        }
    }
}
