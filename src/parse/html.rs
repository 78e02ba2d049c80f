//! Raw HTML in a transcript: a short list of harmless elements without attributes is
//! understood, everything else is text (design, section 5, "Safety").

use crate::document::MarkKind;

/// What a piece of inline HTML is.
#[derive(Debug, PartialEq)]
pub(super) enum Inline {
    /// A comment, or a tag that only says how words look.
    Comment,
    Break,
    Open(MarkKind),
    Close(MarkKind),
    /// `<a href="…">`: where to, entities decoded.
    Link(String),
    /// `</a>`.
    LinkEnd,
    /// `<details>`, `<summary>`.
    Fold(Fold),
    /// `</details>`, `</summary>`.
    FoldEnd(Fold),
    Text,
}

/// The elements of a text that is folded away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fold {
    Details,
    Summary,
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
            None => return fold(html).unwrap_or_else(|| with_attributes(inner, closing)),
        },
    };
    if closing { Inline::Close(kind) } else { Inline::Open(kind) }
}

fn fold(html: &str) -> Option<Inline> {
    let (name, closing, _) = wrapper(html).filter(|(.., length)| *length == html.len())?;
    let fold = match name {
        "details" => Fold::Details,
        "summary" => Fold::Summary,
        _ => return None,
    };
    Some(if closing { Inline::FoldEnd(fold) } else { Inline::Fold(fold) })
}

/// Links, and tags that only say how words look.
fn with_attributes(inner: &str, closing: bool) -> Inline {
    let inner = inner.strip_prefix('/').unwrap_or(inner).trim_end_matches('/');
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, mut rest) = (inner[..length].to_ascii_lowercase(), &inner[length..]);
    let is_link = name == "a";
    if !is_link && !matches!(name.as_str(), "span" | "font") {
        return Inline::Text;
    }
    let mut target = None;
    while !rest.trim().is_empty() {
        let Some((name, value, behind)) = attribute(rest.trim_start()) else { return Inline::Text };
        match name.as_str() {
            "href" if is_link => target = Some(value),
            "href" => return Inline::Text,
            name if !is_harmless(name) => return Inline::Text,
            _ => {}
        }
        rest = behind;
    }
    match (is_link, closing, target) {
        (true, true, _) => Inline::LinkEnd,
        (true, false, Some(url)) => Inline::Link(
            stretches(url).map(|part| entity(part).unwrap_or(part.to_owned())).collect(),
        ),
        (true, false, None) => Inline::Text,
        (false, ..) => Inline::Comment,
    }
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
    /// Anything else, as it stands; a paragraph of its own.
    Text(&'a str),
}

/// Elements that only hold other blocks or words: the tags go, and what they hold stays.
const WRAPPERS: [&str; 8] =
    ["p", "div", "section", "article", "center", "blockquote", "details", "summary"];

/// Attributes that say how an element looks or is called. With any other, a tag is text.
const HARMLESS: [&str; 14] = [
    "class",
    "id",
    "lang",
    "dir",
    "align",
    "style",
    "title",
    "open",
    "translate",
    "color",
    "size",
    "face",
    "target",
    "rel",
];

fn is_harmless(attribute: &str) -> bool {
    HARMLESS.contains(&attribute) || attribute.starts_with("data-")
}

/// A tag of one of the [`WRAPPERS`], or a comment.
struct Tag<'a> {
    name: &'a str,
    closing: bool,
    range: std::ops::Range<usize>,
}

/// Splits an HTML block; comments and wrappers are left out, white space around text too.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut summary = None;
    let mut at = 0;
    while let Some(tag) = next_tag(html, at) {
        at = tag.range.end;
        if summary.is_some() && tag.name != "summary" && tag.name != "details" {
            continue;
        }
        let text = html[from..tag.range.start].trim();
        match (summary.take(), text) {
            (Some(()), text) => pieces.push(Piece::Summary(text)),
            (None, "") => {}
            (None, text) => pieces.push(Piece::Text(text)),
        }
        from = tag.range.end;
        match (tag.name, tag.closing) {
            ("details", false) => pieces.push(Piece::Open),
            ("details", true) => pieces.push(Piece::Close),
            ("summary", false) => summary = Some(()),
            _ => {}
        }
    }
    match (summary, html[from..].trim()) {
        (Some(()), text) => pieces.push(Piece::Summary(text)),
        (None, "") => {}
        (None, text) => pieces.push(Piece::Text(text)),
    }
    pieces
}

/// The next tag from `at` on that is left out or means something.
fn next_tag(html: &str, mut at: usize) -> Option<Tag<'_>> {
    loop {
        at += html.get(at..)?.find('<')?;
        let rest = &html[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(html.len(), |end| at + 4 + end + 3);
            return Some(Tag { name: "", closing: false, range: at..end });
        }
        if let Some((name, closing, length)) = wrapper(rest) {
            return Some(Tag { name, closing, range: at..at + length });
        }
        at += 1;
    }
}

