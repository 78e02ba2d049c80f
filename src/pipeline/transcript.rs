//! One Markdown file to an [`Entry`]: parse, then annotate, each only when what it depends on
//! has changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::manuscript::{Manuscript, Taken};
use super::settings::Settings;
use super::{Digest, Options, Work, hashed};
use crate::annotate::{Annotation, Context, MarkPolicy, Undecided, annotate_in};
use crate::config::{self, Note, Person};
use crate::diagnostics::{self, Diagnostic, Severity};
use crate::document::{Document, MarkKind, TextRange};
use crate::lasting::{self, Former};
use crate::notes::{self, Placed};
use crate::parse::{self, parse, speaker_key};
use crate::site::{Packed, Reading, Summary};
use crate::source::{Source, Span};

/// A file, and what lies beside it.
pub(super) struct Sheet<'a> {
    /// Path below the content folder.
    pub content: &'a str,
    /// The file.
    pub text: Text,
    /// The editor's notes on it.
    pub notes: Option<&'a Source>,
    /// The ids that its page had once.
    pub ids: Option<&'a Source>,
    /// Whether nobody speaks in it.
    pub plain: bool,
}

/// A file's text, here or on disk.
#[derive(Clone, Debug)]
pub(super) enum Text {
    Here(Source),
    Later(Manuscript),
}

/// What a file's document is made from, besides its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reads {
    /// Of the file's bytes.
    digest: Digest,
    plain: bool,
    trusted: bool,
    /// Of what people are called.
    labels: Digest,
}

/// What all that is kept of a file is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Depends {
    reads: Reads,
    /// Of the terms' forms and rules.
    matching: Digest,
    /// Of the notes' file.
    notes: Option<Digest>,
    /// Of the file of old ids.
    ids: Option<Digest>,
}

/// All that is kept of a file, with what it was made from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Of everything that the entry depends on.
    pub(super) key: Digest,
    /// The same, to be compared.
    pub(super) depends: Depends,
    /// Whether the document was read a second time, for `\RAG`: then it depends on the terms.
    pub(super) opted_out: bool,
    #[serde(with = "shared")]
    pub(super) summary: Arc<Summary>,
    pub(super) packed: Packed,
    /// What reading the file and parsing it said.
    pub(super) of_document: Vec<Diagnostic>,
    /// What finding terms and notes said.
    pub(super) of_mentions: Vec<Diagnostic>,
}

/// How often something was done, counted by all threads.
#[derive(Debug, Default)]
pub(super) struct Counters {
    read: AtomicUsize,
    parsed: AtomicUsize,
    annotated: AtomicUsize,
    kept: AtomicUsize,
}

impl Counters {
    pub fn work(&self) -> Work {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Work {
            read: of(&self.read),
            parsed: of(&self.parsed),
            annotated: of(&self.annotated),
            kept: of(&self.kept),
            again: false,
        }
    }
}

fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Reads one file, or takes over what was kept of it.
pub(super) fn read(
    sheet: &Sheet<'_>,
    before: Option<&Arc<Entry>>,
    settings: &Settings,
    counters: &Counters,
) -> Arc<Entry> {
    let known = match &sheet.text {
        Text::Here(source) => Some(super::digest(source.text().as_bytes())),
        Text::Later(manuscript) => manuscript.known_digest(),
    };
    if let Some(digest) = known
        && let Some(kept) = kept(sheet, digest, before, settings, counters)
    {
        return kept;
    }
    let taken = sheet.text.take();
    count(&counters.read);
    if known != Some(taken.digest)
        && let Some(kept) = kept(sheet, taken.digest, before, settings, counters)
    {
        return kept;
    }
    Arc::new(Maker { sheet, settings, counters, digest: taken.digest }.anew(&taken))
}

/// Whether a file is a page: drafts and future dates are none, unless asked for.
pub(super) fn is_published(front: &config::FrontMatter, options: &Options) -> bool {
    let future = front.date.as_ref().is_some_and(|date| date.iso > options.today);
    (options.drafts || !front.draft) && (options.future || !future)
}

/// Reads one file and keeps nothing of it.
pub(super) fn understand(sheet: &Sheet<'_>, settings: &Settings) -> (Document, Annotation) {
    let taken = sheet.text.take();
    let counters = &Counters::default();
    let maker = Maker { sheet, settings, counters, digest: taken.digest };
    let (document, _, found, _) = maker.understand(&taken);
    (document, found)
}

