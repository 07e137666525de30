//! Binds the rows of a transcription: a person has said already what each number measures.
//!
//! In:  the rows of a sheet of figures, and what the command line says about the report.
//! Out: for each row a claim with its headings, or a sentence that says what is wrong with the row; other rows are unharmed.
//!
//! A value is read as prose is: the same numerals, units and comparators, the same words of change for sign and basis. What a
//! column says wins over what the value says. Nothing is guessed: a number that is typed without a unit has none.

use super::change::{self, Change};
use super::period::{self, Mark};
use super::{label, modality};
use crate::knowledge::Knowledge;
use crate::model::{About, Amount, Basis, Claim, Folded, Heading, Kind, Level, Mention, Modality, Period, Quantity, Reading, Transcribed};
use crate::recognise::{self, Context, date::Calendar};
use crate::tidy::place::{self, Named};
use std::collections::HashMap;

/// A row that could be taken.
#[derive(Debug)]
pub struct Bound {
    /// What it claims; its span is one of `value`, its block the row's place among those taken.
    pub claim: Claim,
    /// The value as typed, folded; origins count its characters.
    pub value: Folded,
    /// Page of the report, from 1.
    pub page: Option<u32>,
    /// Line of the report's text, from 1.
    pub line: Option<u32>,
    /// The heading it stands under, of [`Sheet::headings`].
    pub heading: Option<usize>,
}

/// What the rows of a sheet have in common, gathered as they are read.
#[derive(Debug)]
pub struct Sheet<'d> {
    /// What the report is.
    pub about: About,
    /// The headings of the rows taken so far, each once.
    pub headings: Vec<Heading>,
    knowledge: &'d Knowledge,
    report: Period,
    taken: usize,
    /// Codes of provinces by every form of their name, folded and in lower case.
    provinces: HashMap<String, String>,
    /// Headings by theme and initiative as typed.
    known_headings: HashMap<String, HashMap<String, usize>>,
    /// What the cells of province and place came to.
    known_places: HashMap<String, HashMap<String, Vec<String>>>,
}

