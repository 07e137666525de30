//! Says in what the values of an axis are counted: unit, scale, ticks.
//!
//! In:  the exact values that stand on one axis, their unit.
//! Out: what stands over the axis (「單位：億元」), the exact label of each value, where ticks go.

use super::words;
use crate::decimal::Decimal;
use crate::error::Result;
use crate::message::Language;
use crate::serve::short_unit;
use rusqlite::{Connection, OptionalExtension};

/// A value this many powers of ten below the scale has a label that nobody reads: the next smaller scale is taken.
const SMALLEST: i32 = -3;

/// In what the values of an axis are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scale {
    /// `億元`; empty of bare numbers.
    pub unit: String,
    /// What stands behind each number: `%`.
    suffix: String,
    /// Values are divided by this power of ten.
    power: i32,
}

impl Scale {
    /// The scale of values in a unit.
    pub(super) fn new(db: &Connection, unit: &str, values: &[&Decimal], language: Language) -> Result<Scale> {
        let sql = "SELECT quantity, name_hant, name_hans, COALESCE(name_en, name_hans) FROM units WHERE code = ?1";
        let known = db.query_row(sql, [unit], |row| {
            let name: String = match language {
                Language::Hant => row.get(1),
                Language::Hans => row.get(2),
                Language::En => row.get(3),
            }?;
            Ok((row.get::<_, String>(0)?, name))
        });
        let (quantity, name) = known.optional()?.unwrap_or_else(|| (String::new(), unit.to_string()));
        if ["%", "‰", "‱"].contains(&unit) {
            return Ok(Scale { unit: unit.to_string(), suffix: unit.to_string(), power: 0 });
        }
        let name = match language {
            _ if unit == "1" => String::new(),
            Language::En if quantity == "money" => unit.to_string(),
            _ => short_unit(&name).to_string(),
        };
        let scales = if language == Language::En { &words::ENGLISH_SCALES } else { &words::CHINESE_SCALES };
        let is_scaled = !["ratio", "points", "rank", "score"].contains(&quantity.as_str()) && unit != "rank";
        let fits = |power: i32| {
            let sizes = || values.iter().filter(|value| !value.is_zero()).map(|value| magnitude(value));
            sizes().max().is_some_and(|largest| largest >= power) && sizes().min().is_some_and(|least| least >= power + SMALLEST)
        };
        let Some((power, word)) = scales.iter().find(|(power, _)| is_scaled && fits(*power)) else {
            return Ok(Scale { unit: name, suffix: String::new(), power: 0 });
        };
        let unit = match language {
            Language::En if name.is_empty() => word.of(language).to_string(),
            Language::En => format!("{name}, {}", word.of(language)),
            _ => format!("{}{name}", word.of(language)),
        };
        Ok(Scale { unit, suffix: String::new(), power: *power })
    }

    /// An exact value as it stands beside its mark.
    pub(super) fn label(&self, value: &Decimal) -> String {
        let text = value.clone().scaled(-self.power).to_string();
        // Noughts that the scale brings are no digits anybody wrote.
        let text = if self.power > 0 && text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        grouped(text) + &self.suffix
    }

    /// How high it stands on the axis.
    pub(super) fn height(&self, value: &Decimal) -> f64 {
        // A decimal of the database has at most 80 characters, and a double holds it.
        value.clone().scaled(-self.power).to_f64().unwrap_or(f64::MAX)
    }

    /// The label of a tick.
    pub(super) fn tick(&self, tick: f64, step: f64) -> String {
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        // No nought has a sign.
        grouped(&format!("{:.decimals$}", tick + 0.0)) + &self.suffix
    }
}

/// The power of ten of the first digit.
fn magnitude(value: &Decimal) -> i32 {
    value.clone().abs().to_f64().map_or(0, |size| (size * (1.0 + f64::EPSILON)).log10().floor() as i32)
}

/// With a comma between thousands.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    fraction.map_or(text.clone(), |fraction| format!("{text}.{fraction}"))
}

/// Ticks from `low` to `high` and a little beyond, some `wanted` of them at steps of 1, 2 or 5; the step, the first and the last.
pub(super) fn ticks(low: f64, high: f64, wanted: usize) -> (f64, f64, f64) {
    let span = if high > low { high - low } else { high.abs().max(1.0) };
    let rough = span / wanted as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough * 0.999).unwrap_or(power * 10.0);
    let first = (low / step).floor() * step;
    (first, ((high / step).ceil() * step).max(first + step), step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(unit: &str, values: &[&str], language: Language) -> (String, Vec<String>) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE units (code, quantity, name_hant, name_hans, name_en);
             INSERT INTO units VALUES ('CNY', 'money', '人民幣元', '人民币元', 'Chinese yuan'), ('个', 'count', '個', '个', 'items'),
                ('1', 'none', '無', '无', 'none'), ('%', 'ratio', '百分比', '百分比', 'percent');",
        )
        .unwrap();
        let values: Vec<Decimal> = values.iter().map(|value| value.parse().unwrap()).collect();
        let all: Vec<&Decimal> = values.iter().collect();
        let scale = Scale::new(&db, unit, &all, language).unwrap();
        (scale.unit.clone(), values.iter().map(|value| scale.label(value)).collect())
    }

    #[track_caller]
    fn check(unit: &str, values: &[&str], language: Language, said: &str, labels: &[&str]) {
        assert_eq!(
            scale(unit, values, language),
            (said.to_string(), labels.iter().map(ToString::to_string).collect()),
            "{unit} {values:?}"
        );
    }

    #[test]
    fn a_scale_is_of_the_language_and_labels_are_exact() {
        check("CNY", &["290514563721.45", "8400000000"], Language::Hant, "億元", &["2,905.1456372145", "84"]);
        check("CNY", &["290514563721.45", "8400000000"], Language::En, "CNY, billions", &["290.51456372145", "8.4"]);
        check("个", &["1410000", "62000"], Language::Hans, "万个", &["141", "6.2"]);
        check("个", &["1410000", "62000"], Language::En, "items, millions", &["1.41", "0.062"]);
        check("个", &["9999", "-12"], Language::Hant, "個", &["9,999", "-12"]);
        check("1", &["100000000"], Language::Hant, "億", &["1"]);
        check("%", &["12345.67", "-3.50"], Language::Hant, "%", &["12,345.67%", "-3.50%"]);
    }

    #[test]
    fn a_small_value_keeps_the_scale_small() {
        check("个", &["120000000", "30"], Language::Hant, "萬個", &["12,000", "0.003"]);
        check("个", &["120000000", "3"], Language::Hant, "個", &["120,000,000", "3"]);
        check("个", &["0"], Language::Hant, "個", &["0"]);
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 141.0, 5), (0.0, 150.0, 50.0));
        assert_eq!(ticks(-12.0, 31.0, 5), (-20.0, 40.0, 10.0));
        assert_eq!(ticks(0.0, 0.0, 5), (0.0, 0.2, 0.2));
        assert_eq!(ticks(99.1, 99.9, 5).2, 0.2);
    }
}
