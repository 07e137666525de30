//! What people have changed, applied to the rows of a load.
//!
//! In:  the corrections of the database, by the key of their figure; a row as the program reads it now.
//! Out: the row as people want it; the state of each correction.
//!
//! Corrections are written by the triggers of `migrations/` and by `correct`. Of several that set one field the last one holds
//! and the others are superseded. One whose field the program now reads otherwise is stale: it is applied and told. One whose
//! figure is gone is an orphan; it stays and is applied again when the figure is back, or goes over to the figure that took
//! its place (`adopt`).

use super::dimensions::Dimensions;
use super::rows::{FigureRow, FindingRow};
use super::store;
use crate::decimal::Decimal;
use crate::message::{Wording, message};
use crate::model::{Period, Severity};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// One correction.
#[derive(Debug, Clone)]
struct Correction {
    id: i64,
    action: String,
    field: Option<String>,
    old: Option<String>,
    new: Option<String>,
    state: String,
}

impl Correction {
    /// What it decides: of those that decide one thing the last holds. An addition decides only that the figure is there.
    fn slot(&self) -> Option<String> {
        match (self.action.as_str(), self.field.as_deref()) {
            ("accept" | "reject", _) | (_, Some("review_status")) => Some("review".to_string()),
            (_, Some("place+" | "place-")) => Some(format!("place {}", self.new.as_deref().or(self.old.as_deref()).unwrap_or_default())),
            ("set", Some(field)) => Some(field.to_string()),
            _ => None,
        }
    }

    /// Does an earlier one no longer hold beside this one? An addition is taken back by rejecting it, and made again by adding it.
    fn overrules(&self, earlier: &Correction) -> bool {
        let slot = self.slot();
        slot.is_some() && slot == earlier.slot() || matches!((&*earlier.action, &*self.action), ("add", "reject") | ("reject", "add"))
    }
}

/// What a person says of a figure.
#[derive(Debug, Clone)]
pub(super) struct Said<'a> {
    /// `set`, `accept`, `reject`, `add`
    pub(super) action: &'a str,
    pub(super) field: Option<&'a str>,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    /// The program has read otherwise since: so it is told by a sheet of another database.
    pub(super) is_stale: bool,
}

/// What a correction is about: the key of a figure, and what can be read of it where it is gone.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) figure_key: String,
    /// Code of its report.
    pub(super) report: String,
    pub(super) metric_text: String,
    pub(super) reported: String,
}

/// Who says it, and why.
#[derive(Debug, Clone, Default)]
pub struct By {
    /// A name or address.
    pub author: String,
    /// Why the figure is not as it was read.
    pub reason: Option<String>,
}

/// What came of a figure's corrections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Applied {
    /// There are none.
    Nothing,
    /// They are in the row.
    All,
    /// They are, and the program now reads otherwise what one of them corrected: what it was, and what it is.
    Stale(String, String),
    /// They no longer fit what the program reads: a value set where there now is a range.
    Unfit,
}

/// All corrections, by figure.
#[derive(Debug, Default)]
pub(super) struct Corrections(HashMap<String, Vec<Correction>>);

impl Corrections {
    /// Reads those of a database.
    pub(super) fn read(tx: &Connection) -> rusqlite::Result<Corrections> {
        let mut all: HashMap<String, Vec<Correction>> = HashMap::new();
        let mut select =
            tx.prepare("SELECT figure_key, id, action, field, machine_value, new_value, state FROM corrections ORDER BY id")?;
        let rows = select.query_map([], |row| {
            let correction = Correction {
                id: row.get(1)?,
                action: row.get(2)?,
                field: row.get(3)?,
                old: row.get(4)?,
                new: row.get(5)?,
                state: row.get(6)?,
            };
            Ok((row.get::<_, String>(0)?, correction))
        })?;
        for row in rows {
            let (key, correction) = row?;
            all.entry(key).or_default().push(correction);
        }
        Ok(Corrections(all))
    }

    /// The keys of all figures that somebody corrected.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Has somebody corrected a figure?
    pub(super) fn has(&self, figure_key: &str) -> bool {
        !self.0.is_empty() && self.effective(figure_key).next().is_some()
    }

