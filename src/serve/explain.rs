//! Tells how a figure came about: the sentence, the rule, each step from the text to the value.
//!
//! In:  a database opened for reading; the key of a figure, the beginning of one, or its id.
//! Out: lines of text. Braces mark the number in its sentence, colours too where there is a terminal.
//!
//! Nothing is read anew: what the database holds about a figure is enough, and what a person changed is told apart.

use super::{Paint, unwritten};
use crate::decimal::Decimal;
use crate::error::Result;
use crate::load::find;
use rusqlite::{Connection, Row};
use std::io::Write;

/// Explains a figure.
pub fn explain(db: &Connection, figure: &str, paint: Paint, out: &mut dyn Write) -> Result<()> {
    let id = find::figure(db, figure)?;
    let figure = db.query_row(FIGURE, [id], Figure::read)?;
    let mut page = Page { paint, out };
    page.figure(&figure)?;
    page.origin(&figure)?;
    page.blank()?;
    page.steps(&figure, &corrections(db, &figure.key)?)?;
    page.places(db, &figure)?;
    page.initiative(db, &figure)?;
    page.list("corrected", &corrections(db, &figure.key)?.iter().map(Correction::line).collect::<Vec<_>>())?;
    page.list("doubts", &doubts(db, id)?)?;
    page.list("also said", &siblings(db, &figure)?)
}

// ------------------------------------------------------------------ what the database holds

const FIGURE: &str = "
    SELECT f.figure_key, f.metric_text, f.kind, f.modality, f.tier, f.comparator, f.value_text, f.low_text, f.high_text, f.reported,
           f.unit_text, f.unit_mult, f.decimals, f.change_basis, f.change_mode, f.whole_text, f.page_no, f.line_no, f.char_start, f.char_end,
           f.sheet, f.cell, f.rule_code, f.confidence, f.review_status, f.fact_key, f.agreement, f.is_preferred, f.note, f.initiative_id,
           f.id, f.place_text, m.code, m.name_hant, m.name_en, m.status, u.code, u.name_hant, u.base_code, u.factor_text,
           p.code, p.kind, b.code, w.code, r.code, o.name_hant, d.uri, s.text, s.source_text, s.char_start
      FROM figures f
      JOIN metrics m ON m.id = f.metric_id JOIN units u ON u.id = f.unit_id JOIN periods p ON p.id = f.period_id
      JOIN reports r ON r.id = f.report_id JOIN organizations o ON o.id = f.org_id JOIN documents d ON d.id = f.document_id
      LEFT JOIN periods b ON b.id = f.base_period_id LEFT JOIN metrics w ON w.id = f.whole_metric_id
      LEFT JOIN sentences s ON s.id = f.sentence_id
     WHERE f.id = ?1";

struct Figure {
    key: String,
    metric_text: String,
    kind: String,
    modality: String,
    tier: String,
    comparator: String,
    value: Option<String>,
    low: Option<String>,
    high: Option<String>,
    reported: String,
    unit_text: Option<String>,
    scale: i32,
    decimals: Option<i32>,
    change_basis: Option<String>,
    change_mode: Option<String>,
    whole: Option<String>,
    page: Option<i64>,
    line: Option<i64>,
    start: Option<u32>,
    end: Option<u32>,
    sheet: Option<String>,
    cell: Option<String>,
    rule: Option<String>,
    confidence: f64,
    review_status: String,
    fact_key: String,
    agreement: String,
    is_preferred: bool,
    note: Option<String>,
    initiative: Option<i64>,
    id: i64,
    place_text: Option<String>,
    metric_code: String,
    metric_hant: String,
    metric_en: Option<String>,
    metric_status: String,
    unit: String,
    unit_hant: String,
    unit_base: String,
    factor: String,
    period: String,
    period_kind: String,
    base_period: Option<String>,
    whole_code: Option<String>,
    report: String,
    organization: String,
    source: String,
    sentence: Option<String>,
    sentence_source: Option<String>,
    sentence_start: Option<u32>,
}

