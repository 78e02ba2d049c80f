//! How a file is packed: characters as single bytes, deflated, and fifteen bits a character of a script.
//!
//! Each step is for the bytes of a first query; what each saves is in `docs/search.md`.
//! `static/theme/passages.js` takes them back.

use std::cell::RefCell;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Fifteen bits are a character from here on: all are letters of one code unit, and none is quoted.
const FIRST: u16 = 0x3400;
/// The last few bits, where seven are enough: a character from here on.
const FEW: u16 = FIRST - 128;

/// More different characters than this cannot be numbered in two bytes.
const MOST: usize = 128 * 256;
/// Stands where the text is in UTF-8.
const PLAIN: u8 = 255;

/// How hard a text is looked through for what stood before: words come again.
pub(super) const WORDS: u32 = 5;
/// Numbers do not; less gives as few bytes. (Level 1 of `zlib-rs` gives a third more.)
pub(super) const NUMBERS: u32 = 2;

/// A script that gives a text by its name: in UTF-16 with its mark, which browsers take whatever a
/// server says of the encoding.
pub(super) fn script(name: &str, text: &str, effort: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(effort));
    encoder.write_all(&numbered(text)).expect("a vector takes all bytes");
    let packed = encoder.finish().expect("a vector takes all bytes");
    let mut out = Vec::with_capacity(packed.len() / 15 * 16 + 64);
    let mut put = |unit: u16| out.extend_from_slice(&unit.to_le_bytes());
    format!("\u{feff}postil({name:?},\"").encode_utf16().for_each(&mut put);
    letters(&packed, &mut put);
    "\")\n".encode_utf16().for_each(&mut put);
    out
}

/// Bytes in characters of fifteen bits, the highest first.
fn letters(bytes: &[u8], mut put: impl FnMut(u16)) {
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        if bits >= 15 {
            bits -= 15;
            put(FIRST + (held >> bits) as u16);
            held &= (1 << bits) - 1;
        }
    }
    // Less than a whole byte is left over in either, so that the number of bytes is told by it.
    match bits {
        0 => {}
        1..=7 => put(FEW + (held << (7 - bits)) as u16),
        _ => put(FIRST + (held << (15 - bits)) as u16),
    }
}

/// A text in which each character beyond ASCII is its number in the text's own list, which stands
/// before it: one byte for the commonest, two for others. Deflate knows only bytes, and three for a Han
/// character are three that it has to guess.
fn numbered(text: &str) -> Vec<u8> {
    COUNTS.with_borrow_mut(|counts| {
        let mut list = Vec::new();
        let out = number_all(text, counts, &mut list);
        list.iter().for_each(|c| counts[*c as usize] = 0);
        out
    })
}

thread_local! {
    /// By character: how often it stands in a text, then its number. It takes 4 MB, so it is made once for
    /// all of a thread's files, each of which leaves it as it was.
    static COUNTS: RefCell<Vec<u32>> = RefCell::new(vec![0; 1 + char::MAX as usize]);
}

/// The same; `list` is which characters there are, in whose `counts` something stands afterwards.
fn number_all(text: &str, counts: &mut [u32], list: &mut Vec<char>) -> Vec<u8> {
    for c in runs(text).filter_map(|(_, c)| c) {
        let count = &mut counts[c as usize];
        if *count == 0 {
            list.push(c);
        }
        *count += 1;
    }
    if list.len() > MOST {
        return [&[PLAIN], text.as_bytes()].concat();
    }
    // Each byte that begins two is missing among those that stand alone.
    let leads = list.len().saturating_sub(128).div_ceil(255);
    let alone = (128 - leads).min(list.len());
    list.sort_unstable_by_key(|c| (std::cmp::Reverse(counts[*c as usize]), *c));
    list[..alone].sort_unstable();
    list[alone..].sort_unstable();
    let mut out = Vec::with_capacity(text.len() + 64);
    out.push(leads as u8);
    for part in [&list[..alone], &list[alone..]] {
        gap(&mut out, part.len());
        let mut next = 128;
        for c in part {
            gap(&mut out, *c as usize - next);
            next = *c as usize + 1;
        }
    }
    for (number, c) in list.iter().enumerate() {
        counts[*c as usize] = number as u32;
    }
    for (ascii, c) in runs(text) {
        out.extend_from_slice(ascii.as_bytes());
        let Some(c) = c else { break };
        let number = counts[c as usize] as usize;
        if number < alone {
            out.push(128 + number as u8);
        } else {
            let number = number - alone;
            out.extend([(256 - leads + number / 256) as u8, (number % 256) as u8]);
        }
    }
    out
}

/// The ASCII of a text, perhaps none, up to each character beyond it, and that; none at the end.
fn runs(mut text: &str) -> impl Iterator<Item = (&str, Option<char>)> {
    std::iter::from_fn(move || {
        let end = text.bytes().position(|byte| byte >= 128).unwrap_or(text.len());
        let (ascii, rest) = text.split_at(end);
        let c = rest.chars().next();
        text = &rest[c.map_or(0, char::len_utf8)..];
        (c.is_some() || !ascii.is_empty()).then_some((ascii, c))
    })
}

/// A number, seven bits a byte, the lowest first; all but the last byte with 128 added.
fn gap(out: &mut Vec<u8>, mut n: usize) {
    while n >= 128 {
        out.push(128 | (n & 127) as u8);
        n >>= 7;
    }
    out.push(n as u8);
}

#[cfg(test)]
mod tests {
    use super::super::unpacked::unpacked;
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_was() {
        let some = |count: u32| -> String { ('\u{80}'..).take(count as usize).collect() };
        let mut cases: Vec<String> =
            ["", "a", "plain \"text\"\n", "大模型，用 AI 来", "𠀀😀\u{10ffff}"]
                .map(str::to_owned)
                .to_vec();
        // As many different characters as fit into single bytes, into two, and more than that.
        cases.extend([127, 128, 129, 382, 383, 384, 900, 32_768, 32_769].map(some));
        // Every number of bits that may be left over.
        cases.extend((0..40).map(|n| "abcdefgh".chars().cycle().step_by(n + 1).take(n).collect()));
        for case in cases {
            let name: String = case.chars().take(9).collect();
            for effort in [WORDS, NUMBERS] {
                assert!(unpacked("t/0", &script("t/0", &case, effort)) == case, "{name}");
            }
        }
    }

    #[test]
    fn a_han_character_takes_little_over_a_byte() {
        let text = "我们今天说的是模型，以及它们怎样学会说话。".repeat(40);
        let bytes = numbered(&text);
        assert!(bytes.len() < text.chars().count() + 60, "{}", bytes.len());
        assert_eq!(numbered("plain"), *b"\0\0\0plain");
    }
}
