//! A document's body as a page shows it: headings, turns and prose in reading order, the
//! outline, the definitions of the terms that are marked, and the footnotes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::definitions::{self, Definition};
use super::frame::Links;
use super::moments::Moments;
use super::notes::{self, NoteView};
use super::outline::{self, Outline, OutlineEntry};
use super::script;
use super::voices::Voice;
use crate::diagnostics::Diagnostic;
use crate::document::{Block, Document, Heading, Item, Turn};
use crate::i18n::Words;
use crate::paths::link;
use crate::render::{self, Apart, BlockWriter, Html, NoteNumbers, words_changed};
use crate::site::{self, Page, Picture, Reading, Site};

/// What stands between a page's head and its end.
#[derive(Debug, Default, Serialize)]
pub(super) struct Body {
    /// Headings, turns and prose, in reading order.
    pub items: Vec<ItemView>,
    /// The headings and the chapters, in reading order.
    pub outline: Vec<OutlineEntry>,
    /// The terms that are marked on the page, in the order of their first mention.
    pub terms: Vec<Definition>,
    /// Footnotes and the editor's notes, in order.
    pub notes: Vec<NoteView>,
    /// Whether each note also stands beside its words, so that only paper needs the list.
    pub notes_beside: bool,
    /// Whether the source breaks off in the middle.
    pub breaks_off: bool,
}

/// A heading, a turn, or blocks that nobody speaks. Fields that a kind has no use for are
/// empty.
#[derive(Debug, Default, Serialize)]
pub(super) struct ItemView {
    /// `heading`, `turn` or `prose`.
    pub kind: &'static str,
    /// Anchor; empty for prose.
    pub id: String,
    /// Ids that the place had before, which stand before it as anchors of their own.
    pub was: Vec<String>,
    /// Ids of the same place in the page's other languages: links to them arrive here too.
    pub counterparts: Vec<String>,
    /// `#` and the anchor, for links.
    pub anchor: String,
    /// The words: inline HTML of a heading, else the blocks.
    pub html: Html,
    /// Link to the line in the repository, where `edit_url` is set.
    pub edit: Option<String>,
    /// Of a heading: 2 to 6.
    pub level: u8,
    /// Of a heading: `01` where sections are numbered.
    pub number: Option<String>,
    /// Of a turn: the speaker's id.
    pub speaker: String,
    /// Of a turn: the speaker's name.
    pub name: String,
    /// Of a turn: link to the speaker's page.
    pub href: String,
    /// Of a turn: one or two characters for the speaker.
    pub initials: String,
    /// Of a turn: number of the speaker's colour.
    pub colour: usize,
    /// Of a turn: `1:02:03`; empty when no time is known.
    pub time: String,
    /// Of a turn: link to that moment of the recording.
    pub time_href: Option<String>,
}

/// What a document's body is made with.
struct Maker<'a> {
    site: &'a Site,
    document: &'a Document,
    writer: BlockWriter<'a>,
    voices: &'a [Voice],
    numbers: &'a NoteNumbers<'a>,
    notes: &'a [NoteView],
    words: &'a Words,
    moments: &'a Moments,
    /// By id: the ids that its place had before.
    formers: BTreeMap<&'a str, Vec<&'a str>>,
}

/// How much of a body is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Extent<'a> {
    /// All of it.
    Whole,
    /// Its terms are not marked.
    Unmarked,
    /// Beside another text: anchors stay on its own page.
    Apart(Apart<'a>),
}

/// The body of a page that comes from a file. `at` is the output path on which it is shown.
pub(super) fn body(
    site: &Site,
    page: &Page,
    at: &str,
    voices: &[Voice],
    extent: Extent<'_>,
) -> Result<Body, Box<Diagnostic>> {
    let reading = site.reading(page);
    let document = &reading.document;
    let marked = !matches!(extent, Extent::Unmarked);
    let mentions = if marked { reading.mentions.as_slice() } else { &[] };
    let apart = if let Extent::Apart(apart) = extent { Some(apart) } else { None };
    let numbers = NoteNumbers::of(document, &reading.notes);
    let resolve = |url: &str| site.routes.resolve(&page.content, at, url);
    let picture = |url: &str| {
        let (link, picture) = site.picture(page, at, url);
        (link, picture.and_then(Picture::dimensions))
    };
    let foreign = |text: &str| script::foreign(text, &page.language);
    let moments = Moments::of(site, page, document, at);
    let Outline { entries: outline, chapters } = outline::of(document, &moments);
    let moment = |at: u32, time: u64| chapters.get(&at).cloned().or_else(|| moments.href(time));
    let writer = BlockWriter {
        document,
        mentions,
        glossary: &site.glossary,
        notes: &numbers,
        resolve: &resolve,
        picture: &picture,
        foreign: &foreign,
        moment: &moment,
        apart,
    };
    let links = Links::from(site, at);
    let words = site.words(&page.language);
    let mut notes = notes::of(site, &writer, &numbers, &page.language, &links);
    notes::set_beside(document, &numbers, &mut notes);
    let (numbers, moments) = (&numbers, &moments);
    let formers = formers(&reading);
    let maker =
        Maker { site, document, writer, voices, numbers, notes: &notes, words, moments, formers };
    let mut items: Vec<ItemView> =
        document.items.iter().map(|item| maker.item(item)).collect::<Result<_, _>>()?;
    if matches!(extent, Extent::Whole) {
        set_counterparts(site, page, &reading, &mut items);
    }
    Ok(Body {
        items,
        outline,
        terms: definitions::of(
            site,
            (document, mentions),
            (&page.language, &links),
            apart.map_or("", |apart| apart.mark),
        ),
        notes_beside: notes.iter().all(|note| note.beside),
        breaks_off: document.breaks_off.is_some(),
        notes,
    })
}

