//! Atom feeds (RFC 4287): a list's newest transcripts, those with a date.

use super::super::frame::{self, Links, words};
use super::super::{topics, voices};
use super::address;
use super::xml::Xml;
use crate::site::{ListOf, Page, PageIndex, Site};

/// How many transcripts a feed has at most.
const ENTRIES: usize = 50;

/// A list's feed.
pub(super) fn feed(site: &Site, of: ListOf) -> Vec<u8> {
    let dated = |at: &PageIndex| site.page(*at).date.is_some() && !site.page(*at).draft;
    let pages: Vec<PageIndex> = site.list(of).into_iter().filter(dated).take(ENTRIES).collect();
    let own = address(site, &site.feed(of).unwrap_or_default());
    let home = address(site, site.list_path(of));
    let title = match of {
        ListOf::Topic(grouping, at) => {
            let topic = &site.topics.of(grouping)[at];
            format!("{} · {}", topics::name(site, topic), site.title)
        }
        _ => site.title.clone(),
    };
    let newest = pages.iter().map(|at| updated(site.page(*at))).max().unwrap_or_default();
    let mut xml =
        Xml::new("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &site.language)]);
    xml.text("id", &[], &own);
    xml.text("title", &[], &title);
    let subtitle = frame::description(site);
    if !subtitle.is_empty() {
        xml.text("subtitle", &[], &subtitle);
    }
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &home)]);
    xml.text("updated", &[], &newest);
    xml.open("author", &[]);
    xml.text("name", &[], &site.title);
    xml.close("author");
    xml.text("generator", &[("version", env!("CARGO_PKG_VERSION"))], "postil");
    for at in pages {
        entry(&mut xml, site, site.page(at));
    }
    xml.finish("feed")
}

fn entry(xml: &mut Xml, site: &Site, page: &Page) {
    let front = &page.file.front;
    let url = address(site, &page.path);
    xml.open("entry", &[("xml:lang", &page.language)]);
    xml.text("id", &[], &url);
    xml.text("title", &[], &page.title);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &url)]);
    if let Some(date) = &page.date {
        xml.text("published", &[], &moment(date));
    }
    xml.text("updated", &[], &updated(page));
    let all = voices::of(site, page, &Links::from(site, "feed.xml"));
    for voice in voices::distinct(&all) {
        xml.open("author", &[]);
        xml.text("name", &[], &voice.name);
        xml.close("author");
    }
    for tag in &front.tags {
        xml.empty("category", &[("term", tag)]);
    }
    if let Some(series) = &front.series {
        let scheme = words(site).series.to_string();
        xml.empty("category", &[("term", series), ("label", &format!("{scheme}: {series}"))]);
    }
    if !page.summary.is_empty() {
        xml.text("summary", &[], &page.summary);
    }
    xml.close("entry");
}

/// When a transcript was last changed, as far as it says.
fn updated(page: &Page) -> String {
    let said = page.file.front.updated.as_ref().map(|date| date.iso.as_str());
    let date = said.max(page.date.as_deref()).unwrap_or_default();
    moment(date)
}

/// A day as RFC 3339 wants it: its first moment, UTC.
fn moment(day: &str) -> String {
    format!("{day}T00:00:00Z")
}
