//! The keys of front matter, with the aliases that real collections use; and a mapping's
//! entries, handed out field by field until only the author's own are left.
//!
//! Where several keys mean the same, the first of the list that has a value wins; the others
//! stay for templates.

use crate::diagnostics::{Diagnostic, nearest};
use crate::yaml::{Decoder, Entry, Node, Value};

pub(super) const TITLE: &[&str] = &["title", "titulo"];
pub(super) const DATE: &[&str] = &[
    "date",
    "published",
    "publish_date",
    "pub_date",
    "published_at",
    "fecha_publicacion",
    "created",
];
pub(super) const RETRIEVED: &[&str] = &["fetch_date", "fetched", "retrieved", "imported_at"];
pub(super) const UPDATED: &[&str] = &["updated"];
/// With the role that the key itself says.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("speakers", "speaker"),
    ("speaker", "speaker"),
    ("hosts", "host"),
    ("host", "host"),
    ("presentador", "host"),
    ("guests", "guest"),
    ("guest", "guest"),
    ("featured_people", "speaker"),
    ("people", "speaker"),
    ("author", "author"),
];
pub(super) const TAGS: &[&str] = &["tags", "topics", "keywords", "temas", "categories", "category"];
pub(super) const SERIES: &[&str] =
    &["series", "serie", "program", "programa", "channel", "account_name"];
pub(super) const MEDIA: &[&str] = &[
    "media",
    "video",
    "audio",
    "youtube_url",
    "url_audio",
    "url_spotify",
    "spotify_url",
    "video_id",
];
pub(super) const ORIGINAL: &[&str] =
    &["url", "source_url", "source", "source_file", "episode_url", "url_canonica"];
pub(super) const CREDITS: [(&str, &str); 2] =
    [("transcript_by", "transcript"), ("translation_by", "translation")];
pub(super) const SUMMARY: &[&str] = &["summary", "description", "descripcion"];
pub(super) const LANGUAGE: &[&str] = &["language", "idioma", "lang"];
pub(super) const ALIASES: &[&str] = &["aliases"];
pub(super) const SLUG: &[&str] = &["slug"];
pub(super) const EPISODE: &[&str] = &["episode"];
pub(super) const DURATION: &[&str] = &["duration"];
pub(super) const RESOURCES: &[&str] = &["additional_resources", "resources"];
pub(super) const LICENCE: &[&str] = &["licence", "license"];
pub(super) const CORRECTIONS: &[&str] = &["corrections"];
pub(super) const NOT_SPEAKERS: &[&str] = &["not_speakers"];
const SWITCHES: &[&str] = &["draft", "noindex", "turns", "glossary", "notes"];

const GROUPS: [&[&str]; 19] = [
    TITLE,
    DATE,
    RETRIEVED,
    UPDATED,
    TAGS,
    SERIES,
    MEDIA,
    ORIGINAL,
    SUMMARY,
    LANGUAGE,
    ALIASES,
    SLUG,
    EPISODE,
    DURATION,
    RESOURCES,
    LICENCE,
    CORRECTIONS,
    NOT_SPEAKERS,
    SWITCHES,
];

/// The groups with the names of what they say.
const MEANINGS: [(&[&str], &str); 18] = [
    (TITLE, "title"),
    (DATE, "date"),
    (RETRIEVED, "retrieved"),
    (UPDATED, "updated"),
    (TAGS, "topics"),
    (SERIES, "series"),
    (MEDIA, "recording"),
    (ORIGINAL, "original"),
    (SUMMARY, "summary"),
    (LANGUAGE, "language"),
    (ALIASES, "old addresses"),
    (SLUG, "address"),
    (EPISODE, "episode"),
    (DURATION, "duration"),
    (RESOURCES, "further reading"),
    (LICENCE, "licence"),
    (CORRECTIONS, "corrections"),
    (NOT_SPEAKERS, "no speakers"),
];

/// All keys that mean something.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    let people = PEOPLE.iter().chain(&CREDITS).map(|(key, _)| *key);
    GROUPS.into_iter().flatten().copied().chain(people)
}

