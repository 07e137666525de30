//! SQL as an analyst asks it: formats, files, limits, and every way to get it wrong.

use crate::scene::Scene;
use rusqlite::Connection;

const REPORT: &str = "一、網絡\n\n2019年，4G基站總數達到141萬個，人口覆蓋率93%，青海新建基站2,300個。\n";

fn scene() -> Scene {
    let scene = Scene::with(&[("a.txt", REPORT.as_bytes())]);
    scene.run(&["load", "-q", "a.txt", "--company", "青嶼能源", "--kind", "csr"]).succeeds();
    scene
}

const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT";

#[test]
fn statements_come_from_the_line_a_file_or_a_pipe() {
    let scene = scene();
    let sql = "-- 兩個問題\nSELECT count(*) AS n FROM flat_facts;\n\nSELECT ':no;' AS t, :y AS y;\n";
    std::fs::write(scene.path("q.sql"), sql).unwrap();
    let expect = "n\n─\n3\n\nt        y\n────  ────\n:no;  2019\n";
    assert_eq!(scene.run(&["query", "@q.sql", "-p", "y=2019"]).succeeds(), expect);
    assert_eq!(scene.run_with(&["query", "-", "-p", "y=2019"], sql).succeeds(), expect);
    assert_eq!(scene.run(&["query", sql.split_once('\n').unwrap().1, "-p", "y=2019"]).succeeds(), expect);
    assert_eq!(scene.run(&["query", "@q.sql", "-p", "y=2019", "-f", "jsonl"]).succeeds(), "{\"n\":3}\n{\"t\":\":no;\",\"y\":2019}\n");
    scene.run(&["query", "@q.sql", "-p", "y=1", "-f", "csv"]).fails(2, &["rows of one statement, and there are 2", "markdown"]);
    scene.run(&["query", "@q.sql"]).fails(2, &["the parameter :y has no value; add -p y=VALUE"]);
    scene.run(&["query", "@q.sql", "-p", "y=1", "-p", "z=1"]).fails(2, &["no parameter :z"]);
    scene.run(&["query", "@nope.sql"]).fails(1, &["nope.sql: no such file"]);
    scene.run(&["query", " -- nothing\n;"]).fails(2, &["the SQL is empty; expected a SELECT"]);
}

#[test]
fn a_mistake_is_shown_in_its_line_with_the_name_that_was_meant() {
    let scene = scene();
    scene.run(&["query", "SELECT * FROM flat_fact"]).fails(1, &["no such table: flat_fact; the nearest is 「flat_facts」"]);
    scene
        .run(&["query", "SELECT 1;\nSELECT '基站' AS n,\n  metrik_hans FROM flat_facts"])
        .fails(1, &["no such column: metrik_hans; the nearest is 「metric_hans」\n3 |   metrik_hans FROM flat_facts\n  |   ^"]);
    scene
        .run(&["query", "SELECT '基站' FRM flat_facts"])
        .fails(1, &["near \"flat_facts\": syntax error\n1 | SELECT '基站' FRM flat_facts\n  |                   ^"]);
    scene.run(&["query", "SELECT coun(*) FROM flat_facts"]).fails(1, &["no such function: coun; the nearest is 「count」"]);
}

#[test]
fn nothing_but_reading_gets_through() {
    let scene = scene();
    let before = std::fs::read(scene.path("figures.db")).unwrap();
    for (sql, why) in [
        ("UPDATE figures SET note = 'x'", "update 「figures」"),
        ("SELECT 1; DELETE FROM figures", "delete from 「figures」"),
        ("INSERT INTO units SELECT * FROM units", "insert into 「units」"),
        ("ATTACH 'other.db' AS o", "open another file"),
        ("VACUUM INTO 'copy.db'", "query only reads"),
        ("PRAGMA writable_schema = 1", "set PRAGMA writable_schema"),
        ("PRAGMA journal_mode = WAL", "set PRAGMA journal_mode"),
        ("SELECT load_extension('x')", "load an extension"),
        ("DROP VIEW flat_facts", "change the schema"),
        ("VACUUM", "query only reads"),
        ("CREATE TEMP TABLE t (a)", "change the schema"),
        ("CREATE TRIGGER t AFTER INSERT ON figures BEGIN SELECT 1; END", "change the schema"),
        ("BEGIN IMMEDIATE", "transaction"),
    ] {
        scene.run(&["query", sql]).fails(1, &["query only reads, and this statement would", why]);
    }
    assert_eq!(scene.files(), ["a.txt", "figures.db"]);
    assert!(std::fs::read(scene.path("figures.db")).unwrap() == before);
}

