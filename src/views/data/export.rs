//! Other forms of a transcript, each a file beside its page: what `exports` in `site.yaml` asks
//! for. `docs/data.md` describes them.

mod cues;
mod json;
mod subtitles;
mod text;

use std::sync::Arc;

use serde::Serialize;

use super::super::frame::Links;
use super::super::voices;
use crate::canonical::canonical;
use crate::config::Export;
use crate::parse::Context;
use crate::paths::link;
use crate::site::{Page, PageIndex, Site};

/// A link to another form of a transcript.
#[derive(Debug, Serialize)]
pub(in crate::views) struct ExportLink {
    /// The file.
    pub href: String,
    /// What the form is called.
    pub label: String,
    /// Its media type.
    pub media: &'static str,
}

/// All forms of all transcripts.
pub(super) fn all(site: &Site) -> impl Iterator<Item = (String, PageIndex, Export)> {
    site.transcripts().flat_map(|(at, page)| {
        site.exports_of(page).into_iter().map(move |(export, path)| (path, at, export))
    })
}

/// Links to the forms of a page.
pub(in crate::views) fn links(site: &Site, page: &Page) -> Vec<ExportLink> {
    let words = site.words(&page.language);
    let link = |(export, path): (Export, String)| {
        let (label, media) = match export {
            Export::Markdown => ("Markdown", "text/markdown"),
            Export::Json => ("JSON", "application/json"),
            Export::Text => (&*words.plain_text, "text/plain"),
            Export::Vtt => ("WebVTT", "text/vtt"),
            Export::Srt => ("SRT", "application/x-subrip"),
            Export::Podcast => ("Podcasting 2.0", "application/json"),
        };
        ExportLink { href: link::relative(&page.path, &path), label: label.to_owned(), media }
    };
    site.exports_of(page).into_iter().map(link).collect()
}

/// A form's bytes.
pub(super) fn render(site: &Site, index: PageIndex, export: Export) -> Vec<u8> {
    let page = site.page(index);
    match export {
        Export::Markdown => markdown(site, page),
        Export::Json => return json::write(site, page, &export.path(&page.path)),
        Export::Text => text::write(site, page),
        Export::Vtt => subtitles::vtt(&page.title, &cues::of(site, page)),
        Export::Srt => subtitles::srt(&cues::of(site, page), site.words(&page.language)),
        Export::Podcast => return subtitles::podcast(&cues::of(site, page)),
    }
    .into_bytes()
}

/// All that a form depends on besides what all pages share.
pub(super) fn key(site: &Site, index: PageIndex, export: Export) -> impl std::fmt::Debug {
    let page = site.page(index);
    let Page { key, path, title, language, date, summary, .. } = page;
    let own = (*key, path.clone(), title.clone(), language.clone(), date.clone(), summary.clone());
    let pictures = format!("{:?}", site.pictures_of(page));
    (own, export, voices::of(site, page, &Links::from(site, path)), pictures)
}

/// The canonical Markdown; the source as it is where it has none.
fn markdown(site: &Site, page: &Page) -> String {
    let trusted = site.config.trusts(&page.content);
    let context = Context { known: Arc::clone(&site.known), trusted, ..Context::default() };
    let source = &page.file.source;
    canonical(source, &context).unwrap_or_else(|_| source.text().to_owned())
}
