//! The built-in scripts and stylesheets as they are served: without comments, needless blanks
//! and long local names, which halves a script.
//!
//! Knows the JavaScript of `static/theme/` and no more: no template literals with values in
//! them, no declarations but `var`, `function` and `catch`. A local name is shortened everywhere in
//! its file or nowhere; those that are globals' too keep theirs. A site's own files are served as
//! they are written.

use std::collections::{BTreeMap, HashMap, HashSet};

/// What browsers and the scripts of a page call something, so that a local name of the same
/// spelling may mean that elsewhere in the file.
const GLOBALS: &[&str] = &[
    "close",
    "document",
    "find",
    "focus",
    "history",
    "length",
    "location",
    "name",
    "navigator",
    "open",
    "origin",
    "parent",
    "postil",
    "print",
    "root",
    "scroll",
    "self",
    "status",
    "stop",
    "top",
    "window",
];

/// A stylesheet without comments and needless blanks.
pub(super) fn style(css: &str) -> String {
    let mut bare = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, behind)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let mut out = String::with_capacity(bare.len());
    let (mut quoted, mut blank) = (false, false);
    for letter in bare.chars() {
        if letter.is_whitespace() && !quoted {
            blank = true;
            continue;
        }
        let within = !out.is_empty() && !"{};,".contains(letter);
        // Behind a colon stands a value: a blank between two parts of a selector is before one.
        if blank && within && !out.ends_with(['{', '}', ';', ',', ':']) {
            out.push(' ');
        }
        if letter == '}' && out.ends_with(';') {
            out.pop();
        }
        quoted ^= letter == '"';
        blank = false;
        out.push(letter);
    }
    out.push('\n');
    out
}

/// A script that does the same in fewer bytes.
pub(super) fn script(js: &str) -> String {
    let tokens = tokens(js);
    let short = short_names(&tokens);
    let mut out = String::with_capacity(js.len());
    for token in &tokens {
        let text = match token.kind {
            Kind::Name if !token.property => {
                short.get(token.text).map_or(token.text, String::as_str)
            }
            _ => token.text,
        };
        if let (Some(last), Some(first)) = (out.chars().last(), text.chars().next()) {
            if token.line && !"{([,;".contains(last) && !"})]".contains(first) {
                out.push('\n');
            } else if is_name(last) && is_name(first)
                || token.blank && last == first && "+-".contains(first)
            {
                out.push(' ');
            }
        }
        out.push_str(text);
    }
    out.push('\n');
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    /// One character of punctuation.
    Sign,
    /// A string, a number, a regular expression.
    Literal,
}

struct Token<'a> {
    text: &'a str,
    kind: Kind,
    /// Whether it begins a line.
    line: bool,
    /// Whether a blank stands before it.
    blank: bool,
    /// A name behind a dot, or before the colon of an object's entry.
    property: bool,
}

fn tokens(js: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut line, mut blank) = (false, false);
    let mut rest = js;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = match first {
            '\n' => {
                line = true;
                (1, None)
            }
            _ if first.is_whitespace() => {
                blank = true;
                (first.len_utf8(), None)
            }
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
            '/' if rest.starts_with("/*") => {
                (rest.find("*/").map_or(rest.len(), |at| at + 2), None)
            }
            '/' if begins_expression(tokens.last()) => (literal(rest, '/'), Some(Kind::Literal)),
            '\'' | '"' | '`' => (literal(rest, first), Some(Kind::Literal)),
            _ if is_name(first) => {
                let length = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
                (length, Some(if first.is_ascii_digit() { Kind::Literal } else { Kind::Name }))
            }
            _ => (first.len_utf8(), Some(Kind::Sign)),
        };
        let (text, behind) = rest.split_at(length);
        if let Some(kind) = kind {
            let property = kind == Kind::Name && is_property(&tokens, behind);
            tokens.push(Token { text, kind, line, blank, property });
            (line, blank) = (false, false);
        }
        rest = behind;
    }
    tokens
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

