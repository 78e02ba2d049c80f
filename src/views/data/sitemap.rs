//! The sitemap (<https://www.sitemaps.org/protocol.html>), and `robots.txt`.

use std::ops::Range;

use super::super::{PageRef, home, pages};
use super::xml::Xml;
use super::{Data, address};
use crate::site::{Page, Site};

/// How many addresses a sitemap may have.
const MOST: usize = 50_000;

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// How many addresses it names.
pub(super) fn count(site: &Site, pages: &[(String, PageRef)]) -> usize {
    pages.iter().filter(|(_, page)| is_public(site, *page)).count()
}

/// The files for so many addresses: one, or as many as are needed and one that names them.
pub(super) fn files(count: usize) -> Vec<(String, Data)> {
    let whole = |data| ("sitemap.xml".to_owned(), data);
    if count <= MOST {
        return vec![whole(Data::Sitemap(0))];
    }
    let parts = (0..count.div_ceil(MOST)).map(|at| (part(at), Data::Sitemap(at)));
    std::iter::once(whole(Data::SitemapIndex)).chain(parts).collect()
}

/// Which of so many addresses a part names.
fn within(at: usize, count: usize) -> Range<usize> {
    (at * MOST).min(count)..((at + 1) * MOST).min(count)
}

/// The output path of a part, from 0.
fn part(at: usize) -> String {
    format!("sitemap-{}.xml", at + 1)
}

/// A part of the sitemap, from 0.
pub(super) fn sitemap(site: &Site, at: usize) -> Vec<u8> {
    let mut all = pages(site);
    all.retain(|(_, page)| is_public(site, *page));
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut xml = Xml::new("urlset", &[NAMESPACE]);
    for (path, page) in &all[within(at, all.len())] {
        xml.open("url", &[]);
        xml.text("loc", &[], &address(site, path));
        if let Some(day) = changed(site, *page) {
            xml.text("lastmod", &[], &day);
        }
        xml.close("url");
    }
    xml.finish("urlset")
}

/// The list of parts.
pub(super) fn index(site: &Site) -> Vec<u8> {
    let all = files(count(site, &pages(site)));
    let parts = all.iter().filter(|(_, data)| matches!(data, Data::Sitemap(_)));
    let mut xml = Xml::new("sitemapindex", &[NAMESPACE]);
    for (path, _) in parts {
        xml.open("sitemap", &[]);
        xml.text("loc", &[], &address(site, path));
        xml.close("sitemap");
    }
    xml.finish("sitemapindex")
}

/// Everything may be read; the sitemap is named where there is one.
pub(super) fn robots(site: &Site) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if site.config.base_url.is_some() {
        text.push_str(&format!("\nSitemap: {}\n", address(site, "sitemap.xml")));
    }
    text
}

/// Whether search engines should know a page: not what is missing, has moved, is for machines,
/// a draft, or marked `noindex`.
fn is_public(site: &Site, page: PageRef) -> bool {
    match page {
        PageRef::NotFound | PageRef::Redirect(..) | PageRef::Parallel(..) | PageRef::Data(_) => {
            false
        }
        PageRef::File(at) => may_be_found(site.page(at)),
        PageRef::List(of, 0) => home::own_page(site, of).is_none_or(may_be_found),
        _ => true,
    }
}

/// Whether search engines should know the page of a file.
pub(super) fn may_be_found(page: &Page) -> bool {
    !page.draft && !page.file.front.noindex
}

/// The day a page was changed, as far as it says.
fn changed(site: &Site, page: PageRef) -> Option<String> {
    let PageRef::File(at) = page else { return None };
    let page = site.page(at);
    let said = page.file.front.updated.as_ref().map(|date| date.iso.as_str());
    let date = said.max(page.date.as_deref())?;
    date.get(..10).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(count: usize) -> Vec<String> {
        files(count).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn a_sitemap_is_split_where_it_names_too_many() {
        for count in [0, 1, 50_000] {
            assert_eq!(paths(count), ["sitemap.xml"]);
            assert_eq!(files(count)[0].1, Data::Sitemap(0));
        }
        assert_eq!(paths(50_001), ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]);
        assert_eq!(files(50_001)[0].1, Data::SitemapIndex);
        assert_eq!(paths(150_000).len(), 4);
        assert_eq!(paths(150_001).len(), 5);
    }

    #[test]
    fn parts_name_every_address_once() {
        for count in [0, 1, 49_999, 50_000, 50_001, 100_000, 123_456] {
            let parts = files(count).into_iter().filter_map(|(_, data)| match data {
                Data::Sitemap(at) => Some(within(at, count)),
                _ => None,
            });
            let mut next = 0;
            for part in parts {
                assert_eq!(part.start, next, "of {count}");
                assert!(part.len() <= MOST, "{part:?} of {count}");
                next = part.end;
            }
            assert_eq!(next, count);
        }
    }
}
