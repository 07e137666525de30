//! What the documentation shows is what comes out.
//!
//! Every `sql` block of README.md and docs/ runs against the figures of `data/reports/china-unicom-2019.csv`, and a `text` block
//! behind it holds its answer; a `console` block holds commands behind `$` and what each prints. A block of `python`, `r` or `java`
//! is a program, and a `text` block behind it what it prints. `UPDATE=1 cargo test` rewrites the answers, and git shows what moved.
//! Examples of `--help` run as they stand, beside that database and files of the names that they have.
//! Those of `docs/open-in/` want the programs that `.ci/clients` installs: feature `clients`.

use crate::scene::Scene;
use rusqlite::Connection;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// A folder as a newcomer has it after the first command of the README.
fn scene() -> Scene {
    let sheet = "data/reports/china-unicom-2019.csv";
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(sheet)).unwrap();
    let scene = Scene::with(&[(sheet, &bytes)]);
    scene.run(&["load", sheet]).succeeds();
    scene
}

impl Scene {
    /// Runs a command line; its output with what it says on standard error, and its exit code.
    fn shell(&self, line: &str, stdin: &str) -> (String, i32) {
        // The one other program that is shown: its statement runs in the SQLite that is here already.
        if let Some((file, statement)) = line.strip_prefix("sqlite3 ").and_then(|rest| rest.split_once(' ')) {
            let db = Connection::open(self.path(file)).unwrap();
            return match db.execute_batch(statement.trim_matches('"')) {
                Ok(()) => (String::new(), 0),
                Err(error) => (format!("{error}\n"), 1),
            };
        }
        let bin = Path::new(env!("CARGO_BIN_EXE_reportsql")).parent().unwrap();
        let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients/python/bin");
        let others = std::env::var_os("PATH").unwrap();
        let path = std::env::join_paths([bin.to_path_buf(), clients].into_iter().chain(std::env::split_paths(&others)));
        let mut child = Command::new("sh")
            .args(["-c", &format!("{{ {line}\n}} 2>&1")])
            .current_dir(self.folder())
            .env("PATH", path.unwrap())
            .env("NO_COLOR", "1")
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", self.folder())
            .env_remove("REPORTSQL_DB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap_or(-1))
    }

    /// The answer to a statement.
    fn answered(&self, statement: &str, name: &str) -> String {
        let (printed, code) = self.shell("reportsql query -", statement);
        assert_eq!(code, 0, "{name}:\n{statement}\n{printed}");
        trimmed(&printed)
    }

    /// What a program prints.
    fn program(&self, language: &str, source: &str, name: &str) -> String {
        let (file, line) = match language {
            "python" => ("program.py", "python program.py"),
            "r" => ("program.R", "Rscript program.R"),
            _ => ("Show.java", "java -cp /usr/share/java/sqlite-jdbc.jar Show.java"),
        };
        fs::write(self.path(file), source).unwrap();
        let (printed, code) = self.shell(line, "");
        assert_eq!(code, 0, "{name}: {line} (.ci/clients installs it):\n{source}\n{printed}");
        trimmed(&printed)
    }

    /// The commands of a `console` block, each with what it prints now.
    fn console(&self, block: &str) -> String {
        let mut out = String::new();
        let mut code = 0;
        let mut lines = block.lines();
        while let Some(line) = lines.next() {
            // What is printed starts with no `$`, and is made anew.
            let Some(first) = line.strip_prefix("$ ") else { continue };
            let mut command = first.to_string();
            while command.ends_with('\\') {
                command = command + "\n" + lines.next().expect("a line that ends in \\ goes on");
            }
            out += &format!("$ {command}\n");
            if command == "echo $?" {
                out += &format!("{code}\n");
            } else {
                let (printed, status) = self.shell(&command, "");
                code = status;
                out += &trimmed(&printed);
            }
        }
        out
    }
}

/// Without the blanks at the ends of lines, which editors and git dislike.
fn trimmed(text: &str) -> String {
    text.lines().map(|line| line.trim_end().to_string() + "\n").collect()
}

/// A document with its answers as they come out, and how many questions it asks.
fn rewritten(document: &str, name: &str) -> (String, usize) {
    let scene = scene();
    let (mut out, mut asked) = (String::new(), 0);
    let mut answer: Option<String> = None;
    let mut rest = document;
    while let Some(at) = rest.find("```") {
        let (before, fence) = rest.split_at(at);
        let (language, block) = fence[3..].split_once('\n').unwrap();
        let (block, after) = block.split_once("```").unwrap_or_else(|| panic!("{name}: a block does not end"));
        // An answer stands right behind its question.
        let given = answer.take().filter(|_| before.trim().is_empty() && language == "text");
        let block = match language {
            "sql" => {
                asked += 1;
                let answers: Vec<String> = block.split_inclusive(";\n").map(|statement| scene.answered(statement, name)).collect();
                answer = Some(answers.join("\n"));
                block.to_string()
            }
            "console" => {
                asked += 1;
                scene.console(block)
            }
            "python" | "r" | "java" => {
                asked += 1;
                answer = Some(scene.program(language, block, name));
                block.to_string()
            }
            _ => given.unwrap_or_else(|| block.to_string()),
        };
        out += &format!("{before}```{language}\n{block}```");
        rest = after;
    }
    (out + rest, asked)
}

/// Compares documents, and those in a folder, with what comes out, or rewrites them; how many questions they ask.
fn compared(documents: &[&str], folder: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents: Vec<_> = documents.iter().map(|name| root.join(name)).collect();
    documents.extend(fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    documents.sort();
    let mut all = 0;
    for path in documents.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let document = fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let (found, asked) = rewritten(&document, &name);
        all += asked;
        if std::env::var_os("UPDATE").is_some() {
            if found != document {
                fs::write(path, found).unwrap();
            }
        } else {
            for (at, (found, shown)) in found.lines().zip(document.lines()).enumerate() {
                assert_eq!(found, shown, "{name}:{}: UPDATE=1 cargo test rewrites it", at + 1);
            }
            assert_eq!(found.len(), document.len(), "{name}: UPDATE=1 cargo test rewrites it");
        }
    }
    all
}

#[test]
fn what_the_documents_show_is_what_comes_out() {
    let all = compared(&["README.md"], "docs");
    assert!(all > 8, "the documents ask {all} questions");
}

/// The commands and programs of the pages that tell how to open a database elsewhere.
#[cfg(feature = "clients")]
#[test]
fn what_opens_a_database_elsewhere_opens_it() {
    let all = compared(&[], "docs/open-in");
    assert!(all > 12, "the pages run {all} commands and programs");
}

#[test]
fn there_are_recipes_to_start_from() {
    let recipes = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes.md")).unwrap();
    assert!(recipes.matches("```sql\n").count() >= 25);
}

// ------------------------------------------------------------------ help

/// What examples of `--help` name: a file with the bytes that stand for it.
fn named_files() -> Vec<(&'static str, Vec<u8>)> {
    let scene = scene();
    let bytes = |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)).unwrap();
    let text = "青嶼能源\n2020年社會責任報告\n\n2020年新建充電樁1.2萬個，同比增長35%。\n";
    let database = fs::read(scene.path("figures.db")).unwrap();
    let mut files = vec![
        ("figures.csv", "metric,value\n員工總數,2300人\n".into()),
        ("report.pdf", bytes("read/pdf/ruled.pdf")),
        ("page.html", bytes("read/same/kpi.html")),
        ("kpi.xlsx", bytes("read/same/kpi.xlsx")),
        ("questions.sql", "SELECT 1 AS a;\nSELECT 2 AS b;\n".into()),
        ("corrections.csv", scene.run(&["correct", "list", "--format", "csv"]).succeeds().into()),
        ("publish.sh", "#!/bin/sh\n".into()),
        // What shows pages, which not every system has.
        ("less", "#!/bin/sh\ncat > /dev/null\n".into()),
        ("man", "#!/bin/sh\ncat $1 > /dev/null\n".into()),
        (".zfunc/_other", Vec::new()),
        (".config/fish/completions/other.fish", Vec::new()),
    ];
    files.extend(["2019-csr.txt", "report.txt", "2019.txt", "2020.txt", "reports/2019.txt"].map(|name| (name, text.into())));
    let databases = ["figures.db", "telecom.db", "old.db", "new.db", "expected.db", "north.db", "south.db", "parts/east.db"];
    files.extend(databases.map(|name| (name, database.clone())));
    files
}

