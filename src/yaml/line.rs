//! The shape of a YAML line: indentation, list dashes, key, value. Only for explaining faults:
//! what a sound line means is the parser's to say.

use std::ops::Range;

/// The lines of a text as ranges of characters, without their line breaks.
pub(super) struct Lines(Vec<Range<usize>>);

impl Lines {
    pub(super) fn of(chars: &[char]) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for (at, char) in chars.iter().enumerate() {
            if *char == '\n' {
                let end = if at > start && chars[at - 1] == '\r' { at - 1 } else { at };
                lines.push(start..end);
                start = at + 1;
            }
        }
        lines.push(start..chars.len());
        Self(lines)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn range(&self, line: usize) -> Range<usize> {
        self.0[line].clone()
    }

    /// The line that holds a character; the last one for the end.
    pub(super) fn at(&self, index: usize) -> usize {
        self.0.partition_point(|line| line.start <= index).saturating_sub(1)
    }
}

/// One line's parts; all ranges count characters of the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// The first character that is not white space.
    pub(super) content: usize,
    /// The same after any `- `.
    pub(super) item: usize,
    /// The key before `: `, if there is one.
    pub(super) key: Option<Range<usize>>,
    /// What stands behind the key, or the item's whole text; white space at the ends left out.
    pub(super) value: Range<usize>,
}

impl Shape {
    pub(super) fn of(chars: &[char], line: Range<usize>) -> Self {
        let blank = |at: usize| matches!(chars[at], ' ' | '\t');
        let mut end = line.end;
        while end > line.start && blank(end - 1) {
            end -= 1;
        }
        let skip = |mut at: usize| {
            while at < end && blank(at) {
                at += 1;
            }
            at
        };
        let content = skip(line.start);
        let mut item = content;
        while item + 1 < end && chars[item] == '-' && blank(item + 1) {
            item = skip(item + 1);
        }
        let key = key(chars, item, end);
        let value = key.as_ref().map_or(item, |key| skip(key.end + 1))..end;
        Self { content, item, key, value }
    }

    /// Whether there is nothing on the line but white space or a comment.
    pub(super) fn is_blank(&self, chars: &[char]) -> bool {
        self.value.is_empty() && self.key.is_none() || chars.get(self.content) == Some(&'#')
    }
}

/// The characters before the first `: ` (or a colon at the end).
fn key(chars: &[char], start: usize, end: usize) -> Option<Range<usize>> {
    let quote = (start < end).then(|| chars[start]).filter(|char| matches!(char, '"' | '\''));
    let from = match quote {
        Some(quote) => (start + 1..end).find(|at| chars[*at] == quote)? + 1,
        None => start,
    };
    let colon = (from..end)
        .find(|at| chars[*at] == ':' && (at + 1 == end || matches!(chars[at + 1], ' ' | '\t')))?;
    (colon > start).then_some(start..colon)
}
