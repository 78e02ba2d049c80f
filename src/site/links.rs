//! Whether the links in all texts arrive: at a file of the site, and at a place on its page.
//!
//! Links inside a site are the author's own, so one that leads nowhere is an error. In a folder that is not set up as
//! a site somebody only looks at texts of others: there it is a warning.

use std::collections::{BTreeMap, HashMap};

use super::{Page, PageIndex, Routes, Site};
use crate::diagnostics::{Diagnostic, Severity, nearest};
use crate::paths;
use crate::source::Span;

/// The page of all terms, on which each has an anchor.
const GLOSSARY: &str = "glossary/index.html";

/// A link with a fragment.
struct Fragment<'a> {
    page: &'a Page,
    /// As it is written.
    url: &'a str,
    span: Span,
    /// Decoded, without `#`.
    id: String,
}

/// Everything that is wrong with links.
pub(super) fn broken(site: &Site, severity: Severity) -> Vec<Diagnostic> {
    let by_path: HashMap<&str, PageIndex> =
        site.pages.iter().enumerate().map(|(at, page)| (&*page.path, at as PageIndex)).collect();
    let mut told = Vec::new();
    // By the page that they lead to: each is unpacked once.
    let mut fragments: BTreeMap<PageIndex, Vec<Fragment<'_>>> = BTreeMap::new();
    for (at, page) in site.pages.iter().enumerate() {
        for (url, span) in &page.file.links {
            let (to, fragment) = if url.starts_with('#') {
                (Some(at as PageIndex), url.as_str())
            } else {
                let Some((target, fragment)) = site.routes.target(&page.content, &page.path, url)
                else {
                    told.push(missing_file(page, *span, url, &site.routes, severity));
                    continue;
                };
                if !target.published {
                    told.push(unpublished(page, *span, url, severity));
                    continue;
                }
                if target.path == GLOSSARY {
                    told.extend(no_term(site, page, *span, url, fragment, severity));
                }
                (by_path.get(&*target.path).copied(), fragment)
            };
            if let (Some(to), Some(id)) = (to, place(fragment)) {
                let fragment = Fragment { page, url, span: *span, id };
                fragments.entry(to).or_default().push(fragment);
            }
        }
    }
    for (to, fragments) in fragments {
        told.extend(no_places(site, site.page(to), &fragments, severity));
    }
    told
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
    to: &Page,
    fragments: &[Fragment<'_>],
    severity: Severity,
) -> Vec<Diagnostic> {
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
    broken.filter(|one| !in_html(&one.id)).map(|one| no_place(to, one, &known, severity)).collect()
}

fn no_place(to: &Page, one: &Fragment<'_>, known: &[&str], severity: Severity) -> Diagnostic {
    let section = format!("s-{}", one.id);
    let near = known.iter().copied().find(|id| *id == section);
    let near = near.or_else(|| nearest(&one.id, known.iter().copied()));
    let there = to.file.source.path();
    let message = match one.page.path == to.path {
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
    let source = &one.page.file.source;
    let written = source.slice(one.span);
    let span = written.find(one.url).and_then(|at| Some(at + one.url.find('#')?));
    let span = span.map_or(one.span, |at| {
        let start = one.span.start as usize + at;
        Span::new(start, start + one.url.len() - one.url.find('#').unwrap_or_default())
    });
    Diagnostic::new(severity, "links/no-place", source, Some(span), message).hint(hint)
}

/// A fragment of the glossary's page that no term has.
fn no_term(
    site: &Site,
    page: &Page,
    span: Span,
    url: &str,
    fragment: &str,
    severity: Severity,
) -> Option<Diagnostic> {
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
    let message = format!("`{url}` leads to no term: the glossary has no `{term}`");
    let source = &page.file.source;
    Some(Diagnostic::new(severity, "links/no-place", source, Some(span), message).hint(hint))
}

fn unpublished(page: &Page, span: Span, url: &str, severity: Severity) -> Diagnostic {
    let message = format!("`{url}` is a draft or of a later date, so this link would lead nowhere");
    let source = &page.file.source;
    Diagnostic::new(severity, "links/unpublished", source, Some(span), message)
        .hint("publish both together, or take the link out until then; --drafts and --future include them")
}

fn missing_file(
    page: &Page,
    span: Span,
    url: &str,
    routes: &Routes,
    severity: Severity,
) -> Diagnostic {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let wanted = name(url.split(['#', '?']).next().unwrap_or(url));
    let names: Vec<(String, &str)> = routes.contents().map(|path| (name(path), path)).collect();
    let near = nearest(&wanted, names.iter().map(|(name, _)| name.as_str()));
    let there = near.and_then(|near| names.iter().find(|(name, _)| name == near));
    let hint = match there {
        Some((_, path)) => {
            let link = paths::link::relative(&page.content, path);
            format!("did you mean `{link}`? A link names a file relative to the one it stands in")
        }
        None => "a link names a file relative to the one it stands in".to_owned(),
    };
    let source = &page.file.source;
    let message = format!("there is no file `{url}`");
    Diagnostic::new(severity, "links/missing", source, Some(span), message).hint(hint)
}
