//! Whether the links in all texts arrive: at a file of the site, and at a place on its page. The
//! texts are the transcripts, the notes on them, and what the glossary says.
//!
//! Links inside a site are the author's own, so one that leads nowhere is an error. In a folder that is not set up as
//! a site somebody only looks at texts of others: there it is a warning.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::short_texts::TERM;
use super::{Page, PageIndex, Routes, Site};
use crate::diagnostics::{Diagnostic, Severity, nearest};
use crate::paths::link;
use crate::source::{Source, Span};

/// The page of all terms, on which each has an anchor.
const GLOSSARY: &str = "glossary/index.html";

/// A link as it is written.
#[derive(Clone, Copy)]
struct Link<'a> {
    /// Where it is written.
    source: &'a Source,
    span: Span,
    url: &'a str,
    /// Content path of the file to which it is relative.
    content: &'a str,
    /// That file's page; none for the glossary, which stands on many.
    own: Option<PageIndex>,
}

/// A link with a fragment.
struct Fragment<'a> {
    link: Link<'a>,
    /// Decoded, without `#`.
    id: String,
}

/// Everything that is wrong with links.
pub(super) fn broken(site: &Site, severity: Severity) -> Vec<Diagnostic> {
    among(site, severity, of_pages(site).chain(of_definitions(site)))
}

/// The same where all that differs from the site before are the words of some pages. `changed` are
/// these pages, and all files in which their links are or were written; `before` is what was wrong.
pub(super) fn again<'a>(
    site: &'a Site,
    severity: Severity,
    before: Vec<Diagnostic>,
    (changed, mut files): (&[PageIndex], HashSet<&'a str>),
) -> Vec<Diagnostic> {
    let leads_to_changed = |link: &Link<'_>| {
        let Some(own) = link.own.filter(|_| link.url.find('#').is_some_and(|at| at > 0)) else {
            return false;
        };
        let target = site.routes.target(link.content, &site.page(own).path, link.url);
        let is = |at: &PageIndex, path: &str| site.page(*at).path == path;
        target.is_some_and(|(target, _)| changed.iter().any(|at| is(at, &target.path)))
    };
    let leading = of_pages(site).filter(leads_to_changed).filter_map(|link| link.own);
    let pages: BTreeSet<PageIndex> = leading.chain(changed.iter().copied()).collect();
    let links = || {
        let pages = pages.iter().flat_map(|at| of_page(*at, site.page(*at)));
        // The glossary's links are few, and may lead anywhere.
        pages.chain(of_definitions(site))
    };
    files.extend(links().map(|link| link.source.path()));
    let mut told = before;
    told.retain(|one| !files.contains(one.place.source.path()));
    told.extend(among(site, severity, links()));
    told
}

/// What is wrong with some of the site's links.
fn among<'a>(
    site: &'a Site,
    severity: Severity,
    links: impl Iterator<Item = Link<'a>>,
) -> Vec<Diagnostic> {
    let by_path = OnceCell::new();
    let page_of = |path: &str| -> Option<PageIndex> {
        let pages = || site.pages.iter().enumerate();
        let by_path: &HashMap<&str, PageIndex> = by_path
            .get_or_init(|| pages().map(|(at, page)| (&*page.path, at as PageIndex)).collect());
        by_path.get(path).copied()
    };
    let mut told = Vec::new();
    // By the page that they lead to: each is unpacked once.
    let mut fragments: BTreeMap<PageIndex, Vec<Fragment<'_>>> = BTreeMap::new();
    for link in links {
        let (to, fragment) = if let Some(name) = link.url.strip_prefix(TERM) {
            told.extend(unknown_term(site, link, &link::percent_decoded(name)));
            continue;
        } else if link.url.starts_with('#') {
            told.extend(link.own.is_none().then(|| no_page(link, severity)));
            (link.own, link.url)
        } else {
            // What is written in a definition has no page that it is written on.
            let page = link.own.map_or(link.content, |own| site.page(own).path.as_str());
            let Some((target, fragment)) = site.routes.target(link.content, page, link.url) else {
                told.push(missing_file(link, &site.routes, severity));
                continue;
            };
            if !target.published {
                told.push(unpublished(link, severity));
                continue;
            }
            if target.path == GLOSSARY {
                told.extend(no_term(site, link, fragment, severity));
            }
            (page_of(&target.path), fragment)
        };
        if let (Some(to), Some(id)) = (to, place(fragment)) {
            fragments.entry(to).or_default().push(Fragment { link, id });
        }
    }
    for (to, fragments) in fragments {
        told.extend(no_places(site, to, &fragments, severity));
    }
    told
}

