//! From parser events to the tree: no recursion, limits kept, duplicate keys told.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks, Tag};

use super::draft::Draft;
use super::{Entry, MAX_ALIASED, MAX_DEPTH, Node, Value, told};
use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span, is_control, turns_direction};

/// Why no tree was built.
pub(super) enum Stop {
    /// The text is not YAML; it may be mended.
    Syntax(ScanError),
    /// A limit was passed.
    Limit(Box<Diagnostic>),
}

/// A list or mapping that is not closed yet.
struct Frame {
    span: Span,
    anchor: usize,
    body: Body,
}

enum Body {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(String, Span)> },
}

struct Builder<'a> {
    source: &'a Source,
    draft: &'a Draft,
    frames: Vec<Frame>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    /// Named scalars that no alias has used yet: the name's place and the value's.
    unused: BTreeMap<usize, (Span, Span)>,
    aliased: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The first document's tree. Faults that do not stop the building go to `diagnostics`.
pub(super) fn build(
    source: &Source,
    draft: &Draft,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Node>, Stop> {
    let text = draft.text();
    let mut builder = Builder {
        source,
        draft,
        frames: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        unused: BTreeMap::new(),
        aliased: 0,
        diagnostics,
    };
    let mut documents = 0;
    for event in Parser::new_from_str(&text) {
        let (event, marks) = event.map_err(Stop::Syntax)?;
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents == 2 {
                let place = draft.span(marks.start.index()..marks.end.index());
                builder.diagnostics.push(told::second_document(source, place));
            }
        }
        if documents < 2 {
            builder.event(event, marks).map_err(Stop::Limit)?;
        }
    }
    for (anchor, value) in builder.unused.values() {
        builder.diagnostics.push(told::unused_anchor(source, *anchor, *value));
    }
    Ok(builder.root)
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Box<Diagnostic>> {
        let span = self.span(marks);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(anchor, tag.as_deref(), span);
                let value = self.scalar(text, style, tag.as_deref(), span);
                self.keep(anchor, Node { span, value });
            }
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::SequenceStart(anchor, _) => self.open(span, anchor, Body::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                self.open(span, anchor, Body::Map { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => {}
        }
        Ok(())
    }

    /// Markers count characters, and may take in white space behind.
    fn span(&self, marks: Marks) -> Span {
        let span = self.draft.span(marks.start.index()..marks.end.index());
        let text = self.source.slice(span).trim_end();
        Span::new(span.start as usize, span.start as usize + text.len())
    }

    /// What stands at the start of a scalar's place and is no part of it: `&name`, `!type`.
    fn properties(&mut self, anchor: usize, tag: Option<&Tag>, span: Span) {
        let whole = self.source.slice(span);
        let words = whole.split_whitespace().take(2);
        for word in words.take_while(|word| word.starts_with(['&', '!'])) {
            let start = span.start as usize + (word.as_ptr() as usize - whole.as_ptr() as usize);
            let place = Span::new(start, start + word.len());
            if word.starts_with('&') && anchor > 0 {
                self.unused.insert(anchor, (place, span));
            } else if word.starts_with('!') && tag.is_some_and(|tag| !tag.is_yaml_core_schema()) {
                self.diagnostics.push(told::unknown_tag(self.source, place, span));
            }
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Value {
        let as_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        let plain = style == ScalarStyle::Plain && !as_text;
        if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
            return Value::Null;
        }
        let text = self.draft.restore(text);
        let text = if style == ScalarStyle::DoubleQuoted { self.legible(text, span) } else { text };
        Value::Scalar { text, plain }
    }

    /// A text without the control characters that escapes have put into it.
    fn legible(&mut self, text: String, span: Span) -> String {
        if let Some(char) = text.chars().find(|char| turns_direction(*char))
            && !self.source.slice(span).contains(char)
        {
            self.diagnostics.push(told::direction(self.source, span, char));
        }
        let Some(char) = text.chars().find(|char| is_control(*char)) else { return text };
        self.diagnostics.push(told::control(self.source, span, char));
        text.replace(is_control, "\u{fffd}")
    }

    fn open(&mut self, span: Span, anchor: usize, body: Body) -> Result<(), Box<Diagnostic>> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(Box::new(told::too_deep(self.source, span)));
        }
        self.frames.push(Frame { span, anchor, body });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(frame) = self.frames.pop() else { return };
        let (last, value) = match frame.body {
            Body::List(items) => (items.last().map(|item| item.span), Value::List(items)),
            Body::Map { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span.max(entry.key_span));
                (last, Value::Map(self.without_duplicates(entries)))
            }
        };
        // A block collection has no closing mark: it ends where its last value does.
        let own = self.source.slice(end).starts_with([']', '}']).then_some(end);
        let end = own.or(last).map_or(frame.span.end, |span| span.end.max(frame.span.end));
        let start = frame.span.start;
        self.keep(frame.anchor, Node { span: Span { start, end: end.max(start) }, value });
    }

    fn without_duplicates(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut seen: HashMap<String, Span> = HashMap::with_capacity(entries.len());
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries {
            self.comment_for_value(&entry);
            match seen.get(&entry.key) {
                Some(first) => {
                    self.diagnostics.push(told::duplicate_key(self.source, &entry, *first));
                }
                None => {
                    seen.insert(entry.key.clone(), entry.key_span);
                    kept.push(entry);
                }
            }
        }
        kept
    }

    /// `title: #1`: what seems to be the value is a comment. With a blank behind the `#` it is
    /// meant as one.
    fn comment_for_value(&mut self, entry: &Entry) {
        if entry.value.value != Value::Null {
            return;
        }
        let start = entry.key_span.end as usize;
        let line = self.source.text()[start..].lines().next().unwrap_or("");
        let Some(rest) = line.trim_start().strip_prefix(':') else { return };
        let rest = rest.trim();
        let mut chars = rest.chars();
        if chars.next() == Some('#')
            && chars.next().is_some_and(|next| !next.is_whitespace() && next != '#')
        {
            let end = start + line.trim_end().len();
            let span = Span::new(end - rest.len(), end);
            self.diagnostics.push(told::comment_for_value(self.source, &entry.key, span));
        }
    }

    /// Puts a complete value where it belongs.
    fn keep(&mut self, anchor: usize, node: Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.frames.last_mut().map(|frame| &mut frame.body) {
            None => self.root = Some(node).filter(|node| node.value != Value::Null),
            Some(Body::List(items)) => items.push(node),
            Some(Body::Map { entries, key }) => match key.take() {
                None => *key = Some((key_text(self.source, &node), node.span)),
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
            },
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Box<Diagnostic>> {
        let Some(node) = self.anchors.get(&anchor) else {
            self.diagnostics.push(told::alias_of_itself(self.source, span));
            self.keep(0, Node { span, value: Value::Null });
            return Ok(());
        };
        self.unused.remove(&anchor);
        let (count, height) = measure(node);
        self.aliased += count;
        if self.aliased > MAX_ALIASED {
            return Err(Box::new(told::too_many_aliased(self.source, span)));
        }
        if self.frames.len() + height > MAX_DEPTH {
            return Err(Box::new(told::too_deep(self.source, span)));
        }
        let node = Node { span, value: node.value.clone() };
        self.keep(0, node);
        Ok(())
    }
}

/// How many values a node holds, itself included, and how deep they nest. The recursion is
/// no deeper than [`MAX_DEPTH`].
fn measure(node: &Node) -> (usize, usize) {
    let parts: Vec<&Node> = match &node.value {
        Value::Null | Value::Scalar { .. } => return (1, 0),
        Value::List(items) => items.iter().collect(),
        Value::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
    };
    parts
        .into_iter()
        .map(measure)
        .fold((1, 1), |(count, height), (more, below)| (count + more, height.max(below + 1)))
}

/// A key's text; one that is a list or a mapping is named by its source.
fn key_text(source: &Source, key: &Node) -> String {
    match &key.value {
        Value::Scalar { text, .. } => text.clone(),
        _ => source.slice(key.span).to_owned(),
    }
}
