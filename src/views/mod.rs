//! What each page shows, as typed values: pure functions from the site to a view, and from a
//! view through its template to bytes.
//!
//! A template sees one view and nothing else. Every field of a view always exists (empty or
//! none where there is nothing to say), so that a misspelt one can be told. `docs/templates.md`
//! describes them for authors of templates.

mod article;
mod cite;
mod concordance;
mod data;
mod definitions;
mod frame;
mod glossary;
mod home;
mod linked_data;
mod moments;
mod notes;
mod order;
mod outline;
mod parallel;
mod people;
mod places;
mod players;
mod provenance;
mod redirect;
mod sample;
mod script;
mod search;
mod shown;
mod term;
mod topics;
mod transcript;
mod voices;

pub use data::{Data, key as data_key};
pub use frame::POLICY;
pub use shown::Shown;

use std::collections::BTreeMap;

use home::List;

use crate::diagnostics::Diagnostic;
use crate::glossary::TermIndex;
use crate::paths::list_page;
use crate::render::{Renderer, Shapes, unknown_fields};
use crate::site::{Grouping, ListOf, PageIndex, PageKind, PersonIndex, Site};
use crate::source::Source;
use crate::theme::{Theme, template_name};

/// A page that is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageRef {
    /// A page of a list of transcripts: 0 is the first, the others count from the oldest entry.
    List(ListOf, usize),
    /// The page that names all tags, all series, or all years.
    Topics(Grouping),
    /// A page that comes from a Markdown file.
    File(PageIndex),
    /// A transcript and its translation side by side.
    Parallel(PageIndex, PageIndex),
    /// The glossary.
    Glossary,
    /// A page of a term: 0 is the first, the others count from the oldest mention.
    Term(TermIndex, usize),
    /// The list of speakers.
    Speakers,
    /// One speaker.
    Speaker(PersonIndex),
    /// The page for searching.
    Search,
    /// What hosts show for a missing page.
    NotFound,
    /// An old address of a file's page: which of its aliases.
    Redirect(PageIndex, usize),
    /// A file for machines.
    Data(Data),
}

/// The output path of the page that lists the transcripts.
pub const HOME: &str = "index.html";
/// The output path of the glossary.
pub const GLOSSARY: &str = "glossary/index.html";
/// The output path of the list of speakers.
pub const SPEAKERS: &str = "speakers/index.html";
/// The output path of the page for missing pages.
pub const NOT_FOUND: &str = "404.html";

/// All pages of a site with their output paths. The words of `pages/index.md` are a part of
/// the home page, not a page of their own.
pub fn pages(site: &Site) -> Vec<(String, PageRef)> {
    // What a file makes comes later in the list, so that it takes the place of these.
    let mut pages = parallel::pages(site);
    for of in site.lists() {
        let path = site.list_path(of);
        let numbers = 0..=site.list_numbered(of);
        pages.extend(numbers.map(|number| (list_page(path, number), PageRef::List(of, number))));
    }
    for (at, page) in site.pages.iter().enumerate() {
        if page.kind != PageKind::Folder && !home::is_home(page) {
            pages.push((page.path.clone(), PageRef::File(at as PageIndex)));
        }
        let aliases = page.aliases.iter().enumerate();
        pages.extend(
            aliases.map(|(alias, path)| (path.clone(), PageRef::Redirect(at as PageIndex, alias))),
        );
    }
    for grouping in &site.topics.indexes {
        pages.push((grouping.index().to_owned(), PageRef::Topics(*grouping)));
    }
    if !site.glossary.terms.is_empty() {
        pages.push((GLOSSARY.to_owned(), PageRef::Glossary));
    }
    for term in 0..site.glossary.terms.len() as TermIndex {
        let numbers = 0..=site.term_numbered(term);
        pages.extend(numbers.map(|n| (site.term_page(term, n), PageRef::Term(term, n))));
    }
    if site.has_people() {
        pages.push((SPEAKERS.to_owned(), PageRef::Speakers));
    }
    for (at, person) in site.people.iter().enumerate().filter(|(_, person)| person.is_listed()) {
        pages.push((person.path.clone(), PageRef::Speaker(at as PersonIndex)));
    }
    if search::is_wanted(site) {
        pages.push((search::SEARCH.to_owned(), PageRef::Search));
    }
    pages.push((NOT_FOUND.to_owned(), PageRef::NotFound));
    let data = data::files(site, &pages).into_iter();
    // A file of the site's own (`static/robots.txt`) takes the place of ours.
    let data = data.filter(|(path, _)| !site.routes.is_copied(path));
    pages.extend(data.map(|(path, data)| (path, PageRef::Data(data))));
    pages
}

