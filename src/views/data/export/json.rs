//! A transcript as JSON. `docs/transcript.schema.json` is its schema.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::super::frame::{Links, canonical};
use super::super::super::voices::{self, Voice};
use super::subtitles::seconds;
use crate::annotate::Mention;
use crate::document::{Block, Document, Image, Item, MarkKind, Node, TextRange};
use crate::glossary::TermIndex;
use crate::paths::link;
use crate::site::{Page, Reading, Site};

#[derive(Serialize)]
struct Transcript<'a> {
    /// Rises when a field changes its meaning or goes.
    version: u8,
    generator: &'static str,
    /// The page, relative to this file.
    href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: &'a str,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<&'a str>,
    speakers: Vec<Speaker>,
    terms: Vec<Term<'a>>,
    items: Vec<ItemView<'a>>,
}

#[derive(Serialize)]
struct Speaker {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    role: String,
    turns: u32,
}

#[derive(Serialize)]
struct Term<'a> {
    id: &'a str,
    term: &'a str,
    /// The term's page, relative to this file.
    href: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ItemView<'a> {
    Heading {
        id: &'a str,
        level: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<&'a str>,
        text: &'a str,
    },
    Turn {
        id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        speaker: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        time: Option<f64>,
        blocks: Vec<BlockView<'a>>,
    },
    Prose {
        blocks: Vec<BlockView<'a>>,
    },
}

#[derive(Serialize)]
struct BlockView<'a> {
    id: &'a str,
    kind: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<MentionView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<ImageView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteView<'a>>,
}

/// A term's place in the block's text, in Unicode scalar values.
#[derive(Serialize)]
struct MentionView<'a> {
    term: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct ImageView<'a> {
    src: String,
    alt: &'a str,
}

#[derive(Serialize)]
struct NoteView<'a> {
    quote: &'a str,
    note: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
}

/// A value as JSON, in one line.
pub(super) fn bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(value).expect("strings and numbers are JSON");
    bytes.push(b'\n');
    bytes
}

/// The JSON; `at` is its output path.
pub(super) fn write(site: &Site, page: &Page, at: &str) -> Vec<u8> {
    let reading = site.reading(page);
    let front = &page.file.front;
    let voices = voices::of(site, page, &Links::from(site, at));
    let writer = Writer { site, page, reading: &reading, voices: &voices, at };
    let speaker = |voice: Voice| Speaker {
        id: voice.id,
        name: voice.name,
        role: voice.role,
        turns: voice.turns,
    };
    bytes(&Transcript {
        version: 1,
        generator: concat!("postil ", env!("CARGO_PKG_VERSION")),
        href: link::relative(at, &page.path),
        url: canonical(site, &page.path),
        title: &page.title,
        language: &page.language,
        date: page.date.as_deref(),
        updated: front.updated.as_ref().map(|date| date.iso.as_str()),
        series: front.series.as_deref(),
        tags: &front.tags,
        summary: &page.summary,
        publisher: front.publisher.as_deref(),
        original: front.original.as_ref().map(|original| original.value.as_str()),
        licence: front.licence.as_deref(),
        speakers: voices::distinct(&voices).into_iter().map(speaker).collect(),
        terms: writer.terms(),
        items: reading.document.items.iter().map(|item| writer.item(item)).collect(),
    })
}

struct Writer<'a> {
    site: &'a Site,
    page: &'a Page,
    reading: &'a Reading,
    voices: &'a [Voice],
    at: &'a str,
}

impl<'a> Writer<'a> {
    fn document(&self) -> &'a Document {
        &self.reading.document
    }

    /// The terms that are said, in the glossary's order.
    fn terms(&self) -> Vec<Term<'a>> {
        let said: BTreeSet<TermIndex> =
            self.reading.mentions.iter().map(|mention| mention.term).collect();
        let term = |at: TermIndex| {
            let term = &self.site.glossary.terms[at as usize];
            let href = link::relative(self.at, &self.site.term_page(at, 0));
            Term { id: &term.id, term: &term.term, href }
        };
        said.into_iter().map(term).collect()
    }

    fn item(&self, item: &'a Item) -> ItemView<'a> {
        let document = self.document();
        match item {
            Item::Heading(heading) => ItemView::Heading {
                id: &heading.id,
                level: heading.level.clamp(2, 6),
                number: heading.number.as_deref(),
                text: document.slice(heading.text),
            },
            Item::Turn(turn) => ItemView::Turn {
                id: &turn.id,
                speaker: turn.speaker.map(|at| self.voices[at as usize].id.as_str()),
                time: turn.time.map(seconds),
                blocks: self.blocks(turn.blocks.clone()),
            },
            Item::Prose(range) => ItemView::Prose { blocks: self.blocks(range.clone()) },
        }
    }

    fn blocks(&self, range: std::ops::Range<u32>) -> Vec<BlockView<'a>> {
        let blocks = range.clone().zip(self.document().blocks_of(&range));
        blocks.map(|(index, block)| self.block(index, block)).collect()
    }

    fn block(&self, index: u32, block: &'a Block) -> BlockView<'a> {
        let all = &self.reading.mentions;
        let from = all.partition_point(|mention| mention.block < index);
        let mentions = all[from..].iter().take_while(|mention| mention.block == index);
        let notes = self.reading.notes.iter().filter(|placed| placed.block == index);
        let mut images = Vec::new();
        block.node.pictures(&mut images);
        let inline = self.document().marks_in(block.text).iter();
        images.extend(inline.filter_map(|mark| match &mark.kind {
            MarkKind::Image(image) => Some(&**image),
            _ => None,
        }));
        BlockView {
            id: &block.id,
            kind: kind(&block.node),
            text: self.document().slice(block.text),
            mentions: mentions.map(|mention| self.mention(mention, block.text)).collect(),
            images: images.into_iter().map(|image| self.image(image)).collect(),
            notes: notes
                .map(|placed| NoteView {
                    quote: &placed.note.quote.value,
                    note: &placed.note.note.value,
                    by: placed.note.by.as_deref(),
                    date: placed.note.date.as_ref().map(|date| date.iso.as_str()),
                })
                .collect(),
        }
    }

    fn mention(&self, mention: &Mention, block: TextRange) -> MentionView<'a> {
        let document = self.document();
        let before = TextRange { start: block.start, end: mention.range.start };
        let start = document.slice(before).chars().count();
        let end = start + document.slice(mention.range).chars().count();
        let term = &self.site.glossary.terms[mention.term as usize].id;
        MentionView { term, start, end }
    }

    fn image(&self, image: &'a Image) -> ImageView<'a> {
        let (inside, _) = self.site.picture(self.page, self.at, &image.url);
        ImageView { src: inside.unwrap_or_else(|| image.url.clone()), alt: &image.alt }
    }
}

fn kind(node: &Node) -> &'static str {
    match node {
        Node::Paragraph(_) => "paragraph",
        Node::Heading(..) => "heading",
        Node::Quote(_) => "quote",
        Node::List { .. } => "list",
        Node::Code { .. } => "code",
        Node::Table(_) => "table",
        Node::Figure { .. } => "figure",
        Node::Details { .. } => "details",
        Node::RawHtml(_) => "html",
        Node::Rule => "rule",
    }
}
