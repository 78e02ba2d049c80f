//! The pictures of the site: how large those are that lie in it, and which of them stand for a
//! picture on the web.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Page, Routes, Site, Summary};
use crate::config::{IMAGES_FILE, LocalCopy};
use crate::diagnostics::{Diagnostic, nearest};
use crate::source::{Source, Span};

/// Width and height, in pixels of the page.
pub type Dimensions = (u32, u32);

/// A picture that lies in the site. It is opened when somebody asks how large it is. Cheap to
/// clone: clones know the same.
#[derive(Clone)]
pub struct Picture(Arc<Inner>);

struct Inner {
    /// What tells it from the picture that lay there before: bytes, and time of change.
    stamp: (u64, i128),
    measure: Box<dyn Fn() -> Option<Dimensions> + Send + Sync>,
    known: OnceLock<Option<Dimensions>>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Picture").field(&self.0.stamp).finish()
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.0.stamp == other.0.stamp
    }
}

impl Eq for Picture {}

impl Picture {
    /// A picture that nobody has opened yet.
    pub fn new(
        stamp: (u64, i128),
        measure: impl Fn() -> Option<Dimensions> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner { stamp, measure: Box::new(measure), known: OnceLock::new() }))
    }

    /// How large it is; none when it cannot be told.
    pub fn dimensions(&self) -> Option<Dimensions> {
        *self.0.known.get_or_init(|| (self.0.measure)())
    }
}

/// Which pictures on the web have a copy in the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// By the file that says so, a content path.
    files: BTreeMap<String, Vec<LocalCopy>>,
}

/// The name of a file that speaks for all transcripts of its folder.
const OF_FOLDER: &str = "images.yaml";

/// Whether a content path is a file that says which pictures have a copy.
pub fn is_copies_file(content: &str) -> bool {
    content.ends_with(IMAGES_FILE) || content.rsplit('/').next() == Some(OF_FOLDER)
}

impl Copies {
    /// What files say, by their content paths.
    pub fn new(files: BTreeMap<String, Vec<LocalCopy>>) -> Self {
        Self { files }
    }

    /// The copy of a picture in a file, as its own file says it, else that of its folder.
    fn find(&self, content: &str, url: &str) -> Option<&LocalCopy> {
        if self.files.is_empty() {
            return None;
        }
        let mut files = speaking_for(content).into_iter().filter_map(|file| self.files.get(&file));
        files.find_map(|copies| copies.iter().find(|copy| copy.url.value == url))
    }

    /// Complains of copies that are not there, of pictures that no transcript has, and of files
    /// without a transcript. `read` are all files with their content paths.
    pub(super) fn check<'a>(
        &self,
        read: impl Iterator<Item = (&'a str, &'a Summary)>,
        routes: &Routes,
    ) -> Vec<Diagnostic> {
        if self.files.is_empty() {
            return Vec::new();
        }
        let mut shown: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (content, summary) in read {
            for file in speaking_for(content) {
                let urls = summary.remote.iter().map(String::as_str);
                shown.entry(file).or_default().extend(urls);
            }
        }
        let mut told = Vec::new();
        for (file, copies) in &self.files {
            let urls = shown.get(file);
            for copy in copies {
                if routes.target(file, file, &copy.file.value).is_none() {
                    told.push(missing(copy, routes));
                }
                match urls {
                    Some(urls) if urls.contains(&copy.url.value.as_str()) => {}
                    Some(urls) => told.push(unused(copy, urls)),
                    None => told.push(without_transcript(copy)),
                }
            }
        }
        told
    }
}

/// The files that may speak for a Markdown file, its own first.
fn speaking_for(content: &str) -> [String; 2] {
    let stem = content.strip_suffix(".md").unwrap_or(content);
    let folder = content.rfind('/').map_or("", |at| &content[..=at]);
    [format!("{stem}{IMAGES_FILE}"), format!("{folder}{OF_FOLDER}")]
}

impl Site {
    /// A picture of a page: the link to it from the output path `at`, where it lies in the site,
    /// and what is known of it.
    pub fn picture(&self, page: &Page, at: &str, url: &str) -> (Option<String>, Option<&Picture>) {
        let copy = self.copies.find(&page.content, url).map(|copy| copy.file.value.as_str());
        let target = |url| self.routes.target(&page.content, &page.path, url);
        let Some((target, _)) = copy.and_then(target).or_else(|| target(url)) else {
            return (None, None);
        };
        let link = crate::paths::link::relative(at, &target.path);
        (Some(link), self.pictures.get(&target.path))
    }

    /// What a page's pictures depend on besides the page.
    pub fn pictures_of(&self, page: &Page) -> Vec<(Option<String>, Option<&Picture>)> {
        let linked = page.file.links.iter().map(|(url, _)| url);
        let all = linked.chain(&page.file.remote);
        all.map(|url| self.picture(page, &page.path, url)).collect()
    }
}

fn missing(copy: &LocalCopy, routes: &Routes) -> Diagnostic {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let wanted = name(&copy.file.value);
    let names: Vec<(String, &str)> = routes.contents().map(|path| (name(path), path)).collect();
    let near = nearest(&wanted, names.iter().map(|(name, _)| name.as_str()));
    let there = near.and_then(|near| names.iter().find(|(name, _)| name == near));
    let hint = match there {
        Some((_, path)) => format!(
            "did you mean `/{path}`? A path is relative to this file, or begins with `/` for the content folder"
        ),
        None => {
            "save the picture there, or remove the line; until then the one on the web is shown"
                .to_owned()
        }
    };
    told("images/missing", copy, copy.file.span, format!("there is no file `{}`", copy.file.value))
        .hint(hint)
}

fn unused(copy: &LocalCopy, urls: &[&str]) -> Diagnostic {
    let hint = match nearest(&copy.url.value, urls.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the address as the transcript does, or remove the line".to_owned(),
    };
    let message = "no transcript shows a picture with this address".to_owned();
    told("images/unused", copy, copy.url.span, message).hint(hint)
}

fn without_transcript(copy: &LocalCopy) -> Diagnostic {
    let message = "there is no transcript beside this file".to_owned();
    told("images/no-transcript", copy, copy.url.span, message).hint(
        "`a/x.images.yaml` speaks for `a/x.md`, and `a/images.yaml` for all transcripts in `a/`",
    )
}

fn told(code: &'static str, copy: &LocalCopy, span: Span, message: String) -> Diagnostic {
    let source: &Source = &copy.source;
    Diagnostic::warning(code, source, span, message)
}
