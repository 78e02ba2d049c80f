//! Lasting ids of turns and blocks (design, promise 2): from the words, never from the
//! position and never from the speaker's label.
//!
//! An id is a digest of the first 32 letters. A text shorter than 8 letters, and texts whose
//! ids would be equal, take in the text that follows; only where 512 letters of it are the same
//! (or all to the end) does an ordinal tell them apart. Inserting, removing or relabelling other turns leaves an id alone.

use unicode_normalization::UnicodeNormalization;

use super::{is_composed, is_usual_han};

/// How many letters an id is made of.
const LETTERS: usize = 32;

/// A text takes in at most so many letters: one that repeats itself for pages would be read
/// again for every turn.
const MOST: usize = 512;

/// A text with fewer letters takes in what follows.
const SHORT: usize = 8;

/// How many bytes of a digest an id shows.
const DIGEST: usize = 5;

/// How many characters of base32 these are.
const SHOWN: usize = DIGEST * 8 / 5;

/// Lower-case base32 (RFC 4648 alphabet) of the first five bytes: eight characters.
pub(crate) fn base32(hash: &[u8]) -> String {
    let mut id = String::with_capacity(SHOWN);
    push_base32(&mut id, hash);
    id
}

fn push_base32(id: &mut String, hash: &[u8]) {
    let begin = id.len();
    data_encoding::BASE32_NOPAD.encode_append(&hash[..DIGEST], id);
    id[begin..].make_ascii_lowercase();
}

/// How a text begins, for longer ones that begin with all of it: none where their ids would be made of
/// more than that.
pub type Beginning = Option<[u8; DIGEST]>;

/// Ids for the texts of one document, in reading order, each `<prefix>-` and 8 characters; an
/// ordinal follows (`-2`) where the words cannot tell.
///
/// A text that has no letters at all (a picture without a caption) should be given as what
/// stands for it, such as its URL. Only as many letters are read as an id takes.
///
/// How some of the texts begin, by index, may be known from others; how these begin is told.
pub fn assign(prefix: &str, texts: &[&str], begun: &[Beginning]) -> (Vec<String>, Vec<Beginning>) {
    let first = |text| match begun.get(text) {
        Some(Some(digest)) => {
            Stretch { letters: LETTERS as u16, digest: *digest, whole: false, inside: true }
        }
        _ => Stretch::first(texts, text),
    };
    let mut stretches: Vec<Stretch> = (0..texts.len()).map(first).collect();
    let begun = stretches.iter().map(|stretch| stretch.inside.then_some(stretch.digest)).collect();
    let order = separate(texts, &mut stretches);
    (number(prefix, &stretches, &order), begun)
}

/// The letters that a text's id is made of, for now. A transcript has many texts, so these are
/// small.
struct Stretch {
    letters: u16,
    digest: [u8; DIGEST],
    /// Whether the document has no more letters to take in.
    whole: bool,
    /// Whether they are as many as are wanted, and the text goes on behind them.
    inside: bool,
}

impl Stretch {
    fn first(texts: &[&str], text: usize) -> Self {
        let Letters { taken, count, inside } = letters(texts[text], LETTERS);
        if count < SHORT {
            Self::running_on(texts, text, LETTERS)
        } else {
            Self { inside, ..Self::of(&taken, count, false) }
        }
    }

    fn of(text: &[u8], letters: usize, whole: bool) -> Self {
        let hash = blake3::hash(text);
        let digest = std::array::from_fn(|at| hash.as_bytes()[at]);
        Self { letters: letters as u16, digest, whole, inside: false }
    }

    /// At most `width` letters, the following texts' too.
    fn running_on(texts: &[&str], text: usize, width: usize) -> Self {
        let (mut taken, mut count) = (Vec::new(), 0);
        for text in &texts[text..] {
            let more = letters(text, width - count);
            taken.extend(more.taken);
            count += more.count;
            if count == width {
                break;
            }
        }
        Self::of(&taken, count, count < width)
    }

