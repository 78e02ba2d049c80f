//! How a file was read, as values: the documented shape of `inspect --format json`.
//!
//! Everything here was decided elsewhere; this module only gathers it and says why. Field
//! names are an interface: `docs/inspect.md` describes them.

mod body;
mod head;
mod speakers;

use serde::Serialize;
use serde_json::Value as Json;

use crate::diagnostics::{self, Diagnostic};
use crate::document::Document;
use crate::site::{Page, PageKind, Site};
use crate::source::Source;

pub(super) use body::{Chapter, Figure, Leftover, Section, Term, Times};
pub(super) use head::{Head, Key};
pub(super) use speakers::{Speaker, Turns};

/// A line and a column, both from 1; a column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    pub line: u32,
    pub column: u32,
}

impl Place {
    fn at(source: &Source, offset: usize) -> Self {
        let position = source.position(offset);
        Self { line: position.line, column: position.column }
    }
}

/// The whole report.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// As it was named.
    pub file: String,
    /// The site whose settings were used; null without one.
    pub site: Option<String>,
    /// `transcript` or `page`.
    pub kind: &'static str,
    /// Where its page stands in the output.
    pub page: String,
    pub title: Reasoned,
    pub language: Reasoned,
    pub front_matter: Vec<Key>,
    pub head: Head,
    /// Where the source breaks off; null when it does not.
    pub breaks_off: Option<Place>,
    pub turns: Turns,
    pub speakers: Vec<Speaker>,
    /// People whom the front matter names, authors aside, and who begin no turn.
    pub silent: Vec<String>,
    pub sections: Vec<Section>,
    /// The lists of chapters, which name moments of the recording.
    pub chapters: Vec<Chapter>,
    pub times: Times,
    pub terms: Vec<Term>,
    pub figures: Vec<Figure>,
    /// Errors, warnings, notes and guesses, as `check --format json` writes them.
    pub diagnostics: Vec<Json>,
    /// What looks like more than text and was left as text.
    pub not_understood: Vec<Leftover>,
}

/// A value and where it comes from.
#[derive(Debug, Serialize)]
pub(super) struct Reasoned {
    pub value: String,
    pub from: &'static str,
}

/// What was understood of the only page of a reading.
pub(super) fn of(read: &Site, site: Option<String>, said: &[Diagnostic]) -> Report {
    let page = read.pages.first().expect("a single reading has its one page");
    let reading = read.reading(page);
    let document = &reading.document;
    let source = &document.source;
    let front_matter = head::front_matter(document);
    Report {
        file: source.path().to_owned(),
        site,
        kind: if page.kind == PageKind::Transcript { "transcript" } else { "page" },
        page: page.path.clone(),
        title: Reasoned { value: page.title.clone(), from: title_from(document) },
        language: Reasoned { value: page.language.clone(), from: language_from(page, read) },
        head: head::head(document),
        breaks_off: document.breaks_off.map(|span| Place::at(source, span.start as usize)),
        turns: speakers::turns(document),
        speakers: speakers::speakers(read, page, document, said),
        silent: speakers::silent(read, page, document),
        sections: body::sections(document),
        chapters: body::chapters(document),
        times: body::times(document),
        terms: body::terms(read, &reading),
        figures: body::figures(document),
        diagnostics: said.iter().map(json_of).collect(),
        not_understood: body::not_understood(document, &front_matter),
        front_matter,
    }
}

fn json_of(diagnostic: &Diagnostic) -> Json {
    let text = diagnostics::to_json(diagnostic);
    serde_json::from_str(&text).expect("a diagnostic's JSON is JSON")
}

fn title_from(document: &Document) -> &'static str {
    if document.front.title.is_some() {
        "front matter"
    } else if document.head.title.is_some() {
        "first heading"
    } else {
        "file name"
    }
}

fn language_from(page: &Page, site: &Site) -> &'static str {
    let stem = page.content.strip_suffix(".md").unwrap_or(&page.content);
    let suffix = stem.rsplit_once('.').map(|(_, suffix)| suffix);
    let main = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    if page.file.front.language.is_some() {
        "front matter"
    } else if suffix.is_some_and(|suffix| main(suffix) == main(&page.language)) {
        "file name"
    } else if site.config.language.as_deref() == Some(page.language.as_str()) {
        "site.yaml"
    } else {
        "script of the text"
    }
}