/// A wrapper's tag at a text's beginning: its name, whether it closes, its length.
fn wrapper(text: &str) -> Option<(&'static str, bool, usize)> {
    const LONGEST: usize = 1000;
    let (inner, closing) = match text.strip_prefix("</") {
        Some(inner) => (inner, true),
        None => (text.strip_prefix('<')?, false),
    };
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let name = WRAPPERS.iter().find(|known| known.eq_ignore_ascii_case(&inner[..length]))?;
    let mut rest = &inner[length..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            return Some((name, closing, text.len() - after.len()));
        }
        let (name, _, behind) = attribute(rest)?;
        rest = behind;
        if !is_harmless(&name) || inner.len() - rest.len() > LONGEST {
            return None;
        }
    }
}

/// An attribute at a text's beginning: its name in lower case, its value, what follows.
fn attribute(text: &str) -> Option<(String, &str, &str)> {
    let length =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let name = name.to_ascii_lowercase();
    if name.is_empty() {
        return None;
    }
    let Some(value) = rest.strip_prefix('=') else { return Some((name, "", rest)) };
    match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let end = value[1..].find(quote)?;
            Some((name, &value[1..=end], &value[end + 2..]))
        }
        _ => {
            let ends = |c: char| c.is_ascii_whitespace() || c == '>';
            let end = value.find(ends).unwrap_or(value.len());
            Some((name, &value[..end], &value[end..]))
        }
    }
}

/// The text of an HTML block in stretches: inline tags, and text between them with each entity
/// apart, which is to be decoded.
pub(super) fn stretches(text: &str) -> impl Iterator<Item = &str> {
    const LONGEST: usize = 1000;
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let near = || rest.char_indices().skip(1).take(LONGEST);
        let whole = match first {
            '<' => near().find(|(_, c)| *c == '>'),
            '&' => near()
                .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '#')
                .filter(|(_, c)| *c == ';'),
            _ => None,
        };
        let whole = whole.map(|(end, _)| end + 1);
        let length = whole.unwrap_or_else(|| {
            let from = first.len_utf8();
            rest[from..].find(['<', '&']).map_or(rest.len(), |end| from + end)
        });
        let (stretch, behind) = rest.split_at(length);
        rest = behind;
        Some(stretch)
    })
}

/// The text of an entity (`&amp;`), if it is one.
pub(super) fn entity(text: &str) -> Option<String> {
    if !(text.starts_with('&') && text.ends_with(';')) {
        return None;
    }
    let mut decoded = String::new();
    for event in pulldown_cmark::Parser::new(text) {
        if let pulldown_cmark::Event::Text(part) = event {
            decoded.push_str(&part);
        }
    }
    (decoded != text && !decoded.is_empty()).then_some(decoded)
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
        let link = inline("<a href='https://example.org/?a=1&amp;b' target=_blank>");
        assert_eq!(link, Inline::Link("https://example.org/?a=1&b".to_owned()));
        assert_eq!(inline("</a>"), Inline::LinkEnd);
        assert_eq!(inline("<a href=x onclick=y>"), Inline::Text);
        assert_eq!(inline("<a>"), Inline::Text);
        assert_eq!(inline("<span class=\"x y\">"), Inline::Comment);
        assert_eq!(inline("</span>"), Inline::Comment);
        assert_eq!(inline("<span onclick=y>"), Inline::Text);
        assert_eq!(inline("<scalar>"), Inline::Text);
        assert_eq!(inline("<details class='x' open>"), Inline::Fold(Fold::Details));
        assert_eq!(inline("</summary>"), Inline::FoldEnd(Fold::Summary));
        assert_eq!(inline("<details onclick=y>"), Inline::Text);
    }

    #[test]
    fn details_are_split_from_text() {
        let html = "<details>\n<summary>Original</summary>\nHello <x>\n</details>";
        let expected =
            [Piece::Open, Piece::Summary("Original"), Piece::Text("Hello <x>"), Piece::Close];
        assert_eq!(pieces(html), expected);
        assert_eq!(pieces("<!-- a -->"), []);
        assert_eq!(pieces("<table>x</table>"), [Piece::Text("<table>x</table>")]);
        let cases = [
            ("<p class=\"en\">a</p>\n<P>b", vec![Piece::Text("a"), Piece::Text("b")]),
            ("<details open>\n<summary class='x'>A <b>b</b></summary>c", {
                vec![Piece::Open, Piece::Summary("A <b>b</b>"), Piece::Text("c")]
            }),
            ("<div onclick=\"x\">a</div>", vec![Piece::Text("<div onclick=\"x\">a")]),
            ("<pubkey> <p", vec![Piece::Text("<pubkey> <p")]),
            ("<div title=\"a>b\" data-x=1>a</div>", vec![Piece::Text("a")]),
            ("<details><summary>a</details>b", {
                vec![Piece::Open, Piece::Summary("a"), Piece::Close, Piece::Text("b")]
            }),
        ];
        for (html, expected) in cases {
            assert_eq!(pieces(html), expected, "{html}");
        }
    }

    #[test]
    fn entities_are_decoded_once() {
        let shown = |text: &str| -> String {
            stretches(text).map(|part| entity(part).unwrap_or_else(|| part.to_owned())).collect()
        };
        assert_eq!(shown("a &amp;amp; &lt;b&gt; &#20320; &mdash;"), "a &amp; <b> 你 —");
        assert_eq!(shown("R&D; AT&T & <x> &nothing;"), "R&D; AT&T & <x> &nothing;");
    }
}
