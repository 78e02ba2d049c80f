//! Other tools' transcripts to the canonical Markdown: WebVTT, SRT, Podcasting 2.0 JSON, what
//! meeting tools export, plain text.
//!
//! Bytes in, text and diagnostics out; like `parse` it never fails and never touches the disk.
//! What a file is, its content says (its ending only breaks a tie). All of its words come out,
//! in their order; characters without width and captions that repeat themselves are left out,
//! and counted. Markdown is not imported: `parse` reads it as it is.

mod cue;
mod invisible;
mod json;
mod labels;
mod language;
mod markdown;
mod markup;
mod meeting;
mod plain;
mod rolling;
mod sentences;
mod subtitles;
mod time;
mod turns;

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Source, Span};

use cue::{Cue, Turn};
use labels::Labels;
use markdown::Head;

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// WebVTT.
    WebVtt,
    /// SubRip.
    Srt,
    /// Podcasting 2.0 JSON.
    Json,
    /// A name and a time alone on a line, the words below.
    Meeting,
    /// `Name: words`, or words alone.
    Plain,
    /// Markdown under another ending: its text stays as it is.
    Markdown,
}

impl Kind {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebVtt => "WebVTT",
            Self::Srt => "SRT",
            Self::Json => "Podcasting 2.0 JSON",
            Self::Meeting => "a meeting tool's text",
            Self::Plain => "plain text",
            Self::Markdown => "text with Markdown labels, kept as it is",
        }
    }
}

/// What an import gives.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What the file was read as.
    pub kind: Kind,
    /// The transcript, front matter and all.
    pub markdown: String,
    /// How many cues or segments there were; 0 where the file has none.
    pub cues: usize,
    /// How many turns were made of them.
    pub turns: usize,
    /// Who speaks, in order of appearance.
    pub speakers: Vec<String>,
}

/// What a reader of one kind found.
#[derive(Default)]
struct Read {
    turns: Vec<Turn>,
    labels: Labels,
    cues: usize,
    repeated: usize,
    language: Option<String>,
    more: Vec<(&'static str, String)>,
}

/// Imports a file. `path` is how the user named it.
pub fn import(path: &str, bytes: &[u8]) -> (Option<Imported>, Vec<Diagnostic>) {
    let (source, watermarks) = match decoded(path, bytes) {
        Ok(decoded) => decoded,
        Err(wrong) => return (None, vec![*wrong]),
    };
    let mut diagnostics = Vec::new();
    if watermarks > 0 {
        diagnostics.push(left_out_invisible(&source, watermarks));
    }
    let kind = match kind(&source) {
        Ok(kind) => kind,
        Err(wrong) => {
            diagnostics.push(*wrong);
            return (None, diagnostics);
        }
    };
    if kind == Kind::Markdown {
        return (Some(as_it_is(&source)), diagnostics);
    }
    let mut read = read(&source, kind, &mut diagnostics);
    if read.turns.iter().all(|turn| turn.paragraphs.iter().all(String::is_empty)) {
        diagnostics.push(no_words(&source, kind));
        return (None, diagnostics);
    }
    if matches!(kind, Kind::WebVtt | Kind::Srt) && read.turns.iter().all(|one| one.start.is_none())
    {
        diagnostics.push(no_cue(&source, kind));
        return (None, diagnostics);
    }
    name_speakers(&source, &mut read.turns, &mut diagnostics);
    said(&source, &read, &mut diagnostics);
    (Some(written(&source, kind, read)), diagnostics)
}

/// Bytes as text without watermarks: UTF-8, or UTF-16 where a mark says so.
fn decoded(path: &str, bytes: &[u8]) -> Result<(Source, usize), Box<Diagnostic>> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>()
    };
    let source = match bytes {
        [0xff, 0xfe, rest @ ..] => Source::new(path, wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Source::new(path, wide(rest, u16::from_be_bytes)),
        _ => match Source::from_bytes(path, bytes) {
            (source, Some(at)) => return Err(Box::new(not_utf8(&source, at))),
            (source, None) => source,
        },
    };
    let (text, watermarks) = invisible::removed(source.text());
    Ok((Source::new(path, text.replace("\r\n", "\n").replace('\r', "\n")), watermarks))
}

