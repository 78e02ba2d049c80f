//! How to cite a transcript, in a line.

use super::article::joined;
use super::frame::canonical;
use crate::i18n;
use crate::site::{Page, Site};

/// The words, and the page's own address, empty where the site has none. (The original's
/// stands in the page's head.)
pub(super) fn of(site: &Site, page: &Page) -> (String, String) {
    let document = &page.file;
    let words = i18n::words(&page.language);
    let mut line = String::new();
    let names = names(site, page);
    if !names.is_empty() {
        line.push_str(&words.cite_who.replace("{who}", &names));
    }
    line.push_str(&words.cite_title.replace("{title}", &page.title));
    let publisher = document.front.publisher.as_deref().unwrap_or(&site.title);
    let date = page.date.as_deref().map(|date| i18n::date(date, &page.language));
    for part in [Some(publisher.to_owned()), date].into_iter().flatten() {
        line.push_str(&words.cite_part.replace("{part}", &part));
    }
    line.push_str(&words.cite_end);
    let url = canonical(site, &page.path).unwrap_or_default();
    if url.is_empty() {
        line.truncate(line.trim_end().len());
    }
    (line, url)
}

/// Those who speak; in a document that names no speakers those whom its head names.
fn names(site: &Site, page: &Page) -> String {
    let document = &page.file;
    let mut names: Vec<&str> = Vec::new();
    let speakers = document.speakers.iter().zip(&page.speakers);
    for (speaker, index) in speakers.filter(|(_, index)| !site.person(**index).stand_in) {
        let name = site.person(*index).name.get(&page.language).unwrap_or(&speaker.label);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.extend(document.front.people.iter().map(|person| person.name.as_str()));
    }
    if names.is_empty() {
        names.extend(document.head.byline.as_deref());
    }
    joined(names, &page.language)
}
