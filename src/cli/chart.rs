//! `reportsql chart`: names of metrics and a database in; a chart in the terminal or a picture out.

use super::Global;
use super::streams::{finish, paint, tell};
use crate::error::{Exit, Result};
use crate::load::schema::open_for_reading;
use crate::serve::chart::{self, By, Form, Kind, Output, Request};
use clap::Args;
use std::path::PathBuf;

/// How wide a chart is printed where there is no terminal.
const COLUMNS: usize = 80;

/// What `chart` takes.
#[derive(Debug, Args)]
pub(super) struct Chart {
    /// Codes or names of metrics, in traditional or simplified script
    #[arg(required = true, value_name = "METRIC")]
    metrics: Vec<String>,
    /// What stands along the axis
    #[arg(long, value_enum, default_value = "year")]
    by: By,
    /// A company by its code, name or ticker, several with several; all of them otherwise
    #[arg(long, value_name = "COMPANY")]
    company: Vec<String>,
    /// A province by its name or ISO code, several with several; the whole company otherwise
    #[arg(long, value_name = "PROVINCE")]
    province: Vec<String>,
    /// What one report says, also where a later one says otherwise: china-unicom/csr/2019
    #[arg(long)]
    report: Option<String>,
    /// The first year
    #[arg(long, value_name = "YEAR")]
    from: Option<i64>,
    /// The last year
    #[arg(long, value_name = "YEAR")]
    to: Option<i64>,
    /// Which figures; levels otherwise, or what there is where there are none
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// How years are drawn in a picture: lines otherwise, columns where there is one year
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// What stands above; metrics and company otherwise
    #[arg(long)]
    title: Option<String>,
    /// How wide it is printed; as wide as the terminal otherwise
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,
    /// Write a picture, a .svg or .png file, instead of printing; several with several
    #[arg(long, short, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Replace a picture that exists
    #[arg(long, requires = "output")]
    force: bool,
    /// Draw the letters of an SVG as outlines, for programs without a Chinese font
    #[arg(long, requires = "output")]
    outlines: bool,
    /// A font for outlines and PNG; what the program carries and the system has otherwise
    #[arg(long, value_name = "FILE", requires = "output")]
    font: Option<PathBuf>,
}

impl Chart {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let db = open_for_reading(&global.db)?;
        let request = Request {
            metrics: &self.metrics,
            by: self.by,
            companies: &self.company,
            provinces: &self.province,
            report: self.report.as_deref(),
            years: (self.from, self.to),
            kind: self.kind,
            form: self.form,
            language: global.lang,
            title: self.title.as_deref(),
        };
        let chart = chart::chart(&db, &request, knowledge)?;
        let note = |notes: &[String]| notes.iter().filter(|_| !global.quiet).for_each(|note| tell(&format!("note: {note}")));
        note(&chart.notes);
        let output = Output { force: self.force, outlines: self.outlines, font: self.font.as_deref() };
        for path in &self.output {
            note(&chart.write(path, &output)?);
            if !global.quiet {
                tell(&format!("{}: written", path.display()));
            }
        }
        if !self.output.is_empty() {
            return Ok(None);
        }
        let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        finish(|out| chart.print(self.width.or(terminal).unwrap_or(COLUMNS), paint(), out))
    }
}
