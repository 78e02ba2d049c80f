//! Addresses that somebody set below a heading, for what is talked about there: nobody says them.

use super::blocks::Raw;
use crate::document::TextRange;

/// What stands before the address on its line has no more characters.
const LONGEST: usize = 60;

/// Whether a paragraph is nothing but addresses, one on each line, alone or behind a few words
/// and a colon (`The paper: https://example.org/paper.pdf`).
pub(super) fn is_reference(raw: &Raw, leaf: TextRange) -> bool {
    let from = raw.breaks.partition_point(|at| *at <= leaf.start);
    let to = raw.breaks.partition_point(|at| *at < leaf.end);
    let inner = &raw.breaks[from..to];
    let starts = std::iter::once(leaf.start).chain(inner.iter().copied());
    let ends = inner.iter().copied().chain([leaf.end]);
    let mut lines = starts.zip(ends).map(|(start, end)| TextRange { start, end });
    !leaf.is_empty() && lines.all(|line| is_address_line(&raw.text[line.range()]))
}

fn is_address_line(line: &str) -> bool {
    let line = line.trim();
    let colon = |c: char| matches!(c, ':' | '：');
    let (lead, address) = match line.rsplit_once(char::is_whitespace) {
        Some((lead, address)) if lead.trim_end().ends_with(colon) => (lead, address),
        Some(_) => return false,
        None => ("", line),
    };
    let stops = |c: char| matches!(c, '.' | '!' | '?' | '。' | '！' | '？');
    let short = lead.chars().count() <= LONGEST && !lead.contains(stops);
    let scheme = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    short && scheme.is_some_and(|rest| rest.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_lines() {
        assert!(is_address_line("https://example.org/a"));
        assert!(is_address_line("The paper: https://example.org/a.pdf"));
        assert!(is_address_line("论文： https://example.org/a.pdf"));
        assert!(!is_address_line("It is at https://example.org"));
        assert!(!is_address_line("I found it. Here: https://example.org"));
        assert!(!is_address_line("https://example.org/a is where it is"));
        assert!(!is_address_line("The paper:"));
    }
}
