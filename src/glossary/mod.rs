//! The glossary as data: terms, the forms in which they are spoken, what they mean.
//!
//! Values only, made by [`read`] from `glossary.yaml` (or `glossary/*.yaml`), checked against
//! the format of the design, section 6. Finding terms in text is `annotate`'s.

mod cross;
pub(crate) mod decode;
mod read;

pub use read::read;

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span};

/// Index into [`Glossary::terms`].
pub type TermIndex = u32;

/// All terms of a site.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// In the order of the files, then of the entries.
    pub terms: Vec<Term>,
    /// By [`TermIndex`]: where each definition stands in its file, the headword where there is none.
    pub places: Vec<Span>,
}

/// A text that may differ by language: `definition: …` or `{zh: …, en: …}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// For every language that has no own text; none when only languages are named.
    pub any: Option<String>,
    /// By language tag as written, in the file's order.
    pub by_language: Vec<(String, String)>,
}

/// One term.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Lasting id, unique in the site: the anchor is `g-<id>`, the page `glossary/<id>.html`.
    pub id: String,
    /// The headword, as written.
    pub term: String,
    /// The long name, if any.
    pub name: Localized,
    /// Other forms.
    pub aliases: Vec<String>,
    /// Markdown.
    pub definition: Localized,
    /// As written (`2024-07`).
    pub as_of: Option<String>,
    /// Free text.
    pub category: Option<String>,
    /// Ids or headwords of other terms, as written.
    pub see: Vec<String>,
    /// Phrases in which the term does not count.
    pub not: Vec<String>,
    /// How capitals count.
    pub case: Case,
    /// Which mentions are shown; none where the site's rule holds.
    pub mark: Option<MarkRule>,
    /// Where the term holds, for terms with several senses.
    pub scope: Scope,
    /// URLs.
    pub sources: Vec<String>,
    /// Whether regular English plurals of capital forms count (`APIs`).
    pub plural: bool,
    /// The file it stands in.
    pub source: Source,
    /// The headword's place in that file.
    pub span: Span,
}

/// How capitals count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Case {
    /// A form with a capital matches exactly, an all-lower-case form in any case.
    #[default]
    Auto,
    /// Exactly.
    Exact,
    /// In any case.
    Fold,
}

/// Which mentions are shown as such; all are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MarkRule {
    /// The first in each section, and again after 2,000 characters.
    #[default]
    Near,
    /// The first in each section.
    Section,
    /// The first on the page.
    Page,
    /// The first in each turn.
    Turn,
    /// All.
    Every,
    /// None.
    Never,
}

/// Where a term holds; empty lists and no dates: everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Speakers' ids or labels.
    pub speakers: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Only in transcripts before this date (ISO).
    pub before: Option<String>,
    /// Only in transcripts from this date on (ISO).
    pub after: Option<String>,
}

impl Localized {
    /// The same text for every language.
    pub fn all(text: impl Into<String>) -> Self {
        Self { any: Some(text.into()), by_language: Vec::new() }
    }

    /// The text for a language: its own, else its main language's (`zh` for `zh-Hans`), else
    /// one whose main language is the same, else the one for all, else the first. None only when there is no text at all.
    pub fn get(&self, language: &str) -> Option<&str> {
        let main = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
        let exact = self.by_language.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(language));
        exact
            .or_else(|| self.by_language.iter().find(|(tag, _)| main(tag) == main(language)))
            .map(|(_, text)| text.as_str())
            .or(self.any.as_deref())
            .or_else(|| self.by_language.first().map(|(_, text)| text.as_str()))
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.any.is_none() && self.by_language.is_empty()
    }
}

impl Term {
    /// The path of its file below the content folder.
    pub fn content(&self) -> &str {
        let path = self.source.path();
        path.strip_prefix("content/").unwrap_or(path)
    }
}

impl Glossary {
    /// Terms that no file says.
    pub fn of(terms: Vec<Term>) -> Self {
        let places = terms.iter().map(|term| term.span).collect();
        Self { terms, places }
    }

    /// A term by id, headword or alias, as `see` and `term:` links name it.
    pub fn find(&self, name: &str) -> Option<TermIndex> {
        let by = |test: &dyn Fn(&Term) -> bool| {
            self.terms.iter().position(test).map(|at| at as TermIndex)
        };
        by(&|term| term.id == name)
            .or_else(|| by(&|term| term.term == name))
            .or_else(|| by(&|term| term.aliases.iter().any(|alias| alias == name)))
    }
}
