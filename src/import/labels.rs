//! Names that stand in the words: `Host: Welcome`, `>> Welcome`, a dash for each of two people.
//!
//! As in Markdown transcripts, recurrence tells a speaker from `One more thing:`; the label
//! alone does not. Labels that are not taken stay words.

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::{is_no_person, speaker_key};

/// So often used, a label names a speaker.
const RECURS: usize = 3;

/// A label is shorter than this.
const LONGEST: usize = 32;

/// Which labels of a file name speakers.
#[derive(Debug, Default)]
pub(super) struct Labels {
    accepted: BTreeSet<String>,
    /// Labels that stand only once or twice, and count because they look like the others.
    pub rare: BTreeSet<String>,
    /// Labels that were not taken, as written.
    pub refused: BTreeSet<String>,
}

impl Labels {
    /// Decides over all lines of a file.
    pub fn decide<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let (mut all, mut order, mut spelt) = (0, Vec::new(), BTreeMap::new());
        for line in lines {
            all += 1;
            if let Some((name, _)) = split(turn_mark(line).unwrap_or(line)) {
                let key = speaker_key(name);
                spelt.entry(key.clone()).or_insert_with(|| name.to_owned());
                order.push(key);
            }
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        order.iter().for_each(|key| *counts.entry(key).or_default() += 1);
        counts.retain(|key, _| !is_no_person(key));
        let mut labels = Self::default();
        let recurring = counts.iter().filter(|(_, count)| **count >= RECURS);
        labels.accepted.extend(recurring.map(|(key, _)| (*key).to_owned()));
        let known = order.iter().filter(|key| counts.contains_key(key.as_str())).count();
        if counts.len() == 2 && known * 2 >= all {
            labels.accepted.extend(counts.keys().map(|key| (*key).to_owned()));
        }
        let has_any = !labels.accepted.is_empty();
        for (key, name) in spelt {
            if labels.accepted.contains(&key) {
            } else if has_any && counts.contains_key(key.as_str()) && looks_like_a_name(&name) {
                labels.rare.insert(name);
                labels.accepted.insert(key);
            } else {
                labels.refused.insert(name);
            }
        }
        labels
    }

    /// The name and the words of a line, if its label names a speaker.
    pub fn take<'a>(&self, line: &'a str) -> Option<(&'a str, &'a str)> {
        split(line).filter(|(name, _)| self.accepted.contains(&speaker_key(name)))
    }
}

/// The words behind `>>`, which captions put where somebody else begins.
pub(super) fn turn_mark(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(">>")?;
    Some(rest.trim_start_matches('>').trim_start())
}

/// The words behind a dash.
pub(super) fn dash(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '–', '—', '‐'])?;
    (!rest.starts_with('-')).then(|| rest.trim_start()).filter(|rest| !rest.is_empty())
}

/// A line that could begin with a label: the label, and the words behind the colon.
pub(super) fn split(line: &str) -> Option<(&str, &str)> {
    let (at, colon) =
        line.char_indices().take(LONGEST + 1).find(|(_, c)| matches!(c, ':' | '：'))?;
    let (name, rest) = (line[..at].trim(), &line[at + colon.len_utf8()..]);
    let wide = |c: char| !c.is_ascii() && c.is_alphanumeric();
    let separates = colon == '：'
        || rest.is_empty()
        || rest.starts_with(char::is_whitespace)
        || (name.ends_with(wide) || rest.starts_with(wide)) && !rest.starts_with("//");
    (separates && is_label(name)).then(|| (name, rest.trim_start()))
}

/// Whether a text could be a name at all.
pub(super) fn is_label(name: &str) -> bool {
    let barred = |c: char| "。！？!?；;，“”\"<>|｜=*#\\…".contains(c);
    !name.is_empty()
        && name.chars().count() <= LONGEST
        && name.split_whitespace().count() <= 5
        && name.starts_with(|c: char| c.is_alphanumeric() || c == '@')
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(barred)
}

/// Whether a label that nobody vouches for reads like a name.
fn looks_like_a_name(name: &str) -> bool {
    let capital = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || !c.is_alphabetic())
    };
    if name
        .chars()
        .any(|c| !c.is_ascii() && !c.is_lowercase() && !c.is_uppercase() && c.is_alphabetic())
    {
        return name.chars().count() <= 6;
    }
    name.split_whitespace().count() <= 3 && name.split_whitespace().all(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_a_label() {
        for (line, label) in [
            ("Host: Welcome", Some(("Host", "Welcome"))),
            ("主持人：你好", Some(("主持人", "你好"))),
            ("主持人:你好", Some(("主持人", "你好"))),
            ("Dr. A. Engineer:", Some(("Dr. A. Engineer", ""))),
            ("https://example.org", None),
            ("at 10:30 we go", None),
            ("Well, that is what I thought it was: no", None),
            ("No! Host: x", None),
        ] {
            assert_eq!(split(line), label, "{line}");
        }
    }

    #[test]
    fn recurrence_decides() {
        let lines = ["Host: a", "x", "y", "Host: b", "Host: c", "Guest: d", "then I said: e"];
        let labels = Labels::decide(lines.into_iter());
        assert_eq!(labels.take("Host: a"), Some(("Host", "a")));
        assert_eq!(labels.take("Guest: d"), Some(("Guest", "d")));
        assert_eq!(labels.take("then I said: e"), None);
        assert!(labels.rare.contains("Guest") && labels.refused.contains("then I said"));
    }
}
