//! Puts a page together: its drawing followed, its text turned the way that it runs, what is printed twice taken once.
//!
//! In:  a page of a PDF, one after the other, since fonts and budgets are the file's.
//! Out: a [`Page`]; what of it was too much to read is told in it.

use super::content::{Cut, Drawing, State};
use super::filters::{self, unpacked};
use super::font::Fonts;
use crate::model::{Glyph, Page};
use hayro_syntax::object::{Array, MaybeRef, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Page as PdfPage;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// How much may be drawn.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    /// An operation is a step, and so are some bytes unpacked.
    pub(super) steps: usize,
    pub(super) glyphs: usize,
    pub(super) rules: usize,
}

/// Of a page, and of all pages together.
pub(super) const PAGE: Budget = Budget { steps: 5_000_000, glyphs: 200_000, rules: 20_000 };
pub(super) const FILE: Budget = Budget { steps: 200_000_000, glyphs: 8_000_000, rules: 2_000_000 };

/// A side of a page is no longer (ISO 32000-1, annex C).
const MOST_POINTS: f32 = 14_400.0;

/// A step unpacks so many bytes of a page.
const BYTES_PER_STEP: usize = 64;

/// A page of letters drawn as curves has more of them; a logo has fewer. A Chinese character takes some 40.
const CURVES_OF_TEXT: usize = 1000;

/// Characters are the same where they stand so near to one another: a share of their size, and no more points than this.
const SAME_PLACE: f32 = 0.12;
const FARTHEST: f32 = 8.0;
/// A character is compared with so many of the same kind near by.
const MOST_COMPARED: usize = 16;

/// Reads page after page; fonts are kept.
pub(super) struct Reader {
    fonts: Fonts,
    hidden: HashSet<ObjectIdentifier>,
    left: Budget,
}

impl Reader {
    pub(super) fn new(hidden: HashSet<ObjectIdentifier>) -> Reader {
        Reader { fonts: Fonts::default(), hidden, left: FILE }
    }

    pub(super) fn page(&mut self, page: &PdfPage<'_>, number: u32) -> Page {
        let (width, height, map) = frame(page);
        let allowed = Budget {
            steps: self.left.steps.min(PAGE.steps),
            glyphs: self.left.glyphs.min(PAGE.glyphs),
            rules: self.left.rules.min(PAGE.rules),
        };
        let mut drawing = Drawing::new(&mut self.fonts, &self.hidden, allowed);
        let stream = content(page, &mut drawing);
        drawing.run(stream, page.resources(), State::new(map), 0);
        self.left.steps -= allowed.steps - drawing.budget.steps;
        self.left.glyphs -= allowed.glyphs - drawing.budget.glyphs;
        self.left.rules -= allowed.rules - drawing.budget.rules;
        let cut = drawing.cut.iter().map(Cut::to_string).collect();
        let (glyphs, rules, picture_area, curves) = (drawing.glyphs, drawing.rules, drawing.picture_area, drawing.curves);
        let mut read = Page { number, width, height, label: None, glyphs, rules, picture_only: false, unread: 0, cut };
        let (width, height) = (f64::from(width), f64::from(height));
        let shown = |[x0, y0, x1, y1]: [f32; 4]| x1 > -1.0 && y1 > -1.0 && f64::from(x0) < width + 1.0 && f64::from(y0) < height + 1.0;
        read.glyphs.retain(|glyph| shown(glyph.bbox));
        turn(&mut read);
        once(&mut read.glyphs);
        read.unread = read.glyphs.iter().filter(|glyph| glyph.c == char::REPLACEMENT_CHARACTER).count() as u32;
        // A scanned page may carry a stamped page number.
        let text = read.glyphs.iter().filter(|glyph| !glyph.artifact).count();
        read.picture_only =
            text == 0 && (picture_area > 0.0 || curves >= CURVES_OF_TEXT) || text < 20 && picture_area * 2.0 > width * height;
        read
    }
}

/// How wide and high a page is, and what maps its units to points from its top left corner.
///
/// A box larger than any page is a mistake, and would leave no room for the digits of places on it.
fn frame(page: &PdfPage<'_>) -> (f32, f32, [f64; 6]) {
    let (width, height) = page.render_dimensions();
    if width.max(height) <= MOST_POINTS {
        return (width, height, page.initial_transform(true).as_coeffs());
    }
    (MOST_POINTS, MOST_POINTS, [1.0, 0.0, 0.0, -1.0, 0.0, f64::from(MOST_POINTS)])
}

