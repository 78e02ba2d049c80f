//! Which URLs a page may carry: by scheme, after decoding what a browser would decode.

/// The schemes that are allowed; relative URLs have none.
const ALLOWED: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The scheme that is not allowed, if the URL has one. White space and control characters,
/// which browsers leave out (`java\nscript:`), do not hide it.
pub(crate) fn scheme_refused(url: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(url).decode_utf8_lossy();
    let seen: String = decoded.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let end = seen.find(['/', '?', '#', ':'])?;
    if !seen[end..].starts_with(':') {
        return None;
    }
    let scheme = seen[..end].to_ascii_lowercase();
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // A relative path whose first part holds a colon (`第一章：x`, `12:30.png`) is none.
    (is_scheme && !ALLOWED.contains(&scheme.as_str())).then_some(scheme)
}

/// Hosts whose pages are videos.
const VIDEO_HOSTS: [&str; 5] =
    ["youtube.com/", "youtu.be/", "vimeo.com/", "bilibili.com/video/", "player.bilibili.com/"];

/// How the names of recordings end.
const RECORDINGS: [&str; 8] = [".mp4", ".webm", ".mov", ".m4v", ".mp3", ".m4a", ".ogg", ".opus"];

/// Whether a URL that stands as a picture names a video or a sound, by its host or its ending.
pub(crate) fn is_recording(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest).to_ascii_lowercase();
    let host = rest.strip_prefix("www.").or_else(|| rest.strip_prefix("m.")).unwrap_or(&rest);
    let path = host.split(['?', '#']).next().unwrap_or_default();
    (url.contains("://") && VIDEO_HOSTS.iter().any(|known| host.starts_with(known)))
        || RECORDINGS.iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_are_recordings() {
        for url in [
            "https://www.youtube.com/watch?v=x",
            "https://youtu.be/x",
            "https://vimeo.com/1",
            "talk.mp4",
            "https://x.org/a.MP3?b=c",
        ] {
            assert!(is_recording(url), "{url}");
        }
        for url in ["https://img.youtube.org/a.png", "youtube.com/a.png", "a.png?b=.mp4", ""] {
            assert!(!is_recording(url), "{url}");
        }
    }

    #[test]
    fn only_harmless_schemes_pass() {
        for url in [
            "https://x.org/a:b",
            "x.html",
            "../a/x.md#t-1",
            "mailto:a@b.c",
            "//x.org/y",
            "#a",
            "a/b:c",
            "12:30.png",
            "",
        ] {
            assert_eq!(scheme_refused(url), None, "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "JaVa\tScript:x",
            "%6aavascript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc",
            "\u{1}javascript:x",
        ] {
            assert!(scheme_refused(url).is_some(), "{url}");
        }
    }
}
