//! A template's tags as tokens: names with what hangs on them by dots, strings, signs.
//!
//! Only as much of the engine's syntax as is needed to know which names are variables.

use super::shape::{ONE_OF, SOME_OF};
use crate::source::Span;

/// Words that are no variables.
const KEYWORDS: [&str; 18] = [
    "if",
    "elif",
    "else",
    "not",
    "and",
    "or",
    "in",
    "is",
    "true",
    "false",
    "none",
    "null",
    "True",
    "False",
    "None",
    "for",
    "as",
    "recursive",
];

/// A tag, `{{ … }}` or `{% … %}`.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    /// The first word of `{% … %}`; empty for `{{ … }}`.
    pub keyword: &'a str,
    /// What follows it.
    pub tokens: Vec<Token<'a>>,
}

/// A piece of a tag.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// A variable with its fields.
    Path(Vec<(&'a str, Span)>),
    /// A keyword.
    Word(&'a str),
    /// A name before `=`.
    Argument(&'a str),
    /// A string's content.
    Text(&'a str),
    /// Anything else.
    Sign,
}

impl<'a> Token<'a> {
    /// A keyword, an argument's name, or a variable without fields.
    pub fn name(&self) -> Option<&'a str> {
        match self {
            Self::Word(word) | Self::Argument(word) => Some(word),
            Self::Path(path) => match path.as_slice() {
                [(name, _)] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// A string's content.
    pub fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// All tags of a template, in order; comments and raw parts are left out.
pub(super) fn of(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    let mut raw = false;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let inside = start + 2;
        let end = end_of(text, inside, close);
        at = (end + 2).min(text.len());
        if close == "#}" {
            continue;
        }
        let tag = tag(text, inside, end, close == "%}");
        raw = match tag.keyword {
            "raw" => true,
            "endraw" => false,
            _ => raw,
        };
        if !raw {
            tags.push(tag);
        }
    }
    tags
}

/// Where a tag ends; not within a string.
fn end_of(text: &str, from: usize, close: &str) -> usize {
    let mut quote = None;
    for (at, c) in text[from..].char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if text[from + at..].starts_with(close) => return from + at,
            None if matches!(c, '"' | '\'' | '`') && close != "#}" => quote = Some(c),
            None => {}
        }
    }
    text.len()
}

fn tag(text: &str, from: usize, to: usize, block: bool) -> Tag<'_> {
    let inside = text[from..to].trim_end_matches(['-', ' ', '\n', '\t']);
    let mut lexer = Lexer { text: &text[..from + inside.len()], at: from };
    lexer.skip(|c| c.is_whitespace() || c == '-');
    let keyword = if block { lexer.word() } else { "" };
    Tag { keyword, tokens: lexer.tokens() }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self, test: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !test(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn word(&mut self) -> &'a str {
        self.skip(|c| c.is_alphanumeric() || c == '_')
    }

    fn tokens(mut self) -> Vec<Token<'a>> {
        let mut tokens = Vec::new();
        // A call of a component: its name and its arguments' names are no variables.
        let call = self.rest().trim_start().starts_with('<');
        let mut before = ' ';
        loop {
            self.skip(char::is_whitespace);
            let Some(first) = self.rest().chars().next() else { return tokens };
            let token = match first {
                '"' | '\'' | '`' => self.string(first),
                _ if first.is_alphabetic() || first == '_' => {
                    let after_is =
                        matches!(tokens.last(), Some(Token::Word("is" | "not"))) && tested(&tokens);
                    self.name(
                        matches!(before, '|' | '<' | '/') && (before == '|' || call) || after_is,
                        call,
                    )
                }
                _ if first.is_ascii_digit() => {
                    self.skip(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
                    Token::Sign
                }
                _ => {
                    self.at += first.len_utf8();
                    Token::Sign
                }
            };
            before = first;
            tokens.push(token);
        }
    }

    fn string(&mut self, quote: char) -> Token<'a> {
        self.at += 1;
        let inside = self.skip(|c| c != quote);
        self.at = (self.at + 1).min(self.text.len());
        Token::Text(inside)
    }

    /// A name; `special` when it is a filter's, a test's or a component's.
    fn name(&mut self, special: bool, call: bool) -> Token<'a> {
        let mut path = vec![self.field()];
        loop {
            let rest = self.rest();
            let dot = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'));
            let dotted =
                dot.filter(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'));
            if let Some(after) = dotted {
                self.at = self.text.len() - after.len();
                path.push(self.field());
            } else if let Some(name) = subscript(rest) {
                let start = self.at + 2;
                path.push((name, Span::new(start, start + name.len())));
                self.at = start + name.len() + 2;
            } else if let Some((sign, length)) = place(rest) {
                path.push((sign, Span::new(self.at, self.at + length)));
                self.at += length;
            } else {
                break;
            }
        }
        let next = self.rest().trim_start();
        let argument = next.starts_with('=') && !next.starts_with("==");
        let called = next.starts_with('(');
        let shorthand = call && !self.text[..path[0].1.start as usize].trim_end().ends_with('{');
        match path.as_slice() {
            [(word, _)] if KEYWORDS.contains(word) => Token::Word(word),
            [(name, _)] if argument => Token::Argument(name),
            _ if special || called || shorthand => Token::Sign,
            _ => Token::Path(path),
        }
    }

    fn field(&mut self) -> (&'a str, Span) {
        let start = self.at;
        let name = self.word();
        (name, Span::new(start, self.at))
    }
}

/// The name in `["name"]` at the beginning of a text.
fn subscript(text: &str) -> Option<&str> {
    ["\"", "'"].into_iter().find_map(|quote| {
        let inside = text.strip_prefix('[')?.strip_prefix(quote)?;
        let (name, rest) = inside.split_once(quote)?;
        rest.starts_with(']').then_some(name)
    })
}

/// What `[0]`, `[at]` or `[1:3]` at the beginning of a text takes of a list, and how long it is.
fn place(text: &str) -> Option<(&'static str, usize)> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find([']', '[', '"', '\''])?;
    let (inside, rest) = inside.split_at(end);
    let sign = if inside.contains(':') { SOME_OF } else { ONE_OF };
    (rest.starts_with(']') && !inside.trim().is_empty()).then_some((sign, end + 2))
}

/// Whether the last keywords are `is` or `is not`, so that a test's name follows.
fn tested(tokens: &[Token<'_>]) -> bool {
    let mut words = tokens.iter().rev();
    match words.next() {
        Some(Token::Word("is")) => true,
        Some(Token::Word("not")) => matches!(words.next(), Some(Token::Word("is"))),
        _ => false,
    }
}
