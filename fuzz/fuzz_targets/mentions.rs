//! Any text, folded: the mentions stand in order, do not overlap, and leave no digit over.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reportsql::knowledge::Knowledge;
use reportsql::recognise::{self, Context, date::Calendar};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::read(None).unwrap());

fuzz_target!(|text: &str| {
    let chars: Vec<char> = text.chars().map(|c| KNOWLEDGE.fold.char(c)).collect();
    for (currency, cell) in [("CNY", false), ("TWD", false), ("HKD", true)] {
        let context = Context { calendar: Calendar { year: 2021, roc: currency == "TWD" }, currency, cell };
        let mentions = recognise::mentions(&chars, &context, &KNOWLEDGE);
        let mut end = 0;
        for mention in &mentions {
            let left = &chars[end.min(mention.span.start)..mention.span.start];
            assert!(mention.span.start >= end && mention.span.start < mention.span.end && mention.span.end <= chars.len());
            assert!(!left.iter().any(char::is_ascii_digit), "a digit is left over before {:?}", mention.span);
            end = mention.span.end;
        }
        assert!(!chars[end..].iter().any(char::is_ascii_digit), "a digit is left over at the end");
    }
    recognise::cell(&chars, &Context { calendar: Calendar { year: 2021, roc: false }, currency: "CNY", cell: true }, &KNOWLEDGE);
    recognise::unit(&chars, "CNY", &KNOWLEDGE);
});
