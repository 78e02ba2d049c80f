//! A document's blocks as HTML.
//!
//! Written in one pass into one string; text is only ever escaped, never changed. A block's id
//! stands on its outermost element.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{NoteNumbers, attribute, code, inline, url};
use crate::annotate::Mention;
use crate::document::{Align, Block, Document, Image, Leaf, ListItem, Node, Table, TextRange};
use crate::glossary::Glossary;

/// A picture as it is shown: the link to it, where it lies in the site, and its width and height,
/// where they are known.
pub type Shown = (Option<String>, Option<(u32, u32)>);

/// Writes a document's blocks.
pub struct BlockWriter<'a> {
    /// Whose blocks.
    pub document: &'a Document,
    /// The document's mentions, sorted.
    pub mentions: &'a [Mention],
    /// What the mentions mean.
    pub glossary: &'a Glossary,
    /// The footnotes' numbers.
    pub notes: &'a NoteNumbers<'a>,
    /// Where a link or an image leads, if it is one inside the site: what to write instead.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// The same for a picture, with its width and height where they are known.
    pub picture: &'a dyn Fn(&str) -> Shown,
    /// The language of a block's text, if it is not the document's.
    pub foreign: &'a dyn Fn(&str) -> Option<&'static str>,
    /// Where a time leads that stands in the text, if anywhere: by its place in the text, and
    /// milliseconds.
    pub moment: &'a dyn Fn(u32, u64) -> Option<String>,
    /// Where the blocks stand, if not on their own page.
    pub apart: Option<Apart<'a>>,
}

/// Blocks on another page than their own, beside others: their anchors stay at home, and links
/// within the page lead there. Their notes come along.
#[derive(Clone, Copy, Debug)]
pub struct Apart<'a> {
    /// Link to their own page.
    pub home: &'a str,
    /// What follows the id of each definition and of each note, so that two texts may have those of
    /// the same term and of the same number.
    pub mark: &'a str,
}

/// How a paragraph is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Loose,
    /// In a tight list: no element of its own.
    Tight,
}

