//! `reportsql search`: words and a database in; the metrics, headings and sentences that hold them, out.

use super::Global;
use super::streams::{counted, finish, paint, tell};
use crate::error::{Exit, Result};
use crate::load::schema::open_for_reading;
use crate::serve::{query, search};
use clap::Args;

/// What `search` takes.
#[derive(Debug, Args)]
pub(super) struct Search {
    /// Words in traditional or simplified script; of several all must be there
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
    /// Print a row for each figure in what is found, in that format; else text
    #[arg(long, short, value_enum)]
    format: Option<query::Format>,
    /// Print so many hits of each kind at most
    #[arg(long, value_name = "HITS", default_value_t = 20)]
    limit: usize,
}

impl Search {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let text = self.text.join(" ");
        let words = search::Words::new(&text, &knowledge.fold)?;
        let db = open_for_reading(&global.db)?;
        finish(|out| {
            let found = search::search(&db, &words, self.limit, self.format, paint(), out)?;
            if !global.quiet {
                match found.total() {
                    0 => tell(&format!("nothing holds 「{text}」")),
                    _ if self.format.is_some() => tell(&format!(
                        "{}, {}, {}, {}",
                        counted(found.metrics, "metric"),
                        counted(found.headings, "heading"),
                        counted(found.sentences, "sentence"),
                        counted(found.labels, "label")
                    )),
                    _ => {}
                }
            }
            Ok(())
        })
    }
}
