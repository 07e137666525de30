//! Tells headings from text and gives them their levels.
//!
//! In:  a line, and the styles of heading the document uses.
//! Out: its style and name; the tree that the headings of a document make.
//!
//! Three families of documents: numbered headings (一、 （一） 1. 1.1), where a short plain line is a caption; headings set off by
//! one or two blanks, with ◎ and ◆ below them; and plain short lines. A run of plain headings without text between goes down
//! a level each; a single one stands beside the last.

use super::lines::Line;
use crate::knowledge::cues::{Cue, Cues};
use crate::knowledge::words::Words;
use crate::model::{Heading, Level, Status};

/// How a heading is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// # of Markdown: how many
    Hash(u8),
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 专题一：
    Topic,
    /// 甲、, 壹、
    Stem,
    /// I. or Ⅰ.
    Roman,
    /// A.
    Letter,
    /// 【…】
    Bracket,
    /// ①, ▶, ▸
    Circled,
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 1. or 1 followed by a blank
    Number,
    /// 1.1, 1-1
    Decimal2,
    /// 1.1.1
    Decimal3,
    /// (1), 1)
    NumberBracket,
    /// ◎ ◆
    Symbol,
    /// 附：
    Appendix,
    /// 开篇：, 结语：
    Opening,
    /// 2019年採取的措施
    Measures,
    /// 案例：
    Case,
    /// No mark at all
    Plain,
    /// Larger or bolder than the text; 0 is the most prominent look
    Look(u8),
}

impl Style {
    /// Does a mark of this kind number the headings of a whole document?
    pub(crate) fn numbers(self) -> bool {
        use Style::{Chapter, Chinese, ChineseBracket, Decimal2, Decimal3, Hash, Roman, Section, Stem, Topic};
        matches!(self, Hash(_) | Chapter | Section | Topic | Stem | Roman | Chinese | ChineseBracket | Decimal2 | Decimal3)
    }
}

/// What kinds of heading a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Numbered,
    SetOff,
    Plain,
}

const SYMBOLS: &str = "◎◆■◇★☆▍▌▎□◉⊙❖✦§";
const POINTERS: &str = "▶►▸▹▷➤➢❯";
const SENTENCE: &str = "。;!?";

/// The family of a document, from its lines; and whether its numbered headings are of one level only.
pub(crate) fn family(lines: &[Line]) -> (Family, bool) {
    let (mut numbered, mut set_off) = (0, 0);
    let mut styles: Vec<Style> = Vec::new();
    for line in lines.iter().filter(|line| !line.furniture) {
        let found = line.mark;
        if let Some((style, _)) = found.filter(|(style, _)| style.numbers() || *style == Style::Number && line.gap)
            && !styles.contains(&style)
        {
            styles.push(style);
        }
        match found {
            Some((style, _)) if style.numbers() => numbered += 1,
            Some((Style::Number, _)) if line.gap => numbered += 1,
            None if (1..=3).contains(&line.lead) && short(line) && line.gap => set_off += 1,
            _ => {}
        }
    }
    let family = if numbered >= 3 {
        Family::Numbered
    } else if set_off >= 3 {
        Family::SetOff
    } else {
        Family::Plain
    };
    (family, styles.len() == 1)
}

