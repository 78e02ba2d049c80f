//! From all readings to the [`Site`].

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::folders::{Folders, Place};
use super::lists::{Grouping, Topics};
use super::people::{Cast, Finished, People};
use super::pictures::{Copies, Picture};
use super::routes::{self, Of, Routes};
use super::shelf::Shelf;
use super::{
    Packed, Page, PageIndex, PageKind, Site, SitePerson, Summary, Use, claims, is_chosen, links,
    short_texts, terms, words,
};
use crate::config::{Person, SiteConfig};
use crate::diagnostics::{Diagnostic, Severity};
use crate::glossary::{Glossary, Term};
use crate::i18n::Lexicon;
use crate::parse::speaker_key;
use crate::paths::{self, language};
use crate::source::Span;

/// A content file that was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Path below the content folder.
    pub content: Arc<str>,
    /// What is known of it without its text.
    pub summary: Arc<Summary>,
    /// Its text.
    pub packed: Packed,
    /// A digest of everything that the two depend on.
    pub key: [u8; 16],
    /// Whether it is published: drafts and future dates are not, unless asked for.
    pub published: bool,
}

/// What a site is made of.
#[derive(Debug)]
pub struct Parts {
    /// The site folder's name.
    pub name: String,
    /// What stands before a content path in a message: `content/`, or nothing where the folder
    /// is itself the content.
    pub prefix: &'static str,
    /// The settings.
    pub config: Arc<SiteConfig>,
    /// The people of `speakers.yaml`.
    pub people: Arc<[Person]>,
    /// The interface's words.
    pub lexicon: Arc<Lexicon>,
    /// The terms.
    pub glossary: Arc<Glossary>,
    /// The Markdown files, by content path.
    pub read: Vec<Read>,
    /// Content paths of Markdown files that were not read: only their names count.
    pub beside: Vec<String>,
    /// Content paths of files that are copied.
    pub assets: Vec<String>,
    /// Output paths of `static/`'s files.
    pub statics: Vec<String>,
    /// By output path: the pictures among these two.
    pub pictures: Arc<BTreeMap<String, Picture>>,
    /// Which pictures on the web have a copy among them.
    pub copies: Arc<Copies>,
}

/// What was noticed while a site was made.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Of what pages have to do with each other: addresses, people, translations, copies.
    pub(super) frame: Vec<Diagnostic>,
    /// Of terms, by how often they are said.
    pub(super) terms: Vec<Diagnostic>,
    /// Of single texts.
    pub(super) texts: Vec<Diagnostic>,
    /// Of links.
    pub(super) links: Vec<Diagnostic>,
}

impl Said {
    /// All of it.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        [&self.frame, &self.terms, &self.texts, &self.links].into_iter().flatten()
    }
}

