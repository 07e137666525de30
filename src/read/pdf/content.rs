//! Follows the drawing of a page: where each character and each ruled line comes to stand.
//!
//! In:  the content stream of a page and what it refers to.
//! Out: a [`Page`].
//!
//! What a stretch of marked content says about itself is honoured: its text as meant (ActualText), that it is furniture
//! (Artifact), that its layer is switched off. A character that is drawn twice at one place is one, and bold. Forms within forms and
//! endless streams run into a budget: what is read up to there stays.

use super::font::{Font, Fonts};
use super::{names, text_of};
use crate::model::{Glyph, Page, Rule};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Name, Number, Object, ObjectIdentifier, Stream, String as PdfString};
use hayro_syntax::page::{Page as PdfPage, Resources};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Forms within forms.
const DEEPEST: usize = 20;
/// Operations of a page, and of all pages together.
const PAGE_BUDGET: usize = 5_000_000;
const FILE_BUDGET: usize = 200_000_000;
/// Characters and ruled lines of a page.
const MOST_GLYPHS: usize = 200_000;
const MOST_RULES: usize = 20_000;

/// What the em box of a character reaches above and below its base line.
const ASCENT: f64 = 0.88;
const DESCENT: f64 = -0.12;

/// An affine map: x' = a x + c y + e, y' = b x + d y + f.
#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `outer`.
    fn then(self, outer: Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [oa, ob, oc, od, oe, of]) = (self.0, outer.0);
        Matrix([a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od, e * oa + f * oc + oe, e * ob + f * od + of])
    }

    fn at(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The box around a box.
    fn bounds(self, x0: f64, y0: f64, x1: f64, y1: f64) -> [f64; 4] {
        let corners = [self.at(x0, y0), self.at(x1, y0), self.at(x0, y1), self.at(x1, y1)];
        let fold = |pick: fn(&(f64, f64)) -> f64, better: fn(f64, f64) -> f64| corners.iter().map(pick).reduce(better).unwrap_or(0.0);
        [fold(|p| p.0, f64::min), fold(|p| p.1, f64::min), fold(|p| p.0, f64::max), fold(|p| p.1, f64::max)]
    }
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    Matrix(numbers.map(|number| number.as_f64()))
}

/// Reads page after page; fonts are kept.
pub(super) struct Reader {
    fonts: Fonts,
    hidden: HashSet<ObjectIdentifier>,
    budget: usize,
}

impl Reader {
    pub(super) fn new(hidden: HashSet<ObjectIdentifier>) -> Reader {
        Reader { fonts: Fonts::default(), hidden, budget: FILE_BUDGET }
    }

