//! What a leaf's markup means to the search: where it must stop, where a mention is written
//! out, where none may start.

use std::ops::Range;

use super::matcher::Matcher;
use crate::document::{Document, Leaf, MarkKind, Seam, TextRange};
use crate::glossary::TermIndex;

/// Inline elements whose content is code, keys or output rather than speech.
const LITERAL: [&str; 3] = ["code", "kbd", "samp"];

/// A leaf's markup; one value serves leaf after leaf.
#[derive(Debug, Default)]
pub(super) struct Markup {
    /// What is left of the leaf between code, links, pictures and explicit mentions.
    pub stretches: Vec<Range<usize>>,
    /// Explicit mentions of known terms.
    pub explicit: Vec<(TextRange, TermIndex)>,
    /// Boundaries whatever stands there: joins, pictures, footnote references. Sorted.
    pub forced: Vec<u32>,
    /// Where an escaped character stands, sorted.
    pub escaped: Vec<u32>,
}

impl Markup {
    /// Reads the markup of another leaf.
    pub fn read(&mut self, document: &Document, matcher: &Matcher, leaf: Leaf) {
        let mut free = leaf.start;
        self.stretches.clear();
        self.explicit.clear();
        self.forced.clear();
        self.escaped.clear();
        for mark in document.marks_in(leaf) {
            let range = mark.range;
            match &mark.kind {
                MarkKind::Escaped => self.escaped.push(range.start),
                MarkKind::Image(_) | MarkKind::Footnote(_) => self.forced.push(range.start),
                _ => {}
            }
            if range.start < free || !is_barrier(&mark.kind) {
                continue;
            }
            if let MarkKind::Term(name) = &mark.kind
                && !range.is_empty()
                && leaf.contains(range)
                && let Some(term) = matcher.named(name)
            {
                self.explicit.push((range, term));
            }
            self.stretches.push(free as usize..range.start as usize);
            free = range.end.min(leaf.end);
        }
        self.stretches.push(free as usize..leaf.end as usize);
        let joins = seams_in(document, leaf).iter().filter(|seam| seam.join);
        self.forced.extend(joins.map(|seam| seam.at));
        self.forced.sort_unstable();
    }
}

/// The places in a leaf where markup stood.
pub(super) fn seams_in(document: &Document, leaf: Leaf) -> &[Seam] {
    let from = document.seams.partition_point(|seam| seam.at < leaf.start);
    let len = document.seams[from..].partition_point(|seam| seam.at <= leaf.end);
    &document.seams[from..from + len]
}

fn is_barrier(kind: &MarkKind) -> bool {
    match kind {
        MarkKind::Code | MarkKind::Link(_) | MarkKind::Term(_) => true,
        MarkKind::Image(_) | MarkKind::Footnote(_) => true,
        MarkKind::Element(name) => LITERAL.contains(name),
        MarkKind::Strong | MarkKind::Emphasis | MarkKind::Strikethrough => false,
        MarkKind::Break | MarkKind::Escaped => false,
        // Nobody says a stage direction; what an editor puts in is text all the same.
        MarkKind::Stage | MarkKind::Time(_) => true,
        MarkKind::Aside | MarkKind::Chapter => false,
    }
}
