//! A term's page: what it means, who says it and when, and every mention in context. A term
//! with more mentions than fit a page goes on in further ones.

use std::collections::BTreeMap;

use serde::Serialize;

use super::concordance::{self, Passage};
use super::definitions::{anchor, as_of, long_name, meaning};
use super::frame::{Frame, Links, words};
use super::glossary::{TermLink, link_to, transcripts};
use super::order::Order;
use super::provenance::{host, is_web};
use super::{GLOSSARY, linked_data};
use crate::glossary::{Localized, Term, TermIndex};
use crate::i18n::language_name;
use crate::render::{Html, plain};
use crate::site::{MENTIONS_A_PAGE, PersonIndex, Site, Use, entries};

/// How many speakers are listed.
const SPEAKERS: usize = 12;

/// Years without a mention are shown too, up to this many years in all.
const YEARS: i64 = 30;

/// `term`.
#[derive(Debug, Serialize)]
pub(super) struct TermView {
    /// Unique id: `rag`.
    pub id: String,
    /// Its first page.
    pub href: String,
    /// Its entry in the glossary.
    pub glossary: String,
    /// The headword.
    pub term: String,
    /// The long name in the site's language; may be empty.
    pub name: String,
    /// Other forms, but for the names that the page shows.
    pub aliases: Vec<String>,
    /// As written; may be empty.
    pub category: String,
    /// `As of July 2024`; may be empty.
    pub as_of: String,
    /// What it means, in the site's language.
    pub html: Html,
    /// Name and meaning in other languages.
    pub translations: Vec<Translation>,
    /// Where that can be checked.
    pub sources: Vec<SourceLink>,
    /// Terms that the entry names.
    pub see: Vec<TermLink>,
    /// Terms whose entries name this one.
    pub seen_from: Vec<TermLink>,
    /// How often it is said.
    pub count: usize,
    /// In how many passages: blocks, as a search finds them.
    pub blocks: usize,
    /// In how many transcripts.
    pub pages: usize,
    /// Where it is said first, when several transcripts say it and their days are known.
    pub first: Option<Passage>,
    /// Who says it most, on the first page.
    pub speakers: Vec<Tally>,
    /// How many speakers are not listed.
    pub more_speakers: usize,
    /// When it is said, in order, on the first page.
    pub years: Vec<Tally>,
    /// The mentions of this page, newest transcript first.
    pub passages: Vec<Passage>,
    /// 0 for the first page; the others are numbered from the oldest mention on, so that they
    /// stay when it is said again.
    pub number: usize,
    /// Link to newer mentions.
    pub newer: Option<String>,
    /// Link to older mentions.
    pub older: Option<String>,
}

/// A term in another language than the site's.
#[derive(Debug, Serialize)]
pub(super) struct Translation {
    /// BCP 47 tag.
    pub language: String,
    /// The language's own name.
    pub label: String,
    /// The long name; may be empty.
    pub name: String,
    /// What it means; may be empty.
    pub html: Html,
}

/// A link to a source.
#[derive(Debug, Serialize)]
pub(super) struct SourceLink {
    /// Its URL.
    pub href: String,
    /// Its host; of two sources on one host, with the path.
    pub label: String,
}

/// How many mentions fall to someone, or to a year.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// A name or a year.
    pub label: String,
    /// The speaker's page; none for a year, and for those who are not named.
    pub href: Option<String>,
    /// How many.
    pub count: usize,
    /// Of the greatest number in the list, in percent.
    pub percent: usize,
}

/// The page's head.
pub(super) fn frame(site: &Site, index: TermIndex, number: usize) -> Frame {
    let term = &site.glossary.terms[index as usize];
    let mut title = term.term.clone();
    if number > 0 {
        let page = words(site).page_number.replace("{n}", &number.to_string());
        title = format!("{title} · {page}");
    }
    let mut frame = Frame::new(site, "term", &site.term_page(index, number), &title);
    frame.section = Some(GLOSSARY);
    if number == 0 {
        frame.page.description = plain(term.definition.get(&site.language).unwrap_or_default());
        frame.page.linked_data = linked_data::term(site, index, &frame.page.description);
    }
    frame
}

/// The mentions that a page shows.
pub(super) fn shown(site: &Site, index: TermIndex, number: usize) -> &[Use] {
    let uses = site.uses_of(index);
    &uses[entries(uses.len(), MENTIONS_A_PAGE, number)]
}

