//! Noticing that a site's files may have changed.
//!
//! An event only wakes the preview up; what has changed, if anything, the preview finds out by
//! reading again. So nothing here has to be exact: a lost event costs a moment, a superfluous
//! one a look. Where the system's watcher fails (no watches left, a network file system), or
//! on request, it looks at regular times instead. It reads no file.
#![allow(clippy::disallowed_methods, reason = "a folder that was made anew is a different one")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use notify_debouncer_full::notify::{Config, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use crate::load::Folder;

/// How long it has to be quiet before a burst of events counts as over.
const QUIET: Duration = Duration::from_millis(30);

/// How often is looked where events fail.
const POLL: Duration = Duration::from_millis(300);

/// How often is checked whether a watched folder was replaced by another: its events do not
/// tell of that.
const CHECK: Duration = Duration::from_secs(1);

/// Folders that are nobody's content, directly below the site's own.
const IGNORED: [&str; 5] = ["public", ".git", ".postil", "target", "node_modules"];

type System = Debouncer<RecommendedWatcher, NoCache>;

/// Watches a site's folder.
pub struct Watch {
    folder: Folder,
    /// None: polling.
    system: Option<System>,
    wake: Receiver<()>,
    watched: BTreeMap<PathBuf, Identity>,
    /// Why the system's watcher is not used although nobody asked for that.
    failure: Option<String>,
}

/// Tells a folder from another one at the same path.
type Identity = (u64, u64, Option<SystemTime>);

impl Watch {
    /// Starts to watch; from now on changes are noticed.
    pub fn new(folder: Folder, poll: bool) -> Self {
        let (sender, wake) = channel();
        let mut watch =
            Self { folder, system: None, wake, watched: BTreeMap::new(), failure: None };
        if !poll {
            match system(sender, &watch.folder.root) {
                Ok(system) => watch.system = Some(system),
                Err(error) => watch.failure = Some(error.to_string()),
            }
            watch.follow();
        }
        watch
    }

    /// Why it polls although nobody asked for that; told once.
    pub fn failure(&mut self) -> Option<String> {
        self.failure.take()
    }

    /// Returns when something may have changed.
    pub fn wait(&mut self) {
        loop {
            if self.system.is_none() {
                return thread::sleep(POLL);
            }
            match self.wake.recv_timeout(CHECK) {
                Ok(()) => {
                    while self.wake.try_recv().is_ok() {}
                    self.follow();
                    return;
                }
                Err(RecvTimeoutError::Timeout) if self.follow() => return,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.give_up("it ended".to_owned());
                }
            }
        }
    }

    fn give_up(&mut self, reason: String) {
        self.system = None;
        self.failure = Some(reason);
    }

    /// Watches the folders that are there now; whether they are others than before.
    fn follow(&mut self) -> bool {
        let wanted = self.wanted();
        let mut moved = false;
        let gone: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(path, before)| wanted.get(*path).map(|(_, now)| now) != Some(before))
            .map(|(path, _)| path.clone())
            .collect();
        for path in gone {
            moved = true;
            self.watched.remove(&path);
            if let Some(system) = &mut self.system {
                let _ = system.unwatch(&path); // it may be gone with its folder
            }
        }
        for (path, (mode, identity)) in wanted {
            if self.watched.contains_key(&path) {
                continue;
            }
            moved = true;
            let Some(system) = &mut self.system else { return moved };
            if let Err(error) = system.watch(&path, mode) {
                self.give_up(error.to_string());
                return true;
            }
            self.watched.insert(path, identity);
        }
        moved
    }

    /// The folders to watch. The site's own only at its top, so that a large output or a
    /// build folder beside the content costs nothing.
    fn wanted(&self) -> BTreeMap<PathBuf, (RecursiveMode, Identity)> {
        let root = &self.folder.root;
        let mut wanted = vec![(
            root.clone(),
            if self.folder.has_content {
                RecursiveMode::NonRecursive
            } else {
                RecursiveMode::Recursive
            },
        )];
        if self.folder.has_content {
            let parts = ["content", "templates", "static"];
            wanted.extend(parts.map(|part| (root.join(part), RecursiveMode::Recursive)));
        }
        wanted
            .into_iter()
            .filter_map(|(path, mode)| {
                let identity = identity(&path)?;
                Some((path, (mode, identity)))
            })
            .collect()
    }
}

fn system(wake: Sender<()>, root: &Path) -> notify_debouncer_full::notify::Result<System> {
    let root = root.to_owned();
    let real = fs::canonicalize(&root).unwrap_or_else(|_| root.clone());
    let handler = move |result: DebounceEventResult| {
        let matters = match result {
            Ok(events) => events.iter().any(|event| {
                let ours = |path: &PathBuf| !ignored(path, &root) && !ignored(path, &real);
                !event.kind.is_access() && (event.paths.is_empty() || event.paths.iter().any(ours))
            }),
            Err(_) => true, // events were lost: a look tells
        };
        if matters {
            let _ = wake.send(()); // nobody listens any more: the preview ends
        }
    };
    new_debouncer_opt(QUIET, None, handler, NoCache, Config::default())
}

fn ignored(path: &Path, root: &Path) -> bool {
    let inner = path.strip_prefix(root).ok().and_then(|inner| inner.components().next());
    inner.is_some_and(|first| IGNORED.iter().any(|name| first.as_os_str() == *name))
}

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
