//! How much of a line is bold.

use std::ops::Range;

use super::Line;
use crate::document::{Mark, MarkKind, TextRange};
use crate::parse::blocks::Raw;
use crate::parse::cjk;

/// How much of a line's beginning is bold.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::parse) enum Bold {
    None,
    Name,
    WithColon,
    All,
}

impl Line<'_> {
    /// How much is bold; none when the markup has no clear shape.
    pub(super) fn bold(&self, name: TextRange, after: u32) -> Option<Bold> {
        let first = self.marks.partition_point(|mark| mark.range.start <= name.start);
        let at_start = |mark: &&Mark| mark.range.end > self.start;
        let Some(strong) =
            self.marks[..first].iter().filter(at_start).find(|mark| mark.kind == MarkKind::Strong)
        else {
            let touches = |mark: &Mark| {
                mark.range.start < after
                    && mark.range.end > self.start
                    && mark.kind != MarkKind::Break
            };
            let near = self.marks.partition_point(|mark| mark.range.start < after);
            return (!self.marks[..near].iter().any(touches)).then_some(Bold::None);
        };
        let blank = |from: u32, to: u32| from >= to || self.slice(from, to).trim().is_empty();
        let own = strong.range.end.min(self.end);
        // Only bold that goes on behind the colon is a turn's; `**Name:** word **bold**` is not.
        let end = if blank(after, own) { own } else { bold_reach(self.text, self.marks, own) };
        let end = end.min(self.end);
        if end < name.end {
            None
        } else if blank(end, self.end) || is_punctuation(self.slice(end, self.end)) {
            // `**Name:**` alone is a label whose words follow on the next line.
            Some(if blank(after, self.end) { Bold::WithColon } else { Bold::All })
        } else if end < after {
            Some(Bold::Name)
        } else if blank(after, end) {
            Some(Bold::WithColon)
        } else {
            None
        }
    }
}

/// How far bold goes on from `end`: exports leave it out over blanks and over single words of
/// Latin letters (`**问：第四个** AIGC **呢？**`), which is one bold stretch.
fn bold_reach(text: &str, marks: &[Mark], end: u32) -> u32 {
    const WORD: u32 = 24;
    let mut reach = end;
    for mark in marks.iter().filter(|mark| mark.kind == MarkKind::Strong) {
        if mark.range.start < reach {
            continue;
        }
        let near = mark.range.start - reach <= WORD;
        if !near || !is_gap(text, reach as usize..mark.range.start as usize) {
            break;
        }
        reach = mark.range.end;
    }
    reach
}

/// Whether plain text between two bold stretches is an export's: a blank, or a word of Latin
/// letters or digits between Chinese ones.
fn is_gap(text: &str, gap: Range<usize>) -> bool {
    let wide = |c: Option<char>| c.is_some_and(cjk::joins_lines);
    let between =
        wide(text[..gap.start].chars().next_back()) && wide(text[gap.end..].chars().next());
    let blank = |c: char| c == ' ' || c == '\u{a0}';
    text[gap].chars().all(|c| blank(c) || (between && c.is_ascii_alphanumeric()))
}

/// Whether all of a leaf is bold, in one stretch or in pieces.
pub(in crate::parse) fn is_bold_throughout(raw: &Raw, leaf: TextRange) -> bool {
    let mut from = raw.marks.partition_point(|mark| mark.range.start < leaf.start);
    while from > 0 && raw.marks[from - 1].range.end > leaf.start {
        from -= 1;
    }
    let to = raw.marks.partition_point(|mark| mark.range.start < leaf.end).max(from);
    let marks = &raw.marks[from..to];
    let first = marks.iter().find(|mark| {
        mark.kind == MarkKind::Strong
            && mark.range.start <= leaf.start
            && mark.range.end > leaf.start
    });
    first.is_some_and(|first| {
        let end = bold_reach(&raw.text, marks, first.range.end).min(leaf.end);
        is_punctuation(&raw.text[end as usize..leaf.end as usize])
    })
}

fn is_punctuation(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric())
}
