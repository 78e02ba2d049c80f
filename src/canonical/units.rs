//! A source cut into stretches of whole lines, each of which holds whole blocks: what can stay
//! as its author wrote it while everything around it is written anew.

use std::ops::Range;

use crate::document::{Document, Item, Turn};
use crate::source::Span;

/// The stretches, in order and apart. Between them stand blank lines, comments, definitions of
/// notes and of links, and the head.
pub(super) struct Units {
    lines: Vec<Range<usize>>,
}

impl Units {
    pub(super) fn of(document: &Document) -> Self {
        let text = document.source.text();
        let mut lines: Vec<Range<usize>> =
            spans(document).into_iter().map(|span| whole_lines(text, span)).collect();
        lines.sort_unstable_by_key(|lines| (lines.start, lines.end));
        lines.dedup_by(|next, before| {
            let meets = next.start < before.end || next.start == before.start;
            before.end = if meets { before.end.max(next.end) } else { before.end };
            meets
        });
        Self { lines }
    }

    /// Which stretch holds a place of the source.
    pub(super) fn at(&self, offset: usize) -> Option<usize> {
        let next = self.lines.partition_point(|lines| lines.start <= offset);
        next.checked_sub(1).filter(|at| offset <= self.lines[*at].end)
    }

    pub(super) fn lines(&self, unit: usize) -> Range<usize> {
        self.lines[unit].clone()
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}

fn spans(document: &Document) -> Vec<Span> {
    let headings = document.headings().map(|heading| heading.span);
    let blocks = document.blocks.iter().map(|block| block.span);
    let leads = document.items.iter().filter_map(|item| match item {
        Item::Turn(turn) if turn.form.is_some() => Some(lead(document, turn)),
        _ => None,
    });
    headings.chain(blocks).chain(leads).collect()
}

/// A turn's label, with the words behind it where they stand in the same paragraph.
fn lead(document: &Document, turn: &Turn) -> Span {
    let start = turn.span.start;
    let label = turn.label.map_or(start, |label| label.end);
    let first = document.blocks_of(&turn.blocks).first().map(|block| block.span);
    let together = |block: &Span| {
        let between = document.source.text().get(label as usize..block.start as usize);
        block.start <= label || between.is_some_and(|text| !has_blank_line(text))
    };
    match first.filter(together) {
        Some(block) => Span { start: start.min(block.start), end: block.end.max(label) },
        None => Span { start, end: label.max(start) },
    }
}

fn has_blank_line(text: &str) -> bool {
    let inner = text.find('\n').zip(text.rfind('\n')).filter(|(first, last)| first < last);
    let blank = |line: &str| line.trim_matches(['>', ' ', '\t', '\r']).is_empty();
    inner.is_some_and(|(first, last)| text[first + 1..last].split('\n').any(blank))
}

fn whole_lines(text: &str, span: Span) -> Range<usize> {
    let range = span.range();
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let inner = text[start..range.end.max(start)].trim_end().len();
    let last = (start + inner).max(range.start);
    let end = text[last..].find('\n').map_or(text.len(), |end| last + end);
    start..end
}
