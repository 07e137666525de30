//! Figures -> Findings: doubts that can be computed inside one report.
//!
//! In:  the figures of a report and what it is.
//! Out: findings, in the order of the figures they are about; those about the whole report come last.
//!
//! One file here is one check; `CHECKS` lists them. What the analyst is told stands in `data/checks.csv`. A finding is a
//! doubt: the figure stays as printed. Checks across reports are in `across`.

pub mod across;
mod future_period;
mod jump_inside_report;
mod low_confidence;
mod page_without_text;
mod part_over_whole;
mod parts_against_total;
mod range_reversed;
mod reach;
mod same_name_other_value;
mod share_against_parts;
mod share_below_0;
mod share_over_100;
mod unit_unknown;
mod unread;

pub use unit_unknown::known as is_unit;

use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::knowledge::metrics;
use crate::model::{About, Figure, Finding, Page, Period, Unread};
use foldhash::HashMap;

/// A check: its code, and what looks for it.
struct Check {
    /// A row of `data/checks.csv`.
    code: &'static str,
    /// Adds its doubts.
    find: fn(&Subject<'_>, &mut Vec<Doubt>),
}

/// The powers of ten that a lost 千, 萬 or 億 takes away.
const POWERS: [i32; 3] = [3, 4, 8];

/// All checks.
const CHECKS: &[Check] = &[
    future_period::CHECK,
    jump_inside_report::CHECK,
    low_confidence::CHECK,
    part_over_whole::CHECK,
    parts_against_total::CHECK,
    range_reversed::CHECK,
    same_name_other_value::CHECK,
    share_against_parts::CHECK,
    share_below_0::CHECK,
    share_over_100::CHECK,
    unit_unknown::CHECK,
];

/// A check of a page as read: its code, and what it has found.
struct PageCheck {
    /// A row of `data/checks.csv`.
    code: &'static str,
    /// The detail of the doubt, where there is one.
    find: fn(&Page) -> Option<String>,
}

/// All checks of pages.
const PAGE_CHECKS: &[PageCheck] = &[page_without_text::PICTURE, page_without_text::UNREAD, page_without_text::CUT];

/// The doubts about the pages that a report was read from.
pub fn pages(pages: &[Page], knowledge: &Knowledge) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in pages {
        for check in PAGE_CHECKS {
            let Some(detail) = (check.find)(page) else { continue };
            let fills = vec![("page", page.number.to_string()), ("detail", detail.clone())];
            findings.extend(Doubt { figure: None, fills, detail: Some(detail) }.worded(check.code, Some(page.number), knowledge));
        }
    }
    findings
}

/// What is told of the parts of a workbook that were not read.
pub fn unread(parts: &[Unread], knowledge: &Knowledge) -> Vec<Finding> {
    parts.iter().filter_map(|part| unread::doubt(part).worded(unread::code(part), Some(part.sheet), knowledge)).collect()
}

/// The doubts about the figures of a report.
///
/// ```
/// use reportsql::{knowledge::Knowledge, model::About, pipeline, read};
/// let document = read::document("a.csv", "metric,value,kind,period\n端口佔比,198.6%,share,2021\n".into()).unwrap();
/// let report = pipeline::report(&document, &About::default(), &Knowledge::read(None).unwrap());
/// assert_eq!(report.findings[0].message.en, "「端口佔比 198.6%」 is above 100 %; kept as printed");
/// ```
pub fn findings(about: &About, figures: &[Figure], knowledge: &Knowledge) -> Vec<Finding> {
    let subject = Subject::new(about, figures, knowledge);
    let mut findings = Vec::new();
    for check in CHECKS {
        let mut doubts = Vec::new();
        (check.find)(&subject, &mut doubts);
        findings.extend(doubts.into_iter().filter_map(|doubt| subject.finding(check.code, doubt)));
    }
    // Stable: of one figure's findings the order is that of the checks.
    findings.sort_by_key(|finding| finding.figure.unwrap_or(usize::MAX));
    findings
}

/// What a check found, not worded yet.
struct Doubt {
    /// The figure it is about; `None` for the report.
    figure: Option<usize>,
    /// What the message's braces stand for, beside `metric` and `raw`.
    fills: Vec<(&'static str, String)>,
    /// The arithmetic.
    detail: Option<String>,
}

impl Doubt {
    fn about(figure: usize, detail: String) -> Doubt {
        Doubt { figure: Some(figure), fills: Vec::new(), detail: Some(detail) }
    }

    fn with(mut self, name: &'static str, fill: impl Into<String>) -> Doubt {
        self.fills.push((name, fill.into()));
        self
    }

    /// The finding, as the row of its check words it; `None` where the table does not know the check.
    fn worded(self, code: &'static str, page: Option<u32>, knowledge: &Knowledge) -> Option<Finding> {
        let check = knowledge.checks.get(code)?;
        Some(Finding {
            code,
            severity: check.severity,
            figure: self.figure,
            page,
            message: check.message.filled(&self.fills),
            detail: self.detail,
        })
    }
}

/// Figures that stand for one name, one time and one place.
#[derive(PartialEq, Eq, Hash)]
struct Key<'a> {
    name: usize,
    period: Period,
    places: &'a [String],
    place: Option<&'a str>,
}

