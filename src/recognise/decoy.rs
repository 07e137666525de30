//! Tells the numerals that are no quantity: names, models, standards, telephone numbers, ordinals, list numbers.
//!
//! In:  folded text and the position of a numeral.
//! Out: the stretch that is refused, and why.
//!
//! Words are rows of `data/zh/decoys.csv` and `standards.csv`; here is what has a shape: letters grown together with digits,
//! 「〔2022〕15号」, 「1.2 标题」, 「010-5555 0199」, 「18:00」, 「“六个一”」.

use super::starts;
use crate::knowledge::cues::Cue;
use crate::knowledge::words::Words;
use crate::model::Reason;
use std::ops::Range;

/// A stretch that is no quantity, and why.
pub(crate) type Refused = (Range<usize>, Reason);

fn is_digit(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(char::is_ascii_digit)
}

fn is_letter(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(char::is_ascii_alphabetic)
}

/// The decoy word that covers the numeral at `at`.
pub(crate) fn word(chars: &[char], at: usize, words: &Words) -> Option<Refused> {
    words.decoys(chars, at).find_map(|decoy| {
        let start = at.checked_sub(decoy.lead)?;
        let end = start + decoy.word.len();
        // 第二次 is an ordinal, whatever 二次 is.
        if start == at && at > 0 && chars[at - 1] == '第' {
            return None;
        }
        if chars.get(start..end) != Some(&decoy.word[..]) {
            return None;
        }
        // A word must not be cut out of a longer number.
        let (first, last) = (decoy.word[0].is_ascii_digit(), decoy.word[decoy.word.len() - 1].is_ascii_digit());
        let longer = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '%');
        let digits = decoy.word.iter().all(char::is_ascii_digit);
        let grown = last
            && chars
                .get(end)
                .is_some_and(|&c| longer(c) && (is_digit(chars, end + 1) || !matches!(c, ',' | '.')) || digits && words.scale(c).is_some())
            || first && start > 0 && (longer(chars[start - 1]) && chars[start - 1] != '%');
        // 十分 and 万分 are adverbs, unless a fraction or a minute follows; 十一 and 一季 go on in 十一月 and 一季度.
        let last = decoy.word[decoy.word.len() - 1];
        let goes_on = match chars.get(end) {
            Some('之' | '钟') => last == '分',
            Some('度') => last == '季',
            Some('月') => words.numeral(last) || last == '个',
            Some(&next) => words.digit(last).is_some() && words.numeral(next) && decoy.word.iter().all(|&c| words.numeral(c)),
            None => false,
        };
        // 110 000户 is one number.
        let blank = digits && chars.get(end) == Some(&' ') && (1..=3).all(|ahead| is_digit(chars, end + ahead));
        // 十一 and 110 are no holiday and no service where something is counted; 千兆用户 are none.
        let number = decoy.word.iter().all(|&c| c.is_ascii_digit() || words.numeral(c)) && words.digit(last).is_some() || digits;
        let measured = goes_on || blank || number && words.units.at(chars, end).is_some();
        (!grown && !measured).then_some((start..end, decoy.reason))
    })
}

