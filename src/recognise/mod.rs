//! Text -> Mentions: every numeral of a stretch of text is a quantity's, a date's or a refusal's.
//!
//! In:  folded text (see [`Folded`](crate::model::Folded)) and what dates need from around it.
//! Out: mentions in reading order that do not overlap; no numeral is left over.
//!
//! One pass from left to right. At a numeral the readers are asked in this order: decoy words, standards and document numbers,
//! letters grown together with digits, dates, ordinals and ranks, quantities. A quantity without a unit waits for the list it
//! stands in (「6.3万、3.1万和3.2万个」) and is refused where nothing speaks for it.

mod compare;
pub mod date;
mod decoy;
mod list;
mod numeral;
mod quantity;
mod rank;
mod tier;
mod unit;

use crate::decimal::Decimal;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::knowledge::words::Words;
use crate::model::{Amount, Comparator, Grain, Mention, Period, Quantity, Reading, Reason, Tier, UnitRole};
use date::Calendar;
use numeral::{arabic, numeral};
use quantity::Read;
use std::ops::Range;

/// What the reader of a stretch of text knows of its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// For dates.
    pub calendar: Calendar,
    /// What 「元」 is: CNY, TWD.
    pub currency: &'a str,
    /// A cell or a typed value: a bare number is a quantity there.
    pub cell: bool,
}

/// The mentions of a stretch of folded text.
///
/// ```
/// use reportsql::{knowledge::Knowledge, model::Reading, recognise};
/// let knowledge = Knowledge::read(None).unwrap();
/// let calendar = recognise::date::Calendar { year: 2019, roc: false };
/// let context = recognise::Context { calendar, currency: "CNY", cell: false };
/// let text: Vec<char> = "2019年5G基站约6.2万个".chars().collect();
/// let mentions = recognise::mentions(&text, &context, &knowledge);
/// assert_eq!(mentions.len(), 3); // a date, a model, a quantity
/// let Reading::Quantity(stations) = &mentions[2].reading else { panic!() };
/// assert_eq!((stations.unit.as_str(), stations.comparator.word()), ("个", "~"));
/// ```
pub fn mentions(chars: &[char], context: &Context<'_>, knowledge: &Knowledge) -> Vec<Mention> {
    let mut reader = Reader { chars, context, words: &knowledge.words, knowledge, free: 0, last_date: None, last_ordinal: 0 };
    let mut found: Vec<Candidate> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !reader.words.begins(chars[at]) {
            at += 1;
            continue;
        }
        let (candidate, end) = reader.numeral(at);
        if let Some(Candidate::Done(Mention { reading: Reading::Date(period), span })) = &candidate
            && !reader.is_base(span)
        {
            reader.last_date = Some((*period, span.clone()));
        }
        if let Some(Candidate::Done(Mention { reading: Reading::Refusal(Reason::Ordinal), span })) = &candidate {
            reader.last_ordinal = span.end;
        }
        at = end.max(at + 1);
        if candidate.is_some() {
            reader.free = at;
        }
        found.extend(candidate);
    }
    list::share(chars, &mut found);
    // Collected in place they would keep the room of the candidates, four times their own in most cells of a table.
    let mut mentions = Vec::with_capacity(found.len());
    mentions.extend(found.into_iter().map(|candidate| reader.decided(candidate)));
    mentions
}

/// The mentions of a table's cell: a bare number is a quantity, brackets make it negative.
pub fn cell(chars: &[char], context: &Context<'_>, knowledge: &Knowledge) -> Vec<Mention> {
    let mut found = mentions(chars, context, knowledge);
    let digits = |c: &char| c.is_ascii_digit();
    if let [mention] = &mut found[..] {
        let bracketed = chars.first() == Some(&'(') && chars.last() == Some(&')')
            || chars.first() == Some(&'(') && chars.get(mention.span.end) == Some(&')');
        if let (true, Reading::Quantity(quantity)) = (bracketed && chars.iter().any(digits), &mut mention.reading) {
            if let Amount::One(value) = &quantity.amount {
                quantity.amount = Amount::One(value.clone().abs().negated());
            }
            mention.span = 0..chars.len();
        }
    }
    found
}

