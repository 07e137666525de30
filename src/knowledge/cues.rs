//! Words that tell something of what stands near them: `data/zh/cue_words.csv`.
//!
//! In:  a cue and a place in folded text.
//! Out: whether one of its words begins there, ends there, or stands somewhere in a stretch.
//!
//! Each list is short and is asked only where a rule has cause to, so the words are compared one by one.

use super::table::Tables;
use crate::error::{Error, Result};
use serde::Deserialize;

/// Declares the cues: what one tells, by examples; its variant; its name in the table.
macro_rules! cues {
    ($($(#[doc = $doc:literal])+ $cue:ident = $name:literal,)+) => {
        /// What a word tells.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Cue { $($(#[doc = $doc])+ $cue,)+ }

        impl Cue {
            const ALL: &[(Cue, &str)] = &[$((Cue::$cue, $name),)+];
        }
    };
}

cues! {
    /// 排名, 位列: what follows is a rank.
    Ranked = "ranked",
    /// 跻身, 进入: the first so many.
    Among = "among",
    /// 稳居: 首位 is a rank.
    First = "first",
    /// 全球, 行业: 第三大 and 第一 are ranks.
    Wide = "wide",
    /// 摆在: 第一位 is no rank.
    Put = "put",
    /// 跃升: places along a ranking.
    Moved = "moved",
    /// 电话, 热线: a telephone number follows.
    Telephone = "telephone",
    /// 热线, 客服 behind a number that is one.
    Served = "served",
    /// 代码, 编号: a code follows.
    Code = "code",
    /// 上午: a time of day follows.
    DayPart = "day_part",
    /// 时代, 平台 behind the number of a version.
    Version = "version",
    /// 热线, 值守 behind 24小时.
    RoundTheClock = "round_the_clock",
    /// 工程, 项目 behind a phase: 三期工程.
    Phase = "phase",
    /// 园区, 码头 before a phase: 园区三期.
    PhaseFront = "phase_front",
    /// 缩短至, 为期: 一年 is a figure there.
    Spanning = "spanning",
    /// 过去, 未来: a span says when.
    Recent = "recent",
    /// 历时: a span says how long.
    Lasting = "lasting",
    /// 合计, 均: places named before are summed up.
    Summed = "summed",
    /// 至, 为: a span is a measurement and no part of a rate's name.
    Measured = "measured",
    /// 降至, 提升: a value leads away to another.
    Away = "away",
    /// 达到, 突破: stands between a name and its number.
    Reaching = "reaching",
    /// 总数, 规模: ends a name that says what is counted.
    Total = "total",
    /// 流量, 内存: a letter of a network is a volume.
    Volume = "volume",
    /// 带宽, 速率: it is a bandwidth.
    Speed = "speed",
    /// 气温: 度 is a temperature.
    Temperature = "temperature",
    /// 电价: 分 is money.
    Price = "price",
    /// 满意度: 分 is a point of a score all the same.
    Score = "score",
    /// 的比例, 达: stands between the whole of a share and the number.
    WholeEnd = "whole_end",
    /// 覆盖率, 整改率: ends the name of a rate that names its objects.
    Covered = "covered",
    /// 女性, 外籍: begins the name of a part whose whole follows.
    Group = "group",
    /// 利率, 增速: a percentage of that name is no share.
    Interest = "interest",
    /// 资费, 售价: an amount of money of that name is a price.
    Tariff = "tariff",
    /// 回购, 收购 behind 以…的价格: what was dealt in follows.
    Deal = "deal",
    /// 高配版, 双人间: one of several that differ in price.
    Variant = "variant",
    /// 价, 流量: so is one for each of something.
    PerUnit = "per_unit",
    /// 其中, 当中, 中已有: what follows is a part of what was spoken of.
    Parts = "parts",
    /// 过程中: ends with 中 and speaks of no whole.
    Amid = "amid",
    /// 分别, 依次: the values behind go to the names before, one by one.
    Each = "each",
    /// 分季度, 四个季度: the values behind go through the quarters of the year.
    Quarters = "quarters",
    /// 峰值, 高点 behind 较: a time when it was so.
    Peak = "peak",
    /// 综合利用率: ends the last of several names and belongs to all.
    Common = "common",
    /// 由低到高: in which order is ranked, and no name.
    RankOrder = "rank_order",
    /// 合约, 保修 before 期内: a time of its own, not the report's.
    Term = "term",
    /// 增长, 减少: an amount does so; a share rises by points.
    Growth = "growth",
    /// 剔除, 扣除: the noun behind the number is its name.
    Excluding = "excluding",
    /// 合计 behind years or quarters: they are taken together.
    Together = "together",
    /// 位居, 名列: the verb between what is ranked and its place.
    RankVerb = "rank_verb",
    /// 百强榜, 500强: ends the name of what ranks.
    Listing = "listing",
    /// 行业, 全国: among whom it is ranked, and no name.
    Field = "field",
    /// 建设, 购买 behind a number: what it is for, and no name.
    Purpose = "purpose",
    /// 不低于, 相当于: parts a name from the yardstick behind it.
    Bound = "bound",
    /// 连续覆盖 behind a list of shares and what each is of: 96%的县城和七成乡镇的连续覆盖.
    Covering = "covering",
    /// 涉及, 惠及: the counted are those it reaches.
    Reach = "reach",
    /// 位于, 落户 behind a number: a place follows.
    Located = "located",
    /// 跌幅, 降幅: the name of a fall.
    FallName = "fall_name",
    /// 增幅, 涨幅: the name of a rise.
    RiseName = "rise_name",
    /// 数量, 金额: says too little alone.
    Bare = "bare",
    /// 总量, 总计 alone: all of what was spoken of.
    Sumtotal = "sumtotal",
    /// 必须, 应当: the word of a rule, no part of what is ruled.
    Rule = "rule",
    /// 省分公司, 两地: follows places and belongs to no name.
    PlaceTail = "place_tail",
    /// 比例 behind the part of a share: 男员工比例.
    ShareEnd = "share_end",
    /// 全部, 所有 before a name: it is the whole of what is called so.
    AllOf = "all_of",
    /// 占比, 比重: says only that it is a share.
    ShareName = "share_name",
    /// 了, 约, 达: stands between a word of change and its number.
    Particle = "particle",
    /// 实际, 计划: says only how, and is no name.
    NoName = "no_name",
    /// 再, 大幅: the manner of a change.
    Manner = "manner",
    /// 同比, 按年: against the same period a year before.
    Yoy = "yoy",
    /// 环比, 按季: against the period before.
    Pop = "pop",
    /// 优于 before a time: above it.
    Above = "above",
    /// 低于 before a time: below it.
    Below = "below",
    /// 相比, 相较 behind a time: something is compared with it.
    Versus = "versus",
    /// 相, 相对, 优: what is left of 相较, 相对于, 优于 before a time.
    VersusHead = "versus_head",
    /// 较, 相对于 before a time: it is a base.
    Against = "against",
    /// 与, 同 before a time with 相比 behind it.
    With = "with",
    /// 为基准, 相比 behind a time: it is a base.
    BaseBehind = "base_behind",
    /// 截至 before a time: begins the line of a title that says how long the report's time is.
    Until = "until",
    /// 自 before a time: from then on.
    From = "from",
    /// 以来, 推出 behind a time that 自 leads: so it is meant.
    Onward = "onward",
    /// 以来, 至今: from the time before it up to the report's.
    UntilNow = "until_now",
    /// 首次, 最高 behind 以来: the time since then is what it is compared with.
    Record = "record",
    /// 成立于, 始建于 before a time: what happened then, no figure is about it.
    Founded = "founded",
    /// 设立, 投产 behind a time: what happened then, no figure is about it.
    Event = "event",
    /// 全省, 省内: all that a provincial company covers.
    WholeProvince = "whole_province",
    /// 水平, 目标 before 的 and a percentage: the whole that so much is of.
    Yardstick = "yardstick",
    /// 基站, 频段 behind a number of M or G, 工艺 behind one of nanometres: it names them, no quantity.
    Band = "band",
    /// 总部设于, 注册地 before a place: where a company has its seat.
    Seat = "seat",
    /// 合计, 总额: ends the label of a total.
    TableTotal = "table_total",
    /// 其他, 直接: a label that says too little without those above it.
    Vague = "vague",
    /// 不适用, 未披露: a cell without a value.
    Absent = "absent",
    /// 报告, 公司 in a row of several parts at the edge of pages: it recurs as the head of no table does.
    EdgeRow = "edge_row",
    /// 附注, 序号: heads a column that holds no figures.
    NoteHead = "note_head",
    /// 单位: heads the column of units.
    UnitHead = "unit_head",
    /// 项目, 指标: heads the column of labels.
    LabelHead = "label_head",
    /// 年度, 期间: heads a column of years.
    YearHead = "year_head",
    /// 同比, 比上 in the head of a column: it compares.
    ComparedHead = "compared_head",
    /// 增减, 增幅: it is a change.
    ChangeHead = "change_head",
    /// 增减, 变动: so much it changed, in the unit of the table.
    AmountHead = "amount_head",
    /// 幅, 同比: so much in per cent.
    RatioHead = "ratio_head",
    /// 本次, 金额 beside a word of change: what came in and went out.
    FlowHead = "flow_head",
    /// 金额, 数值: a head that names nothing.
    BareHead = "bare_head",
    /// 目标 in the head of a column of times: what is aimed at then.
    AimHead = "aim_head",
    /// 累计: the months up to the reported one.
    Cumulative = "cumulative",
    /// 年龄: heads a column of years of age.
    AgeHead = "age_head",
    /// 余额, 结余: the state at a day.
    AtDay = "at_day",
    /// 余额, 净值: a label of what is left at a day.
    Balance = "balance",
    /// 截至, 经审计 beside a date: says no more than when.
    DateFiller = "date_filler",
    /// 金额, 数: what a head of many words may say beside its time.
    Sum = "sum",
    /// 资产负债表: states a day.
    DayStatement = "day_statement",
    /// 号填列 in brackets: how to read a sign, not what is measured.
    SignNote = "sign_note",
    /// 减:, 加: before a label.
    SignFront = "sign_front",
    /// 电话, 编号: ends a label whose number names something.
    NamedNumber = "named_number",
    /// 每股: nobody counts it in thousands.
    PerShare = "per_share",
    /// 展望 behind a year: closes the report.
    ClosingHead = "closing_head",
    /// 每度电, 每公斤售人民币: stands between what a price is for and the price.
    EachOf = "each_of",
    /// 基地, 工厂 behind a place: what stands there is the finer place.
    Site = "site",
    /// 分地区, 各省: begins a caption whose rows are places.
    ByPlace = "by_place",
    /// 办结率, 整改率: of the objects counted before it.
    Handled = "handled",
    /// 回顾, 摘要: ends the name of a chapter.
    Chapter = "chapter",
    /// 全部, 均 before a verb: says only that all do.
    Wholly = "wholly",
    /// 位于, 来自 behind a share at the head of a clause: what the part is.
    Lies = "lies",
    /// 参与, 惠及: a verb that names its people only together with what was spoken of.
    Partake = "partake",
    /// 报告, 公报: the noun of a title of a report.
    ReportNoun = "report_noun",
    /// 社会责任 in a title: a report of that kind.
    Csr = "csr",
    /// 可持续, 永续 in a title: so here.
    Esg = "esg",
    /// 中期, 半年 in a title: so here.
    Interim = "interim",
    /// 季度, 三个月 in a title: so here.
    Quarterly = "quarterly",
    /// 年度业绩 in a title: so here.
    Annual = "annual",
    /// 月份 in a title: so here.
    Monthly = "monthly",
    /// 公报 in a title: a report of no other kind.
    Bulletin = "bulletin",
    /// 公布, 发布 in a title: its company stands before.
    Announce = "announce",
    /// 股份有限公司: the legal form of a company, no part of its short name.
    CompanyForm = "company_form",
    /// 股份代号 in a title: it names no company.
    NoCompany = "no_company",
    /// 案例 before a heading: a case box.
    CaseHead = "case_head",
    /// 附录 before a heading: an appendix.
    AppendixHead = "appendix_head",
    /// 前言, 结语: what stands around the chapters.
    OpeningHead = "opening_head",
    /// 专题, 议题 with a number: a chapter.
    TopicHead = "topic_head",
    /// 措施, 成效: ends the title of a list of measures.
    MeasuresEnd = "measures_end",
    /// 完成情况 with a year: a list of what was done.
    DoneHead = "done_head",
    /// 下一步, 展望: a list of what is planned.
    PlannedHead = "planned_head",
    /// 目标, 承诺 with a year: so here.
    PlannedYear = "planned_year",
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

    /// What a name is without a word of this cue before it.
    pub fn behind<'n>(&self, cue: Cue, name: &'n str) -> Option<&'n str> {
        let chars: Vec<char> = name.chars().collect();
        let length = self.at(cue, &chars, 0)?;
        Some(&name[chars[..length].iter().map(|c| c.len_utf8()).sum()..])
    }

    /// What a name is without a word of this cue at its end.
    pub fn ahead_of<'n>(&self, cue: Cue, name: &'n str) -> Option<&'n str> {
        let chars: Vec<char> = name.chars().collect();
        let length = self.before(cue, &chars, chars.len())?;
        Some(&name[..name.len() - chars[chars.len() - length..].iter().map(|c| c.len_utf8()).sum::<usize>()])
    }

    /// Where in the stretch a word of this cue stands first, and how long it is.
    pub fn find(&self, cue: Cue, chars: &[char]) -> Option<(usize, usize)> {
        (0..chars.len()).find_map(|at| Some((at, self.at(cue, chars, at)?)))
    }

    /// Does a word of this cue stand in the stretch?
    pub fn within(&self, cue: Cue, chars: &[char]) -> bool {
        self.find(cue, chars).is_some()
    }

    /// Does the stretch end with a word of this cue?
    pub fn ends(&self, cue: Cue, chars: &[char]) -> bool {
        self.before(cue, chars, chars.len()).is_some()
    }

    /// Is the stretch such a word?
    pub fn is(&self, cue: Cue, chars: &[char]) -> bool {
        self.at(cue, chars, 0) == Some(chars.len())
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
            assert!(!cues.of(*cue).is_empty(), "{name} has no word");
        }
    }
}
