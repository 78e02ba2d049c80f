//! A whole document: the head's lines, then headings, turns and what nobody speaks, in reading
//! order. Footnotes stay where they stand: the ids of turns come from the text around them.

use std::ops::Range;

use super::blocks::are_lists;
use super::escape::{self, Care};
use super::inline::{Place, indented};
use super::same::begins;
use super::{Labels, Writer};
use crate::document::{Credit, Document, Heading, Item, Node, TextRange, Turn};
use crate::paths::slug;

/// The body, with a line feed at its end; empty when there is nothing.
pub(super) fn write(document: &Document, labels: Labels) -> String {
    let writer = Writer { document, labels };
    let mut sheet = Sheet::new(&writer);
    sheet.head();
    for item in &document.items {
        match item {
            Item::Heading(heading) => sheet.heading(heading),
            Item::Turn(turn) => sheet.turn(turn),
            Item::Prose(blocks) => sheet.blocks(blocks.clone()),
        }
    }
    sheet.notes_before(u32::MAX);
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
}

impl<'a> Sheet<'a> {
    fn new(writer: &'a Writer<'a>) -> Self {
        let footnotes = writer.document.footnotes.iter();
        let mut notes: Vec<(u32, &str, &[Node])> = footnotes
            .map(|(label, body)| (begins(body).unwrap_or(u32::MAX), label.as_str(), &body[..]))
            .collect();
        notes.sort_by_key(|(at, label, _)| std::cmp::Reverse((*at, *label)));
        Self { writer, parts: Vec::new(), before: None, notes }
    }

    fn push(&mut self, text: String) {
        self.parts.push(text);
        self.before = None;
    }

    fn head(&mut self) {
        let document = self.writer.document;
        let head = &document.head;
        if let Some(title) = head.title.as_ref().filter(|_| document.front.title.is_none()) {
            let words = escape::plain(title, Care::Much);
            self.push(match title.contains('\n') {
                true => format!("{words}\n==="),
                false => format!("# {}", closed(&words)),
            });
        }
        if let Some(cover) = &head.cover {
            self.push(self.writer.image(cover));
        }
        for line in [&head.byline, &head.account].into_iter().flatten() {
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
        let mut rest = turn.blocks.clone();
        if let Some(mut lead) = self.writer.label(turn) {
            let words = first.and_then(|block| match block.node {
                Node::Paragraph(leaf) => Some(leaf),
                _ => None,
            });
            match words {
                Some(leaf) => {
                    rest.start += 1;
                    lead = self.writer.said(turn, &lead, leaf);
                }
                None => lead.truncate(lead.trim_end().len()),
            }
            self.push(lead);
        }
        self.blocks(rest);
    }
}

impl Writer<'_> {
    /// A turn's label with what parts it from the words; none when the turn has none.
    fn label(&self, turn: &Turn) -> Option<String> {
        turn.label?;
        let name = match turn.speaker {
            Some(speaker) => &self.document.speakers[speaker as usize].label,
            None => "",
        };
        let name = escape::plain(name, Care::Much);
        let form = if self.labels == Labels::Kept { turn.form } else { None };
        let mut lead = match form {
            Some("bold-name") => format!("**{name}**: "),
            Some("bold-colon-wide") => format!("**{name}：**"),
            Some("bold-name-wide") => format!("**{name}**："),
            Some("bold-turn") => format!("**{name}："),
            Some("plain") => format!("{name}: "),
            Some("plain-wide") => format!("{name}："),
            _ if name.is_empty() => String::new(),
            _ => format!("**{name}:** "),
        };
        if let Some(time) = turn.time {
            lead.push_str(&format!("\\[{}\\] ", clock(time)));
        }
        Some(lead)
    }

    /// The label and the words behind it.
    fn said(&self, turn: &Turn, lead: &str, leaf: TextRange) -> String {
        let whole = self.labels == Labels::Kept && turn.form == Some("bold-turn");
        let words = self.leaf(leaf, Place::Text, lead);
        format!("{lead}{words}{}", if whole { "**" } else { "" })
    }
}

/// `h:mm:ss`, and the milliseconds where there are any.
fn clock(time: u64) -> String {
    let (seconds, rest) = (time / 1000, time % 1000);
    let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { clock } else { format!("{clock}.{rest:03}") }
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
