//! Who asks for which address of the output: files, pages, their old addresses and other forms, and what
//! the site makes of itself. Two claims on one are an error ([`super::routes::collisions`]).

use super::routes::{Claim, Of, Routes};
use super::{FOR_MACHINES, Page, Site};
use crate::config::Text;
use crate::glossary::TermIndex;
use crate::paths;
use crate::source::Source;

/// The claim of a page's file on its address.
pub(super) fn of_page(page: &Page) -> Claim {
    let summary = &page.file;
    Claim {
        path: page.path.clone(),
        source: summary.source.clone(),
        span: summary.front.slug.as_ref().map(|slug| slug.span),
        of: Of::File,
    }
}

/// Old addresses must not be in the way of pages.
pub(super) fn of_aliases(page: &Page) -> Vec<Claim> {
    let claim = |alias: &Text| {
        let (path, span) = (paths::alias(&alias.value)?, Some(alias.span));
        Some(Claim { path, source: page.file.source.clone(), span, of: Of::Alias })
    };
    page.file.front.aliases.iter().filter_map(claim).collect()
}

/// Other forms of a transcript: those of `a` may be in the way of those of `a.podcast`.
pub(super) fn of_exports<'a>(site: &Site, page: &'a Page) -> impl Iterator<Item = Claim> + use<'a> {
    let claim = |(_, path)| Claim { path, ..of_page(page) };
    site.exports_of(page).into_iter().map(claim)
}

/// The pages on which a text stands on the left of a translation.
pub(super) fn of_pairs<'a>(
    site: &'a Site,
    page: &'a Page,
) -> impl Iterator<Item = Claim> + use<'a> {
    let others = page.translations.iter().map(|other| site.page(*other));
    let paths = others.filter(|other| site.is_left(page, other));
    let paths = paths.filter_map(|other| site.side_by_side(page, other));
    paths.map(|path| Claim { path, ..of_page(page) })
}

/// The pages of all terms.
pub(super) fn of_terms(site: &Site) -> Vec<Claim> {
    let mut claims = Vec::with_capacity(site.glossary.terms.len());
    for (at, term) in site.glossary.terms.iter().enumerate() {
        let index = at as TermIndex;
        claims.extend((0..=site.term_numbered(index)).map(|number| Claim {
            path: site.term_page(index, number),
            source: term.source.clone(),
            span: Some(term.span),
            of: Of::Term,
        }));
    }
    claims
}

/// A page that the site makes of itself.
pub(super) fn generated(path: &str) -> Claim {
    Claim {
        path: path.to_owned(),
        source: Source::new(format!("{path} (made by postil)"), ""),
        span: None,
        of: Of::File,
    }
}

/// What the site makes of itself beside pages of lists, people and terms: the search, and files for machines,
/// whose place a file of the site's own in `static/` takes.
pub(super) fn beside_pages(site: &Site) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    if site.config.search && site.transcripts().next().is_some() {
        paths.extend(["search/index.html", "search/root.js"].map(str::to_owned));
    }
    let searches = paths.len();
    paths.extend(FOR_MACHINES.map(str::to_owned));
    if site.config.base_url.is_some() {
        paths.push("sitemap.xml".to_owned());
        paths.extend(site.lists().filter_map(|of| site.feed(of)));
    }
    let own = |(at, path): (usize, String)| {
        (at < searches || !site.routes.is_copied(&path)).then_some(path)
    };
    paths.into_iter().enumerate().filter_map(own).collect()
}

/// The site's files that are copied, which `routes` learns of.
pub(super) fn of_files(
    (prefix, assets): (&str, &[String]),
    statics: &[String],
    routes: &mut Routes,
) -> Vec<Claim> {
    let mut claims = Vec::with_capacity(assets.len() + statics.len());
    for (paths, root) in [(statics, "static/"), (assets, prefix)] {
        for path in paths {
            routes.add(path, path, true);
            let source = Source::new(format!("{root}{path}"), "");
            claims.push(Claim { path: path.clone(), source, span: None, of: Of::File });
        }
    }
    claims
}
