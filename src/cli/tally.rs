//! A site in numbers, at the end of `check`: what was read, what nobody is sure of, and what
//! could be read if it were Markdown.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::talk::{self, number};
use crate::diagnostics::{self, Diagnostic, Severity, visible};
use crate::load;
use crate::pipeline::{Built, File, Inputs};
use crate::site::UnknownLabel;

/// How much of a file is looked at to tell a transcript from other text.
const SAMPLE: u64 = 32 * 1024;

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
            unknown: &built.site.unknown,
            guesses,
            importable: importable(inputs),
            said: talk::counts(all),
        }
    }

    /// For a person: a line for each number; what is nothing is left out.
    pub fn show(&self) -> String {
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
        rows.into_iter().map(line).collect()
    }

    /// What to do where every transcript is yet to be imported.
    pub fn nothing_yet(&self) -> Option<String> {
        let first = self.importable.first().filter(|_| self.files == 0)?;
        Some(format!("Nothing here is Markdown yet: `postil import {first:?}` makes a transcript."))
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
        let said = if self.said.is_empty() { "nothing to complain of" } else { &self.said };
        let summary = json!({
            "code": "summary",
            "message": format!("{}: {said}", number(self.files, "transcript")),
            "files": self.files,
            "left_out": self.left_out,
            "left_out_turns": self.left_out_turns,
            "turns": self.turns,
            "turns_without_speaker": self.without_speaker,
            "unknown_labels": unknown.collect::<Vec<_>>(),
            "guesses": self.guesses,
            "importable": self.importable,
        });
        diagnostics::escaped(&summary.to_string()) + "\n"
    }
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

/// Content files that hold a transcript and are no Markdown.
pub(super) fn importable(inputs: &Inputs) -> Vec<&str> {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let assets = inputs.files.iter().filter_map(|(path, file)| match file {
        File::Asset(asset) if path.starts_with(prefix) => Some((path.as_str(), asset)),
        _ => None,
    });
    let is_one = |(path, asset): &(&str, &crate::pipeline::Asset)| {
        let extension = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match extension.as_deref() {
            Some("vtt" | "srt") => true,
            Some("json") => is_podcast(&sample(asset)),
            Some("txt") => is_dialogue(&sample(asset)),
            _ => false,
        }
    };
    assets.filter(is_one).map(|(path, _)| path).collect()
}

/// The beginning of a file; nothing when it cannot be read, which a build will tell.
fn sample(asset: &crate::pipeline::Asset) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = load::open(asset) {
        let _ = file.take(SAMPLE).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Podcasting 2.0 JSON: a list of segments with a start and a body.
fn is_podcast(text: &str) -> bool {
    ["\"segments\"", "\"startTime\"", "\"body\""].iter().all(|key| text.contains(key))
}

/// Three lines or more that begin with a name and a colon, carry a caption's `>>`, or hold a
/// clock time beside a name or alone.
fn is_dialogue(text: &str) -> bool {
    let speaks = |line: &&str| {
        let line = line.trim();
        let label = line.split_once([':', '：']).is_some_and(|(name, rest)| {
            (1..=40).contains(&name.chars().count())
                && name.chars().any(char::is_alphabetic)
                && name.split_whitespace().count() <= 5
                && !rest.starts_with("//")
        });
        let last = line.rsplit(char::is_whitespace).next().unwrap_or_default();
        label || line.starts_with(">>") || is_clock(last.trim_matches(['(', ')', '[', ']']))
    };
    text.lines().filter(speaks).count() >= 3
}

/// `0:00:02`, `12:30`, `00:00:02,500`.
fn is_clock(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '.', ',']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    word.contains(':') && (2..=4).contains(&parts.len()) && parts.iter().all(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialogue_is_told_from_other_text() {
        for (text, wanted) in [
            ("Host: Hello.\nEngineer: Hello.\nHost: Well.\n", true),
            ("主持人：你好\n工程师：你好\n主持人：好\n", true),
            ("发言人1   0:00:02\n你好\n发言人2   0:00:09\n你好\n发言人1   0:01:02\n好\n", true),
            (">> Hello.\n>> Hello.\n>> Well.\n", true),
            ("Put files here.\nSee https://example.org\nThat is all.\n", false),
            ("User-agent: *\nDisallow:\n", false),
            ("", false),
        ] {
            assert_eq!(is_dialogue(text), wanted, "{text}");
        }
    }

    #[test]
    fn json_of_a_podcast_is_told_from_other_json() {
        assert!(is_podcast(r#"{"version":"1.0.0","segments":[{"startTime":0.5,"body":"Hello"}]}"#));
        assert!(!is_podcast(r#"{"segments":3}"#));
    }
}
