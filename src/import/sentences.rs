//! Where a sentence ends, and how two pieces of text are put together.

use crate::parse::cjk;

/// Words that end in a full stop and end no sentence.
const ABBREVIATIONS: &[&str] =
    &["mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "e.g.", "i.e.", "no.", "jr.", "sr."];

/// Whether a text ends a sentence. Three dots do not: the next cue goes on.
pub(super) fn ends(text: &str) -> bool {
    let closing = |c: char| "\"'”’)）]」』》】*".contains(c) || c.is_whitespace();
    let text = text.trim_end_matches(closing);
    let Some(last) = text.chars().next_back() else { return false };
    if text.ends_with("..") || !matches!(last, '.' | '?' | '!' | '。' | '？' | '！' | '؟' | '।')
    {
        return false;
    }
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    !ABBREVIATIONS.contains(&word.as_str())
}

/// Where the last sentence that ends within a text ends; none when none does before its end.
pub(super) fn last_end(text: &str) -> Option<usize> {
    let starts =
        text.char_indices().rev().filter(|(_, c)| c.is_whitespace() || cjk::joins_lines(*c));
    let after = |(at, c): (usize, char)| if c.is_whitespace() { at } else { at + c.len_utf8() };
    starts
        .map(after)
        .find(|at| ends(&text[..*at]) && text[*at..].chars().any(char::is_alphanumeric))
}

/// Adds a piece: with a blank, or with none where the script writes none.
pub(super) fn append(text: &mut String, more: &str, blank_in_han: bool) {
    let wide = |c: Option<char>| c.is_some_and(cjk::joins_lines);
    let joins = wide(text.chars().next_back()) && wide(more.chars().next());
    let is_mark = text.chars().next_back().is_some_and(cjk::is_wide_mark)
        || more.chars().next().is_some_and(cjk::is_wide_mark);
    if !text.is_empty() && !more.is_empty() && (!joins || (blank_in_han && !is_mark)) {
        text.push(' ');
    }
    text.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end() {
        for end in ["So.", "So?\"", "好。", "「好！」", "no (really).", "It is 3."] {
            assert!(ends(end), "{end}");
        }
        for open in ["So", "So,", "so...", "so…", "Dr.", "", "…", "好，"] {
            assert!(!ends(open), "{open}");
        }
    }

    #[test]
    fn the_last_end_within() {
        assert_eq!(last_end("One. Two. And three"), Some(9));
        assert_eq!(last_end("一句。两句"), Some("一句。".len()));
        assert_eq!(last_end("One sentence."), None);
        assert_eq!(last_end("no end"), None);
    }

    #[test]
    fn pieces_are_joined_as_the_script_writes() {
        for (text, more, blank, joined) in [
            ("Hello", "there", false, "Hello there"),
            ("我们今天", "聊训练", false, "我们今天聊训练"),
            ("我们今天", "聊训练", true, "我们今天 聊训练"),
            ("我们今天，", "聊训练", true, "我们今天，聊训练"),
            ("用", "AI", false, "用 AI"),
        ] {
            let mut text = text.to_owned();
            append(&mut text, more, blank);
            assert_eq!(text, joined);
        }
    }
}
