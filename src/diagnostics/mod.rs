//! What is wrong in the content: a code, a place, the words for it, and what to do.
//!
//! A problem in the content is a [`Diagnostic`], collected and shown with all others at once.
//! A problem in the environment (disk, port) is an error and has no place here. Each module
//! that finds a problem has one constructor function for it; this module only holds and
//! prints them.

mod print;

pub use print::{Format, escaped, print, summary, to_json, visible};

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span, names};

/// The name of a kind of complaint.
pub type Code = &'static str;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Something uncertain that was decided; shown by `check` and `inspect` only.
    Note,
    /// Probably not what the author meant; the build goes on (an error under `--strict`).
    Warning,
    /// The build does not publish.
    Error,
}

/// Where: a file, and what of it, if it is about a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    #[serde(with = "names::path_only")]
    pub source: Source,
    /// The bytes it is about; none for the file as a whole.
    pub span: Option<Span>,
}

/// A second place that explains the first, with its label (`first here`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there, in a few words.
    pub label: String,
}

/// One complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable name, `area/what` in kebab case: `front-matter/duplicate-key`.
    #[serde(with = "names")]
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, one sentence, no full stop, no path.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A few words at the marked bytes; may be empty.
    pub label: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What to do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error at a span.
    pub fn error(
        code: &'static str,
        source: &Source,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Error, code, source, Some(span), message)
    }

    /// A warning at a span.
    pub fn warning(
        code: &'static str,
        source: &Source,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, code, source, Some(span), message)
    }

    /// A note at a span.
    pub fn note(
        code: &'static str,
        source: &Source,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Note, code, source, Some(span), message)
    }

    /// Any severity, with a span or about the file as a whole.
    pub fn new(
        severity: Severity,
        code: &'static str,
        source: &Source,
        span: Option<Span>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place: Place { source: source.clone(), span },
            label: String::new(),
            related: Vec::new(),
            hint: None,
        }
    }

    /// With words at the marked bytes.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With a second place.
    #[must_use]
    pub fn related(mut self, source: &Source, span: Span, label: impl Into<String>) -> Self {
        let place = Place { source: source.clone(), span: Some(span) };
        self.related.push(Related { place, label: label.into() });
        self
    }

    /// The same, with `source` for every place in the file of its path.
    #[must_use]
    pub fn pointing_into(mut self, source: &Source) -> Self {
        let related = self.related.iter_mut().map(|related| &mut related.place);
        for place in std::iter::once(&mut self.place).chain(related) {
            if place.source.path() == source.path() {
                place.source = source.clone();
            }
        }
        self
    }

    /// The files into which it points.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let related = self.related.iter().map(|related| &related.place);
        std::iter::once(&self.place).chain(related).map(|place| place.source.path())
    }

    /// The order in which they are shown: by path, then place, then severity, then code.
    fn key(&self) -> (&str, Option<Span>, std::cmp::Reverse<Severity>, &str, &str) {
        let place = &self.place;
        (
            place.source.path(),
            place.span,
            std::cmp::Reverse(self.severity),
            self.code,
            &self.message,
        )
    }
}

/// Sorts them as they are shown, and drops those that say the same at the same place.
pub fn arrange(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.key().cmp(&b.key()));
    diagnostics.dedup();
}

/// How many of a severity there are.
pub fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|d| d.severity == severity).count()
}

/// The known name nearest to a misspelt one, for "did you mean": at most a third of its
/// letters differ.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&folded, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_found_and_a_far_one_is_not() {
        let keys = ["title", "date", "speakers"];
        assert_eq!(nearest("titel", keys), Some("title"));
        assert_eq!(nearest("Speaker", keys), Some("speakers"));
        assert_eq!(nearest("abstract", keys), None);
        assert_eq!(nearest("data", keys), Some("date"));
    }
}
