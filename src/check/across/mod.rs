//! Facts -> Findings: doubts that show only beside other reports and other years.
//!
//! In:  what one company states of one metric, in all its reports: the preferred facts of the database.
//! Out: findings, each about one of the facts.
//!
//! One file here is one check; `CHECKS` lists them. `load` reads the facts after it has decided over statements, and stores what
//! is found. What the analyst is told stands in `data/checks.csv`, as for the checks inside a report.

mod change_against_levels;
mod conflict;
mod jump_between_years;
mod parts_over_total;
mod two_units;

use super::Doubt;
use crate::check::reach::Reach;
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::knowledge::metrics;
use crate::model::{Comparator, Finding, Kind, Period};
use foldhash::HashMap;
use std::rc::Rc;

/// A check: its code, and what looks for it.
struct Check {
    code: &'static str,
    find: fn(&Group<'_>, &mut Vec<Doubt>),
}

/// All checks.
const CHECKS: &[Check] =
    &[change_against_levels::CHECK, conflict::CHECK, jump_between_years::CHECK, parts_over_total::CHECK, two_units::CHECK];

/// The codes of all checks.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.code)
}

/// A fact of the database: one value, achieved, worth a row of its own.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The label as written.
    pub metric: String,
    /// As reported: 141萬個
    pub raw: String,
    /// Level, change or share.
    pub kind: Kind,
    /// When.
    pub period: Period,
    /// Where: the code of its place; none is the whole company.
    pub place: Option<Rc<str>>,
    /// Is that place a province?
    pub is_province: bool,
    /// Does it name several places?
    pub is_spread: bool,
    /// Code of its unit.
    pub unit: Rc<str>,
    /// What it says of the magnitude.
    pub comparator: Comparator,
    /// The value.
    pub value: Decimal,
    /// Power of ten of its multiplier.
    pub scale: i32,
    /// Of a share: of what.
    pub whole: Option<String>,
    /// Of a change: `relative`, `points`, `absolute`.
    pub mode: Option<String>,
    /// Of a change: what it is compared with, where that is known.
    pub base: Option<Period>,
    /// Code of the report that says it.
    pub report: Rc<str>,
    /// What another statement says that cannot be true beside it, and the report that says so.
    pub other: Option<(String, String)>,
}

impl Fact {
    fn reach(&self) -> Reach {
        Reach::new(&self.value, self.comparator, &self.unit, self.scale)
    }

    /// The year it is about, where it is about a whole year or its last day.
    fn year(&self) -> Option<i32> {
        let (start, end) = (self.period.start, self.period.end);
        let is_year_end = (end.month, end.day) == (12, 31);
        let is_whole = (start.month, start.day) == (1, 1) && start.year == end.year;
        (is_year_end && (is_whole || start == end)).then_some(end.year)
    }
}

/// What one company states of one metric.
struct Group<'a> {
    facts: &'a [Fact],
    knowledge: &'a Knowledge,
    /// Levels that stand alone for their time, place and unit, by these.
    levels: HashMap<Spot<'a>, usize>,
}

/// Where and when a level is, and in what: two of one kind contradict each other or are a list.
type Spot<'a> = (&'a Period, Option<&'a str>, &'a str, Option<&'a str>);

impl<'a> Group<'a> {
    fn new(facts: &'a [Fact], knowledge: &'a Knowledge) -> Group<'a> {
        let mut levels: HashMap<Spot<'_>, Option<usize>> = HashMap::default();
        for (at, fact) in facts.iter().enumerate() {
            if matches!(fact.kind, Kind::Level | Kind::Share) && !fact.is_spread {
                let spot = (&fact.period, fact.place.as_deref(), &*fact.unit, fact.whole.as_deref());
                levels.entry(spot).and_modify(|known| *known = None).or_insert(Some(at));
            }
        }
        let levels = levels.into_iter().filter_map(|(spot, at)| Some((spot, at?))).collect();
        Group { facts, knowledge, levels }
    }

    /// The label of a fact, without what does not change it.
    fn name(&self, fact: &Fact) -> String {
        metrics::bare(&self.knowledge.fold.text(&fact.metric))
    }

    fn quantity(&self, unit: &str) -> &str {
        self.knowledge.units.get(unit).map_or("", |unit| unit.quantity.as_str())
    }

    /// What a unit converts to.
    fn base<'u>(&'u self, unit: &'u str) -> &'u str {
        self.knowledge.units.get(unit).map_or(unit, |unit| unit.base_code.as_str())
    }
}

/// The doubts about what one company states of one metric.
pub fn findings(facts: &[Fact], knowledge: &Knowledge) -> Vec<Finding> {
    // A fact that stands alone cannot be at odds with another.
    if facts.len() < 2 && facts.iter().all(|fact| fact.other.is_none()) {
        return Vec::new();
    }
    let group = Group::new(facts, knowledge);
    let mut findings = Vec::new();
    for check in CHECKS {
        let mut doubts = Vec::new();
        (check.find)(&group, &mut doubts);
        findings.extend(doubts.into_iter().filter_map(|doubt| {
            let fact = &facts[doubt.figure?];
            let doubt = doubt.with("metric", fact.metric.as_str()).with("raw", fact.raw.as_str()).with("period", fact.period.code());
            doubt.worded(check.code, None, knowledge)
        }));
    }
    findings
}
