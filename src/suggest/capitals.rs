//! Capital words that may be terms: `RAG`, `H100`, `PyTorch`, and in Chinese text also `Llama`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::inside::words;
use super::scripts::{has_cjk, is_cjk};
use super::{Capital, Reading, Shape};
use crate::annotate::Mention;

static KNOWN: LazyLock<Vec<&'static str>> = LazyLock::new(|| words(include_str!("known.txt")));

/// Longest capital word, in bytes: longer ones are noise of machines.
const LONGEST: usize = 24;

/// So many capital words in a row are shouted.
const SHOUTED: usize = 3;

/// Counts the capital words of a leaf that are in no mention.
pub(super) fn find(
    reading: &Reading<'_>,
    mentions: &[Mention],
    found: &mut BTreeMap<String, Capital>,
) {
    let text = reading.text();
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return;
    }
    let chinese = is_chinese(text);
    let all: Vec<Token<'_>> = tokens(text).collect();
    let phrases = if chinese { phrases(text, &all) } else { Vec::new() };
    let singles = all.iter().enumerate().filter_map(|(at, token)| {
        let shape = shape(token.word, chinese)?;
        let inside = phrases.iter().any(|phrase| phrase.has(token));
        (shape == Shape::Capitals || !inside).then_some((at, *token, shape))
    });
    let phrases = phrases.iter().map(|phrase| (0, *phrase, Shape::Phrase));
    for (at, token, shape) in singles.chain(phrases) {
        let word = singular(token.word);
        let range = token.start..token.start + token.word.len();
        if KNOWN.contains(&word)
            || reading.names.has(word)
            || is_address(text, &range)
            || shape != Shape::Phrase && is_shouted(&all, at)
            || is_mention(reading, mentions, &range)
            || reading.is_barred(&range)
        {
            continue;
        }
        let entry = found.entry(word.to_owned()).or_insert_with(|| Capital {
            shape,
            count: 0,
            transcripts: 1,
            first: reading.spot(range),
        });
        entry.count += 1;
    }
}

#[derive(Clone, Copy)]
struct Token<'t> {
    word: &'t str,
    start: usize,
}

impl Token<'_> {
    fn has(&self, other: &Self) -> bool {
        self.start <= other.start && other.start + other.word.len() <= self.start + self.word.len()
    }
}

/// Two to four capital words with a blank between them, within Chinese text: `AI Studio`.
fn phrases<'t>(text: &'t str, all: &[Token<'t>]) -> Vec<Token<'t>> {
    let capital = |token: &Token<'_>| {
        token.word.starts_with(|c: char| c.is_ascii_uppercase()) && !token.word.contains(['/', '&'])
    };
    let mut phrases = Vec::new();
    let mut from = 0;
    while from < all.len() {
        let mut to = from;
        while to + 1 < all.len()
            && capital(&all[to])
            && capital(&all[to + 1])
            && all[to + 1].start == all[to].start + all[to].word.len() + 1
            && text.as_bytes()[all[to + 1].start - 1] == b' '
        {
            to += 1;
        }
        if (1..4).contains(&(to - from)) {
            let range = all[from].start..all[to].start + all[to].word.len();
            phrases.push(Token { word: &text[range], start: all[from].start });
        }
        from = to + 1;
    }
    phrases
}

/// The words in Latin letters.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '&' | '/');
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(|c: char| c.is_ascii_alphanumeric())?;
        let len = text[start..].find(|c| !inner(c)).unwrap_or(text.len() - start);
        rest = start + len;
        let word = text[start..rest].trim_end_matches(['-', '_', '.', '&', '/']);
        Some(Token { word, start })
    })
}

