//! Tells how a figure came about: the sentence, the rule, each step from the text to the value.
//!
//! In:  a database opened for reading; the key of a figure, the beginning of one, or its id; a language.
//! Out: lines of text. Braces mark the number in its sentence, colours too where there is a terminal.
//!
//! Nothing is read anew: what the database holds about a figure is enough, and what a person changed is told apart.

use super::{Paint, unwritten};
use crate::decimal::Decimal;
use crate::error::Result;
use crate::load::find;
use crate::message::{Language, Message, message};
use rusqlite::{Connection, Row};
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Explains a figure.
pub fn explain(db: &Connection, figure: &str, language: Language, paint: Paint, out: &mut dyn Write) -> Result<()> {
    let id = find::figure(db, figure)?;
    let figure = db.query_row(&format!("SELECT {} {FROM}", Figure::COLUMNS.join(", ")), [id], Figure::read)?;
    let mut page = Page { paint, language, out };
    page.figure(&figure)?;
    page.origin(&figure)?;
    page.blank()?;
    page.steps(&figure, &corrections(db, &figure.key)?)?;
    page.places(db, &figure)?;
    page.initiative(db, &figure)?;
    let corrected: Vec<String> = corrections(db, &figure.key)?.iter().map(|correction| correction.line(language)).collect();
    page.list(message!("explain-label-corrected"), &corrected)?;
    page.list(message!("explain-label-doubts"), &doubts(db, id, language)?)?;
    page.list(message!("explain-label-also-said"), &siblings(db, &figure, language)?)
}

// ------------------------------------------------------------------ what the database holds

