//! Where words begin and end in a leaf: Unicode word boundaries (UAX #29, at the version of
//! the unicode-segmentation crate), with four amendments.
//!
//! * Zero-width characters are passed over, so `Open` and `AI` around one are one word.
//! * A join of two bold spans and a picture or footnote reference in the text are boundaries.
//! * Colon and middle dot always separate: UAX #29 keeps `Meta：AI` and `Q:AI` whole, a Swedish
//!   custom.
//! * What may follow a form (a Hangul particle, `'s`) is [`Words::is_end`]'s.
//!
//! Neighbours of known kinds are decided by looking at two characters on each side at most.
//! If any other comes up, the leaf is segmented once as a whole; so time is linear in the leaf.

use std::cell::OnceCell;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::{Folded, fold, is_hangul};

/// A leaf's text and where it has boundaries.
#[derive(Debug)]
pub(super) struct Words<'t> {
    /// The document's text.
    text: &'t str,
    leaf: Range<usize>,
    /// Offsets that are boundaries whatever stands there, sorted.
    forced: &'t [u32],
    /// Where words begin by UAX #29, as offsets in `text`; made on first need.
    segmented: OnceCell<Vec<u32>>,
}

/// Word break properties, as far as they are decided without the crate's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Katakana,
    Underscore,
    /// Within words only.
    MidLetter,
    /// Within numbers only.
    MidDigit,
    /// Within both.
    Mid,
    /// A boundary on both sides.
    Apart,
    Unknown,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Digit,
            '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => Self::Apart,
            '_' => Self::Underscore,
            '.' | '\'' | '\u{2018}' | '\u{2019}' | '\u{ff0e}' | '\u{ff07}' => Self::Mid,
            ':' | '\u{ff1a}' | '\u{b7}' => Self::MidLetter,
            ',' | ';' | '\u{ff0c}' | '\u{ff1b}' => Self::MidDigit,
            '\u{21}'..='\u{7e}' | ' ' | '\u{a0}' | '\t' | '\n' => Self::Apart,
            '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3041}'..='\u{3096}' => {
                Self::Apart
            }
            '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}' => Self::Katakana,
            '\u{ff01}' | '\u{ff08}' | '\u{ff09}' | '\u{ff1f}' => Self::Apart,
            '\u{2010}'..='\u{2017}' | '\u{201c}' | '\u{201d}' | '\u{2026}' => Self::Apart,
            '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{24f}' => Self::Letter,
            '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3c9}' | '\u{410}'..='\u{44f}' => Self::Letter,
            '\u{ac00}'..='\u{d7a3}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
                Self::Letter
            }
            '\u{ff10}'..='\u{ff19}' => Self::Digit,
            _ => Self::Unknown,
        }
    }
}

impl<'t> Words<'t> {
    /// A leaf of `text`; `forced` are its joins, pictures and footnote references.
    pub fn new(text: &'t str, leaf: Range<usize>, forced: &'t [u32]) -> Self {
        Self { text, leaf, forced, segmented: OnceCell::new() }
    }

    /// Whether nothing can make a boundary between two ASCII letters or digits here.
    pub fn is_plain(&self) -> bool {
        self.forced.is_empty()
    }

    /// The character before `at` that has a width, and its end.
    pub fn before(&self, at: usize) -> Option<(char, usize)> {
        let mut end = at;
        self.text[self.leaf.start..at].chars().rev().find_map(|c| {
            let here = end;
            end -= c.len_utf8();
            (fold(c) != Folded::Nothing).then_some((c, here))
        })
    }

    /// The character from `at` on that has a width, and its start.
    pub fn after(&self, at: usize) -> Option<(char, usize)> {
        let mut start = at;
        self.text[at..self.leaf.end].chars().find_map(|c| {
            let here = start;
            start += c.len_utf8();
            (fold(c) != Folded::Nothing).then_some((c, here))
        })
    }

    /// Whether a word begins or ends at `at`.
    pub fn is_boundary(&self, at: usize) -> bool {
        let (Some((before, end)), Some((after, start))) = (self.before(at), self.after(at)) else {
            return true;
        };
        if self.is_forced(end, start) || separates(before) || separates(after) {
            return true;
        }
        self.decide(before, end, after, start)
            .unwrap_or_else(|| self.segmented().binary_search(&(start as u32)).is_ok())
    }

    /// Whether a form may end at `at`: at a boundary, before a Hangul particle, and before an
    /// English clitic (`AI's`, `AI'll`).
    pub fn is_end(&self, at: usize) -> bool {
        self.is_boundary(at)
            || self.after(at).is_some_and(|(c, _)| is_hangul(c))
            || self.is_before_clitic(at)
    }

    /// Whether a join, a picture or a footnote reference stands between two characters.
    pub fn is_forced(&self, from: usize, to: usize) -> bool {
        let next = self.forced.partition_point(|at| (*at as usize) < from);
        self.forced.get(next).is_some_and(|at| *at as usize <= to)
    }

