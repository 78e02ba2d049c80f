//! A leaf's text with its marks and mentions as HTML.
//!
//! Marks nest; a mention is a range beside them and may cross their ends (`用**AI** Studio`).
//! A mention is one link and is never cut: the marks that it crosses are closed before its
//! edge and opened again behind it. A link never stands inside a link or in code.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::html::BlockWriter;
use super::{attribute, text, url};
use crate::annotate::Mention;
use crate::document::{Document, Image, Leaf, Mark, MarkKind};

/// Something open at the present place.
#[derive(Clone, Copy)]
enum Open<'a> {
    Mark(&'a Mark),
    Mention(&'a Mention),
}

impl Open<'_> {
    fn end(&self) -> u32 {
        match self {
            Self::Mark(mark) => mark.range.end,
            Self::Mention(mention) => mention.range.end,
        }
    }
}

/// Appends a leaf.
pub(super) fn write(writer: &BlockWriter<'_>, out: &mut String, leaf: Leaf, linked: bool) {
    let marks = writer.document.marks_in(leaf);
    let mentions = if linked { mentions_in(writer.mentions, leaf) } else { &[] };
    let notes = if linked { writer.notes.ends_in(leaf) } else { &[] };
    if marks.is_empty() && mentions.is_empty() && notes.is_empty() {
        return text(out, writer.document.slice(leaf));
    }
    let mut run = Run { writer, out, open: Vec::new(), at: leaf.start, notes };
    run.leaf(leaf, marks, mentions);
}

fn mentions_in(mentions: &[Mention], leaf: Leaf) -> &[Mention] {
    let from = mentions.partition_point(|mention| mention.range.start < leaf.start);
    let to = mentions.partition_point(|mention| mention.range.start < leaf.end);
    &mentions[from..to.max(from)]
}

/// Whether a mention may be a link where it stands.
fn linkable(mention: &Mention, marks: &[Mark], leaf: Leaf) -> bool {
    let range = mention.range;
    let barrier = |mark: &Mark| {
        let meets = mark.range.start < range.end && range.start < mark.range.end;
        let inside =
            mark.range.is_empty() && range.start < mark.range.start && mark.range.start < range.end;
        match &mark.kind {
            MarkKind::Link(link) => meets && !link.url.is_empty(),
            MarkKind::Code => meets,
            MarkKind::Footnote(_) => inside,
            _ => false,
        }
    };
    let present = mention.shown || mention.quiet;
    present && !range.is_empty() && leaf.contains(range) && !marks.iter().any(barrier)
}

struct Run<'a, 'w> {
    writer: &'w BlockWriter<'a>,
    out: &'w mut String,
    open: Vec<Open<'a>>,
    at: u32,
    /// Where numbers of the editor's notes are still to stand.
    notes: &'w [(u32, usize)],
}

