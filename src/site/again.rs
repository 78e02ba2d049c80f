//! The next site where only the words of a few files have changed: what pages have to do with
//! each other is taken over, and so is every other page.
//!
//! It is for whoever writes: at ten thousand transcripts the whole of [`build`](super::build())
//! takes a fifth of a second, and most edits change next to none of it. All that the rest of a site
//! is made from is named here, field by field, and has to be the same; where that is in doubt
//! nothing comes of it, and the site is made anew. Both are always the same site (`tests/edits`).

use std::sync::Arc;

use super::build::{Said, other_script, severity};
use super::{
    Page, PageIndex, PageKind, Parts, Read, Site, Summary, Use, Voiced, links, lists, terms,
};
use crate::config::{FrontMatter, PersonRef, Text};
use crate::document::Head;
use crate::glossary::TermIndex;
use crate::source::Source;

/// With more changed files than these, a site is made anew.
const FEW: usize = 64;

/// The site of `parts`, if it differs from the one before (`site`, made from `before`) in nothing
/// but the words of a few pages.
pub fn again((before, site, said): (&Parts, &Site, &Said), parts: &Parts) -> Option<(Site, Said)> {
    let changed = changed(before, parts)?;
    let files: Vec<&str> = changed.iter().map(|(_, read)| read.summary.source.path()).collect();
    let named = |path: &str| files.contains(&path);
    // What was said of addresses and people points into the file as it was.
    if said.frame.iter().any(|one| one.paths().any(named))
        || site.unknown.iter().any(|label| named(label.source.path()))
    {
        return None;
    }
    let (mut site, mut said) = (site.clone(), said.clone());
    let mut pages = Vec::new();
    for (_, read) in changed.iter().filter(|(_, read)| read.published) {
        let at = site.pages.iter().position(|page| *page.content == *read.content)?;
        let page = page(&site.pages[at], read)?;
        let at_page = at as PageIndex;
        let old = std::mem::replace(&mut site.pages[at], Arc::new(page));
        respoken(&mut site, at_page, &old)?;
        pages.push(at_page);
    }
    said.texts.retain(|one| !named(one.place.source.path()));
    said.texts.extend(pages.iter().filter_map(|at| other_script(site.page(*at))));
    said.terms = terms::odd(&site);
    let texts = changed.iter().flat_map(|(old, new)| [*old, *new]).flat_map(texts).collect();
    said.links = links::again(&site, severity(parts.prefix), said.links, (&pages, texts));
    Some((site, said))
}

/// The files that are others now, as they were and as they are, if all of them leave the rest of the
/// site as it is.
fn changed<'a>(before: &'a Parts, parts: &'a Parts) -> Option<Vec<(&'a Read, &'a Read)>> {
    let Parts {
        name,
        prefix,
        config,
        people,
        lexicon,
        glossary,
        read,
        beside,
        assets,
        statics,
        pictures,
        copies,
    } = parts;
    let same = Arc::ptr_eq(config, &before.config)
        && Arc::ptr_eq(people, &before.people)
        && Arc::ptr_eq(lexicon, &before.lexicon)
        && Arc::ptr_eq(glossary, &before.glossary)
        && (name, prefix, beside) == (&before.name, &before.prefix, &before.beside)
        && (assets, statics) == (&before.assets, &before.statics)
        && (pictures, copies) == (&before.pictures, &before.copies)
        && read.len() == before.read.len();
    if !same {
        return None;
    }
    let mut changed = Vec::new();
    for (old, new) in before.read.iter().zip(read) {
        if old.content != new.content || old.published != new.published {
            return None;
        }
        if !Arc::ptr_eq(&old.summary, &new.summary) || old.key != new.key {
            if changed.len() == FEW || !leaves_the_rest(&old.summary, &new.summary) {
                return None;
            }
            changed.push((old, new));
        }
    }
    Some(changed)
}

/// The files in which the links of a page are written.
fn texts(read: &Read) -> impl Iterator<Item = &str> {
    let noted = read.summary.noted.iter().map(|noted| &noted.source);
    std::iter::once(&read.summary.source).chain(noted).map(Source::path)
}

