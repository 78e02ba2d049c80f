//! What is odd about the terms as the whole site speaks of them: some are said nowhere, some are
//! plain words that everybody says all the time.

use std::collections::HashMap;

use super::{PageKind, Site};
use crate::diagnostics::Diagnostic;
use crate::glossary::Term;

/// With fewer transcripts than these, a word that is said often may be what they are about.
const TRANSCRIPTS: usize = 5;

/// Fewer mentions than these disturb nobody.
const MENTIONS: usize = 30;

/// Notes on terms that nobody says, warnings of terms that are common words. A common word has
/// a form in which capitals do not count, and is said once in every minute of reading, in most
/// transcripts; an entry with a `mark` of its own has been thought about.
pub(super) fn odd(site: &Site) -> Vec<Diagnostic> {
    let Site { glossary, uses, pages, .. } = site;
    let transcripts = pages.iter().filter(|page| page.kind == PageKind::Transcript).count();
    if transcripts == 0 {
        return Vec::new();
    }
    let minutes: usize = pages.iter().map(|page| page.minutes as usize).sum();
    let mut claims: HashMap<&str, usize> = HashMap::new();
    for form in glossary.terms.iter().flat_map(forms) {
        *claims.entry(form).or_default() += 1;
    }
    let mut told = Vec::new();
    for ((term, uses), marked) in glossary.terms.iter().zip(uses).zip(site.marked()) {
        if uses.is_empty() && marked {
            // Only what the site says of itself has it, and explains it there.
        } else if uses.is_empty() {
            // Where two entries claim one form, it may be said and nothing tells which is meant.
            told.extend(forms(term).all(|form| claims[form] == 1).then(|| unused(term)));
        } else if transcripts >= TRANSCRIPTS
            && uses.len() >= MENTIONS
            && uses.len() >= minutes
            && term.mark.is_none()
            && has_plain_form(term)
        {
            let own = uses.chunk_by(|a, b| a.page == b.page).count();
            if own * 5 >= transcripts * 3 {
                told.push(common(term, uses.len(), own, transcripts));
            }
        }
    }
    told
}

fn forms(term: &Term) -> impl Iterator<Item = &str> {
    std::iter::once(&term.term).chain(&term.aliases).map(String::as_str)
}

fn has_plain_form(term: &Term) -> bool {
    forms(term).any(|form| !form.chars().any(char::is_uppercase))
}

fn unused(term: &Term) -> Diagnostic {
    let message = format!("nobody says `{}`", term.term);
    Diagnostic::note("glossary/unused", &term.source, term.span, message)
        .hint("add the words that people use for it under `aliases`, or remove the entry")
}

fn common(term: &Term, count: usize, own: usize, all: usize) -> Diagnostic {
    let message = format!(
        "`{}` is a common word here: it is said {count} times, in {own} of {all} transcripts",
        term.term
    );
    Diagnostic::warning("glossary/common-word", &term.source, term.span, message).hint(
        "name the term more exactly, list under `not` where it means something else, or say \
         with `mark: page` that it is to be shown once a page",
    )
}
