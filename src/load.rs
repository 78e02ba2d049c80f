//! The only reader: finds a site's folder and reads it into [`Inputs`].
//!
//! It decides which files belong to a site and which of them are text. It parses nothing, and
//! it never follows a link out of the site. What cannot be read is a diagnostic, so that all
//! of it is told at once; only a folder that is not there is an error. Which folders count:
//! design sections 3 and 4.
#![allow(clippy::disallowed_methods, reason = "this module is the one that reads the disk")]

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Severity};
use crate::pipeline::{Asset, File, Inputs};
use crate::source::{Source, Span};

/// The name of the list that marks a folder as the output of a build.
pub const OWNERSHIP_LIST: &str = ".postil.json";

/// The code of a file that the system did not let us read: an environment's failure that is
/// told like the content's, so that all of them are told at once.
pub const UNREADABLE: &str = "load/unreadable";

/// A text larger than this is not a transcript.
const TEXT_LIMIT: u64 = 16 * 1024 * 1024;

/// A file whose modification is younger than this when it is read may change again without a
/// new time stamp: it is read again next time.
const SETTLED: Duration = Duration::from_secs(2);

/// A site's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The site's own folder.
    pub root: PathBuf,
    /// Whether it has a `content/`; if not, it is the content itself.
    pub has_content: bool,
}

