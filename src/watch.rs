//! Noticing that a site's files may have changed.
//!
//! An event only wakes the preview up; what has changed, if anything, the preview finds out by
//! reading again: first what events named, and everything as soon as it is quiet. So nothing here
//! has to be exact: a lost event costs a moment (when it has been quiet for a second, there is one
//! more look), a superfluous one a look. What events do tell is whether somebody is still writing:
//! a file that was opened and not closed, or that is gone and may come back under its name, is
//! waited for a little.
//! Where the system's watcher fails (no watches left, a network file system), or on request, it
//! looks at regular times instead. It reads no file.
#![allow(clippy::disallowed_methods, reason = "a folder that was made anew is a different one")]

mod roots;
mod signal;

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use notify::{Config, RecommendedWatcher, Watcher};

use crate::load::Folder;

use roots::{Identity, roots};
use signal::{Signal, signals};

/// How long it has to be quiet once everything that was opened is closed again.
const QUIET: Duration = Duration::from_millis(10);

/// How long it has to be quiet while a file is open, or gone from its name: editors write
/// a new file and give it the old one's name. Systems that do not tell when a file is closed
/// always wait so long.
const WRITING: Duration = Duration::from_millis(if cfg!(target_os = "linux") { 50 } else { 30 });

/// How long a burst is waited for: `git checkout` may take its time, and a log that is written
/// all the time must not keep the pages old.
const BURST: Duration = Duration::from_millis(400);

/// How often is looked where events fail.
const POLL: Duration = Duration::from_millis(300);

/// How often is checked whether a watched folder was replaced by another: its events do not
/// tell of that. After so much quiet there is one more look too.
const CHECK: Duration = Duration::from_secs(1);

type System = Box<dyn Watcher + Send>;

/// Starts the system's watcher.
type Start = fn(Folder, Sender<Signal>) -> notify::Result<System>;

/// Watches a site's folder.
pub struct Watch {
    folder: Folder,
    /// None: polling.
    system: Option<System>,
    heard: Receiver<Signal>,
    watched: BTreeMap<PathBuf, Identity>,
    /// Files that are being written, or that may come back.
    open: HashSet<PathBuf>,
    /// Whether something was heard that nobody has looked at since.
    unseen: bool,
    /// Whether something was heard since the look that comes when all is quiet. What is written
    /// into a new folder before the system's watcher has come there is never told.
    restless: bool,
    /// Whether events were lost, and nobody has gone through the folders since.
    lost: bool,
    /// What was heard of since somebody asked; none where anything may have changed.
    touched: Option<HashSet<PathBuf>>,
    /// Why the system's watcher is not used although nobody asked for that.
    failure: Option<String>,
}

impl Watch {
    /// Starts to watch; from now on changes are noticed.
    pub fn new(folder: Folder, poll: bool) -> Self {
        Self::with(folder, (!poll).then_some(system))
    }

    fn with(folder: Folder, start: Option<Start>) -> Self {
        let (tell, heard) = channel();
        let mut watch = Self {
            folder,
            system: None,
            heard,
            watched: BTreeMap::new(),
            open: HashSet::new(),
            unseen: false,
            restless: false,
            lost: false,
            touched: None,
            failure: None,
        };
        if let Some(start) = start {
            match start(watch.folder.clone(), tell) {
                Ok(system) => watch.system = Some(system),
                Err(error) => watch.failure = Some(signal::reason(&error)),
            }
            watch.follow();
        }
        watch
    }

    /// Why it polls although nobody asked for that; told once.
    pub fn failure(&mut self) -> Option<String> {
        self.failure.take()
    }

    /// Whether it looks at regular times.
    pub fn polls(&self) -> bool {
        self.system.is_none()
    }

    /// The files of which something was heard since this was asked last, if these are all that can
    /// have changed.
    pub fn touched(&mut self) -> Option<Vec<PathBuf>> {
        let touched = self.touched.replace(HashSet::new()).filter(|_| !self.polls());
        touched.map(|touched| touched.into_iter().collect())
    }

