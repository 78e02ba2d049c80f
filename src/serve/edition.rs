//! An edition: a site that can be asked for its pages, and for what it knows of its sources.
//!
//! It is made from what the pipeline built; that the preview sees no more of it than this keeps
//! it the same for every site, also for those that tests make up.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::survey;
use crate::config::{IDS_FILE, IMAGES_FILE, NOTES_FILE};
use crate::diagnostics::Diagnostic;
use crate::document::{BlockIndex, Item, Turn};
use crate::glossary::Term;
use crate::notes::Placed;
use crate::pipeline::{self, Built, LeftOut, Output};
use crate::site::{self, Site};
use crate::views::GLOSSARY;

/// Whether a path is a page that no table names.
pub type Late = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Whether search engines should leave out a file that cannot say so itself.
pub type Noindex = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Renders an [`Output::Page`].
pub type Render = Box<dyn Fn(&str) -> Result<Vec<u8>, Box<Diagnostic>> + Send + Sync>;

/// Where a byte of a source file is shown; none when no page alone is made from that file, or is what
/// it is about.
pub type Locate = Box<dyn Fn(&str, usize) -> Option<Place> + Send + Sync>;

/// What stands on the page that is made from a source file, in order.
pub type Parts = Box<dyn Fn(&str) -> Option<Page> + Send + Sync>;

/// The site as it was understood, as HTML to stand in a page.
pub type Survey = Box<dyn Fn() -> String + Send + Sync>;

/// A place on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The page's path in the output.
    pub page: String,
    /// Ids near it, the nearest first; none at the top.
    pub ids: Vec<String>,
}

/// What stands on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its path in the output.
    pub path: String,
    /// In order.
    pub parts: Vec<Part>,
}

/// A block of a page, as far as it can be told from another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What a reader sees of it: who speaks, and the words.
    pub text: String,
    /// What editors note on them.
    pub noted: String,
    /// Its id, and that of its turn.
    pub ids: Vec<String>,
}

/// A site that can be asked for its pages.
pub struct Edition {
    /// By path in the output.
    pub outputs: Arc<BTreeMap<String, Output>>,
    /// Whether a path that is not among `outputs` is a page all the same: the search index's
    /// files are known only when somebody searches.
    pub late: Late,
    /// Renders a page.
    pub render: Render,
    /// What is not for search engines.
    pub noindex: Noindex,
    /// Everything noticed in the content.
    pub diagnostics: Vec<Diagnostic>,
    /// Files that are no pages.
    pub left_out: LeftOut,
    /// The path of `base_url` (`/reading/`), below which the pages answer too.
    pub base_path: String,
    /// Where sources are shown.
    pub locate: Locate,
    /// What pages say.
    pub parts: Parts,
    /// What was understood.
    pub survey: Survey,
}

impl Edition {
    /// A site that knows nothing of its sources.
    pub fn new(
        outputs: BTreeMap<String, Output>,
        render: Render,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Self {
            outputs: Arc::new(outputs),
            late: Box::new(|_| false),
            render,
            noindex: Box::new(|_| false),
            diagnostics,
            left_out: LeftOut::default(),
            base_path: "/".to_owned(),
            locate: Box::new(|_, _| None),
            parts: Box::new(|_| None),
            survey: Box::new(String::new),
        }
    }

    /// What the pipeline made.
    pub fn of(built: Built) -> Self {
        let built = Arc::new(built);
        let base = built.site.config.base_url.as_deref().unwrap_or_default();
        let after_host = base.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        let base_path = after_host.map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}"));
        let (late, noindex) = (built.clone(), built.clone());
        let (render, locate, parts, survey) = (built.clone(), built.clone(), built.clone(), built);
        Self {
            outputs: Arc::clone(&survey.outputs),
            diagnostics: survey.diagnostics.clone(),
            left_out: survey.left_out,
            base_path,
            late: Box::new(move |path| late.is_late(path)),
            render: Box::new(move |path| render.render(path)),
            noindex: Box::new(move |path| noindex.is_noindex(path)),
            locate: Box::new(move |path, offset| place(&locate.site, path, offset)),
            parts: Box::new(move |path| parts_of(&parts.site, path)),
            survey: Box::new(move || survey::of(&survey)),
        }
    }

    /// Where the page of a file differs first from what it was.
    pub fn first_change(&self, before: &Self, path: &str) -> Option<Place> {
        let Page { path: page, parts: now } = (self.parts)(path)?;
        let before = (before.parts)(path).map(|page| page.parts).unwrap_or_default();
        if now == before {
            return Some(Place { page, ids: Vec::new() }); // its title, its date
        }
        let same = now.iter().zip(&before).take_while(|(a, b)| a == b).count();
        let ids = now.get(same).or(now.last()).map(|part| part.ids.clone()).unwrap_or_default();
        Some(Place { page, ids })
    }

    /// The pages of changed files that are shown at another path than `before`, each with where it is now:
    /// the file has another name and the same words, or says itself where it belongs.
    pub fn moved(&self, before: &Self, changed: &[String]) -> Vec<(String, String)> {
        if changed.len() > RENAMED {
            return Vec::new();
        }
        let page = |of: &Self, path: &String| (of.parts)(path);
        let mut gone = Vec::new();
        let mut come = Vec::new();
        let mut moved = Vec::new();
        for path in changed {
            match (page(before, path), page(self, path)) {
                (Some(old), Some(new)) if old.path != new.path => moved.push((old.path, new.path)),
                (Some(old), None) => gone.push(old),
                (None, Some(new)) => come.push(new),
                _ => {}
            }
        }
        for old in gone.into_iter().filter(|old| !old.parts.is_empty()) {
            // Its notes may stay behind with the old name.
            let same = |new: &&Page| {
                let texts = new.parts.iter().map(|part| &part.text);
                texts.eq(old.parts.iter().map(|part| &part.text))
            };
            if let Some(new) = come.iter().find(same) {
                moved.push((old.path, new.path.clone()));
            }
        }
        moved
    }
}

