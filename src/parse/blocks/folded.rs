//! `<details>` that begins behind other words of its line: `**Name:** <details><summary>…`.
//!
//! To Markdown these are tags within a paragraph, and only their end may stand alone. Here they
//! end the paragraph, as `<details>` on a line of its own does. Words that only speak of the
//! element stay words: what is folded has a summary, or a line of its own, or stands directly
//! behind a label, and it ends somewhere below.

use std::ops::Range;

use super::{Builder, DEEPEST, Frame, OpenTop};
use crate::document::Node;

/// Where in a paragraph the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Place {
    /// In no paragraph.
    #[default]
    Outside,
    /// In its own words.
    Words,
    /// Behind `<details>`, before any word.
    Folded,
    /// In its `<summary>`.
    Summary,
    /// In the words that are folded.
    Body,
    /// Behind `</details>`.
    Behind,
}

impl Builder<'_> {
    /// Whether words that begin a leaf here follow a tag: blanks before them are none.
    pub(super) fn follows_tag(&self) -> bool {
        self.leaf.is_none() && !matches!(self.place, Place::Outside | Place::Words)
    }

    /// Whether `</details>` would end what this paragraph has opened.
    pub(super) fn in_fold(&self) -> bool {
        matches!(self.place, Place::Folded | Place::Summary | Place::Body)
            && matches!(self.frames.last(), Some(Frame::Details { .. }))
    }

    /// Whether `<details>` at this place of the body folds what follows.
    pub(super) fn folds_at(&self, tag: &Range<usize>) -> bool {
        let here = matches!(self.place, Place::Words | Place::Behind) && !self.reading.trusted;
        let room = self.flat == 0 && self.frames.len() < DEEPEST;
        if !here || !room || self.last_fold < tag.end {
            return false;
        }
        let behind = &self.reading.body[tag.end..];
        let line = behind.split('\n').next().unwrap_or_default().trim();
        let summary = line.get(..8).is_some_and(|tag| tag.eq_ignore_ascii_case("<summary"));
        let before = self.leaf.map_or("", |start| self.raw.text[start..].trim_end());
        line.is_empty() || summary || before.ends_with([':', '：'])
    }

    pub(super) fn open_fold(&mut self, tag: &Range<usize>) {
        if let Some(top) = self.top.as_mut().filter(|_| self.frames.is_empty()) {
            top.span.end = top.span.start.max(tag.start);
        }
        self.end_part(&(tag.start..tag.start));
        self.top = self.top.take().filter(|_| !self.frames.is_empty());
        self.open_frame(Frame::Details { summary: Default::default(), body: Vec::new() }, tag);
        self.begin_leaf();
        let none = self.end_leaf();
        if let Some(Frame::Details { summary, .. }) = self.frames.last_mut() {
            *summary = none;
        }
        self.place = Place::Folded;
    }

    pub(super) fn close_summary(&mut self) {
        self.place = Place::Body;
        if self.leaf.is_none() {
            return;
        }
        self.trim();
        let words = self.end_leaf();
        if let Some(Frame::Details { summary, .. }) = self.frames.last_mut() {
            *summary = words;
        }
    }

    pub(super) fn close_fold(&mut self, tag: &Range<usize>) {
        if self.place == Place::Summary {
            self.close_summary();
        }
        self.end_part(tag);
        self.close_frame(tag.clone());
        self.place = Place::Behind;
        if self.frames.is_empty() {
            self.top = Some(OpenTop { span: tag.end..tag.end, text: None, anchor: None });
        }
    }

    /// The end of a paragraph that holds such tags.
    pub(super) fn end_folded(&mut self, range: &Range<usize>) {
        if self.place == Place::Summary {
            self.close_summary();
        }
        self.end_part(range);
        self.place = Place::Outside;
        if self.frames.is_empty() {
            self.top = None;
        }
    }

    /// Ends the words before a tag, where there are any.
    fn end_part(&mut self, range: &Range<usize>) {
        if self.leaf.is_none() {
            return;
        }
        self.trim();
        let leaf = self.end_leaf();
        match self.figure(leaf) {
            None if leaf.is_empty() => {}
            node => self.put(node.unwrap_or(Node::Paragraph(leaf)), range),
        }
    }

    /// Takes blanks off the end of the open leaf.
    fn trim(&mut self) {
        let Some(start) = self.leaf else { return };
        let text = &mut self.raw.text;
        let end = start + text[start..].trim_end().len();
        text.truncate(end);
        let end = end as u32;
        for mark in self.raw.marks.iter_mut().rev().take_while(|mark| mark.range.end > end) {
            mark.range.start = mark.range.start.min(end);
            mark.range.end = end;
        }
        let gone = |at: &u32| *at > end;
        self.raw.breaks.truncate(self.raw.breaks.partition_point(|at| !gone(at)));
        self.raw.seams.truncate(self.raw.seams.partition_point(|seam| !gone(&seam.at)));
        self.raw.segments.truncate(self.raw.segments.partition_point(|one| !gone(&one.text)));
    }
}
