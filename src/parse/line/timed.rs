//! Labels with a time, and times that are labels.

use memchr::memchr3;

use super::{COLONS, LONGEST_ALONE, Label, Line, trimmed};
use crate::document::{MarkKind, TextRange};
use crate::parse::chars::is_blank;
use crate::parse::label::{LONGEST, is_label};
use crate::parse::times::{self, Stamp};

impl Line<'_> {
    /// A label whose words begin with a time: `Name: [t] text`, `Name: t`. A time without
    /// brackets must stand alone (`Host: 10:30 is too late` tells none).
    pub(in crate::parse) fn then_time(&self, label: Label) -> Option<Label> {
        let at = self.skip(label.words);
        let stamp = times::leading(self.slice(at, self.end))?;
        let end = at + stamp.length as u32;
        let alone = self.slice(end, self.end).trim().is_empty();
        if !alone && stamp.bracket.is_none() && !self.is_set_apart(at, end) {
            return None;
        }
        Some(Label { words: self.skip(end), time: Some(stamp.time), ..label })
    }

    /// `[Name] [t] text`.
    pub(in crate::parse) fn bracketed(&self) -> Option<Label> {
        let rest = self.rest();
        let inner = rest.strip_prefix('[')?;
        let (close, _) = inner.char_indices().take(LONGEST + 1).find(|(_, c)| *c == ']')?;
        let name = TextRange { start: self.start + 1, end: self.start + 1 + close as u32 };
        let name = trimmed(self.text, name);
        let at = self.skip(self.start + 2 + close as u32);
        let stamp = times::leading(self.slice(at, self.end))?;
        if stamp.bracket.is_none() || !is_label(self.slice(name.start, name.end), true) {
            return None;
        }
        let words = self.skip(at + stamp.length as u32);
        Some(Label { name, words, time: Some(stamp.time) })
    }

    /// A time at the line's beginning, in brackets or set apart by markup, and where it ends.
    pub(super) fn opening(&self) -> Option<(Stamp, u32)> {
        *self.opening.get_or_init(|| self.first_time())
    }

    pub(super) fn first_time(&self) -> Option<(Stamp, u32)> {
        let at = self.skip(self.start);
        let stamp = times::leading(self.slice(at, self.end))?;
        let end = at + stamp.length as u32;
        (stamp.bracket.is_some() || self.is_set_apart(at, end)).then_some((stamp, end))
    }

    /// Whether markup covers exactly this stretch.
    pub(super) fn is_set_apart(&self, from: u32, to: u32) -> bool {
        self.marks.iter().take_while(|mark| mark.range.start <= from).any(|mark| {
            let kind = matches!(
                mark.kind,
                MarkKind::Strong | MarkKind::Emphasis | MarkKind::Code | MarkKind::Link(_)
            );
            kind && mark.range.start == from
                && self
                    .slice(to.min(mark.range.end), mark.range.end.max(to))
                    .chars()
                    .all(|c| is_blank(c) || c == '·' || COLONS.contains(&c))
        })
    }

    /// Behind a time: blanks, and what separates it from the words.
    pub(super) fn behind(&self, at: u32) -> (u32, bool) {
        let blank = self.skip(at);
        let rest = self.slice(blank, self.end);
        let separator =
            rest.chars().next().filter(|c| matches!(c, '·' | '•' | '|' | '—' | '–' | '-'));
        match separator {
            Some(c) => (self.skip(blank + c.len_utf8() as u32), true),
            None => (blank, false),
        }
    }

    /// `[t] **Name**: text`, and every other label behind a time.
    pub(in crate::parse) fn time_then(
        &self,
        label: fn(&Line<'_>) -> Option<Label>,
    ) -> Option<Label> {
        let (stamp, end) = self.opening()?;
        let (at, _) = self.behind(end);
        let found = label(&self.from(at))?;
        Some(Label { time: Some(stamp.time), ..found })
    }

    /// `(t):`, with nothing or with words behind.
    pub(in crate::parse) fn time_colon(&self) -> Option<Label> {
        let (stamp, end) = self.opening()?;
        stamp.bracket?;
        let colon = self.slice(end, self.end).chars().next().filter(|c| COLONS.contains(c))?;
        Some(self.nameless(stamp.time, end + colon.len_utf8() as u32))
    }

    /// `**t** · text`.
    pub(in crate::parse) fn time_dot(&self) -> Option<Label> {
        let (stamp, end) = self.opening()?;
        let bold = self
            .marks
            .iter()
            .any(|mark| mark.kind == MarkKind::Strong && mark.range.start <= self.skip(self.start));
        let (at, separated) = self.behind(end);
        // Behind brackets that stand plainly a mark belongs to the words: `[t] | a`.
        let separated = separated && stamp.bracket.is_none();
        (separated || bold).then(|| self.nameless(stamp.time, at))
    }

    /// `[t] text`. In round brackets it would be a line of a list of chapters.
    pub(in crate::parse) fn time_alone(&self) -> Option<Label> {
        let (stamp, end) = self.opening()?;
        let counts = matches!(stamp.bracket, None | Some('[' | '【'));
        counts.then(|| self.nameless(stamp.time, end))
    }

    pub(super) fn nameless(&self, time: u64, at: u32) -> Label {
        let name = TextRange { start: self.start, end: self.start };
        Label { name, words: self.skip(at), time: Some(time) }
    }

    /// `Name (t):`, `Name [t]: text`.
    pub(in crate::parse) fn name_time_colon(&self) -> Option<Label> {
        let leads = |bytes: &[u8], from| memchr3(b'(', b'[', 0xef, &bytes[from..]);
        let (open, _) = self.first_of(LONGEST + 2, leads, |c| matches!(c, '(' | '[' | '（'))?;
        let stamp = times::leading(self.slice(open, self.end))?;
        let end = self.skip(open + stamp.length as u32);
        let colon = self.slice(end, self.end).chars().next().filter(|c| COLONS.contains(c))?;
        let after = end + colon.len_utf8() as u32;
        let name = self.name(open)?;
        Some(Label { name, words: self.skip(after), time: Some(stamp.time) })
    }

    /// `Name   t` alone on its line.
    pub(in crate::parse) fn name_time(&self) -> Option<Label> {
        if self.end - self.start > LONGEST_ALONE as u32 {
            return None;
        }
        let line = self.rest().trim_end_matches(is_blank);
        let stamp = times::trailing(line)?;
        let before = &line[..line.len() - stamp.length];
        if !before.ends_with(is_blank) {
            return None;
        }
        let name = self.name(self.start + before.len() as u32)?;
        Some(Label { name, words: self.end, time: Some(stamp.time) })
    }
}
