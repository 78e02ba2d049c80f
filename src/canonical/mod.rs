//! The canonical form: a [`Document`] written as Markdown, in one shape.
//!
//! What is written is read again before anybody gets it, and must be the same document: text,
//! marks, speakers, ids. Where it is not, nothing is written, and the first place that would
//! change is named. The front matter stays as its author wrote it. This module touches no
//! file, and decides nothing of what a text means: that is `parse`'s. Rules: design, sections
//! 2 (the words are never changed) and 3 (`fmt`).

mod blocks;
mod document;
mod escape;
mod inline;
mod label;
mod plan;
mod same;
mod units;
mod unsaid;

use std::collections::BTreeSet;

use crate::config;
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::Document;
use crate::parse::{Context, parse};
use crate::source::{Source, Span};

use plan::{Labels, Plan};
use units::Units;

pub use same::difference;

/// The file in its canonical form, with the line ends of its first line.
///
/// # Errors
/// A diagnostic at the first place that cannot be written so that it reads back the same;
/// nothing should be changed then. It is boxed, since it is seldom.
pub fn canonical(source: &Source, context: &Context) -> Result<String, Box<Diagnostic>> {
    let text = source.text();
    if !text.contains('\r') {
        return settled(source, context);
    }
    let wide = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let source = Source::new(source.path(), text.replace("\r\n", "\n"));
    let written = settled(&source, context)?;
    Ok(if wide { written.replace('\n', "\r\n") } else { written })
}

/// Writes and reads until the same comes out twice: what an escape was needed for once may
/// read as one that the author wrote.
fn settled(source: &Source, context: &Context) -> Result<String, Box<Diagnostic>> {
    const ROUNDS: usize = 4;
    let (document, _) = parse(source, context);
    let mut text = written(source, &document, context)?;
    for _ in 0..ROUNDS {
        let again = Source::new(source.path(), text.as_str());
        let (read, _) = parse(&again, context);
        if let Some(difference) = difference(&document, &read) {
            return Err(Box::new(not_the_same(source, &difference)));
        }
        let next = written(&again, &read, context)
            .map_err(|_| Box::new(not_the_same(source, &UNSETTLED)))?;
        if next == text {
            return Ok(next);
        }
        text = next;
    }
    Err(Box::new(not_the_same(source, &UNSETTLED)))
}

const UNSETTLED: Difference =
    Difference { span: None, what: "it comes out in another form each time" };

/// Writes a document so that it reads back the same: with labels in one form if that does, else
/// with each as it is.
fn written(
    source: &Source,
    document: &Document,
    context: &Context,
) -> Result<String, Box<Diagnostic>> {
    let body = config::split(source).0.body;
    let units = Units::of(document);
    let mut unsaid = unsaid::find(source, body, &units);
    let is_loose = |span: &Span| {
        unsaid.loose.iter().any(|loose| loose.start <= span.start && span.start < loose.end)
    };
    let mut lost = same::homeless(document);
    lost.retain(|span| !is_loose(span));
    for span in lost {
        match units.at(span.start as usize) {
            Some(unit) => unsaid.kept.insert(unit),
            None => return Err(Box::new(homeless(source, span))),
        };
    }
    let task = Task { source, body, document, units: &units, loose: &unsaid.loose, context };
    // A bold title that stays one ranks below the headings around it, so they stay too.
    let titles = document.headings().filter_map(|heading| units.at(heading.span.start as usize));
    let titles: BTreeSet<usize> = titles.chain(unsaid.kept.iter().copied()).collect();
    let mut first = None;
    for labels in [Labels::One, Labels::Kept] {
        for kept in [&unsaid.kept, &titles] {
            let plan = Plan { labels, careful: BTreeSet::new(), kept: kept.clone() };
            match task.search(plan) {
                Ok(text) => return Ok(text),
                Err(difference) => first = first.or(Some(difference)),
            }
        }
    }
    Err(Box::new(not_the_same(source, &first.unwrap_or_default())))
}

/// A document that is to be written.
struct Task<'a> {
    source: &'a Source,
    body: Span,
    document: &'a Document,
    units: &'a Units,
    loose: &'a [Span],
    context: &'a Context,
}

impl Task<'_> {
    /// Writes; where that reads back otherwise, takes more care there and writes again.
    fn search(&self, mut plan: Plan) -> Result<String, Difference> {
        const TRIES: usize = 200;
        let Self { source, document, units, .. } = self;
        let wide = label::are_wide(document);
        let mut last = Difference::default();
        for _ in 0..TRIES {
            let writer = Writer { document, units, plan: &plan, wide };
            let body = document::write(&writer, self.loose);
            let text = with_front_matter(source, self.body, &body);
            let (read, _) = parse(&Source::new(source.path(), text.as_str()), self.context);
            let Some(difference) = difference(document, &read) else { return Ok(text) };
            let unit = difference.span.and_then(|span| units.at(span.start as usize));
            last = difference;
            if !unit.is_some_and(|unit| plan.take_care(document, units, unit)) {
                break;
            }
        }
        Err(last)
    }
}

/// The front matter byte for byte, a blank line, and the body.
fn with_front_matter(source: &Source, body: Span, written: &str) -> String {
    let front = &source.text()[..body.start as usize];
    let mut text = front.to_owned();
    if !front.is_empty() && !front.ends_with('\n') {
        text.push('\n');
    }
    if !front.is_empty() && !written.is_empty() {
        text.push('\n');
    }
    text.push_str(written);
    text
}

/// Where and of what kind the first difference is.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// In the source that was read first; none where the whole is meant.
    pub span: Option<Span>,
    /// What differs, in a few words.
    pub what: &'static str,
}

fn not_the_same(source: &Source, difference: &Difference) -> Diagnostic {
    let message =
        format!("this has no canonical form that reads back the same ({})", difference.what);
    Diagnostic::new(Severity::Error, "fmt/not-the-same", source, difference.span, message).hint(
        "the file was left as it is; write this place more simply, then run `postil fmt` again",
    )
}

fn homeless(source: &Source, span: Span) -> Diagnostic {
    let message = "these words stand in no block of the page, so they would be lost";
    Diagnostic::error("fmt/homeless", source, span, message).hint(
        "the file was left as it is; write this place more simply, then run `postil fmt` again",
    )
}

/// What writing goes by.
struct Writer<'a> {
    document: &'a Document,
    units: &'a Units,
    plan: &'a Plan,
    /// Whether labels take a wide colon.
    wide: bool,
}
