//! Which characters of a text need a backslash so that they stay text.
//!
//! Sources: CommonMark 0.31.2, sections 2.4, 4 and 6.

/// How careful escaping is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Only where a line would begin a block; what is inline is tried as it is.
    Little,
    /// Whatever may mean something.
    Much,
}

/// Whether the character at the beginning of `rest` needs a backslash within a line.
pub(super) fn inline(rest: &str, care: Care) -> bool {
    let mut chars = rest.chars();
    let (first, next) = (chars.next(), chars.next());
    match first {
        Some('\\') => next.is_none_or(|c| c.is_ascii_punctuation() || c == '\n'),
        Some('&') => is_entity(rest),
        Some('<') => {
            care == Care::Much
                && next.is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
        }
        Some('*' | '_' | '[' | ']' | '`' | '~') => care == Care::Much,
        _ => false,
    }
}

fn is_entity(rest: &str) -> bool {
    let name = rest[1..].strip_prefix('#').unwrap_or(&rest[1..]);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name[end..].starts_with(';'))
}

/// Where in a line a backslash keeps it from beginning a block: an offset into the line.
/// `first` is the first line of its paragraph.
pub(super) fn line(line: &str, first: bool) -> Option<usize> {
    let bytes = line.as_bytes();
    let blank_at = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    match *bytes.first()? {
        b'#' => {
            let level = bytes.iter().take_while(|byte| **byte == b'#').count();
            (level <= 6 && blank_at(level)).then_some(0)
        }
        b'>' => Some(0),
        b'+' if line.starts_with("+++") => Some(0),
        b'-' | b'+' | b'*' if blank_at(1) => Some(0),
        b'-' | b'=' | b'_' | b'*' | b'|' | b':' if is_ruling(line) => Some(0),
        b'`' if line.starts_with("```") => Some(0),
        b'~' if line.starts_with("~~~") => Some(0),
        b'[' if line.starts_with("[^") || line.contains("]:") => Some(0),
        b'0'..=b'9' => {
            let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let marks = matches!(bytes.get(digits), Some(b'.' | b')')) && blank_at(digits + 1);
            let begins = first || line[..digits].parse() == Ok(1_u64);
            (digits <= 9 && marks && begins).then_some(digits)
        }
        _ => None,
    }
}

/// A line of hyphens, equals signs, stars and the like: a rule, an underline, a table's.
fn is_ruling(line: &str) -> bool {
    line.bytes().all(|byte| b"-=_*|: \t".contains(&byte)) && line.len() > 1
        || line == "="
        || line == "-"
}

/// A link's or a picture's address and title, in parentheses.
pub(super) fn target(url: &str, title: &str) -> String {
    let plain = !url.is_empty()
        && !url.starts_with('<')
        && !url.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '\\' | '<' | '>')
        })
        && !url.char_indices().any(|(at, c)| c == '&' && is_entity(&url[at..]));
    let mut out = String::from("(");
    match plain {
        true => out.push_str(url),
        false if url.is_empty() && title.is_empty() => {}
        false => {
            out.push('<');
            for (at, c) in url.char_indices() {
                if matches!(c, '<' | '>' | '\\') || (c == '&' && is_entity(&url[at..])) {
                    out.push('\\');
                }
                out.push(c);
            }
            out.push('>');
        }
    }
    if !title.is_empty() {
        out.push_str(" \"");
        for (at, c) in title.char_indices() {
            if matches!(c, '"' | '\\') || (c == '&' && is_entity(&title[at..])) {
                out.push('\\');
            }
            out.push(c);
        }
        out.push('"');
    }
    out.push(')');
    out
}

/// A plain text (a title, a credit, a picture's words) on one line.
pub(super) fn plain(text: &str, care: Care) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if inline(&text[at..], care) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A code span, its fence longer than any run of backticks in it.
pub(super) fn code_span(code: &str) -> String {
    let fence = "`".repeat(shortest_absent(code, '`', 1));
    let blanks = code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty();
    let pad = if blanks || code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{code}{pad}{fence}")
}

/// One more than the longest run of a character, at least `least`.
pub(super) fn shortest_absent(text: &str, c: char, least: usize) -> usize {
    let runs = text.split(|other| other != c).map(|run| run.len());
    runs.max().map_or(least, |longest| (longest + 1).max(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_would_begin_a_block_are_escaped() {
        for (text, at) in [
            ("# x", 0),
            ("- x", 0),
            ("1. x", 1),
            ("12) x", 2),
            ("> x", 0),
            ("---", 0),
            ("[a]: b", 0),
        ] {
            assert_eq!(line(text, true), Some(at), "{text}");
        }
        for text in ["#x", "-x", "1.5", "2024", "", "=x", "a - b"] {
            assert_eq!(line(text, true), None, "{text}");
        }
        assert_eq!(line("2. x", false), None, "only 1 begins a list inside a paragraph");
    }

    #[test]
    fn code_spans_are_fenced_by_more_than_they_hold() {
        assert_eq!(code_span("a"), "`a`");
        assert_eq!(code_span("a`b"), "``a`b``");
        assert_eq!(code_span("`"), "`` ` ``");
    }
}
