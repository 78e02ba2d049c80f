//! Editorial notes as data: `<transcript>.notes.yaml` beside a transcript, or `notes:` in its
//! front matter.
//!
//! A note stands off the text: it names the words that it is about by quoting them. Whether the
//! text has these words is `notes`' to find out. Format: design, section 6.

use serde::{Deserialize, Serialize};

use crate::config::{Date, date};
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Node, Text, Value};

/// What the editor has to say of some words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// The words, as the page shows them.
    pub quote: Text,
    /// The id of the turn or the block in which they stand, where the quote alone does not tell.
    pub turn: Option<Text>,
    /// Markdown.
    pub note: Text,
    /// Who signs it.
    pub by: Option<String>,
    /// When it was written.
    pub date: Option<Date>,
    /// The file it stands in.
    #[serde(skip)]
    pub source: Source,
}

const KEYS: [&str; 5] = ["quote", "turn", "note", "by", "date"];

/// How the file of a transcript's notes ends: `a/x.md` has `a/x.notes.yaml`.
pub const NOTES_FILE: &str = ".notes.yaml";

/// Reads a file of notes. Keys are checked; a note without a quote or without a text is left
/// out with an error.
pub fn read(source: &Source) -> (Vec<Note>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(source, Span::new(0, source.text().len()));
    let mut decoder = Decoder::new(source, Severity::Error);
    let mut notes = Vec::new();
    match root {
        None => {}
        Some(Node { value: Value::List(items), .. }) => {
            notes.extend(items.iter().filter_map(|item| note(&mut decoder, item)));
        }
        Some(root) => diagnostics.push(no_list(source, root.span)),
    }
    diagnostics.append(&mut decoder.finish());
    (notes, diagnostics)
}

/// The notes under a front matter's `notes`; none when that is a key of the author's own: a
/// text, or a list of texts.
pub(super) fn in_front_matter(decoder: &mut Decoder<'_>, node: &Node) -> Option<Vec<Note>> {
    let Value::List(items) = &node.value else { return None };
    let quotes = |item: &Node| matches!(&item.value, Value::Map(keys) if keys.iter().any(|entry| entry.key == "quote"));
    items.iter().any(quotes).then(|| items.iter().filter_map(|item| note(decoder, item)).collect())
}

fn note(decoder: &mut Decoder<'_>, node: &Node) -> Option<Note> {
    let Value::Map(keys) = &node.value else {
        let diagnostic = no_note(decoder.source(), node.span);
        decoder.push(diagnostic);
        return None;
    };
    let (mut quote, mut turn, mut words, mut by, mut day) = (None, None, None, None, None);
    let mut misspelt = false;
    for entry in keys {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "quote" => quote = decoder.text(key, value),
            "turn" => turn = decoder.line(key, value),
            "note" => words = decoder.text(key, value),
            "by" => by = decoder.line(key, value).map(|text| text.value),
            "date" => day = date::read(decoder, entry),
            _ => {
                decoder.unknown_key(entry, &KEYS, "a note");
                misspelt = true;
            }
        }
    }
    for (missing, key) in [(quote.is_none(), "quote"), (words.is_none(), "note")] {
        if missing && !misspelt {
            let diagnostic = lacks(decoder.source(), node.span, key);
            decoder.push(diagnostic);
        }
    }
    Some(Note {
        quote: quote?,
        turn,
        note: words?,
        by,
        date: day,
        source: decoder.source().clone(),
    })
}

fn no_list(source: &Source, span: Span) -> Diagnostic {
    let start = Span { start: span.start, end: span.start };
    Diagnostic::error("notes/no-list", source, start, "notes are a list, and this is none")
        .hint("start each note with `- quote: …`, its `note: …` indented by two spaces below")
}

fn no_note(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::error("notes/no-note", source, yaml::first_line(source, span), "this is no note")
        .hint("write `- quote: …` with the words of the text, and `note: …` below it")
}

fn lacks(source: &Source, span: Span, key: &str) -> Diagnostic {
    let message = format!("this note has no `{key}`, so it is left out");
    let hint = match key {
        "quote" => "add `quote: …` with the words of the text that it is about",
        _ => "add `note: …` with what there is to say of them",
    };
    Diagnostic::error("notes/incomplete", source, yaml::first_line(source, span), message)
        .hint(hint)
}
