//! What a document says about itself: company, kind, year, title, script, currency.
//!
//! In:  its lines, running heads included: titles stand there.
//! Out: an [`About`]; what is not said stays empty.

use super::lines::Line;
use super::place;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::{About, Grain, Period, ReportKind};
use crate::recognise::date::{Calendar, date};

/// Reads the titles of a document. `given` wins over the text, and the text over `named`, the name of its file.
pub(crate) fn about(source: &[char], lines: &[Line], given: &About, named: &About, knowledge: &Knowledge) -> About {
    let mut about = given.clone();
    let sample = &source[..source.len().min(20_000)];
    let changed =
        sample.iter().filter(|c| knowledge.fold.char(**c) != **c && !c.is_ascii() && **c > '\u{3400}' && **c < '\u{F900}').count();
    let han = sample.iter().filter(|c| ('\u{3400}'..'\u{A000}').contains(*c)).count();
    about.lang = if changed * 20 > han { "zh-Hant" } else { "zh-Hans" };
    let folded: Vec<char> = sample.iter().map(|c| knowledge.fold.char(*c)).collect();
    let republic = folded.windows(2).any(|pair| pair == ['民', '国']);
    let taiwanese = republic || folded.windows(3).filter(|word| *word == ['新', '台', '币']).count() > 1;
    about.currency = if taiwanese { "TWD" } else { "CNY" };
    let calendar = Calendar { year: 2000, roc: taiwanese };
    for title in titles(lines, knowledge) {
        let chars: Vec<char> = title.chars().collect();
        about.kind = about.kind.or_else(|| kind(&chars, knowledge));
        if let (None, Some(length)) = (about.period, knowledge.words.cues.at(Cue::Until, &chars, 0)) {
            let dates = |at| date(&chars, at, &knowledge.words, calendar, None);
            about.period = (length..chars.len().min(length + 2)).find_map(dates).map(|dated| dated.period);
            about.year = about.year.or(about.period.map(|period| period.end.year));
        }
        // 2025年5月份运营数据公告, 2025年上半年投资者交流: it is about that part of the year.
        let part = dated(&chars, calendar, knowledge).filter(|period| matches!(period.grain, Grain::Month | Grain::Months));
        if about.period.is_none() && about.year.is_none_or(|year| part.is_some_and(|part| part.end.year == year)) {
            about.period = part;
        }
        let year = year(&chars, calendar, knowledge);
        if about.year.is_none() && year.is_some() {
            about.year = year;
            about.title.get_or_insert_with(|| title.clone());
        }
        if about.company_name.is_none() {
            about.company_name = company(&title, knowledge);
        }
    }
    about.home = home(&folded, about.company_name.as_deref(), knowledge);
    about.kind = about.kind.or(named.kind);
    about.year = about.year.or(named.year).or_else(|| commonest_year(lines, taiwanese));
    if about.company.is_none() && about.company_name.is_none() {
        about.company.clone_from(&named.company);
    }
    if let (None, Some(year)) = (about.period, about.year) {
        // 2025中期报告: half of the year, unless a title says which months.
        let is_half = about.kind == Some(ReportKind::Interim);
        about.period = Some(if is_half { Period::months((year, 1), (year, 6)) } else { Period::year(year) });
    }
    about
}

