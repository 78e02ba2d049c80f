//! YAML, as this project reads it: a tree in which every key and value knows its place.
//!
//! This is the one module that knows YAML. It keeps a scalar's written text (`2024.10` stays
//! `2024.10`), names both places of a duplicate key, limits size, nesting and aliases, and
//! goes on after a syntax fault, so that all of a file's faults are told at once and the rest
//! of the file can be used. What keys mean is `config`'s and `glossary`'s to say. It reads no
//! disk and never fails: it returns a tree, if any of the text can be used, and diagnostics.
//!
//! Source: YAML 1.2.2, events from `saphyr-parser`; the faults are those found in the history
//! of real transcript collections.

mod build;
mod decode;
mod draft;
mod fault;
mod flow;
mod line;
mod told;

pub(crate) use decode::first_line;
pub use decode::{Decoder, Text, wiki_link};

use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span};
use build::Stop;
use draft::Draft;

/// The largest YAML text that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// How deep lists and mappings may nest.
pub const MAX_DEPTH: usize = 64;

/// How many values aliases (`*name`) may add to a file.
pub const MAX_ALIASED: usize = 10_000;

/// After this many syntax faults a file is given up.
const MAX_FAULTS: usize = 50;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its bytes in the source; quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a YAML value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing, `~` or `null`, unquoted.
    Null,
    /// A scalar: never read as a number or a date here.
    Scalar {
        /// The text, unquoted and unfolded.
        text: String,
        /// Whether it stood without quotes, and so may mean a number or a truth value.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping in the file's order, without duplicates.
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value as JSON for templates: an unquoted number or truth value is one, unless that
    /// would lose what was written (`2024.10`); dates stay text.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Scalar { text, plain: false } => text.as_str().into(),
            Value::Scalar { text, plain: true } => scalar_to_json(text),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Map(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json()));
                serde_json::Value::Object(pairs.collect())
            }
        }
    }
}

/// What an unquoted scalar means is `serde_yaml`'s to say; what it cannot write back as it
/// was stays text.
fn scalar_to_json(text: &str) -> serde_json::Value {
    let may_mean_more = text.len() <= 32 && !text.contains(char::is_whitespace);
    let meant = may_mean_more.then(|| serde_yaml::from_str::<serde_json::Value>(text).ok());
    match meant.flatten() {
        Some(serde_json::Value::Bool(value)) => value.into(),
        Some(serde_json::Value::Number(number)) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}

/// Reads the YAML under `span`.
///
/// The tree is absent when there is no value at all or the file was given up; with syntax
/// faults it holds what could be mended or was sound.
pub fn parse(source: &Source, span: Span) -> (Option<Node>, Vec<Diagnostic>) {
    let text = source.slice(span);
    if text.len() > MAX_BYTES {
        return (None, vec![told::too_large(source, span)]);
    }
    let mut draft = Draft::new(text, span.start as usize);
    let mut diagnostics = Vec::new();
    for _ in 0..MAX_FAULTS {
        let mut found = Vec::new();
        match build::build(source, &draft, &mut found) {
            Ok(node) => {
                if draft.mend(fault::keys_in_text(source, &draft, node.as_ref()), &mut diagnostics)
                {
                    continue;
                }
                diagnostics.append(&mut found);
                return (node, diagnostics);
            }
            Err(Stop::Limit(diagnostic)) => {
                diagnostics.push(*diagnostic);
                return (None, diagnostics);
            }
            Err(Stop::Syntax(scan)) => {
                let fault = fault::explain(source, &draft, &scan);
                if !draft.mend(vec![fault], &mut diagnostics) {
                    return (None, diagnostics);
                }
            }
        }
    }
    diagnostics.push(told::given_up(source, span));
    (None, diagnostics)
}
