//! PDFs of `tests/corpus/read/pdf`, which `make.py` there writes: what is read of their pages, and which figures they come to.
//!
//! `<name>.txt` beside `<name>.pdf` holds a line a figure; `UPDATE=1 cargo test` rewrites it and git shows what moved.

use crate::pdf_hostile::Pdf;
use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Amount, Content, Figure, Page, Report};
use reportsql::{pipeline, read};
use std::path::{Path, PathBuf};

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/read/pdf").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(corpus(name)).unwrap()
}

fn pages(name: &str) -> Vec<Page> {
    match read::document(name, bytes(name)).unwrap().content {
        Content::Pages(pages) => pages,
        _ => panic!("{name} is not read as pages"),
    }
}

fn report(name: &str) -> Report {
    let knowledge = Knowledge::read(None).unwrap();
    pipeline::report(&read::document(name, bytes(name)).unwrap(), &About::default(), &knowledge)
}

/// A page's characters in the order drawn.
fn text(page: &Page) -> String {
    page.glyphs.iter().map(|glyph| glyph.c).collect()
}

/// 「p. 1 | 1,204.5 | 吞吐量 | 12045000 t | level | 2024-03 | 集装箱业务」
fn told(report: &Report, figure: &Figure) -> String {
    let value = match &figure.amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low} to {high}"),
    };
    let kind = [Some(figure.kind_word().to_string()), figure.basis.map(|basis| basis.word())];
    let kind: Vec<String> = kind.into_iter().flatten().collect();
    let mut parts = vec![
        format!("p. {}", figure.at.page.unwrap_or(0)),
        figure.raw.clone(),
        figure.metric.clone(),
        format!("{} {value} {}", figure.comparator.word(), figure.unit).trim_end().to_string(),
        kind.join(" "),
        figure.period.code(),
    ];
    parts.extend(figure.whole.as_ref().map(|whole| format!("of {whole}")));
    parts.extend(figure.initiative.map(|heading| format!("under {}", report.headings[heading].name)));
    parts.join(" | ")
}

