//! Prints the figures of reports, or their headings, as lines of JSON or CSV.
//!
//! In:  a [`Report`] after another.
//! Out: an object or row a figure, in reading order. The fields are a contract: new ones follow the last, none goes.

use super::unwritten;
use crate::error::Result;
use crate::model::{Amount, Figure, Heading, Report};
use serde::Serialize;
use std::io::Write;

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object a line
    Jsonl,
    /// CSV with a header row, arrays joined with `;`
    Csv,
}

/// A figure as printed. `L` is a list: an array of JSON, or joined with `;`.
#[derive(Serialize)]
struct FigureLine<'r, L> {
    file: &'r str,
    page: Option<u32>,
    line: Option<u32>,
    start: Option<u32>,
    end: Option<u32>,
    cell: Option<&'r str>,
    raw: &'r str,
    metric: &'r str,
    metric_code: Option<&'r str>,
    value: Option<String>,
    low: Option<String>,
    high: Option<String>,
    unit: &'r str,
    comparator: &'static str,
    kind: &'static str,
    statement: &'static str,
    basis: Option<String>,
    whole: Option<&'r str>,
    period: Option<String>,
    provinces: L,
    place: Option<&'r str>,
    initiative: Option<&'r str>,
    case: Option<&'r str>,
    theme: Option<&'r str>,
    quote: &'r str,
    rule: &'r str,
    confidence: f64,
    sheet: Option<&'r str>,
}

/// The columns of [`FigureLine`], for a CSV without figures.
const FIGURE_COLUMNS: &[&str] = &[
    "file",
    "page",
    "line",
    "start",
    "end",
    "cell",
    "raw",
    "metric",
    "metric_code",
    "value",
    "low",
    "high",
    "unit",
    "comparator",
    "kind",
    "statement",
    "basis",
    "whole",
    "period",
    "provinces",
    "place",
    "initiative",
    "case",
    "theme",
    "quote",
    "rule",
    "confidence",
    "sheet",
];

impl<'r, L> FigureLine<'r, L> {
    fn new(file: &'r str, report: &'r Report, figure: &'r Figure, list: fn(&'r [String]) -> L) -> FigureLine<'r, L> {
        let name = |index: Option<usize>| index.and_then(|index| report.headings.get(index)).map(|heading| heading.name.as_str());
        let (value, low, high) = match &figure.amount {
            Amount::One(value) => (Some(value.to_string()), None, None),
            Amount::Range(low, high) => (None, Some(low.to_string()), Some(high.to_string())),
        };
        FigureLine {
            file,
            page: figure.at.page,
            line: figure.at.line,
            start: figure.at.span.as_ref().map(|span| span.start),
            end: figure.at.span.as_ref().map(|span| span.end),
            cell: figure.at.cell.as_deref(),
            raw: &figure.raw,
            metric: &figure.metric,
            metric_code: figure.metric_code.as_deref(),
            value,
            low,
            high,
            unit: &figure.unit,
            comparator: figure.comparator.word(),
            kind: figure.kind_word(),
            statement: figure.kind.word(),
            // 較上年末 of a report without a year is measured from some time before.
            basis: figure.basis.map(|basis| if figure.period.is_known() { basis.word() } else { basis.timeless().word() }),
            whole: figure.whole.as_deref(),
            period: figure.period.is_known().then(|| figure.period.code()),
            provinces: list(&figure.provinces),
            place: figure.place.as_deref(),
            initiative: name(figure.initiative),
            case: name(figure.case),
            theme: figure.initiative.or(figure.case).and_then(|at| report.theme_above(at)).map(|theme| theme.name.as_str()),
            quote: report.sentences.get(figure.sentence).map_or("", |sentence| sentence.text.as_str()),
            rule: &figure.rule,
            confidence: figure.confidence,
            sheet: figure.at.sheet.as_deref(),
        }
    }
}

/// A heading as printed; province, year and status only where they are known.
#[derive(Serialize)]
struct HeadingLine<'r> {
    file: &'r str,
    level: &'static str,
    name: &'r str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    parent: Option<&'r str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    province: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

/// The same as a row, where every column stands.
#[derive(Serialize)]
struct HeadingRow<'r> {
    file: &'r str,
    level: &'static str,
    name: &'r str,
    line: u32,
    page: Option<u32>,
    parent: Option<&'r str>,
    province: String,
    year: Option<i32>,
    status: Option<&'static str>,
}

