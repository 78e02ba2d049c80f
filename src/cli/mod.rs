//! The command line, design section 3: what is asked for, what is told, and the exit status.
//!
//! Standard output is for results (an address, a path, diagnostics that were asked for),
//! standard error for talk. The work is done elsewhere; this is the place where the working
//! directory, the environment and the clock become values.
#![allow(clippy::disallowed_methods, reason = "the environment and the clock are read here")]

mod build;
mod check;
mod fmt;
mod glossary;
mod import;
mod importable;
mod init;
mod inspect;
mod new;
mod preview;
mod replace;
mod talk;
mod tally;
mod values;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cache::Cache;
use crate::diagnostics::Format;
use crate::load::{self, Folder, Reader};
use crate::pipeline::{File, Inputs, Options};

use talk::Talk;

const EXAMPLES: &str = "\
Examples:
  postil init my-site        start a site with two short transcripts
  postil serve my-site       read it at http://127.0.0.1:4000/ while you edit
  postil build my-site       write it to my-site/public/, for any web host
  postil serve transcripts   show a folder of Markdown transcripts as it is

A site is a folder with content/ in it. Without DIR it is the nearest one upward from here.

Exit status: 0 fine, 1 errors in the content, 2 wrong usage, 3 disk, permission or port.";

/// A static site generator for annotated transcripts.
///
/// A folder of Markdown transcripts becomes a reading site: speakers are data, every turn has
/// its own lasting link, and terms carry their definition where they are spoken.
#[derive(Debug, Parser)]
#[command(name = "postil", version, after_help = EXAMPLES, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Start a site: two short transcripts, a glossary, a configuration with comments
    Init(init::Arguments),
    /// Start a transcript, its front matter filled in; prints its path
    New(new::Arguments),
    /// Write the site, to DIR/public/ unless told otherwise
    Build(build::Arguments),
    /// Show the site in the browser, and keep it up to date while files change
    Serve(preview::Arguments),
    /// Tell everything that is wrong or uncertain; writes nothing
    Check(check::Arguments),
    /// Tell how one transcript was read, and why
    Inspect(inspect::Arguments),
    /// List the glossary's terms, or suggest what it lacks
    Glossary(glossary::Arguments),
    /// Make Markdown of subtitle files and other tools' transcripts
    Import(import::Arguments),
    /// Put transcripts into one canonical Markdown form that reads the same
    Fmt(fmt::Arguments),
}

/// Which site, and which of its transcripts.
#[derive(Debug, Args)]
struct SiteArguments {
    /// The site, or a folder of transcripts; the nearest site upward from here if not given
    dir: Option<PathBuf>,
    /// Include transcripts that are marked as drafts
    #[arg(long)]
    drafts: bool,
    /// Include transcripts of a date after today
    #[arg(long)]
    future: bool,
    /// The date that counts as today [default: SOURCE_DATE_EPOCH, else the date in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    today: Option<String>,
}

/// How diagnostics are told.
#[derive(Debug, Args)]
struct TellArguments {
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// How diagnostics are told: for people, or one JSON object a line on standard output
    #[arg(long, value_enum, default_value_t = Style::Human)]
    format: Style,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Style {
    Human,
    Json,
}

impl From<Style> for Format {
    fn from(style: Style) -> Self {
        match style {
            Style::Human => Self::Human,
            Style::Json => Self::Json,
        }
    }
}

/// Why a command ends without having done its work.
#[derive(Debug)]
enum Failure {
    /// The content has errors; they have been told.
    Content,
    /// The command was wrong.
    Usage(String),
    /// The disk, a permission, a port.
    Environment(String),
}

impl From<load::Error> for Failure {
    fn from(error: load::Error) -> Self {
        match error {
            load::Error::Disk(..) => Self::Environment(error.to_string()),
            _ => Self::Usage(error.to_string()),
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let CommandLine { verb } = CommandLine::parse();
    let talk = Talk::new();
    let result = match verb {
        Verb::Init(arguments) => init::run(&arguments, &talk),
        Verb::New(arguments) => new::run(&arguments, &talk),
        Verb::Build(arguments) => build::run(&arguments, &talk),
        Verb::Serve(arguments) => preview::run(&arguments, &talk),
        Verb::Check(arguments) => check::run(&arguments, &talk),
        Verb::Inspect(arguments) => inspect::run(&arguments, &talk),
        Verb::Glossary(arguments) => glossary::run(&arguments, &talk),
        Verb::Import(arguments) => import::run(&arguments, &talk),
        Verb::Fmt(arguments) => fmt::run(&arguments, &talk),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Content) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            talk.error(&message);
            ExitCode::from(2)
        }
        Err(Failure::Environment(message)) => {
            talk.error(&message);
            ExitCode::from(3)
        }
    }
}

/// The working directory.
fn here() -> Result<PathBuf, Failure> {
    let lost = |error| Failure::Environment(format!("the current folder is not there: {error}"));
    std::env::current_dir().map_err(lost)
}

impl SiteArguments {
    /// The site's folder.
    fn folder(&self) -> Result<Folder, Failure> {
        Ok(load::find(self.dir.as_deref(), &here()?)?)
    }

    /// What the command line says to the pipeline.
    fn options(&self, base_url: Option<String>) -> Result<Options, Failure> {
        let today = match &self.today {
            Some(today) => today.clone(),
            None => values::today()?,
        };
        Ok(Options { base_url, drafts: self.drafts, future: self.future, today })
    }

    /// Reads the site. A folder that is not set up as a site must hold a transcript at least:
    /// somebody named the wrong one otherwise.
    fn read(&self) -> Result<(Reader, Inputs), Failure> {
        let (reader, inputs) = self.read_any()?;
        match is_empty(&reader, &inputs) {
            true => Err(no_transcripts(&reader, &inputs)),
            false => Ok((reader, inputs)),
        }
    }

    /// The same, where files that could become transcripts are enough.
    fn read_or_importable(&self) -> Result<(Reader, Inputs), Failure> {
        let (reader, inputs) = self.read_any()?;
        match is_empty(&reader, &inputs) && importable::find(&inputs).is_empty() {
            true => Err(no_transcripts(&reader, &inputs)),
            false => Ok((reader, inputs)),
        }
    }

    fn read_any(&self) -> Result<(Reader, Inputs), Failure> {
        let folder = self.folder()?;
        let known = Cache::of(&folder).stamps();
        let mut reader = Reader::new(folder);
        reader.remember(known);
        let inputs = reader.read();
        Ok((reader, inputs))
    }
}

/// Whether a folder that is not set up as a site has nothing to read, and no reason why.
fn is_empty(reader: &Reader, inputs: &Inputs) -> bool {
    !reader.folder().has_content && !has_transcripts(inputs) && inputs.diagnostics.is_empty()
}

/// What to do where there are none: import those that are something else, or begin with examples.
fn no_transcripts(reader: &Reader, inputs: &Inputs) -> Failure {
    let mut message = load::Error::NoTranscripts(talk::short(&reader.folder().root)).to_string();
    let command = importable::command(&importable::find(inputs), &reader.folder().root);
    if !command.is_empty() {
        message.push_str(&format!("\n{}", command.trim_end()));
    }
    Failure::Usage(message)
}

fn has_transcripts(inputs: &Inputs) -> bool {
    inputs.files.iter().any(|(path, file)| {
        matches!(file, File::Text(_) | File::Markdown(_)) && path.ends_with(".md")
    })
}