/// Letters and digits grown together: IPv6, 5G, DL-300, 2I2C, 10G-PON. `unit_end` is where a unit behind the digits ends, if there
/// is one: 25.2Mbps is no model.
pub(crate) fn model(chars: &[char], at: usize, digits_end: usize, unit_end: Option<usize>, words: &Words) -> Option<Refused> {
    let joined = |at: usize| chars.get(at).is_some_and(|&c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | '/' | '_'));
    // 3/4G names two generations.
    if chars.get(digits_end) == Some(&'/') {
        let second = chars[digits_end + 1..].iter().take(3).take_while(|c| c.is_ascii_digit()).count();
        let mark = digits_end + 1 + second;
        if second > 0 && matches!(chars.get(mark), Some('G' | 'K')) && !chars.get(mark + 1).is_some_and(char::is_ascii_alphanumeric) {
            return Some((at..mark + 1, Reason::Model));
        }
    }
    let mut start = at;
    if at > 0
        && (is_letter(chars, at - 1)
            || at > 1 && matches!(chars[at - 1], '-' | '+' | '/' | '.' | '_') && chars[at - 2].is_ascii_alphanumeric())
    {
        // A currency's letters are no part of a name: RMB100, HK$2.5.
        if words.currencies.before(chars, at).is_some() {
            return None;
        }
        while start > 0 && at - start < 64 && joined(start - 1) {
            start -= 1;
        }
        // 每GB4.8元: the letters are what a rate is divided by.
        if start > 0
            && matches!(chars[start - 1], '每' | '达' | '为')
            && words.units.all_at(chars, start).any(|(length, _)| start + length == at)
        {
            return None;
        }
        // 129/159/199元 is a list.
        if chars[start..at].iter().all(|c| c.is_ascii_digit() || *c == '/') && !is_letter(chars, digits_end) {
            return None;
        }
        // 61.3Mbps-100Mbps, 30%/50%: two quantities with a sign between.
        if chars[start..at].iter().any(|c| matches!(c, '-' | '/')) && is_digit(chars, start) && unit_end.is_some() {
            return None;
        }
    }
    let behind = is_letter(chars, digits_end);
    if start == at && !behind {
        return None;
    }
    let unit_closes = |end: usize| !(is_letter(chars, end) || chars.get(end) == Some(&'-') && is_letter(chars, end + 1));
    if start == at && unit_end.is_some_and(unit_closes) {
        return None;
    }
    let mut end = digits_end;
    while joined(end) {
        end += 1;
    }
    while end > digits_end && matches!(chars[end - 1], '-' | '.' | '+' | '/' | '_') {
        end -= 1;
    }
    Some((start..end, Reason::Model))
}

/// A band, a rate or a size that names what follows: 700M基站, 900MHz频段, 2.6G频段, 10G PON, 400G OTN, 7纳米工艺.
pub(crate) fn band(chars: &[char], at: usize, digits_end: usize, words: &Words) -> Option<Refused> {
    let end = digits_end
        + match chars.get(digits_end..)? {
            ['M' | 'G', 'H', 'z', ..] => 3,
            ['纳', '米', ..] | ['n', 'm', ..] => 2,
            ['M' | 'G', ..] => 1,
            _ => return None,
        };
    let next = end + usize::from(chars.get(end) == Some(&' '));
    let letters = chars[next.min(chars.len())..].iter().take_while(|c| c.is_ascii_uppercase()).count();
    let named = next > end && letters >= 2 || words.cues.at(Cue::Band, chars, next).is_some();
    named.then_some((at..end, Reason::Model))
}

/// Numbers and letters in a sum that is a name: 1+4+X, 1+N, 2+26.
pub(crate) fn sum(chars: &[char], at: usize, digits_end: usize) -> Option<Refused> {
    let mut end = digits_end;
    while chars.get(end) == Some(&'+') && chars.get(end + 1).is_some_and(char::is_ascii_alphanumeric) {
        end += 2;
        while chars.get(end).is_some_and(char::is_ascii_alphanumeric) {
            end += 1;
        }
    }
    (end > digits_end).then_some((at..end, Reason::Name))
}

/// The number of a standard behind its Latin word: ISO 14001, GB/T 2260, ISO 14064-1:2018; a disclosure number alone: 305-1.
pub(crate) fn standard(chars: &[char], at: usize, digits_end: usize, words: &Words) -> Option<Refused> {
    let mut start = at;
    while start > 0 && (chars[start - 1] == ' ' || chars[start - 1] == '-') {
        start -= 1;
    }
    let word_end = start;
    while start > 0 && (chars[start - 1].is_ascii_alphabetic() || chars[start - 1] == '/') {
        start -= 1;
    }
    if start == word_end {
        return disclosure(chars, at, digits_end, words);
    }
    // 每GB4.8元 divides by a unit of the same letters.
    if start > 0 && chars[start - 1] == '每' || chars[at..digits_end].contains(&'.') {
        return None;
    }
    if !words.standards.contains(&chars[start..word_end].iter().collect::<String>()) {
        return None;
    }
    let mut end = digits_end;
    while chars.get(end).is_some_and(|c| matches!(c, '-' | ':' | '.' | '/' | '—')) && is_digit(chars, end + 1) {
        end += 2;
        while is_digit(chars, end) {
            end += 1;
        }
    }
    Some((start..end, Reason::Standard))
}

