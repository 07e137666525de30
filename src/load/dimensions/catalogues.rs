//! Writes the catalogues of `data/` into their tables.
//!
//! In:  places, units and metrics as the program knows them.
//! Out: a row for each; a row that says the same is not touched.

use super::super::store::TOGETHER;
use super::{COUNTRY, Dimensions, FIRST_FREE_PLACE, NO_UNIT};
use rusqlite::types::{Null, ToSqlOutput};
use rusqlite::{Connection, params, params_from_iter};
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
        let with_id = || places.provinces.iter().filter_map(|province| Some((province, province.code.parse::<i64>().ok()?)));
        let provinces: Vec<Cells> = with_id()
            .map(|(province, id)| {
                cells![
                    id,
                    &*province.iso_code,
                    &*province.name_hant,
                    &*province.name_hans,
                    &*province.name_en,
                    &*province.short_hant,
                    &*province.short_hans,
                    &*province.abbr_hans,
                    &*province.kind,
                    &*province.region,
                    &*province.geo_area
                ]
            })
            .collect();
        const PROVINCE: &[&str] =
            &["id", "iso_code", "name_hant", "name_hans", "name_en", "short_hant", "short_hans", "abbr_hans", "kind", "region", "geo_area"];
        upsert(tx, "provinces", &["id"], PROVINCE, &provinces)?;
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
        let mut rows: Vec<Cells> = with_id()
            .map(|(province, id)| {
                let (hant, hans, en) = (&*province.name_hant, &*province.name_hans, &*province.name_en);
                cells![id, &*province.code, "province", hant, hans, en, id, maybe(country)]
            })
            .collect();
        rows.extend(places.areas.iter().map(|area| {
            let province = places.province_of(&area.code).and_then(|province| province.code.parse::<i64>().ok());
            cells![
                ids[area.code.as_str()],
                &*area.code,
                &*area.level,
                &*area.name_hant,
                &*area.name_hans,
                maybe(area.name_en.as_deref()),
                maybe(province),
                maybe(area.parent.as_deref().and_then(id_of))
            ]
        }));
        const PLACE: &[&str] = &["id", "code", "level", "name_hant", "name_hans", "name_en", "province_id", "parent_id"];
        upsert(tx, "places", &["code"], PLACE, &rows)?;
        let members = places.members.iter().filter_map(|(region, member)| Some(cells![id_of(region)?, id_of(member)?]));
        const MEMBER: &[&str] = &["place_id", "member_id"];
        upsert(tx, "place_members", MEMBER, MEMBER, &members.collect::<Vec<_>>())
    }

    fn write_units(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        let mut rows = vec![cells![NO_UNIT, Null, "none", NO_UNIT, "1", 1.0, "無單位", "无单位", "no unit"]];
        rows.extend(self.knowledge.units.all().iter().map(|unit| {
            cells![
                &*unit.code,
                maybe(unit.ucum.as_deref()),
                &*unit.quantity,
                &*unit.base_code,
                unit.factor.to_string(),
                maybe(unit.factor.to_f64()),
                &*unit.name_hant,
                &*unit.name_hans,
                maybe(unit.name_en.as_deref())
            ]
        }));
        const UNIT: &[&str] = &["code", "ucum", "quantity", "base_code", "factor_text", "factor", "name_hant", "name_hans", "name_en"];
        upsert(tx, "units", &["code"], UNIT, &rows)
    }

    fn write_metrics(&mut self, tx: &Connection) -> rusqlite::Result<()> {
        let catalogue = &self.knowledge.metrics;
        let ids = |table: &str| -> rusqlite::Result<HashMap<String, i64>> {
            tx.prepare(&format!("SELECT code, id FROM {table}"))?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        fn filled(text: &str) -> ToSqlOutput<'_> {
            maybe((!text.is_empty()).then_some(text))
        }
        let units = ids("units")?;
        let rows = catalogue.all.iter().map(|metric| {
            let unit = if metric.unit.is_empty() { NO_UNIT } else { &metric.unit };
            cells![
                &*metric.code,
                &*metric.name_hant,
                &*metric.name_hans,
                filled(&metric.name_en),
                filled(&metric.definition_hant),
                filled(&metric.definition_hans),
                filled(&metric.definition_en),
                filled(&metric.category),
                filled(&metric.quantity),
                maybe(units.get(unit).copied()),
                filled(&metric.period_type),
                &*metric.aggregation,
                filled(&metric.better),
                "catalogued"
            ]
        });
        const METRIC: &[&str] = &[
            "code",
            "name_hant",
            "name_hans",
            "name_en",
            "definition_hant",
            "definition_hans",
            "definition_en",
            "category",
            "quantity",
            "unit_id",
            "period_type",
            "aggregation",
            "better",
            "status",
        ];
        upsert(tx, "metrics", &["code"], METRIC, &rows.collect::<Vec<_>>())?;
        let metrics = ids("metrics")?;
        let mut set_parent = tx.prepare("UPDATE metrics SET parent_id = ?2 WHERE id = ?1 AND parent_id IS NOT ?2")?;
        let mut standards: Vec<Cells> = Vec::new();
        for metric in &catalogue.all {
            let Some(&id) = metrics.get(&metric.code) else { continue };
            if let Some(parent) = &metric.parent {
                set_parent.execute(params![id, metrics.get(parent)])?;
            }
            let lists =
                [("GRI", &metric.gri), ("SASB", &metric.sasb), ("HKEX", &metric.hkex), ("ITU", &metric.itu), ("MIIT", &metric.miit)];
            for (scheme, list) in lists {
                for item in list.split(';').filter(|item| !item.trim().is_empty()) {
                    let (code, grade) = item.trim().rsplit_once(' ').unwrap_or((item.trim(), "related"));
                    standards.push(cells![id, scheme, code, grade]);
                }
            }
        }
        upsert(tx, "metric_standards", &["metric_id", "scheme", "code"], &["metric_id", "scheme", "code", "match"], &standards)?;
        let aliases = catalogue.aliases.iter().filter_map(|(metric, alias)| Some(cells![*metrics.get(metric)?, &**alias]));
        const ALIAS: &[&str] = &["metric_id", "alias"];
        upsert(tx, "metric_aliases", ALIAS, ALIAS, &aliases.collect::<Vec<_>>())
    }
}

