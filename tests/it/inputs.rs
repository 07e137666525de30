//! One table and one page in every format that is read: `tests/corpus/read/same`, which `make.py` there writes.
//!
//! `kpi.figures` and `prose.figures` beside them hold a line a figure; `UPDATE=1 cargo test` rewrites them.

use crate::corpus::Mutants;
use crate::scene::Scene;
use reportsql::error::Result;
use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Amount, Content, Figure, Report};
use reportsql::{pipeline, read};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::read(None).unwrap());

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/read/same").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(corpus(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn report_of(name: &str, bytes: Vec<u8>) -> Result<Report> {
    Ok(pipeline::report(&read::document(name, bytes)?, &About::default(), &KNOWLEDGE))
}

/// 「綜合能耗 | = 126000 tce | level | 2021」: what a figure says, and not where or how it is written.
fn told(figure: &Figure) -> String {
    let value = match &figure.amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low} to {high}"),
    };
    let mut parts = vec![
        figure.metric.clone(),
        format!("{} {value} {}", figure.comparator.word(), figure.unit),
        [Some(figure.kind_word().to_string()), figure.basis.map(|basis| basis.word())].into_iter().flatten().collect::<Vec<_>>().join(" "),
        figure.period.code(),
        figure.provinces.join(" "),
    ];
    parts.extend(figure.whole.as_ref().map(|whole| format!("of {whole}")));
    parts.join(" | ")
}

fn lines(report: &Report) -> String {
    report.figures.iter().map(|figure| told(figure) + "\n").collect()
}

/// Compares what each of some files comes to with what is written down; the first writes it anew.
#[track_caller]
fn same(expected: &str, names: &[&str]) {
    for name in names {
        let report = report_of(name, bytes(name)).unwrap();
        if name == &names[0] && std::env::var_os("UPDATE").is_some() {
            std::fs::write(corpus(expected), lines(&report)).unwrap();
        }
        assert_eq!(lines(&report), std::fs::read_to_string(corpus(expected)).unwrap(), "{name}");
    }
}

#[test]
fn a_table_is_the_same_figures_in_every_format() {
    same(
        "kpi.figures",
        &["kpi.html", "kpi.xlsx", "kpi.xls", "kpi.ods", "kpi.csv", "kpi.big5.tsv", "kpi.docx", "kpi.md", "kpi.pdf", "kpi-page.xls"],
    );
}

#[test]
fn a_table_that_says_something_else_is_other_figures() {
    let table = String::from_utf8(bytes("kpi.csv")).unwrap();
    let read = lines(&report_of("kpi.csv", table.clone().into_bytes()).unwrap());
    let changes = [
        ("12.6", "12.7"),
        ("其中：外購電力", "外購電力"),
        ("億千瓦時", "萬千瓦時"),
        ("（萬立方米）", "（立方米）"),
        ("\"(1,250)\"", "\"1,250\""),
        ("2020年", "2019年"),
        ("同比變化", "2018年"),
        ("不適用", "0"),
    ];
    for (from, to) in changes {
        assert!(table.contains(from), "{from}");
        let other = report_of("kpi.csv", table.replace(from, to).into_bytes()).unwrap();
        assert_ne!(lines(&other), read, "{from} for {to}");
    }
}

#[test]
fn a_page_is_the_same_figures_in_every_format() {
    same("prose.figures", &["prose.txt", "prose.html", "prose.docx", "prose.md"]);
    for name in ["prose.txt", "prose.html", "prose.docx", "prose.md"] {
        let report = report_of(name, bytes(name)).unwrap();
        let headings: Vec<(&str, Option<&str>)> = report.figures.iter().map(|figure| heading(&report, figure)).collect();
        assert_eq!(headings[0], ("綠色運營", None), "{name}");
        assert_eq!(headings.last(), Some(&("社區", None)), "{name}");
    }
}

fn heading<'r>(report: &'r Report, figure: &Figure) -> (&'r str, Option<&'r str>) {
    let at = figure.initiative.expect("a heading stands above");
    (&report.headings[at].name, report.theme_above(at).map(|theme| theme.name.as_str()))
}

// ------------------------------------------------------------------ where figures stand

