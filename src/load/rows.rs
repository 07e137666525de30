//! The rows that a report becomes.
//!
//! In:  figures, sentences, refusals and findings of a report; ids of its dimensions.
//! Out: rows with the names and types of their tables, and the key that each is known by from load to load.
//!
//! Nothing is written here: `store` compares these rows with those of the database.

use super::dimensions::{Dimensions, NO_UNIT, PlaceRow};
use super::key::Key;
use super::question::Question;
use super::resolve::Agreement;
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::model::{Amount, Basis, Figure, Finding, Grain, Kind, Period, Refusal, Sentence};
use rusqlite::{Connection, Row, Statement};
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::rc::Rc;

/// A row of a table whose rows belong to a document.
pub(super) trait TableRow: PartialEq + Sized {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, but `id` and `load_id`.
    const COLUMNS: &'static [&'static str];
    /// Does it say which load wrote it?
    const LOAD: bool = false;
    /// Binds the columns from a place on.
    fn bind(&self, statement: &mut Statement, first: usize) -> rusqlite::Result<()>;
    /// Reads the columns from a place on.
    fn read(row: &Row, first: usize) -> rusqlite::Result<Self>;
    /// What it is known by inside its document; of equal ones the first is the first.
    fn key(&self) -> String;
    /// Takes over what other rows decide of it, as the row that it replaces has it.
    fn follow(&mut self, _old: &Self) {}
}

/// A table's columns and a row of it, in one list.
macro_rules! table_row {
    ($(#[$doc:meta])* $name:ident of $table:literal, load: $load:literal, key: |$row:ident| $key:expr, $(decided: [$($decided:ident),+],)? { $($(#[$about:meta])* $column:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub(super) struct $name { $($(#[$about])* pub(super) $column: $type),+ }

        impl TableRow for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),+];
            const LOAD: bool = $load;

            fn bind(&self, statement: &mut Statement, first: usize) -> rusqlite::Result<()> {
                let mut at = first;
                $(
                    statement.raw_bind_parameter(at, &self.$column)?;
                    at += 1;
                )+
                debug_assert_eq!(at, first + Self::COLUMNS.len());
                Ok(())
            }

            fn read(row: &Row, first: usize) -> rusqlite::Result<Self> {
                let mut at = first..;
                Ok($name { $($column: row.get(at.next().unwrap_or_default())?),+ })
            }

            fn key(&self) -> String {
                let $row = self;
                $key
            }

            $(fn follow(&mut self, old: &Self) {
                $(self.$decided.clone_from(&old.$decided);)+
            })?
        }
    };
}

table_row! {
    /// A sentence.
    SentenceRow of "sentences", load: false, key: |row| row.text.clone(), {
        document_id: i64,
        seq: i64,
        page_no: Option<u32>,
        line_start: Option<u32>,
        line_end: Option<u32>,
        char_start: Option<u32>,
        text: String,
        source_text: Option<String>,
    }
}

table_row! {
    /// A figure; what the other statements of its fact decide is a guess until `facts` has looked at them all.
    FigureRow of "figures", load: true, key: |row| row.figure_key.clone(), decided: [agreement, is_preferred], {
        figure_key: String,
        metric_id: i64,
        metric_text: String,
        kind: String,
        modality: String,
        tier: String,
        org_id: i64,
        initiative_id: Option<i64>,
        province_id: Option<i64>,
        place_id: Option<i64>,
        place_text: Option<String>,
        period_id: i64,
        year_id: i64,
        comparator: String,
        value_text: Option<String>,
        value: Option<f64>,
        low_text: Option<String>,
        low: Option<f64>,
        high_text: Option<String>,
        high: Option<f64>,
        unit_id: i64,
        reported: String,
        unit_text: Option<String>,
        unit_mult: i32,
        decimals: Option<i32>,
        change_basis: Option<String>,
        change_mode: Option<String>,
        base_period_id: Option<i64>,
        whole_text: Option<String>,
        whole_metric_id: Option<i64>,
        report_id: i64,
        document_id: i64,
        sentence_id: Option<i64>,
        seq: i64,
        page_no: Option<u32>,
        line_no: Option<u32>,
        char_start: Option<u32>,
        char_end: Option<u32>,
        x0: Option<f64>,
        y0: Option<f64>,
        x1: Option<f64>,
        y1: Option<f64>,
        sheet: Option<String>,
        cell: Option<String>,
        rule_code: Option<String>,
        confidence: f64,
        review_status: String,
        fact_key: String,
        agreement: String,
        is_preferred: bool,
        note: Option<String>,
        value_base: Option<f64>,
    }
}

