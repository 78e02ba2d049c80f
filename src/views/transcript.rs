//! A transcript's page, and a plain page.

use serde::Serialize;
use serde_json::{Map, Value};
use tera::Context;

use super::article::{self, Body, Extent};
use super::cite::{self, Citation};
use super::data::export::{self, ExportLink};
use super::frame::{DateView, Frame, Links, PageView, canonical};
use super::places::{self, Crumb};
use super::players::{self, Player};
use super::provenance::{self, Fact, is_web};
use super::topics::{self, TopicLink};
use super::voices::{self, Voice};
use super::{HOME, linked_data};
use crate::diagnostics::Diagnostic;
use crate::document::Image;
use crate::render::Renderer;
use crate::site::{Grouping, Page, PageIndex, Picture, Site};
use crate::theme::Theme;

/// `transcript`.
#[derive(Debug, Serialize)]
pub(super) struct TranscriptView {
    /// The day, if it is known.
    pub date: Option<DateView>,
    /// The series, or none.
    pub series: Option<TopicLink>,
    /// Reading time in minutes.
    pub minutes: u32,
    /// How many turns.
    pub turns: u32,
    /// Whether it is not to be published yet.
    pub draft: bool,
    /// The names below the title, then the account or outlet.
    pub byline: Vec<String>,
    /// Everyone who speaks, in order of appearance.
    pub voices: Vec<Voice>,
    /// The picture at the top.
    pub cover: Option<Cover>,
    /// The recordings that lie in the site.
    pub players: Vec<Player>,
    /// The folders above that have a page.
    pub folders: Vec<Crumb>,
    /// Where it comes from, as labelled facts.
    pub provenance: Vec<Fact>,
    /// Headings, turns, definitions, footnotes.
    pub body: Body,
    /// Its other forms, each a file beside the page.
    pub exports: Vec<ExportLink>,
    /// How to cite it: the words.
    pub cite: String,
    /// How to cite it: the link behind the words; may be empty.
    pub cite_url: String,
    /// How to cite it: an entry for BibTeX.
    pub bibtex: String,
    /// How to cite it: CSL-JSON.
    pub csl: String,
    /// The transcript before in time.
    pub previous: Option<Neighbour>,
    /// The transcript after in time.
    pub next: Option<Neighbour>,
    /// The ones before and after in the series, where it is not the order of time as well.
    pub in_series: Option<InSeries>,
    /// Front matter that postil does not know.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A transcript's place in its series.
#[derive(Debug, Serialize)]
pub(super) struct InSeries {
    /// The one before.
    pub previous: Option<Neighbour>,
    /// The one after.
    pub next: Option<Neighbour>,
}

/// The picture at a transcript's top.
#[derive(Debug, Serialize)]
pub(super) struct Cover {
    /// Its URL.
    pub src: String,
    /// The alternative text; may be empty.
    pub alt: String,
    /// Its width, where it lies in the site and says so.
    pub width: Option<u32>,
    /// Its height.
    pub height: Option<u32>,
}

/// The transcript before or after.
#[derive(Debug, Serialize)]
pub(super) struct Neighbour {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
}

/// `plain`.
#[derive(Debug, Serialize)]
pub(super) struct PlainView {
    /// Whether it is not to be published yet.
    pub draft: bool,
    /// Headings, prose, definitions, footnotes.
    pub body: Body,
    /// Front matter that postil does not know.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A transcript's page before its text is made.
#[derive(Debug)]
pub(super) struct TranscriptHead {
    page: PageView,
    view: TranscriptView,
    /// By the document's speaker.
    voices: Vec<Voice>,
    linked_data: Map<String, Value>,
}

/// What a transcript's page shows without its text, and what each page shows.
pub(super) fn head(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    index: PageIndex,
) -> (Context, TranscriptHead) {
    let page = site.page(index);
    let voices = voices::of(site, page, &Links::from(site, &page.path));
    let view = view(site, index, &voices);
    let mut frame = file_frame(site, page, "transcript");
    frame.section = Some(HOME);
    frame.page.image = cover_url(site, page);
    let linked_data = linked_data::article(page, &view, canonical(site, &page.path));
    let (context, page) = frame.parts(site, theme, renderer);
    (context, TranscriptHead { page, view, voices, linked_data })
}

impl TranscriptHead {
    /// Makes the text, and adds all to what the template sees.
    pub fn finish(
        self,
        site: &Site,
        index: PageIndex,
        context: &mut Context,
    ) -> Result<(), Box<Diagnostic>> {
        let page = site.page(index);
        let body = article::body(site, page, &page.path, &self.voices, Extent::Whole)?;
        let terms = body.terms.iter().map(|term| term.index);
        let linked_data = linked_data::mentioning(self.linked_data, site, terms);
        context.insert("page", &PageView { linked_data, ..self.page });
        context.insert("transcript", &TranscriptView { body, ..self.view });
        Ok(())
    }
}

/// All but the text.
fn view(site: &Site, index: PageIndex, voices: &[Voice]) -> TranscriptView {
    let page = site.page(index);
    let document = &page.file;
    let (front, head) = (&document.front, &document.head);
    let links = Links::from(site, &page.path);
    let Citation { line: cite, url: cite_url, bibtex, csl } = cite::of(site, page);
    TranscriptView {
        date: page.date.as_deref().map(|date| DateView::new(date, site.words(&page.language))),
        series: front.series.as_deref().map(|name| series(site, name, &links)),
        minutes: page.minutes,
        turns: page.turns,
        draft: page.draft,
        byline: [&head.byline, &head.account].into_iter().flatten().cloned().collect(),
        voices: voices::distinct(voices),
        cover: head.cover.as_ref().and_then(|image| cover(site, page, image)),
        players: players::of(site, page),
        folders: places::crumbs(site, page, &links),
        provenance: provenance::of(site, page, voices),
        body: Body::default(),
        exports: export::links(site, page),
        cite,
        cite_url,
        bibtex,
        csl,
        previous: page.previous.map(|other| neighbour(site, &links, other)),
        next: page.next.map(|other| neighbour(site, &links, other)),
        in_series: in_series(site, index, &links),
        extra: front.extra.clone(),
    }
}

fn series(site: &Site, name: &str, links: &Links<'_>) -> TopicLink {
    topics::link(site, Grouping::Series, name, links)
}

/// The neighbours in the series; nothing where they are those of all transcripts.
fn in_series(site: &Site, index: PageIndex, links: &Links<'_>) -> Option<InSeries> {
    let page = site.page(index);
    let name = page.file.front.series.as_deref()?;
    let pages = &site.topics.find(Grouping::Series, name)?.pages;
    let at = pages.binary_search(&index).ok()?; // newest first, as all pages are
    let (next, previous) = (at.checked_sub(1).map(|at| pages[at]), pages.get(at + 1).copied());
    if (previous, next) == (page.previous, page.next) || (previous, next) == (None, None) {
        return None;
    }
    let neighbour = |other: PageIndex| neighbour(site, links, other);
    Some(InSeries { previous: previous.map(neighbour), next: next.map(neighbour) })
}

/// What a plain page shows without its text, and what each page shows.
pub(super) fn plain_head(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    index: PageIndex,
) -> (Context, PlainView) {
    let page = site.page(index);
    let context = file_frame(site, page, "plain").context(site, theme, renderer);
    let extra = page.file.front.extra.clone();
    (context, PlainView { draft: page.draft, body: Body::default(), extra })
}

impl PlainView {
    /// The same with its text.
    pub fn finish(self, site: &Site, index: PageIndex) -> Result<Self, Box<Diagnostic>> {
        let page = site.page(index);
        let body = article::body(site, page, &page.path, &[], Extent::Whole)?;
        Ok(Self { body, ..self })
    }
}

fn neighbour(site: &Site, links: &Links<'_>, index: PageIndex) -> Neighbour {
    let page = site.page(index);
    Neighbour {
        href: links.to(&page.path),
        title: page.title.clone(),
        language: page.language.clone(),
    }
}

fn cover(site: &Site, page: &Page, image: &Image) -> Option<Cover> {
    if image.url.is_empty() {
        return None;
    }
    let (inside, picture) = site.picture(page, &page.path, &image.url);
    // Exports call every cover so; it describes nothing.
    let alt = if image.alt == "cover_image" { String::new() } else { image.alt.clone() };
    let (width, height) = picture.and_then(Picture::dimensions).unzip();
    Some(Cover { src: inside.unwrap_or_else(|| image.url.clone()), alt, width, height })
}

/// The head of a page that comes from a file.
fn file_frame(site: &Site, page: &Page, kind: &'static str) -> Frame {
    let front = &page.file.front;
    let mut frame = Frame::new(site, kind, &page.path, &page.title);
    frame.page.language.clone_from(&page.language);
    frame.page.description.clone_from(&page.summary);
    frame.page.date.clone_from(&page.date);
    frame.page.noindex = front.noindex || page.draft;
    frame.page.alternates = places::alternates(site, page, &Links::from(site, &page.path));
    frame
}

/// The absolute URL of the cover: previews take no other. A copy in the site comes before the
/// picture on the web.
fn cover_url(site: &Site, page: &Page) -> Option<String> {
    let url = &page.file.head.cover.as_ref()?.url;
    let (from_root, _) = site.picture(page, HOME, url);
    match (from_root, site.config.base_url.as_deref()) {
        (Some(path), Some(base)) => Some(format!("{base}{path}")),
        _ => is_web(url).then(|| url.clone()),
    }
}
