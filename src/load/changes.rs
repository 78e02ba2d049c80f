//! What differs between two readings of one site.

use std::cmp::Ordering;

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
    let (mut old, mut new) = (old.files.iter().peekable(), new.files.iter().peekable());
    let mut paths = Vec::new();
    // Both are in order, so one walk over them finds what only one of them has.
    loop {
        let order = match (old.peek(), new.peek()) {
            (Some((a, _)), Some((b, _))) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return paths,
        };
        let gone = if order == Ordering::Greater { None } else { old.next() };
        let fresh = if order == Ordering::Less { None } else { new.next() };
        if let (Some((_, before)), Some((_, now))) = (gone, fresh)
            && same(before, now)
        {
            continue;
        }
        paths.extend(gone.or(fresh).map(|(path, _)| path.clone()));
    }
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
