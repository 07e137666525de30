//! From statements to facts: which of the figures that answer one question is shown.
//!
//! In:  the figures of each `fact_key`, in whatever order they were loaded.
//! Out: `agreement` and `is_preferred` of each, and a link from every restatement to what it replaces.
//!
//! Equal answers are one fact, shown once. Different answers of one report all stay (seven prices of one plan); of two reports
//! with one answer each the newer one is shown. What decides is in the reports and never the order of loading:
//! the newest report, then the report before its transcription, then reading order. See docs/schema.md.

use super::corrections::Corrections;
use crate::decimal::Decimal;
use rusqlite::{Connection, Row, params};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A figure as one of the answers to its question.
#[derive(Debug, Clone)]
struct Statement {
    id: i64,
    figure_key: String,
    answer: Answer,
    /// The last digit written is worth 10 to the minus this; nothing rounds what has none.
    decimals: Option<i32>,
    rejected: bool,
    report: String,
    /// Last day the report is about, and its edition: of two reports the greater is the newer.
    newness: (String, i64),
    /// What is better to show among equal answers comes first: core, the report itself, the file's name, reading order.
    rank: (bool, bool, String, i64, i64),
    is_transcription: bool,
    verdict: Verdict,
}

/// A value with its comparator, without the noughts that only say how exactly it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Answer {
    comparator: String,
    low: String,
    high: String,
}

/// What is written to a figure.
#[derive(Debug, Clone, PartialEq)]
struct Verdict {
    agreement: String,
    is_preferred: bool,
}

const COLUMNS: &str =
    "f.fact_key, f.id, f.figure_key, f.comparator, COALESCE(f.value_text, f.low_text), COALESCE(f.value_text, f.high_text), f.decimals,
       f.tier, f.review_status, f.agreement, f.is_preferred, f.seq, r.code, p.end_date, r.edition, d.source, d.name
  FROM figures f JOIN reports r ON r.id = f.report_id JOIN periods p ON p.id = r.period_id JOIN documents d ON d.id = f.document_id";

/// Decides over the facts of some keys.
pub(super) fn resolve(tx: &Connection, fact_keys: &BTreeSet<String>, corrections: &Corrections) -> rusqlite::Result<()> {
    let mut select = tx.prepare(&format!("SELECT {COLUMNS} WHERE f.fact_key = ?1"))?;
    for fact_key in fact_keys {
        let statements =
            select.query_map([fact_key], statement)?.map(|row| row.map(|(_, statement)| statement)).collect::<rusqlite::Result<_>>()?;
        decide(tx, statements, corrections, true)?;
    }
    Ok(())
}

/// Decides over all facts of a new database; most have one statement and need no decision.
pub(super) fn resolve_all(tx: &Connection, corrections: &Corrections) -> rusqlite::Result<()> {
    let mut select = tx.prepare(&format!(
        "SELECT {COLUMNS} WHERE f.fact_key IN (SELECT fact_key FROM figures GROUP BY fact_key HAVING count(*) > 1) ORDER BY f.fact_key"
    ))?;
    let mut group: (String, Vec<Statement>) = Default::default();
    for row in select.query_map([], statement)? {
        let (fact_key, statement) = row?;
        if group.0 != fact_key {
            decide(tx, std::mem::take(&mut group.1), corrections, false)?;
            group.0 = fact_key;
        }
        group.1.push(statement);
    }
    decide(tx, group.1, corrections, false)
}

fn statement(row: &Row) -> rusqlite::Result<(String, Statement)> {
    let is_transcription = row.get::<_, String>(15)? == "transcription";
    let rank = (row.get::<_, String>(7)? != "core", is_transcription, row.get(16)?, row.get(11)?, row.get(1)?);
    let statement = Statement {
        id: row.get(1)?,
        figure_key: row.get(2)?,
        answer: Answer { comparator: row.get(3)?, low: plain(row.get(4)?), high: plain(row.get(5)?) },
        decimals: row.get(6)?,
        rejected: row.get::<_, String>(8)? == "rejected",
        report: row.get(12)?,
        newness: (row.get(13)?, row.get(14)?),
        rank,
        is_transcription,
        verdict: Verdict { agreement: row.get(9)?, is_preferred: row.get(10)? },
    };
    Ok((row.get(0)?, statement))
}