table_row! {
    /// A numeral that is no figure.
    NonFigureRow of "non_figures", load: false, key: |row| format!("{} {}", row.reason, row.text), {
        document_id: i64,
        page_no: Option<u32>,
        line_no: Option<u32>,
        char_start: Option<u32>,
        char_end: Option<u32>,
        cell: Option<String>,
        text: String,
        reason: String,
    }
}

table_row! {
    /// A doubt.
    FindingRow of "findings", load: true, key: |row| format!("{} {:?} {}", row.code, row.figure_id, row.message_en), {
        code: String,
        severity: String,
        report_id: i64,
        document_id: Option<i64>,
        figure_id: Option<i64>,
        page_no: Option<u32>,
        message_en: String,
        message_hans: String,
        detail: Option<String>,
        message_hant: Option<String>,
    }
}

table_row! {
    /// A heading or case box; known inside its report.
    InitiativeRow of "initiatives", load: false, key: |row| row.path.clone(), {
        report_id: i64,
        document_id: i64,
        path: String,
        level: String,
        name_hant: String,
        name_hans: String,
        parent_id: Option<i64>,
        theme_hant: String,
        theme_hans: String,
        year_id: Option<i64>,
        status: Option<String>,
        page_no: Option<u32>,
        line_no: Option<u32>,
    }
}

/// What all rows of a document share.
pub(super) struct Context<'a> {
    pub(super) knowledge: &'a Knowledge,
    pub(super) report_code: &'a str,
    pub(super) source: &'static str,
    pub(super) org_id: i64,
    pub(super) org_code: &'a str,
    pub(super) report_id: i64,
    pub(super) document_id: i64,
    /// Ids of the headings, by their index in the report.
    pub(super) initiatives: &'a [i64],
    /// Of the headings that are branches of the company, by their index in the report: id and code.
    pub(super) branches: &'a [Option<(i64, String)>],
    /// Ids of the sentences, by their index in the report.
    pub(super) sentences: &'a [i64],
}

