//! Reads fonts: which characters a code stands for, and how wide they are.
//!
//! In:  the dictionary of a font.
//! Out: a [`Font`] that takes strings apart into codes.
//!
//! What a code means is asked in this order: the font's own table (ToUnicode); the numbering of Chinese characters it uses
//! (Adobe-GB1, Adobe-CNS1 …); the embedded font's own table, read backwards; the encoding and the names of glyphs. A code that
//! none of them knows is U+FFFD: a number is never passed off as a character.

use super::filters::{self, unpacked};
use super::names;
use encoding_rs::Encoding;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Array, Name, Number, Object, Stream, String as PdfString};
use std::collections::HashMap;
use std::rc::Rc;
use ttf_parser::cmap::Format;

/// A table of a font is no larger, and all of a file are not, unpacked.
const MOST_TABLE_BYTES: usize = 8 << 20;
const MOST_TABLES_BYTES: usize = 128 << 20;
/// All fonts embedded in a file that are read come to no more, unpacked.
const MOST_EMBEDDED_BYTES: usize = 1 << 30;
/// So many widths a font gives at most: one for each number, several times.
const MOST_WIDTHS: usize = 500_000;
/// So many fonts are kept at a time.
const MOST_FONTS: usize = 4096;

/// The fonts of a file and the tables they share.
pub(super) struct Fonts {
    /// By the place of their dictionaries, which are not moved while the file is open.
    fonts: HashMap<*const u8, Rc<Font>>,
    tables: HashMap<Vec<u8>, Option<Rc<CMap>>>,
    left: Left,
}

/// Bytes that the fonts of the file may still unpack to.
struct Left {
    tables: usize,
    embedded: usize,
    /// Something was left out.
    cut: bool,
}

impl Left {
    fn table(&mut self, stream: &Stream<'_>) -> Option<CMap> {
        let unpacked = unpacked(stream, MOST_TABLE_BYTES.min(self.tables))?;
        self.tables -= unpacked.bytes.len();
        self.cut |= unpacked.cut;
        CMap::parse(&unpacked.bytes, load_embedded)
    }

    fn embedded(&mut self, descriptor: &Dict<'_>) -> Option<Vec<u8>> {
        let file = ["FontFile2", "FontFile3", "FontFile"].iter().find_map(|key| descriptor.get::<Stream<'_>>(*key))?;
        let unpacked = unpacked(&file, filters::MOST_BYTES.min(self.embedded))?;
        self.embedded -= unpacked.bytes.len();
        self.cut |= unpacked.cut;
        Some(unpacked.bytes.into_owned())
    }
}

impl Default for Fonts {
    fn default() -> Fonts {
        let left = Left { tables: MOST_TABLES_BYTES, embedded: MOST_EMBEDDED_BYTES, cut: false };
        Fonts { fonts: HashMap::new(), tables: HashMap::new(), left }
    }
}

impl Fonts {
    pub(super) fn font(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let place = dict.data().as_ptr();
        if let Some(known) = self.fonts.get(&place) {
            return known.clone();
        }
        if self.fonts.len() >= MOST_FONTS {
            self.fonts.clear();
        }
        self.left.cut = false;
        let mut font = self.read(dict);
        font.cut = self.left.cut;
        let font = Rc::new(font);
        self.fonts.insert(place, font.clone());
        font
    }

    /// A predefined table, by name.
    fn table(&mut self, name: &[u8]) -> Option<Rc<CMap>> {
        if let Some(known) = self.tables.get(name) {
            return known.clone();
        }
        let table = match name {
            b"Identity-H" => Some(CMap::identity_h()),
            b"Identity-V" => Some(CMap::identity_v()),
            _ => load_embedded(CMapName::from_bytes(name)).and_then(|data| CMap::parse(data, load_embedded)),
        };
        let table = table.map(Rc::new);
        self.tables.insert(name.to_vec(), table.clone());
        table
    }

    fn read(&mut self, dict: &Dict<'_>) -> Font {
        let kind = dict.get::<Name<'_>>("Subtype");
        match kind.as_ref().map(|kind| kind.as_str()) {
            Some("Type0") => self.composite(dict),
            _ => simple(dict, &mut self.left),
        }
    }

