//! What people say of figures at the command line: set, accept, reject, add; one at a time or as a sheet.
//!
//! In:  what is asked, with who and why.
//! Out: rows of `corrections`, the figures as they now are, facts decided over. All of it or, on an error, nothing.
//!
//! The same asked twice changes nothing the second time, so that a sheet of corrections may be imported again and again. All that a
//! sheet says of one figure is taken together: a range has two ends, and between its rows it would be none.

mod fields;
mod sheet;

use super::corrections::{self, Applied, Origin, Said, field_text, said};
use super::loading::Loading;
use super::rows::{Context, FigureRow, Keys};
use super::{Options, change_existing, find, store};
use crate::bind::typed::Sheet;
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::model::{About, Figure, Transcribed};
use crate::normalise;
use rusqlite::OptionalExtension;
use std::collections::HashMap;
use std::path::Path;

pub use super::corrections::By;
pub use sheet::{LIST, SHEET, sheet};

/// Something that a person says of a figure.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What.
    pub action: Action,
    /// Who says so, and why.
    pub by: By,
    /// Where it was asked, to begin an error with: `corrections.csv, line 3`.
    pub at: Option<String>,
    /// Of a row of a sheet that `correct list` printed: what stands beside it.
    pub noted: Option<Noted>,
}

/// What a sheet tells of a correction beside what it says: enough to keep it where there is no such figure.
#[derive(Debug, Clone, Default)]
pub struct Noted {
    /// What the program read when it was made.
    pub machine_value: Option<String>,
    /// `active`, `stale`, `orphan`
    pub state: String,
    /// Code of the report.
    pub report: String,
    /// The figure's label.
    pub metric: String,
    /// Its expression.
    pub reported: String,
}

/// What is said of a figure. A figure is named by its figure_key, the first characters of one, or its figure_id.
#[derive(Debug, Clone)]
pub enum Action {
    /// It has other values: fields and what they are; nothing empties one.
    Set(String, Vec<(String, String)>),
    /// It is as it was read.
    Accept(String),
    /// It is no figure.
    Reject(String),
    /// It was missed.
    Add(Box<Addition>),
    /// Somebody added it and took it back: where it is, it goes.
    TakeBack(String),
}

/// A figure that was missed.
#[derive(Debug, Clone, Default)]
pub struct Addition {
    /// Its key, where it has one in another database.
    pub figure_key: String,
    /// The code of its report.
    pub report: String,
    /// The figure as a sheet would have it, with a page or line.
    pub typed: Transcribed,
    /// Columns of `figures` that say exactly what it is, ids as codes; then the value need not tell it.
    pub exact: Vec<(&'static str, Option<String>)>,
}

/// How many of the things asked changed something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// They did.
    pub changed: usize,
    /// They were so already.
    pub unchanged: usize,
    /// Of those that did, how many are about figures that are not there, and wait for them.
    pub waiting: usize,
}

/// What came of one thing asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Changed,
    Unchanged,
    Waiting,
}

/// Corrects figures of a database.
pub fn correct(db: &Path, asked: &[Asked], knowledge: &Knowledge, options: &Options) -> Result<Made> {
    let mut made = Made::default();
    change_existing(db, knowledge, options, |loading| {
        // All that is said of a figure together, figures in the order in which they are first named.
        let mut figures: Vec<(String, Vec<&Asked>)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut outcomes = Vec::new();
        for one in asked {
            let figure = match &one.action {
                Action::Add(addition) => {
                    outcomes.push(add(loading, addition, one).map_err(|error| one.told(error))?);
                    continue;
                }
                Action::Set(figure, _) | Action::Accept(figure) | Action::Reject(figure) | Action::TakeBack(figure) => figure,
            };
            let key = key(loading, figure, one).map_err(|error| one.told(error))?;
            let at = *known.entry(key.clone()).or_insert_with(|| {
                figures.push((key, Vec::new()));
                figures.len() - 1
            });
            figures[at].1.push(one);
        }
        for (key, asked) in figures {
            on_figure(loading, &key, &asked, &mut outcomes)?;
        }
        for outcome in outcomes {
            match outcome {
                Outcome::Unchanged => made.unchanged += 1,
                Outcome::Changed => made.changed += 1,
                Outcome::Waiting => (made.changed, made.waiting) = (made.changed + 1, made.waiting + 1),
            }
        }
        Ok(false)
    })?;
    Ok(made)
}

impl Asked {
    /// An error with where it was asked.
    fn told(&self, error: Error) -> Error {
        match &self.at {
            Some(at) => error.at(at),
            None => error,
        }
    }

