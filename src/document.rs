//! A transcript as data: head, sections, turns, blocks, and the text that a reader sees.
//!
//! All text of a document stands in one string, [`Document::text`], in reading order; blocks,
//! marks, mentions and notes are ranges into it. Nothing here changes once parsing is done:
//! annotation is stand-off. This module holds values only; `parse` makes them, `render` shows
//! them, and neither HTML nor Markdown is known here.

mod node;

pub use node::{Align, Image, LeafKind, ListItem, Node, Table};

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::config::FrontMatter;
use crate::source::{Source, Span, names};

/// A byte range in [`Document::text`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct TextRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl TextRange {
    /// `start..end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: start as u32, end: end as u32 }
    }

    /// The same as a `usize` range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: TextRange) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A run of inline text: a paragraph's, a caption's, a cell's. The marks whose ranges lie
/// inside belong to it.
pub type Leaf = TextRange;

/// A name that the program knows by heart.
pub type Name = &'static str;

/// Index into [`Document::blocks`].
pub type BlockIndex = u32;

/// Index into [`Document::speakers`].
pub type SpeakerIndex = u32;

/// One transcript, or a plain page (which is one without turns).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    /// The file it was read from.
    #[serde(skip)]
    pub source: Source,
    /// What its front matter says.
    pub front: FrontMatter,
    /// What its first paragraphs say of it.
    pub head: Head,
    /// All text that a reader sees, without labels: leaves in reading order, with a line feed
    /// between two leaves. A soft line break is a line feed, or nothing between two Han
    /// characters; a hard one is a line feed under [`MarkKind::Break`]. It is not written with the
    /// document, nor are the ids: whoever packs it keeps them apart (`site`).
    #[serde(skip)]
    pub text: String,
    /// Inline markup over [`Document::text`], outer before inner, sorted by start (then longer
    /// first). Properly nested.
    pub marks: Vec<Mark>,
    /// Where markup stood that a reader does not see, sorted: see [`Seam`].
    pub seams: Vec<Seam>,
    /// From text to source: sorted by text offset; each says at which source byte the text from
    /// there on begins (up to the next segment).
    pub segments: Vec<Segment>,
    /// The top-level blocks, in reading order.
    pub blocks: Vec<Block>,
    /// Introduction, headings and turns in reading order.
    pub items: Vec<Item>,
    /// Who speaks, in order of appearance.
    pub speakers: Vec<Speaker>,
    /// Set when the source breaks off in the middle: where in the source.
    pub breaks_off: Option<Span>,
    /// Footnote definitions by label, each the blocks that it holds.
    pub footnotes: BTreeMap<String, Vec<Node>>,
    /// The entries of lists of chapters, in the order of the text: see [`Chapter`].
    pub chapters: Vec<Chapter>,
}

/// An entry of a list of chapters (`12:30 What it costs`). The list stays in the text, as the
/// block that it is; [`MarkKind::Chapter`] lies over each of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Milliseconds from the start of the recording.
    pub time: u64,
    /// The words behind the time.
    pub title: TextRange,
    /// The block that holds the list.
    pub block: BlockIndex,
}

/// What the first paragraphs of a file say about the transcript.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The title: the front matter's, else the first H1's, else none (the site then takes the
    /// file's name).
    pub title: Option<String>,
    /// The picture at the very top.
    pub cover: Option<Image>,
    /// A recording that stands at the top as if it were a picture (`![](talk.mp3)`), or by its
    /// bare address.
    pub recording: Option<Image>,
    /// The names of the byline, as written (`宛辰、FP` gives one string).
    pub byline: Option<String>,
    /// The account or outlet that stands below the byline.
    pub account: Option<String>,
    /// The original's address, where a line below the title gives it.
    pub original: Option<String>,
    /// Credit lines: role and names as written (`作者 | …`).
    pub credits: Vec<Credit>,
}

/// One credit line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// `作者`, `Slides`, … as written.
    pub role: String,
    /// What stands behind it, as written.
    pub names: String,
    /// Where those words lead, if they are a link and not its address themselves.
    pub url: Option<String>,
}

/// A step of the document in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// A section's heading.
    Heading(Heading),
    /// A turn.
    Turn(Turn),
    /// Blocks that nobody speaks: the introduction, or the whole of a document without
    /// speakers.
    Prose(Range<BlockIndex>),
}

/// A section's heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// Anchor, without `#`; unique on the page: from the heading's words.
    pub id: String,
    /// 2 for a section, 3 for one below it, and so on to 6; the page's title is 1.
    pub level: u8,
    /// Its words; marks apply. A title that stood in several paragraphs is one leaf.
    pub text: Leaf,
    /// `01` where the section is numbered by a marker.
    pub number: Option<String>,
    /// Where it stands in the source.
    pub span: Span,
}

/// What one person says without being interrupted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Anchor: `t-` and 8 base32 characters, from the words (see `paths::anchors`).
    #[serde(skip)]
    pub id: String,
    /// Who; none where the form has a time and no name.
    pub speaker: Option<SpeakerIndex>,
    /// The label as it stands in the source; none when unlabelled text below a heading goes on
    /// with the same speaker.
    pub label: Option<Span>,
    /// Which row of `parse::forms::FORMS` found the label, by its name.
    #[serde(with = "names::optional")]
    pub form: Option<Name>,
    /// When, in milliseconds from the start of the recording.
    pub time: Option<u64>,
    /// Its blocks.
    pub blocks: Range<BlockIndex>,
    /// From the label to the end of the last block.
    pub span: Span,
}

