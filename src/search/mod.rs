//! Search without a service, design section 8: an index and the texts, in files that a browser
//! loads as they are needed.
//!
//! What is found is the block, and besides it titles and headings: the *units*, numbered in the
//! order of the transcripts, oldest first, so that a new transcript appends. `keys` says by what a
//! unit is found, `index` collects for each key the units that have it, `files` writes both, and
//! the texts, in shards: classic scripts, which a page from a disk may load too. The browser's
//! half is `static/theme/passages.js`; both fold characters in the same way (`fold`).
//!
//! Why keys by unit and not by transcript was measured (`docs/search.md`): the index is half as
//! large again, but a query then loads next to no text in vain.

mod files;
mod fold;
mod han;
mod index;
mod keys;
mod names;
mod packed;
mod units;
#[cfg(test)]
mod unpacked;

use std::sync::Arc;

use crate::site::{PageIndex, Site};

use files::{Cut, Facets};
use index::Postings;

/// The index of a site.
#[derive(Debug)]
pub struct Search {
    /// The transcripts, oldest first.
    documents: Vec<PageIndex>,
    /// By document: its first unit; and one past the last unit of all.
    first_unit: Vec<u32>,
    /// Sorted by key.
    postings: Vec<(Box<str>, Postings)>,
    /// Where each shard of the index begins.
    index_cuts: Vec<Cut>,
    /// The first unit of each shard of the texts.
    text_cuts: Vec<u32>,
    facets: Facets,
    names: Vec<names::File>,
    /// The years, oldest first, each with its first document.
    years: Vec<(String, u32)>,
    /// Tells this index from another one of the same site: shards are asked for by it.
    version: String,
}

/// The folder of all files.
pub const FOLDER: &str = "search/";

impl Search {
    /// Reads all transcripts of a site. None if it wants no search, or has nothing to search in.
    pub fn new(site: &Site) -> Option<Arc<Self>> {
        if !site.config.search {
            return None;
        }
        let mut documents: Vec<PageIndex> = site.transcripts().map(|(at, _)| at).collect();
        documents.reverse();
        if documents.is_empty() {
            return None;
        }
        Some(Arc::new(index::build(site, documents)))
    }

    /// The output paths of all its files.
    pub fn paths(&self) -> Vec<String> {
        files::paths(self)
    }

    /// Whether a path is one of its files.
    pub fn has(&self, path: &str) -> bool {
        files::has(self, path)
    }

    /// A file's bytes; none where it has no such file.
    pub fn render(&self, site: &Site, path: &str) -> Option<Vec<u8>> {
        files::render(self, site, path)
    }

    /// What a file is made from, where making it takes longer than telling this.
    pub fn source<'a>(
        &'a self,
        site: &'a Site,
        path: &str,
    ) -> Option<impl std::fmt::Debug + use<'a>> {
        files::source(self, site, path)
    }

    /// The document that a unit belongs to.
    fn document_of(&self, unit: u32) -> usize {
        self.first_unit.partition_point(|first| *first <= unit) - 1
    }
}