/// The unit that a text is, perhaps behind a multiplier: 「千港元」 is (3, HKD), 「港仙」 (-2, HKD), 「人民币百万元」
/// (6, CNY), 「%」 (0, %).
pub fn unit(chars: &[char], currency: &str, knowledge: &Knowledge) -> Option<(i32, String)> {
    // What goes on in digits would make a longer number of the one put in front.
    if chars.first().is_none_or(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '/' | '-' | ':')) {
        return None;
    }
    let behind = |front: usize| {
        let numbered = [&chars[..front], &['1'], &chars[front..]].concat();
        let read = quantity::quantity(&numbered, front, &knowledge.words, currency)?;
        (read.span.end == numbered.len() && !read.quantity.unit.is_empty()).then_some(read)
    };
    // 人民币百万元: the currency stands before the number.
    let front = (1..chars.len()).rev().find(|end| knowledge.words.currencies.before(chars, *end).is_some_and(|(length, _)| length == *end));
    let read = behind(0).or_else(|| behind(front?))?;
    // A part of a unit stands in the amount: one 港仙 is 0.01 of a dollar.
    let Amount::One(one) = &read.quantity.amount else { return None };
    let scale = if read.quantity.scale == 0 { -one.decimals() } else { read.quantity.scale };
    Some((scale, read.quantity.unit))
}

/// A numeral under way.
enum Candidate {
    /// Read to the end.
    Done(Mention),
    /// A quantity that a list, or what stands around it, still decides on.
    Open(Read),
}

/// What a reader came to at a numeral: nothing, or a candidate; and where to go on.
type Found = (Option<Candidate>, usize);

fn done(span: Range<usize>, reading: Reading) -> Found {
    let end = span.end;
    (Some(Candidate::Done(Mention { span, reading })), end)
}

/// One pass over a text.
struct Reader<'a> {
    chars: &'a [char],
    context: &'a Context<'a>,
    words: &'a Words,
    knowledge: &'a Knowledge,
    /// Nothing before it may be taken any more.
    free: usize,
    /// The last date named, and where it stands.
    last_date: Option<(Period, Range<usize>)>,
    /// Where the last ordinal ends.
    last_ordinal: usize,
}

