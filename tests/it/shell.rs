//! The shell, from a pipe and at a terminal.

use crate::scene::{Outcome, Scene};

fn scene() -> Scene {
    let scene = Scene::with(&[("a.txt", "2019年，4G基站總數達到141萬個，人口覆蓋率93%。\n".as_bytes())]);
    scene.run(&["load", "-q", "a.txt", "--company", "青嶼能源", "--kind", "csr"]).succeeds();
    scene
}

fn shell(scene: &Scene, input: &str) -> Outcome {
    scene.run_with(&["shell"], input)
}

#[test]
fn a_pipe_runs_statements_and_commands_one_after_the_other() {
    let scene = scene();
    let input = "-- 問題\nSELECT count(*) AS n\n  FROM flat_facts;\n\n.mode csv\n.param y=2019\nSELECT year, ';' AS t FROM flat_facts WHERE year = :y LIMIT 1;\n.mode jsonl\nSELECT 1 AS a; SELECT 2 AS a";
    let ran = shell(&scene, input);
    assert_eq!(ran.succeeds(), "n\n─\n2\nyear,t\n2019,;\n{\"a\":1}\n{\"a\":2}\n");
    assert_eq!(ran.stderr, "");
    assert_eq!(shell(&scene, "SELECT 1 AS a;\n.quit\nSELECT 2;\n").succeeds(), "a\n─\n1\n");
    assert_eq!(shell(&scene, "").succeeds(), "");
    assert_eq!(shell(&scene, "-- nothing\n;;\n").succeeds(), "");
}

#[test]
fn the_first_error_ends_a_pipe_and_tells_its_line() {
    let scene = scene();
    let ran = shell(&scene, "SELECT 1 AS a;\n\nSELECT *\n  FROM flat_fact;\nSELECT 2;\n");
    ran.fails(1, &["error: line 3: no such table: flat_fact; the nearest is 「flat_facts」"]);
    assert_eq!(ran.stdout, "a\n─\n1\n");
    shell(&scene, "DELETE FROM figures;").fails(1, &["query only reads, and this statement would delete from 「figures」"]);
    shell(&scene, ".tabels").fails(2, &["there is no command .tabels; the nearest is .tables"]);
    shell(&scene, ".mode xml").fails(2, &["there is no format 「xml」; expected one of table, csv"]);
    shell(&scene, ".limit many").fails(2, &[".limit: 「many」; expected a number of rows"]);
    shell(&scene, ".timeout 0.05\nWITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n;")
        .fails(1, &["line 2: the query was stopped after 0.05 s"]);
    shell(&scene, ".read nope.sql").fails(1, &["nope.sql: no such file"]);
    shell(&scene, ".columns flat_fact").fails(1, &["there is no table or view 「flat_fact」; the nearest is 「flat_facts」"]);
}

#[test]
fn commands_tell_what_there_is() {
    let scene = scene();
    let tables = shell(&scene, ".tables flat");
    assert!(tables.succeeds().contains("view  flat_facts    Facts       A row for each fact"), "{}", tables.stdout);
    assert_eq!(tables.stdout.lines().count(), 4);
    assert!(shell(&scene, ".columns flat_facts").succeeds().contains("value_base        "));
    assert!(shell(&scene, ".schema units").succeeds().starts_with("CREATE TABLE units ("));
    assert!(shell(&scene, ".search 基站").succeeds().starts_with("metrics, 1\n  4G{基站}  base_stations_4g\n"));
    assert!(shell(&scene, ".explain 1").succeeds().contains("sentence    2019年，4G基站總數達到{141萬個}"));
    assert!(shell(&scene, ".help").succeeds().contains(".timeout [SECONDS]      Stop a statement after so many seconds"));
    let settings = shell(&scene, ".limit 1\n.limit\n.timeout\n.mode\n.timer\n.param a=1\n.param\nSELECT figure_id FROM flat_facts;");
    assert_eq!(settings.succeeds(), "figure_id\n─────────\n        1\n");
    let told: Vec<&str> = settings.stderr.lines().map(|line| line.split(" in ").next().unwrap()).collect();
    assert_eq!(told, ["1", "300 s", "table", "on", ":a = 1", "stopped after 1 row, there are more", "1 row"]);
    std::fs::write(scene.path("q.sql"), "SELECT 1 AS a;\nSELECT 2 AS b;\n").unwrap();
    assert_eq!(shell(&scene, ".mode jsonl\n.read q.sql").succeeds(), "{\"a\":1}\n{\"b\":2}\n");
}

/// At a terminal, which `script` of util-linux gives: behind the feature `clients`, since not every system has it.
#[cfg(feature = "clients")]
mod terminal {
    use super::scene;
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn a_terminal_completes_waits_for_the_semicolon_and_keeps_its_lines() {
        let scene = scene();
        let program = assert_cmd::cargo::cargo_bin("reportsql");
        // `exec`: a shell between would take Ctrl-C too, and some end by it.
        let mut child = Command::new("script")
            .args(["-qec", &format!("exec '{}' shell", program.display()), "/dev/null"])
            .current_dir(scene.path("."))
            .env("SHELL", "/bin/sh")
            .env("XDG_STATE_HOME", scene.path("state"))
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script is not there: apt-get install bsdutils");
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        // Read aside, so that what never comes is a failure and no wait without end.
        let (sends, comes) = mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = stdout.read(&mut bytes) {
                let _ = sends.send(String::from_utf8_lossy(&bytes[..count]).into_owned());
            }
        });
        let mut seen = String::new();
        // Types, and waits for what shows that it was read.
        let mut say = |text: &str, wait: &str| {
            stdin.write_all(text.as_bytes()).unwrap();
            stdin.flush().unwrap();
            let from = seen.len();
            while !seen[from..].contains(wait) {
                match comes.recv_timeout(Duration::from_secs(60)) {
                    Ok(text) => seen += &text,
                    Err(_) => panic!("「{wait}」 did not come: {seen}"),
                }
            }
        };
        say("", "reportsql> ");
        // Tab completes the view and the code; the statement goes over two lines.
        say("SELECT count(*) AS n FROM flat_fac\t\r", "facts");
        say("WHERE metric_code = 'base_stations_4\t';\r", "\r\n1\r\n");
        // A mistake is told and ends nothing.
        say("SELECT nope;\r", "no such column: nope");
        // Ctrl-C stops the statement, and not the shell.
        say("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n;\r", "\r\n");
        std::thread::sleep(Duration::from_millis(500));
        say("\u{3}", "interrupted");
        say("SELECT 6 * 7 AS answer;\r", "42");
        say(".quit\r", "quit");
        let ended = child.wait().unwrap();
        assert!(ended.success(), "{ended}: {seen}");
        let history = std::fs::read_to_string(scene.path("state/reportsql/history")).unwrap();
        assert!(history.contains("SELECT 6 * 7 AS answer;") && history.contains("FROM flat_facts"), "{history}");
    }
}
