//! The only writer: brings an output folder to a new state, design section 10.
//!
//! Everything that the content can make fail happens first: pages are rendered in parallel
//! into a staging folder beside the output, so memory stays flat and a rename is enough later.
//! Only then is the old output touched: the ownership list with the old and the new files,
//! each changed file renamed into place (assets, pages, lists), files that are no longer
//! wanted deleted, the list of the new files alone. A build that is killed at any moment
//! leaves each file old or new, and a list that names both.
//!
//! It replaces and deletes only what the ownership list names; links are never followed. It
//! knows nothing of pages: it gets paths, and a function that renders one.
#![allow(clippy::disallowed_methods, reason = "this module is the one that writes the disk")]

mod earlier;
mod list;
mod lock;
mod place;
mod stage;
mod weight;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostics::Diagnostic;
use crate::load::{self, Folder, OWNERSHIP_LIST, Stamp};
use crate::pipeline::{self, Inputs, Made, Output};

pub use earlier::Earlier;
pub use list::Ids;
use list::{Digest, List, digest_of};
pub use weight::{Weight, weigh};

/// Makes an [`Output::Page`] of a path, unless it would be what it was when it had the key.
pub type Make<'a> =
    dyn Fn(&str, Option<pipeline::Digest>) -> Result<Made, Box<Diagnostic>> + Sync + 'a;

/// Makes some pages, each as [`Make`] does, and gives each away with its place among them.
pub type MakeAll<'a> =
    dyn Fn(&[(&str, Option<pipeline::Digest>)], &(dyn Fn(usize, Making) + Sync)) + Sync + 'a;

/// What making a page gives.
pub type Making = Result<Made, Box<Diagnostic>>;

/// Pages that share work when they are made together.
#[derive(Default)]
pub struct Together<'a> {
    /// Their paths: those that are made in one go.
    pub parts: Vec<Vec<&'a str>>,
    /// Makes them; none when there are none.
    pub make: Option<&'a MakeAll<'a>>,
}

/// What is to be published.
pub struct Publication<'a> {
    /// By path in the output.
    pub outputs: &'a BTreeMap<String, Output>,
    /// Makes an [`Output::Page`].
    pub make: &'a Make<'a>,
    /// Pages that are better made together.
    pub together: Together<'a>,
    /// The ids that each page carries, with a blank between two, kept in the ownership list for later comparison.
    pub ids: Arc<Ids>,
    /// What an earlier publication into the same folder knew.
    pub known: &'a Known,
}

/// By path: what an earlier publication left in the output, the ownership list too.
pub type Known = BTreeMap<String, Written>;

/// A file of the output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Of all that it was made from; none where that is not known.
    pub key: Option<pipeline::Digest>,
    /// Of its bytes.
    digest: Digest,
    /// What it looked like when it was written.
    stamp: Stamp,
    /// Whether a change since then has to show in the stamp.
    settled: bool,
}

impl Written {
    /// Whether the file is still what was written.
    fn is_untouched(&self, path: &Path) -> bool {
        let same = load::stamp_of(path).is_some_and(|(stamp, _)| stamp == self.stamp);
        let equal = || File::open(path).and_then(digest_of).is_ok_and(|now| now == self.digest);
        same && (self.settled || equal())
    }
}

/// Whether an output is exactly what the publication left that knew this of it.
pub fn is_untouched(out: &Path, known: &Known) -> bool {
    known.contains_key(OWNERSHIP_LIST)
        && stage::is_swept(out)
        && known.par_iter().all(|(path, written)| written.is_untouched(&out.join(path)))
}

/// How it is to be published.
pub struct Manner<'a> {
    /// Replace and remove files in the way even when something else wrote or changed them.
    pub clean: bool,
    /// Called after each output is ready, with how many there are so far.
    pub progress: &'a (dyn Fn(usize) + Sync),
    /// Called once when another build holds the output and this one waits.
    pub waiting: &'a dyn Fn(),
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many files the output has.
    pub files: usize,
    /// How many of them are new or have new bytes.
    pub changed: usize,
    /// How many were deleted.
    pub removed: usize,
    /// Files of an earlier build that are no longer wanted, and stay because something else
    /// changed them since. Each is told of once.
    pub kept: Vec<String>,
    /// Files that now have the build's bytes, and had bytes that no build wrote.
    pub replaced: Vec<String>,
    /// What a later publication may begin with.
    pub known: Known,
}

/// Why nothing, or not everything, was published.
#[derive(Debug)]
pub enum Error {
    /// Templates that cannot be rendered; the output is as it was.
    Content(Vec<Diagnostic>),
    /// The output would lie on top of what it is made from.
    OverInput(PathBuf),
    /// Something in the output folder is not ours, and where one of our files belongs.
    InTheWay(Vec<Obstacle>),
    /// Another build holds the output.
    Busy(PathBuf),
    /// The system refused.
    Disk(PathBuf, io::Error),
}