/// Why there is no site to read.
#[derive(Debug)]
pub enum Error {
    /// The folder that was named does not exist.
    Missing(PathBuf),
    /// A file was named where a folder is meant.
    NotAFolder(PathBuf),
    /// Neither here nor in any folder above is a site.
    NoSite(PathBuf),
    /// The folder is there and holds no transcript.
    NoTranscripts(PathBuf),
    /// The folder could not be looked at.
    Disk(PathBuf, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(
                f,
                "there is no folder {0}\n  To start a new site there: postil init {0}",
                path.display()
            ),
            Self::NotAFolder(path) => write!(
                f,
                "{} is a file, not a folder\n  Name the folder that holds your transcripts.",
                path.display()
            ),
            Self::NoSite(path) => write!(
                f,
                "there is no site here, nor in any folder above {}\n  \
                 A site has a folder content/ with transcripts in it.\n  \
                 To start one here: postil init .\n  \
                 To use a folder of transcripts as it is: name it, for instance postil serve path/to/transcripts",
                path.display()
            ),
            Self::NoTranscripts(path) => write!(
                f,
                "{0} holds no transcripts\n  Transcripts are Markdown files (*.md), in {0} or in its folder content/.\n  \
                 To start with two examples: postil init {0}",
                path.display()
            ),
            Self::Disk(path, error) => write!(f, "cannot read {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// The site that a command is about: the folder that was named, else the nearest site from
/// `here` upward, else `here` when it holds transcripts.
///
/// # Errors
/// No such folder, or no site.
pub fn find(named: Option<&Path>, here: &Path) -> Result<Folder, Error> {
    let Some(root) = named else { return nearest(here) };
    match fs::metadata(root) {
        Ok(meta) if !meta.is_dir() => Err(Error::NotAFolder(root.to_owned())),
        Ok(_) => Ok(Folder { root: root.to_owned(), has_content: root.join("content").is_dir() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Error::Missing(root.to_owned()))
        }
        Err(error) => Err(Error::Disk(root.to_owned(), error)),
    }
}

fn nearest(here: &Path) -> Result<Folder, Error> {
    for root in here.ancestors() {
        if root.join("content").is_dir() {
            return Ok(Folder { root: root.to_owned(), has_content: true });
        }
        // `site.yaml` also lies in a `content/`, whose site is the folder above.
        let is_content = root.file_name().is_some_and(|name| name == "content");
        if !is_content && root.join("site.yaml").is_file() {
            return Ok(Folder { root: root.to_owned(), has_content: false });
        }
    }
    let folder = Folder { root: here.to_owned(), has_content: false };
    let entries = fs::read_dir(here).map_err(|error| Error::Disk(here.to_owned(), error))?;
    let transcript = |entry: fs::DirEntry| extension(&entry.file_name().to_string_lossy()) == "md";
    if entries.flatten().any(transcript) { Ok(folder) } else { Err(Error::NoSite(here.to_owned())) }
}

/// Opens an asset for copying or serving.
///
/// # Errors
/// The system's, when the file is gone or may not be read.
pub fn open(asset: &Asset) -> io::Result<fs::File> {
    fs::File::open(&asset.disk)
}

/// The paths at which two readings of one site differ, sorted.
pub fn changes(old: &Inputs, new: &Inputs) -> Vec<String> {
    let same = |a: &File, b: &File| match (a, b) {
        (File::Text(a), File::Text(b)) => a == b,
        (File::Asset(a), File::Asset(b)) => a == b,
        _ => false,
    };
    let gone = old.files.keys().filter(|path| !new.files.contains_key(*path));
    let fresh = new
        .files
        .iter()
        .filter(|(path, file)| !old.files.get(*path).is_some_and(|before| same(before, file)));
    let mut paths: Vec<String> = gone.chain(fresh.map(|(path, _)| path)).cloned().collect();
    paths.sort();
    paths
}

/// Reads a site, and reads it again: a text whose size and times are as they were is not read
/// a second time.
#[derive(Debug)]
pub struct Reader {
    folder: Folder,
    seen: BTreeMap<String, Seen>,
}

/// What tells a changed file from an unchanged one without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: i128,
    /// Inode and the time its metadata changed, where the system has them: a file that was
    /// replaced by an older one of equal size differs in these.
    identity: (u64, i64),
}

#[derive(Clone, Debug)]
struct Seen {
    stamp: Stamp,
    settled: bool,
    text: Source,
    complaint: Option<Diagnostic>,
}

/// A file that belongs to the site.
struct Found {
    key: String,
    disk: PathBuf,
    stamp: Stamp,
}

impl Reader {
    /// A reader that has read nothing yet.
    pub fn new(folder: Folder) -> Self {
        Self { folder, seen: BTreeMap::new() }
    }

    /// The site's folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Everything that a build may depend on, as it lies on disk now.
    pub fn read(&mut self) -> Inputs {
        let now = SystemTime::now();
        let mut walk = Walk::new(&self.folder);
        walk.site();
        let Walk { found, mut diagnostics, .. } = walk;
        let (texts, assets): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|found| is_text(&found.key));
        let before = std::mem::take(&mut self.seen);
        self.seen = texts.into_par_iter().filter_map(|found| text(found, &before, now)).collect();
        let mut files: BTreeMap<String, File> = assets
            .into_iter()
            .map(|found| {
                let Stamp { size, modified, .. } = found.stamp;
                (found.key, File::Asset(Asset { disk: found.disk, size, modified }))
            })
            .collect();
        for (key, seen) in &self.seen {
            diagnostics.extend(seen.complaint.clone());
            files.insert(key.clone(), File::Text(seen.text.clone()));
        }
        let name = name_of(&self.folder.root);
        Inputs { name, has_content: self.folder.has_content, files, diagnostics }
    }
}

/// The folder's own name, also for `.`.
fn name_of(root: &Path) -> String {
    let full = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads one text, or takes it over from the last reading. None when it is gone by now.
fn text(found: Found, before: &BTreeMap<String, Seen>, now: SystemTime) -> Option<(String, Seen)> {
    let Found { key, disk, stamp } = found;
    if let Some(seen) = before.get(&key)
        && seen.settled
        && seen.stamp == stamp
    {
        return Some((key, seen.clone()));
    }
    let (text, complaint) = if stamp.size > TEXT_LIMIT {
        let source = Source::new(&key, "");
        let complaint = too_large(&source, stamp.size);
        (source, Some(complaint))
    } else {
        match fs::read(&disk) {
            Ok(bytes) => decode(&key, &bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                let source = Source::new(&key, "");
                let complaint = unreadable(&source, &error);
                (source, Some(complaint))
            }
        }
    };
    // The same bytes keep their allocation, so that later stages can tell by the pointer.
    let text = match before.get(&key) {
        Some(seen) if seen.text == text => seen.text.clone(),
        _ => text,
    };
    let age =
        now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as i128 - stamp.modified;
    let settled = age > SETTLED.as_nanos() as i128;
    Some((key, Seen { stamp, settled, text, complaint }))
}

fn decode(key: &str, bytes: &[u8]) -> (Source, Option<Diagnostic>) {
    let (source, bad) = Source::from_bytes(key, bytes);
    let complaint = bad.map(|at| not_utf8(&source, at, bytes));
    (source, complaint)
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// Whether a file is read as text; everything else is copied.
fn is_text(key: &str) -> bool {
    let extension = extension(key);
    let one_of = |known: &[&str]| known.contains(&extension.as_str());
    if key.starts_with("templates/") {
        one_of(&["html", "xml", "txt", "json", "svg", "css", "js", "md"])
    } else if key.starts_with("static/theme/") {
        one_of(&["css", "js"])
    } else if key.starts_with("static/") {
        false
    } else {
        one_of(&["md", "yaml", "yml"])
    }
}

/// One walk over a site's folder.
struct Walk<'a> {
    folder: &'a Folder,
    /// The real folders that a link may lead into.
    inside: Vec<PathBuf>,
    found: Vec<Found>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn new(folder: &'a Folder) -> Self {
        let roots = ["", "content", "templates", "static"].map(|name| folder.root.join(name));
        let inside = roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
        Self { folder, inside, found: Vec::new(), diagnostics: Vec::new() }
    }

    fn site(&mut self) {
        let root = self.folder.root.clone();
        if !self.folder.has_content {
            return self.folder(&root, "");
        }
        for name in ["content", "templates", "static"] {
            let path = root.join(name);
            if path.is_dir() {
                self.folder(&path, &format!("{name}/"));
            } else if name == "content" {
                self.diagnostics.push(no_content(&Source::new(name, "")));
            }
        }
        for name in ["site.yaml", "glossary.yaml", "speakers.yaml"] {
            if root.join(name).is_file() {
                self.diagnostics.push(misplaced(&Source::new(name, "")));
            }
        }
    }

    /// Everything below a folder; `prefix` is its key with a slash at the end.
    fn folder(&mut self, path: &Path, prefix: &str) {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let source = Source::new(prefix.trim_end_matches('/'), "");
                return self.diagnostics.push(unreadable(&source, &error));
            }
        };
        let mut entries: Vec<fs::DirEntry> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        if !prefix.is_empty() && entries.iter().any(|e| e.file_name() == OWNERSHIP_LIST) {
            return; // an earlier build's output
        }
        for entry in entries {
            self.entry(&entry, prefix);
        }
    }

