//! What to tell an editor when a file is not YAML, and how to go on after it.
//!
//! The parser says where it gave up; the faults here say what the author did: forgot quotes, a
//! blank, a bracket. Each explanation comes with the mend that lets the parser pass, so that the
//! next fault can be found too. Quotes and brackets are `flow`'s.

use std::ops::Range;

use saphyr_parser::ScanError;

use super::draft::{Draft, Mend};
use super::line::{Lines, Shape};
use super::{Node, Value};
use crate::diagnostics::Diagnostic;
use crate::source::Source;

/// A fault, explained, with the mends that step over it.
pub(super) struct Fault {
    pub(super) diagnostic: Diagnostic,
    pub(super) mends: Vec<Mend>,
}

/// Where the parser gave up, and what stands around it.
pub(super) struct Scene<'a> {
    pub(super) source: &'a Source,
    pub(super) draft: &'a Draft,
    pub(super) lines: Lines,
    /// The character at which the parser gave up.
    pub(super) at: usize,
}

/// Finds the author's fault behind a parser's error.
pub(super) fn explain(source: &Source, draft: &Draft, scan: &ScanError) -> Fault {
    let lines = Lines::of(draft.chars());
    let at = scan.marker().index().min(draft.chars().len());
    let scene = Scene { source, draft, lines, at };
    let info = scan.info();
    let found = match info {
        "mapping values are not allowed in this context" => scene.second_colon(),
        "simple key expect ':'" | "simple key expected" => scene.no_colon(),
        "block sequence entries are not allowed in this context" => scene.list_beside_key(),
        "found unprintable character" => scene.unprintable(),
        _ if info.contains("expected node content") => scene.empty_item(),
        _ if info.contains("alias") || info.contains("unknown anchor") => scene.star(),
        _ if info.contains("unexpected character") || info.contains("block scalar") => {
            scene.special_start()
        }
        _ if info.contains("escape") || info.contains("hexadecimal") => scene.escape(),
        _ if info.contains("trailing content") => scene.inner_quote(),
        _ if info.contains("quoted scalar") => scene.unclosed_quote(),
        _ if info.contains("flow") || info.contains("illegal placement") => {
            scene.unclosed_bracket()
        }
        _ => None,
    };
    let tab =
        || if info.contains("tab") || info.contains("document start") { scene.tab() } else { None };
    found
        .or_else(tab)
        .or_else(|| scene.bracket_then_text())
        .or_else(|| scene.full_width_colon(scene.lines.at(at)))
        .or_else(|| scene.tab_after_colon())
        .or_else(|| scene.bracket_at_the_end())
        .unwrap_or_else(|| scene.other(info))
}

/// A text in place of keys: all colons are full width, which is no fault to the parser.
pub(super) fn keys_in_text(source: &Source, draft: &Draft, root: Option<&Node>) -> Vec<Fault> {
    let is_text = |node: &Node| matches!(node.value, Value::Scalar { plain: true, .. });
    if !root.is_some_and(is_text) {
        return Vec::new();
    }
    let scene = Scene { source, draft, lines: Lines::of(draft.chars()), at: 0 };
    (0..scene.lines.len()).filter_map(|line| scene.full_width_colon(line)).collect()
}

