//! From input files to what a site is made of: which file is what, the settings, and all
//! transcripts, read in parallel.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::settings::{Settings, SettingsFiles};
use super::transcript::{self, Counters, Entry, Sheet, Text};
use super::{File, Inputs, LeftOut, Lone, Options, Work};
use crate::config::{IDS_FILE, NOTES_FILE, WORDS_FOLDER, read_images};
use crate::diagnostics::{self, Diagnostic};
use crate::site::{Copies, Folders, PageKind, Parts, Picture, Read, is_copies_file};
use crate::source::{Source, Span};
use crate::theme;

/// What a site adds to the theme's stylesheet.
const CUSTOM: &str = "static/custom.css";

/// What the content says, before it is one site.
pub(super) struct Content {
    pub parts: Parts,
    pub templates: Vec<Source>,
    /// The site's own theme files, by their name below `static/theme/`.
    pub theme: Vec<(String, Arc<[u8]>)>,
    pub diagnostics: Vec<Diagnostic>,
    pub left_out: LeftOut,
    pub work: Work,
}

/// What an earlier reading left.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// In the order of their content paths.
    known: Vec<Known>,
    /// What an earlier process left, by content path: for the first reading.
    remembered: HashMap<String, Arc<Entry>>,
    settings: Option<(SettingsFiles, Arc<Settings>)>,
}

/// A Markdown file that was read.
#[derive(Clone, Debug)]
struct Known {
    content: Arc<str>,
    /// Whether nobody speaks in it.
    plain: bool,
    entry: Arc<Entry>,
}

impl Kept {
    pub fn remember(&mut self, entries: impl IntoIterator<Item = (String, Entry)>) {
        self.remembered.extend(entries.into_iter().map(|(path, entry)| (path, Arc::new(entry))));
    }

    pub fn entries(&self) -> impl Iterator<Item = (&str, &Arc<Entry>)> {
        self.known.iter().map(|known| (&*known.content, &known.entry))
    }

    fn find(&self, content: &str) -> Option<&Arc<Entry>> {
        let known = self.known.binary_search_by(|known| (*known.content).cmp(content));
        known.ok().map(|at| &self.known[at].entry).or_else(|| self.remembered.get(content))
    }

    /// The settings, read again only when a file that says them has changed.
    fn settings(&mut self, files: &SettingsFiles, options: &Options) -> Arc<Settings> {
        match &self.settings {
            Some((known, settings)) if known == files => Arc::clone(settings),
            _ => {
                let settings = Arc::new(Settings::read(files, options));
                self.settings = Some((files.clone(), Arc::clone(&settings)));
                settings
            }
        }
    }
}

/// Reads all content; what `before` has of it is taken over.
pub(super) fn read(inputs: &Inputs, options: &Options, before: &mut Kept) -> Content {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let files = sort(inputs, prefix);
    let settings = before.settings(&files.settings, options);
    let mut diagnostics = settings.diagnostics.clone();
    diagnostics.extend(without_transcript(&files));
    let (copies, said) = copies(&files);
    diagnostics.extend(said);
    let counters = Counters::default();
    before.known = entries(&files, &settings, before, &counters);
    before.remembered = HashMap::new();
    let mut left_out = LeftOut::default();
    let mut read = Vec::with_capacity(before.known.len());
    for Known { content, entry, .. } in &before.known {
        diagnostics.extend(entry.of_document.iter().chain(&entry.of_mentions).cloned());
        let front = &entry.summary.front;
        let published = transcript::is_published(front, options);
        if !published {
            let draft = front.draft && !options.drafts;
            *(if draft { &mut left_out.drafts } else { &mut left_out.future }) += 1;
            left_out.turns += entry.summary.turns as usize;
        }
        read.push(as_read(Arc::clone(content), entry, published));
    }
    let parts = Parts {
        name: inputs.name.clone(),
        prefix,
        config: Arc::clone(&settings.config),
        people: Arc::clone(&settings.people),
        lexicon: Arc::clone(&settings.lexicon),
        glossary: Arc::clone(&settings.glossary),
        read,
        beside: Vec::new(),
        assets: files.assets,
        statics: files.statics,
        pictures: Arc::new(pictures(inputs)),
        copies: Arc::new(copies),
    };
    let work = counters.work();
    Content { parts, templates: files.templates, theme: files.theme, diagnostics, left_out, work }
}

