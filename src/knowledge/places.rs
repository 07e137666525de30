//! Provinces, and places below and across them: `data/provinces.csv`, `data/places.csv`, `data/place_members.csv`.

use super::fold::Fold;
use super::table::{Row, Tables};
use crate::error::{Error, Result};
use foldhash::HashMap;
use serde::Deserialize;

/// One of the 34 divisions of the first level.
#[derive(Debug, Clone, Deserialize)]
pub struct Province {
    /// GB/T 2260: 630000.
    pub code: String,
    /// ISO 3166-2: CN-QH.
    pub iso_code: String,
    /// 青海省
    pub name_hant: String,
    /// 青海省
    pub name_hans: String,
    /// Qinghai Province
    pub name_en: String,
    /// 青海
    pub short_hant: String,
    /// 青海
    pub short_hans: String,
    /// Qinghai
    pub short_en: String,
    /// 青
    pub abbr_hant: String,
    /// 青
    pub abbr_hans: String,
    /// 内蒙, where there is a second one.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub abbr2_hans: Option<String>,
    /// province, municipality, autonomous_region, sar
    pub kind: String,
    /// 西北
    pub geo_area: String,
    /// west
    pub region: String,
}

impl Province {
    /// Its codes and names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.iso_code, &self.code, &self.name_hans, &self.short_hans, &self.abbr_hans, &self.name_en, &self.short_en]
            .into_iter()
            .chain(&self.abbr2_hans)
            .map(String::as_str)
    }
}

/// Any other place: the country, prefectures, counties, zones, named regions.
#[derive(Debug, Clone, Deserialize)]
pub struct Area {
    /// GB/T 2260, or `x-…` where there is none.
    pub code: String,
    /// prefecture, county, zone, city_group …
    pub level: String,
    /// 哈密市
    pub name_hant: String,
    /// 哈密市
    pub name_hans: String,
    /// 哈密
    pub short_hant: String,
    /// 哈密
    pub short_hans: String,
    /// In English, where known.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub name_en: Option<String>,
    /// Code of the place straight above.
    #[serde(deserialize_with = "super::blank_is_none")]
    pub parent: Option<String>,
    /// How the short name may bind: yes, context, no.
    pub bare: String,
    /// The last year it existed.
    pub gone: Option<u16>,
    /// Other names, simplified, joined with `;`.
    pub aliases: String,
}

#[derive(Deserialize)]
struct Member {
    place: String,
    member: String,
}

/// All places.
#[derive(Debug)]
pub struct Places {
    /// The 34, by code.
    pub provinces: Vec<Province>,
    /// All others, by code.
    pub areas: Vec<Area>,
    /// Members of regions: region, member.
    pub members: Vec<(String, String)>,
    by_code: HashMap<String, Where>,
}

#[derive(Debug, Clone, Copy)]
enum Where {
    Province(usize),
    Area(usize),
}

impl Places {
    pub(super) fn read(tables: &Tables) -> Result<Places> {
        let provinces: Vec<Province> = tables.rows("provinces.csv")?.into_iter().map(|row| row.fields).collect();
        let areas = tables.rows::<Area>("places.csv")?;
        let members = tables.rows::<Member>("place_members.csv")?;
        let mut by_code = HashMap::with_capacity_and_hasher(provinces.len() + areas.len(), Default::default());
        for (at, province) in provinces.iter().enumerate() {
            by_code.insert(province.code.clone(), Where::Province(at));
        }
        for (at, area) in areas.iter().enumerate() {
            by_code.insert(area.fields.code.clone(), Where::Area(at));
        }
        for Row { at, fields } in &areas {
            if let Some(parent) = fields.parent.as_ref().filter(|parent| !by_code.contains_key(*parent)) {
                return Err(Error::failed(format!("{at}: parent 「{parent}」 is no code of places.csv or provinces.csv")));
            }
        }
        for row in &members {
            for code in [&row.fields.place, &row.fields.member] {
                if !by_code.contains_key(code) {
                    return Err(Error::failed(format!("{}: 「{code}」 is no code of places.csv or provinces.csv", row.at)));
                }
            }
        }
        let areas = areas.into_iter().map(|row| row.fields).collect();
        let members = members.into_iter().map(|row| (row.fields.place, row.fields.member)).collect();
        Ok(Places { provinces, areas, members, by_code })
    }

    /// The province of a code of GB/T 2260.
    pub fn province(&self, code: &str) -> Option<&Province> {
        match self.by_code.get(code) {
            Some(&Where::Province(at)) => Some(&self.provinces[at]),
            _ => None,
        }
    }

    /// The province of that name or code: 青海, 青海省, Qinghai, CN-QH, 630000; `fold` makes one script of two.
    pub fn province_named(&self, name: &str, fold: &Fold) -> Option<&Province> {
        let wanted = fold.text(name).to_lowercase();
        self.provinces.iter().find(|province| province.names().any(|name| fold.text(name).to_lowercase() == wanted))
    }

    /// The place of a code, unless it is a province.
    pub fn area(&self, code: &str) -> Option<&Area> {
        match self.by_code.get(code) {
            Some(&Where::Area(at)) => Some(&self.areas[at]),
            _ => None,
        }
    }

    /// The province a place lies in; `None` for a place across provinces or the country.
    pub fn province_of(&self, code: &str) -> Option<&Province> {
        let mut code = code;
        // Parents lead upwards; a table with a loop would not, so the way is bounded.
        for _ in 0..6 {
            match self.by_code.get(code)? {
                Where::Province(at) => return Some(&self.provinces[*at]),
                Where::Area(at) => code = self.areas[*at].parent.as_deref()?,
            }
        }
        None
    }

    /// Does a place lie in another one, at any depth?
    pub fn lies_in(&self, code: &str, other: &str) -> bool {
        let mut code = code;
        for _ in 0..6 {
            match self.area(code).and_then(|area| area.parent.as_deref()) {
                Some(parent) if parent == other => return true,
                Some(parent) => code = parent,
                None => return false,
            }
        }
        false
    }
}
