//! WebVTT and SRT to cues.
//!
//! <https://www.w3.org/TR/webvtt1/#file-parsing>; SRT has no specification. Written here, since
//! nothing may be dropped: the parser that was tried (`fasrt` 0.5) follows the rule that what is
//! not well formed is skipped in silence, such as text below a blank line within a cue, a comma
//! in a WebVTT time, a point in an SRT time. Here text that belongs to no cue goes on with the
//! cue before it, and what is left out is told.

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
    lines: Vec<(usize, &'a str)>,
}

struct Reader<'a> {
    source: &'a Source,
    lines: Vec<Line<'a>>,
    open: Option<Open<'a>>,
    voice: Option<String>,
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
                self.begin(Some(start), Some(end));
            } else if looks_like_timing(line.text) {
                self.found.diagnostics.push(unreadable_time(self.source, line.span()));
                self.begin(None, None);
            } else if self.is_name(at) {
                self.voice = quoted_name(line.text);
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
        self.open = Some(Open { start, end, voice: self.voice.take(), lines: Vec::new() });
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let lines = markup::lines(&open.lines, open.voice.as_deref());
        self.found.cues.push(Cue { start: open.start, end: open.end, lines });
    }

    /// Whether a line stands first, or below a blank one.
    fn is_first(&self, at: usize) -> bool {
        at == 0 || self.lines[at - 1].is_blank()
    }

    /// Whether a line is a cue's number or name: it stands above the times.
    fn is_name(&self, at: usize) -> bool {
        let next = self.lines.get(at + 1);
        let is_above = next.is_some_and(|next| times(*next).is_some());
        if self.lines[at].is_number() {
            let following = self.lines[at + 1..].iter().find(|line| !line.is_blank());
            return following.is_some_and(|line| times(*line).is_some())
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
        let (key, value) = text.split_once(':').unwrap_or(("", text));
        self.found.head.push((key.trim().to_owned(), value.trim().to_owned(), line.span()));
    }
}

fn times(line: Line<'_>) -> Option<(u64, u64)> {
    if line.text.contains("-->") { time::timing(line.text) } else { None }
}

/// Two times with an arrow that nobody can read: digits and colons on its left.
fn looks_like_timing(text: &str) -> bool {
    text.split_once("-->").is_some_and(|(start, _)| {
        let mark = |c: char| c.is_ascii_digit() || c.is_whitespace() || ":.,;-".contains(c);
        start.contains(':') && start.chars().all(mark)
    })
}

/// `12 "Host" (345)`: some meeting tools name the speaker in the cue's name.
fn quoted_name(text: &str) -> Option<String> {
    let (number, rest) = text.trim().split_once(" \"")?;
    let (name, rest) = rest.rsplit_once('"')?;
    let is_tail = rest.trim().is_empty() || rest.trim().starts_with('(');
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && is_tail && !name.trim().is_empty()).then(|| markup::folded(name))
}

fn unreadable_time(source: &Source, span: Span) -> Diagnostic {
    let message = "the times of this cue cannot be read; its words were kept, without a time";
    Diagnostic::warning("import/unreadable-time", source, span, message)
        .hint("times look like 00:01:02.500 --> 00:01:04.000")
}

fn comments(source: &Source, first: Span, count: usize) -> Diagnostic {
    let message = match count {
        1 => "a comment (NOTE) was left out".to_owned(),
        _ => format!("{count} comments (NOTE) were left out; this is the first"),
    };
    Diagnostic::note("import/comments", source, first, message)
}
