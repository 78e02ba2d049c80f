//! Footnotes and editorial notes share one row of numbers, in the order of where they first
//! stand in the text.

use std::collections::HashMap;

use crate::document::{Document, Leaf, Mark, MarkKind, TextRange};
use crate::notes::Placed;

/// Numbers of a page's notes, from 1.
#[derive(Clone, Debug, Default)]
pub struct NoteNumbers<'a> {
    all: Vec<Numbered<'a>>,
    /// By a footnote's label: its number, and the first of its references.
    by_label: HashMap<&'a str, (usize, &'a Mark)>,
    /// Where the numbers of editorial notes stand, sorted, with the numbers.
    ends: Vec<(u32, usize)>,
}

/// A note with its place.
#[derive(Clone, Copy, Debug)]
pub struct Numbered<'a> {
    /// What it is.
    pub kind: NoteKind<'a>,
    /// Where its number first stands, in the document's text.
    pub at: u32,
}

impl Numbered<'_> {
    /// Whether its number first stands in a block's text.
    fn stands_in(&self, text: TextRange) -> bool {
        let inside = text.start <= self.at && self.at <= text.end;
        match self.kind {
            NoteKind::Editorial(_) => inside && text.start < self.at,
            NoteKind::Footnote(_) => inside,
        }
    }
}

/// The kinds of notes.
#[derive(Clone, Copy, Debug)]
pub enum NoteKind<'a> {
    /// The author's, by its label: the key of [`Document::footnotes`].
    Footnote(&'a str),
    /// The editor's.
    Editorial(&'a Placed),
}

impl<'a> NoteNumbers<'a> {
    /// Goes through a document's references and the notes on it, which are in reading order. A
    /// footnote that nothing refers to has no number.
    pub fn of(document: &'a Document, placed: &'a [Placed]) -> Self {
        let mut notes = Self::default();
        let mut placed = placed.iter().peekable();
        for mark in &document.marks {
            let MarkKind::Footnote(label) = &mark.kind else { continue };
            while let Some(note) = placed.next_if(|note| note.words.end <= mark.range.start) {
                notes.editorial(note);
            }
            if document.footnotes.contains_key(&**label) && !notes.by_label.contains_key(&**label) {
                let at = mark.range.start;
                notes.all.push(Numbered { kind: NoteKind::Footnote(label), at });
                notes.by_label.insert(label, (notes.all.len(), mark));
            }
        }
        placed.for_each(|note| notes.editorial(note));
        notes
    }

    fn editorial(&mut self, note: &'a Placed) {
        let at = note.words.end;
        self.all.push(Numbered { kind: NoteKind::Editorial(note), at });
        self.ends.push((at, self.all.len()));
    }

    /// All notes, by number.
    pub fn all(&self) -> &[Numbered<'a>] {
        &self.all
    }

    /// The numbers of the notes that first stand in a block's text.
    pub fn within(&self, text: TextRange) -> Vec<usize> {
        let numbered = self.all.iter().enumerate();
        numbered.filter(|(_, note)| note.stands_in(text)).map(|(at, _)| at + 1).collect()
    }

    /// Whether a note first stands in one of the document's blocks: not in a heading, nor in
    /// another note.
    pub fn is_beside(&self, document: &Document, number: usize) -> bool {
        let Some(note) = self.all.get(number - 1) else { return false };
        let from = document.blocks.partition_point(|block| block.text.end < note.at);
        let near = document.blocks[from..].iter().take_while(|block| block.text.start <= note.at);
        near.map(|block| block.text).any(|text| note.stands_in(text))
    }

    /// A reference's number, and whether it is the footnote's first reference.
    /// Two may stand at one place, since a reference has no text.
    pub(super) fn number(&self, label: &str, mark: &Mark) -> Option<(usize, bool)> {
        let (number, first) = *self.by_label.get(label)?;
        Some((number, std::ptr::eq(first, mark)))
    }

    /// Where the numbers of editorial notes stand in a leaf.
    pub(super) fn ends_in(&self, leaf: Leaf) -> &[(u32, usize)] {
        let from = self.ends.partition_point(|(at, _)| *at <= leaf.start);
        let to = self.ends.partition_point(|(at, _)| *at <= leaf.end);
        &self.ends[from..to.max(from)]
    }
}
