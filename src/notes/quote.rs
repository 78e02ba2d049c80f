//! A quote, and the places where a text has it.
//!
//! The author copies the words from the page, from the source, or from memory of either, so
//! what nobody sees does not count: invisible characters, how an accent is composed, curly or
//! straight quotation marks, where a line breaks. Blanks count first, and where that finds
//! nothing they do not (`用 AI 来` is `用AI来`); last, the stars and the like of the source are
//! left out of the quote.

use unicode_normalization::char::decompose_canonical;

use crate::document::TextRange;

/// One way to read a quote.
pub(super) struct Quote {
    folded: String,
    blanks: Blanks,
}

#[derive(Clone, Copy, PartialEq)]
enum Blanks {
    /// A run of white space is one blank.
    One,
    /// White space is nothing.
    None,
}

impl Quote {
    /// The ways to read a quote, the strictest first; none for one without a letter.
    pub(super) fn readings(quote: &str) -> Vec<Quote> {
        let bare: String = quote.chars().filter(|c| !"*_`~\\".contains(*c)).collect();
        [(quote, Blanks::One), (quote, Blanks::None), (&*bare, Blanks::None)]
            .into_iter()
            .map(|(words, blanks)| {
                let mut folded = String::with_capacity(words.len());
                fold(words.trim(), blanks, |_, c| folded.push(c));
                Quote { folded, blanks }
            })
            .filter(|quote| !quote.folded.trim().is_empty())
            .collect()
    }

    /// Where a stretch of a text has it.
    pub(super) fn places(&self, text: &str, within: TextRange) -> Vec<TextRange> {
        let words = &text[within.range()];
        let mut folded = String::with_capacity(words.len());
        // For every byte of what is folded: which character of the text it comes from.
        let mut from: Vec<u32> = Vec::with_capacity(words.len());
        fold(words, self.blanks, |at, c| {
            folded.push(c);
            from.resize(folded.len(), at as u32);
        });
        let place = |(at, _): (usize, &str)| {
            let last = from[at + self.folded.len() - 1] as usize;
            let end = last + words[last..].chars().next().map_or(0, char::len_utf8);
            TextRange::new(within.start as usize + from[at] as usize, within.start as usize + end)
        };
        folded.match_indices(&self.folded).map(place).collect()
    }
}

/// Calls `each` with every character that counts and the offset of what it comes from.
fn fold(text: &str, blanks: Blanks, mut each: impl FnMut(usize, char)) {
    let mut blank = false;
    for (at, c) in text.char_indices() {
        if is_invisible(c) {
            continue;
        }
        if c.is_whitespace() {
            if !blank && blanks == Blanks::One {
                each(at, ' ');
            }
            blank = true;
            continue;
        }
        blank = false;
        match c {
            '‘' | '’' => each(at, '\''),
            '“' | '”' => each(at, '"'),
            _ => decompose_canonical(c, |part| each(at, part)),
        }
    }
}

/// Zero-width characters: watermarks, joiners, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(quote: &str, text: &str) -> Vec<String> {
        let whole = TextRange::new(0, text.len());
        let found = Quote::readings(quote).into_iter().map(|quote| quote.places(text, whole));
        let first = found.into_iter().find(|places| !places.is_empty()).unwrap_or_default();
        first.into_iter().map(|place| text[place.range()].to_owned()).collect()
    }

    #[test]
    fn what_nobody_sees_does_not_count() {
        assert_eq!(places("a b", "x a\nb y"), ["a\nb"]);
        assert_eq!(places("用 AI 来", "他用AI来写"), ["用AI来"]);
        assert_eq!(places("用AI来", "他用 AI 来写"), ["用 AI 来"]);
        assert_eq!(places("it's", "so it’s on"), ["it’s"]);
        assert_eq!(places("watermark", "a wa\u{200b}termark"), ["wa\u{200b}termark"]);
        assert_eq!(places("cafe\u{301}", "a café"), ["café"]);
        assert_eq!(places("使用****AI****来", "使用AI来帮助"), ["使用AI来"]);
    }

    #[test]
    fn what_one_sees_counts() {
        assert!(places("Fair", "FAIR").is_empty());
        assert!(places("  ", "a b").is_empty());
        assert!(places("**", "a ** b **").len() < 3);
        assert_eq!(places("aa", "aa aa"), ["aa", "aa"]);
    }
}
