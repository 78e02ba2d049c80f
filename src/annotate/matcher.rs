//! The search itself, over the text as it stands: characters are folded as they are read, so
//! there is no second copy of the text and no table of offsets.
//!
//! A form begins where a word begins. From each such place that `gate` lets through, the
//! Aho–Corasick automaton of all forms, lower-cased and without blanks, is followed without its
//! failure links: in running text few places are let through, where the usual pass would ask
//! memory for a row of its table at every byte. What it finds is read backwards against the form, which
//! decides blanks and capitals. What overlaps what is not decided here: see `select`.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous;
use aho_corasick::{Anchored, MatchKind};

use super::addresses;
use super::boundary::Words;
use super::fold::{FEED, Folded, IN_WORD, fold, lower};
use super::forms::{Form, Forms, Gap};
use super::gate::Gate;
use crate::document::{Seam, TextRange};
use crate::glossary::{Glossary, MarkRule, Scope, TermIndex};

/// The glossary's forms, ready to be searched for.
#[derive(Debug)]
pub struct Matcher {
    /// Over the keys of `forms`, then [`addresses::TRIGGERS`].
    automaton: contiguous::NFA,
    gate: Gate,
    forms: Forms,
    /// What each term says of itself, by [`TermIndex`].
    pub(super) terms: Vec<Rules>,
    /// Terms by id, headword and alias, as explicit mentions name them.
    names: HashMap<String, TermIndex>,
}

/// A term's own rules.
#[derive(Debug)]
pub(super) struct Rules {
    /// Which mentions are shown, when it says so.
    pub mark: Option<MarkRule>,
    /// Where it holds; none for everywhere.
    pub scope: Option<Scope>,
}

/// A place where a form stands, words whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub start: u32,
    pub end: u32,
    /// Index into the matcher's forms.
    pub form: u32,
    /// Whether it is written as the form is, capitals and blanks alike.
    pub as_written: bool,
}

/// What a search found in a leaf.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By start, then by end.
    pub candidates: Vec<Candidate>,
    /// Addresses, sorted and apart.
    pub addresses: Vec<TextRange>,
    /// Backslashes that stand before a form to keep it from being a mention.
    pub opted_out: Vec<u32>,
}

/// What the search knows of a leaf besides its text.
#[derive(Debug)]
pub(super) struct Leaf<'d> {
    /// The whole document's text.
    pub text: &'d str,
    pub words: Words<'d>,
    /// All seams within the leaf, sorted.
    pub seams: &'d [Seam],
    /// Where no mention may start, sorted.
    pub escaped: &'d [u32],
}

impl Matcher {
    /// Prepares all forms of all terms.
    pub fn new(glossary: &Glossary) -> Self {
        let forms = Forms::of(glossary);
        let keys = forms.keys.iter().map(|(key, _)| key.as_str()).chain(addresses::TRIGGERS);
        let gate = Gate::of(keys.clone());
        let mut builder = contiguous::Builder::new();
        let automaton = builder.match_kind(MatchKind::Standard).prefilter(false).build(keys);
        let automaton =
            automaton.expect("a glossary's files are limited to far fewer than 2^31 bytes");
        let terms = glossary.terms.iter().map(|term| Rules {
            mark: term.mark,
            scope: Some(term.scope.clone()).filter(|scope| *scope != Scope::default()),
        });
        Self { automaton, gate, forms, terms: terms.collect(), names: names(glossary) }
    }

    /// The term that an explicit mention names: the same answer as [`Glossary::find`].
    pub(super) fn named(&self, name: &str) -> Option<TermIndex> {
        self.names.get(name).copied()
    }

    pub(super) fn form(&self, candidate: Candidate) -> &Form {
        &self.forms.forms[candidate.form as usize]
    }

    /// Adds what stands in a stretch of a leaf without barriers, by its start.
    pub(super) fn search(&self, leaf: &Leaf, stretch: Range<usize>, found: &mut Found) {
        let start = self.automaton.start_state(Anchored::Yes);
        let start = start.expect("this automaton has both start states");
        Search { matcher: self, start, leaf, stretch, found }.run();
    }
}

