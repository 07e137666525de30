//! Lays a picture out.
//!
//! In:  a chart.
//! Out: the same in SVG, of one width and as high as it needs; notes on values whose label has no room.
//!
//! Years go to the right, as marks joined by lines or as columns; provinces and companies are bars, one below the other. What was achieved is
//! solid, what was promised hollow and dashed. Colours differ in lightness, so that grey print tells them apart, and marks in shape.

use super::font::{self, Fonts};
use super::panels::{Panel, Point, Series};
use super::scale::ticks;
use super::svg::{Anchor, Pen, Picture, short};
use super::{By, Chart, Form, words};

const WIDTH: f64 = 960.0;
const MARGIN: f64 = 28.0;
/// Of the plot of years.
const HEIGHT: f64 = 340.0;
/// Where several are on a page.
const LOW_HEIGHT: f64 = 240.0;
/// Wider names of categories go over several lines.
const NAMES: f64 = 240.0;
/// Of letters: title, heading, text, small print.
const TITLE: f64 = 20.0;
const HEADING: f64 = 15.0;
const TEXT: f64 = 12.5;
const SMALL: f64 = 11.0;
/// From line to line, in sizes of letters.
const LEADING: f64 = 1.4;

const INK: &str = "#1f2933";
const GREY: &str = "#52606d";
const GRID: &str = "#e4e7eb";
const AXIS: &str = "#7b8794";
/// Lightness 19, 54, 46, 29, 62, 37 of 100: no two alike in grey, each at least 3:1 against white.
const COLOURS: [&str; super::panels::SERIES] = ["#0b2f5b", "#d0603a", "#1b7a78", "#7a1f5c", "#5b9bd5", "#9a3b1f"];
/// The same for letters, 4.5:1 and more against white.
const LETTERS: [&str; super::panels::SERIES] = ["#0b2f5b", "#a8421f", "#146260", "#7a1f5c", "#2c6cab", "#9a3b1f"];
const DASHES: &str = r#"stroke-dasharray="5 4""#;

/// A box: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

/// Draws a chart; letters as outlines where there are fonts.
pub(super) fn draw(chart: &Chart, fonts: Option<&Fonts>) -> (Picture, Vec<String>) {
    let mut pen = Pen::new(fonts);
    let mut y = MARGIN - 8.0;
    paragraph(&mut pen, &chart.title, TITLE, INK, &mut y);
    let mut unlabelled = 0;
    for panel in &chart.panels {
        y += 12.0;
        if !panel.heading.is_empty() {
            paragraph(&mut pen, &panel.heading, HEADING, INK, &mut y);
        }
        if !panel.scale.unit.is_empty() {
            paragraph(&mut pen, &format!("{}{}", words::UNIT.of(chart.language), panel.scale.unit), TEXT, GREY, &mut y);
        }
        match chart.by {
            By::Year => unlabelled += Years::new(chart, panel).draw(&mut pen, &mut y),
            By::Province | By::Company => bars(&mut pen, chart, panel, &mut y),
        }
    }
    y += 14.0;
    let sources = format!("{}{}", words::SOURCE.of(chart.language), chart.sources.join(words::STOP.of(chart.language)));
    paragraph(&mut pen, &sources, SMALL, GREY, &mut y);
    let notes = match unlabelled {
        0 => Vec::new(),
        1 => vec![
            "1 value has no room for its label; its mark tells it where the picture is opened in a browser, and so does the terminal"
                .to_string(),
        ],
        count => vec![format!(
            "{count} values have no room for their labels; their marks tell them where the picture is opened in a browser, and so does the terminal"
        )],
    };
    (pen.finish((WIDTH, y + MARGIN - 8.0), &chart.title, &described(chart), chart.language), notes)
}

/// A text over the whole width, in as many lines as it takes; `y` moves to its foot.
fn paragraph(pen: &mut Pen<'_>, text: &str, size: f64, colour: &str, y: &mut f64) {
    for line in font::wrapped(text, size, WIDTH - 2.0 * MARGIN) {
        *y += size * LEADING;
        pen.text((MARGIN, *y), size, Anchor::Start, colour, &line);
    }
}

