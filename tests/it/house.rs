//! The house rules that a test can keep. docs/architecture.md gives the reasons.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the repository, by name: relative to the root, with `/`.
fn files(folder: &str) -> BTreeMap<String, PathBuf> {
    fn collect(folder: &Path, found: &mut BTreeMap<String, PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            // What git does not keep is not the repository's.
            if [".git", "target", "fuzz/target"].contains(&name.as_str()) || name.ends_with(".db") {
                continue;
            }
            if path.is_dir() {
                collect(&path, found);
            } else {
                found.insert(name, path);
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(&root().join(folder), &mut found);
    found
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The modules of the program: name below src/, text.
fn modules() -> Vec<(String, String)> {
    let sources = files("src").into_keys().filter(|name| name.ends_with(".rs"));
    sources.map(|name| (name.trim_start_matches("src/").to_string(), text(&name))).collect()
}

/// A module without its comments and its own tests.
fn code(text: &str) -> String {
    let program = text.split("#[cfg(test)]").next().unwrap();
    program.lines().filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |code, line| code + line + "\n")
}

/// The names right behind a path's beginning: of `crate::`, both in `crate::a::b` and in `use crate::{a, c::{d, e}}`.
fn named(code: &str, beginning: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(beginning) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + beginning.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    names.push(word(group[start..at].trim_start()));
                    start = at + 1;
                    if c == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

// ------------------------------------------------------------------ stages

/// The stages by use: each may use those before it. Text flows through `tidy` before `recognise`; but `recognise` reads any
/// stretch of characters and knows of no document, so `tidy` may ask it for the date in a title.
const STAGES: &[&str] = &["read", "recognise", "tidy", "bind", "normalise", "check", "load", "serve"];
/// What all stages stand on. They use none.
const GROUND: &[&str] = &["model", "decimal", "error", "message", "knowledge"];
/// What stands over all stages.
const TOP: &[&str] = &["pipeline", "feed", "cli", "lib", "main"];

fn module(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn a_stage_uses_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for (name, text) in modules() {
        let module = module(&name);
        let allowed = match STAGES.iter().position(|stage| *stage == module) {
            Some(at) => &STAGES[..=at],
            None if GROUND.contains(&module) => &[],
            None if TOP.contains(&module) => continue,
            None => {
                wrong.push(format!("src/{name}: `{module}` is no stage; docs/architecture.md and this test list them"));
                continue;
            }
        };
        for used in named(&code(&text), "crate::") {
            if !allowed.contains(&used.as_str()) && !GROUND.contains(&used.as_str()) {
                wrong.push(format!("src/{name} uses `{used}`"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn tidy_asks_recognise_for_dates_alone() {
    let mut wrong = Vec::new();
    for (name, text) in modules().into_iter().filter(|(name, _)| module(name) == "tidy") {
        let used = named(&code(&text), "crate::recognise::");
        wrong.extend(used.iter().filter(|used| *used != "date").map(|used| format!("src/{name} uses `recognise::{used}`")));
    }
    none(&wrong);
}

#[test]
fn only_the_ends_touch_the_world() {
    let mut wrong = Vec::new();
    for (name, text) in modules() {
        if ["read", "knowledge", "load", "serve", "feed", "cli", "main"].contains(&module(&name)) {
            continue;
        }
        let code = code(&text);
        let world = ["fs", "io", "process", "net", "env", "time", "thread"];
        wrong.extend(
            named(&code, "std::").iter().filter(|used| world.contains(&used.as_str())).map(|used| format!("src/{name} uses std::{used}")),
        );
        // `include!` and `env!` are of the compiler.
        wrong.extend(
            ["println!", "eprintln!", "print!(", "dbg!"]
                .iter()
                .filter(|says| code.contains(**says))
                .map(|says| format!("src/{name}: {says}")),
        );
    }
    none(&wrong);
}

// ------------------------------------------------------------------ modules

/// Modules through which nothing flows: nouns, the order of stages, the command line, small helps.
const WITHOUT_FLOW: &[&str] =
    &["lib.rs", "main.rs", "cli/mod.rs", "model.rs", "pipeline.rs", "decimal.rs", "error.rs", "serve/cell.rs", "serve/nearest.rs"];
/// Folders whose `mod.rs` says it for all: one file reads one table, one file is one check, one
/// file is a command.
const ALIKE: &[&str] = &["knowledge/", "check/", "cli/"];

#[test]
fn a_module_begins_with_what_goes_in_and_what_comes_out() {
    let mut wrong = Vec::new();
    for (name, text) in modules() {
        let header: String =
            text.lines().take_while(|line| line.starts_with("//!")).fold(String::new(), |header, line| header + line + "\n");
        if header.is_empty() {
            wrong.push(format!("src/{name} begins with no //!"));
        } else if WITHOUT_FLOW.contains(&name.as_str())
            || (ALIKE.iter().any(|folder| name.starts_with(folder)) && !name.ends_with("/mod.rs"))
        {
            continue;
        } else if !header.contains("//! In:  ") || !header.contains("//! Out: ") {
            wrong.push(format!("src/{name}: its header lacks `In:` or `Out:`"));
        }
    }
    none(&wrong);
}

/// Code that rustfmt leaves as long as it is: patterns of macros.
const LONG: &[&str] = &["src/load/rows.rs", "src/read/text.rs", "src/read/sheet.rs"];

/// How long a line of code is without what it quotes: SQL and messages stand in one piece.
fn width(line: &str) -> usize {
    let (mut width, mut quoted, mut escaped) = (0, false, false);
    for c in line.chars() {
        if c == '"' && !escaped {
            quoted = !quoted;
        } else if !quoted {
            width += 1;
        }
        escaped = c == '\\' && !escaped;
    }
    // A string that goes on from the line before, or to the next one.
    if quoted { 0 } else { width }
}

#[test]
fn lines_fit_a_screen_and_nothing_is_put_off() {
    // Put together here, so that this file does not hold them.
    let put_off: Vec<String> = ["TO-DO", "FIX-ME", "X-XX", "to-do!", "un-implemented!"].iter().map(|word| word.replace('-', "")).collect();
    let mut wrong = Vec::new();
    for (name, path) in files("") {
        let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else { continue };
        if !["rs", "md", "toml", "sql"].contains(&extension) {
            continue;
        }
        for (at, line) in text(&name).lines().enumerate() {
            if extension == "rs" && width(line) > 160 && !LONG.contains(&name.as_str()) {
                wrong.push(format!("{name}:{}: {} characters of code", at + 1, width(line)));
            }
            wrong.extend(put_off.iter().filter(|word| line.contains(*word)).map(|word| format!("{name}:{}: {word}", at + 1)));
        }
    }
    none(&wrong);
}

// ------------------------------------------------------------------ tables

/// Tables in groups or by value, as a person reads them.
const GROUPED: &[&str] = &[
    "data/zh/branch_words.csv",
    "data/zh/label_words.csv",
    "data/zh/modality_words.csv",
    "data/zh/numerals.csv",
    "data/zh/scales.csv",
    "data/zh/time_words.csv",
];

/// By which columns a table is sorted and a row is known, where that is not its first column alone.
fn key<'n>(name: &str, columns: &[&'n str]) -> Vec<&'n str> {
    let key: &[&'n str] = match name {
        "data/parts.csv" => &["whole", "part"],
        "data/place_members.csv" => &["place", "member"],
        "data/values.csv" => &["column", "value"],
        "data/zh/compare_words.csv" => &["word", "place"],
        "data/zh/cue_words.csv" => &["word", "cue"],
        "data/zh/excuse_words.csv" => &["check", "word"],
        "data/zh/part_words.csv" => &["set", "word"],
        "data/zh/unit_words.csv" => &["word", "unit", "place"],
        "data/zh/label_words.csv" => &["word", "role"],
        _ if name.starts_with("data/industry/") && name.ends_with("/zh.csv") => &["metric", "alias"],
        _ => &columns[..1],
    };
    key.to_vec()
}

#[test]
fn a_table_says_what_it_is_and_keeps_its_order() {
    let mut wrong = Vec::new();
    for name in files("data").into_keys().filter(|name| name.ends_with(".csv")) {
        let text = text(&name);
        let header: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        let said = header.join("\n");
        if header.len() < 3 || !header.iter().all(|line| line.starts_with("# ")) {
            wrong.push(format!("{name}: its header is no `# ` lines of what, columns, source and reader"));
        }
        wrong.extend(["Source: ", "Used by: "].iter().filter(|word| !said.contains(**word)).map(|word| format!("{name}: no `{word}`")));
        if said.contains([',', '"']) {
            wrong.push(format!("{name}: a header line holds a comma or quote; a spreadsheet breaks it"));
        }
        if text.contains('\r') || !text.ends_with('\n') || text.starts_with('\u{FEFF}') {
            wrong.push(format!("{name}: expected UTF-8 without a mark, LF, a last line that ends"));
        }
        for reader in said.split("Used by: ").nth(1).unwrap_or_default().split([' ', '.']).filter(|word| word.contains('/')) {
            if !root().join(format!("src/{reader}.rs")).exists() {
                wrong.push(format!("{name}: src/{reader}.rs, which it names as its reader, is not there"));
            }
        }
        // Typed in reading order.
        if name.starts_with("data/reports/") {
            continue;
        }
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let columns = reader.headers().unwrap().clone();
        let columns: Vec<&str> = columns.iter().collect();
        let names = key(&name, &columns);
        let at: Vec<usize> = names.iter().map(|name| columns.iter().position(|column| column == name).unwrap()).collect();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        let keyed = |row: &csv::StringRecord| at.iter().map(|at| row[*at].to_string()).collect::<Vec<_>>();
        let mut known = HashSet::new();
        let mut before = Vec::new();
        for row in &rows {
            let (key, line) = (keyed(row), row.position().unwrap().line());
            if key < before && !GROUPED.contains(&name.as_str()) {
                wrong.push(format!("{name}:{line}: {} after {}; sorted by {}", key.join(","), before.join(","), names.join(",")));
            }
            if !known.insert(key.clone()) {
                wrong.push(format!("{name}:{line}: {} stands twice", key.join(",")));
            }
            before = key;
        }
    }
    none(&wrong);
}

#[test]
fn every_table_is_described() {
    let described = text("data/README.md");
    let mut wrong = Vec::new();
    for name in files("data").into_keys().filter(|name| name.ends_with(".csv")) {
        let mut shown = name.trim_start_matches("data/").to_string();
        if shown.starts_with("industry/") {
            shown = format!("industry/*/{}", shown.rsplit('/').next().unwrap());
        }
        if !described.contains(&format!("| `{shown}` |")) {
            wrong.push(format!("data/README.md lacks `{shown}`"));
        }
    }
    // And nothing is described that is gone.
    for shown in described.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(".csv` |")).map(|(name, _)| name) {
        let there = if let Some(name) = shown.strip_prefix("industry/*/") {
            format!("data/industry/common/{name}")
        } else {
            format!("data/{shown}")
        };
        if !root().join(format!("{there}.csv")).exists() {
            wrong.push(format!("data/README.md describes {shown}.csv, which is not there"));
        }
    }
    none(&wrong);
}

/// Characters that definitions in traditional script write as in simplified, although the table of characters has others that are matched
/// as them: 周年 beside 週, 台 beside 臺.
const OF_BOTH_SCRIPTS: &str = "即教折值家增合出制告扣同每台查私向系里面修千群回累核峰局真彩只困准泄抵升岩表注佣污巨逾席板游致周志";

#[test]
fn every_metric_is_defined_in_three_languages() {
    let knowledge = reportsql::knowledge::Knowledge::read(None).unwrap();
    let fold = &knowledge.fold;
    let simplified: HashSet<char> =
        ('\u{4E00}'..='\u{9FFF}').filter(|c| fold.char(*c) != *c).map(|c| fold.char(c)).filter(|c| !OF_BOTH_SCRIPTS.contains(*c)).collect();
    // 答覆 is 答复; the table of characters leaves 覆 alone, since 覆盖 keeps it.
    let matched = |text: &str| fold.text(text).replace('覆', "复");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for name in files("data/industry").into_keys().filter(|name| name.ends_with("/metrics.csv")) {
        let table = text(&name);
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
        let columns = reader.headers().unwrap().clone();
        let mut said: HashSet<String> = HashSet::new();
        for row in reader.records().map(|row| row.unwrap()) {
            let cell = |column: &str| &row[columns.iter().position(|name| name == column).unwrap()];
            let mut tell = |what: &str| wrong.push(format!("{name}:{}: {} {what}", row.position().unwrap().line(), cell("code")));
            let (hant, hans, en) = (cell("definition_hant"), cell("definition_hans"), cell("definition_en"));
            for (definition, end, named) in [(hant, '。', "name_hant"), (hans, '。', "name_hans"), (en, '.', "name_en")] {
                match definition.strip_suffix(end) {
                    Some(definition) if definition.trim().is_empty() || definition == cell(named) => {
                        tell("is defined by nothing but its name")
                    }
                    Some(_) => {}
                    None => tell(&format!("「{definition}」 is no sentence that ends in {end}")),
                }
            }
            // Script by script: characters of both may stand in two definitions.
            for (definition, language) in [(hant, "hant"), (hans, "hans"), (en, "en")] {
                if !said.insert(format!("{language} {definition}")) {
                    tell(&format!("shares 「{definition}」 with another"));
                }
            }
            for definition in [hant, hans] {
                // EBITDA and IPv6 are words of Chinese reports; blanks and ASCII marks stand in sentences of another language.
                if definition.contains(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '-') {
                    tell(&format!("「{definition}」 has a blank or a mark of Latin script"));
                }
            }
            if let Some(c) = hant.chars().find(|c| simplified.contains(c)) {
                tell(&format!("「{hant}」 has the simplified {c}"));
            }
            if let Some(c) = hans.chars().find(|c| ('\u{4E00}'..='\u{9FFF}').contains(c) && fold.char(*c) != *c) {
                tell(&format!("「{hans}」 has the traditional {c}"));
            }
            if matched(hant) != matched(hans) {
                tell(&format!("says two things: 「{hant}」 and 「{hans}」"));
            }
            count += 1;
        }
    }
    none(&wrong);
    assert!(count > 700, "{count} metrics");
}

/// What stands in the braces of a template: `{count|figure|figures}` is `count`.
fn places(template: &str) -> HashSet<String> {
    let inside = template.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
    inside.map(|place| place.split('|').next().unwrap().to_string()).collect()
}

/// The codes of the messages that a module tells, each with the names of what it fills in.
fn told(code: &str) -> Vec<(String, HashSet<String>)> {
    let calls = code.split("message!(").skip(1).map(|rest| {
        let (mut depth, mut quoted, mut start, mut parts) = (0, false, 0, Vec::new());
        for (at, c) in rest.char_indices() {
            match c {
                '"' if !rest[..at].ends_with('\\') => quoted = !quoted,
                _ if quoted => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth > 0 => depth -= 1,
                ',' | ')' if depth == 0 => {
                    parts.push(rest[start..at].trim());
                    start = at + 1;
                    if c == ')' {
                        break;
                    }
                }
                _ => {}
            }
        }
        let names = parts[1..].iter().filter_map(|part| part.split_once(" = ")).map(|(name, _)| name.to_string());
        (parts[0].trim_matches('"').to_string(), names.collect())
    });
    calls.collect()
}

#[test]
fn every_message_is_told_in_three_languages_with_all_that_is_filled_in() {
    let table = text("data/messages.csv");
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let rows: BTreeMap<String, Vec<String>> = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_string).collect::<Vec<_>>())
        .map(|row| (row[0].clone(), row[1..].to_vec()))
        .collect();
    let mut wrong = Vec::new();
    for (code, templates) in &rows {
        for template in templates {
            if template.trim().is_empty() || places(template) != places(&templates[2]) {
                wrong.push(format!("data/messages.csv: {code}: 「{template}」 does not fill in what 「{}」 does", templates[2]));
            }
        }
    }
    let mut used = HashSet::new();
    for (name, text) in modules().into_iter().filter(|(name, _)| name != "message.rs") {
        for (code, names) in told(&code(&text)) {
            match rows.get(&code) {
                None => wrong.push(format!("src/{name}: data/messages.csv has no 「{code}」")),
                Some(templates) if places(&templates[2]) != names => {
                    wrong.push(format!("src/{name}: {code} is given {names:?} and fills in {:?}", places(&templates[2])));
                }
                Some(_) => {}
            }
            used.insert(code);
        }
    }
    wrong.extend(rows.keys().filter(|code| !used.contains(*code)).map(|code| format!("data/messages.csv: nobody tells {code}")));
    none(&wrong);
    assert!(used.len() > 100, "{} messages", used.len());
}

// ------------------------------------------------------------------ the project

#[test]
fn a_dependency_has_its_reason_above_it() {
    let manifest = text("Cargo.toml");
    let mut wrong = Vec::new();
    let sources = files("").into_keys().filter(|name| name.ends_with(".rs"));
    let used: String = sources.map(|name| code(&text(&name))).collect();
    let (mut inside, mut reason) = (false, false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
            reason = false;
        } else if line.is_empty() {
            reason = false;
        } else if line.starts_with('#') {
            reason = true;
        } else if inside {
            if !reason {
                wrong.push(format!("Cargo.toml: {line}: no comment above says why"));
            }
            reason = false;
            let name = line.split(['=', ' ']).next().unwrap().replace('-', "_");
            if !used.contains(&name) {
                wrong.push(format!("Cargo.toml: {name}: no file of Rust names it"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_readme_begins_with_two_commands() {
    let readme = text("README.md");
    let beginning = readme.split("\n## ").next().unwrap();
    let blocks: Vec<&str> = beginning.split("```").skip(1).step_by(2).collect();
    let commands: Vec<&str> = blocks.iter().map(|block| block.strip_prefix("sh\n").expect("a block of sh").trim()).collect();
    assert_eq!(commands, ["cargo run --release -- load data/reports/china-unicom-2019.csv", "cargo test --release"]);
    assert!(text(".ci/run").contains(commands[1]), ".ci/run tests as the README says");
    let paragraphs = beginning.split("```").next().unwrap().trim().split("\n\n").count();
    assert_eq!(paragraphs, 3, "a title, a paragraph that says what it is, and a line over the first command");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut wrong = Vec::new();
    for name in files("").into_keys().filter(|name| name.ends_with(".md") && !name.starts_with("tests/")) {
        let text = text(&name);
        let folder = root().join(&name).parent().unwrap().to_path_buf();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link.split('#').next().unwrap()) {
            if !link.starts_with("http") && !folder.join(link).exists() {
                wrong.push(format!("{name}: {link} is not there"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_changelog_knows_the_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(text("CHANGELOG.md").contains(&format!("\n## [{version}]")), "CHANGELOG.md has no section of {version}");
}

#[test]
fn nothing_tells_where_it_was_made() {
    // Put together here, so that this file does not hold them.
    let places: Vec<String> = ["work", "home", "root", "Users", "mnt"].iter().map(|folder| format!("/{folder}/")).collect();
    let mut wrong = Vec::new();
    for (name, path) in files("") {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (at, line) in text.lines().enumerate() {
            let found = places.iter().find(|place| {
                line.match_indices(place.as_str()).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "/.-_".contains(c)))
            });
            wrong.extend(found.map(|place| format!("{name}:{}: {place}", at + 1)));
        }
    }
    none(&wrong);
}

#[test]
fn no_sentence_of_a_report_stands_here() {
    const LONG: usize = 25;
    let shared = std::env::var_os("REPORTSQL_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let Ok(report) = fs::read_to_string(shared.join("gold/china-unicom-2019.txt")) else {
        println!("skipped: no report in {}", shared.display());
        return;
    };
    let is_han = |c: &char| ('\u{3400}'..='\u{9FFF}').contains(c) || ('\u{F900}'..='\u{FAFF}').contains(c);
    // A line's end is no end of a sentence.
    let report: Vec<char> = report.chars().filter(|c| !c.is_whitespace()).collect();
    let stretches: HashSet<&[char]> = report.windows(LONG).filter(|stretch| stretch.iter().all(&is_han)).collect();
    assert!(stretches.len() > 100, "{} stretches", stretches.len());
    let mut wrong = Vec::new();
    for (name, path) in files("") {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (at, line) in text.lines().enumerate() {
            let line: Vec<char> = line.chars().collect();
            if let Some(stretch) = line.windows(LONG).find(|stretch| stretches.contains(stretch)) {
                wrong.push(format!("{name}:{}: {}", at + 1, stretch.iter().collect::<String>()));
            }
        }
    }
    none(&wrong);
}
