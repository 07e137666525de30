//! Transcribed sheets: what a row comes to, and what is told of a row that cannot be taken.

use reportsql::knowledge::Knowledge;
use reportsql::model::{About, Amount, Figure, Level, Report};
use reportsql::{pipeline, read};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::read(None).unwrap());

fn report(csv: &str) -> Report {
    pipeline::report(&read::document("a.csv", csv.into()).unwrap(), &About::default(), &KNOWLEDGE)
}

/// The one figure of a sheet: value, unit, comparator, kind, basis.
#[track_caller]
fn check(value: &str, expect: &str) {
    let quoted = value.replace('"', "\"\"");
    let report = report(&format!("metric,value,period\nx,\"{quoted}\",2021\n"));
    assert_eq!(report.rejected, Vec::<String>::new(), "{value}");
    assert_eq!(shown(&report.figures[0]), expect, "{value}");
}

fn shown(figure: &Figure) -> String {
    let amount = match &figure.amount {
        Amount::One(value) => value.to_string(),
        Amount::Range(low, high) => format!("{low}..{high}"),
    };
    let basis = figure.basis.map(|basis| format!(" {}", basis.word())).unwrap_or_default();
    format!("{} {amount} {} {}{basis}", figure.comparator.word(), figure.unit, figure.kind_word())
}

#[test]
fn a_value_is_read_as_prose_is() {
    for (value, expect) in [
        ("141萬個", "= 1410000 个 level"),
        ("近1,500萬用戶", "~ 15000000 户 level"),
        ("3萬餘個", "> 30000 个 level"),
        ("超過百家", "> 100 家 level"),
        ("1-3毫秒", "= 1..3 ms level"),
        ("219.1件╱百萬用戶", "= 219.1 件/百万用户 level"),
        ("13.7 万人次", "= 137000 人次 level"),
        ("25.2 Mbps", "= 25.2 Mbit/s level"),
        ("(3.2)", "= -3.2  level"),
        ("第6名", "= 6 rank rank"),
        ("7折", "= 7 折 price"),
        ("六項", "= 6 项 level"),
        ("0.62", "= 0.62  level"),
        ("46個月", "= 46 month level"),
        ("5G基站3萬個", "= 30000 个 level"),
    ] {
        check(value, expect);
    }
}

#[test]
fn words_of_change_give_sign_and_basis() {
    for (value, expect) in [
        ("再降低20%以上", ">= -20 % change prior"),
        ("同比下降50.3%", "= -50.3 % change yoy"),
        ("環比提升0.3%", "= 0.3 % change pop"),
        ("較2017年提升85.4%", "= 85.4 % change 2017"),
        ("较上年末增加3.5万户", "= 35000 户 change 2020"),
        ("同比提升3.6個百分點", "= 3.6 pp change yoy"),
        ("降至4.8元", "= 4.8 CNY level"),
    ] {
        check(value, expect);
    }
}

#[test]
fn a_column_wins_over_the_words_of_a_value() {
    for (row, expect) in [
        ("x,20%,share,,人口", "= 20 % share"),
        ("x,下降20%,target,2015,", "= -20 % target 2015"),
        ("x,-20%,change,,", "= -20 % change prior"),
        ("x,-20%,,yoy,", "= -20 % change yoy"),
        ("x,提升20%,level,,", "= 20 % level"),
        ("x,129元,Price,,", "= 129 CNY price"),
    ] {
        let report = report(&format!("metric,value,kind,basis,whole,period\n{row},2021\n"));
        assert_eq!(report.rejected, Vec::<String>::new());
        assert_eq!(shown(&report.figures[0]), expect, "{row}");
    }
}

#[test]
fn provinces_go_by_any_form_of_their_names() {
    for name in ["CN-NM", "150000", "内蒙古", "內蒙古自治區", "蒙", "内蒙", "Inner Mongolia", "inner mongolia autonomous region"]
    {
        let report = report(&format!("metric,value,province,period\nx,1個,{name},2021\n"));
        assert_eq!(report.figures[0].provinces, ["CN-NM"], "{name}");
    }
    let several = report("metric,value,province\nx,1個,青海; 广东省 ；CN-HK\n");
    assert_eq!(several.figures[0].provinces, ["CN-GD", "CN-HK", "CN-QH"]);
    assert_eq!(several.figures[0].places, ["440000", "630000", "810000"]);
}

#[test]
fn a_place_brings_its_province_and_is_kept_as_written() {
    let report = report("metric,value,province,place\nx,1個,,哈密市\nx,1個,上海,浦東\nx,1個,青海,三江源頭\nx,1個,青海,哈密市\n");
    let found: Vec<_> =
        report.figures.iter().map(|figure| (figure.provinces.join(";"), figure.places.join(";"), figure.place.clone().unwrap())).collect();
    let expect = [
        ("CN-XJ", "650500", "哈密市"),
        ("CN-SH", "310115", "浦東"),
        ("CN-QH", "630000", "三江源頭"),
        // A place of another province is not believed; the column says where.
        ("CN-QH", "630000", "哈密市"),
    ]
    .map(|(provinces, places, place)| (provinces.to_string(), places.to_string(), place.to_string()));
    assert_eq!(found, expect);
}