fn names(glossary: &Glossary) -> HashMap<String, TermIndex> {
    let mut names = HashMap::new();
    let mut add = |name: &str, at: usize| {
        names.entry(name.to_owned()).or_insert(at as TermIndex);
    };
    glossary.terms.iter().enumerate().for_each(|(at, term)| add(&term.id, at));
    glossary.terms.iter().enumerate().for_each(|(at, term)| add(&term.term, at));
    for (at, term) in glossary.terms.iter().enumerate() {
        term.aliases.iter().for_each(|alias| add(alias, at));
    }
    names
}

struct Search<'s> {
    matcher: &'s Matcher,
    /// The automaton's.
    start: StateID,
    leaf: &'s Leaf<'s>,
    stretch: Range<usize>,
    found: &'s mut Found,
}

impl Search<'_> {
    fn run(mut self) {
        let bytes = &self.leaf.text.as_bytes()[..self.stretch.end];
        let mut at = self.stretch.start;
        if self.leaf.words.is_plain() && at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
            at = self.word_end(bytes, at);
        }
        let gate = &self.matcher.gate;
        while at < bytes.len() {
            let byte = bytes[at];
            let (admitted, next) = match FEED[byte as usize] {
                0 if byte == b' ' => (false, at + 1),
                0 => self.look(at),
                1..=0x7f if byte.is_ascii_alphanumeric() => {
                    (gate.admits_ascii(bytes, at), self.word_end(bytes, at + 1))
                }
                1..=0x7f => (gate.admits_ascii(bytes, at), at + 1),
                _ => (gate.admits_wide(bytes, at), at + 3),
            };
            at = match admitted.then(|| self.follow(at)).flatten() {
                Some(behind_address) => behind_address,
                None => next,
            };
        }
    }

    /// Where the next word may begin, inside an ASCII word at `at`: between two ASCII letters or
    /// digits there is no boundary, but for joins.
    fn word_end(&self, bytes: &[u8], at: usize) -> usize {
        if !self.leaf.words.is_plain() {
            return at;
        }
        let rest = bytes[at..].iter().position(|byte| !IN_WORD[*byte as usize]);
        rest.map_or(bytes.len(), |len| at + len)
    }

    /// Whether a form may begin at a character that the table does not know, and its end.
    fn look(&self, at: usize) -> (bool, usize) {
        let mut end = at;
        let folded = self.next(&mut end);
        (folded.is_some_and(|c| self.matcher.gate.admits(c)), end)
    }

    /// The folded character at `at`, which is moved behind it; none when it is passed over.
    fn next(&self, at: &mut usize) -> Option<char> {
        let c = self.leaf.text[*at..].chars().next()?;
        *at += c.len_utf8();
        match fold(c) {
            Folded::Char(kept) => Some(lower(kept)),
            Folded::Blank | Folded::Nothing => None,
        }
    }

    /// Takes all forms that begin at `start`; if an address is there, answers with its end.
    fn follow(&mut self, start: usize) -> Option<usize> {
        let automaton = &self.matcher.automaton;
        let bytes = self.leaf.text.as_bytes();
        let (mut state, mut fed, mut at) = (self.start, 0, start);
        while at < self.stretch.end {
            let byte = FEED[bytes[at] as usize];
            if byte != 0 {
                state = automaton.next_state(Anchored::Yes, state, byte);
                (fed, at) = (fed + 1, at + 1);
            } else if let Some(c) = self.next(&mut at) {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    state = automaton.next_state(Anchored::Yes, state, byte);
                }
                fed += c.len_utf8();
            } else {
                continue;
            }
            if automaton.is_dead(state) {
                return None;
            }
            if automaton.is_match(state)
                && let Some(address) = self.report(state, fed, at)
            {
                return Some(address);
            }
        }
        None
    }

    /// Takes the form or the address whose key of `fed` bytes ends at `end`. The state also
    /// names shorter keys that end here; those begin elsewhere.
    fn report(&mut self, state: StateID, fed: usize, end: usize) -> Option<usize> {
        let Matcher { automaton, forms, .. } = self.matcher;
        for at in 0..automaton.match_len(state) {
            let pattern = automaton.match_pattern(state, at);
            if automaton.pattern_len(pattern) != fed {
                continue;
            }
            match forms.keys.get(pattern.as_usize()) {
                Some((_, forms)) if self.leaf.words.is_end(end) => {
                    forms.clone().for_each(|form| self.take(form, end));
                }
                Some(_) => {}
                None => {
                    let trigger = addresses::TRIGGERS[pattern.as_usize() - forms.keys.len()];
                    let text = self.leaf.text;
                    let address = addresses::around(trigger, text, &self.stretch, end);
                    if let Some(address) = address {
                        self.found.addresses.push(TextRange::new(address.start, address.end));
                        return Some(address.end);
                    }
                }
            }
        }
        None
    }

    fn take(&mut self, index: u32, end: usize) {
        let form = &self.matcher.forms.forms[index as usize];
        let Some((start, as_written)) = self.leaf.read_back(form, end) else { return };
        let escaped = self.leaf.escaped.binary_search(&(start as u32)).is_ok();
        let words = &self.leaf.words;
        if escaped || !words.is_boundary(start) || !is_whole(form, words, start, end) {
            return;
        }
        let (start, end) = (start as u32, end as u32);
        if self.leaf.opts_out(start) {
            return self.found.opted_out.push(start - 1);
        }
        self.found.candidates.push(Candidate { start, end, form: index, as_written });
    }
}