/// What the name of a file says: 「china-unicom-csr-2019.txt」, 「中国联通2019年社会责任报告.pdf」. The weakest word of all.
pub(crate) fn of_name(name: &str, knowledge: &Knowledge) -> About {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = knowledge.fold.text(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let parts: Vec<&str> = stem.split(['-', '_', ' ', '.']).filter(|part| !part.is_empty()).collect();
    let is_year = |part: &str| part.len() == 4 && part.parse().is_ok_and(|year: i32| (1990..=2100).contains(&year));
    let chars: Vec<char> = stem.chars().collect();
    let kind_of = |part: &&str| ReportKind::from_word(&part.to_lowercase());
    let rest: Vec<&str> = parts.iter().copied().filter(|part| !is_year(part) && kind_of(part).is_none()).collect();
    let candidates = [Some(rest.join("-")), Some(rest.join("")), company(&stem, knowledge)];
    About {
        company: candidates
            .into_iter()
            .flatten()
            .find_map(|name| knowledge.companies.named(&name, &knowledge.fold))
            .map(|known| known.code.clone()),
        kind: kind(&chars, knowledge).or_else(|| parts.iter().find_map(kind_of)),
        year: year(&chars, Calendar { year: 2000, roc: false }, knowledge)
            .or_else(|| parts.iter().find(|part| is_year(part)).and_then(|part| part.parse().ok())),
        ..About::default()
    }
}

/// Lines that may be titles: short, without sentences, naming a report or a company; vertical marginalia joined.
fn titles(lines: &[Line], knowledge: &Knowledge) -> Vec<String> {
    let cues = &knowledge.words.cues;
    let mut titles = Vec::new();
    let mut vertical = String::new();
    let laid = lines.iter().take(40).any(|line| line.rank.is_some());
    for (at, line) in lines.iter().enumerate() {
        if at >= 40 && !line.furniture {
            // No title stands so far on, unless page by page as a running head.
            titles.extend((!vertical.is_empty()).then(|| std::mem::take(&mut vertical)));
            continue;
        }
        let text: String = line.chars.iter().filter(|c| **c != '\t' && **c != ' ').collect();
        if line.furniture && line.chars.len() <= 5 && line.chars.iter().any(|c| !c.is_ascii()) || line.furniture && text.len() == 4 {
            vertical += &text;
            continue;
        }
        if !vertical.is_empty() {
            titles.push(std::mem::take(&mut vertical));
        }
        // A title may run over several lines of one look.
        if line.rank.is_some() && at < 40 {
            let run = lines[at..].iter().take_while(|next| next.rank == line.rank).take(4);
            let whole: Vec<char> = run.flat_map(|line| &line.chars).copied().filter(|c| !matches!(c, ' ' | '\t')).collect();
            titles.extend(cues.ends(Cue::ReportNoun, &whole).then(|| whole.iter().collect()));
        }
        // The company may stand on the line before, a running head of two lines.
        let joined = match lines.get(at + 1) {
            Some(next) if line.furniture && next.furniture && text.chars().all(|c| !c.is_ascii()) && text.chars().count() <= 12 => {
                let next: Vec<char> = next.chars.iter().copied().filter(|c| *c != '\t' && *c != ' ').collect();
                next.first().is_some_and(char::is_ascii_digit) && cues.within(Cue::ReportNoun, &next)
            }
            _ => false,
        };
        if joined {
            titles.push(format!("{text}有限公司"));
            continue;
        }
        let chars: Vec<char> = text.chars().collect();
        // 截至二零二五年三月三十一日止年度, on its line below the name of the company.
        let spans = at < 12 && cues.at(Cue::Until, &chars, 0).is_some_and(|length| is_stretch(&chars[length..], knowledge));
        // A company tells its 第三季度业绩: a title, above all text.
        let told = at < 4 && line.gap && kind(&chars, knowledge).is_some();
        let named = spans || told || cues.within(Cue::ReportNoun, &chars) || cues.within(Cue::CompanyForm, &chars);
        let stands_out = !laid || line.rank.is_some() || line.furniture;
        if named && stands_out && text.chars().count() <= 45 && !line.has("。;") && (at < 12 || line.furniture) {
            titles.push(text);
        }
    }
    titles.push(vertical);
    titles.retain(|title| title.chars().count() >= 4);
    titles
}

fn kind(title: &[char], knowledge: &Knowledge) -> Option<ReportKind> {
    let kinds = [
        (Cue::Csr, ReportKind::Csr),
        (Cue::Esg, ReportKind::Esg),
        (Cue::Interim, ReportKind::Interim),
        (Cue::Quarterly, ReportKind::Quarterly),
        (Cue::Annual, ReportKind::Annual),
        (Cue::Monthly, ReportKind::Monthly),
        (Cue::Bulletin, ReportKind::Other),
    ];
    let found = kinds.iter().find(|(cue, _)| knowledge.words.cues.within(*cue, title));
    found.filter(|_| title.iter().any(|c| matches!(c, '报' | '告' | '绩'))).map(|(_, kind)| *kind)
}

/// The first date that a title names.
fn dated(title: &[char], calendar: Calendar, knowledge: &Knowledge) -> Option<Period> {
    (0..title.len())
        .find_map(|at| date(title, at, &knowledge.words, calendar, None))
        .filter(|dated| dated.own_year)
        .map(|dated| dated.period)
}

/// Is it a stretch of months, alone or as what a title is about: 「…止六个月」, 「…止六个月之中期业绩」?
fn is_stretch(chars: &[char], knowledge: &Knowledge) -> bool {
    let dated = date(chars, 0, &knowledge.words, Calendar { year: 2000, roc: false }, None);
    dated.is_some_and(|dated| {
        let about = matches!(chars.get(dated.end), Some('之' | '的')) && chars.len() - dated.end <= 10;
        (dated.end == chars.len() || about) && matches!(dated.period.grain, Grain::Months | Grain::Year)
    })
}

/// The year a title names: 2021企业公民报告, 二零二一年永续经营报告.
fn year(title: &[char], calendar: Calendar, knowledge: &Knowledge) -> Option<i32> {
    for at in 0..title.len() {
        if let Some(dated) = date(title, at, &knowledge.words, calendar, None).filter(|dated| dated.own_year) {
            return Some(dated.period.end.year);
        }
        let digits = title[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 4 && (at == 0 || !title[at - 1].is_ascii_alphanumeric()) {
            let year = title[at..at + 4].iter().collect::<String>().parse().ok();
            if year.is_some_and(|year| (1990..=2100).contains(&year)) {
                return year;
            }
        }
    }
    None
}

/// The name that a title begins with: 「晨曦物流2020可持续发展报告」.
fn company(title: &str, knowledge: &Knowledge) -> Option<String> {
    let cues = &knowledge.words.cues;
    let name: Vec<char> = title
        .chars()
        .skip_while(|c| c.is_ascii_digit() || matches!(c, '|' | '-' | '–' | ' ' | '('))
        .take_while(|c| !c.is_ascii_digit() && !matches!(c, '|' | '(' | '之' | '二') && !c.is_ascii_punctuation())
        .collect();
    let name = &name[..cues.find(Cue::Announce, &name).map_or(name.len(), |(at, _)| at)];
    let mut whole = name.strip_suffix(&['年', '度', '报', '告']).unwrap_or(name);
    whole = &whole[..whole.len() - cues.before(Cue::CompanyForm, whole, whole.len()).unwrap_or(0)];
    let generic = cues.within(Cue::ReportNoun, whole) || cues.within(Cue::NoCompany, whole);
    ((2..=20).contains(&whole.len()) && !generic && whole.iter().all(|c| !c.is_ascii())).then(|| whole.iter().collect())
}

/// The province of a company that bears its name and speaks of 全省 or 全区 as of all that it covers: 云南滇信.
fn home(folded: &[char], company: Option<&str>, knowledge: &Knowledge) -> Option<String> {
    let name: Vec<char> = company?.chars().map(|c| knowledge.fold.char(c)).collect();
    let province = place::places(&name, None, knowledge).into_iter().find(|place| place.span.start == 0)?.code;
    knowledge.places.province(&province)?;
    let whole = (0..folded.len()).filter(|at| knowledge.words.cues.at(Cue::WholeProvince, folded, *at).is_some()).take(2).count();
    (whole == 2).then_some(province)
}

/// The year that most lines name: 2024年, or 113年 where years are counted as in Taiwan.
fn commonest_year(lines: &[Line], taiwanese: bool) -> Option<i32> {
    let mut counts: std::collections::BTreeMap<i32, usize> = std::collections::BTreeMap::new();
    for line in lines {
        let mut digits = String::new();
        for c in line.chars.iter().filter(|c| !matches!(c, ' ' | '\t')) {
            if c.is_ascii_digit() {
                digits.push(*c);
                continue;
            }
            let number = std::mem::take(&mut digits).parse().ok().filter(|_| *c == '年');
            let year = number.map(|number: i32| if taiwanese && (80..=150).contains(&number) { number + 1911 } else { number });
            if let Some(year) = year.filter(|year| (1990..=2100).contains(year)) {
                *counts.entry(year).or_default() += 1;
            }
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}
