//! Counts how often each rule of `bind` is right on the answer keys, and prints `data/confidence.csv` and the curve of `docs/confidence.md`.
//!
//! ```text
//! cargo run --example calibrate [-- KEYS]          KEYS: a folder with gold/ and dev/; ../shared if not given
//! ```
//!
//! A figure is right where the judge `score.py` counts it as exact: found in the key, and right in value, unit, comparator, kind,
//! basis, period, province and metric. A figure that the key calls minor counts neither way. The curve is measured one document
//! at a time, with the confidence that the other documents give.

#[path = "../tests/it/judge.rs"]
mod judge;

use judge::judged;
use reportsql::knowledge::Knowledge;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Right and seen.
type Counts = BTreeMap<String, (u32, u32)>;

fn main() {
    let folder = std::env::args().nth(1).map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let knowledge = Knowledge::read(None).expect("the built-in tables");
    let documents: Vec<Vec<(String, bool)>> = keys(&folder).iter().map(|text| judged(text, &knowledge)).collect();
    if documents.is_empty() {
        println!("no answer keys in {}", folder.display());
        return;
    }
    let all = counts(documents.iter().flatten());
    println!("rule,confidence,seen");
    let mut rows: Vec<String> = all.iter().map(|(rule, &(right, seen))| format!("{rule},{},{seen}", confidence(right, seen))).collect();
    rows.push("typed,0.99,0".into());
    rows.sort();
    println!("{}\n", rows.join("\n"));
    curve(&documents);
}

/// How many figures of each bin of confidence there are, and how many of them are right.
fn curve(documents: &[Vec<(String, bool)>]) {
    let mut bins = [(0u32, 0u32, 0.0f64); 10];
    for (at, document) in documents.iter().enumerate() {
        let others = counts(documents.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, figures)| figures));
        for (rule, right) in document {
            let known = others.get(rule).map_or(0.5, |&(right, seen)| confidence(right, seen));
            let bin = &mut bins[((known * 10.0) as usize).min(9)];
            *bin = (bin.0 + u32::from(*right), bin.1 + 1, bin.2 + known);
        }
    }
    println!("| confidence | figures | exact | share exact | mean confidence |\n| --- | ---: | ---: | ---: | ---: |");
    for (at, (right, seen, sum)) in bins.iter().enumerate().filter(|(_, bin)| bin.1 > 0) {
        let of = f64::from(*seen);
        let (low, high) = (at as f64 / 10.0, (at + 1) as f64 / 10.0);
        println!("| {low:.1} to {high:.1} | {seen} | {right} | {:.3} | {:.3} |", f64::from(*right) / of, sum / of);
    }
}

/// A rule seen once says little: two figures more are thought of, one of them wrong.
fn confidence(right: u32, seen: u32) -> f64 {
    (f64::from(right + 1) / f64::from(seen + 2) * 1000.0).round() / 1000.0
}

fn counts<'f>(figures: impl Iterator<Item = &'f (String, bool)>) -> Counts {
    let mut counts = Counts::new();
    for (rule, right) in figures {
        let count = counts.entry(rule.clone()).or_default();
        *count = (count.0 + u32::from(*right), count.1 + 1);
    }
    counts
}

/// The texts that have an answer key.
fn keys(folder: &Path) -> Vec<PathBuf> {
    let mut texts: Vec<PathBuf> = ["gold", "dev"]
        .iter()
        .filter_map(|part| std::fs::read_dir(folder.join(part)).ok())
        .flat_map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())))
        .filter(|path| path.extension().is_some_and(|end| end == "txt") && path.with_extension("figures.jsonl").exists())
        .collect();
    texts.sort();
    texts
}
