//! `reportsql extract`: files in; their figures, headings or marked text on standard output, out. No database is used.

use super::Global;
use super::reading::{Password, Progress, Reading};
use super::streams::{Stdout, paint};
use crate::error::{Error, Exit, Result};
use crate::model::About;
use crate::pipeline;
use crate::serve::layout::{self, Layout};
use crate::serve::{self, extract, unwritable};
use clap::Args;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What `extract` takes.
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// Files or folders, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How lines are written
    #[arg(long, short, value_enum, default_value = "jsonl")]
    format: extract::Format,
    /// Print headings and case boxes instead of figures
    #[arg(long)]
    initiatives: bool,
    /// Print the text itself, with what was read, refused and bound below each line
    #[arg(long, conflicts_with_all = ["initiatives", "format"])]
    why: bool,
    /// Write a page for a browser that shows what was understood of each page: blocks, reading order, cells, figures
    #[arg(long, value_name = "HTML", conflicts_with_all = ["initiatives", "format", "why"])]
    layout: Option<PathBuf>,
    /// Which pages the layout shows: 3, 1-8, 1-4,9
    #[arg(long, value_name = "PAGES", requires = "layout")]
    pages: Option<Pages>,
    #[command(flatten)]
    password: Password,
}

/// Pages from 1, as ranges with both ends.
#[derive(Debug, Clone)]
struct Pages(Vec<(u32, u32)>);

impl FromStr for Pages {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Pages, String> {
        let range = |part: &str| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
            (1 <= from && from <= to).then_some((from, to))
        };
        let ranges: Option<Vec<(u32, u32)>> = text.split(',').map(range).collect();
        ranges.map(Pages).ok_or_else(|| "expected pages from 1 such as 3, 1-8 or 1-4,9".to_string())
    }
}

impl Pages {
    fn hold(&self, page: u32) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&page))
    }
}

impl Extract {
    pub(super) fn run(self, global: &Global) -> Result<Option<Exit>> {
        match &self.layout {
            Some(path) => self.draw(path, global),
            None if self.why => self.explain(global),
            None => self.print(global),
        }
    }

    fn print(&self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let mut printer = extract::Printer::new(self.format, self.initiatives, Stdout::new());
        let mut reading = Reading::new(&self.files, &self.password, Progress::unless(global.quiet), global.language())?;
        while let Some(document) = reading.next() {
            let report = pipeline::report(&document, &About::default(), knowledge);
            reading.taken(&report);
            reading.tell_rejected(&document.name, &report);
            reading.tell_timeless(&document.name, &report);
            printer.report(&document.name, &report)?;
        }
        printer.finish()?;
        reading.exit("nothing could be read")
    }

    fn draw(&self, path: &Path, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let to_stdout = path.as_os_str() == "-";
        if !to_stdout {
            ours_or_new(path)?;
        }
        let mut reading = Reading::new(&self.files, &self.password, Progress::unless(global.quiet), global.language())?;
        let mut layouts: Vec<Layout> = Vec::new();
        while let Some(document) = reading.next() {
            let drawn = pipeline::shown(&document, &About::default(), knowledge, |text, report| Layout::new(&document, text, report));
            let name = &document.name;
            let Some(mut layout) = drawn.1.flatten() else {
                reading.bad(Error::failed(format!("{name}: has no pages to draw; --layout shows PDFs and running text")));
                continue;
            };
            if let Some(pages) = &self.pages {
                let count = layout.page_count();
                layout.retain(|page| pages.hold(page));
                if layout.page_count() == 0 {
                    reading.bad(Error::failed(format!("{name}: has {count} pages, none of those that --pages names")));
                    continue;
                }
            }
            reading.taken(&drawn.0);
            layouts.push(layout);
        }
        if to_stdout {
            let mut out = Stdout::new();
            layout::write(&layouts, &mut out)?;
            out.flush().map_err(|error| serve::unwritten(&error))?;
        } else if !layouts.is_empty() {
            let failed = |error: std::io::Error| unwritable(path, &error);
            let mut out = BufWriter::new(File::create(path).map_err(failed)?);
            layout::write(&layouts, &mut out)?;
            out.flush().map_err(failed)?;
        }
        reading.exit("nothing could be read")
    }

    fn explain(&self, global: &Global) -> Result<Option<Exit>> {
        let knowledge = global.knowledge()?;
        let mut reading = Reading::new(&self.files, &self.password, Progress::unless(global.quiet), global.language())?;
        let mut out = Stdout::new();
        while let Some(document) = reading.next() {
            let report = pipeline::report(&document, &About::default(), knowledge);
            reading.taken(&report);
            serve::why::why(&document, &report, paint(), &mut out)?;
        }
        out.flush().map_err(|error| serve::unwritten(&error))?;
        reading.exit("nothing could be read")
    }
}

/// A file that is no earlier layout is not written over.
fn ours_or_new(path: &Path) -> Result<()> {
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    let mut beginning = vec![0; layout::BEGINNING.len()];
    if file.read_exact(&mut beginning).is_ok() && beginning == layout::BEGINNING.as_bytes() {
        return Ok(());
    }
    Err(Error::failed(format!("{}: exists, and is no page that --layout wrote; choose another name", path.display())))
}