    pub(super) fn page(&mut self, page: &PdfPage<'_>, number: u32) -> Page {
        let (width, height) = page.render_dimensions();
        let allowed = PAGE_BUDGET.min(self.budget);
        let mut drawing = Drawing::new(&mut self.fonts, &self.hidden, allowed);
        let state = State::new(Matrix(page.initial_transform(true).as_coeffs()));
        if let Some(stream) = page.page_stream() {
            drawing.run(stream, page.resources(), state, 0);
        }
        let spent = allowed - drawing.budget;
        let (glyphs, rules, picture_area) = (drawing.glyphs, drawing.rules, drawing.picture_area);
        self.budget -= spent;
        let mut read = Page { number, width, height, label: None, glyphs, rules, picture_only: false, unread: 0 };
        let (width, height) = (f64::from(width), f64::from(height));
        let shown = |[x0, y0, x1, y1]: [f32; 4]| x1 > -1.0 && y1 > -1.0 && f64::from(x0) < width + 1.0 && f64::from(y0) < height + 1.0;
        read.glyphs.retain(|glyph| shown(glyph.bbox));
        turn(&mut read);
        once(&mut read.glyphs);
        read.unread = read.glyphs.iter().filter(|glyph| glyph.c == char::REPLACEMENT_CHARACTER).count() as u32;
        // A scanned page may carry a stamped page number.
        let text = read.glyphs.iter().filter(|glyph| !glyph.artifact).count();
        read.picture_only = text == 0 && picture_area > 0.0 || text < 20 && picture_area * 2.0 > width * height;
        read
    }
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
        let near = glyph.size * 0.12;
        let cell = |value: f32| (value / 2.0).floor() as i32;
        let again = (cell(x - near)..=cell(x + near))
            .flat_map(|column| (cell(y - near)..=cell(y + near)).map(move |row| (column, row)))
            .filter_map(|(column, row)| seen.get(&(glyph.c, column, row)))
            .flatten()
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

/// What `q` saves and `Q` restores.
#[derive(Clone)]
struct State {
    map: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

impl State {
    fn new(map: Matrix) -> State {
        State { map, font: None, size: 0.0, char_space: 0.0, word_space: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0, mode: 0 }
    }
}

/// A stretch of marked content.
struct Mark {
    artifact: bool,
    hidden: bool,
    /// The text that is meant, whatever is drawn.
    meant: Option<String>,
    /// The first character drawn in it.
    from: usize,
}

struct Drawing<'f> {
    fonts: &'f mut Fonts,
    hidden: &'f HashSet<ObjectIdentifier>,
    budget: usize,
    glyphs: Vec<Glyph>,
    rules: Vec<Rule>,
    marks: Vec<Mark>,
    picture_area: f64,
    /// The path under construction: its pieces, closed or not, each in points of the page.
    path: Vec<Vec<(f64, f64)>>,
    text: Matrix,
    line: Matrix,
}

impl<'f> Drawing<'f> {
    fn new(fonts: &'f mut Fonts, hidden: &'f HashSet<ObjectIdentifier>, budget: usize) -> Drawing<'f> {
        Drawing {
            fonts,
            hidden,
            budget,
            glyphs: Vec::new(),
            rules: Vec::new(),
            marks: Vec::new(),
            picture_area: 0.0,
            path: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        }
    }

    /// Spends some of the budget; `false` once it is used up.
    fn spend(&mut self, amount: usize) -> bool {
        let enough = self.budget >= amount;
        self.budget = self.budget.saturating_sub(amount);
        enough
    }

