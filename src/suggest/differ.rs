//! Glosses that disagree: one word, and two texts that say different things of it.

use super::rank::candidates;
use super::scripts::key;
use super::{Gloss, Harvest};
use crate::diagnostics::Diagnostic;
use crate::glossary::Glossary;

/// A note for every word outside of the glossary of which two texts say different things.
pub fn differing(harvest: &Harvest, glossary: &Glossary) -> Vec<Diagnostic> {
    let all = candidates(harvest, glossary);
    all.iter().filter_map(|one| differ(&one.glosses)).map(|(a, b)| note(a, b)).collect()
}

/// The first two glosses of one thing that do not say the same.
pub(super) fn differ(glosses: &[Gloss]) -> Option<(&Gloss, &Gloss)> {
    let first = glosses.first()?;
    let other = glosses[1..].iter().find(|other| !agree(first, other))?;
    Some((first, other))
}

/// Whether two glosses may stand side by side: where both name a thing in one language, or both
/// say what it is in one language, they say the same, or one says more.
fn agree(a: &Gloss, b: &Gloss) -> bool {
    let names = |gloss: &Gloss, language: &str| -> Vec<String> {
        let own = (super::scripts::language(&gloss.term), gloss.term.clone());
        let all = gloss.names.iter().cloned().chain([own]);
        all.filter(|(known, _)| *known == language).map(|(_, name)| key(&name)).collect()
    };
    let named_alike = ["en", "zh", "ja", "ko"].iter().all(|language| {
        let (ours, theirs) = (names(a, language), names(b, language));
        ours.is_empty() || theirs.is_empty() || ours.iter().any(|name| theirs.contains(name))
    });
    let explained_alike = match (&a.explanation, &b.explanation) {
        (Some((ours, a)), Some((theirs, b))) if ours == theirs => {
            let (a, b) = (words(a), words(b));
            a.contains(&b) || b.contains(&a)
        }
        _ => true,
    };
    named_alike && explained_alike
}

fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a gloss says, in short.
fn says(gloss: &Gloss) -> String {
    let name = gloss.names.first().map(|(_, name)| name.as_str());
    let meaning = gloss.explanation.as_ref().map(|(_, text)| text.as_str());
    let parts: Vec<&str> = name.into_iter().chain(meaning).collect();
    let whole = parts.join(", ");
    match whole.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &whole[..at]),
        None => whole,
    }
}

fn note(first: &Gloss, second: &Gloss) -> Diagnostic {
    let message = if key(&first.term) == key(&second.term) {
        let (first_says, second_says) = (says(first), says(second));
        format!("`{}` is explained in two ways: “{first_says}” and “{second_says}”", second.term)
    } else {
        let name = second.names.first().map_or("", |(_, name)| name.as_str());
        format!("`{}` and `{}` are both called “{name}”", first.term, second.term)
    };
    let place = |gloss: &Gloss| gloss.spot.source.snapped(gloss.spot.span);
    Diagnostic::note("glossary/glosses-differ", &second.spot.source, place(second), message)
        .label("here")
        .related(&first.spot.source, place(first), "and here")
        .hint(format!("add `{}` to the glossary and say what holds", first.term))
}
