//! Bringing staged files into the output, and taking away what is no longer wanted.
//!
//! The order matters to a reader who loads a page meanwhile, and to a build that is killed:
//! the list of old and new files, then assets, pages, and pages that list others, then
//! deletions, then the list of the new files alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::list::{Digests, List, digest_of};
use super::stage::{Stage, Staged};
use super::{Error, Obstacle, Publication, Report};
use crate::load::OWNERSHIP_LIST;
use crate::pipeline::Output;

/// What lies where one of our files belongs, and is not ours: links, folders, and files that
/// no build wrote and whose bytes are others than ours (those only unless `clean`).
pub fn obstacles(
    out: &Path,
    outputs: &BTreeMap<String, Output>,
    old: &List,
    clean: bool,
) -> Vec<Obstacle> {
    let going = making_room(outputs, old);
    let mut found = BTreeMap::new();
    let mut folders = BTreeSet::new();
    for path in outputs.keys() {
        for (at, _) in path.match_indices('/') {
            folders.insert(&path[..at]);
        }
        let owned = clean || old.files.contains_key(path);
        let what = match fs::symlink_metadata(out.join(path)) {
            Ok(meta) if meta.is_symlink() => "a link",
            Ok(meta) if meta.is_dir() && !all_going(&out.join(path), path, &going) => "a folder",
            Ok(meta) if meta.is_file() && !owned && !equal_bytes(out, path, outputs) => "a file",
            _ => continue,
        };
        found.insert(path.as_str(), what);
    }
    for folder in folders {
        let what = match fs::symlink_metadata(out.join(folder)) {
            Ok(meta) if meta.is_symlink() => "a link",
            Ok(meta) if !meta.is_dir() && !going.contains(folder) => "a file",
            _ => continue,
        };
        found.insert(folder, what);
    }
    found.into_iter().map(|(path, what)| Obstacle { path: out.join(path), what }).collect()
}

/// A file with known bytes that are already there is taken over. (A page's bytes are not
/// known yet: an unknown file in its place is in the way.)
fn equal_bytes(out: &Path, path: &str, outputs: &BTreeMap<String, Output>) -> bool {
    match outputs.get(path) {
        Some(Output::Bytes(bytes)) => fs::read(out.join(path)).is_ok_and(|there| *there == **bytes),
        _ => false,
    }
}

/// Files of the old output where the new one has a folder, or the other way round: they have
/// to go before the new files come.
fn making_room<'a>(outputs: &BTreeMap<String, Output>, old: &'a List) -> BTreeSet<&'a str> {
    let gone = old.files.keys().filter(|path| !outputs.contains_key(*path));
    let becomes_folder = |path: &str| {
        let inner = format!("{path}/");
        outputs.range(inner.clone()..).next().is_some_and(|(next, _)| next.starts_with(&inner))
    };
    let folder_becomes_file =
        |path: &str| path.match_indices('/').any(|(at, _)| outputs.contains_key(&path[..at]));
    gone.map(String::as_str)
        .filter(|path| becomes_folder(path) || folder_becomes_file(path))
        .collect()
}

/// Whether everything in a folder makes room.
fn all_going(folder: &Path, prefix: &str, going: &BTreeSet<&str>) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().all(|entry| {
        let Some(name) = entry.file_name().to_str().map(|name| format!("{prefix}/{name}")) else {
            return false;
        };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => all_going(&entry.path(), &name, going),
            Ok(kind) => kind.is_file() && going.contains(name.as_str()),
            Err(_) => false,
        }
    })
}

