//! Holds what is read against an answer key, as `score.py` does.
//!
//! In:  a text or PDF with its key beside it, `<name>.figures.jsonl`.
//! Out: the figures that count, each with its rule and whether it is right.

use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Amount, Figure};
use reportsql::{pipeline, read};
use serde_json::Value;
use std::path::Path;

/// The rule of each figure of a document that counts, and whether it is right.
pub(crate) fn judged(path: &Path, knowledge: &Knowledge) -> Vec<(String, bool)> {
    let bytes = std::fs::read(path).expect("a text");
    let document = read::document(&path.to_string_lossy(), bytes).expect("a text");
    let report = pipeline::report(&document, &About::default(), knowledge);
    let key = std::fs::read_to_string(path.with_extension("figures.jsonl")).expect("a key");
    let key: Vec<Value> =
        key.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let mut free: Vec<&Figure> = report.figures.iter().collect();
    let mut judged = Vec::new();
    for tier in ["core", "minor", "decoy"] {
        for item in key.iter().filter(|item| item["tier"] == tier) {
            let near = (0..free.len()).filter(|at| same_place(item, free[*at]) && same_number(item, free[*at]));
            let worth = |at: &usize| {
                let figure = free[*at];
                let core = tier == "core";
                let line = i64::from(figure.at.line.unwrap_or(0));
                let apart = (line - item["line"].as_i64().unwrap_or(0)).abs();
                (
                    fold(&figure.raw) != fold(text(item, "raw")),
                    core && !value_right(item, figure),
                    core && !named_right(item, figure),
                    apart,
                    *at,
                )
            };
            if let Some(at) = near.min_by_key(worth) {
                let figure = free.remove(at);
                if tier != "minor" {
                    judged.push((rule(figure), tier == "core" && exact(item, figure)));
                }
            }
        }
    }
    judged.extend(free.iter().map(|figure| (rule(figure), false)));
    judged
}

fn rule(figure: &Figure) -> String {
    figure.rule.rsplit('/').next().unwrap_or_default().to_string()
}

fn text<'v>(item: &'v Value, name: &str) -> &'v str {
    item[name].as_str().unwrap_or_default()
}

// ------------------------------------------------------------------ the judge, as score.py has it

fn fold(text: &str) -> String {
    let fold = |c: char| match c {
        '╱' | '／' => '/',
        '％' => '%',
        '，' => ',',
        '．' => '.',
        '～' | '－' | '–' | '—' => '-',
        '（' => '(',
        '）' => ')',
        other => other,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(fold).collect()
}

/// The simplified form of characters that units and names are compared in.
fn variant(text: &str) -> String {
    const FROM: &str = "個戶臺台條筆億萬餘約數線省縣區應項種級隊輛噸雙張場處歲課齡業員額開関關時後間東門電話號單當會長兩與畝";
    const TO: &str = "个户台台条笔亿万余约数线省县区应项种级队辆吨双张场处岁课龄业员额开关关时后间东门电话号单当会长两与亩";
    text.chars().map(|c| FROM.chars().position(|from| from == c).and_then(|at| TO.chars().nth(at)).unwrap_or(c)).collect()
}

/// A label without the words that do not change what it names.
fn bare(text: &str) -> String {
    const WORDS: &[&str] =
        &["總數", "总数", "數量", "数量", "總量", "总量", "累計", "累计", "達到", "达到", "數", "数", "的", "了", "達", "达", "共"];
    const MARKS: &str = "「」『』《》“”\"、，,。:：()（）-";
    let folded = fold(text);
    let mut rest = folded.as_str();
    let mut out = String::new();
    while let Some(c) = rest.chars().next() {
        match WORDS.iter().find(|word| rest.starts_with(**word)) {
            Some(word) => rest = &rest[word.len()..],
            None => {
                if !MARKS.contains(c) {
                    out.push(c);
                }
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    variant(&out).to_lowercase()
}

fn same_place(item: &Value, figure: &Figure) -> bool {
    if item["line"].is_null() {
        return figure.at.page.map(i64::from) == item["page"].as_i64();
    }
    let line = figure.at.line.map(i64::from);
    line.zip(item["line"].as_i64()).is_some_and(|(line, wanted)| (line - wanted).abs() <= 1)
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || ".〇零一二三四五六七八九十百千万亿萬億兩两半".contains(*c)).collect()
}

fn same_number(item: &Value, figure: &Figure) -> bool {
    let (a, b) = (fold(text(item, "raw")), fold(&figure.raw));
    let (m, n) = (digits(&a), digits(&b));
    let (m_count, n_count) = (m.chars().count(), n.chars().count());
    let most = m_count.max(n_count) as f64;
    a == b || m == n && !m.is_empty() || (a.contains(&b) || b.contains(&a)) && m_count.min(n_count) as f64 >= 0.6 * most && most > 0.0
}

fn named_right(item: &Value, figure: &Figure) -> bool {
    let got = bare(&figure.metric);
    let got_count = got.chars().count();
    item["labels"].as_array().is_some_and(|labels| {
        labels.iter().filter_map(Value::as_str).map(bare).any(|wanted| {
            let count = wanted.chars().count();
            got == wanted
                || !wanted.is_empty() && got.contains(&wanted) && got_count <= count + 6
                || !got.is_empty() && wanted.contains(&got) && got_count as f64 >= 0.6 * count as f64
        })
    })
}

fn value_right(item: &Value, figure: &Figure) -> bool {
    let same = |wanted: &Value, got: &reportsql::decimal::Decimal| {
        wanted
            .to_string()
            .parse::<f64>()
            .ok()
            .zip(got.to_string().parse::<f64>().ok())
            .is_some_and(|(wanted, got)| (wanted - got).abs() <= 1e-9 * wanted.abs().max(1.0))
    };
    match &figure.amount {
        Amount::One(value) => {
            let more = item["value_any"].as_array().into_iter().flatten();
            item.get("value").into_iter().chain(more).any(|wanted| same(wanted, value))
        }
        Amount::Range(low, high) => same(&item["low"], low) && same(&item["high"], high),
    }
}

/// Is one of the values that a key allows for a field the one got?
fn any(item: &Value, field: &str, right: impl Fn(&Value) -> bool) -> bool {
    match item.get(format!("{field}_any")).and_then(Value::as_array) {
        Some(values) => values.iter().any(right),
        None => right(&item[field]),
    }
}

fn exact(item: &Value, figure: &Figure) -> bool {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let unit = |text: &str| variant(&fold(text));
    let basis = figure.basis.map(|basis| basis.word()).unwrap_or_default();
    let provinces = |value: &Value| {
        let mut codes: Vec<String> = value.as_array().into_iter().flatten().map(word).collect();
        codes.sort();
        codes == figure.provinces
    };
    value_right(item, figure)
        && any(item, "unit", |value| unit(&word(value)) == unit(&figure.unit))
        && any(item, "cmp", |value| word(value) == figure.comparator.word())
        && any(item, "kind", |value| word(value) == figure.kind_word())
        && any(item, "basis", |value| word(value) == basis)
        && any(item, "period", |value| word(value) == figure.period.code())
        && any(item, "province", provinces)
        && named_right(item, figure)
}
