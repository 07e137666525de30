//! Says what glyph names and old encodings stand for, and how wide the letters of the standard fonts are.
//!
//! In:  a glyph name, a code of an encoding, a character.
//! Out: a character, a width.
//!
//! The names are those of the Adobe Glyph List that Western letters, figures and signs need; Chinese fonts have no names. Radicals,
//! as some producers write them, are put back to the characters that they stand for.

use encoding_rs::{BIG5, Encoding, GBK, MACINTOSH, WINDOWS_1252};

/// The character of a glyph name: `zero`, `uni4E00`, `u20000`, `a.sc`.
pub(super) fn named(name: &str) -> Option<char> {
    let stem = name.split('.').next().filter(|stem| !stem.is_empty())?;
    if let Ok(at) = NAMES.binary_search_by_key(&stem, |(name, _)| name) {
        return Some(NAMES[at].1);
    }
    let mut chars = stem.chars();
    if let (Some(letter), None) = (chars.next(), chars.next()) {
        return letter.is_ascii_alphabetic().then_some(letter);
    }
    let digits = stem.strip_prefix("uni").filter(|digits| digits.len() >= 4).map(|digits| digits.get(..4));
    let digits = digits.or_else(|| stem.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())).map(Some)).flatten()?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

/// What a code means in one of the encodings that PDF knows by name.
pub(super) fn encoded(encoding: &str, code: u8) -> Option<char> {
    let single = |table: &'static encoding_rs::Encoding| table.decode_without_bom_handling(&[code]).0.chars().next();
    let c = match (encoding, code) {
        (_, 0..=31) => None,
        ("WinAnsiEncoding", _) => single(WINDOWS_1252),
        ("MacRomanEncoding", _) => single(MACINTOSH),
        ("Symbol", 0xB7) => Some('•'),
        ("Symbol", 0xA3) => Some('≤'),
        ("Symbol", 0xB3) => Some('≥'),
        ("Symbol", 0xB1) => Some('±'),
        ("Symbol", 0xB4) => Some('×'),
        ("Symbol", 32..=63) => Some(char::from(code)),
        ("Symbol", _) => None,
        (_, 0x27) => Some('’'),
        (_, 0x60) => Some('‘'),
        (_, 32..=126) => Some(char::from(code)),
        (_, 0xA0..) => STANDARD.chars().nth(usize::from(code) - 0xA0).filter(|c| *c != ' '),
        _ => None,
    };
    c.filter(|c| !c.is_control())
}

/// A font's name, which Chinese systems write in their own encoding.
pub(super) fn font_name(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| GBK.decode_without_bom_handling(bytes).0.into_owned())
}

/// The encoding of the system that a font of this name comes with.
pub(super) fn system_encoding(name: &[u8]) -> Option<&'static Encoding> {
    let is_of = |(encoding, fonts): &&(&'static Encoding, &[&str])| {
        let told = [String::from_utf8_lossy(name), encoding.decode_without_bom_handling(name).0].map(|told| told.to_lowercase());
        fonts.iter().any(|font| told.iter().any(|told| told.contains(font)))
    };
    SYSTEM_FONTS.iter().find(is_of).map(|(encoding, _)| *encoding)
}

/// The fonts that Windows and its Office come with in China, and in Taiwan and Hong Kong.
const SYSTEM_FONTS: &[(&Encoding, &[&str])] = &[
    (BIG5, &["細明體", "標楷體", "微軟正黑體", "mingliu", "dfkai", "jhenghei"]),
    (
        GBK,
        &[
            "宋体",
            "黑体",
            "楷体",
            "仿宋",
            "隶书",
            "幼圆",
            "华文",
            "方正",
            "雅黑",
            "simsun",
            "simhei",
            "simkai",
            "simfang",
            "kaiti",
            "fangsong",
            "stsong",
            "stheiti",
            "stxihei",
            "stzhongsong",
            "lisu",
            "youyuan",
            "yahei",
        ],
    ),
];

/// The Chinese character that two bytes are in an encoding.
pub(super) fn of_pair(pair: [u8; 2], encoding: &'static Encoding) -> Option<char> {
    if pair[0] < 0x81 {
        return None;
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(&pair)?;
    let mut chars = text.chars();
    chars.next().filter(|c| chars.next().is_none() && !matches!(c, '\u{E000}'..='\u{F8FF}'))
}

/// A character as the report means it: no radical, no bullet of a private font.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{2F00}'..='\u{2FD5}' => KANGXI.chars().nth(c as usize - 0x2F00).unwrap_or(c),
        '\u{2E80}'..='\u{2EF3}' => RADICALS.chars().position(|known| known == c).and_then(|at| CHARACTERS.chars().nth(at)).unwrap_or(c),
        '\u{F06C}' | '\u{F06E}' | '\u{F0A7}' | '\u{F0B7}' | '\u{F075}' | '\u{F077}' | '\u{F09F}' => '•',
        '\u{F0D8}' => '➢',
        '\u{F0FC}' | '\u{F0FE}' | '\u{F052}' => '√',
        '\u{F0A8}' | '\u{F06F}' | '\u{F071}' => '□',
        '\u{F020}'..='\u{F07E}' => char::from((c as u32 - 0xF000) as u8),
        _ => c,
    }
}

