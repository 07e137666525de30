//! Writes the number of a cell as its format shows it, but with all its digits.
//!
//! In:  a number, and a format code of a workbook: `0.0%`, `#,##0.00"萬元"`, `yyyy"年"m"月"`.
//! Out: what a person sees in the cell: per cent, a unit or currency, scaled by thousands, a date; digits that the format would round
//!      off stay, for they are the figure.
//!
//! The code has up to four sections, for numbers above, below and equal to nought and for text, or sections with a condition.

/// The number of days from the first day that Excel counts from to the first of 1970.
const EPOCH_1900: i64 = 25_569;
const EPOCH_1904: i64 = 24_107;

/// How a section shows a number.
#[derive(Debug, Default)]
struct Section<'c> {
    /// `[>=10000]`
    condition: Option<(&'c str, f64)>,
    /// What stands before and behind the digits.
    front: String,
    back: String,
    /// Power of ten that the number is shown by: per cent is 2, thousands are -3.
    shift: i32,
    /// It shows digits.
    digits: bool,
    /// It shows those of nought, too.
    noughts: bool,
    /// It shows a date.
    date: bool,
}

/// A number as its format shows it.
///
/// `is_1904`: days are counted from 1904 on.
pub(super) fn shown(value: f64, code: &str, is_1904: bool) -> String {
    let sections: Vec<&str> = split(code);
    let read: Vec<Section<'_>> = sections.iter().map(|code| section(code)).collect();
    let with_conditions = read.iter().any(|section| section.condition.is_some());
    let holds = |section: &Section<'_>| match section.condition {
        None => true,
        Some((">=", bound)) => value >= bound,
        Some((">", bound)) => value > bound,
        Some(("<=", bound)) => value <= bound,
        Some(("<", bound)) => value < bound,
        Some(("<>", bound)) => value != bound,
        Some((_, bound)) => value == bound,
    };
    let at = match (with_conditions, read.len()) {
        (true, _) => read.iter().position(holds).unwrap_or(0),
        (_, 2) if value < 0.0 => 1,
        (_, 3..) if value < 0.0 => 1,
        (_, 3..) if value == 0.0 => 2,
        _ => 0,
    };
    let chosen = &read[at];
    if at > 0 && sections[at].is_empty() {
        return String::new();
    }
    if chosen.date {
        return date(value, sections[at], is_1904).unwrap_or_else(|| plain(value, 0));
    }
    if !chosen.digits {
        // 「-」 for nought, or nothing at all; a code without digits otherwise is the usual one.
        let text = format!("{}{}", chosen.front, chosen.back);
        return if at > 0 { text } else { plain(value, 0) };
    }
    if value == 0.0 && !chosen.noughts {
        return format!("{}{}", chosen.front, chosen.back).trim().to_string();
    }
    let number = plain(value, chosen.shift);
    let (sign, number) = number.strip_prefix('-').map_or(("", number.as_str()), |number| ("-", number));
    // A section for numbers below nought says by its own marks that they are; the sign says it once.
    let marks: &[char] = if at > 0 && value < 0.0 {
        &['-', '(', ')', '（', '）', '▼', '▲', '△', '↓', '−', '–', '+', '↑']
    } else {
        &['▲', '↑', '+']
    };
    let clean = |text: &str| text.replace(marks, "").trim().to_string();
    format!("{sign}{}{number}{}", clean(&chosen.front), clean(&chosen.back))
}

/// A number of at most fifteen digits, as workbooks keep and show it, so that 0.1 and 0.2 make 0.3; shifted by a power of ten.
fn plain(value: f64, shift: i32) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let scientific = format!("{value:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".into();
    }
    // The point stands behind so many digits.
    let point = exponent.parse::<i32>().unwrap_or(0) + 1 + shift;
    let text = if point <= 0 {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= digits.len() {
        format!("{digits}{}", "0".repeat(point as usize - digits.len()))
    } else {
        format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
    };
    if negative { format!("-{text}") } else { text }
}

