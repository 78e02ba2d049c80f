//! Turns as the canonical Markdown: front matter, then `**Name:** [h:mm:ss] words`.
//!
//! What Markdown would take for markup is escaped, so that reading the file gives the same
//! words. Nothing is escaped that needs it not: people edit these files.

use super::cue::Turn;
use super::time;

/// What the front matter says.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub title: String,
    pub language: Option<String>,
    pub source_file: String,
    /// Other keys, with their values.
    pub more: Vec<(&'static str, String)>,
    pub speakers: Vec<String>,
    pub not_speakers: Vec<String>,
}

/// The front matter with its delimiters. A JSON string is a YAML string, whatever is in it.
pub(super) fn front_matter(head: &Head) -> String {
    let quote = |text: &String| serde_json::Value::from(text.as_str()).to_string();
    let list = |names: &[String]| names.iter().map(quote).collect::<Vec<_>>().join(", ");
    let mut text = format!("---\ntitle: {}\n", quote(&head.title));
    let language = head.language.iter().map(|value| ("language", value.clone()));
    for (key, value) in language.chain(head.more.iter().cloned()) {
        text.push_str(&format!("{key}: {}\n", quote(&value)));
    }
    text.push_str(&format!("source_file: {}\n", quote(&head.source_file)));
    for (key, names) in [("speakers", &head.speakers), ("not_speakers", &head.not_speakers)] {
        if !names.is_empty() {
            text.push_str(&format!("{key}: [{}]\n", list(names)));
        }
    }
    text.push_str("---\n");
    text
}

/// The turns, a blank line before each paragraph.
pub(super) fn body(turns: &[Turn]) -> String {
    let mut text = String::new();
    for turn in turns {
        let mut prefix = String::new();
        if let Some(name) = &turn.speaker {
            prefix.push_str(&format!("**{}:**", escaped(name)));
        }
        if let Some(start) = turn.start {
            let blank = if prefix.is_empty() { "" } else { " " };
            prefix.push_str(&format!("{blank}[{}]", time::written(start)));
        }
        let first = turn.paragraphs.first().map_or("", String::as_str);
        let blank = if prefix.is_empty() || first.is_empty() { "" } else { " " };
        let words = if prefix.is_empty() { paragraph(first) } else { behind_label(first) };
        text.push_str(&format!("\n{prefix}{blank}{words}\n"));
        for more in turn.paragraphs.iter().skip(1) {
            text.push_str(&format!("\n{}\n", paragraph(more)));
        }
    }
    text
}

/// Lines of which the first stands behind a label.
fn behind_label(text: &str) -> String {
    let mut lines = text.split('\n');
    let first = lines.next().map(escaped).unwrap_or_default();
    lines.fold(first, |text, line| text + "\n" + &line_start(line))
}

/// A paragraph of its own.
fn paragraph(text: &str) -> String {
    text.split('\n').map(line_start).collect::<Vec<_>>().join("\n")
}

/// A line that stands at the beginning of one in the file, where more characters mean something.
fn line_start(line: &str) -> String {
    let text = escaped(line);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text[digits..].chars().next();
    match text.chars().next() {
        Some('#' | '>' | '-' | '+' | '=' | ':') => format!("\\{text}"),
        Some(_) if (1..=9).contains(&digits) && matches!(after, Some('.' | ')')) => {
            format!("{}\\{}", &text[..digits], &text[digits..])
        }
        _ => text,
    }
}

/// Words with what is markup anywhere in a line escaped.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len() + words.len() / 16);
    let mut before = None;
    let mut characters = words.chars().peekable();
    while let Some(c) = characters.next() {
        let inside_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let next = characters.peek().copied();
        let is_markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '|' => true,
            '_' => !(inside_word(before) && inside_word(next)),
            '&' => next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
            _ => false,
        };
        if is_markup {
            text.push('\\');
        }
        text.push(c);
        before = Some(c);
    }
    text
}