/// 305-1, 201-1: three digits of a topic and those of a disclosure.
fn disclosure(chars: &[char], at: usize, digits_end: usize, words: &Words) -> Option<Refused> {
    if digits_end != at + 3 || !matches!(chars[at], '1'..='4') || chars.get(digits_end) != Some(&'-') {
        return None;
    }
    let mut end = digits_end + 1;
    while is_digit(chars, end) {
        end += 1;
    }
    let lone = (1..=2).contains(&(end - digits_end - 1)) && !(at > 0 && matches!(chars[at - 1], '-' | '.' | ','));
    let next = chars.get(end).copied().unwrap_or(' ');
    let counted =
        words.units.at(chars, end).is_some() || words.scale(next).is_some() || matches!(next, '-' | '.' | ',') && is_digit(chars, end + 1);
    (lone && !counted).then_some((at..end, Reason::Standard))
}

/// A number that names a document: 〔2022〕15号, (2019)12号.
pub(crate) fn document(chars: &[char], at: usize, digits_end: usize) -> Option<Refused> {
    let open = at.checked_sub(1).map(|before| chars[before]);
    let closed = chars.get(digits_end).copied();
    if matches!(open, Some('〔' | '[' | '【' | '﹝')) && matches!(closed, Some('〕' | ']' | '】' | '﹞')) {
        return Some((at..digits_end, Reason::Name));
    }
    if open == Some('(') && closed == Some(')') && digits_end == at + 4 {
        let behind = digits_end + 1 + usize::from(starts(chars, digits_end + 1, "第"));
        let digits = (behind..chars.len()).take_while(|&place| is_digit(chars, place)).count();
        if digits > 0 && chars.get(behind + digits) == Some(&'号') {
            return Some((at..digits_end, Reason::Name));
        }
    }
    let closes = matches!(open, Some('〕' | ']' | ')' | '】' | '﹞')) && closed == Some('号');
    closes.then_some((at..digits_end + 1, Reason::Name))
}

/// A telephone number: 010-5555 0199, 400-810-0000, 热线2887 0033, 13800138000, 拨打10070.
pub(crate) fn telephone(chars: &[char], at: usize, words: &Words) -> Option<Refused> {
    if at > 0 && matches!(chars[at - 1], '.' | ',') {
        return None;
    }
    let mut end = at;
    let (mut digits, mut groups, mut dashes) = (0, 0, 0);
    loop {
        let begin = end;
        while is_digit(chars, end) {
            end += 1;
        }
        digits += end - begin;
        groups += 1;
        let joint = chars.get(end).is_some_and(|c| matches!(c, '-' | ' ')) && is_digit(chars, end + 1) && digits < 16;
        if !joint {
            break;
        }
        dashes += usize::from(chars[end] == '-');
        end += 1;
    }
    if digits < 3 || chars.get(end).is_some_and(|&c| matches!(c, '.' | ',' | '%') && (c == '%' || is_digit(chars, end + 1))) {
        return None;
    }
    if words.units.at(chars, end).is_some() || chars.get(end).is_some_and(|&c| words.scale(c).is_some()) {
        return None;
    }
    let (first, second) = (chars[at], chars[at + 1]);
    let area = first == '0' || ["400-", "800-", "86-", "852-"].iter().any(|area| starts(chars, at, area));
    if dashes > 0 && groups > 1 && area && (7..=15).contains(&digits) {
        let plus = usize::from(at > 0 && chars[at - 1] == '+');
        return Some((at - plus..end, Reason::Phone));
    }
    // A mobile number has eleven digits.
    if groups == 1 && digits == 11 && first == '1' && matches!(second, '3'..='9') {
        return Some((at..end, Reason::Phone));
    }
    // Between the word and the number stand marks, letters and brackets only, or 为 and the like.
    let mut place = at;
    let named = loop {
        let Some(&last) = place.checked_sub(1).and_then(|before| chars.get(before)) else { break false };
        if "话线电真打服号lLxX至到".contains(last) && words.cues.before(Cue::Telephone, chars, place).is_some() {
            break true;
        }
        let passes = !last.is_alphanumeric() || last.is_ascii_alphanumeric() || matches!(last, '为' | '是' | '号' | '码');
        if !passes || at - place > 10 || matches!(last, ',' | '。' | ';' | '、') {
            break false;
        }
        place -= 1;
    };
    let whole = groups == 1 || (7..=15).contains(&digits);
    if named && whole {
        return Some((at..end, Reason::Phone));
    }
    let short = groups == 1 && (3..=8).contains(&digits);
    let served = words.cues.at(Cue::Served, chars, end).is_some();
    (short && served).then_some((at..end, Reason::Phone))
}

