//! A file's text and all that was found in it, in few bytes.
//!
//! It lies in two parts. Pages about many files (a term's, a speaker's) show lines of the text and
//! nothing of its markup: they open the first part alone. That one is not compressed: words lose a
//! quarter by it, for more time than all the rest of packing takes.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Reading;
use crate::document::{BlockIndex, Item, SpeakerIndex, TextRange};
use crate::source::Source;

/// A reading in few bytes: how many the first part has, in four bytes, and both parts; of the second, how
/// many bytes it has when it is decompressed, in four, and LZ4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed(Arc<[u8]>);

/// A text without its markup, and what stands where in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract<'a> {
    /// [`Document::text`](crate::document::Document::text).
    pub text: &'a str,
    /// By [`BlockIndex`]: the block's id, and its text.
    #[serde(borrow)]
    pub blocks: Vec<(&'a str, TextRange)>,
    /// The turns' ids, who speaks, and which blocks are theirs.
    #[serde(borrow)]
    pub turns: Vec<(&'a str, Option<SpeakerIndex>, Range<BlockIndex>)>,
    /// By number of the reading's mention: its words, and its block.
    pub mentions: Vec<(TextRange, BlockIndex)>,
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(<&[u8]>::deserialize(from)?.into()))
    }
}

impl<'a> Extract<'a> {
    fn of(reading: &'a Reading) -> Self {
        let document = &reading.document;
        Self {
            text: &document.text,
            blocks: document.blocks.iter().map(|block| (&*block.id, block.text)).collect(),
            turns: document
                .turns()
                .map(|turn| (&*turn.id, turn.speaker, turn.blocks.clone()))
                .collect(),
            mentions: reading.mentions.iter().map(|one| (one.range, one.block)).collect(),
        }
    }

    /// The text under a range.
    pub fn slice(&self, range: TextRange) -> &'a str {
        &self.text[range.range()]
    }
}

impl Packed {
    /// Packs a reading. Where the file lies, and its text, are left out.
    pub fn of(reading: &Reading) -> Self {
        ROOM.with_borrow_mut(|Room { plain, packed }| {
            packed.clear();
            packed.extend([0; 4]);
            write(&Extract::of(reading), packed);
            let length = (packed.len() - 4) as u32;
            packed[..4].copy_from_slice(&length.to_le_bytes());
            plain.clear();
            write(reading, plain);
            compress(plain, packed);
            let done = Self(Arc::from(&packed[..]));
            plain.truncate(KEPT);
            plain.shrink_to(KEPT);
            packed.truncate(KEPT);
            packed.shrink_to(KEPT);
            done
        })
    }

    /// Whether both are one packing, by where it lies.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What it is packed as: the same for the same reading.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The reading again.
    pub fn unpack(&self, source: &Source) -> Reading {
        self.try_unpack(source).expect("packed by this program, or checked when it was read")
    }

    /// What the text says and where, without its markup.
    pub fn extract<T>(&self, ask: impl FnOnce(&Extract<'_>) -> T) -> T {
        self.try_extract(ask).expect("packed by this program, or checked when it was read")
    }

    /// The two parts.
    fn parts(&self) -> Option<(&[u8], &[u8])> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        rest.split_at_checked(u32::from_le_bytes(*length) as usize)
    }

    fn try_extract<T>(&self, ask: impl FnOnce(&Extract<'_>) -> T) -> Option<T> {
        Some(ask(&postcard::from_bytes(self.parts()?.0).ok()?))
    }

    fn try_unpack(&self, source: &Source) -> Option<Reading> {
        let plain = lz4_flex::decompress_size_prepended(self.parts()?.1).ok()?;
        let mut reading: Reading = postcard::from_bytes(&plain).ok()?;
        let document = &mut reading.document;
        self.try_extract(|extract| {
            extract.text.clone_into(&mut document.text);
            for (block, (id, _)) in document.blocks.iter_mut().zip(&extract.blocks) {
                (*id).clone_into(&mut block.id);
            }
            let turns = document.items.iter_mut().filter_map(|item| match item {
                Item::Turn(turn) => Some(turn),
                _ => None,
            });
            for (turn, (id, ..)) in turns.zip(&extract.turns) {
                (*id).clone_into(&mut turn.id);
            }
        })?;
        document.source = source.clone();
        for note in &mut document.front.notes {
            note.source = source.clone();
        }
        Some(reading)
    }
}

/// After a file that takes more, the rest of its room is given back.
const KEPT: usize = 1 << 20;

/// Room that serves file after file.
struct Room {
    /// What is packed, before it is.
    plain: Vec<u8>,
    packed: Vec<u8>,
}

thread_local! {
    static ROOM: RefCell<Room> = const { RefCell::new(Room { plain: Vec::new(), packed: Vec::new() }) };
}

fn write(part: &impl Serialize, to: &mut Vec<u8>) {
    postcard::serialize_with_flavor(part, Added(to)).expect("a reading holds nothing unpackable");
}

/// Adds how long a part is, in four bytes, and the part in fewer.
fn compress(plain: &[u8], to: &mut Vec<u8>) {
    to.extend((plain.len() as u32).to_le_bytes());
    let begin = to.len();
    to.resize(begin + lz4_flex::block::get_maximum_output_size(plain.len()), 0);
    let length = lz4_flex::block::compress_into(plain, &mut to[begin..]);
    to.truncate(begin + length.expect("there is room for the longest answer"));
}

/// Bytes that are added to a vector which is there already.
struct Added<'a>(&'a mut Vec<u8>);

impl Flavor for Added<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Context, parse};
    use crate::site::Summary;

    #[test]
    fn a_packed_reading_is_the_same_when_it_is_unpacked() {
        let text = "---\ntitle: T\ndate: 2024-05-01\nspeakers: [Host, Engineer]\nmine: {a: [1, x]}\n\
            notes: [{quote: Hello, note: A word.}]\n---\n# T\n\nBefore.[^1]\n\n**Host:** Hello *you* H<sub>2</sub>O.\n\n\
            **Engineer:** ![p](p.png) `code`\n\n> quote\n\n1. one\n2. two\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n\
            **Host:** Bye\\\nnow. [x](y.md)\n\n[^1]: A footnote.\n";
        let source = Source::new("x.md", text);
        let (document, _) = parse(&source, &Context::default());
        assert_eq!(document.turns().count(), 3, "the case has turns");
        let reading =
            Reading { document, mentions: Vec::new(), notes: Vec::new(), formers: Vec::new() };
        let packed = Packed::of(&reading);
        packed.extract(|extract| assert_eq!(*extract, Extract::of(&reading)));
        let again = packed.unpack(&source);
        assert_eq!(format!("{reading:?}"), format!("{again:?}"));
        let summary = Summary::of(&again, source);
        assert_eq!(
            summary.links.iter().map(|link| &*link.0).collect::<Vec<_>>(),
            ["p.png", "y.md"]
        );
    }
}
