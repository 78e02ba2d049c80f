//! What the template engine complains of, as diagnostics.
//!
//! The engine's errors carry a message and a place. Faults between templates are told by
//! `links`.

use std::collections::BTreeMap;

use tera::{Error, ErrorKind, ReportError};

use crate::diagnostics::{Diagnostic, Severity, nearest};
use crate::source::{Source, Span};

use super::links::{self, Printed};

pub(super) type Sources = BTreeMap<String, Source>;

/// One error as diagnostics, at least one. `rendered` is the template that was asked for.
pub(super) fn diagnostics(
    error: &Error,
    sources: &Sources,
    rendered: Option<&str>,
) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) => vec![syntax(report, sources)],
        ErrorKind::RenderingError(report) => vec![rendering(report, sources)],
        ErrorKind::MissingParent { current, parent } => {
            vec![missing(current, parent, sources)]
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
            let whole: Vec<&str> = [tpl].into_iter().chain(chain).map(String::as_str).collect();
            vec![circular(&whole, sources)]
        }
        ErrorKind::CircularInclude { include_chain: chain, .. } => {
            vec![circular(&chain.iter().map(String::as_str).collect::<Vec<_>>(), sources)]
        }
        ErrorKind::TemplateNotFound(name) => vec![not_found(name, rendered, sources)],
        ErrorKind::Msg(message) => {
            let reports = message.split("\n\n").filter_map(|report| Printed::of(report, sources));
            let told = links::told(reports.collect(), sources);
            if !told.is_empty() {
                return told;
            }
            let endless = || links::endless(message, rendered, sources);
            vec![endless().unwrap_or_else(|| whole(message, rendered, sources))]
        }
        other => vec![whole(&other.to_string(), rendered, sources)],
    }
}

pub(super) fn source_of<'a>(name: &str, sources: &'a Sources) -> Option<&'a Source> {
    sources.get(name)
}

/// Anything that happens in a template that cannot be found stands at a file of that name.
fn source_or_name(name: &str, sources: &Sources) -> Source {
    source_of(name, sources)
        .cloned()
        .unwrap_or_else(|| Source::new(format!("templates/{name}"), String::new()))
}

fn place(report: &ReportError, sources: &Sources) -> (Source, Span) {
    let source = source_or_name(report.filename(), sources);
    let end = source.text().len();
    let range = &report.span().range;
    let span = Span::new(range.start.min(end), range.end.clamp(range.start.min(end), end));
    (source, span)
}

fn syntax(report: &ReportError, sources: &Sources) -> Diagnostic {
    let (source, span) = place(report, sources);
    let message = sentence(report.message());
    Diagnostic::error(
        "template/syntax",
        &source,
        span,
        format!("the template cannot be read: {message}"),
    )
    .hint("templates are written in Tera 2; a tag is `{% … %}`, a value `{{ … }}`")
}

fn rendering(report: &ReportError, sources: &Sources) -> Diagnostic {
    let (source, span) = place(report, sources);
    unknown(report.message(), &source, span).unwrap_or_else(|| {
        Diagnostic::error("template/render", &source, span, sentence(report.message()))
    })
}

/// ``Field `x` is not defined. Available fields: a, b`` and the same of variables.
fn unknown(message: &str, source: &Source, span: Span) -> Option<Diagnostic> {
    let (what, rest) = message.split_once(" `")?;
    let (name, rest) = rest.split_once("` is not defined")?;
    let (code, noun) = match what {
        "Field" => ("template/unknown-field", "field"),
        "Variable" => ("template/unknown-variable", "variable"),
        _ => return None,
    };
    let known: Vec<&str> =
        rest.split_once(": ").map(|(_, list)| list.split(", ").collect()).unwrap_or_default();
    Some(unknown_name(code, noun, name, &known, source, span))
}

/// A field or variable that the view does not have.
pub(in crate::render) fn unknown_name(
    code: &'static str,
    noun: &str,
    name: &str,
    known: &[&str],
    source: &Source,
    span: Span,
) -> Diagnostic {
    let told = Diagnostic::error(code, source, span, format!("there is no {noun} `{name}` here"));
    let mut hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? "),
        None => String::new(),
    };
    if known.is_empty() {
        hint.push_str("what stands before it has no fields");
    } else {
        let mut sorted = known.to_vec();
        sorted.sort_unstable();
        hint.push_str(&format!("the {noun}s are: {}", sorted.join(", ")));
    }
    told.hint(hint)
}

fn missing(current: &str, parent: &str, sources: &Sources) -> Diagnostic {
    let source = source_or_name(current, sources);
    let span = mention(&source, parent);
    let message = format!("there is no template `{parent}`");
    let told = Diagnostic::new(Severity::Error, "template/missing", &source, span, message);
    told.hint(names(parent, sources))
}

/// The last step of the chain closes the circle; what leads there is not a part of it.
fn circular(chain: &[&str], sources: &Sources) -> Diagnostic {
    let last = chain.last().copied().unwrap_or_default();
    let start = chain.iter().position(|name| *name == last).unwrap_or(0);
    let circle = &chain[start..];
    let from = circle.iter().rev().nth(1).copied().unwrap_or(last);
    let source = source_or_name(from, sources);
    let span = mention(&source, last);
    let message = format!("the template leads back to itself: {}", circle.join(" → "));
    Diagnostic::new(Severity::Error, "template/circular", &source, span, message)
        .hint("break the circle of `{% extends %}` and `{% include %}`")
}

fn not_found(name: &str, rendered: Option<&str>, sources: &Sources) -> Diagnostic {
    let source = source_or_name(rendered.unwrap_or(name), sources);
    let message = format!("there is no template `{name}`");
    let span = mention(&source, name);
    Diagnostic::new(Severity::Error, "template/missing", &source, span, message)
        .hint(names(name, sources))
}

pub(super) fn names(wanted: &str, sources: &Sources) -> String {
    let known = || sources.keys().map(String::as_str);
    let near = nearest(wanted, known()).map(|near| format!("did you mean `{near}`? "));
    let all: Vec<&str> = known().collect();
    format!("{}the templates are: {}", near.unwrap_or_default(), all.join(", "))
}

/// Where a template writes a name in quotes.
fn mention(source: &Source, name: &str) -> Option<Span> {
    ['"', '\''].iter().find_map(|quote| {
        let at = source.text().find(&format!("{quote}{name}{quote}"))?;
        Some(Span::new(at + 1, at + 1 + name.len()))
    })
}

fn whole(message: &str, rendered: Option<&str>, sources: &Sources) -> Diagnostic {
    let source = source_or_name(rendered.unwrap_or("base.html"), sources);
    Diagnostic::new(Severity::Error, "template/render", &source, None, sentence(message))
}

/// The engine's sentence in the house's form: it begins small and has no full stop.
pub(super) fn sentence(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}
