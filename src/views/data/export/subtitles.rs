//! Cues as WebVTT (<https://www.w3.org/TR/webvtt1/>), SubRip, and Podcasting 2.0 JSON
//! (<https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md>).

use std::fmt::Write;

use serde::Serialize;

use super::cues::Cue;
use crate::i18n::Words;

/// WebVTT. A turn's first cue is called by the turn's id; `<v …>` names who speaks.
pub(super) fn vtt(title: &str, cues: &[Cue]) -> String {
    let mut out = format!("WEBVTT - {}\n", escaped(&one_line(title)));
    for cue in cues {
        out.push('\n');
        if let Some(id) = &cue.turn {
            line(&mut out, format_args!("{id}"));
        }
        line(&mut out, format_args!("{} --> {}", clock(cue.start, '.'), clock(cue.end, '.')));
        if let Some(name) = &cue.speaker {
            out.push_str(&format!("<v {}>", escaped(&one_line(name))));
        }
        line(&mut out, format_args!("{}", escaped(&cue.text)));
    }
    out
}

/// SubRip. It has no voices: a turn begins with its speaker's name and a colon.
pub(super) fn srt(cues: &[Cue], words: &Words) -> String {
    let mut out = String::new();
    for (at, cue) in cues.iter().enumerate() {
        line(&mut out, format_args!("{}", at + 1));
        line(&mut out, format_args!("{} --> {}", clock(cue.start, ','), clock(cue.end, ',')));
        if let (Some(name), Some(_)) = (&cue.speaker, &cue.turn) {
            out.push_str(&words.spoken_by.replace("{who}", &one_line(name)));
        }
        line(&mut out, format_args!("{}\n", cue.text));
    }
    out
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Segment<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
    start_time: f64,
    end_time: f64,
    body: &'a str,
}

#[derive(Serialize)]
struct Podcast<'a> {
    version: &'static str,
    segments: Vec<Segment<'a>>,
}

/// Podcasting 2.0 JSON.
pub(super) fn podcast(cues: &[Cue]) -> Vec<u8> {
    let segment = |cue| {
        let Cue { speaker, start, end, text, .. }: &Cue = cue;
        let (start_time, end_time) = (seconds(*start), seconds(*end));
        Segment { speaker: speaker.as_deref(), start_time, end_time, body: text }
    };
    let podcast = Podcast { version: "1.0.0", segments: cues.iter().map(segment).collect() };
    super::json::bytes(&podcast)
}

/// Milliseconds as JSON tells times.
pub(super) fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a string takes everything");
}

/// A text without line breaks, which would end a head or a name.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What means something in a cue.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `01:02:03.450`; the mark before the thousandths differs.
fn clock(milliseconds: u64, mark: char) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}")
}
