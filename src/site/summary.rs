//! What the site, and the pages of others, need to know of a file: small enough that those of
//! ten thousand files stay in memory, and complete enough that the file's text does not have to.
//!
//! The text itself is a [`Reading`], kept packed (`packed`).

use serde::{Deserialize, Serialize};

use super::short_texts::{self, Noted};
use super::words;
use crate::annotate::Mention;
use crate::config::FrontMatter;
use crate::document::{BlockIndex, Document, Head, Item, MarkKind, SpeakerIndex};
use crate::glossary::TermIndex;
use crate::lasting::Former;
use crate::notes::Placed;
use crate::source::{Source, Span};

/// A file as it was read: the document, its mentions and its notes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    /// The document.
    pub document: Document,
    /// All mentions of the glossary's terms, sorted.
    pub mentions: Vec<Mention>,
    /// The editor's notes, in reading order.
    pub notes: Vec<Placed>,
    /// Ids that the page had, each with the place that keeps it.
    pub formers: Vec<Former>,
}

/// What stays in memory of a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The file; its text is read when somebody points into it.
    #[serde(skip)]
    pub source: Source,
    /// What its front matter says.
    pub front: FrontMatter,
    /// What its first paragraphs say of it.
    pub head: Head,
    /// The language that its script speaks for, a BCP 47 tag.
    pub script: String,
    /// The first words of the introduction or of the first turn, at most 160 characters.
    pub excerpt: String,
    /// Reading time in minutes, at least 1.
    pub minutes: u32,
    /// How many turns.
    pub turns: u32,
    /// Whether the time of any of them is known.
    pub timed: bool,
    /// How many of them nobody is known to speak.
    pub without_speaker: u32,
    /// The turns' ids, in reading order, with a blank between two.
    pub turn_ids: String,
    /// Who speaks, in order of appearance.
    pub speakers: Vec<Voiced>,
    /// By number of the reading's mention: which term, where, by whom.
    pub mentions: Vec<Spoken>,
    /// Links and pictures that name a file of the site, or a place on the page, and recordings;
    /// of the notes in front matter also links to terms (`term:rag`).
    pub links: Vec<(String, Span)>,
    /// The links of the notes in the file beside it, if any has one.
    pub noted: Option<Noted>,
    /// The addresses of pictures on the web.
    pub remote: Vec<String>,
}

/// A document's speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voiced {
    /// The label as the source writes it, white space folded.
    pub label: String,
    /// How many turns.
    pub turns: u32,
    /// Where the label first stands in the file.
    pub first: Span,
}

/// One mention, as far as lists need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// Which term.
    pub term: TermIndex,
    /// In which block of the document.
    pub block: BlockIndex,
    /// Who says it; none where nobody speaks.
    pub speaker: Option<SpeakerIndex>,
    /// Whether the page shows it as a link.
    pub shown: bool,
}

impl Summary {
    /// What is told of a reading. `source` points into the file without holding its text.
    pub fn of(reading: &Reading, source: Source) -> Self {
        let document = &reading.document;
        let ids: Vec<&str> = document.turns().map(|turn| turn.id.as_str()).collect();
        let without = document.turns().filter(|turn| turn.speaker.is_none()).count();
        let (of_notes, noted) = short_texts::of_notes(&document.source, &reading.notes);
        Self {
            source,
            front: document.front.clone(),
            head: document.head.clone(),
            script: words::language(&document.text).to_owned(),
            excerpt: words::summary(document),
            minutes: words::minutes(&document.text),
            turns: ids.len() as u32,
            timed: document.turns().any(|turn| turn.time.is_some()),
            without_speaker: without as u32,
            turn_ids: ids.join(" "),
            speakers: speakers(document),
            mentions: spoken(reading),
            links: links(document).into_iter().chain(of_notes).collect(),
            noted,
            remote: remote(document),
        }
    }

    /// All links and pictures that may lead into the site, those of notes too.
    pub fn all_links(&self) -> impl Iterator<Item = &(String, Span)> {
        self.links.iter().chain(self.noted.iter().flat_map(|noted| &noted.links))
    }

