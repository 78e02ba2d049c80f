//! Emphasis in Chinese, Japanese and Korean text, repaired on the parser's event stream.
//!
//! CommonMark decides by white space and punctuation whether a run of stars opens or closes, and
//! that fails where words are not set apart: `**主持人：**你好` stays literal. Exports from rich
//! text add `****`, which closes and opens bold in one place and so means nothing. Inline blocks
//! that hold a CJK character and such a run are cut into runs of stars again (`runs`), the
//! runs are judged (`flank`) and paired (`pair`, `second`), and events are written anew (`tidy`).
//! Every other block, and so all text without CJK, passes through as the parser gave it. A long text
//! goes through all of this in `pieces`.
//!
//! What this refuses to do: to touch the text. A character that was text stays text, in its
//! place; only stars become tags or vanish. `_`, `~`, links, code and the rest stay as the
//! parser read them. Speakers and labels are not known here.
//!
//! Sources: CommonMark 0.31.2, sections 6.2 and "An algorithm for parsing nested emphasis and
//! links"; the CJK-friendly amendment, <https://github.com/tats-u/markdown-cjk-friendly>.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Tag, TagEnd};

mod flank;
mod leftover;
mod pair;
mod pieces;
mod runs;
mod second;
mod tidy;
mod unicode;

/// The parser's events with emphasis repaired.
///
/// Tags are balanced. In a block that holds a CJK character no strong stands inside another; where
/// there is none, the events are the parser's own.
#[derive(Debug, Default)]
pub struct Repaired<'a> {
    /// Events with byte ranges into the text that was parsed.
    pub events: Vec<(Event<'a>, Range<usize>)>,
    /// Byte ranges of star runs that vanished because they closed and opened bold again
    /// (`****`), sorted.
    pub joins: Vec<Range<usize>>,
    /// Star runs that stayed literal and look like emphasis, sorted.
    pub leftovers: Vec<Leftover>,
}

/// A run of stars that stayed literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its bytes; of an escaped label, everything from the first backslash to the last star.
    pub range: Range<usize>,
    /// Why it is worth a word.
    pub kind: LeftoverKind,
}

/// Kinds of literal star runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftoverKind {
    /// Opens or closes nothing.
    Unpaired,
    /// Unpaired in the last block, before `...` or `…` at the end of the text: the source looks
    /// cut off.
    BreaksOff,
    /// `\*\*` around a label: escaped by an export.
    EscapedLabel,
}

/// A text is parsed in pieces of about so many bytes.
const PIECE: usize = 16 << 10;

/// Parses and repairs the whole of a text.
pub fn events(text: &str, options: Options) -> Repaired<'_> {
    let mut whole = Repaired::default();
    for piece in pieces(text, options, usize::MAX) {
        whole.events.extend(piece.events);
        whole.joins.extend(piece.joins);
        whole.leftovers.extend(piece.leftovers);
    }
    whole
}

/// Parses and repairs a text piece by piece: one after the other, the pieces give what
/// [`events`] gives, and never is more than one of them held.
pub fn in_pieces(text: &str, options: Options) -> impl Iterator<Item = Repaired<'_>> {
    pieces(text, options, PIECE)
}

/// The same in pieces of about `size` bytes. A piece is longer where nothing can be cut, in a
/// list or in code, say; a text in which links or footnotes are defined is one piece.
pub fn pieces(text: &str, options: Options, size: usize) -> impl Iterator<Item = Repaired<'_>> {
    pieces::Pieces::new(text, options, size).map(repaired)
}

fn repaired(piece: pieces::Piece<'_>) -> Repaired<'_> {
    let pieces::Piece { at, text, events, last } = piece;
    let mut found = if text.as_bytes().contains(&b'*') {
        let mut repair = Repair::new(text, events.len());
        for (event, range) in events {
            repair.push(event, range);
        }
        repair.finish(last)
    } else {
        Repaired { events, ..Repaired::default() }
    };
    if at > 0 {
        found.shift(at);
    }
    found
}

impl Repaired<'_> {
    /// Moves all ranges: those of a piece are the text's then.
    fn shift(&mut self, by: usize) {
        let events = self.events.iter_mut().map(|(_, range)| range);
        let leftovers = self.leftovers.iter_mut().map(|leftover| &mut leftover.range);
        for range in events.chain(&mut self.joins).chain(leftovers) {
            *range = range.start + by..range.end + by;
        }
    }
}

/// Collects events and repairs each inline block once it is complete.
struct Repair<'a> {
    text: &'a str,
    out: Repaired<'a>,
    /// Where the open inline block begins in `out.events`.
    block: Option<usize>,
    /// Inside a code, HTML or metadata block, where text is not inline text.
    raw: bool,
    /// Where the last inline block ends in the text, and where its leftovers begin.
    last: (usize, usize),
}

impl<'a> Repair<'a> {
    fn new(text: &'a str, events: usize) -> Self {
        let out = Repaired { events: Vec::with_capacity(events), ..Repaired::default() };
        Self { text, out, block: None, raw: false, last: (0, 0) }
    }

    fn push(&mut self, event: Event<'a>, range: Range<usize>) {
        if !self.raw && is_inline(&event) {
            self.block.get_or_insert(self.out.events.len());
        } else {
            self.end_block();
            match event {
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                    self.raw = true
                }
                Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                    self.raw = false
                }
                _ => {}
            }
        }
        self.out.events.push((event, range));
    }

    fn end_block(&mut self) {
        let Some(first) = self.block.take() else { return };
        let events = &self.out.events[first..];
        let span = events[0].1.start..events[events.len() - 1].1.end;
        self.last = (span.end, self.out.leftovers.len());
        let source = &self.text[span];
        if !source.as_bytes().contains(&b'*') {
            return;
        }
        if memchr::memchr(b'\\', source.as_bytes()).is_some() && source.contains(r"\*\*") {
            leftover::escaped_labels(self.text, events, &mut self.out.leftovers);
        }
        let cjk = unicode::has_cjk(source);
        if !cjk && !runs::any_literal(events) {
            return;
        }
        let Some(mut line) = runs::tokenise(self.text, events) else { return };
        if cjk && (line.runs.iter().any(flank::is_odd) || nests_bold(events)) {
            let mut pairs = pair::pair(&mut line);
            second::chance(&mut line, &mut pairs);
            let events = self.out.events.split_off(first);
            tidy::write(self.text, events, &line, &pairs, &mut self.out);
        } else if !cjk {
            leftover::unrepaired(&line.runs, &mut self.out.leftovers);
        }
    }

    /// The `last` of a text's pieces may break off.
    fn finish(mut self, last: bool) -> Repaired<'a> {
        self.end_block();
        let (end, first) = self.last;
        self.out.leftovers.sort_by_key(|leftover| leftover.range.start);
        if last {
            leftover::breaks_off(self.text, end, &mut self.out.leftovers[first..]);
        }
        self.out
    }
}

/// Whether the parser put a strong inside another. Nobody means that: where bold ends and begins
/// again, a blank has misled it.
fn nests_bold(events: &[(Event<'_>, Range<usize>)]) -> bool {
    let mut depth = 0;
    events.iter().any(|(event, _)| {
        match event {
            Event::Start(Tag::Strong) => depth += 1,
            Event::End(TagEnd::Strong) => depth -= 1,
            _ => {}
        }
        depth > 1
    })
}

/// Whether the event is part of a paragraph, heading, cell or tight list item.
fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Superscript
                | TagEnd::Subscript
                | TagEnd::Link
                | TagEnd::Image
        ),
        Event::Html(_) | Event::Rule => false,
    }
}
