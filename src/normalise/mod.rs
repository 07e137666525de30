//! Claims -> Figures: values signed, places and metrics resolved to codes, every figure given its sentence.
//!
//! In:  claims in the report's words.
//! Out: figures as `extract` prints and `load` stores them, the sentences they stand in, and the refusals.

use crate::bind::BlockMentions;
use crate::bind::typed::{Bound, written_in};
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::model::{
    Amount, Aside, BlockKind, CellAt, Claim, Figure, Folded, Kind, Mention, Place, Placing, Reading, Reason, Refusal, Sentence, Text,
    Transcribed,
};
use crate::tidy::{line_of, page_of};
use foldhash::HashMap;

/// Figures, the sentences they stand in, and every other numeral.
#[derive(Debug, Default)]
pub struct Normalised {
    /// In reading order.
    pub figures: Vec<Figure>,
    /// Sentences that carry a figure.
    pub sentences: Vec<Sentence>,
    /// Numerals that are none.
    pub refusals: Vec<Refusal>,
}

impl Normalised {
    /// Adds a block of the document: its claims, and of its mentions those that are no figure.
    pub fn add(&mut self, text: &Text<'_>, index: usize, mentions: &BlockMentions, claims: Vec<Claim>, knowledge: &Knowledge) {
        let block = &text.blocks[index];
        // By row, or by where they begin.
        let mut sentences: HashMap<usize, usize> = HashMap::default();
        self.figures.reserve(claims.len());
        for claim in claims {
            let folded = match (&block.kind, claim.cell) {
                (BlockKind::Prose(folded), _) => folded,
                (BlockKind::Table(table), Some((row, column))) => &table.rows[row][column].text,
                (BlockKind::Table(_), None) => continue,
            };
            let key = match claim.cell {
                Some((row, _)) => row,
                None => sentence_bounds(&folded.chars, claim.span.start).0,
            };
            let sentence = *sentences.entry(key).or_insert_with(|| {
                self.sentences.push(match (&block.kind, claim.cell) {
                    (BlockKind::Table(table), Some((row, _))) => row_sentence(text, table, row),
                    _ => prose_sentence(text, folded, claim.span.start),
                });
                self.sentences.len() - 1
            });
            let (at, raw) = place(text, folded, claim.span.clone());
            let unit_text = written(text, folded, claim.quantity.unit_span.start, claim.quantity.unit_span.end).replace(' ', "");
            let read = Read { at, sentence, raw, unit_text, initiative: block.heading, case: block.case };
            self.figures.push(figure(claim, read, knowledge));
        }
        match (&block.kind, mentions) {
            (BlockKind::Prose(folded), BlockMentions::Prose(mentions)) => refuse(text, folded, mentions, &mut self.refusals),
            (BlockKind::Table(table), BlockMentions::Table(rows)) => {
                for (cells, found) in table.rows.iter().zip(rows) {
                    for (cell, mentions) in cells.iter().zip(found) {
                        refuse(text, &cell.text, mentions, &mut self.refusals);
                    }
                }
            }
            _ => {}
        }
    }

    /// Accounts for the numerals of a running head, title or heading: none of them is a figure.
    pub fn add_aside(&mut self, text: &Text<'_>, aside: &Aside, mentions: &[Mention]) {
        for mention in mentions {
            let reason = match mention.reading {
                Reading::Quantity(_) | Reading::Refusal(Reason::Other) => aside.reason.word(),
                Reading::Date(_) => "date",
                Reading::Refusal(reason) => reason.word(),
            };
            let (at, raw) = place(text, &aside.line, mention.span.clone());
            self.refusals.push(Refusal { at, raw, reason });
        }
    }
}

fn refuse(text: &Text<'_>, folded: &Folded, mentions: &[Mention], refusals: &mut Vec<Refusal>) {
    for mention in mentions {
        let reason = match mention.reading {
            Reading::Quantity(ref quantity) if quantity.tier == crate::model::Tier::Minor => "phrase",
            Reading::Quantity(_) => continue,
            Reading::Date(_) => "date",
            Reading::Refusal(reason) => reason.word(),
        };
        let (at, raw) = place(text, folded, mention.span.clone());
        refusals.push(Refusal { at, raw, reason });
    }
}