impl Reader<'_> {
    fn refusal(&self, (span, reason): decoy::Refused) -> Found {
        done(span.start.max(self.free)..span.end, Reading::Refusal(reason))
    }

    /// What the numeral at `at` is, and where to go on.
    fn numeral(&self, at: usize) -> Found {
        let Reader { chars, context, words, .. } = *self;
        if let Some(refused) = decoy::word(chars, at, words) {
            return self.refusal(refused);
        }
        let ascii = chars[at].is_ascii_digit();
        let (digits_end, value) = if ascii {
            let (digits, exponent, end, _) = arabic(chars, at);
            let whole = exponent == 0 && digits.len() <= 4;
            (end, whole.then(|| digits.iter().fold(0, |value, &digit| value * 10 + u32::from(digit))))
        } else {
            (at, None)
        };
        if ascii {
            let refused = decoy::standard(chars, at, digits_end, words)
                .or_else(|| decoy::document(chars, at, digits_end))
                .or_else(|| decoy::sum(chars, at, digits_end))
                .or_else(|| decoy::clock(chars, at, digits_end, value, words))
                .or_else(|| decoy::telephone(chars, at, words))
                .or_else(|| decoy::code(chars, at, digits_end, words))
                .or_else(|| decoy::round_the_clock(chars, at, digits_end, value, words));
            if let Some(refused) = refused {
                return self.refusal(refused);
            }
            if let Some(refused) = decoy::item(chars, at).filter(|_| !context.cell) {
                return self.refusal(refused);
            }
        }
        if !context.cell
            && let Some(found) = self.date(at)
        {
            return found;
        }
        if let Some(read) = rank::rank(chars, at, words) {
            let end = read.span.end;
            let mention = Mention { span: read.span.start.max(self.free)..end, reading: Reading::Quantity(read.quantity) };
            return (Some(Candidate::Done(mention)), end);
        }
        // 第1、2、3批次: one 第 for a list.
        let listed = at > 1 && self.last_ordinal == at - 1 && matches!(chars[at - 1], '、' | '和' | '及' | '与');
        if at > 0 && chars[at - 1] == '第' || listed && numeral(chars, at, words).is_some() {
            return self.milestone(at).unwrap_or_else(|| self.refusal(self.ordinal(at, listed)));
        }
        self.counted(at, digits_end)
    }

    /// 下线第50万套系统: as many there have been.
    fn milestone(&self, at: usize) -> Option<Found> {
        let mut read = quantity::quantity(self.chars, at, self.words, self.context.currency)?;
        if read.quantity.scale < 4 || read.quantity.unit_role == UnitRole::Measure || read.quantity.unit.is_empty() {
            return None;
        }
        read.span.start = (at - 1).max(self.free);
        let end = read.span.end;
        Some((Some(Candidate::Open(read)), end))
    }

    /// 第四批, 第27页.
    fn ordinal(&self, at: usize, listed: bool) -> decoy::Refused {
        let Reader { chars, words, .. } = *self;
        let mut end = numeral(chars, at, words).map_or(at + 1, |numeral| numeral.end);
        // 第1-3期
        if matches!(chars.get(end), Some('-' | '至' | '~')) {
            let begin = end + 1 + usize::from(chars.get(end + 1) == Some(&'第'));
            end = numeral(chars, begin, words).map_or(end, |numeral| numeral.end);
        }
        let page = matches!(chars.get(end), Some('页' | '版'));
        let reason = if page && chars[end] == '页' { Reason::Page } else { Reason::Ordinal };
        (at - usize::from(!listed)..end + usize::from(words.units.at(chars, end).is_some()), reason)
    }

    /// Is something compared with this date? 较2020年; 是2021年的4.2倍. What follows is not about its year.
    fn is_base(&self, span: &Range<usize>) -> bool {
        let times = || {
            let digits =
                self.chars[span.end + 1..].iter().take_while(|c| c.is_ascii_digit() || **c == '.' || self.words.numeral(**c)).count();
            digits > 0 && self.chars.get(span.end + 1 + digits) == Some(&'倍')
        };
        self.words.cues.before(Cue::Against, self.chars, span.start).is_some() || self.chars.get(span.end) == Some(&'的') && times()
    }

    /// Does a year end with its clause, since a word moved it? 去年11月跌到…，11月初完成….
    fn aside(&self, span: &Range<usize>, at: usize) -> bool {
        let moved = span.start >= 2 && matches!(self.chars[span.start - 2..span.start], ['去' | '上' | '明' | '来', '年']);
        moved && self.chars[span.end..at].iter().any(|c| matches!(c, ',' | '。' | ';'))
    }

    /// The date at `at`, or a day of the month just named.
    fn date(&self, at: usize) -> Option<Found> {
        let Reader { chars, context, words, .. } = *self;
        let last_year = self.last_date.as_ref().filter(|(_, span)| !self.aside(span, at)).map(|(period, _)| period.end.year);
        if let Some(dated) = date::date(chars, at, words, context.calendar, last_year).filter(|dated| dated.end > at) {
            return Some(done(at..dated.end, Reading::Date(dated.period)));
        }
        let lead = at.checked_sub(1).map_or(' ', |before| chars[before]);
        if !matches!(lead, '至' | '到' | '-' | '~' | '—' | '、' | '和' | '及' | '月') {
            return None;
        }
        let day = numeral(chars, at, words).filter(|day| day.scale == 0 && !day.grouped && day.end - at <= 3 && day.inside.is_none())?;
        let number = u8::try_from(day.value.to_u32()?).ok().filter(|day| (1..=31).contains(day))?;
        if !matches!(chars.get(day.end), Some('日' | '号')) {
            return None;
        }
        if lead == '月' {
            // 每月25日 is no day of one month.
            return Some(self.refusal((at..day.end + 1, Reason::Ordinal)));
        }
        let (mut named, end) = self.last_date.as_ref().filter(|(_, span)| span.end + 1 == at).map(|(period, span)| (*period, span.end))?;
        let period = named;
        (named.start.day, named.end.day) = (number, number);
        let sound = matches!(period.grain, Grain::Instant | Grain::Month) && named.end.exists() && end > 0;
        (sound && period.grain == Grain::Instant).then(|| done(at..day.end + 1, Reading::Date(named)))
    }

    /// A quantity, or one of the shapes that only look like one.
    fn counted(&self, at: usize, digits_end: usize) -> Found {
        let Reader { chars, context, words, .. } = *self;
        let ascii = chars[at].is_ascii_digit();
        // 零下25度: the sign of the number behind it.
        if let ['零', '下', next, ..] = chars[at..]
            && (next.is_ascii_digit() || words.numeral(next))
        {
            return (None, at + 1);
        }
        if chars[at] == '翻' {
            return match doubled(chars, at, words) {
                Some(read) => {
                    let end = read.span.end;
                    let span = read.span.start.max(self.free)..end;
                    (Some(Candidate::Done(Mention { span, reading: Reading::Quantity(read.quantity) })), end)
                }
                None => (None, at + 1),
            };
        }
        let chinese = if ascii { None } else { numeral(chars, at, words) };
        let number_end = if ascii { digits_end } else { chinese.as_ref().map_or(at, |numeral| numeral.end) };
        if number_end > at && !(context.cell && ascii) {
            let value = chinese.as_ref().and_then(|numeral| numeral.value.to_u32()).filter(|value| *value < 1000);
            let refused = decoy::label(chars, at, number_end).or_else(|| {
                if ascii {
                    decoy::version(chars, at, digits_end, words)
                } else {
                    decoy::clock(chars, at, number_end, value, words)
                        .or_else(|| decoy::round_the_clock(chars, at, number_end, value, words))
                }
            });
            if let Some(refused) = refused {
                return self.refusal(refused);
            }
        }
        let read = quantity::quantity(chars, at, words, context.currency);
        if ascii {
            let unit_end =
                read.as_ref().filter(|read| !read.quantity.unit.is_empty()).map(|read| read.quantity.unit_span.end.max(digits_end));
            if let Some(refused) = decoy::model(chars, at, digits_end, unit_end, words) {
                return self.refusal(refused);
            }
            if let Some(refused) = decoy::band(chars, at, digits_end, words) {
                return self.refusal(refused);
            }
            if let Some(read) = read.as_ref().filter(|read| generation(chars, read, words)) {
                return self.refusal((read.digits..read.digits + 2, Reason::Model));
            }
        }
        let Some(mut read) = read else {
            // 数, 几 and 半 without a scale, 成 of 成立: no numeral at all, unless a digit was there.
            let end = numeral(chars, at, words).map_or(at + 1, |numeral| numeral.end);
            let plain = ascii || words.numeral(chars[at]) && !words.formal(chars[at]);
            return if plain { self.refusal((at..end, Reason::Phrase)) } else { (None, at + 1) };
        };
        if !context.cell {
            let noted = read.quantity.rule == "range" && at > 0 && matches!(chars[at - 1], '图' | '表' | '注');
            let listed = if read.bare || noted { decoy::list(chars, at, digits_end.max(at + 1)) } else { None };
            if let Some(refused) = listed.or_else(|| {
                decoy::quoted(chars, at, read.span.end)
                    .filter(|_| read.bare || read.small_chinese)
                    .or_else(|| decoy::titled(chars, at, read.span.end))
            }) {
                return self.refusal(refused);
            }
        }
        read.span.start = read.span.start.max(self.free);
        let end = read.span.end;
        (Some(Candidate::Open(read)), end)
    }

    /// Decides on an open quantity by what stands around it.
    fn decided(&self, candidate: Candidate) -> Mention {
        let Reader { chars, context, words, .. } = *self;
        let mut read = match candidate {
            Candidate::Done(mention) => return mention,
            Candidate::Open(read) => read,
        };
        let span = read.span.clone();
        let refused = |reason| Mention { span: span.clone(), reading: Reading::Refusal(reason) };
        let scales_first = words.scale(chars[read.digits]).is_some() && chars[read.digits] != '十';
        if context.cell && fills(chars, &span) {
            // 亿元 in a cell is the unit of its row, no quantity.
            let unit_of_row = scales_first && read.quantity.comparator == Comparator::Equal;
            return if unit_of_row { refused(Reason::Phrase) } else { Mention { span, reading: Reading::Quantity(read.quantity) } };
        }
        let next = chars.get(span.end).copied().unwrap_or('。');
        let ascii = chars[read.digits].is_ascii_digit();
        if read.bare {
            if let Some(year) = lone_year(chars, &span, read.digits, next) {
                return Mention { span, reading: Reading::Date(Period::year(year)) };
            }
            let nought = chars[read.digits] == '零' && span.end - read.digits == 1 && is_none(chars, span.start, next);
            if !stands_alone(chars, &span, read.digits, next, words) && !nought {
                let long = span.end - read.digits >= 5 && chars[read.digits..span.end].iter().all(char::is_ascii_digit);
                let reason = if long {
                    Reason::Phone
                } else if ascii {
                    Reason::Other
                } else {
                    Reason::Phrase
                };
                return refused(reason);
            }
        }
        // A scale alone (百, 千万) needs a word that makes it a quantity; 百亿级 and 万级 are classes.
        let only_scales = scales_first && read.quantity.rule == "quantity";
        let scale_alone = only_scales && read.quantity.unit.is_empty() && read.quantity.comparator == Comparator::Equal;
        let noun = span.end + usize::from(next == ' ');
        if scale_alone && (words.counted.at(chars, noun).is_none() && next != '个' || next == '级') {
            return refused(Reason::Phrase);
        }
        // (人民币百万元), 单位:千港元, 以百万元计: what the numbers of a table are counted in.
        let caption = only_scales && read.quantity.unit_role == UnitRole::Measure && read.quantity.comparator == Comparator::Equal;
        if caption && counts_in(chars, &span, read.digits, next) {
            return refused(Reason::Phrase);
        }
        // 二期, 二次, 二级: 二 before a counter puts in order, 两 counts.
        let unit = &chars[read.quantity.unit_span.clone()];
        let ordered = read.small_chinese
            && chars[read.digits] == '二'
            && matches!(unit, ['期' | '级' | '次' | '类' | '季' | '线' | '星' | '层' | '楼']);
        let phase = read.small_chinese
            && matches!(unit, ['期'])
            && chars[read.digits] != '两'
            && (words.cues.at(Cue::Phase, chars, span.end).is_some() || words.cues.before(Cue::PhaseFront, chars, span.start).is_some());
        if ordered || phase {
            return refused(Reason::Ordinal);
        }
        if read.quantity.unit.is_empty() {
            self.take_noun(&mut read, noun);
        }
        if matches!(read.quantity.unit.as_str(), "位" | "名" | "个")
            && words.cues.before(Cue::Moved, chars, span.start).is_some()
            && !next.is_alphabetic()
            && unit != ['个']
        {
            read.quantity.unit = "rank".into();
            read.quantity.unit_role = UnitRole::Measure;
        }
        if tier::minor(chars, &read, self.knowledge) {
            read.quantity.tier = Tier::Minor;
        }
        Mention { span, reading: Reading::Quantity(read.quantity) }
    }

    /// The counted noun is the unit where none was written: 近1500万用户, 百万个人和小店用户, 住户总数达3.2亿.
    fn take_noun(&self, read: &mut Read, noun: usize) {
        let Reader { chars, words, .. } = *self;
        let quantity = &mut read.quantity;
        let end = read.span.end;
        let behind = words.counted.at(chars, noun).map(|(_, unit)| unit.clone());
        let ahead = || if quantity.scale > 0 { users_ahead(chars, noun) } else { None };
        let before = || if quantity.scale > 0 || read.bare { named_before(chars, read.span.start, words) } else { None };
        if let Some(unit) = behind.or_else(ahead).or_else(before) {
            quantity.unit = unit;
            quantity.unit_role = UnitRole::Noun;
            quantity.unit_span = end..end;
        }
    }
}