impl Figure {
    fn read(row: &Row<'_>) -> rusqlite::Result<Figure> {
        let mut column = 0..;
        macro_rules! next {
            () => {
                row.get(column.next().unwrap_or_default())?
            };
        }
        Ok(Figure {
            key: next!(),
            metric_text: next!(),
            kind: next!(),
            modality: next!(),
            tier: next!(),
            comparator: next!(),
            value: next!(),
            low: next!(),
            high: next!(),
            reported: next!(),
            unit_text: next!(),
            scale: next!(),
            decimals: next!(),
            change_basis: next!(),
            change_mode: next!(),
            whole: next!(),
            page: next!(),
            line: next!(),
            start: next!(),
            end: next!(),
            sheet: next!(),
            cell: next!(),
            rule: next!(),
            confidence: next!(),
            review_status: next!(),
            fact_key: next!(),
            agreement: next!(),
            is_preferred: next!(),
            note: next!(),
            initiative: next!(),
            id: next!(),
            place_text: next!(),
            metric_code: next!(),
            metric_hant: next!(),
            metric_en: next!(),
            metric_status: next!(),
            unit: next!(),
            unit_hant: next!(),
            unit_base: next!(),
            factor: next!(),
            period: next!(),
            period_kind: next!(),
            base_period: next!(),
            whole_code: next!(),
            report: next!(),
            organization: next!(),
            source: next!(),
            sentence: next!(),
            sentence_source: next!(),
            sentence_start: next!(),
        })
    }

    /// Value, or both ends, with the unit: `1410000 个`.
    fn amount(&self) -> String {
        let number = match (&self.value, &self.low, &self.high) {
            (Some(value), ..) => value.clone(),
            (None, Some(low), Some(high)) => format!("{low} to {high}"),
            _ => String::new(),
        };
        if self.unit == "1" { number } else { format!("{number} {}", self.unit) }
    }
}

/// What a person changed.
struct Correction {
    at: String,
    action: String,
    field: Option<String>,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
    author: String,
    state: String,
}

impl Correction {
    fn line(&self) -> String {
        let mut line = format!("{}  {}", self.at, self.action);
        if let Some(field) = &self.field {
            line += &format!(" {field}: {} → {}", self.before.as_deref().unwrap_or("nothing"), self.after.as_deref().unwrap_or("nothing"));
        }
        if let Some(reason) = &self.reason {
            line += &format!(" ({reason})");
        }
        if !self.author.is_empty() {
            line += &format!(", {}", self.author);
        }
        if self.state != "active" {
            line += &format!(", {}", self.state);
        }
        line
    }
}

