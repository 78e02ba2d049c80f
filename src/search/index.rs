//! For each key the units that have it.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};
use rayon::prelude::*;

use super::Search;
use super::files;
use super::fold::is_cjk;
use super::keys::{Keys, SPOTS};
use super::names;
use super::units::{self, Unit};
use crate::site::{PageIndex, Site};

/// Documents that are read at a time.
const AT_A_TIME: usize = 64;

/// Of so many units a key of two characters does not say where it stands: they are soon read, and saying it
/// of all would make the index larger by a fifth. A word beside a character is rare, and says it of all.
const RARE: u32 = 400;
/// What stands before the first unit of which it is said.
pub(super) const SPOTTED: u8 = b'~';
/// The lowest bits of their numbers are the spot.
const SPOT_BITS: u32 = u8::BITS - SPOTS.leading_zeros();

/// The units of a key: the gaps between them, five bits a character; behind [`SPOTTED`] eight times
/// the gap, and the spot.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    /// See [`number`].
    pub text: Vec<u8>,
    /// One past the last unit.
    pub next: u32,
    /// So many more units come before the first with a spot.
    rare: u32,
}

impl Postings {
    /// Those of a key that has spots: none yet.
    fn spotted(key: &str) -> Self {
        if key.chars().all(is_cjk) {
            Self { rare: RARE, ..Self::default() }
        } else {
            Self { text: vec![SPOTTED], ..Self::default() }
        }
    }

    /// Adds a unit behind all others.
    pub fn add(&mut self, unit: u32) {
        number(&mut self.text, unit - self.next);
        self.next = unit + 1;
    }

    /// Adds a unit in which the key has a spot, or 0 for none; the last one may be added again.
    fn add_at(&mut self, unit: u32, spot: u8) {
        if self.next == unit + 1 {
            return self.add_again(spot);
        }
        if spot == 0 {
            return self.add(unit);
        }
        if self.rare > 0 {
            self.add(unit);
            self.rare -= 1;
            if self.rare == 0 {
                self.text.push(SPOTTED);
            }
            return;
        }
        number(&mut self.text, (unit - self.next) << SPOT_BITS | u32::from(spot));
        self.next = unit + 1;
    }

    /// The last unit has the key once more. At another spot, it is 0: nothing is known of where it stands.
    fn add_again(&mut self, spot: u8) {
        let last = self.text.len() - 1;
        if spot == 0 || self.rare > 0 || self.text[last] == SPOTTED {
            return;
        }
        // The first letter of the last number: those before its last have 32 added.
        let goes_on = |letter: &&u8| **letter != SPOTTED && value(**letter) >= 32;
        let first = last - self.text[..last].iter().rev().take_while(goes_on).count();
        let known = value(self.text[first]);
        let mask = (1 << SPOT_BITS) - 1;
        if known & mask != u32::from(spot) {
            self.text[first] = LETTERS[(known & !mask) as usize];
        }
    }
}

/// A number in the letters of base 64: five bits each, the lowest first; all but the last with 32
/// added. The gap between two units takes one or two.
pub(super) fn number(out: &mut Vec<u8>, mut n: u32) {
    while n >= 32 {
        out.push(LETTERS[32 + (n & 31) as usize]);
        n >>= 5;
    }
    out.push(LETTERS[n as usize]);
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The five bits of a letter, and 32 if more follow.
fn value(letter: u8) -> u32 {
    match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'-' => 62,
        _ => 63,
    }
}

/// Where each number of postings ends, in bytes, and from what number its gap counts.
pub(super) fn numbers(text: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let (mut next, mut gap, mut shift, mut spotted) = (0, 0, 0, false);
    text.iter().enumerate().filter_map(move |(at, letter)| {
        if *letter == SPOTTED {
            spotted = true;
            return None;
        }
        let value = value(*letter);
        gap |= (value & 31) << shift;
        shift += 5;
        if value >= 32 {
            return None;
        }
        let from = next;
        next += if spotted { gap >> SPOT_BITS } else { gap } + 1;
        (gap, shift) = (0, 0);
        Some((at + 1, from))
    })
}

/// One document, read.
struct Read {
    /// How many bytes of text each unit has.
    sizes: Vec<u32>,
    /// All keys, one behind the other.
    keys: String,
    /// Each key: its hash, where it ends, its unit, and its spot there.
    places: Vec<(u64, u32, u32, u8)>,
}

/// A part of all keys, by their hashes, with their units.
#[derive(Default)]
struct Part(HashTable<Keyed>);

struct Keyed {
    hash: u64,
    key: Box<str>,
    units: Postings,
}

impl Part {
    fn add(&mut self, hash: u64, key: &str, unit: u32, spot: u8) {
        let entry = self.0.entry(
            hash,
            |known| known.hash == hash && *known.key == *key,
            |known| known.hash,
        );
        let new = || {
            let units = if spot > 0 { Postings::spotted(key) } else { Postings::default() };
            Keyed { hash, key: key.into(), units }
        };
        entry.or_insert_with(new).into_mut().units.add_at(unit, spot);
    }
}