#[test]
fn a_figure_says_where_it_stands_as_its_file_has_places() {
    let at = |name: &str, raw: &str| {
        let report = report_of(name, bytes(name)).unwrap();
        let figure = report.figures.iter().find(|figure| figure.raw == raw).unwrap_or_else(|| panic!("{name}: no {raw}"));
        figure.at.clone()
    };
    let place = at("kpi.xlsx", "-3.8%");
    assert_eq!((place.page, place.sheet.as_deref(), place.cell.as_deref(), place.span), (Some(1), Some("關鍵績效"), Some("E6"), None));
    assert_eq!(at("kpi.xls", "-3.8%").cell.as_deref(), Some("E6"));
    assert_eq!(at("kpi.ods", "-3.8%").cell.as_deref(), Some("E6"));
    let place = at("kpi.csv", "-3.8%");
    assert_eq!((place.line, place.cell.as_deref(), place.span), (Some(7), Some("E7"), None));
    for name in ["kpi.html", "kpi.docx", "kpi.md"] {
        let place = at(name, "(1,250)");
        assert!(place.cell.is_some() && place.span.is_some() && place.line.is_some(), "{name}: {place:?}");
    }
    // Those of Markdown are the file's own.
    let text = String::from_utf8(bytes("kpi.md")).unwrap();
    let place = at("kpi.md", "(1,250)");
    let span = place.span.unwrap();
    assert_eq!(text.chars().skip(span.start as usize).take(span.len()).collect::<String>(), "(1,250)");
    assert!(text.lines().nth(place.line.unwrap() as usize - 1).unwrap().contains("經營現金流量"));
}

#[test]
fn every_span_cuts_out_what_was_read() {
    for name in ["kpi.html", "kpi.docx", "kpi.md", "prose.html", "prose.docx", "prose.md"] {
        let document = read::document(name, bytes(name)).unwrap();
        let Content::Outline(outline) = &document.content else { panic!("{name} has no outline") };
        for figure in pipeline::report(&document, &About::default(), &KNOWLEDGE).figures {
            let span = figure.at.span.unwrap();
            let cut: String = outline.source[span.start as usize..span.end as usize].iter().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(cut, figure.raw, "{name}");
        }
    }
}

#[test]
fn a_hidden_sheet_is_told_of_and_not_read() {
    let report = report_of("kpi.xlsx", bytes("kpi.xlsx")).unwrap();
    let told: Vec<&str> =
        report.findings.iter().filter(|finding| finding.code == "hidden-sheet").map(|finding| &*finding.message.en).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("sheet 「底稿」 is hidden and was not read"), "{told:?}");
    assert!(report_of("kpi.ods", bytes("kpi.ods")).unwrap().findings.iter().any(|finding| finding.code == "hidden-sheet"));
}

// ------------------------------------------------------------------ files made here

