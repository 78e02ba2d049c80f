//! Which folders are watched, and what in them does not matter.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use notify::RecursiveMode;

use crate::load::Folder;

/// Folders that are nobody's content, directly below the site's own.
const IGNORED: [&str; 5] = ["public", ".git", ".postil", "target", "node_modules"];

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
        let content = names.filter(|name| !name.starts_with('.') && !is_ignored(name));
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

fn is_ignored(name: &str) -> bool {
    IGNORED.contains(&name)
}

/// Whether what happens at a path does not matter.
pub(super) fn ignored(folder: &Folder) -> impl Fn(&Path) -> bool + Send + 'static {
    let root = folder.root.clone();
    let real = fs::canonicalize(&root).unwrap_or_else(|_| root.clone());
    move |path| {
        let inner = path.strip_prefix(&root).or_else(|_| path.strip_prefix(&real)).ok();
        let first = inner.and_then(|inner| inner.components().next());
        first.is_some_and(|first| first.as_os_str().to_str().is_some_and(is_ignored))
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
