//! From inputs to outputs: the one path that `build`, `check` and `serve` share.
//!
//! Pure: [`Inputs`] hold all that was read, [`Built`] answers with the bytes of any output
//! path. `load` makes the first, `write` and `serve` use the second.

mod built;
mod content;
mod manuscript;
mod settings;
mod survey;
mod transcript;
mod whole;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

pub use built::{Built, Made};
pub(crate) use content::is_glossary;
pub use manuscript::{Manuscript, ReadFile, Taken};
pub use survey::{Survey, Text, survey};
pub use transcript::Entry;
pub use whole::whole;

use crate::diagnostics::{self, Diagnostic};
use crate::render::Renderer;
use crate::site::{self, Parts, Picture, Said, Site};
use crate::source::Source;
use crate::theme::Theme;
use crate::views::{self, PageRef};

/// All that a build may depend on.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The site folder's own name: the title of a site that has none.
    pub name: String,
    /// Whether `DIR` has a `content/` folder. If not, `DIR` is the content itself and every key of `files` carries no `content/` prefix.
    pub has_content: bool,
    /// By path relative to the site's folder, with forward slashes (`content/a/x.md`,
    /// `templates/base.html`, `static/theme/style.css`, `static/CNAME`).
    pub files: BTreeMap<String, File>,
    /// What was noticed while reading (bytes that are not UTF-8, unreadable files).
    pub diagnostics: Vec<Diagnostic>,
}

/// One input file.
#[derive(Clone, Debug)]
pub enum File {
    /// YAML, templates, the theme's CSS and JavaScript; Markdown that is held in memory.
    Text(Source),
    /// Markdown that is read when it is needed.
    Markdown(Manuscript),
    /// Fonts and pictures of the theme, whose names carry a digest of their bytes.
    Bytes(Arc<[u8]>),
    /// Everything else: copied, never held in memory.
    Asset(Asset),
}

/// A file that is copied as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Where it lies on disk; only `load` opens it.
    pub disk: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970, for change detection only.
    pub modified: i128,
    /// What a page can know of it, if it is a picture.
    pub picture: Option<Picture>,
    /// Inode and the time its metadata changed, where the system has them; for change detection
    /// only.
    pub identity: (u64, i64),
}

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Options {
    /// Replaces `base_url`.
    pub base_url: Option<String>,
    /// Whether drafts are pages.
    pub drafts: bool,
    /// Whether transcripts of a later date than today are pages.
    pub future: bool,
    /// ISO date.
    pub today: String,
}

/// What a path of the output is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Rendered when asked for.
    Page,
    /// Known bytes (hashed assets, `robots.txt`).
    Bytes(Arc<[u8]>),
    /// Copied from an input.
    Copy(Asset),
}

/// Counted aloud at the end of a build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Drafts.
    pub drafts: usize,
    /// Dates after today.
    pub future: usize,
    /// Turns in all of these.
    pub turns: usize,
}

/// The output path of what hosts are told to send with the files.
pub const HEADERS: &str = "_headers";

/// 128 bits of BLAKE3.
pub type Digest = [u8; 16];

/// The digest of a value, by all that its debugging form tells of it.
fn hashed(value: &impl std::fmt::Debug) -> Digest {
    use std::fmt::Write;
    /// Debugging forms come in pieces of a few bytes, of which a hasher likes many at once.
    struct Hashing(blake3::Hasher, Vec<u8>);
    impl Write for Hashing {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            if self.1.len() + text.len() > PIECE {
                self.0.update(&self.1);
                self.1.clear();
            }
            self.1.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
    const PIECE: usize = 16 * 1024;
    let mut hashing = Hashing(blake3::Hasher::new(), Vec::with_capacity(PIECE));
    write!(hashing, "{value:?}").expect("a hasher takes everything");
    hashing.0.update(&hashing.1);
    digest_of(&hashing.0.finalize())
}

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    digest_of(&blake3::hash(bytes))
}

fn digest_of(hash: &blake3::Hash) -> Digest {
    let (first, _) = hash.as_bytes().split_at(16);
    first.try_into().expect("half of 32 bytes are 16")
}

