//! Reads fonts: which characters a code stands for, and how wide they are.
//!
//! In:  the dictionary of a font.
//! Out: a [`Font`] that takes strings apart into codes.
//!
//! What a code means is asked in this order: the font's own table (ToUnicode); the numbering of Chinese characters it uses
//! (Adobe-GB1, Adobe-CNS1 …); the embedded font's own table, read backwards; the encoding and the names of glyphs. A code that
//! none of them knows is U+FFFD: a number is never passed off as a character.

use super::names;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Array, Name, Number, Object, ObjectIdentifier, Stream, String as PdfString};
use std::collections::HashMap;
use std::rc::Rc;

/// The fonts of a file and the tables they share.
#[derive(Default)]
pub(super) struct Fonts {
    fonts: HashMap<ObjectIdentifier, Rc<Font>>,
    tables: HashMap<Vec<u8>, Option<Rc<CMap>>>,
}

impl Fonts {
    pub(super) fn font(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let Some(id) = dict.obj_id() else { return Rc::new(self.read(dict)) };
        if let Some(known) = self.fonts.get(&id) {
            return known.clone();
        }
        let font = Rc::new(self.read(dict));
        self.fonts.insert(id, font.clone());
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
            _ => simple(dict),
        }
    }

    fn composite(&mut self, dict: &Dict<'_>) -> Font {
        let inner = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next()).unwrap_or_default();
        let descriptor = inner.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let encoding = dict.get::<Name<'_>>("Encoding");
        let name = encoding.as_ref().map(|name| name.to_vec()).unwrap_or_default();
        let codes = match dict.get::<Stream<'_>>("Encoding") {
            Some(stream) => parsed(&stream).map(Rc::new),
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
        let to_unicode = to_unicode(dict);
        let drawn = if to_unicode.is_none() && numbered.is_none() { drawn_by(&inner, &descriptor) } else { HashMap::new() };
        let vertical =
            codes.as_ref().and_then(|codes| codes.metadata().writing_mode).is_some_and(|mode| matches!(mode, WritingMode::Vertical))
                || name.ends_with(b"-V");
        let codes_are_text = name.starts_with(b"Uni") && [&b"UCS2"[..], b"UTF16"].iter().any(|part| holds(&name, part));
        Font {
            to_unicode,
            meaning: Meaning::Numbered { codes, numbered, drawn, codes_are_text },
            widths: cid_widths(&inner),
            default_width: inner.get::<Number>("DW").map_or(1.0, |width| width.as_f64() / 1000.0),
            bold: is_bold(dict, &descriptor),
            vertical,
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
}

/// What codes mean where the font has no table for it.
enum Meaning {
    /// One byte a code.
    Bytes(Box<[Option<char>; 256]>),
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
        let (length, code, number) = self.code(bytes);
        let width = self.widths.get(&number).copied().unwrap_or(self.default_width);
        let text = self.own(code).or_else(|| self.derived(code, number, length)).unwrap_or_else(|| vec![char::REPLACEMENT_CHARACTER]);
        Shown { length, text: text.into_iter().map(names::plain).collect(), width }
    }

    /// Length, code and number (of a simple font the code) of the first code.
    fn code(&self, bytes: &[u8]) -> (usize, u32, u32) {
        let value = |length: usize| bytes[..length].iter().fold(0, |code: u32, byte| code << 8 | u32::from(*byte));
        match &self.meaning {
            Meaning::Bytes(_) => (1, value(1), value(1)),
            Meaning::Numbered { codes: Some(codes), .. } => {
                for length in 1..=bytes.len().min(4) {
                    if let Some(number) = codes.lookup_cid_code(value(length), length as u8) {
                        return (length, value(length), number);
                    }
                }
                let length = if bytes[0] < 0x80 && codes.lookup_cid_code(0x20, 1).is_some() { 1 } else { bytes.len().min(2) };
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
            Meaning::Bytes(table) => table.get(code as usize).copied().flatten().map(|c| vec![c]),
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

fn parsed(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded().ok()?, load_embedded)
}

fn to_unicode(dict: &Dict<'_>) -> Option<CMap> {
    dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| parsed(&stream))
}

fn is_bold(dict: &Dict<'_>, descriptor: &Dict<'_>) -> bool {
    let name = dict.get::<Name<'_>>("BaseFont").map(|name| String::from_utf8_lossy(&name).to_lowercase()).unwrap_or_default();
    let words = ["bold", "black", "heavy", "simhei", "demi", "黑体"];
    words.iter().any(|word| name.contains(word))
        || descriptor.get::<Number>("FontWeight").is_some_and(|weight| weight.as_f64() >= 600.0)
        || descriptor.get::<i32>("Flags").is_some_and(|flags| flags & 0x40000 != 0)
}

/// Widths by number: `c [w1 w2 …]` and `first last w`, in thousandths of an em.
fn cid_widths(inner: &Dict<'_>) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let Some(array) = inner.get::<Array<'_>>("W") else { return widths };
    let mut items = array.iter::<Object<'_>>();
    while let (Some(Object::Number(first)), Some(second)) = (items.next(), items.next()) {
        let first = first.as_i64().clamp(0, 0xFFFF) as u32;
        match second {
            Object::Array(several) => {
                for (at, width) in several.iter::<Number>().enumerate() {
                    widths.insert(first + at as u32, width.as_f64() / 1000.0);
                }
            }
            Object::Number(last) => {
                let Some(Object::Number(width)) = items.next() else { break };
                for number in first..=last.as_i64().clamp(0, 0xFFFF) as u32 {
                    widths.insert(number, width.as_f64() / 1000.0);
                }
            }
            _ => break,
        }
    }
    widths
}

/// Which character each glyph number of an embedded TrueType or OpenType font draws, read from its own table backwards.
fn drawn_by(inner: &Dict<'_>, descriptor: &Dict<'_>) -> HashMap<u32, char> {
    let Some(file) = embedded(descriptor) else { return HashMap::new() };
    let glyphs = glyph_chars(&file);
    let Some(map) = inner.get::<Stream<'_>>("CIDToGIDMap").and_then(|stream| stream.decoded().ok()) else {
        return glyphs.into_iter().map(|(glyph, c)| (u32::from(glyph), c)).collect();
    };
    let pairs = map.chunks_exact(2).enumerate().filter_map(|(number, pair)| {
        let glyph = u16::from_be_bytes([pair[0], pair[1]]);
        glyphs.get(&glyph).map(|c| (number as u32, *c))
    });
    pairs.collect()
}