    /// What it says, as it is written down where there is no figure to say it of.
    fn as_noted(&self, loading: &Loading) -> Result<Vec<Said<'static>>> {
        let noted = self.noted.clone().unwrap_or_default();
        let is_stale = noted.state == "stale";
        let said = |action, field, new| Said { action, field, old: noted.machine_value.clone(), new, is_stale };
        Ok(match &self.action {
            Action::Set(_, fields) => {
                let mut all = Vec::new();
                for (field, value) in fields {
                    // Alone: what else is to be emptied stands in a row of its own.
                    all.extend(fields::meant(loading, None, field, value.trim())?.into_iter().take(1));
                }
                all.into_iter().map(|(field, new)| said("set", Some(field), new.filter(|_| field != "place-"))).collect()
            }
            Action::Accept(_) => vec![said("accept", None, None)],
            Action::Reject(_) => vec![said("reject", None, None)],
            Action::Add(_) | Action::TakeBack(_) => Vec::new(),
        })
    }
}

/// Is that a whole key?
fn is_key(figure: &str) -> bool {
    figure.len() == 21 && figure.starts_with('f') && figure[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The key of the figure that is meant. One that is not there has one too, where people said something of it or a sheet tells
/// which it was.
fn key(loading: &Loading, figure: &str, asked: &Asked) -> Result<String> {
    let tx = loading.tx;
    match find::figure(tx, figure) {
        Ok(id) => Ok(tx.query_row("SELECT figure_key FROM figures WHERE id = ?1", [id], |row| row.get(0))?),
        Err(error) => {
            let is_told = asked.noted.as_ref().is_some_and(|noted| !noted.report.is_empty()) || matches!(asked.action, Action::TakeBack(_));
            if is_key(figure) && (is_told || loading.corrections.knows(figure)) { Ok(figure.to_string()) } else { Err(error) }
        }
    }
}

/// Writes down all that is asked of one figure, and brings its rows in line, in every file that has it.
fn on_figure(loading: &mut Loading, key: &str, asked: &[&Asked], outcomes: &mut Vec<Outcome>) -> Result<()> {
    let tx = loading.tx;
    let rows = store::rows::<FigureRow>(tx, "figure_key", key)?;
    let Some((_, row)) = rows.first() else {
        for one in asked {
            outcomes.push(keep(loading, key, one).map_err(|error| one.told(error))?);
        }
        return Ok(());
    };
    let mut is_changed = false;
    for (one, all) in asked.iter().zip(sayings(loading, row, asked)?) {
        let mut changed = false;
        for said in all {
            changed |= note(loading, row, &said, &one.by)?;
        }
        outcomes.push(if changed { Outcome::Changed } else { Outcome::Unchanged });
        is_changed |= changed;
    }
    if !is_changed {
        return Ok(());
    }
    for (id, mut row) in rows {
        let mut places = loading.places_of(id)?;
        let was = (row.clone(), places.clone());
        if loading.corrections.apply_again(tx, &mut loading.dimensions, &mut row, &mut places)? == Applied::Unfit {
            let error = Error::failed(format!(
                "「{} {}」 would contradict itself: a change has basis and mode, vs_period a base_period, a range two ends in order; set all of them at once",
                row.metric_text, row.reported
            ));
            return Err(match asked.last() {
                Some(last) => last.told(error),
                None => error,
            });
        }
        if was != (row.clone(), places.clone()) {
            loading.set_row(id, row, &places)?;
        } else {
            loading.touched.insert(row.fact_key);
        }
    }
    Ok(())
}

/// What each thing asked of a figure comes to, for `corrections`: only what is not so already.
fn sayings(loading: &mut Loading, row: &FigureRow, asked: &[&Asked]) -> Result<Vec<Vec<Said<'static>>>> {
    let tx = loading.tx;
    // What a person typed; what a sheet lists was complete when it was listed, and follows one from the other.
    let mut typed: Vec<(&'static str, Option<String>)> = Vec::new();
    let mut all = Vec::new();
    let mut ends = Vec::new();
    for one in asked {
        if let (Action::Set(_, fields), None) = (&one.action, &one.noted) {
            for (field, value) in fields {
                typed.extend(fields::meant(loading, Some(row), field, value.trim()).map_err(|error| one.told(error))?);
            }
        }
        ends.push(typed.len());
    }
    fields::completed(loading, row, &mut typed)?;
    // What follows from what was typed belongs to the last who typed.
    if let Some(last) = asked.iter().rposition(|one| matches!(one.action, Action::Set(..)) && one.noted.is_none()) {
        ends[last..].iter_mut().for_each(|end| *end = typed.len());
    }
    let mut typed = typed.into_iter().enumerate().peekable();
    for (one, end) in asked.iter().zip(ends) {
        let mut said_of = Vec::new();
        if let (Action::Set(..), Some(_)) = (&one.action, &one.noted) {
            said_of = one.as_noted(loading).map_err(|error| one.told(error))?;
            for said in &mut said_of {
                if let Some(field) = said.field.filter(|field| *field != "place-") {
                    said.old = field_text(tx, row, field)?.flatten();
                }
            }
        }
        while let Some((_, (field, new))) = typed.next_if(|(at, _)| *at < end) {
            let (old, new) = match field {
                "place-" => (new, None),
                "is_preferred" | "place+" => (None, new),
                field => (field_text(tx, row, field)?.flatten(), new),
            };
            if old != new {
                said_of.push(Said { action: "set", field: Some(field), old, new, is_stale: false });
            }
        }
        let stale = one.noted.as_ref().filter(|noted| noted.state == "stale");
        let described = Some(format!("{}: {}", row.metric_text, row.reported));
        said_of.extend(match (&one.action, stale) {
            // What was accepted is not what was read when the sheet was printed; it holds where it is read again.
            (Action::Accept(_), Some(noted)) => {
                Some(Said { action: "accept", field: None, old: noted.machine_value.clone(), new: None, is_stale: true })
            }
            (Action::Accept(_), None) => {
                Some(Said { action: "accept", field: None, old: Some(said(tx, row)?), new: None, is_stale: false })
            }
            (Action::Reject(_) | Action::TakeBack(_), _) => {
                Some(Said { action: "reject", field: None, old: described, new: None, is_stale: false })
            }
            _ => None,
        });
        all.push(said_of);
    }
    Ok(all)
}

/// Writes down what is asked of a figure that is not there, as its sheet tells it.
fn keep(loading: &mut Loading, key: &str, one: &Asked) -> Result<Outcome> {
    let noted = one.noted.clone().unwrap_or_default();
    let origin = Origin { figure_key: key.to_string(), report: noted.report, metric_text: noted.metric, reported: noted.reported };
    let mut outcome = Outcome::Unchanged;
    for said in one.as_noted(loading)? {
        if loading.corrections.is_noted(key, &said) {
            continue;
        }
        if origin.report.is_empty() {
            return Err(Error::failed(format!("there is no figure 「{key}」 now; `reportsql correct list` shows what was said of it")));
        }
        loading.begin()?;
        if loading.corrections.add(loading.tx, &origin, &said, &one.by)? {
            outcome = Outcome::Waiting;
        }
    }
    Ok(outcome)
}

/// Writes a correction down; the first one begins the change.
fn note(loading: &mut Loading, row: &FigureRow, said: &Said, by: &By) -> Result<bool> {
    let tx = loading.tx;
    if loading.corrections.is_known(&row.figure_key, said) {
        return Ok(false);
    }
    loading.begin()?;
    let report = tx.prepare_cached("SELECT code FROM reports WHERE id = ?1")?.query_row([row.report_id], |row| row.get(0))?;
    let origin =
        Origin { figure_key: row.figure_key.clone(), report, metric_text: row.metric_text.clone(), reported: row.reported.clone() };
    Ok(loading.corrections.add(tx, &origin, said, by)?)
}

// ------------------------------------------------------------------ a figure that was missed

/// Where an addition goes: report, document, company, its code, the document's source, the report's year.
type Target = (i64, i64, i64, String, String, i32);

fn add(loading: &mut Loading, addition: &Addition, asked: &Asked) -> Result<Outcome> {
    let Addition { figure_key, report, typed, exact } = addition;
    let (tx, knowledge) = (loading.tx, loading.knowledge);
    let is_there = |key: &str| tx.prepare_cached("SELECT 1 FROM figures WHERE figure_key = ?1")?.exists([key]);
    if is_there(figure_key)? {
        return Ok(Outcome::Unchanged);
    }
    let found: Option<Target> = tx
        .query_row(
            "SELECT r.id, d.id, r.org_id, o.code, d.source, r.year_id FROM reports r JOIN documents d ON d.report_id = r.id JOIN organizations o ON o.id = r.org_id
              WHERE r.code = ?1 ORDER BY d.source, d.name LIMIT 1",
            [report],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)),
        )
        .optional()?;
    let has_place = !(typed.page.is_empty() && typed.line.is_empty());
    if asked.noted.as_ref().is_some_and(|noted| noted.state == "orphan") && is_key(figure_key) && (found.is_none() || !has_place) {
        // Its report was taken out, and all that is left of it is that somebody added it.
        let new = Some(format!("{}: {}", typed.metric, typed.value));
        let origin = Origin {
            figure_key: figure_key.clone(),
            report: report.clone(),
            metric_text: typed.metric.clone(),
            reported: typed.value.clone(),
        };
        let said = Said { action: "add", field: None, old: None, new, is_stale: false };
        if loading.corrections.is_known(figure_key, &said) {
            return Ok(Outcome::Unchanged);
        }
        loading.begin()?;
        loading.corrections.add(tx, &origin, &said, &asked.by)?;
        return Ok(Outcome::Waiting);
    }
    let Some((report_id, document_id, org_id, org_code, source, year)) = found else {
        return Err(Error::failed(format!(
            "there is no report 「{report}」 to add to; `reportsql query \"SELECT code FROM reports\"` lists them"
        )));
    };
    if !has_place {
        return Err(Error::failed("nothing says where the figure stands; expected a page or a line of the report"));
    }
    let (sentence, figure) = read(typed, exact, year, knowledge)?;
    let context = Context {
        knowledge,
        report_code: report,
        source: if source == "report" { "report" } else { "transcription" },
        org_id,
        org_code: &org_code,
        report_id,
        document_id,
        initiatives: &[],
        branches: &[],
        sentences: &[],
    };
    // What is added is told apart from what is read in the same words.
    let key = if is_key(figure_key) { figure_key.clone() } else { Keys::default().next(&context, &format!("+ {sentence}"), &figure.raw) };
    if is_there(&key)? {
        return Ok(Outcome::Unchanged);
    }
    loading.begin()?;
    let (mut row, mut places) = context.figure(tx, &mut loading.dimensions, &figure, 0, key)?;
    row.review_status = "added".to_string();
    row.rule_code = None;
    for (field, value) in exact {
        corrections::set(tx, &mut loading.dimensions, (&mut row, &mut places), field, None, value.clone())?;
    }
    if !corrections::sound(&row) {
        return Err(Error::failed(format!("「{} {}」 contradicts itself", row.metric_text, row.reported)));
    }
    row.sentence_id = sentence_of(loading, &row)?;
    let new = Some(format!("{}: {}", row.metric_text, row.reported));
    loading.add_row(row.clone(), &places)?;
    note(loading, &row, &Said { action: "add", field: None, old: None, new, is_stale: false }, &asked.by)?;
    Ok(Outcome::Changed)
}

