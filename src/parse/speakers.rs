//! Which labels name someone who speaks.
//!
//! Recurrence is what tells a speaker from a lead-in: a bold label used three times in a
//! dialogue is a speaker in 95–100 % of hits, a plain one in 85–98 % in dialogues and in 2–20 %
//! elsewhere. Rules: design, section 5.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use hashbrown::HashSet;

use super::blocks::Raw;
use super::chars::is_zero_width;
use super::cjk;
use super::cues;
use super::forms::{Candidate, Form, Voice};
use super::initials;
use super::label::{joined, people, together};
use super::nameless::Nameless;
use crate::config::FrontMatter;
use crate::document::Node;
use crate::paths::composed;

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
    let mut table = Table { candidates, keys: &keys, accepted: BTreeSet::new(), declared };
    let cues = cues::find(raw, candidates, &keys, &table.declared);
    if !front.no_turns {
        let tops = raw.tops.iter().zip(used).filter(|(_, used)| !**used);
        let paragraphs = tops.filter(|(top, _)| matches!(top.node, Node::Paragraph(_))).count();
        table.accept_declared();
        table.accept_recurring(raw, paragraphs);
        table.accept_alternating(paragraphs);
        table.accept_questions();
        table.accept_together(raw);
        table.accepted.retain(|key| !refused.contains(key) && !cues.contains(key));
    }
    let refused: BTreeSet<String> = refused.into_iter().chain(cues.iter().cloned()).collect();
    let rare = table.rare(raw, &refused);
    let mut left_out = if front.no_turns { Vec::new() } else { table.left_out(&refused) };
    left_out.retain(|(at, _)| rare.binary_search(at).is_err());
    Cast { left_out, ..table.cast(raw, rare, &cues) }
}

struct Table<'a> {
    candidates: &'a [Candidate],
    keys: &'a [String],
    accepted: BTreeSet<String>,
    declared: BTreeSet<String>,
}

