//! The program as a person or a script runs it: what goes to which stream, exit codes, what is left behind.

use crate::scene::Scene;
use std::fs;
use std::path::Path;

/// Two sentences of a report.
const REPORT: &str = "一、推動網絡演進\n\n2019年，4G基站總數達到141萬個，人口覆蓋率93%。\n";

// ------------------------------------------------------------------ extract

#[test]
fn extract_reads_files_and_standard_input_alike() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let file = scene.run(&["extract", "a.txt"]);
    let stdin = scene.run_with(&["extract", "-"], REPORT);
    assert_eq!(file.succeeds().replace("\"file\":\"a.txt\"", "\"file\":\"-\""), stdin.succeeds());
    assert_eq!(file.stderr, "");
    assert_eq!(scene.files(), ["a.txt"], "no database is made");
}

#[test]
fn extract_as_csv_has_the_columns_of_the_contract() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let figures = scene.run(&["extract", "--format", "csv", "a.txt"]);
    let header = figures.succeeds().lines().next().unwrap();
    assert!(header.starts_with("file,page,line,start,end,cell,raw,metric,metric_code,value,low,high,unit,comparator,kind,statement,basis"));
    let headings = scene.run(&["extract", "--format", "csv", "--initiatives", "a.txt"]);
    assert!(headings.succeeds().starts_with("file,level,name,line,page,parent,province,year,status\n"));
}

#[test]
fn a_bad_file_among_good_ones_is_told_and_passed_over() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes()), ("b.txt", b"\0\0\0\x01\x02"), ("c.txt", b"")]);
    let outcome = scene.run(&["extract", "a.txt", "nope.txt", "b.txt", "c.txt"]);
    outcome.fails(3, &["nope.txt: no such file", "b.txt: ", "binary", "c.txt: the file is empty"]);
    assert_eq!(outcome.stdout, scene.run(&["extract", "a.txt"]).stdout);
}

#[test]
fn where_nothing_can_be_read_the_program_fails() {
    let scene = Scene::with(&[("bad/x.png", b"x"), ("cut.txt", &"光纖端口".as_bytes()[..10]), ("e.txt", b"")]);
    fs::create_dir(scene.path("hollow")).unwrap();
    scene.run(&["extract", "nope.txt"]).fails(1, &["error: nope.txt: no such file"]);
    scene.run(&["extract", "hollow"]).fails(1, &["hollow: the folder holds no file that can be read"]);
    scene.run(&["extract", "bad"]).fails(1, &["bad: the folder holds no file that can be read"]);
    scene.run(&["extract", "cut.txt"]).fails(1, &["cut.txt: the file ends in the middle of a character, at byte 9 of 10"]);
    scene.run(&["extract", "e.txt", "nope.txt"]).fails(1, &["e.txt: the file is empty", "nothing could be read"]);
    assert_eq!(scene.files(), ["bad", "cut.txt", "e.txt", "hollow"]);
}

#[test]
fn a_csv_without_columns_of_a_sheet_of_figures_is_a_table() {
    let scene = Scene::with(&[("s.csv", "名稱,2021年,2020年\n4G基站（萬個）,141,132\n".as_bytes())]);
    let told = scene.run(&["extract", "s.csv", "--format", "csv"]);
    assert!(told.succeeds().contains("s.csv,,2,,,C2,132,4G基站,base_stations_4g,1320000,,,个,="), "{}", told.stdout);
}

#[test]
fn a_format_that_is_not_read_says_what_to_do() {
    let scene = Scene::with(&[("r.docx", b"PK\x03\x04....word/document.xml")]);
    scene.run(&["extract", "r.docx"]).fails(1, &["r.docx: a damaged Word document", "get the file anew"]);
}

// ------------------------------------------------------------------ the command line itself

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    let scene = Scene::new();
    scene.run(&[]).fails(2, &["Usage"]);
    scene.run(&["frobnicate"]).fails(2, &["unrecognized subcommand"]);
    scene.run(&["extract"]).fails(2, &["<FILE>"]);
    scene.run(&["extract", "-", "-"]).fails(2, &["given twice"]);
    scene.run(&["extract", "--format", "xml", "-"]).fails(2, &["jsonl", "csv"]);
    scene.run(&["query", "-p", "year", "SELECT 1"]).fails(2, &["NAME=VALUE"]);
}

#[test]
fn help_and_version_go_to_standard_output() {
    let scene = Scene::new();
    assert!(scene.run(&["--version"]).succeeds().starts_with("reportsql 0."));
    for command in ["extract", "query", "explain", "schema", "export", "load"] {
        let outcome = scene.run(&[command, "--help"]);
        let help = outcome.succeeds();
        assert!(help.contains("Examples:") && help.trim_end().lines().last().is_some_and(|line| line.len() > 5), "{help}");
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn completions_name_every_command() {
    let scene = Scene::new();
    let help = scene.run(&["--help"]);
    let listed = help.succeeds().split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let commands: Vec<String> = listed
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| Some(line.split_whitespace().next()?.to_string()))
        .collect();
    assert!(commands.len() >= 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = scene.run(&["completions", shell]);
        let script = outcome.succeeds();
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell}: {command}");
        }
    }
    scene.run(&["completions", "tcsh"]).fails(2, &["bash", "zsh"]);
}

#[test]
fn each_command_has_a_manual_page() {
    let scene = Scene::with(&[("taken", b"")]);
    let outcome = scene.run(&["man", "share/man1"]);
    assert_eq!(outcome.succeeds(), "", "{}", outcome.stderr);
    let page = |name: &str| fs::read_to_string(scene.path("share/man1").join(name)).unwrap();
    assert!(page("reportsql.1").contains("reportsql\\-query(1)"));
    assert!(page("reportsql-query.1").contains("SELECT * FROM flat_facts WHERE year = :y"));
    assert!(page("reportsql-correct-set.1").contains("FIELD=VALUE"));
    scene.run(&["man", "taken"]).fails(1, &["taken: cannot be written"]);
}

#[test]
fn commands_that_read_never_make_a_database() {
    let scene = Scene::new();
    for arguments in [&["query", "SELECT 1"][..], &["explain", "1"], &["schema"], &["export", "x.csv"], &["export", "-"]] {
        scene.run(arguments).fails(1, &["figures.db: no such database", "load"]);
    }
    assert!(scene.files().is_empty());
}

#[test]
fn a_folder_of_tables_that_is_none_is_told() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    scene.run(&["extract", "a.txt", "--data", "nope"]).fails(1, &["nope", "--data"]);
}

/// `/dev/full` is a disk without room.
#[test]
#[cfg(target_os = "linux")]
fn an_output_that_cannot_be_written_is_a_failure() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let program = assert_cmd::cargo::cargo_bin("reportsql");
    let output = std::process::Command::new(program)
        .args(["extract", "--format", "csv", "a.txt"])
        .current_dir(scene.folder())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the output cannot be written"));
}