/// The columns of [`HeadingRow`], for a CSV without headings.
const HEADING_COLUMNS: &[&str] = &["file", "level", "name", "line", "page", "parent", "province", "year", "status"];

impl<'r> HeadingLine<'r> {
    fn new(file: &'r str, report: &'r Report, heading: &'r Heading) -> HeadingLine<'r> {
        HeadingLine {
            file,
            level: heading.level.word(),
            name: &heading.name,
            line: heading.line,
            page: heading.page,
            parent: heading.parent.and_then(|index| report.headings.get(index)).map(|parent| parent.name.as_str()),
            province: &heading.provinces,
            year: heading.year,
            status: heading.status.map(|status| status.word()),
        }
    }
}

impl<'r> From<HeadingLine<'r>> for HeadingRow<'r> {
    fn from(line: HeadingLine<'r>) -> HeadingRow<'r> {
        let HeadingLine { file, level, name, line, page, parent, province, year, status } = line;
        HeadingRow { file, level, name, line, page, parent, province: province.join(";"), year, status }
    }
}

/// Prints one report after another.
pub struct Printer<W: Write> {
    initiatives: bool,
    sink: Sink<W>,
}

enum Sink<W: Write> {
    /// With the line being written.
    Jsonl(W, Vec<u8>),
    /// The header is written with the first row.
    Csv(Box<csv::Writer<W>>, bool),
}

impl<W: Write> Printer<W> {
    /// Prints figures, or headings and case boxes instead. The writer is best a buffered one.
    pub fn new(format: Format, initiatives: bool, out: W) -> Printer<W> {
        let sink = match format {
            Format::Jsonl => Sink::Jsonl(out, Vec::new()),
            Format::Csv => Sink::Csv(Box::new(csv::Writer::from_writer(out)), false),
        };
        Printer { initiatives, sink }
    }

    /// Prints what a report holds; `file` is the input's name as given.
    pub fn report(&mut self, file: &str, report: &Report) -> Result<()> {
        match (&mut self.sink, self.initiatives) {
            (Sink::Jsonl(out, text), false) => {
                report.figures.iter().try_for_each(|figure| line(out, text, &FigureLine::new(file, report, figure, |list| list)))
            }
            (Sink::Jsonl(out, text), true) => {
                report.headings.iter().try_for_each(|heading| line(out, text, &HeadingLine::new(file, report, heading)))
            }
            (Sink::Csv(out, begun), false) => report.figures.iter().try_for_each(|figure| {
                *begun = true;
                out.serialize(FigureLine::new(file, report, figure, |list| list.join(";"))).map_err(|error| unwritten(&error.into()))
            }),
            (Sink::Csv(out, begun), true) => report.headings.iter().try_for_each(|heading| {
                *begun = true;
                out.serialize(HeadingRow::from(HeadingLine::new(file, report, heading))).map_err(|error| unwritten(&error.into()))
            }),
        }
    }

