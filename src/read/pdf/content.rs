//! Follows the drawing of a page: where each character and each ruled line comes to stand.
//!
//! In:  the content stream of a page and what it refers to.
//! Out: [`Drawing`]: characters and ruled lines in the order drawn, and what was too much to follow.
//!
//! What a stretch of marked content says about itself is honoured: its text as meant (ActualText), that it is furniture
//! (Artifact), that its layer is switched off. Forms within forms and endless streams run into a budget: what is read up to there stays,
//! and the [`Cut`] is told.

use super::filters::{self, unpacked};
use super::font::{Font, Fonts};
use super::page::{Budget, FILE, PAGE};
use super::{names, text_of};
use crate::model::{Glyph, Rule};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Name, Number, Object, ObjectIdentifier, Stream, String as PdfString};
use hayro_syntax::page::Resources;
use memchr::memmem;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::rc::Rc;

/// Forms within forms.
const DEEPEST_FORM: usize = 20;
/// Marked content within marked content, and graphics states saved.
const DEEPEST_MARK: usize = 500;
const DEEPEST_STATE: usize = 10_000;
/// Corners of a path.
const MOST_CORNERS: usize = 500_000;

/// A form unpacks so many bytes a step each time that it is drawn, and so does what is looked up.
const BYTES_PER_STEP: usize = 16;
/// A step goes through so many bytes in search of the end of an inline picture.
const SEARCHED_PER_STEP: usize = 200;

/// Put behind a stream, to see whether its end is reached: the library stops where it cannot go on.
const END: &[u8] = b"\nend-of-stream";

/// Why something of a page was not read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    Missing,
    Broken,
    Large,
    Packing,
    Steps,
    Glyphs,
    Rules,
    Deep,
    Picture,
    Fonts,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cut::Missing => write!(f, "a part of its content is not in the file"),
            Cut::Broken => write!(f, "a part of its content is damaged"),
            Cut::Large => write!(f, "its content unpacks to more than {} MB", filters::MOST_BYTES >> 20),
            Cut::Packing => write!(f, "a part of its content is packed in a way that is not known"),
            Cut::Steps => write!(f, "it is drawn in more than {} steps, or the file in more than {}", PAGE.steps, FILE.steps),
            Cut::Glyphs => write!(f, "it holds more than {} characters, or the file more than {}", PAGE.glyphs, FILE.glyphs),
            Cut::Rules => write!(f, "it holds more than {} ruled lines, or the file more than {}", PAGE.rules, FILE.rules),
            Cut::Deep => write!(f, "its forms stand more than {DEEPEST_FORM} deep in one another, or its marks {DEEPEST_MARK}"),
            Cut::Picture => write!(f, "a picture among its text has no end"),
            Cut::Fonts => write!(f, "the tables of its fonts are larger than those of any report"),
        }
    }
}

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

/// What `q` saves and `Q` restores.
#[derive(Clone)]
pub(super) struct State {
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
    pub(super) fn new(map: [f64; 6]) -> State {
        let map = Matrix(map);
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

/// A stream being followed: a page's or a form's.
struct Scope<'r, 'p> {
    resources: &'r Resources<'p>,
    /// Its fonts, by the names that they go by in it.
    fonts: HashMap<Vec<u8>, Option<Rc<Font>>>,
    state: State,
    saved: Vec<State>,
    /// States that were not saved, since they are too many.
    unsaved: usize,
    /// Marks that were open before it.
    marks: usize,
    /// Marks that were not kept, since they are too deep.
    unmarked: usize,
    /// Forms that it stands in.
    depth: usize,
}

/// What has been drawn.
pub(super) struct Drawing<'f> {
    fonts: &'f mut Fonts,
    hidden: &'f HashSet<ObjectIdentifier>,
    /// What may still be drawn.
    pub(super) budget: Budget,
    pub(super) cut: BTreeSet<Cut>,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// In square points; where pictures lie over one another each counts.
    pub(super) picture_area: f64,
    /// Curves of paths; letters may be drawn as such.
    pub(super) curves: usize,
    marks: Vec<Mark>,
    /// The path under construction: its pieces, closed or not, each in points of the page.
    path: Vec<Vec<(f64, f64)>>,
    corners: usize,
    text: Matrix,
    line: Matrix,
}

impl<'f> Drawing<'f> {
    pub(super) fn new(fonts: &'f mut Fonts, hidden: &'f HashSet<ObjectIdentifier>, budget: Budget) -> Drawing<'f> {
        Drawing {
            fonts,
            hidden,
            budget,
            cut: BTreeSet::new(),
            glyphs: Vec::new(),
            rules: Vec::new(),
            picture_area: 0.0,
            curves: 0,
            marks: Vec::new(),
            path: Vec::new(),
            corners: 0,
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        }
    }

