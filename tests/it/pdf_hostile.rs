//! PDFs that are traps, made here from code: each comes to an end, in bounded memory, and what was not read is told.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Content, Page, Report};
use reportsql::{pipeline, read};
use std::fmt::Write as _;
use std::io::Write;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::read(None).unwrap());

/// A PDF being made: objects by number, from 1; the first is the catalogue, the second the root of the pages.
pub(crate) struct Pdf {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
}

impl Pdf {
    pub(crate) fn new() -> Pdf {
        Pdf { objects: vec![Vec::new(); 2], pages: Vec::new() }
    }

    /// The number of an object.
    pub(crate) fn add(&mut self, body: impl AsRef<[u8]>) -> usize {
        self.objects.push(body.as_ref().to_vec());
        self.objects.len()
    }

    pub(crate) fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let head = format!("<< /Length {} {entries} >>\nstream\n", data.len());
        self.add([head.as_bytes(), data, b"\nendstream"].concat())
    }

    /// A page with these contents, as an entry says where.
    pub(crate) fn page_of(&mut self, contents: &str, resources: &str, entries: &str) {
        let page = self.add(format!("<< /Type /Page /Parent 2 0 R /Contents {contents} /Resources << {resources} >> {entries} >>"));
        self.pages.push(page);
    }

    pub(crate) fn page(&mut self, content: &[u8], resources: &str) {
        let content = self.stream("", content);
        self.page_of(&format!("{content} 0 R"), resources, "");
    }

    /// Helvetica as /F.
    pub(crate) fn latin(&mut self) -> String {
        let font = self.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        format!("/Font << /F {font} 0 R >>")
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let kids: String = self.pages.iter().map(|page| format!("{page} 0 R ")).collect();
        self.bytes_of("", &format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", self.pages.len()))
    }

    /// The same with a root of its own.
    pub(crate) fn bytes_of(&self, trailer: &str, root: &str) -> Vec<u8> {
        let mut objects = self.objects.clone();
        objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>".to_vec();
        objects[1] = root.as_bytes().to_vec();
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (at, body) in objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", bytes.len()).unwrap();
            bytes.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = bytes.len();
        let size = objects.len() + 1;
        bytes
            .extend_from_slice(format!("{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        bytes
    }
}

pub(crate) fn pages(bytes: Vec<u8>) -> Vec<Page> {
    match read::document("a.pdf", bytes).unwrap_or_else(|error| panic!("{error}")).content {
        Content::Pages(pages) => pages,
        _ => panic!("not read as pages"),
    }
}

pub(crate) fn report(bytes: Vec<u8>) -> Report {
    pipeline::report(&read::document("a.pdf", bytes).unwrap_or_else(|error| panic!("{error}")), &About::default(), &KNOWLEDGE)
}

pub(crate) fn text(page: &Page) -> String {
    page.glyphs.iter().map(|glyph| glyph.c).collect()
}

/// What the findings `page-cut` of a file tell, a line a page.
fn cuts(report: &Report) -> Vec<(u32, String)> {
    let cut = report.findings.iter().filter(|finding| finding.code == "page-cut");
    cut.map(|finding| (finding.page.unwrap(), finding.detail.clone().unwrap())).collect()
}

/// A page of the file was cut, and it is told which, and why; the page behind it is read.
#[track_caller]
fn told(bytes: Vec<u8>, why: &str) {
    let report = report(bytes);
    let cuts = cuts(&report);
    assert_eq!(cuts.len(), 1, "{cuts:?}");
    assert_eq!(cuts[0].0, 1);
    assert!(cuts[0].1.contains(why), "{cuts:?}");
    assert!(is_read(&report), "{:?}", report.figures);
}

/// Is the sound page read? Beside a page of tiny type its line may be a heading.
fn is_read(report: &Report) -> bool {
    let mut read = report.figures.iter().map(|figure| &figure.raw).chain(report.headings.iter().map(|heading| &heading.name));
    read.any(|text| text.contains("48,000"))
}

#[track_caller]
fn refused(bytes: Vec<u8>, why: &str) {
    let error = read::document("a.pdf", bytes).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with("a.pdf: ") && error.contains(why), "{error}");
}

const PLAIN: &[u8] = b"BT /F 12 Tf 60 700 Td (Total revenue in 2021 was RMB 48,000 million.) Tj ET";

/// A page that is made here, and a sound one behind it.
fn before_a_sound_one(make: impl FnOnce(&mut Pdf, &str)) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    make(&mut pdf, &fonts);
    pdf.page(PLAIN, &fonts);
    pdf.bytes()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// So many bytes that repeat a few, deflated by hand: 13 to 15 bits say 258 bytes.
pub(crate) fn deflated_run(unit: &[u8], length: usize) -> Vec<u8> {
    let (mut bytes, mut held, mut count) = (vec![0x78, 0xDA], 0_u32, 0);
    let mut put = |value: u32, bits: u32| {
        held |= value << count;
        count += bits;
        while count >= 8 {
            bytes.push(held as u8);
            held >>= 8;
            count -= 8;
        }
    };
    // Codes are written from their first bit.
    let code = |value: u32, bits: u32| value.reverse_bits() >> (32 - bits);
    put(0b011, 3);
    for byte in unit {
        match u32::from(*byte) {
            low @ 0..144 => put(code(0x30 + low, 8), 8),
            high => put(code(0x190 + high - 144, 9), 9),
        }
    }
    // A copy of 258 bytes from as far back as the unit is long: 1 or 13.
    for _ in 0..length / 258 {
        put(code(0xC5, 8), 8);
        match unit.len() {
            1 => put(0, 5),
            13 => {
                put(code(7, 5), 5);
                put(0, 2);
            }
            other => panic!("no code for {other}"),
        }
    }
    put(0, 7);
    put(0, 7);
    bytes
}

/// Sixteen blanks over and over, deflated twice: two hundred times a hundred.
fn deflated_twice(length: usize) -> Vec<u8> {
    let once = deflated_run(b" ", 258 * 80);
    // Behind the header and the first literal, eight copies are thirteen bytes.
    let unit = &once[16..29];
    let head = &once[..16];
    let mut inner = head.to_vec();
    inner.extend(unit.iter().cycle().take(length / 258 / 8 * 13));
    deflated(&inner)
}

fn lzw(bytes: &[u8]) -> Vec<u8> {
    weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(bytes).unwrap()
}

// ------------------------------------------------------------------ bombs

#[test]
fn bytes_made_by_hand_unpack_to_what_they_are_meant_to() {
    let mut read = Vec::new();
    std::io::Read::read_to_end(&mut flate2::bufread::DeflateDecoder::new(&deflated_run(b"0123456789abc", 2580)[2..]), &mut read).unwrap();
    assert_eq!((read.len(), &read[2580..]), (2593, &b"6789abc012345"[..]));
}

#[test]
fn a_stream_that_unpacks_to_too_much_is_cut_and_told() {
    const MUCH: usize = 70 << 20;
    let bombs: [(&str, Vec<u8>); 4] = [
        ("/FlateDecode", deflated_run(b" ", MUCH)),
        ("[/FlateDecode /FlateDecode]", deflated_twice(MUCH)),
        ("/LZWDecode", lzw(&vec![b' '; MUCH])),
        ("[/FlateDecode /ASCII85Decode]", deflated_run(b"z", MUCH / 4)),
    ];
    for (filter, bomb) in bombs {
        let bytes = before_a_sound_one(|pdf, fonts| {
            let content = pdf.stream(&format!("/Filter {filter}"), &bomb);
            pdf.page_of(&format!("{content} 0 R"), fonts, "");
        });
        assert!(bytes.len() < 2 << 20, "{filter}: {}", bytes.len());
        told(bytes, "its content unpacks to more than 64 MB");
    }
}

#[test]
fn one_stream_told_many_times_is_cut_and_told() {
    let bytes = before_a_sound_one(|pdf, fonts| {
        let content = pdf.stream("/Filter /FlateDecode", &deflated_run(b" ", 1 << 20));
        pdf.page_of(&format!("[{}]", format!("{content} 0 R ").repeat(2000)), fonts, "");
    });
    told(bytes, "its content unpacks to more than 64 MB");
}

#[test]
fn every_filter_is_undone() {
    let hexadecimal = |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02X} ")) + ">";
    let runs: Vec<u8> = PLAIN.chunks(100).flat_map(|run| [&[run.len() as u8 - 1][..], run].concat()).chain([128]).collect();
    // Rows of eight bytes told by the row above.
    let above = |at: usize| if at < 8 { 0 } else { PLAIN[at - 8] };
    let told_by_above: Vec<u8> = PLAIN.iter().enumerate().map(|(at, byte)| byte.wrapping_sub(above(at))).collect();
    let rows: Vec<u8> = told_by_above.chunks(8).flat_map(|row| [&[2][..], row].concat()).collect();
    let packed: [(&str, Vec<u8>); 7] = [
        ("/Filter /FlateDecode", deflated(PLAIN)),
        ("/Filter /LZWDecode", lzw(PLAIN)),
        ("/Filter /AHx", hexadecimal(PLAIN).into_bytes()),
        ("/Filter /RunLengthDecode", runs),
        ("/Filter [/ASCIIHexDecode /FlateDecode]", hexadecimal(&deflated(PLAIN)).into_bytes()),
        ("/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 8 >>", deflated(&rows)),
        ("/Filter [/FlateDecode] /DecodeParms [<< /Predictor 12 /Columns 8 >>]", deflated(&rows)),
    ];
    for (entries, data) in packed {
        let mut pdf = Pdf::new();
        let fonts = pdf.latin();
        let content = pdf.stream(entries, &data);
        pdf.page_of(&format!("{content} 0 R"), &fonts, "");
        let report = report(pdf.bytes());
        assert!(is_read(&report), "{entries}");
        assert_eq!(cuts(&report), [], "{entries}");
    }
}

