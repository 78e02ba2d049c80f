//! Which folders are watched, and what in them does not matter.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use notify::RecursiveMode;

use crate::load::{Folder, is_output};

/// Folders that are nobody's content, directly below the site's own.
const IGNORED: [&str; 4] = [".git", ".postil", "target", "node_modules"];

/// Where builds write. In a folder that is the content itself, transcripts may lie there.
const OUTPUT: &str = "public";

/// Tells a folder from another one at the same path.
pub(super) type Identity = (u64, u64, Option<SystemTime>);

/// The folders to watch. The site's own only at its top, so that a large output or a build
/// folder beside the content costs nothing.
pub(super) fn roots(folder: &Folder) -> BTreeMap<PathBuf, (RecursiveMode, Identity)> {
    let root = &folder.root;
    let inner: Vec<PathBuf> = if folder.has_content {
        ["content", "templates", "static"].map(|part| root.join(part)).into()
    } else {
        let entries = fs::read_dir(root).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let content = names.filter(|name| !name.starts_with('.') && !is_ignored(folder, name));
        content.map(|name| root.join(name)).collect()
    };
    let inner = inner.into_iter().map(|path| (path, RecursiveMode::Recursive));
    let all = [(root.clone(), RecursiveMode::NonRecursive)].into_iter().chain(inner);
    all.filter_map(|(path, mode)| {
        let identity = identity(&path)?;
        Some((path, (mode, identity)))
    })
    .collect()
}

fn is_ignored(folder: &Folder, name: &str) -> bool {
    let output = || folder.has_content || is_output(&folder.root.join(OUTPUT));
    IGNORED.contains(&name) || name == OUTPUT && output()
}

/// Whether what happens at a path does not matter.
pub(super) fn ignored(folder: &Folder) -> impl Fn(&Path) -> bool + Send + 'static {
    let folder = folder.clone();
    let real = fs::canonicalize(&folder.root).unwrap_or_else(|_| folder.root.clone());
    move |path| {
        let inner = path.strip_prefix(&folder.root).or_else(|_| path.strip_prefix(&real)).ok();
        let first = inner.and_then(|inner| inner.components().next());
        let first = first.and_then(|first| first.as_os_str().to_str());
        first.is_some_and(|first| is_ignored(&folder, first))
    }
}

/// Links to folders are no content, and have none of these.
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
    Some((meta.dev(), meta.ino(), meta.created().ok()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    let meta = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
    Some((0, 0, meta.created().ok()))
}