    /// Writes what is still held back; of a CSV at least the header.
    pub fn finish(self) -> Result<()> {
        match self.sink {
            Sink::Jsonl(mut out, _) => out.flush().map_err(|error| unwritten(&error)),
            Sink::Csv(mut out, begun) => {
                if !begun {
                    let columns = if self.initiatives { HEADING_COLUMNS } else { FIGURE_COLUMNS };
                    out.write_record(columns).map_err(|error| unwritten(&error.into()))?;
                }
                out.flush().map_err(|error| unwritten(&error))
            }
        }
    }
}

/// Writes a line at once: what writes JSON does so a few bytes at a time.
fn line(out: &mut impl Write, text: &mut Vec<u8>, value: &impl Serialize) -> Result<()> {
    text.clear();
    serde_json::to_writer(&mut *text, value).map_err(|error| unwritten(&error.into()))?;
    text.push(b'\n');
    out.write_all(text).map_err(|error| unwritten(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Level;
    use crate::model::{About, Comparator, Kind, Modality, Period, Place, Sentence, Tier};

    fn heading(level: Level, name: &str, parent: Option<usize>) -> Heading {
        Heading { level, name: name.into(), parent, start: 0, line: 3, page: None, provinces: Vec::new(), year: None, status: None }
    }

    fn report() -> Report {
        let mut case = heading(Level::Case, "甘肅聯通、福建聯通", Some(1));
        case.provinces = vec!["CN-GS".into(), "CN-FJ".into()];
        let figure = Figure {
            at: Place { line: Some(9), span: Some(40..45), ..Place::default() },
            sentence: 0,
            raw: "約2萬個".into(),
            unit_text: "個".into(),
            scale: 4,
            metric: "5G基站".into(),
            metric_code: None,
            amount: Amount::One("20000".parse().unwrap()),
            unit: "个".into(),
            comparator: Comparator::About,
            kind: Kind::Level,
            modality: Modality::Target,
            tier: Tier::Core,
            basis: None,
            whole: None,
            period: Period::year(2020),
            provinces: vec!["CN-FJ".into(), "CN-GS".into()],
            places: Vec::new(),
            place: None,
            initiative: Some(1),
            case: Some(2),
            rule: "quantity/level".into(),
            confidence: 0.9,
        };
        Report {
            about: About::default(),
            transcription: false,
            headings: vec![heading(Level::Theme, "縮小數字鴻溝", None), heading(Level::Programme, "推動網絡演進", Some(0)), case],
            sentences: vec![Sentence {
                text: "計劃建成約2萬個5G基站。".into(),
                source: None,
                start: Some(36),
                lines: Some((9, 9)),
                page: None,
            }],
            figures: vec![figure],
            refusals: Vec::new(),
            findings: Vec::new(),
            rejected: Vec::new(),
        }
    }

    #[track_caller]
    fn check(format: Format, initiatives: bool, report: &Report, expect: &str) {
        let mut out = Vec::new();
        let mut printer = Printer::new(format, initiatives, &mut out);
        printer.report("a.txt", report).unwrap();
        printer.finish().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn a_figure_is_an_object_with_the_fields_of_the_contract_in_order() {
        check(
            Format::Jsonl,
            false,
            &report(),
            concat!(
                r#"{"file":"a.txt","page":null,"line":9,"start":40,"end":45,"cell":null,"raw":"約2萬個","metric":"5G基站","metric_code":null,"#,
                r#""value":"20000","low":null,"high":null,"unit":"个","comparator":"~","kind":"target","statement":"level","basis":null,"#,
                r#""whole":null,"period":"2020","provinces":["CN-FJ","CN-GS"],"place":null,"initiative":"推動網絡演進","#,
                r#""case":"甘肅聯通、福建聯通","theme":"縮小數字鴻溝","quote":"計劃建成約2萬個5G基站。","rule":"quantity/level","confidence":0.9,"sheet":null}"#,
                "\n"
            ),
        );
    }

    #[test]
    fn a_row_has_the_same_columns_with_lists_joined() {
        check(
            Format::Csv,
            false,
            &report(),
            &format!(
                "{}\na.txt,,9,40,45,,約2萬個,5G基站,,20000,,,个,~,target,level,,,2020,CN-FJ;CN-GS,,推動網絡演進,甘肅聯通、福建聯通,縮小數字鴻溝,計劃建成約2萬個5G基站。,quantity/level,0.9,\n",
                FIGURE_COLUMNS.join(",")
            ),
        );
    }

    #[test]
    fn a_heading_says_only_what_is_known() {
        check(
            Format::Jsonl,
            true,
            &report(),
            concat!(
                r#"{"file":"a.txt","level":"theme","name":"縮小數字鴻溝","line":3,"parent":null}"#,
                "\n",
                r#"{"file":"a.txt","level":"programme","name":"推動網絡演進","line":3,"parent":"縮小數字鴻溝"}"#,
                "\n",
                r#"{"file":"a.txt","level":"case","name":"甘肅聯通、福建聯通","line":3,"parent":"推動網絡演進","province":["CN-GS","CN-FJ"]}"#,
                "\n"
            ),
        );
    }

    #[test]
    fn a_csv_without_figures_has_its_header() {
        let empty = Report { headings: Vec::new(), figures: Vec::new(), ..report() };
        check(Format::Csv, false, &empty, &(FIGURE_COLUMNS.join(",") + "\n"));
        check(Format::Csv, true, &empty, &(HEADING_COLUMNS.join(",") + "\n"));
        check(Format::Jsonl, false, &empty, "");
    }
}
