//! Corrections as sheets: what people said of a database goes out and comes in again, there and in another one.

use crate::scene::Scene;
use reportsql::knowledge::Knowledge;
use reportsql::load::Options;
use reportsql::load::correct::{self, Action, Addition, Asked, By, Made};
use reportsql::load::schema::open_for_reading;
use reportsql::model::Transcribed;
use reportsql::serve::query::{self, Format};
use rusqlite::Connection;
use std::fs;
use std::path::Path;

const TEXT: &str = "一、網絡建設\n\n2019年，某某站點3個，某某用戶40萬戶，同比增長25%。\n\n二、公益\n\n2019年，青海省某某志願者7人，某某捐款2.5萬元，\
                    佔全部捐款的31%。某某培訓12次，時延1-3毫秒。2018年，某某站點2個。\n";

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn asked(action: Action) -> Asked {
    Asked { action, by: By { author: "li".into(), reason: None }, at: None, noted: None }
}

fn say(db: &Path, asked: &[Asked], knowledge: &Knowledge) -> Result<Made, reportsql::error::Error> {
    correct::correct(db, asked, knowledge, &Options::default())
}

fn sheet(db: &Path) -> String {
    let mut out = Vec::new();
    query::query(&mut open_for_reading(db).unwrap(), correct::SHEET, &[("state".into(), String::new())], Format::Csv, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn import(db: &Path, sheet: &str, knowledge: &Knowledge) -> Made {
    let asked = correct::sheet("sheet.csv", sheet.as_bytes(), &By::default()).unwrap();
    say(db, &asked, knowledge).unwrap_or_else(|error| panic!("{error}\n{sheet}"))
}

fn column(db: &Path, sql: &str) -> Vec<String> {
    let db = Connection::open(db).unwrap();
    let mut select = db.prepare(sql).unwrap();
    select.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// All that is shown, and what each figure is.
fn shown(db: &Path) -> Vec<String> {
    const COLUMNS: &str = "figure_key fact_key metric_code metric_text kind modality tier comparator value_exact low_exact high_exact unit period \
        base_period change_basis change_mode whole place province_code initiative_hant note review_status page line agreement is_preferred reported";
    const PLACES: &str = "(SELECT group_concat(code) FROM (SELECT p.code FROM figure_places x JOIN places p ON p.id = x.place_id
        WHERE x.figure_id = f.figure_id ORDER BY p.code))";
    let quoted: Vec<String> = COLUMNS.split_whitespace().chain([PLACES]).map(|column| format!("quote({column})")).collect();
    let mut rows = column(db, &format!("SELECT {} FROM flat_figures f", quoted.join(" || ' ' || ")));
    rows.sort();
    rows
}

/// One thing that a person does to a database, at the command line or in SQL.
fn edit(db: &Path, chance: &mut Chance, knowledge: &Knowledge) {
    let keys = column(db, "SELECT figure_key FROM figures ORDER BY figure_key");
    let key = chance.of(&keys).clone();
    let number = (chance.below(900) + 1).to_string();
    let sql = |sql: &str| {
        // What cannot be is refused, as it is of any person.
        let _ = Connection::open(db).unwrap().execute(&sql.replace("KEY", &key).replace("NUMBER", &number), []);
    };
    let sets: &[&[(&str, &str)]] = &[
        &[("value", &number)],
        &[("low", "1"), ("high", &number)],
        &[("comparator", ">=")],
        &[("unit", "%"), ("kind", "change"), ("basis", "vs_period"), ("base_period", "2017")],
        &[("kind", "change"), ("mode", "absolute")],
        &[("kind", "share"), ("whole", "全部站點"), ("unit", "%")],
        &[("kind", "level")],
        &[("unit", "件/百萬用戶")],
        &[("metric", "某某別的"), ("label", "別的")],
        &[("modality", "target"), ("tier", "minor")],
        &[("period", "2019-06"), ("note", "a, \"b\"\nc")],
        &[("province", "廣東")],
        &[("province", "")],
        &[("place", "x:青海/某某村")],
        &[("initiative", "公益")],
        &[("initiative", "")],
        &[("preferred", "0")],
    ];
    let typed = |metric: &str, value: &str, change: fn(&mut Transcribed)| {
        let mut typed = Transcribed { metric: metric.into(), value: value.into(), page: number.clone(), ..Transcribed::default() };
        change(&mut typed);
        Action::Add(Box::new(Addition { report: "acme/csr/2019".into(), typed, ..Addition::default() }))
    };
    let done = match chance.below(14) {
        0..=4 => {
            let fields = chance.of(sets).iter().map(|(field, value)| (field.to_string(), value.to_string())).collect();
            Some(Action::Set(key.clone(), fields))
        }
        5 => Some(Action::Accept(key.clone())),
        6 => Some(Action::Reject(key.clone())),
        7 => Some(match chance.below(5) {
            0 => typed("寬帶端口", "再降20%以上", |typed| typed.basis = "yoy".into()),
            1 => typed("光纖端口", "89.6%", |typed| (typed.kind, typed.whole) = ("share".into(), "寬帶端口".into())),
            2 => typed("某某醫院", "5-7家", |typed| typed.province = "青海;廣東".into()),
            3 => typed("資費", "較2017年下降30%", |typed| (typed.basis, typed.period) = ("2017".into(), "2019-12-31".into())),
            _ => typed("某某學校", "約1.2萬所", |typed| {
                (typed.kind, typed.province, typed.place) = ("target".into(), "青海".into(), "門源縣".into())
            }),
        }),
        8 => {
            sql("DELETE FROM figures WHERE figure_key = 'KEY'");
            None
        }
        9 => {
            sql("UPDATE figures SET value_text = 'NUMBER', comparator = '~' WHERE figure_key = 'KEY'");
            None
        }
        10 => {
            sql("UPDATE figures SET value_text = NULL, value = NULL, low_text = '1', high_text = 'NUMBER' WHERE figure_key = 'KEY'");
            None
        }
        11 => {
            sql("INSERT INTO figures (figure_key, metric_id, metric_text, kind, org_id, period_id, year_id, value_text, unit_id, reported, load_id, report_id, document_id,
                    page_no, confidence, review_status, fact_key, change_basis, change_mode, note)
                 SELECT substr('fabcabcabcabcabcabcab', 1, 21 - length('NUMBER')) || 'NUMBER', metric_id, '手工', 'change', org_id,
                    period_id, year_id, '-NUMBER.5', unit_id, '近半', load_id, report_id, document_id, 3, 1, 'added', 'k', 'pop', 'relative', 'by hand' FROM figures WHERE figure_key = 'KEY'");
            None
        }
        12 => {
            sql("UPDATE figures SET review_status = 'accepted' WHERE figure_key = 'KEY'");
            None
        }
        _ => {
            sql("INSERT INTO figure_places (figure_id, place_id) SELECT f.id, 630000 FROM figures f WHERE figure_key = 'KEY'");
            None
        }
    };
    if let Some(action) = done {
        let _ = say(db, &[asked(action)], knowledge);
    }
}

#[test]
fn sheets_of_corrections_go_round() {
    let scene = Scene::with(&[("r.txt", TEXT.as_bytes())]);
    scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2019", "r.txt", "--db", "base.db"]).succeeds();
    let knowledge = Knowledge::read(None).unwrap();
    let (base, a, b) = (scene.path("base.db"), scene.path("a.db"), scene.path("b.db"));
    let first = column(&base, "SELECT figure_key FROM figures ORDER BY figure_key")[0].clone();
    let mut chance = Chance(5);
    let mut additions = 0;
    for round in 0..40 {
        fs::copy(&base, &a).unwrap();
        fs::copy(&base, &b).unwrap();
        for _ in 0..chance.below(14) + 1 {
            edit(&a, &mut chance, &knowledge);
        }
        // What SQL has edited is decided over by the next command that writes.
        if column(&a, "SELECT figure_key FROM figures").contains(&first) {
            say(&a, &[asked(Action::Set(first.clone(), vec![("note".into(), format!("round {round}"))]))], &knowledge).unwrap();
        } else {
            continue;
        }
        let listed = sheet(&a);
        let bytes = fs::read(&a).unwrap();
        let again = import(&a, &listed, &knowledge);
        assert_eq!(again.changed, 0, "round {round}: its own sheet changes something\n{listed}");
        assert!(fs::read(&a).unwrap() == bytes, "round {round}: its own sheet writes something");
        import(&b, &listed, &knowledge);
        let (left, right) = (shown(&a), shown(&b));
        for (left, right) in left.iter().zip(&right) {
            assert_eq!(left, right, "round {round}\n{listed}");
        }
        assert_eq!(left.len(), right.len(), "round {round}\n{listed}");
        let twice = import(&b, &listed, &knowledge);
        assert_eq!(twice.changed, 0, "round {round}: the same sheet again\n{listed}\nagainst\n{}", sheet(&b));
        additions += column(&b, "SELECT figure_key FROM figures WHERE review_status = 'added'").len();
    }
    assert!(additions > 20, "{additions} additions went round");
}

#[test]
fn what_waits_for_a_report_goes_round() {
    let scene = Scene::with(&[("r.txt", TEXT.as_bytes()), ("s.txt", "2020年，某某站點6個。\n".as_bytes())]);
    let load = |file, year, db| {
        scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", year, file, "--db", db]).succeeds();
    };
    load("r.txt", "2019", "figures.db");
    load("s.txt", "2020", "figures.db");
    let key = column(&scene.path("figures.db"), "SELECT figure_key FROM figures WHERE reported = '3個' AND year_id = 2019")[0].clone();
    scene.run(&["correct", "set", &key, "value=4"]).succeeds();
    scene.run(&["correct", "add", "acme/csr/2019", "某某學校", "12所", "--page", "3"]).succeeds();
    scene.run(&["unload", "acme/csr/2019", "--force"]).succeeds();
    let listed = scene.run(&["correct", "list", "-f", "csv"]).succeeds().to_string();
    fs::write(scene.path("sheet.csv"), &listed).unwrap();
    assert_eq!(scene.run(&["correct", "import", "sheet.csv"]).stderr, "figures.db: 0 corrections, 2 as before\n");
    load("s.txt", "2020", "other.db");
    let import = ["correct", "import", "sheet.csv", "--db", "other.db"];
    assert_eq!(scene.run(&import).stderr, "other.db: 2 corrections; 2 wait for figures that are not there\n");
    assert_eq!(scene.run(&import).stderr, "other.db: 0 corrections, 2 as before\n");
    load("r.txt", "2019", "other.db");
    assert_eq!(column(&scene.path("other.db"), "SELECT value_text FROM figures WHERE reported = '3個' AND year_id = 2019"), ["4"]);
    // A sheet that somebody typed names figures that are there.
    fs::write(scene.path("typed.csv"), "figure_key,action,field,new_value\nf0123456789abcdef0123,set,value,5\n").unwrap();
    scene.run(&["correct", "import", "typed.csv"]).fails(1, &["typed.csv, line 2", "there is no figure"]);
}

#[test]
fn what_was_taken_back_can_be_added_again() {
    let scene = Scene::with(&[("r.txt", TEXT.as_bytes())]);
    scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2019", "r.txt"]).succeeds();
    let add = ["correct", "add", "acme/csr/2019", "某某學校", "12所", "--page", "3"];
    let db = scene.path("figures.db");
    scene.run(&add).succeeds();
    let key = column(&db, "SELECT figure_key FROM figures WHERE reported = '12所'")[0].clone();
    scene.run(&["correct", "reject", &key]).succeeds();
    assert_eq!(column(&db, "SELECT action || ' ' || state FROM corrections ORDER BY id"), ["add superseded", "reject active"]);
    scene.run(&add).succeeds();
    assert_eq!(
        column(&db, "SELECT action || ' ' || state FROM corrections ORDER BY id"),
        ["add superseded", "reject superseded", "add active"]
    );
    scene.run(&["merge", "all.db", "figures.db"]).succeeds();
    assert_eq!(column(&scene.path("all.db"), "SELECT review_status FROM figures WHERE reported = '12所'"), ["added"]);
}

#[test]
fn an_addition_that_sql_accepted_outlives_its_document() {
    let scene = Scene::with(&[("r.txt", TEXT.as_bytes())]);
    let load = ["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2019", "r.txt"];
    scene.run(&load).succeeds();
    let db = scene.path("figures.db");
    let sql = "INSERT INTO figures (figure_key, metric_id, metric_text, kind, org_id, period_id, year_id, value_text, unit_id, reported, load_id, report_id,
            document_id, cell, confidence, review_status, fact_key)
         SELECT 'fabc', metric_id, '某某學校', 'level', org_id, period_id, year_id, '12', unit_id, '12所', load_id, report_id, document_id, 'B2', 1, 'added', 'k'
           FROM figures LIMIT 1;
         UPDATE figures SET review_status = 'accepted' WHERE reported = '12所'";
    Connection::open(&db).unwrap().execute_batch(sql).unwrap();
    fs::write(scene.path("r.txt"), format!("{TEXT}另有某某車輛9輛。\n")).unwrap();
    scene.run(&load).succeeds();
    assert_eq!(column(&db, "SELECT reported FROM figures WHERE reported IN ('12所', '9輛') ORDER BY 1"), ["12所", "9輛"]);
}

