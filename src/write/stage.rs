//! The staging folder: new bytes wait in it until all of them are there.
//!
//! It lies on the output's own file system, so that a rename moves a file at once: beside the
//! output where that is possible, so that a build that is killed leaves nothing in a folder
//! that somebody may be copying to a host; else inside it. Bytes that the output already has
//! are not staged. Nothing outside it is changed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::list::{Digest, digest, digest_of};
use super::{Error, Known, MakeAll, Making, Publication, Together, Written};
use crate::diagnostics::{self, Diagnostic};
use crate::load::{self, OWNERSHIP_LIST};
use crate::pipeline::{self, Asset, Made, Output};

const NAME: &str = ".postil-staging";

/// Removes what a build that was killed left behind. Called under the lock.
pub fn sweep(out: &Path) -> Result<(), Error> {
    for path in [Some(out.join(NAME)), beside(out)].into_iter().flatten() {
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_dir() => fs::remove_dir_all(&path).map_err(Error::disk(&path))?,
            Ok(_) => fs::remove_file(&path).map_err(Error::disk(&path))?,
            Err(_) => {}
        }
    }
    Ok(())
}

/// The place beside an output, which is this output's alone: `.public.postil-staging`.
fn beside(out: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(out).ok()?;
    let name = real.file_name()?.to_str()?;
    Some(real.parent()?.join(format!(".{name}{NAME}")))
}

/// A staging folder; gone when dropped.
pub struct Stage {
    path: PathBuf,
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// An output whose bytes are known by now.
pub struct Staged<'a> {
    /// Path in the output.
    pub path: &'a str,
    /// What it is.
    pub output: &'a Output,
    /// Of the new bytes.
    pub digest: Digest,
    /// Where the new bytes wait; none when the output has them already.
    pub waiting: Option<PathBuf>,
    /// Of all that it was made from, if that is known.
    key: Option<pipeline::Digest>,
}

/// Whether nothing is left of a build that was killed.
pub fn is_swept(out: &Path) -> bool {
    let mut places = [Some(out.join(NAME)), beside(out)].into_iter().flatten();
    places.all(|path| fs::symlink_metadata(path).is_err())
}

/// What a later publication may begin with.
pub fn known(staged: &[Staged<'_>], out: &Path) -> Known {
    let written = |path: &str, key, digest| {
        let (stamp, settled) = load::stamp_of(&out.join(path))?;
        Some((path.to_owned(), Written { key, digest, stamp, settled }))
    };
    let files = staged.par_iter().filter_map(|one| written(one.path, one.key, one.digest.clone()));
    let mut known: Known = files.collect();
    let list = File::open(out.join(OWNERSHIP_LIST)).and_then(digest_of).ok();
    known.extend(list.and_then(|digest| written(OWNERSHIP_LIST, None, digest)));
    known
}

/// Why one output has no bytes.
enum Failure {
    Template(Box<Diagnostic>),
    Disk(Error),
}

impl Stage {
    /// An empty staging folder.
    pub fn new(out: &Path) -> Result<Self, Error> {
        let inside = out.join(NAME);
        fs::create_dir(&inside).map_err(Error::disk(&inside))?;
        // What can be moved out can be moved in: the folder itself is the proof that both
        // places are on one file system and may be written.
        let moved = beside(out).filter(|path| fs::rename(&inside, path).is_ok());
        Ok(Self { path: moved.unwrap_or(inside) })
    }

    /// Renders and copies everything that the output does not have yet, in parallel; one
    /// page's bytes are in memory at a time and thread.
    pub fn fill<'a>(
        &self,
        publication: &Publication<'a>,
        out: &Path,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Staged<'a>>, Error> {
        let done = AtomicUsize::new(0);
        let ready = || progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        let outputs = publication.outputs.iter().enumerate();
        let jobs = outputs.map(|(number, (path, output))| {
            let (target, room) = (out.join(path), self.path.join(number.to_string()));
            Job { path, output, target, room }
        });
        let mut jobs: BTreeMap<&str, Job<'a>> = jobs.map(|job| (job.path, job)).collect();
        let mut results: Vec<Result<Staged<'a>, Failure>> = Vec::with_capacity(jobs.len());
        let Together { parts, make } = &publication.together;
        for (part, make) in parts.iter().zip(make.iter().cycle()) {
            let part: Vec<Job<'a>> = part.iter().filter_map(|path| jobs.remove(path)).collect();
            results.extend(stage_all(publication, &part, *make, &ready));
        }
        let alone = jobs.into_par_iter().map(|(_, job)| {
            let staged = stage(publication, &job);
            ready();
            staged
        });
        results.par_extend(alone);
        let mut staged = sort_out(results)?;
        staged.sort_unstable_by_key(|one| one.path);
        Ok(staged)
    }

    /// Puts bytes of our own (the list) into the staging folder.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
        let path = self.path.join(name);
        fs::write(&path, bytes).map_err(Error::disk(&path))?;
        Ok(path)
    }
}

/// One output to be staged.
struct Job<'a> {
    path: &'a str,
    output: &'a Output,
    /// Where it will lie.
    target: PathBuf,
    /// Where it waits until then.
    room: PathBuf,
}