/// What a file is.
fn kind(source: &Source) -> Result<Kind, Box<Diagnostic>> {
    let text = source.text();
    let start = text.trim_start();
    let (_, ending) = names(source.path());
    let is_markdown = matches!(ending.as_str(), "md" | "markdown");
    if is_markdown {
        return Err(Box::new(markdown_already(source)));
    }
    if text.contains('\0') || start.starts_with("<!") || start.starts_with("<html") {
        return Err(Box::new(unknown(source)));
    }
    if subtitles::has_timing(text) {
        let has_header = text.lines().take(40).any(|line| line.starts_with("WEBVTT"));
        return Ok(if has_header || ending == "vtt" { Kind::WebVtt } else { Kind::Srt });
    }
    if start.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok() {
        return Ok(Kind::Json);
    }
    match ending.as_str() {
        "vtt" => Ok(Kind::WebVtt),
        "srt" => Ok(Kind::Srt),
        "json" => Err(Box::new(unknown(source))),
        _ if plain::is_markdown(text) || text.starts_with("---\n") => Ok(Kind::Markdown),
        _ if meeting::read(text).is_some() => Ok(Kind::Meeting),
        "" | "txt" | "text" | "log" => Ok(Kind::Plain),
        _ => Err(Box::new(unknown(source))),
    }
}

fn read(source: &Source, kind: Kind, diagnostics: &mut Vec<Diagnostic>) -> Read {
    match kind {
        Kind::WebVtt | Kind::Srt => {
            let found = subtitles::read(source);
            diagnostics.extend(found.diagnostics);
            let mut read = joined(found.cues);
            for (key, value, span) in found.head {
                match head_key(&key) {
                    Some("language") => read.language = Some(value),
                    Some(key) => read.more.push((key, value)),
                    None if key.eq_ignore_ascii_case("kind") || value.is_empty() => {}
                    None => diagnostics.push(head_line(source, span)),
                }
            }
            read
        }
        Kind::Json => {
            let value = serde_json::from_str(source.text()).unwrap_or_default();
            let (cues, language) = json::read(&value).unwrap_or_default();
            Read { language, ..joined(cues) }
        }
        Kind::Meeting => {
            Read { turns: meeting::read(source.text()).unwrap_or_default(), ..Read::default() }
        }
        Kind::Plain | Kind::Markdown => {
            let (turns, labels) = plain::read(source.text());
            Read { turns, labels, ..Read::default() }
        }
    }
}

/// Lines above the first cue that front matter has a place for.
fn head_key(key: &str) -> Option<&'static str> {
    let keys = ["title", "date", "language", "video", "audio", "url", "description"];
    keys.into_iter().find(|known| key.eq_ignore_ascii_case(known))
}

fn joined(mut cues: Vec<Cue>) -> Read {
    let count = cues.len();
    let repeated = rolling::join(&mut cues);
    let lines = cues.iter().flat_map(|cue| &cue.lines).map(|line| line.text.as_str());
    let labels = Labels::decide(lines);
    let turns = turns::join(turns::utterances(&cues, &labels));
    Read { turns, labels, cues: count, repeated, ..Read::default() }
}

/// Names as labels can hold them, and a name for turns between others that have none: in a
/// transcript, what nobody is named for belongs to whoever spoke last.
fn name_speakers(source: &Source, turns: &mut [Turn], diagnostics: &mut Vec<Diagnostic>) {
    let mut odd = BTreeSet::new();
    for name in turns.iter_mut().filter_map(|turn| turn.speaker.as_mut()) {
        let before = name.clone();
        *name = name.replace([':', '：'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
            name.insert_str(0, "Speaker ");
        }
        if *name != before || !labels::is_label(name) {
            odd.insert(before);
        }
    }
    if !odd.is_empty() {
        diagnostics.push(odd_names(source, &odd));
    }
    let first_named = turns.iter().position(|turn| turn.speaker.is_some());
    let Some(first_named) = first_named else { return };
    let mut count = 0;
    for turn in turns[first_named..].iter_mut().filter(|turn| turn.speaker.is_none()) {
        turn.speaker = Some(NO_NAME.to_owned());
        count += 1;
    }
    if count > 0 {
        diagnostics.push(without_name(source, count));
    }
}

/// What a speaker is called between others, when the file only says that it is somebody else.
const NO_NAME: &str = "Unnamed speaker";

fn speakers(turns: &[Turn]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in turns.iter().filter_map(|turn| turn.speaker.as_ref()) {
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}

fn said(source: &Source, read: &Read, diagnostics: &mut Vec<Diagnostic>) {
    if read.repeated > 0 {
        diagnostics.push(rolling_captions(source, read.repeated));
    }
    for name in &read.labels.rare {
        let span = source.text().find(name.as_str()).map(|at| Span::new(at, at + name.len()));
        diagnostics.push(rare_label(source, span, name));
    }
}

fn written(source: &Source, kind: Kind, read: Read) -> Imported {
    let (stem, _) = names(source.path());
    let words: String =
        read.turns.iter().flat_map(|turn| &turn.paragraphs).map(String::as_str).collect();
    let head = Head {
        language: language::find(read.language.as_deref(), stem, &words),
        speakers: speakers(&read.turns),
        not_speakers: read.labels.refused.into_iter().collect(),
        more: read.more,
        ..named(source.path())
    };
    Imported {
        kind,
        markdown: markdown::front_matter(&head) + &markdown::body(&read.turns),
        cues: read.cues,
        turns: read.turns.len(),
        speakers: head.speakers,
    }
}

/// Front matter above a text that is Markdown already.
fn as_it_is(source: &Source) -> Imported {
    let (stem, _) = names(source.path());
    let language = language::find(None, stem, source.text());
    let head = Head { language, ..named(source.path()) };
    let has_front = source.text().starts_with("---\n");
    let front = if has_front { String::new() } else { markdown::front_matter(&head) + "\n" };
    let markdown = format!("{front}{}\n", source.text().trim_end());
    Imported { kind: Kind::Markdown, markdown, cues: 0, turns: 0, speakers: Vec::new() }
}

/// A head with what the file's name tells.
fn named(path: &str) -> Head {
    let (stem, _) = names(path);
    let title = language::suffix(stem).map_or(stem, |(name, _)| name);
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    Head { title: title.to_owned(), source_file: file.to_owned(), ..Head::default() }
}

/// A path's last part without its ending, and the ending in lower case.
fn names(path: &str) -> (&str, String) {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match file.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, ending.to_lowercase()),
        _ => (file, String::new()),
    }
}

