//! Escaping for HTML: text, attribute values, and URLs in attributes.

/// Appends text, escaped for an element's content.
pub fn text(out: &mut String, text: &str) {
    let mut plain = 0;
    for at in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        out.push_str(&text[plain..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
}

/// Appends an attribute's value, escaped for double quotes.
pub fn attribute(out: &mut String, value: &str) {
    escape(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    });
}

/// Appends a URL as an attribute's value: blanks, quotes and control characters are
/// percent-encoded, everything else stays as the author wrote it.
pub fn url(out: &mut String, url: &str) {
    let mut plain = 0;
    for (at, byte) in url.bytes().enumerate() {
        let keep = !matches!(byte, 0..=0x20 | 0x7f | b'"' | b'<' | b'>' | b'\\' | b'`');
        if keep {
            continue;
        }
        attribute(out, &url[plain..at]);
        out.push('%');
        out.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
        out.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
        plain = at + 1;
    }
    attribute(out, &url[plain..]);
}

fn escape(out: &mut String, text: &str, entity: impl Fn(u8) -> Option<&'static str>) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = entity(byte) {
            out.push_str(&text[plain..at]);
            out.push_str(entity);
            plain = at + 1;
        }
    }
    out.push_str(&text[plain..]);
}

#[cfg(test)]
mod tests {
    fn with(write: fn(&mut String, &str), input: &str) -> String {
        let mut out = String::new();
        write(&mut out, input);
        out
    }

    #[test]
    fn markup_is_shown_and_words_stay() {
        assert_eq!(with(super::text, "a<b> & \"黄\""), "a&lt;b&gt; &amp; \"黄\"");
        assert_eq!(with(super::attribute, "\"><script>"), "&quot;&gt;&lt;script&gt;");
    }

    #[test]
    fn urls_keep_what_is_harmless() {
        assert_eq!(with(super::url, "a b?x=1&y=\"2\""), "a%20b?x=1&amp;y=%222%22");
        assert_eq!(with(super::url, "术语/x.html#g-r%20"), "术语/x.html#g-r%20");
        assert_eq!(with(super::url, "java\nscript:\u{1}"), "java%0Ascript:%01");
    }
}
