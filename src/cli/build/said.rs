//! What a build says when it is done, kept for the next one: while nothing has changed, neither
//! in what the site is made from nor in the output, there is nothing to do but to say it again.

use std::path::Path;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::super::talk::{self, Talk, folder, number, seconds};
use super::{Arguments, listed};
use crate::cache::Cache;
use crate::diagnostics::{Diagnostic, Severity};
use crate::pipeline::{self, Built, Digest, File, Inputs, LeftOut, Options};
use crate::source::Source;
use crate::write::{self, Known, Report};

/// What a build said.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Said {
    /// Of all that it was made from.
    whole: Digest,
    /// Everything worse than a note.
    pub warnings: Vec<Diagnostic>,
    /// How many files were written.
    pub files: usize,
    transcripts: usize,
    terms: usize,
    left_out: LeftOut,
    /// What hosts do not take, a line each.
    limits: Vec<String>,
}

impl Said {
    /// What a build says that was made from inputs of the digest `whole`.
    pub fn of(built: &Built, report: &Report, limits: Vec<String>, whole: Digest) -> Self {
        let warnings = built.diagnostics.iter().filter(|one| one.severity > Severity::Note);
        Self {
            whole,
            warnings: warnings.cloned().collect(),
            files: report.files,
            transcripts: built.site.transcripts().count(),
            terms: built.site.glossary.terms.len(),
            left_out: built.left_out,
            limits,
        }
    }

    /// What the last build into an output said, if this one would write and say the same.
    pub fn again(
        cache: &Cache,
        (inputs, options): (&Inputs, &Options),
        (out, known): (&Path, &Known),
    ) -> Option<Self> {
        let whole = pipeline::whole(inputs, options)?;
        let said: Self = cache.said(out)?;
        if said.whole != whole || !write::is_untouched(out, known) {
            return None;
        }
        let warnings =
            said.warnings.iter().map(|one| placed(one, inputs)).collect::<Option<_>>()?;
        Some(Self { warnings, ..said })
    }

    /// The closing line, and what else is worth knowing after a build.
    pub fn close(
        &self,
        arguments: &Arguments,
        talk: &Talk,
        report: &Report,
        (out, start): (&Path, Instant),
    ) {
        if arguments.tell.quiet {
            return;
        }
        let mut changes = vec![format!("{} changed", report.changed)];
        if report.removed > 0 {
            changes.push(format!("{} removed", report.removed));
        }
        talk.line(&format!(
            "Built {}, {}, {} ({}) into {} in {}",
            number(self.transcripts, "transcript"),
            number(self.terms, "term"),
            number(report.files, "file"),
            changes.join(", "),
            folder(out),
            seconds(start.elapsed())
        ));
        if let Some(line) = talk::left_out(self.left_out) {
            talk.line(&line);
        }
        let kept = "it is not needed any more, but something else changed it (--clean removes it)";
        let replaced = "something else had changed or written it";
        let kept = listed("Kept", &report.kept, kept);
        let lines = kept.into_iter().chain(listed("Replaced", &report.replaced, replaced));
        lines.for_each(|line| talk.line(&line));
        self.limits.iter().for_each(|line| talk.line(line));
        if self.transcripts == 0 {
            talk.line("There are no transcripts yet: postil new \"Title\" starts one.");
        }
    }
}

/// A complaint that was read back knows its files by their names alone. None where one of them
/// is no input.
fn placed(one: &Diagnostic, inputs: &Inputs) -> Option<Diagnostic> {
    let mut names = vec![one.place.source.path()];
    names.extend(one.related.iter().map(|related| related.place.source.path()));
    let sources = names.into_iter().map(|name| source(inputs.files.get(name)?));
    let sources: Vec<Source> = sources.collect::<Option<_>>()?;
    Some(sources.iter().fold(one.clone(), |one, source| one.pointing_into(source)))
}

fn source(file: &File) -> Option<Source> {
    match file {
        File::Text(source) => Some(source.clone()),
        File::Markdown(manuscript) => Some(manuscript.source(manuscript.known_digest()?)),
        File::Bytes(_) | File::Asset(_) => None,
    }
}