/// Of so many changed files at once it is found out which were renamed: somebody renames a few, a
/// program thousands.
const RENAMED: usize = 32;

/// The page that is made from a file, by its path from the site's folder, or from a file beside which
/// it lies: `x.notes.yaml` is about the page of `x.md` alone.
fn page_of<'a>(site: &'a Site, path: &str) -> Option<&'a site::Page> {
    let content = path.strip_prefix("content/").unwrap_or(path);
    let text = beside(content);
    let content = text.as_deref().unwrap_or(content);
    site.pages.iter().map(|page| &**page).find(|page| page.content == content)
}

/// The transcript beside which a file lies that says something about it, by content paths.
fn beside(content: &str) -> Option<String> {
    let stem = [NOTES_FILE, IDS_FILE, IMAGES_FILE].iter().find_map(|end| content.strip_suffix(end));
    stem.map(|stem| format!("{stem}.md"))
}

fn parts_of(site: &Site, path: &str) -> Option<Page> {
    if pipeline::is_glossary(path.strip_prefix("content/").unwrap_or(path)) {
        return Some(terms_of(site));
    }
    let page = page_of(site, path)?;
    let reading = site.reading(page);
    let document = &reading.document;
    let mut parts = Vec::new();
    let mut add = |blocks: &Range<BlockIndex>, turn: Option<&Turn>| {
        let speaker = turn.and_then(|turn| turn.speaker);
        let label = speaker.map_or("", |at| document.speakers[at as usize].label.as_str());
        for (at, block) in (blocks.start..).zip(document.blocks_of(blocks)) {
            let text = format!("{label}: {}", document.slice(block.text));
            let notes = reading.notes.iter().filter(|placed| placed.block == at);
            let said = |placed: &Placed| {
                format!("{}: {}\n", placed.note.quote.value, placed.note.note.value)
            };
            let noted = notes.map(said).collect();
            let ids = [Some(&block.id), turn.map(|turn| &turn.id)];
            let ids = ids.into_iter().flatten().filter(|id| !id.is_empty()).cloned().collect();
            parts.push(Part { text, noted, ids });
        }
    };
    for item in &document.items {
        match item {
            Item::Turn(turn) => add(&turn.blocks, Some(turn)),
            Item::Prose(blocks) => add(blocks, None),
            Item::Heading(_) => {}
        }
    }
    Some(Page { path: page.path.clone(), parts })
}

/// The list of terms, for a file of the glossary.
fn terms_of(site: &Site) -> Page {
    let part = |term: &Term| {
        let Term { term: headword, name, aliases, definition, as_of, category, see, .. } = term;
        let shown = (headword, name, aliases, definition, as_of, category, see);
        let ids = vec![format!("g-{}", term.id)];
        Part { text: format!("{shown:?}"), noted: String::new(), ids }
    };
    let parts = site.glossary.terms.iter().map(part).collect();
    Page { path: GLOSSARY.to_owned(), parts }
}

fn place(site: &Site, path: &str, offset: usize) -> Option<Place> {
    let page = page_of(site, path)?;
    if !path.ends_with(&page.content) {
        return Some(Place { page: page.path.clone(), ids: Vec::new() });
    }
    let reading = site.reading(page);
    let document = &reading.document;
    let before = |start: u32| start as usize <= offset;
    let blocks = document.blocks.iter().map(|block| (block.span.start, &block.id));
    let items = document.items.iter().filter_map(|item| match item {
        Item::Heading(heading) => Some((heading.span.start, &heading.id)),
        Item::Turn(turn) => Some((turn.span.start, &turn.id)),
        _ => None,
    });
    let mut near: Vec<(u32, &String)> =
        blocks.chain(items).filter(|(start, id)| before(*start) && !id.is_empty()).collect();
    near.sort_by_key(|(start, _)| std::cmp::Reverse(*start));
    let ids = near.into_iter().take(4).map(|(_, id)| id.clone()).collect();
    Some(Place { page: page.path.clone(), ids })
}
