//! Reads web pages: headings, paragraphs, lists and tables as a browser shows them.
//!
//! In:  HTML in any of the encodings of `text`, as damaged as browsers bear it.
//! Out: an [`Outline`](crate::model::Outline); offsets count the characters of its text, without tags.
//!
//! What is hidden, scripts and forms are left out; navigation and the page's foot are furniture. A table that holds tables or headings is
//! a layout, and its cells are read one after the other.

use super::outline::{GridCell, Writer};
use super::{Decoded, Format, ends_in, text};
use crate::error::{Error, Result};
use crate::model::Placing;
use html5ever::interface::tree_builder::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

pub(super) const FORMAT: Format = Format { extensions: &["html", "htm", "xhtml"], fits, read };

/// Elements that stand within lines of text or hold no other text of the page.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
];

/// Elements whose text is none of the page's.
const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "head", "title", "iframe", "object", "select", "textarea", "button", "svg", "math", "audio",
    "video", "canvas", "del", "rp", "rt",
];

/// Nested deeper than any page is: a trap.
const DEEPEST: u32 = 400;

/// A page is named so, or begins with a tag that pages begin with, perhaps behind comments and an XML declaration.
fn fits(name: &str, bytes: &[u8]) -> bool {
    if ends_in(name, FORMAT.extensions) {
        return true;
    }
    let head = text::head(bytes).to_lowercase();
    let mut rest = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    loop {
        let skipped = ["<!--", "<?xml"].iter().find_map(|open| rest.strip_prefix(open));
        let Some(behind) = skipped else { break };
        let Some(end) = behind.find('>') else { return behind.contains("<html") };
        rest = behind[end + 1..].trim_start();
    }
    let tags = ["!doctype html", "html", "head", "body", "meta", "title", "table", "div", "center", "style"];
    rest.strip_prefix('<').is_some_and(|rest| {
        tags.iter().any(|tag| rest.strip_prefix(tag).is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric())))
    })
}

fn read(_: &str, bytes: &[u8], _: Option<&str>) -> Result<Decoded> {
    let (text, encoding) = text::decode(bytes)?;
    let tree = tree(&text)?;
    let mut walk =
        Walk { nodes: &tree, writer: Writer::default(), line: String::new(), bold: 0, crossed: 9, is_bold: false, furniture: false };
    walk.children(0)?;
    walk.flush();
    let title = walk.title();
    let decoded = walk.writer.decoded("the web page", "text/html", Some(encoding), Placing::Characters)?;
    Ok(Decoded { title, ..decoded })
}

/// Parses a page, a piece at a time, so that a trap is seen before it closes.
fn tree(text: &str) -> Result<Vec<Node>> {
    let mut parser = parse_document(Sink::new(), ParseOpts::default());
    let mut rest = text;
    while !rest.is_empty() {
        let end = (rest.len().min(4096)..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        parser.process(StrTendril::from(&rest[..end]));
        rest = &rest[end..];
        let sink = &parser.tokenizer.sink.sink;
        if sink.deepest.get() > DEEPEST || sink.nodes.borrow().len() > text.len() * 2 + 1000 {
            return Err(Error::failed(format!(
                "the web page nests its elements more than {DEEPEST} deep; expected a page that a person made"
            )));
        }
    }
    let sink = parser.finish();
    Ok(sink.nodes.into_inner())
}

// ------------------------------------------------------------------ the tree

/// A node of the page's tree.
struct Node {
    parent: usize,
    children: Vec<usize>,
    what: What,
    depth: u32,
}

enum What {
    Element(QualName, Vec<(LocalName, String)>),
    Text(String),
    Other,
}

impl Node {
    fn new(what: What) -> Node {
        Node { parent: 0, children: Vec::new(), what, depth: 0 }
    }

    fn name(&self) -> Option<&str> {
        match &self.what {
            What::Element(name, _) => Some(&name.local),
            _ => None,
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        match &self.what {
            What::Element(_, attributes) => attributes.iter().find(|(known, _)| &**known == name).map(|(_, value)| value.as_str()),
            _ => None,
        }
    }
}

/// Takes the tree from the parser; node 0 is the document.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    deepest: Cell<u32>,
}

impl Sink {
    fn new() -> Sink {
        Sink { nodes: RefCell::new(vec![Node::new(What::Other)]), deepest: Cell::new(0) }
    }

    fn push(&self, what: What) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node::new(what));
        nodes.len() - 1
    }

    fn insert(&self, parent: usize, before: Option<usize>, child: NodeOrText<usize>) {
        let mut nodes = self.nodes.borrow_mut();
        let at = before.and_then(|sibling| nodes[parent].children.iter().rposition(|known| *known == sibling));
        let at = at.unwrap_or(nodes[parent].children.len());
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let last = at.checked_sub(1).map(|last| nodes[parent].children[last]);
                if let Some(What::Text(known)) = last.map(|last| &mut nodes[last].what) {
                    known.push_str(&text);
                    return;
                }
                nodes.push(Node::new(What::Text(text.to_string())));
                nodes.len() - 1
            }
        };
        nodes[parent].children.insert(at, child);
        nodes[child].parent = parent;
        nodes[child].depth = nodes[parent].depth + 1;
        self.deepest.set(self.deepest.get().max(nodes[child].depth));
    }
}

