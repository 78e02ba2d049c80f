//! For each key the units that have it.

use std::collections::HashMap;

use rayon::prelude::*;

use super::Search;
use super::files;
use super::keys::Keys;
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
    /// All keys, one behind the other, and where each ends.
    keys: String,
    ends: Vec<u32>,
    /// By unit: how many keys, unlike ones.
    counts: Vec<u32>,
}

pub(super) fn build(site: &Site, documents: Vec<PageIndex>) -> Search {
    let mut all: HashMap<Box<str>, Postings> = HashMap::new();
    let mut first_unit = Vec::with_capacity(documents.len() + 1);
    let mut sizes: Vec<Vec<u32>> = Vec::with_capacity(documents.len());
    let mut unit = 0;
    for some in documents.chunks(AT_A_TIME) {
        let read: Vec<Read> = some.par_iter().map(|at| read(site, *at)).collect();
        for document in read {
            first_unit.push(unit);
            add(&mut all, &document, unit);
            unit += document.sizes.len() as u32;
            sizes.push(document.sizes);
        }
    }
    first_unit.push(unit);
    let mut postings: Vec<(Box<str>, Postings)> = all.into_iter().collect();
    postings.iter_mut().for_each(|(_, units)| units.text.shrink_to_fit());
    postings.par_sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let index_cuts = files::index_cuts(&postings);
    let text_cuts = files::text_cuts(&sizes);
    let version = version(site, &documents);
    let facets = files::facets(site, &documents);
    let years = files::years(site, &documents);
    Search { documents, first_unit, postings, index_cuts, text_cuts, facets, years, version }
}

fn read(site: &Site, at: PageIndex) -> Read {
    let page = site.page(at);
    let units: Vec<Unit> = units::of(page, &page.packed.unpack(&page.file.source).document);
    let mut keys = Keys::default();
    let mut read =
        Read { sizes: Vec::new(), keys: String::new(), ends: Vec::new(), counts: Vec::new() };
    let mut own = String::new();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for unit in &units {
        own.clear();
        ranges.clear();
        keys.of(&unit.text, |key| {
            ranges.push((own.len() as u32, (own.len() + key.len()) as u32));
            own.push_str(key);
        });
        let key = |(from, to): (u32, u32)| &own[from as usize..to as usize];
        ranges.sort_unstable_by(|a, b| key(*a).cmp(key(*b)));
        ranges.dedup_by(|a, b| key(*a) == key(*b));
        for range in &ranges {
            read.keys.push_str(key(*range));
            read.ends.push(read.keys.len() as u32);
        }
        read.counts.push(ranges.len() as u32);
        read.sizes.push((unit.text.len() + unit.id.len()) as u32);
    }
    read
}

fn add(all: &mut HashMap<Box<str>, Postings>, read: &Read, first: u32) {
    let mut ends = read.ends.iter();
    let mut from = 0;
    for (unit, count) in (first..).zip(&read.counts) {
        for end in ends.by_ref().take(*count as usize) {
            let key = &read.keys[from..*end as usize];
            from = *end as usize;
            if !all.contains_key(key) {
                all.insert(key.into(), Postings::default());
            }
            let postings = all.get_mut(key).expect("it was put there");
            postings.add(unit);
        }
    }
}

/// Tells the state of the transcripts: the names and texts of all, and all that is shown of them.
fn version(site: &Site, documents: &[PageIndex]) -> String {
    let mut hasher = blake3::Hasher::new();
    for at in documents {
        let page = site.page(*at);
        for part in [&page.path, &page.title, page.date.as_ref().unwrap_or(&page.path)] {
            hasher.update(part.as_bytes());
            hasher.update(b"\0");
        }
        hasher.update(page.packed.bytes());
        for person in &page.speakers {
            hasher.update(site.person(*person).id.as_bytes());
        }
    }
    crate::paths::anchors::base32(hasher.finalize().as_bytes())
}
