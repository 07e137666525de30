//! Prints a chart in the terminal.
//!
//! In:  a chart, how many columns there are.
//! Out: a line for each year, province or company: its name, its exact value, a bar of blocks.
//!
//! Bars stand last in their lines, so that a terminal that takes blocks for wide characters moves nothing. A bar is solid where a value
//! was achieved, shaded where it was promised or where a range goes on; bars below nought go to the left of a line.

use super::panels::{Panel, Point, Series};
use super::{By, Chart, words};
use crate::error::Result;
use crate::serve::{Paint, unwritten};
use std::fmt::Write as _;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// No bar is shorter, however narrow the terminal.
const SHORTEST: usize = 10;
/// Parts of a block, in eighths from the left.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Prints it, `columns` wide where names and values leave room for bars.
pub(super) fn print(chart: &Chart, columns: usize, paint: Paint, out: &mut dyn Write) -> Result<()> {
    let mut page = String::new();
    page += &format!("{}{}{:#}\n", paint.label, chart.title, paint.label);
    for panel in &chart.panels {
        page.push('\n');
        let unit = Some(format!("{}{}", words::UNIT.of(chart.language), panel.scale.unit)).filter(|_| !panel.scale.unit.is_empty());
        let year =
            Some(panel.categories[0].as_str()).filter(|_| chart.by == By::Year && panel.categories.len() == 1 && panel.series.len() > 1);
        let head: Vec<&str> =
            [panel.heading.as_str()].into_iter().chain(year).chain(unit.as_deref()).filter(|text| !text.is_empty()).collect();
        if !head.is_empty() {
            page += &format!("{}\n", head.join("  "));
        }
        let sheet = Sheet::new(chart, panel, columns);
        for series in &panel.series {
            if panel.series.len() > 1 && !sheet.are_series_rows {
                page += &format!("\n{}{}{:#}\n", paint.label, series.name, paint.label);
            }
            sheet.series(series, paint, &mut page);
        }
    }
    page += &format!(
        "\n{}{}{}{:#}\n",
        paint.dim,
        words::SOURCE.of(chart.language),
        chart.sources.join(words::STOP.of(chart.language)),
        paint.dim
    );
    out.write_all(page.as_bytes()).map_err(|error| unwritten(&error))
}

/// How wide the columns of a panel are, and what a block is worth.
struct Sheet<'c> {
    panel: &'c Panel,
    /// Are categories without a value shown?
    has_gaps: bool,
    /// Where there is one year, the names of lines are those of the series.
    are_series_rows: bool,
    names: usize,
    values: usize,
    /// Blocks below nought and above.
    below: usize,
    above: usize,
    /// Blocks for each one of the scale.
    block: f64,
}

impl<'c> Sheet<'c> {
    fn new(chart: &Chart, panel: &'c Panel, columns: usize) -> Sheet<'c> {
        let points = || panel.series.iter().flat_map(|series| &series.points);
        let are_series_rows = panel.categories.len() == 1 && panel.series.len() > 1;
        let named = |series: &'c Series| if are_series_rows { std::slice::from_ref(&series.name) } else { &panel.categories[..] };
        let names = panel.series.iter().flat_map(named).map(|name| name.width()).max().unwrap_or_default();
        let values = points().map(|point| point.said().width()).max().unwrap_or_default().max(1);
        let (low, high) = points().fold((0.0, 0.0), |(low, high): (f64, f64), point| (low.min(point.low), high.max(point.high)));
        let room = columns.saturating_sub(names + values + 4 + usize::from(low < 0.0)).max(SHORTEST);
        let block = room as f64 / if high > low { high - low } else { 1.0 };
        // Whole blocks below the line of nought.
        let below = ((-low * block).ceil() as usize).min(room);
        let above = room - below;
        let block = [(low, below), (high, above)]
            .iter()
            .filter(|(end, _)| *end != 0.0)
            .map(|(end, room)| *room as f64 / end.abs())
            .fold(block, f64::min);
        Sheet { panel, has_gaps: chart.by == By::Year, are_series_rows, names, values, below, above, block }
    }

    fn series(&self, series: &Series, paint: Paint, page: &mut String) {
        for (at, category) in self.panel.categories.iter().enumerate() {
            let name = if self.are_series_rows { &series.name } else { category };
            let points: Vec<&Point> = series.points.iter().filter(|point| point.at == at).collect();
            if points.is_empty() && self.has_gaps {
                self.line(name, "–", "", page);
            }
            for point in points {
                let style = if point.promise.is_some() { paint.dim } else { anstyle::Style::new() };
                self.line(name, &point.said(), &format!("{style}{}{style:#}", self.bar(point)), page);
            }
        }
    }

    fn line(&self, name: &str, value: &str, bar: &str, page: &mut String) {
        let (name_gap, value_gap) = (self.names - name.width(), self.values.saturating_sub(value.width()));
        let mut line = String::new();
        // Years and names begin on the left, values end on the right. Writing to a string does not fail.
        let _ = write!(line, "{name}{}  {}{value}  {bar}", " ".repeat(name_gap), " ".repeat(value_gap));
        *page += line.trim_end();
        page.push('\n');
    }

    /// From nought to the value; of a range, shaded from its near end to its far one.
    fn bar(&self, point: &Point) -> String {
        let axis = if self.below > 0 { "│" } else { "" };
        let is_promise = point.promise.is_some();
        let (below, above) = (point.low.min(0.0).abs() * self.block, point.high.max(0.0) * self.block);
        let mut bar = String::new();
        if below > 0.0 {
            // From the right; there is one part of a block that stands there, its half.
            let halves = (below * 2.0).round() as usize;
            let sure = if point.high < 0.0 { (-point.high * self.block).round() as usize } else { 0 };
            let blocks = halves.div_ceil(2).min(self.below);
            let shaded = if is_promise { blocks } else { blocks.saturating_sub(sure) * usize::from(point.is_range()) };
            let mut cells = "░".repeat(shaded);
            if shaded == 0 && halves % 2 == 1 {
                cells += "▐";
            }
            cells += &"█".repeat(blocks - cells.chars().count());
            bar += &" ".repeat(self.below - blocks);
            bar += &cells;
        } else {
            bar += &" ".repeat(self.below);
        }
        bar += axis;
        if above > 0.0 {
            let sure = if point.low > 0.0 { point.low * self.block } else { 0.0 };
            if is_promise {
                bar += &"░".repeat((above.round() as usize).max(1));
            } else if point.is_range() {
                let sure = sure.round() as usize;
                bar += &"█".repeat(sure);
                bar += &"░".repeat((above.round() as usize).saturating_sub(sure).max(1));
            } else {
                let eighths = ((above * 8.0).round() as usize).clamp(1, self.above * 8);
                bar += &"█".repeat(eighths / 8);
                bar += EIGHTHS[eighths % 8];
            }
        }
        bar
    }
}
