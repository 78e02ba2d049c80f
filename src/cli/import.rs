//! `postil import`: other tools' transcripts to Markdown files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::init::write_new;
use super::talk::{self, Channel, Talk, number, short};
use super::{Failure, Style};
use crate::canonical::canonical;
use crate::diagnostics::{self, Diagnostic};
use crate::import::{self, Imported, Kind};
use crate::parse::Context;
use crate::source::Source;

const EXAMPLES: &str = "\
Examples:
  postil import talk.vtt                      talk.md beside it
  postil import *.srt --out content/talks     into a folder, which is made if need be
  postil import talk.vtt --force              replace talk.md, which an earlier import wrote

Reads WebVTT, SRT, Podcasting 2.0 JSON, what meeting tools export as text, and plain text with
`Name: words`. What a file is, its content says. The files' paths go to standard output.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write into this folder instead of beside each file
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace Markdown files that are there already
    #[arg(long)]
    force: bool,
    /// How diagnostics are told: for people, or one JSON object a line on standard output
    #[arg(long, value_enum, default_value_t = Style::Human)]
    format: Style,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Imports each file. One that cannot be read, or whose Markdown is there already, keeps none
/// of the others from being imported.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let targets = targets(arguments)?;
    let (mut all, mut disk) = (Vec::new(), Vec::new());
    for (file, target) in arguments.files.iter().zip(&targets) {
        let bytes = match bytes(file) {
            Ok(bytes) => bytes,
            Err(message) => {
                disk.push(message);
                continue;
            }
        };
        let (imported, told) = import::import(&short(file).to_string_lossy(), &bytes);
        all.extend(told);
        let Some(imported) = imported else { continue };
        let markdown = in_canonical_form(target, &imported);
        match write(target, markdown.as_bytes(), arguments.force) {
            Ok(true) => tell(arguments, talk, file, target, &imported),
            Ok(false) => disk.push(there_already(target)),
            Err(error) => disk.push(format!("cannot write {}: {error}", short(target).display())),
        }
    }
    finish(arguments, talk, all, &disk)
}

/// A file's bytes, or why there are none.
fn bytes(file: &Path) -> Result<Vec<u8>, String> {
    let name = short(file);
    let name = name.display();
    if file.is_dir() {
        return Err(format!(
            "{name} is a folder; name the files in it: postil import {name}/*.vtt"
        ));
    }
    fs::read(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file {name}"),
        _ => format!("cannot read {name}: {error}"),
    })
}

/// The Markdown as `fmt` would write it, so that `fmt` finds nothing to do in it. A text that is
/// kept as it is stays so.
fn in_canonical_form(target: &Path, imported: &Imported) -> String {
    let written = imported.markdown.as_str();
    if imported.kind == Kind::Markdown {
        return written.to_owned();
    }
    let source = Source::new(short(target).to_string_lossy(), written);
    canonical(&source, &Context::default()).unwrap_or_else(|_| written.to_owned())
}

/// What each file becomes; two files of one name would become one.
fn targets(arguments: &Arguments) -> Result<Vec<PathBuf>, Failure> {
    let mut taken: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    let mut targets = Vec::new();
    for file in &arguments.files {
        let beside = file.with_extension("md");
        let target = match (&arguments.out, beside.file_name()) {
            (Some(out), Some(name)) => out.join(name),
            _ => beside,
        };
        if let Some(other) = taken.insert(target.clone(), file) {
            return Err(Failure::Usage(format!(
                "{} and {} would both become {}; nothing was written\n  \
                 Import them one at a time, each with its own --out, or rename one.",
                other.display(),
                file.display(),
                short(&target).display()
            )));
        }
        targets.push(target);
    }
    Ok(targets)
}

/// Writes a file; whether it did: not over another one without `force`.
fn write(target: &Path, bytes: &[u8], force: bool) -> io::Result<bool> {
    if !force {
        return write_new(target, bytes);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".import-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    // A temporary file is its owner's alone; a transcript is like the one it replaces, or like
    // any other file.
    match fs::metadata(target) {
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        Err(_) => return write_new(target, bytes),
    }
    file.persist(target)?;
    Ok(true)
}

fn there_already(target: &Path) -> String {
    format!(
        "{} is there already and was left as it is\n  \
         --force replaces it, with everything that was edited in it; --out writes elsewhere.",
        short(target).display()
    )
}

fn tell(arguments: &Arguments, talk: &Talk, file: &Path, target: &Path, imported: &Imported) {
    if arguments.format == Style::Human {
        talk.result(&format!("{}\n", short(target).display()));
    }
    if arguments.quiet {
        return;
    }
    let mut counts = Vec::new();
    if imported.cues > 0 {
        counts.push(number(imported.cues, "cue"));
    }
    if imported.turns > 0 {
        counts.push(number(imported.turns, "turn"));
        counts.push(match imported.speakers.len() {
            0 => "nobody named".to_owned(),
            some => number(some, "speaker"),
        });
    }
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    talk.line(&format!("{} is {}{counts}", short(file).display(), imported.kind.name()));
}

/// Tells all complaints; disk trouble weighs more than content.
fn finish(
    arguments: &Arguments,
    talk: &Talk,
    mut all: Vec<Diagnostic>,
    disk: &[String],
) -> Result<(), Failure> {
    diagnostics::arrange(&mut all);
    let verdict = talk::verdict(&all, false);
    if arguments.quiet {
        all.retain(|one| one.severity == diagnostics::Severity::Error);
    }
    talk.diagnostics(&all, arguments.format.into(), Channel::Talk);
    match disk {
        [] => verdict.map_or(Ok(()), Err),
        messages => Err(Failure::Environment(messages.join("\n"))),
    }
}