/// The cells of a row.
pub(in super::super) type Cells<'a> = Vec<ToSqlOutput<'a>>;

/// A cell that may be NULL.
pub(in super::super) fn maybe<'a>(cell: Option<impl Into<ToSqlOutput<'a>>>) -> ToSqlOutput<'a> {
    cell.map_or(ToSqlOutput::from(Null), Into::into)
}

/// A row out of its cells.
macro_rules! cells {
    ($($cell:expr),+) => { vec![$(rusqlite::types::ToSqlOutput::from($cell)),+] };
}
pub(in super::super) use cells;

/// Inserts rows, or sets what the rows of their keys say otherwise; an equal row is not touched.
pub(in super::super) fn upsert(tx: &Connection, table: &str, key: &[&str], columns: &[&str], rows: &[Cells]) -> rusqlite::Result<()> {
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let each =
        |wording: &dyn Fn(&str) -> String, between: &str| columns.iter().map(|column| wording(column)).collect::<Vec<_>>().join(between);
    let sets = each(&|column| format!("{column} = excluded.{column}"), ", ");
    let differs = each(&|column| format!("{table}.{column} IS NOT excluded.{column}"), " OR ");
    for rows in rows.chunks(TOGETHER) {
        tx.prepare_cached(&format!(
            "INSERT INTO {table} ({}) VALUES {} ON CONFLICT ({}) DO UPDATE SET {sets} WHERE {differs}",
            columns.join(", "),
            vec![row.as_str(); rows.len()].join(", "),
            key.join(", "),
        ))?
        .execute(params_from_iter(rows.iter().flatten()))?;
    }
    Ok(())
}
