//! From what all texts say to candidates: one for each thing, those that help most first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::scripts::{has_cjk, key, language};
use super::{Gloss, Harvest, Kind, Shape, Spot};
use crate::annotate::Mention;
use crate::glossary::{Case, Glossary, Term};

/// A word in Chinese text that nobody explains counts from so many uses on.
const FOREIGN: usize = 3;

/// A word like `PyTorch`, or two like `AI Studio`, that nobody explains counts from so many uses on.
const MIXED: usize = 2;

/// A capital and a digit that nobody explains count from so many uses on.
const SHORT: usize = 3;

/// Something that the glossary lacks.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The headword that is proposed.
    pub term: String,
    /// Its names by language, one for each language.
    pub names: Vec<(&'static str, String)>,
    /// Other words for it, as the texts have them.
    pub aliases: Vec<String>,
    /// What the texts say that it is, by language: the longest of several.
    pub definition: Vec<(&'static str, String)>,
    /// Everything that is said of it, in the order of the texts.
    pub glosses: Vec<Gloss>,
    /// Whether the glosses say different things.
    pub differ: bool,
    /// How often it is said, glosses included.
    pub said: usize,
    /// In how many transcripts.
    pub transcripts: usize,
    /// Where first.
    pub first: Spot,
    /// How it looks, when no text says what it is.
    shape: Option<Shape>,
}

/// All candidates, in no useful order yet: [`count`] says how often each is said, and sorts.
/// Words that a glossary has already are none; the harvest must have been made with it.
pub fn candidates(harvest: &Harvest, glossary: &Glossary) -> Vec<Candidate> {
    let known = known(glossary);
    let mut groups = groups(&harvest.glosses);
    groups.retain(|group| !group.keys.iter().any(|key| known.contains(key)));
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        group.keys.iter().for_each(|key| {
            by_key.insert(key, at);
        });
    }
    let mut found: Vec<Candidate> = groups.iter().map(|group| explained(&group.glosses)).collect();
    for (word, capital) in &harvest.capitals {
        let word_key = key(word);
        if by_key.contains_key(word_key.as_str()) || known.contains(&word_key) {
            continue;
        }
        let enough = match capital.shape {
            Shape::Capitals if word.len() == 2 && word.ends_with(|c: char| c.is_ascii_digit()) => {
                SHORT
            }
            Shape::Capitals => 1,
            Shape::Mixed | Shape::Phrase => MIXED,
            Shape::Foreign => FOREIGN,
        };
        if capital.count >= enough {
            found.push(Candidate {
                term: word.clone(),
                names: Vec::new(),
                aliases: Vec::new(),
                definition: Vec::new(),
                glosses: Vec::new(),
                differ: false,
                said: capital.count,
                transcripts: capital.transcripts,
                first: capital.first.clone(),
                shape: Some(capital.shape),
            });
        }
    }
    found
}

/// The keys of all words that a glossary has.
pub fn known(glossary: &Glossary) -> BTreeSet<String> {
    let words = glossary.terms.iter().flat_map(|term| {
        let names = term.name.by_language.iter().map(|(_, name)| name);
        [&term.term, &term.id].into_iter().chain(&term.aliases).chain(&term.name.any).chain(names)
    });
    words.map(|word| key(word)).collect()
}

/// Glosses of one thing: those that share a word.
struct Group {
    keys: BTreeSet<String>,
    glosses: Vec<Gloss>,
}

fn groups(glosses: &[Gloss]) -> Vec<Group> {
    let shared = shortened(glosses);
    let mut groups: Vec<Group> = Vec::new();
    let mut home: HashMap<String, usize> = HashMap::new();
    for gloss in glosses {
        let mut gloss = gloss.clone();
        if let Some(short) = shared.get(&(key(&gloss.term), name_key(&gloss))) {
            gloss.term.clone_from(short);
        }
        let keys: Vec<String> = words_of(&gloss).map(key).collect();
        let at = keys.iter().find_map(|key| home.get(key).copied()).unwrap_or_else(|| {
            groups.push(Group { keys: BTreeSet::new(), glosses: Vec::new() });
            groups.len() - 1
        });
        for key in keys {
            home.entry(key.clone()).or_insert(at);
            groups[at].keys.insert(key);
        }
        groups[at].glosses.push(gloss);
    }
    groups
}

