//! Writes the catalogues of `data/` into their tables.
//!
//! In:  places, units and metrics as the program knows them.
//! Out: a row for each; a row that says the same is not touched.

use super::{COUNTRY, Dimensions, FIRST_FREE_PLACE, NO_UNIT};
use rusqlite::{Connection, OptionalExtension, ToSql, params};
use std::collections::HashMap;

impl Dimensions<'_> {
    /// Writes the catalogues: new rows, and rows that say otherwise than before.
    pub(in super::super) fn write_catalogues(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        self.write_places(tx)?;
        self.write_units(tx)?;
        self.write_metrics(tx)?;
        self.read_again(tx)
    }

    fn write_places(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        let places = &self.knowledge.places;
        let country = places.area("100000").map(|_| COUNTRY);
        for province in &places.provinces {
            let Ok(id) = province.code.parse::<i64>() else { continue };
            upsert(
                tx,
                "provinces",
                "id",
                &[
                    ("id", &id),
                    ("iso_code", &province.iso_code),
                    ("name_hant", &province.name_hant),
                    ("name_hans", &province.name_hans),
                    ("name_en", &province.name_en),
                    ("short_hant", &province.short_hant),
                    ("short_hans", &province.short_hans),
                    ("abbr_hans", &province.abbr_hans),
                    ("kind", &province.kind),
                    ("region", &province.region),
                    ("geo_area", &province.geo_area),
                ],
            )?;
            upsert(
                tx,
                "places",
                "code",
                &[
                    ("id", &id),
                    ("code", &province.code),
                    ("level", &"province"),
                    ("name_hant", &province.name_hant),
                    ("name_hans", &province.name_hans),
                    ("name_en", &province.name_en),
                    ("province_id", &id),
                    ("parent_id", &country),
                ],
            )?;
        }
        let mut ids: HashMap<&str, i64> = HashMap::new();
        let mut next = self.next_place;
        for area in &places.areas {
            let id = match (self.places.get(area.code.as_str()), area.code.parse::<i64>()) {
                (Some(known), _) => known.id,
                (None, Ok(id)) if id < FIRST_FREE_PLACE => id,
                _ => {
                    next += 1;
                    next - 1
                }
            };
            ids.insert(&area.code, id);
        }
        let id_of = |code: &str| ids.get(code).copied().or_else(|| places.province(code)?.code.parse().ok());
        for area in &places.areas {
            let province = places.province_of(&area.code).and_then(|province| province.code.parse::<i64>().ok());
            upsert(
                tx,
                "places",
                "code",
                &[
                    ("id", &ids[area.code.as_str()]),
                    ("code", &area.code),
                    ("level", &area.level),
                    ("name_hant", &area.name_hant),
                    ("name_hans", &area.name_hans),
                    ("name_en", &area.name_en),
                    ("province_id", &province),
                    ("parent_id", &area.parent.as_deref().and_then(id_of)),
                ],
            )?;
        }
        for (region, member) in &places.members {
            if let (Some(region), Some(member)) = (id_of(region), id_of(member)) {
                tx.prepare_cached("INSERT OR IGNORE INTO place_members (place_id, member_id) VALUES (?1, ?2)")?
                    .execute([region, member])?;
            }
        }
        Ok(())
    }

    fn write_units(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        upsert(
            tx,
            "units",
            "code",
            &[
                ("code", &NO_UNIT),
                ("quantity", &"none"),
                ("base_code", &NO_UNIT),
                ("name_hant", &"無單位"),
                ("name_hans", &"无单位"),
                ("name_en", &"no unit"),
            ],
        )?;
        for unit in self.knowledge.units.all() {
            upsert(
                tx,
                "units",
                "code",
                &[
                    ("code", &unit.code),
                    ("ucum", &unit.ucum),
                    ("quantity", &unit.quantity),
                    ("base_code", &unit.base_code),
                    ("factor_text", &unit.factor.to_string()),
                    ("factor", &unit.factor.to_f64()),
                    ("name_hant", &unit.name_hant),
                    ("name_hans", &unit.name_hans),
                    ("name_en", &unit.name_en),
                ],
            )?;
        }
        Ok(())
    }

    fn write_metrics(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        let catalogue = &self.knowledge.metrics;
        let id_of = |table: &str, code: &str| -> rusqlite::Result<Option<i64>> {
            tx.prepare_cached(&format!("SELECT id FROM {table} WHERE code = ?1"))?.query_row([code], |row| row.get(0)).optional()
        };
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_string());
        for metric in &catalogue.all {
            upsert(
                tx,
                "metrics",
                "code",
                &[
                    ("code", &metric.code),
                    ("name_hant", &metric.name_hant),
                    ("name_hans", &metric.name_hans),
                    ("name_en", &filled(&metric.name_en)),
                    ("definition_hant", &filled(&metric.definition_hant)),
                    ("definition_hans", &filled(&metric.definition_hans)),
                    ("definition_en", &filled(&metric.definition_en)),
                    ("category", &filled(&metric.category)),
                    ("quantity", &filled(&metric.quantity)),
                    ("unit_id", &id_of("units", if metric.unit.is_empty() { NO_UNIT } else { &metric.unit })?),
                    ("period_type", &filled(&metric.period_type)),
                    ("aggregation", &metric.aggregation),
                    ("better", &filled(&metric.better)),
                    ("status", &"catalogued"),
                ],
            )?;
        }
        for metric in &catalogue.all {
            let Some(id) = id_of("metrics", &metric.code)? else { continue };
            if let Some(parent) = &metric.parent {
                let parent = id_of("metrics", parent)?;
                tx.prepare_cached("UPDATE metrics SET parent_id = ?2 WHERE id = ?1 AND parent_id IS NOT ?2")?
                    .execute(params![id, parent])?;
            }
            let standards =
                [("GRI", &metric.gri), ("SASB", &metric.sasb), ("HKEX", &metric.hkex), ("ITU", &metric.itu), ("MIIT", &metric.miit)];
            for (scheme, list) in standards {
                for item in list.split(';').filter(|item| !item.trim().is_empty()) {
                    let (code, grade) = item.trim().rsplit_once(' ').unwrap_or((item.trim(), "related"));
                    tx.prepare_cached("INSERT OR REPLACE INTO metric_standards (metric_id, scheme, code, match) VALUES (?1, ?2, ?3, ?4)")?
                        .execute(params![id, scheme, code, grade])?;
                }
            }
        }
        for (metric, alias) in &catalogue.aliases {
            if let Some(id) = id_of("metrics", metric)? {
                tx.prepare_cached("INSERT OR IGNORE INTO metric_aliases (metric_id, alias) VALUES (?1, ?2)")?
                    .execute(params![id, alias])?;
            }
        }
        Ok(())
    }
}

/// Inserts a row, or sets what its row says otherwise; an equal row is not touched.
pub(in super::super) fn upsert(tx: &Connection, table: &str, key: &str, columns: &[(&str, &dyn ToSql)]) -> rusqlite::Result<()> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<&dyn ToSql> = columns.iter().map(|(_, value)| *value).collect();
    let key_at = names.iter().position(|name| *name == key).map_or(1, |at| at + 1);
    let exists = tx.prepare_cached(&format!("SELECT 1 FROM {table} WHERE {key} = ?1"))?.exists([values[key_at - 1]])?;
    if !exists {
        let marks: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
        tx.prepare_cached(&format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), marks.join(", ")))?.execute(&values[..])?;
        return Ok(());
    }
    let sets: Vec<String> = names.iter().enumerate().map(|(at, name)| format!("{name} = ?{}", at + 1)).collect();
    let differs: Vec<String> = names.iter().enumerate().map(|(at, name)| format!("{name} IS NOT ?{}", at + 1)).collect();
    tx.prepare_cached(&format!("UPDATE {table} SET {} WHERE {key} = ?{key_at} AND ({})", sets.join(", "), differs.join(" OR ")))?
        .execute(&values[..])?;
    Ok(())
}