/// As `reportsql … | head` does.
#[test]
fn a_reader_that_stops_early_ends_the_program_in_silence() {
    let scene = Scene::with(&[("a.txt", REPORT.repeat(5000).as_bytes())]);
    let program = assert_cmd::cargo::cargo_bin("reportsql");
    let mut child = std::process::Command::new(program)
        .args(["extract", "--format", "csv", "a.txt"])
        .current_dir(scene.folder())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

// ------------------------------------------------------------------ load

/// Loads the report, with what a text so short may not say.
fn loaded() -> Scene {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    scene.run(&["load", "a.txt", "--company", "china-unicom", "--year", "2019", "--kind", "csr"]).succeeds();
    scene
}

#[test]
fn load_makes_a_database_and_the_same_again_changes_nothing() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let arguments = ["load", "a.txt", "--company", "china-unicom", "--year", "2019"];
    let first = scene.run(&arguments);
    assert!(first.succeeds().starts_with("figures.db: made; 1 document\n"), "{}", first.stdout);
    assert_eq!(first.stderr, "");
    assert_eq!(scene.files(), ["a.txt", "figures.db"]);
    let before = fs::read(scene.path("figures.db")).unwrap();
    assert!(scene.run(&arguments).succeeds().starts_with("figures.db: unchanged; 1 document\n"));
    assert_eq!(fs::read(scene.path("figures.db")).unwrap(), before);
}

/// Another industry and a unit of its own, without a rebuild: a folder laid out as `data/`.
#[test]
fn a_folder_of_data_adds_a_metric_and_a_unit() {
    let report = "一、養殖\n\n2021年，公司投放網箱苗種三百二十籠，每籠一式。全年鮑魚籠養產出1,250籠。\n";
    let scene = Scene::with(&[
        ("a.txt", report.as_bytes()),
        ("own/units.csv", "code,ucum,quantity,base_code,factor,name_hant,name_hans,name_en\n笼,,count,笼,1,籠,笼,cage\n".as_bytes()),
        ("own/zh/unit_words.csv", "word,unit,place,role,note\n笼,笼,after,counter,\n".as_bytes()),
        (
            "own/industry/aquaculture/metrics.csv",
            "code,name_hant,name_hans,name_en,definition_hant,definition_hans,definition_en,category,unit,quantity,period_type,aggregation,better,parent,gri,sasb,hkex,itu,miit\n\
             abalone_cages,鮑魚籠養產出,鲍鱼笼养产出,Abalone cages,期內起捕的籠養鮑魚，以籠計。,期内起捕的笼养鲍鱼，以笼计。,Cages of abalone taken out.,output,笼,count,duration,sum,higher,,,,,,\n"
                .as_bytes(),
        ),
        ("own/industry/aquaculture/zh.csv", "metric,alias\nabalone_cages,鲍鱼笼养产出量\n".as_bytes()),
    ]);
    let arguments = ["load", "a.txt", "--company", "海嶼水產", "--kind", "esg", "--year", "2021", "--data", "own"];
    scene.run(&arguments).succeeds();
    let asked = "SELECT value, unit, metric_code FROM flat_facts WHERE unit = '笼' ORDER BY value";
    let rows = scene.run(&["query", asked, "--format", "csv"]);
    assert_eq!(rows.succeeds().lines().last(), Some("1250,笼,abalone_cages"));
    let plain = scene.run(&["extract", "a.txt"]);
    assert!(!plain.succeeds().contains("abalone_cages") && !plain.stdout.contains("\"unit\":\"笼\""), "{}", plain.stdout);
}

#[test]
fn extract_of_a_report_without_a_year_invents_none() {
    let scene = Scene::with(&[("a.txt", "公司新增基站5個，較上年末多兩成。\n".as_bytes()), ("2021.txt", "公司新增基站5個。\n".as_bytes())]);
    let outcome = scene.run(&["extract", "a.txt"]);
    for line in outcome.succeeds().lines() {
        assert!(line.contains("\"period\":null") && !line.contains("\"basis\":\"-"), "{line}");
    }
    assert!(outcome.stderr.contains("a.txt: figures without a period: 2; no year is named"), "{}", outcome.stderr);
    let named = scene.run(&["extract", "2021.txt"]);
    assert!(named.succeeds().contains("\"period\":\"2021\""), "{}", named.stdout);
    assert_eq!(named.stderr, "");
}

#[test]
fn load_suggests_queries_that_answer() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let outcome = scene.run(&["load", "a.txt", "--company", "china-unicom", "--year", "2019", "--db", "the figures.db"]);
    let suggested: Vec<&str> = outcome.succeeds().lines().filter(|line| line.starts_with("  reportsql query ")).collect();
    for line in suggested {
        let (sql, rest) = line.trim_start_matches("  reportsql query \"").split_once('"').unwrap();
        assert_eq!(rest, " --db 'the figures.db'");
        assert!(scene.run(&["query", sql, "--db", "the figures.db"]).succeeds().lines().count() > 2, "{sql}");
    }
}

#[test]
fn load_takes_the_good_files_among_bad_ones() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes()), ("b.txt", b"\0\0\0\x01\x02")]);
    let outcome = scene.run(&["load", "b.txt", "nope.txt", "a.txt", "--company", "china-unicom", "--year", "2019"]);
    outcome.fails(3, &["b.txt: ", "binary", "nope.txt: no such file"]);
    assert!(outcome.stdout.contains("figures.db: made; 1 document"));
}

#[test]
fn where_nothing_can_be_loaded_no_database_is_made() {
    let scene = Scene::with(&[("e.txt", b""), ("s.csv", "metric,value,value\n4G基站,141萬個,1\n".as_bytes())]);
    scene.run(&["load", "e.txt"]).fails(1, &["e.txt: the file is empty"]);
    scene.run(&["load", "s.csv"]).fails(1, &["s.csv: line 1: two columns say value"]);
    scene.run_with(&["load", "-"], "nothing of note\n").fails(1, &["-: holds no figure and says no year", "--year"]);
    scene.run(&["load", "nope.txt", "e.txt"]).fails(1, &["nope.txt: no such file", "nothing was loaded"]);
    assert_eq!(scene.files(), ["e.txt", "s.csv"]);
}

#[test]
fn a_trial_writes_nothing() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let outcome = scene.run(&["load", "--dry-run", "a.txt", "--company", "china-unicom", "--year", "2019"]);
    assert!(outcome.succeeds().starts_with("1 document read, nothing written\n"), "{}", outcome.stdout);
    assert_eq!(scene.files(), ["a.txt"]);
}

