//! Diagnostics for a person at a terminal, and for a program.
//!
//! A line is cut around the marked bytes when it is long (transcripts have lines of 300,000
//! characters), so the place is given from [`Source::position`], never from the cut line.
//! Characters that would steer a terminal are shown as pictures of themselves. Which
//! diagnostics are shown, and in which order, is the caller's to say.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthChar;

use super::{Diagnostic, Place, Severity, count};
use crate::source::{Source, Span};

/// How `build` and `check` tell what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// With the line, an arrow and a hint.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Columns of a line that are shown before the marked bytes, where a line must be cut.
const BEFORE: usize = 36;

/// Columns that are shown in all, where a line must be cut.
const WIDTH: usize = 100;

/// All of them as text for a terminal, a blank line between two; `colour` adds escape
/// sequences.
pub fn print(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // Lines are cut here already; the renderer must not cut again.
    let renderer = renderer.term_width(1000);
    diagnostics.iter().map(|diagnostic| one(diagnostic, &renderer) + "\n\n").collect()
}

fn one(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let kind = AnnotationKind::Primary;
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code);
    let mut group = show(
        title.elements(Vec::<Snippet<'_, Annotation<'_>>>::new()),
        &diagnostic.place,
        &diagnostic.label,
        kind,
    );
    for related in &diagnostic.related {
        group = show(group, &related.place, &related.label, AnnotationKind::Context);
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(visible(hint)));
    }
    without_empty_origins(&renderer.render(&[group]))
}

/// The renderer counts columns in the text that it shows, which is wrong where a line was cut.
/// So the place is a header of its own, and the renderer then writes `:::` for the excerpt's
/// missing path: a line that says nothing.
fn without_empty_origins(rendered: &str) -> String {
    let says_nothing = |line: &&str| anstream::adapter::strip_str(line).to_string().trim() == ":::";
    rendered.lines().filter(|line| !says_nothing(line)).collect::<Vec<_>>().join("\n")
}

/// Adds a place to a report: where it is, and its line with the mark.
fn show<'a>(group: Group<'a>, place: &Place, label: &str, kind: AnnotationKind) -> Group<'a> {
    let origin = Origin::path(visible(place.source.path()));
    let Some(span) = place.span else { return group.element(origin) };
    let position = place.source.position(span.start as usize);
    let origin = origin.line(position.line as usize).char_column(position.column as usize);
    let excerpt = Excerpt::of(&place.source, span);
    let label = Some(label).filter(|label| !label.is_empty()).map(visible);
    let snippet = Snippet::source(excerpt.text)
        .line_start(position.line as usize)
        .annotation(kind.span(excerpt.mark).label(label));
    group.element(origin).element(snippet)
}

/// A line of the source as it can be shown: cut around the mark, nothing unprintable.
struct Excerpt {
    text: String,
    /// The marked bytes of `text`.
    mark: std::ops::Range<usize>,
}

impl Excerpt {
    fn of(source: &Source, span: Span) -> Self {
        let (line, from, to) = marked_line(source, span);
        let start = cut_start(line, from);
        let mut text = String::new();
        if start > 0 {
            text.push('…');
        }
        let (mut width, mut mark) = (0, None);
        let mut end = None;
        for (at, char) in line[start..].char_indices().map(|(at, char)| (at + start, char)) {
            if at == from {
                mark = Some(text.len());
            }
            if at >= to && end.is_none() {
                end = Some(text.len());
            }
            if width >= WIDTH {
                text.push('…');
                break;
            }
            width += columns(char);
            push_visible(&mut text, char);
        }
        let mark = mark.unwrap_or(text.len());
        let end = end.unwrap_or(text.len()).max(mark);
        Self { text, mark: mark..end }
    }
}

/// The first line that a span touches, and the marked part of it, in bytes of that line.
fn marked_line(source: &Source, span: Span) -> (&str, usize, usize) {
    let position = source.position(span.start as usize);
    let line = source.line(position.line);
    let from =
        line.char_indices().nth(position.column as usize - 1).map_or(line.len(), |(at, _)| at);
    let marked = span.end.saturating_sub(span.start) as usize;
    let mut to = (from + marked).min(line.len());
    while !line.is_char_boundary(to) {
        to += 1;
    }
    (line, from, to)
}

/// Where a line's excerpt begins: at its start, unless it is long and the mark far inside.
fn cut_start(line: &str, from: usize) -> usize {
    let fits =
        line.len() <= WIDTH || line.chars().map(columns).take(WIDTH * 2).sum::<usize>() <= WIDTH;
    if fits {
        return 0;
    }
    let mut width = 0;
    for (at, char) in line[..from].char_indices().rev() {
        width += columns(char);
        if width > BEFORE {
            return at + char.len_utf8();
        }
    }
    0
}

/// How many columns a character takes; one without width counts as one, so that a line full of
/// them is cut, too.
fn columns(char: char) -> usize {
    char.width().unwrap_or(1).max(1)
}

/// Whether a character steers a terminal, or the direction of text.
fn steers(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
}

fn push_visible(text: &mut String, char: char) {
    match char {
        '\t' => text.push(' '),
        '\0'..='\x1f' => text.extend(char::from_u32(0x2400 + char as u32)),
        '\x7f' => text.push('\u{2421}'),
        _ if steers(char) => text.push(char::REPLACEMENT_CHARACTER),
        _ => text.push(char),
    }
}

/// A text on one line, without characters that would steer a terminal.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => shown.push(' '),
            _ => push_visible(&mut shown, char),
        }
    }
    shown
}

/// One as a JSON object on one line.
pub fn to_json(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let related =
        diagnostic.related.iter().map(|related| place_to_json(&related.place, &related.label));
    let mut object = serde_json::Map::new();
    object.insert("code".to_owned(), diagnostic.code.into());
    object.insert("severity".to_owned(), severity.into());
    object.insert("message".to_owned(), diagnostic.message.as_str().into());
    if let Value::Object(place) = place_to_json(&diagnostic.place, &diagnostic.label) {
        object.extend(place);
    }
    object.insert("related".to_owned(), related.collect());
    object.insert("hint".to_owned(), diagnostic.hint.as_deref().into());
    escaped(&Value::Object(object).to_string())
}

fn place_to_json(place: &Place, label: &str) -> Value {
    let path = place.source.path();
    let Some(span) = place.span else {
        return json!({
            "path": path, "line": null, "column": null, "end_line": null, "end_column": null,
            "excerpt": null, "label": label,
        });
    };
    let start = place.source.position(span.start as usize);
    let end = place.source.position(span.end as usize);
    json!({
        "path": path, "line": start.line, "column": start.column,
        "end_line": end.line, "end_column": end.column,
        "excerpt": Excerpt::of(&place.source, span).text, "label": label,
    })
}

/// JSON escapes C0 controls only; all else that steers a terminal is escaped here.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if steers(char) {
            out.push_str(&format!("\\u{:04x}", char as u32));
        } else {
            out.push(char);
        }
    }
    out
}

/// `3 errors, 1 warning`; notes are left out. Empty when there is nothing to count.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let words = [(Severity::Error, "error"), (Severity::Warning, "warning")];
    let counted = words.into_iter().filter_map(|(severity, word)| {
        let number = count(diagnostics, severity);
        let plural = if number == 1 { "" } else { "s" };
        (number > 0).then(|| format!("{number} {word}{plural}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}
