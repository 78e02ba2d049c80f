//! Finding the glossary's terms in a document's text: mentions, as ranges beside it.
//!
//! Pure: a [`Matcher`] is made once from the glossary, and [`annotate`] never changes the
//! document. Rules: design section 6. A leaf's text is searched between its barriers
//! (`markup`, `addresses`) for folded forms (`forms`, `fold`, `gate`, `matcher`) that are whole words
//! (`boundary`); of those, the leftmost-longest are mentions (`select`, `scope`), and some of
//! these are shown (`density`). Headings, code and footnote definitions have none.

mod addresses;
mod boundary;
mod density;
mod fold;
mod forms;
mod gate;
mod markup;
mod matcher;
mod scope;
mod select;

use serde::{Deserialize, Serialize};

use crate::document::{BlockIndex, Document, Item, Leaf, Node, TextRange};
use crate::glossary::{MarkRule, TermIndex};

use boundary::Words;
use density::Density;
use markup::Markup;
use matcher::Found;
use scope::Place;
use select::Chosen;

pub use matcher::Matcher;
pub use scope::Context;
pub use select::Undecided;

/// One place where a term is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Which term.
    pub term: TermIndex,
    /// Where in [`Document::text`].
    pub range: TextRange,
    /// In which block.
    pub block: BlockIndex,
    /// Whether the page shows it as a link.
    pub shown: bool,
    /// Whether it is not shown at first, and is for readers who ask to see all. Neither this nor
    /// `shown`: it is counted and nothing more.
    pub quiet: bool,
}

/// What the page and the site say about showing mentions.
#[derive(Clone, Debug, Default)]
pub struct MarkPolicy {
    /// The site's rule, or the page's.
    pub rule: MarkRule,
    /// Terms that this page or the site does not show; they are still counted.
    pub off: Vec<TermIndex>,
}

/// What was found in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// Sorted, none overlapping, each inside one leaf.
    pub mentions: Vec<Mention>,
    /// Forms of several terms that scope does not tell apart; none of them is a mention.
    pub undecided: Vec<Undecided>,
    /// Where in the text a backslash before a form says that it is no mention here (`\RAG`);
    /// sorted. A reader should not see it: [`crate::parse::Context::opted_out`].
    pub opted_out: Vec<u32>,
}

/// All mentions in a document, sorted, none overlapping, each inside one leaf.
pub fn annotate(document: &Document, matcher: &Matcher, policy: &MarkPolicy) -> Vec<Mention> {
    annotate_in(document, matcher, policy, &Context::of(document)).mentions
}

/// The same with what the site knows of the document, and with what was left undecided.
pub fn annotate_in(
    document: &Document,
    matcher: &Matcher,
    policy: &MarkPolicy,
    context: &Context,
) -> Annotation {
    let mut pass = Pass {
        document,
        matcher,
        density: Density::new(policy, &document.text, matcher.terms.len()),
        place: Place { context, speaker: None },
        markup: Markup::default(),
        found: Found::default(),
        chosen: Chosen::default(),
        mentions: Vec::new(),
    };
    for item in &document.items {
        let blocks = match item {
            Item::Heading(_) => {
                pass.density.section();
                continue;
            }
            Item::Turn(turn) => {
                pass.place.speaker = turn.speaker;
                &turn.blocks
            }
            Item::Prose(blocks) => {
                pass.place.speaker = None;
                blocks
            }
        };
        pass.density.turn();
        blocks.clone().for_each(|block| pass.block(block));
    }
    let mut opted_out = pass.found.opted_out;
    opted_out.dedup();
    Annotation { mentions: pass.mentions, undecided: pass.chosen.undecided, opted_out }
}

/// One walk through a document, with buffers that serve leaf after leaf.
struct Pass<'a> {
    document: &'a Document,
    matcher: &'a Matcher,
    density: Density<'a>,
    place: Place<'a>,
    markup: Markup,
    found: Found,
    chosen: Chosen,
    mentions: Vec<Mention>,
}

impl Pass<'_> {
    fn block(&mut self, index: BlockIndex) {
        let block = &self.document.blocks[index as usize];
        match &block.node {
            Node::Paragraph(leaf) => self.leaf(*leaf, index),
            _ => {
                for leaf in self.document.prose_leaves(block) {
                    self.leaf(leaf, index);
                }
            }
        }
    }

    fn leaf(&mut self, leaf: Leaf, block: BlockIndex) {
        self.markup.read(self.document, self.matcher, leaf);
        self.found.candidates.clear();
        self.found.addresses.clear();
        let text = &self.document.text;
        let known = matcher::Leaf {
            text,
            words: Words::new(text, leaf.range(), &self.markup.forced),
            seams: markup::seams_in(self.document, leaf),
            escaped: &self.markup.escaped,
        };
        for stretch in &self.markup.stretches {
            self.matcher.search(&known, stretch.clone(), &mut self.found);
        }
        self.chosen.mentions.clear();
        self.chosen.choose(self.matcher, &self.place, &mut self.found);
        self.add(block);
    }

    /// Merges what was chosen in a leaf with its explicit mentions, in reading order.
    fn add(&mut self, block: BlockIndex) {
        let mut explicit = self.markup.explicit.iter().copied().peekable();
        let mut chosen = self.chosen.mentions.iter().copied().peekable();
        loop {
            let wish = match (explicit.peek(), chosen.peek()) {
                (Some((one, _)), Some((other, _))) => one < other,
                (one, _) => one.is_some(),
            };
            let next = if wish { explicit.next() } else { chosen.next() };
            let Some((range, term)) = next else { break };
            let rule = self.matcher.terms[term as usize].mark;
            let shown = self.density.shows(term, rule, range.start, wish);
            let quiet = !shown && self.density.holds(term, rule);
            self.mentions.push(Mention { term, range, block, shown, quiet });
        }
    }
}