    /// The next longer stretch, of at most `width` letters: the own words first, so that two
    /// long turns which begin alike are told apart by themselves before they depend on their
    /// neighbours.
    fn longer(&self, texts: &[&str], text: usize, width: usize) -> Self {
        let own = letters(texts[text], width);
        if own.count > usize::from(self.letters) {
            Self::of(&own.taken, own.count, false)
        } else {
            Self::running_on(texts, text, width)
        }
    }
}

/// Lets every text that shares its digest take in more of what follows, until it differs or
/// the document ends; answers with their order then, as [`alike`] gives it.
fn separate(texts: &[&str], stretches: &mut [Stretch]) -> Vec<usize> {
    let mut width = LETTERS;
    loop {
        let order = alike(stretches);
        let groups = order.chunk_by(|a, b| stretches[*a].digest == stretches[*b].digest);
        let shared = groups.filter(|group| group.len() > 1).flatten().copied();
        let again: Vec<usize> = shared.filter(|text| !stretches[*text].whole).collect();
        if again.is_empty() || width >= MOST {
            return order;
        }
        width *= 2;
        for text in again {
            stretches[text] = stretches[text].longer(texts, text, width);
        }
    }
}

/// The texts in an order in which those of one digest stand together, each of them as the
/// document has them.
fn alike(stretches: &[Stretch]) -> Vec<usize> {
    // Numbers are compared faster than what they are made of.
    let place = |(text, stretch): (usize, &Stretch)| {
        let digest = stretch.digest.iter().fold(0, |all, byte| all << 8 | u128::from(*byte));
        digest << 64 | text as u128
    };
    let mut order: Vec<u128> = stretches.iter().enumerate().map(place).collect();
    order.sort_unstable();
    order.into_iter().map(|place| place as u64 as usize).collect()
}

fn number(prefix: &str, stretches: &[Stretch], order: &[usize]) -> Vec<String> {
    let mut ids = vec![String::new(); stretches.len()];
    for group in order.chunk_by(|a, b| stretches[*a].digest == stretches[*b].digest) {
        for (before, text) in group.iter().enumerate() {
            let mut id = String::with_capacity(prefix.len() + 1 + SHOWN);
            id.push_str(prefix);
            id.push('-');
            push_base32(&mut id, &stretches[*text].digest);
            if before > 0 {
                id.push_str(&format!("-{}", before + 1));
            }
            ids[*text] = id;
        }
    }
    ids
}

/// A text's first letters and digits: NFC, without white space and marks.
#[derive(Debug, PartialEq, Eq)]
struct Letters {
    taken: Vec<u8>,
    count: usize,
    /// Whether they are as many as are wanted, and the text goes on behind them with something that
    /// cannot change the last.
    inside: bool,
}

/// At most `width` of them.
fn letters(text: &str, width: usize) -> Letters {
    // Most texts have nothing to compose, and composing is dear.
    plain(text, width).unwrap_or_else(|| {
        let mut count = 0;
        let taken = text.nfc().filter(|c| is_letter(*c)).take(width).inspect(|_| count += 1);
        Letters { taken: taken.collect::<String>().into_bytes(), count, inside: false }
    })
}

/// The same, where nothing has to be composed as far as is read.
fn plain(text: &str, width: usize) -> Option<Letters> {
    let bytes = text.as_bytes();
    let mut taken = Vec::with_capacity(width.min(text.len()) * 3);
    let (mut count, mut at) = (0, 0);
    // The one behind the last letter is looked at, too: it might change it.
    while let Some(&byte) = bytes.get(at) {
        let (length, is_letter) = if byte.is_ascii() {
            (1, byte.is_ascii_alphanumeric())
        } else if is_usual_han(byte, || bytes[at + 1]) {
            (3, true)
        } else {
            let c = text[at..].chars().next().filter(|c| is_composed(*c))?;
            (c.len_utf8(), is_letter(c))
        };
        if count == width {
            return Some(Letters { taken, count, inside: true });
        }
        if is_letter {
            match length {
                1 => taken.push(byte),
                _ => taken.extend_from_slice(&bytes[at..at + length]),
            }
            count += 1;
        }
        at += length;
    }
    Some(Letters { taken, count, inside: false })
}

