//! What the loader itself doubts: figures that cannot be stored, corrections that do not hold as they did.
//!
//! In:  a report, or a figure and what was corrected of it.
//! Out: findings.

use super::super::identity::Identity;
use super::super::rows::{FigureRow, FindingRow};
use super::super::summary::place;
use crate::decimal::Decimal;
use crate::model::{Amount, Basis, Figure, Finding, Report, Severity};
use std::collections::BTreeMap;

/// Why some figures cannot be stored, by their index.
pub(in super::super) type Flaws = BTreeMap<usize, String>;

pub(super) fn flaws(report: &Report) -> Flaws {
    let sentences = report.sentences.len();
    report.figures.iter().enumerate().filter_map(|(at, figure)| Some((at, flaw(figure, sentences)?))).collect()
}

/// What the loader itself doubts of a document.
pub(super) fn own_findings(report: &Report, identity: &Identity, flaws: &Flaws) -> Vec<Finding> {
    identity.findings.iter().cloned().chain(not_stored(report, flaws)).collect()
}

pub(super) fn not_stored(report: &Report, flaws: &Flaws) -> Vec<Finding> {
    let finding = |(at, flaw): (&usize, &String)| {
        let figure = &report.figures[*at];
        Finding {
            code: "figure-not-stored",
            severity: Severity::Error,
            figure: None,
            page: figure.at.page,
            message_en: format!("{}: 「{}」 {} was not stored: {flaw}", place(&figure.at), figure.metric, figure.raw),
            message_hans: format!("{}：「{}」{} 未能入库（{flaw}）", place(&figure.at), figure.metric, figure.raw),
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
        message_en: format!("「{}」 {} was corrected by hand when it was read as {was}; now it is read as {is}", figure.metric, figure.raw),
        message_hans: format!("「{}」{} 人工更正时读作 {was}，现读作 {is}", figure.metric, figure.raw),
        detail: None,
    }
}

pub(super) fn unfit(figure: &Figure, seq: usize) -> Finding {
    Finding {
        code: "correction-does-not-fit",
        severity: Severity::Warning,
        figure: Some(seq),
        page: figure.at.page,
        message_en: format!(
            "「{}」 {} was corrected by hand, and the correction no longer fits what is read now",
            figure.metric, figure.raw
        ),
        message_hans: format!("「{}」{} 曾经人工更正，但更正与现在读到的内容不再相符", figure.metric, figure.raw),
        detail: None,
    }
}

pub(super) fn stays_rejected(figure_id: i64, row: &FigureRow) -> FindingRow {
    let (metric, raw) = (&row.metric_text, &row.reported);
    FindingRow {
        code: "rejected-in-another-sentence".to_string(),
        severity: Severity::Warning.word().to_string(),
        report_id: row.report_id,
        document_id: Some(row.document_id),
        figure_id: Some(figure_id),
        page_no: row.page_no,
        message_en: format!(
            "「{metric}」 {raw} was rejected or deleted by hand, and now stands in another sentence; it stays rejected until somebody accepts it"
        ),
        message_hans: format!("「{metric}」{raw} 曾被人工否决或删除，现出现在不同的句子中；在有人接受之前仍视为否决"),
        detail: None,
    }
}

/// Why a figure cannot be stored; `None` where it can.
///
/// These are slips of the program or of a sheet; one of them must not cost the rest of a report.
fn flaw(figure: &Figure, sentences: usize) -> Option<String> {
    let long = |decimal: &Decimal| decimal.to_string().len() > 80;
    let (amounts, upside_down) = match &figure.amount {
        Amount::One(value) => (vec![value], false),
        Amount::Range(low, high) => (vec![low, high], low > high),
    };
    let at = &figure.at;
    Some(match () {
        () if figure.raw.is_empty() => "nothing was reported".to_string(),
        () if figure.metric.is_empty() => "nothing says what is measured".to_string(),
        () if amounts.iter().any(|amount| long(amount)) => "the number has more than 80 characters".to_string(),
        () if upside_down => "the range ends below its start".to_string(),
        () if !figure.period.is_known() || figure.period.start > figure.period.end => {
            format!("the period {} is outside 1900 to 2200 or ends before it starts", figure.period.code())
        }
        () if matches!(figure.basis, Some(Basis::Year(base)) if !(1900..=2200).contains(&base)) => {
            "the base year is outside 1900 to 2200".to_string()
        }
        () if !(-12..=18).contains(&figure.scale) => format!("the multiplier 10^{} is outside -12 to 18", figure.scale),
        () if at.span.as_ref().is_some_and(|span| span.start >= span.end) => "its span is empty".to_string(),
        () if at.cell.is_none() && at.bbox.is_none() && (at.span.is_none() || at.line.is_none() && at.page.is_none()) => {
            "nothing says where it was read".to_string()
        }
        () if figure.sentence >= sentences => "it belongs to no sentence".to_string(),
        () if !(0.0..=1.0).contains(&figure.confidence) => "its confidence is outside 0 to 1".to_string(),
        () => return None,
    })
}