    /// Did a person add a figure, and not take it back?
    pub(super) fn is_added(&self, figure_key: &str) -> bool {
        let all = self.0.get(figure_key).map_or(&[][..], Vec::as_slice);
        all.iter().rfind(|one| matches!(one.action.as_str(), "add" | "reject")).is_some_and(|last| last.action == "add")
    }

    /// Has anything ever been said of a figure, whether it holds or not?
    pub(super) fn knows(&self, figure_key: &str) -> bool {
        self.0.contains_key(figure_key)
    }

    /// Does the last correction of its kind say the same? What has become stale is said anew by saying it again.
    pub(super) fn is_known(&self, figure_key: &str, said: &Said) -> bool {
        self.holds(figure_key, said, |state| state != "stale" || said.is_stale)
    }

    /// The same, where a correction may be in whatever state.
    pub(super) fn is_noted(&self, figure_key: &str, said: &Said) -> bool {
        self.holds(figure_key, said, |_| true)
    }

    fn holds(&self, figure_key: &str, said: &Said, fits: impl Fn(&str) -> bool) -> bool {
        let (action, field) = (said.action.to_string(), said.field.map(str::to_string));
        let one = Correction { id: 0, action, field, old: said.old.clone(), new: said.new.clone(), state: String::new() };
        let same = |known: &Correction| known.slot() == one.slot() && known.action == one.action && known.new == one.new;
        match one.slot() {
            Some(_) => self.effective(figure_key).any(|known| same(known) && fits(&known.state)),
            None => self.is_added(figure_key),
        }
    }

    /// Those of a figure that hold, in the order they were made.
    fn effective(&self, figure_key: &str) -> impl Iterator<Item = &Correction> {
        let all = self.0.get(figure_key).map_or(&[][..], Vec::as_slice);
        all.iter().enumerate().filter_map(move |(at, correction)| {
            correction.slot()?;
            let is_last = !all[at + 1..].iter().any(|later| later.overrules(correction));
            (is_last && correction.state != "superseded").then_some(correction)
        })
    }

    /// What the program read when a field was first corrected; unknown where the program has read otherwise since.
    fn base(&self, figure_key: &str, last: &Correction) -> Option<Option<String>> {
        let slot = last.slot();
        let all = self.0.get(figure_key)?;
        let mut base = last;
        for earlier in all.iter().rev().filter(|one| one.id < last.id && one.slot() == slot) {
            if earlier.state == "stale" {
                return None;
            }
            base = earlier;
        }
        Some(base.old.clone())
    }

    /// Applies those of a figure to what was read just now. Where the result contradicts itself, the row stays as it was read.
    pub(super) fn apply(
        &mut self,
        tx: &Connection,
        dimensions: &mut Dimensions,
        row: &mut FigureRow,
        places: &mut Vec<i64>,
    ) -> rusqlite::Result<Applied> {
        self.put_on(tx, dimensions, row, places, true)
    }

    /// Applies those of a figure to the row of the database, which may hold some of them already.
    pub(super) fn apply_again(
        &mut self,
        tx: &Connection,
        dimensions: &mut Dimensions,
        row: &mut FigureRow,
        places: &mut Vec<i64>,
    ) -> rusqlite::Result<Applied> {
        self.put_on(tx, dimensions, row, places, false)
    }

