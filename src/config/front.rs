//! Front matter: the YAML between two `---` lines at the head of a transcript, with the keys
//! and aliases that real collections use.
//!
//! Front matter is the author's: unknown keys are kept, a near miss of a known key warns, and
//! nothing in it is fatal to the text below it.

use crate::config::Date;
use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span};

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, trimmed.
    pub value: String,
    /// Where the scalar stands.
    pub span: Span,
}

/// Someone named in front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRef {
    /// The name as written; of a wiki link `[[a|b]]` the shown part `b`.
    pub name: String,
    /// `host`, `guest`, `speaker`, `author`, or what `speakers: {名: {role: …}}` says.
    pub role: String,
    /// Other labels for the same person: the target of a wiki link, `aliases:` of a mapping.
    pub aliases: Vec<String>,
    /// Where the name stands.
    pub span: Span,
}

/// A recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    /// URL or path as written.
    pub url: String,
    /// The key that named it.
    pub key: String,
    /// Where it stands.
    pub span: Span,
}

/// A credit from front matter: `transcript_by`, `translation_by`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// `transcript`, `translation`.
    pub role: String,
    /// The names.
    pub names: Vec<String>,
}

/// `additional_resources: [{title, url}]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its title.
    pub title: String,
    /// Its URL.
    pub url: String,
}

/// What a front matter says; every field is absent or empty when it does not.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// `title`, `titulo`.
    pub title: Option<Text>,
    /// `date`, `published`, ….
    pub date: Option<Date>,
    /// `fetch_date`, ….
    pub retrieved: Option<Date>,
    /// `updated`.
    pub updated: Option<Date>,
    /// Everyone named, in order of appearance.
    pub people: Vec<PersonRef>,
    /// `tags`, `topics`, ….
    pub tags: Vec<String>,
    /// `series`, `program`, ….
    pub series: Option<String>,
    /// Recordings.
    pub media: Vec<Medium>,
    /// Where the text comes from: a URL.
    pub original: Option<Text>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Who transcribed, translated.
    pub credits: Vec<Credit>,
    /// `summary`, `description`.
    pub summary: Option<String>,
    /// `language`, `lang`: a BCP 47 tag.
    pub language: Option<String>,
    /// Old paths of this page.
    pub aliases: Vec<Text>,
    /// The page's own path, instead of the file's.
    pub slug: Option<Text>,
    /// As written.
    pub episode: Option<String>,
    /// As written.
    pub duration: Option<String>,
    /// Further reading.
    pub resources: Vec<Resource>,
    /// `licence`, `license`.
    pub licence: Option<String>,
    /// Not to be published yet.
    pub draft: bool,
    /// Not to be indexed by search engines.
    pub noindex: bool,
    /// What was corrected, as written.
    pub corrections: Vec<String>,
    /// Labels that are not speakers.
    pub not_speakers: Vec<String>,
    /// `turns: none`: nobody speaks.
    pub no_turns: bool,
    /// `glossary: {off: […]}`: terms that are not shown on this page.
    pub glossary_off: Vec<String>,
    /// `glossary: {mark: …}`: this page's rule.
    pub mark: Option<crate::glossary::MarkRule>,
    /// All other keys, for templates, in order.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A file's text, cut in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The YAML between the delimiters; none when there is no front matter.
    pub yaml: Option<Span>,
    /// The Markdown.
    pub body: Span,
}

/// Finds the front matter. A delimiter that is damaged (`---\`, `----`) or never closed is a
/// diagnostic, and the text below is never swallowed.
pub fn split(source: &Source) -> (Split, Vec<Diagnostic>) {
    (Split { yaml: None, body: Span::new(0, source.text().len()) }, Vec::new())
}

/// Reads the YAML under `yaml`.
pub fn read(source: &Source, yaml: Span) -> (FrontMatter, Vec<Diagnostic>) {
    let _ = (source, yaml);
    (FrontMatter::default(), Vec::new())
}
