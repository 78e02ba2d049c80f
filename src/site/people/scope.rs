//! What one document says of names: its front matter, and the labels of its turns.

use crate::config::PersonRef;
use crate::parse::speaker_key;
use crate::site::{Summary, names};

/// What one document says of names.
pub(super) struct Scope<'a> {
    pub front: Vec<Said<'a>>,
    pub labels: Vec<&'a str>,
    /// The labels' keys.
    pub keys: Vec<String>,
}

/// Someone whom front matter names.
pub(super) struct Said<'a> {
    pub person: &'a PersonRef,
    /// Of the name first, then of the aliases.
    pub keys: Vec<String>,
}

impl<'a> Scope<'a> {
    pub fn of(document: &'a Summary) -> Self {
        let labels: Vec<&str> =
            document.speakers.iter().map(|speaker| speaker.label.as_str()).collect();
        let keys = labels.iter().map(|label| speaker_key(label)).collect();
        let said = |person: &'a PersonRef| {
            let names = std::iter::once(&person.name).chain(&person.aliases);
            Said { person, keys: names.map(|name| speaker_key(name)).collect() }
        };
        Self { front: document.front.people.iter().map(said).collect(), labels, keys }
    }

    /// The person of front matter who has this name or alias.
    pub fn named(&self, key: &str) -> Option<&Said<'a>> {
        self.front.iter().find(|said| said.keys.iter().any(|own| own == key))
    }

    /// The only person of front matter with this role.
    pub fn only(&self, role: &str) -> Option<&Said<'a>> {
        let mut having = self.front.iter().filter(|said| said.person.role == role);
        having.next().filter(|_| having.next().is_none())
    }

    /// Names that the document vouches for: its front matter's, and those that a label spells
    /// out beside their initials.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        let front = self.front.iter().map(|said| said.person).filter(|said| said.role != "author");
        let spelt = self.labels.iter().filter_map(|label| Some(names::with_initials(label)?.0));
        front.map(|said| said.name.as_str()).chain(spelt)
    }
}
