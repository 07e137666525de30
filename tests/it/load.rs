//! Loading: what the database holds after a load, a second one, a changed one and a failed one.

use reportsql::decimal::Decimal;
use reportsql::knowledge::Knowledge;
use reportsql::load::{self, Database, DocumentInfo, Item, Options, Outcome, Summary};
use reportsql::model::*;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

// ------------------------------------------------------------------ reports made by hand

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::read(None).unwrap())
}

/// A report in the making: each line of text becomes a sentence, each figure names the stretch it stands on.
struct Made {
    name: String,
    text: String,
    report: Report,
}

impl Made {
    fn new(name: &str, company: &str, year: i32) -> Made {
        let about = About {
            company: Some(company.into()),
            kind: Some(ReportKind::Csr),
            year: Some(year),
            title: Some("社會責任報告".into()),
            lang: "zh-Hant",
            currency: "CNY",
            ..About::default()
        };
        let report = Report {
            about,
            transcription: false,
            headings: Vec::new(),
            sentences: Vec::new(),
            figures: Vec::new(),
            refusals: Vec::new(),
            findings: Vec::new(),
            rejected: Vec::new(),
        };
        Made { name: name.into(), text: String::new(), report }
    }

    /// A sentence; figures that follow stand in it.
    fn sentence(mut self, text: &str) -> Made {
        let start = self.text.chars().count() as u32;
        let line = self.text.matches('\n').count() as u32 + 1;
        self.text += text;
        self.text.push('\n');
        self.report.sentences.push(Sentence {
            text: text.into(),
            source: None,
            start: Some(start),
            lines: Some((line, line)),
            page: Some(1),
        });
        self
    }

    /// A heading below the last one of a higher level.
    fn heading(mut self, level: Level, name: &str) -> Made {
        let parent = self.report.headings.iter().rposition(|above| above.level < level);
        let (start, line) = (self.text.chars().count() as u32, self.text.matches('\n').count() as u32 + 1);
        self.text += name;
        self.text.push('\n');
        let provinces = Vec::new();
        self.report.headings.push(Heading {
            level,
            name: name.into(),
            parent,
            start,
            line,
            page: Some(1),
            provinces,
            year: None,
            status: None,
        });
        self
    }

    /// A figure of the last sentence: 「4G基站」 is 141萬個.
    fn figure(self, metric: &str, raw: &str, value: &str, unit: &str) -> Made {
        self.figure_with(metric, raw, value, unit, |_| {})
    }

    fn figure_with(mut self, metric: &str, raw: &str, value: &str, unit: &str, change: impl FnOnce(&mut Figure)) -> Made {
        let sentence = self.report.sentences.len() - 1;
        let at = &self.report.sentences[sentence];
        let byte = at.text.find(raw).unwrap_or_else(|| panic!("{raw} is not in {}", at.text));
        let start = at.start.unwrap() + at.text[..byte].chars().count() as u32;
        let span = start..start + raw.chars().count() as u32;
        let amount = match value.split_once("..") {
            Some((low, high)) => Amount::Range(decimal(low), decimal(high)),
            None => Amount::One(decimal(value)),
        };
        let mut figure = Figure {
            at: Place { page: Some(1), line: at.lines.map(|lines| lines.0), span: Some(span), ..Place::default() },
            sentence,
            raw: raw.into(),
            unit_text: String::new(),
            scale: 0,
            metric: metric.into(),
            metric_code: None,
            amount,
            unit: unit.into(),
            comparator: Comparator::Equal,
            kind: Kind::Level,
            modality: Modality::Actual,
            tier: Tier::Core,
            basis: None,
            whole: None,
            period: Period::year(self.report.about.year.unwrap_or(2019)),
            provinces: Vec::new(),
            places: Vec::new(),
            place: None,
            initiative: self.report.headings.iter().rposition(|heading| heading.level != Level::Case),
            case: None,
            rule: "test/by-hand".into(),
            confidence: 0.9,
        };
        change(&mut figure);
        self.report.figures.push(figure);
        self
    }

    fn item(self) -> Item {
        let sha256 = format!("{:0>64}", self.text.bytes().fold(7u64, |hash, byte| hash.wrapping_mul(1_000_003) ^ u64::from(byte)));
        Item {
            document: DocumentInfo {
                name: self.name,
                sha256,
                bytes: self.text.len() as u64,
                media_type: "text/plain".into(),
                encoding: Some("UTF-8".into()),
                page_count: Some(1),
            },
            report: self.report,
            more: false,
        }
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A report of four figures under a theme and a case.
fn small(name: &str) -> Made {
    Made::new(name, "china-unicom", 2019)
        .heading(Level::Theme, "縮小數字鴻溝")
        .sentence("全年新建4G基站到達141萬個，光纖端口佔寬帶端口89.6%。")
        .figure("4G基站", "141萬個", "1410000", "个")
        .figure_with("光纖端口", "89.6%", "89.6", "%", |figure| {
            figure.kind = Kind::Share;
            figure.whole = Some("寬帶端口".into());
        })
        .heading(Level::Case, "青海聯通")
        .sentence("在門源縣再降低資費20%以上，時延1-3毫秒。")
        .figure_with("資費", "20%以上", "-20", "%", |figure| {
            figure.kind = Kind::Change;
            figure.comparator = Comparator::AtLeast;
            figure.provinces = vec!["CN-QH".into()];
            figure.case = Some(1);
        })
        .figure_with("時延", "1-3毫秒", "1..3", "ms", |figure| figure.case = Some(1))
}

fn db(folder: &TempDir) -> PathBuf {
    folder.path().join("figures.db")
}

fn load(db: &Path, items: Vec<Made>) -> Summary {
    try_load(db, items).unwrap_or_else(|error| panic!("{error}"))
}

fn try_load(db: &Path, items: Vec<Made>) -> Result<Summary, reportsql::error::Error> {
    load::load(db, items.into_iter().map(|made| Ok(made.item())), knowledge(), &Options::default())
}

fn open(db: &Path) -> Connection {
    Connection::open(db).unwrap()
}

fn one(db: &Path, sql: &str) -> String {
    let value: rusqlite::types::Value = open(db).query_row(sql, [], |row| row.get(0)).unwrap();
    match value {
        rusqlite::types::Value::Null => "NULL".into(),
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Real(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Blob(_) => "blob".into(),
    }
}

fn column(db: &Path, sql: &str) -> Vec<String> {
    let db = open(db);
    let mut select = db.prepare(sql).unwrap();
    select.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap().map(|text| text.unwrap().unwrap_or("NULL".into())).collect()
}

// ------------------------------------------------------------------ a first load

#[test]
fn figures_land_with_all_that_was_said_of_them() {
    let folder = TempDir::new().unwrap();
    let summary = load(&db(&folder), vec![small("r.txt")]);
    assert_eq!(summary.database, Database::Created);
    assert_eq!(summary.documents[0].outcome, Outcome::New);
    assert_eq!(summary.documents[0].report, "china-unicom/csr/2019");
    assert_eq!((summary.total.core, summary.documents[0].changes.new), (4, 4));
    let rows = column(
        &db(&folder),
        "SELECT metric_hant || ' ' || comparator || ' ' || COALESCE(value_exact, low_exact || '..' || high_exact) || ' ' || unit FROM flat_figures ORDER BY figure_id",
    );
    assert_eq!(rows, ["4G基站 = 1410000 个", "光纖端口 = 89.6 %", "資費 >= -20 %", "時延 = 1..3 ms"]);
}

#[test]
fn a_delivered_database_opens_anywhere() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    for (pragma, value) in [("journal_mode", "delete"), ("page_size", "8192"), ("encoding", "UTF-8")] {
        assert_eq!(one(&db(&folder), &format!("PRAGMA {pragma}")), value, "{pragma}");
    }
    assert_eq!(one(&db(&folder), "PRAGMA user_version"), load::schema::VERSION.to_string());
    assert_eq!(one(&db(&folder), "PRAGMA application_id"), load::schema::APPLICATION_ID.to_string());
    let beside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["figures.db"], "nothing else is left");
}

#[test]
fn dimensions_are_rows_of_their_own() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let db = db(&folder);
    assert_eq!(one(&db, "SELECT count(*) FROM provinces"), "34");
    assert_eq!(one(&db, "SELECT five_year_plan FROM years WHERE id = 2019"), "13");
    assert_eq!(column(&db, "SELECT path FROM initiatives ORDER BY id"), ["縮小數字鴻溝", "縮小數字鴻溝/青海聯通"]);
    assert_eq!(
        column(&db, "SELECT theme_hans || ' < ' || initiative_hans || ' (' || initiative_level || ')' FROM flat_figures WHERE unit = 'ms'"),
        ["缩小数字鸿沟 < 青海联通 (case)"]
    );
    assert_eq!(one(&db, "SELECT name_en || ' ' || tickers FROM organizations"), "China Unicom 0762.HK;600050.SH");
    assert_eq!(one(&db, "SELECT title FROM reports"), "社會責任報告");
    assert_eq!(one(&db, "SELECT province_en FROM flat_facts WHERE kind = 'change'"), "Qinghai Province");
    let duplicates = "SELECT count(*) FROM metrics GROUP BY code HAVING count(*) > 1";
    assert!(column(&db, duplicates).is_empty());
}

