//! The words are never changed (design, promise 1): a block's HTML, read back, must give the
//! block's text character for character.
//!
//! Looks at what was written, not at how: it shares no code with the writer.

use std::borrow::Cow;

use crate::diagnostics::Diagnostic;
use crate::document::{Block, Document, Leaf, Node};

/// A complaint if a block's HTML does not give the block's text. Raw HTML of trusted folders
/// has no text to compare with.
pub fn words_changed(document: &Document, block: &Block, html: &str) -> Option<Diagnostic> {
    let mut leaves = Vec::new();
    if holds_raw(&block.node, &mut leaves) {
        return None;
    }
    let difference = difference(document, block, &leaves, html)?;
    let message =
        format!("the page would show other words than the source says here, {difference}");
    Some(Diagnostic::error("render/words-changed", &document.source, block.span, message).hint(
        format!("this is a fault in postil: please report it with this paragraph (`{}`)", block.id),
    ))
}

/// Nothing but white space may stand between a block's leaves, and the HTML gives the leaves.
/// If not, how the page and the source differ first.
fn difference(document: &Document, block: &Block, leaves: &[Leaf], html: &str) -> Option<String> {
    let starts = leaves.iter().map(|leaf| leaf.start).chain([block.text.end]);
    let ends = std::iter::once(block.text.start).chain(leaves.iter().map(|leaf| leaf.end));
    for (end, start) in ends.zip(starts) {
        match document.text.get(end as usize..start as usize) {
            Some(gap) if gap.trim().is_empty() => {}
            Some(gap) => return Some(format!("which lacks “{}”", begin(gap.trim()))),
            None => return Some("in another order".to_owned()),
        }
    }
    let text = match leaves {
        [leaf] => Cow::Borrowed(document.slice(*leaf)),
        leaves => leaves.iter().map(|leaf| document.slice(*leaf)).collect(),
    };
    let (page, source) = first_difference(html, &text)?;
    let (page, source) = (begin(page), begin(source));
    Some(format!("first where the page has “{page}” and the source has “{source}”"))
}

/// Enough of a text to find it.
fn begin(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{}{more}", start.replace('\n', " "))
}

/// Collects the leaves in reading order; whether there is raw HTML among them.
fn holds_raw(node: &Node, leaves: &mut Vec<Leaf>) -> bool {
    match node {
        Node::RawHtml(_) => return true,
        Node::Rule => {}
        Node::Paragraph(leaf) | Node::Heading(_, leaf) | Node::Code { text: leaf, .. } => {
            leaves.push(*leaf);
        }
        Node::Quote(body) => return body.iter().any(|node| holds_raw(node, leaves)),
        Node::List { items, .. } => {
            let mut nodes = items.iter().flat_map(|item| &item.body);
            return nodes.any(|node| holds_raw(node, leaves));
        }
        Node::Table(table) => leaves.extend(table.head.iter().chain(table.rows.iter().flatten())),
        Node::Figure { caption, .. } => leaves.extend(caption),
        Node::Details { summary, body } => {
            leaves.push(*summary);
            return body.iter().any(|node| holds_raw(node, leaves));
        }
    }
    false
}

/// Whether HTML without its tags, its entities decoded, is the text. Numbers of footnotes are
/// not part of the words.
pub fn words_unchanged(html: &str, text: &str) -> bool {
    first_difference(html, text).is_none()
}

/// What is left of the HTML and of the text from the first character that differs.
fn first_difference<'a>(html: &'a str, text: &'a str) -> Option<(&'a str, &'a str)> {
    let (whole, words) = (html, text);
    let mut html = html.as_bytes();
    let mut text = text.as_bytes();
    let rest = |html: &[u8], text: &[u8]| {
        let from =
            |whole: &'a str, left: usize| &whole[whole.floor_char_boundary(whole.len() - left)..];
        (from(whole, html.len()), from(words, text.len()))
    };
    while let Some(first) = html.first() {
        if *first == b'<' {
            html = behind_tag(html);
            continue;
        }
        if *first == b'&' {
            let (byte, length) = decoded(html);
            if text.first() != Some(&byte) {
                return Some(rest(html, text));
            }
            (html, text) = (&html[length..], &text[1..]);
            continue;
        }
        let run = memchr::memchr2(b'<', b'&', html).unwrap_or(html.len());
        if !text.starts_with(&html[..run]) {
            let pairs = html[..run].iter().zip(text);
            let same = pairs.take_while(|(one, other)| one == other).count();
            return Some(rest(&html[same..], &text[same..]));
        }
        (html, text) = (&html[run..], &text[run..]);
    }
    (!text.is_empty()).then(|| rest(html, text))
}

/// Behind a tag; behind the whole of a footnote's number.
fn behind_tag(html: &[u8]) -> &[u8] {
    let end = if is_number(html) {
        memchr::memmem::find(html, b"</sup>").map(|at| at + 6)
    } else {
        memchr::memchr(b'>', html).map(|at| at + 1)
    };
    end.map_or(&[], |end| &html[end..])
}

/// Whether a footnote's number begins here. No link of the author's has a role.
fn is_number(html: &[u8]) -> bool {
    let Some(link) = html.strip_prefix(b"<sup>").filter(|link| link.starts_with(b"<a ")) else {
        return false;
    };
    let end = memchr::memchr(b'>', link).unwrap_or(link.len());
    link[..end].ends_with(b" role=\"doc-noteref\"")
}

/// What an ampersand begins: a byte, and how much of the HTML stands for it.
fn decoded(html: &[u8]) -> (u8, usize) {
    let entities: [(&[u8], u8); 4] =
        [(b"&amp;", b'&'), (b"&lt;", b'<'), (b"&gt;", b'>'), (b"&quot;", b'"')];
    let found = entities.iter().find(|(name, _)| html.starts_with(name));
    found.map_or((b'&', 1), |(name, byte)| (*byte, name.len()))
}

#[cfg(test)]
mod tests {
    use super::{first_difference, words_unchanged};

    #[test]
    fn markup_is_no_word() {
        let same = [
            ("<p id=\"p-1\">a <strong>b</strong></p>", "a b"),
            ("<ul><li>a</li><li>b</li></ul>", "ab"),
            ("<p>a &lt;b&gt; &amp;amp;</p>", "a <b> &amp;"),
            ("<p>a<br>\nb</p>", "a\nb"),
            ("<p>a<sup><a href=\"#-n1\" id=\"-r1\" role=\"doc-noteref\">1</a></sup></p>", "a"),
            ("<p>a<sup><a href=\"x.html#-n1\" role=\"doc-noteref\">1</a></sup></p>", "a"),
            ("<p>a<sup><a href=\"#-n1\">1</a></sup></p>", "a1"),
        ];
        for (html, text) in same {
            assert!(words_unchanged(html, text), "{html}");
        }
    }

    #[test]
    fn a_lost_added_or_changed_character_is_seen() {
        for (html, text) in
            [("<p>a</p>", "ab"), ("<p>ab</p>", "a"), ("<p>“a</p>", "\"a"), ("<p>ab</p>", "a\nb")]
        {
            assert!(!words_unchanged(html, text), "{html}");
        }
    }

    #[test]
    fn the_first_difference_is_found_within_a_character() {
        let rest = first_difference("<p>一中<b>x</b></p>", "一丮x");
        assert_eq!(rest, Some(("中<b>x</b></p>", "丮x")), "both begin with the same two bytes");
        assert_eq!(first_difference("<p>a</p>", "ab"), Some(("", "b")));
    }
}
