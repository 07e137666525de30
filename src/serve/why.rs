//! Marks up a text with what was read, refused and bound: `extract --why`.
//!
//! In:  a document of running text and the [`Report`] it came to.
//! Out: the text as it is; below each line that holds a numeral a line for each: where, what it was read as, and the rule.
//!
//! A person sees at a glance which numbers became figures, what each was bound to, and why the others did not.

use super::{Paint, unwritten};
use crate::error::{Error, Result};
use crate::model::{Amount, Content, Document, Figure, Placing, Report};
use std::io::Write;

/// Prints a document with its readings below each line.
///
/// Fails for a document without running text, or where the output cannot be written.
pub fn why(document: &Document, report: &Report, paint: Paint, out: &mut dyn Write) -> Result<()> {
    let source = match &document.content {
        Content::Text(source) => source,
        Content::Outline(outline) if outline.placing == Placing::Characters => &outline.source,
        _ => {
            return Err(Error::failed(format!(
                "{}: --why marks up running text; of a sheet or a PDF `extract` says where each figure stands",
                document.name
            )));
        }
    };
    let notes = notes(report, paint);
    let mut notes = notes.iter().peekable();
    let mut start = 0;
    for (index, line) in source.split(|c| *c == '\n').enumerate() {
        let end = start + line.len();
        let text: String = line.iter().filter(|c| **c != '\r').collect();
        let write = |out: &mut dyn Write, text: String| writeln!(out, "{text}").map_err(|error| unwritten(&error));
        write(out, format!("{}{:>5}{:#} {text}", paint.dim, index + 1, paint.dim))?;
        while let Some(note) = notes.next_if(|note| note.start <= end) {
            write(out, format!("      {}", note.text))?;
        }
        start = end + 1;
    }
    Ok(())
}

/// What is said of one numeral.
struct Note {
    /// Where it begins in the document.
    start: usize,
    text: String,
}

fn notes(report: &Report, paint: Paint) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for figure in &report.figures {
        if let Some(span) = &figure.at.span {
            notes.push(Note { start: span.start as usize, text: bound(report, figure, paint) });
        }
    }
    for refusal in &report.refusals {
        if let Some(span) = &refusal.at.span {
            let text = format!("{}- {} : {}{:#}", paint.dim, refusal.raw, refusal.reason, paint.dim);
            notes.push(Note { start: span.start as usize, text });
        }
    }
    notes.sort_by_key(|note| note.start);
    notes
}

/// A figure in one line: what is written, what it measures, how much, of what, when, where, by which rule.
fn bound(report: &Report, figure: &Figure, paint: Paint) -> String {
    let amount = match &figure.amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low} .. {high}"),
    };
    let mut parts = vec![
        format!("{}{}{:#}", paint.label, figure.metric, paint.label),
        [figure.comparator.word(), &amount, &figure.unit].join(" ").trim_start_matches("= ").trim_end().to_string(),
        figure.kind_word().to_string(),
    ];
    parts.extend(figure.basis.map(|basis| format!("basis {}", basis.word())));
    parts.extend(figure.whole.as_ref().map(|whole| format!("of {whole}")));
    parts.push(if figure.period.is_known() { figure.period.code() } else { "at no known time".to_string() });
    if !figure.provinces.is_empty() {
        parts.push(figure.provinces.join(" "));
    }
    parts.extend(figure.place.as_ref().map(|place| format!("at {place}")));
    parts.extend(figure.initiative.and_then(|at| report.headings.get(at)).map(|heading| format!("under {}", heading.name)));
    parts.push(format!("{}{} {}{:#}", paint.dim, figure.rule, figure.confidence, paint.dim));
    format!("{}+ {}{:#} : {}", paint.mark, figure.raw, paint.mark, parts.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::model::About;

    #[test]
    fn every_numeral_has_its_line() {
        let knowledge = Knowledge::read(None).unwrap();
        let document = crate::read::document("a.txt", "2021年5G基站達到141萬個。\n第四批共3座。".into()).unwrap();
        let report = crate::pipeline::report(&document, &About::default(), &knowledge);
        let mut out = Vec::new();
        why(&document, &report, Paint::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "    1 2021年5G基站達到141萬個。");
        assert_eq!(lines[1], "      - 2021年 : date");
        assert_eq!(lines[2], "      - 5G : model");
        assert!(lines[3].starts_with("      + 141萬個 : 5G基站 | 1410000 个 | level | 2021 | "), "{}", lines[3]);
        assert!(lines[5].starts_with("      - 第四批 : ordinal"), "{text}");
    }
}
