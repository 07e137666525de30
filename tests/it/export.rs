//! What `export` writes, read back by other means: workbooks, CSV, Parquet, and the documents beside them.

use crate::scene::{Scene, answer};
use calamine::{Data, Reader, Xlsx, open_workbook};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use reportsql::message::Language;
use reportsql::serve::export::{self, Request};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::process::Command;

/// Two years of one company: a metric of the whole company, one by province, money in two currencies, a share, a range, a fall.
const YEARS: [(&str, &str); 2] = [
    (
        "2020",
        "metric,value,kind,period,province
員工人數,24萬人,,2020,
節電量,300萬千瓦時,,2020,CN-QH
節電量,500萬千瓦時,,2020,CN-GD
營業收入,12.5億元,,2020,
營業收入,3億港元,,2020,
光纖端口佔比,39.25%,share,2020,
平均資費,-20.5%,change,2020,
時延,1-3毫秒,,2020,
",
    ),
    (
        "2021",
        "metric,value,kind,period,province
員工人數,25萬人,,2021,
節電量,310.5萬千瓦時,,2021,CN-QH
節電量,0.5億千瓦時,,2021,CN-GD
節電量,0.000000001千瓦時,,2021,CN-XJ
",
    ),
];

/// A folder with a database of both years.
fn scene() -> Scene {
    let scene = Scene::new();
    for (year, sheet) in YEARS {
        fs::write(scene.path("sheet.csv"), sheet).unwrap();
        scene.run(&["load", "-q", "--company", "青嶼能源", "--kind", "esg", "--year", year, "sheet.csv"]).succeeds();
    }
    fs::remove_file(scene.path("sheet.csv")).unwrap();
    scene
}

impl Scene {
    /// Exports, and gives what is said of it.
    #[track_caller]
    fn export(&self, arguments: &[&str]) -> String {
        let outcome = self.run(&[&["export"], arguments].concat());
        outcome.succeeds();
        outcome.stderr
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], code: i32, parts: &[&str]) {
        let before = self.files();
        self.run(&[&["export"], arguments].concat()).fails(code, parts);
        assert_eq!(self.files(), before, "nothing is left behind");
    }

    /// The rows of a query, as values.
    fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        answer(&self.db(), sql).1
    }

    fn columns(&self, table: &str) -> Vec<String> {
        answer(&self.db(), &format!("SELECT * FROM {table}")).0
    }

    fn json(&self, name: &str) -> Json {
        serde_json::from_str(&fs::read_to_string(self.path(name)).unwrap()).unwrap()
    }

    /// A part of a workbook as it stands in its zip file.
    fn part(&self, workbook: &str, part: &str) -> String {
        let mut zip = zip::ZipArchive::new(File::open(self.path(workbook)).unwrap()).unwrap();
        let mut text = String::new();
        zip.by_name(part).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn sheet(&self, workbook: &str, sheet: &str) -> calamine::Range<Data> {
        let mut workbook: Xlsx<_> = open_workbook(self.path(workbook)).unwrap();
        workbook.worksheet_range(sheet).unwrap()
    }
}

/// The day of a number of a spreadsheet.
fn day(number: f64) -> String {
    let db = Connection::open_in_memory().unwrap();
    db.query_row("SELECT date('1899-12-30', ?1 || ' days')", [number as i64], |row| row.get(0)).unwrap()
}

// ------------------------------------------------------------------ workbooks

#[test]
fn a_workbook_holds_every_value_as_what_it_is() {
    let scene = scene();
    scene.export(&["x.xlsx"]);
    for view in ["flat_facts", "places", "years"] {
        let (names, rows) = (scene.columns(view), scene.rows(&format!("SELECT * FROM {view}")));
        let sheet = scene.sheet("x.xlsx", view);
        let read: Vec<&[Data]> = sheet.rows().collect();
        assert_eq!(read.len(), rows.len() + 1, "{view}");
        let headers: Vec<String> = read[0].iter().map(Data::to_string).collect();
        assert_eq!(headers, names, "{view}");
        let kinds: HashSet<(String, &str)> = (rows.iter().zip(&read[1..]))
            .flat_map(|(row, cells)| names.iter().zip(row.iter().zip(*cells)))
            .map(|(name, (value, cell))| {
                let kind = match (value, cell) {
                    (Value::Null, Data::Empty) => "empty",
                    (Value::Integer(integer), Data::Bool(flag)) if *integer == i64::from(*flag) => "flag",
                    (Value::Integer(integer), Data::Float(number)) if *integer as f64 == *number => "number",
                    (Value::Integer(integer), Data::Int(number)) if integer == number => "number",
                    (Value::Real(double), Data::Float(number)) if double == number => "number",
                    (Value::Real(double), Data::Int(number)) if *double == *number as f64 => "number",
                    (Value::Text(text), Data::String(found)) if text == found => "text",
                    (Value::Text(text), Data::DateTime(found)) if *text == day(found.as_f64()) => "day",
                    _ => panic!("{view}.{name}: {value:?} became {cell:?}"),
                };
                (name.clone(), kind)
            })
            .collect();
        let is = |name: &str, kind| assert!(kinds.contains(&(name.to_string(), kind)), "{view}.{name} holds no {kind}");
        match view {
            "flat_facts" => {
                for (name, kind) in [
                    ("value", "number"),
                    ("value", "empty"),
                    ("low", "number"),
                    ("value_exact", "text"),
                    ("period_end", "day"),
                    ("is_preferred", "flag"),
                ] {
                    is(name, kind);
                }
            }
            "years" => is("start_date", "day"),
            _ => is("province_id", "number"),
        }
    }
}

