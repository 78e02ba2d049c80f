//! The list of speakers, and a speaker's page with their turns.

use std::cmp::Reverse;
use std::ops::Range;

use serde::Serialize;

use super::SPEAKERS;
use super::concordance::first_words;
use super::frame::{DateView, Frame, Links, words};
use super::glossary::TermLink;
use super::provenance::is_web;
use super::voices::{self, COLOURS, initials, shown_role};
use crate::document::{BlockIndex, SpeakerIndex};
use crate::glossary::TermIndex;
use crate::site::{Page, PageIndex, PageKind, PersonIndex, Site, SitePerson};

/// How many turns a speaker's page lists at most, so that it stays readable.
const TURNS: usize = 400;

/// How many of the terms that someone says are listed.
const TERMS: usize = 24;

/// `speakers`.
#[derive(Debug, Serialize)]
pub(super) struct SpeakersView {
    /// Everyone, those with the most turns first.
    pub people: Vec<PersonEntry>,
}

/// A person in the list.
#[derive(Debug, Serialize)]
pub(super) struct PersonEntry {
    /// The person's page.
    pub href: String,
    /// The name.
    pub name: String,
    /// One or two characters, different for everyone in the list.
    pub initials: String,
    /// Number of a colour.
    pub colour: usize,
    /// As shown; may be empty.
    pub role: String,
    /// In how many transcripts.
    pub pages: usize,
    /// How many turns.
    pub turns: u32,
}

/// `speaker`.
#[derive(Debug, Serialize)]
pub(super) struct SpeakerView {
    /// The person's id.
    pub id: String,
    /// The name, in the site's language.
    pub name: String,
    /// One or two characters.
    pub initials: String,
    /// The name in other languages, and other labels.
    pub also: Vec<String>,
    /// As shown; may be empty.
    pub role: String,
    /// The person's own page elsewhere; may be empty.
    pub url: String,
    /// How many turns.
    pub turns: u32,
    /// The terms that they say most, those first; each with how often they say it.
    pub terms: Vec<TermLink>,
    /// How many other terms they say.
    pub more_terms: usize,
    /// The transcripts, newest first.
    pub pages: Vec<Appearance>,
}

/// Someone's turns in one transcript.
#[derive(Debug, Serialize)]
pub(super) struct Appearance {
    /// The transcript's page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
    /// Its day, in the site's language.
    pub date: Option<DateView>,
    /// How many turns.
    pub turns: u32,
    /// The turns that are listed.
    pub lines: Vec<TurnLink>,
    /// How many are not.
    pub more: usize,
}

/// A link to a turn.
#[derive(Debug, Serialize)]
pub(super) struct TurnLink {
    /// The turn.
    pub href: String,
    /// Its first words.
    pub words: String,
}

/// The head of the list.
pub(super) fn list_frame(site: &Site) -> Frame {
    Frame::new(site, "speakers", SPEAKERS, &words(site).speakers)
}

/// The head of a speaker's page.
pub(super) fn frame(site: &Site, index: PersonIndex) -> Frame {
    let person = site.person(index);
    let mut frame = Frame::new(site, "speaker", &person.path, name(site, person));
    frame.section = Some(SPEAKERS);
    frame
}

fn name<'a>(site: &Site, person: &'a SitePerson) -> &'a str {
    person.name.get(&site.language).unwrap_or(&person.id)
}

fn turns(person: &SitePerson) -> u32 {
    person.pages.iter().map(|(_, turns)| turns).sum()
}

/// What the list shows.
pub(super) fn list(site: &Site) -> SpeakersView {
    let links = Links::from(site, SPEAKERS);
    let mut order: Vec<&SitePerson> =
        site.people.iter().filter(|person| person.is_listed()).collect();
    order.sort_by_key(|person| Reverse(turns(person)));
    let names: Vec<&str> = order.iter().map(|person| name(site, person)).collect();
    let mut marks = voices::marks(&names);
    let entry = |(at, person): (usize, &SitePerson)| PersonEntry {
        href: links.to(&person.path),
        name: names[at].to_owned(),
        initials: std::mem::take(&mut marks[at]),
        colour: at % COLOURS,
        role: shown_role(person.role.as_deref(), names[at], words(site)),
        pages: person.pages.len(),
        turns: turns(person),
    };
    SpeakersView { people: order.into_iter().enumerate().map(entry).collect() }
}

