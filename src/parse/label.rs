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
    if label.contains("****") {
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
        assert!(!is_label("A name that has no end and goes on and on and on", false));
    }
}