    fn composite(&mut self, dict: &Dict<'_>) -> Font {
        let inner = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next()).unwrap_or_default();
        let descriptor = inner.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let encoding = dict.get::<Name<'_>>("Encoding");
        let name = encoding.as_ref().map(|name| name.to_vec()).unwrap_or_default();
        let codes = match dict.get::<Stream<'_>>("Encoding") {
            Some(stream) => self.left.table(&stream).map(Rc::new),
            None => self.table(&name),
        };
        let system = inner.get::<Dict<'_>>("CIDSystemInfo").unwrap_or_default();
        let part = |key: &str| system.get::<PdfString<'_>>(key).map(|text| text.to_vec()).unwrap_or_default();
        let mut family = CidFamily::from_registry_ordering(&part("Registry"), &part("Ordering"));
        if family.ucs2_cmap().is_none() {
            // The table of codes says which numbering it leads to, where the font does not.
            if let Some(own) = codes.as_ref().and_then(|codes| codes.metadata().character_collection.as_ref()) {
                family = own.family.clone();
            }
        }
        let numbered = family.ucs2_cmap().and_then(|name| self.table(name.to_bytes()));
        let to_unicode = dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| self.left.table(&stream));
        let drawn = if to_unicode.is_none() && numbered.is_none() { drawn_by(&inner, &descriptor, &mut self.left) } else { HashMap::new() };
        let vertical =
            codes.as_ref().and_then(|codes| codes.metadata().writing_mode).is_some_and(|mode| matches!(mode, WritingMode::Vertical))
                || name.ends_with(b"-V");
        let codes_are_text = name.starts_with(b"Uni") && [&b"UCS2"[..], b"UTF16"].iter().any(|part| holds(&name, part));
        Font {
            to_unicode,
            meaning: Meaning::Numbered { codes, numbered, drawn, codes_are_text },
            widths: cid_widths(&inner, &mut self.left.cut),
            default_width: inner.get::<Number>("DW").map_or(1.0, |width| width.as_f64() / 1000.0),
            bold: is_bold(dict, &descriptor),
            vertical,
            cut: false,
        }
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A font, ready to be asked.
pub(super) struct Font {
    to_unicode: Option<CMap>,
    meaning: Meaning,
    /// In em.
    widths: HashMap<u32, f64>,
    default_width: f64,
    pub(super) bold: bool,
    /// Lines run downwards.
    pub(super) vertical: bool,
    /// Something of it was not read, because it is larger than fonts are.
    pub(super) cut: bool,
}

/// What codes mean where the font has no table for it.
enum Meaning {
    /// One byte a code; two where they are a character of the system's encoding.
    Bytes { table: Box<[Option<char>; 256]>, system: Option<&'static Encoding> },
    /// Codes of one to four bytes that lead to numbers.
    Numbered { codes: Option<Rc<CMap>>, numbered: Option<Rc<CMap>>, drawn: HashMap<u32, char>, codes_are_text: bool },
}

/// A code of a string.
pub(super) struct Shown {
    /// Bytes of the code.
    pub(super) length: usize,
    /// Usually one character; several of a ligature; none of a filler.
    pub(super) text: Vec<char>,
    /// In em.
    pub(super) width: f64,
}

impl Font {
    /// The first code of a string, which is not empty.
    pub(super) fn next(&self, bytes: &[u8]) -> Shown {
        if let (Meaning::Bytes { system: Some(system), .. }, [lead, trail, ..]) = (&self.meaning, bytes)
            && let Some(c) = names::of_pair([*lead, *trail], system)
        {
            // A half to each, where the font says so.
            let half = |code: &u8| self.widths.get(&u32::from(*code)).copied().filter(|width| *width > 0.0).unwrap_or(0.5);
            return Shown { length: 2, text: vec![names::plain(c)], width: half(lead) + half(trail) };
        }
        let (length, code, number) = self.code(bytes);
        let width = self.widths.get(&number).copied().unwrap_or(self.default_width);
        let text = self.own(code).or_else(|| self.derived(code, number, length)).unwrap_or_else(|| vec![char::REPLACEMENT_CHARACTER]);
        Shown { length, text: text.into_iter().map(names::plain).collect(), width }
    }

