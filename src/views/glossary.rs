//! The glossary: every term in alphabetical order, with each place where somebody says it.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::concordance::{self, Line};
use super::frame::{Frame, Links, words};
use super::{GLOSSARY, definitions, linked_data, provenance, script};
use crate::glossary::TermIndex;
use crate::render::Html;
use crate::site::Site;

/// `glossary`.
#[derive(Debug, Serialize)]
pub(super) struct GlossaryView {
    /// How many terms.
    pub count: usize,
    /// The terms by their first letter.
    pub groups: Vec<Group>,
    /// The terms by category, where there are two or more.
    pub categories: Vec<Category>,
}

/// The terms of one letter.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// `A`, or the words for all others.
    pub label: String,
    /// Anchor.
    pub id: String,
    /// The terms.
    pub entries: Vec<Entry>,
}

/// The terms of one category.
#[derive(Debug, Serialize)]
pub(super) struct Category {
    /// As written.
    pub name: String,
    /// Links to the terms.
    pub terms: Vec<TermLink>,
}

/// A link to a term on this page.
#[derive(Debug, Serialize)]
pub(super) struct TermLink {
    /// `#` and the anchor.
    pub href: String,
    /// The headword.
    pub term: String,
}

/// A link to a source.
#[derive(Debug, Serialize)]
pub(super) struct SourceLink {
    /// Its URL.
    pub href: String,
    /// Its host.
    pub label: String,
}

/// A term.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// Anchor: `g-rag`.
    pub id: String,
    /// The headword.
    pub term: String,
    /// The long name; may be empty.
    pub name: String,
    /// Other forms.
    pub aliases: Vec<String>,
    /// As written; may be empty.
    pub category: String,
    /// `As of July 2024`; may be empty.
    pub as_of: String,
    /// What it means.
    pub html: Html,
    /// Where that can be checked.
    pub sources: Vec<SourceLink>,
    /// Other terms.
    pub see: Vec<TermLink>,
    /// How often it is said.
    pub count: usize,
    /// In how many transcripts.
    pub pages: usize,
    /// The places where it is said.
    pub lines: Vec<Line>,
    /// How many places are not listed.
    pub more: usize,
}

/// The glossary's head.
pub(super) fn frame(site: &Site) -> Frame {
    let mut frame = Frame::new(site, "glossary", GLOSSARY, &words(site).glossary);
    frame.page.linked_data = linked_data::glossary(site);
    frame
}

/// What the glossary shows.
pub(super) fn view(site: &Site) -> GlossaryView {
    let limit = concordance::limit(site);
    let links = Links::from(site, GLOSSARY);
    let mut order: Vec<TermIndex> = (0..site.glossary.terms.len() as TermIndex).collect();
    order.sort_by_cached_key(|term| sort_key(&site.glossary.terms[*term as usize].term));
    let mut groups: Vec<Group> = Vec::new();
    for term in order {
        let label = letter(site, term);
        if groups.last().is_none_or(|group| group.label != label) {
            let id = format!("-{}", groups.len() + 1);
            groups.push(Group { label, id, entries: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.entries.push(entry(site, term, &links, limit));
        }
    }
    GlossaryView { count: site.glossary.terms.len(), groups, categories: categories(site) }
}

/// Latin letters first, whatever their case and accents, then Han, then everything else.
fn sort_key(term: &str) -> (u8, String, String) {
    let plain: String =
        term.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (class(&plain), plain, term.to_owned())
}

fn class(plain: &str) -> u8 {
    match plain.chars().next() {
        Some('a'..='z') => 0,
        Some(c) if script::is_han(c) => 1,
        _ => 2,
    }
}

fn letter(site: &Site, term: TermIndex) -> String {
    let (class, plain, _) = sort_key(&site.glossary.terms[term as usize].term);
    match class {
        0 => plain.chars().take(1).flat_map(char::to_uppercase).collect(),
        1 => words(site).han.to_string(),
        _ => words(site).other.to_string(),
    }
}

fn link_to(site: &Site, term: TermIndex) -> TermLink {
    let term = &site.glossary.terms[term as usize];
    let anchor = definitions::anchor(&term.id);
    TermLink {
        href: format!("#{}", crate::paths::link::encode_fragment(&anchor)),
        term: term.term.clone(),
    }
}

fn entry(site: &Site, index: TermIndex, links: &Links<'_>, limit: usize) -> Entry {
    let term = &site.glossary.terms[index as usize];
    let language = site.language.as_str();
    let uses = site.uses_of(index);
    let lines = concordance::lines(site, index, links, limit);
    let mut pages: Vec<_> = uses.iter().map(|found| found.page).collect();
    pages.dedup();
    Entry {
        id: definitions::anchor(&term.id),
        term: term.term.clone(),
        name: definitions::long_name(site, index, language),
        aliases: term.aliases.clone(),
        category: term.category.clone().unwrap_or_default(),
        as_of: definitions::as_of(term.as_of.as_deref(), language),
        html: definitions::meaning(site, index, language, links),
        sources: term.sources.iter().filter_map(|source| source_link(source)).collect(),
        see: term
            .see
            .iter()
            .filter_map(|name| site.glossary.find(name))
            .map(|other| link_to(site, other))
            .collect(),
        count: uses.len(),
        pages: pages.len(),
        more: uses.len() - lines.len(),
        lines,
    }
}

fn source_link(source: &str) -> Option<SourceLink> {
    provenance::is_web(source)
        .then(|| SourceLink { href: source.to_owned(), label: provenance::host(source).to_owned() })
}

fn categories(site: &Site) -> Vec<Category> {
    let mut categories: Vec<Category> = Vec::new();
    for (at, term) in site.glossary.terms.iter().enumerate() {
        let Some(name) = &term.category else { continue };
        let link = link_to(site, at as TermIndex);
        match categories.iter_mut().find(|category| category.name == *name) {
            Some(category) => category.terms.push(link),
            None => categories.push(Category { name: name.clone(), terms: vec![link] }),
        }
    }
    for category in &mut categories {
        category.terms.sort_by_cached_key(|link| sort_key(&link.term));
    }
    categories.sort_by(|a, b| a.name.cmp(&b.name));
    if categories.len() > 1 { categories } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn terms_are_in_order_whatever_their_case_and_script() {
        let mut terms = vec!["向量", "éclair", "Zebra", "3D", "ai", "AI Studio", "C++", "档案"];
        terms.sort_by_cached_key(|term| sort_key(term));
        assert_eq!(terms, ["ai", "AI Studio", "C++", "éclair", "Zebra", "向量", "档案", "3D"]);
    }
}