    /// What the file says of its language, or else its script.
    pub fn own_language(&self) -> &str {
        self.front.language.as_deref().unwrap_or(&self.script)
    }
}

fn speakers(document: &Document) -> Vec<Voiced> {
    let mut first = vec![None; document.speakers.len()];
    for turn in document.turns() {
        if let (Some(speaker), Some(label)) = (turn.speaker, turn.label) {
            first[speaker as usize].get_or_insert(label);
        }
    }
    let voiced = |(speaker, first): (&crate::document::Speaker, Option<Span>)| Voiced {
        label: speaker.label.clone(),
        turns: speaker.turns,
        first: first.unwrap_or_default(),
    };
    document.speakers.iter().zip(first).map(voiced).collect()
}

/// The mentions with who says them: both are in reading order.
fn spoken(reading: &Reading) -> Vec<Spoken> {
    let mut items = reading.document.items.iter();
    let mut speaking = (0..0, None);
    let mut speaker_of = |block: BlockIndex| {
        while block >= speaking.0.end {
            match items.next() {
                Some(Item::Turn(turn)) => speaking = (turn.blocks.clone(), turn.speaker),
                Some(Item::Prose(blocks)) => speaking = (blocks.clone(), None),
                Some(Item::Heading(_)) => {}
                None => return None,
            }
        }
        speaking.1.filter(|_| speaking.0.contains(&block))
    };
    let spoken = |mention: &Mention| Spoken {
        term: mention.term,
        block: mention.block,
        speaker: speaker_of(mention.block),
        shown: mention.shown,
    };
    reading.mentions.iter().map(spoken).collect()
}

/// What a document names that may be a file of the site.
fn links(document: &Document) -> Vec<(String, Span)> {
    let marks = document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Link(link) => Some((link.url.as_str(), link.span)),
        MarkKind::Image(image) => Some((image.url.as_str(), image.span)),
        _ => None,
    });
    let mut figures = Vec::new();
    let footnotes = document.footnotes.values().flatten();
    document.blocks.iter().map(|block| &block.node).chain(footnotes).for_each(|node| {
        node.pictures(&mut figures);
    });
    let figures = figures.into_iter();
    let inline = document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Image(image) => Some(&**image),
        _ => None,
    });
    let around = inline.chain(figures.clone()).filter_map(|image| image.link.as_deref());
    let around = around.map(|link| (link.url.as_str(), link.span));
    let head = document.head.cover.iter().chain(&document.head.recording);
    let images = figures.chain(head).map(|image| (image.url.as_str(), image.span));
    let media = document.front.media.iter().filter(|medium| is_recording(&medium.url));
    let media = media.map(|medium| (medium.url.as_str(), medium.span));
    let all = marks.chain(images).chain(around).chain(media);
    let internal = all.filter(|(url, _)| super::routes::is_internal(url) || url.starts_with('#'));
    internal.map(|(url, span)| (url.to_owned(), span)).collect()
}

/// The addresses of all pictures on the web, each once.
fn remote(document: &Document) -> Vec<String> {
    let mut shown = Vec::new();
    let footnotes = document.footnotes.values().flatten();
    document.blocks.iter().map(|block| &block.node).chain(footnotes).for_each(|node| {
        node.pictures(&mut shown);
    });
    shown.extend(document.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Image(image) => Some(&**image),
        _ => None,
    }));
    shown.extend(&document.head.cover);
    let mut urls: Vec<String> = Vec::new();
    for image in shown {
        let is_web = ["https://", "http://"].iter().any(|start| image.url.starts_with(start));
        if is_web && !urls.contains(&image.url) {
            urls.push(image.url.clone());
        }
    }
    urls
}

/// Whether front matter names a file, and not an id or a title.
fn is_recording(url: &str) -> bool {
    let ending = url.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    ["mp3", "m4a", "ogg", "opus", "wav", "flac", "mp4", "m4v", "webm", "mov"].contains(&&*ending)
}
