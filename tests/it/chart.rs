//! Charts as people see them: in the terminal, as SVG, as pixels. The company and its figures do not exist.

use crate::scene::Scene;
use resvg::tiny_skia::Pixmap;
use std::fs;
use std::path::Path;

/// What one company says, and says again a year later.
const YEAR_1: &str = "\
metric,value,kind,basis,whole,period,province,page
4G基站,38萬個,,,,2015,,3
4G基站,62.5萬個,,,,2016,,3
4G基站,100萬個,,,,2018,,4
4G基站,達到200萬個,target,,,2020,,9
淨利潤,12.5億元,,,,2017,,5
淨利潤,-3.25億元,,,,2018,,5
營業收入,500億元,,,,2018,,5
營業收入,2億港元,,,,2018,,6
時延,1-3毫秒,,,,2018,,7
節電量,3萬千瓦時,,,,2017,,7
節電量,2兆瓦時,,,,2018,,7
新建充電樁,1.2萬個,,,,2018,青海,8
新建充電樁,3,100個,,,,2018,廣東,8
新建充電樁,約500個,,,,2018,西藏,8
新建充電樁,達到2萬個,target,,,2018,廣東,9
平均資費,-20.5%,change,yoy,,2018,,8
平均資費,下降10%以上,change,yoy,,2017,,8
";
const YEAR_2: &str = "\
metric,value,kind,basis,whole,period,province,page
4G基站,102萬個,,,,2018,,2
4G基站,≥141萬個,,,,2019,,2
女性員工比例,40.50%,share,,員工人數,2019,,2
";
const OTHER: &str = "\
metric,value,kind,basis,whole,period,province,page
4G基站,90萬個,,,,2018,,1
4G基站,95萬個,,,,2019,,1
新建充電樁,1.5萬個,,,,2019,青海,2
新建充電樁,0.4萬個,,,,2019,西藏,2
";

pub(crate) fn scene() -> Scene {
    let scene = Scene::with(&[
        ("1.csv", YEAR_1.replace("3,100個", "\"3,100個\"").as_bytes()),
        ("2.csv", YEAR_2.as_bytes()),
        ("3.csv", OTHER.as_bytes()),
    ]);
    for (file, company, year) in [("1.csv", "青嶼能源", "2018"), ("2.csv", "青嶼能源", "2019"), ("3.csv", "北方電力", "2019")] {
        scene.run(&["load", "-q", file, "--company", company, "--kind", "csr", "--year", year]).succeeds();
    }
    scene
}

#[track_caller]
fn prints(scene: &Scene, arguments: &[&str], expect: &str) {
    let outcome = scene.run(&[&["chart", "--width", "50"], arguments].concat());
    let printed: String = outcome.succeeds().lines().map(|line| line.trim_end().to_string() + "\n").collect();
    assert_eq!(printed, expect, "{arguments:?}");
}

// ------------------------------------------------------------------ terminal

#[test]
fn years_have_gaps_promises_are_shaded_and_replaced_values_gone() {
    let scene = scene();
    prints(
        &scene,
        &["4G基站", "--company", "青嶼能源"],
        "\
青嶼能源：4G基站

單位：萬個
2015        38  ██████▌
2016      62.5  ██████████▋
2017         –
2018       102  █████████████████▍
2019      ≥141  ████████████████████████
2020  200 目標  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░

來源：青嶼能源 2018 csr，第3、9頁；青嶼能源 2019 csr，第2頁
",
    );
}

#[test]
fn bars_below_nought_go_to_the_left() {
    let scene = scene();
    prints(
        &scene,
        &["淨利潤", "--lang", "zh-Hans"],
        "\
青屿能源：净利润

单位：亿元
2017   12.5          │████████████████████████████
2018  -3.25  ▐███████│

来源：青嶼能源 2018 csr，第5页
",
    );
    // A comparator is said of the magnitude: a fall of 10 % at least is at most -10 %.
    let changes = scene.run(&["chart", "平均資費"]);
    assert!(
        changes.succeeds().contains("同比  單位：%\n2017   ≤-10%  ") && changes.stdout.contains("2018  -20.5%  █"),
        "{}",
        changes.stdout
    );
}

