//! The text as the parser gets to see it: the file's own, then mended fault by fault.
//!
//! Each character remembers the byte of the source it stands for, so spans stay exact after
//! any mend. A mend that takes a value literally swaps YAML's punctuation for stand-ins from a
//! private plane, which [`Draft::restore`] turns back in the values.

use std::borrow::Cow;
use std::ops::Range;

use super::fault::Fault;
use crate::diagnostics::Diagnostic;
use crate::source::Span;

/// Stand-ins are this plus the ASCII character: in plane 15, for private use.
const STAND_IN: u32 = 0xF_0000;

/// A change that lets the parser go on. Ranges count characters of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mend {
    /// The characters are text, whatever they mean in YAML.
    Literal(Range<usize>),
    /// Other characters in their place.
    Replace(Range<usize>, String),
    /// Blanks in their place; line breaks stay.
    Blank(Range<usize>),
}

impl Mend {
    fn start(&self) -> usize {
        match self {
            Self::Literal(range) | Self::Replace(range, _) | Self::Blank(range) => range.start,
        }
    }
}

/// Text whose characters know their place in the source.
pub(super) struct Draft {
    chars: Vec<char>,
    /// For each character, and for the end, its byte offset in the source.
    at: Vec<u32>,
    /// Whether the text itself has characters that serve as stand-ins.
    taken: bool,
    masked: bool,
}

impl Draft {
    pub(super) fn new(text: &str, base: usize) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut at: Vec<u32> = text.char_indices().map(|(at, _)| (base + at) as u32).collect();
        at.push((base + text.len()) as u32);
        let taken = chars.iter().any(|char| stood_for(*char).is_some());
        Self { chars, at, taken, masked: false }
    }

    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(super) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// The source bytes of a range of characters; a range past the end is cut.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let last = self.at.len() - 1;
        let start = self.at[range.start.min(last)];
        let end = self.at[range.end.min(last)];
        Span { start, end: end.max(start) }
    }

    /// Tells faults and steps over them; false when that changes nothing.
    pub(super) fn mend(&mut self, faults: Vec<Fault>, told: &mut Vec<Diagnostic>) -> bool {
        let mut mends = Vec::new();
        for fault in faults {
            mends.extend(fault.mends);
            if !told.contains(&fault.diagnostic) {
                told.push(fault.diagnostic);
            }
        }
        self.apply(&mends)
    }

    /// Carries mends out; false when they change nothing.
    fn apply(&mut self, mends: &[Mend]) -> bool {
        let mut ordered: Vec<&Mend> = mends.iter().collect();
        ordered.sort_by_key(|mend| std::cmp::Reverse(mend.start()));
        let mut changed = false;
        for mend in ordered {
            changed |= match mend {
                Mend::Literal(range) => self.mask(range.clone()),
                Mend::Replace(range, with) => self.replace(range.clone(), with),
                Mend::Blank(range) => self.blank(range.clone()),
            };
        }
        changed
    }

    fn mask(&mut self, range: Range<usize>) -> bool {
        if self.taken {
            return self.blank(range);
        }
        let mut changed = false;
        for char in &mut self.chars[range] {
            if char.is_ascii_punctuation() {
                *char = char::from_u32(STAND_IN + *char as u32).unwrap_or(*char);
                changed = true;
            }
        }
        self.masked |= changed;
        changed
    }

    fn blank(&mut self, range: Range<usize>) -> bool {
        let mut changed = false;
        for char in &mut self.chars[range] {
            if !matches!(char, ' ' | '\n' | '\r') {
                *char = ' ';
                changed = true;
            }
        }
        changed
    }

    fn replace(&mut self, range: Range<usize>, with: &str) -> bool {
        if self.chars[range.clone()].iter().copied().eq(with.chars()) {
            return false;
        }
        let place = self.at[range.start];
        let count = with.chars().count();
        self.chars.splice(range.clone(), with.chars());
        self.at.splice(range, std::iter::repeat_n(place, count));
        true
    }

    /// A scalar's text with stand-ins turned back.
    pub(super) fn restore(&self, text: Cow<'_, str>) -> String {
        if !self.masked {
            return text.into_owned();
        }
        text.chars().map(|char| stood_for(char).unwrap_or(char)).collect()
    }
}

fn stood_for(char: char) -> Option<char> {
    let ascii = (char as u32).checked_sub(STAND_IN).filter(|code| *code < 128)?;
    char::from_u32(ascii)
}
