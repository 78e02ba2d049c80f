//! Reads an output that was written earlier, here or by another machine.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::list::List;
use crate::load::OWNERSHIP_LIST;

/// An output folder that has an ownership list.
#[derive(Debug)]
pub struct Earlier {
    out: PathBuf,
    list: List,
}

impl Earlier {
    /// Opens an output; none where no build has written into the folder.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn open(out: &Path) -> Result<Option<Self>, Error> {
        let path = out.join(OWNERSHIP_LIST);
        if !path.try_exists().map_err(Error::disk(&path))? {
            return Ok(None);
        }
        let list = List::read(out)?;
        let empty = list.files.is_empty() && list.ids.is_empty();
        Ok((!empty).then(|| Self { out: out.to_owned(), list }))
    }

    /// Pages with turns, and their turns' ids with a blank between two.
    pub fn turn_ids(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.ids.iter().map(|(path, ids)| (path.as_str(), ids.as_str()))
    }

    /// A page as it was written; none where there was none.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn page(&self, path: &str) -> Result<Option<String>, Error> {
        if !self.list.files.contains_key(path) {
            return Ok(None);
        }
        let path = self.out.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::Disk(path, error)),
        }
    }
}
