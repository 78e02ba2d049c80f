//! Which bytes of a known size are sent: all, a part, or none because the client has them.
//!
//! Source: RFC 9110, sections 13 (conditions) and 14 (ranges).

use std::io::{Seek, SeekFrom};

use super::http::{Answer, Ask, Body};
use super::mime;
use crate::load;
use crate::pipeline::Asset;

/// The name of these bytes.
pub fn tag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", &blake3::hash(bytes).to_hex()[..32])
}

/// Whether the client has these bytes already.
pub fn is_known(ask: &Ask, tag: &str) -> bool {
    let Some(known) = ask.header("If-None-Match") else { return false };
    known.trim() == "*" || known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// Bytes in memory, or the part of them that was asked for.
pub fn known(ask: &Ask, path: &str, bytes: &[u8]) -> Answer {
    let (status, part, headers) = match select(ask, path, bytes.len() as u64, tag_of(bytes)) {
        Ok(selected) => selected,
        Err(answer) => return answer,
    };
    let part = &bytes[part.start as usize..part.end as usize];
    Answer { headers, ..Answer::new(status, part) }
}

/// A file, never held in memory.
pub fn file(ask: &Ask, path: &str, asset: &Asset) -> Answer {
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
    Answer { status, headers, body: Body::File(file, part.end - part.start) }
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
}