/// A code that a word or an ending names: 股份代号:1688, 600050.SH, 编号20190012.
pub(crate) fn code(chars: &[char], at: usize, digits_end: usize, words: &Words) -> Option<Refused> {
    let mut end = at;
    while is_digit(chars, end) {
        end += 1;
    }
    for market in [".SH", ".SZ", ".HK", ".SS", ".BJ", ".TW", ".US", ".sh", ".sz", ".hk"] {
        if starts(chars, end, market) && !is_letter(chars, end + market.len()) {
            return Some((at..end + market.len(), Reason::Name));
        }
    }
    let mut before = at;
    while before > 0 && matches!(chars[before - 1], ' ' | ':' | '(' | '为' | '是') {
        before -= 1;
    }
    // A股(601728)
    if before > 0 && before < at && chars[before - 1] == '股' && chars.get(digits_end) == Some(&')') && (4..=6).contains(&(digits_end - at))
    {
        return Some((at..digits_end, Reason::Name));
    }
    // All these words end alike.
    let closes = before > 0 && matches!(chars[before - 1], '号' | '码' | '编');
    let named = closes && words.cues.before(Cue::Code, chars, before).is_some();
    if !named {
        return None;
    }
    let mut reach = digits_end;
    while chars.get(reach).is_some_and(|&c| c.is_ascii_alphanumeric() || c == '-' || c == '.') && reach < digits_end + 40 {
        reach += 1;
    }
    while reach > digits_end && matches!(chars[reach - 1], '-' | '.') {
        reach -= 1;
    }
    Some((at..reach, Reason::Name))
}

/// A time of day: 18:00, 9:30, 8时30分, 上午9点.
pub(crate) fn clock(chars: &[char], at: usize, end: usize, value: Option<u32>, words: &Words) -> Option<Refused> {
    let hour = value.filter(|hour| *hour <= 24)?;
    let two = |place: usize| {
        let longer = is_digit(chars, place + 2) || matches!(chars.get(place + 2), Some(',' | '.')) && is_digit(chars, place + 3);
        is_digit(chars, place) && is_digit(chars, place + 1) && !longer && chars[place] <= '5'
    };
    if chars[at].is_ascii_digit() && end - at <= 2 && chars.get(end) == Some(&':') && two(end + 1) && !(at > 0 && chars[at - 1] == ':') {
        let mut reach = end + 3;
        if chars.get(reach) == Some(&':') && two(reach + 1) {
            reach += 3;
        }
        return Some((at..reach, Reason::Other));
    }
    let next = chars.get(end).copied();
    let after = chars.get(end + 1).copied().unwrap_or('。');
    let hours = next == Some('时') && !matches!(after, '代' | '期' | '间' | '段' | '点' | '长' | '效' | '速' | '刻');
    let day = words.cues.before(Cue::DayPart, chars, at).is_some();
    let numeral = |c: &&char| c.is_ascii_digit() || "一二三四五六七八九十".contains(**c);
    let minutes = chars[(end + 1).min(chars.len())..].iter().take(3).take_while(numeral).count();
    let minute = minutes > 0 && chars.get(end + 1 + minutes) == Some(&'分');
    let points = next == Some('点')
        && hour > 0
        && (day
            || minute
            || matches!(after, '整' | '半' | '钟' | '前')
            || matches!(after, '至' | '到' | '-')
                && chars.get(end + 2).is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)));
    if !hours && !points {
        return None;
    }
    let mut reach = end + 1;
    if minute {
        reach += minutes + 1;
    } else if matches!(chars.get(reach), Some('整' | '半' | '钟')) {
        reach += 1;
    }
    Some((at..reach, Reason::Other))
}

