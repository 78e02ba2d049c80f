//! Files of a site that hold a transcript and are no Markdown: which they are, and the command
//! that makes Markdown of them.

use std::io::Read;
use std::path::Path;

use super::talk;
use crate::diagnostics::visible;
use crate::load;
use crate::paths::quoted;
use crate::pipeline::{Asset, File, Inputs};

/// How much of a file is looked at to tell a transcript from other text.
const SAMPLE: u64 = 32 * 1024;

/// What makes Markdown of such files, on a line; nothing when there are none.
pub(super) fn command(files: &[&str], root: &Path) -> String {
    const NAMED: usize = 3;
    let file = |path: &&str| quoted(&visible(&talk::short(&root.join(path)).to_string_lossy()));
    let named: Vec<String> = files.iter().take(NAMED).map(file).collect();
    let more = if files.len() > NAMED { " …" } else { "" };
    match &named[..] {
        [] => String::new(),
        named => format!(
            "  To make Markdown of what is there: postil import {}{more}\n",
            named.join(" ")
        ),
    }
}

/// Content files that hold a transcript, are no Markdown, and have none beside them.
pub(super) fn find(inputs: &Inputs) -> Vec<&str> {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let assets = inputs.files.iter().filter_map(|(path, file)| match file {
        File::Asset(asset) if path.starts_with(prefix) => Some((path.as_str(), asset)),
        _ => None,
    });
    let is_one = |(path, asset): &(&str, &Asset)| {
        let extension = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match extension.as_deref() {
            Some("vtt" | "srt") => true,
            Some("json") => is_podcast(&sample(asset)),
            Some("txt") => is_dialogue(&sample(asset)),
            _ => false,
        }
    };
    let is_done = |path: &str| {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        inputs.files.contains_key(&format!("{stem}.md"))
    };
    assets.filter(|(path, _)| !is_done(path)).filter(is_one).map(|(path, _)| path).collect()
}

/// The beginning of a file; nothing when it cannot be read, which a build will tell.
fn sample(asset: &Asset) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = load::open(asset) {
        let _ = file.take(SAMPLE).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Podcasting 2.0 JSON: a list of segments with a start and a body.
fn is_podcast(text: &str) -> bool {
    ["\"segments\"", "\"startTime\"", "\"body\""].iter().all(|key| text.contains(key))
}

/// Three lines or more that begin with a name and a colon, carry a caption's `>>`, or hold a
/// clock time beside a name or alone.
fn is_dialogue(text: &str) -> bool {
    let speaks = |line: &&str| {
        let line = line.trim();
        let label = line.split_once([':', '：']).is_some_and(|(name, rest)| {
            (1..=40).contains(&name.chars().count())
                && name.chars().any(char::is_alphabetic)
                && name.split_whitespace().count() <= 5
                && !rest.starts_with("//")
        });
        let timed = |word: Option<&str>| {
            word.is_some_and(|word| is_clock(word.trim_matches(['(', ')', '[', ']'])))
        };
        let mut words = line.split_whitespace();
        // `Host 0:01:02` alone on its line, or `[0:01:02] words`.
        let first = line.starts_with(['[', '(']) && timed(words.clone().next());
        label || line.starts_with(">>") || first || timed(words.next_back())
    };
    text.lines().filter(speaks).count() >= 3
}

/// `0:00:02`, `12:30`, `00:00:02,500`.
fn is_clock(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '.', ',']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    word.contains(':') && (2..=4).contains(&parts.len()) && parts.iter().all(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialogue_is_told_from_other_text() {
        for (text, wanted) in [
            ("Host: Hello.\nEngineer: Hello.\nHost: Well.\n", true),
            ("主持人：你好\n工程师：你好\n主持人：好\n", true),
            ("发言人1   0:00:02\n你好\n发言人2   0:00:09\n你好\n发言人1   0:01:02\n好\n", true),
            (">> Hello.\n>> Hello.\n>> Well.\n", true),
            ("[00:15] **Host**: Hi.\n\n[00:22] **Host**: So.\n\n[00:30] **Keeper**: Well.\n", true),
            ("Put files here.\nSee https://example.org\nThat is all.\n", false),
            ("User-agent: *\nDisallow:\n", false),
            ("", false),
        ] {
            assert_eq!(is_dialogue(text), wanted, "{text}");
        }
    }

    #[test]
    fn json_of_a_podcast_is_told_from_other_json() {
        assert!(is_podcast(r#"{"version":"1.0.0","segments":[{"startTime":0.5,"body":"Hello"}]}"#));
        assert!(!is_podcast(r#"{"segments":3}"#));
    }
}
