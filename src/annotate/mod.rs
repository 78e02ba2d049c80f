//! Finding the glossary's terms in a document's text: mentions, as ranges beside it.
//!
//! Pure: a [`Matcher`] is made once from the glossary, and [`annotate`] never changes the
//! document. Rules: design section 6.

use crate::document::{BlockIndex, Document, TextRange};
use crate::glossary::{Glossary, MarkRule, TermIndex};

/// One place where a term is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Which term.
    pub term: TermIndex,
    /// Where in [`Document::text`].
    pub range: TextRange,
    /// In which block.
    pub block: BlockIndex,
    /// Whether the page shows it as a link.
    pub shown: bool,
}

/// The glossary's forms, ready to be searched for.
#[derive(Debug)]
pub struct Matcher {}

/// What the page and the site say about showing mentions.
#[derive(Clone, Debug, Default)]
pub struct MarkPolicy {
    /// The site's rule, or the page's.
    pub rule: MarkRule,
    /// Terms that this page or the site does not show; they are still counted.
    pub off: Vec<TermIndex>,
}

impl Matcher {
    /// Prepares all forms of all terms.
    pub fn new(glossary: &Glossary) -> Self {
        let _ = glossary;
        Self {}
    }
}

/// All mentions in a document, sorted, none overlapping, each inside one leaf.
pub fn annotate(document: &Document, matcher: &Matcher, policy: &MarkPolicy) -> Vec<Mention> {
    let _ = (document, matcher, policy);
    Vec::new()
}
