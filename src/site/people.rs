//! Who a label means: the people of `speakers.yaml`, those that front matter names, and
//! everyone else by the label itself.
//!
//! A label is understood by what is certain, in this order: `speakers.yaml` and front matter
//! name it; front matter has one person for the role that it names; it is the initials or the
//! first name of one known person. Where two people fit, nobody is chosen. What is only similar
//! is suggested to the editor, and never joined. Which labels speak at all is `parse`'s to say.

mod scope;
mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::names::{self, Candidate};
use super::{Identified, PageIndex, PersonIndex, SitePerson, Summary, UnknownLabel, Voiced};
use crate::config::Person;
use crate::diagnostics::Diagnostic;
use crate::document::SpeakerIndex;
use crate::glossary::Localized;
use crate::parse::{people_of, speaker_key, together};
use crate::paths::slug;

use scope::{Said, Scope};
use told::{ambiguous, unknown_label};

/// The people of a site, while they are collected.
pub(super) struct People {
    people: Vec<SitePerson>,
    /// By person: everything they are called, as keys.
    called: Vec<Vec<String>>,
    /// How many of them `speakers.yaml` names; they come first.
    declared: usize,
    /// By label: whom `speakers.yaml` calls so.
    claims: HashMap<String, Vec<PersonIndex>>,
    /// By name: everyone else.
    by_name: HashMap<String, PersonIndex>,
    /// By label: those that stand for whoever speaks.
    stand_ins: HashMap<String, PersonIndex>,
    /// By label: those of several people who are all known.
    joints: HashMap<String, PersonIndex>,
    by_initials: HashMap<String, BTreeSet<PersonIndex>>,
    by_first_name: HashMap<String, BTreeSet<PersonIndex>>,
    ids: HashSet<String>,
    candidates: Vec<Candidate>,
    unknown: HashMap<String, UnknownLabel>,
    diagnostics: Vec<Diagnostic>,
}

/// Who a document's labels mean: see [`super::Page`].
pub(super) struct Cast {
    pub speakers: Vec<PersonIndex>,
    pub together: Vec<(SpeakerIndex, Vec<PersonIndex>)>,
    pub identified: Vec<Identified>,
}

/// Everyone, and what was noticed.
pub(super) struct Finished {
    pub people: Vec<SitePerson>,
    pub unknown: Vec<UnknownLabel>,
    pub diagnostics: Vec<Diagnostic>,
}

impl People {
    /// The people of `speakers.yaml`.
    pub fn new(known: &[Person]) -> Self {
        let mut people = Self {
            people: Vec::new(),
            called: Vec::new(),
            declared: known.len(),
            claims: HashMap::new(),
            by_name: HashMap::new(),
            stand_ins: HashMap::new(),
            joints: HashMap::new(),
            by_initials: HashMap::new(),
            by_first_name: HashMap::new(),
            ids: HashSet::from(["index".to_owned()]),
            candidates: Vec::new(),
            unknown: HashMap::new(),
            diagnostics: Vec::new(),
        };
        for person in known {
            people.declare(person);
        }
        people
    }