/// Makes the site. Two files for one page are an error, and so are links that lead nowhere.
pub fn build(parts: &Parts) -> (Site, Said) {
    let Parts { prefix, config, people, glossary, read, assets, statics, .. } = parts;
    let mut routes = Routes::default();
    let mut claims = claims::of_files((prefix, assets), statics, &mut routes);
    let places = places(read, &parts.beside);
    let language = config.language.clone().unwrap_or_else(|| main_language(read, &places));
    let mut pages = Vec::new();
    let made = read.par_iter().zip(places).map(|(read, place)| {
        let text = place.text.clone();
        (read, page(read, config, place), text)
    });
    for (read, page, text) in made.collect::<Vec<_>>() {
        routes.add(&read.content, &page.path, read.published);
        if read.published {
            claims.push(claims::of_page(&page));
            claims.extend(claims::of_aliases(&page));
            pages.push(Box::new((page, text)));
        }
    }
    // Pages are large: what is put in order is where they lie.
    pages.par_sort_by(|a, b| order(&a.0).cmp(&order(&b.0)));
    let (mut pages, texts): (Vec<Page>, Vec<String>) = pages.into_iter().map(|page| *page).unzip();
    let known = people.iter().flat_map(Person::labels).map(|label| speaker_key(label)).collect();
    let same_language = translations(&mut pages, &texts);
    let Finished { people, unknown, diagnostics: of_people } =
        connect(&mut pages, &language, People::new(people));
    let topics = Topics::new(&pages, &language);
    let terms = (!glossary.terms.is_empty()).then_some("glossary/index.html");
    let listed = people.iter().any(SitePerson::is_listed).then_some("speakers/index.html");
    let made = people.iter().map(|person| person.path.as_str()).chain(["404.html"]);
    let made = made.chain(terms).chain(listed);
    let of_topics = Grouping::ALL.into_iter().flat_map(|grouping| topics.of(grouping));
    let indexes = topics.indexes.iter().map(|grouping| grouping.index());
    for path in made.chain(of_topics.map(|topic| topic.path.as_str())).chain(indexes) {
        routes.add_made(path);
        claims.push(claims::generated(path));
    }
    routes.add_made("index.html");
    let uses = uses(&pages, glossary.terms.len());
    let title = config.title.as_ref().and_then(|title| title.get(&language));
    let title = title.unwrap_or(&parts.name).to_owned();
    let folders = own_pages(&pages);
    if !pages.iter().any(|page| page.path == "index.html" && page.kind != PageKind::Transcript) {
        claims.push(claims::generated("index.html"));
    }
    let page = |term: &Term| format!("{}.html", paths::clean(&format!("glossary/{}", term.id)));
    let term_paths = glossary.terms.iter().map(page).collect();
    let mut site = Site {
        config: Arc::clone(config),
        title,
        language,
        lexicon: Arc::clone(&parts.lexicon),
        meant: short_texts::of_definitions(glossary).into(),
        glossary: Arc::clone(glossary),
        uses,
        term_paths,
        people: people.into(),
        known: Arc::new(known),
        unknown: unknown.into(),
        pages: pages.into_iter().map(Arc::new).collect(),
        routes: Arc::new(routes),
        pictures: Arc::clone(&parts.pictures),
        copies: Arc::clone(&parts.copies),
        folders: Arc::new(folders),
        topics: Arc::new(topics),
        shelf: Shelf::default(),
    };
    claims.extend(site.list_pages().iter().map(|path| claims::generated(path)));
    claims.extend(claims::of_terms(&site));
    let exports: Vec<_> =
        site.pages.iter().flat_map(|page| claims::of_exports(&site, page)).collect();
    claims.extend(exports.iter().cloned());
    claims.extend(site.pages.iter().flat_map(|page| claims::of_pairs(&site, page)));
    let beside = claims::beside_pages(&site);
    claims.extend(beside.iter().map(|path| claims::generated(path)));
    // Links may lead there, too.
    let routes = Arc::make_mut(&mut site.routes);
    let of_terms = claims.iter().filter(|claim| claim.of == Of::Term).map(|claim| &claim.path);
    let exports = exports.iter().map(|claim| &claim.path);
    of_terms.chain(&beside).chain(exports).for_each(|path| routes.add_made(path));
    let mut frame = routes::collisions(&claims);
    frame.extend(of_people);
    frame.extend(same_language);
    let files = read.iter().map(|read| (&*read.content, &*read.summary));
    frame.extend(site.copies.check(files, &site.routes));
    let said = Said {
        frame,
        terms: terms::odd(&site),
        texts: site.pages.iter().filter_map(|page| other_script(page)).collect(),
        links: links::broken(&site, severity(prefix)),
    };
    (site, said)
}

/// How bad a link is that leads nowhere: a folder that is no site holds what somebody wants to
/// read, not to publish.
pub(super) fn severity(prefix: &str) -> Severity {
    if prefix.is_empty() { Severity::Warning } else { Severity::Error }
}

/// Where each file belongs, from all names and what front matter says of its language.
fn places(read: &[Read], beside: &[String]) -> Vec<Place> {
    let names = read.iter().map(|read| &*read.content);
    let folders = Folders::new(names.chain(beside.iter().map(String::as_str)));
    let place = |read: &Read| folders.place(&read.content, read.summary.front.language.as_deref());
    read.par_iter().map(place).collect()
}

/// Tells the pages that are one text in several languages of each other. Two in one language
/// are no translations, whatever their names: a note says so.
fn translations(pages: &mut [Page], texts: &[String]) -> Vec<Diagnostic> {
    let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        by_text.entry(text).or_default().push(at);
    }
    let same = |one: &Page, other: &Page| language::same_text(&one.language, &other.language);
    let mut told = Vec::new();
    for mut group in by_text.into_values().filter(|group| group.len() > 1) {
        for at in &group {
            let mut others: Vec<usize> = group.clone();
            others.retain(|other| !same(&pages[*other], &pages[*at]));
            others.sort_by(|a, b| pages[*a].language.cmp(&pages[*b].language).then(a.cmp(b)));
            pages[*at].translations = others.into_iter().map(|other| other as PageIndex).collect();
        }
        group.sort_by(|a, b| pages[*a].content.cmp(&pages[*b].content));
        for (at, page) in group.iter().enumerate().map(|(at, page)| (at, &pages[*page])) {
            let before = group[..at].iter().map(|other| &pages[*other]);
            if let Some(other) = before.into_iter().find(|other| same(other, page)) {
                told.push(one_language(page, other));
            }
        }
    }
    told
}

fn one_language(page: &Page, other: &Page) -> Diagnostic {
    let name = |page: &Page| page.file.source.path().to_owned();
    let message = format!(
        "by their names `{}` and `{}` are one text in two languages, but both are in `{}`: their pages are not linked as translations",
        name(other),
        name(page),
        page.language
    );
    let start = Span::new(0, 0);
    Diagnostic::note("site/one-language", &page.file.source, start, message)
        .related(&other.file.source, start, "the other file")
        .hint("say in one of them which language it is in (`language: en` in its front matter), or give it another name")
}