/// The links of all transcripts, and of the notes on them.
fn of_pages(site: &Site) -> impl Iterator<Item = Link<'_>> {
    let pages = site.pages.iter().enumerate();
    pages.flat_map(|(at, page)| of_page(at as PageIndex, page))
}

/// The links of all definitions.
fn of_definitions(site: &Site) -> impl Iterator<Item = Link<'_>> {
    site.meant.iter().map(|meant| {
        let term = &site.glossary.terms[meant.term as usize];
        Link {
            source: &term.source,
            span: meant.span,
            url: &meant.url,
            content: term.content(),
            own: None,
        }
    })
}

fn of_page(at: PageIndex, page: &Page) -> impl Iterator<Item = Link<'_>> {
    let own = page.file.links.iter().map(|link| (&page.file.source, link));
    let noted = page.file.noted.iter();
    let noted = noted.flat_map(|noted| noted.links.iter().map(|link| (&noted.source, link)));
    own.chain(noted).map(move |(source, (url, span))| Link {
        source,
        span: *span,
        url,
        content: &page.content,
        own: Some(at),
    })
}

/// The id that a fragment names: none for the top, for words (`:~:text=`), for a moment
/// (`t=12`), and for places that are a page's own furniture.
fn place(fragment: &str) -> Option<String> {
    let id = fragment.strip_prefix('#')?;
    let id = id.split_once(":~:").map_or(id, |(id, _)| id);
    let decoded = percent_encoding::percent_decode_str(id).decode_utf8().ok()?;
    let own = decoded.is_empty() || decoded == "top" || decoded.starts_with(['-', '/', '!']);
    (!own && !decoded.contains('=')).then(|| decoded.into_owned())
}