/// What a key, as written, means; none for a key of the author's own.
pub fn meaning(key: &str) -> Option<&'static str> {
    let key = folded(key);
    let has = |(keys, _): &&(&[&str], &str)| keys.contains(&key.as_str());
    let person = PEOPLE.iter().find(|(name, _)| *name == key).map(|(_, role)| *role);
    let credit = CREDITS.iter().find(|(name, _)| *name == key);
    let switch = SWITCHES.iter().find(|name| **name == key).copied();
    let group = MEANINGS.iter().find(has).map(|(_, meaning)| *meaning);
    person.or(credit.map(|_| "credit")).or(switch).or(group)
}

/// Whether a key, as written, means something.
pub(super) fn is_known(key: &str) -> bool {
    let key = folded(key);
    known().any(|known| known == key)
}

/// `Publish-Date` is `publish_date`.
fn folded(key: &str) -> String {
    key.trim().to_ascii_lowercase().replace('-', "_")
}

/// A mapping's entries, each taken at most once.
pub(super) struct Fields<'n> {
    entries: Vec<(String, &'n Entry, bool)>,
}

impl<'n> Fields<'n> {
    pub(super) fn new(entries: &'n [Entry]) -> Self {
        Self { entries: entries.iter().map(|entry| (folded(&entry.key), entry, false)).collect() }
    }

    /// A key's entry that was not taken yet.
    pub(super) fn get(&self, key: &str) -> Option<&'n Entry> {
        let found = self.entries.iter().find(|(name, _, taken)| name == key && !taken);
        found.map(|(_, entry, _)| *entry)
    }

    /// The same, taken.
    pub(super) fn take(&mut self, key: &str) -> Option<&'n Entry> {
        let found = self.entries.iter_mut().find(|(name, _, taken)| name == key && !*taken)?;
        found.2 = true;
        Some(found.1)
    }

    /// The first of several keys that gives a value. Keys before it that give none are taken too;
    /// those after it stay.
    pub(super) fn first<T>(
        &mut self,
        keys: &[&str],
        mut read: impl FnMut(&Entry) -> Option<T>,
    ) -> Option<T> {
        keys.iter().find_map(|key| self.take(key).and_then(&mut read))
    }

    /// All of several keys, in the order of the list.
    pub(super) fn all(&mut self, keys: &[&str]) -> Vec<&'n Entry> {
        keys.iter().filter_map(|key| self.take(key)).collect()
    }

    /// What nobody took, for templates. A near miss of a known key is told, unless that key is
    /// there as well.
    pub(super) fn rest(
        &self,
        decoder: &mut Decoder<'_>,
    ) -> serde_json::Map<String, serde_json::Value> {
        let mut extra = serde_json::Map::new();
        for (name, entry, _) in self.entries.iter().filter(|(_, _, taken)| !taken) {
            if let Some(near) = self.near_miss(name) {
                decoder.push(near_miss(decoder, entry, near));
            }
            if !is_nothing(&entry.value) {
                extra.insert(entry.key.clone(), entry.value.to_json());
            }
        }
        extra
    }

    /// One letter off, or two in a long key: authors' own keys (`created_at`) are not warned of.
    fn near_miss(&self, name: &str) -> Option<&'static str> {
        let near = nearest(name, known())?;
        let limit = if name.chars().count() > 7 { 2 } else { 1 };
        let close = strsim::damerau_levenshtein(name, near) <= limit;
        let is_there = self.entries.iter().any(|(other, _, _)| other == near);
        (near != name && close && !is_there).then_some(near)
    }
}

fn is_nothing(node: &Node) -> bool {
    node.value == Value::Null
}

fn near_miss(decoder: &Decoder<'_>, entry: &Entry, near: &str) -> Diagnostic {
    let message = format!("`{}` is not a key that is understood", entry.key);
    Diagnostic::warning("front-matter/near-miss", decoder.source(), entry.key_span, message)
        .hint(format!("did you mean `{near}`? As it is, it is kept for templates"))
}