fn not_utf8(source: &Source, at: usize) -> Diagnostic {
    let span = Span::new(at, at + '\u{fffd}'.len_utf8());
    let message = "this is not UTF-8, so the words would be damaged; nothing was imported";
    Diagnostic::error("import/not-utf8", source, span, message)
        .hint("open the file in a text editor and save it with the encoding UTF-8")
}

fn markdown_already(source: &Source) -> Diagnostic {
    let message = "this is Markdown already; nothing was imported";
    Diagnostic::new(Severity::Error, "import/markdown", source, None, message)
        .hint("put the file into content/ as it is: `postil inspect` tells how it is read")
}

fn unknown(source: &Source) -> Diagnostic {
    let message = "this is no transcript of a kind that can be imported";
    Diagnostic::new(Severity::Error, "import/unknown", source, None, message).hint(
        "WebVTT, SRT, Podcasting 2.0 JSON and plain text (.txt) can; \
         export one of these from the tool that made the file",
    )
}

fn no_words(source: &Source, kind: Kind) -> Diagnostic {
    let message = format!("read as {}, the file has no words; nothing was imported", kind.name());
    Diagnostic::new(Severity::Error, "import/no-words", source, None, message)
        .hint("check that the file is complete, and that its ending says what it is")
}

fn no_cue(source: &Source, kind: Kind) -> Diagnostic {
    let message = format!("read as {}, no line of the file tells a cue's times", kind.name());
    Diagnostic::new(Severity::Error, "import/no-cue", source, None, message)
        .hint("times look like 00:01:02.500 --> 00:01:04.000; if this is plain text, let its name end in .txt")
}

fn left_out_invisible(source: &Source, count: usize) -> Diagnostic {
    let message = match count {
        1 => "a character without width was left out: it is no part of the words".to_owned(),
        _ => {
            format!("{count} characters without width were left out: they are no part of the words")
        }
    };
    Diagnostic::new(Severity::Note, "import/invisible", source, None, message)
}

fn rolling_captions(source: &Source, count: usize) -> Diagnostic {
    let message = format!("rolling captions: {count} repeated lines were joined with the first");
    Diagnostic::new(Severity::Note, "import/rolling", source, None, message)
}

fn rare_label(source: &Source, span: Option<Span>, name: &str) -> Diagnostic {
    let message =
        format!("`{name}` stands only once or twice and was read as a speaker, like the others");
    Diagnostic::new(Severity::Note, "import/rare-label", source, span, message)
        .hint("if nobody is meant, remove the name's stars in the imported file")
}

fn head_line(source: &Source, span: Span) -> Diagnostic {
    let message = "this line above the first cue was left out";
    Diagnostic::note("import/head", source, span, message)
        .hint("add it to the imported file's front matter if it matters")
}

fn odd_names(source: &Source, names: &BTreeSet<String>) -> Diagnostic {
    let names: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let message = format!("these names cannot be labels as they are: {}", names.join(", "));
    Diagnostic::new(Severity::Warning, "import/odd-name", source, None, message)
        .hint("look at them in the imported file; a label is short, and has no colon in it")
}

fn without_name(source: &Source, count: usize) -> Diagnostic {
    let message = match count {
        1 => format!("a turn says that somebody else speaks, not who: it is labelled `{NO_NAME}`"),
        _ => format!(
            "{count} turns say that somebody else speaks, not who: they are labelled `{NO_NAME}`"
        ),
    };
    Diagnostic::new(Severity::Note, "import/unnamed", source, None, message)
        .hint("put the names into the imported file")
}