#[test]
fn every_key_leads_somewhere_and_every_span_cuts_out_what_was_reported() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let db = db(&folder);
    assert_sound(&db);
    let declared = "SELECT count(*) FROM sqlite_master m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table' AND m.name = 'figures'";
    assert_eq!(one(&db, declared), "14");
    // A column called after another table leads to it.
    let unkeyed = "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE '%\\_id' ESCAPE '\\'
        AND c.name NOT IN (SELECT k.\"from\" FROM pragma_foreign_key_list(m.name) k)";
    assert_eq!(column(&db, unkeyed), Vec::<String>::new());
}

/// What must hold after every load.
fn assert_sound(db: &Path) {
    for sql in ["PRAGMA foreign_key_check", "SELECT * FROM provenance_check", "SELECT * FROM integrity_check"] {
        assert!(!open(db).prepare(sql).unwrap().exists([]).unwrap(), "{sql}");
    }
    assert_eq!(one(db, "PRAGMA quick_check"), "ok");
    assert_eq!(one(db, "SELECT value FROM meta WHERE key = 'loading'"), "0");
}

#[test]
fn places_are_found_at_every_level() {
    let folder = TempDir::new().unwrap();
    let report = Made::new("r.txt", "china-unicom", 2019)
        .sentence("青海1個、廣東和湖南2個、哈密市和伊吾縣3個、某某村4個、大灣區5個、全國6個。")
        .figure_with("站點", "1個", "1", "个", |figure| figure.provinces = vec!["CN-QH".into()])
        .figure_with("站點", "2個", "2", "个", |figure| figure.provinces = vec!["CN-GD".into(), "CN-HN".into()])
        .figure_with("站點", "3個", "3", "个", |figure| {
            figure.provinces = vec!["CN-XJ".into()];
            figure.places = vec!["650500".into(), "650522".into()];
        })
        .figure_with("站點", "4個", "4", "个", |figure| {
            figure.provinces = vec!["CN-QH".into()];
            figure.place = Some("某某村".into());
        })
        .figure_with("站點", "5個", "5", "个", |figure| {
            figure.provinces = vec!["CN-GD".into(), "CN-HK".into(), "CN-MO".into()];
            figure.places = vec!["x-gba".into()];
        })
        .figure_with("站點", "6個", "6", "个", |figure| figure.places = vec!["100000".into()]);
    load(&db(&folder), vec![report]);
    let db = db(&folder);
    let rows = "SELECT COALESCE(pr.iso_code, '-') || ' ' || COALESCE(p.code, '-') || ' ' || (SELECT count(*) FROM figure_places WHERE figure_id = f.id)
                  FROM figures f LEFT JOIN provinces pr ON pr.id = f.province_id LEFT JOIN places p ON p.id = f.place_id ORDER BY f.id";
    assert_eq!(column(&db, rows), ["CN-QH 630000 0", "- - 2", "CN-XJ 650500 2", "CN-QH x:青海/某某村 0", "- x-gba 0", "- - 0"]);
    assert_eq!(column(&db, "SELECT province_code FROM province_facts ORDER BY 1"), ["CN-GD", "CN-HN", "CN-QH", "CN-QH", "CN-XJ"]);
    assert_eq!(one(&db, "SELECT name_hant || ' ' || level FROM places WHERE code LIKE 'x:%'"), "某某村 other");
}

#[test]
fn what_a_change_is_against_is_kept() {
    let folder = TempDir::new().unwrap();
    let change = |unit: &'static str, basis| {
        move |figure: &mut Figure| {
            figure.kind = Kind::Change;
            figure.unit = unit.into();
            figure.basis = basis;
        }
    };
    let report = Made::new("r.txt", "china-unicom", 2019)
        .sentence("同比增長1%，較2017年提升2個百分點，環比增加3戶，再降4%，提高5倍。")
        .figure_with("a", "1%", "1", "%", change("%", Some(Basis::Yoy)))
        .figure_with("b", "2個百分點", "2", "pp", change("pp", Some(Basis::Year(2017))))
        .figure_with("c", "3戶", "3", "户", change("户", Some(Basis::Pop)))
        .figure_with("d", "4%", "-4", "%", change("%", None));
    load(&db(&folder), vec![report]);
    let rows = "SELECT change_basis || ' ' || change_mode || ' ' || COALESCE(base_period, '-') FROM flat_figures ORDER BY figure_id";
    assert_eq!(column(&db(&folder), rows), ["yoy relative 2018", "vs_period points 2017", "pop absolute -", "prior relative -"]);
}

#[test]
fn exact_values_stand_beside_their_doubles() {
    let folder = TempDir::new().unwrap();
    let long = "1234567890123456789012345678901234567890.0123456789";
    let report = Made::new("r.txt", "china-unicom", 2019)
        .sentence("佔18.0%，共甲件，每百萬用戶7.25件。")
        .figure("佔比", "18.0%", "18.0", "%")
        .figure("總數", "甲件", long, "件")
        .figure("投訴", "7.25件", "7.25", "件/百万用户");
    load(&db(&folder), vec![report]);
    let db = db(&folder);
    assert_eq!(column(&db, "SELECT value_text FROM figures ORDER BY id"), ["18.0", long, "7.25"]);
    assert_eq!(one(&db, "SELECT value FROM figures WHERE id = 1"), "18");
    assert_eq!(one(&db, "SELECT decimals FROM figures WHERE id = 1"), "1");
    assert_eq!(
        one(&db, "SELECT quantity || ' ' || base_code || ' ' || factor_text FROM units WHERE code = '件/百万用户'"),
        "rate 件/百万用户 1"
    );
    assert_sound(&db);
}

#[test]
fn a_figure_that_cannot_be_stored_costs_no_other() {
    let folder = TempDir::new().unwrap();
    let report = small("r.txt")
        .sentence("自1500年以來3個，5-2個，7個。")
        .figure_with("甲", "3個", "3", "个", |figure| figure.period = Period::since(1500, 2019))
        .figure("乙", "5-2個", "5..2", "个")
        .figure("丙", "7個", "7", "个");
    let summary = load(&db(&folder), vec![report]);
    assert_eq!((summary.total.core, summary.total.rejected), (5, 2));
    assert!(summary.documents[0].rejected[0].contains("1500/2019 is outside 1900 to 2200"), "{:?}", summary.documents[0].rejected);
    assert_eq!(one(&db(&folder), "SELECT count(*) FROM findings WHERE code = 'figure-not-stored'"), "2");
    assert_eq!(one(&db(&folder), "SELECT status FROM loads"), "partial");
}

