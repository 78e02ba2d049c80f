//! The sitemap (<https://www.sitemaps.org/protocol.html>), and `robots.txt`.

use super::super::{PageRef, pages};
use super::xml::Xml;
use super::{SITEMAP, address};
use crate::site::Site;

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// How many addresses it names.
pub(super) fn count(site: &Site, pages: &[(String, PageRef)]) -> usize {
    pages.iter().filter(|(_, page)| is_public(site, *page)).count()
}

/// The output path of a part, from 0.
pub(super) fn part(at: usize) -> String {
    format!("sitemap-{}.xml", at + 1)
}

/// A part of the sitemap, from 0.
pub(super) fn sitemap(site: &Site, at: usize) -> Vec<u8> {
    let mut all = pages(site);
    all.retain(|(_, page)| is_public(site, *page));
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut xml = Xml::new("urlset", &[NAMESPACE]);
    for (path, page) in all.iter().skip(at * SITEMAP).take(SITEMAP) {
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
    let parts = count(site, &pages(site)).div_ceil(SITEMAP);
    let mut xml = Xml::new("sitemapindex", &[NAMESPACE]);
    for at in 0..parts {
        xml.open("sitemap", &[]);
        xml.text("loc", &[], &address(site, &part(at)));
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
        PageRef::File(at) => {
            let page = site.page(at);
            !page.draft && !page.file.front.noindex
        }
        _ => true,
    }
}

/// The day a page was changed, as far as it says.
fn changed(site: &Site, page: PageRef) -> Option<String> {
    let PageRef::File(at) = page else { return None };
    let page = site.page(at);
    let said = page.file.front.updated.as_ref().map(|date| date.iso.as_str());
    let date = said.max(page.date.as_deref())?;
    date.get(..10).map(str::to_owned)
}
