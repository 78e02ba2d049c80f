//! A name alone on its line, without colon and bold type, with the words below it.
//!
//! Nothing of its shape tells it from a caption, a list's heading or a short answer, so it counts
//! only for people who are known otherwise: those whom somebody declares, and, where two of them
//! take turns in this form, those whose labels recur. What it stands above must be words.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::blocks::Raw;
use super::forms::Candidate;
use super::speakers::{self, RECURS, can_name};
use crate::document::Node;

/// Leaves out the bare names that begin no turn.
pub(super) fn settle(raw: &Raw, declared: &BTreeSet<String>, candidates: &mut Vec<Candidate>) {
    if !candidates.iter().any(|candidate| candidate.form.is_bare()) {
        return;
    }
    let key = |candidate: &Candidate| speakers::key(&raw.text[candidate.label.range()]);
    let mut labels: HashMap<String, usize> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.form.makes_speakers()) {
        *labels.entry(key(candidate)).or_default() += 1;
    }
    let recurs = |key: &String| can_name(key) && labels.get(key).is_some_and(|n| *n >= RECURS);
    let named = candidates.iter().filter(|candidate| candidate.form.is_bare());
    let named: Vec<(usize, u32, String)> = named
        .map(|candidate| (candidate.top, candidate.words, key(candidate)))
        .filter(|(.., key)| declared.contains(key) || recurs(key))
        .collect();
    let tops: HashSet<usize> = named.iter().map(|(top, ..)| *top).collect();
    let speaks = |top: usize, words: u32| {
        let more = &raw.text[words as usize..raw.tops[top].text.end as usize];
        let next = raw.tops.get(top + 1);
        let words_below = next.is_some_and(|next| matches!(next.node, Node::Paragraph(_)));
        // Names one below the other are a list of people.
        !more.trim().is_empty() || words_below && !tops.contains(&(top + 1))
    };
    let named: Vec<(usize, u32, String)> =
        named.into_iter().filter(|(top, words, _)| speaks(*top, *words)).collect();
    let alternate = named.len() > 1 && named.windows(2).all(|pair| pair[0].2 != pair[1].2);
    let counts: HashSet<usize> = named
        .iter()
        .filter(|(.., key)| alternate || declared.contains(key))
        .map(|(top, ..)| *top)
        .collect();
    candidates.retain(|candidate| !candidate.form.is_bare() || counts.contains(&candidate.top));
}
