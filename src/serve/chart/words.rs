//! What a chart itself says, in three languages.
//!
//! In:  which word, in which language.
//! Out: the word.

use crate::message::Language;

/// A word in English, simplified and traditional Chinese.
pub(super) struct Word(&'static str, &'static str, &'static str);

impl Word {
    /// In a language.
    pub(super) fn of(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.0,
            Language::Hans => self.1,
            Language::Hant => self.2,
        }
    }
}

pub(super) const UNIT: Word = Word("Unit: ", "单位：", "單位：");
pub(super) const SOURCE: Word = Word("Source: ", "来源：", "來源：");
pub(super) const BY_PROVINCE: Word = Word("by province", "分省", "分省");
pub(super) const BY_COMPANY: Word = Word("by company", "各公司", "各公司");
pub(super) const COLON: Word = Word(": ", "：", "：");
pub(super) const COMMA: Word = Word(", ", "，", "，");
pub(super) const AND: Word = Word(", ", "、", "、");
pub(super) const STOP: Word = Word("; ", "；", "；");

// What is no level achieved.
pub(super) const TARGET: Word = Word("target", "目标", "目標");
pub(super) const RULE: Word = Word("required", "要求", "要求");
pub(super) const FORECAST: Word = Word("forecast", "预测", "預測");

// What is measured, where that is no level.
pub(super) const SHARE: Word = Word("share", "占比", "佔比");
pub(super) const SHARE_OF: Word = Word("of ", "占", "佔");
pub(super) const CHANGE: Word = Word("change", "变动", "變動");
pub(super) const RANK: Word = Word("rank", "排名", "排名");
pub(super) const PRICE: Word = Word("price", "价格", "價格");
pub(super) const YOY: Word = Word("year on year", "同比", "同比");
pub(super) const POP: Word = Word("against the period before", "环比", "環比");
pub(super) const PRIOR: Word = Word("against before", "较此前", "較此前");
pub(super) const AGAINST: Word = Word("against ", "较", "較");

// Scales, by their power of ten.
pub(super) const CHINESE_SCALES: [(i32, Word); 3] = [(12, Word("", "万亿", "萬億")), (8, Word("", "亿", "億")), (4, Word("", "万", "萬"))];
pub(super) const ENGLISH_SCALES: [(i32, Word); 3] =
    [(12, Word("trillions", "", "")), (9, Word("billions", "", "")), (6, Word("millions", "", ""))];

/// Where in a report: 「第12、15頁」.
pub(super) fn pages(pages: &str, language: Language) -> String {
    match language {
        Language::En => format!("p. {}", pages.replace('、', ", ")),
        Language::Hans => format!("第{pages}页"),
        Language::Hant => format!("第{pages}頁"),
    }
}

/// The like of a text without pages.
pub(super) fn lines(lines: &str, language: Language) -> String {
    match language {
        Language::En => format!("line {}", lines.replace('、', ", ")),
        Language::Hans => format!("第{lines}行"),
        Language::Hant => format!("第{lines}行"),
    }
}
