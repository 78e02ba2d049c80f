//! One transcript without the rest of its site: the file, and the settings above it.
//!
//! A site is found upward from the file, not from the folder that the command was started in.
//! Only its settings are read, so that looking at one file of ten thousand costs one file; of the
//! others only the names count, since they say what an `index.md` is.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::walk::Walk;
use super::{Error, Folder, TEXT_LIMIT, decode, extension, faults, name_of};
use crate::diagnostics::Diagnostic;
use crate::pipeline::{File, Inputs};
use crate::source::Source;

/// The files that say how transcripts are read.
const SETTINGS: [&str; 3] = ["site.yaml", "speakers.yaml", "glossary.yaml"];

/// One file, and what its site says of reading it.
#[derive(Debug)]
pub struct Alone {
    /// The site above the file, if there is one.
    pub site: Option<Folder>,
    /// The site's settings, and no transcript; empty without a site.
    pub settings: Inputs,
    /// The file's path below the content folder; where it lies elsewhere, its folder's name and
    /// its own.
    pub content: String,
    /// Content paths of the other Markdown files: the site's, or those in the same folder.
    pub beside: Vec<String>,
    /// The file, under the path that was given.
    pub source: Source,
    /// What was noticed while the file was read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one file and the settings above it.
///
/// # Errors
/// No such file, a folder in its place, or a file that may not be read.
pub fn alone(path: &Path) -> Result<Alone, Error> {
    let bytes = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(Error::NotAFile(path.to_owned())),
        Ok(meta) if meta.len() > TEXT_LIMIT => Ok(Vec::new()),
        Ok(_) => fs::read(path),
        Err(error) => Err(error),
    };
    let bytes = bytes.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::NoFile(path.to_owned()),
        _ => Error::Disk(path.to_owned(), error),
    })?;
    let (source, complaint) = decode(&path.display().to_string(), &bytes);
    let mut diagnostics: Vec<Diagnostic> = complaint.into_iter().collect();
    if let Ok(meta) = fs::metadata(path)
        && meta.len() > TEXT_LIMIT
    {
        diagnostics.push(faults::too_large(&source, meta.len()));
    }
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = real.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let site = above(&real);
    let inner = |site: &Folder| real.strip_prefix(content_folder(site)).ok().map(slashed);
    let (content, beside) = match site.as_ref().and_then(|site| Some((site, inner(site)?))) {
        Some((site, content)) => {
            let others = names(site).into_iter().filter(|other| *other != content).collect();
            (content, others)
        }
        None => in_its_folder(&real, &name),
    };
    let settings = site.as_ref().map(|site| settings(site, &content_folder(site)));
    let settings = settings.unwrap_or_default();
    Ok(Alone { site, settings, content, beside, source, diagnostics })
}

/// The content paths of a site's Markdown files.
fn names(site: &Folder) -> Vec<String> {
    let prefix = if site.has_content { "content/" } else { "" };
    let found = Walk::new(site).site().0.into_iter();
    let inner = found.filter_map(|found| Some(found.key.strip_prefix(prefix)?.to_owned()));
    inner.filter(|content| content.ends_with(".md")).collect()
}

/// A file that belongs to no site, as if its folder lay in one: what it is called there, and what
/// lies beside it.
fn in_its_folder(real: &Path, name: &str) -> (String, Vec<String>) {
    let Some(folder) = real.parent() else { return (name.to_owned(), Vec::new()) };
    let Some(of_folder) = folder.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return (name.to_owned(), Vec::new());
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let others = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let others = others.filter(|other| other.ends_with(".md") && other != name);
    let mut beside: Vec<String> = others.map(|other| format!("{of_folder}/{other}")).collect();
    beside.sort();
    (format!("{of_folder}/{name}"), beside)
}

/// The nearest folder above a file that is a site, or has settings for transcripts.
fn above(file: &Path) -> Option<Folder> {
    file.ancestors().skip(1).find_map(|root| {
        if root.join("content").is_dir() {
            return Some(Folder { root: root.to_owned(), has_content: true });
        }
        // Settings also lie in a `content/`, whose site is the folder above.
        let is_content = root.file_name().is_some_and(|name| name == "content");
        let has_settings = SETTINGS.iter().any(|name| root.join(name).is_file());
        (!is_content && has_settings).then(|| Folder { root: root.to_owned(), has_content: false })
    })
}

fn content_folder(site: &Folder) -> PathBuf {
    if site.has_content { site.root.join("content") } else { site.root.clone() }
}

fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// The settings under the keys that a whole reading of the site gives them.
fn settings(site: &Folder, root: &Path) -> Inputs {
    let prefix = if site.has_content { "content/" } else { "" };
    let mut inputs = Inputs {
        name: name_of(&site.root),
        has_content: site.has_content,
        files: BTreeMap::new(),
        diagnostics: Vec::new(),
    };
    let mut names: Vec<String> = SETTINGS.map(str::to_owned).to_vec();
    let parts = fs::read_dir(root.join("glossary")).into_iter().flatten().flatten();
    let parts = parts.map(|part| part.file_name().to_string_lossy().into_owned());
    let parts = parts.filter(|name| !name.starts_with('.') && extension(name) == "yaml");
    names.extend(parts.map(|name| format!("glossary/{name}")));
    for name in names {
        let key = format!("{prefix}{name}");
        match fs::read(root.join(&name)) {
            Ok(bytes) => {
                let (source, complaint) = decode(&key, &bytes);
                inputs.diagnostics.extend(complaint);
                inputs.files.insert(key, File::Text(source));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                inputs.diagnostics.push(faults::unreadable(&Source::new(key, ""), &error));
            }
        }
    }
    inputs
}
