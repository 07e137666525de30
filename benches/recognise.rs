//! How fast the stage `recognise` alone goes through folded report text on one core, in MB of UTF-8 a second.
//!
//! `cargo bench --bench recognise [-- FILE…]` repeats the given texts, or else the sentences of the corpus, in many short runs and
//! prints the best one, which other work on the machine disturbed least, and the median.

use reportsql::knowledge::Knowledge;
use reportsql::recognise::{Context, date::Calendar, mentions};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

const RUNS: usize = 80;
const BYTES: usize = 500_000;

fn main() {
    let knowledge = Knowledge::read(None).expect("the built-in tables are sound");
    let mut paths: Vec<PathBuf> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from).collect();
    if paths.is_empty() {
        paths.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/zh/quantities.csv"));
    }
    let mut blocks: Vec<(usize, Vec<char>)> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // A paragraph is a block, as `tidy` hands them on.
        for paragraph in text.split("\n\n").flat_map(|part| part.split('。')).filter(|part| !part.trim().is_empty()) {
            let sentence: String = paragraph.chars().filter(|c| !matches!(c, '\n' | '{' | '}')).collect();
            blocks.push((sentence.len(), sentence.chars().map(|c| knowledge.fold.char(c)).collect()));
        }
    }
    let once: usize = blocks.iter().map(|(bytes, _)| bytes).sum();
    let times = BYTES.div_ceil(once.max(1));
    let context = Context { calendar: Calendar { year: 2021, roc: false }, currency: "CNY", cell: false };
    let mut found = 0;
    let mut speeds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            found = 0;
            for _ in 0..times {
                for (_, chars) in &blocks {
                    found += black_box(mentions(black_box(chars), &context, &knowledge)).len();
                }
            }
            (once * times) as f64 / 1e6 / start.elapsed().as_secs_f64()
        })
        .collect();
    speeds.sort_by(f64::total_cmp);
    let megabytes = (once * times * RUNS) as f64 / 1e6;
    let (best, median) = (speeds[RUNS - 1], speeds[RUNS / 2]);
    println!("{best:.1} MB/s (median {median:.1}) over {megabytes:.1} MB with {} mentions", found * RUNS);
}
