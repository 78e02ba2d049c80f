//! What a file of the search holds, as a browser takes it out of its script: the other half of `packed`,
//! for tests, those in `tests/` too, so it uses nothing of the program.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

/// The text of a script that gives it by a name.
pub fn unpacked(name: &str, script: &[u8]) -> String {
    let units: Vec<u16> =
        script.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    let text = String::from_utf16(&units).unwrap();
    let packed = text.strip_prefix(&format!("\u{feff}postil({name:?},\"")).unwrap();
    let bytes = bytes(packed.strip_suffix("\")\n").unwrap());
    let mut plain = Vec::new();
    let mut decoder = DeflateDecoder::new(&bytes[..]);
    decoder.read_to_end(&mut plain).unwrap();
    let read = decoder.total_in();
    assert_eq!(read, bytes.len() as u64, "a browser refuses bytes behind the end");
    lettered(&plain)
}

/// Characters of fifteen bits, the last perhaps of seven, as bytes.
fn bytes(packed: &str) -> Vec<u8> {
    let mut bits = String::new();
    for c in packed.chars().map(u32::from) {
        match c.checked_sub(0x3400) {
            Some(fifteen) => bits += &format!("{fifteen:015b}"),
            None => bits += &format!("{:07b}", c - 0x3380),
        }
    }
    let byte = |at: usize| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).unwrap();
    (0..bits.len() / 8).map(byte).collect()
}

/// Numbers of characters as the characters.
fn lettered(bytes: &[u8]) -> String {
    if bytes[0] == 255 {
        return std::str::from_utf8(&bytes[1..]).unwrap().to_owned();
    }
    let leads = usize::from(bytes[0]);
    let mut at = 1;
    let mut number = || {
        let (mut n, mut shift) = (0, 0);
        loop {
            let byte = usize::from(bytes[at]);
            at += 1;
            n |= (byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return n;
            }
        }
    };
    let mut list = Vec::new();
    for _ in 0..2 {
        let mut next = 128;
        for _ in 0..number() {
            next += number();
            list.push(char::from_u32(next as u32).unwrap());
            next += 1;
        }
    }
    let mut out = String::new();
    while at < bytes.len() {
        let byte = usize::from(bytes[at]);
        at += 1;
        if byte < 128 {
            out.push(byte as u8 as char);
        } else if byte < 256 - leads {
            out.push(list[byte - 128]);
        } else {
            let low = usize::from(bytes[at]);
            out.push(list[128 - leads + (byte + leads - 256) * 256 + low]);
            at += 1;
        }
    }
    out
}