impl Scene<'_> {
    pub(super) fn chars(&self) -> &[char] {
        self.draft.chars()
    }

    pub(super) fn shape(&self, line: usize) -> Shape {
        Shape::of(self.chars(), self.lines.range(line))
    }

    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.draft.restore(self.chars()[range].iter().collect::<String>().into())
    }

    /// An error at a range of characters, with the mends that step over it.
    pub(super) fn fault(
        &self,
        code: &'static str,
        range: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
        mends: Vec<Mend>,
    ) -> Fault {
        let span = self.draft.span(range);
        let diagnostic = Diagnostic::error(code, self.source, span, message).hint(hint);
        Fault { diagnostic, mends }
    }

    fn name(&self, shape: &Shape) -> String {
        shape.key.clone().map_or("the item".to_owned(), |key| format!("`{}`", self.text(key)))
    }

    /// The last line at or above `line` that is neither blank nor a comment.
    pub(super) fn content_line(&self, line: usize) -> Option<usize> {
        (0..=line).rev().find(|line| !self.shape(*line).is_blank(self.chars()))
    }

    /// `title: Part one: the beginning`.
    fn second_colon(&self) -> Option<Fault> {
        let line = self.lines.at(self.at);
        let shape = self.shape(line);
        if shape.key.as_ref().is_none_or(|key| key.end >= self.at) {
            return self.broken_above(line);
        }
        let value = shape.value.clone();
        let message = format!(
            "the value of {} contains `: `, which YAML takes for another key",
            self.name(&shape)
        );
        let hint = put_in_quotes(&self.text(value.clone()));
        let mut fault = self.fault(
            "yaml/unquoted-colon",
            value.clone(),
            message,
            hint,
            vec![Mend::Literal(value)],
        );
        fault.diagnostic = fault.diagnostic.label("this needs quotes");
        Some(fault)
    }

    /// The line itself is sound; the one above made it unreadable.
    fn broken_above(&self, line: usize) -> Option<Fault> {
        let above = self.content_line(line.checked_sub(1)?)?;
        let (shape, below) = (self.shape(above), self.shape(line));
        if let Some(fault) = self.missing_space(above).or_else(|| self.full_width_colon(above)) {
            return Some(fault);
        }
        if shape.key.is_none() {
            return Some(self.no_key(above));
        }
        let column = |line: usize, at: usize| at - self.lines.range(line).start;
        let (left, right) = (column(above, shape.item), column(line, below.item));
        (!shape.value.is_empty() && right > left).then(|| {
            let message = format!(
                "{} is indented below {}, which has a value already",
                self.name(&below),
                self.name(&shape)
            );
            let hint =
                format!("start {} in the same column as {}", self.name(&below), self.name(&shape));
            let mends = self.dedent(line, column(line, below.content), right - left);
            self.fault("yaml/indentation", below.item..below.value.end, message, hint, mends)
        })
    }

    /// Moves a line, and those below it that are indented as far, to the left.
    fn dedent(&self, line: usize, indent: usize, by: usize) -> Vec<Mend> {
        let deep = |line: &usize| {
            let shape = self.shape(*line);
            shape.is_blank(self.chars()) || shape.content - self.lines.range(*line).start >= indent
        };
        let by = by.min(indent);
        (line..self.lines.len())
            .take_while(deep)
            .filter(|line| !self.shape(*line).is_blank(self.chars()))
            .map(|line| self.lines.range(line).start)
            .map(|start| Mend::Replace(start..start + by, String::new()))
            .collect()
    }

    /// The parser waited for a colon: the line before the place has none, or none with a blank.
    fn no_colon(&self) -> Option<Fault> {
        let line = self.lines.at(self.at);
        let before = if self.at > self.shape(line).content { line } else { line.checked_sub(1)? };
        let above = self.content_line(before)?;
        if let Some(fault) = self.missing_space(above).or_else(|| self.full_width_colon(above)) {
            return Some(fault);
        }
        self.shape(above).key.is_none().then(|| self.no_key(above))
    }

    /// `people:[]`.
    fn missing_space(&self, line: usize) -> Option<Fault> {
        let shape = self.shape(line);
        let end = self.lines.range(line).end;
        let word =
            |at: &usize| self.chars()[*at].is_alphanumeric() || "_-".contains(self.chars()[*at]);
        let colon = shape.item + (shape.item..end).take_while(word).count();
        let at = |index: usize| self.chars().get(index).copied().unwrap_or('\n');
        let is_key = colon > shape.item && at(colon) == ':' && !at(colon + 1).is_whitespace();
        if shape.key.is_some() || !is_key || (at(colon + 1), at(colon + 2)) == ('/', '/') {
            return None;
        }
        let key = self.text(shape.item..colon);
        let value = self.text(colon + 1..shape.value.end);
        let message = format!("there is no space after the colon of `{key}`");
        let hint = format!("write `{key}: {}`", shortened(&value));
        let mends = vec![Mend::Replace(colon + 1..colon + 1, " ".to_owned())];
        Some(self.fault("yaml/missing-space", shape.item..colon + 1, message, hint, mends))
    }

    /// `title：…`, with the colon of Chinese text.
    fn full_width_colon(&self, line: usize) -> Option<Fault> {
        let shape = self.shape(line);
        let word =
            |at: &usize| self.chars()[*at].is_ascii_alphanumeric() || self.chars()[*at] == '_';
        let colon = shape.item + (shape.item..shape.value.end).take_while(word).count();
        let found =
            shape.key.is_none() && colon > shape.item && self.chars().get(colon) == Some(&'：');
        found.then(|| {
            let key = self.text(shape.item..colon);
            let message =
                format!("`{key}` is followed by a full-width colon, which YAML does not know");
            let hint = format!("write `{key}: ` with a plain colon and a space");
            let mends = vec![Mend::Replace(colon..colon + 1, ": ".to_owned())];
            self.fault("yaml/full-width-colon", colon..colon + 1, message, hint, mends)
        })
    }

    fn no_key(&self, line: usize) -> Fault {
        let shape = self.shape(line);
        let text = self.text(shape.item..shape.value.end);
        let hint = if text.starts_with("http://") || text.starts_with("https://") {
            format!("write a key before it, for example `media: {}`", shortened(&text))
        } else {
            "write it as `key: value`; if it goes on with the value above, indent it by two spaces"
                .to_owned()
        };
        let range = shape.content..shape.value.end;
        let mends = vec![Mend::Blank(range.clone())];
        self.fault("yaml/no-key", range, "this line has no key", hint, mends)
    }

    /// `* item` for `- item`, or a value that starts with `*` or `&`.
    fn star(&self) -> Option<Fault> {
        let line = self.lines.at(self.at);
        let shape = self.shape(line);
        let chars = self.chars();
        let starred = |shape: &Shape| {
            chars.get(shape.content) == Some(&'*')
                && matches!(chars.get(shape.content + 1), Some(' ' | '\t'))
        };
        if shape.content != self.at || !starred(&shape) {
            return self.special_start();
        }
        let mends = (line..self.lines.len())
            .map(|line| self.shape(line))
            .take_while(|shape| starred(shape) || shape.is_blank(chars))
            .filter(starred)
            .map(|shape| Mend::Replace(shape.content..shape.content + 1, "-".to_owned()))
            .collect();
        let item = self.text((self.at + 1..shape.value.end).start..shape.value.end);
        Some(self.fault(
            "yaml/star-item",
            self.at..self.at + 1,
            "a list item starts with `- `, not with `* `",
            format!("write `-{}`", shortened(&item)),
            mends,
        ))
    }

    /// `title: @home`: a character that YAML keeps for itself.
    fn special_start(&self) -> Option<Fault> {
        let shape = self.shape(self.lines.at(self.at));
        let char = *self.chars().get(self.at)?;
        let whole = shape.value.start == self.at;
        let range = if whole { shape.value } else { self.at..self.at + 1 };
        if !char.is_ascii_punctuation() {
            return None;
        }
        let message = format!("a value cannot start with `{char}` unless it is in quotes");
        let hint = if whole {
            put_in_quotes(&self.text(range.clone()))
        } else {
            "put it in quotes".to_owned()
        };
        let mends = vec![Mend::Literal(range.clone())];
        Some(self.fault("yaml/needs-quotes", range, message, hint, mends))
    }

    /// `tags: - a`.
    fn list_beside_key(&self) -> Option<Fault> {
        let shape = self.shape(self.lines.at(self.at));
        let key = self.text(shape.key.clone()?);
        let message = format!("a list cannot start on the line of its key `{key}`");
        let hint = format!("write each item on its own line below, or `{key}: [one, two]`");
        let mends = vec![Mend::Literal(shape.value.clone())];
        Some(self.fault("yaml/list-beside-key", shape.value, message, hint, mends))
    }

    fn unprintable(&self) -> Option<Fault> {
        let char = *self.chars().get(self.at)?;
        let range = self.at..self.at + 1;
        let message = format!("the character U+{:04X} may not stand in YAML", char as u32);
        let mends = vec![Mend::Replace(range.clone(), " ".to_owned())];
        Some(self.fault("yaml/unprintable", range, message, "delete it", mends))
    }

    fn tab(&self) -> Option<Fault> {
        let tabs = |line: usize| {
            let range = self.lines.range(line);
            let indent = range.start..self.shape(line).content;
            self.chars()[indent.clone()].contains(&'\t').then_some(indent)
        };
        let indents: Vec<Range<usize>> = (0..self.lines.len()).filter_map(tabs).collect();
        let first = indents.first()?.clone();
        let spaces = |indent: Range<usize>| self.text(indent).replace('\t', "  ");
        let mends = indents
            .into_iter()
            .map(|indent| Mend::Replace(indent.clone(), spaces(indent)))
            .collect();
        let message = "this line is indented with a tab, which YAML does not allow";
        Some(self.fault("yaml/tab", first, message, "indent with spaces", mends))
    }

    /// `title:⇥The talk`.
    fn tab_after_colon(&self) -> Option<Fault> {
        let at = self.lines.at(self.at);
        let (shape, tab) =
            [Some(at), at.checked_sub(1)].into_iter().flatten().find_map(|line| {
                let shape = self.shape(line);
                let gap = shape.key.as_ref()?.end + 1..shape.value.start;
                let tab = gap.clone().find(|at| self.chars()[*at] == '\t')?;
                Some((shape, tab))
            })?;
        let name = self.name(&shape);
        let message =
            format!("there is a tab after the colon of {name}, which YAML does not allow");
        let hint = "put a space in its place";
        let mends = vec![Mend::Replace(tab..tab + 1, " ".to_owned())];
        Some(self.fault("yaml/tab", tab..tab + 1, message, hint, mends))
    }

    /// No known fault: the whole of the outermost entry is left out.
    fn other(&self, info: &str) -> Fault {
        let line = self.content_line(self.lines.at(self.at)).unwrap_or(0);
        let shape = self.shape(line);
        let misplaced = info.contains("did not find expected") || info.contains("indentation");
        let (code, message, hint) = if misplaced {
            let hint = "lines that belong together start in the same column; the items of a list start with `- `";
            (
                "yaml/indentation",
                "this line does not fit in with the lines above it".to_owned(),
                hint,
            )
        } else {
            let hint = "if it is meant as text, put it in quotes";
            ("yaml/syntax", format!("this cannot be read as YAML: {info}"), hint)
        };
        let mends = vec![Mend::Blank(self.outermost(line))];
        self.fault(code, shape.content..shape.value.end, message, hint, mends)
    }

    /// All lines of the entry or item at the left margin to which a line belongs.
    fn outermost(&self, line: usize) -> Range<usize> {
        let margin = |line: &usize| {
            let shape = self.shape(*line);
            shape.content == self.lines.range(*line).start && !shape.is_blank(self.chars())
        };
        let first = (0..=line).rev().find(margin).unwrap_or(0);
        let next = (line + 1..self.lines.len()).find(margin);
        let end = next.map_or(self.chars().len(), |line| self.lines.range(line).start);
        self.lines.range(first).start..end
    }
}

/// A text as the hint of a message shows it.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How to quote a text, with the text when it is short.
pub(super) fn put_in_quotes(text: &str) -> String {
    let text = shortened(text);
    let quoted = if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    };
    format!("put it in quotes: `{quoted}`")
}
