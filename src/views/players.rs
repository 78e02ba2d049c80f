//! The recordings of a transcript: those that lie beside it are played on the page by the
//! browser itself; all others are links, since nothing is fetched from elsewhere (design,
//! promise 5).

use serde::Serialize;

use crate::config::Medium;
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
}

/// Endings of files that browsers play.
const AUDIO: [&str; 9] = ["mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "weba"];
const VIDEO: [&str; 6] = ["mp4", "m4v", "webm", "mov", "ogv", "mkv"];

/// The recordings that lie in the site.
pub(super) fn of(site: &Site, page: &Page) -> Vec<Player> {
    let media = page.file.front.media.iter();
    media.filter_map(|medium| player(site, page, medium)).collect()
}

fn player(site: &Site, page: &Page, medium: &Medium) -> Option<Player> {
    let (target, _) = site.routes.target(&page.content, &page.path, &medium.url)?;
    let ending = target.path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let kind = match ending.as_str() {
        "webm" | "mp4" if medium.key.contains("audio") => "audio",
        ending if AUDIO.contains(&ending) => "audio",
        ending if VIDEO.contains(&ending) => "video",
        _ => return None,
    };
    let name = target.path.rsplit('/').next().unwrap_or(&target.path);
    let src = crate::paths::link::relative(&page.path, &target.path);
    Some(Player { kind, src, name: name.to_owned() })
}
