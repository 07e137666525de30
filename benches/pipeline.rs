//! How fast: text through the stages, and figures into a database. `cargo bench`; nothing is asserted.
//!
//! The text is that of the sample reports, again and again: ten megabytes as documents of 100 kB, and as one. Each line is the
//! median of several rounds on one core.

use mimalloc::MiMalloc;
use reportsql::bind::{Binder, BlockMentions};
use reportsql::knowledge::Knowledge;
use reportsql::load::{self, Item, Options};
use reportsql::model::{About, Block, BlockKind, Content, Document};
use reportsql::normalise::Normalised;
use reportsql::recognise::{self, Context, date::Calendar};
use reportsql::{check, pipeline, read, tidy};
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// The program's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const TEXT_BYTES: usize = 10_000_000;
const FIGURES: usize = 100_000;
const ROUNDS: usize = 5;

/// Sample reports one after the other, up to a size.
fn text(bytes: usize) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/report");
    let sample = |name: &str| std::fs::read_to_string(folder.join(name).join("input.txt")).expect("the sample is there");
    let samples = [sample("hant-energy"), sample("hans-logistics")];
    let mut text = String::new();
    for at in 0.. {
        let sample = &samples[at % samples.len()];
        if text.len() + sample.len() > bytes {
            return text;
        }
        text += sample;
        text.push('\u{0C}');
    }
    unreachable!("a text comes to its end")
}

/// A sheet of figures, a hundred names in each of many places and years.
fn sheet(rows: usize) -> String {
    let provinces = ["青海", "廣東", "浙江", "四川", "遼寧", "雲南", "甘肅", "江蘇"];
    let mut sheet = String::from("metric,value,period,province,theme,initiative\n");
    for row in 0..rows {
        let (name, year, province) = (row % 100, 2000 + row / 100 % 25, provinces[row / 2500 % provinces.len()]);
        let theme = row / 20_000;
        writeln!(sheet, "第{name}類站點,約{}.{}萬個,{year},{province},主題{theme},舉措{name}", row % 977, row % 10)
            .expect("a string grows");
    }
    sheet
}

/// The median time of several rounds.
fn time<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[rounds / 2]
}

fn speed(what: &str, bytes: usize, time: Duration) {
    println!("{what:<44} {:>8.1} MB/s {:>9.3} s", bytes as f64 / 1e6 / time.as_secs_f64(), time.as_secs_f64());
}

fn share(stage: &str, time: Duration, whole: Duration) {
    println!("  {stage:<42} {:>8.1} %    {:>9.3} s", 100.0 * time.as_secs_f64() / whole.as_secs_f64(), time.as_secs_f64());
}

fn rate(what: &str, figures: usize, time: Duration) {
    println!("{what:<44} {:>8.0} figures/s {:>4.3} s", figures as f64 / time.as_secs_f64(), time.as_secs_f64());
}

/// As `pipeline` asks for them.
fn mentions(block: &Block, prose: &Context<'_>, knowledge: &Knowledge) -> BlockMentions {
    let cell = Context { cell: true, ..*prose };
    match &block.kind {
        BlockKind::Prose(folded) => BlockMentions::Prose(recognise::mentions(&folded.chars, prose, knowledge)),
        BlockKind::Table(table) => {
            let row = |(at, cells): (usize, &Vec<reportsql::model::Cell>)| {
                let read = |chars: &[char]| if at < table.header_rows { Vec::new() } else { recognise::cell(chars, &cell, knowledge) };
                cells.iter().map(|cell| read(&cell.text.chars)).collect()
            };
            BlockMentions::Table(table.rows.iter().enumerate().map(row).collect())
        }
    }
}

/// Time spent in each stage, all documents together.
#[derive(Default)]
struct Stages {
    tidy: Duration,
    recognise: Duration,
    bind: Duration,
    normalise: Duration,
    check: Duration,
}

