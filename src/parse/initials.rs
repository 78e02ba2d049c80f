//! Initials that the text itself defines: after `First Last (FL): …`, `FL: …` is the same person.
//!
//! Only what stands in a label's brackets counts; initials that nobody defines stay a label of
//! their own.

use std::collections::{BTreeSet, HashMap};

use super::blocks::Raw;
use super::chars::is_zero_width;
use super::forms::Candidate;
use super::label::joined;
use super::speakers::key;

/// Initials have at most so many characters.
const LONGEST: usize = 5;

/// `Name (AB)` in its two parts.
fn defined(label: &str) -> Option<(&str, &str)> {
    let label = label.trim();
    let inner = label.strip_suffix([')', '）'])?;
    let at = inner.rfind(['(', '（'])?;
    let name = inner[..at].trim();
    let initials = inner[at..].trim_start_matches(['(', '（']).trim();
    let capitals = initials.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    (!name.is_empty() && capitals && (1..=LONGEST).contains(&initials.chars().count()))
        .then_some((name, initials))
}

/// The folded labels, with defined initials and the labels that define them folded into the
/// name. Initials that two names share define nothing, nor do those that nothing else repeats.
pub(super) fn resolved(raw: &Raw, candidates: &[Candidate], labels: Vec<String>) -> Vec<String> {
    let written = |candidate: &Candidate| defined(&raw.text[candidate.label.range()]);
    let mut defining = candidates.iter().filter_map(written).peekable();
    if defining.peek().is_none() {
        return labels;
    }
    let used: BTreeSet<&String> = labels.iter().collect();
    let mut names: HashMap<String, Option<String>> = HashMap::new();
    for (name, initials) in defining {
        let (name, initials) = (key(name), key(initials));
        if used.contains(&initials) || used.contains(&name) {
            let known = names.entry(initials).or_insert_with(|| Some(name.clone()));
            if known.as_ref().is_some_and(|known| *known != name) {
                *known = None;
            }
        }
    }
    if names.is_empty() {
        return labels;
    }
    let resolve = |(label, candidate): (String, &Candidate)| {
        let written = &raw.text[candidate.label.range()];
        let initials = defined(written).map_or(label.clone(), |(_, initials)| key(initials));
        names.get(&initials).cloned().flatten().unwrap_or(label)
    };
    labels.into_iter().zip(candidates).map(resolve).collect()
}

/// A label as it is shown: white space folded, nothing that has no width, and without the
/// initials that it defines when `known` is the name alone.
pub(super) fn without(label: &str, known: &str) -> String {
    let name = defined(label).map(|(name, _)| name).filter(|name| key(name) == known);
    let seen: String =
        joined(name.unwrap_or(label)).chars().filter(|c| !is_zero_width(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_define_initials() {
        assert_eq!(defined("First Last (FL)"), Some(("First Last", "FL")));
        assert_eq!(defined("First Last（FL）"), Some(("First Last", "FL")));
        for label in ["First Last", "Nick (First Last)", "(FL)", "Name ()", "Name (ABCDEF)"] {
            assert_eq!(defined(label), None, "{label}");
        }
        assert_eq!(without("First \u{200b} Last (FL)", "first last"), "First Last");
        assert_eq!(without("First Last (FL)", "first last (fl)"), "First Last (FL)");
    }
}
