//! Merging: whatever order databases are given in, nothing that people said or added is lost, and every key leads somewhere.

use crate::scene::Scene;
use rusqlite::Connection;
use std::fs;

/// All that a merged database says, ids aside.
const ALL: [&str; 9] = [
    "SELECT r.code, d.source, d.name, d.sha256, d.digest, r.title, r.lang FROM documents d JOIN reports r ON r.id = d.report_id",
    "SELECT r.code, i.path, p.path, d.source, d.name, i.level, i.name_hant, i.theme_hant, i.page_no, i.line_no FROM initiatives i
       JOIN reports r ON r.id = i.report_id JOIN documents d ON d.id = i.document_id LEFT JOIN initiatives p ON p.id = i.parent_id",
    "SELECT i.path, p.iso_code FROM initiative_provinces x JOIN initiatives i ON i.id = x.initiative_id JOIN provinces p ON p.id = x.province_id",
    "SELECT f.figure_key, f.fact_key, d.source, d.name, m.code, f.metric_text, f.kind, f.value_text, f.low_text, f.high_text, f.comparator, f.change_basis,
            f.whole_text, u.code, pe.code, i.path, pl.code, f.page_no, f.line_no, f.review_status, f.agreement, f.is_preferred, s.text FROM figures f
       JOIN documents d ON d.id = f.document_id JOIN metrics m ON m.id = f.metric_id JOIN units u ON u.id = f.unit_id JOIN periods pe ON pe.id = f.period_id
       LEFT JOIN initiatives i ON i.id = f.initiative_id LEFT JOIN places pl ON pl.id = f.place_id LEFT JOIN sentences s ON s.id = f.sentence_id",
    "SELECT f.figure_key, p.code FROM figure_places x JOIN figures f ON f.id = x.figure_id JOIN places p ON p.id = x.place_id",
    "SELECT figure_key, action, field, machine_value, new_value, author, created_at, state, report FROM corrections",
    "SELECT n.code, n.severity, r.code, f.figure_key, n.message_en FROM findings n JOIN reports r ON r.id = n.report_id LEFT JOIN figures f ON f.id = n.figure_id",
    "SELECT m.code, m.name_hant, m.name_hans, m.status, t.code FROM metrics m LEFT JOIN metrics t ON t.id = m.merged_into",
    "SELECT code, name_hant, name_hans FROM organizations",
];

/// The rows of a query as text, sorted.
fn rows(db: &Connection, sql: &str) -> Vec<String> {
    let mut select = db.prepare(sql).unwrap();
    let width = select.column_count();
    let rows = select.query_map([], |row| {
        (0..width).map(|at| Ok(format!("{:?}", row.get_ref(at)?))).collect::<rusqlite::Result<Vec<String>>>().map(|row| row.join(" "))
    });
    let mut rows: Vec<String> = rows.unwrap().collect::<rusqlite::Result<_>>().unwrap();
    rows.sort();
    rows
}