/// A letter or a digit of any script: for most characters without the table.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{4e00}'..='\u{9fff}' => true,
        '\u{2010}'..='\u{2027}' | '\u{3008}'..='\u{3011}' => false,
        _ => c.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assign(prefix: &str, texts: &[&str]) -> Vec<String> {
        super::assign(prefix, texts, &[]).0
    }

    const LONG: &str =
        "I think what we learned is that nobody reads the manual until it is too late.";

    #[test]
    fn an_id_comes_from_the_words_alone() {
        let ids = assign("t", &["Hello there, this is the first turn.", LONG]);
        assert_eq!(ids[1], assign("t", &[LONG])[0]);
        assert_eq!(ids[1].len(), 10);
        let spaced = LONG.replace(' ', "\u{a0} ").replace('.', "!");
        assert_eq!(assign("t", &[&spaced])[0], ids[1], "white space and marks do not count");
    }

    #[test]
    fn letters_are_those_of_the_composed_text() {
        for c in (0..=0x10ffff).filter_map(char::from_u32) {
            for text in [format!("a{c}"), format!("か{c}가"), format!("{c}\u{301}{c}\u{3099}x")] {
                let composed: String = text.nfc().filter(|c| c.is_alphanumeric()).collect();
                for width in [1, 2, 9] {
                    let first: String = composed.chars().take(width).collect();
                    let count = first.chars().count();
                    let Letters { taken, count: own, .. } = letters(&text, width);
                    assert_eq!((taken, own), (first.into_bytes(), count), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn a_longer_text_has_the_beginning_of_the_one_that_it_begins_with() {
        let texts =
            ["Yes.", LONG, "Thirty-two letters and not a singlet", "e\u{301}".repeat(40).leak()];
        let (_, begun) = super::assign("p", &texts, &[]);
        assert_eq!(
            begun.iter().map(Option::is_some).collect::<Vec<_>>(),
            [false, true, false, false]
        );
        for (text, begun) in texts.iter().zip(begun) {
            for more in ["", " ", "more", "\u{301} more"] {
                let whole = format!("{text}{more}");
                let (ids, _) = super::assign("t", &[&whole], &[begun]);
                assert_eq!(ids, assign("t", &[&whole]), "{whole:?}");
            }
        }
    }

    #[test]
    fn a_short_text_takes_in_what_follows() {
        let ids =
            assign("t", &["Yeah.", LONG, "Yeah.", "Something else that is quite long enough."]);
        assert_ne!(ids[0], ids[2]);
        let inserted = assign("t", &["A new turn at the very beginning.", "Yeah.", LONG]);
        assert_eq!(inserted[1], ids[0]);
    }

    #[test]
    fn equal_beginnings_are_told_apart_by_their_own_words() {
        let one = format!("{LONG} And one more.");
        let two = format!("{LONG} And then two.");
        let ids = assign("p", &[&one, &two, "End."]);
        assert_ne!(ids[0], ids[1]);
        let with_other_end =
            assign("p", &[&one, &two, "Another end, added later on by the editor."]);
        assert_eq!(ids[..2], with_other_end[..2]);
    }

    #[test]
    fn a_text_that_repeats_itself_is_read_a_bounded_number_of_times() {
        let texts: Vec<&str> = ["Right.", "Yes.", LONG].into_iter().cycle().take(6000).collect();
        let ids = assign("t", &texts);
        let unique: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
    }

    #[test]
    fn only_the_same_text_to_the_end_gets_an_ordinal() {
        let ids = assign("t", &["Yes.", "Yes.", "Yes."]);
        let unique: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), 3);
        let ids = assign("p", &["", ""]);
        assert_eq!(ids[1], format!("{}-2", ids[0]));
    }
}
