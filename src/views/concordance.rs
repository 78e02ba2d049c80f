//! A term's mentions as lines in context, each linked to its block.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::frame::{DateView, Links};
use crate::annotate::Mention;
use crate::document::Document;
use crate::glossary::TermIndex;
use crate::site::{Page, Site, Use};

/// How much of the text is shown on either side; a Han character counts for two.
const WIDTH: usize = 44;

/// How much of a turn's beginning is shown.
const FIRST: usize = 72;

/// Up to this many lines on the whole page, every mention has its line.
const ALL: usize = 3_000;

/// Beyond that, so many a term.
const SOME: usize = 12;

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
    /// The transcript's title.
    pub title: String,
    /// The transcript's language.
    pub language: String,
    /// The transcript's day, in the list's language.
    pub date: Option<DateView>,
}

/// How many lines a term may have, so that the page stays readable however large the site is.
pub(super) fn limit(site: &Site) -> usize {
    let all: usize = site.uses.iter().map(Vec::len).sum();
    if all <= ALL { usize::MAX } else { SOME }
}

/// A term's lines, newest transcript first. Where not all are shown, every transcript comes
/// once before any comes twice.
pub(super) fn lines(site: &Site, term: TermIndex, links: &Links<'_>, limit: usize) -> Vec<Line> {
    let uses = site.uses_of(term);
    let chosen: Vec<&Use> = if uses.len() <= limit {
        uses.iter().collect()
    } else {
        let first = |at: usize| at == 0 || uses[at - 1].page != uses[at].page;
        let (firsts, others): (Vec<usize>, Vec<usize>) = (0..uses.len()).partition(|at| first(*at));
        let mut chosen: Vec<usize> = firsts.into_iter().chain(others).take(limit).collect();
        chosen.sort_unstable();
        chosen.into_iter().map(|at| &uses[at]).collect()
    };
    chosen.into_iter().filter_map(|found| line(site, *found, links)).collect()
}

fn line(site: &Site, found: Use, links: &Links<'_>) -> Option<Line> {
    let page = site.page(found.page);
    let reading = site.reading(page);
    let document = &reading.document;
    let mention = reading.mentions.get(found.mention as usize)?;
    let block = document.blocks.get(mention.block as usize)?;
    let (before, after) = around(document, mention, block.text.range());
    Some(Line {
        href: links.anchor(&page.path, &block.id),
        before,
        words: document.slice(mention.range).replace('\n', " "),
        after,
        speaker: speaker(site, page, found).unwrap_or_default(),
        title: page.title.clone(),
        language: page.language.clone(),
        date: page.date.as_deref().map(|date| DateView::new(date, &site.language)),
    })
}

fn speaker(site: &Site, page: &Page, found: Use) -> Option<String> {
    let person = site.speaker(page, site.spoken(found).speaker?);
    person.name.get(&page.language).map(str::to_owned)
}

/// The words around a mention, within its block.
fn around(
    document: &Document,
    mention: &Mention,
    block: std::ops::Range<usize>,
) -> (String, String) {
    let range = mention.range.range();
    let before = &document.text[block.start.min(range.start)..range.start];
    let after = &document.text[range.end..block.end.max(range.end)];
    let kept = cut(before.split_word_bounds().rev(), WIDTH);
    let head = &before[before.len() - kept..];
    let tail = &after[..cut(after.split_word_bounds(), WIDTH)];
    let lead = if head.len() < before.len() { "…" } else { "" };
    let trail = if tail.len() < after.len() { "…" } else { "" };
    (
        format!("{lead}{}", head.trim_start().replace('\n', " ")),
        format!("{}{trail}", tail.trim_end().replace('\n', " ")),
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
    let kept = cut(text.split_word_bounds(), FIRST);
    let words = text[..kept].trim_end().replace('\n', " ");
    if kept < text.len() { format!("{words}…") } else { words }
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
    }
}
