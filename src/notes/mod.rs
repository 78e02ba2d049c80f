//! Where editorial notes stand in a document: each at the end of the words that it quotes.
//!
//! Pure, and stand-off like `annotate`: the document is never changed. A quote must be found
//! exactly once; markup, line breaks, invisible characters and the kind of quotation marks do
//! not count (`quote`). A note whose words are gone, or stand there twice, is withheld and told
//! with what is nearest (`near`), so that notes never drift. Rules: design, section 6.

mod near;
mod quote;

use serde::{Deserialize, Serialize};

use crate::config::Note;
use crate::diagnostics::Diagnostic;
use crate::document::{BlockIndex, Document, Item, Node, TextRange};
use crate::source::Span;

use quote::Quote;

/// A note in its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placed {
    /// What it says.
    pub note: Note,
    /// The words that it is about, in [`Document::text`].
    pub words: TextRange,
    /// The block in which they end.
    pub block: BlockIndex,
}

/// Finds the notes' words; the result is in reading order. A note that cannot be placed is left
/// out, with a warning.
pub fn place(document: &Document, notes: Vec<Note>) -> (Vec<Placed>, Vec<Diagnostic>) {
    let mut placed = Vec::with_capacity(notes.len());
    let mut diagnostics = Vec::new();
    if notes.is_empty() {
        return (placed, diagnostics);
    }
    let stretches = stretches(document);
    for note in notes {
        match locate(document, &stretches, &note) {
            Ok(words) => {
                let block = block_of(document, words.end);
                placed.push(Placed { note, words, block });
            }
            Err(told) => diagnostics.push(*told),
        }
    }
    placed.sort_by_key(|placed| (placed.words.end, placed.words.start));
    (placed, diagnostics)
}

/// A stretch of text in which a quote may stand: a turn, or what nobody speaks.
struct Stretch<'a> {
    id: &'a str,
    text: TextRange,
}

fn stretches(document: &Document) -> Vec<Stretch<'_>> {
    let stretch = |item| {
        let (id, blocks) = match item {
            &Item::Heading(_) => return None,
            Item::Turn(turn) => (turn.id.as_str(), &turn.blocks),
            Item::Prose(blocks) => ("", blocks),
        };
        let blocks = document.blocks_of(blocks);
        let text = TextRange { start: blocks.first()?.text.start, end: blocks.last()?.text.end };
        Some(Stretch { id, text })
    };
    document.items.iter().filter_map(stretch).collect()
}

