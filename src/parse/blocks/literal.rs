//! Code blocks and HTML: text that is kept as it is written.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::folded::Place;
use super::{Builder, DEEPEST, Frame, Literal};
use crate::document::{Leaf, MarkKind, Node};
use crate::parse::html::{self, Fold, Inline, Piece};

impl Builder<'_> {
    pub(super) fn end_code(&mut self, range: Range<usize>) {
        let language = match self.literal.take() {
            Some(Literal::Code(language)) => language,
            _ => String::new(),
        };
        while self.raw.text.ends_with('\n')
            && self.leaf.is_some_and(|start| start < self.raw.text.len())
        {
            self.raw.text.pop();
        }
        let text = self.end_leaf();
        self.put(Node::Code { language, text }, &range);
    }

    pub(super) fn html_text(&mut self, text: &str) {
        if let Some(Literal::Html(html, _)) = &mut self.literal {
            html.push_str(text);
        }
    }

    pub(super) fn end_html(&mut self) {
        let Some(Literal::Html(html, range)) = self.literal.take() else { return };
        if self.reading.trusted {
            return self.whole(Node::RawHtml(html), range);
        }
        let mut at = range.start;
        for piece in html::pieces(&html) {
            match piece {
                // One that lies too deep stays closed up with what is around it.
                Piece::Open if self.flat > 0 || self.frames.len() >= DEEPEST => {}
                Piece::Open => {
                    self.close_implicit();
                    let summary = self.html_leaf("", at, &range);
                    self.open_frame(Frame::Details { summary, body: Vec::new() }, &range);
                }
                Piece::Close if matches!(self.frames.last(), Some(Frame::Details { .. })) => {
                    self.close_frame(range.clone());
                }
                Piece::Close => {}
                Piece::Summary(text) => {
                    at = self.found(text, at, range.end);
                    let leaf = self.html_leaf(text, at, &range);
                    match self.frames.last_mut() {
                        Some(Frame::Details { summary, .. }) if self.flat == 0 => *summary = leaf,
                        _ => self.put(Node::Paragraph(leaf), &range),
                    }
                }
                Piece::Text(text) => {
                    at = self.found(text, at, range.end);
                    let leaf = self.html_leaf(text, at, &range);
                    self.put(Node::Paragraph(leaf), &range);
                }
            }
        }
    }

    /// Where a piece of an HTML block stands in the body, from `at` on.
    fn found(&self, text: &str, at: usize, end: usize) -> usize {
        let first = text.lines().next().unwrap_or_default();
        self.reading.body[at..end].find(first).map_or(at, |found| at + found)
    }

    /// The text of an HTML block: inline tags that are understood are marks, entities are
    /// decoded, everything else stays as it is written.
    fn html_leaf(&mut self, text: &str, at: usize, range: &Range<usize>) -> Leaf {
        self.open_top(range, None);
        self.begin_leaf();
        let end = range.end.min(self.reading.body.len());
        let mut at = at;
        for stretch in html::stretches(text) {
            // Lines of a quote begin with signs that are no part of the text.
            let first = stretch.lines().next().unwrap_or_default();
            let found = self.reading.body.get(at..end).and_then(|rest| rest.find(first));
            let place = at + found.unwrap_or(0);
            at = (place + first.len()).min(end);
            if stretch.starts_with('<') {
                self.inline_html(stretch, &(place..at));
            } else {
                self.segment(place);
                let decoded = html::entity(stretch);
                self.raw.text.push_str(decoded.as_deref().unwrap_or(stretch));
                if decoded.is_some() {
                    self.segment(at);
                }
            }
        }
        self.end_leaf()
    }

    pub(super) fn inline_html(&mut self, text: &str, range: &Range<usize>) {
        match html::inline(text) {
            Inline::Comment => {}
            Inline::Break => self.hard_break(range),
            Inline::Open(kind) => self.open_mark(kind),
            Inline::Link(url) => self.link(&url, "", range),
            Inline::LinkEnd if self.ends_link() => self.close_mark(false),
            Inline::Fold(Fold::Details) if self.folds_at(range) => self.open_fold(range),
            Inline::Fold(Fold::Summary) if self.place == Place::Folded => {
                self.place = Place::Summary
            }
            Inline::FoldEnd(Fold::Summary) if self.place == Place::Summary => self.close_summary(),
            Inline::FoldEnd(Fold::Details) if self.in_fold() => self.close_fold(range),
            Inline::Close(kind) if self.innermost_is(&kind) => self.close_mark(false),
            Inline::Close(_)
            | Inline::LinkEnd
            | Inline::Fold(_)
            | Inline::FoldEnd(_)
            | Inline::Text => self.text(text, range),
        }
    }

    /// Whether a link is open.
    pub(super) fn in_link(&self) -> bool {
        self.open.iter().any(|mark| matches!(self.raw.marks[*mark].kind, MarkKind::Link(_)))
    }

    /// Whether the innermost mark is a link of HTML; one of Markdown ends where Markdown says.
    fn ends_link(&self) -> bool {
        let Some(mark) = self.open.last().map(|mark| &self.raw.marks[*mark]) else { return false };
        let MarkKind::Link(link) = &mark.kind else { return false };
        self.reading.body[link.span.start as usize - self.reading.at..].starts_with('<')
    }

    pub(super) fn innermost_is(&self, kind: &MarkKind) -> bool {
        self.open.last().is_some_and(|mark| self.raw.marks[*mark].kind == *kind)
    }
}

/// The info string's first word.
pub(super) fn language(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => {
            info.split([' ', ',', '{']).next().unwrap_or_default().to_ascii_lowercase()
        }
        CodeBlockKind::Indented => String::new(),
    }
}
