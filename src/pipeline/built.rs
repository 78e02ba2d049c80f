//! What a build knows before its pages are rendered, and how they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{Digest, LeftOut, Output, Work, hashed};
use crate::diagnostics::Diagnostic;
use crate::render::Renderer;
use crate::search::{self, Search};
use crate::site::{MENTIONS_A_PAGE, Site};
use crate::theme::Theme;
use crate::views::{self, PageRef, Shown};

/// So many lines of texts are held in memory for pages that are made together: some 40 MB.
const LINES: usize = 60_000;

/// What making an [`Output::Page`] gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It would be what it was.
    Unchanged,
    /// Its bytes.
    Anew {
        /// The bytes.
        bytes: Vec<u8>,
        /// A digest of all that they were made from; none for what is made anew every time.
        key: Option<Digest>,
    },
}

/// Everything a build knows before pages are rendered.
#[derive(Debug)]
pub struct Built {
    /// The site.
    pub site: Site,
    /// By output path (`a/x.html`), in path order.
    pub outputs: Arc<BTreeMap<String, Output>>,
    /// All diagnostics of content and templates, arranged; what only rendering a page can find
    /// comes from [`Built::render`].
    pub diagnostics: Vec<Diagnostic>,
    /// How many transcripts stay out: drafts, future dates.
    pub left_out: LeftOut,
    /// What was done for it.
    pub work: Work,
    pub(super) pages: Arc<HashMap<String, PageRef>>,
    pub(super) theme: Theme,
    pub(super) renderer: Arc<Renderer>,
    /// Made when it is first asked for: it takes as long as everything else together.
    pub(super) search: OnceLock<Option<Arc<Search>>>,
    /// Of everything that all pages share.
    pub(super) around: OnceLock<Digest>,
}

impl Built {
    /// The turns' ids by output path, with a blank between two: what the ownership list keeps, so that a later check can
    /// tell which of them an edit moved.
    pub fn turn_ids(&self) -> BTreeMap<String, String> {
        let pages = self.site.pages.iter().filter(|page| page.turns > 0);
        pages.map(|page| (page.path.clone(), page.file.turn_ids.clone())).collect()
    }

    /// Makes an [`Output::Page`], unless all that it is made from has the digest `known`: then
    /// the bytes are those that it was made to at that time.
    ///
    /// # Errors
    /// Those of [`Built::render`].
    pub fn make(&self, path: &str, known: Option<Digest>) -> Result<Made, Box<Diagnostic>> {
        let quick = |key: Option<Digest>| match key.is_some() && key == known {
            true => Ok(Made::Unchanged),
            false => Ok(Made::Anew { bytes: self.render(path)?, key }),
        };
        let page = match self.pages.get(path).copied() {
            Some(PageRef::Data(data)) => {
                let told = views::data_key(&self.site, data);
                return quick(told.map(|told| hashed(&(self.around(), told))));
            }
            Some(page) => page,
            None => {
                let source = self.search_key(path);
                return quick(source.map(|source| hashed(&(self.around(), source))));
            }
        };
        match self.look(page, known)? {
            None => Ok(Made::Unchanged),
            Some((shown, key)) => self.finish(shown, key),
        }
    }

    /// Of everything that all pages share; a preview never asks for it.
    fn around(&self) -> Digest {
        *self.around.get_or_init(|| super::around(&self.site, &self.theme))
    }

    /// What a page shows, and the digest of that, unless it is what it was.
    fn look(
        &self,
        page: PageRef,
        known: Option<Digest>,
    ) -> Result<Option<(Shown, Digest)>, Box<Diagnostic>> {
        let shown = views::shown(&self.site, &self.theme, &self.renderer, page)?;
        let key = hashed(&(self.around(), &shown));
        Ok((known != Some(key)).then_some((shown, key)))
    }

    fn finish(&self, shown: Shown, key: Digest) -> Result<Made, Box<Diagnostic>> {
        let bytes = shown.render(&self.site, &self.renderer)?;
        Ok(Made::Anew { bytes, key: Some(key) })
    }