    /// Keeps in mind that something was not read, if so.
    pub(super) fn note(&mut self, cut: Option<Cut>) {
        self.cut.extend(cut);
    }

    /// Spends steps of the budget; `false` once they are used up.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        let enough = self.budget.steps >= steps;
        self.budget.steps = self.budget.steps.saturating_sub(steps);
        self.note((!enough).then_some(Cut::Steps));
        enough
    }

    /// Follows a stream to its end.
    pub(super) fn run(&mut self, stream: Cow<'_, [u8]>, resources: &Resources<'_>, state: State, depth: usize) {
        let marks = self.marks.len();
        let mut scope = Scope { resources, fonts: HashMap::new(), state, saved: Vec::new(), unsaved: 0, marks, unmarked: 0, depth };
        let mut stream = stream.into_owned();
        stream.truncate(self.searchable(&stream));
        stream.extend_from_slice(END);
        let mut ops = TypedIter::new(&stream);
        loop {
            match ops.next() {
                Some(Op::Fallback(operator)) if END.ends_with(operator) => break,
                Some(op) if self.spend(1) && !self.cut.contains(&Cut::Glyphs) => self.step(op, &mut scope),
                Some(_) => break,
                None => break self.note(Some(Cut::Broken)),
            }
        }
        while self.marks.len() > marks {
            self.end();
        }
    }

    /// How much of a stream can be searched: all of it, or up to pictures among its text whose ends take too long to find.
    ///
    /// The library looks from each `EI` for the next picture, which may be as far as the end.
    fn searchable(&mut self, stream: &[u8]) -> usize {
        let is_word = |at: &usize| {
            let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
            edge(at.checked_sub(1).and_then(|before| stream.get(before))) && edge(stream.get(at + 2))
        };
        let Some(first) = memmem::find_iter(stream, b"BI").find(is_word) else { return stream.len() };
        let mut next = stream.len();
        let mut searched = 0;
        let mut starts = memmem::rfind_iter(&stream[first..], b"BI").peekable();
        for end in memmem::rfind_iter(&stream[first..], b"EI") {
            while let Some(start) = starts.next_if(|start| *start > end) {
                next = first + start;
            }
            searched += next - (first + end);
        }
        if self.spend(searched / SEARCHED_PER_STEP) {
            return stream.len();
        }
        self.note(Some(Cut::Picture));
        first
    }

    /// An operation on the graphics state, of marked content or of something drawn whole.
    fn step(&mut self, op: Op<'_, '_>, scope: &mut Scope<'_, '_>) {
        match op {
            Op::SaveState(_) if scope.saved.len() < DEEPEST_STATE => scope.saved.push(scope.state.clone()),
            Op::SaveState(_) => {
                scope.unsaved += 1;
                self.note(Some(Cut::Deep));
            }
            Op::RestoreState(_) if scope.unsaved > 0 => scope.unsaved -= 1,
            Op::RestoreState(_) => {
                if let Some(state) = scope.saved.pop() {
                    scope.state = state;
                }
            }
            Op::Transform(t) => scope.state.map = matrix([t.0, t.1, t.2, t.3, t.4, t.5]).then(scope.state.map),
            Op::XObject(name) => {
                if let Some(object) = scope.resources.get_x_object(name.0) {
                    self.object(&object, scope);
                }
            }
            Op::InlineImage(_) => self.picture(scope.state.map),
            Op::BeginMarkedContent(tag) => self.begin(tag.0, None, scope),
            Op::BeginMarkedContentWithProperties(marked) => self.begin(marked.0, Some(marked.1), scope),
            Op::EndMarkedContent(_) if scope.unmarked > 0 => scope.unmarked -= 1,
            Op::EndMarkedContent(_) if self.marks.len() > scope.marks => self.end(),
            Op::TextFont(font) => {
                scope.state.size = font.1.as_f64();
                scope.state.font = self.font(font.0, scope);
            }
            op => self.text_step(op, &mut scope.state),
        }
    }

    /// A font by its name.
    fn font(&mut self, name: &Name<'_>, scope: &mut Scope<'_, '_>) -> Option<Rc<Font>> {
        if let Some(known) = scope.fonts.get(&**name) {
            return known.clone();
        }
        let font = scope.resources.get_font(name).filter(|dict| self.spend(dict.data().len() / BYTES_PER_STEP)).map(|dict| {
            let font = self.fonts.font(&dict);
            self.note(font.cut.then_some(Cut::Fonts));
            font
        });
        scope.fonts.insert(name.to_vec(), font.clone());
        font
    }

    /// An operation of text.
    fn text_step(&mut self, op: Op<'_, '_>, state: &mut State) {
        match op {
            Op::BeginText(_) => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            Op::CharacterSpacing(space) => state.char_space = space.0.as_f64(),
            Op::WordSpacing(space) => state.word_space = space.0.as_f64(),
            Op::HorizontalScaling(percent) => state.stretch = percent.0.as_f64() / 100.0,
            Op::TextLeading(leading) => state.leading = leading.0.as_f64(),
            Op::TextRise(rise) => state.rise = rise.0.as_f64(),
            Op::TextRenderingMode(mode) => state.mode = mode.0.as_i64(),
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
            Op::ShowText(text) => self.show(text.0, state),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -state.leading);
                self.show(text.0, state);
            }
            Op::ShowTextWithParameters(shown) => {
                state.word_space = shown.0.as_f64();
                state.char_space = shown.1.as_f64();
                self.next_line(0.0, -state.leading);
                self.show(shown.2, state);
            }
            Op::ShowTexts(shown) => {
                for item in shown.0.iter::<Object<'_>>() {
                    match item {
                        Object::String(text) => self.show(&text, state),
                        Object::Number(by) => self.shift(-by.as_f64() / 1000.0 * state.size, state),
                        _ => {}
                    }
                }
            }
            op => self.path_step(op, state.map),
        }
    }

    /// An operation of a path. The library hands a picture that has no end on as one without data.
    fn path_step(&mut self, op: Op<'_, '_>, map: Matrix) {
        match op {
            Op::MoveTo(to) => self.piece(vec![map.at(to.0.as_f64(), to.1.as_f64())]),
            Op::LineTo(to) => self.line_to(map.at(to.0.as_f64(), to.1.as_f64())),
            Op::CubicTo(to) => self.curve_to(map.at(to.4.as_f64(), to.5.as_f64())),
            Op::CubicStartTo(to) => self.curve_to(map.at(to.2.as_f64(), to.3.as_f64())),
            Op::CubicEndTo(to) => self.curve_to(map.at(to.2.as_f64(), to.3.as_f64())),
            Op::ClosePath(_) => {
                if let Some(first) = self.path.last().map(|piece| piece[0]) {
                    self.line_to(first);
                }
            }
            Op::RectPath(r) => {
                let (x, y, w, h) = (r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
                let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
                self.piece(corners.map(|(x, y)| map.at(x, y)).to_vec());
            }
            Op::StrokePath(_) => self.stroke(false),
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => self.fill(),
            Op::CloseAndStrokePath(_)
            | Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.stroke(true),
            Op::EndPath(_) => drop(self.taken_path()),
            Op::Fallback(operator) if **operator == *b"BI" => self.note(Some(Cut::Picture)),
            _ => {}
        }
    }

    fn object(&mut self, object: &Stream<'_>, scope: &Scope<'_, '_>) {
        let dict = object.dict();
        // Looking it up costs too, each time that it is drawn.
        if !self.spend(dict.data().len() / BYTES_PER_STEP) || dict.get::<Dict<'_>>("OC").is_some_and(|layer| self.is_hidden(&layer)) {
            return;
        }
        match dict.get::<Name<'_>>("Subtype").as_ref().map(|kind| kind.as_str()) {
            Some("Image") => self.picture(scope.state.map),
            Some("Form") if scope.depth < DEEPEST_FORM => self.form(object, scope),
            Some("Form") => self.note(Some(Cut::Deep)),
            _ => {}
        }
    }

    fn form(&mut self, object: &Stream<'_>, scope: &Scope<'_, '_>) {
        let dict = object.dict();
        let most = filters::MOST_BYTES.min(self.budget.steps * BYTES_PER_STEP);
        let Some(stream) = unpacked(object, most) else { return self.note(Some(Cut::Packing)) };
        self.note(stream.cut.then_some(Cut::Large));
        self.note(stream.broken.then_some(Cut::Broken));
        let own = dict.get::<Dict<'_>>("Resources");
        // Unpacking costs too: a form that is drawn a million times is a bomb.
        if !self.spend((stream.bytes.len() + own.as_ref().map_or(0, |own| own.data().len())) / BYTES_PER_STEP + 1) {
            return;
        }
        let mut inner = scope.state.clone();
        if let Some(numbers) = dict.get::<[f64; 6]>("Matrix") {
            inner.map = Matrix(numbers).then(scope.state.map);
        }
        let (text, line) = (self.text, self.line);
        let (path, corners) = (std::mem::take(&mut self.path), self.corners);
        match own {
            Some(own) => self.run(stream.bytes, &Resources::new(own), inner, scope.depth + 1),
            None => self.run(stream.bytes, scope.resources, inner, scope.depth + 1),
        }
        (self.text, self.line, self.path, self.corners) = (text, line, path, corners);
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

    fn begin(&mut self, tag: &Name<'_>, properties: Option<&Object<'_>>, scope: &mut Scope<'_, '_>) {
        if self.marks.len() >= DEEPEST_MARK {
            scope.unmarked += 1;
            return self.note(Some(Cut::Deep));
        }
        let properties = match properties {
            Some(Object::Dict(dict)) => Some(dict.clone()),
            Some(Object::Name(name)) => scope.resources.properties.get::<Dict<'_>>(name),
            _ => None,
        };
        let properties = properties.filter(|dict| self.spend(dict.data().len() / BYTES_PER_STEP));
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
            self.put(Glyph { c: names::plain(c), bbox, ..first.clone() });
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
                self.put(Glyph { c, bbox, size, bold, artifact, turn });
            }
        }
    }

    fn put(&mut self, glyph: Glyph) {
        match self.budget.glyphs.checked_sub(1) {
            Some(left) => {
                self.budget.glyphs = left;
                self.glyphs.push(glyph);
            }
            None => self.note(Some(Cut::Glyphs)),
        }
    }

    // -------------------------------------------------------------- ruled lines

    /// Begins a piece of the path.
    fn piece(&mut self, corners: Vec<(f64, f64)>) {
        self.corners += corners.len();
        if self.corners < MOST_CORNERS {
            self.path.push(corners);
        } else {
            self.note(Some(Cut::Rules));
        }
    }

    fn line_to(&mut self, to: (f64, f64)) {
        self.corners += 1;
        match self.path.last_mut() {
            Some(piece) if self.corners < MOST_CORNERS => piece.push(to),
            Some(_) => self.note(Some(Cut::Rules)),
            None => self.piece(vec![to]),
        }
    }

    /// A curve is no ruled line; where it ends the next stretch begins.
    fn curve_to(&mut self, to: (f64, f64)) {
        self.curves += 1;
        self.line_to(to);
    }

    fn taken_path(&mut self) -> Vec<Vec<(f64, f64)>> {
        self.corners = 0;
        std::mem::take(&mut self.path)
    }

    fn rule(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let bbox = [x0.min(x1) as f32, y0.min(y1) as f32, x0.max(x1) as f32, y0.max(y1) as f32];
        if !bbox.iter().all(|edge| edge.is_finite()) {
            return;
        }
        match self.budget.rules.checked_sub(1) {
            Some(left) => {
                self.budget.rules = left;
                self.rules.push(Rule { bbox });
            }
            None => self.note(Some(Cut::Rules)),
        }
    }

    /// Lines drawn: each stretch that is level or upright.
    fn stroke(&mut self, closed: bool) {
        for mut piece in self.taken_path() {
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
        for piece in self.taken_path() {
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
