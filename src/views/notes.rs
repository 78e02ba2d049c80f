//! Footnotes and the editor's notes: beside their words on a screen, at the end on paper.
//!
//! Each stands twice in a page: in the margin or folded below its paragraph (`write_beside`),
//! and in the list that print shows (`body.html`). Neither needs a script.

use serde::Serialize;

use super::GLOSSARY;
use super::definitions::anchor;
use super::frame::Links;
use crate::document::Document;
use crate::i18n::{self, Words};
use crate::notes::Placed;
use crate::render::{self, BlockWriter, Html, Leads, NoteKind, NoteNumbers, fragment};
use crate::site::Site;

/// How many letters of the quoted words a note repeats; a Han character counts for two.
const WIDTH: usize = 44;

/// A footnote, or a note of the editor's.
#[derive(Debug, Default, Serialize)]
pub(super) struct NoteView {
    /// From 1; the way back is `#-r1`.
    pub number: usize,
    /// What it says.
    pub html: Html,
    /// Of the editor's: the words that it is about; long ones are cut.
    pub quote: String,
    /// Of the editor's: who signs it; may be empty.
    pub by: String,
    /// Of the editor's: its day in the page's language; may be empty.
    pub date: String,
    /// Whether it also stands beside its words.
    pub beside: bool,
}

/// A page's notes, by number.
pub(super) fn of(
    site: &Site,
    writer: &BlockWriter<'_>,
    numbers: &NoteNumbers<'_>,
    language: &str,
    links: &Links<'_>,
) -> Vec<NoteView> {
    let document = writer.document;
    let term = |name: &str| {
        let term = site.glossary.find(name)?;
        Some(links.anchor(GLOSSARY, &anchor(&site.glossary.terms[term as usize].id)))
    };
    let inside = |url: &str| match url.starts_with('#') {
        true => Some(writer.apart.map_or("", |apart| apart.home).to_owned() + url),
        false => (writer.resolve)(url),
    };
    let view = |(at, kind): (usize, NoteKind<'_>)| match kind {
        NoteKind::Footnote(label) => {
            let mut html = String::new();
            if let Some(nodes) = document.footnotes.get(label) {
                writer.nodes(&mut html, nodes);
            }
            NoteView { number: at + 1, html: Html(html), ..NoteView::default() }
        }
        NoteKind::Editorial(placed) => NoteView {
            number: at + 1,
            html: Html(fragment(&placed.note.note.value, Leads { term: &term, inside: &inside })),
            quote: quoted(document, placed),
            by: placed.note.by.clone().unwrap_or_default(),
            date: placed
                .note
                .date
                .as_ref()
                .map_or(String::new(), |date| i18n::date(&date.iso, site.words(language))),
            beside: false,
        },
    };
    numbers.all().iter().map(|note| note.kind).enumerate().map(view).collect()
}

/// Marks the notes whose words stand in a block: those of headings and of other notes do not.
pub(super) fn set_beside(document: &Document, numbers: &NoteNumbers<'_>, notes: &mut [NoteView]) {
    for note in notes {
        note.beside = numbers.is_beside(document, note.number);
    }
}

/// The words that a note is about, on one line.
fn quoted(document: &Document, placed: &Placed) -> String {
    let words = document.slice(placed.words).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut width = 0;
    let end = words.char_indices().find(|(_, c)| {
        width += if c.is_ascii() { 1 } else { 2 };
        width > WIDTH
    });
    match end {
        Some((at, _)) => format!("{}…", words[..at].trim_end()),
        None => words,
    }
}

/// Appends the notes that stand beside a block: those of some numbers. `mark` follows their ids.
pub(super) fn write_beside(
    out: &mut String,
    (numbers, mark): (&[usize], &str),
    notes: &[NoteView],
    words: &Words,
) {
    out.push_str("<div class=\"notes\">");
    for note in numbers.iter().map(|number| &notes[number - 1]) {
        let number = note.number;
        out.push_str(&format!(
            "<aside class=\"note\" id=\"-n{number}{mark}\" role=\"doc-footnote\"><a class=\"back\" href=\"#-r{number}{mark}\" role=\"doc-backlink\" aria-label=\"{number}. "
        ));
        render::attribute(out, words.back_to_text.as_ref());
        out.push_str(&format!("\">{number}</a> "));
        write_note(out, note);
        out.push_str("<a class=\"x\" href=\"#-\" aria-label=\"");
        render::attribute(out, words.close.as_ref());
        out.push_str("\"></a></aside>");
    }
    out.push_str("</div>");
}

fn write_note(out: &mut String, note: &NoteView) {
    if !note.quote.is_empty() {
        out.push_str("<b>");
        render::text(out, &note.quote);
        out.push_str("</b> ");
    }
    out.push_str(&note.html.0);
    let signed = [&note.by, &note.date];
    let signed: Vec<&String> = signed.into_iter().filter(|part| !part.is_empty()).collect();
    if !signed.is_empty() {
        out.push_str(" <small class=\"dots\">");
        for part in signed {
            out.push_str("<span>");
            render::text(out, part);
            out.push_str("</span>");
        }
        out.push_str("</small>");
    }
}
