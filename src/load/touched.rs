//! Reading only what somebody has just written.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::walk::{Found, is_left_by_an_editor, stamp_of};
use super::{Reader, Text, text};
use crate::pipeline::{File, Inputs};

impl Reader {
    /// What [`Reader::read`] would give, if of all files only `touched` may differ from `last`,
    /// which is what was read last. None where more than some texts of transcripts may be others: a
    /// new file, one that is gone, a folder, a setting; then all of it has to be read.
    pub fn read_touched(&mut self, last: &Inputs, touched: &[PathBuf]) -> Option<Inputs> {
        let now = SystemTime::now();
        let mut again = Vec::new();
        for disk in touched {
            let inner = disk.strip_prefix(&self.folder.root).ok()?.to_str()?;
            let key = inner.replace(std::path::MAIN_SEPARATOR, "/");
            if !self.is_passing(last, &key, disk)? {
                again.push(Found { key, disk: disk.clone(), stamp: stamp_of(disk)?.0 });
            }
        }
        let mut inputs = last.clone();
        for found in again {
            let (key, seen) = text(found, &self.seen, &self.known, now)?;
            let Text::Unread(manuscript) = &seen.text else { return None };
            inputs.files.insert(key.clone(), File::Markdown(manuscript.clone()));
            self.seen.insert(key, seen);
        }
        Some(inputs)
    }

    /// Whether a path is only the trace of a save: a backup, a file that had another name for a
    /// moment. False for a transcript that was there before, none for everything else.
    fn is_passing(&self, last: &Inputs, key: &str, disk: &Path) -> Option<bool> {
        if self.seen.get(key).is_some_and(|seen| matches!(seen.text, Text::Unread(_))) {
            return Some(false);
        }
        let folder = format!("{key}/");
        let is_below = |(first, _): (&String, &File)| first.starts_with(&folder);
        // What lies in a folder comes right behind its name and a slash.
        let was_there = last.files.contains_key(key)
            || last.files.range(folder.clone()..).next().is_some_and(is_below);
        let left = key.split('/').any(|name| name.starts_with('.'))
            || key.rsplit('/').next().is_some_and(is_left_by_an_editor);
        // Of `static/` such files count too.
        let left = left && !key.starts_with("static/");
        let gone = || fs::symlink_metadata(disk).is_err();
        (!was_there && (left || gone())).then_some(true)
    }
}