    fn declare(&mut self, person: &Person) {
        let index = self.add(&person.id, person.name.clone());
        let entry = &mut self.people[index as usize];
        entry.aliases.clone_from(&person.aliases);
        entry.role.clone_from(&person.role);
        entry.url.clone_from(&person.url);
        entry.declared = Some((person.source.clone(), person.span));
        let names = person.name.by_language.iter().map(|(_, name)| name).chain(&person.name.any);
        let names: Vec<&String> = names.chain(&person.aliases).collect();
        for name in &names {
            if let Some(initials) = names::initials(name) {
                self.by_initials.entry(initials).or_default().insert(index);
            }
            if let Some(first) = names::first_name(name) {
                self.by_first_name.entry(first).or_default().insert(index);
            }
            self.candidates.push(Candidate::new(name));
        }
        for label in names.into_iter().chain([&person.id]) {
            let key = speaker_key(label);
            self.called[index as usize].push(key.clone());
            let claims = self.claims.entry(key).or_default();
            if !claims.contains(&index) {
                claims.push(index);
            }
        }
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
            declared: None,
            pages: Vec::new(),
            stand_in: false,
            joint: false,
        };
        let names = person.name.by_language.iter().map(|(_, name)| name).chain(&person.name.any);
        let called = names.chain([&person.id]).map(|name| speaker_key(name));
        self.called.push(called.collect());
        self.people.push(person);
        (self.people.len() - 1) as PersonIndex
    }

    /// Whom `speakers.yaml` means by a label, if that is one person.
    fn claimed(&self, key: &str) -> Option<PersonIndex> {
        match self.claims.get(key)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Whom a front matter's entry means, among those who are there already.
    fn meant(&self, said: &Said<'_>) -> Option<PersonIndex> {
        let declared = said.keys.iter().find_map(|key| self.claimed(key));
        declared.or_else(|| self.by_name.get(&said.keys[0]).copied())
    }

    /// Whoever is called so, as a new person where nobody is.
    fn named(&mut self, name: &str) -> PersonIndex {
        let key = speaker_key(name);
        if let Some(index) = self.claimed(&key).or_else(|| self.by_name.get(&key).copied()) {
            return index;
        }
        let index = self.add(&slug::id(name), Localized::all(name));
        self.by_name.insert(key, index);
        index
    }

    fn of_front(&mut self, said: &Said<'_>) -> PersonIndex {
        self.meant(said).unwrap_or_else(|| self.named(&said.person.name))
    }

    /// Who a label of a document means, and how that is known.
    fn find(&mut self, label: &str, scope: &Scope<'_>) -> (PersonIndex, Identified) {
        let key = speaker_key(label);
        match self.claims.get(&key).map(Vec::as_slice) {
            Some([one]) => return (*one, Identified::SpeakersYaml),
            Some(several) => {
                let here: BTreeSet<PersonIndex> =
                    scope.front.iter().filter_map(|said| self.meant(said)).collect();
                let mut named = several.iter().filter(|index| here.contains(index));
                return match (named.next(), named.next()) {
                    (Some(one), None) => (*one, Identified::FrontMatter),
                    _ => (self.named(label), Identified::Ambiguous),
                };
            }
            None => {}
        }
        if let Some(said) = scope.named(&key) {
            return (self.of_front(said), Identified::FrontMatter);
        }
        if let Some(said) = names::role(&key).and_then(|role| scope.only(role)) {
            return (self.of_front(said), Identified::Role);
        }
        if let Some((name, _)) = names::with_initials(label) {
            return (self.named_in(name, scope), Identified::Name);
        }
        if let Some(found) = self.short(label, &key, scope) {
            return found;
        }
        if names::stands_in(&key, &scope.keys) {
            return (self.stand_in(label), Identified::StandIn);
        }
        if self.all_known(label, scope).is_some() {
            return (self.joint(label), Identified::Together);
        }
        (self.named(label), Identified::Label)
    }

    fn joint(&mut self, label: &str) -> PersonIndex {
        if let Some(index) = self.joints.get(label) {
            return *index;
        }
        let index = self.add(&slug::id(label), Localized::all(label));
        self.people[index as usize].joint = true;
        self.joints.insert(label.to_owned(), index);
        index
    }

    fn stand_in(&mut self, label: &str) -> PersonIndex {
        if let Some(index) = self.stand_ins.get(label) {
            return *index;
        }
        let index = self.add(&slug::id(label), Localized::all(label));
        self.people[index as usize].stand_in = true;
        self.stand_ins.insert(label.to_owned(), index);
        index
    }

    /// The names in a label of several people, each of whom is known by a name of theirs or speaks
    /// in the document under that name alone.
    fn all_known<'a>(&self, label: &'a str, scope: &Scope<'_>) -> Option<Vec<&'a str>> {
        together(label, |part| {
            let key = speaker_key(part);
            self.claims.contains_key(&key)
                || scope.named(&key).is_some()
                || scope.keys.contains(&key)
        })
    }

    fn named_in(&mut self, name: &str, scope: &Scope<'_>) -> PersonIndex {
        match scope.named(&speaker_key(name)) {
            Some(said) => self.of_front(said),
            None => self.named(name),
        }
    }

    /// The one known person whose initials or first name a label is: one of the document's,
    /// else one of `speakers.yaml`. Another speaker of the document who might be called so
    /// leaves it open.
    fn short(
        &mut self,
        label: &str,
        key: &str,
        scope: &Scope<'_>,
    ) -> Option<(PersonIndex, Identified)> {
        let (calls, known, how): (fn(&str) -> Option<String>, _, _) =
            match names::is_initials(label) {
                Some(letters) => {
                    let known = self.by_initials.get(&letters).cloned();
                    (names::initials, (letters, known), Identified::Initials)
                }
                None => {
                    let known = self.by_first_name.get(key).cloned();
                    (names::first_name, (key.to_owned(), known), Identified::FirstName)
                }
            };
        let (wanted, known) = known;
        let mut here = BTreeSet::new();
        for name in scope.names().filter(|name| calls(name).as_ref() == Some(&wanted)) {
            here.insert(self.named_in(name, scope));
        }
        if here.is_empty() {
            here = known.unwrap_or_default();
        }
        let only = here.pop_first().filter(|_| here.is_empty())?;
        let other = |label: &&str| calls(label).as_ref() == Some(&wanted);
        let rivals = scope.labels.iter().copied().filter(other);
        let same = rivals.into_iter().all(|rival| self.is_called(only, rival));
        same.then_some((only, how))
    }

    /// Whether a label is one of a person's, or a slip for the name: that is no rival.
    fn is_called(&self, person: PersonIndex, label: &str) -> bool {
        let key = speaker_key(label);
        let name = &self.people[person as usize].name;
        let names = name.any.iter().chain(name.by_language.iter().map(|(_, name)| name));
        let names: Vec<Candidate> = names.map(|name| Candidate::new(name)).collect();
        if names::nearest(label, &names).is_some() {
            return true;
        }
        self.claims.get(&key).is_some_and(|claims| claims.contains(&person))
            || self.by_name.get(&key) == Some(&person)
    }

    /// The people of a document's speakers, how each is known, and what front matter says of
    /// them.
    pub fn cast(&mut self, page: PageIndex, document: &Summary) -> Cast {
        let scope = Scope::of(document);
        let cast: Vec<(PersonIndex, Identified)> =
            document.speakers.iter().map(|speaker| self.find(&speaker.label, &scope)).collect();
        let mut together = Vec::new();
        for (at, (person, how)) in cast.iter().enumerate() {
            let speaker = &document.speakers[at];
            if *how == Identified::StandIn {
                self.unknown(document, speaker, true);
                continue;
            }
            if *how == Identified::Together {
                let each = self.each(&speaker.label, &scope);
                for person in &each {
                    self.counts(page, *person, speaker.turns);
                }
                together.push((at as SpeakerIndex, each));
                continue;
            }
            self.speaks(page, *person, (&speaker.label, &scope.keys[at]), speaker.turns);
            if self.people[*person as usize].role.is_none() {
                let said = scope.front.iter().find(|said| self.meant(said) == Some(*person));
                let role = said.map(|said| &said.person.role);
                let role = role.filter(|role| *role != "speaker" && *role != "author");
                self.people[*person as usize].role = role.cloned();
            }
            match how {
                Identified::Label => self.unknown(document, speaker, false),
                Identified::Ambiguous => self.tell_ambiguous(document, speaker),
                _ => {}
            }
        }
        let (speakers, identified) = cast.into_iter().unzip();
        Cast { speakers, together, identified }
    }

    /// Everyone whom a label of several people names, each of them once.
    fn each(&mut self, label: &str, scope: &Scope<'_>) -> Vec<PersonIndex> {
        let mut each: Vec<PersonIndex> = Vec::new();
        for part in self.all_known(label, scope).unwrap_or_default() {
            let (person, _) = self.find(part, scope);
            if !each.contains(&person) {
                each.push(person);
            }
        }
        each
    }

    fn counts(&mut self, page: PageIndex, person: PersonIndex, turns: u32) {
        let person = &mut self.people[person as usize];
        if person.stand_in {
            return;
        }
        let pages = &mut person.pages;
        match pages.last_mut() {
            Some((last, count)) if *last == page => *count += turns,
            _ => pages.push((page, turns)),
        }
    }

    /// Counts turns under a label, which comes with its key.
    fn speaks(
        &mut self,
        page: PageIndex,
        person: PersonIndex,
        (label, key): (&str, &String),
        turns: u32,
    ) {
        self.counts(page, person, turns);
        let called = &mut self.called[person as usize];
        if !called.contains(key) {
            called.push(key.clone());
            self.people[person as usize].aliases.push(label.to_owned());
        }
    }

    /// Counts a label that nobody declares.
    fn unknown(&mut self, document: &Summary, speaker: &Voiced, stand_in: bool) {
        let Voiced { label, turns, first: span } = speaker;
        let said = &document.front.people;
        let near = || {
            let here: Vec<Candidate> = said.iter().map(|said| Candidate::new(&said.name)).collect();
            names::nearest(label, &here).map(str::to_owned)
        };
        let entry = self.unknown.entry(speaker_key(label)).or_insert_with(|| UnknownLabel {
            label: label.clone(),
            turns: 0,
            pages: 0,
            source: document.source.clone(),
            span: *span,
            near: None,
            stand_in,
        });
        entry.turns += turns;
        entry.pages += 1;
        if document.source.path() < entry.source.path() {
            (entry.source, entry.span) = (document.source.clone(), *span);
        }
        entry.near = entry.near.take().or_else(near);
    }

    fn tell_ambiguous(&mut self, document: &Summary, speaker: &Voiced) {
        let Voiced { label, first, .. } = speaker;
        let claims = &self.claims[&speaker_key(label)];
        let ids: Vec<&str> =
            claims.iter().map(|index| self.people[*index as usize].id.as_str()).collect();
        self.diagnostics.push(ambiguous(&document.source, *first, label, &ids));
    }

    /// By folded first name: those who are called so and have a name of several words.
    fn first_names(people: &[SitePerson]) -> HashMap<String, Vec<&str>> {
        let mut names: HashMap<String, Vec<&str>> = HashMap::new();
        for person in people.iter().filter(|person| person.is_listed()) {
            let all = person.name.by_language.iter().map(|(_, name)| name).chain(&person.name.any);
            let one = |name: &&String| people_of(name).nth(1).is_none();
            let firsts: BTreeMap<String, &str> = all
                .filter(one)
                .filter_map(|name| Some((names::first_name(name)?, name.as_str())))
                .collect();
            for (first, name) in firsts {
                names.entry(first).or_default().push(name);
            }
        }
        names
    }

    /// Everyone, in order of first appearance, and the labels that nobody declares: told when
    /// the site has declared people, or when they are near to a name in their own front matter,
    /// or the first name of one person of the site.
    pub fn finish(mut self) -> Finished {
        let first_names = Self::first_names(&self.people);
        for one in self.unknown.values_mut().filter(|one| one.near.is_none()) {
            if let Some([only]) = first_names.get(&speaker_key(&one.label)).map(Vec::as_slice) {
                one.near = Some((*only).to_owned());
            }
        }
        let mut unknown: Vec<UnknownLabel> = self.unknown.into_values().collect();
        if self.declared == 0 {
            unknown.retain(|one| one.near.is_some());
        }
        for one in &mut unknown {
            let near = || names::nearest(&one.label, &self.candidates).map(str::to_owned);
            one.near = one.near.take().or_else(near);
        }
        unknown.sort_by(|a, b| b.turns.cmp(&a.turns).then_with(|| a.label.cmp(&b.label)));
        self.diagnostics.extend(unknown.iter().map(unknown_label));
        Finished { people: self.people, unknown, diagnostics: self.diagnostics }
    }
}
