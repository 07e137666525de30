//! Words that say what a number near them is: `data/zh/cue_words.csv`.
//!
//! In:  a cue and a place in folded text.
//! Out: whether one of its words begins there, ends there, or stands somewhere in a stretch.
//!
//! Each list is short and is asked only where a rule has cause to, so the words are compared one by one.

use super::table::Tables;
use crate::error::{Error, Result};
use serde::Deserialize;

/// What a word tells of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// 排名, 位列: what follows is a rank.
    Ranked,
    /// 跻身, 进入: the first so many.
    Among,
    /// 稳居: 首位 is a rank.
    First,
    /// 全球, 行业: 第三大 and 第一 are ranks.
    Wide,
    /// 摆在: 第一位 is no rank.
    Put,
    /// 跃升: places along a ranking.
    Moved,
    /// 电话, 热线: a telephone number follows.
    Telephone,
    /// 热线, 客服 behind a number that is one.
    Served,
    /// 代码, 编号: a code follows.
    Code,
    /// 上午: a time of day follows.
    DayPart,
    /// 时代, 平台 behind the number of a version.
    Version,
    /// 热线, 值守 behind 24小时.
    RoundTheClock,
    /// 工程, 项目 behind a phase: 三期工程.
    Phase,
    /// 缩短至, 为期: 一年 is a figure there.
    Spanning,
    /// 过去, 未来: a span says when.
    Recent,
    /// 历时: a span says how long.
    Lasting,
    /// 合计, 均: places named before are summed up.
    Summed,
    /// 至, 为: a span is a measurement and no part of a rate's name.
    Measured,
    /// 降至, 提升: a value leads away to another.
    Away,
    /// 达到, 突破: stands between a name and its number.
    Reaching,
    /// 总数, 规模: ends a name that says what is counted.
    Total,
    /// 流量, 内存: a letter of a network is a volume.
    Volume,
    /// 带宽, 速率: it is a bandwidth.
    Speed,
    /// 气温: 度 is a temperature.
    Temperature,
    /// 电价: 分 is money.
    Price,
    /// 满意度: 分 is a point of a score all the same.
    Score,
    /// 的比例, 达: stands between the whole of a share and the number.
    WholeEnd,
    /// 覆盖率, 整改率: ends the name of a rate that names its objects.
    Covered,
    /// 女性, 外籍: begins the name of a part whose whole follows.
    Group,
    /// 利率, 增速: a percentage of that name is no share.
    Interest,
    /// 资费, 售价: an amount of money of that name is a price.
    Tariff,
    /// 价, 流量: so is one for each of something.
    PerUnit,
}

impl Cue {
    const ALL: [(Cue, &'static str); 32] = [
        (Cue::Ranked, "ranked"),
        (Cue::Among, "among"),
        (Cue::First, "first"),
        (Cue::Wide, "wide"),
        (Cue::Put, "put"),
        (Cue::Moved, "moved"),
        (Cue::Telephone, "telephone"),
        (Cue::Served, "served"),
        (Cue::Code, "code"),
        (Cue::DayPart, "day_part"),
        (Cue::Version, "version"),
        (Cue::RoundTheClock, "round_the_clock"),
        (Cue::Phase, "phase"),
        (Cue::Spanning, "spanning"),
        (Cue::Recent, "recent"),
        (Cue::Lasting, "lasting"),
        (Cue::Summed, "summed"),
        (Cue::Measured, "measured"),
        (Cue::Away, "away"),
        (Cue::Reaching, "reaching"),
        (Cue::Total, "total"),
        (Cue::Volume, "volume"),
        (Cue::Speed, "speed"),
        (Cue::Temperature, "temperature"),
        (Cue::Price, "price"),
        (Cue::Score, "score"),
        (Cue::WholeEnd, "whole_end"),
        (Cue::Covered, "covered"),
        (Cue::Group, "group"),
        (Cue::Interest, "interest"),
        (Cue::Tariff, "tariff"),
        (Cue::PerUnit, "per_unit"),
    ];
}

/// The words of each cue, the longest first.
#[derive(Debug)]
pub struct Cues(Vec<Vec<Vec<char>>>);

#[derive(Deserialize)]
struct CueRow {
    word: String,
    cue: String,
}

impl Cues {
    pub(super) fn read(tables: &Tables) -> Result<Cues> {
        let mut words: Vec<Vec<Vec<char>>> = vec![Vec::new(); Cue::ALL.len()];
        for row in tables.rows::<CueRow>("zh/cue_words.csv")? {
            let known = Cue::ALL.iter().position(|(_, name)| *name == row.fields.cue);
            let cue = known.ok_or_else(|| {
                let names: Vec<&str> = Cue::ALL.iter().map(|(_, name)| *name).collect();
                Error::failed(format!("{}: cue 「{}」 is unknown; expected {}", row.at, row.fields.cue, names.join(", ")))
            })?;
            words[cue].push(row.fields.word.chars().collect());
        }
        for list in &mut words {
            list.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Ok(Cues(words))
    }

    fn of(&self, cue: Cue) -> &[Vec<char>] {
        &self.0[cue as usize]
    }

    /// How long the word of this cue is that begins at `at`.
    pub fn at(&self, cue: Cue, chars: &[char], at: usize) -> Option<usize> {
        let rest = chars.get(at..)?;
        let begins = |word: &&Vec<char>| word.first() == rest.first() && rest.starts_with(word);
        self.of(cue).iter().find(begins).map(Vec::len)
    }

    /// How long the word of this cue is that ends before `end`.
    pub fn before(&self, cue: Cue, chars: &[char], end: usize) -> Option<usize> {
        let head = chars.get(..end)?;
        let ends = |word: &&Vec<char>| word.last() == head.last() && head.ends_with(word);
        self.of(cue).iter().find(ends).map(Vec::len)
    }

    /// Does a word of this cue stand in the stretch?
    pub fn within(&self, cue: Cue, chars: &[char]) -> bool {
        (0..chars.len()).any(|at| self.at(cue, chars, at).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cue_has_its_name_and_words() {
        for (at, (cue, _)) in Cue::ALL.iter().enumerate() {
            assert_eq!(*cue as usize, at);
        }
        let cues = Cues::read(&Tables::read(None).unwrap()).unwrap();
        let text: Vec<char> = "客服热线10010".chars().collect();
        assert_eq!(cues.before(Cue::Telephone, &text, 4), Some(2));
        assert!(cues.within(Cue::Telephone, &text) && cues.at(Cue::Telephone, &text, 4).is_none());
        for (cue, name) in Cue::ALL {
            assert!(!cues.of(cue).is_empty(), "{name} has no word");
        }
    }
}
