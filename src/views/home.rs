//! Lists of transcripts, a page at a time: the home page, a folder's, a tag's, a series', a
//! year's. The first two begin with their own words.

use serde::Serialize;

use super::HOME;
use super::article;
use super::frame::{DateView, Frame, Links, description, words};
use super::places::{self, Alternate, Crumb, alternates};
use super::topics::{self, TopicLink};
use super::voices::{self, Voice};
use crate::diagnostics::Diagnostic;
use crate::paths::list_page;
use crate::render::Html;
use crate::site::{Grouping, ListOf, Page, PageIndex, PageKind, Site, entries};

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
    /// The day of the newest of them that has one.
    pub newest: Option<DateView>,
    /// The day of the oldest of them that has one, if that is another transcript.
    pub oldest: Option<DateView>,
    /// What the collection says of itself (`LICENSE.md`).
    pub about: Vec<About>,
    /// 0 for the first page; the others are numbered from the oldest transcript on, so that
    /// new ones do not move them.
    pub number: usize,
    /// Link to the list's feed; may be empty.
    pub feed: String,
    /// Link to all transcripts by year; empty where there is one year only.
    pub archive: String,
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
    /// The series, or none.
    pub series: Option<TopicLink>,
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

/// The page whose words stand above a list.
pub(super) fn own_page(site: &Site, of: ListOf) -> Option<&Page> {
    match of {
        ListOf::Home => site.pages.iter().rev().map(|page| &**page).find(|page| is_home(page)),
        ListOf::Folder(own) => Some(site.page(own)),
        ListOf::Topic(..) => None,
    }
}

/// A list of transcripts: the whole site's, a folder's, a topic's.
pub(super) struct List<'a> {
    site: &'a Site,
    of: ListOf,
    /// The words above it.
    own: Option<&'a Page>,
    language: &'a str,
    pages: Vec<PageIndex>,
}

impl<'a> List<'a> {
    /// A list with all that it has.
    pub fn new(site: &'a Site, of: ListOf) -> Self {
        let own = own_page(site, of);
        let language = match of {
            ListOf::Folder(own) => &site.page(own).language,
            _ => &site.language,
        };
        Self { site, of, own, language, pages: site.list(of) }
    }

    fn path(&self, number: usize) -> String {
        list_page(self.site.list_path(self.of), number)
    }

    /// The folder whose transcripts it has; empty for all other lists.
    fn folder(&self) -> &'a str {
        match self.of {
            ListOf::Folder(own) => self.site.page(own).folder(),
            _ => "",
        }
    }

    fn kind(&self) -> &'static str {
        match self.of {
            ListOf::Home => "home",
            ListOf::Folder(_) => "folder",
            ListOf::Topic(Grouping::Tags, _) => "tag",
            ListOf::Topic(Grouping::Series, _) => "series",
            ListOf::Topic(Grouping::Years, _) => "year",
        }
    }

    fn title(&self) -> &'a str {
        match self.of {
            ListOf::Home => &self.site.title,
            ListOf::Folder(own) => &self.site.page(own).title,
            ListOf::Topic(grouping, at) => {
                topics::name(self.site, &self.site.topics.of(grouping)[at])
            }
        }
    }

    /// The head of a page of the list: 0 is the first page, the others count from the oldest
    /// entry on.
    pub fn frame(&self, number: usize) -> Frame {
        let (site, path) = (self.site, self.path(number));
        let mut frame = Frame::new(site, self.kind(), &path, self.title());
        frame.section = Some(match self.of {
            ListOf::Topic(grouping, _) => topics::section(grouping),
            _ => HOME,
        });
        frame.page.language = self.language.to_owned();
        let home = self.of == ListOf::Home;
        if home {
            frame.page.description = description(site);
        }
        if number > 0 {
            let page = site.words(self.language).page_number.replace("{n}", &number.to_string());
            let title = if home { &*words(site).transcripts } else { &frame.page.title };
            frame.page.title = format!("{title} · {page}");
            frame.page.description.clear();
        } else if let Some(own) = self.own {
            frame.page.alternates = alternates(site, own, &Links::from(site, &path));
            frame.page.noindex = own.file.front.noindex || own.draft;
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
        let numbered = site.list_numbered(self.of);
        let first = number == 0;
        let own = self.own.filter(|_| first);
        let shown = &self.pages[entries(self.pages.len(), site.config.paginate, number)];
        let crumbs = self.own.filter(|_| self.of != ListOf::Home);
        let newer = if number == numbered { 0 } else { number + 1 };
        let older = if first { numbered } else { number - 1 };
        let entries: Vec<Entry> =
            shown.iter().map(|at| self.entry(site.page(*at), &links)).collect();
        let mut days = entries.iter().filter_map(|entry| entry.date.as_ref());
        let newest = days.next().cloned();
        let oldest = days.next_back().cloned();
        Ok(HomeView {
            intro: own.map(|page| intro(site, page, &path)).transpose()?.unwrap_or_default(),
            intro_language: own
                .map_or_else(|| self.language.to_owned(), |page| page.language.clone()),
            folders: crumbs.map(|page| places::crumbs(site, page, &links)).unwrap_or_default(),
            count: self.pages.len(),
            newest,
            oldest,
            entries,
            about: match self.of {
                ListOf::Topic(..) => Vec::new(),
                _ => places::about(site, self.folder()).map(|page| about(page, &links)).collect(),
            },
            number,
            feed: site.feed(self.of).map(|path| links.to(&path)).unwrap_or_default(),
            archive: topics::archive(site, self.of, &links),
            newer: (!first).then(|| links.to(&self.path(newer))),
            older: (older > 0).then(|| links.to(&self.path(older))),
        })
    }

    fn entry(&self, page: &Page, links: &Links<'_>) -> Entry {
        let site = self.site;
        let series = page.file.front.series.as_deref();
        let series = series.map(|name| topics::link(site, Grouping::Series, name, links));
        let folder = places::folder(site, page, self.folder(), links);
        let others = alternates(site, page, links).into_iter().filter(|other| !other.current);
        Entry {
            href: links.to(&page.path),
            title: page.title.clone(),
            language: page.language.clone(),
            date: page
                .date
                .as_deref()
                .map(|date| DateView::new(date, self.site.words(self.language))),
            summary: page.summary.clone(),
            minutes: page.minutes,
            turns: page.turns,
            voices: voices::distinct(&voices::of(site, page, links)),
            folder: folder
                .filter(|folder| series.as_ref().is_none_or(|own| own.name != folder.title)),
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
    let body = article::body(site, page, path, &[], article::Extent::Unmarked)?;
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
