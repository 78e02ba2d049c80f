//! One build at a time into one output: a lock that the system releases when a build dies.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::Error;

const NAME: &str = ".postil.lock";
const PATIENCE: Duration = Duration::from_secs(30);

/// Held until dropped; the file goes with it.
pub struct Lock {
    path: PathBuf,
    /// The open file carries the lock.
    _file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is still held: nobody else can hold this file, and one who waits for
        // it notices that it is gone.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes the lock, waiting up to half a minute; `waiting` is called once if it has to.
pub fn take(out: &Path, waiting: &dyn Fn()) -> Result<Lock, Error> {
    let path = out.join(NAME);
    let start = Instant::now();
    let mut told = false;
    loop {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(Error::disk(&path))?;
        match file.try_lock() {
            Ok(()) if is_at(&file, &path) => return Ok(Lock { path, _file: file }),
            Ok(()) => continue, // the one who held it took the file away; open the new one
            Err(TryLockError::WouldBlock) => {}
            // Some network file systems have no locks; there, one builder has to be enough.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                return Ok(Lock { path, _file: file });
            }
            Err(TryLockError::Error(error)) => return Err(Error::Disk(path, error)),
        }
        if !std::mem::replace(&mut told, true) {
            waiting();
        }
        if start.elapsed() > PATIENCE {
            return Err(Error::Busy(out.to_owned()));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Whether the open file is still the one at the path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let here = file.metadata().map(|meta| (meta.dev(), meta.ino()));
    let there = fs::symlink_metadata(path).map(|meta| (meta.dev(), meta.ino()));
    matches!((here, there), (Ok(here), Ok(there)) if here == there)
}

/// Where an open file cannot be deleted, it is the one at the path.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