/// What was kept, as it is, or with its mentions found again; none when the file has to be
/// parsed.
fn kept(
    sheet: &Sheet<'_>,
    digest: Digest,
    before: Option<&Arc<Entry>>,
    settings: &Settings,
    counters: &Counters,
) -> Option<Arc<Entry>> {
    let before = before?;
    let maker = Maker { sheet, settings, counters, digest };
    let before = &before.in_place(sheet, digest);
    let depends = maker.depends();
    if before.depends == depends {
        count(&counters.kept);
        return Some(Arc::clone(before));
    }
    if before.depends.reads != depends.reads || before.opted_out {
        return None;
    }
    let document = before.packed.unpack(&before.summary.source).document;
    let said = before.of_document.clone();
    let found = maker.annotate(&document);
    found.opted_out.is_empty().then(|| Arc::new(maker.entry(document, said, found)))
}

impl Entry {
    /// A digest of everything that it depends on.
    pub fn key(&self) -> Digest {
        self.key
    }

    /// One that was read back from disk knows its files by their names alone.
    fn in_place(self: &Arc<Self>, sheet: &Sheet<'_>, digest: Digest) -> Arc<Self> {
        if !self.summary.source.path().is_empty() {
            return Arc::clone(self);
        }
        let source = sheet.text.place(digest);
        let placed = |said: &[Diagnostic]| -> Vec<Diagnostic> {
            let beside = [sheet.notes, sheet.ids];
            let place = |one: Diagnostic| {
                let beside = beside.iter().flatten();
                beside.fold(one.pointing_into(&source), |one, file| one.pointing_into(file))
            };
            said.iter().cloned().map(place).collect()
        };
        let mut summary = Summary::clone(&self.summary);
        summary.source = source.clone();
        Arc::new(Self {
            summary: Arc::new(summary),
            of_document: placed(&self.of_document),
            of_mentions: placed(&self.of_mentions),
            ..Self::clone(self)
        })
    }
}

/// A shared summary is written as itself.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::site::Summary;

    pub fn serialize<S: Serializer>(summary: &Arc<Summary>, to: S) -> Result<S::Ok, S::Error> {
        Summary::serialize(summary, to)
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Arc<Summary>, D::Error> {
        Summary::deserialize(from).map(Arc::new)
    }
}

impl Text {
    fn take(&self) -> Taken {
        match self {
            Self::Here(source) => {
                let (source, digest) = (source.clone(), super::digest(source.text().as_bytes()));
                Taken { source, digest, complaints: Vec::new() }
            }
            Self::Later(manuscript) => manuscript.take(),
        }
    }

    /// The file for whatever points into it.
    fn place(&self, digest: Digest) -> Source {
        match self {
            Self::Here(source) => source.clone(),
            Self::Later(manuscript) => manuscript.source(digest),
        }
    }
}

/// Makes one entry.
struct Maker<'a> {
    sheet: &'a Sheet<'a>,
    settings: &'a Settings,
    counters: &'a Counters,
    /// Of the file's bytes.
    digest: Digest,
}

impl Maker<'_> {
    fn depends(&self) -> Depends {
        let Settings { labels, matching, .. } = *self.settings;
        let (plain, trusted) = (self.sheet.plain, self.trusted());
        let reads = Reads { digest: self.digest, plain, trusted, labels };
        let of = |file: &Source| super::digest(file.text().as_bytes());
        let (notes, ids) = (self.sheet.notes.map(of), self.sheet.ids.map(of));
        Depends { reads, matching, notes, ids }
    }

    fn trusted(&self) -> bool {
        self.settings.config.trusts(self.sheet.content)
    }

    fn anew(&self, taken: &Taken) -> Entry {
        let (document, said, found, opted_out) = self.understand(taken);
        Entry { opted_out, ..self.entry(document, said, found) }
    }

    /// Parses a file and finds the terms in it; with what was said, and whether the terms decided
    /// how it is read.
    fn understand(&self, taken: &Taken) -> (Document, Vec<Diagnostic>, Annotation, bool) {
        let mut context = parse::Context {
            known: Arc::clone(&self.settings.known),
            trusted: self.trusted(),
            plain: self.sheet.plain,
            ..parse::Context::default()
        };
        let (mut document, mut said) = self.parse(taken, &context);
        let mut found = self.annotate(&document);
        let opted_out = !found.opted_out.is_empty();
        if opted_out {
            // The backslash is the author's word to the glossary and not to the reader.
            let places = found.opted_out.iter().map(|at| document.source_offset(*at));
            context.opted_out = Arc::new(places.collect());
            (document, said) = self.parse(taken, &context);
            found = self.annotate(&document);
        }
        (document, said, found, opted_out)
    }

    /// The document, with what reading and parsing said.
    fn parse(&self, taken: &Taken, context: &parse::Context) -> (Document, Vec<Diagnostic>) {
        count(&self.counters.parsed);
        let (document, mut said) = parse(&taken.source, context);
        // What could not be read only seems to have no text.
        if taken.complaints.iter().any(|one| one.severity == Severity::Error) {
            said.retain(|one| one.code != "text/empty");
        }
        said.extend(taken.complaints.iter().cloned());
        (document, said)
    }

    fn annotate(&self, document: &Document) -> Annotation {
        count(&self.counters.annotated);
        let policy = policy(&document.front, self.settings);
        let place = place(document, &self.settings.people);
        annotate_in(document, &self.settings.matcher, &policy, &place)
    }

    fn entry(&self, document: Document, said: Vec<Diagnostic>, found: Annotation) -> Entry {
        let settings = self.settings;
        let undecided = found.undecided.iter().map(|form| undecided(&document, form, settings));
        let mut of_mentions: Vec<Diagnostic> = undecided.collect();
        of_mentions.extend(unknown_terms(&document, settings));
        let (formers, more) = formers(&document, self.sheet.ids);
        of_mentions.extend(more);
        let (notes, more) = notes(&document, self.sheet.notes, &formers);
        of_mentions.extend(more);
        let source = self.sheet.text.place(self.digest);
        let placed = |said: Vec<Diagnostic>| -> Vec<Diagnostic> {
            said.into_iter().map(|one| one.pointing_into(&source)).collect()
        };
        let reading = Reading { document, mentions: found.mentions, notes, formers };
        let depends = self.depends();
        Entry {
            key: hashed(&(self.sheet.content, depends)),
            depends,
            opted_out: false,
            summary: Arc::new(Summary::of(&reading, source.clone())),
            packed: Packed::of(&reading),
            of_document: placed(said),
            of_mentions: placed(of_mentions),
        }
    }
}

