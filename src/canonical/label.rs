//! What a turn begins with: who speaks and when.
//!
//! The canonical form is `**Name:** [0:01:02] words`, and `**名**：[0:01:02] words` where most
//! labels are Chinese, Japanese or Korean (closing stars between a wide colon and a letter would
//! stay literal elsewhere). A turn that names no one begins with its time alone, or with `>>`
//! where it is somebody else. A post keeps its heading: number and date are in it alone.

use super::Writer;
use super::escape::{self, Care};
use super::plan::Labels;
use crate::document::{Document, Turn};
use crate::parse::{cjk, speaker_key};

/// The form whose label is a whole heading.
const POST: &str = "post";

/// What stands before a turn's words.
pub(super) struct Lead {
    pub text: String,
    /// Behind the words, where the whole turn stands in bold.
    pub close: &'static str,
    /// Whether the words stand in a block of their own below.
    pub apart: bool,
}

/// Whether labels take a wide colon: where most labelled turns are somebody's whose name ends
/// so.
pub(super) fn are_wide(document: &Document) -> bool {
    let labelled = document.turns().filter(|turn| turn.label.is_some() && turn.form != Some(POST));
    let names = labelled.filter_map(|turn| name(document, turn));
    let (wide, all) = names.fold((0, 0), |(wide, all), name| {
        (wide + u32::from(name.chars().next_back().is_some_and(cjk::joins_lines)), all + 1)
    });
    wide * 2 > all
}

fn name<'a>(document: &'a Document, turn: &Turn) -> Option<&'a str> {
    turn.speaker.map(|speaker| document.speakers[speaker as usize].label.as_str())
}

/// The label as the source has it, without stars; of a post, its heading.
pub(super) fn written(document: &Document, turn: &Turn) -> Option<String> {
    let span = turn.label?;
    match turn.form {
        Some(POST) => Some(post(document, turn)?.to_owned()),
        _ => Some(document.source.slice(span).replace('*', "")),
    }
}

/// The words of the heading that is a post's label.
fn post<'a>(document: &'a Document, turn: &Turn) -> Option<&'a str> {
    let (text, at) = (document.source.text(), turn.label?.start as usize);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    Some(text[start..end].trim().trim_matches('#').trim())
}

/// Initials that the label defines: ` (MF)` of `Michael Folkson (MF)`.
fn initials(document: &Document, turn: &Turn) -> String {
    let label = written(document, turn).unwrap_or_default();
    let label = label.trim();
    let found = label.rfind(['(', '（']).filter(|_| label.ends_with([')', '）']));
    let known = name(document, turn).map(speaker_key);
    match found.map(|at| label.split_at(at)) {
        Some((before, initials)) if Some(speaker_key(before)) == known => format!(" {initials}"),
        _ => String::new(),
    }
}

impl Writer<'_> {
    /// What a turn begins with; none when it goes on below a heading without any label.
    pub(super) fn lead(&self, turn: &Turn) -> Option<Lead> {
        let form = turn.form?;
        if form == POST {
            let text = format!("### {}", post(self.document, turn)?);
            return Some(Lead { text, close: "", apart: true });
        }
        let kept = self.plan.labels == Labels::Kept;
        let whole = kept && form == "bold-turn" && turn.label.is_some();
        let text = match name(self.document, turn).filter(|_| turn.label.is_some()) {
            Some(name) => {
                let initials = initials(self.document, turn);
                let name = escape::plain(&format!("{name}{initials}"), Care::Much);
                if kept { as_it_was(form, &name, turn.time) } else { self.named(&name, turn.time) }
            }
            None => nameless(form, kept, turn.time),
        };
        Some(Lead { text, close: if whole { "**" } else { "" }, apart: false })
    }

    fn named(&self, name: &str, time: Option<u64>) -> String {
        let label = if self.wide { format!("**{name}**：") } else { format!("**{name}:** ") };
        label + &stamp(time)
    }
}

fn nameless(form: &str, kept: bool, time: Option<u64>) -> String {
    match (form, time) {
        ("caption", _) => format!("{}>> ", stamp(time)),
        ("time-colon", Some(time)) if kept => format!("({}): ", clock(time)),
        ("time-dot", Some(time)) if kept => format!("**{}** · ", clock(time)),
        _ => stamp(time),
    }
}

/// The label in the form that the source has.
fn as_it_was(form: &str, name: &str, time: Option<u64>) -> String {
    let (stamp, clock) = (stamp(time), time.map(clock).unwrap_or_default());
    match form {
        "bracketed-time" => format!("[{name}] {stamp}"),
        "time-bold-name" => format!("{stamp}**{name}**: "),
        "time-name" => format!("{stamp}{name}: "),
        "name-time-colon" => format!("{name} ({clock}): "),
        "colon-time" => format!("{name}: {stamp}"),
        "name-time" => format!("{name}   {clock}\n"),
        "bold-name" => format!("**{name}**: "),
        "bold-colon-wide" => format!("**{name}：**"),
        "bold-name-wide" => format!("**{name}**："),
        "bold-turn" => format!("**{name}："),
        "bold-alone" => format!("**{name}**\n"),
        "plain" => format!("{name}: "),
        "plain-wide" => format!("{name}："),
        "dash" => format!("{name} - "),
        "quote" => format!("> **{name}**: "),
        _ => format!("**{name}:** {stamp}"),
    }
}

/// `[h:mm:ss] `, or nothing.
fn stamp(time: Option<u64>) -> String {
    time.map(|time| format!("[{}] ", clock(time))).unwrap_or_default()
}

/// `h:mm:ss`, and the milliseconds where there are any.
fn clock(time: u64) -> String {
    let (seconds, rest) = (time / 1000, time % 1000);
    let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { clock } else { format!("{clock}.{rest:03}") }
}
