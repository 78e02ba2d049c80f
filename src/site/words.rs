//! What is told of a text without reading it: its language, how long it takes to read, its
//! first words.

use crate::document::{Document, Item};
use crate::parse::cjk;
use crate::paths::is_usual_han;

/// Han characters that a reader takes in a minute.
const HAN_A_MINUTE: usize = 400;

/// Words of other scripts in a minute.
const WORDS_A_MINUTE: usize = 220;

/// So many letters of a text tell its script.
const SCRIPT: usize = 4000;

/// At most so many characters of a text stand for it in lists.
const SUMMARY: usize = 160;

/// Reading time in minutes, at least 1: characters for Han, words for the rest, added.
pub(super) fn minutes(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let (mut han, mut words, mut in_word, mut at) = (0, 0, false, 0);
    // Every byte of a site passes here, so what most texts consist of is told by bytes, and without asking
    // where words end: nothing guesses that.
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii() {
            let Ascii { letter, joint } = ASCII[byte as usize];
            words += usize::from(letter & !in_word);
            in_word = letter | (joint & in_word);
            at += 1;
        } else if is_usual_han(byte, || bytes[at + 1]) {
            (han, in_word, at) = (han + 1, false, at + 3);
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            let wide = cjk::is_ideographic(c);
            let letter = !wide && !cjk::is_wide_mark(c) && c.is_alphanumeric();
            han += usize::from(wide);
            words += usize::from(letter && !in_word);
            in_word = letter || (in_word && c == '’');
            at += c.len_utf8();
        }
    }
    let seconds = han * 60 / HAN_A_MINUTE + words * 60 / WORDS_A_MINUTE;
    seconds.div_ceil(60).max(1) as u32
}

/// What an ASCII character is to words.
#[derive(Clone, Copy)]
struct Ascii {
    letter: bool,
    /// Whether it stands within a word and is no letter.
    joint: bool,
}

static ASCII: [Ascii; 128] = {
    let mut table = [Ascii { letter: false, joint: false }; 128];
    let mut at = 0;
    while at < table.len() {
        let byte = at as u8;
        table[at] =
            Ascii { letter: byte.is_ascii_alphanumeric(), joint: matches!(byte, b'\'' | b'-') };
        at += 1;
    }
    table
};

/// The language that a text's script speaks for: a BCP 47 tag. Latin letters say nothing more
/// than that it is none of the others, so they are taken for English.
pub(super) fn language(text: &str) -> &'static str {
    let bytes = text.as_bytes();
    let (mut han, mut kana, mut hangul, mut other) = (0usize, 0usize, 0usize, 0usize);
    let mut at = 0;
    while han + kana + hangul + other < SCRIPT
        && let Some(&byte) = bytes.get(at)
    {
        if byte.is_ascii() {
            other += usize::from(byte.is_ascii_alphabetic());
            at += 1;
        } else if is_usual_han(byte, || bytes[at + 1]) {
            (han, at) = (han + 1, at + 3);
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            at += c.len_utf8();
            match c {
                c if cjk::is_wide_mark(c) || !c.is_alphabetic() => {}
                '\u{3041}'..='\u{30ff}' => kana += 1,
                c if cjk::is_hangul(c) => hangul += 1,
                c if cjk::is_ideographic(c) => han += 1,
                _ => other += 1,
            }
        }
    }
    // A Chinese conversation about software holds many Latin letters, and a word of them holds
    // five or so, where one of Han holds two.
    let east = han + kana + hangul;
    if east * 4 < other || east == 0 {
        "en"
    } else if kana * 10 > east {
        "ja"
    } else if hangul * 2 > east {
        "ko"
    } else {
        "zh-Hans"
    }
}

