//! What the preview shows: the last site that could be built, and what is wrong with the
//! present one.
//!
//! An edit that is wrong takes nothing away: an error in a transcript keeps that page's last
//! good bytes, one in what all pages are made from keeps the whole last good site, and so does
//! a template that fails. It writes no disk and knows no HTTP; pages are rendered when they are
//! asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::edition::{Edition, Place};
use super::events::{Listeners, News};
use super::told::Told;
use crate::diagnostics::Diagnostic;
use crate::pipeline::Output;

/// How many rendered pages are kept; a preview looks at few.
const KEPT: usize = 256;

/// An edition with the pages that were asked for.
struct Stand {
    edition: Edition,
    /// What was noticed in it.
    told: Arc<Told>,
    rendered: Mutex<HashMap<String, Rendered>>,
}

type Bytes = Arc<[u8]>;
type Rendered = Result<Bytes, Box<Diagnostic>>;

#[derive(Default)]
struct Inner {
    number: u64,
    shown: Option<Arc<Stand>>,
    /// The last one before it without an error, for pages that fail now.
    before: Option<Arc<Stand>>,
    /// Of the latest reading, also when it is not shown.
    told: Arc<Told>,
    /// The last good bytes of pages that were asked for.
    good: HashMap<String, Bytes>,
    /// Where pages went that are shown at another path by now.
    moved: HashMap<String, String>,
}

impl Inner {
    /// Takes the latest reading, and the site to show if it is one; gives what nobody needs any
    /// more.
    fn take(
        &mut self,
        told: Arc<Told>,
        next: Option<Arc<Stand>>,
    ) -> (Arc<Told>, Option<Arc<Stand>>) {
        let told = std::mem::replace(&mut self.told, told);
        let Some(next) = next else { return (told, None) };
        let old = match self.shown.replace(next) {
            Some(old) if old.told.is_clean() => self.before.replace(old),
            old => old,
        };
        (told, old)
    }
}

/// Called with diagnostics that were not told before.
pub type Tell = Box<dyn Fn(&[Diagnostic]) + Send + Sync>;

/// The preview's state, shared by all its threads.
pub struct Preview {
    inner: Mutex<Inner>,
    /// Who waits for news.
    pub listeners: Listeners,
    /// Differs from run to run, so that a page of an earlier run notices.
    run: String,
    tell: Tell,
}

/// What a path has to show.
pub enum Found {
    /// A page's bytes; none when it never could be rendered.
    Page(Option<Bytes>),
    /// Known bytes, or a file.
    Asset(Output),
}

/// What a page shows, and what is to be said on it.
pub struct Shown {
    /// The page.
    pub found: Found,
    /// Errors of this page: they lie over it.
    pub errors: Vec<Diagnostic>,
    /// All others, and warnings: a mark that opens a list.
    pub marks: Vec<Diagnostic>,
    /// Whether the page is older than its sources.
    pub stale: bool,
    /// Whether search engines should leave it out, which it cannot say itself.
    pub noindex: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked while holding it left a value that is complete: every change
    // under a lock is one assignment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Preview {
    /// An empty preview. `run` tells this run from others; `tell` hears of diagnostics that
    /// come up when a page is rendered.
    pub fn new(run: String, tell: Tell) -> Self {
        Self { inner: Mutex::default(), listeners: Listeners::default(), run, tell }
    }

    /// The name of the present state; a page that carries another is out of date.
    pub fn state(&self) -> String {
        self.name(lock(&self.inner).number)
    }

    fn name(&self, number: u64) -> String {
        format!("{}.{number}", self.run)
    }

