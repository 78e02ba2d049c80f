//! What the preview shows: the last site that could be built, and what is wrong with the
//! present one.
//!
//! An edit that is wrong takes nothing away: errors in the content keep the whole last good
//! site, a template that fails keeps each page's last good bytes. It writes no disk and knows
//! no HTTP; pages are rendered when they are asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diagnostics::{Diagnostic, Severity};
use crate::pipeline::Output;
use crate::serve::events::{Listeners, News};

/// How many rendered pages are kept; a preview looks at few.
const KEPT: usize = 256;

/// Renders an [`Output::Page`].
pub type Render = Box<dyn Fn(&str) -> Result<Vec<u8>, Box<Diagnostic>> + Send + Sync>;

/// A site that can be asked for its pages.
pub struct Edition {
    /// By path in the output.
    pub outputs: BTreeMap<String, Output>,
    /// Renders a page.
    pub render: Render,
    /// Everything noticed in the content.
    pub diagnostics: Vec<Diagnostic>,
    /// The path of `base_url` (`/reading/`), below which the pages answer too.
    pub base_path: String,
}

/// An edition with the pages that were asked for.
struct Stand {
    edition: Edition,
    rendered: Mutex<HashMap<String, Rendered>>,
}

type Bytes = Arc<[u8]>;
type Rendered = Result<Bytes, Box<Diagnostic>>;

#[derive(Default)]
struct Inner {
    number: u64,
    shown: Option<Arc<Stand>>,
    /// The one before, for pages whose template fails now.
    before: Option<Arc<Stand>>,
    /// Of the latest reading, also when it is not shown.
    diagnostics: Arc<[Diagnostic]>,
    /// The last good bytes of pages that were asked for.
    good: HashMap<String, Bytes>,
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
    /// Errors: they lie over the page.
    pub errors: Vec<Diagnostic>,
    /// Warnings: a mark that opens a list.
    pub warnings: Vec<Diagnostic>,
    /// Whether the page is older than its sources.
    pub stale: bool,
}

/// Which files differ between the edition shown and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing but the theme's style sheets.
    Styles,
    /// Anything else.
    Any,
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

    /// The next edition. One with errors is not shown, unless there is nothing else to show:
    /// its diagnostics are, over the last good pages.
    pub fn update(&self, edition: Edition, change: Change) {
        let failing = edition.diagnostics.iter().any(|d| d.severity == Severity::Error);
        let news = {
            let mut inner = lock(&self.inner);
            let same_diagnostics = *inner.diagnostics == *edition.diagnostics;
            inner.diagnostics = edition.diagnostics.clone().into();
            let from = self.name(inner.number);
            inner.number += 1;
            let mut swap = Vec::new();
            if !failing || inner.shown.is_none() {
                if change == Change::Styles
                    && same_diagnostics
                    && let Some(shown) = &inner.shown
                {
                    swap = swaps(&shown.edition.outputs, &edition.outputs);
                }
                let stand = Arc::new(Stand { edition, rendered: Mutex::default() });
                inner.before = inner.shown.replace(stand);
            }
            News { state: self.name(inner.number), from, swap }
        };
        self.listeners.tell(&news);
    }

    /// The output path that a decoded request path means.
    pub fn resolve(&self, path: &str) -> Target {
        let Some(shown) = lock(&self.inner).shown.clone() else { return Target::None };
        let outputs = &shown.edition.outputs;
        match resolve(outputs, path) {
            Target::None => {
                let base = shown.edition.base_path.trim_matches('/');
                let inner = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
                match inner.filter(|_| !base.is_empty()) {
                    Some(inner) => resolve(outputs, inner),
                    None => Target::None,
                }
            }
            target => target,
        }
    }

    /// What to show for an output path. None when there is no such output.
    pub fn show(&self, path: &str) -> Option<Shown> {
        let (shown, before, diagnostics) = {
            let inner = lock(&self.inner);
            (inner.shown.clone()?, inner.before.clone(), inner.diagnostics.clone())
        };
        let of = |severity| {
            let all = diagnostics.iter().filter(move |d: &&Diagnostic| d.severity == severity);
            all.cloned().collect::<Vec<_>>()
        };
        let (mut errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let stands_for_older = *shown.edition.diagnostics != *diagnostics;
        let mut stale = !errors.is_empty() && stands_for_older;
        let found = match shown.edition.outputs.get(path)? {
            Output::Page => match self.rendered(&shown, path) {
                Ok(bytes) => Found::Page(Some(bytes)),
                Err(complaint) => {
                    errors.push(*complaint);
                    let bytes = self.last_good(before.as_deref(), path);
                    stale = bytes.is_some();
                    Found::Page(bytes)
                }
            },
            other => Found::Asset(other.clone()),
        };
        Some(Shown { found, errors, warnings, stale })
    }

    /// A page's bytes in an edition: rendered once.
    fn rendered(&self, stand: &Stand, path: &str) -> Rendered {
        if let Some(done) = lock(&stand.rendered).get(path) {
            return done.clone();
        }
        let result: Rendered = (stand.edition.render)(path).map(Bytes::from);
        match &result {
            Ok(bytes) => keep(&mut lock(&self.inner).good, path, bytes.clone()),
            Err(complaint) => {
                let known = lock(&stand.rendered);
                let told = known.values().any(|other| other.as_ref().err() == Some(complaint));
                drop(known);
                if !told {
                    (self.tell)(std::slice::from_ref(complaint));
                }
            }
        }
        keep(&mut lock(&stand.rendered), path, result.clone());
        result
    }

    /// The bytes a page had before its template failed.
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

/// Style sheets that got a new name with their new bytes: `assets/x.<old>.css` and
/// `assets/x.<new>.css`.
fn swaps(old: &BTreeMap<String, Output>, new: &BTreeMap<String, Output>) -> Vec<(String, String)> {
    fn stem(path: &str) -> Option<&str> {
        path.strip_suffix(".css")?.rsplit_once('.').map(|(stem, _)| stem)
    }
    let gone = old.keys().filter(|path| !new.contains_key(*path));
    gone.filter_map(|gone| {
        let stem_of_it = stem(gone)?;
        let mut fresh = new.keys().filter(|path| !old.contains_key(*path));
        let next = fresh.find(|path| stem(path) == Some(stem_of_it))?;
        Some((gone.clone(), next.clone()))
    })
    .collect()
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

    #[test]
    fn a_style_sheet_is_swapped_for_the_one_with_its_stem() {
        let old = outputs(&["assets/a.1.css", "assets/b.1.css", "x.html"]);
        let new = outputs(&["assets/a.2.css", "assets/b.1.css", "x.html"]);
        let pair = ("assets/a.1.css".to_owned(), "assets/a.2.css".to_owned());
        assert_eq!(swaps(&old, &new), [pair]);
    }
}
