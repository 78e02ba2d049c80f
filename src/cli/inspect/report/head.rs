//! What stands at a file's head: the front matter with what was made of each key, and what the
//! first paragraphs say.

use serde::Serialize;
use serde_json::Value as Json;

use super::Place;
use crate::config::{self, FrontMatter};
use crate::document::Document;
use crate::yaml;

/// A key of the front matter.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Key {
    pub key: String,
    #[serde(flatten)]
    pub place: Place,
    /// What it is understood as; null where it is kept for templates.
    pub meaning: Option<&'static str>,
    /// As written.
    pub value: Json,
    /// What was made of it, in words.
    pub understood: String,
}

/// What the first paragraphs say.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Head {
    pub cover: Option<String>,
    /// The recording that stands at the top by its address.
    pub recording: Option<String>,
    pub byline: Option<String>,
    pub account: Option<String>,
    /// The original's address, from the line below the title.
    pub original: Option<String>,
    pub credits: Vec<Credit>,
}

#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Credit {
    pub role: String,
    pub names: String,
}

pub(super) fn head(document: &Document) -> Head {
    let head = &document.head;
    let credit =
        |role: &str, names: &str| Credit { role: role.to_owned(), names: names.to_owned() };
    let front =
        document.front.credits.iter().map(|said| credit(&said.role, &said.names.join(", ")));
    let lines = head.credits.iter().map(|line| credit(&line.role, &line.names));
    Head {
        cover: head.cover.as_ref().map(|image| image.url.clone()),
        recording: head.recording.as_ref().map(|image| image.url.clone()),
        byline: head.byline.clone(),
        account: head.account.clone(),
        original: head.original.clone(),
        credits: front.chain(lines).collect(),
    }
}

/// The keys as they stand, with what was made of each.
pub(super) fn front_matter(document: &Document) -> Vec<Key> {
    let source = &document.source;
    let (split, _) = config::split(source);
    let root = split.yaml.and_then(|span| yaml::parse(source, span).0);
    let Some(yaml::Node { value: yaml::Value::Map(entries), .. }) = root else { return Vec::new() };
    let key = |entry: &yaml::Entry| {
        let known = config::meaning_of_key(&entry.key);
        let kept = document.front.extra.contains_key(&entry.key);
        let value = entry.value.to_json();
        let meaning = known.filter(|_| !kept).map(|known| match known {
            // A link names the original, any other text its publisher.
            "original"
                if document.front.original.as_ref().map(|it| it.span) != Some(entry.value.span) =>
            {
                "publisher"
            }
            known => known,
        });
        let understood = understood(&document.front, meaning, &value);
        Key {
            place: Place::at(source, entry.key_span.start as usize),
            key: entry.key.clone(),
            meaning,
            value,
            understood,
        }
    };
    entries.iter().map(key).collect()
}

/// What was made of a key's value, in words.
fn understood(front: &FrontMatter, meaning: Option<&str>, value: &Json) -> String {
    let date = |date: &Option<config::Date>| {
        date.as_ref().map_or("no date that can be read".to_owned(), |date| date.iso.clone())
    };
    match meaning {
        Some("date") => date(&front.date),
        Some("retrieved") => date(&front.retrieved),
        Some("updated") => date(&front.updated),
        Some("language") => front.language.clone().unwrap_or_default(),
        Some("speaker" | "host" | "guest") => {
            let names = words(value);
            let meant = front.people.iter().filter(|person| {
                std::iter::once(&person.name)
                    .chain(&person.aliases)
                    .any(|name| names.contains(name.as_str()))
            });
            meant.map(person).collect::<Vec<_>>().join(", ")
        }
        _ => words(value),
    }
}

fn person(said: &config::PersonRef) -> String {
    let mut more = Vec::new();
    if !matches!(said.role.as_str(), "speaker" | "host" | "guest") {
        more.push(said.role.clone());
    }
    more.extend(said.aliases.iter().map(|alias| format!("also {alias}")));
    if more.is_empty() { said.name.clone() } else { format!("{} ({})", said.name, more.join(", ")) }
}

/// A value of YAML as a person would say it.
fn words(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Json::Object(entries) => {
            let pairs = entries.iter().map(|(key, value)| match words(value) {
                value if value.is_empty() => key.clone(),
                value => format!("{key}: {value}"),
            });
            pairs.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
