//! Events to blocks: one string of text, and ranges over it.
//!
//! Knows Markdown and nothing of transcripts: no speaker, no section, no head. Those are found
//! in the [`Raw`] blocks by the modules beside this one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Tag, TagEnd};

use super::html::{self, Inline, Piece};
use super::{cjk, emphasis, url};
use crate::document::{
    Align, Image, Leaf, ListItem, Mark, MarkKind, Node, Seam, Segment, Table, TextRange,
};
use crate::source::Span;

/// A body's blocks, before anything is known of who speaks.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub text: String,
    pub marks: Vec<Mark>,
    pub seams: Vec<Seam>,
    pub segments: Vec<Segment>,
    /// Text offsets at which a source line ended inside a leaf (soft and hard breaks).
    pub breaks: Vec<u32>,
    pub tops: Vec<Top>,
    pub footnotes: BTreeMap<String, Vec<Node>>,
    pub leftovers: Vec<emphasis::Leftover>,
    /// URLs that were not allowed: where, and the scheme.
    pub refused: Vec<(Span, String)>,
}

/// A top-level block.
#[derive(Clone, Debug)]
pub(super) struct Top {
    pub span: Span,
    pub node: Node,
    pub text: TextRange,
    /// A heading's own `{#id}`.
    pub anchor: Option<String>,
}

/// What decides how a body is read.
pub(super) struct Reading<'a> {
    /// The Markdown.
    pub body: &'a str,
    /// Where it begins in the file.
    pub at: usize,
    /// Whether raw HTML is kept.
    pub trusted: bool,
    /// Source offsets of paragraphs that continue the one before without anything between.
    pub glued: &'a BTreeSet<usize>,
}

/// The extensions that transcripts use. Smart punctuation is off in every language: it would
/// change the source's characters.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// Reads a body.
pub(super) fn read(reading: &Reading) -> Raw {
    let repaired = emphasis::events(reading.body, options());
    let mut builder = Builder::new(reading, &repaired.joins);
    let mut events = repaired.events.into_iter();
    while let Some((event, range)) = events.next() {
        if matches!(event, Event::SoftBreak) {
            builder.soft_break(first_character(events.as_slice()));
        } else {
            builder.event(event, range);
        }
    }
    builder.finish(repaired.leftovers)
}