#[test]
fn units_that_cannot_be_converted_have_a_panel_each() {
    let scene = scene();
    prints(
        &scene,
        &["營業收入", "--lang", "en"],
        "\
青屿能源: Revenue

Unit: CNY, billions
2018  50  ████████████████████████████████████████

Unit: HKD, millions
2018  200  ███████████████████████████████████████

Source: 青嶼能源 2018 csr, p. 5, 6
",
    );
    // Two units of one quantity share an axis, in the unit both convert to.
    let energy = scene.run(&["chart", "節電量"]);
    assert!(energy.succeeds().contains("單位：萬千瓦時\n2017    3  ") && energy.stdout.contains("2018  0.2  "), "{}", energy.stdout);
}

#[test]
fn provinces_come_by_size_and_ranges_and_shares_are_said() {
    let scene = scene();
    prints(
        &scene,
        &["新建充電樁", "--by", "province", "--company", "青嶼能源"],
        "\
青嶼能源：新建充電樁，分省，2018

單位：萬個
青海     1.2  █████████████████████▋
廣東    0.31  █████▋
廣東  2 目標  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
西藏   ≈0.05  ▉

來源：青嶼能源 2018 csr，第8、9頁
",
    );
    let range = scene.run(&["chart", "時延", "--width", "40"]);
    assert!(range.succeeds().contains("2018  1–3  ██████████░░░░░░░░░░░░░░░░░░░\n"), "{}", range.stdout);
    let share = scene.run(&["chart", "女性員工比例"]);
    assert!(share.succeeds().contains("佔員工人數  單位：%\n2019  40.50%  █"), "{}", share.stdout);
}

#[test]
fn companies_are_series_over_years_and_bars_in_one() {
    let scene = scene();
    let years = scene.run(&["chart", "4G基站", "--from", "2018", "--to", "2019"]);
    assert!(years.succeeds().contains("\n北方電力\n2018    90  ") && years.stdout.contains("\n青嶼能源\n2018   102  "), "{}", years.stdout);
    prints(
        &scene,
        &["4G基站", "--by", "company", "--from", "2018", "--to", "2018", "--title", "誰多"],
        "\
誰多

單位：萬個
青嶼能源  102  ███████████████████████████████████
北方電力   90  ██████████████████████████████▉

來源：北方電力 2019 csr，第1頁；青嶼能源 2019 csr，第2頁
",
    );
    let all = scene.run(&["chart", "4G基站", "--by", "company"]);
    all.succeeds();
    assert!(all.stderr.contains("note: drawn is 2019; --from and --to choose 4 more, 2015 to 2020"), "{}", all.stderr);
}

#[test]
fn a_province_by_any_of_its_names_is_drawn_over_years_and_by_company() {
    let scene = scene();
    let qinghai = "\
北方電力：新建充電樁，青海

單位：萬個
2019  1.5  ███████████████████████████████████████

來源：北方電力 2019 csr，第2頁
";
    for name in ["青海", "青海省", "qinghai", "CN-QH", "630000"] {
        prints(&scene, &["新建充電樁", "--province", name, "--company", "北方電力"], qinghai);
    }
    prints(
        &scene,
        &["新建充電樁", "--province", "青海", "--province", "Tibet", "--company", "北方電力", "--lang", "en"],
        "\
北方电力: 新建充电桩

2019  Unit: items
Qinghai  15,000  █████████████████████████████████
Tibet     4,000  ████████▊

Source: 北方電力 2019 csr, p. 2
",
    );
    let companies = scene.run(&["chart", "新建充電樁", "--province", "青海", "--province", "西藏", "--by", "company", "--to", "2018"]);
    assert!(companies.succeeds().starts_with("新建充電樁，各公司，2018\n"), "{}", companies.stdout);
    assert!(companies.stdout.contains("\n青海  單位：萬個\n青嶼能源  1.2  █"), "{}", companies.stdout);
    assert!(companies.stdout.contains("\n西藏  單位：個\n青嶼能源  ≈500  █"), "{}", companies.stdout);
    let some = scene.run(&["chart", "新建充電樁", "--by", "province", "--province", "廣東", "--province", "西藏", "--company", "青嶼能源"]);
    assert!(some.succeeds().contains("廣東") && some.stdout.contains("西藏") && !some.stdout.contains("青海"), "{}", some.stdout);
}