/// Someone who speaks in this document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The label as the source writes it, white space folded.
    pub label: String,
    /// How many turns.
    pub turns: u32,
    /// Whether front matter declares them (`speakers.yaml` is the site's to know).
    pub declared: bool,
}

/// A top-level block: the unit that mentions, search hits and notes link to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Anchor: `p-` and 8 base32 characters, from the words.
    #[serde(skip)]
    pub id: String,
    /// Where it stands in the source.
    pub span: Span,
    /// All of its text: covers every leaf below it.
    pub text: TextRange,
    /// What it is.
    pub node: Node,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As written, with a scheme that is allowed.
    pub url: String,
    /// The title; may be empty.
    pub title: String,
    /// Where the link stands in the source.
    pub span: Span,
}

/// Inline markup over a range of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What of the text; empty for an image.
    pub range: TextRange,
    /// What it means.
    pub kind: MarkKind,
}

/// The kinds of inline markup. A transcript has several in every turn, so what is rarely there
/// stands in a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MarkKind {
    /// `**…**`.
    Strong,
    /// `*…*`.
    Emphasis,
    /// `~~…~~`.
    Strikethrough,
    /// `` `…` ``.
    Code,
    /// A link; the URL as written, with a scheme that is allowed; empty when it was not (it is
    /// then shown as text).
    Link(Box<Target>),
    /// `[words](term:rag)`: an explicit mention.
    Term(Box<str>),
    /// A picture within a paragraph; the range is empty.
    Image(Box<Image>),
    /// A hard line break; the range covers its line feed.
    Break,
    /// One of the harmless elements without attributes (`sub`, `sup`, `kbd`, `mark`, …).
    #[serde(with = "names")]
    Element(Name),
    /// A reference to a footnote; the range is empty, the label keys [`Document::footnotes`].
    Footnote(Box<str>),
    /// A character that was escaped in the source (`\RAG`): no mention may start here. The
    /// range covers the character.
    Escaped,
    /// A stage direction, its brackets included: `[laughter]`, `（笑）`. Nobody says it.
    Stage,
    /// What an editor puts in, its brackets included: `（编者注：…）`, `((…))`.
    Aside,
    /// A line of a list of chapters: its time, and its title.
    Chapter,
    /// A time in the text that is a moment of the recording, in milliseconds from its start: a
    /// chapter's, or the place of `[unintelligible 00:15:36]`.
    Time(u64),
}

impl MarkKind {
    /// Whether it was found in the words rather than written as markup: the same words have it
    /// again, however they are written.
    pub fn is_found(&self) -> bool {
        matches!(self, Self::Stage | Self::Aside | Self::Chapter | Self::Time(_))
    }
}

/// A place in the text where markup stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seam {
    /// Offset in [`Document::text`].
    pub at: u32,
    /// Whether it is a join of two bold spans (`****`), which counts as a blank and as a word
    /// boundary (`AI****Studio` is `AI Studio`); otherwise it may be none.
    pub join: bool,
}

/// From here on, text offset `text` corresponds to source offset `source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Offset in [`Document::text`].
    pub text: u32,
    /// Byte offset in the source.
    pub source: u32,
}

impl Document {
    /// The text under a range.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range.range()]
    }

    /// The source byte at which a text offset was written.
    pub fn source_offset(&self, text: u32) -> usize {
        match self.segments.partition_point(|segment| segment.text <= text) {
            0 => 0,
            next => {
                let segment = self.segments[next - 1];
                (segment.source + (text - segment.text)) as usize
            }
        }
    }

    /// The marks inside a leaf, outer before inner.
    pub fn marks_in(&self, leaf: Leaf) -> &[Mark] {
        let from = self.marks.partition_point(|mark| mark.range.start < leaf.start);
        let to = self.marks.partition_point(|mark| {
            mark.range.start < leaf.end || (mark.range.start == leaf.end && mark.range.is_empty())
        });
        &self.marks[from..to.max(from)]
    }

    /// The ids of its turns, headings and blocks: what a link's fragment can name.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        let items = self.items.iter().filter_map(|item| match item {
            Item::Turn(turn) => Some(turn.id.as_str()),
            Item::Heading(heading) => Some(heading.id.as_str()),
            Item::Prose(_) => None,
        });
        items.chain(self.blocks.iter().map(|block| block.id.as_str()))
    }

    /// The turns, in reading order.
    pub fn turns(&self) -> impl Iterator<Item = &Turn> {
        self.items.iter().filter_map(|item| match item {
            Item::Turn(turn) => Some(turn),
            _ => None,
        })
    }

    /// The headings, in reading order.
    pub fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.items.iter().filter_map(|item| match item {
            Item::Heading(heading) => Some(heading),
            _ => None,
        })
    }

    /// A turn's or a prose stretch's blocks.
    pub fn blocks_of(&self, blocks: &Range<BlockIndex>) -> &[Block] {
        &self.blocks[blocks.start as usize..blocks.end as usize]
    }

    /// The leaves of a block in reading order, headings and code left out.
    pub fn prose_leaves(&self, block: &Block) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        block.node.prose_leaves(&mut leaves);
        leaves
    }
}