/// All Markdown files, in parallel, in the order of their content paths.
fn entries(
    files: &Files<'_>,
    settings: &Settings,
    before: &Kept,
    counters: &Counters,
) -> Vec<Known> {
    let read = |content: &str, text: &Text, plain: bool, known: Option<&Arc<Entry>>| {
        let (notes, ids) = (files.notes.get(content), files.ids.get(content));
        let sheet = Sheet { content, text: text.clone(), notes, ids, plain };
        transcript::read(&sheet, known, settings, counters)
    };
    let names = || files.markdown.iter().map(|(content, _)| *content);
    if names().eq(before.known.iter().map(|known| &*known.content)) {
        // Names alone say what each file is.
        let again = |((content, text), known): (&(&str, Text), &Known)| Known {
            entry: read(content, text, known.plain, Some(&known.entry)),
            ..known.clone()
        };
        return files.markdown.par_iter().zip(&before.known).map(again).collect();
    }
    let folders = Folders::new(names());
    let anew = |(content, text): &(&str, Text)| {
        let plain = folders.kind(content) != PageKind::Transcript;
        let entry = read(content, text, plain, before.find(content));
        Known { content: (*content).into(), plain, entry }
    };
    files.markdown.par_iter().map(anew).collect()
}

fn as_read(content: Arc<str>, entry: &Entry, published: bool) -> Read {
    let summary = Arc::clone(&entry.summary);
    Read { content, summary, packed: entry.packed.clone(), key: entry.key, published }
}

/// One file read with a site's settings, as a site that has no other page; with what was noticed
/// in the file, and in the settings.
pub(super) fn read_one(
    inputs: &Inputs,
    file: Lone,
    options: &Options,
) -> (Parts, Vec<Diagnostic>, Vec<Diagnostic>) {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let files = sort(inputs, prefix);
    let settings = Settings::read(&files.settings, options);
    let Lone { content, beside, source } = file;
    let names = std::iter::once(content.as_str()).chain(beside.iter().map(String::as_str));
    let plain = Folders::new(names).kind(&content) != PageKind::Transcript;
    let (notes, ids) = (files.notes.get(&content), files.ids.get(&content));
    let sheet = Sheet { content: &content, text: Text::Here(source), notes, ids, plain };
    let entry = transcript::read(&sheet, None, &settings, &Counters::default());
    let of_file = entry.of_document.iter().chain(&entry.of_mentions).cloned().collect();
    let parts = Parts {
        name: inputs.name.clone(),
        prefix,
        config: settings.config,
        people: settings.people,
        lexicon: settings.lexicon,
        glossary: settings.glossary,
        read: vec![as_read(content.as_str().into(), &entry, true)],
        beside,
        assets: Vec::new(),
        statics: Vec::new(),
        pictures: Arc::default(),
        copies: Arc::default(),
    };
    (parts, of_file, settings.diagnostics)
}

/// The input files by what they are.
#[derive(Default)]
pub(super) struct Files<'a> {
    pub settings: SettingsFiles,
    /// By content path.
    pub markdown: Vec<(&'a str, Text)>,
    /// By the content path of the transcript that they belong to.
    notes: BTreeMap<String, Source>,
    /// Which pictures have copies, by content path.
    copies: BTreeMap<String, Source>,
    /// The same of their old ids.
    ids: BTreeMap<String, Source>,
    templates: Vec<Source>,
    theme: Vec<(String, Arc<[u8]>)>,
    assets: Vec<String>,
    statics: Vec<String>,
}

pub(super) fn sort<'a>(inputs: &'a Inputs, prefix: &str) -> Files<'a> {
    let mut files = Files::default();
    for (path, file) in &inputs.files {
        let own = (path == CUSTOM).then_some(theme::CUSTOM);
        let own = own.or_else(|| path.strip_prefix("static/theme/"));
        if let (Some(name), true) = (own, inputs.has_content) {
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
pub(super) fn copied<'a>(has_content: bool, path: &'a str, file: &File) -> Option<&'a str> {
    match path.strip_prefix("static/") {
        Some(name) if has_content => {
            (!name.starts_with("theme/") && path != CUSTOM).then_some(name)
        }
        _ if !matches!(file, File::Asset(_)) => None,
        _ if has_content => path.strip_prefix("content/"),
        _ => Some(path),
    }
}

fn theme_bytes(file: &File) -> Option<Arc<[u8]>> {
    match file {
        File::Text(source) => Some(Arc::from(source.text().as_bytes())),
        File::Bytes(bytes) => Some(Arc::clone(bytes)),
        File::Markdown(_) | File::Asset(_) => None,
    }
}