fn stages(documents: &[Document], knowledge: &Knowledge) -> Stages {
    fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let out = work();
        *sum += start.elapsed();
        out
    }
    let mut times = Stages::default();
    let (given, named) = (About::default(), About::default());
    for document in documents {
        let Content::Text(source) = &document.content else { continue };
        let text = timed(&mut times.tidy, || tidy::text(source, &given, &named, knowledge));
        let context =
            Context { calendar: Calendar { year: text.about.year.unwrap_or(0), roc: false }, currency: text.about.currency, cell: false };
        let mut binder = Binder::new(&text, knowledge);
        let mut normalised = Normalised::default();
        for (index, block) in text.blocks.iter().enumerate() {
            let mentions = timed(&mut times.recognise, || mentions(block, &context, knowledge));
            let claims = timed(&mut times.bind, || binder.claims(index, &mentions));
            timed(&mut times.normalise, || normalised.add(&text, index, &mentions, claims, knowledge));
        }
        black_box(timed(&mut times.check, || check::findings(&text.about, &normalised.figures, knowledge)));
    }
    times
}

fn main() {
    let knowledge = Knowledge::read(None).expect("the built-in tables are sound");
    let about = About::default();
    println!("knowledge {:>49.3} s", time(ROUNDS, || Knowledge::read(None)).as_secs_f64());

    let small = text(100_000);
    let count = TEXT_BYTES / small.len();
    let bytes = count * small.len();
    let decode = |text: &str| read::document("report.txt", text.as_bytes().to_vec()).expect("a text");
    let documents: Vec<Document> = (0..count).map(|_| decode(&small)).collect();
    let figures: usize = pipeline::report(&documents[0], &about, &knowledge).figures.len() * count;

    println!("\ntext: {count} documents of {} kB, {figures} figures", small.len() / 1000);
    speed("read", bytes, time(ROUNDS, || (0..count).map(|_| decode(&small).bytes).sum::<u64>()));
    let whole =
        time(ROUNDS, || documents.iter().map(|document| pipeline::report(document, &about, &knowledge).figures.len()).sum::<usize>());
    speed("tidy to check", bytes, whole);
    let times = stages(&documents, &knowledge);
    let of = times.tidy + times.recognise + times.bind + times.normalise + times.check;
    share("tidy", times.tidy, of);
    share("recognise", times.recognise, of);
    share("bind", times.bind, of);
    share("normalise", times.normalise, of);
    share("check", times.check, of);
    drop(documents);

    let large = text(TEXT_BYTES);
    let document = decode(&large);
    println!("\ntext: one document of {} MB", large.len() / 1_000_000);
    let one = time(3, || pipeline::report(&document, &about, &knowledge).figures.len());
    speed("tidy to check", large.len(), one);
    println!("  against small documents, a byte {:>24.2} x", one.as_secs_f64() / large.len() as f64 / (whole.as_secs_f64() / bytes as f64));
    drop(document);

    let sheet = sheet(FIGURES);
    println!("\nsheet: {FIGURES} figures, {} MB", sheet.len() / 1_000_000);
    let given = About { company: Some("bench".into()), year: Some(2021), ..About::default() };
    let item = || {
        let document = read::document("figures.csv", sheet.clone().into_bytes()).expect("a sheet");
        let report = pipeline::report(&document, &given, &knowledge);
        Item { document: (&document).into(), report, more: false }
    };
    rate("read to check", FIGURES, time(3, item));
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut at = 0;
    let fresh = time(3, || {
        at += 1;
        load::load(&folder.path().join(format!("{at}.db")), std::iter::once(Ok(item())), &knowledge, &Options::default()).expect("a load")
    });
    rate("read to a new database", FIGURES, fresh);
    let again =
        time(3, || load::load(&folder.path().join("1.db"), std::iter::once(Ok(item())), &knowledge, &Options::default()).expect("a load"));
    rate("the same again, nothing to write", FIGURES, again);
}
