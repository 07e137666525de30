//! Any bytes through the whole of `extract`: an error or a report, no panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reportsql::knowledge::Knowledge;
use reportsql::{model::About, pipeline, read};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::read(None).unwrap());

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = read::document("report.txt", bytes.to_vec()) {
        pipeline::report(&document, &About::default(), &KNOWLEDGE);
    }
});
