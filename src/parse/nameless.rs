//! Forms that name nobody: times before words, and a caption's change of speaker. Which of them
//! begin a turn, and which are a list of chapters.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::{Candidate, Voice};
use super::speakers::{RECURS, Who};

/// Which of the forms without a name count: those that recur, lists of chapters aside.
pub(super) struct Nameless {
    /// How often each form stands.
    counts: BTreeMap<&'static str, usize>,
    /// Tops that are lists of chapters.
    chapters: BTreeSet<usize>,
    /// Whether people speak at times: then a time and a colon needs no recurrence.
    pub(super) timed: bool,
}

impl Nameless {
    pub(super) fn find(candidates: &[Candidate]) -> Self {
        let chapters = chapters(candidates);
        let mut counts = BTreeMap::new();
        for candidate in candidates {
            if candidate.form.voice != Voice::Named && !chapters.contains(&candidate.top) {
                *counts.entry(candidate.form.name).or_default() += 1;
            }
        }
        Self { counts, chapters, timed: false }
    }

    pub(super) fn who(&self, candidate: &Candidate) -> Option<Who> {
        let least = if self.timed && candidate.form.voice == Voice::Same { 1 } else { RECURS };
        let recurs = self.counts.get(candidate.form.name).is_some_and(|count| *count >= least);
        if !recurs || self.chapters.contains(&candidate.top) {
            return None;
        }
        Some(if candidate.form.voice == Voice::Another { Who::Another } else { Who::Same })
    }
}

/// Paragraphs of three or more timed lines behind which the recording begins again: what is
/// spoken later is spoken at a time that the list has named.
fn chapters(candidates: &[Candidate]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut earliest_after = u64::MAX;
    let timed = candidates.iter().rev().filter(|candidate| candidate.time.is_some());
    let timed: Vec<&Candidate> = timed.collect();
    for group in timed.chunk_by(|a, b| a.top == b.top) {
        let nameless = group.iter().filter(|one| one.form.voice == Voice::Same);
        let last = group.iter().filter_map(|one| one.time).max().unwrap_or_default();
        let first = group.iter().filter_map(|one| one.time).min().unwrap_or_default();
        if nameless.count() >= RECURS && earliest_after < last {
            found.insert(group[0].top);
        } else {
            earliest_after = earliest_after.min(first);
        }
    }
    found
}
