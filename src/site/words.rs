//! What is told of a text without reading it: its language, how long it takes to read, its
//! first words.

use crate::document::{Document, Item};
use crate::parse::cjk;

/// Han characters that a reader takes in a minute.
const HAN_A_MINUTE: usize = 400;

/// Words of other scripts in a minute.
const WORDS_A_MINUTE: usize = 220;

/// At most so many characters of a text stand for it in lists.
const SUMMARY: usize = 160;

/// Reading time in minutes, at least 1: characters for Han, words for the rest, added.
pub(super) fn minutes(text: &str) -> u32 {
    let (mut han, mut words, mut in_word) = (0, 0, false);
    for c in text.chars() {
        let letter = if c.is_ascii() {
            c.is_ascii_alphanumeric()
        } else if cjk::is_ideographic(c) {
            han += 1;
            false
        } else {
            !cjk::is_wide_mark(c) && c.is_alphanumeric()
        };
        words += usize::from(letter && !in_word);
        in_word = letter || (in_word && matches!(c, '\'' | '’' | '-'));
    }
    let seconds = han * 60 / HAN_A_MINUTE + words * 60 / WORDS_A_MINUTE;
    seconds.div_ceil(60).max(1) as u32
}

/// The language that a text's script speaks for: a BCP 47 tag. Latin letters say nothing more
/// than that it is none of the others, so they are taken for English.
pub(super) fn language(text: &str) -> &'static str {
    let (mut han, mut kana, mut hangul, mut other) = (0usize, 0usize, 0usize, 0usize);
    let letter = |c: &char| match *c {
        '\0'..='\x7f' => c.is_ascii_alphabetic(),
        '\u{4e00}'..='\u{9fff}' => true,
        c => !cjk::is_wide_mark(c) && c.is_alphabetic(),
    };
    for c in text.chars().filter(letter).take(4000) {
        match c {
            '\u{3041}'..='\u{30ff}' => kana += 1,
            c if cjk::is_hangul(c) => hangul += 1,
            c if cjk::is_ideographic(c) => han += 1,
            _ => other += 1,
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
