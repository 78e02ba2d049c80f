//! What a source holds that no document does, and that a canonical form must not lose: comments,
//! definitions that nothing uses, what stands behind a code block's language, classes.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::units::Units;
use crate::source::{Source, Span};

/// What was found.
#[derive(Default)]
pub(super) struct Unsaid {
    /// Stretches that hold some of it, and stay as they are for that.
    pub kept: BTreeSet<usize>,
    /// What stands between stretches: where in the source.
    pub loose: Vec<Span>,
}

/// Looks through a body.
pub(super) fn find(source: &Source, body: Span, units: &Units) -> Unsaid {
    let mut found = Unsaid::default();
    let base = body.start as usize;
    for (range, kind) in ranges(source.slice(body)) {
        let length = source.slice(body)[range.clone()].trim_end().len();
        let range = base + range.start..base + range.start + length;
        match units.at(range.start) {
            Some(unit) => {
                found.kept.insert(unit);
            }
            None if kind == Kind::Whole => found.loose.push(range.into()),
            // The title's classes: it is written anew.
            None => {}
        }
    }
    found
}

/// What a piece is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A comment or a definition: all of it is unsaid.
    Whole,
    /// A block or a link of which a part is.
    Part,
}

fn ranges(text: &str) -> Vec<(Range<usize>, Kind)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let parser = Parser::new_ext(text, options);
    let definitions: Vec<(String, Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (folded(label), definition.span.clone()))
        .collect();
    let mut found = Vec::new();
    let (mut used, mut read, mut links) = (BTreeSet::new(), 0, Vec::new());
    let mut notes = BTreeSet::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => comments(text, range, &mut read, &mut found),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if has_more(&info) => {
                found.push((range, Kind::Part));
            }
            Event::Start(Tag::Heading { classes, attrs, .. })
                if !(classes.is_empty() && attrs.is_empty()) =>
            {
                found.push((range, Kind::Part));
            }
            // Of two notes of one name the first counts.
            Event::Start(Tag::FootnoteDefinition(label)) if !notes.insert(label.to_string()) => {
                found.push((range, Kind::Whole));
            }
            Event::Start(Tag::Link { dest_url, id, link_type, .. }) => {
                note_use(&mut used, link_type, &id);
                links.push((false, is_refused(&dest_url)));
            }
            Event::Start(Tag::Image { id, link_type, .. }) => {
                note_use(&mut used, link_type, &id);
                if let Some((seen, refused)) = links.last_mut() {
                    *seen |= !*refused;
                }
            }
            Event::Text(_) | Event::Code(_) | Event::HardBreak => {
                links.iter_mut().for_each(|(seen, _)| *seen = true);
            }
            Event::End(TagEnd::Link) if links.pop().is_some_and(|(seen, _)| !seen) => {
                found.push((range, Kind::Part));
            }
            _ => {}
        }
    }
    let unused = definitions.into_iter().filter(|(label, _)| !used.contains(label));
    found.extend(unused.map(|(_, range)| (range, Kind::Whole)));
    found.sort_unstable_by_key(|(range, _)| (range.start, range.end));
    found.dedup();
    found
}

/// Comments with words in them that begin in a piece of HTML; `read` is how far they reach.
fn comments(
    text: &str,
    html: Range<usize>,
    read: &mut usize,
    found: &mut Vec<(Range<usize>, Kind)>,
) {
    let mut from = html.start.max(*read);
    while let Some(at) = text.get(from..html.end).and_then(|rest| rest.find("<!--")) {
        let start = from + at;
        let inner = start + "<!--".len();
        let length = text[inner..].find("-->").unwrap_or(text.len() - inner);
        let end = (inner + length + "-->".len()).min(text.len());
        if !text[inner..inner + length].trim().is_empty() {
            found.push((start..start + text[start..end].trim_end().len(), Kind::Whole));
        }
        (from, *read) = (end, end);
    }
}

/// Whether an info string says more than a language.
fn has_more(info: &str) -> bool {
    info.trim().contains([' ', ',', '{'])
}

fn note_use(used: &mut BTreeSet<String>, kind: LinkType, id: &str) {
    if matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut) {
        used.insert(folded(id));
    }
}

fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether an address is of a kind that is not put on a page.
fn is_refused(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| !["http", "https", "mailto", "tel", "term"].contains(&&*scheme))
}