/// All values in words.
fn described(chart: &Chart) -> String {
    let (stop, colon) = (words::STOP.of(chart.language), words::COLON.of(chart.language));
    let mut lines = Vec::new();
    for panel in &chart.panels {
        for series in &panel.series {
            let about: Vec<&str> = [panel.heading.as_str(), series.name.as_str(), panel.scale.unit.as_str()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            let values: Vec<String> =
                series.points.iter().map(|point| format!("{} {}", panel.categories[point.at], point.said())).collect();
            lines.push(format!("{}{colon}{}", about.join(words::COMMA.of(chart.language)), values.join(stop)));
        }
    }
    lines.join("\n")
}

/// What a reader who points at a mark is told.
fn told(chart: &Chart, panel: &Panel, series: &Series, point: &Point) -> String {
    let name = if series.name.is_empty() { String::new() } else { format!("{}{}", series.name, words::COMMA.of(chart.language)) };
    let unit = if point.label.ends_with(&panel.scale.unit) { String::new() } else { format!(" {}", panel.scale.unit) };
    let promise = point.promise.map_or(String::new(), |promise| format!(" {promise}"));
    format!("{name}{}{}{}{unit}{promise} ({})", panel.categories[point.at], words::COLON.of(chart.language), point.label, point.source)
}

// ------------------------------------------------------------------ years

/// A plot of years.
struct Years<'c> {
    chart: &'c Chart,
    panel: &'c Panel,
    height: f64,
    /// The axis: least, most, step.
    axis: (f64, f64, f64),
    left: f64,
    /// From year to year.
    band: f64,
    top: f64,
}

