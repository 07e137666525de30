//! The stages called in order, nothing else.

use crate::bind::{self, BlockMentions};
use crate::knowledge::Knowledge;
use crate::model::{About, BlockKind, Content, Document, Mention, Report, Text, Transcribed};
use crate::recognise::{self, Context, date::Calendar};
use crate::{check, normalise, tidy};

/// What a document comes to. `given` is what the command line says about the report; it wins over the text.
pub fn report(document: &Document, given: &About, knowledge: &Knowledge) -> Report {
    let file = tidy::about::of_name(&document.name, knowledge);
    let titled = document.title.as_ref().map(|title| tidy::about::of_name(title, knowledge)).unwrap_or_default();
    let named =
        About { company: titled.company.or(file.company), kind: titled.kind.or(file.kind), year: titled.year.or(file.year), ..file };
    match &document.content {
        Content::Text(source) => prose(&tidy::text(source, given, &named, knowledge), knowledge),
        Content::Pages(pages) => {
            let laid = tidy::laid(pages, knowledge);
            let mut report = prose(&tidy::text_of_pages(&laid, given, &named, knowledge), knowledge);
            report.findings.extend(check::pages(pages, knowledge));
            report
        }
        Content::Transcription(rows) => {
            let given = About {
                company: given.company.clone().or(named.company),
                kind: given.kind.or(named.kind),
                year: given.year.or(named.year),
                ..given.clone()
            };
            transcription(rows, &given, knowledge)
        }
    }
}

fn transcription(rows: &[Transcribed], given: &About, knowledge: &Knowledge) -> Report {
    let mut sheet = bind::typed::Sheet::new(rows, given, knowledge);
    let (mut sentences, mut figures, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match sheet.bound(row) {
            Ok(bound) => {
                let (sentence, figure) = normalise::typed(row, bound, sentences.len(), knowledge);
                sentences.push(sentence);
                figures.push(figure);
            }
            Err(message) => rejected.push(message),
        }
    }
    let findings = check::findings(&sheet.about, &figures, knowledge);
    Report {
        about: sheet.about,
        transcription: true,
        headings: sheet.headings,
        sentences,
        figures,
        refusals: Vec::new(),
        findings,
        rejected,
    }
}

fn prose(text: &Text<'_>, knowledge: &Knowledge) -> Report {
    let mentions = mentions(text, knowledge);
    let claims = bind::claims(text, &mentions, knowledge);
    let mut normalised = normalise::figures(text, &mentions, claims, knowledge);
    normalise::asides(text, &asides(text, knowledge), &mut normalised.refusals);
    let findings = check::findings(&text.about, &normalised.figures, knowledge);
    Report {
        about: text.about.clone(),
        transcription: false,
        headings: text.headings.clone(),
        sentences: normalised.sentences,
        figures: normalised.figures,
        refusals: normalised.refusals,
        findings,
        rejected: Vec::new(),
    }
}

fn context<'t>(text: &Text<'t>) -> Context<'t> {
    let calendar = Calendar { year: text.about.year.unwrap_or(0), roc: text.about.currency == "TWD" };
    Context { calendar, currency: text.about.currency, cell: false }
}

fn asides(text: &Text<'_>, knowledge: &Knowledge) -> Vec<Vec<Mention>> {
    let context = context(text);
    text.asides.iter().map(|aside| recognise::mentions(&aside.line.chars, &context, knowledge)).collect()
}

fn mentions(text: &Text<'_>, knowledge: &Knowledge) -> Vec<BlockMentions> {
    let prose = context(text);
    let cell = Context { cell: true, ..prose };
    text.blocks
        .iter()
        .map(|block| match &block.kind {
            BlockKind::Prose(folded) => BlockMentions::Prose(recognise::mentions(&folded.chars, &prose, knowledge)),
            BlockKind::Table(table) => BlockMentions::Table(
                table
                    .rows
                    .iter()
                    .enumerate()
                    .map(|(row, cells)| {
                        let of =
                            |chars: &[char]| if row < table.header_rows { Vec::new() } else { recognise::cell(chars, &cell, knowledge) };
                        cells.iter().map(|cell| of(&cell.text.chars)).collect()
                    })
                    .collect(),
            ),
        })
        .collect()
}
