//! A term's mentions as lines in context, by transcript, each linked to its block.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::frame::{DateView, Links};
use crate::site::{Extract, Page, PageIndex, Site, Use};

/// How much of the text is shown on either side; a Han character counts for two.
const WIDTH: usize = 44;

/// How much of a turn's beginning is shown.
const FIRST: usize = 72;

/// The mentions of one transcript.
#[derive(Debug, Serialize)]
pub(super) struct Passage {
    /// The transcript.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
    /// Its day, in the list's language.
    pub date: Option<DateView>,
    /// The mentions, in reading order.
    pub lines: Vec<Line>,
}

/// One mention with the words around it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// Its block.
    pub href: String,
    /// The words before.
    pub before: String,
    /// The words that name the term.
    pub words: String,
    /// The words behind.
    pub after: String,
    /// Who says it; may be empty.
    pub speaker: String,
}

/// The lines of some uses of terms, for each of several lists, in their order: each text is opened
/// once, however many of the lists quote it.
pub(super) fn passages_of(site: &Site, lists: &[(&[Use], Links<'_>)]) -> Vec<Vec<Passage>> {
    let mut by_page: BTreeMap<PageIndex, Vec<(usize, &[Use])>> = BTreeMap::new();
    for (list, (uses, _)) in lists.iter().enumerate() {
        for uses in uses.chunk_by(|one, other| one.page == other.page) {
            by_page.entry(uses[0].page).or_default().push((list, uses));
        }
    }
    let opened = by_page.into_par_iter().map(|(page, asked)| {
        let page = site.page(page);
        page.packed.extract(|extract| {
            let quote = |(list, uses): (usize, &[Use])| {
                (list, quoted(site, extract, page, uses, &lists[list].1))
            };
            asked.into_iter().map(quote).collect::<Vec<_>>()
        })
    });
    // Uses come in the order of pages, and so do these.
    let opened: Vec<Vec<(usize, Passage)>> = opened.collect();
    let mut passages: Vec<Vec<Passage>> = lists.iter().map(|_| Vec::new()).collect();
    for (list, passage) in opened.into_iter().flatten() {
        passages[list].push(passage);
    }
    passages
}

fn quoted(
    site: &Site,
    extract: &Extract<'_>,
    page: &Page,
    uses: &[Use],
    links: &Links<'_>,
) -> Passage {
    let lines = uses.iter().filter_map(|found| line(site, extract, *found, links));
    let mut lines: Vec<Line> = lines.collect();
    // Most transcripts say a term once or twice, and thousands of these wait for their pages.
    lines.shrink_to_fit();
    Passage {
        href: links.to(&page.path),
        title: page.title.clone(),
        language: page.language.clone(),
        date: page.date.as_deref().map(|date| DateView::new(date, site.words(&site.language))),
        lines,
    }
}

fn line(site: &Site, extract: &Extract<'_>, found: Use, links: &Links<'_>) -> Option<Line> {
    let page = site.page(found.page);
    let (range, block) = *extract.mentions.get(found.mention as usize)?;
    let (id, text) = *extract.blocks.get(block as usize)?;
    let (before, after) = around(extract.text, range.range(), text.range());
    Some(Line {
        href: links.anchor(&page.path, id),
        before,
        words: extract.slice(range).replace('\n', " "),
        after,
        speaker: speaker(site, page, found).unwrap_or_default(),
    })
}

fn speaker(site: &Site, page: &Page, found: Use) -> Option<String> {
    let person = site.speaker(page, site.spoken(found).speaker?);
    person.name.get(&page.language).map(str::to_owned)
}

/// The words around a mention, within its block.
fn around(text: &str, mention: Range<usize>, block: Range<usize>) -> (String, String) {
    let before = &text[block.start.min(mention.start)..mention.start];
    let after = &text[mention.end..block.end.max(mention.end)];
    let kept = cut(before.split_word_bounds().rev(), WIDTH);
    let head = &before[before.len() - kept..];
    let tail = &after[..cut(after.split_word_bounds(), WIDTH)];
    let lead = if head.len() < before.len() { "…" } else { "" };
    let trail = if tail.len() < after.len() { "…" } else { "" };
    (
        format!("{lead}{}", head.trim_start().replace('\n', " ")),
        format!("{}{trail}", trimmed(tail, !trail.is_empty()).replace('\n', " ")),
    )
}

/// How many bytes of the words fit.
fn cut<'a>(words: impl Iterator<Item = &'a str>, most: usize) -> usize {
    let (mut bytes, mut width) = (0, 0);
    for word in words {
        width += unicode_width::UnicodeWidthStr::width(word);
        if width > most {
            break;
        }
        bytes += word.len();
    }
    bytes
}

/// The first words of a text, with an ellipsis when there is more.
pub(super) fn first_words(text: &str) -> String {
    let mut kept = cut(text.split_word_bounds(), FIRST);
    if kept == 0 {
        // A word or an address longer than a line.
        kept = cut(text.graphemes(true), FIRST);
    }
    let more = kept < text.len();
    let words = trimmed(&text[..kept], more).replace('\n', " ");
    if more { format!("{words}…") } else { words }
}

/// Words without blanks at their end; where an ellipsis follows, without a comma or a
/// full stop either.
fn trimmed(words: &str, more: bool) -> &str {
    let comma = |c: char| c.is_whitespace() || more && ".,;:。，、；：".contains(c);
    words.trim_end_matches(comma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_cut_and_han_counts_for_two() {
        assert_eq!(first_words("short"), "short");
        let english = first_words(&"incomprehensible ".repeat(9));
        assert_eq!(english, format!("{}…", ["incomprehensible"; 4].join(" ")));
        let chinese = first_words(&"谈".repeat(50));
        assert_eq!(chinese.chars().count(), FIRST / 2 + 1);
        assert_eq!(first_words(&"x".repeat(90)), format!("{}…", "x".repeat(FIRST)));
        let comma = first_words(&format!("{} and more", "some, ".repeat(12)));
        assert!(comma.ends_with("some…"), "{comma}");
    }
}