impl Context<'_> {
    pub(super) fn sentence(&self, sentence: &Sentence, seq: usize) -> SentenceRow {
        SentenceRow {
            document_id: self.document_id,
            seq: seq as i64,
            page_no: sentence.page,
            line_start: sentence.lines.map(|lines| lines.0),
            line_end: sentence.lines.map(|lines| lines.1),
            char_start: sentence.start,
            text: sentence.text.clone(),
            source_text: sentence.source.clone().filter(|source| *source != sentence.text),
        }
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> NonFigureRow {
        NonFigureRow {
            document_id: self.document_id,
            page_no: refusal.at.page,
            line_no: refusal.at.line,
            char_start: refusal.at.span.as_ref().map(|span| span.start),
            char_end: refusal.at.span.as_ref().map(|span| span.end),
            cell: refusal.at.cell.clone(),
            text: refusal.raw.clone(),
            reason: refusal.reason.to_string(),
        }
    }

    pub(super) fn finding(&self, finding: &Finding, figure_id: Option<i64>) -> FindingRow {
        FindingRow {
            code: finding.code.to_string(),
            severity: finding.severity.word().to_string(),
            report_id: self.report_id,
            document_id: Some(self.document_id),
            figure_id,
            page_no: finding.page,
            message_en: finding.message.en.clone(),
            message_hans: finding.message.hans.clone(),
            detail: finding.detail.clone(),
            message_hant: Some(finding.message.hant.clone()),
        }
    }

    /// The row of a figure, and all its places where it names several.
    pub(super) fn figure(
        &self,
        tx: &Connection,
        dimensions: &mut Dimensions,
        figure: &Figure,
        seq: usize,
        figure_key: String,
    ) -> rusqlite::Result<(FigureRow, Vec<i64>)> {
        let metric = dimensions.metric(tx, figure.metric_code.as_deref(), &figure.metric)?;
        let unit_id = dimensions.unit(tx, &figure.unit)?;
        let period = dimensions.period(tx, &figure.period)?;
        let places = self.places(tx, dimensions, figure)?;
        let change = self.change(figure);
        let base_period = match change.as_ref().and_then(|change| change.base_period) {
            Some(base) => Some(dimensions.period(tx, &base)?),
            None => None,
        };
        let whole_metric = figure.whole.as_deref().and_then(|whole| {
            let known = self.knowledge.metrics.named(&self.knowledge.fold.text(whole))?;
            dimensions.known_metric(&known.code)
        });
        let whole: Option<Rc<str>> = match (&figure.whole, whole_metric) {
            (_, Some(metric)) => Some(metric.fact_code.clone()),
            (Some(whole), None) => Some(self.knowledge.fold.text(whole).into()),
            (None, None) => None,
        };
        let (one, low, high) = match &figure.amount {
            Amount::One(value) => (Some(value), None, None),
            Amount::Range(low, high) => (None, Some(low), Some(high)),
        };
        let value = one.and_then(Decimal::to_f64);
        let initiative = figure.case.or(figure.initiative).and_then(|at| self.initiatives.get(at)).copied();
        let branch = figure.case.and_then(|at| self.branches.get(at)).and_then(Option::as_ref);
        let (org_id, org_code) = branch.map_or((self.org_id, self.org_code), |(id, code)| (*id, code.as_str()));
        let fact_key = Question {
            org: org_code,
            metric: &metric.fact_code,
            kind: figure.kind.word(),
            basis: change.as_ref().map(|change| change.basis),
            base_period: base_period.as_ref().map(|base| base.code.as_ref()),
            whole: whole.as_deref(),
            unit: if figure.unit.is_empty() { NO_UNIT } else { &figure.unit },
            period: &period.code,
            places: &places.codes,
            modality: figure.modality.word(),
        }
        .key();
        let row = FigureRow {
            figure_key,
            metric_id: metric.id,
            metric_text: figure.metric.clone(),
            kind: figure.kind.word().to_string(),
            modality: figure.modality.word().to_string(),
            tier: figure.tier.word().to_string(),
            org_id,
            initiative_id: initiative,
            province_id: places.province,
            place_id: places.finest,
            place_text: figure.place.clone().filter(|place| !place.is_empty()),
            period_id: period.id,
            year_id: period.year,
            comparator: figure.comparator.word().to_string(),
            value_text: one.map(Decimal::to_string),
            value,
            low_text: low.map(Decimal::to_string),
            low: low.and_then(Decimal::to_f64),
            high_text: high.map(Decimal::to_string),
            high: high.and_then(Decimal::to_f64),
            unit_id,
            reported: figure.raw.clone(),
            unit_text: Some(figure.unit_text.clone()).filter(|text| !text.is_empty()),
            unit_mult: figure.scale,
            decimals: one.or(low).map(Decimal::decimals),
            change_basis: change.as_ref().map(|change| change.basis.to_string()),
            change_mode: change.as_ref().map(|change| change.mode.to_string()),
            base_period_id: base_period.map(|base| base.id),
            whole_text: figure.whole.clone().filter(|whole| !whole.is_empty()),
            whole_metric_id: whole_metric.map(|metric| metric.id),
            report_id: self.report_id,
            document_id: self.document_id,
            sentence_id: self.sentences.get(figure.sentence).copied(),
            seq: seq as i64,
            page_no: figure.at.page,
            line_no: figure.at.line,
            char_start: figure.at.span.as_ref().map(|span| span.start),
            char_end: figure.at.span.as_ref().map(|span| span.end),
            x0: figure.at.bbox.map(|edges| edges[0]),
            y0: figure.at.bbox.map(|edges| edges[1]),
            x1: figure.at.bbox.map(|edges| edges[2]),
            y1: figure.at.bbox.map(|edges| edges[3]),
            sheet: figure.at.sheet.clone(),
            cell: figure.at.cell.clone(),
            rule_code: Some(figure.rule.clone()).filter(|rule| !rule.is_empty()),
            confidence: figure.confidence,
            review_status: "unreviewed".to_string(),
            fact_key,
            agreement: Agreement::Sole.word().to_string(),
            is_preferred: true,
            note: None,
            value_base: dimensions.value_base(value, unit_id),
        };
        Ok((row, places.several))
    }

    /// Where a figure is: one place for maps and filters, all of them where it names several.
    fn places(&self, tx: &Connection, dimensions: &mut Dimensions, figure: &Figure) -> rusqlite::Result<Places> {
        if figure.provinces.is_empty() && figure.places.is_empty() && figure.place.is_none() {
            return Ok(Places::default());
        }
        let named: Vec<i64> = figure.provinces.iter().filter_map(|code| dimensions.province(code)).collect();
        let only = if let [only] = named[..] { Some(only) } else { None };
        // The country is where every figure without a place is.
        let mut places: Vec<PlaceRow> =
            figure.places.iter().filter_map(|code| dimensions.place(code)).filter(|place| !place.is_country()).cloned().collect();
        if let Some(name) = figure.place.as_deref().filter(|name| !name.is_empty())
            && places.iter().all(|place| place.is_province)
            && !only.is_some_and(|province| dimensions.names_province(name, province))
        {
            // A place that no table has; it stands for its province, which is not named beside it.
            places.retain(|place| Some(place.id) != only);
            places.push(dimensions.place_named(tx, name, only)?);
        }
        let regional = places.iter().any(|place| place.province.is_none());
        let mut provinces: BTreeSet<i64> = places.iter().filter_map(|place| place.province).collect();
        let mut ids: Vec<i64> = places.iter().map(|place| place.id).collect();
        for province in named {
            // A region is not its provinces; beside places inside provinces a province more is one more place.
            if provinces.insert(province) && !regional {
                ids.push(province);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut codes: Vec<Rc<str>> = ids.iter().filter_map(|id| dimensions.place_code(*id)).collect();
        codes.sort_unstable();
        Ok(Places {
            province: provinces.first().copied().filter(|_| provinces.len() == 1),
            finest: dimensions.common_place(&ids),
            several: if ids.len() > 1 { ids } else { Vec::new() },
            codes,
        })
    }

    fn change(&self, figure: &Figure) -> Option<Change> {
        if figure.kind != Kind::Change {
            return None;
        }
        let quantity = self.knowledge.units.get(&figure.unit).map(|unit| unit.quantity.as_str());
        let mode = match (figure.unit.as_str(), quantity) {
            ("%", _) | (_, Some("ratio" | "factor" | "discount")) => "relative",
            ("pp", _) | (_, Some("points")) => "points",
            _ => "absolute",
        };
        let (basis, base_period) = match figure.basis {
            Some(Basis::Yoy) => ("yoy", year_before(&figure.period)),
            Some(Basis::Pop) => ("pop", None),
            Some(Basis::Year(year)) => ("vs_period", Some(Period::year(year))),
            Some(Basis::Prior) | None => ("prior", None),
        };
        Some(Change { basis, mode, base_period })
    }
}

#[derive(Default)]
struct Places {
    province: Option<i64>,
    finest: Option<i64>,
    several: Vec<i64>,
    codes: Vec<Rc<str>>,
}

struct Change {
    basis: &'static str,
    mode: &'static str,
    base_period: Option<Period>,
}

/// The same span a year earlier; of a calendar year only, since of anything else the words 同比 do not tell enough.
fn year_before(period: &Period) -> Option<Period> {
    (period.grain == Grain::Year && period.end.year > 1900).then(|| Period::year(period.end.year - 1))
}

/// Counts how often a text came before, to tell apart statements that are written alike.
#[derive(Default)]
pub(super) struct Keys {
    seen: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
}

/// The hasher of what is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, _: &[u8]) {
        unreachable!("a hash is one number");
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Keys {
    /// The key of a figure: report, source, sentence, the expression, and which of several alike it is. A page or a line is
    /// no part of it, so that a sentence may move.
    pub(super) fn next(&mut self, context: &Context, sentence: &str, reported: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (sentence, reported).hash(&mut hasher);
        let nth = self.seen.entry(hasher.finish()).or_default();
        let mut key = Key::new();
        key.part(context.report_code).part(context.source).part(sentence).part(reported).number(i64::from(*nth));
        *nth += 1;
        key.finish('f')
    }
}