    /// Returns when something may have changed, and whoever changed it seems to have finished.
    pub fn wait(&mut self) {
        loop {
            if self.polls() {
                return thread::sleep(POLL);
            }
            if self.unseen {
                self.settle();
                if self.follow() {
                    self.touched = None;
                }
                return;
            }
            match self.heard.recv_timeout(CHECK) {
                Ok(signal) => {
                    self.hear(signal);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let moved = self.follow();
                    if moved || std::mem::take(&mut self.restless) {
                        self.touched = None;
                        return;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => self.give_up("it ended".to_owned()),
            }
        }
    }

    /// Waits until it is quiet, or for as long as a burst may last.
    pub fn settle(&mut self) {
        let start = Instant::now();
        while let Some(left) = BURST.checked_sub(start.elapsed()) {
            let quiet = if self.open.is_empty() { QUIET } else { WRITING };
            match self.heard.recv_timeout(quiet.min(left)) {
                Ok(signal) => self.hear(signal),
                Err(_) => break,
            }
        }
        self.open.clear();
        self.unseen = false;
        if std::mem::take(&mut self.lost) {
            self.forget();
        }
    }

    /// Whether somebody has begun to write since it was last quiet: what was read meanwhile may
    /// be half of it. What is heard here is not lost: the next [`Watch::settle`] waits for the end
    /// of what is still open, and after what was begun and ended meanwhile [`Watch::wait`] comes
    /// back at once.
    pub fn is_disturbed(&mut self) -> bool {
        while let Ok(signal) = self.heard.try_recv() {
            self.hear(signal);
        }
        !self.open.is_empty()
    }

    fn hear(&mut self, signal: Signal) {
        self.unseen = true;
        self.restless = true;
        if let (Signal::Writing(path) | Signal::Done(path), Some(touched)) =
            (&signal, &mut self.touched)
        {
            touched.insert(path.clone());
        }
        match signal {
            Signal::Writing(path) => drop(self.open.insert(path)),
            Signal::Done(path) => drop(self.open.remove(&path)),
            // It comes in thousands: once for each event that found no place.
            Signal::Lost => (self.lost, self.touched) = (true, None),
            Signal::Failed(reason) => self.give_up(reason),
        }
    }

    fn give_up(&mut self, reason: String) {
        self.touched = None;
        self.system = None;
        self.failure = Some(reason);
    }

    /// Events were lost, and with them perhaps new folders: all are watched from the beginning.
    fn forget(&mut self) {
        for path in std::mem::take(&mut self.watched).into_keys() {
            if let Some(system) = &mut self.system {
                let _ = system.unwatch(&path); // it may be gone
            }
        }
        self.follow();
    }

    /// Watches the folders that are there now; whether they are others than before.
    fn follow(&mut self) -> bool {
        if self.polls() {
            return false;
        }
        let wanted = roots(&self.folder);
        let known = |path: &PathBuf| wanted.get(path).map(|(_, now)| now);
        let gone = self.watched.iter().filter(|(path, before)| known(path) != Some(*before));
        let gone: Vec<PathBuf> = gone.map(|(path, _)| path.clone()).collect();
        let mut moved = !gone.is_empty();
        for path in gone {
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
            match system.watch(&path, mode) {
                Ok(()) => drop(self.watched.insert(path, identity)),
                // Removed a moment ago: its folder's events tell.
                Err(error) if signal::is_gone(&error) => {}
                Err(error) => self.give_up(signal::reason(&error)),
            }
        }
        moved
    }
}

/// The system's watcher.
fn system(folder: Folder, tell: Sender<Signal>) -> notify::Result<System> {
    let ignored = roots::ignored(&folder);
    let handler = move |event: notify::Result<notify::Event>| {
        for signal in signals(event, &ignored) {
            let _ = tell.send(signal); // nobody listens any more: the preview ends
        }
    };
    let config = Config::default().with_follow_symlinks(false);
    Ok(Box::new(RecommendedWatcher::new(handler, config)?))
}

#[cfg(test)]
mod tests;