#[test]
fn quiet_says_nothing_of_what_went_well() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    let outcome = scene.run(&["load", "-q", "a.txt", "--company", "china-unicom", "--year", "2019"]);
    assert_eq!((outcome.succeeds(), outcome.stderr.as_str()), ("", ""));
    let outcome = scene.run(&["export", "-q", "x.csv"]);
    assert_eq!((outcome.succeeds(), outcome.stderr.as_str()), ("", ""));
}

#[test]
fn what_load_is_told_of_a_report_must_make_sense() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    scene.run(&["load", "a.txt", "--year", "3000"]).fails(2, &["3000", "1900..=2200"]);
    scene.run(&["load", "a.txt", "--year", "MMXIX"]).fails(2, &["MMXIX"]);
    scene.run(&["load", "a.txt", "--kind", "novel"]).fails(2, &["novel", "csr, esg, annual"]);
    scene.run(&["load", "a.txt", "--fail-on", "much"]).fails(2, &["info, warning, error"]);
    scene.run(&["load"]).fails(2, &["<PATH>"]);
    assert_eq!(scene.files(), ["a.txt"]);
}

// ------------------------------------------------------------------ databases that are not to be read

#[test]
fn a_database_of_another_program_or_a_newer_one_is_left_alone() {
    let scene = loaded();
    fs::copy(scene.path("figures.db"), scene.path("newer.db")).unwrap();
    let newer = rusqlite::Connection::open(scene.path("newer.db")).unwrap();
    newer.execute_batch("PRAGMA user_version = 999").unwrap();
    let other = rusqlite::Connection::open(scene.path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE mine (a)").unwrap();
    drop((newer, other));
    fs::write(scene.path("no.db"), "this is no database, it is a text of some length").unwrap();
    for (name, part) in [("newer.db", "newer"), ("other.db", "another program"), ("no.db", "no SQLite database")] {
        let before = fs::read(scene.path(name)).unwrap();
        for arguments in [&["query", "SELECT 1"][..], &["schema"], &["explain", "1"], &["export", "x.csv"], &["load", "a.txt"]] {
            scene.run(&[arguments, &["--db", name]].concat()).fails(1, &[name, part]);
        }
        assert_eq!(fs::read(scene.path(name)).unwrap(), before);
    }
    assert_eq!(scene.files(), ["a.txt", "figures.db", "newer.db", "no.db", "other.db"]);
}

// ------------------------------------------------------------------ query, schema, explain, export

#[test]
fn query_answers_from_an_argument_a_file_or_standard_input() {
    let scene = loaded();
    fs::write(scene.path("q.sql"), "\u{FEFF}SELECT code\nFROM organizations\n").unwrap();
    let expect = "code\nchina-unicom\n";
    assert_eq!(scene.run(&["query", "SELECT code FROM organizations", "-f", "csv"]).succeeds(), expect);
    assert_eq!(scene.run(&["query", "@q.sql", "-f", "csv"]).succeeds(), expect);
    assert_eq!(scene.run_with(&["query", "-", "-f", "csv"], "SELECT code FROM organizations").succeeds(), expect);
    assert_eq!(
        scene.run(&["query", "SELECT code FROM organizations WHERE code = :c", "-p", "c=china-unicom", "-f", "csv"]).succeeds(),
        expect
    );
    scene.run(&["query", "@nope.sql"]).fails(1, &["nope.sql"]);
}

#[test]
fn query_prints_a_table_that_lines_up() {
    let scene = loaded();
    let outcome = scene.run(&["query", "SELECT name_hant, id FROM provinces ORDER BY id LIMIT 2"]);
    assert_eq!(outcome.succeeds(), "name_hant      id\n─────────  ──────\n北京市     110000\n天津市     120000\n");
}

#[test]
fn schema_prints_sql_that_makes_the_same_tables() {
    let scene = loaded();
    let outcome = scene.run(&["schema"]);
    let copy = rusqlite::Connection::open_in_memory().unwrap();
    copy.execute_batch(outcome.succeeds()).unwrap();
    assert!(scene.run(&["schema", "FIGURES"]).succeeds().starts_with("CREATE TABLE figures"));
    scene.run(&["schema", "figurs"]).fails(1, &["「figures」"]);
    assert!(scene.run(&["schema", "figures", "--format", "csv"]).succeeds().starts_with("table_name,column_name,"));
}

#[test]
fn explain_leads_from_the_sentence_to_the_value() {
    let scene = loaded();
    scene.run(&["explain", "f0000"]).fails(1, &["there is no figure 「f0000」"]);
    scene.run(&["explain", "99999"]).fails(1, &["there is no figure 「99999」"]);
    let keys = scene.run(&["query", "SELECT figure_key FROM figures WHERE reported = '141萬個'", "-f", "tsv"]);
    if let Some(key) = keys.succeeds().lines().nth(1) {
        let outcome = scene.run(&["explain", key]);
        for part in ["總數達到{141萬個}，", "a.txt, line 3, characters", "「141萬個」: 141 × 10^4 = 1410000", "「個」 is 个", "2019 (year)"]
        {
            assert!(outcome.succeeds().contains(part), "{part}: {}", outcome.stdout);
        }
        for (language, line) in [
            ("en", "definition  Base stations of the fourth generation.\n"),
            ("zh-Hant", "定義        期末採用第四代移動通信技術的基站，"),
            ("zh-Hans", "定义        期末采用第四代移动通信技术的基站，"),
        ] {
            let told = scene.run(&["explain", key, "--lang", language]);
            assert!(told.succeeds().contains(line), "{line}: {}", told.stdout);
        }
        assert!(!outcome.stdout.contains('\u{1b}'), "no colours into a pipe");
        assert!(scene.run(&["explain", &key[..8], "--color", "always"]).succeeds().contains('\u{1b}'));
    }
}

#[test]
fn export_writes_what_spreadsheets_open_and_keeps_what_exists() {
    let scene = loaded();
    let outcome = scene.run(&["export", "x.csv"]);
    assert_eq!(outcome.succeeds(), "");
    assert!(outcome.stderr.starts_with("x.csv: "), "{}", outcome.stderr);
    let text = fs::read_to_string(scene.path("x.csv")).unwrap();
    assert!(text.starts_with("\u{FEFF}figure_id,figure_key,"));
    scene.run(&["export", "x.csv"]).fails(1, &["x.csv: exists", "--force"]);
    scene.run(&["export", "x.csv", "--force"]).succeeds();
    scene.run(&["export", "out"]).succeeds();
    assert!(scene.path("out/flat_facts.csv").exists() && scene.path("out/provinces.csv").exists());
    assert!(!scene.path("out/integrity_check.csv").exists());
    assert!(scene.run(&["export", "-"]).succeeds().starts_with("figure_id,figure_key,"), "no mark into a pipe");
    scene.run(&["export", "y.csv", "--view", "flat_fact"]).fails(1, &["「flat_facts」"]);
    scene.run(&["export", "nope/y.csv"]).fails(1, &["nope/y.csv: cannot be written"]);
    assert_eq!(scene.files(), ["a.txt", "figures.db", "out", "x.csv"]);
}

#[test]
fn explain_tells_what_a_person_changed_apart_from_what_was_read() {
    let scene = loaded();
    let db = rusqlite::Connection::open(scene.path("figures.db")).unwrap();
    let edited = db.execute("UPDATE figures SET value_text = '1420000' WHERE reported = '141萬個'", []).unwrap();
    let key: Option<String> = db.query_row("SELECT max(figure_key) FROM figures WHERE reported = '141萬個'", [], |row| row.get(0)).unwrap();
    drop(db);
    if let Some(key) = key {
        assert_eq!(edited, 1);
        let outcome = scene.run(&["explain", &key]);
        for part in ["141 × 10^4 = 1410000\n", "corrected by a person to 1420000\n", "set value_text: 1410000 → 1420000"] {
            assert!(outcome.succeeds().contains(part), "{part}: {}", outcome.stdout);
        }
    }
}

// ------------------------------------------------------------------ check, correct, unload, merge, diff

/// A folder with a database of the report.
fn unicom() -> Scene {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2019", "a.txt"]).succeeds();
    scene
}

fn key(scene: &Scene, reported: &str) -> String {
    let sql = format!("SELECT figure_key FROM figures WHERE reported = '{reported}'");
    let out = scene.run(&["query", "-f", "csv", &sql]);
    out.succeeds().lines().nth(1).unwrap_or_else(|| panic!("no {reported}")).to_string()
}

fn ask(scene: &Scene, sql: &str) -> Vec<String> {
    scene.run(&["query", "-f", "csv", sql]).succeeds().lines().skip(1).map(String::from).collect()
}

#[test]
fn a_figure_is_set_accepted_and_rejected_by_the_beginning_of_its_key() {
    let scene = unicom();
    let (stations, cover) = (key(&scene, "141萬個"), key(&scene, "93%"));
    let set = ["correct", "set", &stations[..12], "value=1420000", "metric=4G站點", "--author", "li", "--reason", "更正公告"];
    assert_eq!(scene.run(&set).stderr, "figures.db: 1 correction\n");
    assert_eq!(scene.run(&set).stderr, "figures.db: 0 corrections, 1 as before\n", "the same again changes nothing");
    scene.run(&["correct", "accept", &cover]).succeeds();
    let rows = "SELECT reported, value_exact, metric_code, review_status FROM flat_figures WHERE reported IN ('141萬個', '93%') ORDER BY figure_id";
    assert_eq!(ask(&scene, rows)[0], "141萬個,1420000,x:4G站点,corrected");
    assert!(ask(&scene, rows)[1].ends_with(",accepted"));
    assert_eq!(ask(&scene, "SELECT DISTINCT author, reason FROM corrections WHERE action = 'set'"), ["li,更正公告"]);
    scene.run(&["correct", "reject", &cover]).succeeds();
    assert_eq!(ask(&scene, "SELECT reported FROM flat_facts WHERE reported = '93%'"), Vec::<String>::new());
    let list = scene.run(&["correct", "list", "-f", "csv"]);
    let states: Vec<&str> = list.succeeds().lines().skip(1).map(|line| line.split(',').nth(8).unwrap()).collect();
    assert_eq!(states, ["active", "active", "superseded", "active"]);
}

#[test]
fn a_correction_that_cannot_be_is_refused_with_the_way_out() {
    let scene = unicom();
    let key = key(&scene, "141萬個");
    for (field, parts) in [
        ("value=141萬", &["is no plain decimal", "multiplier applied"][..]),
        ("unit=furlong", &["is no code of a unit", "SELECT code"]),
        ("period=soon", &["is no period", "2019-08"]),
        ("province=Atlantis", &["is no province", "CN-QH"]),
        ("kind=story", &["expected level, change"]),
        ("shoe=9", &["is no field that can be set", "comparator"]),
        ("low=3", &["would contradict itself"]),
    ] {
        scene.run(&["correct", "set", &key, field]).fails(1, parts);
    }
    scene.run(&["correct", "set", "fffff", "value=1"]).fails(1, &["there is no figure"]);
    scene.run(&["correct", "set", &key, "value"]).fails(2, &["FIELD=VALUE"]);
    assert_eq!(ask(&scene, "SELECT count(*) FROM corrections"), ["0"]);
    scene.run(&["correct", "accept", "f", "--db", "none.db"]).fails(1, &["no such database"]);
    assert!(!scene.path("none.db").exists());
}

#[test]
fn a_value_becomes_a_range_and_a_level_a_change() {
    let scene = unicom();
    let key = key(&scene, "141萬個");
    scene.run(&["correct", "set", &key, "low=1400000", "high=1420000"]).succeeds();
    assert_eq!(ask(&scene, "SELECT value, low, high FROM figures WHERE reported = '141萬個'"), [",1400000,1420000"]);
    scene.run(&["correct", "set", &key, "value=20", "unit=%", "kind=change"]).succeeds();
    assert_eq!(ask(&scene, "SELECT value, low, change_basis, change_mode FROM figures WHERE reported = '141萬個'"), ["20,,prior,relative"]);
}

#[test]
fn a_missed_figure_is_added_once() {
    let scene = unicom();
    let add = ["correct", "add", "china-unicom/csr/2019", "光纖端口", "89.6%", "--kind", "share", "--whole", "寬帶端口", "--line", "3"];
    scene.run(&add).succeeds();
    assert_eq!(scene.run(&add).stderr, "figures.db: 0 corrections, 1 as before\n");
    let row = "SELECT metric_text, value_exact, unit, kind, whole, review_status FROM flat_facts WHERE review_status = 'added'";
    assert_eq!(ask(&scene, row), ["光纖端口,89.6,%,share,寬帶端口,added"]);
    scene.run(&["correct", "add", "acme/csr/2019", "a", "1", "--page", "1"]).fails(1, &["there is no report 「acme/csr/2019」"]);
    scene.run(&["correct", "add", "china-unicom/csr/2019", "a", "1"]).fails(1, &["expected a page or a line"]);
    scene.run(&["correct", "add", "china-unicom/csr/2019", "a", "many", "--page", "1"]).fails(1, &["column value", "holds no number"]);
    // It outlives the document it was added to.
    std::fs::write(scene.path("a.txt"), format!("{REPORT}另有5G基站2萬個。\n")).unwrap();
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2019", "a.txt"]).succeeds();
    assert_eq!(ask(&scene, row).len(), 1);
}

#[test]
fn corrections_go_out_and_come_in_as_csv() {
    let scene = unicom();
    let stations = key(&scene, "141萬個");
    scene.run(&["correct", "set", &stations, "value=1420000", "note=a, \"b\"", "--author", "li"]).succeeds();
    scene.run(&["correct", "add", "china-unicom/csr/2019", "光纖端口", "89.6萬個", "--page", "2", "--province", "青海"]).succeeds();
    let sheet = scene.run(&["correct", "list", "--format", "csv"]).succeeds().to_string();
    fs::write(scene.path("sheet.csv"), format!("\u{feff}{sheet}")).unwrap();
    fs::remove_file(scene.path("figures.db")).unwrap();
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2019", "a.txt"]).succeeds();
    assert_eq!(scene.run(&["correct", "import", "sheet.csv"]).stderr, "figures.db: 3 corrections\n");
    assert_eq!(scene.run(&["correct", "import", "sheet.csv"]).stderr, "figures.db: 0 corrections, 3 as before\n");
    assert_eq!(ask(&scene, "SELECT value_exact, note FROM flat_figures WHERE reported = '141萬個'"), ["1420000,\"a, \"\"b\"\"\""]);
    assert_eq!(ask(&scene, "SELECT value_exact, province_code, page FROM flat_figures WHERE review_status = 'added'"), ["896000,CN-QH,2"]);
    assert_eq!(ask(&scene, "SELECT DISTINCT author FROM corrections WHERE action = 'set'"), ["li"]);
    fs::write(scene.path("bad.csv"), format!("figure_key,action,field,new_value\n{stations},set,value,5\n{stations},set,value,many\n"))
        .unwrap();
    scene.run(&["correct", "import", "bad.csv"]).fails(1, &["bad.csv, line 3", "is no plain decimal"]);
    assert_eq!(ask(&scene, "SELECT value_exact FROM flat_figures WHERE reported = '141萬個'"), ["1420000"], "all or nothing");
    fs::write(scene.path("other.csv"), "a,b\n1,2\n").unwrap();
    scene.run(&["correct", "import", "other.csv"]).fails(1, &["the columns are a, b", "expected at least action"]);
}

#[test]
fn check_lists_doubts_and_is_a_gate() {
    let sheet = "metric,value,kind,period\n端口佔比,198.6%,share,2021\n";
    let scene = Scene::with(&[("s.csv", sheet.as_bytes())]);
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "s.csv"]).succeeds();
    let all = scene.run(&["check", "-f", "csv"]);
    assert!(all.succeeds().contains("warning,share-over-100,china-unicom/csr/2021,s.csv"), "{}", all.stdout);
    assert!(all.stderr.contains("0 errors, 1 warning"), "{}", all.stderr);
    assert!(scene.run(&["check", "-f", "csv", "--lang", "zh-Hans"]).stdout.contains("超过 100%"));
    assert!(scene.run(&["check", "-f", "csv", "--lang", "zh-Hant"]).stdout.contains("超過 100%"));
    let told = scene.run_in("zh_TW.UTF-8", &["check"], "");
    assert!(told.stdout.contains("超過 100%") && told.stderr.starts_with("錯誤 0，警告 "), "{}{}", told.stdout, told.stderr);
    // What programs read follows no locale.
    assert_eq!(scene.run_in("zh_CN.UTF-8", &["check", "-f", "csv"], "").stdout, scene.run(&["check", "-f", "csv"]).stdout);
    scene.run(&["check", "--fail-on", "error"]).succeeds();
    scene.run(&["check", "--fail-on", "warning"]).fails(4, &["1 warning"]);
    let quiet = scene.run(&["check", "-q", "--fail-on", "warning"]);
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (4, "", ""));
    scene.run(&["check", "--code", "share-over-10"]).fails(1, &["there is no check 「share-over-10」; the nearest is 「share-over-100」"]);
    scene.run(&["check", "--report", "nope"]).fails(1, &["there is no report 「nope」; there are "]);
    assert_eq!(scene.run(&["check", "-f", "csv", "--code", "range-reversed"]).succeeds().lines().count(), 1);
}