/// Reads an addition as a row of a sheet is read: what stands for its sentence, and the figure. Where the value as printed tells no
/// number, as of a row that was inserted by SQL, the exact one does.
fn read(typed: &Transcribed, exact: &[(&str, Option<String>)], year: i32, knowledge: &Knowledge) -> Result<(String, Figure)> {
    let mut rows = vec![typed.clone()];
    let number = exact.iter().find(|(field, value)| matches!(*field, "value_text" | "low_text") && value.is_some());
    if let Some((_, Some(number))) = number {
        rows.push(Transcribed { value: number.clone(), ..typed.clone() });
    }
    let mut sheet = Sheet::new(&rows, &About { year: Some(year), ..About::default() }, knowledge);
    let mut refused = None;
    for row in &rows {
        match sheet.bound(row) {
            Ok(bound) => {
                let (sentence, mut figure) = normalise::typed(row, bound, 0, knowledge);
                if refused.is_some() {
                    figure.raw.clone_from(&typed.value);
                }
                figure.at.cell = None;
                figure.confidence = 1.0;
                return Ok((sentence.text, figure));
            }
            Err(message) => refused = refused.or(Some(message)),
        }
    }
    // A row that is typed at the command line has no line of its own to name.
    Err(Error::failed(refused.unwrap_or_default().trim_start_matches("line 0, ").to_string()))
}

/// The sentence of its document that has an addition's expression where the addition says that it stands; none where several have.
fn sentence_of(loading: &Loading, row: &FigureRow) -> Result<Option<i64>> {
    let mut select = loading.tx.prepare_cached(
        "SELECT id FROM sentences WHERE document_id = ?1 AND instr(replace(text, ' ', ''), ?2) > 0 AND (?3 IS NULL OR page_no = ?3)
            AND (?4 IS NULL OR ?4 BETWEEN line_start AND line_end) LIMIT 2",
    )?;
    let sentences: Vec<i64> =
        select.query_map((row.document_id, &row.reported, row.page_no, row.line_no), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(if let [only] = sentences[..] { Some(only) } else { None })
}
