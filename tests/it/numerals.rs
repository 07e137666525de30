//! Properties of numerals: a number written in any style is read back exactly, and what stands around it changes nothing.

use proptest::prelude::*;
use reportsql::decimal::Decimal;
use reportsql::knowledge::Knowledge;
use reportsql::model::{Amount, Quantity, Reading};
use reportsql::recognise::{self, Context, date::Calendar};
use std::sync::OnceLock;

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::read(None).unwrap())
}

/// The quantities of a text.
fn quantities(text: &str) -> Vec<Quantity> {
    let chars: Vec<char> = text.chars().map(|c| knowledge().fold.char(c)).collect();
    let context = Context { calendar: Calendar { year: 2021, roc: false }, currency: "CNY", cell: false };
    let mentions = recognise::mentions(&chars, &context, knowledge());
    mentions
        .into_iter()
        .filter_map(|mention| match mention.reading {
            Reading::Quantity(quantity) => Some(quantity),
            _ => None,
        })
        .collect()
}

/// The one value of a text with its unit.
fn value(text: &str) -> Result<(Decimal, String), TestCaseError> {
    match &quantities(text)[..] {
        [Quantity { amount: Amount::One(value), unit, .. }] => Ok((value.clone(), unit.clone())),
        other => Err(TestCaseError::fail(format!("「{text}」 was read as {other:?}"))),
    }
}

/// The characters a style writes with: noughts to nines, ten, hundred, thousand, 万, 亿.
struct Script {
    digits: [char; 10],
    small: [char; 3],
    big: [char; 2],
    /// Does 12 begin with a one: 壹拾贰?
    one_ten: bool,
}

const SIMPLIFIED: Script = Script {
    digits: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    small: ['十', '百', '千'],
    big: ['万', '亿'],
    one_ten: false,
};
const TRADITIONAL: Script = Script {
    digits: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    small: ['十', '百', '千'],
    big: ['萬', '億'],
    one_ten: true,
};
const FORMAL: Script = Script {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    small: ['拾', '佰', '仟'],
    big: ['万', '亿'],
    one_ten: true,
};
const FORMAL_TRADITIONAL: Script = Script {
    digits: ['零', '壹', '貳', '叄', '肆', '伍', '陸', '柒', '捌', '玖'],
    small: ['拾', '佰', '仟'],
    big: ['萬', '億'],
    one_ten: true,
};

/// A section below 万.
fn section(number: u64, script: &Script) -> String {
    let mut text = String::new();
    let mut gap = false;
    for power in (0..4).rev() {
        let digit = (number / 10u64.pow(power) % 10) as usize;
        if digit == 0 {
            gap |= !text.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            text.push(script.digits[0]);
        }
        if !(power == 1 && digit == 1 && text.is_empty() && number < 20 && !script.one_ten) {
            text.push(script.digits[digit]);
        }
        if power > 0 {
            text.push(script.small[power as usize - 1]);
        }
    }
    text
}

/// A whole number below 10^16 in Chinese characters.
fn chinese(number: u64, script: &Script) -> String {
    if number == 0 {
        return script.digits[0].to_string();
    }
    let mut text = String::new();
    let (over, rest) = (number / 100_000_000, number % 100_000_000);
    if over > 0 {
        let (high, low) = (over / 10_000, over % 10_000);
        if high > 0 {
            text += &section(high, script);
            text.push(script.big[0]);
            if low > 0 && low < 1000 {
                text.push(script.digits[0]);
            }
        }
        text += &section(low, script);
        text.push(script.big[1]);
    }
    let (high, low) = (rest / 10_000, rest % 10_000);
    if high > 0 {
        if over > 0 && high < 1000 {
            text.push(script.digits[0]);
        }
        let part = section(high, script);
        // 十二万 inside a number has its one: 三亿零一十二万.
        if !text.is_empty() && part.starts_with(script.small[0]) {
            text.push(script.digits[1]);
        }
        text += &part;
        text.push(script.big[0]);
    }
    if low > 0 {
        if !text.is_empty() && (low < 1000 || high == 0) {
            text.push(script.digits[0]);
        }
        let part = section(low, script);
        if !text.is_empty() && part.starts_with(script.small[0]) {
            text.push(script.digits[1]);
        }
        text += &part;
    }
    text
}

/// Arabic digits with a separator at every third.
fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text += separator;
        }
        text.push(digit);
    }
    text
}

/// Arabic digits with 万 or 亿 and as many decimals as it takes.
fn scaled(number: u64, scale: u32, word: &str) -> String {
    let base = 10u64.pow(scale);
    let fraction = format!("{:0width$}", number % base, width = scale as usize);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}{word}", number / base)
}

/// The number in every style.
fn styles(number: u64) -> Vec<String> {
    let digits = number.to_string();
    let full = digits.chars().map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0xFF10).unwrap()).collect();
    let mut styles = vec![
        digits,
        full,
        grouped(number, ","),
        grouped(number, "，"),
        grouped(number, " "),
        scaled(number, 4, "万"),
        scaled(number, 4, "萬"),
        scaled(number, 8, "億"),
        scaled(number, 12, "万亿"),
        chinese(number, &SIMPLIFIED),
        chinese(number, &TRADITIONAL),
        chinese(number, &FORMAL),
        chinese(number, &FORMAL_TRADITIONAL),
    ];
    let (over, rest) = (number / 100_000_000, number % 100_000_000);
    if over > 0 && rest >= 10_000 && rest % 10_000 == 0 {
        styles.push(format!("{over}亿{}万", rest / 10_000));
        styles.push(format!("{}億{}萬", grouped(over, ","), grouped(rest / 10_000, ",")));
    }
    styles
}

