//! Credit lines: who wrote, asked, transcribed, laid out, and where the slides are.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use super::super::blocks::{Raw, Top};
use super::super::speakers;
use super::{Found, folded};
use crate::document::{Credit, MarkKind, Node, TextRange};

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
    "排版",
    "访谈",
    "嘉宾",
    "本期嘉宾",
    "策划",
    "制作",
    "后期",
    "主播",
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
    "guests",
    "hosts",
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

/// The same as [`folded`] folds.
static KNOWN: LazyLock<HashSet<String>> =
    LazyLock::new(|| ROLES.iter().map(|role| folded(role)).collect());

/// What stands between a role and the names.
const SEPARATORS: [char; 5] = ['|', '｜', '丨', '：', ':'];

/// A line of several credits has no more bytes.
const LONGEST: usize = 400;

/// Paragraphs in which every line is `role | names`, once or several times.
pub(super) fn take(raw: &Raw, end: usize, declared: &BTreeSet<String>, found: &mut Found) {
    for at in 0..end {
        let top = &raw.tops[at];
        if found.used[at] || !matches!(top.node, Node::Paragraph(_)) {
            continue;
        }
        let pieces = lines(raw, top).into_iter().flat_map(|line| pieces(&raw.text, line));
        let credits: Option<Vec<Credit>> = pieces
            .map(|piece| linked_credit(raw, piece).filter(|_| !speaks(raw, at, piece, declared)))
            .collect();
        if let Some(credits) = credits.filter(|credits| !credits.is_empty()) {
            found.head.credits.extend(credits);
            found.used[at] = true;
        }
    }
}

/// Whether a line's role is someone of the dialogue, who says what is behind the colon: `记者：`
/// before the first question. Somebody declared the label, or it begins other paragraphs, too.
fn speaks(raw: &Raw, at: usize, line: TextRange, declared: &BTreeSet<String>) -> bool {
    let text = raw.text[line.range()].trim_start();
    let Some(label) = label(text) else { return false };
    let key = speakers::key(label);
    if declared.contains(&key) {
        return true;
    }
    let begins = |top: &Top| {
        let own = raw.text[top.text.range()].trim_start();
        own.starts_with(label) && self::label(own).is_some_and(|own| speakers::key(own) == key)
    };
    let mut others = raw.tops.iter().enumerate().filter(|(other, _)| *other != at);
    speakers::may_be_listed(&key) && others.any(|(_, top)| begins(top))
}

/// What stands before a line's first separator, if that is a colon.
fn label(line: &str) -> Option<&str> {
    let at = line.find(SEPARATORS)?;
    line[at..].starts_with(['：', ':']).then(|| bare(&line[..at]))
}

/// Without white space and without stars that no pair was found for.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '*')
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
            MarkKind::Link(link)
                if target.is_none() && raw.text[mark.range.range()].trim() == credit.names =>
            {
                target = Some(link.url.clone());
            }
            MarkKind::Link(_) | MarkKind::Term(_) | MarkKind::Image(_) | MarkKind::Footnote(_) => {
                return None;
            }
            _ => {}
        }
    }
    let url = target.filter(|url| *url != credit.names);
    Some(Credit { url, ..credit })
}

/// A line cut before each role behind the first: `作者 | 甲 编辑 | 乙` is two. A role there begins
/// with no small letter: `Slides: a talk about video: part two` is one.
fn pieces(text: &str, line: TextRange) -> Vec<TextRange> {
    let words = &text[line.range()];
    if words.len() > LONGEST || !words.contains(SEPARATORS) {
        return vec![line];
    }
    let mut starts = vec![0];
    for (at, space) in words.char_indices().filter(|(_, c)| c.is_whitespace()) {
        let rest = &words[at + space.len_utf8()..];
        let role = rest.find(SEPARATORS).map(|end| &rest[..end]);
        let from = *starts.last().unwrap_or(&0);
        let before = !bare(&words[from..at]).is_empty();
        let named = |role: &str| is_role(role) && !role.starts_with(char::is_lowercase);
        if before && role.is_some_and(named) && credit(&words[from..at]).is_some() {
            starts.push(at + space.len_utf8());
        }
    }
    let ends = starts.iter().skip(1).copied().chain([words.len()]);
    let piece = |(from, to): (usize, usize)| TextRange {
        start: line.start + from as u32,
        end: line.start + to as u32,
    };
    starts.iter().copied().zip(ends).map(piece).collect()
}

fn is_role(words: &str) -> bool {
    KNOWN.contains(&folded(bare(words)))
}

fn credit(line: &str) -> Option<Credit> {
    let at = line.find(SEPARATORS)?;
    let separator = line[at..].chars().next()?;
    let (role, names) = (bare(&line[..at]), bare(&line[at + separator.len_utf8()..]));
    let known = is_role(role);
    let address = names.starts_with("http") && !names.contains(char::is_whitespace);
    let short = names.chars().count() <= 80 && !names.contains(['。', '！', '？']);
    (known && (short || address) && !names.is_empty()).then(|| Credit {
        role: role.to_owned(),
        names: names.to_owned(),
        url: None,
    })
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
        assert_eq!(read("编辑| 乙****"), Some(("编辑".into(), "乙".into())));
    }

    #[test]
    fn two_on_a_line() {
        let cut = |line: &str| -> Vec<String> {
            let whole = TextRange { start: 0, end: line.len() as u32 };
            pieces(line, whole).into_iter().map(|one| line[one.range()].trim().into()).collect()
        };
        assert_eq!(cut("作者 | 甲、乙 编辑| 丙"), ["作者 | 甲、乙", "编辑| 丙"]);
        assert_eq!(cut("Slides: a talk about video: part two").len(), 1);
        assert_eq!(cut("作者 | 甲 乙").len(), 1);
    }
}