#[test]
fn what_cannot_be_unpacked_or_breaks_off_is_told() {
    let mut broken = deflated(&[PLAIN, &b" 0 0 m".repeat(200)].concat());
    broken.truncate(broken.len() * 3 / 4);
    let streams: [(&str, Vec<u8>, &str); 3] = [
        ("/Filter /FlateDecode", broken, "damaged"),
        ("/Filter /Unheard", PLAIN.to_vec(), "packed in a way that is not known"),
        ("/Filter /DCTDecode", PLAIN.to_vec(), "packed in a way that is not known"),
    ];
    for (entries, data, why) in streams {
        let bytes = before_a_sound_one(|pdf, fonts| {
            let content = pdf.stream(entries, &data);
            pdf.page_of(&format!("{content} 0 R"), fonts, "");
        });
        told(bytes, why);
    }
    told(before_a_sound_one(|pdf, fonts| pdf.page_of("999 0 R", fonts, "")), "not in the file");
    told(before_a_sound_one(|pdf, fonts| pdf.page_of("[999 0 R]", fonts, "")), "not in the file");
    // What is malformed stops the library; a page with nothing on it is sound.
    told(before_a_sound_one(|pdf, fonts| pdf.page(b"1 2 m 3 l (x) Tj", fonts)), "damaged");
    told(before_a_sound_one(|pdf, fonts| pdf.page(b"BT (open", fonts)), "damaged");
    let sound = before_a_sound_one(|pdf, fonts| {
        pdf.page_of("null", fonts, "");
        pdf.page_of("[]", fonts, "");
        pdf.page(b"% a remark", fonts);
    });
    assert_eq!(cuts(&report(sound)), []);
}