/// Whole numbers of every size, round ones as often as others.
fn numbers() -> impl Strategy<Value = u64> {
    let round = (1u64..10_000, 0u32..12).prop_map(|(digits, noughts)| digits * 10u64.pow(noughts));
    prop_oneof![1u64..100, 1u64..100_000, 1u64..10_000_000_000_000_000, round]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_number_written_in_any_style_is_read_back_exactly(number in numbers()) {
        for style in styles(number) {
            // One character alone may be part of a word: 陆地, 一头.
            if style.chars().count() == 1 && !style.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let (read, unit) = value(&format!("达{style}头"))?;
            prop_assert_eq!(read, Decimal::from(number), "{}", style);
            prop_assert_eq!(unit, "头");
        }
    }

    #[test]
    fn a_decimal_stays_exact_however_long(whole in "[1-9][0-9]{0,40}", fraction in "[0-9]{1,40}") {
        let written = format!("{whole}.{fraction}");
        let exact: Decimal = written.parse().unwrap();
        let (read, unit) = value(&format!("占{written}%"))?;
        prop_assert_eq!(read.to_string(), exact.to_string());
        prop_assert_eq!(unit, "%");
        let (read, _) = value(&format!("投资{written}亿元"))?;
        prop_assert_eq!(read, exact.scaled(8));
    }

    #[test]
    fn text_around_changes_nothing(
        number in numbers(),
        style in any::<prop::sample::Index>(),
        before in prop::sample::select(vec!["", "公司全年新增", "其中，", "截至年末，行政村覆盖", "（", "「", "累計建成", "。", "与此同时"]),
        after in prop::sample::select(vec!["", "。", "，同比有所增长", "基站", "）", "；此外", "的基站", "」"]),
    ) {
        let styles = styles(number);
        let style = &styles[style.index(styles.len())];
        prop_assume!(style.chars().count() > 1);
        let alone = &quantities(&format!("{style}座"))[..];
        let within = &quantities(&format!("{before}{style}座{after}"))[..];
        prop_assert_eq!(alone.len(), 1, "{}", style);
        prop_assert_eq!(within.len(), 1, "{}{}座{}", before, style, after);
        prop_assert_eq!(&alone[0].amount, &within[0].amount);
        prop_assert_eq!(&alone[0].unit, &within[0].unit);
    }

    #[test]
    fn a_range_has_both_its_ends(low in 1u64..1_000_000, more in 1u64..1_000_000, joint in prop::sample::select(vec!["-", "~", "至", "到", "—"])) {
        let high = low + more;
        for text in [format!("为{low}{joint}{high}台"), format!("为{low}台{joint}{high}台"), format!("为{}{joint}{}台", grouped(low, ","), grouped(high, ","))] {
            match &quantities(&text)[..] {
                [Quantity { amount: Amount::Range(from, to), .. }] => {
                    prop_assert_eq!(from, &Decimal::from(low), "{}", &text);
                    prop_assert_eq!(to, &Decimal::from(high), "{}", &text);
                }
                other => return Err(TestCaseError::fail(format!("「{text}」 was read as {other:?}"))),
            }
        }
    }

    #[test]
    fn no_text_stops_the_reader(text in "[0-9一二三四五六七八九十百千万亿两半几数第年月日号个元万%.,、和至约近超以上下内成分之点折倍翻番GMTB/()（）“”「」 -]{0,60}") {
        let chars: Vec<char> = text.chars().map(|c| knowledge().fold.char(c)).collect();
        for cell in [false, true] {
            let context = Context { calendar: Calendar { year: 2021, roc: cell }, currency: if cell { "TWD" } else { "CNY" }, cell };
            let mentions = if cell { recognise::cell(&chars, &context, knowledge()) } else { recognise::mentions(&chars, &context, knowledge()) };
            let mut end = 0;
            for mention in mentions {
                prop_assert!(mention.span.start >= end && mention.span.start < mention.span.end && mention.span.end <= chars.len());
                end = mention.span.end;
            }
        }
    }
}

/// Sentences of the corpus with characters dropped, doubled and swapped: nothing may stop the reader or be read twice.
#[test]
fn mutated_sentences_are_read_in_order() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/zh/quantities.csv");
    let text: Vec<char> = std::fs::read_to_string(path).unwrap().chars().map(|c| knowledge().fold.char(c)).collect();
    // A linear congruence is random enough, and the same on every machine.
    let mut seed = 20_190_601_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let context = Context { calendar: Calendar { year: 2021, roc: false }, currency: "CNY", cell: false };
    for _ in 0..3000 {
        let start = next(text.len() - 80);
        let mut chars = text[start..start + 20 + next(60)].to_vec();
        for _ in 0..1 + next(6) {
            let at = next(chars.len());
            match next(4) {
                0 => drop(chars.remove(at)),
                1 => chars.insert(at, text[next(text.len())]),
                2 => chars[at] = text[next(text.len())],
                _ => chars.insert(at, chars[at]),
            }
        }
        let mut end = 0;
        for mention in recognise::mentions(&chars, &context, knowledge()) {
            let written: String = chars.iter().collect();
            assert!(mention.span.start >= end && mention.span.start < mention.span.end && mention.span.end <= chars.len(), "{written}");
            end = mention.span.end;
        }
    }
}