#[test]
fn merged_metrics_answer_one_question_from_the_next_load_on() {
    let scene = Scene::with(&[("a.txt", "2019年，某某站點3個。\n".as_bytes()), ("b.txt", "2019年，某某基站4個。\n".as_bytes())]);
    for (file, year) in [("a.txt", "2019"), ("b.txt", "2020")] {
        scene.run(&["load", "-q", "--company", "acme", "--kind", "csr", "--year", year, file]).succeeds();
    }
    let db = scene.path("figures.db");
    let load = ["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2020", "b.txt"];
    let edit = |sql: &str| Connection::open(&db).unwrap().execute(sql, []).unwrap();
    let facts = "SELECT reported || ' ' || agreement || ' ' || is_preferred FROM figures ORDER BY reported";
    let apart = column(&db, facts);
    assert_eq!(apart, ["3個 sole 1", "4個 sole 1"]);
    let status = "SELECT status FROM metrics WHERE code = 'x:某某站点'";
    edit("UPDATE metrics SET merged_into = (SELECT id FROM metrics WHERE code = 'x:某某基站') WHERE code = 'x:某某站点'");
    scene.run(&load).succeeds();
    assert_eq!(column(&db, facts), ["3個 restated 0", "4個 restated 1"], "a load of what it knows already follows the merge");
    assert_eq!(column(&db, status), ["merged"]);
    let bytes = fs::read(&db).unwrap();
    scene.run(&load).succeeds();
    assert_eq!(fs::read(&db).unwrap(), bytes, "once");
    // What one database merged holds for what another adds.
    let third = ["load", "-q", "--company", "acme", "--kind", "csr", "--year", "2021", "c.txt", "--db", "c.db"];
    fs::write(scene.path("c.txt"), "2019年，某某站點5個。\n").unwrap();
    scene.run(&third).succeeds();
    for (out, order) in [("x.db", ["figures.db", "c.db"]), ("y.db", ["c.db", "figures.db"])] {
        scene.run(&[&["merge", out], &order[..]].concat()).succeeds();
        assert_eq!(column(&scene.path(out), facts), ["3個 restated 0", "4個 restated 0", "5個 restated 1"]);
    }
    edit("UPDATE metrics SET merged_into = NULL WHERE code = 'x:某某站点'");
    scene.run(&load).succeeds();
    assert_eq!(column(&db, facts), apart, "taken back");
    assert_eq!(column(&db, status), ["auto"]);
    // A circle is nobody's merge, and stops nothing.
    edit(
        "UPDATE metrics SET merged_into = (SELECT m.id FROM metrics m WHERE m.code LIKE 'x:某某%' AND m.id <> metrics.id) WHERE code LIKE 'x:某某%'",
    );
    scene.run(&load).succeeds();
}
