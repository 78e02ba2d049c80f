//! The shapes in which transcripts say who speaks, as a table, and the search for them.
//!
//! A [`Candidate`] is what looks like a label. Whether it names a speaker is decided by
//! `speakers`, over the whole file. The numbers are those of the survey of real transcripts
//! that the project keeps; forms that are not in the table yet are read as plain text.

use std::ops::Range;

use super::blocks::Raw;
use super::cjk;
use crate::document::{Mark, MarkKind, Node, TextRange};

/// A row of the table.
pub(super) struct Form {
    /// Name, for `inspect` and for the document.
    pub name: &'static str,
    /// What it looks like.
    pub example: &'static str,
    /// Whether a label that is used once may count when others of this form are speakers.
    pub rare: bool,
    /// Whether the whole turn stands in bold.
    pub whole: bool,
    /// Whether nothing but the colon sets the label apart.
    pub plain: bool,
    recognise: fn(&Line<'_>) -> Option<Label>,
}

/// The forms, in the order in which they are tried.
pub(super) static FORMS: [Form; 7] = [
    row("bold-colon", "**Name:** text", |line| line.colon(Bold::WithColon, false)),
    row("bold-name", "**Name**: text", |line| line.colon(Bold::Name, false)),
    row("bold-colon-wide", "**名：**text", |line| line.colon(Bold::WithColon, true)),
    row("bold-name-wide", "**名**：text", |line| line.colon(Bold::Name, true)),
    Form {
        rare: false,
        whole: true,
        ..row("bold-turn", "**名：the whole paragraph bold**", |line| {
            line.colon(Bold::All, true).or_else(|| line.colon(Bold::All, false))
        })
    },
    Form { plain: true, ..row("plain", "Name: text", |line| line.colon(Bold::None, false)) },
    Form { plain: true, ..row("plain-wide", "名：text", |line| line.colon(Bold::None, true)) },
];

const fn row(
    name: &'static str,
    example: &'static str,
    recognise: fn(&Line<'_>) -> Option<Label>,
) -> Form {
    Form { name, example, rare: true, whole: false, plain: false, recognise }
}

/// What looks like a speaker's label at the beginning of a line.
pub(super) struct Candidate {
    /// Index of the top-level paragraph.
    pub top: usize,
    /// Where its line begins in the text.
    pub line: u32,
    pub form: &'static Form,
    /// The name.
    pub label: TextRange,
    /// Where the words begin.
    pub words: u32,
}

/// A label that a form found.
struct Label {
    name: TextRange,
    words: u32,
}

/// How much of a line's beginning is bold.
#[derive(Clone, Copy, PartialEq)]
enum Bold {
    None,
    Name,
    WithColon,
    All,
}

/// A line of a paragraph.
pub(super) struct Line<'a> {
    text: &'a str,
    start: u32,
    end: u32,
    marks: &'a [Mark],
}

/// The longest real label has under 45 characters.
const LONGEST: usize = 45;

/// A plain label has fewer: nothing but the colon sets it apart.
const LONGEST_PLAIN: usize = 32;

impl Line<'_> {
    fn slice(&self, from: u32, to: u32) -> &str {
        &self.text[from as usize..to as usize]
    }

    /// A name, a colon of the given width, and words (perhaps on the next line).
    fn colon(&self, bold: Bold, wide: bool) -> Option<Label> {
        let line = self.slice(self.start, self.end);
        let (at, colon) = line
            .char_indices()
            .take(LONGEST + 2)
            .find(|(_, c)| matches!(c, ':' | '：' | '\u{fe55}'))?;
        if (colon != ':') != wide {
            return None;
        }
        let colon_at = self.start + at as u32;
        let after = colon_at + colon.len_utf8() as u32;
        let name = trimmed(self.text, TextRange { start: self.start, end: colon_at });
        let seen = self.bold(name, after)?;
        if seen != bold || !is_label(self.slice(name.start, name.end), bold == Bold::None) {
            return None;
        }
        let rest = self.slice(after, self.end);
        if !wide && bold == Bold::None && !separates(self.slice(name.start, name.end), rest) {
            return None;
        }
        let words = after + (rest.len() - rest.trim_start().len()) as u32;
        Some(Label { name, words })
    }

    /// How much is bold; none when the markup has no clear shape.
    fn bold(&self, name: TextRange, after: u32) -> Option<Bold> {
        let at_start = |mark: &&Mark| mark.range.start <= name.start && mark.range.end > self.start;
        let Some(strong) =
            self.marks.iter().filter(at_start).find(|mark| mark.kind == MarkKind::Strong)
        else {
            let touches = |mark: &Mark| {
                mark.range.start < after
                    && mark.range.end > self.start
                    && mark.kind != MarkKind::Break
            };
            return (!self.marks.iter().any(touches)).then_some(Bold::None);
        };
        let blank = |from: u32, to: u32| from >= to || self.slice(from, to).trim().is_empty();
        let own = strong.range.end.min(self.end);
        // Only bold that goes on behind the colon is a turn's; `**Name:** word **bold**` is not.
        let end = if blank(after, own) { own } else { bold_reach(self.text, self.marks, own) };
        let end = end.min(self.end);
        if end < name.end {
            None
        } else if blank(end, self.end) || is_punctuation(self.slice(end, self.end)) {
            // `**Name:**` alone is a label whose words follow on the next line.
            Some(if blank(after, self.end) { Bold::WithColon } else { Bold::All })
        } else if end < after {
            Some(Bold::Name)
        } else if blank(after, end) {
            Some(Bold::WithColon)
        } else {
            None
        }
    }
}

