//! What a person's name lets others call them, and which names are near to each other.
//!
//! Only what is certain by its form: initials, a first name. Nearness is a suggestion for an
//! editor and never decides who spoke.

use crate::parse::{cjk, speaker_key};

/// Labels that mean whoever has the role in a document, folded as [`speaker_key`] folds.
const ROLES: [(&str, &[&str]); 2] = [
    (
        "host",
        &[
            "host",
            "interviewer",
            "moderator",
            "主持人",
            "主持",
            "主播",
            "采访者",
            "anfitrión",
            "presentador",
        ],
    ),
    ("guest", &["guest", "interviewee", "嘉宾", "受访者", "invitado", "invitada"]),
];

/// Labels that say what somebody does just now, and nothing of who that is.
const STAND_INS: &[&str] = &[
    "q",
    "question",
    "questions",
    "answer",
    "questioner",
    "audience",
    "audience member",
    "audience question",
    "unknown",
    "unknown speaker",
    "unidentified speaker",
    "pregunta",
    "respuesta",
    "问",
    "問",
    "提问",
    "提问者",
    "回答",
    "观众",
    "听众",
    "现场观众",
];

/// Labels that do so beside the other one of the pair.
const PAIRS: [(&str, &str); 5] = [("q", "a"), ("p", "r"), ("q", "r"), ("问", "答"), ("問", "答")];

/// What programs count voices by: `Speaker 1`, `SPEAKER_02`, `发言人3`, `Guest B`.
const COUNTED: &[&str] = &[
    "speaker",
    "spk",
    "participant",
    "audience",
    "audience member",
    "guest",
    "host",
    "hablante",
    "发言人",
    "發言人",
    "说话人",
    "嘉宾",
    "观众",
];

/// Whether a label, folded, stands for whoever speaks: another document's `Q` or `Speaker 1` is
/// somebody else. `others` are the folded labels of the same document.
pub(super) fn stands_in(key: &str, others: &[String]) -> bool {
    let has = |other: &str| others.iter().any(|one| one == other);
    let half = |(one, two): &(&str, &str)| (key == *one && has(two)) || (key == *two && has(one));
    STAND_INS.contains(&key) || PAIRS.iter().any(half) || counted(key)
}

fn counted(key: &str) -> bool {
    let between = |c: char| matches!(c, ' ' | '_' | '-' | '#');
    let word = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = match key.rsplit_once(between) {
        _ if word.len() < key.len() => word,
        Some((word, letter)) if letter.len() == 1 => word,
        _ => return false,
    };
    COUNTED.contains(&word.trim_end_matches(between))
}

/// The role that a label names instead of a person.
pub(super) fn role(key: &str) -> Option<&'static str> {
    ROLES.iter().find(|(_, words)| words.contains(&key)).map(|(role, _)| *role)
}

/// `MF` of `Michael Folkson`; none for a name of one word, or in a script without capitals.
pub(super) fn initials(name: &str) -> Option<String> {
    let first = |word: &str| word.chars().next().filter(|c| c.is_uppercase());
    let parts = || name.split([' ', '-', '\u{a0}']).filter(|word| !word.is_empty());
    let initials: Option<String> = parts().map(first).collect();
    initials.filter(|initials| (2..=4).contains(&initials.chars().count()))
}

/// The letters of a label that is nothing but initials: `MF`, `M.F.`.
pub(super) fn is_initials(label: &str) -> Option<String> {
    let letters: String = label.chars().filter(|c| *c != '.' && *c != ' ').collect();
    let capitals = letters.chars().all(char::is_uppercase);
    (capitals && (2..=4).contains(&letters.chars().count())).then_some(letters)
}

/// The folded first name of a name of several words.
pub(super) fn first_name(name: &str) -> Option<String> {
    let (first, _) = name.trim().split_once([' ', '\u{a0}'])?;
    let is_name = first.chars().count() > 1 && first.chars().all(|c| c.is_alphabetic() || c == '-');
    (is_name && !first.chars().any(cjk::is_ideographic)).then(|| speaker_key(first))
}

/// `Michael Folkson (MF)` as a name and the initials that it introduces.
pub(super) fn with_initials(label: &str) -> Option<(&str, String)> {
    let inside = label.trim_end().strip_suffix([')', '）'])?;
    let at = inside.rfind(['(', '（'])?;
    let name = inside[..at].trim();
    let letters = is_initials(inside[at..].trim_start_matches(['(', '（']))?;
    (initials(name).as_ref() == Some(&letters)).then_some((name, letters))
}

/// A known name, prepared for being compared with many labels.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    name: String,
    letters: Vec<char>,
    counts: [u8; 32],
}