/// The character that a reader sees next in the same leaf.
fn first_character(events: &[(Event<'_>, Range<usize>)]) -> Option<char> {
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

/// A container that is open.
enum Frame {
    Quote(Vec<Node>),
    List { start: Option<u64>, items: Vec<ListItem>, tight: bool },
    Item { task: Option<bool>, body: Vec<Node> },
    Footnote { label: String, body: Vec<Node> },
    Details { summary: Leaf, body: Vec<Node> },
    Table { align: Vec<Align>, head: Vec<Leaf>, rows: Vec<Vec<Leaf>> },
}

/// A top-level block that is open: its source, and where its first leaf begins.
struct OpenTop {
    span: Range<usize>,
    text: Option<usize>,
    anchor: Option<String>,
}

struct Builder<'a> {
    reading: &'a Reading<'a>,
    joins: &'a [Range<usize>],
    raw: Raw,
    frames: Vec<Frame>,
    /// Marks that are open, as indices into `raw.marks`.
    open: Vec<usize>,
    /// Where the open leaf begins; none between leaves.
    leaf: Option<usize>,
    top: Option<OpenTop>,
    /// The picture whose alternative text is being read.
    image: Option<Image>,
    /// The code block or HTML block whose text is being read.
    literal: Option<Literal>,
}

enum Literal {
    Code(String),
    Html(String, Range<usize>),
}

impl<'a> Builder<'a> {
    fn new(reading: &'a Reading<'a>, joins: &'a [Range<usize>]) -> Self {
        let raw = Raw { text: String::with_capacity(reading.body.len()), ..Raw::default() };
        Self {
            reading,
            joins,
            raw,
            frames: Vec::new(),
            open: Vec::new(),
            leaf: None,
            top: None,
            image: None,
            literal: None,
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::from(range.clone()).shifted(self.reading.at)
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.image.is_some() && self.in_image(&event) {
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, &range),
            Event::Code(text) => self.code_span(&text, &range),
            // Read with a look at what follows, by the caller.
            Event::SoftBreak => {}
            Event::HardBreak => self.hard_break(&range),
            Event::Rule => self.whole(Node::Rule, range),
            Event::InlineHtml(text) => self.inline_html(&text, &range),
            Event::Html(text) => self.html_text(&text),
            Event::FootnoteReference(label) => {
                self.empty_mark(MarkKind::Footnote(label.to_string()))
            }
            Event::TaskListMarker(done) => {
                if let Some(Frame::Item { task, .. }) = self.frames.last_mut() {
                    *task = Some(done);
                }
            }
            // Math is not switched on; what would be math is text.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, &range),
        }
    }

    /// Inside a picture only its alternative text counts.
    fn in_image(&mut self, event: &Event<'_>) -> bool {
        let Some(image) = &mut self.image else { return false };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
                image.alt.push_str(text)
            }
            Event::HardBreak => image.alt.push(' '),
            Event::End(TagEnd::Image) => {
                if let Some(image) = self.image.take() {
                    self.empty_mark(MarkKind::Image(image));
                }
            }
            _ => {}
        }
        true
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.open_block(&range, None),
            Tag::Heading { id, .. } => self.open_block(&range, id.map(|id| id.to_string())),
            Tag::BlockQuote(_) => self.open_frame(Frame::Quote(Vec::new()), &range),
            Tag::List(start) => {
                self.open_frame(Frame::List { start, items: Vec::new(), tight: true }, &range)
            }
            Tag::Item => self.open_frame(Frame::Item { task: None, body: Vec::new() }, &range),
            Tag::FootnoteDefinition(label) => {
                let label = label.to_string();
                self.close_details(&range);
                self.open_frame(Frame::Footnote { label, body: Vec::new() }, &range);
            }
            Tag::Table(align) => {
                let align = align.into_iter().map(alignment).collect();
                self.open_frame(Frame::Table { align, head: Vec::new(), rows: Vec::new() }, &range);
            }
            Tag::TableRow => {
                if let Some(Frame::Table { rows, .. }) = self.frames.last_mut() {
                    rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.begin_leaf(),
            Tag::CodeBlock(kind) => {
                self.close_implicit();
                self.open_top(&range, None);
                self.begin_leaf();
                self.literal = Some(Literal::Code(language(&kind)));
            }
            Tag::HtmlBlock => {
                self.close_implicit();
                self.literal = Some(Literal::Html(String::new(), range));
            }
            Tag::Strong => self.open_mark(MarkKind::Strong),
            Tag::Emphasis => self.open_mark(MarkKind::Emphasis),
            Tag::Strikethrough => self.open_mark(MarkKind::Strikethrough),
            Tag::Superscript => self.open_mark(MarkKind::Element("sup")),
            Tag::Subscript => self.open_mark(MarkKind::Element("sub")),
            Tag::Link { dest_url, title, .. } => self.link(&dest_url, &title, &range),
            Tag::Image { dest_url, title, .. } => {
                self.implicit_leaf();
                let url = self.allowed(&dest_url, &range);
                let span = self.span(&range);
                self.image =
                    Some(Image { url, alt: String::new(), title: title.to_string(), span });
            }
            // Not switched on, or without content of their own.
            Tag::TableHead
            | Tag::MetadataBlock(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(range),
            TagEnd::Heading(level) => {
                let leaf = self.end_leaf();
                self.put(Node::Heading(depth(level), leaf), &range);
            }
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::Table => {
                self.close_details(&range);
                self.close_frame(range);
            }
            TagEnd::TableCell => {
                let leaf = self.end_leaf();
                if let Some(Frame::Table { head, rows, .. }) = self.frames.last_mut() {
                    rows.last_mut().unwrap_or(head).push(leaf);
                }
            }
            TagEnd::CodeBlock => self.end_code(range),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => self.close_mark(true),
            TagEnd::Superscript | TagEnd::Subscript | TagEnd::Link => self.close_mark(false),
            _ => {}
        }
    }

    // Blocks and frames.

    fn open_top(&mut self, range: &Range<usize>, anchor: Option<String>) {
        if self.frames.is_empty() && self.top.is_none() {
            self.top = Some(OpenTop { span: range.clone(), text: None, anchor });
        }
    }

    fn open_block(&mut self, range: &Range<usize>, anchor: Option<String>) {
        self.close_implicit();
        self.open_top(range, anchor);
        if self.frames.is_empty() && self.reading.glued.contains(&(self.reading.at + range.start)) {
            self.leaf_here();
        } else {
            self.begin_leaf();
        }
    }

    fn open_frame(&mut self, frame: Frame, range: &Range<usize>) {
        self.close_implicit();
        self.open_top(range, None);
        self.frames.push(frame);
    }

    /// Puts a finished block where it belongs: into the innermost container, or on top.
    fn put(&mut self, node: Node, range: &Range<usize>) {
        let Some(frame) = self.frames.last_mut() else {
            let open = self.top.take();
            let span = open
                .as_ref()
                .map_or(range.clone(), |open| open.span.start..open.span.end.max(range.end));
            let end = self.raw.text.len();
            let text = TextRange::new(open.as_ref().and_then(|open| open.text).unwrap_or(end), end);
            let span = self.span(&span);
            self.raw.tops.push(Top { span, node, text, anchor: open.and_then(|open| open.anchor) });
            return;
        };
        match frame {
            Frame::Quote(body)
            | Frame::Item { body, .. }
            | Frame::Footnote { body, .. }
            | Frame::Details { body, .. } => body.push(node),
            // Neither holds blocks of its own.
            Frame::List { .. } | Frame::Table { .. } => {}
        }
    }

    /// `<details>` that nothing closed inside the container that ends here.
    fn close_details(&mut self, range: &Range<usize>) {
        self.close_implicit();
        while matches!(self.frames.last(), Some(Frame::Details { .. })) {
            self.close_frame(range.clone());
        }
    }

    fn close_frame(&mut self, range: Range<usize>) {
        self.close_implicit();
        match self.frames.pop() {
            Some(Frame::Quote(body)) => self.put(Node::Quote(body), &range),
            Some(Frame::List { start, items, tight }) => {
                self.put(Node::List { start, tight, items }, &range)
            }
            Some(Frame::Item { task, body }) => {
                if let Some(Frame::List { items, .. }) = self.frames.last_mut() {
                    items.push(ListItem { task, body });
                }
            }
            Some(Frame::Footnote { label, body }) => {
                // A note stands apart from the blocks; one inside a quote leaves the quote open.
                if self.frames.is_empty() {
                    self.top = None;
                }
                self.raw.footnotes.entry(label).or_insert(body);
            }
            Some(Frame::Details { summary, body }) => {
                self.put(Node::Details { summary, body }, &range);
            }
            Some(Frame::Table { align, head, rows }) => {
                self.put(Node::Table(Table { align, head, rows }), &range);
            }
            None => {}
        }
    }

    fn whole(&mut self, node: Node, range: Range<usize>) {
        self.close_implicit();
        self.open_top(&range, None);
        self.put(node, &range);
    }

    // Leaves.

    fn begin_leaf(&mut self) {
        if !self.raw.text.is_empty() {
            self.raw.text.push('\n');
        }
        self.leaf_here();
    }

    fn leaf_here(&mut self) {
        let at = self.raw.text.len();
        self.leaf = Some(at);
        if let Some(top) = &mut self.top {
            top.text.get_or_insert(at);
        }
    }

    fn end_leaf(&mut self) -> Leaf {
        while let Some(mark) = self.open.pop() {
            self.raw.marks[mark].range.end = self.raw.text.len() as u32;
        }
        let start = self.leaf.take().unwrap_or(self.raw.text.len());
        TextRange::new(start, self.raw.text.len())
    }

    /// Text that stands in a tight list item without a paragraph.
    fn implicit_leaf(&mut self) {
        if self.leaf.is_none() {
            self.begin_leaf();
        }
    }

    fn close_implicit(&mut self) {
        if self.leaf.is_some() && self.literal.is_none() {
            let leaf = self.end_leaf();
            self.put(Node::Paragraph(leaf), &(0..0));
        }
    }

    fn end_paragraph(&mut self, range: Range<usize>) {
        let leaf = self.end_leaf();
        self.loosen();
        let node = self.figure(leaf).unwrap_or(Node::Paragraph(leaf));
        self.put(node, &range);
    }

    /// A paragraph directly in a list item makes its list a loose one.
    fn loosen(&mut self) {
        if let [.., Frame::List { tight, .. }, Frame::Item { .. }] = &mut self.frames[..] {
            *tight = false;
        }
    }

    /// A paragraph that begins with pictures and goes on with nothing, or with a caption glued
    /// behind on the same line, is a figure. The pictures' marks go.
    fn figure(&mut self, leaf: Leaf) -> Option<Node> {
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
        let caption = TextRange { start: after + blank as u32, end: leaf.end };
        let caption = (!caption.is_empty()).then_some(caption);
        let images = self.raw.marks.drain(from..from + leading);
        let images = images.filter_map(|mark| match mark.kind {
            MarkKind::Image(image) => Some(image),
            _ => None,
        });
        Some(Node::Figure { images: images.collect(), caption })
    }

    fn blank(&self, from: u32, to: u32) -> bool {
        self.raw.text[from as usize..to as usize].trim().is_empty()
    }

    // Inline text.

    fn text(&mut self, text: &str, range: &Range<usize>) {
        if let Some(Literal::Html(..)) = self.literal {
            return self.html_text(text);
        }
        if self.literal.is_none() {
            self.implicit_leaf();
        }
        self.seams_before(range.start);
        self.segment(range.start);
        let at = self.raw.text.len();
        self.raw.text.push_str(text);
        if self.is_escaped(range.start) && self.literal.is_none() {
            let end = at + text.chars().next().map_or(0, char::len_utf8);
            self.raw.marks.push(Mark { range: TextRange::new(at, end), kind: MarkKind::Escaped });
        }
    }

    /// Whether the text that begins here follows a backslash that escaped it.
    fn is_escaped(&self, at: usize) -> bool {
        let bytes = self.reading.body.as_bytes();
        at > 0 && bytes[at - 1] == b'\\' && bytes.get(at).is_some_and(u8::is_ascii_punctuation)
    }

    fn segment(&mut self, source: usize) {
        let segment =
            Segment { text: self.raw.text.len() as u32, source: (self.reading.at + source) as u32 };
        self.raw.segments.push(segment);
    }

    /// Joins of two bold runs that ended before this place.
    fn seams_before(&mut self, source: usize) {
        while let Some((join, rest)) = self.joins.split_first() {
            if join.end > source {
                break;
            }
            self.joins = rest;
            if self.leaf.is_some_and(|start| start < self.raw.text.len()) {
                self.raw.seams.push(Seam { at: self.raw.text.len() as u32, join: true });
            }
        }
    }

    fn code_span(&mut self, text: &str, range: &Range<usize>) {
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
    fn soft_break(&mut self, next: Option<char>) {
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

    fn hard_break(&mut self, range: &Range<usize>) {
        self.implicit_leaf();
        self.segment(range.start);
        let at = self.raw.text.len();
        self.raw.text.push('\n');
        let range = TextRange::new(at, at + 1);
        self.raw.marks.push(Mark { range, kind: MarkKind::Break });
        self.raw.breaks.push(at as u32 + 1);
    }

    fn open_mark(&mut self, kind: MarkKind) {
        self.implicit_leaf();
        let at = self.raw.text.len();
        if matches!(kind, MarkKind::Strong | MarkKind::Emphasis | MarkKind::Strikethrough) {
            self.seam(at);
        }
        self.open.push(self.raw.marks.len());
        self.raw.marks.push(Mark { range: TextRange::new(at, at), kind });
    }

    fn seam(&mut self, at: usize) {
        let seam = Seam { at: at as u32, join: false };
        if self.raw.seams.last().is_none_or(|last| last.at != seam.at) {
            self.raw.seams.push(seam);
        }
    }

    fn close_mark(&mut self, seam: bool) {
        let Some(mark) = self.open.pop() else { return };
        let end = self.raw.text.len();
        self.raw.marks[mark].range.end = end as u32;
        if self.raw.marks[mark].range.is_empty() {
            self.raw.marks.remove(mark);
        }
        if seam {
            self.seam(end);
        }
    }

    fn empty_mark(&mut self, kind: MarkKind) {
        self.implicit_leaf();
        let at = self.raw.text.len();
        self.raw.marks.push(Mark { range: TextRange::new(at, at), kind });
    }

    fn link(&mut self, destination: &str, title: &str, range: &Range<usize>) {
        if let Some(term) = destination.strip_prefix("term:") {
            return self.open_mark(MarkKind::Term(percent_decoded(term)));
        }
        let url = self.allowed(destination, range);
        let span = self.span(range);
        self.open_mark(MarkKind::Link { url, title: title.to_owned(), span });
    }

    /// The URL when its scheme is allowed, else nothing, with a note of it.
    fn allowed(&mut self, destination: &str, range: &Range<usize>) -> String {
        match url::scheme_refused(destination) {
            None => destination.to_owned(),
            Some(scheme) => {
                let span = self.span(range);
                self.raw.refused.push((span, scheme));
                String::new()
            }
        }
    }

    // Code and HTML.

    fn end_code(&mut self, range: Range<usize>) {
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

    fn html_text(&mut self, text: &str) {
        if let Some(Literal::Html(html, _)) = &mut self.literal {
            html.push_str(text);
        }
    }

    fn end_html(&mut self) {
        let Some(Literal::Html(html, range)) = self.literal.take() else { return };
        if self.reading.trusted {
            return self.whole(Node::RawHtml(html), range);
        }
        let mut at = range.start;
        for piece in html::pieces(&html) {
            match piece {
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
                    let leaf = self.html_leaf(text, at, &range);
                    if let Some(Frame::Details { summary, .. }) = self.frames.last_mut() {
                        *summary = leaf;
                    }
                }
                Piece::Text(text) => {
                    let found =
                        self.reading.body[at..range.end].find(text).map_or(at, |found| at + found);
                    at = found;
                    let leaf = self.html_leaf(text, at, &range);
                    self.put(Node::Paragraph(leaf), &range);
                }
            }
        }
    }

    /// HTML that is shown as text.
    fn html_leaf(&mut self, text: &str, at: usize, range: &Range<usize>) -> Leaf {
        self.open_top(range, None);
        self.begin_leaf();
        self.segment(at);
        self.raw.text.push_str(text);
        self.end_leaf()
    }

    fn inline_html(&mut self, text: &str, range: &Range<usize>) {
        match html::inline(text) {
            Inline::Comment => {}
            Inline::Break => self.hard_break(range),
            Inline::Open(kind) => self.open_mark(kind),
            Inline::Close(kind) if self.innermost_is(&kind) => self.close_mark(false),
            Inline::Close(_) | Inline::Text => self.text(text, range),
        }
    }

    fn innermost_is(&self, kind: &MarkKind) -> bool {
        self.open.last().is_some_and(|mark| self.raw.marks[*mark].kind == *kind)
    }

    fn finish(mut self, leftovers: Vec<emphasis::Leftover>) -> Raw {
        self.close_implicit();
        while !self.frames.is_empty() {
            let end = self.reading.body.len();
            self.close_frame(end..end);
        }
        self.raw.leftovers = leftovers;
        self.raw
    }
}

/// The info string's first word.
fn language(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => {
            info.split([' ', ',', '{']).next().unwrap_or_default().to_ascii_lowercase()
        }
        CodeBlockKind::Indented => String::new(),
    }
}

fn alignment(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None => Align::None,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
