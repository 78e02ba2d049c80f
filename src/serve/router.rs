//! From a request to an answer: who may ask, what a path means, and the bytes with what the
//! preview adds to them.
//!
//! A request's path is looked up in the table of outputs and nowhere else: no path of the
//! file system is ever made from it. The pages themselves are not changed; the script and the
//! messages join them here.

use std::io::{Read, Seek, SeekFrom};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::http::{Answer, Ask, Body, Names};
use super::mime;
use super::overlay;
use super::preview::{Found, Preview, Shown, Target};
use crate::load;
use crate::pipeline::{Asset, Output};
use crate::views::POLICY;

/// What stays as it is in a path.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a request gets.
pub enum Reply {
    /// An answer with an end.
    Answer(Answer),
    /// The stream of events.
    Events,
}

/// Answers a request.
pub fn reply(preview: &Preview, names: &Names, ask: &Ask) -> Reply {
    if let Err(refusal) = admit(names, ask) {
        return Reply::Answer(common(refusal));
    }
    let path = ask.target.split(['?', '#']).next().unwrap_or_default();
    match path {
        "/_postil/events" => match admit_listener(names, ask) {
            Ok(()) if ask.method == "GET" => Reply::Events,
            Ok(()) => Reply::Answer(common(Answer::new(200, ""))),
            Err(refusal) => Reply::Answer(common(refusal)),
        },
        _ => Reply::Answer(common(answer(preview, ask, path))),
    }
}

/// Headers that every answer carries.
fn common(answer: Answer) -> Answer {
    answer
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "no-store")
        .with("Content-Security-Policy", POLICY)
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Resource-Policy", "same-origin")
}

/// Headers of the stream of events.
pub fn stream_headers() -> Vec<(&'static str, String)> {
    common(Answer::new(200, "").with("Content-Type", "text/event-stream")).headers
}

/// The host must be ours, the method one that only reads.
fn admit(names: &Names, ask: &Ask) -> Result<(), Answer> {
    let Some(host) = ask.header("Host") else {
        return Err(Answer::text(400, "A request needs one Host header."));
    };
    if !names.allow(host) {
        let message = "This preview answers to localhost only. To use it from another machine, \
                       start it with --bind and that machine's view of this one's address.";
        return Err(Answer::text(403, message));
    }
    if !matches!(ask.method.as_str(), "GET" | "HEAD") {
        let refusal = Answer::text(405, "A preview is only read: GET or HEAD.");
        return Err(refusal.with("Allow", "GET, HEAD"));
    }
    Ok(())
}

/// Pages of other sites do not listen.
fn admit_listener(names: &Names, ask: &Ask) -> Result<(), Answer> {
    let count = ask.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Origin")).count();
    let ours = ask.header("Origin").is_some_and(|origin| names.allow_origin(origin));
    if count == 0 || ours {
        return Ok(());
    }
    Err(Answer::text(403, "Only pages of this preview may listen."))
}

fn answer(preview: &Preview, ask: &Ask, path: &str) -> Answer {
    match path {
        "/_postil/reload.js" => known(ask, "x.js", overlay::SCRIPT.as_bytes()),
        "/_postil/preview.css" => known(ask, "x.css", overlay::STYLE.as_bytes()),
        _ => match decode(path) {
            Some(path) => match preview.resolve(&path) {
                Target::Output(path) => output(preview, ask, &path, 200),
                Target::Folder(path) => {
                    let place = format!("/{}", utf8_percent_encode(&path, PATH));
                    Answer::text(302, "This is a folder.").with("Location", place)
                }
                Target::None => output(preview, ask, "404.html", 404),
            },
            None => Answer::text(400, "This is not a path."),
        },
    }
}

/// The path that a request names, without its first slash. None when it is none.
fn decode(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    (!decoded.contains('\0')).then(|| decoded.nfc().collect())
}

/// An output with a status, or a bare page when there is no such output.
fn output(preview: &Preview, ask: &Ask, path: &str, status: u16) -> Answer {
    let state = preview.state();
    let Some(shown) = preview.show(path) else {
        let page = overlay::bare_page("Not found", "There is no page at this address.", &state);
        return html(ask, 404, page.into_bytes());
    };
    match &shown.found {
        Found::Page(bytes) => page(ask, path, status, bytes.as_deref(), &shown, &state),
        Found::Asset(Output::Copy(asset)) => file(ask, path, asset),
        Found::Asset(Output::Bytes(bytes)) if path.ends_with(".html") => {
            page(ask, path, status, Some(bytes), &shown, &state)
        }
        Found::Asset(Output::Bytes(bytes)) => known(ask, path, bytes),
        Found::Asset(Output::Page) => Answer::text(500, "A page without bytes."),
    }
}

