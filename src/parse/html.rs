//! Raw HTML in a transcript: a short list of harmless elements without attributes is
//! understood, everything else is text (design, section 5, "Safety").

use crate::document::MarkKind;

/// What a piece of inline HTML is.
#[derive(Debug, PartialEq)]
pub(super) enum Inline {
    Comment,
    Break,
    Open(MarkKind),
    Close(MarkKind),
    Text,
}

/// Elements that pass, by name, when they have no attributes.
const ELEMENTS: [&str; 13] =
    ["sub", "sup", "kbd", "mark", "small", "u", "s", "ins", "del", "q", "ruby", "rt", "rp"];

/// Reads one inline tag or comment.
pub(super) fn inline(html: &str) -> Inline {
    if html.starts_with("<!--") {
        return Inline::Comment;
    }
    let Some(inner) = html.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
        return Inline::Text;
    };
    let (closing, name) = match inner.strip_prefix('/') {
        Some(name) => (true, name.trim()),
        None => (false, inner.trim_end_matches('/').trim()),
    };
    let name = name.to_ascii_lowercase();
    let kind = match name.as_str() {
        "br" if !closing => return Inline::Break,
        "b" | "strong" => MarkKind::Strong,
        "i" | "em" => MarkKind::Emphasis,
        _ => match ELEMENTS.iter().find(|known| **known == name) {
            Some(known) => MarkKind::Element(known),
            None => return Inline::Text,
        },
    };
    if closing { Inline::Close(kind) } else { Inline::Open(kind) }
}

/// What an HTML block is made of.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// `<details>`.
    Open,
    /// `</details>`.
    Close,
    /// `<summary>…</summary>`.
    Summary(&'a str),
    /// Anything else, as it stands.
    Text(&'a str),
}

/// Splits an HTML block; comments are left out, white space around text too.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let next = ["<details>", "</details>", "<summary>", "<!--"]
            .iter()
            .filter_map(|tag| find_ignoring_case(rest, tag).map(|at| (at, *tag)))
            .min();
        let Some((at, tag)) = next else { break };
        push_text(&mut pieces, &rest[..at]);
        rest = &rest[at + tag.len()..];
        match tag {
            "<details>" => pieces.push(Piece::Open),
            "</details>" => pieces.push(Piece::Close),
            "<summary>" => {
                let end = find_ignoring_case(rest, "</summary>").unwrap_or(rest.len());
                pieces.push(Piece::Summary(rest[..end].trim()));
                rest = rest.get(end + "</summary>".len()..).unwrap_or_default();
            }
            _ => rest = rest.find("-->").map_or("", |end| &rest[end + 3..]),
        }
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str) {
    let text = text.trim();
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

fn find_ignoring_case(text: &str, tag: &str) -> Option<usize> {
    text.as_bytes()
        .windows(tag.len())
        .position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_elements_pass_and_the_rest_is_text() {
        assert_eq!(inline("<sub>"), Inline::Open(MarkKind::Element("sub")));
        assert_eq!(inline("</B>"), Inline::Close(MarkKind::Strong));
        assert_eq!(inline("<br/>"), Inline::Break);
        assert_eq!(inline("<!-- x -->"), Inline::Comment);
        assert_eq!(inline("<sub onclick=x>"), Inline::Text);
        assert_eq!(inline("<script>"), Inline::Text);
        assert_eq!(inline("<pubkey1>"), Inline::Text);
    }

    #[test]
    fn details_are_split_from_text() {
        let html = "<details>\n<summary>Original</summary>\nHello <x>\n</details>";
        let expected =
            [Piece::Open, Piece::Summary("Original"), Piece::Text("Hello <x>"), Piece::Close];
        assert_eq!(pieces(html), expected);
        assert_eq!(pieces("<!-- a -->"), []);
        assert_eq!(pieces("<div>x</div>"), [Piece::Text("<div>x</div>")]);
    }
}
