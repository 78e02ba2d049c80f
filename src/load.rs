//! The only reader: finds a site's folder and reads it into [`Inputs`].
//!
//! It decides which files belong to a site and which of them are text. It parses nothing, and
//! it never follows a link out of the site. What cannot be read is a diagnostic, so that all
//! of it is told at once; only a folder that is not there is an error. Which folders count:
//! design sections 3 and 4.
#![allow(clippy::disallowed_methods, reason = "this module is the one that reads the disk")]

mod alone;
mod changes;
mod faults;
mod measure;
mod touched;
mod walk;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostics::Diagnostic;
use crate::paths;
use crate::pipeline::{self, Asset, Digest, File, Inputs, Manuscript, Taken};
use crate::site::Picture;
use crate::source::Source;

pub use alone::{Alone, alone};
pub use changes::changes;

pub(crate) use walk::is_output;
use walk::{Found, Walk};
pub use walk::{Stamp, stamp_of};

/// The name of the list that marks a folder as the output of a build.
pub const OWNERSHIP_LIST: &str = ".postil.json";

/// The code of a file that the system did not let us read: an environment's failure that is
/// told like the content's, so that all of them are told at once.
pub const UNREADABLE: &str = "load/unreadable";

/// The code of a folder that an earlier build wrote, where nobody expects one.
pub const EARLIER_OUTPUT: &str = "load/earlier-output";

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
    /// The file that was named does not exist.
    NoFile(PathBuf),
    /// A folder was named where a file is meant.
    NotAFile(PathBuf),
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
                "there is no folder {}\n  To start a new site there: postil init {}",
                path.display(),
                paths::quoted(&path.to_string_lossy())
            ),
            Self::NotAFolder(path) => write!(
                f,
                "{} is a file, not a folder\n  Name the folder that holds your transcripts.",
                path.display()
            ),
            Self::NoFile(path) => write!(
                f,
                "there is no file {}\n  Name one transcript; postil check tells of a whole site.",
                path.display()
            ),
            Self::NotAFile(path) => write!(
                f,
                "{0} is a folder, not a file\n  Name one transcript in it, or ask for all of them: postil check {1}",
                path.display(),
                paths::quoted(&path.to_string_lossy())
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
                 To start with two examples: postil init {1}",
                path.display(),
                paths::quoted(&path.to_string_lossy())
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
    fs::read_dir(here).map_err(|error| Error::Disk(here.to_owned(), error))?;
    if holds_transcripts(here) { Ok(folder) } else { Err(Error::NoSite(here.to_owned())) }
}

/// Whether Markdown lies in a folder or below it. It looks at a few thousand names only: whoever
/// asks in a home folder shall not wait for the whole disk.
fn holds_transcripts(root: &Path) -> bool {
    let mut names = 0;
    let mut folders = std::collections::VecDeque::from([root.to_owned()]);
    while let Some(folder) = folders.pop_front() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            names += 1;
            let name = entry.file_name().to_string_lossy().into_owned();
            let output = || name == "public" && folder == root && is_output(&entry.path());
            let apart = matches!(&*name, "node_modules" | "target") || output();
            if name.starts_with('.') || apart || names > 5000 {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push_back(entry.path()),
                Ok(_) if extension(&name) == "md" => return true,
                _ => {}
            }
        }
    }
    false
}

/// Opens an asset for copying or serving.
///
/// # Errors
/// The system's, when the file is gone or may not be read.
pub fn open(asset: &Asset) -> io::Result<fs::File> {
    fs::File::open(&asset.disk)
}

/// Reads a site, and reads it again: a text whose size and times are as they were is not read
/// a second time.
#[derive(Debug)]
pub struct Reader {
    folder: Folder,
    seen: BTreeMap<String, Seen>,
    /// What an earlier process knew.
    known: HashMap<String, (Stamp, Digest)>,
    /// Whether a file that is copied could change again without a new stamp.
    restless: bool,
}

/// A Markdown file that need not be read as long as its stamp is this one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remembered {
    /// Its path, relative to the site's folder.
    pub path: String,
    /// What it looked like.
    pub stamp: Stamp,
    /// The digest of its bytes.
    pub digest: Digest,
}

#[derive(Clone, Debug)]
struct Seen {
    stamp: Stamp,
    settled: bool,
    text: Text,
}

