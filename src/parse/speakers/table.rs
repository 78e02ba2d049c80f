//! A file's candidates with their labels, and the rules by which labels come to speak.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::{Cast, LISTS, Member, PAIRS, RECURS, Who, can_name};
use crate::parse::blocks::Raw;
use crate::parse::cjk;
use crate::parse::cues;
use crate::parse::forms::{Candidate, Form, Voice};
use crate::parse::initials;
use crate::parse::label::{people, together};
use crate::parse::nameless::Nameless;

/// One of a file's labels, folded.
pub(super) struct Label<'a> {
    pub key: &'a str,
    /// The first candidate that has it.
    first: usize,
    /// Whether it could be somebody's.
    names: bool,
    /// How many candidates have it in a form that makes speakers: those that nothing but a colon sets
    /// apart, and all.
    plain: usize,
    all: usize,
    /// Whether it is a speaker.
    pub accepted: bool,
}

impl Label<'_> {
    /// How often it stands set apart, or plain, where it could be somebody's.
    fn count(&self, plain: bool) -> usize {
        match (self.names, plain) {
            (false, _) => 0,
            (true, true) => self.plain,
            (true, false) => self.all - self.plain,
        }
    }
}

/// A file's candidates and their labels.
pub(super) struct Table<'a> {
    candidates: &'a [Candidate],
    keys: &'a [String],
    /// Each label once, in order of appearance.
    pub labels: Vec<Label<'a>>,
    /// By label, where it stands among these.
    index: HashMap<&'a str, usize>,
    /// By candidate, the same of its label.
    own: Vec<usize>,
    pub declared: BTreeSet<String>,
}

impl<'a> Table<'a> {
    pub fn new(
        candidates: &'a [Candidate],
        keys: &'a [String],
        declared: BTreeSet<String>,
    ) -> Self {
        let mut labels: Vec<Label<'a>> = Vec::new();
        let mut index = HashMap::new();
        let own = candidates.iter().zip(keys).enumerate().map(|(first, (candidate, key))| {
            let key = key.as_str();
            let own = *index.entry(key).or_insert_with(|| {
                let names = can_name(key);
                labels.push(Label { key, first, names, plain: 0, all: 0, accepted: false });
                labels.len() - 1
            });
            if candidate.form.makes_speakers() {
                labels[own].all += 1;
                labels[own].plain += usize::from(candidate.form.plain);
            }
            own
        });
        let own = own.collect();
        Self { candidates, keys, labels, index, own, declared }
    }

