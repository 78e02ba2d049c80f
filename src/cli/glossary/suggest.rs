//! `postil glossary suggest`.

use std::path::Path;

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::annotate::{MarkPolicy, Matcher, annotate};
use crate::cli::replace::replace;
use crate::cli::talk::{Channel, Talk, number, short};
use crate::cli::{Failure, SiteArguments, Style};
use crate::diagnostics::{self, Format, Severity, visible};
use crate::glossary;
use crate::pipeline::{self, File, Inputs, Options};
use crate::site::{Page, Site};
use crate::source::Source;
use crate::suggest::{self, Candidate, Gloss, Harvest, Spot};

/// The file of suggestions, in the content folder.
const FILE: &str = "glossary.suggested.yaml";

/// So many candidates are told unless somebody asks for more.
const LIMIT: usize = 30;

/// So many places are told of each.
const PLACES: usize = 3;

const EXAMPLES: &str = "\
Examples:
  postil glossary suggest                     the thirty that would help most
  postil glossary suggest --limit 0           all of them
  postil glossary suggest --write             as entries in glossary.suggested.yaml, for review
  postil glossary suggest --format json | jq -r '.[].term'

A word is a candidate when a text explains it in parentheses, as in FAIR (Facebook AI Research),
or when it looks like a term: capitals (RAG), capitals inside (PyTorch). Nothing enters the
glossary by itself.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Add them to glossary.suggested.yaml in the content folder; what is there stays as it is
    #[arg(long)]
    write: bool,
    /// How many at most; 0 for all
    #[arg(long, value_name = "N", default_value_t = LIMIT)]
    limit: usize,
    /// For people, or one JSON list for a program
    #[arg(long, value_enum, default_value_t = Style::Human)]
    format: Style,
}

/// Suggests.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let options = arguments.site.options(None)?;
    let (reader, inputs) = arguments.site.read()?;
    let (mut found, harvest) = candidates(&inputs, &options);
    let all = found.len();
    if arguments.limit > 0 {
        found.truncate(arguments.limit);
    }
    match arguments.format {
        Style::Json => talk.result(&json(&found)),
        Style::Human => talk.result(&show(&found)),
    }
    let more = match all - found.len() {
        0 => String::new(),
        more => format!("; {more} more with --limit 0"),
    };
    let texts = number(harvest.transcripts, "transcript");
    talk.line(&format!("{} in {texts}{more}", number(found.len(), "candidate")));
    if !arguments.write {
        return Ok(());
    }
    let folder = reader.folder();
    let content =
        if folder.has_content { folder.root.join("content") } else { folder.root.clone() };
    write(&inputs, &content.join(FILE), &found, talk)
}

/// All candidates of a site, those that help most first, and what they were made from.
fn candidates(inputs: &Inputs, options: &Options) -> (Vec<Candidate>, Harvest) {
    let survey = pipeline::survey(inputs, options, |text| {
        text.transcript.then(|| suggest::harvest(text.document, &text.found.mentions))
    });
    let mut harvest = Harvest::default();
    survey.answers.into_iter().flatten().for_each(|one| harvest.add(one));
    let mut found = suggest::candidates(&harvest, &survey.glossary);
    let matcher = Matcher::new(&suggest::glossary_of(&found));
    let counted = pipeline::survey(inputs, options, |text| {
        let policy = MarkPolicy::default();
        if text.transcript { annotate(text.document, &matcher, &policy) } else { Vec::new() }
    });
    suggest::count(&mut found, counted.answers.iter().map(Vec::as_slice));
    (found, harvest)
}

/// Puts what is missing behind what the file has.
fn write(inputs: &Inputs, path: &Path, found: &[Candidate], talk: &Talk) -> Result<(), Failure> {
    let key = if inputs.has_content { format!("content/{FILE}") } else { FILE.to_owned() };
    let file: Option<&Source> = match inputs.files.get(&key) {
        Some(File::Text(source)) => Some(source),
        _ => None,
    };
    let (there, said) = glossary::read(&file.cloned().into_iter().collect::<Vec<_>>());
    let broken: Vec<_> = said.into_iter().filter(|one| one.severity == Severity::Error).collect();
    if !broken.is_empty() {
        talk.diagnostics(&broken, Format::Human, Channel::Talk);
        talk.line(&format!("{} was left as it is: mend it first", short(path).display()));
        return Err(Failure::Content);
    }
    let missing = suggest::missing(found, &there);
    if missing.is_empty() {
        talk.line(&format!("{}: nothing new", short(path).display()));
        return Ok(());
    }
    let text = suggest::entries(file.map(Source::text), &missing);
    replace(path, &text).map_err(|error| {
        Failure::Environment(format!("cannot write {}: {error}", short(path).display()))
    })?;
    talk.line(&format!(
        "{}: {} added; look at them, and move what is good into glossary.yaml",
        short(path).display(),
        number(missing.len(), "suggestion")
    ));
    Ok(())
}

