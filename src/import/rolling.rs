//! Rolling captions: each cue repeats the line above before it adds one, as on a television.
//!
//! Whether a file rolls is decided over the whole of it: two people who both say “Yeah.” do
//! not make a rolling caption.

use super::cue::{Cue, Line};

/// At least so many repeats make a rolling file.
const LEAST: usize = 2;

/// A cue that begins later than this after the one before repeats nothing, in milliseconds.
const APART: u64 = 5_000;

/// Drops the repeated lines; answers how many there were.
pub(super) fn join(cues: &mut [Cue]) -> usize {
    let pairs: Vec<(usize, bool)> =
        cues.windows(2).map(|pair| repeated(&pair[0], &pair[1])).collect();
    let rolls = pairs.iter().filter(|(lines, grown)| *lines > 0 || *grown).count();
    if rolls < LEAST || rolls * 2 < pairs.len() {
        return 0;
    }
    let mut dropped = 0;
    for (at, (lines, grown)) in pairs.into_iter().enumerate().rev() {
        let (before, after) = cues.split_at_mut(at + 1);
        let (before, after) = (&before[at], &mut after[0]);
        if grown {
            let known = before.lines.last().map_or(0, |line| line.text.len());
            let line = &mut after.lines[0];
            line.text = line.text[known..].trim_start().to_owned();
            dropped += 1;
        }
        after.lines.drain(..lines);
        dropped += lines;
    }
    dropped
}

/// How many lines a cue repeats of the one before, or whether its first line goes on where the
/// last line of the one before stopped (captions that grow by the word).
fn repeated(before: &Cue, after: &Cue) -> (usize, bool) {
    if before.lines.is_empty() || after.lines.is_empty() || are_apart(before, after) {
        return (0, false);
    }
    let most = before.lines.len().min(after.lines.len());
    let same = |a: &[Line], b: &[Line]| a.iter().zip(b).all(|(a, b)| a.text == b.text);
    let lines = (1..=most)
        .rev()
        .find(|count| same(&before.lines[before.lines.len() - count..], &after.lines[..*count]))
        .unwrap_or(0);
    let grown = lines == 0 && before.lines.len() == 1 && {
        let (last, first) = (&before.lines[0].text, &after.lines[0].text);
        first.strip_prefix(last.as_str()).is_some_and(|rest| rest.starts_with(' '))
    };
    (lines, grown)
}

fn are_apart(before: &Cue, after: &Cue) -> bool {
    match (before.end, after.start) {
        (Some(end), Some(start)) => start > end.saturating_add(APART),
        _ => true,
    }
}
