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
    let scene = Scene::with(&[("r.pdf", b"%PDF-1.7\n")]);
    scene.run(&["extract", "r.pdf"]).fails(1, &["r.pdf: a PDF", "pdftotext"]);
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
