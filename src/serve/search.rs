//! Finds words in what a database holds: names and definitions of metrics, headings, sentences, labels of figures without a sentence.
//!
//! In:  words of one character or more, in either script; a database opened for reading.
//! Out: each hit with its place and the figures in it, for people or as rows.
//!
//! Both sides are folded (`knowledge::fold`), blanks do not count, ASCII letters of either case are the same. Every text is gone through,
//! which needs no index: docs/comparison.md has what that costs, and what an index would.

use super::printer::{Format, Printer};
use super::{Paint, unwritten};
use crate::error::{Error, Result};
use crate::knowledge::fold::Fold;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};
use std::io::Write;
use std::ops::Range;

/// What is looked for: texts that hold all of some words.
#[derive(Debug)]
pub struct Words<'k> {
    words: Vec<Vec<char>>,
    fold: &'k Fold,
}

impl<'k> Words<'k> {
    /// The words of a text, between blanks. Fails where there is none.
    pub fn new(text: &str, fold: &'k Fold) -> Result<Words<'k>> {
        let words: Vec<Vec<char>> = text.split_whitespace().map(|word| word.chars().map(|c| folded(c, fold)).collect()).collect();
        if words.is_empty() {
            return Err(Error::usage("nothing to search for; expected one character or more, such as 基站"));
        }
        Ok(Words { words, fold })
    }

    /// Where the words stand in a text, in characters, in order and without overlap; `None` where one of them does not.
    ///
    /// `room` is scratch space, kept from text to text.
    fn find(&self, text: &str, room: &mut Room) -> Option<Vec<Range<usize>>> {
        room.fill(text, self.fold);
        let mut places = Vec::new();
        for word in &self.words {
            let before = places.len();
            let mut at = 0;
            while let Some(found) = position(&room.chars[at..], word) {
                at += found;
                places.push(room.origins[at] as usize..room.origins[at + word.len() - 1] as usize + 1);
                at += word.len();
            }
            if places.len() == before {
                return None;
            }
        }
        places.sort_by_key(|place| (place.start, place.end));
        let mut joined: Vec<Range<usize>> = Vec::new();
        for place in places {
            match joined.last_mut() {
                Some(last) if place.start < last.end => last.end = last.end.max(place.end),
                _ => joined.push(place),
            }
        }
        Some(joined)
    }
}

fn folded(c: char, fold: &Fold) -> char {
    fold.char(c).to_ascii_lowercase()
}

/// The first place of a word in folded characters.
fn position(chars: &[char], word: &[char]) -> Option<usize> {
    let (first, last) = (word[0], chars.len().checked_sub(word.len())?);
    (0..=last).find(|&at| chars[at] == first && chars[at..at + word.len()] == *word)
}

/// A text folded, blanks taken out, and where each of its characters stands in the text.
#[derive(Debug, Default)]
struct Room {
    chars: Vec<char>,
    origins: Vec<u32>,
}

impl Room {
    fn fill(&mut self, text: &str, fold: &Fold) {
        self.chars.clear();
        self.origins.clear();
        for (at, c) in text.chars().enumerate() {
            if !c.is_whitespace() {
                self.chars.push(folded(c, fold));
                self.origins.push(at as u32);
            }
        }
    }
}

/// Where a hit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Metric,
    Heading,
    Sentence,
    Label,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Metric => "metric",
            Kind::Heading => "heading",
            Kind::Sentence => "sentence",
            Kind::Label => "label",
        }
    }
}

/// A text that holds the words.
#[derive(Debug)]
struct Hit {
    kind: Kind,
    id: i64,
    /// Code of a metric.
    code: Option<String>,
    report: Option<String>,
    page: Option<i64>,
    line: Option<i64>,
    text: String,
    places: Vec<Range<usize>>,
}

/// How many texts of a kind hold the words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Metrics that some figure is of.
    pub metrics: usize,
    /// Headings.
    pub headings: usize,
    /// Sentences.
    pub sentences: usize,
    /// Figures without a sentence, by their labels.
    pub labels: usize,
}

