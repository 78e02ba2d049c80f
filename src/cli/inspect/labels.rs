//! Labels in the source: how one is written, and what looks like one and was read as text.
//!
//! Which labels speak is `parse`'s to decide; here is only told what it left. A lead-in like
//! `**Note:**` is rightly left, and an editor who misses a speaker finds them in this list.

use std::collections::HashSet;

use crate::document::{Document, MarkKind, Node};
use crate::parse::speaker_key;
use crate::source::{Source, Span};

/// A longer text is no label.
const LONGEST: usize = 32;

/// How much of a line stands for its label at most, in characters.
const WRITTEN: usize = 60;

/// A label with the markup around it: `**主持人：**`.
pub(super) fn written(source: &Source, label: Span) -> String {
    let text = source.text();
    let start = text[..label.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let markup = |c: char| !c.is_alphanumeric() && !c.is_whitespace() && c != '<';
    let after = &text[label.end as usize..];
    let more: usize = after.chars().take(4).take_while(|c| markup(*c)).map(char::len_utf8).sum();
    let shown = text[start..label.end as usize + more].trim();
    let cut = shown.chars().count().saturating_sub(WRITTEN);
    shown.chars().skip(cut).collect()
}

/// Something like a label that is text.
pub(super) struct Left {
    pub text: String,
    pub count: usize,
    /// Byte in the source.
    pub at: usize,
}

/// What looks like a label at the beginning of a paragraph that is text, in reading order.
pub(super) fn left_as_text(document: &Document) -> Vec<Left> {
    let mut left: Vec<Left> = Vec::new();
    // The words right behind a label (`Host: Well, look: …`) are no second one.
    let behind: HashSet<u32> = document
        .turns()
        .filter(|turn| turn.label.is_some())
        .map(|turn| turn.blocks.start)
        .collect();
    for (at, block) in document.blocks.iter().enumerate() {
        if behind.contains(&(at as u32)) {
            continue;
        }
        let Node::Paragraph(leaf) = block.node else { continue };
        let text = document.slice(leaf);
        let Some(name) = label(text) else { continue };
        let marks = document.marks_in(leaf);
        let in_link = |kind: &MarkKind| matches!(kind, MarkKind::Link(_) | MarkKind::Code);
        if marks.iter().any(|mark| mark.range.start == leaf.start && in_link(&mark.kind)) {
            continue;
        }
        let key = speaker_key(name);
        match left.iter_mut().find(|other| speaker_key(&other.text) == key) {
            Some(other) => other.count += 1,
            None => left.push(Left {
                text: name.to_owned(),
                count: 1,
                at: document.source_offset(leaf.start),
            }),
        }
    }
    left
}

/// `Name` of `Name: words`.
fn label(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let (at, colon) =
        line.char_indices().take(LONGEST + 1).find(|(_, c)| matches!(c, ':' | '：'))?;
    let (name, rest) = (line[..at].trim(), &line[at + colon.len_utf8()..]);
    let separates = colon == '：' || rest.is_empty() || rest.starts_with(char::is_whitespace);
    let is_name = name.chars().any(char::is_alphabetic)
        && !name.chars().any(|c| "，。！？,!?；;“”\"<>|…".contains(c))
        && name.split_whitespace().count() <= 5;
    (separates && is_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_no_sentence() {
        for (text, wanted) in [
            ("Host: words", Some("Host")),
            ("主持人：你好", Some("主持人")),
            ("Note:", Some("Note")),
            ("https://example.org", None),
            ("12:30 we begin", None),
            ("Well, he said: no", None),
            ("No colon here", None),
            ("", None),
        ] {
            assert_eq!(label(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_label_is_shown_with_its_markup() {
        let source = Source::new("x.md", "a\n**主持人：**你好\n");
        let at = source.text().find('主').unwrap();
        assert_eq!(written(&source, Span::new(at, at + 9)), "**主持人：**");
    }
}
