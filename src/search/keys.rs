//! By what a unit is found.
//!
//! * a word of letters and digits: itself (`pytorch`); the browser looks for all words with a
//!   beginning
//! * a Han, Kana or Hangul character: with its neighbour to the right (`模型`), so that any two or
//!   more of them are found wherever they stand; the last of a run alone (`型`), so that the keys
//!   that begin with a character are all its places
//! * where a word touches such a character, with or without a blank: both (`用ai`, `ai 来`)

use super::fold::{fold, is_cjk};

/// The spot of a key of two: so many words and characters stand before it in a text, counted in a circle of
/// this size, and one more, so that none is 0. A query's keys stand as far from each other as in the
/// passages that have it; most that have its keys elsewhere show it by this.
pub(super) const SPOTS: u8 = 7;

/// What stands between a word and the character behind it, so that words are not taken for the
/// beginning of such keys.
const JOIN: char = ' ';

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Cjk,
}

/// The keys of texts, one text after the other.
#[derive(Default)]
pub(super) struct Keys {
    folded: String,
    /// Class, where it stands in `folded`, and whether it touches the one before.
    tokens: Vec<(Class, std::ops::Range<usize>, bool)>,
    key: String,
}

impl Keys {
    /// Gives every key of a text, and its spot, or 0 where the key is one word or one character; a key may
    /// come more than once.
    pub fn of(&mut self, text: &str, mut take: impl FnMut(&str, u8)) {
        self.tokenise(text);
        for (at, (class, range, _)) in self.tokens.iter().enumerate() {
            let next = self.tokens.get(at + 1).filter(|(_, _, touches)| *touches);
            let own = &self.folded[range.clone()];
            if *class == Class::Word {
                take(own, 0);
            }
            self.key.clear();
            self.key.push_str(own);
            let spot = if next.is_some() { 1 + (at % usize::from(SPOTS)) as u8 } else { 0 };
            match (class, next) {
                (Class::Word, None) => continue,
                // Two words never touch.
                (Class::Word, Some((_, range, _))) => {
                    self.key.push(JOIN);
                    self.key.push_str(&self.folded[range.clone()]);
                }
                (Class::Cjk, Some((_, range, _))) => self.key.push_str(&self.folded[range.clone()]),
                (Class::Cjk, None) => {}
            }
            take(&self.key, spot);
        }
    }

    fn tokenise(&mut self, text: &str) {
        self.folded.clear();
        self.tokens.clear();
        // What stands between the last token and here.
        let mut gap = Gap::Other;
        for c in text.chars() {
            let (folded, tokens) = (&mut self.folded, &mut self.tokens);
            fold(c, |c| {
                let class = match c {
                    c if is_cjk(c) => Class::Cjk,
                    c if c.is_alphanumeric() => Class::Word,
                    c if c.is_whitespace() && gap != Gap::Other => return gap = Gap::Blank,
                    _ => return gap = Gap::Other,
                };
                let start = folded.len();
                folded.push(c);
                match tokens.last_mut() {
                    Some((Class::Word, range, _)) if class == Class::Word && gap == Gap::None => {
                        range.end = folded.len();
                    }
                    before => {
                        let other = before.is_some_and(|(before, ..)| *before != class);
                        let touches = gap == Gap::None || (gap == Gap::Blank && other);
                        tokens.push((class, start..folded.len(), touches));
                    }
                }
                gap = Gap::None;
            });
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        Keys::default().of(text, |key, _| found.push(key.replace(JOIN, "|")));
        found
    }

    #[test]
    fn keys_of_two_have_a_spot_that_counts_words_and_characters() {
        let cases: [(&str, &[(&str, u8)]); 4] = [
            ("大模型", &[("大模", 1), ("模型", 2)]),
            ("用 AI 大，模型", &[("用ai", 1), ("ai 大", 2), ("模型", 4)]),
            ("A b 3.5: 機\u{200b}器", &[("机器", 5)]),
            ("一二三四五六七八一二", &[("一二", 1), ("七八", 7), ("八一", 1), ("一二", 2)]),
        ];
        for (text, expected) in cases {
            let mut found = Vec::new();
            Keys::default().of(text, |key, spot| found.push((key.to_owned(), spot)));
            found.retain(|(key, spot)| *spot > 0 && expected.iter().any(|(one, _)| one == key));
            let found: Vec<(&str, u8)> = found.iter().map(|(key, spot)| (&**key, *spot)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn keys_are_words_neighbours_and_ends() {
        let cases: [(&str, &[&str]); 8] = [
            ("大模型", &["大模", "模型", "型"]),
            ("Open source!", &["open", "source"]),
            ("用AI来", &["用ai", "ai", "ai|来", "来"]),
            ("用 AI 来", &["用ai", "ai", "ai|来", "来"]),
            ("你，好", &["你", "好"]),
            ("你 好", &["你", "好"]),
            ("A-B 3.5", &["a", "b", "3", "5"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(keys(text), expected, "{text}");
        }
    }
}