/// One thing in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Where.
    pub path: PathBuf,
    /// What it is: `a link`, `a folder`, `a file`.
    pub what: &'static str,
}

impl Error {
    /// Wraps the system's error with the path it is about.
    fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Disk(path, error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(all) => write!(f, "{} templates cannot be rendered", all.len()),
            Self::OverInput(out) => write!(
                f,
                "cannot publish into {}: the site itself lies there\n  \
                 Name another folder with --out, outside of it",
                out.display()
            ),
            Self::InTheWay(obstacles) => {
                writeln!(f, "something that no earlier build wrote is in the way:")?;
                for obstacle in obstacles.iter().take(10) {
                    writeln!(f, "  {} ({})", obstacle.path.display(), obstacle.what)?;
                }
                if obstacles.len() > 10 {
                    writeln!(f, "  and {} more", obstacles.len() - 10)?;
                }
                write!(
                    f,
                    "  Nothing was changed. Move it away, or name another folder with --out"
                )?;
                if obstacles.iter().all(|obstacle| obstacle.what == "a file") {
                    write!(f, "; --clean replaces files.")?;
                }
                Ok(())
            }
            Self::Busy(out) => write!(
                f,
                "another build has been writing into {} for half a minute\n  \
                 Wait until it has finished, or end it.",
                out.display()
            ),
            Self::Disk(path, error) => write!(f, "cannot write {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// Refuses an output folder that holds, or is, what the site is made from.
///
/// # Errors
/// [`Error::OverInput`].
pub fn check_target(folder: &Folder, inputs: &Inputs, out: &Path) -> Result<(), Error> {
    let real = real_path(out);
    let root = real_path(&folder.root);
    let refuse = || Err(Error::OverInput(out.to_owned()));
    if root.starts_with(&real) {
        return refuse();
    }
    let parts = if folder.has_content { &["content", "templates", "static"][..] } else { &[] };
    if parts.iter().any(|part| real.starts_with(real_path(&folder.root.join(part)))) {
        return refuse();
    }
    let Ok(inner) = real.strip_prefix(&root) else { return Ok(()) };
    let prefix: Vec<String> =
        inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let prefix = format!("{}/", prefix.join("/"));
    if inputs.files.keys().any(|key| key.starts_with(&prefix)) { refuse() } else { Ok(()) }
}

/// Whether two paths lead to one place.
pub fn is_same(one: &Path, other: &Path) -> bool {
    real_path(one) == real_path(other)
}

/// The path without links, as far as it exists.
fn real_path(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        if let Ok(real) = fs::canonicalize(existing) {
            return missing.iter().rev().fold(real, |real, name| real.join(name));
        }
        match (existing.parent(), existing.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                existing = parent;
            }
            _ => return path,
        }
    }
}

/// Publishes into `out`.
///
/// # Errors
/// After [`Error::Content`], [`Error::OverInput`], [`Error::InTheWay`] and [`Error::Busy`]
/// the output is byte for byte as it was; after [`Error::Disk`] each file is old or new, and
/// the next build repairs the rest.
pub fn publish(
    publication: &Publication<'_>,
    out: &Path,
    manner: &Manner<'_>,
) -> Result<Report, Error> {
    let made = make_folder(out)?;
    let result = publish_into(publication, out, manner);
    if result.is_err() && made {
        // Only when it is empty: whatever was published before a failure stays.
        let _ = fs::remove_dir(out);
    }
    result
}

/// Makes the output folder; whether it was not there before.
fn make_folder(out: &Path) -> Result<bool, Error> {
    let exists = out.is_dir();
    fs::create_dir_all(out).map_err(Error::disk(out))?;
    Ok(!exists)
}

fn publish_into(
    publication: &Publication<'_>,
    out: &Path,
    manner: &Manner<'_>,
) -> Result<Report, Error> {
    if let Some(path) = publication.outputs.keys().find(|path| !list::is_inner(path)) {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "it would lie outside the output");
        return Err(Error::Disk(out.join(path), error));
    }
    let _lock = lock::take(out, manner.waiting)?;
    stage::sweep(out)?;
    let old = List::read(out)?;
    let obstacles = place::obstacles(out, publication.outputs, &old, manner.clean);
    if !obstacles.is_empty() {
        return Err(Error::InTheWay(obstacles));
    }
    let stage = stage::Stage::new(out)?;
    let staged = stage.fill(publication, out, manner.progress)?;
    let mut report = place::place(&stage, &staged, publication, &old, out, manner.clean)?;
    report.known = stage::known(&staged, out);
    Ok(report)
}
