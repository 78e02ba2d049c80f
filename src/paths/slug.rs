//! Ids of speakers, tags and terms: from their names, with Unicode kept.
//!
//! Pinyin and ASCII slugs collide or are empty for Chinese (`他说`, `她说`), so a name keeps its
//! letters: NFC, lower case, white space to a hyphen. `C++` and `C#` stay apart.

/// A file name is at most 255 bytes; this leaves room for a language, an ending and a digest.
pub const MAX_BYTES: usize = 180;

/// The id for a name. Never empty; a name without any usable character gives a digest.
pub fn id(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in super::composed(name.trim()).chars().flat_map(char::to_lowercase) {
        match c {
            _ if c.is_whitespace() || separates(c) => {
                if !out.is_empty() && !out.ends_with('-') {
                    out.push('-');
                }
            }
            _ if dropped(c) => {}
            _ => out.push(c),
        }
    }
    // `.NET` must not become a dot file, nor `NET`'s id.
    if let Some(rest) = out.strip_prefix('.') {
        out = format!("dot-{}", rest.trim_start_matches('.'));
    }
    let out = out.trim_matches(|c| c == '-' || c == '.');
    if out.is_empty() { digest(name) } else { shorten(out, MAX_BYTES) }
}

/// What stands between words, or what some file system or URL gives a meaning of its own.
fn separates(c: char) -> bool {
    matches!(
        c,
        '/' | '\\'
            | ':'
            | '：'
            | '|'
            | '_'
            | '<'
            | '>'
            | '*'
            | '?'
            | '？'
            | '、'
            | '，'
            | ','
            | ';'
            | '；'
    )
}

/// Quotes and brackets around names, controls, zero-width characters.
fn dropped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '"' | '\''
                | '`'
                | '“'
                | '”'
                | '‘'
                | '’'
                | '「'
                | '」'
                | '《'
                | '》'
                | '('
                | ')'
                | '（'
                | '）'
        )
        || matches!(
            c,
            '[' | ']' | '【' | '】' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

/// At most `max` bytes: cut at a character, with a digest of the whole.
pub fn shorten(name: &str, max: usize) -> String {
    if name.len() <= max {
        return name.to_owned();
    }
    let mut end = max;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{}", &name[..end], digest(name))
}

/// Eight letters that tell one text from another.
pub fn digest(text: &str) -> String {
    let hash = blake3::hash(text.as_bytes());
    super::anchors::base32(hash.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_letters() {
        let cases = [
            ("RAG", "rag"),
            ("C++", "c++"),
            ("C#", "c#"),
            (".NET", "dot-net"),
            ("AI Studio", "ai-studio"),
            ("主持人", "主持人"),
            ("AR/VR", "ar-vr"),
            ("《晚点》", "晚点"),
            ("Waxwing (Adam Gibson)", "waxwing-adam-gibson"),
            ("e\u{301}", "\u{e9}"),
        ];
        for (name, expected) in cases {
            assert_eq!(id(name), expected);
        }
        assert_eq!(id("「」").len(), 8);
        assert_ne!(id("「」"), id("“”"));
        assert!(id(&"谈".repeat(500)).len() <= 190);
    }
}