#[derive(Clone, Debug)]
enum Text {
    Read(Source, Vec<Diagnostic>),
    Unread(Manuscript),
}

impl Reader {
    /// A reader that has read nothing yet.
    pub fn new(folder: Folder) -> Self {
        Self { folder, seen: BTreeMap::new(), known: HashMap::new(), restless: false }
    }

    /// The site's folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Begins with what an earlier process knew.
    pub fn remember(&mut self, known: Vec<Remembered>) {
        let known = known.into_iter().map(|one| (one.path, (one.stamp, one.digest)));
        self.known = known.collect();
    }

    /// What a later process may begin with: of the files that somebody has read by now, those
    /// that cannot have changed since without a new stamp.
    pub fn remembered(&self) -> Vec<Remembered> {
        let remembered = |(path, seen): (&String, &Seen)| match &seen.text {
            Text::Unread(manuscript) if seen.settled => {
                let digest = manuscript.known_digest()?;
                Some(Remembered { path: path.clone(), stamp: seen.stamp, digest })
            }
            _ => None,
        };
        self.seen.iter().filter_map(remembered).collect()
    }

    /// Whether no file that is copied can have changed since without a new stamp.
    pub fn is_settled(&self) -> bool {
        !self.restless
    }

    /// Whether one of these files is another one by now than when it was found: what was read of
    /// it may be half of what was written.
    pub fn has_moved(&self, paths: &[String]) -> bool {
        paths.iter().any(|path| {
            let disk = fs::canonicalize(self.folder.root.join(path)).ok();
            let stamp = disk.and_then(|disk| stamp_of(&disk)).map(|(stamp, _)| stamp);
            self.seen.get(path).is_some_and(|seen| stamp != Some(seen.stamp))
        })
    }

    /// Everything that a build may depend on, as it lies on disk now.
    pub fn read(&mut self) -> Inputs {
        let now = SystemTime::now();
        // A plain folder becomes a site when it gets its `content/`; a site never becomes a plain folder,
        // in which the rest of it would be transcripts.
        if !self.folder.has_content && self.folder.root.join("content").is_dir() {
            self.folder.has_content = true;
            self.seen.clear();
        }
        let (found, mut diagnostics) = Walk::new(&self.folder).site();
        let (texts, assets): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|found| is_text(&found.key));
        let before = std::mem::take(&mut self.seen);
        let known = &self.known;
        let text = |found| text(found, &before, known, now);
        self.seen = texts.into_par_iter().filter_map(text).collect();
        let mut files = BTreeMap::new();
        self.restless = assets.iter().any(|found| !is_settled(&found.stamp, now));
        for found in assets {
            match copied(&found) {
                Ok(file) => drop(files.insert(found.key, file)),
                Err(error) => {
                    diagnostics.push(faults::unreadable(&Source::new(&found.key, ""), &error));
                }
            }
        }
        for (key, seen) in &self.seen {
            let file = match &seen.text {
                Text::Unread(manuscript) => File::Markdown(manuscript.clone()),
                Text::Read(source, complaints) => {
                    diagnostics.extend(complaints.iter().cloned());
                    File::Text(source.clone())
                }
            };
            files.insert(key.clone(), file);
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

/// A file that is no text: the theme's are read, since their names carry a digest; all others
/// stay where they are until they are copied.
fn copied(found: &Found) -> io::Result<File> {
    let Stamp { size, modified, identity } = found.stamp;
    if found.key.starts_with("static/theme/") && size <= TEXT_LIMIT {
        return Ok(File::Bytes(fs::read(&found.disk)?.into()));
    }
    let picture = measure::is_picture(&found.key).then(|| {
        let disk = found.disk.clone();
        Picture::new((size, modified), move || measure::dimensions(&disk))
    });
    Ok(File::Asset(Asset { disk: found.disk.clone(), size, modified, identity, picture }))
}

/// Reads one text, or takes it over from the last reading; Markdown is left for whoever needs
/// it. None when it is gone by now.
fn text(
    found: Found,
    before: &BTreeMap<String, Seen>,
    known: &HashMap<String, (Stamp, Digest)>,
    now: SystemTime,
) -> Option<(String, Seen)> {
    let Found { key, disk, stamp } = found;
    if let Some(seen) = before.get(&key)
        && seen.settled
        && seen.stamp == stamp
    {
        return Some((key, seen.clone()));
    }
    let text = if is_manuscript(&key) {
        let path = key.clone();
        let read = Box::new(move || manuscript(&path, &disk, stamp.size));
        // Seen anew, but not read: what was known is true only of the first time.
        let digest =
            known.get(&key).filter(|(known, _)| *known == stamp && !before.contains_key(&key));
        Text::Unread(Manuscript::new(&*key, digest.map(|(_, digest)| *digest), read))
    } else {
        let (text, complaints) = match bytes(&key, &disk, stamp.size) {
            Ok(bytes) => decode(&key, &bytes),
            Err(Unread::Gone) => return None,
            Err(Unread::Why(complaint)) => (Source::new(&key, ""), vec![*complaint]),
        };
        // The same bytes keep their allocation, so that later stages can tell by the pointer.
        match before.get(&key).map(|seen| &seen.text) {
            Some(Text::Read(known, _)) if *known == text => Text::Read(known.clone(), complaints),
            _ => Text::Read(text, complaints),
        }
    };
    let settled = is_settled(&stamp, now);
    Some((key, Seen { stamp, settled, text }))
}

/// Whether a file that has this stamp cannot change any more without a new one.
fn is_settled(stamp: &Stamp, now: SystemTime) -> bool {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as i128;
    now - stamp.modified > SETTLED.as_nanos() as i128
}

/// Why a file has no bytes.
enum Unread {
    Gone,
    Why(Box<Diagnostic>),
}

fn bytes(key: &str, disk: &Path, size: u64) -> Result<Vec<u8>, Unread> {
    if size > TEXT_LIMIT {
        return Err(Unread::Why(Box::new(faults::too_large(&Source::new(key, ""), size))));
    }
    fs::read(disk).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unread::Gone,
        _ => Unread::Why(Box::new(faults::unreadable(&Source::new(key, ""), &error))),
    })
}

