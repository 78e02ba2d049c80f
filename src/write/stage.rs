//! The staging folder: new bytes wait in it until all of them are there.
//!
//! It lies on the output's own file system, so that a rename moves a file at once: beside the
//! output where that is possible, so that a build that is killed leaves nothing in a folder
//! that somebody may be copying to a host; else inside it. Bytes that the output already has
//! are not staged. Nothing outside it is changed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::list::{Digest, digest, digest_of};
use super::{Error, Known, Publication, Written};
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
        let outputs: Vec<(&'a String, &'a Output)> = publication.outputs.iter().collect();
        let results: Vec<Result<Staged<'a>, Failure>> = outputs
            .into_par_iter()
            .enumerate()
            .map(|(number, (path, output))| {
                let (target, room) = (out.join(path), self.path.join(number.to_string()));
                let known = publication.known.get(path);
                let known =
                    known.filter(|known| known.key.is_some() && known.is_untouched(&target));
                let staged = stage(publication, (path, output), known, &target, &room)?;
                progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                Ok(staged)
            })
            .collect();
        sort_out(results)
    }

    /// Puts bytes of our own (the list) into the staging folder.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
        let path = self.path.join(name);
        fs::write(&path, bytes).map_err(Error::disk(&path))?;
        Ok(path)
    }
}

/// Makes one output's bytes, unless the output has them: what is `known` was not touched since.
fn stage<'a>(
    publication: &Publication<'a>,
    (path, output): (&'a str, &'a Output),
    known: Option<&Written>,
    target: &Path,
    room: &Path,
) -> Result<Staged<'a>, Failure> {
    let (key, (digest, changed)) = match output {
        Output::Page => {
            let made = (publication.make)(path, known.and_then(|written| written.key));
            match (made.map_err(Failure::Template)?, known) {
                (Made::Unchanged, Some(written)) => (written.key, (written.digest.clone(), false)),
                (Made::Unchanged, None) => unreachable!("nothing is unchanged without a key"),
                (Made::Anew { bytes, key }, _) => {
                    (key, stage_bytes(&bytes, target, room).map_err(Failure::Disk)?)
                }
            }
        }
        Output::Bytes(bytes) => (None, stage_bytes(bytes, target, room).map_err(Failure::Disk)?),
        Output::Copy(asset) => (None, stage_copy(asset, target, room).map_err(Failure::Disk)?),
    };
    Ok(Staged { path, output, digest, waiting: changed.then(|| room.to_owned()), key })
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