impl<'a> Run<'a, '_> {
    fn leaf(&mut self, leaf: Leaf, marks: &'a [Mark], mentions: &'a [Mention]) {
        let mut marks_left = marks.iter().peekable();
        let mut mentions_left =
            mentions.iter().filter(|mention| linkable(mention, marks, leaf)).peekable();
        loop {
            let next_mark = marks_left.peek().map(|mark| mark.range.start);
            let next_mention = mentions_left.peek().map(|mention| mention.range.start);
            let starts = [next_mark, next_mention].into_iter().flatten();
            let ends = self.open.iter().map(Open::end);
            let note = self.notes.first().map(|(at, _)| *at).filter(|at| *at > self.at);
            let Some(next) = starts.chain(ends).chain(note).min() else { break };
            self.advance(next.clamp(self.at, leaf.end));
            self.close_ended();
            self.numbers();
            while let Some(mark) = marks_left.next_if(|mark| mark.range.start <= self.at) {
                let starting =
                    mentions_left.peek().filter(|mention| mention.range.start <= self.at);
                if starting.is_some_and(|mention| mark.range.end < mention.range.end)
                    && !mark.range.is_empty()
                    && let Some(mention) = mentions_left.next()
                {
                    self.open_mention(mention);
                }
                self.open_mark(mark, leaf);
            }
            if let Some(mention) = mentions_left.next_if(|mention| mention.range.start <= self.at) {
                self.open_mention(mention);
            }
        }
        self.advance(leaf.end);
        self.numbers();
    }

    /// Writes the numbers of the editor's notes that stand here, or that stood in a link or in
    /// code, which have to end first.
    fn numbers(&mut self) {
        let barrier = |open: &Open<'_>| match open {
            Open::Mention(_) => true,
            Open::Mark(mark) => matches!(mark.kind, MarkKind::Link(_) | MarkKind::Code),
        };
        while let Some(((at, number), rest)) = self.notes.split_first() {
            if *at > self.at || self.open.iter().any(barrier) {
                return;
            }
            self.note_link(*number, true);
            self.notes = rest;
        }
    }

    fn document(&self) -> &'a Document {
        self.writer.document
    }

    /// Writes the text up to `to`.
    fn advance(&mut self, to: u32) {
        if to > self.at {
            text(self.out, &self.document().text[self.at as usize..to as usize]);
            self.at = to;
        }
    }

    /// Closes what ends here; a mark around it that is still open is opened again.
    fn close_ended(&mut self) {
        let Some(outermost) = self.open.iter().position(|open| open.end() <= self.at) else {
            return;
        };
        let tail = self.open.split_off(outermost);
        for open in tail.iter().rev() {
            self.close_tag(*open);
        }
        let at = self.at;
        for open in tail.into_iter().filter(|open| open.end() > at) {
            self.open_tag(open);
            self.open.push(open);
        }
    }

    /// Opens a mention; marks that end inside it are cut at its start.
    fn open_mention(&mut self, mention: &'a Mention) {
        let crossed = self.open.iter().position(|open| open.end() < mention.range.end);
        let tail = self.open.split_off(crossed.unwrap_or(self.open.len()));
        for open in tail.iter().rev() {
            self.close_tag(*open);
        }
        for open in std::iter::once(Open::Mention(mention)).chain(tail) {
            self.open_tag(open);
            self.open.push(open);
        }
    }

    fn open_mark(&mut self, mark: &'a Mark, leaf: Leaf) {
        match &mark.kind {
            MarkKind::Break => self.out.push_str("<br>"),
            MarkKind::Image(image) => self.writer.image(self.out, image),
            MarkKind::Footnote(label) => self.note(label, mark),
            MarkKind::Escaped | MarkKind::Term(_) => {}
            _ if mark.range.is_empty() || !leaf.contains(mark.range) => {}
            _ => {
                self.open_tag(Open::Mark(mark));
                self.open.push(Open::Mark(mark));
            }
        }
    }

    fn note(&mut self, label: &str, mark: &Mark) {
        let Some((number, first)) = self.writer.notes.number(label, mark) else { return };
        self.note_link(number, first);
    }

    fn note_link(&mut self, number: usize, first: bool) {
        let writer = self.writer;
        // On another page than its own, a note stands beside its block or else at home.
        let mark = writer.apart.map_or("", |apart| apart.mark);
        let here = writer.apart.is_none() || writer.notes.is_beside(writer.document, number);
        let id = if first && here { format!(" id=\"-r{number}{mark}\"") } else { String::new() };
        let target = match here {
            true => Cow::Owned(format!("#-n{number}{mark}")),
            false => writer.target(&format!("#-n{number}")).into_owned().into(),
        };
        self.out.push_str("<sup><a href=\"");
        url(self.out, &target);
        let _ = write!(self.out, "\"{id} role=\"doc-noteref\">{number}</a></sup>");
    }

    fn open_tag(&mut self, open: Open<'_>) {
        let mark = match open {
            Open::Mention(mention) => return self.writer.mention(self.out, mention),
            Open::Mark(mark) => mark,
        };
        if let MarkKind::Link(to) = &mark.kind {
            if !to.url.is_empty() {
                link(self.out, &self.writer.target(&to.url), &to.title);
            }
        } else if let MarkKind::Time(time) = mark.kind {
            if let Some(target) = self.writer.moment(mark.range.start, time) {
                self.out.push_str("<a class=\"at\" href=\"");
                url(self.out, &target);
                self.out.push_str("\">");
            }
        } else if let Some(class) = class(&mark.kind) {
            self.out.push_str(class);
        } else if let Some(name) = element(&mark.kind) {
            let _ = write!(self.out, "<{name}>");
        }
    }

    fn close_tag(&mut self, open: Open<'_>) {
        let name = match open {
            Open::Mention(_) => Some("a"),
            Open::Mark(mark) => match &mark.kind {
                MarkKind::Link(to) => (!to.url.is_empty()).then_some("a"),
                MarkKind::Time(time) => {
                    self.writer.moment(mark.range.start, *time).is_some().then_some("a")
                }
                kind => element(kind),
            },
        };
        if let Some(name) = name {
            let _ = write!(self.out, "</{name}>");
        }
    }
}

fn element(kind: &MarkKind) -> Option<&'static str> {
    match kind {
        MarkKind::Strong => Some("strong"),
        MarkKind::Emphasis => Some("em"),
        MarkKind::Strikethrough => Some("del"),
        MarkKind::Code => Some("code"),
        MarkKind::Element(name) => Some(name),
        MarkKind::Stage | MarkKind::Aside => Some("small"),
        MarkKind::Chapter => Some("span"),
        _ => None,
    }
}

/// The opening tag of what was found in the words.
fn class(kind: &MarkKind) -> Option<&'static str> {
    match kind {
        MarkKind::Stage => Some("<small class=\"stage\">"),
        MarkKind::Aside => Some("<small class=\"aside\">"),
        MarkKind::Chapter => Some("<span class=\"ch\">"),
        _ => None,
    }
}

/// Opens a link.
pub(super) fn link(out: &mut String, target: &str, title: &str) {
    out.push_str("<a href=\"");
    url(out, target);
    titled(out, title);
}

/// Ends an opening tag, with a title if there is one.
fn titled(out: &mut String, title: &str) {
    if !title.is_empty() {
        out.push_str("\" title=\"");
        attribute(out, title);
    }
    out.push_str("\">");
}

/// Appends a picture.
pub(super) fn image(out: &mut String, image: &Image, target: &str, size: Option<(u32, u32)>) {
    if target.is_empty() {
        return;
    }
    out.push_str("<img src=\"");
    url(out, target);
    out.push_str("\" alt=\"");
    attribute(out, &image.alt);
    if let Some((width, height)) = size {
        let _ = write!(out, "\" width=\"{width}\" height=\"{height}");
    }
    out.push_str("\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer");
    titled(out, &image.title);
}
