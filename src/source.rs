//! Text as it was read: a file's path, its characters, and where its lines begin.
//!
//! Everything later points back into a [`Source`] with byte [`Span`]s; only this module turns
//! a byte offset into a line and a column. It reads no disk: the loader hands the bytes in.

pub mod names;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// A byte range in one source's text. Sources are limited to 4 GiB, so 32 bits are enough.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: start as u32, end: end as u32 }
    }

    /// The same as a `usize` range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The span moved by `by` bytes to the right: from a part's offsets to the whole's.
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by as u32, end: self.end + by as u32 }
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place as people count: both numbers start at 1; a column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// Whether a character is a C0 control that has no place in a text: not tab, line feed or
/// carriage return. Browsers drop or misread them; terminals obey them.
pub fn is_control(char: char) -> bool {
    char < ' ' && !matches!(char, '\t' | '\n' | '\r')
}

/// Whether a character overrides, embeds or isolates the direction of the text behind it, so that
/// words can be shown in another order than they stand.
pub fn turns_direction(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How many bytes are searched at once.
const STRETCH: usize = 256;

struct Inner {
    path: String,
    text: OnceLock<String>,
    /// Where the text comes from when it is not here yet.
    later: Option<Later>,
    /// Byte offset at which each line begins; made on first use.
    lines: OnceLock<Vec<u32>>,
}

/// A text that is read when somebody looks at it.
struct Later {
    /// A digest of the text, by which two of them are compared unread.
    digest: [u8; 16],
    read: Read,
}

/// Reads a text again; what cannot be read any more is empty.
pub type Read = Arc<dyn Fn() -> String + Send + Sync>;

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}

/// One file's text with its path. Cheap to clone: clones share one allocation.
#[derive(Clone, Debug)]
pub struct Source(Arc<Inner>);

