//! Characters as they are compared: capitals, accents, full-width and other compatibility forms,
//! and traditional or simplified characters make no difference. `fold` in `static/theme/passages.js` does the same; change both.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::han::simplified;

/// Han, Kana and Hangul: written without blanks between words, so that two neighbours make a key.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '々' | '〇' | '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{20000}'..='\u{3ffff}')
}

/// What nobody sees: watermarks, joiners.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Signs that Chinese text is full of, and that fold to themselves; asking the tables takes longer.
fn is_plain_sign(c: char) -> bool {
    matches!(c, '\u{2012}'..='\u{2016}' | '\u{2018}'..='\u{201f}' | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301b}')
}

/// The ASCII character of a full-width one.
fn narrow(c: char) -> Option<char> {
    let wide = ('\u{ff01}'..='\u{ff5e}').contains(&c);
    wide.then(|| char::from_u32(c as u32 - 0xfee0)).flatten()
}

/// Gives a character's folded form, which may be none or several characters.
pub(super) fn fold(c: char, mut take: impl FnMut(char)) {
    if c.is_ascii() {
        take(c.to_ascii_lowercase());
    } else if is_cjk(c) {
        take(simplified(c));
    } else if is_plain_sign(c) {
        take(c);
    } else if let Some(narrow) = narrow(c) {
        take(narrow.to_ascii_lowercase());
    } else if !is_invisible(c) {
        for c in c.nfkc() {
            if is_cjk(c) {
                take(simplified(c));
            } else {
                let plain = c.to_lowercase().nfd().filter(|c| !is_combining_mark(*c));
                plain.for_each(&mut take);
            }
        }
    }
}

/// Whether a character is a letter or a digit, or one of Chinese, Japanese or Korean.
pub(super) fn is_word(c: char) -> bool {
    is_cjk(c) || c.is_alphanumeric()
}

/// A text as it is compared: folded, without blanks between Han and Latin, any other white space
/// as one blank. `flat` in `static/theme/passages.js` does the same; change both.
pub(super) fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    let mut before = None;
    for c in text.chars() {
        fold(c, |c| {
            if c.is_whitespace() {
                blank = true;
                return;
            }
            let now = is_word(c).then(|| is_cjk(c));
            let mixed = before.zip(now).is_some_and(|(before, now)| before != now);
            if blank && !out.is_empty() && !mixed {
                out.push(' ');
            }
            blank = false;
            before = now;
            out.push(c);
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| fold(c, |c| out.push(c)));
        out
    }

    #[test]
    fn what_is_quickly_folded_folds_as_the_tables_say() {
        for c in ('\0'..='\u{ffff}').filter(|c| is_plain_sign(*c) || narrow(*c).is_some()) {
            let plain = |c: char| c.to_lowercase().nfd().filter(|c| !is_combining_mark(*c));
            let slow: String = c.nfkc().flat_map(plain).collect();
            assert_eq!(folded(&c.to_string()), slow, "{c}");
        }
    }

    #[test]
    fn texts_are_flat() {
        for (text, expected) in [
            (" Open  Source ", "open source"),
            ("用 AI 来", "用ai来"),
            ("用 ， AI", "用 , ai"),
            ("開 源", "开 源"),
            ("Q & A", "q & a"),
        ] {
            assert_eq!(flat(text), expected, "{text}");
        }
    }

    #[test]
    fn characters_are_folded() {
        let cases = [
            ("PyTorch", "pytorch"),
            ("Ａｉ１", "ai1"),
            ("Café", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("大模型", "大模型"),
            ("機器學習", "机器学习"),
            ("が", "が"),
            ("한국", "한국"),
            ("a\u{200b}b", "ab"),
            ("ﬁn", "fin"),
            ("ÅNGSTRÖM", "angstrom"),
            ("豈", "岂"),
        ];
        for (text, expected) in cases {
            assert_eq!(folded(text), expected, "{text}");
        }
    }
}
