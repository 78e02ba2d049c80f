//! Events to blocks: one string of text, and ranges over it.
//!
//! Knows Markdown and nothing of transcripts: no speaker, no section, no head. Those are found
//! in the [`Raw`] blocks by the modules beside this one.

mod folded;
mod inline;
mod literal;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use folded::Place;
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Tag, TagEnd};

use super::{emphasis, url};
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
    /// The headings' own `{#id}`, by index of the top.
    pub anchors: BTreeMap<usize, String>,
    pub footnotes: BTreeMap<String, Vec<Node>>,
    pub leftovers: Vec<emphasis::Leftover>,
    /// Where quotes or lists nest too deep, first.
    pub too_deep: Option<Span>,
    /// URLs that were not allowed: where, and the scheme.
    pub refused: Vec<(Span, String)>,
}

/// A top-level block.
#[derive(Clone, Debug)]
pub(super) struct Top {
    pub span: Span,
    pub node: Node,
    pub text: TextRange,
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
    /// Source offsets of backslashes that are no text.
    pub opted_out: &'a BTreeSet<usize>,
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
    let mut builder = Builder::new(reading);
    for piece in emphasis::in_pieces(reading.body, options()) {
        builder.joins.extend(piece.joins);
        builder.raw.leftovers.extend(piece.leftovers);
        let mut events = piece.events.into_iter();
        while let Some((event, range)) = events.next() {
            if matches!(event, Event::SoftBreak) {
                builder.soft_break(inline::first_character(events.as_slice()));
            } else {
                builder.event(event, range);
            }
        }
    }
    builder.finish()
}

/// Quotes and lists nest so deep; what lies deeper stands at this depth. Everything that walks
/// a document may then recurse.
const DEEPEST: usize = 48;

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
    /// Joins of two bold runs that are still ahead.
    joins: VecDeque<Range<usize>>,
    raw: Raw,
    frames: Vec<Frame>,
    /// How many containers are open that were left out because they lie too deep.
    flat: usize,
    /// Marks that are open, as indices into `raw.marks`.
    open: Vec<usize>,
    /// Where the open leaf begins; none between leaves.
    leaf: Option<usize>,
    top: Option<OpenTop>,
    /// The picture whose alternative text is being read.
    image: Option<Image>,
    /// The code block or HTML block whose text is being read.
    literal: Option<Literal>,
    /// Where in a paragraph the reading is.
    place: Place,
    /// Where the body's last `</details>` stands; 0 without one.
    last_fold: usize,
}

enum Literal {
    Code(String),
    Html(String, Range<usize>),
}

impl<'a> Builder<'a> {
    fn new(reading: &'a Reading<'a>) -> Self {
        let raw = Raw { text: String::with_capacity(reading.body.len()), ..Raw::default() };
        Self {
            reading,
            joins: VecDeque::new(),
            raw,
            frames: Vec::new(),
            flat: 0,
            open: Vec::new(),
            leaf: None,
            top: None,
            image: None,
            literal: None,
            place: Place::Outside,
            last_fold: memchr::memmem::find_iter(reading.body.as_bytes(), b"</details")
                .last()
                .unwrap_or(0),
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
            Event::FootnoteReference(label) => self.empty_mark(MarkKind::Footnote((*label).into())),
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
            Event::End(TagEnd::Image) => match self.image.take() {
                Some(image) if url::is_recording(&image.url) => self.recording(image),
                Some(image) => self.empty_mark(MarkKind::Image(Box::new(image))),
                None => {}
            },
            _ => {}
        }
        true
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.open_block(&range, None);
                self.place = Place::Words;
            }
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
                self.literal = Some(Literal::Code(literal::language(&kind)));
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
                let (alt, title) = (String::new(), title.to_string());
                self.image = Some(Image { url, alt, title, link: None, span });
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
                match self.frames.last_mut() {
                    Some(Frame::Table { head, rows, .. }) if self.flat == 0 => {
                        rows.last_mut().unwrap_or(head).push(leaf);
                    }
                    _ => self.put(Node::Paragraph(leaf), &range),
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
        let nests = matches!(frame, Frame::Quote(_) | Frame::List { .. });
        if self.flat > 0 || (nests && self.frames.len() >= DEEPEST) {
            self.flat += 1;
            let span = self.span(range);
            self.raw.too_deep.get_or_insert(span);
            return;
        }
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
            if let Some(anchor) = open.and_then(|open| open.anchor) {
                self.raw.anchors.insert(self.raw.tops.len(), anchor);
            }
            self.raw.tops.push(Top { span, node, text });
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
        while self.flat == 0 && matches!(self.frames.last(), Some(Frame::Details { .. })) {
            self.close_frame(range.clone());
        }
    }

    fn close_frame(&mut self, range: Range<usize>) {
        self.close_implicit();
        if self.flat > 0 {
            self.flat -= 1;
            return;
        }
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
                self.put(Node::Table(Box::new(Table { align, head, rows })), &range);
            }
            None => {}
        }
    }

    fn whole(&mut self, node: Node, range: Range<usize>) {
        self.close_implicit();
        self.open_top(&range, None);
        self.put(node, &range);
    }

    fn finish(mut self) -> Raw {
        self.close_implicit();
        while !self.frames.is_empty() {
            let end = self.reading.body.len();
            self.close_frame(end..end);
        }
        self.raw.fit();
        self.raw
    }
}

impl Raw {
    /// Gives back what growing has taken too much.
    fn fit(&mut self) {
        self.text.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.seams.shrink_to_fit();
        self.segments.shrink_to_fit();
        self.tops.shrink_to_fit();
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