#[test]
fn unload_takes_out_one_report_and_keeps_what_people_said() {
    let scene = unicom();
    fs::write(scene.path("b.txt"), "2020年，4G基站150萬個。\n").unwrap();
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2020", "b.txt"]).succeeds();
    let stations = key(&scene, "141萬個");
    scene.run(&["correct", "set", &stations, "value=1420000"]).succeeds();
    scene.run(&["unload", "china-unicom/csr/2018"]).fails(1, &["there is no report", "china-unicom/csr/2019, china-unicom/csr/2020"]);
    scene.run(&["unload", "china-unicom/csr/2019"]).fails(0, &["a.txt"]);
    assert_eq!(ask(&scene, "SELECT DISTINCT report FROM flat_figures"), ["china-unicom/csr/2020"]);
    assert_eq!(ask(&scene, "SELECT state FROM corrections"), ["orphan"]);
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2019", "a.txt"]).succeeds();
    assert_eq!(ask(&scene, "SELECT value_exact FROM flat_figures WHERE reported = '141萬個'"), ["1420000"]);
    assert_eq!(ask(&scene, "SELECT state FROM corrections"), ["active"]);
    scene.run(&["correct", "add", "china-unicom/csr/2020", "a", "1個", "--page", "1"]).succeeds();
    scene.run(&["unload", "china-unicom/csr/2020"]).fails(1, &["people added 1 of its figures", "--force"]);
    scene.run(&["unload", "china-unicom/csr/2020", "--force"]).succeeds();
}

