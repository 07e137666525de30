//! Reports of our own with answer keys, written without a look at the rules: what is right of them stays right.

use crate::judge::judged;
use reportsql::knowledge::Knowledge;
use std::path::Path;

/// Of each report of `tests/corpus/keys` how many figures are right at least, and how many count at most.
const LEAST: &[(&str, usize, usize)] = &[
    ("appliances-2024", 127, 128),
    ("bank-csr-2024", 105, 113),
    ("bank-esg-2024", 135, 157),
    ("battery-esg-2024", 112, 117),
    ("chips-investors-2025", 75, 87),
    ("datacentre-annual-2023", 118, 119),
    ("ecommerce-esg-2024", 108, 118),
    ("energy-bulletin-2024", 142, 150),
    ("ev-esg-2024", 120, 127),
    ("ev-results-2023q3", 123, 126),
    ("food-esg-2024", 119, 128),
    ("gas-interim-2024", 103, 111),
    ("grid-csr-2023", 99, 104),
    ("insurance-csr-2021", 122, 126),
    ("logistics-esg-2022", 117, 121),
    ("materials-annual-2024", 217, 222),
    ("medical-interim-2025", 215, 228),
    ("metro-taiwan-2024", 124, 162),
    ("mobile-yunnan-csr-2023", 99, 100),
    ("oilgas-esg-2023", 137, 140),
    ("parcels-esg-2024", 217, 240),
    ("port-interim-2025", 114, 121),
    ("power-monthly-2025-05", 98, 106),
    ("power-output-2025q3", 160, 164),
    ("railway-taiwan-2023", 138, 150),
    ("restaurants-interim-2025", 238, 260),
    ("steel-environment-2024", 129, 138),
    ("telecom-bulletin-2024-08", 107, 108),
    ("telecom-donglan-csr-2021", 146, 154),
    ("telecom-formosa-2023", 117, 123),
    ("telecom-jiangxi-csr-2022", 123, 129),
    ("telecom-taiwan-2024", 120, 130),
    ("transit-annual-2025", 103, 107),
    ("water-csr-2024", 92, 98),
];

#[test]
fn as_many_figures_are_right_as_there_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/keys");
    let knowledge = Knowledge::read(None).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".txt") || name.ends_with(".pdf"))
        .collect();
    names.sort();
    let found: Vec<(String, usize, usize)> = names
        .into_iter()
        .map(|name| {
            let figures = judged(&folder.join(&name), &knowledge);
            let right = figures.iter().filter(|(_, right)| *right).count();
            (name[..name.len() - 4].to_string(), right, figures.len())
        })
        .collect();
    let named: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(named, LEAST.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), "LEAST names every report once, in order: {found:?}");
    for ((name, right, seen), (_, least, most)) in found.iter().zip(LEAST) {
        assert!(right >= least && seen <= most, "{name}: {right} of {seen} are right, and were {least} of {most}");
    }
}