impl Found {
    /// All of them.
    pub fn total(self) -> usize {
        self.metrics + self.headings + self.sentences + self.labels
    }
}

/// Of each text: its row, its code, its report, page and line, itself, its other names, its definitions; the last two a line each.
const METRICS: &str = "
    SELECT m.id, m.code, NULL, NULL, NULL, m.name_hant,
           m.name_hans || char(10) || COALESCE(m.name_en, '') || char(10)
             || COALESCE((SELECT group_concat(alias, char(10)) FROM metric_aliases WHERE metric_id = m.id), ''),
           concat_ws(char(10), m.definition_hant, m.definition_hans, m.definition_en)
      FROM metrics m WHERE EXISTS (SELECT 1 FROM figures WHERE metric_id = m.id) ORDER BY m.code";
const HEADINGS: &str = "
    SELECT i.id, NULL, r.code, i.page_no, i.line_no, i.name_hant, NULL, NULL FROM reports r JOIN periods p ON p.id = r.period_id
      JOIN initiatives i ON i.report_id = r.id ORDER BY p.end_date DESC, r.code, i.id";
const SENTENCES: &str = "
    SELECT s.id, NULL, r.code, s.page_no, s.line_start, s.text, NULL, NULL FROM reports r JOIN periods p ON p.id = r.period_id
      JOIN documents d ON d.report_id = r.id JOIN sentences s ON s.document_id = d.id ORDER BY p.end_date DESC, r.code, d.id, s.seq";
const LABELS: &str = "
    SELECT f.id, NULL, r.code, f.page_no, f.line_no, f.metric_text || ' ' || f.reported, NULL, NULL FROM figures f JOIN reports r ON r.id = f.report_id
      JOIN periods p ON p.id = r.period_id WHERE f.sentence_id IS NULL AND f.review_status <> 'rejected' ORDER BY p.end_date DESC, r.code, f.seq";

/// Finds words and prints at most `limit` hits of each kind, those of the newest reports first: as text where there is no `format`, else
/// a row for each figure in a hit.
pub fn search(
    db: &Connection,
    words: &Words<'_>,
    limit: usize,
    format: Option<Format>,
    paint: Paint,
    out: &mut dyn Write,
) -> Result<Found> {
    let mut hits = Vec::new();
    let mut found = Found::default();
    for (kind, sql, count) in [
        (Kind::Metric, METRICS, &mut found.metrics),
        (Kind::Heading, HEADINGS, &mut found.headings),
        (Kind::Sentence, SENTENCES, &mut found.sentences),
        (Kind::Label, LABELS, &mut found.labels),
    ] {
        *count = look(db, words, kind, sql, limit, &mut hits)?;
    }
    match format {
        None => print(db, &hits, found, paint, out)?,
        Some(format) => print_rows(db, &hits, format, out)?,
    }
    Ok(found)
}

/// Goes through the texts of a kind; how many hold the words. What only its definition finds comes last.
fn look(db: &Connection, words: &Words<'_>, kind: Kind, sql: &str, limit: usize, hits: &mut Vec<Hit>) -> Result<usize> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut room = Room::default();
    let (mut count, mut by_definition) = (0, (0, Vec::new()));
    while let Some(row) = rows.next()? {
        let text = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
        let beside = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str_or_null()?.unwrap_or_default());
        if let Some((text, places)) = match words.find(text, &mut room) {
            Some(places) => Some((text.to_string(), places)),
            None => with_other(text, beside(6)?, words, &mut room),
        } {
            count += 1;
            if count <= limit {
                hits.push(hit(row, kind, text, places)?);
            }
        } else if let Some((text, places)) = with_other(text, beside(7)?, words, &mut room) {
            by_definition.0 += 1;
            if by_definition.0 <= limit {
                by_definition.1.push(hit(row, kind, text, places)?);
            }
        }
    }
    hits.extend(by_definition.1.into_iter().take(limit.saturating_sub(count)));
    Ok(count + by_definition.0)
}

