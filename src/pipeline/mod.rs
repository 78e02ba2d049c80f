//! From inputs to outputs: the one path that `build`, `check` and `serve` share.
//!
//! Pure: [`Inputs`] hold all that was read, [`Built`] answers with the bytes of any output
//! path. `load` makes the first, `write` and `serve` use the second.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::site::Site;
use crate::source::Source;

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
    /// Markdown, YAML, templates, the theme's CSS and JavaScript.
    Text(Source),
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

/// Everything a build knows before pages are rendered.
#[derive(Debug)]
pub struct Built {
    /// The site.
    pub site: Site,
    /// By output path (`a/x.html`), in path order.
    pub outputs: BTreeMap<String, Output>,
    /// All diagnostics of content, arranged; template diagnostics come from [`Built::render`].
    pub diagnostics: Vec<Diagnostic>,
    /// How many transcripts stay out: drafts, future dates.
    pub left_out: LeftOut,
}

/// Counted aloud at the end of a build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Drafts.
    pub drafts: usize,
    /// Dates after today.
    pub future: usize,
}

/// Reads and connects everything; renders nothing yet.
pub fn run(inputs: &Inputs, options: &Options) -> Built {
    let _ = (inputs, options);
    todo!()
}

impl Built {
    /// The bytes of a [`Output::Page`].
    ///
    /// # Errors
    /// A template that cannot be rendered: file, line and column of the template.
    pub fn render(&self, path: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let _ = path;
        todo!()
    }
}
