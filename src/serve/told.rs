//! Which page each diagnostic concerns: what lies over a page as its error, and what is only
//! mentioned on it.

use std::collections::BTreeMap;

use super::edition::Edition;
use crate::diagnostics::{Diagnostic, Severity};

/// What was noticed in one reading of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Errors in what all pages are made from: the settings, the glossary, a template.
    pub everywhere: Vec<Diagnostic>,
    /// Errors in a page's own source, by the page's path.
    pub pages: BTreeMap<String, Vec<Diagnostic>>,
    /// Warnings.
    pub warnings: Vec<Diagnostic>,
    /// Everything, notes too.
    pub all: Vec<Diagnostic>,
}

impl Told {
    /// What an edition's diagnostics say.
    pub fn new(edition: &Edition) -> Self {
        let mut told = Self { all: edition.diagnostics.clone(), ..Self::default() };
        for one in &edition.diagnostics {
            match one.severity {
                Severity::Note => {}
                Severity::Warning => told.warnings.push(one.clone()),
                Severity::Error => {
                    let source = &one.place.source;
                    let at = one.place.span.map_or(0, |span| span.start as usize);
                    match (edition.locate)(source.path(), at) {
                        Some(place) => told.pages.entry(place.page).or_default().push(one.clone()),
                        None => told.everywhere.push(one.clone()),
                    }
                }
            }
        }
        told
    }

    /// Whether there is no error.
    pub fn is_clean(&self) -> bool {
        self.everywhere.is_empty() && self.pages.is_empty()
    }

    /// The errors that concern a page.
    pub fn over(&self, page: &str) -> Vec<Diagnostic> {
        let own = self.pages.get(page).into_iter().flatten();
        self.everywhere.iter().chain(own).cloned().collect()
    }

    /// What else there is, errors of other pages first.
    pub fn beside(&self, page: &str) -> Vec<Diagnostic> {
        let others = self.pages.iter().filter(|(path, _)| *path != page);
        others.flat_map(|(_, errors)| errors).chain(&self.warnings).cloned().collect()
    }
}
