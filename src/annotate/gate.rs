//! A glance at two characters that tells nearly every place where no form can begin, so that
//! the automaton is asked about few places. It may let a place through for nothing; it never
//! turns one away in which a form begins.

use super::fold::FEED;

/// Bits for all pairs of ASCII characters.
const PAIRS: usize = 128 * 128 / 64;

/// Bits for 65,536 hashes.
const HASHES: usize = 65_536 / 64;

/// The first two characters of all keys.
#[derive(Debug)]
pub(super) struct Gate {
    /// Single ASCII characters that a key begins with.
    ascii: [bool; 128],
    /// By first and second, both ASCII; all of a row when a key has no second character.
    pairs: Box<[u64; PAIRS]>,
    /// Other characters that a key begins with, by the low 16 bits.
    others: Box<[u64; HASHES]>,
    /// Two characters of three bytes each, hashed.
    wide_pairs: Box<[u64; HASHES]>,
    /// Other characters that are a key by themselves, by the low 16 bits.
    alone: Box<[u64; HASHES]>,
}

impl Gate {
    /// A gate for keys in their folded, lower-cased spelling.
    pub fn of<'k>(keys: impl Iterator<Item = &'k str>) -> Self {
        let mut gate = Self {
            ascii: [false; 128],
            pairs: Box::new([0; PAIRS]),
            others: Box::new([0; HASHES]),
            wide_pairs: Box::new([0; HASHES]),
            alone: Box::new([0; HASHES]),
        };
        for key in keys {
            let mut chars = key.chars();
            if let Some(first) = chars.next() {
                gate.add(first, chars.next());
            }
        }
        gate
    }

    fn add(&mut self, first: char, second: Option<char>) {
        if first.is_ascii() {
            self.ascii[first as usize] = true;
            match second {
                Some(second) if second.is_ascii() => set(&mut *self.pairs, pair(first, second)),
                Some(_) => {}
                None => ('\0'..='\x7f').for_each(|any| set(&mut *self.pairs, pair(first, any))),
            }
            return;
        }
        set(&mut *self.others, first as usize & 0xffff);
        match second {
            Some(second) => set(&mut *self.wide_pairs, wide_pair(first as u32, second as u32)),
            None => set(&mut *self.alone, first as usize & 0xffff),
        }
    }

    /// Whether a key may begin with this folded character.
    pub fn admits(&self, first: char) -> bool {
        match self.ascii.get(first as usize) {
            Some(admits) => *admits,
            None => has(&*self.others, first as usize & 0xffff),
        }
    }

    /// The same for the ASCII character at `at`, looking at the next one as well.
    pub fn admits_ascii(&self, bytes: &[u8], at: usize) -> bool {
        let first = FEED[bytes[at] as usize] as usize;
        match bytes.get(at + 1).map(|byte| FEED[*byte as usize] as usize) {
            Some(second @ 1..=0x7f) => has(&*self.pairs, first * 128 + second),
            _ => self.ascii[first],
        }
    }

    /// The same for a character of three bytes that feed themselves.
    pub fn admits_wide(&self, bytes: &[u8], at: usize) -> bool {
        let Some(first) = wide(bytes, at) else { return true };
        let second = || wide(bytes, at + 3);
        has(&*self.others, first as usize)
            && (second().is_none_or(|second| has(&*self.wide_pairs, wide_pair(first, second)))
                || has(&*self.alone, first as usize))
    }
}

/// The scalar value of a character of three bytes that feed themselves.
fn wide(bytes: &[u8], at: usize) -> Option<u32> {
    match bytes.get(at..at + 3)? {
        [lead @ 0xe0..=0xef, second, third] if FEED[*lead as usize] != 0 => {
            let bits = |byte: &u8| u32::from(*byte & 0x3f);
            Some(u32::from(lead & 0xf) << 12 | bits(second) << 6 | bits(third))
        }
        _ => None,
    }
}

fn pair(first: char, second: char) -> usize {
    first as usize * 128 + second as usize
}

fn wide_pair(first: u32, second: u32) -> usize {
    (first.wrapping_mul(0x9e37_79b1) ^ second.wrapping_mul(0x85eb_ca6b)) as usize >> 16 & 0xffff
}

fn set(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

fn has(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}
