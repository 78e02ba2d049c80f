//! Headings that are no Markdown headings: numbered markers (`***01***`) with their title in
//! the next one or two short paragraphs, and paragraphs that are wholly bold and end like a
//! title.

use std::collections::BTreeSet;

use super::blocks::{Raw, Top};
use super::cjk;
use super::line;
use crate::document::{Leaf, MarkKind, Node};

/// A title in a paragraph has at most so many characters.
const LONGEST_TITLE: usize = 45;

/// One of Latin words may be longer: letters are narrower.
const LONGEST_LATIN: usize = 100;

/// A number has at most so many bytes, with its word and what stands between.
const LONGEST_NUMBER: usize = 48;

/// A numbered marker and the tops that are its title.
pub(super) struct Marker {
    /// `01`, `二`, `Part 3`.
    pub number: String,
    /// How many tops behind the marker are its title: none, one or two.
    pub title: usize,
}

/// Source offsets of paragraphs that continue the title in the paragraph before without
/// anything between (`训大模型很贵，` / `Meta 如何赚回本钱？`).
pub(super) fn glued(raw: &Raw) -> BTreeSet<usize> {
    let mut offsets = BTreeSet::new();
    for at in 0..raw.tops.len() {
        let Some(Marker { title: 2, .. }) = marker(raw, at) else { continue };
        let ends_wide =
            text(raw, &raw.tops[at + 1]).chars().next_back().is_some_and(cjk::joins_lines);
        if ends_wide {
            offsets.insert(raw.tops[at + 2].span.start as usize);
        }
    }
    offsets
}

/// Whether the top at `at` is a numbered marker.
pub(super) fn marker(raw: &Raw, at: usize) -> Option<Marker> {
    let top = raw.tops.get(at)?;
    let leaf = match top.node {
        Node::Paragraph(leaf) => leaf,
        Node::Heading(_, leaf) => leaf,
        _ => return None,
    };
    let number = text(raw, top).trim();
    let heading = matches!(top.node, Node::Heading(..));
    if !is_number(number) || !(heading || covered(raw, leaf, true) || number.starts_with('0')) {
        return None;
    }
    Some(Marker { number: number.to_owned(), title: title_length(raw, at + 1) })
}

/// How many tops from `at` on are a marker's title.
fn title_length(raw: &Raw, at: usize) -> usize {
    let Some(first) = raw.tops.get(at) else { return 0 };
    if matches!(first.node, Node::Heading(..)) {
        return heading_length(raw, at);
    }
    if !is_short_plain(raw, first) {
        return bold_length(raw, at);
    }
    let goes_on = goes_on(text(raw, first));
    let Some(second) = raw.tops.get(at + 1).filter(|top| is_short_plain(raw, top)) else {
        return 1;
    };
    let both = !ends_like_text(text(raw, first)) && !ends_like_text(text(raw, second));
    let then = raw.tops.get(at + 2).is_some_and(|third| starts_bold(raw, third));
    if goes_on || (both && then) { 2 } else { 1 }
}

/// A title in Markdown headings right below its number, where exports break one into two.
fn heading_length(raw: &Raw, at: usize) -> usize {
    let is_title = |at: usize| {
        raw.tops.get(at).is_some_and(|top| {
            matches!(top.node, Node::Heading(..)) && !is_number(text(raw, top).trim())
        })
    };
    match is_title(at) {
        true if goes_on(text(raw, &raw.tops[at])) && is_title(at + 1) => 2,
        is_one => usize::from(is_one),
    }
}

/// A title in bold paragraphs right below its number.
fn bold_length(raw: &Raw, at: usize) -> usize {
    let short = |at: usize| {
        raw.tops.get(at).is_some_and(|top| {
            let Node::Paragraph(leaf) = top.node else { return false };
            let words = text(raw, top);
            line::is_bold_throughout(raw, leaf)
                && words.chars().count() <= LONGEST_TITLE
                && !words.contains(['\n', '：', ':'])
        })
    };
    let title = |at: usize| short(at) && !ends_like_text(text(raw, &raw.tops[at]));
    if short(at) && goes_on(text(raw, &raw.tops[at])) && title(at + 1) {
        2
    } else {
        usize::from(title(at) || is_bold_title(raw, &raw.tops[at]))
    }
}

/// Ends in the middle of a phrase, so the next line goes on with it.
fn goes_on(words: &str) -> bool {
    words.trim_end().ends_with(['，', '、', ',', '：', ':', '—', '–', '的', '和', '与', '或'])
}

/// Whether a wholly bold paragraph is an entry of a list that is written in paragraphs (`**1. …**`,
/// `**2. …**`): the one right before or right after it has the next number.
pub(super) fn is_listed(raw: &Raw, at: usize) -> bool {
    let number = |at: usize| -> Option<u32> {
        let top = raw.tops.get(at)?;
        let Node::Paragraph(leaf) = top.node else { return None };
        let words = text(raw, top).trim_start();
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let dotted = words[digits..].starts_with(['.', '、', '．', ')', '）']);
        let bold = dotted && line::is_bold_throughout(raw, leaf);
        bold.then(|| words[..digits].parse().ok()).flatten()
    };
    let Some(own) = number(at) else { return false };
    let before = at.checked_sub(1).and_then(number);
    before.is_some_and(|before| before + 1 == own) || number(at + 1) == own.checked_add(1)
}

