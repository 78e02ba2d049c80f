//! Front matter: the YAML between two `---` lines at the head of a transcript, with the keys
//! and aliases that real collections use.
//!
//! Front matter is the author's: unknown keys are kept, a near miss of a known key warns, and
//! nothing in it is fatal to the text below it. Which keys mean what is `keys`' to know.

use serde::{Deserialize, Serialize};

use crate::config::keys::{self, Fields};
use crate::config::{Date, Note, date, notes, people};
use crate::diagnostics::{Diagnostic, Severity};
use crate::glossary::MarkRule;
use crate::glossary::decode::{language, mark_rule};
use crate::source::{Source, Span};
pub use crate::yaml::Text;
use crate::yaml::{self, Decoder, Entry, Node, Value, wiki_link};

/// Someone named in front matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// The name as written; of a wiki link `[[a|b]]` the shown part `b`.
    pub name: String,
    /// `host`, `guest`, `speaker`, `author`, or what `speakers: {名: {role: …}}` says.
    pub role: String,
    /// Other labels for the same person: the target of a wiki link, `aliases:` of a mapping.
    pub aliases: Vec<String>,
    /// Where the name stands.
    pub span: Span,
}

/// A recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medium {
    /// URL or path as written.
    pub url: String,
    /// The key that named it.
    pub key: String,
    /// Where it stands.
    pub span: Span,
}

/// A credit from front matter: `transcript_by`, `translation_by`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// `transcript`, `translation`.
    pub role: String,
    /// The names.
    pub names: Vec<String>,
}

/// `additional_resources: [{title, url}]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its title.
    pub title: String,
    /// Its URL.
    pub url: String,
}

/// A correction that was made after publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When, as written.
    pub date: Option<String>,
    /// What was wrong; may be empty where there is a date.
    pub text: String,
}

/// What a front matter says; every field is absent or empty when it does not.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FrontMatter {
    /// `title`, `titulo`.
    pub title: Option<Text>,
    /// `date`, `published`, ….
    pub date: Option<Date>,
    /// `fetch_date`, ….
    pub retrieved: Option<Date>,
    /// `updated`.
    pub updated: Option<Date>,
    /// Everyone named, in order of appearance.
    pub people: Vec<PersonRef>,
    /// `tags`, `topics`, ….
    pub tags: Vec<String>,
    /// `series`, `program`, ….
    pub series: Option<String>,
    /// Recordings.
    pub media: Vec<Medium>,
    /// Where the text comes from: a URL.
    pub original: Option<Text>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Who transcribed, translated.
    pub credits: Vec<Credit>,
    /// `summary`, `description`.
    pub summary: Option<String>,
    /// `language`, `lang`: a BCP 47 tag.
    pub language: Option<String>,
    /// Old paths of this page.
    pub aliases: Vec<Text>,
    /// The page's own path, instead of the file's.
    pub slug: Option<Text>,
    /// As written.
    pub episode: Option<String>,
    /// As written.
    pub duration: Option<String>,
    /// Further reading.
    pub resources: Vec<Resource>,
    /// `licence`, `license`.
    pub licence: Option<String>,
    /// Not to be published yet.
    pub draft: bool,
    /// Not to be indexed by search engines.
    pub noindex: bool,
    /// What was corrected.
    pub corrections: Vec<Correction>,
    /// Labels that are not speakers.
    pub not_speakers: Vec<String>,
    /// `turns: none`: nobody speaks.
    pub no_turns: bool,
    /// `glossary: {off: […]}`: terms that are not shown on this page.
    pub glossary_off: Vec<String>,
    /// `glossary: {mark: …}`: this page's rule.
    pub mark: Option<MarkRule>,
    /// `notes: [{quote, note}]`.
    pub notes: Vec<Note>,
    /// All other keys, for templates, in order.
    #[serde(with = "as_json")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Reads the YAML under `yaml`.
pub fn read(source: &Source, yaml: Span) -> (FrontMatter, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(source, yaml);
    let mut decoder = Decoder::new(source, Severity::Warning);
    let mut front = FrontMatter::default();
    match root {
        Some(Node { value: Value::Map(entries), .. }) => {
            let mut fields = Fields::new(&entries);
            texts(&mut front, &mut decoder, &mut fields);
            dates(&mut front, &mut decoder, &mut fields);
            front.people = people::read(&mut decoder, &mut fields);
            lists(&mut front, &mut decoder, &mut fields);
            provenance(&mut front, &mut decoder, &mut fields);
            switches(&mut front, &mut decoder, &mut fields);
            front.extra = fields.rest(&mut decoder);
        }
        Some(root) => diagnostics.push(no_mapping(source, root.span)),
        None => {}
    }
    diagnostics.append(&mut decoder.finish());
    (front, diagnostics)
}

