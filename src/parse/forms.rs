//! The shapes in which transcripts say who speaks, as a table, and the search for them.
//!
//! A [`Candidate`] is what looks like a label. Whether it names a speaker is decided by
//! `speakers`, over the whole file. The forms are those of the survey of real transcripts that
//! the project keeps.

use std::sync::LazyLock;

use super::blocks::Raw;
use super::line::{Bold, Label, Line};
use crate::document::{Mark, MarkKind, Node, TextRange};
use crate::source::Source;

/// A row of the table.
pub(super) struct Form {
    /// Name, for `inspect` and for the document.
    pub name: &'static str,
    /// What it looks like.
    pub example: &'static str,
    /// Whether a label that is used once may count when others of this form are speakers.
    pub rare: bool,
    /// Whether it stands alone on its line without a colon: a label that is used once must
    /// then begin its paragraph.
    pub alone: bool,
    /// Whether the whole turn stands in bold.
    pub whole: bool,
    /// Whether nothing but a colon or a dash sets the label apart.
    pub plain: bool,
    /// Who speaks.
    pub voice: Voice,
    place: Place,
    recognise: fn(&Line<'_>) -> Option<Label>,
}

/// Whom a form names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// Whoever the label says.
    Named,
    /// No one: the last speaker goes on.
    Same,
    /// No one: it is somebody else.
    Another,
}

/// Where a form stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Line,
    Quote,
    Heading,
    /// Behind the words of another turn.
    Within,
    /// At the beginning of a paragraph whose first line no other form has.
    Bare,
}

/// The forms, in the order in which they are tried.
pub(super) static FORMS: [Form; 24] = [
    row("bracketed-time", "[Name] [t] text", |line| line.bracketed()),
    row("time-bold-name", "[t] **Name**: text", |line| line.time_then(|line| line.bold_colon())),
    Form {
        plain: true,
        ..row("time-name", "**t** · Name: text", |line| line.time_then(|line| line.plain_colon()))
    },
    row("name-time-colon", "Name (t):", |line| line.name_time_colon()),
    row("bold-colon-time", "**Name:** [t] text", |line| line.then_time(line.bold_colon()?)),
    row("colon-time", "Name: t", |line| line.then_time(line.plain_colon()?)),
    Form { alone: true, ..row("name-time", "Name   t", |line| line.name_time()) },
    row("bold-colon", "**Name:** text", |line| line.colon(Bold::WithColon, false)),
    row("bold-name", "**Name**: text", |line| line.colon(Bold::Name, false)),
    row("bold-colon-wide", "**名：**text", |line| line.colon(Bold::WithColon, true)),
    row("bold-name-wide", "**名**：text", |line| line.colon(Bold::Name, true)),
    Form {
        rare: false,
        whole: true,
        ..row("bold-turn", "**名：the whole paragraph bold**", |line| {
            line.colon(Bold::All, true).or_else(|| line.colon(Bold::All, false))
        })
    },
    Form { rare: false, ..row("bold-alone", "**Name**", |line| line.bold_alone()) },
    Form { plain: true, rare: false, ..row("dash", "Q - text", |line| line.dash()) },
    Form { plain: true, ..row("plain", "Name: text", |line| line.colon(Bold::None, false)) },
    Form { plain: true, ..row("plain-wide", "名：text", |line| line.colon(Bold::None, true)) },
    Form { place: Place::Quote, ..row("quote", "> **Name**: text", |line| line.bold_colon()) },
    Form {
        place: Place::Heading, ..row("post", "### Post #1 — @user (date)", |line| line.post())
    },
    Form { voice: Voice::Same, ..row("time-colon", "(t):", |line| line.time_colon()) },
    Form { voice: Voice::Same, ..row("time-dot", "**t** · text", |line| line.time_dot()) },
    Form { voice: Voice::Same, ..row("time", "[t] text", |line| line.time_alone()) },
    Form { voice: Voice::Another, ..row("caption", ">> text", |line| line.caption()) },
    Form {
        place: Place::Within,
        rare: false,
        ..row("bold-within", "**Q: text?** **A:** text", |line| line.bold_with_colon())
    },
    Form {
        place: Place::Bare,
        rare: false,
        plain: true,
        ..row("name-alone", "Name", |line| line.name_alone())
    },
];

/// The rows of a place in their order, those that name someone apart from the others: every line
/// of a file is held against them.
static BY_PLACE: LazyLock<[[Vec<&Form>; 2]; 5]> = LazyLock::new(|| {
    let mut rows: [[Vec<&Form>; 2]; 5] = Default::default();
    for form in &FORMS {
        rows[form.place as usize][usize::from(form.voice == Voice::Named)].push(form);
    }
    rows
});