#[test]
fn merged_databases_are_as_if_loaded_into_one() {
    let scene = unicom();
    fs::write(scene.path("b.txt"), "2020年，4G基站150萬個，青海省門源縣某某村有站點3個。\n").unwrap();
    let b = ["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2020", "b.txt", "--db"];
    scene.run(&[&b[..], &["b.db"]].concat()).succeeds();
    let stations = key(&scene, "141萬個");
    scene.run(&["correct", "set", &stations, "value=1420000"]).succeeds();
    scene.run(&["merge", "all.db", "figures.db", "b.db"]).fails(0, &["all.db: made; 2 documents"]);
    scene.run(&["merge", "turned.db", "b.db", "figures.db"]).succeeds();
    scene.run(&[&b[..], &["figures.db"]].concat()).succeeds();
    for db in ["all.db", "turned.db"] {
        let diff = scene.run(&["diff", "figures.db", db, "--exit-code", "-f", "csv"]);
        assert_eq!((diff.code, diff.stderr.as_str()), (0, "0 new, 0 gone, 0 changed\n"), "{db}: {}", diff.stdout);
        scene.run(&["check", "-q", "--fail-on", "error", "--db", db]).succeeds();
        assert_eq!(scene.run(&["correct", "list", "-f", "csv", "--db", db]).stdout, scene.run(&["correct", "list", "-f", "csv"]).stdout);
    }
    scene.run(&["merge", "all.db", "b.db"]).fails(1, &["all.db: exists"]);
    scene.run(&["merge", "x.db", "nope.db"]).fails(1, &["nope.db: no such database"]);
    assert!(!scene.path("x.db").exists());
    // Two databases of one report: one document, and the correction of the one holds for the other.
    scene.run(&["load", "-q", "--company", "china-unicom", "--kind", "csr", "--year", "2019", "a.txt", "--db", "plain.db"]).succeeds();
    scene.run(&["merge", "twice.db", "plain.db", "all.db"]).fails(0, &["2 documents"]);
    let value = scene.run(&["query", "-f", "csv", "SELECT value_exact FROM flat_figures WHERE reported = '141萬個'", "--db", "twice.db"]);
    assert_eq!(value.succeeds(), "value_exact\n1420000\n");
}