/// A metric that is found by another of its names, or by a definition, shows both; of several lines the first that holds the words.
fn with_other(name: &str, others: &str, words: &Words<'_>, room: &mut Room) -> Option<(String, Vec<Range<usize>>)> {
    let before = name.chars().count() + 2;
    others.lines().find_map(|other| {
        let places = words.find(other, room)?;
        Some((format!("{name} ({other})"), places.into_iter().map(|place| place.start + before..place.end + before).collect()))
    })
}

fn hit(row: &Row<'_>, kind: Kind, text: String, places: Vec<Range<usize>>) -> Result<Hit> {
    Ok(Hit { kind, id: row.get(0)?, code: row.get(1)?, report: row.get(2)?, page: row.get(3)?, line: row.get(4)?, text, places })
}

// ------------------------------------------------------------------ the figures of a hit

/// What is said of a figure of a hit, as texts.
struct Said {
    key: String,
    metric: String,
    comparator: String,
    value: Option<String>,
    unit: String,
    period: String,
}

const FIGURES: &str = "
    SELECT f.figure_key, f.metric_text, f.comparator, COALESCE(f.value_text, f.low_text || '-' || f.high_text), u.code, p.code
      FROM figures f JOIN units u ON u.id = f.unit_id JOIN periods p ON p.id = f.period_id WHERE f.review_status <> 'rejected' AND ";