    fn put_on(
        &mut self,
        tx: &Connection,
        dimensions: &mut Dimensions,
        row: &mut FigureRow,
        places: &mut Vec<i64>,
        is_fresh: bool,
    ) -> rusqlite::Result<Applied> {
        if !self.has(&row.figure_key) {
            return Ok(Applied::Nothing);
        }
        let machine = (row.clone(), places.clone());
        let corrections: Vec<Correction> = self.effective(&row.figure_key).cloned().collect();
        let mut stale = None;
        for correction in &corrections {
            let mut is_stale = correction.state == "stale";
            if is_fresh {
                let moved = self.moved(tx, &machine.0, correction)?;
                is_stale = moved.is_some();
                if let Some(moved) = moved {
                    stale.get_or_insert(moved);
                }
                self.mark(tx, &row.figure_key, correction, if is_stale { "stale" } else { "active" })?;
            }
            match correction.action.as_str() {
                "reject" => row.review_status = "rejected".to_string(),
                // What was accepted is not what is read now.
                "accept" if is_stale => {}
                // It stands by a person's word already.
                "accept" if row.review_status == "added" => {}
                "accept" => row.review_status = "accepted".to_string(),
                "set" => {
                    let Correction { field, old, new, .. } = correction;
                    set(tx, dimensions, (row, places), field.as_deref().unwrap_or_default(), old.as_deref(), new.clone())?;
                }
                _ => {}
            }
        }
        if !sound(row) {
            (*row, *places) = machine;
            return Ok(Applied::Unfit);
        }
        Ok(match stale {
            Some((was, is)) => Applied::Stale(was, is),
            None => Applied::All,
        })
    }

    /// What the program read when a correction was made and what it reads now, where these differ and the correction says neither.
    fn moved(&self, tx: &Connection, machine: &FigureRow, correction: &Correction) -> rusqlite::Result<Option<(String, String)>> {
        let Some(base) = self.base(&machine.figure_key, correction) else { return Ok(None) };
        let now = match (correction.action.as_str(), correction.field.as_deref()) {
            ("accept", _) => match base {
                Some(_) => Some(said(tx, machine)?),
                None => return Ok(None),
            },
            // A note is a person's and never read.
            ("set", Some("note")) => return Ok(None),
            ("set", Some(field)) => match field_text(tx, machine, field)? {
                Some(now) => now,
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_string());
        Ok((now != base && now != correction.new).then(|| (shown(&base), shown(&now))))
    }

    fn mark(&mut self, tx: &Connection, figure_key: &str, correction: &Correction, state: &str) -> rusqlite::Result<()> {
        if correction.state != state {
            tx.prepare_cached("UPDATE corrections SET state = ?2 WHERE id = ?1")?.execute(params![correction.id, state])?;
            if let Some(known) = self.0.get_mut(figure_key).and_then(|all| all.iter_mut().find(|one| one.id == correction.id)) {
                known.state = state.to_string();
            }
        }
        Ok(())
    }

    /// A figure's corrections go over to the one that took its place; the old ones stay, superseded.
    pub(super) fn adopt(&mut self, tx: &Connection, from: &str, to: &FigureRow, report: &str) -> rusqlite::Result<()> {
        let heirs: Vec<(i64, Option<String>)> =
            self.effective(from).map(|one| (one.id, self.base(from, one).unwrap_or_else(|| one.old.clone()))).collect();
        for (id, base) in &heirs {
            tx.prepare_cached(
                "INSERT INTO corrections (figure_key, action, field, machine_value, new_value, reason, author, created_at, report, metric_text, reported)
                 SELECT ?2, action, field, ?3, new_value, reason, author, created_at, ?4, ?5, ?6 FROM corrections WHERE id = ?1",
            )?
            .execute(params![id, to.figure_key, base, report, to.metric_text, to.reported])?;
            let copy = self.0.get(from).and_then(|all| all.iter().find(|one| one.id == *id)).cloned();
            if let Some(copy) = copy {
                let copy = Correction { id: tx.last_insert_rowid(), old: base.clone(), state: "active".to_string(), ..copy };
                self.0.entry(to.figure_key.clone()).or_default().push(copy);
            }
        }
        tx.prepare_cached("UPDATE corrections SET state = 'superseded' WHERE figure_key = ?1 AND state <> 'superseded'")?
            .execute([from])?;
        for one in self.0.get_mut(from).into_iter().flatten() {
            one.state = "superseded".to_string();
        }
        Ok(())
    }

    /// Writes down a correction, unless it says what the last one of its kind says.
    pub(super) fn add(&mut self, tx: &Connection, origin: &Origin, said: &Said, by: &By) -> rusqlite::Result<bool> {
        let (action, field) = (said.action.to_string(), said.field.map(str::to_string));
        let state = if said.is_stale { "stale" } else { "active" }.to_string();
        let mut correction = Correction { id: 0, action, field, old: said.old.clone(), new: said.new.clone(), state };
        if self.is_known(&origin.figure_key, said) {
            return Ok(false);
        }
        tx.prepare_cached(
            "INSERT INTO corrections (figure_key, action, field, machine_value, new_value, reason, author, state, report, metric_text, reported)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            origin.figure_key,
            correction.action,
            correction.field,
            correction.old,
            correction.new,
            by.reason,
            by.author,
            correction.state,
            origin.report,
            origin.metric_text,
            origin.reported
        ])?;
        correction.id = tx.last_insert_rowid();
        self.0.entry(origin.figure_key.clone()).or_default().push(correction);
        Ok(true)
    }