impl Table<'_> {
    fn accept_declared(&mut self) {
        let named = self.keys.iter().filter(|key| self.declared.contains(*key));
        self.accepted.extend(named.cloned());
    }

    fn counts(&self, plain: bool) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (candidate, key) in self.candidates.iter().zip(self.keys) {
            if candidate.form.plain == plain && candidate.form.makes_speakers() && can_name(key) {
                *counts.entry(key.as_str()).or_default() += 1;
            }
        }
        counts
    }

    fn all_counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (candidate, key) in self.candidates.iter().zip(self.keys) {
            if candidate.form.makes_speakers() && can_name(key) {
                *counts.entry(key.as_str()).or_default() += 1;
            }
        }
        counts
    }

    /// Questions and answers at the end of a talk: both letters, twice each.
    fn accept_questions(&mut self) {
        let all = self.all_counts();
        let twice = |label: &str| all.get(label).is_some_and(|count| *count >= 2);
        let pairs = PAIRS.iter().filter(|(asks, answers)| twice(asks) && twice(answers));
        let found: Vec<String> =
            pairs.flat_map(|(asks, answers)| [(*asks).to_owned(), (*answers).to_owned()]).collect();
        self.accepted.extend(found);
    }

    fn accept_recurring(&mut self, raw: &Raw, paragraphs: usize) {
        let recurring = |counts: BTreeMap<&str, usize>| -> Vec<(String, usize)> {
            counts
                .into_iter()
                .filter(|(_, n)| *n >= RECURS)
                .map(|(key, n)| (key.to_owned(), n))
                .collect()
        };
        let plain = recurring(self.counts(true));
        let (set_apart, all) = (self.counts(false), self.all_counts());
        // A label that is set apart somewhere counts wherever it stands.
        let bold: Vec<String> = set_apart
            .into_keys()
            .filter(|key| all.get(key).is_some_and(|count| *count >= RECURS))
            .map(str::to_owned)
            .collect();
        self.accepted.extend(bold);
        // An article with three `Definition:` lines is no dialogue: plain labels must carry a
        // fair share of the paragraphs, or belong to people who are known already.
        // A role says of itself that it is one. Where people talk already, in labels that are
        // set apart, what looks like a name is one.
        let turns: usize = plain.iter().map(|(_, count)| count).sum();
        let fair = turns * 7 >= paragraphs;
        let dialogue = self.turns_set_apart() * 2 >= paragraphs;
        let counts = |key: &String| {
            fair || LISTS.contains(&key.as_str()) || dialogue && self.is_like_a_name(raw, key)
        };
        let counted: Vec<String> = plain.into_iter().map(|(key, _)| key).filter(counts).collect();
        self.accepted.extend(counted);
    }

    /// Labels of several people, each of whom speaks or is declared.
    fn accept_together(&mut self, raw: &Raw) {
        let speaks = |label: &str| {
            let pair = PAIRS.iter().any(|(asks, answers)| label == *asks || label == *answers);
            self.accepted.contains(label) && !pair
        };
        let first = self.keys.iter().position(|key| self.accepted.contains(key));
        let first = first.map_or(u32::MAX, |at| self.candidates[at].line);
        let named = self.candidates.iter().zip(self.keys).filter(|(candidate, key)| {
            let placed = !candidate.form.plain
                || candidate.line > first && !is_address(line_behind(raw, candidate));
            let names = candidate.form.makes_speakers() && !self.accepted.contains(*key);
            names && placed && together(key, speaks).is_some()
        });
        let named: Vec<String> = named.map(|(_, key)| key.clone()).collect();
        self.accepted.extend(named);
    }

    /// How many labels of speakers are there that something sets apart.
    fn turns_set_apart(&self) -> usize {
        let speaks = |(candidate, key): &(&Candidate, &String)| {
            !candidate.form.plain && self.accepted.contains(*key)
        };
        self.candidates.iter().zip(self.keys).filter(speaks).count()
    }

    /// Whether a label reads like a name where it first stands.
    fn is_like_a_name(&self, raw: &Raw, key: &str) -> bool {
        let first = self.candidates.iter().zip(self.keys).find(|(_, own)| *own == key);
        first.is_some_and(|(candidate, _)| {
            looks_like_a_name(&raw.text[candidate.label.range()], candidate.form)
        })
    }

    /// Two labels of one form that alternate over at least half of the paragraphs.
    fn accept_alternating(&mut self, paragraphs: usize) {
        let mut forms: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (candidate, key) in self.candidates.iter().zip(self.keys) {
            if can_name(key) && candidate.form.makes_speakers() {
                forms.entry(candidate.form.name).or_default().push(key);
            }
        }
        for labels in forms.into_values() {
            let distinct: BTreeSet<&str> = labels.iter().copied().collect();
            let alternate = labels.windows(2).all(|pair| pair[0] != pair[1]);
            if distinct.len() == 2
                && labels.len() >= 2
                && alternate
                && labels.len() * 2 >= paragraphs
            {
                self.accepted.extend(distinct.into_iter().map(str::to_owned));
            }
        }
    }

    /// Candidates with a label that is used once or twice, in a form that accepted speakers use.
    fn rare(&self, raw: &Raw, refused: &BTreeSet<String>) -> Vec<usize> {
        let used = self.usual();
        let first = self.keys.iter().position(|key| self.accepted.contains(key));
        let first = first.map_or(u32::MAX, |at| self.candidates[at].line);
        let asked = PAIRS.iter().any(|(asks, answers)| {
            self.accepted.contains(*asks) && self.accepted.contains(*answers)
        });
        let counts = |candidate: &Candidate, key: &String| {
            let known = self.accepted.contains(key) || refused.contains(key);
            let no_one = !can_name(key) || (candidate.form.plain && LISTS.contains(&key.as_str()));
            let label = &raw.text[candidate.label.range()];
            let like_others = candidate.form.rare
                && used.contains(candidate.form.name)
                && looks_like_a_name(label, candidate.form);
            // Among questions and answers, others who speak up twice.
            let speaks_up = asked && candidate.form.plain && self.is_named_twice(label, key);
            let begins = raw.tops[candidate.top].text.start == candidate.line;
            let placed = (!candidate.form.alone || begins)
                // Before anyone speaks, `Title: words` is a line of the head; with an address
                // behind it, a line of a list.
                && (!candidate.form.plain
                    || candidate.line > first && !is_address(line_behind(raw, candidate)));
            (like_others || speaks_up && begins) && placed && !known && !no_one
        };
        (0..self.keys.len()).filter(|at| counts(&self.candidates[*at], &self.keys[*at])).collect()
    }

    /// The forms that speakers use as often as it takes: one slip of the pen sets no example.
    fn usual(&self) -> BTreeSet<&'static str> {
        let mut often: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (candidate, key) in self.candidates.iter().zip(self.keys) {
            if candidate.form.rare && self.accepted.contains(key) {
                *often.entry(candidate.form.name).or_default() += 1;
            }
        }
        often.into_iter().filter(|(_, count)| *count >= RECURS).map(|(name, _)| name).collect()
    }

    /// Whether a label is used more than once and could be a name: one word, in whatever case.
    fn is_named_twice(&self, label: &str, key: &str) -> bool {
        let word = !label.contains(char::is_whitespace) && label.chars().count() > 1;
        word && self.keys.iter().filter(|own| *own == key).count() > 1
    }

    /// Plain labels that recur and do not count: worth a word, since nothing else tells.
    fn left_out(&self, refused: &BTreeSet<String>) -> Vec<(usize, usize)> {
        let unknown = |key: &&str| !self.accepted.contains(*key) && !refused.contains(*key);
        let recurring =
            self.counts(true).into_iter().filter(|(key, count)| *count >= RECURS && unknown(key));
        let mut found: Vec<(usize, usize)> = recurring
            .filter_map(|(key, count)| Some((self.keys.iter().position(|own| own == key)?, count)))
            .collect();
        found.sort_unstable();
        found
    }

    fn cast(&self, raw: &Raw, rare: Vec<usize>, cues: &BTreeSet<String>) -> Cast {
        let mut index: HashMap<&str, usize> = HashMap::new();
        let mut people: Vec<Member> = Vec::new();
        let mut whole: Vec<[usize; 2]> = Vec::new();
        let mut speakers: Vec<Option<Who>> = vec![None; self.candidates.len()];
        let counted: BTreeSet<usize> = rare.iter().copied().collect();
        let mut nameless = Nameless::find(self.candidates);
        nameless.timed = self
            .candidates
            .iter()
            .zip(self.keys)
            .any(|(candidate, key)| candidate.time.is_some() && self.accepted.contains(key));
        let quotes = self.candidates.iter().filter(|candidate| candidate.form.is_quote()).count();
        let mut speaking = self.candidates.iter().zip(self.keys);
        let plain = speaking.any(|(one, key)| one.form.plain && self.accepted.contains(key));
        for (at, (candidate, key)) in self.candidates.iter().zip(self.keys).enumerate() {
            if candidate.form.voice != Voice::Named {
                let named = at.checked_sub(1).is_some_and(|before| {
                    self.candidates[before].line == candidate.line && speakers[before].is_some()
                });
                speakers[at] = nameless.who(candidate).filter(|_| !named);
                continue;
            }
            if cues.contains(key) && cues::counts_here(candidate, plain) {
                speakers[at] = Some(Who::Nobody);
                continue;
            }
            let once = candidate.form.is_quote() && quotes < RECURS;
            if once || !self.accepted.contains(key) && !counted.contains(&at) {
                continue;
            }
            let person = *index.entry(key).or_insert_with(|| {
                let label = initials::without(&raw.text[candidate.label.range()], key);
                people.push(Member { label, declared: self.declared.contains(key), bold: false });
                whole.push([0; 2]);
                people.len() - 1
            });
            whole[person][usize::from(candidate.form.whole)] += 1;
            speakers[at] = Some(Who::Member(person));
        }
        for (person, [other, whole]) in people.iter_mut().zip(whole) {
            person.bold = whole > other;
        }
        if people.is_empty() {
            // Without anyone who speaks there are no words to end.
            speakers
                .iter_mut()
                .filter(|who| **who == Some(Who::Nobody))
                .for_each(|who| *who = None);
        }
        Cast { speakers, people, rare, left_out: Vec::new() }
    }
}

