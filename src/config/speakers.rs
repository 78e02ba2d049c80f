//! `speakers.yaml`: the people of a site.

use crate::diagnostics::Diagnostic;
use crate::glossary::Localized;
use crate::source::{Source, Span};

/// Someone the site knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Lasting id; the page is `speakers/<id>.html`.
    pub id: String,
    /// The name, by language.
    pub name: Localized,
    /// Other labels that mean this person.
    pub aliases: Vec<String>,
    /// `host`, `guest`, … as written.
    pub role: Option<String>,
    /// The person's own page.
    pub url: Option<String>,
    /// The file it stands in.
    pub source: Source,
    /// The entry's `id` (or name) in that file.
    pub span: Span,
}

/// Reads `speakers.yaml`. Keys are checked.
pub fn read(source: &Source) -> (Vec<Person>, Vec<Diagnostic>) {
    let _ = source;
    (Vec::new(), Vec::new())
}