impl<'d> Sheet<'d> {
    /// Looks over the rows for what holds for all: the year where it is not given, the script.
    pub fn new(rows: &[Transcribed], given: &About, knowledge: &'d Knowledge) -> Sheet<'d> {
        let mut about = given.clone();
        let year = about.year.or(about.period.map(|period| period.end.year)).or_else(|| latest_year(rows));
        let report = about.period.unwrap_or(Period::year(year.unwrap_or(0)));
        about.year = year;
        about.period = about.period.or(year.map(Period::year));
        if about.lang.is_empty() {
            about.lang = lang(rows, knowledge);
        }
        if about.currency.is_empty() {
            about.currency = "CNY";
        }
        Sheet {
            about,
            headings: Vec::new(),
            knowledge,
            report,
            taken: 0,
            provinces: province_names(knowledge),
            known_headings: HashMap::new(),
            known_places: HashMap::new(),
        }
    }

    /// What a row claims, or what is wrong with it: line, column, what was found and what was expected.
    pub fn bound(&mut self, row: &Transcribed) -> Result<Bound, String> {
        if row.metric.is_empty() {
            return Err(wrong(row, "metric", "the cell is empty; expected the name of what is measured"));
        }
        let period = self.period(row)?;
        let kind = kind(row)?;
        let given_basis = basis(row)?;
        let (page, line) = (count(row, "page", &row.page)?, count(row, "line", &row.line)?);
        let value = fold(&row.value, self.knowledge);
        let (mention, quantity, marks) = self.quantity(row, &value, period)?;
        let at = mention.span.start;
        let said = self.change(&value, &marks, at).filter(|change| !change.yardstick);
        let statement = match kind {
            Some(Said::Kind(kind)) => kind,
            _ if quantity.unit == "rank" => Kind::Rank,
            _ if quantity.unit == "折" => Kind::Price,
            _ if said.is_some() || given_basis.is_some() => Kind::Change,
            _ => Kind::Level,
        };
        if given_basis.is_some() && statement != Kind::Change {
            let found = format!("「{}」 says that the figure is a change, and kind says {}; expected one of the two", row.basis, row.kind);
            return Err(wrong(row, "basis", &found));
        }
        let modality = match kind {
            Some(Said::Target) => Modality::Target,
            Some(Said::Kind(_)) => Modality::Actual,
            // A time to come makes no plan of a figure here: a mistyped year is to be doubted, not explained.
            None => modality::modality(&value.chars, (0, 0, at, value.chars.len()), None, self.report, self.report, self.knowledge),
        };
        let said = said.filter(|_| statement == Kind::Change);
        let negative = matches!(&quantity.amount, Amount::One(value) if value.is_negative());
        let places = self.places(row)?;
        let heading = self.heading(row, line, page);
        let claim = Claim {
            block: self.taken,
            cell: None,
            span: mention.span,
            quantity,
            metric: row.metric.clone(),
            kind: statement,
            modality,
            falls: said.as_ref().is_some_and(|change| change.sign < 0) && !negative,
            basis: (statement == Kind::Change)
                .then(|| given_basis.or(said.as_ref().and_then(|change| change.basis)).unwrap_or(Basis::Prior)),
            whole: (!row.whole.is_empty()).then(|| row.whole.clone()),
            period,
            places,
            place: (!row.place.is_empty()).then(|| row.place.clone()),
            rule: "typed",
        };
        self.taken += 1;
        Ok(Bound { claim, value, page, line, heading })
    }

    fn period(&self, row: &Transcribed) -> Result<Period, String> {
        if row.period.is_empty() {
            return Ok(self.report);
        }
        Period::from_code(&row.period).ok_or_else(|| {
            let found =
                format!("「{}」 is no period; expected one such as 2019, 2019-08, 2019-12-31, 2019-07/2019-09 or 2016/2019", row.period);
            wrong(row, "period", &found)
        })
    }

    /// The one quantity of a value, and the times that it names.
    fn quantity(&self, row: &Transcribed, value: &Folded, period: Period) -> Result<(Mention, Quantity, Vec<Mark>), String> {
        let chars = &value.chars[..];
        let prose = Context {
            calendar: Calendar { year: period.end.year, roc: self.about.currency == "TWD" },
            currency: self.about.currency,
            cell: false,
        };
        let mut found: Vec<(Mention, Quantity)> = recognise::cell(chars, &Context { cell: true, ..prose }, self.knowledge)
            .into_iter()
            .filter_map(|mention| match &mention.reading {
                Reading::Quantity(quantity) => Some((mention.clone(), quantity.clone())),
                _ => None,
            })
            .collect();
        // A cell is read without dates: 「較2017年提升85.4%」 holds one, and 「2019年」 may be nothing else.
        let time = |quantity: &Quantity| matches!(quantity.unit.as_str(), "year" | "month" | "day");
        let mut dates = Vec::new();
        if found.len() > 1 || found.iter().any(|(_, quantity)| time(quantity)) {
            dates = recognise::mentions(chars, &prose, self.knowledge);
            dates.retain(|mention| matches!(mention.reading, Reading::Date(_)));
            found.retain(|(mention, _)| !dates.iter().any(|date| date.span.start < mention.span.end && mention.span.start < date.span.end));
        }
        let (mention, mut quantity) = match (found.pop(), found.pop()) {
            (None, _) if !dates.is_empty() => {
                return Err(wrong(row, "value", &format!("「{}」 is a date and no value; expected {EXPECTED}", row.value)));
            }
            (None, _) if row.value.is_empty() => {
                return Err(wrong(row, "value", &format!("the cell is empty; expected {EXPECTED}")));
            }
            (None, _) if row.value.chars().any(|c| self.knowledge.fold.char(c).is_ascii_digit()) => {
                return Err(wrong(
                    row,
                    "value",
                    &format!("「{}」 reads as a name and no number with a unit known; expected {EXPECTED}", row.value),
                ));
            }
            (None, _) => return Err(wrong(row, "value", &format!("「{}」 holds no number; expected {EXPECTED}", row.value))),
            (Some((second, _)), Some((first, _))) => {
                let written = |mention: &Mention| written_in(&row.value, value, &mention.span);
                let message = format!(
                    "「{}」 holds two numbers, 「{}」 and 「{}」; expected one a row, or a range such as 1-3毫秒",
                    row.value,
                    written(&first),
                    written(&second)
                );
                return Err(wrong(row, "value", &message));
            }
            (Some(one), None) => one,
        };
        let end = mention.span.end;
        if quantity.unit.is_empty() {
            // 近1500万用户: the counted noun behind is the unit.
            let noun = end + usize::from(chars.get(end) == Some(&' '));
            if let Some((_, unit)) = self.knowledge.words.counted.at(chars, noun) {
                quantity.unit.clone_from(unit);
                quantity.unit_span = end..end;
            } else if chars.get(noun).is_some_and(char::is_ascii_alphabetic) {
                // 1.5 million read as 1.5 would be wrong by more than a unit.
                let rest = written_in(&row.value, value, &(noun..chars.len()));
                return Err(wrong(row, "value", &format!("「{rest}」 behind the number is no unit known; expected {EXPECTED}")));
            }
        }
        let before = chars[..mention.span.start].iter().collect::<String>();
        if before.is_ascii() && before.contains(|c: char| c.is_ascii_alphabetic()) {
            let before = before.trim();
            return Err(wrong(row, "value", &format!("「{before}」 before the number is not understood; expected {EXPECTED}")));
        }
        let marks = if mention.span.start == 0 { Vec::new() } else { period::marks(chars, &dates, period, None, self.knowledge) };
        Ok((mention, quantity, marks))
    }

    /// The words of change before a number.
    fn change(&self, value: &Folded, marks: &[Mark], at: usize) -> Option<Change> {
        let left = label::outside_brackets(&value.chars, 0, at);
        if left.is_empty() { None } else { change::change(&value.chars, &left, marks, 0, at, self.knowledge) }
    }

    /// Codes of the places a row names, the finest of each chain.
    fn places(&mut self, row: &Transcribed) -> Result<Vec<String>, String> {
        if row.province.is_empty() && row.place.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(known) = self.known_places.get(&row.province).and_then(|places| places.get(&row.place)) {
            return Ok(known.clone());
        }
        let provinces = self.provinces(row)?;
        let found = self.finer(&row.place, &provinces);
        let places = &self.knowledge.places;
        let mut codes: Vec<String> = found.iter().map(|named| named.code.clone()).collect();
        codes.retain(|code| !found.iter().any(|other| places.lies_in(&other.code, code)));
        for province in provinces {
            if !codes.iter().any(|code| *code == province || places.lies_in(code, &province)) {
                codes.push(province);
            }
        }
        self.known_places.entry(row.province.clone()).or_default().insert(row.place.clone(), codes.clone());
        Ok(codes)
    }

    /// Codes of the provinces that a cell names.
    fn provinces(&self, row: &Transcribed) -> Result<Vec<String>, String> {
        let mut codes: Vec<String> = Vec::new();
        for name in row.province.split([';', '；', '、']).map(str::trim).filter(|name| !name.is_empty()) {
            let folded = self.knowledge.fold.text(name).to_lowercase();
            let code = self.provinces.get(&folded).ok_or_else(|| {
                let found = format!(
                    "「{name}」 is no province; expected an ISO code or a name such as CN-QH, 青海 or Qinghai, several joined with ;"
                );
                wrong(row, "province", &found)
            })?;
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        Ok(codes)
    }

    /// The places that a text names, read as if one of the provinces stood before it; those of other provinces are left out.
    fn finer(&self, text: &str, provinces: &[String]) -> Vec<Named> {
        let places = &self.knowledge.places;
        let before: Vec<char> = match provinces {
            [code] => places.province(code).map_or(Vec::new(), |province| province.short_hans.chars().collect()),
            _ => Vec::new(),
        };
        let mut chars = before.clone();
        chars.extend(text.chars().map(|c| self.knowledge.fold.char(c)));
        let mut found = place::places(&chars, None, self.knowledge);
        found.retain(|named| {
            let elsewhere = named.province.as_ref().is_some_and(|code| !provinces.is_empty() && !provinces.contains(code));
            let country = places.area(&named.code).is_some_and(|area| matches!(area.level.as_str(), "country" | "overseas"));
            named.span.start >= before.len() && !elsewhere && !country
        });
        found
    }

    /// The heading of a row: its initiative, else its theme.
    fn heading(&mut self, row: &Transcribed, line: Option<u32>, page: Option<u32>) -> Option<usize> {
        let (theme, initiative) = (row.theme.as_str(), row.initiative.as_str());
        let initiative = if initiative == theme { "" } else { initiative };
        let (level, name, parent) = match (theme, initiative) {
            ("", "") => return None,
            (theme, "") => (Level::Theme, theme, None),
            (theme, initiative) => (Level::Initiative, initiative, Some(theme).filter(|theme| !theme.is_empty())),
        };
        let known = |headings: &HashMap<String, HashMap<String, usize>>, initiative: &str| headings.get(theme)?.get(initiative).copied();
        if let Some(known) = known(&self.known_headings, initiative) {
            return Some(known);
        }
        let parent = parent.and_then(|_| {
            known(&self.known_headings, "").or_else(|| self.push_heading((theme, ""), Level::Theme, theme, None, (row, line, page)))
        });
        self.push_heading((theme, initiative), level, name, parent, (row, line, page))
    }

    fn push_heading(
        &mut self,
        key: (&str, &str),
        level: Level,
        name: &str,
        parent: Option<usize>,
        (row, line, page): (&Transcribed, Option<u32>, Option<u32>),
    ) -> Option<usize> {
        let index = self.headings.len();
        self.headings.push(Heading {
            level,
            name: name.to_string(),
            parent,
            start: 0,
            line: line.unwrap_or(row.row),
            page,
            provinces: Vec::new(),
            year: None,
            status: None,
        });
        self.known_headings.entry(key.0.to_string()).or_default().insert(key.1.to_string(), index);
        Some(index)
    }
}

/// What a value looks like, for messages.
const EXPECTED: &str = "a value as printed such as 141萬個";

/// What the column `kind` says.
enum Said {
    Kind(Kind),
    Target,
}

/// What is wrong with a row.
fn wrong(row: &Transcribed, column: &str, what: &str) -> String {
    format!("line {}, column {column}: {what}", row.row)
}

fn kind(row: &Transcribed) -> Result<Option<Said>, String> {
    match row.kind.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "target" => Ok(Some(Said::Target)),
        word => match Kind::from_word(word) {
            Some(kind) => Ok(Some(Said::Kind(kind))),
            None => {
                let found = format!("「{}」 is no kind; expected {}, target or nothing", row.kind, Kind::WORDS.join(", "));
                Err(wrong(row, "kind", &found))
            }
        },
    }
}

fn basis(row: &Transcribed) -> Result<Option<Basis>, String> {
    match row.basis.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        word => Basis::from_word(word)
            .map(Some)
            .ok_or_else(|| wrong(row, "basis", &format!("「{}」 is no basis; expected yoy, pop, prior, a year or nothing", row.basis))),
    }
}