fn locate(
    document: &Document,
    stretches: &[Stretch<'_>],
    note: &Note,
) -> Result<TextRange, Box<Diagnostic>> {
    let all: Vec<TextRange> = stretches.iter().map(|stretch| stretch.text).collect();
    let within = match &note.turn {
        None => all,
        Some(id) => {
            let named = id.value.trim_start_matches('#');
            vec![named_text(document, stretches, named).ok_or_else(|| no_turn(document, note))?]
        }
    };
    let found = found(document, &within, &note.quote.value);
    match found[..] {
        [words] => Ok(words),
        [] => Err(missing(document, &within, note)),
        [first, second, ..] => Err(twice(document, note, first, second)),
    }
}

/// The text of a turn or a block by its id.
fn named_text(document: &Document, stretches: &[Stretch<'_>], id: &str) -> Option<TextRange> {
    let turn = stretches.iter().find(|stretch| stretch.id == id).map(|stretch| stretch.text);
    let block = || document.blocks.iter().find(|block| block.id == id).map(|block| block.text);
    turn.or_else(block)
}

/// The places of the words, by the strictest reading that finds any.
fn found(document: &Document, within: &[TextRange], quote: &str) -> Vec<TextRange> {
    for quote in Quote::readings(quote) {
        let places = within.iter().flat_map(|text| quote.places(&document.text, *text));
        let places: Vec<TextRange> = places.filter(|at| can_bear_a_note(document, *at)).collect();
        if !places.is_empty() {
            return places;
        }
    }
    Vec::new()
}

/// Code and a trusted folder's HTML are shown as they are: no number can stand in them.
fn can_bear_a_note(document: &Document, words: TextRange) -> bool {
    let block = &document.blocks[block_of(document, words.end) as usize];
    !matches!(block.node, Node::Code { .. } | Node::RawHtml(_))
}

/// The block that has the character before an offset.
fn block_of(document: &Document, end: u32) -> BlockIndex {
    let after = document.blocks.partition_point(|block| block.text.start < end);
    after.saturating_sub(1) as BlockIndex
}

/// The source of some text, for a diagnostic.
fn span_of(document: &Document, words: TextRange) -> Span {
    let start = document.source_offset(words.start);
    let end = document.source_offset(words.end.saturating_sub(1)) + 1;
    document.source.snapped(Span::new(start, end.max(start)))
}

fn line_of(document: &Document, words: TextRange) -> u32 {
    document.source.position(span_of(document, words).start as usize).line
}

fn missing(document: &Document, within: &[TextRange], note: &Note) -> Box<Diagnostic> {
    let told = |message: &str| {
        Diagnostic::warning("notes/not-found", &note.source, note.quote.span, message)
    };
    let readings = Quote::readings(&note.quote.value);
    let has = |text: TextRange| {
        readings.iter().any(|quote| !quote.places(&document.text, text).is_empty())
    };
    if document.headings().any(|heading| has(heading.text)) {
        let diagnostic = told("these words are a heading, so the note is not shown");
        return Box::new(diagnostic.hint("quote words of the text below the heading"));
    }
    if within.iter().any(|text| has(*text)) {
        let diagnostic = told("these words stand in code, so the note is not shown");
        return Box::new(diagnostic.hint("quote words of the text before or behind the code"));
    }
    let diagnostic = told(match note.turn {
        None => "the text has not these words, so the note is not shown",
        Some(_) => "this turn has not these words, so the note is not shown",
    });
    Box::new(match near::nearest(&document.text, within, &note.quote.value) {
        Some(near) => diagnostic.hint(format!(
            "the nearest is “{}” in line {} of {}",
            document.slice(near).replace('\n', " "),
            line_of(document, near),
            document.source.path()
        )),
        None => diagnostic.hint("quote the words as the page shows them, without markup"),
    })
}

fn twice(document: &Document, note: &Note, first: TextRange, second: TextRange) -> Box<Diagnostic> {
    let (one, other) = (line_of(document, first), line_of(document, second));
    let path = document.source.path();
    let message =
        format!("these words stand in lines {one} and {other} of {path}, so the note is not shown");
    let id = |words: TextRange| {
        let turns = document.turns().find(|turn| {
            turn.blocks.contains(&block_of(document, words.end)) && !turn.id.is_empty()
        });
        let block = || document.blocks[block_of(document, words.end) as usize].id.as_str();
        turns.map_or_else(block, |turn| turn.id.as_str())
    };
    let hint = match (id(first), id(second)) {
        (one, other) if one == other => "quote more words".to_owned(),
        (one, other) => format!("quote more words, or add `turn: {one}` or `turn: {other}`"),
    };
    let quote = note.quote.span;
    Box::new(Diagnostic::warning("notes/twice", &note.source, quote, message).hint(hint))
}

fn no_turn(document: &Document, note: &Note) -> Box<Diagnostic> {
    let id = note.turn.as_ref().expect("only asked where there is one");
    let message =
        format!("{} has no turn `{}`, so the note is not shown", document.source.path(), id.value);
    let anywhere: Vec<TextRange> = stretches(document).iter().map(|stretch| stretch.text).collect();
    let places = found(document, &anywhere, &note.quote.value);
    let hint = match places[..] {
        [words] => {
            let block = block_of(document, words.end);
            let turn = document.turns().find(|turn| turn.blocks.contains(&block));
            let now = turn.map_or(document.blocks[block as usize].id.as_str(), |turn| &turn.id);
            format!(
                "the words stand in `{now}` now; or leave `turn` out, since they are there only once"
            )
        }
        _ => "copy the id from the turn's permalink: what follows `#`".to_owned(),
    };
    Box::new(Diagnostic::warning("notes/no-turn", &note.source, id.span, message).hint(hint))
}