/// A candidate for a program. Field names are an interface: `docs/glossary.md` describes them.
#[derive(Debug, Serialize)]
struct Row<'c> {
    term: &'c str,
    name: Map<String, Value>,
    aliases: &'c [String],
    definition: Map<String, Value>,
    count: usize,
    transcripts: usize,
    /// Whether the texts say different things of it.
    differ: bool,
    /// What the texts say of it.
    glosses: Vec<Said<'c>>,
    /// Where it is said first; of glosses, the first gloss.
    first: Place<'c>,
}

#[derive(Debug, Serialize)]
struct Said<'c> {
    kind: &'static str,
    term: &'c str,
    name: Map<String, Value>,
    explanation: Option<&'c str>,
    #[serde(flatten)]
    place: Place<'c>,
}

#[derive(Debug, Serialize)]
struct Place<'c> {
    path: &'c str,
    line: u32,
    column: u32,
    /// The id of the turn, or of the block where nobody speaks.
    turn: &'c str,
    quote: &'c str,
}

impl<'c> Place<'c> {
    fn of(spot: &'c Spot) -> Self {
        let at = spot.source.position(spot.span.start as usize);
        let Spot { source, turn, quote, .. } = spot;
        Self { path: source.path(), line: at.line, column: at.column, turn, quote }
    }
}

fn by_language(texts: &[(&'static str, String)]) -> Map<String, Value> {
    texts.iter().map(|(tag, text)| ((*tag).to_owned(), Value::from(text.as_str()))).collect()
}

impl<'c> Row<'c> {
    fn of(candidate: &'c Candidate) -> Self {
        Self {
            term: &candidate.term,
            name: by_language(&candidate.names),
            aliases: &candidate.aliases,
            definition: by_language(&candidate.definition),
            count: candidate.said,
            transcripts: candidate.transcripts,
            differ: candidate.differ,
            glosses: candidate.glosses.iter().map(Said::of).collect(),
            first: Place::of(&candidate.first),
        }
    }
}

impl<'c> Said<'c> {
    fn of(gloss: &'c Gloss) -> Self {
        Self {
            kind: gloss.kind.name(),
            term: &gloss.term,
            name: by_language(&gloss.names),
            explanation: gloss.explanation.as_ref().map(|(_, text)| text.as_str()),
            place: Place::of(&gloss.spot),
        }
    }
}

fn json(found: &[Candidate]) -> String {
    let rows: Vec<Row<'_>> = found.iter().map(Row::of).collect();
    let json = serde_json::to_string_pretty(&rows);
    let json = json.expect("rows have string keys and whole numbers only");
    let lines: Vec<String> = json.lines().map(diagnostics::escaped).collect();
    lines.join("\n") + "\n"
}

/// For people: the word, what it is called and how often it is said, and where it is explained.
fn show(found: &[Candidate]) -> String {
    let mut out = String::new();
    for candidate in found {
        let mut names: Vec<String> =
            candidate.names.iter().map(|(_, name)| visible(name)).collect();
        for alias in candidate.aliases.iter().map(|alias| visible(alias)) {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(&alias)) {
                names.push(alias);
            }
        }
        let names =
            if names.is_empty() { String::new() } else { format!(" = {}", names.join(" = ")) };
        let texts = number(candidate.transcripts, "transcript");
        let said = number(candidate.said, "time");
        let differ = if candidate.differ { "; the texts do not agree" } else { "" };
        let term = visible(&candidate.term);
        out.push_str(&format!("{term}{names}  (said {said} in {texts}{differ})\n"));
        let spots: Vec<&Spot> = match candidate.glosses.is_empty() {
            true => vec![&candidate.first],
            false => candidate.glosses.iter().map(|gloss| &gloss.spot).collect(),
        };
        for spot in spots.iter().take(PLACES) {
            let Place { path, line, turn, quote, .. } = Place::of(spot);
            out.push_str(&format!("    {}:{line} {turn}: {}\n", visible(path), visible(quote)));
        }
        if spots.len() > PLACES {
            out.push_str(&format!("    and {} more\n", spots.len() - PLACES));
        }
    }
    out
}

/// Notes on words that the texts of a site explain differently, for `check`: the texts are those
/// that it has read.
pub fn differing(site: &Site) -> Vec<diagnostics::Diagnostic> {
    let mut pages: Vec<&Page> = site.transcripts().map(|(_, page)| page).collect();
    pages.sort_by(|a, b| a.content.cmp(&b.content));
    let glosses = |page: &&Page| suggest::glosses(&page.packed.unpack(&page.file.source).document);
    let all: Vec<Harvest> = pages.par_iter().map(glosses).collect();
    let mut harvest = Harvest::default();
    all.into_iter().for_each(|one| harvest.add(one));
    suggest::differing(&harvest, &site.glossary)
}