/// A page or line.
fn count(row: &Transcribed, column: &str, cell: &str) -> Result<Option<u32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match cell.parse() {
        Ok(0) | Err(_) => Err(wrong(row, column, &format!("「{cell}」 is no {column}; expected a whole number from 1"))),
        Ok(count) => Ok(Some(count)),
    }
}

/// A value folded for matching. Blanks go, but between Latin letters or digits: 「13.7 萬」 is one number, 「12 34」 are two.
fn fold(value: &str, knowledge: &Knowledge) -> Folded {
    let mut folded = Folded::default();
    let mut blank = None;
    for (at, c) in value.chars().enumerate() {
        let c = if c.is_whitespace() { ' ' } else { knowledge.fold.char(c) };
        if c == ' ' {
            blank = Some(at);
            continue;
        }
        if let (Some(at), Some(last)) = (blank.take(), folded.chars.last())
            && last.is_ascii_alphanumeric()
            && c.is_ascii_alphanumeric()
        {
            folded.chars.push(' ');
            folded.origin.push(at as u32);
        }
        folded.chars.push(c);
        folded.origin.push(at as u32);
    }
    folded
}

/// A stretch of a value as typed.
pub(crate) fn written_in(value: &str, folded: &Folded, span: &std::ops::Range<usize>) -> String {
    match folded.origin.get(span.clone()) {
        Some([first, .., last]) => value.chars().skip(*first as usize).take((last - first) as usize + 1).collect(),
        Some([only]) => value.chars().skip(*only as usize).take(1).collect(),
        _ => String::new(),
    }
}