/// A text of some length that is plainly in another script than its head says: browsers, screen
/// readers and the words around it would go by the head.
pub(super) fn other_script(page: &Page) -> Option<Diagnostic> {
    let said = page.file.front.language.as_deref()?;
    let seen = page.file.script.as_str();
    if page.minutes < 2 || words::same_script(said, seen) {
        return None;
    }
    let message = match seen {
        "en" => format!("the head says `language: {said}`, but hardly a word is in that script"),
        _ => format!("the head says `language: {said}`, but the words look like `{seen}`"),
    };
    let note = Diagnostic::note("site/other-script", &page.file.source, Span::new(0, 0), message);
    Some(note.hint("correct `language` in the front matter: it is what the page is read aloud in"))
}

/// By folder: its own pages.
fn own_pages(pages: &[Page]) -> BTreeMap<String, Vec<PageIndex>> {
    let mut folders: BTreeMap<String, Vec<PageIndex>> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate().filter(|(_, page)| page.kind == PageKind::Folder) {
        folders.entry(page.folder().to_owned()).or_default().push(at as PageIndex);
    }
    folders
}

/// The language in which most documents are written.
fn main_language(read: &[Read], places: &[Place]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (read, place) in read.iter().zip(places) {
        let summary = &read.summary;
        let named = place.language.as_deref().filter(|_| summary.front.language.is_none());
        let language = named.unwrap_or_else(|| summary.own_language());
        match counts.iter_mut().find(|(known, _)| *known == language) {
            Some((_, count)) => *count += 1,
            None => counts.push((language, 1)),
        }
    }
    let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    most.map_or_else(|| "en".to_owned(), |(language, _)| language.to_owned())
}

/// A document's language: what it says; else what its name says; else the site's, unless the text is plainly in another
/// script (a Chinese interview in an English site is not English).
fn language(summary: &Summary, named: Option<&str>, config: &SiteConfig) -> String {
    let seen = summary.own_language();
    match (summary.front.language.as_deref().or(named), &config.language) {
        (Some(said), _) => said.to_owned(),
        (None, Some(site)) if words::same_script(site, seen) => site.clone(),
        (None, _) => seen.to_owned(),
    }
}

fn page(read: &Read, config: &SiteConfig, place: Place) -> Page {
    let summary = &read.summary;
    let front = &summary.front;
    let path = match &front.slug {
        Some(slug) => paths::slug_page(&read.content, &slug.value),
        None => place.path,
    };
    Page {
        kind: place.kind,
        path,
        title: summary.head.title.clone().unwrap_or(place.title),
        language: language(summary, place.language.as_deref(), config),
        date: front.date.as_ref().map(|date| date.iso.clone()),
        summary: front.summary.clone().unwrap_or_else(|| summary.excerpt.clone()),
        minutes: summary.minutes,
        turns: summary.turns,
        draft: front.draft,
        content: read.content.to_string(),
        translations: Vec::new(),
        speakers: Vec::new(),
        together: Vec::new(),
        identified: Vec::new(),
        file: Arc::clone(&read.summary),
        packed: read.packed.clone(),
        key: read.key,
        quoted: OnceLock::new(),
        aliases: front.aliases.iter().filter_map(|alias| paths::alias(&alias.value)).collect(),
        previous: None,
        next: None,
    }
}

/// Transcripts newest first, undated ones last by path, then all others.
fn order(page: &Page) -> (bool, bool, Reverse<&Option<String>>, &str) {
    (page.kind != PageKind::Transcript, page.date.is_none(), Reverse(&page.date), &page.path)
}

/// Says who speaks on each page, and what comes before and after it: of a text in several
/// languages the one in the page's own, and never the same text again.
fn connect(pages: &mut [Page], site: &str, mut people: People) -> Finished {
    let transcripts = pages.iter().filter(|page| page.kind == PageKind::Transcript).count();
    for at in 0..pages.len() {
        let summary = Arc::clone(&pages[at].file);
        let Cast { speakers, together, identified } = people.cast(at as PageIndex, &summary);
        let page = &mut pages[at];
        (page.speakers, page.together, page.identified) = (speakers, together, identified);
        if at < transcripts {
            let page = &pages[at];
            let fits = |other: &usize| {
                let other = *other as PageIndex;
                !page.translations.contains(&other) && is_chosen(pages, other, &page.language, site)
            };
            let newer = (0..at).rev().find(fits).map(|newer| newer as PageIndex);
            let older = (at + 1..transcripts).find(fits).map(|older| older as PageIndex);
            (pages[at].next, pages[at].previous) = (newer, older);
        }
    }
    people.finish()
}

/// By term: where it is spoken, which is in transcripts. What a site says of itself counts for nothing.
fn uses(pages: &[Page], terms: usize) -> Vec<Arc<[Use]>> {
    let mut uses: Vec<Vec<Use>> = vec![Vec::new(); terms];
    let spoken = pages.iter().enumerate().filter(|(_, page)| page.kind == PageKind::Transcript);
    for (page, entry) in spoken {
        for (mention, found) in entry.file.mentions.iter().enumerate() {
            uses[found.term as usize]
                .push(Use { page: page as PageIndex, mention: mention as u32 });
        }
    }
    uses.into_iter().map(Arc::from).collect()
}
