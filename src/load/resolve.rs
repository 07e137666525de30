//! From statements to facts: which of the figures that answer one question is shown.
//!
//! In:  the figures of each `fact_key`, in whatever order they were loaded.
//! Out: `agreement` and `is_preferred` of each, and a link from every restatement to what it replaces.
//!
//! Equal answers are one fact, shown once. Different answers of one report all stay (seven prices of one plan); of two reports
//! with one answer each the newer one is shown. What decides is in the reports and never the order of loading:
//! the newest report, then the report before its transcription, then reading order. See docs/schema.md.

use super::corrections::Corrections;
use super::rows::FigureRow;
use super::text;
use crate::decimal::Decimal;
use crate::model::Comparator;
use foldhash::fast::RandomState;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::rc::Rc;

/// Last day a report is about, and its edition: of two reports the greater is the newer.
type Newness = (Rc<str>, i64);

/// A figure as one of the answers to its question.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) id: i64,
    pub(super) answer: Answer,
    /// The last digit written is worth 10 to the minus this; nothing rounds what has none.
    decimals: Option<i32>,
    rejected: bool,
    pub(super) report: Rc<str>,
    newness: Newness,
    /// What is better to show among equal answers comes first: core, the report itself, the file's name, reading order.
    rank: (bool, bool, Rc<str>, i64, i64),
    is_transcription: bool,
    /// What the row says.
    was: Verdict,
    verdict: Verdict,
    /// What a person said of showing it.
    wanted: Option<bool>,
}

/// A value with its comparator, without the noughts that only say how exactly it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Answer {
    pub(super) comparator: Comparator,
    /// The value, or the lower end of a range.
    low: String,
    /// The upper end of a range.
    high: Option<String>,
}

/// How a statement stands to the others of its fact, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    Sole,
    Same,
    Consistent,
    Several,
    Restated,
    Conflict,
}

impl Agreement {
    const WORDS: [(Agreement, &str); 6] = [
        (Agreement::Sole, "sole"),
        (Agreement::Same, "same"),
        (Agreement::Consistent, "consistent"),
        (Agreement::Several, "several"),
        (Agreement::Restated, "restated"),
        (Agreement::Conflict, "conflict"),
    ];

    pub(super) fn word(self) -> &'static str {
        Agreement::WORDS[self as usize].1
    }

    fn from_word(word: &str) -> Option<Agreement> {
        Agreement::WORDS.iter().find(|(_, known)| *known == word).map(|(agreement, _)| *agreement)
    }
}

/// What is written to a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict {
    agreement: Agreement,
    is_preferred: bool,
}

/// What decides over facts beside the figures themselves; reports and documents by their ids.
pub(super) struct Court<'a> {
    corrections: &'a Corrections,
    /// Code, and how new it is.
    reports: HashMap<i64, (Rc<str>, Newness)>,
    /// Is it a transcription? Its name.
    documents: HashMap<i64, (bool, Rc<str>)>,
}

/// What the statements of a first load that were read so far make of the next one. When all are read it is decided over them anew;
/// but what was guessed right need not be written a second time, and writing a verdict takes a third as long as writing its figure.
#[derive(Default)]
pub(super) struct Guesses {
    /// Hashes of facts, each with that of its first answer. Two of one hash make a guess wrong.
    facts: foldhash::HashMap<u32, u32>,
    hasher: RandomState,
}

impl Guesses {
    pub(super) fn guess(&mut self, row: &mut FigureRow) {
        let answer = self.hasher.hash_one((&row.comparator, &row.value_text, &row.low_text, &row.high_text)) as u32;
        let (agreement, is_preferred) = match self.facts.entry(self.hasher.hash_one(&row.fact_key) as u32) {
            Entry::Vacant(entry) => {
                entry.insert(answer);
                return;
            }
            Entry::Occupied(entry) if *entry.get() == answer => (Agreement::Same, false),
            Entry::Occupied(_) => (Agreement::Several, true),
        };
        (row.agreement, row.is_preferred) = (agreement.word().to_string(), is_preferred);
    }
}