/// Whether a language is written in the script that was seen in a text, as [`language`] tells
/// it: `fr` in that of `en`, `zh-Hant` in that of `zh-Hans`.
pub(super) fn same_script(language: &str, seen: &str) -> bool {
    let family = |tag: &str| {
        let main = tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
        ["zh", "ja", "ko"]
            .into_iter()
            .find(|east| main == *east || (*east == "zh" && main == "yue"))
    };
    family(language) == family(seen)
}

/// The first words of a document: of its introduction, else of its first turn.
pub(super) fn summary(document: &Document) -> String {
    let first = document.items.iter().find_map(|item| {
        let blocks = match item {
            Item::Prose(blocks) => blocks,
            Item::Turn(turn) => &turn.blocks,
            Item::Heading(_) => return None,
        };
        let leaves = document.blocks_of(blocks).iter().flat_map(|block| match block.node {
            crate::document::Node::Paragraph(leaf) => Some(leaf),
            _ => None,
        });
        leaves.map(|leaf| document.slice(leaf).trim()).find(|text| text.chars().count() > 12)
    });
    shorten(first.unwrap_or_default())
}

/// At most [`SUMMARY`] characters on one line, cut at a word.
fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(SUMMARY) else { return line };
    let head = &line[..end];
    let cut = match head.rfind(' ') {
        Some(at) if at > end / 2 => at,
        _ => end,
    };
    format!("{}…", head[..cut].trim_end_matches([',', '，', '、', ' ', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_tells_the_language() {
        assert_eq!(language("我们用 PyTorch 训练模型，这很有意思。"), "zh-Hans");
        assert_eq!(language("We call it 检索 here, and that is that."), "en");
        assert_eq!(language("これはテストです。"), "ja");
        assert_eq!(language("이것은 시험입니다."), "ko");
        assert_eq!(language(""), "en");
    }

    #[test]
    fn a_script_belongs_to_many_languages() {
        assert!(same_script("fr", "en") && same_script("zh-Hant", "zh-Hans"));
        assert!(!same_script("en", "zh-Hans") && !same_script("zh", "en"));
    }

    #[test]
    fn reading_time_adds_characters_and_words() {
        assert_eq!(minutes(&"谈".repeat(800)), 2);
        assert_eq!(minutes(&"word ".repeat(220)), 1);
        assert_eq!(minutes(""), 1);
        assert_eq!(minutes(&format!("{}{}", "谈".repeat(400), " word".repeat(440))), 3);
    }

    /// The short cuts by bytes agree with what the characters are, whichever stands there.
    #[test]
    fn every_character_counts_as_what_it_is() {
        let slow = |text: &str| {
            let (mut han, mut words, mut in_word) = (0, 0, false);
            for c in text.chars() {
                let wide = cjk::is_ideographic(c);
                let letter = !wide && !cjk::is_wide_mark(c) && c.is_alphanumeric();
                han += usize::from(wide);
                words += usize::from(letter && !in_word);
                in_word = letter || (in_word && matches!(c, '\'' | '’' | '-'));
            }
            (han * 60 / HAN_A_MINUTE + words * 60 / WORDS_A_MINUTE).div_ceil(60).max(1) as u32
        };
        let spread = "a 谈 b’s c-d e'f".repeat(110);
        for c in '\0'..=char::MAX {
            let text = format!("{c}a{c}谈{c}{c}").repeat(150);
            if c < '\u{3200}'
                || matches!(c, '\u{4d80}'..='\u{4e40}' | '\u{9f80}'..='\u{a040}' | '\u{fe00}'..='\u{ffff}')
            {
                assert_eq!(minutes(&text), slow(&text), "{c:?}");
            }
        }
        assert_eq!(minutes(&spread), slow(&spread));
    }

    #[test]
    fn a_summary_is_cut_at_a_word() {
        let long = "several words and then some ".repeat(20);
        let short = shorten(&long);
        assert!(
            short.chars().count() <= SUMMARY + 1 && short.ends_with('…') && !short.contains("  ")
        );
        assert_eq!(shorten("a\n b"), "a b");
    }
}