/// Orders of some names in which each comes first, and each before and after each other.
fn orders(names: &[&'static str]) -> Vec<Vec<&'static str>> {
    let turned = |at: usize| [&names[at..], &names[..at]].concat();
    (0..names.len()).map(turned).flat_map(|order| [order.clone(), order.into_iter().rev().collect()]).collect()
}

/// Databases of a report in three states, of its transcription and of another report: people corrected and added figures in all.
fn scene() -> Scene {
    let scene = Scene::new();
    let load = |db: &str, file: &str, text: &str, year: &str, time: &str| {
        fs::write(scene.path(file), text).unwrap();
        scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", year, file, "--db", db]).succeeds();
        let connection = Connection::open(scene.path(db)).unwrap();
        connection.execute("UPDATE loads SET started_at = ?1, finished_at = ?1", [time]).unwrap();
    };
    let say = |db: &str, what: &[&str]| {
        scene.run(&[&["correct"], what, &["--db", db]].concat()).succeeds();
    };
    let first = "一、網絡建設\n\n2019年，某某站點3個，某某用戶40萬戶。\n\n二、公益\n\n2019年，某某志願者7人。\n";
    load("a.db", "r.txt", first, "2019", "2024-01-01T00:00:00Z");
    say("a.db", &["set", &key(&scene, "a.db", "3個"), "value=4"]);
    say("a.db", &["add", "acme/csr/2019", "某某捐款", "2萬元", "--page", "3", "--province", "青海;廣東"]);
    say("a.db", &["set", &key(&scene, "a.db", "2萬元"), "initiative=公益"]);
    // The same report later: a heading is gone, a sentence is another, a heading is new.
    load(
        "b.db",
        "r.txt",
        "一、網絡建設\n\n2019年，某某站點3個，某某用戶40萬戶。\n\n三、員工\n\n2019年，某某員工90人。\n",
        "2019",
        "2024-03-01T00:00:00Z",
    );
    say("b.db", &["set", &key(&scene, "b.db", "90人"), "metric=員工人數"]);
    say("b.db", &["add", "acme/csr/2019", "某某培訓", "12次", "--page", "4"]);
    // As it was between the two, with a copy of the first one's additions, one of which was taken back and one changed.
    fs::copy(scene.path("a.db"), scene.path("c.db")).unwrap();
    load("c.db", "r.txt", &first.replace("7人", "8人"), "2019", "2024-02-01T00:00:00Z");
    say("c.db", &["set", &key(&scene, "c.db", "2萬元"), "value=30000"]);
    say("c.db", &["add", "acme/csr/2019", "某某植樹", "5棵", "--page", "5"]);
    fs::copy(scene.path("c.db"), scene.path("d.db")).unwrap();
    say("d.db", &["reject", &key(&scene, "d.db", "5棵")]);
    load("d.db", "other.txt", "2020年，某某站點6個。\n", "2020", "2024-02-02T00:00:00Z");
    // A transcription under headings of both.
    load(
        "e.db",
        "r.csv",
        "metric,value,period,theme,initiative,page\n某某站點,3個,2019,網絡建設,,1\n某某志願者,7人,2019,公益,,2\n",
        "2019",
        "2024-01-15T00:00:00Z",
    );
    say("e.db", &["accept", &key(&scene, "e.db", "7人")]);
    scene
}

fn key(scene: &Scene, db: &str, reported: &str) -> String {
    let connection = Connection::open(scene.path(db)).unwrap();
    connection.query_row("SELECT figure_key FROM figures WHERE reported = ?1", [reported], |row| row.get(0)).unwrap()
}

#[test]
fn what_people_said_survives_a_merge_in_any_order() {
    let scene = scene();
    let mut known: Option<Vec<Vec<String>>> = None;
    for order in orders(&["a.db", "b.db", "c.db", "d.db", "e.db"]) {
        let _ = fs::remove_file(scene.path("all.db"));
        scene.run(&[&["merge", "all.db"], &order[..]].concat()).succeeds();
        let db = Connection::open(scene.path("all.db")).unwrap();
        let all: Vec<Vec<String>> = ALL.iter().map(|sql| rows(&db, sql)).collect();
        match &known {
            Some(known) => {
                for (nth, (first, now)) in known.iter().zip(&all).enumerate() {
                    assert_eq!(first, now, "{order:?}: {}", ALL[nth]);
                }
            }
            None => known = Some(all),
        }
    }
    let db = Connection::open(scene.path("all.db")).unwrap();
    let column = |sql: &str| -> Vec<String> {
        db.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    let added = "SELECT reported || ' ' || value_text FROM figures WHERE review_status = 'added' ORDER BY reported";
    assert_eq!(column(added), ["12次 12", "2萬元 30000"], "what was taken back is gone, all else is there as it was last");
    let places = "SELECT p.code FROM figure_places x JOIN figures f ON f.id = x.figure_id JOIN places p ON p.id = x.place_id WHERE f.reported = '2萬元'";
    assert_eq!(rows(&db, places).len(), 2);
    let value = "SELECT DISTINCT value_text FROM figures f JOIN reports r ON r.id = f.report_id JOIN documents d ON d.id = f.document_id
        WHERE reported = '3個' AND r.code = 'acme/csr/2019' AND d.source = 'report'";
    assert_eq!(column(value), ["4"], "the correction of an older state holds in the newer one");
    scene.run(&["merge", "twice.db", "all.db", "all.db"]).succeeds();
    let twice = Connection::open(scene.path("twice.db")).unwrap();
    for sql in ALL {
        assert_eq!(rows(&twice, sql), rows(&db, sql), "{sql}");
    }
}

#[test]
fn a_heading_of_a_document_that_is_not_taken_stops_nothing() {
    let scene = Scene::new();
    for (db, text, time) in [
        ("old.db", "一、網絡建設\n\n2019年，某某站點3個。\n\n二、公益\n\n2019年，某某志願者7人。\n", "2024-01-01T00:00:00Z"),
        ("new.db", "一、網絡建設\n\n2019年，某某站點3個。\n", "2024-02-01T00:00:00Z"),
    ] {
        fs::write(scene.path("r.txt"), text).unwrap();
        scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2019", "r.txt", "--db", db]).succeeds();
        Connection::open(scene.path(db)).unwrap().execute("UPDATE loads SET started_at = ?1, finished_at = ?1", [time]).unwrap();
    }
    for (at, order) in orders(&["old.db", "new.db"]).into_iter().enumerate() {
        let out = format!("all{at}.db");
        scene.run(&[&["merge", &out], &order[..]].concat()).fails(0, &["r.txt: several databases have it", "new.db"]);
        let db = Connection::open(scene.path(&out)).unwrap();
        let count: i64 = db.query_row("SELECT count(*) FROM initiatives", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1, "a heading that the document has no more is gone");
    }
}