#[test]
fn a_heading_may_stand_twice_and_hold_a_slash() {
    let folder = TempDir::new().unwrap();
    let report = Made::new("r.txt", "china-unicom", 2019)
        .heading(Level::Theme, "產品/服務")
        .heading(Level::Case, "廣東聯通")
        .heading(Level::Case, "廣東聯通")
        .heading(Level::Theme, "社會")
        .heading(Level::Case, "廣東聯通")
        .sentence("共1個。")
        .figure_with("站點", "1個", "1", "个", |figure| figure.case = Some(4));
    load(&db(&folder), vec![report]);
    let paths = column(&db(&folder), "SELECT path FROM initiatives ORDER BY id");
    assert_eq!(paths, ["產品／服務", "產品／服務/廣東聯通", "產品／服務/廣東聯通#2", "社會", "社會/廣東聯通"]);
    assert_eq!(one(&db(&folder), "SELECT theme_hant FROM flat_figures"), "社會");
}

#[test]
fn what_a_report_does_not_say_is_found_elsewhere_with_a_finding() {
    let folder = TempDir::new().unwrap();
    let mut report = Made::new("folder/某公司 報告.txt", "", 2020)
        .sentence("到2030年達9個，今年3個。")
        .figure("站點", "3個", "3", "个")
        .figure_with("站點", "9個", "9", "个", |figure| {
            figure.period = Period::year(2030);
            figure.modality = Modality::Target;
        });
    report.report.about = About { lang: "zh-Hant", ..About::default() };
    let summary = load(&db(&folder), vec![report]);
    assert_eq!(summary.documents[0].report, "某公司-報告/other/2020");
    assert_eq!(
        column(&db(&folder), "SELECT code FROM findings WHERE severity = 'info' ORDER BY code"),
        ["unknown-company", "unknown-kind", "unknown-year"]
    );
    assert_eq!(one(&db(&folder), "SELECT title FROM reports"), "某公司 報告 2020 other");
}

