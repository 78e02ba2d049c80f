//! JSON-LD for search engines: `Article` with the terms that it mentions, `DefinedTermSet`
//! (<https://schema.org/Article>, <https://schema.org/DefinedTermSet>).

use serde_json::{Map, Value, json};

use super::frame::canonical;
use super::transcript::TranscriptView;
use super::{GLOSSARY, definitions};
use crate::paths::link;
use crate::render::Html;
use crate::site::{Page, Site};

/// A transcript.
pub(super) fn article(
    site: &Site,
    page: &Page,
    view: &TranscriptView,
    url: Option<String>,
) -> Html {
    let front = &page.file.front;
    let glossary = canonical(site, GLOSSARY);
    let people: Vec<Value> =
        view.voices.iter().map(|voice| json!({"@type": "Person", "name": voice.name})).collect();
    let mentions: Vec<Value> = view
        .body
        .terms
        .iter()
        .map(|term| defined(&term.term, &term.id, glossary.as_deref()))
        .collect();
    let mut data = Map::new();
    data.insert("@context".into(), json!("https://schema.org"));
    data.insert("@type".into(), json!("Article"));
    data.insert("headline".into(), json!(page.title));
    data.insert("inLanguage".into(), json!(page.language));
    optional(&mut data, "datePublished", page.date.as_deref());
    optional(&mut data, "dateModified", front.updated.as_ref().map(|date| date.iso.as_str()));
    optional(&mut data, "url", url.as_deref());
    optional(
        &mut data,
        "isBasedOn",
        front.original.as_ref().map(|original| original.value.as_str()),
    );
    optional(&mut data, "license", front.licence.as_deref());
    if let Some(publisher) = &front.publisher {
        data.insert("publisher".into(), json!({"@type": "Organization", "name": publisher}));
    }
    if !people.is_empty() {
        data.insert("contributor".into(), Value::Array(people));
    }
    if !mentions.is_empty() {
        data.insert("mentions".into(), Value::Array(mentions));
    }
    block(Value::Object(data))
}

/// The glossary.
pub(super) fn glossary(site: &Site) -> Html {
    let url = canonical(site, GLOSSARY);
    let terms: Vec<Value> = site
        .glossary
        .terms
        .iter()
        .map(|term| defined(&term.term, &definitions::anchor(&term.id), url.as_deref()))
        .collect();
    let mut data = Map::new();
    data.insert("@context".into(), json!("https://schema.org"));
    data.insert("@type".into(), json!("DefinedTermSet"));
    data.insert("name".into(), json!(super::frame::words(site).glossary));
    optional(&mut data, "url", url.as_deref());
    data.insert("hasDefinedTerm".into(), Value::Array(terms));
    block(Value::Object(data))
}

fn defined(term: &str, anchor: &str, glossary: Option<&str>) -> Value {
    let mut data = Map::new();
    data.insert("@type".into(), json!("DefinedTerm"));
    data.insert("name".into(), json!(term));
    let url = glossary.map(|page| format!("{page}#{}", link::encode_fragment(anchor)));
    optional(&mut data, "url", url.as_deref());
    Value::Object(data)
}

fn optional(data: &mut Map<String, Value>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        data.insert(key.to_owned(), json!(value));
    }
}

/// JSON that cannot end the element it stands in.
fn block(data: Value) -> Html {
    Html(data.to_string().replace('<', "\\u003c"))
}