impl<'a> Job<'a> {
    /// What is known of it and was not touched since.
    fn known<'b>(&self, publication: &Publication<'b>) -> Option<&'b Written> {
        let known = publication.known.get(self.path);
        known.filter(|known| known.key.is_some() && known.is_untouched(&self.target))
    }

    /// What was made of a page, staged unless the output has it.
    fn page(&self, made: Making, known: Option<&Written>) -> Result<Staged<'a>, Failure> {
        match (made.map_err(Failure::Template)?, known) {
            (Made::Unchanged, Some(written)) => {
                Ok(self.staged(written.key, (written.digest.clone(), false)))
            }
            (Made::Unchanged, None) => unreachable!("nothing is unchanged without a key"),
            (Made::Anew { bytes, key }, _) => Ok(self.staged(key, self.bytes(&bytes)?)),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> Result<(Digest, bool), Failure> {
        stage_bytes(bytes, &self.target, &self.room).map_err(Failure::Disk)
    }

    fn staged(
        &self,
        key: Option<pipeline::Digest>,
        (digest, changed): (Digest, bool),
    ) -> Staged<'a> {
        let waiting = changed.then(|| self.room.clone());
        Staged { path: self.path, output: self.output, digest, waiting, key }
    }
}

/// Makes one output's bytes, unless the output has them.
fn stage<'a>(publication: &Publication<'_>, job: &Job<'a>) -> Result<Staged<'a>, Failure> {
    match job.output {
        Output::Page => {
            let known = job.known(publication);
            job.page((publication.make)(job.path, known.and_then(|written| written.key)), known)
        }
        Output::Bytes(bytes) => Ok(job.staged(None, job.bytes(bytes)?)),
        Output::Copy(asset) => {
            let copied = stage_copy(asset, &job.target, &job.room).map_err(Failure::Disk)?;
            Ok(job.staged(None, copied))
        }
    }
}

/// The same for pages that are made together.
fn stage_all<'a>(
    publication: &Publication<'_>,
    jobs: &[Job<'a>],
    make: &MakeAll<'_>,
    ready: &(dyn Fn() + Sync),
) -> Vec<Result<Staged<'a>, Failure>> {
    let known: Vec<Option<&Written>> = jobs.par_iter().map(|job| job.known(publication)).collect();
    let wanted = jobs.iter().zip(&known);
    let wanted: Vec<(&str, Option<pipeline::Digest>)> =
        wanted.map(|(job, known)| (job.path, known.and_then(|written| written.key))).collect();
    let staged = Mutex::new(Vec::with_capacity(jobs.len()));
    make(&wanted, &|at, made| {
        let one = jobs[at].page(made, known[at]);
        staged.lock().unwrap_or_else(PoisonError::into_inner).push(one);
        ready();
    });
    staged.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// All that succeeded, or what is to be told: the disk's failure, else all templates'.
fn sort_out(results: Vec<Result<Staged<'_>, Failure>>) -> Result<Vec<Staged<'_>>, Error> {
    let mut staged = Vec::with_capacity(results.len());
    let mut complaints = Vec::new();
    for result in results {
        match result {
            Ok(one) => staged.push(one),
            Err(Failure::Template(complaint)) => complaints.push(*complaint),
            Err(Failure::Disk(error)) => return Err(error),
        }
    }
    if complaints.is_empty() {
        return Ok(staged);
    }
    diagnostics::arrange(&mut complaints);
    Err(Error::Content(complaints))
}

fn stage_bytes(bytes: &[u8], target: &Path, room: &Path) -> Result<(Digest, bool), Error> {
    let same = is_file_of_size(target, bytes.len() as u64)
        && fs::read(target).is_ok_and(|there| there == bytes);
    if !same {
        fs::write(room, bytes).map_err(Error::disk(room))?;
    }
    Ok((digest(bytes), !same))
}

fn stage_copy(asset: &Asset, target: &Path, room: &Path) -> Result<(Digest, bool), Error> {
    let open = || load::open(asset).map_err(Error::disk(&asset.disk));
    if is_file_of_size(target, asset.size)
        && let Ok(there) = File::open(target)
        && let Some(digest) = digest_if_equal(open()?, there).map_err(Error::disk(target))?
    {
        return Ok((digest, false));
    }
    // Read once and hashed on the way: a file that grows meanwhile is copied as far as it is.
    let mut source = open()?;
    let mut copy = File::create(room).map_err(Error::disk(room))?;
    io::copy(&mut source, &mut copy).map_err(Error::disk(room))?;
    drop(copy);
    let digest = File::open(room).and_then(digest_of).map_err(Error::disk(room))?;
    Ok((digest, true))
}

/// A link is no file of ours, also when it leads to equal bytes.
fn is_file_of_size(path: &Path, size: u64) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() == size)
}

/// The digest of two files' bytes if they are the same.
fn digest_if_equal(mut one: File, mut other: File) -> io::Result<Option<Digest>> {
    let mut hashed = blake3::Hasher::new();
    let (mut left, mut right) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let size = one.read(&mut left)?;
        if size == 0 {
            let end = other.read(&mut right)? == 0;
            return Ok(end.then(|| hashed.finalize().to_hex()[..32].to_owned()));
        }
        match other.read_exact(&mut right[..size]) {
            Ok(()) if left[..size] == right[..size] => hashed.update(&left[..size]),
            Ok(()) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
    }
}
