//! A long text parsed in pieces: the parser's tree takes a dozen times the room of its text, and
//! so one of the whole of a long file is never made.
//!
//! A text is cut behind a paragraph or a heading that stands in no container, where a blank line
//! follows. There the parser knows nothing any more of what came before: no container is open,
//! no fence, no HTML, and the next line begins as the first line of a text does. Only definitions
//! of links and footnotes act at a distance; a text that may hold one is parsed as a whole.
//! Events are neither read nor repaired here.

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// An event and its bytes.
pub(super) type Placed<'a> = (Event<'a>, Range<usize>);

/// A piece of a text.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Where it begins in the text.
    pub at: usize,
    /// Its text; of all pieces together, the text.
    pub text: &'a str,
    /// Its events, with ranges into `text`.
    pub events: Vec<Placed<'a>>,
    /// Whether nothing follows.
    pub last: bool,
}

/// The pieces of a text, in order, each with its events.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    text: &'a str,
    options: Options,
    /// How many bytes are looked at for a piece.
    size: usize,
    /// Where the next piece begins; none behind the last.
    at: Option<usize>,
}

impl<'a> Pieces<'a> {
    /// Pieces of about `size` bytes; longer where nothing can be cut.
    pub fn new(text: &'a str, options: Options, size: usize) -> Self {
        let size = if may_define(text) { usize::MAX } else { size };
        Self { text, options, size, at: Some(0) }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let at = self.at.take()?;
        let rest = &self.text[at..];
        let mut size = self.size;
        while let Some(end) = end_of_line(rest, size) {
            let mut events = parse(&rest[..end], self.options);
            if let Some((count, cut)) = last_cut(&rest[..end], &events) {
                events.truncate(count);
                self.at = Some(at + cut);
                return Some(Piece { at, text: &rest[..cut], events, last: false });
            }
            // Each try is twice as long as the one before, so all take as long as two.
            size = end.saturating_mul(2);
        }
        Some(Piece { at, text: rest, events: parse(rest, self.options), last: true })
    }
}

/// All events of a text.
///
/// pulldown-cmark 0.13 gives up a table that lacks more than 2^18 cells in the middle of a row,
/// and then says the rest of the text twice, inside that row. Such a text is read without
/// tables: every word is there once.
fn parse(text: &str, options: Options) -> Vec<Placed<'_>> {
    let events = |options| {
        // In a transcript an event stands for some thirty bytes.
        let mut found = Vec::with_capacity(text.len() / 24 + 16);
        found.extend(Parser::new_ext(text, options).into_offset_iter());
        found
    };
    let found = events(options);
    if options.contains(Options::ENABLE_TABLES) && holds_given_up_table(&found) {
        return events(options.difference(Options::ENABLE_TABLES));
    }
    found
}

/// Whether anything but rows and cells stands directly in a table or a row.
fn holds_given_up_table(events: &[Placed<'_>]) -> bool {
    let mut in_table = false;
    let mut in_cell = false;
    for (event, _) in events {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => {}
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {}
            Event::Start(Tag::TableCell) => in_cell = true,
            Event::End(TagEnd::TableCell) => in_cell = false,
            Event::End(TagEnd::Table) => in_table = false,
            _ if in_table && !in_cell => return true,
            Event::Start(Tag::Table(_)) => in_table = true,
            _ => {}
        }
    }
    false
}

/// The end of the line that `size` bytes reach into; none when that is all.
fn end_of_line(text: &str, size: usize) -> Option<usize> {
    let line = memchr::memchr(b'\n', text.as_bytes().get(size..)?)?;
    Some(size + line + 1).filter(|end| *end < text.len())
}

/// The last place where a text can be cut: how many events stand before, and how many bytes.
fn last_cut(text: &str, events: &[Placed<'_>]) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    let mut found = None;
    for (at, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                let cuts = depth == 0 && matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_));
                if cuts && let Some(cut) = behind_blank_line(text, range.end) {
                    found = Some((at + 1, cut));
                }
            }
            _ => {}
        }
    }
    found
}

/// The place behind the blank line that follows a block which ends at `end`, where one does.
fn behind_blank_line(text: &str, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut ends = usize::from(bytes[..end].last() == Some(&b'\n'));
    for (at, byte) in bytes[end..].iter().enumerate() {
        match byte {
            b'\n' if ends == 1 => return Some(end + at + 1),
            b'\n' => ends += 1,
            b' ' | b'\t' | b'\r' => {}
            _ => return None,
        }
    }
    None
}

/// Whether a text may define a link or a footnote: `]:` behind a bracket before which nothing
/// stands on its line but signs of quotes and lists.
fn may_define(text: &str) -> bool {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, b"]:").any(|close| {
        let opens = |at: &usize| *at == 0 || bytes[at - 1] != b'\\';
        let Some(open) = memchr::memrchr_iter(b'[', &bytes[..close]).find(opens) else {
            return false;
        };
        let begin = memchr::memrchr2(b'\n', b'\r', &bytes[..open]).map_or(0, |end| end + 1);
        bytes[begin..open].iter().all(|byte| {
            matches!(byte, b' ' | b'\t' | b'\r' | b'>' | b'-' | b'+' | b'*' | b'.' | b')')
                || byte.is_ascii_digit()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_at_a_distance() {
        for text in ["[a]: b", "x\n\n> 1. [a\nb]: c", "[a\\[b]: c", "- [^1]: a", "x\r[a]: b [c]: d"]
        {
            assert!(may_define(text), "{text}");
        }
        for text in ["Name [0:46]: text", "[a] [b] c", "a]: b", "see [a]: b"] {
            assert!(!may_define(text), "{text}");
        }
    }

    #[test]
    fn where_a_text_is_cut() {
        let tail = "tail\n\n".repeat(60);
        let kept_whole = [
            "```\na\n\nb\n\n```\n\n",
            "- a\n\n- b\n\n  c\n\n",
            "> a\n>\n> b\n\n",
            "<!--\na\n\nb\n-->\n\n",
            "    a\n\n    b\n\n",
            "a\nb\n \t\n",
            "a\r\n\r\n",
            "# a\n\n",
        ];
        for begin in kept_whole {
            let text = format!("{begin}{tail}");
            let pieces: Vec<&str> =
                Pieces::new(&text, Options::empty(), 1).map(|piece| piece.text).collect();
            assert!(pieces.len() > 3, "{begin:?}");
            assert!(pieces[0].starts_with(begin), "{begin:?}: {:?}", pieces[0]);
            assert_eq!(pieces.concat(), text);
        }
        let defined = format!("{tail}[a]: b");
        assert_eq!(Pieces::new(&defined, Options::empty(), 1).count(), 1);
        assert_eq!(Pieces::new("", Options::empty(), 1).count(), 1);
    }
}
