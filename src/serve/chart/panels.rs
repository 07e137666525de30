//! Puts facts into panels: what stands on one axis, in which unit, as which series.
//!
//! In:  facts, what stands along the axis, a language.
//! Out: panels; notes on what was left out or stands twice.
//!
//! A panel has one unit and one kind. Values stay in the report's unit where all agree, and are converted, exactly, where they do not. What one
//! company says twice of one year, in different numbers, is drawn as the range it is; nothing is added up or averaged.

use super::facts::{Fact, Value};
use super::names::Named;
use super::scale::Scale;
use super::{By, Kind, words};
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::message::Language;
use rusqlite::Connection;

/// More series than this are not told apart, by colour, grey or mark.
pub(super) const SERIES: usize = 6;
/// More panels than this are no picture.
const PANELS: usize = 8;

/// What stands on one axis.
#[derive(Debug)]
pub(super) struct Panel {
    /// What it shows, where there are several.
    pub heading: String,
    pub scale: Scale,
    /// What stands along the axis: years without a gap, provinces, companies.
    pub categories: Vec<String>,
    pub series: Vec<Series>,
}

/// Values that belong together.
#[derive(Debug)]
pub(super) struct Series {
    pub name: String,
    /// In the order of their categories; what was achieved before what was promised.
    pub points: Vec<Point>,
}

/// A value, or the two ends of a range.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// The number of its category.
    pub at: usize,
    pub low: f64,
    pub high: f64,
    /// The exact value with its comparator.
    pub label: String,
    /// What it is where it was not achieved: 目標.
    pub promise: Option<&'static str>,
    /// Where it was read.
    pub source: String,
}

impl Point {
    pub(super) fn is_range(&self) -> bool {
        self.low < self.high
    }

    /// The end that is farther from nought.
    pub(super) fn tip(&self) -> f64 {
        if self.low.abs() > self.high.abs() { self.low } else { self.high }
    }

    /// Its label, and what it is where it was not achieved.
    pub(super) fn said(&self) -> String {
        self.promise.map_or(self.label.clone(), |promise| format!("{} {promise}", self.label))
    }
}

/// What all panels share.
#[derive(Debug)]
pub(super) struct Panels {
    pub title: String,
    pub panels: Vec<Panel>,
    /// The facts that are drawn.
    pub facts: Vec<Fact>,
    /// For people, of what is not in the picture as they may expect it.
    pub notes: Vec<String>,
}

/// What panels are made by.
pub(super) struct Setting<'s> {
    pub db: &'s Connection,
    pub knowledge: &'s Knowledge,
    pub metrics: &'s [Named],
    pub by: By,
    pub kind: Option<Kind>,
    pub language: Language,
}

impl Setting<'_> {
    /// The short name of a province by its ISO code.
    fn province(&self, code: &str) -> String {
        let province = self.knowledge.places.provinces.iter().find(|province| province.iso_code == code);
        let name = province.map(|province| match self.language {
            Language::Hant => &province.short_hant,
            Language::Hans => &province.short_hans,
            Language::En => &province.short_en,
        });
        name.map_or(code, String::as_str).to_string()
    }
}

/// Puts facts into panels.
pub(super) fn panels(setting: &Setting<'_>, facts: Vec<Fact>) -> Result<Panels> {
    let language = setting.language;
    let mut notes = Vec::new();
    let facts = of_one_kind(setting, facts, &mut notes)?;
    let groups = match setting.by {
        By::Year => grouped(facts, |fact| (fact.kind, fact.unit_base.clone())),
        By::Province => {
            let of = |fact: &Fact| (fact.kind, fact.unit_base.clone(), fact.metric, fact.company.id, aspect(fact, language));
            let groups = grouped(facts, of).into_iter();
            groups.map(|group| of_one_time(group, |fact| fact.period.clone(), |fact| fact.province.clone(), &mut notes)).collect()
        }
        By::Company => {
            let of = |fact: &Fact| (fact.kind, fact.unit_base.clone(), fact.metric, fact.province.clone(), aspect(fact, language));
            let groups = grouped(facts, of).into_iter();
            groups
                .map(|group| of_one_time(group, |fact| fact.year.to_string(), |fact| Some(fact.company.code.clone()), &mut notes))
                .collect()
        }
    };
    if groups.len() > PANELS {
        return Err(Error::failed(format!(
            "this takes {} charts, one for each metric, company and unit, and {PANELS} go on a page; name fewer metrics, or --company, --province",
            groups.len()
        )));
    }
    let shared = Shared::of(setting, &groups);
    let panels = groups.iter().map(|group| Drafting { setting, shared: &shared }.panel(group, &mut notes)).collect::<Result<_>>()?;
    Ok(Panels { title: shared.title, panels, facts: groups.into_iter().flatten().collect(), notes })
}

