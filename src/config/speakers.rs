//! `speakers.yaml`: the people of a site.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Severity};
use crate::glossary::Localized;
use crate::glossary::decode::{localized, warn_of_address};
use crate::paths::slug;
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Node, Text, Value};

/// Someone the site knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Lasting id; the page is `speakers/<id>.html`.
    pub id: String,
    /// The name, by language.
    pub name: Localized,
    /// Other labels that mean this person.
    pub aliases: Vec<String>,
    /// `host`, `guest`, … as written.
    pub role: Option<String>,
    /// The person's own page.
    pub url: Option<String>,
    /// The file it stands in.
    pub source: Source,
    /// The entry's `id` (or name) in that file.
    pub span: Span,
}

const KEYS: [&str; 5] = ["id", "name", "aliases", "role", "url"];

impl Person {
    /// Everything that means this person: the name in each language, aliases, the id.
    pub fn labels(&self) -> impl Iterator<Item = &String> {
        let names = self.name.by_language.iter().map(|(_, name)| name).chain(&self.name.any);
        names.chain(&self.aliases).chain([&self.id])
    }
}

/// Reads `speakers.yaml`. Keys are checked.
pub fn read(source: &Source) -> (Vec<Person>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(source, Span::new(0, source.text().len()));
    let mut decoder = Decoder::new(source, Severity::Error);
    let mut people = Vec::new();
    match root {
        None => {}
        Some(Node { value: Value::List(items), .. }) => {
            people.extend(items.iter().filter_map(|item| person(&mut decoder, item)));
        }
        Some(root) => diagnostics.push(no_list(source, root.span)),
    }
    diagnostics.append(&mut decoder.finish());
    let people = without_duplicates(people, &mut diagnostics);
    claimed_twice(&people, &mut diagnostics);
    (people, diagnostics)
}

fn person(decoder: &mut Decoder<'_>, node: &Node) -> Option<Person> {
    let Value::Map(keys) = &node.value else {
        let diagnostic = no_entry(decoder.source(), node.span);
        decoder.push(diagnostic);
        return None;
    };
    let mut id = None;
    let mut name_span = None;
    let mut person = Person {
        id: String::new(),
        name: Localized::default(),
        aliases: Vec::new(),
        role: None,
        url: None,
        source: decoder.source().clone(),
        span: node.span,
    };
    for entry in keys {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "id" => id = decoder.line(key, value),
            "name" => {
                person.name = localized(decoder, key, value);
                name_span = Some(value.span);
            }
            "aliases" => {
                let aliases = decoder.list(key, value).into_iter();
                person.aliases = aliases.map(|alias| alias.value).collect();
            }
            "role" => person.role = decoder.line(key, value).map(|text| text.value),
            "url" => {
                let url = decoder.line(key, value);
                url.iter().for_each(|text| warn_of_address(decoder, key, text));
                person.url = url.map(|text| text.value);
            }
            _ => decoder.unknown_key(entry, &KEYS, "an entry of speakers.yaml"),
        }
    }
    complete(person, id, name_span.unwrap_or(node.span), decoder)
}

/// A person has an id, from the name where it is left out, and a name, from the id.
fn complete(
    mut person: Person,
    id: Option<Text>,
    name_span: Span,
    decoder: &mut Decoder<'_>,
) -> Option<Person> {
    match (id, person.name.get("").map(str::to_owned)) {
        (Some(id), name) => {
            if name.is_none() {
                person.name = Localized::all(id.value.clone());
            }
            person.id = slug::id(&id.value);
            person.span = id.span;
        }
        (None, Some(name)) => {
            person.id = slug::id(&name);
            person.span = name_span;
        }
        (None, None) => {
            let diagnostic = nameless(decoder.source(), person.span);
            decoder.push(diagnostic);
            return None;
        }
    }
    Some(person)
}

fn without_duplicates(people: Vec<Person>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Person> {
    let mut kept: Vec<Person> = Vec::with_capacity(people.len());
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(people.len());
    for person in people {
        // Ids become file names: two that differ in capitals only are one on some systems.
        match seen.get(&person.id.to_lowercase()) {
            Some(at) => diagnostics.push(duplicate_id(&person, &kept[*at])),
            None => {
                seen.insert(person.id.to_lowercase(), kept.len());
                kept.push(person);
            }
        }
    }
    kept
}

/// Two people with one label: which of them speaks cannot be told.
fn claimed_twice(people: &[Person], diagnostics: &mut Vec<Diagnostic>) {
    let mut labels: HashMap<&str, &Person> = HashMap::new();
    for person in people {
        let names =
            person.name.any.iter().chain(person.name.by_language.iter().map(|(_, name)| name));
        for label in names.chain(&person.aliases) {
            let first = *labels.entry(label).or_insert(person);
            if first.id != person.id {
                diagnostics.push(ambiguous_label(person, first, label));
            }
        }
    }
}

fn no_list(source: &Source, span: Span) -> Diagnostic {
    let span = Span { start: span.start, end: span.start };
    let message = "speakers.yaml is a list of people, and this is none";
    Diagnostic::error("speakers/no-list", source, span, message)
        .hint("start each person with `- id: host`, their other keys indented by two spaces below")
}

fn no_entry(source: &Source, span: Span) -> Diagnostic {
    let message = "an entry of speakers.yaml should have keys";
    Diagnostic::error("speakers/no-entry", source, span, message)
        .hint("write `- id: host`, the other keys indented by two spaces below")
}

fn nameless(source: &Source, span: Span) -> Diagnostic {
    let line = source.slice(span).lines().next().unwrap_or("");
    let span = Span::new(span.start as usize, span.start as usize + line.len());
    let message = "this entry has neither `id` nor `name`";
    Diagnostic::error("speakers/nameless", source, span, message)
        .hint("add `id: host`, which names the page, and `name: Host`")
}

fn duplicate_id(person: &Person, first: &Person) -> Diagnostic {
    let message = format!("two people have the id `{}`", first.id);
    Diagnostic::error("speakers/duplicate-id", &person.source, person.span, message)
        .label("second")
        .related(&first.source, first.span, "first")
        .hint("join the two entries, or give one of them another `id`")
}

fn ambiguous_label(person: &Person, first: &Person, label: &str) -> Diagnostic {
    let message = format!("both `{}` and `{}` are called `{label}`", first.id, person.id);
    Diagnostic::warning("speakers/ambiguous-label", &person.source, person.span, message)
        .label("claimed here")
        .related(&first.source, first.span, "and here")
        .hint("remove the name or alias from one of them")
}
