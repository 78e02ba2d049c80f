//! What glossary entries say of each other: ids that collide, forms that two terms claim,
//! `see` that leads nowhere.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Diagnostic, nearest};
use crate::glossary::{Case, Glossary, Scope, Term};

/// Checks all entries against each other; one whose id is taken is left out.
pub(super) fn check(glossary: &mut Glossary, diagnostics: &mut Vec<Diagnostic>) {
    drop_duplicate_ids(glossary, diagnostics);
    let mut forms = HashMap::new();
    for term in &glossary.terms {
        claimed_twice(term, &mut forms, diagnostics);
    }
    see_nothing(&glossary.terms, diagnostics);
}

fn drop_duplicate_ids(glossary: &mut Glossary, diagnostics: &mut Vec<Diagnostic>) {
    let terms = std::mem::take(&mut glossary.terms);
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(terms.len());
    for term in terms {
        // Ids become file names: two that differ in capitals only are one on some systems.
        match seen.get(&term.id.to_lowercase()) {
            Some(at) => diagnostics.push(duplicate_id(&term, &glossary.terms[*at])),
            None => {
                seen.insert(term.id.to_lowercase(), glossary.terms.len());
                glossary.terms.push(term);
            }
        }
    }
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
    forms: &mut HashMap<String, &'t Term>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if term.scope != Scope::default() {
        return;
    }
    let own = std::iter::once(&term.term).chain(&term.aliases);
    for form in own {
        let first = *forms.entry(claimed_form(term, form)).or_insert(term);
        if first.id != term.id {
            diagnostics.push(ambiguous_form(term, first, form));
        }
    }
}

fn see_nothing(terms: &[Term], diagnostics: &mut Vec<Diagnostic>) {
    let known: HashSet<&str> = terms
        .iter()
        .flat_map(|term| [&term.id, &term.term].into_iter().chain(&term.aliases))
        .map(String::as_str)
        .collect();
    for term in terms {
        for name in term.see.iter().filter(|name| !known.contains(name.as_str())) {
            diagnostics.push(missing_see(term, name, terms));
        }
    }
}

fn duplicate_id(term: &Term, first: &Term) -> Diagnostic {
    let message = if term.term == first.term {
        format!("the term `{}` is in the glossary twice", term.term)
    } else {
        format!("`{}` and `{}` have one id, `{}`", first.term, term.term, first.id)
    };
    let hint = "join the two entries, or give one of them an `id` of its own";
    Diagnostic::error("glossary/duplicate-id", &term.source, term.span, message)
        .label("second")
        .related(&first.source, first.span, "first")
        .hint(hint)
}

fn ambiguous_form(term: &Term, first: &Term, form: &str) -> Diagnostic {
    let message = format!("both `{}` and `{}` claim the form `{form}`", first.term, term.term);
    let hint = "remove it from one of them, or say with `scope` where each holds";
    Diagnostic::warning("glossary/ambiguous-form", &term.source, term.span, message)
        .label("claimed here")
        .related(&first.source, first.span, "and here")
        .hint(hint)
}

fn missing_see(term: &Term, name: &str, terms: &[Term]) -> Diagnostic {
    let message = format!("`{}` says to see `{name}`, which is no term", term.term);
    let known = terms.iter().flat_map(|term| [term.term.as_str(), term.id.as_str()]);
    let hint = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a term by its `term`, `id` or an alias".to_owned(),
    };
    Diagnostic::warning("glossary/missing-see", &term.source, term.span, message).hint(hint)
}
