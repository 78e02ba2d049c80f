//! The definitions at a page's end, one for each term that is marked on it.

use serde::Serialize;

use super::frame::Links;
use crate::annotate::Mention;
use crate::document::Document;
use crate::glossary::TermIndex;
use crate::i18n::{self, Words};
use crate::paths::link::encode_fragment;
use crate::render::{Html, Leads, fragment};
use crate::site::Site;

/// A term's definition on a page.
#[derive(Debug, Serialize)]
pub(super) struct Definition {
    /// Which term; templates do not see it.
    #[serde(skip)]
    pub index: TermIndex,
    /// The anchor: `g-rag`.
    pub id: String,
    /// `#` and the anchor, for links.
    pub anchor: String,
    /// The headword; where nobody says it on the page, the name in the page's language.
    pub term: String,
    /// The headword; where nobody says it on the page, the words of its first mention: `推荐系统`
    /// where the headword is English.
    pub said: String,
    /// The long name in the page's language, or then the headword; may be empty.
    pub name: String,
    /// What it means.
    pub html: Html,
    /// `As of July 2024`; may be empty.
    pub as_of: String,
    /// The term's page.
    pub href: String,
    /// How often it is said on the whole site.
    pub count: usize,
    /// How often it is said on this page.
    pub here: usize,
}

/// The definitions of the terms that are marked in a document, in the order of their first
/// mention; in a language, on the page from which `links` lead. `mark` follows each one's id.
pub(super) fn of(
    site: &Site,
    (document, mentions): (&Document, &[Mention]),
    (language, links): (&str, &Links<'_>),
    mark: &str,
) -> Vec<Definition> {
    let mut first: Vec<&Mention> = Vec::new();
    for mention in mentions.iter().filter(|mention| mention.shown) {
        if !first.iter().any(|known| known.term == mention.term) {
            first.push(mention);
        }
    }
    let shown: Vec<TermIndex> = first.iter().map(|mention| mention.term).collect();
    let here = |term| mentions.iter().filter(|mention| mention.term == term).count();
    let said = |mention: &Mention| {
        document.slice(mention.range).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let define = |mention: &Mention| {
        let term = &site.glossary.terms[mention.term as usize].term;
        let mut own = mentions.iter().filter(|other| other.term == mention.term);
        let known = own.any(|other| said(other).eq_ignore_ascii_case(term));
        let definition = definition(site, mention.term, (&shown, mark), (language, links));
        let said = if known { term.clone() } else { said(mention) };
        let definition = Definition { said, here: here(mention.term), ..definition };
        if known { definition } else { named_first(definition) }
    };
    first.into_iter().map(define).collect()
}

/// Where nobody says the headword on the page, readers look for the name in their language:
/// `推荐系统` before `recommender system`.
fn named_first(mut definition: Definition) -> Definition {
    if !definition.name.is_empty() {
        std::mem::swap(&mut definition.term, &mut definition.name);
    }
    definition
}

/// A definition links to other terms where they are defined: on the same page if they are
/// `shown` there, else on their own.
fn definition(
    site: &Site,
    index: TermIndex,
    (shown, mark): (&[TermIndex], &str),
    (language, links): (&str, &Links<'_>),
) -> Definition {
    let term = &site.glossary.terms[index as usize];
    let fragment = |index: TermIndex| {
        let id = anchor(&site.glossary.terms[index as usize].id);
        format!("#{}{mark}", encode_fragment(&id))
    };
    let lead = |other| match shown.contains(&other) {
        true => fragment(other),
        false => links.to(&site.term_page(other, 0)),
    };
    Definition {
        index,
        id: anchor(&term.id) + mark,
        anchor: fragment(index),
        term: term.term.clone(),
        said: String::new(),
        name: long_name(site, index, language),
        html: meaning(site, index, language, links, &lead),
        as_of: as_of(term.as_of.as_deref(), site.words(language)),
        href: links.to(&site.term_page(index, 0)),
        count: site.uses_of(index).len(),
        here: 0,
    }
}

/// A term's anchor, on transcripts and in the glossary.
pub(super) fn anchor(id: &str) -> String {
    format!("g-{id}")
}

/// The long name, unless it is the headword itself; may be empty.
pub(super) fn long_name(site: &Site, index: TermIndex, language: &str) -> String {
    let term = &site.glossary.terms[index as usize];
    let name = term.name.get(language).unwrap_or_default();
    if name == term.term { String::new() } else { name.to_owned() }
}

/// The definition in a language, on the page from which `links` lead. `lead` says where links to
/// other terms lead.
pub(super) fn meaning(
    site: &Site,
    index: TermIndex,
    language: &str,
    links: &Links<'_>,
    lead: &dyn Fn(TermIndex) -> String,
) -> Html {
    let text = site.glossary.terms[index as usize].definition.get(language).unwrap_or_default();
    let term = |name: &str| site.glossary.find(name).map(lead);
    let inside = |url: &str| {
        let (path, fragment) = site.meant(index, url)?;
        Some(format!("{}{fragment}", links.to(path)))
    };
    Html(fragment(text, Leads { term: &term, inside: &inside }))
}

/// `As of July 2024`; empty for none.
pub(super) fn as_of(date: Option<&str>, words: &Words) -> String {
    let told = date.map(|date| i18n::date(date, words));
    told.map(|date| words.as_of.replace("{date}", &date)).unwrap_or_default()
}