/// The figures as checks look at them.
struct Subject<'a> {
    /// The period reported about, where it is known.
    report: Option<Period>,
    figures: &'a [Figure],
    knowledge: &'a Knowledge,
    /// Of each figure, which of the folded names it has.
    name_of: Vec<usize>,
    /// Folded names without what does not change them.
    names: Vec<String>,
    by_name: HashMap<String, usize>,
    /// Figures by name, time and place, ascending.
    groups: HashMap<Key<'a>, Vec<usize>>,
}

impl<'a> Subject<'a> {
    fn new(about: &About, figures: &'a [Figure], knowledge: &'a Knowledge) -> Subject<'a> {
        let report = about.period.or(about.year.map(Period::year));
        let mut subject = Subject {
            report,
            figures,
            knowledge,
            name_of: Vec::with_capacity(figures.len()),
            names: Vec::new(),
            by_name: HashMap::default(),
            groups: HashMap::default(),
        };
        let mut as_written: HashMap<&str, usize> = HashMap::default();
        for (at, figure) in figures.iter().enumerate() {
            let name = *as_written.entry(&figure.metric).or_insert_with(|| {
                let bare = metrics::bare(&knowledge.fold.text(&figure.metric));
                *subject.by_name.entry(bare.clone()).or_insert_with(|| {
                    subject.names.push(bare);
                    subject.names.len() - 1
                })
            });
            subject.name_of.push(name);
            subject.groups.entry(key(figure, name)).or_default().push(at);
        }
        subject
    }

    /// The folded name of a figure.
    fn name(&self, at: usize) -> &str {
        &self.names[self.name_of[at]]
    }

    /// The figure nearest to another one, at the same time and place, that has a name and pleases.
    fn nearest(&self, at: usize, name: &str, pleases: impl Fn(&Figure) -> bool) -> Option<usize> {
        self.near(at, name, pleases).next()
    }

    /// The figures near to another one, at the same time and place, that have a name and please; the nearest before it first.
    fn near<'s>(&'s self, at: usize, name: &str, pleases: impl Fn(&Figure) -> bool + 's) -> impl Iterator<Item = usize> + 's {
        // So many of one name, time and place are a list and no whole.
        const REACH: usize = 8;
        let bare = metrics::bare(&self.knowledge.fold.text(name));
        let all = self.knowledge.words.cues.behind(Cue::AllOf, &bare);
        let name = [Some(bare.as_str()), all].into_iter().flatten().find_map(|name| self.by_name.get(name));
        let group = name.and_then(|name| self.groups.get(&key(&self.figures[at], *name))).map_or(&[][..], Vec::as_slice);
        let middle = group.partition_point(|other| *other < at);
        let before = group[..middle].iter().rev().take(REACH);
        let after = group[middle..].iter().filter(move |other| **other != at).take(REACH);
        before.chain(after).copied().filter(move |other| pleases(&self.figures[*other]))
    }

    /// Words a doubt.
    fn finding(&self, code: &'static str, doubt: Doubt) -> Option<Finding> {
        let Some(figure) = doubt.figure.map(|at| &self.figures[at]) else { return doubt.worded(code, None, self.knowledge) };
        doubt.with("metric", figure.metric.as_str()).with("raw", figure.raw.as_str()).worded(code, figure.at.page, self.knowledge)
    }
}

fn key(figure: &Figure, name: usize) -> Key<'_> {
    // What is told of the year and of its last day is told of one time.
    let (start, end) = (figure.period.start, figure.period.end);
    let is_year_end = start == end && (end.month, end.day) == (12, 31);
    let period = if is_year_end { Period::year(end.year) } else { figure.period };
    Key { name, period, places: &figure.places, place: figure.place.as_deref() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_row_and_every_row_its_check() {
        let knowledge = Knowledge::read(None).unwrap();
        let mut listed: Vec<&str> = CHECKS.iter().map(|check| check.code).chain(PAGE_CHECKS.iter().map(|check| check.code)).collect();
        listed.extend(across::codes().chain([unread::HIDDEN, unread::REPEATED]));
        let mut told: Vec<&str> = knowledge.checks.all().iter().map(|check| check.code.as_str()).collect();
        listed.sort_unstable();
        told.sort_unstable();
        assert_eq!(listed, told);
    }

    #[test]
    fn all_messages_of_a_check_fill_in_the_same() {
        let names = |message: &str| {
            let mut names: Vec<String> = message.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_string()).collect();
            names.sort();
            names
        };
        for check in Knowledge::read(None).unwrap().checks.all() {
            assert_eq!(names(&check.message.en), names(&check.message.hans), "{}", check.code);
            assert_eq!(names(&check.message.en), names(&check.message.hant), "{}", check.code);
        }
    }
}