/// The mentions in context, and the first of all, for each of some pages: a term and the page's
/// number.
pub(super) fn quoted(
    site: &Site,
    pages: &[(TermIndex, usize)],
) -> Vec<(Vec<Passage>, Option<Passage>)> {
    let paths = pages.iter().map(|(index, number)| site.term_page(*index, *number));
    let paths: Vec<String> = paths.collect();
    let lists = pages.iter().zip(&paths).flat_map(|((index, number), path)| {
        let lists = [shown(site, *index, *number), first(site, *index, *number)];
        lists.map(|uses| (uses, Links::from(site, path)))
    });
    let lists: Vec<(&[Use], Links<'_>)> = lists.collect();
    let mut passages = concordance::passages_of(site, &lists).into_iter();
    let both = || Some((passages.next()?, passages.next()?.pop()));
    std::iter::from_fn(both).collect()
}

/// What the page shows, but for its mentions and the first of all.
pub(super) fn head(site: &Site, index: TermIndex, number: usize) -> TermView {
    let term = &site.glossary.terms[index as usize];
    let path = site.term_page(index, number);
    let links = Links::from(site, &path);
    let language = site.language.as_str();
    let lead = |other| links.to(&site.term_page(other, 0));
    let uses = site.uses_of(index);
    let numbered = site.term_numbered(index);
    let newer = if number == numbered { 0 } else { number + 1 };
    let older = if number == 0 { numbered } else { number - 1 };
    let counted = if number == 0 { uses } else { &[] };
    let (speakers, more_speakers) = speakers(site, counted, &links);
    let name = long_name(site, index, language);
    let translations = translations(site, index, &links);
    let named = |alias: &&String| {
        let names = translations.iter().map(|other| &other.name).chain([&name]);
        names.into_iter().any(|name| name.eq_ignore_ascii_case(alias))
    };
    TermView {
        id: term.id.clone(),
        href: links.to(&site.term_page(index, 0)),
        glossary: links.anchor(GLOSSARY, &anchor(&term.id)),
        term: term.term.clone(),
        aliases: term.aliases.iter().filter(|alias| !named(alias)).cloned().collect(),
        category: term.category.clone().unwrap_or_default(),
        as_of: as_of(term.as_of.as_deref(), site.words(language)),
        html: meaning(site, index, language, &links, &lead),
        sources: sources(term),
        see: see(site, term, &links),
        seen_from: seen_from(site, index, &links),
        count: uses.len(),
        blocks: blocks(site, uses),
        pages: transcripts(site, index),
        first: None,
        speakers,
        more_speakers,
        years: years(site, counted),
        passages: Vec::new(),
        name,
        translations,
        number,
        newer: (number > 0).then(|| links.to(&site.term_page(index, newer))),
        older: (older > 0).then(|| links.to(&site.term_page(index, older))),
    }
}

/// The languages in which the entry says something that the page does not show already.
fn translations(site: &Site, index: TermIndex, links: &Links<'_>) -> Vec<Translation> {
    let term = &site.glossary.terms[index as usize];
    let lead = |other| links.to(&site.term_page(other, 0));
    let both = [&term.name, &term.definition];
    let mut tags: Vec<&str> = Vec::new();
    for (tag, text) in both.iter().flat_map(|text| &text.by_language) {
        let shown = both.iter().any(|both| both.get(&site.language) == Some(text));
        if !shown && !tags.contains(&tag.as_str()) {
            tags.push(tag);
        }
    }
    let translation = |tag: &str| {
        let own = |text: &Localized| text.by_language.iter().any(|(language, _)| language == tag);
        let named = own(&term.name).then(|| long_name(site, index, tag));
        let defined = own(&term.definition).then(|| meaning(site, index, tag, links, &lead));
        Translation {
            language: tag.to_owned(),
            label: language_name(tag).into_owned(),
            name: named.unwrap_or_default(),
            html: defined.unwrap_or_default(),
        }
    };
    tags.into_iter().map(translation).collect()
}

/// The sources under their hosts' names; two of one host with their paths.
fn sources(term: &Term) -> Vec<SourceLink> {
    let all = || term.sources.iter().filter(|source| is_web(source));
    let link = |source: &String| {
        let own = host(source);
        let alone = all().filter(|other| host(other) == own).count() == 1;
        let label = if alone { own } else { source.split_once("://").map_or(own, |(_, at)| at) };
        SourceLink { href: source.clone(), label: label.trim_end_matches('/').to_owned() }
    };
    all().map(link).collect()
}

fn see(site: &Site, term: &Term, links: &Links<'_>) -> Vec<TermLink> {
    let named = term.see.iter().filter_map(|name| site.glossary.find(name));
    named.map(|other| link_to(site, other, links)).collect()
}

fn seen_from(site: &Site, index: TermIndex, links: &Links<'_>) -> Vec<TermLink> {
    let names = |term: &Term| term.see.iter().any(|name| site.glossary.find(name) == Some(index));
    let all = site.glossary.terms.iter().enumerate();
    let others = all.filter(|(at, term)| *at as TermIndex != index && names(term));
    let mut links: Vec<TermLink> =
        others.map(|(at, _)| link_to(site, at as TermIndex, links)).collect();
    Order::new(&site.language).sort(&mut links, |link| link.term.clone());
    links
}

/// The first mention of the oldest transcript that has a day, when it is one of several: where
/// somebody says it, before where the introduction does. The first page shows it, the others nothing.
pub(super) fn first(site: &Site, index: TermIndex, number: usize) -> &[Use] {
    let uses = if number == 0 { site.uses_of(index) } else { &[] };
    let dated = uses.iter().rfind(|found| site.page(found.page).date.is_some());
    let Some(oldest) = dated.map(|found| found.page) else { return &[] };
    let of_oldest = |found: &&Use| found.page == oldest;
    let spoken = |found: &Use| of_oldest(&found) && site.spoken(*found).speaker.is_some();
    let at = uses.iter().position(spoken);
    let at = at.or_else(|| uses.iter().position(|found| of_oldest(&found))).unwrap_or_default();
    let several = uses.iter().any(|found| found.page != oldest);
    if several { &uses[at..=at] } else { &[] }
}

fn blocks(site: &Site, uses: &[Use]) -> usize {
    let place = |found: &Use| (found.page, site.spoken(*found).block);
    uses.chunk_by(|one, other| place(one) == place(other)).count()
}

/// Who says it, those who say it most first, and how many others do. Last stand the mentions that
/// nobody speaks, such as an introduction's, or nobody who is known.
fn speakers(site: &Site, uses: &[Use], links: &Links<'_>) -> (Vec<Tally>, usize) {
    let mut counts: BTreeMap<PersonIndex, usize> = BTreeMap::new();
    let mut unnamed = 0;
    for found in uses {
        let speaker = site.spoken(*found).speaker;
        let people = speaker.map_or(&[][..], |speaker| site.page(found.page).people_of(speaker));
        let mut known = people.iter().filter(|one| site.person(**one).is_listed()).peekable();
        unnamed += usize::from(known.peek().is_none());
        known.for_each(|person| *counts.entry(*person).or_default() += 1);
    }
    let mut counts: Vec<(PersonIndex, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(person, count)| (std::cmp::Reverse(*count), *person));
    let more = counts.len().saturating_sub(SPEAKERS);
    counts.truncate(SPEAKERS);
    let tally = |(person, count)| {
        let person = site.person(person);
        let name = person.name.get(&site.language).unwrap_or(&person.id).to_owned();
        (name, Some(links.to(&person.path)), count)
    };
    let mut rows: Vec<_> = counts.into_iter().map(tally).collect();
    if unnamed > 0 {
        rows.push((words(site).unnamed.to_string(), None, unnamed));
    }
    (tallies(rows), more)
}

/// How often it is said in each year, and last in transcripts without a day.
fn years(site: &Site, uses: &[Use]) -> Vec<Tally> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    let mut undated = 0;
    for found in uses {
        let date = site.page(found.page).date.as_deref();
        if let Some(year) = date.and_then(|date| date.get(..4)?.parse().ok()) {
            *counts.entry(year).or_default() += 1;
        } else {
            undated += 1;
        }
    }
    if let (Some((first, _)), Some((last, _))) = (counts.first_key_value(), counts.last_key_value())
        && last - first < YEARS
    {
        for year in *first..=*last {
            counts.entry(year).or_default();
        }
    }
    let years = counts.into_iter().map(|(year, count)| (year.to_string(), None, count));
    let undated = (undated > 0).then(|| (words(site).undated.to_string(), None, undated));
    tallies(years.chain(undated).collect())
}

fn tallies(counts: Vec<(String, Option<String>, usize)>) -> Vec<Tally> {
    let most = counts.iter().map(|(_, _, count)| *count).max().unwrap_or(0).max(1);
    let tally = |(label, href, count)| Tally { label, href, count, percent: count * 100 / most };
    counts.into_iter().map(tally).collect()
}