impl Source {
    /// A source from text. `path` is relative to the site's folder, with forward slashes, as
    /// the user would name the file (`content/a/x.md`).
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = OnceLock::from(text.into());
        Self(Arc::new(Inner { path: path.into(), text, later: None, lines: OnceLock::new() }))
    }

    /// A source whose text is read when somebody looks at it: thousands of them may point into
    /// their files without holding them. `digest` is one of the text that was meant; should the
    /// file have changed since, spans may point elsewhere, and never panic.
    pub fn on_demand(path: impl Into<String>, digest: [u8; 16], read: Read) -> Self {
        let later = Some(Later { digest, read });
        Self(Arc::new(Inner {
            path: path.into(),
            text: OnceLock::new(),
            later,
            lines: OnceLock::new(),
        }))
    }

    /// A source from a file's bytes: a byte order mark is left out, and bytes that are not
    /// UTF-8 become U+FFFD.
    ///
    /// # Errors
    /// None; the second value is the offset, in the text, of the first replaced byte, for a diagnostic.
    pub fn from_bytes(path: impl Into<String>, bytes: &[u8]) -> (Self, Option<usize>) {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match simdutf8::compat::from_utf8(bytes) {
            Ok(text) => (Self::new(path, text), None),
            Err(bad) => (Self::new(path, String::from_utf8_lossy(bytes)), Some(bad.valid_up_to())),
        }
    }

    /// The same with U+FFFD in place of each control character ([`is_control`]); and the first of
    /// them with its offset, which is the same in both texts.
    pub fn without_controls(self) -> (Self, Option<(usize, char)>) {
        // In UTF-8, a byte below 0x80 is always a character of its own. Most texts have no such
        // byte: whether a stretch does is asked without a branch for each.
        let is = |byte: &u8| is_control(char::from(*byte));
        let any = |bytes: &[u8]| bytes.iter().fold(false, |any, byte| any | is(byte));
        let bytes = self.text().as_bytes();
        let from = bytes.chunks(STRETCH).position(any).map(|stretch| stretch * STRETCH);
        let at = from.and_then(|from| Some(from + bytes[from..].iter().position(is)?));
        let first = at.map(|at| (at, char::from(bytes[at])));
        match first {
            None => (self, None),
            Some(_) => (Self::new(self.path(), self.text().replace(is_control, "\u{fffd}")), first),
        }
    }

    /// The first character that [turns the direction](turns_direction) of the text behind it,
    /// with its offset.
    pub fn first_turn(&self) -> Option<(usize, char)> {
        // All of them begin with this byte, as few others do.
        let begins = memchr::memchr_iter(0xe2, self.text().as_bytes());
        let mut chars = begins.filter_map(|at| Some((at, self.text()[at..].chars().next()?)));
        chars.find(|(_, char)| turns_direction(*char))
    }

    /// The path, relative to the site's folder, with forward slashes.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        let read = || self.0.later.as_ref().map_or_else(String::new, |later| (later.read)());
        self.0.text.get_or_init(read)
    }

    /// The text under a span; empty where the text has no such span.
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(span.range()).unwrap_or_default()
    }

    fn lines(&self) -> &[u32] {
        self.0.lines.get_or_init(|| {
            let breaks = self.text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// Line and column of a byte offset; an offset past the end is the end's.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let line = self.lines().partition_point(|start| *start as usize <= offset).max(1);
        let start = self.lines()[line - 1] as usize;
        let column = self.text()[start..offset].chars().count() + 1;
        Position { line: line as u32, column: column as u32 }
    }

    /// The text of a line (1-based) without its line break; empty when there is no such line.
    pub fn line(&self, line: u32) -> &str {
        let starts = self.lines();
        let Some(&start) = starts.get((line as usize).wrapping_sub(1)) else { return "" };
        let end = starts.get(line as usize).map_or(self.text().len(), |next| *next as usize);
        self.text()[start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// The nearest span at or before a computed one that begins and ends between characters.
    pub fn snapped(&self, span: Span) -> Span {
        let start = self.floor(span.start as usize);
        Span::new(start, self.floor(span.end as usize).max(start))
    }

    fn is_same_text(&self, other: &Self) -> bool {
        match (&self.0.later, &other.0.later) {
            (Some(one), Some(other)) => one.digest == other.digest,
            _ => self.text() == other.text(),
        }
    }

    /// The nearest character boundary at or before `offset`.
    fn floor(&self, offset: usize) -> usize {
        let text = self.text();
        let mut at = offset.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.path() == other.path() && self.is_same_text(other))
    }
}

impl Eq for Source {}

impl Default for Source {
    /// No file.
    fn default() -> Self {
        Self::new("", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_scalar_values_from_one() {
        let source = Source::new("x.md", "ab\n黄仁勋：x\r\n\nend");
        let at = |offset| {
            let p = source.position(offset);
            (p.line, p.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 3));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(3 + 9), (2, 4));
        assert_eq!(at(3 + 10), (2, 4), "inside a character counts as its start");
        assert_eq!(at(1000), (4, 4));
        assert_eq!(source.line(2), "黄仁勋：x");
        assert_eq!(source.line(9), "");
    }

    #[test]
    fn a_byte_order_mark_is_left_out_and_bad_bytes_are_told() {
        let (source, bad) = Source::from_bytes("x.md", b"\xef\xbb\xbfhi");
        assert_eq!((source.text(), bad), ("hi", None));
        let (source, bad) = Source::from_bytes("x.md", b"ab\xffc");
        assert_eq!((source.text(), bad), ("ab\u{fffd}c", Some(2)));
    }

    #[test]
    fn control_characters_become_replacement_characters() {
        let (source, first) = Source::new("x.md", "a\tb\r\n\u{8}\u{0}\u{1b}[0m").without_controls();
        assert_eq!(source.text(), "a\tb\r\n\u{fffd}\u{fffd}\u{fffd}[0m");
        assert_eq!(first, Some((5, '\u{8}')));
        let (source, first) = Source::new("x.md", "a\u{202e}b").without_controls();
        assert_eq!((source.text(), first), ("a\u{202e}b", None));
        let late = "谈".repeat(500) + "\u{8}.";
        assert_eq!(Source::new("x.md", late).without_controls().1, Some((1500, '\u{8}')));
    }

    #[test]
    fn what_turns_the_direction_is_found() {
        let first = |text: &str| Source::new("x.md", text).first_turn();
        assert_eq!(first("“Well”, he said … 谈到 â"), None);
        assert_eq!(first("“a\u{2066}b\u{202e}”"), Some((4, '\u{2066}')));
        assert_eq!(first("\u{202e}"), Some((0, '\u{202e}')));
    }
}
