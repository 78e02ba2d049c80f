//! A Markdown file of the site before anybody has looked into it: read when it is needed,
//! and forgotten again, so that ten thousand of them cost nothing.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Digest;
use crate::diagnostics::Diagnostic;
use crate::source::Source;

/// A file's text with what was noticed while it was read.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The text under its path.
    pub source: Source,
    /// A digest of the file's bytes.
    pub digest: Digest,
    /// What is wrong with the bytes.
    pub complaints: Vec<Diagnostic>,
}

/// Reads the file; what cannot be read is empty, with a complaint.
pub type ReadFile = Box<dyn Fn() -> Taken + Send + Sync>;

/// A Markdown file. Cheap to clone: clones know the same.
#[derive(Clone)]
pub struct Manuscript(Arc<Inner>);

struct Inner {
    path: String,
    read: ReadFile,
    digest: OnceLock<Digest>,
    /// The text, between the question for its digest and the one for itself.
    held: Mutex<Option<Taken>>,
}

impl fmt::Debug for Manuscript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manuscript").field("path", &self.0.path).finish_non_exhaustive()
    }
}

impl Manuscript {
    /// A file that nobody has read yet. `digest` is that of its bytes, if it is known from
    /// before.
    pub fn new(path: impl Into<String>, digest: Option<Digest>, read: ReadFile) -> Self {
        let known = OnceLock::new();
        if let Some(digest) = digest {
            let _ = known.set(digest); // it is new, so it is empty
        }
        Self(Arc::new(Inner { path: path.into(), read, digest: known, held: Mutex::new(None) }))
    }

    /// The path, relative to the site's folder, with forward slashes.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The digest of the file's bytes, if somebody has read them.
    pub fn known_digest(&self) -> Option<Digest> {
        self.0.digest.get().copied()
    }

    /// The digest of the file's bytes; reads them if nobody has yet, and holds the text until it
    /// is taken.
    pub fn digest(&self) -> Digest {
        *self.0.digest.get_or_init(|| {
            let taken = (self.0.read)();
            let digest = taken.digest;
            *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
            digest
        })
    }

    /// Whether a newer one has the same bytes as this had when somebody read them; what nobody
    /// has read is like nothing else.
    pub fn is_same(&self, newer: &Self) -> bool {
        Arc::ptr_eq(&self.0, &newer.0)
            || (self.0.path == newer.0.path && self.known_digest() == Some(newer.digest()))
    }

    /// The text. Whoever takes it drops it when it is done with.
    pub fn take(&self) -> Taken {
        let held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        let taken = held.unwrap_or_else(|| (self.0.read)());
        let _ = self.0.digest.set(taken.digest); // known already, unless this is the first reading
        taken
    }

    /// Its place for what points into it: the text is read when somebody looks at it.
    pub fn source(&self, digest: Digest) -> Source {
        let again = self.clone();
        let read = move || (again.0.read)().source.text().to_owned();
        Source::on_demand(&*self.0.path, digest, Arc::new(read))
    }
}