/// The number of a version or an age of industry: 2.0版, 工业4.0.
pub(crate) fn version(chars: &[char], at: usize, digits_end: usize, words: &Words) -> Option<Refused> {
    let nought = digits_end == at + 3 && chars[at + 1] == '.' && chars[at + 2] == '0';
    let next = chars.get(digits_end).copied().unwrap_or('。');
    let named = || words.cues.at(Cue::Version, chars, digits_end).is_some();
    let hangs = at > 0 && chars[at - 1].is_alphabetic() && !"率数比度值分量额为是达至到于得增长约超近升降高低".contains(chars[at - 1]);
    let short = digits_end <= at + 4 && chars[at..digits_end].contains(&'.');
    let refused =
        short && starts(chars, digits_end, "版") || nought && (named() || hangs && !next.is_alphanumeric() && next != '%' && next != '‰');
    refused.then_some((at..digits_end, Reason::Name))
}

/// A number that a 号, 楼 or 室 makes a label: 科雅路88号, 3号机组, 12楼.
pub(crate) fn label(chars: &[char], at: usize, end: usize) -> Option<Refused> {
    let next = chars.get(end).copied()?;
    let after = chars.get(end + 1).copied().unwrap_or('。');
    match next {
        '号' if after != '召' => {
            let street = at > 0 && matches!(chars[at - 1], '路' | '街' | '道' | '巷' | '弄' | '里' | '段' | '村' | '园');
            Some((at..end + 1, if street { Reason::Name } else { Reason::Ordinal }))
        }
        '楼' | '室' | '幢' if at > 0 && matches!(chars[at - 1], '号' | '楼' | '厦' | '座' | '幢' | '栋' | '心') => {
            Some((at..end + 1, Reason::Name))
        }
        '世' if after == '纪' => Some((at..end + 2, Reason::Name)),
        '年' if after == '代' || after == '级' => Some((at..end + 2, Reason::Name)),
        '后' if end - at == 2 && chars[at..end].iter().all(char::is_ascii_digit) && chars[at + 1] == '0' && chars[at] >= '5' => {
            Some((at..end + 1, Reason::Name))
        }
        _ => None,
    }
}

/// Round the clock is a way to serve, no span of time: 24小时热线, 24小时不间断.
pub(crate) fn round_the_clock(chars: &[char], at: usize, end: usize, value: Option<u32>, words: &Words) -> Option<Refused> {
    if value != Some(24) {
        return None;
    }
    let behind = if starts(chars, end, "小时") {
        end + 2
    } else if starts(chars, end, "个小时") {
        end + 3
    } else {
        return None;
    };
    let serves = words.cues.at(Cue::RoundTheClock, chars, behind).is_some();
    serves.then_some((at..behind, Reason::Phrase))
}