fn embedded(descriptor: &Dict<'_>) -> Option<Vec<u8>> {
    ["FontFile2", "FontFile3", "FontFile"]
        .iter()
        .find_map(|key| descriptor.get::<Stream<'_>>(*key))
        .and_then(|stream| stream.decoded().ok())
        .map(std::borrow::Cow::into_owned)
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

fn glyph_chars(file: &[u8]) -> HashMap<u16, char> {
    let mut chars: HashMap<u16, char> = HashMap::new();
    let Ok(raw) = ttf_parser::RawFace::parse(file, 0) else { return chars };
    let table = raw.table(ttf_parser::Tag::from_bytes(b"cmap")).and_then(ttf_parser::cmap::Table::parse);
    for subtable in table.iter().flat_map(|table| table.subtables).filter(|subtable| subtable.is_unicode()) {
        subtable.codepoints(|code| {
            let (Some(glyph), Some(c)) = (subtable.glyph_index(code), char::from_u32(code)) else { return };
            let known = chars.entry(glyph.0).or_insert(c);
            if (plainer(c), c) < (plainer(*known), *known) {
                *known = c;
            }
        });
    }
    chars
}

// ------------------------------------------------------------------ simple fonts

fn simple(dict: &Dict<'_>) -> Font {
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let base = dict.get::<Name<'_>>("BaseFont").map(|name| String::from_utf8_lossy(&name).into_owned()).unwrap_or_default();
    let type_3 = dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "Type3");
    let scale = if type_3 { dict.get::<[f64; 6]>("FontMatrix").map_or(0.001, |matrix| matrix[0].abs()) } else { 0.001 };
    let mut widths = HashMap::new();
    if let Some(array) = dict.get::<Array<'_>>("Widths") {
        let first = dict.get::<i32>("FirstChar").unwrap_or(0).clamp(0, 255) as u32;
        widths.extend(array.iter::<Number>().take(256).enumerate().map(|(at, width)| (first + at as u32, width.as_f64() * scale)));
    }
    let to_unicode = to_unicode(dict);
    let table = meanings(dict, &descriptor, &base);
    let mut default_width = descriptor.get::<Number>("MissingWidth").map_or(0.0, |width| width.as_f64() / 1000.0);
    if widths.is_empty() && !type_3 {
        default_width = 0.5;
        for code in 0..256_u32 {
            widths.extend(table[code as usize].and_then(|c| names::standard_width(&base, c)).map(|width| (code, width)));
        }
    }
    Font { to_unicode, meaning: Meaning::Bytes(table), widths, default_width, bold: is_bold(dict, &descriptor), vertical: false }
}

/// What the 256 codes of a simple font mean: its base encoding, or the one built into it, with its differences.
fn meanings(dict: &Dict<'_>, descriptor: &Dict<'_>, base: &str) -> Box<[Option<char>; 256]> {
    let encoding = dict.get::<Dict<'_>>("Encoding");
    let named = dict.get::<Name<'_>>("Encoding").or_else(|| encoding.as_ref().and_then(|dict| dict.get::<Name<'_>>("BaseEncoding")));
    let mut table: Box<[Option<char>; 256]> = Box::new([None; 256]);
    let symbolic = descriptor.get::<i32>("Flags").is_some_and(|flags| flags & 4 != 0);
    let built_in = match &named {
        Some(_) if !symbolic => None,
        _ => embedded(descriptor).and_then(|file| built_in(&file)),
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