/// The content of a page: its one stream, or its several, one behind the other.
fn content<'p>(page: &PdfPage<'p>, drawing: &mut Drawing<'_>) -> Cow<'p, [u8]> {
    let dict = page.raw();
    let several = match dict.get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => return unpacked_part(&stream, drawing),
        Some(Object::Array(several)) => several,
        Some(Object::Null(_)) => Array::default(),
        _ => {
            drawing.note(dict.contains_key("Contents").then_some(Cut::Missing));
            Array::default()
        }
    };
    let mut content: Vec<u8> = Vec::new();
    for part in several.raw_iter() {
        let part: Option<Stream<'p>> = match part {
            MaybeRef::Ref(id) => page.xref().get(id.into()),
            MaybeRef::NotRef(object) => object.into_stream(),
        };
        if !drawing.spend(10) {
            break;
        }
        match part {
            Some(part) if content.len() < filters::MOST_BYTES => content.extend_from_slice(&unpacked_part(&part, drawing)),
            Some(_) => drawing.note(Some(Cut::Large)),
            None => drawing.note(Some(Cut::Missing)),
        }
        // No word runs on from one stream into the next.
        content.push(b' ');
    }
    content.into()
}

fn unpacked_part<'p>(stream: &Stream<'p>, drawing: &mut Drawing<'_>) -> Cow<'p, [u8]> {
    let most = filters::MOST_BYTES.min(drawing.budget.steps * BYTES_PER_STEP);
    let Some(unpacked) = unpacked(stream, most) else {
        drawing.note(Some(Cut::Packing));
        return Cow::default();
    };
    drawing.spend(unpacked.bytes.len() / BYTES_PER_STEP);
    drawing.note(unpacked.cut.then_some(Cut::Large));
    drawing.note(unpacked.broken.then_some(Cut::Broken));
    unpacked.bytes
}

/// Turns a page whose text runs up or down, so that it runs to the right.
fn turn(page: &mut Page) {
    let mut counts = [0; 4];
    for glyph in &page.glyphs {
        counts[usize::from(glyph.turn)] += 1;
    }
    let most = (0..4).max_by_key(|turn| (counts[*turn], *turn == 0)).unwrap_or(0);
    if most == 0 || counts[most] * 4 < page.glyphs.len() * 3 {
        return;
    }
    let (width, height) = (page.width, page.height);
    let turned = |[x0, y0, x1, y1]: [f32; 4]| match most {
        1 => [y0, width - x1, y1, width - x0],
        2 => [width - x1, height - y1, width - x0, height - y0],
        _ => [height - y1, x0, height - y0, x1],
    };
    for glyph in &mut page.glyphs {
        glyph.bbox = turned(glyph.bbox);
        glyph.turn = (glyph.turn + 4 - most as u8) % 4;
    }
    for rule in &mut page.rules {
        rule.bbox = turned(rule.bbox);
    }
    if most != 2 {
        (page.width, page.height) = (height, width);
    }
}

/// Takes out what is drawn again at the same place: bold or shadow by printing twice.
fn once(glyphs: &mut Vec<Glyph>) {
    let mut seen: HashMap<(char, i32, i32), Vec<usize>> = HashMap::new();
    let mut kept: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs.drain(..) {
        let (x, y) = (glyph.bbox[0], glyph.bbox[1]);
        let near = (glyph.size * SAME_PLACE).min(FARTHEST);
        let cell = |value: f32| (value / 2.0).floor() as i32;
        let again = (cell(x - near)..=cell(x + near))
            .flat_map(|column| (cell(y - near)..=cell(y + near)).map(move |row| (column, row)))
            .filter_map(|(column, row)| seen.get(&(glyph.c, column, row)))
            .flat_map(|places| places.iter().rev().take(MOST_COMPARED))
            .copied()
            .find(|at: &usize| {
                let other: &Glyph = &kept[*at];
                (other.bbox[0] - x).abs() <= near && (other.bbox[1] - y).abs() <= near && other.turn == glyph.turn
            });
        match again {
            Some(at) => kept[at].bold = true,
            None => {
                seen.entry((glyph.c, cell(x), cell(y))).or_default().push(kept.len());
                kept.push(glyph);
            }
        }
    }
    *glyphs = kept;
}
