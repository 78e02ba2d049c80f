//! `postil build`.

mod limits;
mod said;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::talk::{self, Channel, Talk, number};
use super::{Failure, SiteArguments, TellArguments, values};
use crate::cache::Cache;
use crate::diagnostics::{Diagnostic, Severity};
use crate::load::EARLIER_OUTPUT;
use crate::pipeline::{self, Built, Warm};
use crate::write::{self, Known, Manner, Publication, Report, Together};

use limits::Limits;
use said::Said;

/// A shorter build needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Of a kind of file, so many are named after a build.
const LINES: usize = 10;

const EXAMPLES: &str = "\
Examples:
  postil build                                   the site here, into public/
  postil build my-site --out /srv/www            somewhere else
  postil build --base-url https://example.org/   with canonical links
  postil build --strict --format json            for a machine that checks every change

A build that fails leaves the output as it was. It deletes only files that an earlier build
wrote; others (CNAME, .well-known) stay.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    tell: TellArguments,
    /// Write to this folder [default: DIR/public]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Where the site will stand, instead of base_url in site.yaml
    #[arg(long, value_name = "URL", value_parser = values::base_url)]
    base_url: Option<String>,
    /// Replace and remove files in the output even if something else wrote or changed them
    #[arg(long)]
    clean: bool,
}

/// Builds and publishes.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let start = Instant::now();
    let options = arguments.site.options(arguments.base_url.clone())?;
    let (reader, mut inputs) = arguments.site.read()?;
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => reader.folder().root.join("public"),
    };
    write::check_target(reader.folder(), &inputs, &out).map_err(|error| failure(error).1)?;
    let root = &reader.folder().root;
    // That this build's own output is no content goes without saying.
    inputs.diagnostics.retain(|one| {
        one.code != EARLIER_OUTPUT || !write::is_same(&root.join(one.place.source.path()), &out)
    });
    let cache = Cache::of(reader.folder());
    let known = cache.outputs(&out);
    // What was kept before although nobody needs it may go now.
    let again = || Said::again(&cache, (&inputs, &options), (&out, &known));
    if let Some(said) = (!arguments.clean).then(again).flatten() {
        tell(arguments, talk, &said.warnings);
        if let Some(failure) = talk::verdict(&said.warnings, arguments.tell.strict) {
            closing_failure(arguments, talk, &said.warnings);
            return Err(failure);
        }
        let report = Report { files: said.files, ..Report::default() };
        said.close(arguments, talk, &report, (&out, start));
        return Ok(());
    }
    let mut warm = Warm::new(options.clone());
    let (entries, shards) = cache.entries();
    warm.remember(entries);
    let mut built = warm.run(&inputs);
    tell(arguments, talk, &built.diagnostics);
    if let Some(failure) = talk::verdict(&built.diagnostics, arguments.tell.strict) {
        closing_failure(arguments, talk, &built.diagnostics);
        return Err(failure);
    }
    built.add_search();
    let report = publish(arguments, talk, &built, &known, &out).map_err(|error| {
        let (complaints, failure) = failure(error);
        if !complaints.is_empty() {
            tell(arguments, talk, &complaints);
            closing_failure(arguments, talk, &complaints);
        }
        failure
    })?;
    cache.keep(&reader.remembered(), warm.entries(), &shards, (&out, &report.known));
    let whole = pipeline::whole(&inputs, &options).filter(|_| reader.is_settled());
    let weight = write::weigh(&out, &built.outputs, Limits::KNOWN.file);
    let mut limits = limits::passed(&weight, &Limits::KNOWN);
    limits.extend(limits::unread(&built, &Limits::KNOWN));
    let said = Said::of(&built, &report, limits, whole.unwrap_or_default());
    cache.keep_said(&out, whole.map(|_| &said));
    said.close(arguments, talk, &report, (&out, start));
    Ok(())
}

fn publish(
    arguments: &Arguments,
    talk: &Talk,
    built: &Built,
    known: &Known,
    out: &std::path::Path,
) -> Result<Report, write::Error> {
    let progress = Progress::new(built.outputs.len(), talk.terminal && !arguments.tell.quiet);
    let publication = Publication {
        outputs: &built.outputs,
        make: &|path, known| built.make(path, known),
        together: Together {
            parts: built.together(),
            make: Some(&|wanted, give| built.make_together(wanted, give)),
        },
        ids: built.turn_ids().into(),
        known,
    };
    let manner = Manner {
        clean: arguments.clean,
        progress: &|done| progress.at(done),
        waiting: &|| talk.line("Another build writes into the same folder; waiting for it."),
    };
    let report = write::publish(&publication, out, &manner);
    progress.end();
    report
}

/// Notes are left to `check`; with `--quiet` so are the warnings that stop nothing.
fn tell(arguments: &Arguments, talk: &Talk, all: &[Diagnostic]) {
    let quiet = arguments.tell.quiet && !arguments.tell.strict;
    let least = if quiet { Severity::Error } else { Severity::Warning };
    let told: Vec<Diagnostic> = all.iter().filter(|one| one.severity >= least).cloned().collect();
    talk.diagnostics(&told, arguments.tell.format.into(), Channel::Talk);
}

/// What went wrong while publishing: diagnostics to tell, and the exit.
fn failure(error: write::Error) -> (Vec<Diagnostic>, Failure) {
    match error {
        write::Error::Content(complaints) => (complaints, Failure::Content),
        write::Error::OverInput(_) => (Vec::new(), Failure::Usage(error.to_string())),
        _ => (Vec::new(), Failure::Environment(error.to_string())),
    }
}

fn closing_failure(arguments: &Arguments, talk: &Talk, all: &[Diagnostic]) {
    if !arguments.tell.quiet {
        let told: Vec<Diagnostic> =
            all.iter().filter(|one| one.severity > Severity::Note).cloned().collect();
        talk.line(&format!("Nothing was written: {}.", talk::counts(&told)));
    }
}

/// A line for each file, and one for all beyond the tenth.
fn listed(what: &str, paths: &[String], why: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        paths.iter().take(LINES).map(|path| format!("{what} {path}: {why}")).collect();
    if paths.len() > LINES {
        let more = number(paths.len() - LINES, "other file");
        lines.push(format!("{what} {more} for the same reason"));
    }
    lines
}

/// A progress bar that appears when a build takes long.
struct Progress {
    start: Instant,
    total: usize,
    shown: bool,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    fn new(total: usize, shown: bool) -> Self {
        Self { start: Instant::now(), total, shown, bar: OnceLock::new() }
    }

    fn at(&self, done: usize) {
        if !self.shown || self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {eta} left");
            let bar = ProgressBar::new(self.total as u64);
            style.map_or(bar.clone(), |style| bar.with_style(style))
        });
        bar.set_position(done as u64);
    }

    fn end(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