/// Does it.
pub fn place(
    stage: &Stage,
    staged: &[Staged<'_>],
    publication: &Publication<'_>,
    old: &List,
    out: &Path,
    clean: bool,
) -> Result<Report, Error> {
    let files = staged.iter().map(|one| (one.path.to_owned(), Digests::One(one.digest.clone())));
    let mut new = List::new(files.collect(), Arc::clone(&publication.ids));
    let mut report = Report { files: staged.len(), ..Report::default() };
    let mut gone: BTreeSet<&str> =
        old.files.keys().chain(old.kept.keys()).map(String::as_str).collect();
    gone.retain(|path| !new.files.contains_key(*path));
    let mut changed: Vec<(&Staged<'_>, &Path)> =
        staged.iter().filter_map(|one| Some((one, one.waiting.as_deref()?))).collect();
    if changed.is_empty() && gone.is_empty() {
        write_list(stage, &new, old, out)?;
        return Ok(report);
    }
    let both = old.union(&new);
    write_list(stage, &both, old, out)?;
    let first = making_room(publication.outputs, old);
    let mut removal = Removal { old, out, clean, report: &mut report, kept: &mut new.kept };
    for path in &first {
        removal.remove(path)?;
    }
    changed.sort_by_key(|(one, _)| (turn(one), one.path));
    for same_turn in changed.chunk_by(|(one, _), (other, _)| turn(one) == turn(other)) {
        let moved = same_turn.par_iter().map(|(one, waiting)| {
            let target = out.join(one.path);
            let replaced = is_foreign(&target, old.files.get(one.path)).unwrap_or(true);
            move_into_place(waiting, &target)?;
            Ok(replaced.then(|| one.path.to_owned()))
        });
        let replaced: Vec<Option<String>> = moved.collect::<Result<_, Error>>()?;
        removal.report.changed += replaced.len();
        removal.report.replaced.extend(replaced.into_iter().flatten());
    }
    for path in gone.into_iter().filter(|path| !first.contains(path)) {
        removal.remove(path)?;
    }
    report.replaced.sort();
    write_list(stage, &new, &both, out)?;
    Ok(report)
}

/// Whether a file is there whose bytes no build wrote.
fn is_foreign(target: &Path, ours: Option<&Digests>) -> io::Result<bool> {
    match File::open(target).and_then(digest_of) {
        Ok(digest) => Ok(!ours.is_some_and(|ours| ours.contain(&digest))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Assets first, so that a new page finds them; pages that list others last, so that what
/// they link to is there.
fn turn(staged: &Staged<'_>) -> u8 {
    let page = matches!(staged.output, Output::Page);
    let index = staged.path == "index.html" || staged.path.ends_with("/index.html");
    match (page, index || !staged.path.ends_with(".html")) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    }
}

fn move_into_place(waiting: &Path, target: &Path) -> Result<(), Error> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(Error::disk(folder))?;
    }
    fs::rename(waiting, target).map_err(Error::disk(target))
}

fn write_list(stage: &Stage, list: &List, before: &List, out: &Path) -> Result<(), Error> {
    let path = out.join(OWNERSHIP_LIST);
    if list == before && path.is_file() {
        return Ok(());
    }
    let waiting = stage.put("list", &list.to_bytes())?;
    fs::rename(waiting, &path).map_err(Error::disk(&path))
}

/// Taking away what is no longer wanted.
struct Removal<'a> {
    old: &'a List,
    out: &'a Path,
    clean: bool,
    report: &'a mut Report,
    /// What stays although nobody wants it any more.
    kept: &'a mut BTreeMap<String, Digests>,
}

impl Removal<'_> {
    /// Deletes a file of an earlier build, if its bytes are still that build's, and the
    /// folders that are empty without it. A file that stays is told of once.
    fn remove(&mut self, path: &str) -> Result<(), Error> {
        let target = self.out.join(path);
        match fs::symlink_metadata(&target) {
            Ok(meta) if meta.is_file() && is_reached_without_links(self.out, path) => {}
            _ => return Ok(()), // gone already, or something else by now
        }
        let known = self.old.files.get(path);
        let ours = known.or_else(|| self.old.kept.get(path));
        if !self.clean && is_foreign(&target, ours).map_err(Error::disk(&target))? {
            if known.is_some() {
                self.report.kept.push(path.to_owned());
            }
            self.kept.extend(ours.map(|ours| (path.to_owned(), ours.clone())));
            return Ok(());
        }
        match fs::remove_file(&target) {
            Ok(()) => self.report.removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::Disk(target, error)),
        }
        let mut folder = target.parent();
        while let Some(empty) = folder.filter(|folder| *folder != self.out) {
            if fs::remove_dir(empty).is_err() {
                break; // not empty: others still need it
            }
            folder = empty.parent();
        }
        Ok(())
    }
}

/// Whether no folder on the way is a link, which could lead to somebody else's file.
fn is_reached_without_links(out: &Path, path: &str) -> bool {
    path.match_indices('/')
        .all(|(at, _)| fs::symlink_metadata(out.join(&path[..at])).is_ok_and(|meta| meta.is_dir()))
}
