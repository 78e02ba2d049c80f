//! Faults of quotes and brackets: one too few, one too many, one in the wrong place.

use std::ops::Range;

use super::draft::Mend;
use super::fault::{Fault, Scene, put_in_quotes};
use crate::diagnostics::Diagnostic;

impl Scene<'_> {
    /// `'James O'Brien'`, `"say "hi" now"`, `"Title" and more`.
    pub(super) fn inner_quote(&self) -> Option<Fault> {
        let chars = self.chars();
        let line = self.lines.range(self.lines.at(self.at));
        let close = (line.start..self.at).rev().find(|at| chars[*at] != ' ')?;
        let quote = Some(chars[close]).filter(|char| matches!(char, '"' | '\''))?;
        let opens = |at: &usize| {
            chars[*at] == quote && (*at == line.start || " \t[{,(".contains(chars[at - 1]))
        };
        let open = (line.start..close).rev().find(opens)?;
        let end = (close + 1..line.end).find(|at| chars[*at] == quote && self.ends_after(*at));
        let Some(end) = end else { return Some(self.text_after_quote(open, close, line)) };
        let inner = open + 1..end;
        let hint =
            format!("{}, or leave the inner quotes out", put_in_quotes(&self.text(inner.clone())));
        let mends = vec![Mend::Literal(inner)];
        let message = "a quote inside the quoted text ends it too early";
        Some(self.fault("yaml/inner-quote", close..close + 1, message, hint, mends))
    }

    /// Whether a value may end behind this character.
    fn ends_after(&self, at: usize) -> bool {
        let next = self.chars()[at + 1..].iter().find(|char| !matches!(char, ' ' | '\t'));
        next.is_none_or(|char| matches!(char, ',' | ']' | '}' | '\n' | '\r' | '#'))
    }

    fn text_after_quote(&self, open: usize, close: usize, line: Range<usize>) -> Fault {
        let value = self.shape(self.lines.at(self.at)).value;
        let in_brackets = open > value.start && matches!(self.chars()[value.start], '[' | '{');
        let ends = |at: &usize| in_brackets && matches!(self.chars()[*at], ',' | ']' | '}');
        let end = (close + 1..line.end).find(ends).unwrap_or(line.end);
        let end = self.trimmed(close + 1..end).end;
        let hint = put_in_quotes(&self.text(open..end));
        let mends = vec![Mend::Literal(open..end)];
        let message = "text follows the quote that ends the value";
        self.fault("yaml/inner-quote", close + 1..end, message, hint, mends)
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let blank = |at: usize| self.chars()[at].is_whitespace();
        let mut end = range.end;
        while end > range.start && blank(end - 1) {
            end -= 1;
        }
        range.start..end
    }

    /// A quote that opens a value and is never closed.
    pub(super) fn unclosed_quote(&self) -> Option<Fault> {
        let chars = self.chars();
        let is_quote = |at: usize| matches!(chars.get(at), Some('"' | '\''));
        let open = if is_quote(self.at) {
            self.at
        } else {
            let candidates = (0..=self.lines.at(self.at)).rev().map(|line| self.shape(line).value);
            let unclosed = |value: &Range<usize>| {
                is_quote(value.start)
                    && (value.len() < 2 || chars[value.end - 1] != chars[value.start])
            };
            candidates.filter(|value| !value.is_empty()).find(unclosed)?.start
        };
        let line = self.lines.range(self.lines.at(open));
        let end = self.trimmed(open..line.end).end;
        let quote = chars[open];
        let message = "the quote that opens here is never closed";
        let hint = format!("put `{quote}` at the end of the value");
        let mends =
            vec![Mend::Replace(open..open + 1, " ".to_owned()), Mend::Literal(open + 1..end)];
        Some(self.fault("yaml/unclosed-quote", open..open + 1, message, hint, mends))
    }

    /// `"C:\notes"`: a backslash that means nothing in double quotes.
    pub(super) fn escape(&self) -> Option<Fault> {
        let chars = self.chars();
        let line = self.lines.range(self.lines.at(self.at));
        let known = |char: char| "0abtnvfre \"/\\N_LP\t".contains(char);
        let mut bad = Vec::new();
        let mut at = line.start;
        while at + 1 < line.end {
            if chars[at] == '\\' {
                if !known(chars[at + 1]) {
                    bad.push(at);
                }
                at += 1;
            }
            at += 1;
        }
        let first = *bad.first()?;
        let message = format!("`\\{}` means nothing inside double quotes", chars[first + 1]);
        let hint = "write `\\\\` for a backslash, or use single quotes";
        let mends = bad.into_iter().map(|at| Mend::Literal(at..at + 1)).collect();
        Some(self.fault("yaml/escape", first..first + 2, message, hint, mends))
    }

    /// A `[` or `{` without its counterpart.
    pub(super) fn unclosed_bracket(&self) -> Option<Fault> {
        let last = self.lines.at(self.at);
        let first = last.saturating_sub(200);
        let (line, open, closers) = (first..=last)
            .rev()
            .find_map(|line| self.unbalanced(line).map(|(at, open)| (line, at, open)))?;
        // In an item of a list the keys stand in the column behind its dash.
        let indent = self.shape(line).item - self.lines.range(line).start;
        let ends = |line: &usize| {
            let shape = self.shape(*line);
            let left = shape.content - self.lines.range(*line).start <= indent;
            left && (shape.key.is_some() || shape.item > shape.content)
        };
        let next = (line + 1..self.lines.len()).find(ends).unwrap_or(self.lines.len());
        let last = (line..next).rev().find(|line| !self.shape(*line).is_blank(self.chars()))?;
        let end = self.shape(last).value.end;
        let start = self.comment_start(last).unwrap_or(end);
        let bracket = self.chars()[open];
        if let Some(fault) = self.hidden_by_comment(line, bracket) {
            return Some(fault);
        }
        let message = format!("the `{bracket}` that opens here is never closed");
        let hint =
            format!("put `{closers}` at the end, or the whole value in quotes if it is text");
        let mends = vec![Mend::Replace(start..end, closers)];
        Some(self.fault("yaml/unclosed-bracket", open..open + 1, message, hint, mends))
    }

    /// The same on the last line, or right above a key: there the parser says no more than that something
    /// is missing.
    pub(super) fn bracket_at_the_end(&self) -> Option<Fault> {
        let line = self.content_line(self.lines.at(self.at))?;
        let above = line.checked_sub(1).and_then(|above| self.content_line(above));
        [Some(line), above].into_iter().flatten().find_map(|line| self.unbalanced(line))?;
        self.unclosed_bracket()
    }

    /// `{accent: #0a6}`: the closing bracket is in what YAML takes for a comment.
    fn hidden_by_comment(&self, line: usize, bracket: char) -> Option<Fault> {
        let start = self.comment_start(line)?;
        let chars = self.chars();
        let close = if bracket == '[' { ']' } else { '}' };
        let end = self.shape(line).value.end;
        let close = (start..end).rev().find(|at| chars[*at] == close)?;
        let end = (start..close).find(|at| matches!(chars[*at], ',' | ' ' | '}' | ']'));
        let range = start..end.unwrap_or(close);
        if range.len() < 2 {
            return None;
        }
        let message =
            "`#` after a blank begins a comment, so the bracket before it is never closed";
        let hint = put_in_quotes(&self.text(range.clone()));
        let mends = vec![Mend::Literal(start..start + 1)];
        Some(self.fault("yaml/comment", range, message, hint, mends))
    }

    fn comment_start(&self, line: usize) -> Option<usize> {
        let value = self.shape(line).value;
        (value.start + 1..value.end)
            .find(|at| self.chars()[*at] == '#' && self.chars()[at - 1] == ' ')
    }

    /// `[a, , b]`: a comma with nothing before it.
    pub(super) fn empty_item(&self) -> Option<Fault> {
        (self.chars().get(self.at) == Some(&',')).then(|| {
            let range = self.at..self.at + 1;
            let span = self.draft.span(range.clone());
            let message = "there is nothing between two commas of this list";
            let diagnostic = Diagnostic::warning("yaml/empty-item", self.source, span, message)
                .hint("fill it in, or remove this comma");
            Fault { diagnostic, mends: vec![Mend::Replace(range, " ".to_owned())] }
        })
    }

    /// The first bracket of a line's value that is still open at the line's end, and what
    /// would close all that are.
    fn unbalanced(&self, line: usize) -> Option<(usize, String)> {
        let value = self.shape(line).value;
        let chars = self.chars();
        if !matches!(chars.get(value.start), Some('[' | '{')) {
            return None;
        }
        let mut open: Vec<usize> = Vec::new();
        let mut quote = None;
        for at in value {
            match (quote, chars[at]) {
                (Some(mark), char) if char == mark => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if matches!(chars[at - 1], ' ' | '[' | '{' | ',') => {
                    quote = Some(chars[at]);
                }
                (None, '#') if chars[at - 1] == ' ' => break,
                (None, '[' | '{') => open.push(at),
                (None, ']' | '}') => {
                    open.pop();
                }
                _ => {}
            }
        }
        let closers =
            open.iter().rev().map(|at| if chars[*at] == '[' { ']' } else { '}' }).collect();
        open.first().map(|first| (*first, closers))
    }

    /// `title: [Live] Talk`: text that looks like a list at first.
    pub(super) fn bracket_then_text(&self) -> Option<Fault> {
        let shape = self.shape(self.lines.at(self.at));
        let value = shape.value;
        let bracket = *self.chars().get(value.start)?;
        if !matches!(bracket, '[' | '{') || value.is_empty() || self.at <= value.start {
            return None;
        }
        let what = if bracket == '[' { "a list" } else { "a mapping" };
        let message =
            format!("a value that starts with `{bracket}` is read as {what}, and this is none");
        let hint = put_in_quotes(&self.text(value.clone()));
        let mends = vec![Mend::Literal(value.clone())];
        Some(self.fault("yaml/needs-quotes", value, message, hint, mends))
    }
}