/// `>> text` where Markdown reads a quote within a quote: the marks are no text there.
static QUOTED_CAPTION: &Form = &FORMS[21];

/// An answer on the line of its question.
static WITHIN: &Form = &FORMS[22];

/// A name and nothing else.
static BARE: &Form = &FORMS[23];

const fn row(
    name: &'static str,
    example: &'static str,
    recognise: fn(&Line<'_>) -> Option<Label>,
) -> Form {
    Form {
        name,
        example,
        rare: true,
        alone: false,
        whole: false,
        plain: false,
        voice: Voice::Named,
        place: Place::Line,
        recognise,
    }
}

impl Form {
    /// Whether it stands in a quote, where one label alone may be part of what is quoted.
    pub(super) fn is_quote(&self) -> bool {
        self.place == Place::Quote
    }

    /// Whether it stands behind the words of another turn: it counts where its label is a
    /// speaker's already, and makes nobody one.
    pub(super) fn is_within(&self) -> bool {
        self.place == Place::Within
    }

    /// Whether it is a name and nothing else: see `bare`. It makes nobody a speaker either.
    pub(super) fn is_bare(&self) -> bool {
        self.place == Place::Bare
    }

    /// Whether labels of this form count when it is asked who recurs or takes turns.
    pub(super) fn makes_speakers(&self) -> bool {
        !self.is_within() && !self.is_bare()
    }
}

/// What looks like a speaker's label at the beginning of a line. A line may have two: one with
/// a name, and behind it what is left if that is nobody's (`[t] Note: text`).
pub(super) struct Candidate {
    /// Index of the top-level block.
    pub top: usize,
    /// Where its line begins in the text.
    pub line: u32,
    pub form: &'static Form,
    /// The name; empty where the form has none.
    pub label: TextRange,
    /// Where the words begin.
    pub words: u32,
    /// Milliseconds from the start.
    pub time: Option<u64>,
}

/// The leaves of a quote that holds nothing but paragraphs; `true` when it is a quote within a
/// quote.
pub(super) fn quoted(body: &[Node]) -> Option<(Vec<TextRange>, bool)> {
    let (body, nested) = match body {
        [Node::Quote(inner)] => (&inner[..], true),
        _ => (body, false),
    };
    let leaf = |node: &Node| match node {
        Node::Paragraph(leaf) => Some(*leaf),
        _ => None,
    };
    Some((body.iter().map(leaf).collect::<Option<Vec<_>>>()?, nested))
}

/// All labels that the table's forms find in the blocks that are not skipped.
pub(super) fn candidates(raw: &Raw, source: &Source, skip: &[bool]) -> Vec<Candidate> {
    let mut search = Search { raw, source, breaks: 0, marks: 0, reach: 0, found: Vec::new() };
    for (index, top) in raw.tops.iter().enumerate().filter(|(index, _)| !skip[*index]) {
        match &top.node {
            Node::Paragraph(leaf) => {
                search.leaf(index, *leaf, Place::Line, false);
            }
            Node::Heading(_, leaf) => {
                search.leaf(index, *leaf, Place::Heading, false);
            }
            Node::Quote(body) => {
                let Some((leaves, nested)) = quoted(body) else { continue };
                for leaf in leaves {
                    search.leaf(index, leaf, Place::Quote, nested);
                }
            }
            _ => {}
        }
    }
    search.found.shrink_to_fit();
    search.found
}

struct Search<'a> {
    raw: &'a Raw,
    source: &'a Source,
    /// How many of the lines' ends and of the marks are passed.
    breaks: usize,
    marks: usize,
    /// How far the marks reach that are passed.
    reach: u32,
    found: Vec<Candidate>,
}

