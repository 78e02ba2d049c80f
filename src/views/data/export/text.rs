//! A transcript as plain text: the title, where it comes from, and who says what.

use super::super::super::article::clock;
use super::super::super::frame::{Links, canonical};
use super::super::super::voices::{self, Voice};
use crate::document::{Document, Item, Leaf, ListItem, MarkKind, Node, Turn};
use crate::i18n::{self, Words};
use crate::site::{Page, Site};

/// The text. Paragraphs are one line each; a blank line stands between two.
pub(super) fn write(site: &Site, page: &Page) -> String {
    let reading = site.reading(page);
    let document = &reading.document;
    let voices = voices::of(site, page, &Links::from(site, &page.path));
    let mut head = vec![page.title.clone()];
    head.extend(page.date.as_deref().map(|date| i18n::date(date, site.words(&page.language))));
    head.extend(canonical(site, &page.path));
    let mut parts = vec![head.join("\n")];
    let writer = Writer { document, words: site.words(&page.language) };
    for item in &document.items {
        match item {
            Item::Heading(heading) => {
                let number = heading.number.iter().map(|number| format!("{number} "));
                parts.push(number.collect::<String>() + &writer.leaf(heading.text));
            }
            Item::Prose(range) => {
                parts
                    .extend(document.blocks_of(range).iter().map(|block| writer.node(&block.node)));
            }
            Item::Turn(turn) => parts.extend(writer.turn(turn, &voices)),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

struct Writer<'a> {
    document: &'a Document,
    words: &'a Words,
}

impl Writer<'_> {
    /// With a time, the name and the time have a line of their own, as meeting tools write it.
    fn turn(&self, turn: &Turn, voices: &[Voice]) -> Vec<String> {
        let blocks = self.document.blocks_of(&turn.blocks).iter();
        let mut parts: Vec<String> = blocks.map(|block| self.node(&block.node)).collect();
        let name = turn.speaker.map(|at| voices[at as usize].name.as_str());
        let label = match (name, turn.time) {
            (Some(name), Some(time)) => format!("{name}  {}\n", clock(time)),
            (Some(name), None) => self.words.spoken_by.replace("{who}", name),
            (None, Some(time)) => format!("{}\n", clock(time)),
            (None, None) => String::new(),
        };
        match parts.first_mut() {
            Some(first) => first.insert_str(0, &label),
            None => parts.push(label.trim_end().to_owned()),
        }
        parts
    }

    fn nodes(&self, nodes: &[Node]) -> String {
        let parts: Vec<String> = nodes.iter().map(|node| self.node(node)).collect();
        parts.join("\n\n")
    }

    fn node(&self, node: &Node) -> String {
        match node {
            Node::Paragraph(leaf) | Node::Heading(_, leaf) => self.leaf(*leaf),
            Node::Quote(body) => indented(&self.nodes(body), "> ", "> "),
            Node::List { start, tight, items } => {
                let numbers = start.map_or(0, |start| start)..;
                let written = numbers.zip(items).map(|(number, item)| {
                    let sign =
                        if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
                    self.item(item, &sign)
                });
                written.collect::<Vec<_>>().join(if *tight { "\n" } else { "\n\n" })
            }
            Node::Code { text, .. } => {
                indented(self.document.slice(*text).trim_end(), "    ", "    ")
            }
            Node::Table(table) => {
                let row = |cells: &Vec<Leaf>| {
                    let cells: Vec<String> = cells.iter().map(|cell| self.leaf(*cell)).collect();
                    cells.join(" | ")
                };
                let rows = std::iter::once(&table.head).chain(&table.rows).map(row);
                rows.collect::<Vec<_>>().join("\n")
            }
            Node::Figure { images, caption } => {
                let alt =
                    || images.iter().map(|image| image.alt.as_str()).find(|alt| !alt.is_empty());
                let words =
                    caption.map(|leaf| self.leaf(leaf)).or_else(|| alt().map(str::to_owned));
                words.map(|words| format!("[{words}]")).unwrap_or_default()
            }
            Node::Details { summary, body } => [self.leaf(*summary), self.nodes(body)].join("\n\n"),
            // It is no text.
            Node::RawHtml(_) => String::new(),
            Node::Rule => "* * *".to_owned(),
        }
    }

    fn item(&self, item: &ListItem, sign: &str) -> String {
        let task = item.task.map_or("", |done| if done { "[x] " } else { "[ ] " });
        let text = task.to_owned() + &self.nodes(&item.body);
        indented(&text, sign, &" ".repeat(sign.len()))
    }

    /// A leaf's words: only a hard line break ends a line.
    fn leaf(&self, leaf: Leaf) -> String {
        let breaks = self.document.marks_in(leaf).iter();
        let hard: Vec<u32> = breaks
            .filter(|mark| mark.kind == MarkKind::Break)
            .map(|mark| mark.range.start)
            .collect();
        let text = self.document.slice(leaf).char_indices().map(|(at, c)| match c {
            '\n' if !hard.contains(&(leaf.start + at as u32)) => ' ',
            c => c,
        });
        text.collect::<String>().trim().to_owned()
    }
}

/// A text with something before its first line, and something before each other one.
fn indented(text: &str, first: &str, others: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let sign = if at == 0 { first } else { others };
        out.push_str(if line.is_empty() { sign.trim_end() } else { sign });
        out.push_str(line);
    }
    out
}