/// Reads a Markdown file. One that went away since it was found is empty: whoever found it
/// looks again.
fn manuscript(key: &str, disk: &Path, size: u64) -> Taken {
    match bytes(key, disk, size) {
        Ok(bytes) => {
            let (source, complaints) = decode(key, &bytes);
            Taken { source, digest: pipeline::digest(&bytes), complaints }
        }
        Err(unread) => {
            let complaints: Vec<Diagnostic> = match unread {
                Unread::Gone => Vec::new(),
                Unread::Why(complaint) => vec![*complaint],
            };
            let why = complaints.first().map_or("gone", |one| &one.message);
            let digest = pipeline::digest(format!("{}\0{why}", UNREADABLE).as_bytes());
            Taken { source: Source::new(key, ""), digest, complaints }
        }
    }
}

/// A file's text, with U+FFFD for what is not UTF-8 and for control characters. A file in another
/// encoding has many of both: then only the encoding is told.
fn decode(key: &str, bytes: &[u8]) -> (Source, Vec<Diagnostic>) {
    let (source, bad) = Source::from_bytes(key, bytes);
    let not_utf8 = bad.map(|at| faults::not_utf8(&source, at, bytes));
    let (source, control) = source.without_controls();
    if let Some(complaint) = not_utf8 {
        return (source, vec![complaint]);
    }
    let turned = source.first_turn();
    let mut complaints = Vec::new();
    complaints.extend(control.map(|(at, char)| faults::control(&source, at, char)));
    complaints.extend(turned.map(|(at, char)| faults::direction(&source, at, char)));
    (source, complaints)
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// Whether a text is Markdown of the content.
fn is_manuscript(key: &str) -> bool {
    let apart = key.starts_with("templates/") || key.starts_with("static/");
    extension(key) == "md" && !apart
}

/// Whether a file is read as text; everything else is copied.
pub fn is_text(key: &str) -> bool {
    let extension = extension(key);
    let one_of = |known: &[&str]| known.contains(&extension.as_str());
    if key.starts_with("templates/") {
        one_of(&["html", "xml", "txt", "json", "svg", "css", "js", "md"])
    } else if key.starts_with("static/theme/") {
        one_of(&["css", "js"])
    } else if key == "static/custom.css" {
        true
    } else if key.starts_with("static/") {
        false
    } else {
        one_of(&["md", "yaml", "yml"])
    }
}
