//! What people are told, in their language: templates with their braces filled in.
//!
//! In:  the code of a message, what its braces stand for, a language.
//! Out: a sentence or a word.
//!
//! Templates are rows of `data/messages.csv`, in three languages each; `{name}` stands for what is filled in, `{count|figure|figures}`
//! for the first word where the count is 1 and else for the second. What programs read (codes, JSON, SQL, names of columns) is no message.

use clap::ValueEnum;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// A language that people are told things in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Language {
    /// Traditional Chinese
    #[value(name = "zh-Hant")]
    Hant,
    /// Simplified Chinese
    #[value(name = "zh-Hans")]
    Hans,
    /// English
    #[default]
    #[value(name = "en")]
    En,
}

impl Language {
    /// `zh-Hant`, `zh-Hans`, `en`: as in BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Hant => "zh-Hant",
            Language::Hans => "zh-Hans",
            Language::En => "en",
        }
    }

    /// The language of a POSIX locale: Chinese of 台灣, 香港 and 澳門 in traditional script, other Chinese in simplified; English where it
    /// is none of these.
    ///
    /// ```
    /// use reportsql::message::Language;
    /// assert_eq!(Language::of_locale("zh_TW.UTF-8"), Language::Hant);
    /// assert_eq!(Language::of_locale("zh_CN"), Language::Hans);
    /// assert_eq!(Language::of_locale("C.UTF-8"), Language::En);
    /// ```
    pub fn of_locale(locale: &str) -> Language {
        let name = locale.split(['.', '@']).next().unwrap_or_default().replace('-', "_").to_ascii_lowercase();
        let mut parts = name.split('_');
        if parts.next() != Some("zh") {
            return Language::En;
        }
        if parts.any(|part| ["hant", "tw", "hk", "mo"].contains(&part)) { Language::Hant } else { Language::Hans }
    }
}

/// A message that is not worded yet: its code in `data/messages.csv`, and what its braces stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    code: &'static str,
    fills: Vec<(&'static str, String)>,
}

/// Makes a [`Message`]: `message!("summary-more", count = 3)`. A test holds code and names up to the table.
macro_rules! message {
    ($code:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::message::Message::new($code, vec![$((stringify!($name), ($value).to_string())),*])
    };
}
pub(crate) use message;

impl Message {
    /// `message!` is shorter.
    pub(crate) fn new(code: &'static str, fills: Vec<(&'static str, String)>) -> Message {
        Message { code, fills }
    }

    /// The message in words.
    pub fn said(&self, language: Language) -> String {
        let templates = TEMPLATES.get(self.code).unwrap_or_else(|| panic!("data/messages.csv has no {}", self.code));
        filled(&templates[language as usize], &self.fills)
    }
}

/// A sentence in every language, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// In traditional Chinese.
    pub hant: String,
    /// In simplified Chinese.
    pub hans: String,
    /// In English.
    pub en: String,
}

impl Wording {
    /// What is said in each language.
    pub fn new(said: impl Fn(Language) -> String) -> Wording {
        Wording { hant: said(Language::Hant), hans: said(Language::Hans), en: said(Language::En) }
    }

    /// In a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Hant => &self.hant,
            Language::Hans => &self.hans,
            Language::En => &self.en,
        }
    }

    /// Templates in every language, filled in.
    pub(crate) fn filled(&self, fills: &[(&'static str, String)]) -> Wording {
        Wording::new(|language| filled(self.of(language), fills))
    }
}

impl From<Message> for Wording {
    fn from(message: Message) -> Wording {
        Wording::new(|language| message.said(language))
    }
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said(Language::En))
    }
}

/// The templates of each code, in the order of [`Language`].
static TEMPLATES: LazyLock<HashMap<String, [String; 3]>> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(include_bytes!("../data/messages.csv").as_slice());
    let rows = reader.deserialize().map(|row| {
        let (code, hant, hans, en): (String, String, String, String) = row.expect("the table is part of the program, and a test reads it");
        (code, [hant, hans, en])
    });
    rows.collect()
});

/// A template with its braces filled in, each once and from left to right.
pub(crate) fn filled(template: &str, fills: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        text += before;
        let Some((place, after)) = behind.split_once('}') else { break };
        let mut parts = place.split('|');
        let name = parts.next().unwrap_or_default();
        let fill = fills.iter().find(|(known, _)| *known == name).map_or("", |(_, fill)| fill.as_str());
        text += match (parts.next(), parts.next()) {
            (Some(one), Some(several)) => {
                if fill == "1" {
                    one
                } else {
                    several
                }
            }
            _ => fill,
        };
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_filled_once() {
        let fills = [("a", "{b}".to_string()), ("b", "x".to_string())];
        assert_eq!(filled("1 {a} 2 {b} 3", &fills), "1 {b} 2 x 3");
    }

    #[test]
    fn english_tells_one_from_several() {
        let said = |count: usize| filled("{count} {count|figure|figures}", &[("count", count.to_string())]);
        assert_eq!([said(0), said(1), said(2)], ["0 figures", "1 figure", "2 figures"]);
    }

    #[test]
    fn locales_name_a_script() {
        for (locale, expect) in [
            ("zh_HK.UTF-8", Language::Hant),
            ("zh-Hant-CN", Language::Hant),
            ("zh_SG", Language::Hans),
            ("zh", Language::Hans),
            ("zh_CN.GB18030@pinyin", Language::Hans),
            ("zha_CN", Language::En),
            ("de_DE", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::of_locale(locale), expect, "{locale}");
        }
    }
}