#[track_caller]
fn check(name: &str) {
    let report = report(&format!("{name}.pdf"));
    let read: String = report.figures.iter().map(|figure| told(&report, figure) + "\n").collect();
    let path = corpus(&format!("{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &read).unwrap();
    }
    assert_eq!(read, std::fs::read_to_string(&path).unwrap());
    for figure in &report.figures {
        let [x0, y0, x1, y1] = figure.at.bbox.unwrap();
        assert!(0.0 <= x0 && x0 < x1 && x1 <= 842.0 && 0.0 <= y0 && y0 < y1 && y1 <= 842.0, "{figure:?}");
    }
}

#[test]
fn a_ruled_table_with_heads_of_two_levels_comes_to_its_figures() {
    check("ruled");
}

#[test]
fn an_unruled_statement_over_two_pages_comes_to_its_figures() {
    check("statement");
}

#[test]
fn two_columns_are_read_one_after_the_other_without_running_heads() {
    check("columns");
    let labels: Vec<Option<String>> = pages("columns.pdf").into_iter().map(|page| page.label).collect();
    assert_eq!(labels, [Some("i".to_string()), Some("1".to_string())]);
}

#[test]
fn numbers_on_display_columns_in_a_band_and_a_side_bar_come_to_their_figures() {
    check("esg");
}

#[test]
fn unruled_heads_of_two_levels_and_tables_side_by_side_come_to_their_figures() {
    check("annual");
}

#[test]
fn a_statement_in_two_languages_comes_to_its_figures() {
    check("results");
}

#[test]
fn two_producers_and_the_text_itself_come_to_the_same_figures() {
    let knowledge = Knowledge::read(None).unwrap();
    let figures = |name: &str| -> Vec<String> {
        let report = pipeline::report(&read::document(name, bytes(name)).unwrap(), &About::default(), &knowledge);
        report.figures.iter().map(|figure| told(&report, figure).split_once(" | ").unwrap().1.to_string()).collect()
    };
    let (text, chromium) = (figures("two-text.txt"), figures("two-chromium.pdf"));
    assert_eq!(chromium, figures("two-libreoffice.pdf"));
    // The table stands in the PDFs alone.
    assert_eq!(text.len(), 17);
    assert_eq!(chromium[..text.len()], text);
    check("two-chromium");
}

#[test]
fn text_is_what_is_meant_once_and_where_it_is_seen() {
    let pages = pages("drawn.pdf");
    assert_eq!(text(&pages[0]), "2021年度报告新建充电桩1200座，惠及户民3.5万户。二人新建1座。同比增长35%。");
    let marked = |page: &Page, pick: fn(&reportsql::model::Glyph) -> bool| -> String {
        page.glyphs.iter().filter(|glyph| pick(glyph)).map(|glyph| glyph.c).collect()
    };
    assert_eq!(marked(&pages[0], |glyph| glyph.artifact), "2021年度报告");
    assert_eq!(marked(&pages[0], |glyph| glyph.bold), "新建充电桩1200座，惠及");
    // A page shown turned has the same text, along its own lines.
    assert_eq!(text(&pages[1]), text(&pages[0]));
    assert_eq!((pages[1].width, pages[1].height), (595.0, 842.0));
    assert_eq!(pages[1].glyphs[9].bbox.map(f32::round), pages[0].glyphs[9].bbox.map(f32::round));
    assert_eq!(pages[0].glyphs[8].bbox.map(f32::round), [60.0, 131.0, 72.0, 143.0]);
}

#[test]
fn an_empty_password_is_tried_and_another_one_asked_for() {
    assert_eq!(text(&pages("locked.pdf")[0]), text(&pages("drawn.pdf")[0]));
    let error = read::document("asks.pdf", bytes("asks.pdf")).unwrap_err().to_string();
    assert_eq!(error, "asks.pdf: the PDF asks for a password; give it with --password, or in the environment as REPORTSQL_PASSWORD");
}

#[test]
fn a_password_opens_what_is_locked_with_it() {
    let knowledge = Knowledge::read(None).unwrap();
    let figures = |name: &str, password: Option<&str>| {
        let document = read::document_with(name, bytes(name), password)?;
        let report = pipeline::report(&document, &About::default(), &knowledge);
        Ok::<_, reportsql::error::Error>(report.figures.iter().map(|figure| told(&report, figure) + "\n").collect::<String>())
    };
    let expected = std::fs::read_to_string(corpus("ruled.txt")).unwrap();
    for name in ["ruled-rc4.pdf", "ruled-aes.pdf"] {
        assert_eq!(figures(name, Some("geheim")).unwrap(), expected, "{name}");
        assert!(figures(name, None).unwrap_err().to_string().contains("--password"), "{name}");
        let error = figures(name, Some("anders")).unwrap_err().to_string();
        assert!(error.contains("another password"), "{error}");
    }
    // One that asks for none opens whatever is given.
    assert_eq!(figures("ruled.pdf", Some("geheim")).unwrap(), expected);
}

#[test]
fn a_page_that_is_a_picture_is_told_of() {
    let report = report("picture.pdf");
    let told: Vec<(&str, Option<u32>)> = report.findings.iter().map(|finding| (finding.code, finding.page)).collect();
    assert_eq!(told, [("page-without-text", Some(2))]);
    assert!(report.findings[0].message.en.contains("page 2 holds a picture and no text; run OCR"));
    assert_eq!(report.figures.len(), 1);
}

#[test]
fn pages_without_text_are_told_of_among_others_whatever_they_are_a_picture_of() {
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    let image = pdf.stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", b"\xFF");
    let resources = format!("{fonts} /XObject << /I {image} 0 R >>");
    let form = pdf.stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >>"), b"/I Do");
    let text = b"BT /F 12 Tf 60 700 Td (Total revenue in 2021 was RMB 48,000 million.) Tj ET ";
    let picture = b"q 500 0 0 800 40 20 cm /I Do Q";
    let resources = format!("{fonts} /XObject << /I {image} 0 R /X {form} 0 R >>");
    pdf.page(text, &resources);
    pdf.page(picture, &resources);
    pdf.page(b"q 500 0 0 800 40 20 cm /X Do Q", &resources);
    pdf.page(b"q 500 0 0 800 40 20 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xFF EI Q", &resources);
    // Letters drawn as curves; a page with nothing on it; text beside a picture; a stamped number on one.
    pdf.page(&b"1 1 m 2 2 3 3 4 4 c f ".repeat(1000), &resources);
    pdf.page(b"", &resources);
    pdf.page(&[&text[..], picture].concat(), &resources);
    pdf.page(&[&b"BT /F 9 Tf 290 20 Td (8) Tj ET "[..], picture].concat(), &resources);
    let report = crate::pdf_hostile::report(pdf.bytes());
    let told: Vec<(&str, Option<u32>)> = report.findings.iter().map(|finding| (finding.code, finding.page)).collect();
    assert_eq!(told, [2, 3, 4, 5, 8].map(|page| ("page-without-text", Some(page))));
}

#[test]
fn damaged_tables_of_places_are_made_anew() {
    for name in ["ruled", "statement", "columns"] {
        let whole = bytes(&format!("{name}.pdf"));
        let at = |word: &[u8]| whole.windows(word.len()).rposition(|window| window == word).unwrap();
        let table = whole.windows(6).position(|window| window == b"\nxref\n").unwrap();
        let digits = |bytes: &[u8]| bytes.iter().map(|byte| if byte.is_ascii_digit() { b'7' } else { *byte }).collect::<Vec<u8>>();
        let damaged = [
            // It begins elsewhere, its places are others, it is none, it is gone with all behind it; something stands before the file.
            [&whole[..at(b"startxref")], &b"startxref\n5\n%%EOF"[..]].concat(),
            [&whole[..table], &digits(&whole[table..at(b"trailer")]), &whole[at(b"trailer")..]].concat(),
            [&whole[..table], &vec![b' '; at(b"trailer") - table], &whole[at(b"trailer")..]].concat(),
            whole[..table].to_vec(),
            [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &whole].concat(),
        ];
        let expected = std::fs::read_to_string(corpus(&format!("{name}.txt"))).unwrap();
        for (at, damaged) in damaged.into_iter().enumerate() {
            let report = crate::pdf_hostile::report(damaged);
            let read: String = report.figures.iter().map(|figure| told(&report, figure) + "\n").collect();
            assert_eq!(read, expected, "{name}, {at}");
        }
    }
}

#[test]
fn files_that_break_off_are_refused_or_it_is_told_what_is_missing() {
    let knowledge = Knowledge::read(None).unwrap();
    let (mut whole_count, mut told_count, mut refused_count) = (0, 0, 0);
    for name in ["ruled.pdf", "statement.pdf", "columns.pdf", "drawn.pdf"] {
        let whole = bytes(name);
        let expected = report(name).figures.len();
        for cut in 1..60 {
            let cut = whole.len() * cut / 60;
            match read::document("cut.pdf", whole[..cut].to_vec()) {
                Ok(document) => {
                    let report = pipeline::report(&document, &About::default(), &knowledge);
                    let is_told = report.findings.iter().any(|finding| finding.code == "page-cut");
                    assert!(is_told || report.figures.len() == expected, "{name} to {cut} of {}", whole.len());
                    if is_told { told_count += 1 } else { whole_count += 1 }
                }
                Err(error) => {
                    assert!(error.to_string().starts_with("cut.pdf: "), "{error}");
                    refused_count += 1;
                }
            }
        }
    }
    assert!(whole_count > 5 && told_count > 5 && refused_count > 5, "{whole_count} {told_count} {refused_count}");
}

/// Mutants of the files here: cut, bits flipped, stretches of another file put in; always the same ones.
#[test]
fn two_thousand_mutants_are_read_or_refused() {
    let knowledge = Knowledge::read(None).unwrap();
    let names = ["ruled.pdf", "statement.pdf", "columns.pdf", "drawn.pdf", "locked.pdf", "ruled-aes.pdf", "picture.pdf"];
    let files: Vec<Vec<u8>> = names.iter().map(|name| bytes(name)).collect();
    let mut state = 12345_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut read_count = 0;
    for round in 0..2100 {
        let mut mutant = files[round % files.len()].clone();
        for _ in 0..1 + next(8) {
            let at = next(mutant.len());
            mutant[at] ^= 1 << next(8);
        }
        if round % 3 == 1 {
            mutant.truncate(1 + next(mutant.len()));
        } else if round % 3 == 2 {
            let other = &files[next(files.len())];
            let (from, to) = (next(other.len()), next(mutant.len()));
            let part: Vec<u8> = other[from..other.len().min(from + 400)].to_vec();
            mutant.splice(to..to, part);
        }
        // Whatever it comes to, it comes to an end: pages laid out and bound, or a reason.
        match read::document("mutant.pdf", mutant) {
            Ok(document) => {
                pipeline::report(&document, &About::default(), &knowledge);
                read_count += 1;
            }
            Err(error) => assert!(error.to_string().starts_with("mutant.pdf: "), "{error}"),
        }
    }
    assert!(read_count > 1000, "{read_count} of 2100 were read");
}