/// The latest years of rows: of what no plan is about, and of plans.
#[derive(Debug, Clone, Copy, Default)]
pub struct LatestYear {
    achieved: Option<i32>,
    planned: Option<i32>,
}

impl LatestYear {
    /// Takes rows in.
    pub fn take_in(&mut self, rows: &[Transcribed]) {
        for row in rows {
            let Some(period) = Period::from_code(&row.period) else { continue };
            let latest = if row.kind.eq_ignore_ascii_case("target") { &mut self.planned } else { &mut self.achieved };
            *latest = (*latest).max(Some(period.end.year));
        }
    }

    /// The year of the latest period that no plan is about; of plans where there is nothing else.
    pub fn year(self) -> Option<i32> {
        self.achieved.or(self.planned)
    }
}

fn latest_year(rows: &[Transcribed]) -> Option<i32> {
    let mut latest = LatestYear::default();
    latest.take_in(rows);
    latest.year()
}

/// The script of the first names.
fn lang(rows: &[Transcribed], knowledge: &Knowledge) -> &'static str {
    let sample = || rows.iter().take(2_000).flat_map(|row| row.metric.chars().chain(row.value.chars())).filter(|c| !c.is_ascii());
    let (all, changed) = (sample().count(), sample().filter(|c| knowledge.fold.char(*c) != *c).count());
    if changed * 20 > all { "zh-Hant" } else { "zh-Hans" }
}

/// Every form of the name of every province.
fn province_names(knowledge: &Knowledge) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for province in &knowledge.places.provinces {
        let forms = [
            &province.iso_code,
            &province.code,
            &province.name_hant,
            &province.name_hans,
            &province.name_en,
            &province.short_hant,
            &province.short_hans,
            &province.short_en,
            &province.abbr_hant,
            &province.abbr_hans,
        ];
        for form in forms.into_iter().chain(&province.abbr2_hans) {
            // Xizang (Tibet) Autonomous Region goes by either name.
            let plain = form.split(" (").next().unwrap_or(form);
            for form in [form.as_str(), plain] {
                names.insert(knowledge.fold.text(form).to_lowercase(), province.code.clone());
            }
        }
    }
    names
}
