//! One walk over a site's folder: which files belong to it.
//!
//! It opens no file. Links are followed to files within the site, and never to folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use super::{Folder, OWNERSHIP_LIST, faults};
use serde::{Deserialize, Serialize};

use crate::diagnostics::Diagnostic;
use crate::source::Source;

/// Two changes within so many nanoseconds may leave one time: clocks of file systems tick.
const TICK: i128 = 20_000_000;

/// So many files of a folder are asked for their stamps by one thread.
const TOGETHER: usize = 256;

/// What tells a changed file from an unchanged one without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i128,
    /// Inode and the time its metadata changed, where the system has them: a file that was
    /// replaced by an older one of equal size differs in these.
    pub(super) identity: (u64, i64),
}

/// A file that belongs to the site.
pub(super) struct Found {
    pub key: String,
    pub disk: PathBuf,
    pub stamp: Stamp,
}

/// One walk over a site's folder.
pub(super) struct Walk<'a> {
    folder: &'a Folder,
    /// The real folders that a link may lead into.
    inside: Vec<PathBuf>,
    found: Vec<Found>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    /// Nothing walked yet.
    pub fn new(folder: &'a Folder) -> Self {
        let roots = ["", "content", "templates", "static"].map(|name| folder.root.join(name));
        let inside = roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
        Self { folder, inside, found: Vec::new(), diagnostics: Vec::new() }
    }

    /// Everything that belongs to the site, and what was noticed on the way.
    pub fn site(mut self) -> (Vec<Found>, Vec<Diagnostic>) {
        let root = self.folder.root.clone();
        if !self.folder.has_content {
            if !root.is_dir() {
                self.diagnostics.push(faults::no_folder(&Source::new(".", "")));
            }
            self.folder(&root, "");
            return (self.found, self.diagnostics);
        }
        for name in ["content", "templates", "static"] {
            let path = root.join(name);
            if path.is_dir() {
                self.folder(&path, &format!("{name}/"));
            } else if name == "content" {
                self.diagnostics.push(faults::no_content(&Source::new(name, "")));
            }
        }
        for name in ["site.yaml", "glossary.yaml", "speakers.yaml"] {
            if root.join(name).is_file() {
                self.diagnostics.push(faults::misplaced(&Source::new(name, "")));
            }
        }
        (self.found, self.diagnostics)
    }

    /// Everything below a folder; `prefix` is its key with a slash at the end.
    fn folder(&mut self, path: &Path, prefix: &str) {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let source = Source::new(prefix.trim_end_matches('/'), "");
                return self.diagnostics.push(faults::unreadable(&source, &error));
            }
        };
        let mut entries: Vec<fs::DirEntry> = entries.flatten().collect();
        entries.sort_by_cached_key(fs::DirEntry::file_name);
        if !prefix.is_empty() && entries.iter().any(|e| e.file_name() == OWNERSHIP_LIST) {
            match earlier_output(self.folder, prefix) {
                Listed::Copied => {}
                Listed::Expected => return,
                Listed::Odd => {
                    let source = Source::new(prefix.trim_end_matches('/'), "");
                    return self.diagnostics.push(faults::earlier_output(&source));
                }
            }
        }
        // Asking the system is most of a walk, and answers do not depend on each other.
        let ask = |entry: fs::DirEntry| {
            let meta = entry.metadata();
            (entry, meta)
        };
        let asked: Vec<_> = entries.into_par_iter().with_min_len(TOGETHER).map(ask).collect();
        for (entry, meta) in asked {
            self.entry(&entry, meta, prefix);
        }
    }

    fn entry(&mut self, entry: &fs::DirEntry, meta: io::Result<fs::Metadata>, prefix: &str) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let shown = format!("{prefix}{}", name.to_string_lossy());
            return self.diagnostics.push(faults::name_not_utf8(&Source::new(shown, "")));
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
        match meta {
            Ok(meta) if meta.is_file() => {
                self.found.push(Found { key, disk: entry.path(), stamp: stamp(&meta) });
            }
            _ => {} // a pipe or a socket, or gone by now
        }
    }

    /// Names that are never content.
    fn left_out(&self, name: &str, prefix: &str, is_folder: bool) -> bool {
        if prefix.starts_with("static/") {
            // Directly in the output these names are the build's own.
            let ours = prefix == "static/" && name.starts_with(".postil");
            return ours || matches!(name, ".git" | ".gitkeep" | ".DS_Store");
        }
        if name.starts_with('.') || is_left_by_an_editor(name) {
            return true;
        }
        let bare = !self.folder.has_content;
        let output =
            prefix.is_empty() && name == "public" && is_output(&self.folder.root.join(name));
        bare && is_folder && (output || matches!(name, "node_modules" | "target"))
    }

    /// A link counts as the file it leads to, as long as that lies within the site. Links to
    /// folders are not followed: they could lead in circles.
    fn link(&mut self, path: PathBuf, key: String) {
        let source = Source::new(&key, "");
        let Ok(real) = fs::canonicalize(&path) else {
            return self.diagnostics.push(faults::link_to_nothing(&source));
        };
        let Ok(meta) = fs::metadata(&real) else { return };
        if !self.inside.iter().any(|root| real.starts_with(root)) {
            self.diagnostics.push(faults::link_outside(&source));
        } else if meta.is_dir() {
            self.diagnostics.push(faults::link_to_folder(&source));
        } else if meta.is_file() {
            self.found.push(Found { key, disk: real, stamp: stamp(&meta) });
        }
    }
}

/// Backups and halves that editors keep beside a file while it is saved, and sometimes after.
pub(super) fn is_left_by_an_editor(name: &str) -> bool {
    let emacs = name.len() > 2 && name.starts_with('#') && name.ends_with('#');
    let jetbrains = name.ends_with("___jb_tmp___") || name.ends_with("___jb_old___");
    // Vim asks with such a file whether it may write here.
    name.ends_with('~') || emacs || jetbrains || name == "4913"
}

/// Whether a folder of that name is some generator's output: a build's list lies in it, or a page.
/// Others keep their transcripts there.
pub(crate) fn is_output(public: &Path) -> bool {
    if public.join(OWNERSHIP_LIST).exists() {
        return true;
    }
    let entries = fs::read_dir(public).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name())
        .any(|name| Path::new(&name).extension().is_some_and(|end| end == "html"))
}

/// What a folder with a build's list of files in it is.
enum Listed {
    /// Something to copy: an old site that is kept below `static/`.
    Copied,
    /// Output where output is expected: not content, and not worth a word.
    Expected,
    /// Output where nobody would look for it.
    Odd,
}

fn earlier_output(folder: &Folder, prefix: &str) -> Listed {
    let inner = prefix.strip_prefix("content/").filter(|_| folder.has_content).unwrap_or(prefix);
    let at_root = !folder.has_content && prefix.matches('/').count() == 1;
    if folder.has_content && prefix.starts_with("static/") {
        Listed::Copied
    } else if at_root || inner == "public/" {
        Listed::Expected
    } else {
        Listed::Odd
    }
}

/// A file's stamp as it lies there now, if it is a plain file; and whether a change from now on
/// would have to show in it.
pub fn stamp_of(path: &Path) -> Option<(Stamp, bool)> {
    let meta = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let stamp = stamp(&meta);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as i128;
    let last = stamp.modified.max(i128::from(stamp.identity.1));
    Some((stamp, now - last > TICK))
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
