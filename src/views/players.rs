//! The recordings of a transcript: those that lie beside it are played on the page by the
//! browser itself; all others are links, since nothing is fetched from elsewhere (design,
//! promise 5).

use serde::Serialize;

use crate::config::{Export, FrontMatter, Medium};
use crate::document::{Head, Image};
use crate::site::{Page, Site};

/// A recording that the page plays.
#[derive(Debug, Serialize)]
pub(super) struct Player {
    /// `audio` or `video`: the element.
    pub kind: &'static str,
    /// Its URL.
    pub src: String,
    /// Its file's name.
    pub name: String,
    /// The URL of its words as WebVTT; may be empty.
    pub captions: String,
}

/// Endings of files that browsers play.
const AUDIO: [&str; 9] = ["mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "weba"];
const VIDEO: [&str; 6] = ["mp4", "m4v", "webm", "mov", "ogv", "mkv"];

/// The recordings of a transcript: those that front matter names, and the one at the top of the
/// text.
pub(super) fn recordings(front: &FrontMatter, head: &Head) -> Vec<Medium> {
    let mut media = front.media.clone();
    if let Some(Image { url, span, .. }) = &head.recording
        && !media.iter().any(|medium| medium.url == *url)
    {
        media.push(Medium { key: String::new(), url: url.clone(), span: *span });
    }
    media
}

/// The recordings that lie in the site.
pub(super) fn of(site: &Site, page: &Page) -> Vec<Player> {
    let media = recordings(&page.file.front, &page.file.head);
    media.iter().filter_map(|medium| player(site, page, medium)).collect()
}

/// The URL of a recording that lies in the site and that browsers play, from the output path
/// `at`.
pub(super) fn local(site: &Site, page: &Page, at: &str, medium: &Medium) -> Option<String> {
    let (target, _) = site.routes.target(&page.content, &page.path, &medium.url)?;
    kind(&target.path, medium).map(|_| crate::paths::link::relative(at, &target.path))
}

fn player(site: &Site, page: &Page, medium: &Medium) -> Option<Player> {
    let (target, _) = site.routes.target(&page.content, &page.path, &medium.url)?;
    let kind = kind(&target.path, medium)?;
    let name = target.path.rsplit('/').next().unwrap_or(&target.path);
    let src = crate::paths::link::relative(&page.path, &target.path);
    let captions = captions(site, page, &target.path).unwrap_or_default();
    Some(Player { kind, src, name: name.to_owned(), captions })
}

/// The subtitles of a recording: a file that is called like it or like the transcript, else the
/// one that `exports` asks for.
fn captions(site: &Site, page: &Page, recording: &str) -> Option<String> {
    let stem = |path: &str| path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned();
    let written = Export::Vtt.path(&page.path);
    let beside = [stem(recording) + ".vtt", written.clone()];
    let own = beside.into_iter().find(|path| site.routes.is_copied(path)).or_else(|| {
        let name = page.content.rsplit('/').next().unwrap_or(&page.content);
        let url = crate::paths::link::encode_path(&(stem(name) + ".vtt"));
        Some(site.routes.target(&page.content, &page.path, &url)?.0.path.clone())
    });
    let exported = || site.exports_of(page).into_iter().find(|(export, _)| *export == Export::Vtt);
    let path = own.or_else(|| exported().map(|(_, path)| path))?;
    Some(crate::paths::link::relative(&page.path, &path))
}

/// The element that plays a file, by the name's ending.
fn kind(path: &str, medium: &Medium) -> Option<&'static str> {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "webm" | "mp4" if medium.key.contains("audio") => Some("audio"),
        ending if AUDIO.contains(&ending) => Some("audio"),
        ending if VIDEO.contains(&ending) => Some("video"),
        _ => None,
    }
}
