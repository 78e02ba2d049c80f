//! `postil glossary list` and `postil glossary suggest`: the terms of a site with what became of
//! them, and the words that its transcripts use and its glossary lacks.

mod list;
mod suggest;

pub use suggest::differing;

use clap::{Args, Subcommand};

use super::Failure;
use super::talk::Talk;

const EXAMPLES: &str = "\
Examples:
  postil glossary list                       every term, how often it is said, and what is odd
  postil glossary list --format json | jq '.[] | select(.count == 0).term'
  postil glossary suggest                    words that the transcripts use and nobody defines
  postil glossary suggest --write            the same, as entries in glossary.suggested.yaml";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Tell how often each term is said, and which are unused, ambiguous or old
    List(list::Arguments),
    /// Tell which words the transcripts use or explain and the glossary lacks
    Suggest(suggest::Arguments),
}

/// Does what was asked.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::List(arguments) => list::run(arguments, talk),
        Verb::Suggest(arguments) => suggest::run(arguments, talk),
    }
}