    /// Whether a person wants a figure shown as its fact or not, where one said so.
    pub(super) fn preferred(&self, figure_key: &str) -> Option<bool> {
        if self.0.is_empty() {
            return None;
        }
        let last = self.effective(figure_key).find(|correction| correction.field.as_deref() == Some("is_preferred"))?;
        last.new.as_deref().map(|new| new == "1")
    }

    /// Sets the states that follow from the rows alone: superseded by a later one, orphaned, found again.
    pub(super) fn settle(&mut self, tx: &Connection, load_id: i64) -> rusqlite::Result<()> {
        let mut exists = tx.prepare("SELECT 1 FROM figures WHERE figure_key = ?1")?;
        let mut update = tx.prepare("UPDATE corrections SET state = ?2 WHERE id = ?1")?;
        for (key, all) in &mut self.0 {
            let is_there = exists.exists([key])?;
            for at in 0..all.len() {
                let (one, later) = (&all[at], &all[at + 1..]);
                // One that is stale stays so: what is said after it is said of another reading.
                let is_overruled = one.state != "stale" && later.iter().any(|later| later.overrules(one));
                let is_rejected = one.action == "reject" || later.iter().any(|later| later.action == "reject");
                let state = match one.state.as_str() {
                    "superseded" => continue,
                    _ if is_overruled => "superseded",
                    "active" | "stale" if !is_there && !is_rejected => "orphan",
                    "orphan" if is_there => "active",
                    _ => continue,
                };
                update.execute(params![one.id, state])?;
                all[at].state = state.to_string();
            }
        }
        tell_orphans(tx, load_id)
    }

    /// The row as the program read it, as far as corrections tell what it was: to know it by what it says.
    pub(super) fn machine(&self, row: &FigureRow, field: &str) -> Option<String> {
        let last = self.effective(&row.figure_key).find(|one| one.field.as_deref() == Some(field))?;
        self.base(&row.figure_key, last)?
    }
}

/// Makes a finding of each figure that people corrected and that its report, which is still there, has no more; and takes back
/// those that hold no longer.
fn tell_orphans(tx: &Connection, load_id: i64) -> rusqlite::Result<()> {
    let mut select = tx.prepare(
        "SELECT DISTINCT r.id, c.figure_key, c.metric_text, c.reported FROM corrections c JOIN reports r ON r.code = c.report
          WHERE c.state = 'orphan' ORDER BY r.id, c.figure_key",
    )?;
    let found = select.query_map([], |row| {
        let text = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default());
        let (key, metric, raw): (String, String, String) = (row.get(1)?, text(2)?, text(3)?);
        let message = Wording::from(message!("finding-correction-orphan", metric = metric, raw = raw));
        Ok(FindingRow {
            code: "correction-orphan".to_string(),
            severity: Severity::Warning.word().to_string(),
            report_id: row.get(0)?,
            document_id: None,
            figure_id: None,
            page_no: None,
            message_en: message.en,
            message_hans: message.hans,
            detail: Some(key),
            message_hant: Some(message.hant),
        })
    })?;
    let found: Vec<FindingRow> = found.collect::<rusqlite::Result<_>>()?;
    store::renew(tx, load_id, store::rows::<FindingRow>(tx, "code", "correction-orphan")?, found)
}

