//! The search itself: one Aho–Corasick pass over the text of a leaf, its characters folded as
//! they are read, so that there is no second copy of the text and no table of offsets.
//!
//! The automaton knows lower-cased forms without blanks. Each hit is read backwards against
//! its form, which gives its start and decides blanks and capitals. What overlaps what is not
//! decided here: see `select`.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::{Anchored, MatchKind, StartKind, dfa, nfa::contiguous};

use super::addresses;
use super::boundary::Words;
use super::fold::{FEED, Folded, fold, lower};
use super::forms::{Form, Forms, Gap};
use crate::document::Seam;
use crate::glossary::{Glossary, MarkRule, Scope, TermIndex};

/// Bytes of keys from which on the automaton is the compact one: a DFA takes about 1 kB for
/// each byte of its keys.
const LARGE: usize = 60_000;

/// The glossary's forms, ready to be searched for.
#[derive(Debug)]
pub struct Matcher {
    automaton: Engine,
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

#[derive(Debug)]
enum Engine {
    Fast(dfa::DFA),
    Compact(contiguous::NFA),
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
        let automaton = Engine::of(&forms);
        let terms = glossary.terms.iter().map(|term| Rules {
            mark: term.mark,
            scope: Some(term.scope.clone()).filter(|scope| *scope != Scope::default()),
        });
        Self { automaton, forms, terms: terms.collect(), names: names(glossary) }
    }

    /// The term that an explicit mention names: the same answer as [`Glossary::find`].
    pub(super) fn named(&self, name: &str) -> Option<TermIndex> {
        self.names.get(name).copied()
    }

    pub(super) fn form(&self, candidate: Candidate) -> &Form {
        &self.forms.forms[candidate.form as usize]
    }

    /// Adds the candidates in a stretch of a leaf without barriers, by their ends.
    pub(super) fn search(&self, leaf: &Leaf, stretch: Range<usize>, found: &mut Vec<Candidate>) {
        let search = Search { forms: &self.forms, leaf, stretch, found };
        match &self.automaton {
            Engine::Fast(dfa) => search.run(dfa),
            Engine::Compact(nfa) => search.run(nfa),
        }
    }
}

impl Engine {
    fn of(forms: &Forms) -> Self {
        let keys = forms.keys.iter().map(|(key, _)| key.as_str());
        let patterns = keys.chain(addresses::TRIGGERS);
        if forms.keys.iter().map(|(key, _)| key.len()).sum::<usize>() < LARGE {
            let mut builder = dfa::Builder::new();
            builder.match_kind(MatchKind::Standard).start_kind(StartKind::Unanchored);
            if let Ok(dfa) = builder.prefilter(false).build(patterns.clone()) {
                return Self::Fast(dfa);
            }
        }
        let mut builder = contiguous::Builder::new();
        builder.match_kind(MatchKind::Standard).prefilter(false);
        let nfa = builder.build(patterns);
        Self::Compact(nfa.expect("a glossary has fewer than 2^31 bytes, as its sources have"))
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
    forms: &'s Forms,
    leaf: &'s Leaf<'s>,
    stretch: Range<usize>,
    found: &'s mut Vec<Candidate>,
}

impl Search<'_> {
    fn run<A: Automaton>(mut self, automaton: &A) {
        let text = self.leaf.text;
        let start = automaton.start_state(Anchored::No);
        let start = start.expect("the automaton is built for unanchored searches");
        let (mut state, mut at) = (start, self.stretch.start);
        while at < self.stretch.end {
            let fed = FEED[text.as_bytes()[at] as usize];
            if fed != 0 {
                state = automaton.next_state(Anchored::No, state, fed);
                at += 1;
            } else if let Some(next) = feed(automaton, state, text, &mut at) {
                state = next;
            } else {
                continue;
            }
            if automaton.is_special(state)
                && automaton.is_match(state)
                && let Some(behind) = self.report(automaton, state, at)
            {
                (state, at) = (start, behind);
            }
        }
    }

    /// Takes what ends at `end`; when that is an address, answers with the address's end.
    fn report<A: Automaton>(&mut self, automaton: &A, state: StateID, end: usize) -> Option<usize> {
        if self.is_within_word(end) {
            return None;
        }
        let mut is_end = None;
        for at in 0..automaton.match_len(state) {
            let pattern = automaton.match_pattern(state, at).as_usize();
            let Some((_, forms)) = self.forms.keys.get(pattern) else {
                let trigger = addresses::TRIGGERS[pattern - self.forms.keys.len()];
                if let Some(behind) = self.take_address(trigger, end) {
                    return Some(behind);
                }
                continue;
            };
            if *is_end.get_or_insert_with(|| self.leaf.words.is_end(end)) {
                forms.clone().for_each(|form| self.take(form, end));
            }
        }
        None
    }

    /// The common case, decided at a glance: an ASCII letter or digit on both sides.
    fn is_within_word(&self, at: usize) -> bool {
        let bytes = self.leaf.text.as_bytes();
        bytes[at - 1].is_ascii_alphanumeric()
            && at < self.stretch.end
            && bytes[at].is_ascii_alphanumeric()
            && self.leaf.words.is_plain()
    }

    fn take_address(&mut self, trigger: &str, end: usize) -> Option<usize> {
        let address = addresses::around(trigger, self.leaf.text, &self.stretch, end)?;
        let touches = |one: &Candidate| one.end as usize > address.start;
        while self.found.last().is_some_and(touches) {
            self.found.pop();
        }
        Some(address.end)
    }

    fn take(&mut self, index: u32, end: usize) {
        let form = &self.forms.forms[index as usize];
        let Some((start, as_written)) = self.leaf.read_back(form, end) else { return };
        let escaped = self.leaf.escaped.binary_search(&(start as u32)).is_ok();
        let words = &self.leaf.words;
        if escaped || !words.is_boundary(start) || !is_whole(form, words, start, end) {
            return;
        }
        let (start, end) = (start as u32, end as u32);
        self.found.push(Candidate { start, end, form: index, as_written });
    }
}

/// Feeds the character at `at` after a closer look; none when it is passed over.
fn feed<A: Automaton>(a: &A, mut state: StateID, text: &str, at: &mut usize) -> Option<StateID> {
    let c = text[*at..].chars().next()?;
    *at += c.len_utf8();
    let Folded::Char(kept) = fold(c) else { return None };
    for byte in lower(kept).encode_utf8(&mut [0; 4]).bytes() {
        state = a.next_state(Anchored::No, state, byte);
    }
    Some(state)
}

impl Leaf<'_> {
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
