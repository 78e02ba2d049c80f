//! From the tree to values: texts, lists, truth values, with what is wrong told key by key.
//!
//! Coercions are the rule: a text where a list is expected is a list of one, `'[]'` and `null`
//! are nothing. What cannot be coerced is left out and told; nothing here is fatal.

use serde::{Deserialize, Serialize};

use super::fault::{put_in_quotes, shortened};
use super::{Entry, Node, Value};
use crate::diagnostics::{Diagnostic, Severity, nearest};
use crate::source::{Source, Span};

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The text, trimmed.
    pub value: String,
    /// Where the scalar stands.
    pub span: Span,
}

/// Decodes one file's values and collects what is wrong with them.
pub struct Decoder<'a> {
    source: &'a Source,
    severity: Severity,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Decoder<'a> {
    /// A decoder for values of `source`; `severity` is that of a value of the wrong kind.
    pub fn new(source: &'a Source, severity: Severity) -> Self {
        Self { source, severity, diagnostics: Vec::new() }
    }

    /// The file.
    pub fn source(&self) -> &'a Source {
        self.source
    }

    /// What was found wrong.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Adds a complaint of the caller's.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a complaint with the decoder's own severity.
    pub fn complain(&mut self, code: &'static str, span: Span, message: String, hint: String) {
        let diagnostic = Diagnostic::new(self.severity, code, self.source, Some(span), message);
        self.push(diagnostic.hint(hint));
    }

    /// A mapping's entries; nothing for null, a complaint for anything else.
    pub fn entries<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Entry] {
        match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            _ => {
                self.wrong_kind(key, node, "a mapping (`key: value`)");
                &[]
            }
        }
    }

    /// A text; white space at its ends left out, an empty one is none. A list of one text is
    /// that text; a short list or mapping that was meant as text is read literally.
    pub fn text(&mut self, key: &str, node: &Node) -> Option<Text> {
        match &node.value {
            Value::Null => None,
            Value::Scalar { text, plain } => {
                let Some(inner) = escaped(text).filter(|_| *plain) else {
                    return filled(text, node.span);
                };
                self.escaped_quotes(key, node.span, &inner);
                filled(&inner, node.span)
            }
            Value::List(items) if items.is_empty() => None,
            Value::List(items) if items.len() == 1 && is_scalar(&items[0]) => {
                self.text(key, &items[0])
            }
            Value::List(_) | Value::Map(_) => self.literal(key, node),
        }
    }

    fn escaped_quotes(&mut self, key: &str, span: Span, inner: &str) {
        let message = format!("backslashes keep the quotes of `{key}` from being quotes");
        let diagnostic = Diagnostic::warning("yaml/escaped-quote", self.source, span, message);
        self.push(diagnostic.hint(put_in_quotes(inner)));
    }

    /// A text on one line: line breaks and runs of blanks are one blank.
    pub fn line(&mut self, key: &str, node: &Node) -> Option<Text> {
        let text = self.text(key, node)?;
        let value = text.value.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Text { value, span: text.span })
    }

    /// The source text of a list or mapping where a text is expected, when it is on one line.
    fn literal(&mut self, key: &str, node: &Node) -> Option<Text> {
        let text = self.source.slice(node.span).trim();
        if text.is_empty() || text.contains('\n') {
            self.wrong_kind(key, node, "a text");
            return None;
        }
        if wiki_link(text).is_none() {
            let kind = kind(node);
            let message = format!(
                "`{key}` is meant as text here, but without quotes YAML takes it for {kind}"
            );
            self.complain("yaml/wrong-kind", node.span, message, put_in_quotes(text));
        }
        filled(text, node.span)
    }

    /// A list of texts. One text is a list of one; empty items are left out with a warning.
    pub fn list(&mut self, key: &str, node: &Node) -> Vec<Text> {
        match &node.value {
            Value::Null => Vec::new(),
            Value::Scalar { text, plain } => {
                if *plain
                    && text.starts_with('-')
                    && !["--", "- "].iter().any(|start| text.starts_with(start))
                {
                    self.dash_without_blank(key, node.span);
                }
                filled(text, node.span).filter(|text| text.value != "[]").into_iter().collect()
            }
            Value::List(items) => self.items(key, node, items),
            Value::Map(_) => {
                self.no_list(key, node, &format!("`{key}`"), "a list of texts");
                Vec::new()
            }
        }
    }

    /// Complains about a mapping where texts are listed.
    fn no_list(&mut self, key: &str, node: &Node, what: &str, expected: &str) {
        let message = format!("{what} should be {expected}, and is {}", kind(node));
        let hint = format!("write `{key}: [one, two]`");
        self.complain("yaml/wrong-kind", first_line(self.source, node.span), message, hint);
    }

    /// Warns of a comment behind a text without quotes: `title: C # is`.
    pub fn comment_behind(&mut self, key: &str, node: &Node) {
        let source = self.source;
        let rest = &source.text()[node.span.end as usize..];
        let line = rest.lines().next().unwrap_or("").trim_end();
        let comment = line.trim_start();
        if !comment.starts_with('#') || !matches!(node.value, Value::Scalar { plain: true, .. }) {
            return;
        }
        let end = node.span.end as usize + line.len();
        let span = Span::new(end - comment.len(), end);
        let message = format!("`#` after a blank begins a comment, which is no part of `{key}`");
        let whole = source.slice(Span { start: node.span.start, end: span.end });
        let hint = format!(
            "{}; or, if it is meant as a comment, write it on a line of its own",
            put_in_quotes(whole)
        );
        self.push(Diagnostic::warning("yaml/comment", source, span, message).hint(hint));
    }

    fn items(&mut self, key: &str, node: &Node, items: &[Node]) -> Vec<Text> {
        let whole = self.source.slice(node.span).trim();
        if wiki_link(whole).is_some() {
            return filled(whole, node.span).into_iter().collect();
        }
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            if matches!(item.value, Value::Map(_)) && self.source.slice(item.span).starts_with('{')
            {
                self.no_list(key, item, &format!("an item of `{key}`"), "a text");
                continue;
            }
            let text = self.text(key, item);
            if text.is_none() && is_empty(item) {
                self.empty_item(key, item.span, node.span);
            }
            texts.extend(text);
        }
        texts
    }

    /// Complains about an empty item of a list, at its dash where it has one.
    pub fn empty_item(&mut self, key: &str, item: Span, list: Span) {
        let span = self.dash_before(item).unwrap_or(if item.is_empty() { list } else { item });
        let span = first_line(self.source, span);
        let message = format!("the list `{key}` has an empty item");
        let diagnostic = Diagnostic::warning("yaml/empty-item", self.source, span, message);
        let rest = self.source.text()[span.start as usize..].lines().next().unwrap_or("");
        let rest = rest.trim_start_matches(['-', ' ', '\t']).trim_end();
        let comment = rest.strip_prefix('#').is_some_and(|rest| !rest.starts_with([' ', '#']));
        let hint = if comment {
            format!("`{}` is a comment to YAML; {}", shortened(rest), put_in_quotes(rest))
        } else {
            "fill it in or remove it".to_owned()
        };
        self.push(diagnostic.hint(hint));
    }

    /// The dash of an item that has nothing behind it.
    fn dash_before(&self, item: Span) -> Option<Span> {
        let before = self.source.text()[..item.start as usize].trim_end_matches([' ', '\t']);
        let dash = before.len().checked_sub(1).filter(|_| item.is_empty() && before.ends_with('-'));
        dash.map(|dash| Span::new(dash, dash + 1))
    }

    fn dash_without_blank(&mut self, key: &str, span: Span) {
        let message = format!("the list `{key}` is read as one text: there is no space after `-`");
        let diagnostic = Diagnostic::warning("yaml/missing-space", self.source, span, message);
        self.push(diagnostic.hint("write `- item`"));
    }

    /// A truth value: `true`, `yes`, `on` and their opposites.
    pub fn flag(&mut self, key: &str, node: &Node) -> Option<bool> {
        if let Value::Scalar { text, .. } = &node.value {
            match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => return Some(true),
                "false" | "no" | "off" => return Some(false),
                _ => {}
            }
        }
        if node.value != Value::Null {
            self.wrong_kind(key, node, "`true` or `false`");
        }
        None
    }

    /// A whole number of at least `least`.
    pub fn number(&mut self, key: &str, node: &Node, least: usize) -> Option<usize> {
        let parsed = match &node.value {
            Value::Null => return None,
            Value::Scalar { text, .. } => text.trim().parse().ok(),
            _ => None,
        };
        let number = parsed.filter(|number| *number >= least);
        if number.is_none() {
            self.wrong_kind(key, node, &format!("a whole number, {least} or more"));
        }
        number
    }

    /// One of a few words; gives its index.
    pub fn choice(&mut self, key: &str, node: &Node, words: &[&str]) -> Option<usize> {
        let text = self.line(key, node)?;
        let found = words.iter().position(|word| word.eq_ignore_ascii_case(&text.value));
        if found.is_none() {
            self.unknown_word(key, &text, words);
        }
        found
    }

    /// Complains about a value that is none of those allowed.
    pub fn unknown_word(&mut self, key: &str, text: &Text, words: &[&str]) {
        let message = format!("`{key}` cannot be `{}`", shortened(&text.value));
        let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let hint = match nearest(&text.value, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`? It can be {all}"),
            None => format!("it can be {all}"),
        };
        self.complain("yaml/unknown-value", text.span, message, hint);
    }

    /// Complains about a key that the format does not have.
    pub fn unknown_key(&mut self, entry: &Entry, known: &[&str], of: &str) {
        let key = shortened(&entry.key);
        let message = format!("{of} has no key `{key}`");
        let hint = match nearest(&entry.key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", known.join(", ")),
        };
        let diagnostic =
            Diagnostic::error("yaml/unknown-key", self.source, entry.key_span, message);
        self.push(diagnostic.hint(hint));
    }

    /// Complains about a value of another kind than expected.
    pub fn wrong_kind(&mut self, key: &str, node: &Node, expected: &str) {
        let is = match &node.value {
            Value::Scalar { text, .. } => format!("`{}`", shortened(text.trim())),
            _ => kind(node).to_owned(),
        };
        let message = format!("`{key}` should be {expected}, and is {is}");
        let hint = format!("write `{key}:` with {expected}");
        self.complain("yaml/wrong-kind", first_line(self.source, node.span), message, hint);
    }
}

/// `[[target|shown]]`, as note-taking programs link: target and what is shown.
pub fn wiki_link(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim().strip_prefix("[[")?.strip_suffix("]]")?;
    if inner.contains(['[', ']']) || inner.trim().is_empty() {
        return None;
    }
    let (target, shown) = inner.split_once('|').unwrap_or((inner, inner));
    let shown = if shown.trim().is_empty() { target } else { shown };
    Some((target.trim(), shown.trim()))
}

fn filled(text: &str, span: Span) -> Option<Text> {
    let value = text.trim();
    (!value.is_empty()).then(|| Text { value: value.to_owned(), span })
}

/// The text in `\"text\"`, which programs write that escape a value and then do not quote it.
fn escaped(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix("\\\"")?.strip_suffix("\\\"")?;
    let inner = inner.replace("\\\"", "\"");
    (!inner.contains('\\')).then_some(inner)
}

fn is_scalar(node: &Node) -> bool {
    matches!(node.value, Value::Scalar { .. })
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Scalar { text, .. } => text.trim().is_empty(),
        _ => false,
    }
}

fn kind(node: &Node) -> &'static str {
    match node.value {
        Value::Null => "empty",
        Value::Scalar { .. } => "a text",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}

/// A span that goes over several lines, cut at the end of its first.
pub(crate) fn first_line(source: &Source, span: Span) -> Span {
    let line = source.slice(span).lines().next().unwrap_or("");
    Span::new(span.start as usize, span.start as usize + line.len())
}