#[test]
fn an_endless_query_ends_at_its_time_limit() {
    let scene = scene();
    scene.run(&["query", "--timeout", "0.1", &format!("{ENDLESS} sum(i) FROM n")]).fails(1, &["stopped after 0.1 s; --timeout SECONDS"]);
    scene.run(&["query", "--timeout", "0.1", "-f", "csv", &format!("{ENDLESS} i FROM n WHERE i < 0")]).fails(1, &["stopped after 0.1 s"]);
    for wrong in ["soon", "1e99", "NaN"] {
        scene.run(&["query", "--timeout", wrong, "SELECT 1"]).fails(2, &["--timeout"]);
    }
}

#[test]
fn rows_end_at_their_limit_and_that_is_said() {
    let scene = scene();
    let cut = scene.run(&["query", "--limit", "2", "-f", "csv", "SELECT figure_id FROM flat_facts"]);
    assert_eq!(cut.succeeds(), "figure_id\n1\n2\n");
    assert_eq!(cut.stderr, "stopped after 2 rows, there are more\n");
    let all = scene.run(&["query", "--limit", "3", "-f", "csv", "SELECT figure_id FROM flat_facts"]);
    assert_eq!((all.succeeds(), all.stderr.as_str()), ("figure_id\n1\n2\n3\n", ""));
    // A table is held in memory; one that nobody limits ends before memory does, and the exit code tells.
    let held = scene.run(&["query", &format!("{ENDLESS} i FROM n")]);
    held.fails(3, &["stopped after 100000 rows, there are more; a limit of your own takes more, a format like csv any number"]);
    assert_eq!(held.stdout.lines().count(), 100_002);
}

#[test]
fn timing_goes_to_standard_error() {
    let timed = scene().run(&["query", "--timing", "-f", "jsonl", "SELECT 1 AS a; SELECT figure_id FROM flat_facts LIMIT 2"]);
    assert_eq!(timed.succeeds(), "{\"a\":1}\n{\"figure_id\":1}\n{\"figure_id\":2}\n");
    let told: Vec<&str> = timed.stderr.lines().map(|line| line.split(" in ").next().unwrap()).collect();
    assert_eq!(told, ["1 row", "2 rows"]);
    assert!(timed.stderr.lines().all(|line| line.ends_with(" ms") || line.ends_with(" s")), "{}", timed.stderr);
}

#[test]
fn a_database_that_another_program_holds_is_told_by_the_exit_code() {
    let scene = scene();
    let holder = Connection::open(scene.path("figures.db")).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    scene.run(&["query", "--timeout", "0.1", "SELECT 1 FROM figures"]).fails(75, &["figures.db: is in use by another program; try again"]);
    holder.execute_batch("ROLLBACK").unwrap();
    scene.run(&["query", "--timeout", "0.1", "SELECT 1 FROM figures LIMIT 1"]).succeeds();
}

// ------------------------------------------------------------------ search

#[test]
fn words_are_found_in_either_script_with_their_figures() {
    let scene = scene();
    let expect = "metrics, 2\n  4G{基站}  base_stations_4g\n  新建{基站}  base_stations_built\n\nsentences, 1\n";
    let found = scene.run(&["search", "基站"]);
    assert!(found.succeeds().starts_with(expect), "{}", found.stdout);
    assert!(
        found.stdout.contains("  2019年，4G{基站}總數達到141萬個，人口覆蓋率93%，青海新建{基站}2,300個。\n    青嶼能源/csr/2019, line 3\n")
    );
    assert!(found.stdout.contains(": = 1410000 个, 2019\n"), "{}", found.stdout);
    let rows = scene.run(&["search", "总数 网络", "-f", "jsonl"]);
    assert_eq!((rows.succeeds(), rows.stderr.as_str()), ("", "nothing holds 「总数 网络」\n"));
    let rows = scene.run(&["search", "总数", "青海", "-f", "csv"]);
    let lines: Vec<&str> = rows.succeeds().lines().collect();
    assert_eq!(lines.len(), 4, "a row for each figure of the sentence");
    assert!(lines[1].starts_with("sentence,,青嶼能源/csr/2019,,3,\"2019年"), "{}", lines[1]);
    assert_eq!(rows.stderr, "0 metrics, 0 headings, 1 sentence, 0 labels\n");
    assert!(scene.run(&["search", "络"]).succeeds().ends_with("\nheadings, 1\n  網{絡}  青嶼能源/csr/2019, line 1\n"));
    let other = scene.run(&["search", "population"]);
    assert!(other.succeeds().starts_with("metrics, 1\n  人口覆蓋率 ({Population} coverage)  population_coverage\n"), "{}", other.stdout);
    assert!(scene.run(&["search", "基站", "--limit", "1"]).succeeds().starts_with("metrics, 1 of 2\n"));
    scene.run(&["search", " "]).fails(2, &["nothing to search for; expected one character or more"]);
}