    fn label(&self, key: &str) -> Option<&Label<'a>> {
        self.index.get(key).map(|at| &self.labels[*at])
    }

    fn of(&self, candidate: usize) -> &Label<'a> {
        &self.labels[self.own[candidate]]
    }

    /// Whether a label speaks.
    fn is_accepted(&self, key: &str) -> bool {
        self.label(key).is_some_and(|label| label.accepted)
    }

    /// All candidates, with their labels.
    fn labelled(&self) -> impl Iterator<Item = (&'a Candidate, &Label<'a>)> {
        self.candidates.iter().zip(self.own.iter().map(|own| &self.labels[*own]))
    }

    /// Where the first one who speaks stands.
    fn first_line(&self) -> u32 {
        let first = self.labelled().find(|(_, label)| label.accepted);
        first.map_or(u32::MAX, |(candidate, _)| candidate.line)
    }

    fn accept(&mut self, labels: impl IntoIterator<Item = usize>) {
        for at in labels {
            self.labels[at].accepted = true;
        }
    }

    /// The labels for which something holds.
    fn which(&self, holds: impl Fn(&Label<'a>) -> bool) -> Vec<usize> {
        (0..self.labels.len()).filter(|at| holds(&self.labels[*at])).collect()
    }

    pub fn accept_declared(&mut self) {
        let found = self.which(|label| self.declared.contains(label.key));
        self.accept(found);
    }

    /// Questions and answers at the end of a talk: both letters, twice each.
    pub fn accept_questions(&mut self) {
        let twice = |key: &str| {
            let label = self.label(key);
            label.is_some_and(|label| label.names && label.all >= 2)
        };
        let pairs = PAIRS.iter().filter(|(asks, answers)| twice(asks) && twice(answers));
        let found: Vec<usize> =
            pairs.flat_map(|(asks, answers)| [self.index[asks], self.index[answers]]).collect();
        self.accept(found);
    }

    pub fn accept_recurring(&mut self, raw: &Raw, paragraphs: usize) {
        // A label that is set apart somewhere counts wherever it stands.
        let found = self.which(|label| label.count(false) > 0 && label.all >= RECURS);
        self.accept(found);
        // An article with three `Definition:` lines is no dialogue: plain labels must carry a
        // fair share of the paragraphs, or belong to people who are known already.
        // A role says of itself that it is one. Where people talk already, in labels that are
        // set apart, what looks like a name is one.
        let plain = self.which(|label| label.count(true) >= RECURS);
        let turns: usize = plain.iter().map(|at| self.labels[*at].plain).sum();
        let fair = turns * 7 >= paragraphs;
        let dialogue = self.turns_set_apart() * 2 >= paragraphs;
        let counts = |at: &usize| {
            let label = &self.labels[*at];
            fair || LISTS.contains(&label.key) || dialogue && self.is_like_a_name(raw, label)
        };
        let counted: Vec<usize> = plain.into_iter().filter(counts).collect();
        self.accept(counted);
    }

    /// Labels of several people, each of whom speaks or is declared.
    pub fn accept_together(&mut self, raw: &Raw) {
        let speaks = |label: &str| {
            let pair = PAIRS.iter().any(|(asks, answers)| label == *asks || label == *answers);
            !pair && self.is_accepted(label)
        };
        let first = self.first_line();
        let named = (0..self.candidates.len()).filter(|at| {
            let (candidate, label) = (&self.candidates[*at], self.of(*at));
            let placed = || {
                !candidate.form.plain
                    || candidate.line > first && !is_address(line_behind(raw, candidate))
            };
            let names = candidate.form.makes_speakers() && !label.accepted;
            names && placed() && together(label.key, speaks).is_some()
        });
        let named: Vec<usize> = named.map(|at| self.own[at]).collect();
        self.accept(named);
    }

    /// How many labels of speakers are there that something sets apart.
    fn turns_set_apart(&self) -> usize {
        self.labelled().filter(|(candidate, label)| !candidate.form.plain && label.accepted).count()
    }

    /// Whether a label reads like a name where it first stands.
    fn is_like_a_name(&self, raw: &Raw, label: &Label<'_>) -> bool {
        let candidate = &self.candidates[label.first];
        looks_like_a_name(&raw.text[candidate.label.range()], candidate.form)
    }

    /// Two labels of one form that alternate over at least half of the paragraphs.
    pub fn accept_alternating(&mut self, paragraphs: usize) {
        let mut forms: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, candidate) in self.candidates.iter().enumerate() {
            if self.of(at).names && candidate.form.makes_speakers() {
                forms.entry(candidate.form.name).or_default().push(self.own[at]);
            }
        }
        for labels in forms.into_values() {
            let distinct: BTreeSet<usize> = labels.iter().copied().collect();
            let alternate = labels.windows(2).all(|pair| pair[0] != pair[1]);
            if distinct.len() == 2
                && labels.len() >= 2
                && alternate
                && labels.len() * 2 >= paragraphs
            {
                self.accept(distinct);
            }
        }
    }

    /// Candidates with a label that is used once or twice, in a form that accepted speakers use.
    pub fn rare(&self, raw: &Raw, refused: &BTreeSet<String>) -> Vec<usize> {
        let used = self.usual();
        let first = self.first_line();
        let asked =
            PAIRS.iter().any(|(asks, answers)| self.is_accepted(asks) && self.is_accepted(answers));
        let counts = |candidate: &Candidate, own: &Label<'_>| {
            if own.accepted || !own.names || refused.contains(own.key) {
                return false;
            }
            let no_one = candidate.form.plain && LISTS.contains(&own.key);
            let label = &raw.text[candidate.label.range()];
            let like_others = candidate.form.rare
                && used.contains(candidate.form.name)
                && looks_like_a_name(label, candidate.form);
            // Among questions and answers, others who speak up twice.
            let speaks_up = asked && candidate.form.plain && self.is_named_twice(label, own);
            let begins = raw.tops[candidate.top].text.start == candidate.line;
            let placed = (!candidate.form.alone || begins)
                // Before anyone speaks, `Title: words` is a line of the head; with an address
                // behind it, a line of a list.
                && (!candidate.form.plain
                    || candidate.line > first && !is_address(line_behind(raw, candidate)));
            (like_others || speaks_up && begins) && placed && !no_one
        };
        (0..self.keys.len()).filter(|at| counts(&self.candidates[*at], self.of(*at))).collect()
    }

    /// The forms that speakers use as often as it takes: one slip of the pen sets no example.
    fn usual(&self) -> BTreeSet<&'static str> {
        let mut often: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (candidate, label) in self.labelled() {
            if candidate.form.rare && label.accepted {
                *often.entry(candidate.form.name).or_default() += 1;
            }
        }
        often.into_iter().filter(|(_, count)| *count >= RECURS).map(|(name, _)| name).collect()
    }

    /// Whether a label is used more than once and could be a name: one word, in whatever case.
    fn is_named_twice(&self, written: &str, label: &Label<'_>) -> bool {
        let word = !written.contains(char::is_whitespace) && written.chars().count() > 1;
        word && self.keys.iter().filter(|own| *own == label.key).count() > 1
    }

    /// Plain labels that recur and do not count: worth a word, since nothing else tells.
    pub fn left_out(&self, refused: &BTreeSet<String>) -> Vec<(usize, usize)> {
        let unknown = |label: &&Label<'_>| {
            label.count(true) >= RECURS && !label.accepted && !refused.contains(label.key)
        };
        self.labels.iter().filter(unknown).map(|label| (label.first, label.plain)).collect()
    }

    pub fn cast(&self, raw: &Raw, rare: Vec<usize>, cues: &BTreeSet<String>) -> Cast {
        let mut people: Vec<Member> = Vec::new();
        // By label.
        let mut members: Vec<Option<usize>> = vec![None; self.labels.len()];
        let mut whole: Vec<[usize; 2]> = Vec::new();
        let mut speakers: Vec<Option<Who>> = vec![None; self.candidates.len()];
        let counted: BTreeSet<usize> = rare.iter().copied().collect();
        let mut nameless = Nameless::find(self.candidates);
        nameless.timed =
            self.labelled().any(|(candidate, label)| candidate.time.is_some() && label.accepted);
        let quotes = self.candidates.iter().filter(|candidate| candidate.form.is_quote()).count();
        let plain =
            self.labelled().any(|(candidate, label)| candidate.form.plain && label.accepted);
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
            if once || !self.of(at).accepted && !counted.contains(&at) {
                continue;
            }
            let person = *members[self.own[at]].get_or_insert_with(|| {
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