/// The columns that a statement is read from; they stand first in their row.
pub(super) const COLUMNS: &[&str] = &[
    "f.id",
    "f.comparator",
    "f.value_text",
    "f.low_text",
    "f.high_text",
    "f.decimals",
    "f.tier",
    "f.review_status",
    "f.agreement",
    "f.is_preferred",
    "f.seq",
    "f.report_id",
    "f.document_id",
    "f.figure_key",
];

impl Statement {
    /// Is it, or one of those that are, what its fact is shown as?
    pub(super) fn is_shown(&self) -> bool {
        self.wanted.unwrap_or(self.verdict.is_preferred)
    }

    /// Its place in reading order.
    pub(super) fn seq(&self) -> i64 {
        self.rank.3
    }

    /// Who says it: the code of the report, and the name of a transcription.
    pub(super) fn source(&self) -> String {
        if self.is_transcription { format!("{} ({})", self.report, self.rank.2) } else { self.report.to_string() }
    }
}

/// Of a statement in conflict with others, the first that says something else.
pub(super) fn contrary(statements: &[Statement], at: usize) -> Option<&Statement> {
    let one = &statements[at];
    let is_in_conflict = |statement: &Statement| statement.verdict.agreement == Agreement::Conflict;
    let differs = |other: &&Statement| is_in_conflict(other) && !other.rejected && other.answer != one.answer;
    let others = statements.iter().filter(|_| is_in_conflict(one)).filter(differs);
    others.min_by_key(|other| (&other.report, other.is_transcription, other.seq(), other.id))
}

impl<'a> Court<'a> {
    pub(super) fn new(tx: &Connection, corrections: &'a Corrections) -> rusqlite::Result<Court<'a>> {
        let mut court = Court { corrections, reports: HashMap::new(), documents: HashMap::new() };
        let mut select = tx.prepare("SELECT r.id, r.code, p.end_date, r.edition FROM reports r JOIN periods p ON p.id = r.period_id")?;
        for row in select.query_map([], |row| Ok((row.get(0)?, (text(row, 1)?, (text(row, 2)?, row.get(3)?)))))? {
            let (id, report) = row?;
            court.reports.insert(id, report);
        }
        let mut select = tx.prepare("SELECT id, source = 'transcription', name FROM documents")?;
        for row in select.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, text(row, 2)?))))? {
            let (id, document) = row?;
            court.documents.insert(id, document);
        }
        Ok(court)
    }

    /// A row of [`COLUMNS`]; fails where a word is none of the schema's, or a report or document is not there.
    pub(super) fn statement(&self, row: &Row) -> rusqlite::Result<Statement> {
        let unknown = |at: usize| rusqlite::Error::InvalidColumnType(at, COLUMNS[at].to_string(), Type::Text);
        let word = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?);
        let (report, newness) = self.reports.get(&row.get(11)?).ok_or_else(|| unknown(11))?;
        let (is_transcription, name) = self.documents.get(&row.get(12)?).ok_or_else(|| unknown(12))?;
        let (low, high) = match row.get::<_, Option<String>>(2)? {
            Some(value) => (plain(value), None),
            // A range without extent is a value.
            None => (plain(row.get(3)?), Some(plain(row.get(4)?))),
        };
        let high = high.filter(|high| *high != low);
        let comparator = Comparator::from_word(word(1)?).ok_or_else(|| unknown(1))?;
        let agreement = Agreement::from_word(word(8)?).ok_or_else(|| unknown(8))?;
        let id = row.get(0)?;
        let verdict = Verdict { agreement, is_preferred: row.get(9)? };
        Ok(Statement {
            id,
            answer: Answer { comparator, low, high },
            decimals: row.get(5)?,
            rejected: word(7)? == "rejected",
            report: report.clone(),
            newness: newness.clone(),
            rank: (word(6)? != "core", *is_transcription, name.clone(), row.get(10)?, id),
            is_transcription: *is_transcription,
            was: verdict,
            verdict,
            wanted: self.corrections.preferred(word(13)?),
        })
    }
}