    /// The next edition. One with an error in what all pages are made from is not shown, unless
    /// there is nothing else to show: its diagnostics are, over the last good pages. `changed`
    /// are the source files that differ, for those who follow.
    pub fn update(&self, edition: Edition, changed: &[String]) {
        let told = Arc::new(Told::new(&edition));
        let shown = lock(&self.inner).shown.clone();
        let at = shown.as_deref().and_then(|shown| first_change(shown, &edition, changed));
        // Where the very table of outputs is the same, as it is where only words are others, nothing moved.
        let before = shown.as_deref().map(|shown| &shown.edition);
        let before = before.filter(|before| !Arc::ptr_eq(&before.outputs, &edition.outputs));
        let moved = before.map(|before| edition.moved(before, changed));
        let is_shown = told.everywhere.is_empty() || shown.is_none();
        let rendered = Mutex::default();
        let stand = is_shown.then(|| Arc::new(Stand { edition, told: told.clone(), rendered }));
        let (news, old) = {
            let mut inner = lock(&self.inner);
            let from = self.name(inner.number);
            inner.number += 1;
            let news = News { state: self.name(inner.number), from, at };
            inner.moved.extend(moved.unwrap_or_default());
            (news, inner.take(told, stand))
        };
        self.listeners.tell(&news);
        // A site of thousands takes a moment to be forgotten: nobody waits for that.
        drop((shown, old));
    }

    /// What was noticed in the latest reading, where it is shown, and the site as it was
    /// understood.
    pub fn survey(&self) -> (Vec<(Diagnostic, Option<Place>)>, String) {
        let (told, shown) = {
            let inner = lock(&self.inner);
            (inner.told.clone(), inner.shown.clone())
        };
        let Some(shown) = shown else { return (Vec::new(), String::new()) };
        let place = |one: &Diagnostic| {
            let at = one.place.span.map_or(0, |span| span.start as usize);
            (shown.edition.locate)(one.place.source.path(), at)
        };
        let all = told.all.iter().map(|one| (one.clone(), place(one))).collect();
        (all, (shown.edition.survey)())
    }

    /// The output path that a decoded request path means.
    pub fn resolve(&self, path: &str) -> Target {
        let Some(shown) = lock(&self.inner).shown.clone() else { return Target::None };
        let outputs = &shown.edition.outputs;
        match resolve(outputs, path) {
            Target::None if (shown.edition.late)(path) => Target::Output(path.to_owned()),
            Target::None => {
                let base = shown.edition.base_path.trim_matches('/');
                let inner = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
                match inner.filter(|_| !base.is_empty()) {
                    Some(inner) if (shown.edition.late)(inner) => Target::Output(inner.to_owned()),
                    Some(inner) => resolve(outputs, inner),
                    None => self.moved(outputs, path),
                }
            }
            target => target,
        }
    }

    /// Where the page that was at a path is now.
    fn moved(&self, outputs: &BTreeMap<String, Output>, path: &str) -> Target {
        let inner = lock(&self.inner);
        let mut next = inner.moved.get(path).or_else(|| inner.moved.get(&format!("{path}.html")));
        // A page may move again; and never in a circle, of which some output would be a part.
        for _ in 0..inner.moved.len() {
            let Some(place) = next else { break };
            if outputs.contains_key(place) {
                return Target::Moved(place.clone());
            }
            next = inner.moved.get(place);
        }
        Target::None
    }

    /// What to show for an output path. None when there is no such output.
    pub fn show(&self, path: &str) -> Option<Shown> {
        let (shown, before, told) = {
            let inner = lock(&self.inner);
            (inner.shown.clone()?, inner.before.clone(), inner.told.clone())
        };
        let (mut errors, marks) = (told.over(path), told.beside(path));
        let mut stale = !errors.is_empty() && !Arc::ptr_eq(&shown.told, &told);
        let late = || (shown.edition.late)(path).then_some(&Output::Page);
        let found = match shown.edition.outputs.get(path).or_else(late)? {
            Output::Page => {
                let result = self.rendered(&shown, path);
                let is_held = shown.told.pages.contains_key(path);
                let older = (is_held || result.is_err())
                    .then(|| self.last_good(before.as_deref(), path))
                    .flatten();
                stale |= older.is_some();
                // Much of what is wrong with a template is known before a page is made.
                match &result {
                    Err(complaint) if !errors.contains(complaint) => {
                        errors.push((**complaint).clone());
                    }
                    _ => {}
                }
                let found = older.or_else(|| result.ok());
                stale &= found.is_some();
                Found::Page(found)
            }
            other => Found::Asset(other.clone()),
        };
        let noindex = (shown.edition.noindex)(path);
        Some(Shown { found, errors, marks, stale, noindex })
    }

