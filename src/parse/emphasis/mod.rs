//! Emphasis in Chinese, Japanese and Korean text, repaired on the parser's event stream.
//!
//! CommonMark decides by white space and punctuation whether a run of stars opens or closes, and
//! that fails where words are not set apart: `**主持人：**你好` stays literal. Exports from rich
//! text add `****`, which closes and opens bold in one place and so means nothing. Inline blocks
//! that hold a CJK character and such a run are cut into runs of stars again (`runs`), the
//! runs are judged (`flank`) and paired (`pair`, `second`), and events are written anew (`tidy`).
//! Every other block, and so all text without CJK, passes through as the parser gave it.
//!
//! What this refuses to do: to touch the text. A character that was text stays text, in its
//! place; only stars become tags or vanish. `_`, `~`, links, code and the rest stay as the
//! parser read them. Speakers and labels are not known here.
//!
//! Sources: CommonMark 0.31.2, sections 6.2 and "An algorithm for parsing nested emphasis and
//! links"; the CJK-friendly amendment, <https://github.com/tats-u/markdown-cjk-friendly>.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

mod flank;
mod leftover;
mod pair;
mod runs;
mod second;
mod tidy;
mod unicode;

/// The parser's events with emphasis repaired.
///
/// Tags are balanced. In a block that holds a CJK character no strong stands inside another; where
/// there is none, the events are the parser's own.
#[derive(Debug)]
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

/// Parses and repairs.
///
/// pulldown-cmark 0.13 gives up a table that lacks more than 2^18 cells in the middle of a row,
/// and then says the rest of the text twice, inside that row. Such a text is read without
/// tables: every word is there once.
pub fn events(text: &str, options: Options) -> Repaired<'_> {
    let repaired = repaired(text, options);
    if options.contains(Options::ENABLE_TABLES) && holds_given_up_table(&repaired.events) {
        return self::repaired(text, options.difference(Options::ENABLE_TABLES));
    }
    repaired
}

/// Whether anything but rows and cells stands directly in a table or a row.
fn holds_given_up_table(events: &[(Event<'_>, Range<usize>)]) -> bool {
    let mut in_table = false;
    let mut in_cell = false;
    for (event, _) in events {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => {}
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {}
            Event::Start(Tag::TableCell) => in_cell = true,
            Event::End(TagEnd::TableCell) => in_cell = false,
            Event::End(TagEnd::Table) => in_table = false,
            _ if in_table && !in_cell => return true,
            Event::Start(Tag::Table(_)) => in_table = true,
            _ => {}
        }
    }
    false
}

fn repaired(text: &str, options: Options) -> Repaired<'_> {
    let parser = Parser::new_ext(text, options).into_offset_iter();
    if !text.as_bytes().contains(&b'*') {
        return Repaired { events: parser.collect(), joins: Vec::new(), leftovers: Vec::new() };
    }
    let mut repair = Repair::new(text);
    for (event, range) in parser {
        repair.push(event, range);
    }
    repair.finish()
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
    fn new(text: &'a str) -> Self {
        let out = Repaired { events: Vec::new(), joins: Vec::new(), leftovers: Vec::new() };
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
        if source.contains(r"\*\*") {
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

    fn finish(mut self) -> Repaired<'a> {
        self.end_block();
        let (end, first) = self.last;
        self.out.leftovers.sort_by_key(|leftover| leftover.range.start);
        leftover::breaks_off(self.text, end, &mut self.out.leftovers[first..]);
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
