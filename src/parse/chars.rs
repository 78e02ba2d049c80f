//! Characters that take no room, for labels: white space, and what subtitle services hide in
//! texts as watermarks. They stay in the text; a label is read without them.

/// Zero-width characters.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

/// White space, and what has no width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_zero_width(c)
}

/// How many bytes of blanks a text begins with.
pub(super) fn skip_blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}