#[test]
fn numbers_keep_their_value_and_wear_their_unit() {
    let scene = scene();
    scene.export(&["x.xlsx", "--view", "flat_facts"]);
    let styles = scene.part("x.xlsx", "xl/styles.xml");
    for format in ["#,##0.00&quot;%&quot;", "#,##0.0&quot;%&quot;", "#,##0&quot; CNY&quot;", "#,##0&quot; HKD&quot;", "yyyy-mm-dd"] {
        assert!(styles.contains(&format!("formatCode=\"{format}\"")), "{format} is not in {styles}");
    }
    let at = scene.columns("flat_facts").iter().position(|name| name == "value").unwrap();
    let sheet = scene.sheet("x.xlsx", "flat_facts");
    let values: Vec<String> = sheet.rows().map(|row| row[at].to_string()).collect();
    for value in ["39.25", "-20.5", "1250000000", "300000000", "0.000000001"] {
        assert!(values.iter().any(|found| found.parse::<f64>() == value.parse::<f64>()), "{value} is not in {values:?}");
    }
}

#[test]
fn a_workbook_opens_with_its_contents_and_two_charts() {
    let scene = scene();
    scene.export(&["x.xlsx"]);
    let mut workbook: Xlsx<_> = open_workbook(scene.path("x.xlsx")).unwrap();
    let names = workbook.sheet_names();
    assert_eq!(names[..3], ["contents", "charts", "flat_facts"]);
    let contents: Vec<String> = workbook.worksheet_range("contents").unwrap().rows().map(|row| row[0].to_string()).collect();
    for name in &names[1..] {
        assert!(contents.contains(name), "{name} is not in the contents");
    }
    let links = scene.part("x.xlsx", "xl/worksheets/sheet1.xml");
    assert_eq!(links.matches("<hyperlink ").count(), names.len() - 1);
    assert!(links.contains("location=\"'flat_facts'!A1\"") || links.contains("location=\"flat_facts!A1\""), "{links}");
    // One value a year and province, in one unit; revenue in two currencies is no series.
    let charts = workbook.worksheet_range("charts").unwrap();
    let shown: Vec<String> = charts
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect::<Vec<_>>().join(" ").trim().to_string())
        .filter(|row| !row.is_empty())
        .collect();
    assert_eq!(
        shown,
        [
            "青嶼能源: 員工總數",
            "Year 員工總數 (人)",
            "2020 240000",
            "2021 250000",
            "青嶼能源: 節電量, 2021",
            "Province 節電量 (kWh)",
            "廣東省 50000000",
            "青海省 3105000",
            "新疆維吾爾自治區 0.000000001",
        ]
    );
    for (part, kind) in [("xl/charts/chart1.xml", "<c:lineChart>"), ("xl/charts/chart2.xml", "<c:barChart>")] {
        assert!(scene.part("x.xlsx", part).contains(kind), "{part}");
    }
    // Headers stay in sight and filter; a pivot table takes the table by its name.
    let table = scene.part("x.xlsx", "xl/tables/table1.xml");
    assert!(table.contains("name=\"flat_facts\"") && table.contains("<autoFilter"), "{table}");
    assert!(scene.part("x.xlsx", "xl/worksheets/sheet3.xml").contains("state=\"frozen\""));
}

