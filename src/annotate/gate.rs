//! A glance at two to four characters that tells nearly every place where no form can begin, so that
//! the automaton is asked about few places. It may let a place through for nothing; it never
//! turns one away in which a form begins.

use super::fold::FEED;

/// Bits for all pairs of ASCII characters.
const PAIRS: usize = 128 * 128 / 64;

/// Bits for 65,536 hashes.
const HASHES: usize = 65_536 / 64;

/// How all keys begin.
#[derive(Debug)]
pub(super) struct Gate {
    /// Single ASCII characters that a key begins with.
    ascii: [bool; 128],
    /// By first and second, both ASCII; all of a row when a key has no second character.
    pairs: Box<[u64; PAIRS]>,
    /// The same where two characters must do: the key has no others, or others than ASCII.
    short_pairs: Box<[u64; PAIRS]>,
    /// Keys of three ASCII characters, and the first four of longer ones, hashed.
    longer: Box<[u64; HASHES]>,
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
            short_pairs: Box::new([0; PAIRS]),
            longer: Box::new([0; HASHES]),
            others: Box::new([0; HASHES]),
            wide_pairs: Box::new([0; HASHES]),
            alone: Box::new([0; HASHES]),
        };
        for key in keys {
            let mut chars = key.chars();
            match (chars.next(), chars.next()) {
                (Some(first), second) if first.is_ascii() => gate.add_ascii(key, first, second),
                (Some(first), second) => gate.add_other(first, second),
                (None, _) => {}
            }
        }
        gate
    }

    fn add_ascii(&mut self, key: &str, first: char, second: Option<char>) {
        self.ascii[first as usize] = true;
        let row = first as usize * 128;
        let Some(second) = second else {
            (row..row + 128).for_each(|pair| set(&mut *self.pairs, pair));
            (row..row + 128).for_each(|pair| set(&mut *self.short_pairs, pair));
            return;
        };
        if !second.is_ascii() {
            return;
        }
        let pair = row + second as usize;
        set(&mut *self.pairs, pair);
        match key.as_bytes() {
            [a, b, c] if c.is_ascii() => set(&mut *self.longer, hash(&[*a, *b, *c])),
            [a, b, c, d, ..] if c.is_ascii() && d.is_ascii() => {
                set(&mut *self.longer, hash(&[*a, *b, *c, *d]));
            }
            _ => set(&mut *self.short_pairs, pair),
        }
    }

    fn add_other(&mut self, first: char, second: Option<char>) {
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

    /// The same for the ASCII character at `at`, looking at the next ones as well.
    pub fn admits_ascii(&self, bytes: &[u8], at: usize) -> bool {
        if let Some(&[a, b, c, d]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            let fed = |byte: u8| FEED[byte as usize];
            let seen = [fed(a), fed(b), fed(c), fed(d)];
            // Each of them is ASCII, and none is 0.
            if seen.iter().all(|fed| fed.wrapping_sub(1) < 0x7f) {
                let pair = seen[0] as usize * 128 + seen[1] as usize;
                return has(&*self.pairs, pair) && self.admits_four(pair, seen);
            }
        }
        let first = FEED[bytes[at] as usize] as usize;
        let next = bytes.get(at + 1).map_or(0, |byte| FEED[*byte as usize]);
        match next {
            1..=0x7f if !has(&*self.pairs, first * 128 + next as usize) => false,
            _ => self.ascii[first] && self.admits_longer(bytes, at),
        }
    }

    /// For few: looks as far as it gets.
    fn admits_longer(&self, bytes: &[u8], at: usize) -> bool {
        let (seen, len) = glance(bytes, at);
        let pair = seen[0] as usize * 128 + seen[1] as usize;
        len < 2 || has(&*self.pairs, pair) && (len < 4 || self.admits_four(pair, seen))
    }

    fn admits_four(&self, pair: usize, seen: [u8; 4]) -> bool {
        let code = u32::from_be_bytes(seen);
        has(&*self.longer, hashed(code))
            || has(&*self.longer, hashed(code >> 8))
            || has(&*self.short_pairs, pair)
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

/// The ASCII characters from `at` on as they would be fed, blanks left out: four at most, and
/// none after a character that needs a closer look.
fn glance(bytes: &[u8], at: usize) -> ([u8; 4], usize) {
    let (mut seen, mut len) = ([0; 4], 0);
    for byte in &bytes[at..] {
        match FEED[*byte as usize] {
            fed @ 1..=0x7f => {
                seen[len] = fed;
                len += 1;
                if len == seen.len() {
                    break;
                }
            }
            _ if *byte == b' ' => {}
            _ => break,
        }
    }
    (seen, len)
}

fn hash(start: &[u8]) -> usize {
    hashed(start.iter().fold(0, |code: u32, byte| code << 8 | u32::from(*byte)))
}

fn hashed(code: u32) -> usize {
    (code.wrapping_mul(0x9e37_79b1) >> 16) as usize
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

fn wide_pair(first: u32, second: u32) -> usize {
    (first.wrapping_mul(0x9e37_79b1) ^ second.wrapping_mul(0x85eb_ca6b)) as usize >> 16 & 0xffff
}

#[inline]
fn set(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

#[inline]
fn has(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::super::fold::lower;
    use super::*;

    const KEYS: [&str; 14] = [
        "a", "ai", "aic", "aistudio", "c++", ".net", "a用", "ai用", "aié", "用", "北大", "用ai",
        "éa", "ガa",
    ];

    fn admits(gate: &Gate, text: &str) -> bool {
        let first = text.chars().next().expect("not empty");
        match FEED[text.as_bytes()[0] as usize] {
            0 => gate.admits(lower(first)),
            1..=0x7f => gate.admits_ascii(text.as_bytes(), 0),
            _ => gate.admits_wide(text.as_bytes(), 0),
        }
    }

    /// Whatever stands between the characters of a key or behind it.
    #[test]
    fn no_key_is_turned_away() {
        for key in KEYS {
            let gate = Gate::of([key].into_iter());
            for (gap, behind) in ["", " ", "\u{200b}", "\n", "\u{a0}"]
                .iter()
                .flat_map(|gap| ["", "x", "大", "é", " xyz", "大大"].map(|behind| (gap, behind)))
            {
                let spaced: Vec<String> = key.chars().map(String::from).collect();
                let text = spaced.join(gap) + behind;
                assert!(admits(&gate, &text), "{key:?} in {text:?}");
                assert!(admits(&gate, &text.to_uppercase()), "{key:?} in {text:?}, upper case");
            }
        }
    }

    #[test]
    fn most_other_places_are() {
        let gate = Gate::of(["aistudio", "llama", "北大"].into_iter());
        for text in ["also", "aim is", "like", "x", "北京", "大北"] {
            assert!(!admits(&gate, text), "{text:?}");
        }
    }
}
