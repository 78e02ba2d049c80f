//! From input files to what a site is made of: which file is what, the settings, and all
//! transcripts, read in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{File, Inputs, LeftOut, Options, transcript};
use crate::annotate::Matcher;
use crate::config::{self, NOTES_FILE, Person, SiteConfig};
use crate::diagnostics::{self, Diagnostic, Severity};
use crate::glossary::{self, Glossary};
use crate::parse::speaker_key;
use crate::site::{Folders, PageKind, Parts, Read};
use crate::source::{Source, Span};

/// What the content says, before it is one site.
pub(super) struct Content {
    pub parts: Parts,
    pub templates: Vec<Source>,
    /// The site's own theme files, by their name below `static/theme/`.
    pub theme: Vec<(String, Arc<[u8]>)>,
    pub diagnostics: Vec<Diagnostic>,
    pub left_out: LeftOut,
}

/// The settings, people and terms: all that reading a transcript depends on besides itself.
pub(super) struct Settings {
    pub config: SiteConfig,
    pub people: Vec<Person>,
    pub known: Arc<BTreeSet<String>>,
    pub glossary: Glossary,
    pub matcher: Matcher,
}

/// Reads all content.
pub(super) fn read(inputs: &Inputs, options: &Options) -> Content {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let mut files = sort(inputs, prefix);
    let (settings, mut diagnostics) = settings(&files, options);
    let mut left_out = LeftOut::default();
    let folders = Folders::new(files.markdown.iter().map(|(content, _)| content.as_str()));
    diagnostics.extend(without_transcript(&files));
    let notes = std::mem::take(&mut files.notes);
    let readings: Vec<(Read, Vec<Diagnostic>)> = std::mem::take(&mut files.markdown)
        .into_par_iter()
        .map(|(content, source)| {
            let plain = folders.kind(&content) != PageKind::Transcript;
            let files = transcript::Files { notes: notes.get(&content), source };
            transcript::read(content, files, plain, &settings, options)
        })
        .collect();
    let mut read = Vec::with_capacity(readings.len());
    for (one, said) in readings {
        diagnostics.extend(said.into_iter().filter(|said| !was_not_read(inputs, said)));
        if !one.published {
            let draft = one.summary.front.draft && !options.drafts;
            *(if draft { &mut left_out.drafts } else { &mut left_out.future }) += 1;
        }
        read.push(one);
    }
    let Settings { config, people, glossary, .. } = settings;
    let (assets, statics) = (files.assets, files.statics);
    let parts = Parts {
        name: inputs.name.clone(),
        prefix,
        config,
        people,
        glossary,
        read,
        assets,
        statics,
    };
    Content { parts, templates: files.templates, theme: files.theme, diagnostics, left_out }
}

/// One file read with a site's settings, as a site that has no other page; with what was noticed
/// in the file, and in the settings.
pub(super) fn read_one(
    inputs: &Inputs,
    content: String,
    source: Source,
    options: &Options,
) -> (Parts, Vec<Diagnostic>, Vec<Diagnostic>) {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let files = sort(inputs, prefix);
    let (settings, of_settings) = settings(&files, options);
    let plain =
        Folders::new(std::iter::once(content.as_str())).kind(&content) != PageKind::Transcript;
    let files = transcript::Files { notes: files.notes.get(&content), source };
    let (read, of_file) = transcript::read(content, files, plain, &settings, options);
    let Settings { config, people, glossary, .. } = settings;
    let parts = Parts {
        name: inputs.name.clone(),
        prefix,
        config,
        people,
        glossary,
        read: vec![Read { published: true, ..read }],
        assets: Vec::new(),
        statics: Vec::new(),
    };
    (parts, of_file, of_settings)
}

/// Whether a file only seems to have no text, since it could not be read.
fn was_not_read(inputs: &Inputs, said: &Diagnostic) -> bool {
    let path = said.place.source.path();
    let fails =
        |other: &Diagnostic| other.severity == Severity::Error && other.place.source.path() == path;
    said.code == "text/empty" && inputs.diagnostics.iter().any(fails)
}

/// The input files by what they are.
#[derive(Default)]
struct Files {
    site: Option<Source>,
    speakers: Option<Source>,
    glossary: Vec<Source>,
    markdown: Vec<(String, Source)>,
    /// By the content path of the transcript that they belong to.
    notes: BTreeMap<String, Source>,
    templates: Vec<Source>,
    theme: Vec<(String, Arc<[u8]>)>,
    assets: Vec<String>,
    statics: Vec<String>,
}