#[test]
fn a_big_sheet_filters_and_has_a_name_too() {
    let scene = scene();
    scene.export(&["x.xlsx", "--view", "places"]);
    let book = scene.part("x.xlsx", "xl/workbook.xml");
    let rows = scene.rows("SELECT 1 FROM places").len() + 1;
    assert!(rows > 3000, "{rows} rows are no big sheet");
    assert!(book.contains(&format!("<definedName name=\"places\">places!$A$1:$H${rows}</definedName>")), "{book}");
    let sheet = scene.part("x.xlsx", "xl/worksheets/sheet2.xml");
    assert!(sheet.contains(&format!("<autoFilter ref=\"A1:H{rows}\"")) && sheet.contains("state=\"frozen\""));
}

#[test]
fn a_chart_over_years_takes_no_metric_twice_a_year() {
    let scene = scene();
    scene.export(&["x.xlsx", "--view", "flat_facts", "--where", "metric_hans <> '员工总数' AND year = 2020"]);
    let shown: Vec<String> = scene.sheet("x.xlsx", "charts").rows().map(|row| row[0].to_string()).collect();
    assert!(shown[0].starts_with("No metric of the whole country"), "{shown:?}");
    assert!(shown.contains(&"青嶼能源: 節電量, 2020".to_string()), "{shown:?}");
}

#[test]
fn the_same_database_makes_the_same_bytes() {
    let scene = scene();
    for name in ["a.xlsx", "b.xlsx", "a.parquet", "b.parquet"] {
        scene.export(&[name]);
    }
    for ending in ["xlsx", "parquet"] {
        let read = |name: &str| fs::read(scene.path(&format!("{name}.{ending}"))).unwrap();
        assert!(read("a") == read("b"), "{ending}");
    }
}

#[test]
fn rows_beyond_the_last_of_a_sheet_go_on_the_next() {
    let scene = scene();
    let request = Request { view: Some("provinces"), sheet_rows: Some(16), ..Request::default() };
    let mut db = scene.db();
    let done = export::export(&mut db, &scene.path("figures.db"), &scene.path("x.xlsx"), &request).unwrap();
    assert_eq!(done.files[0].count, 34);
    let workbook: Xlsx<_> = open_workbook(scene.path("x.xlsx")).unwrap();
    assert_eq!(workbook.sheet_names(), ["contents", "provinces", "provinces 2", "provinces 3"]);
    let mut codes = Vec::new();
    for (sheet, rows) in [("provinces", 15), ("provinces 2", 15), ("provinces 3", 4)] {
        let range = scene.sheet("x.xlsx", sheet);
        let read: Vec<String> = range.rows().map(|row| row[1].to_string()).collect();
        assert_eq!((read[0].as_str(), read.len()), ("iso_code", rows + 1), "{sheet}");
        codes.extend(read[1..].iter().cloned());
    }
    let expect: Vec<Value> = scene.rows("SELECT * FROM provinces").into_iter().map(|mut row| row.swap_remove(1)).collect();
    assert_eq!(codes.into_iter().map(Value::Text).collect::<Vec<_>>(), expect);
}

#[test]
fn a_view_without_rows_is_a_sheet_with_a_header() {
    let scene = scene();
    scene.export(&["x.xlsx", "--view", "restatements"]);
    let sheet = scene.sheet("x.xlsx", "restatements");
    assert_eq!(sheet.rows().next().unwrap()[0].to_string(), "fact_key");
    assert_eq!(sheet.rows().flatten().filter(|cell| !matches!(cell, Data::Empty)).count(), scene.columns("restatements").len());
}

#[test]
fn what_no_cell_holds_is_told_with_its_place() {
    let scene = scene();
    scene
        .db()
        .execute_batch("CREATE VIEW endless AS SELECT 9e999 AS big; CREATE VIEW long AS SELECT 1 AS a, printf('%.40000c', 'x') AS b")
        .unwrap();
    scene.refuses(&["x.xlsx", "--view", "endless"], 1, &["x.xlsx: endless, row 1, column big", "inf"]);
    scene.refuses(&["x.xlsx", "--view", "long"], 1, &["x.xlsx: long, row 1, column b", "40000 characters", "32767"]);
    scene.export(&["x.csv", "--view", "long"]);
}

#[test]
fn a_value_of_more_digits_than_a_double_keeps_is_told() {
    let scene = scene();
    scene.db().execute_batch("UPDATE figures SET value_text = '12345678901234567890.5' WHERE value_text = '240000'").unwrap();
    let said = scene.export(&["x.xlsx", "--view", "flat_facts"]);
    assert!(said.contains("warning: x.xlsx: 1 rows have a value of more digits"), "{said}");
    let range = scene.sheet("x.xlsx", "flat_facts");
    assert!(range.rows().flatten().any(|cell| *cell == Data::String("12345678901234567890.5".into())));
}