#[test]
fn headings_stand_once_and_in_order() {
    let report = report(
        "metric,value,initiative,theme,line\na,1個,甲,主題,7\nb,1個,乙,主題,9\nc,1個,甲,主題,12\nd,1個,,另題,\ne,1個,丙,,\nf,1個,,,\n",
    );
    let headings: Vec<_> = report.headings.iter().map(|h| (h.level, h.name.as_str(), h.parent, h.line)).collect();
    assert_eq!(
        headings,
        [
            (Level::Theme, "主題", None, 7),
            (Level::Initiative, "甲", Some(0), 7),
            (Level::Initiative, "乙", Some(0), 9),
            (Level::Theme, "另題", None, 5),
            (Level::Initiative, "丙", None, 6)
        ]
    );
    let under: Vec<_> = report.figures.iter().map(|figure| figure.initiative).collect();
    assert_eq!(under, [Some(1), Some(2), Some(1), Some(3), Some(4), None]);
}

#[test]
fn a_row_without_a_period_takes_the_report_s_year() {
    let csv = "metric,value,kind,period\na,1個,,\nb,1個,,2020-06\nc,1個,target,2030\n";
    assert_eq!(report(csv).figures[0].period.code(), "2020");
    assert_eq!(report(csv).about.year, Some(2020));
    let given = About { year: Some(2021), ..About::default() };
    let document = read::document("a.csv", csv.into()).unwrap();
    assert_eq!(pipeline::report(&document, &given, &KNOWLEDGE).figures[0].period.code(), "2021");
}

#[test]
fn a_figure_keeps_its_cell_and_what_was_typed_of_the_report() {
    let report = report("# a comment\nmetric,value,page,line\n4G基站,約 2 萬個,12,71\n");
    let figure = &report.figures[0];
    assert_eq!((figure.at.cell.as_deref(), figure.at.page, figure.at.line), (Some("B3"), Some(12), Some(71)));
    assert_eq!((figure.raw.as_str(), figure.unit_text.as_str()), ("約2萬個", "個"));
    assert_eq!(report.sentences[figure.sentence].text, "4G基站 | 約 2 萬個");
    assert!(report.transcription);
    assert_eq!(report.about.lang, "zh-Hant");
}

#[test]
fn a_bad_row_is_told_with_line_and_column_and_harms_no_other() {
    let header = "metric,value,kind,basis,province,period,page,line";
    for (row, message) in [
        ("x,many,,,,,,", "line 2, column value: 「many」 holds no number; expected a value as printed such as 141萬個"),
        ("x,,,,,,,", "line 2, column value: the cell is empty; expected a value as printed such as 141萬個"),
        ("x,2019年,,,,,,", "line 2, column value: 「2019年」 is a date and no value; expected a value as printed such as 141萬個"),
        (
            "x,3個和5家,,,,,,",
            "line 2, column value: 「3個和5家」 holds two numbers, 「3個」 and 「5家」; expected one a row, or a range such as 1-3毫秒",
        ),
        (
            "x,1.5 widgets,,,,,,",
            "line 2, column value: 「1.5 widgets」 reads as a name and no number with a unit known; expected a value as printed such as 141萬個",
        ),
        (
            "x,less than 5%,,,,,,",
            "line 2, column value: 「less than」 before the number is not understood; expected a value as printed such as 141萬個",
        ),
        (",1個,,,,,,", "line 2, column metric: the cell is empty; expected the name of what is measured"),
        ("x,1個,levels,,,,,", "line 2, column kind: 「levels」 is no kind; expected level, change, share, rank, price, target or nothing"),
        ("x,1個,,last year,,,,", "line 2, column basis: 「last year」 is no basis; expected yoy, pop, prior, a year or nothing"),
        (
            "x,1個,level,yoy,,,,",
            "line 2, column basis: 「yoy」 says that the figure is a change, and kind says level; expected one of the two",
        ),
        (
            "x,1個,,,Atlantis,,,",
            "line 2, column province: 「Atlantis」 is no province; expected an ISO code or a name such as CN-QH, 青海 or Qinghai, several joined with ;",
        ),
        (
            "x,1個,,,,2019-13,,",
            "line 2, column period: 「2019-13」 is no period; expected one such as 2019, 2019-08, 2019-12-31, 2019-07/2019-09 or 2016/2019",
        ),
        ("x,1個,,,,,0,", "line 2, column page: 「0」 is no page; expected a whole number from 1"),
        ("x,1個,,,,,,ix", "line 2, column line: 「ix」 is no line; expected a whole number from 1"),
    ] {
        let report = report(&format!("{header}\n{row}\ny,7個,,,,,,\n"));
        assert_eq!(report.rejected, [message]);
        assert_eq!(report.figures.len(), 1);
        assert_eq!((report.figures[0].metric.as_str(), report.figures[0].sentence), ("y", 0));
    }
}

#[test]
fn the_transcribed_report_is_whole() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports/china-unicom-2019.csv");
    let document = read::document("china-unicom-2019.csv", std::fs::read(path).unwrap()).unwrap();
    let report = pipeline::report(&document, &About::default(), &KNOWLEDGE);
    assert_eq!(report.rejected, Vec::<String>::new());
    assert_eq!(report.about.year, Some(2019));
    assert!(report.figures.len() > 130, "{}", report.figures.len());
    let theme = |index: usize| report.headings[index].parent.unwrap_or(index);
    for figure in &report.figures {
        assert!(figure.at.line.is_some(), "{figure:?}");
        assert_eq!(report.headings[theme(figure.initiative.unwrap())].level, Level::Theme);
        for iso in &figure.provinces {
            assert!(KNOWLEDGE.places.provinces.iter().any(|province| province.iso_code == *iso), "{iso}");
        }
    }
    let regional = report.figures.iter().filter(|figure| !figure.provinces.is_empty()).count();
    assert!(regional >= 20, "{regional}");
}
