//! Who a label means: the people of `speakers.yaml`, those that front matter names, and
//! everyone else by the label itself.

use std::collections::{HashMap, HashSet};

use super::{PageIndex, PersonIndex, SitePerson};
use crate::config::{FrontMatter, Person};
use crate::document::Document;
use crate::glossary::Localized;
use crate::parse::speaker_key;
use crate::paths::slug;

/// The people of a site, while they are collected.
pub(super) struct People {
    people: Vec<SitePerson>,
    by_label: HashMap<String, PersonIndex>,
    ids: HashSet<String>,
}

impl People {
    /// The people of `speakers.yaml`.
    pub fn new(known: &[Person]) -> Self {
        let mut people = Self {
            people: Vec::new(),
            by_label: HashMap::new(),
            ids: HashSet::from(["index".to_owned()]),
        };
        for person in known {
            let index = people.add(&person.id, person.name.clone());
            let entry = &mut people.people[index as usize];
            entry.aliases.clone_from(&person.aliases);
            entry.role.clone_from(&person.role);
            entry.url.clone_from(&person.url);
            let names =
                person.name.by_language.iter().map(|(_, name)| name).chain(&person.name.any);
            let labels: Vec<String> = names
                .chain(&person.aliases)
                .chain([&person.id])
                .map(|label| speaker_key(label))
                .collect();
            for label in labels {
                people.by_label.entry(label).or_insert(index);
            }
        }
        people
    }

    fn add(&mut self, id: &str, name: Localized) -> PersonIndex {
        let mut unique = id.to_owned();
        let mut count = 1;
        while !self.ids.insert(crate::paths::collision_key(&unique)) {
            count += 1;
            unique = format!("{id}-{count}");
        }
        let path = format!("speakers/{}.html", crate::paths::clean(&unique));
        let person = SitePerson {
            id: unique,
            path,
            name,
            aliases: Vec::new(),
            role: None,
            url: None,
            pages: Vec::new(),
        };
        self.people.push(person);
        (self.people.len() - 1) as PersonIndex
    }

    /// Who a label of a document means: `speakers.yaml` first, then the document's own front
    /// matter, then whoever has this label elsewhere.
    fn find(&mut self, label: &str, front: &FrontMatter) -> PersonIndex {
        let key = speaker_key(label);
        if let Some(index) = self.by_label.get(&key) {
            return *index;
        }
        let named = front
            .people
            .iter()
            .find(|person| person.aliases.iter().any(|alias| speaker_key(alias) == key))
            .map(|person| person.name.clone());
        let name = named.unwrap_or_else(|| label.to_owned());
        let name_key = speaker_key(&name);
        let index = match self.by_label.get(&name_key) {
            Some(index) => *index,
            None => self.add(&slug::id(&name), Localized::all(&name)),
        };
        self.by_label.insert(name_key, index);
        if self.by_label.insert(key, index).is_none() && name != label {
            self.people[index as usize].aliases.push(label.to_owned());
        }
        index
    }

    /// The people of a document's speakers, and what front matter says of them.
    pub fn cast(&mut self, page: PageIndex, document: &Document) -> Vec<PersonIndex> {
        let cast: Vec<PersonIndex> = document
            .speakers
            .iter()
            .map(|speaker| self.find(&speaker.label, &document.front))
            .collect();
        for (speaker, person) in document.speakers.iter().zip(&cast) {
            let entry = &mut self.people[*person as usize];
            match entry.pages.last_mut() {
                Some((last, turns)) if *last == page => *turns += speaker.turns,
                _ => entry.pages.push((page, speaker.turns)),
            }
            let key = speaker_key(&speaker.label);
            let named = |name: &String| speaker_key(name) == key;
            let role = document
                .front
                .people
                .iter()
                .find(|said| named(&said.name) || said.aliases.iter().any(named))
                .map(|said| said.role.clone())
                .filter(|role| role != "speaker" && role != "author");
            entry.role = entry.role.take().or(role);
        }
        cast
    }

    /// Everyone, in order of first appearance.
    pub fn finish(self) -> Vec<SitePerson> {
        self.people
    }
}
