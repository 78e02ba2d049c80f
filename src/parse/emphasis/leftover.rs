//! Stars that stayed literal and look like emphasis: worth a word to the editor.
//!
//! A single star is not (a footnote, a product); nor are a mask in a number and `2 ** 3`. What is
//! said to the editor is not worded here: this module only finds them.

use std::ops::Range;

use pulldown_cmark::Event;

use super::runs::Run;
use super::unicode::is_blank;
use super::{Leftover, LeftoverKind, flank};

/// A label has at most so many characters.
const LABEL_LENGTH: usize = 40;

/// Of a run in a repaired block.
pub(super) fn repaired(run: &Run, leftovers: &mut Vec<Leftover>) {
    let range = run.rest();
    let apart = is_blank(run.before) && is_blank(run.after);
    if range.len() >= 2 && !apart && !flank::is_mask(run) {
        leftovers.push(Leftover { range, kind: LeftoverKind::Unpaired });
    }
}

/// Of a block without CJK. There, stars at a word's end are a mask or a footnote more often than
/// not; those that can only open, or that close a label, were meant as bold.
pub(super) fn unrepaired(runs: &[Run], leftovers: &mut Vec<Leftover>) {
    for run in runs {
        let starts = run.after.is_some_and(|c| !c.is_whitespace())
            && run.before.is_none_or(|c| c.is_whitespace() || "([{\"'“‘".contains(c));
        let ends_label = run.before == Some(':');
        if matches!(run.literal.len(), 2 | 3) && (starts || ends_label) && !flank::is_mask(run) {
            let range = run.literal.clone();
            leftovers.push(Leftover { range, kind: LeftoverKind::Unpaired });
        }
    }
}

/// If the text stops in an ellipsis, in the block that ends at `end`, the last of the block's
/// leftovers is what was cut.
pub(super) fn breaks_off(text: &str, end: usize, leftovers: &mut [Leftover]) {
    let text = text.trim_end();
    if end < text.len() || !(text.ends_with("...") || text.ends_with('…')) {
        return;
    }
    let mut unpaired = leftovers.iter_mut().filter(|it| it.kind == LeftoverKind::Unpaired);
    if let Some(leftover) = unpaired.next_back() {
        leftover.kind = LeftoverKind::BreaksOff;
    }
}

/// Finds `\*\*label：\*\*` where lines begin.
pub(super) fn escaped_labels(
    text: &str,
    events: &[(Event<'_>, Range<usize>)],
    leftovers: &mut Vec<Leftover>,
) {
    let is_break = |event: &Event<'_>| matches!(event, Event::SoftBreak | Event::HardBreak);
    for line in events.split(|(event, _)| is_break(event)) {
        leftovers.extend(escaped_label(text, line));
    }
}

fn escaped_label(text: &str, line: &[(Event<'_>, Range<usize>)]) -> Option<Leftover> {
    let mut escaped = line.iter().enumerate().filter(|(_, (event, range))| {
        matches!(event, Event::Text(_)) && is_escaped_pair(text, range.start)
    });
    let (first, (_, open)) = escaped.next()?;
    let (_, (_, close)) = escaped.find(|(_, (_, range))| range.start >= open.start + 4)?;
    let label = text[open.start + 3..close.start - 1].trim();
    let after = text[close.start + 3..].chars().next();
    let is_colon = |c: char| c == '：' || c == ':';
    let fine = first == 0
        && !label.is_empty()
        && label.chars().count() <= LABEL_LENGTH
        && (label.ends_with(is_colon) || after.is_some_and(is_colon));
    let range = open.start - 1..close.start + 3;
    fine.then_some(Leftover { range, kind: LeftoverKind::EscapedLabel })
}

/// Whether `\*\*` stands here, `at` being its first star.
fn is_escaped_pair(text: &str, at: usize) -> bool {
    at > 0 && text.as_bytes()[at - 1..].starts_with(br"\*\*")
}
