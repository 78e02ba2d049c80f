//! Rolling captions: each cue repeats the line above before it adds one, as on a television.
//!
//! Whether a file rolls is decided over the whole of it: two people who both say “Yeah.” do
//! not make a rolling caption.

use super::cue::{Cue, Line};
use crate::parse::cjk;

/// At least so many repeats make a rolling file.
const LEAST: usize = 2;

/// A cue that begins later than this after the one before repeats nothing, in milliseconds.
const APART: u64 = 5_000;

/// Drops the repeated lines; answers how many there were.
pub(super) fn join(cues: &mut [Cue]) -> usize {
    let pairs: Vec<Overlap> = cues.windows(2).map(|pair| overlap(&pair[0], &pair[1])).collect();
    let rolls = pairs.iter().filter(|overlap| overlap.lines > 0).count();
    if rolls < LEAST || rolls * 2 < pairs.len() {
        return 0;
    }
    for (cue, overlap) in cues[1..].iter_mut().zip(&pairs) {
        drop_words(&mut cue.lines, overlap.length);
    }
    pairs.iter().map(|overlap| overlap.lines).sum()
}

/// What a cue repeats of the one before.
#[derive(Clone, Copy, Default)]
struct Overlap {
    /// How many lines of the cue before.
    lines: usize,
    /// How many characters other than blanks.
    length: usize,
}

/// The last lines of one cue with which the next one begins. They may be broken otherwise there,
/// and the last of them may go on (captions that grow by the word).
fn overlap(before: &Cue, after: &Cue) -> Overlap {
    let (Some(first), false) = (after.lines.first(), are_apart(before, after)) else {
        return Overlap::default();
    };
    let whole = joined(&after.lines);
    let repeats = |from: &usize| {
        let tail = joined(&before.lines[*from..]);
        let goes_on = whole.strip_prefix(&tail).and_then(|rest| rest.chars().next());
        let ends = goes_on.is_none_or(|c| c == ' ' || cjk::joins_lines(c));
        before.lines[*from].voice == first.voice && whole.starts_with(&tail) && ends
    };
    let Some(from) = (0..before.lines.len()).find(repeats) else { return Overlap::default() };
    let length = joined(&before.lines[from..]).chars().filter(|c| *c != ' ').count();
    Overlap { lines: before.lines.len() - from, length }
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Takes so many characters other than blanks from the beginning.
fn drop_words(lines: &mut Vec<Line>, mut length: usize) {
    for line in lines.iter_mut() {
        let mut rest = line.text.as_str();
        while let Some(c) = rest.chars().next().filter(|c| length > 0 || *c == ' ') {
            length -= usize::from(c != ' ');
            rest = &rest[c.len_utf8()..];
        }
        line.text = rest.to_owned();
        if length == 0 {
            break;
        }
    }
    lines.retain(|line| !line.text.is_empty());
}

fn are_apart(before: &Cue, after: &Cue) -> bool {
    match (before.end, after.start) {
        (Some(end), Some(start)) => start > end.saturating_add(APART),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rolled(cues: &[&str]) -> (Vec<String>, usize) {
        let cue = |(at, text): (usize, &&str)| Cue {
            start: Some(at as u64 * 1000),
            end: Some(at as u64 * 1000 + 1000),
            turn: false,
            lines: text
                .split('/')
                .map(|text| Line { voice: None, text: text.to_owned(), at: 0 })
                .collect(),
        };
        let mut cues: Vec<Cue> = cues.iter().enumerate().map(cue).collect();
        let count = join(&mut cues);
        (cues.iter().map(|cue| joined(&cue.lines)).collect(), count)
    }

    #[test]
    fn what_is_repeated_goes_and_what_is_said_twice_stays() {
        for (cues, kept) in [
            (&["so", "so/we begin", "we begin/now", "now"][..], &["so", "we begin", "now", ""][..]),
            (&["a", "a b", "a b c", "c d"], &["a", "b", "c", "c d"]),
            (&["x/a b", "x/a b c", "a b c/d"], &["x a b", "c", "d"]),
            (&["a b/c", "b c d", "c d e", "d e"], &["a b c", "b c d", "c d e", "d e"]),
            (&["你好", "你好世界", "你好世界，再见"], &["你好", "世界", "，再见"]),
            (
                &["no", "no", "no way", "yes", "well", "so"],
                &["no", "no", "no way", "yes", "well", "so"],
            ),
            (&["Yeah.", "Yeah./Yeah.", "Yeah./So."], &["Yeah.", "Yeah.", "So."]),
        ] {
            assert_eq!(rolled(cues).0, kept, "{cues:?}");
        }
    }
}