/// Of each metric the facts of one kind: the one asked for, or levels where it has any.
fn of_one_kind(setting: &Setting<'_>, facts: Vec<Fact>, notes: &mut Vec<String>) -> Result<Vec<Fact>> {
    let mut kept = Vec::new();
    let mut of_metric: Vec<Vec<Fact>> = setting.metrics.iter().map(|_| Vec::new()).collect();
    for fact in facts {
        of_metric[fact.metric].push(fact);
    }
    for (metric, facts) in setting.metrics.iter().zip(of_metric) {
        let counts: Vec<(Kind, usize)> = Kind::ALL
            .iter()
            .map(|kind| (*kind, facts.iter().filter(|fact| fact.kind == *kind).count()))
            .filter(|(_, count)| *count > 0)
            .collect();
        let told = |counts: &[(Kind, usize)]| {
            counts.iter().map(|(kind, count)| format!("{count} with --kind {}", kind.word())).collect::<Vec<_>>().join(", ")
        };
        let Some(kind) = setting.kind.or(counts.first().map(|(kind, _)| *kind)) else { continue };
        let name = metric.name(setting.language);
        if !counts.iter().any(|(there, _)| *there == kind) {
            return Err(Error::failed(format!(
                "{name} ({}) has no figure of kind {}; there are {}",
                metric.code,
                kind.word(),
                told(&counts)
            )));
        }
        if setting.kind.is_none() && counts.len() > 1 {
            notes.push(format!("{name}: drawn are figures of kind {}; {} more", kind.word(), told(&counts[1..])));
        }
        kept.extend(facts.into_iter().filter(|fact| fact.kind == kind));
    }
    Ok(kept)
}

/// Facts with the same key, in the order in which keys come first.
fn grouped<K: PartialEq>(facts: Vec<Fact>, key: impl Fn(&Fact) -> K) -> Vec<Vec<Fact>> {
    let mut groups: Vec<(K, Vec<Fact>)> = Vec::new();
    for fact in facts {
        let key = key(&fact);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, facts)) => facts.push(fact),
            None => groups.push((key, vec![fact])),
        }
    }
    groups.into_iter().map(|(_, facts)| facts).collect()
}

/// The facts of one time: of those that most categories have one of, the last.
fn of_one_time(
    facts: Vec<Fact>,
    time: impl Fn(&Fact) -> String,
    category: impl Fn(&Fact) -> Option<String>,
    notes: &mut Vec<String>,
) -> Vec<Fact> {
    let groups = grouped(facts, &time);
    let count = |group: &[Fact]| {
        let mut categories: Vec<Option<String>> = group.iter().map(&category).collect();
        categories.sort_unstable();
        categories.dedup();
        categories.len()
    };
    let rank = |group: &Vec<Fact>| (count(group), group.iter().map(|fact| fact.period_end.clone()).max());
    let Some(best) = groups.iter().enumerate().max_by_key(|(_, group)| rank(group)).map(|(at, _)| at) else { return Vec::new() };
    let mut others: Vec<String> = groups.iter().enumerate().filter(|(at, _)| *at != best).map(|(_, group)| time(&group[0])).collect();
    others.sort_unstable();
    if let (Some(first), Some(last)) = (others.first(), others.last()) {
        let there = if others.len() > 2 { format!("{} more, {first} to {last}", others.len()) } else { others.join(" and ") };
        notes.push(format!("drawn is {}; --from and --to choose {there}", time(&groups[best][0])));
    }
    groups.into_iter().nth(best).unwrap_or_default()
}

/// What a figure is beside its metric: the whole of a share, the base of a change.
fn aspect(fact: &Fact, language: Language) -> String {
    match (&fact.whole, fact.basis.as_deref(), &fact.base_period) {
        (Some(whole), _, _) => format!("{}{whole}", words::SHARE_OF.of(language)),
        (_, Some("yoy"), _) => words::YOY.of(language).to_string(),
        (_, Some("pop"), _) => words::POP.of(language).to_string(),
        (_, Some("vs_period"), Some(period)) => format!("{}{period}", words::AGAINST.of(language)),
        (_, Some(_), _) => words::PRIOR.of(language).to_string(),
        _ => String::new(),
    }
}

