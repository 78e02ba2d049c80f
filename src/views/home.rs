//! The home page, and a folder's: its own words, then the newest transcripts, a page at a time.

use serde::Serialize;

use super::HOME;
use super::article;
use super::frame::{DateView, Frame, Links, description, words};
use super::places::{self, Alternate, Crumb, alternates};
use super::voices::{self, Voice};
use crate::diagnostics::Diagnostic;
use crate::i18n;
use crate::paths::list_page;
use crate::render::Html;
use crate::site::{Page, PageKind, Site};

/// `home`.
#[derive(Debug, Serialize)]
pub(super) struct HomeView {
    /// The words of `pages/index.md`, or of the folder's own file, on the first page; may be empty.
    pub intro: Html,
    /// Their language.
    pub intro_language: String,
    /// The folders above this one that have a page.
    pub folders: Vec<Crumb>,
    /// How many transcripts there are in all.
    pub count: usize,
    /// The transcripts of this page.
    pub entries: Vec<Entry>,
    /// What the collection says of itself (`LICENSE.md`).
    pub about: Vec<About>,
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
    /// The folder that it lies in, where its name says something.
    pub folder: Option<Crumb>,
    /// The same text in other languages.
    pub translations: Vec<Alternate>,
    /// Whether it is not to be published yet.
    pub draft: bool,
}

/// A file that a collection carries about itself.
#[derive(Debug, Serialize)]
pub(super) struct About {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
}

/// A list of transcripts: the whole site's, or a folder's.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    site: &'a Site,
    /// The words above it.
    own: Option<&'a Page>,
    folder: &'a str,
    path: &'a str,
    language: &'a str,
}

impl<'a> List<'a> {
    /// All of the site's.
    pub fn home(site: &'a Site) -> Self {
        let own = site.pages.iter().rev().find(|page| is_home(page));
        Self { site, own, folder: "", path: HOME, language: &site.language }
    }

    /// Those of a folder and below, under the folder's own words.
    pub fn folder(site: &'a Site, own: &'a Page) -> Self {
        let (folder, path, language) = (own.folder(), &own.path, &own.language);
        Self { site, own: Some(own), folder, path, language }
    }

    /// How many pages the list has; at least one.
    pub fn count(&self) -> usize {
        self.site.list_length(self.folder, self.language)
    }

    /// The output path of a page of the list.
    pub fn path(&self, number: usize) -> String {
        list_page(self.path, number)
    }

    /// The head of a page of the list.
    pub fn frame(&self, number: usize) -> Frame {
        let (site, path) = (self.site, self.path(number));
        let mut frame = match self.own.filter(|_| self.path != HOME) {
            None => Frame::new(site, "home", &path, &site.title),
            Some(own) => Frame::new(site, "folder", &path, &own.title),
        };
        frame.section = Some(HOME);
        frame.page.language = self.language.to_owned();
        if self.path == HOME {
            frame.page.description = description(site);
        }
        if number > 1 {
            let page = i18n::words(self.language).page_number.replace("{n}", &number.to_string());
            let title =
                if self.path == HOME { &*words(site).transcripts } else { &frame.page.title };
            frame.page.title = format!("{title} · {page}");
            frame.page.description.clear();
        } else if let Some(own) = self.own {
            frame.page.alternates = alternates(site, own, &Links::from(site, &path));
            frame.page.noindex = own.reading.document.front.noindex || own.draft;
            if frame.page.description.is_empty() {
                frame.page.description.clone_from(&own.summary);
            }
        }
        frame
    }

    /// What a page of the list shows.
    pub fn view(&self, number: usize) -> Result<HomeView, Box<Diagnostic>> {
        let (site, path) = (self.site, self.path(number));
        let links = Links::from(site, &path);
        let of = self.count();
        let size = site.config.paginate.max(1);
        let own = self.own.filter(|_| number == 1);
        let transcripts = site.listed(self.folder, self.language).skip((number - 1) * size);
        let crumbs = self.own.filter(|_| self.path != HOME);
        Ok(HomeView {
            intro: own.map(|page| intro(site, page, &path)).transpose()?.unwrap_or_default(),
            intro_language: own
                .map_or_else(|| self.language.to_owned(), |page| page.language.clone()),
            folders: crumbs.map(|page| places::crumbs(site, page, &links)).unwrap_or_default(),
            count: site.listed(self.folder, self.language).count(),
            entries: transcripts.take(size).map(|(_, page)| self.entry(page, &links)).collect(),
            about: places::about(site, self.folder).map(|page| about(page, &links)).collect(),
            number,
            of,
            newer: (number > 1).then(|| links.to(&self.path(number - 1))),
            older: (number < of).then(|| links.to(&self.path(number + 1))),
        })
    }

    fn entry(&self, page: &Page, links: &Links<'_>) -> Entry {
        let site = self.site;
        let series = page.reading.document.front.series.clone().unwrap_or_default();
        let folder = places::folder(site, page, self.folder, links);
        let others = alternates(site, page, links).into_iter().filter(|other| !other.current);
        Entry {
            href: links.to(&page.path),
            title: page.title.clone(),
            language: page.language.clone(),
            date: page.date.as_deref().map(|date| DateView::new(date, self.language)),
            summary: page.summary.clone(),
            minutes: page.minutes,
            turns: page.turns,
            voices: voices::distinct(&voices::of(site, page, links)),
            folder: folder.filter(|folder| folder.title != series),
            series,
            translations: others.collect(),
            draft: page.draft,
        }
    }
}

/// Whether a page's words stand above the site's list.
pub(super) fn is_home(page: &Page) -> bool {
    page.kind != PageKind::Transcript && page.path == HOME
}

fn about(page: &Page, links: &Links<'_>) -> About {
    let (href, title) = (links.to(&page.path), page.title.clone());
    About { href, title, language: page.language.clone() }
}

/// The words above a list; terms are not marked in them, since the list that follows is no
/// place for definitions.
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
