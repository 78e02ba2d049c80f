//! How a file was read, as values: the documented shape of `inspect --format json`.
//!
//! Everything here was decided elsewhere; this module only gathers it and says why. Field
//! names are an interface: `docs/inspect.md` describes them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::labels;
use crate::config::{self, FrontMatter};
use crate::diagnostics::{self, Diagnostic};
use crate::document::{Document, Image, MarkKind, Node, Turn};
use crate::parse::speaker_key;
use crate::site::{Identified, Page, PageKind, Reading, Site};
use crate::source::Source;
use crate::yaml;

/// A speaker that is used so often counts by recurrence alone.
const RECURS: usize = 3;

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
    pub sections: Vec<Section>,
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

/// A key of the front matter.
#[derive(Debug, Serialize)]
pub(super) struct Key {
    pub key: String,
    #[serde(flatten)]
    pub place: Place,
    /// What it is understood as; null where it is kept for templates.
    pub meaning: Option<&'static str>,
    /// As written.
    pub value: Json,
    /// What was made of it, in words.
    pub understood: String,
}

/// What the first paragraphs say.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    pub cover: Option<String>,
    pub byline: Option<String>,
    pub account: Option<String>,
    pub credits: Vec<Credit>,
}

#[derive(Debug, Serialize)]
pub(super) struct Credit {
    pub role: String,
    pub names: String,
}

/// The turns, counted.
#[derive(Debug, Serialize)]
pub(super) struct Turns {
    pub count: usize,
    /// Turns of nobody: a time without a name.
    pub without_speaker: usize,
    /// Turns that go on with a speaker, below a heading.
    pub without_label: usize,
    /// Share of the text that stands in turns with a speaker, from 0 to 1.
    pub share_of_text: f64,
}

/// Someone who speaks.
#[derive(Debug, Serialize)]
pub(super) struct Speaker {
    pub label: String,
    pub turns: u32,
    /// `front matter`, `speakers.yaml`, `recurrence`, `alternation` or `rare`.
    pub because: &'static str,
    pub forms: Vec<Form>,
    pub person: Person,
}

/// A form in which a label is written here.
#[derive(Debug, Serialize)]
pub(super) struct Form {
    pub name: &'static str,
    /// The first label of this form, with its markup.
    pub written: String,
    pub turns: usize,
    #[serde(flatten)]
    pub place: Place,
}

/// Who a label means.
#[derive(Debug, Serialize)]
pub(super) struct Person {
    pub id: String,
    pub name: String,
    pub role: Option<String>,
    /// `speakers.yaml`, `front matter`, `role`, `name`, `initials`, `first name`, `label`, or
    /// `ambiguous`.
    pub known_by: &'static str,
    /// A known name that is nearly the same as a label which nobody declares.
    pub did_you_mean: Option<String>,
}

/// A heading.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub level: u8,
    pub number: Option<String>,
    pub title: String,
    pub id: String,
    #[serde(flatten)]
    pub place: Place,
}

/// The turns' times, in milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Times {
    pub turns: usize,
    pub first: Option<u64>,
    pub last: Option<u64>,
    /// Turns whose time is before that of the turn above.
    pub backwards: Vec<Backwards>,
}

#[derive(Debug, Serialize)]
pub(super) struct Backwards {
    pub from: u64,
    pub to: u64,
    #[serde(flatten)]
    pub place: Place,
}

/// A term of the glossary that is spoken here.
#[derive(Debug, Serialize)]
pub(super) struct Term {
    pub id: String,
    pub term: String,
    pub count: usize,
    /// How many of them are links on the page.
    pub shown: usize,
    #[serde(flatten)]
    pub place: Place,
}

/// A figure, or a picture within a paragraph.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    pub images: Vec<String>,
    pub caption: Option<String>,
    #[serde(flatten)]
    pub place: Place,
}

/// Something that was not understood.
#[derive(Debug, Serialize)]
pub(super) struct Leftover {
    /// `label`: looks like a speaker's and was read as text. `key`: front matter that means
    /// nothing to postil.
    pub kind: &'static str,
    pub text: String,
    pub count: usize,
    #[serde(flatten)]
    pub place: Place,
}