/// A PDF whose objects stand in a stream, and whose table of places is one.
fn in_streams(filter: &str, objects: &[u8], table_filter: &str, table: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    pdf.page(PLAIN, &fonts);
    let plain = pdf.bytes();
    // The sound file stays; a later table says that object 90 stands in stream 91.
    let start = plain.len();
    let head = format!("91 0 obj << /Type /ObjStm /N 1 /First 5 /Length {} /Filter {filter} >>\nstream\n", objects.len());
    let mut bytes = [&plain, head.as_bytes(), objects, b"\nendstream endobj\n"].concat();
    let place = bytes.len();
    let table = table(start);
    let prev = String::from_utf8_lossy(&plain).rsplit_once("startxref\n").unwrap().1.split_whitespace().next().unwrap().to_string();
    let head = format!(
        "92 0 obj << /Type /XRef /Size 93 /W [1 4 2] /Index [90 2] /Root 1 0 R /Prev {prev} /Length {} /Filter {table_filter} >>\nstream\n",
        table.len()
    );
    bytes.extend_from_slice(&[head.as_bytes(), &table, format!("\nendstream endobj\nstartxref\n{place}\n%%EOF\n").as_bytes()].concat());
    bytes
}

fn places(start: usize) -> Vec<u8> {
    let start = (start as u32).to_be_bytes();
    [&[2, 0, 0, 0, 91, 0, 0][..], &[1], &start, &[0, 0]].concat()
}

