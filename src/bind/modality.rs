//! Achieved, or a promise, plan, rule or forecast.
//!
//! In:  the sentence before a number, the heading above it, the period it is about.
//! Out: the modality. A figure about a time after the report's is a plan, whatever the words.
//!
//! The words are rows of `data/zh/modality_words.csv`.

use crate::knowledge::Knowledge;
use crate::knowledge::grammar::Reach;
use crate::model::{Grain, Modality, Period};

/// Within so many months of the last day of its period a report tells of events since.
const REPORTED: i32 = 4;

/// The modality of a number at `at` whose clause begins at `clause` and whose sentence at `sentence`; `above` is what holds for all
/// numbers there.
pub(crate) fn modality(
    chars: &[char],
    (sentence, clause, at, clause_end): (usize, usize, usize, usize),
    above: Option<Modality>,
    period: Period,
    report: Period,
    knowledge: &Knowledge,
) -> Modality {
    // A report comes out months after its year: what is told of those has happened, unless words say otherwise.
    let dated = matches!(period.grain, Grain::Month | Grain::Months | Grain::Instant) && (period.end.month, period.end.day) != (12, 31);
    let since = dated && (1..=REPORTED).contains(&(period.end.months() - report.end.months()));
    if let Some(above) = above {
        return above;
    }
    if !since && (period.end > report.end && period.end.year > report.end.year || period.start > report.end) {
        return Modality::Target;
    }
    let mut found = None;
    for position in sentence..clause_end {
        if let Some((length, &(modality, reach))) = knowledge.grammar.modality.at(chars, position) {
            let holds = match reach {
                Reach::Clause => position >= clause && position + length <= clause_end,
                Reach::Head => position == clause,
                Reach::Sentence => position + length <= at,
            };
            if holds {
                found = Some(modality);
            }
        }
    }
    found.unwrap_or(Modality::Actual)
}
