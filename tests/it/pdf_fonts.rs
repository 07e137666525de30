//! What the codes of a PDF's fonts mean, and lines that run in other directions: PDFs made here from code.

use crate::pdf_hostile::{Pdf, pages, report, text};
use encoding_rs::{BIG5, EUC_JP, Encoding, GB18030, GBK, SHIFT_JIS, UTF_16BE};
use reportsql::model::Report;

/// The bytes of a text, as a string in a content stream.
#[track_caller]
fn string(text: &str, encoding: &'static Encoding) -> String {
    let bytes: Vec<u8> = if encoding == UTF_16BE {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else {
        let (bytes, _, had_errors) = encoding.encode(text);
        assert!(!had_errors, "{text} in {}", encoding.name());
        bytes.into_owned()
    };
    bytes.iter().fold("<".to_string(), |hex, byte| hex + &format!("{byte:02X}")) + ">"
}

/// A font of Chinese characters that is not embedded, as /F; half-width codes are half as wide.
fn predefined(pdf: &mut Pdf, table: &str, ordering: &str) -> String {
    let system = format!("<< /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >>");
    let widths = "1 95 500 231 632 500 814 939 500 13648 13742 500";
    let inner = pdf.add(format!("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /DW 1000 /CIDSystemInfo {system} /W [{widths}] >>"));
    let font =
        pdf.add(format!("<< /Type /Font /Subtype /Type0 /BaseFont /Song-{table} /Encoding /{table} /DescendantFonts [{inner} 0 R] >>"));
    format!("/Font << /F {font} 0 R >>")
}

/// What figures say: 「1200座 2021」.
fn told(report: &Report) -> Vec<String> {
    report.figures.iter().map(|figure| format!("{} {}", figure.raw, figure.period.code())).collect()
}

#[track_caller]
fn reads(pdf: &Pdf, line: &str, figures: &[&str], what: &str) {
    let bytes = pdf.bytes();
    let solid: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    assert_eq!(text(&pages(bytes.clone())[0]), solid, "{what}");
    assert_eq!(told(&report(bytes)), figures, "{what}");
}

// ------------------------------------------------------------------ encodings

const SIMPLIFIED: &str = "2021年，公司新建充电桩1200座，同比增长35%。";
const TRADITIONAL: &str = "2021年，公司新建充電樁1200座，同比增長35%。";
const JAPANESE: &str = "2021年，公司新建水庫1200座，同比増加35%。";

/// Predefined tables, without the direction; the characters they lead to; how a text is written in them.
const TABLES: &[(&str, &str, &Encoding, &str)] = &[
    ("GB-EUC", "GB1", GBK, SIMPLIFIED),
    ("GBpc-EUC", "GB1", GBK, SIMPLIFIED),
    ("GBK-EUC", "GB1", GBK, SIMPLIFIED),
    ("GBKp-EUC", "GB1", GBK, SIMPLIFIED),
    ("GBK2K", "GB1", GB18030, SIMPLIFIED),
    ("UniGB-UCS2", "GB1", UTF_16BE, SIMPLIFIED),
    ("UniGB-UTF16", "GB1", UTF_16BE, SIMPLIFIED),
    ("ETen-B5", "CNS1", BIG5, TRADITIONAL),
    ("ETenms-B5", "CNS1", BIG5, TRADITIONAL),
    ("B5pc", "CNS1", BIG5, TRADITIONAL),
    ("HKscs-B5", "CNS1", BIG5, TRADITIONAL),
    ("UniCNS-UCS2", "CNS1", UTF_16BE, TRADITIONAL),
    ("UniCNS-UTF16", "CNS1", UTF_16BE, TRADITIONAL),
    ("90ms-RKSJ", "Japan1", SHIFT_JIS, JAPANESE),
    ("EUC", "Japan1", EUC_JP, JAPANESE),
    ("UniJIS-UCS2", "Japan1", UTF_16BE, JAPANESE),
    ("UniJIS-UTF16", "Japan1", UTF_16BE, JAPANESE),
];

const FIGURES: &[&str] = &["1200座 2021", "35% 2021"];

#[test]
fn predefined_tables_are_known() {
    for (table, ordering, encoding, line) in TABLES {
        let mut pdf = Pdf::new();
        let fonts = predefined(&mut pdf, &format!("{table}-H"), ordering);
        pdf.page(format!("BT /F 12 Tf 60 700 Td {} Tj ET", string(line, encoding)).as_bytes(), &fonts);
        reads(&pdf, line, FIGURES, table);
    }
}

#[test]
fn predefined_tables_of_lines_that_run_down_are_known() {
    for (table, ordering, encoding, line) in TABLES {
        let mut pdf = Pdf::new();
        let fonts = predefined(&mut pdf, &format!("{table}-V"), ordering);
        // Two columns, the right one first.
        let (first, second) = line.split_at(line.find("公司").unwrap());
        let column = |x: u32, part: &str| format!("BT /F 12 Tf {x} 780 Td {} Tj ET ", string(part, encoding));
        pdf.page((column(300, first) + &column(280, second)).as_bytes(), &fonts);
        reads(&pdf, line, FIGURES, table);
    }
}

#[test]
fn characters_beyond_the_first_plane_and_without_meaning_stay_apart() {
    let mut pdf = Pdf::new();
    let fonts = predefined(&mut pdf, "UniGB-UTF16-H", "GB1");
    let content = format!("BT /F 12 Tf 60 700 Td {} Tj <D840> Tj {} Tj ET", string("𠀀年", UTF_16BE), string("月", UTF_16BE));
    pdf.page(content.as_bytes(), &fonts);
    assert_eq!(text(&pages(pdf.bytes())[0]), "𠀀年\u{FFFD}月");
}

/// A font that is not embedded and gives no meanings, as old Chinese producers write it.
fn named_only(pdf: &mut Pdf, name: &str, encoding: &str) -> String {
    let widths = "500 ".repeat(224);
    let descriptor = pdf.add(format!("<< /Type /FontDescriptor /FontName /{name} /Flags 32 >>"));
    let font = pdf.add(format!(
        "<< /Type /Font /Subtype /TrueType /BaseFont /{name} {encoding} /FirstChar 32 /LastChar 255 /Widths [{widths}] /FontDescriptor {descriptor} 0 R >>"
    ));
    format!("/Font << /F {font} 0 R >>")
}

#[test]
fn strings_in_the_encoding_of_a_chinese_system_are_read() {
    const ANSI: &str = "/Encoding /WinAnsiEncoding";
    let fonts: [(&str, &str, &'static Encoding, &str); 6] = [
        // 宋体, written in GBK as Windows writes it.
        ("#CB#CE#CC#E5", ANSI, GBK, SIMPLIFIED),
        ("#CB#CE#CC#E5,Bold", "", GBK, SIMPLIFIED),
        ("SimSun", ANSI, GBK, SIMPLIFIED),
        ("FangSong_GB2312", "", GBK, SIMPLIFIED),
        ("PMingLiU", ANSI, BIG5, TRADITIONAL),
        // 細明體, in Big5.
        ("#B2#D3#A9#FA#C5#E9", "", BIG5, TRADITIONAL),
    ];
    for (name, entry, encoding, line) in fonts {
        let mut pdf = Pdf::new();
        let resources = named_only(&mut pdf, name, entry);
        pdf.page(format!("BT /F 12 Tf 60 700 Td {} Tj ET", string(line, encoding)).as_bytes(), &resources);
        reads(&pdf, line, FIGURES, name);
        // A character is as wide as both its codes, and begins where the one before it ends.
        let glyphs = &pages(pdf.bytes())[0].glyphs;
        let at = |c: char| glyphs.iter().find(|glyph| glyph.c == c).map(|glyph| (glyph.bbox[0].round(), glyph.bbox[2].round())).unwrap();
        assert_eq!((at('年'), at('公')), ((84.0, 96.0), (108.0, 120.0)), "{name}");
    }
}

#[test]
fn western_strings_of_fonts_named_otherwise_stay_western() {
    let mut pdf = Pdf::new();
    let resources = named_only(&mut pdf, "Arial", "/Encoding /WinAnsiEncoding");
    pdf.page(b"BT /F 12 Tf 60 700 Td <E9E8E0A9> Tj ET", &resources);
    assert_eq!(text(&pages(pdf.bytes())[0]), "éèà©");
    // A code alone, or before one that makes no character with it, is a sign of its own: a bullet.
    let mut pdf = Pdf::new();
    let resources = named_only(&mut pdf, "SimSun", "/Encoding /WinAnsiEncoding");
    pdf.page(b"BT /F 12 Tf 60 700 Td <952035> Tj <96> Tj ET", &resources);
    assert_eq!(text(&pages(pdf.bytes())[0]), "•5–");
    // Codes that have names are what they are named.
    let mut pdf = Pdf::new();
    let resources = named_only(&mut pdf, "SimSun", "/Encoding << /Differences [196 /one 234 /two] >>");
    pdf.page(b"BT /F 12 Tf 60 700 Td <C4EA> Tj ET", &resources);
    assert_eq!(text(&pages(pdf.bytes())[0]), "12");
}

#[test]
fn fonts_that_stand_in_one_dictionary_are_two() {
    let mut pdf = Pdf::new();
    let font =
        |name: &str| format!("/{name} << /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding << /Differences [65 /{name}] >> >>");
    pdf.page(
        b"BT /one 12 Tf 60 700 Td (A) Tj /two 12 Tf (A) Tj /one 12 Tf (A) Tj ET",
        &format!("/Font << {} {} >>", font("one"), font("two")),
    );
    assert_eq!(text(&pages(pdf.bytes())[0]), "121");
}

// ------------------------------------------------------------------ directions

/// Turns about the origin, in quarters against the clock, and moves on.
fn matrix(quarters: usize, x: u32, y: u32) -> String {
    let turn = ["1 0 0 1", "0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"][quarters % 4];
    format!("{turn} {x} {y}")
}

/// A small table, each of its cells set where it stands on a sheet of 842 by 595 points, the sheet turned by quarters.
fn table(quarters: usize) -> String {
    let cells = [
        ("主要指标", 60, 500),
        ("单位", 300, 500),
        ("2021年", 450, 500),
        ("2020年", 600, 500),
        ("营业收入", 60, 470),
        ("万元", 300, 470),
        ("48,000", 450, 470),
        ("36,000", 600, 470),
        ("发电量", 60, 440),
        ("万千瓦时", 300, 440),
        ("1,204", 450, 440),
        ("1,100", 600, 440),
    ];
    let set = |(words, x, y): &(&str, u32, u32)| {
        // Where the corner of the sheet comes to lie, so that all of it is on the page.
        let (x, y) = match quarters % 4 {
            0 => (*x, *y),
            1 => (595 - y, *x),
            2 => (842 - x, 595 - y),
            _ => (*y, 842 - x),
        };
        format!("BT /F 12 Tf {} Tm {} Tj ET ", matrix(quarters, x, y), string(words, GBK))
    };
    cells.iter().map(set).collect()
}

const OF_TABLE: &[&str] = &["48,000 2021", "36,000 2020", "1,204 2021", "1,100 2020"];

#[test]
fn pages_shown_turned_are_read_as_shown_and_sideways_tables_as_they_run() {
    for quarters in 0..4 {
        // The page is turned with the clock, the text against it, as producers write landscape pages; or the text alone.
        for rotate in [90 * quarters, 0, 90, 180, 270] {
            let mut pdf = Pdf::new();
            let fonts = predefined(&mut pdf, "GBK-EUC-H", "GB1");
            let content = pdf.stream("", table(quarters).as_bytes());
            let media_box = if quarters % 2 == 0 { "[0 0 842 595]" } else { "[0 0 595 842]" };
            pdf.page_of(&format!("{content} 0 R"), &fonts, &format!("/Rotate {rotate} /MediaBox {media_box}"));
            let what = format!("text turned by {quarters}, page by {rotate}");
            let bytes = pdf.bytes();
            let report = report(bytes.clone());
            assert_eq!(told(&report), OF_TABLE, "{what}");
            assert_eq!(report.figures[0].metric, "营业收入", "{what}");
            // Wherever it is turned to, the page is upright in the end.
            let page = &pages(bytes)[0];
            assert_eq!((page.width, page.height), (842.0, 595.0), "{what}");
            assert_eq!(page.glyphs[0].bbox.map(f32::round), [60.0, 84.0, 72.0, 96.0], "{what}");
            assert!(page.glyphs.iter().all(|glyph| glyph.turn == 0), "{what}");
        }
    }
}

#[test]
fn a_title_that_runs_up_beside_upright_text_is_kept_apart() {
    let mut pdf = Pdf::new();
    let fonts = predefined(&mut pdf, "GBK-EUC-H", "GB1");
    let side = format!("BT /F 12 Tf {} Tm {} Tj ET ", matrix(1, 30, 100), string("企业社会责任报告", GBK));
    let content = side + &format!("BT /F 12 Tf 60 700 Td {} Tj ET", string(SIMPLIFIED, GBK));
    pdf.page(content.as_bytes(), &fonts);
    let report = report(pdf.bytes());
    assert_eq!(told(&report), FIGURES);
    assert_eq!(report.figures[0].metric, "新建充电桩");
}