/// A short phrase in quotes is a name, its numerals count nothing: “六个一”, 「三橫兩縱」, “211”.
pub(crate) fn quoted(chars: &[char], at: usize, end: usize) -> Option<Refused> {
    let open = |c: &char| matches!(c, '“' | '「' | '『' | '‘');
    let close = |c: &char| matches!(c, '”' | '」' | '』' | '’');
    let floor = at.saturating_sub(8);
    let begin =
        chars[floor..at].iter().rposition(|c| open(c) || close(c)).map(|place| floor + place).filter(|&place| open(&chars[place]))?;
    let reach = (end + 10).min(chars.len());
    let last = chars[end.min(reach)..reach]
        .iter()
        .position(|c| open(c) || close(c))
        .map(|ahead| end + ahead)
        .filter(|&place| close(&chars[place]))?;
    let inner = &chars[begin + 1..last];
    (inner.len() <= 8 && !inner.iter().any(|c| matches!(c, ',' | '。' | ';' | '%'))).then_some((at..end, Reason::Name))
}

/// 「100%安心」計劃, “15分钟生活圈”: a quotation that begins with a quantity and goes on is a name.
pub(crate) fn titled(chars: &[char], at: usize, end: usize) -> Option<Refused> {
    let opened = at > 0 && matches!(chars[at - 1], '“' | '「' | '『' | '‘');
    let reach = (end + 7).min(chars.len());
    let rest = chars.get(end..reach)?;
    let close = rest.iter().position(|c| matches!(c, '”' | '」' | '』' | '’'))?;
    let words = close >= 2 && rest[..close].iter().all(|c| c.is_alphabetic() && !c.is_ascii());
    (opened && words && !matches!(rest[0], '以' | '及' | '左' | '的')).then_some((at..end, Reason::Name))
}

/// The number of a list item, a heading, a page or a note at the head of a block: 「1.」, 「（一）」, 「3.1 」, 「註1：」, 「— 3 —」.
pub(crate) fn list(chars: &[char], at: usize, end: usize) -> Option<Refused> {
    let head = chars[..at].iter().all(|c| matches!(c, '(' | ' ' | '注' | '附' | '表' | '图' | '[' | '【' | '-' | '—' | '–' | '•' | '|'));
    let next = chars.get(end).copied();
    let tail = chars[end..].iter().all(|c| matches!(c, ' ' | '-' | '—' | '–' | '|'));
    let plain = chars[..at].iter().all(|c| !matches!(c, '注' | '附' | '表' | '图'));
    if head && tail && plain && chars[at..end].iter().all(char::is_ascii_digit) && end - at <= 3 && chars.len() > end - at {
        return Some((at..end, Reason::Page));
    }
    if head && next == Some(' ') && chars.get(end + 1) == Some(&'|') {
        return Some((at..end, Reason::Page));
    }
    let dotted = next == Some('.') && !is_digit(chars, end + 1);
    let closed = matches!(next, Some('、' | ')' | ':' | '〕' | ']' | '】'));
    let noted = at > 0 && matches!(chars[at - 1], '注' | '表' | '图')
        || at > 1 && chars[at - 1] == ' ' && matches!(chars[at - 2], '注' | '表' | '图');
    if noted {
        let mut reach = end;
        while matches!(chars.get(reach), Some('-' | '.')) && is_digit(chars, reach + 1) {
            reach += 2;
            while is_digit(chars, reach) {
                reach += 1;
            }
        }
        return Some((at..reach, Reason::List));
    }
    (head && (dotted || closed)).then_some((at..end, Reason::List))
}

/// The number of a heading, dotted before a year: 5.2024年工作安排 is item 5.
pub(crate) fn item(chars: &[char], at: usize) -> Option<Refused> {
    let digits = chars[at..].iter().take(3).take_while(|c| c.is_ascii_digit()).count();
    let head = digits <= 2 && chars[..at].iter().all(|c| matches!(c, ' ' | '('));
    if !head || chars.get(at + digits) != Some(&'.') {
        return None;
    }
    let year = at + digits + 1;
    let dated = (0..4).all(|ahead| is_digit(chars, year + ahead)) && chars.get(year + 4) == Some(&'年') && matches!(chars[year], '1' | '2');
    dated.then_some((at..at + digits, Reason::List))
}