#[test]
fn nothing_to_store_makes_no_file() {
    let folder = TempDir::new().unwrap();
    let mut empty = Made::new("r.txt", "", 2020);
    empty.report.about = About::default();
    let summary = load(&db(&folder), vec![empty]);
    assert_eq!((summary.documents[0].outcome.clone(), summary.database), (Outcome::Empty, Database::Unchanged));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

// ------------------------------------------------------------------ loading again

#[test]
fn the_same_again_changes_no_byte() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("a.txt"), small("b.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    let before = std::fs::read(db(&folder)).unwrap();
    let summary = load(&db(&folder), vec![small("elsewhere/a.txt"), small("b.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    assert_eq!(summary.database, Database::Unchanged);
    assert!(summary.documents.iter().all(|document| document.outcome == Outcome::Unchanged));
    assert!(std::fs::read(db(&folder)).unwrap() == before);
}

#[test]
fn new_bytes_replace_what_changed_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let old = small("r.txt").sentence("投訴下降至30件。").figure("投訴", "30件", "30", "件");
    load(&db(&folder), vec![old, small("other.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    let ids = "SELECT figure_key || ' ' || id FROM figures WHERE reported <> '30件' ORDER BY id";
    let (before, loads) = (column(&db(&folder), ids), one(&db(&folder), "SELECT max(id) FROM loads"));
    // A page header comes in above, a sentence is edited, one is added.
    let mut new = Made::new("r.txt", "china-unicom", 2019).sentence("二零一九年社會責任報告");
    let shift = new.text.chars().count() as u32;
    let tail = small("r.txt");
    new.text += &tail.text;
    new.report.headings = tail.report.headings;
    new.report.sentences = tail.report.sentences;
    new.report.figures = tail.report.figures;
    for sentence in &mut new.report.sentences {
        sentence.start = sentence.start.map(|start| start + shift);
        sentence.lines = sentence.lines.map(|(from, to)| (from + 1, to + 1));
    }
    for figure in &mut new.report.figures {
        figure.at.span = figure.at.span.take().map(|span| span.start + shift..span.end + shift);
        figure.at.line = figure.at.line.map(|line| line + 1);
    }
    let new = new.sentence("投訴下降至35件。").figure("投訴", "35件", "35", "件");
    let summary = load(&db(&folder), vec![new]);
    let document = &summary.documents[0];
    assert_eq!(document.outcome, Outcome::Replaced);
    assert_eq!((document.changes.new, document.changes.changed, document.changes.vanished), (1, 4, 1));
    let after = column(&db(&folder), "SELECT figure_key || ' ' || id FROM figures WHERE reported <> '35件' ORDER BY id");
    assert_eq!(before, after);
    assert_eq!(one(&db(&folder), "SELECT count(*) FROM figures WHERE reported = '30件'"), "0");
    assert_eq!(one(&db(&folder), "SELECT count(*) FROM sentences WHERE text = '投訴下降至30件。'"), "0");
    let untouched = format!(
        "SELECT count(*) FROM figures f JOIN documents d ON d.id = f.document_id WHERE d.name = 'other.txt' AND f.load_id > {loads}"
    );
    assert_eq!(one(&db(&folder), &untouched), "0");
    assert_sound(&db(&folder));
}

#[test]
fn labels_that_nobody_uses_any_more_go() {
    let folder = TempDir::new().unwrap();
    let said = |label: &str, place: &str| {
        let (label, place) = (label.to_string(), place.to_string());
        small("r.txt")
            .sentence(&format!("{place}{label}2個。"))
            .figure_with(&label, "2個", "2", "个", |figure| figure.place = Some(place.clone()))
    };
    load(&db(&folder), vec![said("站點甲", "某某村")]);
    load(&db(&folder), vec![said("站點乙", "某某鎮")]);
    assert_eq!(column(&db(&folder), "SELECT name_hant FROM metrics WHERE name_hant LIKE '站點_'"), ["站點乙"]);
    assert_eq!(column(&db(&folder), "SELECT name_hant FROM places WHERE code LIKE 'x:%'"), ["某某鎮"]);
    assert_sound(&db(&folder));
}

#[test]
fn the_same_bytes_under_another_name_are_one_document() {
    let folder = TempDir::new().unwrap();
    let digest = |order: [&str; 2]| {
        let db = folder.path().join(format!("{}.db", order[0]));
        let summary = load(&db, order.map(small).into());
        assert!(matches!(summary.documents[1].outcome, Outcome::SameAs(_)));
        (column(&db, "SELECT name || uri FROM documents"), column(&db, "SELECT figure_key FROM figures ORDER BY 1"))
    };
    assert_eq!(digest(["a.txt", "b.txt"]), digest(["b.txt", "a.txt"]));
}

#[test]
fn two_files_of_one_name_are_two_documents() {
    let folder = TempDir::new().unwrap();
    let pair = || vec![small("north/r.txt"), small("south/r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")];
    load(&db(&folder), pair());
    assert_eq!(column(&db(&folder), "SELECT uri FROM documents ORDER BY 1"), ["north/r.txt", "south/r.txt"]);
    assert_eq!(load(&db(&folder), pair()).database, Database::Unchanged);
}

#[test]
fn a_file_that_turns_out_to_be_of_another_company_moves_there() {
    let folder = TempDir::new().unwrap();
    let mut unknown = small("r.txt");
    unknown.report.about.company = None;
    load(&db(&folder), vec![unknown]);
    assert_eq!(column(&db(&folder), "SELECT code FROM organizations"), ["r"]);
    load(&db(&folder), vec![small("r.txt")]);
    assert_eq!(column(&db(&folder), "SELECT code FROM organizations"), ["china-unicom"]);
    assert_eq!(column(&db(&folder), "SELECT code FROM reports"), ["china-unicom/csr/2019"]);
    assert_eq!(one(&db(&folder), "SELECT count(*) FROM figures"), "4");
    assert_sound(&db(&folder));
}

#[test]
fn a_later_edition_stands_beside_the_first_and_is_preferred() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let options = Options { edition: 2, ..Options::default() };
    let again = small("r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个").item();
    load::load(&db(&folder), [Ok(again)].into_iter(), knowledge(), &options).unwrap();
    assert_eq!(column(&db(&folder), "SELECT code FROM reports ORDER BY id"), ["china-unicom/csr/2019", "china-unicom/csr/2019#2"]);
    assert_eq!(one(&db(&folder), "SELECT s.code FROM reports r JOIN reports s ON s.id = r.supersedes_id"), "china-unicom/csr/2019");
    assert_eq!(column(&db(&folder), "SELECT DISTINCT report FROM flat_facts"), ["china-unicom/csr/2019#2"]);
}

// ------------------------------------------------------------------ facts

#[test]
fn repeats_are_one_fact_and_seven_prices_stay_seven() {
    let folder = TempDir::new().unwrap();
    let mut report = Made::new("r.txt", "china-unicom", 2019)
        .sentence("4G基站達141萬個。")
        .figure("4G基站", "141萬個", "1410000", "个")
        .sentence("年末4G基站141萬個。")
        .figure("4G基站", "141萬個", "1410000", "个")
        .sentence("套餐129元、159元、199元、239元、299元、399元、599元。");
    for price in [129, 159, 199, 239, 299, 399, 599] {
        report = report.figure_with("套餐", &format!("{price}元"), &price.to_string(), "CNY", |figure| figure.kind = Kind::Price);
    }
    load(&db(&folder), vec![report]);
    let db = db(&folder);
    assert_eq!(one(&db, "SELECT count(*) FROM flat_figures"), "9");
    assert_eq!(one(&db, "SELECT count(*) FROM flat_facts"), "8");
    assert_eq!(
        column(&db, "SELECT agreement FROM figures WHERE unit_id = (SELECT id FROM units WHERE code = '个') ORDER BY id"),
        ["same", "same"]
    );
    assert_eq!(column(&db, "SELECT DISTINCT agreement FROM figures WHERE kind = 'price'"), ["several"]);
    assert_eq!(one(&db, "SELECT count(DISTINCT fact_key) FROM figures"), "2");
}

#[test]
fn the_newest_report_says_it_whatever_was_loaded_first() {
    let folder = TempDir::new().unwrap();
    let said = |name: &str, year, value: &str| {
        let text = format!("2019年4G基站{value}個。");
        Made::new(name, "china-unicom", year)
            .sentence(&text)
            .figure_with("4G基站", &format!("{value}個"), value, "个", |figure| figure.period = Period::year(2019))
    };
    let facts = |db: &Path| {
        column(db, "SELECT report || ' ' || value_exact || ' ' || agreement || ' ' || is_preferred FROM flat_figures ORDER BY report")
    };
    let one_load = folder.path().join("1.db");
    load(&one_load, vec![said("a.txt", 2019, "84"), said("b.txt", 2020, "85")]);
    let two_loads = folder.path().join("2.db");
    load(&two_loads, vec![said("b.txt", 2020, "85")]);
    load(&two_loads, vec![said("a.txt", 2019, "84")]);
    assert_eq!(facts(&one_load), ["china-unicom/csr/2019 84 restated 0", "china-unicom/csr/2020 85 restated 1"]);
    assert_eq!(facts(&one_load), facts(&two_loads));
    assert_eq!(column(&two_loads, "SELECT earlier_value || ' -> ' || later_value FROM restatements"), ["84 -> 85"]);
    // The newer report is corrected: both now say one thing, and the link goes.
    load(&two_loads, vec![said("b.txt", 2020, "84")]);
    assert_eq!(facts(&two_loads), ["china-unicom/csr/2019 84 same 0", "china-unicom/csr/2020 84 same 1"]);
    assert!(column(&two_loads, "SELECT fact_key FROM restatements").is_empty());
}

#[test]
fn a_report_and_its_transcription_stand_side_by_side() {
    let folder = TempDir::new().unwrap();
    let mut sheet = small("r.csv");
    sheet.report.transcription = true;
    sheet.text += "sheet";
    load(&db(&folder), vec![sheet, small("r.txt")]);
    let db = db(&folder);
    assert_eq!(column(&db, "SELECT source FROM documents ORDER BY 1"), ["report", "transcription"]);
    assert_eq!(one(&db, "SELECT count(DISTINCT figure_key) FROM figures"), "8");
    assert_eq!(column(&db, "SELECT DISTINCT source FROM flat_facts"), ["r.txt"]);
    assert_eq!(one(&db, "SELECT count(*) FROM flat_facts"), "4");
    assert_eq!(one(&db, "SELECT count(*) FROM initiatives"), "2");
}

// ------------------------------------------------------------------ people's edits

fn edit(db: &Path, sql: &str) -> rusqlite::Result<()> {
    open(db).execute_batch(sql)
}

#[test]
fn edits_are_recorded_and_survive_a_reload() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    load(&db, vec![small("r.txt")]);
    edit(&db, "UPDATE figures SET value_text = '1420000', note = '見更正公告' WHERE reported = '141萬個'").unwrap();
    edit(&db, "UPDATE figures SET review_status = 'accepted' WHERE reported = '89.6%'").unwrap();
    edit(&db, "DELETE FROM figures WHERE reported = '1-3毫秒'").unwrap();
    edit(
        &db,
        "UPDATE figures SET place_id = 630000, metric_id = (SELECT id FROM metrics WHERE code = 'x:时延') WHERE reported = '20%以上'",
    )
    .unwrap();
    edit(
        &db,
        "INSERT INTO figures (figure_key, metric_id, metric_text, kind, org_id, period_id, year_id, value_text, unit_id, reported, load_id, report_id, document_id, sentence_id, page_no, confidence, fact_key, review_status)
         SELECT 'fabc', metric_id, '漏掉的', kind, org_id, period_id, year_id, '7', unit_id, '7個', load_id, report_id, document_id, sentence_id, 1, 1, 'kabc', 'added' FROM figures WHERE reported = '141萬個'",
    )
    .unwrap();
    assert_eq!(one(&db, "SELECT value FROM figures WHERE reported = '141萬個'"), "1420000");
    let actions = column(&db, "SELECT action || ' ' || COALESCE(field, '') FROM corrections ORDER BY id");
    assert_eq!(actions, ["set value_text", "set note", "set review_status", "reject ", "set metric", "add "]);
    let changed = small("r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个");
    let summary = load(&db, vec![changed]);
    assert_eq!(summary.documents[0].outcome, Outcome::Replaced);
    let rows = "SELECT reported || ' ' || COALESCE(value_text, '-') || ' ' || review_status FROM figures ORDER BY reported";
    assert_eq!(
        column(&db, rows),
        [
            "1-3毫秒 - rejected",
            "141萬個 1420000 corrected",
            "20%以上 -20 corrected",
            "2個 2 unreviewed",
            "7個 7 added",
            "89.6% 89.6 accepted"
        ]
    );
    assert_eq!(one(&db, "SELECT note FROM figures WHERE reported = '141萬個'"), "見更正公告");
    assert_eq!(one(&db, "SELECT metric_code FROM flat_figures WHERE reported = '20%以上'"), "x:时延");
    assert_eq!(one(&db, "SELECT count(*) FROM corrections"), "6", "a load records no edits of its own");
    assert_sound(&db);
    let before = std::fs::read(&db).unwrap();
    load(&db, vec![small("r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    assert!(std::fs::read(&db).unwrap() == before);
}

#[test]
fn an_edit_that_cannot_be_kept_is_refused_with_advice() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    load(&db, vec![small("r.txt")]);
    for (sql, advice) in [
        ("UPDATE figures SET value = 5 WHERE id = 1", "edit those, as plain decimals"),
        ("UPDATE figures SET value_text = '1e5' WHERE id = 1", "value_text_is_plain_decimal"),
        ("UPDATE figures SET year_id = 2018 WHERE id = 1", "year_id follows period_id"),
        ("UPDATE figures SET reported = 'x' WHERE id = 1", "is no matter of opinion"),
        ("UPDATE figures SET agreement = 'conflict' WHERE id = 1", "follow from the other columns"),
        ("UPDATE figures SET value_base = 5 WHERE id = 1", "value_base follows value_text and the unit"),
    ] {
        // The years of the report are all there are.
        let error = edit(&db, sql).unwrap_err().to_string();
        assert!(error.contains(advice), "{sql}: {error}");
    }
    assert_eq!(one(&db, "SELECT count(*) FROM corrections"), "0");
}

#[test]
fn value_base_follows_the_value_the_unit_and_its_factor() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let made = || {
        let made = Made::new("r.txt", "china-unicom", 2019).sentence("用電2MWh、3度、4箱。");
        made.figure("用電量", "2MWh", "2", "MWh").figure("用電", "3度", "3", "kWh").figure("存量", "4箱", "4", "某箱")
    };
    load(&db, vec![made()]);
    let check = |expected: &[&str]| {
        assert_eq!(column(&db, "SELECT value_base || ' ' || unit_base FROM flat_figures ORDER BY figure_id"), expected);
        assert_sound(&db);
    };
    check(&["2000.0 kWh", "3.0 kWh", "4.0 某箱"]);
    edit(&db, "UPDATE figures SET value_text = '2.5' WHERE reported = '2MWh'").unwrap();
    edit(&db, "UPDATE figures SET unit_id = (SELECT id FROM units WHERE code = 'MWh') WHERE reported = '3度'").unwrap();
    check(&["2500.0 kWh", "3000.0 kWh", "4.0 某箱"]);
    // All columns at once, as clients write a row that was edited in a grid.
    edit(&db, "UPDATE figures SET value_text = '5', value = 2.5, value_base = 2500 WHERE reported = '2MWh'").unwrap();
    check(&["5000.0 kWh", "3000.0 kWh", "4.0 某箱"]);
    // A unit that no table has, to which a person gives a scale.
    edit(&db, "UPDATE units SET base_code = '个', factor_text = '12', factor = 12 WHERE code = '某箱'").unwrap();
    check(&["5000.0 kWh", "3000.0 kWh", "48.0 个"]);
    assert_eq!(one(&db, "SELECT count(*) FROM corrections"), "3");
    load(&db, vec![made().sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    check(&["5000.0 kWh", "3000.0 kWh", "48.0 个", "2.0 个"]);
    // A catalogue that had another factor: a load with that of today sets it right, also of documents that it does not read.
    edit(&db, "UPDATE units SET factor_text = '1', factor = 1 WHERE code = 'MWh'; UPDATE meta SET value = '' WHERE key = 'knowledge_hash'")
        .unwrap();
    check(&["5.0 kWh", "3.0 kWh", "48.0 个", "2.0 个"]);
    load(&db, vec![Made::new("other.txt", "china-telecom", 2019).sentence("另有5個。").figure("站點", "5個", "5", "个")]);
    check(&["5000.0 kWh", "3000.0 kWh", "48.0 个", "2.0 个", "5.0 个"]);
}

#[test]
fn a_correction_that_no_longer_fits_is_told_and_stops_nothing() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let single =
        |amount: &str| Made::new("r.txt", "china-unicom", 2019).sentence("時延1至3毫秒。").figure("時延", "1至3毫秒", amount, "ms");
    load(&db, vec![single("1")]);
    edit(&db, "UPDATE figures SET value_text = '2'").unwrap();
    load(&db, vec![single("1..3").sentence("另有一句。")]);
    assert_eq!(one(&db, "SELECT low_text || '..' || high_text FROM figures"), "1..3");
    assert_eq!(one(&db, "SELECT severity FROM findings WHERE code = 'correction-does-not-fit'"), "warning");
    assert_sound(&db);
}

/// State, action, field and figure of each correction, oldest first.
fn states(db: &Path) -> Vec<String> {
    column(db, "SELECT state || ' ' || action || ' ' || COALESCE(field, '') || ' ' || reported FROM corrections ORDER BY id")
}

#[test]
fn the_last_of_several_corrections_holds() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    load(&db, vec![small("r.txt")]);
    edit(&db, "UPDATE figures SET value_text = '142' WHERE reported = '141萬個'").unwrap();
    edit(&db, "UPDATE figures SET value_text = '143' WHERE reported = '141萬個'").unwrap();
    load(&db, vec![small("r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    assert_eq!(states(&db), ["superseded set value_text 141萬個", "active set value_text 141萬個"]);
    assert_eq!(one(&db, "SELECT value_text FROM figures WHERE reported = '141萬個'"), "143");
}

#[test]
fn a_correction_follows_its_figure_into_a_changed_sentence() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let said = |text: &str| Made::new("r.txt", "china-unicom", 2019).sentence(text).figure("4G基站", "141萬個", "1410000", "个");
    load(&db, vec![said("全年4G基站141萬個。")]);
    edit(&db, "UPDATE figures SET value_text = '1420000', metric_text = '4G站'").unwrap();
    load(&db, vec![said("截至年末，4G基站141萬個。")]);
    assert_eq!(column(&db, "SELECT value_text || ' ' || metric_text || ' ' || review_status FROM figures"), ["1420000 4G站 corrected"]);
    assert_eq!(one(&db, "SELECT count(*) FROM corrections WHERE state = 'active' AND figure_key = (SELECT figure_key FROM figures)"), "2");
    assert_eq!(one(&db, "SELECT machine_value FROM corrections WHERE state = 'active' AND field = 'value_text'"), "1410000");
    // And back again.
    load(&db, vec![said("全年4G基站141萬個。")]);
    assert_eq!(column(&db, "SELECT value_text FROM figures"), ["1420000"]);
    assert_sound(&db);
}

#[test]
fn a_correction_whose_figure_is_gone_waits_for_it() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let with = || small("r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个");
    load(&db, vec![with()]);
    edit(&db, "UPDATE figures SET value_text = '3' WHERE reported = '2個'").unwrap();
    load(&db, vec![small("r.txt")]);
    assert_eq!(states(&db), ["orphan set value_text 2個"]);
    let told = || column(&db, "SELECT message_en FROM findings WHERE code = 'correction-orphan'");
    assert!(
        matches!(&told()[..], [told] if told.contains("「站點」 2個 was corrected by hand and is in the report no more")),
        "{:?}",
        told()
    );
    load(&db, vec![small("r.txt").sentence("另有5個。").figure("站點", "5個", "5", "个")]);
    assert_eq!(told().len(), 1, "told once, however often something is loaded");
    load(&db, vec![with()]);
    assert_eq!(states(&db), ["active set value_text 2個"]);
    assert_eq!(told(), Vec::<String>::new());
    assert_eq!(one(&db, "SELECT value_text FROM figures WHERE reported = '2個'"), "3");
}

#[test]
fn what_was_deleted_stays_out_of_a_changed_sentence_and_is_told() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let said = |text: &str| small("r.txt").sentence(text).figure("站點", "2個", "2", "个");
    load(&db, vec![said("另有2個站點。")]);
    edit(&db, "DELETE FROM figures WHERE reported = '2個'").unwrap();
    let status = || column(&db, "SELECT review_status FROM figures WHERE reported = '2個'");
    let told = || column(&db, "SELECT message_en FROM findings WHERE code = 'rejected-in-another-sentence'");
    // The same sentence in a changed file: rejected, as it was, and nothing to tell.
    load(&db, vec![said("另有2個站點。").sentence("別無其他。")]);
    assert_eq!((status(), told()), (vec!["rejected".to_string()], Vec::new()));
    edit(&db, "DELETE FROM figures WHERE reported = '2個'").unwrap();
    for text in ["年底另有2個站點。", "年中另有2個站點。"] {
        load(&db, vec![said(text)]);
        assert_eq!(status(), ["rejected"]);
        assert!(matches!(&told()[..], [told] if told.contains("stays rejected until somebody accepts it")), "{text}: {:?}", told());
        assert_eq!(one(&db, "SELECT count(*) FROM flat_figures WHERE reported = '2個'"), "0");
    }
    assert_sound(&db);
}

#[test]
fn a_figure_that_is_read_otherwise_makes_its_correction_stale() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let read = |value: &str| Made::new("r.txt", "china-unicom", 2019).sentence("4G基站141萬個。").figure("4G基站", "141萬個", value, "个");
    load(&db, vec![read("141")]);
    edit(&db, "UPDATE figures SET value_text = '1420000'").unwrap();
    load(&db, vec![read("1410000")]);
    assert_eq!(states(&db), ["stale set value_text 141萬個"]);
    assert_eq!(one(&db, "SELECT value_text FROM figures"), "1420000", "the person's word stands");
    let told = one(&db, "SELECT message_en FROM findings WHERE code = 'correction-stale'");
    assert!(told.contains("when it was read as 141; now it is read as 1410000"), "{told}");
    // Said again, it holds.
    edit(&db, "UPDATE figures SET value_text = '1430000'").unwrap();
    load(&db, vec![read("1410000").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    assert_eq!(states(&db), ["stale set value_text 141萬個", "active set value_text 141萬個"]);
}

#[test]
fn corrections_move_with_their_file() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let mut unknown = small("r.txt");
    unknown.report.about.company = None;
    load(&db, vec![unknown]);
    edit(&db, "UPDATE figures SET value_text = '1420000' WHERE reported = '141萬個'").unwrap();
    edit(
        &db,
        "INSERT INTO figures (figure_key, metric_id, metric_text, kind, org_id, period_id, year_id, value_text, unit_id, reported, load_id, report_id, document_id, page_no, confidence, fact_key, review_status)
         SELECT 'fabc', metric_id, '漏掉的', kind, org_id, period_id, year_id, '7', unit_id, '7個', load_id, report_id, document_id, 1, 1, 'kabc', 'added' FROM figures WHERE reported = '141萬個'",
    )
    .unwrap();
    load(&db, vec![small("r.txt")]);
    assert_eq!(column(&db, "SELECT DISTINCT report FROM flat_figures"), ["china-unicom/csr/2019"]);
    assert_eq!(
        column(
            &db,
            "SELECT reported || ' ' || value_text || ' ' || review_status FROM figures WHERE review_status <> 'unreviewed' ORDER BY 1"
        ),
        ["141萬個 1420000 corrected", "7個 7 added"]
    );
    assert_sound(&db);
}

#[test]
fn every_column_that_is_edited_is_kept_or_refused() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    load(
        &db,
        vec![small("r.txt").sentence("2018年有2個。").figure_with("站點", "2個", "2", "个", |figure| figure.period = Period::year(2018))],
    );
    let columns = column(&db, "SELECT name FROM pragma_table_info('figures')");
    for name in columns {
        let value = match name.as_str() {
            "kind" => "'price'",
            "modality" => "'forecast'",
            "tier" => "'minor'",
            "comparator" => "'~'",
            "period_id" | "base_period_id" => "(SELECT id FROM periods WHERE code = '2018')",
            "place_id" => "630000",
            "province_id" => "440000",
            "org_id" => "(SELECT id FROM organizations) + 1",
            "metric_id" | "whole_metric_id" => "(SELECT max(id) FROM metrics)",
            "unit_id" => "(SELECT id FROM units WHERE code = 'kWh')",
            "initiative_id" => "2",
            "review_status" => "'accepted'",
            "is_preferred" => "0",
            "cell" => "'A1'",
            "value_text" | "low_text" | "high_text" => "'5'",
            "metric_text" | "whole_text" | "note" => "'x'",
            _ => "7",
        };
        let before = one(&db, "SELECT count(*) FROM corrections");
        let edited = edit(&db, &format!("UPDATE figures SET {name} = {value} WHERE reported = '141萬個'"));
        let kept = one(&db, "SELECT count(*) FROM corrections") != before;
        assert!(kept || edited.is_err(), "{name}: neither recorded nor refused");
    }
    assert!(edit(&db, "DELETE FROM corrections").unwrap_err().to_string().contains("to undo one, edit the figure back"));
    assert!(edit(&db, "UPDATE corrections SET new_value = 'y'").unwrap_err().to_string().contains("only author and reason"));
    edit(&db, "UPDATE corrections SET author = 'li', reason = '見公告'").unwrap();
}

// ------------------------------------------------------------------ what must not happen

#[test]
fn a_wrong_span_is_caught_and_nothing_is_loaded() {
    let folder = TempDir::new().unwrap();
    let wrong = || {
        small("wrong.txt").sentence("另有2個站點。").figure_with("站點", "2個", "2", "个", |figure| {
            figure.at.span = figure.at.span.take().map(|span| span.start + 1..span.end + 1);
        })
    };
    let error = try_load(&db(&folder), vec![wrong()]).unwrap_err().to_string();
    assert!(error.contains("「2個」") && error.contains("wrong.txt, page 1, line 5") && error.contains("provenance_check"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    load(&db(&folder), vec![small("r.txt")]);
    let before = std::fs::read(db(&folder)).unwrap();
    assert!(try_load(&db(&folder), vec![wrong()]).is_err());
    assert!(std::fs::read(db(&folder)).unwrap() == before);
}

#[test]
fn planted_faults_are_found_by_the_views() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let faults = "UPDATE meta SET value = '1' WHERE key = 'loading'; UPDATE figures SET char_start = char_start - 1, char_end = char_end - 1 WHERE id = 1;
                  UPDATE figures SET value = value + 1 WHERE id = 2;";
    edit(&db(&folder), faults).unwrap();
    assert_eq!(column(&db(&folder), "SELECT reported FROM provenance_check"), ["141萬個"]);
    assert_eq!(one(&db(&folder), "SELECT figure_id FROM integrity_check"), "2");
}

#[test]
fn another_programs_database_is_refused() {
    let folder = TempDir::new().unwrap();
    edit(&db(&folder), "CREATE TABLE notes (text TEXT)").unwrap();
    let before = std::fs::read(db(&folder)).unwrap();
    for error in [try_load(&db(&folder), vec![small("r.txt")]).unwrap_err(), load::schema::open_for_reading(&db(&folder)).unwrap_err()] {
        assert!(error.to_string().contains("of another program; nothing was changed; give another name with --db"), "{error}");
    }
    assert!(std::fs::read(db(&folder)).unwrap() == before);
    std::fs::write(db(&folder), "no database at all, but a text that is long enough to be looked at").unwrap();
    let error = try_load(&db(&folder), vec![small("r.txt")]).unwrap_err().to_string();
    assert!(error.contains("is no SQLite database"), "{error}");
}

#[test]
fn a_newer_database_is_refused_with_advice() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    edit(&db(&folder), &format!("PRAGMA user_version = {}", load::schema::VERSION + 1)).unwrap();
    for error in [try_load(&db(&folder), vec![small("r.txt")]).unwrap_err(), load::schema::open_for_reading(&db(&folder)).unwrap_err()] {
        assert!(error.to_string().contains("newer than the") && error.to_string().contains("use a newer reportsql"), "{error}");
    }
}

#[test]
fn reading_makes_no_file_and_says_how_to_make_one() {
    let folder = TempDir::new().unwrap();
    let error = load::schema::open_for_reading(&db(&folder)).unwrap_err().to_string();
    assert!(error.contains("no such database; make one with `reportsql load FILE --db"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    load(&db(&folder), vec![small("r.txt")]);
    let reader = load::schema::open_for_reading(&db(&folder)).unwrap();
    assert!(reader.execute("DELETE FROM figures", []).is_err());
}

#[test]
fn an_empty_file_becomes_a_database() {
    let folder = TempDir::new().unwrap();
    std::fs::write(db(&folder), "").unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    assert_eq!(one(&db(&folder), "SELECT count(*) FROM figures"), "4");
    assert_eq!(one(&db(&folder), "PRAGMA page_size"), "8192");
    assert_eq!(load(&db(&folder), vec![small("r.txt")]).database, Database::Unchanged);
    assert_sound(&db(&folder));
}

#[test]
fn a_held_database_is_left_alone_and_a_reader_does_not_hold_it() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let reader = load::schema::open_for_reading(&db(&folder)).unwrap();
    let count: i64 = reader.query_row("SELECT count(*) FROM figures", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 4);
    load(&db(&folder), vec![small("r.txt").sentence("另有2個。").figure("站點", "2個", "2", "个")]);
    let count: i64 = reader.query_row("SELECT count(*) FROM figures", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 5);
}

#[test]
fn two_first_loads_at_once_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    let loads: Vec<_> = (0..4)
        .map(|at| {
            let db = db.clone();
            std::thread::spawn(move || {
                let report =
                    Made::new(&format!("{at}.txt"), &format!("company-{at}"), 2019).sentence("共1個。").figure("站點", "1個", "1", "个");
                try_load(&db, vec![report]).unwrap()
            })
        })
        .collect();
    let created = loads.into_iter().map(|load| load.join().unwrap()).filter(|summary| summary.database == Database::Created).count();
    assert_eq!(created, 1);
    assert_eq!(one(&db, "SELECT count(*) FROM figures"), "4");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_sound(&db);
}

#[test]
fn what_a_killed_load_left_is_cleared_away() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(".figures.db.4711-0.new"), "half a database").unwrap();
    std::fs::write(folder.path().join("figures.db.lock"), "").unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let beside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["figures.db"]);
}

// ------------------------------------------------------------------ the schema itself

const STEPS: [&str; 13] = [
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_indexes.sql"),
    include_str!("../../migrations/0003_dictionary.sql"),
    include_str!("../../migrations/0004_correction_origin.sql"),
    include_str!("../../migrations/0005_correction_triggers.sql"),
    include_str!("../../migrations/0006_views.sql"),
    include_str!("../../migrations/0007_view_indexes.sql"),
    include_str!("../../migrations/0008_titles_hant.sql"),
    include_str!("../../migrations/0009_views.sql"),
    include_str!("../../migrations/0010_value_base.sql"),
    include_str!("../../migrations/0011_value_base_triggers.sql"),
    include_str!("../../migrations/0012_findings_hant.sql"),
    include_str!("../../migrations/0013_definitions.sql"),
];

#[test]
fn the_steps_apply_in_order_as_well_as_late() {
    let folder = TempDir::new().unwrap();
    let schema = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY type, name";
    let stepwise = folder.path().join("stepwise.db");
    STEPS.iter().for_each(|step| open(&stepwise).execute_batch(step).unwrap());
    load(&db(&folder), vec![small("r.txt")]);
    assert_eq!(column(&stepwise, schema), column(&db(&folder), schema));
    let dictionary = "SELECT count(*) FROM data_dictionary";
    assert_eq!(one(&stepwise, dictionary), one(&db(&folder), dictionary));
}

/// A database of an earlier version, with rows that the program of that time wrote.
fn older(db: &Path, version: usize) {
    STEPS[..version].iter().for_each(|step| open(db).execute_batch(step).unwrap());
    // Rows are written as a load writes them, without the triggers that keep people's edits.
    let rows = include_str!("../corpus/schema/3.sql");
    let based = "UPDATE figures SET value_base = value * (SELECT factor FROM units WHERE id = unit_id);";
    let rows = if version > 10 { format!("{rows} {based}") } else { rows.to_string() };
    edit(db, &format!("PRAGMA foreign_keys = OFF; UPDATE meta SET value = '1' WHERE key = 'loading'; {rows} UPDATE meta SET value = '0' WHERE key = 'loading';"))
        .unwrap();
    edit(db, &format!("PRAGMA application_id = {}; PRAGMA user_version = {version};", load::schema::APPLICATION_ID)).unwrap();
}

#[test]
fn a_database_of_every_earlier_version_is_brought_up_to_date() {
    let schema = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY type, name";
    for version in 1..STEPS.len() {
        let folder = TempDir::new().unwrap();
        let db = db(&folder);
        older(&db, version);
        let error = load::schema::open_for_reading(&db).unwrap_err().to_string();
        assert!(error.contains(&format!("of version {version}")) && error.contains("the next `reportsql load"), "{error}");
        load(&db, vec![small("other.txt")]);
        assert_eq!(one(&db, "PRAGMA user_version"), load::schema::VERSION.to_string());
        let new = folder.path().join("new.db");
        load(&new, vec![small("other.txt")]);
        assert_eq!(column(&db, schema), column(&new, schema), "version {version}");
        assert_eq!(column(&db, "SELECT value_text FROM figures WHERE note = '見公告'"), ["1420000"]);
        // What the catalogue of that time did not say is filled in, and what a label is was never said.
        let defined = "SELECT code || ' ' || definition_hant || definition_hans || definition_en FROM metrics WHERE status = 'catalogued'";
        assert_eq!(
            column(&db, &format!("{defined} ORDER BY code")),
            column(&new, &format!("{defined} ORDER BY code")),
            "version {version}"
        );
        assert!(one(&db, &format!("{defined} AND code = 'base_stations'")).contains("收發信設備"));
        assert_eq!(
            one(&db, "SELECT count(COALESCE(definition_hant, definition_hans, definition_en)) FROM metrics WHERE status = 'auto'"),
            "0"
        );
        assert_eq!(one(&db, "SELECT count(*) FROM documents"), "2");
        assert_sound(&db);
        let text = include_str!("../corpus/schema/2019.txt");
        let document = reportsql::read::document("2019.txt", text.into()).unwrap();
        let about = About { company: Some("china-unicom".into()), kind: Some(ReportKind::Csr), year: Some(2019), ..About::default() };
        let report = reportsql::pipeline::report(&document, &about, knowledge());
        let item = Item { document: (&document).into(), report, more: false };
        load::load(&db, [Ok(item)].into_iter(), knowledge(), &Options::default()).unwrap();
        assert_eq!(column(&db, "SELECT value_text FROM figures WHERE note = '見公告'"), ["1420000"], "what people said in version 3 holds");
        assert_eq!(
            column(
                &db,
                "SELECT f.review_status FROM figures f JOIN documents d ON d.id = f.document_id WHERE reported LIKE '%毫秒' AND d.name = '2019.txt'"
            ),
            ["rejected"]
        );
        assert_sound(&db);
    }
}

#[test]
fn a_copy_is_kept_until_an_upgrade_has_succeeded() {
    let folder = TempDir::new().unwrap();
    let db = db(&folder);
    older(&db, 3);
    edit(&db, "UPDATE meta SET value = '1' WHERE key = 'loading'; UPDATE figures SET value = value + 1 WHERE value IS NOT NULL; UPDATE meta SET value = '0' WHERE key = 'loading'").unwrap();
    let before = std::fs::read(&db).unwrap();
    let error = try_load(&db, vec![small("other.txt")]).unwrap_err().to_string();
    assert!(
        error.contains("upgrade from version 3") && error.contains("figures.db.version-3") && error.contains("integrity_check"),
        "{error}"
    );
    assert!(std::fs::read(&db).unwrap() == before);
    assert!(std::fs::read(folder.path().join("figures.db.version-3")).unwrap() == before);
    std::fs::remove_file(&db).unwrap();
    std::fs::remove_file(folder.path().join("figures.db.version-3")).unwrap();
    older(&db, 3);
    load(&db, vec![small("other.txt")]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_column_is_in_the_data_dictionary() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let columns =
        "SELECT m.name || '.' || c.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')
                    UNION ALL SELECT name || '.' FROM sqlite_master WHERE type IN ('table', 'view')";
    let described = "SELECT table_name || '.' || column_name FROM data_dictionary";
    assert_eq!(column(&db(&folder), &format!("{columns} EXCEPT {described}")), Vec::<String>::new());
    assert_eq!(column(&db(&folder), &format!("{described} EXCEPT SELECT * FROM ({columns})")), Vec::<String>::new());
}

#[test]
fn every_column_of_a_view_has_the_type_of_a_column_behind_it() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    // An expression has none, or in a new SQLite its affinity: NUM, REAL, INT, BLOB, TEXT. Long texts are declared TEXT.
    let columns = column(
        &db(&folder),
        "SELECT m.name || '.' || c.name || ' ' || c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'view'
            AND c.type NOT IN ('INTEGER', 'DOUBLE', 'DATE') AND c.type NOT LIKE 'VARCHAR(%' AND NOT (c.type = 'TEXT' AND c.name IN ('sentence', 'note'))",
    );
    assert_eq!(columns, Vec::<String>::new());
}

#[test]
fn the_schema_has_no_word_that_an_old_sqlite_does_not_know() {
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    // What stands in the file: steps are run by the program alone, and may rename a column.
    let schema = column(&db(&folder), "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").join(";\n");
    let code: Vec<&str> = schema.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    // What stands in quotes is no keyword.
    let code: Vec<String> = code.join("\n").split('\'').step_by(2).map(str::to_uppercase).collect();
    let words: Vec<&str> = code.iter().flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
    // Words that came after SQLite 3.11: of tables, queries, upserts, windows and JSON.
    let newer = "STRICT GENERATED STORED ALWAYS RETURNING CONFLICT NOTHING OVER WINDOW PARTITION FILTER MATERIALIZED IIF FORMAT UNIXEPOCH TRUE FALSE JSON_EXTRACT STRING_AGG";
    for word in newer.split(' ') {
        assert!(!words.contains(&word), "{word}");
    }
    assert!(!schema.contains("->>") && !schema.contains("NULLS "));
    let views = schema.split("CREATE VIEW").skip(1).map(|view| view.split(';').next().unwrap_or_default());
    for view in views {
        // DuckDB and PostgreSQL read the views too.
        assert!(!view.contains("GLOB") && !view.contains("IS NOT '") && !view.contains("char("), "{view}");
    }
}

#[test]
fn lengths_of_the_schema_are_kept() {
    // SQLite takes any length; PostgreSQL and exports with declared widths do not.
    let folder = TempDir::new().unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let db = db(&folder);
    let columns = column(
        &db,
        "SELECT m.name || ' ' || c.name || ' ' || replace(replace(c.type, 'VARCHAR(', ''), ')', '') FROM sqlite_master m, pragma_table_info(m.name) c
          WHERE m.type = 'table' AND c.type LIKE 'VARCHAR(%'",
    );
    for line in columns {
        let [table, name, width] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let longest = format!("SELECT {name} FROM {table} WHERE length({name}) > {width} LIMIT 1");
        assert_eq!(column(&db, &longest), Vec::<String>::new(), "{table}.{name}");
    }
}

// ------------------------------------------------------------------ a disk that is full or may not be written

/// Loads in a process of its own, whose files may grow to so many blocks of 512 bytes; what it said.
fn load_limited(db: &Path, blocks: u32, sentences: usize) -> Result<(), String> {
    // A process that may not write more gets a signal; ignored, the write fails as on a full disk.
    load_elsewhere(&format!("trap '' XFSZ; ulimit -f {blocks}; exec"), db, sentences)
}

/// Loads in a process of its own, started by a line of shell.
fn load_elsewhere(how: &str, db: &Path, sentences: usize) -> Result<(), String> {
    let test = std::env::current_exe().unwrap();
    let command = format!("{how} '{}' --exact load::the_limited_load --ignored", test.display());
    let output = std::process::Command::new("sh")
        .args(["-c", &command])
        .env("LIMITED_DB", db)
        .env("LIMITED_SENTENCES", sentences.to_string())
        .output()
        .unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }
}

