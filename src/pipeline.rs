//! The stages called in order, nothing else.

use crate::bind::{self, BlockMentions};
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::model::{About, Block, BlockKind, Content, Document, Report, Text, Transcribed};
use crate::normalise::{self, Normalised};
use crate::read::LongSheet;
use crate::recognise::{self, Context, date::Calendar};
use crate::{check, tidy};

/// What a document comes to. `given` is what the command line says about the report; it wins over the text.
pub fn report(document: &Document, given: &About, knowledge: &Knowledge) -> Report {
    shown(document, given, knowledge, |_, _| ()).0
}

/// The same, and what `look` makes of the text on the way; `None` for a sheet of figures, which has none.
pub fn shown<T>(
    document: &Document,
    given: &About,
    knowledge: &Knowledge,
    look: impl FnOnce(&Text<'_>, &Report) -> T,
) -> (Report, Option<T>) {
    let title = document.title.as_deref();
    match &document.content {
        Content::Text(source) => {
            let text = tidy::text(source, given, &named(&document.name, title, knowledge), knowledge);
            let report = prose(&text, knowledge);
            let seen = look(&text, &report);
            (report, Some(seen))
        }
        Content::Pages(pages) => {
            let laid = tidy::laid(pages, knowledge);
            let text = tidy::text_of_pages(&laid, given, &named(&document.name, title, knowledge), knowledge);
            let mut report = prose(&text, knowledge);
            report.findings.extend(check::pages(pages, knowledge));
            let seen = look(&text, &report);
            (report, Some(seen))
        }
        Content::Outline(outline) => {
            let text = tidy::text_of_outline(outline, given, &named(&document.name, title, knowledge), knowledge);
            let mut report = prose(&text, knowledge);
            report.findings.extend(check::unread(&outline.unread, knowledge));
            let seen = look(&text, &report);
            (report, Some(seen))
        }
        Content::Transcription(rows, unread) => {
            let mut report = transcription(rows, &known(&document.name, title, given, knowledge), knowledge);
            report.findings.extend(check::unread(unread, knowledge));
            (report, None)
        }
    }
}

fn transcription(rows: &[Transcribed], given: &About, knowledge: &Knowledge) -> Report {
    let mut sheet = bind::typed::Sheet::new(rows, given, knowledge);
    part(&mut sheet, rows, knowledge)
}

/// What some rows of a sheet come to.
fn part(sheet: &mut bind::typed::Sheet<'_>, rows: &[Transcribed], knowledge: &Knowledge) -> Report {
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
        about: sheet.about.clone(),
        transcription: true,
        headings: sheet.headings.clone(),
        sentences,
        figures,
        refusals: Vec::new(),
        findings,
        rejected,
    }
}

/// A long sheet, looked over once: what is needed before its first row can be stored.
pub struct Survey {
    /// SHA-256 of its bytes.
    pub sha256: String,
    about: About,
}

/// Looks a long sheet over: an error in whatever row is told before anything is stored.
pub fn survey(long: &LongSheet, given: &About, knowledge: &Knowledge) -> Result<Survey> {
    let mut about = known(&long.name, long.title.as_deref(), given, knowledge);
    let mut latest = bind::typed::LatestYear::default();
    let mut pieces = long.pieces()?;
    let mut count = 0;
    while let Some((rows, _)) = pieces.next_rows()? {
        count += rows.len();
        latest.take_in(&rows);
    }
    if count == 0 {
        return Err(Error::failed("the sheet has a header and no rows; expected a figure a row").at(&long.name));
    }
    if about.period.is_none() {
        about.year = about.year.or(latest.year());
    }
    Ok(Survey { sha256: pieces.sha256(), about })
}

/// What a long sheet comes to, part by part; `take` is also told whether another part follows, and says whether to go on.
/// Figures, sentences and doubts are those of the part, headings those so far.
pub fn parts(long: &LongSheet, survey: &Survey, knowledge: &Knowledge, mut take: impl FnMut(Report, bool) -> bool) -> Result<()> {
    let mut sheet: Option<bind::typed::Sheet<'_>> = None;
    let mut pieces = long.pieces()?;
    while let Some((rows, is_last)) = pieces.next_rows()? {
        let sheet = sheet.get_or_insert_with(|| bind::typed::Sheet::new(&rows, &survey.about, knowledge));
        if !take(part(sheet, &rows, knowledge), !is_last) {
            break;
        }
    }
    Ok(())
}

/// What is given of a sheet's report, what its title says, what its name says.
fn known(name: &str, title: Option<&str>, given: &About, knowledge: &Knowledge) -> About {
    let named = named(name, title, knowledge);
    About {
        company: given.company.clone().or(named.company),
        kind: given.kind.or(named.kind),
        year: given.year.or(named.year),
        ..given.clone()
    }
}

/// What the title of a document says of its report, else the name of its file.
fn named(name: &str, title: Option<&str>, knowledge: &Knowledge) -> About {
    let file = tidy::about::of_name(name, knowledge);
    let titled = title.map(|title| tidy::about::of_name(title, knowledge)).unwrap_or_default();
    About { company: titled.company.or(file.company), kind: titled.kind.or(file.kind), year: titled.year.or(file.year), ..file }
}

/// A block at a time, so that of a long document only the text and what was found in it is held.
fn prose(text: &Text<'_>, knowledge: &Knowledge) -> Report {
    let context = context(text);
    let mut binder = bind::Binder::new(text, knowledge);
    let mut normalised = Normalised::default();
    for (index, block) in text.blocks.iter().enumerate() {
        let mentions = mentions(block, &context, knowledge);
        let claims = binder.claims(index, &mentions);
        normalised.add(text, index, &mentions, claims, knowledge);
    }
    for aside in &text.asides {
        normalised.add_aside(text, aside, &recognise::mentions(&aside.line.chars, &context, knowledge));
    }
    let Normalised { figures, sentences, mut refusals } = normalised;
    refusals.sort_by_key(|refusal| refusal.at.span.as_ref().map(|span| span.start));
    let findings = check::findings(&text.about, &figures, knowledge);
    Report {
        about: text.about.clone(),
        transcription: false,
        headings: text.headings.clone(),
        sentences,
        figures,
        refusals,
        findings,
        rejected: Vec::new(),
    }
}

fn context<'t>(text: &Text<'t>) -> Context<'t> {
    let calendar = Calendar { year: text.about.year.unwrap_or(0), roc: text.about.currency == "TWD" };
    Context { calendar, currency: text.about.currency, cell: false }
}

fn mentions(block: &Block, prose: &Context<'_>, knowledge: &Knowledge) -> BlockMentions {
    let cell = Context { cell: true, ..*prose };
    match &block.kind {
        BlockKind::Prose(folded) => BlockMentions::Prose(recognise::mentions(&folded.chars, prose, knowledge)),
        BlockKind::Table(table) => BlockMentions::Table(
            table
                .rows
                .iter()
                .enumerate()
                .map(|(row, cells)| {
                    let of = |chars: &[char]| if row < table.header_rows { Vec::new() } else { recognise::cell(chars, &cell, knowledge) };
                    cells.iter().map(|cell| of(&cell.text.chars)).collect()
                })
                .collect(),
        ),
    }
}