/// The name of an element, for the parser.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Sink;
    type ElemName<'a> = Name;

    fn finish(self) -> Sink {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Name {
        match &self.nodes.borrow()[*target].what {
            What::Element(name, _) => Name(name.clone()),
            _ => Name(QualName::new(None, Namespace::default(), LocalName::default())),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        let kept = |name: &str| matches!(name, "colspan" | "rowspan" | "style" | "hidden");
        let attributes = attributes.into_iter().filter(|attribute| kept(&attribute.name.local));
        self.push(What::Element(name, attributes.map(|attribute| (attribute.name.local, attribute.value.to_string())).collect()))
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.push(What::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.push(What::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let parent = self.nodes.borrow()[*element].parent;
        if parent == 0 {
            self.insert(*previous, None, child);
        } else {
            self.insert(parent, Some(*element), child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let parent = self.nodes.borrow()[*sibling].parent;
        self.insert(parent, Some(*sibling), child);
    }

    fn add_attrs_if_missing(&self, _: &usize, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let parent = nodes[*target].parent;
        nodes[parent].children.retain(|child| child != target);
    }

    fn reparent_children(&self, node: &usize, parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        let depth = nodes[*parent].depth;
        for child in &children {
            nodes[*child].parent = *parent;
            nodes[*child].depth = depth + 1;
        }
        nodes[*parent].children.extend(children);
    }
}

// ------------------------------------------------------------------ the page

/// Goes through the tree and writes what it holds.
struct Walk<'t> {
    nodes: &'t [Node],
    writer: Writer,
    /// The line so far.
    line: String,
    /// How many of its characters are in bold type.
    bold: usize,
    /// Beginnings and ends of blocks since the last line: beside one another stand lines that only two part.
    crossed: u32,
    is_bold: bool,
    furniture: bool,
}

impl Walk<'_> {
    fn title(&self) -> Option<String> {
        let title = self.nodes.iter().position(|node| node.name() == Some("title"))?;
        let text = self.text_of(title);
        (!text.trim().is_empty()).then(|| text.trim().to_string())
    }

    fn is_unseen(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        let style = node.attribute("style").unwrap_or_default().to_lowercase().replace(' ', "");
        node.name().is_some_and(|name| UNSEEN.contains(&name))
            || node.attribute("hidden").is_some()
            || style.contains("display:none")
            || style.contains("visibility:hidden")
            || style.contains("mso-hide:all")
    }

    fn children(&mut self, node: usize) -> Result<()> {
        self.nodes[node].children.iter().try_for_each(|child| self.node(*child))
    }

    fn node(&mut self, at: usize) -> Result<()> {
        let node = &self.nodes[at];
        match &node.what {
            What::Other => self.children(at),
            What::Text(text) => {
                append(&mut self.line, text);
                self.bold += if self.is_bold { text.chars().filter(|c| !c.is_whitespace()).count() } else { 0 };
                Ok(())
            }
            What::Element(name, _) => {
                if self.is_unseen(at) {
                    return Ok(());
                }
                match &*name.local {
                    "br" => {
                        if self.line.trim().is_empty() {
                            self.crossed += 3;
                        }
                        self.flush();
                        Ok(())
                    }
                    "hr" => {
                        self.flush();
                        self.crossed += 3;
                        Ok(())
                    }
                    "b" | "strong" => {
                        let before = std::mem::replace(&mut self.is_bold, true);
                        self.children(at)?;
                        self.is_bold = before;
                        Ok(())
                    }
                    "sup" => {
                        let text = raised(&self.line, &self.text_of(at));
                        self.line.push_str(&text);
                        Ok(())
                    }
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if !self.furniture => {
                        self.flush();
                        let level = name.local.as_bytes()[1] - b'0';
                        let text = self.text_of(at);
                        self.writer.heading(level, &text);
                        self.crossed = 9;
                        Ok(())
                    }
                    "pre" => {
                        self.flush();
                        for line in self.raw_text(at).lines() {
                            self.line.push_str(line);
                            self.flush();
                        }
                        Ok(())
                    }
                    "table" if !self.furniture => self.table(at),
                    "nav" | "footer" => {
                        let before = std::mem::replace(&mut self.furniture, true);
                        self.block(at)?;
                        self.furniture = before;
                        Ok(())
                    }
                    local if INLINE.contains(&local) => self.children(at),
                    _ => self.block(at),
                }
            }
        }
    }

    fn block(&mut self, at: usize) -> Result<()> {
        self.flush();
        self.crossed += 1;
        self.children(at)?;
        self.flush();
        self.crossed += 1;
        Ok(())
    }

    /// Writes the line.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let bold = std::mem::take(&mut self.bold);
        if line.trim().is_empty() {
            return;
        }
        if self.furniture {
            self.writer.furniture(&line);
        } else {
            let is_bold = bold > 0 && bold >= line.chars().filter(|c| !c.is_whitespace()).count();
            self.writer.paragraph(&line, self.crossed > 2, is_bold);
        }
        self.crossed = 0;
    }

    fn table(&mut self, at: usize) -> Result<()> {
        self.flush();
        self.crossed = 9;
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut captions: Vec<usize> = Vec::new();
        self.rows(at, &mut rows, &mut captions);
        for caption in captions {
            self.block(caption)?;
        }
        let cells = || rows.iter().flatten().copied();
        let is_layout = rows.iter().all(|row| row.len() < 2) || cells().any(|cell| self.holds_blocks(cell));
        if is_layout {
            for cell in cells() {
                self.block(cell)?;
                self.crossed = 9;
            }
            return Ok(());
        }
        let grid = rows.iter().map(|row| row.iter().map(|cell| self.cell(*cell)).collect()).collect();
        self.writer.table(grid)?;
        self.crossed = 9;
        Ok(())
    }

    /// The cells of each row of a table, and its captions.
    fn rows(&self, at: usize, rows: &mut Vec<Vec<usize>>, captions: &mut Vec<usize>) {
        for &child in &self.nodes[at].children {
            if self.is_unseen(child) {
                continue;
            }
            match self.nodes[child].name() {
                Some("tr") => {
                    let cells = self.nodes[child].children.iter().copied();
                    let is_cell = |cell: &usize| matches!(self.nodes[*cell].name(), Some("td" | "th")) && !self.is_unseen(*cell);
                    rows.push(cells.filter(is_cell).collect());
                }
                Some("caption") => captions.push(child),
                Some("thead" | "tbody" | "tfoot") => self.rows(child, rows, captions),
                _ => {}
            }
        }
    }

    fn holds_blocks(&self, at: usize) -> bool {
        let name = self.nodes[at].name();
        matches!(name, Some("table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")) || {
            self.nodes[at].children.iter().any(|child| self.holds_blocks(*child))
        }
    }

    fn cell(&self, at: usize) -> GridCell {
        let node = &self.nodes[at];
        let text = self.text_of(at);
        let number = |name: &str| node.attribute(name).and_then(|value| value.trim().parse().ok()).unwrap_or(1);
        let blanks = text.chars().take_while(|c| c.is_whitespace());
        let indent = blanks.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum::<u32>() + self.indent(at);
        // A span of nought reaches down to the end.
        let rows = if node.attribute("rowspan").map(str::trim) == Some("0") { u32::MAX } else { number("rowspan") };
        GridCell { text, indent, columns: number("colspan"), rows }
    }

    /// How far a cell's style moves its text in, in half characters: those of a usual font are 7 pixels wide.
    fn indent(&self, at: usize) -> u32 {
        let mut indent = 0.0;
        for node in std::iter::once(at).chain(self.nodes[at].children.first().copied()) {
            let style = self.nodes[node].attribute("style").unwrap_or_default().to_lowercase();
            for (name, value) in style.split(';').filter_map(|rule| rule.split_once(':')) {
                if !matches!(name.trim(), "padding-left" | "text-indent" | "margin-left") {
                    continue;
                }
                let value = value.trim();
                let width = [("px", 1.0 / 7.0), ("pt", 1.0 / 5.25), ("rem", 2.0), ("em", 2.0), ("char", 2.0)];
                let width = width.iter().find_map(|(unit, width)| Some(value.strip_suffix(unit)?.trim().parse::<f64>().ok()? * width));
                indent += width.unwrap_or(0.0).clamp(0.0, 100.0);
            }
        }
        indent as u32
    }

    /// The text of a node on one line.
    fn text_of(&self, at: usize) -> String {
        let mut text = String::new();
        self.collect(at, &mut text);
        text
    }

    fn collect(&self, at: usize, text: &mut String) {
        for &child in &self.nodes[at].children {
            match &self.nodes[child].what {
                What::Text(more) => append(text, more),
                What::Element(name, _) if !self.is_unseen(child) => match &*name.local {
                    "br" => append(text, " "),
                    "sup" => {
                        let more = raised(text, &self.text_of(child));
                        text.push_str(&more);
                    }
                    local if INLINE.contains(&local) => self.collect(child, text),
                    _ => {
                        append(text, " ");
                        self.collect(child, text);
                        append(text, " ");
                    }
                },
                _ => {}
            }
        }
    }

    /// The text of a node with its line ends.
    fn raw_text(&self, at: usize) -> String {
        let mut text = String::new();
        for &child in &self.nodes[at].children {
            match &self.nodes[child].what {
                What::Text(more) => text.push_str(more),
                What::Element(name, _) if !self.is_unseen(child) && &*name.local == "br" => text.push('\n'),
                What::Element(..) if !self.is_unseen(child) => text += &self.raw_text(child),
                _ => {}
            }
        }
        text
    }
}

/// Adds text to a line; white space is one blank, but wide and unbreakable blanks stay.
fn append(line: &mut String, text: &str) {
    for c in text.chars() {
        if !matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}') {
            line.push(c);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
}

/// What raised text reads as behind a line: 「m²」; the mark of a note is no part of the number before it.
pub(super) fn raised(line: &str, text: &str) -> String {
    let text = text.trim();
    let unit = line.ends_with(|c: char| c.is_ascii_alphabetic());
    match text {
        "2" if unit => "²".into(),
        "3" if unit => "³".into(),
        _ => {
            let mark = text.chars().count() <= 6 && text.chars().all(|c| c.is_ascii_digit() || "[]()【】（）〔〕*※,，、注".contains(c));
            if mark { String::new() } else { text.to_string() }
        }
    }
}