// ------------------------------------------------------------------ formulas

/// Texts that a spreadsheet would run, beside some that it would not.
const FORMULAS: [(&str, bool); 9] = [
    ("=1+1", true),
    ("+1+1", true),
    ("-1+1", true),
    ("@SUM(1)", true),
    ("\t=1", true),
    ("\r=1", true),
    ("＝1+1", true),
    ("-50.3", false),
    ("=", false),
];

#[test]
fn a_text_that_a_spreadsheet_would_run_is_made_harmless() {
    let scene = scene();
    let values: Vec<String> = FORMULAS.iter().map(|(text, _)| format!("('{text}')")).collect();
    scene.db().execute_batch(&format!("CREATE TABLE notes (note TEXT); INSERT INTO notes VALUES {}", values.join(", "))).unwrap();
    scene.export(&["x.csv", "--view", "notes"]);
    let piped = scene.run(&["export", "-", "--view", "notes"]).stdout;
    let file = fs::read_to_string(scene.path("x.csv")).unwrap();
    for text in [file.trim_start_matches('\u{FEFF}'), &piped] {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let read: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_string()).collect();
        let expect: Vec<String> = FORMULAS.iter().map(|(text, runs)| if *runs { format!("'{text}") } else { text.to_string() }).collect();
        assert_eq!(read, expect);
    }
    // A workbook says of each cell that it is a text; the mark keeps it one when it is edited.
    scene.export(&["x.xlsx", "--view", "notes"]);
    let sheet = scene.part("x.xlsx", "xl/worksheets/sheet2.xml");
    assert!(!sheet.contains("<f>"), "{sheet}");
    assert!(scene.part("x.xlsx", "xl/styles.xml").contains("quotePrefix=\"1\""));
    let read: Vec<String> = scene.sheet("x.xlsx", "notes").rows().skip(1).map(|row| row[0].to_string()).collect();
    assert_eq!(read.len(), FORMULAS.len());
    assert_eq!(read[..4], ["=1+1", "+1+1", "-1+1", "@SUM(1)"]);
    let marked = sheet.matches("<c r=\"A").count() - sheet.matches("<c r=\"A1\"").count();
    assert_eq!(marked, FORMULAS.len());
    // Parquet is for programs that run nothing.
    scene.export(&["x.parquet", "--view", "notes"]);
    let rows = parquet_rows(&scene, "x.parquet");
    assert_eq!(rows[0], [("note".to_string(), Field::Str("=1+1".into()))]);
}

// ------------------------------------------------------------------ Parquet

fn parquet_rows(scene: &Scene, name: &str) -> Vec<Vec<(String, Field)>> {
    let reader = SerializedFileReader::new(File::open(scene.path(name)).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().into_columns()).collect()
}

#[test]
fn parquet_holds_exact_values_as_text_and_decimal() {
    let scene = scene();
    scene.export(&["x.parquet"]);
    let names = scene.columns("flat_facts");
    let rows = scene.rows("SELECT * FROM flat_facts");
    let read = parquet_rows(&scene, "x.parquet");
    assert_eq!(read.len(), rows.len());
    let mut decimals = 0;
    for (row, read) in rows.iter().zip(&read) {
        let field = |name: &str| &read.iter().find(|(found, _)| found == name).unwrap().1;
        for (name, value) in names.iter().zip(row) {
            match (value, field(name)) {
                (Value::Null, Field::Null) => {}
                (Value::Integer(integer), Field::Bool(flag)) => assert_eq!(*integer, i64::from(*flag), "{name}"),
                (Value::Integer(integer), Field::Long(long)) => assert_eq!(integer, long, "{name}"),
                (Value::Real(double), Field::Double(found)) => assert_eq!(double, found, "{name}"),
                (Value::Text(text), Field::Str(found)) => assert_eq!(text, found, "{name}"),
                (Value::Text(text), Field::Date(days)) => assert_eq!(*text, day(f64::from(*days) + 25_569.0), "{name}"),
                (value, found) => panic!("{name}: {value:?} became {found:?}"),
            }
        }
        if let (Field::Str(text), Field::Decimal(decimal)) = (field("value_exact"), field("value_decimal")) {
            assert_eq!((decimal.precision(), decimal.scale()), (38, 9));
            let unscaled = i128::from_be_bytes(decimal.data().try_into().unwrap());
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            assert_eq!(unscaled.to_string().parse::<i128>(), format!("{whole}{part:0<9}").parse::<i128>(), "{text}");
            decimals += 1;
        }
    }
    assert_eq!(decimals, rows.len() - 1, "all but the range");
}

