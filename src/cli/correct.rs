//! `reportsql correct`: what a person says of figures in; the same, recorded and applied, out.

use super::streams::{counted, finish, tell};
use super::{Global, arguments};
use crate::error::{Exit, Result};
use crate::load::correct::{self, Action, Addition, Asked, By};
use crate::load::{self, schema::open_for_reading};
use crate::model::Transcribed;
use crate::read::unreadable;
use crate::serve::query;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use std::io::{self, Read};
use std::path::PathBuf;

/// Who corrects, and why.
#[derive(Debug, Args)]
pub(super) struct Signed {
    /// Who says so; otherwise the name you are logged in with
    #[arg(long, env = "REPORTSQL_AUTHOR")]
    author: Option<String>,
    /// Why it is not as it was read
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Correct {
    /// Set fields of a figure
    #[command(after_help = "\
Examples:
  reportsql correct set f8ba96 value=1420000
  reportsql correct set f8ba96 low=1 high=3 unit=ms --reason \"a range\"
  reportsql correct set 17 kind=share whole=全部 province=青海 period=2019

A value is a plain decimal, its multiplier applied. Fields: value, low, high,
comparator, unit, metric, label, kind, modality, tier, basis, mode,
base_period, whole, period, province, place, initiative, preferred, note.")]
    Set {
        /// A figure_key, its first characters, or a figure_id
        figure: String,
        /// What it is; FIELD= empties a field
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = field)]
        fields: Vec<(String, String)>,
        #[command(flatten)]
        signed: Signed,
    },
    /// Say that figures are as they were read
    #[command(after_help = "\
Examples:
  reportsql correct accept f8ba96
  reportsql correct accept f8ba96 fbd984 --author li")]
    Accept {
        /// Figures, each by its figure_key, the first characters of one, or its figure_id
        #[arg(required = true, value_name = "FIGURE")]
        figures: Vec<String>,
        #[command(flatten)]
        signed: Signed,
    },
    /// Say that figures are none; they are shown no more
    #[command(after_help = "\
Examples:
  reportsql correct reject f8ba96
  reportsql correct reject f8ba96 --reason \"a page number\"")]
    Reject {
        /// Figures, each by its figure_key, the first characters of one, or its figure_id
        #[arg(required = true, value_name = "FIGURE")]
        figures: Vec<String>,
        #[command(flatten)]
        signed: Signed,
    },
    /// Add a figure that was missed
    #[command(after_help = "\
Examples:
  reportsql correct add china-unicom/csr/2019 4G基站 141萬個 --page 12
  reportsql correct add china-unicom/csr/2019 節電 9萬度 --line 8 --period 2019")]
    Add(Box<Added>),
    /// List corrections; as CSV they can be imported
    #[command(after_help = "\
Examples:
  reportsql correct list
  reportsql correct list --state orphan
  reportsql correct list --format csv > corrections.csv")]
    List {
        /// active, superseded by a later one, stale (now read otherwise) or orphan (the figure is gone)
        #[arg(long, value_parser = PossibleValuesParser::new(["active", "superseded", "stale", "orphan"]))]
        state: Option<String>,
        /// How rows are written
        #[arg(long, short, value_enum, default_value = "table")]
        format: query::Format,
    },
    /// Take in a CSV of corrections, all of it or nothing
    #[command(after_help = "\
Examples:
  reportsql correct import corrections.csv
  reportsql correct import corrections.csv --author li

Columns: figure_key, action (set, accept, reject, add), field, new_value,
reason, author; of an added figure report, metric, value, page, line and
those of a sheet of figures. Other columns are passed over.")]
    Import {
        /// A CSV, or - for standard input
        file: PathBuf,
        #[command(flatten)]
        signed: Signed,
    },
}

