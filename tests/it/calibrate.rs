//! The rules of `bind` and the rows of `data/confidence.csv` know each other.

use reportsql::knowledge::Knowledge;
use std::collections::BTreeSet;
use std::path::Path;

/// The names of rules in a source: the words in quotes after `rule:` and as the arguments of `level`.
fn rules(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("rule: ").chain(source.match_indices("self.level(")) {
        let end = source[at..].find([';', '}']).map_or(source.len(), |ahead| at + ahead);
        let statement = &source[at..end];
        // A field ends at its comma, a call of `level` with its whole.
        let reach = if statement.starts_with("rule: ") { statement.find(",\n").unwrap_or(statement.len()) } else { statement.len() };
        let words = statement[..reach].split('"').skip(1).step_by(2);
        found.extend(
            words.filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')).map(String::from),
        );
    }
    found
}

#[test]
fn every_rule_has_its_confidence() {
    let knowledge = Knowledge::read(None).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bind");
    let mut named = BTreeSet::new();
    for folder in [folder.join("prose"), folder] {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        files.for_each(|path| named.extend(rules(&std::fs::read_to_string(path).unwrap())));
    }
    assert!(named.len() > 15 && named.contains("subject") && named.contains("share-of"), "{named:?}");
    let unknown: Vec<&String> = named.iter().filter(|rule| !knowledge.confidence.knows(rule)).collect();
    assert!(unknown.is_empty(), "no row in data/confidence.csv: {unknown:?}; cargo run --example calibrate counts them");
}