    fn run(&mut self, stream: &[u8], resources: &Resources<'_>, mut state: State, depth: usize) {
        let mut saved: Vec<State> = Vec::new();
        let marks = self.marks.len();
        let mut ops = TypedIter::new(stream);
        while let Some(op) = ops.next() {
            if !self.spend(1) || self.glyphs.len() > MOST_GLYPHS {
                break;
            }
            match op {
                Op::SaveState(_) if saved.len() < 500 => saved.push(state.clone()),
                Op::RestoreState(_) => state = saved.pop().unwrap_or(state),
                Op::Transform(t) => state.map = matrix([t.0, t.1, t.2, t.3, t.4, t.5]).then(state.map),
                Op::XObject(name) => {
                    if let Some(object) = resources.get_x_object(name.0) {
                        self.object(&object, resources, &state, depth);
                    }
                }
                Op::InlineImage(_) => self.picture(state.map),
                Op::BeginMarkedContent(tag) => self.begin(tag.0, None, resources),
                Op::BeginMarkedContentWithProperties(marked) => self.begin(marked.0, Some(marked.1), resources),
                Op::EndMarkedContent(_) if self.marks.len() > marks => self.end(),
                Op::BeginText(_) => {
                    self.text = Matrix::IDENTITY;
                    self.line = Matrix::IDENTITY;
                }
                Op::CharacterSpacing(space) => state.char_space = space.0.as_f64(),
                Op::WordSpacing(space) => state.word_space = space.0.as_f64(),
                Op::HorizontalScaling(percent) => state.stretch = percent.0.as_f64() / 100.0,
                Op::TextLeading(leading) => state.leading = leading.0.as_f64(),
                Op::TextRise(rise) => state.rise = rise.0.as_f64(),
                Op::TextRenderingMode(mode) => state.mode = mode.0.as_i64(),
                Op::TextFont(font) => {
                    state.size = font.1.as_f64();
                    state.font = resources.get_font(font.0).map(|dict| self.fonts.font(&dict));
                }
                Op::NextLine(by) => self.next_line(by.0.as_f64(), by.1.as_f64()),
                Op::NextLineAndSetLeading(by) => {
                    state.leading = -by.1.as_f64();
                    self.next_line(by.0.as_f64(), by.1.as_f64());
                }
                Op::NextLineUsingLeading(_) => self.next_line(0.0, -state.leading),
                Op::SetTextMatrix(t) => {
                    self.line = matrix([t.0, t.1, t.2, t.3, t.4, t.5]);
                    self.text = self.line;
                }
                Op::ShowText(text) => self.show(text.0, &state),
                Op::NextLineAndShowText(text) => {
                    self.next_line(0.0, -state.leading);
                    self.show(text.0, &state);
                }
                Op::ShowTextWithParameters(shown) => {
                    state.word_space = shown.0.as_f64();
                    state.char_space = shown.1.as_f64();
                    self.next_line(0.0, -state.leading);
                    self.show(shown.2, &state);
                }
                Op::ShowTexts(shown) => {
                    for item in shown.0.iter::<Object<'_>>() {
                        match item {
                            Object::String(text) => self.show(&text, &state),
                            Object::Number(by) => self.shift(-by.as_f64() / 1000.0 * state.size, &state),
                            _ => {}
                        }
                    }
                }
                Op::MoveTo(to) => self.path.push(vec![state.map.at(to.0.as_f64(), to.1.as_f64())]),
                Op::LineTo(to) => self.line_to(state.map.at(to.0.as_f64(), to.1.as_f64())),
                Op::CubicTo(to) => self.line_to(state.map.at(to.4.as_f64(), to.5.as_f64())),
                Op::CubicStartTo(to) => self.line_to(state.map.at(to.2.as_f64(), to.3.as_f64())),
                Op::CubicEndTo(to) => self.line_to(state.map.at(to.2.as_f64(), to.3.as_f64())),
                Op::ClosePath(_) => {
                    if let Some(piece) = self.path.last_mut() {
                        let first = piece[0];
                        piece.push(first);
                    }
                }
                Op::RectPath(r) => {
                    let (x, y, w, h) = (r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
                    let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
                    self.path.push(corners.map(|(x, y)| state.map.at(x, y)).to_vec());
                }
                Op::StrokePath(_) | Op::CloseAndStrokePath(_) => self.stroke(matches!(op, Op::CloseAndStrokePath(_))),
                Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => self.fill(),
                Op::FillAndStrokeNonZero(_)
                | Op::FillAndStrokeEvenOdd(_)
                | Op::CloseFillAndStrokeNonZero(_)
                | Op::CloseFillAndStrokeEvenOdd(_) => self.stroke(true),
                Op::EndPath(_) => self.path.clear(),
                _ => {}
            }
        }
        while self.marks.len() > marks {
            self.end();
        }
    }

