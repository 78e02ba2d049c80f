//! From overlapping candidates to mentions: leftmost-longest, homonyms decided by scope.
//!
//! A `not` phrase competes like any form and hides its own term only: what else is spoken in
//! it still counts.

use std::cmp::Reverse;

use super::forms::Role;
use super::matcher::{Candidate, Found, Matcher};
use super::scope::Place;
use crate::document::TextRange;
use crate::glossary::TermIndex;

/// A form that stands for several terms, where nothing decides which is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Where in the document's text.
    pub range: TextRange,
    /// The terms, in the glossary's order.
    pub terms: Vec<TermIndex>,
}

/// What is chosen, leaf by leaf.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Sorted, none overlapping.
    pub mentions: Vec<(TextRange, TermIndex)>,
    /// Forms that nothing decided, of all leaves so far.
    pub undecided: Vec<Undecided>,
    /// Terms hidden by a `not` phrase, each with the phrase's end.
    hidden: Vec<(TermIndex, u32)>,
}

impl Chosen {
    /// Chooses among a leaf's candidates, outside of its addresses.
    pub fn choose(&mut self, matcher: &Matcher, place: &Place, found: &mut Found) {
        let Found { candidates, addresses, .. } = found;
        let mut addresses = addresses.iter().peekable();
        self.hidden.clear();
        candidates.sort_by_key(|one| (one.start, Reverse(one.end)));
        let mut taken = 0;
        for group in candidates.chunk_by(|a, b| (a.start, a.end) == (b.start, b.end)) {
            let Candidate { start, end, .. } = group[0];
            while addresses.next_if(|address| address.end <= start).is_some() {}
            if start < taken || addresses.peek().is_some_and(|address| address.start < end) {
                continue;
            }
            self.hide(matcher, group);
            let range = TextRange { start, end };
            match self.meant(matcher, place, group).as_slice() {
                [] => continue,
                [term] => self.mentions.push((range, *term)),
                terms => self.undecided.push(Undecided { range, terms: terms.to_vec() }),
            }
            taken = end;
        }
    }

    fn hide(&mut self, matcher: &Matcher, group: &[Candidate]) {
        let start = group[0].start;
        self.hidden.retain(|(_, until)| *until > start);
        for form in group.iter().map(|one| matcher.form(*one)) {
            if form.role == Role::Hides {
                self.hidden.push((form.term, group[0].end));
            }
        }
    }

    /// The terms that a group of candidates in one place may mean: those written like this
    /// before those that are not, those whose scope says so before those that hold everywhere.
    fn meant(&self, matcher: &Matcher, place: &Place, group: &[Candidate]) -> Vec<TermIndex> {
        let spoken = group.iter().filter_map(|one| {
            let form = matcher.form(*one);
            let scope = &matcher.terms[form.term as usize].scope;
            let holds = form.role == Role::Speaks
                && !self.hidden.iter().any(|(term, _)| *term == form.term)
                && scope.as_ref().is_none_or(|scope| place.is_in(scope));
            holds.then_some((one.as_written, scope.is_some(), form.term))
        });
        let mut spoken: Vec<_> = spoken.collect();
        let best = spoken.iter().map(|(written, scoped, _)| (*written, *scoped)).max();
        spoken.retain(|(written, scoped, _)| Some((*written, *scoped)) == best);
        let mut terms: Vec<TermIndex> = spoken.into_iter().map(|(_, _, term)| term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}