/// The headword and the names of a gloss.
fn words_of(gloss: &Gloss) -> impl Iterator<Item = &str> {
    std::iter::once(gloss.term.as_str()).chain(gloss.names.iter().map(|(_, name)| name.as_str()))
}

fn name_key(gloss: &Gloss) -> String {
    gloss.names.first().map(|(_, name)| key(name)).unwrap_or_default()
}

/// Where one name explains several Chinese words that end alike (`递归型限制条款`, `限制条款`), what is
/// meant is the end. By headword and name: the shorter headword.
fn shortened(glosses: &[Gloss]) -> HashMap<(String, String), String> {
    let mut by_name: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for gloss in glosses.iter().filter(|gloss| gloss.kind != Kind::Abbreviated) {
        if has_cjk(&gloss.term) && !gloss.names.is_empty() {
            by_name.entry(name_key(gloss)).or_default().insert(&gloss.term);
        }
    }
    let mut shorter = HashMap::new();
    for (name, words) in by_name {
        for word in &words {
            let ends =
                words.iter().filter(|other| word.len() > other.len() && word.ends_with(**other));
            if let Some(end) = ends.min_by_key(|end| end.len()) {
                shorter.insert((key(word), name.clone()), (*end).to_owned());
            }
        }
    }
    shorter
}