/// What is the same in the whole picture stands in its title, and nowhere else.
struct Shared {
    title: String,
    /// The first and the last year.
    years: (i64, i64),
    has_one_metric: bool,
    has_one_company: bool,
    /// Along other axes than provinces.
    has_one_province: bool,
    has_one_time: bool,
}

impl Shared {
    fn of(setting: &Setting<'_>, groups: &[Vec<Fact>]) -> Shared {
        let (metrics, by, language) = (setting.metrics, setting.by, setting.language);
        let facts = || groups.iter().flatten();
        let has_one_company = facts().all(|fact| Some(&fact.company) == facts().next().map(|first| &first.company));
        let has_one_province = facts().all(|fact| Some(&fact.province) == facts().next().map(|first| &first.province));
        let has_one_time = match by {
            By::Year => false,
            By::Province => facts().all(|fact| Some(&fact.period) == facts().next().map(|first| &first.period)),
            By::Company => facts().all(|fact| Some(fact.year) == facts().next().map(|first| first.year)),
        };
        let mut title = metrics.iter().map(|metric| metric.name(language)).collect::<Vec<_>>().join(words::AND.of(language));
        if let Some(first) = facts().next().filter(|_| has_one_company && by != By::Company) {
            title = format!("{}{}{title}", first.company.name(language), words::COLON.of(language));
        }
        if let Some(code) = facts().next().and_then(|first| first.province.as_ref()).filter(|_| has_one_province && by != By::Province) {
            title += &format!("{}{}", words::COMMA.of(language), setting.province(code));
        }
        let by_what = match by {
            By::Year => None,
            By::Province => Some(&words::BY_PROVINCE),
            By::Company => Some(&words::BY_COMPANY),
        };
        let gap = words::COMMA.of(language);
        if let Some(word) = by_what {
            title += &format!("{gap}{}", word.of(language));
        }
        if let Some(first) = facts().next().filter(|_| has_one_time) {
            title += &format!("{gap}{}", time(first, by));
        }
        let years = facts().map(|fact| fact.year);
        let years = (years.clone().min().unwrap_or_default(), years.max().unwrap_or_default());
        Shared { title, years, has_one_metric: metrics.len() == 1, has_one_company, has_one_province, has_one_time }
    }
}

/// The time of a panel that shows one.
fn time(fact: &Fact, by: By) -> String {
    if by == By::Company { fact.year.to_string() } else { fact.period.replace('/', "–") }
}

/// One panel in the making.
struct Drafting<'s> {
    setting: &'s Setting<'s>,
    shared: &'s Shared,
}

