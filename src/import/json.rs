//! Podcasting 2.0 JSON transcripts to cues.
//!
//! <https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md#json>.
//! Speech recognisers write the same with other names (`start`, `end`, `text`); these are read
//! too. Segments may be sentences or single words.

use serde_json::Value;

use super::cue::{Cue, Line};
use super::markup;

/// Segments and the language, if a value is such a transcript.
pub(super) fn read(value: &Value) -> Option<(Vec<Cue>, Option<String>)> {
    let segments = value.get("segments").unwrap_or(value).as_array()?;
    let cues: Vec<Cue> = segments.iter().map(cue).collect::<Option<_>>()?;
    let language = value.get("language").and_then(Value::as_str).map(str::to_owned);
    (!cues.is_empty()).then_some((cues, language))
}

fn cue(segment: &Value) -> Option<Cue> {
    let field = |names: [&str; 2]| names.iter().find_map(|name| segment.get(name));
    let text = field(["body", "text"])?.as_str()?;
    let time = |names| field(names).and_then(milliseconds);
    let voice = field(["speaker", "speaker_id"]).and_then(|value| match value {
        Value::String(name) => Some(markup::folded(name)).filter(|name| !name.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let lines = text.lines().map(markup::folded).filter(|text| !text.is_empty());
    let lines = lines.map(|text| Line { voice: voice.clone(), text, at: 0 }).collect();
    let (start, end) = (time(["startTime", "start"]), time(["endTime", "end"]));
    Some(Cue { start, end, turn: false, lines })
}

/// Seconds as a number or a string, or a clock time.
fn milliseconds(value: &Value) -> Option<u64> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.trim().parse() {
            Ok(seconds) => seconds,
            Err(_) => return super::time::read(text.trim()),
        },
        _ => return None,
    };
    (0.0..1e9).contains(&seconds).then(|| (seconds * 1000.0).round() as u64)
}