#[test]
fn a_report_says_what_it_said_though_a_later_one_says_otherwise() {
    let scene = scene();
    let now = scene.run(&["chart", "4G基站", "--company", "青嶼能源"]);
    assert!(now.succeeds().contains("\n2018       102  █"), "{}", now.stdout);
    prints(
        &scene,
        &["4G基站", "--report", "青嶼能源/csr/2018", "--to", "2019"],
        "\
青嶼能源：4G基站

單位：萬個
2015    38  ██████████████▌
2016  62.5  ███████████████████████▊
2017     –
2018   100  ██████████████████████████████████████

來源：青嶼能源 2018 csr，第3、4頁
",
    );
}

#[test]
fn colours_are_for_terminals() {
    let scene = scene();
    assert!(!scene.run(&["chart", "4G基站"]).succeeds().contains('\x1b'));
    assert!(scene.run(&["chart", "4G基站", "--color", "always"]).succeeds().contains("\x1b["));
}

// ------------------------------------------------------------------ names

#[test]
fn a_metric_goes_by_any_of_its_names() {
    let scene = scene();
    let by_code = scene.run(&["chart", "base_stations_4g"]);
    for name in ["4G基站", "４ｇ 基站", "4G base stations"] {
        assert_eq!(scene.run(&["chart", name]).succeeds(), by_code.stdout, "{name}");
    }
    // In either script, and twice is once.
    assert_eq!(scene.run(&["chart", "净利润"]).succeeds(), scene.run(&["chart", "淨利潤", "净利润"]).succeeds());
    scene.run(&["chart", "4G基占"]).fails(1, &["there is no metric 「4G基占」; the nearest is 「4G基站 (base_stations_4g)」"]);
    scene.run(&["chart", "充电"]).fails(1, &["there is no metric 「充电」; its characters are in 新建充電樁 ("]);
    scene.run(&["chart", "牛奶產量增幅"]).fails(1, &["reportsql search WORD"]);
    scene.run(&["chart", "4G基站", "--province", "Qinghia"]).fails(1, &["there is no province 「Qinghia」; the nearest is 「Qinghai」"]);
    scene.run(&["chart", "4G基站", "--province", "青"]).fails(1, &["4G基站"]);
    scene
        .run(&["chart", "4G基站", "--province", "青嶋"])
        .fails(1, &["there is no province 「青嶋」; expected a name or code such as 青海"]);
    scene
        .run(&["chart", "4G基站", "--report", "nope"])
        .fails(1, &["there is no report 「nope」; there are 北方電力/csr/2019, 青嶼能源/csr/2018, 青嶼能源/csr/2019"]);
    scene.run(&["chart", "4G基站", "--company", "青屿能园"]).fails(1, &["there is no company 「青屿能园」; the nearest is 「青嶼能源 ("]);
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let scene = scene();
    scene
        .run(&["chart", "新建充電樁"])
        .fails(1, &["has no figure of the whole company over a year; it has 6 by province: --by province draws them, --province one of them over years"]);
    scene
        .run(&["chart", "4G基站", "--by", "province"])
        .fails(1, &["has no figure of one whole province; it has 7 of the whole company by year"]);
    scene
        .run(&["chart", "4G基站", "--province", "青海"])
        .fails(1, &["has no figure of one whole province over a year; it has 7 of the whole company: without --province they are drawn"]);
    scene
        .run(&["chart", "新建充電樁", "--province", "北京", "--report", "北方電力/csr/2019"])
        .fails(1, &["there are 6 without --province, --report"]);
    scene.run(&["chart", "4G基站", "--from", "2030"]).fails(1, &["there are 7 without --from and --to"]);
    scene.run(&["chart", "4G基站", "--kind", "share"]).fails(1, &["has no figure of kind share; there are 7 with --kind level"]);
    scene
        .run(&["chart", "base_stations_2g"])
        .fails(1, &["2G基站 (base_stations_2g) has no figure", "no report that is loaded speaks of it"]);
    scene.run(&["chart", "4G基站", "--from", "2019", "--to", "2018"]).fails(2, &["--from 2019 is after --to 2018"]);
    scene.run(&["chart"]).fails(2, &["<METRIC>"]);
    scene.run(&["chart", "4G基站", "--db", "nope.db"]).fails(1, &["nope.db"]);
}