fn explained(glosses: &[Gloss]) -> Candidate {
    let first = &glosses[0];
    let mut aliases: Vec<String> = Vec::new();
    let mut definition: Vec<(&'static str, String)> = Vec::new();
    for gloss in glosses {
        for word in words_of(gloss).filter(|word| is_alias(word)) {
            let is_new = |known: &String| key(known) != key(word);
            if key(word) != key(&first.term) && aliases.iter().all(is_new) {
                aliases.push(word.to_owned());
            }
        }
        if let Some((language, text)) = &gloss.explanation {
            match definition.iter_mut().find(|(known, _)| known == language) {
                None => definition.push((language, text.clone())),
                Some((_, longest)) if longest.len() < text.len() => longest.clone_from(text),
                Some(_) => {}
            }
        }
    }
    Candidate {
        term: first.term.clone(),
        names: names(glosses),
        aliases,
        definition,
        differ: super::differ::differ(glosses).is_some(),
        glosses: glosses.to_vec(),
        said: glosses.len(),
        transcripts: 0,
        first: first.spot.clone(),
        shape: None,
    }
}

/// For each language the name that most glosses have; of the headword's own language only the
/// words of an acronym.
fn names(glosses: &[Gloss]) -> Vec<(&'static str, String)> {
    let term = &glosses[0].term;
    let own = language(term);
    let all = || glosses.iter().flat_map(|gloss| &gloss.names);
    let mut names: Vec<(&'static str, String)> = Vec::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (_, name) in all() {
        *counts.entry(key(name)).or_default() += 1;
    }
    let count = |name: &str| counts[&key(name)];
    for (tag, name) in all() {
        let fits = key(name) != key(term) && (*tag != own || name.contains(' '));
        match names.iter_mut().find(|(known, _)| known == tag) {
            _ if !fits => {}
            None => names.push((tag, name.clone())),
            Some((_, best)) if count(best) < count(name) => best.clone_from(name),
            Some(_) => {}
        }
    }
    names
}

/// Whether people may say a name: not one that goes on and on.
fn is_alias(word: &str) -> bool {
    word.chars().count() <= 40 && word.split_whitespace().count() <= 5
}

/// A glossary of the candidates, for finding where they are said; behind them the small-letter
/// twins of capital words, for telling `RAG` from a `BIG` that somebody stresses.
pub fn glossary(candidates: &[Candidate]) -> Glossary {
    let term = |candidate: &Candidate, term: String, aliases: &[String], case: Case| Term {
        id: term.clone(),
        term,
        name: Default::default(),
        aliases: aliases.to_vec(),
        definition: Default::default(),
        as_of: None,
        category: None,
        see: Vec::new(),
        not: Vec::new(),
        case,
        mark: None,
        scope: Default::default(),
        sources: Vec::new(),
        plural: true,
        source: candidate.first.source.clone(),
        span: candidate.first.span,
    };
    let own =
        candidates.iter().map(|one| term(one, one.term.clone(), &one.aliases, Case::default()));
    let twins = candidates
        .iter()
        .filter(|one| may_be_stressed(one))
        .map(|one| term(one, one.term.to_lowercase(), &[], Case::Exact));
    Glossary::of(own.chain(twins).collect())
}

/// Whether a candidate may be a plain word in capitals.
fn may_be_stressed(candidate: &Candidate) -> bool {
    candidate.shape == Some(Shape::Capitals)
        && candidate.term.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Says how often each candidate is said: `found` holds each transcript's mentions of the terms
/// of [`glossary`]. Then sorts: what helps most comes first. Plain words are left out.
pub fn count<'m>(candidates: &mut Vec<Candidate>, found: impl Iterator<Item = &'m [Mention]>) {
    let twins = candidates.iter().filter(|one| may_be_stressed(one)).count();
    let mut said = vec![(0, 0); candidates.len() + twins];
    for mentions in found {
        let here: BTreeSet<u32> = mentions.iter().map(|mention| mention.term).collect();
        mentions.iter().for_each(|mention| said[mention.term as usize].0 += 1);
        here.iter().for_each(|term| said[*term as usize].1 += 1);
    }
    let small: Vec<usize> =
        said.split_off(candidates.len()).iter().map(|(count, _)| *count).collect();
    let mut small = small.into_iter();
    let twins: Vec<usize> = candidates
        .iter()
        .map(|one| if may_be_stressed(one) { small.next().unwrap_or_default() } else { 0 })
        .collect();
    for (candidate, (count, transcripts)) in candidates.iter_mut().zip(said) {
        // A gloss says the word several times: itself and, in parentheses, its other names.
        let names: usize = candidate.glosses.iter().map(|gloss| gloss.names.len()).sum();
        candidate.said = match candidate.glosses.len() {
            0 => candidate.said.min(count),
            glosses => count.saturating_sub(names).max(glosses),
        };
        candidate.transcripts = candidate.transcripts.max(transcripts).max(1);
    }
    let mut twins = twins.into_iter();
    candidates.retain(|one| {
        let small = twins.next().unwrap_or_default();
        one.said > 0 && small <= 2 * one.said
    });
    let weight = |candidate: &Candidate| (weight(candidate) * 1000.0) as i64;
    candidates.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.term.cmp(&b.term)));
}

/// How much an entry would help: words that are explained before those that are not, and what
/// is said often and in many transcripts before what is not.
fn weight(candidate: &Candidate) -> f64 {
    let kinds = candidate.glosses.iter().map(|gloss| match gloss.kind {
        Kind::Explained | Kind::Both | Kind::Abbreviated => 6.0,
        Kind::Translated if gloss.term.starts_with(|c: char| c.is_ascii_lowercase()) => 0.5,
        Kind::Translated => 2.5,
    });
    let says = kinds.fold(0.0, f64::max) + (candidate.glosses.len().min(6) as f64).ln_1p();
    let looks = match candidate.shape {
        Some(Shape::Capitals) => 3.0,
        Some(Shape::Mixed | Shape::Phrase) => 2.0,
        Some(Shape::Foreign) => 0.5,
        None => says,
    };
    let uses = (candidate.said as f64).ln_1p() * 1.5 + (candidate.transcripts as f64).ln_1p() * 1.5;
    looks + uses
}
