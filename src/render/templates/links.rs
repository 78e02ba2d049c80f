//! Faults between templates: a filter, component, template or block that is not there, and
//! components without an end.
//!
//! The engine tells of the first kind in printed reports; their place is read from a report's
//! second line, since nothing else carries it.

use std::collections::BTreeMap;

use super::errors::{Sources, names, sentence, source_of};
use crate::diagnostics::{Diagnostic, nearest};
use crate::source::{Source, Span};
use crate::theme::template_name;

/// A printed report: `error: MESSAGE`, `--> FILE:LINE:COLUMN`, and at its end `^^^`.
pub(super) struct Printed<'a> {
    /// ``Unknown filter `x` ``
    message: String,
    source: &'a Source,
    span: Span,
}

impl<'a> Printed<'a> {
    /// Reads a report; none when it is something else.
    pub fn of(report: &str, sources: &'a Sources) -> Option<Self> {
        let mut lines = report.lines();
        let message = lines.next()?.strip_prefix("error: ")?.to_owned();
        let place = lines.next()?.trim_start().strip_prefix("--> ")?;
        let mut fields = place.rsplitn(3, ':');
        let column: usize = fields.next()?.parse().ok()?;
        let line: u32 = fields.next()?.parse().ok()?;
        let source = source_of(fields.next()?, sources)?;
        let width = report.lines().last().map_or(0, |line| line.matches('^').count());
        let span = Span::new(offset(source, line, column), offset(source, line, column + width));
        Some(Self { message, source, span })
    }

    /// The name in the message, if it begins and ends like this.
    fn name(&self, before: &str, after: &str) -> Option<&str> {
        let rest = self.message.strip_prefix(before)?.strip_prefix('`')?;
        rest.strip_suffix(after)?.strip_suffix('`')
    }
}

fn offset(source: &Source, line: u32, column: usize) -> usize {
    let text = source.text();
    let before: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let inside =
        text[before..].char_indices().nth(column - 1).map_or(text.len() - before, |(at, _)| at);
    before + inside
}

/// The reports as diagnostics. A block that a site's own parent lacks is told there, once for
/// all templates that fill it.
pub(super) fn told(reports: Vec<Printed<'_>>, sources: &Sources) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    let mut lacking: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for report in &reports {
        match report.name("Block ", " is not defined in any parent template") {
            Some(block) => match own_parent(report.source, sources) {
                Some(parent) => {
                    let children = lacking.entry((parent, block.to_owned())).or_default();
                    children.push(template_name(report.source));
                }
                None => told.push(unknown_block(block, report, sources)),
            },
            None => told.push(unknown(report, sources)),
        }
    }
    told.extend(
        lacking
            .into_iter()
            .filter_map(|((parent, block), children)| lacks(parent, &block, &children, sources)),
    );
    told
}

/// The template that a built-in template extends, if the site has replaced it.
fn own_parent<'a>(source: &Source, sources: &'a Sources) -> Option<&'a str> {
    let built_in = |source: &Source| source.path().starts_with("built-in/");
    let (name, parent) = sources.get_key_value(parent_name(source)?)?;
    (built_in(source) && !built_in(parent)).then_some(name)
}

/// What stands in `{% extends "…" %}`.
fn parent_name(source: &Source) -> Option<&str> {
    let (_, rest) = source.text().split_once("extends")?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    rest[1..].split(quote).next()
}

fn lacks(parent: &str, block: &str, children: &[&str], sources: &Sources) -> Option<Diagnostic> {
    let message = format!("the template has no block `{block}`, which others fill");
    let told =
        Diagnostic::error("template/missing-block", sources.get(parent)?, Span::new(0, 0), message);
    Some(told.hint(format!(
        "put `{{% block {block} %}}{{% endblock {block} %}}` where its text belongs; it comes from: {}",
        children.join(", ")
    )))
}

