//! Which report a document is, and what it is equal to.
//!
//! In:  what a report says about itself, the name of its file, the command line.
//! Out: its code, `company/kind/year`; a finding for each part that nobody said; a digest of all that was read.
//!
//! An unknown company is called after its file, an unknown year is that of the latest period, an unknown kind is `other`.

use super::DocumentInfo;
use super::key::Key;
use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::message::{Message, message};
use crate::model::{Amount, Figure, Finding, Grain, Heading, Modality, Period, Place, Refusal, Report, ReportKind, Sentence, Severity};

/// What a document is a copy of.
#[derive(Debug)]
pub(super) struct Identity {
    /// `china-unicom/csr/2019`
    pub(super) code: String,
    pub(super) company: Company,
    pub(super) kind: ReportKind,
    pub(super) year: i32,
    /// What it reports about: the year, unless it says otherwise.
    pub(super) period: Period,
    pub(super) edition: u32,
    /// Code of the edition before.
    pub(super) supersedes: Option<String>,
    pub(super) lang: &'static str,
    /// `report` or `transcription`
    pub(super) source: &'static str,
    /// Name of the file, without its folder.
    pub(super) name: String,
    /// What nobody said.
    pub(super) findings: Vec<Finding>,
}

/// Who reports.
#[derive(Debug)]
pub(super) struct Company {
    pub(super) code: String,
    pub(super) name_hant: String,
    pub(super) name_hans: String,
    pub(super) name_en: Option<String>,
    pub(super) tickers: Option<String>,
    /// Has it a row of `data/source/companies.csv`?
    pub(super) known: bool,
}

impl Identity {
    /// `None` where nothing at all tells the year.
    pub(super) fn of(report: &Report, document: &DocumentInfo, edition: u32, knowledge: &Knowledge) -> Option<Identity> {
        let about = &report.about;
        let name = file_name(&document.name);
        let mut findings = Vec::new();
        let company = company(report, stem(&name), knowledge, &mut findings);
        let kind = about.kind.unwrap_or_else(|| {
            findings.push(unsaid("unknown-kind", message!("finding-unknown-kind")));
            ReportKind::Other
        });
        let year = match about.year.or(about.period.map(|period| period.end.year)) {
            Some(year) => year,
            None => {
                let year = latest_year(&report.figures)?;
                findings.push(unsaid("unknown-year", message!("finding-unknown-year", year = year)));
                year
            }
        };
        let period = about.period.unwrap_or(Period::year(year));
        let base = format!("{}/{}/{}", company.code, kind.word(), time(&period, year));
        let edition = edition.max(1);
        let code_of = |edition| if edition > 1 { format!("{base}#{edition}") } else { base.clone() };
        Some(Identity {
            code: code_of(edition),
            company,
            kind,
            year,
            period,
            edition,
            supersedes: (edition > 1).then(|| code_of(edition - 1)),
            lang: if about.lang.is_empty() { "zh-Hans" } else { about.lang },
            source: if report.transcription { "transcription" } else { "report" },
            name,
            findings,
        })
    }
}

fn company(report: &Report, stem: &str, knowledge: &Knowledge, findings: &mut Vec<Finding>) -> Company {
    let about = &report.about;
    let said = [about.company.as_deref(), about.company_name.as_deref()].into_iter().flatten();
    for name in said.clone() {
        if let Some(known) = knowledge.companies.named(name, &knowledge.fold) {
            return Company {
                code: known.code.clone(),
                name_hant: known.name_hant.clone(),
                name_hans: known.name_hans.clone(),
                name_en: Some(known.name_en.clone()),
                tickers: known.tickers.clone(),
                known: true,
            };
        }
    }
    let code = about.company.clone().unwrap_or_else(|| {
        findings.push(unsaid("unknown-company", message!("finding-unknown-company", name = stem)));
        stem.to_string()
    });
    let name = about.company_name.clone().unwrap_or_else(|| code.clone());
    let name_hans = super::simplified(&name, knowledge);
    // A code is the first part of a path and must be one part.
    let code = code.trim().chars().map(|c| if c.is_whitespace() || "/\\#".contains(c) { '-' } else { c }).collect();
    Company { code, name_hant: name, name_hans, name_en: None, tickers: None, known: false }
}

fn unsaid(code: &'static str, message: Message) -> Finding {
    Finding { code, severity: Severity::Info, figure: None, page: None, message: message.into(), detail: None }
}

/// The time of a report's code: a month or quarter where it is about one, else the year.
fn time(period: &Period, year: i32) -> String {
    let (from, to) = (period.start.month, period.end.month);
    match period.grain {
        Grain::Month => period.code(),
        Grain::Months if period.start.year == period.end.year && from % 3 == 1 && to == from + 2 => {
            format!("{}-q{}", period.end.year, to / 3)
        }
        _ => year.to_string(),
    }
}

/// The latest year that figures of something achieved are about; of plans, if there is nothing else.
fn latest_year(figures: &[Figure]) -> Option<i32> {
    let years = |wanted: fn(&Figure) -> bool| {
        figures.iter().filter(|figure| wanted(figure)).map(|figure| figure.period.end.year).filter(|year| *year >= 1900).max()
    };
    years(|figure| figure.modality == Modality::Actual).or_else(|| years(|_| true))
}