#[test]
fn more_series_than_can_be_told_apart_are_refused() {
    let scene = Scene::new();
    for (value, company) in (1..).zip(["甲", "乙", "丙", "丁", "戊", "己", "庚"]) {
        let file = format!("{company}.csv");
        fs::write(scene.path(&file), format!("metric,value,period\n4G基站,{value}萬個,2019\n")).unwrap();
        scene.run(&["load", "-q", &file, "--company", company, "--kind", "csr", "--year", "2019"]).succeeds();
    }
    scene.run(&["chart", "4G基站"]).fails(1, &["7 series are more than 6", "name fewer metrics, or --company"]);
    assert!(scene.run(&["chart", "4G基站", "--by", "company"]).succeeds().contains("\n庚  7  █"));
}

// ------------------------------------------------------------------ pictures

/// What is drawn of the scene, and where the answer is kept.
pub(crate) const PICTURES: [(&[&str], &str); 3] = [
    (&["4G基站"], "years.svg"),
    (&["淨利潤", "--form", "column"], "columns.svg"),
    (&["新建充電樁", "--by", "province", "--company", "青嶼能源", "--lang", "en"], "provinces.svg"),
];

/// What a picture of the scene is; `UPDATE=1` writes the answer anew.
#[track_caller]
fn draws(scene: &Scene, arguments: &[&str], golden: &str) {
    scene.run(&[&["chart", "-o", golden], arguments].concat()).succeeds();
    let drawn = fs::read_to_string(scene.path(golden)).unwrap();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/chart").join(golden);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, &drawn).unwrap();
    }
    assert!(drawn == fs::read_to_string(&place).unwrap(), "{golden} is another picture; UPDATE=1 cargo test writes it anew");
}

#[test]
fn pictures_are_the_same_to_the_byte() {
    let scene = scene();
    PICTURES.iter().for_each(|(arguments, golden)| draws(&scene, arguments, golden));
}

#[test]
fn a_picture_says_in_words_what_it_shows() {
    let scene = scene();
    let outcome = scene.run(&["chart", "4G基站", "--company", "青嶼能源", "-o", "a.svg"]);
    assert_eq!(outcome.succeeds(), "", "a file takes the place of what is printed");
    assert_eq!(outcome.stderr, "a.svg: written\n");
    let drawn = fs::read_to_string(scene.path("a.svg")).unwrap();
    for part in [
        "xml:lang=\"zh-Hant\" role=\"img\" aria-labelledby=\"title desc\"",
        "<title id=\"title\">青嶼能源：4G基站</title>",
        "<desc id=\"desc\">萬個：2015 38；2016 62.5；2018 102；2019 ≥141；2020 200 目標</desc>",
        "<title>2019：≥141 萬個 (青嶼能源 2019 csr，第2頁)</title>",
        "stroke-dasharray",
        "'Noto Sans CJK TC'",
        ">單位：萬個</text>",
    ] {
        assert!(drawn.contains(part), "{part} is not in {drawn}");
    }
    // 2017 is not there: the line has two pieces.
    assert!(!drawn.contains("<title>2017"), "{drawn}");
    assert_eq!(drawn.matches("stroke-width=\"2.2\"").count(), 2, "{drawn}");
    // Nothing a title holds is markup.
    scene.run(&["chart", "4G基站", "--title", "<b>&\"", "-o", "b.svg"]).succeeds();
    assert!(fs::read_to_string(scene.path("b.svg")).unwrap().contains(">&lt;b&gt;&amp;"));
}