fn unknown_block(block: &str, report: &Printed<'_>, sources: &Sources) -> Diagnostic {
    let message = format!("what this template extends has no block `{block}`");
    let mut known = Vec::new();
    let mut next = parent_name(report.source);
    // Circles have been told before; a chain is no longer than there are templates.
    for _ in 0..sources.len() {
        let Some(parent) = next.and_then(|name| sources.get(name)) else { break };
        known.extend(defined(parent, "block "));
        next = parent_name(parent);
    }
    Diagnostic::error("template/unknown-block", report.source, report.span, message)
        .hint(choice(block, "blocks", known))
}

fn unknown(report: &Printed<'_>, sources: &Sources) -> Diagnostic {
    if let Some(name) = report.name("Unknown template ", "") {
        let message = format!("there is no template `{name}`");
        return Diagnostic::error("template/missing", report.source, report.span, message)
            .hint(names(name, sources));
    }
    let hint = match report.name("Unknown component ", "") {
        Some(name) => {
            let known = sources.values().flat_map(|source| defined(source, "component "));
            choice(name, "components", known.collect())
        }
        None => "filters, tests and functions are Tera 2's own; postil adds the filter `counted` \
                 (docs/templates.md)"
            .to_owned(),
    };
    Diagnostic::error(
        "template/unknown-name",
        report.source,
        report.span,
        sentence(&report.message),
    )
    .hint(hint)
}

/// The names that a template defines with a tag.
fn defined<'a>(source: &'a Source, keyword: &str) -> Vec<&'a str> {
    let tags = source.text().split("{%").skip(1);
    let names = tags.filter_map(|tag| {
        let rest = tag.trim_start_matches('-').trim_start().strip_prefix(keyword)?.trim_start();
        rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).next()
    });
    names.filter(|name| !name.is_empty()).collect()
}

fn choice(wanted: &str, noun: &str, mut known: Vec<&str>) -> String {
    known.sort_unstable();
    known.dedup();
    let near = nearest(wanted, known.iter().copied());
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    if known.is_empty() {
        return format!("there are no {noun}");
    }
    format!("{near}the {noun} are: {}", known.join(", "))
}

/// Components that call each other without an end. The engine says only that; the place is the
/// first component that leads back to itself.
pub(super) fn endless(
    message: &str,
    rendered: Option<&str>,
    sources: &Sources,
) -> Option<Diagnostic> {
    if !message.starts_with("Maximum render recursion depth") {
        return None;
    }
    let calls = calls(sources);
    let leads_back = |start: &str| {
        let mut ahead: Vec<&str> = calls.get(start)?.called.clone();
        let mut seen = Vec::new();
        while let Some(name) = ahead.pop() {
            if name == start {
                return Some(());
            }
            if !seen.contains(&name) {
                seen.push(name);
                ahead.extend(calls.get(name).into_iter().flat_map(|call| &call.called));
            }
        }
        None
    };
    let (name, component) = calls.iter().find(|(name, _)| leads_back(name).is_some())?;
    let at = rendered.map_or(String::new(), |page| format!(" (while rendering {page})"));
    let message = format!("the component `{name}` calls itself without an end{at}");
    Some(
        Diagnostic::error("template/endless", component.source, component.span, message)
            .hint("put the call into an `{% if … %}` that is false at some time"),
    )
}

/// A component's definition and what it calls.
struct Component<'a> {
    source: &'a Source,
    span: Span,
    called: Vec<&'a str>,
}

fn calls(sources: &Sources) -> BTreeMap<&str, Component<'_>> {
    let mut found = BTreeMap::new();
    for source in sources.values() {
        let text = source.text();
        for name in defined(source, "component ") {
            // A slice of the text: its place is the distance from the beginning.
            let at = name.as_ptr() as usize - text.as_ptr() as usize;
            let rest = &text[at..];
            let body = rest.split("endcomponent").next().unwrap_or(rest);
            let called = body.split('<').skip(1).map(|call| {
                let call = call.trim_start();
                let end = call.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
                &call[..end.unwrap_or(call.len())]
            });
            let span = Span::new(at, at + name.len());
            found.insert(name, Component { source, span, called: called.collect() });
        }
    }
    found
}
