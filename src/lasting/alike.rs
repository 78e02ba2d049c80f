//! How alike two texts begin: from 0, nothing in common, to 1.
//!
//! Texts are compared by their letters. A typo is a small distance; a text that was split begins
//! like the old one and is shorter; one that was joined to another, or lost its first sentence,
//! contains the other's beginning (P. H. Sellers, "The theory and computation of evolutionary
//! distances", 1980: a match that may begin and end anywhere).

/// So many letters of two beginnings are compared.
const BEGINNING: usize = 120;

/// So many letters of one text are looked for in the other.
pub(super) const QUOTE: usize = 32;

/// What is found inside counts for less than what begins alike.
const INSIDE: f32 = 0.9;

/// A shorter text is not looked for inside another one: it is found too easily.
pub(super) const LEAST: usize = 12;

/// A shorter text is like a longer one only when they are about as long.
const SHORT: usize = 8;

/// How alike two texts are.
pub(super) fn alike(one: &[char], other: &[char]) -> f32 {
    let shorter = one.len().min(other.len());
    if shorter == 0 {
        // Two pictures, or two rules, say nothing of themselves.
        return if one.len() == other.len() { 0.6 } else { 0.0 };
    }
    let much_longer = one.len().max(other.len()) > 2 * shorter;
    if shorter < SHORT && much_longer {
        return 0.0;
    }
    let take = shorter.min(BEGINNING);
    let (front, other_front) = (Letters(&one[..take]), Letters(&other[..take]));
    let begin = share(strsim::generic_levenshtein(&front, &other_front), take);
    begin.max(inside(one, other)).max(inside(other, one))
}

/// Letters, as the crate that counts edits wants them.
struct Letters<'a>(&'a [char]);

impl<'a> IntoIterator for &'a Letters<'a> {
    type Item = &'a char;
    type IntoIter = std::slice::Iter<'a, char>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// How well the beginning of `quote` is found somewhere in `text`.
fn inside(quote: &[char], text: &[char]) -> f32 {
    let quote = &quote[..quote.len().min(QUOTE)];
    if quote.len() < LEAST {
        return 0.0;
    }
    let mut column: Vec<usize> = (0..=quote.len()).collect();
    let mut least = quote.len();
    for letter in text {
        let mut diagonal = column[0];
        for row in 1..=quote.len() {
            let changed = diagonal + usize::from(quote[row - 1] != *letter);
            diagonal = column[row];
            column[row] = changed.min(column[row] + 1).min(column[row - 1] + 1);
        }
        least = least.min(column[quote.len()]);
    }
    share(least, quote.len()) * INSIDE
}

fn share(distance: usize, of: usize) -> f32 {
    1.0 - distance as f32 / of as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: &str, other: &str) -> f32 {
        let letters =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
        alike(&letters(one), &letters(other))
    }

    #[test]
    fn edits_are_alike_and_other_words_are_not() {
        let said = "I think what we learned is that nobody reads the manual until it is too late.";
        for edited in [
            "I thinkk what we learnt is that nobody reads the manual until it is too late.",
            "I think what we learned is that nobody reads the manual.",
            "What we learned is that nobody reads the manual until it is too late.",
            "Good question. I think what we learned is that nobody reads the manual, ever.",
        ] {
            assert!(of(said, edited) > 0.8, "{edited}: {}", of(said, edited));
        }
        for other in [
            "They keep the manual in a drawer, and the drawer is locked every evening.",
            "And where did you buy the machine in the first place, if I may ask?",
            "Yeah.",
            "",
        ] {
            assert!(of(said, other) < 0.55, "{other}: {}", of(said, other));
        }
        assert!(of("对，我们后来换了一个办法。", "对，我门后来换了一个办法。") > 0.85);
        assert!(of("对，我们后来换了一个办法。", "不对，那是另一家公司的事情。") < 0.5);
        assert!(of("Right.", "Right now we are building the next one.") < 0.5);
    }
}