/// Do the words around a multiplier with its unit only say what numbers are counted in?
fn counts_in(chars: &[char], span: &Range<usize>, digits: usize, next: char) -> bool {
    let lead = span.start.checked_sub(1).map_or('(', |before| chars[before]);
    let ends = !next.is_alphanumeric() || matches!(next, '计' | '列' | '为');
    let led = matches!(lead, '(' | ':' | '位' | '以' | '按' | '/' | ' ' | ',') || span.start == 0;
    ends && (led || span.start < digits)
}

/// Does this word begin at `at`?
fn starts(chars: &[char], at: usize, word: &str) -> bool {
    let mut rest = chars.get(at..).unwrap_or(&[]).iter();
    word.chars().all(|c| rest.next() == Some(&c))
}

/// Does this word end before `at`?
fn ends(chars: &[char], at: usize, word: &str) -> bool {
    let length = word.chars().count();
    at >= length && chars[at - length..at].iter().copied().eq(word.chars())
}

/// Does a quantity fill its cell, brackets and marks aside? 「范畴一」 and 「5G基站」 are row heads.
fn fills(chars: &[char], span: &Range<usize>) -> bool {
    let letter = |c: &char| c.is_alphanumeric();
    let around = chars.len() - span.len();
    around <= 64 && !chars[..span.start].iter().any(letter) && !chars[span.end..].iter().any(|c| letter(c) && !c.is_ascii_digit())
}

