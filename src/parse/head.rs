//! What the first paragraphs of a file say of the transcript: its title repeated, a cover, a
//! byline, the account, credit lines.
//!
//! What is recognised here leaves the text and stands in [`Head`]; everything else stays where
//! it is, as the introduction.

use unicode_normalization::UnicodeNormalization;

use super::blocks::{Raw, Top};
use super::{sections, url};
use crate::config::FrontMatter;
use crate::document::{Credit, Head, Image, Mark, MarkKind, Node, TextRange};
use crate::source::Span;

/// Roles of credit lines.
const ROLES: &[&str] = &[
    "作者",
    "编辑",
    "责编",
    "责任编辑",
    "文",
    "文字",
    "撰文",
    "采访",
    "采写",
    "记者",
    "整理",
    "编译",
    "翻译",
    "译者",
    "校对",
    "审校",
    "摄影",
    "图片",
    "视频",
    "出品",
    "来源",
    "监制",
    "主编",
    "slides",
    "slide deck",
    "video",
    "audio",
    "podcast",
    "recording",
    "media",
    "paper",
    "website",
    "location",
    "venue",
    "agenda",
    "transcript",
    "transcript by",
    "transcript completed by",
    "transcription",
    "transcribed by",
    "translation",
    "translated by",
    "edited by",
    "editor",
    "author",
    "by",
    "words",
    "photos",
];

/// Credit lines and bylines stand among the first blocks.
const REACH: usize = 14;

/// What was found, and which tops it used up.
pub(super) struct Found {
    pub head: Head,
    pub used: Vec<bool>,
    /// Where a byline or an account was read, for a note.
    pub guessed: Vec<(Span, &'static str)>,
}

/// Reads the head.
pub(super) fn find(raw: &Raw, front: &FrontMatter) -> Found {
    let mut found =
        Found { head: Head::default(), used: vec![false; raw.tops.len()], guessed: Vec::new() };
    take_titles(raw, front, &mut found);
    let end = reach(raw, &found);
    for _ in 0..2 {
        take_cover(raw, end, &mut found);
        take_recording(raw, end, &mut found);
    }
    take_byline(raw, front, end, &mut found);
    take_credits(raw, end, &mut found);
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
    if let Some(Mark { range, kind: MarkKind::Link { url, title, span } }) = raw.marks.get(from)
        && *range == leaf
        && url == words
        && url::is_recording(url)
        && found.head.recording.is_none()
    {
        let (url, title, span) = (url.clone(), title.clone(), *span);
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
    if let Some((at, names)) = byline {
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

/// Paragraphs in which every line is `role | names`.
fn take_credits(raw: &Raw, end: usize, found: &mut Found) {
    for at in 0..end {
        let top = &raw.tops[at];
        if found.used[at] || !matches!(top.node, Node::Paragraph(_)) {
            continue;
        }
        let credits: Option<Vec<Credit>> =
            lines(raw, top).into_iter().map(|line| linked_credit(raw, line)).collect();
        if let Some(credits) = credits.filter(|credits| !credits.is_empty()) {
            found.head.credits.extend(credits);
            found.used[at] = true;
        }
    }
}

/// A paragraph's source lines: the text between two soft or hard breaks.
fn lines(raw: &Raw, top: &Top) -> Vec<TextRange> {
    let from = raw.breaks.partition_point(|at| *at <= top.text.start);
    let to = raw.breaks.partition_point(|at| *at < top.text.end);
    let starts = std::iter::once(top.text.start).chain(raw.breaks[from..to].iter().copied());
    let ends = raw.breaks[from..to].iter().copied().chain([top.text.end]);
    let all = starts.zip(ends).map(|(start, end)| TextRange { start, end });
    all.filter(|line| !raw.text[line.range()].trim().is_empty()).collect()
}

/// A credit line with where it leads. What holds more than one link, or a picture, stays text:
/// nothing of it may be lost.
fn linked_credit(raw: &Raw, line: TextRange) -> Option<Credit> {
    let text = raw.text[line.range()].trim();
    let credit = credit(text)?;
    let mut target = None;
    let from = raw.marks.partition_point(|mark| mark.range.start < line.start);
    for mark in raw.marks[from..].iter().take_while(|mark| mark.range.start < line.end) {
        match &mark.kind {
            MarkKind::Link { url, .. }
                if target.is_none() && raw.text[mark.range.range()].trim() == credit.names =>
            {
                target = Some(url.clone());
            }
            MarkKind::Link { .. }
            | MarkKind::Term(_)
            | MarkKind::Image(_)
            | MarkKind::Footnote(_) => return None,
            _ => {}
        }
    }
    let url = target.filter(|url| *url != credit.names);
    Some(Credit { url, ..credit })
}

fn credit(line: &str) -> Option<Credit> {
    let at = line.find(['|', '｜', '：', ':', '丨'])?;
    let separator = line[at..].chars().next()?;
    let (role, names) = (line[..at].trim(), line[at + separator.len_utf8()..].trim());
    let known = ROLES.iter().any(|known| folded(known) == folded(role));
    let address = names.starts_with("http") && !names.contains(char::is_whitespace);
    let short = names.chars().count() <= 80 && !names.contains(['。', '！', '？']);
    (known && (short || address) && !names.is_empty()).then(|| Credit {
        role: role.to_owned(),
        names: names.to_owned(),
        url: None,
    })
}

/// Under which two spellings of a title or a name are the same.
fn folded(text: &str) -> String {
    text.nfc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_lines() {
        let read = |line| credit(line).map(|credit| (credit.role, credit.names));
        assert_eq!(read("作者 | 甲、乙"), Some(("作者".into(), "甲、乙".into())));
        assert_eq!(read("Slides: https://example.org/x.pdf").map(|c| c.0), Some("Slides".into()));
        assert_eq!(read("主持人：你好"), None);
        assert_eq!(read("作者："), None);
    }
}
