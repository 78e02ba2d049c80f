//! `index.json`: all transcripts of the site, for programs. `docs/data.md` describes it.

use serde::Serialize;

use super::super::frame::{Links, canonical};
use super::super::voices::{self, Voice};
use crate::paths::link;
use crate::site::{Page, Site};

#[derive(Serialize)]
struct Index<'a> {
    /// Rises when a field changes its meaning or goes.
    version: u8,
    title: &'a str,
    language: &'a str,
    generator: &'static str,
    transcripts: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// Relative to `index.json`.
    href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: &'a str,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    speakers: Vec<Speaker>,
    turns: u32,
    minutes: u32,
    summary: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    translations: Vec<String>,
    /// Not for search engines.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    noindex: bool,
}

#[derive(Serialize)]
struct Speaker {
    id: String,
    name: String,
    turns: u32,
}

/// The index, one transcript a line, newest first.
pub(super) fn index(site: &Site) -> Vec<u8> {
    let index = Index {
        version: 1,
        title: &site.title,
        language: &site.language,
        generator: concat!("postil ", env!("CARGO_PKG_VERSION")),
        transcripts: site.transcripts().map(|(_, page)| entry(site, page)).collect(),
    };
    let mut bytes = serde_json::to_vec(&index).expect("strings and numbers are JSON");
    bytes.push(b'\n');
    bytes
}

fn entry<'a>(site: &'a Site, page: &'a Page) -> Entry<'a> {
    let front = &page.file.front;
    let all = voices::of(site, page, &Links::from(site, "index.json"));
    let speaker = |voice: Voice| Speaker { id: voice.id, name: voice.name, turns: voice.turns };
    Entry {
        href: link::encode_path(&page.path),
        url: canonical(site, &page.path),
        title: &page.title,
        language: &page.language,
        date: page.date.as_deref(),
        series: front.series.as_deref(),
        tags: &front.tags,
        speakers: voices::distinct(&all).into_iter().map(speaker).collect(),
        turns: page.turns,
        minutes: page.minutes,
        summary: &page.summary,
        translations: page
            .translations
            .iter()
            .map(|other| link::encode_path(&site.page(*other).path))
            .collect(),
        noindex: front.noindex,
    }
}