    /// Length, code and number (of a simple font the code) of the first code.
    fn code(&self, bytes: &[u8]) -> (usize, u32, u32) {
        let value = |length: usize| bytes[..length].iter().fold(0, |code: u32, byte| code << 8 | u32::from(*byte));
        match &self.meaning {
            Meaning::Bytes { .. } => (1, value(1), value(1)),
            Meaning::Numbered { codes: Some(codes), codes_are_text, .. } => {
                for length in 1..=bytes.len().min(4) {
                    if let Some(number) = codes.lookup_cid_code(value(length), length as u8) {
                        return (length, value(length), number);
                    }
                }
                let is_pair = matches!(bytes, [0xD8..=0xDB, _, 0xDC..=0xDF, _, ..]) && *codes_are_text;
                let has_single = bytes[0] < 0x80 && codes.lookup_cid_code(0x20, 1).is_some();
                let length = if is_pair { 4 } else { bytes.len().min(if has_single { 1 } else { 2 }) };
                (length, value(length), 0)
            }
            Meaning::Numbered { codes: None, .. } => {
                let length = bytes.len().min(2);
                (length, value(length), value(length))
            }
        }
    }

    /// What the font's own table says; tables that lead to nothing are passed over.
    fn own(&self, code: u32) -> Option<Vec<char>> {
        let sound = |c: &char| !matches!(*c, '\0' | '\u{FFFD}' | '\u{FFFF}');
        match self.to_unicode.as_ref()?.lookup_bf_string(code)? {
            BfString::Char(c) => sound(&c).then(|| vec![c]),
            BfString::String(text) => Some(text.chars().filter(sound).collect()),
        }
    }

    fn derived(&self, code: u32, number: u32, length: usize) -> Option<Vec<char>> {
        match &self.meaning {
            Meaning::Bytes { table, .. } => table.get(code as usize).copied().flatten().map(|c| vec![c]),
            Meaning::Numbered { numbered, drawn, codes_are_text, .. } => {
                if *codes_are_text {
                    let units = if length == 4 { vec![(code >> 16) as u16, code as u16] } else { vec![code as u16] };
                    return char::decode_utf16(units).collect::<Result<Vec<char>, _>>().ok();
                }
                if let Some(c) = drawn.get(&number) {
                    return Some(vec![*c]);
                }
                match numbered.as_ref()?.lookup_bf_string(number)? {
                    BfString::Char(c) => Some(vec![c]),
                    BfString::String(text) => Some(text.chars().collect()),
                }
            }
        }
    }
}

fn is_bold(dict: &Dict<'_>, descriptor: &Dict<'_>) -> bool {
    let name = dict.get::<Name<'_>>("BaseFont").map(|name| names::font_name(&name).to_lowercase()).unwrap_or_default();
    let words = ["bold", "black", "heavy", "simhei", "demi", "黑体"];
    words.iter().any(|word| name.contains(word))
        || descriptor.get::<Number>("FontWeight").is_some_and(|weight| weight.as_f64() >= 600.0)
        || descriptor.get::<i32>("Flags").is_some_and(|flags| flags & 0x40000 != 0)
}

/// Widths by number: `c [w1 w2 …]` and `first last w`, in thousandths of an em.
fn cid_widths(inner: &Dict<'_>, cut: &mut bool) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let Some(array) = inner.get::<Array<'_>>("W") else { return widths };
    let mut items = array.iter::<Object<'_>>();
    let mut left = MOST_WIDTHS;
    while let (Some(Object::Number(first)), Some(second)) = (items.next(), items.next()) {
        let first = first.as_i64().clamp(0, 0xFFFF) as u32;
        let numbers = first..=0xFFFF;
        match second {
            Object::Array(several) => {
                let several = several.iter::<Number>().map(|width| width.as_f64() / 1000.0);
                widths.extend(numbers.zip(several).take(left).inspect(|_| left -= 1));
            }
            Object::Number(last) => {
                let Some(Object::Number(width)) = items.next() else { break };
                let count = (last.as_i64().clamp(0, 0xFFFF) - i64::from(first) + 1).max(0) as usize;
                widths.extend(numbers.take(count.min(left)).map(|number| (number, width.as_f64() / 1000.0)));
                left -= count.min(left);
            }
            _ => break,
        }
        if left == 0 {
            *cut = true;
            break;
        }
    }
    widths
}

/// Which character each glyph number of an embedded TrueType or OpenType font draws, read from its own table backwards.
fn drawn_by(inner: &Dict<'_>, descriptor: &Dict<'_>, left: &mut Left) -> HashMap<u32, char> {
    let Some(file) = left.embedded(descriptor) else { return HashMap::new() };
    let glyphs = glyph_chars(&file);
    // Two bytes a number.
    let Some(map) = inner.get::<Stream<'_>>("CIDToGIDMap").and_then(|stream| unpacked(&stream, 2 << 16)) else {
        return glyphs.into_iter().map(|(glyph, c)| (u32::from(glyph), c)).collect();
    };
    let pairs = map.bytes.chunks_exact(2).enumerate().filter_map(|(number, pair)| {
        let glyph = u16::from_be_bytes([pair[0], pair[1]]);
        glyphs.get(&glyph).map(|c| (number as u32, *c))
    });
    pairs.collect()
}