impl BlockWriter<'_> {
    /// Appends a top-level block.
    pub fn block(&self, out: &mut String, block: &Block) {
        let mut id = match self.apart {
            Some(_) => String::new(),
            None => format!(" id=\"{}\"", block.id),
        };
        if let Some(language) = (self.foreign)(self.document.slice(block.text)) {
            let _ = write!(id, " lang=\"{language}\"");
        }
        self.node(out, &block.node, &id, Spacing::Loose);
    }

    /// Appends blocks without ids: a footnote's.
    pub fn nodes(&self, out: &mut String, nodes: &[Node]) {
        for node in nodes {
            self.node(out, node, "", Spacing::Loose);
        }
    }

    /// Appends a leaf without term links: a heading's.
    pub fn plain(&self, out: &mut String, leaf: Leaf) {
        inline::write(self, out, leaf, false);
    }

    fn leaf(&self, out: &mut String, leaf: Leaf) {
        inline::write(self, out, leaf, true);
    }

    pub(super) fn target<'u>(&self, written: &'u str) -> Cow<'u, str> {
        let target = (self.resolve)(written).map_or(Cow::Borrowed(written), Cow::Owned);
        match self.apart {
            Some(apart) if target.starts_with('#') => Cow::Owned(apart.home.to_owned() + &target),
            _ => target,
        }
    }

    /// Where a time in the text leads.
    pub(super) fn moment(&self, at: u32, time: u64) -> Option<String> {
        (self.moment)(at, time).map(|to| match self.apart {
            Some(apart) if to.starts_with('#') => apart.home.to_owned() + &to,
            _ => to,
        })
    }

    pub(super) fn image(&self, out: &mut String, image: &Image) {
        let link = image.link.as_ref().map(|link| (self.target(&link.url), link.title.as_str()));
        if let Some((target, title)) = &link {
            inline::link(out, target, title);
        }
        let (inside, size) = (self.picture)(&image.url);
        inline::image(out, image, inside.as_deref().unwrap_or(&image.url), size);
        if link.is_some() {
            out.push_str("</a>");
        }
    }

    /// Opens a mention: a link to the definition, or, where it is not shown at first, words that
    /// look and behave like all others until the reader asks for them. `data-g` is then what
    /// stands behind `#g-` in a link.
    pub(super) fn mention(&self, out: &mut String, mention: &Mention) {
        out.push_str(if mention.shown { "<a href=\"#g-" } else { "<a class=\"q\" data-g=\"" });
        if let Some(term) = self.glossary.terms.get(mention.term as usize) {
            url(out, &crate::paths::link::encode_fragment(&term.id));
        }
        out.push_str(self.apart.map_or("", |apart| apart.mark));
        out.push_str("\">");
    }

    fn node(&self, out: &mut String, node: &Node, id: &str, spacing: Spacing) {
        match node {
            Node::Paragraph(leaf) if spacing == Spacing::Tight => self.leaf(out, *leaf),
            Node::Paragraph(leaf) => self.wrapped(out, "p", id, *leaf),
            Node::Heading(level, leaf) => {
                let name = ["h2", "h3", "h4", "h5", "h6"][usize::from((*level).clamp(2, 6)) - 2];
                let _ = write!(out, "<{name}{id}>");
                self.plain(out, *leaf);
                let _ = write!(out, "</{name}>");
            }
            Node::Quote(body) => self.around(out, "blockquote", id, body),
            Node::List { start, tight, items } => self.list(out, id, *start, *tight, items),
            Node::Code { language, text } => self.code(out, id, language, *text),
            Node::Table(table) => self.table(out, id, table),
            Node::Figure { images, caption } => self.figure(out, id, images, *caption),
            Node::Details { summary, body } => {
                let _ = write!(out, "<details{id}>");
                self.wrapped(out, "summary", "", *summary);
                let whole = id.contains(" lang=");
                for node in body {
                    let language = if whole { None } else { self.language_of(node) };
                    let language = language.map(|tag| format!(" lang=\"{tag}\""));
                    self.node(out, node, &language.unwrap_or_default(), Spacing::Loose);
                }
                out.push_str("</details>");
            }
            Node::RawHtml(html) => {
                let _ = write!(out, "<div{id}>{html}</div>");
            }
            Node::Rule => {
                let _ = write!(out, "<hr{id}>");
            }
        }
    }

    /// The language of what is folded away, if it is not the document's: often the original.
    fn language_of(&self, node: &Node) -> Option<&'static str> {
        let mut leaves = Vec::new();
        node.prose_leaves(&mut leaves);
        let (first, last) = (leaves.first()?, leaves.last()?);
        (self.foreign)(self.document.slice(TextRange { start: first.start, end: last.end }))
    }

    fn wrapped(&self, out: &mut String, name: &str, id: &str, leaf: Leaf) {
        let _ = write!(out, "<{name}{id}>");
        self.leaf(out, leaf);
        let _ = write!(out, "</{name}>");
    }

    fn around(&self, out: &mut String, name: &str, id: &str, body: &[Node]) {
        let _ = write!(out, "<{name}{id}>");
        self.nodes(out, body);
        let _ = write!(out, "</{name}>");
    }

    fn list(
        &self,
        out: &mut String,
        id: &str,
        start: Option<u64>,
        tight: bool,
        items: &[ListItem],
    ) {
        let name = if start.is_some() { "ol" } else { "ul" };
        let _ = write!(out, "<{name}{id}");
        if let Some(first) = start.filter(|first| *first != 1) {
            let _ = write!(out, " start=\"{first}\"");
        }
        out.push('>');
        let spacing = if tight { Spacing::Tight } else { Spacing::Loose };
        for item in items {
            out.push_str("<li>");
            if let Some(done) = item.task {
                let checked = if done { " checked" } else { "" };
                let _ = write!(out, "<input type=\"checkbox\" disabled{checked}>");
            }
            for node in &item.body {
                self.node(out, node, "", spacing);
            }
            out.push_str("</li>");
        }
        let _ = write!(out, "</{name}>");
    }

    fn code(&self, out: &mut String, id: &str, language: &str, leaf: Leaf) {
        let _ = write!(out, "<pre{id} tabindex=\"0\"><code");
        if !language.is_empty() {
            out.push_str(" class=\"language-");
            attribute(out, language);
            out.push('"');
        }
        out.push('>');
        code::highlight(out, self.document.slice(leaf), language);
        out.push_str("</code></pre>");
    }

    fn table(&self, out: &mut String, id: &str, table: &Table) {
        let _ = write!(out, "<div class=\"wide\"{id} tabindex=\"0\"><table><thead>");
        self.row(out, "th", &table.align, &table.head);
        out.push_str("</thead><tbody>");
        for row in &table.rows {
            self.row(out, "td", &table.align, row);
        }
        out.push_str("</tbody></table></div>");
    }

    fn row(&self, out: &mut String, name: &str, align: &[Align], cells: &[Leaf]) {
        out.push_str("<tr>");
        for (at, cell) in cells.iter().enumerate() {
            let class = match align.get(at) {
                Some(Align::Left) => " class=\"al\"",
                Some(Align::Center) => " class=\"ac\"",
                Some(Align::Right) => " class=\"ar\"",
                Some(Align::None) | None => "",
            };
            let _ = write!(out, "<{name}{class}>");
            self.leaf(out, *cell);
            let _ = write!(out, "</{name}>");
        }
        out.push_str("</tr>");
    }

    fn figure(&self, out: &mut String, id: &str, images: &[Image], caption: Option<Leaf>) {
        let _ = write!(out, "<figure{id}>");
        for image in images {
            self.image(out, image);
        }
        if let Some(caption) = caption {
            self.wrapped(out, "figcaption", "", caption);
        }
        out.push_str("</figure>");
    }
}
