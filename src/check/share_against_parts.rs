//! `share-against-parts`: a share beside its part and its whole that is not what the two come to.
//!
//! The share names both: 「A佔B比例」, or 「A佔比」 of a whole. Part and whole are levels of one unit, time and place. Each of the
//! three was rounded to its last digit; only what no rounding explains is doubted.

use super::reach::Reach;
use super::{Check, Doubt, Subject};
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::{Amount, Figure, Kind};

pub(super) const CHECK: Check = Check { code: "share-against-parts", find };

fn find(subject: &Subject<'_>, doubts: &mut Vec<Doubt>) {
    for (at, share) in subject.figures.iter().enumerate() {
        if share.kind != Kind::Share || share.unit != "%" {
            continue;
        }
        let (Some(name), Some(part)) = (&share.whole, part_of(subject.name(at), subject.knowledge)) else { continue };
        let level = |figure: &Figure| figure.kind == Kind::Level && figure.modality == share.modality;
        let inside = || stated_inside(subject, at, name).filter(|at| subject.figures[*at].kind == Kind::Level);
        let Some(whole) = subject.nearest(at, name, level).or_else(inside).map(|at| &subject.figures[at]) else { continue };
        let like_whole = |figure: &Figure| level(figure) && figure.unit == whole.unit;
        let Some(part) = subject.nearest(at, part, like_whole).map(|at| &subject.figures[at]) else { continue };
        if part.metric != whole.metric && contradicts(&Reach::of(share), &Reach::of(part), &Reach::of(whole)) {
            let detail = arithmetic(share, part, whole);
            doubts.push(Doubt::about(at, detail).with("part_raw", part.raw.as_str()).with("whole_raw", whole.raw.as_str()));
        }
    }
}

/// The figure just before that stands in the name of the whole: 佔總體任務5,854個行政村的39.29%.
fn stated_inside(subject: &Subject<'_>, at: usize, whole: &str) -> Option<usize> {
    let digits = |raw: &str| raw.chars().filter(char::is_ascii_digit).count() > 1;
    (at.saturating_sub(4)..at).rev().find(|other| {
        let figure = &subject.figures[*other];
        figure.period == subject.figures[at].period && digits(&figure.raw) && whole.contains(&figure.raw)
    })
}

/// The part that a share's folded name speaks of.
pub(super) fn part_of<'n>(name: &'n str, knowledge: &Knowledge) -> Option<&'n str> {
    let part = match name.split_once('占') {
        Some((part, _)) => part,
        None => knowledge.words.cues.ahead_of(Cue::ShareEnd, name)?,
    };
    (!part.is_empty()).then_some(part)
}

/// Can no values within reach make the share what the part is of the whole? A quotient is never taken: the sides are multiplied out.
fn contradicts(share: &Reach, part: &Reach, whole: &Reach) -> bool {
    let hundred = Decimal::from(100);
    let less = |one: &Option<Decimal>, two: &Option<Decimal>, three: &Option<Decimal>, turned: bool| match (one, two, three) {
        (Some(part), Some(share), Some(whole)) if !whole.is_negative() => {
            let (left, right) = (part.times(&hundred), share.times(whole));
            if turned { left > right } else { left < right }
        }
        _ => false,
    };
    less(&part.high, &share.low, &whole.low, false) || less(&part.low, &share.high, &whole.high, true)
}

/// 「300 / 1200 = 25.000 %, stated 35.0 %」
fn arithmetic(share: &Figure, part: &Figure, whole: &Figure) -> String {
    match (&share.amount, &part.amount, &whole.amount) {
        (Amount::One(share), Amount::One(part), Amount::One(whole)) => {
            let places = u32::try_from(share.decimals()).unwrap_or(0) + 2;
            let quotient = part.times(&Decimal::from(100)).divided(whole, places);
            let quotient = quotient.map_or_else(|| "nothing".to_string(), |quotient| quotient.to_string());
            format!("{part} / {whole} = {quotient} %; stated {share} %")
        }
        _ => format!("{} / {} against {}", part.raw, whole.raw, share.raw),
    }
}
