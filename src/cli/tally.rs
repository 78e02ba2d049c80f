//! A site in numbers, at the end of `check`: what was read, what nobody is sure of, and what
//! could be read if it were Markdown.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::importable;
use super::talk::{self, number};
use crate::diagnostics::{self, Diagnostic, Severity, visible};
use crate::pipeline::{Built, Inputs};
use crate::site::{Site, UnknownLabel};

/// How many names a line lists.
const LISTED: usize = 8;

/// The numbers.
#[derive(Debug)]
pub struct Tally<'a> {
    files: usize,
    left_out: usize,
    /// Turns of transcripts that are left out.
    left_out_turns: usize,
    turns: usize,
    without_speaker: usize,
    /// Who speaks, with the numbers of their turns and transcripts; who speaks most comes first.
    speakers: Vec<(&'a str, usize, usize)>,
    unknown: &'a [UnknownLabel],
    /// Notes on what was uncertain and decided, by code.
    guesses: BTreeMap<&'static str, usize>,
    importable: Vec<&'a str>,
    said: String,
}

impl<'a> Tally<'a> {
    /// Counts.
    pub fn of(inputs: &'a Inputs, built: &'a Built, all: &[Diagnostic]) -> Self {
        let summaries = || built.site.transcripts().map(|(_, page)| &page.file);
        let mut guesses = BTreeMap::new();
        let notes = all.iter().filter(|one| one.severity == Severity::Note);
        for note in notes.filter(|note| !note.code.starts_with("people/")) {
            *guesses.entry(note.code).or_default() += 1;
        }
        Self {
            files: summaries().count(),
            left_out: built.left_out.drafts + built.left_out.future,
            left_out_turns: built.left_out.turns,
            turns: summaries().map(|summary| summary.turns as usize).sum(),
            without_speaker: summaries().map(|summary| summary.without_speaker as usize).sum(),
            speakers: speakers(&built.site),
            unknown: &built.site.unknown,
            guesses,
            importable: importable::find(inputs),
            said: talk::counts(all),
        }
    }

    /// For a person: a line for each number; what is nothing is left out.
    pub fn show(&self, root: &Path) -> String {
        let left_out = match self.left_out {
            0 => String::new(),
            count => format!("{count} left out, {}", number(self.left_out_turns, "turn")),
        };
        let mut rows = vec![("Files", self.files, left_out)];
        let silent = match self.without_speaker {
            0 => String::new(),
            count => format!("{count} without a speaker"),
        };
        rows.push(("Turns", self.turns, silent));
        if !self.speakers.is_empty() {
            let names =
                self.speakers.iter().map(|(name, turns, _)| format!("{} {turns}", visible(name)));
            rows.push(("Speakers", self.speakers.len(), listed(names)));
        }
        if !self.unknown.is_empty() {
            rows.push((
                "Unknown labels",
                self.unknown.len(),
                listed(self.unknown.iter().map(label)),
            ));
        }
        if !self.guesses.is_empty() {
            let kinds = self.guesses.iter().map(|(code, count)| format!("{code} {count}"));
            rows.push(("Guesses", self.guesses.values().sum(), listed(kinds)));
        }
        if !self.importable.is_empty() {
            let names = self.importable.iter().map(|path| visible(path));
            rows.push(("To import", self.importable.len(), listed(names)));
        }
        let wide = rows.iter().map(|(name, ..)| name.width()).max().unwrap_or_default();
        let line = |(name, count, more): (&str, usize, String)| {
            format!("{name:wide$}  {count:>6}  {more}").trim_end().to_owned() + "\n"
        };
        rows.into_iter().map(line).collect::<String>()
            + &importable::command(&self.importable, root)
    }

    /// For a program: one object on one line.
    pub fn json(&self) -> String {
        let unknown = self.unknown.iter().map(|one| {
            let at = one.source.position(one.span.start as usize);
            json!({
                "label": one.label, "turns": one.turns, "files": one.pages,
                "path": one.source.path(), "line": at.line, "column": at.column,
                "did_you_mean": one.near,
            })
        });
        let speakers = self
            .speakers
            .iter()
            .map(|(name, turns, files)| json!({ "name": name, "turns": turns, "files": files }));
        let said = if self.said.is_empty() { "nothing to complain of" } else { &self.said };
        let summary = json!({
            "code": "summary",
            "message": format!("{}: {said}", number(self.files, "transcript")),
            "files": self.files,
            "left_out": self.left_out,
            "left_out_turns": self.left_out_turns,
            "turns": self.turns,
            "turns_without_speaker": self.without_speaker,
            "speakers": speakers.collect::<Vec<_>>(),
            "unknown_labels": unknown.collect::<Vec<_>>(),
            "guesses": self.guesses,
            "importable": self.importable,
        });
        diagnostics::escaped(&summary.to_string()) + "\n"
    }
}

/// Everyone who speaks.
fn speakers(site: &Site) -> Vec<(&str, usize, usize)> {
    let heard = site.people.iter().filter(|person| !person.pages.is_empty());
    let mut all: Vec<(&str, usize, usize)> = heard
        .map(|person| {
            let turns = person.pages.iter().map(|(_, turns)| *turns as usize).sum();
            (person.name.get(&site.language).unwrap_or(&person.id), turns, person.pages.len())
        })
        .collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    all
}

/// `Enginer 3 (Engineer?)`.
fn label(one: &UnknownLabel) -> String {
    let near = one.near.as_ref().map(|near| format!(" ({}?)", visible(near))).unwrap_or_default();
    format!("{} {}{near}", visible(&one.label), one.turns)
}

/// The first of several, and how many more there are.
fn listed(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(LISTED);
    let first = items.take(LISTED).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}