/// What a speaker's page shows, but for the words of their turns.
pub(super) fn head(site: &Site, index: PersonIndex) -> SpeakerView {
    let person = site.person(index);
    let links = Links::from(site, &person.path);
    let shown = name(site, person);
    let mut also: Vec<String> = Vec::new();
    let others = person.name.by_language.iter().map(|(_, name)| name).chain(&person.aliases);
    for other in others {
        if other != shown && !also.contains(other) {
            also.push(other.clone());
        }
    }
    let appearance = |(page, turns): &(PageIndex, u32)| {
        let page = site.page(*page);
        Appearance {
            href: links.to(&page.path),
            title: page.title.clone(),
            language: page.language.clone(),
            date: page.date.as_deref().map(|date| DateView::new(date, site.words(&site.language))),
            turns: *turns,
            lines: Vec::new(),
            more: *turns as usize,
        }
    };
    let (terms, more_terms) = terms(site, index, &links);
    SpeakerView {
        id: person.id.clone(),
        name: shown.to_owned(),
        initials: initials(shown),
        also,
        role: shown_role(person.role.as_deref(), shown, words(site)),
        url: person.url.clone().filter(|url| is_web(url)).unwrap_or_default(),
        turns: turns(person),
        terms,
        more_terms,
        pages: person.pages.iter().map(appearance).collect(),
    }
}

/// What someone says most, and how many other terms they say, counted in the summaries: no text is opened
/// for it.
fn terms(site: &Site, index: PersonIndex, links: &Links<'_>) -> (Vec<TermLink>, usize) {
    let all = &site.glossary.terms;
    let mut counts = vec![0; all.len()];
    let spoken = site.person(index).pages.iter().map(|(page, _)| site.page(*page));
    for page in spoken.filter(|page| page.kind == PageKind::Transcript) {
        let labels = 0..page.speakers.len() as SpeakerIndex;
        let own: Vec<bool> = labels.map(|label| page.is_spoken_by(label, index)).collect();
        for spoken in &page.file.mentions {
            if spoken.speaker.is_some_and(|speaker| own[speaker as usize]) {
                counts[spoken.term as usize] += 1;
            }
        }
    }
    let said = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
    let mut said: Vec<(usize, usize)> = said.collect();
    let rank = |(term, count): &(usize, usize)| (Reverse(*count), &all[*term].term);
    said.sort_by(|one, other| rank(one).cmp(&rank(other)));
    let more = said.len().saturating_sub(TERMS);
    said.truncate(TERMS);
    let link = |(term, count): (usize, usize)| TermLink {
        href: links.to(&site.term_page(term as TermIndex, 0)),
        term: all[term].term.clone(),
        count,
    };
    (said.into_iter().map(link).collect(), more)
}

/// What the page shows, with the first words of as many turns as it lists. Most transcripts of
/// someone who speaks in very many are named and no more: they are not opened.
pub(super) fn finish(mut view: SpeakerView, site: &Site, index: PersonIndex) -> SpeakerView {
    let person = site.person(index);
    let links = Links::from(site, &person.path);
    let each = (TURNS / person.pages.len().max(1)).max(3);
    let mut left = TURNS;
    for (appearance, (page, _)) in view.pages.iter_mut().zip(&person.pages) {
        let most = each.min(left);
        if most == 0 {
            break;
        }
        appearance.lines = lines(index, site.page(*page), &links, most);
        appearance.more = appearance.more.saturating_sub(appearance.lines.len());
        left -= appearance.lines.len();
    }
    view
}

/// The first of someone's turns in a transcript.
fn lines(person: PersonIndex, page: &Page, links: &Links<'_>, most: usize) -> Vec<TurnLink> {
    page.packed.extract(|extract| {
        let theirs = extract.turns.iter().filter(|(_, speaker, _)| {
            speaker.is_some_and(|speaker| page.is_spoken_by(speaker, person))
        });
        let link = |(id, _, blocks): &(&str, _, Range<BlockIndex>)| {
            let blocks = &extract.blocks[blocks.start as usize..blocks.end as usize];
            let texts = blocks.iter().map(|(_, text)| extract.slice(*text));
            let text = texts.into_iter().find(|text| !text.is_empty());
            TurnLink {
                href: links.anchor(&page.path, id), words: first_words(text.unwrap_or("…"))
            }
        };
        theirs.take(most).map(link).collect()
    })
}