#[test]
fn objects_and_tables_that_unpack_to_too_much_are_refused() {
    const MUCH: usize = 300 << 20;
    let sound = deflated(b"90 0 << /A 1 >>");
    let read = report(in_streams("/FlateDecode", &sound, "/FlateDecode", |start| deflated(&places(start))));
    assert_eq!(read.figures.len(), 1);
    let why = "unpack to more than 256 MB or are packed several times";
    refused(in_streams("/FlateDecode", &sound, "/FlateDecode", |_| deflated_run(&[0], MUCH)), why);
    let twice = deflated(&sound);
    refused(in_streams("[/FlateDecode /Fl]", &twice, "/FlateDecode", |start| deflated(&places(start))), why);
    refused(in_streams("95 0 R", &sound, "/FlateDecode", |start| deflated(&places(start))), why);
    // The type is not what makes it unpacked; and a dictionary may be long.
    let named_otherwise = |bytes: Vec<u8>| {
        let at = bytes.windows(7).position(|window| window == b"/ObjStm").unwrap();
        [&bytes[..at], format!("/Other /Pad ({})", "x".repeat(100_000)).as_bytes(), &bytes[at + 7..]].concat()
    };
    let bomb = in_streams("/FlateDecode", &deflated_run(b" ", MUCH), "/FlateDecode", |start| deflated(&places(start)));
    refused(named_otherwise(bomb), why);
}

#[test]
fn the_tables_of_a_font_are_bounded() {
    let bytes = before_a_sound_one(|pdf, _| {
        let map = pdf.stream("/Filter /FlateDecode", &deflated_run(b" ", 10 << 20));
        let widths = "0 65535 500 ".repeat(100);
        let inner = pdf.add(format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000 /W [{widths}] >>"));
        let font = pdf.add(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [{inner} 0 R] /ToUnicode {map} 0 R >>"
        ));
        pdf.page(b"BT /F 12 Tf 60 700 Td <0041> Tj ET", &format!("/Font << /F {font} 0 R >>"));
    });
    told(bytes, "the tables of its fonts are larger");
}

// ------------------------------------------------------------------ circles

#[test]
fn page_trees_in_circles_come_to_an_end() {
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    pdf.page(PLAIN, &fonts);
    let page = pdf.pages[0];
    let inner = pdf.objects.len() + 1;
    pdf.add(format!("<< /Type /Pages /Kids [2 0 R {inner} 0 R {page} 0 R] /Parent {inner} 0 R /Count 100000 >>"));
    let root = format!("<< /Type /Pages /Kids [2 0 R {inner} 0 R] /Parent 2 0 R /Count 100000 /Resources 2 0 R >>");
    assert_eq!(report(pdf.bytes_of("", &root)).figures.len(), 1);
    // Pages that the tree does not lead to are looked for, where it leads to none.
    assert_eq!(report(pdf.bytes_of("", "<< /Type /Pages /Kids 2 0 R /Count -1 >>")).figures.len(), 1);
    refused(Pdf::new().bytes_of("", "<< /Type /Pages /Kids [2 0 R] /Count 100000 >>"), "holds no pages");
}

#[test]
fn a_count_that_lies_is_not_believed_and_a_true_one_that_is_too_large_refused() {
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    pdf.page(PLAIN, &fonts);
    let page = pdf.pages[0];
    let read = report(pdf.bytes_of("", &format!("<< /Type /Pages /Kids [{page} 0 R] /Count 100000 >>")));
    assert_eq!(read.figures.len(), 1);
    assert_eq!(cuts(&read), [(1, "no page behind it is found, though the file says that it has 100000".to_string())]);
    let kids = "<< /Type /Page >> ".repeat(100_000);
    refused(pdf.bytes_of("", &format!("<< /Type /Pages /Kids [{kids}] /Count 100000 >>")), "at most 20000 are read: split it");
}