/// The fragments that name no place of the page to which they lead.
fn no_places(
    site: &Site,
    index: PageIndex,
    fragments: &[Fragment<'_>],
    severity: Severity,
) -> Vec<Diagnostic> {
    let to = site.page(index);
    let reading = site.reading(to);
    let mut known: Vec<&str> = reading.document.anchors().collect();
    known.extend(reading.formers.iter().map(|former| &*former.was));
    let said =
        to.file.mentions.iter().map(|mention| &site.glossary.terms[mention.term as usize].id);
    let terms: Vec<String> = said.map(|id| format!("g-{id}")).collect();
    known.extend(terms.iter().map(String::as_str));
    known.sort_unstable();
    let html = site.config.trusts(&to.content).then(|| to.file.source.text());
    let in_html = |id: &str| {
        let marks = [format!("id=\"{id}\""), format!("id='{id}'"), format!("name=\"{id}\"")];
        html.is_some_and(|html| marks.iter().any(|mark| html.contains(mark)))
    };
    let broken = fragments.iter().filter(|one| known.binary_search(&&*one.id).is_err());
    let broken = broken.filter(|one| !in_html(&one.id));
    broken.map(|one| no_place((index, to), one, &known, severity)).collect()
}

fn no_place(
    (index, to): (PageIndex, &Page),
    one: &Fragment<'_>,
    known: &[&str],
    severity: Severity,
) -> Diagnostic {
    let section = format!("s-{}", one.id);
    let near = known.iter().copied().find(|id| *id == section);
    let near = near.or_else(|| nearest(&one.id, known.iter().copied()));
    let there = to.file.source.path();
    let message = match one.link.own == Some(index) {
        true => format!("this page has no place `{}`", one.id),
        false => format!("`{there}` has no place `{}`", one.id),
    };
    let hint = match near {
        Some(near) => format!("did you mean `#{near}`?"),
        None => {
            "copy the id from the permalink of a turn, a paragraph or a section: what follows `#`. \
                 `postil check --against` finds ids that edits have moved"
                .to_owned()
        }
    };
    // The fragment is the end of the link.
    let Link { source, url, span, .. } = one.link;
    let hash = url.find('#').unwrap_or_default();
    let span = source.slice(span).find(url).map_or(span, |at| {
        let start = span.start as usize + at;
        Span::new(start + hash, start + url.len())
    });
    Diagnostic::new(severity, "links/no-place", source, Some(span), message).hint(hint)
}

/// A fragment of the glossary's page that no term has.
fn no_term(site: &Site, link: Link<'_>, fragment: &str, severity: Severity) -> Option<Diagnostic> {
    let id = place(fragment)?;
    let term = id.strip_prefix("g-")?;
    let terms = || site.glossary.terms.iter().map(|term| term.id.as_str());
    if terms().any(|known| known == term) {
        return None;
    }
    let hint = match nearest(term, terms()) {
        Some(near) => format!("did you mean `#g-{near}`?"),
        None => "a term’s place is `#g-` and its `id`".to_owned(),
    };
    let message = format!("`{}` leads to no term: the glossary has no `{term}`", link.url);
    Some(link.told(severity, "links/no-place", message).hint(hint))
}

/// A note names a term that there is not: its words are shown without a link.
fn unknown_term(site: &Site, link: Link<'_>, name: &str) -> Option<Diagnostic> {
    if site.glossary.find(name).is_some() {
        return None;
    }
    let terms = site.glossary.terms.iter();
    let known = terms.flat_map(|term| [&term.id, &term.term].into_iter().chain(&term.aliases));
    let hint = match nearest(name, known.map(String::as_str)) {
        Some(near) => format!("did you mean `term:{near}`?"),
        None => "name a term by its `term`, `id` or an alias, or add it to the glossary".to_owned(),
    };
    let message = format!("`{name}` is no term, so these words are no link");
    Some(link.told(Severity::Warning, "glossary/unknown-term", message).hint(hint))
}

/// A definition stands on many pages, so that a fragment alone names a place of none.
fn no_page(link: Link<'_>, severity: Severity) -> Diagnostic {
    let message = format!("`{}` names no page, and a definition is shown on many", link.url);
    link.told(severity, "links/no-page", message)
        .hint("name the file too, relative to this one: `a/x.md#t-…`; a term is `term:rag`")
}

fn unpublished(link: Link<'_>, severity: Severity) -> Diagnostic {
    let message =
        format!("`{}` is a draft or of a later date, so this link would lead nowhere", link.url);
    link.told(severity, "links/unpublished", message)
        .hint("publish both together, or take the link out until then; --drafts and --future include them")
}

fn missing_file(link: Link<'_>, routes: &Routes, severity: Severity) -> Diagnostic {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let wanted = name(link.url.split(['#', '?']).next().unwrap_or(link.url));
    let names: Vec<(String, &str)> = routes.contents().map(|path| (name(path), path)).collect();
    let near = nearest(&wanted, names.iter().map(|(name, _)| name.as_str()));
    let there = near.and_then(|near| names.iter().find(|(name, _)| name == near));
    let hint = match there {
        Some((_, path)) => {
            let near = link::relative(link.content, path);
            format!("did you mean `{near}`? A link names a file relative to the one it stands in")
        }
        None => "a link names a file relative to the one it stands in".to_owned(),
    };
    link.told(severity, "links/missing", format!("there is no file `{}`", link.url)).hint(hint)
}

impl Link<'_> {
    fn told(self, severity: Severity, code: &'static str, message: String) -> Diagnostic {
        Diagnostic::new(severity, code, self.source, Some(self.span), message)
    }
}