/// 5G, 4K: a small whole number and one letter name a generation, they are no bandwidth; 1G of a bandwidth and 8G of memory are.
fn generation(chars: &[char], read: &Read, words: &Words) -> bool {
    let letter = chars.get(read.digits + 1);
    let named = matches!(letter, Some('G' | 'K' | 'B'))
        && chars[read.digits].is_ascii_digit()
        && !chars.get(read.digits + 2).is_some_and(char::is_ascii_alphanumeric);
    let mobile = matches!(chars[read.digits], '2'..='6') || letter != Some(&'G');
    let longer = read.digits > 0 && (chars[read.digits - 1].is_ascii_digit() || chars[read.digits - 1] == '.');
    named && !longer && (mobile || read.quantity.unit == "Gbit/s" && words.cues.at(Cue::Speed, chars, read.span.end).is_none())
}

/// 翻番, 翻一番, 翻了两番, 翻倍: one doubling is +100 %, two are +300 %.
fn doubled(chars: &[char], at: usize, words: &Words) -> Option<Read> {
    let mut place = at + 1;
    place += usize::from(chars.get(place) == Some(&'了'));
    let mut inside = None;
    for (word, found) in [("近", Comparator::About), ("约", Comparator::About), ("超过", Comparator::Over), ("将近", Comparator::About)]
    {
        if starts(chars, place, word) {
            (inside, place) = (Some(found), place + word.chars().count());
            break;
        }
    }
    let (times, mark) = match chars.get(place)? {
        '番' | '倍' if place == at + 1 => (1, place),
        &c => (words.digit(c).filter(|times| (1..=6).contains(times))?, place + 1),
    };
    let turned = match chars.get(mark)? {
        '番' | '翻' => true,
        '倍' => mark == at + 1,
        _ => false,
    };
    if !turned {
        return None;
    }
    let (mut start, mut end) = (at, mark + 1);
    let mut comparator = inside;
    if let Some((begin, found)) = compare::before(chars, at, words) {
        (start, comparator) = (begin, Some(found));
    }
    if let Some((reach, found)) = compare::after(chars, end, false, false, words) {
        (end, comparator) = (reach, comparator.or(Some(found)));
    }
    let growth = (1u64 << times) - 1;
    let quantity = Quantity {
        amount: Amount::One(Decimal::from(growth * 100)),
        unit: "%".into(),
        unit_span: end..end,
        scale: 0,
        comparator: comparator.unwrap_or(Comparator::Equal),
        tier: Tier::Core,
        unit_role: UnitRole::Measure,
        rule: "doubling",
    };
    Some(Read { span: start..end, digits: at, quantity, bare: false, small_chinese: false })
}