impl Leaf<'_> {
    /// Whether a backslash that is not itself escaped stands before `start` (`\RAG`).
    fn opts_out(&self, start: u32) -> bool {
        let before = start.checked_sub(1);
        before.is_some_and(|at| {
            self.text.as_bytes()[at as usize] == b'\\' && self.escaped.binary_search(&at).is_err()
        })
    }

    /// Reads the text before `end` against a form whose folded characters are known to stand
    /// there: where it starts, and whether it is written as the form is.
    fn read_back(&self, form: &Form, end: usize) -> Option<(usize, bool)> {
        let (mut at, mut as_written) = (end, true);
        for (index, glyph) in form.glyphs.iter().enumerate().rev() {
            let c = self.text[..at].chars().next_back()?;
            if fold(c) != Folded::Char(glyph.kept) {
                if form.exact {
                    return None;
                }
                as_written = false;
            }
            at -= c.len_utf8();
            if index > 0 {
                let (from, blank) = self.gap_before(at);
                match glyph.gap {
                    Gap::Tight if blank => return None,
                    Gap::Blank if !blank && !self.has_seam(from, at) => return None,
                    _ => as_written &= blank == glyph.blank,
                }
                at = from;
            }
        }
        Some((at, as_written))
    }

    /// Passes over what stands between two glyphs: where that begins, and whether there is a
    /// blank in it.
    fn gap_before(&self, at: usize) -> (usize, bool) {
        let (mut from, mut blank) = (at, false);
        for c in self.text[..at].chars().rev() {
            match fold(c) {
                Folded::Char(_) => break,
                Folded::Blank => blank = true,
                Folded::Nothing => {}
            }
            from -= c.len_utf8();
        }
        (from, blank)
    }

    fn has_seam(&self, from: usize, to: usize) -> bool {
        let next = self.seams.partition_point(|seam| (seam.at as usize) < from);
        self.seams.get(next).is_some_and(|seam| seam.at as usize <= to)
    }
}

/// Whether signs at its edges leave a form whole: `C` is not in `C++` and `C#`, nor `C++` in
/// `C+++` and `C++Builder`, nor `.NET` in `..NET`. Digits may follow (`C++20`).
fn is_whole(form: &Form, words: &Words, start: usize, end: usize) -> bool {
    let plain = |c| match fold(c) {
        Folded::Char(c) => c,
        _ => ' ',
    };
    let next = |at| words.after(at).filter(|(_, start)| !words.is_forced(at, *start));
    let ends = next(end).is_none_or(|(c, from)| {
        let after = plain(c);
        if !form.last().is_alphanumeric() {
            after != form.last() && !after.is_ascii_alphabetic()
        } else if form.lone_letter {
            !matches!(after, '+' | '#')
        } else {
            after != '+' || next(from + c.len_utf8()).is_none_or(|(c, _)| plain(c) != '+')
        }
    });
    let before = words.before(start).filter(|(_, end)| !words.is_forced(*end, start));
    let starts = form.first().is_alphanumeric()
        || before
            .is_none_or(|(c, _)| plain(c) != form.first() && !plain(c).is_ascii_alphanumeric());
    ends && starts
}
