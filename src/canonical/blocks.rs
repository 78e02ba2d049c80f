//! Blocks as Markdown: each a string of lines without a line feed at its end. A container
//! writes what it holds and puts its own sign before every line.

use super::Writer;
use super::escape::shortest_absent;
use super::inline::{Place, indented};
use crate::document::{Align, Image, Leaf, ListItem, Node, Table};

impl Writer<'_> {
    /// Blocks with a blank line between each two; lists side by side get different signs.
    pub(super) fn nodes(&self, nodes: &[Node], between: &str) -> String {
        let mut parts = Vec::with_capacity(nodes.len());
        let mut other = false;
        for (at, node) in nodes.iter().enumerate() {
            other = at > 0 && are_lists(&nodes[at - 1], node) && !other;
            parts.push(self.node(node, other));
        }
        parts.join(between)
    }

    /// One block. `other` lists take the sign that the list before them does not have.
    pub(super) fn node(&self, node: &Node, other: bool) -> String {
        match node {
            Node::Paragraph(leaf) => self.leaf(*leaf, Place::Text, ""),
            Node::Heading(level, leaf) => self.heading(*level, *leaf),
            Node::Quote(body) => quoted(&self.nodes(body, "\n\n")),
            Node::List { start, tight, items } => self.list(*start, *tight, items, other),
            Node::Code { language, text } => self.code(language, *text),
            Node::Table(table) => self.table(table),
            Node::Figure { images, caption } => self.figure(images, *caption),
            Node::Details { summary, body } => self.details(*summary, body),
            Node::RawHtml(html) => html.trim_end().to_owned(),
            Node::Rule => "***".to_owned(),
        }
    }

    /// A heading on one line; one of several lines is underlined, which the first two levels
    /// alone can be.
    pub(super) fn heading(&self, level: u8, leaf: Leaf) -> String {
        if self.document.slice(leaf).contains('\n') && level <= 2 {
            let words = self.leaf(leaf, Place::Text, "");
            return format!("{words}\n{}", if level == 1 { "===" } else { "---" });
        }
        let words = self.leaf(leaf, Place::Line, "");
        format!("{} {words}", "#".repeat(level.into())).trim_end().to_owned()
    }

    fn list(&self, start: Option<u64>, tight: bool, items: &[ListItem], other: bool) -> String {
        let mut parts = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let sign = match start {
                Some(start) => format!("{}{}", start + at as u64, if other { ')' } else { '.' }),
                None => if other { "*" } else { "-" }.to_owned(),
            };
            let task = match item.task {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "",
            };
            let body = self.nodes(&item.body, if tight { "\n" } else { "\n\n" });
            let pad = " ".repeat(sign.len() + 1);
            parts.push(format!("{sign} {task}{}", indented(&body, &pad)).trim_end().to_owned());
        }
        parts.join(if tight { "\n" } else { "\n\n" })
    }

    fn code(&self, language: &str, text: Leaf) -> String {
        let code = self.document.slice(text);
        let fence = "`".repeat(shortest_absent(code, '`', 3));
        let gap = if code.is_empty() { "" } else { "\n" };
        format!("{fence}{language}\n{code}{gap}{fence}")
    }

    fn table(&self, table: &Table) -> String {
        let row = |cells: &[Leaf]| {
            let cells = cells.iter().map(|cell| self.leaf(*cell, Place::Cell, ""));
            cells.fold("|".to_owned(), |line, cell| format!("{line} {cell} |"))
        };
        let align = table.align.iter().map(|align| match align {
            Align::None => "---",
            Align::Left => ":--",
            Align::Center => ":-:",
            Align::Right => "--:",
        });
        let ruling = align.fold("|".to_owned(), |line, align| format!("{line} {align} |"));
        let rows = table.rows.iter().map(|cells| row(cells));
        [row(&table.head), ruling].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
    }

    fn figure(&self, images: &[Image], caption: Option<Leaf>) -> String {
        let images: String = images.iter().map(|image| self.image(image)).collect();
        // To the stars of a caption a picture is the parenthesis at its end.
        let caption = caption.map_or(String::new(), |leaf| self.leaf(leaf, Place::Text, ")"));
        format!("{images}{caption}")
    }

    fn details(&self, summary: Leaf, body: &[Node]) -> String {
        let summary = self.document.slice(summary);
        let summary = match summary {
            "" => String::new(),
            words => format!("\n<summary>{words}</summary>"),
        };
        let body = self.nodes(body, "\n\n");
        let gap = if body.is_empty() { "" } else { "\n\n" };
        format!("<details>{summary}{gap}{body}\n\n</details>")
    }
}

/// Whether two blocks side by side would be read as one list.
pub(super) fn are_lists(one: &Node, other: &Node) -> bool {
    matches!(
        (one, other),
        (Node::List { start: a, .. }, Node::List { start: b, .. }) if a.is_some() == b.is_some()
    )
}

fn quoted(text: &str) -> String {
    let lines = text.split('\n').map(|line| match line {
        "" => ">".to_owned(),
        line => format!("> {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