/// A year without its word: 「2020 目标」, 「CSR 2019」.
fn lone_year(chars: &[char], span: &Range<usize>, digits: usize, next: char) -> Option<i32> {
    if span.end != digits + 4 || span.start != digits || matches!(next, '-' | '/' | '.' | '×' | ':' | '+') || next.is_ascii_alphabetic() {
        return None;
    }
    let year = chars[digits..span.end].iter().try_fold(0, |year, c| Some(year * 10 + c.to_digit(10)? as i32))?;
    let joined = digits > 0 && matches!(chars[digits - 1], '-' | '/' | '.' | ':' | '#' | '达' | '为' | '是' | '得');
    ((1990..=2060).contains(&year) && !joined).then_some(year)
}

/// 投诉为零, 降至零, 事故零: nothing at all.
fn is_none(chars: &[char], start: usize, next: char) -> bool {
    let led = start > 0 && matches!(chars[start - 1], '为' | '至' | '到' | '是' | '达');
    led && !next.is_alphanumeric()
}

/// A bare Arabic number is a quantity where a word of measuring leads to it and nothing follows: 「频率0.62,」.
fn stands_alone(chars: &[char], span: &Range<usize>, digits: usize, next: char, words: &Words) -> bool {
    // Of Chinese numerals those that nobody would write for a word: 三十六万七千.
    let ascii = chars[digits].is_ascii_digit();
    if ascii && from_one_to_another(chars, span, words) {
        return true;
    }
    let composed = span.end - digits >= 2 && chars[digits..span.end].iter().any(|&c| words.scale(c).is_some());
    if !ascii && !composed || next.is_alphanumeric() || matches!(next, '-' | '+' | '/' | '(' | ':' | '×' | '=') {
        return false;
    }
    let mut before = span.start;
    while before > 0 && matches!(chars[before - 1], ' ' | ')') {
        if chars[before - 1] == ')' {
            match chars[..before].iter().rev().take(40).position(|c| *c == '(') {
                Some(back) => before -= back + 1,
                None => break,
            }
        } else {
            before -= 1;
        }
    }
    let last = if before == 0 { ' ' } else { chars[before - 1] };
    let fraction = chars[digits..span.end].contains(&'.');
    // 范围1:12,345.6 is a value, 比例1:3 is none.
    if last == ':' && chars[digits..span.end].contains(&',') {
        return true;
    }
    "率数比度值分量额为是达至到于得".contains(last) && last != ' ' || fraction && last.is_alphabetic() && !last.is_ascii()
}

