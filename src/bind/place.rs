//! Where: the places that hold for a number.
//!
//! In:  the places named in a block, the case box it stands in.
//! Out: for a number, the codes of its places and the finer place as written.
//!
//! A finer place holds to the end of its sentence, a province to the end of its paragraph. A branch of a company makes a figure its
//! province's.

use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::tidy::place::Named;

/// The places that hold at a position.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    /// Codes, the finest of each chain.
    pub(crate) codes: Vec<String>,
    /// Where in the block the finer places are named.
    pub(crate) finer: Vec<std::ops::Range<usize>>,
}

/// The places of a block that its figures can be about, a county with the township behind it; `own` is the province whose places need no
/// company. Where the head office stands says nothing of them: 总部设于台中市.
pub(crate) fn named(chars: &[char], own: Option<&str>, knowledge: &Knowledge) -> Vec<Named> {
    let mut places = crate::tidy::place::places(chars, own, knowledge);
    // 总部位于安徽省合肥市: nor does the finer place right behind.
    let mut seat = None;
    places.retain(|place| {
        let behind = knowledge.words.cues.within(Cue::Seat, &chars[place.span.start.saturating_sub(5)..place.span.start]);
        let seated = behind || seat == Some(place.span.start);
        if seated {
            seat = Some(place.span.end);
        }
        !seated
    });
    for place in &mut places {
        if matches!(chars[place.span.end - 1], '县' | '市' | '区' | '旗') {
            place.span.end += township(chars, place.span.end).unwrap_or(0);
        }
    }
    places
}

/// The places of the number at `at`: `sentence` is where its sentence begins.
pub(crate) fn held(chars: &[char], named: &[Named], sentence: usize, at: usize, knowledge: &Knowledge) -> Held {
    let mut held = Held::default();
    let mut last_end = None;
    for place in named.iter().filter(|place| place.span.end <= at) {
        if knowledge.places.area(&place.code).is_some_and(|area| matches!(area.level.as_str(), "country" | "overseas" | "province_set")) {
            continue;
        }
        let province = knowledge.places.province(&place.code).is_some();
        let finer = !province;
        // A place of a list of parts (其中湖北、湖南两省) holds no further than the semicolon.
        let part_end = chars[place.span.end..at].iter().position(|c| matches!(c, ';' | '。'));
        if part_end.is_some_and(|ahead| chars[place.span.end + ahead] == ';') && place.span.start > 14 && !branch(chars, place, knowledge) {
            continue;
        }
        // Only a place that its paragraph begins with holds beyond its sentence.
        if place.span.start < sentence && place.span.start > 14 && !branch(chars, place, knowledge) {
            // 安徽…。江苏…。: another province named since takes the place of the first.
            let begins = chars[..place.span.start].iter().rposition(|c| *c == '。').is_some_and(|mark| mark + 1 == place.span.start);
            if begins && place.province.is_some() {
                held = Held::default();
            }
            continue;
        }
        if finer && place.span.start < sentence {
            // Its province stays for the paragraph.
            if let Some(code) = &place.province {
                held = Held { codes: vec![code.clone()], finer: Vec::new() };
            }
            continue;
        }
        // Places that stand together are one list; a place further on takes over.
        // 甘肃联通、宁夏联通: a branch's name may stand between.
        let together = last_end.is_some_and(|end: usize| {
            let between = &chars[end.min(place.span.start)..place.span.start];
            between.len() <= 2 || between.len() <= 6 && matches!(between.last(), Some('、' | '和' | '与')) && !between.contains(&',')
        });
        if !together {
            held = Held::default();
        }
        if finer {
            // A county behind its own province is the finer one.
            let parent = place.province.clone();
            held.codes.retain(|code| Some(code) != parent.as_ref());
            if last_end == Some(place.span.start) {
                let above = knowledge.places.area(&place.code).and_then(|area| area.parent.clone());
                held.codes.retain(|code| Some(code) != above.as_ref());
            }
            held.finer.push(place.span.clone());
        }
        if !held.codes.contains(&place.code) {
            held.codes.push(place.code.clone());
        }
        last_end = Some(place.span.end);
    }
    held
}

/// Is it a branch of a company there? 青海联通, 浙江省分行.
fn branch(chars: &[char], place: &Named, knowledge: &Knowledge) -> bool {
    knowledge.branches.at(chars, place.span.end).is_some()
}

/// How long the township is that is named at `at`, behind its county: 苗栗县|通霄镇.
fn township(chars: &[char], at: usize) -> Option<usize> {
    let rest = chars.get(at..)?;
    let length = (2..=3).find(|length| matches!(rest.get(*length), Some('乡' | '镇')))?;
    let plain = rest[..length].iter().all(|c| c.is_alphabetic() && !c.is_ascii() && !matches!(c, '和' | '与' | '及' | '的' | '各' | '等'));
    let apart = matches!(rest.get(length + 1), Some('村' | '镇' | '级'));
    (plain && !apart).then_some(length + 1)
}

/// A site that a name holds: 「鹭湾电厂的机组」, 「三大自贸区内」; positions of the name, from its beginning or a mark on.
pub(crate) fn site(text: &[char], knowledge: &Knowledge) -> Option<std::ops::Range<usize>> {
    let end = (2..=text.len()).rev().find(|end| knowledge.sites.before(text, *end).is_some() && text.get(*end) != Some(&'商'))?;
    let start = text[..end].iter().rposition(|c| matches!(c, '、' | '的' | ',' | '/' | '在')).map_or(0, |mark| mark + 1);
    (end - start >= 2).then_some(start..end)
}
