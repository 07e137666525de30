//! What the loader itself doubts: figures that cannot be stored, corrections that do not hold as they did.
//!
//! In:  a report, or a figure and what was corrected of it.
//! Out: findings.

use super::super::identity::Identity;
use super::super::rows::{FigureRow, FindingRow};
use super::super::summary::place;
use crate::decimal::Decimal;
use crate::message::{Message, Wording, message};
use crate::model::{Amount, Basis, Figure, Finding, Report, Severity};
use std::collections::BTreeMap;

/// Why some figures cannot be stored, by their index.
pub(in super::super) type Flaws = BTreeMap<usize, Message>;

pub(super) fn flaws(report: &Report) -> Flaws {
    let sentences = report.sentences.len();
    report.figures.iter().enumerate().filter_map(|(at, figure)| Some((at, flaw(figure, sentences)?))).collect()
}

/// What the loader itself doubts of a document.
pub(super) fn own_findings(report: &Report, identity: &Identity, flaws: &Flaws) -> Vec<Finding> {
    identity.findings.iter().cloned().chain(not_stored(report, flaws)).collect()
}

pub(super) fn not_stored(report: &Report, flaws: &Flaws) -> Vec<Finding> {
    let finding = |(at, flaw): (&usize, &Message)| {
        let figure = &report.figures[*at];
        Finding {
            code: "figure-not-stored",
            severity: Severity::Error,
            figure: None,
            page: figure.at.page,
            message: Wording::new(|language| {
                let (at, flaw) = (place(&figure.at), flaw.said(language));
                message!("finding-figure-not-stored", at = at, metric = figure.metric, raw = figure.raw, flaw = flaw).said(language)
            }),
            detail: None,
        }
    };
    flaws.iter().map(finding).collect()
}

pub(super) fn stale(figure: &Figure, seq: usize, was: &str, is: &str) -> Finding {
    Finding {
        code: "correction-stale",
        severity: Severity::Info,
        figure: Some(seq),
        page: figure.at.page,
        message: message!("finding-correction-stale", metric = figure.metric, raw = figure.raw, was = was, now = is).into(),
        detail: None,
    }
}

pub(super) fn unfit(figure: &Figure, seq: usize) -> Finding {
    Finding {
        code: "correction-does-not-fit",
        severity: Severity::Warning,
        figure: Some(seq),
        page: figure.at.page,
        message: message!("finding-correction-does-not-fit", metric = figure.metric, raw = figure.raw).into(),
        detail: None,
    }
}

pub(super) fn stays_rejected(figure_id: i64, row: &FigureRow) -> FindingRow {
    let said = message!("finding-rejected-in-another-sentence", metric = row.metric_text, raw = row.reported);
    let message = Wording::from(said);
    FindingRow {
        code: "rejected-in-another-sentence".to_string(),
        severity: Severity::Warning.word().to_string(),
        report_id: row.report_id,
        document_id: Some(row.document_id),
        figure_id: Some(figure_id),
        page_no: row.page_no,
        message_en: message.en,
        message_hans: message.hans,
        detail: None,
        message_hant: Some(message.hant),
    }
}

/// Why a figure cannot be stored; `None` where it can.
///
/// These are slips of the program or of a sheet; one of them must not cost the rest of a report.
fn flaw(figure: &Figure, sentences: usize) -> Option<Message> {
    let long = |decimal: &Decimal| decimal.to_string().len() > 80;
    let (amounts, upside_down) = match &figure.amount {
        Amount::One(value) => (vec![value], false),
        Amount::Range(low, high) => (vec![low, high], low > high),
    };
    let at = &figure.at;
    Some(match () {
        () if figure.raw.is_empty() => message!("flaw-nothing-reported"),
        () if figure.metric.is_empty() => message!("flaw-no-metric"),
        () if amounts.iter().any(|amount| long(amount)) => message!("flaw-long"),
        () if upside_down => message!("flaw-range"),
        () if !figure.period.is_known() || figure.period.start > figure.period.end => {
            message!("flaw-period", period = figure.period.code())
        }
        () if matches!(figure.basis, Some(Basis::Year(base)) if !(1900..=2200).contains(&base)) => {
            message!("flaw-base-year")
        }
        () if !(-12..=18).contains(&figure.scale) => message!("flaw-scale", scale = figure.scale),
        () if at.span.as_ref().is_some_and(|span| span.start >= span.end) => message!("flaw-span"),
        () if at.cell.is_none() && at.bbox.is_none() && (at.span.is_none() || at.line.is_none() && at.page.is_none()) => {
            message!("flaw-no-place")
        }
        () if figure.sentence >= sentences => message!("flaw-no-sentence"),
        () if !(0.0..=1.0).contains(&figure.confidence) => message!("flaw-confidence"),
        () => return None,
    })
}
