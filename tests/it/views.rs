//! The views that answer a question each, over the sheets of two years of a company that does not exist.

use crate::scene::Scene;

const YEAR_1: &str = "\
metric,value,kind,basis,whole,period,province
4G基站,100萬個,,,,2020,
4G基站,20萬個,,,,2020,廣東
4G基站,3萬個,,,,2020,青海
4G基站,7萬個,,,,2020,廣東;青海
營業收入,500億元,,,,2020,
海外收入,2億美元,,,,2020,
研發投入,10億元,,,,2020,
員工人數,40000人,,,,2020-12-31,
5G基站,達到60萬個,target,,,2021,
碳排放強度,降至3千克,target,,,2021,
新增投訴量,30件,target,,,2021,
";

const YEAR_2: &str = "\
metric,value,kind,basis,whole,period,province
4G基站,102萬個,,,,2020,
4G基站,110萬個,,,,2021,
4G基站,同比增長10%,,,,2021,
營業收入,同比增長8%,,,,2021,
研發投入,12億元,,,,2021,
員工人數,42000人,,,,2021-12-31,
女性員工比例,40%,share,,員工人數,2021-12-31,
5G基站,66萬個,,,,2021,
新增投訴量,33件,,,,2021,
";

fn scene() -> Scene {
    let scene = Scene::with(&[("1.csv", YEAR_1.as_bytes()), ("2.csv", YEAR_2.as_bytes())]);
    for (file, year) in [("1.csv", "2020"), ("2.csv", "2021")] {
        scene.run(&["load", "-q", file, "--company", "青嶼能源", "--kind", "csr", "--year", year]).succeeds();
    }
    scene
}

#[track_caller]
fn check(scene: &Scene, sql: &str, expect: &str) {
    assert_eq!(scene.run(&["query", "-f", "csv", sql]).succeeds(), expect, "{sql}");
}

#[test]
fn a_metric_by_year_is_of_the_whole_company_and_from_the_newest_report() {
    let scene = scene();
    check(
        &scene,
        "SELECT year, period, value_exact, unit, agreement, report FROM metric_by_year WHERE metric_hant = '4G基站' ORDER BY year",
        "year,period,value_exact,unit,agreement,report\n\
         2020,2020,1020000,个,restated,青嶼能源/csr/2021\n2021,2021,1100000,个,sole,青嶼能源/csr/2021\n",
    );
    check(
        &scene,
        "SELECT year, period FROM metric_by_year WHERE metric_hant LIKE '%員工%' ORDER BY year",
        "year,period\n2020,2020-12-31\n2021,2021-12-31\n",
    );
}

#[test]
fn a_metric_by_province_leaves_out_what_is_said_of_several() {
    let scene = scene();
    check(
        &scene,
        "SELECT province_code, value_exact FROM metric_by_province WHERE metric_hant = '4G基站' ORDER BY 1",
        "province_code,value_exact\nCN-GD,200000\nCN-QH,30000\n",
    );
    check(&scene, "SELECT count(*) AS n, sum(value_base) AS s FROM province_facts WHERE metric_hant = '4G基站'", "n,s\n4,370000\n");
}

#[test]
fn base_units_keep_currencies_apart() {
    check(
        &scene(),
        "SELECT unit_base, sum(value_base) AS total FROM metric_by_year WHERE year = 2020 AND unit IN ('CNY', 'USD') GROUP BY 1 ORDER BY 1",
        "unit_base,total\nCNY,51000000000\nUSD,200000000\n",
    );
}

#[test]
fn a_change_stands_beside_its_levels_or_what_follows_from_one() {
    let scene = scene();
    let columns = "metric_hant, value, change_basis, change_mode, base_period, base_exact, level_exact, implied_base, implied_level";
    check(
        &scene,
        &format!("SELECT {columns} FROM changes ORDER BY metric_hant"),
        &format!(
            "{}\n4G基站,10,yoy,relative,2020,1020000,1100000,1000000,1122000\n營業收入,8,yoy,relative,2020,50000000000,,,54000000000\n",
            columns.replace(", ", ",")
        ),
    );
}

#[test]
fn a_share_stands_beside_its_whole() {
    let scene = scene();
    check(
        &scene,
        "SELECT metric_hant, value_exact, whole, whole_metric_code, whole_exact, whole_unit, implied_part FROM shares",
        "metric_hant,value_exact,whole,whole_metric_code,whole_exact,whole_unit,implied_part\n女性員工比例,40,員工人數,employees,42000,人,16800\n",
    );
}

#[test]
fn a_target_stands_beside_what_was_achieved() {
    let scene = scene();
    check(
        &scene,
        "SELECT metric_hant, value_exact, better, actual_period, actual_exact, achieved_percent, is_met FROM targets ORDER BY figure_id",
        "metric_hant,value_exact,better,actual_period,actual_exact,achieved_percent,is_met\n\
         5G基站,600000,higher,2021,660000,110,1\n溫室氣體排放強度,3,lower,,,,\n新增投訴量,30,,2021,33,110,\n",
    );
}

