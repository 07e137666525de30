//! Words that bind a number to what it measures: the tables of `data/zh/` that the stage `bind` reads.

use super::lexicon::Lexicon;
use super::table::Tables;
use crate::error::Result;
use crate::model::Modality;
use serde::Deserialize;

/// What a time word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeWord {
    /// The report's year.
    Year,
    /// The report's period.
    Period,
    /// Its last day.
    End,
    /// The last day of the report's calendar year.
    YearEnd,
    /// Its first day.
    Start,
    /// January to March.
    FirstQuarter,
    /// January to June.
    FirstHalf,
    /// July to December.
    SecondHalf,
    /// The year before.
    LastYear,
    /// The year before that.
    BeforeLast,
    /// The year after the report's.
    NextYear,
    /// The report's period, a year before.
    LastYearSame,
    /// The last day of the year before.
    LastEnd,
    /// The period before.
    LastPeriod,
    /// The base year, named beside it.
    Base,
}

/// How far a word of promise or plan reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The number's own clause.
    Clause,
    /// Its own clause, which it must begin.
    Head,
    /// All that follows in the sentence.
    Sentence,
}

/// Words around a name.
#[derive(Debug)]
pub struct LabelWords {
    /// Between name and number, ending at the number.
    pub link: Lexicon<()>,
    /// Before the name.
    pub lead: Lexicon<()>,
    /// The name begins behind it.
    pub cut: Lexicon<()>,
    /// The name behind a counter ends before it.
    pub stop: Lexicon<()>,
    /// Verbs that say only that something was done; a lead where a name of two characters or more is left.
    pub verb: Lexicon<()>,
    /// Words that begin like a lead and are none: 可再生, 共享, 从业.
    pub keep_first: Lexicon<()>,
    /// Words that end like a link and are none: 履约, 公共, 自有.
    pub keep_last: Lexicon<()>,
}

/// All of them.
#[derive(Debug)]
pub struct Grammar {
    /// Time words without a numeral.
    pub time: Lexicon<TimeWord>,
    /// Words around a name.
    pub label: LabelWords,
    /// Words of promise, plan, rule: what they make of a figure, and how far.
    pub modality: Lexicon<(Modality, Reach)>,
}

#[derive(Deserialize)]
struct TimeRow {
    word: String,
    means: String,
}
#[derive(Deserialize)]
struct LabelRow {
    word: String,
    role: String,
}
#[derive(Deserialize)]
struct ModalityRow {
    word: String,
    modality: String,
    reach: String,
}

impl Grammar {
    pub(super) fn read(tables: &Tables) -> Result<Grammar> {
        let mut time = Vec::new();
        for row in tables.rows::<TimeRow>("zh/time_words.csv")? {
            let means = match row.fields.means.as_str() {
                "year" => TimeWord::Year,
                "period" => TimeWord::Period,
                "end" => TimeWord::End,
                "year_end" => TimeWord::YearEnd,
                "start" => TimeWord::Start,
                "q1" => TimeWord::FirstQuarter,
                "h1" => TimeWord::FirstHalf,
                "h2" => TimeWord::SecondHalf,
                "last_year" => TimeWord::LastYear,
                "before_last" => TimeWord::BeforeLast,
                "next_year" => TimeWord::NextYear,
                "last_year_same" => TimeWord::LastYearSame,
                "last_end" => TimeWord::LastEnd,
                "last_period" => TimeWord::LastPeriod,
                "base" => TimeWord::Base,
                other => return Err(row.at.unknown("means", other, "a word of the table's header")),
            };
            time.push((row.fields.word, means));
        }
        let mut roles: [Vec<(String, ())>; 6] = Default::default();
        for row in tables.rows::<LabelRow>("zh/label_words.csv")? {
            let role = match row.fields.role.as_str() {
                "link" => 0,
                "lead" => 1,
                "cut" => 2,
                "stop" => 3,
                "keep" => 4,
                "verb" => 5,
                other => return Err(row.at.unknown("role", other, "link, lead, cut, stop, keep or verb")),
            };
            roles[role].push((row.fields.word, ()));
        }
        let [link, lead, cut, stop, keep, verb] = roles;
        let mut modality = Vec::new();
        for row in tables.rows::<ModalityRow>("zh/modality_words.csv")? {
            let word = Modality::from_word(&row.fields.modality)
                .ok_or_else(|| row.at.unknown("modality", &row.fields.modality, &Modality::WORDS.join(" ")))?;
            let reach = match row.fields.reach.as_str() {
                "clause" => Reach::Clause,
                "head" => Reach::Head,
                "sentence" => Reach::Sentence,
                other => return Err(row.at.unknown("reach", other, "clause, head or sentence")),
            };
            modality.push((row.fields.word, (word, reach)));
        }
        Ok(Grammar {
            time: Lexicon::new(time),
            label: LabelWords {
                link: Lexicon::backwards(link),
                lead: Lexicon::new(lead),
                verb: Lexicon::new(verb),
                cut: Lexicon::new(cut),
                stop: Lexicon::new(stop),
                keep_first: Lexicon::new(keep.clone()),
                keep_last: Lexicon::backwards(keep),
            },
            modality: Lexicon::new(modality),
        })
    }
}
