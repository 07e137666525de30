//! The headings of a report as rows of `initiatives`.
//!
//! In:  headings in reading order, each with the one above it.
//! Out: their ids; rows that are new, changed or gone.
//!
//! A heading belongs to its report and is known by its path, so that the report and its transcription share it; whose page and
//! line it shows follows from the documents and not from the order of loading.

use super::dimensions::Dimensions;
use super::identity::Identity;
use super::rows::{InitiativeRow, TableRow};
use super::simplified;
use super::store::{self, Table};
use crate::knowledge::Knowledge;
use crate::model::Heading;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeSet, HashMap};

/// What the headings of a document became.
pub(super) struct Headings {
    /// Their ids, by their index in the report.
    pub(super) ids: Vec<i64>,
    /// Those that this document had and has no more; figures may still stand under them.
    pub(super) vanished: Vec<i64>,
}

/// Writes the headings of a document.
pub(super) fn write(
    tx: &Connection,
    table: &mut Table<InitiativeRow>,
    dimensions: &mut Dimensions,
    knowledge: &Knowledge,
    headings: &[Heading],
    identity: &Identity,
    (report_id, document_id): (i64, i64),
) -> rusqlite::Result<Headings> {
    let old = store::rows::<InitiativeRow>(tx, "report_id", report_id)?;
    let known: HashMap<&str, &(i64, InitiativeRow)> = old.iter().map(|old| (old.1.path.as_str(), old)).collect();
    let mut next_id: i64 = tx.query_row("SELECT COALESCE(max(id), 0) + 1 FROM initiatives", [], |row| row.get(0))?;
    let mut ids: Vec<i64> = Vec::with_capacity(headings.len());
    for ((heading, path), theme) in headings.iter().zip(paths(headings)).zip(themes(headings)) {
        let year_id = match heading.year.filter(|year| (1900..=2200).contains(year)) {
            Some(year) => Some(dimensions.year(tx, year)?),
            None => None,
        };
        let row = InitiativeRow {
            report_id,
            document_id,
            level: heading.level.word().to_string(),
            name_hant: heading.name.clone(),
            name_hans: simplified(&heading.name, knowledge),
            parent_id: heading.parent.and_then(|parent| ids.get(parent).copied()),
            theme_hant: theme.to_string(),
            theme_hans: simplified(theme, knowledge),
            year_id,
            status: heading.status.map(|status| status.word().to_string()),
            page_no: heading.page,
            line_no: Some(heading.line),
            path,
        };
        let id = match known.get(row.path.as_str()) {
            Some((id, old)) => {
                if old.document_id == document_id || !goes_before(tx, old.document_id, identity)? {
                    if *old != row {
                        table.update(*id, &row)?;
                    }
                    set_provinces(tx, *id, heading, dimensions)?;
                }
                *id
            }
            None => {
                table.insert(next_id, row)?;
                set_provinces(tx, next_id, heading, dimensions)?;
                next_id += 1;
                next_id - 1
            }
        };
        ids.push(id);
    }
    table.flush()?;
    let kept: BTreeSet<i64> = ids.iter().copied().collect();
    let vanished = old.iter().filter(|(id, row)| row.document_id == document_id && !kept.contains(id)).map(|(id, _)| *id).collect();
    Ok(Headings { ids, vanished })
}

/// Does a document say before this one where a heading stands? The report before its transcription, then by name.
fn goes_before(tx: &Connection, document_id: i64, identity: &Identity) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT (source, name) < (?2, ?3) FROM documents WHERE id = ?1")?
        .query_row((document_id, identity.source, &identity.name), |row| row.get(0))
}

fn set_provinces(tx: &Connection, id: i64, heading: &Heading, dimensions: &Dimensions) -> rusqlite::Result<()> {
    let provinces: BTreeSet<i64> = heading.provinces.iter().filter_map(|code| dimensions.province(code)).collect();
    let mut select = tx.prepare_cached("SELECT province_id FROM initiative_provinces WHERE initiative_id = ?1")?;
    let old: BTreeSet<i64> = select.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for province in old.difference(&provinces) {
        tx.prepare_cached("DELETE FROM initiative_provinces WHERE initiative_id = ?1 AND province_id = ?2")?.execute([id, *province])?;
    }
    for province in provinces.difference(&old) {
        tx.prepare_cached("INSERT INTO initiative_provinces (initiative_id, province_id) VALUES (?1, ?2)")?.execute([id, *province])?;
    }
    Ok(())
}

/// Deletes headings that a document has no more; one that figures of another document stand under goes over to that one.
pub(super) fn release(tx: &Connection, report_id: i64, document_id: i64, mut ids: Vec<i64>) -> rusqlite::Result<()> {
    // Children come after their parents.
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    for id in ids {
        let heir: Option<i64> = tx
            .prepare_cached(
                "SELECT d.id FROM documents d WHERE d.report_id = ?1 AND d.id <> ?2 AND (
                    EXISTS (SELECT 1 FROM figures f WHERE f.document_id = d.id AND f.initiative_id = ?3)
                    OR EXISTS (SELECT 1 FROM initiatives i WHERE i.document_id = d.id AND i.parent_id = ?3)) ORDER BY d.source, d.name LIMIT 1",
            )?
            .query_row([report_id, document_id, id], |row| row.get(0))
            .optional()?;
        // A figure that a person added may stand under it.
        let is_used = tx
            .prepare_cached(
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM figures WHERE initiative_id = ?1) OR EXISTS (SELECT 1 FROM initiatives WHERE parent_id = ?1)",
            )?
            .exists([id])?;
        match heir {
            Some(heir) => {
                tx.prepare_cached("UPDATE initiatives SET document_id = ?2, page_no = NULL, line_no = NULL WHERE id = ?1")?
                    .execute([id, heir])?;
            }
            None if is_used => {}
            None => store::delete(tx, InitiativeRow::TABLE, id)?,
        }
    }
    Ok(())
}

/// The paths of headings: their names from the top. A second heading of one path ends in `#2`.
fn paths(headings: &[Heading]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::with_capacity(headings.len());
    let mut seen: HashMap<String, u32> = HashMap::new();
    for heading in headings {
        let name = heading.name.replace('/', "／");
        let path = match heading.parent.and_then(|parent| paths.get(parent)) {
            Some(above) => format!("{above}/{name}"),
            None => name,
        };
        let nth = seen.entry(path.clone()).or_default();
        *nth += 1;
        paths.push(if *nth > 1 { format!("{path}#{nth}") } else { path });
    }
    paths
}

/// The name of the top heading above each, or its own.
fn themes(headings: &[Heading]) -> Vec<&str> {
    let mut themes: Vec<&str> = Vec::with_capacity(headings.len());
    for heading in headings {
        themes.push(heading.parent.and_then(|parent| themes.get(parent).copied()).unwrap_or(&heading.name));
    }
    themes
}