/// The width of a character in the fonts that a PDF need not carry, in em.
pub(super) fn standard_width(font: &str, c: char) -> Option<f64> {
    let index = (c as usize).checked_sub(32).filter(|index| *index < 95);
    let widths: &[u16; 95] = if font.contains("Courier") {
        return Some(0.6);
    } else if font.contains("Times") || font.contains("Serif") {
        &TIMES
    } else {
        &HELVETICA
    };
    Some(index.map_or(0.5, |index| f64::from(widths[index]) / 1000.0))
}

/// Widths of the characters 32 to 126.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278,
    278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722,
    722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500,
    500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// The upper half of StandardEncoding, from 0xA0; a blank stands for no character.
const STANDARD: &str = " ¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿ `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ—                Æ ª    ŁØŒº     æ   ı  łøœß    ";

/// The 214 radicals of the Kangxi dictionary, from U+2F00, as characters.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Radicals of the supplement, and the characters that they stand for.
const RADICALS: &str = "⺁⺄⺅⺈⺋⺌⺕⺘⺝⺟⺠⺦⺰⺳⺶⺷⺻⻁⻄⻅⻆⻈⻉⻋⻌⻏⻐⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻭⻮⻯⻰⻲⻳";
const CHARACTERS: &str = "厂乙亻刀卩小彐扌月母民丬纟罒羊羊聿虎西见角讠贝车辶阝钅長长门雨青韦页风飞食食饣首马骨鬼鱼鸟卤麦黄斉齐歯齿竜龙亀龟";

