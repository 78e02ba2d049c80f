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
    if holds_raw(&block.node, &mut leaves) || same_words(document, block, &leaves, html) {
        return None;
    }
    let message = "the page would show other words than the source says here";
    Some(
        Diagnostic::error("render/words-changed", &document.source, block.span, message)
            .hint("this is a fault in postil: please report it with this paragraph"),
    )
}

/// Nothing but white space may stand between a block's leaves, and the HTML gives the leaves.
fn same_words(document: &Document, block: &Block, leaves: &[Leaf], html: &str) -> bool {
    let starts = leaves.iter().map(|leaf| leaf.start).chain([block.text.end]);
    let ends = std::iter::once(block.text.start).chain(leaves.iter().map(|leaf| leaf.end));
    let blank = |(end, start): (u32, u32)| {
        let gap = document.text.get(end as usize..start as usize);
        gap.is_some_and(|gap| gap.trim().is_empty())
    };
    let text = match leaves {
        [leaf] => Cow::Borrowed(document.slice(*leaf)),
        leaves => leaves.iter().map(|leaf| document.slice(*leaf)).collect(),
    };
    ends.zip(starts).all(blank) && words_unchanged(html, &text)
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
    let mut html = html.as_bytes();
    let mut text = text.as_bytes();
    while let Some(first) = html.first() {
        if html.starts_with(b"<sup><a href=\"#-n") {
            html = behind(html, b"</sup>");
        } else if *first == b'<' {
            html = behind(html, b">");
        } else {
            let (byte, length) = decoded(html);
            if text.first() != Some(&byte) {
                return false;
            }
            (html, text) = (&html[length..], &text[1..]);
        }
    }
    text.is_empty()
}

fn behind<'a>(html: &'a [u8], end: &[u8]) -> &'a [u8] {
    let at = html.windows(end.len()).position(|window| window == end);
    at.map_or(&[], |at| &html[at + end.len()..])
}

fn decoded(html: &[u8]) -> (u8, usize) {
    let entities: [(&[u8], u8); 4] =
        [(b"&amp;", b'&'), (b"&lt;", b'<'), (b"&gt;", b'>'), (b"&quot;", b'"')];
    let found = entities.iter().find(|(name, _)| html.starts_with(name));
    found.map_or((html[0], 1), |(name, byte)| (*byte, name.len()))
}

#[cfg(test)]
mod tests {
    use super::words_unchanged;

    #[test]
    fn markup_is_no_word() {
        let same = [
            ("<p id=\"p-1\">a <strong>b</strong></p>", "a b"),
            ("<ul><li>a</li><li>b</li></ul>", "ab"),
            ("<p>a &lt;b&gt; &amp;amp;</p>", "a <b> &amp;"),
            ("<p>a<br>\nb</p>", "a\nb"),
            ("<p>a<sup><a href=\"#-n1\" id=\"-r1\" role=\"doc-noteref\">1</a></sup></p>", "a"),
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
}