/// Where a sentence of folded text begins and ends.
fn sentence_bounds(chars: &[char], at: usize) -> (usize, usize) {
    let end_mark = |c: &char| matches!(c, '。' | '!' | '?');
    let start = chars[..at].iter().rposition(end_mark).map_or(0, |mark| mark + 1);
    let end = chars[at..].iter().position(end_mark).map_or(chars.len(), |ahead| at + ahead + 1);
    (start, end)
}

fn stretch(text: &Text<'_>, positions: &[u32]) -> (u32, u32) {
    let start = positions.iter().copied().min().unwrap_or(0);
    let end = positions.iter().copied().max().map_or(start, |last| last + 1);
    debug_assert!(end as usize <= text.source.len());
    (start, end)
}

fn sentence(text: &Text<'_>, tidy: String, positions: &[u32]) -> Sentence {
    let (start, end) = stretch(text, positions);
    let source: String = text.source[start as usize..end as usize].iter().map(|c| if c.is_whitespace() { ' ' } else { *c }).collect();
    let lines = (line_of(&text.line_starts, start), line_of(&text.line_starts, end.saturating_sub(1)));
    if !text.boxes.is_empty() || *text.placing != Placing::Characters {
        return Sentence { text: tidy, source: None, start: None, lines: None, page: page_of(&text.page_starts, start) };
    }
    Sentence {
        source: (source != tidy).then_some(source),
        text: tidy,
        start: Some(start),
        lines: Some(lines),
        page: page_of(&text.page_starts, start),
    }
}

fn written(text: &Text<'_>, folded: &Folded, from: usize, to: usize) -> String {
    (from..to)
        .map(|at| {
            let c = text.source[folded.origin[at] as usize];
            if folded.chars[at] == ' ' || c.is_whitespace() { ' ' } else { c }
        })
        .collect()
}

fn prose_sentence(text: &Text<'_>, folded: &Folded, at: usize) -> Sentence {
    let (start, end) = sentence_bounds(&folded.chars, at);
    sentence(text, written(text, folded, start, end).trim().to_string(), &folded.origin[start..end])
}

/// A row of a table: caption, column heads, the row itself.
fn row_sentence(text: &Text<'_>, table: &crate::model::Table, row: usize) -> Sentence {
    let join = |cells: &[crate::model::Cell]| {
        cells.iter().map(|cell| written(text, &cell.text, 0, cell.text.chars.len())).collect::<Vec<_>>().join(" | ")
    };
    let caption = written(text, &table.caption, 0, table.caption.chars.len());
    let mut parts: Vec<String> = Vec::new();
    if !caption.trim().is_empty() {
        parts.push(caption.trim().to_string());
    }
    parts.extend(table.rows[..table.header_rows].iter().map(|cells| join(cells)));
    parts.push(join(&table.rows[row]));
    let positions: Vec<u32> = table.rows[row].iter().flat_map(|cell| cell.text.origin.iter().copied()).collect();
    sentence(text, parts.join(" / "), &positions)
}

/// Where an expression stands, and how it is written there: to the first break that is more than white space.
fn place(text: &Text<'_>, folded: &Folded, span: std::ops::Range<usize>) -> (Place, String) {
    let origins = &folded.origin[span];
    let start = origins.first().copied().unwrap_or(0);
    let mut end = start + 1;
    for &at in &origins[1.min(origins.len())..] {
        let between = &text.source[(end as usize).min(at as usize)..at as usize];
        if at < end || between.iter().any(|c| !c.is_whitespace()) {
            break;
        }
        end = at + 1;
    }
    let raw: String = text.source[start as usize..end as usize].iter().filter(|c| !c.is_whitespace()).collect();
    let page = page_of(&text.page_starts, start);
    let line = line_of(&text.line_starts, start);
    let cell = text.cell_at(start).map(CellAt::address);
    let at = match (text.placing, bounds(text, start..end)) {
        // Of a page the line counts from its first one.
        (_, Some(bbox)) => Place { page, line: Some(line - first_line(text, page) + 1), bbox: Some(bbox), ..Place::default() },
        (Placing::Characters, None) => Place { page, line: Some(line), span: Some(start..end), cell, ..Place::default() },
        (Placing::Lines, None) => Place { line: Some(line), cell, ..Place::default() },
        (Placing::Sheets(names), None) => {
            let sheet = page.and_then(|page| names.get(page as usize - 1)).cloned();
            Place { page, sheet, cell, ..Place::default() }
        }
    };
    (at, raw)
}

