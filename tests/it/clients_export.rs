//! Exports as other programs see them: every value of a workbook, of Parquet, of packages comes back as it stands in the database; every
//! mark and letter of a chart is drawn.
//!
//! Behind the feature `clients`. `.ci/clients` installs the programs; a test whose program is absent fails and names it. What
//! drives those in Python stands in `tests/clients/exports.py`.

use crate::chart;
use crate::scene::{Scene, answer};
use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use resvg::tiny_skia::Pixmap;
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with a database of a sheet and two texts, one of which restates the other.
fn scene() -> Scene {
    let scene = Scene::new();
    let texts = root().join("tests/corpus/clients");
    let sheet = root().join("data/reports/china-unicom-2019.csv");
    for (file, year) in [(sheet, None), (texts.join("2020.txt"), Some("2020")), (texts.join("2021.txt"), Some("2021"))] {
        let mut arguments = vec!["load", "-q", file.to_str().unwrap()];
        if let Some(year) = year {
            arguments.extend(["--company", "青嶼能源", "--kind", "esg", "--year", year]);
        }
        scene.run(&arguments).succeeds();
    }
    // The longest that DECIMAL(38,9) holds, and a text that looks like a formula.
    let edits = "UPDATE figures SET value_text = '12345678901234567890123456789.123456789' WHERE id = 1; UPDATE figures SET note = '=1+1' WHERE id = 2";
    scene.db().execute_batch(edits).unwrap();
    scene
}

/// The columns and rows of a table or view.
fn rows(scene: &Scene, relation: &str) -> (Vec<String>, Vec<Vec<Value>>) {
    answer(&scene.db(), &format!("SELECT * FROM {relation}"))
}

impl Scene {
    /// What a program in Python sees.
    fn python(&self, client: &str, files: &[&str]) -> Json {
        let mut command = Command::new(root().join("target/clients/python/bin/python"));
        command.current_dir(self.folder()).arg(root().join("tests/clients/exports.py")).arg(client).args(files);
        let output =
            command.output().unwrap_or_else(|error| panic!("{client} is not there, .ci/clients installs it: {command:?}: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{client} does not read (.ci/clients installs it): {said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{client}: {error}: {said}"))
    }
}

/// The text of a cell and a value of the database: equal, a double to the last bit.
fn is_same(value: &Value, found: Option<&str>) -> bool {
    match (value, found) {
        (Value::Null, None | Some("")) => true,
        (Value::Integer(integer), Some(found)) => found.parse() == Ok(*integer),
        (Value::Real(double), Some(found)) => found.parse() == Ok(*double),
        (Value::Text(text), Some(found)) => text == found,
        _ => false,
    }
}

/// A double with the fifteen digits that spreadsheets save; all others stand in the exact texts.
fn digits(double: f64) -> String {
    format!("{double:.14e}")
}

