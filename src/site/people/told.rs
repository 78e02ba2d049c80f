//! What is said of labels that name no one for certain.

use crate::diagnostics::Diagnostic;
use crate::site::UnknownLabel;
use crate::source::{Source, Span};

/// A label that nobody declares.
pub(super) fn unknown_label(one: &UnknownLabel) -> Diagnostic {
    let turns = if one.turns == 1 { "1 turn".to_owned() } else { format!("{} turns", one.turns) };
    let pages =
        if one.pages == 1 { String::new() } else { format!(" in {} transcripts", one.pages) };
    let message = format!("nobody is declared as `{}`, who has {turns}{pages}", one.label);
    let hint = match &one.near {
        Some(near) => format!(
            "did you mean `{near}`? Then correct the label, or add `{}` to that person's `aliases`",
            one.label
        ),
        None if one.stand_in => format!(
            "it is somebody else in each transcript, whose head can say who: `speakers: {{Name: {{aliases: [{}]}}}}`",
            one.label
        ),
        None => "add them to speakers.yaml, or as one of a person's `aliases` there".to_owned(),
    };
    Diagnostic::note("people/unknown", &one.source, one.span, message).hint(hint)
}

/// A label that several declared people have.
pub(super) fn ambiguous(source: &Source, span: Span, label: &str, ids: &[&str]) -> Diagnostic {
    let either = ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" or ");
    let message = format!("`{label}` may be {either} here, so it is neither");
    let first = ids.first().copied().unwrap_or_default();
    Diagnostic::note("people/ambiguous", source, span, message)
        .hint(format!("say who speaks in the front matter: `speakers: [{first}]`"))
}
