//! `postil check`: everything that a build would tell, what it would only note, and a report
//! of the site in numbers.

mod against;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use super::talk::{self, Channel, Talk, number, seconds};
use super::{Failure, SiteArguments, Style, TellArguments, glossary, tally::Tally};
use against::Against;

use crate::diagnostics::{self, Diagnostic, Severity};
use crate::pipeline::{self, Built, Output};

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
    all.extend(template_complaints(&built));
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

/// What the templates cannot do: known only when every page has been rendered.
fn template_complaints(built: &Built) -> Vec<Diagnostic> {
    let pages: Vec<&String> = built
        .outputs
        .iter()
        .filter(|(_, output)| matches!(output, Output::Page))
        .map(|(path, _)| path)
        .collect();
    pages
        .into_par_iter()
        .filter_map(|path| built.render(path).err().map(|complaint| *complaint))
        .collect()
}