/// A ZIP file of some parts.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook whose sheets have these rows, cells parted by `|`; a number is one.
fn workbook(sheets: &[(&str, &[&str])]) -> Vec<u8> {
    let mut book = String::new();
    let mut links = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (at, (name, rows)) in sheets.iter().enumerate() {
        let mut data = String::new();
        for (row, text) in rows.iter().enumerate() {
            data += &format!("<row r=\"{}\">", row + 1);
            for (column, cell) in text.split('|').enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let place = format!("{}{}", char::from(b'A' + column as u8), row + 1);
                data += &match cell.parse::<f64>() {
                    Ok(_) => format!("<c r=\"{place}\"><v>{cell}</v></c>"),
                    Err(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{cell}</t></is></c>"),
                };
            }
            data += "</row>";
        }
        book += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"r{0}\"/>", at + 1);
        links += &format!("<Relationship Id=\"r{0}\" Type=\"{SHEET}\" Target=\"worksheets/sheet{0}.xml\"/>", at + 1);
        parts.push((
            format!("xl/worksheets/sheet{}.xml", at + 1),
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>"),
        ));
    }
    parts.push(("xl/workbook.xml".into(), format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets>{book}</sheets></workbook>")));
    parts.push(("_rels/.rels".into(), RELS.into()));
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"),
    ));
    zipped(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const SHEET: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";

/// Cell, metric, value with unit and period of each figure.
fn cells(report: &Report) -> Vec<String> {
    let cell = |figure: &Figure| format!("{}!{}", figure.at.sheet.as_deref().unwrap_or(""), figure.at.cell.as_deref().unwrap_or(""));
    report.figures.iter().map(|figure| format!("{} {}", cell(figure), told(figure).trim_end_matches(" | "))).collect()
}

#[test]
fn a_sheet_of_figures_may_be_a_workbook() {
    let typed = workbook(&[
        ("說明", &[]),
        ("數據", &["指標|數值|期間|省份", "新建充電樁|約1.2萬個|2021|青海", "棄風率|同比下降1.2個百分點|2021|"]),
        ("註", &["手工錄入"]),
    ]);
    let document = read::document("a.xlsx", typed).unwrap();
    assert!(matches!(&document.content, Content::Transcription(rows, _) if rows.len() == 2));
    let report = pipeline::report(&document, &About::default(), &KNOWLEDGE);
    assert_eq!(
        cells(&report),
        ["數據!B2 新建充電樁 | ~ 12000 个 | level | 2021 | CN-QH", "數據!B3 棄風率 | = -1.2 pp | change yoy | 2021"]
    );
}

#[test]
fn tables_of_a_sheet_are_told_apart() {
    let rows = [
        "2021年主要數據",
        "",
        "用電情況",
        "指標（萬千瓦時）|2021年|2020年",
        "外購電力|350|320",
        "",
        "其他",
        "自發電力|80|75",
        "",
        "單位：人",
        "類別|2021年||類別|2021年",
        "男性|210||35歲以下|120",
        "女性|140||35歲以上|230",
        "",
        "註：2021年新增基站1.2萬個。",
    ];
    let report = report_of("a.xlsx", workbook(&[("Sheet1", &rows)])).unwrap();
    assert_eq!(
        cells(&report),
        [
            "Sheet1!B5 外購電力 | = 3500000 kWh | level | 2021",
            "Sheet1!C5 外購電力 | = 3200000 kWh | level | 2020",
            "Sheet1!B8 自發電力 | = 800000 kWh | level | 2021",
            "Sheet1!C8 自發電力 | = 750000 kWh | level | 2020",
            "Sheet1!B12 男性 | = 210 人 | level | 2021",
            "Sheet1!B13 女性 | = 140 人 | level | 2021",
            "Sheet1!E12 35歲以下 | = 120 人 | level | 2021",
            "Sheet1!E13 35歲以上 | = 230 人 | level | 2021",
            "Sheet1!A15 新增基站 | = 12000 个 | level | 2021",
        ]
    );
}

// ------------------------------------------------------------------ what is told by the bytes

#[test]
fn what_a_file_is_called_counts_less_than_what_it_is() {
    let media_type = |name: &str, bytes: Vec<u8>| read::document(name, bytes).unwrap().media_type;
    assert_eq!(media_type("a.xls", bytes("kpi.html")), "text/html");
    assert_eq!(media_type("a.doc", bytes("prose.html")), "text/html");
    assert_eq!(media_type("a.xls", bytes("kpi.big5.tsv")), "text/tab-separated-values");
    assert_eq!(media_type("a.xls", bytes("kpi.csv")), "text/csv");
    assert_eq!(media_type("a.csv", bytes("kpi.xls")), "application/vnd.ms-excel");
    assert_eq!(media_type("a.bin", bytes("kpi.ods")), "application/vnd.oasis.opendocument.spreadsheet");
    assert_eq!(media_type("-", bytes("kpi.xlsx")), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_eq!(media_type("a.txt", bytes("prose.docx")), "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
}

#[track_caller]
fn refused(name: &str, bytes: Vec<u8>, parts: &[&str]) {
    let message = report_of(name, bytes).unwrap_err().to_string();
    for part in std::iter::once(&name).chain(parts) {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_asks_for_a_password_says_so() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap().write_all(b"....").unwrap();
    refused("a.xlsx", file.into_inner().into_inner(), &["asks for a password", "save a copy without one"]);
    let manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let ods = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("META-INF/manifest.xml", manifest), ("content.xml", "")];
    refused("a.ods", zipped(&ods), &["the workbook asks for a password"]);
    // FILEPASS behind the first record.
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let records = [&[0x09, 0x08, 4, 0, 0, 6, 5, 0][..], &[0x2F, 0, 2, 0, 1, 0], &[0x0A, 0, 0, 0]].concat();
    file.create_stream("/Workbook").unwrap().write_all(&records).unwrap();
    refused("a.xls", file.into_inner().into_inner(), &["the workbook asks for a password"]);
}

// ------------------------------------------------------------------ hostile files

#[test]
fn traps_are_refused_before_they_close() {
    refused("a.html", "<div>".repeat(200_000).into_bytes(), &["nests its elements more than"]);
    let tags: String = (0..30_000).map(|at| format!("<b id={at}>")).collect();
    refused("b.html", (tags + &"<p>x</p>".repeat(30_000)).into_bytes(), &["nests its elements more than"]);
    let spans = "<tr><td>指標<td colspan=1000 rowspan=65000>1</tr>".repeat(200);
    refused("c.html", format!("<table>{spans}{}</table>", "<tr><td>x<td>1</tr>".repeat(9_000)).into_bytes(), &["its cells span more than"]);
    let tables = "<w:tbl><w:tr><w:tc>".repeat(3_000);
    let word = zipped(&[("word/document.xml", &format!("<w:document><w:body>{tables}"))]);
    refused("a.docx", word, &["deep inside one another"]);
    refused("b.docx", zipped(&[("word/document.xml", "<w:document><w:body><w:p>")]), &["holds no text"]);
    refused("c.docx", zipped(&[("word/document.xml", "<w:document><w:body></w:p>")]), &["its markup is damaged", "get the file anew"]);
    let mut bomb = zipped(&[("xl/workbook.xml", "<workbook/>"), ("xl/sharedStrings.xml", &" ".repeat(70_000))]);
    // It says of itself that it unpacks to 3 GB.
    let size = 70_000_u32.to_le_bytes();
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..*at + 4] == size).collect();
    places.iter().for_each(|at| bomb[*at..*at + 4].copy_from_slice(&3_000_000_000_u32.to_le_bytes()));
    refused("a.xlsx", bomb, &["unpacks to more than"]);
}

/// A ZIP file with small parts and one that is made of so many blanks, deflated by hand, and says that it is made of so many others.
fn bomb(part: &str, blanks: usize, told: usize, others: &[(&str, &str)]) -> Vec<u8> {
    let packed = &crate::pdf_hostile::deflated_run(b" ", blanks)[2..];
    let stored = others.iter().map(|(name, text)| (*name, text.as_bytes(), text.len(), 0_u16));
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, data, told, method) in stored.chain([(part, packed, told, 8)]) {
        let place = (bytes.len() as u32).to_le_bytes();
        let (size, told) = ((data.len() as u32).to_le_bytes(), (told as u32).to_le_bytes());
        let length = (name.len() as u16).to_le_bytes();
        let mut checksum = flate2::Crc::new();
        checksum.update(data);
        let head =
            [&[20, 0, 0, 0][..], &method.to_le_bytes(), &[0; 4], &checksum.sum().to_le_bytes(), &size, &told, &length, &[0, 0]].concat();
        bytes.extend_from_slice(&[b"PK\x03\x04", &head[..], name.as_bytes(), data].concat());
        directory.extend_from_slice(&[b"PK\x01\x02\x14\x00", &head[..], &[0; 10], &place, name.as_bytes()].concat());
    }
    let count = (others.len() as u16 + 1).to_le_bytes();
    let (place, size) = ((bytes.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    [&bytes[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &size, &place, &[0, 0]].concat()
}

#[test]
fn parts_that_unpack_to_too_much_are_refused_whatever_they_say_of_their_size() {
    let ods = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet")];
    let word = [("word/styles.xml", "<w:styles/>")];
    let workbook = [("xl/workbook.xml", "<workbook/>"), ("_rels/.rels", RELS), ("xl/_rels/workbook.xml.rels", "<Relationships/>")];
    for (name, part, others, most) in [
        ("a.ods", "content.xml", &ods[..], 256),
        ("a.docx", "word/document.xml", &word, 256),
        ("a.xlsx", "xl/sharedStrings.xml", &workbook, 512),
    ] {
        let much = (most + 10) << 20;
        let file = bomb(part, much, much, others);
        assert!(file.len() < 5 << 20);
        refused(name, file, &[part, &format!("unpacks to more than {most} MB"), "it is damaged or a trap"]);
        // It says that it is small; what is behind that is not unpacked.
        refused(name, bomb(part, much, 1000, others), &["larger than its declared uncompressed size", "damaged"]);
    }
    // The same file with a part of a size that reports have is none.
    let message = report_of("a.ods", bomb("content.xml", 257 << 10, 258 * (1024 - 4) + 1, &ods)).unwrap_err().to_string();
    assert!(!message.contains("unpacks"), "{message}");
}

#[test]
fn entities_that_stand_for_one_another_are_not_written_out() {
    let laughs: String = (1..30).map(|at| format!("<!ENTITY l{at} \"&l{0};&l{0};&l{0};&l{0};\">", at - 1)).collect();
    let body = "<w:document><w:body><w:p><w:r><w:t>新增基站1.2萬個&l29;。</w:t></w:r></w:p></w:body></w:document>";
    let word = zipped(&[("word/document.xml", &format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]>{body}"))]);
    assert_eq!(report_of("a.docx", word).unwrap().figures.len(), 1);
}

#[test]
fn more_blocks_than_any_document_has_are_refused() {
    let rows = "<w:tr><w:tc></w:tc></w:tr>".repeat(400);
    let body = "<w:p/>".repeat(1_999_000) + &format!("<w:tbl>{rows}{rows}</w:tbl>");
    refused("a.docx", zipped(&[("word/document.xml", &format!("<w:document><w:body>{body}"))]), &["more than 2000000 paragraphs"]);
}

#[test]
fn cells_far_apart_take_no_room() {
    let far = format!(
        "<worksheet xmlns=\"{MAIN}\"><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>5</v></c><c r=\"XFD1\"><v>6</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>7</v></c></row></sheetData></worksheet>"
    );
    let book =
        format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
    let links = format!("<Relationships><Relationship Id=\"r1\" Type=\"{SHEET}\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
    let parts =
        [("_rels/.rels", RELS), ("xl/workbook.xml", &*book), ("xl/_rels/workbook.xml.rels", &*links), ("xl/worksheets/sheet1.xml", &*far)];
    // The number at the far left calls its row.
    assert_eq!(report_of("a.xlsx", zipped(&parts)).unwrap().figures.len(), 2);
    let repeated = "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell></table:table-row></table:table>";
    let ods = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", repeated)];
    let report = report_of("a.ods", zipped(&ods)).unwrap();
    assert!(report.figures.len() < 80_000, "{}", report.figures.len());
    let told: Vec<&str> = report.findings.iter().filter(|finding| finding.code == "repeats-unread").map(|f| &*f.message.en).collect();
    let [told] = told[..] else { panic!("{told:?}") };
    assert!(told.starts_with("sheet 「a」 says one thing again and again: of rows ") && told.contains(" to 1048576 not all"), "{told}");
}

/// An ods of one sheet of these rows.
fn open_workbook(rows: &str) -> Vec<u8> {
    let table = format!("<table:table table:name=\"數據\">{rows}</table:table>");
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &table)])
}

#[test]
fn rows_that_repeat_are_all_read() {
    let text = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let number = |value: u32, times: u32| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{times}\" office:value-type=\"float\" office:value=\"{value}\"><text:p>{value}</text:p></table:table-cell>"
        )
    };
    let row = |times: u32, cells: &str| format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>");
    let blank = "<table:table-cell table:number-columns-repeated=\"16384\"/>";
    let rows = [
        row(1, &["縣", "2021年新建充電樁（個）", "2021年新建基站（個）"].map(text).concat()),
        row(3_000, &(text("甲縣") + &number(7, 2))),
        row(1, &(text("乙縣") + &number(8, 2))),
        row(1_048_576, blank),
    ];
    let report = report_of("a.ods", open_workbook(&rows.concat())).unwrap();
    let count = |value: &str| report.figures.iter().filter(|figure| figure.raw == value).count();
    assert_eq!((count("7"), count("8")), (6_000, 2));
    assert_eq!(report.figures.last().and_then(|figure| figure.at.cell.clone()).as_deref(), Some("C3002"));
    assert!(report.findings.iter().all(|finding| finding.code != "repeats-unread"));
}

#[test]
fn mutants_come_to_an_end() {
    let (mut workbooks, mut others) = (0, 0);
    for name in ["kpi.html", "kpi.xlsx", "kpi.xls", "kpi.ods", "kpi.csv", "kpi.docx", "kpi.md", "prose.html", "prose.docx"] {
        let whole = bytes(name);
        let is_workbook = ["kpi.xlsx", "kpi.xls", "kpi.ods"].contains(&name);
        let (count, of_whole, of_part) = if is_workbook { (&mut workbooks, 300, 150) } else { (&mut others, 100, 60) };
        for (at, mutant) in Mutants::of(&whole, 7).take(of_whole).enumerate() {
            told_or_read(name, mutant, at);
            *count += 1;
        }
        // What stands inside the packing.
        let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(whole)) else { continue };
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        let parts: Vec<(String, Vec<u8>)> = names
            .into_iter()
            .map(|name| {
                let mut part = Vec::new();
                std::io::Read::read_to_end(&mut zip.by_name(&name).unwrap(), &mut part).unwrap();
                (name, part)
            })
            .filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels") || name == "mimetype")
            .collect();
        let read: Vec<usize> = (0..parts.len())
            .filter(|at| ["sheet", "workbook", "styles", "shared", "content", "document"].iter().any(|word| parts[*at].0.contains(word)))
            .collect();
        for (at, part) in read.iter().enumerate() {
            for (nth, mutant) in Mutants::of(&parts[*part].1, 11 + at as u32).take(of_part).enumerate() {
                told_or_read(name, packed(&parts, |other| if other == *part { &mutant } else { &parts[other].1 }), nth);
                *count += 1;
            }
        }
        // Parts under one another's names, and parts that are missing.
        for one in 0..parts.len() {
            for other in one..parts.len() {
                let mutant = packed(&parts, |at| match at {
                    _ if at == one && one == other => &[],
                    _ if at == one => &parts[other].1,
                    _ if at == other => &parts[one].1,
                    _ => &parts[at].1,
                });
                told_or_read(name, mutant, one);
                *count += 1;
            }
        }
    }
    assert!(workbooks >= 2_000 && others >= 1_000, "{workbooks} workbooks, {others} others");
}

