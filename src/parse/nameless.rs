//! Forms that name nobody: times before words, and a caption's change of speaker. Which of them
//! begin a turn. Lists of chapters are gone before (`chapters`).

use std::collections::BTreeMap;

use super::forms::{Candidate, Voice};
use super::speakers::{RECURS, Who};

/// Which of the forms without a name count: those that recur.
pub(super) struct Nameless {
    /// How often each form stands.
    counts: BTreeMap<&'static str, usize>,
    /// Whether people speak at times: then a time and a colon needs no recurrence.
    pub(super) timed: bool,
}

impl Nameless {
    pub(super) fn find(candidates: &[Candidate]) -> Self {
        let mut counts = BTreeMap::new();
        for candidate in candidates {
            if candidate.form.voice != Voice::Named {
                *counts.entry(candidate.form.name).or_default() += 1;
            }
        }
        Self { counts, timed: false }
    }

    pub(super) fn who(&self, candidate: &Candidate) -> Option<Who> {
        let least = if self.timed && candidate.form.voice == Voice::Same { 1 } else { RECURS };
        let recurs = self.counts.get(candidate.form.name).is_some_and(|count| *count >= least);
        if !recurs {
            return None;
        }
        Some(if candidate.form.voice == Voice::Another { Who::Another } else { Who::Same })
    }
}
