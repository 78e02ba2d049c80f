//! WebVTT and SRT to cues.
//!
//! <https://www.w3.org/TR/webvtt1/#file-parsing>; SRT has no specification. Written here, since
//! nothing may be dropped and one bad line may not cost a file. The parsers that were tried give
//! up at the first fault (`subtp` 0.2, `rsubs-lib` 0.4: a point for a comma, a missing number, a
//! blank line within a cue, `->` for the arrow, a line above `WEBVTT`), or skip what is not well
//! formed in silence (`fasrt` 0.5); none reads what stands inside a cue. Here text that belongs to
//! no cue goes on with the cue before it, and what is left out or guessed is told.

use super::cue::Cue;
use super::{markup, time};
use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span};

/// A subtitle file.
#[derive(Debug, Default)]
pub(super) struct Subtitles {
    pub cues: Vec<Cue>,
    /// `Key: value` lines above the first cue, with their places.
    pub head: Vec<(String, String, Span)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A line without its line break.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    at: usize,
}

impl Line<'_> {
    fn span(&self) -> Span {
        Span::new(self.at, self.at + self.text.len())
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn is_number(&self) -> bool {
        let text = self.text.trim();
        !text.is_empty() && text.len() < 9 && text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// A cue as it is being read.
#[derive(Default)]
struct Open<'a> {
    start: Option<u64>,
    end: Option<u64>,
    voice: Option<String>,
    turn: bool,
    lines: Vec<(usize, &'a str)>,
}

struct Reader<'a> {
    source: &'a Source,
    lines: Vec<Line<'a>>,
    open: Option<Open<'a>>,
    voice: Option<String>,
    turn: bool,
    comments: Vec<Span>,
    found: Subtitles,
}

/// Reads a file.
pub(super) fn read(source: &Source) -> Subtitles {
    let mut at = 0;
    let mut lines = Vec::new();
    for text in source.text().split('\n') {
        lines.push(Line { text: text.trim_end_matches('\r'), at });
        at += text.len() + 1;
    }
    let mut reader = Reader {
        source,
        lines,
        open: None,
        voice: None,
        turn: false,
        comments: Vec::new(),
        found: Subtitles::default(),
    };
    reader.run();
    reader.found
}

/// Whether a text has a cue's times anywhere.
pub(super) fn has_timing(text: &str) -> bool {
    text.lines().any(|line| line.contains("-->") && time::timing(line).is_some())
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let line = self.lines[at];
            if line.is_blank() {
            } else if let Some((start, end)) = times(line) {
                self.begin(Some(start), Some(end).filter(|end| *end >= start));
            } else if let Some(damaged) = self.damaged(at) {
                self.found.diagnostics.push(damaged_time(self.source, line.span(), damaged.start));
                self.begin(damaged.start, damaged.end);
            } else if self.is_name(at) {
                self.voice = quoted_name(line.text);
                self.turn = is_turn(line.text);
            } else if self.begins_block(at) {
                at = self.skip(at);
                continue;
            } else {
                self.text(line);
            }
            at += 1;
        }
        self.close();
        if let Some(first) = self.comments.first() {
            let note = comments(self.source, *first, self.comments.len());
            self.found.diagnostics.push(note);
        }
    }

    fn begin(&mut self, start: Option<u64>, end: Option<u64>) {
        self.close();
        let (voice, turn) = (self.voice.take(), std::mem::take(&mut self.turn));
        self.open = Some(Open { start, end, voice, turn, lines: Vec::new() });
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let lines = markup::lines(&open.lines, open.voice.as_deref());
        self.found.cues.push(Cue { start: open.start, end: open.end, turn: open.turn, lines });
    }

    /// Whether a line stands first, or below a blank one.
    fn is_first(&self, at: usize) -> bool {
        at == 0 || self.lines[at - 1].is_blank()
    }

    /// A line that was meant to tell times and does not quite: one with an arrow, or with two
    /// times where a cue begins.
    fn damaged(&self, at: usize) -> Option<time::Damaged> {
        let begins = self.is_first(at) || self.lines[at - 1].is_number();
        let damaged = time::damaged(self.lines[at].text)?;
        (damaged.arrow || begins).then_some(damaged)
    }

    /// Whether times stand on a line, damaged or not.
    fn is_timing(&self, at: usize) -> bool {
        at < self.lines.len() && (times(self.lines[at]).is_some() || self.damaged(at).is_some())
    }

    /// Whether a line is a cue's number or name: it stands above the times.
    fn is_name(&self, at: usize) -> bool {
        let is_above = self.is_timing(at + 1);
        if self.lines[at].is_number() {
            let following = (at + 1..self.lines.len()).find(|at| !self.lines[*at].is_blank());
            return following.is_some_and(|at| self.is_timing(at))
                && (is_above || self.is_first(at));
        }
        is_above && self.is_first(at) && !self.lines[at].text.starts_with("WEBVTT")
    }

    /// Whether a line begins a comment or a block of styles.
    fn begins_block(&self, at: usize) -> bool {
        let text = self.lines[at].text;
        let is_comment = text == "NOTE" || text.starts_with("NOTE ") || text.starts_with("NOTE\t");
        let is_style = matches!(text.trim_end(), "STYLE" | "REGION") && self.open.is_none();
        self.is_first(at) && (is_comment || is_style)
    }

    /// Leaves out a block, up to a blank line or the next cue; answers where it ends.
    fn skip(&mut self, at: usize) -> usize {
        let ends = |line: &Line<'_>| line.is_blank() || times(*line).is_some();
        let length = self.lines[at..].iter().position(ends).unwrap_or(self.lines.len() - at);
        if self.lines[at].text.starts_with("NOTE") {
            let last = self.lines[at + length.max(1) - 1].span();
            self.comments.push(Span { start: self.lines[at].at as u32, end: last.end });
        }
        at + length.max(1)
    }

    /// Words, or a line of the file's head.
    fn text(&mut self, line: Line<'a>) {
        if let Some(open) = &mut self.open {
            open.lines.push((line.at, line.text));
            return;
        }
        let text = line.text.trim();
        let text = text
            .strip_prefix("WEBVTT")
            .map_or(text, |rest| rest.trim_start_matches([' ', '\t', '-']));
        let is_rule = text.bytes().all(|byte| byte == b'-');
        if is_rule || text.starts_with("X-TIMESTAMP-MAP") {
            return;
        }
        let is_key = |key: &str| {
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        };
        let is_header = line.text.starts_with("WEBVTT");
        match text.split_once(':').filter(|(key, _)| is_key(key.trim())) {
            Some((key, value)) => {
                let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
                self.found.head.push((key, value, line.span()));
            }
            None if is_header && text.is_empty() => {}
            None if is_header => {
                self.found.head.push((String::new(), text.to_owned(), line.span()));
            }
            // Words without a time of their own.
            None => {
                self.begin(None, None);
                self.text(line);
            }
        }
    }
}