/// How far bold goes on from `end`: exports leave it out over blanks and over single words of
/// Latin letters (`**问：第四个** AIGC **呢？**`), which is one bold stretch.
pub(super) fn bold_reach(text: &str, marks: &[Mark], end: u32) -> u32 {
    const WORD: u32 = 24;
    marks.iter().filter(|mark| mark.kind == MarkKind::Strong).fold(end, |end, mark| {
        let goes_on = mark.range.start >= end
            && mark.range.start - end <= WORD
            && is_gap(text, end as usize..mark.range.start as usize);
        if goes_on { mark.range.end } else { end }
    })
}

/// Whether all of a leaf is bold, in one stretch or in pieces.
pub(super) fn is_bold_throughout(raw: &Raw, leaf: TextRange) -> bool {
    let mut from = raw.marks.partition_point(|mark| mark.range.start < leaf.start);
    while from > 0 && raw.marks[from - 1].range.end > leaf.start {
        from -= 1;
    }
    let to = raw.marks.partition_point(|mark| mark.range.start < leaf.end).max(from);
    let marks = &raw.marks[from..to];
    let first = marks.iter().find(|mark| {
        mark.kind == MarkKind::Strong
            && mark.range.start <= leaf.start
            && mark.range.end > leaf.start
    });
    first.is_some_and(|first| {
        let end = bold_reach(&raw.text, marks, first.range.end).min(leaf.end);
        is_punctuation(&raw.text[end as usize..leaf.end as usize])
    })
}

/// Whether plain text between two bold stretches is an export's: a blank, or a word of Latin
/// letters or digits between Chinese ones.
fn is_gap(text: &str, gap: Range<usize>) -> bool {
    let wide = |c: Option<char>| c.is_some_and(cjk::joins_lines);
    let between =
        wide(text[..gap.start].chars().next_back()) && wide(text[gap.end..].chars().next());
    let blank = |c: char| c == ' ' || c == '\u{a0}';
    text[gap].chars().all(|c| blank(c) || (between && c.is_ascii_alphanumeric()))
}

/// A range without the white space at its ends.
fn trimmed(text: &str, range: TextRange) -> TextRange {
    let slice = &text[range.range()];
    let start = range.start + (slice.len() - slice.trim_start().len()) as u32;
    TextRange { start, end: (start + slice.trim().len() as u32).max(start) }
}

/// Whether a colon of half width stands between a label and words: not in a clock time, a URL,
/// a ratio.
fn separates(name: &str, rest: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| cjk::joins_lines(c) || cjk::is_hangul(c));
    rest.is_empty()
        || rest.starts_with(char::is_whitespace)
        || (wide(name.chars().next_back()) || wide(rest.chars().next())) && !rest.starts_with("//")
}

/// Whether a text could be a name at all.
fn is_label(name: &str, plain: bool) -> bool {
    let length = name.chars().count();
    let limit = if plain { LONGEST_PLAIN } else { LONGEST };
    let barred = |c: char| {
        matches!(
            c,
            '。' | '！'
                | '？'
                | '!'
                | '?'
                | '；'
                | ';'
                | '，'
                | '“'
                | '”'
                | '"'
                | '<'
                | '>'
                | '|'
                | '｜'
        ) || matches!(c, '=' | '*' | '\n' | '#' | '\\' | '…')
    };
    (1..=limit).contains(&length)
        && name.chars().any(char::is_alphanumeric)
        && !name.chars().all(|c| c.is_ascii_digit())
        && !name.chars().any(barred)
        && name.split_whitespace().count() <= if plain { 5 } else { 8 }
}

fn is_punctuation(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric())
}

/// All labels that the table's forms find in the paragraphs from `from` on.
pub(super) fn candidates(raw: &Raw, skip: &[bool]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut breaks = raw.breaks.iter().copied().peekable();
    let mut marks_from = 0;
    for (index, top) in raw.tops.iter().enumerate() {
        let Node::Paragraph(leaf) = top.node else { continue };
        while breaks.next_if(|at| *at <= leaf.start).is_some() {}
        marks_from += raw.marks[marks_from..].partition_point(|mark| mark.range.start < leaf.start);
        let marks_to = marks_from
            + raw.marks[marks_from..].partition_point(|mark| mark.range.start < leaf.end);
        let marks = &raw.marks[marks_from..marks_to];
        let mut start = leaf.start;
        while start < leaf.end {
            let end = breaks.next_if(|at| *at < leaf.end).unwrap_or(leaf.end);
            let line = Line { text: &raw.text, start, end, marks };
            let inside_mark =
                marks.iter().any(|mark| mark.range.start < start && mark.range.end > start);
            if !skip[index] && (start == leaf.start || !inside_mark) {
                found.extend(recognise(&line, index));
            }
            start = end;
        }
    }
    found
}

fn recognise(line: &Line<'_>, top: usize) -> Option<Candidate> {
    FORMS.iter().find_map(|form| {
        let label = (form.recognise)(line)?;
        Some(Candidate { top, line: line.start, form, label: label.name, words: label.words })
    })
}