pub(super) fn build(site: &Site, documents: Vec<PageIndex>) -> Search {
    let hasher = DefaultHashBuilder::default();
    let mut parts: Vec<Part> = Vec::new();
    parts.resize_with(rayon::current_num_threads(), Part::default);
    let mut first_unit = Vec::with_capacity(documents.len() + 1);
    let mut sizes: Vec<Vec<u32>> = Vec::with_capacity(documents.len());
    let mut unit = 0;
    for some in documents.chunks(AT_A_TIME) {
        let read: Vec<Read> = some.par_iter().map(|at| read(site, *at, &hasher)).collect();
        let firsts = first_unit.len();
        for document in &read {
            first_unit.push(unit);
            unit += document.sizes.len() as u32;
        }
        let (count, firsts) = (parts.len() as u64, &first_unit[firsts..]);
        parts.par_iter_mut().enumerate().for_each(|(own, part)| {
            for (document, first) in read.iter().zip(firsts) {
                let mut from = 0;
                for (hash, end, unit, spot) in &document.places {
                    // The table takes the lowest and the highest bits.
                    if (hash >> 32) % count == own as u64 {
                        part.add(*hash, &document.keys[from..*end as usize], first + unit, *spot);
                    }
                    from = *end as usize;
                }
            }
        });
        sizes.extend(read.into_iter().map(|document| document.sizes));
    }
    first_unit.push(unit);
    let all = parts.into_iter().flat_map(|part| part.0);
    let mut postings: Vec<(Box<str>, Postings)> = all.map(|one| (one.key, one.units)).collect();
    postings.iter_mut().for_each(|(_, units)| units.text.shrink_to_fit());
    postings.par_sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let index_cuts = files::index_cuts(&postings);
    let text_cuts = files::text_cuts(&sizes);
    let names = names::files(site);
    let version = version(site, &documents, &names);
    let facets = files::facets(site, &documents);
    let years = files::years(site, &documents);
    Search { documents, first_unit, postings, index_cuts, text_cuts, facets, names, years, version }
}

fn read(site: &Site, at: PageIndex, hasher: &DefaultHashBuilder) -> Read {
    let page = site.page(at);
    let units: Vec<Unit> = units::of(page, &page.packed.unpack(&page.file.source).document);
    let mut keys = Keys::default();
    let mut read = Read { sizes: Vec::new(), keys: String::new(), places: Vec::new() };
    for (number, unit) in (0..).zip(&units) {
        keys.of(&unit.text, |key, spot| {
            read.keys.push_str(key);
            read.places.push((hasher.hash_one(key), read.keys.len() as u32, number, spot));
        });
        read.sizes.push((unit.text.len() + unit.id.len()) as u32);
    }
    read
}

/// Tells the state of the transcripts: the names and texts of all, and all that is shown of them;
/// and that of the terms and people.
fn version(site: &Site, documents: &[PageIndex], names: &[names::File]) -> String {
    let mut hasher = blake3::Hasher::new();
    // How characters are folded, and what stands in the files: raise it when either changes.
    hasher.update(b"6");
    for at in documents {
        let page = site.page(*at);
        for part in [&page.path, &page.title, page.date.as_ref().unwrap_or(&page.path)] {
            hasher.update(part.as_bytes());
            hasher.update(b"\0");
        }
        hasher.update(page.packed.bytes());
        for person in page.speakers.iter().copied().chain(page.everyone()) {
            hasher.update(site.person(person).id.as_bytes());
        }
    }
    names.iter().for_each(|(_, rows)| _ = hasher.update(rows.as_bytes()));
    crate::paths::anchors::base32(hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each unit with its spot, as a browser reads them: `passages.js` does it in the same way.
    fn read(text: &[u8]) -> Vec<(u32, u8)> {
        let (mut units, mut next, mut n, mut shift) = (Vec::new(), 0, 0, 0);
        let mut spotted = false;
        for letter in text {
            if *letter == SPOTTED {
                spotted = true;
                continue;
            }
            n |= (value(*letter) & 31) << shift;
            shift += 5;
            if value(*letter) < 32 {
                let (gap, spot) = if spotted { (n >> 3, (n & 7) as u8) } else { (n, 0) };
                units.push((next + gap, spot));
                next += gap + 1;
                (n, shift) = (0, 0);
            }
        }
        units
    }

    #[test]
    fn letters_are_read_as_they_are_written() {
        assert!((0..64).all(|n| value(LETTERS[n as usize]) == n));
    }

    #[test]
    fn a_word_beside_a_character_tells_where_it_stands() {
        let mut postings = Postings::spotted("用ai");
        for (unit, spot) in [(0, 2), (0, 5), (31, 7), (31, 7), (90, 1), (90, 3)] {
            postings.add_at(unit, spot);
        }
        assert_eq!(read(&postings.text), [(0, 0), (31, 7), (90, 0)]);
    }

    #[test]
    fn common_characters_tell_where_they_stand() {
        let mut postings = Postings::spotted("模型");
        let mut expected = Vec::new();
        let mut unit = 0;
        for number in 0..1_000 {
            // Gaps of one letter to four, and a key that stands once, twice at a spot, or at two.
            unit += [1, 2, 31, 32, 40, 5_000, 200_000][number % 7];
            let spots = [&[3, 4][..], &[7], &[3, 3], &[1], &[6, 1, 6]][number % 5];
            spots.iter().for_each(|spot| postings.add_at(unit, *spot));
            let same = spots.iter().all(|spot| *spot == spots[0]);
            let known = number >= RARE as usize && same;
            expected.push((unit, if known { spots[0] } else { 0 }));
        }
        assert_eq!(read(&postings.text), expected);
        let places: Vec<u32> = numbers(&postings.text).map(|(_, from)| from).collect();
        let before = expected.iter().map(|(unit, _)| unit + 1);
        assert_eq!(places, std::iter::once(0).chain(before).take(1_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_word_has_no_spot_however_common() {
        let mut postings = Postings::default();
        (0..1_000).for_each(|unit| (0..2).for_each(|_| postings.add_at(unit, 0)));
        assert_eq!(postings.text, b"A".repeat(1_000));
    }
}
