//! Lines that say where a text is from: `[example.org](https://example.org/a)names` as readers
//! that save web pages write it, and the dateline `names 发自 place`.

use super::super::blocks::Raw;
use super::{Found, REACH, is_names};
use crate::document::{Mark, MarkKind, Node};

/// A byline that says where it was written, in a paragraph or a heading: `甲 发自 乙地`. A heading
/// makes no section then.
pub(super) fn take_dateline(raw: &Raw, found: &mut Found) {
    let line = |at: &usize| {
        let top = &raw.tops[*at];
        let leaf = matches!(top.node, Node::Paragraph(_) | Node::Heading(..));
        leaf && !found.used[*at] && is_dateline(raw.text[top.text.range()].trim())
    };
    let Some(at) = (0..raw.tops.len().min(REACH)).find(line) else { return };
    let top = &raw.tops[at];
    found.head.byline = Some(raw.text[top.text.range()].trim().to_owned());
    found.used[at] = true;
    found.guessed.push((top.span, "byline"));
}

/// Whether a line is a dateline and nothing more.
pub(crate) fn is_dateline(text: &str) -> bool {
    text.split_once("发自").is_some_and(|(names, place)| {
        let apart = names.ends_with(char::is_whitespace) && place.starts_with(char::is_whitespace);
        apart && !names.trim().is_empty() && !place.trim().is_empty() && is_names(text)
    })
}

/// The first block that stays, when it is a link that is written as its own host, with nothing
/// but names behind it. They are the byline; beside a dateline they are the account.
pub(super) fn take_source(raw: &Raw, end: usize, found: &mut Found) {
    let Some(at) = (0..end).find(|at| !found.used[*at]) else { return };
    let top = &raw.tops[at];
    let Node::Paragraph(leaf) = top.node else { return };
    let from = raw.marks.partition_point(|mark| mark.range.start < leaf.start);
    let to = raw.marks.partition_point(|mark| mark.range.start < leaf.end);
    // One mark and no other: nothing may be lost.
    let [Mark { kind: MarkKind::Link(link), range, .. }] = &raw.marks[from..to] else {
        return;
    };
    let url = &link.url;
    let names = raw.text[range.end as usize..leaf.end as usize].trim();
    let first = raw.text[leaf.start as usize..range.start as usize].trim().is_empty();
    if !first || !is_host(&raw.text[range.range()], url) || !is_names(names) {
        return;
    }
    found.head.original = Some(url.clone());
    found.used[at] = true;
    found.guessed.push((top.span, "original's address"));
    if names.is_empty() {
        return;
    }
    let line =
        if found.head.byline.is_none() { &mut found.head.byline } else { &mut found.head.account };
    *line = Some(names.to_owned());
}

/// Whether words are the host of a web address.
fn is_host(words: &str, url: &str) -> bool {
    let short = |host: &str| host.trim().trim_start_matches("www.").to_lowercase();
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#', ':']).next());
    host.is_some_and(|host| !host.is_empty() && short(host) == short(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        assert!(is_host("example.org", "https://www.example.org/a?b"));
        assert!(!is_host("a page", "https://example.org/a"));
        assert!(!is_host("example.org", "page.html"));
    }

    #[test]
    fn datelines() {
        assert!(is_dateline("甲 发自 乙地"));
        assert!(!is_dateline("这是发自内心的"));
        assert!(!is_dateline("我想说，这 发自 内心"));
    }
}
