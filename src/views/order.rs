//! The order of terms in a list from A to Z: Latin by letter, Chinese by pinyin.
//!
//! Collation is CLDR's, by ICU4X with its compiled data; a Chinese term stands in the group of
//! its pinyin's first letter, behind the Latin ones. Where the site's own language writes Han
//! characters that are not read in pinyin (Japanese, Korean), these have a group of their own.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

use super::script::is_han;
use crate::i18n::main_language;

/// What comes before the first Chinese character of a letter, in CLDR's pinyin collation
/// (<https://www.unicode.org/reports/tr35/tr35-collation.html>, index characters).
const INDEX: char = '\u{fdd0}';

/// The order of terms.
pub(super) struct Order {
    collator: CollatorBorrowed<'static>,
    pinyin: bool,
}

/// Under what a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// `A` to `Z`.
    Letter(char),
    /// Han characters, where pinyin is not how they are read.
    Han,
    /// Everything else: digits, other scripts.
    Other,
}

impl Order {
    /// The order for readers of a language.
    pub fn new(language: &str) -> Self {
        let (locale, pinyin) = match main_language(language).as_str() {
            "ja" => (locale!("ja"), false),
            "ko" => (locale!("ko"), false),
            _ => (locale!("zh-u-co-pinyin"), true),
        };
        let collator = Collator::try_new(locale.into(), CollatorOptions::default());
        Self { collator: collator.expect("collation data is compiled in"), pinyin }
    }

    /// Under what a term stands.
    pub fn group(&self, term: &str) -> Group {
        let key = key(term);
        let letter = |before: &dyn Fn(char) -> String| {
            let letters = ('a'..='z').rev();
            let mut at = letters
                .filter(|letter| self.collator.compare(&before(*letter), key) != Ordering::Greater);
            at.next().map_or(Group::Other, |letter| Group::Letter(letter.to_ascii_uppercase()))
        };
        match key.chars().next() {
            Some(c) if is_latin(c) => letter(&|letter| letter.to_string()),
            Some(c) if is_han(c) && self.pinyin => {
                letter(&|letter| format!("{INDEX}{}", letter.to_ascii_uppercase()))
            }
            Some(c) if is_han(c) => Group::Han,
            _ => Group::Other,
        }
    }

    /// Sorts by what `term` says, Latin before Chinese under one letter.
    pub fn sort<T>(&self, list: &mut [T], term: impl Fn(&T) -> String) {
        list.sort_by_cached_key(|one| {
            let term = term(one);
            let han = key(&term).starts_with(is_han);
            Key { order: self, group: (self.group(&term), han), term }
        });
    }
}

struct Key<'a> {
    order: &'a Order,
    group: (Group, bool),
    term: String,
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let collated = || self.order.collator.compare(key(&self.term), key(&other.term));
        let group = self.group.cmp(&other.group);
        group.then_with(collated).then_with(|| self.term.cmp(&other.term))
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key<'_> {}

/// A term without the signs before its first letter: `.NET` stands under N.
fn key(term: &str) -> &str {
    let key = term.trim_start_matches(|c: char| !c.is_alphanumeric());
    if key.is_empty() { term } else { key }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

#[cfg(test)]
mod tests {
    use super::{Group, Order};

    #[test]
    fn latin_by_letter_and_chinese_by_pinyin() {
        let mut terms = [
            "向量",
            "éclair",
            "Zebra",
            "3D",
            "ai",
            "AI Studio",
            "C++",
            "档案",
            "C#",
            ".NET",
            "安全",
            "AI",
            "重庆",
            "Ж",
            "Øre",
            "微调",
        ];
        Order::new("en").sort(&mut terms, |term| (*term).to_owned());
        assert_eq!(
            terms,
            [
                "ai",
                "AI",
                "AI Studio",
                "安全",
                "C#",
                "C++",
                "重庆",
                "档案",
                "éclair",
                ".NET",
                "Øre",
                "微调",
                "向量",
                "Zebra",
                "3D",
                "Ж"
            ]
        );
    }

    #[test]
    fn each_stands_under_its_letter() {
        let order = Order::new("zh-Hans");
        let cases = [
            ("R", 'R'),
            ("ＡＩ", 'A'),
            ("阿", 'A'),
            ("嗯", 'N'),
            ("八", 'B'),
            ("祙", 'M'),
            ("做", 'Z'),
            ("éclair", 'E'),
            ("“引号”", 'Y'),
            ("zz", 'Z'),
        ];
        for (term, letter) in cases {
            assert_eq!(order.group(term), Group::Letter(letter), "{term}");
        }
        for term in ["3D", "カ", "Ж", "가", "…", ""] {
            assert_eq!(order.group(term), Group::Other, "{term}");
        }
        assert_eq!(Order::new("ja").group("検索"), Group::Han);
    }
}
