//! Which language a block is in, as far as its script tells: so that a Chinese paragraph in an
//! English page, or the reverse, is set in its own fonts and line height.
//!
//! Only clear cases: nine letters in ten are of the other script. Latin text in a Chinese,
//! Japanese or Korean document is taken for English.

use crate::i18n::main_language;

/// Fewer letters than this tell nothing.
const LETTERS: usize = 12;

/// Han, Kana, Hangul.
pub(super) fn is_wide(c: char) -> bool {
    is_han(c) || is_kana(c) || is_hangul(c)
}

/// Han characters.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')
}

#[derive(Default)]
struct Counts {
    han: usize,
    kana: usize,
    hangul: usize,
    latin: usize,
    other: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            let count = match c {
                _ if c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c) => &mut counts.latin,
                _ if is_han(c) => &mut counts.han,
                _ if is_kana(c) => &mut counts.kana,
                _ if is_hangul(c) => &mut counts.hangul,
                _ => &mut counts.other,
            };
            *count += 1;
        }
        counts
    }

    fn all(&self) -> usize {
        self.han + self.kana + self.hangul + self.latin + self.other
    }
}

/// The language of a text in a document of `language`, if it is clearly another one.
pub(super) fn foreign(text: &str, language: &str) -> Option<&'static str> {
    let counts = Counts::of(text);
    let most = |count: usize| counts.all() >= LETTERS && count * 10 >= counts.all() * 9;
    let main = main_language(language);
    let wide = matches!(main.as_str(), "zh" | "ja" | "ko");
    let found = if most(counts.latin) && wide {
        "en"
    } else if most(counts.hangul) {
        "ko"
    } else if most(counts.han + counts.kana) && counts.kana * 10 >= counts.all() {
        "ja"
    } else if most(counts.han) && main != "ja" {
        "zh"
    } else {
        return None;
    };
    (found != main).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::foreign;

    #[test]
    fn only_clear_cases_count() {
        let cases = [
            ("So why would anyone give that away for free?", "zh-Hans", Some("en")),
            ("So why would anyone give that away for free?", "en", None),
            ("So why would anyone give that away for free?", "fr", None),
            ("用 RAG 和 PyTorch 做一个小系统", "zh-Hans", None),
            ("先翻书，再开口，没有出处的话不要说。", "en", Some("zh")),
            ("先翻书，再开口，没有出处的话不要说。", "zh-Hant", None),
            ("これはとても長いにほんごの文章です。", "zh", Some("ja")),
            ("이것은 아주 긴 한국어 문장입니다", "en", Some("ko")),
            ("OK!", "zh", None),
        ];
        for (text, language, expected) in cases {
            assert_eq!(foreign(text, language), expected, "{text} in {language}");
        }
    }
}
