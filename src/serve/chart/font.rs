//! Measures letters and outlines them.
//!
//! In:  text and its size.
//! Out: its width; the outlines of its glyphs as the data of an SVG path; or which characters no font has, and what to install.
//!
//! The program carries a subset of Noto Sans CJK (`font/`) with the characters of its catalogues; it measures by that one alone, so that a
//! layout is the same on every machine. Where a picture needs other characters, a font of the system has them, or one that the user
//! names; where none has, that is an error, for a box instead of a character is a picture that says something else.

use crate::error::{Error, Result};
use fontdb::{Database, FaceInfo, Style};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;
use ttf_parser::{Face, GlyphId, OutlineBuilder, Tag};
use unicode_width::UnicodeWidthChar;

const CARRIED: &[u8] = include_bytes!("font/subset.otf");
static CARRIED_FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(CARRIED, 0).expect("the font that the program carries can be read"));

/// How far a text goes to the right, in the unit of its size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| advance(c) * size).sum()
}

/// Of a character, in ems.
fn advance(c: char) -> f64 {
    let known = CARRIED_FACE.glyph_index(c).and_then(|glyph| CARRIED_FACE.glyph_hor_advance(glyph));
    match known {
        Some(advance) => f64::from(advance) / f64::from(CARRIED_FACE.units_per_em()),
        // A Chinese character is as wide as high, whatever the font.
        None => c.width().unwrap_or(0) as f64 / 2.0,
    }
}

/// Lines of at most `room`; broken at blanks and between Chinese characters, closing marks never at the beginning of one.
pub(super) fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let fits = |line: &str, more: &str| width(line, size) + width(more.trim_end(), size) <= room;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && !fits(&line, piece) {
            lines.push(std::mem::take(&mut line));
        }
        if fits(&line, piece) {
            line += piece;
            continue;
        }
        // Too long for any line: broken where it must be.
        for c in piece.chars() {
            if !line.is_empty() && !fits(&line, c.encode_utf8(&mut [0; 4])) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines.iter().map(|line| line.trim_end().to_string()).filter(|line| !line.is_empty()).collect()
}

/// What stays on one line: a Chinese character with the marks behind it, a word with its blank.
fn pieces(text: &str) -> Vec<&str> {
    let is_wide = |c: char| c.width() == Some(2);
    let closes = |c: char| "，。、；：！？）】》」』…,.;:!?)".contains(c);
    let opens = |c: char| "（【《「『(".contains(c);
    let mut cuts = vec![0];
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if let Some(before) = before {
            let is_cut = before.is_whitespace() || is_wide(before) || is_wide(c);
            if is_cut && !closes(c) && !opens(before) && !c.is_whitespace() {
                cuts.push(at);
            }
        }
        before = Some(c);
    }
    cuts.push(text.len());
    cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).filter(|piece| !piece.is_empty()).collect()
}

// ------------------------------------------------------------------ outlines

/// The fonts that some letters are drawn with, the first that has a letter first.
pub(super) struct Fonts(Vec<Font>);

struct Font {
    data: Vec<u8>,
    /// In a collection.
    index: u32,
}

impl Font {
    fn face(&self) -> Option<Face<'_>> {
        let mut face = Face::parse(&self.data, self.index).ok()?;
        // A variable font begins at its thinnest.
        face.set_variation(Tag::from_bytes(b"wght"), 400.0);
        Some(face)
    }

    /// Takes the characters that it has out of some.
    fn strike(&self, chars: &mut BTreeSet<char>) {
        if let Some(face) = self.face() {
            chars.retain(|c| face.glyph_index(*c).is_none());
        }
    }
}

