//! By what a unit is found.
//!
//! * a word of letters and digits: itself (`pytorch`); the browser looks for all words with a
//!   beginning
//! * a Han, Kana or Hangul character: with its neighbour to the right (`模型`), so that any two or
//!   more of them are found wherever they stand; the last of a run alone (`型`), so that the keys
//!   that begin with a character are all its places
//! * where a word touches such a character, with or without a blank: both (`用ai`, `ai 来`)

use super::fold::{fold, is_cjk};

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
    /// Gives every key of a text; a key may come more than once.
    pub fn of(&mut self, text: &str, mut take: impl FnMut(&str)) {
        self.tokenise(text);
        for (at, (class, range, _)) in self.tokens.iter().enumerate() {
            let next = self.tokens.get(at + 1).filter(|(_, _, touches)| *touches);
            let own = &self.folded[range.clone()];
            if *class == Class::Word {
                take(own);
            }
            self.key.clear();
            self.key.push_str(own);
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
            take(&self.key);
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
        Keys::default().of(text, |key| found.push(key.replace(JOIN, "|")));
        found
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