/// The name of a file without its folder; of standard input `stdin`.
pub(super) fn file_name(path: &str) -> String {
    match path.rsplit(['/', '\\']).next() {
        None | Some("" | "-") => "stdin".to_string(),
        Some(name) => name.to_string(),
    }
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

// ------------------------------------------------------------------ digest

/// A hash of all that was read from a document: of two loads with one digest the second has nothing to write.
///
/// Every field is named, so that a new one cannot be forgotten.
pub(super) fn digest(report: &Report, document: &DocumentInfo, identity: &Identity, knowledge: &Knowledge) -> String {
    let Report { about, transcription, headings, sentences, figures, refusals, findings, rejected: _ } = report;
    let DocumentInfo { name: _, sha256, bytes, media_type, encoding, page_count } = document;
    let mut key = Key::new();
    key.part(knowledge.hash()).part(sha256).number(*bytes as i64).part(media_type).maybe(encoding.as_deref()).maybe_number(*page_count);
    key.part(&identity.code).part(identity.source).part(&identity.period.code()).part(identity.lang);
    key.maybe(about.title.as_deref()).maybe(about.company_name.as_deref()).number(i64::from(*transcription));
    headings.iter().for_each(|heading| take_heading(&mut key, heading));
    sentences.iter().for_each(|sentence| take_sentence(&mut key, sentence));
    figures.iter().for_each(|figure| take_figure(&mut key, figure));
    refusals.iter().for_each(|refusal| take_refusal(&mut key, refusal));
    findings.iter().chain(&identity.findings).for_each(|finding| take_finding(&mut key, finding));
    key.finish('d')
}

/// The same of a document that comes in parts: a hash of all that decides what will be read.
pub(super) fn digest_of_bytes(document: &DocumentInfo, identity: &Identity, knowledge: &Knowledge) -> String {
    let mut key = Key::new();
    key.part(env!("CARGO_PKG_VERSION")).part(knowledge.hash()).part(&document.sha256).part(&document.media_type);
    key.part(&identity.code).part(identity.source).part(&identity.period.code()).part(identity.lang);
    key.finish('d')
}

fn take_heading(key: &mut Key, heading: &Heading) {
    let Heading { level, name, parent, start, line, page, provinces, year, status } = heading;
    key.part("heading").part(level.word()).part(name).maybe_number(parent.map(|parent| parent as i64));
    key.number(i64::from(*start))
        .number(i64::from(*line))
        .maybe_number(*page)
        .maybe_number(*year)
        .maybe(status.map(|status| status.word()));
    provinces.iter().for_each(|province| {
        key.part(province);
    });
}

fn take_sentence(key: &mut Key, sentence: &Sentence) {
    let Sentence { text, source, start, lines, page } = sentence;
    key.part("sentence").part(text).maybe(source.as_deref()).maybe_number(*start).maybe_number(*page);
    key.maybe_number(lines.map(|lines| lines.0)).maybe_number(lines.map(|lines| lines.1));
}

fn take_place(key: &mut Key, at: &Place) {
    let Place { page, line, span, sheet, cell, bbox } = at;
    key.maybe_number(*page).maybe_number(*line).maybe(sheet.as_deref()).maybe(cell.as_deref());
    if let Some(edges) = bbox {
        key.part(&edges.map(|edge| format!("{edge:.2}")).join(" "));
    }
    key.maybe_number(span.as_ref().map(|span| span.start)).maybe_number(span.as_ref().map(|span| span.end));
}

fn take_figure(key: &mut Key, figure: &Figure) {
    let Figure {
        at,
        sentence,
        raw,
        unit_text,
        scale,
        metric,
        metric_code,
        amount,
        unit,
        comparator,
        kind,
        modality,
        tier,
        basis,
        whole,
        period,
        provinces,
        places,
        place,
        initiative,
        case,
        rule,
        confidence,
    } = figure;
    key.part("figure")
        .number(*sentence as i64)
        .part(raw)
        .part(unit_text)
        .number(i64::from(*scale))
        .part(metric)
        .maybe(metric_code.as_deref());
    take_place(key, at);
    let (low, high) = match amount {
        Amount::One(value) => (value, None),
        Amount::Range(low, high) => (low, Some(high)),
    };
    key.part(&low.to_string()).maybe(high.map(Decimal::to_string).as_deref());
    key.part(unit).part(comparator.word()).part(kind.word()).part(modality.word()).part(tier.word());
    key.maybe(basis.map(|basis| basis.word()).as_deref()).maybe(whole.as_deref()).part(&period.code());
    for codes in [provinces, places] {
        key.number(codes.len() as i64);
        codes.iter().for_each(|code| {
            key.part(code);
        });
    }
    key.maybe(place.as_deref()).maybe_number(initiative.map(|at| at as i64)).maybe_number(case.map(|at| at as i64));
    key.part(rule).number(confidence.to_bits() as i64);
}

fn take_refusal(key: &mut Key, refusal: &Refusal) {
    let Refusal { at, raw, reason } = refusal;
    key.part("refusal").part(raw).part(reason);
    take_place(key, at);
}

fn take_finding(key: &mut Key, finding: &Finding) {
    let Finding { code, severity, figure, page, message, detail } = finding;
    key.part("finding").part(code).part(severity.word()).maybe_number(figure.map(|at| at as i64)).maybe_number(*page);
    key.part(&message.en).part(&message.hans).part(&message.hant).maybe(detail.as_deref());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_their_last_part() {
        assert_eq!(file_name("reports/2019/聯通.txt"), "聯通.txt");
        assert_eq!(file_name("C:\\reports\\a.csv"), "a.csv");
        assert_eq!(file_name("-"), "stdin");
        assert_eq!(stem("a.b.txt"), "a.b");
        assert_eq!(stem(".hidden"), ".hidden");
    }

    #[test]
    fn months_and_quarters_are_reports_of_their_own() {
        assert_eq!(time(&Period::months((2026, 5), (2026, 5)), 2026), "2026-05");
        assert_eq!(time(&Period::months((2019, 7), (2019, 9)), 2019), "2019-q3");
        assert_eq!(time(&Period::months((2022, 4), (2022, 9)), 2022), "2022");
    }
}
