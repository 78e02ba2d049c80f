//! What differs between two readings of one site.

use crate::pipeline::{File, Inputs, Manuscript};

/// The paths at which two readings of one site differ, sorted.
pub fn changes(old: &Inputs, new: &Inputs) -> Vec<String> {
    let same = |a: &File, b: &File| match (a, b) {
        (File::Text(a), File::Text(b)) => a == b,
        (File::Markdown(a), File::Markdown(b)) => is_same(a, b),
        (File::Bytes(a), File::Bytes(b)) => a == b,
        (File::Asset(a), File::Asset(b)) => a == b,
        _ => false,
    };
    let gone = old.files.keys().filter(|path| !new.files.contains_key(*path));
    let fresh = new
        .files
        .iter()
        .filter(|(path, file)| !old.files.get(*path).is_some_and(|before| same(before, file)));
    let mut paths: Vec<String> = gone.chain(fresh.map(|(path, _)| path)).cloned().collect();
    paths.sort();
    paths
}

/// Whether two readings of a Markdown file are the same. The text that had to be read for that is
/// not held: nobody will ask for it (`touch *` would leave a whole site in memory).
fn is_same(a: &Manuscript, b: &Manuscript) -> bool {
    let is_fresh = b.known_digest().is_none();
    let same = a.is_same(b);
    if same && is_fresh && b.known_digest().is_some() {
        drop(b.take());
    }
    same
}
