//! What a later build may begin with: `.postil/` in the site's folder.
//!
//! It holds what was made of each file (`cache/`, which the preview of a large site keeps, too), the
//! files' stamps, so that an unchanged file is not read again (`stamps`), what was written into an
//! output and from what (`outputs-…`), and what the build said that wrote it (`said-…`).
//! Nothing in it changes what a build writes: whatever does not fit is not used, whatever is
//! damaged counts as missing, and the folder may be deleted at any time. Only the program that
//! wrote it reads it. Each file is written beside its place and renamed.
#![allow(clippy::disallowed_methods, reason = "it reads and writes a folder of its own")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::load::{Folder, Remembered};
use crate::pipeline::{Digest, Entry, digest};
use crate::write::Known;

/// Into how many files the entries of a site go, so that an edit rewrites few of them.
const SHARDS: u8 = 64;

/// The cache of one site.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    program: Digest,
}

/// Which entries lie in a shard: their digest.
pub type Shards = BTreeMap<u8, Digest>;

impl Cache {
    /// The cache of a site.
    pub fn of(folder: &Folder) -> Self {
        Self { folder: folder.root.join(".postil"), program: program() }
    }

    /// The stamps of all files.
    pub fn stamps(&self) -> Vec<Remembered> {
        self.get("stamps").unwrap_or_default()
    }

    /// All entries by content path, and which of them lie together.
    pub fn entries(&self) -> (Vec<(String, Entry)>, Shards) {
        let read = |shard: u8| {
            let entries: Vec<(String, Entry)> = self.get(&shard_name(shard))?;
            Some((shard, contents(entries.iter().map(|(path, entry)| (&**path, entry))), entries))
        };
        let shards: Vec<_> = (0..SHARDS).into_par_iter().filter_map(read).collect();
        let known = shards.iter().map(|(shard, digest, _)| (*shard, *digest)).collect();
        (shards.into_iter().flat_map(|(.., entries)| entries).collect(), known)
    }

    /// What is known of an output.
    pub fn outputs(&self, out: &Path) -> Known {
        self.get(&output_name(out)).unwrap_or_default()
    }

    /// What the last build into an output said of it.
    pub fn said<T: DeserializeOwned>(&self, out: &Path) -> Option<T> {
        self.get(&said_name(out))
    }

    /// Keeps what a build said; none where nothing may be taken over.
    pub fn keep_said<T: Serialize>(&self, out: &Path, said: Option<&T>) {
        match said {
            Some(said) => self.put(&said_name(out), said),
            None => drop(fs::remove_file(self.folder.join(said_name(out)))),
        }
    }

    /// Keeps everything. A folder that cannot be written keeps nothing.
    pub fn keep<'a>(
        &self,
        stamps: &[Remembered],
        entries: impl Iterator<Item = (&'a str, &'a Arc<Entry>)>,
        known: &Shards,
        (out, outputs): (&Path, &Known),
    ) {
        self.keep_entries(entries, known);
        self.put("stamps", &stamps);
        self.put(&output_name(out), outputs);
    }

    /// Keeps what was made of each file, by content path; `known` are the shards that were read.
    pub fn keep_entries<'a>(
        &self,
        entries: impl Iterator<Item = (&'a str, &'a Arc<Entry>)>,
        known: &Shards,
    ) {
        if fs::create_dir_all(self.folder.join("cache")).is_err() {
            return;
        }
        let ignore = self.folder.join(".gitignore");
        if !ignore.exists() {
            let _ = fs::write(ignore, "*\n"); // without it the folder is only less tidy
        }
        let mut shards: BTreeMap<u8, Vec<(&str, &Entry)>> = BTreeMap::new();
        for (path, entry) in entries {
            shards.entry(shard_of(path)).or_default().push((path, entry));
        }
        let all: BTreeSet<u8> = shards.keys().chain(known.keys()).copied().collect();
        all.into_par_iter().for_each(|shard| {
            let mut entries = shards.get(&shard).cloned().unwrap_or_default();
            entries.sort_by_key(|(path, _)| *path);
            if known.get(&shard) != Some(&contents(entries.iter().copied())) {
                self.put(&shard_name(shard), &entries);
            }
        });
    }

    /// A value, unless it is damaged or another program's.
    fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let bytes = fs::read(self.folder.join(name)).ok()?;
        let (head, body) = bytes.split_at_checked(32)?;
        let fits = head[..16] == self.program && head[16..] == digest(body);
        fits.then(|| postcard::from_bytes(body).ok())?
    }

    fn put(&self, name: &str, value: &impl Serialize) {
        let Ok(body) = postcard::to_allocvec(value) else { return };
        let mut bytes = Vec::with_capacity(body.len() + 32);
        bytes.extend(self.program);
        bytes.extend(digest(&body));
        bytes.extend(body);
        let (path, beside) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        if fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).is_err() {
            let _ = fs::remove_file(beside); // a full disk: nothing is kept
        }
    }
}

fn shard_of(path: &str) -> u8 {
    digest(path.as_bytes())[0] % SHARDS
}

fn shard_name(shard: u8) -> String {
    format!("cache/{shard:02}")
}

/// The files of one output folder.
fn output_name(out: &Path) -> String {
    format!("outputs-{}", name_of(out))
}

fn said_name(out: &Path) -> String {
    format!("said-{}", name_of(out))
}

fn name_of(out: &Path) -> String {
    let path = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    let name = digest(path.as_os_str().as_encoded_bytes());
    data_encoding::HEXLOWER.encode(&name[..6])
}

fn contents<'a>(entries: impl Iterator<Item = (&'a str, &'a Entry)>) -> Digest {
    let mut all = Vec::new();
    for (path, entry) in entries {
        all.extend(path.as_bytes());
        all.extend(entry.key());
    }
    digest(&all)
}

/// Tells this program from others: its version, and the file that it runs from.
fn program() -> Digest {
    let own = std::env::current_exe().ok().and_then(|path| fs::metadata(path).ok());
    let modified = own.as_ref().and_then(|meta| meta.modified().ok());
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let size = own.map_or(0, |meta| meta.len());
    digest(format!("{} {size} {modified:?}", env!("CARGO_PKG_VERSION")).as_bytes())
}