fn times(line: Line<'_>) -> Option<(u64, u64)> {
    if line.text.contains("-->") { time::timing(line.text) } else { None }
}

/// `12 "Host" (345)`: some meeting tools name the speaker in the cue's name.
fn quoted_name(text: &str) -> Option<String> {
    let (number, rest) = text.trim().split_once(" \"")?;
    let (name, rest) = rest.rsplit_once('"')?;
    let is_tail = rest.trim().is_empty() || rest.trim().starts_with('(');
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && is_tail && !name.trim().is_empty()).then(|| markup::folded(name))
}

/// Whether a cue's name is a turn's id: postil's own files call the first cue of a turn so.
fn is_turn(text: &str) -> bool {
    let id = text.trim().strip_prefix("t-").unwrap_or_default();
    let base32 = |byte: u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
    let (digest, ordinal) = id.split_at_checked(8).unwrap_or_default();
    !digest.is_empty()
        && digest.bytes().all(base32)
        && ordinal
            .strip_prefix('-')
            .map_or(ordinal, |number| number)
            .bytes()
            .all(|byte| byte.is_ascii_digit())
}

fn damaged_time(source: &Source, span: Span, start: Option<u64>) -> Diagnostic {
    let message = match start {
        Some(start) => {
            let start = time::written(start);
            format!("the times of this cue are damaged; it was taken to begin at {start}")
        }
        None => "the times of this cue cannot be read; its words were kept, without a time".into(),
    };
    Diagnostic::warning("import/damaged-time", source, span, message)
        .hint("write them like 00:01:02.500 --> 00:01:04.000, then import again with --force; or correct the time in the imported file")
}

fn comments(source: &Source, first: Span, count: usize) -> Diagnostic {
    let message = match count {
        1 => "a comment (NOTE) was left out".to_owned(),
        _ => format!("{count} comments (NOTE) were left out; this is the first"),
    };
    Diagnostic::note("import/comments", source, first, message)
}