/// What was understood of the only page of a reading.
pub(super) fn of(read: &Site, site: Option<String>, said: &[Diagnostic]) -> Report {
    let page = read.pages.first().expect("a single reading has its one page");
    let reading = read.reading(page);
    let document = &reading.document;
    let source = &document.source;
    let front_matter = front_matter(document);
    Report {
        file: source.path().to_owned(),
        site,
        kind: if page.kind == PageKind::Transcript { "transcript" } else { "page" },
        page: page.path.clone(),
        title: Reasoned { value: page.title.clone(), from: title_from(document) },
        language: Reasoned { value: page.language.clone(), from: language_from(page, read) },
        head: head(document),
        breaks_off: document.breaks_off.map(|span| Place::at(source, span.start as usize)),
        turns: turns(document),
        speakers: speakers(read, page, document, said),
        sections: sections(document),
        times: times(document),
        terms: terms(read, &reading),
        figures: figures(document),
        diagnostics: said.iter().map(json_of).collect(),
        not_understood: not_understood(document, &front_matter),
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

fn head(document: &Document) -> Head {
    let head = &document.head;
    let credit =
        |role: &str, names: &str| Credit { role: role.to_owned(), names: names.to_owned() };
    let front =
        document.front.credits.iter().map(|said| credit(&said.role, &said.names.join(", ")));
    let lines = head.credits.iter().map(|line| credit(&line.role, &line.names));
    Head {
        cover: head.cover.as_ref().map(|image| image.url.clone()),
        byline: head.byline.clone(),
        account: head.account.clone(),
        credits: front.chain(lines).collect(),
    }
}

/// The keys as they stand, with what was made of each.
fn front_matter(document: &Document) -> Vec<Key> {
    let source = &document.source;
    let (split, _) = config::split(source);
    let root = split.yaml.and_then(|span| yaml::parse(source, span).0);
    let Some(yaml::Node { value: yaml::Value::Map(entries), .. }) = root else { return Vec::new() };
    let key = |entry: &yaml::Entry| {
        let known = config::meaning_of_key(&entry.key);
        let kept = document.front.extra.contains_key(&entry.key);
        let value = entry.value.to_json();
        let meaning = known.filter(|_| !kept).map(|known| match known {
            // A link names the original, any other text its publisher.
            "original"
                if document.front.original.as_ref().map(|it| it.span) != Some(entry.value.span) =>
            {
                "publisher"
            }
            known => known,
        });
        let understood = understood(&document.front, meaning, &value);
        Key {
            place: Place::at(source, entry.key_span.start as usize),
            key: entry.key.clone(),
            meaning,
            value,
            understood,
        }
    };
    entries.iter().map(key).collect()
}

/// What was made of a key's value, in words.
fn understood(front: &FrontMatter, meaning: Option<&str>, value: &Json) -> String {
    let date = |date: &Option<config::Date>| {
        date.as_ref().map_or("no date that can be read".to_owned(), |date| date.iso.clone())
    };
    match meaning {
        Some("date") => date(&front.date),
        Some("retrieved") => date(&front.retrieved),
        Some("updated") => date(&front.updated),
        Some("language") => front.language.clone().unwrap_or_default(),
        Some("speaker" | "host" | "guest") => {
            let names = words(value);
            let meant = front.people.iter().filter(|person| {
                std::iter::once(&person.name)
                    .chain(&person.aliases)
                    .any(|name| names.contains(name.as_str()))
            });
            meant.map(person).collect::<Vec<_>>().join(", ")
        }
        _ => words(value),
    }
}

fn person(said: &config::PersonRef) -> String {
    let mut more = Vec::new();
    if !matches!(said.role.as_str(), "speaker" | "host" | "guest") {
        more.push(said.role.clone());
    }
    more.extend(said.aliases.iter().map(|alias| format!("also {alias}")));
    if more.is_empty() { said.name.clone() } else { format!("{} ({})", said.name, more.join(", ")) }
}

/// A value of YAML as a person would say it.
fn words(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Json::Object(entries) => {
            let pairs = entries.iter().map(|(key, value)| match words(value) {
                value if value.is_empty() => key.clone(),
                value => format!("{key}: {value}"),
            });
            pairs.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn turns(document: &Document) -> Turns {
    let length = |turn: &Turn| -> usize {
        document.blocks_of(&turn.blocks).iter().map(|block| document.slice(block.text).len()).sum()
    };
    let spoken: usize = document.turns().filter(|turn| turn.speaker.is_some()).map(length).sum();
    let all: usize = document.blocks.iter().map(|block| document.slice(block.text).len()).sum();
    let share = if all == 0 { 0.0 } else { spoken as f64 / all as f64 };
    Turns {
        count: document.turns().count(),
        without_speaker: document.turns().filter(|turn| turn.speaker.is_none()).count(),
        without_label: document.turns().filter(|turn| turn.label.is_none()).count(),
        share_of_text: (share * 1000.0).round() / 1000.0,
    }
}

fn speakers(site: &Site, page: &Page, document: &Document, said: &[Diagnostic]) -> Vec<Speaker> {
    let speaker = |(at, known): (usize, &crate::document::Speaker)| {
        let turns: Vec<&Turn> =
            document.turns().filter(|turn| turn.speaker == Some(at as u32)).collect();
        let person = site.speaker(page, at as u32);
        let unknown =
            site.unknown.iter().find(|one| speaker_key(&one.label) == speaker_key(&known.label));
        let name = person.name.get(&page.language).unwrap_or(&known.label);
        Speaker {
            label: known.label.clone(),
            turns: known.turns,
            because: because(document, &known.label, known.declared, &turns, said),
            forms: forms(&document.source, &turns),
            person: Person {
                id: person.id.clone(),
                name: name.to_owned(),
                role: person.role.clone(),
                known_by: known_by(page.identified[at]),
                did_you_mean: unknown.and_then(|one| one.near.clone()),
            },
        }
    };
    document.speakers.iter().enumerate().map(speaker).collect()
}

fn known_by(how: Identified) -> &'static str {
    match how {
        Identified::SpeakersYaml => "speakers.yaml",
        Identified::FrontMatter => "front matter",
        Identified::Role => "role",
        Identified::Name => "name",
        Identified::Initials => "initials",
        Identified::FirstName => "first name",
        Identified::Ambiguous => "ambiguous",
        Identified::Label => "label",
    }
}

/// Why a label counts as a speaker's.
fn because(
    document: &Document,
    label: &str,
    declared: bool,
    turns: &[&Turn],
    said: &[Diagnostic],
) -> &'static str {
    let key = speaker_key(label);
    let by_front = document
        .front
        .people
        .iter()
        .flat_map(|person| std::iter::once(&person.name).chain(&person.aliases))
        .any(|name| speaker_key(name) == key);
    let labels = turns.iter().filter_map(|turn| turn.label);
    let guessed =
        |label| said.iter().any(|one| one.code == "speakers/rare" && one.place.span == Some(label));
    if by_front {
        "front matter"
    } else if declared {
        "speakers.yaml"
    } else if labels.clone().count() >= RECURS {
        "recurrence"
    } else if labels.clone().any(guessed) {
        "rare"
    } else {
        "alternation"
    }
}

/// The forms in which a speaker's labels are written, the commonest first.
fn forms(source: &Source, turns: &[&Turn]) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for turn in turns {
        let (Some(name), Some(label)) = (turn.form, turn.label) else { continue };
        match forms.iter_mut().find(|form| form.name == name) {
            Some(form) => form.turns += 1,
            None => forms.push(Form {
                name,
                written: labels::written(source, label),
                turns: 1,
                place: Place::at(source, label.start as usize),
            }),
        }
    }
    forms.sort_by_key(|form| Reverse(form.turns));
    forms
}

fn sections(document: &Document) -> Vec<Section> {
    let section = |heading: &crate::document::Heading| Section {
        level: heading.level,
        number: heading.number.clone(),
        title: document.slice(heading.text).split_whitespace().collect::<Vec<_>>().join(" "),
        id: heading.id.clone(),
        place: Place::at(&document.source, heading.span.start as usize),
    };
    document.headings().map(section).collect()
}

fn times(document: &Document) -> Times {
    let timed: Vec<(u64, u32)> =
        document.turns().filter_map(|turn| Some((turn.time?, turn.span.start))).collect();
    let backwards = timed.windows(2).filter(|pair| pair[1].0 < pair[0].0).map(|pair| Backwards {
        from: pair[0].0,
        to: pair[1].0,
        place: Place::at(&document.source, pair[1].1 as usize),
    });
    Times {
        turns: timed.len(),
        first: timed.first().map(|(time, _)| *time),
        last: timed.last().map(|(time, _)| *time),
        backwards: backwards.collect(),
    }
}

fn terms(site: &Site, reading: &Reading) -> Vec<Term> {
    let document = &reading.document;
    let mut terms: BTreeMap<u32, Term> = BTreeMap::new();
    for mention in &reading.mentions {
        let known = &site.glossary.terms[mention.term as usize];
        let term = terms.entry(mention.term).or_insert_with(|| Term {
            id: known.id.clone(),
            term: known.term.clone(),
            count: 0,
            shown: 0,
            place: Place::at(&document.source, document.source_offset(mention.range.start)),
        });
        term.count += 1;
        term.shown += usize::from(mention.shown);
    }
    let mut terms: Vec<Term> = terms.into_values().collect();
    terms.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.term.cmp(&b.term)));
    terms
}

