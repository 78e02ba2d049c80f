//! From all readings to the [`Site`].

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::people::{Finished, People};
use super::routes::{self, Claim, Routes};
use super::{Page, PageIndex, PageKind, Reading, Site, Use, words};
use crate::config::{Person, SiteConfig};
use crate::diagnostics::{Diagnostic, nearest};
use crate::document::{Document, MarkKind, Node};
use crate::glossary::Glossary;
use crate::paths;
use crate::source::{Source, Span};

/// A content file that was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Path below the content folder.
    pub content: String,
    /// The document and its mentions.
    pub reading: Arc<Reading>,
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
    pub config: SiteConfig,
    /// The people of `speakers.yaml`.
    pub people: Vec<Person>,
    /// The terms.
    pub glossary: Glossary,
    /// The Markdown files, by content path.
    pub read: Vec<Read>,
    /// Content paths of files that are copied.
    pub assets: Vec<String>,
    /// Output paths of `static/`'s files.
    pub statics: Vec<String>,
}

/// Makes the site. Two files for one page are an error; links to files that are not there are
/// warnings.
pub fn build(parts: Parts) -> (Site, Vec<Diagnostic>) {
    let Parts { name, prefix, config, people, glossary, read, assets, statics } = parts;
    let mut folders: HashMap<&str, usize> = HashMap::new();
    for read in &read {
        *folders.entry(folder(&read.content)).or_default() += 1;
    }
    let mut routes = Routes::default();
    let mut claims = file_claims((prefix, &assets), &statics, &mut routes);
    let language = config.language.clone().unwrap_or_else(|| main_language(&read));
    let mut pages = Vec::new();
    for read in &read {
        let page = page(read, &config, folders[folder(&read.content)] == 1);
        routes.add(&read.content, &page.path, read.published);
        if read.published {
            let slug = page.reading.document.front.slug.as_ref().map(|slug| slug.span);
            claims.push(Claim {
                path: page.path.clone(),
                source: page.reading.document.source.clone(),
                span: slug,
            });
            pages.push(page);
        }
    }
    pages.sort_by(|a, b| order(a).cmp(&order(b)));
    let Finished { people, unknown, diagnostics: of_people } =
        connect(&mut pages, People::new(&people));
    for path in people.iter().map(|person| person.path.as_str()).chain(GENERATED) {
        routes.add_made(path);
        claims.push(generated(path));
    }
    routes.add_made("index.html");
    let mut diagnostics = routes::collisions(&claims);
    diagnostics.extend(of_people);
    diagnostics.extend(pages.iter().flat_map(|page| broken_links(page, &routes)));
    let uses = uses(&pages, glossary.terms.len());
    let title =
        config.title.as_ref().and_then(|title| title.get(&language)).map_or(name, str::to_owned);
    let site = Site { config, title, language, glossary, uses, people, unknown, pages, routes };
    (site, diagnostics)
}

/// Pages that the site makes of itself; a file's page must not be one of them.
const GENERATED: [&str; 3] = ["speakers/index.html", "glossary/index.html", "404.html"];

fn generated(path: &str) -> Claim {
    Claim {
        path: path.to_owned(),
        source: Source::new(format!("{path} (made by postil)"), ""),
        span: None,
    }
}

fn file_claims(
    (prefix, assets): (&str, &[String]),
    statics: &[String],
    routes: &mut Routes,
) -> Vec<Claim> {
    let mut claims = Vec::with_capacity(assets.len() + statics.len());
    for (paths, root) in [(statics, "static/"), (assets, prefix)] {
        for path in paths {
            routes.add(path, path, true);
            let source = Source::new(format!("{root}{path}"), "");
            claims.push(Claim { path: path.clone(), source, span: None });
        }
    }
    claims
}