/// Of several characters that share a glyph, the plain one: no radical, no compatibility form, no private one.
fn plainer(c: char) -> u8 {
    match c {
        '\u{4E00}'..='\u{9FFF}' | ' '..='~' => 0,
        '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' => 2,
        '\u{E000}'..='\u{F8FF}' => 3,
        _ => 1,
    }
}

/// The planes of Unicode that hold characters of reports, private ones included.
const PLANES: [std::ops::RangeInclusive<u32>; 2] = [0..=0x1_FFFF, 0x2_0000..=0x3_FFFF];
/// A font has a table or two, and no more codes in it than these.
const MOST_SUBTABLES: usize = 8;
const MOST_CODES: usize = 0x4_0000;

fn glyph_chars(file: &[u8]) -> HashMap<u16, char> {
    let mut chars: HashMap<u16, char> = HashMap::new();
    let Ok(raw) = ttf_parser::RawFace::parse(file, 0) else { return chars };
    let table = raw.table(ttf_parser::Tag::from_bytes(b"cmap")).and_then(ttf_parser::cmap::Table::parse);
    for subtable in table.iter().flat_map(|table| table.subtables).filter(|subtable| subtable.is_unicode()).take(MOST_SUBTABLES) {
        let mut left = MOST_CODES;
        let mut put = |code: u32| {
            let Some(fewer) = left.checked_sub(1) else { return };
            left = fewer;
            let (Some(glyph), Some(c)) = (subtable.glyph_index(code), char::from_u32(code)) else { return };
            let known = chars.entry(glyph.0).or_insert(c);
            if (plainer(c), c) < (plainer(*known), *known) {
                *known = c;
            }
        };
        match subtable.format {
            // Their ranges may be as long as numbers can say, so all characters are asked after instead.
            Format::SegmentedCoverage(_) | Format::ManyToOneRangeMappings(_) => PLANES.into_iter().flatten().for_each(put),
            _ => subtable.codepoints(&mut put),
        }
    }
    chars
}

// ------------------------------------------------------------------ simple fonts

fn simple(dict: &Dict<'_>, left: &mut Left) -> Font {
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let base = dict.get::<Name<'_>>("BaseFont").map(|name| String::from_utf8_lossy(&name).into_owned()).unwrap_or_default();
    let type_3 = dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "Type3");
    let scale = if type_3 { dict.get::<[f64; 6]>("FontMatrix").map_or(0.001, |matrix| matrix[0].abs()) } else { 0.001 };
    let mut widths = HashMap::new();
    if let Some(array) = dict.get::<Array<'_>>("Widths") {
        let first = dict.get::<i32>("FirstChar").unwrap_or(0).clamp(0, 255) as u32;
        widths.extend(array.iter::<Number>().take(256).enumerate().map(|(at, width)| (first + at as u32, width.as_f64() * scale)));
    }
    let to_unicode = dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| left.table(&stream));
    let file = left.embedded(&descriptor);
    let table = meanings(dict, &descriptor, &base, file.as_deref());
    let mut default_width = descriptor.get::<Number>("MissingWidth").map_or(0.0, |width| width.as_f64() / 1000.0);
    if widths.is_empty() && !type_3 {
        default_width = 0.5;
        for code in 0..256_u32 {
            widths.extend(table[code as usize].and_then(|c| names::standard_width(&base, c)).map(|width| (code, width)));
        }
    }
    let system = (to_unicode.is_none() && file.is_none()).then(|| system_encoding(dict)).flatten();
    let meaning = Meaning::Bytes { table, system };
    Font { to_unicode, meaning, widths, default_width, bold: is_bold(dict, &descriptor), vertical: false, cut: false }
}