impl<'c> Years<'c> {
    fn new(chart: &'c Chart, panel: &'c Panel) -> Years<'c> {
        let points = || panel.series.iter().flat_map(|series| &series.points);
        let (low, high) = points().fold((f64::MAX, f64::MIN), |(low, high), point| (low.min(point.low), high.max(point.high)));
        // Columns are long as their values are; of a line that moves little the movement is what is looked for.
        let is_far_from_nought = |near: f64, far: f64| chart.form == Form::Line && near < far && near > far * 2.0 / 3.0;
        let (low, high) = match (low, high) {
            (low, high) if low > 0.0 => (if is_far_from_nought(low, high) { low } else { 0.0 }, high),
            (low, high) if high < 0.0 => (low, if is_far_from_nought(-high, -low) { high } else { 0.0 }),
            both => both,
        };
        let axis = ticks(low, high, 5);
        let widest = steps(axis).map(|tick| font::width(&panel.scale.tick(tick, axis.2), TEXT)).fold(0.0, f64::max);
        let left = MARGIN + widest + 10.0;
        let band = (WIDTH - MARGIN - left) / panel.categories.len() as f64;
        let height = if chart.panels.len() == 1 { HEIGHT } else { LOW_HEIGHT };
        Years { chart, panel, height, axis, left, band, top: 0.0 }
    }

    fn y(&self, value: f64) -> f64 {
        self.top + self.height * (self.axis.1 - value) / (self.axis.1 - self.axis.0)
    }

    fn x(&self, category: usize) -> f64 {
        self.left + self.band * (category as f64 + 0.5)
    }

    /// Draws it below `y`, which moves to its foot; how many values have no label.
    fn draw(mut self, pen: &mut Pen<'_>, y: &mut f64) -> usize {
        self.legend(pen, y);
        // Room for labels of the highest marks.
        self.top = *y + 30.0;
        let mut labels = Labels::default();
        self.grid(pen, &mut labels);
        *y = self.foot() + TEXT * 0.4;
        match self.chart.form {
            Form::Line => self.marks(pen, &mut labels),
            Form::Column => self.columns(pen, &mut labels),
        }
        labels.draw(pen, self.panel.series.len() > 1)
    }

    /// The base line of the years, below the labels of columns that go down.
    fn foot(&self) -> f64 {
        let room = if self.axis.0 < 0.0 { TEXT * 1.2 } else { 0.0 };
        self.top + self.height + room + TEXT * 1.5
    }

    /// Marks and names of series, and what a hollow mark is.
    fn legend(&self, pen: &mut Pen<'_>, y: &mut f64) {
        let mut entries: Vec<(usize, bool, &str)> = Vec::new();
        if self.panel.series.len() > 1 {
            entries.extend(self.panel.series.iter().enumerate().map(|(at, series)| (at, false, series.name.as_str())));
        }
        for promise in self.panel.series.iter().flat_map(|series| &series.points).filter_map(|point| point.promise) {
            if !entries.iter().any(|(_, is_promise, name)| *is_promise && *name == promise) {
                entries.push((0, true, promise));
            }
        }
        let mut x = f64::MAX;
        for (at, is_promise, name) in entries {
            for (part, line) in font::wrapped(name, TEXT, WIDTH - 2.0 * MARGIN - 40.0).iter().enumerate() {
                let width = 34.0 + font::width(line, TEXT) + 22.0;
                if part > 0 || x + width - 22.0 > WIDTH - MARGIN {
                    x = MARGIN;
                    *y += TEXT * 1.7;
                }
                let colour = if is_promise { INK } else { COLOURS[at] };
                let middle = *y - TEXT * 0.35;
                if part == 0 {
                    match self.chart.form {
                        Form::Line => {
                            let dashes = if is_promise { DASHES } else { "" };
                            pen.lines(
                                &[(x, middle), (x + 28.0, middle)],
                                &format!(r#"stroke="{colour}" stroke-width="2" fill="none" {dashes}"#),
                            );
                            mark(pen, at, (x + 14.0, middle), colour, is_promise);
                        }
                        Form::Column => column(pen, (x + 6.0, middle - 6.0, x + 24.0, middle + 6.0), colour, is_promise),
                    }
                }
                pen.text((x + 34.0, *y), TEXT, Anchor::Start, INK, line);
                x += width;
            }
        }
    }

    fn grid(&self, pen: &mut Pen<'_>, labels: &mut Labels) {
        let right = WIDTH - MARGIN;
        for tick in steps(self.axis) {
            let y = self.y(tick);
            let is_nought = tick.abs() < self.axis.2 / 2.0;
            let colour = if is_nought { AXIS } else { GRID };
            pen.lines(&[(self.left, y), (right, y)], &format!(r#"stroke="{colour}" fill="none""#));
            if is_nought {
                labels.lines.push(((self.left, y), (right, y)));
            }
            pen.text((self.left - 8.0, y + TEXT * 0.36), TEXT, Anchor::End, GREY, &self.panel.scale.tick(tick, self.axis.2));
        }
        let widest = self.panel.categories.iter().map(|year| font::width(year, TEXT)).fold(0.0, f64::max);
        // Where years stand close, every second one or less, the last among them.
        let every = ((widest + 8.0) / self.band).ceil().max(1.0) as usize;
        for (at, year) in self.panel.categories.iter().enumerate() {
            if (self.panel.categories.len() - 1 - at).is_multiple_of(every) {
                let (x, half) = (self.x(at), font::width(year, TEXT) / 2.0);
                pen.text((x, self.foot()), TEXT, Anchor::Middle, GREY, year);
                labels.taken.push((x - half, self.foot() - TEXT * 0.8, x + half, self.foot()));
            }
        }
    }

    /// Marks joined by lines: those of years that follow each other, and dashed ones to what was promised.
    fn marks(&self, pen: &mut Pen<'_>, labels: &mut Labels) {
        for (at, series) in self.panel.series.iter().enumerate() {
            let colour = COLOURS[at];
            let (kept, promised): (Vec<&Point>, Vec<&Point>) = series.points.iter().partition(|point| point.promise.is_none());
            let place = |point: &Point| (self.x(point.at), self.y(point.tip()));
            let mut run: Vec<&Point> = Vec::new();
            let mut runs = Vec::new();
            for point in kept.iter().filter(|point| !point.is_range()) {
                if run.last().is_some_and(|last| last.at + 1 != point.at) {
                    runs.push(std::mem::take(&mut run));
                }
                run.push(point);
            }
            runs.push(run);
            for run in runs.iter().filter(|run| run.len() > 1) {
                let points: Vec<(f64, f64)> = run.iter().map(|point| place(point)).collect();
                pen.lines(&points, &format!(r#"stroke="{colour}" stroke-width="2.2" fill="none" stroke-linejoin="round""#));
                labels.lines.extend(points.windows(2).map(|two| (two[0], two[1])));
            }
            let mut promises = promised.clone();
            promises.sort_by_key(|point| point.at);
            let last_before = promises.first().and_then(|first| kept.iter().rev().find(|point| point.at < first.at && !point.is_range()));
            let way: Vec<(f64, f64)> = last_before.into_iter().chain(promises.iter()).map(|point| place(point)).collect();
            if way.len() > 1 {
                pen.lines(&way, &format!(r#"stroke="{colour}" stroke-width="1.6" fill="none" {DASHES}"#));
                labels.lines.extend(way.windows(2).map(|two| (two[0], two[1])));
            }
            for point in kept.iter().chain(&promised) {
                let (x, y) = place(point);
                pen.open(&told(self.chart, self.panel, series, point));
                if point.is_range() {
                    let (low, high) = (self.y(point.low), self.y(point.high));
                    for ends in [[(x, low), (x, high)], [(x - 6.0, low), (x + 6.0, low)], [(x - 6.0, high), (x + 6.0, high)]] {
                        pen.lines(&ends, &format!(r#"stroke="{colour}" stroke-width="2" fill="none""#));
                    }
                    labels.taken.push((x - 6.0, high, x + 6.0, low));
                    labels.marks.push((x, (low + high) / 2.0));
                } else {
                    mark(pen, at, (x, y), colour, point.promise.is_some());
                    labels.taken.push((x - 5.0, y - 5.0, x + 5.0, y + 5.0));
                    labels.marks.push((x, y));
                }
                pen.close();
                let (above, below) = ((x, self.y(point.high) - 9.0), (x, self.y(point.low) + 9.0 + TEXT * 0.75));
                let places = vec![above, below, (x, above.1 - 12.0), (x, below.1 + 12.0)];
                labels.wanted.push(Label { text: point.said(), series: at, mark: labels.marks.last().copied(), places });
            }
        }
    }

    fn columns(&self, pen: &mut Pen<'_>, labels: &mut Labels) {
        let count = self.panel.series.len() as f64;
        let wide = (self.band * 0.78 / count).min(64.0);
        let nought = self.y(0.0);
        for (at, series) in self.panel.series.iter().enumerate() {
            let achieved = |point: &Point| point.promise.is_none();
            // A promise lies over what became of it.
            for point in series.points.iter().filter(|point| achieved(point)).chain(series.points.iter().filter(|point| !achieved(point))) {
                let left = self.x(point.at) - wide * count / 2.0 + wide * at as f64;
                let (left, right) = (left + wide * 0.05, left + wide * 0.95);
                let (low, high) = (self.y(point.low), self.y(point.high));
                let tip = self.y(point.tip());
                pen.open(&told(self.chart, self.panel, series, point));
                column(pen, (left, tip.min(nought), right, tip.max(nought)), COLOURS[at], !achieved(point) || point.is_range());
                if point.is_range() && achieved(point) {
                    let sure = if point.low >= 0.0 {
                        low
                    } else if point.high <= 0.0 {
                        high
                    } else {
                        nought
                    };
                    column(pen, (left, sure.min(nought), right, sure.max(nought)), COLOURS[at], false);
                }
                pen.close();
                if achieved(point) {
                    labels.taken.push((left, tip.min(nought), right, tip.max(nought)));
                }
                let middle = (left + right) / 2.0;
                let place = if point.tip() < 0.0 { (middle, tip + 4.0 + TEXT * 0.8) } else { (middle, tip - 5.0) };
                // A promise that was more than kept stands over the label of what was achieved.
                let highest = series.points.iter().filter(|other| other.at == point.at).map(|other| self.y(other.high)).fold(tip, f64::min);
                let mut places = vec![place];
                if !achieved(point) {
                    places.push((middle, highest - 5.0 - TEXT * 1.3));
                }
                labels.wanted.push(Label { text: point.said(), series: at, mark: None, places });
            }
        }
    }
}

/// The ticks of an axis.
fn steps((first, last, step): (f64, f64, f64)) -> impl Iterator<Item = f64> {
    let count = ((last - first) / step).round() as usize;
    (0..=count).map(move |at| first + step * at as f64)
}

/// A mark of a series: shapes differ as colours do.
fn mark(pen: &mut Pen<'_>, series: usize, (x, y): (f64, f64), colour: &str, is_hollow: bool) {
    let corners = |offsets: &[(f64, f64)]| {
        let points: Vec<String> = offsets.iter().map(|(dx, dy)| format!("{} {}", short(x + dx), short(y + dy))).collect();
        format!("M{}Z", points.join("L"))
    };
    let data = match series {
        // A circle in four arcs.
        0 => format!("M{} {}a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0 -8.8 0Z", short(x - 4.4), short(y)),
        1 => corners(&[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)]),
        2 => corners(&[(0.0, -5.2), (5.0, 3.8), (-5.0, 3.8)]),
        3 => corners(&[(0.0, -5.6), (5.6, 0.0), (0.0, 5.6), (-5.6, 0.0)]),
        4 => corners(&[(0.0, 5.2), (5.0, -3.8), (-5.0, -3.8)]),
        _ => {
            let (arm, half) = (5.2, 1.7);
            corners(&[
                (-half, -arm),
                (half, -arm),
                (half, -half),
                (arm, -half),
                (arm, half),
                (half, half),
                (half, arm),
                (-half, arm),
                (-half, half),
                (-arm, half),
                (-arm, -half),
                (-half, -half),
            ])
        }
    };
    let fill = if is_hollow { "#ffffff" } else { colour };
    pen.path(&data, &format!(r#"fill="{fill}" stroke="{colour}" stroke-width="1.6""#));
}

/// A column or bar; hollow ones are dashed, over a white edge that shows on a solid one too.
fn column(pen: &mut Pen<'_>, (left, top, right, bottom): Area, colour: &str, is_hollow: bool) {
    let size = (right - left, bottom - top);
    if is_hollow {
        pen.rectangle((left, top), size, r##"fill="none" stroke="#ffffff" stroke-width="3""##);
        pen.rectangle((left, top), size, &format!(r#"fill="none" stroke="{colour}" stroke-width="1.5" {DASHES}"#));
    } else {
        pen.rectangle((left, top), size, &format!(r#"fill="{colour}""#));
    }
}

/// A label that looks for a place.
struct Label {
    text: String,
    series: usize,
    /// The mark that it is of.
    mark: Option<(f64, f64)>,
    /// Places of its middle on the base line that do, the best first.
    places: Vec<(f64, f64)>,
}

#[derive(Default)]
struct Labels {
    wanted: Vec<Label>,
    /// What they must not cover.
    taken: Vec<Area>,
    /// What they should not cover, and must not where there are several series.
    lines: Vec<((f64, f64), (f64, f64))>,
    /// A label must be nearest to its own.
    marks: Vec<(f64, f64)>,
}

impl Labels {
    /// Draws those that find a place; how many do not.
    fn draw(mut self, pen: &mut Pen<'_>, are_several: bool) -> usize {
        let mut without = 0;
        for label in &self.wanted {
            let half = font::width(&label.text, TEXT) / 2.0 + 1.5;
            let area = |(x, y): (f64, f64)| {
                // Moved inwards from the edges of the picture.
                let x = x.clamp(6.0 + half, (WIDTH - 6.0 - half).max(6.0 + half));
                (x - half, y - TEXT * 0.85, x + half, y + TEXT * 0.2)
            };
            let is_free = |area: Area| !self.taken.iter().any(|other| overlap(area, *other));
            let is_clear = |area: Area| !self.lines.iter().any(|line| crosses(*line, area));
            let is_of_its_mark = |area: Area| {
                let way = |(x, y): (f64, f64)| ((area.0 + area.2) / 2.0 - x).hypot((area.1 + area.3) / 2.0 - y);
                label.mark.is_none_or(|own| self.marks.iter().all(|other| *other == own || way(*other) > way(own) + 6.0))
            };
            let places: Vec<(f64, Area)> = label
                .places
                .iter()
                .map(|place| (place.1, area(*place)))
                .filter(|(_, area)| is_free(*area) && is_of_its_mark(*area))
                .collect();
            let clear = places.iter().find(|(_, area)| is_clear(*area));
            let Some((base, area)) = clear.or(places.first().filter(|_| !are_several)).copied() else {
                without += 1;
                continue;
            };
            pen.rectangle((area.0, area.1), (area.2 - area.0, area.3 - area.1), r##"fill="#ffffff" fill-opacity="0.8""##);
            let colour = if are_several { LETTERS[label.series] } else { INK };
            pen.text(((area.0 + area.2) / 2.0, base), TEXT, Anchor::Middle, colour, &label.text);
            self.taken.push(area);
        }
        without
    }
}

fn overlap(one: Area, other: Area) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

/// Does a line that goes to the right go through a box?
fn crosses(((x0, y0), (x1, y1)): ((f64, f64), (f64, f64)), (left, top, right, bottom): Area) -> bool {
    if x1 <= left || x0 >= right {
        return false;
    }
    let at = |x: f64| if x1 > x0 { y0 + (y1 - y0) * (x.clamp(x0, x1) - x0) / (x1 - x0) } else { y0 };
    let (one, other) = (at(left), at(right));
    one.min(other) < bottom && one.max(other) > top
}

// ------------------------------------------------------------------ bars

/// A bar for each category, its name on the left and its values behind it.
fn bars(pen: &mut Pen<'_>, chart: &Chart, panel: &Panel, y: &mut f64) {
    let names: Vec<Vec<String>> = panel.categories.iter().map(|name| font::wrapped(name, TEXT, NAMES)).collect();
    let widest = names.iter().flatten().map(|line| font::width(line, TEXT)).fold(0.0, f64::max);
    let left = MARGIN + widest + 10.0;
    let of = |category: usize| panel.series.iter().flat_map(|series| &series.points).filter(move |point| point.at == category);
    let rows: Vec<(String, f64)> = (0..panel.categories.len())
        .map(|at| {
            let said: Vec<String> = of(at).map(Point::said).collect();
            let tip = of(at).map(Point::tip).fold(0.0, |far: f64, tip| if tip.abs() > far.abs() { tip } else { far });
            (said.join(words::COMMA.of(chart.language)), tip)
        })
        .collect();
    let room = |is_below: bool| {
        let labels = rows.iter().filter(|(_, tip)| (*tip < 0.0) == is_below).map(|(label, _)| font::width(label, TEXT) + 8.0);
        labels.fold(0.0, f64::max)
    };
    let ends = || panel.series.iter().flat_map(|series| &series.points).flat_map(|point| [point.low, point.high]);
    let (low, high) = ends().fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
    let (before, behind) = (room(true), room(false));
    // Names of any length leave some room for bars.
    let length = (WIDTH - MARGIN - left - before - behind).max(120.0);
    let unit = length / if high > low { high - low } else { 1.0 };
    let nought = left + before - low * unit;
    let x = |value: f64| nought + value * unit;

    *y += 8.0;
    let top = *y;
    for (at, (label, tip)) in rows.iter().enumerate() {
        let height = (names[at].len() as f64 * TEXT * 1.25 + 8.0).max(24.0);
        let middle = *y + height / 2.0;
        for (line, name) in names[at].iter().enumerate() {
            let offset = (line as f64 - (names[at].len() - 1) as f64 / 2.0) * TEXT * 1.25;
            pen.text((left - 10.0, middle + offset + TEXT * 0.36), TEXT, Anchor::End, INK, name);
        }
        for series in &panel.series {
            for point in series.points.iter().filter(|point| point.at == at) {
                let is_promise = point.promise.is_some();
                let half = if is_promise { 8.5 } else { 7.0 };
                let bar = |value: f64| (x(value).min(nought), middle - half, x(value).max(nought), middle + half);
                pen.open(&told(chart, panel, series, point));
                column(pen, bar(point.tip()), COLOURS[0], is_promise || point.is_range());
                if point.is_range() && !is_promise {
                    let sure = if point.low >= 0.0 { point.low } else { point.high.min(0.0) };
                    column(pen, bar(sure), COLOURS[0], false);
                }
                pen.close();
            }
        }
        let base = middle + TEXT * 0.36;
        if *tip < 0.0 {
            pen.text((x(*tip) - 6.0, base), TEXT, Anchor::End, INK, label);
        } else {
            pen.text((x(*tip) + 6.0, base), TEXT, Anchor::Start, INK, label);
        }
        *y += height;
    }
    pen.lines(&[(nought, top), (nought, *y)], &format!(r#"stroke="{AXIS}" fill="none""#));
}
