//! What could be a label at all: how long a name is, what never stands in one, and labels that
//! name several people at once.

use std::borrow::Cow;

/// The longest real label of one person has under 45 characters.
pub(super) const LONGEST: usize = 45;

/// One that names several people has more.
pub(super) const LONGEST_LIST: usize = 120;

/// A plain label has fewer: nothing but the colon sets it apart.
const LONGEST_PLAIN: usize = 32;

/// A label without the stars that split it: `**Na****me**` is bold twice, and without a
/// character of Chinese, Japanese or Korean the parser reads them as text.
pub(super) fn joined(label: &str) -> Cow<'_, str> {
    // Nearly no label has one star.
    if label.as_bytes().contains(&b'*') && label.contains("****") {
        Cow::Owned(label.replace("****", ""))
    } else {
        Cow::Borrowed(label)
    }
}

/// Whether a text could be a name, or the names of several people. A `plain` one is set apart by
/// nothing but what stands behind it.
pub(super) fn is_label(name: &str, plain: bool) -> bool {
    let name = &joined(name);
    let (longest, most) = if plain { (LONGEST_PLAIN, 5) } else { (LONGEST, 8) };
    let one = |name: &str| {
        (1..=longest).contains(&name.chars().count()) && name.split_whitespace().count() <= most
    };
    let several = || {
        let mut parts = people(name);
        !plain
            && name.chars().count() <= LONGEST_LIST
            && parts.clone().count() > 1
            && parts.all(|part| part.split_whitespace().count() <= 4 && one(part))
    };
    name.chars().any(char::is_alphanumeric)
        && !name.chars().all(|c| c.is_ascii_digit())
        && !name.chars().any(is_barred)
        && (one(name) || several())
}

/// The parts of a label that names several people: `A, B & C`, `甲、乙`.
pub(crate) fn people(label: &str) -> impl Iterator<Item = &str> + Clone {
    label.split([',', '、', '&', '/']).map(str::trim)
}

/// The names in a label of several people, when there are several and each of them is `known`. Also
/// a word may stand between two: `A and B`, `甲和乙`.
pub(crate) fn together(label: &str, mut known: impl FnMut(&str) -> bool) -> Option<Vec<&str>> {
    let mut all = Vec::new();
    for part in people(label) {
        // The label itself may be known; it is no part of itself.
        if part.len() < label.trim().len() && known(part) {
            all.push(part);
            continue;
        }
        let finer = split_at_words(part);
        if !finer.iter().all(|name| known(name)) {
            return None;
        }
        all.extend(finer);
    }
    (all.len() > 1).then_some(all)
}

fn split_at_words(part: &str) -> Vec<&str> {
    const WORDS: [&str; 3] = ["and", "And", "AND"];
    let is_word = |word: &&str| WORDS.contains(word);
    let mut names = Vec::new();
    let mut start = 0;
    for word in part.split_whitespace().filter(is_word) {
        // A slice of the text knows where it stands in it.
        let at = word.as_ptr() as usize - part.as_ptr() as usize;
        names.push(&part[start..at]);
        start = at + word.len();
    }
    names.push(&part[start..]);
    let names = names.into_iter().flat_map(|name| name.split(['和', '与', '與', '及']));
    let mut names: Vec<&str> = names.map(str::trim).collect();
    // `A, B, and C` has nothing before its word.
    if names.len() > 1 && names[0].is_empty() {
        names.remove(0);
    }
    names
}

/// What never stands in a name.
fn is_barred(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '!'
            | '?'
            | '；'
            | ';'
            | '，'
            | '“'
            | '”'
            | '"'
            | '<'
            | '>'
            | '|'
            | '｜'
    ) || matches!(c, '=' | '*' | '\n' | '#' | '\\' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_people_may_share_a_label() {
        let long = "First Person, Second Person, Third Person & Fourth Person";
        assert!(is_label(long, false));
        assert!(!is_label(long, true));
        assert!(!is_label("One of the things that I wanted to say, and say well, is this", false));
        let known = |name: &str| matches!(name, "First" | "Second" | "Third" | "甲" | "乙和");
        let cases: [(&str, Option<&[&str]>); 8] = [
            ("First and Second", Some(&["First", "Second"])),
            ("First, Second, and Third", Some(&["First", "Second", "Third"])),
            ("First & Second", Some(&["First", "Second"])),
            ("甲和乙和", None),
            ("甲、乙和", Some(&["甲", "乙和"])),
            ("First and Fourth", None),
            ("First", None),
            ("Firstand Second", None),
        ];
        for (label, expected) in cases {
            assert_eq!(together(label, known).as_deref(), expected, "{label}");
        }
        assert!(!is_label("A name that has no end and goes on and on and on", false));
    }
}
