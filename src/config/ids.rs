//! `<transcript>.ids.yaml`: ids that edits moved. A mapping from an id that a page had to the one
//! that its words have now; `postil check --against` writes it. Whether the page has such an id is
//! `lasting`'s to find out. Format: design, section 2.2.

use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Node, Text, Value};

/// How the file of a transcript's old ids ends: `a/x.md` has `a/x.ids.yaml`.
pub const IDS_FILE: &str = ".ids.yaml";

/// An id that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The old one, without `#`, and where it stands.
    pub was: Text,
    /// Where its words are: an id of the page, or one that has moved in its turn.
    pub now: Text,
}

/// Reads a file of moved ids. What is no pair of ids is left out with an error.
pub fn read(source: &Source) -> (Vec<Moved>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(source, Span::new(0, source.text().len()));
    let mut decoder = Decoder::new(source, Severity::Error);
    let mut moved = Vec::new();
    match root {
        None | Some(Node { value: Value::Null, .. }) => {}
        Some(Node { value: Value::Map(entries), .. }) => {
            for entry in &entries {
                let was = Text { value: bare(&entry.key), span: entry.key_span };
                match decoder.line(&entry.key, &entry.value) {
                    Some(now) => {
                        moved.push(Moved { was, now: Text { value: bare(&now.value), ..now } });
                    }
                    None if matches!(entry.value.value, Value::Null) => {
                        decoder.push(leads_nowhere(source, entry.key_span));
                    }
                    None => {}
                }
            }
        }
        Some(root) => diagnostics.push(no_pairs(source, root.span)),
    }
    diagnostics.append(&mut decoder.finish());
    (moved, diagnostics)
}

/// An id as it is; people copy the `#` of an address along.
fn bare(id: &str) -> String {
    id.trim().trim_start_matches('#').to_owned()
}

fn leads_nowhere(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::error("ids/no-pair", source, span, "this old id leads nowhere")
        .hint("write `old-id: id`, the second from a permalink of the page: what follows `#`")
}

fn no_pairs(source: &Source, span: Span) -> Diagnostic {
    let start = Span { start: span.start, end: span.start };
    let message = "moved ids are a mapping (`old-id: id`), and this is none";
    Diagnostic::error("ids/no-pairs", source, start, message)
        .hint("write one `t-…: t-…` on each line, or let `postil check --against` write the file")
}