/// Writes the verdicts over one fact, where they are not what the rows say already.
fn decide(tx: &Connection, mut statements: Vec<Statement>, corrections: &Corrections, had_links: bool) -> rusqlite::Result<()> {
    let before: Vec<Verdict> = statements.iter().map(|statement| statement.verdict.clone()).collect();
    let links = judge(&mut statements);
    for statement in &mut statements {
        if let Some(wanted) = corrections.preferred(&statement.figure_key) {
            statement.verdict.is_preferred = wanted;
        }
    }
    for (statement, _) in statements.iter().zip(&before).filter(|(statement, before)| statement.verdict != **before) {
        tx.prepare_cached("UPDATE figures SET agreement = ?2, is_preferred = ?3 WHERE id = ?1")?.execute(params![
            statement.id,
            statement.verdict.agreement,
            statement.verdict.is_preferred
        ])?;
    }
    if had_links {
        for statement in &statements {
            let mut select = tx.prepare_cached("SELECT to_id FROM figure_links WHERE from_id = ?1 AND relation = 'restates'")?;
            let old: Vec<i64> = select.query_map([statement.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            for to in old.into_iter().filter(|to| !links.contains(&(statement.id, *to))) {
                tx.prepare_cached("DELETE FROM figure_links WHERE from_id = ?1 AND to_id = ?2 AND relation = 'restates'")?
                    .execute([statement.id, to])?;
            }
        }
    }
    for (from, to) in links {
        tx.prepare_cached("INSERT OR IGNORE INTO figure_links (from_id, to_id, relation) VALUES (?1, ?2, 'restates')")?
            .execute([from, to])?;
    }
    Ok(())
}

/// The statements of one report: each different answer with its statements, the best first.
struct Voice {
    newness: (String, i64),
    answers: Vec<Vec<usize>>,
    /// Of a transcription that says what its report does not.
    stray: Vec<usize>,
}

/// Sets the verdicts over one fact; what it returns are links from a restatement to what it replaces.
fn judge(statements: &mut [Statement]) -> Vec<(i64, i64)> {
    for statement in statements.iter_mut() {
        statement.verdict = Verdict { agreement: "sole".to_string(), is_preferred: !statement.rejected };
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
    let say = |statements: &mut [Statement], at: usize, agreement: &str, is_preferred: bool| {
        statements[at].verdict = Verdict { agreement: agreement.to_string(), is_preferred };
    };
    if voices.iter().all(|(_, voice)| voice.answers.len() == 1) {
        let (winner, others) = voices.split_first().expect("there are statements");
        let best = winner.1.answers[0][0];
        let mut worst = if winner.1.answers[0].len() > 1 { "same" } else { "sole" };
        for (_, voice) in others {
            let other = voice.answers[0][0];
            let agreement = match () {
                () if statements[best].answer == statements[other].answer => "same",
                () if consistent(&statements[best], &statements[other]) => "consistent",
                () if voice.newness == winner.1.newness => "conflict",
                () => "restated",
            };
            if agreement == "restated" {
                links.push((statements[best].id, statements[other].id));
            }
            voice.answers[0].iter().for_each(|&at| say(statements, at, agreement, false));
            worst = worse(worst, agreement);
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
                    say(statements, at, "several", is_news && nth == 0);
                }
            }
        }
    }
    for (_, voice) in voices.iter().filter(|(_, voice)| !voice.stray.is_empty()) {
        voice.stray.iter().for_each(|&at| say(statements, at, "conflict", false));
        if let [answer] = &voice.answers[..] {
            for &at in answer {
                statements[at].verdict.agreement = "conflict".to_string();
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
        match known.get(&(statement.report.as_str(), &statement.answer)) {
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

fn worse(left: &'static str, right: &'static str) -> &'static str {
    let order = ["sole", "same", "consistent", "restated", "conflict"];
    let at = |word| order.iter().position(|known| *known == word);
    if at(left) < at(right) { right } else { left }
}

/// A decimal without the noughts at its end: 18.0 and 18 are one number.
fn plain(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
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
    let (low, high) = (decimal(&statement.answer.low).minus(&half), decimal(&statement.answer.high).plus(&half));
    match (statement.answer.comparator.as_str(), high.is_negative()) {
        (">" | ">=", false) => (Some(low), None),
        (">" | ">=", true) => (None, Some(high)),
        ("<" | "<=", false) => (Some(Decimal::zero()), Some(high)),
        ("<" | "<=", true) => (Some(low), Some(Decimal::zero())),
        _ => (Some(low), Some(high)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(id: i64, value: &str, report: &str, end: &str) -> Statement {
        let decimals = value.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
        Statement {
            id,
            figure_key: format!("f{id}"),
            answer: Answer { comparator: "=".into(), low: plain(value.into()), high: plain(value.into()) },
            decimals: Some(decimals),
            rejected: false,
            report: report.into(),
            newness: (end.into(), 1),
            rank: (false, false, "a.txt".into(), id, id),
            is_transcription: false,
            verdict: Verdict { agreement: String::new(), is_preferred: false },
        }
    }

    fn verdicts(mut statements: Vec<Statement>) -> (Vec<String>, Vec<(i64, i64)>) {
        let links = judge(&mut statements);
        statements.sort_by_key(|statement| statement.id);
        let words = statements.iter().map(|one| format!("{}{}", one.verdict.agreement, if one.verdict.is_preferred { "*" } else { "" }));
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
        over.answer.comparator = ">".into();
        assert_eq!(verdicts(vec![over.clone(), said(2, "1536000", "b", "2020")]).0, ["consistent", "consistent*"]);
        assert_eq!(verdicts(vec![over, said(2, "1400000", "b", "2020")]).0, ["restated", "restated*"]);
    }
}
