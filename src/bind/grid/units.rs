//! Reads the units of a table: in brackets, heads, captions.
//!
//! In:  the folded text of a cell, a bracket or a caption.
//! Out: a unit with its multiplier, where the text is one.

use super::{Reader, bilingual};
use crate::recognise;

/// A unit with its multiplier.
#[derive(Clone)]
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) scale: i32,
}

impl Reader<'_> {
    /// The unit that a text is, perhaps behind a multiplier.
    pub(super) fn unit(&self, text: &str) -> Option<Unit> {
        let chars: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
        recognise::unit(&chars, self.text.about.currency, self.knowledge).map(|(scale, code)| Unit { code, scale })
    }

    /// The unit that a name counts in: 員工人數 counts 人.
    pub(super) fn counted(&self, name: &str) -> Option<Unit> {
        let chars: Vec<char> = name.chars().collect();
        let [.., counter, '数'] = chars[..] else { return None };
        self.unit(&counter.to_string())
    }

    /// A unit, perhaps behind the name of its currency, and nothing else.
    pub(super) fn plain_unit(&self, text: &str) -> Option<Unit> {
        let text = text.trim_matches(|c| matches!(c, '(' | ')'));
        let text = text.strip_prefix("单位:").unwrap_or(text);
        if let Some(unit) = bilingual::thousands(text) {
            return Some(unit);
        }
        self.unit(text)
    }

    /// The unit in a bracket that may say more: （年末，万千瓦）.
    pub(super) fn bracket_unit(&self, bracket: &str) -> Option<Unit> {
        self.plain_unit(bracket).or_else(|| {
            let mut parts = bracket.trim_matches(['(', ')']).split([',', ';', '、']).filter(|part| !self.is_day(part));
            let unit = parts.next().and_then(|part| self.plain_unit(part));
            unit.filter(|_| parts.next().is_none())
        })
    }

    /// The unit that a caption names: 「單位：千港元」, 「（人民幣百萬元，…）」; of several brackets the last one that does.
    pub(super) fn caption_unit(&self, caption: &str) -> Option<Unit> {
        if let Some((_, after)) = caption.rsplit_once("单位:") {
            let end = after.find("币种").unwrap_or(after.len());
            let text: String =
                after[..end].chars().filter(|c| *c != ' ' && *c != '\t').take_while(|c| !matches!(c, ',' | ';' | ')')).collect();
            let mut unit = self.plain_unit(&text)?;
            if after.contains("港币") || after.contains("港元") {
                unit.code = unit.code.replace("CNY", "HKD");
            }
            return Some(unit);
        }
        let brackets = caption.rmatch_indices('(').filter_map(|(open, _)| caption[open + 1..].split(')').next());
        brackets.flat_map(|inner| inner.split([',', ';', ' '])).find_map(|part| self.plain_unit(part))
    }
}