/// A ZIP file of parts under these names, with other bytes in them.
fn packed<'b>(parts: &'b [(String, Vec<u8>)], bytes: impl Fn(usize) -> &'b [u8]) -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (at, (name, _)) in parts.iter().enumerate() {
        packed.start_file(name.as_str(), options).unwrap();
        packed.write_all(bytes(at)).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

#[track_caller]
fn told_or_read(name: &str, mutant: Vec<u8>, at: usize) {
    if let Err(error) = report_of(name, mutant) {
        assert!(error.to_string().starts_with(&format!("{name}: ")), "{name} {at}: {error}");
    }
}

// ------------------------------------------------------------------ folders

#[test]
fn a_folder_of_all_formats_is_loaded_but_for_the_file_that_fails() {
    let files = ["kpi.xlsx", "kpi.ods", "kpi.csv", "prose.html", "prose.docx", "prose.md"].map(|name| (format!("in/{name}"), bytes(name)));
    let cut = bytes("kpi.docx")[..9_000].to_vec();
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    all.push(("in/cut.docx", &cut));
    let scene = Scene::with(&all);
    let loaded = scene.run(&["load", "in", "--company", "青嶼能源", "--year", "2021", "--kind", "esg", "--jobs", "3"]);
    loaded.fails(3, &["in/cut.docx: a damaged Word document"]);
    assert!(loaded.stdout.contains("6 documents"), "{}", loaded.stdout);
    for view in ["integrity_check", "provenance_check"] {
        assert_eq!(scene.run(&["query", "--format", "csv", &format!("SELECT count(*) AS n FROM {view}")]).succeeds(), "n\n0\n", "{view}");
    }
    let at = "SELECT f.id FROM figures f JOIN documents d ON d.id = f.document_id WHERE d.name LIKE '%kpi.xlsx' AND f.cell = 'E6'";
    let id = scene.run(&["query", "--format", "csv", at]).succeeds().lines().nth(1).unwrap().to_string();
    let told = scene.run(&["explain", &id]);
    assert!(told.succeeds().contains("kpi.xlsx, page 1, sheet 關鍵績效, cell E6"), "{}", told.stdout);
}
