//! A transcript and its translation side by side.
//!
//! `site::parallel` says which items stand beside each other; this shows their words, with the
//! terms that are marked in them and the notes on them. The links within a text belong to the text's
//! own page, and lead there.

use serde::Serialize;

use super::article::{self, Body, Extent, ItemView};
use super::definitions::Definition;
use super::frame::{Frame, Links};
use super::voices::{self, Voice};
use super::{HOME, PageRef};
use crate::diagnostics::Diagnostic;
use crate::i18n::{self, Words};
use crate::paths::link;
use crate::render::Apart;
use crate::site::{self, Page, PageIndex, Site};

/// What follows the ids of each text's definitions and notes. No term's id has a tilde.
const MARKS: [&str; 2] = ["", "~2"];

/// `parallel`.
#[derive(Debug, Serialize)]
pub(super) struct ParallelView {
    /// The two texts, the left one first.
    pub sides: Vec<SideView>,
    /// What stands beside each other, in reading order.
    pub rows: Vec<RowView>,
    /// Whether there are any definitions.
    pub marked: bool,
}

/// One of the two texts.
#[derive(Debug, Serialize)]
pub(super) struct SideView {
    /// A BCP 47 tag.
    pub language: String,
    /// What the language calls itself.
    pub name: String,
    /// The text's own page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The interface's words in its language.
    pub words: Words,
    /// The terms that are marked in it, in the order of their first mention.
    pub terms: Vec<Definition>,
}

/// What stands beside each other.
#[derive(Debug, Serialize)]
pub(super) struct RowView {
    /// Whether these are a stretch in which turns do not match one to one.
    pub loose: bool,
    /// One for each text; at most one of them is empty.
    pub cells: Vec<CellView>,
}

/// Items of one text.
#[derive(Debug, Serialize)]
pub(super) struct CellView {
    /// A BCP 47 tag.
    pub language: String,
    /// Headings, turns and prose.
    pub items: Vec<ItemView>,
}

/// The page before the texts are made.
#[derive(Debug)]
pub(super) struct ParallelHead {
    path: String,
    pages: [PageIndex; 2],
    sides: Vec<SideView>,
    voices: [Vec<Voice>; 2],
}

/// All such pages: one for every two languages of a transcript.
pub(super) fn pages(site: &Site) -> Vec<(String, PageRef)> {
    let mut found = Vec::new();
    for (at, page) in site.transcripts() {
        for other in page.translations.iter().filter(|other| at < **other) {
            if let Some(path) = site.side_by_side(page, site.page(*other)) {
                let [left, right] = order(site, at, *other);
                found.push((path, PageRef::Parallel(left, right)));
            }
        }
    }
    found
}

fn order(site: &Site, one: PageIndex, other: PageIndex) -> [PageIndex; 2] {
    if site.is_left(site.page(one), site.page(other)) { [one, other] } else { [other, one] }
}

/// What every page has. Search engines know the texts by their own pages.
pub(super) fn frame(site: &Site, left: PageIndex, right: PageIndex) -> Frame {
    let (left, right) = (site.page(left), site.page(right));
    let path = site.side_by_side(left, right).unwrap_or_default();
    let mut frame = Frame::new(site, "parallel", &path, &left.title);
    frame.section = Some(HOME);
    frame.page.language.clone_from(&left.language);
    frame.page.description.clone_from(&left.summary);
    frame.page.noindex = true;
    frame
}

/// The page before the texts are made.
pub(super) fn head(site: &Site, left: PageIndex, right: PageIndex) -> ParallelHead {
    let (one, other) = (site.page(left), site.page(right));
    let path = site.side_by_side(one, other).unwrap_or_default();
    let links = Links::from(site, &path);
    let side = |page: &Page| SideView {
        language: page.language.clone(),
        name: i18n::language_name(&page.language).into_owned(),
        href: links.to(&page.path),
        title: page.title.clone(),
        words: site.words(&page.language).clone(),
        terms: Vec::new(),
    };
    ParallelHead {
        sides: vec![side(one), side(other)],
        voices: [one, other].map(|page| voices::of(site, page, &links)),
        pages: [left, right],
        path,
    }
}

impl ParallelHead {
    /// The same with the texts.
    pub fn finish(mut self, site: &Site) -> Result<ParallelView, Box<Diagnostic>> {
        let [left, right] = self.pages.map(|at| site.page(at));
        let readings = [site.reading(left), site.reading(right)];
        let rows = site::parallel((left, &readings[0].document), (right, &readings[1].document));
        let [mut one, mut other] = [self.text(site, 0)?, self.text(site, 1)?];
        for (side, text) in self.sides.iter_mut().zip([&mut one, &mut other]) {
            side.terms = std::mem::take(&mut text.terms);
        }
        let [mut one, mut other] = [one.items, other.items];
        // Where both say the same, the left one has the anchor.
        let taken: std::collections::BTreeSet<String> =
            one.iter().map(|item| item.id.clone()).collect();
        for item in other.iter_mut().filter(|item| taken.contains(&item.id)) {
            item.id.clear();
        }
        let (mut one, mut other) = (one.drain(..), other.drain(..));
        let language = |at: usize| self.sides[at].language.clone();
        let rows = rows.into_iter().map(|row| RowView {
            loose: row.loose,
            cells: vec![
                CellView {
                    language: language(0),
                    items: one.by_ref().take(row.left.len()).collect(),
                },
                CellView {
                    language: language(1),
                    items: other.by_ref().take(row.right.len()).collect(),
                },
            ],
        });
        let marked = self.sides.iter().any(|side| !side.terms.is_empty());
        Ok(ParallelView { rows: rows.collect(), sides: self.sides, marked })
    }

    /// One text's items and definitions.
    fn text(&self, site: &Site, at: usize) -> Result<Body, Box<Diagnostic>> {
        let page = site.page(self.pages[at]);
        let home = self.sides[at].href.as_str();
        let apart = Apart { home, mark: MARKS[at] };
        let extent = Extent::Apart(apart);
        let mut body = article::body(site, page, &self.path, &self.voices[at], extent)?;
        for item in &mut body.items {
            item.anchor = format!("{home}#{}", link::encode_fragment(&item.id));
            item.was.clear();
            item.speaker.clear();
            item.edit = None;
        }
        Ok(body)
    }
}
