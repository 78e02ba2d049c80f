//! What every page has: its head, the site's navigation, the words, the loaded files.

use serde::Serialize;
use tera::Context;

use super::places::Alternate;
use super::{GLOSSARY, HOME, NOT_FOUND, SPEAKERS, asset_links};
use super::{search, topics};
use crate::config::{Canonical, Csp};
use crate::i18n::{self, Words};
use crate::paths::link;
use crate::render::{Html, Renderer};
use crate::site::{PageIndex, PageKind, Site};
use crate::theme::Theme;

/// The content security policy under which every page works.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' https: data:; font-src 'self'; connect-src 'self'; media-src 'self' https:; \
    base-uri 'none'; form-action 'self'";

/// `site`: what a template sees of the site.
#[derive(Debug, Serialize)]
pub(super) struct SiteView {
    /// Its name.
    title: String,
    /// The navigation's language.
    language: String,
    /// One or two sentences; may be empty.
    description: String,
    /// Link to the home page.
    home: String,
    /// Link to the search page; may be empty.
    search: String,
    /// The navigation.
    nav: Vec<NavItem>,
    /// `extra` of `site.yaml`.
    extra: serde_json::Map<String, serde_json::Value>,
    /// The program's name and version.
    generator: &'static str,
}

/// One entry of the navigation.
#[derive(Debug, Serialize)]
pub(super) struct NavItem {
    href: String,
    label: String,
    /// Whether this is the page.
    current: bool,
}

/// `page`: what a template sees of every page.
#[derive(Debug, Default, Serialize)]
pub(super) struct PageView {
    /// `home`, `folder`, `tag`, `series`, `year`, `topics`, `transcript`, `plain`, `glossary`,
    /// `term`, `speakers`, `speaker`, `search`, `redirect`, `not-found`, `parallel`.
    pub kind: &'static str,
    /// Output path.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The content's language.
    pub language: String,
    /// For search engines and previews; may be empty.
    pub description: String,
    /// Absolute URL of the page, when `base_url` is set.
    pub canonical: Option<String>,
    /// Absolute URL of a picture.
    pub image: Option<String>,
    /// ISO date.
    pub date: Option<String>,
    /// The page in all its languages, itself first; empty where there is only one.
    pub alternates: Vec<Alternate>,
    /// Whether search engines should leave it out.
    pub noindex: bool,
    /// The content security policy, where pages carry it.
    pub policy: Option<&'static str>,
    /// The content of the JSON-LD block; may be empty.
    pub linked_data: Html,
}

/// A page before links and languages are known.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub page: PageView,
    /// The page's navigation entry, if it is another one than its own path.
    pub section: Option<&'static str>,
}

impl Frame {
    /// A page of the site's own making, in the site's language.
    pub fn new(site: &Site, kind: &'static str, path: &str, title: &str) -> Self {
        let page = PageView {
            kind,
            path: path.to_owned(),
            title: title.to_owned(),
            language: site.language.clone(),
            canonical: canonical(site, path),
            ..PageView::default()
        };
        Self { page, section: None }
    }

    /// All that every template sees.
    pub fn context(self, site: &Site, theme: &Theme, renderer: &Renderer) -> Context {
        let (mut context, page) = self.parts(site, theme, renderer);
        context.insert("page", &page);
        context
    }

    /// The same, with `page` still apart.
    pub fn parts(mut self, site: &Site, theme: &Theme, renderer: &Renderer) -> (Context, PageView) {
        let links = Links::from(site, &self.page.path);
        self.page.policy = (site.config.csp == Csp::Meta).then_some(POLICY);
        let mut context = Context::new();
        context.insert("site", &site_view(site, &links, self.section.unwrap_or(&self.page.path)));
        context.insert("assets", &asset_links(theme, |path| links.to(path)));
        context.insert_value("ui", renderer.words(words(site)));
        context.insert_value("words", renderer.words(site.words(&self.page.language)));
        (context, self.page)
    }
}

/// The page that hosts show for a missing one.
pub(super) fn not_found(site: &Site) -> Frame {
    let mut frame = Frame::new(site, "not-found", NOT_FOUND, &words(site).not_found);
    frame.page.canonical = None;
    frame.page.noindex = true;
    frame
}

/// The navigation's words.
pub(super) fn words(site: &Site) -> &Words {
    site.words(&site.language)
}

/// Links from one page. They are relative; from the page for missing pages, which is shown at
/// any depth, they begin at the root.
pub(super) struct Links<'a> {
    from: &'a str,
    root: Option<String>,
}

impl<'a> Links<'a> {
    pub fn from(site: &Site, from: &'a str) -> Self {
        let root = (from == NOT_FOUND).then(|| root(site.config.base_url.as_deref()));
        Self { from, root }
    }

    /// The link to an output path.
    pub fn to(&self, path: &str) -> String {
        match &self.root {
            Some(root) => format!("{root}{}", link::encode_path(path)),
            None => link::relative(self.from, path),
        }
    }

