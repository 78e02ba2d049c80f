//! Where a term with several senses holds: by speaker, by tag, by date.

use crate::document::{Document, SpeakerIndex};
use crate::glossary::Scope;

/// What is known of a document besides its text, for terms that hold only somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// By [`SpeakerIndex`]: everything that the speaker is called, ids and labels alike.
    pub speakers: Vec<Vec<String>>,
    /// The document's tags.
    pub tags: Vec<String>,
    /// Its ISO date.
    pub date: Option<String>,
}

impl Context {
    /// What the document says itself: labels, and the names and aliases in its front matter.
    /// The site adds ids and the aliases of its list of people.
    pub fn of(document: &Document) -> Self {
        let names = |label: &String| {
            let mut names = vec![label.clone()];
            for person in &document.front.people {
                if person.name == *label || person.aliases.contains(label) {
                    names.push(person.name.clone());
                    names.extend(person.aliases.iter().cloned());
                }
            }
            names
        };
        Self {
            speakers: document.speakers.iter().map(|speaker| names(&speaker.label)).collect(),
            tags: document.front.tags.clone(),
            date: document.front.date.as_ref().map(|date| date.iso.clone()),
        }
    }
}

/// A place in a document: its context and who speaks there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'c> {
    pub context: &'c Context,
    pub speaker: Option<SpeakerIndex>,
}

impl Place<'_> {
    /// Whether everything that a scope asks for is so. What is not known is not so.
    pub fn is_in(&self, scope: &Scope) -> bool {
        let context = self.context;
        let names = self.speaker.and_then(|at| context.speakers.get(at as usize));
        let speaks = || names.is_some_and(|names| share(names, &scope.speakers));
        let date = context.date.as_deref();
        (scope.speakers.is_empty() || speaks())
            && (scope.tags.is_empty() || share(&context.tags, &scope.tags))
            && scope.before.as_deref().is_none_or(|limit| date.is_some_and(|date| date < limit))
            && scope.after.as_deref().is_none_or(|limit| date.is_some_and(|date| date >= limit))
    }
}

fn share(ours: &[String], theirs: &[String]) -> bool {
    ours.iter().any(|one| theirs.contains(one))
}
