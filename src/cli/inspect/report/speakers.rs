//! Who speaks: the turns, the labels with the reason why each counts, and whom they mean.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use super::super::labels;
use super::Place;
use crate::diagnostics::Diagnostic;
use crate::document::{Document, Turn};
use crate::parse::speaker_key;
use crate::site::{Identified, Page, Site};
use crate::source::Source;

/// A speaker that is used so often counts by recurrence alone.
const RECURS: usize = 3;

/// The turns, counted.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Turns {
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
pub(in crate::cli::inspect) struct Speaker {
    pub label: String,
    pub turns: u32,
    /// `front matter`, `speakers.yaml`, `recurrence`, `alternation`, `together` or `rare`.
    pub because: &'static str,
    pub forms: Vec<Form>,
    pub person: Person,
}

/// A form in which a label is written here.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Form {
    pub name: &'static str,
    /// The first label of this form, with its markup.
    pub written: String,
    pub turns: usize,
    #[serde(flatten)]
    pub place: Place,
}

/// Who a label means.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Person {
    pub id: String,
    pub name: String,
    pub role: Option<String>,
    /// `speakers.yaml`, `front matter`, `role`, `name`, `initials`, `first name`, `label`, or
    /// `ambiguous`.
    pub known_by: &'static str,
    /// A known name that is nearly the same as a label which nobody declares.
    pub did_you_mean: Option<String>,
}

pub(super) fn turns(document: &Document) -> Turns {
    let length = |turn: &Turn| -> usize {
        document.blocks_of(&turn.blocks).iter().map(|block| document.slice(block.text).len()).sum()
    };
    let spoken: usize = document.turns().filter(|turn| turn.speaker.is_some()).map(length).sum();
    let all: usize = document.blocks.iter().map(|block| document.slice(block.text).len()).sum();
    let share = if all == 0 { 0.0 } else { spoken as f64 / all as f64 };
    Turns {
        count: document.turns().count(),
        without_speaker: document.turns().filter(|turn| turn.speaker.is_none()).count(),
        without_label: document.turns().filter(|turn| turn.form.is_none()).count(),
        share_of_text: (share * 1000.0).round() / 1000.0,
    }
}

pub(super) fn speakers(
    site: &Site,
    page: &Page,
    document: &Document,
    said: &[Diagnostic],
) -> Vec<Speaker> {
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
            because: match page.identified[at] {
                Identified::Together if turns.len() < RECURS => "together",
                _ => because(document, &known.label, known.declared, &turns, said),
            },
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

/// Whom the front matter names and nobody's label means.
pub(super) fn silent(site: &Site, page: &Page, document: &Document) -> Vec<String> {
    let speakers = 0..document.speakers.len() as u32;
    let heard: BTreeSet<String> = speakers
        .flat_map(|at| page.people_of(at))
        .flat_map(|person| {
            let person = site.person(*person);
            let names =
                person.name.any.iter().chain(person.name.by_language.iter().map(|(_, n)| n));
            let names = names.chain(&person.aliases).map(|name| speaker_key(name));
            names.collect::<Vec<String>>()
        })
        .collect();
    let named = document.front.people.iter().filter(|said| said.role != "author");
    let silent = named.filter(|said| {
        !std::iter::once(&said.name)
            .chain(&said.aliases)
            .any(|name| heard.contains(&speaker_key(name)))
    });
    silent.map(|said| said.name.clone()).collect()
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
        Identified::Together => "together",
        Identified::StandIn => "stand-in",
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
