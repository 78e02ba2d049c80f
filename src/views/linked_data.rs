//! JSON-LD for search engines: `Article` with the terms that it mentions, `DefinedTermSet`
//! (<https://schema.org/Article>, <https://schema.org/DefinedTermSet>).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::GLOSSARY;
use super::frame::canonical;
use super::provenance;
use super::transcript::TranscriptView;
use crate::glossary::TermIndex;
use crate::render::Html;
use crate::site::{Page, Site};

/// What stands in no address (RFC 3986), beside all that is not ASCII.
const NO_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A transcript, before the terms are known that it mentions.
pub(super) fn article(
    page: &Page,
    view: &TranscriptView,
    url: Option<String>,
) -> Map<String, Value> {
    let front = &page.file.front;
    let named = view.voices.iter().filter(|voice| !voice.href.is_empty());
    let people: Vec<Value> =
        named.map(|voice| json!({"@type": "Person", "name": voice.name})).collect();
    let mut data = Map::new();
    data.insert("@type".into(), json!("Article"));
    data.insert("headline".into(), json!(page.title));
    data.insert("inLanguage".into(), json!(page.language));
    optional(&mut data, "datePublished", page.date.as_deref());
    optional(&mut data, "dateModified", front.updated.as_ref().map(|date| date.iso.as_str()));
    optional(&mut data, "url", url.as_deref());
    let works =
        [("isBasedOn", provenance::original(&page.file)), ("license", front.licence.as_deref())];
    for (key, said) in works {
        if let Some(said) = said.map(str::trim).filter(|said| !said.is_empty()) {
            data.insert(key.into(), work(said));
        }
    }
    if let Some(publisher) = front.publisher.as_deref().filter(|name| !name.trim().is_empty()) {
        data.insert("publisher".into(), json!({"@type": "Organization", "name": publisher}));
    }
    if !people.is_empty() {
        data.insert("contributor".into(), Value::Array(people));
    }
    data
}

/// A transcript with the terms that it mentions.
pub(super) fn mentioning(
    mut article: Map<String, Value>,
    site: &Site,
    terms: impl Iterator<Item = TermIndex>,
) -> Html {
    let mentions: Vec<Value> = terms.map(|term| Value::Object(mentioned(site, term))).collect();
    if !mentions.is_empty() {
        article.insert("mentions".into(), Value::Array(mentions));
    }
    block(article)
}

/// The glossary.
pub(super) fn glossary(site: &Site) -> Html {
    let all = 0..site.glossary.terms.len() as TermIndex;
    let terms = all.map(|term| Value::Object(defined(site, term))).collect();
    let mut data = set(site);
    data.insert("hasDefinedTerm".into(), Value::Array(terms));
    block(data)
}

/// A term with the words that define it, which may be empty.
pub(super) fn term(site: &Site, index: TermIndex, description: &str) -> Html {
    let term = &site.glossary.terms[index as usize];
    let mut data = defined(site, index);
    optional(&mut data, "description", Some(description).filter(|words| !words.is_empty()));
    if !term.aliases.is_empty() {
        data.insert("alternateName".into(), json!(term.aliases));
    }
    data.insert("inDefinedTermSet".into(), Value::Object(set(site)));
    block(data)
}

/// The set of all terms, without the terms. Where the glossary's address is known, that is also its
/// name, so that all terms are known to be in one set.
fn set(site: &Site) -> Map<String, Value> {
    let address = canonical(site, GLOSSARY);
    let mut data = Map::new();
    data.insert("@type".into(), json!("DefinedTermSet"));
    optional(&mut data, "@id", address.as_deref());
    data.insert("name".into(), json!(super::frame::words(site).glossary));
    optional(&mut data, "url", address.as_deref());
    data
}

/// A term where it is defined. Its page's address is also its name (`@id`), by which transcripts
/// mention it.
fn defined(site: &Site, index: TermIndex) -> Map<String, Value> {
    let address = canonical(site, &site.term_page(index, 0));
    let mut data = Map::new();
    data.insert("@type".into(), json!("DefinedTerm"));
    optional(&mut data, "@id", address.as_deref());
    data.insert("name".into(), json!(site.glossary.terms[index as usize].term));
    optional(&mut data, "url", address.as_deref());
    data
}

/// A term where it is mentioned, in few words, since a long transcript mentions a hundred. Without
/// addresses there is nothing else that says what it is.
fn mentioned(site: &Site, index: TermIndex) -> Map<String, Value> {
    let Some(address) = canonical(site, &site.term_page(index, 0)) else {
        return defined(site, index);
    };
    let mut data = Map::new();
    data.insert("@id".into(), json!(address));
    data.insert("name".into(), json!(site.glossary.terms[index as usize].term));
    data
}

/// What schema.org wants the address of, or a description: a text there would be read as an address
/// beside the page's.
fn work(said: &str) -> Value {
    if provenance::is_web(said) {
        json!(utf8_percent_encode(said, NO_ADDRESS).to_string())
    } else {
        json!({"@type": "CreativeWork", "name": said})
    }
}

fn optional(data: &mut Map<String, Value>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        data.insert(key.to_owned(), json!(value));
    }
}

/// JSON that cannot end the element it stands in.
fn block(data: Map<String, Value>) -> Html {
    let mut whole = Map::new();
    whole.insert("@context".into(), json!("https://schema.org"));
    whole.extend(data);
    Html(Value::Object(whole).to_string().replace('<', "\\u003c"))
}