#[test]
fn a_merge_keeps_the_last_word() {
    let scene = unicom();
    let stations = key(&scene, "141萬個");
    for value in ["7000", "6000", "6500"] {
        scene.run(&["correct", "set", &stations, &format!("value={value}")]).succeeds();
    }
    scene.run(&["merge", "all.db", "figures.db"]).succeeds();
    let states = scene.run(&["query", "-f", "csv", "SELECT new_value, state FROM corrections ORDER BY id", "--db", "all.db"]);
    assert_eq!(states.succeeds(), "new_value,state\n7000,superseded\n6000,superseded\n6500,active\n");
}

#[test]
fn what_was_added_can_be_accepted_and_taken_back() {
    let scene = unicom();
    scene.run(&["correct", "add", "china-unicom/csr/2019", "某站點", "12個", "--page", "1"]).succeeds();
    let added = key(&scene, "12個");
    scene.run(&["correct", "accept", &added]).succeeds();
    assert_eq!(ask(&scene, "SELECT review_status FROM figures WHERE reported = '12個'"), ["added"]);
    scene.run(&["correct", "reject", &added]).succeeds();
    assert!(ask(&scene, "SELECT 1 FROM figures WHERE reported = '12個'").is_empty());
    scene.run(&["check", "-q", "--fail-on", "error"]).succeeds();
}

#[test]
fn the_same_bytes_beside_a_file_of_the_same_name_are_one_document() {
    let scene = Scene::new();
    for (name, text) in
        [("x/b.txt", "2019年，某某站點3個。\n"), ("y/a.txt", "2019年，某某用戶5戶。\n"), ("z/a.txt", "2019年，某某站點3個。\n")]
    {
        fs::create_dir_all(scene.path(name).parent().unwrap()).unwrap();
        fs::write(scene.path(name), text).unwrap();
    }
    scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2019", "x/b.txt", "y/a.txt", "z/a.txt"]).succeeds();
    assert_eq!(ask(&scene, "SELECT count(*) FROM documents"), ["2"]);
}

#[test]
fn editions_know_each_other_in_any_order() {
    let scene = Scene::new();
    fs::write(scene.path("a.txt"), "2019年，某某站點3個。\n").unwrap();
    fs::write(scene.path("b.txt"), "2019年，某某站點4個。\n").unwrap();
    let load = |name, edition| {
        scene
            .run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2019", "--edition", edition, name])
            .succeeds()
            .to_string()
    };
    load("b.txt", "2");
    load("a.txt", "1");
    assert_eq!(ask(&scene, "SELECT count(*) FROM reports WHERE supersedes_id IS NOT NULL"), ["1"]);
}

#[test]
fn diff_shows_what_moved() {
    let scene = unicom();
    fs::copy(scene.path("figures.db"), scene.path("old.db")).unwrap();
    let stations = key(&scene, "141萬個");
    scene.run(&["correct", "set", &stations, "value=1420000"]).succeeds();
    let diff = scene.run(&["diff", "old.db", "figures.db", "-f", "csv"]);
    assert!(diff.succeeds().contains(",value,1410000,1420000\n"), "{}", diff.stdout);
    assert_eq!(diff.stderr, "0 new, 0 gone, 1 changed\n");
    let quiet = scene.run(&["diff", "old.db", "figures.db", "--exit-code", "-q"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (4, ""));
    scene.run(&["unload", "china-unicom/csr/2019"]).succeeds();
    assert!(scene.run(&["diff", "old.db", "figures.db"]).stderr.contains(" gone, 0 changed"));
    scene.run(&["diff", "old.db", "nope.db"]).fails(1, &["no such database"]);
}

// ------------------------------------------------------------------ threads, progress, long sheets

/// What a database says, without the ids that belong to one file.
fn content(scene: &Scene, db: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(scene.path(db)).unwrap();
    let mut select = db
        .prepare(
            "SELECT f.figure_key || f.fact_key || r.code || d.uri || m.code || COALESCE(f.value_text, '') || u.code || p.code || f.agreement || f.is_preferred
                    || f.seq || COALESCE(s.text, '') || COALESCE(i.path, '') || COALESCE(pl.code, '')
               FROM figures f JOIN reports r ON r.id = f.report_id JOIN documents d ON d.id = f.document_id JOIN metrics m ON m.id = f.metric_id
               JOIN units u ON u.id = f.unit_id JOIN periods p ON p.id = f.period_id LEFT JOIN sentences s ON s.id = f.sentence_id
               LEFT JOIN initiatives i ON i.id = f.initiative_id LEFT JOIN places pl ON pl.id = f.place_id
             UNION ALL SELECT code || severity || message_en || COALESCE(detail, '') FROM findings
             UNION ALL SELECT code || name_hant || name_hans FROM metrics
             UNION ALL SELECT code || name_hant FROM organizations
             UNION ALL SELECT code || title FROM reports
             UNION ALL SELECT path || level FROM initiatives
             ORDER BY 1",
        )
        .unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap();
    assert!(!rows.is_empty());
    rows
}

#[test]
fn any_order_and_any_number_of_threads_give_the_same_database() {
    let scene = Scene::new();
    let mut names: Vec<String> = Vec::new();
    for at in 0..9 {
        let name = format!("{at}.txt");
        let text = format!("{REPORT}\n{}年，光纖端口{}萬個，某某村{at}有站點{at}個。\n", 2012 + at, 300 + at);
        fs::write(scene.path(&name), text).unwrap();
        names.push(name);
    }
    let turned: Vec<String> = names.iter().rev().cloned().collect();
    let mut mixed = names.clone();
    mixed.rotate_left(4);
    let mut contents = Vec::new();
    for (order, jobs, db) in [(&names, "1", "a.db"), (&turned, "2", "b.db"), (&mixed, "3", "c.db"), (&turned, "1", "d.db")] {
        let mut arguments = vec!["load", "-q", "--jobs", jobs, "--db", db];
        arguments.extend(order.iter().map(String::as_str));
        scene.run(&arguments).succeeds();
        scene.run(&arguments).succeeds();
        contents.push(content(&scene, db));
    }
    assert!(contents.windows(2).all(|pair| pair[0] == pair[1]), "{contents:#?}");
}

#[test]
fn progress_goes_to_programs_as_json() {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes()), ("b.txt", b""), ("c.txt", "2020年，4G基站150萬個。".as_bytes())]);
    let load = scene.run(&["load", "-q", "--progress", "json", "a.txt", "b.txt", "c.txt"]);
    load.fails(3, &["b.txt: the file is empty"]);
    let lines: Vec<serde_json::Value> = load.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(lines.len(), 3, "{}", load.stderr);
    assert_eq!((&lines[2]["file"], &lines[2]["done"], &lines[2]["of"]), (&"c.txt".into(), &3.into(), &3.into()));
    assert!(lines[2]["figures"].as_u64() > lines[0]["figures"].as_u64());
    assert!(!scene.run(&["load", "a.txt", "c.txt", "--progress", "never", "--db", "n.db"]).stderr.contains('{'));
}