    /// The link to an element of another page, or of this one.
    pub fn anchor(&self, path: &str, id: &str) -> String {
        let page = if path == self.from { String::new() } else { self.to(path) };
        format!("{page}#{}", link::encode_fragment(id))
    }
}

/// The path of a base URL, with a slash at its end.
fn root(base: Option<&str>) -> String {
    let rest = base.and_then(|base| base.split_once("://")).map_or("", |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

fn site_view(site: &Site, links: &Links<'_>, current: &str) -> SiteView {
    SiteView {
        title: site.title.clone(),
        language: site.language.clone(),
        description: description(site),
        home: links.to(HOME),
        search: if search::is_wanted(site) { links.to(search::SEARCH) } else { String::new() },
        nav: navigation(site, links, current),
        extra: site.config.extra.clone(),
        generator: concat!("postil ", env!("CARGO_PKG_VERSION")),
    }
}

/// The site's own description in its language; may be empty.
pub(super) fn description(site: &Site) -> String {
    let text = site.config.description.as_ref().and_then(|text| text.get(&site.language));
    text.unwrap_or_default().to_owned()
}

/// The lists first, then plain pages at the top level.
fn navigation(site: &Site, links: &Links<'_>, current: &str) -> Vec<NavItem> {
    let words = words(site);
    let item = |path: &str, label: &str| NavItem {
        href: links.to(path),
        label: label.to_owned(),
        current: path == current,
    };
    let mut nav = vec![item(HOME, &words.transcripts)];
    if !site.glossary.terms.is_empty() {
        nav.push(item(GLOSSARY, &words.glossary));
    }
    if site.has_people() {
        nav.push(item(SPEAKERS, &words.speakers));
    }
    nav.extend(topics::navigation(site).map(|(path, label)| item(path, label)));
    if search::is_wanted(site) {
        nav.push(item(search::SEARCH, &words.search));
    }
    // Transcripts come first of all pages, and are many.
    let others = site.pages.partition_point(|page| page.kind == PageKind::Transcript);
    let others = site.pages.iter().enumerate().skip(others);
    let plain = others.filter(|(_, page)| page.kind == PageKind::Plain);
    let top = plain.filter(|(_, page)| page.path != HOME && !page.path.contains('/'));
    let chosen = top.filter(|(at, page)| {
        let all: Vec<PageIndex> =
            page.translations.iter().copied().chain([*at as PageIndex]).collect();
        site.chosen(&all, &site.language) == Some(*at as PageIndex)
    });
    nav.extend(chosen.map(|(_, page)| item(&page.path, &page.title)));
    nav
}

/// The page's absolute URL, as `canonical` in `site.yaml` wants it.
pub(super) fn canonical(site: &Site, path: &str) -> Option<String> {
    let base = site.config.base_url.as_deref()?;
    let name = match site.config.canonical {
        Canonical::File if path == HOME => "",
        Canonical::File => path,
        Canonical::Clean => {
            let stem = path.strip_suffix(".html").unwrap_or(path);
            stem.strip_suffix("index")
                .filter(|rest| rest.is_empty() || rest.ends_with('/'))
                .unwrap_or(stem)
        }
    };
    Some(link::absolute(base, name))
}

/// A date as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct DateView {
    /// ISO.
    pub iso: String,
    /// In the page's language.
    pub text: String,
}

impl DateView {
    pub fn new(iso: &str, words: &Words) -> Self {
        Self { iso: iso.to_owned(), text: i18n::date(iso, words) }
    }
}

/// A sample with nothing left empty, for the shapes that templates are checked against.
pub(super) fn sample_site() -> SiteView {
    let x = || "x".to_owned();
    SiteView {
        title: x(),
        language: x(),
        description: x(),
        home: x(),
        search: x(),
        nav: vec![NavItem { href: x(), label: x(), current: true }],
        extra: serde_json::Map::new(),
        generator: "x",
    }
}

/// A sample with nothing left empty, for the shapes that templates are checked against.
pub(super) fn sample_page() -> PageView {
    let x = || "x".to_owned();
    PageView {
        kind: "transcript",
        path: x(),
        title: x(),
        language: x(),
        description: x(),
        canonical: Some(x()),
        image: Some(x()),
        date: Some(x()),
        alternates: vec![sample_alternate()],
        noindex: true,
        policy: Some(POLICY),
        linked_data: Html(x()),
    }
}

/// A sample with nothing left empty, for the shapes that templates are checked against.
pub(super) fn sample_alternate() -> Alternate {
    let x = || "x".to_owned();
    Alternate {
        language: x(),
        name: x(),
        href: x(),
        address: x(),
        current: true,
        beside: Some(x()),
    }
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn the_root_is_the_base_urls_path() {
        assert_eq!(root(None), "/");
        assert_eq!(root(Some("https://example.org/")), "/");
        assert_eq!(root(Some("https://example.org")), "/");
        assert_eq!(root(Some("https://example.org/reading/")), "/reading/");
        assert_eq!(root(Some("https://example.org/a/b?x#y")), "/a/b/");
    }
}
