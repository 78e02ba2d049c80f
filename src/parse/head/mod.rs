//! What the first paragraphs of a file say of the transcript: its title repeated, a cover, a
//! byline, the account, credit lines.
//!
//! What is recognised here leaves the text and stands in [`Head`]; everything else stays where
//! it is, as the introduction.

use std::collections::BTreeSet;

use super::blocks::{Raw, Top};
use super::{sections, url};
use crate::config::FrontMatter;
use crate::document::{Head, Image, Mark, MarkKind, Node, Target};
use crate::paths::composed;
use crate::source::Span;

mod credits;
mod origin;

pub(crate) use origin::is_dateline;

/// Credit lines and bylines stand among the first blocks.
pub(super) const REACH: usize = 14;

/// What was found, and which tops it used up.
pub(super) struct Found {
    pub head: Head,
    pub used: Vec<bool>,
    /// Where a byline or an account was read, for a note.
    pub guessed: Vec<(Span, &'static str)>,
}

/// Reads the head. `declared` are the labels that somebody vouches for, folded by
/// `speakers::key`: a line that begins with one of them is a turn and no credit.
pub(super) fn find(raw: &Raw, front: &FrontMatter, declared: &BTreeSet<String>) -> Found {
    let mut found =
        Found { head: Head::default(), used: vec![false; raw.tops.len()], guessed: Vec::new() };
    take_titles(raw, front, &mut found);
    origin::take_dateline(raw, &mut found);
    let end = reach(raw, &found);
    origin::take_source(raw, end, &mut found);
    for _ in 0..2 {
        take_cover(raw, end, &mut found);
        take_recording(raw, end, &mut found);
    }
    take_byline(raw, front, end, &mut found);
    credits::take(raw, end, declared, &mut found);
    found
}

/// The title: the front matter's, else the first H1's. Every leading H1 that repeats it goes, and
/// so does a paragraph that repeats it above everything else.
fn take_titles(raw: &Raw, front: &FrontMatter, found: &mut Found) {
    let heading = |top: &Top| match top.node {
        Node::Heading(1, leaf) => Some(raw.text[leaf.range()].to_owned()),
        _ => None,
    };
    let first = raw.tops.iter().take(REACH).find_map(heading);
    let title = front.title.as_ref().map(|title| title.value.clone()).or(first);
    let Some(title) = title else { return };
    let wanted = folded(&title);
    for (at, top) in raw.tops.iter().enumerate().take(REACH) {
        match heading(top) {
            Some(text) if folded(&text) == wanted => found.used[at] = true,
            _ => {}
        }
    }
    let repeats = |top: &Top| {
        matches!(top.node, Node::Paragraph(_)) && folded(&raw.text[top.text.range()]) == wanted
    };
    let lead = (0..raw.tops.len()).find(|at| !found.used[*at]);
    if let Some(at) = lead.filter(|at| repeats(&raw.tops[*at])) {
        found.used[at] = true;
    }
    found.head.title = Some(title);
}

/// Where the head ends: at the first heading or section marker that stays.
fn reach(raw: &Raw, found: &Found) -> usize {
    let stays = |at: &usize| {
        !found.used[*at]
            && (matches!(raw.tops[*at].node, Node::Heading(..))
                || sections::marker(raw, *at).is_some())
    };
    (0..raw.tops.len().min(REACH)).find(stays).unwrap_or(raw.tops.len().min(REACH))
}

/// The first block, if it is one picture without a caption and without a link, is the cover.
fn take_cover(raw: &Raw, end: usize, found: &mut Found) {
    let Some(at) = (0..end).find(|at| !found.used[*at]) else { return };
    if let Node::Figure { images, caption: None } = &raw.tops[at].node
        && let [image] = &images[..]
        && !image.url.is_empty()
        && image.link.is_none()
        && found.head.cover.is_none()
    {
        found.head.cover = Some(image.clone());
        found.used[at] = true;
    }
}

/// A recording that stands alone by its address is the transcript's. One that has words of its
/// own is a link, and stays.
fn take_recording(raw: &Raw, end: usize, found: &mut Found) {
    let Some(at) = (0..end).find(|at| !found.used[*at]) else { return };
    let Node::Paragraph(leaf) = raw.tops[at].node else { return };
    let words = &raw.text[leaf.range()];
    let from = raw.marks.partition_point(|mark| mark.range.start < leaf.start);
    if let Some(Mark { range, kind: MarkKind::Link(link) }) = raw.marks.get(from)
        && *range == leaf
        && link.url == words
        && url::is_recording(&link.url)
        && found.head.recording.is_none()
    {
        let Target { url, title, span } = Target::clone(link);
        found.head.recording = Some(Image { url, alt: String::new(), title, span, link: None });
        found.used[at] = true;
    }
}

/// The account line is a paragraph that repeats the publisher; a short paragraph of names above
/// it is the byline.
fn take_byline(raw: &Raw, front: &FrontMatter, end: usize, found: &mut Found) {
    let Some(publisher) = front.publisher.as_deref().map(folded) else { return };
    let paragraph = |at: usize| match raw.tops[at].node {
        Node::Paragraph(_) if !found.used[at] => Some(raw.text[raw.tops[at].text.range()].trim()),
        _ => None,
    };
    let Some(account) =
        (0..end).find(|at| paragraph(*at).is_some_and(|text| folded(text) == publisher))
    else {
        return;
    };
    let byline =
        (0..account).rev().find(|at| !found.used[*at]).and_then(|at| Some((at, paragraph(at)?)));
    let byline = byline.filter(|(_, text)| is_names(text)).map(|(at, text)| (at, text.to_owned()));
    found.head.account = paragraph(account).map(str::to_owned);
    found.used[account] = true;
    found.guessed.push((raw.tops[account].span, "account"));
    if let Some((at, names)) = byline.filter(|_| found.head.byline.is_none()) {
        found.head.byline = Some(names);
        found.used[at] = true;
        found.guessed.push((raw.tops[at].span, "byline"));
    }
}

/// A few names and nothing that ends a sentence.
fn is_names(text: &str) -> bool {
    text.chars().count() <= 40
        && !text.contains('\n')
        && !text
            .chars()
            .any(|c| matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | '：' | ':' | '，' | '…'))
}

/// Under which two spellings of a title or a name are the same.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.split_ascii_whitespace().collect::<String>().to_ascii_lowercase();
    }
    let composed = composed(text);
    let kept = composed.chars().filter(|c| !c.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}