/// The encoding of a font that the reader's system is asked for: of its Chinese edition, where the font is named as those are and gives
/// its codes no meanings of its own.
fn system_encoding(dict: &Dict<'_>) -> Option<&'static Encoding> {
    let has_own = dict.get::<Dict<'_>>("Encoding").is_some_and(|encoding| encoding.contains_key("Differences"));
    names::system_encoding(&dict.get::<Name<'_>>("BaseFont")?).filter(|_| !has_own)
}

/// What the 256 codes of a simple font mean: its base encoding, or the one built into it, with its differences.
fn meanings(dict: &Dict<'_>, descriptor: &Dict<'_>, base: &str, file: Option<&[u8]>) -> Box<[Option<char>; 256]> {
    let encoding = dict.get::<Dict<'_>>("Encoding");
    let named = dict.get::<Name<'_>>("Encoding").or_else(|| encoding.as_ref().and_then(|dict| dict.get::<Name<'_>>("BaseEncoding")));
    let mut table: Box<[Option<char>; 256]> = Box::new([None; 256]);
    let symbolic = descriptor.get::<i32>("Flags").is_some_and(|flags| flags & 4 != 0);
    let built_in = match &named {
        Some(_) if !symbolic => None,
        _ => file.and_then(built_in),
    };
    for code in 0..=255_u8 {
        table[usize::from(code)] = match (&named, &built_in) {
            (_, Some(built_in)) => built_in.get(&code).copied(),
            (Some(name), None) => names::encoded(name.as_str(), code),
            (None, None) => names::encoded(if base.contains("Symbol") { "Symbol" } else { "StandardEncoding" }, code),
        };
    }
    let differences = encoding.and_then(|dict| dict.get::<Array<'_>>("Differences"));
    let mut code = 0_usize;
    for item in differences.iter().flat_map(|array| array.iter::<Object<'_>>()) {
        match item {
            Object::Number(number) => code = number.as_i64().clamp(0, 255) as usize,
            Object::Name(name) => {
                if let Some(slot) = table.get_mut(code) {
                    *slot = names::named(name.as_str()).or(*slot);
                }
                code += 1;
            }
            _ => {}
        }
    }
    table
}

/// The encoding built into an embedded font.
fn built_in(file: &[u8]) -> Option<HashMap<u8, char>> {
    let mut codes = HashMap::new();
    if let Some(cff) = ttf_parser::cff::Table::parse(file) {
        for code in 0..=255_u8 {
            let named = cff.glyph_index(code).and_then(|glyph| cff.glyph_name(glyph)).and_then(names::named);
            codes.extend(named.map(|c| (code, c)));
        }
    } else if let Ok(raw) = ttf_parser::RawFace::parse(file, 0) {
        let table = raw.table(ttf_parser::Tag::from_bytes(b"cmap")).and_then(ttf_parser::cmap::Table::parse)?;
        let post = raw.table(ttf_parser::Tag::from_bytes(b"post")).and_then(ttf_parser::post::Table::parse);
        let chars = glyph_chars(file);
        for code in 0..=255_u8 {
            let glyph = table.subtables.into_iter().find_map(|subtable| {
                [u32::from(code), 0xF000 + u32::from(code)].iter().find_map(|code| subtable.glyph_index(*code)).filter(|glyph| glyph.0 != 0)
            });
            let Some(glyph) = glyph else { continue };
            let named = || post.and_then(|post| post.glyph_name(glyph)).and_then(names::named);
            codes.extend(chars.get(&glyph.0).copied().filter(|c| plainer(*c) < 3).or_else(named).map(|c| (code, c)));
        }
    } else {
        // Type 1 in clear: 「dup 65 /A put」.
        let head = String::from_utf8_lossy(&file[..file.len().min(20_000)]).into_owned();
        for line in head.split("dup ").skip(1) {
            let mut words = line.split_whitespace();
            let (code, name) = (words.next().and_then(|code| code.parse().ok()), words.next().and_then(|name| name.strip_prefix('/')));
            if let (Some(code), Some(c)) = (code, name.and_then(names::named)) {
                codes.insert(code, c);
            }
        }
    }
    (!codes.is_empty()).then_some(codes)
}