#[test]
fn a_decimal_without_a_place_is_null_and_told() {
    let scene = scene();
    scene.db().execute_batch("UPDATE figures SET value_text = '0.0000000001' WHERE value_text = '240000'").unwrap();
    let said = scene.export(&["x.parquet", "-q"]);
    assert_eq!(
        said,
        "warning: x.parquet: 1 exact values of flat_facts do not fit DECIMAL(38,9) and are null there; the text beside has them\n"
    );
    let row = parquet_rows(&scene, "x.parquet")
        .into_iter()
        .find(|row| row.iter().any(|(_, field)| *field == Field::Str("0.0000000001".into())))
        .unwrap();
    assert!(row.iter().any(|(name, field)| name == "value_decimal" && *field == Field::Null));
}

#[test]
fn a_value_that_is_not_what_its_column_holds_is_told() {
    let scene = scene();
    scene.db().execute_batch("CREATE TABLE mixed (amount INTEGER); INSERT INTO mixed VALUES ('many')").unwrap();
    scene.refuses(&["x.parquet", "--view", "mixed"], 1, &["x.parquet: mixed, column amount: found 「many」, expected a whole number"]);
}

// ------------------------------------------------------------------ documents

#[test]
fn a_folder_describes_itself_twice() {
    let scene = scene();
    let said = scene.export(&["out"]);
    let package = scene.json("out/datapackage.json");
    let csvw = scene.json("out/csv-metadata.json");
    let (resources, tables) = (package["resources"].as_array().unwrap(), csvw["tables"].as_array().unwrap());
    assert!(said.ends_with(&format!("out/csv-metadata.json: {} tables\n", tables.len())), "{said}");
    assert_eq!(resources.len(), tables.len());
    let names: HashSet<&str> = resources.iter().map(|resource| resource["name"].as_str().unwrap()).collect();
    for (resource, table) in resources.iter().zip(tables) {
        assert_eq!(resource["path"], table["url"]);
        let text = fs::read_to_string(scene.path("out").join(resource["path"].as_str().unwrap())).unwrap();
        let header: Vec<&str> = text.trim_start_matches('\u{FEFF}').lines().next().unwrap().split(',').collect();
        let fields: Vec<&str> =
            resource["schema"]["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
        let columns: Vec<&str> =
            table["tableSchema"]["columns"].as_array().unwrap().iter().map(|column| column["titles"].as_str().unwrap()).collect();
        assert_eq!(header, fields);
        assert_eq!(header, columns);
        for key in resource["schema"]["foreignKeys"].as_array().into_iter().flatten() {
            let to = key["reference"]["resource"].as_str().unwrap();
            assert!(to.is_empty() || names.contains(to), "{key}");
        }
    }
    let facts = resources.iter().find(|resource| resource["name"] == "flat_facts").unwrap();
    let field = |name: &str| facts["schema"]["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap().clone();
    for (name, kind) in [
        ("value_exact", "number"),
        ("value", "number"),
        ("year", "integer"),
        ("is_preferred", "boolean"),
        ("period_end", "date"),
        ("unit", "string"),
    ] {
        assert_eq!(field(name)["type"], kind, "{name}");
    }
    assert_eq!(field("value_base")["description"], "To add up and compare, within one unit_base");
    let places = resources.iter().find(|resource| resource["name"] == "places").unwrap();
    assert_eq!(places["schema"]["primaryKey"], serde_json::json!(["id"]));
    assert!(places["schema"]["foreignKeys"].as_array().unwrap().len() == 2, "{places}");
}

#[test]
fn datasette_gets_its_metadata() {
    let scene = scene();
    scene.export(&["metadata.json", "--format", "datasette"]);
    let metadata = scene.json("metadata.json");
    let facts = &metadata["databases"]["figures"]["tables"]["flat_facts"];
    assert_eq!(facts["columns"]["value_base"], "Value in base units: To add up and compare, within one unit_base");
    let printed = scene.run(&["export", "-", "--format", "datasette"]).stdout;
    assert_eq!(serde_json::from_str::<Json>(&printed).unwrap(), metadata);
}

#[test]
fn every_exported_column_has_titles_in_three_languages() {
    let scene = scene();
    scene.export(&["out"]);
    let mut wrong = Vec::new();
    for resource in scene.json("out/datapackage.json")["resources"].as_array().unwrap() {
        let table = resource["name"].as_str().unwrap();
        for column in scene.columns(table) {
            let titled = format!(
                "SELECT count(*) FROM data_dictionary WHERE table_name = '{table}' AND column_name = '{column}'
                    AND title_en <> '' AND title_hans <> '' AND title_hant <> ''"
            );
            if scene.rows(&titled) != [[Value::Integer(1)]] {
                wrong.push(format!("{table}.{column}"));
            }
        }
    }
    assert!(wrong.is_empty(), "without a title in data_dictionary in one of title_en, title_hans, title_hant:\n{}", wrong.join("\n"));
    let untitled = "SELECT table_name, column_name FROM data_dictionary WHERE title_hant IS NULL";
    assert!(scene.rows(untitled).is_empty(), "{:?}", scene.rows(untitled));
}

#[test]
fn one_language_has_one_column_for_each_name() {
    let scene = scene();
    let mut seen = Vec::new();
    for (language, metric, header, name) in [
        ("zh-Hant", "指標", "數值（精確）", "節電量"),
        ("zh-Hans", "指标", "数值（精确）", "节电量"),
        ("en", "Metric", "Value, exact", "Electricity saved"),
    ] {
        scene.export(&["x.csv", "--lang", language, "--force"]);
        let text = fs::read_to_string(scene.path("x.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let headers = reader.headers().unwrap().clone();
        let names: Vec<&str> = headers.iter().collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{language}: a header stands twice: {names:?}");
        assert!(names.contains(&header), "{language}: {names:?}");
        let at = names.iter().position(|name| *name == metric).unwrap_or_else(|| panic!("{language}: no {metric} in {names:?}"));
        let metrics: Vec<String> = reader.records().map(|row| row.unwrap()[at].to_string()).collect();
        assert!(metrics.iter().any(|metric| metric == name), "{language}: no {name} in {metrics:?}");
        assert!(metrics.iter().all(|metric| !metric.is_empty()), "{language}: {metrics:?}");
        seen.push(names.len());
    }
    assert!(seen.iter().all(|width| *width < scene.columns("flat_facts").len()), "{seen:?}");
    for (language, header, definition) in [
        ("zh-Hant", "定義", "期內因採取節能措施而少用的電量，"),
        ("zh-Hans", "定义", "期内因采取节能措施而少用的电量，"),
        ("en", "Definition", "Electricity that measures of the company saved."),
    ] {
        scene.export(&["m.csv", "--view", "metrics", "--lang", language, "--force", "--where", "code = 'electricity_saved'"]);
        let text = fs::read_to_string(scene.path("m.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let at: Vec<usize> = reader.headers().unwrap().iter().enumerate().filter(|(_, name)| *name == header).map(|(at, _)| at).collect();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!((at.len(), rows.len()), (1, 1), "{language}: {text}");
        assert!(rows[0][at[0]].starts_with(definition), "{language}: {text}");
    }
    // Workbooks too, sheets and contents with them.
    scene.export(&["x.xlsx", "--lang", "zh-Hant"]);
    let workbook: Xlsx<_> = open_workbook(scene.path("x.xlsx")).unwrap();
    assert_eq!(workbook.sheet_names()[..3], ["目錄", "圖表", "事實"]);
    let request = Request { language: Some(Language::Hans), ..Request::default() };
    let mut out = Vec::new();
    export::export_to(&mut scene.db(), &scene.path("figures.db"), &request, &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().starts_with("数据编号,"));
}

/// The rows of `data/values.csv`: column and value.
fn values() -> HashSet<(String, String)> {
    let table = fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/values.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| row.len() == 5 && row.iter().all(|field| !field.is_empty())));
    rows.iter().map(|row| (row[0].to_string(), row[1].to_string())).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..'\u{9FFF}').contains(&c))
}

#[test]
fn every_code_and_description_has_its_words() {
    let scene = scene();
    let values = values();
    scene.export(&["out"]);
    let mut wrong = Vec::new();
    for row in scene.rows("SELECT DISTINCT description FROM data_dictionary WHERE description IS NOT NULL") {
        let Value::Text(text) = &row[0] else { panic!("{row:?}") };
        if !values.contains(&("description".to_string(), text.clone())) {
            wrong.push(format!("data_dictionary: {text}"));
        }
    }
    for resource in scene.json("out/datapackage.json")["resources"].as_array().unwrap() {
        let table = resource["name"].as_str().unwrap();
        // What a constraint lists are codes.
        for row in scene.rows(&format!("SELECT sql FROM sqlite_master WHERE name = '{table}' AND type = 'table'")) {
            let Value::Text(sql) = &row[0] else { panic!("{table}: {row:?}") };
            for list in sql.split(" CHECK (").skip(1).filter(|check| check.contains(" IN ('")) {
                let (column, codes) = list.split_once(" IN (").unwrap();
                for code in codes.split(')').next().unwrap().split(',').map(|code| code.trim().trim_matches('\'')) {
                    if !values.contains(&(column.to_string(), code.to_string())) {
                        wrong.push(format!("{table}.{column}: {code}"));
                    }
                }
            }
        }
        for column in ["category", "quantity", "region", "geo_area"]
            .into_iter()
            .filter(|column| scene.columns(table).iter().any(|known| known == column))
        {
            for row in scene.rows(&format!("SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")) {
                let Value::Text(code) = &row[0] else { panic!("{table}: {row:?}") };
                if !values.contains(&(column.to_string(), code.clone())) {
                    wrong.push(format!("{table}.{column}: {code}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "without words in data/values.csv:\n{}", wrong.join("\n"));
}

#[test]
fn a_workbook_speaks_one_language() {
    let scene = scene();
    for (language, sheets, charts, formats, facts, review) in [
        (
            Language::Hant,
            ["目錄", "圖表", "事實", "待審核"],
            ["青嶼能源：員工總數", "年份 員工總數（人）", "青嶼能源：節電量，2021", "省份 節電量（千瓦時）", "青海省 3105000"],
            ["#,##0&quot;元&quot;", "#,##0&quot;港元&quot;", "0.0&quot;%&quot;"],
            ["水平", "變動", "百分比", "實際", "年", "千瓦時", "青嶼能源", "人民幣元"],
            "指標",
        ),
        (
            Language::Hans,
            ["目录", "图表", "事实", "待审核"],
            ["青屿能源：员工总数", "年份 员工总数（人）", "青屿能源：节电量，2021", "省份 节电量（千瓦时）", "青海省 3105000"],
            ["#,##0&quot;元&quot;", "#,##0&quot;港元&quot;", "0.0&quot;%&quot;"],
            ["水平", "变动", "百分比", "实际", "年", "千瓦时", "青屿能源", "人民币元"],
            "指标",
        ),
        (
            Language::En,
            ["Contents", "Charts", "Facts", "To review"],
            [
                "青屿能源: Employees",
                "Year Employees (people)",
                "青屿能源: Electricity saved, 2021",
                "Province Electricity saved (kilowatt hours)",
                "Qinghai Province 3105000",
            ],
            ["#,##0&quot; CNY&quot;", "#,##0&quot; HKD&quot;", "0.0&quot;%&quot;"],
            ["level", "change", "per cent", "actual", "year", "kilowatt hours", "青屿能源", "CNY"],
            "Metric",
        ),
    ] {
        scene.export(&["x.xlsx", "--force", "--lang", language.tag()]);
        let mut workbook: Xlsx<_> = open_workbook(scene.path("x.xlsx")).unwrap();
        let mut rows = |sheet: &str| -> Vec<Vec<String>> {
            workbook.worksheet_range(sheet).unwrap().rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
        };
        let [contents, charted, of_facts, of_review] = sheets.map(&mut rows);
        let tag = language.tag();
        // Names and meanings are in the language; what is a code or a date in both stays.
        for row in &contents {
            for text in [&row[0], &row[3]].into_iter().filter(|text| text.chars().any(|c| c.is_ascii_lowercase())) {
                assert_ne!(is_chinese(text), language == Language::En, "{tag}: {text}");
            }
        }
        assert!(contents.iter().all(|row| language != Language::En || !is_chinese(&row.concat())), "{tag}: {contents:?}");
        let lines: Vec<String> = charted.iter().map(|row| row.join(" ").trim().to_string()).collect();
        for line in charts {
            assert!(lines.iter().any(|found| found == line), "{tag}: {line} is not in {lines:?}");
        }
        let drawn = scene.part("x.xlsx", "xl/charts/chart1.xml") + &scene.part("x.xlsx", "xl/charts/chart2.xml");
        for title in [charts[0], charts[2]].into_iter().chain(
            [charts[1], charts[3]].into_iter().flat_map(|line| line.split_once(' ').map(|(axis, measure)| [axis, measure])).flatten(),
        ) {
            assert!(drawn.contains(&format!("<a:t>{title}</a:t>")), "{tag}: {title} is not in {drawn}");
        }
        let styles = scene.part("x.xlsx", "xl/styles.xml");
        for format in formats {
            assert!(styles.contains(format), "{tag}: {format} is not in {styles}");
        }
        let cells: HashSet<&String> = of_facts.iter().flatten().collect();
        for fact in facts {
            assert!(cells.contains(&fact.to_string()), "{tag}: no {fact} among the facts");
        }
        assert!(of_review[0].iter().any(|title| title == review), "{tag}: {:?}", of_review[0]);
    }
    // A condition is said of what the database holds.
    scene.export(&["y.csv", "--lang", "zh-Hant", "--where", "kind = 'change' AND unit = '%'"]);
    let text = fs::read_to_string(scene.path("y.csv")).unwrap();
    assert!(text.lines().count() > 1 && text.lines().skip(1).all(|line| line.contains(",變動,")), "{text}");
}

// ------------------------------------------------------------------ which rows, which views

#[test]
fn a_condition_chooses_rows_and_can_do_nothing_else() {
    let scene = scene();
    let said = scene.export(&["x.csv", "--where", "province_code = 'CN-QH' -- a comment"]);
    assert_eq!(said, "x.csv: 2 rows\n");
    scene.refuses(&["y.csv", "--where", "provinc_code = 1"], 1, &["no such column: provinc_code", "「province_code」", "^"]);
    for condition in ["1); DELETE FROM figures; --", "1); SELECT (1", "year = 2020;", ""] {
        scene.refuses(&["y.csv", "--where", condition], 2, &["--where is one SQL condition without a semicolon"]);
    }
    scene.refuses(&["y.csv", "--where", "(year = 2020"], 1, &["incomplete input: a bracket, a value or a word is missing at the end", "^"]);
    scene.refuses(&["y.csv", "--where", "load_extension('x')"], 1, &["load an extension"]);
    scene.refuses(&["out", "--where", "year = 2020"], 2, &["--where", "--view flat_facts"]);
    scene.refuses(&["y.xlsx", "--where", "year = 2020"], 2, &["--view flat_facts"]);
    scene.export(&["out", "--view", "FLAT_FACTS", "--where", "year = 2020"]);
    let mut names: Vec<String> =
        fs::read_dir(scene.path("out")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["csv-metadata.json", "datapackage.json", "flat_facts.csv"]);
}

#[test]
fn bad_targets_are_told_and_nothing_is_left_behind() {
    let scene = scene();
    fs::write(scene.path("taken.xlsx"), "mine").unwrap();
    fs::write(scene.path("plain"), "mine").unwrap();
    fs::create_dir_all(scene.path("dir.parquet")).unwrap();
    scene.refuses(&["taken.xlsx"], 1, &["taken.xlsx: exists", "--force"]);
    assert_eq!(fs::read_to_string(scene.path("taken.xlsx")).unwrap(), "mine");
    scene.refuses(&["plain"], 1, &["plain: is no folder"]);
    scene.refuses(&["nope/x.xlsx"], 1, &["nope/x.xlsx: cannot be written"]);
    scene.refuses(&["x.ods"], 2, &["x.ods", ".xlsx", "LibreOffice"]);
    scene.refuses(&["out", "--format", "xlsx"], 2, &["one file"]);
    scene.refuses(&["-", "--format", "parquet"], 2, &["standard output"]);
    scene.refuses(&["x.xlsx", "--view", "flat_fact"], 1, &["「flat_facts」"]);
    scene.export(&["taken.xlsx", "--force", "--view", "years"]);
    assert!(fs::read(scene.path("taken.xlsx")).unwrap().starts_with(b"PK"));
    scene.export(&["out"]);
    scene.refuses(&["out"], 1, &["out/", ".csv: exists", "--force"]);
}

/// A process that may write no more gets a signal; ignored, the write fails as on a full disk.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_what_was_there() {
    let scene = scene();
    for (name, blocks) in [("x.xlsx", 100), ("x.xlsx", 1500), ("x.csv", 1), ("x.parquet", 4), ("out", 40)] {
        let before = scene.files();
        let output = Command::new("sh")
            .args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh"])
            .arg(assert_cmd::cargo::cargo_bin("reportsql"))
            .args(["export", name])
            .current_dir(scene.folder())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}, {blocks} blocks: {said}");
        assert!(said.contains(name) && (said.contains("File too large") || said.contains("disk")), "{name}, {blocks} blocks: {said}");
        assert!(!said.contains("panicked"), "{said}");
        let left: Vec<String> = scene.files().into_iter().filter(|name| name != "out").collect();
        assert_eq!(left, before, "{name}, {blocks} blocks");
        if name == "out" {
            assert_eq!(fs::read_dir(scene.path("out")).unwrap().count(), 0);
        }
    }
}
