//! What the program itself says in a workbook, in three languages.
//!
//! In:  which word, in which language.
//! Out: the word.

use crate::message::Language;

/// A word in English, simplified and traditional Chinese.
pub(super) struct Word(&'static str, &'static str, &'static str);

impl Word {
    /// In a language; English where none is asked for.
    pub(super) fn of(&self, language: Option<Language>) -> &'static str {
        match language {
            None | Some(Language::En) => self.0,
            Some(Language::Hans) => self.1,
            Some(Language::Hant) => self.2,
        }
    }

    /// As the name of a sheet among titles, which begin with a capital.
    pub(super) fn sheet(&self, language: Option<Language>) -> String {
        let name = self.of(language);
        let mut letters = name.chars();
        match (language, letters.next()) {
            (Some(Language::En), Some(first)) => first.to_uppercase().chain(letters).collect(),
            _ => name.to_string(),
        }
    }
}

pub(super) const CONTENTS: Word = Word("contents", "目录", "目錄");
pub(super) const CHARTS: Word = Word("charts", "图表", "圖表");
pub(super) const SHEET: Word = Word("Sheet", "工作表", "工作表");
pub(super) const TITLE: Word = Word("Title", "标题", "標題");
pub(super) const ROWS: Word = Word("Rows", "行数", "行數");
pub(super) const COLUMN: Word = Word("Column", "列", "欄");
pub(super) const MEANING: Word = Word("Meaning", "说明", "說明");
pub(super) const YEAR: Word = Word("Year", "年份", "年份");
pub(super) const PROVINCE: Word = Word("Province", "省份", "省份");
pub(super) const FACTS: Word = Word("Facts", "事实数", "事實數");
pub(super) const FACTS_BY_PROVINCE: Word = Word("Facts by province", "分省事实数", "分省事實數");
pub(super) const COLON: Word = Word(": ", "：", "：");
pub(super) const COMMA: Word = Word(", ", "，", "，");
pub(super) const OPEN: Word = Word(" (", "（", "（");
pub(super) const CLOSE: Word = Word(")", "）", "）");
pub(super) const ABOUT: Word =
    Word("Figures read from reports by reportsql", "reportsql 从报告中读取的数据", "reportsql 從報告中讀取的數據");
pub(super) const ADVICE: Word = Word(
    "Add up values in base units within one base unit only; exact values are texts that hold every digit, sentences the words they were read from.",
    "汇总时只可在同一基本单位内相加基本单位数值；精确数值以文本保存，句子列为原文。",
    "匯總時只可在同一基本單位內相加基本單位數值；精確數值以文本保存，句子欄為原文。",
);
pub(super) const ONE_YEAR: Word = Word(
    "No metric of the whole country or company has one value a year for two years or more: there is no chart over years.",
    "没有全国或全公司的指标在两年及以上每年各有一个数值，因此没有分年图表。",
    "沒有全國或全公司的指標在兩年及以上每年各有一個數值，因此沒有分年圖表。",
);
pub(super) const NO_PROVINCE: Word = Word(
    "No figure names a province: there is no chart by province.",
    "没有分省数据，因此没有分省图表。",
    "沒有分省數據，因此沒有分省圖表。",
);
