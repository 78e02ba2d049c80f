//! The canonical form: a [`Document`] written as Markdown, in one shape.
//!
//! What is written is read again before anybody gets it, and must be the same document: text,
//! marks, speakers, ids. Where it is not, nothing is written, and the first place that would
//! change is named. The front matter stays as its author wrote it. This module touches no
//! file, and decides nothing of what a text means: that is `parse`'s. Rules: design, sections
//! 2 (the words are never changed) and 3 (`fmt`).

mod blocks;
mod document;
mod escape;
mod inline;
mod same;

use crate::config;
use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::parse::{Context, parse};
use crate::source::{Source, Span};

pub use same::difference;

/// How labels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Labels {
    /// All in one form: `**Name:** words`.
    One,
    /// Each as the source has it: where a text that is no label would become one beside labels
    /// in another form.
    Kept,
}

/// The file in its canonical form.
///
/// # Errors
/// A diagnostic at the first place that cannot be written so that it reads back the same;
/// nothing should be changed then. It is boxed, since it is seldom.
pub fn canonical(source: &Source, context: &Context) -> Result<String, Box<Diagnostic>> {
    let (document, _) = parse(source, context);
    let body = config::split(source).0.body;
    if let Some(span) = comment(source, body) {
        return Err(Box::new(lost_comment(source, span)));
    }
    if let Some(span) = linked_picture(source, body) {
        return Err(Box::new(lost_link(source, span)));
    }
    if let Some(span) = unknown_form(&document) {
        return Err(Box::new(other_form(source, span)));
    }
    if let Some(span) = same::homeless(&document) {
        return Err(Box::new(homeless(source, span)));
    }
    let mut first = None;
    for labels in [Labels::One, Labels::Kept] {
        match settled(source, body, &document, labels, context) {
            Ok(text) => return Ok(text),
            Err(difference) => first = first.or(Some(difference)),
        }
    }
    Err(Box::new(not_the_same(source, &first.unwrap_or_default())))
}

/// Writes and reads until the same comes out twice: what an escape was needed for once may
/// read as one that the author wrote.
fn settled(
    source: &Source,
    body: Span,
    document: &Document,
    labels: Labels,
    context: &Context,
) -> Result<String, Difference> {
    const ROUNDS: usize = 4;
    let mut text = with_front_matter(source, body, &document::write(document, labels));
    for _ in 0..ROUNDS {
        let again = Source::new(source.path(), text);
        let (read, _) = parse(&again, context);
        if let Some(difference) = difference(document, &read) {
            return Err(difference);
        }
        let body = config::split(&again).0.body;
        let next = with_front_matter(&again, body, &document::write(&read, labels));
        if next == again.text() {
            return Ok(next);
        }
        text = next;
    }
    Err(Difference { span: None, what: "it comes out in another form each time" })
}

/// The front matter byte for byte, a blank line, and the body.
fn with_front_matter(source: &Source, body: Span, written: &str) -> String {
    let front = &source.text()[..body.start as usize];
    let mut text = front.to_owned();
    if !front.is_empty() && !front.ends_with('\n') {
        text.push('\n');
    }
    if !front.is_empty() && !written.is_empty() {
        text.push('\n');
    }
    text.push_str(written);
    text
}

/// A comment with words in it: it is no part of the document, so it would be lost.
fn comment(source: &Source, body: Span) -> Option<Span> {
    let text = source.slice(body);
    let parser = pulldown_cmark::Parser::new(text).into_offset_iter();
    for (event, range) in parser {
        if let pulldown_cmark::Event::Html(_) | pulldown_cmark::Event::InlineHtml(_) = event
            && let Some(at) = text[range.clone()].find("<!--")
        {
            let start = range.start + at;
            let rest = &text[start + "<!--".len()..];
            let inner = &rest[..rest.find("-->").unwrap_or(rest.len())];
            if !inner.trim().is_empty() {
                let end = start + "<!--".len() + inner.trim_end().len();
                return Some(Span::new(start, end).shifted(body.start as usize));
            }
        }
    }
    None
}

/// Where and of what kind the first difference is.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// In the source that was read first; none where the whole is meant.
    pub span: Option<Span>,
    /// What differs, in a few words.
    pub what: &'static str,
}

fn not_the_same(source: &Source, difference: &Difference) -> Diagnostic {
    let message =
        format!("this has no canonical form that reads back the same ({})", difference.what);
    Diagnostic::new(
        crate::diagnostics::Severity::Error,
        "fmt/not-the-same",
        source,
        difference.span,
        message,
    )
    .hint("the file was left as it is; write this place more simply, then run `postil fmt` again")
}

fn lost_comment(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::error("fmt/comment", source, span, "this comment would be lost: it is no text")
        .hint("the file was left as it is; delete the comment, or keep it in the front matter behind a `#`")
}

/// The forms of turns that can be written back: a name and a colon, without a time.
const FORMS: [&str; 7] = [
    "bold-colon",
    "bold-name",
    "bold-colon-wide",
    "bold-name-wide",
    "bold-turn",
    "plain",
    "plain-wide",
];

/// The first turn in a form that cannot be written back yet: with a time, without a name, with
/// its name on a line of its own.
fn unknown_form(document: &Document) -> Option<Span> {
    let known = |form: &str| FORMS.contains(&form);
    let mut turns = document.turns();
    turns
        .find(|turn| turn.time.is_some() || turn.form.is_some_and(|form| !known(form)))
        .map(|turn| turn.span)
}

fn other_form(source: &Source, span: Span) -> Diagnostic {
    let start = Span { start: span.start, end: span.start };
    let message =
        "turns with a time, or in another form than a name and a colon, have no canonical form yet";
    Diagnostic::error("fmt/form", source, start, message)
        .hint("the file was left as it is; it is read and shown all the same")
}

/// A picture that is a link: the document keeps the picture alone.
fn linked_picture(source: &Source, body: Span) -> Option<Span> {
    let at = body.start as usize + source.slice(body).find("[![")?;
    Some(Span::new(at, at + "[![".len()))
}

fn lost_link(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::error(
        "fmt/linked-picture",
        source,
        span,
        "the link around this picture would be lost",
    )
    .hint("the file was left as it is; put the link into the words beside the picture")
}

fn homeless(source: &Source, span: Span) -> Diagnostic {
    let message = "these words stand in no block of the page, so they would be lost";
    Diagnostic::error("fmt/homeless", source, span, message)
        .hint("the file was left as it is; if this is a second footnote of the same name, give it a name of its own")
}

/// What writing goes by.
struct Writer<'a> {
    document: &'a Document,
    labels: Labels,
}
