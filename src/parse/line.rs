//! One line of a paragraph, and the questions that the table of forms asks of its beginning:
//! where a name ends, how much is bold, whether a time stands there.
//!
//! Every answer looks at the first few dozen characters alone (a line may have 300,000).

mod bold;
mod timed;

use std::cell::OnceCell;

use memchr::memchr2;

use super::chars::{is_blank, skip_blank};
use super::cjk;
use super::label::{LONGEST_LIST, is_label};
use super::times::Stamp;
use crate::document::{Mark, MarkKind, TextRange};

pub(super) use bold::{Bold, is_bold_throughout};

/// A line of a paragraph.
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub start: u32,
    pub end: u32,
    /// The marks that begin on the line.
    pub marks: &'a [Mark],
    /// The first colon: half of the forms ask for it.
    colon: OnceCell<Option<Colon>>,
    /// The time at its beginning.
    opening: OnceCell<Option<(Stamp, u32)>>,
}

/// A line's first colon, and what stands before it.
struct Colon {
    /// Where the colon ends.
    end: u32,
    wide: bool,
    name: TextRange,
    bold: Bold,
}

/// A label that a form found.
pub(super) struct Label {
    /// The name; empty where the form has none.
    pub name: TextRange,
    /// Where the words begin.
    pub words: u32,
    /// Milliseconds from the start.
    pub time: Option<u64>,
}

/// A label with a time and nothing else on its line has at most so many bytes.
const LONGEST_ALONE: usize = 240;

const COLONS: [char; 3] = [':', '：', '\u{fe55}'];

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str, start: u32, end: u32, marks: &'a [Mark]) -> Self {
        Line { text, start, end, marks, colon: OnceCell::new(), opening: OnceCell::new() }
    }
}

