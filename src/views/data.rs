//! What a site tells machines: Atom feeds, the sitemap, `robots.txt`, and an index of all
//! transcripts as JSON, and each transcript in other forms (design, section 7).
//!
//! Feeds and sitemap take absolute addresses, so they are made only where `base_url` is set. A
//! feed's dates are those of its entries, never the clock's.

mod atom;
pub(super) mod export;
pub(super) mod headers;
mod index;
mod sitemap;
mod xml;

use super::PageRef;
use super::frame::canonical;
use crate::config::Export;
use crate::site::{Grouping, ListOf, PageIndex, Site};

/// A file for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// The feed of a list's newest transcripts.
    Feed(ListOf),
    /// Part of the sitemap, from 0; the first stands for the whole where one is enough.
    Sitemap(usize),
    /// Names the sitemap's parts.
    SitemapIndex,
    /// Tells crawlers where the sitemap is.
    Robots,
    /// All transcripts as JSON.
    Index,
    /// A transcript in another form.
    Export(PageIndex, Export),
}

/// All files for machines with their output paths, beside the site's `pages`.
pub(super) fn files(site: &Site, pages: &[(String, PageRef)]) -> Vec<(String, Data)> {
    let mut files =
        vec![("robots.txt".to_owned(), Data::Robots), ("index.json".to_owned(), Data::Index)];
    let exports = export::all(site).map(|(path, page, form)| (path, Data::Export(page, form)));
    files.extend(exports);
    if site.config.base_url.is_none() {
        return files;
    }
    let tags = (0..site.topics.tags.len()).map(|at| ListOf::Topic(Grouping::Tags, at));
    let feeds = [ListOf::Home].into_iter().chain(tags).filter_map(|of| Some((site.feed(of)?, of)));
    files.extend(feeds.map(|(path, of)| (path, Data::Feed(of))));
    files.extend(sitemap::files(sitemap::count(site, pages)));
    files
}

/// A file's bytes.
pub(super) fn render(site: &Site, data: Data) -> Vec<u8> {
    match data {
        Data::Feed(of) => atom::feed(site, of),
        Data::Sitemap(at) => sitemap::sitemap(site, at),
        Data::SitemapIndex => sitemap::index(site),
        Data::Robots => sitemap::robots(site).into_bytes(),
        Data::Index => index::index(site),
        Data::Export(page, form) => export::render(site, page, form),
    }
}

/// All that a file depends on besides what all pages share, where that is less than the site: as
/// long as its debugging form is the same, so are the file's bytes.
pub fn key(site: &Site, data: Data) -> Option<impl std::fmt::Debug> {
    match data {
        Data::Export(page, form) => Some(export::key(site, page, form)),
        Data::Feed(_) | Data::Sitemap(_) | Data::SitemapIndex | Data::Robots | Data::Index => None,
    }
}

/// The absolute address of an output path; empty where the site has none.
fn address(site: &Site, path: &str) -> String {
    canonical(site, path).unwrap_or_default()
}