/// The sections of a code, parted at `;` outside quotation marks and brackets.
fn split(code: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let (mut start, mut quoted, mut escaped, mut bracket) = (0, false, false, false);
    for (at, c) in code.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '!' | '_' | '*' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            ';' if !bracket => {
                sections.push(&code[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    sections.push(&code[start..]);
    sections
}

fn section(code: &str) -> Section<'_> {
    let mut section = Section::default();
    let mut rest = code;
    // Placeholders behind a point that is text: 「0!.0,」 shows tenths of the number.
    let mut behind_text_point: Option<i32> = None;
    let mut ended = false;
    let mut commas = 0;
    if code.trim().eq_ignore_ascii_case("general") || code.is_empty() {
        return Section { digits: true, noughts: true, ..section };
    }
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let mut literal: Option<String> = None;
        match c {
            '"' => {
                let end = after.find('"').unwrap_or(after.len());
                literal = Some(after[..end].to_string());
                rest = after.get(end + 1..).unwrap_or("");
            }
            '\\' | '!' => {
                let next = after.chars().next();
                literal = next.map(String::from);
                rest = &after[next.map_or(0, char::len_utf8)..];
            }
            '_' | '*' => rest = &after[after.chars().next().map_or(0, char::len_utf8)..],
            '[' => {
                let end = after.find(']').unwrap_or(after.len());
                let inner = &after[..end];
                rest = after.get(end + 1..).unwrap_or("");
                if let Some(currency) = inner.strip_prefix('$') {
                    literal = Some(currency.split('-').next().unwrap_or("").to_string());
                } else if inner.starts_with(['<', '>', '=']) {
                    let length = inner.chars().take_while(|c| matches!(c, '<' | '>' | '=')).count();
                    section.condition = inner[length..].trim().parse().ok().map(|bound| (&inner[..length], bound));
                } else if matches!(inner.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    section.date = true;
                }
            }
            '0' | '#' | '?' => {
                commas = 0;
                section.digits = true;
                section.noughts |= c == '0';
                ended = false;
                if let Some(count) = &mut behind_text_point {
                    *count += 1;
                }
                rest = after;
            }
            '.' => {
                // Digits behind a real point are no tenths of a text's.
                behind_text_point = None;
                rest = after;
            }
            ',' => {
                commas += 1;
                rest = after;
            }
            '%' => {
                section.shift += 2;
                literal = Some("%".into());
                rest = after;
            }
            '‰' => {
                section.shift += 3;
                literal = Some("‰".into());
                rest = after;
            }
            'E' | 'e' if after.starts_with(['+', '-']) && section.digits => rest = &after[1..],
            '/' if section.digits => {
                // A fraction is shown as the number that it is.
                return Section { digits: true, noughts: true, ..Section::default() };
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'g' | 'a' => {
                section.date = true;
                rest = after;
            }
            _ => {
                literal = Some(c.to_string());
                rest = after;
            }
        }
        let Some(literal) = literal else { continue };
        if section.digits && literal == "." && rest.starts_with(['0', '#', '?']) {
            behind_text_point = Some(0);
            continue;
        }
        ended |= section.digits;
        if ended {
            section.back.push_str(&literal);
        } else {
            section.front.push_str(&literal);
        }
        if commas > 0 && section.digits {
            section.shift -= 3 * commas;
            commas = 0;
        }
    }
    section.shift -= 3 * commas;
    section.shift -= behind_text_point.unwrap_or(0);
    section
}

/// A day as a code shows it; months are numbers, and a time of the day is left out.
fn date(value: f64, code: &str, is_1904: bool) -> Option<String> {
    let days = value.floor();
    if !(0.0..=2_958_465.0).contains(&days) {
        return None;
    }
    let days = days as i64;
    // The calendar of 1900 has a day that never was.
    let since = if is_1904 { days - EPOCH_1904 } else { days - EPOCH_1900 + i64::from(days < 60) };
    let (year, month, of_month) = civil(since);
    let lower = code.to_ascii_lowercase();
    let asks = |letter: char| letters(&lower).contains(letter);
    let day = asks('y') || asks('e') || asks('d') || lower.contains("mmm");
    if !day && (asks('h') || asks('s') || !asks('m')) {
        // A time of the day.
        return Some(String::new());
    }
    let roc = lower.contains("[$-404]") || lower.contains("-ja-jp") || lower.contains("[$-zh-tw");
    if lower.contains("mmm") {
        // Jan-21
        return Some(match (asks('y') || asks('e'), asks('d')) {
            (true, true) => format!("{year:04}-{month:02}-{of_month:02}"),
            (true, false) => format!("{year:04}-{month:02}"),
            (false, _) => format!("{month}月{of_month}日"),
        });
    }
    let mut text = String::new();
    let mut rest = code;
    let mut of_time = false;
    while let Some(c) = rest.chars().next() {
        let lower = c.to_ascii_lowercase();
        let run = rest.chars().take_while(|other| other.to_ascii_lowercase() == lower).count();
        let after = &rest[c.len_utf8()..];
        match lower {
            'y' | 'e' | 'm' | 'd' | 'h' | 's' | 'g' | 'a' => {
                let behind = &rest[run * c.len_utf8()..];
                match lower {
                    'y' if run <= 2 => text += &format!("{:02}", year % 100),
                    'y' => text += &year.to_string(),
                    'e' if roc => text += &(year - 1911).to_string(),
                    'e' => text += &year.to_string(),
                    'h' => of_time = true,
                    'm' if of_time => {}
                    'm' => text += &if run == 2 { format!("{month:02}") } else { month.to_string() },
                    'd' if run <= 2 => text += &if run == 2 { format!("{of_month:02}") } else { of_month.to_string() },
                    _ => {}
                }
                if of_time {
                    break;
                }
                rest = behind;
            }
            '"' => {
                let end = after.find('"').unwrap_or(after.len());
                text += &after[..end];
                rest = after.get(end + 1..).unwrap_or("");
            }
            '\\' | '!' => {
                let next = after.chars().next();
                text.extend(next);
                rest = &after[next.map_or(0, char::len_utf8)..];
            }
            '_' | '*' => rest = &after[after.chars().next().map_or(0, char::len_utf8)..],
            '[' => rest = after.find(']').map_or("", |end| &after[end + 1..]),
            '@' | ';' => break,
            _ => {
                text.push(c);
                rest = after;
            }
        }
    }
    Some(text.trim().trim_end_matches(['-', '/']).to_string())
}

/// A code without its quoted words and brackets.
fn letters(code: &str) -> String {
    let mut letters = String::new();
    let (mut quoted, mut bracket) = (false, false);
    for c in code.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if !quoted && !bracket => letters.push(c),
            _ => {}
        }
    }
    letters
}