impl Maker<'_> {
    fn item(&self, item: &Item) -> Result<ItemView, Box<Diagnostic>> {
        Ok(match item {
            Item::Heading(heading) => self.heading(heading),
            Item::Turn(turn) => self.turn(turn)?,
            Item::Prose(range) => ItemView {
                kind: "prose",
                html: self.blocks(self.document.blocks_of(range))?,
                ..ItemView::default()
            },
        })
    }

    fn heading(&self, heading: &Heading) -> ItemView {
        let mut html = String::new();
        self.writer.plain(&mut html, heading.text);
        ItemView {
            kind: "heading",
            id: heading.id.clone(),
            was: self.was(&heading.id),
            anchor: anchor(&heading.id),
            html: Html(html),
            level: heading.level.clamp(2, 6),
            number: heading.number.clone(),
            edit: self.edit(heading.span.start),
            ..ItemView::default()
        }
    }

    fn turn(&self, turn: &Turn) -> Result<ItemView, Box<Diagnostic>> {
        let mut view = ItemView {
            kind: "turn",
            id: turn.id.clone(),
            was: self.was(&turn.id),
            anchor: anchor(&turn.id),
            html: self.blocks(self.document.blocks_of(&turn.blocks))?,
            edit: self.edit(turn.span.start),
            time: turn.time.map(clock).unwrap_or_default(),
            time_href: turn.time.and_then(|time| self.moments.href(time)),
            ..ItemView::default()
        };
        if let Some(voice) = turn.speaker.and_then(|speaker| self.voices.get(speaker as usize)) {
            view.speaker.clone_from(&voice.id);
            view.name.clone_from(&voice.name);
            view.href.clone_from(&voice.href);
            view.initials.clone_from(&voice.initials);
            view.colour = voice.colour;
        }
        Ok(view)
    }

    fn blocks(&self, blocks: &[Block]) -> Result<Html, Box<Diagnostic>> {
        let length: usize = blocks.iter().map(|block| block.text.range().len() + 64).sum();
        let mut html = String::with_capacity(length);
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                html.push('\n');
            }
            let apart = self.writer.apart.is_some();
            for was in self.was(&block.id).into_iter().filter(|_| !apart) {
                html.push_str("<span class=\"was\" id=\"");
                render::attribute(&mut html, &was);
                html.push_str("\"></span>");
            }
            let from = html.len();
            self.writer.block(&mut html, block);
            if let Some(changed) = words_changed(self.document, block, &html[from..]) {
                return Err(Box::new(changed));
            }
            let beside = self.numbers.within(block.text);
            if !beside.is_empty() {
                html.insert_str(from, "<div class=\"noted\">");
                let mark = self.writer.apart.map_or("", |apart| apart.mark);
                notes::write_beside(&mut html, (&beside, mark), self.notes, self.words);
                html.push_str("</div>");
            }
        }
        Ok(Html(html))
    }

    /// The ids that a place had before.
    fn was(&self, id: &str) -> Vec<String> {
        self.formers.get(id).into_iter().flatten().map(|was| (*was).to_owned()).collect()
    }

    /// Where the source's line can be edited.
    fn edit(&self, offset: u32) -> Option<String> {
        let pattern = self.site.config.edit_url.as_deref()?;
        let source = &self.document.source;
        let line = source.position(offset as usize).line;
        let path = link::encode_path(source.path());
        Some(pattern.replace("{path}", &path).replace("{line}", &line.to_string()))
    }
}

/// Says of each place which turns of the page's other languages it is. A turn that has none here
/// is at what follows.
fn set_counterparts(site: &Site, page: &Page, reading: &Reading, items: &mut [ItemView]) {
    if page.translations.is_empty() || items.is_empty() {
        return;
    }
    let mut known: BTreeSet<String> = reading.document.anchors().map(str::to_owned).collect();
    known.extend(reading.formers.iter().map(|former| former.was.clone()));
    for other in page.translations.iter().map(|other| site.page(*other)) {
        let theirs = site.reading(other);
        let rows = site::parallel((page, &reading.document), (other, &theirs.document));
        for row in rows {
            let at = row.left.start.min(items.len() - 1);
            for item in &theirs.document.items[row.right] {
                if let Item::Turn(turn) = item
                    && known.insert(turn.id.clone())
                {
                    items[at].counterparts.push(turn.id.clone());
                }
            }
        }
    }
}

/// By id: the ids that its place had before.
fn formers(reading: &Reading) -> BTreeMap<&str, Vec<&str>> {
    let mut by_id: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for former in &reading.formers {
        by_id.entry(&former.now).or_default().push(&former.was);
    }
    by_id
}

/// The link to an element of the same page.
pub(super) fn anchor(id: &str) -> String {
    format!("#{}", link::encode_fragment(id))
}

/// `2:05`, `1:02:03`.
pub(super) fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// How a language names its numbers of things is `i18n`'s; this joins names.
pub(super) fn joined<'a>(names: impl IntoIterator<Item = &'a str>, words: &Words) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    names.join(&words.list_separator)
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_are_shown_as_players_do() {
        assert_eq!(clock(0), "0:00");
        assert_eq!(clock(125_900), "2:05");
        assert_eq!(clock(3_723_000), "1:02:03");
    }
}