/// How much of the work was done in a run, and not taken over from the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// How many Markdown files were read.
    pub read: usize,
    /// How many times one was parsed.
    pub parsed: usize,
    /// How many times terms were looked for in one.
    pub annotated: usize,
    /// How many files were taken over as they were.
    pub kept: usize,
    /// Whether the site was made out of the last one, of which only some words have changed.
    pub again: bool,
}

/// Reads and connects everything; renders nothing yet.
pub fn run(inputs: &Inputs, options: &Options) -> Built {
    Warm::new(options.clone()).run(inputs)
}

/// The pipeline, run again and again: what is dear is taken over as long as all that it depends
/// on is the same, what is cheap is made anew. The result is always that of a first run.
#[derive(Debug)]
pub struct Warm {
    options: Options,
    kept: content::Kept,
    rendering: Option<Rendering>,
    last: Option<Last>,
    /// Whether the site had a `content/`, without which all files have other paths.
    has_content: Option<bool>,
}

/// The site of the last run: one in which next to nothing has changed is made out of it.
#[derive(Debug)]
struct Last {
    parts: Parts,
    site: Site,
    said: Said,
    table: Table,
}

/// Which outputs there are.
#[derive(Clone, Debug)]
struct Table {
    /// Those that no page is made for.
    given: BTreeMap<String, Output>,
    pages: Arc<HashMap<String, PageRef>>,
    all: Arc<BTreeMap<String, Output>>,
}

/// The templates, ready, and what they were made from.
#[derive(Debug)]
struct Rendering {
    templates: Vec<Source>,
    renderer: Arc<Renderer>,
    diagnostics: Vec<Diagnostic>,
}

impl Warm {
    /// A pipeline that has done nothing yet.
    pub fn new(options: Options) -> Self {
        let kept = content::Kept::default();
        Self { options, kept, rendering: None, last: None, has_content: None }
    }

    /// Begins with what an earlier process left, by content path. What does not fit the files
    /// is not used.
    pub fn remember(&mut self, entries: impl IntoIterator<Item = (String, Entry)>) {
        self.kept.remember(entries);
    }

    /// What a later process may begin with, by content path.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Arc<Entry>)> {
        self.kept.entries()
    }

    /// Reads and connects everything; renders nothing yet.
    pub fn run(&mut self, inputs: &Inputs) -> Built {
        if self.has_content.replace(inputs.has_content).is_some_and(|had| had != inputs.has_content)
        {
            (self.kept, self.last) = (content::Kept::default(), None);
        }
        let content = content::read(inputs, &self.options, &mut self.kept);
        let left_out = content.left_out;
        let mut diagnostics = content.diagnostics;
        diagnostics.extend(inputs.diagnostics.iter().cloned());
        let parts = content.parts;
        let last = self.last.take();
        let again = last
            .as_ref()
            .and_then(|last| site::again((&last.parts, &last.site, &last.said), &parts));
        let work = Work { again: again.is_some(), ..content.work };
        // Where it stands on the last one it has the same pages.
        let known = last.filter(|_| again.is_some()).map(|last| last.table);
        // Neither needs the other, and on a first run each takes a moment.
        let (made, (theme, renderer, of_templates)) = rayon::join(
            || again.unwrap_or_else(|| site::build(&parts)),
            || {
                let theme = Theme::new(content.templates, content.theme, &parts.config.theme);
                let rendering = self.rendering(&theme.templates);
                (theme, Arc::clone(&rendering.renderer), rendering.diagnostics.clone())
            },
        );
        let (site, said) = made;
        diagnostics.extend(said.all().cloned());
        diagnostics.extend(of_templates);
        diagnostics::arrange(&mut diagnostics);
        let table = table(given(inputs, &site, &theme), &site, known);
        let (outputs, pages) = (Arc::clone(&table.all), Arc::clone(&table.pages));
        self.last = Some(Last { parts, site: site.clone(), said, table });
        let (around, search) = (OnceLock::new(), OnceLock::new());
        Built { around, site, outputs, diagnostics, left_out, work, pages, theme, renderer, search }
    }

    fn rendering(&mut self, templates: &[Source]) -> &Rendering {
        let known = self.rendering.take().filter(|known| known.templates == templates);
        self.rendering.insert(known.unwrap_or_else(|| {
            let (renderer, diagnostics) = views::renderer(templates.to_vec());
            let renderer = Arc::new(renderer);
            Rendering { templates: templates.to_vec(), renderer, diagnostics }
        }))
    }
}