/// `_headers`, for hosts that read it; empty where there is nothing to tell them. And how many addresses
/// are too long to stand in it.
pub fn headers(site: &Site) -> (String, usize) {
    data::headers::headers(site)
}

/// Whether a host has to tell search engines that they should leave a file out, because it cannot
/// say so itself.
pub fn is_noindex(site: &Site, page: PageRef) -> bool {
    data::headers::is_noindex(site, page)
}

/// The templates, ready, with everything that can be told of them before a page is rendered:
/// syntax, names, and fields that no view has.
pub fn renderer(templates: Vec<Source>) -> (Renderer, Vec<Diagnostic>) {
    let (renderer, mut diagnostics) = Renderer::new(templates);
    if diagnostics.is_empty() {
        diagnostics = unknown_fields(renderer.sources(), &sample::shapes());
    }
    (renderer, diagnostics)
}

/// A page's bytes.
///
/// # Errors
/// A template that cannot be rendered: its file, line and column. Or words of the source that
/// would come out changed.
pub fn render(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    page: PageRef,
) -> Result<Vec<u8>, Box<Diagnostic>> {
    if let PageRef::Data(data) = page {
        return Ok(data::render(site, data));
    }
    shown(site, theme, renderer, page)?.render(site, renderer)
}

/// What a page shows, before its bytes are made.
///
/// # Errors
/// Those of [`render`]; of a file's own page, they come when it is rendered.
pub fn shown(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    page: PageRef,
) -> Result<Shown, Box<Diagnostic>> {
    let frame = |frame: frame::Frame| frame.context(site, theme, renderer);
    let (template, context) = match page {
        PageRef::List(of, number) => {
            let list = List::new(site, of);
            let mut context = frame(list.frame(number));
            context.insert("home", &list.view(number)?);
            ("home.html", context)
        }
        PageRef::Topics(grouping) => {
            let mut context = frame(topics::frame(site, grouping));
            context.insert("topics", &topics::view(site, grouping));
            ("topics.html", context)
        }
        PageRef::File(index) => return Ok(Shown::of_file(site, theme, renderer, index)),
        PageRef::Parallel(left, right) => {
            return Ok(Shown::of_pair(site, theme, renderer, left, right));
        }
        PageRef::Glossary => {
            let mut context = frame(glossary::frame(site));
            context.insert("glossary", &glossary::view(site));
            ("glossary.html", context)
        }
        PageRef::Term(index, number) => {
            let context = frame(term::frame(site, index, number));
            let view = term::head(site, index, number);
            return Ok(Shown::of_term(site, context, index, view));
        }
        PageRef::Speakers => {
            let mut context = frame(people::list_frame(site));
            context.insert("speakers", &people::list(site));
            ("speakers.html", context)
        }
        PageRef::Speaker(index) => {
            let context = frame(people::frame(site, index));
            return Ok(Shown::of_speaker(site, context, index, people::head(site, index)));
        }
        PageRef::Search => {
            let mut context = frame(search::frame(site));
            context.insert("search", &search::view(site));
            ("search.html", context)
        }
        PageRef::Redirect(index, alias) => {
            let path = &site.page(index).aliases[alias];
            let mut context = frame(redirect::frame(site, index, path));
            context.insert("redirect", &redirect::view(site, index, path));
            ("redirect.html", context)
        }
        PageRef::NotFound | PageRef::Data(_) => ("404.html", frame(frame::not_found(site))),
    };
    Ok(Shown::new(template, context))
}

/// Loaded files by name, as links from a page.
fn asset_links(theme: &Theme, link: impl Fn(&str) -> String) -> BTreeMap<String, String> {
    theme.assets.iter().map(|asset| (asset.name.clone(), link(&asset.path))).collect()
}

/// The templates' names.
pub fn template_names(theme: &Theme) -> Vec<&str> {
    theme.templates.iter().map(template_name).collect()
}

/// For each page's template, the variables that it sees, with their fields and types.
pub fn shapes() -> Shapes {
    sample::shapes()
}