impl Fonts {
    /// Fonts that have all the letters: the one carried along, the one named, those of the system where these do not do.
    pub(super) fn of(letters: &BTreeSet<char>, named: Option<&Path>) -> Result<Fonts> {
        let mut lacking: BTreeSet<char> = letters.iter().copied().filter(|c| !c.is_whitespace()).collect();
        let mut fonts = vec![Font { data: CARRIED.to_vec(), index: 0 }];
        if let Some(path) = named {
            let data = std::fs::read(path).map_err(|error| Error::failed(format!("{}: cannot be read: {error}", path.display())))?;
            let font = Font { data, index: 0 };
            if font.face().is_none() {
                return Err(Error::failed(format!("{}: is no font; expected a .ttf, .otf or .ttc file", path.display())));
            }
            fonts.insert(0, font);
        }
        fonts.iter().for_each(|font| font.strike(&mut lacking));
        if !lacking.is_empty() {
            let mut system = Database::new();
            system.load_system_fonts();
            while let Some(font) = best(&system, &lacking) {
                font.strike(&mut lacking);
                fonts.push(font);
            }
        }
        if lacking.is_empty() { Ok(Fonts(fonts)) } else { Err(without(&lacking)) }
    }

    /// The outlines of a text that begins at a point of its base line, as the data of an SVG path.
    pub(super) fn outline(&self, text: &str, x: f64, y: f64, size: f64) -> String {
        let faces: Vec<Face<'_>> = self.0.iter().filter_map(Font::face).collect();
        let has = |face: &Face<'_>, c: char| c.is_whitespace() || face.glyph_index(c).is_some();
        // A text in one font looks better than one in two.
        let whole = faces.iter().position(|face| text.chars().all(|c| has(face, c)));
        let mut path = Outline { data: String::new(), x, y, scale: 1.0 };
        for c in text.chars() {
            let face = whole.or_else(|| faces.iter().position(|face| has(face, c))).map(|at| &faces[at]);
            if let Some((face, glyph)) = face.and_then(|face| Some((face, face.glyph_index(c)?))) {
                path.glyph(face, glyph, size);
            }
            path.x += advance(c) * size;
        }
        path.data
    }
}

/// The upright font of the system that has the most of some characters; none where none has any.
fn best(system: &Database, lacking: &BTreeSet<char>) -> Option<Font> {
    let upright = system.faces().filter(|face| face.style == Style::Normal && !is_of_boxes(face));
    let ranked = upright.filter_map(|face| {
        let count = system.with_face_data(face.id, |data, index| count(data, index, lacking))?;
        (count > 0).then(|| (count, liking(face), face.id))
    });
    let (_, _, id) = ranked.max_by_key(|(count, liking, _)| (*count, *liking))?;
    system.with_face_data(id, |data, index| Font { data: data.to_vec(), index })
}

/// Fonts that have a box or nothing for every character, and so none.
fn is_of_boxes(face: &FaceInfo) -> bool {
    face.families.iter().any(|(name, _)| ["lastresort", "adobeblank"].contains(&name.replace([' ', '.'], "").to_lowercase().as_str()))
}

/// How many of some characters a font has.
fn count(data: &[u8], index: u32, chars: &BTreeSet<char>) -> usize {
    Face::parse(data, index).map_or(0, |face| chars.iter().filter(|c| face.glyph_index(**c).is_some()).count())
}

/// Of two fonts that have the same characters: a plain one without serifs, of the weight of running text.
fn liking(face: &FaceInfo) -> u32 {
    let name = face.families.first().map(|(name, _)| name.to_lowercase()).unwrap_or_default();
    let is_plain = ["sans", "hei", "gothic", "pingfang", "heiti"].iter().any(|word| name.contains(word)) && !name.contains("mono");
    1000 * u32::from(is_plain) + 1000 - u32::from(face.weight.0.abs_diff(400)).min(1000)
}

fn without(lacking: &BTreeSet<char>) -> Error {
    let shown: String = lacking.iter().take(20).collect();
    let more = if lacking.len() > 20 { format!(" and {} more", lacking.len() - 20) } else { String::new() };
    Error::failed(format!(
        "no font here has {shown}{more}; install one that has Chinese (Debian and Ubuntu: apt install fonts-noto-cjk; Fedora: dnf install \
         google-noto-sans-cjk-fonts; Alpine: apk add font-noto-cjk), name one with --font FILE, or write a .svg without --outlines"
    ))
}

