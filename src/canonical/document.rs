//! A whole document: the head's lines, then headings, turns and what nobody speaks, in reading
//! order. Footnotes stay where they stand: the ids of turns come from the text around them.

use std::ops::Range;

use super::Writer;
use super::blocks::are_lists;
use super::escape::{self, Care};
use super::inline::{Place, indented};
use super::label::Lead;
use super::same::{begins, host};
use crate::document::{Credit, Heading, Item, Leaf, Node, Turn};
use crate::parse::is_dateline;
use crate::paths::slug;
use crate::source::Span;

/// The body, with a line feed at its end; empty when there is nothing. `loose` is what stands
/// between the blocks and is no part of the document.
pub(super) fn write(writer: &Writer<'_>, loose: &[Span]) -> String {
    let mut sheet = Sheet::new(writer, loose);
    sheet.head();
    for item in &writer.document.items {
        match item {
            Item::Heading(heading) => sheet.heading(heading),
            Item::Turn(turn) => sheet.turn(turn),
            Item::Prose(blocks) => sheet.blocks(blocks.clone()),
        }
    }
    sheet.notes_before(u32::MAX);
    sheet.asides_before(u32::MAX);
    let mut text = sheet.parts.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The blocks that are written so far.
struct Sheet<'a> {
    writer: &'a Writer<'a>,
    parts: Vec<String>,
    /// The block before, and whether it was a list of the other sign.
    before: Option<(&'a Node, bool)>,
    /// Footnotes that are yet to be written, with where their text begins; the last first.
    notes: Vec<(u32, &'a str, &'a [Node])>,
    /// Comments and the like that are yet to be written.
    asides: &'a [Span],
    /// The stretch that was last written as it is.
    kept: Option<usize>,
}

impl<'a> Sheet<'a> {
    fn new(writer: &'a Writer<'a>, asides: &'a [Span]) -> Self {
        let footnotes = writer.document.footnotes.iter();
        let mut notes: Vec<(u32, &str, &[Node])> = footnotes
            .map(|(label, body)| (begins(body).unwrap_or(u32::MAX), label.as_str(), &body[..]))
            .collect();
        notes.sort_by_key(|(at, label, _)| std::cmp::Reverse((*at, *label)));
        Self { writer, parts: Vec::new(), before: None, notes, asides, kept: None }
    }

    fn push(&mut self, text: String) {
        self.parts.push(text);
        self.before = None;
    }

    /// Comments that stand before a place of the source.
    fn asides_before(&mut self, at: u32) {
        while let Some((aside, rest)) = self.asides.split_first()
            && aside.start < at
        {
            self.push(self.writer.document.source.slice(*aside).to_owned());
            self.asides = rest;
        }
    }

    /// Whether what begins at a place of the source stays as it is; its lines are then written,
    /// once.
    fn stays(&mut self, at: u32) -> bool {
        let writer = self.writer;
        let unit = writer.units.at(at as usize).filter(|unit| writer.plan.kept.contains(unit));
        let Some(unit) = unit else { return false };
        if self.kept != Some(unit) {
            let lines = &writer.document.source.text()[writer.units.lines(unit)];
            self.push(lines.trim_end().to_owned());
            self.kept = Some(unit);
        }
        true
    }

    fn head(&mut self) {
        let document = self.writer.document;
        let head = &document.head;
        if let Some(title) = head.title.as_ref().filter(|_| document.front.title.is_none()) {
            let words = escape::plain(title, Care::Much);
            self.push(format!("# {}", closed(&words.replace('\n', "<br>"))));
        }
        let (mut byline, mut account) = (head.byline.as_deref(), head.account.as_deref());
        if let Some(url) = &head.original {
            // Behind the address stands the byline, or beside a dateline the account.
            let behind = match byline {
                Some(line) if is_dateline(line) => account.take(),
                _ => byline.take(),
            };
            self.push(source_line(url, behind.unwrap_or_default()));
        }
        for image in [&head.cover, &head.recording].into_iter().flatten() {
            self.push(self.writer.image(image));
        }
        for line in [byline, account].into_iter().flatten() {
            self.push(line_of(line));
        }
        let lines: Vec<String> = head.credits.iter().map(credit_line).collect();
        if !lines.is_empty() {
            self.push(lines.join("\n"));
        }
    }

    /// The footnotes that stand before a place of the text.
    fn notes_before(&mut self, at: u32) {
        while let Some((_, label, body)) =
            self.notes.pop_if(|(start, ..)| *start < at || at == u32::MAX)
        {
            let body = indented(&self.writer.nodes(body, "\n\n"), "    ");
            self.push(format!("[^{label}]: {body}").trim_end().to_owned());
        }
    }

    fn heading(&mut self, heading: &Heading) {
        self.notes_before(heading.text.start);
        self.asides_before(heading.span.start);
        if self.stays(heading.span.start) {
            return;
        }
        if let Some(number) = &heading.number {
            self.push(format!("**{}**", escape::plain(number, Care::Much)));
        }
        let mut text = self.writer.heading(heading.level, heading.text);
        let words = slug::shorten(&slug::id(self.writer.document.slice(heading.text)), 90);
        let own = format!("s-{words}");
        let counted = heading.id.strip_prefix(&own).is_some_and(|rest| {
            let number = rest.strip_prefix('-').unwrap_or("0");
            rest.is_empty() || number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if !counted {
            text.push_str(&format!(" {{#{}}}", heading.id));
        }
        self.push(text);
    }

    fn blocks(&mut self, blocks: Range<u32>) {
        let document = self.writer.document;
        for block in document.blocks_of(&blocks) {
            self.notes_before(block.text.start);
            self.asides_before(block.span.start);
            if self.stays(block.span.start) {
                continue;
            }
            let other =
                self.before.is_some_and(|(before, other)| are_lists(before, &block.node) && !other);
            let text = self.writer.node(&block.node, other);
            self.push(text);
            self.before = Some((&block.node, other));
        }
    }

    fn turn(&mut self, turn: &Turn) {
        let document = self.writer.document;
        let first = document.blocks_of(&turn.blocks).first();
        if let Some(block) = first {
            self.notes_before(block.text.start);
        }
        self.asides_before(first.map_or(turn.span.start, |block| block.span.start));
        let mut rest = turn.blocks.clone();
        if let Some(lead) = self.writer.lead(turn)
            && !self.stays(turn.span.start)
        {
            let apart = |at: u32| lead.apart || self.writer.is_kept(at);
            let words = first.and_then(|block| match block.node {
                Node::Paragraph(leaf) if !apart(block.span.start) => Some(leaf),
                _ => None,
            });
            rest.start += u32::from(words.is_some());
            self.push(match words {
                Some(leaf) => self.writer.said(&lead, leaf),
                None => lead.text.trim_end().to_owned(),
            });
        }
        self.blocks(rest);
    }
}

impl Writer<'_> {
    /// Whether what stands at a place of the source stays as it is.
    fn is_kept(&self, at: u32) -> bool {
        self.units.at(at as usize).is_some_and(|unit| self.plan.kept.contains(&unit))
    }

    /// What a turn begins with and the words behind it.
    fn said(&self, lead: &Lead, leaf: Leaf) -> String {
        let Lead { text, close, .. } = lead;
        // Two signs at the beginning of a line make a quote, which is not what is tried here.
        let tried = if text.starts_with(">>") { format!("\\{text}") } else { text.clone() };
        format!("{text}{}{close}", self.leaf(leaf, Place::Text, &tried))
    }
}

/// `[host](address)names`.
fn source_line(url: &str, names: &str) -> String {
    let host = escape::plain(host(url), Care::Much);
    let line = format!("[{host}]{}{}", escape::target(url, ""), escape::plain(names, Care::Much));
    line.trim_end().to_owned()
}

/// `role | names`, the names with their link.
fn credit_line(credit: &Credit) -> String {
    let Some(url) = &credit.url else {
        return line_of(&format!("{} | {}", credit.role, credit.names));
    };
    let names = escape::plain(&credit.names, Care::Much);
    format!("{} | [{names}]{}", line_of(&credit.role), escape::target(url, ""))
}

/// A line of the head, which must begin no block.
fn line_of(text: &str) -> String {
    let at = escape::line(text, true);
    let escaped = escape::plain(text, Care::Little);
    match at {
        Some(at) if escaped == text => format!("{}\\{}", &text[..at], &text[at..]),
        _ => escaped,
    }
}

/// A heading's words, the number signs at their end kept as words.
fn closed(words: &str) -> String {
    match words.strip_suffix('#') {
        Some(rest) if rest.trim_end_matches('#').ends_with(' ') || rest.is_empty() => {
            format!("{rest}\\#")
        }
        _ => words.to_owned(),
    }
}
