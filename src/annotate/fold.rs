//! How characters are compared: what counts as nothing, as a blank, and as the same character.
//!
//! One character at a time and one for one, so that a place in the folded text is always a
//! place in the text itself. Nothing is decomposed here; `forms` adds the decomposed spelling
//! of a form instead.

/// What a character is to the search, its case kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// Without width: it stays in the text and is passed over.
    Nothing,
    /// White space of any kind, a soft line break's line feed included.
    Blank,
    /// A character, in its plain spelling.
    Char(char),
}

/// Full-width forms become ASCII, the typographic apostrophe and the two typographic hyphens
/// their plain ones.
pub(super) fn fold(c: char) -> Folded {
    match c {
        '!'..='~' => Folded::Char(c),
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Folded::Nothing,
        '\u{ff01}'..='\u{ff5e}' => Folded::Char(ascii_of(c)),
        '\u{2019}' => Folded::Char('\''),
        '\u{2010}' | '\u{2011}' => Folded::Char('-'),
        _ if c.is_whitespace() => Folded::Blank,
        _ => Folded::Char(c),
    }
}

/// The ASCII character of a full-width form (U+FF01 to U+FF5E).
fn ascii_of(wide: char) -> char {
    char::from((wide as u32 - 0xff01 + 0x21) as u8)
}

/// Lower case, where that is one character.
pub(super) fn lower(c: char) -> char {
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        // Han, Kana, Hangul and their signs know no case.
        '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' => c,
        _ => lower_by_tables(c),
    }
}

fn lower_by_tables(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// What decides whether a blank between two characters may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Written with blanks between words.
    Letter,
    Digit,
    /// Han and Kana: written without blanks.
    Han,
    Other,
}

/// The class of a folded character.
pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        _ if is_han(c) => Class::Han,
        _ if c.is_numeric() => Class::Digit,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Hangul syllables and letters.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}')
}

/// What the search does with a byte of the text: feed the byte that stands here, or, at 0,
/// look at the whole character first. Continuation bytes, and the first bytes of scripts
/// without case, blanks or full-width forms (nearly all Han and Hangul), feed themselves.
pub(super) static FEED: [u8; 256] = feed();

const fn feed() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0x21;
    while byte < 256 {
        let fed = byte as u8;
        table[byte] = match fed {
            b'A'..=b'Z' => fed + 32,
            0x21..=0x7e | 0x80..=0xbf | 0xe0 | 0xe4..=0xe9 | 0xeb..=0xee => fed,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// The ASCII letters and digits, as a table: the search passes over most of a text with it.
pub(super) static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The table is a short cut, so it must agree with the long way for every character.
    #[test]
    fn the_table_agrees_with_the_functions() {
        for c in '\0'..=char::MAX {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).as_bytes();
            assert_eq!(lower(c), lower_by_tables(c), "{c:?}");
            if FEED[bytes[0] as usize] == 0 {
                continue;
            }
            let fed: Vec<u8> = bytes.iter().map(|byte| FEED[*byte as usize]).collect();
            let Folded::Char(kept) = fold(c) else { panic!("{c:?} is fed and has no width") };
            assert_eq!(std::str::from_utf8(&fed), Ok(lower(kept).to_string().as_str()), "{c:?}");
        }
    }

    #[test]
    fn folding_is_one_character_for_one() {
        assert_eq!(fold('Ａ'), Folded::Char('A'));
        assert_eq!(fold('\u{3000}'), Folded::Blank);
        assert_eq!(fold('\u{a0}'), Folded::Blank);
        assert_eq!(fold('\u{200b}'), Folded::Nothing);
        assert_eq!(lower('É'), 'é');
        assert_eq!(lower('İ'), 'İ', "two characters in lower case");
    }
}
