//! `postil inspect`: how one file was read, and why.
//!
//! `report` says what was understood, as values that are documented (`docs/inspect.md`) and
//! written as JSON; `show` tells the same to a person at a terminal. Nothing is decided here:
//! the file is read by the function that a build uses.

mod labels;
mod report;
mod show;

use std::path::{Path, PathBuf};

use clap::Args;

use super::talk::{self, Channel, Talk};
use super::{Failure, Style, values};
use crate::diagnostics::{self, Format};
use crate::import::{self, Kind};
use crate::load::{self, Alone};
use crate::pipeline::{self, Lone, Options, Single};
use crate::source::Source;

const EXAMPLES: &str = "\
Examples:
  postil inspect content/talk.md                   who speaks and why, sections, times, terms
  postil inspect ~/Downloads/interview.md          a file outside of any site
  postil inspect talk.md --format json | jq '.speakers[].label'

The people, terms and settings are those of the nearest site above the file. docs/inspect.md
describes the JSON.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A transcript in Markdown, anywhere
    file: PathBuf,
    /// For people, or one JSON object for a program
    #[arg(long, value_enum, default_value_t = Style::Human)]
    format: Style,
}

/// Tells how a file was read.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    if let Some(kind) = no_markdown(&arguments.file) {
        return Err(import_first(&arguments.file, kind));
    }
    let Alone { site, settings, content, beside, source, diagnostics: mut all } =
        load::alone(&arguments.file)?;
    if let Some(kind) = cues_in_text(&arguments.file, &source) {
        return Err(import_first(&arguments.file, kind));
    }
    // Neither drafts nor dates keep a file from being looked at, so today does not count.
    let options = Options { base_url: None, drafts: true, future: true, today: values::today()? };
    let Single { site: read, diagnostics: said, settings: of_settings } =
        pipeline::single(&settings, Lone { content, beside, source }, &options);
    all.extend(said);
    talk.diagnostics(&of_settings, Format::Human, Channel::Talk);
    let root = site.map(|folder| talk::folder(&folder.root));
    let report = report::of(&read, root, &all);
    match arguments.format {
        Style::Human => talk.result(&show::show(&report)),
        Style::Json => {
            let json = serde_json::to_string_pretty(&report);
            let json = json.expect("a report has string keys and finite numbers only");
            let lines: Vec<String> = json.lines().map(diagnostics::escaped).collect();
            talk.result(&(lines.join("\n") + "\n"));
        }
    }
    match talk::verdict(&all, false) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn import_first(path: &Path, kind: &str) -> Failure {
    Failure::Usage(format!(
        "{} is {kind}, and inspect reads Markdown\n  Make a transcript of it first: postil import {0}",
        path.display()
    ))
}

/// What a file that is not called Markdown holds, if that is cues: text with labels reads well as
/// it is.
fn cues_in_text(path: &Path, source: &Source) -> Option<&'static str> {
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md")) {
        return None;
    }
    let (imported, _) = import::import(source.path(), source.text().as_bytes());
    match imported?.kind {
        kind @ (Kind::WebVtt | Kind::Srt | Kind::Json) => Some(kind.name()),
        _ => None,
    }
}

/// What a file is, by its name, if it is plainly no Markdown.
fn no_markdown(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "vtt" | "srt" => Some("a subtitle file"),
        "json" => Some("a JSON file"),
        _ => None,
    }
}