/// The style of a line that carries a mark of a heading, and where its name begins.
pub(crate) fn marked(line: &Line, words: &Words) -> Option<(Style, usize)> {
    let chars = &line.chars;
    let first = *chars.first()?;
    let length = chars.iter().filter(|c| !matches!(c, ' ' | '\t')).count();
    if length > 40 || line.has("。;!?") || chars.last().is_some_and(|c| ",:、".contains(*c)) {
        return None;
    }
    let blank = |at: usize| at + chars[at.min(chars.len())..].iter().take_while(|c| matches!(c, ' ' | '\t')).count();
    let digit = |c: &char| words.digit(*c).is_some() || matches!(c, '十');
    if first == '#' {
        let count = chars.iter().take_while(|c| **c == '#').count();
        return (matches!(chars.get(count), Some(' ' | '\t')) && count <= 6).then(|| (Style::Hash(count as u8), blank(count)));
    }
    if first == '【' {
        let close = chars.iter().position(|c| *c == '】')?;
        // 【案例】河北公司
        if words.cues.is(Cue::CaseHead, &chars[1..close]) && close + 2 < chars.len() {
            return Some((Style::Case, blank(close + 1)));
        }
        return (close + 1 == chars.len() && (3..=22).contains(&close)).then_some((Style::Bracket, 1));
    }
    if ('①'..='⑳').contains(&first) || POINTERS.contains(first) {
        return (length <= 18 && !line.has(",")).then(|| (Style::Circled, blank(1)));
    }
    if let Some(found) = lettered(chars) {
        return Some(found);
    }
    if SYMBOLS.contains(first) {
        // A name, no item of a list: 「■ 车队：到2020年底有货车96辆，」.
        let year = year_in(&chars.iter().collect::<String>()).is_some() && chars.iter().filter(|c| c.is_ascii_digit()).count() == 4;
        let figures = !year && chars.windows(2).any(|pair| pair.iter().all(char::is_ascii_digit));
        return (length <= 24 && !line.has(",:") && !figures).then(|| (Style::Symbol, blank(1)));
    }
    if let Some(found) = worded(chars, &words.cues) {
        return found;
    }
    if measures(chars, &words.cues) {
        return Some((Style::Measures, 0));
    }
    if first == '第' {
        let end = 1 + chars[1..].iter().take_while(|c| digit(c) || c.is_ascii_digit()).count();
        let style = match chars.get(end) {
            Some('章' | '篇') => Style::Chapter,
            Some('部') if chars.get(end + 1) == Some(&'分') => Style::Chapter,
            Some('节') => Style::Section,
            _ => return None,
        };
        let name = blank(end + 1 + usize::from(style == Style::Chapter && chars[end] == '部'));
        let name = blank(name + usize::from(chars.get(name).is_some_and(|c| matches!(c, ':' | '、'))));
        return (end > 1 && name < chars.len()).then_some((style, name));
    }
    if chars.len() > 7 && chars.iter().map(char::to_ascii_uppercase).take(5).eq("PART ".chars()) {
        let end = 5 + chars[5..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        return (end > 5 && end < chars.len()).then(|| (Style::Topic, blank(end + usize::from(chars[end] == ':'))));
    }
    if let Some(from) = words.cues.at(Cue::TopicHead, chars, 0) {
        let end = from + chars[from..].iter().take_while(|c| digit(c) || c.is_ascii_digit()).count();
        return (end > from && matches!(chars.get(end), Some(':' | ' ' | '\t'))).then(|| (Style::Topic, blank(end + 1)));
    }
    if digit(&first) {
        let end = chars.iter().take_while(|c| digit(c)).count();
        return (matches!(chars.get(end), Some('、')) && end <= 3 && chars.len() > end + 2).then(|| (Style::Chinese, blank(end + 1)));
    }
    if first == '(' {
        let inner = chars[1..].iter().take_while(|c| digit(c)).count();
        if inner > 0 && chars.get(inner + 1) == Some(&')') && chars.len() > inner + 3 {
            return Some((Style::ChineseBracket, blank(inner + 2)));
        }
        let inner = chars[1..].iter().take_while(|c| c.is_ascii_digit()).count();
        return (inner > 0 && chars.get(inner + 1) == Some(&')') && chars.len() > inner + 3 && !line.has(","))
            .then(|| (Style::NumberBracket, blank(inner + 2)));
    }
    if !first.is_ascii_digit() || line.has(",") {
        return None;
    }
    let hyphen = chars.iter().find(|c| !c.is_ascii_digit()) == Some(&'-');
    let point = if hyphen { '-' } else { '.' };
    let end = chars.iter().take_while(|c| c.is_ascii_digit() || **c == point).count();
    let number = chars[..end].iter().collect::<String>().replace(point, ".");
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    let sound = parts.iter().all(|part| (1..=2).contains(&part.len()) && (!part.starts_with('0') || parts.len() == 1 && part.len() == 2));
    let closed = number.ends_with('.') || matches!(chars.get(end), Some(' ' | '\t' | '、'));
    let name = blank(end + usize::from(chars.get(end) == Some(&'、')));
    // 1）干线提速
    if chars.get(end) == Some(&')') && parts.len() == 1 && sound && chars.len() > end + 2 {
        return Some((Style::NumberBracket, blank(end + 1)));
    }
    // A year may stand in a name; other figures begin what is no name.
    let rest = &chars[name.min(chars.len())..];
    let dated = year_in(&rest.iter().collect::<String>()).is_some();
    let han = rest.iter().take_while(|c| dated || !c.is_ascii_digit()).filter(|c| !c.is_ascii()).count();
    // A name of words, no unit behind a number: 「42 件」, 「1.28 亿元」.
    if !sound
        || !closed
        || han < 2
        || words.units.at(chars, name).is_some_and(|(unit, _)| name + unit == chars.len())
        || chars.get(name).is_some_and(|c| words.scale(*c).is_some())
    {
        return None;
    }
    match parts.len() {
        1 if parts[0].parse().is_ok_and(|number: u32| number <= 30) => Some((Style::Number, name)),
        2 => Some((Style::Decimal2, name)),
        3 => Some((Style::Decimal3, name)),
        _ => None,
    }
}

/// 案例 附录 前言 at the beginning of a line. Outer `None`: none of them stands there.
fn worded(chars: &[char], cues: &Cues) -> Option<Option<(Style, usize)>> {
    let blank = |at: usize| at + chars[at.min(chars.len())..].iter().take_while(|c| matches!(c, ' ' | '\t')).count();
    let found = |cue, style| cues.at(cue, chars, 0).map(|length| (style, length));
    // 二〇二五年展望 closes the report.
    if cues.ends(Cue::ClosingHead, chars) && chars.get(4) == Some(&'年') && chars.len() <= 10 {
        return year_in(&chars[..4].iter().collect::<String>()).map(|_| Some((Style::Opening, 0)));
    }
    let (style, length) = found(Cue::CaseHead, Style::Case)
        .or_else(|| found(Cue::AppendixHead, Style::Appendix))
        .or_else(|| found(Cue::OpeningHead, Style::Opening))?;
    let mark = (length..chars.len().min(length + 4)).find(|at| matches!(chars[*at], ':' | '】' | ' ' | '\t' | '|'));
    Some(match (style, mark) {
        (Style::Case, Some(mark)) => Some((style, blank(mark + 1))),
        (Style::Opening, Some(_)) => Some((style, 0)),
        (Style::Opening, None) if chars.len() == length => Some((style, 0)),
        (Style::Appendix, _) if chars[length - 1] == ':' => Some((style, blank(length))),
        (Style::Appendix, _) => Some((style, blank(mark.map_or(0, |mark| mark + 1)))),
        _ => None,
    })
}

/// I. Ⅱ、 A. 甲、 壹、 before a name of Chinese words.
fn lettered(chars: &[char]) -> Option<(Style, usize)> {
    let first = chars[0];
    let roman = |c: &char| matches!(c, 'I' | 'V' | 'X' | 'Ⅰ'..='Ⅻ');
    let (style, end) = if roman(&first) {
        (Style::Roman, chars.iter().take_while(|c| roman(c)).count())
    } else if first.is_ascii_uppercase() {
        (Style::Letter, 1)
    } else if "甲乙丙丁戊己庚辛壬癸壹贰叁参肆伍陆柒捌玖拾".contains(first) {
        (Style::Stem, 1)
    } else {
        return None;
    };
    let closed = matches!(chars.get(end), Some('.' | '、'));
    let name = end + 1 + chars.get(end + 1..)?.iter().take_while(|c| matches!(c, ' ' | '\t')).count();
    let han = chars.get(name..)?.iter().take_while(|c| !c.is_ascii()).count();
    (closed && han >= 2 && end <= 4).then_some((style, name))
}

/// 「2019年採取的措施」, 「2022年將採取的行動」: the title of a list.
fn measures(chars: &[char], cues: &Cues) -> bool {
    // 二〇二四年行动计划, 2025年展望
    let year: String = chars.iter().take(4).collect();
    let ahead = cues.ends(Cue::PlannedHead, chars) && chars.get(4) == Some(&'年') && chars.len() <= 14;
    if ahead && year_in(&year).is_some() {
        return true;
    }
    if !chars.iter().take(4).all(char::is_ascii_digit) {
        return false;
    }
    let text: Vec<char> = chars.iter().copied().filter(|c| *c != ' ').collect();
    let head = text.iter().take_while(|c| c.is_ascii_digit()).count() == 4 && text.get(4) == Some(&'年');
    head && cues.ends(Cue::MeasuresEnd, &text) && text.windows(3).any(|window| window == ['采', '取', '的'])
}

/// May a line without a mark be a heading by its form: short, of words, without sentence or figure?
pub(crate) fn short(line: &Line) -> bool {
    let chars = &line.chars;
    // 服务双碳:让发展方式更绿色
    let motto = chars.iter().filter(|c| **c == ':').count() == 1
        && chars.iter().all(|c| *c == ':' || !c.is_ascii())
        && chars.split(|c| *c == ':').all(|half| (4..=12).contains(&half.len()));
    if chars.len() > 26 || line.has(SENTENCE) || line.has(",•●\t(") || line.has(":") && !motto {
        return false;
    }
    let han = chars.iter().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
    let dated = digits == 4 && year_in(&chars.iter().collect::<String>()).is_some();
    // 10月交付与新车
    let monthly = chars.iter().take_while(|c| c.is_ascii_digit()).count() == digits && digits <= 2 && chars.get(digits) == Some(&'月');
    let lettered = digits <= 2 && chars.iter().any(char::is_ascii_alphabetic);
    let figures = digits > 0 && !(dated || monthly || lettered);
    (2..=20).contains(&han) && !figures && chars.last().is_some_and(|c| c.is_alphanumeric() || "」”》)".contains(*c))
}

/// The same for a name with an explanation in brackets behind it: 「主要數據（依據 GRI …）」.
pub(crate) fn short_before_bracket(line: &Line) -> bool {
    let open = line.chars.iter().position(|c| *c == '(');
    let han = |chars: &[char]| chars.iter().filter(|c| !c.is_ascii()).count();
    open.is_some_and(|open| {
        (2..=14).contains(&open) && han(&line.chars[..open]) == open && line.chars.last() == Some(&')') && !line.has(SENTENCE)
    })
}

/// The headings of a document as they come.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) headings: Vec<Heading>,
    /// The fewest # seen.
    hash: Option<u8>,
    /// Styles of numbered headings from the top.
    stack: Vec<Style>,
    /// Depth of the last plain heading.
    plain_depth: Option<usize>,
    /// Depth of the last one that is a chapter by its name.
    chapter_depth: Option<usize>,
    /// A plain heading was the last thing read.
    run: bool,
    /// A heading was the last thing read.
    headed: bool,
    /// The last heading that is no case is a plain one, or an opening.
    plain: bool,
    /// The last heading that is no case.
    pub(crate) current: Option<usize>,
}