fn folder(content: &str) -> &str {
    content.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The language in which most documents are written.
fn main_language(read: &[Read]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for read in read {
        let language = own_language(&read.reading.document);
        match counts.iter_mut().find(|(known, _)| *known == language) {
            Some((_, count)) => *count += 1,
            None => counts.push((language, 1)),
        }
    }
    let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    most.map_or_else(|| "en".to_owned(), |(language, _)| language.to_owned())
}

/// A document's language: what it says; else the site's, unless the text is plainly in another
/// script (a Chinese interview in an English site is not English).
fn language(document: &Document, config: &SiteConfig) -> String {
    let seen = own_language(document);
    match (&document.front.language, &config.language) {
        (Some(said), _) => said.clone(),
        (None, Some(site)) if words::same_script(site, seen) => site.clone(),
        (None, _) => seen.to_owned(),
    }
}

/// What a document says of its language, or else its script.
fn own_language(document: &Document) -> &str {
    document.front.language.as_deref().unwrap_or_else(|| words::language(&document.text))
}

fn page(read: &Read, config: &SiteConfig, alone: bool) -> Page {
    let document = &read.reading.document;
    let front = &document.front;
    let kind = if is_plain(&read.content) { PageKind::Plain } else { PageKind::Transcript };
    let path = match &front.slug {
        Some(slug) => paths::slug_page(&read.content, &slug.value),
        None if read.content == "index.md" => "index.html".to_owned(),
        None => paths::page(&read.content, alone),
    };
    Page {
        kind,
        path,
        title: document.head.title.clone().unwrap_or_else(|| file_title(&read.content)),
        language: language(document, config),
        date: front.date.as_ref().map(|date| date.iso.clone()),
        summary: front.summary.clone().unwrap_or_else(|| words::summary(document)),
        minutes: words::minutes(&document.text),
        turns: document.turns().count() as u32,
        draft: front.draft,
        content: read.content.clone(),
        speakers: Vec::new(),
        identified: Vec::new(),
        reading: Arc::clone(&read.reading),
        previous: None,
        next: None,
    }
}

/// Whether a content path is a plain page: it stands in `pages/`, or is a folder's own page.
pub fn is_plain(content: &str) -> bool {
    let name = content.rsplit_once('/').map_or(content, |(_, name)| name);
    content.starts_with("pages/") || name == "_index.md" || content == "index.md"
}

/// The file's name as a title: its folder's where the file is called like every other.
fn file_title(content: &str) -> String {
    let stem = content.strip_suffix(".md").unwrap_or(content);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let every = ["transcript", "transcripcion", "index", "_index"].contains(&name);
    let name = if every && !folder.is_empty() {
        folder.rsplit('/').next().unwrap_or(folder)
    } else {
        name
    };
    name.replace('_', " ")
}

/// Transcripts newest first, undated ones last by path, then plain pages.
fn order(page: &Page) -> (bool, bool, Reverse<&Option<String>>, &str) {
    (page.kind == PageKind::Plain, page.date.is_none(), Reverse(&page.date), &page.path)
}

/// Says who speaks on each page, and what comes before and after it.
fn connect(pages: &mut [Page], mut people: People) -> Finished {
    let transcripts = pages.iter().filter(|page| page.kind == PageKind::Transcript).count();
    for (at, page) in pages.iter_mut().enumerate() {
        let cast = people.cast(at as PageIndex, &page.reading.document);
        (page.speakers, page.identified) = cast;
        if at < transcripts {
            page.next = at.checked_sub(1).map(|newer| newer as PageIndex);
            page.previous = (at + 1 < transcripts).then_some(at as PageIndex + 1);
        }
    }
    people.finish()
}

/// By term: where it is spoken.
fn uses(pages: &[Page], terms: usize) -> Vec<Vec<Use>> {
    let mut uses = vec![Vec::new(); terms];
    for (page, entry) in pages.iter().enumerate() {
        for (mention, found) in entry.reading.mentions.iter().enumerate() {
            uses[found.term as usize]
                .push(Use { page: page as PageIndex, mention: mention as u32 });
        }
    }
    uses
}

/// A warning for every link or picture that names a file which is not there.
fn broken_links(page: &Page, routes: &Routes) -> Vec<Diagnostic> {
    let document = &page.reading.document;
    let marks = document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Link { url, span, .. } => Some((url.as_str(), *span)),
        MarkKind::Image(image) => Some((image.url.as_str(), image.span)),
        _ => None,
    });
    let figures = document.blocks.iter().flat_map(|block| match &block.node {
        Node::Figure { images, .. } => images.as_slice(),
        _ => &[],
    });
    let images = figures.chain(&document.head.cover).map(|image| (image.url.as_str(), image.span));
    let internal = marks.chain(images).filter(|(url, _)| routes::is_internal(url));
    let missing =
        internal.filter(|(url, _)| routes.target(&page.content, &page.path, url).is_none());
    missing.map(|(url, span)| missing_file(&document.source, span, url, routes)).collect()
}

fn missing_file(source: &Source, span: Span, url: &str, routes: &Routes) -> Diagnostic {
    let name = |path: &'_ str| path.rsplit('/').next().map(str::to_owned).unwrap_or_default();
    let wanted = name(url.split(['#', '?']).next().unwrap_or(url));
    let names: Vec<String> = routes.contents().map(name).collect();
    let hint = match nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => {
            format!("did you mean `{near}`? A link names a file relative to the one it stands in")
        }
        None => "a link names a file relative to the one it stands in".to_owned(),
    };
    Diagnostic::warning("links/missing", source, span, format!("there is no file `{url}`"))
        .hint(hint)
}