/// A sheet that is long enough to be read in pieces.
fn long_sheet(change: &str) -> String {
    let mut sheet = String::from("metric,value,period,province,theme,initiative,page,note\n");
    for at in 0..6000 {
        let (metric, place) = (["4G基站", "光纖端口", "寬帶用戶"][at % 3], ["青海", "", "CN-GD"][at % 3]);
        let value = if at == 4000 { change.to_string() } else { format!("{at}個") };
        sheet +=
            &format!("{metric},{value},{},{place},主題{},項目{},{},{}\n", 2015 + at % 4, at % 5, at % 50, at / 20 + 1, "x".repeat(680));
    }
    sheet
}

#[test]
fn a_long_sheet_is_stored_as_a_short_one_would_be() {
    let scene = Scene::with(&[("long.csv", long_sheet("4000個").as_bytes())]);
    let load = |db: &str| scene.run(&["load", "long.csv", "--company", "china-unicom", "--kind", "csr", "--db", db]);
    assert!(load("a.db").succeeds().contains("6000 figures"));
    let before = fs::read(scene.path("a.db")).unwrap();
    assert!(load("a.db").succeeds().contains("unchanged"));
    assert!(fs::read(scene.path("a.db")).unwrap() == before);
    let row = "SELECT metric_text, value_exact, period, province_code, theme_hant, initiative_hant, page, cell FROM flat_figures WHERE cell IN ('B2', 'B6001') ORDER BY figure_id";
    let rows = |db: &str| scene.run(&["query", "-f", "csv", row, "--db", db]).succeeds().to_string();
    assert!(
        rows("a.db").contains("4G基站,0,2015,CN-QH,主題0,項目0,1,B2\n寬帶用戶,5999,2018,CN-GD,主題4,項目49,300,B6001\n"),
        "{}",
        rows("a.db")
    );
    // A short one of the same rows, its last column left out.
    let short: String = long_sheet("4000個").lines().map(|line| line.rsplit_once(',').unwrap().0.to_string() + "\n").collect();
    fs::create_dir(scene.path("short")).unwrap();
    fs::write(scene.path("short/long.csv"), short).unwrap();
    scene.run(&["load", "-q", "short/long.csv", "--company", "china-unicom", "--kind", "csr", "--db", "b.db"]).succeeds();
    assert!(scene.run(&["diff", "a.db", "b.db", "--exit-code", "-q"]).code == 0);
    // A row is changed, one is bad, one is gone.
    let changed = long_sheet("4001個").replace(",3999個,", ",many,");
    fs::write(scene.path("long.csv"), changed.rsplit_once("\n寬帶用戶").unwrap().0.to_string() + "\n").unwrap();
    let again = load("a.db");
    assert_eq!(again.code, 3, "{}", again.stderr);
    assert!(again.stderr.contains("long.csv:line 4001, column value: 「many」") || again.stderr.contains("line 4001"), "{}", again.stderr);
    assert!(again.stdout.contains("replaced: 1 new, 1998 changed, 3 gone"), "{}", again.stdout);
    scene.run(&["check", "-q", "--fail-on", "error", "--db", "a.db"]).succeeds();
    // An error in a late row is told before anything is stored.
    fs::write(scene.path("long.csv"), long_sheet("4,000個")).unwrap();
    let before = fs::read(scene.path("a.db")).unwrap();
    load("a.db").fails(1, &["long.csv: line 4002", "is too many"]);
    assert!(fs::read(scene.path("a.db")).unwrap() == before);
    let tried = scene.run(&["load", "--dry-run", "short/long.csv", "--progress", "never"]);
    assert!(tried.succeeds().contains("6000 figures"), "{}", tried.stdout);
}

#[test]
fn a_password_opens_a_pdf_of_a_folder_and_is_not_kept() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/read/pdf");
    let pdf = fs::read(corpus.join("ruled-aes.pdf")).unwrap();
    let scene = Scene::with(&[("reports/a.txt", REPORT.as_bytes()), ("reports/b.pdf", &pdf)]);
    let partly = scene.run(&["load", "reports", "--year", "2024"]);
    assert_eq!(partly.code, 3);
    assert!(partly.stderr.contains("reports/b.pdf: the PDF asks for a password; give it with --password"), "{}", partly.stderr);
    let whole = scene.run(&["load", "reports", "--year", "2024", "--password", "geheim"]);
    assert_eq!((whole.code, whole.stderr.as_str()), (0, ""));
    let kept = scene.run(&["query", "SELECT arguments FROM loads", "-f", "csv"]);
    assert!(kept.stdout.contains("--password ***") && !kept.stdout.contains("geheim"), "{}", kept.stdout);
}

