//! For each key the units that have it.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};
use rayon::prelude::*;

use super::Search;
use super::files;
use super::keys::Keys;
use super::names;
use super::units::{self, Unit};
use crate::site::{PageIndex, Site};

/// Documents that are read at a time.
const AT_A_TIME: usize = 64;

/// The units of a key: the gaps between them, five bits a character.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    /// See [`number`].
    pub text: Vec<u8>,
    /// One past the last unit.
    pub next: u32,
}

impl Postings {
    /// Adds a unit behind all others.
    pub fn add(&mut self, unit: u32) {
        number(&mut self.text, unit - self.next);
        self.next = unit + 1;
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

/// Where each number of postings ends, in bytes, and from what number its gap counts.
pub(super) fn numbers(text: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let (mut next, mut gap, mut shift) = (0, 0, 0);
    text.iter().enumerate().filter_map(move |(at, letter)| {
        let value = LETTERS.iter().position(|known| known == letter).unwrap_or_default() as u32;
        gap |= (value & 31) << shift;
        shift += 5;
        if value >= 32 {
            return None;
        }
        let from = next;
        next += gap + 1;
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
    /// Each key: its hash, where it ends, and its unit.
    places: Vec<(u64, u32, u32)>,
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
    fn add(&mut self, hash: u64, key: &str, unit: u32) {
        let entry = self.0.entry(hash, |known| *known.key == *key, |known| known.hash);
        let new = || Keyed { hash, key: key.into(), units: Postings::default() };
        let units = &mut entry.or_insert_with(new).into_mut().units;
        // A unit may have a key more than once.
        if units.next != unit + 1 {
            units.add(unit);
        }
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
                for (hash, end, unit) in &document.places {
                    // The table takes the lowest and the highest bits.
                    if (hash >> 32) % count == own as u64 {
                        part.add(*hash, &document.keys[from..*end as usize], first + unit);
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
        keys.of(&unit.text, |key| {
            read.keys.push_str(key);
            read.places.push((hasher.hash_one(key), read.keys.len() as u32, number));
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
    hasher.update(b"5");
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
