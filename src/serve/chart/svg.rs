//! Writes SVG.
//!
//! In:  rectangles, paths, texts with what to say of them.
//! Out: a document that browsers, LibreOffice and Inkscape show; and the letters in it.
//!
//! A text is a text, in the first font of a list that the reader has; or outlines, which look the same everywhere and cannot be searched.

use super::font::{self, Fonts};
use crate::message::Language;
use quick_xml::escape::escape;
use std::collections::BTreeSet;
use std::fmt::{Display, Write};

/// Fonts with Chinese of Linux, macOS and Windows, the script of the language first.
const FAMILIES: [&str; 2] = [
    "'Noto Sans CJK TC','Noto Sans TC','Source Han Sans TC','PingFang TC','Microsoft JhengHei','WenQuanYi Zen Hei','Noto Sans CJK SC',sans-serif",
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Zen Hei','Noto Sans CJK TC',sans-serif",
];

/// To which side of its point a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture in the making.
pub(super) struct Pen<'f> {
    body: String,
    fonts: Option<&'f Fonts>,
    letters: BTreeSet<char>,
}

/// A picture.
pub(super) struct Picture {
    pub document: String,
    pub letters: BTreeSet<char>,
}

/// A number with two decimals at most.
pub(super) fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

impl<'f> Pen<'f> {
    pub(super) fn new(fonts: Option<&'f Fonts>) -> Pen<'f> {
        Pen { body: String::new(), fonts, letters: BTreeSet::new() }
    }

    fn line(&mut self, line: impl Display) {
        // Writing to a string does not fail.
        let _ = writeln!(self.body, "{line}");
    }

    /// What is drawn until `close` is about one thing, which a reader who points at it is told.
    pub(super) fn open(&mut self, says: &str) {
        self.line(format_args!("<g><title>{}</title>", escape(says)));
    }

    pub(super) fn close(&mut self) {
        self.line("</g>");
    }

    /// `style` is attributes of SVG, of this program's own making.
    pub(super) fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), style: &str) {
        self.line(format_args!(r#"<rect x="{}" y="{}" width="{}" height="{}" {style}/>"#, short(x), short(y), short(width), short(height)));
    }

    /// Straight lines from point to point.
    pub(super) fn lines(&mut self, points: &[(f64, f64)], style: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", short(*x), short(*y))).collect();
        self.path(&format!("M{}", points.join("L")), style);
    }

    pub(super) fn path(&mut self, data: &str, style: &str) {
        self.line(format_args!(r#"<path d="{data}" {style}/>"#));
    }

    /// A text whose base line goes through a point.
    pub(super) fn text(&mut self, (x, y): (f64, f64), size: f64, anchor: Anchor, colour: &str, text: &str) {
        self.letters.extend(text.chars());
        if let Some(fonts) = self.fonts {
            let width = font::width(text, size);
            let start = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            let data = fonts.outline(text, start, y, size);
            self.path(&data, &format!(r#"fill="{colour}""#));
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (x, y, size) = (short(x), short(y), short(size));
        self.line(format_args!(r#"<text x="{x}" y="{y}" font-size="{size}"{anchor} fill="{colour}">{}</text>"#, escape(text)));
    }

    /// The document, of a size, with its title and what it shows in words, for those who do not see it.
    pub(super) fn finish(self, (width, height): (f64, f64), title: &str, description: &str, language: Language) -> Picture {
        let (width, height) = (short(width), short(height));
        let (code, families) = match language {
            Language::Hant => ("zh-Hant", FAMILIES[0]),
            Language::Hans => ("zh-Hans", FAMILIES[1]),
            Language::En => ("en", FAMILIES[1]),
        };
        let (title, description) = (escape(title), escape(description));
        let document = format!(
            r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" xml:lang="{code}" role="img" aria-labelledby="title desc" font-family="{families}">
<title id="title">{title}</title>
<desc id="desc">{description}</desc>
<rect width="100%" height="100%" fill="#ffffff"/>
{}</svg>
"##,
            self.body
        );
        Picture { document, letters: self.letters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_texts_escaped() {
        assert_eq!([0.0, -0.001, 12.5, 100.0, 1.239].map(short), ["0", "0", "12.5", "100", "1.24"]);
        let mut pen = Pen::new(None);
        pen.text((1.0, 2.0), 12.0, Anchor::End, "#000", "<甲> & 乙");
        let picture = pen.finish((10.0, 10.0), "甲<乙", "", Language::Hant);
        assert!(picture.document.contains(r##"text-anchor="end" fill="#000">&lt;甲&gt; &amp; 乙</text>"##), "{}", picture.document);
        assert!(picture.document.contains("<title id=\"title\">甲&lt;乙</title>"));
        assert!(picture.letters.contains(&'乙'));
    }
}
