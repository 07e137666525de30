//! The program as a person or a script runs it: what goes to which stream, exit codes, what is left behind.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Two sentences of a report.
const REPORT: &str = "一、推動網絡演進\n\n2019年，4G基站總數達到141萬個，人口覆蓋率93%。\n";

/// A run of the program in a folder of its own.
struct Scene {
    folder: TempDir,
}

/// What a run left.
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Scene {
    fn new() -> Scene {
        Scene { folder: tempfile::tempdir().unwrap() }
    }

    fn with(files: &[(&str, &[u8])]) -> Scene {
        let scene = Scene::new();
        for (name, bytes) in files {
            let path = scene.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        scene
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], stdin: &str) -> Outcome {
        let mut command = Command::cargo_bin("reportsql").unwrap();
        command.current_dir(self.folder.path()).env_remove("REPORTSQL_DB").env("NO_COLOR", "1").args(arguments).write_stdin(stdin);
        let output = command.output().unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The names of all files, sorted.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Outcome {
    #[track_caller]
    fn fails(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, code, "{}", self.stderr);
        for part in parts {
            assert!(self.stderr.contains(part), "「{part}」 is not in: {}", self.stderr);
        }
    }

    #[track_caller]
    fn succeeds(&self) -> &str {
        assert_eq!(self.code, 0, "{}", self.stderr);
        &self.stdout
    }
}

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
fn a_sheet_without_the_needed_columns_names_those_it_has() {
    let scene = Scene::with(&[("s.csv", "名稱,數值\n4G基站,141萬個\n".as_bytes())]);
    scene.run(&["extract", "s.csv"]).fails(1, &["s.csv: line 1", "名稱, 數值", "metric and value"]);
}

#[test]
fn a_format_that_is_not_read_says_what_to_do() {
    let scene = Scene::with(&[("r.docx", b"PK\x03\x04....word/document.xml")]);
    scene.run(&["extract", "r.docx"]).fails(1, &["r.docx: a Word document", ".txt"]);
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
        .current_dir(scene.folder.path())
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
        .current_dir(scene.folder.path())
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
    let scene = Scene::with(&[("e.txt", b""), ("s.csv", "名稱,數值\n4G基站,141萬個\n".as_bytes())]);
    scene.run(&["load", "e.txt"]).fails(1, &["e.txt: the file is empty"]);
    scene.run(&["load", "s.csv"]).fails(1, &["名稱, 數值", "metric and value"]);
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
fn query_with_a_statement_that_writes_is_refused_and_changes_nothing() {
    let scene = loaded();
    let before = fs::read(scene.path("figures.db")).unwrap();
    for sql in [
        "DELETE FROM figures",
        "UPDATE figures SET note = 'x'",
        "INSERT INTO meta VALUES ('a', 'b')",
        "DROP VIEW flat_facts",
        "CREATE TABLE t (a)",
        "PRAGMA user_version = 1",
        "PRAGMA journal_mode = WAL",
        "ATTACH 'new.db' AS new",
        "VACUUM INTO 'copy.db'",
        "VACUUM",
    ] {
        scene.run(&["query", sql]).fails(1, &["query only reads"]);
    }
    assert_eq!(fs::read(scene.path("figures.db")).unwrap(), before);
    assert_eq!(scene.files(), ["a.txt", "figures.db"]);
}

#[test]
fn an_error_in_sql_marks_its_place_and_the_nearest_name() {
    let scene = loaded();
    scene
        .run(&["query", "SELECT metric_hnt FROM flat_facts"])
        .fails(1, &["no such column", "「metric_hant」", "\n1 | SELECT metric_hnt", "\n  |        ^"]);
    scene.run(&["query", "SELECT * FROM flat_fact"]).fails(1, &["「flat_facts」"]);
    scene.run(&["query", "SELECT 1; SELECT 2"]).fails(2, &["one statement"]);
    scene.run(&["query", "SELECT :year"]).fails(2, &["-p year=VALUE"]);
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