/// Whether the rest of a site is the same with a file as it is now: what stands in no comparison
/// here is shown by the file's own page, or by others when they are made.
fn leaves_the_rest(old: &Summary, new: &Summary) -> bool {
    let Summary {
        source: _,
        front,
        head:
            Head { title: _, cover: _, recording: _, byline: _, account: _, original: _, credits: _ },
        script,
        excerpt: _,
        minutes: _,
        turns: _,
        timed,
        without_speaker: _,
        turn_ids: _,
        speakers,
        mentions: _,
        links: _,
        noted: _,
        remote,
    } = new;
    let voice = |Voiced { label, turns, first: _ }: &Voiced, other: &Voiced| {
        (label, turns) == (&other.label, &other.turns)
    };
    (script, timed, remote) == (&old.script, &old.timed, &old.remote)
        && alike(speakers, &old.speakers, voice)
        && front_leaves_the_rest(&old.front, front)
}

fn front_leaves_the_rest(old: &FrontMatter, new: &FrontMatter) -> bool {
    let FrontMatter {
        title: _,
        date,
        retrieved: _,
        updated: _,
        people,
        tags,
        series,
        media: _,
        original: _,
        publisher: _,
        credits: _,
        summary: _,
        language,
        aliases,
        slug,
        episode: _,
        duration: _,
        resources: _,
        licence: _,
        draft,
        noindex,
        corrections: _,
        not_speakers: _,
        no_turns: _,
        glossary_off: _,
        mark: _,
        notes: _,
        extra: _,
    } = new;
    let text = |a: &Text, b: &Text| a.value == b.value;
    let person = |PersonRef { name, role, aliases, span: _ }: &PersonRef, other: &PersonRef| {
        (name, role, aliases) == (&other.name, &other.role, &other.aliases)
    };
    let iso = |front: &FrontMatter| front.date.as_ref().map(|date| date.iso.clone());
    date.as_ref().map(|date| &date.iso) == iso(old).as_ref()
        && (tags, series, language) == (&old.tags, &old.series, &old.language)
        && (draft, noindex) == (&old.draft, &old.noindex)
        && alike(people, &old.people, person)
        && alike(aliases, &old.aliases, text)
        && alike(slug.as_slice(), old.slug.as_slice(), text)
}

fn alike<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
}

/// A page with other words. None where its title would come from its file's name now.
fn page(old: &Page, read: &Read) -> Option<Page> {
    let summary = &read.summary;
    let title = match (&summary.head.title, &old.file.head.title) {
        (Some(title), _) => title.clone(),
        (None, None) => old.title.clone(),
        (None, Some(_)) => return None,
    };
    Some(Page {
        title,
        summary: summary.front.summary.clone().unwrap_or_else(|| summary.excerpt.clone()),
        minutes: summary.minutes,
        turns: summary.turns,
        file: Arc::clone(summary),
        packed: read.packed.clone(),
        key: read.key,
        quoted: Default::default(),
        ..old.clone()
    })
}

/// Says anew where the terms of a page are spoken. None where a term needs more pages for that, or
/// fewer.
fn respoken(site: &mut Site, at: PageIndex, old: &Page) -> Option<()> {
    let new = Arc::clone(&site.pages[at as usize]);
    let terms = |page: &Page| -> Vec<TermIndex> {
        page.file.mentions.iter().map(|spoken| spoken.term).collect()
    };
    let (was, is) = (terms(old), terms(&new));
    if was == is || new.kind != PageKind::Transcript {
        return Some(());
    }
    let mut all: Vec<TermIndex> = was.iter().chain(&is).copied().collect();
    all.sort_unstable();
    all.dedup();
    for term in all {
        let own = |(mention, found): (usize, &TermIndex)| {
            (*found == term).then_some(Use { page: at, mention: mention as u32 })
        };
        let uses = site.uses_of(term);
        let (from, to) = (
            uses.partition_point(|found| found.page < at),
            uses.partition_point(|found| found.page <= at),
        );
        let own = is.iter().enumerate().filter_map(own);
        let now: Arc<[Use]> =
            uses[..from].iter().copied().chain(own).chain(uses[to..].iter().copied()).collect();
        let pages = |uses: &[Use]| lists::numbered(uses.len(), super::MENTIONS_A_PAGE);
        if pages(&now) != pages(uses) {
            return None;
        }
        site.uses[term as usize] = now;
    }
    Some(())
}
