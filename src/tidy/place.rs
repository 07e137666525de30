//! Finds the places that a text names.
//!
//! In:  folded text.
//! Out: where places are named, each with its code; a county's short name counts only in company (see `PlaceNames`).

use crate::knowledge::Knowledge;
use crate::knowledge::place_names::{PlaceName, Trust};
use std::ops::Range;

/// A place as named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Where.
    pub(crate) span: Range<usize>,
    /// Code of `places.csv` or `provinces.csv`.
    pub(crate) code: String,
    /// The code of the province it lies in, if it lies in one.
    pub(crate) province: Option<String>,
}

/// The places named in a stretch of text, in reading order. Those of the province `own` need no company, and go before others of their
/// name: 連江縣 of a Taiwanese report is none of 福建.
pub(crate) fn places(chars: &[char], own: Option<&str>, knowledge: &Knowledge) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_ascii() {
            at += 1;
            continue;
        }
        let regions = shortened(chars, at, knowledge);
        if let Some(last) = regions.last() {
            at = last.span.end;
            found.extend(regions);
            continue;
        }
        let Some((length, names)) = knowledge.place_names.at(chars, at) else {
            at += 1;
            continue;
        };
        let span = at..at + length;
        match chosen(chars, &span, names, found.last(), own, knowledge) {
            Some(named) => {
                at += length;
                found.push(named);
            }
            None => at += 1,
        }
    }
    found
}

/// Regions that share their 部 or 地区: the three of 「东、中、西部」, the two of 「中部、西部地区」.
fn shortened(chars: &[char], at: usize, knowledge: &Knowledge) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = at;
    while let [region, next, ..] = chars[at..] {
        if !matches!(next, '、' | '部') {
            break;
        }
        let Some((2, [name, ..])) = knowledge.place_names.at(&[region, '部'], 0) else { break };
        let end = at + 1 + usize::from(next == '部');
        found.push(Named { span: at..end, code: name.code.clone(), province: None });
        if next == '部' && !matches!(chars.get(end), Some('、' | '和' | '与')) {
            return if found.len() > 1 { found } else { Vec::new() };
        }
        at = end + 1;
    }
    Vec::new()
}

/// The one of several places of a name that is meant.
fn chosen(
    chars: &[char],
    span: &Range<usize>,
    names: &[PlaceName],
    last: Option<&Named>,
    own: Option<&str>,
    knowledge: &Knowledge,
) -> Option<Named> {
    let province = |code: &str| knowledge.places.province_of(code).map(|province| province.code.clone());
    let own = |name: &&PlaceName| own.is_some() && province(&name.code).as_deref() == own;
    let inside = |name: &&PlaceName| {
        let near = last.is_some_and(|last| span.start - last.span.end <= 12);
        near && last.is_some_and(|last| last.province.is_some() && last.province == province(&name.code) && last.code != name.code)
    };
    let listed = span.start > 0 && chars[span.start - 1] == '、' && last.is_some_and(|last| last.span.end + 1 == span.start)
        || last.is_some_and(|last| last.span.end == span.start);
    let company = listed || knowledge.branches.at(chars, span.end).is_some();
    let mut fitting: Vec<&PlaceName> =
        names.iter().filter(|name| name.trust != Trust::Context || inside(name) || own(name) || company && names.len() == 1).collect();
    if fitting.iter().any(own) {
        fitting.retain(own);
    }
    if fitting.iter().any(|name| !name.gone) {
        fitting.retain(|name| !name.gone);
    }
    if let Some(name) = fitting.iter().copied().find(|name| inside(name)) {
        return Some(Named { span: span.clone(), code: name.code.clone(), province: province(&name.code) });
    }
    // Of several the higher level; of several of one level none.
    let level = |code: &str| (!code.ends_with("0000"), !code.ends_with("00"), code.starts_with("x-"));
    fitting.sort_by_key(|name| (level(&name.code), name.trust));
    let first = *fitting.first()?;
    if fitting.get(1).is_some_and(|second| level(&second.code) == level(&first.code) && second.trust == first.trust) {
        return None;
    }
    Some(Named { span: span.clone(), code: first.code.clone(), province: province(&first.code) })
}
