//! The home page: the site's own words, then the newest transcripts, a page at a time.

use serde::Serialize;

use super::HOME;
use super::article;
use super::frame::{DateView, Frame, Links, canonical, description, words};
use super::voices::{self, Voice};
use crate::diagnostics::Diagnostic;
use crate::render::Html;
use crate::site::{Page, PageKind, Site};

/// `home`.
#[derive(Debug, Serialize)]
pub(super) struct HomeView {
    /// The words of `pages/index.md`, on the first page; may be empty.
    pub intro: Html,
    /// Their language.
    pub intro_language: String,
    /// How many transcripts there are in all.
    pub count: usize,
    /// The transcripts of this page.
    pub entries: Vec<Entry>,
    /// This page's number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub of: usize,
    /// Link to newer transcripts.
    pub newer: Option<String>,
    /// Link to older transcripts.
    pub older: Option<String>,
}

/// A transcript in the list.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
    /// Its day, in the site's language.
    pub date: Option<DateView>,
    /// One or two sentences; may be empty.
    pub summary: String,
    /// Reading time in minutes.
    pub minutes: u32,
    /// How many turns.
    pub turns: u32,
    /// Who speaks.
    pub voices: Vec<Voice>,
    /// The series; may be empty.
    pub series: String,
    /// Whether it is not to be published yet.
    pub draft: bool,
}

/// How many pages the list has; at least one.
pub(super) fn count(site: &Site) -> usize {
    site.transcripts().count().div_ceil(size(site)).max(1)
}

fn size(site: &Site) -> usize {
    site.config.paginate.max(1)
}

/// The output path of a page of the list.
pub(super) fn path(number: usize) -> String {
    if number <= 1 { HOME.to_owned() } else { format!("page/{number}.html") }
}

/// The file with the site's own words.
fn own_words(site: &Site) -> Option<&Page> {
    site.pages.iter().rev().find(|page| page.kind == PageKind::Plain && page.path == HOME)
}

/// The head of a page of the list.
pub(super) fn frame(site: &Site, number: usize) -> Frame {
    let path = path(number);
    let mut frame = Frame::new(site, "home", &path, &site.title);
    frame.section = Some(HOME);
    frame.page.description = description(site);
    if number > 1 {
        let page = words(site).page_number.replace("{n}", &number.to_string());
        frame.page.title = format!("{} · {page}", words(site).transcripts);
        frame.page.description.clear();
    } else if let Some(page) = own_words(site) {
        frame.page.canonical = canonical(site, HOME);
        if frame.page.description.is_empty() {
            frame.page.description.clone_from(&page.summary);
        }
    }
    frame
}

/// What a page of the list shows.
pub(super) fn view(site: &Site, number: usize) -> Result<HomeView, Box<Diagnostic>> {
    let path = path(number);
    let links = Links::from(site, &path);
    let of = count(site);
    let own = own_words(site).filter(|_| number == 1);
    let transcripts = site.transcripts().skip((number - 1) * size(site)).take(size(site));
    Ok(HomeView {
        intro: own.map(|page| intro(site, page, &path)).transpose()?.unwrap_or_default(),
        intro_language: own.map_or_else(|| site.language.clone(), |page| page.language.clone()),
        count: site.transcripts().count(),
        entries: transcripts.map(|(_, page)| entry(site, page, &links)).collect(),
        number,
        of,
        newer: (number > 1).then(|| links.to(&self::path(number - 1))),
        older: (number < of).then(|| links.to(&self::path(number + 1))),
    })
}

/// The site's own words; terms are not marked in them, since the list that follows is no place
/// for definitions.
fn intro(site: &Site, page: &Page, path: &str) -> Result<Html, Box<Diagnostic>> {
    let body = article::body(site, page, path, &[], false)?;
    let mut html = String::new();
    for item in &body.items {
        if item.kind == "heading" {
            html.push_str("<h2>");
            html.push_str(&item.html.0);
            html.push_str("</h2>");
        } else {
            html.push_str(&item.html.0);
        }
    }
    Ok(Html(html))
}

fn entry(site: &Site, page: &Page, links: &Links<'_>) -> Entry {
    Entry {
        href: links.to(&page.path),
        title: page.title.clone(),
        language: page.language.clone(),
        date: page.date.as_deref().map(|date| DateView::new(date, &site.language)),
        summary: page.summary.clone(),
        minutes: page.minutes,
        turns: page.turns,
        voices: voices::distinct(&voices::of(site, page, links)),
        series: page.reading.document.front.series.clone().unwrap_or_default(),
        draft: page.draft,
    }
}