/// Whether a slash behind a token begins a regular expression.
fn begins_expression(last: Option<&Token<'_>>) -> bool {
    last.is_none_or(|last| match last.kind {
        Kind::Name => matches!(last.text, "return" | "typeof" | "in"),
        Kind::Sign => !matches!(last.text, ")" | "]" | "}"),
        Kind::Literal => false,
    })
}

/// How long a string or a regular expression is, its flags left out.
fn literal(rest: &str, quote: char) -> usize {
    let (mut escaped, mut class) = (false, false);
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if quote == '/' => class = true,
            ']' if quote == '/' => class = false,
            _ if letter == quote && !class => return at + quote.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// Whether a name between these tokens and this text is a property's.
fn is_property(before: &[Token<'_>], behind: &str) -> bool {
    let last = |back: usize| before.iter().rev().nth(back).map_or("", |token| token.text);
    // `...all` spreads a variable.
    if last(0) == "." {
        return last(1) != ".";
    }
    matches!(last(0), "{" | ",") && behind.trim_start().starts_with(':')
}

/// Short names for the local ones, the shortest for those that stand most often.
fn short_names<'a>(tokens: &[Token<'a>]) -> HashMap<&'a str, String> {
    let declared = declared(tokens);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let names = tokens.iter().filter(|token| token.kind == Kind::Name && !token.property);
    names.for_each(|token| *counts.entry(token.text).or_default() += 1);
    let taken: HashSet<&str> = counts.keys().copied().collect();
    let mut long: Vec<(&str, usize)> = counts
        .iter()
        .map(|(name, count)| (*name, *count))
        .filter(|(name, _)| declared.contains(name) && name.len() > 2 && !GLOBALS.contains(name))
        .collect();
    long.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let letters = || ('a'..='z').chain('A'..='Z');
    let two = letters().flat_map(|first| letters().map(move |second| format!("{first}{second}")));
    let free = letters().map(String::from).chain(two).filter(|name| {
        !taken.contains(name.as_str()) && !matches!(name.as_str(), "do" | "if" | "in" | "of" | "as")
    });
    long.into_iter().map(|(name, _)| name).zip(free).collect()
}

/// What the script declares: variables, functions and their parameters.
fn declared<'a>(tokens: &[Token<'a>]) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Name) {
        let behind = tokens.get(at + 1..).unwrap_or_default();
        match token.text {
            _ if token.property => {}
            "var" => found.extend(behind.first().map(|name| name.text)),
            "function" | "catch" => {
                let head = behind.iter().take_while(|token| token.text != ")");
                found.extend(head.filter(|token| token.kind == Kind::Name).map(|token| token.text));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{script, style};

    #[test]
    fn scripts_stay_what_they_are() {
        let cases = [
            ("var long = 1\nlong.long = { long: long }", "var a=1\na.long={long:a}\n"),
            ("// no\nvar text = 'a // b' /* c */ + \"d\"", "var a='a // b'+\"d\"\n"),
            (
                "function go(event) {\n  return /[/']\\//.test(event)\n}\n",
                "function go(a){return/[/']\\//.test(a)}\n",
            ),
            ("var one = a + +b++\n;[].x(one ? one : two)", "var c=a+ +b++\n;[].x(c?c:two)\n"),
            ("var value = 4 / 2 / value", "var a=4/2/a\n"),
            ("x = [...list]\nvar list", "x=[...a]\nvar a\n"),
            ("if (a) b\nelse c", "if(a)b\nelse c\n"),
        ];
        for (js, expected) in cases {
            assert_eq!(script(js), expected, "{js}");
        }
    }

    #[test]
    fn stylesheets_lose_their_comments() {
        let cases = [
            ("/* a\n b */\np {\n  x: y /* z */;\n}\n", "p{x:y}\n"),
            (
                "a :is(b, c) > d { x: calc(1em + 2em); y: z !important }",
                "a :is(b,c) > d{x:calc(1em + 2em);y:z !important}\n",
            ),
            (
                "@media (a: b) and (c: d) {\n  x::before { content: \"a: b;  \" / \"\" }\n}",
                "@media (a:b) and (c:d){x::before{content:\"a: b;  \" / \"\"}}\n",
            ),
        ];
        for (css, expected) in cases {
            assert_eq!(style(css), expected, "{css}");
        }
    }
}
