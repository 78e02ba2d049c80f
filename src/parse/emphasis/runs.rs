//! An inline block cut into runs of stars and what lies between them.
//!
//! The parser has paired the stars already, by rules that do not suit CJK text. Its pairs are
//! dissolved here: stars that it kept as text and stars that became tags are put back in their
//! places in the source. Whether a run opens or closes is not decided here.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::flank::{self, Flank};
use super::unicode;

/// An inline block as runs of stars and pieces between them, in source order.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub pieces: Vec<Piece>,
    pub runs: Vec<Run>,
}

/// Numbers are indices into the block's events, those of `Run` into [`Tokens::runs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// An event that is kept as it is.
    Event(usize),
    /// A line break.
    Break(usize),
    /// The part of a text event before, between or after live stars.
    Text(Range<usize>),
    /// Stars.
    Run(usize),
    /// The start of something that stars do not cross: a link, an image, `~~`, `_`.
    Open(usize),
    /// Its end.
    Close(usize),
}

/// A run of stars that are neither escaped nor part of code, a link target or the like.
#[derive(Debug)]
pub(super) struct Run {
    pub range: Range<usize>,
    /// The character before it on its line.
    pub before: Option<char>,
    /// The character after it on its line.
    pub after: Option<char>,
    /// The stars that the parser left as text.
    pub literal: Range<usize>,
    /// What it may do by the rules for CJK text.
    pub flank: Flank,
    /// How many of its stars, from the left, have closed something.
    pub closed: usize,
    /// How many of its stars, from the right, have opened something.
    pub opened: usize,
}

impl Run {
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// The stars that have neither closed nor opened anything.
    pub fn rest(&self) -> Range<usize> {
        self.range.start + self.closed..self.range.end - self.opened
    }
}

/// Whether the parser left a star as text.
pub(super) fn any_literal(events: &[(Event<'_>, Range<usize>)]) -> bool {
    events.iter().any(|(event, _)| matches!(event, Event::Text(text) if text.contains('*')))
}

/// Cuts a block's events. `None` if a tag does not stand on the stars that its range claims;
/// such a block is better left alone.
pub(super) fn tokenise(text: &str, events: &[(Event<'_>, Range<usize>)]) -> Option<Tokens> {
    let mut tokeniser = Tokeniser { text, tokens: Tokens::default(), text_end: 0, address: false };
    for (index, (event, range)) in events.iter().enumerate() {
        tokeniser.event(index, event, range)?;
    }
    Some(tokeniser.finish())
}

struct Tokeniser<'a> {
    text: &'a str,
    tokens: Tokens,
    /// Where the last text event ended.
    text_end: usize,
    /// Inside `<https://…>`, where stars belong to the address.
    address: bool,
}

impl Tokeniser<'_> {
    fn event(&mut self, index: usize, event: &Event<'_>, range: &Range<usize>) -> Option<()> {
        let piece = match event {
            Event::Text(content) if !self.address => {
                self.text(index, content, range);
                return Some(());
            }
            Event::SoftBreak | Event::HardBreak => Piece::Break(index),
            Event::Start(tag) => match stars_of_start(tag) {
                Some(count) if self.is_star(range.start) => {
                    return self.delimiter(range.start, range.start + count);
                }
                _ => {
                    self.address = is_address(tag);
                    Piece::Open(index)
                }
            },
            Event::End(tag) => match stars_of_end(*tag) {
                Some(count) if self.is_star(range.start) => {
                    return self.delimiter(range.end.checked_sub(count)?, range.end);
                }
                _ => {
                    self.address = false;
                    Piece::Close(index)
                }
            },
            _ => Piece::Event(index),
        };
        self.tokens.pieces.push(piece);
        Some(())
    }

    fn is_star(&self, at: usize) -> bool {
        self.text.as_bytes().get(at) == Some(&b'*')
    }

    /// Puts the stars of a dissolved tag back.
    fn delimiter(&mut self, start: usize, end: usize) -> Option<()> {
        let in_order = self.tokens.runs.last().is_none_or(|run| run.range.end <= start);
        if !in_order || !self.text.as_bytes()[start..end].iter().all(|&byte| byte == b'*') {
            return None;
        }
        self.stars(start..end, false);
        Some(())
    }

    /// Splits a text event at its live stars.
    fn text(&mut self, index: usize, content: &str, range: &Range<usize>) {
        let source = &self.text[range.clone()];
        let follows_text = self.text_end == range.start;
        self.text_end = range.end;
        if !content.contains('*') || content != source {
            // No stars, or an entity that stands for one.
            self.tokens.pieces.push(Piece::Event(index));
            return;
        }
        let bytes = self.text.as_bytes();
        let escaped = range.start > 0 && bytes[range.start - 1] == b'\\' && !follows_text;
        let mut from = range.start;
        let mut at = range.start + usize::from(escaped);
        while at < range.end {
            if bytes[at] != b'*' {
                at += 1;
                continue;
            }
            let end = at + bytes[at..range.end].iter().take_while(|&&byte| byte == b'*').count();
            if from < at {
                self.tokens.pieces.push(Piece::Text(from..at));
            }
            self.stars(at..end, true);
            from = end;
            at = end;
        }
        if from < range.end {
            self.tokens.pieces.push(Piece::Text(from..range.end));
        }
    }

    /// Adds stars to the run that they touch, or begins a run.
    fn stars(&mut self, range: Range<usize>, literal: bool) {
        let literal = if literal { range.clone() } else { range.end..range.end };
        if let (Some(Piece::Run(_)), Some(run)) =
            (self.tokens.pieces.last(), self.tokens.runs.last_mut())
            && run.range.end == range.start
        {
            run.range.end = range.end;
            if run.literal.is_empty() {
                run.literal = literal;
            } else if !literal.is_empty() {
                run.literal.end = literal.end;
            }
            return;
        }
        let before = match self.tokens.pieces.last() {
            None | Some(Piece::Break(_)) => None,
            Some(_) => unicode::before(self.text, range.start),
        };
        let flank = Flank::default();
        self.tokens.pieces.push(Piece::Run(self.tokens.runs.len()));
        self.tokens.runs.push(Run {
            range,
            before,
            after: None,
            literal,
            flank,
            closed: 0,
            opened: 0,
        });
    }

    /// Now that the runs are whole: what follows each, and what it may do.
    fn finish(mut self) -> Tokens {
        for (at, piece) in self.tokens.pieces.iter().enumerate() {
            let Piece::Run(run) = *piece else { continue };
            let run = &mut self.tokens.runs[run];
            run.after = match self.tokens.pieces.get(at + 1) {
                None | Some(Piece::Break(_)) => None,
                Some(_) => self.text[run.range.end..].chars().next(),
            };
            run.flank = flank::repaired(run);
        }
        self.tokens
    }
}

fn is_address(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. })
}

fn stars_of_start(tag: &Tag<'_>) -> Option<usize> {
    match tag {
        Tag::Emphasis => Some(1),
        Tag::Strong => Some(2),
        _ => None,
    }
}

fn stars_of_end(tag: TagEnd) -> Option<usize> {
    match tag {
        TagEnd::Emphasis => Some(1),
        TagEnd::Strong => Some(2),
        _ => None,
    }
}