impl<'a> Files<'a> {
    fn content(&mut self, content: &'a str, file: &File) {
        let source = match file {
            File::Text(source) => source.clone(),
            File::Markdown(manuscript) => {
                return self.markdown.push((content, Text::Later(manuscript.clone())));
            }
            File::Bytes(_) | File::Asset(_) => return self.assets.push(content.to_owned()),
        };
        match content {
            "site.yaml" => self.settings.site = Some(source),
            "speakers.yaml" => self.settings.speakers = Some(source),
            "glossary.yaml" => self.settings.glossary.insert(0, source),
            _ if content.ends_with(".md") => {
                self.markdown.push((content, Text::Here(source)));
            }
            _ if is_glossary_part(content) => self.settings.glossary.push(source),
            _ if beside(content, NOTES_FILE).is_some() => {
                self.notes.extend(beside(content, NOTES_FILE).map(|of| (of, source)));
            }
            _ if beside(content, IDS_FILE).is_some() => {
                self.ids.extend(beside(content, IDS_FILE).map(|of| (of, source)));
            }
            _ if is_words(content) => {
                let name = content.trim_start_matches(WORDS_FOLDER).trim_end_matches(".yaml");
                self.settings.words.push((name.to_owned(), source));
            }
            _ if is_copies_file(content) => drop(self.copies.insert(content.to_owned(), source)),
            // Other data beside transcripts are no pages and are not copied.
            _ => {}
        }
    }
}

/// Whether a file holds the interface's words in a language.
fn is_words(content: &str) -> bool {
    let name = content.strip_prefix(WORDS_FOLDER).and_then(|name| name.strip_suffix(".yaml"));
    name.is_some_and(|name| !name.contains(['/', '.']))
}

/// The pictures among the files that are copied, by output path.
fn pictures(inputs: &Inputs) -> BTreeMap<String, Picture> {
    let picture = |(path, file): (&String, &File)| match file {
        File::Asset(asset) => {
            let path = copied(inputs.has_content, path, file)?;
            Some((path.to_owned(), asset.picture.as_ref()?.clone()))
        }
        _ => None,
    };
    inputs.files.iter().filter_map(picture).collect()
}

/// Which pictures on the web have a copy in the site.
fn copies(files: &Files<'_>) -> (Copies, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut read = BTreeMap::new();
    for (content, source) in &files.copies {
        let (copies, said) = read_images(source);
        diagnostics.extend(said);
        read.insert(content.clone(), copies);
    }
    (Copies::new(read), diagnostics)
}

/// The content path of the transcript beside which a file with this ending lies.
fn beside(content: &str, ending: &str) -> Option<String> {
    content.strip_suffix(ending).map(|transcript| format!("{transcript}.md"))
}

/// A warning for each file of notes or of old ids whose transcript is not there.
fn without_transcript(files: &Files<'_>) -> Vec<Diagnostic> {
    if files.notes.is_empty() && files.ids.is_empty() {
        return Vec::new();
    }
    let names: BTreeSet<&str> = files.markdown.iter().map(|(content, _)| *content).collect();
    let of_kind = |there: &BTreeMap<String, Source>, ending, code, what| -> Vec<Diagnostic> {
        let left = there.iter().filter(|(content, _)| !names.contains(&***content));
        let free: Vec<&str> =
            names.iter().copied().filter(|name| !there.contains_key(*name)).collect();
        let told = |(content, source): (&String, &Source)| {
            let message = format!("there is no transcript `{content}` for these {what}");
            let diagnostic = Diagnostic::warning(code, source, Span::default(), message);
            match diagnostics::nearest(content, free.iter().copied()) {
                Some(near) => diagnostic.hint(format!(
                    "name the file after its transcript: is it `{}{ending}`?",
                    near.strip_suffix(".md").unwrap_or(near)
                )),
                None => diagnostic
                    .hint(format!("name the file after its transcript: `x.md` has `x{ending}`")),
            }
        };
        left.map(told).collect()
    };
    let mut told = of_kind(&files.notes, NOTES_FILE, "notes/no-transcript", "notes");
    told.extend(of_kind(&files.ids, IDS_FILE, "ids/no-transcript", "old ids"));
    told
}

/// Whether a content file holds terms.
pub(crate) fn is_glossary(content: &str) -> bool {
    content == "glossary.yaml" || is_glossary_part(content)
}

fn is_glossary_part(content: &str) -> bool {
    let name = content.strip_prefix("glossary/").and_then(|name| name.strip_suffix(".yaml"));
    name.is_some_and(|name| !name.contains('/') && !name.ends_with(".suggested"))
}
