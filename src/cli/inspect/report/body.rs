//! What else the text holds: sections, times, terms, figures, and what was left as text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::labels;
use super::{Key, Place};
use crate::document::{Document, Image, MarkKind, Node};
use crate::site::{Reading, Site};

/// A heading.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Section {
    pub level: u8,
    pub number: Option<String>,
    pub title: String,
    pub id: String,
    #[serde(flatten)]
    pub place: Place,
}

/// The turns' times, in milliseconds.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Times {
    pub turns: usize,
    pub first: Option<u64>,
    pub last: Option<u64>,
    /// Turns whose time is before that of the turn above.
    pub backwards: Vec<Backwards>,
}

#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Backwards {
    pub from: u64,
    pub to: u64,
    #[serde(flatten)]
    pub place: Place,
}

/// A term of the glossary that is spoken here.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Term {
    pub id: String,
    pub term: String,
    pub count: usize,
    /// How many of them are links on the page.
    pub shown: usize,
    #[serde(flatten)]
    pub place: Place,
}

/// A figure, or a picture within a paragraph.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Figure {
    pub images: Vec<String>,
    pub caption: Option<String>,
    #[serde(flatten)]
    pub place: Place,
}

/// Something that was not understood.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Leftover {
    /// `label`: looks like a speaker's and was read as text. `key`: front matter that means
    /// nothing to postil.
    pub kind: &'static str,
    pub text: String,
    pub count: usize,
    #[serde(flatten)]
    pub place: Place,
}

/// An entry of a list of chapters.
#[derive(Debug, Serialize)]
pub(in crate::cli::inspect) struct Chapter {
    /// Milliseconds from the start of the recording.
    pub time: u64,
    pub title: String,
    #[serde(flatten)]
    pub place: Place,
}

pub(super) fn chapters(document: &Document) -> Vec<Chapter> {
    let chapter = |chapter: &crate::document::Chapter| Chapter {
        time: chapter.time,
        title: document.slice(chapter.title).split_whitespace().collect::<Vec<_>>().join(" "),
        place: Place::at(&document.source, document.source_offset(chapter.title.start)),
    };
    document.chapters.iter().map(chapter).collect()
}

pub(super) fn sections(document: &Document) -> Vec<Section> {
    let section = |heading: &crate::document::Heading| Section {
        level: heading.level,
        number: heading.number.clone(),
        title: document.slice(heading.text).split_whitespace().collect::<Vec<_>>().join(" "),
        id: heading.id.clone(),
        place: Place::at(&document.source, heading.span.start as usize),
    };
    document.headings().map(section).collect()
}

pub(super) fn times(document: &Document) -> Times {
    let timed: Vec<(u64, u32)> =
        document.turns().filter_map(|turn| Some((turn.time?, turn.span.start))).collect();
    let backwards = timed.windows(2).filter(|pair| pair[1].0 < pair[0].0).map(|pair| Backwards {
        from: pair[0].0,
        to: pair[1].0,
        place: Place::at(&document.source, pair[1].1 as usize),
    });
    Times {
        turns: timed.len(),
        first: timed.first().map(|(time, _)| *time),
        last: timed.last().map(|(time, _)| *time),
        backwards: backwards.collect(),
    }
}

pub(super) fn terms(site: &Site, reading: &Reading) -> Vec<Term> {
    let document = &reading.document;
    let mut terms: BTreeMap<u32, Term> = BTreeMap::new();
    for mention in &reading.mentions {
        let known = &site.glossary.terms[mention.term as usize];
        let term = terms.entry(mention.term).or_insert_with(|| Term {
            id: known.id.clone(),
            term: known.term.clone(),
            count: 0,
            shown: 0,
            place: Place::at(&document.source, document.source_offset(mention.range.start)),
        });
        term.count += 1;
        term.shown += usize::from(mention.shown);
    }
    let mut terms: Vec<Term> = terms.into_values().collect();
    terms.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.term.cmp(&b.term)));
    terms
}

pub(super) fn figures(document: &Document) -> Vec<Figure> {
    let of = |images: &[Image], caption: Option<String>| {
        let first = images.first()?;
        Some(Figure {
            images: images.iter().map(|image| image.url.clone()).collect(),
            caption,
            place: Place::at(&document.source, first.span.start as usize),
        })
    };
    let blocks = document.blocks.iter().filter_map(|block| match &block.node {
        Node::Figure { images, caption } => {
            of(images, caption.map(|leaf| document.slice(leaf).to_owned()))
        }
        _ => None,
    });
    let inline = document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Image(image) => of(std::slice::from_ref(&**image), None),
        _ => None,
    });
    let mut figures: Vec<Figure> = blocks.chain(inline).collect();
    figures.sort_by_key(|figure| (figure.place.line, figure.place.column));
    figures
}

pub(super) fn not_understood(document: &Document, keys: &[Key]) -> Vec<Leftover> {
    let keys = keys.iter().filter(|key| key.meaning.is_none()).map(|key| Leftover {
        kind: "key",
        text: key.key.clone(),
        count: 1,
        place: key.place,
    });
    let labels = labels::left_as_text(document).into_iter().map(|label| Leftover {
        kind: "label",
        text: label.text,
        count: label.count,
        place: Place::at(&document.source, label.at),
    });
    keys.chain(labels).collect()
}
