//! What transcripts say of words that the glossary lacks: candidates for it, ranked.
//!
//! Pure, and one document at a time: [`harvest`] reads one, [`Harvest::add`] puts the next
//! one's behind it, [`candidates`] ranks what all of them say. A gloss is what a text says of a
//! word in parentheses right behind it (`gloss`, with the word from `head` and the parentheses'
//! inside from `inside`); capital words that nobody explains are found by `capitals`. Nothing
//! enters the glossary by itself (design, section 6): `entry` writes candidates as entries that
//! an editor can take over.

mod capitals;
mod differ;
mod entry;
mod gloss;
mod head;
mod inside;
mod rank;
mod scripts;

use std::collections::BTreeMap;

use crate::annotate::Mention;
use crate::document::{Document, Item, TextRange};
use crate::source::{Source, Span};

pub use differ::differing;
pub use entry::{entries, missing};
pub use rank::{Candidate, candidates, count, glossary as glossary_of, known};

/// How much of a text a quote shows on either side of what it is about, in characters.
const AROUND: usize = 24;

/// A place in a transcript.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The file.
    pub source: Source,
    /// The bytes of the file that it is about.
    pub span: Span,
    /// The id of the turn, or of the block where nobody speaks; may be empty.
    pub turn: String,
    /// The words there, with some around them, on one line.
    pub quote: String,
}

/// The four forms in which a text explains a word in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `FAIR（Meta 内部的 AI 研究部门）`: what it is.
    Explained,
    /// `**半精度浮点数**（FP16: 每位数字占用 2 字节）`: its other name and what it is.
    Both,
    /// `Retrieval-augmented generation (RAG)`, `RAG (retrieval-augmented generation)`.
    Abbreviated,
    /// `仿真（simulation）`: its name in another language, or another name.
    Translated,
}

impl Kind {
    /// One word for it, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::Both => "translated and explained",
            Self::Abbreviated => "abbreviated",
            Self::Translated => "translated",
        }
    }
}

/// What a text says of a word.
#[derive(Clone, Debug)]
pub struct Gloss {
    /// In which form.
    pub kind: Kind,
    /// The word.
    pub term: String,
    /// Its other names, each with its language.
    pub names: Vec<(&'static str, String)>,
    /// What it is, with the language of the explanation.
    pub explanation: Option<(&'static str, String)>,
    /// Where.
    pub spot: Spot,
}

/// A capital word, and how often it was met outside of mentions.
#[derive(Clone, Debug)]
pub struct Capital {
    /// How it looks.
    pub shape: Shape,
    /// How often.
    pub count: usize,
    /// In how many transcripts.
    pub transcripts: usize,
    /// Where first.
    pub first: Spot,
}

/// What makes a word look like a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// `RAG`, `H100`, `GPT-4`.
    Capitals,
    /// `PyTorch`.
    Mixed,
    /// `AI Studio` in Chinese text.
    Phrase,
    /// `Llama` in Chinese text.
    Foreign,
}

/// What one or more documents say.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    /// In the order in which they were read.
    pub glosses: Vec<Gloss>,
    /// By the word.
    pub capitals: BTreeMap<String, Capital>,
    /// How many documents.
    pub transcripts: usize,
}

impl Harvest {
    /// Puts what the next document says behind what was said before.
    pub fn add(&mut self, other: Self) {
        self.glosses.extend(other.glosses);
        self.transcripts += other.transcripts;
        for (word, next) in other.capitals {
            match self.capitals.get_mut(&word) {
                None => {
                    self.capitals.insert(word, next);
                }
                Some(known) => {
                    known.count += next.count;
                    known.transcripts += next.transcripts;
                }
            }
        }
    }
}

/// What a document says of its words. `mentions` are the terms that the glossary has already:
/// capital words within them are no news.
pub fn harvest(document: &Document, mentions: &[Mention]) -> Harvest {
    let mut harvest = Harvest { transcripts: 1, ..Harvest::default() };
    read(document, |reading| {
        gloss::find(reading, &mut harvest.glosses);
        capitals::find(reading, mentions, &mut harvest.capitals);
    });
    harvest
}

/// Only what a document explains, and none of its capital words.
pub fn glosses(document: &Document) -> Harvest {
    let mut harvest = Harvest { transcripts: 1, ..Harvest::default() };
    read(document, |reading| gloss::find(reading, &mut harvest.glosses));
    harvest
}

/// Asks of each stretch of text in reading order.
fn read(document: &Document, mut ask: impl FnMut(&Reading<'_>)) {
    let names = scripts::Names::of(document);
    for item in &document.items {
        let (turn, blocks) = match item {
            Item::Heading(_) => continue,
            Item::Turn(turn) => (turn.id.as_str(), &turn.blocks),
            Item::Prose(blocks) => ("", blocks),
        };
        for block in document.blocks_of(blocks) {
            let id = if turn.is_empty() { &block.id } else { turn };
            for leaf in document.prose_leaves(block) {
                ask(&Reading { document, leaf, id, names: &names });
            }
        }
    }
}

/// A leaf, and what is known of its place.
#[derive(Clone, Copy)]
struct Reading<'d> {
    document: &'d Document,
    leaf: TextRange,
    id: &'d str,
    names: &'d scripts::Names,
}

impl<'d> Reading<'d> {
    fn text(&self) -> &'d str {
        self.document.slice(self.leaf)
    }

    /// The place of a range of the leaf's text, in bytes.
    fn spot(&self, range: std::ops::Range<usize>) -> Spot {
        let text = self.text();
        let base = self.leaf.start;
        let start = self.document.source_offset(base + range.start as u32);
        let last = range.end.saturating_sub(1).max(range.start);
        let end = self.document.source_offset(base + last as u32) + 1;
        let source = self.document.source.clone();
        let from = text[..range.start].char_indices().rev().nth(AROUND).map(|(at, _)| at);
        let to = text[range.end..].char_indices().nth(AROUND).map(|(at, _)| range.end + at);
        let words: Vec<&str> =
            text[from.unwrap_or(0)..to.unwrap_or(text.len())].split_whitespace().collect();
        let lead = if from.is_some() { "…" } else { "" };
        let trail = if to.is_some() { "…" } else { "" };
        let quote = format!("{lead}{}{trail}", words.join(" "));
        Spot { source, span: Span::new(start, end.max(start)), turn: self.id.to_owned(), quote }
    }

    /// Whether a range of the leaf's text meets code or a link.
    fn is_barred(&self, range: &std::ops::Range<usize>) -> bool {
        use crate::document::MarkKind;
        let start = self.leaf.start + range.start as u32;
        let end = self.leaf.start + range.end as u32;
        self.document.marks_in(self.leaf).iter().any(|mark| {
            matches!(mark.kind, MarkKind::Code | MarkKind::Link(_))
                && mark.range.start < end
                && start < mark.range.end
        })
    }
}