#[test]
fn a_layout_shows_every_figure_of_the_pages_asked_for() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/read/pdf");
    let pdf = fs::read(corpus.join("statement.pdf")).unwrap();
    let scene = Scene::with(&[("a.pdf", &pdf), ("sheet.csv", b"metric,value\n\xe7\x94\xa8\xe6\x88\xb7,3"), ("mine.html", b"<p>")]);
    let figures = scene.run(&["extract", "a.pdf"]).stdout;
    let on = |page: u32| figures.lines().filter(|line| line.contains(&format!("\"page\":{page},"))).count();
    assert!(on(1) > 0 && on(2) > 0);

    let whole = scene.run(&["extract", "a.pdf", "--layout", "page.html"]);
    assert_eq!((whole.code, whole.stdout.as_str(), whole.stderr.as_str()), (0, "", ""));
    let drawn = fs::read_to_string(scene.path("page.html")).unwrap();
    let shown = |html: &str| html.matches("<rect class=\"figure\"").count() + html.matches("<rect class=\"doubted\"").count();
    assert_eq!(shown(&drawn), on(1) + on(2));
    assert_eq!(drawn.matches("<section").count(), 2);
    assert!(drawn.contains("class=\"head\"") && drawn.contains("class=\"out\"") && !drawn.contains("<script"), "heads, furniture");

    // Written over, since it is one of these pages.
    assert_eq!(scene.run(&["extract", "a.pdf", "--layout", "page.html", "--pages", "2"]).code, 0);
    let second = fs::read_to_string(scene.path("page.html")).unwrap();
    assert_eq!((shown(&second), second.matches("<section").count()), (on(2), 1));

    for (arguments, code, told) in [
        (&["extract", "a.pdf", "--layout", "mine.html"][..], 1, "mine.html: exists, and is no page that --layout wrote"),
        (&["extract", "a.pdf", "--layout", "page.html", "--pages", "7-9"], 1, "a.pdf: has 2 pages, none of those that --pages names"),
        (&["extract", "a.pdf", "--layout", "page.html", "--pages", "0"], 2, "expected pages from 1 such as 3, 1-8 or 1-4,9"),
        (&["extract", "sheet.csv", "a.pdf", "--layout", "page.html"], 3, "sheet.csv: has no pages to draw"),
    ] {
        let outcome = scene.run(arguments);
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

// ------------------------------------------------------------------ languages

const SPEAKING: &str = "2021年新建充電樁約1.2萬個，能耗同比下降5%；光纖端口佔寬帶端口比例達198.6%。\n";

#[test]
fn people_are_told_in_their_language() {
    let scene = Scene::with(&[("a.txt", SPEAKING.as_bytes())]);
    let load = ["load", "a.txt", "--company", "青嶼能源", "--kind", "esg", "--year", "2021"];
    let tried = scene.run_in("zh_HK.UTF-8", &[&load[..], &["--dry-run"]].concat(), "");
    assert_eq!(
        tried.succeeds(),
        "已讀取 1 份文件，未寫入任何內容\n  a.txt：青嶼能源, esg, 2021，3 個數據\n\n疑點：錯誤 0，警告 1，提示 0\n  \
         share-over-100：a.txt：「光纖端口佔寬帶端口比例 198.6%」超過 100%；按原文保留\n"
    );
    let loaded = scene.run_in("zh_CN.UTF-8", &load, "");
    let told: Vec<&str> = loaded.succeeds().lines().collect();
    assert_eq!(
        told[..7],
        [
            "figures.db：已建立；1 份文件",
            "  a.txt：青嶼能源/esg/2021，3 个数据，新增",
            "3 个数据；另有 1 个其他数字（日期、名称、列表）",
            "",
            "疑点：错误 0，警告 1，提示 0",
            "  share-over-100：a.txt：「光纖端口佔寬帶端口比例 198.6%」超过 100%；按原文保留",
            "",
        ],
        "{}",
        loaded.stdout
    );
    assert_eq!(told[7], "可以试试");
    // What is asked for counts before what the locale says.
    assert!(
        scene
            .run_in("zh_CN.UTF-8", &[&load[..], &["--lang", "en"]].concat(), "")
            .succeeds()
            .starts_with("figures.db: unchanged; 1 document\n")
    );
}

#[test]
fn a_figure_is_explained_in_a_language() {
    let scene = Scene::with(&[("a.txt", SPEAKING.as_bytes())]);
    scene.run(&["load", "-q", "a.txt", "--company", "青嶼能源", "--kind", "esg", "--year", "2021"]).succeeds();
    let first = scene.run(&["explain", "1", "--lang", "zh-Hant"]);
    for line in [
        "新建充電樁：~ 12000 个，2021",
        "出處        a.txt，第 1 行，字元 10 至 16",
        "數值        「約1.2萬個」：1.2 × 10^4 = 12000",
        "單位        「個」即 个 (個)",
        "比較        ~（約）",
        "類別        水平 (level)",
        "地點        全國或全公司",
    ] {
        assert!(first.succeeds().lines().any(|found| found == line), "{line}\n{}", first.stdout);
    }
    let second = scene.run(&["explain", "2", "--lang", "zh-Hans"]);
    for line in ["数值        「5%」：5；下降，故为 -5", "类别        变动 (change)，相对 (relative)，同比（yoy），较 2020"]
    {
        assert!(second.succeeds().lines().any(|found| found == line), "{line}\n{}", second.stdout);
    }
    // Nothing of a language is left in another: but for words that SQL knows too, no line of the pages is the same.
    let english = scene.run(&["explain", "1"]);
    let kept: Vec<&str> =
        first.stdout.lines().filter(|line| !line.is_empty() && english.succeeds().lines().any(|other| other == *line)).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
}

#[test]
fn errors_are_told_in_a_language() {
    let scene = Scene::with(&[("a.txt", SPEAKING.as_bytes()), ("empty.txt", b""), ("other.db", b"no database at all, only text\n")]);
    let check = |arguments: &[&str], code: i32, hant: &str| {
        let told = scene.run_in("zh_TW.UTF-8", arguments, "");
        assert_eq!((told.code, told.stderr.trim_end()), (code, hant), "{arguments:?}");
    };
    check(&["query", "SELECT 1"], 1, "錯誤： figures.db：沒有這個資料庫；請用 `reportsql load FILE --db figures.db` 建立");
    check(&["load", "b.txt"], 1, "錯誤： b.txt：沒有這個檔案");
    check(&["load", "empty.txt"], 1, "錯誤： empty.txt: 檔案是空的；應為報告或數據表");
    scene.run(&["load", "-q", "a.txt", "--company", "青嶼能源", "--kind", "esg", "--year", "2021"]).succeeds();
    check(&["export", "x.csv", "--view", "flat_fact"], 1, "錯誤： 沒有表或視圖「flat_fact」；最接近的是「flat_facts」");
    check(
        &["explain", "fffff"],
        1,
        "錯誤： 沒有數據「fffff」；應為 figure_key 或 figure_id，可用 `reportsql query \"SELECT figure_key, reported, sentence FROM flat_figures\"` 列出",
    );
    check(&["query", "SELECT 1", "--db", "other.db"], 1, "錯誤： other.db：不是 SQLite 資料庫；未作任何變更；請用 --db 指定別的名稱");
    scene.run(&["export", "x.csv", "-q"]).succeeds();
    check(&["export", "x.csv"], 1, "錯誤： x.csv：已存在；請另取名稱，或用 --force 覆蓋");
}

#[test]
fn what_programs_read_is_the_same_in_every_language() {
    let scene = Scene::with(&[("a.txt", SPEAKING.as_bytes())]);
    scene.run(&["load", "-q", "a.txt", "--company", "青嶼能源", "--kind", "esg", "--year", "2021"]).succeeds();
    for arguments in [
        &["extract", "a.txt"][..],
        &["query", "SELECT * FROM findings", "-f", "jsonl"],
        &["export", "-"],
        &["schema", "figures"],
        &["search", "充電樁", "-f", "csv"],
    ] {
        let plain = scene.run(arguments);
        assert_eq!(scene.run_in("zh_CN.UTF-8", arguments, "").succeeds(), plain.succeeds(), "{arguments:?}");
    }
}