/// The notes in front matter and those of the file beside the transcript, in their places.
fn notes(
    document: &Document,
    beside: Option<&Source>,
    formers: &[Former],
) -> (Vec<Placed>, Vec<Diagnostic>) {
    let (of_file, mut diagnostics) = beside.map(config::read_notes).unwrap_or_default();
    let mut all: Vec<Note> = document.front.notes.iter().cloned().chain(of_file).collect();
    for turn in all.iter_mut().filter_map(|note| note.turn.as_mut()) {
        if let Some(former) = formers.iter().find(|former| former.was == turn.value) {
            turn.value.clone_from(&former.now);
        }
    }
    let (placed, said) = notes::place(document, all);
    diagnostics.extend(said);
    (placed, diagnostics)
}

/// The ids that the page had, each with the place that keeps it.
fn formers(document: &Document, beside: Option<&Source>) -> (Vec<Former>, Vec<Diagnostic>) {
    let Some(file) = beside else { return (Vec::new(), Vec::new()) };
    let (moved, mut diagnostics) = config::read_ids(file);
    let (formers, said) = lasting::place(document, file, &moved);
    diagnostics.extend(said);
    (formers, diagnostics)
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

/// Words that the author marks as a term which the glossary does not have.
fn unknown_terms(document: &Document, settings: &Settings) -> Vec<Diagnostic> {
    let marked = document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Term(name) => Some((mark.range, &**name)),
        _ => None,
    });
    let unknown = marked.filter(|(_, name)| settings.glossary.find(name).is_none());
    let terms = &settings.glossary.terms;
    let told = |(range, name): (TextRange, &str)| {
        let known =
            terms.iter().flat_map(|term| [&term.id, &term.term].into_iter().chain(&term.aliases));
        let message = format!("`{name}` is no term, so these words are not marked");
        let hint = match diagnostics::nearest(name, known.map(String::as_str)) {
            Some(near) => format!("did you mean `term:{near}`?"),
            None => {
                "name a term by its `term`, `id` or an alias, or add it to the glossary".to_owned()
            }
        };
        let span = span(document, range);
        Diagnostic::warning("glossary/unknown-term", &document.source, span, message).hint(hint)
    };
    unknown.map(told).collect()
}

/// Where a part of the text stands in the file.
fn span(document: &Document, range: TextRange) -> Span {
    let start = document.source_offset(range.start);
    let end = document.source_offset(range.end.saturating_sub(1).max(range.start)) + 1;
    document.source.snapped(Span::new(start, end.max(start)))
}

fn undecided(document: &Document, form: &Undecided, settings: &Settings) -> Diagnostic {
    let span = span(document, form.range);
    let terms =
        form.terms.iter().map(|term| format!("`{}`", settings.glossary.terms[*term as usize].id));
    let terms = terms.collect::<Vec<_>>().join(" or ");
    let words = document.slice(form.range);
    let message = format!("`{words}` may mean {terms} here, so it is not marked");
    Diagnostic::warning("glossary/ambiguous", &document.source, span, message)
        .hint("give the entries a `scope`, or write `[words](term:id)` here")
}