/// 由1.68降至1.59: a value that a word of change leads away from.
fn from_one_to_another(chars: &[char], span: &Range<usize>, words: &Words) -> bool {
    let led = span.start > 0 && matches!(chars[span.start - 1], '由' | '从' | '的');
    led && words.cues.at(Cue::Away, chars, span.end).is_some()
}

/// 百万个人和小店用户, 2.4亿移动用户: the users a few characters ahead are what is counted.
fn users_ahead(chars: &[char], noun: usize) -> Option<String> {
    for at in noun..(noun + 9).min(chars.len()) {
        match chars[at] {
            '用' | '客' | '住' | '农' if chars.get(at + 1) == Some(&'户') => return Some("户".into()),
            '为' | '向' | '对' | '让' | '使' | '给' | '由' | '被' | '把' | '将' | '是' | '在' | '的' | '占' | '较' | '比' =>
            {
                return None;
            }
            c if !c.is_alphabetic() || c.is_ascii() => return None,
            _ => {}
        }
    }
    None
}

/// 住户总数达3.2亿: the name before the number says what is counted.
fn named_before(chars: &[char], start: usize, words: &Words) -> Option<String> {
    let mut end = start;
    while let Some(length) = words.cues.before(Cue::Reaching, chars, end) {
        end -= length;
    }
    // 人数, 户数, 次数 say it themselves.
    if end >= 2 && chars[end - 1] == '数' && matches!(chars[end - 2], '人' | '户' | '次' | '件' | '家' | '台' | '辆') {
        return Some(chars[end - 2].to_string());
    }
    end -= words.cues.before(Cue::Total, chars, end).unwrap_or(0);
    // 用户, 客户, 员工: a noun that counts, and ends right there.
    for length in (2..=3).rev().filter(|length| *length <= end) {
        let at = end - length;
        let counted = words.counted.at(&chars[..end], at).filter(|(found, unit)| *found == length && *unit != "个");
        let counted = counted.map(|(_, unit)| unit.clone());
        let noun = words.units.at(&chars[..end], at).filter(|(found, word)| *found == length && word.role == UnitRole::Noun);
        if let Some(unit) = counted.or_else(|| noun.map(|(_, word)| word.unit.clone())) {
            return Some(unit);
        }
    }
    None
}
