//! What to tell of YAML that the parser can read: two equal keys, limits that were passed, and
//! values that YAML leaves out although the author wrote them.
//!
//! What the parser cannot read is `fault`'s.

use super::fault::{put_in_quotes, shortened};
use super::{Entry, MAX_ALIASED, MAX_BYTES, MAX_DEPTH};
use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span};

pub(super) fn duplicate_key(source: &Source, entry: &Entry, first: Span) -> Diagnostic {
    let line = source.position(first.start as usize).line;
    let message = format!("the key `{}` stands here a second time", shortened(&entry.key));
    Diagnostic::error("yaml/duplicate-key", source, entry.key_span, message)
        .label("second")
        .related(source, first, "first")
        .hint(format!("keep one of the two; the first is on line {line}"))
}

pub(super) fn second_document(source: &Source, span: Span) -> Diagnostic {
    let message = "a second YAML document begins here, which is not read";
    Diagnostic::error("yaml/second-document", source, span, message)
        .hint("remove this line, or move what stands below it to a file of its own")
}

/// `title: #1 in the charts`: the value is a comment to YAML.
pub(super) fn comment_for_value(source: &Source, key: &str, comment: Span) -> Diagnostic {
    let key = shortened(key);
    let message = format!("`#` begins a comment here, so `{key}` is empty");
    Diagnostic::warning("yaml/comment", source, comment, message)
        .hint(put_in_quotes(source.slice(comment)))
}

/// `title: &x y`: a name for the value, and nobody uses it.
pub(super) fn unused_anchor(source: &Source, anchor: Span, value: Span) -> Diagnostic {
    let name = shortened(source.slice(anchor));
    let message = format!("YAML takes `{name}` for a name of the value, and leaves it out");
    Diagnostic::warning("yaml/anchor", source, anchor, message)
        .hint(put_in_quotes(source.slice(Span { start: anchor.start, end: value.end })))
}

/// `title: !important x`: a type of the author's own, which means nothing here.
pub(super) fn unknown_tag(source: &Source, tag: Span, value: Span) -> Diagnostic {
    let name = shortened(source.slice(tag));
    let message = format!("YAML takes `{name}` for the value's type, and leaves it out");
    Diagnostic::warning("yaml/tag", source, tag, message)
        .hint(put_in_quotes(source.slice(Span { start: tag.start, end: value.end })))
}

/// `"\e[31m"`: a character that steers a terminal, written as an escape.
pub(super) fn control(source: &Source, span: Span, char: char) -> Diagnostic {
    let message =
        format!("the escape of U+{:04X} stands for a control character, shown as �", char as u32);
    Diagnostic::warning("yaml/control", source, span, message).hint("remove the escape")
}

/// `"\u202E"`: a character that turns the direction of the text behind it.
pub(super) fn direction(source: &Source, span: Span, char: char) -> Diagnostic {
    let message =
        format!("the escape of U+{:04X} changes the direction of the text behind it", char as u32);
    Diagnostic::warning("yaml/direction", source, span, message)
        .hint("remove the escape unless the text needs it")
}

pub(super) fn alias_of_itself(source: &Source, span: Span) -> Diagnostic {
    let message = "this alias names the value that it stands in";
    Diagnostic::error("yaml/alias", source, span, message).hint("write the value out")
}

pub(super) fn given_up(source: &Source, span: Span) -> Diagnostic {
    let start = Span { start: span.start, end: span.start };
    let message = "this YAML has more faults than are told, and none of it is used";
    Diagnostic::error("yaml/given-up", source, start, message)
        .hint("mend those that are told first")
}

pub(super) fn too_large(source: &Source, span: Span) -> Diagnostic {
    let message = format!("this YAML is larger than {} MiB, and is not read", MAX_BYTES >> 20);
    let start = Span { start: span.start, end: span.start };
    Diagnostic::error("yaml/too-large", source, start, message).hint("split the file")
}

pub(super) fn too_deep(source: &Source, span: Span) -> Diagnostic {
    let message = format!("lists and mappings are nested more than {MAX_DEPTH} deep here");
    Diagnostic::error("yaml/too-deep", source, span, message).hint("write it flatter")
}

pub(super) fn too_many_aliased(source: &Source, span: Span) -> Diagnostic {
    let message = format!("aliases copy more than {MAX_ALIASED} values in this file");
    Diagnostic::error("yaml/too-many-aliases", source, span, message).hint("write the values out")
}