    fn entry(&mut self, entry: &fs::DirEntry, prefix: &str) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let shown = format!("{prefix}{}", name.to_string_lossy());
            return self.diagnostics.push(name_not_utf8(&Source::new(shown, "")));
        };
        let key = format!("{prefix}{name}");
        let Ok(kind) = entry.file_type() else { return };
        if self.left_out(name, prefix, kind.is_dir()) {
            return;
        }
        if kind.is_symlink() {
            return self.link(entry.path(), key);
        }
        if kind.is_dir() {
            return self.folder(&entry.path(), &format!("{key}/"));
        }
        match entry.metadata() {
            Ok(meta) if meta.is_file() => {
                self.found.push(Found { key, disk: entry.path(), stamp: stamp(&meta) });
            }
            _ => {} // a pipe or a socket, or gone by now
        }
    }

    /// Names that are never content.
    fn left_out(&self, name: &str, prefix: &str, is_folder: bool) -> bool {
        if prefix.starts_with("static/") {
            let ours = name.starts_with(".postil");
            return ours || matches!(name, ".git" | ".gitkeep" | ".DS_Store");
        }
        if name.starts_with('.') {
            return true;
        }
        let bare = !self.folder.has_content;
        let output = prefix.is_empty() && name == "public";
        bare && is_folder && (output || matches!(name, "node_modules" | "target"))
    }

    /// A link counts as the file it leads to, as long as that lies within the site. Links to
    /// folders are not followed: they could lead in circles.
    fn link(&mut self, path: PathBuf, key: String) {
        let source = Source::new(&key, "");
        let Ok(real) = fs::canonicalize(&path) else {
            return self.diagnostics.push(link_to_nothing(&source));
        };
        let Ok(meta) = fs::metadata(&real) else { return };
        if !self.inside.iter().any(|root| real.starts_with(root)) {
            self.diagnostics.push(link_outside(&source));
        } else if meta.is_dir() {
            self.diagnostics.push(link_to_folder(&source));
        } else if meta.is_file() {
            self.found.push(Found { key, disk: real, stamp: stamp(&meta) });
        }
    }
}

