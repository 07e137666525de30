//! Draws metrics: over years, by province, by company; in the terminal, as SVG, as PNG.
//!
//! In:  a database opened for reading, the names of metrics, what stands along the axis.
//! Out: text with bars of blocks, or a file with a picture; notes on what a person may expect to see and does not.
//!
//! `names` finds what is meant, `facts` reads it, `panels` puts it on axes with `scale`; then `terminal` prints it, or `picture` draws it with the
//! pen of `svg`, whose letters `font` measures and, for `png`, outlines. What stands in every output is exact: labels are decimals of the
//! database divided by a power of ten.

mod facts;
mod font;
mod names;
mod panels;
mod picture;
mod png;
mod scale;
mod svg;
mod terminal;
mod words;

use super::Paint;
use super::draft::Draft;
use super::table::plain;
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::load::find;
use crate::message::{Language, message};
use facts::Wanted;
use panels::{Panel, Setting};
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;

/// The years that a database can hold.
const ALL_YEARS: (i64, i64) = (1900, 2200);

/// What stands along the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum By {
    /// Years, of the whole company or of provinces; a line for each metric, company and province
    Year,
    /// Provinces, the biggest value first, at one time
    Province,
    /// Companies, the biggest value first, of one year
    Company,
}

/// Which figures of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// How much there is
    Level,
    /// What part of a whole
    Share,
    /// What one of it costs
    Price,
    /// By how much it moved
    Change,
    /// Which place it takes
    Rank,
}

impl Kind {
    /// In the order in which they are drawn where none is asked for.
    const ALL: [Kind; 5] = [Kind::Level, Kind::Share, Kind::Price, Kind::Change, Kind::Rank];

    /// As the database has it.
    fn word(self) -> &'static str {
        match self {
            Kind::Level => "level",
            Kind::Share => "share",
            Kind::Price => "price",
            Kind::Change => "change",
            Kind::Rank => "rank",
        }
    }

    fn named(word: &str) -> Kind {
        Kind::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or(Kind::Level)
    }

    /// What stands beside the metric's name; nothing of levels.
    fn title(self, language: Language) -> Option<&'static str> {
        let word = match self {
            Kind::Level => return None,
            Kind::Share => &words::SHARE,
            Kind::Price => &words::PRICE,
            Kind::Change => &words::CHANGE,
            Kind::Rank => &words::RANK,
        };
        Some(word.of(language))
    }
}

/// How values over years are drawn in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Marks joined by lines; the axis may begin above nought
    Line,
    /// Columns from nought
    Column,
}

/// What is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// Codes, names in either script, or labels.
    pub metrics: &'r [String],
    /// What stands along the axis.
    pub by: By,
    /// Codes, names or tickers; none: all companies.
    pub companies: &'r [String],
    /// Names or ISO codes; none: the whole company or country, by province all of them.
    pub provinces: &'r [String],
    /// The code of a report, of which all that it says is drawn; none: of all of them what holds now.
    pub report: Option<&'r str>,
    /// The first and the last year, where they are limited.
    pub years: (Option<i64>, Option<i64>),
    /// Which figures; levels otherwise, or where there is none what there is.
    pub kind: Option<Kind>,
    /// Lines otherwise, or columns where there is but one year.
    pub form: Option<Form>,
    /// Of all words; that of the newest report otherwise.
    pub language: Option<Language>,
    /// What stands above; metrics and company otherwise.
    pub title: Option<&'r str>,
}

/// A chart, ready to be drawn.
#[derive(Debug)]
pub struct Chart {
    title: String,
    by: By,
    form: Form,
    language: Language,
    panels: Vec<Panel>,
    /// Reports with their pages.
    sources: Vec<String>,
    /// For people: what was left out, what stands twice.
    pub notes: Vec<String>,
}

/// Finds what is asked for and puts it on axes.
///
/// Fails where a name is not known (the message names the nearest), where a metric has no figure to draw, and where there is more than a
/// picture can hold.
pub fn chart(db: &Connection, request: &Request<'_>, knowledge: &Knowledge) -> Result<Chart> {
    let mut metrics: Vec<names::Named> = Vec::new();
    for typed in request.metrics {
        let metric = names::metric(db, typed, &knowledge.fold)?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    let companies = request.companies.iter().map(|typed| names::company(db, typed, knowledge)).collect::<Result<Vec<_>>>()?;
    let provinces = request.provinces.iter().map(|typed| names::province(typed, knowledge)).collect::<Result<Vec<_>>>()?;
    if let Some(report) = request.report {
        find::report(db, report)?;
    }
    let years = (request.years.0.unwrap_or(ALL_YEARS.0), request.years.1.unwrap_or(ALL_YEARS.1));
    if years.0 > years.1 {
        return Err(Error::usage(format!("--from {} is after --to {}", years.0, years.1)));
    }
    let wanted = Wanted { by: request.by, companies, provinces, report: request.report, years };
    let facts = facts::read(db, &metrics, &wanted)?;
    let language =
        request.language.unwrap_or_else(|| match facts.iter().max_by_key(|fact| &fact.period_end).map(|fact| fact.language.as_str()) {
            Some("zh-Hans") => Language::Hans,
            Some("en") => Language::En,
            _ => Language::Hant,
        });
    let setting = Setting { db, knowledge, metrics: &metrics, by: request.by, kind: request.kind, language };
    let drawn = panels::panels(&setting, facts)?;
    let has_years = drawn.panels.iter().any(|panel| panel.categories.len() > 1);
    Ok(Chart {
        title: request.title.map_or(drawn.title, plain),
        by: request.by,
        form: request.form.unwrap_or(if has_years { Form::Line } else { Form::Column }),
        language,
        sources: panels::sources(&drawn.facts, language),
        panels: drawn.panels,
        notes: drawn.notes,
    })
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Output<'o> {
    /// May a file that exists be replaced?
    pub force: bool,
    /// Are letters of an SVG drawn as outlines, for programs that have no Chinese font?
    pub outlines: bool,
    /// A font to take letters from that the program does not carry, before those of the system.
    pub font: Option<&'o Path>,
}

impl Chart {
    /// Prints it with bars of blocks, `columns` wide.
    pub fn print(&self, columns: usize, paint: Paint, out: &mut dyn Write) -> Result<()> {
        terminal::print(self, columns, paint, out)
    }

    /// Writes it to a `.svg` or `.png` file; notes for people, on values whose label has no room.
    ///
    /// Fails where the file exists and is not to be replaced, and where no font has a character of the picture.
    pub fn write(&self, path: &Path, output: &Output<'_>) -> Result<Vec<String>> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let is_png = match ending.as_deref() {
            Some("svg") => false,
            Some("png") => true,
            _ => return Err(Error::usage(format!("{}: expected a name ending in .svg or .png", path.display()))),
        };
        if path.exists() && !output.force {
            return Err(Error::failed(message!("error-exists", path = path.display())));
        }
        let (text, notes) = picture::draw(self, None);
        let bytes = if is_png || output.outlines {
            let fonts = font::Fonts::of(&text.letters, output.font)?;
            let (outlined, _) = picture::draw(self, Some(&fonts));
            if is_png { png::pixels(&outlined.document)? } else { outlined.document.into_bytes() }
        } else {
            text.document.into_bytes()
        };
        let (draft, mut file) = Draft::new(path.to_path_buf())?;
        file.write_all(&bytes).map_err(|error| super::unwritten(&error).at(path.display()))?;
        draft.publish()?;
        Ok(notes)
    }
}