fn sort(inputs: &Inputs, prefix: &str) -> Files {
    let mut files = Files::default();
    for (path, file) in &inputs.files {
        if let (Some(name), true) = (path.strip_prefix("static/theme/"), inputs.has_content) {
            files.theme.extend(theme_bytes(file).map(|bytes| (name.to_owned(), bytes)));
        } else if let (Some(name), true) = (path.strip_prefix("static/"), inputs.has_content) {
            files.statics.push(name.to_owned());
        } else if let (Some(_), true) = (path.strip_prefix("templates/"), inputs.has_content) {
            if let File::Text(source) = file {
                files.templates.push(source.clone());
            }
        } else if let Some(content) = path.strip_prefix(prefix) {
            files.content(content, file);
        }
    }
    files
}

/// The output path of an input that is copied as it is; none for what becomes something else.
pub(super) fn copied<'a>(inputs: &Inputs, path: &'a str) -> Option<&'a str> {
    let asset = matches!(inputs.files.get(path), Some(File::Asset(_)));
    match path.strip_prefix("static/") {
        Some(name) if inputs.has_content => (!name.starts_with("theme/")).then_some(name),
        _ if !asset => None,
        _ if inputs.has_content => path.strip_prefix("content/"),
        _ => Some(path),
    }
}

fn theme_bytes(file: &File) -> Option<Arc<[u8]>> {
    match file {
        File::Text(source) => Some(Arc::from(source.text().as_bytes())),
        File::Bytes(bytes) => Some(Arc::clone(bytes)),
        File::Asset(_) => None,
    }
}

impl Files {
    fn content(&mut self, content: &str, file: &File) {
        let File::Text(source) = file else { return self.assets.push(content.to_owned()) };
        let source = source.clone();
        match content {
            "site.yaml" => self.site = Some(source),
            "speakers.yaml" => self.speakers = Some(source),
            "glossary.yaml" => self.glossary.insert(0, source),
            _ if content.ends_with(".md") => self.markdown.push((content.to_owned(), source)),
            _ if is_glossary_part(content) => self.glossary.push(source),
            _ if content.ends_with(NOTES_FILE) => {
                let transcript = content.strip_suffix(NOTES_FILE).unwrap_or(content);
                self.notes.insert(format!("{transcript}.md"), source);
            }
            // Other data beside transcripts are no pages and are not copied.
            _ => {}
        }
    }
}

/// A warning for each file of notes whose transcript is not there.
fn without_transcript(files: &Files) -> Vec<Diagnostic> {
    let names: BTreeSet<&str> = files.markdown.iter().map(|(content, _)| &**content).collect();
    let left = files.notes.iter().filter(|(content, _)| !names.contains(&***content));
    let free = names.iter().copied().filter(|name| !files.notes.contains_key(*name));
    let told = |(content, source): (&String, &Source)| {
        let message = format!("there is no transcript `{content}` for these notes");
        let diagnostic =
            Diagnostic::warning("notes/no-transcript", source, Span::default(), message);
        match diagnostics::nearest(content, free.clone()) {
            Some(near) => diagnostic.hint(format!(
                "name the file after its transcript: is it `{}{NOTES_FILE}`?",
                near.strip_suffix(".md").unwrap_or(near)
            )),
            None => {
                diagnostic.hint("name the file after its transcript: `x.md` has `x.notes.yaml`")
            }
        }
    };
    left.map(told).collect()
}

fn is_glossary_part(content: &str) -> bool {
    let name = content.strip_prefix("glossary/").and_then(|name| name.strip_suffix(".yaml"));
    name.is_some_and(|name| !name.contains('/'))
}

fn settings(files: &Files, options: &Options) -> (Settings, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut config = match &files.site {
        Some(source) => keep(config::read_site(source), &mut diagnostics),
        None => SiteConfig::default(),
    };
    if let Some(base_url) = &options.base_url {
        config.base_url = Some(base_url.clone());
    }
    let people = match &files.speakers {
        Some(source) => keep(config::read_speakers(source), &mut diagnostics),
        None => Vec::new(),
    };
    let glossary = keep(glossary::read(&files.glossary), &mut diagnostics);
    let matcher = Matcher::new(&glossary);
    let known: BTreeSet<String> =
        people.iter().flat_map(Person::labels).map(|label| speaker_key(label)).collect();
    (Settings { config, people, known: Arc::new(known), glossary, matcher }, diagnostics)
}

fn keep<T>((value, said): (T, Vec<Diagnostic>), diagnostics: &mut Vec<Diagnostic>) -> T {
    diagnostics.extend(said);
    value
}
