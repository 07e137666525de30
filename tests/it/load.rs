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
        self.report.sentences.push(Sentence { text: text.into(), source: None, start: Some(start), lines: Some((line, line)), page: Some(1) });
        self
    }

    /// A heading below the last one of a higher level.
    fn heading(mut self, level: Level, name: &str) -> Made {
        let parent = self.report.headings.iter().rposition(|above| above.level < level);
        let (start, line) = (self.text.chars().count() as u32, self.text.matches('\n').count() as u32 + 1);
        self.text += name;
        self.text.push('\n');
        let provinces = Vec::new();
        self.report.headings.push(Heading { level, name: name.into(), parent, start, line, page: Some(1), provinces, year: None, status: None });
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
            at: Place { page: Some(1), line: at.lines.map(|lines| lines.0), span: Some(span), sheet: None, cell: None },
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
    try_load(db, items).unwrap()
}

fn try_load(db: &Path, items: Vec<Made>) -> Result<Summary, reportsql::error::Error> {
    load::load(db, items.into_iter().map(Made::item), knowledge(), &Options::default())
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
    let rows = column(&db(&folder), "SELECT metric_hant || ' ' || comparator || ' ' || COALESCE(value_exact, low_exact || '..' || high_exact) || ' ' || unit FROM flat_figures ORDER BY figure_id");
    assert_eq!(rows, ["4G基站 = 1410000 个", "光纖端口 = 89.6 %", "資費 >= -20 %", "時延 = 1..3 ms"]);
}