/// The digest of everything that all pages share: the program, the settings, the terms, the
/// templates.
fn around(site: &Site, theme: &Theme) -> Digest {
    let templates: Vec<_> =
        theme.templates.iter().map(|source| (source.path(), source.text())).collect();
    let assets: Vec<&str> = theme.assets.iter().map(|asset| asset.path.as_str()).collect();
    let program = env!("CARGO_PKG_VERSION");
    let words = &site.lexicon;
    let own = (&site.config, &site.title, &site.language, &site.glossary, words);
    hashed(&(program, own, templates, assets))
}

/// One file, read as its site would read it.
#[derive(Debug)]
pub struct Single {
    /// A site whose only page is the file.
    pub site: Site,
    /// What was noticed in the file. What only the other files could tell (a link's target) is
    /// left out.
    pub diagnostics: Vec<Diagnostic>,
    /// What was noticed in the settings.
    pub settings: Vec<Diagnostic>,
}

/// A file among others, of which only the names count.
#[derive(Debug)]
pub struct Lone {
    /// Its content path.
    pub content: String,
    /// The content paths of the other Markdown files: they say what an `index.md` is.
    pub beside: Vec<String>,
    /// The file.
    pub source: Source,
}

/// Reads one file with the settings that `inputs` hold, whose other files do not count.
pub fn single(inputs: &Inputs, file: Lone, options: &Options) -> Single {
    let (parts, mut diagnostics, mut settings) = content::read_one(inputs, file, options);
    settings.extend(inputs.diagnostics.iter().cloned());
    diagnostics::arrange(&mut settings);
    let (site, said) = site::build(&parts);
    diagnostics.extend(said.all().filter(|one| one.code.starts_with("people/")).cloned());
    diagnostics::arrange(&mut diagnostics);
    Single { site, diagnostics, settings }
}

/// The outputs that no page is made for.
fn given(inputs: &Inputs, site: &Site, theme: &Theme) -> BTreeMap<String, Output> {
    let mut given = BTreeMap::new();
    for (path, bytes) in host_files(site) {
        given.insert(path.to_owned(), Output::Bytes(bytes));
    }
    for (path, file) in &inputs.files {
        if let Some(path) = content::copied(inputs.has_content, path, file) {
            given.insert(path.to_owned(), file_output(file));
        }
    }
    for asset in &theme.assets {
        given.insert(asset.path.clone(), Output::Bytes(Arc::clone(&asset.bytes)));
    }
    given
}

/// The table of output paths; the `known` one, if the same is given. Where two claim one path the
/// site has said so; the page wins.
fn table(given: BTreeMap<String, Output>, site: &Site, known: Option<Table>) -> Table {
    if let Some(known) = known.filter(|known| known.given == given) {
        return known;
    }
    let pages: HashMap<String, PageRef> = views::pages(site).into_iter().collect();
    let mut all = given.clone();
    all.extend(pages.keys().map(|path| (path.clone(), Output::Page)));
    Table { given, pages: Arc::new(pages), all: Arc::new(all) }
}

fn file_output(file: &File) -> Output {
    match file {
        File::Text(source) => Output::Bytes(Arc::from(source.text().as_bytes())),
        File::Markdown(manuscript) => {
            Output::Bytes(Arc::from(manuscript.take().source.text().as_bytes()))
        }
        File::Bytes(bytes) => Output::Bytes(Arc::clone(bytes)),
        File::Asset(asset) => Output::Copy(asset.clone()),
    }
}

/// Files for hosts that read them: without the first, one host leaves out names that begin
/// with an underscore; the second tells what headers to send. A site's own file of the same name in
/// `static/` takes their place.
fn host_files(site: &Site) -> Vec<(&'static str, Arc<[u8]>)> {
    let mut files = vec![(".nojekyll", Arc::from(&b""[..]))];
    let (headers, _) = views::headers(site);
    if !headers.is_empty() {
        files.push((HEADERS, Arc::from(headers.into_bytes())));
    }
    files
}
