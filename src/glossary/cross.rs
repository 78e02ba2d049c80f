//! What glossary entries say of each other: ids that collide, forms that two terms claim,
//! `see` that leads nowhere.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Diagnostic, nearest};
use crate::glossary::{Case, Scope, Term};
use crate::source::Span;
use crate::yaml::Text;

/// What an entry says of others, with its places.
#[derive(Default)]
pub(super) struct Claims {
    pub(super) aliases: Vec<Text>,
    pub(super) see: Vec<Text>,
    /// The terms to which its definition links.
    pub(super) links: Vec<Text>,
    /// Where its definition stands.
    pub(super) definition: Option<Span>,
}

/// Checks all entries against each other; one whose id is taken is left out. The others are given
/// with where their definitions stand.
pub(super) fn check(
    entries: Vec<(Term, Claims)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Term, Span)> {
    let entries = without_duplicates(entries, diagnostics);
    let mut forms = HashMap::new();
    for (term, claims) in &entries {
        claimed_twice(term, claims, &mut forms, diagnostics);
    }
    lead_nowhere(&entries, diagnostics);
    let placed = |(term, claims): (Term, Claims)| {
        let place = claims.definition.unwrap_or(term.span);
        (term, place)
    };
    entries.into_iter().map(placed).collect()
}

fn without_duplicates(
    entries: Vec<(Term, Claims)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Term, Claims)> {
    let mut kept: Vec<(Term, Claims)> = Vec::with_capacity(entries.len());
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for entry in entries {
        // Ids become file names: two that differ in capitals only are one on some systems.
        let id = entry.0.id.to_lowercase();
        match seen.get(&id) {
            Some(at) => diagnostics.push(duplicate_id(&entry.0, &kept[*at].0)),
            None => {
                seen.insert(id, kept.len());
                kept.push(entry);
            }
        }
    }
    kept
}

/// A form as matching sees it: capitals count unless the term folds them.
fn claimed_form(term: &Term, form: &str) -> String {
    let folds = match term.case {
        Case::Exact => false,
        Case::Fold => true,
        Case::Auto => !form.chars().any(char::is_uppercase),
    };
    if folds { form.to_lowercase() } else { form.to_owned() }
}

fn claimed_twice<'t>(
    term: &'t Term,
    claims: &'t Claims,
    forms: &mut HashMap<String, (&'t Term, Span)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if term.scope != Scope::default() {
        return;
    }
    let aliases = claims.aliases.iter().map(|alias| (&alias.value, alias.span));
    for (form, span) in std::iter::once((&term.term, term.span)).chain(aliases) {
        let (first, place) = *forms.entry(claimed_form(term, form)).or_insert((term, span));
        if first.id != term.id {
            diagnostics.push(ambiguous_form((term, span), (first, place), form));
        }
    }
}

fn lead_nowhere(entries: &[(Term, Claims)], diagnostics: &mut Vec<Diagnostic>) {
    let known: HashSet<&str> = entries
        .iter()
        .flat_map(|(term, _)| [&term.id, &term.term].into_iter().chain(&term.aliases))
        .map(String::as_str)
        .collect();
    let is_unknown = |name: &&Text| !known.contains(name.value.as_str());
    for (term, claims) in entries {
        let see = claims.see.iter().filter(is_unknown);
        diagnostics.extend(see.map(|name| missing_see(term, name, entries)));
        let links = claims.links.iter().filter(is_unknown);
        diagnostics.extend(links.map(|name| missing_link(term, name, entries)));
    }
}

fn duplicate_id(term: &Term, first: &Term) -> Diagnostic {
    let message = if term.term == first.term {
        format!("the term `{}` is in the glossary twice", term.term)
    } else {
        format!("`{}` and `{}` have one id, `{}`", first.term, term.term, first.id)
    };
    Diagnostic::error("glossary/duplicate-id", &term.source, term.span, message)
        .label("second")
        .related(&first.source, first.span, "first")
        .hint("join the two entries, or give one of them an `id` of its own")
}

fn ambiguous_form(second: (&Term, Span), first: (&Term, Span), form: &str) -> Diagnostic {
    let (term, span) = second;
    let (other, place) = first;
    let name = |one: &Term| if other.term == term.term { one.id.clone() } else { one.term.clone() };
    let message = format!("both `{}` and `{}` claim the form `{form}`", name(other), name(term));
    Diagnostic::warning("glossary/ambiguous-form", &term.source, span, message)
        .label("claimed here")
        .related(&other.source, place, "and here")
        .hint("remove it from one of them, or say with `scope` where each holds")
}

fn missing_see(term: &Term, name: &Text, entries: &[(Term, Claims)]) -> Diagnostic {
    let message = format!("`{}` says to see `{}`, which is no term", term.term, name.value);
    Diagnostic::warning("glossary/missing-see", &term.source, name.span, message)
        .hint(did_you_mean(&name.value, entries))
}

fn missing_link(term: &Term, name: &Text, entries: &[(Term, Claims)]) -> Diagnostic {
    let message =
        format!("the definition of `{}` links to `{}`, which is no term", term.term, name.value);
    Diagnostic::warning("glossary/missing-link", &term.source, name.span, message)
        .hint(did_you_mean(&name.value, entries))
}

fn did_you_mean(name: &str, entries: &[(Term, Claims)]) -> String {
    let known = entries.iter().flat_map(|(term, _)| {
        [&term.id, &term.term].into_iter().chain(&term.aliases).map(String::as_str)
    });
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a term by its `term`, `id` or an alias".to_owned(),
    }
}