impl Tree {
    /// Text was read: a run of headings ends.
    pub(crate) fn text(&mut self) {
        self.run = false;
        self.headed = false;
    }

    /// Was a numbered heading the last thing read?
    pub(crate) fn heads(&self) -> bool {
        self.headed && !self.run && !self.stack.is_empty()
    }

    /// Is the last heading that is no case a plain one, or an opening?
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }

    /// The highest level of # that the document uses.
    fn hash_top(&mut self, level: u8) -> u8 {
        let top = self.hash.map_or(level, |top| top.min(level));
        self.hash = Some(top);
        top
    }

    /// Does a name share two characters in a row with the last heading's?
    fn kin(&self, name: &str) -> bool {
        let last: Vec<char> = self.current.map(|at| self.headings[at].name.chars().collect()).unwrap_or_default();
        let name: Vec<char> = name.chars().collect();
        name.windows(2).any(|pair| last.windows(2).any(|other| other == pair))
    }

    /// Takes a heading and gives it its level and parent. `run_follows`: another plain heading follows at once; `chapter`: its
    /// name is a chapter's whatever stood before (财务回顾).
    pub(crate) fn push(&mut self, mut heading: Heading, style: Style, run_follows: bool, chapter: bool) -> usize {
        let depth = match style {
            Style::Case => 3,
            Style::Hash(level) => usize::from(level.saturating_sub(self.hash_top(level))).min(2),
            Style::Symbol | Style::Bracket | Style::Circled | Style::Letter => 2,
            Style::Measures => usize::from(self.headings.iter().any(|heading| heading.level == Level::Theme)),
            Style::Appendix | Style::Opening => {
                self.stack.clear();
                0
            }
            Style::Look(rank) => {
                let above = |known: &Style| matches!(known, Style::Look(other) if *other < rank);
                let keep = self.stack.iter().position(|known| !above(known)).unwrap_or(self.stack.len());
                self.stack.truncate(keep);
                self.stack.push(style);
                (self.stack.len() - 1).min(2)
            }
            Style::Plain if self.stack.first() == Some(&Style::Plain) => {
                self.stack.truncate(self.stack.iter().take_while(|known| **known == Style::Plain).count());
                self.stack.len() - 1
            }
            Style::Plain if !self.stack.is_empty() => self.stack.len().min(2),
            Style::Plain => {
                let depth = match self.plain_depth {
                    // Chapters stand beside one another, below what the first of them followed at once: 管理层讨论与分析.
                    _ if chapter && !self.run => self.chapter_depth.unwrap_or(0),
                    // The first of a run starts at the top; each next one goes a step down.
                    _ if self.run => self.plain_depth.map_or(0, |depth| (depth + 1).min(2)),
                    _ if run_follows => 0,
                    // Behind a run of three a single one is a sister of the last where their names share a word.
                    Some(2) if !self.kin(&heading.name) => 1,
                    Some(depth) => depth,
                    None => 0,
                };
                self.plain_depth = Some(depth);
                if chapter {
                    self.chapter_depth.get_or_insert(depth);
                }
                depth
            }
            _ => {
                match self.stack.iter().position(|known| *known == style) {
                    Some(at) => self.stack.truncate(at + 1),
                    // 业务回顾, then at once （一） or 1.1: the plain ones are the chapters.
                    None if self.run && self.stack.is_empty() && self.plain_depth < Some(2) => {
                        let above = self.plain_depth.map_or(0, |depth| depth + 1);
                        self.stack.extend(std::iter::repeat_n(Style::Plain, above).chain([style]));
                    }
                    None if style == Style::Decimal2 && self.stack.is_empty() => self.stack.extend([Style::Number, style]),
                    None => {
                        if style == Style::Decimal2 {
                            self.stack.truncate(1);
                        }
                        self.stack.push(style);
                    }
                }
                (self.stack.len() - 1).min(2)
            }
        };
        heading.level = [Level::Theme, Level::Programme, Level::Initiative, Level::Case][depth];
        // The nearest one above of a higher level; what stands between it and one of no higher level is no higher either.
        let mut above = self.current;
        while let Some(at) = above.filter(|at| self.headings[*at].level >= heading.level) {
            above = self.headings[at].parent;
        }
        heading.parent = above;
        self.headings.push(heading);
        let at = self.headings.len() - 1;
        self.run = style == Style::Plain;
        self.headed = true;
        if style != Style::Case {
            self.plain = matches!(style, Style::Plain | Style::Opening);
            self.current = Some(at);
        }
        at
    }
}

/// `planned` or `done`, where the name says so, and its year.
pub(crate) fn status(name: &str, cues: &Cues) -> (Option<i32>, Option<Status>) {
    let year = year_in(name);
    let chars: Vec<char> = name.chars().collect();
    let has = |cue| cues.within(cue, &chars);
    let status = if year.is_some() && has(Cue::DoneHead) {
        Some(Status::Done)
    } else if has(Cue::PlannedHead) || year.is_some() && has(Cue::PlannedYear) {
        Some(Status::Planned)
    } else {
        None
    };
    (year.filter(|_| status.is_some()), status)
}

/// The year that a name holds: 「2022年行动」, 「面向2025的承诺」, 「展望二〇二二年」.
fn year_in(name: &str) -> Option<i32> {
    let digit = |c: char| c.to_digit(10).or_else(|| "〇一二三四五六七八九".chars().position(|known| known == c).map(|at| at as u32));
    let chars: Vec<char> = name.chars().collect();
    chars.windows(4).find_map(|window| {
        let digits: Option<Vec<u32>> = window.iter().map(|c| digit(*c)).collect();
        let year = digits?.iter().fold(0, |year, digit| year * 10 + *digit as i32);
        (1990..=2100).contains(&year).then_some(year)
    })
}
