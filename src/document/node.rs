//! What a block is made of: paragraphs, quotes, lists, tables, figures.

use serde::{Deserialize, Serialize};

use super::{Leaf, Target};
use crate::source::Span;

/// A block's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Node {
    /// A paragraph.
    Paragraph(Leaf),
    /// A heading inside a quote or a list item (level 1–6 as written).
    Heading(u8, Leaf),
    /// A block quote.
    Quote(Vec<Node>),
    /// A list; `start` for an ordered one.
    List {
        /// First number of an ordered list.
        start: Option<u64>,
        /// Whether items are shown without paragraph spacing.
        tight: bool,
        /// The items.
        items: Vec<ListItem>,
    },
    /// A code block; the text is a leaf without marks.
    Code {
        /// The info string's first word, lower-cased; empty when there is none.
        language: String,
        /// The code.
        text: Leaf,
    },
    /// A table.
    Table(Box<Table>),
    /// One or more pictures with a caption.
    Figure {
        /// The pictures.
        images: Vec<Image>,
        /// The words glued behind the picture, or below it.
        caption: Option<Leaf>,
    },
    /// `<details>` with its summary.
    Details {
        /// The summary.
        summary: Leaf,
        /// What is folded away.
        body: Vec<Node>,
    },
    /// Raw HTML of a trusted folder, kept as it is; elsewhere raw HTML is text in a
    /// [`Node::Paragraph`] or a mark.
    RawHtml(String),
    /// A thematic break.
    Rule,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// Whether it is a task, and done.
    pub task: Option<bool>,
    /// Its blocks.
    pub body: Vec<Node>,
}

/// A table: a head and rows of the same width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// One for each column.
    pub align: Vec<Align>,
    /// The head's cells.
    pub head: Vec<Leaf>,
    /// The other rows' cells.
    pub rows: Vec<Vec<Leaf>>,
}

/// How a table's column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Not said.
    None,
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// As written, with a scheme that is allowed; empty when it was not.
    pub url: String,
    /// The alternative text.
    pub alt: String,
    /// The title; may be empty.
    pub title: String,
    /// Where a link leads that holds nothing but pictures; none when there is no such link.
    pub link: Option<Box<Target>>,
    /// Where it stands in the source.
    pub span: Span,
}

/// What a leaf is to those who look for words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafKind {
    /// A paragraph, a cell, a caption, a summary.
    Prose,
    /// A heading inside a quote or a list item.
    Heading,
    /// Code.
    Code,
}

impl Node {
    /// Appends all leaves in reading order, headings and code left out.
    pub fn prose_leaves(&self, leaves: &mut Vec<Leaf>) {
        self.walk(&mut |kind, leaf| {
            if kind == LeafKind::Prose {
                leaves.push(leaf);
            }
        });
    }

    /// Visits all leaves in reading order.
    pub fn walk(&self, visit: &mut impl FnMut(LeafKind, Leaf)) {
        match self {
            Self::Paragraph(leaf) => visit(LeafKind::Prose, *leaf),
            Self::Heading(_, leaf) => visit(LeafKind::Heading, *leaf),
            Self::Code { text, .. } => visit(LeafKind::Code, *text),
            Self::RawHtml(_) | Self::Rule => {}
            Self::Quote(body) => body.iter().for_each(|node| node.walk(visit)),
            Self::List { items, .. } => {
                items.iter().flat_map(|item| &item.body).for_each(|node| node.walk(visit));
            }
            Self::Table(table) => {
                let cells = table.head.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| visit(LeafKind::Prose, *cell));
            }
            Self::Figure { caption, .. } => {
                caption.iter().for_each(|leaf| visit(LeafKind::Prose, *leaf));
            }
            Self::Details { summary, body } => {
                visit(LeafKind::Prose, *summary);
                body.iter().for_each(|node| node.walk(visit));
            }
        }
    }
    /// Appends the pictures of all figures in reading order, those in quotes and lists too.
    pub fn pictures<'a>(&'a self, found: &mut Vec<&'a Image>) {
        match self {
            Self::Figure { images, .. } => found.extend(images),
            Self::Quote(body) | Self::Details { body, .. } => {
                body.iter().for_each(|node| node.pictures(found));
            }
            Self::List { items, .. } => {
                items.iter().flat_map(|item| &item.body).for_each(|node| node.pictures(found));
            }
            _ => {}
        }
    }
}
