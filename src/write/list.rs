//! The ownership list, `.postil.json` in the output: which files a build wrote, with which
//! bytes, and which ids stand on which page.
//!
//! It holds no time and no path of the machine: equal inputs give equal lists. While a build
//! is under way a file may have two digests, the old one and the new one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Error;
use crate::load::OWNERSHIP_LIST;

/// The format's version; an unknown one is not trusted.
const VERSION: u32 = 1;

/// A short BLAKE3 digest in hexadecimal.
pub type Digest = String;

/// The ids on a page, in its order, with a blank between two: a site has hundreds of thousands.
pub type Ids = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    version: u32,
    /// By path: the digests that the file may have.
    pub files: BTreeMap<String, Digests>,
    /// By path: the ids on the page.
    #[serde(default, skip_serializing_if = "no_ids")]
    #[serde(serialize_with = "write_ids", deserialize_with = "ids")]
    pub ids: Arc<Ids>,
    /// Files of earlier builds that are no longer wanted and stayed because something else had
    /// changed them, with the digests that would make them ours again. They count as foreign.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, Digests>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Digests {
    One(Digest),
    Several(Vec<Digest>),
}

/// Ids as they are written, or one by one, as they once were.
fn ids<'a, D: Deserializer<'a>>(from: D) -> Result<Arc<Ids>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Together(String),
        Apart(Vec<String>),
    }
    let written = BTreeMap::<String, Written>::deserialize(from)?;
    let joined = |(path, ids)| match ids {
        Written::Together(ids) => (path, ids),
        Written::Apart(ids) => (path, ids.join(" ")),
    };
    Ok(Arc::new(written.into_iter().map(joined).collect()))
}

fn write_ids<S: Serializer>(ids: &Arc<Ids>, to: S) -> Result<S::Ok, S::Error> {
    Ids::serialize(ids, to)
}

fn no_ids(ids: &Arc<Ids>) -> bool {
    ids.is_empty()
}

impl Digests {
    /// Whether bytes with this digest are ours.
    pub fn contain(&self, digest: &str) -> bool {
        match self {
            Self::One(one) => one == digest,
            Self::Several(all) => all.iter().any(|one| one == digest),
        }
    }

    fn joined(&self, other: &Self) -> Self {
        let each = |digests: &Self| match digests {
            Self::One(one) => vec![one.clone()],
            Self::Several(all) => all.clone(),
        };
        let mut all = each(self);
        all.extend(each(other));
        all.sort();
        all.dedup();
        match <[Digest; 1]>::try_from(all) {
            Ok([one]) => Self::One(one),
            Err(all) => Self::Several(all),
        }
    }
}

impl List {
    /// A list of these files.
    pub fn new(files: BTreeMap<String, Digests>, ids: Arc<Ids>) -> Self {
        Self { version: VERSION, files, ids, kept: BTreeMap::new() }
    }

    /// The output's list; empty when there is none. One that cannot be understood counts as
    /// none: nothing is ours then, so nothing gets deleted.
    pub fn read(out: &Path) -> Result<Self, Error> {
        let path = out.join(OWNERSHIP_LIST);
        let empty = Self::new(BTreeMap::new(), Arc::default());
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(empty),
            Err(error) => return Err(Error::Disk(path, error)),
        };
        let read: Option<Self> = serde_json::from_slice(&bytes).ok();
        let mut list = read.filter(|list| list.version == VERSION).unwrap_or(empty);
        // The list lies in a folder that others may write into: a path in it must not lead out.
        list.files.retain(|path, _| is_inner(path));
        list.kept.retain(|path, _| is_inner(path));
        Ok(list)
    }

    /// Both lists' files, each with the digests of both.
    pub fn union(&self, other: &Self) -> Self {
        let mut files = self.files.clone();
        for (path, digests) in &other.files {
            let joined = files.get(path).map_or_else(|| digests.clone(), |old| old.joined(digests));
            files.insert(path.clone(), joined);
        }
        Self { kept: self.kept.clone(), ..Self::new(files, Arc::clone(&self.ids)) }
    }

    /// As it is written.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a list of strings is JSON");
        bytes.push(b'\n');
        bytes
    }
}

/// A relative path that stays inside the folder: no empty part, no `.` or `..`, no drive.
pub fn is_inner(path: &str) -> bool {
    let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    plain && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    shorten(&blake3::hash(bytes))
}

/// The digest of all that a reader gives.
pub fn digest_of(reader: impl io::Read) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(reader)?;
    Ok(shorten(&hasher.finalize()))
}

/// 128 bits: enough that no two files of one site share them by chance.
fn shorten(hash: &blake3::Hash) -> Digest {
    hash.to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(files: &[(&str, &str)]) -> List {
        let files = files
            .iter()
            .map(|(path, digest)| ((*path).to_owned(), Digests::One((*digest).to_owned())));
        List::new(files.collect(), Arc::default())
    }

    #[test]
    fn a_union_knows_the_old_and_the_new_bytes() {
        let both = list(&[("a", "1"), ("b", "2")]).union(&list(&[("b", "3"), ("c", "4")]));
        assert!(both.files["a"].contain("1") && both.files["c"].contain("4"));
        assert!(both.files["b"].contain("2") && both.files["b"].contain("3"));
        assert!(!both.files["b"].contain("1"));
        let read: List = serde_json::from_slice(&both.to_bytes()).unwrap();
        assert_eq!(read, both);
    }

    #[test]
    fn paths_that_lead_out_are_not_believed() {
        for good in ["a.html", "a/b.html", "。.html", ".well-known/x", "a: b.html"] {
            assert!(is_inner(good), "{good}");
        }
        for bad in ["", "../a", "a/../b", "/a", "a//b", "a/", "./a", "a/."] {
            assert!(!is_inner(bad), "{bad}");
        }
    }
}
