//! The words are never changed (design, promise 1): a block's HTML, read back, must give the
//! block's text character for character.
//!
//! Looks at what was written, not at how: it shares no code with the writer.

use crate::diagnostics::Diagnostic;
use crate::document::{Block, Document, Node};

/// A complaint if a block's HTML does not give the block's text. Raw HTML of trusted folders
/// has no text to compare with.
pub fn words_changed(document: &Document, block: &Block, html: &str) -> Option<Diagnostic> {
    if holds_raw(&block.node) || words_unchanged(html, document.slice(block.text)) {
        return None;
    }
    let message = "the page would show other words than the source says here";
    Some(
        Diagnostic::error("render/words-changed", &document.source, block.span, message)
            .hint("this is a fault in postil: please report it with this paragraph"),
    )
}

fn holds_raw(node: &Node) -> bool {
    match node {
        Node::RawHtml(_) => true,
        Node::Quote(body) | Node::Details { body, .. } => body.iter().any(holds_raw),
        Node::List { items, .. } => items.iter().flat_map(|item| &item.body).any(holds_raw),
        _ => false,
    }
}

/// Whether HTML without its tags, its entities decoded, is the text. A line feed between two
/// leaves has no counterpart; numbers of footnotes are not part of the words.
pub fn words_unchanged(html: &str, text: &str) -> bool {
    let mut html = html.as_bytes();
    let mut text = text.as_bytes();
    let mut behind_tag = true;
    while let Some(first) = html.first() {
        if html.starts_with(b"<sup><a href=\"#-n") {
            html = behind(html, b"</sup>");
            continue;
        }
        if *first == b'<' {
            html = behind(html, b">");
            behind_tag = true;
            continue;
        }
        let (byte, length) = decoded(html);
        while behind_tag && byte != b'\n' && text.first() == Some(&b'\n') {
            text = &text[1..];
        }
        if text.first() != Some(&byte) {
            return false;
        }
        (html, text, behind_tag) = (&html[length..], &text[1..], false);
    }
    text.iter().all(|byte| *byte == b'\n')
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
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
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