    /// Whether `'s`, `'ll` or the like stands here, and no longer word.
    fn is_before_clitic(&self, at: usize) -> bool {
        let Some((apostrophe, start)) = self.after(at) else { return false };
        if fold(apostrophe) != Folded::Char('\'') {
            return false;
        }
        let from = start + apostrophe.len_utf8();
        ["s", "d", "m", "ll", "re", "ve"].iter().any(|clitic| {
            let end = clitic.chars().try_fold(from, |at, letter| {
                let (c, start) = self.after(at)?;
                c.eq_ignore_ascii_case(&letter).then_some(start + 1)
            });
            end.is_some_and(|end| self.is_boundary(end))
        })
    }

    /// UAX #29 rules WB5 to WB13b for known kinds; none where another character is involved.
    fn decide(&self, before: char, end: usize, after: char, start: usize) -> Option<bool> {
        use Kind::{Digit, Katakana, Letter, Mid, MidDigit, MidLetter, Underscore, Unknown};
        let earlier = |kind| {
            let found = self.before(end - before.len_utf8()).map(|(c, _)| Kind::of(c));
            self.decide_mid(found, kind)
        };
        let later = |kind| {
            let found = self.after(start + after.len_utf8()).map(|(c, _)| Kind::of(c));
            self.decide_mid(found, kind)
        };
        match (Kind::of(before), Kind::of(after)) {
            (Unknown, _) | (_, Unknown) => None,
            (Letter | Digit | Underscore, Letter | Digit | Underscore) => Some(false),
            (Katakana, Katakana | Underscore) | (Underscore, Katakana) => Some(false),
            (Letter, MidLetter | Mid) => later(Letter),
            (MidLetter | Mid, Letter) => earlier(Letter),
            (Digit, MidDigit | Mid) => later(Digit),
            (MidDigit | Mid, Digit) => earlier(Digit),
            _ => Some(true),
        }
    }

    fn decide_mid(&self, found: Option<Kind>, joining: Kind) -> Option<bool> {
        match found {
            Some(Kind::Unknown) => None,
            other => Some(other != Some(joining)),
        }
    }

    fn segmented(&self) -> &[u32] {
        self.segmented.get_or_init(|| {
            let leaf = &self.text[self.leaf.clone()];
            let seen = leaf.char_indices().filter(|(_, c)| fold(*c) != Folded::Nothing);
            let stripped: String = seen.clone().map(|(_, c)| c).collect();
            let mut offsets = stripped.char_indices().zip(seen);
            let starts = stripped.split_word_bound_indices().filter_map(|(word, _)| {
                let (_, (at, _)) = offsets.find(|((stripped, _), _)| *stripped == word)?;
                Some((self.leaf.start + at) as u32)
            });
            starts.collect()
        })
    }
}

fn separates(c: char) -> bool {
    matches!(c, ':' | '\u{ff1a}' | '\u{b7}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character whose kind is known must behave as the crate says, in every setting
    /// that the rules look at.
    #[test]
    fn kinds_agree_with_the_tables() {
        let around = ['a', '1', '_', 'カ', '.', ',', '漢'];
        let known = ('\0'..='\u{ffff}').filter(|c| Kind::of(*c) != Kind::Unknown);
        let known = known.filter(|c| !separates(*c) && !c.is_whitespace());
        // Of the long rows of Han and Hangul, one in 61 will do.
        for c in known
            .filter(|c| !('\u{3400}'..'\u{ff00}').contains(c) || (*c as u32).is_multiple_of(61))
        {
            let mut text = String::new();
            for (before, after) in around.iter().flat_map(|b| around.iter().map(move |a| (b, a))) {
                text.extend(['a', *before, c, *after, 'a', ' ', '1', *before, c, *after, '1', ' ']);
            }
            agrees(&text);
        }
    }

    fn agrees(text: &str) {
        let words = Words::new(text, 0..text.len(), &[]);
        let bounds: Vec<u32> = text.split_word_bound_indices().map(|(at, _)| at as u32).collect();
        assert_eq!(words.segmented(), bounds);
        let pairs = text.char_indices().zip(text.char_indices().skip(1));
        for ((_, before), (at, after)) in pairs.filter(|((_, c), _)| *c != ' ') {
            let expected = bounds.binary_search(&(at as u32)).is_ok();
            let decided = words.decide(before, at, after, at);
            assert!(decided.is_none_or(|it| it == expected), "{before:?} {after:?} at {at}");
        }
    }

    #[test]
    fn zero_width_characters_are_passed_over() {
        let text = "Open\u{200b}AI x";
        let words = Words::new(text, 0..text.len(), &[]);
        assert!(!words.is_boundary(4));
        assert!(!words.is_boundary(7));
        assert!(words.is_boundary(9));
    }

    #[test]
    fn joins_separate() {
        let words = Words::new("OpenAI", 0..6, &[4]);
        assert!(words.is_boundary(4));
        assert!(!words.is_boundary(3));
    }
}