impl Drafting<'_> {
    fn panel(&self, facts: &[Fact], notes: &mut Vec<String>) -> Result<Panel> {
        let first = facts.first().ok_or_else(|| Error::failed("a chart without facts"))?;
        // In the report's unit where all have the same one.
        let is_same = facts.iter().all(|fact| fact.unit == first.unit);
        let unit = if is_same { &first.unit } else { &first.unit_base };
        let value = |fact: &Fact| match is_same {
            true => fact.value.clone(),
            false => Value { low: fact.value.low.times(&fact.factor), high: fact.value.high.times(&fact.factor) },
        };
        let facts: Vec<Valued<'_>> = facts.iter().map(|fact| Valued { fact, value: value(fact), category: self.category(fact) }).collect();
        let ends: Vec<&Decimal> = facts.iter().flat_map(|valued| [&valued.value.low, &valued.value.high]).collect();
        let scale = Scale::new(self.setting.db, unit, &ends, self.setting.language)?;
        let categories = match self.setting.by {
            By::Year => (self.shared.years.0..=self.shared.years.1).map(|year| year.to_string()).collect(),
            By::Province | By::Company => sorted(&facts),
        };
        let heading = self.heading(first);
        let mut series: Vec<(String, Vec<Valued<'_>>)> = Vec::new();
        for valued in facts {
            let name = if self.setting.by == By::Year { self.series_name(valued.fact) } else { String::new() };
            match series.iter_mut().find(|(known, _)| *known == name) {
                Some((_, members)) => members.push(valued),
                None => series.push((name, vec![valued])),
            }
        }
        if series.len() > SERIES {
            let names: Vec<&str> = series.iter().map(|(name, _)| name.as_str()).collect();
            return Err(Error::failed(format!(
                "{} series are more than {SERIES}, which is as many as a chart tells apart: {}; name fewer metrics, or --company, --province",
                series.len(),
                names.join("; ")
            )));
        }
        let drawn: Vec<Series> =
            series.into_iter().map(|(name, members)| Series { points: self.points(&members, &categories, &scale, notes), name }).collect();
        // A series that is alone is what the panel is about.
        let alone = drawn.iter().map(|series| &series.name).filter(|name| drawn.len() == 1 && !name.is_empty());
        let heading: Vec<&String> = alone.chain(&heading).collect();
        let heading = heading.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(words::COMMA.of(self.setting.language));
        Ok(Panel { heading, scale, categories, series: drawn })
    }

    /// What a fact stands at along the axis.
    fn category(&self, fact: &Fact) -> String {
        let language = self.setting.language;
        match self.setting.by {
            By::Year => fact.year.to_string(),
            By::Company => fact.company.name(language).to_string(),
            By::Province => fact.province.as_deref().map(|code| self.setting.province(code)).unwrap_or_default(),
        }
    }

    /// What the title does not say of it.
    fn series_name(&self, fact: &Fact) -> String {
        let language = self.setting.language;
        let company = (!self.shared.has_one_company).then(|| fact.company.name(language).to_string());
        let metric = (!self.shared.has_one_metric).then(|| self.setting.metrics[fact.metric].name(language).to_string());
        let province = fact.province.as_deref().filter(|_| !self.shared.has_one_province).map(|code| self.setting.province(code));
        let aspect = Some(aspect(fact, language)).filter(|aspect| !aspect.is_empty());
        [company, metric, province, aspect].into_iter().flatten().collect::<Vec<_>>().join(words::COMMA.of(language))
    }

    /// What the title does not say of all of them.
    fn heading(&self, first: &Fact) -> Vec<String> {
        let (by, language) = (self.setting.by, self.setting.language);
        let mut heading: Vec<String> = Vec::new();
        if by != By::Year {
            if by == By::Province && !self.shared.has_one_company {
                heading.push(first.company.name(language).to_string());
            }
            if !self.shared.has_one_metric {
                heading.push(self.setting.metrics[first.metric].name(language).to_string());
            }
            if by == By::Company && !self.shared.has_one_province {
                heading.extend(first.province.as_deref().map(|code| self.setting.province(code)));
            }
            heading.extend(Some(aspect(first, language)).filter(|aspect| !aspect.is_empty()));
            heading.extend((!self.shared.has_one_time).then(|| time(first, by)));
        }
        if first.whole.is_none() && first.basis.is_none() {
            heading.extend(first.kind.title(language).map(String::from));
        }
        heading
    }

    /// The points of a series: facts of one category and modality are one point.
    fn points(&self, members: &[Valued<'_>], categories: &[String], scale: &Scale, notes: &mut Vec<String>) -> Vec<Point> {
        let language = self.setting.language;
        let mut points = Vec::new();
        for (at, name) in categories.iter().enumerate() {
            for (modality, promise) in MODALITIES {
                let mut here: Vec<&Valued<'_>> = Vec::new();
                for valued in members.iter().filter(|valued| valued.fact.modality == modality && valued.category == *name) {
                    // The year as a whole and its last day may say the same.
                    if !here.iter().any(|known| known.value == valued.value && known.fact.comparator == valued.fact.comparator) {
                        here.push(valued);
                    }
                }
                let (low, high) = (here.iter().map(|valued| &valued.value.low).min(), here.iter().map(|valued| &valued.value.high).max());
                let (Some(low), Some(high)) = (low, high) else { continue };
                let labels: Vec<String> = here.iter().map(|valued| label(valued, scale)).collect();
                if labels.len() > 1 {
                    let told = labels.join(" and ");
                    notes.push(format!(
                        "{name}: {} states {} values, {told}; drawn from the least to the most",
                        here[0].fact.report,
                        labels.len()
                    ));
                }
                let mut sources: Vec<String> = here.iter().map(|valued| source(valued.fact, language)).collect();
                sources.dedup();
                points.push(Point {
                    at,
                    low: scale.height(low),
                    high: scale.height(high),
                    label: labels.join(" / "),
                    promise: promise.map(|word| word.of(language)),
                    source: sources.join(words::STOP.of(language)),
                });
            }
        }
        points
    }
}

/// A fact on its axis.
struct Valued<'f> {
    fact: &'f Fact,
    /// In the unit of the axis.
    value: Value,
    category: String,
}

