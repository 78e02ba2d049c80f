//! One Markdown file to a reading: parse, then annotate.

use std::sync::Arc;

use super::Options;
use super::content::Settings;
use crate::annotate::{Context, MarkPolicy, Undecided, annotate_in};
use crate::config::{self, Note, Person};
use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::notes::{self, Placed};
use crate::parse::{self, parse, speaker_key};
use crate::site::{Packed, Read, Reading, Summary};
use crate::source::{Source, Span};

/// A transcript and what lies beside it.
pub(super) struct Files<'a> {
    /// The transcript.
    pub source: Source,
    /// The editor's notes on it.
    pub notes: Option<&'a Source>,
}

/// Reads one file: parses it, and finds the terms in it and the words that its notes are about.
/// On a plain page nobody speaks.
pub(super) fn read(
    content: String,
    files: Files<'_>,
    plain: bool,
    settings: &Settings,
    options: &Options,
) -> (Read, Vec<Diagnostic>) {
    let source = files.source;
    let trusted = settings.config.trust.iter().any(|folder| {
        let folder = folder.trim_matches('/');
        content.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    });
    let mut context = parse::Context {
        known: Arc::clone(&settings.known),
        trusted,
        plain,
        ..parse::Context::default()
    };
    let (mut document, mut diagnostics) = parse(&source, &context);
    let policy = policy(&document.front, settings);
    let annotated = |document: &Document| {
        annotate_in(document, &settings.matcher, &policy, &place(document, &settings.people))
    };
    let mut found = annotated(&document);
    if !found.opted_out.is_empty() {
        // `\RAG`: the backslash is the author's word to the glossary and not to the reader.
        let places = found.opted_out.iter().map(|at| document.source_offset(*at));
        context.opted_out = Arc::new(places.collect());
        (document, diagnostics) = parse(&source, &context);
        found = annotated(&document);
    }
    diagnostics.extend(found.undecided.iter().map(|form| undecided(&document, form, settings)));
    let (notes, said) = notes(&document, files.notes);
    diagnostics.extend(said);
    let future = document.front.date.as_ref().is_some_and(|date| date.iso > options.today);
    let published = (options.drafts || !document.front.draft) && (options.future || !future);
    let reading = Reading { document, mentions: found.mentions, notes };
    let summary = Arc::new(Summary::of(&reading, source));
    (Read { content, summary, packed: Packed::of(&reading), published }, diagnostics)
}

/// The notes in front matter and those of the file beside the transcript, in their places.
fn notes(document: &Document, beside: Option<&Source>) -> (Vec<Placed>, Vec<Diagnostic>) {
    let (of_file, mut diagnostics) = beside.map(config::read_notes).unwrap_or_default();
    let all: Vec<Note> = document.front.notes.iter().cloned().chain(of_file).collect();
    let (placed, said) = notes::place(document, all);
    diagnostics.extend(said);
    (placed, diagnostics)
}

/// Which mentions a page shows.
fn policy(front: &config::FrontMatter, settings: &Settings) -> MarkPolicy {
    let names = settings.config.glossary_off.iter().chain(&front.glossary_off);
    let off = names.filter_map(|name| settings.glossary.find(name)).collect();
    MarkPolicy { rule: front.mark.unwrap_or(settings.config.mark), off }
}

/// What decides between a term's senses, with all that the site calls its speakers.
fn place(document: &Document, people: &[Person]) -> Context {
    let mut context = Context::of(document);
    for names in &mut context.speakers {
        let keys: Vec<String> = names.iter().map(|name| speaker_key(name)).collect();
        let known = people
            .iter()
            .find(|person| person.labels().any(|label| keys.contains(&speaker_key(label))));
        names.extend(known.into_iter().flat_map(Person::labels).cloned());
    }
    context
}

fn undecided(document: &Document, form: &Undecided, settings: &Settings) -> Diagnostic {
    let start = document.source_offset(form.range.start);
    let end = document.source_offset(form.range.end.saturating_sub(1)) + 1;
    let span = document.source.snapped(Span::new(start, end.max(start)));
    let terms =
        form.terms.iter().map(|term| format!("`{}`", settings.glossary.terms[*term as usize].id));
    let terms = terms.collect::<Vec<_>>().join(" or ");
    let words = document.slice(form.range);
    let message = format!("`{words}` may mean {terms} here, so it is not marked");
    Diagnostic::warning("glossary/ambiguous", &document.source, span, message)
        .hint("give the entries a `scope`, or write `[words](term:id)` here")
}