fn is_short_plain(raw: &Raw, top: &Top) -> bool {
    let Node::Paragraph(leaf) = top.node else { return false };
    let words = text(raw, top);
    !leaf.is_empty()
        && words.chars().count() <= 40
        && !words.contains('\n')
        && !starts_bold(raw, top)
        && !words.chars().take(12).any(|c| matches!(c, '：'))
}

/// Whether a paragraph is wholly bold and ends like a title.
pub(super) fn is_bold_title(raw: &Raw, top: &Top) -> bool {
    let Node::Paragraph(leaf) = top.node else { return false };
    if !covered(raw, leaf, false) {
        return false;
    }
    let words = text(raw, top).trim();
    let wide =
        words.chars().filter(|c| cjk::is_ideographic(*c)).count() * 4 >= words.chars().count();
    let limit = if wide { LONGEST_TITLE } else { LONGEST_LATIN };
    words.chars().count() <= limit
        && words.chars().filter(|c| c.is_alphanumeric()).count() >= 2
        && !words.contains('\n')
        && !ends_like_text(words)
}

/// Ends with a mark that ends or continues a sentence; a question may be a title.
fn ends_like_text(words: &str) -> bool {
    let end = words.trim_end_matches(['”', '"', '」', '』', '）', ')', '’']).chars().next_back();
    end.is_some_and(|c| {
        matches!(
            c,
            '。' | '.'
                | '！'
                | '!'
                | '，'
                | ','
                | '；'
                | ';'
                | '：'
                | ':'
                | '、'
                | '…'
                | '~'
                | '～'
        )
    })
}

fn text<'a>(raw: &'a Raw, top: &Top) -> &'a str {
    &raw.text[top.text.range()]
}

/// Whether emphasis covers all of a leaf but blanks; `any` also counts slanted text.
pub(super) fn covered(raw: &Raw, leaf: Leaf, any: bool) -> bool {
    let from = raw.marks.partition_point(|mark| mark.range.start < leaf.start);
    let kind = |kind: &MarkKind| *kind == MarkKind::Strong || (any && *kind == MarkKind::Emphasis);
    let blank = |from: u32, to: u32| raw.text[from as usize..to as usize].trim().is_empty();
    !leaf.is_empty()
        && raw.marks[from..].iter().take_while(|mark| mark.range.start < leaf.end).any(|mark| {
            kind(&mark.kind)
                && blank(leaf.start, mark.range.start)
                && mark.range.end <= leaf.end
                && blank(mark.range.end, leaf.end)
        })
}

fn starts_bold(raw: &Raw, top: &Top) -> bool {
    let from = raw.marks.partition_point(|mark| mark.range.start < top.text.start);
    matches!(top.node, Node::Paragraph(_))
        && raw.marks.get(from).is_some_and(|mark| {
            mark.kind == MarkKind::Strong
                && mark.range.start == top.text.start
                && !mark.range.is_empty()
        })
}

/// `01`, `3`, `三`, `IV`, `Part 2`, `第三部分`.
fn is_number(text: &str) -> bool {
    // Every paragraph of a file is asked.
    if text.len() > LONGEST_NUMBER {
        return false;
    }
    let digits = |text: &str| {
        !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
    };
    let han = |text: &str| {
        (1..=3).contains(&text.chars().count())
            && text.chars().all(|c| "一二三四五六七八九十".contains(c))
    };
    let roman = |text: &str| {
        text.len() <= 4 && !text.is_empty() && text.bytes().all(|b| b"IVX".contains(&b))
    };
    let bare = text.trim_end_matches(['.', '、', '．']);
    let part = |text: &str| {
        let rest = ["part", "chapter"].iter().find_map(|word| {
            text.get(..word.len())
                .filter(|head| head.eq_ignore_ascii_case(word))
                .map(|_| &text[word.len()..])
        });
        rest.map(str::trim).is_some_and(|rest| digits(rest) || roman(rest))
    };
    let nth = || {
        let inner = text.strip_prefix('第')?;
        ["部分", "章", "节", "篇"].iter().find_map(|end| inner.strip_suffix(end))
    };
    digits(bare)
        || han(bare)
        || roman(bare)
        || part(text)
        || nth().is_some_and(|n| digits(n) || han(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_sections() {
        for number in
            ["01", "3", "三", "十二", "IV", "Part 2", "part one 2", "第三部分", "第2章", "1."]
        {
            assert_eq!(is_number(number), number != "part one 2", "{number}");
        }
        for text in ["2024", "一百二十三个", "Intro", "", "第一次"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