/// Of a report the figures that people deleted and that it does not have: key, label, expression. What they added and took back is
/// none: the program never read it.
pub(super) fn deleted(tx: &Connection, report: &str) -> rusqlite::Result<Vec<(String, String, String)>> {
    let mut select = tx.prepare_cached(
        "SELECT DISTINCT figure_key, metric_text, reported FROM corrections c
          WHERE action = 'reject' AND state = 'active' AND report = ?1 AND metric_text IS NOT NULL AND reported IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM figures f WHERE f.figure_key = c.figure_key)
            AND NOT EXISTS (SELECT 1 FROM corrections a WHERE a.figure_key = c.figure_key AND a.action = 'add') ORDER BY figure_key",
    )?;
    select.query_map([report], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// What a figure says, in one line: `= 1410000 个`.
pub(super) fn said(tx: &Connection, row: &FigureRow) -> rusqlite::Result<String> {
    let unit: String = tx.prepare_cached("SELECT code FROM units WHERE id = ?1")?.query_row([row.unit_id], |row| row.get(0))?;
    let amount = match (&row.value_text, &row.low_text, &row.high_text) {
        (Some(value), _, _) => value.clone(),
        (None, low, high) => format!("{}..{}", low.as_deref().unwrap_or_default(), high.as_deref().unwrap_or_default()),
    };
    Ok(format!("{} {amount} {unit}", row.comparator))
}

/// A field as corrections write it; `None` for one that the program does not read.
pub(super) fn field_text(tx: &Connection, row: &FigureRow, field: &str) -> rusqlite::Result<Option<Option<String>>> {
    let code = |sql: &str, id: Option<i64>| -> rusqlite::Result<Option<String>> {
        match id {
            Some(id) => tx.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional(),
            None => Ok(None),
        }
    };
    const METRIC: &str = "SELECT code FROM metrics WHERE id = ?1";
    const PERIOD: &str = "SELECT code FROM periods WHERE id = ?1";
    Ok(Some(match field {
        "value_text" => row.value_text.clone(),
        "low_text" => row.low_text.clone(),
        "high_text" => row.high_text.clone(),
        "comparator" => Some(row.comparator.clone()),
        "metric_text" => Some(row.metric_text.clone()),
        "kind" => Some(row.kind.clone()),
        "modality" => Some(row.modality.clone()),
        "tier" => Some(row.tier.clone()),
        "change_basis" => row.change_basis.clone(),
        "change_mode" => row.change_mode.clone(),
        "whole_text" => row.whole_text.clone(),
        "unit" => code("SELECT code FROM units WHERE id = ?1", Some(row.unit_id))?,
        "metric" => code(METRIC, Some(row.metric_id))?,
        "whole_metric" => code(METRIC, row.whole_metric_id)?,
        "org" => code("SELECT code FROM organizations WHERE id = ?1", Some(row.org_id))?,
        "initiative" => code("SELECT path FROM initiatives WHERE id = ?1", row.initiative_id)?,
        "province" => code("SELECT iso_code FROM provinces WHERE id = ?1", row.province_id)?,
        "place" => code("SELECT code FROM places WHERE id = ?1", row.place_id)?,
        "period" => code(PERIOD, Some(row.period_id))?,
        "base_period" => code(PERIOD, row.base_period_id)?,
        "note" => row.note.clone(),
        _ => return Ok(None),
    }))
}

/// Would the table take the row?
pub(super) fn sound(row: &FigureRow) -> bool {
    let one_or_range = row.value_text.is_none() == row.low_text.is_some() && row.low_text.is_none() == row.high_text.is_none();
    let twins = [(&row.value_text, row.value), (&row.low_text, row.low), (&row.high_text, row.high)];
    let change = match row.kind.as_str() {
        "change" => {
            row.change_basis.is_some()
                && row.change_mode.is_some()
                && (row.change_basis.as_deref() != Some("vs_period") || row.base_period_id.is_some())
        }
        _ => row.change_basis.is_none() && row.change_mode.is_none() && row.base_period_id.is_none(),
    };
    one_or_range && twins.iter().all(|(text, double)| text.is_some() == double.is_some()) && row.low <= row.high && change
}

/// Sets one field of a row and its places; ids are written as codes. `old` is what leaves where `place-` takes a place out.
pub(super) fn set(
    tx: &Connection,
    dimensions: &mut Dimensions,
    (row, places): (&mut FigureRow, &mut Vec<i64>),
    field: &str,
    old: Option<&str>,
    new: Option<String>,
) -> rusqlite::Result<()> {
    let said = new.clone();
    let code = said.as_deref();
    let id = |sql: &str| -> rusqlite::Result<Option<i64>> {
        match code {
            Some(code) => tx.prepare_cached(sql)?.query_row([code], |row| row.get(0)).optional(),
            None => Ok(None),
        }
    };
    let double = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Decimal>().ok()).and_then(|decimal| decimal.to_f64());
    let mut edited = true;
    match (field, new) {
        ("value_text", new) => (row.value, row.value_text) = (double(&new), new),
        ("low_text", new) => (row.low, row.low_text) = (double(&new), new),
        ("high_text", new) => (row.high, row.high_text) = (double(&new), new),
        ("comparator", Some(new)) => row.comparator = new,
        ("metric_text", Some(new)) => row.metric_text = new,
        ("kind", Some(new)) => row.kind = new,
        ("modality", Some(new)) => row.modality = new,
        ("tier", Some(new)) => row.tier = new,
        ("change_basis", new) => row.change_basis = new,
        ("change_mode", new) => row.change_mode = new,
        ("whole_text", new) => row.whole_text = new,
        ("note", new) => row.note = new,
        ("unit", Some(code)) => row.unit_id = dimensions.unit(tx, &code)?,
        ("metric", Some(code)) => {
            let label = code.strip_prefix("x:").unwrap_or(&code);
            row.metric_id = dimensions.metric(tx, Some(&code), label)?.id;
        }
        ("org", Some(_)) => row.org_id = id("SELECT id FROM organizations WHERE code = ?1")?.unwrap_or(row.org_id),
        ("whole_metric", _) => row.whole_metric_id = id("SELECT id FROM metrics WHERE code = ?1")?,
        ("initiative", _) => {
            let path = code.unwrap_or_default();
            row.initiative_id = tx
                .prepare_cached("SELECT id FROM initiatives WHERE report_id = ?1 AND path = ?2")?
                .query_row((row.report_id, path), |row| row.get(0))
                .optional()?;
        }
        ("province", _) => {
            row.province_id = id("SELECT id FROM provinces WHERE iso_code = ?1")?;
            let within = row.place_id.and_then(|place| dimensions.place_code(place)).and_then(|code| dimensions.place(&code)?.province);
            if within != row.province_id {
                row.place_id = row.province_id;
            }
        }
        ("place", _) => {
            let place = match code {
                Some(code) => dimensions.place_coded(tx, code)?,
                None => None,
            };
            (row.place_id, row.province_id) = (place.as_ref().map(|place| place.id), place.and_then(|place| place.province));
        }
        ("period", Some(code)) => {
            if let Some(period) = Period::from_code(&code) {
                let period = dimensions.period(tx, &period)?;
                (row.period_id, row.year_id) = (period.id, period.year);
            }
        }
        ("base_period", code) => {
            row.base_period_id = match code.as_deref().and_then(Period::from_code) {
                Some(period) => Some(dimensions.period(tx, &period)?.id),
                None => None,
            }
        }
        ("place+", Some(code)) => {
            let place = dimensions.place_coded(tx, &code)?.map(|place| place.id);
            places.extend(place.filter(|place| !places.contains(place)));
            edited = false;
        }
        ("place-", _) => {
            let gone = old.and_then(|code| dimensions.place(code)).map(|place| place.id);
            places.retain(|place| Some(*place) != gone);
            edited = false;
        }
        ("review_status", Some(new)) => {
            row.review_status = new;
            edited = false;
        }
        _ => edited = false,
    }
    row.value_base = dimensions.value_base(row.value, row.unit_id);
    if edited && matches!(row.review_status.as_str(), "unreviewed" | "accepted") {
        row.review_status = "corrected".to_string();
    }
    Ok(())
}
