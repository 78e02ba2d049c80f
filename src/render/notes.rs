//! Footnotes get their numbers from where they are first referred to.

use std::collections::HashMap;

use crate::document::{Document, MarkKind};

/// Numbers of a document's footnotes, from 1, in the order of their first references.
#[derive(Clone, Debug, Default)]
pub struct NoteNumbers<'a> {
    by_label: HashMap<&'a str, Note>,
    labels: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug)]
struct Note {
    number: usize,
    first: u32,
}

impl<'a> NoteNumbers<'a> {
    /// Goes through a document's references. A note that nothing refers to has no number.
    pub fn of(document: &'a Document) -> Self {
        let mut notes = Self::default();
        for mark in &document.marks {
            let MarkKind::Footnote(label) = &mark.kind else { continue };
            if document.footnotes.contains_key(label) && !notes.by_label.contains_key(&**label) {
                notes.labels.push(label);
                let note = Note { number: notes.labels.len(), first: mark.range.start };
                notes.by_label.insert(label, note);
            }
        }
        notes
    }

    /// The labels, by number.
    pub fn labels(&self) -> &[&'a str] {
        &self.labels
    }

    /// A reference's number, and whether it is the note's first reference.
    pub fn number(&self, label: &str, at: u32) -> Option<(usize, bool)> {
        self.by_label.get(label).map(|note| (note.number, note.first == at))
    }
}