#[test]
fn a_definition_finds_its_metric_behind_those_found_by_name() {
    let scene = scene();
    let meant = scene.run(&["search", "第四代 移动通信"]);
    let expect = "metrics, 1\n  4G基站 (期末採用{第四代}{移動通信}技術的基站，";
    assert!(meant.succeeds().starts_with(expect), "{}", meant.stdout);
    let db = Connection::open(scene.path("figures.db")).unwrap();
    db.execute("UPDATE metrics SET definition_en = 'Masts for a population.' WHERE code = 'base_stations_4g'", []).unwrap();
    let by_name = "  人口覆蓋率 ({Population} coverage)  population_coverage\n";
    let both = format!("metrics, 2\n{by_name}  4G基站 (Masts for a {{population}}.)  base_stations_4g\n");
    assert_eq!(scene.run(&["search", "population"]).succeeds(), both);
    assert_eq!(scene.run(&["search", "population", "--limit", "1"]).succeeds(), format!("metrics, 1 of 2\n{by_name}"));
}

// ------------------------------------------------------------------ workbooks

#[test]
fn a_workbook_has_a_sheet_for_each_statement() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let scene = scene();
    let sql = "SELECT value, value_exact, unit, page FROM flat_facts ORDER BY figure_id LIMIT 1; SELECT '=1+1' AS formula, 9007199254740993 AS large";
    let made = scene.run(&["query", sql, "-o", "a.xlsx"]);
    assert_eq!((made.succeeds(), made.stderr.as_str()), ("", ""));
    let mut book: Xlsx<_> = open_workbook(scene.path("a.xlsx")).unwrap();
    let rows = |range: calamine::Range<Data>| range.rows().map(<[Data]>::to_vec).collect::<Vec<_>>();
    let text = |text: &str| Data::String(text.to_string());
    let first = rows(book.worksheet_range_at(0).unwrap().unwrap());
    assert_eq!(first[0], ["value", "value_exact", "unit", "page"].map(text));
    assert_eq!(first[1], [Data::Float(1_410_000.0), text("1410000"), text("个"), Data::Empty]);
    let second = rows(book.worksheet_range_at(1).unwrap().unwrap());
    assert_eq!(second[1], ["=1+1", "9007199254740993"].map(text), "no formula, no digit lost");
    scene.run(&["query", sql, "-o", "a.xlsx"]).fails(1, &["a.xlsx: exists; choose another name, or --force"]);
    scene.run(&["query", sql, "-o", "a.xlsx", "--force"]).succeeds();
    scene.run(&["query", sql, "-o", "a.csv"]).fails(2, &["a.csv: expected a name that ends in .xlsx"]);
    scene.run(&["query", sql, "-f", "xlsx", "-o", "c.xlsx"]).succeeds();
    scene.run(&["query", sql, "-f", "xlsx"]).fails(2, &["a workbook cannot be printed", "--output answer.xlsx"]);
    scene.run(&["query", sql, "-f", "csv", "-o", "d.xlsx"]).fails(2, &["d.xlsx: --output makes a workbook; leave out --format"]);
    scene.run(&["query", "SELECT nope", "-o", "b.xlsx"]).fails(1, &["no such column: nope"]);
    scene.run(&["query", "SELECT 1", "-o", "no/b.xlsx"]).fails(1, &["no/b.xlsx: cannot be written"]);
    assert_eq!(scene.files(), ["a.txt", "a.xlsx", "c.xlsx", "figures.db"]);
}
