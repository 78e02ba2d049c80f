//! The links in Markdown that stands outside of transcripts: what a definition says, and what an
//! editor notes. Such a text is a value of YAML, in which its links are found again, so that a
//! complaint names the place where each is written.

use pulldown_cmark::{Event, LinkType, Options, Tag};
use serde::{Deserialize, Serialize};

use super::routes::is_internal;
use crate::glossary::{Glossary, TermIndex};
use crate::notes::Placed;
use crate::parse::emphasis;
use crate::source::{Source, Span};
use crate::yaml::first_line;

/// What a link to a term begins with.
pub(super) const TERM: &str = "term:";

/// The links of the notes that lie in a file beside the transcript.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Noted {
    /// That file. Few notes link into the site, so those that do keep its text.
    #[serde(with = "whole")]
    pub source: Source,
    /// Each link with its place.
    pub links: Vec<(String, Span)>,
}

/// A link in the definition of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    pub term: TermIndex,
    pub url: String,
    pub span: Span,
}

/// The links of all definitions into the site, in the glossary's order. Links to other terms are
/// checked where the glossary is read.
pub(super) fn of_definitions(glossary: &Glossary) -> Vec<Meant> {
    let mut found = Vec::new();
    for (at, term) in glossary.terms.iter().enumerate() {
        let texts = &term.definition;
        let texts = texts.any.iter().chain(texts.by_language.iter().map(|(_, text)| text));
        let place = glossary.places.get(at).copied().unwrap_or(term.span);
        let all = links(&term.source, place, texts.map(String::as_str));
        let own = all.into_iter().filter(|(url, _)| !url.starts_with(TERM));
        found.extend(own.map(|(url, span)| Meant { term: at as TermIndex, url, span }));
    }
    found
}

/// The links of a file's notes: of those in its front matter, and of those in the file beside it.
pub(super) fn of_notes(source: &Source, notes: &[Placed]) -> (Vec<(String, Span)>, Option<Noted>) {
    let mut own = Vec::new();
    let mut noted: Option<Noted> = None;
    for note in notes.iter().map(|placed| &placed.note) {
        let text = [note.note.value.as_str()];
        // One that was unpacked does not know its file; only those of front matter are.
        if ["", source.path()].contains(&note.source.path()) {
            own.extend(links(source, note.note.span, text));
            continue;
        }
        let found = links(&note.source, note.note.span, text);
        if !found.is_empty() {
            let new = || Noted { source: note.source.clone(), links: Vec::new() };
            noted.get_or_insert_with(new).links.extend(found);
        }
    }
    (own, noted)
}

/// The links into the site, to the page itself and to terms in texts that stand at `place`, one
/// behind the other.
fn links<'a>(
    source: &Source,
    place: Span,
    texts: impl IntoIterator<Item = &'a str>,
) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut from = place.start as usize;
    for text in texts.into_iter().filter(|text| text.contains('[')) {
        for (event, _) in &emphasis::events(text.trim(), Options::empty()).events {
            let Event::Start(Tag::Link { link_type, dest_url, .. }) = event else { continue };
            let stays = is_internal(dest_url)
                || ["#", TERM].iter().any(|start| dest_url.starts_with(start));
            if !stays || matches!(link_type, LinkType::Email | LinkType::Autolink) {
                continue;
            }
            let span = written(source, Span { start: from as u32, end: place.end }, dest_url);
            from = span.map_or(from, |span| span.end as usize);
            found.push((dest_url.to_string(), span.unwrap_or(first_line(source, place))));
        }
    }
    found
}

/// Where a link is written: as one, if it can be found so.
fn written(source: &Source, within: Span, url: &str) -> Option<Span> {
    let text = source.text().get(within.range())?;
    let starts = ["](", "](<", "]: ", ""];
    let at = starts.iter().find_map(|start| {
        let at = text.find(&format!("{start}{url}"))?;
        Some(within.start as usize + at + start.len())
    })?;
    Some(Span::new(at, at + url.len()))
}

/// A source is written with its text.
mod whole {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::source::Source;

    pub fn serialize<S: Serializer>(source: &Source, to: S) -> Result<S::Ok, S::Error> {
        (source.path(), source.text()).serialize(to)
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Source, D::Error> {
        let (path, text) = <(String, String)>::deserialize(from)?;
        Ok(Source::new(path, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_where_they_are_written() {
        let text = "- definition:\n    en: 'See [x](../a.md#t-1), `[no](code.md)` and [y](<b c.md>).'\n    \
            zh: '[x](../a.md#t-1)，[词](term:词)，[web](https://x.org/a)，[mail](mailto:a@b.c)。'\n";
        let source = Source::new("glossary.yaml", text);
        let texts = [
            "See [x](../a.md#t-1), `[no](code.md)` and [y](<b c.md>).",
            "[x](../a.md#t-1)，[词](term:词)，[web](https://x.org/a)，[mail](mailto:a@b.c)。",
        ];
        let place = Span::new(0, text.len());
        let found = links(&source, place, texts);
        let told: Vec<(&str, u32)> = found
            .iter()
            .map(|(url, span)| {
                assert_eq!(source.slice(*span), url);
                (url.as_str(), source.position(span.start as usize).line)
            })
            .collect();
        assert_eq!(told, [("../a.md#t-1", 2), ("b c.md", 2), ("../a.md#t-1", 3), ("term:词", 3)]);
    }
}