    fn object(&mut self, object: &Stream<'_>, resources: &Resources<'_>, state: &State, depth: usize) {
        let dict = object.dict();
        if dict.get::<Dict<'_>>("OC").is_some_and(|layer| self.is_hidden(&layer)) {
            return;
        }
        match dict.get::<Name<'_>>("Subtype").as_ref().map(|kind| kind.as_str()) {
            Some("Image") => self.picture(state.map),
            Some("Form") if depth < DEEPEST => {
                let Ok(stream) = object.decoded() else { return };
                // Decoding costs too: a form that is drawn a million times is a bomb.
                if !self.spend(stream.len() / 16 + 1) {
                    return;
                }
                let mut inner = state.clone();
                if let Some(numbers) = dict.get::<[f64; 6]>("Matrix") {
                    inner.map = Matrix(numbers).then(state.map);
                }
                let (text, line) = (self.text, self.line);
                let path = std::mem::take(&mut self.path);
                match dict.get::<Dict<'_>>("Resources") {
                    Some(own) => self.run(&stream, &Resources::new(own), inner, depth + 1),
                    None => self.run(&stream, resources, inner, depth + 1),
                }
                (self.text, self.line, self.path) = (text, line, path);
            }
            _ => {}
        }
    }

    fn picture(&mut self, map: Matrix) {
        let [x0, y0, x1, y1] = map.bounds(0.0, 0.0, 1.0, 1.0);
        self.picture_area += (x1 - x0) * (y1 - y0);
    }

    // -------------------------------------------------------------- marked content

    fn is_hidden(&self, layer: &Dict<'_>) -> bool {
        let off = |layer: &Dict<'_>| layer.obj_id().is_some_and(|id| self.hidden.contains(&id));
        // A membership names its layers; it is hidden where all of them are.
        match (layer.get::<hayro_syntax::object::Array<'_>>("OCGs"), layer.get::<Dict<'_>>("OCGs")) {
            (Some(several), _) => {
                let mut several = several.iter::<Dict<'_>>().peekable();
                several.peek().is_some() && several.all(|layer| off(&layer))
            }
            (None, Some(one)) => off(&one),
            (None, None) => off(layer),
        }
    }

    fn begin(&mut self, tag: &Name<'_>, properties: Option<&Object<'_>>, resources: &Resources<'_>) {
        if self.marks.len() > 500 {
            self.marks.remove(0);
        }
        let properties = match properties {
            Some(Object::Dict(dict)) => Some(dict.clone()),
            Some(Object::Name(name)) => resources.properties.get::<Dict<'_>>(name),
            _ => None,
        };
        let above = self.marks.last();
        let hidden = tag.as_str() == "OC" && properties.as_ref().is_some_and(|layer| self.is_hidden(layer));
        let meant = properties.and_then(|dict| dict.get::<PdfString<'_>>("ActualText")).map(|text| text_of(&text));
        let mark = Mark {
            artifact: tag.as_str() == "Artifact" || above.is_some_and(|above| above.artifact),
            hidden: hidden || above.is_some_and(|above| above.hidden),
            meant,
            from: self.glyphs.len(),
        };
        self.marks.push(mark);
    }

    /// Ends a stretch: where it says what it means, that is put in place of what was drawn.
    fn end(&mut self) {
        let Some(Mark { meant: Some(meant), from, .. }) = self.marks.pop() else { return };
        let from = from.min(self.glyphs.len());
        let drawn = &self.glyphs[from..];
        let meant: Vec<char> = meant.chars().filter(|c| !c.is_control() && !matches!(c, '\u{AD}' | '\u{200B}')).collect();
        let Some(first) = drawn.first().cloned() else { return };
        let inked = drawn.iter().filter(|glyph| glyph.c != ' ').count();
        let solid: Vec<char> = meant.iter().copied().filter(|c| !c.is_whitespace()).collect();
        if solid.len() == inked {
            let mut solid = solid.into_iter();
            for glyph in self.glyphs[from..].iter_mut().filter(|glyph| glyph.c != ' ') {
                glyph.c = solid.next().map_or(glyph.c, names::plain);
            }
            return;
        }
        let line = drawn.iter().all(|glyph| (glyph.bbox[1] - first.bbox[1]).abs() < first.size * 0.5 && glyph.turn == 0);
        if !line && !solid.is_empty() {
            return;
        }
        let x0 = drawn.iter().map(|glyph| glyph.bbox[0]).fold(f32::MAX, f32::min);
        let x1 = drawn.iter().map(|glyph| glyph.bbox[2]).fold(f32::MIN, f32::max);
        let step = (x1 - x0) / meant.len().max(1) as f32;
        self.glyphs.truncate(from);
        for (at, c) in meant.into_iter().enumerate().filter(|(_, c)| !c.is_whitespace()) {
            let left = x0 + at as f32 * step;
            let bbox = [left, first.bbox[1], left + step, first.bbox[3]];
            self.glyphs.push(Glyph { c: names::plain(c), bbox, ..first.clone() });
        }
    }

    // -------------------------------------------------------------- text

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line);
        self.text = self.line;
    }

    /// Moves on along the line, in text units before stretching.
    fn shift(&mut self, by: f64, state: &State) {
        let vertical = state.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical { (0.0, by) } else { (by * state.stretch, 0.0) };
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.text);
    }

    fn show(&mut self, bytes: &[u8], state: &State) {
        let Some(font) = state.font.clone() else { return };
        let hidden = self.marks.last().is_some_and(|mark| mark.hidden);
        let artifact = self.marks.last().is_some_and(|mark| mark.artifact);
        let mut at = 0;
        while at < bytes.len() {
            if !self.spend(1) {
                return;
            }
            let shown = font.next(&bytes[at..]);
            at += shown.length;
            if !hidden {
                self.place(&font, &shown.text, shown.width, artifact, state);
            }
            let space = if shown.length == 1 && bytes[at - 1] == b' ' { state.word_space } else { 0.0 };
            let across = if font.vertical { -1.0 } else { shown.width };
            self.shift(across * state.size + state.char_space + space, state);
        }
    }

    /// Puts the characters that a code stands for side by side into its box.
    fn place(&mut self, font: &Font, text: &[char], width: f64, artifact: bool, state: &State) {
        if text.is_empty() || state.size == 0.0 {
            return;
        }
        let map = Matrix([state.size * state.stretch, 0.0, 0.0, state.size, 0.0, state.rise]).then(self.text).then(state.map);
        let [a, b, c, d, ..] = map.0;
        let size = c.hypot(d) as f32;
        if !size.is_finite() || size < 0.5 {
            return;
        }
        let turn = match (a.abs() >= b.abs(), a >= 0.0, b >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            (false, _, true) => 1,
            (false, _, false) => 3,
        };
        let turn = if font.vertical { 1 } else { turn };
        let bold = font.bold || state.mode == 2;
        let count = text.len() as f64;
        for (at, &c) in text.iter().enumerate() {
            if c.is_whitespace() || c.is_control() || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}') {
                continue;
            }
            let (from, to) = (width * at as f64 / count, width * (at as f64 + 1.0) / count);
            let bounds = if font.vertical {
                map.bounds(-width / 2.0, -1.0, width / 2.0, 0.0)
            } else {
                map.bounds(from, DESCENT, to.max(from + 0.05), ASCENT)
            };
            let bbox = bounds.map(|edge| edge as f32);
            if bbox.iter().all(|edge| edge.is_finite()) {
                self.glyphs.push(Glyph { c, bbox, size, bold, artifact, turn });
            }
        }
    }

    // -------------------------------------------------------------- ruled lines

    fn line_to(&mut self, to: (f64, f64)) {
        match self.path.last_mut() {
            Some(piece) => piece.push(to),
            None => self.path.push(vec![to]),
        }
    }

    fn rule(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let bbox = [x0.min(x1) as f32, y0.min(y1) as f32, x0.max(x1) as f32, y0.max(y1) as f32];
        if self.rules.len() < MOST_RULES && bbox.iter().all(|edge| edge.is_finite()) {
            self.rules.push(Rule { bbox });
        }
    }

    /// Lines drawn: each stretch that is level or upright.
    fn stroke(&mut self, closed: bool) {
        for mut piece in std::mem::take(&mut self.path) {
            if closed {
                piece.push(piece[0]);
            }
            for pair in piece.windows(2) {
                let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
                let (width, height) = ((x1 - x0).abs(), (y1 - y0).abs());
                if width.min(height) < 0.7 && width.max(height) > 3.0 {
                    self.rule(x0, y0, x1, y1);
                }
            }
        }
    }

    /// Areas filled: a thin one is a line.
    fn fill(&mut self) {
        for piece in std::mem::take(&mut self.path) {
            let fold = |pick: fn(&(f64, f64)) -> f64, better: fn(f64, f64) -> f64| piece.iter().map(pick).reduce(better).unwrap_or(0.0);
            let (x0, y0) = (fold(|p| p.0, f64::min), fold(|p| p.1, f64::min));
            let (x1, y1) = (fold(|p| p.0, f64::max), fold(|p| p.1, f64::max));
            let (thin, long) = ((x1 - x0).min(y1 - y0), (x1 - x0).max(y1 - y0));
            if thin <= 2.5 && long > 3.0 {
                self.rule(x0, y0, x1, y1);
            }
        }
    }
}
