//! What is found in a transcript: its title, its headings, and its blocks.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::document::{BlockIndex, Document, Item};
use crate::site::Page;

/// A piece of text that is found as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// The anchor on the page; empty for its title.
    pub id: String,
    /// Who says it: the document's index of the speaker.
    pub speaker: Option<u32>,
    /// The text, composed.
    pub text: String,
}

/// A longer text is several units with the same id, which share so much.
const LONGEST: usize = 24_000;
const SHARED: usize = 200;

/// All units of a transcript, in reading order.
pub(super) fn of(page: &Page, document: &Document) -> Vec<Unit> {
    let mut units = Vec::with_capacity(document.blocks.len() + 8);
    push(&mut units, "", None, &page.title);
    for item in &document.items {
        match item {
            Item::Heading(heading) => {
                push(&mut units, &heading.id, None, document.slice(heading.text));
            }
            Item::Turn(turn) => blocks(&mut units, document, &turn.blocks, turn.speaker),
            Item::Prose(range) => blocks(&mut units, document, range, None),
        }
    }
    units
}

fn blocks(
    units: &mut Vec<Unit>,
    document: &Document,
    range: &std::ops::Range<BlockIndex>,
    speaker: Option<u32>,
) {
    for block in document.blocks_of(range) {
        push(units, &block.id, speaker, document.slice(block.text));
    }
}

fn push(units: &mut Vec<Unit>, id: &str, speaker: Option<u32>, text: &str) {
    let mut rest = text;
    while !rest.trim().is_empty() {
        let end = boundary(rest, LONGEST);
        let part = &rest[..end];
        let text = if is_nfc(part) { part.to_owned() } else { part.nfc().collect() };
        units.push(Unit { id: id.to_owned(), speaker, text });
        if end == rest.len() {
            break;
        }
        rest = &rest[boundary(rest, end - SHARED)..];
    }
}

/// The last boundary of characters at or before a byte.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_long_block_is_several_units_that_overlap() {
        let text: String = ('一'..='鿿').cycle().take(20_000).collect();
        let mut units = Vec::new();
        push(&mut units, "p-1", None, &text);
        assert_eq!(units.len(), 3);
        assert!(units.iter().all(|unit| unit.text.len() <= LONGEST && unit.id == "p-1"));
        for two in units.windows(2) {
            let shared: String = two[1].text.chars().take(60).collect();
            assert!(two[0].text.ends_with(&two[0].text[two[0].text.find(&shared).unwrap()..]));
        }
    }
}
