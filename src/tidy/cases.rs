//! Case boxes: paragraphs headed by who did it, a branch of the company in a province.
//!
//! In:  the folded beginning of a paragraph: 「青海联通始终在…」, 「甘肃联通、福建联通等分公司…」.
//! Out: how far the name reaches, and the provinces.

use super::place;
use crate::knowledge::Knowledge;

/// The branch or branches that a paragraph begins with: length of the name, codes of the provinces (GB/T 2260).
pub(crate) fn branches(chars: &[char], company: Option<&str>, knowledge: &Knowledge) -> Option<(usize, Vec<String>)> {
    let head = &chars[..chars.len().min(60)];
    knowledge.place_names.at(head, 0)?;
    // The short name of the company is what its branches carry: 中国联通 -> 青海联通.
    let own: Vec<char> = company.map(|name| name.trim_start_matches("中国").chars().take(2).collect()).unwrap_or_default();
    let named = place::places(head, None, knowledge);
    let (mut at, mut end, mut provinces) = (0, 0, Vec::new());
    loop {
        let begin = at;
        while let Some(place) = named.iter().find(|place| place.span.start == at) {
            at = place.span.end;
            provinces.extend(place.province.clone());
        }
        if at == begin {
            break;
        }
        let word = knowledge.branches.at(head, at).map(|(length, ())| length);
        let own_word = (own.len() == 2 && head.get(at..at + 2) == Some(&own[..])).then_some(2);
        let Some(length) = word.max(own_word) else { break };
        end = at + length;
        at = end;
        if matches!(head.get(at), Some('、' | '和')) {
            at += 1;
        } else {
            break;
        }
    }
    provinces.sort();
    provinces.dedup();
    (end > 0 && !provinces.is_empty()).then_some((end, provinces))
}