fn long(sentences: usize) -> Made {
    (0..sentences).fold(small("r.txt"), |report, at| {
        report.sentence(&format!("第{at}站有{at}個站點。")).figure("站點", &format!("{at}個"), &at.to_string(), "个")
    })
}

#[test]
#[ignore = "run by load_limited, in a process of its own"]
fn the_limited_load() {
    let (db, sentences) = (std::env::var("LIMITED_DB").unwrap(), std::env::var("LIMITED_SENTENCES").unwrap());
    load(Path::new(&db), vec![long(sentences.parse().unwrap())]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_state() {
    let folder = TempDir::new().unwrap();
    let error = load_limited(&db(&folder), 100, 10).unwrap_err();
    assert!(error.contains("disk"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no half database, no lock");
    load(&db(&folder), vec![small("r.txt")]);
    let before = std::fs::read(db(&folder)).unwrap();
    let blocks = before.len() as u32 / 512 + 200;
    let error = load_limited(&db(&folder), blocks, 3000).unwrap_err();
    assert!(error.contains("disk"), "{error}");
    assert!(std::fs::read(db(&folder)).unwrap() == before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no journal");
    load_limited(&db(&folder), blocks * 100, 300).expect("with room it goes on");
    assert_sound(&db(&folder));
}

/// Nobody, whom permissions bind; they do not bind root, and tests may run as root.
#[cfg(target_os = "linux")]
#[test]
fn what_may_not_be_written_is_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";
    let folder = TempDir::new().unwrap();
    let allow = |mode, path: &Path| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    load(&db(&folder), vec![small("r.txt")]);
    let before = std::fs::read(db(&folder)).unwrap();
    allow(0o444, &db(&folder));
    allow(0o555, folder.path());
    if load_elsewhere(&format!("{nobody} true;"), &folder.path().join("probe/x.db"), 1).is_err_and(|said| said.contains("setpriv")) {
        return;
    }
    let error = load_elsewhere(nobody, &db(&folder), 1).unwrap_err();
    assert!(error.contains("cannot be written; make it writable") || error.contains("cannot be opened"), "{error}");
    let error = load_elsewhere(nobody, &folder.path().join("new.db"), 1).unwrap_err();
    assert!(error.contains("may you read and write it and its folder?"), "{error}");
    assert!(std::fs::read(db(&folder)).unwrap() == before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let folder = TempDir::new().unwrap();
    let error = try_load(&folder.path().join("no/figures.db"), vec![small("r.txt")]).unwrap_err().to_string();
    assert!(error.contains("there is no folder") && error.contains("make it first"), "{error}");
}
