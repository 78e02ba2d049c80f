//! The outline of a page: its headings, and the chapters that its text lists with their times,
//! in reading order.
//!
//! A chapter leads to the section of the same title, else to the turn at its time or after it,
//! else into the recording. One that leads nowhere is left to the text.

use std::collections::HashMap;

use serde::Serialize;

use super::article::{anchor, clock};
use super::moments::Moments;
use crate::document::{Chapter, Document, Heading, Item};

/// An entry of the outline.
#[derive(Debug, Serialize)]
pub(super) struct OutlineEntry {
    /// `#` and the id of a heading or a turn; of a chapter without either, a moment of the
    /// recording.
    pub href: String,
    /// 2 to 6.
    pub level: u8,
    /// `01` where sections are numbered.
    pub number: Option<String>,
    /// The words.
    pub text: String,
    /// When a chapter begins: `1:02:03`; empty for other headings.
    pub time: String,
}

/// The outline, and where the chapters lead.
pub(super) struct Outline {
    pub entries: Vec<OutlineEntry>,
    /// By the place of the chapter's time in the text.
    pub chapters: HashMap<u32, String>,
}

/// Makes the outline.
pub(super) fn of(document: &Document, moments: &Moments) -> Outline {
    let headings = document.items.iter().enumerate().filter_map(|(at, item)| match item {
        Item::Heading(heading) => Some((at, heading)),
        _ => None,
    });
    let headings: Vec<(usize, &Heading)> = headings.collect();
    let mut entries: Vec<(usize, OutlineEntry)> =
        headings.iter().map(|(at, heading)| (*at, of_heading(document, heading))).collect();
    let chapters = match document.chapters.is_empty() {
        true => HashMap::new(),
        false => add_chapters(document, moments, &headings, &mut entries),
    };
    Outline { entries: entries.into_iter().map(|(_, entry)| entry).collect(), chapters }
}

fn of_heading(document: &Document, heading: &Heading) -> OutlineEntry {
    OutlineEntry {
        href: anchor(&heading.id),
        level: heading.level.clamp(2, 6),
        number: heading.number.clone(),
        text: document.slice(heading.text).replace('\n', " "),
        time: String::new(),
    }
}

/// Puts the chapters among the headings' entries; gives where they lead.
fn add_chapters(
    document: &Document,
    moments: &Moments,
    headings: &[(usize, &Heading)],
    entries: &mut Vec<(usize, OutlineEntry)>,
) -> HashMap<u32, String> {
    let titles: HashMap<String, usize> = headings
        .iter()
        .enumerate()
        .rev()
        .map(|(at, (_, heading))| (folded(document.slice(heading.text)), at))
        .collect();
    let turns = Turns::of(document);
    let mut links = HashMap::new();
    let mut place = 0;
    for chapter in &document.chapters {
        let text = document.slice(chapter.title);
        let time = clock(chapter.time);
        let href = if let Some(at) = titles.get(&folded(text)) {
            let (item, entry) = &mut entries[*at];
            place = *item;
            entry.time = time;
            Some(entry.href.clone())
        } else {
            let turn = turns.at(chapter);
            let href = turn.map(|(_, id)| anchor(id)).or_else(|| moments.href(chapter.time));
            place = turn.map_or(place, |(item, _)| item);
            if let Some(href) = &href {
                let above = headings.iter().take_while(|(item, _)| *item < place).last();
                let level = above.map_or(2, |(_, heading)| (heading.level + 1).clamp(2, 6));
                let (href, text) = (href.clone(), text.replace('\n', " "));
                entries.push((place, OutlineEntry { href, level, number: None, text, time }));
            }
            href
        };
        if let Some(href) = href {
            links.insert(stamp(document, chapter), href);
        }
    }
    entries.sort_by_key(|(place, _)| *place);
    links
}

/// Where the chapter's time stands in the text.
fn stamp(document: &Document, chapter: &Chapter) -> u32 {
    let before = document.marks.partition_point(|mark| mark.range.start < chapter.title.start);
    let times = document.marks[..before].iter().rev();
    let mut times = times.filter(|mark| matches!(mark.kind, crate::document::MarkKind::Time(_)));
    times.next().map_or(chapter.title.start, |mark| mark.range.start)
}

/// Letters and digits, in which a title and its repetition agree.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The turns that have a time, by it; those of one time in reading order.
struct Turns<'a> {
    timed: Vec<(u64, usize, &'a str)>,
}

impl<'a> Turns<'a> {
    fn of(document: &'a Document) -> Self {
        let timed = document.items.iter().enumerate().filter_map(|(at, item)| match item {
            Item::Turn(turn) => Some((turn.time?, at, turn.id.as_str())),
            _ => None,
        });
        let mut timed: Vec<_> = timed.collect();
        timed.sort_by_key(|(time, at, _)| (*time, *at));
        Self { timed }
    }

    /// The turn at a chapter's time or after it: which item it is, and its id.
    fn at(&self, chapter: &Chapter) -> Option<(usize, &'a str)> {
        let at = self.timed.partition_point(|(time, ..)| time / 1000 < chapter.time / 1000);
        self.timed.get(at).map(|(_, item, id)| (*item, *id))
    }
}
