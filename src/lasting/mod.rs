//! What became of a page's ids: those that an edit moved (design, promise 2).
//!
//! An id comes from a text's first words (`paths::anchors`), so an edit to these moves it, and so
//! may one to the words that a short text takes in. The old page still has the old id and the
//! old words: `page` reads both, `align` finds the words again in the document as it is now, and
//! [`moved`] says where each old id leads. What it cannot find it does not guess: a link to words
//! that were removed leads to the page, and not to others.
//!
//! Two texts with one id begin with the same words, so an id that is still there needs no look.

mod align;
mod alike;
mod page;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::config::Moved;
use crate::diagnostics::{Diagnostic, nearest};
use crate::document::Document;
use crate::source::Source;

pub use places::{Places, Turn, Unit};

/// An id that a page had, and the id of the place that keeps it as an anchor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Former {
    /// The old id.
    pub was: String,
    /// A turn's, a block's or a heading's.
    pub now: String,
}

/// An old id whose words are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The old id.
    pub id: String,
    /// The first words that stood there; may be empty.
    pub words: String,
    /// The place before which, or after which, they stood.
    pub near: Option<String>,
}

/// What became of an old page's ids that the document does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Those whose words were found again.
    pub moved: Vec<Former>,
    /// The others.
    pub lost: Vec<Lost>,
}

/// Which place of a document keeps which old id. Where a new id has moved in its turn, the
/// record is followed to the end. An old id that the document has again needs no anchor.
pub fn place(
    document: &Document,
    source: &Source,
    moved: &[Moved],
) -> (Vec<Former>, Vec<Diagnostic>) {
    let known = ids(document);
    let next: BTreeMap<&str, &str> =
        moved.iter().map(|one| (&*one.was.value, &*one.now.value)).collect();
    let (mut formers, mut diagnostics) = (Vec::new(), Vec::new());
    for one in moved.iter().filter(|one| !known.contains(&*one.was.value)) {
        let mut now = &*one.now.value;
        for _ in 0..moved.len() {
            match next.get(now) {
                Some(further) if !known.contains(now) => now = further,
                _ => break,
            }
        }
        if known.contains(now) {
            formers.push(Former { was: one.was.value.clone(), now: now.to_owned() });
        } else {
            diagnostics.push(no_target(source, one, now, &known));
        }
    }
    (formers, diagnostics)
}

/// All anchors of a document's own.
fn ids(document: &Document) -> BTreeSet<&str> {
    document.anchors().collect()
}

fn no_target(source: &Source, one: &Moved, now: &str, known: &BTreeSet<&str>) -> Diagnostic {
    let message =
        format!("`{}` should lead to `{now}`, and the page has no such place", one.was.value);
    let hint = match nearest(now, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "copy an id from a permalink of the page (what follows `#`), or remove the line"
            .to_owned(),
    };
    Diagnostic::warning("ids/no-target", source, one.now.span, message).hint(hint)
}

/// What became of the ids of an old page that the new one does not have, and that `formers` do
/// not lead to a place yet.
pub fn moved(html: &str, document: &Document, formers: &[Former]) -> Moves {
    let (old, new) = (page::read(html), Places::of(document));
    let mut known: BTreeSet<&str> = document.anchors().collect();
    known.extend(formers.iter().map(|former| &*former.was));
    if old.ids().all(|id| known.contains(id)) {
        return Moves::default();
    }
    let found = align::align(&old.units, &new.units);
    let mut moves = Moves::default();
    for (at, unit) in old.units.iter().enumerate() {
        for id in unit.ids.iter().filter(|id| !known.contains(&***id)) {
            match found[at] {
                Some(to) => {
                    moves.moved.push(Former { was: id.clone(), now: new.units[to].id().to_owned() })
                }
                None => moves.lost.push(lost(id, unit, &found, at, &new)),
            }
        }
    }
    for turn in &old.turns {
        // Its words are where the first of its blocks is that is still there.
        let first = turn.units.clone().find_map(|unit| found.get(unit).copied().flatten());
        for id in turn.ids.iter().filter(|id| !known.contains(&***id)) {
            match first {
                Some(to) => {
                    moves.moved.push(Former { was: id.clone(), now: new.at(to).to_owned() })
                }
                None => {
                    let at = turn.units.start.min(old.units.len().saturating_sub(1));
                    let Some(unit) = old.units.get(at) else { continue };
                    moves.lost.push(lost(id, unit, &found, at, &new));
                }
            }
        }
    }
    moves.moved.sort();
    moves
}

fn lost(id: &str, unit: &Unit, found: &[Option<usize>], at: usize, new: &Places) -> Lost {
    let before = found[..at].iter().rev().find_map(|to| *to);
    let near = before.or_else(|| found[at..].iter().find_map(|to| *to));
    let near = near.map(|to| new.units[to].id().to_owned());
    Lost { id: id.to_owned(), words: unit.said.clone(), near }
}