impl Line<'_> {
    pub(super) fn slice(&self, from: u32, to: u32) -> &str {
        &self.text[from as usize..to as usize]
    }

    fn rest(&self) -> &str {
        self.slice(self.start, self.end)
    }

    /// The place behind any blanks from `at` on.
    fn skip(&self, at: u32) -> u32 {
        at + skip_blank(self.slice(at, self.end)) as u32
    }

    /// The same line from a later place on.
    pub(super) fn from(&self, start: u32) -> Line<'_> {
        let marks = &self.marks[self.marks.partition_point(|mark| mark.range.start < start)..];
        Line::new(self.text, start, self.end, marks)
    }

    /// The same line up to an earlier place.
    pub(super) fn until(&self, end: u32) -> Line<'_> {
        let marks = &self.marks[..self.marks.partition_point(|mark| mark.range.start < end)];
        Line::new(self.text, self.start, end, marks)
    }

    /// A name, a colon of the given width, and words (perhaps on the next line).
    pub(super) fn colon(&self, bold: Bold, wide: bool) -> Option<Label> {
        let colon = self.colon.get_or_init(|| self.first_colon()).as_ref()?;
        if colon.wide != wide || colon.bold != bold {
            return None;
        }
        let (name, after) = (colon.name, colon.end);
        if !is_label(self.slice(name.start, name.end), bold == Bold::None) {
            return None;
        }
        let rest = self.slice(after, self.end);
        if !wide && bold == Bold::None && !separates(self.slice(name.start, name.end), rest) {
            return None;
        }
        let words = after + (rest.len() - rest.trim_start().len()) as u32;
        Some(Label { name, words, time: None })
    }

    /// The first colon, where a label before it is not too long.
    fn first_colon(&self) -> Option<Colon> {
        let leads = |bytes: &[u8], from| memchr2(b':', 0xef, &bytes[from..]);
        let (at, colon) = self.first_of(LONGEST_LIST + 2, leads, |c| COLONS.contains(&c))?;
        if self.is_escaped(at) {
            return None;
        }
        let end = at + colon.len_utf8() as u32;
        let name = trimmed(self.text, TextRange { start: self.start, end: at });
        Some(Colon { end, wide: colon != ':', name, bold: self.bold(name, end)? })
    }

    /// The first character of a kind among the line's first `most`, and its place in the text.
    /// `leads` finds the next byte with which one may begin.
    fn first_of(
        &self,
        most: usize,
        leads: impl Fn(&[u8], usize) -> Option<usize>,
        is: impl Fn(char) -> bool,
    ) -> Option<(u32, char)> {
        let rest = self.rest();
        // No character has more than four bytes.
        let bytes = &rest.as_bytes()[..rest.len().min(most * 4)];
        let mut from = 0;
        loop {
            let at = from + leads(bytes, from)?;
            let c = rest[at..].chars().next()?;
            if is(c) {
                let near = at < most || rest[..at].chars().count() < most;
                return near.then_some((self.start + at as u32, c));
            }
            from = at + 1;
        }
    }

    /// Whether a backslash says that the character here is nothing but itself.
    fn is_escaped(&self, at: u32) -> bool {
        let from = self.marks.partition_point(|mark| mark.range.start < at);
        let here = self.marks[from..].iter().take_while(|mark| mark.range.start == at);
        here.into_iter().any(|mark| mark.kind == MarkKind::Escaped)
    }

    /// A bold name with a colon, in any of its shapes.
    pub(super) fn bold_colon(&self) -> Option<Label> {
        [false, true].into_iter().find_map(|wide| {
            self.colon(Bold::WithColon, wide).or_else(|| self.colon(Bold::Name, wide))
        })
    }

    /// A bold name with its colon.
    pub(super) fn bold_with_colon(&self) -> Option<Label> {
        [false, true].into_iter().find_map(|wide| self.colon(Bold::WithColon, wide))
    }

    /// A name without markup, and a colon of either width.
    pub(super) fn plain_colon(&self) -> Option<Label> {
        self.colon(Bold::None, false).or_else(|| self.colon(Bold::None, true))
    }

    /// `**Name**` alone on its line.
    pub(super) fn bold_alone(&self) -> Option<Label> {
        if self.end - self.start > LONGEST_ALONE as u32 {
            return None;
        }
        let name = trimmed(self.text, TextRange { start: self.start, end: self.end });
        let bold = self.bold(name, name.end)? == Bold::WithColon;
        let label = self.slice(name.start, name.end);
        let counts = bold && is_label(label, true) && !label.contains(COLONS);
        counts.then_some(Label { name, words: self.end, time: None })
    }

    /// `Name` alone on its line, with no markup.
    pub(super) fn name_alone(&self) -> Option<Label> {
        if self.end - self.start > LONGEST_ALONE as u32 {
            return None;
        }
        let name = self.name(self.end)?;
        let plain = self.bold(name, name.end)? == Bold::None;
        plain.then_some(Label { name, words: self.end, time: None })
    }

    /// `Q - text`: a dash behind the letter of a question or an answer, or behind initials.
    pub(super) fn dash(&self) -> Option<Label> {
        let (at, _) =
            self.rest().char_indices().take(5).find(|(_, c)| matches!(c, '-' | '–' | '—'))?;
        let dash = self.start + at as u32;
        let name = trimmed(self.text, TextRange { start: self.start, end: dash });
        let label = self.slice(name.start, name.end);
        let letters = label.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '问' | '答'));
        let after = dash + self.slice(dash, self.end).chars().next()?.len_utf8() as u32;
        let apart = name.end < dash && self.slice(after, self.end).starts_with(' ');
        (letters && apart && !label.is_empty() && self.bold(name, after)? == Bold::None)
            .then(|| Label { name, words: self.skip(after), time: None })
    }

    /// `>> text`: the marks of a caption in a paragraph.
    pub(super) fn caption(&self) -> Option<Label> {
        let after = self.start + self.rest().strip_prefix(">>").map(|_| 2)?;
        let rest = self.slice(after, self.end);
        let name = TextRange { start: self.start, end: self.start };
        (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| Label {
            name,
            words: self.skip(after),
            time: None,
        })
    }

    /// `Post #1 — @user (date)`, the whole of a heading.
    pub(super) fn post(&self) -> Option<Label> {
        let rest = self.rest();
        let number = rest.strip_prefix("Post #")?.trim_start_matches(|c: char| c.is_ascii_digit());
        let user =
            number.trim_start().strip_prefix(['—', '–', '-'])?.trim_start().strip_prefix('@')?;
        let length = user.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(user.len());
        let start = self.start + (rest.len() - user.len()) as u32;
        let name = TextRange { start, end: start + length as u32 };
        is_label(self.slice(name.start, name.end), true).then_some(Label {
            name,
            words: self.end,
            time: None,
        })
    }

    /// A name from the line's beginning up to `end`, bold or not.
    fn name(&self, end: u32) -> Option<TextRange> {
        let name = trimmed(self.text, TextRange { start: self.start, end });
        let label = self.slice(name.start, name.end);
        (is_label(label, true) && !label.contains(COLONS) && self.bold(name, name.end).is_some())
            .then_some(name)
    }
}

/// A range without the blanks at its ends.
fn trimmed(text: &str, range: TextRange) -> TextRange {
    let slice = &text[range.range()];
    let start = range.start + skip_blank(slice) as u32;
    let length = slice.trim_matches(is_blank).len() as u32;
    TextRange { start, end: (start + length).max(start) }
}

/// Whether a colon of half width stands between a label and words: not in a clock time, a URL,
/// a ratio.
fn separates(name: &str, rest: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| cjk::joins_lines(c) || cjk::is_hangul(c));
    rest.is_empty()
        || rest.starts_with(is_blank)
        || (wide(name.chars().next_back()) || wide(rest.chars().next())) && !rest.starts_with("//")
}
