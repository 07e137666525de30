//! Reads tables whose heads and labels stand in Chinese and in English.
//!
//! In:  a [`Table`], or the cells of one of its rows.
//! Out: whether it speaks both; its labels in Chinese alone; units as English writes them.

use super::units::Unit;
use crate::model::{Cell, Folded, Table};

/// Has most labels in Chinese an English one behind or before it?
pub(super) fn is_bilingual(table: &Table) -> bool {
    let labels = table.rows.iter().skip(table.header_rows).filter_map(|row| row.first()).map(|cell| &cell.text);
    let (mut both, mut chinese) = (0, 0);
    for label in labels.filter(|label| label.chars.iter().any(is_han)) {
        chinese += 1;
        both += usize::from(chinese_part(label).len() < label.chars.len());
    }
    both >= 2 && both * 2 >= chinese
}

/// The cells of a row, the first in Chinese alone.
pub(super) fn without_translation(cells: &[Cell]) -> Vec<Cell> {
    let mut cells = cells.to_vec();
    if let Some(text) = cells.first_mut().map(|cell| &mut cell.text) {
        let part = chinese_part(text);
        *text = Folded { chars: text.chars[part.clone()].to_vec(), origin: text.origin[part].to_vec() };
    }
    cells
}

/// Words in Latin letters, and no Chinese ones.
pub(super) fn is_latin(chars: &[char]) -> bool {
    chars.iter().filter(|c| c.is_ascii_alphabetic()).count() >= 3 && !chars.iter().any(is_han)
}

/// 「RMB'000」, 「HK$ million」
pub(super) fn thousands(text: &str) -> Option<Unit> {
    let text: String = text.chars().filter(|c| *c != ' ').map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }).collect();
    let (currency, scale) = match (text.strip_suffix("'000"), text.strip_suffix("million"), text.strip_suffix("billion")) {
        (Some(currency), ..) => (currency, 3),
        (_, Some(currency), _) => (currency, 6),
        (_, _, Some(currency)) => (currency, 9),
        _ => return None,
    };
    let code = match currency {
        "RMB" | "CNY" => "CNY",
        "HK$" | "HKD" => "HKD",
        "US$" | "USD" => "USD",
        "NT$" | "TWD" => "TWD",
        _ => return None,
    };
    Some(Unit { code: code.into(), scale })
}

fn is_han(c: &char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(c)
}

/// Where the Chinese words of a label stand, where English ones stand on one side of them; else all of it.
fn chinese_part(label: &Folded) -> std::ops::Range<usize> {
    let chars = &label.chars;
    let all = 0..chars.len();
    let (Some(first), Some(last)) = (chars.iter().position(is_han), chars.iter().rposition(is_han)) else { return all };
    let word = |part: &[char]| {
        let letters = part.iter().filter(|c| c.is_ascii_alphabetic()).count();
        letters >= 4 && part.iter().any(char::is_ascii_lowercase)
    };
    // What closes a bracket of the Chinese words is theirs.
    let closed = last + 1 + chars[last + 1..].iter().take_while(|c| matches!(c, ')' | '%' | ':')).count();
    if word(&chars[closed..]) {
        return 0..closed;
    }
    let opened = first - chars[..first].iter().rev().take_while(|c| matches!(c, '(' | '-' | '—' | '–')).count();
    if word(&chars[..opened]) { opened..chars.len() } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chinese_part_is_what_stands_beside_english_words() {
        let part = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            let label = Folded { origin: (0..chars.len() as u32).collect(), chars };
            label.chars[chinese_part(&label)].iter().collect::<String>()
        };
        assert_eq!(part("收益Revenue"), "收益");
        assert_eq!(part("-基本(人民币分)Basic (RMB cents)"), "-基本(人民币分)");
        assert_eq!(part("Cost of sales销售成本"), "销售成本");
        assert_eq!(part("物联网IoT"), "物联网IoT");
    }

    #[test]
    fn units_in_english_have_their_thousands() {
        let read = |text| thousands(text).map(|unit| (unit.code, unit.scale));
        assert_eq!(read("RMB’000"), Some(("CNY".to_string(), 3)));
        assert_eq!(read("HK$ million"), Some(("HKD".to_string(), 6)));
        assert_eq!(read("Notes"), None);
    }
}