/// What `correct add` takes.
#[derive(Debug, Args)]
pub(super) struct Added {
    /// Code of the report
    report: String,
    /// What is measured, as the report calls it
    metric: String,
    /// The value as printed: 141萬個
    value: String,
    /// Page of the report, from 1
    #[arg(long)]
    page: Option<u32>,
    /// Line of the report's text, from 1
    #[arg(long)]
    line: Option<u32>,
    /// level, change, share, rank, price or target; the value says most
    #[arg(long)]
    kind: Option<String>,
    /// Of a change: yoy, pop, prior or a year
    #[arg(long)]
    basis: Option<String>,
    /// Of a share: of what
    #[arg(long)]
    whole: Option<String>,
    /// 2019, 2019-08, 2019-12-31 …; otherwise the report's year
    #[arg(long)]
    period: Option<String>,
    /// CN-QH or 青海; several joined with ;
    #[arg(long)]
    province: Option<String>,
    /// The finer place, as written
    #[arg(long)]
    place: Option<String>,
    #[command(flatten)]
    signed: Signed,
}

fn field(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => Ok((field.trim().to_string(), value.to_string())),
        _ => Err("expected FIELD=VALUE, such as value=1410000".to_string()),
    }
}

impl Signed {
    fn by(self) -> By {
        let login = || ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
        By { author: self.author.or_else(login).unwrap_or_default(), reason: self.reason }
    }
}

impl Correct {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let one = |action: Action, by: By| vec![Asked { action, by, at: None, noted: None }];
        let each = |figures: Vec<String>, action: fn(String) -> Action, by: By| {
            figures.into_iter().map(|figure| Asked { action: action(figure), by: by.clone(), at: None, noted: None }).collect()
        };
        let asked: Vec<Asked> = match self {
            Correct::List { state, format } => {
                let state = vec![("state".to_string(), state.unwrap_or_default())];
                let sql = if format == query::Format::Table { correct::LIST } else { correct::SHEET };
                return finish(|out| query::query(&mut open_for_reading(&global.db)?, sql, &state, format, out));
            }
            Correct::Set { figure, fields, signed } => one(Action::Set(figure, fields), signed.by()),
            Correct::Accept { figures, signed } => each(figures, Action::Accept, signed.by()),
            Correct::Reject { figures, signed } => each(figures, Action::Reject, signed.by()),
            Correct::Add(added) => {
                let (addition, by) = added.addition();
                one(Action::Add(Box::new(addition)), by)
            }
            Correct::Import { file, signed } => {
                let name = file.display().to_string();
                let mut bytes = Vec::new();
                let read = if name == "-" {
                    io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
                } else {
                    std::fs::read(&file).map(|read| bytes = read)
                };
                read.map_err(|error| unreadable(&name, &error))?;
                correct::sheet(&name, &bytes, &signed.by())?
            }
        };
        let knowledge = global.knowledge()?;
        let made = correct::correct(&global.db, &asked, knowledge, &load::Options { arguments: arguments(), ..load::Options::default() })?;
        if !global.quiet {
            let as_before = if made.unchanged > 0 { format!(", {} as before", made.unchanged) } else { String::new() };
            let waiting = if made.waiting > 0 { format!("; {} wait for figures that are not there", made.waiting) } else { String::new() };
            tell(&format!("{}: {}{as_before}{waiting}", global.db.display(), counted(made.changed, "correction")));
        }
        Ok(None)
    }
}

impl Added {
    fn addition(self) -> (Addition, By) {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let typed = Transcribed {
            metric: self.metric,
            value: self.value,
            kind: self.kind.unwrap_or_default(),
            basis: self.basis.unwrap_or_default(),
            whole: self.whole.unwrap_or_default(),
            period: self.period.unwrap_or_default(),
            province: self.province.unwrap_or_default(),
            place: self.place.unwrap_or_default(),
            page: number(self.page),
            line: number(self.line),
            ..Transcribed::default()
        };
        (Addition { report: self.report, typed, ..Addition::default() }, self.signed.by())
    }
}