fn figures(document: &Document) -> Vec<Figure> {
    let of = |images: &[Image], caption: Option<String>| {
        let first = images.first()?;
        Some(Figure {
            images: images.iter().map(|image| image.url.clone()).collect(),
            caption,
            place: Place::at(&document.source, first.span.start as usize),
        })
    };
    let blocks = document.blocks.iter().filter_map(|block| match &block.node {
        Node::Figure { images, caption } => {
            of(images, caption.map(|leaf| document.slice(leaf).to_owned()))
        }
        _ => None,
    });
    let inline = document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Image(image) => of(std::slice::from_ref(image), None),
        _ => None,
    });
    let mut figures: Vec<Figure> = blocks.chain(inline).collect();
    figures.sort_by_key(|figure| (figure.place.line, figure.place.column));
    figures
}

fn not_understood(document: &Document, keys: &[Key]) -> Vec<Leftover> {
    let keys = keys.iter().filter(|key| key.meaning.is_none()).map(|key| Leftover {
        kind: "key",
        text: key.key.clone(),
        count: 1,
        place: key.place,
    });
    let labels = labels::left_as_text(document).into_iter().map(|label| Leftover {
        kind: "label",
        text: label.text,
        count: label.count,
        place: Place::at(&document.source, label.at),
    });
    keys.chain(labels).collect()
}