#[test]
fn what_falls_is_judged_by_how_much() {
    let scene = Scene::with(&[(
        "typed.csv",
        "metric,value,kind,basis,period\n單位能耗,下降25%,change,yoy,2021\n單位能耗,計劃下降20%以上,target,yoy,2022\n".as_bytes(),
    )]);
    scene.run(&["load", "-q", "typed.csv", "--company", "青嶼能源", "--kind", "csr", "--year", "2021"]).succeeds();
    check(
        &scene,
        "SELECT comparator, value_exact, actual_exact, is_met FROM targets",
        "comparator,value_exact,actual_exact,is_met\n>=,-20,-25,1\n",
    );
    let scene = Scene::with(&[("a.txt", "2021年，員工人數5000人，其中外籍員工佔員工人數的5‰。\n".as_bytes())]);
    scene.run(&["load", "-q", "a.txt", "--company", "青嶼能源", "--kind", "csr", "--year", "2021"]).succeeds();
    check(&scene, "SELECT value_exact, unit, implied_part FROM shares", "value_exact,unit,implied_part\n5,‰,25\n");
}

#[test]
fn what_contradicts_stands_beside_what_is_shown() {
    let scene = Scene::with(&[
        ("a.txt", "公司2021年4G基站總數達到141萬個。\n".as_bytes()),
        ("typed.csv", "metric,value,period\n4G基站,144萬個,2021\n".as_bytes()),
    ]);
    for file in ["a.txt", "typed.csv"] {
        scene.run(&["load", "-q", file, "--company", "青嶼能源", "--kind", "csr", "--year", "2021"]).succeeds();
    }
    check(
        &scene,
        "SELECT metric_hant, shown_reported, shown_value, other_reported, other_value FROM conflicts",
        "metric_hant,shown_reported,shown_value,other_reported,other_value\n4G基站,141萬個,1410000,144萬個,1440000\n",
    );
}

/// A statement, and what its plan must not hold.
const PLANS: &[(&str, &str)] = &[
    ("SELECT * FROM flat_facts WHERE metric_code = 'users_4g'", "SCAN f"),
    ("SELECT * FROM flat_facts WHERE metric_hans = '4G用户'", "SCAN f"),
    ("SELECT * FROM flat_facts WHERE metric_code = 'users_4g' AND year = 2019", "SCAN f"),
    ("SELECT * FROM flat_facts WHERE province_code = 'CN-QH' AND year = 2019", "SCAN f"),
    ("SELECT * FROM flat_facts WHERE organization = '中國聯通' AND year = 2019", "SCAN f"),
    ("SELECT * FROM flat_facts WHERE report = 'china-unicom/csr/2019'", "SCAN f"),
    ("SELECT * FROM flat_figures WHERE fact_key = 'k1'", "SCAN f"),
    ("SELECT * FROM flat_figures WHERE figure_key = 'f1'", "SCAN f"),
    ("SELECT * FROM metric_by_year WHERE metric_code = 'users_4g'", "SCAN f"),
    ("SELECT * FROM metric_by_province WHERE metric_code = 'users_4g' AND province_code = 'CN-QH'", "SCAN f"),
    ("SELECT * FROM changes WHERE metric_code = 'users_4g'", "SCAN"),
    ("SELECT * FROM shares WHERE metric_code = 'users_4g'", "SCAN"),
    ("SELECT * FROM targets WHERE metric_code = 'users_4g'", "SCAN"),
    ("SELECT * FROM conflicts", "SCAN a"),
    ("SELECT * FROM province_facts WHERE metric_code = 'users_4g'", "SCAN f"),
    ("SELECT * FROM review_queue LIMIT 20", "TEMP B-TREE"),
];

#[test]
fn no_view_scans_what_an_index_serves() {
    let scene = scene();
    for (sql, never) in PLANS {
        let plan = scene.run(&["query", "-f", "csv", &format!("EXPLAIN QUERY PLAN {sql}")]);
        let plan = plan.succeeds();
        // What is computed is a row of its own, of no table.
        let steps = plan.lines().filter(|line| !line.ends_with("SCAN CONSTANT ROW"));
        let steps: Vec<&str> = steps.filter(|line| format!("{line} ").contains(&format!("{never} "))).collect();
        assert!(steps.is_empty(), "{sql}\n{plan}");
    }
    // Rows that are few among many have an index of their own; another figure of the same metric and company is looked up.
    for (view, step, times) in [
        ("targets", "SCAN f USING INDEX figures_promise", 1),
        ("targets", "SEARCH x USING INDEX figures_series (metric_id=? AND org_id=? AND year_id<?)", 1),
        ("conflicts", "SCAN b USING INDEX figures_conflict", 1),
        ("changes", "SEARCH x USING INDEX figures_series (metric_id=? AND org_id=? AND year_id=?)", 2),
        ("shares", "SEARCH x USING INDEX figures_series (metric_id=? AND org_id=? AND year_id=?)", 1),
    ] {
        let plan = scene.run(&["query", "-f", "csv", &format!("EXPLAIN QUERY PLAN SELECT * FROM {view}")]);
        assert_eq!(plan.succeeds().matches(step).count(), times, "{view}\n{}", plan.stdout);
    }
}