#[test]
fn outlines_need_no_font() {
    let scene = scene();
    scene.run(&["chart", "4G基站", "--outlines", "-o", "a.svg"]).succeeds();
    let drawn = fs::read_to_string(scene.path("a.svg")).unwrap();
    assert!(!drawn.contains("<text") && drawn.len() > 20_000, "{drawn}");
}

/// The pixels of a chart with a title.
fn pixels(scene: &Scene, title: &str) -> Pixmap {
    scene.run(&["chart", "4G基站", "--company", "青嶼能源", "--title", title, "-o", "p.png", "--force"]).succeeds();
    Pixmap::decode_png(&fs::read(scene.path("p.png")).unwrap()).unwrap()
}

/// How many pixels of the title are dark.
fn ink(picture: &Pixmap) -> Vec<bool> {
    let rows = 100 * picture.width() as usize;
    picture.pixels()[..rows].iter().map(|pixel| pixel.red() < 128).collect()
}

#[test]
fn letters_are_drawn_and_no_boxes() {
    let scene = scene();
    let (one, other) = (pixels(&scene, "青海"), pixels(&scene, "西藏"));
    assert_eq!(one.width(), 1920);
    assert!(one.height() > 900 && one.height() < 1300, "{}", one.height());
    let count = |picture: &Pixmap| ink(picture).iter().filter(|dark| **dark).count();
    assert!(count(&one) > 400 && count(&other) > 400, "{} {}", count(&one), count(&other));
    let differing = ink(&one).iter().zip(ink(&other)).filter(|(one, other)| **one != *other).count();
    assert!(differing > 300, "two names look alike: {differing}");
    // A line, a dashed one, marks: some of every picture is of the colour of the series.
    let coloured = one.pixels().iter().filter(|pixel| (pixel.red(), pixel.green(), pixel.blue()) == (0x0b, 0x2f, 0x5b)).count();
    assert!(coloured > 2000, "{coloured}");
}

#[test]
fn a_letter_that_no_font_has_is_an_error_and_no_box() {
    let scene = scene();
    let outcome = scene.run(&["chart", "4G基站", "--title", "青\u{F8FFE}海", "-o", "a.png"]);
    outcome.fails(1, &["no font here has \u{F8FFE}; install", "apt install fonts-noto-cjk", "--font FILE"]);
    scene.run(&["chart", "4G基站", "--font", "1.csv", "-o", "a.png"]).fails(1, &["1.csv: is no font"]);
    assert!(!scene.path("a.png").exists());
}

#[test]
fn a_picture_that_exists_is_kept() {
    let scene = scene();
    fs::write(scene.path("a.svg"), "mine").unwrap();
    scene.run(&["chart", "4G基站", "-o", "a.svg"]).fails(1, &["a.svg: exists", "--force"]);
    assert_eq!(fs::read_to_string(scene.path("a.svg")).unwrap(), "mine");
    scene.run(&["chart", "4G基站", "-o", "a.svg", "--force", "-q"]).succeeds();
    assert!(fs::read_to_string(scene.path("a.svg")).unwrap().starts_with("<?xml"));
    scene.run(&["chart", "4G基站", "-o", "a.jpg"]).fails(2, &["a.jpg: expected a name ending in .svg or .png"]);
    scene.run(&["chart", "4G基站", "-o", "no/a.svg"]).fails(1, &["no/a.svg: cannot be written"]);
    scene.run(&["chart", "4G基站", "--outlines"]).fails(2, &["--output"]);
}
