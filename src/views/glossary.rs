//! The glossary: every term with its definition, from A to Z and by category. Where each is
//! said stands on the term's own page.

use serde::Serialize;

use super::frame::{Frame, Links, words};
use super::order::{Group as Letter, Order};
use super::{GLOSSARY, definitions, linked_data};
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

/// A link to a term's page.
#[derive(Debug, Serialize)]
pub(super) struct TermLink {
    /// The page.
    pub href: String,
    /// The headword.
    pub term: String,
    /// How often it is said: on the whole site, or by the speaker whose page it is.
    pub count: usize,
}

/// A term.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// Anchor: `g-rag`.
    pub id: String,
    /// The term's page.
    pub href: String,
    /// The headword.
    pub term: String,
    /// The long name; may be empty.
    pub name: String,
    /// What it means.
    pub html: Html,
    /// How often it is said.
    pub count: usize,
    /// In how many transcripts.
    pub pages: usize,
}

/// The glossary's head.
pub(super) fn frame(site: &Site) -> Frame {
    let mut frame = Frame::new(site, "glossary", GLOSSARY, &words(site).glossary);
    frame.page.linked_data = linked_data::glossary(site);
    frame
}

/// What the glossary shows.
pub(super) fn view(site: &Site) -> GlossaryView {
    let links = Links::from(site, GLOSSARY);
    let order = Order::new(&site.language);
    let headword = |term: &TermIndex| site.glossary.terms[*term as usize].term.clone();
    let mut terms: Vec<TermIndex> = (0..site.glossary.terms.len() as TermIndex).collect();
    order.sort(&mut terms, headword);
    let letter = |term: &TermIndex| order.group(&headword(term));
    let groups = terms.chunk_by(|one, other| letter(one) == letter(other)).map(|terms| Group {
        label: label(site, letter(&terms[0])),
        id: anchor(letter(&terms[0])),
        entries: terms.iter().map(|term| entry(site, *term, &links)).collect(),
    });
    GlossaryView {
        count: terms.len(),
        groups: groups.collect(),
        categories: categories(site, &terms, &links),
    }
}

fn label(site: &Site, letter: Letter) -> String {
    match letter {
        Letter::Letter(letter) => letter.to_string(),
        Letter::Han => words(site).han.to_string(),
        Letter::Other => words(site).other.to_string(),
    }
}

/// Ids that begin with a hyphen are the pages' own.
fn anchor(letter: Letter) -> String {
    match letter {
        Letter::Letter(letter) => format!("-{}", letter.to_ascii_lowercase()),
        Letter::Han => "-han".to_owned(),
        Letter::Other => "-other".to_owned(),
    }
}

/// A link to a term's page.
pub(super) fn link_to(site: &Site, index: TermIndex, links: &Links<'_>) -> TermLink {
    TermLink {
        href: links.to(&site.term_page(index, 0)),
        term: site.glossary.terms[index as usize].term.clone(),
        count: site.uses_of(index).len(),
    }
}

fn entry(site: &Site, index: TermIndex, links: &Links<'_>) -> Entry {
    let term = &site.glossary.terms[index as usize];
    let language = site.language.as_str();
    Entry {
        id: definitions::anchor(&term.id),
        href: links.to(&site.term_page(index, 0)),
        term: term.term.clone(),
        name: definitions::long_name(site, index, language),
        html: definitions::meaning(site, index, language, links, &|other| {
            links.to(&site.term_page(other, 0))
        }),
        count: site.uses_of(index).len(),
        pages: transcripts(site, index),
    }
}

/// In how many transcripts a term is said.
pub(super) fn transcripts(site: &Site, index: TermIndex) -> usize {
    site.uses_of(index).chunk_by(|one, other| one.page == other.page).count()
}

/// The terms, which are in order, by category.
fn categories(site: &Site, terms: &[TermIndex], links: &Links<'_>) -> Vec<Category> {
    let mut categories: Vec<Category> = Vec::new();
    for index in terms {
        let Some(name) = &site.glossary.terms[*index as usize].category else { continue };
        let link = link_to(site, *index, links);
        match categories.iter_mut().find(|category| category.name == *name) {
            Some(category) => category.terms.push(link),
            None => categories.push(Category { name: name.clone(), terms: vec![link] }),
        }
    }
    Order::new(&site.language).sort(&mut categories, |category| category.name.clone());
    if categories.len() > 1 { categories } else { Vec::new() }
}
