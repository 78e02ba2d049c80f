//! The page for searching. What it finds is found in the browser, in the files of `search`; a
//! reader without JavaScript is shown the lists.

use serde::Serialize;

use super::frame::{Frame, Links, words};
use super::{GLOSSARY, HOME, SPEAKERS, topics};
use crate::site::{Grouping, Site};

/// The output path of the page.
pub(super) const SEARCH: &str = "search/index.html";

/// `search`.
#[derive(Debug, Serialize)]
pub(super) struct SearchView {
    /// Other ways to find something.
    pub lists: Vec<ListLink>,
}

/// A link to a list.
#[derive(Debug, Serialize)]
pub(super) struct ListLink {
    /// Its page.
    pub href: String,
    /// What it lists.
    pub label: String,
}

/// Whether there is something to search in.
pub(super) fn is_wanted(site: &Site) -> bool {
    site.config.search && site.transcripts().next().is_some()
}

/// The head.
pub(super) fn frame(site: &Site) -> Frame {
    let mut frame = Frame::new(site, "search", SEARCH, &words(site).search);
    frame.page.description = words(site).search_for.to_string();
    frame
}

/// What is shown without JavaScript.
pub(super) fn view(site: &Site) -> SearchView {
    let links = Links::from(site, SEARCH);
    let words = words(site);
    let mut lists = vec![(HOME, &*words.transcripts)];
    if !site.glossary.terms.is_empty() {
        lists.push((GLOSSARY, &words.glossary));
    }
    if site.has_people() {
        lists.push((SPEAKERS, &words.speakers));
    }
    lists.extend(topics::navigation(site));
    if site.topics.indexes.contains(&Grouping::Years) {
        lists.push((Grouping::Years.index(), &words.archive));
    }
    let link =
        |(path, label): (&str, &str)| ListLink { href: links.to(path), label: label.to_owned() };
    SearchView { lists: lists.into_iter().map(link).collect() }
}