    /// What is to be said on a page that belongs to no output.
    pub fn nothing(&self) -> Shown {
        let told = lock(&self.inner).told.clone();
        let marks = told.beside("");
        Shown { found: Found::Page(None), errors: Vec::new(), marks, stale: false, noindex: false }
    }

    /// A page's bytes in an edition: rendered once.
    fn rendered(&self, stand: &Arc<Stand>, path: &str) -> Rendered {
        if let Some(done) = lock(&stand.rendered).get(path) {
            return done.clone();
        }
        let result: Rendered = (stand.edition.render)(path).map(Bytes::from);
        match &result {
            Ok(bytes) if !stand.told.pages.contains_key(path) => {
                let mut inner = lock(&self.inner);
                // Who began with an edition that is over has nothing newer to give.
                if inner.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, stand)) {
                    keep(&mut inner.good, path, bytes.clone());
                }
            }
            Ok(_) => {}
            Err(complaint) => {
                let known = lock(&stand.rendered);
                let told = known.values().any(|other| other.as_ref().err() == Some(complaint));
                drop(known);
                if !told && !stand.told.all.contains(complaint) {
                    (self.tell)(std::slice::from_ref(complaint));
                }
            }
        }
        keep(&mut lock(&stand.rendered), path, result.clone());
        result
    }

    /// The bytes that a page had before it failed.
    fn last_good(&self, before: Option<&Stand>, path: &str) -> Option<Bytes> {
        let kept = lock(&self.inner).good.get(path).cloned();
        kept.or_else(|| {
            let before = before.filter(|before| before.edition.outputs.contains_key(path))?;
            (before.edition.render)(path).ok().map(Bytes::from)
        })
    }
}

/// Remembers one more page, and forgets all when there are many.
fn keep<T>(pages: &mut HashMap<String, T>, path: &str, value: T) {
    if pages.len() >= KEPT {
        pages.clear();
    }
    pages.insert(path.to_owned(), value);
}

/// What a request path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An output.
    Output(String),
    /// A folder without its slash: relative links would break, so the browser is sent there.
    Folder(String),
    /// The output where the page is now that was at this path.
    Moved(String),
    /// Nothing.
    None,
}

/// Looks a path up, as hosts do: `a/` is `a/index.html`, `a` is `a.html`. Nothing but the
/// table of outputs is looked at.
fn resolve(outputs: &BTreeMap<String, Output>, path: &str) -> Target {
    let index = |folder: &str| format!("{folder}index.html");
    if path.is_empty() || path.ends_with('/') {
        let path = index(path);
        return if outputs.contains_key(&path) { Target::Output(path) } else { Target::None };
    }
    if outputs.contains_key(path) {
        return Target::Output(path.to_owned());
    }
    let page = format!("{path}.html");
    let folder = outputs.contains_key(&index(&format!("{path}/")));
    match (outputs.contains_key(&page), folder) {
        (true, false) => Target::Output(page),
        (_, true) => Target::Folder(format!("{path}/")),
        (false, false) => Target::None,
    }
}

/// Where the first of the changed files that a page is made from differs.
fn first_change(shown: &Stand, next: &Edition, changed: &[String]) -> Option<Place> {
    changed.iter().find_map(|path| next.first_change(&shown.edition, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(paths: &[&str]) -> BTreeMap<String, Output> {
        paths.iter().map(|path| ((*path).to_owned(), Output::Page)).collect()
    }

    #[test]
    fn paths_lead_where_hosts_lead_them() {
        let table = outputs(&[
            "index.html",
            "a.html",
            "b/index.html",
            "c.html",
            "c/index.html",
            "d/x.html",
            "黄.html",
        ]);
        let output = |path: &str| Target::Output(path.to_owned());
        for (asked, target) in [
            ("", output("index.html")),
            ("a", output("a.html")),
            ("a.html", output("a.html")),
            ("a/", Target::None),
            ("b", Target::Folder("b/".to_owned())),
            ("b/", output("b/index.html")),
            ("c", Target::Folder("c/".to_owned())),
            ("d", Target::None),
            ("黄", output("黄.html")),
            ("../a.html", Target::None),
            ("/a.html", Target::None),
        ] {
            assert_eq!(resolve(&table, asked), target, "{asked}");
        }
    }
}
