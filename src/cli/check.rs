//! `postil check`: everything that a build would tell, what it would only note, and a report
//! of the site in numbers.

mod against;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use super::talk::{self, Channel, Talk, number, seconds};
use super::{Failure, SiteArguments, Style, TellArguments, glossary, tally::Tally};
use against::Against;

use crate::diagnostics::{self, Diagnostic, Severity};
use crate::pipeline::{self, Built, Inputs, Output};

const EXAMPLES: &str = "\
Examples:
  postil check              the site here
  postil check --strict     warnings fail, too
  postil check --format json | jq .code
  postil check --format json | tail -1 | jq .unknown_labels
  postil check --against public           which links into the old output would lead nowhere
  postil check --against public --write   and let them arrive, by x.ids.yaml beside x.md

At the end it counts: files, turns, turns without a speaker, who speaks most, labels that
speakers.yaml does not know, guesses, and files that are no Markdown and could be imported. As JSON that is the last
object; its code is \"summary\".";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    tell: TellArguments,
    /// Compare with an output that was built earlier: which of its ids edits have moved
    #[arg(long, value_name = "OLD_OUTPUT")]
    against: Option<PathBuf>,
    /// Record ids that moved in <transcript>.ids.yaml, so that pages keep them for old links
    #[arg(long, requires = "against")]
    write: bool,
}

/// Checks.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let start = Instant::now();
    let options = arguments.site.options(None)?;
    let (reader, inputs) = arguments.site.read_or_importable()?;
    let built = pipeline::run(&inputs, &options);
    let mut all = built.diagnostics.clone();
    all.extend(rendering_complaints(&inputs, &built));
    all.extend(glossary::differing(&built.site));
    if let Some(out) = &arguments.against {
        let against = Against { out, write: arguments.write };
        all.extend(against.check(reader.folder(), &inputs, &built, talk)?);
    }
    diagnostics::arrange(&mut all);
    if arguments.tell.quiet {
        let least = if arguments.tell.strict { Severity::Warning } else { Severity::Error };
        all.retain(|one| one.severity >= least);
    }
    talk.diagnostics(&all, arguments.tell.format.into(), Channel::Result);
    if !arguments.tell.quiet {
        let tally = Tally::of(&inputs, &built, &all);
        match arguments.tell.format {
            Style::Human => talk.result(&tally.show(&reader.folder().root)),
            Style::Json => talk.result(&tally.json()),
        }
        let transcripts = number(built.site.transcripts().count(), "transcript");
        let found = Some(talk::counts(&all)).filter(|counts| !counts.is_empty());
        let found = found.unwrap_or_else(|| "nothing to complain of".to_owned());
        talk.line(&format!("Checked {transcripts} in {}: {found}", seconds(start.elapsed())));
        if let Some(line) = talk::left_out(built.left_out) {
            talk.line(&line);
        }
    }
    match talk::verdict(&all, arguments.tell.strict) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

/// What only rendering tells. The texts of all files are rendered; pages that are made of others'
/// words can fail only in a template of the site's own.
fn rendering_complaints(inputs: &Inputs, built: &Built) -> Vec<Diagnostic> {
    let mut pages: BTreeSet<&str> = built.site.pages.iter().map(|page| &*page.path).collect();
    let complaints = Mutex::new(Vec::new());
    let hear = |complaint: Box<Diagnostic>| {
        complaints.lock().unwrap_or_else(PoisonError::into_inner).push(*complaint);
    };
    if inputs.has_content && inputs.files.keys().any(|path| path.starts_with("templates/")) {
        let made = built.outputs.iter().filter(|(_, output)| matches!(output, Output::Page));
        pages.extend(made.map(|(path, _)| path.as_str()));
        for part in built.together() {
            let wanted: Vec<_> = part.iter().map(|path| (*path, None)).collect();
            built.make_together(&wanted, &|_, made| made.err().into_iter().for_each(&hear));
            pages.retain(|path| !part.contains(path));
        }
    }
    pages.into_par_iter().for_each(|path| built.render(path).err().into_iter().for_each(&hear));
    complaints.into_inner().unwrap_or_else(PoisonError::into_inner)
}