/// Names of glyphs, sorted.
const NAMES: &[(&str, char)] = &[
    ("AE", 'Æ'),
    ("Aacute", 'Á'),
    ("Abreve", 'Ă'),
    ("Acircumflex", 'Â'),
    ("Adieresis", 'Ä'),
    ("Agrave", 'À'),
    ("Amacron", 'Ā'),
    ("Aogonek", 'Ą'),
    ("Aring", 'Å'),
    ("Atilde", 'Ã'),
    ("Cacute", 'Ć'),
    ("Ccaron", 'Č'),
    ("Ccedilla", 'Ç'),
    ("Ccircumflex", 'Ĉ'),
    ("Cdotaccent", 'Ċ'),
    ("Dcaron", 'Ď'),
    ("Delta", 'Δ'),
    ("Eacute", 'É'),
    ("Ebreve", 'Ĕ'),
    ("Ecaron", 'Ě'),
    ("Ecircumflex", 'Ê'),
    ("Edieresis", 'Ë'),
    ("Edotaccent", 'Ė'),
    ("Egrave", 'È'),
    ("Emacron", 'Ē'),
    ("Eogonek", 'Ę'),
    ("Eth", 'Ð'),
    ("Euro", '€'),
    ("Gbreve", 'Ğ'),
    ("Gcedilla", 'Ģ'),
    ("Gcircumflex", 'Ĝ'),
    ("Gdotaccent", 'Ġ'),
    ("H18533", '■'),
    ("Hcircumflex", 'Ĥ'),
    ("Iacute", 'Í'),
    ("Ibreve", 'Ĭ'),
    ("Icircumflex", 'Î'),
    ("Idieresis", 'Ï'),
    ("Idotaccent", 'İ'),
    ("Igrave", 'Ì'),
    ("Imacron", 'Ī'),
    ("Iogonek", 'Į'),
    ("Itilde", 'Ĩ'),
    ("Jcircumflex", 'Ĵ'),
    ("Kcedilla", 'Ķ'),
    ("Lacute", 'Ĺ'),
    ("Lcaron", 'Ľ'),
    ("Lcedilla", 'Ļ'),
    ("Lslash", 'Ł'),
    ("Nacute", 'Ń'),
    ("Ncaron", 'Ň'),
    ("Ncedilla", 'Ņ'),
    ("Ntilde", 'Ñ'),
    ("OE", 'Œ'),
    ("Oacute", 'Ó'),
    ("Obreve", 'Ŏ'),
    ("Ocircumflex", 'Ô'),
    ("Odieresis", 'Ö'),
    ("Ograve", 'Ò'),
    ("Ohungarumlaut", 'Ő'),
    ("Omacron", 'Ō'),
    ("Omega", 'Ω'),
    ("Oslash", 'Ø'),
    ("Otilde", 'Õ'),
    ("Racute", 'Ŕ'),
    ("Rcaron", 'Ř'),
    ("Rcedilla", 'Ŗ'),
    ("Sacute", 'Ś'),
    ("Scaron", 'Š'),
    ("Scedilla", 'Ş'),
    ("Scircumflex", 'Ŝ'),
    ("Sigma", 'Σ'),
    ("Tcaron", 'Ť'),
    ("Tcedilla", 'Ţ'),
    ("Thorn", 'Þ'),
    ("Uacute", 'Ú'),
    ("Ubreve", 'Ŭ'),
    ("Ucircumflex", 'Û'),
    ("Udieresis", 'Ü'),
    ("Ugrave", 'Ù'),
    ("Uhungarumlaut", 'Ű'),
    ("Umacron", 'Ū'),
    ("Uogonek", 'Ų'),
    ("Uring", 'Ů'),
    ("Utilde", 'Ũ'),
    ("Wcircumflex", 'Ŵ'),
    ("Yacute", 'Ý'),
    ("Ycircumflex", 'Ŷ'),
    ("Ydieresis", 'Ÿ'),
    ("Zacute", 'Ź'),
    ("Zcaron", 'Ž'),
    ("Zdotaccent", 'Ż'),
    ("aacute", 'á'),
    ("abreve", 'ă'),
    ("acircumflex", 'â'),
    ("acute", '´'),
    ("adieresis", 'ä'),
    ("ae", 'æ'),
    ("agrave", 'à'),
    ("alpha", 'α'),
    ("amacron", 'ā'),
    ("ampersand", '&'),
    ("aogonek", 'ą'),
    ("approxequal", '≈'),
    ("aring", 'å'),
    ("arrowdown", '↓'),
    ("arrowleft", '←'),
    ("arrowright", '→'),
    ("arrowup", '↑'),
    ("asciicircum", '^'),
    ("asciitilde", '~'),
    ("asterisk", '*'),
    ("at", '@'),
    ("atilde", 'ã'),
    ("backslash", '\\'),
    ("bar", '|'),
    ("beta", 'β'),
    ("braceleft", '{'),
    ("braceright", '}'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("breve", '˘'),
    ("brokenbar", '¦'),
    ("bullet", '•'),
    ("cacute", 'ć'),
    ("caron", 'ˇ'),
    ("ccaron", 'č'),
    ("ccedilla", 'ç'),
    ("ccircumflex", 'ĉ'),
    ("cdotaccent", 'ċ'),
    ("cedilla", '¸'),
    ("cent", '¢'),
    ("checkmark", '✓'),
    ("circle", '○'),
    ("circumflex", 'ˆ'),
    ("colon", ':'),
    ("comma", ','),
    ("copyright", '©'),
    ("currency", '¤'),
    ("dagger", '†'),
    ("daggerdbl", '‡'),
    ("dcaron", 'ď'),
    ("degree", '°'),
    ("delta", 'δ'),
    ("dieresis", '¨'),
    ("divide", '÷'),
    ("dollar", '$'),
    ("dotaccent", '˙'),
    ("dotlessi", 'ı'),
    ("eacute", 'é'),
    ("ebreve", 'ĕ'),
    ("ecaron", 'ě'),
    ("ecircumflex", 'ê'),
    ("edieresis", 'ë'),
    ("edotaccent", 'ė'),
    ("egrave", 'è'),
    ("eight", '8'),
    ("ellipsis", '…'),
    ("emacron", 'ē'),
    ("emdash", '—'),
    ("endash", '–'),
    ("eogonek", 'ę'),
    ("epsilon", 'ε'),
    ("equal", '='),
    ("eth", 'ð'),
    ("exclam", '!'),
    ("exclamdown", '¡'),
    ("ff", 'ﬀ'),
    ("ffi", 'ﬃ'),
    ("ffl", 'ﬄ'),
    ("fi", 'ﬁ'),
    ("filledbox", '■'),
    ("five", '5'),
    ("fl", 'ﬂ'),
    ("florin", 'ƒ'),
    ("four", '4'),
    ("fraction", '⁄'),
    ("gamma", 'γ'),
    ("gbreve", 'ğ'),
    ("gcedilla", 'ģ'),
    ("gcircumflex", 'ĝ'),
    ("gdotaccent", 'ġ'),
    ("germandbls", 'ß'),
    ("grave", '`'),
    ("greater", '>'),
    ("greaterequal", '≥'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("guilsinglleft", '‹'),
    ("guilsinglright", '›'),
    ("hcircumflex", 'ĥ'),
    ("hungarumlaut", '˝'),
    ("hyphen", '-'),
    ("iacute", 'í'),
    ("ibreve", 'ĭ'),
    ("icircumflex", 'î'),
    ("idieresis", 'ï'),
    ("igrave", 'ì'),
    ("imacron", 'ī'),
    ("infinity", '∞'),
    ("integral", '∫'),
    ("iogonek", 'į'),
    ("itilde", 'ĩ'),
    ("jcircumflex", 'ĵ'),
    ("kcedilla", 'ķ'),
    ("lacute", 'ĺ'),
    ("lambda", 'λ'),
    ("lcaron", 'ľ'),
    ("lcedilla", 'ļ'),
    ("less", '<'),
    ("lessequal", '≤'),
    ("logicalnot", '¬'),
    ("lozenge", '◊'),
    ("lslash", 'ł'),
    ("macron", '¯'),
    ("middot", '·'),
    ("minus", '−'),
    ("mu", 'µ'),
    ("multiply", '×'),
    ("nacute", 'ń'),
    ("nbspace", '\u{A0}'),
    ("ncaron", 'ň'),
    ("ncedilla", 'ņ'),
    ("nine", '9'),
    ("notequal", '≠'),
    ("ntilde", 'ñ'),
    ("numbersign", '#'),
    ("oacute", 'ó'),
    ("obreve", 'ŏ'),
    ("ocircumflex", 'ô'),
    ("odieresis", 'ö'),
    ("oe", 'œ'),
    ("ogonek", '˛'),
    ("ograve", 'ò'),
    ("ohungarumlaut", 'ő'),
    ("omacron", 'ō'),
    ("omega", 'ω'),
    ("one", '1'),
    ("onehalf", '½'),
    ("onequarter", '¼'),
    ("onesuperior", '¹'),
    ("ordfeminine", 'ª'),
    ("ordmasculine", 'º'),
    ("oslash", 'ø'),
    ("otilde", 'õ'),
    ("paragraph", '¶'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("partialdiff", '∂'),
    ("percent", '%'),
    ("period", '.'),
    ("periodcentered", '·'),
    ("perthousand", '‰'),
    ("pi", 'π'),
    ("plus", '+'),
    ("plusminus", '±'),
    ("product", '∏'),
    ("question", '?'),
    ("questiondown", '¿'),
    ("quotedbl", '"'),
    ("quotedblbase", '„'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotesinglbase", '‚'),
    ("quotesingle", '\''),
    ("racute", 'ŕ'),
    ("radical", '√'),
    ("rcaron", 'ř'),
    ("rcedilla", 'ŗ'),
    ("registered", '®'),
    ("ring", '˚'),
    ("sacute", 'ś'),
    ("scaron", 'š'),
    ("scedilla", 'ş'),
    ("scircumflex", 'ŝ'),
    ("section", '§'),
    ("semicolon", ';'),
    ("seven", '7'),
    ("sfthyphen", '-'),
    ("sigma", 'σ'),
    ("six", '6'),
    ("slash", '/'),
    ("space", ' '),
    ("square", '□'),
    ("star", '★'),
    ("sterling", '£'),
    ("summation", '∑'),
    ("tcaron", 'ť'),
    ("tcedilla", 'ţ'),
    ("theta", 'θ'),
    ("thorn", 'þ'),
    ("three", '3'),
    ("threequarters", '¾'),
    ("threesuperior", '³'),
    ("tilde", '˜'),
    ("trademark", '™'),
    ("triagdn", '▼'),
    ("triagup", '▲'),
    ("two", '2'),
    ("twosuperior", '²'),
    ("uacute", 'ú'),
    ("ubreve", 'ŭ'),
    ("ucircumflex", 'û'),
    ("udieresis", 'ü'),
    ("ugrave", 'ù'),
    ("uhungarumlaut", 'ű'),
    ("umacron", 'ū'),
    ("underscore", '_'),
    ("uogonek", 'ų'),
    ("uring", 'ů'),
    ("utilde", 'ũ'),
    ("wcircumflex", 'ŵ'),
    ("yacute", 'ý'),
    ("ycircumflex", 'ŷ'),
    ("ydieresis", 'ÿ'),
    ("yen", '¥'),
    ("zacute", 'ź'),
    ("zcaron", 'ž'),
    ("zdotaccent", 'ż'),
    ("zero", '0'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted_and_the_tables_fit() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!((KANGXI.chars().count(), STANDARD.chars().count()), (214, 96));
        assert_eq!(RADICALS.chars().count(), CHARACTERS.chars().count());
    }

    #[test]
    fn names_of_every_form_lead_to_characters() {
        let read: String = ["zero", "A", "uni4E00", "u9F8D", "comma.alt", "Eacute"].iter().filter_map(|name| named(name)).collect();
        assert_eq!(read, "0A一龍,É");
        assert!(["g123", ".notdef", "cid_7", ""].iter().all(|name| named(name).is_none()));
    }

    #[test]
    fn radicals_become_the_characters_that_are_meant() {
        assert_eq!("⼀⼾⺠⻓⻘".chars().map(plain).collect::<String>(), "一戶民长青");
    }
}
