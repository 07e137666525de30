//! Lets the values of one list share what only the last of them says: 6.3万、3.1万和3.2万个; 1.2、1.3和1.5亿.
//!
//! In:  the quantities of a text in reading order.
//! Out: the same, unit and multiplier handed from right to left.

use super::Candidate;
use crate::decimal::Decimal;
use crate::model::{Amount, Quantity, UnitRole};

/// Hands the unit of the last value of a list to those before it, and its scale where they have none.
pub(super) fn share(chars: &[char], found: &mut [Candidate]) {
    for at in (1..found.len()).rev() {
        let (left, right) = found.split_at_mut(at);
        let (Some(Candidate::Open(one)), Candidate::Open(two)) = (left.last_mut(), &right[0]) else { continue };
        // 2.1个和4.7个百分点
        if one.quantity.unit == "个" && two.quantity.unit == "pp" && joint(chars, one.span.end, two.span.start) {
            one.quantity.unit = "pp".into();
            one.quantity.unit_role = UnitRole::Measure;
        }
        if !one.quantity.unit.is_empty() || two.quantity.unit.is_empty() && two.quantity.scale == 0 || one.small_chinese && one.bare {
            continue;
        }
        if two.quantity.unit == "rank" || !joint(chars, one.span.end, two.span.start) {
            continue;
        }
        if one.quantity.scale == 0 && two.quantity.scale > 0 {
            scale(&mut one.quantity, &two.quantity);
        }
        if !two.quantity.unit.is_empty() {
            one.quantity.unit.clone_from(&two.quantity.unit);
            one.quantity.unit_role = UnitRole::Measure;
            one.bare = false;
        } else if one.quantity.scale > 0 {
            one.bare = false;
        }
    }
}

/// 1.2 takes the 亿 of 1.5亿 where that makes the two alike in size.
fn scale(one: &mut Quantity, two: &Quantity) {
    let (Amount::One(first), Amount::One(second)) = (&one.amount, &two.amount) else { return };
    let scaled = first.clone().scaled(two.scale);
    let hundred = Decimal::from(100);
    if scaled.clone().abs() <= second.times(&hundred).abs() && second.clone().abs() <= scaled.times(&hundred).abs() {
        one.amount = Amount::One(scaled);
        one.scale = two.scale;
    }
}

/// Is nothing but a mark or word of a list between the two places?
fn joint(chars: &[char], from: usize, to: usize) -> bool {
    if to < from || to - from > 4 {
        return false;
    }
    let mut between = chars[from..to].iter().copied().filter(|c| *c != ' ');
    matches!(
        (between.next(), between.next(), between.next()),
        (Some('、' | '和' | '及' | '与' | '或' | '/'), None, None) | (Some('以'), Some('及'), None)
    )
}