fn stamp(meta: &fs::Metadata) -> Stamp {
    let modified = meta.modified().unwrap_or(UNIX_EPOCH);
    let modified = match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    };
    Stamp { size: meta.len(), modified, identity: identity(meta) }
}

#[cfg(unix)]
fn identity(meta: &fs::Metadata) -> (u64, i64) {
    use std::os::unix::fs::MetadataExt;
    (meta.ino(), meta.ctime().wrapping_mul(1_000_000_000).wrapping_add(meta.ctime_nsec()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> (u64, i64) {
    (0, 0)
}

fn whole(severity: Severity, code: &'static str, source: &Source, message: String) -> Diagnostic {
    Diagnostic::new(severity, code, source, None, message)
}

fn unreadable(source: &Source, error: &io::Error) -> Diagnostic {
    whole(Severity::Error, UNREADABLE, source, format!("this cannot be read: {error}"))
        .hint("check its permissions, or move it out of the site")
}

fn too_large(source: &Source, size: u64) -> Diagnostic {
    let size = size / (1024 * 1024);
    let message = format!("this text has {size} MiB; postil reads texts of up to 16 MiB");
    whole(Severity::Error, "load/too-large", source, message)
        .hint("split it into several transcripts, or move it out of the site if it is none")
}

fn not_utf8(source: &Source, at: usize, bytes: &[u8]) -> Diagnostic {
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let hint = if utf16 {
        "the file is UTF-16: save it as UTF-8 in your editor"
    } else {
        "save it as UTF-8 in your editor; older Chinese files are often GBK: \
         iconv -f GB18030 -t UTF-8 old.md > new.md"
    };
    let end = source.text()[at..].chars().next().map_or(at, |first| at + first.len_utf8());
    let message = "this file is not UTF-8, so its characters cannot be known";
    Diagnostic::error("load/not-utf-8", source, Span::new(at, end), message)
        .label("the first byte that is not UTF-8")
        .hint(hint)
}

fn name_not_utf8(source: &Source) -> Diagnostic {
    let message = "this file's name is not UTF-8, so no link can name it; it is left out";
    whole(Severity::Warning, "load/name-not-utf-8", source, message.into()).hint("rename it")
}

fn no_content(source: &Source) -> Diagnostic {
    let message = "the folder content/ is gone";
    whole(Severity::Error, "load/no-content", source, message.into())
        .hint("put it back; the transcripts belong there")
}

fn misplaced(source: &Source) -> Diagnostic {
    let message = format!("{} is not read here: it belongs into content/", source.path());
    let hint = format!("move it to content/{}", source.path());
    whole(Severity::Warning, "load/misplaced", source, message).hint(hint)
}

fn link_to_nothing(source: &Source) -> Diagnostic {
    let message = "this link leads nowhere, or in a circle; it is left out";
    whole(Severity::Warning, "load/link-to-nothing", source, message.into())
        .hint("mend the link or remove it")
}

fn link_outside(source: &Source) -> Diagnostic {
    let message = "this link leads out of the site; it is left out";
    whole(Severity::Warning, "load/link-outside", source, message.into())
        .hint("copy the file into the site")
}

fn link_to_folder(source: &Source) -> Diagnostic {
    let message = "this is a link to a folder; what is in it is left out";
    whole(Severity::Warning, "load/link-to-folder", source, message.into())
        .hint("put the folder itself here")
}