/// Writes the outlines of glyphs one after the other.
struct Outline {
    data: String,
    /// Where the next glyph begins.
    x: f64,
    y: f64,
    scale: f64,
}

impl Outline {
    fn glyph(&mut self, face: &Face<'_>, glyph: GlyphId, size: f64) {
        self.scale = size / f64::from(face.units_per_em());
        face.outline_glyph(glyph, self);
    }

    /// A command with points of the glyph's own grid.
    fn put(&mut self, command: char, points: &[(f32, f32)]) {
        self.data.push(command);
        for (at, (x, y)) in points.iter().enumerate() {
            let (x, y) = (self.x + f64::from(*x) * self.scale, self.y - f64::from(*y) * self.scale);
            let gap = if at > 0 { " " } else { "" };
            // Writing to a string does not fail.
            let _ = write!(self.data, "{gap}{} {}", super::svg::short(x), super::svg::short(y));
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.put('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn a_line_breaks_between_characters_and_not_before_a_mark() {
        assert_eq!(wrapped("中國聯通，4G base stations", 10.0, 50.0), ["中國聯通，", "4G base", "stations"]);
        assert_eq!(wrapped("中國聯通，", 10.0, 40.0), ["中國聯", "通，"]);
        assert_eq!(wrapped("abcdefghijklmnop", 10.0, 40.0).concat(), "abcdefghijklmnop");
        assert_eq!(wrapped("短", 10.0, 1.0), ["短"]);
    }

    #[test]
    fn the_font_carried_along_has_what_the_program_itself_says() {
        let knowledge = Knowledge::read(None).unwrap();
        let mut texts: Vec<&str> = Vec::new();
        for province in &knowledge.places.provinces {
            texts.extend([&province.short_hant, &province.short_hans, &province.short_en].map(String::as_str));
        }
        for unit in knowledge.units.all() {
            texts.extend([&unit.name_hant, &unit.name_hans].into_iter().chain(&unit.name_en).map(String::as_str));
        }
        let words = include_str!("words.rs");
        texts.extend(words.lines().filter(|line| !line.starts_with("//")));
        let chars: BTreeSet<char> = texts.iter().flat_map(|text| text.chars()).filter(|c| !c.is_whitespace()).collect();
        let lacking: String = chars.into_iter().filter(|c| CARRIED_FACE.glyph_index(*c).is_none()).collect();
        assert_eq!(lacking, "", "run src/serve/chart/font/subset.py");
    }

    #[test]
    fn the_font_carried_along_has_the_names_of_metrics_and_companies() {
        let knowledge = Knowledge::read(None).unwrap();
        let metrics = knowledge.metrics.all.iter().flat_map(|metric| [&metric.name_hant, &metric.name_hans]);
        let names: Vec<&String> = metrics.chain(knowledge.companies.all.iter().flat_map(|one| [&one.name_hant, &one.name_hans])).collect();
        let lacking: Vec<&String> = names
            .iter()
            .copied()
            .filter(|name| name.chars().any(|c| !c.is_whitespace() && CARRIED_FACE.glyph_index(c).is_none()))
            .collect();
        // A few newer ones may wait: a font of the system stands in.
        assert!(lacking.len() * 50 < names.len(), "run src/serve/chart/font/subset.py for {lacking:?}");
    }

    #[test]
    fn outlines_differ_and_what_no_font_has_is_told() {
        let fonts = Fonts::of(&"青海".chars().collect(), None).unwrap();
        let (one, other) = (fonts.outline("青", 0.0, 0.0, 10.0), fonts.outline("海", 0.0, 0.0, 10.0));
        assert!(one.len() > 100 && other.len() > 100 && one != other, "{one} {other}");
        // Of no script: it never gets a glyph.
        let error = Fonts::of(&"青\u{F8FFE}".chars().collect(), None).err().unwrap().to_string();
        assert!(error.contains('\u{F8FFE}') && !error.contains('青') && error.contains("fonts-noto-cjk"), "{error}");
    }
}
