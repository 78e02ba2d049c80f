//! The stretch of a text that is nearest to a quote that it does not have.
//!
//! Approximate search after P. H. Sellers, "The theory and computation of evolutionary
//! distances", 1980: the least number of letters to change, add or leave out, for a match that
//! may begin and end anywhere. Linear in the text, times the quote's length, which is limited.

use crate::document::TextRange;

/// Of a longer quote, its first letters are looked for.
const LETTERS: usize = 60;

/// The nearest stretch, when no more than a third of the quote's letters differ.
pub(super) fn nearest(text: &str, within: &[TextRange], quote: &str) -> Option<TextRange> {
    let quote: Vec<char> = quote.chars().filter(|c| !c.is_whitespace()).take(LETTERS).collect();
    let best = within.iter().filter_map(|range| best_in(text, *range, &quote)).min()?;
    (best.0 * 3 <= quote.len()).then_some(best.1)
}

/// The least distance in a stretch, and where.
fn best_in(text: &str, within: TextRange, quote: &[char]) -> Option<(usize, TextRange)> {
    if quote.is_empty() {
        return None;
    }
    // A column of the table: for each length of the quote's beginning, its least distance to
    // some stretch that ends here, and where that stretch begins.
    let mut column: Vec<(usize, usize)> = (0..=quote.len()).map(|row| (row, 0)).collect();
    let mut best: Option<(usize, TextRange)> = None;
    let base = within.start as usize;
    for (at, c) in text[within.range()].char_indices() {
        if c.is_whitespace() {
            continue;
        }
        let mut diagonal = std::mem::replace(&mut column[0], (0, at));
        if diagonal.0 == 0 {
            diagonal.1 = at;
        }
        for row in 1..=quote.len() {
            let same = usize::from(!equal(quote[row - 1], c));
            let left = column[row];
            let above = column[row - 1];
            let next = (diagonal.0 + same, diagonal.1)
                .min((left.0 + 1, left.1))
                .min((above.0 + 1, above.1));
            diagonal = std::mem::replace(&mut column[row], next);
        }
        let (distance, from) = column[quote.len()];
        if best.is_none_or(|(least, _)| distance < least) {
            let end = base + at + c.len_utf8();
            best = Some((distance, TextRange::new(base + from.min(at), end)));
        }
    }
    best
}

fn equal(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<'t>(text: &'t str, quote: &str) -> Option<&'t str> {
        let whole = [TextRange::new(0, text.len())];
        nearest(text, &whole, quote).map(|range| &text[range.range()])
    }

    #[test]
    fn a_word_that_changed_is_found_again() {
        let text = "They bought thirty-five thousand cards that year, and more the next.";
        assert_eq!(near(text, "thirty five thousand cards"), Some("thirty-five thousand cards"));
        assert_eq!(near("他们买了 36 万个芯片", "35 万个芯片"), Some("36 万个芯片"));
        assert_eq!(near("ABC", "abc"), Some("ABC"));
    }

    #[test]
    fn what_is_far_is_no_candidate() {
        assert_eq!(near("something else altogether", "35 万个芯片"), None);
        assert_eq!(near("", "abc"), None);
        assert_eq!(near("abc", " "), None);
    }
}