/// A page; HTML with the messages and the script.
fn page(
    ask: &Ask,
    path: &str,
    status: u16,
    bytes: Option<&[u8]>,
    shown: &Shown,
    state: &str,
) -> Answer {
    let is_html = path.ends_with(".html");
    match bytes {
        Some(bytes) if is_html => html(ask, status, overlay::join(bytes, shown, state)),
        Some(bytes) => known(ask, path, bytes),
        None if is_html => {
            let text = "This page cannot be made yet; the message says why.";
            let page = overlay::bare_page("Not made", text, state);
            html(ask, 500, overlay::join_messages(page.as_bytes(), shown))
        }
        None => Answer::text(500, &overlay::plain(&shown.errors)),
    }
}

fn html(ask: &Ask, status: u16, bytes: Vec<u8>) -> Answer {
    let tag = tag_of(&bytes);
    if status == 200 && is_known(ask, &tag) {
        return Answer::new(304, "").with("ETag", tag);
    }
    Answer::new(status, bytes).with("Content-Type", mime::of("x.html")).with("ETag", tag)
}

fn tag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", &blake3::hash(bytes).to_hex()[..32])
}

/// Whether the client has these bytes already.
fn is_known(ask: &Ask, tag: &str) -> bool {
    let Some(known) = ask.header("If-None-Match") else { return false };
    known.trim() == "*" || known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// Bytes in memory, or the part of them that was asked for.
fn known(ask: &Ask, path: &str, bytes: &[u8]) -> Answer {
    let (status, part, headers) = match select(ask, path, bytes.len() as u64, tag_of(bytes)) {
        Ok(selected) => selected,
        Err(answer) => return answer,
    };
    let part = bytes[part.start as usize..part.end as usize].to_vec();
    Answer { status, headers, body: Body::Bytes(part) }
}

/// A file, never held in memory.
fn file(ask: &Ask, path: &str, asset: &Asset) -> Answer {
    let gone = || Answer::text(404, "This file is gone.");
    let Ok(mut file) = load::open(asset) else { return gone() };
    let Ok(meta) = file.metadata() else { return gone() };
    let tag = format!("\"{:x}-{:x}\"", meta.len(), asset.modified);
    let (status, part, headers) = match select(ask, path, meta.len(), tag) {
        Ok(selected) => selected,
        Err(answer) => return answer,
    };
    if file.seek(SeekFrom::Start(part.start)).is_err() {
        return gone();
    }
    let length = part.end - part.start;
    Answer { status, headers, body: Body::Reader(Box::new(file.take(length)), length) }
}

type Selected = (u16, std::ops::Range<u64>, Vec<(&'static str, String)>);

/// Which bytes of an asset are sent, with the status and headers that say so; or the answer
/// that needs none of them.
fn select(ask: &Ask, path: &str, size: u64, tag: String) -> Result<Selected, Answer> {
    if is_known(ask, &tag) {
        return Err(Answer::new(304, "").with("ETag", tag));
    }
    let mut headers =
        vec![("Content-Type", mime::of(path).to_owned()), ("Accept-Ranges", "bytes".to_owned())];
    let wanted = ask
        .header("Range")
        .filter(|_| ask.header("If-Range").is_none_or(|condition| condition == tag));
    let range = wanted.map_or(Range::Whole, |wanted| parse_range(wanted, size));
    headers.push(("ETag", tag));
    match range {
        Range::Whole => Ok((200, 0..size, headers)),
        Range::Part(part) => {
            let shown = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            headers.push(("Content-Range", shown));
            Ok((206, part, headers))
        }
        Range::Beyond => Err(Answer::text(416, "There are not so many bytes.")
            .with("Content-Range", format!("bytes */{size}"))),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Range {
    Whole,
    Part(std::ops::Range<u64>),
    Beyond,
}

/// A `Range` header, RFC 9110 section 14. One range is honoured; several, and what is not
/// understood, get the whole.
fn parse_range(header: &str, size: u64) -> Range {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Range::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Range::Whole,
    };
    if range.start < range.end { Range::Part(range) } else { Range::Beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (header, range) in [
            ("bytes=0-3", Range::Part(0..4)),
            ("bytes=8-", Range::Part(8..10)),
            ("bytes=-4", Range::Part(6..10)),
            ("bytes=-40", Range::Part(0..10)),
            ("bytes=4-400", Range::Part(4..10)),
            ("bytes=4-18446744073709551615", Range::Part(4..10)),
            ("bytes=10-", Range::Beyond),
            ("bytes=-0", Range::Beyond),
            ("bytes=4-3", Range::Whole),
            ("bytes=0-1,3-4", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("lines=0-1", Range::Whole),
            ("bytes=-", Range::Whole),
        ] {
            assert_eq!(parse_range(header, 10), range, "{header}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Range::Beyond);
    }

    #[test]
    fn a_path_is_decoded_once_and_composed() {
        assert_eq!(decode("/a%20b").as_deref(), Some("a b"));
        assert_eq!(decode("/%252e").as_deref(), Some("%2e"));
        assert_eq!(decode("/e%CC%81").as_deref(), Some("é"));
        assert_eq!(decode("/%00"), None);
        assert_eq!(decode("/%ff"), None);
        assert_eq!(decode("http://example.org/"), None);
    }
}