fn corrections(db: &Connection, key: &str) -> Result<Vec<Correction>> {
    let mut statement = db.prepare(
        "SELECT created_at, action, field, machine_value, new_value, reason, author, state FROM corrections WHERE figure_key = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([key], |row| {
        Ok(Correction {
            at: row.get(0)?,
            action: row.get(1)?,
            field: row.get(2)?,
            before: row.get(3)?,
            after: row.get(4)?,
            reason: row.get(5)?,
            author: row.get(6)?,
            state: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn doubts(db: &Connection, figure: i64) -> Result<Vec<String>> {
    let mut statement = db.prepare("SELECT severity, code, message_en, detail FROM findings WHERE figure_id = ?1 ORDER BY id")?;
    let rows = statement.query_map([figure], |row| {
        let detail: Option<String> = row.get(3)?;
        let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
        Ok(format!("{} {}: {}{detail}", row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The other statements of the same fact, the preferred one first.
fn siblings(db: &Connection, figure: &Figure) -> Result<Vec<String>> {
    let mut statement = db.prepare(
        "SELECT figure_key, reported, value_text, low_text, high_text, report, source, page, line, cell, is_preferred
           FROM (SELECT f.figure_key, f.reported, f.value_text, f.low_text, f.high_text, r.code AS report, d.uri AS source,
                        f.page_no AS page, f.line_no AS line, f.cell, f.is_preferred, f.id
                   FROM figures f JOIN reports r ON r.id = f.report_id JOIN documents d ON d.id = f.document_id
                  WHERE f.fact_key = ?1 AND f.id <> ?2 AND f.review_status <> 'rejected')
          ORDER BY is_preferred DESC, id LIMIT 20",
    )?;
    let rows = statement.query_map((&figure.fact_key, figure.id), |row| {
        let value: Option<String> = row.get(2)?;
        let ends: (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        let number = value.unwrap_or_else(|| format!("{} to {}", ends.0.unwrap_or_default(), ends.1.unwrap_or_default()));
        let mut line = format!("{}  「{}」 {number}  {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(6)?);
        line += &place_words(row.get(7)?, row.get(8)?, None, row.get::<_, Option<String>>(9)?.as_deref());
        if row.get(10)? {
            line += ", preferred";
        }
        Ok(line)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// `, page 12, line 41, cell B12`
fn place_words(page: Option<i64>, line: Option<i64>, sheet: Option<&str>, cell: Option<&str>) -> String {
    let mut words = String::new();
    if let Some(page) = page {
        words += &format!(", page {page}");
    }
    if let Some(line) = line {
        words += &format!(", line {line}");
    }
    if let Some(sheet) = sheet {
        words += &format!(", sheet {sheet}");
    }
    if let Some(cell) = cell {
        words += &format!(", cell {cell}");
    }
    words
}

// ------------------------------------------------------------------ what is printed

struct Page<'o> {
    paint: Paint,
    out: &'o mut dyn Write,
}

/// How wide the names of lines are.
const LABEL: usize = 10;

impl Page<'_> {
    fn put(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{text}").map_err(|error| unwritten(&error))
    }

    fn blank(&mut self) -> Result<()> {
        self.put("")
    }

    fn line(&mut self, label: &str, text: &str) -> Result<()> {
        let style = self.paint.label;
        self.put(&format!("{style}{label:LABEL$}{style:#}  {text}"))
    }

    /// A line an item; the label stands before the first.
    fn list(&mut self, label: &str, items: &[String]) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.blank()?;
        items.iter().enumerate().try_for_each(|(at, item)| self.line(if at == 0 { label } else { "" }, item))
    }

    fn figure(&mut self, figure: &Figure) -> Result<()> {
        let mark = self.paint.mark;
        let sign = if figure.comparator == "=" { String::new() } else { format!("{} ", figure.comparator) };
        self.put(&format!("{mark}{}: {sign}{}{mark:#}, {}", figure.metric_text, figure.amount(), figure.period))?;
        let dim = self.paint.dim;
        self.put(&format!("{dim}{}, figure_id {}{dim:#}", figure.key, figure.id))?;
        self.blank()
    }

    fn origin(&mut self, figure: &Figure) -> Result<()> {
        if let Some(sentence) = marked(figure, self.paint) {
            self.line("sentence", &sentence)?;
        }
        let mut place = figure.source.clone();
        place += &place_words(figure.page, figure.line, figure.sheet.as_deref(), figure.cell.as_deref());
        if let (Some(start), Some(end)) = (figure.start, figure.end) {
            place += &format!(", characters {start} to {end}");
        }
        self.line("where", &place)?;
        self.line("report", &format!("{}, {}", figure.report, figure.organization))?;
        let rule = figure.rule.as_deref().unwrap_or("none: a person added it");
        self.line("rule", &format!("{rule}, confidence {}", figure.confidence))
    }

    fn steps(&mut self, figure: &Figure, corrections: &[Correction]) -> Result<()> {
        self.value(figure, corrections)?;
        let written = match figure.unit_text.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => format!("「{text}」 is "),
            None => String::new(),
        };
        let unit = if figure.unit == "1" { "none".to_string() } else { format!("{} ({})", figure.unit, figure.unit_hant) };
        let base = match (&figure.value, figure.factor.parse::<Decimal>()) {
            (Some(value), Ok(factor)) if figure.unit_base != figure.unit => match value.parse::<Decimal>() {
                Ok(value) => format!("; × {} = {} {}", figure.factor, trimmed(&value.times(&factor), 0), figure.unit_base),
                Err(_) => String::new(),
            },
            _ => String::new(),
        };
        self.line("unit", &format!("{written}{unit}{base}"))?;
        let meaning = match figure.comparator.as_str() {
            "~" => "about",
            ">" => "more than",
            ">=" => "at least",
            "<" => "less than",
            "<=" => "at most",
            _ => "just so",
        };
        let said_of = if figure.kind == "change" && figure.comparator != "=" { ", said of the size of the change" } else { "" };
        self.line("comparator", &format!("{} ({meaning}{said_of})", figure.comparator))?;
        self.line("kind", &kind(figure))?;
        if let Some(whole) = &figure.whole {
            let code = figure.whole_code.as_ref().map(|code| format!(" is {code}")).unwrap_or_default();
            self.line("whole", &format!("「{whole}」{code}"))?;
        }
        let metric = if figure.metric_status == "catalogued" {
            let english = figure.metric_en.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
            format!("「{}」 is {}: {}{english}", figure.metric_text, figure.metric_code, figure.metric_hant)
        } else {
            format!("「{}」 is not in the catalogue; kept as {}", figure.metric_text, figure.metric_code)
        };
        self.line("metric", &metric)?;
        self.line("period", &format!("{} ({})", figure.period, figure.period_kind))
    }

    /// From the number as written to the value: `「141萬個」: 141 × 10^4 = 1410000`.
    fn value(&mut self, figure: &Figure, corrections: &[Correction]) -> Result<()> {
        // What a person put there does not follow from the text; what was read before does.
        let as_read = |field: &str, now: &Option<String>| {
            let corrected =
                corrections.iter().find(|item| item.state == "active" && item.action == "set" && item.field.as_deref() == Some(field));
            corrected.map_or_else(|| now.clone(), |item| item.before.clone())
        };
        let read = [as_read("value_text", &figure.value), as_read("low_text", &figure.low), as_read("high_text", &figure.high)];
        let ends: Vec<Decimal> = read.iter().flatten().filter_map(|text| text.parse().ok()).collect();
        let numbers = |scale: i32, places: i32| {
            ends.iter().map(|end| trimmed(&end.clone().abs().scaled(-scale), places)).collect::<Vec<_>>().join(" to ")
        };
        let places = figure.decimals.unwrap_or(0);
        let mut steps = format!("「{}」: {}", figure.reported, numbers(figure.scale, places.saturating_add(figure.scale)));
        if figure.scale != 0 {
            steps += &format!(" × 10^{} = {}", figure.scale, numbers(0, places));
        }
        if ends.iter().any(Decimal::is_negative) {
            let why = if figure.kind == "change" { "a fall" } else { "below nought" };
            let signed: Vec<String> = read.iter().flatten().cloned().collect();
            steps += &format!("; {why}, so {}", signed.join(" to "));
        }
        self.line("value", &steps)?;
        let now = [figure.value.clone(), figure.low.clone(), figure.high.clone()];
        if read != now {
            self.line("", &format!("corrected by a person to {}", now.iter().flatten().cloned().collect::<Vec<_>>().join(" to ")))?;
        }
        Ok(())
    }

    fn places(&mut self, db: &Connection, figure: &Figure) -> Result<()> {
        let mut statement = db.prepare(
            "SELECT pl.name_hant, pl.level, pr.iso_code FROM places pl LEFT JOIN provinces pr ON pr.id = pl.province_id
              WHERE pl.id IN (SELECT place_id FROM figure_places WHERE figure_id = ?1)
                 OR (pl.id = (SELECT place_id FROM figures WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = ?1))
              ORDER BY pl.code",
        )?;
        let rows = statement.query_map([figure.id], |row| {
            let province = row.get::<_, Option<String>>(2)?.map(|code| format!(", {code}")).unwrap_or_default();
            Ok(format!("{} ({}{province})", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let places = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let written = figure.place_text.as_ref().map(|text| format!("「{text}」 is ")).unwrap_or_default();
        let named = if places.is_empty() { "the whole country or company".to_string() } else { places.join(", ") };
        self.line("place", &if places.is_empty() { named } else { format!("{written}{named}") })
    }

    /// The headings from the top down, and how the statement stands among those of its fact.
    fn initiative(&mut self, db: &Connection, figure: &Figure) -> Result<()> {
        if let Some(initiative) = figure.initiative {
            let mut statement = db.prepare(
                "WITH RECURSIVE up (id, parent_id, name_hant, level, depth) AS (
                     SELECT id, parent_id, name_hant, level, 0 FROM initiatives WHERE id = ?1
                     UNION ALL SELECT i.id, i.parent_id, i.name_hant, i.level, up.depth + 1 FROM initiatives i JOIN up ON i.id = up.parent_id
                      WHERE up.depth < 20)
                 SELECT name_hant, level FROM up ORDER BY depth DESC",
            )?;
            let rows =
                statement.query_map([initiative], |row| Ok(format!("{} ({})", row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            self.line("initiative", &rows.collect::<rusqlite::Result<Vec<_>>>()?.join(" / "))?;
        }
        let preferred = if figure.is_preferred { "shown in flat_facts" } else { "another statement is shown in flat_facts" };
        self.line("fact", &format!("{}: {}, {preferred}", figure.fact_key, figure.agreement))?;
        self.line("review", &figure.review_status)?;
        match &figure.note {
            Some(note) => self.line("note", note),
            None => Ok(()),
        }
    }
}

/// `change, relative, against 2018 (yoy); target`
fn kind(figure: &Figure) -> String {
    let mut words = figure.kind.clone();
    if let Some(mode) = &figure.change_mode {
        words += &format!(", {mode}");
    }
    if let Some(basis) = &figure.change_basis {
        words += match basis.as_str() {
            "yoy" => ", 同比 (yoy)",
            "pop" => ", 環比 (pop)",
            "prior" => ", against some time before",
            _ => ", against another period",
        };
    }
    if let Some(base) = &figure.base_period {
        words += &format!(", against {base}");
    }
    if figure.modality != "actual" {
        words += &format!("; {}, not yet so", figure.modality);
    }
    if figure.tier == "minor" {
        words += "; minor, the number of a set phrase";
    }
    words
}

/// A number with so many digits behind the point as it was written with; noughts beyond them are arithmetic's.
fn trimmed(number: &Decimal, places: i32) -> String {
    let text = number.to_string();
    let Some((whole, fraction)) = text.split_once('.') else { return text };
    let mut fraction = fraction.to_string();
    while fraction.len() > usize::try_from(places).unwrap_or(0) && fraction.ends_with('0') {
        fraction.pop();
    }
    if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
}

/// The sentence with braces round the number.
fn marked(figure: &Figure, paint: Paint) -> Option<String> {
    let text: Vec<char> = figure.sentence.as_ref()?.chars().collect();
    let Some((start, end)) = span(figure, &text) else { return Some(text.into_iter().collect()) };
    let part = |chars: &[char]| chars.iter().collect::<String>();
    let mark = paint.mark;
    Some(format!("{}{mark}{{{}}}{mark:#}{}", part(&text[..start]), part(&text[start..end]), part(&text[end..])))
}

/// Where the number stands in the tidied sentence. Its offsets count in the text as read, which has white space and perhaps a
/// running head that the sentence has not, so the character is looked up by how many others, blanks left out, come before it.
fn span(figure: &Figure, text: &[char]) -> Option<(usize, usize)> {
    let number: Vec<char> = figure.reported.chars().collect();
    if let (Some(start), Some(begin)) = (figure.start, figure.sentence_start) {
        let source: Vec<char> = figure.sentence_source.as_ref().or(figure.sentence.as_ref())?.chars().collect();
        let before = source.iter().take(start.checked_sub(begin)? as usize).filter(|c| !c.is_whitespace()).count();
        let solid: Vec<usize> = (0..text.len()).filter(|&at| !text[at].is_whitespace()).collect();
        if let Some(places) = solid.get(before..before + number.len())
            && places.iter().zip(&number).all(|(&at, c)| text[at] == *c)
        {
            return Some((places[0], places[places.len() - 1] + 1));
        }
    }
    // What was left out stood before it, or it is a cell: then the number must be the only one that reads so.
    let solid: Vec<usize> = (0..text.len()).filter(|&at| !text[at].is_whitespace()).collect();
    let fits = |from: &usize| solid[*from..*from + number.len()].iter().zip(&number).all(|(&at, c)| text[at] == *c);
    let mut found = (0..(solid.len() + 1).saturating_sub(number.len())).filter(fits);
    match (found.next(), found.next()) {
        (Some(from), None) if !number.is_empty() => Some((solid[from], solid[from + number.len() - 1] + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noughts_that_were_written_stay() {
        for (number, places, expect) in
            [("141.0000", 0, "141"), ("18.0", 1, "18.0"), ("2077.60", 1, "2077.6"), ("20", 3, "20"), ("0.50", 0, "0.5")]
        {
            assert_eq!(trimmed(&number.parse().unwrap(), places), expect);
        }
    }
}
