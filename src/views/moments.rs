//! A moment of a transcript's recording as a link: in the form that the recording's host
//! understands, or as a media fragment (<https://www.w3.org/TR/media-frags/>), which browsers
//! follow in a file that lies beside the page.

use super::players;
use super::provenance::{host, is_video_id, is_web};
use crate::config::Medium;
use crate::document::{Document, MarkKind};
use crate::parse::is_recording;
use crate::site::{Page, Site};

/// Where the times of a transcript lead.
pub(super) struct Moments {
    recording: Option<String>,
}

impl Moments {
    /// Of a page that is shown at the output path `at`: the first recording of the front matter
    /// that lies beside the page, else the first on the web; else the original or a recording
    /// in the introduction, when it is one that can be opened at a time.
    pub fn of(site: &Site, page: &Page, document: &Document, at: &str) -> Self {
        let media = players::recordings(&document.front, &document.head);
        let local = media.iter().find_map(|medium| players::local(site, page, at, medium));
        let web = || media.iter().filter_map(on_the_web);
        let known = || web().find(|url| takes_time(url));
        let original = || {
            let url = &document.front.original.as_ref()?.value;
            takes_time(url).then(|| url.clone())
        };
        let recording = local
            .or_else(known)
            .or_else(|| web().next())
            .or_else(original)
            .or_else(|| in_the_introduction(document));
        Self { recording }
    }

    /// The link to a moment, in milliseconds from the start.
    pub fn href(&self, time: u64) -> Option<String> {
        self.recording.as_deref().map(|url| at_time(url, time / 1000))
    }
}

/// The address of a recording that front matter names.
fn on_the_web(medium: &Medium) -> Option<String> {
    if medium.key == "video_id" && is_video_id(&medium.url) {
        return Some(format!("https://www.youtube.com/watch?v={}", medium.url));
    }
    is_web(&medium.url).then(|| medium.url.clone())
}

/// The first link to a recording before anyone speaks.
fn in_the_introduction(document: &Document) -> Option<String> {
    let spoken = document.turns().next()?.blocks.start as usize;
    let end = document.blocks.get(spoken).map_or(u32::MAX, |block| block.text.start);
    let links = document.marks.iter().take_while(|mark| mark.range.start < end);
    let mut urls = links.filter_map(|mark| match &mark.kind {
        MarkKind::Link(link) => Some(&link.url),
        _ => None,
    });
    urls.find(|url| is_recording(url) && is_web(url)).cloned()
}

/// How a host writes a moment.
#[derive(Clone, Copy)]
enum Form {
    /// `?t=62s`.
    Query(&'static str),
    /// `#t=62s`.
    Fragment(&'static str),
}

/// Hosts that open a recording at a time, and the unit behind the number.
const HOSTS: [(&str, Form); 8] = [
    ("youtube.com", Form::Query("s")),
    ("youtu.be", Form::Query("s")),
    ("youtube-nocookie.com", Form::Query("s")),
    ("bilibili.com", Form::Query("")),
    ("spotify.com", Form::Query("")),
    ("twitch.tv", Form::Query("s")),
    ("vimeo.com", Form::Fragment("s")),
    ("soundcloud.com", Form::Fragment("s")),
];

fn form(url: &str) -> Option<Form> {
    let host = host(url).to_ascii_lowercase();
    let is = |known: &str| {
        host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    HOSTS.iter().find(|(known, _)| is(known)).map(|(_, form)| *form)
}

/// Whether an address is a recording that opens at a time.
fn takes_time(url: &str) -> bool {
    is_web(url) && is_recording(url)
}

/// A recording's address at some seconds; a time that it has already is replaced.
fn at_time(url: &str, seconds: u64) -> String {
    let (bare, _) = url.split_once('#').unwrap_or((url, ""));
    match form(bare).filter(|_| is_web(bare)) {
        Some(Form::Query(unit)) => {
            let (path, query) = bare.split_once('?').unwrap_or((bare, ""));
            let kept = query.split('&').filter(|part| {
                let name = part.split('=').next().unwrap_or_default();
                !part.is_empty() && !matches!(name, "t" | "start" | "time_continue")
            });
            let moment = format!("t={seconds}{unit}");
            let query: Vec<&str> = kept.chain([moment.as_str()]).collect();
            format!("{path}?{}", query.join("&"))
        }
        Some(Form::Fragment(unit)) => format!("{bare}#t={seconds}{unit}"),
        None => format!("{bare}#t={seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_recording_opens_at_a_time() {
        let cases = include_str!("../../tests/cases/moments.txt");
        for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            let mut parts = line.split_whitespace();
            let (url, seconds, expected) = (parts.next(), parts.next(), parts.next());
            let seconds = seconds.and_then(|text| text.parse().ok()).expect("seconds");
            assert_eq!(Some(at_time(url.expect("a URL"), seconds).as_str()), expected, "{line}");
        }
    }
}