impl Candidate {
    pub fn new(name: &str) -> Self {
        let letters: Vec<char> = speaker_key(name).chars().collect();
        let mut counts = [0u8; 32];
        for letter in &letters {
            let slot = &mut counts[*letter as usize % 32];
            *slot = slot.saturating_add(1);
        }
        Self { name: name.to_owned(), letters, counts }
    }

    /// How many letters differ, when they are few enough for a slip of the ear or the hand.
    fn distance(&self, other: &Self) -> Option<usize> {
        let shorter = self.letters.len().min(other.letters.len());
        let limit = match shorter {
            0..=2 => return None,
            3..=5 => 1,
            6..=11 => 2,
            _ => 3,
        };
        // The letters alone say how far two names are apart at least, and are quickly compared.
        let pairs = || self.counts.iter().zip(&other.counts);
        let more: usize = pairs().map(|(a, b)| usize::from(a.saturating_sub(*b))).sum();
        let less: usize = pairs().map(|(a, b)| usize::from(b.saturating_sub(*a))).sum();
        if more.max(less) > limit {
            return None;
        }
        // `Speaker 1` is not `Speaker 2` misheard, nor `Host A` a slip for `Host B`.
        if numbered(&self.letters) || numbered(&other.letters) {
            return None;
        }
        let text = |letters: &[char]| letters.iter().collect::<String>();
        let distance = strsim::damerau_levenshtein(&text(&self.letters), &text(&other.letters));
        (1..=limit).contains(&distance).then_some(distance)
    }
}

/// Whether a name counts people (`Speaker 10`, `Guest B`) instead of naming one.
fn numbered(letters: &[char]) -> bool {
    let digit = letters.iter().any(|c| c.is_numeric());
    let single = letters.len() > 2 && letters[letters.len() - 2] == ' ';
    digit || single
}

/// The known name nearest to a label, if one is near.
pub(super) fn nearest<'a>(
    label: &str,
    known: impl IntoIterator<Item = &'a Candidate>,
) -> Option<&'a str> {
    let wanted = Candidate::new(label);
    let near = known.into_iter().filter_map(|one| Some((one.distance(&wanted)?, &one.name)));
    near.min().map(|(_, name)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_capitals() {
        for (name, wanted) in [
            ("Michael Folkson", Some("MF")),
            ("Jean-Luc Picard", Some("JLP")),
            ("Host", None),
            ("van der Berg", None),
            ("黄仁勋", None),
            ("A B C D E", None),
        ] {
            assert_eq!(initials(name).as_deref(), wanted, "{name}");
        }
        assert_eq!(is_initials("M.F.").as_deref(), Some("MF"));
        assert_eq!(is_initials("Mf"), None);
        assert_eq!(with_initials("Night Engineer (NE)"), Some(("Night Engineer", "NE".to_owned())));
        assert_eq!(with_initials("Night Engineer (PhD)"), None);
        assert_eq!(with_initials("Night Engineer (XY)"), None);
    }

    #[test]
    fn stand_ins_name_no_one() {
        let alone = |key: &str| stands_in(key, &[key.to_owned()]);
        for key in ["q", "问", "speaker 1", "speaker_02", "发言人3", "guest b", "audience"] {
            assert!(alone(key), "{key}");
        }
        for key in
            ["a", "答", "p", "r", "host", "guest", "主持人", "anna b", "studio 54", "speaker", "qa"]
        {
            assert!(!alone(key), "{key}");
        }
        let pairs = [("q", "a"), ("p", "r"), ("问", "答")];
        for (one, two) in pairs {
            let both = [one.to_owned(), two.to_owned()];
            assert!(stands_in(one, &both) && stands_in(two, &both), "{one} {two}");
        }
        assert!(!stands_in("a", &["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn near_names_are_slips_and_no_counting() {
        let near = |label: &str, known: &[&str]| {
            let known: Vec<Candidate> = known.iter().map(|name| Candidate::new(name)).collect();
            nearest(label, &known).map(str::to_owned)
        };
        assert_eq!(
            near("Night Enginer", &["Archivist", "Night Engineer"]).as_deref(),
            Some("Night Engineer")
        );
        assert_eq!(near("档案圆", &["档案员"]).as_deref(), Some("档案员"));
        for (label, known) in [
            ("Speaker 2", "Speaker 1"),
            ("Host B", "Host A"),
            ("王强", "王伟"),
            ("Librarian", "Archivist"),
            ("Archivist", "Archivist"),
        ] {
            assert_eq!(near(label, &[known]), None, "{label}");
        }
    }
}
