//! `postil fmt`: transcripts in the canonical form. What that is, `canonical` knows; this
//! reads the files, and replaces one only when its canonical form reads back the same.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::talk::{Channel, Talk, number, short};
use super::{Failure, Style, here};
use crate::canonical::canonical;
use crate::config::{self, Person};
use crate::diagnostics::Diagnostic;
use crate::load;
use crate::parse::{Context, speaker_key};
use crate::site::{Folders, PageKind};
use crate::source::Source;

const EXAMPLES: &str = "\
Examples:
  postil fmt talk.md                     print the canonical form
  postil fmt --write content/*.md        put it into the files
  postil fmt --check content/*.md        fail if a file is in another form
  postil fmt - < talk.md                 from standard input, as an editor would

What is written is read again first: the words, speakers, times and links to turns stay what
they were. A place that cannot be written anew stays as its author wrote it.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The transcripts
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Replace each file that is in another form
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Name each file that is in another form, and fail if there is one
    #[arg(long)]
    check: bool,
    /// How diagnostics are told: for people, or one JSON object a line on standard output
    #[arg(long, value_enum, default_value_t = Style::Human)]
    format: Style,
}

/// Formats.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    if arguments.files.len() > 1 && !(arguments.write || arguments.check) {
        let message = "several files can be formatted with --write or --check only";
        return Err(Failure::Usage(message.to_owned()));
    }
    if arguments.write && arguments.files.iter().any(|path| is_input(path)) {
        let message = "standard input has no file to write to; leave out --write";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut complaints = Vec::new();
    let mut changed = 0;
    let mut sites = Sites::new();
    for path in &arguments.files {
        match one(path, &mut sites)? {
            Err(complaint) => complaints.push(*complaint),
            Ok(form) if !(arguments.write || arguments.check) => talk.result(&form.written),
            Ok(form) if form.written.as_bytes() == form.bytes => {}
            Ok(form) => {
                if arguments.write {
                    replace(path, &form.written).map_err(environment(path, "write"))?;
                }
                talk.result(&format!("{}\n", short(path).display()));
                changed += 1;
            }
        }
    }
    talk.diagnostics(&complaints, arguments.format.into(), Channel::Talk);
    tell(arguments, changed, complaints.len(), talk);
    let fails = !complaints.is_empty() || (arguments.check && changed > 0);
    if fails { Err(Failure::Content) } else { Ok(()) }
}

fn tell(arguments: &Arguments, changed: usize, refused: usize, talk: &Talk) {
    if !(arguments.write || arguments.check) {
        return;
    }
    let files = number(arguments.files.len(), "file");
    let did = if arguments.write { "changed" } else { "in another form" };
    let refused = match refused {
        0 => String::new(),
        count => format!(", {count} left as they were"),
    };
    talk.line(&format!("{files}: {changed} {did}{refused}"));
}

/// Whether a path stands for standard input.
fn is_input(path: &Path) -> bool {
    path == Path::new("-")
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if is_input(path) {
        io::stdin().lock().read_to_end(&mut bytes).map_err(environment(path, "read"))?;
        return Ok(bytes);
    }
    if path.is_dir() {
        let name = short(path);
        let name = name.display();
        let message =
            format!("{name} is a folder; name the files in it: postil fmt --write {name}/*.md");
        return Err(Failure::Usage(message));
    }
    fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::Usage(format!("there is no file {}", path.display())),
        _ => environment(path, "read")(error),
    })
}

/// A file and its canonical form.
struct Form {
    bytes: Vec<u8>,
    written: String,
}

/// What each site's files are, by the site's folder: a site is walked once, however many of its
/// files are named.
type Sites = HashMap<PathBuf, Folders>;

fn one(path: &Path, sites: &mut Sites) -> Result<Result<Form, Box<Diagnostic>>, Failure> {
    let bytes = bytes(path)?;
    let (source, bad) = Source::from_bytes(short(path).to_string_lossy(), &bytes);
    if let Some(at) = bad {
        return Ok(Err(Box::new(not_text(&source, at))));
    }
    let context = if is_input(path) { Context::default() } else { context(path, sites)? };
    Ok(canonical(&source, &context).map(|written| Form { bytes, written }))
}

/// How the file's site would have it read.
fn context(path: &Path, sites: &mut Sites) -> Result<Context, Failure> {
    let full = here()?.join(path);
    let full = fs::canonicalize(&full).map_err(environment(path, "read"))?;
    let Some(folder) = full.parent() else { return Ok(Context::default()) };
    let Ok(site) = load::find(None, folder) else { return Ok(Context::default()) };
    let content = if site.has_content { site.root.join("content") } else { site.root.clone() };
    let Ok(inner) = full.strip_prefix(&content) else { return Ok(Context::default()) };
    let inner = inner.to_string_lossy().replace('\\', "/");
    let text = |name: &str| {
        let bytes = fs::read(content.join(name)).ok()?;
        Some(Source::from_bytes(name, &bytes).0)
    };
    let people = text("speakers.yaml").map(|source| config::read_speakers(&source).0);
    let known: BTreeSet<String> =
        people.iter().flatten().flat_map(Person::labels).map(|label| speaker_key(label)).collect();
    let trust = text("site.yaml").map(|source| config::read_site(&source).0.trust);
    let trusted = trust.iter().flatten().any(|folder| {
        let rest = inner.strip_prefix(folder.trim_matches('/'));
        rest.is_some_and(|rest| rest.starts_with('/'))
    });
    let folders = sites.entry(site.root.clone()).or_insert_with(|| folders(site));
    let plain = folders.kind(&inner) != PageKind::Transcript;
    Ok(Context { known: Arc::new(known), trusted, plain, ..Context::default() })
}

/// What the files of a site are, by their names.
fn folders(site: load::Folder) -> Folders {
    let prefix = if site.has_content { "content/" } else { "" };
    let inputs = load::Reader::new(site).read();
    let names = inputs.files.keys().filter(|path| path.ends_with(".md"));
    Folders::new(names.filter_map(|path| path.strip_prefix(prefix)))
}

/// Puts a text in a file's place in one step, with the file's permissions. A link stays one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

fn environment(path: &Path, what: &'static str) -> impl Fn(io::Error) -> Failure {
    let path = short(path);
    move |error| Failure::Environment(format!("cannot {what} {}: {error}", path.display()))
}

fn not_text(source: &Source, at: usize) -> Diagnostic {
    let span = crate::source::Span::new(at, at);
    Diagnostic::error("fmt/not-utf-8", source, span, "the file is not UTF-8 from here on")
        .hint("save it as UTF-8; it was left as it is")
}
