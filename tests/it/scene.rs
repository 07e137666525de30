//! A folder in which the program runs, as a person or a script runs it: what all tests of commands stand on.

use assert_cmd::Command;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of its own in which the program runs.
pub(crate) struct Scene {
    folder: TempDir,
}

/// What a run left.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scene {
    pub(crate) fn new() -> Scene {
        Scene { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn with(files: &[(&str, &[u8])]) -> Scene {
        let scene = Scene::new();
        for (name, bytes) in files {
            let path = scene.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        scene
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &str) -> Outcome {
        self.run_in("C.UTF-8", arguments, stdin)
    }

    /// Runs the program under a locale.
    pub(crate) fn run_in(&self, locale: &str, arguments: &[&str], stdin: &str) -> Outcome {
        let mut command = Command::cargo_bin("reportsql").unwrap();
        command.current_dir(self.folder()).env_remove("REPORTSQL_DB").env("NO_COLOR", "1").env("LC_ALL", locale);
        command.args(arguments).write_stdin(stdin);
        let output = command.output().unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The database that the commands make where none is named.
    pub(crate) fn db(&self) -> Connection {
        Connection::open(self.path("figures.db")).unwrap()
    }

    /// The names of all files, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The names of columns and the rows that the SQLite of the program itself answers with.
pub(crate) fn answer(db: &Connection, sql: &str) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut statement = db.prepare(sql).unwrap();
    let names: Vec<String> = statement.column_names().map(String::from).collect();
    let rows = statement.query_map([], |row| (0..names.len()).map(|at| row.get(at)).collect());
    let rows = rows.unwrap().collect::<rusqlite::Result<_>>().unwrap();
    (names, rows)
}

impl Outcome {
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, code, "{}", self.stderr);
        for part in parts {
            assert!(self.stderr.contains(part), "「{part}」 is not in: {}", self.stderr);
        }
    }

    #[track_caller]
    pub(crate) fn succeeds(&self) -> &str {
        assert_eq!(self.code, 0, "{}", self.stderr);
        &self.stdout
    }
}