fn shape(word: &str, chinese: bool) -> Option<Shape> {
    let bytes = word.as_bytes();
    let plain = word.strip_suffix('s').unwrap_or(word);
    let capitals = bytes.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let small = plain.bytes().any(|byte| byte.is_ascii_lowercase());
    let digits = bytes.iter().any(u8::is_ascii_digit);
    let spelled = bytes.len() >= 5 && word.split('-').all(|part| part.len() == 1);
    if spelled
        || !(2..=LONGEST).contains(&bytes.len())
        || capitals == 0
        || word.contains(['/', '&'])
        || word.matches('.').count() > 1
    {
        None
    } else if !small && bytes[0].is_ascii_uppercase() && (capitals >= 2 || digits) {
        Some(Shape::Capitals)
    } else if small
        && bytes.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
    {
        Some(Shape::Mixed)
    } else {
        let name = bytes[0].is_ascii_uppercase() && bytes.len() >= 3 && !word.contains('.');
        (chinese && name && capitals == 1).then_some(Shape::Foreign)
    }
}

fn singular(word: &str) -> &str {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() >= 2);
    stem.filter(|stem| !stem.bytes().any(|byte| byte.is_ascii_lowercase())).unwrap_or(word)
}

/// Whether most letters of a text are Chinese, Japanese or Korean.
fn is_chinese(text: &str) -> bool {
    if !has_cjk(text) {
        return false;
    }
    let cjk = text.chars().filter(|c| is_cjk(*c)).count();
    cjk * 2 > text.chars().filter(char::is_ascii_alphabetic).count()
}

fn is_address(text: &str, range: &std::ops::Range<usize>) -> bool {
    text[..range.start].ends_with(['/', '@', '\\', '#', '=', '.'])
        || text[range.end..].starts_with(['@', '\\', '='])
        || text[range.end..].starts_with("://")
}

fn is_shouted(all: &[Token<'_>], at: usize) -> bool {
    let loud = |token: &&Token<'_>| {
        token.word.len() >= 2 && token.word.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let joined = |a: &Token<'_>, b: &Token<'_>| b.start - (a.start + a.word.len()) <= 2;
    let mut row = 1;
    let mut here = at;
    while here > 0 && loud(&&all[here - 1]) && joined(&all[here - 1], &all[here]) && row < SHOUTED {
        here -= 1;
        row += 1;
    }
    let mut here = at;
    while here + 1 < all.len()
        && loud(&&all[here + 1])
        && joined(&all[here], &all[here + 1])
        && row < SHOUTED
    {
        here += 1;
        row += 1;
    }
    loud(&&all[at]) && row >= SHOUTED
}

fn is_mention(reading: &Reading<'_>, mentions: &[Mention], range: &std::ops::Range<usize>) -> bool {
    let start = reading.leaf.start + range.start as u32;
    let end = reading.leaf.start + range.end as u32;
    let from = mentions.partition_point(|mention| mention.range.end <= start);
    mentions.get(from).is_some_and(|mention| mention.range.start < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_have_a_shape() {
        use Shape::{Capitals, Foreign, Mixed};
        for (word, chinese, expected) in [
            ("RAG", false, Some(Capitals)),
            ("GPUs", false, Some(Capitals)),
            ("H100", false, Some(Capitals)),
            ("GPT-4", false, Some(Capitals)),
            ("OP_CAT", false, Some(Capitals)),
            ("PyTorch", false, Some(Mixed)),
            ("LoRA", false, Some(Mixed)),
            ("iPhone", false, Some(Mixed)),
            ("Llama", true, Some(Foreign)),
            ("Llama", false, None),
            ("AR/VR", false, None),
            ("word", true, None),
            ("I", true, None),
            ("B-A-D", false, None),
        ] {
            assert_eq!(shape(word, chinese), expected, "{word}");
        }
    }

    #[test]
    fn shouting_is_no_term() {
        let all: Vec<Token<'_>> = tokens("I AM SO GLAD about RAG and IBM GPUs").collect();
        let shouted: Vec<&str> =
            (0..all.len()).filter(|at| is_shouted(&all, *at)).map(|at| all[at].word).collect();
        assert_eq!(shouted, ["AM", "SO", "GLAD"]);
    }
}
