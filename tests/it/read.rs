//! Inputs from the command line to documents: which files, in which encodings, and what is told of bad ones.

use reportsql::model::{Content, Document};
use reportsql::read::{self, Input};
use std::fs;
use std::path::{Path, PathBuf};

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/read").join(name)
}

fn document(name: &str) -> Document {
    let path = corpus(name);
    read::document(name, fs::read(path).unwrap()).unwrap()
}

#[track_caller]
fn text(document: &Document) -> String {
    match &document.content {
        Content::Text(chars) => chars.iter().collect(),
        _ => panic!("{} is not read as text", document.name),
    }
}

#[test]
fn one_text_in_six_encodings_is_one_text() {
    for (script, names) in [
        ("hant", &[("utf-8", "UTF-8"), ("utf-16le", "UTF-16LE"), ("utf-16be", "UTF-16BE"), ("gb18030", "GB18030"), ("big5", "Big5")][..]),
        ("hans", &[("utf-8", "UTF-8"), ("utf-16le", "UTF-16LE"), ("utf-16be", "UTF-16BE"), ("gb18030", "GB18030")][..]),
    ] {
        let expect = text(&document(&format!("text/{script}.utf-8.txt")));
        for (name, encoding) in names {
            let document = document(&format!("text/{script}.{name}.txt"));
            assert_eq!(document.encoding, Some(*encoding), "{script}.{name}");
            assert_eq!(text(&document), expect, "{script}.{name}");
            assert_eq!(document.media_type, "text/plain");
        }
    }
}

#[test]
fn line_ends_and_form_feeds_stay_where_offsets_count_them() {
    let document = read::document("a.txt", "\u{FEFF}一\r\n二\u{0C}三".into()).unwrap();
    assert_eq!(text(&document), "一\r\n二\u{0C}三");
    assert_eq!(document.bytes, 15);
    assert_eq!(document.sha256.len(), 64);
}

#[test]
fn a_document_is_named_by_the_hash_of_its_bytes() {
    let document = read::document("a.txt", "abc".into()).unwrap();
    assert_eq!(document.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_sheet_is_read_whatever_its_scripts_encoding_and_order() {
    let sheets = ["sheet/hant.big5.csv", "sheet/hans.gb18030.csv", "sheet/excel.utf-16le.txt"];
    for name in sheets {
        let document = document(name);
        let Content::Transcription(rows, _) = &document.content else { panic!("{name} is read as text") };
        assert_eq!(rows.len(), 2, "{name}");
        assert_eq!(rows[0].metric, "4G基站", "{name}");
        assert_eq!(rows[0].page, "12", "{name}");
        assert_eq!(rows[1].province, "青海;CN-GS", "{name}");
        assert!(rows[1].value.starts_with("再降低20%"), "{name}");
    }
}

#[track_caller]
fn check_error(name: &str, bytes: &[u8], parts: &[&str]) {
    let message = read::document(name, bytes.to_vec()).unwrap_err().to_string();
    for part in std::iter::once(&name).chain(parts) {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn formats_that_are_not_read_are_named_with_the_way_out() {
    check_error("a.docx", b"PK\x03\x04....word/document.xml", &["a damaged Word document", "get the file anew"]);
    check_error("a.xlsx", b"PK\x03\x04....xl/workbook.xml", &["a damaged workbook", "save it again"]);
    check_error("a.xlsx", b"PK\x03\x04....xl/workbook.bin", &["a binary workbook (.xlsb)", "save it as .xlsx"]);
    check_error("a.pptx", b"PK\x03\x04....ppt/slides", &["a slide show", "save it as PDF"]);
    check_error("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", &["an old Office document"]);
    check_error("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", &["an old Word document", ".docx"]);
    check_error("a.doc", b"{\\rtf1", &["a rich text document", "save it as .docx"]);
    check_error("a.mht", b"From: x\nMIME-Version: 1.0\nContent-Type: multipart/related\n", &["a web archive", ".xlsx"]);
    let xml = b"<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
    check_error("a.xls", xml, &["a workbook as XML (Excel 2003)", "save it as .xlsx"]);
    check_error("a.html", b"\n<!DOCTYPE html><html>", &["the web page holds no text"]);
    check_error("a.db", b"SQLite format 3\0....", &["an SQLite database", "--db"]);
    check_error("a.png", b"\x89PNG\r\n\x1A\n\0\0", &["a picture", "OCR"]);
    check_error("a.zip", b"PK\x03\x04....a.txt", &["an archive", "unpack"]);
}

#[test]
fn a_pdf_that_is_none_is_told() {
    check_error("a.pdf", b"%PDF-1.7\n", &["no PDF, or too damaged"]);
    check_error("a.pdf", b"plain words", &["no PDF, or too damaged"]);
    check_error("a.pdf", b"<html><body>not found</body></html>", &["a web page", "get the file anew"]);
}

#[test]
fn what_holds_nothing_or_no_text_is_told() {
    check_error("a.txt", b"", &["the file is empty"]);
    check_error("a.txt", b" \r\n\t\n", &["nothing but white space"]);
    check_error("a.txt", b"\x7FELF\x02\x01\x01\0\0\0\0\0", &["binary"]);
    check_error("a.txt", &"光纖端口".as_bytes()[..10], &["ends in the middle of a character", "byte 9 of 10"]);
}

#[test]
fn a_folder_is_its_reports_and_sheets_sorted_and_hidden_ones_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.txt", "a/2.csv", "a/1.TXT", "a/.hidden.txt", ".git/x.txt", "picture.png", "figures.db", "c.pdf"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    let found: Vec<String> = read::inputs(&[folder.path().to_path_buf()])
        .into_iter()
        .map(|input| match input.unwrap() {
            Input::File(path) => path.strip_prefix(folder.path()).unwrap().to_string_lossy().replace('\\', "/"),
            Input::Stdin => panic!("a folder is no standard input"),
        })
        .collect();
    assert_eq!(found, ["a/1.TXT", "a/2.csv", "b.txt", "c.pdf"]);
}

#[test]
fn a_path_that_stands_for_nothing_is_an_error_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.png"), "x").unwrap();
    fs::write(folder.path().join("a.txt"), "x").unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let paths = [folder.path().join("nope.txt"), empty, folder.path().join("a.txt"), "-".into(), "-".into()];
    let found: Vec<String> =
        read::inputs(&paths).into_iter().map(|input| input.map_or_else(|error| error.to_string(), |input| input.name())).collect();
    assert!(found[0].ends_with("nope.txt: no such file"), "{}", found[0]);
    assert!(found[1].contains("holds no file that can be read; expected files ending in .html .htm"), "{}", found[1]);
    assert!(found[2].ends_with("a.txt"), "{}", found[2]);
    assert_eq!(found[3], "-");
    assert!(found[4].contains("given twice"), "{}", found[4]);
}
