//! A paragraph's lines: turns, where labels begin them.

use std::ops::Range;

use super::{Assembler, Opening};
use crate::document::{Block, BlockIndex, Image, Leaf, MarkKind, Node, TextRange};
use crate::parse::forms::Candidate;
use crate::parse::speakers::Who;
use crate::source::Span;

/// A line that begins a turn, or goes on with one.
struct Piece<'a> {
    label: Option<Opening<'a>>,
    leaf: Leaf,
}

impl<'a> Assembler<'a> {
    /// A paragraph's lines: turns, where labels begin them.
    pub(super) fn lines(&mut self, leaf: Leaf, whole: Span, own: Range<usize>) {
        let pieces = self.pieces(leaf, own);
        let many = pieces.len() > 1;
        for piece in pieces {
            let span = if many { self.source_span(piece.leaf) } else { whole };
            if let Some(opening) = piece.label {
                if opening.who == Who::Nobody {
                    self.cue(piece.leaf, span);
                    continue;
                }
                self.begin_turn(opening);
            }
            if !piece.leaf.is_empty() {
                self.block(Node::Paragraph(piece.leaf), piece.leaf, span);
            } else if let Some(opening) = piece.label {
                self.pictures(opening.candidate, piece.leaf, span);
            }
        }
    }

    /// What is nobody's: the open turn ends, and the words stay as they are.
    fn cue(&mut self, leaf: Leaf, span: Span) {
        self.close();
        self.prose = Some(self.blocks.len() as BlockIndex);
        self.blocks.push(Block {
            id: String::new(),
            span,
            text: leaf,
            node: Node::Paragraph(leaf),
        });
    }

    /// A label with nothing but pictures behind it.
    fn pictures(&mut self, candidate: &Candidate, leaf: Leaf, span: Span) {
        let marks = &self.raw.marks;
        let from = marks.partition_point(|mark| mark.range.start < candidate.line);
        let to = marks.partition_point(|mark| mark.range.start <= leaf.start);
        let images = marks[from..to].iter().filter_map(|mark| match &mark.kind {
            MarkKind::Image(image) => Some(Image::clone(image)),
            _ => None,
        });
        let images: Vec<Image> = images.collect();
        if !images.is_empty() {
            self.block(Node::Figure { images, caption: None }, leaf, span);
        }
    }

    /// Cuts a paragraph at the lines that begin with an accepted label.
    fn pieces(&mut self, leaf: Leaf, own: Range<usize>) -> Vec<Piece<'a>> {
        let accepted = own.filter_map(|at| {
            let candidate = &self.candidates[at];
            Some(Opening { candidate, who: self.cast.speakers[at]?, time: candidate.time })
        });
        let mut pieces = vec![Piece { label: None, leaf }];
        for mut opening in accepted {
            let candidate = opening.candidate;
            let cue = opening.who == Who::Nobody;
            let mut cut = TextRange { start: candidate.line, end: candidate.words };
            if cue {
                cut.end = candidate.line;
            }
            if let Some(open) = pieces.last_mut() {
                open.leaf = self.trimmed(TextRange { start: open.leaf.start, end: candidate.line });
                cut.start = open.leaf.end;
            }
            if !cut.is_empty() {
                self.cuts.push(cut);
            }
            // `[t] >> text` is one label in two parts.
            let joins = |piece: &Piece<'_>| piece.leaf.is_empty() && opening.who == Who::Another;
            if pieces.last().is_some_and(joins)
                && let Some(Piece { label: Some(first), .. }) = pieces.pop()
            {
                opening.time = first.time;
                if let Who::Member(_) = first.who {
                    opening = first;
                }
            }
            let words = TextRange { start: cut.end.min(leaf.end), end: leaf.end };
            pieces.push(Piece { label: Some(opening), leaf: words });
        }
        pieces.retain(|piece| piece.label.is_some() || !piece.leaf.is_empty());
        pieces
    }

    fn trimmed(&self, range: TextRange) -> TextRange {
        let text = self.raw.text[range.range()].trim_end();
        TextRange { start: range.start, end: range.start + text.len() as u32 }
    }
}
