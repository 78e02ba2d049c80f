//! Plain text: `Name: words`, or words alone.
//!
//! Lines and paragraphs stay as they are; a line that begins with a speaker's label begins a
//! turn.

use super::cue::Turn;
use super::labels::{self, Labels};
use super::markup;

/// Reads a text.
pub(super) fn read(text: &str) -> (Vec<Turn>, Labels) {
    let lines: Vec<String> = text.lines().map(markup::folded).collect();
    let labels = Labels::decide(lines.iter().map(String::as_str).filter(|line| !line.is_empty()));
    let mut turns = vec![Turn { speaker: None, start: None, paragraphs: Vec::new() }];
    let mut is_open = false;
    for line in &lines {
        let marked = labels::turn_mark(line);
        let labelled = labels.take(marked.unwrap_or(line));
        if let Some((name, words)) = labelled {
            let (speaker, paragraphs) = (Some(name.to_owned()), vec![words.to_owned()]);
            turns.push(Turn { speaker, start: None, paragraphs });
            is_open = true;
            continue;
        }
        let Some(turn) = turns.last_mut() else { continue };
        match turn.paragraphs.last_mut() {
            _ if line.is_empty() => is_open = false,
            Some(paragraph) if is_open && paragraph.is_empty() => paragraph.push_str(line),
            Some(paragraph) if is_open => {
                paragraph.push('\n');
                paragraph.push_str(line);
            }
            _ => {
                turn.paragraphs.push(line.clone());
                is_open = true;
            }
        }
    }
    turns.retain(|turn| turn.speaker.is_some() || !turn.paragraphs.is_empty());
    (turns, labels)
}

/// Whether a text is Markdown with labels already: bold ones, or times in brackets, on at least
/// two lines.
pub(super) fn is_markdown(text: &str) -> bool {
    let bold = |line: &str| {
        let line = line.trim_start();
        let behind_time = line.strip_prefix('[').and_then(|rest| rest.split_once("] "));
        behind_time.map_or(line, |(_, rest)| rest).starts_with("**")
    };
    text.lines().filter(|line| bold(line)).count() >= 2
}