#[test]
fn forms_that_draw_themselves_come_to_an_end_and_it_is_told() {
    let form = |resources: &str| format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >>");
    // Two that draw each other draw their text, once each.
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    let one = pdf.objects.len() + 1;
    let other = one + 1;
    let content = [PLAIN, b" /X Do"].concat();
    pdf.stream(&form(&format!("{fonts} /XObject << /X {other} 0 R >>")), &content);
    pdf.stream(&form(&format!("{fonts} /XObject << /X {one} 0 R >>")), b"BT /F 12 Tf 60 600 Td (again) Tj ET /X Do");
    pdf.page(b"/X Do", &format!("/XObject << /X {one} 0 R >>"));
    assert_eq!(text(&pages(pdf.bytes())[0]), "Totalrevenuein2021wasRMB48,000million.again");
    let bytes = before_a_sound_one(|pdf, _| {
        let mut inner = pdf.stream(&form(""), b"q Q");
        for _ in 0..25 {
            inner = pdf.stream(&form(&format!("/XObject << /X {inner} 0 R >>")), b"/X Do");
        }
        pdf.page(b"/X Do", &format!("/XObject << /X {inner} 0 R >>"));
    });
    told(bytes, "its forms stand more than 20 deep");
    // Ten times each, ten deep, is a long way.
    let bytes = before_a_sound_one(|pdf, _| {
        let mut inner = pdf.stream(&form(""), &b"q Q ".repeat(50));
        for _ in 0..9 {
            inner = pdf.stream(&form(&format!("/XObject << /X {inner} 0 R >>")), &b"/X Do ".repeat(10));
        }
        pdf.page(b"/X Do", &format!("/XObject << /X {inner} 0 R >>"));
    });
    told(bytes, "drawn in more than 5000000 steps");
}

#[test]
fn tables_of_places_in_circles_come_to_an_end() {
    let mut pdf = Pdf::new();
    let fonts = pdf.latin();
    pdf.page(PLAIN, &fonts);
    let page = pdf.pages[0];
    let root = format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>");
    let plain = pdf.bytes_of("", &root);
    let start = plain.windows(5).rposition(|window| window == b"xref\n").unwrap();
    let start = plain[..start].windows(5).rposition(|window| window == b"xref\n").unwrap();
    for trailer in [format!("/Prev {start}"), format!("/XRefStm {start}"), "/Prev -1".into(), "/Prev 99999999".into(), "/Prev 0".into()] {
        assert_eq!(report(pdf.bytes_of(&trailer, &root)).figures.len(), 1, "{trailer}");
    }
    // A stream of objects that says it stands in itself.
    let within = |table: &[u8]| in_streams("/FlateDecode", &deflated(b"91 0 << /A 1 >>"), "/FlateDecode", |_| deflated(table));
    assert_eq!(report(within(&[2, 0, 0, 0, 91, 0, 0, 2, 0, 0, 0, 91, 0, 0])).figures.len(), 1);
    assert_eq!(report(within(&[2, 0, 0, 0, 91, 0, 0, 2, 0, 0, 0, 90, 0, 0])).figures.len(), 1);
}

#[test]
fn fonts_and_their_tables_that_lead_to_one_another_come_to_an_end() {
    let mut pdf = Pdf::new();
    let font = pdf.objects.len() + 1;
    let map = font + 1;
    pdf.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding {map} 0 R /DescendantFonts [{font} 0 R] /ToUnicode {map} 0 R /FontDescriptor {font} 0 R >>"
    ));
    let table = "/CMapName /Own def /Own usecmap /GBK-EUC-H usecmap begincmap 1 begincodespacerange <00> <FF> endcodespacerange endcmap";
    pdf.stream(&format!("/Type /CMap /CMapName /Own /UseCMap {map} 0 R"), table.as_bytes());
    pdf.page(b"BT /F 12 Tf 60 700 Td (4) Tj <B0A1> Tj ET", &format!("/Font << /F {font} 0 R >>"));
    assert_eq!(pages(pdf.bytes()).len(), 1);
}

// ------------------------------------------------------------------ endless and enormous

#[test]
fn deep_nesting_comes_to_an_end() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    for value in [deep("[", "]"), deep("<</A ", ">>"), deep("(", ")"), "[".repeat(10_000), "<<".repeat(10_000), "(".repeat(10_000)] {
        let bytes = before_a_sound_one(|pdf, fonts| {
            pdf.add(format!("<< /A {value} >>"));
            pdf.page(value.as_bytes(), fonts);
            pdf.page_of("null", fonts, &format!("/A {value}"));
        });
        // Where it cuts the file short it may be refused.
        match read::document("a.pdf", bytes) {
            Ok(document) => assert!(!pipeline::report(&document, &About::default(), &KNOWLEDGE).figures.is_empty()),
            Err(error) => assert!(error.to_string().starts_with("a.pdf: "), "{error}"),
        }
    }
    let marks = [b"/Span BMC ".repeat(600), b"EMC ".repeat(600)].concat();
    told(before_a_sound_one(|pdf, fonts| pdf.page(&marks, fonts)), "or its marks 500");
    let states = [b"q ".repeat(12_000), b"Q ".repeat(12_000), PLAIN.to_vec()].concat();
    told(before_a_sound_one(|pdf, fonts| pdf.page(&states, fonts)), "deep");
}

