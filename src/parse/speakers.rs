//! Which labels name someone who speaks.
//!
//! Recurrence is what tells a speaker from a lead-in: a bold label used three times in a
//! dialogue is a speaker in 95–100 % of hits, a plain one in 85–98 % in dialogues and in 2–20 %
//! elsewhere. Rules: design, section 5.

mod table;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hashbrown::HashSet;

use super::blocks::Raw;
use super::chars::is_zero_width;
use super::cues;
use super::forms::Candidate;
use super::initials;
use super::label::joined;
use crate::config::FrontMatter;
use crate::document::Node;
use crate::paths::composed;

use table::Table;

/// What questions and answers are labelled with.
pub(super) const PAIRS: &[(&str, &str)] = &[("q", "a"), ("p", "r"), ("问", "答"), ("q", "r")];

/// How often a label must be used to be a speaker by recurrence alone.
pub(super) const RECURS: usize = 3;

/// Labels that recur and are not people, and metadata lines, folded as [`key`] folds.
static NOT_PEOPLE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("not_people.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|label| !label.is_empty())
        .collect()
});

/// Labels of metadata lines that are speakers where they recur: `嘉宾：甲、乙` at the top names
/// the guests, `嘉宾：` before every other paragraph is the guest.
const LISTS: &[&str] = &[
    "嘉宾",
    "guest",
    "speaker",
    "host",
    "主持",
    "主持人",
    "主播",
    "作者",
    "编辑",
    "记者",
    "采访",
    "访谈",
];

/// Who speaks, as decided for one file.
pub(super) struct Cast {
    /// By candidate: who speaks; none where it is no label.
    pub speakers: Vec<Option<Who>>,
    /// In order of appearance.
    pub people: Vec<Member>,
    /// Indices of candidates that counted although their label is rare.
    pub rare: Vec<usize>,
    /// Labels that recur and were left out: the index of the first candidate, and how often.
    pub left_out: Vec<(usize, usize)>,
}

/// Who begins to speak at a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// A member of the cast, by index.
    Member(usize),
    /// The one who spoke last.
    Same,
    /// Somebody without a name.
    Another,
    /// Nobody: a cue such as `**Break:**`, which stays as it is written.
    Nobody,
}

/// Someone who speaks.
pub(super) struct Member {
    /// The label as it first stands.
    pub label: String,
    pub declared: bool,
    /// Whether most of the labelled turns stand wholly in bold.
    pub bold: bool,
}

/// A label under which its spellings are one: NFC, no zero-width characters, white space
/// folded, lower case, one kind of apostrophe and hyphen.
pub fn key(label: &str) -> String {
    let one_kind = |c| match c {
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        c => c,
    };
    let usual = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    if label.bytes().all(usual) && label.trim() == label && !label.contains("  ") {
        return label.to_ascii_lowercase();
    }
    let composed = composed(label);
    let mut kept = String::with_capacity(composed.len());
    for c in composed.chars().filter(|c| !is_zero_width(*c)).map(one_kind) {
        match c {
            c if !c.is_whitespace() => kept.push(c),
            _ if kept.is_empty() || kept.ends_with(' ') => {}
            _ => kept.push(' '),
        }
    }
    kept.truncate(kept.trim_end().len());
    if kept.is_ascii() {
        kept.make_ascii_lowercase();
        return kept;
    }
    kept.to_lowercase()
}

/// Whether a folded label could be somebody's: there is one, and it is none of those that recur
/// and name no one.
pub(super) fn can_name(key: &str) -> bool {
    !key.is_empty() && !NOT_PEOPLE.contains(key)
}

/// Whether a label is one of those that recur and name no one.
pub(crate) fn is_no_person(label: &str) -> bool {
    NOT_PEOPLE.contains(&key(label).as_str())
}

/// Whether a folded label names people in a line of the head, and speaks where it recurs.
pub(super) fn may_be_listed(key: &str) -> bool {
    LISTS.contains(&key)
}

/// Labels that somebody declared: the front matter's people, and those of `speakers.yaml`.
pub(super) fn declared(front: &FrontMatter, known: &BTreeSet<String>) -> BTreeSet<String> {
    let people =
        front.people.iter().flat_map(|person| std::iter::once(&person.name).chain(&person.aliases));
    people.map(|name| key(name)).chain(known.iter().cloned()).collect()
}

/// Decides over all candidates of a file; what is `used` belongs to its head.
pub(super) fn decide(
    raw: &Raw,
    used: &[bool],
    candidates: &[Candidate],
    front: &FrontMatter,
    known: &BTreeSet<String>,
) -> Cast {
    let labels: Vec<String> = candidates
        .iter()
        .map(|candidate| key(&joined(&raw.text[candidate.label.range()])))
        .collect();
    let keys = initials::resolved(raw, candidates, labels);
    let refused: BTreeSet<String> = front.not_speakers.iter().map(|label| key(label)).collect();
    let declared = declared(front, known);
    let mut table = Table::new(candidates, &keys, declared);
    let distinct = table.labels.iter().map(|label| label.key);
    let cues = cues::find(raw, candidates, &keys, distinct, &table.declared);
    if !front.no_turns {
        let tops = raw.tops.iter().zip(used).filter(|(_, used)| !**used);
        let paragraphs = tops.filter(|(top, _)| matches!(top.node, Node::Paragraph(_))).count();
        table.accept_declared();
        table.accept_recurring(raw, paragraphs);
        table.accept_alternating(paragraphs);
        table.accept_questions();
        table.accept_together(raw);
        for label in &mut table.labels {
            label.accepted &= !refused.contains(label.key) && !cues.contains(label.key);
        }
    }
    let refused: BTreeSet<String> = refused.into_iter().chain(cues.iter().cloned()).collect();
    let rare = table.rare(raw, &refused);
    let mut left_out = if front.no_turns { Vec::new() } else { table.left_out(&refused) };
    left_out.retain(|(at, _)| rare.binary_search(at).is_err());
    Cast { left_out, ..table.cast(raw, rare, &cues) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_label_are_one() {
        assert_eq!(key(" Host\u{a0} A "), "host a");
        assert_eq!(key("主持\u{200b}人"), "主持人");
        assert_eq!(key("O’Neil\u{2011}Host"), key("O'Neil-Host"));
    }
}