#[test]
fn libreoffice_gives_back_every_value_of_a_workbook() {
    let scene = scene();
    scene.run(&["export", "x.xlsx"]).succeeds();
    let profile = format!("-env:UserInstallation=file://{}", scene.path("profile").display());
    let mut command = Command::new("soffice");
    // A workbook of its own keeps the kinds of the cells, which its CSV does not.
    command.current_dir(scene.folder()).args([&profile, "--headless", "--convert-to", "xlsx", "--outdir", "out", "x.xlsx"]);
    let output = command.output().unwrap_or_else(|error| panic!("LibreOffice is not there, .ci/clients installs it: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut workbook: Xlsx<_> = open_workbook(scene.path("out/x.xlsx"))
        .unwrap_or_else(|error| panic!("LibreOffice (.ci/clients installs libreoffice-calc) wrote no workbook: {error}"));
    let mut wrong = Vec::new();
    for relation in ["flat_facts", "flat_figures", "province_facts", "changes", "periods", "places", "units", "metrics"] {
        let (names, rows) = rows(&scene, relation);
        let sheet = workbook.worksheet_range(relation).unwrap();
        let read: Vec<&[Data]> = sheet.rows().collect();
        assert_eq!(read[0].iter().map(Data::to_string).collect::<Vec<_>>(), names, "{relation}");
        assert!(!rows.is_empty() && read.len() == rows.len() + 1, "{relation}: {} rows, not {}", read.len() - 1, rows.len());
        for (at, (row, read)) in rows.iter().zip(&read[1..]).enumerate() {
            for ((name, value), found) in names.iter().zip(row).zip(*read) {
                let is_kept = match (value, found) {
                    (Value::Null, Data::Empty) => true,
                    (Value::Integer(integer), Data::Bool(flag)) => *integer == i64::from(*flag),
                    (Value::Integer(integer), found) => found.as_f64() == Some(*integer as f64),
                    (Value::Real(double), found) => found.as_f64().is_some_and(|found| digits(found) == digits(*double)),
                    (Value::Text(text), Data::DateTime(day)) => {
                        let (year, month, day, ..) = day.to_ymd_hms_milli();
                        *text == format!("{year:04}-{month:02}-{day:02}")
                    }
                    (Value::Text(text), Data::String(found)) => text == found,
                    _ => false,
                };
                if !is_kept {
                    wrong.push(format!("{relation}, row {at}, {name}: {found:?}, not {value:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong[..wrong.len().min(20)].join("\n"));
}

#[test]
fn pyarrow_and_duckdb_read_the_same_exact_values_of_parquet() {
    let scene = scene();
    scene.run(&["export", "x.parquet"]).succeeds();
    let (names, rows) = rows(&scene, "flat_facts");
    for (client, decimal, day) in [("pyarrow", "decimal128(38, 9)", "date32[day]"), ("duckdb", "DECIMAL(38,9)", "DATE")] {
        let seen = scene.python(client, &["x.parquet"]);
        let columns: Vec<&str> = seen["types"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!((seen["types"]["value_decimal"].as_str(), seen["types"]["period_end"].as_str()), (Some(decimal), Some(day)), "{client}");
        let read = seen["rows"].as_array().unwrap();
        assert_eq!(read.len(), rows.len(), "{client}");
        let mut longest = 0;
        for (row, read) in rows.iter().zip(read) {
            let field = |name: &str| read[columns.iter().position(|column| *column == name).unwrap()].as_str();
            for (name, value) in names.iter().zip(row) {
                assert!(is_same(value, field(name)), "{client}, {name}: {:?}, not {value:?}", field(name));
            }
            if let Some(exact) = field("value_exact") {
                let (whole, part) = exact.split_once('.').unwrap_or((exact, ""));
                assert_eq!(field("value_decimal"), Some(format!("{whole}.{part:0<9}").as_str()), "{client}");
                longest = longest.max(exact.len());
            }
        }
        assert_eq!(longest, 39, "{client}: the longest value is there");
    }
}

#[test]
fn frictionless_and_csvw_find_nothing_wrong_with_a_folder() {
    let scene = scene();
    for (folder, language) in [("plain", None), ("hant", Some("zh-Hant"))] {
        let mut arguments = vec!["export", folder, "-q"];
        arguments.extend(language.iter().flat_map(|language| ["--lang", language]));
        scene.run(&arguments).succeeds();
        let package = format!("{folder}/datapackage.json");
        let report = scene.python("frictionless", &[&package]);
        assert_eq!(report["valid"], true, "{report}");
        assert!(report["tables"].as_u64().unwrap() > 20, "{report}");
        let report = scene.python("csvw", &[&format!("{folder}/csv-metadata.json")]);
        assert_eq!(report["valid"], true, "{report}");
        assert_eq!(report["rows"]["flat_facts.csv"].as_u64().unwrap() as usize, rows(&scene, "flat_facts").1.len());
    }
    // It would find it: a row that says nothing where something is required.
    let path = scene.path("plain/years.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text},,,,\n")).unwrap();
    assert_eq!(scene.python("frictionless", &["plain/datapackage.json"])["valid"], false);
}

#[test]
fn datasette_shows_what_columns_mean() {
    let scene = scene();
    scene.run(&["export", "metadata.json", "--format", "datasette"]).succeeds();
    let seen = scene.python("datasette", &["figures.db", "metadata.json"]);
    assert_eq!(seen["status"], 200);
    let given: Json = serde_json::from_str(&fs::read_to_string(scene.path("metadata.json")).unwrap()).unwrap();
    // Datasette adds who made a table and where it is from, which nobody said.
    for (table, described) in given["databases"]["figures"]["tables"].as_object().unwrap() {
        let taken = &seen["metadata"]["databases"]["figures"]["tables"][table];
        for (key, value) in described.as_object().unwrap() {
            assert_eq!(&taken[key], value, "{table}: {key}");
        }
    }
    let page = seen["page"].as_str().unwrap();
    for part in ["A row for each fact", "Value in base units: To add up and compare, within one unit_base"] {
        assert!(page.contains(part), "{part} is not on the page of flat_facts");
    }
}

/// The number of an attribute in a line of SVG.
fn attribute(line: &str, name: &str) -> Option<f64> {
    line.split_once(&format!(" {name}=\""))?.1.split('"').next()?.parse().ok()
}

/// Where a mark stands: the middle of a bar, of a circle (`Mx ya r …`) or of a shape with corners.
fn middle(line: &str) -> (f64, f64) {
    let at = |name: &str| attribute(line, name).unwrap();
    if line.starts_with("<rect") {
        return (at("x") + at("width") / 2.0, at("y") + at("height") / 2.0);
    }
    let path = line.split_once(" d=\"").unwrap().1.split('"').next().unwrap();
    let numbers: Vec<f64> = path.split(|c: char| c.is_ascii_alphabetic() || c == ' ').filter_map(|number| number.parse().ok()).collect();
    if path.contains('a') {
        return (numbers[0] + numbers[2], numbers[1]);
    }
    let corners = numbers.len() as f64 / 2.0;
    (numbers.iter().step_by(2).sum::<f64>() / corners, numbers.iter().skip(1).step_by(2).sum::<f64>() / corners)
}

/// Two pixels for each unit of a drawing.
struct Pixels(Pixmap);

impl Pixels {
    fn read(path: &Path) -> Pixels {
        let picture = Pixmap::decode_png(&fs::read(path).unwrap()).unwrap();
        assert_eq!(picture.width(), 1920);
        Pixels(picture)
    }

    /// Of the part around a point: how many pixels have a colour (`#0b2f5b`), and how much ink there is.
    fn part(&self, (x, y): (f64, f64), (width, height): (f64, f64), colour: &str) -> (usize, f64) {
        let wanted = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap();
        let (mut count, mut ink) = (0, 0.0);
        for row in (2.0 * (y - height / 2.0)) as u32..(2.0 * (y + height / 2.0)) as u32 {
            for column in (2.0 * (x - width / 2.0)) as u32..(2.0 * (x + width / 2.0)) as u32 {
                let Some(pixel) = self.0.pixel(column, row) else { continue };
                count += usize::from(u32::from_be_bytes([0, pixel.red(), pixel.green(), pixel.blue()]) == wanted);
                ink += f64::from(255 - pixel.green()) / 255.0;
            }
        }
        (count, ink)
    }
}

impl Scene {
    /// What rsvg-convert makes of a drawing.
    fn pixels(&self, svg: &str) -> Pixels {
        let mut command = Command::new("rsvg-convert");
        command.current_dir(self.folder()).args(["--zoom", "2", "--output", "drawn.png", svg]);
        let output = command.output().unwrap_or_else(|error| panic!("rsvg-convert is not there, .ci/clients installs it: {error}"));
        assert!(output.status.success(), "{svg}: {}", String::from_utf8_lossy(&output.stderr));
        Pixels::read(&self.path("drawn.png"))
    }
}

#[test]
fn rsvg_draws_every_mark_and_letter_of_a_chart() {
    let scene = chart::scene();
    let (mut marks, mut texts) = (0, 0);
    for (arguments, name) in chart::PICTURES {
        scene.run(&[&["chart", "-o", name], arguments].concat()).succeeds();
        scene.run(&[&["chart", "-o", "outlined.svg", "--outlines", "--force"], arguments].concat()).succeeds();
        let svg = fs::read_to_string(scene.path(name)).unwrap();
        let (picture, outlined) = (scene.pixels(name), scene.pixels("outlined.svg"));
        let mut is_mark = false;
        for line in svg.lines() {
            is_mark = line.starts_with("<g>") || (is_mark && line != "</g>");
            let colour = |name: &str| Some(line.split_once(&format!(" {name}=\""))?.1.split('"').next()?.to_string());
            // White keeps a mark apart from what is behind it.
            let colours =
                [colour("stroke"), colour("fill")].into_iter().flatten().filter(|colour| colour.starts_with('#') && colour != "#ffffff");
            if let Some(colour) = colours.take(usize::from(is_mark)).next() {
                let size = (attribute(line, "width").unwrap_or(8.8) + 4.0, attribute(line, "height").unwrap_or(8.8) + 4.0);
                let (count, _) = picture.part(middle(line), size, &colour);
                assert!(count > 20, "{name}: {count} pixels of {colour}: {line}");
                marks += 1;
            }
            if line.starts_with("<text") {
                let text = line.split_once('>').unwrap().1.trim_end_matches("</text>");
                let (x, y, size) = (attribute(line, "x").unwrap(), attribute(line, "y").unwrap(), attribute(line, "font-size").unwrap());
                let width = size * unicode_width::UnicodeWidthStr::width(text) as f64 / 2.0;
                let middle = match colour("text-anchor").as_deref() {
                    Some("middle") => x,
                    Some(_) => x - width / 2.0,
                    None => x + width / 2.0,
                };
                // As much ink as the letters have that the program draws itself: no box stands for one.
                let ink = |pixels: &Pixels| pixels.part((middle, y - size / 3.0), (width, 1.4 * size), "#000000").1;
                let share = ink(&picture) / ink(&outlined);
                assert!((0.9..1.1).contains(&share), "{name}: 「{text}」 has {share:.2} of its ink");
                texts += 1;
            }
        }
    }
    assert!(marks >= 10 && texts > 30, "{marks} marks, {texts} texts");
}