    /// Pages that are better made together: those of terms quote the same texts. By path, in
    /// parts whose lines fit in memory.
    pub fn together(&self) -> Vec<Vec<&str>> {
        let mut parts: Vec<Vec<&str>> = Vec::new();
        let mut room = 0;
        for path in self.outputs.keys() {
            let Some(PageRef::Term(term, _)) = self.pages.get(path) else { continue };
            let lines = self.site.uses_of(*term).len().min(MENTIONS_A_PAGE);
            // Nobody may say the first.
            if parts.is_empty() || lines > room {
                parts.push(Vec::new());
                room = LINES;
            }
            parts.last_mut().expect("there is room in one").push(path);
            room = room.saturating_sub(lines);
        }
        parts
    }

    /// Makes pages as [`Built::make`] makes one, but opens each text that they quote once.
    /// Each is given away as soon as it is made, with its place among the wanted, by some thread.
    pub fn make_together(
        &self,
        wanted: &[(&str, Option<Digest>)],
        give: &(dyn Fn(usize, Result<Made, Box<Diagnostic>>) + Sync),
    ) {
        let look = |(at, (path, known)): (usize, &(&str, Option<Digest>))| {
            let page = self.pages.get(*path).copied().unwrap_or(PageRef::NotFound);
            match self.look(page, *known) {
                Ok(Some((shown, key))) => return Some((at, shown, key)),
                Ok(None) => give(at, Ok(Made::Unchanged)),
                Err(complaint) => give(at, Err(complaint)),
            }
            None
        };
        let mut changed: Vec<(usize, Shown, Digest)> =
            wanted.par_iter().enumerate().filter_map(look).collect();
        let mut pages: Vec<&mut Shown> = changed.iter_mut().map(|(_, shown, _)| shown).collect();
        Shown::quote(&mut pages, &self.site);
        changed.into_par_iter().for_each(|(at, shown, key)| give(at, self.finish(shown, key)));
    }

    /// The bytes of an [`Output::Page`].
    ///
    /// # Errors
    /// A template that cannot be rendered: file, line and column of the template. A path that
    /// is no page, which is a mistake of the caller, gives the page for missing pages.
    pub fn render(&self, path: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        if path.starts_with(search::FOLDER) && !self.pages.contains_key(path) {
            let found = self.search().and_then(|search| search.render(&self.site, path));
            if let Some(bytes) = found {
                return Ok(bytes);
            }
        }
        let page = self.pages.get(path).copied().unwrap_or(PageRef::NotFound);
        views::render(&self.site, &self.theme, &self.renderer, page)
    }

    /// What a file of the search index is made from, where that is quickly told.
    fn search_key(&self, path: &str) -> Option<impl std::fmt::Debug + use<'_>> {
        let late = path.starts_with(search::FOLDER) && !self.pages.contains_key(path);
        self.search().filter(|_| late)?.source(&self.site, path)
    }

    /// The search index, where the site wants one.
    fn search(&self) -> Option<&Arc<Search>> {
        self.search.get_or_init(|| Search::new(&self.site)).as_ref()
    }

    /// Adds the files of the search index to the outputs.
    pub fn add_search(&mut self) {
        let paths = self.search().map(|search| search.paths()).unwrap_or_default();
        let outputs = Arc::make_mut(&mut self.outputs);
        for path in paths {
            outputs.entry(path).or_insert(Output::Page);
        }
    }

    /// Whether a host has to tell search engines to leave a file out, because it cannot say so
    /// itself: another form of a transcript that is marked `noindex`. `_headers` says the same.
    pub fn is_noindex(&self, path: &str) -> bool {
        self.pages.get(path).is_some_and(|page| views::is_noindex(&self.site, *page))
    }

    /// Whether a path is one of the search index's files, which [`Built::outputs`] does not name
    /// before [`Built::add_search`].
    pub fn is_late(&self, path: &str) -> bool {
        path.starts_with(search::FOLDER)
            && path.ends_with(".js")
            && self.search().is_some_and(|search| search.has(path))
    }
}