/// The number of the first line of a page.
fn first_line(text: &Text<'_>, page: Option<u32>) -> u32 {
    page.and_then(|page| text.page_starts.get(page as usize - 1)).map_or(1, |start| line_of(&text.line_starts, *start))
}

/// The box around the characters of a stretch that stand on the page of its first; of a stretch over lines that of its first line.
fn bounds(text: &Text<'_>, span: std::ops::Range<u32>) -> Option<[f64; 4]> {
    let boxes = text.boxes.get(span.start as usize..span.end as usize)?;
    let first = *boxes.first()?;
    let line = boxes.iter().filter(|bbox| bbox[2] > bbox[0] && bbox[1] < first[3] && bbox[3] > first[1]);
    let around = line.fold(first, |a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    (around[2] > around[0] && around[3] > around[1]).then(|| around.map(|edge| (f64::from(edge) * 100.0).round() / 100.0))
}

/// Normalises a row of a transcription; `sentence` is the index that its sentence will have.
pub fn typed(row: &Transcribed, bound: Bound, sentence: usize, knowledge: &Knowledge) -> (Sentence, Figure) {
    let fields =
        [&row.metric, &row.value, &row.kind, &row.basis, &row.whole, &row.period, &row.province, &row.place, &row.initiative, &row.theme];
    let filled: Vec<&str> = fields.into_iter().map(String::as_str).filter(|field| !field.is_empty()).collect();
    let Bound { claim, value, page, line, heading } = bound;
    let typed = |span| written_in(&row.value, &value, span).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let (raw, unit_text) = (typed(&claim.span), typed(&claim.quantity.unit_span));
    let sheet = row.sheet.as_ref().map(|(_, name)| name.to_string());
    let at = Place { page, line, sheet, cell: Some(row.cell.clone()), ..Place::default() };
    let text = Sentence { text: filled.join(" | "), source: None, start: None, lines: None, page };
    (text, figure(claim, Read { at, sentence, raw, unit_text, initiative: heading, case: None }, knowledge))
}

/// Where and how a claim was read.
struct Read {
    at: Place,
    sentence: usize,
    raw: String,
    unit_text: String,
    initiative: Option<usize>,
    case: Option<usize>,
}

fn figure(claim: Claim, read: Read, knowledge: &Knowledge) -> Figure {
    let Read { at, sentence, raw, unit_text, initiative, case } = read;
    let signed = |value: Decimal| if claim.falls && claim.kind == Kind::Change { value.negated() } else { value };
    let amount = match claim.quantity.amount {
        Amount::One(value) => Amount::One(signed(value)),
        Amount::Range(low, high) if claim.falls => Amount::Range(high.negated(), low.negated()),
        range => range,
    };
    let places = &knowledge.places;
    let mut provinces: Vec<String> =
        claim.places.iter().filter_map(|code| places.province_of(code)).map(|province| province.iso_code.clone()).collect();
    provinces.sort();
    provinces.dedup();
    let mut codes = claim.places;
    codes.sort();
    codes.dedup();
    let folded_metric: String = knowledge.fold.text(&claim.metric);
    Figure {
        at,
        sentence,
        raw,
        unit_text,
        scale: claim.quantity.scale,
        metric_code: knowledge.metrics.named(&folded_metric).map(|metric| metric.code.clone()),
        metric: claim.metric,
        amount,
        unit: claim.quantity.unit,
        comparator: claim.quantity.comparator,
        kind: claim.kind,
        modality: claim.modality,
        tier: claim.quantity.tier,
        basis: claim.basis,
        whole: claim.whole,
        period: claim.period,
        provinces,
        places: codes,
        place: claim.place,
        initiative,
        case,
        rule: format!("{}/{}", claim.quantity.rule, claim.rule),
        confidence: knowledge.confidence.of(claim.rule),
    }
}