/// Modalities as the database has them, and what is said of those that are no achievement.
const MODALITIES: [(&str, Option<&words::Word>); 4] =
    [("actual", None), ("target", Some(&words::TARGET)), ("rule", Some(&words::RULE)), ("forecast", Some(&words::FORECAST))];

/// Categories by what was achieved, the biggest first; those with a promise alone after them.
fn sorted(facts: &[Valued<'_>]) -> Vec<String> {
    let mut sizes: Vec<(&String, Option<&Decimal>, Option<&Decimal>)> = Vec::new();
    for valued in facts {
        let at = sizes.iter().position(|(known, _, _)| *known == &valued.category).unwrap_or_else(|| {
            sizes.push((&valued.category, None, None));
            sizes.len() - 1
        });
        let size = if valued.fact.modality == "actual" { &mut sizes[at].1 } else { &mut sizes[at].2 };
        *size = (*size).max(Some(&valued.value.high));
    }
    sizes.sort_by(|left, right| (right.1, right.2).cmp(&(left.1, left.2)));
    sizes.into_iter().map(|(name, _, _)| name.clone()).collect()
}

/// The exact value, with what compares it with the true one.
fn label(Valued { fact, value, .. }: &Valued<'_>, scale: &Scale) -> String {
    if value.low != value.high {
        return format!("{}–{}", scale.label(&value.low), scale.label(&value.high));
    }
    // A comparator is said of the magnitude: a fall of 20 % at least is -20 % at most.
    let sign = match (fact.comparator.as_str(), value.low.is_negative()) {
        ("~", _) => "≈",
        (">", false) | ("<", true) => ">",
        ("<", false) | (">", true) => "<",
        (">=", false) | ("<=", true) => "≥",
        ("<=", false) | (">=", true) => "≤",
        _ => "",
    };
    format!("{sign}{}", scale.label(&value.low))
}

/// Report and page of a fact: 「中國聯通 2019 csr，第12頁」.
fn source(fact: &Fact, language: Language) -> String {
    let place = match (fact.page, fact.line) {
        (Some(page), _) => Some(words::pages(&page.to_string(), language)),
        (None, Some(line)) => Some(words::lines(&line.to_string(), language)),
        (None, None) => None,
    };
    let report = report(fact, language);
    place.map_or(report.clone(), |place| format!("{report}{}{place}", words::COMMA.of(language)))
}

/// The company with the title of its report.
fn report(fact: &Fact, language: Language) -> String {
    let company = fact.company.name(language);
    // Most titles begin with it, in the script of the report.
    let is_named = [Language::Hant, Language::Hans, Language::En].iter().any(|language| fact.title.contains(fact.company.name(*language)));
    if is_named { fact.title.clone() } else { format!("{company}{}{}", words::COLON.of(language), fact.title) }
}

/// The reports that facts are of, each with its pages.
pub(super) fn sources(facts: &[Fact], language: Language) -> Vec<String> {
    let mut reports: Vec<(String, Vec<i64>, Vec<i64>)> = Vec::new();
    for fact in facts {
        let name = report(fact, language);
        let at = reports.iter().position(|(known, _, _)| *known == name).unwrap_or_else(|| {
            reports.push((name, Vec::new(), Vec::new()));
            reports.len() - 1
        });
        match (fact.page, fact.line) {
            (Some(page), _) => reports[at].1.push(page),
            (None, Some(line)) => reports[at].2.push(line),
            (None, None) => {}
        }
    }
    reports
        .into_iter()
        .map(|(name, pages, lines)| {
            let mut source = name;
            if !pages.is_empty() {
                source += &format!("{}{}", words::COMMA.of(language), words::pages(&listed(pages), language));
            }
            if !lines.is_empty() {
                source += &format!("{}{}", words::COMMA.of(language), words::lines(&listed(lines), language));
            }
            source
        })
        .collect()
}

/// `3、5–8`
fn listed(mut numbers: Vec<i64>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let told: Vec<String> = runs
        .flat_map(|run| match run {
            [first, .., last] if run.len() > 2 => vec![format!("{first}–{last}")],
            few => few.iter().map(ToString::to_string).collect(),
        })
        .collect();
    told.join("、")
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn pages_that_follow_each_other_are_a_run() {
        assert_eq!(listed(vec![8, 5, 6, 5, 7, 3, 11, 12]), "3、5–8、11、12");
        assert_eq!(listed(vec![]), "");
    }
}