/// The examples of a command's help and of the commands below it.
fn examples(scene: &Scene, command: &[&str], found: &mut Vec<String>) {
    let help = scene.run(&[command, &["--help"]].concat()).succeeds().to_string();
    if let Some((_, examples)) = help.split_once("\nExamples:\n") {
        let examples = examples.lines().take_while(|line| !line.is_empty());
        found.extend(examples.map(|line| line.trim().to_string()));
    }
    let commands = help.split_once("\nCommands:\n").map_or("", |(_, commands)| commands);
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap_or_default();
        if line.starts_with("  ") && !line.starts_with("   ") && name != "help" {
            self::examples(scene, &[command, &[name]].concat(), found);
        }
    }
}

#[test]
fn examples_of_the_help_run_as_they_stand() {
    let mut found = Vec::new();
    examples(&Scene::new(), &[], &mut found);
    found.sort();
    found.dedup();
    assert!(found.len() > 50, "{found:?}");
    let mut wrong = Vec::new();
    let files = named_files();
    // Each in a folder of its own: one that writes stands in no other's way.
    for example in &found {
        let scene = Scene::new();
        for (name, bytes) in &files {
            if *name == "figures.db" || example.contains(name.split('/').next().unwrap()) {
                let path = scene.path(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, bytes).unwrap();
                fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
            }
        }
        // Not every shell understands what the completions of bash say.
        let line = example.strip_prefix("eval \"$(").and_then(|line| line.strip_suffix(")\"")).unwrap_or(example);
        let (printed, code) = scene.shell(&format!("PATH=$PWD:$PATH PROFILE=profile; {line}"), "");
        if code != 0 {
            wrong.push(format!("{example}: {code}\n{printed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