/// Year, month and day of a day counted from the first of 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years that begin in March, in eras of 400 years.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The codes that the first formats of every workbook stand for; the others are the usual one, or are written in the file.
pub(super) fn built_in(number: u16) -> &'static str {
    match number {
        9 => "0%",
        10 => "0.00%",
        14 | 15 | 22 | 30 | 36 | 50 | 56..=58 => "yyyy-mm-dd",
        16 => "d-mmm",
        17 => "mmm-yy",
        18..=21 | 45..=47 => "h:mm",
        27 | 31 => "yyyy\"年\"m\"月\"d\"日\"",
        28 | 29 => "m\"月\"d\"日\"",
        _ => "General",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cases: &[(f64, &str, &str)]) {
        for (value, code, text) in cases {
            assert_eq!(shown(*value, code, false), *text, "{value} as {code}");
        }
    }

    #[test]
    fn a_number_keeps_its_digits_and_no_noise() {
        check(&[
            (0.1 + 0.2, "General", "0.3"),
            (1234.5678, "#,##0.0", "1234.5678"),
            (-1_234.5, "#,##0.00_);(#,##0.00)", "-1234.5"),
            (-5.0, "0.0;[Red]-0.0", "-5"),
            (12_345_678_901_234.0, "0", "12345678901234"),
            (1e21, "General", "1000000000000000000000"),
            (0.000_012, "0.00E+00", "0.000012"),
        ]);
    }

    #[test]
    fn per_cent_units_and_currencies_are_those_of_the_format() {
        check(&[
            (0.123, "0.0%", "12.3%"),
            (0.29, "0%", "29%"),
            (-0.035, "0.0%;[Red]▼0.0%", "-3.5%"),
            (1.5, "#,##0.0\"萬元\"", "1.5萬元"),
            (350.0, "0\\人", "350人"),
            (99.0, "\"¥\"#,##0.00", "¥99"),
            (99.0, "[$HK$-404]#,##0.00", "HK$99"),
            (0.0042, "0.0‰", "4.2‰"),
        ]);
    }

    #[test]
    fn a_format_may_scale() {
        check(&[
            (12_345_678.0, "0.00,,\"百萬\"", "12.345678百萬"),
            (12_000.0, "0!.0,\"万\"", "1.2万"),
            (12_000.0, "[>=10000]0\".\"0,\"万\";0", "1.2万"),
            (800.0, "[>=10000]0\".\"0,\"万\";0", "800"),
        ]);
    }

    #[test]
    fn nought_may_be_shown_as_absent() {
        check(&[(0.0, "_-* #,##0_-;-* #,##0_-;_-* \"-\"??_-;_-@_-", "-"), (0.0, "0;-0;;@", ""), (0.0, "0.0", "0")]);
    }

    #[test]
    fn days_are_written_as_their_format_writes_them() {
        check(&[
            (44_561.0, "yyyy-mm-dd", "2021-12-31"),
            (44_561.0, "yyyy\"年\"", "2021年"),
            (44_561.0, "yyyy\"年\"m\"月\";@", "2021年12月"),
            (44_561.0, "[$-404]e\"年\"m\"月\"d\"日\"", "110年12月31日"),
            (44_561.0, "mmm-yy", "2021-12"),
            (44_561.75, "yyyy/m/d h:mm", "2021/12/31"),
            (0.5, "h:mm", ""),
            (59.0, "yyyy-mm-dd", "1900-02-28"),
            (61.0, "yyyy-mm-dd", "1900-03-01"),
        ]);
        assert_eq!(shown(43_099.0, "yyyy-mm-dd", true), "2021-12-31");
    }
}