fn texts(front: &mut FrontMatter, decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) {
    let mut line = |keys: &[&'static str]| {
        fields.first(keys, |entry| {
            if [keys::TITLE, keys::SERIES, keys::SUMMARY].contains(&keys) {
                decoder.comment_behind(&entry.key, &entry.value);
            }
            decoder.line(&entry.key, &entry.value)
        })
    };
    front.title = line(keys::TITLE);
    front.slug = line(keys::SLUG);
    let mut value = |keys| line(keys).map(|text| text.value);
    front.series = value(keys::SERIES);
    front.summary = value(keys::SUMMARY);
    front.episode = value(keys::EPISODE);
    front.duration = value(keys::DURATION);
    front.licence = value(keys::LICENCE);
    front.language =
        fields.first(keys::LANGUAGE, |entry| language(decoder, &entry.key, &entry.value));
}

fn dates(front: &mut FrontMatter, decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) {
    let mut day = |keys| fields.first(keys, |entry| date::read(decoder, entry));
    front.date = day(keys::DATE);
    front.retrieved = day(keys::RETRIEVED);
    front.updated = day(keys::UPDATED);
}

fn lists(front: &mut FrontMatter, decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) {
    for entry in fields.all(keys::TAGS) {
        for tag in decoder.list(&entry.key, &entry.value).iter().flat_map(tags_in) {
            if !front.tags.contains(&tag) {
                front.tags.push(tag);
            }
        }
    }
    for entry in fields.all(keys::NOT_SPEAKERS) {
        let labels = decoder.list(&entry.key, &entry.value);
        front.not_speakers.extend(labels.into_iter().map(|label| label.value));
    }
    for entry in fields.all(keys::ALIASES) {
        front.aliases.extend(decoder.list(&entry.key, &entry.value));
    }
    for entry in fields.all(keys::CORRECTIONS) {
        front.corrections.extend(corrections(decoder, entry));
    }
    for entry in fields.all(keys::RESOURCES) {
        front.resources.extend(resources(decoder, entry));
    }
}

