//! What a figure may truly be, as it was printed: rounded to its last digit, or bounded by its comparator.
//!
//! In:  a figure.
//! Out: the two ends of what it may stand for; an end that is not bounded is open. Exact decimals.

use crate::decimal::Decimal;
use crate::model::{Amount, Comparator, Figure};

/// Two ends, both included; `None` is open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
}

impl Reach {
    /// What a figure may stand for.
    pub(super) fn of(figure: &Figure) -> Reach {
        let value = match &figure.amount {
            Amount::One(value) => value,
            Amount::Range(low, high) => {
                return Reach {
                    low: Some(low.minus(&half(low, &figure.unit, figure.scale))),
                    high: Some(high.plus(&half(high, &figure.unit, figure.scale))),
                };
            }
        };
        Reach::new(value, figure.comparator, &figure.unit, figure.scale)
    }

    /// What one value may stand for.
    pub(super) fn new(value: &Decimal, comparator: Comparator, unit: &str, scale: i32) -> Reach {
        let half = half(value, unit, scale);
        let closed = |by: &Decimal| Reach { low: Some(value.minus(by)), high: Some(value.plus(by)) };
        // A comparator speaks of the magnitude: 下降20%以上 is -20 and below.
        match (comparator, value.is_negative()) {
            (Comparator::Equal, _) => closed(&half),
            // 近, 約: 6,870 is about double 3,540.
            (Comparator::About, _) => closed(&half.plus(&value.clone().abs().times(&Decimal::from_digits(&[1], -1)))),
            (Comparator::Over | Comparator::AtLeast, false) => Reach { low: Some(value.minus(&half)), high: None },
            (Comparator::Over | Comparator::AtLeast, true) => Reach { low: None, high: Some(value.plus(&half)) },
            (Comparator::Under | Comparator::AtMost, false) => Reach { low: Some(Decimal::zero()), high: Some(value.plus(&half)) },
            (Comparator::Under | Comparator::AtMost, true) => Reach { low: Some(value.minus(&half)), high: Some(Decimal::zero()) },
        }
    }

    /// May two figures be one, each rounded in its own way?
    pub(super) fn meets(&self, other: &Reach) -> bool {
        let below = |low: &Option<Decimal>, high: &Option<Decimal>| match (low, high) {
            (Some(low), Some(high)) => low < high,
            _ => true,
        };
        self == other || below(&self.low, &other.high) && below(&other.low, &self.high)
    }

    /// Is all of it above all of another?
    pub(super) fn above(&self, other: &Reach) -> bool {
        matches!((&self.low, &other.high), (Some(low), Some(high)) if low > high)
    }
}

/// Half a step of the last digit written; nought for a count written out.
fn half(value: &Decimal, unit: &str, scale: i32) -> Decimal {
    let rate = matches!(unit, "%" | "‰" | "pp");
    if !rate && scale == 0 && value.decimals() <= 0 {
        return Decimal::zero();
    }
    Decimal::from_digits(&[5], -value.decimals() - 1)
}