/// Whether a label that nobody vouches for reads like a name: a short one, and in Latin letters
/// one with capitals.
fn looks_like_a_name(label: &str, form: &Form) -> bool {
    let length = label.chars().count();
    if label.chars().any(cjk::is_ideographic) {
        let says = ["说", "道", "是", "问", "答", "如下", "认为", "表示", "即", "为", "看", "下"];
        return length <= if form.plain { 6 } else { 10 }
            && !says.iter().any(|end| label.ends_with(end));
    }
    if !form.plain && people(label).nth(1).is_some() {
        return people(label).all(|part| looks_like_a_name(part, form));
    }
    let words: Vec<&str> = label.split_whitespace().collect();
    let capital = |word: &&str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || !c.is_alphabetic())
    };
    let most = if form.plain { 3 } else { 5 };
    words.len() <= most && words.iter().filter(|word| capital(word)).count() * 2 > words.len()
}

/// The words behind a label, to the end of their line.
fn line_behind<'a>(raw: &'a Raw, candidate: &Candidate) -> &'a str {
    let end = raw.tops[candidate.top].text.end.max(candidate.words);
    let rest = &raw.text[candidate.words as usize..end as usize];
    rest.split('\n').next().unwrap_or(rest).trim()
}

fn is_address(words: &str) -> bool {
    words.starts_with("http") && words.contains("://") && !words.contains(char::is_whitespace)
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