/// The verdicts that are not what the rows say already.
pub(super) fn moved(statements: &[Statement]) -> Vec<(i64, Verdict)> {
    let verdict = |one: &Statement| Verdict { is_preferred: one.is_shown(), ..one.verdict };
    statements
        .iter()
        .map(|one| (one, verdict(one)))
        .filter(|(one, verdict)| *verdict != one.was)
        .map(|(one, verdict)| (one.id, verdict))
        .collect()
}

/// Writes verdicts and links of the facts that were looked at; links that are so no more go.
pub(super) fn write(tx: &Connection, verdicts: &[(i64, Verdict)], links: &[(i64, i64)]) -> rusqlite::Result<()> {
    if !verdicts.is_empty() {
        // An agreement has no other words than those of the schema; for each row to look them up takes half the time of this.
        tx.execute_batch("PRAGMA ignore_check_constraints = ON")?;
        let mut update = tx.prepare("UPDATE figures SET agreement = ?2, is_preferred = ?3 WHERE id = ?1")?;
        let done = verdicts
            .iter()
            .try_for_each(|(id, verdict)| update.execute(params![id, verdict.agreement.word(), verdict.is_preferred]).map(drop));
        tx.execute_batch("PRAGMA ignore_check_constraints = OFF")?;
        done?;
    }
    let old: HashSet<(i64, i64)> = tx
        .prepare(
            "SELECT k.from_id, k.to_id FROM figure_links k JOIN figures f ON f.id = k.from_id JOIN temp.looked_at l ON l.metric_id = f.metric_id
              WHERE k.relation = 'restates'",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let new: HashSet<(i64, i64)> = links.iter().copied().collect();
    let mut delete = tx.prepare("DELETE FROM figure_links WHERE from_id = ?1 AND to_id = ?2 AND relation = 'restates'")?;
    for link in old.difference(&new) {
        delete.execute(<[i64; 2]>::from(*link))?;
    }
    let mut insert = tx.prepare("INSERT INTO figure_links (from_id, to_id, relation) VALUES (?1, ?2, 'restates')")?;
    for link in links.iter().filter(|link| !old.contains(link)) {
        insert.execute(<[i64; 2]>::from(*link))?;
    }
    Ok(())
}

/// The statements of one report: each different answer with its statements, the best first.
struct Voice {
    newness: Newness,
    answers: Vec<Vec<usize>>,
    /// Of a transcription that says what its report does not.
    stray: Vec<usize>,
}

/// Sets the verdicts over one fact; what it returns are links from a restatement to what it replaces.
pub(super) fn judge(statements: &mut [Statement]) -> Vec<(i64, i64)> {
    for statement in statements.iter_mut() {
        statement.verdict = Verdict { agreement: Agreement::Sole, is_preferred: !statement.rejected };
    }
    let mut order: Vec<usize> = (0..statements.len()).filter(|&at| !statements[at].rejected).collect();
    if order.len() < 2 {
        return Vec::new();
    }
    order.sort_by(|&left, &right| statements[left].rank.cmp(&statements[right].rank));
    let mut voices = voices(statements, &order);
    // The newest first; of equally new ones the first by code.
    voices.sort_by_key(|(code, voice)| (Reverse(voice.newness.clone()), code.clone()));
    let mut links = Vec::new();
    let say = |statements: &mut [Statement], at: usize, agreement: Agreement, is_preferred: bool| {
        statements[at].verdict = Verdict { agreement, is_preferred };
    };
    if voices.iter().all(|(_, voice)| voice.answers.len() == 1) {
        let (winner, others) = voices.split_first().expect("there are statements");
        let best = winner.1.answers[0][0];
        let mut worst = if winner.1.answers[0].len() > 1 { Agreement::Same } else { Agreement::Sole };
        for (_, voice) in others {
            let other = voice.answers[0][0];
            let agreement = match () {
                () if statements[best].answer == statements[other].answer => Agreement::Same,
                () if consistent(&statements[best], &statements[other]) => Agreement::Consistent,
                () if voice.newness == winner.1.newness => Agreement::Conflict,
                () => Agreement::Restated,
            };
            if agreement == Agreement::Restated {
                links.push((statements[best].id, statements[other].id));
            }
            voice.answers[0].iter().for_each(|&at| say(statements, at, agreement, false));
            worst = worst.max(agreement);
        }
        for &at in &winner.1.answers[0] {
            say(statements, at, worst, at == best);
        }
    } else {
        // One report says several things; which of them another one repeats or replaces cannot be told, so only repeats go.
        let mut said: HashSet<Answer> = HashSet::new();
        for (_, voice) in &voices {
            for answer in &voice.answers {
                let is_news = said.insert(statements[answer[0]].answer.clone());
                for (nth, &at) in answer.iter().enumerate() {
                    say(statements, at, Agreement::Several, is_news && nth == 0);
                }
            }
        }
    }
    for (_, voice) in voices.iter().filter(|(_, voice)| !voice.stray.is_empty()) {
        voice.stray.iter().for_each(|&at| say(statements, at, Agreement::Conflict, false));
        if let [answer] = &voice.answers[..] {
            for &at in answer {
                statements[at].verdict.agreement = Agreement::Conflict;
            }
        }
    }
    links
}

fn voices(statements: &[Statement], order: &[usize]) -> Vec<(String, Voice)> {
    let mut voices: BTreeMap<&str, Voice> = BTreeMap::new();
    let mut known: HashMap<(&str, &Answer), usize> = HashMap::new();
    // The report speaks first; its transcription is compared with it.
    let (sheets, prose): (Vec<usize>, Vec<usize>) = order.iter().partition(|&&at| statements[at].is_transcription);
    for at in prose.into_iter().chain(sheets) {
        let statement = &statements[at];
        let voice = voices.entry(&statement.report).or_insert_with(|| Voice {
            newness: statement.newness.clone(),
            answers: Vec::new(),
            stray: Vec::new(),
        });
        let report_speaks = voice.answers.first().is_some_and(|answer| !statements[answer[0]].is_transcription);
        match known.get(&(&*statement.report, &statement.answer)) {
            Some(&answer) => voice.answers[answer].push(at),
            None if statement.is_transcription && report_speaks => voice.stray.push(at),
            None => {
                known.insert((&statement.report, &statement.answer), voice.answers.len());
                voice.answers.push(vec![at]);
            }
        }
    }
    let rank = |at: &usize| &statements[*at].rank;
    for voice in voices.values_mut() {
        voice.answers.iter_mut().for_each(|answer| answer.sort_by(|left, right| rank(left).cmp(rank(right))));
        voice.answers.sort_by(|left, right| rank(&left[0]).cmp(rank(&right[0])));
    }
    voices.into_iter().map(|(code, voice)| (code.to_string(), voice)).collect()
}

/// A decimal without the noughts at its end: 18.0 and 18 are one number.
fn plain(mut text: String) -> String {
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text
}

/// Can both be true of one number? A value may be rounded where it is written with fewer digits than the other; two values of
/// the same digits are different numbers.
fn consistent(left: &Statement, right: &Statement) -> bool {
    let coarser = |one: &Statement, other: &Statement| matches!((one.decimals, other.decimals), (Some(one), Some(other)) if one < other);
    let (left, right) = (reach(left, coarser(left, right)), reach(right, coarser(right, left)));
    let below = |low: &Option<Decimal>, high: &Option<Decimal>| match (low, high) {
        (Some(low), Some(high)) => low <= high,
        _ => true,
    };
    below(&left.0, &right.1) && below(&right.0, &left.1)
}

/// The least and the greatest number an answer can mean; `None` without end. A comparator speaks of the magnitude.
fn reach(statement: &Statement, is_rounded: bool) -> (Option<Decimal>, Option<Decimal>) {
    let decimal = |text: &str| text.parse::<Decimal>().unwrap_or_else(|_| Decimal::zero());
    let half = match statement.decimals.filter(|_| is_rounded) {
        Some(decimals) => Decimal::from_digits(&[5], -decimals - 1),
        None => Decimal::zero(),
    };
    let Answer { comparator, low, high } = &statement.answer;
    let (low, high) = (decimal(low).minus(&half), decimal(high.as_ref().unwrap_or(low)).plus(&half));
    match (comparator, high.is_negative()) {
        (Comparator::Over | Comparator::AtLeast, false) => (Some(low), None),
        (Comparator::Over | Comparator::AtLeast, true) => (None, Some(high)),
        (Comparator::Under | Comparator::AtMost, false) => (Some(Decimal::zero()), Some(high)),
        (Comparator::Under | Comparator::AtMost, true) => (Some(low), Some(Decimal::zero())),
        (Comparator::Equal | Comparator::About, _) => (Some(low), Some(high)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(id: i64, value: &str, report: &str, end: &str) -> Statement {
        let decimals = value.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
        Statement {
            id,
            answer: Answer { comparator: Comparator::Equal, low: plain(value.into()), high: None },
            decimals: Some(decimals),
            rejected: false,
            report: report.into(),
            newness: (end.into(), 1),
            rank: (false, false, "a.txt".into(), id, id),
            is_transcription: false,
            was: Verdict { agreement: Agreement::Sole, is_preferred: false },
            verdict: Verdict { agreement: Agreement::Sole, is_preferred: false },
            wanted: None,
        }
    }

    fn verdicts(mut statements: Vec<Statement>) -> (Vec<String>, Vec<(i64, i64)>) {
        let links = judge(&mut statements);
        statements.sort_by_key(|statement| statement.id);
        let words =
            statements.iter().map(|one| format!("{}{}", one.verdict.agreement.word(), if one.verdict.is_preferred { "*" } else { "" }));
        (words.collect(), links)
    }

    #[test]
    fn equal_answers_of_one_report_are_one_fact() {
        let (words, links) = verdicts(vec![said(1, "84", "a", "2019"), said(2, "84.0", "a", "2019")]);
        assert_eq!(words, ["same*", "same"]);
        assert!(links.is_empty());
    }

    #[test]
    fn different_answers_of_one_report_all_stay() {
        let prices = (1..=7).map(|at| said(at, &format!("{at}99"), "a", "2019")).collect();
        assert_eq!(verdicts(prices).0, vec!["several*"; 7]);
    }

    #[test]
    fn the_newer_of_two_reports_is_shown_and_linked_whatever_comes_first() {
        let (old, new) = (said(1, "84", "a", "2019"), said(2, "85", "b", "2020"));
        assert_eq!(verdicts(vec![old.clone(), new.clone()]), verdicts(vec![new.clone(), old.clone()]));
        assert_eq!(verdicts(vec![old, new]), (vec!["restated".into(), "restated*".into()], vec![(2, 1)]));
    }

    #[test]
    fn rounding_is_no_restatement() {
        let (words, links) = verdicts(vec![said(1, "25.2", "a", "2019"), said(2, "25", "b", "2020")]);
        assert_eq!(words, ["consistent", "consistent*"]);
        assert!(links.is_empty());
    }

    #[test]
    fn a_report_goes_before_its_transcription() {
        let mut sheet = said(1, "84", "a", "2019");
        (sheet.is_transcription, sheet.rank.1) = (true, true);
        assert_eq!(verdicts(vec![sheet.clone(), said(2, "84", "a", "2019")]).0, ["same", "same*"]);
        assert_eq!(verdicts(vec![sheet, said(2, "85", "a", "2019")]).0, ["conflict", "conflict*"]);
    }

    #[test]
    fn equally_new_reports_that_differ_are_in_conflict() {
        assert_eq!(verdicts(vec![said(1, "84", "b", "2019"), said(2, "95", "a", "2019")]).0, ["conflict", "conflict*"]);
    }

    #[test]
    fn a_rejected_figure_is_no_answer() {
        let mut wrong = said(1, "84", "a", "2019");
        wrong.rejected = true;
        assert_eq!(verdicts(vec![wrong, said(2, "85", "a", "2019")]).0, ["sole", "sole*"]);
    }

    #[test]
    fn over_a_number_agrees_with_what_is_over_it() {
        let mut over = said(1, "1500000", "a", "2019");
        over.answer.comparator = Comparator::Over;
        assert_eq!(verdicts(vec![over.clone(), said(2, "1536000", "b", "2020")]).0, ["consistent", "consistent*"]);
        assert_eq!(verdicts(vec![over, said(2, "1400000", "b", "2020")]).0, ["restated", "restated*"]);
    }
}