impl Search<'_> {
    /// Searches the lines of a leaf, which come in the text's order.
    fn leaf(&mut self, top: usize, leaf: TextRange, place: Place, captions: bool) {
        let raw = self.raw;
        self.breaks += raw.breaks[self.breaks..].partition_point(|at| *at <= leaf.start);
        let mut start = leaf.start;
        while start < leaf.end {
            let next = raw.breaks.get(self.breaks).copied().filter(|at| *at < leaf.end);
            let end = next.unwrap_or(leaf.end);
            self.breaks += usize::from(next.is_some());
            if captions {
                self.quoted_caption(top, start);
            } else {
                self.line(top, start == leaf.start, start, end, place);
            }
            start = end;
        }
    }

    fn line(&mut self, top: usize, first: bool, start: u32, end: u32, place: Place) {
        let raw = self.raw;
        self.pass(start);
        let count = raw.marks[self.marks..].partition_point(|mark| mark.range.start < end);
        let marks = &raw.marks[self.marks..self.marks + count];
        if !first && self.reach > start {
            return;
        }
        let line = Line::new(&raw.text, start, end, marks);
        let find = |line: &Line<'_>, named: bool| {
            let rows = &BY_PLACE[place as usize][usize::from(named)];
            rows.iter().find_map(|form| candidate(form, line, top))
        };
        let within = within(&line, top);
        // With an answer behind it, a question may have the shape of a label only up to there.
        let shorter = || within.first().and_then(|answer| find(&line.until(answer.line), true));
        let own = self.found.len();
        self.found.extend(find(&line, true).or_else(shorter));
        self.found.extend(find(&line, false));
        let words = self.found[own..].iter().map(|one| one.words).max().unwrap_or(start);
        self.found.extend(within.into_iter().filter(|answer| answer.line > words));
        self.captions(top, &line);
        if first && place == Place::Line && self.found.len() == own {
            self.found.extend(candidate(BARE, &line, top));
        }
        self.found[own..].sort_by_key(|one| one.line);
    }

    /// Leaves marks behind that begin before `start`.
    fn pass(&mut self, start: u32) {
        while let Some(mark) =
            self.raw.marks.get(self.marks).filter(|mark| mark.range.start < start)
        {
            self.reach = self.reach.max(mark.range.end);
            self.marks += 1;
        }
    }

    /// Captions run on in one line: `text >> text`. Not in code, nor between numbers.
    fn captions(&mut self, top: usize, line: &Line<'_>) {
        let text = line.slice(line.start, line.end);
        let pairs = memchr::memchr_iter(b'>', text.as_bytes())
            .filter(|at| text[*at..].starts_with(">>") && text[..*at].ends_with(' '));
        for at in pairs.filter_map(|at| at.checked_sub(1)) {
            let start = line.start + at as u32 + 1;
            let code = |mark: &Mark| mark.kind == MarkKind::Code && mark.range.end > start;
            let near = line.marks.partition_point(|mark| mark.range.start <= start);
            // Marks that hold code hold nothing else, so the last one before tells.
            let digit = |c: char| c.is_ascii_digit();
            let shifts =
                text[..at].ends_with(digit) && text[at + 3..].trim_start().starts_with(digit);
            if shifts || line.marks[..near].last().is_some_and(code) {
                continue;
            }
            let rest = Line::new(line.text, start, line.end, &[]);
            self.found.extend(candidate(QUOTED_CAPTION, &rest, top));
        }
    }

    /// A line of a quote within a quote that itself begins with `>>`.
    fn quoted_caption(&mut self, top: usize, start: u32) {
        let segments = &self.raw.segments;
        let at = segments.partition_point(|segment| segment.text <= start);
        let Some(segment) = at.checked_sub(1).map(|at| segments[at]) else { return };
        let offset = (segment.source + (start - segment.text)) as usize;
        let Some(before) = self.source.text().get(..offset) else { return };
        let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        if line.trim_start().starts_with(">>") {
            let label = TextRange { start, end: start };
            self.found.push(Candidate {
                top,
                line: start,
                form: QUOTED_CAPTION,
                label,
                words: start,
                time: None,
            });
        }
    }
}

/// Labels in bold behind other words of a line: stretches that hold a name, a colon and nothing
/// else.
fn within(line: &Line<'_>, top: usize) -> Vec<Candidate> {
    let is_label = |mark: &&Mark| {
        let inside = mark.range.start > line.start && mark.range.end <= line.end;
        let strong = inside && mark.kind == MarkKind::Strong;
        let colon = |c: char| matches!(c, ':' | '：');
        let name = || line.slice(mark.range.start, mark.range.end).trim_end().strip_suffix(colon);
        strong && name().is_some_and(|name| !name.contains(colon))
    };
    let later = line.marks.iter().filter(is_label);
    later.filter_map(|mark| candidate(WITHIN, &line.from(mark.range.start), top)).collect()
}

fn candidate(form: &'static Form, line: &Line<'_>, top: usize) -> Option<Candidate> {
    let Label { name, words, time } = (form.recognise)(line)?;
    Some(Candidate { top, line: line.start, form, label: name, words: words.min(line.end), time })
}