/// The figures of a sentence, or the figure of a label; of metrics and headings, which may have thousands, how many.
fn figures(db: &Connection, hit: &Hit) -> Result<Vec<Said>> {
    let of = match hit.kind {
        Kind::Sentence => "f.sentence_id = ?1 ORDER BY f.seq",
        Kind::Label => "f.id = ?1",
        Kind::Metric | Kind::Heading => return Ok(Vec::new()),
    };
    let mut statement = db.prepare_cached(&format!("{FIGURES}{of}"))?;
    let rows = statement.query_map([hit.id], |row| {
        Ok(Said {
            key: row.get(0)?,
            metric: row.get(1)?,
            comparator: row.get(2)?,
            value: row.get(3)?,
            unit: row.get(4)?,
            period: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

// ------------------------------------------------------------------ for people

fn print(db: &Connection, hits: &[Hit], found: Found, paint: Paint, out: &mut dyn Write) -> Result<()> {
    let mut page = String::new();
    let mut kind = None;
    for hit in hits {
        if kind != Some(hit.kind) {
            if kind.is_some() {
                page.push('\n');
            }
            kind = Some(hit.kind);
            let (label, count) = match hit.kind {
                Kind::Metric => ("metrics", found.metrics),
                Kind::Heading => ("headings", found.headings),
                Kind::Sentence => ("sentences", found.sentences),
                Kind::Label => ("figures without a sentence", found.labels),
            };
            let shown = hits.iter().filter(|other| other.kind == hit.kind).count();
            let of = if shown < count { format!("{shown} of {count}") } else { count.to_string() };
            page += &format!("{}{label}{:#}, {of}\n", paint.label, paint.label);
        }
        let place = place(hit);
        let text = marked(hit, paint);
        match hit.kind {
            Kind::Metric => page += &format!("  {text}  {}\n", hit.code.as_deref().unwrap_or_default()),
            Kind::Heading => page += &format!("  {text}  {}{place}{:#}\n", paint.dim, paint.dim),
            Kind::Sentence | Kind::Label => {
                page += &format!("  {text}\n    {}{place}{:#}\n", paint.dim, paint.dim);
                for said in figures(db, hit)? {
                    let unit = if said.unit == "1" { String::new() } else { format!(" {}", said.unit) };
                    let value = said.value.unwrap_or_default();
                    page += &format!("    {}  {}: {} {value}{unit}, {}\n", said.key, said.metric, said.comparator, said.period);
                }
            }
        }
    }
    out.write_all(page.as_bytes()).map_err(|error| unwritten(&error))
}

/// `china-unicom/csr/2019, page 20, line 66`
fn place(hit: &Hit) -> String {
    let mut place = hit.report.clone().unwrap_or_default();
    if let Some(page) = hit.page {
        place += &format!(", page {page}");
    }
    if let Some(line) = hit.line {
        place += &format!(", line {line}");
    }
    place
}

/// The text with braces, and colour, around what was found.
fn marked(hit: &Hit, paint: Paint) -> String {
    let mut text = String::new();
    for (at, c) in hit.text.chars().enumerate() {
        if hit.places.iter().any(|place| place.start == at) {
            text += &format!("{}{{", paint.mark);
        }
        text.push(if c.is_control() { ' ' } else { c });
        if hit.places.iter().any(|place| place.end == at + 1) {
            text += &format!("}}{:#}", paint.mark);
        }
    }
    text
}

// ------------------------------------------------------------------ for programs

const COLUMNS: [&str; 13] = [
    "found_in",
    "code",
    "report",
    "page",
    "line",
    "text",
    "match_start",
    "match_end",
    "figure_key",
    "metric",
    "comparator",
    "value",
    "unit",
];

fn print_rows(db: &Connection, hits: &[Hit], format: Format, out: &mut dyn Write) -> Result<()> {
    let mut printer = Printer::new(format, COLUMNS.iter().map(ToString::to_string).chain(["period".to_string()]).collect(), out)?;
    for hit in hits {
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        let number = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
        let end = |at: Option<usize>| number(at.map(|at| at as i64));
        let first = hit.places.first();
        let of_hit = [
            Value::Text(hit.kind.word().to_string()),
            text(&hit.code),
            text(&hit.report),
            number(hit.page),
            number(hit.line),
            Value::Text(hit.text.clone()),
            end(first.map(|place| place.start)),
            end(first.map(|place| place.end)),
        ];
        let mut figures = figures(db, hit)?.into_iter().map(Some).collect::<Vec<_>>();
        if figures.is_empty() {
            figures.push(None);
        }
        for said in figures {
            let of_figure = match said {
                None => [const { Value::Null }; 6],
                Some(said) => [
                    Value::Text(said.key),
                    Value::Text(said.metric),
                    Value::Text(said.comparator),
                    text(&said.value),
                    Value::Text(said.unit),
                    Value::Text(said.period),
                ],
            };
            let cells: Vec<ValueRef<'_>> = of_hit.iter().chain(&of_figure).map(ValueRef::from).collect();
            printer.row(&cells)?;
        }
    }
    printer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use std::sync::LazyLock;

    #[track_caller]
    fn check(words: &str, text: &str, expect: Option<&str>) {
        static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::read(None).unwrap());
        let places = Words::new(words, &KNOWLEDGE.fold).unwrap().find(text, &mut Room::default());
        let hit = |places| Hit { kind: Kind::Sentence, id: 0, code: None, report: None, page: None, line: None, text: text.into(), places };
        assert_eq!(places.map(|places| marked(&hit(places), Paint::default())).as_deref(), expect, "{words}");
    }

    #[test]
    fn one_character_is_enough_and_either_script_finds_the_other() {
        check("站", "新建基站與車站", Some("新建基{站}與車{站}"));
        check("充电桩", "新建充電樁約1.2萬個", Some("新建{充電樁}約1.2萬個"));
        check("充電樁", "新建充电桩", Some("新建{充电桩}"));
        check("5g基站", "５Ｇ 基站50個", Some("{５Ｇ 基站}50個"));
        check("基站", "基 站", Some("{基 站}"));
        check("基站", "基地車站", None);
        check("%", "增長35%", Some("增長35{%}"));
        check("_", "增長35%", None);
    }

    #[test]
    fn all_words_must_be_there() {
        check("青海 基站", "青海的4G基站", Some("{青海}的4G{基站}"));
        check("青海 光伏", "青海的4G基站", None);
        check("海的 青海", "青海的", Some("{青海的}"));
    }
}