/// A struct, the columns that fill it, and how a row does, in one list.
macro_rules! selected {
    ($(#[$doc:meta])* struct $name:ident { $($field:ident: $type:ty = $column:literal),+ $(,)? }) => {
        $(#[$doc])*
        struct $name { $($field: $type),+ }

        impl $name {
            const COLUMNS: &'static [&'static str] = &[$($column),+];

            fn read(row: &Row<'_>) -> rusqlite::Result<$name> {
                let mut at = 0..;
                Ok($name { $($field: row.get(at.next().unwrap_or_default())?),+ })
            }
        }
    };
}

selected! {
/// A figure with what its ids stand for.
struct Figure {
    key: String = "f.figure_key",
    metric_text: String = "f.metric_text",
    kind: String = "f.kind",
    modality: String = "f.modality",
    tier: String = "f.tier",
    comparator: String = "f.comparator",
    value: Option<String> = "f.value_text",
    low: Option<String> = "f.low_text",
    high: Option<String> = "f.high_text",
    reported: String = "f.reported",
    unit_text: Option<String> = "f.unit_text",
    scale: i32 = "f.unit_mult",
    decimals: Option<i32> = "f.decimals",
    change_basis: Option<String> = "f.change_basis",
    change_mode: Option<String> = "f.change_mode",
    whole: Option<String> = "f.whole_text",
    page: Option<i64> = "f.page_no",
    line: Option<i64> = "f.line_no",
    start: Option<u32> = "f.char_start",
    end: Option<u32> = "f.char_end",
    sheet: Option<String> = "f.sheet",
    cell: Option<String> = "f.cell",
    rule: Option<String> = "f.rule_code",
    confidence: f64 = "f.confidence",
    review_status: String = "f.review_status",
    fact_key: String = "f.fact_key",
    agreement: String = "f.agreement",
    is_preferred: bool = "f.is_preferred",
    note: Option<String> = "f.note",
    initiative: Option<i64> = "f.initiative_id",
    id: i64 = "f.id",
    place_text: Option<String> = "f.place_text",
    metric_code: String = "m.code",
    metric_hant: String = "m.name_hant",
    metric_hans: String = "m.name_hans",
    metric_en: Option<String> = "m.name_en",
    definition_hant: Option<String> = "m.definition_hant",
    definition_hans: Option<String> = "m.definition_hans",
    definition_en: Option<String> = "m.definition_en",
    metric_status: String = "m.status",
    unit: String = "u.code",
    unit_hant: String = "u.name_hant",
    unit_hans: String = "u.name_hans",
    unit_base: String = "u.base_code",
    factor: String = "u.factor_text",
    period: String = "p.code",
    period_kind: String = "p.kind",
    base_period: Option<String> = "b.code",
    whole_code: Option<String> = "w.code",
    report: String = "r.code",
    organization: String = "o.name_hant",
    source: String = "d.uri",
    sentence: Option<String> = "s.text",
    sentence_source: Option<String> = "s.source_text",
    sentence_start: Option<u32> = "s.char_start",
}
}

const FROM: &str = "
      FROM figures f
      JOIN metrics m ON m.id = f.metric_id JOIN units u ON u.id = f.unit_id JOIN periods p ON p.id = f.period_id
      JOIN reports r ON r.id = f.report_id JOIN organizations o ON o.id = f.org_id JOIN documents d ON d.id = f.document_id
      LEFT JOIN periods b ON b.id = f.base_period_id LEFT JOIN metrics w ON w.id = f.whole_metric_id
      LEFT JOIN sentences s ON s.id = f.sentence_id
     WHERE f.id = ?1";

impl Figure {
    /// Value, or both ends, with the unit: `1410000 个`.
    fn amount(&self, language: Language) -> String {
        let number = match (&self.value, &self.low, &self.high) {
            (Some(value), ..) => value.clone(),
            (None, Some(low), Some(high)) => message!("explain-range", low = low, high = high).said(language),
            _ => String::new(),
        };
        if self.unit == "1" { number } else { format!("{number} {}", self.unit) }
    }

    /// What the metric counts, as the catalogue says it in the language, else in the nearest one that has it.
    fn definition(&self, language: Language) -> Option<&str> {
        let (hant, hans, en) = (&self.definition_hant, &self.definition_hans, &self.definition_en);
        let order = match language {
            Language::Hant => [hant, hans, en],
            Language::Hans => [hans, hant, en],
            Language::En => [en, hans, hant],
        };
        order.into_iter().flatten().map(String::as_str).next()
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
    fn line(&self, language: Language) -> String {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| message!("explain-nothing").said(language));
        let mut line = match &self.field {
            Some(field) => message!(
                "explain-correction-field",
                at = self.at,
                action = self.action,
                field = field,
                before = shown(&self.before),
                after = shown(&self.after),
            ),
            None => message!("explain-correction", at = self.at, action = self.action),
        }
        .said(language);
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

fn doubts(db: &Connection, figure: i64, language: Language) -> Result<Vec<String>> {
    let mut statement = db.prepare(
        "SELECT severity, code, CASE ?2 WHEN 'zh-Hant' THEN COALESCE(message_hant, message_hans) WHEN 'zh-Hans' THEN message_hans ELSE message_en END, detail
           FROM findings WHERE figure_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map((figure, language.tag()), |row| {
        let detail: Option<String> = row.get(3)?;
        let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
        Ok(format!("{} {}: {}{detail}", row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The other statements of the same fact, the preferred one first.
fn siblings(db: &Connection, figure: &Figure, language: Language) -> Result<Vec<String>> {
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
        let number = value.unwrap_or_else(|| {
            message!("explain-range", low = ends.0.unwrap_or_default(), high = ends.1.unwrap_or_default()).said(language)
        });
        let mut line = format!("{}  「{}」 {number}  {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(6)?);
        line += &place_words(row.get(7)?, row.get(8)?, None, row.get::<_, Option<String>>(9)?.as_deref(), language);
        if row.get(10)? {
            line += &message!("explain-preferred").said(language);
        }
        Ok(line)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// `, page 12, line 41, cell B12`
fn place_words(page: Option<i64>, line: Option<i64>, sheet: Option<&str>, cell: Option<&str>, language: Language) -> String {
    let parts = [
        page.map(|page| message!("explain-page", page = page)),
        line.map(|line| message!("explain-line", line = line)),
        sheet.map(|sheet| message!("explain-sheet", sheet = sheet)),
        cell.map(|cell| message!("explain-cell", cell = cell)),
    ];
    parts.into_iter().flatten().map(|part| part.said(language)).collect()
}

// ------------------------------------------------------------------ what is printed

struct Page<'o> {
    paint: Paint,
    language: Language,
    out: &'o mut dyn Write,
}

/// How wide the names of lines are.
const LABEL: usize = 10;

impl Page<'_> {
    fn said(&self, message: Message) -> String {
        message.said(self.language)
    }

    fn put(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{text}").map_err(|error| unwritten(&error))
    }

    fn blank(&mut self) -> Result<()> {
        self.put("")
    }

    fn line(&mut self, label: Message, text: &str) -> Result<()> {
        let label = self.said(label);
        self.labelled(&label, text)
    }

    /// A label as wide as all, by the cells that its characters take.
    fn labelled(&mut self, label: &str, text: &str) -> Result<()> {
        let (style, blanks) = (self.paint.label, " ".repeat(LABEL.saturating_sub(label.width())));
        self.put(&format!("{style}{label}{blanks}{style:#}  {text}"))
    }

    /// A line an item; the label stands before the first.
    fn list(&mut self, label: Message, items: &[String]) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.blank()?;
        let label = self.said(label);
        items.iter().enumerate().try_for_each(|(at, item)| self.labelled(if at == 0 { &label } else { "" }, item))
    }

    fn figure(&mut self, figure: &Figure) -> Result<()> {
        let mark = self.paint.mark;
        let sign = if figure.comparator == "=" { String::new() } else { format!("{} ", figure.comparator) };
        let amount = format!("{sign}{}{mark:#}", figure.amount(self.language));
        let title = self.said(message!("explain-title", metric = figure.metric_text, amount = amount, period = figure.period));
        self.put(&format!("{mark}{title}"))?;
        let dim = self.paint.dim;
        self.put(&format!("{dim}{}, figure_id {}{dim:#}", figure.key, figure.id))?;
        self.blank()
    }

    fn origin(&mut self, figure: &Figure) -> Result<()> {
        if let Some(sentence) = marked(figure, self.paint) {
            self.line(message!("explain-label-sentence"), &sentence)?;
        }
        let mut place = figure.source.clone();
        place += &place_words(figure.page, figure.line, figure.sheet.as_deref(), figure.cell.as_deref(), self.language);
        if let (Some(start), Some(end)) = (figure.start, figure.end) {
            place += &self.said(message!("explain-characters", start = start, end = end));
        }
        self.line(message!("explain-label-where"), &place)?;
        self.line(message!("explain-label-report"), &format!("{}, {}", figure.report, figure.organization))?;
        let rule = figure.rule.clone().unwrap_or_else(|| self.said(message!("explain-added")));
        let rule = self.said(message!("explain-rule", rule = rule, confidence = figure.confidence));
        self.line(message!("explain-label-rule"), &rule)
    }

    fn steps(&mut self, figure: &Figure, corrections: &[Correction]) -> Result<()> {
        self.value(figure, corrections)?;
        self.unit(figure)?;
        self.comparator(figure)?;
        self.line(message!("explain-label-kind"), &kind(figure, self.language))?;
        if let Some(whole) = &figure.whole {
            let whole = match &figure.whole_code {
                Some(code) => self.said(message!("explain-reads-as", text = whole, what = code)),
                None => format!("「{whole}」"),
            };
            self.line(message!("explain-label-whole"), &whole)?;
        }
        self.metric(figure)?;
        self.line(message!("explain-label-period"), &format!("{} ({})", figure.period, figure.period_kind))
    }

    fn unit(&mut self, figure: &Figure) -> Result<()> {
        let name = if self.language == Language::Hans { &figure.unit_hans } else { &figure.unit_hant };
        let mut unit = if figure.unit == "1" { self.said(message!("explain-unit-none")) } else { format!("{} ({name})", figure.unit) };
        if let Some(text) = figure.unit_text.as_deref().filter(|text| !text.is_empty()) {
            unit = self.said(message!("explain-reads-as", text = text, what = unit));
        }
        if figure.unit_base != figure.unit
            && let Some(value) = &figure.value
            && let (Ok(value), Ok(factor)) = (value.parse::<Decimal>(), figure.factor.parse::<Decimal>())
        {
            let value = trimmed(&value.times(&factor), 0);
            unit += &self.said(message!("explain-base", factor = figure.factor, value = value, unit = figure.unit_base));
        }
        self.line(message!("explain-label-unit"), &unit)
    }

    fn comparator(&mut self, figure: &Figure) -> Result<()> {
        let meaning = self.said(match figure.comparator.as_str() {
            "~" => message!("explain-meaning-about"),
            ">" => message!("explain-meaning-more"),
            ">=" => message!("explain-meaning-at-least"),
            "<" => message!("explain-meaning-less"),
            "<=" => message!("explain-meaning-at-most"),
            _ => message!("explain-meaning-exact"),
        });
        let text = if figure.kind == "change" && figure.comparator != "=" {
            message!("explain-comparator-of-change", sign = figure.comparator, meaning = meaning)
        } else {
            message!("explain-comparator", sign = figure.comparator, meaning = meaning)
        };
        let text = self.said(text);
        self.line(message!("explain-label-comparator"), &text)
    }

    fn metric(&mut self, figure: &Figure) -> Result<()> {
        let name = match (self.language, &figure.metric_en) {
            (Language::Hans, _) => figure.metric_hans.clone(),
            (Language::En, Some(english)) => format!("{}, {english}", figure.metric_hant),
            _ => figure.metric_hant.clone(),
        };
        let metric = self.said(if figure.metric_status == "catalogued" {
            message!("explain-metric", text = figure.metric_text, code = figure.metric_code, name = name)
        } else {
            message!("explain-metric-unknown", text = figure.metric_text, code = figure.metric_code)
        });
        self.line(message!("explain-label-metric"), &metric)?;
        match figure.definition(self.language) {
            Some(definition) => self.line(message!("explain-label-definition"), definition),
            None => Ok(()),
        }
    }

    /// From the number as written to the value: `「141萬個」: 141 × 10^4 = 1410000`.
    fn value(&mut self, figure: &Figure, corrections: &[Correction]) -> Result<()> {
        // What a person put there does not follow from the text; what was read before does.
        let as_read = |field: &str, now: &Option<String>| {
            let corrected =
                corrections.iter().find(|item| item.state == "active" && item.action == "set" && item.field.as_deref() == Some(field));
            corrected.map_or_else(|| now.clone(), |item| item.before.clone())
        };
        let language = self.language;
        let both = |ends: Vec<String>| match &ends[..] {
            [low, high] => message!("explain-range", low = low, high = high).said(language),
            _ => ends.concat(),
        };
        let read = [as_read("value_text", &figure.value), as_read("low_text", &figure.low), as_read("high_text", &figure.high)];
        let ends: Vec<Decimal> = read.iter().flatten().filter_map(|text| text.parse().ok()).collect();
        let numbers = |scale: i32, places: i32| both(ends.iter().map(|end| trimmed(&end.clone().abs().scaled(-scale), places)).collect());
        let places = figure.decimals.unwrap_or(0);
        let mut steps = numbers(figure.scale, places.saturating_add(figure.scale));
        if figure.scale != 0 {
            steps += &format!(" × 10^{} = {}", figure.scale, numbers(0, places));
        }
        if ends.iter().any(Decimal::is_negative) {
            let signed = both(read.iter().flatten().cloned().collect());
            steps += &self.said(if figure.kind == "change" {
                message!("explain-fall", signed = signed)
            } else {
                message!("explain-below-nought", signed = signed)
            });
        }
        let value = self.said(message!("explain-value", reported = figure.reported, steps = steps));
        self.line(message!("explain-label-value"), &value)?;
        let now = [figure.value.clone(), figure.low.clone(), figure.high.clone()];
        if read != now {
            let corrected = message!("explain-corrected-to", value = both(now.into_iter().flatten().collect()));
            let corrected = self.said(corrected);
            self.labelled("", &corrected)?;
        }
        Ok(())
    }

    fn places(&mut self, db: &Connection, figure: &Figure) -> Result<()> {
        let mut statement = db.prepare(
            "SELECT pl.name_hant, pl.name_hans, pl.level, pr.iso_code FROM places pl LEFT JOIN provinces pr ON pr.id = pl.province_id
              WHERE pl.id IN (SELECT place_id FROM figure_places WHERE figure_id = ?1)
                 OR (pl.id = (SELECT place_id FROM figures WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = ?1))
              ORDER BY pl.code",
        )?;
        let language = self.language;
        let rows = statement.query_map([figure.id], |row| {
            let name = if language == Language::Hans { 1 } else { 0 };
            let province = row.get::<_, Option<String>>(3)?.map(|code| format!(", {code}")).unwrap_or_default();
            Ok(format!("{} ({}{province})", row.get::<_, String>(name)?, row.get::<_, String>(2)?))
        })?;
        let places = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let place = match (&figure.place_text, places.is_empty()) {
            (_, true) => self.said(message!("explain-place-everywhere")),
            (Some(text), false) => self.said(message!("explain-reads-as", text = text, what = places.join(", "))),
            (None, false) => places.join(", "),
        };
        self.line(message!("explain-label-place"), &place)
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
            self.line(message!("explain-label-initiative"), &rows.collect::<rusqlite::Result<Vec<_>>>()?.join(" / "))?;
        }
        let fact = self.said(if figure.is_preferred {
            message!("explain-fact", key = figure.fact_key, agreement = figure.agreement)
        } else {
            message!("explain-fact-other", key = figure.fact_key, agreement = figure.agreement)
        });
        self.line(message!("explain-label-fact"), &fact)?;
        self.line(message!("explain-label-review"), &figure.review_status)?;
        match &figure.note {
            Some(note) => self.line(message!("explain-label-note"), note),
            None => Ok(()),
        }
    }
}

/// `change, relative, against 2018 (yoy); target`
fn kind(figure: &Figure, language: Language) -> String {
    let mut words = match figure.kind.as_str() {
        "change" => message!("explain-kind-change"),
        "share" => message!("explain-kind-share"),
        "rank" => message!("explain-kind-rank"),
        "price" => message!("explain-kind-price"),
        _ => message!("explain-kind-level"),
    }
    .said(language);
    let mode = figure.change_mode.as_ref().map(|mode| match mode.as_str() {
        "relative" => message!("explain-mode-relative"),
        "points" => message!("explain-mode-points"),
        _ => message!("explain-mode-absolute"),
    });
    let basis = figure.change_basis.as_ref().map(|basis| match basis.as_str() {
        "yoy" => message!("explain-basis-yoy"),
        "pop" => message!("explain-basis-pop"),
        "prior" => message!("explain-basis-prior"),
        _ => message!("explain-basis-other"),
    });
    for more in mode.into_iter().chain(basis) {
        words = message!("explain-kind-and", kind = words, more = more.said(language)).said(language);
    }
    if let Some(base) = &figure.base_period {
        words = message!("explain-kind-against", kind = words, base = base).said(language);
    }
    if figure.modality != "actual" {
        words = message!("explain-kind-not-yet", kind = words, modality = figure.modality).said(language);
    }
    if figure.tier == "minor" {
        words = message!("explain-kind-minor", kind = words).said(language);
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
