//! Code with colours: syntect's grammars, by class.
//!
//! A scope is brought down to one of eight classes of one letter, so that the theme's colours
//! for light and dark are eight lines and the markup stays small. Grammars are loaded when the
//! first code block with a language is met. An unknown language is plain text.

use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

use super::text;

/// Longer code is shown without colours: nobody reads it, and grammars are slow on it.
const LIMIT: usize = 100_000;

/// Lines longer than this are data; a grammar may need quadratic time for them.
const LINE_LIMIT: usize = 2_000;

/// Scope prefixes and their classes; of those that match, the innermost scope's first holds.
const CLASSES: [(&str, &str); 17] = [
    ("comment", "c"),
    ("string", "s"),
    ("constant.character.escape", "n"),
    ("constant", "n"),
    ("keyword.operator", ""),
    ("keyword", "k"),
    ("storage", "k"),
    ("variable.language", "k"),
    ("entity.name.function", "f"),
    ("support.function", "f"),
    ("variable.function", "f"),
    ("entity.name.tag", "k"),
    ("entity.name", "t"),
    ("support", "t"),
    ("entity.other.attribute-name", "f"),
    ("markup.deleted", "d"),
    ("markup.inserted", "s"),
];

/// Appends code, escaped and with classes.
pub(super) fn highlight(out: &mut String, code: &str, language: &str) {
    let known = (code.len() <= LIMIT).then(|| syntax(language)).flatten();
    match known {
        Some((set, syntax)) if code.lines().all(|line| line.len() <= LINE_LIMIT) => {
            let before = out.len();
            if coloured(out, code, set, syntax).is_none() {
                out.truncate(before);
                text(out, code);
            }
        }
        _ => text(out, code),
    }
}

fn syntax(language: &str) -> Option<(&'static SyntaxSet, &'static SyntaxReference)> {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    if matches!(language, "" | "text" | "txt" | "plain") {
        return None;
    }
    let set = SET.get_or_init(two_face::syntax::extra_newlines);
    set.find_syntax_by_token(language).map(|syntax| (set, syntax))
}

fn classes() -> &'static [(Scope, &'static str)] {
    static TABLE: OnceLock<Vec<(Scope, &'static str)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let scope = |name| Scope::new(name).expect("the table's scopes are well formed");
        CLASSES.iter().map(|(name, class)| (scope(name), *class)).collect()
    })
}

fn class_of(stack: &ScopeStack) -> &'static str {
    let innermost = stack.as_slice().iter().rev();
    let named = |scope: &Scope| classes().iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
    innermost.filter_map(named).next().map_or("", |(_, class)| class)
}

/// None when the grammar fails.
fn coloured(out: &mut String, code: &str, set: &SyntaxSet, syntax: &SyntaxReference) -> Option<()> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut spans = Spans { out, class: "" };
    for line in LinesWithEndings::from(code) {
        let mut at = 0;
        for (next, change) in state.parse_line(line, set).ok()? {
            spans.write(&line[at..next], class_of(&stack));
            stack.apply(&change).ok()?;
            at = next;
        }
        spans.write(&line[at..], class_of(&stack));
    }
    spans.change("");
    Some(())
}

/// Neighbouring pieces of one class share a span.
struct Spans<'o> {
    out: &'o mut String,
    class: &'static str,
}

impl Spans<'_> {
    fn write(&mut self, piece: &str, class: &'static str) {
        if piece.is_empty() {
            return;
        }
        if !piece.trim().is_empty() {
            self.change(class);
        }
        text(self.out, piece);
    }

    fn change(&mut self, class: &'static str) {
        if class == self.class {
            return;
        }
        if !self.class.is_empty() {
            self.out.push_str("</span>");
        }
        if !class.is_empty() {
            self.out.push_str("<span class=\"");
            self.out.push_str(class);
            self.out.push_str("\">");
        }
        self.class = class;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, language: &str) -> String {
        let mut out = String::new();
        highlight(&mut out, code, language);
        out
    }

    #[test]
    fn code_keeps_its_characters() {
        let html = shown("fn main() { let x = \"<a>\"; } // 完\n", "rust");
        assert!(html.contains("<span class=\"k\">fn</span>"), "{html}");
        assert!(html.contains("<span class=\"s\">\"&lt;a&gt;\"</span>"), "{html}");
        assert!(html.contains("<span class=\"c\">// 完"), "{html}");
        let bare = html.replace("</span>", "");
        let bare: String = bare
            .split("<span class=\"")
            .map(|part| {
                part.split_once("\">")
                    .filter(|(class, _)| class.len() == 1)
                    .map_or(part, |(_, rest)| rest)
            })
            .collect();
        assert_eq!(bare, "fn main() { let x = \"&lt;a&gt;\"; } // 完\n");
    }

    #[test]
    fn unknown_and_huge_code_is_plain() {
        assert_eq!(shown("a < b", "nonesuch"), "a &lt; b");
        assert_eq!(shown("a < b", ""), "a &lt; b");
        let long = format!("let x = \"{}\";", "y".repeat(LINE_LIMIT));
        assert_eq!(shown(&long, "rust"), long);
    }
}