#[test]
fn too_many_characters_and_rules_are_cut_and_told() {
    let line = |at: usize| format!("1 0 0 1 {} {} Tm (12345678901234567890) Tj ", at % 500, at / 500);
    let many: String = (0..11_000).map(line).collect();
    let bytes = before_a_sound_one(|pdf, fonts| pdf.page(format!("BT /F 1 Tf {many}").as_bytes(), fonts));
    told(bytes, "more than 200000 characters");
    let bytes = before_a_sound_one(|pdf, fonts| pdf.page(&b"1 1 m 50 1 l S ".repeat(20_001), fonts));
    told(bytes, "more than 20000 ruled lines");
    let bytes = before_a_sound_one(|pdf, fonts| pdf.page(&[&b"1 1 m "[..], &b"1 1 l ".repeat(500_001)].concat(), fonts));
    told(bytes, "more than 20000 ruled lines");
}

#[test]
fn meant_text_is_bounded() {
    let meant = "9".repeat(150_000);
    let bytes = before_a_sound_one(|pdf, fonts| {
        let properties = pdf.add(format!("<< /ActualText ({meant}) >>"));
        let marked = b"BT /F 9 Tf /Span /P BDC (x) Tj EMC ET ".repeat(1000);
        pdf.page(&marked, &format!("{fonts} /Properties << /P {properties} 0 R >>"));
    });
    told(bytes, "more than");
}

#[test]
fn pages_of_no_size_or_an_enormous_one_are_read() {
    let vast = format!("[-{0} -{0} {0} {0}]", "9".repeat(30));
    for media_box in ["[0 0 0 0]", "[0 0 99999999 99999999]", &vast, "[595 842 0 0]", "[]", "(x)"] {
        let mut pdf = Pdf::new();
        let fonts = pdf.latin();
        let content = pdf.stream("", PLAIN);
        let page =
            pdf.add(format!("<< /Type /Page /Parent 2 0 R /MediaBox {media_box} /Contents {content} 0 R /Resources << {fonts} >> >>"));
        pdf.pages.push(page);
        let report = report(pdf.bytes());
        // A page so large that a character is no part of it is refused or read, but not lost in.
        assert!(is_read(&report), "{media_box}: {:?}", report.figures);
    }
}

#[test]
fn enormous_and_tiny_type_is_read_in_time() {
    let vast = "9".repeat(30);
    for size in ["999999999", &vast, "-999999999", "0.0001", "0"] {
        let glyphs = format!("BT /F {size} Tf 1 0 0 1 60 700 Tm {} ET", "(88888888) Tj ".repeat(2_000));
        let small = format!("BT /F 1 Tf 0.6 0 0 0.6 60 700 Tm {} ET", "(8) Tj 0.2 0 Td ".repeat(20_000));
        let bytes = before_a_sound_one(|pdf, fonts| {
            pdf.page(glyphs.as_bytes(), fonts);
            pdf.page(small.as_bytes(), fonts);
        });
        assert!(is_read(&report(bytes)), "{size}");
    }
}

#[test]
fn pictures_among_text_without_an_end_are_told() {
    let head = b"BI /W 8 /H 8 /BPC 8 /CS /G ID ";
    let sound = [&head[..], &[200; 64], b" EI ", PLAIN].concat();
    let read = report(before_a_sound_one(|pdf, fonts| pdf.page(&sound, fonts)));
    assert_eq!((read.figures.len(), cuts(&read)), (2, Vec::new()));
    told(before_a_sound_one(|pdf, fonts| pdf.page(&[&head[..], &[200; 6400]].concat(), fonts)), "has no end");
    // Many ends, none of them the end: as many searches, each to the end of the stream.
    let ends = [&head[..], &b"\xC8 EI ".repeat(100_000)].concat();
    told(before_a_sound_one(|pdf, fonts| pdf.page(&ends, fonts)), "has no end");
}

// ------------------------------------------------------------------ what is no PDF

#[test]
fn what_is_no_pdf_is_named() {
    refused(b"<!DOCTYPE html><html><body>Not found</body></html>".to_vec(), "this is a web page");
    refused(b"PK\x03\x04\x14\0\0\0\0\0report.txt".to_vec(), "an archive (zip)");
    refused(b"%PDF-1.7\nnothing more".to_vec(), "this is no PDF, or too damaged to be read");
    refused(Vec::new(), "the file is empty");
}
