//! Characters without width that are no part of the words: watermarks.
//!
//! Some subtitle files carry thousands of them. Joiners and direction marks that a script needs
//! (emoji, Persian, Indic, Arabic, Hebrew) stay.

/// The text without watermarks, and how many characters were left out.
pub(super) fn removed(text: &str) -> (String, usize) {
    let mut kept = String::with_capacity(text.len());
    let mut count = 0;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let before = kept.chars().next_back();
        let is_mark = match c {
            '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' => true,
            '\u{200c}'..='\u{200f}' => {
                !(before.is_some_and(needs_joiners)
                    && characters.peek().copied().is_none_or(needs_joiners_behind))
            }
            _ => false,
        };
        if is_mark {
            count += 1;
        } else {
            kept.push(c);
        }
    }
    (kept, count)
}

/// Letters of scripts that join or run from right to left, and signs that combine (emoji).
fn needs_joiners(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{200c}'..='\u{200f}' | '\u{2190}'..='\u{2bff}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe0f}' | '\u{fe70}'..='\u{fefc}' | '\u{1f000}'..='\u{1faff}')
}

fn needs_joiners_behind(c: char) -> bool {
    needs_joiners(c) || c.is_whitespace() || c.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watermarks_go_and_joiners_stay() {
        let (text, count) = removed("主\u{200b}持\u{200d}人 a\u{200c}\u{200b}b\u{feff}");
        assert_eq!((text.as_str(), count), ("主持人 ab", 5));
        for kept in ["👩\u{200d}💻", "می\u{200c}خواهم", "क्\u{200d}ष"] {
            assert_eq!(removed(kept), (kept.to_owned(), 0));
        }
    }
}
