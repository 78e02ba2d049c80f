//! Leaves: the text inside a block, and the marks over it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::folded::Place;
use super::{Builder, Frame, Literal};
use crate::document::{Image, Leaf, Mark, MarkKind, Node, Seam, Segment, Target, TextRange};
use crate::parse::{cjk, url};
use crate::paths::link;

/// The character that a reader sees next in the same leaf.
pub(super) fn first_character(events: &[(Event<'_>, Range<usize>)]) -> Option<char> {
    for (event, _) in events {
        match event {
            Event::Text(text) => return text.chars().next(),
            Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(
                TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link,
            ) => {}
            _ => return None,
        }
    }
    None
}

impl Builder<'_> {
    pub(super) fn begin_leaf(&mut self) {
        if !self.raw.text.is_empty() {
            self.raw.text.push('\n');
        }
        self.leaf_here();
    }

    pub(super) fn leaf_here(&mut self) {
        let at = self.raw.text.len();
        self.leaf = Some(at);
        if let Some(top) = &mut self.top {
            top.text.get_or_insert(at);
        }
    }

    pub(super) fn end_leaf(&mut self) -> Leaf {
        while let Some(mark) = self.open.pop() {
            self.raw.marks[mark].range.end = self.raw.text.len() as u32;
        }
        let start = self.leaf.take().unwrap_or(self.raw.text.len());
        TextRange::new(start, self.raw.text.len())
    }

    /// Text that stands in a tight list item without a paragraph.
    pub(super) fn implicit_leaf(&mut self) {
        if self.leaf.is_none() {
            self.begin_leaf();
        }
    }

    pub(super) fn close_implicit(&mut self) {
        if self.leaf.is_some() && self.literal.is_none() {
            let leaf = self.end_leaf();
            self.put(Node::Paragraph(leaf), &(0..0));
        }
    }

    pub(super) fn end_paragraph(&mut self, range: Range<usize>) {
        self.loosen();
        if self.place != Place::Words {
            return self.end_folded(&range);
        }
        self.place = Place::Outside;
        let leaf = self.end_leaf();
        let node = self.figure(leaf).unwrap_or(Node::Paragraph(leaf));
        self.put(node, &range);
    }

    /// A paragraph directly in a list item makes its list a loose one.
    pub(super) fn loosen(&mut self) {
        if let [.., Frame::List { tight, .. }, Frame::Item { .. }] = &mut self.frames[..] {
            *tight = false;
        }
    }

    /// A paragraph that begins with pictures and goes on with nothing, or with a caption glued
    /// behind on the same line, is a figure. The pictures' marks go.
    pub(super) fn figure(&mut self, leaf: Leaf) -> Option<Node> {
        const CAPTION: usize = 200;
        let from = self
            .raw
            .marks
            .iter()
            .rposition(|mark| mark.range.start < leaf.start)
            .map_or(0, |at| at + 1);
        let own = &self.raw.marks[from..];
        let is_image =
            |mark: &Mark| matches!(mark.kind, MarkKind::Image(_)) && mark.range.is_empty();
        let leading = own
            .iter()
            .take_while(|mark| is_image(mark) && self.blank(leaf.start, mark.range.start))
            .count();
        if leading == 0 || own[leading..].iter().any(is_image) {
            return None;
        }
        let after = own[leading - 1].range.start;
        if after != leaf.end && self.raw.breaks.last().is_some_and(|line| *line > leaf.start) {
            return None;
        }
        let caption = &self.raw.text[after as usize..leaf.end as usize];
        if caption.chars().count() > CAPTION {
            return None;
        }
        let blank = caption.len() - caption.trim_start().len();
        let end = self.cut(leaf.start, after + blank as u32, from + leading);
        let caption = (leaf.start < end).then_some(TextRange { start: leaf.start, end });
        let images = self.raw.marks.drain(from..from + leading);
        let images = images.filter_map(|mark| match mark.kind {
            MarkKind::Image(image) => Some(*image),
            _ => None,
        });
        Some(Node::Figure { images: images.collect(), caption })
    }

    /// Takes blanks out of the last leaf, and moves what lies behind them; gives the new end of
    /// the text. Blanks between a picture and its caption are no words.
    fn cut(&mut self, start: u32, end: u32, marks: usize) -> u32 {
        let gone = end - start;
        if gone > 0 {
            self.raw.text.replace_range(start as usize..end as usize, "");
            let moved = |at: u32| if at >= end { at - gone } else { start };
            for mark in &mut self.raw.marks[marks..] {
                mark.range =
                    TextRange { start: moved(mark.range.start), end: moved(mark.range.end) };
            }
            let seams = self.raw.seams.iter_mut().rev().take_while(|seam| seam.at > start);
            seams.for_each(|seam| seam.at = moved(seam.at));
            let segments = self.raw.segments.iter_mut().rev().take_while(|one| one.text >= start);
            segments.for_each(|segment| {
                // A segment that begins inside the cut goes on behind it.
                segment.source += end.saturating_sub(segment.text);
                segment.text = moved(segment.text);
            });
            let breaks = self.raw.breaks.iter_mut().rev().take_while(|line| **line > start);
            breaks.for_each(|line| *line = moved(*line));
        }
        self.raw.text.len() as u32
    }

    pub(super) fn blank(&self, from: u32, to: u32) -> bool {
        self.raw.text[from as usize..to as usize].trim().is_empty()
    }

    pub(super) fn text(&mut self, text: &str, range: &Range<usize>) {
        if let Some(Literal::Html(..)) = self.literal {
            return self.html_text(text);
        }
        if self.literal.is_none() {
            let blank = text.len() - text.trim_start().len();
            if self.follows_tag() && blank > 0 {
                return self.text(&text[blank..], &(range.start + blank..range.end));
            }
            if self.follows_tag() && text.is_empty() {
                return;
            }
            self.implicit_leaf();
        }
        self.seams_before(range.start);
        let own = self.reading.at + range.start..self.reading.at + range.end;
        let mut from = 0;
        if self.literal.is_none() && text.len() == own.len() {
            for backslash in self.reading.opted_out.range(own.clone()) {
                let at = backslash - own.start;
                self.stretch(
                    &text[from..at],
                    range.start + from,
                    self.is_escaped(range.start + from),
                );
                from = at + 1;
            }
        }
        let escaped = from > 0 || self.is_escaped(range.start);
        self.stretch(&text[from..], range.start + from, escaped && self.literal.is_none());
    }

    /// Text as it is written, from a place in the body on.
    fn stretch(&mut self, text: &str, source: usize, escaped: bool) {
        self.segment(source);
        let at = self.raw.text.len();
        self.raw.text.push_str(text);
        if escaped {
            let end = at + text.chars().next().map_or(0, char::len_utf8);
            self.raw.marks.push(Mark { range: TextRange::new(at, end), kind: MarkKind::Escaped });
        }
    }

    /// Whether the text that begins here follows a backslash that escaped it.
    pub(super) fn is_escaped(&self, at: usize) -> bool {
        let bytes = self.reading.body.as_bytes();
        at > 0 && bytes[at - 1] == b'\\' && bytes.get(at).is_some_and(u8::is_ascii_punctuation)
    }

    pub(super) fn segment(&mut self, source: usize) {
        let segment =
            Segment { text: self.raw.text.len() as u32, source: (self.reading.at + source) as u32 };
        let goes_on = |last: &Segment| {
            segment.source.checked_sub(last.source) == Some(segment.text - last.text)
        };
        if !self.raw.segments.last().is_some_and(goes_on) {
            self.raw.segments.push(segment);
        }
    }

    /// Joins of two bold runs that ended before this place.
    pub(super) fn seams_before(&mut self, source: usize) {
        while self.joins.pop_front_if(|join| join.end <= source).is_some() {
            if self.leaf.is_some_and(|start| start < self.raw.text.len()) {
                self.raw.seams.push(Seam { at: self.raw.text.len() as u32, join: true });
            }
        }
    }

    pub(super) fn code_span(&mut self, text: &str, range: &Range<usize>) {
        self.implicit_leaf();
        let inside = self.reading.body[range.clone()].find(text).unwrap_or(0);
        self.segment(range.start + inside);
        let at = self.raw.text.len();
        self.raw.text.push_str(text);
        let range = TextRange::new(at, self.raw.text.len());
        self.raw.marks.push(Mark { range, kind: MarkKind::Code });
    }

    /// A line's end inside a leaf: nothing between two Han or Kana characters or wide marks
    /// (browsers would draw a blank), else a line feed.
    pub(super) fn soft_break(&mut self, next: Option<char>) {
        if let Some(image) = &mut self.image {
            return image.alt.push(' ');
        }
        if self.leaf.is_none() {
            return;
        }
        let before = self.raw.text.chars().next_back();
        let joined = matches!((before, next), (Some(a), Some(b)) if cjk::joins_lines(a) && cjk::joins_lines(b));
        if !joined {
            self.raw.text.push('\n');
        }
        self.raw.breaks.push(self.raw.text.len() as u32);
    }

    pub(super) fn hard_break(&mut self, range: &Range<usize>) {
        self.implicit_leaf();
        self.segment(range.start);
        let at = self.raw.text.len();
        self.raw.text.push('\n');
        let range = TextRange::new(at, at + 1);
        self.raw.marks.push(Mark { range, kind: MarkKind::Break });
        self.raw.breaks.push(at as u32 + 1);
    }

    pub(super) fn open_mark(&mut self, kind: MarkKind) {
        self.implicit_leaf();
        let at = self.raw.text.len();
        if matches!(kind, MarkKind::Strong | MarkKind::Emphasis | MarkKind::Strikethrough) {
            self.seam(at);
        }
        self.open.push(self.raw.marks.len());
        self.raw.marks.push(Mark { range: TextRange::new(at, at), kind });
    }

    pub(super) fn seam(&mut self, at: usize) {
        let seam = Seam { at: at as u32, join: false };
        if self.raw.seams.last().is_none_or(|last| last.at != seam.at) {
            self.raw.seams.push(seam);
        }
    }

    pub(super) fn close_mark(&mut self, seam: bool) {
        let Some(mark) = self.open.pop() else { return };
        let end = self.raw.text.len();
        self.raw.marks[mark].range.end = end as u32;
        if self.raw.marks[mark].range.is_empty() {
            let gone = self.raw.marks.remove(mark);
            self.link_pictures(mark, gone.kind);
        }
        if seam {
            self.seam(end);
        }
    }

    /// A link without words leads from the pictures in it, which are the last marks.
    fn link_pictures(&mut self, from: usize, kind: MarkKind) {
        let MarkKind::Link(to) = kind else { return };
        if to.url.is_empty() {
            return;
        }
        for mark in &mut self.raw.marks[from..] {
            if let MarkKind::Image(image) = &mut mark.kind {
                image.link.get_or_insert_with(|| to.clone());
            }
        }
    }

    pub(super) fn empty_mark(&mut self, kind: MarkKind) {
        self.implicit_leaf();
        let at = self.raw.text.len();
        self.raw.marks.push(Mark { range: TextRange::new(at, at), kind });
    }

    pub(super) fn link(&mut self, destination: &str, title: &str, range: &Range<usize>) {
        if let Some(term) = destination.strip_prefix("term:") {
            return self.open_mark(MarkKind::Term(link::percent_decoded(term).into()));
        }
        // A link in a link (HTML's and Markdown's) leads nowhere of its own.
        let url = if self.in_link() { String::new() } else { self.allowed(destination, range) };
        let span = self.span(range);
        let title = title.to_owned();
        self.open_mark(MarkKind::Link(Box::new(Target { url, title, span })));
    }

    /// A "picture" that is a recording: a link, with the alternative text or the address as its
    /// words. No browser shows a page of a video host as an image.
    pub(super) fn recording(&mut self, image: Image) {
        let Image { url, alt, title, span, .. } = image;
        let words = if alt.trim().is_empty() { url.clone() } else { alt };
        let start = span.start as usize - self.reading.at;
        let end = span.end as usize - self.reading.at;
        let inside = self.reading.body[start..end].find(&words).unwrap_or(0);
        self.open_mark(MarkKind::Link(Box::new(Target { url, title, span })));
        self.segment(start + inside);
        self.raw.text.push_str(&words);
        self.close_mark(false);
    }

    /// The URL when its scheme is allowed, else nothing, with a note of it.
    pub(super) fn allowed(&mut self, destination: &str, range: &Range<usize>) -> String {
        match url::scheme_refused(destination) {
            None => destination.to_owned(),
            Some(scheme) => {
                let span = self.span(range);
                self.raw.refused.push((span, scheme));
                String::new()
            }
        }
    }
}