/// The tags in one text: wiki links by what they show, `a, b` as two, without `#`.
fn tags_in(text: &Text) -> Vec<String> {
    let shown = wiki_link(&text.value).map_or(text.value.as_str(), |(_, shown)| shown);
    let split = shown.split([',', '，', '、']);
    let tags = split.map(|tag| tag.trim().trim_start_matches('#').trim());
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Corrections: texts, or mappings (`{date: …, text: …}`) whose other values are joined.
fn corrections(decoder: &mut Decoder<'_>, entry: &Entry) -> Vec<Correction> {
    let Value::List(items) = &entry.value.value else {
        let texts = decoder.list(&entry.key, &entry.value).into_iter();
        return texts.map(|text| Correction { date: None, text: text.value }).collect();
    };
    let mut corrections = Vec::with_capacity(items.len());
    for item in items {
        let mut date = None;
        let parts: Vec<String> = match &item.value {
            Value::Map(parts) => {
                let mut said = Vec::new();
                for part in parts {
                    let Some(text) = decoder.text(&part.key, &part.value) else { continue };
                    match part.key.as_str() {
                        "date" => date = Some(text.value),
                        _ => said.push(text.value),
                    }
                }
                said
            }
            _ => decoder.text(&entry.key, item).into_iter().map(|text| text.value).collect(),
        };
        if parts.is_empty() && date.is_none() {
            decoder.empty_item(&entry.key, item.span, entry.value.span);
        } else {
            corrections.push(Correction { date, text: parts.join(": ") });
        }
    }
    corrections
}

fn resources(decoder: &mut Decoder<'_>, entry: &Entry) -> Vec<Resource> {
    let items = match &entry.value.value {
        Value::List(items) => &items[..],
        Value::Null => &[],
        _ => std::slice::from_ref(&entry.value),
    };
    let mut resources = Vec::with_capacity(items.len());
    for item in items {
        let Value::Map(parts) = &item.value else {
            let url = decoder.line(&entry.key, item).map(|text| text.value);
            resources.extend(url.map(|url| Resource { title: url.clone(), url }));
            continue;
        };
        let mut part = |name: &str| {
            let found = parts.iter().find(|part| part.key == name);
            found.and_then(|part| decoder.line(name, &part.value)).map(|text| text.value)
        };
        match (part("title"), part("url")) {
            (title, Some(url)) => {
                resources.push(Resource { title: title.unwrap_or_else(|| url.clone()), url });
            }
            (_, None) => decoder.push(no_url(decoder.source(), &entry.key, item.span)),
        }
    }
    resources
}

fn provenance(front: &mut FrontMatter, decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) {
    for entry in fields.all(keys::MEDIA) {
        media(decoder, &entry.key, &entry.value, &mut front.media);
    }
    // `source` is a link or the publisher's name; both may be there under different keys.
    for &key in keys::ORIGINAL {
        let Some(entry) = fields.get(key) else { continue };
        let Some(text) = decoder.line(&entry.key, &entry.value) else {
            fields.take(key);
            continue;
        };
        if is_url(&text.value) && front.original.is_none() {
            front.original = Some(text);
            fields.take(key);
        } else if key == "source" && !is_url(&text.value) {
            front.publisher = Some(text.value);
            fields.take(key);
        } else if !matches!(key, "source" | "source_file") && !is_url(&text.value) {
            let diagnostic = no_address(decoder.source(), &entry.key, text.span);
            decoder.push(diagnostic);
        }
    }
    for (key, role) in keys::CREDITS {
        let Some(entry) = fields.take(key) else { continue };
        let names: Vec<String> = decoder
            .list(&entry.key, &entry.value)
            .into_iter()
            .map(|text| {
                wiki_link(&text.value).map_or(text.value.clone(), |(_, shown)| shown.to_owned())
            })
            .collect();
        if !names.is_empty() {
            front.credits.push(Credit { role: role.to_owned(), names });
        }
    }
}

/// `media` may be one recording, several, or a mapping (`{audio: …, video: …}`).
fn media(decoder: &mut Decoder<'_>, key: &str, node: &Node, media: &mut Vec<Medium>) {
    let texts = match &node.value {
        Value::Map(parts) => {
            let mut texts = Vec::new();
            for part in parts {
                let found = decoder.list(&part.key, &part.value);
                texts.extend(found.into_iter().map(|text| (part.key.clone(), text)));
            }
            texts
        }
        _ => decoder.list(key, node).into_iter().map(|text| (key.to_owned(), text)).collect(),
    };
    for (key, text) in texts {
        if !media.iter().any(|medium| medium.url == text.value) {
            media.push(Medium { url: text.value, key, span: text.span });
        }
    }
}

fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn switches(front: &mut FrontMatter, decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) {
    let mut flag = |key| {
        let entry = fields.take(key)?;
        decoder.flag(&entry.key, &entry.value)
    };
    front.draft = flag("draft").unwrap_or(false);
    front.noindex = flag("noindex").unwrap_or(false);
    if let Some(entry) = fields.take("turns") {
        front.no_turns = decoder.choice("turns", &entry.value, &["none", "auto"]) == Some(0);
    }
    if let Some(entry) = fields.take("glossary") {
        page_glossary(front, decoder, entry);
    }
    if let Some(entry) = fields.get("notes")
        && let Some(notes) = notes::in_front_matter(decoder, &entry.value)
    {
        front.notes = notes;
        fields.take("notes");
    }
}

/// `glossary: {off: […], mark: …}`, or `glossary: off` for no marks at all.
fn page_glossary(front: &mut FrontMatter, decoder: &mut Decoder<'_>, entry: &Entry) {
    if let Value::Scalar { .. } = entry.value.value {
        if decoder.flag("glossary", &entry.value) == Some(false) {
            front.mark = Some(MarkRule::Never);
        }
        return;
    }
    for part in decoder.entries("glossary", &entry.value) {
        match part.key.as_str() {
            "off" => {
                let off = decoder.list("glossary.off", &part.value);
                front.glossary_off = off.into_iter().map(|text| text.value).collect();
            }
            "mark" => front.mark = mark_rule(decoder, "glossary.mark", &part.value),
            _ => decoder.unknown_key(part, &["off", "mark"], "`glossary`"),
        }
    }
}

fn no_mapping(source: &Source, span: Span) -> Diagnostic {
    let span = Span { start: span.start, end: span.start };
    let message = "the front matter has no keys";
    Diagnostic::error("front-matter/no-keys", source, span, message)
        .hint("write lines like `title: …` between the two `---` lines")
}

fn no_address(source: &Source, key: &str, span: Span) -> Diagnostic {
    let message = format!("`{key}` is not an address on the web, so the page does not link to it");
    Diagnostic::warning("front-matter/no-address", source, span, message)
        .hint(format!("write it in full, `{key}: https://…`; a name goes under `source`"))
}

fn no_url(source: &Source, key: &str, span: Span) -> Diagnostic {
    let message = format!("an item of `{key}` has no `url`, and is left out");
    Diagnostic::warning("front-matter/no-url", source, span, message).hint("add `url: https://…`")
}

/// The author's own values as JSON text: they describe themselves, which the packed form of
/// everything else does not.
mod as_json {
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    type Values = serde_json::Map<String, serde_json::Value>;

    pub fn serialize<S: Serializer>(values: &Values, to: S) -> Result<S::Ok, S::Error> {
        let text = if values.is_empty() {
            String::new()
        } else {
            serde_json::to_string(values).map_err(serde::ser::Error::custom)?
        };
        to.serialize_str(&text)
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Values, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() {
            return Ok(Values::new());
        }
        serde_json::from_str(&text).map_err(D::Error::custom)
    }
}
